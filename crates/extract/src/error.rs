//! Why an input can't be read.

use crate::watch::UnreadReason;

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
    #[error(
        "is a PDF, and this program was built to read text alone; build it with the feature `pdf`, or give it the text (.txt)"
    )]
    BuiltWithoutPdf,
    #[error("has no page that could be read (of {n_pages}): {why}")]
    NoText {
        n_pages: usize,
        why: String,
        reason: UnreadReason,
    },
    #[error("is not text: it holds NUL bytes, first at byte {0}")]
    Binary(usize),
    #[error("is text neither in UTF-8 nor in GB18030 (first bad byte: {0}); convert it to UTF-8")]
    Encoding(usize),
}

/// Why a PDF can't be read. One variant for each thing that a user can do about it.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    #[error("is not a PDF: it does not begin with %PDF")]
    NotPdf,
    #[error("is damaged beyond repair; fetch it anew, or save it anew from a viewer that opens it")]
    Damaged,
    #[error(
        "is protected by a password; remove it first (for example `qpdf --decrypt --password=… IN OUT`)"
    )]
    Password,
    #[error(
        "is encrypted in a way that is not supported, or damaged as well; decrypt it first (for example `qpdf --decrypt IN OUT`)"
    )]
    Encryption,
    #[error("is a PDF without pages")]
    NoPages,
    #[error("has {0} MB, more than is read at once (1,024 MB); split it")]
    TooLarge(usize),
    #[error(
        "asks for far more drawing than a document needs: malformed or hostile; print it to a new PDF from a viewer"
    )]
    TooMuchWork,
}
