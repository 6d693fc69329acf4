//! Pages drawn for tests.

use super::line_box::LineBox;
use super::page_reading::ReadLine;
use super::recognise::Character;
use crate::page::Recognised;
use crate::raster::Gray;

pub struct TestPage {
    pub gray: Gray,
}

impl TestPage {
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

/// A line as it was read, its first character centred here and each next one so much further in the line's picture.
pub fn read_line(bbox: [usize; 4], em: f64, text: &str, [first, pitch]: [f32; 2]) -> ReadLine {
    let character = |(n, text): (usize, char)| Character {
        text,
        recognised: Recognised::CERTAIN,
        from: first + pitch * n as f32 - 5.0,
        to: first + pitch * n as f32 + 5.0,
    };
    ReadLine {
        line_box: LineBox { bbox, em },
        left: bbox[0],
        characters: text.chars().enumerate().map(character).collect(),
    }
}
