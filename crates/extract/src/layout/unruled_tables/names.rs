//! The names of columns above the rule that ends a header: over one column or several, on one level or more.

use super::columns::Columns;
use super::{Candidate, is_of_figures};
use crate::geom::{Interval, Rect, bounds};
use crate::layout::runs::{Mark, TextRun};
use crate::layout::tables::{Cell, Slot, Table};

/// Lines of one name stand closer than this, in em, and share this part of the width of the narrower one.
const SAME_NAME: f32 = 0.55;
const SHARED: f32 = 0.5;
/// How far below the middle of a name those under it have theirs, in em.
const BELOW: f32 = 0.35;
/// Names whose middles differ less are on one level, in em.
const SAME_LEVEL: f32 = 0.5;
/// How far the middle of a name lies from that of its columns, in em.
const OFF_CENTRE: f32 = 1.2;

/// The same where all names of a level share all columns below between them, which proves them.
const SHARE_OFF: f32 = 3.0;

/// A name, with its lines.
struct Name<'a> {
    runs: Vec<TextRun<'a>>,
    bbox: Rect,
}

impl Name<'_> {
    fn size(&self) -> f32 {
        self.runs[0].size
    }

    fn is_below(&self, other: &Name) -> bool {
        self.bbox.mid_y() > other.bbox.mid_y() + BELOW * other.size()
    }
}

/// The height of the rule below a header of words: the first one under all columns.
pub fn rule_below(candidate: &Candidate) -> Option<f32> {
    let bbox = bounds(candidate.runs.iter().map(|run| run.bbox))?;
    let mut rules = candidate.level.iter().map(|line| line.position);
    let rule = rules.find(|&y| {
        bbox.down().contains_inside(y) && candidate.cols.are_ruled_at(y, candidate.level)
    })?;
    let mut above = candidate.runs.iter().filter(|run| run.mid_y() < rule);
    let has_rest = candidate.runs.iter().any(|run| run.mid_y() > rule);
    (has_rest && above.all(|run| !is_value(run))).then_some(rule)
}

/// Whether a run is a value, and names nothing.
fn is_value(run: &TextRun) -> bool {
    let has_digit = |mark: &Mark| mark.text.chars().any(char::is_numeric);
    run.marks.iter().all(is_of_figures) && run.marks.iter().any(has_digit)
}

/// Puts the names of a header over the table of what stands below it.
pub fn put_over<'a>(head: &[&TextRun<'a>], cols: &Columns, mut body: Table<'a>) -> Table<'a> {
    let names = names(head);
    let places = places(&names, cols);
    let n_levels = places
        .iter()
        .map(|place| place.depth + 1)
        .max()
        .unwrap_or(0);
    let slots = slots(&places, n_levels, body.n_cols);
    for cell in &mut body.cells {
        cell.slot.row += n_levels;
    }
    body.n_rows += n_levels;
    body.bbox = names
        .iter()
        .fold(body.bbox, |all, name| all.union(name.bbox));
    let mut header: Vec<Cell> = slots
        .iter()
        .map(|(slot, _)| Cell {
            slot: *slot,
            bbox: body.bbox,
            runs: Vec::new(),
        })
        .collect();
    for (i, name) in names.into_iter().enumerate() {
        if let Some(at) = slots.iter().position(|(_, names)| names.contains(&i)) {
            header[at].runs.extend(name.runs);
        }
    }
    for cell in &mut header {
        cell.bbox = bounds(cell.runs.iter().map(|run| run.bbox)).unwrap_or(cell.bbox);
    }
    body.cells.extend(header);
    body.cells
        .sort_by_key(|cell| (cell.slot.row, cell.slot.col));
    body
}

/// The slots of a header, which cover it, each with the names that stand in it. A name for which another leaves no room
/// stands with that one.
fn slots(places: &[Place], n_levels: usize, n_cols: usize) -> Vec<(Slot, Vec<usize>)> {
    let mut owner: Vec<Vec<Option<usize>>> = vec![vec![None; n_cols]; n_levels];
    let mut slots: Vec<(Slot, Vec<usize>)> = Vec::new();
    for (i, place) in places.iter().enumerate() {
        let end = if place.is_lowest {
            n_levels
        } else {
            place.depth + 1
        };
        let (rows, cols) = (place.depth..end, place.cols.0..place.cols.1);
        let taken = rows
            .clone()
            .flat_map(|row| cols.clone().map(move |col| (row, col)))
            .find_map(|(row, col)| owner[row][col]);
        if let Some(at) = taken {
            slots[at].1.push(i);
            continue;
        }
        for row in rows.clone() {
            owner[row][cols.clone()].fill(Some(slots.len()));
        }
        let slot = Slot {
            row: rows.start,
            col: cols.start,
            rowspan: rows.len(),
            colspan: cols.len(),
        };
        slots.push((slot, vec![i]));
    }
    for col in 0..n_cols {
        let is_free = |row: &usize| owner[*row][col].is_none();
        if let Some(row) = (0..n_levels).find(is_free) {
            let slot = Slot {
                row,
                col,
                rowspan: (row..n_levels).take_while(is_free).count(),
                colspan: 1,
            };
            slots.push((slot, Vec::new()));
        }
    }
    slots
}

