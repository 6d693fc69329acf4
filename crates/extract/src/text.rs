//! Text inputs: what an OCR program wrote, or what was copied out of a document.

use std::borrow::Cow;

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
pub fn lines(text: &str, page_marker: &PageMarker) -> (Vec<Line>, PageKinds) {
    let mut pages = Pages::new();
    for (row, row_text) in text.split('\n').enumerate() {
        for (nth, part) in row_text.split('\x0c').enumerate() {
            let part = part.strip_suffix('\r').unwrap_or(part);
            let before = pages.open();
            if nth > 0 {
                pages.begin(before.number + 1);
            }
            if let Some(number) = marked_page(part, page_marker) {
                pages.begin_marked(number.unwrap_or(before.number + 1), before);
            } else if part.chars().all(is_blank) {
                pages.blank_before += 1;
            } else {
                pages.add_line(line_id(row, nth), part);
            }
        }
    }
    pages.finish()
}

/// What a line is called: its number in an editor, and of a row that form feeds part, which part.
fn line_id(row: usize, nth: usize) -> String {
    match nth {
        0 => format!("l:{}", row + 1),
        _ => format!("l:{}.{nth}", row + 1),
    }
}

/// Whether a line begins a page, and the number that it gives the page, if it does.
fn marked_page(line: &str, page_marker: &PageMarker) -> Option<Option<u32>> {
    /// Bytes: a longer line is text.
    const LONGEST: usize = 200;
    let marker = page_marker.regex().filter(|_| line.len() < LONGEST)?;
    let captures = marker.captures(line)?;
    Some(captures.get(1).and_then(|n| n.as_str().parse().ok()))
}

/// The lines so far, and the pages that they stand on.
struct Pages {
    lines: Vec<Line>,
    /// The last one is open.
    pages: Vec<TextPage>,
    /// Blank lines since the last line or the page's beginning.
    blank_before: u32,
}

#[derive(Clone, Copy)]
struct TextPage {
    number: u32,
    /// Index of its first line.
    first: usize,
}

impl Pages {
    fn new() -> Self {
        Self {
            lines: Vec::new(),
            pages: vec![TextPage {
                number: 1,
                first: 0,
            }],
            blank_before: 0,
        }
    }

    fn open(&self) -> TextPage {
        *self.pages.last().expect("there is always a page")
    }

    fn begin(&mut self, number: u32) {
        self.pages.push(TextPage {
            number,
            first: self.lines.len(),
        });
        self.blank_before = 0;
    }

    /// Begins the page that a marker names; `before` was open before the marker's row. A page without lines before a
    /// marker is none.
    fn begin_marked(&mut self, number: u32, before: TextPage) {
        if self.lines.len() == before.first {
            self.pages.pop();
        }
        self.begin(number);
    }

    fn add_line(&mut self, id: String, text: &str) {
        self.lines.push(Line {
            page: Some(self.open().number),
            blank_before: std::mem::take(&mut self.blank_before),
            ..Line::of_text(id, text)
        });
    }

    /// The lines, and how many pages have some. A text of one page has no pages to speak of.
    fn finish(mut self) -> (Vec<Line>, PageKinds) {
        if self.pages.len() == 1 {
            self.lines.iter_mut().for_each(|line| line.page = None);
        }
        let ends = self.pages.iter().skip(1).map(|page| page.first);
        let n_blank = self
            .pages
            .iter()
            .zip(ends.chain([self.lines.len()]))
            .filter(|(page, end)| page.first == *end)
            .count() as u32;
        let kinds = PageKinds {
            text: self.pages.len() as u32 - n_blank,
            blank: n_blank,
            ..PageKinds::default()
        };
        (self.lines, kinds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(text: &str) -> Vec<(String, Option<u32>)> {
        let marker = PageMarker::try_from(r"^# Page (\d+):$".to_owned()).unwrap();
        lines(text, &marker)
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
        let (_, kinds) = lines(
            "甲\x0c\n \x0c乙",
            &PageMarker::try_from(String::new()).unwrap(),
        );
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
