//! Ink that is hardly darker than its paper: whether there is any, and how it is made black.

use crate::pdf::scan::Scan;
use crate::raster::Gray;

/// How much darker than the paper ink is, of 255: grey type of a tenth is still read by the eye, and paper varies by less.
const DARKER: usize = 18;
/// Of the page, what its edges can be: shadows of the scanner.
const EDGE: f64 = 0.04;
/// Ink of a few characters of 10.5 points, in square points.
const LEAST: f64 = 12.0;

/// How many pixels of a scan have each value, its edges left aside.
struct Histogram([usize; 256]);

impl Histogram {
    fn of(gray: &Gray) -> Self {
        let edge = |n: usize| (n as f64 * EDGE) as usize;
        let (left, top) = (edge(gray.width), edge(gray.height));
        let mut histogram = [0; 256];
        for y in top..gray.height - top {
            let row = y * gray.width;
            for &value in &gray.pixels[row + left..row + gray.width - left] {
                histogram[usize::from(value)] += 1;
            }
        }
        Histogram(histogram)
    }

    /// The value that most pixels have.
    fn paper(&self) -> usize {
        (0..256).max_by_key(|&value| self.0[value]).unwrap_or(255)
    }

    /// The value that at least so many pixels have, or a darker one.
    fn darkest(&self, least: f64) -> usize {
        let mut n_darker = 0;
        let is_enough = |value: &usize| {
            n_darker += self.0[*value];
            n_darker as f64 >= least
        };
        (0..256).find(is_enough).unwrap_or(0)
    }
}

/// Pixels of a few characters.
fn least(scan: &Scan) -> f64 {
    LEAST * scan.scale[0] * scan.scale[1]
}

/// Whether a page has ink, however faint: pixels that are darker than its paper.
pub fn has_ink(scan: &Scan) -> bool {
    let histogram = Histogram::of(&scan.gray);
    histogram.darkest(least(scan)) + DARKER <= histogram.paper()
}

/// The scan with its ink black and its paper white.
pub fn blackened(scan: &Scan) -> Scan {
    let histogram = Histogram::of(&scan.gray);
    let (ink, paper) = (histogram.darkest(least(scan)), histogram.paper());
    let span = paper.saturating_sub(ink).max(1);
    let black = |value: u8| {
        let above = usize::from(value).saturating_sub(ink);
        (above * 255 / span).min(255) as u8
    };
    let mut blackened = scan.clone();
    blackened
        .gray
        .pixels
        .iter_mut()
        .for_each(|value| *value = black(*value));
    blackened
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page at 72 dpi with a block of ink.
    fn page(paper: u8, ink: u8, side: usize) -> Scan {
        let mut gray = Gray::white(200, 200);
        gray.pixels.fill(paper);
        for y in 90..90 + side {
            gray.pixels[y * 200 + 90..y * 200 + 90 + side].fill(ink);
        }
        Scan {
            gray,
            color: None,
            scale: [1.0, 1.0],
            origin: [0.0, 0.0],
        }
    }

    #[test]
    fn ink_that_the_eye_sees_is_ink() {
        for (paper, ink, side, expected) in [
            (255, 0, 20, true),
            (255, 230, 20, true),
            (240, 215, 20, true),
            (255, 245, 20, false),
            (255, 0, 2, false),
            (255, 255, 20, false),
        ] {
            assert_eq!(
                has_ink(&page(paper, ink, side)),
                expected,
                "{paper} {ink} {side}"
            );
        }
    }

    #[test]
    fn faint_ink_becomes_black() {
        let page = blackened(&page(250, 228, 20));
        assert_eq!(page.gray.pixels[0], 255);
        assert_eq!(page.gray.pixels[100 * 200 + 100], 0);
    }
}
