//! Numbers in front of headings, paragraphs and items: 一、 （一） 1. （1） 第一章 第一条 ①.

use std::sync::LazyLock;

use regex::Regex;

use crate::script::{is_blank, is_han, numeral, width};

/// A number in front of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// As printed, without white space inside: `一、`, `（一）`, `1.`, `第三条`.
    pub text: String,
    /// Bytes of the text that it takes, white space after it not counted.
    pub len: usize,
    /// GB/T 9704: 一、 is 1, （一） 2, 1. 3, （1） 4. Where a document has 章 节 条, these are 1, 2 and 3.
    pub level: u8,
    pub seq: u32,
    pub kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 第一编 第一章
    Chapter,
    /// 第一节
    Section,
    /// 第一条
    Article,
    /// 一、
    Han,
    /// （一）
    HanBrackets,
    /// 1 1.1 1.1.1, of a plan or a standard
    Decimal,
    /// 1.
    Digit,
    /// （1） 1）
    DigitBrackets,
    /// ①
    Circled,
}

impl Kind {
    /// The level of a heading with such a number; where decimals are headings, their number of parts is.
    fn level(self) -> u8 {
        match self {
            Kind::Chapter | Kind::Han | Kind::Decimal => 1,
            Kind::Section | Kind::HanBrackets => 2,
            Kind::Article | Kind::Digit => 3,
            Kind::DigitBrackets => 4,
            Kind::Circled => 5,
        }
    }
}

/// `第三章 总则`
static DIVISION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^第\s?([0-9〇零一二三四五六七八九十百]{1,6})\s?([编章节条編節條])").unwrap()
});
/// `一、总体要求`
static HAN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^([一二三四五六七八九十]{1,3})\s?[、．.]").unwrap());
/// `（一）指导思想`
static HAN_BRACKETS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[（(]\s?([一二三四五六七八九十]{1,4})\s?[）)]、?").unwrap());
/// `1.严格责任`
static DIGIT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^([0-9０-９]{1,3})\s?[.．、]").unwrap());
/// `（1）现状`
static DIGIT_BRACKETS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^(?:[（(]\s?([0-9]{1,3})\s?[）)]|([0-9]{1,2})[）)])").unwrap());

/// `第三章的`, `第三条规定`: what follows a reference inside a sentence.
const AFTER_DIVISION: [&str; 5] = ["规定", "的", "和第", "、", "至"];
/// `第三条第二款`: what else follows a reference to an article.
const AFTER_ARTICLE: [&str; 16] = [
    "款", "第", "与第", "或第", "之", "，", "。", "及", "所", "中", "项", "）", "以", "要求",
    "規定", "項",
];
/// `（一）项规定的`, `（一）和（二）`
const AFTER_BRACKETS: [&str; 19] = [
    "项规",
    "项所",
    "项、",
    "项和",
    "项至",
    "项，",
    "项。",
    "项中",
    "项的",
    "款",
    "至（",
    "、（",
    "和（",
    "或（",
    "及（",
    "，",
    "。",
    "）",
    "目规定",
];

/// Reads the label at the start of a text.
pub fn label(text: &str) -> Option<Label> {
    match text.chars().next()? {
        '第' => division(text),
        '（' | '(' => in_brackets(text),
        first @ '①'..='⑳' => Some(circled(first)),
        '0'..='9' | '０'..='９' => digit(text),
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' => {
            of_match(&HAN.captures(text)?, Kind::Han)
        }
        _ => None,
    }
}

/// The label that a pattern found.
fn of_match(m: &regex::Captures, kind: Kind) -> Option<Label> {
    let whole = m.get(0).expect("a match has a whole").as_str();
    let mut numbers = m.iter().skip(1).flatten();
    let seq = numbers.find_map(|number| numeral(number.as_str()))?;
    Some(Label {
        text: whole.chars().filter(|c| !c.is_whitespace()).collect(),
        len: whole.len(),
        level: kind.level(),
        seq,
        kind,
    })
}

