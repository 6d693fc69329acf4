//! What may be the head of a document and was not taken for one.

use super::check;
use crate::segment::Segmented;
use model::{Check, CheckRule};

/// Names each of them, with its place.
pub fn possible_documents(gazette: &Segmented) -> Vec<Check> {
    let named = gazette.possible.iter().map(|possible| Check {
        found: Some(possible.text.clone()),
        ..check(CheckRule::PossibleDocument, None, &possible.at, false)
    });
    named.collect()
}
