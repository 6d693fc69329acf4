//! Texts whose spans are filled down: what stands over or beside several rows is set again in each of them, as programs
//! do that write a table as lines.

use super::Table;
use super::rows::{MOST_HEADER_ROWS, cell, cell_range, rows};
use crate::repair::{Draft, Form, Passage};
use language::figures::{is_total, number};
use model::Rule;

/// Rows of a table whose labels say that they are filled down.
const ENOUGH_ROWS: usize = 3;
/// How sure it is that a label is the one above again.
const SURE: f32 = 0.9;

/// Takes out the labels that are set again, in all tables of a text, if the header of one shows that spans are filled down.
pub fn drop_labels(draft: &mut Draft, passages: &[Passage]) {
    if !draft.may(Rule::ContinueRowSpan) {
        return;
    }
    let of_text = |passage: &'_ &Passage| match &passage.form {
        Form::Table(table) => !table.is_printed,
        _ => false,
    };
    let tables = passages.iter().filter(of_text).filter_map(|passage| {
        let Form::Table(table) = &passage.form else {
            return None;
        };
        Some(table)
    });
    let n_header: Vec<(&Table, usize)> = tables
        .map(|table| (table, names_again(&rows(draft, &table.lines))))
        .collect();
    if n_header.iter().all(|(_, n)| *n == 0) {
        return;
    }
    for (table, n) in n_header {
        drop_again(draft, table, n);
    }
}

/// How many rows below the first one name columns that it has named; none in most tables.
fn names_again(grid: &[Vec<String>]) -> usize {
    let [first, rest @ ..] = grid else { return 0 };
    let names = rest.iter().take(MOST_HEADER_ROWS - 1);
    names.take_while(|row| is_named_again(first, row)).count()
}

/// Whether a row says again what the first column is, and more than the row above does of the others.
fn is_named_again(first: &[String], row: &[String]) -> bool {
    let is_new = |col: usize| {
        let text = cell(row, col);
        !text.is_empty() && text != cell(first, col)
    };
    !cell(first, 0).is_empty()
        && cell(first, 0) == cell(row, 0)
        && row.iter().all(|text| number(text).is_none())
        && (1..row.len()).any(is_new)
}

fn drop_again(draft: &mut Draft, table: &Table, n_header: usize) {
    let grid = rows(draft, &table.lines);
    let n_cols = grid.iter().map(Vec::len).max().unwrap_or(0);
    for row in 1..=n_header {
        for col in (0..n_cols).rev() {
            if !cell(&grid[row], col).is_empty()
                && cell(&grid[row], col) == cell(&grid[row - 1], col)
            {
                drop_cell(draft, table.lines[row], col);
            }
        }
    }
    // A header of one row is no matter here.
    let body = n_header + 1..grid.len();
    for col in label_columns(&grid[body.start.min(grid.len())..], n_cols) {
        for row in body.start + 1..body.end {
            let (above, text) = (cell(&grid[row - 1], col), cell(&grid[row], col));
            if !text.is_empty() && above == text {
                drop_cell(draft, table.lines[row], col);
            }
        }
    }
}

fn drop_cell(draft: &mut Draft, line: usize, col: usize) {
    let Some(range) = cell_range(&draft.texts[line], col) else {
        return;
    };
    let why = "the label of the row span, set again in each of its rows";
    draft.edit(line, range, "", Rule::ContinueRowSpan, SURE, why);
}

/// The first columns of a body, as far as they count rows or hold labels of several.
fn label_columns(body: &[Vec<String>], n_cols: usize) -> Vec<usize> {
    let mut columns = Vec::new();
    if body.len() < ENOUGH_ROWS {
        return columns;
    }
    for col in 0..n_cols.saturating_sub(1) {
        let texts: Vec<&str> = body
            .iter()
            .map(|row| cell(row, col))
            .filter(|text| !text.is_empty() && !is_total(text))
            .collect();
        if holds_groups(&texts) {
            columns.push(col);
        } else if !texts.iter().all(|text| number(text).is_some()) {
            break;
        }
    }
    columns
}

/// Whether texts come in groups of one text, each once, and one of several rows.
fn holds_groups(texts: &[&str]) -> bool {
    let groups: Vec<&[&str]> = texts.chunk_by(|a, b| a == b).collect();
    let mut labels: Vec<&str> = groups.iter().map(|group| group[0]).collect();
    labels.sort_unstable();
    let n_groups = labels.len();
    labels.dedup();
    n_groups == labels.len()
        && n_groups < texts.len()
        && labels.iter().all(|label| number(label).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(rows: &[&str]) -> Vec<Vec<String>> {
        rows.iter()
            .map(|row| row.split('|').map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn names_set_again() {
        assert_eq!(
            names_again(&grid(&[
                "乡镇|指标||占比",
                "乡镇|户数|人口|占比",
                "甲镇|3|4|5"
            ])),
            1
        );
        assert_eq!(names_again(&grid(&["乡镇|指标||占比", "|户数|人口|"])), 0);
        assert_eq!(names_again(&grid(&["1|甲镇|3", "1|乙镇|4"])), 0);
    }

    #[test]
    fn groups_of_labels() {
        assert!(holds_groups(&["东片", "东片", "西片"]));
        assert!(!holds_groups(&["男", "女", "男", "男"]));
        assert!(!holds_groups(&["甲镇", "乙镇"]));
    }
}
