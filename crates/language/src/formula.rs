//! Formulas by the signs of one line.

use crate::script::{is_han, width};

/// `G=1000×B×(1-η)`, `耗煤量=功率×3600/效率`; a sentence with a sum in it is none.
pub fn is_formula(text: &str) -> bool {
    let body = text.trim_end_matches(['；', ';', '。', '，', ',']);
    let sign = |c: char| {
        matches!(c, '×' | '÷' | '+' | '/' | '·' | '∑' | '－' | '²' | '*')
            || ('₀'..='ₓ').contains(&c)
    };
    if width(text) > 60.0
        || body.contains(['，', '。', '；', '：', '《', '“'])
        || body.contains("——")
    {
        return false;
    }
    let equals = body.contains(['=', '＝']) && body.chars().any(sign);
    let letters = body.chars().filter(|&c| is_han(c)).count();
    // The rest of a formula: brackets and signs without a word.
    equals
        || letters == 0
            && body.starts_with(['(', '（', '+', '×', '-', '/', '=', '·'])
            && body.chars().filter(|&c| sign(c)).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas() {
        for text in [
            "耗煤量=锅炉功率×3600/锅炉效率",
            "Gsd=1000×B×A×(1-η)",
            "（β·n+10⁻⁶Vy·C）",
        ] {
            assert!(is_formula(text), "{text}");
        }
        for text in [
            "排放量为0.24kg/h（161×1.5=0.24）。按此",
            "Gsd——烟尘排放量",
            "合计=",
            "产业发展",
        ] {
            assert!(!is_formula(text), "{text}");
        }
    }
}
