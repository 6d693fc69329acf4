//! Paragraphs out of lines: what [`super::joins`] decides of each break, done.

use super::columns::{self, Deinterleaved};
use super::joins::marks::brackets_left_open;
use super::joins::{Break, Decision, Gap, OpenPassage, Side, decide};
use super::measure::{SHORT, TextLayout};
use super::{Draft, Form, LineFacts, Passage, Span, wraps};
use language::facts::LineKind;
use language::label::Label;
use language::script::{is_blank, last_mark};

/// Makes passages of text lines that follow each other, furniture left out.
pub fn passages(draft: &mut Draft, layout: &TextLayout, lines: &[usize], out: &mut Vec<Passage>) {
    let columns = columns::deinterleave(draft, lines);
    let mut open: Option<OpenPassage> = None;
    let mut next = 0;
    while next < lines.len() {
        let rest = &lines[next..];
        let part = Part::new(draft, &columns, rest[0]);
        next += part.n_lines;
        let decision = open
            .as_ref()
            .and_then(|open| ask(draft, layout, open, &part, rest));
        draft.decisions[part.line].clone_from(&decision);
        let joined = open
            .as_ref()
            .zip(decision)
            .and_then(|(open, decision)| join(draft, open, &part, decision));
        match (joined, &mut open) {
            (Some(first), Some(open)) => go_on(draft, open, first, part),
            _ => {
                out.extend(open.take().map(close));
                open = Some(begin(part));
            }
        }
    }
    out.extend(open.map(close));
}

/// A line, or lines of two columns that were read row by row, as the next part of a text.
#[derive(Debug)]
struct Part {
    line: usize,
    n_lines: usize,
    spans: Vec<Span>,
    text: String,
    /// Where its text is not that of its line.
    own_facts: Option<LineFacts>,
    kind: LineKind,
    label: Option<Label>,
    indent: f32,
    width: f32,
}

impl Part {
    fn new(draft: &Draft, columns: &[Deinterleaved], line: usize) -> Part {
        let interleaved = columns
            .binary_search_by_key(&line, |columns| columns.lines.start)
            .ok()
            .map(|at| &columns[at]);
        let spans = interleaved.map_or_else(|| vec![Span::line(line)], |c| c.spans.clone());
        let text = draft.text(&spans);
        let is_line = spans.len() == 1 && spans[0].range.is_none();
        let own_facts = (!is_line).then(|| draft.facts_of(line, &text));
        let facts = own_facts.as_ref().unwrap_or(&draft.facts[line]);
        Part {
            line,
            n_lines: interleaved.map_or(1, |columns| columns.lines.len()),
            kind: facts.text.kind,
            label: facts.label.clone(),
            indent: facts.place.indent,
            width: facts.text.width,
            spans,
            text,
            own_facts,
        }
    }
}

/// What the table of joins says of the break before a part; nothing if the passage has no mark at all.
fn ask(
    draft: &Draft,
    layout: &TextLayout,
    open: &OpenPassage,
    part: &Part,
    rest: &[usize],
) -> Option<Decision> {
    let last = open.spans.last()?;
    let before = Side {
        line: last.line,
        text: draft.slice(last),
        facts: &draft.facts[last.line],
    };
    let next = Side {
        line: part.line,
        text: &part.text,
        facts: part.own_facts.as_ref().unwrap_or(&draft.facts[part.line]),
    };
    if next.text.is_empty() {
        return None;
    }
    let gap = if draft.leaves[part.line] != draft.leaves[last.line] {
        Gap::Page
    } else if draft.lines[part.line].blank_before > 0 {
        Gap::Blank
    } else {
        Gap::None
    };
    Some(decide(&Break {
        draft,
        layout,
        open,
        before,
        next,
        rest,
        gap,
        mark: last_mark(before.text)?,
    }))
}

/// Joins a part to the passage if the decision is sure enough; gives its first span then.
fn join(draft: &mut Draft, open: &OpenPassage, part: &Part, decision: Decision) -> Option<Span> {
    let (rule, reason) = decision.join?;
    if draft.applies(rule, reason.confidence) {
        wraps::doubled(draft, &open.spans, part.line);
        wraps::invented_bracket(draft, &open.spans, part.line);
    }
    let from = open.spans.last()?.line;
    let to = part.spans[0].clone();
    draft.join(from, to, rule, reason.confidence, reason.why)
}

/// Marks that a heading or a name would not hold.
const OF_PROSE: [char; 3] = ['，', '。', '；'];

fn begin(part: Part) -> OpenPassage {
    // So long a line without a label is no heading.
    const LONG: f32 = 1.5 * SHORT;
    OpenPassage {
        kind: part.kind,
        indent: part.indent,
        width: part.width,
        n_open: brackets_left_open(&part.text).max(0),
        width_since_open: 0.0,
        is_prose: part.text.contains(OF_PROSE) || part.label.is_none() && part.width >= LONG,
        label: part.label,
        spans: part.spans,
    }
}

fn go_on(draft: &Draft, open: &mut OpenPassage, first: Span, part: Part) {
    let text = draft.texts[part.line].trim_matches(is_blank);
    open.spans.push(first);
    open.spans.extend(part.spans.into_iter().skip(1));
    open.width += part.width;
    open.width_since_open = if open.n_open > 0 {
        open.width_since_open + part.width
    } else {
        0.0
    };
    open.n_open = (open.n_open + brackets_left_open(text)).max(0);
    open.is_prose |= text.contains(OF_PROSE);
}

fn close(open: OpenPassage) -> Passage {
    let form = if open.kind == LineKind::Formula {
        Form::Formula
    } else {
        Form::Text
    };
    Passage {
        form,
        spans: open.spans,
    }
}
