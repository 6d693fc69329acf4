//! The rulings of a page: long thin stretches of ink with blank beside them, and shorter ones that go from ruling to
//! ruling.

use super::components::{Component, Components, PixelRun, joined_runs, pixel_runs};
use super::ruling::Ruling;
use super::streaks::{HAIR, streaks};
use super::working_ink::{DPI, points};
use crate::raster::Bilevel;

/// The rulings of a picture.
#[derive(Debug, Clone)]
pub struct Rulings {
    /// Whole, without the edges of the sheet.
    pub rulings: Vec<Ruling>,
    /// Everything long and thin, piece by piece, with the streaks of a dirty scanner: none of it is text.
    pub pieces: Vec<Ruling>,
}

/// Finds the rulings of a picture.
pub fn rulings(ink: &Bilevel) -> Rulings {
    /// How often short ones are looked at: twice, for cells inside cells.
    const PASSES: usize = 2;
    /// The distance from the top or bottom within which a ruling is the edge of the sheet, in pixels: 2 mm.
    const EDGE: f64 = 0.08 * DPI;
    let across = transposed(ink);
    let (level, upright) = (thin_stretches(ink, true), thin_stretches(&across, false));
    let height = ink.height as f64;
    let streaks = streaks(&upright, height);
    let mut level = judged(level, ink);
    let mut upright = judged(upright, &across);
    for _ in 0..PASSES {
        let now = with_those_between(&level, &upright);
        upright = with_those_between(&upright, &level);
        level = now;
    }
    let (level, upright) = (those_in(&level), those_in(&upright));
    let pieces = level
        .iter()
        .chain(&upright)
        .copied()
        .chain(streaks)
        .collect();
    let mut level = merged(level);
    level.retain(|ruling| {
        let y = ruling.at(ruling.middle());
        y > EDGE && y < height - EDGE
    });
    let mut upright = merged(upright);
    upright.retain(|ruling| is_printed(ruling, &level, height));
    Rulings {
        rulings: level.into_iter().chain(upright).collect(),
        pieces,
    }
}

/// A stretch of ink, and whether it is known to be a ruling.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    ruling: Ruling,
    is_in: bool,
}

/// The stretches, those known that need no others to be so: they are long, and clear.
fn judged(stretches: Vec<Ruling>, ink: &Bilevel) -> Vec<Candidate> {
    /// The length from which a stretch is no stroke of text: that of a 一 of a cover title.
    const LONG: f64 = points(48.0);
    stretches
        .into_iter()
        .map(|ruling| Candidate {
            ruling,
            is_in: ruling.length() >= LONG && is_clear(ink, &ruling),
        })
        .collect()
}

/// The same, with those that go from one known ruling among `others` to another.
fn with_those_between(candidates: &[Candidate], others: &[Candidate]) -> Vec<Candidate> {
    let is_ruled = |ruling: &Ruling, along: f64| {
        others
            .iter()
            .any(|other| other.is_in && other.ruling.is_met_by(ruling, along))
    };
    candidates
        .iter()
        .map(|&Candidate { ruling, is_in }| Candidate {
            ruling,
            is_in: is_in || is_ruled(&ruling, ruling.from) && is_ruled(&ruling, ruling.to),
        })
        .collect()
}

fn those_in(candidates: &[Candidate]) -> Vec<Ruling> {
    candidates
        .iter()
        .filter(|candidate| candidate.is_in)
        .map(|candidate| candidate.ruling)
        .collect()
}

/// Whether an upright ruling is printed, and not a streak of dirt.
fn is_printed(ruling: &Ruling, level: &[Ruling], height: f64) -> bool {
    /// How many times higher than the shortest ruling between columns of text a page is.
    const LONG: f64 = 5.0;
    /// Where such a ruling may begin and end, in the height of the page: a streak comes from the edge of the sheet.
    const EDGES: [f64; 2] = [0.02, 0.98];
    let is_met = |along: f64| level.iter().any(|other| other.is_met_by(ruling, along));
    let is_broad = ruling.thickness >= HAIR;
    match [is_met(ruling.from), is_met(ruling.to)] {
        [true, true] => true,
        [false, false] if !level.iter().any(|other| is_crossed(ruling, other)) => {
            is_broad
                && ruling.length() >= height / LONG
                && ruling.from > EDGES[0] * height
                && ruling.to < EDGES[1] * height
        }
        _ => is_broad,
    }
}

/// Whether a level ruling lies over an upright one.
fn is_crossed(upright: &Ruling, level: &Ruling) -> bool {
    let y = level.at(upright.at(level.start));
    y > upright.from && y < upright.to && (level.from..=level.to).contains(&upright.at(y))
}

