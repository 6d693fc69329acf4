//! Segmentation: passages become the gazette, its contents and its documents.
//!
//! Each passage has one owner: the contents, the masthead, a heading between documents, one document. What nobody takes
//! is `other`.

mod aside;
mod attachments;
mod body;
mod citations;
mod contents;
mod document;
mod evidence;
mod head;
mod inner_text;
mod issued;
mod lists;
mod masthead;
mod owners;
mod passages;
mod roles;
mod seals;
mod sections;
mod signature;
mod start;
mod starts;

use std::collections::HashMap;

use rayon::prelude::*;

use crate::config;
use crate::evidence::Fact;
use crate::repair::log::Log;
use crate::repair::{Repaired, Span};
use document::Reader;
use language::masthead::is_gazette_of_issuer;
use model::{Block, ContentsEntry, Document, Element, Gazette, Number, Role};
use owners::Unowned;
use passages::Passages;
pub use roles::{Judged, reasons};
pub use seals::put_seals;
use start::Start;
use starts::ByRules;

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
    /// What may be the title of a document, and was not taken for one.
    pub possible: Vec<Element>,
}

/// Cuts the gazette into its documents and reads each of them.
pub fn documents(repaired: &mut Repaired, config: &config::Segment) -> Segmented {
    let mut passages = Passages::new(repaired, config);
    let (facts, by_rules) = facts(&passages);
    passages.judged = roles::judge(&facts);
    let passages = passages;
    let mut unowned = Unowned::new(&passages);
    let mut contents = contents::contents(&passages, &mut unowned);
    let denied = by_rules.denied.clone();
    let starts = starts::by_roles::starts(&passages, contents.body, by_rules);
    let possible = possible(&passages, &starts, &denied);
    let mut furniture = contents.furniture.clone();
    furniture.extend(lines(repaired, &passages));
    let first = starts
        .first()
        .map_or(passages.list.len(), |s| s.passages.start);
    let mut gazette = masthead::gazette(&passages, &mut unowned, first, &mut furniture);
    furniture.extend(sections::sections(
        &passages,
        &mut unowned,
        &contents,
        &starts,
    ));

    let aside = aside::aside(&passages, &mut unowned, &starts);
    furniture.extend(aside);
    masthead::complete(&mut gazette, &furniture);

    let parts = parts(&mut unowned, &starts);
    let (mut other, mut log) = other(&passages, unowned);
    let parts = starts
        .par_iter()
        .zip(parts)
        .map(|(start, unowned)| part(&passages, start, unowned))
        .collect::<Vec<Part>>();
    let mut documents: Vec<Document> = Vec::new();
    for (start, part) in starts.iter().zip(parts) {
        log.append(part.log);
        other.extend(part.other);
        if let Some(entry) = start.entry.filter(|_| part.document.is_some()) {
            contents.entries[entry].document = Some(documents.len());
        }
        documents.extend(part.document);
    }
    contents::link(&mut contents.entries, &documents, config.title_similarity);
    assign_ids(&mut documents);
    let pages = documents.iter().map(|document| document.at.first());
    let starts = pages.map(|place| repaired.draft.leaf(place?)).collect();
    repaired.draft.append(log);
    Segmented {
        gazette,
        contents: contents.entries,
        documents,
        starts,
        other,
        furniture,
        possible,
    }
}

/// Passages with which a document may begin, and none does, though no rule denies it.
fn possible(passages: &Passages, starts: &[Start], denied: &[usize]) -> Vec<Element> {
    /// A document that begins with this chance is worth a look.
    const WORTH_A_LOOK: f32 = 0.2;
    let mut is_head = vec![false; passages.list.len()];
    for start in starts {
        is_head[start.passages.clone()].fill(true);
    }
    denied.iter().for_each(|&i| is_head[i] = true);
    let may_open = |&i: &usize| {
        passages.judged[i].opens_document >= WORTH_A_LOOK
            && passages.is_text(i)
            && !is_gazette_of_issuer(&passages.squeezed(i))
            && !is_head[i]
    };
    (0..passages.list.len())
        .filter(may_open)
        .map(|i| passages.element_of(&passages.list[i].spans, Role::Title))
        .collect()
}

