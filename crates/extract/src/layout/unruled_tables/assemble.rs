//! Cells out of runs, records and columns: headers over several columns, labels beside several rows.

use std::ops::Range;

use super::columns::{ColSpan, Columns};
use super::is_of_figures;
use super::rows::is_total_run;
use crate::geom::{Interval, Rect, bounds};
use crate::layout::runs::TextRun;
use crate::layout::tables::{Borders, Cell, Slot, Table};

/// Rows at the head among which headers over several columns are looked for.
const HEADER_ROWS: usize = 2;
/// Half the height of a run that its lines keep free, in em: ascent and descent left out.
const HALF: f32 = 0.4;
/// Lines of one cell stand closer than this, in em; a header and one below it may touch.
const SAME_CELL: f32 = 0.55;
const TOUCH: f32 = 0.1;
/// How far below the middle of the header the headers under it have theirs, in em: a cell beside it that is as high as
/// the whole header is centred in it.
const BELOW: f32 = 0.35;
/// How far the middle of a header lies from that of its columns, in em.
const OFF_CENTRE: f32 = 1.2;
/// How far below the middle of a header over several columns their own ones stand, in em.
const UNDER: f32 = 0.5;
/// Labels of neighbouring rows that stand closer are lines of one, in em.
const SAME_LABEL: f32 = 0.6;
/// A column with labels in more than this part of its rows has no row spans.
const FEW_LABELS: (usize, usize) = (2, 3);
/// How far the end of a span that is centred on its label may lie from the end of a row, as a part of that row's height.
const OFF_ROW: f32 = 0.7;

/// A run that stands over several columns.
struct Wide<'a> {
    row: usize,
    cols: ColSpan,
    run: TextRun<'a>,
}

/// The runs of each row and column.
struct Slots<'a> {
    n_cols: usize,
    runs: Vec<Vec<TextRun<'a>>>,
}

impl<'a> Slots<'a> {
    fn n_rows(&self) -> usize {
        self.runs.len() / self.n_cols
    }

    fn cell(&self, row: usize, col: usize) -> &[TextRun<'a>] {
        &self.runs[row * self.n_cols + col]
    }

    fn cell_mut(&mut self, row: usize, col: usize) -> &mut Vec<TextRun<'a>> {
        &mut self.runs[row * self.n_cols + col]
    }

    /// The box of what stands in a row and a column; `None` of nothing.
    fn bbox(&self, row: usize, col: usize) -> Option<Rect> {
        bounds(self.cell(row, col).iter().map(|run| run.bbox))
    }
}

/// The table of runs; its header stands at its head, or is none of it.
pub fn assemble<'a>(
    runs: &[&TextRun<'a>],
    records: &[Interval],
    cols: &Columns,
    has_header: bool,
) -> Table<'a> {
    let bbox = bounds(runs.iter().map(|run| run.bbox)).expect("a table has runs");
    let mut borders = Borders {
        xs: borders(&cols.ranges, bbox.across()),
        ys: borders(records, bbox.down()),
    };
    let centres = Centres {
        borders: borders.xs.clone(),
        columns: cols.ranges.clone(),
    };
    let (mut slots, mut wides) = place(runs, records, cols);
    let totals: Vec<bool> = (0..slots.n_rows())
        .map(|row| find_total(&mut slots, &mut wides, row))
        .collect();
    let n_header = if has_header { HEADER_ROWS } else { 0 };
    for row in 0..n_header.min(slots.n_rows()) {
        find_headers_over_columns(&mut slots, &mut wides, row, &centres);
    }
    let spans: Vec<Vec<usize>> = (0..slots.n_cols)
        .map(|col| row_spans(&slots, col, &borders.ys, &totals, has_header))
        .collect();
    let splits: Vec<Option<f32>> = (0..slots.n_rows())
        .map(|row| split(&slots, &wides, row))
        .collect();
    let first_rows = split_rows(&mut borders, &splits);
    let mut emitter = Emitter {
        is_taken: vec![false; slots.runs.len()],
        slots,
        wides,
        spans,
        first_rows,
        cells: Vec::new(),
    };
    emitter.emit(&borders);
    borders.table(emitter.cells, false)
}

/// Borders half-way between cells.
fn borders(ranges: &[Interval], whole: Interval) -> Vec<f32> {
    let between = ranges
        .windows(2)
        .map(|pair| (pair[0].to + pair[1].from) / 2.0);
    [whole.from]
        .into_iter()
        .chain(between)
        .chain([whole.to])
        .collect()
}