/// Whether there is ink all along a stretch, and blank beside most of it: strokes of neighbouring characters line up too.
fn is_clear(ink: &Bilevel, ruling: &Ruling) -> bool {
    /// The length from which a stretch is no title of four characters, whose lowest strokes make one line.
    const LONG: f64 = points(140.0);
    /// The share of the length that must be inked.
    const INKED: f64 = 0.93;
    /// The share that must be blank on the clearer side: one of two that are a double ruling has the other on one side.
    const CLEAR: f64 = 0.7;
    /// The share that must be inked of what may be a title.
    const INKED_IF_SHORT: f64 = 0.98;
    /// The share of it that must be blank on both sides.
    const CLEAR_IF_SHORT: f64 = 0.85;
    let sides = Sides::new(ink, ruling);
    if ruling.length() >= LONG {
        sides.share(sides.n_inked) >= INKED
            && sides.share(sides.n_above.max(sides.n_below)) >= CLEAR
    } else {
        sides.share(sides.n_inked) >= INKED_IF_SHORT && sides.share(sides.n_both) >= CLEAR_IF_SHORT
    }
}

/// What lies along a level stretch, counted in pixels along it.
#[derive(Debug, Default)]
struct Sides {
    n: usize,
    n_inked: usize,
    /// Blank above, below, and on both sides.
    n_above: usize,
    n_below: usize,
    n_both: usize,
}

impl Sides {
    fn new(ink: &Bilevel, ruling: &Ruling) -> Self {
        /// How far beyond the edge of a stretch its sides are, in pixels.
        const BESIDE: f64 = 3.0;
        /// By how much ink may miss its middle, in pixels.
        const MISSED: isize = 2;
        let (from, to) = (ruling.from as usize, (ruling.to as usize).min(ink.width));
        let reach = (ruling.thickness / 2.0 + BESIDE).round() as isize;
        let has_ink = |x: usize, y: isize| {
            y >= 0 && (y as usize) < ink.height && ink.ink[y as usize * ink.width + x] == 1
        };
        let mut sides = Sides {
            n: to.saturating_sub(from),
            ..Sides::default()
        };
        for x in from..to {
            let y = ruling.at(x as f64 + 0.5) as isize;
            let (above, below) = (!has_ink(x, y - reach), !has_ink(x, y + reach));
            sides.n_inked += usize::from((y - MISSED..=y + MISSED).any(|y| has_ink(x, y)));
            sides.n_above += usize::from(above);
            sides.n_below += usize::from(below);
            sides.n_both += usize::from(above && below);
        }
        sides
    }

    fn share(&self, n: usize) -> f64 {
        n as f64 / self.n as f64
    }
}

fn transposed(ink: &Bilevel) -> Bilevel {
    let mut turned = Bilevel::blank(ink.height, ink.width);
    for run in pixel_runs(ink) {
        for x in run.x0..run.x1 {
            turned.ink[x * ink.height + run.y] = 1;
        }
    }
    turned
}

/// Long thin stretches of ink along the rows; `is_level` is what rows are on the page.
fn thin_stretches(ink: &Bilevel, is_level: bool) -> Vec<Ruling> {
    /// The shortest run of a ruling, in pixels: 10 points, the height of a low table row.
    const SHORTEST: usize = 20;
    /// How many times longer a run is that can't be a stain's.
    const NO_STAIN: usize = 3;
    /// The pixels that are missing where the print is broken, at the most.
    const BREAK: usize = 2;
    let joined = joined_runs(&pixel_runs(ink), |a, b| b.x0 - a.x1 <= BREAK);
    let mut stretches = thin_components(&joined, SHORTEST, is_level);
    // A stain ties short runs to a ruling and makes it thick: without them it is thin again.
    stretches.extend(thin_components(&joined, NO_STAIN * SHORTEST, is_level));
    stretches
}

/// What hangs together of runs of a length, and is thin.
fn thin_components(runs: &[PixelRun], shortest: usize, is_level: bool) -> Vec<Ruling> {
    /// From the end of a run to the next of the ruling, a row higher or lower, in pixels.
    const REACH: usize = 8;
    let long: Vec<PixelRun> = runs
        .iter()
        .filter(|run| run.n_pixels() >= shortest)
        .copied()
        .collect();
    let components = Components::new(long, REACH);
    let mut fits = vec![Fit::default(); components.boxes.len()];
    for (run, component) in components.runs_by_component() {
        fits[component].add(run);
    }
    let stretches = components.boxes.iter().zip(&fits).map(|(component, fit)| {
        let (start, slope) = fit.line();
        let stretch = Ruling {
            is_level,
            from: component.x0 as f64,
            to: component.x1 as f64,
            start,
            slope,
            thickness: component.n_pixels as f64 / component.width(),
        };
        (component, stretch)
    });
    stretches
        .filter(|(component, stretch)| is_thin(component, stretch))
        .map(|(_, stretch)| stretch)
        .collect()
}

fn is_thin(component: &Component, stretch: &Ruling) -> bool {
    /// The thickness of a ruling at the most, in pixels: 2.4 points; frames of heads have 2.
    const THICKEST: f64 = 5.0;
    /// The same of a rule under a head: 6 points.
    const THICKEST_RULE: f64 = 12.5;
    /// How many times longer than thick such a rule is: no stroke of a title is.
    const RULE: f64 = 40.0;
    /// How many times longer than thick a stretch is at the least.
    const STRETCHED: f64 = 4.0;
    /// How much higher than thick the box of a stretch is, beside what it leans, in pixels.
    const ROUGH: f64 = 4.0;
    let drift = stretch.slope.abs() * stretch.length();
    let is_rule = stretch.is_level && stretch.length() >= RULE * stretch.thickness;
    let thickest = if is_rule { THICKEST_RULE } else { THICKEST };
    stretch.thickness <= thickest
        && stretch.length() >= STRETCHED * stretch.thickness
        && component.height() <= thickest + ROUGH + drift
}

