//! Places: each place of a table, a row and a column, has one cell at the most, whatever found the cells.

use super::{Cell, Table};

/// Which cell stands in each place, by rows.
struct Owners {
    n_cols: usize,
    of: Vec<Option<usize>>,
}

impl Owners {
    fn at(&self, row: usize, col: usize) -> Option<usize> {
        self.of[row * self.n_cols + col]
    }

    /// The part of a cell's rows and columns that is free, from its first place on, as their numbers.
    fn free(&self, cell: &Cell, n_rows: usize) -> (usize, usize) {
        let cols = cell.col..(cell.col + cell.colspan).min(self.n_cols);
        let n_free = cols
            .take_while(|&col| self.at(cell.row, col).is_none())
            .count();
        let is_free =
            |row: &usize| (cell.col..cell.col + n_free).all(|col| self.at(*row, col).is_none());
        let rows = cell.row..(cell.row + cell.rowspan).min(n_rows);
        (rows.take_while(is_free).count(), n_free)
    }

    fn take(&mut self, cell: &Cell, owner: usize) {
        for row in cell.row..cell.row + cell.rowspan {
            let start = row * self.n_cols + cell.col;
            self.of[start..start + cell.colspan].fill(Some(owner));
        }
    }
}

/// Makes each place that of one cell: a cell ends where another, which comes before it, stands; and one whose first place is
/// another's stands in that, as further lines of it.
pub fn settle(table: &mut Table) {
    if are_apart(table) {
        return;
    }
    let mut owners = Owners {
        n_cols: table.n_cols,
        of: vec![None; table.n_rows * table.n_cols],
    };
    let mut cells = std::mem::take(&mut table.cells);
    cells.sort_by_key(|cell| (cell.row, cell.col));
    let mut settled: Vec<Cell> = Vec::with_capacity(cells.len());
    for mut cell in cells {
        cell.row = cell.row.min(table.n_rows.saturating_sub(1));
        cell.col = cell.col.min(table.n_cols.saturating_sub(1));
        match owners.at(cell.row, cell.col) {
            Some(owner) => settled[owner].spans.append(&mut cell.spans),
            None => {
                (cell.rowspan, cell.colspan) = owners.free(&cell, table.n_rows);
                owners.take(&cell, settled.len());
                settled.push(cell);
            }
        }
    }
    let free = (0..owners.of.len()).filter(|&place| owners.of[place].is_none());
    settled.extend(free.map(|place| Cell::empty(place / table.n_cols, place % table.n_cols)));
    settled.sort_by_key(|cell| (cell.row, cell.col));
    for cell in &mut settled {
        cell.spans.sort_by_key(|span| span.line);
    }
    table.cells = settled;
}

/// Whether no two cells share a place, and none reaches out of the table.
fn are_apart(table: &Table) -> bool {
    let mut is_taken = vec![false; table.n_rows * table.n_cols];
    for cell in &table.cells {
        let (row_end, col_end) = (cell.row + cell.rowspan, cell.col + cell.colspan);
        if row_end > table.n_rows || col_end > table.n_cols {
            return false;
        }
        for row in cell.row..row_end {
            let places = &mut is_taken[row * table.n_cols..][cell.col..col_end];
            if places.contains(&true) {
                return false;
            }
            places.fill(true);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::Span;

    fn table(cells: &[[usize; 4]]) -> Table {
        let cell = |(line, &[row, col, rowspan, colspan]): (usize, &[usize; 4])| Cell {
            rowspan,
            colspan,
            spans: vec![Span::line(line)],
            ..Cell::empty(row, col)
        };
        Table {
            n_rows: 3,
            n_cols: 3,
            cells: cells.iter().enumerate().map(cell).collect(),
            ..Table::default()
        }
    }

    fn slots(table: &Table) -> Vec<([usize; 4], usize)> {
        let slot = |cell: &Cell| {
            let at = [cell.row, cell.col, cell.rowspan, cell.colspan];
            (at, cell.spans.len())
        };
        table.cells.iter().map(slot).collect()
    }

    #[test]
    fn a_cell_ends_where_another_stands() {
        let mut found = table(&[[0, 1, 3, 1], [1, 0, 1, 3], [2, 1, 1, 1]]);
        settle(&mut found);
        let expected = [
            ([0, 0, 1, 1], 0),
            ([0, 1, 3, 1], 2),
            ([0, 2, 1, 1], 0),
            ([1, 0, 1, 1], 1),
            ([1, 2, 1, 1], 0),
            ([2, 0, 1, 1], 0),
            ([2, 2, 1, 1], 0),
        ];
        assert_eq!(slots(&found), expected);
        assert!(are_apart(&found));
    }

    #[test]
    fn cells_that_are_apart_stay() {
        let cells = [[0, 0, 1, 2], [0, 2, 2, 1], [1, 0, 1, 1]];
        let mut found = table(&cells);
        settle(&mut found);
        assert_eq!(slots(&found), cells.map(|at| (at, 1)));
    }
}
