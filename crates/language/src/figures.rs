//! Figures: what the cells of a table hold when it counts.

use crate::script::{fold, is_blank};

/// Characters of the longest figure.
const LONGEST: usize = 20;

/// A cell's value: `3659.61`, `1,234`, `8.04%`; `/` and `—` stand for nothing.
pub fn number(cell: &str) -> Option<f64> {
    let plain: String = cell
        .chars()
        .filter(|&c| !is_blank(c) && c != ',' && c != '，')
        .collect();
    let plain = plain.strip_suffix(['%', '‰', '％']).unwrap_or(&plain);
    if plain.is_empty() || plain.len() > LONGEST || !plain.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    plain.replace('－', "-").parse().ok()
}

/// Whether a cell names the row of totals: `合计`, `小　计`.
pub fn is_total(cell: &str) -> bool {
    matches!(
        fold(cell).as_str(),
        "合计"
            | "总计"
            | "共计"
            | "小计"
            | "总合计"
            | "全省合计"
            | "全市合计"
            | "全县合计"
            | "合計"
            | "總計"
            | "总計"
            | "共計"
            | "小計"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_cells() {
        assert_eq!(number("1,234.5"), Some(1234.5));
        assert_eq!(number("8.04%"), Some(8.04));
        assert_eq!((number("—"), number("3万")), (None, None));
        assert!(is_total("合　计") && !is_total("合计数"));
    }
}