/// The straight line through runs, each weighing what it is long.
#[derive(Debug, Clone, Copy, Default)]
struct Fit {
    n: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
}

impl Fit {
    fn add(&mut self, run: &PixelRun) {
        let n = run.n_pixels() as f64;
        let (x, y) = ((run.x0 + run.x1) as f64 / 2.0, run.y as f64 + 0.5);
        self.n += n;
        self.x += n * x;
        self.y += n * y;
        // A run is spread about its middle.
        self.xx += n * (x * x + n * n / 12.0);
        self.xy += n * x * y;
    }

    /// y at x = 0, and slope.
    fn line(&self) -> (f64, f64) {
        /// The spread under which the runs lie one below the other and have no slope.
        const NO_SPREAD: f64 = 1e-6;
        /// The slope at the most: a ruling that is no longer than a word has none to speak of, and what was straightened
        /// none at all.
        const STEEPEST: f64 = 0.02;
        let spread = self.n * self.xx - self.x * self.x;
        let slope = if spread > NO_SPREAD {
            (self.n * self.xy - self.x * self.y) / spread
        } else {
            0.0
        };
        let slope = slope.clamp(-STEEPEST, STEEPEST);
        ((self.y - slope * self.x) / self.n.max(1.0), slope)
    }
}

/// Pieces of one ruling, and the two of a double one, as one.
fn merged(mut pieces: Vec<Ruling>) -> Vec<Ruling> {
    pieces.sort_by(|a, b| a.from.total_cmp(&b.from));
    let mut out: Vec<Ruling> = Vec::new();
    for piece in pieces {
        match out.iter_mut().find(|known| is_same(known, &piece)) {
            Some(known) => {
                if piece.length() > known.length() {
                    (known.start, known.slope) = (piece.start, piece.slope);
                }
                known.to = known.to.max(piece.to);
                known.thickness = known.thickness.max(piece.thickness);
            }
            None => out.push(piece),
        }
    }
    out
}

fn is_same(known: &Ruling, piece: &Ruling) -> bool {
    /// The blank between pieces at the most, in pixels: what a stain or a stamp takes away, 5 mm.
    const BREAK: f64 = 30.0;
    /// The distance of the two of a double ruling at the most, in pixels: printed ones have 2 points.
    const APART: f64 = 6.0;
    let along = known.to.min(piece.to).max(piece.from);
    (known.at(along) - piece.at(along)).abs() <= APART && piece.from <= known.to + BREAK
}

/// The rulings, with those of heads in reversed type: a dark ground hides them, so those of the table below go on
/// through it where there is no text.
pub fn with_heads(mut rulings: Vec<Ruling>, heads: &[[f64; 4]], ink: &Bilevel) -> Vec<Ruling> {
    /// The rulings that come to a head of a table, at the least.
    const FEWEST: usize = 2;
    for head in heads {
        let n_below = rulings.iter().filter(|r| comes_to_head(r, head)).count();
        if n_below < FEWEST {
            continue;
        }
        for ruling in rulings.iter_mut().filter(|r| comes_to_head(r, head)) {
            ruling.from = if is_free(ruling, head, ink) {
                head[1]
            } else {
                head[3]
            };
        }
        for y in [head[1], head[3]] {
            if !rulings.iter().any(|ruling| is_edge(ruling, head, y)) {
                rulings.push(Ruling {
                    is_level: true,
                    from: head[0],
                    to: head[2],
                    start: y,
                    slope: 0.0,
                    thickness: 1.0,
                });
            }
        }
    }
    rulings
}

/// How far from the edge of a dark ground rulings end, in pixels.
const AT_GROUND: f64 = 12.0;

/// Whether an upright ruling begins at the lower edge of a head.
fn comes_to_head(ruling: &Ruling, &[x0, _, x1, y1]: &[f64; 4]) -> bool {
    let x = ruling.at(y1);
    !ruling.is_level
        && (ruling.from - y1).abs() <= AT_GROUND
        && x >= x0 - AT_GROUND
        && x <= x1 + AT_GROUND
}

/// Whether there is no text where an upright ruling would go through a head.
fn is_free(ruling: &Ruling, &[_, y0, _, y1]: &[f64; 4], ink: &Bilevel) -> bool {
    let x = ruling.at(y0).max(1.0) as usize;
    ink.count([x - 1, y0.max(0.0) as usize, x + 2, y1 as usize]) == 0
}

/// Whether a ruling is the edge of a head at this height.
fn is_edge(ruling: &Ruling, &[x0, _, x1, _]: &[f64; 4], y: f64) -> bool {
    ruling.is_level
        && (ruling.at((x0 + x1) / 2.0) - y).abs() <= AT_GROUND
        && ruling.from < x1
        && ruling.to > x0
}
