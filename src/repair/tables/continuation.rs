//! Whether a table goes on in the next column or on the next page. This alone decides it: whether the header is printed
//! again there, and whether the label of a row span goes on.

use std::ops::Range;

use super::rows::{cell_range, filled, folded, header_rows, printed_rows, row, rows, trimmed};
use super::spans::span_columns;
use super::{Piece, Table, pieces};
use crate::repair::{Draft, Form, Passage, Span};
use language::script::fold;
use language::tables::{goes_on_mark, names_column, without_mark};
use model::Rule;

/// How sure it is that two pieces are one table.
const SURE: f32 = 0.97;
/// How sure it is that a label at the head of a piece is that of the row span above.
pub const SURE_OF_LABEL: f32 = 0.9;
/// Rows at the head of a piece that may belong to its header, and one more that shows where it ends.
const HEAD: usize = 6;
/// Part of the characters of two headers that agree, as [`likeness`] counts. Where a table of as many columns stands right
/// at the head of the next column or page that place speaks for it, and a bad scan loses a line of a cell and mistakes
/// some characters.
const ALIKE_IN_PLACE: f64 = 0.75;
/// The same where nothing but its rows says what a piece is: tables of one kind follow each other, each with its header.
const ALIKE: f64 = 0.9;
/// Characters of a header that may differ at all: of a shorter one each counts.
const LONG_HEADER: usize = 10;
/// Filled cells of a header that say what is in the table; fewer name any.
const TELLING: usize = 3;
/// Rows at the end of a piece that may lack the number that counts them: totals and notes.
const UNCOUNTED: usize = 3;
/// Rows below the header that may lack it: the rest of a row that the page cut.
const UNCOUNTED_AT_HEAD: usize = 2;

/// What the pieces of a table so far, or one piece, tell of whether it goes on.
#[derive(Debug, Default)]
pub struct Facts {
    /// The first rows, and how many of them are the header.
    pub head: Vec<Vec<String>>,
    pub n_header: usize,
    /// Where the text of each column of a printed table stands.
    pub extents: Vec<Option<pieces::Extent>>,
    n_cols: usize,
    n_rows: usize,
    /// What the first rows and the last ones count, where they count.
    first: Option<u32>,
    last: Option<u32>,
}

impl Facts {
    /// What one piece tells.
    pub fn new(draft: &Draft, table: &Table) -> Self {
        if table.is_printed {
            let head = printed_rows(draft, table, HEAD);
            return Self {
                n_header: header_rows(&head),
                head,
                n_cols: table.n_cols,
                n_rows: table.n_rows,
                extents: pieces::extents(draft, table),
                ..Self::default()
            };
        }
        let head = rows(draft, &table.lines[..table.lines.len().min(HEAD)]);
        let n_header = header_rows(&head);
        let count = |line: &usize| row(draft, *line).first().and_then(|c| c.parse().ok());
        let body = &table.lines[n_header..];
        let width = |line: &usize| trimmed(&row(draft, *line)).len();
        Self {
            n_cols: table.lines.iter().map(width).max().unwrap_or(0),
            n_rows: table.lines.len(),
            first: body.iter().take(UNCOUNTED_AT_HEAD).find_map(count),
            last: table.lines.iter().rev().take(UNCOUNTED).find_map(count),
            head,
            n_header,
            extents: Vec::new(),
        }
    }

    /// The same of the table with a piece more.
    fn extend(&mut self, next: &Self) {
        self.n_cols = self.n_cols.max(next.n_cols);
        self.n_rows += next.n_rows;
        let has_room = next.n_rows < UNCOUNTED;
        self.last = next.last.or(self.last.filter(|_| has_room));
    }

    /// Whether the rows of the next piece count on from these; `None` without numbers.
    fn counts_on(&self, next: &Self) -> Option<bool> {
        Some(next.first? == self.last? + 1)
    }

