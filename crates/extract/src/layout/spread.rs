//! Two facing pages on one sheet: archives scan bound volumes open. Each half is laid out as a page of its own.
//!
//! A landscape sheet whose middle is blank may as well hold one page with two columns or a wide table. So it is parted
//! only where the printer says that these are two pages: by two folios that count on, or by a running head above each
//! half; the other sheets of the volume follow those.

use super::furniture;
use super::{BBox, union};
use crate::page::{Glyph, Page, Ruling};
use language::script::is_han;

/// What a page of a book takes up: a sheet, or the left or right half of one.
#[derive(Debug)]
pub struct Leaf {
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
/// How much of the height, at the top and at the bottom, may hold heads and folios.
const ZONE: f32 = 0.15;
/// How far facing folios and heads differ in height, of the height of the sheet: an open book lies crooked.
const LEVEL: f32 = 0.03;
/// How far they differ in their place on their half, of its width.
const PLACE: f32 = 0.12;
const DOUBTFUL: f32 = crate::confidence::DIRT_ON_SHEET;

/// The pages of the book, in reading order.
pub fn leaves(pages: Vec<Page>) -> Vec<Leaf> {
    let sheets: Vec<Option<Open>> = pages.iter().map(open).collect();
    let n_headed = sheets
        .iter()
        .flatten()
        .filter(|sheet| sheet.heads_face())
        .count();
    let is_proved = |sheet: &Open| {
        sheet.folios_face() || sheet.heads_face() && (n_headed >= 2 || sheet.has_folio())
    };
    let proved: Vec<&Open> = sheets
        .iter()
        .flatten()
        .filter(|sheet| is_proved(sheet))
        .collect();
    let follows = |sheet: &Open| {
        let alike: Vec<&&Open> = proved
            .iter()
            .filter(|other| other.is_as_large_as(sheet))
            .collect();
        let shares_folio = |other: &&&Open| (0..2).any(|side| sheet.shares_folio(other, side));
        // One sheet may be chance; its like with a folio at its place, or with an empty half, is not.
        alike.len() >= 2
            || !alike.is_empty() && sheet.has_empty_half()
            || alike.iter().any(shares_folio)
    };
    let mut leaves = Vec::with_capacity(pages.len());
    for (page, sheet) in pages.into_iter().zip(&sheets) {
        match sheet
            .as_ref()
            .filter(|sheet| is_proved(sheet) || follows(sheet))
        {
            Some(sheet) => leaves.extend(halves(&page, sheet.cut)),
            None => leaves.push(Leaf { page, left: 0.0 }),
        }
    }
    leaves
}

fn halves(page: &Page, cut: f32) -> [Leaf; 2] {
    [false, true].map(|is_right| {
        let left = if is_right { cut } else { 0.0 };
        let glyphs = page
            .glyphs
            .iter()
            .filter(|glyph| (middle(glyph.bbox)[0] >= cut) == is_right);
        let glyphs = glyphs.map(|glyph| {
            let [x0, y0, x1, y1] = glyph.bbox;
            Glyph {
                bbox: [x0 - left, y0, x1 - left, y1],
                ..glyph.clone()
            }
        });
        // What runs over the cut is the edge of the paper: each half has its part.
        let (from, to) = if is_right {
            (cut, f32::MAX)
        } else {
            (f32::MIN, cut)
        };
        let within =
            |ruling: &&Ruling| ruling.x0.max(ruling.x1) >= from && ruling.x0.min(ruling.x1) <= to;
        let rulings = page.rulings.iter().filter(within).map(|ruling| Ruling {
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
        Leaf { page: half, left }
    })
}

/// A landscape sheet with a blank gutter at its middle.
#[derive(Debug)]
struct Open {
    width: f32,
    height: f32,
    /// Where it is parted.
    cut: f32,
    /// Of the left and of the right half.
    sides: [Edge; 2],
}

/// What stands at the top and at the bottom of a half.
#[derive(Debug, Default)]
struct Edge {
    is_empty: bool,
    heads: Vec<Piece>,
    folios: Vec<(i64, Piece)>,
}

#[derive(Debug, Clone)]
struct Piece {
    text: String,
    /// Middle, against the left edge of its half.
    x: f32,
    y: f32,
}

impl Open {
    /// Folios that count on from left to right.
    fn folios_face(&self) -> bool {
        let [left, right] = &self.sides;
        left.folios.iter().any(|(n, a)| {
            right
                .folios
                .iter()
                .any(|(m, b)| *m == n + 1 && self.face(a, b))
        })
    }

    /// The same words above both halves.
    fn heads_face(&self) -> bool {
        let [left, right] = &self.sides;
        let same = |a: &Piece, b: &Piece| strsim::normalized_levenshtein(&a.text, &b.text) >= 0.8;
        left.heads
            .iter()
            .any(|a| right.heads.iter().any(|b| same(a, b) && self.face(a, b)))
    }

    /// At one height, and at the same place of both halves or as in a mirror.
    fn face(&self, a: &Piece, b: &Piece) -> bool {
        let half = self.width / 2.0;
        let near = |x: f32| (a.x - x).abs() <= PLACE * half;
        (a.y - b.y).abs() <= LEVEL * self.height && (near(b.x) || near(half - b.x))
    }

    fn has_folio(&self) -> bool {
        self.sides.iter().any(|side| !side.folios.is_empty())
    }

    fn has_empty_half(&self) -> bool {
        self.sides.iter().any(|side| side.is_empty)
    }

    fn shares_folio(&self, other: &Open, side: usize) -> bool {
        let near = |a: &Piece, b: &Piece| {
            (a.x - b.x).abs() <= PLACE * self.width / 2.0
                && (a.y - b.y).abs() <= LEVEL * self.height
        };
        self.sides[side]
            .folios
            .iter()
            .any(|(_, a)| other.sides[side].folios.iter().any(|(_, b)| near(a, b)))
    }

    fn is_as_large_as(&self, other: &Open) -> bool {
        // Scans of one volume are cut off here and there.
        let near = |a: f32, b: f32| (a - b).abs() <= 0.05 * b;
        near(self.width, other.width) && near(self.height, other.height)
    }
}

fn open(page: &Page) -> Option<Open> {
    let (width, height) = (page.width, page.height);
    let is_shown = |glyph: &&Glyph| {
        !glyph.text.trim().is_empty()
            && glyph
                .recognised
                .is_none_or(|recognised| recognised.confidence >= DOUBTFUL)
    };
    // Half of it has to be upright.
    if width < LANDSCAPE * height || width / 2.0 > height {
        return None;
    }
    let shown: Vec<&Glyph> = page.glyphs.iter().filter(is_shown).collect();
    let n_upright = shown
        .iter()
        .filter(|glyph| !glyph.vertical && glyph.turn.is_multiple_of(2))
        .count();
    if n_upright * 2 <= shown.len() {
        return None;
    }
    let [from, to] = gutter(&shown, width)?;
    let cut = (width / 2.0).clamp(from, to);
    let crosses = |ruling: &Ruling| {
        let margin = GUTTER * width;
        let (x0, x1, y) = (
            ruling.x0.min(ruling.x1),
            ruling.x0.max(ruling.x1),
            (ruling.y0 + ruling.y1) / 2.0,
        );
        // At the very edge it is that of the paper.
        x0 < cut - margin && x1 > cut + margin && (0.04 * height..0.96 * height).contains(&y)
    };
    if page.rulings.iter().any(crosses) {
        return None;
    }
    let (left, right): (Vec<&Glyph>, Vec<&Glyph>) = shown
        .into_iter()
        .partition(|glyph| middle(glyph.bbox)[0] < cut);
    Some(Open {
        width,
        height,
        cut,
        sides: [edge(left, 0.0, height), edge(right, cut, height)],
    })
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
fn edge(mut glyphs: Vec<&Glyph>, left: f32, height: f32) -> Edge {
    let mut edge = Edge {
        is_empty: glyphs.is_empty(),
        ..Edge::default()
    };
    for is_top in [true, false] {
        // From the edge inwards.
        let depth = |bbox: BBox| {
            if is_top {
                middle(bbox)[1]
            } else {
                height - middle(bbox)[1]
            }
        };
        glyphs.sort_by(|a, b| depth(a.bbox).total_cmp(&depth(b.bbox)));
        let mut rows: Vec<Vec<&Glyph>> = Vec::new();
        // A row more than can be furniture shows how far that stands from the text.
        for &glyph in glyphs
            .iter()
            .take_while(|glyph| depth(glyph.bbox) < 2.0 * ZONE * height)
        {
            match rows.last_mut() {
                Some(row)
                    if depth(glyph.bbox) - depth(row[0].bbox)
                        < 0.5 * glyph.size.max(row[0].size) =>
                {
                    row.push(glyph)
                }
                _ => rows.push(vec![glyph]),
            }
        }
        let boxes: Vec<BBox> = rows
            .iter()
            .filter_map(|row| row.iter().map(|glyph| glyph.bbox).reduce(union))
            .collect();
        for (i, row) in rows.iter_mut().enumerate().take(3) {
            let size = row.iter().map(|glyph| glyph.size).fold(1.0, f32::max);
            let space = boxes.get(i + 1).map_or(f32::MAX, |next| {
                if is_top {
                    next[1] - boxes[i][3]
                } else {
                    boxes[i][1] - next[3]
                }
            });
            if depth(row[0].bbox) > ZONE * height || space < 0.8 * size {
                continue;
            }
            let pieces = pieces(row, 2.0 * size, left);
            let n = pieces.len();
            for (i, piece) in pieces.into_iter().enumerate() {
                if let Some(number) =
                    furniture::number(&piece.text).filter(|_| n <= 3 && (i == 0 || i + 1 == n))
                {
                    edge.folios.push((number, piece));
                } else if is_top && n <= 2 && piece.text.chars().filter(|c| is_han(*c)).count() >= 4
                {
                    edge.heads.push(piece);
                }
            }
        }
    }
    edge
}

/// A row as pieces that wide gaps part.
fn pieces(row: &mut [&Glyph], wide: f32, left: f32) -> Vec<Piece> {
    row.sort_by(|a, b| a.bbox[0].total_cmp(&b.bbox[0]));
    let mut pieces: Vec<(String, BBox)> = Vec::new();
    for glyph in row {
        match pieces.last_mut() {
            Some((text, bbox)) if glyph.bbox[0] - bbox[2] < wide => {
                text.push_str(glyph.text.trim());
                *bbox = union(*bbox, glyph.bbox);
            }
            _ => pieces.push((glyph.text.trim().to_owned(), glyph.bbox)),
        }
    }
    pieces
        .into_iter()
        .map(|(text, bbox)| Piece {
            text,
            x: middle(bbox)[0] - left,
            y: middle(bbox)[1],
        })
        .collect()
}

fn middle([x0, y0, x1, y1]: BBox) -> [f32; 2] {
    [(x0 + x1) / 2.0, (y0 + y1) / 2.0]
}
