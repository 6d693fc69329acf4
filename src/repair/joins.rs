//! Whether a passage goes on in the next line: a table of rules, each with its own name, confidence and reason.
//!
//! The first step that decides, decides. A [`Step::Join`] says why the line goes on, or nothing; a [`Step::Bar`] ends the
//! passage. [`JOINS`] are asked everywhere; then come those of [`wrapped::JOINS`], where lines are printed lines, or of
//! [`unwrapped::JOINS`], where they are paragraphs. Where nothing joins, the passage ends.

pub mod evidence;
pub mod hanging;
pub mod marks;
pub mod unwrapped;
pub mod wrapped;

use std::borrow::Cow;

use super::measure::TextLayout;
use super::{Draft, LineFacts, Span};
use evidence::BreakFacts;
use language::facts::LineKind;
use language::label::Label;
use language::script::is_blank;
use model::Rule;

/// A passage that is being put together.
#[derive(Debug)]
pub struct OpenPassage {
    pub spans: Vec<Span>,
    /// Of its first line.
    pub kind: LineKind,
    pub label: Option<Label>,
    /// White space before its first line, in full characters.
    pub indent: f32,
    /// Width of the whole passage, in full characters.
    pub width: f32,
    /// 《 and （ that are still open, and the width since the first of them.
    pub n_open: i32,
    pub width_since_open: f32,
    /// It holds a mark that a heading or a name would not.
    pub is_prose: bool,
}

/// A line on one side of a break.
#[derive(Debug, Clone, Copy)]
pub struct Side<'b> {
    pub line: usize,
    pub text: &'b str,
    pub facts: &'b LineFacts,
}

impl Side<'_> {
    pub fn width(&self) -> f32 {
        self.facts.text.width
    }

    pub fn indent(&self) -> f32 {
        self.facts.place.indent
    }

    pub fn kind(&self) -> LineKind {
        self.facts.text.kind
    }

    /// `县　长　李明`: an office, white space, and who holds it.
    pub fn is_signature(&self) -> bool {
        self.facts.text.is_officer && self.text.contains(is_blank)
    }
}

/// What parts two lines in print.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    None,
    /// A blank line: the end of a paragraph, or of a column.
    Blank,
    Page,
}

/// The end of a line, and the line after it.
#[derive(Debug)]
pub struct Break<'b, 'a> {
    pub draft: &'b Draft<'a>,
    pub layout: &'b TextLayout,
    pub open: &'b OpenPassage,
    pub before: Side<'b>,
    pub next: Side<'b>,
    /// The lines from the next one on.
    pub rest: &'b [usize],
    pub gap: Gap,
    /// The last mark before the break that says whether a sentence is finished.
    pub mark: char,
}

/// Why a line goes on in the next.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    pub confidence: f32,
    pub why: Cow<'static, str>,
}

/// A step of the table.
#[derive(Debug)]
pub enum Step {
    Join(Rule, fn(&Break) -> Option<Reason>),
    Bar(&'static str, fn(&Break) -> bool),
}

/// What the table says of a break, and which step says so.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The line before the break.
    pub before: usize,
    pub by: &'static str,
    pub join: Option<(Rule, Reason)>,
    /// What speaks for and against it.
    pub facts: BreakFacts,
}

/// The reason of a rule, as sure as the rule is.
fn because(rule: Rule, why: &'static str) -> Option<Reason> {
    graded(rule.confidence(), why)
}

fn graded(confidence: f32, why: &'static str) -> Option<Reason> {
    let why = Cow::Borrowed(why);
    Some(Reason { confidence, why })
}

/// What is so in any text: marks and words at the break that leave no doubt come first, then what stands alone, then
/// what a line of its kind goes on with.
pub static JOINS: &[Step] = &[
    Step::Bar("other-size", marks::is_other_size),
    Step::Join(Rule::JoinLeadingMark, marks::leading_mark),
    Step::Join(Rule::JoinReceived, marks::received),
    Step::Join(Rule::JoinTitleNote, marks::title_note),
    Step::Bar("title-note-ends", marks::ends_title_note),
    Step::Join(Rule::JoinDelivery, marks::delivery),
    Step::Join(Rule::JoinTornFigure, marks::torn_figure),
    // Before the bars: what a bracket holds can look like a number, a date or a note.
    Step::Join(Rule::JoinBrackets, marks::brackets),
    Step::Join(Rule::JoinReopenedBracket, marks::reopened_bracket),
    Step::Join(Rule::JoinCopies, marks::copies),
    // Before the bar: what begins under the first word is set in.
    Step::Join(Rule::JoinHanging, hanging::hanging),
    Step::Bar("stands-alone", marks::stands_alone),
    Step::Join(Rule::JoinFormula, marks::formula_sign),
    Step::Join(Rule::JoinFormula, marks::formula_rest),
    Step::Join(Rule::JoinFormula, marks::formula_in_words),
    Step::Bar("formula", marks::is_formula),
    Step::Join(Rule::JoinLikeLabel, wrapped::like_label),
    Step::Bar("label", marks::is_labelled),
    Step::Join(Rule::JoinCitedNumber, marks::cited_number),
    Step::Join(Rule::JoinLabel, marks::label_alone),
    Step::Join(Rule::JoinAttachmentList, marks::attachment_name),
    Step::Bar("attachment-list", marks::is_in_attachment_list),
    Step::Bar("signature-or-roster", marks::is_signature_or_roster),
    Step::Join(Rule::JoinComma, marks::comma),
];

/// Whether the passage goes on in the line, and by which step: the one place where this is decided.
pub fn decide(at: &Break) -> Decision {
    let by_setting = if at.layout.is_wrapped {
        wrapped::JOINS
    } else {
        unwrapped::JOINS
    };
    let mut steps = JOINS.iter().chain(by_setting);
    let decision = steps.find_map(|step| ask(step, at)).unwrap_or(Decision {
        before: at.before.line,
        by: "nothing-joins",
        join: None,
        facts: BreakFacts::default(),
    });
    evidence::weighed(at, decision)
}

fn ask(step: &Step, at: &Break) -> Option<Decision> {
    match *step {
        Step::Join(rule, _) if !at.draft.may(rule) => None,
        Step::Join(rule, reason) => reason(at).map(|reason| Decision {
            before: at.before.line,
            by: rule.name(),
            join: Some((rule, reason)),
            facts: BreakFacts::default(),
        }),
        Step::Bar(by, parts) => parts(at).then(|| Decision {
            before: at.before.line,
            by,
            join: None,
            facts: BreakFacts::default(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn each_step_joins_by_a_rule_of_joins_and_each_of_these_stands_in_a_table() {
        let steps = || JOINS.iter().chain(wrapped::JOINS).chain(unwrapped::JOINS);
        let mut of_tables: HashSet<Rule> = steps()
            .filter_map(|step| match step {
                Step::Join(rule, _) => Some(*rule),
                Step::Bar(..) => None,
            })
            .collect();
        // What all of this is weighed by.
        of_tables.insert(evidence::RULE);
        let is_join = |rule: &Rule| rule.owner().starts_with("repair::joins");
        let of_registry: HashSet<Rule> = Rule::ALL.iter().copied().filter(is_join).collect();
        assert_eq!(of_tables, of_registry);
    }
}
