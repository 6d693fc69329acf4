//! Whether a table goes on in the next column or on the next page. This alone decides it: whether the header is printed
//! again there, and whether the label of a row span goes on.

use std::ops::Range;

use super::rows::{cell_range, header_rows, printed_rows, row, rows, trimmed};
use super::spans::span_columns;
use super::{Cell, Piece, Table};
use crate::repair::Draft;
use language::script::fold;
use model::Rule;

/// How sure it is that two pieces are one table.
const SURE: f32 = 0.97;
/// How sure it is that a label at the head of a piece is that of the row span above.
const SURE_OF_LABEL: f32 = 0.9;
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
    /// The rows of the header.
    header: Vec<Vec<String>>,
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
            return Self {
                header: header(printed_rows(draft, table, HEAD)),
                n_cols: table.n_cols,
                n_rows: table.n_rows,
                ..Self::default()
            };
        }
        let header = header(rows(draft, &table.lines[..table.lines.len().min(HEAD)]));
        let count = |line: &usize| row(draft, *line).first().and_then(|c| c.parse().ok());
        let body = &table.lines[header.len()..];
        let width = |line: &usize| trimmed(&row(draft, *line)).len();
        Self {
            n_cols: table.lines.iter().map(width).max().unwrap_or(0),
            n_rows: table.lines.len(),
            first: body.iter().take(UNCOUNTED_AT_HEAD).find_map(count),
            last: table.lines.iter().rev().take(UNCOUNTED).find_map(count),
            header,
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
        self.header
            .iter()
            .flatten()
            .filter(|c| !c.is_empty())
            .count()
            >= TELLING
    }
}

fn header(mut head: Vec<Vec<String>>) -> Vec<Vec<String>> {
    head.truncate(header_rows(&head));
    head
}

/// Part of the characters that two texts have in common, in order.
fn likeness(a: &str, b: &str) -> f64 {
    strsim::normalized_levenshtein(a, b)
}

/// Whether two headers are one, but for a character here and there that was recognised otherwise.
fn is_header_again(a: &[Vec<String>], b: &[Vec<String>], alike: f64) -> bool {
    let (a, b) = (folded(a), folded(b));
    a == b || a.chars().count() >= LONG_HEADER && likeness(&a, &b) >= alike
}

fn folded(rows: &[Vec<String>]) -> String {
    let cells = rows.iter().flat_map(|row| trimmed(row)).map(|c| fold(c));
    cells.collect::<Vec<_>>().join("\t")
}

/// The label of a row span, printed again.
fn is_label_again(above: &str, label: &str) -> bool {
    !label.is_empty() && fold(above) == fold(label)
}

/// How many rows of a header are printed again at the head of the piece after a table; `None` if it is another table.
fn continuation(draft: &Draft, table: (&Table, &Facts), next: (&Table, &Facts)) -> Option<usize> {
    let ((table, before), (next, after)) = (table, next);
    if table.is_printed != next.is_printed {
        return None;
    }
    let n_header = after.header.len();
    let is_as_high = before.header.len() == n_header;
    let goes_on = if table.is_printed {
        before.n_cols == after.n_cols
            && is_next_to(draft, table, next)
            && (n_header == 0
                || is_as_high && is_header_again(&before.header, &after.header, ALIKE_IN_PLACE))
    } else if n_header == 0 {
        !before.header.is_empty()
            && before.n_cols == after.n_cols
            && before.counts_on(after) == Some(true)
    } else {
        // One header of few short words says little, and rows that do not count on are those of another table.
        is_as_high
            && before.is_telling()
            && has_same_shape(&before.header, &after.header)
            && is_header_again(&before.header, &after.header, ALIKE)
            && before.counts_on(after) != Some(false)
    };
    goes_on.then_some(n_header)
}

/// Whether each row has as many cells as that of the other.
fn has_same_shape(a: &[Vec<String>], b: &[Vec<String>]) -> bool {
    a.iter()
        .zip(b)
        .all(|(a, b)| trimmed(a).len() == trimmed(b).len())
}

/// Whether a table stands where one goes on: on another page, or in the next column.
fn is_next_to(draft: &Draft, table: &Table, next: &Table) -> bool {
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
    let Some(n_again) = continuation(draft, (table, before), (&next, after)) else {
        return Some(next);
    };
    let why = if is_same_page(draft, table, &next) {
        "the header of the table, printed again in the next column"
    } else {
        "the header of the table, printed again on the next page"
    };
    let applies = draft.applies(Rule::MergeTablePieces, SURE);
    if table.is_printed || !applies {
        take_away_header(draft, &next, n_again, why);
    }
    if !applies {
        return Some(next);
    }
    before.extend(after);
    if table.is_printed {
        append_cells(draft, table, next, n_again);
    } else {
        table.pieces.push(Piece {
            start: table.lines.len(),
            n_again,
        });
        table.lines.extend(next.lines);
    }
    None
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

/// Puts the cells of a printed piece below those of the table; a row span that the page cut is one again.
fn append_cells(draft: &mut Draft, table: &mut Table, next: Table, n_again: usize) {
    let offset = table.n_rows;
    // Cells that reach the last row, by column.
    let mut last: Vec<Option<usize>> = vec![None; table.n_cols];
    let reach_end = |cell: &Cell| cell.row + cell.rowspan == offset;
    for (i, cell) in table.cells.iter().enumerate().filter(|(_, c)| reach_end(c)) {
        last[cell.col].get_or_insert(i);
    }
    for mut cell in next.cells {
        if cell.row < n_again {
            continue;
        }
        cell.row = cell.row - n_again + offset;
        let above = last[cell.col].filter(|_| cell.row == offset);
        match above.map(|i| &mut table.cells[i]) {
            Some(above) if goes_on_in(draft, above, &cell) => above.rowspan += cell.rowspan,
            _ => table.cells.push(cell),
        }
    }
    table.n_rows += next.n_rows - n_again;
    table.lines.extend(next.lines);
}

/// Whether a cell is the empty rest of a row span that the page cut, or shows its label again, which goes into the log.
fn goes_on_in(draft: &mut Draft, above: &Cell, cell: &Cell) -> bool {
    if above.colspan != cell.colspan || cell.rowspan == 1 && above.rowspan == 1 {
        return false;
    }
    let label = draft.text(&cell.spans);
    if label.is_empty() {
        return draft.applies(Rule::ContinueRowSpan, SURE_OF_LABEL);
    }
    if !is_label_again(&draft.text(&above.spans), &label) {
        return false;
    }
    for span in &cell.spans {
        let whole = 0..draft.texts[span.line].len();
        take_away_label(draft, span.line, whole);
    }
    draft.applies(Rule::ContinueRowSpan, SURE_OF_LABEL)
}

fn take_away_label(draft: &mut Draft, line: usize, range: Range<usize>) -> bool {
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
        assert!(is_header_again(&a, &b, ALIKE));
        assert!(!is_header_again(
            &header("县区|户数"),
            &header("县区|人数"),
            ALIKE_IN_PLACE
        ));
    }
}
