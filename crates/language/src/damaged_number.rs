//! Lines that are a 发文字号 but for what was misread in them: `云政发〔2023〕I2号`.
//!
//! A number has five parts, each of which can be read alone: issuer code, bracket, year, bracket, seq and 号. Where the
//! others stand, a part can be set right or at least be told.

use std::ops::Range;

use crate::script::{half_width, is_blank, is_han};

/// What is to be put right: bytes of the line, what stands there instead.
pub type Correction = (Range<usize>, char);

/// Characters of an issuer code.
const CODE: Range<usize> = 2..13;
/// Digits of the year, and of the seq at most.
const YEAR: usize = 4;
const SEQ: usize = 5;
/// Parts that can be wrong before the line is anything.
const MOST: usize = 2;

/// A line without white space, character by character.
struct Reader {
    chars: Vec<(Range<usize>, char)>,
    next: usize,
    wrong: Vec<Correction>,
    n_brackets: usize,
}

/// What a line needs to be a number; nothing if it is one already or cannot be told.
pub fn corrections(text: &str) -> Vec<Correction> {
    let mut reader = Reader::new(text);
    match reader.number() {
        Some(()) if reader.wrong.len() <= MOST && reader.n_brackets > 0 => reader.wrong,
        _ => Vec::new(),
    }
}

/// Whether a line is shaped like a number, what it says being lost: `云政发〔20?3〕12号`, `云政发〔2023〕号`.
pub fn is_damaged_number(text: &str) -> bool {
    /// Characters from the first bracket to 号, and of the year in its brackets.
    const LONGEST: usize = 14;
    const INSIDE: Range<usize> = 2..7;
    let chars: Vec<char> = text.chars().filter(|&c| !is_blank(c)).collect();
    let code = chars.iter().take_while(|&&c| is_han(c)).count();
    let rest = &chars[code..];
    if !CODE.contains(&code) || rest.len() > LONGEST || !rest.first().is_some_and(|&c| opens(c)) {
        return false;
    }
    let Some(inside) = rest[1..].iter().position(|&c| closes(c)) else {
        return false;
    };
    let year = &rest[1..=inside];
    let seq = &rest[inside + 2..];
    let n_digits = |part: &[char]| part.iter().filter(|&&c| digit(c).is_some()).count();
    let is_year = INSIDE.contains(&year.len()) && n_digits(year) * 2 >= year.len();
    let Some((last, seq)) = seq.split_last() else {
        return false;
    };
    let is_seq = seq.iter().all(|&c| !is_han(c) || matches!(c, '第' | '字'));
    is_year && is_seq && sign(*last).is_some()
}

/// Characters that must be changed, put in or left out to make one text the other, white space left aside.
pub fn n_differences(a: &str, b: &str) -> usize {
    let without_blanks = |text: &str| text.chars().filter(|&c| !is_blank(c)).collect::<Vec<_>>();
    let (a, b) = (without_blanks(a), without_blanks(b));
    let mut costs: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut costs[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = costs[j + 1];
            costs[j + 1] = changed.min(diagonal + 1).min(costs[j] + 1);
        }
    }
    costs[b.len()]
}

fn opens(c: char) -> bool {
    matches!(
        c,
        '〔' | '[' | '(' | '（' | '【' | '﹝' | '［' | '〈' | '〖' | '「' | '{' | '｛'
    )
}

fn closes(c: char) -> bool {
    matches!(
        c,
        '〕' | ']' | ')' | '）' | '】' | '﹞' | '］' | '〉' | '〗' | '」' | '}' | '｝'
    )
}

/// The digit that a character is, or is taken for.
fn digit(c: char) -> Option<char> {
    Some(match half_width(c) {
        c @ '0'..='9' => c,
        'O' | 'o' | 'Q' | 'D' | '〇' | '○' => '0',
        'I' | 'l' | 'i' | '|' | '!' => '1',
        'Z' | 'z' => '2',
        'S' | 's' => '5',
        'G' | 'b' => '6',
        'B' => '8',
        'q' | 'g' => '9',
        _ => return None,
    })
}

/// 号, or what is taken for it.
fn sign(c: char) -> Option<char> {
    let is_sign = matches!(
        c,
        '号' | '號'
            | '马'
            | '弓'
            | '亏'
            | '写'
            | '另'
            | '兮'
            | '叼'
            | '吗'
            | '呈'
            | '导'
            | '吾'
            | '夸'
            | '乌'
            | '鸟'
    );
    is_sign.then_some('号')
}

