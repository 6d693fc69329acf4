//! One page read: pixels become glyphs and rulings in points, as a text layer would have given them.

use ecow::EcoString;
use hayro_font::kurbo::{Affine, Rect};
use hayro_syntax::Pdf;
use serde::{Deserialize, Serialize};

use super::Problem;
use super::em_boxes::{EmBox, em_boxes};
use super::faint_ink::{blackened, has_ink};
use super::ink_profile::InkProfile;
use super::letter_case::correct_case;
use super::line_box::LineBox;
use super::missed_ink::read_missed_ink;
use super::orientation::{Turns, turns};
use super::page_reading::{self, PageReading};
use super::prepared::{Prepared, prepare, uncleaned};
use super::quality::needs_detection;
use super::reader::Reader;
use super::recognise::Recogniser;
use super::redetect::redetect;
use super::ruling::Segment;
use super::segmentation::segment;
use super::specks::drop_specks;
use super::type_size::correct_sizes;
use crate::confidence::DOUBTFUL_PAGE;
use crate::page::{Glyph, Recognised, Ruling, Straightened};
use crate::pdf::scan::{Scan, ScanError, scan};
use crate::raster::Gray;
use crate::watch::UnreadReason;

/// What a page holds for a reader.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadPage {
    /// Size of the straight page in points; glyphs and rulings are in its points.
    pub width: f32,
    pub height: f32,
    pub glyphs: Vec<Glyph>,
    pub rulings: Vec<Ruling>,
    pub straightened: Straightened,
    /// Boxes of red seals in points of the displayed page.
    pub seals: Vec<[f32; 4]>,
    /// Pixels per inch of what was read.
    pub dpi: f64,
    /// Whether the detector looked at it.
    pub is_detected: bool,
    /// Whether there is ink on it.
    pub has_ink: bool,
}

/// Reads a page of a PDF by OCR; `number` is 1-based. Ink on which nothing is found is made black, and read again.
pub fn read(pdf: &Pdf, number: u32, reader: &Reader) -> Result<ReadPage, Problem> {
    let scan = scan(pdf, number)?;
    let read = read_scan(&scan, reader)?;
    if !read.glyphs.is_empty() {
        return Ok(read);
    }
    if !has_ink(&scan) {
        return Ok(ReadPage {
            has_ink: false,
            ..read
        });
    }
    read_scan(&blackened(&scan), reader)
}

fn read_scan(scan: &Scan, reader: &Reader) -> Result<ReadPage, Problem> {
    let no_models = |why: &str| Problem(UnreadReason::NoModels, why.to_owned());
    let recogniser = reader.recogniser().map_err(no_models)?;
    let mut readings = likely_readings(scan, recogniser);
    for reading in &mut readings {
        if needs_detection(scan, reading) {
            let picture = uncleaned(scan, &reading.prepared);
            let detector = reader.detector().map_err(no_models)?;
            let detected = detector.lines(&picture, reading.prepared.dpi);
            redetect(reading, &detected, &picture, recogniser);
            reading.is_detected = true;
        }
    }
    let best = readings.into_iter().reduce(|best, reading| {
        if reading.confidence() > best.confidence() {
            reading
        } else {
            best
        }
    });
    let best = best.expect("there is at least one way to turn a page");
    Ok(read_page(best, recogniser))
}

/// The page read as it stands, and turned upside down as well if that is not believed, and on its sides if neither is.
/// Where no reading is believed, the second look decides between the best two.
fn likely_readings(scan: &Scan, recogniser: &Recogniser) -> Vec<PageReading> {
    /// Readings that the second look is worth.
    const MOST: usize = 2;
    let Turns { order, n_tried } = turns(scan);
    let mut readings: Vec<PageReading> = Vec::new();
    for turn in order {
        readings.push(PageReading::new(prepare(scan, turn), recogniser));
        let is_blank = !readings.iter().any(PageReading::has_characters);
        if readings.len() >= n_tried && (is_blank || readings.iter().any(is_believed)) {
            break;
        }
    }
    if readings.iter().any(is_believed) {
        readings.retain(is_believed);
        readings.sort_by(|a, b| b.amount_read().total_cmp(&a.amount_read()));
        readings.truncate(1);
    } else {
        readings.sort_by(|a, b| b.confidence().total_cmp(&a.confidence()));
        readings.truncate(MOST);
    }
    readings
}

fn is_believed(reading: &PageReading) -> bool {
    reading.confidence() >= DOUBTFUL_PAGE
}

/// The rulings of a page whose text is known, in points.
pub fn rulings(pdf: &Pdf, number: u32) -> Result<Vec<Ruling>, ScanError> {
    let prepared = prepare(&scan(pdf, number)?, 0);
    let rulings = segment(&prepared).rulings;
    Ok(rulings
        .iter()
        .map(|segment| ruling(segment, prepared.to_points, prepared.dpi))
        .collect())
}

/// The pictures of the lines of a page, as the recogniser gets them.
pub fn pictures(prepared: &Prepared) -> Vec<Gray> {
    page_reading::pictures(&prepared.gray, &segment(prepared).lines)
}

