//! What is so of the Chinese script and of the official document, and never a matter of opinion:
//! character classes, widths, numerals and dates.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

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

/// White space and characters without ink: what a line may hold and a block may leave out.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
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

/// The ISO date of a line that is nothing but a date: `2023年2月28日`, `二〇二三年二月二十八日`.
pub fn date_line(text: &str) -> Option<String> {
    let last = text.trim_end_matches(is_blank).chars().next_back()?;
    if last != '日' && !last.is_ascii_digit() {
        return None;
    }
    let text: String = text.chars().filter(|&c| !is_blank(c)).collect();
    if text.len() == text.chars().count() {
        return date_in_digits(&text);
    }
    let (date, rest) = date_prefix(&text)?;
    rest.is_empty().then_some(date)
}

/// `2023.5.9`, `2023-05-09`
fn date_in_digits(text: &str) -> Option<String> {
    let mark = if text.contains('-') { '-' } else { '.' };
    let parts: Vec<&str> = text.split(mark).collect();
    let [year, month, day] = parts[..] else {
        return None;
    };
    (year.len() == 4 && [month, day].iter().all(|part| part.len() <= 2))
        .then(|| iso(numeral(year)?, numeral(month)?, numeral(day)?))?
}

/// A date at the start of a text without spaces, and what follows it.
pub fn date_prefix(text: &str) -> Option<(String, &str)> {
    let (year, rest) = text.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let (day, rest) = rest.split_once('日')?;
    if year.chars().count() != 4 || month.chars().count() > 3 || day.chars().count() > 3 {
        return None;
    }
    Some((iso(numeral(year)?, numeral(month)?, numeral(day)?)?, rest))
}

fn iso(year: u32, month: u32, day: u32) -> Option<String> {
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
