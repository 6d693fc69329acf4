//! Layout: glyphs and rulings of pages become printed lines in reading order, columns, furniture and tables.
//!
//! A sheet that shows two pages of a book is taken as two; their lines stand on one page of the input all the same.
//! Marks (glyphs that show) stand close on one baseline and make runs; running heads and folios are runs that
//! stand outside the text, page after page; what is left is parted by ruled tables, aligned columns of cells
//! and gutters into blocks, and the runs of a block are its lines. The order of the file is never asked.

mod asides;
mod columns;
mod cut_spans;
mod edges;
mod facing_pages;
mod footnotes;
mod fractions;
mod furniture;
mod gutters;
mod line_text;
mod page_runs;
mod printed;
mod reading_order;
mod ruled_tables;
mod rulings;
mod runs;
mod tables;
mod turn;
mod unruled_tables;

use rayon::prelude::*;

use crate::geom::Rect;
use crate::page::Page;
use edges::Edges;
use facing_pages::BookPage;
use gutters::Gutter;
use page_runs::PageRuns;
use printed::LaidPage;
use reading_order::Item;
use runs::TextRun;

pub use crate::laid::{Column, Laid, LineRole, PrintedCell, PrintedLine, PrintedTable};

/// Lays out the pages of one document. Each page is taken apart anew when it is asked something: so the glyphs of a long
/// document are all that is in memory of it, and a page's are dropped as soon as it has its lines.
pub fn lay_out(pages: Vec<Page>) -> Laid {
    let pages = facing_pages::book_pages(pages);
    let outlines: Vec<PageOutline> = numbered(&pages)
        .map(|(leaf, page)| PageOutline::new(&PageRuns::new(&page.page, leaf)))
        .collect();
    let contexts = contexts(&outlines);
    drop(outlines);
    let found: Vec<Vec<Gutter>> = pages
        .par_iter()
        .zip(&contexts)
        .map(|(page, context)| gutters_of(&page.page, context))
        .collect();
    let gutters = common_gutters(&found);
    let mut laid: Vec<LaidPage> = pages
        .into_par_iter()
        .zip(&contexts)
        .map(|(page, context)| lay_out_page(&page, context, &gutters))
        .collect();
    cut_spans::read_first(&mut laid);
    let mut laid = printed::document(laid);
    columns::settle(&mut laid);
    laid
}

/// The pages of the book with their numbers, counted from 1.
fn numbered(pages: &[BookPage]) -> impl IndexedParallelIterator<Item = (u32, &BookPage)> {
    pages
        .par_iter()
        .enumerate()
        .map(|(i, page)| (i as u32 + 1, page))
}

/// What the layout of the other pages hangs on.
#[derive(Debug)]
struct PageOutline {
    leaf: u32,
    width: f32,
    height: f32,
    text_size: f32,
    edges: Edges,
    /// Left end and solid right end of each run.
    runs: Vec<(f32, f32)>,
    /// Whether each run stands in a box beside the text.
    is_aside: Vec<bool>,
    ruled_tables: Vec<Rect>,
}

impl PageOutline {
    fn new(page: &PageRuns) -> Self {
        let ends = |run: &TextRun| (run.bbox.x0, run.solid_right());
        let boxes = asides::boxes(page);
        let is_aside = |run: &TextRun| asides::box_of(&boxes, run).is_some();
        Self {
            leaf: page.leaf,
            width: page.width,
            height: page.height,
            text_size: page.text_size,
            edges: Edges::new(page),
            runs: page.runs.iter().map(ends).collect(),
            is_aside: page.runs.iter().map(is_aside).collect(),
            ruled_tables: page.tables.iter().map(|table| table.bbox).collect(),
        }
    }
}

/// What the other pages say of one.
#[derive(Debug)]
struct Context {
    leaf: u32,
    /// Of each run, where it is furniture.
    roles: Vec<Option<LineRole>>,
    /// What the text of the page fills from left to right.
    frame: Column,
    /// Of most pages of the document.
    text_size: f32,
}

fn contexts(outlines: &[PageOutline]) -> Vec<Context> {
    let roles = furniture::decide(outlines);
    let frames = columns::frames(outlines, &roles);
    let sizes = outlines
        .iter()
        .map(|page| (page.text_size, page.runs.len()));
    let text_size = crate::numeric::weighted_median(sizes.collect()).unwrap_or_default();
    roles
        .into_iter()
        .zip(frames)
        .zip(1..)
        .map(|((roles, frame), leaf)| Context {
            leaf,
            roles,
            frame,
            text_size,
        })
        .collect()
}

