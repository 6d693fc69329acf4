//! What stands above a table: its caption and unit.

use std::sync::LazyLock;

use regex::Regex;

use crate::script::{width, without_blanks};

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

/// `责任单位`, `投资额（万元）`: whether a text names a column of a table, by what it ends in or by what it is counted in.
pub fn names_column(text: &str) -> bool {
    static ENDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
        include_str!("column_names.txt")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .collect()
    });
    static COUNTED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\p{Han}{2,8}[（(][\p{Han}%℃/A-Za-z²³]{1,6}[)）]$").expect("a pattern")
    });
    let bare = without_blanks(text);
    width(&bare) <= LONGEST_NAME
        && (ENDS.iter().any(|end| bare.ends_with(end)) || COUNTED.is_match(&bare))
}

/// Characters of the longest name of a column; of a longer text the end says less.
const LONGEST_NAME: f32 = 12.0;

/// `续表`, `（续）`, `续表2`, `（接上页）`: what stands above the rest of a table.
pub fn goes_on_mark(text: &str) -> bool {
    static MARK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[（(]?\s*(?:续\s*上?\s*表?|接上[页表])\s*[0-9一二三四五六七八九十]{0,3}(?:[-—.]\d+)?\s*[)）]?$")
            .expect("a pattern")
    });
    width(text) <= LONGEST_MARK && text.contains(['续', '接']) && MARK.is_match(text)
}

/// Characters of the longest such mark.
const LONGEST_MARK: f32 = 8.0;

/// `表1 基准地价表（续）` → `表1 基准地价表`
pub fn without_mark(text: &str) -> &str {
    let end = ["（续）", "(续)", "（续表）", "(续表)", "续"]
        .iter()
        .find_map(|mark| text.strip_suffix(mark))
        .unwrap_or(text);
    end.strip_prefix("续").unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns() {
        for name in ["序号", "姓 名", "责任单位", "投资额（万元）", "单位及职务"]
        {
            assert!(names_column(name), "{name}");
        }
        for text in [
            "县水利局",
            "2024年底",
            "各乡镇人民政府应当按照职责分工落实各项措施",
            "（一）",
        ] {
            assert!(!names_column(text), "{text}");
        }
    }

    #[test]
    fn marks_of_a_table_that_goes_on() {
        for mark in [
            "续表",
            "（续）",
            "(续表)",
            "续表1",
            "续 表",
            "（接上页）",
            "续上表",
            "续",
        ] {
            assert!(goes_on_mark(mark), "{mark}");
        }
        for text in ["续建项目", "接续", "（一）", "连续三年"] {
            assert!(!goes_on_mark(text), "{text}");
        }
        assert_eq!(without_mark("表1 基准地价表（续）"), "表1 基准地价表");
        assert_eq!(without_mark("续表1"), "表1");
    }
}
