//! Words as evidence: jieba for what is a word, OpenCC for what is simplified.

use std::sync::LazyLock;

use jieba_rs::Jieba;
use opencc_fmmseg::OpenCC;

static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);
static OPENCC: LazyLock<OpenCC> = LazyLock::new(OpenCC::new);

/// Characters on each side of a break that are looked at.
const REACH: usize = 8;

/// Loads the dictionaries that a text will want, so that they load beside other work.
pub fn prepare(jieba: bool, opencc: bool) {
    rayon::join(|| jieba.then(|| LazyLock::force(&JIEBA)).is_some(), || opencc.then(|| LazyLock::force(&OPENCC)).is_some());
}

/// The word that a break between two texts cuts, if there is one and the cut leaves a part that is no word.
pub fn cut_by(before: &str, after: &str) -> Option<String> {
    let tail: String = {
        let mut t: Vec<char> = before.chars().rev().take(REACH).collect();
        t.reverse();
        t.into_iter().collect()
    };
    let head: String = after.chars().take(REACH).collect();
    let whole = format!("{tail}{head}");
    let mut end = 0;
    let word = JIEBA.cut(&whole, false).into_iter().map(|t| t.word).find(|w| {
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

/// Whether the dictionary has the word.
pub fn is_word(word: &str) -> bool {
    JIEBA.has_word(word)
}

/// Chinese characters that GB 2312, the set of simplified Chinese, does not have.
pub fn count_outside_gb2312(text: &str) -> usize {
    text.chars().filter(|&c| only_traditional(c)).count()
}

/// A character outside GB 2312: traditional, or rare. 著 and 乾 are inside it and so stay as printed.
pub fn only_traditional(c: char) -> bool {
    if !('\u{4e00}'..='\u{9fa5}').contains(&c) {
        return false;
    }
    let mut utf8 = [0; 4];
    let (bytes, _, bad) = encoding_rs::GBK.encode(c.encode_utf8(&mut utf8));
    bad || !matches!(*bytes, [0xb0..=0xf7, 0xa1..=0xfe])
}

/// The text in simplified characters.
pub fn to_simplified(text: &str) -> String {
    OPENCC.t2s(text, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_break_inside_a_word() {
        assert_eq!(cut_by("规划近期大气污", "染物排放量预测").as_deref(), Some("污染物"));
        assert_eq!(cut_by("坚持聚焦目标，统", "筹兼顾原则").as_deref(), Some("统筹兼顾"));
        assert_eq!(cut_by("完善安全责任体系", "要把推进落实"), None);
    }

    #[test]
    fn gb2312_tells_traditional_from_simplified() {
        assert!(only_traditional('國') && only_traditional('體'));
        assert!(!only_traditional('国') && !only_traditional('著'));
    }
}
