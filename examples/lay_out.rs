//! Lays out a PDF: its text with form feeds and without furniture, `--json` for lines and tables, `--draw DIR` for a drawing of each page.

use gongbao::{draw, extract, layout};
use serde_json::{Value, json};

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let document = extract::pdf::pages(&std::fs::read(&args[1])?)?;
    let pages = &document.pages;
    let start = std::time::Instant::now();
    let laid = layout::lay_out(pages);
    eprintln!("laid out in {:?}", start.elapsed());
    match args.get(2).map(String::as_str) {
        Some("--draw") => {
            for page in pages {
                std::fs::write(format!("{}/{:03}.svg", args[3], page.number), draw::svg(page, &laid))?;
            }
        }
        Some("--json") => {
            let line = |l: &layout::PrintedLine| json!({"page": l.page, "text": l.text, "bbox": l.bbox, "size": l.size, "column": [l.column.left, l.column.right], "role": format!("{:?}", l.role)});
            let text = |lines: &[usize]| lines.iter().map(|&i| laid.lines[i].text.as_str()).collect::<Vec<_>>().join("\n");
            let cell = |c: &layout::PrintedCell| json!({"row": c.row, "col": c.col, "rowspan": c.rowspan, "colspan": c.colspan, "bbox": c.bbox, "text": text(&c.lines)});
            let table = |t: &layout::PrintedTable| {
                let cells: Vec<Value> = t.cells.iter().map(cell).collect();
                json!({"page": t.page, "bbox": t.bbox, "n_rows": t.n_rows, "n_cols": t.n_cols, "ruled": t.ruled, "cells": cells})
            };
            let (lines, tables): (Vec<Value>, Vec<Value>) = (laid.lines.iter().map(line).collect(), laid.tables.iter().map(table).collect());
            println!("{}", json!({"lines": lines, "tables": tables}));
        }
        _ => {
            let mut lines = laid.lines.iter().peekable();
            for page in pages {
                while let Some(line) = lines.next_if(|line| line.page == page.number) {
                    if matches!(line.role, layout::LineRole::Body | layout::LineRole::Footnote) {
                        println!("{}", line.text);
                    }
                }
                print!("\x0c");
            }
        }
    }
    Ok(())
}
