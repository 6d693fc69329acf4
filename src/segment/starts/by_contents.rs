//! Heads at the titles that the contents name: the best chain of matches in which entries and passages advance.

mod chain;
mod index;

use std::ops::Range;

use rayon::prelude::*;

use super::Start;
use super::title_lines::without_item_number;
use crate::segment::contents::Contents;
use crate::segment::passages::Passages;
use chain::heaviest_chain;
use index::Index;
use language::head::without_date;
use language::script::{fold, similarity};
use language::titles::is_no_document;
use model::ContentsEntry;

/// The longest passage, in bytes, that can be of a title.
const LONGEST_PASSAGE: usize = 900;
/// Characters by which a title in the body can be longer than its entry.
const LONGER: usize = 24;
/// By how much another line of the title must make it more alike.
const BETTER: f64 = 0.01;
/// What being on the page that the entry names weighs, beside the likeness of the titles, which is 1 at most.
const PAGE_WEIGHT: f64 = 0.2;
/// What having the entry's number among the others weighs.
const ITEM_WEIGHT: f64 = 0.2;

/// An entry, passages that can be its title, and how much speaks for it.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub entry: usize,
    pub passages: Range<usize>,
    pub weight: f64,
}

/// Finds them below the contents, in order.
pub fn starts(passages: &Passages, contents: &Contents) -> Vec<Start> {
    let wanted: Vec<String> = contents
        .entries
        .iter()
        .map(|entry| fold(&without_date(&entry.title)))
        .collect();
    let index = Index::new(passages, contents.body, &wanted);
    let mut candidates: Vec<Candidate> = contents
        .entries
        .par_iter()
        .enumerate()
        .flat_map_iter(|(e, entry)| candidates(passages, &index, e, entry, &wanted[e]))
        .collect();
    candidates.sort_by_key(|c| (c.passages.start, c.entry));
    let mut starts = Vec::new();
    for candidate in heaviest_chain(&candidates) {
        starts.push(start(contents, candidate));
    }
    starts
}

/// Where the title of an entry can stand.
fn candidates(
    passages: &Passages,
    index: &Index,
    e: usize,
    entry: &ContentsEntry,
    wanted: &str,
) -> Vec<Candidate> {
    index
        .likeliest(e, wanted)
        .into_iter()
        .filter_map(|at| {
            let (end, alike) = most_alike(passages, at, wanted)?;
            (alike >= passages.config.title_similarity).then(|| {
                let range = at..end;
                Candidate {
                    entry: e,
                    weight: alike + evidence(passages, entry, &range),
                    passages: range,
                }
            })
        })
        .collect()
}

/// How many passages from one on make the title that is most alike, as the passage after them, and how alike it is.
fn most_alike(passages: &Passages, at: usize, wanted: &str) -> Option<(usize, f64)> {
    let longest = wanted.chars().count() + LONGER;
    let last = (at + passages.config.title_lines).min(passages.list.len());
    let mut title = String::new();
    let mut best: Option<(usize, f64)> = None;
    for i in at..last {
        let text = &passages.texts[i];
        if !passages.is_text(i) || text.len() > LONGEST_PASSAGE || i > at && text.contains('。') {
            break;
        }
        title.push_str(&fold(if i == at {
            without_item_number(passages, at)
        } else {
            text
        }));
        let alike = similarity(wanted, &fold(&without_date(&title)));
        let is_whole = alike == 1.0 && best.is_some_and(|(_, so_far)| so_far < alike);
        if is_whole || best.is_none_or(|(_, so_far)| alike > so_far + BETTER) {
            best = Some((i + 1, alike));
        }
        if title.chars().count() > longest {
            break;
        }
    }
    best
}

/// What speaks for a head beside its title: its page, and its number in the contents.
fn evidence(passages: &Passages, entry: &ContentsEntry, title: &Range<usize>) -> f64 {
    let page = match (entry.page, passages.leaf(title.start)) {
        (Some(listed), Some(printed)) => PAGE_WEIGHT / (1.0 + f64::from(listed.abs_diff(printed))),
        _ => 0.0,
    };
    let label = passages.facts[title.start].label.as_ref();
    let is_numbered = label.is_some_and(|l| Some(l.seq) == entry.seq);
    page + ITEM_WEIGHT * f64::from(u8::from(is_numbered))
}

/// The head of an entry.
fn start(contents: &Contents, candidate: &Candidate) -> Start {
    let range = candidate.passages.clone();
    let entry = &contents.entries[candidate.entry];
    Start {
        title: range.clone().collect(),
        passages: range,
        number_lines: Vec::new(),
        numbers: Vec::new(),
        entry: Some(candidate.entry),
        is_other: entry.number.is_none() && is_no_document(&entry.title),
    }
}
