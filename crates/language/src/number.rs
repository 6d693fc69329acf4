//! 发文字号 and 第N号: what a number looks like is the configuration's business, what it means is here.

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use crate::issuers::is_issuer_name;
use crate::pattern::Pattern;
use crate::script::{is_blank, numeral};
use crate::titles::kind_at_end;
use model::Number;

/// What numbers look like, as the configuration says.
#[derive(Debug, Clone, Deserialize)]
pub struct NumberForms {
    /// 发文字号: groups `issuer`, `year`, `seq`.
    pub number: Pattern,
    /// 第37号 of a 令 or 公告: group `seq`.
    pub serial_number: Pattern,
}

/// The numbers of a line that holds nothing else; several for a joint document. What a head sets beside its number
/// does not count as something else: `发文字号：` before it, `签发人：张三` or the number of its registration after it.
pub fn number_line(text: &str, forms: &NumberForms) -> Vec<Number> {
    static OTHER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(&format!(
            r"签发人[：:]?\p{{Han}}{{0,12}}|^(?:发文字号|发文编号|文号)[：:]|{REGISTRATION}"
        ))
        .unwrap()
    });
    // 云政发〔2023〕1: its 号 forgotten.
    static BARE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\p{Han}{2,12}[〔\[﹝［][12]\d{3}[〕\]﹞］]\d{1,4}$").unwrap()
    });
    if text.len() > 300 {
        return Vec::new();
    }
    let mut printed: String = text.chars().filter(|&c| !is_blank(c)).collect();
    let bare = BARE.is_match(&printed);
    if bare {
        printed.push('号');
    } else if !printed.contains('号') {
        return Vec::new();
    }
    let Some(pattern) = forms.number.regex() else {
        return Vec::new();
    };
    let mut rest = OTHER.replace_all(&printed, "").into_owned();
    let mut numbers = Vec::new();
    for m in pattern.captures_iter(&printed) {
        let whole = &m[0];
        rest = rest.replacen(whole, "", 1);
        let issuer = m["issuer"].trim_start_matches(['、', '，']).to_owned();
        // 云溪银行令〔2023〕第3号: a title and its number.
        if ["令", "公告"]
            .iter()
            .any(|kind| issuer.strip_suffix(kind).is_some_and(is_issuer_name))
        {
            return Vec::new();
        }
        let (Some(year), Some(seq)) = (numeral(&m["year"]), numeral(&m["seq"])) else {
            continue;
        };
        numbers.push(Number {
            text: format!("{issuer}〔{year}〕{seq}号"),
            printed: whole
                .strip_suffix('号')
                .filter(|_| bare)
                .unwrap_or(whole)
                .to_owned(),
            issuer_code: Some(issuer),
            year: Some(year),
            seq,
        });
    }
    let alone = rest.chars().all(|c| {
        matches!(
            c,
            '、' | '，' | ',' | ';' | '；' | '(' | ')' | '（' | '）' | '文' | '件'
        )
    });
    if alone { numbers } else { Vec::new() }
}

/// ZJBC00－2023－0001, HNPR—2023—01001: the number under which a rule is registered, white space left out.
const REGISTRATION: &str = r"[A-Z]{2,8}\d{0,4}(?:[-－—–]+\d{2,8}){2,3}";

/// Whether a line is nothing but the number of a registration.
pub fn is_registration(text: &str) -> bool {
    static WHOLE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(&format!("^[（(]?{REGISTRATION}[）)]?$")).unwrap());
    text.len() <= 80 && WHOLE.is_match(&text.chars().filter(|&c| !is_blank(c)).collect::<String>())
}

/// 第37号 or 〔2024〕第8号 on a line of its own, or in brackets.
pub fn serial_line(text: &str, forms: &NumberForms) -> Option<Number> {
    let printed: String = text.chars().filter(|&c| !is_blank(c)).collect();
    let pattern = forms.serial_number.regex()?;
    let inner = printed
        .trim_start_matches(OPENING)
        .trim_end_matches(CLOSING);
    // Brackets around the whole number, or around its year alone.
    let (inner, m) = [inner, printed.as_str()].into_iter().find_map(|inner| {
        Some((
            inner,
            pattern
                .captures(inner)
                .filter(|m| m[0].len() == inner.len())?,
        ))
    })?;
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
            (year, year.map_or(String::new(), |year| format!("{year}年")))
        }
    };
    let nth = if before.ends_with('第') { "第" } else { "" };
    Some(Number {
        text: format!("{of_year}{nth}{seq}{unit}"),
        printed: inner.to_owned(),
        issuer_code: None,
        year,
        seq,
    })
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
pub fn number_within(text: &str, forms: &NumberForms) -> Option<(std::ops::Range<usize>, Number)> {
    static SPACED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"[〔\[(（【﹝［]\s*[12]\d{3}\s*[〕\])）】﹞］]\s*第?\s*\d{1,5}\s*号").unwrap()
    });
    let tail = SPACED.find_iter(text).last()?;
    // The issuer code runs back to white space, a bracket or the 文种 that ends the title.
    let before = &text[..tail.start()];
    let trimmed = before.trim_end_matches(is_blank);
    let start = trimmed
        .char_indices()
        .rev()
        .find(|&(at, c)| {
            is_blank(c)
                || matches!(
                    c,
                    '》' | '）' | '(' | '（' | '〔' | '”' | '，' | '、' | '：' | ')'
                )
                || trimmed.len() > at + c.len_utf8()
                    && kind_at_end(&trimmed[..at + c.len_utf8()]).is_some()
        })
        .map_or(0, |(at, c)| at + c.len_utf8());
    let number = number_line(&text[start..tail.end()], forms)
        .into_iter()
        .next()?;
    Some((start..tail.end(), number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built_in() -> NumberForms {
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

    #[test]
    fn bracket_variants_spaces_and_joint_numbers() {
        let forms = built_in();
        let read = |text| {
            number_line(text, &forms)
                .into_iter()
                .map(|n| n.text)
                .collect::<Vec<_>>()
        };
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
