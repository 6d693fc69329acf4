//! Extraction: an input file becomes printed lines. A line never changes after this stage.

use std::fmt;
use std::ops::RangeInclusive;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::ExtractError;
use crate::layout::{self, Laid};
use crate::ocr;
use crate::page::{Distrust, Page, PageKind, Straightened};
use crate::pdf;
use crate::text;
use crate::text::PageMarker;
use model::{Line, LineCharacter, PageKinds, Source};

/// What an input gave.
#[derive(Debug, Clone)]
pub struct Extracted {
    pub source: Source,
    pub lines: Vec<Line>,
    /// Where the lines of a PDF stand, line by line, and its tables.
    pub laid: Option<Laid>,
    /// Glyphs and rulings of the pages, if they were to be kept.
    pub pages: Vec<Page>,
    /// The pages that OCR read, and how what is laid out of each stands in the space of its content: from points of the
    /// straight page, as [`pages::Straightened`] has it.
    pub by_ocr: Vec<(u32, [f64; 6])>,
    /// Page and box of each red seal on the pages that OCR read.
    pub seals: Vec<(u32, [f32; 4])>,
    /// Pages whose text was not read, and why.
    pub unread: Vec<(u32, String)>,
    /// Pages that OCR read at fewer pixels per inch than it should have, and how many.
    pub coarse: Vec<(u32, u32)>,
    /// What is suspect about the file.
    pub warnings: Vec<String>,
}

impl Extracted {
    /// Drops the lines and tables of all other pages; a text without pages is page 1.
    pub fn keep_pages(&mut self, pages: RangeInclusive<u32>) {
        let kept: Vec<bool> = self
            .lines
            .iter()
            .map(|line| pages.contains(&line.page.unwrap_or(1)))
            .collect();
        // New index of each line that stays.
        let index: Vec<usize> = kept
            .iter()
            .scan(0, |n, &kept| {
                Some(std::mem::replace(n, *n + usize::from(kept)))
            })
            .collect();
        let mut keep = kept.iter();
        self.lines.retain(|_| *keep.next().unwrap_or(&false));
        self.unread.retain(|(page, _)| pages.contains(page));
        self.by_ocr.retain(|(page, _)| pages.contains(page));
        self.seals.retain(|(page, _)| pages.contains(page));
        self.coarse.retain(|(page, _)| pages.contains(page));
        if let Some(laid) = &mut self.laid {
            let mut keep = kept.iter();
            laid.lines.retain(|_| *keep.next().unwrap_or(&false));
            laid.tables.retain(|table| pages.contains(&table.page));
            laid.tables
                .iter_mut()
                .flat_map(|t| &mut t.cells)
                .flat_map(|c| &mut c.lines)
                .for_each(|line| *line = index[*line]);
        }
    }
}

/// How an input is read, beyond the configuration.
#[derive(Clone, Default)]
pub struct Reading<'r> {
    /// Only these pages, 1-based; a text without pages is page 1.
    pub pages: Option<RangeInclusive<u32>>,
    /// Reads image pages; without one they stay unread.
    pub ocr: Option<&'r ocr::Reader>,
    /// Keeps the glyphs of the pages in [`Extracted::pages`].
    pub keep_glyphs: bool,
    /// Keeps the recognised characters in [`Extracted::laid`] as well.
    pub keep_characters: bool,
    /// Hears of each page that OCR has read: how many are done, of how many.
    pub progress: Option<&'r (dyn Fn(usize, usize) + Sync)>,
}

impl fmt::Debug for Reading<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Reading")
            .field("pages", &self.pages)
            .field("ocr", &self.ocr)
            .finish_non_exhaustive()
    }
}

/// Reads an input file.
pub fn lines(
    path: &Path,
    config: &PageMarker,
    reading: &Reading,
) -> Result<Extracted, ExtractError> {
    let bytes = std::fs::read(path)?;
    let name = path
        .file_name()
        .map_or(String::new(), |n| n.to_string_lossy().into_owned());
    lines_of_bytes(&name, bytes, config, reading)
}

/// Reads an input that is already in memory; `name` is only reported.
pub fn lines_of_bytes(
    name: &str,
    bytes: impl Into<Vec<u8>>,
    config: &PageMarker,
    reading: &Reading,
) -> Result<Extracted, ExtractError> {
    let mut extracted = extracted(name, bytes.into(), config, reading)?;
    if let Some(pages) = &reading.pages {
        extracted.keep_pages(pages.clone());
    }
    Ok(extracted)
}

fn extracted(
    name: &str,
    bytes: Vec<u8>,
    config: &PageMarker,
    reading: &Reading,
) -> Result<Extracted, ExtractError> {
    let named_pdf = Path::new(name)
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("pdf"))
        && !bytes.is_empty();
    if named_pdf
        || bytes[..bytes.len().min(1024)]
            .windows(5)
            .any(|w| w == b"%PDF-")
    {
        return of_pdf(name, bytes, reading);
    }
    let format = match bytes.as_slice() {
        [] => return Err(ExtractError::Empty),
        [b'P', b'K', 3, 4, ..] => Some("ZIP archive (or .docx, .ofd)"),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Some("Word document"),
        [0xff, 0xd8, 0xff, ..] => Some("JPEG image"),
        [0x89, b'P', b'N', b'G', ..] => Some("PNG image"),
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Some("TIFF image"),
        _ => None,
    };
    if let Some(format) = format {
        return Err(ExtractError::OtherFormat(format));
    }
    let text = text::decode(&bytes)?;
    let (lines, kinds) = text::lines(&text, config.regex());
    if lines.is_empty() {
        return Err(ExtractError::Empty);
    }
    let source = Source {
        name: name.to_owned(),
        sha256: sha256(&bytes),
        media_type: "text/plain".to_owned(),
        n_pages: kinds.text + kinds.blank,
        kinds,
        metadata: None,
        ocr: None,
    };
    Ok(Extracted {
        source,
        lines,
        laid: None,
        pages: Vec::new(),
        by_ocr: Vec::new(),
        seals: Vec::new(),
        unread: Vec::new(),
        coarse: Vec::new(),
        warnings: Vec::new(),
    })
}

