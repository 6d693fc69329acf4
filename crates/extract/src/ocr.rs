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
//! faint_ink::blackened      pixels          → pixels               where ink gave nothing to read: once more, black
//! page::read                all of these    → glyphs, rulings      in points, for the layout
//! models::find              configuration   → files                the models, checked
//! ```

mod binarise;
mod borders;
mod cache;
mod components;
mod corridors;
mod detect;
mod em_boxes;
mod faint_ink;
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

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use hayro_syntax::Pdf;
use rayon::prelude::*;

use crate::page::{Page, PageKind};
use crate::pdf::scan;
use crate::recognition::{Recognition, Request};
use crate::watch::{PageEvent, Unread, UnreadReason};
use model::{DetectorSource, OcrSource};
use page::ReadPage;
pub use reader::{Mode, Reader};

/// Takes away of a cache folder what was kept longest ago, until no more than so many bytes are left.
pub fn shrink_cache(folder: &Path, most: u64) -> io::Result<()> {
    cache::Cache::new(folder).shrink(most)
}

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
            Ok(read) if is_without_lines(&read, &pages[number as usize - 1]) => {
                let page = &pages[number as usize - 1];
                recognition.unread.push(without_lines(page, why, &read));
            }
            Ok(read) => {
                (n_pages, n_detected) = (n_pages + 1, n_detected + u32::from(read.is_detected));
                put(read, &mut pages[number as usize - 1], &mut recognition);
            }
            Err(Problem(reason, problem)) => recognition.unread.push(Unread {
                page: number,
                reason,
                why: format!("{why}, {problem}"),
            }),
        }
    }
    recognition.source = source(n_pages, n_detected);
    if let (Some(pdf), Some(_)) = (&pdf, reader) {
        find_rulings(&request.searchable_pages, pdf, pages);
    }
    recognition
}

/// Whether nothing was read of a page that has ink, or text by the file.
fn is_without_lines(read: &ReadPage, page: &Page) -> bool {
    let has_text = matches!(page.kind, PageKind::Untrusted(_));
    read.glyphs.is_empty() && (read.has_ink || has_text)
}

/// A page that has something, and nothing that OCR reads.
fn without_lines(page: &Page, why: &str, read: &ReadPage) -> Unread {
    let found = if read.has_ink {
        "and has ink in which OCR finds no text; look at it"
    } else {
        "and nothing of it is seen on the page"
    };
    // Pictures can hold text that is too faint; what is drawn of lines and areas is a drawing.
    let reason = if page.kind == PageKind::Image && page.images.is_empty() {
        UnreadReason::Drawing
    } else {
        UnreadReason::NoLines
    };
    Unread {
        page: page.number,
        reason,
        why: format!("{why}, {found}"),
    }
}

/// A page that was to be recognised, why, and what came of it.
type Attempt = (u32, &'static str, Result<ReadPage, Problem>);

/// Why a page was not recognised.
#[derive(Debug)]
pub struct Problem(pub UnreadReason, pub String);

impl From<scan::ScanError> for Problem {
    fn from(error: scan::ScanError) -> Self {
        let reason = match error {
            scan::ScanError::TooLarge => UnreadReason::PageLimit,
            scan::ScanError::NoPage | scan::ScanError::Malformed => UnreadReason::PageDamaged,
        };
        Problem(reason, error.to_string())
    }
}

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
    let n_done = AtomicUsize::new(0);
    wanted
        .par_iter()
        .map(|&(number, why)| {
            watch(request, PageEvent::Recognising(number));
            let read = read_page(number, request, reader, pdf, pages);
            watch(request, PageEvent::Ended(number));
            let n_done = n_done.fetch_add(1, Ordering::Relaxed) + 1;
            let n_pages = wanted.len();
            if reader.is_some() {
                watch(request, PageEvent::Recognised { n_done, n_pages });
            }
            (number, why, read)
        })
        .collect()
}

fn watch(request: &Request, event: PageEvent) {
    if let Some(watch) = request.watch {
        watch(event);
    }
}

fn read_page(
    number: u32,
    request: &Request,
    reader: Option<&Reader>,
    pdf: Option<&Pdf>,
    pages: &[Page],
) -> Result<ReadPage, Problem> {
    let off = || Problem(UnreadReason::OcrOff, "and OCR is off".to_owned());
    let no_models = |why: &str| Problem(UnreadReason::NoModels, why.to_owned());
    let page = &pages[number as usize - 1];
    if !scan::are_drawable(&page.images) {
        return Err(scan::ScanError::TooLarge.into());
    }
    let reader = reader.ok_or_else(off)?;
    // A page that was read before needs models no less: it is the same with and without a cache.
    reader.files().map_err(no_models)?;
    let kept = reader.cache.as_ref().zip(request.key);
    if let Some(page) = kept
        .as_ref()
        .and_then(|(cache, key)| cache.get(key, number))
    {
        return Ok(page);
    }
    let again = "the file can't be opened a second time";
    let pdf = pdf.ok_or_else(|| Problem(UnreadReason::PageDamaged, again.to_owned()))?;
    let read = page::read(pdf, number, reader)?;
    if let Some((cache, key)) = kept {
        cache.put(&key, number, &read);
    }
    Ok(read)
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
