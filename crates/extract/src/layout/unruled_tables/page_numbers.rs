//! Contents in columns look like a table: entries, and beside them a column of the pages that they are on.

use super::Candidate;
use super::columns::ColSpan;
use crate::layout::gutters::COLUMN;
use crate::layout::runs::TextRun;

/// Columns of entries, at least, and page numbers beside them, at least.
const COLUMNS: usize = 2;
const NUMBERS: usize = 4;

/// Whether the columns are entries and page numbers in turn: each column of numbers holds nothing else and stands right of a
/// column as wide as one of text, and the numbers never fall from the top of the first to the foot of the last. Figures of a
/// table have names above them, and do not rise all the way.
pub fn are_contents(candidate: &Candidate) -> bool {
    let n_cols = candidate.cols.len();
    if n_cols % 2 == 1 || n_cols / 2 < COLUMNS {
        return false;
    }
    let is_wide = |col: usize| candidate.cols.ranges[col].length() >= COLUMN * candidate.em;
    let mut pages: Vec<u32> = Vec::new();
    for col in (1..n_cols).step_by(2) {
        match numbers_of(candidate, col) {
            Some(numbers) if is_wide(col - 1) => pages.extend(numbers),
            _ => return false,
        }
    }
    pages.len() >= NUMBERS && pages.is_sorted()
}

/// The numbers in a column from the top; `None` if something else stands in it, or nothing.
fn numbers_of(candidate: &Candidate, col: usize) -> Option<Vec<u32>> {
    let own = ColSpan { col, n: 1 };
    let mut runs: Vec<&TextRun> = candidate
        .runs
        .iter()
        .copied()
        .filter(|run| candidate.cols.of(run) == own)
        .collect();
    runs.sort_by(|a, b| a.mid_y().total_cmp(&b.mid_y()));
    let numbers: Option<Vec<u32>> = runs.into_iter().map(TextRun::number).collect();
    numbers.filter(|numbers| !numbers.is_empty())
}
