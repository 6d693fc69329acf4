//! Doubts: what speaks against what geometry found on a page.
//!
//! Two checks, both cheap: a line that the recogniser does not believe, and marks as large as text that no line holds.

use super::find::{self, LineBox};
use super::page::Looked;
use super::prepare::Prepared;
use super::raster::Bilevel;
use super::recognise::Character;
use crate::pdf::scan::Scan;

/// Whether a line was cut wrong or is no text: its characters are hardly believed, or too few for its length.
pub fn is_doubtful(line: &LineBox, characters: &[Character]) -> bool {
    /// Folios and dirt are shorter.
    const FEWEST: usize = 5;
    /// Mean confidence. Of lines of bad scans it is 0.8 and more.
    const BELIEVED: f32 = 0.75;
    /// In em: the shortest line that is doubted for its length, and how much one character may take: titles are spaced by
    /// one em, or two.
    const LONG: f64 = 5.0;
    const SPACED: f64 = 4.0;
    let shown = || characters.iter().filter(|c| !c.text.is_whitespace());
    let n = shown().count();
    let width = (line.bbox[2] - line.bbox[0]) as f64;
    let em = line.em.max(1.0);
    n >= FEWEST && shown().map(|c| c.confidence).sum::<f32>() < BELIEVED * n as f32
        || width >= LONG * em && width > SPACED * em * n as f64
}

/// Whether something on the page looks like text and is in no line, though not where.
pub fn has_unread(
    scan: &Scan,
    Looked {
        prepared,
        found,
        read,
        ..
    }: &Looked,
) -> bool {
    let (mut open, cell) = marks(scan, prepared);
    let mut cover = |[x0, y0, x1, y1]: [f64; 4], margin: f64| {
        let at = |v: f64, most: usize| ((v / cell).max(0.0) as usize).min(most);
        let (from, to) = (
            at(x0 - margin, open.width),
            (at(x1 + margin, open.width) + 1).min(open.width),
        );
        for y in at(y0 - margin, open.height)..(at(y1 + margin, open.height) + 1).min(open.height) {
            open.ink[y * open.width + from.min(to)..y * open.width + to].fill(0);
        }
    };
    for (line, _) in found
        .lines
        .iter()
        .zip(read)
        .filter(|(_, characters)| !characters.is_empty())
    {
        cover(line.bbox.map(|at| at as f64), 0.4 * line.em);
    }
    found
        .leaders
        .iter()
        .for_each(|leader| cover(leader.bbox.map(|at| at as f64), 0.4 * leader.em));
    prepared
        .seals
        .iter()
        .for_each(|seal| cover(seal.map(|at| at as f64), cell));
    for ruling in &found.rulings {
        cover(
            [
                ruling.x0.min(ruling.x1),
                ruling.y0.min(ruling.y1),
                ruling.x0.max(ruling.x1),
                ruling.y0.max(ruling.y1),
            ],
            ruling.thickness + cell,
        );
    }
    find::islands(&smeared(&open)).iter().any(is_text)
}

/// Where the page is not plain, in cells of 3 points: they have dark and bright side by side, whichever of them the ground
/// is. With the pixels of the page to a cell.
fn marks(scan: &Scan, prepared: &Prepared) -> (Bilevel, f64) {
    /// Pixels per inch at which they are looked for, and how many of them a cell has on a side.
    const DPI: f64 = 100.0;
    const CELL: f64 = 4.0;
    /// Difference of brightness: noise, stains and print that shines through have less than 40.
    const CONTRAST: u8 = 48;
    let n = ((scan.dpi() / DPI).round() as usize).max(1);
    let small = scan.gray.downscale(n).turned(prepared.n_quarters);
    let small = small.rotated(-prepared.skew.to_radians());
    let size = ((CELL * scan.dpi() / DPI / n as f64).round() as usize).max(1);
    let (dark, bright) = (
        small.blocks(size, 255, u8::min),
        small.blocks(size, 0, u8::max),
    );
    let ink = dark
        .pixels
        .iter()
        .zip(&bright.pixels)
        .map(|(dark, bright)| u8::from(bright - dark >= CONTRAST))
        .collect();
    (
        Bilevel {
            width: dark.width,
            height: dark.height,
            ink,
        },
        (n * size) as f64,
    )
}

