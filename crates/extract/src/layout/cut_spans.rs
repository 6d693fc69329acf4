//! Row spans that the end of a page cuts: what of them stands on the next page is read before the rows beside it, where
//! it began. That is all that is decided here; whether two tables are one is the repair's question.

use super::printed::LaidPage;
use crate::geom::{Rect, is_near};
use crate::laid::{PrintedCell, PrintedLine, PrintedTable};
use language::script::is_blank;

/// How far the widths of a table differ from page to page, in points: less than a character at each end. Where it stands
/// is no matter: left and right pages have other margins, and a scan is moved.
const SAME_WIDTH: f32 = 12.0;

/// Part of the characters of a header that are the same where it is printed again.
const ALIKE: f64 = 0.9;

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
    let width = |table: &PrintedTable| Rect::from(table.bbox).width();
    above.ruled == table.ruled
        && table.n_cols > 1
        && above.n_cols == table.n_cols
        && is_near(width(above), width(table), SAME_WIDTH)
}

fn order_first_row(
    above: &PrintedTable,
    lines_above: &[PrintedLine],
    table: &mut PrintedTable,
    lines: &mut [PrintedLine],
) {
    // The rows of the header are printed again.
    let (head, again) = (row_texts(above, lines_above), row_texts(table, lines));
    let is_again = |pair: &(&String, &String)| is_header_again(pair.0, pair.1);
    let n_head = head.iter().zip(&again).take_while(is_again).count();
    // The labels of spans that reach the end of the page.
    let open: Vec<(usize, String)> = above
        .cells
        .iter()
        .filter(|cell| cell.rowspan > 1 && cell.row + cell.rowspan == above.n_rows)
        .map(|cell| (cell.col, text(cell, lines_above)))
        .filter(|(_, label)| !label.is_empty())
        .collect();
    // One row of a span may be all that is left: then its label says so, printed again. Another label begins a span.
    let goes_on = |cell: &PrintedCell| match open.iter().find(|(col, _)| *col == cell.col) {
        Some((_, label)) => *label == text(cell, lines),
        None => cell.rowspan > 1,
    };
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

/// Whether a row names the columns as another does, but for a character that was recognised otherwise. Rows of values can
/// be as alike, and have figures.
fn is_header_again(a: &str, b: &str) -> bool {
    let counts = |row: &str| {
        row.split('\t')
            .any(|cell| cell.starts_with(|c: char| c.is_ascii_digit()))
    };
    a == b || !counts(a) && !counts(b) && strsim::normalized_levenshtein(a, b) >= ALIKE
}

/// The text of each row without blanks, cells parted by tabs.
fn row_texts(table: &PrintedTable, lines: &[PrintedLine]) -> Vec<String> {
    let mut rows = vec![String::new(); table.n_rows];
    for cell in &table.cells {
        let text = text(cell, lines);
        rows[cell.row].extend(text.chars().filter(|&c| !is_blank(c)));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_one_though_a_character_was_misread() {
        let header = "序号\t所属乡镇\t单位名称\t燃煤量t\t减排量t\t";
        assert!(is_header_again(header, &header.replace('煤', "媒")));
        assert!(!is_header_again("乡镇\t户数\t", "乡镇\t人数\t"));
        let row = "1\t云溪县青石镇王家湾段河道\t2024年底前完成\t";
        assert!(!is_header_again(row, &row.replace('1', "2")));
    }
}
