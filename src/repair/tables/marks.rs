//! Marks in the cells of a scanned table: a column of nothing but ○ and × that a recogniser took for letters and figures.

use super::Table;
use crate::repair::Draft;
use model::Rule;

/// Cells of a column that show it holds marks, at least.
const ENOUGH: usize = 3;
/// How sure it is that what stands for a mark is one.
const SURE: f32 = 0.8;

/// Makes marks of the letters and figures in columns that hold nothing else.
pub fn read_marks(draft: &mut Draft, table: &Table) {
    if !draft.may(Rule::MisreadCharacter) {
        return;
    }
    for col in 0..table.n_cols {
        for (line, mark) in misread_marks(draft, table, col) {
            let whole = draft.texts[line].trim_matches(language::script::is_blank);
            let start = draft.texts[line].find(whole).unwrap_or(0);
            let range = start..start + whole.len();
            let why = "the column holds nothing but marks";
            draft.edit(line, range, mark, Rule::MisreadCharacter, SURE, why);
        }
    }
}

/// The lines of a column that were read as something else than the mark that they are; none unless all its cells are marks.
fn misread_marks(draft: &Draft, table: &Table, col: usize) -> Vec<(usize, &'static str)> {
    let mut marks = Vec::new();
    let mut texts = Vec::new();
    let body = table
        .cells
        .iter()
        .filter(|cell| cell.col == col && cell.row >= table.header_rows && !cell.spans.is_empty());
    for cell in body {
        let text = draft.text(&cell.spans);
        let ([span], Some(mark)) = (&cell.spans[..], mark(&text)) else {
            return Vec::new();
        };
        if text != mark && !draft.lines[span.line].characters.is_empty() {
            marks.push((span.line, mark));
        }
        texts.push(text);
    }
    if texts.len() >= ENOUGH && are_marks(&texts) {
        marks
    } else {
        Vec::new()
    }
}

/// The mark that a text can stand for.
fn mark(text: &str) -> Option<&'static str> {
    match text {
        "O" | "o" | "0" | "〇" | "○" | "◯" | "Ｏ" => Some("○"),
        "X" | "x" | "×" | "Ｘ" | "✕" => Some("×"),
        "V" | "v" | "√" | "✓" | "Ｖ" => Some("√"),
        _ => None,
    }
}

/// Whether a column of such texts is one of marks: nothings are figures, unless a letter or a mark stands among them.
fn are_marks(texts: &[String]) -> bool {
    texts.iter().any(|text| text != "0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_a_mark() {
        assert_eq!(
            (mark("O"), mark("x"), mark("是")),
            (Some("○"), Some("×"), None)
        );
        let texts = |texts: &[&str]| {
            texts
                .iter()
                .map(|text| (*text).to_owned())
                .collect::<Vec<_>>()
        };
        assert!(are_marks(&texts(&["O", "0", "O"])));
        assert!(!are_marks(&texts(&["0", "0", "0"])));
    }
}
