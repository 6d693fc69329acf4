//! Titles (标题) and the kinds of documents (文种).

use std::sync::LazyLock;

use regex::Regex;

use crate::script::{is_blank, width};
use crate::vocabulary::Vocabulary;

static ENDINGS: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::new(include_str!("title_endings.txt")));
static WORDS: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::new(include_str!("title_words.txt")));

/// A title without the mark of a footnote at its end: `统计公报[1]`, `统计公报①`, `统计公报*`.
pub fn without_mark(title: &str) -> &str {
    static MARK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\s*(?:[\[［〔]\s*(?:\d{1,2}|注)\s*[\]］〕]|[①-⑳*＊※¹²³])\s*$").unwrap()
    });
    let closes = |c: char| {
        matches!(
            c,
            ']' | '］' | '〕' | '①'..='⑳' | '*' | '＊' | '※' | '¹' | '²' | '³'
        )
    };
    if !title.trim_end().ends_with(closes) {
        return title;
    }
    MARK.find(title)
        .map_or(title, |mark| &title[..mark.start()])
}

/// The 文种 that a title ends in, brackets after it left aside: 关于…的通知（试行） is a 通知.
pub fn kind_of(title: &str) -> Option<&'static str> {
    let mut body = without_mark(title).trim_end();
    while let Some(open) = body
        .ends_with(['）', ')'])
        .then(|| body.rfind(['（', '(']))
        .flatten()
    {
        body = body[..open].trim_end();
    }
    let body = body.trim_end_matches(['》', '”']);
    ENDINGS.ending(body, "kind")
}

/// The 文种 in which a text ends as it stands, brackets and marks included.
pub fn kind_at_end(text: &str) -> Option<&'static str> {
    ENDINGS.ending(text, "kind")
}

/// Whether a title names a text that can be issued, or a 文种: `优化营商环境条例`.
pub fn names_text(title: &str) -> bool {
    ends_before_brackets(title, "text") || kind_of(title).is_some()
}

/// Whether a title names what can come with a document: a text, a form, a list, a figure.
pub fn names_appendix(title: &str) -> bool {
    ends_before_brackets(title, "appendix") || kind_of(title).is_some()
}

fn ends_before_brackets(title: &str, flag: &str) -> bool {
    let body = title.split(['（', '(']).next().unwrap_or(title);
    ENDINGS.ending(body.trim_end(), flag).is_some()
}

/// Whether a text ends as an entry of contents without page number does.
pub fn ends_entry(text: &str) -> bool {
    let text = text.trim_end_matches(is_blank);
    text.ends_with(['）', ')', '》']) || ENDINGS.ending(text, "entry").is_some()
}

/// Whether a text ends a title, so that nothing follows on its line: `…关于印发方案的通知`.
pub fn ends_title(text: &str) -> bool {
    /// The widest line of a title, in full characters.
    const WIDEST: f32 = 60.0;
    let word = ENDINGS.ending(text, "closes");
    let closes = word
        .and_then(|word| text.strip_suffix(word))
        .is_some_and(|t| t.ends_with('的'));
    closes && width(text) <= WIDEST && !text.contains('。')
}

/// Whether a title can stand without an issuer's 关于: 政府工作报告, 第3次常务会议纪要, 统计公报.
pub fn is_free_title(title: &str) -> bool {
    ENDINGS.ending(without_mark(title), "free").is_some()
}

/// What stands before 任免名单 and the like at the end of a title.
pub fn before_appointments(title: &str) -> Option<&str> {
    title.strip_suffix(ENDINGS.ending(title, "appoints")?)
}

/// Whether a heading of the gazette can end so: 人事任免, 县政府文件.
pub fn ends_section(text: &str) -> bool {
    ENDINGS.ending(text, "section").is_some()
}

/// Where the word stands that follows the issuer in a title: 关于, 印发.
pub fn opening_word(title: &str) -> Option<usize> {
    WORDS.first(title, "opens").map(|word| word.start)
}

/// Whether a title says that the document issues or forwards another text.
pub fn issues_text(title: &str) -> bool {
    WORDS.first(title, "issues").is_some()
}

/// Where the name of a text that is issued begins in a title or sentence: after 印发, 公布.
pub fn after_announcing_word(text: &str) -> Option<usize> {
    WORDS.first(text, "announces").map(|word| word.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        assert_eq!(kind_of("关于印发方案的通知"), Some("通知"));
        assert_eq!(
            kind_of("关于河北雄安新区总体规划（2018—2035年）的批复"),
            Some("批复")
        );
        assert_eq!(kind_of("关于工作的意见（试行）"), Some("意见"));
        assert_eq!(kind_of("优化营商环境条例"), None);
        assert_eq!(
            kind_of("2023年国民经济和社会发展统计公报［1］"),
            Some("公报")
        );
        assert_eq!(kind_of("关于开展第五次经济普查的公告*"), Some("公告"));
    }
}
