//! Two facing pages on one sheet: archives scan bound volumes open. Each half is laid out as a page of its own.
//!
//! A landscape sheet whose middle is blank may as well hold one page with two columns or a wide table. So it is parted
//! only where the printer says that these are two pages: by two folios that count on, or by a running head above each
//! half; the other sheets of the volume follow those.

use super::edges::{N_ROWS, PIECE_GAP, ZONE};
use super::furniture;
use crate::geom::{self, Level, Rect, Tolerance, bounds};
use crate::page::{Glyph, Page, Ruling};
use language::script::is_han;

/// A page of a book: a sheet, or the left or right half of one.
#[derive(Debug)]
pub struct BookPage {
    pub page: Page,
    /// Where it begins on its sheet.
    pub left: f32,
}

/// Width against height: two pages of A4 are 1.41, of a square book with margins cut off somewhat less.
const LANDSCAPE: f32 = 1.2;
/// Where the gutter may lie, of the width of the sheet.
const MIDDLE: [f32; 2] = [0.45, 0.55];
/// The narrowest gutter, of the width of the sheet: the inner margins of a book are three times as wide.
const GUTTER: f32 = 0.02;
/// How far facing folios and heads differ in height, of the height of the sheet: an open book lies crooked.
const FACING_HEIGHT: f32 = 0.03;
/// How far they differ in their place on their half, of its width.
const PLACE: f32 = 0.12;
/// Under this, a recognised character is dirt as likely as print: the fold of a book has some.
const DOUBTFUL: f32 = crate::confidence::DIRT_ON_SHEET;
/// A ruling across the gutter within this part of the height, at the top or at the bottom, is the edge of the paper.
const PAPER_EDGE: f32 = 0.04;
/// How far the sheets of one volume differ in width and height, as a part: scans are cut off here and there.
const SHEET_SIZE: f32 = 0.05;
/// How much two running heads have in common that are one: some characters are misread.
const SAME_HEAD: f64 = 0.8;
/// Free height that sets a head or folio apart from the text, in em of the head.
const FREE_HEIGHT: f32 = 0.8;
/// Pieces of a row that may be a folio and heads beside it, and of one that is heads alone.
const MOST_PIECES: [usize; 2] = [3, 2];
/// Hanzi that make a head; fewer are a page's number or dirt.
const HEAD_HANZI: usize = 4;

/// The pages of the book, in reading order.
pub fn book_pages(pages: Vec<Page>) -> Vec<BookPage> {
    let spreads: Vec<Option<Spread>> = pages.iter().map(spread).collect();
    let is_parted = parted(&spreads);
    let mut book_pages = Vec::with_capacity(pages.len());
    for ((page, spread), is_parted) in pages.into_iter().zip(&spreads).zip(is_parted) {
        match spread.as_ref().filter(|_| is_parted) {
            Some(spread) => book_pages.extend(halves(&page, spread.cut)),
            None => book_pages.push(BookPage { page, left: 0.0 }),
        }
    }
    book_pages
}

/// Which sheets show two pages: those whose heads or folios prove it, and those that are like one of them.
fn parted(spreads: &[Option<Spread>]) -> Vec<bool> {
    let sheets = || spreads.iter().flatten();
    let n_headed = sheets().filter(|sheet| sheet.has_facing_heads()).count();
    let proved: Vec<&Spread> = sheets().filter(|sheet| sheet.is_proved(n_headed)).collect();
    let is_parted = |sheet: &Spread| sheet.is_proved(n_headed) || sheet.follows(&proved);
    spreads
        .iter()
        .map(|sheet| sheet.as_ref().is_some_and(is_parted))
        .collect()
}

fn halves(page: &Page, cut: f32) -> [BookPage; 2] {
    [half(page, cut, false), half(page, cut, true)]
}

fn half(page: &Page, cut: f32, is_right: bool) -> BookPage {
    let left = if is_right { cut } else { 0.0 };
    let glyphs = page
        .glyphs
        .iter()
        .filter(|glyph| (Rect::from(glyph.bbox).mid_x() >= cut) == is_right)
        .map(|glyph| Glyph {
            bbox: Rect::from(glyph.bbox).moved_right(-left).into(),
            ..glyph.clone()
        });
    // What runs over the cut is the edge of the paper: each half has its part.
    let (from, to) = if is_right {
        (cut, f32::MAX)
    } else {
        (f32::MIN, cut)
    };
    let rulings = page
        .rulings
        .iter()
        .filter(|ruling| ruling.x0.max(ruling.x1) >= from && ruling.x0.min(ruling.x1) <= to)
        .map(|ruling| Ruling {
            x0: ruling.x0.clamp(from, to) - left,
            x1: ruling.x1.clamp(from, to) - left,
            ..*ruling
        });
    let half = Page {
        number: page.number,
        width: page.width / 2.0,
        height: page.height,
        glyphs: glyphs.collect(),
        rulings: rulings.collect(),
        images: Vec::new(),
        kind: page.kind,
        straightened: page.straightened,
        to_user_space: page.to_user_space,
    };
    BookPage { page: half, left }
}

