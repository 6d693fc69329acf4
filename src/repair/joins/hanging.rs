//! Hanging paragraphs: the first line stands out to the left, the others begin under its first word.

use super::wrapped::PARAGRAPH;
use super::{Break, Reason, because};
use crate::repair::measure::INDENT;
use language::facts::LineKind;
use language::script::{is_blank, is_terminal, width};
use model::Rule;

/// How far lines that begin at one place differ, in full characters.
const SAME: f32 = 0.35;

/// `（一）全县标准为每` / `　　　人每月八百元`, `5月3日　县长主持` / `　　　　召开会议`
pub fn hanging(at: &Break) -> Option<Reason> {
    let is_text = at.open.kind == LineKind::Prose && at.next.kind() == LineKind::Prose;
    let goes_on = if is_terminal(at.mark) {
        is_full(at) && !may_be_indent(at)
    } else {
        is_full(at) || at.open.is_prose
    };
    if is_text && goes_on && at.next.facts.label.is_none() && is_under_first_word(at) {
        because(
            Rule::JoinHanging,
            "the line begins under the first word of a paragraph that stands out to the left",
        )
    } else {
        None
    }
}

fn is_full(at: &Break) -> bool {
    let metrics = at.draft.facts[at.before.line].place.metrics;
    metrics.is_some_and(|metrics| metrics.is_full)
}

/// Whether the line may be the first of a paragraph, behind a sentence that ends with its line: it is set in by two
/// characters, and the next one is not.
fn may_be_indent(at: &Break) -> bool {
    let indent = at.next.indent();
    let is_below = |&line: &usize| {
        let place = &at.draft.facts[line].place;
        (place.indent - indent).abs() <= SAME
    };
    PARAGRAPH.contains(&indent) && !at.rest.get(1).is_some_and(is_below)
}

/// Whether the line is set in as far as the others of its passage, or, if it is the second, as its first word.
fn is_under_first_word(at: &Break) -> bool {
    let set_in = at.next.indent() - at.open.indent;
    if set_in < INDENT {
        return false;
    }
    if at.open.spans.len() > 1 {
        return (at.next.indent() - at.before.indent()).abs() <= SAME;
    }
    is_full(at) && first_word(at).is_some_and(|(least, most)| (least..=most).contains(&set_in))
}

/// How far the first word stands from the left edge of the line, at least and at most: behind a label, or behind what a
/// blank parts from the rest, a day or a name. How wide a blank is, is not known.
fn first_word(at: &Break) -> Option<(f32, f32)> {
    /// The widest day or name, and the widest blank, in full characters.
    const HEAD: f32 = 7.0;
    const BLANK: f32 = 2.5;
    /// How far a label may be set wider or narrower than its characters.
    const NARROWER: f32 = 0.6;
    const WIDER: f32 = 1.0;
    let text = at.before.text;
    if let Some(label) = &at.open.label {
        let head = width(&text[..label.len.min(text.len())]);
        let rest = text.get(label.len..).unwrap_or("");
        let most = if rest.starts_with(is_blank) {
            BLANK
        } else {
            WIDER
        };
        return Some((head - NARROWER, head + most));
    }
    let (head, _) = text.split_once(is_blank)?;
    let head = width(head);
    (head <= HEAD).then_some((head, head + BLANK))
}
