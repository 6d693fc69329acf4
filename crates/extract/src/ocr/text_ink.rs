//! What of a page's ink is text: not noise, not what shines through, no drawing and no leader.

use super::components::{Component, Components, PixelRun};
use super::leaders::leaders;
use super::working_ink::points;
use crate::numeric::weighted_median;
use crate::raster::Bilevel;

/// The size of the smallest text, in pixels.
pub const SMALL: f64 = points(5.0);
/// The size of the largest text, in pixels.
const LARGE: f64 = points(150.0);

/// The text of a page.
#[derive(Debug, Clone)]
pub struct TextInk {
    /// The ink of its characters.
    pub ink: Bilevel,
    /// Their usual size in pixels.
    pub em: f64,
    /// Rows of dots.
    pub leaders: Vec<Component>,
}

/// Parts the text of a page from the rest of its ink; `black` is what is as dark as print.
pub fn text_ink(ink: &Bilevel, black: &Bilevel) -> TextInk {
    let components = Components::from_ink(ink);
    let boxes = &components.boxes;
    let em = usual_em(boxes);
    let mut n_black = vec![0usize; boxes.len()];
    let mut n_corners = vec![0usize; boxes.len()];
    for (run, component) in components.runs_by_component() {
        n_corners[component] += pixels_in_corners(run, &boxes[component]);
        n_black[component] += black.count([run.x0, run.y, run.x1, run.y + 1]);
    }
    let mut is_text = are_print(boxes, &n_black, em);
    for (component, is_text) in is_text.iter_mut().enumerate() {
        *is_text &= !is_brace_or_emblem(&boxes[component], em)
            && !is_drawn(&boxes[component], n_corners[component], em);
    }
    let rows = leaders(boxes, em);
    for &dot in rows.iter().flatten() {
        is_text[dot] = false;
    }
    let mut clean = Bilevel::blank(ink.width, ink.height);
    for (run, component) in components.runs_by_component() {
        if is_text[component] {
            clean.ink[run.y * ink.width + run.x0..run.y * ink.width + run.x1].fill(1);
        }
    }
    let leaders = rows
        .iter()
        .filter_map(|row| row.iter().map(|&dot| boxes[dot]).reduce(|a, b| a.with(&b)));
    TextInk {
        ink: clean,
        em,
        leaders: leaders.collect(),
    }
}

/// The usual size of the characters of a page. Most Chinese characters are one piece or have one that is nearly as high
/// or wide as the whole.
fn usual_em(boxes: &[Component]) -> f64 {
    /// A character's em, in the longer side of its ink.
    const EM: f64 = 1.08;
    /// What stands for it on a page on which nothing has the size of a character.
    const OF_NOTHING: f64 = points(12.0);
    let sides: Vec<(f64, usize)> = boxes
        .iter()
        .map(|b| (b.longer_side(), b.n_pixels))
        .filter(|(side, _)| (SMALL..LARGE / 3.0).contains(side))
        .collect();
    weighted_median(sides).map_or(OF_NOTHING, |side| side * EM)
}

/// Brackets that embrace several lines would tie them together, and so would emblems.
fn is_brace_or_emblem(component: &Component, em: f64) -> bool {
    /// The height of a brace at the least, in em.
    const TALL: f64 = 2.2;
    /// The width of a brace at the most, in its height.
    const NARROW: f64 = 0.35;
    let is_brace =
        component.height() > TALL * em && component.width() < NARROW * component.height();
    is_brace || component.height() > LARGE
}

/// Whether a component with so much ink in its corners is no character: a punch hole is a broad disc, the diagonal of a
/// table's head or the curve of a chart is a hair and as broad.
fn is_drawn(component: &Component, n_corners: usize, em: f64) -> bool {
    /// The shorter side of a drawn line's box at the least, in em.
    const BROAD: f64 = 1.2;
    /// The size of a punch hole at the least: a smaller disc is a bullet.
    const HOLE: f64 = points(13.0);
    /// How many times longer than the shorter side of a disc the longer one is at the most.
    const ROUND: f64 = 1.25;
    /// The share of its box that a disc fills: 0.79. A blurred bold character may fill as much.
    const DISC: std::ops::Range<f64> = 0.7..0.87;
    /// The share of its ink that a disc has in the corners, at the most; a character has more.
    const CORNERS: f64 = 0.02;
    /// The ink of a hair, in pixels to each along it. The thinnest strokes of a title are as thin, but it has several.
    const HAIR: f64 = 3.5;
    let (short, long) = (component.shorter_side(), component.longer_side());
    let n = component.n_pixels as f64;
    let is_disc = long <= ROUND * short
        && DISC.contains(&(n / (component.width() * component.height())))
        && n_corners as f64 <= CORNERS * n;
    short >= HOLE && is_disc || short > BROAD * em && n <= HAIR * long
}

