//! Checks as a table for people.

use unicode_segmentation::UnicodeSegmentation;

use language::script::width;
use model::{Check, Output};

/// Cells of a table, in columns of a terminal, at most; a longer text is cut.
const WIDEST_CELL: usize = 44;
/// Characters that are left of it.
const CUT: usize = 20;
const HEAD: [&str; 6] = ["", "check", "document", "where", "expected", "found"];

/// A row for each check, or for each that fails.
pub fn table(output: &Output, failed: bool) -> String {
    let checks = output.checks.iter();
    let shown = checks.filter(|c| !failed || c.holds == Some(false));
    let rows: Vec<[String; 6]> = std::iter::once(HEAD.map(str::to_owned))
        .chain(shown.map(|check| row(output, check)))
        .map(|row| row.map(|cell| clip(&cell)))
        .collect();
    let widest = |col: usize| rows.iter().map(|row| columns(&row[col])).max().unwrap_or(0);
    let widths: Vec<usize> = (0..HEAD.len()).map(widest).collect();
    let n_failed = output
        .checks
        .iter()
        .filter(|c| c.holds == Some(false))
        .count();
    let mut out = format!(
        "{}: {} checks, {n_failed} fail\n",
        output.source.name,
        output.checks.len(),
    );
    for row in &rows {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell}{}", " ".repeat(width - columns(cell))))
            .collect();
        out.push_str(cells.join("  ").trim_end());
        out.push('\n');
    }
    out
}

fn row(output: &Output, check: &Check) -> [String; 6] {
    let rule = serde_json::to_value(check.rule)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default();
    let place = check.at.first().map_or(String::new(), |p| match p.page {
        Some(page) => format!(
            "page {page}, {}",
            p.lines.first().map_or("", String::as_str)
        ),
        None => p.lines.first().cloned().unwrap_or_default(),
    });
    let document = check.document.and_then(|n| output.documents.get(n));
    let verdict = match check.holds {
        Some(true) => "holds",
        Some(false) => "FAILS",
        None => "unknown",
    };
    let mut found = check.found.clone().unwrap_or_default();
    if let Some(suggestion) = &check.suggestion {
        found.push_str(&format!(" → {suggestion}?"));
    }
    [
        verdict.to_owned(),
        rule,
        document.map_or(String::new(), |d| d.id.clone()),
        place,
        check.expected.clone().unwrap_or_default(),
        found,
    ]
}

/// Columns of a terminal that a text takes.
fn columns(text: &str) -> usize {
    (width(text) * 2.0).round() as usize
}

fn clip(text: &str) -> String {
    if columns(text) > WIDEST_CELL {
        format!("{}…", text.graphemes(true).take(CUT).collect::<String>())
    } else {
        text.to_owned()
    }
}
