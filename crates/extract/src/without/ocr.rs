//! What stands for OCR in a build without it: every page that needs it stays unread, and says so.

use std::sync::Arc;

use crate::page::Page;
use crate::read::ReadOptions;
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

/// Reads no page.
#[derive(Debug)]
pub struct Reader {
    pub mode: Mode,
}

impl Reader {
    /// Takes what a build with OCR would.
    pub fn new(_models: &str, _mode: Mode, _threads: usize) -> Self {
        // A page that has text keeps it, whatever was asked for.
        Self { mode: Mode::Never }
    }
}

/// What came of reading pages by OCR: that none could be read.
#[derive(Debug, Default)]
pub struct Read {
    pub seals: Vec<(u32, [f32; 4])>,
    /// Pages that could not be read, and why.
    pub unread: Vec<(u32, String)>,
    pub coarse: Vec<(u32, u32)>,
}

impl Read {
    pub fn source(&self) -> Option<OcrSource> {
        None
    }
}

/// Names the pages that OCR should have read.
pub fn pages(
    _bytes: &Arc<Vec<u8>>,
    image_pages: &[(u32, &str)],
    _searchable: &[u32],
    options: &ReadOptions,
    _pages: &mut [Page],
) -> Read {
    let is_asked = |number: &u32| {
        options
            .pages
            .as_ref()
            .is_none_or(|pages| pages.contains(number))
    };
    let unread = image_pages
        .iter()
        .filter(|(number, _)| is_asked(number))
        .map(|(number, why)| (*number, format!("{why}, and {BUILT_WITHOUT}")))
        .collect();
    Read {
        unread,
        ..Read::default()
    }
}

const BUILT_WITHOUT: &str = "this program was built without OCR (the feature `ocr`)";

pub mod models {
    //! What stands for the models of OCR.

    use std::path::{Path, PathBuf};

    /// The models that were put in place.
    #[derive(Debug)]
    pub struct Installed {
        pub paths: Vec<PathBuf>,
        pub n_written: usize,
        pub licence: bool,
    }

    /// Installs nothing, and says why.
    pub fn install(_models: &str, _from: Option<&Path>) -> Result<Installed, String> {
        Err(format!("no models are needed: {}", super::BUILT_WITHOUT))
    }
}
