//! Texts taken apart into the pieces of lines that they are made of.

use std::ops::Range;

use crate::lines;
use crate::log::{Joint, Log};
use crate::repaired::Repaired;
use crate::spots::{Spot, Spots, Taken};
use crate::{Findings, shown};

/// A part of a line, in bytes of its repaired text, and the same part as a text of the output has it.
pub struct Piece<'o> {
    pub line: usize,
    pub range: Range<usize>,
    pub text: &'o str,
}

/// The pieces of all texts. A text that is not what stands on its lines is a finding, and gives the pieces before that.
pub fn pieces<'o>(
    spots: &Spots<'o>,
    repaired: &[Repaired],
    log: &Log,
    findings: &mut Findings,
) -> Vec<Piece<'o>> {
    let mut pieces = Vec::with_capacity(spots.all().len());
    for (text, at) in spots.texts() {
        let mut reading = Reading {
            repaired,
            log,
            rest: text.text,
            last: None,
            is_cell: text.is_cell,
            has_begun: false,
        };
        let wrong = at
            .iter()
            .find_map(|spot| reading.place(spot, spots, &mut pieces).err());
        let differs = || (lines::first(text.at), DIFFERS.to_owned());
        let unread = (!reading.rest.is_empty()).then(differs);
        if let Some((at, what)) = wrong.or(unread) {
            findings.add(at, format!("{what}: '{}'", shown(text.text)));
        }
    }
    pieces
}

const DIFFERS: &str = "a text is not what stands on its lines";

/// What is wrong with a text, and the line at which it is.
type Wrong<'o> = (&'o str, String);

/// A text of which a part has been found on lines.
struct Reading<'a, 'o> {
    repaired: &'a [Repaired<'a>],
    log: &'a Log<'a>,
    rest: &'o str,
    /// The line of the last piece, and the byte at which that ended.
    last: Option<(usize, usize)>,
    is_cell: bool,
    has_begun: bool,
}

impl<'o> Reading<'_, 'o> {
    /// Reads on over the lines of a place.
    fn place(
        &mut self,
        spot: &Spot<'o>,
        spots: &Spots<'o>,
        pieces: &mut Vec<Piece<'o>>,
    ) -> Result<(), Wrong<'o>> {
        for taken in spots.taken(spot) {
            let piece = self.piece(taken).map_err(|what| (taken.id, what))?;
            if !piece.text.is_empty() {
                pieces.push(piece);
            }
        }
        Ok(())
    }

    /// Reads on over one line.
    fn piece(&mut self, Taken { line, chars, .. }: Taken) -> Result<Piece<'o>, String> {
        let found = line.and_then(|line| Some((line, self.repaired.get(line)?)));
        let (line, repaired) =
            found.ok_or("a text stands on this line, which was not extracted")?;
        let range = repaired.range(chars).ok_or_else(|| {
            let [start, end] = chars.unwrap_or_default();
            format!("characters {start} to {end} are not on this line")
        })?;
        let joint = self.joint(line, &range)?;
        let text = self
            .take(&repaired.text[range.clone()], joint)
            .ok_or(DIFFERS)?;
        self.last = Some((line, range.end));
        Ok(Piece { line, range, text })
    }

    /// What may stand between the last piece and the next one.
    fn joint(&self, line: usize, range: &Range<usize>) -> Result<Joint, &'static str> {
        match self.last {
            None => Ok(Joint::NOTHING),
            Some((last, end)) if last == line => {
                let in_order = range.start >= end;
                in_order
                    .then_some(Joint::NOTHING)
                    .ok_or("its characters stand in another order")
            }
            Some((last, _)) => {
                let apart = self.is_cell.then_some(if self.has_begun {
                    Joint::LINE_BREAK
                } else {
                    Joint::NOTHING
                });
                let joint = self.log.between(last, line).or(apart);
                joint.ok_or("a text goes on here from another line, and no repair says so")
            }
        }
    }

    /// Takes a piece, after what joins it to the one before.
    fn take(&mut self, piece: &str, joint: Joint) -> Option<&'o str> {
        let tight = Some(self.rest).filter(|_| joint.nothing && self.rest.starts_with(piece));
        let after = |mark: char, may_stand: bool| {
            self.rest
                .strip_prefix(mark)
                .filter(|rest| may_stand && rest.starts_with(piece))
        };
        let parted = || after(' ', joint.space).or_else(|| after('\n', joint.line_break));
        let (text, rest) = tight.or_else(parted)?.split_at(piece.len());
        self.rest = rest;
        self.has_begun |= !text.is_empty();
        Some(text)
    }
}
