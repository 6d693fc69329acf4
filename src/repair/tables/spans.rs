//! Spans: a header that stands over several columns, a label beside several rows; and the cells that they make.

use std::ops::Range;

use super::rows::{cell, cell_ranges, is_title, rows};
use super::{Cell, Table};
use crate::repair::{Draft, Span};
use language::figures::{is_total, number};

/// Columns whose empty cells belong to the label above them.
pub fn span_columns(draft: &Draft, table: &Table) -> Vec<usize> {
    let grid = rows(draft, &table.lines);
    let body: Vec<&Vec<String>> = grid[table.header_rows..]
        .iter()
        .filter(|row| !row.iter().any(|c| is_total(c)) && !is_title(row))
        .collect();
    (0..table.n_cols)
        .filter(|&col| holds_labels(&body, col, table.n_cols))
        .collect()
}

/// Whether a column holds labels of several rows: some of its cells are empty, and right of it stand columns that are
/// filled where it is empty.
fn holds_labels(body: &[&Vec<String>], col: usize, n_cols: usize) -> bool {
    let filled: Vec<&str> = body
        .iter()
        .map(|row| cell(row, col))
        .filter(|c| !c.is_empty())
        .collect();
    if body.len() < 2
        || filled.is_empty()
        || filled.len() == body.len()
        || cell(body[0], col).is_empty()
        || col + 1 == n_cols
    {
        return false;
    }
    let n_numbers = filled.iter().filter(|c| number(c).is_some()).count();
    // 序号 counts the groups that a label column names.
    let counts_groups = n_numbers == filled.len() && col == 0;
    let is_filled_beside = |right: usize| {
        body.iter()
            .all(|row| cell(row, col).is_empty() <= !cell(row, right).is_empty())
    };
    (n_numbers * 2 < filled.len() || counts_groups) && (col + 1..n_cols).any(is_filled_beside)
}

/// The rows of a table, and what tells how far its cells reach.
struct Rows<'t> {
    /// Bytes of each cell of each row.
    ranges: Vec<Vec<Range<usize>>>,
    /// Rows of totals.
    totals: Vec<bool>,
    /// Rows of one text, which stands over all columns.
    titles: Vec<bool>,
    /// Columns of labels beside several rows.
    span_columns: Vec<usize>,
    table: &'t Table,
}

/// Finds the spans and makes the cells; `inferred` are the lines and columns of values that were not printed legibly.
pub fn build(draft: &Draft, table: &mut Table, inferred: &[(usize, usize)]) {
    let rows = Rows::new(draft, table);
    let (n_rows, n_cols) = (table.lines.len(), table.n_cols);
    let mut is_taken = vec![vec![false; n_cols]; n_rows];
    let mut cells = Vec::with_capacity(n_rows * n_cols);
    for row in 0..n_rows {
        for col in 0..n_cols {
            if is_taken[row][col] {
                continue;
            }
            let (rowspan, colspan) = rows.span(row, col);
            for row in &mut is_taken[row..row + rowspan] {
                row[col..col + colspan].fill(true);
            }
            let line = table.lines[row];
            let spans: Vec<Span> = rows
                .is_full(row, col)
                .then(|| Span::part(line, rows.ranges[row][col].clone()))
                .into_iter()
                .collect();
            cells.push(Cell {
                row,
                col,
                rowspan,
                colspan,
                inferred: !spans.is_empty() && inferred.contains(&(line, col)),
                spans,
            });
        }
    }
    (table.n_rows, table.cells) = (n_rows, cells);
}

impl<'t> Rows<'t> {
    fn new(draft: &Draft, table: &'t Table) -> Self {
        let ranges: Vec<Vec<Range<usize>>> = table
            .lines
            .iter()
            .map(|&line| ranges(&draft.texts[line], table.n_cols))
            .collect();
        let has_total = |(row, line): (&Vec<Range<usize>>, &usize)| {
            row.iter()
                .any(|range| is_total(&draft.texts[*line][range.clone()]))
        };
        Self {
            totals: ranges.iter().zip(&table.lines).map(has_total).collect(),
            titles: titles(&ranges, table),
            span_columns: span_columns(draft, table),
            ranges,
            table,
        }
    }

