//! 发文字号 and 第N号: what a number looks like is the configuration's business, what it means is here.

use std::sync::LazyLock;

use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config;
use crate::script::{is_blank, numeral};

/// A document's number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Number {
    /// Normal form: 云政发〔2023〕1号, 第37号.
    pub text: String,
    pub printed: String,
    /// 云政发; absent for a 令 or 公告.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<u32>,
    pub seq: u32,
}

/// The numbers of a line that holds nothing else; several for a joint document. A line such as `签发人：张三`
/// beside them does not count as something else.
pub fn number_line(text: &str, config: &config::Segment) -> Vec<Number> {
    static OTHER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"签发人[：:]?\p{Han}{0,12}").unwrap());
    if !text.contains('号') || text.len() > 300 {
        return Vec::new();
    }
    let printed: String = text.chars().filter(|&c| !is_blank(c)).collect();
    let Some(pattern) = &config.number.0 else { return Vec::new() };
    let mut rest = OTHER.replace_all(&printed, "").into_owned();
    let mut numbers = Vec::new();
    for m in pattern.captures_iter(&printed) {
        let whole = &m[0];
        rest = rest.replacen(whole, "", 1);
        let issuer = m["issuer"].trim_start_matches(['、', '，']).to_owned();
        let (Some(year), Some(seq)) = (numeral(&m["year"]), numeral(&m["seq"])) else { continue };
        numbers.push(Number {
            text: format!("{issuer}〔{year}〕{seq}号"),
            printed: whole.to_owned(),
            issuer_code: Some(issuer),
            year: Some(year),
            seq,
        });
    }
    let alone = rest.chars().all(|c| matches!(c, '、' | '，' | ',' | ';' | '；' | '(' | ')' | '（' | '）' | '文' | '件'));
    if alone { numbers } else { Vec::new() }
}

/// 第37号 on a line of its own, or in brackets.
pub fn serial_line(text: &str, config: &config::Segment) -> Option<Number> {
    let printed: String = text.chars().filter(|&c| !is_blank(c)).collect();
    let inner = printed.trim_start_matches(['（', '(', '[', '〔']).trim_end_matches(['）', ')', ']', '〕']);
    let m = config.serial_number.0.as_ref()?.captures(inner).filter(|m| m[0].len() == inner.len())?;
    let seq = numeral(&m["seq"])?;
    let unit = inner.chars().next_back()?;
    let year = inner.split_once('年').and_then(|(year, _)| numeral(year));
    let of_year = year.map_or(String::new(), |year| format!("{year}年"));
    Some(Number { text: format!("{of_year}第{seq}{unit}"), printed: inner.to_owned(), issuer_code: None, year, seq })
}

/// `山西省人民政府令（第301号）`, `公告第7号`: what is numbered, and the number.
pub fn serial_title<'a>(text: &'a str, config: &config::Segment) -> Option<(&'a str, Number)> {
    let at = ["（第", "(第", "第"].iter().find_map(|mark| text.rfind(mark))?;
    let head = text[..at].trim_end_matches(is_blank).trim_end_matches(['（', '(']);
    let number = serial_line(&text[head.len()..], config)?;
    (head.ends_with(['令', '告', '议', '要', '报', '知', '定']) && head.chars().count() <= 60).then_some((head, number))
}

/// A number as a line of contents holds it: where it stands, and the number.
pub fn number_within(text: &str, config: &config::Segment) -> Option<(std::ops::Range<usize>, Number)> {
    static SPACED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[〔\[(（【﹝［]\s*[12]\d{3}\s*[〕\])）】﹞］]\s*第?\s*\d{1,5}\s*号").unwrap());
    let tail = SPACED.find_iter(text).last()?;
    // The issuer code runs back to white space, a bracket or the 文种 that ends the title.
    let before = &text[..tail.start()];
    let trimmed = before.trim_end_matches(is_blank);
    let start = trimmed
        .char_indices()
        .rev()
        .find(|&(at, c)| {
            is_blank(c)
                || matches!(c, '》' | '）' | '(' | '（' | '〔' | '”' | '，' | '、' | '：' | ')')
                || super::KINDS.iter().any(|kind| trimmed[..at + c.len_utf8()].ends_with(kind) && trimmed.len() > at + c.len_utf8())
        })
        .map_or(0, |(at, c)| at + c.len_utf8());
    let number = number_line(&text[start..tail.end()], config).into_iter().next()?;
    Some((start..tail.end(), number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn bracket_variants_spaces_and_joint_numbers() {
        let config = Config::default().segment;
        let read = |text| number_line(text, &config).into_iter().map(|n| n.text).collect::<Vec<_>>();
        for text in [
            "云政发〔2023〕1号",
            "云政发 [ 2023 ] 1 号",
            "云政发（2023）1号",
            "云政发﹝2023﹞1号",
            "云政发【2023】第1号",
            "（云政发〔2023〕1号）",
        ] {
            assert_eq!(read(text), ["云政发〔2023〕1号"], "{text}");
        }
        assert_eq!(read("晋财农〔2021〕56号 晋农发〔2021〕7号"), ["晋财农〔2021〕56号", "晋农发〔2021〕7号"]);
        assert_eq!(read("国发〔2018〕41号 签发人：张 三"), ["国发〔2018〕41号"]);
        assert!(read("根据国发〔2018〕41号文件精神").is_empty());
        assert_eq!(serial_line("第 37 号", &config).unwrap().text, "第37号");
        assert_eq!(serial_line("（第十八号）", &config).unwrap().text, "第18号");
        assert_eq!(serial_line("2021年第1号", &config).unwrap().text, "2021年第1号");
        assert_eq!(serial_title("山西省人民政府令（第301号）", &config).unwrap().0, "山西省人民政府令");
    }

    #[test]
    fn numbers_inside_contents() {
        let config = Config::default().segment;
        let text = "关于做好安全生产工作的通知云政发〔2023〕1号 1";
        let (range, number) = number_within(text, &config).unwrap();
        assert_eq!((&text[range], number.text.as_str()), ("云政发〔2023〕1号", "云政发〔2023〕1号"));
    }
}
