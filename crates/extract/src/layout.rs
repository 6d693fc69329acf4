//! Layout: glyphs and rulings of pages become printed lines in reading order, columns, furniture and tables.
//!
//! A sheet that shows two pages of a book is taken as two; their lines stand on one page of the input all the same.
//! Marks (glyphs that show) stand close on one baseline and make runs; running heads and folios are runs that
//! stand outside the text, page after page; what is left is parted by ruled grids, aligned columns of cells
//! and gutters into blocks, and the runs of a block are its lines. The order of the file is never asked.

mod aligned;
mod blocks;
mod furniture;
mod grid;
mod runs;
mod spread;

use rayon::prelude::*;

pub use crate::laid::{Column, Laid, LineRole, PrintedCell, PrintedLine, PrintedTable};
use crate::page::{Glyph, Page, Ruling};
use blocks::Gutter;
use model::LineCharacter;
use runs::{Mark, Run};

/// x0, y0, x1, y1 in points from the page's top left.
pub type BBox = [f32; 4];

/// Lays out the pages of one document. Each page is taken apart anew when it is asked something: so the glyphs of a long
/// document are all that is in memory of it, and a page's are dropped as soon as it has its lines.
pub fn lay_out(pages: Vec<Page>) -> Laid {
    let leaves = spread::leaves(pages);
    let outline = |(i, leaf): (usize, &spread::Leaf)| Outline::of(&sheet(&leaf.page, i as u32 + 1));
    let contexts = contexts(leaves.par_iter().enumerate().map(outline).collect());
    let found: Vec<Vec<Gutter>> = leaves
        .par_iter()
        .zip(&contexts)
        .map(|(leaf, context)| gutters(&leaf.page, context))
        .collect();
    let gutters = common_gutters(&found);
    let lay_out =
        |(leaf, context): (spread::Leaf, &Context)| lay_out_page(&leaf, context, &gutters);
    let mut laid: Vec<LaidPage> = leaves.into_par_iter().zip(&contexts).map(lay_out).collect();
    for i in 1..laid.len() {
        let (before, page) = laid.split_at_mut(i);
        continue_span(&before[i - 1], &mut page[0]);
    }
    let mut out = Laid::default();
    for mut page in laid {
        let first = out.lines.len();
        for cell in page.tables.iter_mut().flat_map(|table| &mut table.cells) {
            cell.lines.iter_mut().for_each(|line| *line += first);
        }
        out.lines.append(&mut page.lines);
        out.tables.append(&mut page.tables);
    }
    settle_columns(&mut out);
    out
}

/// What the layout of the other pages hangs on.
struct Outline {
    leaf: u32,
    width: f32,
    height: f32,
    text_size: f32,
    edges: furniture::Edges,
    /// Left end and solid right end of each run.
    runs: Vec<(f32, f32)>,
    grids: Vec<BBox>,
    last_grid: Option<grid::LastGrid>,
}

impl Outline {
    fn of(sheet: &Sheet) -> Self {
        Self {
            leaf: sheet.leaf,
            width: sheet.width,
            height: sheet.height,
            text_size: sheet.text_size,
            edges: furniture::edges(sheet),
            runs: sheet
                .runs
                .iter()
                .map(|run| (run.bbox[0], run.solid_right()))
                .collect(),
            grids: sheet.grids.iter().map(|grid| grid.bbox).collect(),
            last_grid: sheet.grids.last().map(grid::LastGrid::of),
        }
    }
}

/// What the other pages say of one.
struct Context {
    leaf: u32,
    /// Of each run, where it is furniture.
    roles: Vec<Option<LineRole>>,
    /// What the text of the page fills from left to right.
    frame: Column,
    /// The last table of the page before.
    last_grid: Option<grid::LastGrid>,
}

fn contexts(outlines: Vec<Outline>) -> Vec<Context> {
    let roles = furniture::decide(&outlines);
    let frames = frames(&outlines, &roles);
    let last_grids =
        std::iter::once(None).chain(outlines.into_iter().map(|outline| outline.last_grid));
    let context = |(((roles, frame), last_grid), leaf)| Context {
        leaf,
        roles,
        frame,
        last_grid,
    };
    roles
        .into_iter()
        .zip(frames)
        .zip(last_grids)
        .zip(1..)
        .map(context)
        .collect()
}

