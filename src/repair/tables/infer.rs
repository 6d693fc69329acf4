//! Lost values: what rows of the same make or the total of a column prove.

use super::Table;
use super::rows::{cell, cell_range, rows};
use crate::repair::Draft;
use language::figures::{is_total, number};
use model::Rule;

/// Rows of a body that can prove a value.
const ENOUGH_ROWS: usize = 4;
/// A column is one of figures if this part of its cells are, and counts rows if this part of its steps are by one.
const MOST: (usize, usize) = (8, 10);
/// Values of a column that may be lost, and of how many if it is more than one.
const MOST_LOST: usize = 5;
const LOST_OF: usize = 10;
/// What sums of floating point numbers may be off by.
const ROUNDING: f64 = 1e-9;
/// How sure a value is that the total lacks, and one that rows of the same make have besides.
const BY_TOTAL: f32 = 0.85;
const BY_ROWS: f32 = 0.97;

/// The figures of a table.
struct Figures {
    grid: Vec<Vec<String>>,
    /// Rows that are neither header nor total.
    body: Vec<usize>,
    /// The last row of totals.
    total: Option<usize>,
    /// Columns of figures.
    numeric: Vec<usize>,
}

/// A value for a lost one, and what proves it.
struct Value {
    text: String,
    confidence: f32,
    why: String,
}

/// Puts in values that were lost. Gives the line and the column of each.
pub fn infer(draft: &mut Draft, table: &Table) -> Vec<(usize, usize)> {
    let figures = Figures::new(draft, table);
    let mut inferred = Vec::new();
    for &col in &figures.numeric {
        let lost = figures.lost(col);
        for (row, value) in lost.iter().zip(figures.values(&lost, col)) {
            let line = table.lines[*row];
            let Some(range) = cell_range(&draft.texts[line], col) else {
                continue;
            };
            let Value {
                text,
                confidence,
                why,
            } = value;
            if draft.edit(line, range, &text, Rule::InferLostValue, confidence, why) {
                inferred.push((line, col));
            }
        }
    }
    inferred
}

/// Rows of no more cells than columns: as in the table that is made of them, the last cell holds those beyond it.
fn in_columns(mut grid: Vec<Vec<String>>, n_cols: usize) -> Vec<Vec<String>> {
    for row in &mut grid {
        if row.len() > n_cols {
            let last = row[n_cols - 1..].concat();
            row.truncate(n_cols - 1);
            row.push(last);
        }
    }
    grid
}

impl Figures {
    fn new(draft: &Draft, table: &Table) -> Self {
        let grid = in_columns(rows(draft, &table.lines), table.n_cols);
        let has_total = |row: &usize| grid[*row].iter().any(|c| is_total(c));
        let (totals, body): (Vec<usize>, Vec<usize>) =
            (table.header_rows..grid.len()).partition(has_total);
        let is_numeric = |col: &usize| {
            let is_figure = |row: &&usize| number(cell(&grid[**row], *col)).is_some();
            let n_figures = body.iter().filter(is_figure).count();
            body.len() >= ENOUGH_ROWS && n_figures * MOST.1 >= body.len() * MOST.0
        };
        let numeric = (0..table.n_cols).filter(is_numeric).collect();
        Self {
            numeric,
            total: totals.last().copied(),
            body,
            grid,
        }
    }

    fn text(&self, row: usize, col: usize) -> &str {
        cell(&self.grid[row], col)
    }

    fn number(&self, row: usize, col: usize) -> Option<f64> {
        number(self.text(row, col))
    }

    /// Rows whose value in a column was lost; none if they are too many.
    fn lost(&self, col: usize) -> Vec<usize> {
        let is_lost = |row: &usize| self.text(*row, col).is_empty();
        let lost: Vec<usize> = self.body.iter().copied().filter(is_lost).collect();
        let is_too_many =
            lost.len() > MOST_LOST || lost.len() > 1 && lost.len() * LOST_OF > self.body.len();
        if is_too_many || lost.iter().any(|&row| self.is_poor(row)) {
            Vec::new()
        } else {
            lost
        }
    }

