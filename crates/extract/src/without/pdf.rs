//! What stands for the way of a PDF in a build without PDF.

use super::{Extracted, ReadOptions};
use crate::error::ExtractError;

/// Says that a PDF can't be read.
pub(super) fn lines(
    _name: &str,
    _bytes: Vec<u8>,
    _options: &ReadOptions,
) -> Result<Extracted, ExtractError> {
    Err(ExtractError::BuiltWithoutPdf)
}
