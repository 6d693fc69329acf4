//! What stands at the edges of a page, before it is known what of it is furniture.

use super::PageRuns;
use super::rulings::{self, RulingLine};
use super::runs::TextRun;
use super::unruled_tables::is_top_of_table;
use crate::geom::{self, Level, Rect, Tolerance, bounds, is_near};

/// How much of the page's height, at the top and at the bottom, may hold furniture. The head and foot margin of
/// GB/T 9704 take an eighth each.
pub const ZONE: f32 = 0.15;
/// Rows of furniture at one edge, at most.
pub const N_ROWS: usize = 3;
/// Gap that parts two pieces of a row, such as a head and a folio, in em.
pub const PIECE_GAP: f32 = 2.0;
/// How far the height of a head's ruling differs from page to page, in points.
const SAME_HEIGHT: f32 = 6.0;
/// How far rulings that meet at a corner may miss each other, in points.
const CORNER: f32 = 3.0;
/// How far a box may reach over the edge of another that it stands below, in em.
const OVERLAP: f32 = 0.3;
/// How far vertical writing in the margin may reach into the text, in em.
const INTO_TEXT: f32 = 0.5;

/// A piece of text at an edge of a page.
#[derive(Debug)]
pub struct EdgeText {
    /// Indices of its runs on the page.
    pub runs: Vec<usize>,
    pub text: String,
    pub y: f32,
    /// Font size.
    pub size: f32,
    /// Free height to the next row towards the text, in lines of this piece.
    pub clearance: f32,
    /// Parts it from the text.
    pub rule: Option<HeadRule>,
}

/// A ruling below the row at the top of a page.
#[derive(Debug, Clone, Copy)]
pub struct HeadRule {
    line: RulingLine,
    /// It is the top of a box or of a 三线表 as it seems, and no head's, unless other pages have it too.
    pub tops_table: bool,
}

impl HeadRule {
    pub fn is_like(&self, other: &Self) -> bool {
        is_near(self.line.position, other.line.position, SAME_HEIGHT)
            && self.line.is_as_wide(&other.line)
    }

    /// The bits of where it lies.
    pub fn key(&self) -> [u32; 3] {
        let RulingLine { position, extent } = self.line;
        [position, extent.from, extent.to].map(f32::to_bits)
    }
}

/// The rows at the top of a page and those at its bottom, from the edge inwards.
#[derive(Debug)]
pub struct Edges {
    pub ends: [Vec<Vec<EdgeText>>; 2],
    /// Vertical runs beside the text.
    pub sides: Vec<EdgeText>,
}

/// A page as its edges are measured.
struct Measured<'p, 'a> {
    page: &'p PageRuns<'a>,
    /// Level runs, and the boxes of these and of the ruled tables.
    level: Vec<usize>,
    boxes: Vec<Rect>,
    level_rulings: Vec<RulingLine>,
    upright_rulings: Vec<RulingLine>,
}

impl Edges {
    pub fn new(page: &PageRuns) -> Self {
        let level: Vec<usize> = (0..page.runs.len())
            .filter(|&i| !page.runs[i].vertical)
            .collect();
        let runs = level.iter().map(|&i| page.runs[i].bbox);
        let measured = Measured {
            page,
            boxes: runs
                .chain(page.tables.iter().map(|table| table.bbox))
                .collect(),
            level,
            level_rulings: rulings::level(&page.rulings),
            upright_rulings: rulings::upright(&page.rulings),
        };
        Self {
            ends: [true, false].map(|is_top| measured.rows(is_top)),
            sides: measured.sides(),
        }
    }
}

impl Measured<'_, '_> {
    /// The rows at the top or at the bottom, from the edge inwards.
    fn rows(&self, is_top: bool) -> Vec<Vec<EdgeText>> {
        let runs = &self.page.runs;
        let height = self.page.height;
        let is_in_zone = |i: &usize| {
            let y = runs[*i].mid_y();
            if is_top {
                y < height * ZONE
            } else {
                y > height * (1.0 - ZONE)
            }
        };
        let mut near: Vec<usize> = self.level.iter().copied().filter(is_in_zone).collect();
        near.sort_by(|&a, &b| {
            let by_y = runs[a].mid_y().total_cmp(&runs[b].mid_y());
            (if is_top { by_y } else { by_y.reverse() }).then(a.cmp(&b))
        });
        let mut rows = geom::rows(near, Tolerance::EDGE_ROW, |&i| Level {
            y: runs[i].mid_y(),
            em: runs[i].size,
        });
        rows.truncate(N_ROWS);
        rows.into_iter()
            .map(|row| self.pieces(row, is_top))
            .collect()
    }

