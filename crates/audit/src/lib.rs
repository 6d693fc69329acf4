//! Conservation, proved from an output and its lines alone.
//!
//! The proof goes both ways, as a bookkeeper's does:
//!
//! ```text
//! log           repairs          → edits, joins, moves     each names lines that are there
//! replay        lines, edits     → repaired lines          each edit finds its `before` where it says
//! pieces        texts, lines     → pieces of lines         each text is what stands on its lines, joined as logged
//! conservation  pieces           → lines as the texts have them: each character with ink stands in exactly one text
//! replay        those, edits undone from the last to the first → the extracted lines, character for character
//! ```
//!
//! White space between pieces is free; inside a text it is not. Beside that, what the output says of its texts must
//! be so: `places` stand on the page and in the box of their lines, `tables` have their cells side by side, inferred
//! values have the repair that proves them, and `fields` (numbers, titles, names, dates, citations, entries of the
//! contents, the gazette's own) are read from texts and never made up.
//!
//! An audit believes nothing that it is given: it takes any output and any lines, ends in a time that grows with
//! their size, and what is wrong is a finding that names the line or document and what is wrong with it.
//! Deliberately absent: whether a text was given the right role, and whether a recogniser read the page rightly.

mod conservation;
mod documents;
mod edit_text;
mod fields;
mod lines;
mod log;
mod pieces;
mod places;
mod printed;
mod repaired;
mod replay;
mod spots;
mod tables;
mod texts;

use model::{Line, Output, SCHEMA_VERSION, is_blank};

use crate::lines::Lines;

/// What an audit that passes has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audited {
    pub n_lines: usize,
    /// Characters as a reader counts them (grapheme clusters, UAX #29).
    pub n_chars: usize,
    pub n_repairs: usize,
}

/// Audits the bytes of a `.json` and of its `.lines.jsonl`, whatever they are.
pub fn audit_bytes(json: &[u8], lines: &[u8]) -> Result<Audited, Vec<String>> {
    let output: Output = serde_json::from_slice(json)
        .map_err(|e| vec![format!("is not an output of gongbao: {e}")])?;
    audit(&output, &lines::parse(lines)?)
}

/// Audits an output against its lines. The findings say what is wrong and in which line.
pub fn audit(output: &Output, lines: &[Line]) -> Result<Audited, Vec<String>> {
    let mut findings = Findings::default();
    if output.schema_version != SCHEMA_VERSION {
        let version = shown(&output.schema_version);
        findings.add(
            "schema_version",
            format!("is '{version}', and '{SCHEMA_VERSION}' is audited"),
        );
    }
    let lines = Lines::new(lines, output, &mut findings);
    let log = log::read(&output.repairs, &lines, &mut findings);
    let spots = spots::spots(output, &lines);
    let repaired = replay::forwards(&lines, &log, &mut findings);
    let repaired = repaired::repaired(repaired, &spots);
    let pieces = pieces::pieces(&spots, &repaired, &log, &mut findings);
    let standing = conservation::assemble(&lines, &repaired, pieces, &mut findings);
    replay::backwards(standing, &lines, &log, &mut findings);

    places::check(output, &spots, &lines, &mut findings);
    tables::check(output, &mut findings);
    fields::check(output, &mut findings);
    if findings.0.is_empty() {
        let n_chars = lines
            .all
            .iter()
            .map(|line| conservation::n_clusters(&line.text))
            .sum();
        Ok(Audited {
            n_lines: lines.all.len(),
            n_chars,
            n_repairs: output.repairs.len(),
        })
    } else {
        Err(findings.0)
    }
}

/// What is wrong, each with the line or the document where it is.
#[derive(Debug, Default)]
struct Findings(Vec<String>);

impl Findings {
    fn add(&mut self, place: &str, what: impl std::fmt::Display) {
        self.0.push(format!("{}: {what}", shown(place)));
    }
}

/// How many characters of a text a finding shows.
const SHOWN: usize = 40;

/// As much of a text as a finding shows: it may be of any length.
fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A text without white space.
fn bare(text: &str) -> String {
    text.chars().filter(|&c| !is_blank(c)).collect()
}
