//! Regular expressions that the configuration holds.

use regex::Regex;
use serde::Deserialize;

/// A regular expression written in the configuration; an empty one matches nothing.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern(Option<Regex>);

impl Pattern {
    /// The expression; `None` for an empty one.
    pub fn regex(&self) -> Option<&Regex> {
        self.0.as_ref()
    }
}

impl TryFrom<String> for Pattern {
    type Error = regex::Error;

    fn try_from(text: String) -> Result<Self, regex::Error> {
        Ok(Pattern(if text.is_empty() {
            None
        } else {
            Some(Regex::new(&text)?)
        }))
    }
}
