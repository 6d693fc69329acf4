//! 发文字号 and 第N号: what a number looks like is the configuration's business, what it means is here.
//!
//! One parser, [`NumberForms::find`], reads numbers wherever they stand: on a line of their own, in contents, cited in a
//! sentence. It sees the text without white space, with digits of one kind, and, where a pattern of the configuration
//! knows only half-width brackets, with those.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde::Deserialize;

use crate::issuers::is_issuer_name;
use crate::pattern::Pattern;
use crate::script::{FIRST_OF_REPUBLIC, half_width, is_blank, is_han, numeral};
use crate::titles::kind_at_end;
use crate::words::simplified;
use model::Number;

/// What numbers look like, as the configuration says.
#[derive(Debug, Clone, Deserialize)]
pub struct NumberForms {
    /// 发文字号: groups `issuer`, `year`, `seq`.
    pub number: Pattern,
    /// 第37号 of a 令 or 公告: group `seq`.
    pub serial_number: Pattern,
}

/// A 发文字号 and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Byte of the text at which the issuer code ends and the year's bracket opens.
    pub issuer_end: usize,
    pub number: Number,
}

/// A text without white space and with half-width digits, and the byte of the text that each of its bytes comes from.
struct Squeezed {
    text: String,
    origins: Vec<usize>,
}

impl Squeezed {
    fn new(text: &str, fold: impl Fn(char) -> char) -> Self {
        let mut squeezed = Squeezed {
            text: String::with_capacity(text.len()),
            origins: Vec::new(),
        };
        for (at, c) in text.char_indices().filter(|(_, c)| !is_blank(*c)) {
            squeezed.text.push(fold(c));
            squeezed.origins.resize(squeezed.text.len(), at);
        }
        squeezed.origins.push(text.trim_end_matches(is_blank).len());
        squeezed
    }

    /// Where bytes of the squeezed text stand in the text.
    fn range(&self, text: &str, range: Range<usize>) -> Range<usize> {
        let start = self.origins[range.start];
        let end = self.origins[range.end];
        start..start + text[start..end].trim_end_matches(is_blank).len()
    }
}

/// A digit or letter in half width; anything else as it is.
pub(crate) fn half_width_alphanumeric(c: char) -> char {
    Some(half_width(c))
        .filter(char::is_ascii_alphanumeric)
        .unwrap_or(c)
}

/// As [`half_width_alphanumeric`], and 号 for 號.
fn half_width_simplified(c: char) -> char {
    if c == '號' {
        '号'
    } else {
        half_width_alphanumeric(c)
    }
}

/// How a text is folded before a pattern is matched.
type Fold = fn(char) -> char;

/// 号, and as traditional script writes it.
const SIGNS: [char; 2] = ['号', '號'];

impl NumberForms {
    /// The 发文字号 in a text, from left to right.
    pub fn find(&self, text: &str) -> Vec<Found> {
        // （86）财工字第157号, ［1986］财工字157号
        static YEAR_FIRST: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"[〔\[(（﹝［](?P<year>\d{2}|[12]\d{3})[〕\])）﹞］](?P<issuer>\p{Han}{1,9}字)第?(?P<seq>\d{1,5})号")
                .expect("a pattern")
        });
        // 台內營字第1000803218號: the first three digits are the year of the Republic.
        static YEAR_WITHIN: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?P<issuer>\p{Han}{1,11}字)第(?P<year>[01]\d{2})(?P<seq>\d{5,8})[A-Z]?号")
                .expect("a pattern")
        });
        if !text.contains(SIGNS) {
            return Vec::new();
        }
        let Some(pattern) = self.number.regex() else {
            return Vec::new();
        };
        // A pattern of one's own can have 號 and half-width brackets, as those are printed.
        let ways: [(&Regex, Fold, bool); 5] = [
            (pattern, half_width_alphanumeric, true),
            (pattern, half_width_simplified, text.contains('號')),
            (pattern, half_width, text.contains(['（', '［'])),
            (&YEAR_FIRST, half_width_simplified, text.contains('字')),
            (&YEAR_WITHIN, half_width_simplified, text.contains('字')),
        ];
        ways.into_iter()
            .filter(|(.., may_help)| *may_help)
            .map(|(pattern, fold, _)| find_in(text, pattern, fold))
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    }
}

