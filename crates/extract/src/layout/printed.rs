//! Lines and tables as they are printed.

use super::line_text;
use super::page_runs::PageRuns;
use super::reading_order::Ordered;
use super::runs::{self, TextRun};
use super::tables::{Cell, Table};
use super::turn::Turn;
use crate::geom::{Rect, bounds};
use crate::laid::{
    Column, Laid, LineRole, PrintedCell, PrintedCharacter, PrintedLine, PrintedTable,
};

/// The document that pages make.
pub fn document(pages: Vec<LaidPage>) -> Laid {
    let mut document = Laid::default();
    for mut page in pages {
        let first = document.lines.len();
        for cell in page.tables.iter_mut().flat_map(|table| &mut table.cells) {
            cell.lines.iter_mut().for_each(|line| *line += first);
        }
        document.lines.append(&mut page.lines);
        document.tables.append(&mut page.tables);
    }
    document
}

/// The lines and tables of one page, while they are put down.
pub struct LaidPage {
    pub lines: Vec<PrintedLine>,
    pub tables: Vec<PrintedTable>,
    turn: Turn,
    /// Marks that stand in the lines.
    pub n_marks: usize,
}

impl LaidPage {
    pub fn new(page: &PageRuns) -> Self {
        Self {
            lines: Vec::new(),
            tables: Vec::new(),
            turn: page.turn,
            n_marks: 0,
        }
    }

    pub fn put(&mut self, page: &PageRuns, part: Ordered, role: LineRole) {
        match part {
            Ordered::Line { runs, column } => self.put_line(page, &runs, column, role),
            Ordered::Table(table) => self.put_table(page, table, role),
        }
    }

    /// A line outside the text.
    pub fn put_furniture(&mut self, page: &PageRuns, runs: &[TextRun], role: LineRole) {
        let column = Column {
            left: 0.0,
            right: page.width,
        };
        self.put_line(page, runs, column, role);
    }

    fn put_line(&mut self, page: &PageRuns, runs: &[TextRun], column: Column, role: LineRole) {
        self.n_marks += runs.iter().map(|run| run.marks.len()).sum::<usize>();
        self.lines.push(line(page, runs, column, role));
    }

    fn put_table(&mut self, page: &PageRuns, table: Table, role: LineRole) {
        let cells = table
            .cells
            .into_iter()
            .map(|cell| self.put_cell(page, cell, role))
            .collect();
        self.tables.push(PrintedTable {
            page: page.number,
            bbox: page.on_page(table.bbox).into(),
            n_rows: table.n_rows,
            n_cols: table.n_cols,
            cells,
            ruled: table.ruled,
        });
    }

    fn put_cell(&mut self, page: &PageRuns, cell: Cell, role: LineRole) -> PrintedCell {
        let column = Column {
            left: cell.bbox.x0,
            right: cell.bbox.x1,
        };
        let first = self.lines.len();
        for row in runs::rows(cell.runs) {
            self.put_line(page, &row, column, role);
        }
        PrintedCell {
            row: cell.slot.row,
            col: cell.slot.col,
            rowspan: cell.slot.rowspan,
            colspan: cell.slot.colspan,
            bbox: page.on_page(cell.bbox).into(),
            lines: (first..self.lines.len()).collect(),
        }
    }

    /// From the half of a sheet to the sheet.
    pub fn move_right(&mut self, by: f32) {
        if by == 0.0 {
            return;
        }
        let move_box = |bbox: &mut [f32; 4]| *bbox = Rect::from(*bbox).moved_right(by).into();
        for line in &mut self.lines {
            move_box(&mut line.bbox);
            let characters = line.characters.iter_mut();
            characters.for_each(|character| move_box(&mut character.bbox));
            // Columns run along the lines.
            if self.turn == Turn::None {
                line.column.left += by;
                line.column.right += by;
            }
        }
        for table in &mut self.tables {
            move_box(&mut table.bbox);
            let cells = table.cells.iter_mut();
            cells.for_each(|cell| move_box(&mut cell.bbox));
        }
    }
}

fn line(page: &PageRuns, runs: &[TextRun], column: Column, role: LineRole) -> PrintedLine {
    let bbox = bounds(runs.iter().map(|run| run.bbox)).unwrap_or_default();
    let marks = || runs.iter().flat_map(|run| &run.marks);
    // All or none are recognised, and there are many: no more room than they take.
    let mut characters: Vec<PrintedCharacter> = marks()
        .filter_map(|mark| {
            Some(PrintedCharacter {
                recognised: mark.recognised?,
                text: mark.text.chars().next()?,
                bbox: page.on_page(mark.bbox).into(),
            })
        })
        .collect();
    characters.shrink_to_fit();
    PrintedLine {
        page: page.number,
        leaf: page.leaf,
        text: line_text::text(runs, &page.spaces),
        bbox: page.on_page(bbox).into(),
        size: runs::usual_size(marks()),
        column,
        role,
        characters,
    }
}
