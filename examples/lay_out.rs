//! Lays out the pages in a JSON dump of glyphs: text with form feeds, `--json` for the tables, `--draw DIR` for SVG.

use gongbao::extract::pages::{Glyph, Image, Page, PageKind, Ruling};
use gongbao::{draw, layout};
use serde_json::{Value, json};

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let dump: Value = serde_json::from_slice(&std::fs::read(&args[1]).unwrap()).unwrap();
    let f = |v: &Value| v.as_f64().unwrap() as f32;
    let pages: Vec<Page> = dump
        .as_array()
        .unwrap()
        .iter()
        .map(|p| Page {
            number: p["number"].as_u64().unwrap() as u32,
            width: f(&p["width"]),
            height: f(&p["height"]),
            glyphs: p["glyphs"]
                .as_array()
                .unwrap()
                .iter()
                .map(|g| Glyph {
                    text: g[0].as_str().unwrap().to_owned(),
                    bbox: [f(&g[1]), f(&g[2]), f(&g[3]), f(&g[4])],
                    size: f(&g[5]),
                    font: g[6].as_u64().unwrap() as u16,
                    hidden: g[7].as_bool().unwrap(),
                    vertical: g[8].as_bool().unwrap(),
                })
                .collect(),
            rulings: p["rulings"].as_array().unwrap().iter().map(|r| Ruling { x0: f(&r[0]), y0: f(&r[1]), x1: f(&r[2]), y1: f(&r[3]), thickness: f(&r[4]) }).collect(),
            images: p["images"].as_array().unwrap().iter().map(|r| Image { bbox: [f(&r[0]), f(&r[1]), f(&r[2]), f(&r[3])], n_cols: 1, n_rows: 1 }).collect(),
            kind: PageKind::Text,
        })
        .collect();
    let start = std::time::Instant::now();
    let laid = layout::lay_out(&pages);
    eprintln!("{:?}", start.elapsed());
    match args.get(2).map(String::as_str) {
        Some("--draw") => {
            for page in &pages {
                std::fs::write(format!("{}/{:03}.svg", args[3], page.number), draw::svg(page, &laid)).unwrap();
            }
        }
        Some("--json") => {
            let lines: Vec<Value> = laid.lines.iter().map(|l| json!({"page": l.page, "text": l.text, "bbox": l.bbox, "size": l.size, "column": [l.column.left, l.column.right], "role": format!("{:?}", l.role)})).collect();
            let tables: Vec<Value> = laid
                .tables
                .iter()
                .map(|t| {
                    let cells: Vec<Value> = t.cells.iter().map(|c| json!({"row": c.row, "col": c.col, "rowspan": c.rowspan, "colspan": c.colspan, "bbox": c.bbox, "text": c.lines.iter().map(|&i| laid.lines[i].text.as_str()).collect::<Vec<_>>().join("")})).collect();
                    json!({"page": t.page, "bbox": t.bbox, "n_rows": t.n_rows, "n_cols": t.n_cols, "ruled": t.ruled, "cells": cells})
                })
                .collect();
            println!("{}", json!({"lines": lines, "tables": tables}));
        }
        _ => {
            let mut lines = laid.lines.iter().peekable();
            for page in &pages {
                while let Some(line) = lines.next_if(|line| line.page == page.number) {
                    println!("{}", line.text);
                }
                print!("\x0c");
            }
        }
    }
}
