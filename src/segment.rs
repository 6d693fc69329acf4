//! Segmentation: passages become the gazette, its contents and its documents.

mod contents;
mod document;
mod masthead;
pub mod number;
mod starts;

use std::collections::HashMap;
use std::sync::LazyLock;

use rayon::prelude::*;
use regex::Regex;

use crate::config;
use crate::repair::blocks::{Block, Element, Role};
use crate::repair::label::Label;
use crate::repair::paragraphs::printed_label;
use crate::repair::{Draft, Form, Passage, Repaired, Span};
pub use contents::ContentsEntry;
pub use document::{Attachment, AttachmentRole, Citation, Colophon, Document};
pub use masthead::Gazette;
use number::Number;

/// 文种: the fifteen kinds of GB/T 9704-2012, longest first where one ends in another.
pub const KINDS: [&str; 16] = [
    "决议", "决定", "命令", "公报", "公告", "通告", "意见", "通知", "通报", "报告", "请示", "批复",
    "议案", "函", "纪要", "令",
];

/// The segmented gazette.
#[derive(Debug)]
pub struct Segmented {
    pub gazette: Gazette,
    pub contents: Vec<ContentsEntry>,
    pub documents: Vec<Document>,
    /// The page on which each of them begins; where a sheet shows two pages of a book, they are two.
    pub starts: Vec<Option<u32>>,
    pub other: Vec<Block>,
    pub furniture: Vec<Element>,
}

/// Passages with what is read off each of them once.
pub(crate) struct Reading<'r, 'a> {
    pub draft: &'r Draft<'a>,
    pub passages: &'r [Passage],
    pub texts: Vec<String>,
    pub labels: Vec<Option<Label>>,
    pub config: &'r config::Segment,
}

impl<'r, 'a> Reading<'r, 'a> {
    fn new(draft: &'r Draft<'a>, passages: &'r [Passage], config: &'r config::Segment) -> Self {
        let (texts, labels) = passages
            .par_iter()
            .map(|p| {
                if !matches!(
                    p.form,
                    Form::Text
                        | Form::Formula
                        | Form::ContentsEntry
                        | Form::ContentsSection
                        | Form::ContentsTitle
                ) {
                    return (String::new(), None);
                }
                let text = draft.text(&p.spans);
                let raw = p
                    .spans
                    .first()
                    .map_or("", |s| draft.lines[s.line].text.as_str());
                let label = printed_label(&text, raw)
                    .or_else(|| draft.decimals[p.spans.first()?.line].clone());
                (text, label)
            })
            .unzip();
        Reading {
            draft,
            passages,
            texts,
            labels,
            config,
        }
    }

    pub fn is_text(&self, i: usize) -> bool {
        self.passages
            .get(i)
            .is_some_and(|p| matches!(p.form, Form::Text))
    }

    /// As [`Draft::leaves`] counts them.
    pub fn leaf(&self, i: usize) -> Option<u32> {
        self.passages[i]
            .spans
            .first()
            .and_then(|s| self.draft.leaves[s.line])
    }

    pub fn page(&self, i: usize) -> Option<u32> {
        self.passages[i]
            .spans
            .first()
            .and_then(|s| self.draft.lines[s.line].page)
    }
}