/// A page taken apart: its runs, and the marks that stand in ruled tables.
pub(crate) struct Sheet<'a> {
    number: u32,
    /// See [`PrintedLine::leaf`].
    leaf: u32,
    width: f32,
    height: f32,
    turn: Turn,
    runs: Vec<Run<'a>>,
    specks: Vec<Run<'a>>,
    grids: Vec<grid::Grid<'a>>,
    rulings: Vec<Ruling>,
    /// Boxes of the white-space glyphs.
    spaces: Vec<BBox>,
    n_marks: usize,
    /// Font size of most of its text.
    text_size: f32,
}

fn sheet(page: &Page, leaf: u32) -> Sheet<'_> {
    let turn = turn(page);
    let (width, height) = if turn == Turn::None {
        (page.width, page.height)
    } else {
        (page.height, page.width)
    };
    let turned = |bbox: BBox| turn.apply(bbox, page.width, page.height);
    // On a sheet that is set sideways, the folio and the running head may stand upright.
    let is_sideways = turn != Turn::None && !page.glyphs.iter().any(|glyph| glyph.vertical);
    let mut marks: Vec<Mark> = Vec::with_capacity(page.glyphs.len());
    let mut spaces = Vec::new();
    for glyph in &page.glyphs {
        let bbox = turned(glyph.bbox);
        if glyph
            .text
            .chars()
            .all(|c| c.is_whitespace() || c.is_control() || c == '\u{feff}')
        {
            spaces.push(bbox);
        } else {
            marks.push(Mark {
                text: &glyph.text,
                bbox,
                size: glyph.size.max(0.1),
                vertical: turn == Turn::None && (glyph.vertical || glyph.turn % 2 == 1)
                    || is_sideways && glyph.turn == 0,
                up: glyph.turn == 3 || turn == Turn::Down && glyph.turn == 0,
                idx: marks.len() as u32,
                next_x0: f32::MAX,
                recognised: glyph.recognised,
            });
        }
    }
    let rulings: Vec<Ruling> = page
        .rulings
        .iter()
        .map(|r| {
            let [x0, y0, x1, y1] = turned([
                r.x0.min(r.x1),
                r.y0.min(r.y1),
                r.x0.max(r.x1),
                r.y0.max(r.y1),
            ]);
            Ruling {
                x0,
                y0,
                x1,
                y1,
                thickness: r.thickness,
            }
        })
        .collect();
    runs::chain(&mut marks);
    let n_marks = marks.len();
    let text_size = runs::usual_size(&marks);
    let (mut grids, marks) = grid::grids(&rulings, marks);
    grids.sort_by(|a, b| a.bbox[1].total_cmp(&b.bbox[1]));
    let (mut specks, runs) = runs::without_specks(runs::runs(marks), text_size);
    specks.extend(
        grids
            .iter_mut()
            .flat_map(|grid| grid.take_specks(text_size)),
    );
    Sheet {
        number: page.number,
        leaf,
        width,
        height,
        turn,
        runs,
        specks,
        grids,
        rulings,
        spaces,
        n_marks,
        text_size,
    }
}

/// How the text of a page is set against the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    None,
    /// Its lines run down the page, each left of the one before: vertical writing, or a sheet turned clockwise.
    Down,
    /// Its lines run up the page: a sheet turned counter-clockwise.
    Up,
}

impl Turn {
    /// Where a box stands when the lines run from left to right.
    fn apply(self, [x0, y0, x1, y1]: BBox, width: f32, height: f32) -> BBox {
        match self {
            Turn::None => [x0, y0, x1, y1],
            Turn::Down => [y0, width - x1, y1, width - x0],
            Turn::Up => [height - y1, x0, height - y0, x1],
        }
    }

    /// The inverse; `width` and `height` are those of the turned page.
    fn undo(self, [x0, y0, x1, y1]: BBox, width: f32, height: f32) -> BBox {
        match self {
            Turn::None => [x0, y0, x1, y1],
            Turn::Down => [height - y1, x0, height - y0, x1],
            Turn::Up => [y0, width - x1, y1, width - x0],
        }
    }
}

/// A page is turned when most of its text is.
fn turn(page: &Page) -> Turn {
    let shown = || {
        page.glyphs
            .iter()
            .filter(|glyph| !glyph.text.trim().is_empty())
    };
    let most = |is: &dyn Fn(&Glyph) -> bool| {
        shown().filter(|glyph| is(glyph)).count() * 10 > shown().count() * 6
    };
    match () {
        () if most(&|glyph| glyph.vertical && glyph.turn == 0 || glyph.turn == 1) => Turn::Down,
        () if most(&|glyph| glyph.turn == 3) => Turn::Up,
        () => Turn::None,
    }
}

/// Runs that may stand outside the text of a page.
const MOST_BEYOND: usize = 2;

/// Lines that show where the text of a page ends.
const LINES_AT_EDGE: usize = 4;

