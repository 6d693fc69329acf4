//! Lists of words, each with flags that say what it means: a word and its flags a line, `#` before a comment.

use std::collections::HashMap;
use std::ops::Range;

use regex::Regex;

/// Words that texts end in, found by their last character.
#[derive(Debug, Default)]
pub struct Endings {
    /// The words of each last character, the longest first.
    by_last: HashMap<char, Vec<&'static str>>,
}

impl Endings {
    pub fn new(words: impl Iterator<Item = &'static str>) -> Self {
        let mut endings = Self::default();
        let mut words: Vec<&str> = words.collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        for word in words {
            if let Some(last) = word.chars().next_back() {
                endings.by_last.entry(last).or_default().push(word);
            }
        }
        endings
    }

    /// The words that a text ends in, the longest first.
    pub fn of<'t>(&'t self, text: &'t str) -> impl Iterator<Item = &'static str> + 't {
        let last = text.chars().next_back();
        let words = last.and_then(|last| self.by_last.get(&last));
        words
            .into_iter()
            .flatten()
            .copied()
            .filter(|word| text.ends_with(word))
    }
}

/// The words of one flag.
#[derive(Debug)]
struct Words {
    /// The longest first.
    list: Vec<&'static str>,
    endings: Endings,
    /// Any of them, the longest that stands at a place.
    any: Regex,
}

impl Words {
    fn new(mut words: Vec<&'static str>) -> Self {
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Self {
            any: Regex::new(&words.join("|")).expect("words are a pattern"),
            endings: Endings::new(words.iter().copied()),
            list: words,
        }
    }
}

/// Words by flag.
#[derive(Debug)]
pub struct Vocabulary {
    by_flag: HashMap<&'static str, Words>,
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
        let by_flag = words
            .into_iter()
            .map(|(flag, words)| (flag, Words::new(words)));
        Self {
            by_flag: by_flag.collect(),
        }
    }

    /// The words with the flag, the longest first.
    pub fn words(&self, flag: &str) -> &[&'static str] {
        self.by_flag
            .get(flag)
            .map_or(&[], |words| words.list.as_slice())
    }

    /// The longest word with the flag that a text ends in.
    pub fn ending(&self, text: &str, flag: &str) -> Option<&'static str> {
        self.by_flag.get(flag)?.endings.of(text).next()
    }

    /// Whether a text begins with a word with the flag.
    pub fn begins(&self, text: &str, flag: &str) -> bool {
        self.words(flag).iter().any(|word| text.starts_with(word))
    }

    /// Where the first word with the flag stands in a text, and where it ends.
    pub fn first(&self, text: &str, flag: &str) -> Option<Range<usize>> {
        Some(self.by_flag.get(flag)?.any.find(text)?.range())
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
            Some("关于".len().."关于印发".len())
        );
        assert_eq!(words.first("公告", "issues"), None);
    }
}
