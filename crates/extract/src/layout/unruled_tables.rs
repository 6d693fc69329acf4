//! Tables without vertical rules: cells that stand under each other, row after row.
//!
//! Only what is plainly a table is taken for one: three columns or more (two between the rules of a 三线表), rows
//! that repeat them, and cells of figures or a rule above and below. Anything else stays as lines.

use super::ruled_tables::{Bar, Cell, Table, bars};
use super::runs::{self, Mark, TextRun};
use crate::geom::Rect;
use crate::page::Ruling;
use language::script::is_han;

/// Takes the tables out of the runs of a page.
pub fn tables<'a>(runs: &mut Vec<TextRun<'a>>, rulings: &[Ruling]) -> Vec<Table<'a>> {
    let mut out = Vec::new();
    let level = bars(rulings, true);
    for frame in frames(&level, runs) {
        let (top, bottom) = if frame.n_rules >= 4 {
            frame.with_rows_outside(runs)
        } else {
            (frame.top, frame.bottom)
        };
        let inside = |run: &TextRun| {
            run.mid_y() > top
                && run.mid_y() < bottom
                && run.bbox.x0 >= frame.from - 12.0
                && run.bbox.x1 <= frame.to + 12.0
        };
        let made = |rows: &[Row<'_, 'a>]| {
            let n_seeds = rows.iter().filter(|row| row.pieces >= 2).count();
            (n_seeds >= 2 && n_seeds * 2 >= rows.len())
                .then(|| table(rows, 2, true, &level))
                .flatten()
        };
        take(runs, inside, made, &mut out);
    }
    for (top, bottom) in bands(runs, &level) {
        let inside = |run: &TextRun| run.mid_y() >= top && run.mid_y() <= bottom;
        take(runs, inside, |rows| table(rows, 3, false, &level), &mut out);
    }
    out
}

/// Takes the runs of a region away if they make a table.
fn take<'a>(
    runs: &mut Vec<TextRun<'a>>,
    inside: impl Fn(&TextRun) -> bool,
    table: impl Fn(&[Row<'_, 'a>]) -> Option<Table<'a>>,
    out: &mut Vec<Table<'a>>,
) {
    let within: Vec<&TextRun> = runs
        .iter()
        .filter(|run| inside(run) && !run.vertical)
        .collect();
    if within.len() < 6 || within.len() != runs.iter().filter(|run| inside(run)).count() {
        return;
    }
    let named = with_spaced_names(&within);
    let cut = cut_at_corridors(&named.iter().collect::<Vec<_>>());
    let Some(found) = table(&rows(&cut.iter().collect::<Vec<_>>())) else {
        return;
    };
    runs.retain(|run| !inside(run));
    out.push(found);
}

/// Runs in which a name of two characters, set as wide as one of three (`王　磊`), is one, where its column holds nothing
/// but names.
fn with_spaced_names<'a>(runs: &[&TextRun<'a>]) -> Vec<TextRun<'a>> {
    /// Between the two characters, in em: room for a third one, more or less.
    const SPACE: std::ops::RangeInclusive<f32> = 0.8..=1.5;
    /// Names that show what a column holds.
    const ENOUGH: usize = 3;
    let rows = rows(runs);
    let is_name = |run: &TextRun, n: std::ops::RangeInclusive<usize>| {
        n.contains(&run.marks.len()) && run.marks.iter().all(|mark| mark.text.chars().all(is_han))
    };
    let is_pair = |a: &TextRun, b: &TextRun| {
        is_name(a, 1..=1)
            && is_name(b, 1..=1)
            && SPACE.contains(&((b.bbox.x0 - a.bbox.x1) / a.size.max(b.size)))
    };
    let holds_names = |from: f32, to: f32, em: f32| {
        let near = |a: f32, b: f32| (a - b).abs() < 0.3 * em;
        let mut n = 0;
        let all = rows.iter().enumerate().all(|(i, row)| {
            let within: Vec<&TextRun> = row
                .runs
                .iter()
                .copied()
                .filter(|run| run.bbox.x1 > from && run.bbox.x0 < to)
                .collect();
            let named = match within.as_slice() {
                [] => return true,
                [one] => is_name(one, 2..=4),
                [a, b] => is_pair(a, b) && near(a.bbox.x0, from) && near(b.bbox.x1, to),
                _ => false,
            };
            n += usize::from(named);
            // What a header says is another matter.
            named || i == 0 && within.len() == 1
        });
        all && n >= ENOUGH
    };
    let mut out: Vec<TextRun> = Vec::with_capacity(runs.len());
    for row in &rows {
        let mut rest = row.runs.as_slice();
        while let [first, others @ ..] = rest {
            rest = others;
            match others {
                [next, others @ ..]
                    if is_pair(first, next)
                        && holds_names(first.bbox.x0, next.bbox.x1, first.size) =>
                {
                    out.push(TextRun::from_marks(
                        first.marks.iter().chain(&next.marks).copied().collect(),
                    ));
                    rest = others;
                }
                _ => out.push((*first).clone()),
            }
        }
    }
    out
}

/// Runs cut where cells stand so close that they make one run: at a gap that no other row fills.
fn cut_at_corridors<'a>(runs: &[&TextRun<'a>]) -> Vec<TextRun<'a>> {
    /// The narrowest gap between two cells, in em; the usual one of justified text is smaller.
    const NARROWEST: f32 = 0.25;
    let rows = rows(runs);
    // Headers over several columns may cross it.
    let is_free = |x: f32| {
        let inked = |row: &&Row| {
            row.runs
                .iter()
                .flat_map(|run| &run.marks)
                .any(|mark| mark.bbox.x0 < x && x < mark.bbox.x1)
        };
        rows.iter().filter(inked).count() * 4 < rows.len()
    };
    let overlap = |run: &TextRun, marks: &[Mark]| {
        marks
            .first()
            .is_some_and(|first| first.bbox.x0 < run.bbox.x1)
            && marks.last().is_some_and(|last| last.bbox.x1 > run.bbox.x0)
    };
    // Three rows have a cell over the one part, and another over the other.
    let parts = |x: f32, left: &[Mark], right: &[Mark]| {
        let parted = |row: &&Row| {
            row.runs
                .iter()
                .any(|run| run.bbox.x1 < x && overlap(run, left))
                && row
                    .runs
                    .iter()
                    .any(|run| run.bbox.x0 > x && overlap(run, right))
        };
        rows.iter().filter(parted).count() >= 3
    };
    let mut out = Vec::with_capacity(runs.len());
    for run in runs {
        let mut marks = run.marks.clone();
        for at in (1..marks.len()).rev() {
            let (from, to) = (marks[at - 1].bbox.x1, marks[at].bbox.x0);
            let is_corridor = |i: u8| {
                let x = from + (to - from) * f32::from(i) / 8.0;
                is_free(x) && parts(x, &marks[..at], &marks[at..])
            };
            if to - from >= NARROWEST * run.size && (1..8).any(is_corridor) {
                out.push(TextRun::from_marks(marks.split_off(at)));
            }
        }
        out.push(TextRun::from_marks(marks));
    }
    out
}

