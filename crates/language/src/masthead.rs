//! What a gazette prints of itself: cover, masthead, headings of its sections.

use std::sync::LazyLock;

use regex::Regex;

use crate::contents::page_end;
use crate::issuers::{is_issuer_name, starts_with_rank};
use crate::label::label;
use crate::script::{date_prefix, is_blank, numeral, width};
use crate::titles::{ends_section, kind_of};

/// A line of a cover or masthead: the name of the gazette, its issue, who makes it.
pub fn is_masthead(text: &str) -> bool {
    // 2023年第1期（上）, 总第11期, 2019年第31号（总号：1678）　11月10日出版
    static ISSUE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[（(]?(?:[12][0-9]{3}|[一二][〇○零一二三四五六七八九]{3})\s*年?\s*第?\s*[0-9一二三四五六七八九十]{1,3}\s*期|^[（(]?总\s*第?\s*[0-9〇零一二三四五六七八九十百]{1,4}\s*[期号][）)]?$|[（(]总号[：:]|^第\s*[0-9一二三四五六七八九十]{1,3}\s*期.{0,12}总").unwrap()
    });
    // What one of the words and patterns below holds.
    if !text.contains(['期', '总', '报', '办', '印', '版']) {
        return false;
    }
    if width(text) > 40.0 || text.contains(['，', '。', '；', '《']) {
        return false;
    }
    let bare: String = text.chars().filter(|&c| !is_blank(c)).collect();
    if bare.contains("公报") && bare.ends_with('期') && !bare.contains("关于") {
        return true;
    }
    let ends = ["公报", "政报", "主办", "编印", "出版", "编辑出版"];
    ISSUE.is_match(text)
        || ends.iter().any(|end| bare.ends_with(end))
            && !text.contains("关于")
            && !(bare.ends_with("公报") && bare.contains("统计"))
}

/// `【县政府文件】`, `人事任免`: a heading inside the contents.
pub fn is_section(text: &str) -> bool {
    let text = text.trim_matches(is_blank);
    const ORNAMENTS: [char; 11] = ['★', '☆', '◆', '◇', '◎', '▲', '●', '■', '※', '·', '•'];
    let bracketed = text.starts_with(['【', '［', '[', '〖', '◎', '▲', '●'])
        && text.ends_with(['】', '］', ']', '〗'])
        || width(text) <= 20.0 && text.starts_with(ORNAMENTS) && text.ends_with(ORNAMENTS);
    bracketed
        || width(text) <= 14.0
            && page_end(text).is_none()
            && label(text).is_none()
            && !text.contains(|c: char| c.is_ascii_digit())
            && ends_section(text)
            && !text.contains("关于")
}

/// `云溪县人民政府通告`, `禁止燃放烟花爆竹的通告`, which end as sections do: a section names no place, as in `县政府公告`.
pub fn names_its_issuer(text: &str) -> bool {
    let text: String = text.chars().filter(|&c| !is_blank(c)).collect();
    let Some(kind) = kind_of(&text) else {
        return false;
    };
    let issuer = text.strip_suffix(kind).unwrap_or_default();
    issuer.ends_with('的') || is_issuer_name(issuer) && !starts_with_rank(issuer)
}

/// What a line of a masthead says of the issue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Issue {
    pub year: Option<u32>,
    pub issue: Option<u32>,
    pub part: Option<String>,
    pub serial: Option<u32>,
}

/// Reads year, issue and part in a line without white space.
pub fn issue(text: &str) -> Option<Issue> {
    // 2023年第1期（上）, 二〇二三年第三期
    static ISSUE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:([0-9〇○零一二三四五六七八九]{4})年?)?[·.]?(?:第?([0-9一二三四五六七八九十]{1,3})期?)?(?:[（(]?([上中下])[）)]?(?:期|册)?)?(?:[（(]?总第?([0-9一二三四五六七八九十百零]{1,4})期[）)]?)?$").expect("a pattern")
    });
    let m = ISSUE.captures(text)?;
    let number = |group: usize| m.get(group).and_then(|n| numeral(n.as_str()));
    let is_issue = m.get(2).is_some() && text.contains('期') || m.get(4).is_some();
    is_issue.then(|| Issue {
        year: number(1),
        issue: number(2),
        part: m.get(3).map(|part| part.as_str().to_owned()),
        serial: number(4),
    })
}

