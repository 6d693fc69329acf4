//! Lines with their repairs made, and the ranges of them that places take.

use std::borrow::Cow;
use std::ops::Range;

use model::is_blank;

use crate::spots::Spots;

/// A line with its repairs made, and where its characters stand.
pub struct Repaired<'o> {
    pub text: Cow<'o, str>,
    /// All but its outer white space.
    whole: Range<usize>,
    /// The byte at which each character begins, and the end; only of a line that is taken in parts.
    characters: Vec<usize>,
}

/// Repaired lines, ready for the places that take parts of them.
pub fn repaired<'o>(texts: Vec<Cow<'o, str>>, spots: &Spots) -> Vec<Repaired<'o>> {
    let mut repaired: Vec<Repaired> = texts.into_iter().map(Repaired::new).collect();
    for spot in spots.all().iter().filter(|spot| spot.place.chars.is_some()) {
        for line in spots.lines(spot) {
            if let Some(line) = repaired.get_mut(line) {
                line.count();
            }
        }
    }
    repaired
}

impl<'o> Repaired<'o> {
    fn new(text: Cow<'o, str>) -> Repaired<'o> {
        let end = text.trim_end_matches(is_blank).len();
        let start = end - text[..end].trim_start_matches(is_blank).len();
        Repaired {
            text,
            whole: start..end,
            characters: Vec::new(),
        }
    }

    fn count(&mut self) {
        if self.characters.is_empty() {
            self.characters
                .extend(self.text.char_indices().map(|(byte, _)| byte));
            self.characters.push(self.text.len());
        }
    }

    /// The bytes that a place takes: a range of characters, or the whole line where it names none.
    pub fn range(&self, chars: Option<[usize; 2]>) -> Option<Range<usize>> {
        let Some([start, end]) = chars else {
            return Some(self.whole.clone());
        };
        let bytes = *self.characters.get(start)?..*self.characters.get(end)?;
        (start <= end).then_some(bytes)
    }
}
