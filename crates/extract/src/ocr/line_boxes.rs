//! Lines from pieces of them: strokes and dots that stand free go to the line that they belong to, dirt goes away.

use super::components::{Component, Components};
use super::corridors::Wall;
use super::line_box::{em_of_hanzi, is_height_of_type};
use super::ruling::Ruling;
use super::text_ink::SMALL;
use super::working_ink::points;
use crate::raster::Bilevel;

/// The ink of a line, and the size of its type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InkLine {
    pub ink: Component,
    pub em: f64,
}

/// What no line goes across.
#[derive(Debug)]
pub struct Barriers<'a> {
    pub walls: &'a [Wall],
    pub rulings: &'a [Ruling],
}

impl Barriers<'_> {
    /// Whether a wall stands between two boxes that are side by side.
    fn have_wall(&self, a: &Component, b: &Component) -> bool {
        let (left, right) = if a.x0 <= b.x0 { (a, b) } else { (b, a) };
        let y = (left.y0.max(right.y0) + left.y1.min(right.y1)) as f64 / 2.0;
        left.x1 < right.x0
            && self
                .walls
                .iter()
                .any(|wall| wall.is_between(left.x1, right.x0, y))
    }

    /// Whether a level ruling lies between two heights.
    fn have_floor(&self, x: f64, above: f64, below: f64) -> bool {
        self.rulings.iter().any(|ruling| {
            ruling.is_level
                && x >= ruling.from
                && x <= ruling.to
                && (above..=below).contains(&ruling.at(x))
        })
    }
}

/// Puts lines together from their pieces; `em` is the usual size of the characters in `ink`.
pub fn lines(
    mut pieces: Vec<Component>,
    ink: &Bilevel,
    barriers: &Barriers,
    em: f64,
) -> Vec<InkLine> {
    let area = |piece: &Component| piece.width() * piece.height();
    pieces.sort_by(|a, b| area(b).total_cmp(&area(a)));
    let mut lines: Vec<Component> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let line = lines.iter_mut().find(|line| {
            is_beside(line, &piece, barriers, em)
                || is_over(line, &piece, barriers, em)
                    && !(is_small_type(line, ink, em) && is_small_type(&piece, ink, em))
        });
        match line {
            Some(line) => line.add(&piece),
            None => lines.push(piece),
        }
    }
    join_parts_of_characters(&mut lines, barriers, em);
    lines
        .into_iter()
        .filter(|line| !is_dirt(line, ink, em))
        .map(|line| {
            let line = trimmed(line, ink, em);
            InkLine {
                em: type_size(&line, ink, em),
                ink: line,
            }
        })
        .collect()
}

/// Whether a piece goes on in a line, at its left or right.
fn is_beside(line: &Component, piece: &Component, barriers: &Barriers, em: f64) -> bool {
    /// Rows that the two share at the least, in the height of the lower one.
    const SHARED: f64 = 0.6;
    /// The blank between them, in em.
    const GAP: f64 = 1.3;
    /// The height of both together, in that of the line.
    const HIGHER: f64 = 1.35;
    /// The height that any line counts with, in em.
    const LOWEST: f64 = 0.9;
    let whole = (line.y1.max(piece.y1) - line.y0.min(piece.y0)) as f64;
    line.rows_shared(piece) >= SHARED * piece.height().min(line.height())
        && line.gap(piece) as f64 <= GAP * em
        && whole <= HIGHER * line.height().max(LOWEST * em)
        && !barriers.have_wall(line, piece)
}

/// Whether a piece is a stroke of a character that stands alone, as 三 in a cell: strokes one over another that together
/// are no higher than a character.
fn is_over(line: &Component, piece: &Component, barriers: &Barriers, em: f64) -> bool {
    /// Columns that both share at the least, in the width of the piece.
    const SHARED: f64 = 0.5;
    /// The height of both together at the most, in em.
    const CHARACTER: f64 = 1.02;
    /// The height of the piece at the most, in em.
    const STROKE: f64 = 0.75;
    let whole = (line.y1.max(piece.y1) - line.y0.min(piece.y0)) as f64;
    let (above, below) = (
        line.mid_y().min(piece.mid_y()),
        line.mid_y().max(piece.mid_y()),
    );
    line.columns_shared(piece) >= SHARED * piece.width()
        && whole <= CHARACTER * em
        && piece.height() < STROKE * em
        && !barriers.have_floor(piece.mid_x(), above, below)
}

/// Whether a piece is a line of its own in type much smaller than the page's, as the issue below the name on a cover:
/// characters side by side, each as high as the piece.
fn is_small_type(piece: &Component, ink: &Bilevel, em: f64) -> bool {
    /// The size of the page's type at the least: in smaller type two lines are no higher than one character.
    const LARGE: f64 = points(18.0);
    /// Characters of such a line at the least.
    const FEWEST: usize = 2;
    /// The height of a character, in that of the piece.
    const HIGH: f64 = 0.5;
    /// How many times wider than high a character is at the most: the strokes of 三三三 are wider.
    const WIDE: f64 = 2.0;
    em >= LARGE
        && piece.height() >= SMALL
        && piece.width() >= FEWEST as f64 * HIGH * piece.height()
        && Components::from_ink(&ink.crop(piece.bbox()))
            .boxes
            .iter()
            .filter(|c| c.height() >= HIGH * piece.height() && c.width() <= WIDE * c.height())
            .count()
            >= FEWEST
}

