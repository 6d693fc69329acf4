//! The body (正文) as blocks: headings, paragraphs, tables, formulas, lists of attachments.

use std::collections::VecDeque;

use super::document::Reader;
use super::lists::{attachment_list, n_list_items};
use super::owners::Piece;
use super::passages::{Passages, rounded};
use super::roles::PassageRole;
use crate::repair::Form;
use crate::repair::blocks::{paragraph, places, table};
use language::facts::TextFacts;
use language::label::{Kind, Label};
use language::script::{is_blank, is_terminal, width};
use model::{Block, Role};

/// Captions and units above one table at most.
const CAPTION_LINES: usize = 12;
/// The widest heading of a chapter or a decimal number, in full characters.
const WIDEST_CHAPTER: f32 = 40.0;
/// The widest heading with another number.
const WIDEST_HEADING: f32 = 45.0;
/// The widest heading under 一、 and （一）.
const WIDEST_LOW: f32 = 34.0;
/// The widest heading that is a sentence: 三、强化保障。
const WIDEST_SENTENCE: f32 = 26.0;
/// The widest heading that ends in a colon.
const WIDEST_COLON: f32 = 20.0;
/// The widest heading without a number: 主要目标：
const WIDEST_BARE: f32 = 10.0;
/// The narrowest paragraph that a heading leads to.
const NARROWEST_PROSE: f32 = 14.0;
/// The lowest level of a heading without a number.
const LOWEST_BARE: u8 = 3;

/// Pieces as blocks; `run_in` is what runs on behind an address before them.
pub fn blocks(reader: &mut Reader, run_in: Option<Piece>, pieces: Vec<Piece>) -> Vec<Block> {
    let passages = reader.passages;
    let draft = passages.draft;
    let mut out: Vec<Block> = run_in
        .map(|piece| paragraph(draft, piece.spans(), None))
        .into_iter()
        .collect();
    let mut level = 0;
    let mut rest = VecDeque::from(pieces);
    while let Some(piece) = rest.pop_front() {
        let i = piece.passage;
        let block = match &passages.list[i].form {
            Form::Table(printed) => table(draft, printed, piece.spans(), Vec::new()),
            Form::Formula => Block::Formula {
                text: draft.text(piece.spans()),
                at: places(draft, piece.spans()),
            },
            _ if n_table_heads(passages, i, &rest) > 0 => captioned(passages, piece, &mut rest),
            _ if passages
                .attachment_rest(i)
                .is_some_and(|rest| !rest.is_empty()) =>
            {
                let below: Vec<usize> = rest.iter().map(|p| p.passage).collect();
                let n_items = n_list_items(passages, &below);
                let items = std::iter::once(piece).chain(rest.drain(..n_items));
                attachment_list(reader, items.collect())
            }
            _ => text(passages, piece, rest.front().map(|p| p.passage), &mut level),
        };
        out.push(block);
    }
    out
}

/// A heading or a paragraph; the level is that of the last heading above.
fn text(passages: &Passages, piece: Piece, next: Option<usize>, level: &mut u8) -> Block {
    let draft = passages.draft;
    let label = passages.facts[piece.passage].label.as_ref();
    let Some(own) = heading_level(passages, piece.passage, next, *level) else {
        return paragraph(draft, piece.spans(), label);
    };
    *level = own;
    Block::Heading {
        level: own,
        label: label.map(|l| l.text.clone()),
        text: draft.text(piece.spans()),
        at: places(draft, piece.spans()),
        confidence: passages
            .is(piece.passage, PassageRole::Heading)
            .then(|| rounded(passages.judged[piece.passage].probability)),
    }
}

/// How many passages, this one first, are captions and units above a table; 0 if no table follows.
fn n_table_heads(passages: &Passages, i: usize, rest: &VecDeque<Piece>) -> usize {
    let is_head = |&i: &usize| {
        passages.holds(i, |facts| {
            facts.is_caption || facts.is_unit || facts.label.is_none() && facts.names_table
        })
    };
    let heads = std::iter::once(i)
        .chain(rest.iter().map(|piece| piece.passage))
        .take(CAPTION_LINES)
        .take_while(is_head);
    let n_heads = heads.count();
    let table = n_heads.checked_sub(1).and_then(|below| rest.get(below));
    let is_table = |piece: &Piece| matches!(passages.list[piece.passage].form, Form::Table(_));
    if table.is_some_and(is_table) {
        n_heads
    } else {
        0
    }
}

