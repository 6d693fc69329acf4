//! The contents against the body.

use std::collections::{BTreeMap, HashSet};

use super::check;
use crate::segment::Segmented;
use language::script::fold;
use language::titles::kind_of;
use model::{Check, CheckRule, ContentsEntry, Document};

/// Checks each entry against its document, and each document against the entries.
pub fn contents(gazette: &Segmented) -> Vec<Check> {
    if gazette.contents.is_empty() {
        return Vec::new();
    }
    let offset = usual_offset(gazette);
    let mut checks = Vec::new();
    let mut last = None;
    for entry in &gazette.contents {
        let Some(n) = entry.document else {
            checks.push(missing(entry));
            continue;
        };
        let document = &gazette.documents[n];
        checks.push(title(entry, n, document));
        checks.extend(number(entry, n, document));
        let is_next = last.is_none_or(|last| n > last);
        checks.push(check(
            CheckRule::ContentsOrder,
            Some(n),
            &document.at,
            is_next,
        ));
        checks.extend(page(gazette, entry, n, offset));
        last = Some(n);
    }
    let listed: HashSet<usize> = gazette.contents.iter().filter_map(|e| e.document).collect();
    for (n, document) in gazette.documents.iter().enumerate() {
        if !listed.contains(&n) {
            checks.push(Check {
                found: document.title.clone(),
                ..check(CheckRule::ContentsExtra, Some(n), &document.at, false)
            });
        }
    }
    checks
}

/// Page 1 of a gazette is mostly not page 1 of its file: the usual difference is the right one.
fn usual_offset(gazette: &Segmented) -> i64 {
    let mut offsets: BTreeMap<i64, usize> = BTreeMap::new();
    for entry in &gazette.contents {
        let start = entry.document.and_then(|n| gazette.starts[n]);
        if let (Some(page), Some(start)) = (entry.page, start) {
            *offsets
                .entry(i64::from(start) - i64::from(page))
                .or_default() += 1;
        }
    }
    let usual = offsets.iter().max_by_key(|(_, n)| **n);
    usual.map_or(0, |(offset, _)| *offset)
}

/// An entry without its document: a fault, if it names one.
fn missing(entry: &ContentsEntry) -> Check {
    let names_document = entry.number.is_some() || kind_of(&entry.title).is_some();
    Check {
        holds: names_document.then_some(false),
        expected: Some(entry.title.clone()),
        ..check(CheckRule::ContentsMissing, None, &entry.at, false)
    }
}

fn title(entry: &ContentsEntry, n: usize, document: &Document) -> Check {
    let title = document.title.as_deref().unwrap_or("");
    let is_same = fold(&entry.title).starts_with(&fold(title)) && !title.is_empty();
    Check {
        expected: Some(entry.title.clone()),
        found: Some(title.to_owned()),
        ..check(CheckRule::ContentsTitle, Some(n), &document.at, is_same)
    }
}

fn number(entry: &ContentsEntry, n: usize, document: &Document) -> Option<Check> {
    let number = entry.number.as_ref()?;
    let found: Vec<&str> = document.numbers.iter().map(|n| n.text.as_str()).collect();
    let is_same = found.contains(&number.as_str());
    Some(Check {
        expected: Some(number.clone()),
        found: Some(found.join("、")),
        ..check(CheckRule::ContentsNumber, Some(n), &document.at, is_same)
    })
}

fn page(gazette: &Segmented, entry: &ContentsEntry, n: usize, offset: i64) -> Option<Check> {
    let page = entry.page?;
    let found = i64::from(gazette.starts[n]?) - offset;
    let is_same = found == i64::from(page);
    Some(Check {
        expected: Some(page.to_string()),
        found: Some(found.to_string()),
        ..check(
            CheckRule::ContentsPage,
            Some(n),
            &gazette.documents[n].at,
            is_same,
        )
    })
}
