//! The data that `gongbao` writes: lines, blocks, documents, repairs, checks, and their JSON Schema.
//!
//! Plain data with public fields and nothing else: the ground floor that every stage and the audit stand on.

mod blocks;
mod check;
mod document;
mod gazette;
mod line;
mod output;
mod repair;
mod source;

pub use blocks::{AttachmentItem, Block, CellBlock, Element, Place, Role, TableBlock};
pub use check::{Check, CheckRule};
pub use document::{Attachment, AttachmentRole, Citation, Colophon, Document, Number};
pub use gazette::{ContentsEntry, Gazette};
pub use line::{Line, LineCharacter, is_blank};
pub use output::{Output, SCHEMA_VERSION, schema};
pub use repair::{Repair, Rule};
pub use source::{DetectorSource, Metadata, OcrSource, PageKinds, Source};