/// Marks joined along the rows over a blank of one cell.
fn smeared(marks: &Bilevel) -> Bilevel {
    let mut smeared = marks.clone();
    for (to, from) in smeared
        .ink
        .chunks_exact_mut(marks.width.max(1))
        .zip(marks.ink.chunks_exact(marks.width.max(1)))
    {
        from.windows(3)
            .enumerate()
            .filter(|(_, three)| three[0] == 1 && three[2] == 1)
            .for_each(|(x, _)| to[x + 1] = 1);
    }
    smeared
}

/// Whether marks that hang together are as large as a few characters, and as full.
fn is_text(island: &find::Piece) -> bool {
    /// In cells of 3 points: from 6 points on, to a title of 150.
    const HIGH: std::ops::RangeInclusive<usize> = 2..=50;
    const LEAST_WIDE: usize = 8;
    /// Of the box: frames, curves and the edges of pictures are thin.
    const LEAST_FULL: f64 = 0.5;
    let (width, height) = (island.x1 - island.x0, island.y1 - island.y0);
    HIGH.contains(&height)
        && width >= LEAST_WIDE
        && island.n_pixels as f64 >= LEAST_FULL * (width * height) as f64
}

#[cfg(test)]
mod tests {
    use super::super::find::Found;
    use super::super::prepare::prepare;
    use super::super::raster::Gray;
    use super::super::sheet::Sheet;
    use super::*;

    fn read(text: &str, confidence: f32) -> Vec<Character> {
        text.chars()
            .map(|text| Character {
                text,
                confidence,
                runner_up: None,
                digit: None,
                from: 0.0,
                to: 1.0,
            })
            .collect()
    }

    #[test]
    fn a_line_is_doubtful_by_its_characters_or_its_length() {
        let line = |n_ems: usize| LineBox {
            bbox: [0, 0, 30 * n_ems, 30],
            em: 30.0,
        };
        assert!(!is_doubtful(&line(6), &read("县政府文件", 0.8)));
        assert!(is_doubtful(&line(6), &read("县政府文件", 0.7)));
        // A folio; a spaced title; what can be no line.
        assert!(!is_doubtful(&line(3), &read("— 3 —", 0.6)));
        assert!(!is_doubtful(&line(6), &read("公告", 0.99)));
        assert!(is_doubtful(&line(9), &read("公告", 0.99)));
    }

    #[test]
    fn what_looks_like_text_and_is_in_no_line_is_unread() {
        let mut sheet = Sheet::new(900, 600);
        sheet.text(100, 100, 12);
        sheet.text(100, 300, 12);
        // A ruling, a speck and a stain are no text.
        sheet.fill([100, 200, 800, 203]);
        sheet.fill([600, 400, 608, 408]);
        (450..550).for_each(|y| sheet.gray.row_mut(y)[500..800].fill(220));
        let has_unread = |gray: &Gray, lines: &[[usize; 4]]| {
            let scan = Scan {
                gray: gray.clone(),
                color: None,
                scale: [150.0 / 72.0; 2],
                origin: [0.0; 2],
            };
            let lines: Vec<LineBox> = lines
                .iter()
                .map(|&bbox| LineBox { bbox, em: 30.0 })
                .collect();
            let read = vec![read("县", 0.9); lines.len()];
            let looked = Looked {
                prepared: prepare(&scan, 0),
                found: Found {
                    lines,
                    ..Found::default()
                },
                read,
                is_detected: false,
            };
            super::has_unread(&scan, &looked)
        };
        let lines = [[100, 100, 460, 126], [100, 300, 460, 326]];
        assert!(!has_unread(&sheet.gray, &lines));
        assert!(has_unread(&sheet.gray, &lines[..1]));
        // On any ground.
        let mut gray = sheet.gray;
        gray.pixels.iter_mut().for_each(|v| *v = 60 + *v / 3);
        assert!(has_unread(&gray, &lines[..1]));
    }
}