/// Runs at one height.
struct Row<'r, 'a> {
    runs: Vec<&'r TextRun<'a>>,
    y: f32,
    /// Runs that a gap as wide as a character parts.
    pieces: usize,
}

fn rows<'r, 'a>(runs: &[&'r TextRun<'a>]) -> Vec<Row<'r, 'a>> {
    let mut sorted = runs.to_vec();
    sorted.sort_by(|a, b| {
        a.mid_y()
            .total_cmp(&b.mid_y())
            .then(a.bbox.x0.total_cmp(&b.bbox.x0))
    });
    let mut rows: Vec<Row> = Vec::new();
    for run in sorted {
        match rows.last_mut() {
            Some(row) if (run.mid_y() - row.y).abs() < 0.3 * run.size => row.runs.push(run),
            _ => rows.push(Row {
                runs: vec![run],
                y: run.mid_y(),
                pieces: 0,
            }),
        }
    }
    for row in &mut rows {
        row.runs.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
        row.pieces = 1 + row
            .runs
            .windows(2)
            .filter(|pair| pair[1].bbox.x0 - pair[0].bbox.x1 >= 0.55 * pair[0].size)
            .count();
    }
    rows
}

/// Rules of one length below each other: a 三线表, or one with a rule under each row.
struct Frame {
    top: f32,
    bottom: f32,
    from: f32,
    to: f32,
    n_rules: usize,
}

impl Frame {
    /// Where each row has a rule the header may stand above the first one, and the last row below the last one.
    fn with_rows_outside(&self, runs: &[TextRun]) -> (f32, f32) {
        let pitch = (self.bottom - self.top) / (self.n_rules - 1) as f32;
        let in_reach =
            |run: &&TextRun| run.bbox.x0 >= self.from - 12.0 && run.bbox.x1 <= self.to + 12.0;
        let row = |from: f32, to: f32| {
            let found: Vec<&TextRun> = runs
                .iter()
                .filter(in_reach)
                .filter(|run| run.mid_y() > from && run.mid_y() < to)
                .collect();
            let is_row = rows(&found)
                .first()
                .is_some_and(|row| row.pieces >= 2 && row.runs.len() == found.len());
            is_row
                && !runs
                    .iter()
                    .any(|run| run.mid_y() > from && run.mid_y() < to && !in_reach(&run))
        };
        let (above, below) = (self.top - 1.3 * pitch, self.bottom + 1.3 * pitch);
        (
            if row(above, self.top) {
                above
            } else {
                self.top
            },
            if row(self.bottom, below) {
                below
            } else {
                self.bottom
            },
        )
    }
}

/// Rules further apart than this bound no table of so few rules, in points.
const FARTHEST: f32 = 500.0;

fn frames(level: &[Bar], runs: &[TextRun]) -> Vec<Frame> {
    let mut used = vec![false; level.len()];
    let mut frames = Vec::new();
    for (i, top) in level.iter().enumerate() {
        if used[i] || top.to - top.from < 100.0 {
            continue;
        }
        let group: Vec<usize> = (i..level.len())
            .filter(|&j| top.is_as_wide(&level[j]))
            .collect();
        group.iter().for_each(|&j| used[j] = true);
        // Between two tables of one width stand notes, titles and prose: lines, no rows of cells.
        let parted = |from: f32, to: f32| {
            let between: Vec<&TextRun> = runs
                .iter()
                .filter(|run| run.mid_y() > from && run.mid_y() < to)
                .collect();
            let rows = rows(&between);
            !rows.is_empty() && rows.iter().filter(|row| row.pieces < 2).count() * 2 >= rows.len()
                || to - from > FARTHEST
        };
        for rules in group.chunk_by(|&a, &b| !parted(level[a].at, level[b].at)) {
            let (top, bottom) = (
                level[rules[0]].at,
                level[*rules.last().expect("a chunk has rules")].at,
            );
            if bottom - top > 20.0 {
                frames.push(Frame {
                    top,
                    bottom,
                    from: level[i].from,
                    to: level[i].to,
                    n_rules: rules.len(),
                });
            }
        }
    }
    frames
}

/// Whether a rule has cells right below it, and another as wide below them: so begins a 三线表.
pub fn tops_table(top: &Bar, level: &[Bar], runs: &[TextRun]) -> bool {
    let Some(next) = level
        .iter()
        .find(|bar| bar.is_as_wide(top) && bar.at > top.at + 6.0 && bar.at < top.at + FARTHEST)
    else {
        return false;
    };
    let between: Vec<&TextRun> = runs
        .iter()
        .filter(|run| !run.vertical && run.mid_y() > top.at && run.mid_y() < next.at)
        .collect();
    rows(&between).first().is_some_and(|row| row.pieces >= 2)
}

