//! Folios: the number that a page prints of itself.

use std::sync::LazyLock;

use regex::Regex;

use crate::script::is_blank;

/// What stands at the edge of a printed page and numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrintedFolio {
    /// `None` where it is written in Chinese numerals, or as a recogniser left it.
    pub number: Option<i64>,
    /// Marks or words say that it is a folio, wherever it stands.
    pub is_set_off: bool,
}

/// The folio that a text without white space is: `— 12 —`, `第3页共30页`, `12`, `3/16`, `iv`.
pub fn printed_folio(text: &str) -> Option<PrintedFolio> {
    // `— 12 —`, `-12-`, `·12·`, `第12页 共30页`
    static SET_OFF: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:[-—–―─－‐一·•∙・~～〜|｜=]+([0-9]{1,4}|[ivxlcIVXLC]{1,7})[-—–―─－‐一·•∙・~～〜|｜=]+|第([0-9]{1,4}|[一二三四五六七八九十百〇零]{1,6})页(?:[，,/／]?共[0-9一二三四五六七八九十百〇零]{1,6}页)?|[Pp]age([0-9]{1,4})(?:of[0-9]+)?)$").unwrap()
    });
    // `12`, `3/16`, `iv`, `F-36`; with what a recogniser leaves of the dashes beside it: `-8`, `23_`
    static BARE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[-—–―─－_~一二·•.…]{0,6}(?:[A-Z]-)?([0-9]{1,4}|[ivxlc]{1,7}|[IVXLC]{1,7})(?:[/／][0-9]{1,4})?[-—–―─－_~一二·•.…]{0,6}$").unwrap()
    });
    /// Bytes of the longest one: 第一百二十三页共二百四十五页
    const LONGEST: usize = 60;
    if text.len() > LONGEST {
        return None;
    }
    let text: String = text.chars().map(half_width_digit).collect();
    let (found, is_set_off) = match SET_OFF.captures(&text) {
        Some(found) => (found, true),
        None => (BARE.captures(&text)?, false),
    };
    let numeral = found.iter().skip(1).flatten().next()?.as_str();
    let number = numeral.parse().ok().or_else(|| roman(numeral));
    let is_number = number.is_some() || is_set_off;
    is_number.then_some(PrintedFolio { number, is_set_off })
}

fn half_width_digit(c: char) -> char {
    match c {
        '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
        c => c,
    }
}

/// The value of a roman numeral as it is written: `iv`, `XII`; `IIII` and `VX` are none.
fn roman(text: &str) -> Option<i64> {
    const PARTS: [(&str, i64); 9] = [
        ("c", 100),
        ("xc", 90),
        ("l", 50),
        ("xl", 40),
        ("x", 10),
        ("ix", 9),
        ("v", 5),
        ("iv", 4),
        ("i", 1),
    ];
    let text = text.to_ascii_lowercase();
    let (mut rest, mut value) = (text.as_str(), 0);
    for (part, worth) in PARTS {
        // A hundred, ten and one stand up to three times, the others once.
        let most = if matches!(part, "c" | "x" | "i") {
            3
        } else {
            1
        };
        for _ in 0..most {
            if let Some(after) = rest.strip_prefix(part) {
                (rest, value) = (after, value + worth);
            }
        }
    }
    (rest.is_empty() && value > 0).then_some(value)
}

/// The number of a folio: `— 12 —`, `-12-`, `·12·`, `12`, `第12页`; and whether marks set it off.
pub fn folio(text: &str) -> Option<(u32, bool)> {
    static FOLIO: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?P<before>[-—–―－·•.\s\u{3000}]*)(?:第\s*)?(?P<number>\d{1,4})(?:\s*页)?(?P<after>[-—–―－·•.\s\u{3000}]*)$").unwrap()
    });
    if text.len() > 40 || text.contains('\t') {
        return None;
    }
    let m = FOLIO.captures(text.trim_matches(is_blank))?;
    let marked = |name: &str| m[name].contains(|c: char| !is_blank(c) && c != '.');
    Some((
        m["number"].parse().ok()?,
        marked("before") && marked("after") || text.contains('页'),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_folios_and_their_numbers() {
        for (text, number, is_set_off) in [
            ("—12—", Some(12), true),
            ("第3页共4页", Some(3), true),
            ("第3页/共4页", Some(3), true),
            ("第十二页", None, true),
            ("-iv-", Some(4), true),
            ("12", Some(12), false),
            ("３／１６", Some(3), false),
            ("VI", Some(6), false),
            ("F-36", Some(36), false),
        ] {
            let expected = PrintedFolio { number, is_set_off };
            assert_eq!(printed_folio(text), Some(expected), "{text}");
        }
        for text in ["VX", "IIII", "Ⅳ.", "2023年", "civil", "第3页第4行"] {
            assert_eq!(printed_folio(text), None, "{text}");
        }
    }

    #[test]
    fn folios_in_all_dresses() {
        for (text, n, marked) in [
            ("— 12 —", 12, true),
            ("- 3 -", 3, true),
            ("·1·", 1, true),
            ("22", 22, false),
            ("第 7 页", 7, true),
            ("　　8", 8, false),
        ] {
            assert_eq!(folio(text), Some((n, marked)), "{text}");
        }
        for text in ["2023年", "1.总则", "12 34", "（5）"] {
            assert_eq!(folio(text), None, "{text}");
        }
    }
}
