//! Printed text in which the values that were read from it are found again.

use std::iter::Peekable;
use std::str::Chars;

use model::{Element, Role, is_blank};

use crate::bare;

/// What elements of some roles have printed.
pub fn printed(elements: &[Element], roles: &[Role]) -> Printed {
    let printed = elements
        .iter()
        .filter(|element| roles.contains(&element.role));
    Printed::of(printed.map(|element| element.text.as_str()))
}

/// The numerals in what elements of some roles have printed.
pub fn numerals(elements: &[Element], roles: &[Role]) -> Vec<u32> {
    let printed = elements
        .iter()
        .filter(|element| roles.contains(&element.role));
    printed
        .flat_map(|element| numbers(&bare(&element.text)))
        .collect()
}

/// A printed text in which values are found in the order in which they are printed, each behind the one before.
pub struct Printed {
    text: String,
    done: usize,
}

impl Printed {
    /// The texts without white space, one after the other.
    pub fn of<'o>(texts: impl Iterator<Item = &'o str>) -> Printed {
        Printed {
            text: texts
                .flat_map(str::chars)
                .filter(|&c| !is_blank(c))
                .collect(),
            done: 0,
        }
    }

    /// A text whose numerals are read.
    pub fn read(text: &str) -> Printed {
        Printed {
            text: reading(text),
            done: 0,
        }
    }

    /// Whether a value is printed, white space aside.
    pub fn has(&self, value: &str) -> bool {
        self.text.contains(&bare(value))
    }

    /// Whether a value is printed behind the last one.
    pub fn has_next(&mut self, value: &str) -> bool {
        self.find(&bare(value))
    }

    /// The first value that is not printed behind the ones before it.
    pub fn missing<'v>(&mut self, values: impl IntoIterator<Item = &'v String>) -> Option<&'v str> {
        values
            .into_iter()
            .find(|value| !self.has_next(value))
            .map(String::as_str)
    }

    /// The same as `has_next` for a text whose numerals are read.
    pub fn reads_next(&mut self, value: &str) -> bool {
        self.find(&reading(value))
    }

    fn find(&mut self, value: &str) -> bool {
        let at = self.text[self.done..].find(value);
        self.done += at.map_or(0, |at| at + value.len());
        at.is_some()
    }
}

/// Whether a value is a text out of whose middle one part was taken: a title, out of an entry that has a number in it.
pub fn is_around(value: &str, text: &str) -> bool {
    let (value, text) = (bare(value), bare(text));
    let half = value
        .char_indices()
        .nth(value.chars().count() / 2)
        .map_or(0, |(byte, _)| byte);
    let (head, tail) = value.split_at(half);
    text.contains(&value)
        || text
            .find(head)
            .is_some_and(|at| ends_later(&text[at..], &value))
        || text
            .rfind(tail)
            .is_some_and(|at| begins_earlier(&text[..at + tail.len()], &value))
}

/// Whether a value begins as the text does, and what is left of it stands somewhere behind that.
fn ends_later(text: &str, value: &str) -> bool {
    let alike = text.chars().zip(value.chars()).take_while(|(a, b)| a == b);
    let n = alike.map(|(c, _)| c.len_utf8()).sum();
    text[n..].contains(&value[n..])
}

fn begins_earlier(text: &str, value: &str) -> bool {
    let alike = text
        .chars()
        .rev()
        .zip(value.chars().rev())
        .take_while(|(a, b)| a == b);
    let n: usize = alike.map(|(c, _)| c.len_utf8()).sum();
    text[..text.len() - n].contains(&value[..value.len() - n])
}

/// Whether numerals say a date: year, month and day, one after the other.
pub fn is_dated(iso: &str, numbers: &[u32]) -> bool {
    let parts: Option<Vec<u32>> = iso.split('-').map(|part| part.parse().ok()).collect();
    // 84年6月2日: a year in two digits is one of the last century.
    const CENTURY: u32 = 1900;
    let is_same = |printed: &[u32], date: &[u32]| {
        let is_year = printed[0] == date[0] || printed[0] < 100 && printed[0] + CENTURY == date[0];
        is_year && printed[1..] == date[1..]
    };
    parts.is_some_and(|date| {
        date.len() == 3 && numbers.windows(3).any(|printed| is_same(printed, &date))
    })
}

/// The normal form of a number, and those in which the last century printed it: 云政发（85）字第7号, （86）财工字第157号.
pub fn printed_forms(number: &str) -> Vec<String> {
    let mut forms = vec![number.to_owned()];
    let parts = number
        .split_once('〔')
        .and_then(|(code, rest)| Some((code, rest.split_once('〕')?)));
    if let Some((code, (year, seq))) = parts {
        let short = year.get(2..).unwrap_or(year);
        for year in [year, short] {
            forms.push(format!("{code}〔{year}〕{seq}"));
            for nth in ["", "第"] {
                forms.push(format!("〔{year}〕{code}{nth}{seq}"));
                forms.push(format!("{code}〔{year}〕字{nth}{seq}"));
            }
        }
    }
    forms
}