/// Cuts the gazette into its documents and reads each of them.
pub fn documents(repaired: &mut Repaired, config: &config::Segment) -> Segmented {
    let reading = Reading::new(&repaired.draft, &repaired.passages, config);
    let mut contents = contents::entries(&reading);
    let starts = starts::starts(&reading, &contents);
    let mut furniture = Vec::new();
    let mut taken = vec![false; reading.passages.len()];
    for (i, passage) in reading.passages.iter().enumerate() {
        match passage.form {
            Form::ContentsEntry => taken[i] = true,
            Form::ContentsTitle | Form::ContentsSection => {
                let role = if matches!(passage.form, Form::ContentsTitle) {
                    Role::ContentsTitle
                } else {
                    Role::Section
                };
                furniture.push(document::element(&reading, i..i + 1, role));
                taken[i] = true;
            }
            _ => {}
        }
    }
    furniture.extend(
        repaired
            .furniture
            .iter()
            .map(|&(line, role)| document::element_of(&reading, &[Span::line(line)], role)),
    );
    let first = starts
        .first()
        .map_or(reading.passages.len(), |s| s.passages.start);
    let gazette = masthead::gazette(&reading, first, &mut taken, &mut furniture);
    starts::sections(&reading, &contents, &starts, &mut taken, &mut furniture);

    let ends: Vec<usize> = starts
        .iter()
        .skip(1)
        .map(|s| s.passages.start)
        .chain([reading.passages.len()])
        .collect();
    let read: Vec<(Option<Document>, Vec<Block>, Vec<crate::repair::Repair>)> = starts
        .par_iter()
        .zip(ends)
        .map(|(start, end)| {
            let rest: Vec<usize> = (start.passages.start..end).filter(|&i| !taken[i]).collect();
            if start.is_other {
                let (blocks, repairs) = document::blocks(&reading, &rest);
                (None, blocks, repairs)
            } else {
                let (document, repairs) = document::document(&reading, start, &rest);
                (Some(document), Vec::new(), repairs)
            }
        })
        .collect();
    let before: Vec<usize> = (0..first).filter(|&i| !taken[i]).collect();
    let (mut other, mut repairs) = document::blocks(&reading, &before);
    let mut documents: Vec<Document> = Vec::new();
    for (start, (document, blocks, log)) in starts.iter().zip(read) {
        if let (Some(entry), Some(_)) = (start.entry, &document) {
            contents[entry].document = Some(documents.len());
        }
        documents.extend(document);
        other.extend(blocks);
        repairs.extend(log);
    }
    name(&mut documents);
    let starts = documents
        .iter()
        .map(|document| repaired.draft.leaf(document.at.first()?))
        .collect();
    repaired.draft.repairs.extend(repairs);
    Segmented {
        gazette,
        contents,
        documents,
        starts,
        other,
        furniture,
    }
}

/// 公文标识: the number where it is one document's alone, else the title, told apart by a counter.
fn name(documents: &mut [Document]) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for document in documents {
        let base = match (document.numbers.first(), &document.title) {
            (
                Some(Number {
                    text,
                    issuer_code: Some(_),
                    ..
                }),
                _,
            ) => text.clone(),
            (Some(Number { text, .. }), Some(title)) => format!("{title}{text}"),
            (_, Some(title)) => title.clone(),
            _ => "无题".to_owned(),
        };
        let n = seen.entry(base.clone()).or_insert(0);
        *n += 1;
        document.id = if *n == 1 { base } else { format!("{base}~{n}") };
    }
}

/// A title without the mark of a footnote at its end: `统计公报[1]`, `统计公报①`, `统计公报*`.
pub fn without_mark(title: &str) -> &str {
    static MARK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\s*(?:[\[［〔]\s*(?:\d{1,2}|注)\s*[\]］〕]|[①-⑳*＊※¹²³])\s*$").unwrap()
    });
    MARK.find(title)
        .map_or(title, |mark| &title[..mark.start()])
}

/// The 文种 that a title ends in, brackets after it left aside: 关于…的通知（试行） is a 通知.
pub fn kind_of(title: &str) -> Option<&'static str> {
    let mut body = without_mark(title).trim_end();
    while let Some(open) = body
        .ends_with(['）', ')'])
        .then(|| body.rfind(['（', '(']))
        .flatten()
    {
        body = body[..open].trim_end();
    }
    let body = body.trim_end_matches(['》', '”']);
    KINDS.iter().find(|kind| body.ends_with(**kind)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        assert_eq!(kind_of("关于印发方案的通知"), Some("通知"));
        assert_eq!(
            kind_of("关于河北雄安新区总体规划（2018—2035年）的批复"),
            Some("批复")
        );
        assert_eq!(kind_of("关于工作的意见（试行）"), Some("意见"));
        assert_eq!(kind_of("优化营商环境条例"), None);
        assert_eq!(
            kind_of("2023年国民经济和社会发展统计公报［1］"),
            Some("公报")
        );
        assert_eq!(kind_of("关于开展第五次经济普查的公告*"), Some("公告"));
    }
}
