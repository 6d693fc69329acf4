//! Names of issuing bodies.

use std::sync::LazyLock;

use crate::script::{is_blank, is_han, width};
use crate::titles::opening_word;
use crate::vocabulary::{Endings, Vocabulary};

static WORDS: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::new(include_str!("issuer_words.txt")));

/// What the names of issuing bodies end in; grows by reading gazettes.
static SUFFIXES: LazyLock<Endings> =
    LazyLock::new(|| Endings::new(include_str!("issuers.txt").lines()));

/// Whether a text ends like the name of a body: 云溪县人民政府, 国家发展改革委等部门.
pub fn ends_in_issuer(text: &str) -> bool {
    let text = text.trim_end_matches(is_blank);
    // 云溪县人民政府（印）, 云溪县烟草专卖局（公司）
    let text = text
        .strip_suffix('）')
        .and_then(|t| t.rsplit_once('（'))
        .filter(|(_, b)| b.chars().count() <= 2)
        .map_or(text, |(t, _)| t);
    text == "国务院" || SUFFIXES.of(text).any(|suffix| text.len() > suffix.len())
}

/// Whether a text ends like one that is addressed and issues nothing: 各有关单位.
pub fn ends_in_addressed(text: &str) -> bool {
    WORDS.ending(text, "addressed").is_some()
}

/// Whether a name is whole, so that 、 after it parts names.
pub fn ends_whole(name: &str) -> bool {
    WORDS.ending(name, "whole").is_some()
}

/// Whether a name begins with its place: 县财政局, 国家发展改革委.
pub fn starts_with_place(name: &str) -> bool {
    WORDS.begins(name, "place")
}

/// Whether a text begins with the rank of a place that it does not name: 县政府公告.
pub fn starts_with_rank(text: &str) -> bool {
    WORDS.begins(text, "rank")
}

/// Whether the name of a body goes on on the next line: 云溪市人民代表大会.
pub fn is_unfinished_issuer(text: &str) -> bool {
    /// Of such a line, in full characters.
    const WIDEST: f32 = 36.0;
    width(text) <= WIDEST && WORDS.ending(text, "unfinished").is_some()
}

/// Whether a line is nothing but names of bodies.
pub fn is_issuer_name(text: &str) -> bool {
    let text = text.trim_matches(is_blank);
    width(text) <= 40.0
        && text.chars().count() >= 3
        && text
            .split([' ', '\u{3000}', '、'])
            .filter(|part| !part.is_empty())
            .all(ends_in_issuer)
        && text.chars().all(|c| {
            is_han(c)
                || is_blank(c)
                || matches!(c, '、' | '（' | '）' | '“' | '”' | '·')
                || c.is_ascii_digit()
        })
        && !text.contains("关于")
        && !["各", "委各", "市各", "县各"]
            .iter()
            .any(|start| text.starts_with(start))
}

/// Whether a title starts as a document's does: with a body, then 关于 or 印发.
pub fn heads_title(title: &str) -> bool {
    opening_word(title).is_some_and(|at| {
        let issuer = &title[..at];
        at > 0
            && width(issuer) <= 60.0
            && (ends_in_issuer(issuer) || issuer.ends_with('等'))
            && !issuer.contains(['《', '，', '。', '：'])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organs() {
        for name in [
            "云溪县人民政府",
            "国务院办公厅　中央军委办公厅",
            "国务院",
            "忻州市发展和改革委员会",
        ] {
            assert!(is_issuer_name(name), "{name}");
        }
        for other in [
            "各市人民政府",
            "关于做好工作的通知",
            "全面提升治理能力",
            "2023年5月5日",
        ] {
            assert!(!is_issuer_name(other), "{other}");
        }
        assert!(heads_title("国务院办公厅关于推广改革举措的通知"));
        assert!(heads_title("上海海关等11部门关于印发《若干措施》的通知"));
        assert!(!heads_title("关于做好安全生产工作的通知"));
        assert!(!heads_title("根据《国务院关于工作的意见》精神"));
    }
}
