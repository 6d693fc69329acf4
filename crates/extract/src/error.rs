//! Why an input can't be read.

use crate::pdf::PdfError;

/// Why an input can't be read. One variant for each thing that a user can do about it.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    #[error("can't be opened: {0}")]
    Unreadable(#[from] std::io::Error),
    #[error("is empty: nothing to read")]
    Empty,
    #[error("is a {0}, which this version does not read; give it a PDF or the text (.txt)")]
    OtherFormat(&'static str),
    #[error(transparent)]
    Pdf(#[from] PdfError),
    #[error("has no page that could be read (of {n_pages}): {why}")]
    NoText { n_pages: usize, why: String },
    #[error("is not text: it holds NUL bytes, first at byte {0}")]
    Binary(usize),
    #[error("is text neither in UTF-8 nor in GB18030 (first bad byte: {0}); convert it to UTF-8")]
    Encoding(usize),
}
