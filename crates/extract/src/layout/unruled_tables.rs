//! Tables without vertical rules: cells that stand under each other, row after row.
//!
//! Only what is plainly a table is taken for one: three columns or more (two between the rules of a 三线表), rows
//! that repeat them, and cells of figures or a rule above and below. Anything else stays as lines.

mod assemble;
mod columns;
mod headers;
mod names;
mod page_numbers;
mod records;
mod regions;
mod rows;

use super::rulings::{self, RulingLine};
use super::runs::{self, Mark, TextRun};
use super::tables::Table;
use crate::page::Ruling;
use columns::Columns;
use language::tables::names_column;
use rows::Row;

pub use regions::is_top_of_table;

/// Runs of the smallest table, and of the smallest between rules, which may be the last row of one.
const FEWEST_RUNS: usize = 6;
const FEWEST_RUNS_RULED_OFF: usize = 3;
/// Columns of a table between rules, and of one without.
const RULED_OFF_COLUMNS: usize = 2;
const FREE_COLUMNS: usize = 3;

/// Takes the tables out of the runs of a page.
pub fn unruled_tables<'a>(runs: &mut Vec<TextRun<'a>>, rulings: &[Ruling]) -> Vec<Table<'a>> {
    let mut tables = Vec::new();
    let level = rulings::level(rulings);
    let upright = rulings::upright(rulings);
    // The edges of what shades a header are no rules of a table; they end the header all the same.
    let drawn: Vec<Ruling> = rulings.iter().copied().filter(Ruling::is_drawn).collect();
    for frame in regions::frames(&rulings::level(&drawn), &upright, runs) {
        let frame = frame.with_rows_outside(runs);
        let make = |rows: &[Row<'_, 'a>]| ruled_off_table(rows, &level);
        tables.extend(take(
            runs,
            FEWEST_RUNS_RULED_OFF,
            |run| frame.holds(run),
            make,
        ));
    }
    for band in regions::bands(runs, &level) {
        let make = |rows: &[Row<'_, 'a>]| table(rows, FREE_COLUMNS, false, &level);
        tables.extend(take(
            runs,
            FEWEST_RUNS,
            |run| band.contains(run.mid_y()),
            make,
        ));
    }
    tables
}

/// Takes the runs of a region away if they make a table.
fn take<'a>(
    runs: &mut Vec<TextRun<'a>>,
    fewest: usize,
    is_inside: impl Fn(&TextRun) -> bool,
    make: impl Fn(&[Row<'_, 'a>]) -> Option<Table<'a>>,
) -> Option<Table<'a>> {
    let inside: Vec<&TextRun> = runs.iter().filter(|run| is_inside(run)).collect();
    if inside.len() < fewest || inside.iter().any(|run| run.vertical) {
        return None;
    }
    let named = rows::with_spaced_names(&inside);
    let cut = rows::cut_at_corridors(&named.iter().collect::<Vec<_>>());
    let table = make(&rows::rows(&cut.iter().collect::<Vec<_>>()))?;
    runs.retain(|run| !is_inside(run));
    Some(table)
}

/// The table that rows between rules make: most of them have pieces side by side. One or two rows alone are the end of a
/// table, if they hold figures.
fn ruled_off_table<'a>(rows: &[Row<'_, 'a>], level: &[RulingLine]) -> Option<Table<'a>> {
    let is_seed = |row: &&Row| row.n_pieces >= RULED_OFF_COLUMNS;
    let n_seeds = rows.iter().filter(is_seed).count();
    let is_end = rows.len() <= 2 && n_seeds == rows.len() && rows.iter().all(is_row_of_figures);
    let n_runs: usize = rows.iter().map(|row| row.runs.len()).sum();
    let is_enough = n_seeds >= 2 && n_runs >= FEWEST_RUNS && n_seeds * 2 >= rows.len();
    if !is_enough && !is_end {
        return None;
    }
    table(rows, RULED_OFF_COLUMNS, true, level)
}

/// A label, and two figures or more.
fn is_row_of_figures(row: &Row) -> bool {
    let n_figures = row.runs.iter().filter(|run| is_figure(run)).count();
    row.n_pieces >= FREE_COLUMNS && n_figures >= 2 && n_figures + 2 >= row.runs.len()
}