/// Reads the issue at the end of a line without white space, where something stands before it.
pub fn issue_at_end(text: &str) -> Option<Issue> {
    // 2019年第31号（总号：1678）11月10日出版; 某某省人民政府公报2019年第5期
    static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"([12][0-9]{3})年第([0-9]{1,3})[号期](?:[（(]总[号第][：:]?([0-9]{1,5})期?[）)])?(?:[0-9月日]*出版)?$").expect("a pattern")
    });
    static SERIAL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"总第?\s*([0-9一二三四五六七八九十百零]{1,4})\s*[期号]").expect("a pattern")
    });
    if let Some(m) = NUMBERED.captures(text) {
        return Some(Issue {
            year: numeral(&m[1]),
            issue: numeral(&m[2]),
            part: None,
            serial: m.get(3).and_then(|n| numeral(n.as_str())),
        });
    }
    SERIAL.captures(text).map(|m| Issue {
        serial: numeral(&m[1]),
        ..Issue::default()
    })
}

/// `云溪县人民政府办公室主办`: who makes the gazette.
pub fn sponsor(text: &str) -> Option<String> {
    static SPONSOR: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:主办(?:单位)?[：:])?(.{2,40}?)(?:主办|编印|主编|编)?$").expect("a pattern")
    });
    let is_sponsor = text.ends_with("主办") || text.ends_with("编印") || text.starts_with("主办");
    let m = SPONSOR.captures(text).filter(|_| is_sponsor)?;
    Some(m[1].to_owned())
}

/// `出版日期：2023年2月28日`, `2023年2月28日出版`: the date, and whether a word says that it is that of the issue.
pub fn published(text: &str) -> Option<(String, bool)> {
    let (date, rest) = date_prefix(text.trim_start_matches("出版日期："))?;
    matches!(rest, "出版" | "出刊" | "发行" | "印发" | "" | "编印")
        .then(|| (date, !rest.is_empty()))
}

/// `云溪县人民政府公报`, `政策汇编（2023年）`
pub fn names_gazette(text: &str) -> bool {
    /// Characters that the name of a gazette takes at least.
    const SHORTEST: usize = 4;
    let body = text.split(['（', '(']).next().unwrap_or(text);
    ["公报", "政报", "汇编", "文件选编"]
        .iter()
        .any(|end| body.ends_with(end))
        && body.chars().count() >= SHORTEST
        && !text.contains("关于")
}

/// `责任编辑：…`, `地　址：…`: a line of the imprint.
pub fn is_imprint(text: &str) -> bool {
    /// Of such a line, in full characters.
    const WIDEST: f32 = 50.0;
    static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
        include_str!("imprint.txt")
            .lines()
            .filter(|row| !row.is_empty() && !row.starts_with('#'))
            .collect()
    });
    static IMPRINT: LazyLock<Regex> = LazyLock::new(|| {
        let words: Vec<String> = WORDS
            .iter()
            .map(|word| {
                word.chars()
                    .map(String::from)
                    .collect::<Vec<_>>()
                    .join(r"\s*")
            })
            .collect();
        Regex::new(&format!(r"^(?:{}).{{0,40}}$", words.join("|"))).expect("a pattern")
    });
    let first = text.chars().next();
    first.is_some_and(|first| WORDS.iter().any(|word| word.starts_with(first)))
        && width(text) <= WIDEST
        && !text.contains(['。', '；'])
        && IMPRINT.is_match(text)
}