/// What stands on a page, by where it is read.
struct PageParts<'a> {
    body: Vec<Item<'a>>,
    notes: Vec<Item<'a>>,
    /// What stands in each box beside the text.
    asides: Vec<(Column, Vec<Item<'a>>)>,
    furniture: Vec<(TextRun<'a>, LineRole)>,
}

impl<'a> PageParts<'a> {
    fn new(page: &mut PageRuns<'a>, context: &Context) -> Self {
        let (mut body, mut notes, mut furniture) = (Vec::new(), Vec::new(), Vec::new());
        let boxes = asides::boxes(page);
        let mut asides: Vec<(Column, Vec<Item>)> = boxes
            .iter()
            .map(|frame| (Column::from(*frame), Vec::new()))
            .collect();
        let runs = std::mem::take(&mut page.runs);
        let is_note = footnotes::footnotes(page, &runs, &context.roles, context.text_size);
        for ((run, role), is_note) in runs.into_iter().zip(&context.roles).zip(is_note) {
            match role {
                Some(role) => furniture.push((run, *role)),
                None if let Some(aside) = asides::box_of(&boxes, &run) => {
                    asides[aside].1.push(Item::Run(run));
                }
                None if is_note => notes.push(Item::Run(run)),
                None => body.push(run),
            }
        }
        let noise = std::mem::take(&mut page.noise).into_iter();
        furniture.extend(noise.map(|run| (run, LineRole::Noise)));
        let slanted = std::mem::take(&mut page.slanted).into_iter();
        furniture.extend(slanted.map(|run| (run, LineRole::Slanted)));
        let unruled = unruled_tables::unruled_tables(&mut body, &page.rulings);
        let ruled = std::mem::take(&mut page.tables).into_iter();
        let tables = ruled.map(|table| table.into_table()).chain(unruled);
        let mut body: Vec<Item> = body.into_iter().map(Item::Run).collect();
        body.extend(tables.map(Item::Table));
        Self {
            body,
            notes,
            asides,
            furniture,
        }
    }
}

/// The gutters that part a page by themselves.
fn gutters_of(page: &Page, context: &Context) -> Vec<Gutter> {
    let mut found = Vec::new();
    let body = PageParts::new(&mut PageRuns::new(page, context.leaf), context).body;
    reading_order::in_order(body, context.frame, &[], &mut found);
    found
}

/// Gutters that many lines prove: a page with little text is parted like the others.
fn common_gutters(found: &[Vec<Gutter>]) -> Vec<Gutter> {
    /// Lines that show a gutter of one page, and that prove one of the document.
    const SHOWN: usize = 4;
    const PROVED: usize = 20;
    /// How far the edges of one gutter differ from page to page, in points.
    const SAME: f32 = 4.0;
    let mut common: Vec<Gutter> = Vec::new();
    let shown = found.iter().flatten();
    for gutter in shown.filter(|gutter| gutter.n_lines >= SHOWN) {
        let is_same = |known: &&mut Gutter| {
            (known.left - gutter.left).abs() < SAME && (known.right - gutter.right).abs() < SAME
        };
        match common.iter_mut().find(is_same) {
            Some(known) => known.n_lines += gutter.n_lines,
            None => common.push(*gutter),
        }
    }
    common.retain(|gutter| gutter.n_lines >= PROVED);
    common
}

fn lay_out_page(page: &BookPage, context: &Context, gutters: &[Gutter]) -> LaidPage {
    let mut runs = PageRuns::new(&page.page, context.leaf);
    let PageParts {
        body,
        notes,
        asides,
        mut furniture,
    } = PageParts::new(&mut runs, context);
    let mut laid = LaidPage::new(&runs);
    let mut texts = vec![(body, LineRole::Body, context.frame)];
    texts.extend(
        asides
            .into_iter()
            .map(|(frame, items)| (items, LineRole::Aside, frame)),
    );
    texts.push((notes, LineRole::Footnote, context.frame));
    for (items, role, frame) in texts {
        for part in reading_order::in_order(items, frame, gutters, &mut Vec::new()) {
            laid.put(&runs, part, role);
        }
    }
    for role in [LineRole::RunningHead, LineRole::Folio, LineRole::Noise] {
        let these = furniture.extract_if(.., |(_, r)| *r == role);
        for row in runs::rows(these.map(|(run, _)| run).collect()) {
            laid.put_furniture(&runs, &row, role);
        }
    }
    for (run, role) in furniture {
        laid.put_furniture(&runs, &[run], role);
    }
    debug_assert_eq!(
        laid.n_marks, runs.n_marks,
        "page {}: every mark stands in one line",
        runs.number
    );
    laid.move_right(page.left);
    laid
}

#[cfg(test)]
mod tests;