/// Heights between which rows of three pieces and more follow each other.
fn bands(runs: &[TextRun], level: &[Bar]) -> Vec<(f32, f32)> {
    const SEED: usize = 3;
    // Lines of wrapped cells and labels of spans between two rows, at most.
    const FILLERS: usize = 8;
    let all: Vec<&TextRun> = runs.iter().filter(|run| !run.vertical).collect();
    let rows = rows(&all);
    let seeds: Vec<usize> = (0..rows.len())
        .filter(|&i| rows[i].pieces >= SEED)
        .collect();
    let mut out: Vec<(f32, f32)> = Vec::new();
    let mut start = 0;
    while start < seeds.len() {
        let mut end = start + 1;
        while end < seeds.len()
            && seeds[end] - seeds[end - 1] <= FILLERS
            && near(&rows, seeds[end - 1], seeds[end])
            && fillers_fit(&rows, seeds[end - 1], seeds[end])
        {
            end += 1;
        }
        if end - start >= 3 {
            let (mut first, mut last) = (seeds[start], seeds[end - 1]);
            // The other lines of the first and the last row of cells stand closer than rows do.
            let size = |i: usize| rows[i].runs[0].size;
            let width = |i: usize| {
                rows[i].runs.last().expect("a row has runs").bbox.x1 - rows[i].runs[0].bbox.x0
            };
            let span = width(first).max(width(last));
            // A rule under a header of several columns ties it to the rows below.
            let ends = |i: usize| {
                (
                    rows[i].runs[0].bbox.x0,
                    rows[i].runs.last().expect("a row has runs").bbox.x1,
                )
            };
            let (from, to) = (
                ends(first).0.min(ends(last).0) - 12.0,
                ends(first).1.max(ends(last).1) + 12.0,
            );
            let tied = |above: &Row, below: &Row| {
                let between = |bar: &Bar| {
                    bar.at > above.y && bar.at < below.y && bar.from > from && bar.to < to
                };
                level.iter().any(between) && below.y - above.y < 2.4 * below.runs[0].size
            };
            while first > 0
                && (rows[first].y - rows[first - 1].y < 1.35 * size(first)
                    || tied(&rows[first - 1], &rows[first]))
                && (size(first) - size(first - 1)).abs() < 0.15 * size(first)
                && width(first - 1) < 0.8 * span
            {
                first -= 1;
            }
            while last + 1 < rows.len()
                && rows[last + 1].y - rows[last].y < 1.35 * size(last)
                && (size(last) - size(last + 1)).abs() < 0.15 * size(last)
                && width(last + 1) < 0.8 * span
            {
                last += 1;
            }
            out.push((
                rows[first].y - 0.01,
                rows[last]
                    .runs
                    .iter()
                    .map(|run| run.mid_y())
                    .fold(rows[last].y, f32::max)
                    + 0.01,
            ));
        }
        start = end;
    }
    out
}

/// Rows of one table are no further apart than a few lines.
fn near(rows: &[Row], a: usize, b: usize) -> bool {
    (a..b).all(|i| {
        rows[i + 1].y - rows[i].y < 5.0 * rows[i].runs[0].size.max(rows[i + 1].runs[0].size)
    })
}

/// Between two rows of cells stand parts of cells: of the same size, and in one column or not the width of the table.
fn fillers_fit(rows: &[Row], a: usize, b: usize) -> bool {
    let extent = |row: &Row| row.runs.last().expect("a row has runs").bbox.x1 - row.runs[0].bbox.x0;
    let (size, width) = (rows[a].runs[0].size, extent(&rows[a]).max(extent(&rows[b])));
    let in_one = |run: &TextRun, row: &Row| {
        row.runs
            .iter()
            .filter(|cell| {
                run.bbox.x1.min(cell.bbox.x1) - run.bbox.x0.max(cell.bbox.x0) > 0.1 * size
            })
            .count()
            <= 1
    };
    let fits = |run: &TextRun| {
        let is_narrow = run.bbox.x1 - run.bbox.x0 < 0.55 * width;
        let is_of_size = |size: f32| (run.size - size).abs() < 0.2 * size;
        (is_of_size(size) || is_of_size(rows[b].runs[0].size))
            && (is_narrow || in_one(run, &rows[a]) && in_one(run, &rows[b]))
    };
    (a + 1..b).all(|i| rows[i].runs.iter().all(|run| fits(run)))
}

/// Characters of a cell of a table that has no rules, no figures and few columns; prose and addresses are longer.
const SHORT: usize = 12;

/// Whether the first column counts the rows, three or more, and if so whether it has a header, as `序号`, `1`, `2`, `3`.
fn counted_rows(runs: &[&TextRun], col_of: &dyn Fn(&TextRun) -> (usize, usize)) -> Option<bool> {
    let mut first: Vec<&TextRun> = runs
        .iter()
        .copied()
        .filter(|run| col_of(run) == (0, 1))
        .collect();
    first.sort_by(|a, b| a.mid_y().total_cmp(&b.mid_y()));
    let number = |run: &TextRun| {
        run.marks
            .iter()
            .map(|mark| mark.text)
            .collect::<String>()
            .parse::<u32>()
            .ok()
    };
    let has_header = first.first().is_some_and(|run| number(run).is_none());
    let numbers: Vec<u32> = first[usize::from(has_header)..]
        .iter()
        .map(|run| number(run))
        .collect::<Option<_>>()?;
    (numbers.len() >= 3 && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1))
        .then_some(has_header)
}

/// The table that rows make, if they make one.
fn table<'a>(
    rows: &[Row<'_, 'a>],
    min_cols: usize,
    ruled_off: bool,
    level: &[Bar],
) -> Option<Table<'a>> {
    let runs: Vec<&TextRun> = rows
        .iter()
        .flat_map(|row| row.runs.iter().copied())
        .collect();
    let em = runs::usual_size(runs.iter().flat_map(|run| &run.marks));
    let cols = columns(rows, min_cols, em)?;
    let seeds: Vec<&Row> = rows.iter().filter(|row| row.pieces >= min_cols).collect();
    let col_of = |run: &TextRun| {
        let touched: Vec<usize> = (0..cols.len())
            .filter(|&c| run.bbox.x1.min(cols[c].1) - run.bbox.x0.max(cols[c].0) > 0.15 * em)
            .collect();
        (
            *touched.first().unwrap_or(&nearest(&cols, run)),
            touched.len().max(1),
        )
    };
    // Most rows of a table fill most of its columns.
    let filled: usize = seeds.iter().map(|row| row.runs.len().min(cols.len())).sum();
    if filled * 2 < seeds.len() * cols.len() {
        return None;
    }
    if is_prose(&runs, &cols, em) {
        return None;
    }
    let figures = runs.iter().filter(|run| is_figure(run)).count();
    // A list of names has columns of one width; a table of words has narrow columns and wide ones, and more of them.
    let widths = cols.iter().map(|col| col.1 - col.0);
    let uneven = widths.clone().fold(f32::MIN, f32::max) > 2.5 * widths.fold(f32::MAX, f32::min);
    let is_full = filled == seeds.len() * cols.len();
    let is_short = || runs.iter().all(|run| run.marks.len() <= SHORT);
    let of_words = filled * 4 >= seeds.len() * cols.len() * 3
        && match (cols.len(), counted_rows(&runs, &col_of)) {
            (3, Some(has_header)) => has_header,
            (4.., Some(_)) => true,
            (4, None) => seeds.len() >= 6 && uneven && is_full && is_short(),
            (n, _) => n >= 5 && seeds.len() >= 4 && uneven,
        };
    if !ruled_off && figures * 10 < runs.len() * 3 && !of_words {
        return None;
    }
    let crossing: Vec<&&TextRun> = runs.iter().filter(|run| col_of(run).1 > 1).collect();
    if !ruled_off && crossing.len() * 5 > runs.len() {
        return None;
    }
    let headers = headers_over_rules(&runs, &cols, level);
    let is_header = |run: &TextRun| headers.iter().any(|header| header.holds(run));
    let rest: Vec<&TextRun> = runs.iter().copied().filter(|run| !is_header(run)).collect();
    let mut records = records(rows, &rest, &cols, em, min_cols, level, &col_of);
    // What stands beside the headers is part of the first row below them.
    if let Some(last) = headers.iter().map(|header| header.bbox.y1).reduce(f32::max) {
        while records.len() > 1 && records[0].1 < last {
            let above = records.remove(0);
            records[0].0 = above.0;
        }
    }
    let records = wrapped_labels(records, &rest, &cols, em, &col_of);
    let records = header_lines(records, &rest, &cols, em, level, &col_of);
    Some(under(
        headers,
        &runs,
        assemble(&rest, &records, &cols, &col_of),
    ))
}