/// The lines of a PDF. A page whose text can't be trusted is read by OCR, or gives none and is named in `unread`.
fn of_pdf(name: &str, bytes: Vec<u8>, reading: &Reading) -> Result<Extracted, ExtractError> {
    let sha256 = sha256(&bytes);
    let mut document = pdf::pages(bytes)?;
    let mut kinds = PageKinds::default();
    let mut image_pages: Vec<(u32, &'static str)> = Vec::new();
    let always = reading
        .ocr
        .is_some_and(|reader| reader.mode == ocr::Mode::Always);
    let mut searchable = Vec::new();
    for page in &mut document.pages {
        let why = match page.kind {
            PageKind::Text => {
                kinds.text += 1;
                None
            }
            PageKind::Searchable => {
                kinds.searchable += 1;
                searchable.push(page.number);
                None
            }
            PageKind::Blank => {
                kinds.blank += 1;
                continue;
            }
            PageKind::Image => Some("it is an image"),
            PageKind::Untrusted(Distrust::NoMapping) => Some("its codes have no characters"),
            PageKind::Untrusted(Distrust::NoWords) => Some("its text makes no words"),
        };
        if why.is_some() {
            kinds.image += 1;
        }
        if let Some(why) = why.or(always.then_some("it is read by OCR as asked")) {
            image_pages.push((page.number, why));
            page.glyphs.clear();
            page.rulings.clear();
        }
    }
    let is_wanted = |page: &u32| {
        reading
            .pages
            .as_ref()
            .is_none_or(|pages| pages.contains(page))
    };
    image_pages.retain(|(page, _)| is_wanted(page));
    searchable.retain(is_wanted);
    let request = ocr::Request {
        bytes: &document.bytes,
        image_pages,
        searchable_pages: searchable,
        progress: reading.progress,
    };
    let read = ocr::pages(&request, reading.ocr, &mut document.pages);
    let (n_pages, kept) = (
        document.pages.len(),
        if reading.keep_glyphs {
            document.pages.clone()
        } else {
            Vec::new()
        },
    );
    let straightened: Vec<Option<Straightened>> = document
        .pages
        .iter()
        .map(|page| page.straightened)
        .collect();
    let by_ocr = document
        .pages
        .iter()
        .filter_map(|page| {
            Some((
                page.number,
                page.straightened?.to_user_space(page.to_user_space),
            ))
        })
        .collect();
    drop(document.bytes);
    let mut laid = layout::lay_out(document.pages);
    if laid.lines.is_empty() {
        return Err(ExtractError::NoText {
            n_pages,
            why: read
                .unread
                .into_iter()
                .next()
                .map_or("its pages are blank".to_owned(), |(_, why)| why),
        });
    }
    let mut on_page = (0, 0);
    let round = |x: f32| (x * 100.0).round() / 100.0;
    let displayed = |page: u32, bbox: [f32; 4]| {
        straightened[page as usize - 1]
            .map_or(bbox, |straightened| straightened.displayed(bbox))
            .map(round)
    };
    let lines = laid
        .lines
        .iter_mut()
        .map(|line| {
            let characters = if reading.keep_characters {
                line.characters.clone()
            } else {
                std::mem::take(&mut line.characters)
            };
            on_page = if on_page.0 == line.page {
                (line.page, on_page.1 + 1)
            } else {
                (line.page, 1)
            };
            let confidences = || characters.iter().map(|c| c.recognised.confidence);
            Line {
                id: format!("p{}:{}", line.page, on_page.1),
                page: Some(line.page),
                text: line.text.clone(),
                blank_before: 0,
                bbox: Some(displayed(line.page, line.bbox)),
                confidence: (!characters.is_empty())
                    .then(|| round(confidences().sum::<f32>() / characters.len() as f32)),
                characters: characters
                    .iter()
                    .map(|c| LineCharacter {
                        text: c.text,
                        bbox: displayed(line.page, c.bbox),
                        confidence: round(c.recognised.confidence),
                        runner_up: c.recognised.runner_up,
                        digit: c.recognised.digit,
                    })
                    .collect(),
            }
        })
        .collect();
    let source = Source {
        name: name.to_owned(),
        sha256,
        media_type: "application/pdf".to_owned(),
        n_pages: n_pages as u32,
        kinds,
        metadata: Some(document.metadata),
        ocr: read.source(),
    };
    let warnings = document.warnings.iter().map(ToString::to_string).collect();
    Ok(Extracted {
        source,
        lines,
        laid: Some(laid),
        pages: kept,
        by_ocr,
        seals: read.seals,
        unread: read.unread,
        coarse: read.coarse,
        warnings,
    })
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}
