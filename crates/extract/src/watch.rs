//! What whoever watches the reading of a PDF hears of its pages, and what becomes of those that can't be read.

use serde::{Deserialize, Serialize};

/// What a reader of pages is at. Pages are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageEvent {
    /// Its content is read.
    Begun(u32),
    /// Its picture is read by OCR, which takes far longer.
    Recognising(u32),
    Ended(u32),
    /// How many pages OCR has read, of how many.
    Recognised {
        n_done: usize,
        n_pages: usize,
    },
}

/// Hears of pages, from any thread.
pub type Watch<'r> = dyn Fn(PageEvent) + Sync + 'r;

/// A page whose text was not read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unread {
    pub page: u32,
    pub reason: UnreadReason,
    /// In words.
    pub why: String,
}

/// Why a page was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnreadReason {
    /// OCR was not asked for, or the program was built without it.
    OcrOff,
    /// The models of OCR are not there, or are not those that they should be.
    NoModels,
    /// It would take more pixels, bytes or steps than a page may.
    PageLimit,
    /// Its content or its picture is damaged.
    PageDamaged,
    /// It took longer than a page may, and was given up.
    PageDeadline,
    /// The program failed on it, and was begun anew without it.
    PageFault,
    /// It has ink or text, and no line was found on it.
    NoLines,
    /// What it has is in a script that the program doesn't read: the text stands as the file has it.
    OtherScript,
    /// It is drawn, without text or pictures, and no line was found on it.
    Drawing,
}

impl UnreadReason {
    /// Whether something that is printed may be missing for this reason.
    pub fn is_loss(self) -> bool {
        !matches!(self, UnreadReason::Drawing | UnreadReason::OtherScript)
    }
}
