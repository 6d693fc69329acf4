//! Extraction: an input file becomes printed lines in reading order, with the places that they stand in.

pub mod confidence;
mod error;
pub mod layout;
mod numeric;
pub mod ocr;
pub mod page;
pub mod pdf;
pub mod raster;
pub mod read;
mod text;

pub use error::ExtractError;
pub use read::{Extracted, Reading, lines, lines_of_bytes};
pub use text::PageMarker;
