//! OCR: pictures of printed lines become characters.
//!
//! ```text
//! models::find        configuration → file     where the recognition model is, and that it is the right one
//! Recogniser::lines   line pictures → characters, each with its place, confidence and runner-up
//! ```

pub mod models;
pub mod raster;
pub mod recognise;
