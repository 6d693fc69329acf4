//! A text that is edited at character offsets, at a cost that its length hardly shows.

/// Bytes of a piece of a short text. Lines of gazettes have less, and so are one piece.
const SHORT: usize = 4096;

/// A text in pieces: an edit counts the pieces before it and rewrites one. They are about as long as they are many,
/// so that a text of n characters takes n edits in a time of n√n, whatever their order.
#[derive(Debug)]
pub struct EditText {
    pieces: Vec<Piece>,
    longest: usize,
}

#[derive(Debug)]
struct Piece {
    text: String,
    n_chars: usize,
}

impl EditText {
    pub fn new(text: &str) -> EditText {
        let longest = SHORT.max(2 * text.len().isqrt());
        EditText {
            pieces: cut(text, longest),
            longest,
        }
    }

    /// Whether a part stands at a character offset.
    pub fn has(&self, offset: usize, part: &str) -> bool {
        self.find(offset)
            .is_some_and(|(piece, start)| self.end_of(piece, start, part).is_some())
    }

    /// Puts `after` in the place of `before` at a character offset. False, and nothing done, if it does not stand there.
    #[must_use]
    pub fn replace(&mut self, offset: usize, before: &str, after: &str) -> bool {
        let Some((first, start)) = self.find(offset) else {
            return false;
        };
        let Some((last, end)) = self.end_of(first, start, before) else {
            return false;
        };
        let (Some(head), Some(tail)) = (self.pieces.get(first), self.pieces.get(last)) else {
            return false;
        };
        let text = [&head.text[..start], after, &tail.text[end..]].concat();
        let whole = if text.len() > 2 * self.longest {
            cut(&text, self.longest)
        } else {
            vec![Piece {
                n_chars: text.chars().count(),
                text,
            }]
        };
        self.pieces.splice(first..=last, whole);
        true
    }

    pub fn into_string(self) -> String {
        self.pieces.into_iter().map(|piece| piece.text).collect()
    }

    /// The characters, in order.
    pub fn chars(&self) -> impl Iterator<Item = char> {
        self.pieces.iter().flat_map(|piece| piece.text.chars())
    }

    /// The piece and the byte in it at which a character stands, or the text ends.
    fn find(&self, mut offset: usize) -> Option<(usize, usize)> {
        for (n, piece) in self.pieces.iter().enumerate() {
            if offset < piece.n_chars {
                return piece
                    .text
                    .char_indices()
                    .nth(offset)
                    .map(|(byte, _)| (n, byte));
            }
            offset -= piece.n_chars;
        }
        let last = self.pieces.len().saturating_sub(1);
        (offset == 0).then(|| (last, self.pieces.last().map_or(0, |piece| piece.text.len())))
    }

    /// Where a part ends that stands here, as a piece and a byte in it.
    fn end_of(&self, first: usize, start: usize, part: &str) -> Option<(usize, usize)> {
        let mut rest = part;
        let mut start = start;
        for (n, piece) in self.pieces.iter().enumerate().skip(first) {
            let here = piece.text.get(start..)?;
            if here.starts_with(rest) {
                return Some((n, start + rest.len()));
            }
            rest = rest.strip_prefix(here)?;
            start = 0;
        }
        None
    }
}

fn cut(text: &str, longest: usize) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(text.len() / longest + 1);
    let mut rest = text;
    while rest.len() > longest {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(longest));
        pieces.push(Piece {
            text: piece.to_owned(),
            n_chars: piece.chars().count(),
        });
        rest = after;
    }
    pieces.push(Piece {
        text: rest.to_owned(),
        n_chars: rest.chars().count(),
    });
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_at_the_ends_of_pieces() {
        let mut text = EditText {
            pieces: cut("一二三四五六七八", 6),
            longest: 6,
        };
        assert_eq!(text.pieces.len(), 4);
        assert!(text.has(1, "二三四五六七八") && text.has(8, "") && !text.has(9, ""));
        assert!(text.replace(1, "二三四五", "2"));
        assert!(text.replace(4, "八", "") && text.replace(4, "", "8九"));
        assert!(!text.replace(0, "二", "") && !text.replace(usize::MAX, "", "一"));
        assert_eq!(text.into_string(), "一2六七8九");
    }

    #[test]
    fn what_is_put_in_is_cut_as_well() {
        let mut text = EditText {
            pieces: cut("", 6),
            longest: 6,
        };
        assert!(text.replace(0, "", &"一".repeat(100)) && text.replace(99, "一", "二"));
        assert!(text.pieces.len() > 9);
        assert_eq!(text.into_string(), "一".repeat(99) + "二");
    }
}