/// Puts each run into its row and column; those over several columns are apart.
fn place<'a>(
    runs: &[&TextRun<'a>],
    records: &[Interval],
    cols: &Columns,
) -> (Slots<'a>, Vec<Wide<'a>>) {
    let n_cols = cols.len();
    let mut slots = Slots {
        n_cols,
        runs: vec![Vec::new(); records.len() * n_cols],
    };
    let mut wides = Vec::new();
    for &run in runs {
        let distance = |row: usize| records[row].distance(run.mid_y());
        let row = (0..records.len())
            .min_by(|&a, &b| distance(a).total_cmp(&distance(b)))
            .unwrap_or(0);
        let cols = cols.of(run);
        let run = run.clone();
        if cols.n > 1 {
            wides.push(Wide { row, cols, run });
        } else {
            slots.cell_mut(row, cols.col).push(run);
        }
    }
    (slots, wides)
}

/// Whether a row is one of totals. `合计` stands over the columns that name the rows: over all before the first figure.
fn find_total<'a>(slots: &mut Slots<'a>, wides: &mut Vec<Wide<'a>>, row: usize) -> bool {
    let is_filled = |slots: &Slots, col: usize| !slots.cell(row, col).is_empty();
    let Some(col) = (0..slots.n_cols).find(|&col| is_filled(slots, col)) else {
        return false;
    };
    let [run] = slots.cell(row, col) else {
        return false;
    };
    if !is_total_run(run) {
        return false;
    }
    let end = (col + 1..slots.n_cols)
        .find(|&col| is_filled(slots, col))
        .unwrap_or(col + 1);
    if end > 1 {
        let run = slots.cell_mut(row, col).remove(0);
        let cols = ColSpan { col: 0, n: end };
        wides.push(Wide { row, cols, run });
    }
    true
}

/// A header over several columns stands above their own headers: then the row is two, and this is the border between.
fn split(slots: &Slots, wides: &[Wide], row: usize) -> Option<f32> {
    let has_headers_below = |wide: &&Wide| {
        let under = (wide.cols.col..wide.cols.end()).flat_map(|col| slots.cell(row, col));
        let depth = wide.run.mid_y() + UNDER * wide.run.size;
        under.into_iter().any(|run| run.mid_y() > depth)
    };
    let mut wides = wides.iter().filter(|wide| wide.row == row);
    wides.find(has_headers_below).map(|wide| wide.run.bbox.y1)
}

/// Puts a border into each row that is two. Gives the first row that each row becomes, and how many there are.
fn split_rows(borders: &mut Borders, splits: &[Option<f32>]) -> Vec<usize> {
    let mut first_rows = Vec::with_capacity(splits.len() + 1);
    let mut ys = Vec::with_capacity(borders.ys.len());
    for (y, split) in borders.ys.iter().zip(splits) {
        first_rows.push(ys.len());
        ys.push(*y);
        ys.extend(split);
    }
    first_rows.push(ys.len());
    ys.extend(borders.ys.last());
    borders.ys = ys;
    first_rows
}

/// Makes the cells.
struct Emitter<'a> {
    slots: Slots<'a>,
    wides: Vec<Wide<'a>>,
    /// How many rows a cell spans, by column and row.
    spans: Vec<Vec<usize>>,
    first_rows: Vec<usize>,
    is_taken: Vec<bool>,
    cells: Vec<Cell<'a>>,
}

