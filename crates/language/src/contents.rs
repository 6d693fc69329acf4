//! Entries of contents (目录): where their page number stands.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::number::{NumberForms, serial_line};
use crate::script::{fold, is_blank, is_han};
use crate::words::simplified;

/// Whether a line is the heading of the contents: 目录, 本期目录, 要目, 目录 CONTENTS
pub fn is_contents_title(text: &str) -> bool {
    /// Bytes of the longest one.
    const LONGEST: usize = 60;
    if text.len() > LONGEST {
        return false;
    }
    let folded = fold(&simplified(text)).to_lowercase();
    let bare = folded.trim_matches(|c: char| !is_han(c));
    let english = folded.len() - bare.len();
    let is_english = folded.contains("content") || folded.contains("index");
    (english == 0 || is_english)
        && matches!(
            bare,
            "目录" | "目次" | "总目录" | "本期目录" | "本期要目" | "要目"
        )
}

/// Where an entry's title ends and what leads to its page number begins and ends:
/// `…的通知......(15)`, `…的通知（15）`, `…………93`, `…的通知  15`, `…的通知　[15]`, `…的通知　／15`, `…的通知－－－P15`
pub fn page_end(text: &str) -> Option<Range<usize>> {
    static PAGE: LazyLock<Regex> = LazyLock::new(|| {
        let marks = r"[\s.…·•⋯．－—―_]*";
        let leader = format!(r"{marks}(?:\.\.|…|··|⋯|．．|－－|———|―――|__){marks}");
        Regex::new(&format!(
            r"(?:(?P<dots>{leader})|(?P<spaces>[ \u{{3000}}]*))(?:{NUMBER})\s*$"
        ))
        .expect("a pattern")
    });
    if text.len() > 2000 || !text.trim_end().ends_with(ends_page) {
        return None;
    }
    let m = PAGE.captures(text)?;
    let leader = m.name("dots").or(m.name("spaces"))?.range();
    let n_spaces = text[leader.clone()].chars().count();
    // Without dots it is the brackets that show the number, a mark before it, or two spaces.
    let is_shown = m.name("dots").is_some()
        || m.name("round").is_some()
        || n_spaces >= 1 && m.name("bare").is_none()
        || n_spaces >= 2;
    is_shown.then_some(leader)
}

/// A page number as contents print it.
const NUMBER: &str = r"[（(]\s*(?P<round>\d{1,4})\s*[)）]|[\[［]\s*(?P<square>\d{1,4})\s*[\]］]|[／/]\s*(?P<slash>\d{1,4})|[PpＰ][.．]?\s*(?P<letter>\d{1,4})|(?P<bare>\d{1,4})";

fn ends_page(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, ')' | '）' | ']' | '］')
}

/// Where a page number stands behind a title that white space alone parts from it, or alone on its line; how far the title
/// goes, and the page. Only its neighbours can tell that it is a page: `…的通知 15`
pub fn loose_page(text: &str) -> Option<(usize, u32)> {
    static LOOSE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&format!(
            r"(?:^|\S(?P<space>[ \u{{3000}}]+))(?:{NUMBER})\s*$"
        ))
        .expect("a pattern")
    });
    if text.len() > 2000 || !text.trim_end().ends_with(ends_page) {
        return None;
    }
    let m = LOOSE.captures(text)?;
    let title = m.name("space").map_or(0, |space| space.start());
    Some((title, page_number(&m)?))
}

/// The page in the captures of [`NUMBER`].
fn page_number(m: &Captures) -> Option<u32> {
    let names = ["round", "square", "slash", "letter", "bare"];
    names
        .iter()
        .find_map(|name| m.name(name))?
        .as_str()
        .parse()
        .ok()
}

/// A mark in front of an entry, or white space.
pub fn is_bullet(c: char) -> bool {
    matches!(
        c,
        '-' | '•' | '·' | '●' | '○' | '◆' | '◇' | '■' | '*' | '▲' | '★' | '☆'
    ) || is_blank(c)
}

/// `12  关于…的通知`, `P12　关于…的通知`: a page number in front of an entry, and the entry.
pub fn front_page(text: &str) -> (Option<u32>, &str) {
    let text = text.trim_start_matches(is_blank);
    let letter = text.strip_prefix(['P', 'p', 'Ｐ']);
    let figures = letter.unwrap_or(text);
    let digits = figures.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &figures[digits..];
    let spaced = rest.starts_with([' ', '\u{3000}', '\t']) && (1..=4).contains(&digits);
    if spaced {
        (
            figures[..digits].parse().ok(),
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
        Regex::new(&format!(r"^(?P<body>.*?)[ \u{{3000}}]*(?:{NUMBER})$")).expect("a pattern")
    });
    /// A year has more digits.
    const LARGEST: u32 = 999;
    let m = PAGE.captures(text)?;
    let body = m.name("body")?.as_str();
    let is_apart = body.is_empty() || text[body.len()..].starts_with([' ', '\u{3000}']);
    let page = page_number(&m)?;
    // （2） is a page wherever it stands, and （2023） a year.
    let is_page = m.name("round").is_some() && page <= LARGEST;
    (is_apart || is_page).then_some((body, Some(page)))
}

/// `云溪县人民政府令（第1号）　　（2）云溪县渡口管理办法`: the title of an entry below whose page something else stands, and the page.
pub fn inner_page(text: &str) -> Option<(&str, Option<u32>)> {
    static PAGE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&format!(
            r"^(?P<body>.*?\S)\u{{3000}}\u{{3000}}(?:{NUMBER})[^\d\s].*$"
        ))
        .expect("a pattern")
    });
    let m = PAGE.captures(text)?;
    Some((m.name("body")?.as_str(), page_number(&m)))
}

/// `第33号云溪县人民政府令`: the number in front of what it numbers, and the title.
pub fn leading_serial<'a>(body: &'a str, forms: &NumberForms) -> Option<(String, &'a str)> {
    let (serial, title) = body.split_at(body.find('号')? + '号'.len_utf8());
    let title = title.trim_matches(is_blank);
    let number = serial_line(serial, forms).filter(|_| !title.is_empty())?;
    Some((number.text, title))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings() {
        for title in ["目　录", "目录 CONTENTS", "本期要目", "Contents 目 录"] {
            assert!(is_contents_title(title), "{title}");
        }
        for other in ["目录清单", "附录目录", "目录 2024"] {
            assert!(!is_contents_title(other), "{other}");
        }
    }

    #[test]
    fn pages_in_the_middle() {
        assert_eq!(
            inner_page("云溪县人民政府令（第1号）　　（2）云溪县渡口管理办法"),
            Some(("云溪县人民政府令（第1号）", Some(2)))
        );
        assert_eq!(inner_page("关于防汛的通知　　12"), None);
    }

    #[test]
    fn pages_in_front() {
        assert_eq!(front_page("P03　关于防汛的通知").0, Some(3));
        assert_eq!(front_page("PM2.5 监测").0, None);
    }

    #[test]
    fn pages_behind() {
        for text in ["通知　[5]", "通知 ／5", "通知 P5", "通知 5"] {
            assert_eq!(last_page(text), Some(("通知", Some(5))), "{text}");
        }
        assert!(page_end("通知　[5]").is_some());
        assert!(page_end("通知 ／5").is_some());
        assert!(page_end("通知………P5").is_some());
        assert!(page_end("2018年1—12").is_none());
        assert_eq!(
            loose_page("政府工作报告　1"),
            Some(("政府工作报告".len(), 1))
        );
        assert_eq!(loose_page("2018年1—12"), None);
    }
}
