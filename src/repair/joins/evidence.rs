//! Whether a passage goes on in the next line, weighed: what the table says of the break is one fact among those of the
//! lines on both sides of it. A logistic regression (maximum entropy) with weights that were learnt from labelled lines.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::{Break, Decision, Gap, Reason, Side};
use crate::evidence::weights::{Key, Weights};
use crate::evidence::{Fact, step, words};
use language::facts::{LineKind, TextFacts};
use language::script::{is_blank, is_han};
use model::Rule;

/// Widths of what the passage holds so far, in full characters.
const WIDTHS: [f32; 5] = [8.0, 20.0, 40.0, 80.0, 200.0];
/// Indents, in full characters.
const INDENTS: [f32; 5] = [0.7, 1.5, 2.6, 4.5, 9.0];
/// How much of a line is left, in full characters.
const LEFT: [f32; 5] = [0.6, 1.3, 2.6, 5.0, 10.0];
/// Sizes of type over that of the line above.
const SIZES: [f32; 4] = [0.8, 0.95, 1.06, 1.3];
/// White space between lines of a page, in heights of the line.
const GAPS: [f32; 6] = [-0.5, 0.4, 0.7, 1.0, 1.5, 2.5];
/// Facts of a line that say something together with what stands on the other side of the break.
const OFFSETS: [i8; 3] = [-1, 0, 1];

/// Labels of the weights: what they are for.
const GOES_ON: &str = "joined";

static WEIGHTS: LazyLock<Weights> =
    LazyLock::new(|| Weights::parse(include_str!("weights.txt")).expect("the built-in weights"));

/// The facts of a break: those of the line before it, of the break with the line after it, of the line after that.
pub type BreakFacts = [Vec<Fact>; 3];

/// Reads them; `table` is what the rules say of it.
pub fn facts(at: &Break, table: &Decision) -> BreakFacts {
    let mut before = Vec::with_capacity(32);
    let mut next = Vec::with_capacity(64);
    let mut after = Vec::new();
    words::add(at.before.text, &at.before.facts.text, &mut before);
    words::add(at.next.text, &at.next.facts.text, &mut next);
    if let Some(&line) = at.rest.get(1) {
        let text = at.draft.texts[line].trim_matches(is_blank);
        words::add(text, &at.draft.facts[line].text, &mut after);
    }
    of_rules(at, table, &mut next);
    of_passage(at, &mut next);
    of_setting(at, &mut next);
    of_page(at, &mut next);
    [before, next, after]
}

/// How likely the passage goes on.
pub fn probability(facts: &BreakFacts) -> f32 {
    let weights = &*WEIGHTS;
    let mut scores = vec![0.0; weights.labels.len()];
    for (facts, offset) in facts.iter().zip(OFFSETS) {
        for &fact in facts {
            weights.add(Key::of(fact), offset, &mut scores);
        }
    }
    let goes_on = weights.labels.iter().position(|label| label == GOES_ON);
    let score: f32 = (scores.iter().enumerate())
        .map(|(label, score)| {
            if Some(label) == goes_on {
                *score
            } else {
                -score
            }
        })
        .sum();
    1.0 / (1.0 + (-score).exp())
}

/// What the table says of a break, unless evidence is strongly against it.
pub fn weighed(at: &Break, table: Decision) -> Decision {
    /// From what chance on it joins what the table parts, and below what chance it parts what the table joins: marks and
    /// words at a break, which the table knows, lead wrong less often than its silence does.
    const JOINS: f32 = 0.7;
    const PARTS: f32 = 0.25;
    let facts = facts(at, &table);
    // A line that is a 发文字号 and nothing else goes on nothing.
    let is_number =
        |side: &Side| side.kind() == LineKind::Number && !side.facts.text.numbers.is_empty();
    // Names of bodies below each other are names each.
    let is_name = |side: &Side| side.facts.text.is_spaced_issuer;
    let stands_alone = is_number(&at.next)
        || at.next.is_signature()
        || at.before.is_signature()
        || at.before.facts.text.number_behind_title.is_some()
        || is_number(&at.before)
        || is_name(&at.before) && is_name(&at.next)
        || is_foreign(at.before.text) != is_foreign(at.next.text);
    let goes_on_by_mark = table.by == Rule::JoinComma.name();
    let is_certain = goes_on_by_mark || table.join.is_none() && stands_alone;
    let goes_on = probability(&facts);
    let facts = if at.draft.config().keep_facts {
        facts
    } else {
        BreakFacts::default()
    };
    if is_certain || !at.draft.may(RULE) {
        return Decision { facts, ..table };
    }
    let (by, join) = match &table.join {
        Some(_) if goes_on < PARTS && is_learnt(table.by) => ("evidence", None),
        None if goes_on > JOINS => (RULE.name(), reason(goes_on)),
        _ => (table.by, table.join),
    };
    Decision {
        by,
        join,
        facts,
        ..table
    }
}

/// Whether a text is in another language: a line in Latin letters does not go on in one of hanzi.
fn is_foreign(text: &str) -> bool {
    /// Fewer letters are a name or a formula.
    const LETTERS: usize = 12;
    let letters = text.chars().filter(char::is_ascii_alphabetic).count();
    letters >= LETTERS && !text.chars().any(is_han)
}

/// Whether the breaks that the weights were learnt from had one at which this rule joined. What a rule says of none of them
/// stands.
fn is_learnt(rule: &'static str) -> bool {
    let key = Key::of(Fact::new(rule, 1)).at(0);
    WEIGHTS.facts.contains_key(&key)
}

/// The rule by which evidence joins.
pub const RULE: Rule = Rule::JoinEvidence;

