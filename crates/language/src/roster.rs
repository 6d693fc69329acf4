//! Rosters of minutes (纪要): who was there.

use std::sync::LazyLock;

use regex::Regex;

/// `列席：…`, `记　录：…`, of the minutes of a meeting
pub fn is_roster(text: &str) -> bool {
    static ROSTER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^(?:出\s*席|列\s*席|记\s*录|主\s*持|请\s*假|缺\s*席|参\s*加)(?:人员?)?\s*[：:]",
        )
        .unwrap()
    });
    text.starts_with(['出', '列', '记', '主', '请', '缺', '参']) && ROSTER.is_match(text)
}
