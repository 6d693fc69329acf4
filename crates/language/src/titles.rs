//! Titles (标题) and the kinds of documents (文种).

use std::sync::LazyLock;

use regex::Regex;

use crate::head::quoted;
use crate::issuers::{is_issuer_name, starts_with_rank};
use crate::script::{is_blank, width, without_blanks};
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

/// Where the first word stands with which a line of a title can begin, below its issuer: 关于, 印发.
pub fn leading_word(title: &str) -> Option<usize> {
    WORDS.first(title, "leads").map(|word| word.start)
}

/// `大事记`, `前言`: an entry of the contents that is no document.
pub fn is_no_document(title: &str) -> bool {
    WORDS.first(title, "other").is_some() && kind_of(title).is_none()
}

/// The texts that a title says are issued: `关于印发云溪县妇女发展规划和云溪县儿童发展规划的通知`.
pub fn texts_of_title(title: &str) -> Vec<String> {
    /// Characters that the name of one of several texts takes at least.
    const SHORTEST: usize = 6;
    let Some(at) = after_announcing_word(title) else {
        return Vec::new();
    };
    let mut names = quoted(title);
    let plain = title[at..]
        .trim_start_matches("关于")
        .trim_start_matches('《');
    let plain = plain
        .rsplit_once('的')
        .map_or(plain, |(head, _)| head)
        .trim_end_matches('》');
    names.push(plain.to_owned());
    let several = plain.split(['和', '、']);
    names.extend(
        several
            .filter(|part| part.chars().count() >= SHORTEST)
            .map(str::to_owned),
    );
    names
}

/// The list that a sentence says is issued: 现将第三批文物保护单位名单予以公告。
pub fn announced_list(text: &str) -> Option<String> {
    static LIST: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"现将([^，。；：《》]{4,40}(?:名单|名录|目录|清单))(?:予以)?(?:公告|公布|公示)(?:[。，]|$)").expect("a pattern")
    });
    LIST.captures(text).map(|m| m[1].to_owned())
}

/// Whether the text below a title says of it that it was issued: `…印发《关于…的意见》` above `近日，…印发了《关于…的意见》`.
pub fn reports_issue(title: &str, text: &str) -> bool {
    let issued = title
        .split_once("印发《")
        .and_then(|(_, name)| name.strip_suffix('》'));
    issued.is_some_and(|name| text.contains("印发") && text.contains(name))
}

/// A kind of document and perhaps a body, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BareKind {
    /// 公告
    Alone,
    /// 最高人民法院公告
    OfIssuer,
}

/// Reads a 公告, 通告 or 令 without a subject. `县政府公告` names no place, so it heads a section.
pub fn bare_kind(text: &str) -> Option<BareKind> {
    if !text.ends_with(['告', '令']) {
        return None;
    }
    let text = without_blanks(text);
    let issuer = ["公告", "通告", "令"]
        .into_iter()
        .find_map(|kind| text.strip_suffix(kind))?;
    if issuer.is_empty() {
        return Some(BareKind::Alone);
    }
    (!starts_with_rank(issuer) && is_issuer_name(issuer)).then_some(BareKind::OfIssuer)
}

/// `征兵命令`, `封山禁火令`: what can be the title of an order; many a word ends so.
pub fn is_order_title(text: &str) -> bool {
    /// Of such a title, in full characters.
    const WIDTH: std::ops::RangeInclusive<f32> = 3.0..=20.0;
    if !text.ends_with('令') {
        return false;
    }
    let text = without_blanks(text);
    WIDTH.contains(&width(&text)) && !text.contains(['《', '：'])
}

/// `特发布如下命令：`
pub fn opens_order(text: &str) -> bool {
    ["命令如下", "如下命令"]
        .iter()
        .any(|words| text.contains(words))
}

/// `此令。`
pub fn closes_order(text: &str) -> bool {
    text.trim_end_matches('。').ends_with("此令")
}

/// The last character of what a 第N号 on the next line numbers: 令, 公告, 纪要.
pub fn numbered_ending(text: &str) -> Option<char> {
    /// Of such a line, in full characters.
    const WIDEST: f32 = 40.0;
    let last = text.chars().next_back()?;
    if !matches!(last, '令' | '告' | '要') {
        return None;
    }
    let text = without_blanks(text);
    (width(&text) <= WIDEST).then_some(last)
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
