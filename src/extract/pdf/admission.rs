//! Is it a PDF, may it be read, is it whole: lopdf's opinion beside hayro's.

use std::panic::catch_unwind;

use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use lopdf::{Document, LoadOptions};

use super::{PdfError, Warning};

/// Larger files are not read: the largest scans of whole years are 500 MB.
const MOST_BYTES: usize = 1 << 30;

/// Where the header has to begin (ISO 32000-1, annex H.3).
const HEADER_WITHIN: usize = 1024;

/// Opens a PDF with hayro, after lopdf's repair if it takes that, and says what is suspect.
pub fn open(bytes: &[u8]) -> Result<(Pdf, Vec<Warning>), PdfError> {
    if bytes.len() > MOST_BYTES {
        return Err(PdfError::TooLarge(bytes.len() >> 20));
    }
    let has_header = has(&bytes[..bytes.len().min(HEADER_WITHIN)], b"%PDF-");
    if !has_header && !has(bytes, b" obj") {
        return Err(PdfError::NotPdf);
    }
    let second = second_opinion(bytes);
    match Pdf::new(bytes.to_vec()) {
        Ok(pdf) if !pdf.pages().is_empty() => {
            // What only one of two readers can open is not sound.
            let second = second.unwrap_or(Opinion { n_pages: pdf.pages().len(), is_repaired: true });
            let warnings = second.warnings(pdf.pages().len());
            Ok((pdf, warnings))
        }
        Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected)) => Err(PdfError::Password),
        Err(LoadPdfError::Decryption(_)) => Err(PdfError::Encryption),
        Ok(_) if second.is_none_or(|s| s.n_pages == 0) => Err(PdfError::NoPages),
        _ => {
            let pdf = repaired(bytes).and_then(|bytes| Pdf::new(bytes).ok()).filter(|pdf| !pdf.pages().is_empty());
            match pdf {
                Some(pdf) => Ok((pdf, vec![Warning::Repaired])),
                None if !has_header => Err(PdfError::NotPdf),
                None if has(bytes, b"/Encrypt") => Err(PdfError::Encryption),
                None => Err(PdfError::Damaged),
            }
        }
    }
}

fn has(bytes: &[u8], mark: &[u8]) -> bool {
    memchr::memmem::find(bytes, mark).is_some()
}

/// What lopdf finds.
#[derive(Debug, Clone, Copy)]
struct Opinion {
    n_pages: usize,
    is_repaired: bool,
}

impl Opinion {
    fn warnings(self, n_pages: usize) -> Vec<Warning> {
        let repaired = self.is_repaired.then_some(Warning::Repaired);
        let count = (self.n_pages != n_pages).then_some(Warning::PageCount { read: n_pages, other: self.n_pages });
        repaired.into_iter().chain(count).collect()
    }
}

fn second_opinion(bytes: &[u8]) -> Option<Opinion> {
    let document = catch_unwind(|| Document::load_mem_with_options(bytes, options())).ok()?.ok()?;
    Some(Opinion { n_pages: document.page_iter().count(), is_repaired: document.xref_recovery.is_some() })
}

/// The file written anew by lopdf.
fn repaired(bytes: &[u8]) -> Option<Vec<u8>> {
    let write = || {
        let mut document = Document::load_mem_with_options(bytes, options()).ok()?;
        let mut written = Vec::new();
        document.save_to(&mut written).ok()?;
        Some(written)
    };
    catch_unwind(write).ok()?
}

fn options() -> LoadOptions {
    LoadOptions { max_decompressed_size: Some(64 << 20), ..LoadOptions::default() }
}
