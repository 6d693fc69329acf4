//! Segmentation: passages become the gazette, its contents and its documents.

mod contents;
mod document;
mod masthead;
mod starts;

use std::collections::HashMap;

use rayon::prelude::*;

use crate::config;
use crate::repair::facts::raw_label;
use crate::repair::log::Log;
use crate::repair::{Draft, Form, Passage, Repaired, Span};
use language::facts::TextFacts;
use model::{Block, ContentsEntry, Document, Element, Gazette, Number, Role};

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
    /// What the words of each passage say of it.
    pub facts: Vec<TextFacts>,
    pub config: &'r config::Segment,
}

impl<'r, 'a> Reading<'r, 'a> {
    fn new(draft: &'r Draft<'a>, passages: &'r [Passage], config: &'r config::Segment) -> Self {
        let (texts, facts) = passages
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
                    return (String::new(), TextFacts::default());
                }
                let text = draft.text(&p.spans);
                let raw = p
                    .spans
                    .first()
                    .map_or("", |s| draft.lines[s.line].text.as_str());
                let mut facts = TextFacts::new(&text, &config.forms);
                facts.label = facts
                    .label
                    .or_else(|| raw_label(&text, raw))
                    .or_else(|| draft.facts[p.spans.first()?.line].decimal());
                (text, facts)
            })
            .unzip();
        Reading {
            draft,
            passages,
            texts,
            facts,
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
    let read: Vec<(Option<Document>, Vec<Block>, Log)> = starts
        .par_iter()
        .zip(ends)
        .map(|(start, end)| {
            let rest: Vec<usize> = (start.passages.start..end).filter(|&i| !taken[i]).collect();
            if start.is_other {
                let (blocks, log) = document::blocks(&reading, &rest);
                (None, blocks, log)
            } else {
                let (document, log) = document::document(&reading, start, &rest);
                (Some(document), Vec::new(), log)
            }
        })
        .collect();
    let before: Vec<usize> = (0..first).filter(|&i| !taken[i]).collect();
    let (mut other, mut log) = document::blocks(&reading, &before);
    let mut documents: Vec<Document> = Vec::new();
    for (start, (document, blocks, log_of_document)) in starts.iter().zip(read) {
        if let (Some(entry), Some(_)) = (start.entry, &document) {
            contents[entry].document = Some(documents.len());
        }
        documents.extend(document);
        other.extend(blocks);
        log.append(log_of_document);
    }
    name(&mut documents);
    let starts = documents
        .iter()
        .map(|document| repaired.draft.leaf(document.at.first()?))
        .collect();
    repaired.draft.append(log);
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
