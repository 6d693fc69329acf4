//! Rows of runs that may be cells: a name set wide is one run, cells that touch are two.

use std::ops::RangeInclusive;

use crate::geom::{self, Level, Tolerance};
use crate::layout::runs::{Mark, TextRun};
use language::figures::is_total;
use language::script::is_han;
use language::tables::names_column;

/// Runs at one height.
pub struct Row<'r, 'a> {
    pub runs: Vec<&'r TextRun<'a>>,
    pub y: f32,
    /// Runs that a gap as wide as a character parts.
    pub n_pieces: usize,
}

/// A gap that parts pieces of a row, in em: as wide as a character, more or less.
const PIECE_GAP: f32 = 0.55;

impl<'a> Row<'_, 'a> {
    pub fn first(&self) -> &TextRun<'a> {
        self.runs[0]
    }

    pub fn last(&self) -> &TextRun<'a> {
        self.runs[self.runs.len() - 1]
    }

    pub fn size(&self) -> f32 {
        self.first().size
    }

    /// From the left end of its first run to the right end of its last.
    pub fn width(&self) -> f32 {
        self.last().bbox.x1 - self.first().bbox.x0
    }
}

pub fn rows<'r, 'a>(runs: &[&'r TextRun<'a>]) -> Vec<Row<'r, 'a>> {
    let mut sorted = runs.to_vec();
    sorted.sort_by(|a, b| {
        a.mid_y()
            .total_cmp(&b.mid_y())
            .then(a.bbox.x0.total_cmp(&b.bbox.x0))
    });
    let level = |run: &&TextRun| Level {
        y: run.mid_y(),
        em: run.size,
    };
    geom::rows(sorted, Tolerance::ROW, level)
        .into_iter()
        .map(row)
        .collect()
}

fn row<'r, 'a>(mut runs: Vec<&'r TextRun<'a>>) -> Row<'r, 'a> {
    let y = runs[0].mid_y();
    runs.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
    let is_gap = |pair: &&[&TextRun]| pair[0].bbox.gap_x(pair[1].bbox) >= PIECE_GAP * pair[0].size;
    Row {
        y,
        n_pieces: 1 + runs.windows(2).filter(is_gap).count(),
        runs,
    }
}

/// Between the two characters of a name that is set as wide as one of three, in em: room for a third one, more or less.
const NAME_SPACE: RangeInclusive<f32> = 0.8..=1.5;
/// Between the two characters of a name that is set wide, in em; and characters of the longest name of a total, blanks
/// included.
const WIDE_SPACE: f32 = 4.5;
const LONGEST_TOTAL: usize = 8;
/// Names that show what a column holds.
const ENOUGH_NAMES: usize = 3;
/// Characters of a name.
const NAME: RangeInclusive<usize> = 2..=4;
/// How far the ends of names in one column differ, in em.
const SAME_END: f32 = 0.3;

/// Runs in which a name of two characters, set as wide as one of three (`王　磊`), is one, where its column holds nothing
/// but names; and `合　计`, `指　标`.
pub fn with_spaced_names<'a>(runs: &[&TextRun<'a>]) -> Vec<TextRun<'a>> {
    let rows = rows(runs);
    let mut out: Vec<TextRun> = Vec::with_capacity(runs.len());
    for row in &rows {
        let mut rest = row.runs.as_slice();
        while let [first, others @ ..] = rest {
            rest = others;
            match others {
                [next, others @ ..]
                    if is_set_wide(first, next)
                        || is_spaced_name(first, next)
                            && is_column_of_names(&rows, first, next) =>
                {
                    let marks = first.marks.iter().chain(&next.marks);
                    out.push(TextRun::from_marks(marks.copied().collect()));
                    rest = others;
                }
                _ => out.push((*first).clone()),
            }
        }
    }
    out
}

fn is_name(run: &TextRun, n: RangeInclusive<usize>) -> bool {
    n.contains(&run.marks.len()) && run.marks.iter().all(|mark| mark.text.chars().all(is_han))
}

fn is_spaced_name(a: &TextRun, b: &TextRun) -> bool {
    is_name(a, 1..=1)
        && is_name(b, 1..=1)
        && NAME_SPACE.contains(&(a.bbox.gap_x(b.bbox) / a.size.max(b.size)))
}

