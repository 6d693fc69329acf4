//! What is so of the Chinese script and of official documents (GB/T 9704-2012), whatever gazette prints them.

pub mod figures;
pub mod issuers;
pub mod label;
pub mod lookalikes;
pub mod number;
pub mod pattern;
pub mod script;
pub mod titles;
pub mod words;