/// A header over several columns, with the rule under it that says which.
struct Header {
    bbox: Rect,
    col: usize,
    colspan: usize,
}

impl Header {
    fn holds(&self, run: &TextRun) -> bool {
        let x = (run.bbox.x0 + run.bbox.x1) / 2.0;
        (self.bbox.x0..self.bbox.x1).contains(&x)
            && (self.bbox.y0..self.bbox.y1).contains(&run.mid_y())
    }
}

/// Headers with a rule as wide as the columns that they are about, as books and reports set them.
fn headers_over_rules(runs: &[&TextRun], cols: &[(f32, f32)], level: &[Bar]) -> Vec<Header> {
    let bbox = runs
        .iter()
        .map(|run| run.bbox)
        .reduce(Rect::union)
        .expect("a table has runs");
    let mut headers: Vec<Header> = Vec::new();
    for bar in level
        .iter()
        .filter(|bar| bar.at > bbox.y0 && bar.at < bbox.y1)
    {
        let under: Vec<usize> = (0..cols.len())
            .filter(|&c| bar.from < cols[c].1 - 1.0 && bar.to > cols[c].0 + 1.0)
            .collect();
        let (Some(&first), Some(&last)) = (under.first(), under.last()) else {
            continue;
        };
        let top = headers
            .iter()
            .filter(|h| h.col <= last && h.col + h.colspan > first)
            .map(|h| h.bbox.y1)
            .fold(bbox.y0, f32::max);
        let all = Header {
            bbox: [bar.from, top, bar.to, bar.at].into(),
            col: first,
            colspan: under.len(),
        };
        let texts = side_by_side(runs.iter().filter(|run| all.holds(run)).map(|run| run.bbox));
        let n_lines = runs.iter().filter(|run| all.holds(run)).count();
        // Rules that go through the table, or stand under a figure, are of other kinds.
        if under.len() < 2
            || under.len() == cols.len()
            || texts.is_empty()
            || n_lines > 3 * texts.len()
        {
            continue;
        }
        let Some(ends) = spread(&texts, &cols[first..=last]) else {
            continue;
        };
        let mut from = first;
        for end in ends.into_iter().map(|end| first + end) {
            let left = if from == first {
                bar.from
            } else {
                (cols[from - 1].1 + cols[from].0) / 2.0
            };
            let right = if end == last + 1 {
                bar.to
            } else {
                (cols[end - 1].1 + cols[end].0) / 2.0
            };
            headers.push(Header {
                bbox: [left, top, right, bar.at].into(),
                col: from,
                colspan: end - from,
            });
            from = end;
        }
    }
    headers
}

/// Boxes from left to right, those below each other as one.
fn side_by_side(boxes: impl Iterator<Item = Rect>) -> Vec<Rect> {
    let mut boxes: Vec<Rect> = boxes.collect();
    boxes.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    let mut out: Vec<Rect> = Vec::new();
    for bbox in boxes {
        match out.last_mut() {
            Some(last) if bbox.x0 < last.x1 => *last = last.union(bbox),
            _ => out.push(bbox),
        }
    }
    out
}

/// Where the columns under each text end, if each text stands in the middle of two or more.
fn spread(texts: &[Rect], cols: &[(f32, f32)]) -> Option<Vec<usize>> {
    let [text, others @ ..] = texts else {
        return cols.is_empty().then(Vec::new);
    };
    if others.is_empty() {
        return (cols.len() >= 2).then(|| vec![cols.len()]);
    }
    (2..cols.len()).find_map(|n| {
        let (middle, of_cols) = ((text.x0 + text.x1) / 2.0, (cols[0].0 + cols[n - 1].1) / 2.0);
        let is_over = (middle - of_cols).abs() < 0.25 * (cols[n - 1].1 - cols[0].0);
        let rest = if is_over {
            spread(others, &cols[n..])?
        } else {
            return None;
        };
        Some(
            [n].into_iter()
                .chain(rest.into_iter().map(|end| end + n))
                .collect(),
        )
    })
}

/// A table under its headers.
fn under<'a>(headers: Vec<Header>, runs: &[&TextRun<'a>], mut table: Table<'a>) -> Table<'a> {
    let mut levels: Vec<f32> = headers.iter().map(|header| header.bbox.y1).collect();
    levels.sort_by(f32::total_cmp);
    levels.dedup_by(|b, a| *b - *a < 3.0);
    let n_levels = levels.len();
    let level_of = |y: f32| {
        levels
            .iter()
            .position(|level| (level - y).abs() < 3.0)
            .map_or(0, |i| i + 1)
    };
    let is_under = |col: usize| {
        headers
            .iter()
            .any(|header| (header.col..header.col + header.colspan).contains(&col))
    };
    for cell in &mut table.cells {
        if cell.row == 0 && n_levels > 0 && !is_under(cell.col) {
            cell.rowspan += n_levels;
        } else {
            cell.row += n_levels;
        }
    }
    for header in headers {
        let (row, end) = (level_of(header.bbox.y0), level_of(header.bbox.y1));
        let held = runs
            .iter()
            .filter(|run| header.holds(run))
            .map(|run| (*run).clone())
            .collect();
        table.bbox = table.bbox.union(header.bbox);
        table.cells.push(Cell {
            row,
            col: header.col,
            rowspan: end - row,
            colspan: header.colspan,
            bbox: header.bbox,
            runs: held,
        });
    }
    table.n_rows += n_levels;
    table.cells.sort_by_key(|cell| (cell.row, cell.col));
    table
}

