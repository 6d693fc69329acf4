//! What speaks for the role of a passage: facts of its words, of its place, and of the rest of the gazette, each with a
//! name and a small value, so that they can be weighed and printed.

mod clues;
mod place;

use rayon::prelude::*;

use crate::evidence::{Fact, words};
use crate::repair::Form;
use crate::segment::contents::Contents;
use crate::segment::passages::Passages;
use crate::segment::starts::ByRules;

/// More lines are as good as this many.
const MANY_LINES: usize = 4;

/// The facts of each passage.
pub fn evidence(passages: &Passages, contents: &Contents, rules: &ByRules) -> Vec<Vec<Fact>> {
    let mut facts: Vec<Vec<Fact>> = (0..passages.list.len())
        .into_par_iter()
        .map(|i| of_passage(passages, i))
        .collect();
    place::add(passages, &mut facts);
    clues::add(passages, contents, rules, &mut facts);
    facts
}

fn of_passage(passages: &Passages, i: usize) -> Vec<Fact> {
    let form = match passages.list[i].form {
        Form::Text => 0,
        Form::Formula => 1,
        Form::Table(_) => 2,
        Form::ContentsTitle => 3,
        Form::ContentsSection => 4,
        Form::ContentsEntry => 5,
    };
    let n_lines = passages.list[i].spans.len().min(MANY_LINES);
    let n_lines = u8::try_from(n_lines).unwrap_or(u8::MAX);
    let mut facts = vec![Fact::new("form", form), Fact::new("lines", n_lines)];
    words::add(&passages.texts[i], &passages.facts[i], &mut facts);
    facts
}
