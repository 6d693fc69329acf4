//! The colophon (版记): 抄送, 印发机关, 印发日期.

use std::sync::LazyLock;

use regex::Regex;

use model::Colophon;

use crate::script::{date_line, is_blank, width, without_blanks};

/// Whether a line is of a colophon, whole or not: it begins with 抄送 or ends in 印发.
pub fn is_colophon(text: &str) -> bool {
    /// Of the line of who printed it, in full characters.
    const WIDEST: f32 = 40.0;
    text.starts_with("抄送")
        || text.ends_with("印发") && text.contains('日') && width(text) < WIDEST
}

/// 抄送：…  某某办公室 2023年3月26日印发
pub fn colophon_line(text: &str) -> Option<Colophon> {
    static COPIED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:抄\s*送|主\s*送|抄\s*报|分\s*送)\s*[：:]\s*(.+?)。?$").unwrap()
    });
    static PRINTED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(\S.{2,40}?)\s*([12〇○零一二三四五六七八九]\S{3}\s*年\s*\S{1,3}\s*月\s*\S{1,3}\s*日)\s*(?:印发|印制|印)$").unwrap()
    });
    let is_copied = text.starts_with(['抄', '主', '分']);
    if !is_copied && !text.ends_with(['发', '制', '印']) || width(text) > 300.0 {
        return None;
    }
    if let Some(m) = COPIED.captures(text) {
        let copied_to = m[1]
            .split(['，', '；', '。'])
            .map(|s| s.trim_matches(is_blank).to_owned())
            .filter(|s| !s.is_empty())
            .collect();
        return Some(Colophon {
            copied_to,
            ..Colophon::default()
        });
    }
    let m = PRINTED.captures(text)?;
    let printed_on = date_line(&m[2])?;
    Some(Colophon {
        copied_to: Vec::new(),
        printed_by: Some(without_blanks(&m[1])),
        printed_on: Some(printed_on),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colophons() {
        assert_eq!(
            colophon_line("抄送：市委办公室，市人大常委会办公室。")
                .unwrap()
                .copied_to,
            ["市委办公室", "市人大常委会办公室"]
        );
        let printed = colophon_line("德州市人民政府办公室2023 年1 月20 日印发").unwrap();
        assert_eq!(
            (printed.printed_by.as_deref(), printed.printed_on.as_deref()),
            (Some("德州市人民政府办公室"), Some("2023-01-20"))
        );
    }
}