impl Reader {
    fn new(text: &str) -> Reader {
        let chars = text
            .char_indices()
            .filter(|(_, c)| !is_blank(*c))
            .map(|(at, c)| (at..at + c.len_utf8(), c));
        Reader {
            chars: chars.collect(),
            next: 0,
            wrong: Vec::new(),
            n_brackets: 0,
        }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.next).map(|(_, c)| *c)
    }

    /// Takes a character; where it should be another, that is noted.
    fn take(&mut self, right: char, is_right: bool) {
        if !is_right {
            self.wrong.push((self.chars[self.next].0.clone(), right));
        }
        self.next += 1;
    }

    /// Notes that a character is missing here.
    fn insert(&mut self, missing: char) {
        let at = self.chars[self.next].0.start;
        self.wrong.push((at..at, missing));
    }

    /// Reads the parts of a number, to the end of the line.
    fn number(&mut self) -> Option<()> {
        let code = self.chars.iter().take_while(|(_, c)| is_han(*c)).count();
        self.next = code;
        CODE.contains(&code).then_some(())?;
        self.bracket('〔', opens, closes)?;
        let year = self.digits(YEAR)?;
        (year.len() == YEAR && (year.starts_with("19") || year.starts_with("20"))).then_some(())?;
        self.bracket('〕', closes, opens)?;
        if self.peek() == Some('第') {
            self.next += 1;
        }
        let seq = self.digits(SEQ)?;
        (!seq.is_empty()).then_some(())?;
        let c = self.peek()?;
        let right = sign(c)?;
        self.take(right, c == '号' || c == '號');
        (self.next == self.chars.len()).then_some(())
    }

    /// A bracket of the year: another bracket, a mark that looks like one, or none at all.
    fn bracket(
        &mut self,
        right: char,
        is_right: fn(char) -> bool,
        is_other: fn(char) -> bool,
    ) -> Option<()> {
        let c = self.peek()?;
        // What a number is read with, and 「 or { in its place.
        let is_read = matches!(
            c,
            '〔' | '['
                | '('
                | '（'
                | '【'
                | '﹝'
                | '［'
                | '〈'
                | '〕'
                | ']'
                | ')'
                | '）'
                | '】'
                | '﹞'
                | '］'
                | '〉'
        );
        if is_right(c) {
            self.n_brackets += 1;
            self.take(right, is_read);
        } else if is_other(c)
            || matches!(c, 'C' | 'J' | 'L' | '『' | '』' | '|' | '丨' | '「' | '」')
        {
            self.take(right, false);
        } else if c.is_ascii_digit() || c == '第' {
            self.insert(right);
        } else {
            // An l or I is a bracket, or the 1 behind one that is missing.
            return None;
        }
        Some(())
    }

    fn digits(&mut self, most: usize) -> Option<String> {
        let mut digits = String::new();
        while digits.len() < most
            && let Some(c) = self.peek()
            && let Some(right) = digit(c)
        {
            self.take(right, half_width(c) == right);
            digits.push(right);
        }
        Some(digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn corrected(text: &str) -> String {
        let mut out = text.to_owned();
        for (range, right) in corrections(text).into_iter().rev() {
            out.replace_range(range, &right.to_string());
        }
        out
    }

    #[test]
    fn a_misread_number_is_set_right() {
        for text in [
            "云政发〔2023〕I2号",
            "云政发〔2023〕12马",
            "云政发〔2O23〕l2号",
            "云政发2023〕12号",
            "云政发〔202312号",
            "云政发〔2023J12号",
            "云政发〔 2023 〕 I2 号",
            "云政发【2023〔12号",
            "云政发{2023}12号",
        ] {
            let plain = corrected(text).replace([' '], "").replace('【', "〔");
            assert_eq!(plain, "云政发〔2023〕12号", "{text}");
        }
    }

    #[test]
    fn what_is_no_number_stays() {
        for text in [
            "云政发〔2023〕12号",
            "云溪县2023年",
            "云溪县统计公报2023第12号",
            "表〔2023〕I2",
            "云政发〔2023〕12次",
            "执行标准GB3O95",
            "云溪统计（2023）I2",
        ] {
            assert_eq!(corrected(text), text);
        }
    }

    #[test]
    fn differences_are_counted() {
        for (a, b, n) in [
            ("云政发〔2023〕12号", "云政发〔20?3〕12号", 1),
            ("云政发〔2023〕12号", "云政发 〔203〕12号", 1),
            ("云政发〔2023〕12号", "云政发〔2023〕号", 2),
            ("", "号", 1),
        ] {
            assert_eq!(n_differences(a, b), n, "{a} {b}");
        }
    }

    #[test]
    fn a_number_can_be_told_where_what_it_says_is_lost() {
        for text in [
            "云政发〔20?3〕12号",
            "云政发〔203〕12号",
            "云政发〔2023〕号",
            "云政发〔2023〕1*号",
            "云政发〔2023〕I2号",
        ] {
            assert!(is_damaged_number(text), "{text}");
        }
        for text in [
            "云溪县（试行）",
            "全县合计（2023）123",
            "云政发〔2023〕文件第3号",
            "单位（万元）号",
        ] {
            assert!(!is_damaged_number(text), "{text}");
        }
    }
}