    fn is_full(&self, row: usize, col: usize) -> bool {
        self.ranges[row]
            .get(col)
            .is_some_and(|range| !range.is_empty())
    }

    /// The first filled column from `from` on.
    fn next_full(&self, row: usize, from: usize) -> usize {
        (from..self.table.n_cols)
            .find(|&col| self.is_full(row, col))
            .unwrap_or(self.table.n_cols)
    }

    /// How many rows and columns a cell spans.
    fn span(&self, row: usize, col: usize) -> (usize, usize) {
        if row < self.table.header_rows {
            return self.header_span(row, col);
        }
        if !self.is_full(row, col) {
            (1, 1)
        } else if self.titles[row] {
            (1, self.table.n_cols)
        } else if self.totals[row] && col == self.next_full(row, 0) {
            (1, self.next_full(row, col + 1) - col)
        } else if self.span_columns.contains(&col) {
            (self.label_end(row, col) - row, 1)
        } else {
            (1, 1)
        }
    }

    /// A label reaches down as far as its column is empty, but not past a label left of it.
    fn label_end(&self, row: usize, col: usize) -> usize {
        let is_stop = |below: usize| {
            let mut left = self.span_columns.iter().filter(|&&left| left < col);
            self.is_full(below, col)
                || self.totals[below]
                || left.any(|&left| self.is_full(below, left))
        };
        let n_rows = self.ranges.len();
        (row + 1..n_rows).find(|&r| is_stop(r)).unwrap_or(n_rows)
    }

    /// Spans of a header cell: right over empty cells that have names below them, down over empty cells.
    fn header_span(&self, row: usize, col: usize) -> (usize, usize) {
        let (n_header, n_cols) = (self.table.header_rows, self.table.n_cols);
        let has_names_below =
            |col: usize| (row + 1..n_header).any(|below| self.is_full(below, col));
        if !has_names_below(col) {
            return (n_header - row, 1);
        }
        if !self.is_full(row, col) {
            return (1, 1);
        }
        let end = (col + 1..n_cols)
            .find(|&right| self.is_full(row, right) || !has_names_below(right))
            .unwrap_or(n_cols);
        let bottom = (row + 1..n_header)
            .find(|&below| (col..end).any(|col| self.is_full(below, col)))
            .unwrap_or(n_header);
        (bottom - row, end - col)
    }
}

/// Rows of which the first cell alone holds anything, where others are full.
fn titles(ranges: &[Vec<Range<usize>>], table: &Table) -> Vec<bool> {
    /// Columns of the narrowest table in which such a row is no label beside its value.
    const FEWEST: usize = 3;
    let n_filled = |row: &Vec<Range<usize>>| row.iter().filter(|range| !range.is_empty()).count();
    let n_full = ranges
        .iter()
        .filter(|row| n_filled(row) == table.n_cols)
        .count();
    let is_title = |row: &Vec<Range<usize>>| {
        n_filled(row) == 1
            && !row[0].is_empty()
            && table.n_cols >= FEWEST
            && n_full * 2 > ranges.len()
    };
    ranges.iter().map(is_title).collect()
}

/// Bytes of the cells of a row. More cells than columns: the last column takes them all, nothing is lost.
fn ranges(text: &str, n_cols: usize) -> Vec<Range<usize>> {
    let mut row: Vec<Range<usize>> = Vec::with_capacity(n_cols);
    for (col, range) in cell_ranges(text).enumerate() {
        if col < n_cols {
            row.push(range);
        } else if !range.is_empty() {
            row[n_cols - 1].end = range.end;
        }
    }
    row
}
