//! Quality: what speaks against what geometry found on a page.
//!
//! Two checks, both cheap: a line that the recogniser does not believe, and marks as large as text that no line holds.

use super::components::{Component, Components};
use super::page_reading::{PageReading, ReadLine};
use super::prepared::Prepared;
use crate::confidence::DOUBTFUL_LINE;
use crate::pdf::scan::Scan;
use crate::raster::Bilevel;

/// Whether the detector is to look at a page.
pub fn needs_detection(scan: &Scan, page: &PageReading) -> bool {
    page.lines.iter().any(is_doubtful) || has_text_outside_lines(scan, page)
}

/// Whether a line was cut wrong or is no text: its characters are hardly believed, or too few for its length.
pub fn is_doubtful(line: &ReadLine) -> bool {
    /// Characters of a line that its confidence speaks against, at the least: folios and dirt have fewer.
    const FEWEST: usize = 5;
    /// The shortest line that is doubted for its length, in em.
    const LONG: f64 = 5.0;
    /// How much of a line one character may take, in em: titles are spaced by one em, or two.
    const SPACED: f64 = 4.0;
    let n = line.shown().count();
    let confidence: f32 = line.shown().map(|c| c.recognised.confidence).sum();
    let (width, em) = (line.line_box.width(), line.line_box.em.max(1.0));
    n >= FEWEST && confidence < DOUBTFUL_LINE * n as f32
        || width >= LONG * em && width > SPACED * em * n as f64
}

/// Whether something on the page looks like text and is in no line, though not where.
fn has_text_outside_lines(scan: &Scan, page: &PageReading) -> bool {
    /// The margin around a line or leader that is its own, in em.
    const MARGIN: f64 = 0.4;
    let mut marks = Marks::new(scan, &page.prepared);
    let read = page.lines.iter().filter(|line| !line.characters.is_empty());
    for line in read.map(|line| &line.line_box).chain(&page.leaders) {
        marks.clear(line.bbox.map(|at| at as f64), MARGIN * line.em);
    }
    for seal in &page.prepared.seals {
        marks.clear(seal.map(|at| at as f64), marks.cell);
    }
    for ruling in &page.rulings {
        let bbox = [
            ruling.x0.min(ruling.x1),
            ruling.y0.min(ruling.y1),
            ruling.x0.max(ruling.x1),
            ruling.y0.max(ruling.y1),
        ];
        marks.clear(bbox, ruling.thickness + marks.cell);
    }
    let smeared = smeared(&marks.cells);
    Components::from_ink(&smeared).boxes.iter().any(is_text)
}

/// Where a page is not plain, in cells of 3 points: they have dark and bright side by side, whichever of them the ground
/// is.
struct Marks {
    cells: Bilevel,
    /// Pixels of the page to a cell.
    cell: f64,
}

impl Marks {
    fn new(scan: &Scan, prepared: &Prepared) -> Self {
        /// Pixels per inch at which they are looked for.
        const DPI: f64 = 100.0;
        /// The side of a cell, in such pixels.
        const CELL: f64 = 4.0;
        /// Difference of brightness: noise, stains and print that shines through have less than 40.
        const CONTRAST: u8 = 48;
        let n = ((scan.dpi() / DPI).round() as usize).max(1);
        let small = scan.gray.downscale(n).turned(prepared.n_quarters);
        let small = small.rotated(-prepared.skew.to_radians());
        let size = ((CELL * scan.dpi() / DPI / n as f64).round() as usize).max(1);
        let dark = small.blocks(size, 255, u8::min);
        let bright = small.blocks(size, 0, u8::max);
        let ink = dark
            .pixels
            .iter()
            .zip(&bright.pixels)
            .map(|(dark, bright)| u8::from(bright - dark >= CONTRAST))
            .collect();
        Self {
            cells: Bilevel {
                width: dark.width,
                height: dark.height,
                ink,
            },
            cell: (n * size) as f64,
        }
    }

    /// Takes out the marks of a box of the page, and of a margin around it.
    fn clear(&mut self, [x0, y0, x1, y1]: [f64; 4], margin: f64) {
        let (width, height) = (self.cells.width, self.cells.height);
        let first = |v: f64, most: usize| (((v - margin) / self.cell).max(0.0) as usize).min(most);
        let end = |v: f64, most: usize| {
            let last = (((v + margin) / self.cell).max(0.0) as usize).min(most);
            (last + 1).min(most)
        };
        let (from, to) = (first(x0, width), end(x1, width));
        for y in first(y0, height)..end(y1, height) {
            self.cells.ink[y * width + from.min(to)..y * width + to].fill(0);
        }
    }
}

