//! The whole of `<stem>.json`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::blocks::{Block, Element};
use crate::check::Check;
use crate::document::Document;
use crate::gazette::{ContentsEntry, Gazette};
use crate::repair::Repair;
use crate::source::Source;

pub const SCHEMA_VERSION: &str = "1.0";

/// A gazette: the whole of `<stem>.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Output {
    pub schema_version: String,
    pub source: Source,
    pub gazette: Gazette,
    pub contents: Vec<ContentsEntry>,
    pub documents: Vec<Document>,
    /// Printed, but part of no document: 大事记, notices.
    pub other: Vec<Block>,
    /// Cover, masthead, section headings, imprint.
    pub furniture: Vec<Element>,
    /// In the order in which they were made.
    pub repairs: Vec<Repair>,
    pub checks: Vec<Check>,
}

/// JSON Schema 2020-12 of [`Output`].
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Output).to_value()
}
