//! Scratches: long thin straight lines of dirt that run over a page at a slant, and through the characters in their way.
//! They are taken off the picture; of the characters that they cross, the ink stays.
//!
//! A scratch is seen in pieces, where it stands alone between lines of text. What tells it from rulings is that it leans;
//! what tells it from strokes of characters is that many pieces lie on one straight line.

use super::components::{Components, PixelRun, pixel_runs};
use super::working_ink::{DPI, points};
use crate::numeric::median_shade;
use crate::raster::{Bilevel, Gray};

/// Takes the scratches off a page whose lines are level and whose paper is white.
pub fn remove_scratches(gray: &mut Gray, dpi: f64) {
    let n = (dpi / DPI).round().max(1.0) as usize;
    let small = gray.blocks(n, 255, u8::min);
    for scratch in scratches(&small.ink(GREY)) {
        erase(gray, &scratch, n as f64);
    }
    let lying = scratches(&small.turned(1).ink(GREY));
    if !lying.is_empty() {
        // Blocks are counted from the edge that a quarter turn brings to the right.
        let shift = (small.height * n - gray.height) as f64;
        let mut turned = gray.turned(1);
        for scratch in &lying {
            erase(&mut turned, &scratch.moved(-shift / n as f64), n as f64);
        }
        *gray = turned.turned(3);
    }
}

/// What is darker is no paper: scratches are paler than print. What shines through from the back is brighter.
const GREY: u8 = 205;

/// A scratch, or a piece of one: a straight line down the page, in pixels of the working resolution.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Scratch {
    from: f64,
    to: f64,
    /// Where it lies in row 0, and how far it moves to the right with each row.
    start: f64,
    slope: f64,
    /// How broad it is along a row.
    width: f64,
}

impl Scratch {
    fn at(&self, y: f64) -> f64 {
        self.start + self.slope * y
    }

    fn length(&self) -> f64 {
        self.to - self.from
    }

    fn moved(self, right: f64) -> Self {
        Self {
            start: self.start + right,
            ..self
        }
    }
}

/// The scratches of a picture that are nearer to upright than to level.
fn scratches(ink: &Bilevel) -> Vec<Scratch> {
    /// The rows of the longest piece of a scratch at the least: a scratch crosses a blank between two paragraphs.
    const LONGEST: f64 = 16.0;
    let mut pieces = pieces(ink);
    pieces.sort_by(|a, b| b.line.length().total_cmp(&a.line.length()));
    let mut is_taken = vec![false; pieces.len()];
    let mut scratches = Vec::new();
    for seed in 0..pieces.len() {
        let line = pieces[seed].line;
        if is_taken[seed] || line.length() < LONGEST || line.slope.abs() < LEAN {
            continue;
        }
        let (chain, whole) = chain(seed, &pieces, &is_taken);
        let n_rows = chain.iter().map(|&i| pieces[i].fit.n).sum();
        if is_scratch(&whole.line, n_rows) {
            chain.iter().for_each(|&i| is_taken[i] = true);
            scratches.push(whole.line);
        }
    }
    scratches
}

/// How far a scratch leans at the least, in columns to the row: what was straightened, and leans less, is a ruling.
const LEAN: f64 = 0.02;

/// Whether pieces of so many rows together make a scratch.
fn is_scratch(scratch: &Scratch, n_rows: f64) -> bool {
    /// The least length: more than a stroke of a title has, or the diagonal of a table's head.
    const LONG: f64 = points(150.0);
    /// The share of it that stands alone: across dense text it is half.
    const LEAST_ALONE: f64 = 0.3;
    scratch.length() >= LONG
        && n_rows >= LEAST_ALONE * scratch.length()
        && scratch.slope.abs() >= LEAN
}

/// Runs of ink one below the other, and the straight line through them.
#[derive(Debug, Clone, Copy)]
struct Piece {
    fit: Fit,
    line: Scratch,
}

impl Piece {
    fn new(fit: Fit) -> Self {
        let line = fit.line();
        Self { fit, line }
    }

    fn with(&self, other: &Self) -> Self {
        Self::new(self.fit.with(&other.fit))
    }
}

/// Pieces that go on from one another, up and down from the first, and what they are together.
fn chain(seed: usize, pieces: &[Piece], is_taken: &[bool]) -> (Vec<usize>, Piece) {
    let (mut chain, mut whole) = (vec![seed], pieces[seed]);
    loop {
        let next = (0..pieces.len())
            .filter_map(|i| Some((distance(&whole.line, &pieces[i].line)?, i)))
            .filter(|(_, i)| !is_taken[*i] && !chain.contains(i))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        let Some((_, next)) = next else {
            return (chain, whole);
        };
        chain.push(next);
        whole = whole.with(&pieces[next]);
    }
}

/// The rows between a chain and a piece that may go on from it.
fn distance(chain: &Scratch, piece: &Scratch) -> Option<f64> {
    /// The rows in which a scratch may be lost: those of a title.
    const GAP: f64 = points(60.0);
    let gap = (piece.from - chain.to).max(chain.from - piece.to);
    let may_go_on = (0.0..=GAP).contains(&gap) && leads_to(chain, piece) && leads_to(piece, chain);
    may_go_on.then_some(gap)
}

