//! Folios: the number that a page prints of itself.

use std::sync::LazyLock;

use regex::Regex;

use crate::script::is_blank;

/// The number of a folio: `— 12 —`, `-12-`, `·12·`, `12`, `第12页`; and whether marks set it off.
pub fn folio(text: &str) -> Option<(u32, bool)> {
    static FOLIO: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?P<before>[-—–―－·•.\s\u{3000}]*)(?:第\s*)?(?P<number>\d{1,4})(?:\s*页)?(?P<after>[-—–―－·•.\s\u{3000}]*)$").unwrap()
    });
    if text.len() > 40 || text.contains('\t') {
        return None;
    }
    let m = FOLIO.captures(text.trim_matches(is_blank))?;
    let marked = |name: &str| m[name].contains(|c: char| !is_blank(c) && c != '.');
    Some((
        m["number"].parse().ok()?,
        marked("before") && marked("after") || text.contains('页'),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folios_in_all_dresses() {
        for (text, n, marked) in [
            ("— 12 —", 12, true),
            ("- 3 -", 3, true),
            ("·1·", 1, true),
            ("22", 22, false),
            ("第 7 页", 7, true),
            ("　　8", 8, false),
        ] {
            assert_eq!(folio(text), Some((n, marked)), "{text}");
        }
        for text in ["2023年", "1.总则", "12 34", "（5）"] {
            assert_eq!(folio(text), None, "{text}");
        }
    }
}
