//! Blocks: what passages are in the output, each with the place of everything it holds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::label::Label;
use super::tables::Table;
use super::{Draft, Span};

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
    /// What a recogniser made of dirt beside the text
    Speck,
}

/// The places of spans: one for each page, the lines in order.
pub fn places(draft: &Draft, spans: &[Span]) -> Vec<Place> {
    let mut places: Vec<(Place, Vec<[usize; 2]>, bool)> = Vec::new();
    let mut leaf = None;
    for span in spans {
        let line = &draft.lines[span.line];
        let text = &draft.texts[span.line];
        let whole = draft.slice(&Span::line(span.line));
        let part = draft.slice(span);
        // Offsets are counted only where a part is taken: a line may be very long.
        let (range, is_part) = match &span.range {
            Some(range) if part.len() != whole.len() => {
                let start = text[..range.start].chars().count();
                ([start, start + part.chars().count()], true)
            }
            _ => ([0, 0], false),
        };
        match places.last_mut() {
            Some((place, ranges, parts)) if leaf == draft.leaves[span.line] => {
                place.bbox = around(place.bbox, line.bbox);
                place.lines.push(line.id.clone());
                ranges.push(range);
                *parts |= is_part;
            }
            _ => {
                let place = Place {
                    page: line.page,
                    bbox: line.bbox,
                    lines: vec![line.id.clone()],
                    chars: None,
                };
                places.push((place, vec![range], is_part));
                leaf = draft.leaves[span.line];
            }
        }
    }
    let mut next = spans.iter();
    places
        .into_iter()
        .map(|(mut place, mut ranges, parts)| {
            let spans: Vec<&Span> = next.by_ref().take(ranges.len()).collect();
            if parts {
                for (range, span) in ranges.iter_mut().zip(spans) {
                    if range[1] == 0 {
                        let text = &draft.texts[span.line];
                        let start = text
                            [..text.len() - text.trim_start_matches(crate::script::is_blank).len()]
                            .chars()
                            .count();
                        *range = [
                            start,
                            start + draft.slice(&Span::line(span.line)).chars().count(),
                        ];
                    }
                }
                place.chars = Some(ranges);
            }
            place
        })
        .collect()
}

/// The box around two boxes.
fn around(a: Option<[f32; 4]>, b: Option<[f32; 4]>) -> Option<[f32; 4]> {
    match (a, b) {
        (Some(a), Some(b)) => Some([
            a[0].min(b[0]),
            a[1].min(b[1]),
            a[2].max(b[2]),
            a[3].max(b[3]),
        ]),
        (a, b) => a.or(b),
    }
}

/// The spans that hold a part of the text that spans make, given in bytes of that text.
pub fn subspans(draft: &Draft, spans: &[Span], part: std::ops::Range<usize>) -> Vec<Span> {
    let mut out = Vec::new();
    let mut at = 0;
    for span in spans {
        if span.space_before && at > 0 {
            at += 1;
        }
        let text = draft.slice(span);
        let (start, end) = (part.start.max(at), part.end.min(at + text.len()));
        if start < end {
            let base = match &span.range {
                Some(range) => range.start,
                None => {
                    draft.texts[span.line].len()
                        - draft.texts[span.line]
                            .trim_start_matches(crate::script::is_blank)
                            .len()
                }
            };
            let whole = start == at && end == at + text.len();
            let range = if whole {
                span.range.clone()
            } else {
                Some(base + start - at..base + end - at)
            };
            out.push(Span {
                line: span.line,
                range,
                space_before: span.space_before && !out.is_empty(),
            });
        }
        at += text.len();
    }
    out
}

/// A paragraph of the spans.
pub fn paragraph(draft: &Draft, spans: &[Span], label: Option<&Label>) -> Block {
    Block::Paragraph {
        label: label.map(|l| l.text.clone()),
        text: draft.text(spans),
        at: places(draft, spans),
    }
}

/// A table with what stands above and below it.
pub fn table(draft: &Draft, table: &Table, spans: &[Span], elements: Vec<Element>) -> Block {
    let cells = table
        .cells
        .iter()
        .map(|cell| CellBlock {
            row: cell.row,
            col: cell.col,
            rowspan: cell.rowspan,
            colspan: cell.colspan,
            text: draft.text(&cell.spans),
            inferred: cell.inferred,
            at: places(draft, &cell.spans),
        })
        .collect();
    let printed = |role: Role| {
        elements
            .iter()
            .find(|e| e.role == role)
            .map(|e| e.text.clone())
    };
    let unit = printed(Role::Unit).map(|u| {
        u.trim_matches(|c| matches!(c, '（' | '）' | '(' | ')'))
            .trim_start_matches("单位")
            .trim_start_matches(['：', ':'])
            .trim()
            .to_owned()
    });
    Block::Table(TableBlock {
        caption: printed(Role::Caption),
        unit,
        n_rows: table.n_rows,
        n_cols: table.n_cols,
        header_rows: table.header_rows,
        cells,
        elements,
        at: places(draft, spans),
    })
}