    fn is_telling(&self) -> bool {
        self.header().iter().flat_map(|row| filled(row)).count() >= TELLING
    }

    /// Whether its first row names columns by words that do.
    fn is_named(&self) -> bool {
        let first = self.head.first().map_or(&[][..], |row| &row[..]);
        let n_filled = filled(first).count();
        let n_names = filled(first).filter(|cell| names_column(cell)).count();
        n_names >= 2 && n_names * 2 >= n_filled
    }

    fn header(&self) -> &[Vec<String>] {
        &self.head[..self.n_header]
    }
}

/// Part of the characters that two texts have in common, in order.
pub fn likeness(a: &str, b: &str) -> f64 {
    strsim::normalized_levenshtein(a, b)
}

/// Whether two headers are one, where the next piece stands where a table goes on.
pub fn is_header_again(a: &[Vec<String>], b: &[Vec<String>]) -> bool {
    are_headers_alike(a, b, ALIKE_IN_PLACE)
}

/// Whether two headers are one, but for a character here and there that was recognised otherwise.
fn are_headers_alike(a: &[Vec<String>], b: &[Vec<String>], alike: f64) -> bool {
    let (a, b) = (folded(a), folded(b));
    a == b || a.chars().count() >= LONG_HEADER && likeness(&a, &b) >= alike
}

/// The label of a row span, printed again.
pub fn is_label_again(above: &str, label: &str) -> bool {
    !label.is_empty() && fold(above) == fold(label)
}

/// How many rows of a header are printed again at the head of the piece of a text after a table; `None` if it is another
/// table.
fn n_again(before: &Facts, after: &Facts) -> Option<usize> {
    let goes_on = if after.n_header == 0 || before.is_named() && !after.is_named() {
        // Right below a table that names its columns, rows without names are its own.
        before.n_header > 0
            && before.n_cols == after.n_cols
            && before.counts_on(after) != Some(false)
    } else {
        let (header, again) = (before.header(), after.header());
        // One header of few short words says little, and rows that do not count on are those of another table.
        before.n_header == after.n_header
            && before.is_telling()
            && has_same_shape(header, again)
            && are_headers_alike(header, again, ALIKE)
            && before.counts_on(after) != Some(false)
    };
    let n_again = if after.is_named() || !before.is_named() {
        after.n_header
    } else {
        0
    };
    goes_on.then_some(n_again)
}

/// Whether each row has as many cells as that of the other.
fn has_same_shape(a: &[Vec<String>], b: &[Vec<String>]) -> bool {
    a.iter()
        .zip(b)
        .all(|(a, b)| trimmed(a).len() == trimmed(b).len())
}

/// Whether a table stands where one goes on: on another page, or in the next column.
pub fn is_next_to(draft: &Draft, table: &Table, next: &Table) -> bool {
    !is_same_page(draft, table, next) || is_in_next_column(draft, table, next)
}

fn is_same_page(draft: &Draft, table: &Table, next: &Table) -> bool {
    let page = |line: Option<&usize>| line.and_then(|&line| draft.leaves[line]);
    page(table.lines.last()) == page(next.lines.first())
}

/// Whether a table stands right of the one before it on the page and begins above where that one ends.
fn is_in_next_column(draft: &Draft, table: &Table, next: &Table) -> bool {
    let bbox = |line: &usize| draft.lines[*line].bbox;
    let page = table.lines.last().and_then(|&line| draft.leaves[line]);
    let on_page = |line: &&usize| draft.leaves[**line] == page;
    let left: Vec<[f32; 4]> = table
        .lines
        .iter()
        .rev()
        .take_while(on_page)
        .filter_map(bbox)
        .collect();
    let right: Vec<[f32; 4]> = next.lines.iter().filter_map(bbox).collect();
    let end = left.iter().map(|bbox| bbox[2]).fold(f32::MIN, f32::max);
    let bottom = left.iter().map(|bbox| bbox[3]).fold(f32::MIN, f32::max);
    !left.is_empty()
        && !right.is_empty()
        && right.iter().all(|bbox| bbox[0] > end)
        && right.iter().any(|bbox| bbox[1] < bottom)
}

