//! Preparation: a scan becomes upright text, dark on white, and the ink of it.

use std::borrow::Cow;

use hayro_font::kurbo::{Affine, Point, Rect};

use super::find;
use super::raster::{Bilevel, Gray};
use super::reverse::reverse;
use crate::pdf::scan::Scan;

/// A page ready to be searched and recognised.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// For the recogniser: paper white, stains and bleed-through faint, seals gone.
    pub gray: Gray,
    /// What is darker is ink, or faint.
    pub level: u8,
    /// Pixels per inch.
    pub dpi: f64,
    /// From pixels of `gray` to points of the displayed page.
    pub to_points: Affine,
    /// What the page was turned by, clockwise, before it was looked at.
    pub n_quarters: u8,
    /// Degrees by which the lines fell to the right, and that were taken out.
    pub skew: f64,
    /// Round red seals, x0, y0, x1, y1 in pixels of `gray`.
    pub seals: Vec<[usize; 4]>,
    /// Dark grounds whose light text was made dark on white, in the same way.
    pub reversed: Vec<[usize; 4]>,
}

/// Degrees; less is one pixel and a half across a page.
const LEVEL: f64 = 0.04;
/// Pixels across and down of what the brightness of paper is measured by.
const BLOCK: usize = 8;

/// Prepares a scan after turning it by `n_quarters` clockwise.
pub fn prepare(scan: &Scan, n_quarters: u8) -> Prepared {
    let n_quarters = n_quarters % 4;
    let seals = seals(scan);
    let gray = without_seals(scan, &seals);
    let mut gray = if n_quarters == 0 {
        gray
    } else {
        gray.turned(n_quarters)
    };
    let level = clean(&mut gray);
    let scanned = if n_quarters == 0 {
        Cow::Borrowed(&scan.gray)
    } else {
        Cow::Owned(scan.gray.turned(n_quarters))
    };
    let reversed = reverse(&mut gray, &scanned, level, scan.dpi());
    drop(scanned);
    remove_borders(&mut gray, level);
    let skew = skew(&gray, level, scan.dpi());
    let gray = if skew.abs() < LEVEL {
        gray
    } else {
        gray.rotated(-skew.to_radians())
    };
    let back = unturned(n_quarters, scan.gray.width, scan.gray.height) * unrotated(skew, &gray);
    let seals = seals
        .iter()
        .map(|&seal| moved(seal, back.inverse(), &gray))
        .collect();
    let straight = unrotated(skew, &gray).inverse();
    let reversed = reversed
        .iter()
        .map(|&ground| moved(ground, straight, &gray))
        .collect();
    Prepared {
        level,
        dpi: scan.dpi(),
        to_points: scan.to_points() * back,
        n_quarters,
        skew,
        seals,
        reversed,
        gray,
    }
}

/// The scan as it was prepared, pixel by pixel, but with all its stains, borders and grounds.
pub fn uncleaned(scan: &Scan, prepared: &Prepared) -> Gray {
    let turned = scan.gray.turned(prepared.n_quarters);
    if prepared.skew.abs() < LEVEL {
        turned
    } else {
        turned.rotated(-prepared.skew.to_radians())
    }
}

/// The picture of a line on whatever ground, dark on white, with `level` between them.
pub fn legible(line: &Gray, level: u8) -> Gray {
    let mut line = line.clone();
    // Text covers less than half of its box, however bold.
    let (between, ..) = otsu(&histogram(&line));
    let n_dark = line.pixels.iter().filter(|&&v| v < between).count();
    if 2 * n_dark > line.pixels.len() {
        line.pixels.iter_mut().for_each(|v| *v = 255 - *v);
    }
    // As broad as that no stroke is.
    let broad = (line.height / 6).max(BLOCK);
    divide_by_background(&mut line, broad);
    let (between, ink, paper) = otsu(&histogram(&line));
    let (between, ink, paper) = (f64::from(between), f64::from(ink), f64::from(paper));
    let level = f64::from(level);
    let stretch = |v: f64| match v < between {
        true => (v - ink) / (between - ink).max(1.0) * level,
        false => 255.0 - (paper - v) / (paper - between).max(1.0) * (255.0 - level),
    };
    line.pixels
        .iter_mut()
        .for_each(|v| *v = stretch(f64::from(*v)).clamp(0.0, 255.0) as u8);
    line
}