/// What each page's text fills from left to right; a page that is little filled takes the usual one.
fn frames(outlines: &[Outline], roles: &[Vec<Option<LineRole>>]) -> Vec<Column> {
    let extent = |(page, roles): (&Outline, &Vec<Option<LineRole>>)| {
        let runs: Vec<(f32, f32)> = page
            .runs
            .iter()
            .zip(roles)
            .filter(|(_, role)| role.is_none())
            .map(|(run, _)| *run)
            .collect();
        let grids = page.grids.iter().map(|grid| (grid[0], grid[2]));
        let widest = |a: (f32, f32), b: (f32, f32)| (a.0.min(b.0), a.1.max(b.1));
        // Tables and heads may be wider than the text; where several lines begin or end at one edge, that is the text's.
        let shared = |edges: &[f32], at_least: usize| {
            let near = |edge: f32| {
                edges
                    .iter()
                    .filter(|other| (**other - edge).abs() < 0.4 * page.text_size)
                    .count()
            };
            // From the outermost on: a head, a logo or dirt may stand beyond.
            edges
                .iter()
                .copied()
                .take(1 + MOST_BEYOND)
                .find(|&edge| near(edge) >= at_least)
        };
        let (mut lefts, mut rights): (Vec<f32>, Vec<f32>) = runs.iter().copied().unzip();
        lefts.sort_by(f32::total_cmp);
        rights.sort_by(|a, b| b.total_cmp(a));
        let extent = match (shared(&lefts, 2), shared(&rights, LINES_AT_EDGE)) {
            (Some(left), Some(right)) if left < right => Some((left, right)),
            _ => runs.iter().copied().chain(grids).reduce(widest),
        };
        extent.map(|(left, right)| Column { left, right })
    };
    let extents: Vec<Option<Column>> = outlines.iter().zip(roles).map(extent).collect();
    let near = |a: f32, b: f32| (a - b).abs() < 6.0;
    outlines
        .iter()
        .zip(&extents)
        .map(|(page, own)| {
            let own = own.unwrap_or(Column {
                left: 0.0,
                right: page.width,
            });
            // Margins change with the paper and between left and right pages: the usual frame that holds this one.
            let mut usual: Vec<(usize, Column)> = Vec::new();
            for (other, frame) in outlines.iter().zip(&extents) {
                let Some(frame) = frame else { continue };
                if near(other.width, page.width)
                    && frame.left <= own.left + 6.0
                    && frame.right >= own.right - 6.0
                {
                    match usual.iter_mut().find(|(_, known)| {
                        near(known.left, frame.left) && near(known.right, frame.right)
                    }) {
                        Some((n, _)) => *n += 1,
                        None => usual.push((1, *frame)),
                    }
                }
            }
            // What one page alone has may be dirt at its edge.
            usual
                .into_iter()
                .filter(|(n, _)| *n >= 2)
                .max_by_key(|(n, _)| *n)
                .map_or(own, |(_, frame)| Column {
                    left: frame.left.min(own.left),
                    right: frame.right.max(own.right),
                })
        })
        .collect()
}

struct LaidPage {
    lines: Vec<PrintedLine>,
    tables: Vec<PrintedTable>,
}

impl LaidPage {
    /// From the half of a sheet to the sheet.
    fn move_right(&mut self, by: f32, turn: Turn) {
        let moved = |bbox: &mut BBox| {
            bbox[0] += by;
            bbox[2] += by;
        };
        for line in &mut self.lines {
            moved(&mut line.bbox);
            line.characters
                .iter_mut()
                .for_each(|character| moved(&mut character.bbox));
            // Columns run along the lines.
            if turn == Turn::None {
                line.column = Column {
                    left: line.column.left + by,
                    right: line.column.right + by,
                };
            }
        }
        for table in &mut self.tables {
            moved(&mut table.bbox);
            table
                .cells
                .iter_mut()
                .for_each(|cell| moved(&mut cell.bbox));
        }
    }
}

