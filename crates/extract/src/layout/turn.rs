//! How the text of a page is set against the page.

use crate::geom::Rect;
use crate::page::{Glyph, Page};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    None,
    /// Its lines run down the page, each left of the one before: vertical writing, or a sheet turned clockwise.
    Down,
    /// Its lines run up the page: a sheet turned counter-clockwise.
    Up,
}

/// Part of the glyphs that are turned on a page that is.
const MOST: (usize, usize) = (6, 10);

impl Turn {
    /// A page is turned when most of its text is.
    pub fn from_page(page: &Page) -> Self {
        let is_shown = |glyph: &&Glyph| !glyph.text.trim().is_empty();
        let is_down = |glyph: &&Glyph| glyph.vertical && glyph.turn == 0 || glyph.turn == 1;
        let shown: Vec<&Glyph> = page.glyphs.iter().filter(is_shown).collect();
        // Of characters that the file sets one by one only their places tell that a column of them runs down.
        let under = shown
            .windows(2)
            .filter(|pair| pair[1].stands_under(pair[0]));
        let n_down = shown
            .iter()
            .copied()
            .filter(is_down)
            .count()
            .max(under.count());
        let n_up = shown.iter().filter(|glyph| glyph.turn == 3).count();
        if n_down * MOST.1 > shown.len() * MOST.0 {
            Turn::Down
        } else if n_up * MOST.1 > shown.len() * MOST.0 {
            Turn::Up
        } else {
            Turn::None
        }
    }

    /// Where a box stands when the lines run from left to right.
    pub fn apply(self, bbox: Rect, width: f32, height: f32) -> Rect {
        let Rect { x0, y0, x1, y1 } = bbox;
        match self {
            Turn::None => bbox,
            Turn::Down => Rect::from([y0, width - x1, y1, width - x0]),
            Turn::Up => Rect::from([height - y1, x0, height - y0, x1]),
        }
    }

    /// The inverse; `width` and `height` are those of the turned page.
    pub fn undo(self, bbox: Rect, width: f32, height: f32) -> Rect {
        let Rect { x0, y0, x1, y1 } = bbox;
        match self {
            Turn::None => bbox,
            Turn::Down => Rect::from([height - y1, x0, height - y0, x1]),
            Turn::Up => Rect::from([y0, width - x1, y1, width - x0]),
        }
    }
}