/// A landscape sheet with a blank gutter at its middle.
#[derive(Debug)]
struct Spread {
    width: f32,
    height: f32,
    /// Where it is parted.
    cut: f32,
    /// The left half and the right one.
    halves: [HalfEdges; 2],
}

/// What stands at the top and at the bottom of a half.
#[derive(Debug, Default)]
struct HalfEdges {
    is_empty: bool,
    heads: Vec<EdgeText>,
    folios: Vec<(i64, EdgeText)>,
}

/// A head or folio of a half.
#[derive(Debug, Clone)]
struct EdgeText {
    text: String,
    /// Middle, against the left edge of its half.
    x: f32,
    y: f32,
}

impl Spread {
    /// Whether its own heads or folios say that it shows two pages; `n_headed` sheets have heads that face each other.
    fn is_proved(&self, n_headed: usize) -> bool {
        self.has_facing_folios() || self.has_facing_heads() && (n_headed >= 2 || self.has_folio())
    }

    /// Whether it is like sheets that are proved. One sheet may be chance; its like with a folio at its place, or with
    /// an empty half, is not.
    fn follows(&self, proved: &[&Spread]) -> bool {
        let alike: Vec<&&Spread> = proved
            .iter()
            .filter(|other| other.is_as_large_as(self))
            .collect();
        alike.len() >= 2
            || !alike.is_empty() && self.has_empty_half()
            || alike
                .iter()
                .any(|other| self.shares_folio(other, 0) || self.shares_folio(other, 1))
    }

    /// Folios that count on from left to right.
    fn has_facing_folios(&self) -> bool {
        let [left, right] = &self.halves;
        let counts_on = |n: i64, a: &EdgeText| {
            let mut others = right.folios.iter();
            others.any(|(m, b)| *m == n + 1 && self.are_facing(a, b))
        };
        left.folios.iter().any(|(n, a)| counts_on(*n, a))
    }

    /// The same words above both halves.
    fn has_facing_heads(&self) -> bool {
        let [left, right] = &self.halves;
        let is_one = |a: &EdgeText, b: &EdgeText| {
            strsim::normalized_levenshtein(&a.text, &b.text) >= SAME_HEAD && self.are_facing(a, b)
        };
        left.heads
            .iter()
            .any(|a| right.heads.iter().any(|b| is_one(a, b)))
    }

    /// At one height, and at the same place of both halves or as in a mirror.
    fn are_facing(&self, a: &EdgeText, b: &EdgeText) -> bool {
        let half = self.width / 2.0;
        let is_at = |x: f32| (a.x - x).abs() <= PLACE * half;
        (a.y - b.y).abs() <= FACING_HEIGHT * self.height && (is_at(b.x) || is_at(half - b.x))
    }

    fn has_folio(&self) -> bool {
        self.halves.iter().any(|half| !half.folios.is_empty())
    }

    fn has_empty_half(&self) -> bool {
        self.halves.iter().any(|half| half.is_empty)
    }

    fn shares_folio(&self, other: &Spread, side: usize) -> bool {
        let is_at = |a: &EdgeText, b: &EdgeText| {
            (a.x - b.x).abs() <= PLACE * self.width / 2.0
                && (a.y - b.y).abs() <= FACING_HEIGHT * self.height
        };
        let (own, others) = (&self.halves[side].folios, &other.halves[side].folios);
        own.iter()
            .any(|(_, a)| others.iter().any(|(_, b)| is_at(a, b)))
    }

    fn is_as_large_as(&self, other: &Spread) -> bool {
        (self.width - other.width).abs() <= SHEET_SIZE * other.width
            && (self.height - other.height).abs() <= SHEET_SIZE * other.height
    }
}

/// A sheet as two halves, if it may be two pages.
fn spread(page: &Page) -> Option<Spread> {
    let (width, height) = (page.width, page.height);
    // Half of it has to be upright.
    if width < LANDSCAPE * height || width / 2.0 > height {
        return None;
    }
    let shown: Vec<&Glyph> = page.glyphs.iter().filter(|glyph| is_print(glyph)).collect();
    let n_upright = shown
        .iter()
        .filter(|glyph| !glyph.vertical && glyph.turn.is_multiple_of(2))
        .count();
    if n_upright * 2 <= shown.len() {
        return None;
    }
    let gutter = gutter(&shown, width)?;
    let cut = (width / 2.0).clamp(gutter[0], gutter[1]);
    if page.rulings.iter().any(|ruling| crosses(ruling, cut, page)) {
        return None;
    }
    let (left, right): (Vec<&Glyph>, Vec<&Glyph>) = shown
        .into_iter()
        .partition(|glyph| Rect::from(glyph.bbox).mid_x() < cut);
    Some(Spread {
        width,
        height,
        cut,
        halves: [
            half_edges(left, 0.0, height),
            half_edges(right, cut, height),
        ],
    })
}

fn is_print(glyph: &Glyph) -> bool {
    !glyph.text.trim().is_empty()
        && glyph
            .recognised
            .is_none_or(|recognised| recognised.confidence >= DOUBTFUL)
}

