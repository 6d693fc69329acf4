//! Sheets drawn for tests.

use super::raster::Gray;

pub struct Sheet {
    pub gray: Gray,
}

impl Sheet {
    pub fn new(width: usize, height: usize) -> Self {
        Self {
            gray: Gray::white(width, height),
        }
    }

    pub fn fill(&mut self, [x0, y0, x1, y1]: [usize; 4]) {
        for y in y0..y1 {
            self.gray.row_mut(y)[x0..x1].fill(0);
        }
    }

    /// `n` characters of 30 pixels, 26 of them ink: 田.
    pub fn text(&mut self, x: usize, y: usize, n: usize) {
        self.text_of(x, y, 30, n);
    }

    pub fn text_of(&mut self, x: usize, y: usize, em: usize, n: usize) {
        let (side, half) = (em - em / 7, (em - em / 7) / 2);
        for x in (0..n).map(|i| x + i * em) {
            for at in [0, half - 1, side - 3] {
                self.fill([x, y + at, x + side, y + at + 3]);
                self.fill([x + at, y, x + at + 3, y + side]);
            }
        }
    }
}
