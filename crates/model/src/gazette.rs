//! The printed issue and its contents (目录).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::blocks::Place;

/// The printed issue.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Gazette {
    pub title: Option<String>,
    pub year: Option<u32>,
    pub issue: Option<u32>,
    /// 上 中 下
    pub part: Option<String>,
    /// 总第N期
    pub serial: Option<u32>,
    pub sponsor: Option<String>,
    /// ISO date
    pub published: Option<String>,
}

/// One entry of the contents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ContentsEntry {
    pub section: Option<String>,
    pub seq: Option<u32>,
    pub title: String,
    /// 发文字号 in its normal form.
    pub number: Option<String>,
    /// Page of the gazette, as the entry says.
    pub page: Option<u32>,
    /// Index into `documents`.
    pub document: Option<usize>,
    /// The whole entry, leaders left out.
    pub text: String,
    pub at: Vec<Place>,
}
