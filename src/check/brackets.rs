//! Brackets and quotation marks in pairs.

/// The brackets that a paragraph leaves open, or closes without having opened them.
pub fn unbalanced(text: &str) -> Option<String> {
    let mut open: Vec<char> = Vec::new();
    for c in text.chars() {
        let partner = match c {
            '》' => '《',
            '〉' => '〈',
            '）' => '（',
            '〕' => '〔',
            '”' => '“',
            '《' | '〈' | '（' | '〔' | '“' => {
                open.push(c);
                continue;
            }
            _ => continue,
        };
        if open.last() == Some(&partner) {
            open.pop();
        } else if c != '）' {
            return Some(c.to_string());
        }
    }
    open.retain(|c| *c != '（' || !text.contains('）'));
    (!open.is_empty()).then(|| open.iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets() {
        assert_eq!(unbalanced("《办法》（试行）的“通知”"), None);
        assert_eq!(
            unbalanced("《关于印发《方案》的通知").as_deref(),
            Some("《")
        );
        assert_eq!(unbalanced("1）先行办理"), None);
    }
}