impl Emitter<'_> {
    fn emit(&mut self, borders: &Borders) {
        for row in 0..self.slots.n_rows() {
            for col in 0..self.slots.n_cols {
                if !self.is_taken[row * self.slots.n_cols + col] {
                    self.emit_wide(row, col, borders);
                }
                if !self.is_taken[row * self.slots.n_cols + col] {
                    self.emit_slot(row, col, borders);
                }
            }
        }
    }

    fn is_split(&self, row: usize) -> bool {
        self.first_rows[row + 1] - self.first_rows[row] > 1
    }

    /// The header that begins here and stands over several columns, with what stands in these if it has no row of its own.
    fn emit_wide(&mut self, row: usize, col: usize, borders: &Borders) {
        let here = |wide: &&Wide| wide.row == row && wide.cols.col == col;
        let Some(colspan) = self.wides.iter().filter(here).map(|wide| wide.cols.n).max() else {
            return;
        };
        let wides = self.wides.iter().filter(here);
        let mut runs: Vec<_> = wides.map(|wide| wide.run.clone()).collect();
        if !self.is_split(row) {
            for under in col..col + colspan {
                runs.append(self.slots.cell_mut(row, under));
                self.is_taken[row * self.slots.n_cols + under] = true;
            }
        }
        let slot = Slot {
            row: self.first_rows[row],
            col,
            rowspan: 1,
            colspan,
        };
        self.cells.push(borders.cell(slot, runs));
    }

    /// The cell of one column; below a header over several it has the second of two rows.
    fn emit_slot(&mut self, row: usize, col: usize, borders: &Borders) {
        let mut wides = self.wides.iter().filter(|wide| wide.row == row);
        let is_covered = wides.any(|wide| wide.cols.contains(col));
        let first_row = if is_covered {
            self.first_rows[row + 1] - 1
        } else {
            self.first_rows[row]
        };
        let end = row + self.spans[col][row];
        let is_crossed = |below: &usize| {
            let mut wides = self.wides.iter().filter(|wide| wide.row == *below);
            wides.any(|wide| wide.cols.contains(col))
        };
        // A label beside several rows ends where something stands over its column.
        let end = (row + 1..end).find(is_crossed).unwrap_or(end);
        let mut runs = Vec::new();
        for under in row..end {
            self.is_taken[under * self.slots.n_cols + col] = true;
            runs.extend_from_slice(self.slots.cell(under, col));
        }
        let slot = Slot {
            row: first_row,
            col,
            rowspan: self.first_rows[end] - first_row,
            colspan: 1,
        };
        self.cells.push(borders.cell(slot, runs));
    }
}

/// A header centred over several columns may touch only one of them: the other columns are empty beside it, and
/// all have headers of their own below. One that touches two columns may stand over more.
fn find_headers_over_columns<'a>(
    slots: &mut Slots<'a>,
    wides: &mut Vec<Wide<'a>>,
    row: usize,
    centres: &Centres,
) {
    let boxes = (0..slots.n_cols).filter_map(|col| slots.bbox(row, col));
    let Some(middle) = bounds(boxes).map(Rect::mid_y) else {
        return;
    };
    for col in 0..slots.n_cols {
        if let Some(cols) = columns_under_slot(slots, row, col, middle, centres) {
            let run = slots.cell_mut(row, col).remove(0);
            wides.push(Wide { row, cols, run });
        }
    }
    for wide in wides.iter_mut().filter(|wide| wide.row == row) {
        if let Some(cols) = columns_under_wide(slots, wide, middle, centres) {
            wide.cols = cols;
        }
    }
}

/// Free height from the line of a header to a run below it.
fn clearance(header: &TextRun, below: &TextRun) -> f32 {
    below.mid_y() - HALF * below.size - (header.mid_y() + HALF * header.size)
}

/// The columns, two or more, that the first run of a slot is the header of.
fn columns_under_slot(
    slots: &Slots,
    row: usize,
    col: usize,
    middle: f32,
    centres: &Centres,
) -> Option<ColSpan> {
    let (header, rest) = slots.cell(row, col).split_first()?;
    // Lines of one cell stand closer.
    if rest
        .iter()
        .any(|under| clearance(header, under) < SAME_CELL * header.size)
    {
        return None;
    }
    let has_header_below = |other: &usize| {
        let below = if *other == col {
            rest
        } else {
            slots.cell(row, *other)
        };
        bounds(below.iter().map(|run| run.bbox)).is_some_and(|bbox| {
            bbox.mid_y() > middle + BELOW * header.size
                && below
                    .iter()
                    .all(|run| clearance(header, run) > -TOUCH * header.size)
        })
    };
    let mut best: Option<ColSpan> = None;
    for first in (0..=col).rev().take_while(has_header_below) {
        for last in (col..slots.n_cols).take_while(has_header_below) {
            let span = ColSpan {
                col: first,
                n: last + 1 - first,
            };
            if span.n > 1
                && centres.are_under(header, span)
                && best.is_none_or(|best| span.n > best.n)
            {
                best = Some(span);
            }
        }
    }
    best
}

/// The columns, more than it touches, that a header over several is the header of.
fn columns_under_wide(
    slots: &Slots,
    wide: &Wide,
    middle: f32,
    centres: &Centres,
) -> Option<ColSpan> {
    let header = &wide.run;
    let has_header_below = |col: usize| {
        slots.bbox(wide.row, col).is_some_and(|bbox| {
            bbox.mid_y() > middle + BELOW * header.size && bbox.y0 > header.mid_y()
        })
    };
    let own = wide.cols;
    (0..=own.col)
        .rev()
        .take_while(|&col| col == own.col || has_header_below(col))
        .flat_map(|first| (own.end() - 1..slots.n_cols).map(move |last| (first, last)))
        .map(|(first, last)| ColSpan {
            col: first,
            n: last + 1 - first,
        })
        .find(|span| {
            span.n > own.n
                && centres.are_under(header, *span)
                && (span.col..span.end()).all(has_header_below)
        })
}