    /// Whether a row lacks most of its values: that is no row with a lost one.
    fn is_poor(&self, row: usize) -> bool {
        let is_filled = |col: &&usize| !self.text(row, **col).is_empty();
        self.numeric.iter().filter(is_filled).count() * 2 < self.numeric.len()
    }

    /// What the total and the other rows prove of each lost value of a column.
    fn values(&self, lost: &[usize], col: usize) -> Vec<Value> {
        if lost.is_empty() {
            return Vec::new();
        }
        self.proved_values(lost, col).unwrap_or_default()
    }

    fn proved_values(&self, lost: &[usize], col: usize) -> Option<Vec<Value>> {
        let total = self.total?;
        let printed = self.number(total, col)?;
        let rest: f64 = self
            .body
            .iter()
            .filter(|&&row| !self.text(row, col).is_empty())
            .map(|&row| self.number(row, col))
            .sum::<Option<f64>>()?;
        let decimals = self
            .text(total, col)
            .rsplit_once('.')
            .map_or(0, |(_, decimals)| decimals.len());
        let others = self.telling_columns(col);
        let guesses: Vec<Option<(usize, &str)>> = lost
            .iter()
            .map(|&row| self.value_of_like_rows(row, col, &others))
            .collect();
        if let [None] = guesses[..] {
            let value = printed - rest;
            return (value >= 0.0).then(|| {
                vec![Value {
                    text: format!("{value:.decimals$}"),
                    confidence: BY_TOTAL,
                    why: "the printed total less the other rows".to_owned(),
                }]
            });
        }
        let guesses: Vec<(usize, &str)> = guesses.into_iter().collect::<Option<_>>()?;
        let guessed: f64 = guesses.iter().filter_map(|(_, value)| number(value)).sum();
        let slack = 0.5 * 10f64.powi(-(decimals as i32)) + ROUNDING;
        let is_proved = (rest + guessed - printed).abs() < slack;
        let value = |(n, value): (usize, &str)| Value {
            text: value.to_owned(),
            confidence: BY_ROWS,
            why: format!(
                "{n} rows with the same other values have it, and with it the column gives the printed total {printed}"
            ),
        };
        is_proved.then(|| guesses.into_iter().map(value).collect())
    }

    /// The other columns of figures, but for one that counts the rows and says nothing of the others.
    fn telling_columns(&self, col: usize) -> Vec<usize> {
        let tells = |other: &usize| {
            *other != col
                && self.number(self.body[0], *other).is_some()
                && !self.counts_rows(*other)
        };
        self.numeric.iter().copied().filter(tells).collect()
    }

    fn counts_rows(&self, col: usize) -> bool {
        let is_step = |pair: &&[usize]| {
            let (a, b) = (self.number(pair[0], col), self.number(pair[1], col));
            a.zip(b).is_some_and(|(a, b)| b == a + 1.0)
        };
        let n_steps = self.body.windows(2).filter(is_step).count();
        n_steps * MOST.1 >= self.body.len() * MOST.0
    }

    /// Rows that agree in every other number agree in this one: how many there are, and their value.
    fn value_of_like_rows(
        &self,
        row: usize,
        col: usize,
        others: &[usize],
    ) -> Option<(usize, &str)> {
        let is_like = |other: &usize| {
            *other != row
                && !self.text(*other, col).is_empty()
                && !others.is_empty()
                && others
                    .iter()
                    .all(|&c| self.text(*other, c) == self.text(row, c))
        };
        let same: Vec<&str> = self
            .body
            .iter()
            .copied()
            .filter(is_like)
            .map(|other| self.text(other, col))
            .collect();
        let value = *same.first()?;
        same.iter()
            .all(|other| *other == value)
            .then_some((same.len(), value))
    }
}
