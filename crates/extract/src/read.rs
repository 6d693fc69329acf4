//! The driver: an input file becomes printed lines. A line never changes after this stage.

#[cfg_attr(not(feature = "pdf"), path = "without/pdf.rs")]
mod pdf;

use std::fmt;
use std::ops::RangeInclusive;
use std::path::Path;

use crate::error::ExtractError;
use crate::hash::sha256;
use crate::laid::{Laid, PrintedTable};
use crate::ocr;
use crate::page::Page;
use crate::text;
use crate::text::PageMarker;
use crate::watch::{Unread, Watch};
use model::{Line, OcrSource, Source};

/// What an input gave.
#[derive(Debug, Clone)]
pub struct Extracted {
    pub source: Source,
    pub lines: Vec<Line>,
    /// Where the lines of a PDF stand, line by line, and its tables.
    pub laid: Option<Laid>,
    /// Glyphs and rulings of the pages, if they were to be kept.
    pub pages: Vec<Page>,
    /// What came of reading pages by OCR, and which could not be read at all.
    pub ocr: OcrReport,
    /// What is suspect about the file.
    pub warnings: Vec<String>,
}

/// What came of the pages of a PDF that have no text that can be believed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OcrReport {
    /// What read the pages; none if nothing did.
    pub source: Option<OcrSource>,
    /// The pages that were read, and how what is laid out of each stands in the space of its content: from points of
    /// the straight page, as [`Straightened`](crate::page::Straightened) has it.
    pub read: Vec<(u32, [f64; 6])>,
    /// Page and box of each red seal on the pages that were read.
    pub seals: Vec<(u32, [f32; 4])>,
    /// Pages whose text was not read, and why.
    pub unread: Vec<Unread>,
    /// Pages that were read at fewer pixels per inch than they should have, and how many.
    pub coarse: Vec<(u32, u32)>,
}

/// How an input is read, beyond the configuration.
#[derive(Clone, Default)]
pub struct ReadOptions<'r> {
    /// Only these pages, 1-based; a text without pages is page 1.
    pub pages: Option<RangeInclusive<u32>>,
    /// Reads image pages; without one they stay unread.
    pub ocr: Option<&'r ocr::Reader>,
    /// Keeps the glyphs of the pages in [`Extracted::pages`].
    pub keep_glyphs: bool,
    /// Keeps the recognised characters in [`Extracted::laid`] as well.
    pub keep_characters: bool,
    /// Pages that are not to be looked at, because an earlier try ended on them.
    pub given_up: &'r [Unread],
    /// Hears of each page of a PDF.
    pub watch: Option<&'r Watch<'r>>,
}

impl fmt::Debug for ReadOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("ReadOptions")
            .field("pages", &self.pages)
            .field("ocr", &self.ocr)
            .finish_non_exhaustive()
    }
}

/// Reads an input file.
pub fn lines(
    path: &Path,
    page_marker: &PageMarker,
    options: &ReadOptions,
) -> Result<Extracted, ExtractError> {
    let bytes = std::fs::read(path)?;
    let name = path
        .file_name()
        .map_or(String::new(), |n| n.to_string_lossy().into_owned());
    lines_of_bytes(&name, bytes, page_marker, options)
}

/// Reads an input that is already in memory; `name` is only reported.
pub fn lines_of_bytes(
    name: &str,
    bytes: impl Into<Vec<u8>>,
    page_marker: &PageMarker,
    options: &ReadOptions,
) -> Result<Extracted, ExtractError> {
    let bytes = bytes.into();
    let mut extracted = if is_pdf(name, &bytes) {
        pdf::lines(name, bytes, options)?
    } else {
        lines_of_text(name, &bytes, page_marker)?
    };
    if let Some(pages) = &options.pages {
        extracted.keep_pages(pages);
    }
    Ok(extracted)
}

/// Whether an input is read as a PDF: it has the header of one, or is called one.
fn is_pdf(name: &str, bytes: &[u8]) -> bool {
    const HEADER: &[u8] = b"%PDF-";
    /// Where the header has to stand (ISO 32000-1, annex H.3).
    const HEADER_WITHIN: usize = 1024;
    let is_called_pdf = Path::new(name)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"));
    is_called_pdf && !bytes.is_empty()
        || bytes[..bytes.len().min(HEADER_WITHIN)]
            .windows(HEADER.len())
            .any(|window| window == HEADER)
}

/// What the first bytes of a file say that it is, if it is something that can't be read.
fn other_format(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [b'P', b'K', 3, 4, ..] => Some("ZIP archive (or .docx, .ofd)"),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Some("Word document"),
        [0xff, 0xd8, 0xff, ..] => Some("JPEG image"),
        [0x89, b'P', b'N', b'G', ..] => Some("PNG image"),
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Some("TIFF image"),
        _ => None,
    }
}

/// The lines of a text.
fn lines_of_text(
    name: &str,
    bytes: &[u8],
    page_marker: &PageMarker,
) -> Result<Extracted, ExtractError> {
    if let Some(format) = other_format(bytes) {
        return Err(ExtractError::OtherFormat(format));
    }
    let text = text::decode(bytes)?;
    let (lines, kinds) = text::lines(&text, page_marker);
    if lines.is_empty() {
        return Err(ExtractError::Empty);
    }
    let source = Source {
        name: name.to_owned(),
        sha256: sha256(bytes),
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
        ocr: OcrReport::default(),
        warnings: Vec::new(),
    })
}

impl Extracted {
    /// Drops the lines and tables of all other pages; a text without pages is page 1.
    pub fn keep_pages(&mut self, pages: &RangeInclusive<u32>) {
        let kept: Vec<bool> = self
            .lines
            .iter()
            .map(|line| pages.contains(&line.page.unwrap_or(1)))
            .collect();
        keep_marked(&mut self.lines, &kept);
        if let Some(laid) = &mut self.laid {
            keep_marked(&mut laid.lines, &kept);
            laid.tables.retain(|table| pages.contains(&table.page));
            renumber_lines(&mut laid.tables, &kept);
        }
        self.ocr.keep_pages(pages);
    }
}

impl OcrReport {
    fn keep_pages(&mut self, pages: &RangeInclusive<u32>) {
        self.read.retain(|(page, _)| pages.contains(page));
        self.seals.retain(|(page, _)| pages.contains(page));
        self.unread.retain(|unread| pages.contains(&unread.page));
        self.coarse.retain(|(page, _)| pages.contains(page));
    }
}

/// Keeps the items whose mark is set.
fn keep_marked<T>(items: &mut Vec<T>, kept: &[bool]) {
    let mut keep = kept.iter();
    items.retain(|_| *keep.next().unwrap_or(&false));
}

/// Gives the lines of cells the index that they have once those that are not kept are gone.
fn renumber_lines(tables: &mut [PrintedTable], kept: &[bool]) {
    let mut n_kept = 0;
    let mut new_indices = Vec::with_capacity(kept.len());
    for &is_kept in kept {
        new_indices.push(n_kept);
        n_kept += usize::from(is_kept);
    }
    for cell in tables.iter_mut().flat_map(|table| &mut table.cells) {
        for line in &mut cell.lines {
            *line = new_indices[*line];
        }
    }
}
