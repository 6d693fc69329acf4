//! OCR: an image page becomes what a text layer would have given.
//!
//! ```text
//! pdf::scan::scan           page            → pixels               the scanner's own, or drawn at 300 dpi
//! orientation::turns        pixels          → quarter turns        that make its lines run along the rows
//! prepared::prepare         pixels          → upright, clean grey  and the way back to points; dark on white all over
//! segmentation::segment     grey            → rulings, line boxes
//! Recogniser::lines         line pictures   → characters           each with its place, confidence and runner-up
//! quality::needs_detection  all of these    → yes or no            geometry's own checks; only where they fail:
//!   Detector::lines         pixels          → lines                as the detection model sees them
//!   redetect::redetect      lines of both   → lines, characters    those that are believed more
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
mod seals;
mod segmentation;
mod skew;
mod smear;
mod streaks;
#[cfg(test)]
mod test_page;
mod text_ink;
mod type_size;
mod working_ink;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hayro_syntax::Pdf;
use rayon::prelude::*;

use crate::page::Page;
use crate::pdf::{self, scan};
use model::{DetectorSource, OcrSource};
use page::ReadPage;
pub use reader::{Mode, Reader};

/// What came of reading pages by OCR.
#[derive(Debug, Default)]
pub struct OcrReport {
    pub n_pages: u32,
    /// Pages that the detector looked at.
    pub n_detected: u32,
    /// Page and box of each red seal.
    pub seals: Vec<(u32, [f32; 4])>,
    /// Pages that could not be read, and why.
    pub unread: Vec<(u32, String)>,
    /// Pages with fewer pixels per inch than OCR needs, and how many.
    pub coarse: Vec<(u32, u32)>,
}

impl OcrReport {
    /// What read the pages, as DA/T 77 asks it to be named; `None` if nothing did.
    pub fn source(&self) -> Option<OcrSource> {
        let detector = || DetectorSource {
            model: models::DETECTION.name.to_owned(),
            model_sha256: models::DETECTION.sha256.to_owned(),
            n_pages: self.n_detected,
        };
        (self.n_pages > 0).then(|| OcrSource {
            engine: concat!("gongbao ", env!("CARGO_PKG_VERSION")).to_owned(),
            model: models::RECOGNITION.name.to_owned(),
            model_sha256: models::RECOGNITION.sha256.to_owned(),
            n_pages: self.n_pages,
            detector: (self.n_detected > 0).then(detector),
        })
    }

    /// Puts what was read on a page in its place.
    fn take(&mut self, read: ReadPage, page: &mut Page) {
        /// Pixels per inch that OCR needs (DA/T 77 asks for 300, and 200 at the least).
        const LEAST_DPI: f64 = 195.0;
        let number = page.number;
        self.n_pages += 1;
        self.n_detected += u32::from(read.is_detected);
        self.seals
            .extend(read.seals.iter().map(|&seal| (number, seal)));
        if read.dpi < LEAST_DPI {
            self.coarse.push((number, read.dpi.round() as u32));
        }
        (page.glyphs, page.rulings) = (read.glyphs, read.rulings);
        (page.width, page.height) = (read.width, read.height);
        page.straightened = Some(read.straightened);
        page.images.clear();
    }
}

/// What is to be read of a PDF.
#[expect(
    missing_debug_implementations,
    reason = "a function that hears of progress has nothing to show"
)]
pub struct Request<'r> {
    pub bytes: &'r Arc<Vec<u8>>,
    /// Pages to be recognised, and why each has to be.
    pub image_pages: Vec<(u32, &'static str)>,
    /// Pages that have their text, whose rulings are to be found in their pictures.
    pub searchable_pages: Vec<u32>,
    /// Hears of each page that has been recognised: how many are, of how many.
    pub progress: Option<&'r (dyn Fn(usize, usize) + Sync)>,
}

/// Reads the image pages of a PDF into `pages`, and finds the rulings in the pictures of those that have their text.
/// Pages in parallel, no more of them in memory than there are threads. Without a reader none is read, and each is named
/// in the report.
pub fn pages(request: &Request, reader: Option<&Reader>, pages: &mut [Page]) -> OcrReport {
    let reader = reader.filter(|reader| reader.mode != Mode::Never);
    let pdf = pdf::open(request.bytes.clone()).ok();
    let mut report = OcrReport::default();
    for (number, why, read) in read_pages(request, reader, pdf.as_ref(), pages) {
        match read {
            Ok(read) => report.take(read, &mut pages[number as usize - 1]),
            Err(problem) => report.unread.push((number, format!("{why}, {problem}"))),
        }
    }
    if let (Some(pdf), Some(_)) = (&pdf, reader) {
        find_rulings(&request.searchable_pages, pdf, pages);
    }
    report
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