/// The two characters of `合　计` or `指　标`, however far apart: no cell holds one of them alone.
fn is_set_wide(a: &TextRun, b: &TextRun) -> bool {
    let are_apart = is_name(a, 1..=1)
        && is_name(b, 1..=1)
        && a.bbox.gap_x(b.bbox) < WIDE_SPACE * a.size.max(b.size);
    let both = || format!("{}{}", a.marks[0].text, b.marks[0].text);
    are_apart && (is_total(&both()) || names_column(&both()))
}

/// Whether a run names a row of totals. It stands over several columns and shows none.
pub fn is_total_run(run: &TextRun) -> bool {
    run.marks.len() <= LONGEST_TOTAL
        && is_total(&run.marks.iter().map(|mark| mark.text).collect::<String>())
}

/// Whether the column from one run to the next holds nothing but names. What a header says is another matter.
fn is_column_of_names(rows: &[Row], first: &TextRun, next: &TextRun) -> bool {
    let (from, to) = (first.bbox.x0, next.bbox.x1);
    let is_near = |a: f32, b: f32| geom::is_near(a, b, SAME_END * first.size);
    let mut n = 0;
    for (i, row) in rows.iter().enumerate() {
        let within: Vec<&TextRun> = row
            .runs
            .iter()
            .copied()
            .filter(|run| run.bbox.x1 > from && run.bbox.x0 < to)
            .collect();
        let is_named = match within.as_slice() {
            [] => continue,
            [one] => is_name(one, NAME),
            [a, b] => is_spaced_name(a, b) && is_near(a.bbox.x0, from) && is_near(b.bbox.x1, to),
            _ => false,
        };
        if !is_named && (i > 0 || within.len() != 1) {
            return false;
        }
        n += usize::from(is_named);
    }
    n >= ENOUGH_NAMES
}

/// The narrowest gap between two cells, in em; the usual one of justified text is smaller.
const CORRIDOR: f32 = 0.25;
/// Headers over several columns may cross a corridor: less than a part of the rows.
const CROSSING: usize = 4;
/// Rows that have a cell over the one part, and another over the other.
const ENOUGH_PARTED: usize = 3;
/// At so many places of a gap a corridor is looked for.
const PLACES: u8 = 8;

/// Runs cut where cells stand so close that they make one run: at a gap that no other row fills.
pub fn cut_at_corridors<'a>(runs: &[&TextRun<'a>]) -> Vec<TextRun<'a>> {
    let rows = rows(runs);
    let mut out = Vec::with_capacity(runs.len());
    for run in runs {
        let mut marks = run.marks.clone();
        for i in (1..marks.len()).rev() {
            let (left, right) = marks.split_at(i);
            if has_corridor(&rows, left, right, CORRIDOR * run.size) {
                out.push(TextRun::from_marks(marks.split_off(i)));
            }
        }
        out.push(TextRun::from_marks(marks));
    }
    out
}

/// Whether a corridor goes through the rows between two parts of a run.
fn has_corridor(rows: &[Row], left: &[Mark], right: &[Mark], narrowest: f32) -> bool {
    let (from, to) = (left[left.len() - 1].bbox.x1, right[0].bbox.x0);
    let place = |i: u8| from + (to - from) * f32::from(i) / f32::from(PLACES);
    to - from >= narrowest
        && (1..PLACES)
            .map(place)
            .any(|x| is_free(rows, x) && is_parted(rows, x, left, right))
}

fn is_free(rows: &[Row], x: f32) -> bool {
    let is_inked = |row: &&Row| {
        row.runs
            .iter()
            .flat_map(|run| &run.marks)
            .any(|mark| mark.bbox.across().contains_inside(x))
    };
    rows.iter().filter(is_inked).count() * CROSSING < rows.len()
}

fn is_parted(rows: &[Row], x: f32, left: &[Mark], right: &[Mark]) -> bool {
    let has_both = |row: &&Row| {
        let mut runs = row.runs.iter();
        runs.any(|run| run.bbox.x1 < x && stands_over(run, left))
            && row
                .runs
                .iter()
                .any(|run| run.bbox.x0 > x && stands_over(run, right))
    };
    rows.iter().filter(has_both).count() >= ENOUGH_PARTED
}

/// Whether a run stands above or below marks.
fn stands_over(run: &TextRun, marks: &[Mark]) -> bool {
    matches!(marks, [first, ..] if first.bbox.x0 < run.bbox.x1)
        && matches!(marks, [.., last] if last.bbox.x1 > run.bbox.x0)
}