/// What was read, in points: glyphs and rulings of the straight page, seals of the displayed one.
fn read_page(mut reading: PageReading, recogniser: &Recogniser) -> ReadPage {
    let point = reading.prepared.dpi / 72.0;
    let glyphs = glyphs(&mut reading, recogniser);
    let PageReading {
        prepared, rulings, ..
    } = reading;
    let straight = Affine::scale(1.0 / point);
    let to_display = prepared.to_points * Affine::scale(point);
    let on_display = |seal: &[usize; 4]| {
        let [x0, y0, x1, y1] = seal.map(|at| at as f64);
        let rect = Rect::new(x0, y0, x1, y1);
        bbox(prepared.to_points.transform_rect_bbox(rect))
    };
    ReadPage {
        width: (prepared.gray.width as f64 / point) as f32,
        height: (prepared.gray.height as f64 / point) as f32,
        glyphs,
        rulings: rulings
            .iter()
            .map(|segment| ruling(segment, straight, prepared.dpi))
            .collect(),
        straightened: Straightened(to_display.as_coeffs().map(|c| c as f32)),
        seals: prepared.seals.iter().map(on_display).collect(),
        dpi: prepared.dpi,
        is_detected: reading.is_detected,
        has_ink: true,
    }
}

/// The characters of a page, set as type, and its leaders.
fn glyphs(reading: &mut PageReading, recogniser: &Recogniser) -> Vec<Glyph> {
    let PageReading {
        prepared,
        lines,
        leaders,
        ..
    } = reading;
    correct_sizes(lines);
    drop_specks(lines, &prepared.gray, prepared.level, prepared.dpi);
    let ink = prepared.gray.ink(prepared.level);
    read_missed_ink(lines, &ink, &prepared.gray, recogniser);
    let point = prepared.dpi / 72.0;
    let line_boxes: Vec<LineBox> = lines.iter().map(|line| line.line_box).collect();
    let mut glyphs = Vec::new();
    for line in lines.iter_mut() {
        let profile = InkProfile::new(line, &ink);
        correct_case(line, &profile);
        let goes_on = line_boxes
            .iter()
            .any(|other| is_followed_by(&line.line_box, other));
        let boxes = em_boxes(line, goes_on, &profile);
        for (em_box, c) in boxes.iter().zip(&line.characters) {
            glyphs.push(glyph(c.text, em_box, point, c.recognised));
        }
    }
    for em_box in leaders.iter().flat_map(ellipses) {
        glyphs.push(glyph('…', &em_box, point, Recognised::CERTAIN));
    }
    // Those of a long book wait for the last page: no more room than they take.
    glyphs.shrink_to_fit();
    glyphs
}

/// A glyph in points, of which each has so many pixels.
fn glyph(text: char, em_box: &EmBox, point: f64, recognised: Recognised) -> Glyph {
    Glyph {
        text: EcoString::from(text),
        bbox: bbox(Affine::scale(1.0 / point).transform_rect_bbox(em_box.rect)),
        size: (em_box.em / point) as f32,
        font: 0,
        hidden: false,
        vertical: false,
        turn: 0,
        slanted: false,
        recognised: Some(recognised),
    }
}

fn bbox(rect: Rect) -> [f32; 4] {
    [rect.x0, rect.y0, rect.x1, rect.y1].map(|at| at as f32)
}

/// A leader as a text layer has it: an ellipsis for each em, with its size.
fn ellipses(leader: &LineBox) -> impl Iterator<Item = EmBox> {
    let [x0, y0, x1, y1] = leader.bbox.map(|at| at as f64);
    let em = leader.em.max(1.0);
    let n = ((x1 - x0) / em).round().max(1.0);
    let (top, width) = ((y0 + y1 - em) / 2.0, (x1 - x0) / n);
    (0..n as usize).map(move |i| EmBox {
        rect: Rect::new(
            x0 + width * i as f64,
            top,
            x0 + width * (i + 1) as f64,
            top + em,
        ),
        em,
    })
}

/// A ruling in points. What leans by a hair is upright: rulings are.
fn ruling(segment: &Segment, to_points: Affine, dpi: f64) -> Ruling {
    let placed =
        to_points.transform_rect_bbox(Rect::new(segment.x0, segment.y0, segment.x1, segment.y1));
    let middle = placed.center();
    let is_upright = placed.width() < placed.height();
    let (x0, x1) = if is_upright {
        (middle.x, middle.x)
    } else {
        (placed.x0, placed.x1)
    };
    let (y0, y1) = if is_upright {
        (placed.y0, placed.y1)
    } else {
        (middle.y, middle.y)
    };
    Ruling {
        x0: x0 as f32,
        y0: y0 as f32,
        x1: x1 as f32,
        y1: y1 as f32,
        thickness: (segment.thickness * 72.0 / dpi) as f32,
    }
}

/// Whether another box begins where this one ends, on one line of type.
fn is_followed_by(line: &LineBox, other: &LineBox) -> bool {
    /// The blank between them, in em.
    const GAP: f64 = 1.2;
    let ([_, y0, x1, y1], [other_x0, other_y0, _, other_y1]) = (line.bbox, other.bbox);
    let gap = other_x0 as f64 - x1 as f64;
    (0.0..GAP * line.em).contains(&gap) && y0.max(other_y0) < y1.min(other_y1)
}
