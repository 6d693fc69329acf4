//! The head of a document, as it was found.

use std::ops::Range;

use model::Number;

/// The head of a document.
#[derive(Debug, Clone)]
pub struct Start {
    /// From the first passage of the head to the one after its last.
    pub passages: Range<usize>,
    pub title: Vec<usize>,
    /// Passages that hold nothing but numbers.
    pub number_lines: Vec<usize>,
    pub numbers: Vec<Number>,
    /// Index of its entry in the contents.
    pub entry: Option<usize>,
    /// The contents name it, but it is no document: 大事记.
    pub is_other: bool,
}

impl Start {
    /// A head that no entry of the contents names yet.
    pub fn new(
        passages: Range<usize>,
        title: Vec<usize>,
        number_lines: Vec<usize>,
        numbers: Vec<Number>,
    ) -> Start {
        Start {
            passages,
            title,
            number_lines,
            numbers,
            entry: None,
            is_other: false,
        }
    }

    pub fn has_issuer_code(&self) -> bool {
        self.numbers.iter().any(|n| n.issuer_code.is_some())
    }
}
