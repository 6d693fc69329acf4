//! Words that look like a misprint: one look-alike character away from a word that the gazette uses.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::segment::Segmented;
use language::lookalikes::LOOKALIKES;
use language::script::is_han;
use language::words;
use model::{Block, Check, CheckRule, Place};
use rayon::prelude::*;

/// Longest word that is looked up.
const LONGEST: usize = 4;

/// How often a word must stand in the gazette to be one of its words.
const USED: usize = 3;

/// Flags probable misprints, with the word that may have been meant.
pub fn misprints(gazette: &Segmented) -> Vec<Check> {
    let texts = texts(gazette);
    let suspects: Vec<(usize, String, String)> = texts
        .par_iter()
        .enumerate()
        .flat_map_iter(|(n, (text, ..))| {
            suspects(text)
                .into_iter()
                .map(move |(wrong, right)| (n, wrong, right))
        })
        .collect();
    let wanted = suspects
        .iter()
        .flat_map(|(_, wrong, right)| [wrong.as_str(), right.as_str()]);
    let counts = counts(&texts, wanted.collect());
    let count = |word: &str| counts.get(word).copied().unwrap_or(0);
    suspects
        .par_iter()
        .cloned()
        // A word of four characters is evidence enough; a shorter one must be a word of this gazette.
        .filter(|(_, wrong, right)| {
            count(wrong) == 1 && (right.chars().count() == LONGEST || count(right) >= USED)
        })
        .map(|(n, wrong, right)| {
            let (_, at, document) = &texts[n];
            Check {
                rule: CheckRule::ProbableMisprint,
                at: at.to_vec(),
                document: Some(*document),
                holds: Some(false),
                expected: None,
                found: Some(wrong),
                suggestion: Some(right),
            }
        })
        .collect()
}

/// How often each of some words stands in the texts: they are read once, whatever the number of words.
fn counts<'w>(
    texts: &[(&str, &[Place], usize)],
    words: HashSet<&'w str>,
) -> HashMap<&'w str, usize> {
    let mut counts = HashMap::new();
    if words.is_empty() {
        return counts;
    }
    for (text, ..) in texts {
        let mut starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        starts.push(text.len());
        for len in 2..=LONGEST {
            for ends in starts.windows(len + 1) {
                if let Some(word) = words.get(&text[ends[0]..ends[len]]) {
                    *counts.entry(*word).or_default() += 1;
                }
            }
        }
    }
    counts
}

/// Texts of the documents, their places and document.
fn texts(gazette: &Segmented) -> Vec<(&str, &[Place], usize)> {
    let mut out: Vec<(&str, &[Place], usize)> = Vec::new();
    for (n, document) in gazette.documents.iter().enumerate() {
        for block in document
            .body
            .iter()
            .chain(document.attachments.iter().flat_map(|a| &a.body))
        {
            match block {
                Block::Heading { text, at, .. } | Block::Paragraph { text, at, .. } => {
                    out.push((text, at, n));
                }
                Block::Table(table) => {
                    out.extend(
                        table
                            .cells
                            .iter()
                            .filter(|c| c.text.chars().any(is_han))
                            .map(|c| (c.text.as_str(), c.at.as_slice(), n)),
                    );
                }
                _ => {}
            }
        }
    }
    out
}

/// Words that no dictionary has, and the words that they may be.
fn suspects(text: &str) -> Vec<(String, String)> {
    let chars: Vec<char> = text.chars().collect();
    let mut out = Vec::new();
    for (i, &c) in chars.iter().enumerate() {
        let Some(others) = LOOKALIKES.get(&c) else {
            continue;
        };
        let word = |range: Range<usize>, with: char| -> String {
            range
                .map(|k| if k == i { with } else { chars[k] })
                .collect()
        };
        // A word of n characters over this place, with the character there.
        let known = |n: usize, with: char| {
            (i.saturating_sub(n - 1)..=i)
                .filter(|&s| s + n <= chars.len() && chars[s..s + n].iter().all(|&c| is_han(c)))
                .find(|&s| words::is_word(&word(s..s + n, with)))
                .map(|s| s..s + n)
        };
        // Beside a short word that exists only a long one is evidence; beside a long one nothing is.
        if (3..=LONGEST).any(|n| known(n, c).is_some()) {
            continue;
        }
        let least = if known(2, c).is_some() { LONGEST } else { 2 };
        let better = others.iter().find_map(|&other| {
            Some((
                (least..=LONGEST).rev().find_map(|n| known(n, other))?,
                other,
            ))
        });
        // 犯罪入职 is 犯罪 and 入职: a word that stands without the character says nothing of it.
        let whole_without = |range: &Range<usize>| {
            [range.start..i, i + 1..range.end]
                .into_iter()
                .any(|rest| rest.len() >= 2 && words::is_word(&word(rest, c)))
        };
        if let Some((range, other)) = better.filter(|(range, _)| !whole_without(range)) {
            out.push((word(range.clone(), c), word(range, other)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_do_not_exist() {
        assert_eq!(
            suspects("提名侯补委员名单"),
            [("侯补委员".to_owned(), "候补委员".to_owned())]
        );
        assert_eq!(
            suspects("服务质量今人满意"),
            [("今人满意".to_owned(), "令人满意".to_owned())]
        );
        assert_eq!(
            suspects("财政拔款计划"),
            [("拔款".to_owned(), "拨款".to_owned())]
        );
        assert!(suspects("健全各级会议制度").is_empty());
        assert!(suspects("违法犯罪入职查询").is_empty());
    }
}