/// Joins upper and lower parts of a character that is larger than those of the page, set apart in a title: 公　告.
fn join_parts_of_characters(lines: &mut Vec<Component>, barriers: &Barriers, em: f64) {
    /// The height from which a character is larger than the page's type, in em.
    const LARGE: f64 = 1.25;
    let large: Vec<Component> = lines
        .iter()
        .filter(|line| line.height() >= LARGE * em)
        .copied()
        .collect();
    let mut i = 0;
    while i < lines.len() {
        let upper = lines[i];
        let lower = lines.iter().position(|lower| {
            are_parts(&upper, lower, barriers)
                && large.iter().any(|other| is_like(&upper.with(lower), other))
        });
        match lower {
            Some(lower) => {
                lines[i] = upper.with(&lines[lower]);
                lines.remove(lower);
                i = 0;
            }
            None => i += 1,
        }
    }
}

/// Whether two boxes, one over the other, may be one character.
fn are_parts(upper: &Component, lower: &Component, barriers: &Barriers) -> bool {
    /// Columns that both share at the least, in the width of the narrower.
    const SHARED: f64 = 0.5;
    /// The width of a character at the most, in its height.
    const WIDE: f64 = 1.3;
    let whole = upper.with(lower);
    lower.mid_y() > upper.mid_y()
        && upper.columns_shared(lower) >= SHARED * upper.width().min(lower.width())
        && whole.width() <= WIDE * whole.height()
        && !barriers.have_floor(lower.mid_x(), upper.mid_y(), lower.mid_y())
}

/// Whether a character stands on one line with another one that is about as large.
fn is_like(character: &Component, other: &Component) -> bool {
    // In the other's height.
    /// How far it may reach above and below the other.
    const SLACK: f64 = 0.12;
    /// Its own height at the least.
    const LOWEST: f64 = 0.75;
    /// How far apart the two may stand.
    const APART: f64 = 4.5;
    let slack = SLACK * other.height();
    let is_level = character.y0 as f64 >= other.y0 as f64 - slack
        && character.y1 as f64 <= other.y1 as f64 + slack;
    is_level
        && character.height() >= LOWEST * other.height()
        && (1..=(APART * other.height()) as usize).contains(&character.gap(other))
}

/// Whether what stands alone is dirt: a dot, a streak, a stroke along the edge of the sheet. A dash or a 一 is half a
/// character wide at least.
fn is_dirt(line: &Component, ink: &Bilevel, em: f64) -> bool {
    // In em.
    /// The width of a streak at the most, and its height at the least.
    const STREAK: [f64; 2] = [0.25, 1.3];
    /// The shorter side of a stroke along the edge of the sheet, at the most.
    const AT_EDGE: f64 = 0.3;
    /// The longer side of print at the least.
    const LEAST_SIDE: f64 = 0.4;
    /// The ink of print at the least, in square em.
    const LEAST_INK: f64 = 0.02;
    /// Print is at least so high, or so wide.
    const LEAST_HEIGHT: f64 = 0.3;
    const LEAST_WIDTH: f64 = 0.45;
    let (width, height) = (line.width(), line.height());
    let is_streak = height > STREAK[1] * em && width < STREAK[0] * em;
    let touches_edge =
        line.x0 <= 1 || line.y0 <= 1 || line.x1 + 1 >= ink.width || line.y1 + 1 >= ink.height;
    let is_edge = touches_edge && line.shorter_side() < AT_EDGE * em;
    is_streak
        || is_edge
        || line.longer_side() < LEAST_SIDE * em
        || (line.n_pixels as f64) < LEAST_INK * em * em
        || height < LEAST_HEIGHT * em && width < LEAST_WIDTH * em
}

/// The size of a line's type: digits are 0.7 of it high, dashes 0.1.
fn type_size(line: &Component, ink: &Bilevel, em: f64) -> f64 {
    /// The height of a line of dashes at the most, in em.
    const DASH: f64 = 0.35;
    let is_dashes = || line.height() < DASH * em && !is_small_type(line, ink, em);
    if is_height_of_type(line.height(), em) || is_dashes() {
        em
    } else {
        em_of_hanzi(line.height())
    }
}

/// The line without dirt at its top and bottom, if it is higher than its characters.
fn trimmed(line: Component, ink: &Bilevel, em: f64) -> Component {
    /// The height of a line at the most, in em: a bracket, or the feet of a comma, reach as far.
    const HIGH: f64 = 1.08;
    /// The height from which a line is of another type, in em.
    const OTHER_TYPE: f64 = 1.8;
    /// The width under which a line shows too little of its height, in em.
    const SHORT: f64 = 2.0;
    /// A row with so many times less ink than the fullest is dirt: subscripts and the tops of brackets have more.
    const HARDLY: usize = 30;
    let height = line.height();
    if line.width() < SHORT * em || height <= HIGH * em || height > OTHER_TYPE * em {
        return line;
    }
    let sums: Vec<usize> = (line.y0..line.y1)
        .map(|y| ink.count([line.x0, y, line.x1, y + 1]))
        .collect();
    let least = sums.iter().max().unwrap_or(&0) / HARDLY;
    let highest = (HIGH * em) as usize;
    // From whichever end is emptier.
    let (mut from, mut to) = (0, sums.len());
    while to - from > highest && sums[from].min(sums[to - 1]) <= least {
        if sums[from] <= sums[to - 1] {
            from += 1;
        } else {
            to -= 1;
        }
    }
    Component {
        y0: line.y0 + from,
        y1: line.y0 + to,
        ..line
    }
}