/// Passages above a table that may be printed again: its caption and unit.
const ABOVE: usize = 2;

/// Whether a passage after a table says that it goes on: `续表`, or what stands above it, printed again.
pub fn is_between(draft: &Draft, before: &[Passage], table: usize, passage: &Passage) -> bool {
    let [Span { line, .. }] = passage.spans[..] else {
        return false;
    };
    let text = draft.slice(&Span::line(line));
    let is_again = |above: &Passage| {
        matches!(above.form, Form::Text)
            && above.spans.len() == 1
            && fold(draft.slice(&above.spans[0])) == fold(without_mark(text))
    };
    matches!(passage.form, Form::Text)
        && (goes_on_mark(text)
            || before[table.saturating_sub(ABOVE)..table]
                .iter()
                .any(is_again))
}

/// Puts a piece behind the table that it goes on from. Gives it back if it is another table, or if the rule may not act.
pub fn append(
    draft: &mut Draft,
    table: &mut Table,
    before: &mut Facts,
    next: Table,
    after: &Facts,
) -> Option<Table> {
    if !draft.may(Rule::MergeTablePieces) {
        return Some(next);
    }
    let fit = match (table.is_printed, next.is_printed) {
        (true, true) => pieces::fit(draft, (table, before), (&next, after)).map(Fit::Printed),
        (false, false) => n_again(before, after).map(Fit::Text),
        _ => None,
    };
    let Some(fit) = fit else {
        return Some(next);
    };
    let why = if is_same_page(draft, table, &next) {
        "the header of the table, printed again in the next column"
    } else {
        "the header of the table, printed again on the next page"
    };
    let applies = draft.applies(Rule::MergeTablePieces, SURE);
    if table.is_printed || !applies {
        take_away_header(draft, &next, fit.n_again(), why);
    }
    if !applies {
        return Some(next);
    }
    before.extend(after);
    match fit {
        Fit::Printed(fit) => pieces::append(draft, table, next, &fit),
        Fit::Text(n_again) => {
            table.pieces.push(Piece {
                start: table.lines.len(),
                n_again,
            });
            table.lines.extend(next.lines);
        }
    }
    None
}

/// How a piece goes on a table.
enum Fit {
    Printed(pieces::Fit),
    /// Of a text: the rows of the header that it shows again.
    Text(usize),
}

impl Fit {
    fn n_again(&self) -> usize {
        match self {
            Fit::Printed(fit) => fit.n_again,
            Fit::Text(n_again) => *n_again,
        }
    }
}

/// The header of a piece, printed again, goes into the log.
fn take_away_header(draft: &mut Draft, next: &Table, n_again: usize, why: &'static str) {
    let lines: Vec<usize> = if next.is_printed {
        let again = next.cells.iter().filter(|cell| cell.row < n_again);
        again
            .flat_map(|cell| &cell.spans)
            .map(|span| span.line)
            .collect()
    } else {
        next.lines[..n_again].to_vec()
    };
    for line in lines {
        take_away_row(draft, line, why);
    }
}

fn take_away_row(draft: &mut Draft, line: usize, why: &'static str) -> bool {
    let whole = 0..draft.texts[line].len();
    draft.edit(line, whole, "", Rule::MergeTablePieces, SURE, why)
}

pub fn take_away_label(draft: &mut Draft, line: usize, range: Range<usize>) -> bool {
    draft.edit(
        line,
        range,
        "",
        Rule::ContinueRowSpan,
        SURE_OF_LABEL,
        "the label of the row span, printed again at the head of the page",
    )
}

