//! Drawings for people who look: a page with its lines, columns, cells and the order in which they are read.

use std::fmt::Write;
use std::ops::RangeInclusive;

use extract::laid::{Laid, LineRole, PrintedCell, PrintedLine};
use extract::page::{Glyph, Image, Page, Ruling};

/// One page as SVG, in points: its text where it stands, and what the layout made of it.
pub fn svg(page: &Page, laid: &Laid) -> String {
    let (width, height) = (page.width, page.height);
    let mut out = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="serif">"#
    );
    out.push('\n');
    out.push_str(r##"<rect width="100%" height="100%" fill="#fff"/>"##);
    out.push('\n');
    page.rulings.iter().for_each(|r| draw_ruling(&mut out, r));
    page.images.iter().for_each(|i| draw_image(&mut out, i));
    page.glyphs.iter().for_each(|g| draw_glyph(&mut out, g));
    laid.tables
        .iter()
        .filter(|table| table.page == page.number)
        .flat_map(|table| &table.cells)
        .for_each(|cell| draw_cell(&mut out, cell));
    let mut before: Option<Point> = None;
    let lines = laid.lines.iter().filter(|line| line.page == page.number);
    for (order, line) in lines.enumerate() {
        draw_line(&mut out, line);
        let here = (line.bbox[0], (line.bbox[1] + line.bbox[3]) / 2.0);
        draw_step(&mut out, before, here, order, colour(line.role));
        before = Some(here);
    }
    out.push_str("</svg>\n");
    out
}

type Point = (f32, f32);

fn draw_ruling(out: &mut String, ruling: &Ruling) {
    /// Points: thinner ones could not be seen, thicker ones would hide text.
    const THICKNESS: RangeInclusive<f32> = 0.3..=4.0;
    let thickness = ruling.thickness.clamp(*THICKNESS.start(), *THICKNESS.end());
    let _ = writeln!(
        out,
        r##"<line x1="{:.1}" y1="{:.1}" x2="{:.1}" y2="{:.1}" stroke="#999" stroke-width="{thickness:.1}"/>"##,
        ruling.x0, ruling.y0, ruling.x1, ruling.y1
    );
}

fn draw_image(out: &mut String, image: &Image) {
    let _ = writeln!(
        out,
        r##"<rect {} fill="#f4f4f4" stroke="#bbb" stroke-width="0.3"/>"##,
        place(image.bbox)
    );
}

fn draw_glyph(out: &mut String, glyph: &Glyph) {
    /// Where the baseline of a Chinese font is in the em box, from above.
    const BASELINE: f32 = 0.86;
    if glyph.text.trim().is_empty() {
        return;
    }
    let [x0, y0, _, y1] = glyph.bbox;
    let baseline = y0 + BASELINE * (y1 - y0);
    let _ = writeln!(
        out,
        r##"<text x="{x0:.1}" y="{baseline:.1}" font-size="{:.1}" fill="#555">{}</text>"##,
        glyph.size,
        escape(&glyph.text)
    );
}

fn draw_cell(out: &mut String, cell: &PrintedCell) {
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

fn colour(role: LineRole) -> &'static str {
    match role {
        LineRole::Body => "#06c",
        LineRole::RunningHead => "#c60",
        LineRole::Folio => "#c06",
        LineRole::Footnote => "#60c",
        LineRole::Slanted | LineRole::Noise => "#aaa",
    }
}

/// A line's box, and the edges of its column as brackets beside it.
fn draw_line(out: &mut String, line: &PrintedLine) {
    let _ = writeln!(
        out,
        r#"<rect {} fill="none" stroke="{}" stroke-width="0.5"/>"#,
        place(line.bbox),
        colour(line.role)
    );
    if line.role != LineRole::Body {
        return;
    }
    let [_, y0, _, y1] = line.bbox;
    for x in [line.column.left, line.column.right] {
        let _ = writeln!(
            out,
            r##"<line x1="{x:.1}" y1="{y0:.1}" x2="{x:.1}" y2="{y1:.1}" stroke="#c00" stroke-width="0.6"/>"##
        );
    }
}

/// The way from the line before to this one, and this one's number.
fn draw_step(out: &mut String, before: Option<Point>, here: Point, order: usize, colour: &str) {
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
        here.0 - 1.0,
        here.1 + 2.0
    );
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
