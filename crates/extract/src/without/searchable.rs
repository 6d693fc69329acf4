//! What stands for searchable copies in a build without PDF: there are none.

use std::io::Write;

use crate::read::Extracted;

/// The text of a page.
#[derive(Debug)]
pub struct Layer;

/// No page has been read by OCR.
pub fn layers(_extracted: &mut Extracted) -> Vec<Layer> {
    Vec::new()
}

/// Writes nothing, and says why.
pub fn write(
    _pdf: Vec<u8>,
    _n_pages: u32,
    _layers: &[Layer],
    _out: &mut impl Write,
) -> Result<(), &'static str> {
    Err("this program was built without PDF (the feature `pdf`)")
}
