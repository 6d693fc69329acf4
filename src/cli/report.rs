//! `gongbao report`: what became of the inputs of an output folder, by its journal.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use super::{ALL_FAILED, Ended, Failure, UNWRITABLE, print};
use crate::batch::journal::{NAME, last_rows};
use crate::batch::{Reason, Row, Status, shown, write_whole};

/// Inputs that a summary names as the slowest.
const SLOWEST: usize = 10;

pub fn report(out: &Path) -> Ended {
    let unreadable = |problem: String| Failure(ALL_FAILED, format!("{}: {problem}", shown(out)));
    let rows = last_rows(out).map_err(|e| unreadable(format!("its journal can't be read: {e}")))?;
    if rows.is_empty() {
        return Err(unreadable(format!(
            "has no {NAME} with a row that can be read"
        )));
    }
    let counts = Counts::of(&rows);
    let seconds = rows.iter().filter_map(|row| row.seconds).sum();
    let page = out.join("report.html");
    write_whole(&page, html(&rows, &counts).as_bytes()).map_err(|e| {
        Failure(
            UNWRITABLE,
            format!("{}: can't be written: {e}", shown(&page)),
        )
    })?;
    print(&summary(&counts, 0, seconds, &rows))?;
    print(&format!("{}\n", shown(&page)))
}

/// How many inputs have a status, and why.
#[derive(Debug, Default)]
pub struct Counts {
    by_status: BTreeMap<Status, usize>,
    by_reason: BTreeMap<(Status, Option<Reason>), usize>,
    pages: u64,
    pages_read: u64,
    pages_ocr: u64,
    documents: usize,
    checks_failed: usize,
}

impl Counts {
    pub fn of(rows: &[Row]) -> Counts {
        let mut counts = Counts::default();
        for row in rows {
            *counts.by_status.entry(row.status).or_default() += 1;
            *counts
                .by_reason
                .entry((row.status, row.reason))
                .or_default() += 1;
            counts.pages += u64::from(row.pages.unwrap_or(0));
            counts.pages_read += u64::from(row.pages_read.unwrap_or(0));
            counts.pages_ocr += u64::from(row.pages_ocr.unwrap_or(0));
            counts.documents += row.documents.unwrap_or(0);
            counts.checks_failed += row.checks_failed.unwrap_or(0);
        }
        counts
    }
}

/// A word of the journal as it stands there.
fn word(value: impl serde::Serialize) -> String {
    let word = serde_json::json!(value);
    word.as_str().unwrap_or("").to_owned()
}

/// What became of a run, for people: figures, the slowest, and where the others are to be found. `n_before` of the inputs
/// were read by an earlier run.
pub fn summary(counts: &Counts, n_before: usize, seconds: f64, rows: &[Row]) -> String {
    let mut text = format!("{} inputs", rows.len());
    if n_before > 0 {
        let _ = write!(text, ", {n_before} of them read before");
    }
    for (status, n) in &counts.by_status {
        let _ = write!(text, ", {n} {}", word(status));
    }
    let rate = match n_before {
        0 => format!(
            ", {:.1} a second",
            counts.pages_read as f64 / seconds.max(f64::EPSILON)
        ),
        _ => String::new(),
    };
    let _ = writeln!(
        text,
        "; {} of {} pages read ({} by OCR){rate}; {} documents, {} checks failed",
        counts.pages_read, counts.pages, counts.pages_ocr, counts.documents, counts.checks_failed
    );
    for ((status, reason), n) in &counts.by_reason {
        if let Some(reason) = reason {
            let _ = writeln!(text, "  {} {}: {n}", word(status), word(reason));
        }
    }
    let slowest = slowest(rows);
    if !slowest.is_empty() {
        let names: Vec<String> = (slowest.iter())
            .map(|row| format!("{} ({:.1} s)", row.input, row.seconds.unwrap_or(0.0)))
            .collect();
        let _ = writeln!(text, "  slowest: {}", names.join(", "));
    }
    if rows.iter().any(|row| row.status != Status::Ok) {
        let _ = writeln!(text, "  what is not ok, and why: {NAME}");
    }
    text
}

