//! Cover and masthead: which gazette this is; and the imprint at its end.

use std::sync::LazyLock;

use regex::Regex;

use super::{Reading, document};
use language::script::{date_prefix, is_blank, is_han, numeral, width};
use model::{Element, Gazette, Role};

/// Reads what stands before the first document, `end`, and marks what it understood as furniture.
pub fn gazette(
    reading: &Reading,
    end: usize,
    taken: &mut [bool],
    furniture: &mut Vec<Element>,
) -> Gazette {
    // 2023年第1期（上）, 二〇二三年 第三期
    static ISSUE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:([0-9〇○零一二三四五六七八九]{4})年?)?[·.]?(?:第?([0-9一二三四五六七八九十]{1,3})期?)?(?:[（(]?([上中下])[）)]?(?:期|册)?)?(?:[（(]?总第?([0-9一二三四五六七八九十百零]{1,4})期[）)]?)?$").unwrap()
    });
    static SERIAL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"总第?\s*([0-9一二三四五六七八九十百零]{1,4})\s*[期号]").unwrap()
    });
    // 2019年第31号（总号：1678）　11月10日出版; 某某省人民政府公报2019年第5期
    static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"([12][0-9]{3})年第([0-9]{1,3})[号期](?:[（(]总[号第][：:]?([0-9]{1,5})期?[）)])?(?:[0-9月日]*出版)?$").unwrap()
    });
    static SPONSOR: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:主办(?:单位)?[：:])?(.{2,40}?)(?:主办|编印|主编|编)?$").unwrap()
    });
    let mut gazette = Gazette::default();
    for (i, taken) in taken.iter_mut().enumerate().take(end) {
        if *taken || !reading.is_text(i) {
            continue;
        }
        let text: String = reading.texts[i].chars().filter(|&c| !is_blank(c)).collect();
        if width(&text) > 40.0 || text.contains(['，', '。', '；']) {
            continue;
        }
        let mut understood = false;
        let bare = text.trim_matches(|c| matches!(c, '《' | '》'));
        if gazette.title.as_deref() == Some(bare) || gazette.title.is_none() && names_gazette(bare)
        {
            gazette.title = Some(bare.to_owned());
            understood = true;
        } else if let Some(m) = ISSUE
            .captures(&text)
            .filter(|m| m.get(2).is_some() && text.contains('期') || m.get(4).is_some())
        {
            gazette.year = gazette.year.or(m.get(1).and_then(|y| numeral(y.as_str())));
            gazette.issue = gazette.issue.or(m.get(2).and_then(|n| numeral(n.as_str())));
            gazette.part = gazette
                .part
                .take()
                .or(m.get(3).map(|p| p.as_str().to_owned()));
            gazette.serial = gazette
                .serial
                .or(m.get(4).and_then(|n| numeral(n.as_str())));
            understood = true;
        } else if let Some(m) = NUMBERED.captures(&text) {
            gazette.year = gazette.year.or(numeral(&m[1]));
            gazette.issue = gazette.issue.or(numeral(&m[2]));
            gazette.serial = gazette
                .serial
                .or(m.get(3).and_then(|n| numeral(n.as_str())));
            understood = true;
        } else if let Some(m) = SERIAL.captures(&text) {
            gazette.serial = gazette.serial.or(numeral(&m[1]));
            understood = true;
        } else if let Some((date, rest)) = date_prefix(text.trim_start_matches("出版日期："))
            .filter(|(_, rest)| matches!(*rest, "出版" | "出刊" | "发行" | "印发" | "" | "编印"))
        {
            gazette.published = gazette.published.take().or(Some(date));
            understood = !rest.is_empty() || i < 40;
        } else if text.ends_with("主办") || text.ends_with("编印") || text.starts_with("主办")
        {
            gazette.sponsor = gazette
                .sponsor
                .take()
                .or(SPONSOR.captures(&text).map(|m| m[1].to_owned()));
            understood = true;
        } else if !text.chars().any(is_han)
            && text.chars().any(|c| c.is_ascii_uppercase())
            && !text.contains("://")
        {
            understood = true; // the title in Latin letters
        }
        if understood {
            furniture.push(document::element(reading, i..i + 1, Role::Masthead));
            *taken = true;
        }
    }
    imprint(reading, end, taken, furniture);
    gazette
}

/// `云溪县人民政府公报`, `政策汇编（2023年）`
fn names_gazette(text: &str) -> bool {
    let body = text.split(['（', '(']).next().unwrap_or(text);
    ["公报", "政报", "汇编", "文件选编", "法规汇编"]
        .iter()
        .any(|end| body.ends_with(end))
        && body.chars().count() >= 4
        && !text.contains("关于")
}

/// The last lines of an issue, where they say who made and printed it.
fn imprint(reading: &Reading, first: usize, taken: &mut [bool], furniture: &mut Vec<Element>) {
    static IMPRINT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:主\s*办|主\s*编|副主编|编\s*辑|责任编辑|编辑部|编\s*委|承\s*办|地\s*址|邮\s*编|邮政编码|电\s*话|传\s*真|印\s*刷|印\s*数|刊\s*号|准印证|网\s*址|电子邮箱|发\s*行|出\s*版|内部资料|赠阅|免费).{0,40}$").unwrap()
    });
    let mut i = reading.passages.len();
    while i > first
        && reading.is_text(i - 1)
        && !taken[i - 1]
        && width(&reading.texts[i - 1]) <= 50.0
        && IMPRINT.is_match(&reading.texts[i - 1])
        && !reading.texts[i - 1].contains(['。', '；'])
    {
        i -= 1;
    }
    // One such line alone can be the end of a document.
    if reading.passages.len() - i >= 2 {
        furniture.extend(
            (i..reading.passages.len())
                .map(|at| document::element(reading, at..at + 1, Role::Imprint)),
        );
        taken[i..].fill(true);
    }
}