fn is_figure(run: &TextRun) -> bool {
    run.marks.iter().filter(|mark| is_of_figures(mark)).count() * 2 >= run.marks.len()
}

fn is_of_figures(mark: &Mark) -> bool {
    mark.text
        .chars()
        .all(|c| c.is_numeric() || ".,-%—/+−()（）".contains(c))
}

fn nearest(cols: &[(f32, f32)], run: &TextRun) -> usize {
    let x = (run.bbox.x0 + run.bbox.x1) / 2.0;
    let distance = |c: &(f32, f32)| (c.0 - x).max(x - c.1);
    (0..cols.len())
        .min_by(|&a, &b| distance(&cols[a]).total_cmp(&distance(&cols[b])))
        .unwrap_or(0)
}

/// Columns of cells: what the runs cover from left to right, those aside that bridge two columns of the fullest row.
fn columns(rows: &[Row], min_cols: usize, em: f32) -> Option<Vec<(f32, f32)>> {
    // First the rows that show most columns, then those with headers over several, then parts of wrapped cells.
    let width = |run: &TextRun| run.bbox.x1 - run.bbox.x0;
    let mut runs: Vec<(usize, &TextRun)> = rows
        .iter()
        .flat_map(|row| row.runs.iter().map(move |run| (row.pieces, *run)))
        .collect();
    let is_part = |pieces: usize| pieces < min_cols;
    runs.sort_by(|a, b| {
        let by_width = width(a.1).total_cmp(&width(b.1));
        is_part(a.0).cmp(&is_part(b.0)).then(if is_part(a.0) {
            by_width.reverse()
        } else {
            b.0.cmp(&a.0).then(by_width)
        })
    });
    let mut cols: Vec<(f32, f32, usize)> = Vec::new();
    let mut bridges = 0;
    let most = rows.iter().map(|row| row.pieces).max().unwrap_or(0);
    for (pieces, run) in runs {
        let (x0, x1) = (run.bbox.x0, run.bbox.x1);
        let touched: Vec<usize> = (0..cols.len())
            .filter(|&c| x1 > cols[c].0 - 0.1 * em && x0 < cols[c].1 + 0.1 * em)
            .collect();
        match touched.as_slice() {
            // A header over several columns stands between two of them.
            [] if pieces < most && is_between(run, &cols, em) => {}
            [] => cols.push((x0, x1, 1)),
            [c] => cols[*c] = (cols[*c].0.min(x0), cols[*c].1.max(x1), cols[*c].2 + 1),
            // Narrow cells of one column that do not overlap (a sign, a figure set right) are bridged by many wider ones.
            several => {
                let rare = several.iter().all(|&c| cols[c].2 >= 2);
                if is_part(pieces) {
                    continue;
                }
                if rare {
                    bridges += 1;
                    continue;
                }
                let merged = several.iter().fold((x0, x1, 1), |m, &c| {
                    (m.0.min(cols[c].0), m.1.max(cols[c].1), m.2 + cols[c].2)
                });
                let mut keep = Vec::new();
                for (c, col) in cols.iter().enumerate() {
                    if !several.contains(&c) {
                        keep.push(*col);
                    }
                }
                keep.push(merged);
                cols = keep;
            }
        }
    }
    cols.sort_by(|a, b| a.0.total_cmp(&b.0));
    share_columns(&mut cols, rows, em);
    let n: usize = cols.iter().map(|col| col.2).sum();
    (cols.len() >= min_cols && bridges * 8 <= n)
        .then(|| cols.into_iter().map(|col| (col.0, col.1)).collect())
}

/// Whether the middle of a run is that of several columns.
fn is_between(run: &TextRun, cols: &[(f32, f32, usize)], em: f32) -> bool {
    let middle = (run.bbox.x0 + run.bbox.x1) / 2.0;
    let over = |a: &(f32, f32, usize)| {
        cols.iter()
            .any(|b| a.1 < b.0 && ((a.0 + b.1) / 2.0 - middle).abs() < 1.2 * em)
    };
    cols.iter().filter(|col| col.1 < middle).any(over)
}

/// Figures set right under a header that is centred or set left make a column beside it: header and figures are one.
fn share_columns(cols: &mut Vec<(f32, f32, usize)>, rows: &[Row], em: f32) {
    let touches = |run: &TextRun, col: &(f32, f32, usize)| {
        run.bbox.x1.min(col.1) - run.bbox.x0.max(col.0) > 0.15 * em
    };
    loop {
        // A header over several columns is none of one.
        let cells = |col: &(f32, f32, usize)| -> Vec<(usize, &TextRun)> {
            let of_one = |run: &TextRun| {
                touches(run, col) && cols.iter().filter(|col| touches(run, col)).count() == 1
            };
            let all = rows
                .iter()
                .enumerate()
                .flat_map(|(i, row)| row.runs.iter().map(move |run| (i, *run)));
            all.filter(|(_, run)| of_one(run)).collect()
        };
        let filled =
            |col: &(f32, f32, usize)| cells(col).into_iter().map(|(i, _)| i).collect::<Vec<_>>();
        let gap = |i: usize| cols[i + 1].0 - cols[i].1;
        let is_header =
            |above: &[usize], below: &[usize]| above.len() <= 2 && above.last() < below.first();
        // Words over figures are their header.
        let is_headed = |col: &(f32, f32, usize)| {
            let cells: Vec<bool> = cells(col)
                .into_iter()
                .map(|(_, run)| is_figure(run))
                .collect();
            !cells.first().is_some_and(|first| *first)
                && cells.iter().filter(|figure| **figure).count() * 2 > cells.len()
        };
        let apart = |i: &usize| {
            let (left, right) = (&cols[*i], &cols[i + 1]);
            let (a, b) = (filled(left), filled(right));
            is_header(&a, &b) && !is_headed(right) || is_header(&b, &a) && !is_headed(left)
        };
        let nearest = (0..cols.len().saturating_sub(1))
            .filter(|&i| gap(i) < 4.0 * em)
            .filter(apart)
            .min_by(|&a, &b| gap(a).total_cmp(&gap(b)));
        let Some(i) = nearest else { return };
        let next = cols.remove(i + 1);
        cols[i] = (cols[i].0, next.1, cols[i].2 + next.2);
    }
}

