//! Footnotes (脚注) and their marks.

use std::sync::LazyLock;

use regex::Regex;

/// Whether a line begins with the mark of a footnote: `1 本通知所称…`, `①指…`, `[2]`, `*`, `注：`
pub fn has_mark(text: &str) -> bool {
    // A figure with a point is a number of an item, one with a unit is text: 1. , 2022年
    static MARK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:[①-⑳❶-❿¹²³⁴-⁹*＊※†‡]|[\[〔［（(][0-9０-９]{1,2}[\]〕］）)]|[0-9０-９]{1,2}\s*[\p{Han}《“]|注\s?[0-9０-９]{0,2}\s?[：:])").unwrap()
    });
    static COUNTED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[0-9０-９]{1,2}\s*(?:年|月|日|号|个|[万亿]?元|时|分)").unwrap()
    });
    MARK.is_match(text) && !COUNTED.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_begin_with_a_mark() {
        for text in [
            "1 本通知所称渡口",
            "1本通知所称渡口",
            "①指工业企业。",
            "[2] 见附件",
            "*按现价计算",
            "注：数据为初步统计数",
        ] {
            assert!(has_mark(text), "{text}");
        }
        for text in [
            "1.加强领导",
            "6月8日印发",
            "云溪县人民政府办公室",
            "2022年6月8日",
            "— 3 —",
        ] {
            assert!(!has_mark(text), "{text}");
        }
    }
}
