//! Records: from the top to the bottom of each row of cells, which may hold several lines.

use super::columns::FIRST;
use super::{Candidate, is_of_figures};
use crate::geom::Interval;
use crate::layout::runs::TextRun;

/// How much of its height a run counts for, in em at the most, half above and half below its middle.
const HALF_HEIGHT: f32 = 0.45;
/// A column in which this part of the rows has a cell tells the rows.
const TELLING: (usize, usize) = (6, 10);
/// Lines of one cell stand closer than this: in em, and against the usual gap between rows.
const TIGHT: f32 = 0.45;
const TIGHTER: f32 = 0.7;
/// How much wider the gap between two rows is than that between two lines of a cell: in em, and against it.
const JUMP: f32 = 0.3;
const WIDER: f32 = 1.6;
/// A row with cells in more than this part of the columns is full.
const FULL: (usize, usize) = (6, 10);
/// From line to line of a cell, in em.
const PITCH: f32 = 1.3;
/// How far a rule between two records may reach over their edges, in points.
const RULE: f32 = 1.0;

/// Top and bottom of each row of cells.
pub fn records(candidate: &Candidate, runs: &[&TextRun]) -> Vec<Interval> {
    let lines = lines(candidate, runs);
    // Lines of one cell stand closer than rows, where the rows leave room at all.
    let gaps = lines.windows(2).map(|pair| pair[1].from - pair[0].to);
    let gaps: Vec<f32> = gaps.collect();
    let between = between_rows(&gaps, candidate.em);
    let usual = crate::numeric::median(gaps).unwrap_or(0.0);
    let tight = between.unwrap_or((TIGHT * candidate.em).min(TIGHTER * usual));
    let mut records: Vec<(Interval, bool)> = Vec::new();
    for line in lines {
        let is_full = is_full(candidate, runs, line);
        match records.last_mut() {
            Some((last, was_full))
                if line.from - last.to < tight
                    && !is_ruled(candidate, *last, line)
                    && (!is_full || !*was_full || all_go_on(candidate, runs, *last, line)) =>
            {
                last.to = line.to;
                *was_full |= is_full;
            }
            _ => records.push((line, is_full)),
        }
    }
    records.into_iter().map(|(record, _)| record).collect()
}

/// A height between the gaps of lines of one cell and those of rows, where there are such and such: many cells wrap.
fn between_rows(gaps: &[f32], em: f32) -> Option<f32> {
    let mut sorted = gaps.to_vec();
    sorted.sort_by(f32::total_cmp);
    let jump = sorted
        .windows(2)
        .find(|pair| pair[1] - pair[0] > JUMP * em && pair[1] > WIDER * pair[0])?;
    let n_lines = sorted.iter().filter(|gap| **gap <= jump[0]).count();
    (jump[0] < TIGHT * em && n_lines * 2 >= gaps.len()).then_some((jump[0] + jump[1]) / 2.0)
}

/// Heights at which there are cells. Cells of one row that wrap overlap those that do not, when all are centred.
fn lines(candidate: &Candidate, runs: &[&TextRun]) -> Vec<Interval> {
    let is_telling = telling_columns(candidate, runs);
    let mut heights: Vec<Interval> = runs
        .iter()
        .filter(|run| {
            let span = candidate.cols.of(run);
            span.n > 1 || is_telling[span.col]
        })
        .map(|run| {
            let half = HALF_HEIGHT * run.bbox.height().min(run.size);
            Interval::new(run.mid_y() - half, run.mid_y() + half)
        })
        .collect();
    heights.sort_by(|a, b| a.from.total_cmp(&b.from));
    let mut lines: Vec<Interval> = Vec::new();
    for height in heights {
        match lines.last_mut() {
            Some(last) if height.from < last.to => last.to = last.to.max(height.to),
            _ => lines.push(height),
        }
    }
    lines
}