/// Whether a line, made longer, comes to the middle of another.
fn leads_to(line: &Scratch, other: &Scratch) -> bool {
    /// How far aside that may be, in pixels, and how much further for each length of the line that it is made longer by:
    /// the ends of a line are known to half a pixel.
    const ASIDE: f64 = 1.2;
    const UNKNOWN: f64 = 0.5;
    let y = other.from.midpoint(other.to);
    let beyond = (y - line.to).max(line.from - y).max(0.0);
    (line.at(y) - other.at(y)).abs() <= ASIDE + UNKNOWN * beyond / line.length()
}

/// Thin straight pieces that stand alone.
fn pieces(ink: &Bilevel) -> Vec<Piece> {
    /// The rows of a piece at the least: the blank between two lines has as many.
    const SHORTEST: f64 = 8.0;
    /// How far its runs lie from the straight line on average at the most, in pixels.
    const ROUGH: f64 = 0.8;
    /// How far it leans at the most: what leans more leans less on the page turned by a quarter.
    const FLATTEST: f64 = 1.1;
    let components = Components::new(thin_runs(ink), 1);
    let mut fits: Vec<Fit> = vec![Fit::default(); components.boxes.len()];
    for (run, component) in components.runs_by_component() {
        fits[component].add(run);
    }
    fits.iter()
        .filter(|fit| fit.n >= SHORTEST && fit.roughness() <= ROUGH)
        .map(|fit| Piece::new(*fit))
        .filter(|piece| piece.line.slope.abs() <= FLATTEST)
        .collect()
}

/// The runs that are as thin as a scratch, with paper on both sides.
fn thin_runs(ink: &Bilevel) -> Vec<PixelRun> {
    /// Pixels of a scratch along a row at the most.
    const THICK: usize = 6;
    /// Pixels of paper beside it at the least.
    const BESIDE: usize = 3;
    let runs = pixel_runs(ink);
    let is_free = |i: usize| {
        let run = &runs[i];
        let before = i.checked_sub(1).map(|i| &runs[i]);
        let next = runs.get(i + 1);
        run.n_pixels() <= THICK
            && !before.is_some_and(|other| other.y == run.y && other.x1 + BESIDE > run.x0)
            && !next.is_some_and(|other| other.y == run.y && run.x1 + BESIDE > other.x0)
    };
    (0..runs.len())
        .filter(|&i| is_free(i))
        .map(|i| runs[i])
        .collect()
}

/// The straight line down through runs.
#[derive(Debug, Clone, Copy, Default)]
struct Fit {
    from: f64,
    to: f64,
    /// The runs, and their pixels.
    n: f64,
    n_pixels: f64,
    /// Sums over the runs.
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
    yy: f64,
}

impl Fit {
    fn add(&mut self, run: &PixelRun) {
        let (x, y) = ((run.x0 + run.x1) as f64 / 2.0, run.y as f64 + 0.5);
        let from = run.y as f64;
        *self = self.with(&Fit {
            from,
            to: from + 1.0,
            n: 1.0,
            n_pixels: run.n_pixels() as f64,
            x,
            y,
            xx: x * x,
            xy: x * y,
            yy: y * y,
        });
    }

    fn with(&self, other: &Self) -> Self {
        if self.n == 0.0 {
            return *other;
        }
        Self {
            from: self.from.min(other.from),
            to: self.to.max(other.to),
            n: self.n + other.n,
            n_pixels: self.n_pixels + other.n_pixels,
            x: self.x + other.x,
            y: self.y + other.y,
            xx: self.xx + other.xx,
            xy: self.xy + other.xy,
            yy: self.yy + other.yy,
        }
    }

    /// n times the variances of rows and columns, and the covariance.
    fn spread(&self) -> [f64; 3] {
        [
            self.yy - self.y * self.y / self.n,
            self.xx - self.x * self.x / self.n,
            self.xy - self.x * self.y / self.n,
        ]
    }

    fn slope(&self) -> f64 {
        let [of_rows, _, both] = self.spread();
        if of_rows > 0.0 { both / of_rows } else { 0.0 }
    }

    /// How far the runs lie from the line on average.
    fn roughness(&self) -> f64 {
        let [_, of_columns, both] = self.spread();
        ((of_columns - self.slope() * both).max(0.0) / self.n).sqrt()
    }

    fn line(&self) -> Scratch {
        let slope = self.slope();
        Scratch {
            from: self.from,
            to: self.to,
            start: (self.x - slope * self.y) / self.n,
            slope,
            width: self.n_pixels / self.n,
        }
    }
}

