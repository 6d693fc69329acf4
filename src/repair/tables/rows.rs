//! Rows of a table that is printed as lines: cells parted by tabs.

use std::ops::Range;

use super::Table;
use crate::repair::Draft;
use language::figures::number;
use language::script::{date_line, fold, is_blank};

/// Rows of a header, at most: a table with more names in a column has a form's boxes at its head.
pub const MOST_HEADER_ROWS: usize = 4;

pub fn row(draft: &Draft, line: usize) -> Vec<String> {
    draft.texts[line]
        .split('\t')
        .map(|cell| cell.trim_matches(is_blank).to_owned())
        .collect()
}

pub fn rows(draft: &Draft, lines: &[usize]) -> Vec<Vec<String>> {
    lines.iter().map(|&line| row(draft, line)).collect()
}

/// The texts of the first `n` rows of a table whose cells are known; a cell stands at its first row and column.
pub fn printed_rows(draft: &Draft, table: &Table, n: usize) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new(); table.n_cols]; table.n_rows.min(n)];
    for cell in table.cells.iter().filter(|cell| cell.row < n) {
        rows[cell.row][cell.col] = draft.text(&cell.spans);
    }
    rows
}

/// The cells of a row that hold something.
pub fn filled(row: &[String]) -> impl Iterator<Item = &str> {
    row.iter().map(String::as_str).filter(|c| !c.is_empty())
}

/// What rows hold, with one form of each character, cells parted by tabs.
pub fn folded(rows: &[Vec<String>]) -> String {
    let cells = rows.iter().flat_map(|row| filled(row)).map(fold);
    cells.collect::<Vec<_>>().join("\t")
}

/// Whether nothing but the first cell of a row holds anything: a title between rows.
pub fn is_title(row: &[String]) -> bool {
    let [first, rest @ ..] = row else {
        return false;
    };
    !first.is_empty() && number(first).is_none() && rest.iter().all(String::is_empty)
}

/// A row without the empty cells at its end.
pub fn trimmed(row: &[String]) -> &[String] {
    &row[..row
        .iter()
        .rposition(|c| !c.is_empty())
        .map_or(0, |last| last + 1)]
}

/// A cell of a row, empty where the row ends before it.
pub fn cell(row: &[String], col: usize) -> &str {
    row.get(col).map_or("", String::as_str)
}

/// Bytes of the cell in a row's text.
pub fn cell_range(text: &str, col: usize) -> Option<Range<usize>> {
    cell_ranges(text).nth(col)
}

/// Bytes of each cell in a row's text, without the white space around it.
pub fn cell_ranges(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    text.split('\t').map(move |cell| {
        let inner = cell.trim_matches(is_blank);
        let lead = if inner.is_empty() {
            0
        } else {
            cell.len() - cell.trim_start_matches(is_blank).len()
        };
        let range = start + lead..start + lead + inner.len();
        start += cell.len() + 1;
        range
    })
}

/// How many rows at the top name the columns.
pub fn header_rows(rows: &[Vec<String>]) -> usize {
    if !rows.first().is_some_and(|first| is_header(first)) {
        return 0;
    }
    (1..rows.len().min(MOST_HEADER_ROWS))
        .find(|&n| !goes_on_header(&rows[..n], &rows[n]))
        .unwrap_or(rows.len().min(MOST_HEADER_ROWS))
}

/// How many rows a printed header has beside a name that stands over several columns: as many as the highest name of its
/// first row.
pub fn rows_beside_spans(table: &Table, head: &[Vec<String>]) -> usize {
    let first = || table.cells.iter().filter(|cell| cell.row == 0);
    let n = first().map(|cell| cell.rowspan).max().unwrap_or(0);
    let is_named = |row: &Vec<String>| row.iter().all(|cell| number(cell).is_none());
    let is_header = first().any(|cell| cell.colspan > 1)
        && n <= MOST_HEADER_ROWS
        && n < table.n_rows
        && head.first().is_some_and(|row| is_header(row))
        && head.iter().take(n).all(is_named);
    if is_header { n } else { 0 }
}

/// Whether the first row of a table names columns: it does not count, and few of its cells are figures or days.
fn is_header(first: &[String]) -> bool {
    let filled: Vec<&String> = first.iter().filter(|c| !c.is_empty()).collect();
    // A year alone names a column as often.
    let n_figures = filled
        .iter()
        .filter(|c| number(c).is_some() || date_line(c).is_some())
        .count();
    // One name alone is that of a form's field.
    (filled.len() > 1 || first.len() == 1)
        && first[0].parse::<u32>().is_err()
        && n_figures * 3 <= filled.len()
}

/// Whether a row stands under a header's cells that span columns: below these stand names, and every column that has none
/// has one above.
fn goes_on_header(above: &[Vec<String>], row: &[String]) -> bool {
    let is_filled = |row: &[String], col: usize| !cell(row, col).is_empty();
    let n_names = row.iter().filter(|c| !c.is_empty()).count();
    let last = &above[above.len() - 1];
    let width = trimmed(row).len().max(trimmed(&above[0]).len());
    let stands_under = |col: usize| is_filled(row, col) && !is_filled(last, col);
    // Below a second row of names there may be a third: no row of a body lacks the first cell before one had it.
    let is_next = above.len() > 1 || (0..row.len()).any(stands_under);
    n_names >= 2
        && !is_filled(row, 0)
        && row.iter().all(|c| number(c).is_none())
        && is_next
        && (1..width).all(|col| is_filled(row, col) || above.iter().any(|a| is_filled(a, col)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_values_and_days_is_no_header() {
        let n = |row: &str| header_rows(&[row.split('|').map(str::to_owned).collect()]);
        assert_eq!(n("|东湖支行|3,000|2015-09-21|2016年3月21日|"), 0);
        assert_eq!(n("指标|2021年|2022年|2023年"), 1);
    }

    #[test]
    fn cells_and_their_bytes() {
        let ranges: Vec<_> = cell_ranges("a\t 乡 \t").collect();
        assert_eq!(ranges, [0..1, 3..6, 8..8]);
    }
}
