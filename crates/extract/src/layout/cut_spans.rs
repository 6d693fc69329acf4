//! Row spans that the end of a page cuts: what of them stands on the next page is read before the rows beside it, where
//! it began. That is all that is decided here; whether two tables are one is the repair's question.

use super::printed::LaidPage;
use crate::geom::is_near;
use crate::laid::{PrintedCell, PrintedLine, PrintedTable};

/// How far the edges of a table differ from page to page, in points: less than a character.
const SAME_EDGE: f32 = 12.0;

/// Puts the cells of row spans that go on from the page before at the beginning of their row, for each page.
pub fn read_first(pages: &mut [LaidPage]) {
    for i in 1..pages.len() {
        let (before, page) = pages.split_at_mut(i);
        let (before, page) = (&before[i - 1], &mut page[0]);
        if let (Some(above), Some(table)) = (before.tables.last(), page.tables.first_mut())
            && is_as_wide(above, table)
        {
            order_first_row(above, &before.lines, table, &mut page.lines);
        }
    }
}

/// Whether two tables have as many columns over as much of the page.
fn is_as_wide(above: &PrintedTable, table: &PrintedTable) -> bool {
    above.ruled == table.ruled
        && table.n_cols > 1
        && above.n_cols == table.n_cols
        && is_near(above.bbox[0], table.bbox[0], SAME_EDGE)
        && is_near(above.bbox[2], table.bbox[2], SAME_EDGE)
}

fn order_first_row(
    above: &PrintedTable,
    lines_above: &[PrintedLine],
    table: &mut PrintedTable,
    lines: &mut [PrintedLine],
) {
    // The rows of the header are printed again.
    let (head, again) = (row_texts(above, lines_above), row_texts(table, lines));
    let n_head = head.iter().zip(&again).take_while(|(a, b)| a == b).count();
    // One row of the span may be all that is left: then its label says so, printed again.
    let open: Vec<(usize, String)> = above
        .cells
        .iter()
        .filter(|cell| cell.rowspan > 1 && cell.row + cell.rowspan == above.n_rows)
        .map(|cell| (cell.col, text(cell, lines_above)))
        .filter(|(_, label)| !label.is_empty())
        .collect();
    let goes_on =
        |cell: &PrintedCell| cell.rowspan > 1 || open.contains(&(cell.col, text(cell, lines)));
    let start = table.cells.partition_point(|cell| cell.row < n_head);
    let end = table.cells.partition_point(|cell| cell.row <= n_head);
    let row = &mut table.cells[start..end];
    let Some(first) = row.iter().flat_map(|cell| &cell.lines).min().copied() else {
        return;
    };
    row.sort_by_cached_key(|cell| !goes_on(cell));
    let order: Vec<usize> = row.iter().flat_map(|cell| cell.lines.clone()).collect();
    let moved: Vec<PrintedLine> = order.iter().map(|&line| lines[line].clone()).collect();
    lines[first..first + moved.len()].clone_from_slice(&moved);
    let mut next = first..;
    for line in row.iter_mut().flat_map(|cell| &mut cell.lines) {
        *line = next.next().unwrap_or(*line);
    }
}

/// The text of each row, cells parted by tabs.
fn row_texts(table: &PrintedTable, lines: &[PrintedLine]) -> Vec<String> {
    let mut rows = vec![String::new(); table.n_rows];
    for cell in &table.cells {
        rows[cell.row].push_str(&text(cell, lines));
        rows[cell.row].push('\t');
    }
    rows
}

fn text(cell: &PrintedCell, lines: &[PrintedLine]) -> String {
    cell.lines
        .iter()
        .map(|&line| lines[line].text.as_str())
        .collect()
}