/// How many pixels of a run lie outside the ellipse that fits into its component's box, or a little more.
fn pixels_in_corners(run: &PixelRun, component: &Component) -> usize {
    const MORE: f64 = 1.1;
    let y = (run.y as f64 + 0.5 - component.mid_y()) / (component.height() / 2.0);
    let half = (MORE - y * y).max(0.0).sqrt() * component.width() / 2.0;
    let middle = component.mid_x();
    let within = (run.x1 as f64).min(middle + half) - (run.x0 as f64).max(middle - half);
    run.n_pixels() - (within.max(0.0).round() as usize).min(run.n_pixels())
}

/// The longer side under which a mark is a dot, in em: a decimal point has 0.12, the dot of 、 more.
const DOT: f64 = 0.17;
/// The height of a dash at the most, in em; it is twice as wide at the least.
const LOW: f64 = 0.15;
/// The ink of noise at the most, in pixels: nothing printed is that small.
const NOISE: usize = 3;

/// Which components are print: all but what is faint, and small marks that stand neither beside a character nor in a row.
fn are_print(boxes: &[Component], n_black: &[usize], em: f64) -> Vec<bool> {
    /// The share of a component's ink that is black: letters on a blurred scan have 0.6, what shines through none.
    const LEAST_BLACK: f64 = 0.1;
    /// The longer side of 。 and ， at the most, in em; dashes are wider and low.
    const MARK: f64 = 0.45;
    let is_solid: Vec<bool> = boxes
        .iter()
        .zip(n_black)
        .map(|(b, &n)| b.longer_side() >= DOT * em && n as f64 >= LEAST_BLACK * b.n_pixels as f64)
        .collect();
    let surroundings = Surroundings::new(boxes, &is_solid, em);
    let is_small = |b: &Component| b.longer_side() <= MARK * em || b.height() <= LOW * em;
    boxes
        .iter()
        .zip(&is_solid)
        .map(|(b, &is_solid)| {
            b.n_pixels > NOISE && (is_solid || is_small(b) && surroundings.have_mark(b))
        })
        .collect()
}

/// The components of a page by the rows that they stand in, so that a mark looks at few of them.
#[derive(Debug)]
struct Surroundings<'b> {
    boxes: &'b [Component],
    is_solid: &'b [bool],
    em: f64,
    rows: Vec<Vec<usize>>,
}

impl<'b> Surroundings<'b> {
    fn new(boxes: &'b [Component], is_solid: &'b [bool], em: f64) -> Self {
        let n_rows = boxes
            .iter()
            .map(|b| row_of(b.y1, em) + 1)
            .max()
            .unwrap_or(0);
        let mut rows: Vec<Vec<usize>> = vec![Vec::new(); n_rows];
        for (i, b) in boxes.iter().enumerate().filter(|(_, b)| b.n_pixels > NOISE) {
            for row in &mut rows[row_of(b.y0, em)..=row_of(b.y1, em)] {
                row.push(i);
            }
        }
        Self {
            boxes,
            is_solid,
            em,
            rows,
        }
    }

    /// Whether a small component is a mark: it stands beside a character, or in a row of its like.
    fn have_mark(&self, mark: &Component) -> bool {
        /// From a mark to its neighbour, in em; a dash of a page number is further.
        const REACH: f64 = 0.6;
        /// How far a mark may stand below its neighbour, in em.
        const BELOW: f64 = 0.1;
        /// How far dots of a row stand above each other, in em.
        const LEVEL: f64 = 0.08;
        /// The neighbours of a dot in a row, at the least.
        const FEWEST: usize = 2;
        let em = self.em;
        let is_dash = mark.height() <= LOW * em && mark.width() >= 2.0 * LOW * em;
        let reach = if is_dash { 2.0 * REACH } else { REACH } * em;
        let is_beside =
            |b: &Component| mark.mid_y() >= b.y0 as f64 && mark.mid_y() <= b.y1 as f64 + BELOW * em;
        let is_dot = |b: &Component| b.longer_side() < DOT * em;
        let is_level = |b: &Component| (mark.mid_y() - b.mid_y()).abs() <= LEVEL * em;
        let near = || {
            self.rows[row_of(mark.y0, em)]
                .iter()
                .filter(|&&i| self.boxes[i] != *mark && mark.gap(&self.boxes[i]) as f64 <= reach)
        };
        near().any(|&i| self.is_solid[i] && is_beside(&self.boxes[i]))
            || is_dot(mark)
                && near()
                    .map(|&i| &self.boxes[i])
                    .filter(|b| is_dot(b) && is_level(b))
                    .count()
                    >= FEWEST
    }
}

/// The row, one character high, that a pixel lies in.
fn row_of(y: usize, em: f64) -> usize {
    (y as f64 / em.max(1.0)) as usize
}
