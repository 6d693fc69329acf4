//! Drawings for people who look: a page with its lines, columns, cells and the order in which they are read.

use std::fmt::Write;

use extract::laid::{Laid, LineRole};
use extract::page::Page;

/// One page as SVG, in points: its text where it stands, and what the layout made of it.
pub fn svg(page: &Page, laid: &Laid) -> String {
    let mut out = String::new();
    let (width, height) = (page.width, page.height);
    let _ = writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="serif">"#
    );
    let _ = writeln!(out, r##"<rect width="100%" height="100%" fill="#fff"/>"##);
    for ruling in &page.rulings {
        let thickness = ruling.thickness.clamp(0.3, 4.0);
        let _ = writeln!(
            out,
            r##"<line x1="{:.1}" y1="{:.1}" x2="{:.1}" y2="{:.1}" stroke="#999" stroke-width="{thickness:.1}"/>"##,
            ruling.x0, ruling.y0, ruling.x1, ruling.y1
        );
    }
    for image in &page.images {
        let _ = writeln!(
            out,
            r##"<rect {} fill="#f4f4f4" stroke="#bbb" stroke-width="0.3"/>"##,
            place(image.bbox)
        );
    }
    for glyph in page
        .glyphs
        .iter()
        .filter(|glyph| !glyph.text.trim().is_empty())
    {
        let [x0, y0, _, y1] = glyph.bbox;
        let baseline = y0 + 0.86 * (y1 - y0);
        let _ = writeln!(
            out,
            r##"<text x="{x0:.1}" y="{baseline:.1}" font-size="{:.1}" fill="#555">{}</text>"##,
            glyph.size,
            escape(&glyph.text)
        );
    }
    for cell in laid
        .tables
        .iter()
        .filter(|table| table.page == page.number)
        .flat_map(|table| &table.cells)
    {
        let _ = writeln!(
            out,
            r##"<rect {} fill="#0a0" fill-opacity="0.06" stroke="#0a0" stroke-width="0.8"/>"##,
            place(cell.bbox)
        );
        let _ = writeln!(
            out,
            r##"<text x="{:.1}" y="{:.1}" font-size="5" fill="#0a0">{},{}</text>"##,
            cell.bbox[0] + 1.0,
            cell.bbox[1] + 5.0,
            cell.row,
            cell.col
        );
    }
    let mut before: Option<(f32, f32)> = None;
    for (order, line) in laid
        .lines
        .iter()
        .filter(|line| line.page == page.number)
        .enumerate()
    {
        let colour = match line.role {
            LineRole::Body => "#06c",
            LineRole::RunningHead => "#c60",
            LineRole::Folio => "#c06",
            LineRole::Footnote => "#60c",
            LineRole::Speck => "#aaa",
        };
        let [x0, y0, _, y1] = line.bbox;
        let _ = writeln!(
            out,
            r#"<rect {} fill="none" stroke="{colour}" stroke-width="0.5"/>"#,
            place(line.bbox)
        );
        if line.role == LineRole::Body {
            // The edges of its column, as brackets beside the line.
            for x in [line.column.left, line.column.right] {
                let _ = writeln!(
                    out,
                    r##"<line x1="{x:.1}" y1="{y0:.1}" x2="{x:.1}" y2="{y1:.1}" stroke="#c00" stroke-width="0.6"/>"##
                );
            }
        }
        let here = (x0, (y0 + y1) / 2.0);
        if let Some((x, y)) = before {
            let _ = writeln!(
                out,
                r##"<line x1="{x:.1}" y1="{y:.1}" x2="{:.1}" y2="{:.1}" stroke="#f80" stroke-width="0.4" stroke-opacity="0.7"/>"##,
                here.0, here.1
            );
        }
        let _ = writeln!(
            out,
            r#"<text x="{:.1}" y="{:.1}" font-size="6" text-anchor="end" fill="{colour}">{order}</text>"#,
            x0 - 1.0,
            here.1 + 2.0
        );
        before = Some(here);
    }
    out.push_str("</svg>\n");
    out
}

fn place([x0, y0, x1, y1]: [f32; 4]) -> String {
    format!(
        r#"x="{x0:.1}" y="{y0:.1}" width="{:.1}" height="{:.1}""#,
        (x1 - x0).max(0.0),
        (y1 - y0).max(0.0)
    )
}

/// Text as it may stand in XML, which knows no control characters.
fn escape(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}'))
        .map(|c| match c {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            c => c.to_string(),
        })
        .collect()
}
