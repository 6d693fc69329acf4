//! What stands above a table: its caption and unit.

use std::sync::LazyLock;

use regex::Regex;

use crate::script::width;

/// `表1 基准地价表`, above a table
pub fn is_caption(text: &str) -> bool {
    static CAPTION: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[表图]\s*[0-9一二三四五六七八九十]{1,3}(?:[-—.]\d+)?[\s：:]?\s*\S").unwrap()
    });
    text.starts_with(['表', '图'])
        && width(text) <= 44.0
        && CAPTION.is_match(text)
        && !text.ends_with(['。', '；'])
}

pub fn is_unit(text: &str) -> bool {
    static UNIT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^[（(]?(?:计量)?单\s*位\s*[：:]\s*\S{1,16}[)）]?$").unwrap());
    text.contains('单') && UNIT.is_match(text)
}

/// `供水管网检查安排表`, `经费预算表（2024年）`: what stands right above a table and names it, without a number.
pub fn names_table(text: &str) -> bool {
    static NAME: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[^，。；：、！？]{2,28}表(?:（[^（）]{1,16}）)?$").expect("a pattern")
    });
    text.ends_with(['表', '）']) && NAME.is_match(text)
}
