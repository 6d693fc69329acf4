//! A document (公文) and what it consists of, with the names of GB/T 9704-2012 and GB/T 33480-2016.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::blocks::{Block, Element, Place};

/// One 公文.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Document {
    /// 公文标识: the same for the same input; two documents never share one.
    pub id: String,
    /// 发文字号; several for a joint document, none where none is printed.
    pub numbers: Vec<Number>,
    /// 标题: its lines joined, without inner spaces.
    pub title: Option<String>,
    /// 文种: one of the fifteen, 令, or `other`.
    pub kind: Option<String>,
    /// 主送机关
    pub addressees: Vec<String>,
    /// 正文
    pub body: Vec<Block>,
    /// 署名
    pub signatories: Vec<String>,
    /// 成文日期, ISO
    pub date: Option<String>,
    pub date_printed: Option<String>,
    /// 附件, and the text that a 印发 notice issues, in printed order.
    pub attachments: Vec<Attachment>,
    pub colophon: Option<Colophon>,
    pub citations: Vec<Citation>,
    /// First and last page, 1-based; absent for a text without page breaks.
    pub pages: Option<[u32; 2]>,
    /// What the fields above are read from, as printed.
    pub elements: Vec<Element>,
    /// Where the title stands.
    pub at: Vec<Place>,
    /// How likely it is that a document begins there, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
}

/// A document's number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Number {
    /// Normal form: 云政发〔2023〕1号, 第37号.
    pub text: String,
    pub printed: String,
    /// 云政发; absent for a 令 or 公告.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<u32>,
    pub seq: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentRole {
    /// 附件
    Attachment,
    /// The text that a 印发, 转发 or 公布 document issues.
    Enclosure,
}

/// A text that comes with a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Attachment {
    pub role: AttachmentRole,
    /// 附件1
    pub label: Option<String>,
    /// 发文字号, where the text has one of its own.
    pub numbers: Vec<Number>,
    pub title: Option<String>,
    /// 文种, where the title names one.
    pub kind: Option<String>,
    /// 主送机关, where the text has an address of its own.
    pub addressees: Vec<String>,
    pub body: Vec<Block>,
    /// 署名, below the title or at the end.
    pub signatories: Vec<String>,
    /// 成文日期, ISO
    pub date: Option<String>,
    pub date_printed: Option<String>,
    /// What the fields above are read from, as printed.
    pub elements: Vec<Element>,
}

/// 版记
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Colophon {
    pub copied_to: Vec<String>,
    pub printed_by: Option<String>,
    /// ISO date
    pub printed_on: Option<String>,
}

/// `《title》（number）` in the text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Citation {
    pub number: String,
    pub title: String,
    pub at: Vec<Place>,
}