/// A table with the captions and units above it, of which the first is given.
fn captioned(passages: &Passages, first: Piece, rest: &mut VecDeque<Piece>) -> Block {
    let mut elements = Vec::new();
    let mut next = Some(first);
    while let Some(piece) = next {
        if let Form::Table(printed) = &passages.list[piece.passage].form {
            return table(passages.draft, printed, piece.spans(), elements);
        }
        let role = if passages.facts[piece.passage].is_unit {
            Role::Unit
        } else {
            Role::Caption
        };
        elements.push(passages.element(vec![piece], role));
        next = rest.pop_front();
    }
    unreachable!("a table follows its captions")
}

/// The level of a passage that is a heading.
fn heading_level(passages: &Passages, i: usize, next: Option<usize>, above: u8) -> Option<u8> {
    let next_label = next.and_then(|n| passages.facts[n].label.as_ref());
    match &passages.facts[i].label {
        Some(label) => is_judged_heading(passages, i, label, next).then_some(label.level),
        // 主要目标： above numbered items
        None => {
            let is_bare = passages.facts[i].width <= WIDEST_BARE
                && passages.texts[i].ends_with('：')
                && above >= 1
                && next_label.is_some_and(|n| n.seq == 1);
            let below = next_label.map_or(1, |n| n.level).saturating_sub(1);
            is_bare.then(|| (above + 1).min(LOWEST_BARE).max(below))
        }
    }
}

/// Whether a passage with a number is a heading: by its form and by evidence. Where the two differ, evidence must be sure.
fn is_judged_heading(passages: &Passages, i: usize, label: &Label, next: Option<usize>) -> bool {
    /// That it is one although it lacks the form, and that it is none although it has it.
    const SURE: f32 = 0.85;
    const SURE_OF_NONE: f32 = 0.96;
    let sure = passages
        .judged
        .get(i)
        .map_or(0.0, |judged| judged.probability);
    match passages.is(i, PassageRole::Heading) {
        true if sure >= SURE => true,
        false if sure >= SURE_OF_NONE => false,
        _ => is_heading(passages, i, label, next),
    }
}

/// Whether a passage has the form of a heading with a number, given what stands below it.
pub fn has_heading_form(passages: &Passages, i: usize) -> bool {
    let label = passages
        .text_facts(i)
        .and_then(|facts| facts.label.as_ref());
    let next = Some(i + 1).filter(|&next| next < passages.list.len());
    label.is_some_and(|label| is_heading(passages, i, label, next))
}

/// Whether a passage with a number is a heading and no item of a list.
fn is_heading(passages: &Passages, i: usize, label: &Label, next: Option<usize>) -> bool {
    let body = passages.texts[i][label.len..].trim_matches(is_blank);
    let width = width(body);
    let ending = language::script::last_mark(body);
    let stops = ending.is_some_and(|c| is_terminal(c) || c == '，');
    match label.kind {
        Kind::Chapter | Kind::Section => return width <= WIDEST_CHAPTER && !body.contains('。'),
        Kind::Decimal => return !stops && width <= WIDEST_CHAPTER,
        Kind::Article => return false,
        _ => {}
    }
    // The last item of a list whose items end in ； is an item.
    let is_in_list = i > 0 && passages.is_text(i - 1) && passages.texts[i - 1].ends_with('；');
    if width > WIDEST_HEADING || body.is_empty() || is_in_list {
        return false;
    }
    let leads = leads(passages, label, next);
    if matches!(label.kind, Kind::Han | Kind::HanBrackets) {
        return !stops
            || leads && is_one_sentence(body) && width <= WIDEST_SENTENCE
            || leads && ending == Some('：') && width <= WIDEST_COLON;
    }
    let is_above_formula =
        next.is_some_and(|n| matches!(passages.list[n].form, Form::Formula | Form::Table(_)));
    !stops && (leads || is_above_formula) && width <= WIDEST_LOW
}

/// Whether what follows a passage with a number stands under it.
fn leads(passages: &Passages, label: &Label, next: Option<usize>) -> bool {
    let Some(next) = next else { return false };
    let is_prose = |facts: &TextFacts| facts.label.is_none() && facts.width >= NARROWEST_PROSE;
    passages.holds(next, is_prose)
        || passages.facts[next].label.as_ref().is_some_and(|n| {
            n.level > label.level || (n.kind, label.kind) == (Kind::Digit, Kind::Han)
        })
}

/// `强化保障。`, and not `本决定自公布之日起施行。`
fn is_one_sentence(body: &str) -> bool {
    body.ends_with('。')
        && body.matches('。').count() == 1
        && !body.contains(['，', '；', '：'])
        && !body.ends_with("施行。")
}
