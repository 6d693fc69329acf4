//! The log of repairs: the only place where one is written down, and where its rule is asked whether it may act.
//!
//! A stage that works on several parts at once opens a log for each with [`Log::open`] and appends them in order.

use std::borrow::Cow;
use std::ops::Range;

use crate::config;
use model::{Line, Repair, Rule};

/// One replacement inside a line.
#[derive(Debug, Clone)]
pub struct Edit {
    /// Bytes of the line's text.
    pub range: Range<usize>,
    pub after: String,
    pub why: &'static str,
    /// Where the evidence is weaker than the rule's best.
    pub confidence: Option<f32>,
}

impl Edit {
    /// An edit as sure as its rule is.
    pub fn new(range: Range<usize>, after: impl Into<String>, why: &'static str) -> Edit {
        Edit {
            range,
            after: after.into(),
            why,
            confidence: None,
        }
    }

    pub fn graded(self, confidence: f32) -> Edit {
        Edit {
            confidence: Some(confidence),
            ..self
        }
    }
}

/// Repairs in the order in which they were made. A rule that is off never comes into it.
#[derive(Debug)]
pub struct Log<'a> {
    config: &'a config::Repair,
    repairs: Vec<Repair>,
}

impl<'a> Log<'a> {
    pub fn new(config: &'a config::Repair) -> Self {
        let repairs = Vec::new();
        Log { config, repairs }
    }

    /// An empty log under the same configuration.
    pub fn open(&self) -> Log<'a> {
        Log::new(self.config)
    }

    pub fn append(&mut self, other: Log) {
        self.repairs.extend(other.repairs);
    }

    pub fn into_repairs(self) -> Vec<Repair> {
        self.repairs
    }

    pub fn repairs(&self) -> &[Repair] {
        &self.repairs
    }

    /// Whether a rule may act or suggest anything. Ask before a decision is made, not after.
    pub fn may(&self, rule: Rule) -> bool {
        !self.config.off.contains(rule)
    }

    /// Whether a repair of this rule and confidence is applied, and not only suggested.
    pub fn applies(&self, rule: Rule, confidence: f32) -> bool {
        self.may(rule) && confidence >= self.config.min_confidence
    }

    /// Logs that bytes of a line's text, as it stands now, are replaced. Returns whether they are to be.
    #[expect(clippy::too_many_arguments, reason = "one for each field of a repair")]
    pub fn edit(
        &mut self,
        (line, text): (&Line, &str),
        range: Range<usize>,
        after: &str,
        rule: Rule,
        confidence: f32,
        why: impl Into<Cow<'static, str>>,
    ) -> bool {
        self.push(Repair {
            rule,
            at: vec![line.id.clone()],
            offset: Some(text[..range.start].chars().count()),
            before: text[range].to_owned(),
            after: after.to_owned(),
            confidence,
            why: why.into(),
            applied: true,
        })
    }

    /// Makes edits that stand from left to right and do not overlap, and gives the text that is left. A line may be very
    /// long, so it is walked once.
    pub fn edits(&mut self, line: &Line, text: &str, edits: Vec<(Rule, Edit)>) -> String {
        let mut rebuilt = String::with_capacity(text.len());
        let (mut done, mut n_chars) = (0, 0);
        let mut made = self.open();
        for (rule, edit) in edits {
            let between = &text[done..edit.range.start];
            let before = &text[edit.range.clone()];
            n_chars += between.chars().count();
            let repair = Repair {
                rule,
                at: vec![line.id.clone()],
                offset: Some(n_chars),
                before: before.to_owned(),
                after: edit.after.clone(),
                confidence: edit.confidence.unwrap_or(rule.confidence()),
                why: edit.why.into(),
                applied: true,
            };
            rebuilt.push_str(between);
            rebuilt.push_str(if made.push(repair) {
                &edit.after
            } else {
                before
            });
            n_chars += before.chars().count();
            done = edit.range.end;
        }
        rebuilt.push_str(&text[done..]);
        // Logged from the last to the first, so that each offset holds when its edit is made.
        made.repairs.reverse();
        self.append(made);
        rebuilt
    }

    /// Logs that a line goes on in another, with `between` between them. Returns whether it is to.
    pub fn join(
        &mut self,
        [from, to]: [&Line; 2],
        between: &str,
        rule: Rule,
        confidence: f32,
        why: impl Into<Cow<'static, str>>,
    ) -> bool {
        self.push(Repair {
            rule,
            at: vec![from.id.clone(), to.id.clone()],
            offset: None,
            before: "\n".to_owned(),
            after: between.to_owned(),
            confidence,
            why: why.into(),
            applied: true,
        })
    }

    /// Logs that what stands on lines is read in another order. Returns whether it is to be.
    pub fn reorder(
        &mut self,
        lines: impl Iterator<Item = &'a Line>,
        [before, after]: [String; 2],
        rule: Rule,
        confidence: f32,
        why: impl Into<Cow<'static, str>>,
    ) -> bool {
        self.push(Repair {
            rule,
            at: lines.map(|line| line.id.clone()).collect(),
            offset: None,
            before,
            after,
            confidence,
            why: why.into(),
            applied: true,
        })
    }

    fn push(&mut self, repair: Repair) -> bool {
        debug_assert!(
            repair.rule.grades().contains(&repair.confidence),
            "the registry has no grade {} of {}",
            repair.confidence,
            repair.rule.name()
        );
        if !self.may(repair.rule) {
            return false;
        }
        let applied = self.applies(repair.rule, repair.confidence);
        self.repairs.push(Repair { applied, ..repair });
        applied
    }
}
