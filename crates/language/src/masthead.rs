//! What a gazette prints of itself: cover, masthead, headings of its sections.

use std::sync::LazyLock;

use regex::Regex;

use crate::contents::page_end;
use crate::issuers::is_issuer_name;
use crate::label::label;
use crate::script::{is_blank, width};
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

/// `【县政府文件】`, `人事任免`, and not `云溪县人民政府通告` or `禁止燃放烟花爆竹的通告`, which end alike: a section names no
/// place, as in `县政府公告`.
pub fn heads_section(text: &str) -> bool {
    is_section(text) && !names_its_issuer(text)
}

pub fn names_its_issuer(text: &str) -> bool {
    let text: String = text.chars().filter(|&c| !is_blank(c)).collect();
    let Some(kind) = kind_of(&text) else {
        return false;
    };
    let issuer = text.strip_suffix(kind).unwrap_or_default();
    issuer.ends_with('的')
        || is_issuer_name(issuer) && !issuer.starts_with(['省', '市', '县', '区', '州', '盟', '旗'])
}