/// Prose in columns fills them: most lines of a wide column are as wide as the column.
fn is_prose(runs: &[&TextRun], cols: &[(f32, f32)], em: f32) -> bool {
    let mut prose = 0;
    for col in cols {
        let lines: Vec<f32> = runs
            .iter()
            .filter(|run| run.bbox.x0 >= col.0 - 0.1 * em && run.bbox.x1 <= col.1 + 0.1 * em)
            .map(|run| run.bbox.x1 - run.bbox.x0)
            .collect();
        let full = lines
            .iter()
            .filter(|width| **width > 0.85 * (col.1 - col.0))
            .count();
        if col.1 - col.0 > 8.0 * em && lines.len() >= 3 && full * 2 > lines.len() {
            prose += 1;
        }
    }
    prose * 2 >= cols.len()
}

/// Top and bottom of each row of cells.
fn records(
    rows: &[Row],
    runs: &[&TextRun],
    cols: &[(f32, f32)],
    em: f32,
    min_cols: usize,
    level: &[Bar],
    col_of: &dyn Fn(&TextRun) -> (usize, usize),
) -> Vec<(f32, f32)> {
    // Columns with few cells hold labels of row spans, which stand between rows: they do not tell the rows.
    let mut n_in = vec![0; cols.len()];
    for row in rows {
        let mut seen = vec![false; cols.len()];
        for run in &row.runs {
            seen[col_of(run).0] = true;
        }
        seen.iter()
            .zip(&mut n_in)
            .for_each(|(seen, n)| *n += usize::from(*seen));
    }
    let n_seeds = rows.iter().filter(|row| row.pieces >= min_cols).count();
    let telling = |run: &TextRun| {
        let (col, n) = col_of(run);
        n > 1 || n_in[col] * 10 >= n_seeds * 6
    };
    let mut spans: Vec<(f32, f32)> = runs
        .iter()
        .filter(|run| telling(run))
        .map(|run| {
            let half = 0.45 * (run.bbox.y1 - run.bbox.y0).min(run.size);
            (run.mid_y() - half, run.mid_y() + half)
        })
        .collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Cells of one row that wrap overlap those that do not, when all are centred.
    let mut records: Vec<(f32, f32)> = Vec::new();
    for span in spans {
        match records.last_mut() {
            Some(last) if span.0 < last.1 => last.1 = last.1.max(span.1),
            _ => records.push(span),
        }
    }
    // Lines of one cell stand closer than rows, where the rows leave room at all.
    let mut gaps: Vec<f32> = records
        .windows(2)
        .map(|pair| pair[1].0 - pair[0].1)
        .collect();
    gaps.sort_by(f32::total_cmp);
    let usual = gaps.get(gaps.len() / 2).copied().unwrap_or(0.0);
    let tight = (0.45 * em).min(0.7 * usual);
    let is_full = |record: &(f32, f32)| {
        let mut seen: Vec<usize> = runs
            .iter()
            .filter(|run| run.mid_y() > record.0 && run.mid_y() < record.1)
            .map(|run| col_of(run).0)
            .collect();
        seen.sort_unstable();
        seen.dedup();
        seen.len() * 10 > cols.len() * 6
    };
    // Two full rows are one when all cells wrap: each cell of the second goes on right under one of the first.
    let all_go_on = |a: (f32, f32), b: (f32, f32)| {
        let within = |record: (f32, f32)| {
            runs.iter()
                .filter(move |run| run.mid_y() > record.0 && run.mid_y() < record.1)
        };
        within(b).all(|run| {
            within(a).any(|above| {
                col_of(above).0 == col_of(run).0 && run.mid_y() - above.mid_y() < 1.3 * run.size
            })
        })
    };
    let is_ruled = |a: (f32, f32), b: (f32, f32)| {
        level.iter().any(|bar| {
            bar.at > a.1 - 1.0 && bar.at < b.0 + 1.0 && is_under_all(bar.at, level, cols)
        })
    };
    let mut merged: Vec<((f32, f32), bool)> = Vec::new();
    for record in records {
        let full = is_full(&record);
        match merged.last_mut() {
            Some((last, was_full))
                if record.0 - last.1 < tight
                    && !is_ruled(*last, record)
                    && (!full || !*was_full || all_go_on(*last, record)) =>
            {
                last.1 = record.1;
                *was_full |= full;
            }
            _ => merged.push((record, full)),
        }
    }
    merged.into_iter().map(|(record, _)| record).collect()
}

/// Whether rules at this height go through all columns; that of the labels may have none.
fn is_under_all(at: f32, level: &[Bar], cols: &[(f32, f32)]) -> bool {
    let covers = |col: &&(f32, f32)| {
        let middle = (col.0 + col.1) / 2.0;
        level
            .iter()
            .any(|bar| (bar.at - at).abs() < 3.0 && bar.from < middle && bar.to > middle)
    };
    cols.iter().filter(covers).count() + 1 >= cols.len()
}

/// The lines of a header as one row: down to the rule under all of it, or to a gap that is wider than those between them.
fn header_lines(
    mut records: Vec<(f32, f32)>,
    runs: &[&TextRun],
    cols: &[(f32, f32)],
    em: f32,
    level: &[Bar],
    col_of: &dyn Fn(&TextRun) -> (usize, usize),
) -> Vec<(f32, f32)> {
    let Some(first) = records.first().copied() else {
        return records;
    };
    let within = |record: &(f32, f32)| {
        let (top, bottom) = *record;
        runs.iter()
            .filter(move |run| run.mid_y() > top && run.mid_y() < bottom)
    };
    let under_all = |bar: &&Bar| bar.at > first.1 && is_under_all(bar.at, level, cols);
    let by_rule = level
        .iter()
        .filter(under_all)
        .map(|bar| {
            records
                .iter()
                .filter(|record| record.1 < bar.at + 1.0)
                .count()
        })
        .next();
    let gap = |i: usize| records[i + 1].0 - records[i].1;
    let is_value = |run: &TextRun| run.marks.iter().all(|mark| is_of_figures(mark));
    let n_words = records
        .iter()
        .take_while(|record| !within(record).any(|run| is_value(run)))
        .count();
    let is_tight = (1..n_words).all(|i| gap(i - 1) < 0.6 * em);
    let parted = n_words < records.len()
        && n_words > 1
        && (1..n_words).all(|i| gap(n_words - 1) > 1.6 * gap(i - 1));
    let n_lines = by_rule
        .or((is_tight && parted).then_some(n_words))
        .unwrap_or(1);
    let are_lines = (1..n_lines).all(|i| gap(i - 1) < em && within(&records[i]).count() > 1);
    if n_lines < records.len()
        && n_lines > 1
        && are_lines
        && records[..n_lines]
            .iter()
            .all(|r| within(r).all(|run| col_of(run).1 == 1))
    {
        records.splice(..n_lines, [(first.0, records[n_lines - 1].1)]);
    }
    records
}

