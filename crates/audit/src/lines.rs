//! The extracted lines, found by their ids.

use std::collections::HashMap;

use model::{Line, Output, Place};

use crate::{Findings, shown};

/// Reads the rows of a `.lines.jsonl`. Blank rows are none.
pub fn parse(rows: &[u8]) -> Result<Vec<Line>, Vec<String>> {
    let mut lines = Vec::new();
    let mut findings = Findings::default();
    for (n, row) in rows.split(|&b| b == b'\n').enumerate() {
        if row.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match serde_json::from_slice(row) {
            Ok(line) => lines.push(line),
            Err(e) => findings.add(&format!("row {}", n + 1), format!("is not a line: {e}")),
        }
    }
    if findings.0.is_empty() {
        Ok(lines)
    } else {
        Err(findings.0)
    }
}

pub struct Lines<'o> {
    pub all: &'o [Line],
    by_id: HashMap<&'o str, usize>,
}

impl<'o> Lines<'o> {
    pub fn new(all: &'o [Line], output: &Output, findings: &mut Findings) -> Lines<'o> {
        let mut by_id = HashMap::with_capacity(all.len());
        for (i, line) in all.iter().enumerate() {
            if *by_id.entry(line.id.as_str()).or_insert(i) != i {
                findings.add(&line.id, "two lines have this id");
            }
            check(line, output, findings);
        }
        Lines { all, by_id }
    }

    /// For looking up ids that mostly come in the order of the lines.
    pub fn search(&self) -> Search<'_, 'o> {
        Search {
            lines: self,
            last: 0,
        }
    }

    pub fn get(&self, line: usize) -> Option<&'o Line> {
        self.all.get(line)
    }

    /// The id of the line of this index.
    pub fn id(&self, line: usize) -> &'o str {
        self.get(line).map_or("?", |line| &line.id)
    }
}

/// A walk through the lines by their ids. It looks where it stands before it looks everywhere.
pub struct Search<'a, 'o> {
    lines: &'a Lines<'o>,
    last: usize,
}

impl Search<'_, '_> {
    pub fn find(&mut self, id: &str) -> Option<usize> {
        let is_here = |&line: &usize| self.lines.get(line).is_some_and(|line| line.id == id);
        let near = [self.last, self.last + 1].into_iter().find(is_here);
        let found = near.or_else(|| self.lines.by_id.get(id).copied())?;
        self.last = found;
        Some(found)
    }
}

/// What a line says of itself can be so.
fn check(line: &Line, output: &Output, findings: &mut Findings) {
    if is_beyond(line.page, output) {
        findings.add(
            &line.id,
            format!(
                "stands on a page that '{}' has not",
                shown(&output.source.name)
            ),
        );
    }
    if line.bbox.is_some_and(|bbox| !is_box(bbox)) {
        findings.add(&line.id, "its box is none");
    }
    if line.confidence.is_some_and(|sure| !is_share(sure)) {
        findings.add(&line.id, "its confidence is not between 0 and 1");
    }
}

/// From 0 to 1; what is not a number is none.
pub fn is_share(confidence: f32) -> bool {
    (0.0..=1.0).contains(&confidence)
}

/// The first line of places, to name them by.
pub fn first(at: &[Place]) -> &str {
    at.iter()
        .flat_map(|place| &place.lines)
        .next()
        .map_or("?", String::as_str)
}

/// Whether a page is none of the input's. A text can number its pages as it likes.
pub fn is_beyond(page: Option<u32>, output: &Output) -> bool {
    let has = 1..=output.source.n_pages;
    output.source.media_type == "application/pdf" && page.is_some_and(|page| !has.contains(&page))
}

/// Left and top come first; what is not a number is none.
pub fn is_box([left, top, right, bottom]: [f32; 4]) -> bool {
    [left, top, right, bottom]
        .iter()
        .all(|edge| edge.is_finite())
        && left <= right
        && top <= bottom
}