/// How a scan may have to be turned, by quarters clockwise, the likelier first. A page of lines is upright or upside
/// down, or else on one of its sides; which of the two, only its characters tell.
pub fn turns(scan: &Scan) -> [u8; 2] {
    let mut gray = scan.gray.clone();
    let level = clean(&mut gray);
    remove_borders(&mut gray, level);
    if find::runs_along_rows(&gray, level, scan.dpi()) {
        [0, 2]
    } else {
        [1, 3]
    }
}

/// The seals of a page in its colours: red, round, 2.5 to 6 cm across. Red heads are wide, red rules thin.
fn seals(scan: &Scan) -> Vec<[usize; 4]> {
    /// A 25 mm seal is a contract's, a 60 mm one a joint office's; official ones have 38 to 50.
    const SIDE_MM: std::ops::RangeInclusive<f64> = 24.0..=62.0;
    /// Of its box: the ring alone covers 0.1 of it.
    const LEAST_FILLED: f64 = 0.08;
    let Some(color) = &scan.color else {
        return Vec::new();
    };
    let (width, height) = (scan.gray.width, scan.gray.height);
    // A block of 1 mm is red when a tenth of it is: rings are 1 mm thick, letters thinner, and both are broken.
    let n = ((scan.dpi() / 25.4).round() as usize).max(1);
    let (n_cols, n_rows) = (width.div_ceil(n), height.div_ceil(n));
    let mut reds = vec![0u32; n_cols * n_rows];
    for (y, row) in color.chunks_exact(width.max(1)).enumerate() {
        let reds = &mut reds[y / n * n_cols..][..n_cols];
        for (x, &pixel) in row.iter().enumerate() {
            if is_red(pixel) {
                reds[x / n] += 1;
            }
        }
    }
    let is_red: Vec<bool> = reds
        .iter()
        .map(|&n_red| n_red as usize * 10 >= n * n)
        .collect();
    let mut seen = vec![false; is_red.len()];
    let mut seals = Vec::new();
    for start in 0..is_red.len() {
        if !is_red[start] || seen[start] {
            continue;
        }
        seen[start] = true;
        let mut open = vec![start];
        let (mut x0, mut y0, mut x1, mut y1) = (n_cols, n_rows, 0, 0);
        let mut n_blocks = 0;
        while let Some(at) = open.pop() {
            let (x, y) = (at % n_cols, at / n_cols);
            (x0, y0, x1, y1) = (x0.min(x), y0.min(y), x1.max(x + 1), y1.max(y + 1));
            n_blocks += 1;
            // The star stands free in the ring, and so does the name of the office below it.
            for (y, x) in (y.saturating_sub(3)..(y + 4).min(n_rows))
                .flat_map(|y| (x.saturating_sub(3)..(x + 4).min(n_cols)).map(move |x| (y, x)))
            {
                let next = y * n_cols + x;
                if is_red[next] && !seen[next] {
                    seen[next] = true;
                    open.push(next);
                }
            }
        }
        let (w, h) = ((x1 - x0) as f64, (y1 - y0) as f64);
        let is_round =
            w <= 1.35 * h && h <= 1.35 * w && f64::from(n_blocks) >= LEAST_FILLED * w * h;
        if is_round && SIDE_MM.contains(&w.max(h)) {
            // One more block all around: the rim fades out.
            seals.push([
                x0.saturating_sub(1) * n,
                y0.saturating_sub(1) * n,
                ((x1 + 1) * n).min(width),
                ((y1 + 1) * n).min(height),
            ]);
        }
    }
    seals
}

/// Vermilion, and what JPEG and a bleached scan make of it.
fn is_red(pixel: [u8; 3]) -> bool {
    redness(pixel) > 40
}

fn redness([r, g, b]: [u8; 3]) -> i32 {
    i32::from(r) - i32::from(g.max(b))
}

