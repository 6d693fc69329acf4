//! Lists of words, each with flags that say what it means: a word and its flags a line, `#` before a comment.

use std::collections::HashMap;

/// Words and their flags.
#[derive(Debug)]
pub struct Vocabulary {
    flags: HashMap<&'static str, Vec<&'static str>>,
    /// Of the longest word, in characters.
    longest: usize,
}

impl Vocabulary {
    /// Reads a list.
    pub fn new(list: &'static str) -> Self {
        let rows = list
            .lines()
            .filter(|row| !row.is_empty() && !row.starts_with('#'));
        let flags: HashMap<_, Vec<_>> = rows
            .map(|row| {
                let mut words = row.split(' ');
                (words.next().unwrap_or_default(), words.collect())
            })
            .collect();
        let longest = flags
            .keys()
            .map(|word| word.chars().count())
            .max()
            .unwrap_or(0);
        Self { flags, longest }
    }

    /// The longest word with the flag that a text ends in.
    pub fn ending(&self, text: &str, flag: &str) -> Option<&'static str> {
        let starts = text
            .char_indices()
            .rev()
            .take(self.longest)
            .map(|(at, _)| at);
        let words = starts.filter_map(|at| self.flags.get_key_value(&text[at..]));
        words
            .filter(|(_, flags)| flags.contains(&flag))
            .map(|(word, _)| *word)
            .last()
    }

    /// Where the first word with the flag stands in a text, and the word.
    pub fn first(&self, text: &str, flag: &str) -> Option<(usize, &'static str)> {
        text.char_indices().find_map(|(at, _)| {
            let rest = &text[at..];
            let ends = rest
                .char_indices()
                .map(|(to, c)| to + c.len_utf8())
                .take(self.longest);
            ends.filter_map(|to| self.flags.get_key_value(&rest[..to]))
                .find(|(_, flags)| flags.contains(&flag))
                .map(|(word, _)| (at, *word))
        })
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
