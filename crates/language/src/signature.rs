//! Signatures (署名, 成文日期) by the words of one line.

use std::sync::LazyLock;

use regex::Regex;

use crate::issuers::{ends_in_issuer, is_issuer_name};
use crate::pattern::spaced;
use crate::script::{date_line, date_prefix, is_blank, is_han, width};
use crate::vocabulary::Vocabulary;

static OFFICES: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::new(include_str!("offices.txt")));

/// `省长：张三`, `部　长　张三`, `中华人民共和国主席　张三`: an office and who holds it. White space parts them where a body
/// stands before the office.
pub fn is_officer(text: &str) -> bool {
    static OFFICER: LazyLock<Regex> = LazyLock::new(|| officer("any"));
    width(text) <= WIDEST_OFFICER && OFFICER.is_match(text)
}

/// `县　长`, `云溪县县长`: an office, and nobody who holds it.
pub fn is_office(text: &str) -> bool {
    /// Characters of the body before the office at most.
    const LONGEST: usize = 12;
    let text: String = text.chars().filter(|&c| !is_blank(c)).collect();
    let body = OFFICES
        .ending(&text, "any")
        .map(|office| &text[..text.len() - office.len()]);
    body.is_some_and(|body| body.chars().count() <= LONGEST && body.chars().all(is_han))
}

/// `李　明`: what can be the name of a person, by its form.
pub fn is_name(text: &str) -> bool {
    let name: Vec<char> = text.chars().filter(|&c| !is_blank(c)).collect();
    (2..=4).contains(&name.len()) && name.iter().all(|&c| is_han(c))
}

/// `行政长官　张三`
pub(crate) fn is_officer_of_region(text: &str) -> bool {
    static OFFICER: LazyLock<Regex> = LazyLock::new(|| officer("macau"));
    width(text) <= WIDEST_OFFICER && OFFICER.is_match(text)
}

/// Of an office and a name, in full characters.
const WIDEST_OFFICER: f32 = 40.0;

/// The pattern of the offices with a flag, each set with spaces or not.
fn officer(flag: &str) -> Regex {
    const NAME: &str = r"\p{Han}(?:[\s·]*\p{Han}){1,3}|\p{Han}{1,8}·[\p{Han}·]{1,10}";
    let offices = OFFICES.words(flag);
    let offices: Vec<String> = offices.iter().map(|word| spaced(word)).collect();
    let offices = offices.join("|");
    Regex::new(&format!(
        r"^(?:(?:代|副)?(?:{offices})[：:\s]*|\p{{Han}}{{2,14}}\s*(?:{offices})[：:\s]+)(?:{NAME})$"
    ))
    .expect("a pattern")
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

/// `二〇二四年三月十二日发布。`, `…制定。`, `二〇二四年三月十四日于云溪县交通运输局`: a date above who signs.
pub fn loose_date(text: &str) -> Option<String> {
    /// Characters that such a line takes at most.
    const LONGEST: usize = 60;
    let is_year = |c: char| c.is_ascii_digit() || matches!(c, '一' | '二' | '１' | '２');
    if !text.starts_with(is_year) {
        return None;
    }
    let text: String = text
        .chars()
        .take(LONGEST)
        .filter(|&c| !is_blank(c))
        .collect();
    let (date, rest) = date_prefix(&text)?;
    let rest = rest.trim_end_matches('。');
    (["发布", "公布", "制定", "签发"].contains(&rest)
        || rest.strip_prefix('于').is_some_and(is_issuer_name))
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
