//! The output: what `<stem>.json` holds, and how an input becomes it.

use crate::check;
use crate::config::Config;
use crate::repair::{self, Repaired, Span};
use crate::segment;
use extract::Extracted;
use model::{Line, Output, SCHEMA_VERSION};

/// The stages after extraction: lines, repaired, segmented, checked.
pub fn of_lines(extracted: Extracted, config: &Config) -> (Output, Vec<Line>) {
    let Extracted {
        source,
        lines,
        laid,
        pages: _,
        ocr,
        warnings,
    } = extracted;
    let mut repaired = repair::passages(&lines, laid.as_ref(), config);
    let mut segmented = segment::documents(&mut repaired, &config.segment);
    let mut checks = check::suspect_file(&warnings);
    checks.extend(check::unread_pages(&ocr.unread));
    checks.extend(check::coarse_pages(&ocr.coarse));
    checks.extend(check::illegible_pages(&lines));
    checks.extend(check::checks(&segmented, config));
    let repairs = repaired.draft.into_repairs();
    segment::put_seals(&mut segmented, ocr.seals);
    let output = Output {
        schema_version: SCHEMA_VERSION.to_owned(),
        source,
        gazette: segmented.gazette,
        contents: segmented.contents,
        documents: segmented.documents,
        other: segmented.other,
        furniture: segmented.furniture,
        repairs,
        checks,
    };
    (output, lines)
}

/// The extracted lines, a form feed between pages.
pub fn raw_text(lines: &[Line]) -> String {
    let mut out = String::new();
    let mut page = lines.first().and_then(|l| l.page);
    for line in lines {
        turn_page(&mut out, &mut page, line.page);
        out.push_str(&line.text);
        out.push('\n');
    }
    out
}

/// The repaired text in reading order: a paragraph, title or table row a line, a form feed where a page ends, though
/// it be inside a paragraph. Running heads and folios are left out.
pub fn text(extracted: &Extracted, config: &Config) -> String {
    let lines = &extracted.lines;
    let repaired = repair::passages(lines, extracted.laid.as_ref(), config);
    let mut out = String::new();
    let mut page = if extracted.laid.is_some() {
        Some(1)
    } else {
        lines.first().and_then(|l| l.page)
    };
    for passage in &repaired.passages {
        match passage.form {
            repair::Form::Table(_) => {
                for span in &passage.spans {
                    turn_page(&mut out, &mut page, lines[span.line].page);
                    out.push_str(row_text(extracted, &repaired, span.line));
                    out.push('\n');
                }
            }
            _ => push_passage(&mut out, &mut page, &repaired, &passage.spans),
        }
    }
    out
}

/// A row of a table: its cells keep their columns. What the merge of a table's pieces took away is printed all the same.
fn row_text<'r>(extracted: &'r Extracted, repaired: &'r Repaired, line: usize) -> &'r str {
    let text = repaired.draft.texts[line].trim_end();
    if text.is_empty() && extracted.laid.is_some() {
        &extracted.lines[line].text
    } else {
        text
    }
}

/// Writes a passage in a line, with the indent that says that a paragraph, a title or a signature begins.
fn push_passage(out: &mut String, page: &mut Option<u32>, repaired: &Repaired, spans: &[Span]) {
    let draft = &repaired.draft;
    let on_page = |span: &Span| draft.lines[span.line].page;
    turn_page(out, page, spans.first().and_then(on_page));
    let first = spans.first().map_or("", |span| &draft.texts[span.line]);
    let indent = first.len() - first.trim_start_matches([' ', '\u{3000}']).len();
    out.push_str(&first[..indent]);
    for part in spans.chunk_by(|a, b| on_page(a) == on_page(b)) {
        turn_page(out, page, part.first().and_then(on_page));
        out.push_str(&draft.text(part));
    }
    out.push('\n');
}

fn turn_page(out: &mut String, page: &mut Option<u32>, next: Option<u32>) {
    if let (Some(now), Some(next)) = (*page, next) {
        out.extend((now..next.max(now)).map(|_| '\u{c}'));
        *page = Some(next.max(now));
    }
}
