//! The input: which file, what kinds of pages, and what read them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// What the file says of itself; absent for a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// What read the image pages; absent if none was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ocr: Option<OcrSource>,
}

/// The recogniser, as DA/T 77 asks it to be named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OcrSource {
    pub engine: String,
    pub model: String,
    pub model_sha256: String,
    /// Pages that it read.
    pub n_pages: u32,
    /// What looked for lines where their geometry was in doubt; absent if there was no such page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detector: Option<DetectorSource>,
}

/// The model that detects lines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DetectorSource {
    pub model: String,
    pub model_sha256: String,
    /// Pages that it looked at.
    pub n_pages: u32,
}

/// How many pages are of which kind.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PageKinds {
    pub text: u32,
    pub image: u32,
    pub searchable: u32,
    pub blank: u32,
}

/// The document information of a PDF (ISO 32000-1, 14.3.3).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Metadata {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// The program that made the PDF.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub producer: Option<String>,
    /// ISO 8601, as the file has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
}
