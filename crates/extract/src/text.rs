//! Text inputs: what an OCR program wrote, or what was copied out of a document.

use std::borrow::Cow;

use regex::Regex;

use language::pattern::Pattern;
use language::script::is_blank;
use model::{Line, PageKinds};

use crate::error::ExtractError;

/// A line of a text that begins a page; group 1 is the page's number.
pub type PageMarker = Pattern;

/// UTF-8 or UTF-16 by their marks, else UTF-8, else GB18030.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ExtractError> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, bad) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return if bad {
            Err(ExtractError::Encoding(mark))
        } else {
            Ok(text)
        };
    }
    if let Some(at) = bytes.iter().position(|&b| b == 0) {
        return Err(ExtractError::Binary(at));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.into()),
        Err(error) => {
            match encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
                Some(text) => Ok(text),
                None => Err(ExtractError::Encoding(error.valid_up_to())),
            }
        }
    }
}

/// Lines with ink, each with the number that an editor would show for it, and its page.
pub fn lines(text: &str, page_marker: Option<&Regex>) -> (Vec<Line>, PageKinds) {
    let mut lines: Vec<Line> = Vec::new();
    // Number of each page, and how many lines stood before it.
    let mut pages: Vec<(u32, usize)> = vec![(1, 0)];
    let mut blank_before = 0;
    for (row, row_text) in text.split('\n').enumerate() {
        for (nth, part) in row_text.split('\x0c').enumerate() {
            let part = part.strip_suffix('\r').unwrap_or(part);
            let mark = page_marker
                .filter(|_| part.len() < 200)
                .and_then(|m| m.captures(part));
            let (last, lines_before) = *pages.last().expect("there is always a page");
            if nth > 0 {
                pages.push((last + 1, lines.len()));
                blank_before = 0;
            }
            if let Some(mark) = mark {
                let number = mark
                    .get(1)
                    .and_then(|n| n.as_str().parse().ok())
                    .unwrap_or(last + 1);
                if lines.len() == lines_before {
                    pages.pop();
                }
                pages.push((number, lines.len()));
                blank_before = 0;
            } else if part.chars().all(is_blank) {
                blank_before += 1;
            } else {
                let id = if nth == 0 {
                    format!("l:{}", row + 1)
                } else {
                    format!("l:{}.{nth}", row + 1)
                };
                let page = pages.last().map(|p| p.0);
                lines.push(Line {
                    id,
                    page,
                    text: part.to_owned(),
                    blank_before: std::mem::take(&mut blank_before),
                    bbox: None,
                    confidence: None,
                    characters: Vec::new(),
                });
            }
        }
    }
    if pages.len() == 1 {
        lines.iter_mut().for_each(|line| line.page = None);
    }
    let ends = pages.iter().skip(1).map(|p| p.1).chain([lines.len()]);
    let blank = pages
        .iter()
        .zip(ends)
        .filter(|((_, start), end)| start == end)
        .count() as u32;
    (
        lines,
        PageKinds {
            text: pages.len() as u32 - blank,
            blank,
            ..PageKinds::default()
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(text: &str) -> Vec<(String, Option<u32>)> {
        let marker = Regex::new(r"^# Page (\d+):$").unwrap();
        lines(text, Some(&marker))
            .0
            .into_iter()
            .map(|l| (l.text, l.page))
            .collect()
    }

    #[test]
    fn form_feeds_and_markers_end_pages() {
        assert_eq!(
            pages("甲\n\n乙\n"),
            [("甲".into(), None), ("乙".into(), None)]
        );
        assert_eq!(
            pages("甲\n\x0c乙\x0c丙"),
            [
                ("甲".into(), Some(1)),
                ("乙".into(), Some(2)),
                ("丙".into(), Some(3))
            ]
        );
        assert_eq!(
            pages("# Page 7:\n甲\n# Page 9:\n乙"),
            [("甲".into(), Some(7)), ("乙".into(), Some(9))]
        );
    }

    #[test]
    fn an_empty_page_counts_as_blank() {
        let (_, kinds) = lines("甲\x0c\n \x0c乙", None);
        assert_eq!((kinds.text, kinds.blank), (2, 1));
    }

    #[test]
    fn encodings() {
        assert_eq!(decode("\u{feff}公报".as_bytes()).unwrap(), "公报");
        assert_eq!(decode(&[0xb9, 0xab, 0xb1, 0xa8]).unwrap(), "公报");
        assert_eq!(decode(&[0xff, 0xfe, 0x6c, 0x51]).unwrap(), "公");
        assert!(matches!(
            decode(&[b'a', 0, b'b']),
            Err(ExtractError::Binary(1))
        ));
        assert!(matches!(
            decode(&[b'a', 0xff, 0xff]),
            Err(ExtractError::Encoding(1))
        ));
    }
}
