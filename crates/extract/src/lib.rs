//! Extraction: an input file becomes printed lines in reading order, with the places that they stand in.
//!
//! ```text
//! read                  file → Extracted         the driver; knows all that stands below, and nothing below knows it
//!   text                bytes → lines
//!   pdf::pages          bytes → Page             glyphs, rulings, images, and whether the text can be believed
//!   ocr::pages          pictures → Page          as a text layer would have given it
//!   layout::lay_out     pages → Laid             printed lines in reading order, and tables
//! searchable            Extracted → PDF          the input with what OCR read laid unseen on its pages
//! page, laid, watch, error   the data that they hand on
//! hash                       what names a file by what it holds
//! ```
//!
//! The features `pdf` and `ocr` each switch a room on; what stands in its place without it is in `without/`.

pub mod confidence;
mod error;
#[cfg(feature = "pdf")]
pub mod geom;
pub mod hash;
pub mod laid;
#[cfg(feature = "pdf")]
mod numeric;
pub mod page;
#[cfg(feature = "ocr")]
pub mod raster;
mod recognition;

#[cfg(feature = "pdf")]
pub mod layout;
#[cfg_attr(not(feature = "ocr"), path = "without/ocr.rs")]
pub mod ocr;
#[cfg(feature = "pdf")]
pub mod pdf;
mod text;
pub mod watch;

pub mod read;
#[cfg_attr(not(feature = "pdf"), path = "without/searchable.rs")]
pub mod searchable;

pub use error::{ExtractError, PdfError};
pub use read::{Extracted, OcrReport, ReadOptions, lines, lines_of_bytes};
pub use text::PageMarker;
