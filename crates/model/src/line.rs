//! Printed lines as extracted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One printed line as extracted. The same objects, one a row, make up `<stem>.lines.jsonl`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// `l:561` is line 561 of a text input, `p4:12` line 12 of page 4 of a PDF.
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
    /// The characters as they were recognised, one by one; empty for what was not recognised but read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub characters: Vec<LineCharacter>,
}

impl Line {
    /// A line that was read and not recognised, of a text without pages.
    pub fn of_text(id: impl Into<String>, text: impl Into<String>) -> Line {
        Line {
            id: id.into(),
            page: None,
            text: text.into(),
            blank_before: 0,
            bbox: None,
            confidence: None,
            characters: Vec::new(),
        }
    }
}

/// A recognised character of a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LineCharacter {
    pub text: char,
    /// In points from the page's top left.
    pub bbox: [f32; 4],
    /// How sure the recogniser is, 0 to 1.
    pub confidence: f32,
    /// What would stand here otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runner_up: Option<char>,
    /// The likeliest digit, where the character is doubtful and neither it nor the runner-up is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digit: Option<char>,
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// White space and characters without ink: what a line may hold and a block may leave out.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