fn find_in(text: &str, pattern: &Regex, fold: fn(char) -> char) -> Vec<Found> {
    let squeezed = Squeezed::new(text, fold);
    pattern
        .captures_iter(&squeezed.text)
        .filter_map(|m| found(text, &squeezed, &m))
        .collect()
}

fn found(text: &str, squeezed: &Squeezed, m: &Captures) -> Option<Found> {
    let (whole, issuer) = (m.get(0)?, m.name("issuer")?);
    let (year, seq) = (year(&m["year"])?, numeral(&m["seq"])?);
    let range = squeezed.range(text, whole.range());
    let issuer_range = squeezed.range(text, issuer.range());
    let code = without_blanks(&text[issuer_range.clone()]);
    let code = code.trim_start_matches(['、', '，']).to_owned();
    // 2023年1月20日 云政发〔2023〕1号: the day is none of the code.
    let is_behind_date = text[..range.start].ends_with(|c: char| c.is_ascii_digit());
    let day = if is_behind_date && code.starts_with('日') {
        '日'.len_utf8()
    } else {
        0
    };
    let start = range.start + day;
    let start = start + text[start..].len() - text[start..].trim_start_matches(is_blank).len();
    let range = start..range.end;
    let code = code[day..].to_owned();
    let printed = without_blanks(&text[range.clone()]);
    let year_range = squeezed.range(text, m.name("year")?.range());
    let is_bracketed = text[..year_range.start]
        .trim_end_matches(is_blank)
        .ends_with(OPENING_OF_YEAR);
    let number = Number {
        // 台內營字第1000803218號: a form of its own stays what it is.
        text: if is_bracketed {
            format!("{code}〔{year}〕{seq}号")
        } else {
            printed.clone()
        },
        printed,
        issuer_code: Some(code),
        year: Some(year),
        seq,
    };
    Some(Found {
        range,
        issuer_end: issuer_range.end,
        number,
    })
}

const OPENING_OF_YEAR: [char; 8] = ['〔', '[', '(', '（', '【', '﹝', '［', '〈'];

/// A year as numbers print it: `2023`, `二〇二三`, `84`, and `103` of the Republic.
fn year(text: &str) -> Option<u32> {
    /// The first year of two digits that is one of the last century: official documents have numbers since 1949.
    const FIRST: u32 = 49;
    let year = numeral(text)?;
    Some(match (text.chars().count(), year) {
        (2, FIRST..) => 1900 + year,
        (2, _) => 2000 + year,
        (3, _) => FIRST_OF_REPUBLIC - 1 + year,
        _ => year,
    })
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|&c| !is_blank(c)).collect()
}

/// Longest text, in bytes, that can be a line of numbers.
const LONGEST_LINE: usize = 300;

/// The numbers of a line that holds nothing else; several for a joint document. What a head sets beside its number
/// does not count as something else: `发文字号：` before it, `签发人：张三`, the number of its registration or its date
/// beside it.
pub fn number_line(text: &str, forms: &NumberForms) -> Vec<Number> {
    static OTHER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&format!(
            r"签发人[：:]?\p{{Han}}{{0,12}}|^[〔（(\[]?(?:发文字号|发文编号|文号)[：:]|{REGISTRATION}|{DATE}|[（(](?:此件|主动公开|依申请公开|不予公开|公开)\p{{Han}}{{0,12}}[）)]"
        ))
        .expect("a pattern")
    });
    let may_be_bare = || {
        text.trim_end()
            .ends_with(|c: char| half_width(c).is_ascii_digit())
    };
    if text.len() > LONGEST_LINE || !text.contains(SIGNS) && !may_be_bare() {
        return Vec::new();
    }
    let bare = is_bare(text).then(|| format!("{}号", text.trim_end_matches(is_blank)));
    let found = forms.find(bare.as_deref().unwrap_or(text));
    // 云溪银行令〔2023〕第3号: a title and its number.
    let titled = |code: &str| {
        kind_at_end(code).is_some_and(|kind| {
            ["令", "公告"].contains(&kind) && is_issuer_name(&code[..code.len() - kind.len()])
        })
    };
    if found
        .iter()
        .any(|f| f.number.issuer_code.as_deref().is_some_and(titled))
    {
        return Vec::new();
    }
    let mut rest = String::new();
    let mut done = 0;
    for number in &found {
        rest.push_str(&text[done..number.range.start]);
        rest.push(' ');
        done = number.range.end.min(text.len());
    }
    rest.push_str(&text[done..]);
    let rest = without_blanks(&rest);
    if !OTHER
        .replace_all(&simplified(&rest), "")
        .chars()
        .all(is_beside_number)
    {
        return Vec::new();
    }
    let unfinished = |mut number: Number| {
        if bare.is_some() {
            number.printed = number.printed.trim_end_matches('号').to_owned();
        }
        number
    };
    found.into_iter().map(|f| unfinished(f.number)).collect()
}

