//! The places of the output with their lines, each looked up once.

use std::ops::Range;

use model::{Output, Place};

use crate::lines::{Lines, Search};
use crate::texts::{self, Text};

pub struct Spots<'o> {
    /// Those of the texts first, text by text.
    all: Vec<Spot<'o>>,
    texts: Vec<(Text<'o>, Range<usize>)>,
    /// The lines of all places; `None` for one that was not extracted.
    lines: Vec<Option<usize>>,
}

/// A place of the output.
pub struct Spot<'o> {
    pub place: &'o Place,
    /// Among the lines of all places.
    lines: Range<usize>,
}

/// A line of a place, and the characters of it that are taken if it is not all of them.
#[derive(Clone, Copy)]
pub struct Taken<'o> {
    pub id: &'o str,
    pub line: Option<usize>,
    pub chars: Option<[usize; 2]>,
}

pub fn spots<'o>(output: &'o Output, lines: &Lines) -> Spots<'o> {
    let mut spots = Spots {
        all: Vec::new(),
        texts: Vec::new(),
        lines: Vec::new(),
    };
    let mut search = lines.search();
    for text in texts::texts(output) {
        let first = spots.all.len();
        text.at
            .iter()
            .for_each(|place| spots.add(place, &mut search));
        spots.texts.push((text, first..spots.all.len()));
    }
    texts::other_places(output).for_each(|place| spots.add(place, &mut search));
    spots
}

impl<'o> Spots<'o> {
    fn add(&mut self, place: &'o Place, search: &mut Search) {
        let first = self.lines.len();
        self.lines
            .extend(place.lines.iter().map(|id| search.find(id)));
        self.all.push(Spot {
            place,
            lines: first..self.lines.len(),
        });
    }

    /// All places: those of texts, tables, lists, figures, titles, citations and checks.
    pub fn all(&self) -> &[Spot<'o>] {
        &self.all
    }

    /// The texts, each with its places.
    pub fn texts(&self) -> impl Iterator<Item = (Text<'o>, &[Spot<'o>])> {
        let spots = |range: &Range<usize>| self.all.get(range.clone()).unwrap_or_default();
        self.texts
            .iter()
            .map(move |(text, range)| (*text, spots(range)))
    }

    /// The lines of a place that were extracted.
    pub fn lines(&self, spot: &Spot) -> impl Iterator<Item = usize> {
        self.found(spot).iter().copied().flatten()
    }

    /// The lines of a place with the ranges that it takes of them.
    pub fn taken(&self, spot: &Spot<'o>) -> impl Iterator<Item = Taken<'o>> {
        let ranges = spot.place.chars.as_deref();
        let chars = move |n: usize| ranges.and_then(|ranges| ranges.get(n).copied());
        let lines = spot.place.lines.iter().zip(self.found(spot)).enumerate();
        lines.map(move |(n, (id, line))| Taken {
            id,
            line: *line,
            chars: chars(n),
        })
    }

    fn found(&self, spot: &Spot) -> &[Option<usize>] {
        self.lines.get(spot.lines.clone()).unwrap_or_default()
    }
}

impl Spot<'_> {
    /// The line that a finding names.
    pub fn name(&self) -> &str {
        self.place.lines.first().map_or("?", String::as_str)
    }

    /// Whether it has a range for each of its lines, or none at all.
    pub fn is_ranged(&self) -> bool {
        self.place
            .chars
            .as_ref()
            .is_none_or(|ranges| ranges.len() == self.place.lines.len())
    }
}