/// Columns with few cells hold labels of row spans, which stand between rows: they do not tell the rows.
fn telling_columns(candidate: &Candidate, runs: &[&TextRun]) -> Vec<bool> {
    let mut n_in = vec![0; candidate.cols.len()];
    let rows = super::rows::rows(runs);
    for row in &rows {
        let mut cols: Vec<usize> = row
            .runs
            .iter()
            .map(|run| candidate.cols.of(run).col)
            .collect();
        cols.sort_unstable();
        cols.dedup();
        cols.into_iter().for_each(|col| n_in[col] += 1);
    }
    let is_seed = |row: &&super::rows::Row| row.n_pieces >= candidate.min_cols;
    let n_seeds = rows.iter().filter(is_seed).count();
    n_in.into_iter()
        .map(|n| n * TELLING.1 >= n_seeds * TELLING.0)
        .collect()
}

/// The runs whose middle stands in a record.
fn within<'s, 'a>(
    runs: &'s [&'s TextRun<'a>],
    record: Interval,
) -> impl Iterator<Item = &'s TextRun<'a>> {
    runs.iter()
        .copied()
        .filter(move |run| record.contains_inside(run.mid_y()))
}

fn is_full(candidate: &Candidate, runs: &[&TextRun], record: Interval) -> bool {
    let mut cols: Vec<usize> = within(runs, record)
        .map(|run| candidate.cols.of(run).col)
        .collect();
    cols.sort_unstable();
    cols.dedup();
    cols.len() * FULL.1 > candidate.cols.len() * FULL.0
}

/// Two full rows are one when all cells wrap: each cell of the second goes on right under one of the first.
fn all_go_on(candidate: &Candidate, runs: &[&TextRun], a: Interval, b: Interval) -> bool {
    let is_under = |above: &TextRun, run: &TextRun| {
        candidate.cols.of(above).col == candidate.cols.of(run).col
            && run.mid_y() - above.mid_y() < PITCH * run.size
    };
    within(runs, b).all(|run| within(runs, a).any(|above| is_under(above, run)))
}

/// Whether a rule goes between two records, under all columns.
fn is_ruled(candidate: &Candidate, a: Interval, b: Interval) -> bool {
    candidate.level.iter().any(|line| {
        line.position > a.to - RULE
            && line.position < b.from + RULE
            && candidate.cols.are_ruled_at(line.position, candidate.level)
    })
}

/// The lines of a header as one row: down to the rule under all of it, or to a gap that is wider than those between them.
pub fn with_one_header(
    mut records: Vec<Interval>,
    candidate: &Candidate,
    runs: &[&TextRun],
) -> Vec<Interval> {
    if records.is_empty() {
        return records;
    }
    let n_lines = lines_over_rule(&records, candidate)
        .or_else(|| lines_of_words(&records, candidate.em, runs))
        .unwrap_or(1);
    let is_line = |i: usize| {
        records[i + 1].from - records[i].to < candidate.em
            && within(runs, records[i + 1]).count() > 1
    };
    let is_of_one = |run: &TextRun| candidate.cols.of(run).n == 1;
    if n_lines > 1
        && n_lines < records.len()
        && (0..n_lines - 1).all(is_line)
        && records[..n_lines]
            .iter()
            .all(|record| within(runs, *record).all(is_of_one))
    {
        records[n_lines - 1].from = records[0].from;
        records.drain(..n_lines - 1);
    }
    records
}

/// Records above the first rule that goes under all columns.
fn lines_over_rule(records: &[Interval], candidate: &Candidate) -> Option<usize> {
    let mut rules = candidate.level.iter().map(|line| line.position);
    let rule =
        rules.find(|&y| y > records[0].to && candidate.cols.are_ruled_at(y, candidate.level))?;
    Some(
        records
            .iter()
            .filter(|record| record.to < rule + RULE)
            .count(),
    )
}

