//! OCR: an image page becomes what a text layer would have given.
//!
//! ```text
//! extract::pdf::scan::scan  page            → pixels               the scanner's own, or drawn at 300 dpi
//! prepare::prepare          pixels          → upright, clean grey  and the way back to points; dark on white all over
//! find::find                grey            → rulings, line boxes
//! Recogniser::lines         line pictures   → characters           each with its place, confidence and runner-up
//! doubt                     all of these    → yes or no            geometry's own checks; only where they fail:
//!   Detector::lines         pixels          → lines                as the detection model sees them
//!   second::look            lines of both   → lines, characters    those that are believed more
//! unread::read              ink, characters → characters           those that were passed over
//! page::read                all of these    → glyphs, rulings      in points, for the layout
//! models::find              configuration   → files                the models, checked
//! ```

mod detect;
mod doubt;
pub mod find;
pub mod models;
pub mod page;
pub mod prepare;
pub mod raster;
pub mod recognise;
mod reverse;
mod second;
#[cfg(test)]
mod sheet;
mod unread;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::page::Page;
use crate::pdf;
use crate::read::ReadOptions as Reading;
use detect::Detector;
use model::{DetectorSource, OcrSource};
use page::ReadPage;
use pdf::scan::ScanError;
use recognise::Recogniser;

/// Which pages of a PDF are read by OCR.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// Those without text that can be trusted.
    #[default]
    Auto,
    /// All that are not blank.
    Always,
    Never,
}

/// Reads pages by OCR; each model is loaded when the first page needs it, and shared by all.
#[derive(Debug)]
pub struct Reader {
    pub mode: Mode,
    models: String,
    threads: usize,
    files: OnceLock<Result<models::Files, String>>,
    recogniser: OnceLock<Result<Recogniser, String>>,
    detector: OnceLock<Result<Detector, String>>,
}

impl Reader {
    /// `threads` is how many lines are recognised at the same time.
    pub fn new(models: &str, mode: Mode, threads: usize) -> Self {
        let (files, recogniser, detector) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Self {
            mode,
            models: models.to_owned(),
            threads,
            files,
            recogniser,
            detector,
        }
    }

    /// The recogniser, or why there is none. There is none without a detector, whether or not a page will need it.
    pub fn recogniser(&self) -> Result<&Recogniser, &str> {
        let load = || {
            Recogniser::load(&self.files()?.recognition, self.threads).map_err(|e| e.to_string())
        };
        self.recogniser
            .get_or_init(|| apart(load))
            .as_ref()
            .map_err(String::as_str)
    }

    /// The detector, or why there is none.
    fn detector(&self) -> Result<&Detector, &str> {
        let load = || Detector::load(&self.files()?.detection);
        self.detector
            .get_or_init(|| apart(load))
            .as_ref()
            .map_err(String::as_str)
    }

    fn files(&self) -> Result<&models::Files, &str> {
        self.files
            .get_or_init(|| models::find(&self.models).map_err(|e| e.to_string()))
            .as_ref()
            .map_err(String::as_str)
    }
}

/// Loads a model in a plain thread. One of rayon would take up other work while the model's own threads are at theirs, such
/// as another input, which waits for the model.
fn apart<T: Send>(load: impl FnOnce() -> Result<T, String> + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        scope
            .spawn(load)
            .join()
            .unwrap_or_else(|_| Err("the model can't be loaded".to_owned()))
    })
}

/// What came of reading pages by OCR.
#[derive(Debug, Default)]
pub struct Read {
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

impl Read {
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
}

/// Pixels per inch that OCR needs (DA/T 77 asks for 300, and 200 at the least).
const LEAST_DPI: f64 = 195.0;

/// Reads the image pages of a PDF into `pages`, and finds the rulings in the pictures of those that have their text.
/// Pages in parallel, no more of them in memory than there are threads.
pub fn pages(
    bytes: &Arc<Vec<u8>>,
    image_pages: &[(u32, &str)],
    searchable: &[u32],
    reading: &Reading,
    pages: &mut [Page],
) -> Read {
    let asked = |number: &u32| {
        reading
            .pages
            .as_ref()
            .is_none_or(|pages| pages.contains(number))
    };
    let mut read = Read::default();
    let reader = reading.ocr.filter(|reader| reader.mode != Mode::Never);
    let wanted: Vec<(u32, &str)> = image_pages
        .iter()
        .copied()
        .filter(|(number, _)| asked(number))
        .collect();
    let ready = match reader {
        None => Err("and OCR is off"),
        Some(_) if wanted.is_empty() => Err(""),
        Some(reader) => reader.recogniser().map(|_| reader),
    };
    let pdf = pdf::scan::open(bytes.clone()).ok();
    let n_done = AtomicUsize::new(0);
    let by_ocr: Vec<(u32, &str, Result<ReadPage, String>)> = wanted
        .par_iter()
        .map(|&(number, why)| {
            let page = match (&pdf, ready) {
                _ if !pdf::scan::are_drawable(&pages[number as usize - 1].images) => {
                    Err(ScanError::TooLarge.to_string())
                }
                (Some(pdf), Ok(reader)) => page::read(pdf, number, reader),
                (_, Err(problem)) => Err(problem.to_owned()),
                (None, _) => Err("the file can't be opened a second time".to_owned()),
            };
            let n_done = n_done.fetch_add(1, Ordering::Relaxed) + 1;
            if let Some(progress) = reading.progress.filter(|_| ready.is_ok()) {
                progress(n_done, wanted.len());
            }
            (number, why, page)
        })
        .collect();
    for (number, why, page) in by_ocr {
        match page {
            Ok(page) => {
                read.n_pages += 1;
                read.n_detected += u32::from(page.is_detected);
                read.seals
                    .extend(page.seals.iter().map(|&seal| (number, seal)));
                if page.dpi < LEAST_DPI {
                    read.coarse.push((number, page.dpi.round() as u32));
                }
                let to = &mut pages[number as usize - 1];
                (to.glyphs, to.rulings) = (page.glyphs, page.rulings);
                (to.width, to.height, to.straightened) =
                    (page.width, page.height, Some(page.straightened));
                to.images.clear();
            }
            Err(problem) => read.unread.push((number, format!("{why}, {problem}"))),
        }
    }
    if reader.is_some()
        && let Some(pdf) = &pdf
    {
        let found: Vec<_> = searchable
            .par_iter()
            .filter(|&n| asked(n) && pdf::scan::are_drawable(&pages[*n as usize - 1].images))
            .map(|&n| (n, page::rulings(pdf, n)))
            .collect();
        for (number, rulings) in found {
            pages[number as usize - 1]
                .rulings
                .extend(rulings.unwrap_or_default());
        }
    }
    read
}
