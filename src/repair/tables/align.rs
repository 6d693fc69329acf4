//! Rows that slid: their cells are put into the columns where their kind stands.

use super::Table;
use super::rows::{cell, is_title, rows};
use crate::repair::Draft;
use language::figures::{is_total, number};
use model::Rule;

/// Rows of a body that tell what its columns hold.
const ENOUGH_ROWS: usize = 4;
/// A column is one of figures if more than this part of its filled cells are.
const MOST: (usize, usize) = (7, 10);

// How badly a text fits a column; a text that says nothing against it costs nothing.

/// A row that costs less stands right.
const RIGHT: f32 = 3.0;
/// What a row that is moved has to save.
const WORTH: f32 = 1.0;
/// A cell beyond the last column.
const BEYOND: f32 = 5.0;
/// An empty cell in a column that is filled but for a fifth.
const EMPTY_IN_FULL: f32 = 3.0;
const SELDOM_EMPTY: f32 = 0.2;
const EMPTY: f32 = 0.3;
/// A word among figures, and a figure among words.
const WORD_IN_FIGURES: f32 = 4.0;
const FIGURE_IN_WORDS: f32 = 2.5;
/// A figure of another magnitude: by its distance on the scale of natural logarithms, and at the most.
const MAGNITUDE: f32 = 0.15;
const OTHER_MAGNITUDE: f32 = 0.8;
/// A text longer or shorter than others, on the same scale; a little says nothing.
const LENGTH: f32 = 1.5;
const USUAL_LENGTH: f32 = 0.5;
const OTHER_LENGTH: f32 = 2.5;
/// An empty cell dropped, and one put in.
const DROPPED: f32 = 0.6;
const PUT_IN: f32 = 0.4;
/// What it is cheaper by at the end: a row cut short lacks its last value; elsewhere a value is seldom lost.
const CUT_SHORT: f32 = 1.0;

/// What the rows say of one column.
struct Column {
    /// Most of its cells are numbers.
    is_numeric: bool,
    /// Share of its cells that are empty.
    empty: f32,
    /// Median length of its texts.
    length: f32,
    /// Median of its numbers.
    value: f64,
}

pub fn align(draft: &mut Draft, table: &Table) {
    for &line in &table.lines {
        drop_surplus(draft, line, table.n_cols);
    }
    let grid = rows(draft, &table.lines);
    let has_total = |row: &[String]| row.iter().any(|c| is_total(c));
    let body: Vec<&Vec<String>> = grid[table.header_rows..]
        .iter()
        .filter(|row| !has_total(row))
        .collect();
    if body.len() < ENOUGH_ROWS {
        return;
    }
    let columns: Vec<Column> = (0..table.n_cols)
        .map(|col| Column::new(&body, col, table.n_cols))
        .collect();
    for (i, cells) in grid.iter().enumerate().skip(table.header_rows) {
        if !has_total(cells)
            && !is_title(cells)
            && let Some(aligned) = realigned(cells, &columns)
        {
            rewrite(draft, table.lines[i], &aligned.join("\t"));
        }
    }
}

/// Takes away empty cells behind the last column.
fn drop_surplus(draft: &mut Draft, line: usize, n_cols: usize) {
    let text = &draft.texts[line];
    let n_cells = text.split('\t').count();
    let kept = text.trim_end_matches(['\t', ' ']).len();
    let surplus = n_cells
        .saturating_sub(n_cols)
        .min(text[kept..].matches('\t').count());
    if surplus == 0 {
        return;
    }
    let cut = text
        .rmatch_indices('\t')
        .nth(surplus - 1)
        .map_or(text.len(), |(tab, _)| tab);
    let surplus = cut..text.len();
    let why = "no column has these cells";
    draft.edit(line, surplus, "", Rule::EmptyColumn, 0.95, why);
}

impl Column {
    /// The column as the rows that have all columns have it.
    fn new(body: &[&Vec<String>], col: usize, n_cols: usize) -> Self {
        let texts: Vec<&str> = body
            .iter()
            .filter(|row| row.len() == n_cols)
            .map(|row| row[col].as_str())
            .collect();
        let filled: Vec<&str> = texts.iter().copied().filter(|t| !t.is_empty()).collect();
        let mut lengths: Vec<usize> = filled.iter().map(|t| t.chars().count()).collect();
        lengths.sort_unstable();
        let mut values: Vec<f64> = filled.iter().filter_map(|t| number(t)).collect();
        values.sort_by(f64::total_cmp);
        Self {
            is_numeric: values.len() * MOST.1 > filled.len() * MOST.0 && !filled.is_empty(),
            empty: 1.0 - filled.len() as f32 / texts.len().max(1) as f32,
            length: lengths.get(lengths.len() / 2).copied().unwrap_or(1) as f32,
            value: values.get(values.len() / 2).copied().unwrap_or(0.0),
        }
    }