/// Rows that may be a table, in columns.
struct Candidate<'r, 'a> {
    rows: &'r [Row<'r, 'a>],
    runs: Vec<&'r TextRun<'a>>,
    cols: Columns,
    /// The level rulings of the page.
    level: &'r [RulingLine],
    /// Rows with so many pieces tell the columns.
    min_cols: usize,
    /// The size of its text.
    em: f32,
}

/// The table that rows make, if they make one.
fn table<'a>(
    rows: &[Row<'_, 'a>],
    min_cols: usize,
    is_ruled_off: bool,
    level: &[RulingLine],
) -> Option<Table<'a>> {
    let runs: Vec<&TextRun> = rows
        .iter()
        .flat_map(|row| row.runs.iter().copied())
        .collect();
    let em = runs::usual_size(runs.iter().flat_map(|run| &run.marks));
    let candidate = Candidate {
        cols: Columns::find(rows, min_cols, em)?,
        rows,
        runs,
        level,
        min_cols,
        em,
    };
    candidate.is_table(is_ruled_off).then(|| candidate.table())
}

impl<'a> Candidate<'_, 'a> {
    /// Rows that show most columns.
    fn seeds(&self) -> impl Iterator<Item = &Row<'_, 'a>> {
        self.rows.iter().filter(|row| row.n_pieces >= self.min_cols)
    }

    fn is_table(&self, is_ruled_off: bool) -> bool {
        /// Parts of the runs: figures, at least; runs that go over several columns, at most.
        const FIGURES: (usize, usize) = (3, 10);
        const CROSSING: usize = 5;
        let n_columns = self.cols.len();
        let n_slots = self.seeds().count() * n_columns;
        let n_filled: usize = self.seeds().map(|row| row.runs.len().min(n_columns)).sum();
        // Most rows of a table fill most of its columns.
        if n_filled * 2 < n_slots
            || self.cols.hold_prose(&self.runs)
            || page_numbers::are_contents(self)
        {
            return false;
        }
        if is_ruled_off || self.has_names() {
            return true;
        }
        let n_figures = self.runs.iter().filter(|run| is_figure(run)).count();
        let n_crossing = self
            .runs
            .iter()
            .filter(|run| self.cols.of(run).n > 1)
            .count();
        let has_figures = n_figures * FIGURES.1 >= self.runs.len() * FIGURES.0;
        (has_figures || self.is_of_words(n_filled, n_slots))
            && n_crossing * CROSSING <= self.runs.len()
    }

    /// Whether most of what stands in the first row names columns.
    fn has_names(&self) -> bool {
        /// Names of the smallest such row, and their part of it.
        const ENOUGH: usize = 3;
        const MOST: (usize, usize) = (2, 3);
        let first = self.rows.first().map_or(&[][..], |row| &row.runs[..]);
        let text = |run: &&TextRun| run.marks.iter().map(|mark| mark.text).collect::<String>();
        let n_names = first.iter().filter(|run| names_column(&text(run))).count();
        n_names >= ENOUGH && n_names * MOST.1 >= first.len() * MOST.0
    }

    /// A list of names has columns of one width; a table of words has narrow columns and wide ones, and more of them.
    fn is_of_words(&self, n_filled: usize, n_slots: usize) -> bool {
        /// Part of the cells that is filled, at least.
        const FILLED: (usize, usize) = (3, 4);
        /// The widest column against the narrowest.
        const UNEVEN: f32 = 2.5;
        /// Rows of a table whose first column does not count them: of four columns, and of more.
        const ROWS_OF_FOUR: usize = 6;
        const ROWS: usize = 4;
        /// Characters of a cell of a table that has no rules, no figures and few columns; prose and addresses are longer.
        const SHORT: usize = 12;
        if n_filled * FILLED.1 < n_slots * FILLED.0 {
            return false;
        }
        let (narrowest, widest) = self.cols.widths();
        let is_uneven = widest > UNEVEN * narrowest;
        let n_seeds = self.seeds().count();
        match (self.cols.len(), self.counted_rows()) {
            (3, Some(has_header)) => has_header,
            (4.., Some(_)) => true,
            (4, None) => {
                n_seeds >= ROWS_OF_FOUR
                    && is_uneven
                    && n_filled == n_slots
                    && self.runs.iter().all(|run| run.marks.len() <= SHORT)
            }
            (n, _) => n >= 5 && n_seeds >= ROWS && is_uneven,
        }
    }

    /// Whether the first column counts the rows, three or more, and if so whether it has a header, as `序号`, `1`, `2`, `3`.
    fn counted_rows(&self) -> Option<bool> {
        const ENOUGH: usize = 3;
        let mut first: Vec<&TextRun> = self.first_column(&self.runs).collect();
        first.sort_by(|a, b| a.mid_y().total_cmp(&b.mid_y()));
        let has_header = first.first().is_some_and(|run| count(run).is_none());
        let numbers: Vec<u32> = first[usize::from(has_header)..]
            .iter()
            .map(|run| count(run))
            .collect::<Option<_>>()?;
        let counts =
            numbers.len() >= ENOUGH && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1);
        counts.then_some(has_header)
    }

    /// The runs that stand in the first column alone.
    fn first_column<'s>(
        &'s self,
        runs: &'s [&'s TextRun<'a>],
    ) -> impl Iterator<Item = &'s TextRun<'a>> {
        runs.iter()
            .copied()
            .filter(|run| self.cols.of(run) == columns::FIRST)
    }

    fn table(&self) -> Table<'a> {
        let headers = headers::over_rules(self);
        if headers.is_empty()
            && let Some(rule) = names::rule_below(self)
        {
            return self.table_below(rule);
        }
        let is_header = |run: &TextRun| headers.iter().any(|header| header.holds(run));
        let rest: Vec<&TextRun> = self
            .runs
            .iter()
            .copied()
            .filter(|run| !is_header(run))
            .collect();
        let mut records = records::records(self, &rest);
        // What stands beside the headers is part of the first row below them.
        let bottom = headers.iter().map(|header| header.bbox.y1);
        if let Some(bottom) = bottom.reduce(f32::max).filter(|_| !records.is_empty()) {
            let n_beside = records.partition_point(|record| record.to < bottom);
            let n_beside = n_beside.min(records.len() - 1);
            records[n_beside].from = records[0].from;
            records.drain(..n_beside);
        }
        let records = records::with_wrapped_labels(records, self, &rest);
        let records = records::with_one_header(records, self, &rest);
        let table = assemble::assemble(&rest, &records, &self.cols, true);
        headers::put_over(headers, &self.runs, table)
    }
}

