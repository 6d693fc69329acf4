//! What lies around the sheet: the lid of the scanner, the shadow of the spine.

use super::binarise::BLOCK;
use crate::raster::{Gray, Reach};

/// Paints white what is black and touches the edge of the picture.
pub fn remove_borders(gray: &mut Gray, level: u8) {
    // A block that is dark all through: no stroke at the edge of a page is so broad.
    let mut dark = gray.blocks(BLOCK, 0, u8::max).ink(level);
    let (n_cols, n_rows) = (dark.width, dark.height);
    let edges = dark.edges();
    for block in dark.drain_connected(edges, Reach::Within(1)) {
        let (x, y) = (block % n_cols, block / n_cols);
        // Its rim is half dark: the blocks around it go with it.
        let rows = y.saturating_sub(1) * BLOCK..((y + 2).min(n_rows) * BLOCK).min(gray.height);
        let columns = x.saturating_sub(1) * BLOCK..((x + 2).min(n_cols) * BLOCK).min(gray.width);
        for y in rows {
            gray.row_mut(y)[columns.clone()].fill(255);
        }
    }
}
