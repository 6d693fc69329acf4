//! What web pages set around a document: above it the block of 政府信息公开 (索引号, 发文机关, 发文字号, 成文日期, 标题, a
//! line each), below it links.

use std::sync::LazyLock;

use regex::Regex;

use crate::pattern::spaced;
use crate::script::{is_blank, width, without_blanks};
use crate::words::simplified;

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

/// `发文日期：2023年1月20日`: the day, as printed, that a line of the block gives a document.
pub fn date(text: &str) -> Option<&str> {
    let (word, date) = text.split_once(['：', ':'])?;
    let word = without_blanks(word);
    ["成文日期", "发文日期"]
        .contains(&simplified(&word).as_ref())
        .then(|| date.trim_matches(is_blank))
}

/// `相关链接`, `【打印本页】`: a line that a web page sets below the text of a document.
pub fn is_below_text(text: &str) -> bool {
    /// Bytes of such a line at most.
    const LONGEST: usize = 60;
    let is_frame = |c: char| is_blank(c) || matches!(c, '【' | '】' | '[' | ']' | '：' | ':');
    let line = text.trim_matches(is_frame);
    text.len() <= LONGEST
        && include_str!("web_page.txt")
            .lines()
            .any(|row| row == line && !row.starts_with('#'))
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
        assert!(is_below_text("【相关链接】") && !is_below_text("相关链接见附件"));
        assert_eq!(date("發文日期：2023年1月20日"), Some("2023年1月20日"));
        assert_eq!(date("发布日期：2023年1月20日"), None);
        for text in [
            "各乡镇人民政府：",
            "标题字号应当统一",
            "名称预先核准：按规定办理。",
        ] {
            assert!(!is_metadata(text), "{text}");
        }
    }
}