/// Where the columns are: half-way between their texts, and where these are.
struct Centres {
    borders: Vec<f32>,
    columns: Vec<Interval>,
}

impl Centres {
    /// Whether the middle of columns is that of a header. The borders are not known: the middle of the outer ones lies
    /// between those of the first and the last column, or off by what one is wider than the other.
    fn are_under(&self, header: &TextRun, cols: ColSpan) -> bool {
        let (first, last) = (self.columns[cols.col], self.columns[cols.end() - 1]);
        let by_borders = (self.borders[cols.col] + self.borders[cols.end()]) / 2.0;
        let by_texts = (first.middle() + last.middle()) / 2.0;
        let is_middle = |x: f32| (x - header.bbox.mid_x()).abs() < OFF_CENTRE * header.size;
        is_middle(by_borders) || is_middle(by_texts)
    }
}

/// How many rows the cell that begins in each row of a column spans: labels centred in a column that is empty but for them,
/// between rows of totals.
fn row_spans(
    slots: &Slots,
    col: usize,
    ys: &[f32],
    totals: &[bool],
    has_header: bool,
) -> Vec<usize> {
    let n_rows = slots.n_rows();
    let mut spans = vec![1; n_rows];
    let is_filled = |row: &usize| !slots.cell(*row, col).is_empty();
    // The header stays out of it.
    let first = usize::from(has_header && is_header(slots));
    let n_body = (first..n_rows).filter(|&row| !totals[row]).count();
    let n_filled = (first..n_rows).filter(is_filled).count();
    if first == 1 && !is_filled(&0)
        || n_filled == 0
        || n_filled > n_body * FEW_LABELS.0 / FEW_LABELS.1
    {
        return spans;
    }
    let body: Vec<usize> = (first..n_rows).collect();
    for group in body.chunk_by(|&a, &b| totals[a] == totals[b]) {
        let (top, end) = (group[0], group[group.len() - 1] + 1);
        if totals[top] {
            continue;
        }
        let filled: Vec<usize> = group.iter().copied().filter(is_filled).collect();
        let labels = labels(slots, col, &filled);
        let found = match labels.as_slice() {
            // What the page before has the label of.
            [] if first == 0 && top == 0 => vec![(top, end - top)],
            [] => Vec::new(),
            // A total below tells where a group ends, and one above where it begins.
            [_] if totals.get(end) == Some(&true) => vec![(top, end - top)],
            labels => centred_spans(labels, ys, top..end).unwrap_or_default(),
        };
        for (row, n) in found {
            spans[row] = n;
        }
    }
    spans
}

/// Whether the first row is a header: what stands in it are no figures.
fn is_header(slots: &Slots) -> bool {
    (0..slots.n_cols)
        .flat_map(|col| slots.cell(0, col))
        .all(|run| !run.marks.iter().all(is_of_figures))
}

/// The boxes of the labels of a column: those of neighbouring rows are lines of one.
fn labels(slots: &Slots, col: usize, rows: &[usize]) -> Vec<Rect> {
    let mut labels: Vec<Rect> = Vec::new();
    for &row in rows {
        let bbox = slots.bbox(row, col).expect("filled");
        let size = slots.cell(row, col)[0].size;
        match labels.last_mut() {
            Some(last) if last.gap_y(bbox) < SAME_LABEL * size => *last = last.union(bbox),
            _ => labels.push(bbox),
        }
    }
    labels
}

/// First row and number of rows of each label's span. The first begins where the group does and is centred on its label;
/// the next begins where it ends.
fn centred_spans(labels: &[Rect], ys: &[f32], group: Range<usize>) -> Option<Vec<(usize, usize)>> {
    let mut top = group.start;
    let mut spans = Vec::new();
    for label in labels {
        let end = 2.0 * label.mid_y() - ys[top];
        let bottom = (top + 1..=group.end)
            .min_by(|&a, &b| (ys[a] - end).abs().total_cmp(&(ys[b] - end).abs()))?;
        if (ys[bottom] - end).abs() > OFF_ROW * (ys[bottom] - ys[bottom - 1]) {
            return None;
        }
        spans.push((top, bottom - top));
        top = bottom;
    }
    Some(spans)
}