impl<'a> Candidate<'_, 'a> {
    /// The table of a header that a rule ends, and of what stands below it.
    fn table_below(&self, rule: f32) -> Table<'a> {
        let runs = self.runs.iter().copied();
        let (head, rest): (Vec<&TextRun>, Vec<&TextRun>) = runs.partition(|run| run.mid_y() < rule);
        let records = records::records(self, &rest);
        let records = records::with_wrapped_labels(records, self, &rest);
        let body = assemble::assemble(&rest, &records, &self.cols, false);
        names::put_over(&head, &self.cols, body)
    }
}

/// The number that a run is.
fn count(run: &TextRun) -> Option<u32> {
    let text: String = run.marks.iter().map(|mark| mark.text).collect();
    text.parse().ok()
}

/// Whether half of a run or more is figures. Of a day and what happened on it, and of a day without its year (`6月5日`), with
/// which an entry of a chronicle begins, that says nothing.
fn is_figure(run: &TextRun) -> bool {
    let is_of_day = |mark: &Mark| matches!(mark.text, "年" | "月" | "日");
    let marks = || run.marks.iter();
    if marks().any(is_of_day) {
        let is_day = marks().all(|mark| is_of_day(mark) || is_of_figures(mark));
        return is_day && (run.last().text != "日" || marks().any(|mark| mark.text == "年"));
    }
    marks().filter(|mark| is_of_figures(mark)).count() * 2 >= run.marks.len()
}

fn is_of_figures(mark: &Mark) -> bool {
    mark.text
        .chars()
        .all(|c| c.is_numeric() || ".,-%—/+−()（）".contains(c))
}
