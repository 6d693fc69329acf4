//! OCR: an image page becomes what a text layer would have given.
//!
//! ```text
//! pdf::scan::scan           page            → pixels               the scanner's own, or drawn at 300 dpi
//! orientation::turns        pixels          → quarter turns        that make its lines run along the rows
//! prepared::prepare         pixels          → upright, clean grey  and the way back to points; dark on white all over,
//!                                                                   without scratches
//! segmentation::segment     grey            → rulings, line boxes
//! Recogniser::lines         line pictures   → characters           each with its place, confidence and runner-up
//! quality::needs_detection  all of these    → yes or no            geometry's own checks; only where they fail:
//!   Detector::lines         pixels          → lines                as the detection model sees them
//!   redetect::redetect      lines of both   → lines, characters    those that are believed more
//! drop_specks               ink, characters → characters           those that are no dirt
//! read_missed_ink           ink, characters → characters           those that were passed over
//! page::read                all of these    → glyphs, rulings      in points, for the layout
//! models::find              configuration   → files                the models, checked
//! ```

mod binarise;
mod borders;
mod components;
mod corridors;
mod detect;
mod em_boxes;
mod ink_profile;
mod leaders;
mod letter_case;
mod line_box;
mod line_boxes;
mod missed_ink;
pub mod models;
pub mod orientation;
pub mod page;
mod page_reading;
pub mod prepared;
mod quality;
mod reader;
mod recognise;
mod redetect;
mod reversed_type;
mod ruling;
mod rulings;
mod scratches;
mod seals;
mod segmentation;
mod skew;
mod smear;
mod specks;
mod streaks;
#[cfg(test)]
mod test_page;
mod text_ink;
mod type_size;
mod working_ink;

use std::sync::atomic::{AtomicUsize, Ordering};

use hayro_syntax::Pdf;
use rayon::prelude::*;

use crate::page::Page;
use crate::pdf::scan;
use crate::recognition::{Recognition, Request};
use model::{DetectorSource, OcrSource};
use page::ReadPage;
pub use reader::{Mode, Reader};

/// Names what read pages, as DA/T 77 asks; `None` if nothing did. `n_detected` are those that the detector looked at.
fn source(n_pages: u32, n_detected: u32) -> Option<OcrSource> {
    let detector = DetectorSource {
        model: models::DETECTION.name.to_owned(),
        model_sha256: models::DETECTION.sha256.to_owned(),
        n_pages: n_detected,
    };
    (n_pages > 0).then(|| OcrSource {
        engine: concat!("gongbao ", env!("CARGO_PKG_VERSION")).to_owned(),
        model: models::RECOGNITION.name.to_owned(),
        model_sha256: models::RECOGNITION.sha256.to_owned(),
        n_pages,
        detector: (n_detected > 0).then_some(detector),
    })
}

/// Puts what was read on a page in its place.
fn put(read: ReadPage, page: &mut Page, recognition: &mut Recognition) {
    /// Pixels per inch that OCR needs (DA/T 77 asks for 300, and 200 at the least).
    const LEAST_DPI: f64 = 195.0;
    let number = page.number;
    recognition
        .seals
        .extend(read.seals.iter().map(|&seal| (number, seal)));
    if read.dpi < LEAST_DPI {
        recognition.coarse.push((number, read.dpi.round() as u32));
    }
    (page.glyphs, page.rulings) = (read.glyphs, read.rulings);
    (page.width, page.height) = (read.width, read.height);
    page.straightened = Some(read.straightened);
    page.images.clear();
}

/// Reads the image pages of a PDF into `pages`, and finds the rulings in the pictures of those that have their text.
/// Pages in parallel, no more of them in memory than there are threads. Without a reader none is read, and each is named
/// in the report.
pub fn pages(request: &Request, reader: Option<&Reader>, pages: &mut [Page]) -> Recognition {
    let reader = reader.filter(|reader| reader.mode != Mode::Never);
    let pdf = scan::open(request.bytes.clone()).ok();
    let mut recognition = Recognition::default();
    let (mut n_pages, mut n_detected) = (0, 0);
    for (number, why, read) in read_pages(request, reader, pdf.as_ref(), pages) {
        match read {
            Ok(read) => {
                (n_pages, n_detected) = (n_pages + 1, n_detected + u32::from(read.is_detected));
                put(read, &mut pages[number as usize - 1], &mut recognition);
            }
            Err(problem) => recognition
                .unread
                .push((number, format!("{why}, {problem}"))),
        }
    }
    recognition.source = source(n_pages, n_detected);
    if let (Some(pdf), Some(_)) = (&pdf, reader) {
        find_rulings(&request.searchable_pages, pdf, pages);
    }
    recognition
}

/// A page that was to be recognised, why, and what came of it.
type Attempt = (u32, &'static str, Result<ReadPage, String>);

fn read_pages(
    request: &Request,
    reader: Option<&Reader>,
    pdf: Option<&Pdf>,
    pages: &[Page],
) -> Vec<Attempt> {
    let wanted = &request.image_pages;
    if wanted.is_empty() {
        return Vec::new();
    }
    let ready = match reader {
        None => Err("and OCR is off"),
        Some(reader) => reader.recogniser().map(|_| reader),
    };
    let n_done = AtomicUsize::new(0);
    wanted
        .par_iter()
        .map(|&(number, why)| {
            let read = match (pdf, ready) {
                _ if !scan::are_drawable(&pages[number as usize - 1].images) => {
                    Err(scan::ScanError::TooLarge.to_string())
                }
                (Some(pdf), Ok(reader)) => page::read(pdf, number, reader),
                (_, Err(problem)) => Err(problem.to_owned()),
                (None, _) => Err("the file can't be opened a second time".to_owned()),
            };
            let n_done = n_done.fetch_add(1, Ordering::Relaxed) + 1;
            if let Some(progress) = request.progress.filter(|_| ready.is_ok()) {
                progress(n_done, wanted.len());
            }
            (number, why, read)
        })
        .collect()
}

fn find_rulings(numbers: &[u32], pdf: &Pdf, pages: &mut [Page]) {
    let found: Vec<_> = numbers
        .par_iter()
        .filter(|number| scan::are_drawable(&pages[**number as usize - 1].images))
        .map(|&number| (number, page::rulings(pdf, number)))
        .collect();
    for (number, rulings) in found {
        pages[number as usize - 1]
            .rulings
            .extend(rulings.unwrap_or_default());
    }
}