/// `第一章`, `第一条`, but not `第三条规定的`. White space after the number says that it is no reference.
fn division(text: &str) -> Option<Label> {
    let m = DIVISION.captures(text)?;
    let kind = match &m[2] {
        "编" | "編" | "章" => Kind::Chapter,
        "节" | "節" => Kind::Section,
        _ => Kind::Article,
    };
    let rest = &text[m[0].len()..];
    let is_spaced = rest.starts_with([' ', '\u{3000}']);
    let follows = |word: &&str| rest.trim_start().starts_with(word);
    let is_reference = AFTER_DIVISION.iter().any(follows)
        || kind == Kind::Article && AFTER_ARTICLE.iter().any(follows);
    if is_reference && !is_spaced {
        return None;
    }
    of_match(&m, kind)
}

/// `（一）`, `（1）`, but not `（一）项规定的`
fn in_brackets(text: &str) -> Option<Label> {
    let of_han = HAN_BRACKETS.captures(text).map(|m| (m, Kind::HanBrackets));
    let (m, kind) =
        of_han.or_else(|| Some((DIGIT_BRACKETS.captures(text)?, Kind::DigitBrackets)))?;
    let rest = text[m[0].len()..].trim_start();
    if AFTER_BRACKETS.iter().any(|word| rest.starts_with(word)) {
        return None;
    }
    of_match(&m, kind)
}

fn circled(first: char) -> Label {
    Label {
        text: first.to_string(),
        len: first.len_utf8(),
        level: Kind::Circled.level(),
        seq: first as u32 - '①' as u32 + 1,
        kind: Kind::Circled,
    }
}

/// `1.`, `1）`. 3.2‰ is a number; 1.2023年 is item 1 and a year.
fn digit(text: &str) -> Option<Label> {
    /// Digits of a year.
    const YEAR: usize = 4;
    let Some(m) = DIGIT.captures(text) else {
        return of_match(&DIGIT_BRACKETS.captures(text)?, Kind::DigitBrackets);
    };
    let rest = &text[m[0].len()..];
    let n_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let is_year = n_digits == YEAR && rest[YEAR..].trim_start().starts_with(['年', '-', '—']);
    if n_digits > 0 && !is_year {
        return None;
    }
    of_match(&m, Kind::Digit)
}

/// The labels of decimal headings, `1 总则`, `1.1 编制目的`, `2.1.1 组成`, line by line. One such line can be a figure or
/// the item of a list; they are headings where they count on, from 1 and 1.1.
pub fn decimals(texts: &[String], lines: impl Iterator<Item = usize>) -> Vec<Option<Label>> {
    // Two of the second level and one of the first are the least that show the way of counting.
    const FEWEST: usize = 3;
    let mut labels = vec![None; texts.len()];
    let candidates: Vec<(usize, Vec<u32>, usize)> = lines
        .filter_map(|line| decimal(&texts[line]).map(|(parts, len)| (line, parts, len)))
        .collect();
    let mut chain: Vec<&(usize, Vec<u32>, usize)> = Vec::new();
    let mut close = |chain: &mut Vec<&(usize, Vec<u32>, usize)>| {
        if chain.len() >= FEWEST
            && chain.iter().filter(|(_, parts, _)| parts.len() > 1).count() + 1 >= FEWEST
        {
            for (line, parts, len) in chain.iter() {
                let text = texts[*line].trim_start();
                labels[*line] = Some(Label {
                    text: text[..*len].to_owned(),
                    len: *len,
                    level: parts.len() as u8,
                    seq: parts.last().copied().unwrap_or_default(),
                    kind: Kind::Decimal,
                });
            }
        }
        chain.clear();
    };
    for (at, candidate) in candidates.iter().enumerate() {
        let begins =
            candidate.1 == [1] && candidates.get(at + 1).is_some_and(|next| next.1 == [1, 1]);
        if begins {
            close(&mut chain);
            chain.push(candidate);
        } else if chain
            .last()
            .is_some_and(|last| counts_on(&last.1, &candidate.1))
        {
            chain.push(candidate);
        }
    }
    close(&mut chain);
    labels
}

