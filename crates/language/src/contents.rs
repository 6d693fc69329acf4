//! Entries of contents (目录): where their page number stands.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::script::is_blank;

/// Where an entry's title ends and what leads to its page number begins and ends:
/// `…的通知......(15)`, `…的通知（15）`, `…………93`, `…的通知  15`
pub fn page_end(text: &str) -> Option<Range<usize>> {
    static PAGE: LazyLock<Regex> = LazyLock::new(|| {
        let leader = r"[\s.…·•⋯．]*(?:\.\.|…|··|⋯|．．)[\s.…·•⋯．]*";
        let number = r"(?P<open>[（(]?)\s*\d{1,4}\s*(?P<close>[)）]?)\s*$";
        Regex::new(&format!(
            r"(?:(?P<dots>{leader})|(?P<spaces>[ \u{{3000}}]*)){number}"
        ))
        .expect("a pattern")
    });
    if text.len() > 2000
        || !text
            .trim_end()
            .ends_with(|c: char| c.is_ascii_digit() || c == ')' || c == '）')
    {
        return None;
    }
    let m = PAGE.captures(text)?;
    let leader = m.name("dots").or(m.name("spaces"))?.range();
    // Without dots it is the brackets that show the number, or two spaces.
    let is_bracketed = !m["open"].is_empty() && !m["close"].is_empty();
    let is_spaced = m["open"].is_empty() && text[leader.clone()].chars().count() >= 2;
    (m.name("dots").is_some() || is_bracketed || is_spaced).then_some(leader)
}

/// `12  关于…的通知`: a page number in front of an entry, and the entry.
pub fn front_page(text: &str) -> (Option<u32>, &str) {
    let text = text.trim_start_matches(is_blank);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text[digits..];
    let spaced = rest.starts_with([' ', '\u{3000}', '\t']) && (1..=4).contains(&digits);
    if spaced {
        (
            text[..digits].parse().ok(),
            rest.trim_start_matches(is_blank),
        )
    } else {
        (None, text)
    }
}

/// `【县政府文件】`, `一、国家 23`: the name of a section without ornaments and page number.
pub fn section_name(text: &str) -> Option<&str> {
    static SECTION: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[【\[［〖◎▲●★☆◆◇■※·•\s]*(.*?)[】\]］〗★☆◆◇◎▲●■※·•\s]*\d*$")
            .expect("a pattern")
    });
    let name = SECTION.captures(text)?.get(1)?;
    Some(name.as_str().trim_matches(is_blank))
}

/// `…的通知 15`, `…的通知　　（15）`: what stands before the page number at the end of an entry, and the number.
pub fn last_page(text: &str) -> Option<(&str, Option<u32>)> {
    static PAGE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(.*?)[ \u{3000}]*(?:[（(]\s*(?<bracketed>\d{1,4})\s*[）)]|(?<bare>\d{1,4}))$")
            .expect("a pattern")
    });
    /// Digits of a year.
    const YEAR: usize = 4;
    let m = PAGE.captures(text)?;
    let body = m.get(1)?.as_str();
    let is_apart = body.is_empty() || text[body.len()..].starts_with([' ', '\u{3000}']);
    let number = m.name("bracketed").or(m.name("bare"))?;
    // （2） is a page wherever it stands, and （2023） a year.
    let is_page = m.name("bracketed").is_some() && number.len() < YEAR;
    (is_apart || is_page).then(|| (body, number.as_str().parse().ok()))
}