/// The page's grey, and in its seals the red channel: there vermilion is nearly as bright as paper, and ink under it dark.
fn without_seals(scan: &Scan, seals: &[[usize; 4]]) -> Gray {
    let mut gray = scan.gray.clone();
    let Some(color) = &scan.color else {
        return gray;
    };
    let width = gray.width;
    for &[x0, y0, x1, y1] in seals {
        let pixels = || (y0..y1).flat_map(|y| &color[y * width..][x0..x1]);
        let median = |mut values: Vec<u8>| {
            let middle = values.len() / 2;
            if values.is_empty() {
                255
            } else {
                *values.select_nth_unstable(middle).1
            }
        };
        let paper = i32::from(median(
            pixels()
                .filter(|pixel| !is_red(**pixel))
                .map(|pixel| pixel[0])
                .collect(),
        ));
        let seal = i32::from(median(
            pixels()
                .filter(|pixel| is_red(**pixel))
                .map(|pixel| pixel[0])
                .collect(),
        ));
        let full = i32::from(median(
            pixels()
                .filter(|pixel| is_red(**pixel))
                .map(|&pixel| redness(pixel) as u8)
                .collect(),
        ));
        for y in y0..y1 {
            for (to, &from) in gray.row_mut(y)[x0..x1]
                .iter_mut()
                .zip(&color[y * width..][x0..x1])
            {
                // What the seal takes even of red, in proportion to how much of it is here.
                let lift = (paper - seal).max(0) * redness(from).clamp(0, full) / full.max(1);
                *to = (i32::from(from[0].max(*to)) + lift).min(255) as u8;
            }
        }
    }
    gray
}

/// Makes paper white and ink dark, and gives the level between them.
fn clean(gray: &mut Gray) -> u8 {
    let histogram = histogram(gray);
    let n_between: usize = histogram[16..240].iter().sum();
    if n_between * 500 < gray.pixels.len() {
        // Bilevel already.
        return 128;
    }
    divide_by_background(gray, BLOCK);
    let (level, ink) = level(&self::histogram(gray));
    // Ink to black, and what is hardly darker than paper, to white: bleed-through has 210 to 240.
    const WHITE: f64 = 236.0;
    let black = f64::from(ink) * 0.8;
    let stretch = |v: f64| ((v - black) * 255.0 / (WHITE - black)).clamp(0.0, 255.0);
    let table: Vec<u8> = (0..256).map(|v| stretch(f64::from(v)) as u8).collect();
    for pixel in &mut gray.pixels {
        *pixel = table[usize::from(*pixel)];
    }
    table[usize::from(level)].max(1)
}

fn histogram(gray: &Gray) -> [usize; 256] {
    let mut counts = [[0u32; 256]; 4];
    // Four counts, so that equal pixels side by side don't wait for each other.
    for four in gray.pixels.chunks_exact(4) {
        for (counts, &pixel) in counts.iter_mut().zip(four) {
            counts[usize::from(pixel)] += 1;
        }
    }
    std::array::from_fn(|v| counts.iter().map(|counts| counts[v] as usize).sum())
}

/// Divides by the paper's brightness: the brightest of each block of a size and its neighbours, blurred.
fn divide_by_background(gray: &mut Gray, size: usize) {
    // The second brightest would be safer against white specks; the blur does as much.
    let paper = gray.blocks(size, 0, u8::max);
    let paper = blurred(&spread(&paper, 2), 3);
    // Half as bright as the page is not paper but a black border or a photograph.
    let usual = {
        let mut sorted = paper.pixels.clone();
        let middle = sorted.len() / 2;
        if sorted.is_empty() {
            255
        } else {
            *sorted.select_nth_unstable(middle).1
        }
    };
    let least = (usual / 2).max(1);
    let width = gray.width;
    for (y, row) in gray.pixels.chunks_exact_mut(width.max(1)).enumerate() {
        for (block, &paper) in row.chunks_mut(size).zip(paper.row(y / size)) {
            let by = 65_536 * 255 / u32::from(paper.max(least));
            for pixel in block {
                *pixel = ((u32::from(*pixel) * (by >> 8)) >> 8).min(255) as u8;
            }
        }
    }
}

/// The brightest within `n` pixels, across and down.
fn spread(gray: &Gray, n: usize) -> Gray {
    sliding(gray, n, |window| {
        window.iter().copied().max().unwrap_or(255)
    })
}

