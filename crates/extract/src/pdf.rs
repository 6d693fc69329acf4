//! A PDF becomes pages: what is drawn on each, and what sort of page it is.
//!
//! hayro reads the objects and the fonts; the content streams are run here, because what a glyph means hangs on its
//! font's dictionary and on the bytes shown, and because the work that a file may ask for has to have a bound.

mod open;

mod bounds;
mod content;
mod declared_widths;
mod fonts;
mod layers;
mod paths;
mod symbol_fonts;

mod metadata;
mod text_layer;

#[cfg(feature = "ocr")]
pub mod scan;
#[cfg(test)]
mod tests;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use hayro_font::kurbo::Affine;
use hayro_syntax::Pdf;

use crate::error::PdfError;
use crate::page::{Distrust, Page, PageKind};
use crate::watch::{PageEvent, Unread, Watch};
use metadata::metadata;
use model::Metadata;
pub(crate) use open::without_pixels;
use open::{Opened, open};

/// A PDF as it was read.
#[derive(Debug, Clone)]
pub struct Document {
    pub pages: Vec<Page>,
    pub metadata: Metadata,
    /// What is suspect about the file.
    pub warnings: Vec<Warning>,
    /// What it was read from: the input, or what a repair made of it.
    pub bytes: Arc<Vec<u8>>,
}

/// Something of a PDF that its reader should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// Its cross-references were wrong.
    Repaired,
    /// Two readers count its pages differently.
    PageCount { read: usize, other: usize },
    /// A page's content, or a part of it, can't be unpacked or would be too large.
    Unreadable { page: u32 },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Warning::Repaired => write!(
                f,
                "the file is damaged and was read after a repair; pages or objects may be lost"
            ),
            Warning::PageCount { read, other } => {
                write!(
                    f,
                    "{read} pages were read, but another count gives {other}; compare with a viewer"
                )
            }
            Warning::Unreadable { page } => write!(
                f,
                "page {page}: its content can't be unpacked, or not all of it; something is missing"
            ),
        }
    }
}

/// Reads a PDF. Its fonts are read once for each thread: read many documents in parallel, not many pages.
pub fn pages(bytes: impl Into<Vec<u8>>) -> Result<Document, PdfError> {
    watched_pages(bytes.into(), &|_| {}, &[])
}

/// The same, heard of page by page; pages that were `given_up` stay blank.
pub fn watched_pages(
    bytes: Vec<u8>,
    watch: &Watch,
    given_up: &[Unread],
) -> Result<Document, PdfError> {
    let bytes = Arc::new(bytes);
    // A parser that panics has met a file that nobody foresaw, and the other files of a batch have a right to be read.
    catch_unwind(AssertUnwindSafe(|| read(bytes, watch, given_up)))
        .unwrap_or(Err(PdfError::Damaged))
}

fn read(bytes: Arc<Vec<u8>>, watch: &Watch, given_up: &[Unread]) -> Result<Document, PdfError> {
    let Opened {
        pdf,
        bytes,
        mut warnings,
    } = open(bytes)?;
    let (pages, unreadable) = draw(&pdf, watch, given_up)?;
    warnings.extend(
        unreadable
            .into_iter()
            .map(|page| Warning::Unreadable { page }),
    );
    Ok(Document {
        pages,
        metadata: metadata(pdf.metadata()),
        warnings,
        bytes,
    })
}

/// The pages, and the numbers of those whose content can't be had.
fn draw(pdf: &Pdf, watch: &Watch, given_up: &[Unread]) -> Result<(Vec<Page>, Vec<u32>), PdfError> {
    let layers = layers::Layers::new(pdf.xref());
    let mut fonts = fonts::Fonts::default();
    let mut work = content::Work::for_pages(pdf.pages().len());
    let (mut pages, mut n_outlines, mut unreadable) = (Vec::new(), Vec::new(), Vec::new());
    for (page, number) in pdf.pages().iter().zip(1..) {
        if given_up.iter().any(|unread| unread.page == number) {
            n_outlines.push(0);
            pages.push(empty(page, number));
            continue;
        }
        watch(PageEvent::Begun(number));
        let (content, is_whole) = content::of_page(page.raw(), &mut work);
        let drawn = content::draw(page, &content, &layers, &mut fonts, &mut work);
        if work.is_done() {
            return Err(PdfError::TooMuchWork);
        }
        if !is_whole {
            unreadable.push(number);
        }
        watch(PageEvent::Ended(number));
        let (width, height) = size(page.render_dimensions(), &drawn);
        n_outlines.push(drawn.n_outlines);
        pages.push(Page {
            width,
            height,
            glyphs: drawn.glyphs,
            rulings: drawn.rulings,
            images: drawn.images,
            ..empty(page, number)
        });
    }
    text_layer::classify_pages(&mut pages, &n_outlines);
    for &page in &unreadable {
        pages[page as usize - 1].kind = PageKind::Untrusted(Distrust::NoMapping);
    }
    Ok((pages, unreadable))
}

/// A page with nothing on it.
fn empty(page: &hayro_syntax::page::Page, number: u32) -> Page {
    let (width, height) = size(page.render_dimensions(), &content::Drawn::default());
    Page {
        number,
        width,
        height,
        glyphs: Vec::new(),
        rulings: Vec::new(),
        images: Vec::new(),
        kind: PageKind::Blank,
        straightened: None,
        to_user_space: Affine::new(page.initial_transform(true).as_coeffs())
            .inverse()
            .as_coeffs(),
    }
}

/// The size of a page; of an absurd one, as much as is drawn on.
fn size((width, height): (f32, f32), drawn: &content::Drawn) -> (f32, f32) {
    /// The largest page that a viewer need show (ISO 32000-1, annex C.2).
    const LARGEST: f32 = 14_400.0;
    let boxes = drawn
        .glyphs
        .iter()
        .map(|g| g.bbox)
        .chain(drawn.images.iter().map(|i| i.bbox));
    let (right, bottom) = boxes.fold((1.0f32, 1.0f32), |(x, y), b| (x.max(b[2]), y.max(b[3])));
    let clamp = |size: f32, drawn: f32| {
        if size <= LARGEST {
            size
        } else {
            drawn.min(LARGEST)
        }
    };
    (clamp(width, right), clamp(height, bottom))
}
