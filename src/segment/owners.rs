//! Who owns what: each passage is handed out once, and what nobody takes is left over, so that nothing can stand in the
//! output twice and nothing can be lost.

use std::ops::Range;

use super::passages::Passages;
use crate::repair::Span;
use crate::repair::blocks::subspans;

/// A passage, or a part of one, in the hands of its owner. It can't be copied: whoever makes a block or an element of it
/// uses it up.
#[derive(Debug)]
pub struct Piece {
    /// The passage that it is, or is of.
    pub passage: usize,
    spans: Vec<Span>,
}

impl Piece {
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    pub fn into_spans(self) -> Vec<Span> {
        self.spans
    }

    /// Its parts, given in bytes of its text from left to right. Between them there is nothing but white space.
    pub fn split(self, passages: &Passages, parts: &[Range<usize>]) -> Vec<Piece> {
        debug_assert!(parts.is_sorted_by(|a, b| a.end <= b.start));
        let piece = |part: &Range<usize>| Piece {
            passage: self.passage,
            spans: subspans(passages.draft, &self.spans, part.clone()),
        };
        parts.iter().map(piece).collect()
    }
}

/// Passages that nobody owns yet.
pub struct Unowned<'p, 'r, 'a> {
    passages: &'p Passages<'r, 'a>,
    first: usize,
    is_left: Vec<bool>,
}

impl<'p, 'r, 'a> Unowned<'p, 'r, 'a> {
    pub fn new(passages: &'p Passages<'r, 'a>) -> Self {
        Unowned {
            passages,
            first: 0,
            is_left: vec![true; passages.list.len()],
        }
    }

    /// Whether a passage is still to be had.
    pub fn has(&self, passage: usize) -> bool {
        let place = passage.checked_sub(self.first);
        place.is_some_and(|place| self.is_left.get(place) == Some(&true))
    }

    /// The passage, if nobody has it.
    pub fn take(&mut self, passage: usize) -> Option<Piece> {
        let place = passage.checked_sub(self.first)?;
        let is_left = self.is_left.get_mut(place)?;
        std::mem::take(is_left).then(|| Piece {
            passage,
            spans: self.passages.list[passage].spans.clone(),
        })
    }

    /// Those of the passages that nobody has.
    pub fn take_all(&mut self, passages: impl IntoIterator<Item = usize>) -> Vec<Piece> {
        passages.into_iter().filter_map(|i| self.take(i)).collect()
    }

    /// Hands over all passages from one on.
    pub fn split_off(&mut self, passage: usize) -> Self {
        let place = passage.saturating_sub(self.first).min(self.is_left.len());
        Unowned {
            passages: self.passages,
            first: self.first + place,
            is_left: self.is_left.split_off(place),
        }
    }

    /// The passages that are left, in order.
    pub fn left(&self) -> Vec<usize> {
        let last = self.first + self.is_left.len();
        (self.first..last).filter(|&i| self.has(i)).collect()
    }

    /// All that is left.
    pub fn take_rest(&mut self) -> Vec<Piece> {
        self.take_all(self.left())
    }
}
