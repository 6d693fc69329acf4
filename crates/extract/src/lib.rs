//! Extraction: an input file becomes printed lines in reading order, with the places that they stand in.

mod error;
pub mod geom;
pub mod layout;
pub mod ocr;
pub mod page;
pub mod pdf;
pub mod read;
mod text;

pub use error::ExtractError;
pub use read::{Extracted, Reading, lines, lines_of_bytes};
pub use text::PageMarker;
