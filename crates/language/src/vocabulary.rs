//! Lists of words, each with flags that say what it means: a word and its flags a line, `#` before a comment.

use std::collections::HashMap;

/// Words by flag.
#[derive(Debug)]
pub struct Vocabulary {
    /// The words of each flag, the longest first.
    words: HashMap<&'static str, Vec<&'static str>>,
}

impl Vocabulary {
    /// Reads a list.
    pub fn new(list: &'static str) -> Self {
        let mut words: HashMap<_, Vec<_>> = HashMap::new();
        for row in list
            .lines()
            .filter(|row| !row.is_empty() && !row.starts_with('#'))
        {
            let mut parts = row.split(' ');
            let word = parts.next().unwrap_or_default();
            parts.for_each(|flag| words.entry(flag).or_default().push(word));
        }
        words
            .values_mut()
            .for_each(|of_flag| of_flag.sort_by_key(|word| std::cmp::Reverse(word.len())));
        Self { words }
    }

    /// The words with the flag, the longest first.
    pub fn words(&self, flag: &str) -> &[&'static str] {
        self.words.get(flag).map_or(&[], Vec::as_slice)
    }

    /// The longest word with the flag that a text ends in.
    pub fn ending(&self, text: &str, flag: &str) -> Option<&'static str> {
        self.words(flag)
            .iter()
            .find(|word| text.ends_with(**word))
            .copied()
    }

    /// The longest word with the flag that a text begins with.
    pub fn start(&self, text: &str, flag: &str) -> Option<&'static str> {
        self.words(flag)
            .iter()
            .find(|word| text.starts_with(**word))
            .copied()
    }

    /// Where the first word with the flag stands in a text, and the word.
    pub fn first(&self, text: &str, flag: &str) -> Option<(usize, &'static str)> {
        let found = self
            .words(flag)
            .iter()
            .filter_map(|word| Some((text.find(word)?, *word)));
        found.min_by_key(|(at, _)| *at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_ending_and_the_first_word() {
        let words =
            Vocabulary::new("# a comment\n令 kind\n命令 kind\n公告 kind section\n印发 issues\n");
        assert_eq!(words.ending("征兵命令", "kind"), Some("命令"));
        assert_eq!(words.ending("征兵命令", "section"), None);
        assert_eq!(
            words.first("关于印发公告的通知", "issues"),
            Some(("关于".len(), "印发"))
        );
        assert_eq!(words.first("公告", "issues"), None);
    }
}
