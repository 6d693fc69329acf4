//! A gazette as a transcript: one change of behaviour is one changed line.

use std::fmt::Write as _;

use gongbao::model::Output;
use gongbao::model::{Block, CellBlock};

pub fn transcript(output: &Output) -> String {
    let mut out = String::new();
    let g = &output.gazette;
    let number = |n: Option<u32>| n.map_or("?".to_owned(), |n| n.to_string());
    if g.title.is_some() {
        let _ = writeln!(
            out,
            "gazette {} · {}年第{}期{} · 总第{}期 · {} · {}",
            g.title.as_deref().unwrap_or("?"),
            number(g.year),
            number(g.issue),
            g.part
                .as_deref()
                .map_or(String::new(), |p| format!("（{p}）")),
            number(g.serial),
            g.sponsor.as_deref().unwrap_or("?"),
            g.published.as_deref().unwrap_or("?")
        );
    }
    for f in &output.furniture {
        let _ = writeln!(out, "  {}: {}", name(&f.role), f.text);
    }
    for e in &output.contents {
        let document = e
            .document
            .map_or("–".to_owned(), |d| format!("document {}", d + 1));
        let _ = writeln!(
            out,
            "entry {} 「{}」 {} p.{} → {document}",
            number(e.seq),
            e.title,
            e.number.as_deref().unwrap_or("–"),
            number(e.page)
        );
    }
    for (n, d) in output.documents.iter().enumerate() {
        let numbers: Vec<&str> = d.numbers.iter().map(|n| n.text.as_str()).collect();
        let _ = writeln!(
            out,
            "document {} {} 「{}」",
            n + 1,
            if numbers.is_empty() {
                "–".to_owned()
            } else {
                numbers.join("、")
            },
            d.title.as_deref().unwrap_or("–")
        );
        let _ = writeln!(
            out,
            "  kind {} · date {} · pages {:?} · id {}",
            d.kind.as_deref().unwrap_or("–"),
            d.date.as_deref().unwrap_or("–"),
            d.pages,
            d.id
        );
        for (what, list) in [("to", &d.addressees), ("signed", &d.signatories)] {
            if !list.is_empty() {
                let _ = writeln!(out, "  {what} {}", list.join(" | "));
            }
        }
        for e in d.elements.iter().filter(|e| {
            matches!(
                name(&e.role).as_str(),
                "note" | "title_note" | "issuer_mark"
            )
        }) {
            let _ = writeln!(out, "  {}: {}", name(&e.role), e.text);
        }
        blocks(&mut out, &d.body, 1);
        for a in &d.attachments {
            let _ = writeln!(
                out,
                "  {} {} 「{}」",
                name(&a.role),
                a.label.as_deref().unwrap_or("–"),
                a.title.as_deref().unwrap_or("–")
            );
            let numbers: Vec<&str> = a.numbers.iter().map(|n| n.text.as_str()).collect();
            let date: Vec<&str> = a.date.as_deref().into_iter().collect();
            let kind: Vec<&str> = a.kind.as_deref().into_iter().collect();
            let to: Vec<&str> = a.addressees.iter().map(String::as_str).collect();
            let signed: Vec<&str> = a.signatories.iter().map(String::as_str).collect();
            for (what, list) in [
                ("kind", kind),
                ("number", numbers),
                ("to", to),
                ("signed", signed),
                ("date", date),
            ] {
                if !list.is_empty() {
                    let _ = writeln!(out, "    {what} {}", list.join(" | "));
                }
            }
            blocks(&mut out, &a.body, 2);
        }
        if let Some(c) = &d.colophon {
            let _ = writeln!(
                out,
                "  colophon to {} · by {} · on {}",
                c.copied_to.join(" | "),
                c.printed_by.as_deref().unwrap_or("–"),
                c.printed_on.as_deref().unwrap_or("–")
            );
        }
        for c in &d.citations {
            let _ = writeln!(out, "  cites {} 「{}」", c.number, c.title);
        }
    }
    if !output.other.is_empty() {
        let _ = writeln!(out, "other");
        blocks(&mut out, &output.other, 1);
    }
    for r in &output.repairs {
        let verdict = if r.applied { "repair" } else { "suggest" };
        let at = r.offset.map_or(String::new(), |o| format!("+{o}"));
        let _ = writeln!(
            out,
            "{verdict} {} {}{at} {:?} → {:?} ({}) {}",
            name(&r.rule),
            r.at.join(" "),
            r.before,
            r.after,
            r.confidence,
            r.why
        );
    }
    for c in output.checks.iter().filter(|c| c.holds != Some(true)) {
        let verdict = if c.holds.is_some() {
            "fails"
        } else {
            "unknown"
        };
        let at =
            c.at.first()
                .and_then(|p| p.lines.first())
                .map_or("", String::as_str);
        let _ = writeln!(
            out,
            "{verdict} {} {at} expected {} found {}{}",
            name(&c.rule),
            c.expected.as_deref().unwrap_or("–"),
            c.found.as_deref().unwrap_or("–"),
            c.suggestion
                .as_ref()
                .map_or(String::new(), |s| format!(" → {s}?"))
        );
    }
    let held = output
        .checks
        .iter()
        .filter(|c| c.holds == Some(true))
        .count();
    let _ = writeln!(out, "{held} checks hold");
    out
}

fn name(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn blocks(out: &mut String, blocks: &[Block], depth: usize) {
    let indent = "  ".repeat(depth);
    for block in blocks {
        let _ = match block {
            Block::Heading { level, text, .. } => {
                writeln!(out, "{indent}{} {text}", "#".repeat(usize::from(*level)))
            }
            Block::Paragraph { label, text, .. } => {
                writeln!(
                    out,
                    "{indent}¶{} {text}",
                    label.as_ref().map_or(String::new(), |l| format!("[{l}]"))
                )
            }
            Block::Formula { text, .. } => writeln!(out, "{indent}∑ {text}"),
            Block::Figure { .. } => writeln!(out, "{indent}figure"),
            Block::AttachmentList { items, .. } => {
                for item in items {
                    let _ = writeln!(
                        out,
                        "{indent}attached {} 「{}」",
                        item.seq.map_or("–".to_owned(), |n| n.to_string()),
                        item.title
                    );
                }
                Ok(())
            }
            Block::Table(table) => {
                let _ = writeln!(
                    out,
                    "{indent}table {}×{}, {} header · caption {} · unit {}",
                    table.n_rows,
                    table.n_cols,
                    table.header_rows,
                    table.caption.as_deref().unwrap_or("–"),
                    table.unit.as_deref().unwrap_or("–")
                );
                for row in 0..table.n_rows {
                    let of_row = table.cells.iter().filter(|c| c.row == row);
                    let cells: Vec<String> = of_row.map(cell).collect();
                    let _ = writeln!(out, "{indent}  | {} |", cells.join(" | "));
                }
                Ok(())
            }
        };
    }
}

/// A cell with its span, where it has one: `合计[2×1]`.
fn cell(cell: &CellBlock) -> String {
    let span = match (cell.rowspan, cell.colspan) {
        (1, 1) => String::new(),
        (rows, cols) => format!("[{rows}×{cols}]"),
    };
    let inferred = if cell.inferred { "(inferred)" } else { "" };
    format!("{}{span}{inferred}", cell.text)
}
