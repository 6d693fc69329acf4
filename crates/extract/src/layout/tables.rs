//! Tables as the layout finds them, whether rulings or alignment part their cells.

use super::runs::TextRun;
use crate::geom::Rect;

/// A table whose cells hold runs that are not lines yet.
#[derive(Debug)]
pub struct Table<'a> {
    pub bbox: Rect,
    pub n_rows: usize,
    pub n_cols: usize,
    /// In the order in which they are read: row by row.
    pub cells: Vec<Cell<'a>>,
    /// Rulings part its cells, not alignment alone.
    pub ruled: bool,
}

#[derive(Debug, Clone)]
pub struct Cell<'a> {
    pub slot: Slot,
    pub bbox: Rect,
    pub runs: Vec<TextRun<'a>>,
}

/// Where a cell lies in the rows and columns of its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    pub row: usize,
    pub col: usize,
    pub rowspan: usize,
    pub colspan: usize,
}

impl Slot {
    /// The first row below the cell.
    pub fn row_end(self) -> usize {
        self.row + self.rowspan
    }

    /// The first column right of the cell.
    pub fn col_end(self) -> usize {
        self.col + self.colspan
    }
}

/// Where the columns and rows of a table begin and end: one border more than there are columns, and than rows.
#[derive(Debug, Clone, Default)]
pub struct Borders {
    pub xs: Vec<f32>,
    pub ys: Vec<f32>,
}

impl Borders {
    pub fn n_rows(&self) -> usize {
        self.ys.len().saturating_sub(1)
    }

    pub fn n_cols(&self) -> usize {
        self.xs.len().saturating_sub(1)
    }

    /// The box of the whole table.
    pub fn bbox(&self) -> Rect {
        self.bbox_of(Slot {
            row: 0,
            col: 0,
            rowspan: self.n_rows(),
            colspan: self.n_cols(),
        })
    }

    pub fn bbox_of(&self, slot: Slot) -> Rect {
        Rect {
            x0: self.xs[slot.col],
            y0: self.ys[slot.row],
            x1: self.xs[slot.col_end()],
            y1: self.ys[slot.row_end()],
        }
    }

    pub fn cell<'a>(&self, slot: Slot, runs: Vec<TextRun<'a>>) -> Cell<'a> {
        Cell {
            slot,
            bbox: self.bbox_of(slot),
            runs,
        }
    }

    /// The table that cells in these borders make.
    pub fn table<'a>(&self, mut cells: Vec<Cell<'a>>, ruled: bool) -> Table<'a> {
        cells.sort_by_key(|cell| (cell.slot.row, cell.slot.col));
        Table {
            bbox: self.bbox(),
            n_rows: self.n_rows(),
            n_cols: self.n_cols(),
            cells,
            ruled,
        }
    }
}