/// Lines below each other as one name.
fn names<'a>(head: &[&TextRun<'a>]) -> Vec<Name<'a>> {
    let mut sorted = head.to_vec();
    sorted.sort_by(|a, b| a.mid_y().total_cmp(&b.mid_y()));
    let mut names: Vec<Name> = Vec::new();
    for run in sorted {
        let goes_on = |name: &&mut Name| {
            let last = &name.runs[name.runs.len() - 1];
            let shared = name.bbox.overlap_x(run.bbox);
            let narrower = name.bbox.width().min(run.bbox.width());
            run.mid_y() > last.mid_y()
                && last.bbox.gap_y(run.bbox) < SAME_NAME * run.size - free(last, run)
                && shared >= SHARED * narrower
        };
        match names.iter_mut().rev().find(goes_on) {
            Some(name) => {
                name.bbox = name.bbox.union(run.bbox);
                name.runs.push(run.clone());
            }
            None => names.push(Name {
                bbox: run.bbox,
                runs: vec![run.clone()],
            }),
        }
    }
    names
}

/// What two lines keep free above and below their characters, as their boxes count it.
fn free(above: &TextRun, below: &TextRun) -> f32 {
    let height = (above.bbox.height() + below.bbox.height()) / 2.0;
    let em = (above.size + below.size) / 2.0;
    (em - height).max(0.0)
}

/// Where a name stands: its columns, how many names are above it, and whether none is below.
struct Place {
    cols: (usize, usize),
    depth: usize,
    is_lowest: bool,
}

/// The place of each name.
fn places(names: &[Name], cols: &Columns) -> Vec<Place> {
    let lowest = lowest_names(names, cols);
    let mut spans: Vec<(usize, usize)> = vec![(0, 0); names.len()];
    for (col, name) in lowest.iter().enumerate() {
        if let Some(name) = name {
            spans[*name] = (col, col + 1);
        }
    }
    let upper: Vec<usize> = (0..names.len())
        .filter(|i| !lowest.contains(&Some(*i)))
        .collect();
    let middle = bounds(names.iter().map(|name| name.bbox)).map_or(0.0, Rect::mid_y);
    for level in levels(&upper, names) {
        let low = columns_below(&level, names, &lowest, middle);
        let shares = shares(&level, names, &low, &lowest);
        for (n, &i) in level.iter().enumerate() {
            spans[i] = match &shares {
                Some(shares) => shares[n],
                None => columns_under(i, names, &low, &lowest, cols),
            };
        }
    }
    (0..names.len())
        .map(|i| {
            let is_over = |other: &usize| {
                let (a, b) = (spans[*other], spans[i]);
                *other != i && a.0 < b.1 && b.0 < a.1 && names[i].is_below(&names[*other])
            };
            Place {
                cols: spans[i],
                depth: (0..names.len()).filter(is_over).count(),
                is_lowest: lowest.contains(&Some(i)),
            }
        })
        .collect()
}

/// Names by the height at which they stand, from left to right.
fn levels(upper: &[usize], names: &[Name]) -> Vec<Vec<usize>> {
    let y = |i: usize| names[i].bbox.mid_y();
    let mut sorted = upper.to_vec();
    sorted.sort_by(|&a, &b| y(a).total_cmp(&y(b)));
    let is_level = |&a: &usize, &b: &usize| y(b) - y(a) < SAME_LEVEL * names[a].size();
    let mut levels: Vec<Vec<usize>> = sorted.chunk_by(is_level).map(<[usize]>::to_vec).collect();
    for level in &mut levels {
        level.sort_by(|&a, &b| names[a].bbox.x0.total_cmp(&names[b].bbox.x0));
    }
    levels
}

