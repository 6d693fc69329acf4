//! Ruling lines of a page: pieces of one line put together, level ones and upright ones apart.

use crate::geom::{Interval, is_near};
use crate::page::Ruling;

/// Rulings nearer than this are one, in points: a double rule, a rectangle's two edges.
pub const SAME: f32 = 3.0;
/// How far two rulings that meet may miss each other, in points.
pub const MEET: f32 = 3.0;
/// Neighbouring pieces of one line lie no further apart, in points; further apart they may make a double rule still.
const SAME_STROKE: f32 = 1.0;
/// Shorter than a character is high, in points, a ruling is a mark of some kind.
const SHORTEST: f32 = 4.0;
/// How far the ends of rulings of one length differ, in points: a table's rules end where its cells do, more or less.
const SAME_END: f32 = 6.0;

/// A level or upright line: where it lies, and from where to where.
#[derive(Debug, Clone, Copy)]
pub struct RulingLine {
    /// Height of a level one, distance from the left edge of an upright one.
    pub position: f32,
    pub extent: Interval,
}

impl RulingLine {
    fn from_ruling(ruling: &Ruling, is_level: bool) -> Self {
        let (across, down) = ((ruling.x0, ruling.x1), (ruling.y0, ruling.y1));
        let ((a, b), (from, to)) = if is_level {
            (down, across)
        } else {
            (across, down)
        };
        Self {
            position: (a + b) / 2.0,
            extent: Interval::new(from.min(to), from.max(to)),
        }
    }

    fn is_finite(&self) -> bool {
        self.position.is_finite() && self.extent.from.is_finite() && self.extent.to.is_finite()
    }

    /// Begins and ends where the other does.
    pub fn is_as_wide(&self, other: &Self) -> bool {
        is_near(self.extent.from, other.extent.from, SAME_END)
            && is_near(self.extent.to, other.extent.to, SAME_END)
    }

    /// Whether a line of the other direction touches or crosses it.
    pub fn meets(&self, other: &Self) -> bool {
        self.extent.widened(MEET).contains(other.position)
            && other.extent.widened(MEET).contains(self.position)
    }
}

/// The level lines, from the top.
pub fn level(rulings: &[Ruling]) -> Vec<RulingLine> {
    lines(rulings, true)
}

/// The upright lines, from the left.
pub fn upright(rulings: &[Ruling]) -> Vec<RulingLine> {
    lines(rulings, false)
}

fn lines(rulings: &[Ruling], is_level: bool) -> Vec<RulingLine> {
    let mut pieces: Vec<RulingLine> = rulings
        .iter()
        .filter(|ruling| ruling.is_horizontal() == is_level)
        .map(|ruling| RulingLine::from_ruling(ruling, is_level))
        .filter(RulingLine::is_finite)
        .collect();
    pieces.sort_by(|a, b| {
        a.position
            .total_cmp(&b.position)
            .then(a.extent.from.total_cmp(&b.extent.from))
    });
    let mut lines = Vec::new();
    let mut rest = pieces.as_mut_slice();
    while !rest.is_empty() {
        let (strokes, others) = rest.split_at_mut(n_at_one_position(rest));
        strokes.sort_by(|a, b| a.extent.from.total_cmp(&b.extent.from));
        put_together(strokes, &mut lines);
        rest = others;
    }
    lines.retain(|line| line.extent.length() >= SHORTEST);
    lines
}

/// How many of the first pieces lie on one line or on the two of a double rule.
fn n_at_one_position(pieces: &[RulingLine]) -> usize {
    let first = pieces[0].position;
    let follows = |pair: &[RulingLine]| {
        pair[1].position - pair[0].position < SAME_STROKE && pair[1].position - first < SAME
    };
    1 + pieces.windows(2).take_while(|pair| follows(pair)).count()
}

/// Puts pieces that meet together; they come in the order of their beginnings.
fn put_together(pieces: &[RulingLine], lines: &mut Vec<RulingLine>) {
    let mut open: Option<RulingLine> = None;
    for piece in pieces {
        match &mut open {
            Some(line) if piece.extent.from <= line.extent.to + MEET => {
                line.extent.to = line.extent.to.max(piece.extent.to);
            }
            _ => lines.extend(open.replace(*piece)),
        }
    }
    lines.extend(open);
}