/// Whether a ruling of the text goes over the cut.
fn crosses(ruling: &Ruling, cut: f32, page: &Page) -> bool {
    let margin = GUTTER * page.width;
    let y = (ruling.y0 + ruling.y1) / 2.0;
    ruling.x0.min(ruling.x1) < cut - margin
        && ruling.x0.max(ruling.x1) > cut + margin
        && (PAPER_EDGE * page.height..(1.0 - PAPER_EDGE) * page.height).contains(&y)
}

/// The widest blank from top to bottom at the middle of a sheet.
fn gutter(shown: &[&Glyph], width: f32) -> Option<[f32; 2]> {
    let mut spans: Vec<[f32; 2]> = shown
        .iter()
        .map(|glyph| [glyph.bbox[0], glyph.bbox[2]])
        .collect();
    spans.push([width, width]);
    spans.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let mut reach = 0.0f32;
    let mut widest: Option<[f32; 2]> = None;
    for [x0, x1] in spans {
        let is_middle = x0 > MIDDLE[0] * width && reach < MIDDLE[1] * width;
        if is_middle
            && x0 - reach >= GUTTER * width
            && widest.is_none_or(|[from, to]| x0 - reach > to - from)
        {
            widest = Some([reach, x0]);
        }
        reach = reach.max(x1);
    }
    // Where it is parted has to be at the middle.
    widest.map(|[from, to]| [from.max(MIDDLE[0] * width), to.min(MIDDLE[1] * width)])
}

/// The heads and folios of a half that begins at `left`.
fn half_edges(mut glyphs: Vec<&Glyph>, left: f32, height: f32) -> HalfEdges {
    let mut edges = HalfEdges {
        is_empty: glyphs.is_empty(),
        ..HalfEdges::default()
    };
    for is_top in [true, false] {
        for row in rows_apart(&mut glyphs, is_top, height) {
            read_row(row, is_top, left, &mut edges);
        }
    }
    edges
}

/// How far the middle of a glyph lies from the top or from the bottom of the page.
fn depth(glyph: &Glyph, is_top: bool, height: f32) -> f32 {
    let y = Rect::from(glyph.bbox).mid_y();
    if is_top { y } else { height - y }
}

/// The rows at an edge of a half that stand free of the row after them, from the edge inwards.
fn rows_apart<'g>(glyphs: &mut [&'g Glyph], is_top: bool, height: f32) -> Vec<Vec<&'g Glyph>> {
    let depth = |glyph: &Glyph| depth(glyph, is_top, height);
    glyphs.sort_by(|a, b| depth(a).total_cmp(&depth(b)));
    // A row more than can be furniture shows how far that stands from the text.
    let near_edge = glyphs
        .iter()
        .copied()
        .take_while(|glyph| depth(glyph) < 2.0 * ZONE * height);
    let rows = geom::rows(near_edge, Tolerance::EDGE_ROW, |glyph| Level {
        y: depth(glyph),
        em: glyph.size,
    });
    let boxes: Vec<Rect> = rows
        .iter()
        .filter_map(|row| bounds(row.iter().map(|glyph| glyph.bbox.into())))
        .collect();
    let space = |i: usize| match boxes.get(i + 1) {
        Some(next) if is_top => boxes[i].gap_y(*next),
        Some(next) => next.gap_y(boxes[i]),
        None => f32::MAX,
    };
    rows.into_iter()
        .enumerate()
        .take(N_ROWS)
        .filter(|(i, row)| depth(row[0]) <= ZONE * height && space(*i) >= FREE_HEIGHT * size(row))
        .map(|(_, row)| row)
        .collect()
}

fn size(row: &[&Glyph]) -> f32 {
    row.iter().map(|glyph| glyph.size).fold(1.0, f32::max)
}

/// Adds the heads and folios of a row to those of its half.
fn read_row(row: Vec<&Glyph>, is_top: bool, left: f32, edges: &mut HalfEdges) {
    let gap = PIECE_GAP * size(&row);
    let pieces = geom::pieces(row, gap, |glyph| glyph.bbox.into());
    let n = pieces.len();
    for (i, piece) in pieces.into_iter().enumerate() {
        let piece = EdgeText::from_glyphs(&piece, left);
        let is_outer = i == 0 || i + 1 == n;
        let number = furniture::number(&piece.text).filter(|_| n <= MOST_PIECES[0] && is_outer);
        let n_hanzi = piece.text.chars().filter(|c| is_han(*c)).count();
        match number {
            Some(number) => edges.folios.push((number, piece)),
            None if is_top && n <= MOST_PIECES[1] && n_hanzi >= HEAD_HANZI => {
                edges.heads.push(piece);
            }
            None => {}
        }
    }
}

impl EdgeText {
    fn from_glyphs(glyphs: &[&Glyph], left: f32) -> Self {
        let bbox = bounds(glyphs.iter().map(|glyph| glyph.bbox.into())).unwrap_or_default();
        Self {
            text: glyphs.iter().map(|glyph| glyph.text.trim()).collect(),
            x: bbox.mid_x() - left,
            y: bbox.mid_y(),
        }
    }
}
