//! The block of 政府信息公开 above a document: 索引号, 发文机关, 发文字号, 成文日期, 标题, a line each.

use std::sync::LazyLock;

use regex::Regex;

use crate::pattern::spaced;
use crate::script::width;

/// `索 引 号：K0000/2023-00012`, `发文字号：云政发〔2023〕12号`
pub fn is_metadata(text: &str) -> bool {
    /// Of such a line, in full characters.
    const WIDEST: f32 = 80.0;
    static LINE: LazyLock<Regex> = LazyLock::new(|| {
        let words = include_str!("metadata.txt").lines();
        let words: Vec<String> = words
            .filter(|row| !row.is_empty() && !row.starts_with('#'))
            .map(spaced)
            .collect();
        Regex::new(&format!(
            r"^[【\[]?(?:{})\s*[】\]]?\s*[：:]",
            words.join("|")
        ))
        .expect("a pattern")
    });
    text.contains(['：', ':'])
        && width(text) <= WIDEST
        && !text.contains('。')
        && LINE.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_block() {
        for text in [
            "索 引 号：K0000/2023-00012",
            "发文字号:云政发〔2023〕12号",
            "标　　题：关于防汛的通知",
        ] {
            assert!(is_metadata(text), "{text}");
        }
        for text in [
            "各乡镇人民政府：",
            "标题字号应当统一",
            "名称预先核准：按规定办理。",
        ] {
            assert!(!is_metadata(text), "{text}");
        }
    }
}