/// `者的通知　云政发〔2023〕28号`: the number that stands behind the end of a title, parted by white space.
pub fn number_behind_title(text: &str, forms: &NumberForms) -> Option<Number> {
    /// Characters of an issuer's code at least.
    const SHORTEST: usize = 2;
    if text.len() > LONGEST_LINE || !text.contains(SIGNS) {
        return None;
    }
    let (at, blank) = (text.char_indices()).rfind(|(_, c)| is_blank(*c))?;
    let start = at + blank.len_utf8();
    let title = text[..at].trim_end_matches(is_blank);
    let is_title = title
        .chars()
        .all(|c| is_han(c) || "《》（）“”、".contains(c));
    let numbers = number_line(&text[start..], forms);
    let Ok([number]) = <[Number; 1]>::try_from(numbers) else {
        return None;
    };
    let code = number.issuer_code.as_deref().unwrap_or_default();
    let is_whole = code.chars().count() >= SHORTEST;
    let is_beside = title.chars().all(is_beside_number) || title.contains("签发人");
    (is_title && is_whole && !is_beside && !is_spaced(title)).then_some(number)
}

/// `云　政　发`: a code set with white space, which is no title.
fn is_spaced(text: &str) -> bool {
    text.split(is_blank).any(|part| part.chars().count() == 1) && text.contains(is_blank)
}

/// 2023年1月20日, white space left out.
const DATE: &str = r"(?:[12]\d{3}|[一二][〇○零一二三四五六七八九]{3})年[0-9一二三四五六七八九十]{1,3}月[0-9一二三四五六七八九十]{1,3}日";

/// `、（文件）`: what may stand between and around numbers.
fn is_beside_number(c: char) -> bool {
    // Specks, as a recogniser reads them.
    let is_speck = matches!(c, '《' | '》' | '·' | '•' | '.' | '*' | '"' | '“' | '”');
    is_speck
        || matches!(
            c,
            '、' | '，'
                | ','
                | ';'
                | '；'
                | '('
                | ')'
                | '（'
                | '）'
                | '['
                | ']'
                | '〔'
                | '〕'
                | '文'
                | '件'
        )
}

/// `云政发〔2023〕1`: its 号 forgotten.
fn is_bare(text: &str) -> bool {
    static BARE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\p{Han}{2,12}[〔\[﹝［][12]\d{3}[〕\]﹞］]\d{1,4}$").expect("a pattern")
    });
    text.trim_end()
        .ends_with(|c: char| half_width(c).is_ascii_digit())
        && BARE.is_match(&Squeezed::new(text, half_width_alphanumeric).text)
}

/// Whether a line looks like a number, whatever else may be wrong with it: a year in brackets and 号, or 第N号, at its end.
/// White space may part a note from it: `云政发〔2023〕1号　　签发人：张三`.
pub fn looks_like_number(text: &str) -> bool {
    // 云政发〔2023〕1号, 第37号, 2021年第1号, 第5期
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[^，。；：]{0,24}[〔\[(（【﹝［〈]\s*(?:[12]\d{3}|[一二][〇○零一二三四五六七八九]{3})\s*[〕\])）】﹞］〉]\s*第?\s*\d{1,5}\s*号(?:\s.{0,60})?$|^(?:[12]\d{3}\s*年\s*)?第\s*[0-9〇一二三四五六七八九十百]{1,5}\s*[号期次]$")
            .expect("a pattern")
    });
    if text.len() > LONGEST_LINE || !text.contains(['号', '期', '次']) {
        return false;
    }
    NUMBER.is_match(
        &text
            .chars()
            .map(half_width_alphanumeric)
            .collect::<String>(),
    )
}

