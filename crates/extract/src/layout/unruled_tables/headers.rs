//! Headers over several columns that have a rule under them, as books and reports set them.

use super::Candidate;
use super::columns::ColSpan;
use crate::geom::{Interval, Rect, bounds, is_near};
use crate::layout::rulings::{RulingLine, SAME};
use crate::layout::runs::TextRun;
use crate::layout::tables::{Cell, Slot, Table};

/// A header over several columns, with the rule under it that says which.
pub struct Header {
    pub bbox: Rect,
    span: ColSpan,
}

/// How far a rule reaches over a column that it is about, in points.
const REACH: f32 = 1.0;
/// Lines of a header.
const MOST_LINES: usize = 3;
/// How far the middle of a text lies from that of its columns, as a part of their width.
const OFF_CENTRE: f32 = 0.25;

impl Header {
    pub fn holds(&self, run: &TextRun) -> bool {
        let (x, y) = (run.bbox.mid_x(), run.mid_y());
        (self.bbox.x0..self.bbox.x1).contains(&x) && (self.bbox.y0..self.bbox.y1).contains(&y)
    }
}

/// Headers with a rule as wide as the columns that they are about.
pub fn over_rules(candidate: &Candidate) -> Vec<Header> {
    let bbox = bounds(candidate.runs.iter().map(|run| run.bbox)).expect("a table has runs");
    let mut headers: Vec<Header> = Vec::new();
    for line in candidate.level {
        if bbox.down().contains_inside(line.position) {
            let found = over_rule(line, bbox.y0, &headers, candidate);
            headers.extend(found);
        }
    }
    headers
}

/// The headers that stand on one rule; `others` are those above it.
fn over_rule(line: &RulingLine, top: f32, others: &[Header], candidate: &Candidate) -> Vec<Header> {
    let cols = &candidate.cols.ranges;
    let Interval { from, to } = line.extent;
    let under: Vec<usize> = (0..cols.len())
        .filter(|&col| from < cols[col].to - REACH && to > cols[col].from + REACH)
        .collect();
    let (Some(&first), Some(&last)) = (under.first(), under.last()) else {
        return Vec::new();
    };
    let top = others
        .iter()
        .filter(|header| header.span.col <= last && header.span.end() > first)
        .map(|header| header.bbox.y1)
        .fold(top, f32::max);
    let all = Header {
        bbox: Rect {
            x0: from,
            y0: top,
            x1: to,
            y1: line.position,
        },
        span: ColSpan {
            col: first,
            n: under.len(),
        },
    };
    let held = candidate.runs.iter().filter(|run| all.holds(run));
    let held: Vec<Rect> = held.map(|run| run.bbox).collect();
    let n_lines = held.len();
    let texts = side_by_side(held);
    // Rules that go through the table, or stand under a figure, are of other kinds.
    if under.len() < 2
        || under.len() == cols.len()
        || texts.is_empty()
        || n_lines > MOST_LINES * texts.len()
    {
        return Vec::new();
    }
    let ends = columns_under(&texts, &cols[first..=last]).unwrap_or_default();
    parted(&all, ends.into_iter().map(|end| first + end), cols)
}

/// What stands over several columns as one header for each text.
fn parted(all: &Header, ends: impl Iterator<Item = usize>, cols: &[Interval]) -> Vec<Header> {
    let border = |col: usize| (cols[col - 1].to + cols[col].from) / 2.0;
    let mut start = all.span.col;
    let mut headers = Vec::new();
    for end in ends {
        let x0 = if start == all.span.col {
            all.bbox.x0
        } else {
            border(start)
        };
        let x1 = if end == all.span.end() {
            all.bbox.x1
        } else {
            border(end)
        };
        headers.push(Header {
            bbox: Rect { x0, x1, ..all.bbox },
            span: ColSpan {
                col: start,
                n: end - start,
            },
        });
        start = end;
    }
    headers
}

/// Boxes from left to right, those below each other as one.
fn side_by_side(mut boxes: Vec<Rect>) -> Vec<Rect> {
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
fn columns_under(texts: &[Rect], cols: &[Interval]) -> Option<Vec<usize>> {
    let [text, others @ ..] = texts else {
        return cols.is_empty().then(Vec::new);
    };
    if others.is_empty() {
        return (cols.len() >= 2).then(|| vec![cols.len()]);
    }
    (2..cols.len()).find_map(|n| {
        let under = cols[0].union(cols[n - 1]);
        if (text.mid_x() - under.middle()).abs() >= OFF_CENTRE * under.length() {
            return None;
        }
        let rest = columns_under(others, &cols[n..])?;
        Some(
            [n].into_iter()
                .chain(rest.into_iter().map(|end| end + n))
                .collect(),
        )
    })
}

/// A table under its headers.
pub fn put_over<'a>(
    headers: Vec<Header>,
    runs: &[&TextRun<'a>],
    mut table: Table<'a>,
) -> Table<'a> {
    let mut levels: Vec<f32> = headers.iter().map(|header| header.bbox.y1).collect();
    levels.sort_by(f32::total_cmp);
    levels.dedup_by(|b, a| *b - *a < SAME);
    let row_below = |y: f32| {
        levels
            .iter()
            .position(|level| is_near(*level, y, SAME))
            .map_or(0, |i| i + 1)
    };
    let has_header = |col: usize| headers.iter().any(|header| header.span.contains(col));
    for cell in &mut table.cells {
        if cell.slot.row == 0 && !levels.is_empty() && !has_header(cell.slot.col) {
            cell.slot.rowspan += levels.len();
        } else {
            cell.slot.row += levels.len();
        }
    }
    for header in &headers {
        let (row, end) = (row_below(header.bbox.y0), row_below(header.bbox.y1));
        let held = runs.iter().filter(|run| header.holds(run));
        table.bbox = table.bbox.union(header.bbox);
        table.cells.push(Cell {
            slot: Slot {
                row,
                col: header.span.col,
                rowspan: end - row,
                colspan: header.span.n,
            },
            bbox: header.bbox,
            runs: held.map(|run| (*run).clone()).collect(),
        });
    }
    table.n_rows += levels.len();
    table
        .cells
        .sort_by_key(|cell| (cell.slot.row, cell.slot.col));
    table
}
