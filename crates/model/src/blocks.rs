//! Blocks and elements: what lines become, each with the place of everything it holds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where something stands. A text input has `lines` alone, and a page where it has page breaks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// 1-based page of the input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// In points from the page's top left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bbox: Option<[f32; 4]>,
    pub lines: Vec<String>,
    /// One range for each of `lines`, where not all of them are taken whole: characters (Unicode scalar values)
    /// of the line's repaired text, end exclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chars: Option<Vec<[usize; 2]>>,
}

/// A piece of a document's text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Block {
    Heading {
        /// 一、 is 1, （一） 2, 1. 3, （1） 4; 章 节 条 where a document uses them.
        level: u8,
        label: Option<String>,
        /// With its label.
        text: String,
        at: Vec<Place>,
        /// How likely it is that this is a heading, 0 to 1.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confidence: Option<f32>,
    },
    Paragraph {
        label: Option<String>,
        /// With its label.
        text: String,
        at: Vec<Place>,
    },
    Table(TableBlock),
    Formula {
        text: String,
        at: Vec<Place>,
    },
    Figure {
        at: Vec<Place>,
    },
    /// 附件说明: what a document says of its attachments.
    AttachmentList {
        items: Vec<AttachmentItem>,
        at: Vec<Place>,
    },
}

/// One printed table, however many pages it crosses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TableBlock {
    pub caption: Option<String>,
    pub unit: Option<String>,
    pub n_rows: usize,
    pub n_cols: usize,
    pub header_rows: usize,
    pub cells: Vec<CellBlock>,
    /// Caption, unit and notes as printed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elements: Vec<Element>,
    pub at: Vec<Place>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CellBlock {
    pub row: usize,
    pub col: usize,
    pub rowspan: usize,
    pub colspan: usize,
    /// Lines that no repair joins are parted by line breaks.
    pub text: String,
    /// Worked out and not read: the repair `infer-lost-value` says how.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inferred: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub at: Vec<Place>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AttachmentItem {
    pub seq: Option<u32>,
    pub title: String,
    /// As printed, with `附件：` and number.
    pub text: String,
    pub at: Vec<Place>,
}

/// A part of a document that is not body, as printed: the fields of the document are read from these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Element {
    pub role: Role,
    pub text: String,
    pub at: Vec<Place>,
    /// How likely it is that this is its role, 0 to 1; absent where that was not weighed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
}

/// Roles of what is printed but is no block, with the names of GB/T 9704-2012 and GB/T 33480-2016.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 份号, 密级和保密期限, 紧急程度
    Marking,
    /// 发文机关标志
    IssuerMark,
    /// 发文字号
    Number,
    /// 标题
    Title,
    /// The date or the adoption under a title, in brackets: 题注
    TitleNote,
    /// 主送机关
    Addressees,
    /// 署名
    Signatories,
    /// 成文日期
    Date,
    /// 附注
    Note,
    /// 附件1
    AttachmentLabel,
    /// 抄送, 印发机关, 印发日期
    Colophon,
    Caption,
    Unit,
    /// The word 目录
    ContentsTitle,
    /// A section of the gazette, in the contents or between documents
    Section,
    /// 刊名 刊期 on cover and first page
    Masthead,
    /// 编辑 印刷 地址
    Imprint,
    /// 页码
    Folio,
    /// 书眉
    RunningHead,
    /// 脚注: what stands below the text of a page and explains a word of it
    Footnote,
    /// 水印: text laid at a slant across the page, or in a figure
    Slanted,
    /// What a recogniser made of dirt beside the text
    Speck,
}
