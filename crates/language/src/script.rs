//! What is so of the Chinese script and of the official document, and never a matter of opinion:
//! character classes, widths, numerals and dates.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

pub use model::is_blank;

/// A text without white space.
pub fn without_blanks(text: &str) -> String {
    text.chars().filter(|&c| !is_blank(c)).collect()
}

/// A Chinese character, the numeral 〇 among them.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}' | '〇')
}

/// Punctuation that belongs to Chinese text.
pub fn is_cjk_punctuation(c: char) -> bool {
    matches!(c, '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}' | '“' | '”' | '‘' | '’' | '…' | '—' | '·')
        || matches!(
            c,
            '，' | '；'
                | '：'
                | '？'
                | '！'
                | '（'
                | '）'
                | '％'
                | '．'
                | '［'
                | '］'
                | '｛'
                | '｝'
                | '～'
        )
}

/// The half-width form of a full-width digit, letter or sign; another character as it is.
pub fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        c => c,
    }
}

/// Width of a text in full characters: a Chinese character is 1, a Latin letter or a digit ½.
pub fn width(text: &str) -> f32 {
    text.chars()
        .map(|c| match c {
            _ if is_blank(c) && c != '\u{3000}' => {
                if c == ' ' {
                    0.25
                } else {
                    0.0
                }
            }
            _ if c.is_ascii() || ('\u{a0}'..='\u{2ff}').contains(&c) => 0.5,
            _ => 1.0,
        })
        .sum()
}

/// For comparing: NFKC, brackets and dashes of one kind, no white space, no leaders.
pub fn fold(text: &str) -> String {
    text.nfkc()
        .filter_map(|c| match c {
            _ if is_blank(c) => None,
            '〔' | '﹝' | '【' | '[' => Some('['),
            '〕' | '﹞' | '】' | ']' => Some(']'),
            '—' | '–' | '-' | '－' | '―' => Some('-'),
            '“' | '”' | '"' | '‘' | '’' | '\'' => Some('"'),
            '〈' | '<' => Some('《'),
            '〉' | '>' => Some('》'),
            '·' | '•' | '…' => None,
            c => Some(c),
        })
        .collect()
}

/// Ends a sentence or a clause that can end a paragraph.
pub fn is_terminal(c: char) -> bool {
    matches!(
        c,
        '。' | '！' | '？' | '；' | '：' | '!' | '?' | ';' | ':' | '…'
    )
}

/// The last mark of a text that says whether it is finished, closing quotes and brackets passed over.
/// A note in brackets behind a finished sentence, or alone, is finished: `…。（责任单位：县教育局）`.
pub fn last_mark(text: &str) -> Option<char> {
    let text = text.trim_end_matches(is_blank);
    if text.ends_with(['）', ')'])
        && let Some(open) = opening_bracket(text)
    {
        match text[..open].trim_end_matches(is_blank).chars().next_back() {
            None => return Some('。'),
            Some(c) if is_terminal(c) => return Some(c),
            Some(_) => {}
        }
    }
    text.chars().rev().find(|&c| {
        !is_blank(c)
            && !matches!(
                c,
                '”' | '’' | '"' | '）' | ')' | '》' | '〉' | '』' | '」' | '】'
            )
    })
}