/// `[2023]5号`, `〔2023】第5号`: where numbers stand, their issuers' codes left aside; the brackets of the year can be
/// misread ones.
pub fn numbers_without_code(text: &str) -> Vec<Range<usize>> {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"[\[〔【]\s?(?:19|20)\d\d\s?[\]〕】]\s?第?\s?\d{1,5}\s?号").expect("a pattern")
    });
    if !text.contains('号') {
        return Vec::new();
    }
    NUMBER
        .find_iter(text)
        .map(|number| number.range())
        .collect()
}

/// ZJBC00－2023－0001, HNPR—2023—01001: the number under which a rule is registered, white space left out.
const REGISTRATION: &str = r"[A-Z]{2,8}\d{0,4}(?:[-－—–]+\d{2,8}){2,3}";

/// Whether a line is nothing but the number of a registration.
pub fn is_registration(text: &str) -> bool {
    static WHOLE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(&format!("^[（(]?{REGISTRATION}[）)]?$")).unwrap());
    text.len() <= 80
        && text.bytes().any(|b| b.is_ascii_uppercase())
        && WHOLE.is_match(&text.chars().filter(|&c| !is_blank(c)).collect::<String>())
}

/// 第37号 or 〔2024〕第8号 on a line of its own, or in brackets.
pub fn serial_line(text: &str, forms: &NumberForms) -> Option<Number> {
    /// Characters of such a line at most: 〔第十四届〕第一百二十三号, in brackets.
    const LONGEST: usize = 30;
    let printed = text.chars().filter(|&c| !is_blank(c));
    if text.len() > LONGEST_LINE || printed.take(LONGEST + 1).count() > LONGEST {
        return None;
    }
    let pattern = forms.serial_number.regex()?;
    let printed: String = text.chars().filter(|&c| !is_blank(c)).collect();
    let folded: String = printed.chars().map(half_width_simplified).collect();
    // Brackets around the whole number, or around its year alone.
    let inside = without_brackets(&folded);
    let is_whole = |text: &str| pattern.find(text).is_some_and(|m| m.len() == text.len());
    let (inner, printed) = if is_whole(inside) {
        (inside, without_brackets(&printed))
    } else if is_whole(&folded) {
        (folded.as_str(), printed.as_str())
    } else {
        return None;
    };
    let m = pattern.captures(inner)?;
    let seq = numeral(&m["seq"])?;
    let unit = inner.chars().next_back()?;
    let before = &inner[..m.name("seq")?.start()];
    let (year, of_year) = match before.split_once(CLOSING) {
        Some((year, _)) => {
            let year = year.trim_start_matches(OPENING);
            (numeral(year), format!("〔{year}〕"))
        }
        None => {
            let year = before.split_once('年').and_then(|(year, _)| numeral(year));
            let of_year = year.map(|year| format!("{year}年"));
            // 十七届第5号 of a congress
            let of_session = before.find('届').map(|at| before[..at].to_owned() + "届");
            (year, of_year.or(of_session).unwrap_or_default())
        }
    };
    let nth = if before.ends_with('第') { "第" } else { "" };
    Some(Number {
        text: format!("{of_year}{nth}{seq}{unit}"),
        printed: printed.to_owned(),
        issuer_code: None,
        year,
        seq,
    })
}

fn without_brackets(text: &str) -> &str {
    text.trim_start_matches(OPENING).trim_end_matches(CLOSING)
}

const OPENING: [char; 7] = ['（', '(', '[', '〔', '【', '﹝', '［'];
const CLOSING: [char; 7] = ['）', ')', ']', '〕', '】', '﹞', '］'];