    /// How badly a text fits.
    fn cost(&self, text: &str) -> f32 {
        if text.is_empty() {
            return if self.empty < SELDOM_EMPTY {
                EMPTY_IN_FULL
            } else {
                EMPTY
            };
        }
        match (number(text), self.is_numeric) {
            // Numbers of one column are of one magnitude.
            (Some(value), true) if value > 0.0 && self.value > 0.0 => {
                ((value / self.value).ln().abs() as f32 * MAGNITUDE).min(OTHER_MAGNITUDE)
            }
            (Some(_), true) => 0.0,
            (None, true) if matches!(text, "/" | "-" | "—" | "——" | "／") => 0.0,
            (None, true) => WORD_IN_FIGURES,
            (Some(_), false) => FIGURE_IN_WORDS,
            (None, false) => {
                let off = (text.chars().count() as f32 / self.length.max(1.0))
                    .ln()
                    .abs();
                (off * LENGTH - USUAL_LENGTH).clamp(0.0, OTHER_LENGTH)
            }
        }
    }
}

/// A row in the columns that it fits better, if it does not stand right.
fn realigned(cells: &[String], columns: &[Column]) -> Option<Vec<String>> {
    let as_it_is: f32 = (0..columns.len().max(cells.len()))
        .map(|col| {
            columns
                .get(col)
                .map_or(BEYOND, |column| column.cost(cell(cells, col)))
        })
        .sum();
    if as_it_is < RIGHT {
        return None;
    }
    let (best, aligned) = alignment(cells, columns);
    (best + WORTH <= as_it_is).then_some(aligned)
}

/// How the cheapest way came to a place.
#[derive(Clone, Copy)]
enum Step {
    Keep,
    Drop,
    PutIn,
}

/// The cheapest way to put the cells into the columns in order: an empty cell may be dropped or added.
fn alignment(cells: &[String], columns: &[Column]) -> (f32, Vec<String>) {
    let best = cheapest_steps(cells, columns);
    let (mut i, mut j) = (cells.len(), columns.len());
    let cost = best[i][j].0;
    let mut aligned = Vec::with_capacity(j);
    while cost.is_finite() && (i > 0 || j > 0) {
        match best[i][j].1 {
            Step::Keep => {
                (i, j) = (i - 1, j - 1);
                aligned.push(cells[i].clone());
            }
            Step::Drop => i -= 1,
            Step::PutIn => {
                j -= 1;
                aligned.push(String::new());
            }
        }
    }
    aligned.reverse();
    (cost, aligned)
}

/// For so many cells in so many columns: the least cost, and the last step to it.
fn cheapest_steps(cells: &[String], columns: &[Column]) -> Vec<Vec<(f32, Step)>> {
    let (n, m) = (cells.len(), columns.len());
    let mut best = vec![vec![(f32::INFINITY, Step::PutIn); m + 1]; n + 1];
    best[0][0].0 = 0.0;
    for i in 0..=n {
        for j in 0..=m {
            let here = best[i][j].0;
            if here.is_infinite() {
                continue;
            }
            if i < n && j < m {
                let cost = here + columns[j].cost(&cells[i]);
                reach(&mut best[i + 1][j + 1], cost, Step::Keep);
            }
            if i < n && cells[i].is_empty() {
                let cost = here + if j == m { 0.0 } else { DROPPED };
                reach(&mut best[i + 1][j], cost, Step::Drop);
            }
            if j < m {
                let saved = if j + 1 == m { CUT_SHORT } else { 0.0 };
                let cost = here + (columns[j].cost("") + PUT_IN - saved);
                reach(&mut best[i][j + 1], cost, Step::PutIn);
            }
        }
    }
    best
}

fn reach(place: &mut (f32, Step), cost: f32, step: Step) {
    if cost < place.0 {
        *place = (cost, step);
    }
}

/// Replaces what differs between a line's text and its new text, in one edit.
fn rewrite(draft: &mut Draft, line: usize, new: &str) {
    let old = &draft.texts[line];
    let same = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
        pairs
            .take_while(|(a, b)| a == b)
            .map(|(a, _)| a.len_utf8())
            .sum()
    };
    let start = same(&mut old.chars().zip(new.chars()));
    let end = same(&mut old[start..].chars().rev().zip(new[start..].chars().rev()));
    let (range, after) = (start..old.len() - end, &new[start..new.len() - end]);
    let why = "the cells are of the kind of these columns";
    draft.edit(line, range, after, Rule::AlignRow, 0.85, why);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_slid_goes_back() {
        let row = |text: &str| text.split('|').map(str::to_owned).collect::<Vec<_>>();
        let rows = ["1|东沟|10", "2|西沟|14", "3|南沟|11", "4|北沟|16"].map(row);
        let body: Vec<&Vec<String>> = rows.iter().collect();
        let columns: Vec<Column> = (0..3).map(|col| Column::new(&body, col, 3)).collect();
        assert_eq!(
            realigned(&row("5||中沟|12"), &columns),
            Some(row("5|中沟|12"))
        );
        assert_eq!(realigned(&row("5|中沟|12"), &columns), None);
    }
}
