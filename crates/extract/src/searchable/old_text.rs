//! The text that a page has of its own, which the text that OCR read takes the place of.

use lopdf::{Dictionary, Document, Object, ObjectId};

/// Opens marked content whose text is replaced by none (ISO 32000-1, 14.9.4); the second key tells this program that
/// the text has been read by OCR.
pub const REPLACED: &[u8] = b"/Span <</ActualText <FEFF> /ReadByOCR true>> BDC";

/// A page's own text.
#[derive(Debug, Default, PartialEq)]
pub struct OldText {
    /// The page's content without its text, where all of that is invisible.
    pub without_invisible: Option<Vec<u8>>,
    /// There is, or may be, other text.
    pub is_seen: bool,
}

/// The text in the content of a page, and in what this draws.
pub fn of_page(document: &Document, page: ObjectId, resources: &Dictionary) -> OldText {
    const MOST_BYTES: usize = 64 << 20;
    let Ok(content) = document.get_page_content_with_limit(page, MOST_BYTES) else {
        return OldText {
            is_seen: true,
            ..OldText::default()
        };
    };
    let is_form = |object: &Object| {
        let stream = document
            .dereference(object)
            .and_then(|(_, object)| object.as_stream());
        stream
            .and_then(|stream| stream.dict.get(b"Subtype"))
            .and_then(Object::as_name)
            .is_ok_and(|name| name == b"Form")
    };
    let forms = resources
        .get_deref(b"XObject", document)
        .and_then(Object::as_dict);
    let has_form = forms.is_ok_and(|forms| forms.iter().any(|(_, object)| is_form(object)));
    let mut old = of_content(&content);
    old.is_seen |= has_form;
    old
}

fn of_content(content: &[u8]) -> OldText {
    let is_seen = OldText {
        is_seen: true,
        ..OldText::default()
    };
    let mut without = Vec::new();
    let (mut mode, mut saved) = (0, Vec::new());
    // Where the operands of the next operator begin, and the last of them.
    let (mut start, mut last): (usize, &[u8]) = (0, b"");
    let (mut at, mut kept) = (0, 0);
    while let Some((from, to)) = token(content, at) {
        let token = &content[from..to];
        at = to;
        match token {
            b"q" => saved.push(mode),
            b"Q" => mode = saved.pop().unwrap_or(mode),
            b"Tr" => {
                mode = std::str::from_utf8(last)
                    .ok()
                    .and_then(|mode| mode.parse().ok())
                    .unwrap_or(0);
            }
            // Where the pixels between BI and EI end can't be told for certain.
            b"BI" => return is_seen,
            b"Tj" | b"TJ" | b"'" | b"\"" if mode == 3 => {
                without.extend(&content[kept..start]);
                kept = to;
            }
            b"Tj" | b"TJ" | b"'" | b"\"" => return is_seen,
            _ if !is_operator(token) => {
                last = token;
                continue;
            }
            _ => {}
        }
        start = to;
    }
    if kept == 0 {
        return OldText::default();
    }
    without.extend(&content[kept..]);
    OldText {
        without_invisible: Some(without),
        is_seen: false,
    }
}

fn is_operator(token: &[u8]) -> bool {
    (token[0].is_ascii_alphabetic() || matches!(token[0], b'\'' | b'"'))
        && !matches!(token, b"true" | b"false" | b"null")
}

fn is_white(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

/// From where to where the next token goes; a bracket is one of its own.
fn token(content: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let until = |from: usize, is_end: &dyn Fn(u8) -> bool| {
        content[from..]
            .iter()
            .position(|&b| is_end(b))
            .map_or(content.len(), |n| from + n)
    };
    loop {
        at = until(at, &|b| !is_white(b));
        match content.get(at)? {
            b'%' => at = until(at, &|b| matches!(b, b'\n' | b'\r')),
            b'(' => return Some((at, string_end(content, at))),
            b'<' if content.get(at + 1) != Some(&b'<') => {
                return Some((at, (until(at, &|b| b == b'>') + 1).min(content.len())));
            }
            b'/' => return Some((at, until(at + 1, &|b| is_white(b) || is_delimiter(b)))),
            &b if is_delimiter(b) => return Some((at, at + 1)),
            _ => return Some((at, until(at, &|b| is_white(b) || is_delimiter(b)))),
        }
    }
}

/// Where the string that begins here ends.
fn string_end(content: &[u8], from: usize) -> usize {
    let (mut depth, mut at) = (0, from);
    while let Some(byte) = content.get(at) {
        match byte {
            b'\\' => at += 1,
            b'(' => depth += 1,
            b')' if depth == 1 => return at + 1,
            b')' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    content.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(content: &str) -> Option<String> {
        of_content(content.as_bytes())
            .without_invisible
            .map(|bytes| String::from_utf8(bytes).expect("ASCII"))
    }

    #[test]
    fn invisible_text_is_left_out_and_nothing_else() {
        let content = "q 1 0 0 1 0 0 cm /Im0 Do Q BT 3 Tr /F1 9 Tf (a \\) (b) Tj) Tj [(c)-20<64>] TJ 0 1 Td <65>Tj 1 2 (x) \" ET % (f) Tj\n0 g";
        let text = without(content).expect("it has such text");
        assert_eq!(
            text.split_whitespace().collect::<Vec<_>>().join(" "),
            "q 1 0 0 1 0 0 cm /Im0 Do Q BT 3 Tr /F1 9 Tf 0 1 Td ET % (f) Tj 0 g"
        );
    }

    #[test]
    fn where_text_is_seen_the_content_stays() {
        for seen in [
            "BT (a) Tj ET",
            "BT 3 Tr (a) Tj 0 Tr (b) Tj ET",
            "q BT 3 Tr (a) Tj ET Q BT (b) ' ET",
            "BI /W 1 ID x EI BT 3 Tr (a) Tj ET",
        ] {
            assert_eq!(
                of_content(seen.as_bytes()),
                OldText {
                    without_invisible: None,
                    is_seen: true
                },
                "{seen}"
            );
        }
        assert_eq!(of_content(b"q /Im0 Do Q /Tj gs ( Tj"), OldText::default());
    }
}
