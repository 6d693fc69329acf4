//! Lines put together from the texts of the output: each character with ink from exactly one of them.

use model::is_blank;
use unicode_segmentation::UnicodeSegmentation;

use crate::lines::Lines;
use crate::pieces::Piece;
use crate::repaired::Repaired;
use crate::{Findings, bare, shown};

/// The lines as the texts of the output have them, with the white space between their pieces. `None`, and a finding, for
/// a line of which a character stands nowhere or more than once.
pub fn assemble(
    lines: &Lines,
    repaired: &[Repaired],
    mut pieces: Vec<Piece>,
    findings: &mut Findings,
) -> Vec<Option<String>> {
    pieces.sort_unstable_by_key(|piece| (piece.line, piece.range.start, piece.range.end));
    let mut standing = Vec::with_capacity(repaired.len());
    let mut rest = pieces.as_slice();
    for (line, repaired) in repaired.iter().enumerate() {
        let n = rest.iter().take_while(|piece| piece.line == line).count();
        let (here, after) = rest.split_at(n);
        rest = after;
        match assembled(&repaired.text, here) {
            Ok(text) => standing.push(Some(text)),
            Err(what) => {
                findings.add(lines.id(line), what);
                standing.push(None);
            }
        }
    }
    standing
}

fn assembled(repaired: &str, pieces: &[Piece]) -> Result<String, String> {
    let mut text = String::with_capacity(repaired.len());
    let mut done = 0;
    for piece in pieces {
        if piece.range.start < done {
            let twice = &repaired[piece.range.start..done.min(piece.range.end)];
            return Err(format!(
                "'{}' stands in the output more than once",
                shown(twice)
            ));
        }
        text.push_str(gap(&repaired[done..piece.range.start])?);
        text.push_str(piece.text);
        done = piece.range.end;
    }
    text.push_str(gap(&repaired[done..])?);
    Ok(text)
}

/// What no text has can only be white space.
fn gap(between: &str) -> Result<&str, String> {
    if between.chars().all(is_blank) {
        return Ok(between);
    }
    Err(format!(
        "'{}' stands nowhere in the output",
        shown(&bare(between))
    ))
}

/// Characters as a reader counts them. Most lines have none that could belong to its neighbour, and are counted at sight.
pub fn n_clusters(text: &str) -> usize {
    if text.chars().all(is_alone) {
        text.chars().count()
    } else {
        text.graphemes(true).count()
    }
}

/// A character that is a grapheme cluster whatever stands beside it (GB9 to GB13 of UAX #29 do not name it, nor does
/// GB3): ASCII, Chinese characters and their punctuation, full-width forms.
fn is_alone(c: char) -> bool {
    matches!(c, ' '..='~' | '\t' | '—' | '‘'..='”' | '…')
        || matches!(c, '\u{3000}'..='\u{3029}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
        || matches!(c, '\u{ff01}'..='\u{ff5e}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_are_counted_alike_at_sight() {
        for c in (0..0x11_0000)
            .filter_map(char::from_u32)
            .filter(|&c| is_alone(c))
        {
            let pair: String = [c, c].iter().collect();
            assert_eq!(pair.graphemes(true).count(), 2, "{c:?}");
        }
        assert_eq!(n_clusters("公报e\u{301}\r\n"), 4);
    }
}