/// Rows of a label that takes several lines as one: a full line that the next, set in, goes on, or a bracket still open.
fn wrapped_labels(
    records: Vec<(f32, f32)>,
    runs: &[&TextRun],
    cols: &[(f32, f32)],
    em: f32,
    col_of: &dyn Fn(&TextRun) -> (usize, usize),
) -> Vec<(f32, f32)> {
    let labels = |record: (f32, f32)| {
        let (label, others): (Vec<&TextRun>, Vec<&TextRun>) = runs
            .iter()
            .copied()
            .filter(|run| run.mid_y() > record.0 && run.mid_y() < record.1)
            .partition(|run| col_of(run) == (0, 1));
        (label, others.is_empty())
    };
    // What the next line begins with had no room: a character and its punctuation, or a word.
    let is_full = |run: &TextRun, next: &TextRun| {
        let word = next
            .marks
            .iter()
            .zip(&next.marks[1..])
            .position(|(a, b)| b.bbox.x0 - a.bbox.x1 > 0.15 * em);
        let word = next.marks[word.unwrap_or(next.marks.len() - 1)].bbox.x1 - next.bbox.x0;
        let needed = if next.marks[0].text.is_ascii() {
            word + 0.2 * em
        } else {
            1.5 * em
        };
        run.solid_right() + needed > cols[0].1
    };
    // A column with one long label is as wide as that.
    let is_filled = runs
        .iter()
        .filter(|run| col_of(run) == (0, 1) && run.solid_right() > cols[0].1 - 2.0 * em)
        .count()
        > 1;
    let is_open = |label: &[&TextRun]| {
        let count = |brackets: [&str; 2]| {
            label
                .iter()
                .flat_map(|run| &run.marks)
                .filter(|mark| brackets.contains(&mark.text))
                .count()
        };
        count(["（", "("]) > count(["）", ")"])
    };
    let mut out: Vec<(f32, f32)> = Vec::with_capacity(records.len());
    for record in records {
        let goes_on = out.last().is_some_and(|&last| {
            let ((above, is_alone), (label, _)) = (labels(last), labels(record));
            let (Some(first), Some(end), Some(next)) = (above.first(), above.last(), label.first())
            else {
                return false;
            };
            let set_in = next.bbox.x0 - first.bbox.x0;
            let near = next.mid_y() - end.mid_y() < 2.0 * em;
            is_alone
                && near
                && (is_open(&above)
                    || is_filled && is_full(end, next) && set_in > 0.4 * em && set_in < 3.0 * em)
        });
        match out.last_mut() {
            Some(last) if goes_on => last.1 = record.1,
            _ => out.push(record),
        }
    }
    out
}

fn assemble<'a>(
    runs: &[&TextRun<'a>],
    records: &[(f32, f32)],
    cols: &[(f32, f32)],
    col_of: &dyn Fn(&TextRun) -> (usize, usize),
) -> Table<'a> {
    let bbox = runs
        .iter()
        .map(|run| run.bbox)
        .reduce(Rect::union)
        .expect("a table has runs");
    // Borders run half-way between cells.
    let border = |ranges: &[(f32, f32)], first: f32, last: f32| -> Vec<f32> {
        let mut out = vec![first];
        out.extend(ranges.windows(2).map(|pair| (pair[0].1 + pair[1].0) / 2.0));
        out.push(last);
        out
    };
    let xs = border(cols, bbox.x0, bbox.x1);
    let ys = border(records, bbox.y0, bbox.y1);
    let row_at = |y: f32| {
        (0..records.len())
            .min_by(|&a, &b| {
                (records[a].0 - y)
                    .max(y - records[a].1)
                    .total_cmp(&(records[b].0 - y).max(y - records[b].1))
            })
            .unwrap_or(0)
    };
    let n_cols = cols.len();
    let mut slots: Vec<Vec<TextRun>> = vec![Vec::new(); records.len() * n_cols];
    let mut wide: Vec<(usize, usize, usize, TextRun)> = Vec::new();
    for run in runs {
        let (col, n) = col_of(run);
        let row = row_at(run.mid_y());
        if n > 1 {
            wide.push((row, col, n, (*run).clone()));
        } else {
            slots[row * n_cols + col].push((*run).clone());
        }
    }
    headers_over_columns(&mut slots, &mut wide, &xs, n_cols);
    let spans = row_spans(&slots, &ys, records.len(), n_cols);
    // A header over several columns stands above their own headers: then the row is two.
    let split: Vec<Option<f32>> = (0..records.len())
        .map(|row| {
            let below = |(_, col, n, run): &&(usize, usize, usize, TextRun)| {
                slots[row * n_cols + col..row * n_cols + col + n]
                    .iter()
                    .flatten()
                    .any(|under| under.mid_y() > run.mid_y() + 0.5 * run.size)
            };
            wide.iter()
                .filter(|wide| wide.0 == row)
                .find(below)
                .map(|wide| wide.3.bbox.y1)
        })
        .collect();
    let mut cells: Vec<Cell> = Vec::new();
    let mut row_idx = Vec::with_capacity(records.len() + 1);
    let mut n_rows = 0;
    for split in &split {
        row_idx.push(n_rows);
        n_rows += if split.is_some() { 2 } else { 1 };
    }
    row_idx.push(n_rows);
    let mut taken = vec![false; slots.len()];
    for row in 0..records.len() {
        let wides: Vec<&(usize, usize, usize, TextRun)> =
            wide.iter().filter(|wide| wide.0 == row).collect();
        for col in 0..n_cols {
            let here = row * n_cols + col;
            if taken[here] {
                continue;
            }
            let over: Vec<&&(usize, usize, usize, TextRun)> =
                wides.iter().filter(|wide| wide.1 == col).collect();
            let covered = wides
                .iter()
                .find(|wide| (wide.1..wide.1 + wide.2).contains(&col));
            if let Some(first) = over.first() {
                let n = over.iter().map(|wide| wide.2).max().unwrap_or(first.2);
                let mut parts: Vec<TextRun> = over.iter().map(|wide| wide.3.clone()).collect();
                let bottom = split[row].unwrap_or(ys[row + 1]);
                if split[row].is_none() {
                    for under in col..col + n {
                        parts.append(&mut slots[row * n_cols + under]);
                        taken[row * n_cols + under] = true;
                    }
                }
                cells.push(Cell {
                    row: row_idx[row],
                    col,
                    rowspan: 1,
                    colspan: n,
                    bbox: [xs[col], ys[row], xs[col + n], bottom].into(),
                    runs: parts,
                });
            }
            if taken[here] {
                continue;
            }
            let top = if covered.is_some() {
                split[row].unwrap_or(ys[row])
            } else {
                ys[row]
            };
            let first_row = if covered.is_some() {
                row_idx[row + 1] - 1
            } else {
                row_idx[row]
            };
            let last = row + spans[here].max(1);
            for under in row..last {
                taken[under * n_cols + col] = true;
            }
            let parts: Vec<TextRun> = (row..last)
                .flat_map(|r| slots[r * n_cols + col].clone())
                .collect();
            cells.push(Cell {
                row: first_row,
                col,
                rowspan: row_idx[last] - first_row,
                colspan: 1,
                bbox: [xs[col], top, xs[col + 1], ys[last]].into(),
                runs: parts,
            });
        }
    }
    cells.sort_by_key(|cell| (cell.row, cell.col));
    Table {
        bbox,
        n_rows,
        n_cols,
        cells,
        ruled: false,
    }
}

