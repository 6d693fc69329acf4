//! A ruling as a straight stretch of ink, and how it is taken out of a picture.

use crate::raster::Bilevel;

/// A ruling in pixels: along x if level, along y if upright.
#[derive(Debug, Clone, Copy)]
pub struct Ruling {
    pub is_level: bool,
    /// Its ends along it.
    pub from: f64,
    pub to: f64,
    /// Where it lies at 0 along it, and how much it departs from that with each pixel.
    pub start: f64,
    pub slope: f64,
    pub thickness: f64,
}

/// A ruling from left to right or from top to bottom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    pub x0: f64,
    pub y0: f64,
    pub x1: f64,
    pub y1: f64,
    pub thickness: f64,
}

impl Ruling {
    /// Where it lies across itself, at a place along it.
    pub fn at(&self, along: f64) -> f64 {
        self.start + self.slope * along
    }

    pub fn middle(&self) -> f64 {
        (self.from + self.to) / 2.0
    }

    pub fn length(&self) -> f64 {
        self.to - self.from
    }

    /// Whether `other`, which runs across this one, comes to it where `other` is at `along`.
    pub fn is_met_by(&self, other: &Ruling, along: f64) -> bool {
        /// How far before or after a ruling the sides of cells end, in pixels.
        const MEET: f64 = 6.0;
        let at = other.at(along);
        (self.at(at) - along).abs() <= MEET && at >= self.from - MEET && at <= self.to + MEET
    }

    /// The ruling in a picture that is larger by a factor.
    pub fn segment(&self, scale: f64) -> Segment {
        let (a, b) = (self.at(self.from) * scale, self.at(self.to) * scale);
        let (from, to) = (self.from * scale, self.to * scale);
        let (x0, y0, x1, y1) = if self.is_level {
            (from, a, to, b)
        } else {
            (a, from, b, to)
        };
        Segment {
            x0,
            y0,
            x1,
            y1,
            thickness: self.thickness * scale,
        }
    }
}

/// Takes a ruling out of the ink, but not the strokes that cross it.
pub fn erase(ink: &mut Bilevel, ruling: &Ruling) {
    /// How far beyond its edge a ruling is erased, in pixels: ink shows up to one beyond, and a double ruling has two
    /// edges more.
    const RIM: f64 = 3.0;
    let (width, height) = (ink.width, ink.height);
    let reach = ruling.thickness / 2.0 + RIM;
    let n_along = if ruling.is_level { width } else { height };
    for along in ruling.from as usize..(ruling.to.ceil() as usize).min(n_along) {
        let slice = if ruling.is_level {
            Slice {
                start: along,
                step: width,
                len: height,
            }
        } else {
            Slice {
                start: along * width,
                step: 1,
                len: width,
            }
        };
        erase_slice(ink, &slice, ruling.at(along as f64 + 0.5), reach);
    }
}

/// Pixels in a row or a column of a picture.
#[derive(Debug)]
struct Slice {
    /// Index of the first pixel, and from one to the next.
    start: usize,
    step: usize,
    len: usize,
}

impl Slice {
    fn index(&self, n: usize) -> usize {
        self.start + self.step * n
    }

    fn has_ink(&self, ink: &Bilevel, n: usize) -> bool {
        ink.ink[self.index(n)] == 1
    }
}

/// Takes out the ink within `reach` of a place. What goes on beyond the reach on one side is a stroke of text that
/// touches: it stays, the rest goes.
fn erase_slice(ink: &mut Bilevel, slice: &Slice, at: f64, reach: f64) {
    let from = (at - reach).max(0.0) as usize;
    let to = ((at + reach).max(0.0) as usize + 1).min(slice.len);
    if from >= to {
        return;
    }
    let first = if from > 0 && slice.has_ink(ink, from - 1) {
        (from..to)
            .find(|&n| !slice.has_ink(ink, n))
            .unwrap_or(at as usize)
    } else {
        from
    };
    let last = if to < slice.len && slice.has_ink(ink, to) {
        (from..to)
            .rev()
            .find(|&n| !slice.has_ink(ink, n))
            .unwrap_or(at as usize)
    } else {
        to
    };
    for n in first..last {
        ink.ink[slice.index(n)] = 0;
    }
}