/// As sure as the grade that a probability reaches.
fn reason(goes_on: f32) -> Option<(Rule, Reason)> {
    let grades = RULE.grades();
    let grade = grades.iter().find(|&&grade| grade <= goes_on);
    let confidence = grade.or(grades.last()).copied()?;
    let why = Cow::Borrowed("more speaks for one passage than for two");
    Some((RULE, Reason { confidence, why }))
}

fn of_rules(at: &Break, table: &Decision, facts: &mut Vec<Fact>) {
    let joins = u8::from(table.join.is_some());
    facts.push(Fact::new("table", joins));
    facts.push(Fact::new(table.by, joins));
    let full = at
        .before
        .facts
        .place
        .metrics
        .map_or(2, |m| u8::from(m.is_full));
    facts.push(Fact::new("table_full", joins * 3 + full));
    facts.push(Fact::new("wrapped", u8::from(at.layout.is_wrapped)));
    let [before, next] = [at.before, at.next].map(|side: Side| element(&side.facts.text));
    facts.push(Fact::new("elements", before * 16 + next));
    let gap = match at.gap {
        Gap::None => 0,
        Gap::Blank => 1,
        Gap::Page => 2,
    };
    facts.push(Fact::new("break", gap));
    facts.push(Fact::new("table_break", joins * 3 + gap));
}

/// What a line is by its words, as far as one word says it.
fn element(facts: &TextFacts) -> u8 {
    let elements = [
        !facts.numbers.is_empty() || facts.looks_like_number,
        facts.date.is_some() || facts.dated_name.is_some(),
        facts.is_issuer || facts.is_spaced_issuer,
        facts.addressees_end.is_some(),
        facts.is_note || facts.is_title_note,
        facts.attachment.is_some(),
        facts.is_officer,
        facts.serial.is_some(),
        facts.is_masthead || facts.is_imprint,
        facts.is_section,
        facts.label.is_some(),
        facts.ends_title,
        facts.heads_title,
        facts.is_sentence,
    ];
    let first = elements.iter().position(|&is| is);
    u8::try_from(first.unwrap_or(elements.len())).unwrap_or(u8::MAX)
}

fn of_passage(at: &Break, facts: &mut Vec<Fact>) {
    let open = at.open;
    let mark = words::class(Some(at.mark));
    let label = at.next.facts.label.as_ref();
    let next_label = label.map_or(0, |label| 1 + label.kind as u8);
    let open_label = open.label.as_ref().map_or(0, |label| 1 + label.kind as u8);
    facts.push(Fact::new("mark", mark));
    facts.push(Fact::new("mark_label", mark * 12 + next_label));
    facts.push(Fact::new("open_kind", open.kind as u8));
    facts.push(Fact::new("open_label", open_label));
    facts.push(Fact::new("open_width", step(open.width, &WIDTHS)));
    let n_lines = u8::try_from(open.spans.len().min(5)).unwrap_or(5);
    facts.push(Fact::new("open_lines", n_lines));
    if open.n_open > 0 {
        facts.push(Fact::yes("open_bracket"));
    }
    if open.is_prose {
        facts.push(Fact::yes("open_prose"));
    }
    let same = (open_label == next_label && next_label > 0).then(|| Fact::yes("same_label"));
    facts.extend(same);
    let counts = open.label.as_ref().zip(label);
    facts.extend(
        counts
            .filter(|(open, next)| open.kind == next.kind && next.seq == open.seq + 1)
            .map(|_| Fact::yes("counts_on")),
    );
}

/// How both lines are set in their measure.
fn of_setting(at: &Break, facts: &mut Vec<Fact>) {
    let [before, next] = [at.before, at.next].map(|side: Side| side.facts.place.metrics);
    facts.push(Fact::new("indent", step(at.next.indent(), &INDENTS)));
    if let Some(metrics) = before {
        let left = step(metrics.measure - metrics.width, &LEFT);
        facts.push(Fact::new("left", left));
        let class = words::class(at.before.text.chars().next_back());
        facts.push(Fact::new("left_mark", left * 20 + class));
    }
    if let (Some(before), Some(next)) = (before, next) {
        let indents = step(before.indent, &INDENTS) * 6 + step(next.indent, &INDENTS);
        facts.push(Fact::new("indents", indents));
        let indents = u8::from(before.is_full) * 6 + step(next.indent, &INDENTS);
        facts.push(Fact::new("full_indent", indents));
        let narrows = next.measure / before.measure.max(1.0);
        facts.push(Fact::new("measure", step(narrows, &SIZES)));
    }
}

/// Where both stand on the page, and in which type.
fn of_page(at: &Break, facts: &mut Vec<Fact>) {
    let size = |side: Side| side.facts.place.size;
    if let (Some(before), Some(next)) = (size(at.before), size(at.next)) {
        facts.push(Fact::new("size", step(next / before.max(1.0), &SIZES)));
    }
    let bbox = |side: Side| at.draft.lines[side.line].bbox;
    let (Some(before), Some(next)) = (bbox(at.before), bbox(at.next)) else {
        return;
    };
    if at.gap == Gap::Page {
        return;
    }
    let height = size(at.next).unwrap_or(1.0).max(1.0);
    let gap = step((next[1] - before[3]) / height, &GAPS);
    facts.push(Fact::new("gap", gap));
    let label = u8::from(at.next.facts.label.is_some());
    facts.push(Fact::new("gap_label", gap * 2 + label));
    let is_aside = next[1] < before[3] && next[0] > before[2];
    facts.extend(is_aside.then(|| Fact::yes("next_column")));
}