/// Where the bracket opens that the end of a text closes.
fn opening_bracket(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices().rev().take(400) {
        depth += i32::from(matches!(c, '）' | ')')) - i32::from(matches!(c, '（' | '('));
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// A numeral as gazettes print them: `12`, `１２`, `十二`, `二十`, `一百零三`, `二〇二三`.
pub fn numeral(text: &str) -> Option<u32> {
    if text.is_empty() {
        return None;
    }
    let digits: Cow<str> = if text.is_ascii() {
        text.into()
    } else {
        text.nfkc().collect::<String>().into()
    };
    if digits.bytes().all(|b| b.is_ascii_digit()) {
        return digits.parse().ok();
    }
    let digit = |c| {
        "〇一二三四五六七八九"
            .chars()
            .position(|d| d == c)
            .or(matches!(c, '零' | '○' | 'Ｏ' | '０').then_some(0))
            .or((c == '两').then_some(2))
    };
    let chars: Vec<char> = text.chars().collect();
    if chars.iter().all(|&c| digit(c).is_some()) {
        return chars.iter().try_fold(0u32, |n, &c| {
            n.checked_mul(10)?.checked_add(digit(c)? as u32)
        });
    }
    let (mut total, mut last) = (0u32, None);
    for &c in &chars {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            _ => {
                last = Some(digit(c)? as u32);
                continue;
            }
        };
        total += last.take().filter(|&n| n > 0).unwrap_or(1) * unit;
    }
    Some(total + last.unwrap_or(0))
}

/// The ISO date of a line that is nothing but a date: `2023年2月28日`, `二〇二三年二月二十八日`, `2023年5月8曰`.
pub fn date_line(text: &str) -> Option<String> {
    /// Characters of such a line at most, the words of a seal among them.
    const LONGEST: usize = 24;
    let text = text.trim_end_matches(|c: char| is_blank(c) || c == '。');
    let text = SEALS
        .iter()
        .find_map(|s| text.strip_suffix(s))
        .unwrap_or(text);
    let last = text.trim_end_matches(is_blank).chars().next_back()?;
    if !is_day(last) && !half_width(last).is_ascii_digit() {
        return None;
    }
    let text = without_blanks(text);
    if text.chars().count() > LONGEST {
        return None;
    }
    if is_day(last) {
        // 2023年5月8曰
        let (date, rest) = date_prefix(&text[..text.len() - last.len_utf8()])
            .or_else(|| date_before_day(&text[..text.len() - last.len_utf8()]))?;
        return rest.is_empty().then_some(date);
    }
    date_in_digits(&text.chars().map(half_width).collect::<String>())
}

/// What is printed for a seal behind a date.
const SEALS: [&str; 5] = ["（印）", "（章）", "（盖章）", "（公章）", "印"];

/// 日, what it is misread as, and 号.
fn is_day(c: char) -> bool {
    matches!(c, '日' | '曰' | '目' | '口' | '号')
}

/// `2023.5.9`, `2023-05-09`, `2023/5/9`
fn date_in_digits(text: &str) -> Option<String> {
    const MARKS: [char; 7] = ['-', '.', '/', '·', '—', '–', '、'];
    let mark = *MARKS.iter().find(|mark| text.contains(**mark))?;
    let parts: Vec<&str> = text.split(mark).collect();
    let [year, month, day] = parts[..] else {
        return None;
    };
    (year.len() == 4 && [month, day].iter().all(|part| part.len() <= 2))
        .then(|| iso_date(numeral(year)?, numeral(month)?, numeral(day)?))?
}

/// A date at the start of a text without spaces, and what follows it.
pub fn date_prefix(text: &str) -> Option<(String, &str)> {
    let (before, rest) = text.split_once('日')?;
    let (date, between) = date_before_day(before)?;
    between.is_empty().then_some((date, rest))
}

/// A date without its 日: `2023年5月8`, and nothing behind it.
fn date_before_day(text: &str) -> Option<(String, &str)> {
    let text = text.strip_prefix("公元").unwrap_or(text);
    let (year, rest) = text.split_once('年')?;
    let (month, day) = rest.split_once('月')?;
    if month.chars().count() > 3 || day.chars().count() > 3 {
        return None;
    }
    let date = iso_date(
        year_of_date(year)?,
        month_numeral(month)?,
        date_numeral(day)?,
    )?;
    Some((date, ""))
}

/// `2023`, `84` of the last century, `中华民国103`
fn year_of_date(text: &str) -> Option<u32> {
    /// Characters of a year of the Republic at most: 一百一十二.
    const LONGEST: usize = 5;
    if let Some(year) = ["中华民国", "中華民國", "民国", "民國"]
        .iter()
        .find_map(|era| text.strip_prefix(era))
    {
        let year = if year == "元" {
            1
        } else {
            date_numeral(year)?
        };
        return (text.chars().count() <= LONGEST + 4 && (1..1000).contains(&year))
            .then_some(FIRST_OF_REPUBLIC - 1 + year);
    }
    match text.chars().count() {
        4 => date_numeral(text),
        2 => date_numeral(text)
            .filter(|&year| year >= FIRST_SHORT_YEAR)
            .map(|year| 1900 + year),
        _ => None,
    }
}

/// 民国元年
pub const FIRST_OF_REPUBLIC: u32 = 1912;

/// The first year that is printed in two digits: official documents are dated so since 1949.
const FIRST_SHORT_YEAR: u32 = 49;

/// `2023年5月6日`, wherever it stands in a text without spaces: the first.
pub fn date_within(text: &str) -> Option<(String, &str)> {
    /// Characters of a year.
    const YEAR: usize = 4;
    text.match_indices('年').find_map(|(at, _)| {
        let start = text[..at].char_indices().rev().nth(YEAR - 1)?.0;
        let (date, rest) = date_prefix(&text[start..])?;
        Some((date, &text[start..text.len() - rest.len()]))
    })
}

/// 元月 is January.
fn month_numeral(text: &str) -> Option<u32> {
    if matches!(text, "元" | "正") {
        return Some(1);
    }
    date_numeral(text)
}

/// A numeral of a date: also 二0二三, 2O23, 廿六.
fn date_numeral(text: &str) -> Option<u32> {
    let is_zero = |c: char| matches!(c, 'O' | 'o' | 'Ο' | 'ο' | 'О' | 'о' | '○' | '◯' | 'Q');
    let has_digits = text.chars().any(|c| half_width(c).is_ascii_digit());
    let is_plain = |c: char| half_width(c).is_ascii_digit() || "IlO|oQSBZ".contains(c);
    let digit = |c: char| match half_width(c) {
        'I' | 'l' | '|' => '1',
        'S' => '5',
        'B' => '8',
        'Z' => '2',
        c if is_zero(c) => '0',
        c => c,
    };
    if has_digits && text.chars().all(is_plain) {
        return numeral(&text.chars().map(digit).collect::<String>());
    }
    let spelled: String = text
        .chars()
        .map(|c| match c {
            '0' | '０' => "〇".to_owned(),
            '廿' => "二十".to_owned(),
            '卅' => "三十".to_owned(),
            c if is_zero(c) => "〇".to_owned(),
            c => c.to_string(),
        })
        .collect();
    numeral(&spelled)
}

/// The ISO form of a date, if it is one.
pub fn iso_date(year: u32, month: u32, day: u32) -> Option<String> {
    let is_date =
        (1900..2200).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    is_date.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// Similarity of two folded texts, 0 to 1: twice the common character pairs over all of them (Dice).
/// Blind to where the pairs stand, so a text and its reordering are alike.
pub fn similarity(a: &str, b: &str) -> f64 {
    let pairs = |s: &str| {
        let c: Vec<char> = s.chars().collect();
        let mut p: Vec<(char, char)> = c.windows(2).map(|w| (w[0], w[1])).collect();
        p.sort_unstable();
        p
    };
    if a == b {
        return 1.0;
    }
    let (p, q) = (pairs(a), pairs(b));
    if p.is_empty() || q.is_empty() {
        return 0.0;
    }
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < p.len() && j < q.len() {
        match p[i].cmp(&q[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, common) = (i + 1, j + 1, common + 1),
        }
    }
    2.0 * common as f64 / (p.len() + q.len()) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals() {
        for (text, n) in [
            ("12", 12),
            ("１２", 12),
            ("十", 10),
            ("十二", 12),
            ("二十", 20),
            ("一百零三", 103),
            ("二〇二三", 2023),
            ("二○○九", 2009),
        ] {
            assert_eq!(numeral(text), Some(n), "{text}");
        }
        assert_eq!(numeral("十二月"), None);
        assert_eq!(numeral(""), None);
        assert_eq!(numeral("九九九九九九九九九九九九"), None);
    }

    #[test]
    fn dates() {
        assert_eq!(
            date_line("2023 年 2 月 28 日").as_deref(),
            Some("2023-02-28")
        );
        assert_eq!(
            date_line("二〇二三年十二月三十一日").as_deref(),
            Some("2023-12-31")
        );
        assert_eq!(date_line("2023.5.9").as_deref(), Some("2023-05-09"));
        assert_eq!(date_line("2023-05-09").as_deref(), Some("2023-05-09"));
        for text in [
            "二0二三年五月六日",
            "二O二三年五月六日",
            "2023年5月6曰",
            "2O23年5月6日",
            "２０２３．５．６",
            "2023/5/6",
            "2023—05—06",
            "2023年5月6日。",
            "2023年5月6日（章）",
            "2023年5月6号",
            "公元2023年5月6日",
            "中華民國112年5月6日",
            "中华民国一百一十二年五月六日",
            "2023年5月6日印",
        ] {
            assert_eq!(date_line(text).as_deref(), Some("2023-05-06"), "{text}");
        }
        assert_eq!(
            date_line("二〇二三年元月廿六日").as_deref(),
            Some("2023-01-26")
        );
        assert_eq!(
            date_within("（云政发〔2023〕1号2023年5月6日）"),
            Some(("2023-05-06".to_owned(), "2023年5月6日"))
        );
        assert_eq!(date_line("84年6月2日").as_deref(), Some("1984-06-02"));
        assert_eq!(date_line("23年6月2日"), None);
        assert_eq!(date_line("云政发〔2023〕1号"), None);
        assert_eq!(date_line("2023.5.9.1"), None);
        assert_eq!(date_line("2023年13月1日"), None);
        assert_eq!(date_line("2023年2月28日印发"), None);
    }

    #[test]
    fn reordering_is_alike() {
        assert!(similarity("区域主要大气污染物削减方案", "区域大气主要污染物削减方案") > 0.7);
        assert!(similarity("安全生产工作", "土地基准地价") < 0.1);
    }
}
