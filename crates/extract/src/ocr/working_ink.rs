//! The resolution at which rulings and lines are looked for, and a page's ink in it.

use crate::raster::{Bilevel, Gray};

/// Pixels per inch, about: a character of 9 points has 19 pixels, a ruling one or two.
pub const DPI: f64 = 150.0;

/// A length in points as pixels of this resolution.
pub const fn points(n: f64) -> f64 {
    n / 72.0 * DPI
}

/// The ink of a page at about [`DPI`].
#[derive(Debug, Clone)]
pub struct WorkingInk {
    /// Pixels of the page to one of these, across and down.
    pub n: usize,
    /// Where there is ink, however faint.
    pub ink: Bilevel,
    /// Where it is as dark as print: what shines through from the back of the sheet is not.
    pub black: Bilevel,
}

impl WorkingInk {
    /// The ink of a page of so many pixels per inch, in which what is darker than `level` is ink.
    pub fn new(gray: &Gray, level: u8, dpi: f64) -> Self {
        /// Print is darker than the level of ink by this part of it.
        const BLACKER: u8 = 4;
        let n = (dpi / DPI).round().max(1.0) as usize;
        // One pixel of each block, the darkest.
        let dark = gray.blocks(n, 255, u8::min);
        Self {
            n,
            ink: dark.ink(level),
            black: dark.ink(level - level / BLACKER),
        }
    }
}