/// Those that took longest, where any took long.
fn slowest(rows: &[Row]) -> Vec<&Row> {
    /// Seconds that nobody minds.
    const SHORT: f64 = 1.0;
    let mut timed: Vec<&Row> = (rows.iter())
        .filter(|row| row.seconds.is_some_and(|seconds| seconds >= SHORT))
        .collect();
    timed.sort_by(|a, b| {
        b.seconds
            .partial_cmp(&a.seconds)
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    timed.truncate(SLOWEST);
    timed
}

/// The same as a page, with a bar for each figure and a row for each input.
fn html(rows: &[Row], counts: &Counts) -> String {
    let statuses: Vec<(String, f64)> = (counts.by_reason.iter())
        .map(|((status, reason), n)| {
            let reason = reason.map_or(String::new(), |reason| format!(": {}", word(reason)));
            (format!("{}{reason}", word(status)), *n as f64)
        })
        .collect();
    let by_layer = counts.pages_read.saturating_sub(counts.pages_ocr);
    let pages = [
        ("text".to_owned(), by_layer as f64),
        ("OCR".to_owned(), counts.pages_ocr as f64),
        (
            "unread".to_owned(),
            (counts.pages - counts.pages_read) as f64,
        ),
    ];
    let of_inputs = |value: &dyn Fn(&Row) -> f64| {
        let mut bars: Vec<(String, f64)> = (rows.iter())
            .map(|row| (row.input.clone(), value(row)))
            .filter(|(_, value)| *value > 0.0)
            .collect();
        bars.sort_by(|a, b| b.1.total_cmp(&a.1));
        bars.truncate(SLOWEST);
        bars
    };
    let seconds = of_inputs(&|row| row.seconds.unwrap_or(0.0));
    let checks = of_inputs(&|row| row.checks_failed.unwrap_or(0) as f64);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>gongbao: {} inputs</title>\n<style>{STYLE}</style>\n<h1>{} inputs, {} documents, {} pages</h1>\n",
        rows.len(),
        rows.len(),
        counts.documents,
        counts.pages
    );
    for (title, values) in [
        ("Inputs", statuses.as_slice()),
        ("Pages, by what read them", &pages),
        ("Slowest, in seconds", &seconds),
        ("Most checks failed", &checks),
    ] {
        plot(&mut page, title, values);
    }
    page.push_str("<h2>All inputs</h2>\n<table><tr><th>input<th>status<th>why<th>pages<th>read<th>documents<th>checks failed<th>seconds\n");
    for row in rows {
        let number = |n: Option<String>| n.unwrap_or_default();
        let _ = writeln!(
            page,
            "<tr class={}><td>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}<td>{}",
            word(row.status),
            escaped(&row.input),
            word(row.status),
            escaped(row.message.as_deref().unwrap_or("")),
            number(row.pages.map(|n| n.to_string())),
            number(row.pages_read.map(|n| n.to_string())),
            number(row.documents.map(|n| n.to_string())),
            number(row.checks_failed.map(|n| n.to_string())),
            number(row.seconds.map(|n| format!("{n:.1}"))),
        );
    }
    page.push_str("</table>\n");
    page
}

const STYLE: &str = "body{font:15px sans-serif;max-width:70em;margin:2em auto;padding:0 1em}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.2em .6em;border-bottom:1px solid #ddd;overflow-wrap:anywhere}.failed td{background:#fbe3e0}.partial td{background:#fdf3d8}.bar{background:#4a7ab5;height:1em;display:inline-block;margin-right:.5em}";

fn plot(page: &mut String, title: &str, values: &[(String, f64)]) {
    /// Percent of the page that the longest bar takes.
    const LONGEST: f64 = 60.0;
    let most = values.iter().map(|(_, value)| *value).fold(0.0, f64::max);
    let _ = writeln!(page, "<h2>{title}</h2>\n<table>");
    for (name, value) in values {
        let width = if most > 0.0 {
            value / most * LONGEST
        } else {
            0.0
        };
        let _ = writeln!(
            page,
            "<tr><td>{}<td style=\"width:65%\"><span class=bar style=\"width:{width:.1}%\"></span>{}",
            escaped(name),
            (value * 10.0).round() / 10.0
        );
    }
    page.push_str("</table>\n");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}