/// The headers of later pieces go into the log; doubled characters in the first header go too.
pub fn drop_repeated_headers(draft: &mut Draft, table: &mut Table) {
    let why = "the header of the table, printed again on the next page";
    let mut is_header = vec![false; table.lines.len()];
    for piece in table.pieces.iter().skip(1) {
        for r in 0..piece.n_again {
            let (first, again) = (table.lines[r], table.lines[piece.start + r]);
            undouble_row(draft, first, again);
            is_header[piece.start + r] = take_away_row(draft, again, why);
        }
    }
    let mut kept = Vec::with_capacity(table.lines.len());
    let mut starts = table
        .pieces
        .iter_mut()
        .map(|piece| &mut piece.start)
        .peekable();
    for (i, &line) in table.lines.iter().enumerate() {
        if let Some(start) = starts.next_if(|start| **start == i) {
            *start = kept.len();
        }
        if !is_header[i] {
            kept.push(line);
        }
    }
    drop(starts);
    table.lines = kept;
}

/// Takes out the characters that are doubled in a row of the header and not where it is printed again.
fn undouble_row(draft: &mut Draft, first: usize, again: usize) {
    let (cells, siblings) = (row(draft, first), row(draft, again));
    for (col, (cell, sibling)) in cells.iter().zip(&siblings).enumerate() {
        undouble(draft, first, col, cell, sibling);
    }
}

/// `氮氧氧化物` → `氮氧化物`, where the same header has it so on another page.
fn undouble(draft: &mut Draft, line: usize, col: usize, cell: &str, sibling: &str) {
    let Some(doubled) = doubled_character(cell, sibling) else {
        return;
    };
    // An edit of this header before may have changed the cell.
    let Some(range) = cell_range(&draft.texts[line], col)
        .filter(|range| &draft.texts[line][range.clone()] == cell)
    else {
        return;
    };
    draft.edit(
        line,
        range.start + doubled.start..range.start + doubled.end,
        "",
        Rule::DoubledInCell,
        0.93,
        "a character doubled where the cell wraps; the header on the next page has it once",
    );
}

/// Bytes of the second of two like characters, without which a cell is its sibling.
fn doubled_character(cell: &str, sibling: &str) -> Option<Range<usize>> {
    let mut before = None;
    for (at, c) in cell.char_indices() {
        let end = at + c.len_utf8();
        if before == Some(c)
            && sibling
                .strip_prefix(&cell[..at])
                .is_some_and(|rest| rest == &cell[end..])
        {
            return Some(at..end);
        }
        before = Some(c);
    }
    None
}

/// A label that a row span shows again at the head of a page goes into the log.
pub fn continue_spans(draft: &mut Draft, table: &Table) {
    let mut is_start = vec![false; table.lines.len() + 1];
    for piece in table.pieces.iter().skip(1) {
        is_start[piece.start] = true;
    }
    for col in span_columns(draft, table) {
        let mut label = String::new();
        for (i, &line) in table.lines.iter().enumerate().skip(table.header_rows) {
            let Some(range) = cell_range(&draft.texts[line], col).filter(|range| !range.is_empty())
            else {
                continue;
            };
            let text = draft.texts[line][range.clone()].to_owned();
            if is_start[i] && is_label_again(&label, &text) {
                take_away_label(draft, line, range);
            } else {
                label = text;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_doubled_in_one_of_two_headers() {
        assert_eq!(doubled_character("氮氧氧化物", "氮氧化物"), Some(6..9));
        assert_eq!(doubled_character("一一对应", "一一对应"), None);
        assert_eq!(doubled_character("年年", "月"), None);
    }

    #[test]
    fn headers_that_differ_in_a_character() {
        let header = |text: &str| vec![text.split('|').map(str::to_owned).collect::<Vec<_>>()];
        let (a, b) = (
            header("序号|县区|项目名称|建设地点"),
            header("序号|县区|项目各称|建设地点"),
        );
        assert!(are_headers_alike(&a, &b, ALIKE));
        assert!(!are_headers_alike(
            &header("县区|户数"),
            &header("县区|人数"),
            ALIKE_IN_PLACE
        ));
    }
}