/// A header centred over several columns may touch only one of them: the other columns are empty beside it, and
/// all have headers of their own below.
fn headers_over_columns<'a>(
    slots: &mut [Vec<TextRun<'a>>],
    wide: &mut Vec<(usize, usize, usize, TextRun<'a>)>,
    xs: &[f32],
    n_cols: usize,
) {
    for row in 0..2.min(slots.len() / n_cols) {
        let Some(header) = slots[row * n_cols..(row + 1) * n_cols]
            .iter()
            .flatten()
            .map(|run| run.bbox)
            .reduce(Rect::union)
        else {
            continue;
        };
        let middle = (header.y0 + header.y1) / 2.0;
        for col in 0..n_cols {
            let Some(run) = slots[row * n_cols + col].first().cloned() else {
                continue;
            };
            let bottom = run.mid_y() + 0.4 * run.size;
            let clear = |other: &TextRun| other.mid_y() - 0.4 * other.size - bottom;
            // Lines of one cell stand closer.
            if slots[row * n_cols + col][1..]
                .iter()
                .any(|under| clear(under) < 0.55 * run.size)
            {
                continue;
            }
            let below = |c: usize| {
                let cell = &slots[row * n_cols + c];
                let others = if c == col { &cell[1..] } else { &cell[..] };
                let Some(bbox) = others.iter().map(|other| other.bbox).reduce(Rect::union) else {
                    return false;
                };
                // A cell beside it that is as high as the whole header is centred in it.
                (bbox.y0 + bbox.y1) / 2.0 > middle + 0.35 * run.size
                    && others.iter().all(|other| clear(other) > -0.1 * run.size)
            };
            let centre = (run.bbox.x0 + run.bbox.x1) / 2.0;
            let mut best: Option<(usize, usize, usize)> = None;
            for first in (0..=col).rev().take_while(|&c| below(c)) {
                for last in (col..n_cols).take_while(|&c| below(c)) {
                    let off = ((xs[first] + xs[last + 1]) / 2.0 - centre).abs();
                    if last > first
                        && off < 1.2 * run.size
                        && best.is_none_or(|(widest, ..)| last - first > widest)
                    {
                        best = Some((last - first, first, last));
                    }
                }
            }
            if let Some((_, first, last)) = best {
                slots[row * n_cols + col].remove(0);
                wide.push((row, first, last + 1 - first, run));
            }
        }
        // One that touches two columns may stand over more.
        for (_, col, n, run) in wide.iter_mut().filter(|wide| wide.0 == row) {
            let below = |c: usize| {
                let Some(bbox) = slots[row * n_cols + c]
                    .iter()
                    .map(|other| other.bbox)
                    .reduce(Rect::union)
                else {
                    return false;
                };
                (bbox.y0 + bbox.y1) / 2.0 > middle + 0.35 * run.size && bbox.y0 > run.mid_y()
            };
            let centre = (run.bbox.x0 + run.bbox.x1) / 2.0;
            for (first, last) in (0..=*col)
                .rev()
                .take_while(|&c| c == *col || below(c))
                .flat_map(|first| (*col + *n - 1..n_cols).map(move |last| (first, last)))
            {
                let all = (first..=last).all(below);
                if all
                    && ((xs[first] + xs[last + 1]) / 2.0 - centre).abs() < 1.2 * run.size
                    && last + 1 - first > *n
                {
                    (*col, *n) = (first, last + 1 - first);
                    break;
                }
            }
        }
    }
}

/// How many rows the cell that begins here spans: labels centred in a column that is empty but for them.
fn row_spans(slots: &[Vec<TextRun>], ys: &[f32], n_rows: usize, n_cols: usize) -> Vec<usize> {
    let mut spans = vec![1; slots.len()];
    for col in 0..n_cols {
        let filled: Vec<usize> = (0..n_rows)
            .filter(|&row| !slots[row * n_cols + col].is_empty())
            .collect();
        let Some((&first, body)) = filled.split_first() else {
            continue;
        };
        // The header stays out of it.
        if first != 0 || body.is_empty() || body.len() > (n_rows - 1) * 2 / 3 {
            continue;
        }
        // Labels of neighbouring rows are lines of one.
        let mut groups: Vec<Rect> = Vec::new();
        for &row in body {
            let bbox = slots[row * n_cols + col]
                .iter()
                .map(|run| run.bbox)
                .reduce(Rect::union)
                .expect("filled");
            match groups.last_mut() {
                Some(last) if bbox.y0 - last.y1 < 0.6 * slots[row * n_cols + col][0].size => {
                    *last = last.union(bbox)
                }
                _ => groups.push(bbox),
            }
        }
        // The first span begins under the header and is centred on its label; the next begins where it ends.
        let mut top = 1;
        let mut found = Vec::new();
        let n_groups = groups.len();
        for group in groups {
            let end = 2.0 * (group.y0 + group.y1) / 2.0 - ys[top];
            let Some(bottom) = (top + 1..=n_rows)
                .min_by(|&a, &b| (ys[a] - end).abs().total_cmp(&(ys[b] - end).abs()))
            else {
                break;
            };
            if (ys[bottom] - end).abs() > 0.7 * (ys[bottom] - ys[bottom - 1]) {
                break;
            }
            found.push((top, bottom - top));
            top = bottom;
            if top == n_rows {
                break;
            }
        }
        if found.len() == n_groups {
            for (row, n) in found {
                spans[row * n_cols + col] = n;
            }
        }
    }
    spans
}
