//! OCR: an image page becomes what a text layer would have given.
//!
//! ```text
//! extract::pdf::scan::scan  page            → pixels               the scanner's own, or drawn at 300 dpi
//! prepare::prepare          pixels          → upright, clean grey  and the way back to points
//! find::find                grey            → rulings, line boxes
//! Recogniser::lines         line pictures   → characters           each with its place, confidence and runner-up
//! models::find              configuration   → file                 the recognition model, checked
//! ```

pub mod find;
pub mod models;
pub mod prepare;
pub mod raster;
pub mod recognise;
#[cfg(test)]
mod sheet;