/// As [`grid::continue_span`], for tables by alignment, whose spans are known when they are laid out.
fn continue_span(before: &LaidPage, page: &mut LaidPage) {
    let (Some(above), Some(table)) = (before.tables.last(), page.tables.first_mut()) else {
        return;
    };
    let near = |a: f32, b: f32| (a - b).abs() < 12.0;
    if above.ruled
        || table.ruled
        || above.n_cols != table.n_cols
        || !near(above.bbox[0], table.bbox[0])
        || !near(above.bbox[2], table.bbox[2])
    {
        return;
    }
    let Some(at) = table.cells.iter().position(|cell| {
        cell.row > 0 && cell.rowspan > 1 && cell.colspan == 1 && !cell.lines.is_empty()
    }) else {
        return;
    };
    let Some(first) = table
        .cells
        .iter()
        .position(|cell| cell.row == table.cells[at].row)
    else {
        return;
    };
    // Its lines go before those of its row.
    let n_own = table.cells[at].lines.len();
    let n_passed: usize = table.cells[first..at]
        .iter()
        .map(|cell| cell.lines.len())
        .sum();
    let start = table.cells[at].lines[0] - n_passed;
    page.lines[start..start + n_passed + n_own].rotate_right(n_own);
    table.cells[first..at]
        .iter_mut()
        .flat_map(|cell| &mut cell.lines)
        .for_each(|line| *line += n_own);
    table.cells[at]
        .lines
        .iter_mut()
        .for_each(|line| *line -= n_passed);
    table.cells[first..=at].rotate_right(1);
}

/// Gutters that many lines prove: a page with little text is parted like the others.
fn common_gutters(found: &[Vec<Gutter>]) -> Vec<Gutter> {
    let mut common: Vec<Gutter> = Vec::new();
    for gutter in found.iter().flatten().filter(|gutter| gutter.n_lines >= 4) {
        match common.iter_mut().find(|known| {
            (known.left - gutter.left).abs() < 4.0 && (known.right - gutter.right).abs() < 4.0
        }) {
            Some(known) => known.n_lines += gutter.n_lines,
            None => common.push(*gutter),
        }
    }
    common.retain(|gutter| gutter.n_lines >= 20);
    common
}

/// What stands on a page, by where it is read.
struct Parts<'a> {
    body: Vec<blocks::Item<'a>>,
    notes: Vec<blocks::Item<'a>>,
    furniture: Vec<(Run<'a>, LineRole)>,
}

fn parts<'a>(sheet: &mut Sheet<'a>, context: &Context) -> Parts<'a> {
    grid::continue_span(context.last_grid.as_ref(), &mut sheet.grids);
    let (mut body, mut notes, mut furniture) = (Vec::new(), Vec::new(), Vec::new());
    let runs = std::mem::take(&mut sheet.runs);
    let is_note = furniture::footnotes(sheet, &runs, &context.roles);
    for ((run, role), is_note) in runs.into_iter().zip(&context.roles).zip(is_note) {
        match role {
            Some(role) => furniture.push((run, *role)),
            None if is_note => notes.push(blocks::Item::Run(run)),
            None => body.push(run),
        }
    }
    furniture.extend(
        std::mem::take(&mut sheet.specks)
            .into_iter()
            .map(|run| (run, LineRole::Speck)),
    );
    let tables = aligned::tables(&mut body, &sheet.rulings);
    let mut body: Vec<blocks::Item> = body.into_iter().map(blocks::Item::Run).collect();
    body.extend(
        std::mem::take(&mut sheet.grids)
            .into_iter()
            .map(|grid| blocks::Item::Table(grid.into_table())),
    );
    body.extend(tables.into_iter().map(blocks::Item::Table));
    Parts {
        body,
        notes,
        furniture,
    }
}

/// The gutters that part a page by themselves.
fn gutters(page: &Page, context: &Context) -> Vec<Gutter> {
    let mut found = Vec::new();
    let body = parts(&mut sheet(page, context.leaf), context).body;
    blocks::in_order(body, context.frame, &[], &mut found);
    found
}