/// The columns whose own names stand below those of a level: a name as high as the header is centred in it.
fn columns_below(
    level: &[usize],
    names: &[Name],
    lowest: &[Option<usize>],
    middle: f32,
) -> Vec<usize> {
    let is_low = |below: &Name| {
        let is_below = |&i: &usize| {
            below.is_below(&names[i]) && below.bbox.mid_y() > middle + BELOW * names[i].size()
        };
        level.iter().any(is_below)
    };
    (0..lowest.len())
        .filter(|&col| lowest[col].is_some_and(|i| is_low(&names[i])))
        .collect()
}

/// The columns of each name of a level, if the names share those below between them, each in the middle of its own.
fn shares(
    level: &[usize],
    names: &[Name],
    low: &[usize],
    lowest: &[Option<usize>],
) -> Option<Vec<(usize, usize)>> {
    let middle = |col: usize| lowest[col].map_or(0.0, |i| names[i].bbox.mid_x());
    let (n_names, n_low) = (level.len(), low.len());
    // How far the first names are off, at the least, if they share the first columns; and how many the last of them has.
    let mut best = vec![vec![(f32::INFINITY, 0); n_low + 1]; n_names + 1];
    best[0][0].0 = 0.0;
    for n in 0..n_names {
        let name = &names[level[n]];
        for from in 0..n_low {
            if best[n][from].0.is_infinite() {
                continue;
            }
            for to in from + 1..=n_low {
                let (first, last) = (low[from], low[to - 1]);
                if last - first + 1 > to - from {
                    break;
                }
                let off = ((middle(first) + middle(last)) / 2.0 - name.bbox.mid_x()).abs();
                let cost = best[n][from].0 + off;
                if off < SHARE_OFF * name.size() && cost < best[n + 1][to].0 {
                    best[n + 1][to] = (cost, to - from);
                }
            }
        }
    }
    let mut end = n_low;
    let mut shares = Vec::with_capacity(n_names);
    for n in (1..=n_names).rev() {
        let (cost, taken) = best[n][end];
        if cost.is_infinite() {
            return None;
        }
        shares.push((low[end - taken], low[end - 1] + 1));
        end -= taken;
    }
    shares.reverse();
    Some(shares)
}

/// The lowest name that stands in each column alone.
fn lowest_names(names: &[Name], cols: &Columns) -> Vec<Option<usize>> {
    let mut lowest: Vec<Option<usize>> = vec![None; cols.len()];
    for (i, name) in names.iter().enumerate() {
        let here = cols.of_box(name.bbox);
        if here.n > 1 {
            continue;
        }
        let place = &mut lowest[here.col];
        if place.is_none_or(|other| name.is_below(&names[other])) {
            *place = Some(i);
        }
    }
    lowest
}

/// The columns that a name stands over: the most that it is centred over, each with a name of its own below.
fn columns_under(
    i: usize,
    names: &[Name],
    low: &[usize],
    lowest: &[Option<usize>],
    cols: &Columns,
) -> (usize, usize) {
    let name = &names[i];
    let own = cols.of_box(name.bbox);
    // Of a name beside it the columns are its own.
    let is_others = |col: usize| {
        names.iter().enumerate().any(|(j, other)| {
            j != i
                && (other.bbox.mid_y() - name.bbox.mid_y()).abs() < SAME_LEVEL * name.size()
                && cols.of_box(other.bbox).contains(col)
        })
    };
    let is_free = |col: &usize| *col == own.col || low.contains(col) && !is_others(*col);
    let mut best = (own.col, own.end());
    let slack = OFF_CENTRE * name.size();
    for first in (0..=own.col).rev().take_while(is_free) {
        for last in (own.col..cols.len()).take_while(is_free) {
            let x = name.bbox.mid_x();
            let below = [first, last].map(|col| lowest[col].map_or(x, |i| names[i].bbox.mid_x()));
            let off = (below[0] + below[1]) / 2.0 - x;
            let is_centred = off.abs().min(cols.off_centre(first, last, x)) < slack;
            if is_centred && last + 1 >= own.end() && last + 1 - first > best.1 - best.0 {
                best = (first, last + 1);
            }
        }
    }
    best
}

impl Columns {
    /// How far the middle of columns lies from a place: half-way between those of the first and the last one, or of the
    /// ends of what stands in them.
    fn off_centre(&self, first: usize, last: usize, x: f32) -> f32 {
        let (a, b) = (self.ranges[first], self.ranges[last]);
        let middles = (a.middle() + b.middle()) / 2.0;
        let ends = Interval::new(a.from, b.to).middle();
        (middles - x).abs().min((ends - x).abs())
    }
}
