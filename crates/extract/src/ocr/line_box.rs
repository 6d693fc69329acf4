//! The box of a line's ink, and the size of its type.

use crate::raster::Gray;

/// The ink of one line, or of a part of one that stands apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineBox {
    /// x0, y0, x1, y1; the last two are not included.
    pub bbox: [usize; 4],
    /// The size of its characters: a line of digits or dashes is less high.
    pub em: f64,
}

impl LineBox {
    pub fn width(&self) -> f64 {
        (self.bbox[2] - self.bbox[0]) as f64
    }

    pub fn height(&self) -> f64 {
        (self.bbox[3] - self.bbox[1]) as f64
    }

    /// What the recogniser is shown of a page: the line with a margin.
    pub fn picture_box(&self, page: &Gray) -> [usize; 4] {
        /// The margin around a line, in em: more shrinks the characters in the recogniser's picture, none cuts them.
        const MARGIN: f64 = 0.1;
        let margin = (MARGIN * self.em).round() as usize;
        let [x0, y0, x1, y1] = self.bbox;
        [
            x0.saturating_sub(margin),
            y0.saturating_sub(margin),
            (x1 + margin).min(page.width),
            (y1 + margin).min(page.height),
        ]
    }
}

/// Whether a line of this height is set in this size of type: digits are 0.7 of it high, brackets a little more than it.
pub fn is_height_of_type(height: f64, em: f64) -> bool {
    (0.62 * em..1.12 * em).contains(&height)
}

/// The size of type whose hanzi make a line of this height: they leave a little blank in their em box.
pub fn em_of_hanzi(height: f64) -> f64 {
    height * 1.05
}
