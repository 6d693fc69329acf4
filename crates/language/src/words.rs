//! Words as evidence: jieba for what is a word, OpenCC and GB 2312 for what is simplified.

use std::borrow::Cow;
use std::sync::LazyLock;

use jieba_rs::Jieba;
use unicode_segmentation::UnicodeSegmentation;

use super::t2s::simple_characters;
pub use super::t2s::to_simplified;

/// The words of jieba's dictionary that its corpus has often enough, with their counts. `scripts/words.py` writes it and
/// says how often.
const WORDS: &str = include_str!("words.txt");

static JIEBA: LazyLock<Jieba> = LazyLock::new(|| {
    Jieba::with_dict(&mut WORDS.as_bytes()).expect("words.txt is a list of words and counts")
});

/// Characters on each side of a break that are looked at.
const REACH: usize = 8;

/// Loads the dictionary of words, so that it loads beside other work.
pub fn prepare() {
    LazyLock::force(&JIEBA);
}

/// The word that a break between two texts cuts, if there is one and the cut leaves a part that is no word.
pub fn cut_by(before: &str, after: &str) -> Option<String> {
    let (tail, head) = within_reach(before, after);
    let whole = format!("{tail}{head}");
    let mut end = 0;
    let word = JIEBA
        .cut(&whole, false)
        .into_iter()
        .map(|t| t.word)
        .find(|w| {
            let start = end;
            end += w.len();
            start < tail.len() && tail.len() < end
        })?;
    let start = end - word.len();
    let (left, right) = word.split_at(tail.len() - start);
    if !word.chars().all(crate::script::is_han) {
        return None;
    }
    let no_word = |part: &str| part.chars().count() == 1 || !JIEBA.has_word(part);
    (no_word(left) || no_word(right) || word.chars().count() >= 4).then(|| word.to_owned())
}

/// How many characters the word has that a character stands in between two texts; 1 if it is in none.
pub fn length_of_word(before: &str, c: char, after: &str) -> usize {
    let (tail, head) = within_reach(before, after);
    let whole = format!("{tail}{c}{head}");
    let mut end = 0;
    let word = JIEBA
        .cut(&whole, false)
        .into_iter()
        .map(|t| t.word)
        .find(|word| {
            end += word.len();
            tail.len() < end
        });
    word.filter(|word| JIEBA.has_word(word))
        .map_or(1, |word| word.chars().count())
}

/// The end of one text and the beginning of another, cut between characters as a reader sees them, so that no mark loses
/// its base.
fn within_reach<'a>(before: &'a str, after: &'a str) -> (&'a str, &'a str) {
    let tail_start = before
        .grapheme_indices(true)
        .rev()
        .take(REACH)
        .last()
        .map_or(0, |(at, _)| at);
    let head_end = after
        .grapheme_indices(true)
        .nth(REACH)
        .map_or(after.len(), |(at, _)| at);
    (&before[tail_start..], &after[..head_end])
}

/// Whether the dictionary has the word.
pub fn is_word(word: &str) -> bool {
    JIEBA.has_word(word)
}

/// Chinese characters that stand in words of two and more.
pub fn count_in_words(text: &str) -> usize {
    let lengths = JIEBA
        .cut(text, false)
        .into_iter()
        .map(|t| t.word)
        .filter(|w| w.chars().all(crate::script::is_han))
        .map(|w| w.chars().count());
    lengths.filter(|&n| n >= 2).sum()
}

/// Chinese characters that GB 2312, the set of simplified Chinese, does not have.
pub fn count_outside_gb2312(text: &str) -> usize {
    text.chars().filter(|&c| only_traditional(c)).count()
}

/// A character outside GB 2312: traditional, or rare. 著 and 乾 are inside it and so stay as printed.
pub fn only_traditional(c: char) -> bool {
    ('\u{4e00}'..='\u{9fa5}').contains(&c) && !GB2312[c as usize - 0x4e00]
}

/// Whether more of a text's characters are of simplified script alone than of traditional: 国 and not 國; 后 and 里, which
/// both have, weigh little beside the others.
pub fn is_simplified<'t>(texts: impl Iterator<Item = &'t str>) -> bool {
    let (simple, traditional) = texts.fold((0, 0), |(simple, traditional), text| {
        let n_simple = text.chars().filter(|&c| simple_characters().contains(&c));
        (
            simple + n_simple.count(),
            traditional + count_outside_gb2312(text),
        )
    });
    simple >= traditional
}

/// Which of U+4E00 to U+9FA5 are in GB 2312: rows 16 to 87 of its code table.
static GB2312: LazyLock<Vec<bool>> = LazyLock::new(|| {
    let mut set = vec![false; 0x9fa6 - 0x4e00];
    for row in 0xb0..=0xf7u8 {
        for cell in 0xa1..=0xfeu8 {
            let code = [row, cell];
            let (decoded, _) = encoding_rs::GBK.decode_without_bom_handling(&code);
            let index = decoded
                .chars()
                .next()
                .and_then(|c| (c as usize).checked_sub(0x4e00));
            if let Some(known) = index.and_then(|i| set.get_mut(i)) {
                *known = true;
            }
        }
    }
    set
});

/// A text in simplified characters; as it is where a byte of the one would not be that byte of the other.
pub fn simplified(text: &str) -> Cow<'_, str> {
    if count_outside_gb2312(text) == 0 {
        return Cow::Borrowed(text);
    }
    let simple = to_simplified(text);
    let widths = |text: &str| text.chars().map(char::len_utf8).collect::<Vec<_>>();
    if widths(&simple) == widths(text) {
        Cow::Owned(simple)
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_break_inside_a_word() {
        assert_eq!(
            cut_by("规划近期大气污", "染物排放量预测").as_deref(),
            Some("污染物")
        );
        assert_eq!(
            cut_by("坚持聚焦目标，统", "筹兼顾原则").as_deref(),
            Some("统筹兼顾")
        );
        assert_eq!(cut_by("完善安全责任体系", "要把推进落实"), None);
    }

    #[test]
    fn gb2312_tells_traditional_from_simplified() {
        assert!(only_traditional('國') && only_traditional('體'));
        assert!(!only_traditional('国') && !only_traditional('著'));
    }
}
