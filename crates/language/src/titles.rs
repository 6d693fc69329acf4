//! Titles (标题) and the kinds of documents (文种).

use std::sync::LazyLock;

use regex::Regex;

/// 文种: the fifteen kinds of GB/T 9704-2012, longest first where one ends in another.
pub const KINDS: [&str; 16] = [
    "决议", "决定", "命令", "公报", "公告", "通告", "意见", "通知", "通报", "报告", "请示", "批复",
    "议案", "函", "纪要", "令",
];

/// A title without the mark of a footnote at its end: `统计公报[1]`, `统计公报①`, `统计公报*`.
pub fn without_mark(title: &str) -> &str {
    static MARK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\s*(?:[\[［〔]\s*(?:\d{1,2}|注)\s*[\]］〕]|[①-⑳*＊※¹²³])\s*$").unwrap()
    });
    MARK.find(title)
        .map_or(title, |mark| &title[..mark.start()])
}

/// The 文种 that a title ends in, brackets after it left aside: 关于…的通知（试行） is a 通知.
pub fn kind_of(title: &str) -> Option<&'static str> {
    let mut body = without_mark(title).trim_end();
    while let Some(open) = body
        .ends_with(['）', ')'])
        .then(|| body.rfind(['（', '(']))
        .flatten()
    {
        body = body[..open].trim_end();
    }
    let body = body.trim_end_matches(['》', '”']);
    KINDS.iter().find(|kind| body.ends_with(**kind)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        assert_eq!(kind_of("关于印发方案的通知"), Some("通知"));
        assert_eq!(
            kind_of("关于河北雄安新区总体规划（2018—2035年）的批复"),
            Some("批复")
        );
        assert_eq!(kind_of("关于工作的意见（试行）"), Some("意见"));
        assert_eq!(kind_of("优化营商环境条例"), None);
        assert_eq!(
            kind_of("2023年国民经济和社会发展统计公报［1］"),
            Some("公报")
        );
        assert_eq!(kind_of("关于开展第五次经济普查的公告*"), Some("公告"));
    }
}