fn lay_out_page(leaf: &spread::Leaf, context: &Context, gutters: &[Gutter]) -> LaidPage {
    let mut sheet = sheet(&leaf.page, context.leaf);
    let Parts {
        body,
        notes,
        mut furniture,
    } = parts(&mut sheet, context);
    let sheet = sheet;
    let mut page = LaidPage {
        lines: Vec::new(),
        tables: Vec::new(),
    };
    let mut n_marks = 0;
    let mut put = |page: &mut LaidPage, leaf: blocks::Leaf, role: LineRole| match leaf {
        blocks::Leaf::Line { runs, column } => {
            n_marks += runs.iter().map(|run| run.marks.len()).sum::<usize>();
            page.lines.push(line(&sheet, &runs, column, role));
        }
        blocks::Leaf::Table(table) => {
            let mut cells = Vec::with_capacity(table.cells.len());
            for cell in table.cells {
                let first = page.lines.len();
                for runs in runs::rows(cell.runs) {
                    n_marks += runs.iter().map(|run| run.marks.len()).sum::<usize>();
                    page.lines.push(line(
                        &sheet,
                        &runs,
                        Column {
                            left: cell.bbox[0],
                            right: cell.bbox[2],
                        },
                        role,
                    ));
                }
                let bbox = sheet.turn.undo(cell.bbox, sheet.width, sheet.height);
                let lines = (first..page.lines.len()).collect();
                cells.push(PrintedCell {
                    row: cell.row,
                    col: cell.col,
                    rowspan: cell.rowspan,
                    colspan: cell.colspan,
                    bbox,
                    lines,
                });
            }
            let bbox = sheet.turn.undo(table.bbox, sheet.width, sheet.height);
            page.tables.push(PrintedTable {
                page: sheet.number,
                bbox,
                n_rows: table.n_rows,
                n_cols: table.n_cols,
                cells,
                ruled: table.ruled,
            });
        }
    };
    for part in blocks::in_order(body, context.frame, gutters, &mut Vec::new()) {
        put(&mut page, part, LineRole::Body);
    }
    for part in blocks::in_order(notes, context.frame, gutters, &mut Vec::new()) {
        put(&mut page, part, LineRole::Footnote);
    }
    for role in [LineRole::RunningHead, LineRole::Folio, LineRole::Speck] {
        let (these, others): (Vec<_>, Vec<_>) =
            furniture.into_iter().partition(|(_, r)| *r == role);
        furniture = others;
        for runs in runs::rows(these.into_iter().map(|(run, _)| run).collect()) {
            let column = Column {
                left: 0.0,
                right: sheet.width,
            };
            put(&mut page, blocks::Leaf::Line { runs, column }, role);
        }
    }
    debug_assert_eq!(
        n_marks, sheet.n_marks,
        "page {}: every mark stands in one line",
        sheet.number
    );
    if leaf.left > 0.0 {
        page.move_right(leaf.left, sheet.turn);
    }
    page
}

fn line(sheet: &Sheet, runs: &[Run], column: Column, role: LineRole) -> PrintedLine {
    let bbox = runs
        .iter()
        .map(|run| run.bbox)
        .reduce(union)
        .unwrap_or_default();
    let recognised = runs.iter().flat_map(|run| &run.marks).filter_map(|mark| {
        let bbox = sheet.turn.undo(mark.bbox, sheet.width, sheet.height);
        mark.recognised
            .zip(mark.text.chars().next())
            .map(|(recognised, text)| recognised.character(text, bbox))
    });
    // All or none are recognised, and there are many: no more room than they take.
    let mut characters: Vec<LineCharacter> = recognised.collect();
    characters.shrink_to_fit();
    PrintedLine {
        page: sheet.number,
        leaf: sheet.leaf,
        text: runs::text(runs, &sheet.spaces),
        bbox: sheet.turn.undo(bbox, sheet.width, sheet.height),
        size: runs::usual_size(runs.iter().flat_map(|run| &run.marks)),
        column,
        role,
        characters,
    }
}

/// Columns that differ by less than a character are the column that most lines stand in.
fn settle_columns(laid: &mut Laid) {
    let mut in_cell = vec![false; laid.lines.len()];
    for &line in laid
        .tables
        .iter()
        .flat_map(|table| &table.cells)
        .flat_map(|cell| &cell.lines)
    {
        in_cell[line] = true;
    }
    let is_body = |i: usize, line: &PrintedLine| !in_cell[i] && line.role == LineRole::Body;
    let mut known: Vec<(Column, usize)> = Vec::new();
    for (_, line) in laid
        .lines
        .iter()
        .enumerate()
        .filter(|(i, line)| is_body(*i, line))
    {
        let same = |(column, _): &&mut (Column, usize)| {
            (column.left - line.column.left).abs() < 1.5
                && (column.right - line.column.right).abs() < 1.5
        };
        match known.iter_mut().find(same) {
            Some((_, n)) => *n += 1,
            None => known.push((line.column, 1)),
        }
    }
    // Two marks that hang, or a page without a full line, move an edge by less than a character.
    for (_, line) in laid
        .lines
        .iter_mut()
        .enumerate()
        .filter(|(i, line)| is_body(*i, line))
    {
        let own = line.column;
        let near = |column: &Column| {
            (column.left - own.left).abs() < 5.0 && (column.right - own.right).abs() <= line.size
        };
        if let Some((column, _)) = known
            .iter()
            .filter(|(column, _)| near(column))
            .max_by_key(|(_, n)| *n)
        {
            line.column = *column;
        }
    }
}

fn union(a: BBox, b: BBox) -> BBox {
    [
        a[0].min(b[0]),
        a[1].min(b[1]),
        a[2].max(b[2]),
        a[3].max(b[3]),
    ]
}

#[cfg(test)]
mod tests;
