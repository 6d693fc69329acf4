//! An image page becomes what a text layer would have given: the way from pixels to lines that can be recognised.
//!
//! ```text
//! extract::pdf::scan::scan  page           → pixels              the scanner's own, or drawn at 300 dpi
//! prepare::prepare          pixels         → upright, clean ink  and the way back to points
//! find::find                ink            → rulings, line boxes
//! ```

pub mod find;
pub mod prepare;
pub mod raster;
#[cfg(test)]
mod sheet;
