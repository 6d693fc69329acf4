//! Traditional characters as simplified ones, by OpenCC's dictionaries.

use std::collections::HashSet;
use std::sync::LazyLock;

/// A traditional text and what it is in simplified characters, an entry a line, sorted.
/// `scripts/t2s.py` writes it.
const T2S: &str = include_str!("t2s.txt");

/// The entries in the order of the file.
static ENTRIES: LazyLock<Vec<(&str, &str)>> = LazyLock::new(|| {
    T2S.lines()
        .filter_map(|line| line.split_once(' '))
        .collect()
});

/// A text in simplified characters, as many as it has: the longest entry at each place, so that
/// `瞭解` is `了解` though `瞭` alone stays.
pub fn to_simplified(text: &str) -> String {
    let mut simplified = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if let Some((before, after)) = longest_entry(rest) {
            simplified.push_str(after);
            rest = &rest[before.len()..];
        } else {
            simplified.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    simplified
}

/// Characters that stand for a traditional one.
pub fn simple_characters() -> &'static HashSet<char> {
    static SIMPLE: LazyLock<HashSet<char>> = LazyLock::new(|| {
        let single = |text: &str| text.chars().count() == 1;
        ENTRIES
            .iter()
            .filter(|(traditional, simple)| single(traditional) && single(simple))
            .filter_map(|(_, simple)| simple.chars().next())
            .collect()
    });
    &SIMPLE
}

/// The longest entry that a text begins with.
fn longest_entry(text: &str) -> Option<(&'static str, &'static str)> {
    let first = text.chars().next()?;
    // Sorted, a text's beginnings stand before it, the longest last, and all of one first
    // character together.
    let not_after = ENTRIES.partition_point(|&(traditional, _)| traditional <= text);
    let alike = ENTRIES[..not_after]
        .iter()
        .rev()
        .take_while(|(traditional, _)| traditional.starts_with(first));
    alike
        .copied()
        .find(|(traditional, _)| text.starts_with(traditional))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_and_phrases() {
        assert_eq!(
            to_simplified("縣政府辦公室，2022年"),
            "县政府办公室，2022年"
        );
        assert_eq!(to_simplified("乾"), "干");
        assert_eq!(to_simplified("乾隆年間"), "乾隆年间");
        assert_eq!(to_simplified("瞭解計畫"), "了解计划");
        assert_eq!(to_simplified(""), "");
    }

    #[test]
    fn the_table_is_sorted_and_keeps_the_number_of_characters() {
        assert!(ENTRIES.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(ENTRIES.len(), T2S.lines().count());
        for (traditional, simplified) in ENTRIES.iter() {
            assert_eq!(
                traditional.chars().count(),
                simplified.chars().count(),
                "{traditional}"
            );
        }
    }
}