/// `山西省人民政府令（第301号）`, `公告2023年第7号`: what is numbered, and the number.
pub fn serial_title<'a>(text: &'a str, forms: &NumberForms) -> Option<(&'a str, Number)> {
    text.char_indices()
        .take(60)
        .filter(|(_, c)| matches!(c, '令' | '告' | '议' | '要' | '报' | '知' | '定'))
        .find_map(|(at, c)| {
            let (head, rest) = text.split_at(at + c.len_utf8());
            Some((head, serial_line(rest, forms)?))
        })
}

/// A number as a line of contents holds it: where it stands, and the number.
pub fn number_within(text: &str, forms: &NumberForms) -> Option<(Range<usize>, Number)> {
    let last = forms.find(text).pop()?;
    // The issuer code runs back to white space, a bracket or the 文种 that ends the title.
    let before = text[..last.issuer_end].trim_end_matches(is_blank);
    let ends_title = |end: usize| end < before.len() && kind_at_end(&before[..end]).is_some();
    let parts = |c: char| {
        is_blank(c)
            || matches!(
                c,
                '》' | '）' | '(' | '（' | '〔' | '”' | '，' | '、' | '：' | ')'
            )
    };
    let ends = before
        .char_indices()
        .rev()
        .map(|(at, c)| (at + c.len_utf8(), c));
    let start = ends
        .into_iter()
        .find(|&(end, c)| parts(c) || ends_title(end))
        .map_or(0, |(end, _)| end);
    let number = number_line(&text[start..last.range.end], forms)
        .into_iter()
        .next()?;
    Some((start..last.range.end, number))
}

