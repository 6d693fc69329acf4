//! What speaks for the role of a passage: facts of its words, of its place, and of the rest of the gazette, each with a
//! name and a small value, so that they can be weighed and printed.

mod clues;
mod place;
mod words;

use crate::segment::contents::Contents;
use crate::segment::passages::Passages;
use crate::segment::starts::Start;

/// A fact that holds of a passage. A yes or no has the value 0 where it holds and isn't there where it doesn't.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    pub name: &'static str,
    pub value: u8,
}

impl Fact {
    pub const fn yes(name: &'static str) -> Fact {
        Fact { name, value: 0 }
    }
}

/// The facts of each passage.
pub fn evidence(passages: &Passages, contents: &Contents, heads: &[Start]) -> Vec<Vec<Fact>> {
    let mut facts = words::facts(passages);
    place::add(passages, &mut facts);
    clues::add(passages, contents, heads, &mut facts);
    facts
}

/// The first step of a scale that a measure does not reach, from 0 on.
fn step(measure: f32, scale: &[f32]) -> u8 {
    let step = scale.partition_point(|&limit| limit <= measure);
    u8::try_from(step).unwrap_or(u8::MAX)
}
