//! Regular expressions that the configuration holds.

use regex::Regex;
use serde::Deserialize;

/// A regular expression written in the configuration; an empty one matches nothing.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern(Option<Regex>);

impl Pattern {
    /// The expression; none for an empty one. For the stages: no face of the library shows it.
    #[doc(hidden)]
    pub fn regex(&self) -> Option<&Regex> {
        self.0.as_ref()
    }
}

/// The pattern of a word that may be set with spaces: `主　办`.
pub fn spaced(word: &str) -> String {
    let chars: Vec<String> = word.chars().map(String::from).collect();
    chars.join(r"\s*")
}

impl TryFrom<String> for Pattern {
    /// What is wrong with the expression.
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Ok(Pattern(if text.is_empty() {
            None
        } else {
            Some(Regex::new(&text).map_err(|e| e.to_string())?)
        }))
    }
}