fn blurred(gray: &Gray, n: usize) -> Gray {
    sliding(gray, n, |window| {
        (window.iter().map(|&v| u32::from(v)).sum::<u32>() / window.len().max(1) as u32) as u8
    })
}

/// Each pixel made of those within `n`, first across, then down.
fn sliding(gray: &Gray, n: usize, of: impl Fn(&[u8]) -> u8) -> Gray {
    let along = |gray: &Gray| {
        let mut out = gray.clone();
        for y in 0..gray.height {
            let row = gray.row(y);
            for (x, to) in out.row_mut(y).iter_mut().enumerate() {
                *to = of(&row[x.saturating_sub(n)..(x + n + 1).min(row.len())]);
            }
        }
        out
    };
    along(&along(gray).turned(1)).turned(3)
}

/// The level between ink and paper of a page, and the brightness of ink.
fn level(histogram: &[usize; 256]) -> (u8, u8) {
    /// Faint print and blurred strokes end here, stains and bleed-through begin.
    const LEVELS: std::ops::RangeInclusive<u8> = 110..=190;
    let (level, ink, _) = otsu(histogram);
    (level.clamp(*LEVELS.start(), *LEVELS.end()), ink.min(120))
}

/// The level that parts the dark from the bright best (Otsu 1979), and how bright both are.
fn otsu(histogram: &[usize; 256]) -> (u8, u8, u8) {
    let total: f64 = histogram.iter().map(|&n| n as f64).sum();
    let mass: f64 = histogram
        .iter()
        .enumerate()
        .map(|(v, &n)| v as f64 * n as f64)
        .sum();
    let (mut n, mut sum) = (0.0, 0.0);
    let mut best = (0.0, 128u8, 0u8, 255u8);
    for (v, &count) in histogram.iter().enumerate().take(255) {
        n += count as f64;
        sum += v as f64 * count as f64;
        if n < 1.0 || n >= total {
            continue;
        }
        let (dark, bright) = (sum / n, (mass - sum) / (total - n));
        let between = n * (total - n) * (bright - dark).powi(2);
        if between > best.0 {
            best = (between, v as u8 + 1, dark as u8, bright as u8);
        }
    }
    (best.1, best.2, best.3)
}

/// Paints white what is black and touches the edge of the picture: the lid of the scanner, the shadow of the spine.
fn remove_borders(gray: &mut Gray, level: u8) {
    // A block that is dark all through: no stroke at the edge of a page is so broad.
    let dark = gray.blocks(BLOCK, 0, u8::max);
    let (n_cols, n_rows) = (dark.width, dark.height);
    let is_dark = |at: usize| dark.pixels[at] < level;
    let edges = (0..n_cols).flat_map(|x| [x, (n_rows.max(1) - 1) * n_cols + x]);
    let edges = edges.chain((0..n_rows).flat_map(|y| [y * n_cols, y * n_cols + n_cols.max(1) - 1]));
    let mut seen = vec![false; n_cols * n_rows];
    let mut open: Vec<usize> = edges.filter(|&at| at < seen.len() && is_dark(at)).collect();
    open.iter().for_each(|&at| seen[at] = true);
    while let Some(at) = open.pop() {
        let (x, y) = (at % n_cols, at / n_cols);
        // Its rim is half dark: the blocks around it go with it.
        for (y, x) in (y.saturating_sub(1)..(y + 2).min(n_rows))
            .flat_map(|y| (x.saturating_sub(1)..(x + 2).min(n_cols)).map(move |x| (y, x)))
        {
            for y in y * BLOCK..((y + 1) * BLOCK).min(gray.height) {
                let end = ((x + 1) * BLOCK).min(gray.width);
                gray.row_mut(y)[x * BLOCK..end].fill(255);
            }
            let next = y * n_cols + x;
            if !seen[next] && is_dark(next) {
                seen[next] = true;
                open.push(next);
            }
        }
    }
}

