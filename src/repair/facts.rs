//! A line as every decision sees it: what its words say of it, and where it stands.

use super::measure::LineMetrics;
use extract::laid::{Column, LineRole, PrintedLine};
use language::facts::TextFacts;
use language::label::{Kind, Label, label};
use language::number::NumberForms;
use language::script::is_blank;

/// What is known of a line. [`super::Draft`] keeps it current when the line is edited.
#[derive(Debug, Clone)]
pub struct LineFacts {
    pub text: TextFacts,
    /// The label, also where only the printed line shows it ([`raw_label`]) or the lines around it (`1.1`).
    pub label: Option<Label>,
    pub place: LinePlace,
}

/// Where a line stands.
#[derive(Debug, Clone, Default)]
pub struct LinePlace {
    /// White space before it, in full characters.
    pub indent: f32,
    /// Size of its characters in points, where the page shows it.
    pub size: Option<f32>,
    /// The column that it is set in, where the page shows it.
    pub column: Option<Column>,
    pub role: Option<LineRole>,
    /// The printed line that it is, or is a piece of, in a text that is set in printed lines.
    pub metrics: Option<LineMetrics>,
}

impl LineFacts {
    /// The facts of a repaired text, and of the line that is printed.
    pub fn new(text: &str, printed: &str, place: LinePlace, forms: &NumberForms) -> LineFacts {
        let facts = TextFacts::new(text, forms);
        let raw = || {
            let is_changed = text != printed;
            is_changed
                .then(|| raw_label(text.trim_matches(is_blank), printed))
                .flatten()
        };
        LineFacts {
            label: facts.label.clone().or_else(raw),
            text: facts,
            place,
        }
    }

    /// The label, if it is one that only the lines around it show.
    pub fn decimal(&self) -> Option<Label> {
        let is_decimal = |label: &Label| label.kind == Kind::Decimal;
        self.label.clone().filter(is_decimal)
    }
}

impl LinePlace {
    /// The place of a line of which only the text is known.
    pub fn from_text(printed: &str) -> LinePlace {
        let lead = &printed[..printed.len() - printed.trim_start_matches(is_blank).len()];
        let in_full = |c| if c == '\u{3000}' { 1.0 } else { 0.5 };
        LinePlace {
            // A sum of nothing is -0.0.
            indent: lead
                .chars()
                .map(in_full)
                .fold(0.0, |indent, blank| indent + blank),
            ..LinePlace::default()
        }
    }

    /// The place of line `index`, measured in its own characters.
    pub fn from_geometry(index: usize, line: &PrintedLine) -> LinePlace {
        let metrics = LineMetrics::from_geometry(index, line);
        LinePlace {
            indent: metrics.indent,
            size: Some(line.size.max(1.0)),
            column: Some(line.column),
            role: Some(line.role),
            metrics: Some(metrics),
        }
    }
}

/// The label of a repaired text; where a repair took away the space that made it one (`5. 5岁`), the printed line says.
pub fn raw_label(text: &str, raw: &str) -> Option<Label> {
    let raw = label(raw.trim_matches(is_blank))?;
    (raw.kind == Kind::Digit && text.starts_with(&raw.text)).then_some(Label {
        len: raw.text.len(),
        ..raw
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_read_off_the_printed_line_too() {
        let label = raw_label("5.5岁以下儿童", "5. 5岁以下儿童").expect("a label");
        assert_eq!((label.seq, label.len), (5, 2));
        assert!(raw_label("5.5岁以下儿童", "5.5岁以下儿童").is_none());
    }

    #[test]
    fn an_indent_is_counted_in_full_characters() {
        assert_eq!(LinePlace::from_text("　　各县").indent, 2.0);
        assert_eq!(LinePlace::from_text("  各县").indent, 1.0);
        assert_eq!(LinePlace::from_text("各县").indent, 0.0);
    }
}
