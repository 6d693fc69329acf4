//! Skew: by how much the lines of a page fall to the right.

use crate::raster::{Bilevel, Gray};

/// Degrees by which the lines fall to the right.
pub fn skew(gray: &Gray, level: u8, dpi: f64) -> f64 {
    /// Beyond that a page was not laid on the glass but thrown.
    const MOST: f64 = 3.0;
    /// A word leans as it likes; five characters of a line have as many.
    const FEWEST_POINTS: usize = 600;
    /// More points don't say more.
    const MOST_POINTS: usize = 150_000;
    /// Degrees by which the halves of a page may differ from it, and how much sharper they must stand out to be right.
    const SAME: f64 = 0.1;
    const PLAIN: f64 = 1.004;
    let ink = coarse_ink(gray, level, dpi);
    let points = points(&ink);
    if points.len() < FEWEST_POINTS {
        return 0.0;
    }
    let points: Vec<(f32, f32)> = points
        .iter()
        .copied()
        .step_by(points.len().div_ceil(MOST_POINTS))
        .collect();
    let whole = Contrast::new(&points, &ink, f32::MAX);
    // The lines of two columns need not be level, and the whole would make them so: each half for itself.
    let halves = Contrast::new(&points, &ink, middle(&points));
    let (of_whole, of_halves) = (whole.best_angle(), halves.best_angle());
    let gain = halves.at(of_halves) / halves.at(of_whole).max(1.0);
    let angle = if (of_whole - of_halves).abs() > SAME && gain > PLAIN {
        of_halves
    } else {
        of_whole
    };
    angle.clamp(-MOST, MOST)
}

/// The ink of a page as far as angles need it.
fn coarse_ink(gray: &Gray, level: u8, dpi: f64) -> Bilevel {
    /// Pixels per inch at which angles are measured: 16 points have 22 pixels, and the ends of a line lie two thirds of
    /// one apart at 0.05°.
    const DPI: f64 = 100.0;
    let n = ((dpi / DPI).round() as usize).max(1);
    // A thin stroke fills a third of a pixel.
    let level = if n == 1 {
        level
    } else {
        level.saturating_add((255 - level) / 2)
    };
    gray.downscale(n).ink(level)
}

fn points(ink: &Bilevel) -> Vec<(f32, f32)> {
    let mut points = Vec::new();
    for y in 0..ink.height {
        let inked = ink.row(y).iter().enumerate().filter(|(_, ink)| **ink == 1);
        points.extend(inked.map(|(x, _)| (x as f32, y as f32)));
    }
    points
}

/// Where the halves of a page meet: in the middle of its ink, but for a fiftieth at either side.
fn middle(points: &[(f32, f32)]) -> f32 {
    const STRAY: usize = 50;
    let mut xs: Vec<f32> = points.iter().map(|(x, _)| *x).collect();
    xs.sort_by(f32::total_cmp);
    let n_stray = xs.len() / STRAY;
    (xs[n_stray] + xs[xs.len() - 1 - n_stray]) / 2.0
}

/// How sharply the rows of a page's ink stand out when it is sheared by an angle.
struct Contrast<'p> {
    points: &'p [(f32, f32)],
    width: usize,
    height: usize,
    /// What is left of it and what is not are rows of their own.
    middle: f32,
}

impl<'p> Contrast<'p> {
    fn new(points: &'p [(f32, f32)], ink: &Bilevel, middle: f32) -> Self {
        Self {
            points,
            width: ink.width,
            height: ink.height,
            middle,
        }
    }

    fn at(&self, degrees: f64) -> f64 {
        /// To the pixel.
        const BINS: usize = 4;
        /// The golden ratio's fraction: its multiples fall evenly into 0 to 1.
        const GOLDEN: f32 = 0.618_034;
        let slope = degrees.to_radians().tan() as f32;
        let shift = self.width as f32 * slope.abs();
        let n_bins = (self.height + 2 * shift as usize + 4) * BINS;
        let mut sums = vec![0.0f64; 2 * n_bins];
        for (i, &(x, y)) in self.points.iter().enumerate() {
            // Anywhere within its pixel, and bins finer than pixels: else level lines, whose pixels all fall into one
            // bin, would always win.
            let within = (i as f32 * GOLDEN).fract();
            let half = if x < self.middle { 0 } else { n_bins };
            sums[half + ((y + within - x * slope + shift + 1.0) * BINS as f32) as usize] += 1.0;
        }
        sums.chunks_exact(n_bins)
            .flat_map(|half| half.windows(BINS))
            .map(|w| w.iter().sum::<f64>().powi(2))
            .sum()
    }

    fn best_angle(&self) -> f64 {
        /// Degrees from angle to angle, and how many angles on either side.
        const COARSE: f64 = 0.25;
        const N_COARSE: i32 = 12;
        const FINE: f64 = 0.05;
        const N_FINE: i32 = 6;
        /// Degrees: the peak between the steps is where a parabola through three angles has its top. So wide, it does
        /// not see the noise.
        const WIDE: f64 = 0.1;
        let coarse = self.best_of((-N_COARSE..=N_COARSE).map(|i| f64::from(i) * COARSE));
        let fine = self.best_of((-N_FINE..=N_FINE).map(|i| coarse + f64::from(i) * FINE));
        let [before, at, after] = [fine - WIDE, fine, fine + WIDE].map(|angle| self.at(angle));
        let bend = before - 2.0 * at + after;
        let between = if bend < 0.0 {
            (0.5 * (before - after) / bend).clamp(-0.5, 0.5)
        } else {
            0.0
        };
        fine + WIDE * between
    }

    fn best_of(&self, angles: impl Iterator<Item = f64>) -> f64 {
        angles
            .map(|angle| (self.at(angle), angle))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map_or(0.0, |(_, angle)| angle)
    }
}
