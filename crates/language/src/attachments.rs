//! Labels of attachments (附件) and items of their list (附件说明).

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::label::{Kind, label};
use crate::number::half_width_alphanumeric;
use crate::script::is_blank;

/// The number of an attachment: 1, 2-1, 一, ①, A, Ⅰ.
const SEQ: &str =
    r"[0-9０-９]{1,2}(?:[-—－][0-9０-９]{1,2})?|[一二三四五六七八九十]{1,3}|[①-⑳]|[A-H]|[Ⅰ-Ⅻ]";

/// 附件1, 附件：…, （附件1）: the label in its plain form, and what follows it.
pub fn attachment_label(text: &str) -> Option<(String, &str)> {
    if !text.starts_with(['附', '（', '(', '【', '[', '［', '〔']) {
        return None;
    }
    bracketed_label(text).or_else(|| plain_label(text))
}

/// （附件1）, 【附件】
fn bracketed_label(text: &str) -> Option<(String, &str)> {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&format!(
            r"^[（(【\[［〔]\s*(附\s*[件表录图])\s*({SEQ})?\s*[：:]?\s*[）)】\]］〕]\s*[：:]?\s*"
        ))
        .expect("a pattern")
    });
    let m = LABEL.captures(text)?;
    let rest = &text[m[0].len()..];
    // （附件1）所列: a reference inside a sentence.
    let is_reference = rest.contains(['，', '。', '；', '、']) || rest.starts_with(REFERS);
    (!is_reference).then(|| (plain_form(&m[1], m.get(2)), rest))
}

const REFERS: [char; 9] = ['的', '所', '中', '和', '与', '及', '要', '规', '由'];

fn plain_form(word: &str, seq: Option<regex::Match>) -> String {
    let seq = seq.map_or("", |seq| seq.as_str());
    let whole = word.chars().chain(seq.chars());
    whole
        .filter(|&c| !is_blank(c))
        .map(half_width_alphanumeric)
        .collect()
}

fn plain_label(text: &str) -> Option<(String, &str)> {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&format!(
            r"^(附\s*[件表录图]?)\s*(?:[（(]略[）)])?\s*(?:[（(]\s*({SEQ})\s*[）)]|之?({SEQ})|[：:]\s*({SEQ})\s*$)?\s*([：:]|[.．、]|\s|$)\s*"
        ))
        .expect("a pattern")
    });
    if !text.starts_with('附') || text.starts_with("附则") || text.starts_with("附近") {
        return None;
    }
    let m = LABEL.captures(text)?;
    let rest = &text[m[0].len()..];
    let seq = m.get(2).or(m.get(3)).or(m.get(4));
    let colon = matches!(&m[5], "：" | ":");
    // 附件 in a sentence is no label; 附 alone is one only with a colon.
    if !rest.is_empty() && !colon && (seq.is_none() || rest.contains(['，', '。']))
        || m[1].trim() == "附" && !colon && !rest.is_empty()
        || rest.trim_end_matches('。').contains('。')
    {
        return None;
    }
    // 附件：1 has its colon as part of it.
    let word = match m.get(4) {
        Some(_) => format!("{}：", &m[1]),
        None => m[1].to_owned(),
    };
    Some((plain_form(&word, seq), rest))
}

/// `附件1`, `附表2：`, `附1`, `（附件1）`: a label alone on its line.
pub fn is_attachment_label(text: &str) -> bool {
    // 附 alone is a word.
    let is_whole = |(label, rest): (String, &str)| rest.is_empty() && label != "附";
    attachment_label(text).is_some_and(is_whole)
}

/// `附件：1.名单`: where a list of attachments begins.
pub fn opens_attachment_list(text: &str) -> bool {
    static LIST: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^附\s*[件表]?\s*(?:[（(]略[）)])?\s*(?:\d{0,2}|[一二三四五六七八九十]{1,3})\s*[：:]\s*\S")
            .expect("a pattern")
    });
    LIST.is_match(text)
}

/// Bytes of `附件：` before the first item.
pub fn attachment_head(text: &str) -> usize {
    attachment_label(text).map_or(0, |(_, rest)| text.len() - rest.len())
}

/// Items of a list on one line, by their numbers 1, 2, 3.
pub fn split_items(text: &str) -> Vec<Range<usize>> {
    static ITEM: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[\s；;、\p{Han}）》]([0-9]{1,2})[.．、]\D").unwrap());
    let mut parts = Vec::new();
    let mut start = 0;
    let head = attachment_head(text);
    let mut seq = label(&text[head..])
        .filter(|l| l.kind == Kind::Digit)
        .map(|l| l.seq);
    for m in ITEM.captures_iter(text) {
        let number = m.get(1).expect("an item has a number");
        if let Some(last) = seq
            && number.as_str().parse() == Ok(last + 1)
        {
            parts.push(start..number.start());
            start = number.start();
            seq = Some(last + 1);
        }
    }
    parts.push(start..text.len());
    parts
        .into_iter()
        .map(|r| r.start..r.start + text[r].trim_end_matches(is_blank).len())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attachment_labels() {
        let read = |text| attachment_label(text).map(|(l, rest)| (l, rest.to_owned()));
        assert_eq!(read("附件1"), Some(("附件1".into(), "".into())));
        assert_eq!(read("附件：1.名单"), Some(("附件".into(), "1.名单".into())));
        assert_eq!(
            read("附件2：实施细则"),
            Some(("附件2".into(), "实施细则".into()))
        );
        assert_eq!(read("附表 一"), Some(("附表一".into(), "".into())));
        for (text, label, rest) in [
            ("附1", "附1", ""),
            ("附一", "附一", ""),
            ("附表1", "附表1", ""),
            ("附件①", "附件①", ""),
            ("附 件 2", "附件2", ""),
            ("附件：1", "附件：1", ""),
            ("附件1：", "附件1", ""),
            ("附件（二）", "附件二", ""),
            ("附件2-1", "附件2-1", ""),
            ("（附件1）", "附件1", ""),
            ("【附件】", "附件", ""),
            ("（附件1）名单", "附件1", "名单"),
        ] {
            assert_eq!(read(text), Some((label.into(), rest.into())), "{text}");
            assert_eq!(is_attachment_label(text), rest.is_empty(), "{text}");
        }
        for text in ["（附件1）所列项目", "（附件略）", "附", "附件2：实施细则"]
        {
            assert!(!is_attachment_label(text), "{text}");
        }
        assert_eq!(read("附件中的规定"), None);
        assert_eq!(read("附则"), None);
        let parts: Vec<&str> = split_items("附件：1.甲表 2.乙表 3.丙表")
            .into_iter()
            .map(|r| &"附件：1.甲表 2.乙表 3.丙表"[r])
            .collect();
        assert_eq!(parts, ["附件：1.甲表", "2.乙表", "3.丙表"]);
    }
}
