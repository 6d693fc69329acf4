//! Labels of attachments (附件) and items of their list (附件说明).

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::label::{Kind, label};
use crate::script::is_blank;

/// 附件1, 附件：…: the label in its plain form, and what follows it.
pub fn attachment_label(text: &str) -> Option<(String, &str)> {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(附\s?(?:件|表|录)?)\s?(?:[（(]略[）)])?\s?([0-9０-９]{1,2}(?:[-—]\d+)?|[一二三四五六七八九十]{1,3})?\s?([：:]|[.．、]|\s|$)\s?").unwrap()
    });
    if !text.starts_with('附') || text.starts_with("附则") || text.starts_with("附近") {
        return None;
    }
    let m = LABEL.captures(text)?;
    let rest = &text[m[0].len()..];
    let colon = matches!(&m[3], "：" | ":");
    // 附件 in a sentence is no label; 附 alone is one only with a colon.
    if !rest.is_empty() && !colon && (m.get(2).is_none() || rest.contains(['，', '。']))
        || m[1].trim() == "附" && !colon && !rest.is_empty()
        || rest.trim_end_matches('。').contains('。')
    {
        return None;
    }
    let word: String = m[1].chars().filter(|&c| !is_blank(c)).collect();
    Some((
        format!("{word}{}", m.get(2).map_or("", |n| n.as_str())),
        rest,
    ))
}

/// `附件1`, `附表2：`: a label alone on its line.
pub fn is_attachment_label(text: &str) -> bool {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^附[件表录]\s*[0-9一二三四五六七八九十]{0,3}(?:[—-]\d+)?\s*[：:]?$").unwrap()
    });
    LABEL.is_match(text)
}

/// `附件：1.名单`: where a list of attachments begins.
pub fn opens_attachment_list(text: &str) -> bool {
    static LIST: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^附\s?[件表]?\s*(?:[（(]略[）)])?\s*\d{0,2}\s*[：:]\s*\S").unwrap()
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
        assert_eq!(read("附件中的规定"), None);
        assert_eq!(read("附则"), None);
        let parts: Vec<&str> = split_items("附件：1.甲表 2.乙表 3.丙表")
            .into_iter()
            .map(|r| &"附件：1.甲表 2.乙表 3.丙表"[r])
            .collect();
        assert_eq!(parts, ["附件：1.甲表", "2.乙表", "3.丙表"]);
    }
}
