//! What is asked of OCR, and what came of it.

use std::sync::Arc;

use crate::watch::{Unread, Watch};
use model::OcrSource;

/// Which pages of a PDF are read by OCR.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// Those without text that can be trusted.
    #[default]
    Auto,
    /// All that are not blank.
    Always,
    Never,
}

/// What is to be read of a PDF.
#[expect(
    missing_debug_implementations,
    reason = "a function that hears of progress has nothing to show"
)]
pub struct Request<'r> {
    pub bytes: &'r Arc<Vec<u8>>,
    /// What names the pages of the file in a cache, if one is used.
    pub key: Option<[u8; 32]>,
    /// Pages to be recognised, and why each has to be.
    pub image_pages: Vec<(u32, &'static str)>,
    /// Pages that have their text, whose rulings are to be found in their pictures.
    pub searchable_pages: Vec<u32>,
    /// Hears of each page that is recognised.
    pub watch: Option<&'r Watch<'r>>,
}

/// What came of reading pages by OCR.
#[derive(Debug, Default)]
pub struct Recognition {
    /// What read the pages, as DA/T 77 asks it to be named; `None` if nothing did.
    pub source: Option<OcrSource>,
    /// Page and box of each red seal.
    pub seals: Vec<(u32, [f32; 4])>,
    /// Pages that could not be read, and why.
    pub unread: Vec<Unread>,
    /// Pages with fewer pixels per inch than OCR needs, and how many.
    pub coarse: Vec<(u32, u32)>,
}
