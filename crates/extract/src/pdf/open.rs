//! A file is opened: is it a PDF, may it be read, is it whole? lopdf's opinion is asked beside hayro's.

use std::panic::catch_unwind;
use std::sync::Arc;

use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use lopdf::{Document, LoadOptions, Object};

use super::Warning;
use crate::error::PdfError;

/// Larger files are not read: the largest scans of whole years are 500 MB.
const MOST_BYTES: usize = 1 << 30;

/// Where the header has to begin (ISO 32000-1, annex H.3).
const HEADER_WITHIN: usize = 1024;

/// A PDF that can be read.
pub struct Opened {
    pub pdf: Pdf,
    /// What `pdf` is read from: the input, or what a repair made of it.
    pub bytes: Arc<Vec<u8>>,
    pub warnings: Vec<Warning>,
}

/// Opens a PDF with hayro, after lopdf's repair if it takes that, and says what is suspect.
pub fn open(bytes: Arc<Vec<u8>>) -> Result<Opened, PdfError> {
    if bytes.len() > MOST_BYTES {
        return Err(PdfError::TooLarge(bytes.len() >> 20));
    }
    let has_header = has(&bytes[..bytes.len().min(HEADER_WITHIN)], b"%PDF-");
    if !has_header && !has(&bytes, b" obj") {
        return Err(PdfError::NotPdf);
    }
    let opinion = lopdf_opinion(&bytes);
    match Pdf::new(bytes.clone()) {
        Ok(pdf) if !pdf.pages().is_empty() => {
            let n_pages = pdf.pages().len();
            // What only one of two readers can open is not sound.
            let warnings = opinion.map_or(vec![Warning::Repaired], |o| o.warnings(n_pages));
            Ok(Opened {
                pdf,
                bytes,
                warnings,
            })
        }
        Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected)) => {
            Err(PdfError::Password)
        }
        Err(LoadPdfError::Decryption(_)) => Err(PdfError::Encryption),
        Ok(_) if opinion.is_none_or(|o| o.n_pages == 0) => Err(PdfError::NoPages),
        _ => match open_repaired(&bytes) {
            Some(opened) => Ok(opened),
            None if !has_header => Err(PdfError::NotPdf),
            None if has(&bytes, b"/Encrypt") => Err(PdfError::Encryption),
            None => Err(PdfError::Damaged),
        },
    }
}

/// Opens what lopdf makes of a file that hayro can't open.
fn open_repaired(bytes: &[u8]) -> Option<Opened> {
    let bytes = Arc::new(repaired(bytes)?);
    let pdf = Pdf::new(bytes.clone()).ok()?;
    (!pdf.pages().is_empty()).then(|| Opened {
        pdf,
        bytes,
        warnings: vec![Warning::Repaired],
    })
}

fn has(bytes: &[u8], mark: &[u8]) -> bool {
    memchr::memmem::find(bytes, mark).is_some()
}

/// What lopdf says of a file.
#[derive(Debug, Clone, Copy)]
struct Opinion {
    n_pages: usize,
    is_repaired: bool,
}

impl Opinion {
    fn warnings(self, n_pages: usize) -> Vec<Warning> {
        let repaired = self.is_repaired.then_some(Warning::Repaired);
        let count = (self.n_pages != n_pages).then_some(Warning::PageCount {
            read: n_pages,
            other: self.n_pages,
        });
        repaired.into_iter().chain(count).collect()
    }
}

/// What lopdf says of a file, if it can open it. It panics on some.
fn lopdf_opinion(bytes: &[u8]) -> Option<Opinion> {
    // Who leaves something out is not given a page tree mended.
    load_opinion(bytes, without_pixels())
        .filter(|opinion| opinion.n_pages > 0)
        .or_else(|| load_opinion(bytes, options()))
}

fn load_opinion(bytes: &[u8], options: LoadOptions) -> Option<Opinion> {
    let document = catch_unwind(|| Document::load_mem_with_options(bytes, options))
        .ok()?
        .ok()?;
    Some(Opinion {
        n_pages: document.page_iter().count(),
        is_repaired: document.xref_recovery.is_some(),
    })
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
    /// Bytes that one object stream may unpack to.
    const MOST_UNPACKED: usize = 64 << 20;
    LoadOptions {
        max_decompressed_size: Some(MOST_UNPACKED),
        ..LoadOptions::default()
    }
}

/// How lopdf loads a file whose images are not looked at: without their bytes, which are nearly all of a scan.
pub fn without_pixels() -> LoadOptions {
    LoadOptions {
        filter: Some(|id, object| {
            if let Object::Stream(stream) = object
                && stream
                    .dict
                    .get(b"Subtype")
                    .and_then(Object::as_name)
                    .is_ok_and(|name| name == b"Image")
            {
                stream.content = Vec::new();
                // From there, an empty stream is read once more.
                stream.start_position = None;
            }
            Some((id, object.clone()))
        }),
        ..options()
    }
}