/// Degrees by which the lines fall to the right.
fn skew(gray: &Gray, level: u8, dpi: f64) -> f64 {
    /// Pixels per inch at which angles are measured: 16 points have 22 pixels, and the ends of a line lie two thirds of
    /// one apart at 0.05°.
    const COARSE_DPI: f64 = 100.0;
    /// Beyond that a page was not laid on the glass but thrown.
    const MOST: f64 = 3.0;
    /// A word leans as it likes; five characters of a line have as many.
    const FEWEST_POINTS: usize = 600;
    /// More points don't say more.
    const MOST_POINTS: usize = 150_000;
    /// Degrees by which the halves of a page may differ from it, and how much sharper they must stand out to be right.
    const SAME: f64 = 0.1;
    const PLAIN: f64 = 1.004;
    let n = ((dpi / COARSE_DPI).round() as usize).max(1);
    // A thin stroke fills a third of a pixel.
    let ink = gray.downscale(n).ink(if n == 1 {
        level
    } else {
        level.saturating_add((255 - level) / 2)
    });
    let mut points: Vec<(f32, f32)> = Vec::new();
    for run in 0..ink.height {
        points.extend(
            ink.row(run)
                .iter()
                .enumerate()
                .filter(|(_, ink)| **ink == 1)
                .map(|(x, _)| (x as f32, run as f32)),
        );
    }
    if points.len() < FEWEST_POINTS {
        return 0.0;
    }
    let points: Vec<(f32, f32)> = points
        .iter()
        .copied()
        .step_by(points.len().div_ceil(MOST_POINTS))
        .collect();
    let whole = Contrast::of(&points, &ink, f32::MAX);
    // The lines of two columns need not be level, and the whole would make them so: each half for itself.
    let mut xs: Vec<f32> = points.iter().map(|(x, _)| *x).collect();
    xs.sort_by(f32::total_cmp);
    let halves = Contrast::of(
        &points,
        &ink,
        (xs[xs.len() / 50] + xs[xs.len() - 1 - xs.len() / 50]) / 2.0,
    );
    let (of_whole, of_halves) = (whole.angle(), halves.angle());
    let gain = halves.at(of_halves) / halves.at(of_whole).max(1.0);
    let angle = if (of_whole - of_halves).abs() > SAME && gain > PLAIN {
        of_halves
    } else {
        of_whole
    };
    angle.clamp(-MOST, MOST)
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
    fn of(points: &'p [(f32, f32)], ink: &Bilevel, middle: f32) -> Self {
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
        let slope = degrees.to_radians().tan() as f32;
        let shift = self.width as f32 * slope.abs();
        let n_bins = (self.height + 2 * shift as usize + 4) * BINS;
        let mut sums = vec![0.0f64; 2 * n_bins];
        for (i, &(x, y)) in self.points.iter().enumerate() {
            // Anywhere within its pixel, and bins finer than pixels: else level lines, whose pixels all fall into one
            // bin, would always win.
            let within = (i as f32 * 0.618_034).fract();
            let part = if x < self.middle { 0 } else { n_bins };
            sums[part + ((y + within - x * slope + shift + 1.0) * BINS as f32) as usize] += 1.0;
        }
        sums.chunks_exact(n_bins)
            .flat_map(|part| part.windows(BINS))
            .map(|w| w.iter().sum::<f64>().powi(2))
            .sum()
    }

    fn angle(&self) -> f64 {
        let best = |angles: &mut dyn Iterator<Item = f64>| {
            angles
                .map(|angle| (self.at(angle), angle))
                .max_by(|a, b| a.0.total_cmp(&b.0))
                .map_or(0.0, |(_, angle)| angle)
        };
        let coarse = best(&mut (-12..=12).map(|i| f64::from(i) * 0.25));
        let fine = best(&mut (-6..=6).map(|i| coarse + f64::from(i) * 0.05));
        // The peak between the steps: where a parabola through three of them, wide enough not to see the noise, has its top.
        let [before, at, after] = [fine - 0.1, fine, fine + 0.1].map(|angle| self.at(angle));
        let bend = before - 2.0 * at + after;
        let between = if bend < 0.0 {
            (0.5 * (before - after) / bend).clamp(-0.5, 0.5)
        } else {
            0.0
        };
        fine + 0.1 * between
    }
}

/// From pixels of the turned picture to those of the scan.
fn unturned(n_quarters: u8, width: usize, height: usize) -> Affine {
    let (w, h) = (width as f64, height as f64);
    match n_quarters {
        1 => Affine::new([0.0, -1.0, 1.0, 0.0, 0.0, h]),
        2 => Affine::new([-1.0, 0.0, 0.0, -1.0, w, h]),
        3 => Affine::new([0.0, 1.0, -1.0, 0.0, w, 0.0]),
        _ => Affine::IDENTITY,
    }
}

