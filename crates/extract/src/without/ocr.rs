//! What stands for OCR in a build without it: every page that needs it stays unread, and says so.

use crate::page::Page;
pub use crate::recognition::Mode;
use crate::recognition::{Recognition, Request};
use crate::watch::{Unread, UnreadReason};

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

    /// Keeps nothing, as it reads nothing.
    pub fn keeping(self, _folder: &std::path::Path) -> Self {
        self
    }

    /// There is no cache.
    pub fn key_of_file(&self, _bytes: &[u8]) -> Option<[u8; 32]> {
        None
    }
}

/// There is no cache.
pub fn shrink_cache(_folder: &std::path::Path, _most: u64) -> std::io::Result<()> {
    Ok(())
}

/// Names the pages that OCR should have read.
pub fn pages(request: &Request, _reader: Option<&Reader>, _pages: &mut [Page]) -> Recognition {
    let unread = |(page, why): &(u32, &str)| Unread {
        page: *page,
        reason: UnreadReason::OcrOff,
        why: format!("{why}, and {BUILT_WITHOUT}"),
    };
    Recognition {
        unread: request.image_pages.iter().map(unread).collect(),
        ..Recognition::default()
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

    /// There are none.
    pub fn named(_configured: &str) -> Result<Option<String>, String> {
        Ok(None)
    }

    /// Installs nothing, and says why.
    pub fn install(_models: &str, _from: Option<&Path>) -> Result<Installed, String> {
        Err(format!("no models are needed: {}", super::BUILT_WITHOUT))
    }
}
