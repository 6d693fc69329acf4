//! Ink and paper told apart: brightness is measured against the paper around it, and a level lies between the two.

use crate::numeric::median_shade;
use crate::raster::Gray;

/// Pixels across and down of what the brightness of paper is measured by.
pub const BLOCK: usize = 8;

/// Makes paper white and ink dark, and gives the level between them.
pub fn clean(gray: &mut Gray) -> u8 {
    /// Shades that neither ink nor paper of a bilevel scan has.
    const BETWEEN: std::ops::Range<usize> = 16..240;
    /// Pixels of a bilevel scan to each that has such a shade all the same.
    const STRAY: usize = 500;
    const MIDDLE: u8 = 128;
    /// The shade from which a pixel becomes white, hardly darker than paper: bleed-through has 210 to 240.
    const WHITE: f64 = 236.0;
    /// The brightness under which a shade becomes black, in the brightness of ink.
    const BLACK: f64 = 0.8;
    let n_between: usize = histogram(gray)[BETWEEN].iter().sum();
    if n_between * STRAY < gray.pixels.len() {
        // Bilevel already.
        return MIDDLE;
    }
    divide_by_background(gray, BLOCK);
    let (level, ink) = level(&histogram(gray));
    let black = f64::from(ink) * BLACK;
    let stretch = |v: f64| ((v - black) * 255.0 / (WHITE - black)).clamp(0.0, 255.0);
    let table: Vec<u8> = (0..256).map(|v| stretch(f64::from(v)) as u8).collect();
    for pixel in &mut gray.pixels {
        *pixel = table[usize::from(*pixel)];
    }
    table[usize::from(level)].max(1)
}

/// The picture of a line on whatever ground, dark on white, with `level` between them.
pub fn legible(line: &Gray, level: u8) -> Gray {
    /// How many times higher a line is than any of its strokes is broad.
    const BROAD: usize = 6;
    let mut line = line.clone();
    // Text covers less than half of its box, however bold.
    let between = otsu(&histogram(&line)).level;
    let n_dark = line.pixels.iter().filter(|&&v| v < between).count();
    if 2 * n_dark > line.pixels.len() {
        line.pixels.iter_mut().for_each(|v| *v = 255 - *v);
    }
    let broad = (line.height / BROAD).max(BLOCK);
    divide_by_background(&mut line, broad);
    let parted = otsu(&histogram(&line));
    for v in &mut line.pixels {
        *v = parted.stretched(f64::from(*v), f64::from(level)) as u8;
    }
    line
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
    /// How many blocks on each side of one are searched for its paper.
    const AROUND: usize = 2;
    /// How many blocks on each side the brightness of paper is smoothed over.
    const SMOOTH: usize = 3;
    // The second brightest would be safer against white dots; the blur does as much.
    let paper = gray.blocks(size, 0, u8::max);
    let paper = blurred(&dilated(&paper, AROUND), SMOOTH);
    // Half as bright as the page is not paper but a black border or a photograph.
    let usual = median_shade(paper.pixels.clone()).unwrap_or(255);
    let least = (usual / 2).max(1);
    let width = gray.width.max(1);
    for (y, row) in gray.pixels.chunks_exact_mut(width).enumerate() {
        for (block, &paper) in row.chunks_mut(size).zip(paper.row(y / size)) {
            divide(block, paper.max(least));
        }
    }
}

/// Makes pixels as bright as they are against this paper; in 65,536ths.
fn divide(pixels: &mut [u8], paper: u8) {
    let by = 65_536 * 255 / u32::from(paper);
    for pixel in pixels {
        *pixel = ((u32::from(*pixel) * (by >> 8)) >> 8).min(255) as u8;
    }
}

/// The brightest within `n` pixels, across and down.
fn dilated(gray: &Gray, n: usize) -> Gray {
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
fn sliding(gray: &Gray, n: usize, shade: impl Fn(&[u8]) -> u8) -> Gray {
    let along = |gray: &Gray| {
        let mut out = gray.clone();
        for y in 0..gray.height {
            let row = gray.row(y);
            for (x, to) in out.row_mut(y).iter_mut().enumerate() {
                *to = shade(&row[x.saturating_sub(n)..(x + n + 1).min(row.len())]);
            }
        }
        out
    };
    along(&along(gray).turned(1)).turned(3)
}

/// The level between ink and paper of a page, and the brightness of ink.
fn level(histogram: &[usize; 256]) -> (u8, u8) {
    /// Shades in which the level lies: faint print and blurred strokes end here, stains and bleed-through begin.
    const LEVELS: std::ops::RangeInclusive<u8> = 110..=190;
    /// The brightest shade that ink has, however faint.
    const BRIGHTEST_INK: u8 = 120;
    let parted = otsu(histogram);
    (
        parted.level.clamp(*LEVELS.start(), *LEVELS.end()),
        parted.dark.min(BRIGHTEST_INK),
    )
}

/// A level that parts the dark from the bright, and the mean brightness of both.
#[derive(Debug, Clone, Copy)]
struct Parted {
    level: u8,
    dark: u8,
    bright: u8,
}

impl Parted {
    /// A shade with the dark stretched to 0, the bright to 255, and this level to another.
    fn stretched(&self, v: f64, level: f64) -> f64 {
        let [between, dark, bright] = [self.level, self.dark, self.bright].map(f64::from);
        let stretched = if v < between {
            (v - dark) / (between - dark).max(1.0) * level
        } else {
            255.0 - (bright - v) / (bright - between).max(1.0) * (255.0 - level)
        };
        stretched.clamp(0.0, 255.0)
    }
}

/// The level that parts the dark from the bright best (Otsu 1979).
fn otsu(histogram: &[usize; 256]) -> Parted {
    let total: f64 = histogram.iter().map(|&n| n as f64).sum();
    let mass: f64 = histogram
        .iter()
        .enumerate()
        .map(|(v, &n)| v as f64 * n as f64)
        .sum();
    let (mut n, mut sum) = (0.0, 0.0);
    let mut most = 0.0;
    let mut best = Parted {
        level: 128,
        dark: 0,
        bright: 255,
    };
    for (v, &count) in histogram.iter().enumerate().take(255) {
        n += count as f64;
        sum += v as f64 * count as f64;
        if n < 1.0 || n >= total {
            continue;
        }
        let (dark, bright) = (sum / n, (mass - sum) / (total - n));
        let between = n * (total - n) * (bright - dark).powi(2);
        if between > most {
            most = between;
            best = Parted {
                level: v as u8 + 1,
                dark: dark as u8,
                bright: bright as u8,
            };
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::super::test_page::TestPage;
    use super::*;

    #[test]
    fn a_line_on_any_ground_becomes_dark_on_white() {
        let mut page = TestPage::new(300, 50);
        page.text(20, 12, 8);
        let shaded = |shade: &dyn Fn(u8, usize) -> u8| {
            let pixels = page.gray.pixels.iter().enumerate();
            let line = Gray {
                pixels: pixels.map(|(i, &v)| shade(v, i % 300)).collect(),
                ..page.gray.clone()
            };
            legible(&line, 150).ink(150)
        };
        let ink = page.gray.ink(128);
        // Pale; white on dark; black on a ground that darkens.
        assert!(shaded(&|v, _| 200 + v / 6) == ink);
        assert!(shaded(&|v, _| 255 - v / 2 - 60) == ink);
        assert!(shaded(&|v, x| if v == 0 { 10 } else { 230 - (x / 3) as u8 }) == ink);
    }
}