/// From pixels of the straightened picture to those before.
fn unrotated(skew: f64, gray: &Gray) -> Affine {
    if skew.abs() < LEVEL {
        return Affine::IDENTITY;
    }
    Affine::rotate_about(
        skew.to_radians(),
        Point::new(gray.width as f64 / 2.0, gray.height as f64 / 2.0),
    )
}

/// A box of the scan in the prepared picture.
fn moved([x0, y0, x1, y1]: [usize; 4], by: Affine, gray: &Gray) -> [usize; 4] {
    let moved = by.transform_rect_bbox(Rect::new(x0 as f64, y0 as f64, x1 as f64, y1 as f64));
    let within = |v: f64, most: usize| (v.max(0.0) as usize).min(most);
    [
        within(moved.x0, gray.width),
        within(moved.y0, gray.height),
        within(moved.x1.ceil(), gray.width),
        within(moved.y1.ceil(), gray.height),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::sheet::Sheet;
    use super::*;

    const DPI: f64 = 150.0;

    fn scan(gray: Gray) -> Scan {
        Scan {
            gray,
            color: None,
            scale: [DPI / 72.0; 2],
            origin: [0.0; 2],
        }
    }

    fn prose() -> Gray {
        let mut sheet = Sheet::new(800, 800);
        for i in 0..11 {
            sheet.text(100, 100 + 55 * i, if i % 4 == 3 { 9 } else { 20 });
        }
        sheet.gray
    }

    #[test]
    fn skew_is_found_and_taken_out() {
        for degrees in [-2.6, -0.35, 0.0, 0.2, 1.5] {
            let prepared = prepare(&scan(prose().rotated(f64::to_radians(degrees))), 0);
            assert!(
                (prepared.skew - degrees).abs() < 0.06,
                "{degrees}: {}",
                prepared.skew
            );
            // The first character's corner is where it was drawn, and points lead back to where it was scanned.
            let straight = Point::new(100.0, 100.0);
            let found = prepared.to_points * straight;
            let turned =
                Affine::rotate_about(degrees.to_radians(), Point::new(400.0, 400.0)) * straight;
            assert!(
                (found.x - turned.x * 72.0 / DPI).abs() < 0.5
                    && (found.y - turned.y * 72.0 / DPI).abs() < 0.5,
                "{found:?}"
            );
            assert!(
                prepared.gray.row(101)[100..126].iter().all(|&v| v < 128),
                "{degrees}"
            );
        }
    }

    #[test]
    fn columns_whose_lines_are_not_level_are_not_made_so() {
        let mut sheet = Sheet::new(1100, 1500);
        for i in 0..24 {
            sheet.text(80, 100 + 52 * i, 14);
            sheet.text(560, 100 + 8 + 52 * i, 14);
        }
        for degrees in [0.0, 1.2] {
            let prepared = prepare(&scan(sheet.gray.rotated(f64::to_radians(degrees))), 0);
            assert!(
                (prepared.skew - degrees).abs() < 0.1,
                "{degrees}: {}",
                prepared.skew
            );
        }
    }

    #[test]
    fn a_sideways_page_is_turned() {
        for n_quarters in 0..4 {
            assert!(turns(&scan(prose().turned(n_quarters))).contains(&((4 - n_quarters) % 4)));
        }
        let prepared = prepare(&scan(prose().turned(1)), 3);
        let corner = prepared.to_points * Point::new(100.0, 100.0);
        // On the sheet as it was scanned, the first line stands at the right and runs down.
        assert!(
            (corner.x - 700.0 * 72.0 / DPI).abs() < 0.5
                && (corner.y - 100.0 * 72.0 / DPI).abs() < 0.5,
            "{corner:?}"
        );
    }

    #[test]
    fn a_seal_is_lifted_off_the_text_under_it() {
        let gray = prose();
        let mut color: Vec<[u8; 3]> = gray.pixels.iter().map(|&v| [v; 3]).collect();
        let (cx, cy, radius) = (500.0f64, 500.0, 120.0);
        for (i, pixel) in color.iter_mut().enumerate() {
            let away = (f64::from((i % 800) as u32) - cx).hypot(f64::from((i / 800) as u32) - cy);
            if (away - radius).abs() < 6.0 || away < 35.0 {
                *pixel = [pixel[0].min(225), pixel[1].min(60), pixel[2].min(50)];
            }
        }
        let luma = |p: &[u8; 3]| {
            ((u32::from(p[0]) * 77 + u32::from(p[1]) * 150 + u32::from(p[2]) * 29) >> 8) as u8
        };
        let seen = Gray {
            pixels: color.iter().map(luma).collect(),
            ..gray.clone()
        };
        let prepared = prepare(
            &Scan {
                color: Some(color),
                ..scan(seen)
            },
            0,
        );
        let [[x0, y0, x1, y1]] = prepared.seals[..] else {
            panic!("{:?}", prepared.seals)
        };
        assert!(
            x0.abs_diff(374) < 15
                && y0.abs_diff(374) < 15
                && x1.abs_diff(626) < 15
                && y1.abs_diff(626) < 15,
            "{:?}",
            prepared.seals
        );
        let differ = prepared
            .gray
            .pixels
            .iter()
            .zip(&gray.pixels)
            .filter(|(a, b)| a.abs_diff(**b) > 60)
            .count();
        assert_eq!(differ, 0);
    }

    #[test]
    fn a_red_head_stays() {
        let gray = prose();
        let color = gray
            .pixels
            .iter()
            .enumerate()
            .map(|(i, &v)| {
                if i / 800 < 140 && v == 0 {
                    [220, 40, 30]
                } else {
                    [v; 3]
                }
            })
            .collect();
        let prepared = prepare(
            &Scan {
                color: Some(color),
                ..scan(gray.clone())
            },
            0,
        );
        assert!(prepared.seals.is_empty());
        assert_eq!(prepared.gray, gray);
    }

    #[test]
    fn stains_and_borders_become_white() {
        let mut gray = prose();
        for (i, pixel) in gray.pixels.iter_mut().enumerate() {
            let (x, y) = (i % 800, i / 800);
            // Paper that darkens to the right, print that shines through, the lid of the scanner.
            *pixel = (u32::from(*pixel) * (250 - x as u32 / 8) / 255 + 5).min(255) as u8;
            if x % 40 < 4 && y > 700 {
                *pixel = (u32::from(*pixel) * 9 / 10) as u8;
            }
            if x < 30 {
                *pixel = 12;
            }
        }
        let prepared = prepare(&scan(gray), 0);
        assert!(
            prepared.gray.row(750).iter().all(|&v| v > prepared.level),
            "{:?}",
            prepared.gray.row(750)
        );
        assert!(prepared.gray.row(100)[100..126].iter().all(|&v| v < 40));
    }

    #[test]
    fn a_line_on_any_ground_becomes_dark_on_white() {
        let mut sheet = Sheet::new(300, 50);
        sheet.text(20, 12, 8);
        let shaded = |of: &dyn Fn(u8, usize) -> u8| {
            let pixels = sheet
                .gray
                .pixels
                .iter()
                .enumerate()
                .map(|(i, &v)| of(v, i % 300))
                .collect();
            legible(
                &Gray {
                    pixels,
                    ..sheet.gray.clone()
                },
                150,
            )
            .ink(150)
        };
        let ink = sheet.gray.ink(128);
        // Pale; white on dark; black on a ground that darkens.
        assert!(shaded(&|v, _| 200 + v / 6) == ink);
        assert!(shaded(&|v, _| 255 - v / 2 - 60) == ink);
        assert!(shaded(&|v, x| if v == 0 { 10 } else { 230 - (x / 3) as u8 }) == ink);
    }

    #[test]
    fn a_page_of_nothing_is_prepared() {
        for (width, height) in [(0, 0), (1, 1), (5, 700), (700, 5)] {
            let prepared = prepare(&scan(Gray::white(width, height)), 0);
            assert_eq!(prepared.skew, 0.0);
            turns(&scan(Gray {
                width,
                height,
                pixels: vec![0; width * height],
            }));
            turns(&scan(Gray {
                width,
                height,
                pixels: vec![90; width * height],
            }));
        }
    }
}
