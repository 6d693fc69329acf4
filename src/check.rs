//! Checks: statements that can hold or fail. A check never changes a value.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::repair::blocks::Place;
use crate::segment::Segmented;

/// One statement about the gazette.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    pub rule: CheckRule,
    pub at: Vec<Place>,
    /// Index into `documents`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<usize>,
    /// `null` where the print does not say enough.
    pub holds: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckRule {
    ContentsTitle,
}

pub fn checks(_: &Segmented, _: &Config) -> Vec<Check> {
    Vec::new()
}

pub fn table(_: &crate::output::Output, _: bool) -> String { String::new() }