/// The forms of the built-in configuration.
#[cfg(test)]
pub(crate) fn built_in() -> NumberForms {
    let value = |key: &str| {
        let line = include_str!("../../../pipeline.toml")
            .lines()
            .find_map(|l| l.strip_prefix(key));
        let text = line
            .and_then(|l| l.strip_prefix(" = '")?.strip_suffix('\''))
            .expect("a pattern");
        Pattern::try_from(text.to_owned()).expect("a pattern")
    };
    NumberForms {
        number: value("number"),
        serial_number: value("serial_number"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(numbers: Vec<Number>) -> Vec<String> {
        numbers.into_iter().map(|number| number.text).collect()
    }

    #[test]
    fn bracket_variants_spaces_and_joint_numbers() {
        let forms = built_in();
        let read = |text| texts(number_line(text, &forms));
        for text in [
            "云政发〔2023〕1号",
            "云政发 [ 2023 ] 1 号",
            "云政发（2023）1号",
            "云政发﹝2023﹞1号",
            "云政发【2023】第1号",
            "（云政发〔2023〕1号）",
            "云政发〔2023〕1",
        ] {
            assert_eq!(read(text), ["云政发〔2023〕1号"], "{text}");
        }
        assert_eq!(
            read("晋财农〔2021〕56号 晋农发〔2021〕7号"),
            ["晋财农〔2021〕56号", "晋农发〔2021〕7号"]
        );
        assert_eq!(read("国发〔2018〕41号 签发人：张 三"), ["国发〔2018〕41号"]);
        assert_eq!(
            read("云政规〔2023〕1号　　YXBC00－2023－0001"),
            ["云政规〔2023〕1号"]
        );
        assert_eq!(
            read("发文字号：云政发〔二〇二三〕1号"),
            ["云政发〔2023〕1号"]
        );
        assert!(read("云溪银行令〔2023〕第3号").is_empty());
        assert!(read("根据国发〔2018〕41号文件精神").is_empty());
        assert_eq!(serial_line("第 37 号", &forms).unwrap().text, "第37号");
        assert_eq!(serial_line("（第十八号）", &forms).unwrap().text, "第18号");
        assert_eq!(
            serial_line("2021年第1号", &forms).unwrap().text,
            "2021年第1号"
        );
        assert_eq!(
            serial_line("〔2024〕第8号", &forms).unwrap().text,
            "〔2024〕第8号"
        );
        assert_eq!(
            serial_line("（2024）3号", &forms).unwrap().text,
            "〔2024〕3号"
        );
        let titled = |text| serial_title(text, &forms).map(|(head, number)| (head, number.text));
        assert_eq!(
            titled("山西省人民政府令（第301号）"),
            Some(("山西省人民政府令", "第301号".into()))
        );
        assert_eq!(
            titled("云溪县公告2023年第3号"),
            Some(("云溪县公告", "2023年第3号".into()))
        );
        assert_eq!(
            titled("云溪银行令〔2023〕第3号"),
            Some(("云溪银行令", "〔2023〕第3号".into()))
        );
    }

    #[test]
    fn numbers_that_begin_with_a_year_of_the_republic() {
        let forms = built_in();
        let read = |text| texts(number_line(text, &forms));
        assert_eq!(
            read("發文字號：云溪府法字第1030823807號"),
            ["云溪府法字第1030823807號"]
        );
        let of_republic = &number_line("云溪府法字第1030823807B號", &forms)[0];
        assert_eq!((of_republic.year, of_republic.seq), (Some(2014), 823_807));
        assert!(read("云溪县字第12号").is_empty());
    }

    #[test]
    fn numbers_behind_titles() {
        let forms = built_in();
        let behind = |text: &str| number_behind_title(text, &forms).map(|n| n.text);
        assert_eq!(
            behind("者的通知　云政发〔2023〕28号").as_deref(),
            Some("云政发〔2023〕28号")
        );
        for text in [
            "云政发〔2023〕28号",
            "云 政 发 〔2023〕 28 号",
            "云政发 〔2023〕28号",
            "文件　云政发〔2023〕28号",
            "签发人：张三　云政发〔2023〕28号",
            "云财农〔2021〕56号 云农发〔2021〕7号",
        ] {
            assert_eq!(behind(text), None, "{text}");
        }
    }

    #[test]
    fn digits_and_brackets_of_any_width() {
        let forms = built_in();
        let number = &number_line("云政发〔２０２２〕７号", &forms)[0];
        assert_eq!(
            (number.text.as_str(), number.year, number.seq),
            ("云政发〔2022〕7号", Some(2022), 7)
        );
        assert_eq!(number.printed, "云政发〔２０２２〕７号");
        let half = r"(?P<issuer>\p{Han}{1,9})\((?P<year>\d{2})\)字第(?P<seq>\d+)号";
        let own = NumberForms {
            number: Pattern::try_from(half.to_owned()).unwrap(),
            ..forms
        };
        assert_eq!(
            number_line("云政发（85）字第7号", &own)[0].seq,
            7,
            "brackets that a repair made full"
        );
        assert_eq!(
            own.find("根据《通知》（云政发(85)字第7号）")[0]
                .number
                .printed,
            "云政发(85)字第7号"
        );
    }

    #[test]
    fn numbers_in_a_sentence() {
        let text = "按照云政发〔二〇二一〕3号、云政发〈2021〉4号和云政发 〔2021〕 5号执行";
        let found = built_in().find(text);
        let printed: Vec<&str> = found.iter().map(|f| &text[f.range.clone()]).collect();
        assert_eq!(printed[2], "和云政发 〔2021〕 5号");
        assert_eq!(
            found.iter().map(|f| f.number.seq).collect::<Vec<_>>(),
            [3, 4, 5]
        );
    }

    #[test]
    fn what_looks_like_a_number() {
        for text in [
            "云政发〔2023〕1号",
            "第 37 号",
            "云政发【２０２３】1号　签发人：张三",
            "〔2024〕第8号",
            "2021年第1号",
        ] {
            assert!(looks_like_number(text), "{text}");
        }
        for text in [
            "根据国发〔2018〕41号文件",
            "第37号令",
            "一号文件",
            "门牌3号",
        ] {
            assert!(!looks_like_number(text), "{text}");
        }
    }

    #[test]
    fn numbers_inside_contents() {
        let forms = built_in();
        let text = "关于做好安全生产工作的通知云政发〔2023〕1号 1";
        let (range, number) = number_within(text, &forms).unwrap();
        assert_eq!(
            (&text[range], number.text.as_str()),
            ("云政发〔2023〕1号", "云政发〔2023〕1号")
        );
    }
}
