//! What is so of the Chinese script and of official documents (GB/T 9704-2012), whatever gazette prints them.

pub mod attachments;
pub mod colophon;
pub mod contents;
pub mod damaged_number;
pub mod facts;
pub mod figures;
pub mod folio;
pub mod footnotes;
pub mod formula;
pub mod head;
pub mod issuers;
pub mod label;
pub mod lookalikes;
pub mod masthead;
pub mod metadata;
pub mod number;
pub mod pattern;
pub mod profiles;
pub mod radicals;
pub mod roster;
pub mod script;
pub mod signature;
mod t2s;
pub mod tables;
pub mod titles;
mod vocabulary;
pub mod words;
