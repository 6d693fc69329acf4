//! Red seals: where they are, and the page without them.

use crate::numeric::median_shade;
use crate::pdf::scan::Scan;
use crate::raster::{Bilevel, Gray, Reach};

/// How much more red than anything else a pixel of a seal has: vermilion, and what JPEG and a bleached scan make of it.
const RED: i32 = 40;

/// The seals of a page in its colours, x0, y0, x1, y1: red, round, 2.5 to 6 cm across. Red heads are wide, red rules thin.
pub fn seals(scan: &Scan) -> Vec<[usize; 4]> {
    /// How far apart the parts of a seal stand, in blocks: the star is free in the ring, and so is the name of the office
    /// below it.
    const REACH: Reach = Reach::Within(3);
    const MM_TO_INCH: f64 = 25.4;
    let Some(color) = &scan.color else {
        return Vec::new();
    };
    let (width, height) = (scan.gray.width, scan.gray.height);
    // Blocks of 1 mm.
    let n = ((scan.dpi() / MM_TO_INCH).round() as usize).max(1);
    let mut red = red_blocks(color, width, height, n);
    let mut seals = Vec::new();
    for start in 0..red.ink.len() {
        let blocks = red.drain_connected([start], REACH);
        let Some([x0, y0, x1, y1]) = box_of_seal(&blocks, red.width) else {
            continue;
        };
        // One more block all around: the rim fades out.
        seals.push([
            x0.saturating_sub(1) * n,
            y0.saturating_sub(1) * n,
            ((x1 + 1) * n).min(width),
            ((y1 + 1) * n).min(height),
        ]);
    }
    seals
}

/// The blocks of `n` pixels across and down that are red: a tenth of them is, as rings are 1 mm thick, letters thinner,
/// and both are broken.
fn red_blocks(color: &[[u8; 3]], width: usize, height: usize, n: usize) -> Bilevel {
    /// Pixels of a red block to each that is red, at the most.
    const LEAST: usize = 10;
    let mut blocks = Bilevel::blank(width.div_ceil(n), height.div_ceil(n));
    let mut n_red = vec![0usize; blocks.ink.len()];
    for (y, row) in color.chunks_exact(width.max(1)).enumerate() {
        let n_red = &mut n_red[y / n * blocks.width..][..blocks.width];
        for (x, &pixel) in row.iter().enumerate() {
            if is_red(pixel) {
                n_red[x / n] += 1;
            }
        }
    }
    for (ink, n_red) in blocks.ink.iter_mut().zip(n_red) {
        *ink = u8::from(n_red * LEAST >= n * n);
    }
    blocks
}

/// The box in blocks of 1 mm of what hangs together, if it is a seal.
fn box_of_seal(blocks: &[usize], n_cols: usize) -> Option<[usize; 4]> {
    /// The longer side of a seal: one of 25 mm is a contract's, one of 60 a joint office's; official ones have 38 to 50.
    const SIDE_MM: std::ops::RangeInclusive<f64> = 24.0..=62.0;
    /// How many times longer than the shorter side the longer one is at the most.
    const ROUND: f64 = 1.35;
    /// The red share of its box at the least: the ring alone covers 0.1 of it.
    const LEAST_FILLED: f64 = 0.08;
    let [x0, y0, x1, y1] = blocks
        .iter()
        .map(|at| (at % n_cols, at / n_cols))
        .map(|(x, y)| [x, y, x + 1, y + 1])
        .reduce(|a, b| {
            let ([ax0, ay0, ax1, ay1], [bx0, by0, bx1, by1]) = (a, b);
            [ax0.min(bx0), ay0.min(by0), ax1.max(bx1), ay1.max(by1)]
        })?;
    let (width, height) = ((x1 - x0) as f64, (y1 - y0) as f64);
    let is_round = width <= ROUND * height
        && height <= ROUND * width
        && blocks.len() as f64 >= LEAST_FILLED * width * height;
    (is_round && SIDE_MM.contains(&width.max(height))).then_some([x0, y0, x1, y1])
}

fn is_red(pixel: [u8; 3]) -> bool {
    redness(pixel) > RED
}

fn redness([r, g, b]: [u8; 3]) -> i32 {
    i32::from(r) - i32::from(g.max(b))
}

/// The page's grey, and in its seals the red channel: there vermilion is nearly as bright as paper, and ink under it dark.
pub fn without_seals(scan: &Scan, seals: &[[usize; 4]]) -> Gray {
    let mut gray = scan.gray.clone();
    let Some(color) = &scan.color else {
        return gray;
    };
    let width = gray.width;
    for &[x0, y0, x1, y1] in seals {
        let rows = || (y0..y1).map(|y| &color[y * width..][x0..x1]);
        let vermilion = Vermilion::new(rows().flatten());
        for (y, row) in (y0..y1).zip(rows()) {
            for (to, &from) in gray.row_mut(y)[x0..x1].iter_mut().zip(row) {
                *to = vermilion.lifted(*to, from);
            }
        }
    }
    gray
}

/// The colour of a seal and of the paper that it is on.
#[derive(Debug)]
struct Vermilion {
    /// What the seal takes of red.
    taken: i32,
    /// How red it is where it is whole.
    redness: i32,
}

impl Vermilion {
    fn new<'p>(pixels: impl Iterator<Item = &'p [u8; 3]>) -> Self {
        let (red, other): (Vec<[u8; 3]>, Vec<[u8; 3]>) =
            pixels.copied().partition(|&pixel| is_red(pixel));
        let median = |shades: Vec<u8>| i32::from(median_shade(shades).unwrap_or(255));
        let paper = median(other.iter().map(|pixel| pixel[0]).collect());
        let seal = median(red.iter().map(|pixel| pixel[0]).collect());
        Self {
            taken: (paper - seal).max(0),
            redness: median(red.iter().map(|&pixel| redness(pixel) as u8).collect()),
        }
    }

    /// The grey of a pixel with what the seal takes even of red, in proportion to how much of it is here.
    fn lifted(&self, gray: u8, color: [u8; 3]) -> u8 {
        let lift = self.taken * redness(color).clamp(0, self.redness) / self.redness.max(1);
        (i32::from(color[0].max(gray)) + lift).min(255) as u8
    }
}
