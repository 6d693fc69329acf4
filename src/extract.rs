//! Extraction: an input file becomes printed lines. A line never changes after this stage.

pub mod pages;
pub mod pdf;
mod text;

use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::config;

/// One printed line as extracted. The same objects, one a row, make up `<stem>.lines.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// `l:561` is line 561 of a text input.
    pub id: String,
    /// 1-based page of the input; absent for a text without page breaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// The characters, white space included, exactly as extracted. A tab parts the cells of a table row.
    pub text: String,
    /// Blank lines that stood before this one.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub blank_before: u32,
    /// In points from the page's top left; absent for a text input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bbox: Option<[f32; 4]>,
    /// How sure the recogniser is, 0 to 1; absent for what was not recognised but read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f32>,
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// The input file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// File name without folders.
    pub name: String,
    pub sha256: String,
    pub media_type: String,
    /// Pages of the input; 1 for a text without page breaks.
    pub n_pages: u32,
    pub kinds: PageKinds,
}

/// How many pages are of which kind.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PageKinds {
    pub text: u32,
    pub image: u32,
    pub searchable: u32,
    pub blank: u32,
}

/// What an input gave.
#[derive(Debug, Clone)]
pub struct Extracted {
    pub source: Source,
    pub lines: Vec<Line>,
}

/// Why an input can't be read. One variant for each thing that a user can do about it.
#[derive(Debug, thiserror::Error)]
pub enum ExtractError {
    #[error("can't be opened: {0}")]
    Unreadable(#[from] std::io::Error),
    #[error("is empty: nothing to read")]
    Empty,
    #[error("is a {0}, which this version does not read; give it the text (.txt)")]
    OtherFormat(&'static str),
    #[error("is not text: it holds NUL bytes, first at byte {0}")]
    Binary(usize),
    #[error("is text neither in UTF-8 nor in GB18030 (first bad byte: {0}); convert it to UTF-8")]
    Encoding(usize),
}

/// Reads an input file.
pub fn lines(path: &Path, config: &config::Extract) -> Result<Extracted, ExtractError> {
    let bytes = std::fs::read(path)?;
    let name = path.file_name().map_or(String::new(), |n| n.to_string_lossy().into_owned());
    lines_of_bytes(&name, &bytes, config)
}

/// Reads an input that is already in memory; `name` is only reported.
pub fn lines_of_bytes(name: &str, bytes: &[u8], config: &config::Extract) -> Result<Extracted, ExtractError> {
    let format = match bytes {
        [] => return Err(ExtractError::Empty),
        [b'%', b'P', b'D', b'F', ..] => Some("PDF"),
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
    let text = text::decode(bytes)?;
    let (lines, kinds) = text::lines(&text, config.page_marker.0.as_ref());
    if lines.is_empty() {
        return Err(ExtractError::Empty);
    }
    let source = Source {
        name: name.to_owned(),
        sha256: Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect(),
        media_type: "text/plain".to_owned(),
        n_pages: kinds.text + kinds.blank,
        kinds,
    };
    Ok(Extracted { source, lines })
}
