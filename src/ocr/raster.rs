//! Pixels in shades of grey.

/// A grey picture, row by row, 0 black and 255 white.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gray {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<u8>,
}