    /// A row of runs as pieces that wide gaps part.
    fn pieces(&self, row: Vec<usize>, is_top: bool) -> Vec<EdgeText> {
        let runs = &self.page.runs;
        let bbox = bounds(row.iter().map(|&i| runs[i].bbox)).expect("a row has runs");
        let size = row.iter().map(|&i| runs[i].size).fold(1.0, f32::max);
        let clearance = self.clearance(bbox, size, is_top);
        let rule = if is_top {
            self.rule_below(bbox, size)
        } else {
            None
        };
        geom::pieces(row, PIECE_GAP * size, |&i| runs[i].bbox)
            .into_iter()
            .map(|piece| EdgeText {
                text: piece.iter().map(|&i| solid_text(&runs[i])).collect(),
                runs: piece,
                y: bbox.mid_y(),
                size,
                clearance,
                rule,
            })
            .collect()
    }

    /// Free height to the next box towards the text, in lines.
    fn clearance(&self, row: Rect, size: f32, is_top: bool) -> f32 {
        let inwards = |other: &Rect| {
            if is_top {
                row.gap_y(*other)
            } else {
                other.gap_y(row)
            }
        };
        self.boxes
            .iter()
            .map(inwards)
            .filter(|gap| *gap > -OVERLAP * size)
            .fold(f32::MAX, f32::min)
            / size
    }

    /// The ruling of a head runs along it, and is no part of a table. At the foot of a page rulings hold the 版记,
    /// which is text.
    fn rule_below(&self, row: Rect, size: f32) -> Option<HeadRule> {
        let mut lines = self.level_rulings.iter();
        let line = *lines.find(|line| self.is_along_head(line, row, size))?;
        Some(HeadRule {
            line,
            tops_table: self.is_top_of_box(&line)
                || is_top_of_table(&line, &self.level_rulings, &self.page.runs),
        })
    }

    fn is_along_head(&self, line: &RulingLine, row: Rect, size: f32) -> bool {
        /// How far below the row it lies, in em; and for each line between.
        const NEAREST: f32 = 1.2;
        const PITCH: f32 = 1.8;
        /// It lies within the zone, or a little below its end.
        const DEEPEST: f32 = 1.1 * ZONE;
        /// Length against the width of the page.
        const LONG: f32 = 0.5;
        let gap = line.position - row.y1;
        let is_between = |other: &&Rect| {
            other.y1 < line.position + OVERLAP * size && other.y0 > row.y1 - OVERLAP * size
        };
        if gap <= -OVERLAP * size
            || line.position >= self.page.height * DEEPEST
            || line.extent.length() <= LONG * self.page.width
            || self.page.is_in_ruled_table(line.position)
        {
            return false;
        }
        let n_between = self.boxes.iter().filter(is_between).count();
        gap < (NEAREST + PITCH * n_between as f32) * size && !self.is_table_below(line, row)
    }

    /// Whether a ruling has cells right below it, and another as wide stands over the row above it.
    fn is_table_below(&self, line: &RulingLine, row: Rect) -> bool {
        is_top_of_table(line, &self.level_rulings, &self.page.runs)
            && self
                .level_rulings
                .iter()
                .any(|other| other.is_as_wide(line) && other.position < row.y0 + CORNER)
    }

    /// Whether upright rulings go down from the ends of a level one.
    fn is_top_of_box(&self, line: &RulingLine) -> bool {
        let has_side = |x: f32| {
            self.upright_rulings.iter().any(|side| {
                is_near(side.position, x, CORNER)
                    && is_near(side.extent.from, line.position, CORNER)
            })
        };
        has_side(line.extent.from) && has_side(line.extent.to)
    }

    /// Vertical runs beside the text.
    fn sides(&self) -> Vec<EdgeText> {
        let runs = &self.page.runs;
        let text = bounds(self.level.iter().map(|&i| runs[i].bbox));
        let is_beside = |run: &TextRun| {
            let slack = INTO_TEXT * run.size;
            text.is_none_or(|text| run.bbox.x1 <= text.x0 + slack || run.bbox.x0 >= text.x1 - slack)
        };
        (0..runs.len())
            .filter(|&i| runs[i].vertical && is_beside(&runs[i]))
            .map(|i| EdgeText {
                runs: vec![i],
                text: solid_text(&runs[i]),
                y: runs[i].mid_y(),
                size: runs[i].size,
                clearance: 0.0,
                rule: None,
            })
            .collect()
    }
}

/// The text of a run without white space.
fn solid_text(run: &TextRun) -> String {
    run.marks
        .iter()
        .flat_map(|mark| mark.text.chars())
        .filter(|c| !c.is_whitespace())
        .collect()
}