/// 1.1 after 1, 1.2 after 1.1, 2 after 1.2.3; a number that was misread may be missing.
fn counts_on(last: &[u32], next: &[u32]) -> bool {
    let Some((&seq, above)) = next.split_last() else {
        return false;
    };
    if next.len() == last.len() + 1 {
        return above == last && seq <= 2;
    }
    next.len() <= last.len()
        && above == &last[..above.len()]
        && (1..=2).contains(&(seq.saturating_sub(last[above.len()])))
}

/// `2.1.1 组成`: the number's parts, and the bytes that it takes.
fn decimal(text: &str) -> Option<(Vec<u32>, usize)> {
    static DECIMAL: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^[0-9]{1,2}(?:[.．][0-9]{1,2}){0,3}").unwrap());
    // 2.5万吨, 3月
    const UNITS: &str = "年月日时元亩万亿千百吨倍";
    let text = text.trim_matches(is_blank);
    let number = DECIMAL.find(text)?;
    let rest = &text[number.end()..];
    let first = rest.trim_start().chars().next()?;
    let parts: Option<Vec<u32>> = number
        .as_str()
        .split(['.', '．'])
        .map(|part| numeral(part).filter(|&n| n > 0))
        .collect();
    let parts = parts?;
    let words = is_han(first) || matches!(first, '“' | '《');
    // Of the first level only a heading is told from an item or a line that goes on.
    let heads = parts.len() > 1 || width(rest) <= 20.0 && !rest.contains(['，', '。', '；', '：']);
    (words && heads && (rest.starts_with([' ', '\u{3000}']) || !UNITS.contains(first)))
        .then_some((parts, number.end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_headings() {
        let read = |lines: &[&str]| {
            let texts: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
            decimals(&texts, 0..texts.len())
                .into_iter()
                .map(|l| l.map_or(0, |l| l.level))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            read(&[
                "1 总则",
                "1.1编制目的",
                "为了",
                "1.2原则",
                "2体系",
                "2.1 机构",
                "2.1.1组成"
            ]),
            [1, 2, 0, 2, 1, 2, 3]
        );
        assert_eq!(read(&["1 总则", "2 范围", "3 职责"]), [0, 0, 0], "items");
        assert_eq!(
            read(&["增长", "1.1个百分点", "1.2个百分点", "2.5万吨"]),
            [0, 0, 0, 0],
            "figures"
        );
        assert_eq!(
            read(&["1 总则", "1.1目的", "增长", "5.2个百分点", "1.2原则"]),
            [1, 2, 0, 0, 2],
            "a figure between headings"
        );
    }

    #[test]
    fn labels() {
        let read = |text| label(text).map(|l| (l.text, l.level, l.seq));
        assert_eq!(read("一、总体要求"), Some(("一、".into(), 1, 1)));
        assert_eq!(read("(十一) 加强防范"), Some(("(十一)".into(), 2, 11)));
        assert_eq!(read("12. 民爆物品。"), Some(("12.".into(), 3, 12)));
        assert_eq!(read("1.2023 年度计划"), Some(("1.".into(), 3, 1)));
        assert_eq!(read("5. 5岁以下"), Some(("5.".into(), 3, 5)));
        assert_eq!(
            read("第二十三条 本办法"),
            Some(("第二十三条".into(), 3, 23))
        );
        assert_eq!(read("第三条　项目申报应当"), Some(("第三条".into(), 3, 3)));
        assert_eq!(read("第二章规划和建设"), Some(("第二章".into(), 1, 2)));
        assert_eq!(read("第三條　項目申報"), Some(("第三條".into(), 3, 3)));
        assert_eq!(read("第三條規定的"), None);
        assert_eq!(read("（2）现状"), Some(("（2）".into(), 4, 2)));
        assert_eq!(read("（五）项目管理费"), Some(("（五）".into(), 2, 5)));
        for text in [
            "3.2‰以下",
            "第三条规定的",
            "（一）项所列",
            "（一）和（二）",
            "2023年",
            "一二三产业",
            "（试行）",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