/// Marks joined along the rows over a blank of one cell.
fn smeared(marks: &Bilevel) -> Bilevel {
    let mut smeared = marks.clone();
    for y in 0..marks.height {
        let row = &mut smeared.ink[y * marks.width..(y + 1) * marks.width];
        for (x, three) in marks.row(y).windows(3).enumerate() {
            if three[0] == 1 && three[2] == 1 {
                row[x + 1] = 1;
            }
        }
    }
    smeared
}

/// Whether marks that hang together are as large as a few characters, and as full.
fn is_text(marks: &Component) -> bool {
    /// The height of text in cells of 3 points: from 6 points on, to a title of 150.
    const HIGH: std::ops::RangeInclusive<usize> = 2..=50;
    /// The width of text in cells: three characters.
    const LEAST_WIDE: usize = 8;
    /// Marks at the least, as a share of their box: frames, curves and the edges of pictures are thin.
    const LEAST_FULL: f64 = 0.5;
    let (width, height) = (marks.x1 - marks.x0, marks.y1 - marks.y0);
    HIGH.contains(&height)
        && width >= LEAST_WIDE
        && marks.n_pixels as f64 >= LEAST_FULL * (width * height) as f64
}

#[cfg(test)]
mod tests {
    use super::super::line_box::LineBox;
    use super::super::prepared::prepare;
    use super::super::recognise::Character;
    use super::super::test_page::TestPage;
    use super::*;
    use crate::page::Recognised;
    use crate::raster::Gray;

    fn line(bbox: [usize; 4], text: &str, confidence: f32) -> ReadLine {
        let recognised = Recognised {
            confidence,
            ..Recognised::CERTAIN
        };
        let characters = text.chars().map(|text| Character {
            text,
            recognised,
            from: 0.0,
            to: 1.0,
        });
        ReadLine {
            line_box: LineBox { bbox, em: 30.0 },
            left: bbox[0],
            characters: characters.collect(),
        }
    }

    #[test]
    fn a_line_is_doubtful_by_its_characters_or_its_length() {
        let is_doubtful = |n_ems: usize, text: &str, confidence: f32| {
            super::is_doubtful(&line([0, 0, 30 * n_ems, 30], text, confidence))
        };
        assert!(!is_doubtful(6, "县政府文件", 0.8));
        assert!(is_doubtful(6, "县政府文件", 0.7));
        // A folio; a spaced title; what can be no line.
        assert!(!is_doubtful(3, "— 3 —", 0.6));
        assert!(!is_doubtful(6, "公告", 0.99));
        assert!(is_doubtful(9, "公告", 0.99));
    }

    #[test]
    fn what_looks_like_text_and_is_in_no_line_is_found() {
        let mut page = TestPage::new(900, 600);
        page.text(100, 100, 12);
        page.text(100, 300, 12);
        // A ruling, a dot and a stain are no text.
        page.fill([100, 200, 800, 203]);
        page.fill([600, 400, 608, 408]);
        (450..550).for_each(|y| page.gray.row_mut(y)[500..800].fill(220));
        let has_text_outside = |gray: &Gray, lines: &[[usize; 4]]| {
            let scan = Scan {
                gray: gray.clone(),
                color: None,
                scale: [150.0 / 72.0; 2],
                origin: [0.0; 2],
            };
            let reading = PageReading {
                prepared: prepare(&scan, 0),
                lines: lines.iter().map(|&bbox| line(bbox, "县", 0.9)).collect(),
                leaders: Vec::new(),
                rulings: Vec::new(),
                is_detected: false,
            };
            has_text_outside_lines(&scan, &reading)
        };
        let lines = [[100, 100, 460, 126], [100, 300, 460, 326]];
        assert!(!has_text_outside(&page.gray, &lines));
        assert!(has_text_outside(&page.gray, &lines[..1]));
        // On any ground.
        let mut gray = page.gray;
        gray.pixels.iter_mut().for_each(|v| *v = 60 + *v / 3);
        assert!(has_text_outside(&gray, &lines[..1]));
    }
}