/// Takes a scratch out of a page with `n` pixels to each of the scratch's: what lies left and right of it goes on over
/// it, and what is darker than it stays.
fn erase(gray: &mut Gray, scratch: &Scratch, n: f64) {
    /// How far beyond its edge a scratch still shows, in pixels of the page.
    const RIM: f64 = 1.0;
    /// How much darker than the scratch print is.
    const DARKER: u8 = 25;
    let half = n * scratch.width / 2.0 + RIM;
    let print = shade(gray, scratch, n).saturating_sub(DARKER);
    for y in rows(scratch, gray, n) {
        let at = n * scratch.at((y as f64 + 0.5) / n);
        let from = (at - half).max(0.0) as usize;
        let to = ((at + half).ceil().max(0.0) as usize).min(gray.width);
        if from < to {
            bridge(gray.row_mut(y), from..to, print);
        }
    }
}

/// The rows of a page that a scratch runs over.
fn rows(scratch: &Scratch, gray: &Gray, n: f64) -> std::ops::Range<usize> {
    (n * scratch.from) as usize..((n * scratch.to) as usize).min(gray.height)
}

/// The shade of a scratch where it is darkest, in most rows.
fn shade(gray: &Gray, scratch: &Scratch, n: f64) -> u8 {
    let shades = rows(scratch, gray, n).filter_map(|y| {
        let at = n * scratch.at((y as f64 + 0.5) / n);
        let (from, to) = ((at - n).max(0.0) as usize, (at + n).max(0.0) as usize + 1);
        gray.row(y)
            .get(from..to.min(gray.width))?
            .iter()
            .min()
            .copied()
    });
    median_shade(shades.collect()).unwrap_or(0)
}

/// Fills a stretch of a row from what lies left and right of it, but for what is darker than `print`.
fn bridge(row: &mut [u8], stretch: std::ops::Range<usize>, print: u8) {
    let left = stretch.start.checked_sub(1).map_or(255, |x| row[x]);
    let right = row.get(stretch.end).copied().unwrap_or(255);
    let n = stretch.len() as f64 + 1.0;
    for (i, v) in row[stretch].iter_mut().enumerate() {
        let share = (i as f64 + 1.0) / n;
        let between = f64::from(left) * (1.0 - share) + f64::from(right) * share;
        if *v >= print {
            *v = (*v).max(between.round() as u8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_page::TestPage;
    use super::*;

    /// At 150 pixels per inch.
    fn page() -> TestPage {
        let mut page = TestPage::new(800, 1100);
        (0..16).for_each(|i| page.text(100, 100 + 55 * i, if i % 4 == 3 { 9 } else { 20 }));
        page
    }

    /// Draws a line two pixels broad from the top to the bottom of a page.
    fn scratched(
        page: &Gray,
        [from, to]: [f64; 2],
        rows: std::ops::Range<usize>,
        shade: u8,
    ) -> Gray {
        let mut page = page.clone();
        for y in rows {
            let x = (from + (to - from) * y as f64 / page.height as f64) as usize;
            page.row_mut(y)[x..x + 2].fill(shade);
        }
        page
    }

    #[test]
    fn a_scratch_is_taken_off_and_characters_keep_their_ink() {
        let page = page().gray;
        for (ends, shade) in [
            ([500.0, 340.0], 150),
            ([220.0, 420.0], 20),
            ([300.0, 330.0], 90),
        ] {
            let mut mended = scratched(&page, ends, 0..1100, shade);
            remove_scratches(&mut mended, DPI);
            let of_page = page.ink(128);
            let n_lost = (mended.ink(128).ink.iter().zip(&of_page.ink))
                .filter(|(a, b)| a != b)
                .count();
            assert!(n_lost < 500, "{ends:?}: {n_lost}");
            // Where nothing stands in its way, nothing of it is left.
            assert!(
                mended.pixels[..800 * 90].iter().all(|&v| v == 255),
                "{ends:?}"
            );
        }
    }

    #[test]
    fn a_scratch_along_the_lines_is_taken_off() {
        let page = page().gray;
        let mut mended = scratched(&page.turned(1), [600.0, 660.0], 0..800, 60).turned(3);
        remove_scratches(&mut mended, DPI);
        assert!((0..1100).all(|y| mended.row(y)[..90].iter().all(|&v| v == 255)));
    }

    #[test]
    fn rulings_diagonals_of_cells_and_strokes_stay() {
        let mut page = page();
        page.fill([80, 60, 760, 62]);
        page.fill([740, 60, 742, 1000]);
        // The rule of an address, underlined by hand, and a column of 丿.
        let mut gray = page.gray;
        gray = scratched(&gray, [760.0, 60.0], 1000..1090, 0);
        for top in (100..1000).step_by(55) {
            (0..24).for_each(|i| gray.row_mut(top + i)[790 - i / 2..792 - i / 2].fill(0));
        }
        let mut same = gray.clone();
        remove_scratches(&mut same, DPI);
        assert!(same == gray);
    }

    #[test]
    fn a_page_may_be_dark_or_nothing() {
        for (width, height) in [(0, 0), (1, 1), (3, 900), (900, 3)] {
            let mut page = TestPage::new(width, height);
            page.fill([0, 0, width, height]);
            remove_scratches(&mut page.gray, 2.0 * DPI);
        }
    }
}