/// Records of words above those with figures, if they are set tight and parted from these by a wider gap.
fn lines_of_words(records: &[Interval], em: f32, runs: &[&TextRun]) -> Option<usize> {
    /// From line to line of a header, in em; and how much wider the gap below it is.
    const TIGHT: f32 = 0.6;
    const WIDER: f32 = 1.6;
    let has_value = |record: &Interval| {
        within(runs, *record).any(|run| run.marks.iter().all(|mark| is_of_figures(mark)))
    };
    let n_words = records
        .iter()
        .take_while(|record| !has_value(record))
        .count();
    if n_words < 2 || n_words == records.len() {
        return None;
    }
    let gap = |i: usize| records[i + 1].from - records[i].to;
    let below = gap(n_words - 1);
    (0..n_words - 1)
        .all(|i| gap(i) < TIGHT * em && below > WIDER * gap(i))
        .then_some(n_words)
}

/// Rows of a label that takes several lines as one: a full line that the next, set in, goes on, or a bracket still open.
pub fn with_wrapped_labels(
    records: Vec<Interval>,
    candidate: &Candidate,
    runs: &[&TextRun],
) -> Vec<Interval> {
    let is_filled = is_column_of_labels_filled(candidate, runs);
    let mut out: Vec<Interval> = Vec::with_capacity(records.len());
    for record in records {
        match out.last_mut() {
            Some(last) if label_goes_on(*last, record, candidate, runs, is_filled) => {
                last.to = record.to;
            }
            _ => out.push(record),
        }
    }
    out
}

/// Whether several labels reach the end of their column; one with one long label is as wide as that.
fn is_column_of_labels_filled(candidate: &Candidate, runs: &[&TextRun]) -> bool {
    /// In em.
    const AT_END: f32 = 2.0;
    let end = candidate.cols.ranges[0].to - AT_END * candidate.em;
    candidate
        .first_column(runs)
        .filter(|run| run.solid_right() > end)
        .count()
        > 1
}

/// Whether the label of a record that holds nothing else goes on in the next one.
fn label_goes_on(
    above: Interval,
    below: Interval,
    candidate: &Candidate,
    runs: &[&TextRun],
    is_filled: bool,
) -> bool {
    /// From line to line, and how far the rest is set in, in em.
    const PITCH: f32 = 2.0;
    const SET_IN: std::ops::Range<f32> = 0.4..3.0;
    let em = candidate.em;
    let is_label = |run: &&TextRun| candidate.cols.of(run) == FIRST;
    let label: Vec<&TextRun> = within(runs, above).filter(is_label).collect();
    let next = within(runs, below).find(is_label);
    let ([first, ..], [.., end], Some(next)) = (label.as_slice(), label.as_slice(), next) else {
        return false;
    };
    let set_in = (next.bbox.x0 - first.bbox.x0) / em;
    let is_alone = within(runs, above).count() == label.len();
    is_alone
        && next.mid_y() - end.mid_y() < PITCH * em
        && (has_open_bracket(&label)
            || is_filled
                && is_full_line(end, next, candidate)
                && SET_IN.contains(&set_in)
                && set_in > SET_IN.start)
}

/// What the next line begins with had no room: a character and its punctuation, or a word.
fn is_full_line(run: &TextRun, next: &TextRun, candidate: &Candidate) -> bool {
    /// The gap between two words, the space before one, and a character with its punctuation, in em.
    const WORD_GAP: f32 = 0.15;
    const SPACE: f32 = 0.2;
    const CHARACTER: f32 = 1.5;
    let em = candidate.em;
    let needed = if next.marks[0].text.is_ascii() {
        let is_gap =
            |pair: &[crate::layout::runs::Mark]| pair[0].bbox.gap_x(pair[1].bbox) > WORD_GAP * em;
        let last = next.marks.windows(2).position(is_gap);
        let word = next.marks[last.unwrap_or(next.marks.len() - 1)].bbox.x1 - next.bbox.x0;
        word + SPACE * em
    } else {
        CHARACTER * em
    };
    run.solid_right() + needed > candidate.cols.ranges[0].to
}

fn has_open_bracket(label: &[&TextRun]) -> bool {
    let count = |brackets: [&str; 2]| {
        label
            .iter()
            .flat_map(|run| &run.marks)
            .filter(|mark| brackets.contains(&mark.text))
            .count()
    };
    count(["（", "("]) > count(["）", ")"])
}
