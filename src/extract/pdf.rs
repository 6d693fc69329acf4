//! A PDF becomes pages: what is drawn on each, and what sort of page it is.
//!
//! hayro reads the objects and the fonts; the content streams are run here, because what a glyph means hangs on its
//! font's dictionary and on the bytes shown, and because the work that a file may ask for has to have a bound.

mod content;
mod fonts;
mod layers;
mod paths;

use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use crate::extract::pages::{Page, PageKind};

/// A PDF as it was read.
#[derive(Debug, Clone)]
pub struct Document {
    pub pages: Vec<Page>,
}

/// Why a PDF can't be read. One variant for each thing that a user can do about it.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    #[error("is not a PDF, or nothing in it can be repaired; look whether a viewer opens it, and save it anew from there")]
    Invalid,
    #[error("is protected by a password; remove it (for example `qpdf --decrypt --password=… IN OUT`)")]
    Password,
    #[error("is encrypted in a way that is not supported; decrypt it first (for example `qpdf --decrypt IN OUT`)")]
    Encryption,
    #[error("has no pages")]
    NoPages,
}

/// Reads a PDF.
pub fn pages(bytes: &[u8]) -> Result<Document, PdfError> {
    let pdf = Pdf::new(bytes.to_vec()).map_err(refusal)?;
    if pdf.pages().is_empty() {
        return Err(PdfError::NoPages);
    }
    let layers = layers::Layers::of(pdf.xref());
    let mut fonts = fonts::Fonts::default();
    let mut work = content::Work::default();
    let pages = pdf.pages().iter().zip(1..).map(|(page, number)| read(page, number, &layers, &mut fonts, &mut work)).collect();
    Ok(Document { pages })
}

fn refusal(error: LoadPdfError) -> PdfError {
    match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => PdfError::Password,
        LoadPdfError::Decryption(_) => PdfError::Encryption,
        LoadPdfError::Invalid => PdfError::Invalid,
    }
}

fn read<'a>(page: &hayro_syntax::page::Page<'a>, number: u32, layers: &layers::Layers, fonts: &mut fonts::Fonts<'a>, work: &mut content::Work) -> Page {
    let (width, height) = page.render_dimensions();
    let drawn = content::draw(page, layers, fonts, work);
    Page { number, width, height, glyphs: drawn.glyphs, rulings: drawn.rulings, images: drawn.images, kind: PageKind::Text }
}
