//! What the rest of the gazette says of a passage: its contents, the heads that rules are certain of, the texts that a
//! document says it issues.

use std::collections::HashSet;

use crate::evidence::{Fact, step};
use crate::segment::body::has_heading_form;
use crate::segment::contents::Contents;
use crate::segment::issued::Issued;
use crate::segment::passages::Passages;
use crate::segment::signature::signature;
use crate::segment::start::Start;
use crate::segment::starts::ByRules;
use language::script::fold;

/// Characters in a row that a passage and an entry share.
const RUN: usize = 4;
/// Shares of such runs of a passage that the contents have.
const SHARES: [f32; 4] = [0.3, 0.6, 0.85, 0.99];
/// The widest passage, in full characters, that can be of a title.
const WIDEST: f32 = 90.0;
/// Passages after a head in which its text is named.
const NEAR: usize = 4;

/// Adds them to the facts of each passage.
pub fn add(passages: &Passages, contents: &Contents, rules: &ByRules, facts: &mut [Vec<Fact>]) {
    let heads = &rules.heads[..];
    for &i in &rules.denied {
        facts[i].push(Fact::yes("denied_head"));
    }
    add_contents(passages, contents, facts);
    for (n, head) in heads.iter().enumerate() {
        add_head(head, facts);
        let next = heads
            .get(n + 1)
            .map_or(passages.list.len(), |next| next.passages.start);
        add_issued(passages, head, next, facts);
        add_signature(passages, head, next, facts);
    }
    for (i, facts) in facts.iter_mut().enumerate() {
        if has_heading_form(passages, i) {
            facts.push(Fact::yes("heading_form"));
        }
    }
    if let Some(first) = heads.first() {
        for facts in &mut facts[..first.passages.start] {
            facts.push(Fact::yes("before_heads"));
        }
    }
}

fn runs(text: &str) -> Vec<[char; RUN]> {
    let chars: Vec<char> = text.chars().collect();
    chars
        .windows(RUN)
        .map(|run| [run[0], run[1], run[2], run[3]])
        .collect()
}

/// How much of a passage the contents have, and whether it begins as an entry does.
fn add_contents(passages: &Passages, contents: &Contents, facts: &mut [Vec<Fact>]) {
    let mut known: HashSet<[char; RUN]> = HashSet::new();
    let mut opens: HashSet<[char; RUN]> = HashSet::new();
    let mut closes: HashSet<[char; RUN]> = HashSet::new();
    for entry in &contents.entries {
        let runs = runs(&fold(&entry.title));
        opens.extend(runs.first());
        closes.extend(runs.last());
        known.extend(runs);
    }
    let sections: HashSet<String> = contents
        .entries
        .iter()
        .filter_map(|entry| entry.section.as_deref())
        .map(fold)
        .collect();
    let listed = if contents.entries.is_empty() { 0 } else { 1 };
    for (i, facts) in facts.iter_mut().enumerate() {
        facts.push(Fact::new("gazette_has_contents", listed));
        if i < contents.body || passages.facts[i].width > WIDEST || !passages.is_text(i) {
            continue;
        }
        let text = fold(&passages.texts[i]);
        if sections.contains(&text) {
            facts.push(Fact::yes("is_listed_section"));
        }
        let runs = runs(&text);
        if runs.is_empty() || known.is_empty() {
            continue;
        }
        let n = runs.iter().filter(|run| known.contains(*run)).count();
        let share = step(n as f32 / runs.len() as f32, &SHARES);
        facts.push(Fact::new("in_contents", share));
        if runs.first().is_some_and(|run| opens.contains(run)) {
            facts.push(Fact::yes("opens_as_entry"));
        }
        if runs.last().is_some_and(|run| closes.contains(run)) {
            facts.push(Fact::yes("closes_as_entry"));
        }
    }
}

/// What rules found: 0 by an entry of the contents, 1 by a number, 2 by the title alone, 3 a text that is no document.
fn add_head(head: &Start, facts: &mut [Vec<Fact>]) {
    let by = match head {
        _ if head.is_other => 3,
        _ if head.entry.is_some() => 0,
        _ if !head.numbers.is_empty() => 1,
        _ => 2,
    };
    for (n, &i) in head.title.iter().enumerate() {
        let name = if n == 0 {
            "rule_opens_title"
        } else {
            "rule_continues_title"
        };
        facts[i].push(Fact::new(name, by));
    }
    for &i in &head.number_lines {
        facts[i].push(Fact::yes("rule_number"));
    }
    if let Some(after) = facts.get_mut(head.passages.end) {
        after.push(Fact::new("after_head", by));
    }
}

/// Passages that bear the name of the text which a document issues.
fn add_issued(passages: &Passages, head: &Start, next: usize, facts: &mut [Vec<Fact>]) {
    let after: Vec<usize> = (head.passages.end..next.min(head.passages.end + NEAR)).collect();
    let title = passages.title(head.title.iter().copied());
    let issued = Issued::new(passages, &title, &after);
    if issued.is_empty() {
        return;
    }
    let first = head.passages.end;
    for (i, facts) in (first..).zip(&mut facts[first..next]) {
        facts.push(Fact::yes("under_issuing_head"));
        if passages.is_text(i) && issued.is_name(passages, i) {
            facts.push(Fact::yes("is_issued"));
        }
    }
}

/// Where rules find the signature of a document.
fn add_signature(passages: &Passages, head: &Start, next: usize, facts: &mut [Vec<Fact>]) {
    let list: Vec<usize> = (head.passages.end..next).collect();
    let title = passages.title(head.title.iter().copied());
    let near = &list[..list.len().min(NEAR)];
    let issued = Issued::new(passages, &title, near);
    let found = signature(passages, &list, 0, &issued, Some(&title), None);
    for at in found.map_or(0..0, |signature| signature.passages) {
        facts[list[at]].push(Fact::yes("rule_signature"));
    }
}