/// A passage as its role was judged.
#[derive(Debug)]
pub struct JudgedPassage {
    /// The ids of its lines.
    pub lines: Vec<String>,
    pub text: String,
    pub facts: Vec<Fact>,
    pub judged: Judged,
}

/// All passages as their roles are judged.
pub fn judged(repaired: &Repaired, config: &config::Segment) -> Vec<JudgedPassage> {
    let passages = Passages::new(repaired, config);
    let (facts, _) = facts(&passages);
    let judged = roles::judge(&facts);
    let ids = |i: usize| {
        let spans = passages.list[i].spans.iter();
        spans
            .map(|span| repaired.draft.lines[span.line].id.clone())
            .collect()
    };
    facts
        .into_iter()
        .zip(judged)
        .enumerate()
        .map(|(i, (facts, judged))| JudgedPassage {
            lines: ids(i),
            text: passages.texts[i].clone(),
            facts,
            judged,
        })
        .collect()
}

/// The facts by which the role of each passage is judged, and the heads that rules find, which are some of them.
fn facts(passages: &Passages) -> (Vec<Vec<Fact>>, ByRules) {
    let contents = contents::contents(passages, &mut Unowned::new(passages));
    let by_rules = starts::starts(passages, &contents);
    let facts = evidence::evidence(passages, &contents, &by_rules);
    (facts, by_rules)
}

/// Running heads, folios and footnotes, which interrupt passages; a line that a passage holds is that passage's.
fn lines(repaired: &Repaired, passages: &Passages) -> Vec<Element> {
    let mut is_held = vec![false; repaired.draft.lines.len()];
    for span in passages.list.iter().flat_map(|passage| &passage.spans) {
        is_held[span.line] = true;
    }
    let is_free = |(spans, _): &&(Vec<Span>, Role)| {
        let mut lines = spans.iter().map(|span| span.line);
        lines.all(|line| !std::mem::replace(&mut is_held[line], true))
    };
    repaired
        .furniture
        .iter()
        .filter(is_free)
        .map(|(spans, role)| passages.element_of(spans, *role))
        .collect()
}

/// Hands over the passages from each head to the next; those before the first stay.
fn parts<'p, 'r, 'a>(
    unowned: &mut Unowned<'p, 'r, 'a>,
    starts: &[Start],
) -> Vec<Unowned<'p, 'r, 'a>> {
    let mut parts: Vec<_> = starts
        .iter()
        .rev()
        .map(|start| unowned.split_off(start.passages.start))
        .collect();
    parts.reverse();
    parts
}

/// What stands between one head and the next.
struct Part<'a> {
    document: Option<Document>,
    other: Vec<Block>,
    log: Log<'a>,
}

fn part<'r, 'a>(
    passages: &Passages<'r, 'a>,
    start: &Start,
    unowned: Unowned<'_, 'r, 'a>,
) -> Part<'a> {
    if start.is_other {
        let (other, log) = other(passages, unowned);
        return Part {
            document: None,
            other,
            log,
        };
    }
    let (document, other, log) = document::document(passages, start, unowned);
    Part {
        document: Some(document),
        other,
        log,
    }
}

/// Blocks of passages that belong to no document.
fn other<'r, 'a>(
    passages: &Passages<'r, 'a>,
    mut unowned: Unowned<'_, 'r, 'a>,
) -> (Vec<Block>, Log<'a>) {
    let pieces = unowned.take_rest();
    let mut reader = Reader::new(passages, unowned);
    let blocks = body::blocks(&mut reader, None, pieces);
    (blocks, reader.log)
}

/// 公文标识: the number where it is one document's alone, else the title, told apart by a counter.
fn assign_ids(documents: &mut [Document]) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for document in documents {
        let base = match (document.numbers.first(), &document.title) {
            (Some(number), _) if number.issuer_code.is_some() => number.text.clone(),
            (Some(number), Some(title)) if title.starts_with(&number.printed) => title.clone(),
            (Some(Number { text, .. }), Some(title)) => format!("{title}{text}"),
            (_, Some(title)) => title.clone(),
            _ => "无题".to_owned(),
        };
        let n = seen.entry(base.clone()).or_insert(0);
        *n += 1;
        document.id = if *n == 1 { base } else { format!("{base}~{n}") };
    }
}