/// The numerals of a text.
pub fn numbers(text: &str) -> Vec<u32> {
    let number = |token| {
        if let Token::Number(n) = token {
            Some(n)
        } else {
            None
        }
    };
    Tokens(text.chars().peekable()).filter_map(number).collect()
}

/// A text in which two printings of one number are equal: `国发﹝二〇一八﹞第 41 号` and `国发〔2018〕41号`. Each numeral is
/// its value between marks that no text has here, white space having gone.
fn reading(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for token in Tokens(text.chars().peekable()) {
        match token {
            Token::Number(n) => out.push_str(&format!("\u{1}{n}\u{1}")),
            Token::Other('第') if out.ends_with(')') => {}
            Token::Other(c) if OPENING.contains(c) => out.push('('),
            Token::Other(c) if CLOSING.contains(c) => out.push(')'),
            Token::Other(c) if is_blank(c) => {}
            Token::Other('號') => out.push('号'),
            Token::Other(c) => out.push(c),
        }
    }
    out
}

/// Brackets that are set around the year of a number.
const OPENING: &str = "〔﹝[［(（【〈";
const CLOSING: &str = "〕﹞]］)）】〉";

enum Token {
    Number(u32),
    Other(char),
}

/// A text as its numerals and all else: `12`, `１２`, `十二`, `一百零三`, `二〇二三`, `⑫`.
struct Tokens<'t>(Peekable<Chars<'t>>);

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let first = self.0.next()?;
        if let '①'..='⑳' = first {
            return Some(Token::Number(first as u32 - '①' as u32 + 1));
        }
        let Some(digit) = arabic(first) else {
            return Some(self.han_number(first));
        };
        let mut value = digit;
        while let Some(digit) = self.0.next_if(|&c| arabic(c).is_some()).and_then(arabic) {
            // A longer one is no number that is read: what it ends in will do.
            value = value.wrapping_mul(10).wrapping_add(digit);
        }
        Some(Token::Number(value))
    }
}

impl Tokens<'_> {
    /// A numeral in Chinese characters, or else the character.
    fn han_number(&mut self, first: char) -> Token {
        if han_digit(first).is_none() && han_unit(first).is_none() {
            return Token::Other(first);
        }
        let (mut total, mut last, mut positional) = (0u32, None, 0u32);
        let mut next = Some(first);
        let mut has_units = false;
        while let Some(c) = next {
            if let Some(unit) = han_unit(c) {
                has_units = true;
                let times = last.take().filter(|&n| n > 0).unwrap_or(1);
                total = total.wrapping_add(times * unit);
            } else if let Some(digit) = han_digit(c) {
                last = Some(digit);
                positional = positional.wrapping_mul(10).wrapping_add(digit);
            }
            next = self
                .0
                .next_if(|&c| han_digit(c).is_some() || han_unit(c).is_some());
        }
        let value = total.wrapping_add(last.unwrap_or(0));
        Token::Number(if has_units { value } else { positional })
    }
}

fn arabic(c: char) -> Option<u32> {
    match c {
        '０'..='９' => Some(c as u32 - '０' as u32),
        _ => c.to_digit(10),
    }
}

fn han_digit(c: char) -> Option<u32> {
    match c {
        '零' | '○' | 'Ｏ' | '０' => Some(0),
        '两' => Some(2),
        _ => "〇一二三四五六七八九"
            .chars()
            .zip(0..)
            .find_map(|(han, n)| (han == c).then_some(n)),
    }
}

fn han_unit(c: char) -> Option<u32> {
    match c {
        '十' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals() {
        let printed = "二〇二三年十二月3１日，第一百零三号，二十，⑫，二○○九，两";
        assert_eq!(numbers(printed), [2023, 12, 31, 103, 20, 12, 2009, 2]);
    }

    #[test]
    fn one_number_in_two_printings() {
        assert_eq!(
            reading("国发〔二〇一八〕第 41 号"),
            reading("国发(2018)41号")
        );
        assert_ne!(reading("国发〔2018〕41号"), reading("国发〔201〕841号"));
    }

    #[test]
    fn dates() {
        assert!(is_dated("2023-02-28", &numbers("于二〇二三年二月二十八日")));
        assert!(!is_dated("2023-02-28", &numbers("2023年2月27日")) && !is_dated("2023", &[2023]));
    }

    #[test]
    fn titles_around_a_number() {
        let entry = "3、关于防汛的通知（云政发〔2023〕1号）（试行）　　15";
        assert!(is_around("关于防汛的通知（试行）", entry) && is_around("关于防汛的通知", entry));
        assert!(
            !is_around("关于抗旱的通知（试行）", entry)
                && !is_around("关于防汛的通知（暂行）", entry)
        );
    }

    #[test]
    fn values_come_in_their_order() {
        let mut printed = Printed::of(["各乡 镇，", "县直各局"].into_iter());
        assert!(
            printed.has_next("各乡镇")
                && !printed.has_next("各乡镇")
                && printed.has_next("县直各局")
        );
    }
}
