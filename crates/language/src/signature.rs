//! Signatures (署名, 成文日期) by the words of one line.

use std::sync::LazyLock;

use regex::Regex;

use crate::issuers::{ends_in_issuer, is_issuer_name};
use crate::script::{date_line, date_prefix, is_blank, width};

/// `省长：张三`, `部　长　张三`, `中华人民共和国主席　张三`: an office and who holds it. White space parts them where a body
/// stands before the office.
pub fn is_officer(text: &str) -> bool {
    static OFFICER: LazyLock<Regex> = LazyLock::new(|| {
        const OFFICES: &str = r"代?[省市县區区州盟旗镇乡]\s*[长長]|[部厅廳局署行院会會庭科处處队隊台]\s*[长長]|(?:审计|審計|检察|檢察|秘书|秘書|委员|委員)\s*[长長]|主\s*席|主\s*任(?:委员)?|总\s*理|總\s*理|书\s*记|書\s*記|总\s*干\s*事|司\s*令\s*员|政\s*治\s*委\s*员|政\s*委|行政長官";
        const NAME: &str = r"\p{Han}(?:[\s·]*\p{Han}){1,3}|\p{Han}{1,8}·[\p{Han}·]{1,10}";
        Regex::new(&format!(r"^(?:(?:代|副)?(?:{OFFICES})[：:\s]*|\p{{Han}}{{2,14}}\s*(?:{OFFICES})[：:\s]+)(?:{NAME})$")).unwrap()
    });
    width(text) <= 40.0 && OFFICER.is_match(text)
}

/// `云溪县人民政府 2023年5月5日`: where the date starts.
pub fn dated_name(text: &str) -> Option<usize> {
    if !text.ends_with('日') || width(text) > 50.0 {
        return None;
    }
    let end = text.char_indices().map(|(at, _)| at).skip(1).find(|&at| {
        let (name, date) = text.split_at(at);
        !name.ends_with(|c: char| c.is_ascii_digit())
            && is_issuer_name(name)
            && date_line(date).is_some()
    })?;
    Some(text.len() - text[end..].trim_start_matches(is_blank).len())
}

/// `二零二四年三月十二日發佈。`, `二零二四年三月十四日於運輸基建局`: a date above who signs.
pub fn loose_date(text: &str) -> Option<String> {
    let text: String = text.chars().take(60).filter(|&c| !is_blank(c)).collect();
    let (date, rest) = date_prefix(&text)?;
    let rest = rest.trim_end_matches('。');
    (matches!(rest, "發佈" | "发布" | "發布")
        || rest.strip_prefix(['於', '于']).is_some_and(is_issuer_name))
    .then_some(date)
}

/// `2023年5月`, `二〇二三年五月`
pub fn is_month(text: &str) -> bool {
    text.ends_with('月') && width(text) <= 12.0 && date_line(&format!("{text}1日")).is_some()
}

/// Names of one line: side by side they are parted by white space.
pub fn split_names(text: &str) -> Vec<String> {
    // A seal that is printed as a word is no part of a name.
    let text = ["（印）", "（章）", "（盖章）"]
        .iter()
        .find_map(|seal| text.strip_suffix(seal))
        .unwrap_or(text);
    let parts: Vec<&str> = text
        .split([' ', '\u{3000}'])
        .filter(|p| !p.is_empty())
        .collect();
    if parts.len() > 1 && parts.iter().all(|p| ends_in_issuer(p)) {
        return parts.into_iter().map(str::to_owned).collect();
    }
    vec![parts.concat()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_dates_on_one_line() {
        for officer in [
            "县长：马学文",
            "部　　长　蓝 天",
            "主任 郑启明",
            "中华人民共和国主席　王建国",
            "自治区主席　艾尔肯·买买提",
            "市长马学文",
        ] {
            assert!(is_officer(officer), "{officer}");
        }
        for other in [
            "主任科员以上人员",
            "部长办公会议纪要",
            "会议地点",
            "长期坚持",
            "李明的市长职务",
        ] {
            assert!(!is_officer(other), "{other}");
        }
        assert_eq!(
            split_names("国务院办公厅　中央军委办公厅"),
            ["国务院办公厅", "中央军委办公厅"]
        );
        assert_eq!(
            dated_name("云溪县人民政府 2023年5月5日"),
            Some("云溪县人民政府 ".len())
        );
    }
}
