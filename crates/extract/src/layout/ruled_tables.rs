//! Ruled tables: ruling lines that cross make a grid, and a missing wall makes a span.

use super::runs::{self, Mark, TextRun};
use crate::geom::Rect;
use crate::page::Ruling;

/// A table whose cells are known and whose text is not yet in lines.
#[derive(Debug, Clone)]
pub struct Grid<'a> {
    pub bbox: Rect,
    n_rows: usize,
    n_cols: usize,
    cells: Vec<(Cell<'a>, Vec<Mark<'a>>)>,
}

#[derive(Debug)]
pub struct Table<'a> {
    pub bbox: Rect,
    pub n_rows: usize,
    pub n_cols: usize,
    pub cells: Vec<Cell<'a>>,
    pub ruled: bool,
}

#[derive(Debug, Clone)]
pub struct Cell<'a> {
    pub row: usize,
    pub col: usize,
    pub rowspan: usize,
    pub colspan: usize,
    pub bbox: Rect,
    pub runs: Vec<TextRun<'a>>,
}

/// How far two rulings that meet may miss each other, in points.
const MEET: f32 = 3.0;
/// Rulings nearer than this are one: a double rule, a rectangle's two edges.
const SAME: f32 = 3.0;

/// A horizontal or vertical ruling: where it lies, and from where to where.
#[derive(Debug, Clone, Copy)]
pub struct Bar {
    pub at: f32,
    pub from: f32,
    pub to: f32,
}

impl Bar {
    /// Begins and ends where the other does.
    pub fn is_as_wide(&self, other: &Self) -> bool {
        (self.from - other.from).abs() < 6.0 && (self.to - other.to).abs() < 6.0
    }
}

impl<'a> Grid<'a> {
    fn col_edges(&self) -> Vec<f32> {
        let mut edges: Vec<f32> = self.cells.iter().map(|(cell, _)| cell.bbox.x0).collect();
        edges.sort_by(f32::total_cmp);
        edges.dedup_by(|b, a| *b - *a < SAME);
        edges
    }

    fn row_texts(&self) -> Vec<String> {
        let mut rows = vec![String::new(); self.n_rows];
        for (cell, marks) in &self.cells {
            rows[cell.row].push_str(&sorted_text(marks));
            rows[cell.row].push('\t');
        }
        rows
    }

    /// Takes out what a recogniser made of dirt beside the text of a cell. What is alone in its cell stays: dirt or not,
    /// it is all that was read there. `usual` is the size of the page's text.
    pub fn take_specks(&mut self, usual: f32) -> Vec<TextRun<'a>> {
        let mut specks = Vec::new();
        for (_, marks) in self
            .cells
            .iter_mut()
            .filter(|(_, marks)| marks.iter().any(|mark| mark.recognised.is_some()))
        {
            let (dirt, text) = runs::without_specks(runs::runs(std::mem::take(marks)), usual);
            let (kept, taken) = if text.is_empty() {
                (dirt, Vec::new())
            } else {
                (text, dirt)
            };
            *marks = kept.into_iter().flat_map(|run| run.marks).collect();
            specks.extend(taken);
        }
        specks
    }

    pub fn into_table(self) -> Table<'a> {
        let cells = self
            .cells
            .into_iter()
            .map(|(cell, marks)| Cell {
                runs: runs::runs(marks),
                ..cell
            })
            .collect();
        Table {
            bbox: self.bbox,
            n_rows: self.n_rows,
            n_cols: self.n_cols,
            cells,
            ruled: true,
        }
    }
}

/// The ruled tables of a page, with their marks, and the marks that stand in none.
pub fn grids<'a>(rulings: &[Ruling], marks: Vec<Mark<'a>>) -> (Vec<Grid<'a>>, Vec<Mark<'a>>) {
    let (level, upright) = (bars(rulings, true), bars(rulings, false));
    let mut grids: Vec<Grid> = components(&level, &upright)
        .into_iter()
        .filter_map(|(level, upright)| grid(&level, &upright))
        .collect();
    // A table inside a cell of another one is part of that cell.
    let inside = |a: Rect, b: Rect| b.holds(a, MEET);
    let boxes: Vec<Rect> = grids.iter().map(|grid| grid.bbox).collect();
    let mut i = 0;
    grids.retain(|_| {
        i += 1;
        !boxes.iter().enumerate().any(|(j, other)| {
            j != i - 1
                && inside(boxes[i - 1], *other)
                && !(inside(*other, boxes[i - 1]) && j > i - 1)
        })
    });
    let mut outside = Vec::new();
    for mark in marks {
        let (x, y) = (
            (mark.bbox.x0 + mark.bbox.x1) / 2.0,
            (mark.bbox.y0 + mark.bbox.y1) / 2.0,
        );
        let holds =
            |bbox: Rect| (bbox.x0..=bbox.x1).contains(&x) && (bbox.y0..=bbox.y1).contains(&y);
        let cell = grids
            .iter_mut()
            .filter(|grid| holds(grid.bbox))
            .find_map(|grid| grid.cells.iter_mut().find(|(cell, _)| holds(cell.bbox)));
        match cell {
            Some((_, marks)) => marks.push(mark),
            None => outside.push(mark),
        }
    }
    let (tables, frames): (Vec<Grid>, Vec<Grid>) = grids.into_iter().partition(is_table);
    outside.extend(
        frames
            .into_iter()
            .flat_map(|grid| grid.cells)
            .flat_map(|(_, marks)| marks),
    );
    (tables, outside)
}

/// The characters of marks that are in no order yet.
fn sorted_text(marks: &[Mark]) -> String {
    let mut text: Vec<&str> = marks.iter().map(|mark| mark.text).collect();
    text.sort_unstable();
    text.concat()
}

/// What the table that ends a page tells of the one that begins the next.
pub struct LastGrid {
    edges: Vec<f32>,
    rows: Vec<String>,
    /// Column and label of the row spans that reach the last row.
    open: Vec<(usize, String)>,
}

impl LastGrid {
    pub fn of(grid: &Grid) -> Self {
        let is_open = |cell: &Cell| cell.rowspan > 1 && cell.row + cell.rowspan == grid.n_rows;
        let open = grid
            .cells
            .iter()
            .filter(|(cell, marks)| is_open(cell) && !marks.is_empty())
            .map(|(cell, marks)| (cell.col, sorted_text(marks)))
            .collect();
        Self {
            edges: grid.col_edges(),
            rows: grid.row_texts(),
            open,
        }
    }
}

/// A row span that goes on from the page before began before the first row of this page: its cell is read first.
pub fn continue_span(before: Option<&LastGrid>, grids: &mut [Grid]) {
    if let (Some(LastGrid { edges, rows, open }), Some(grid)) = (before, grids.first_mut())
        && grid.n_cols > 1
        && edges.len() == grid.col_edges().len()
        && edges
            .iter()
            .zip(grid.col_edges())
            .all(|(a, b)| (a - b).abs() < 2.0 * SAME)
    {
        // The rows of the header are printed again.
        let n_head = rows
            .iter()
            .zip(grid.row_texts())
            .take_while(|(a, b)| **a == *b)
            .count();
        // One row of the span may be all that is left: then its label says so, printed again.
        let spans = |cell: &Cell, marks: &[Mark]| {
            cell.row == n_head
                && (cell.rowspan > 1 || open.contains(&(cell.col, sorted_text(marks))))
        };
        grid.cells
            .sort_by_cached_key(|(cell, marks)| (cell.row, !spans(cell, marks), cell.col));
    }
}

/// Frames around text, and rules between its columns, make grids too: few cells, and one of them a page of prose.
fn is_table(grid: &Grid) -> bool {
    let filled = grid
        .cells
        .iter()
        .filter(|(_, marks)| !marks.is_empty())
        .count();
    if filled < 2 || grid.cells.len() < 2 {
        return false;
    }
    let n_lines = |marks: &Vec<Mark>| {
        let mut tops: Vec<f32> = marks.iter().map(|mark| mark.bbox.y1).collect();
        tops.sort_by(f32::total_cmp);
        let size = runs::usual_size(marks);
        1 + tops
            .windows(2)
            .filter(|pair| pair[1] - pair[0] > 0.5 * size)
            .count()
    };
    let long = grid
        .cells
        .iter()
        .filter(|(_, marks)| marks.len() > 250 && n_lines(marks) >= 12)
        .count();
    // Prose in a large cell beside many small ones is a form.
    long == 0 || grid.cells.len() >= 4 * (long + 1)
}

/// The rulings of one direction, pieces of one line put together.
pub fn bars(rulings: &[Ruling], level: bool) -> Vec<Bar> {
    let mut pieces: Vec<Bar> = rulings
        .iter()
        .filter(|ruling| ruling.is_horizontal() == level)
        .map(|r| {
            if level {
                Bar {
                    at: (r.y0 + r.y1) / 2.0,
                    from: r.x0.min(r.x1),
                    to: r.x0.max(r.x1),
                }
            } else {
                Bar {
                    at: (r.x0 + r.x1) / 2.0,
                    from: r.y0.min(r.y1),
                    to: r.y0.max(r.y1),
                }
            }
        })
        .filter(|bar| bar.at.is_finite() && bar.from.is_finite() && bar.to.is_finite())
        .collect();
    pieces.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    let mut bars: Vec<Bar> = Vec::new();
    // Where the last group of one position begins.
    let mut start = 0;
    while start < pieces.len() {
        let mut end = start + 1;
        while end < pieces.len()
            && pieces[end].at - pieces[end - 1].at < 1.0
            && pieces[end].at - pieces[start].at < SAME
        {
            end += 1;
        }
        let group = &mut pieces[start..end];
        group.sort_by(|a, b| a.from.total_cmp(&b.from));
        let mut open: Option<Bar> = None;
        for piece in group.iter() {
            match &mut open {
                Some(bar) if piece.from <= bar.to + MEET => bar.to = bar.to.max(piece.to),
                _ => bars.extend(open.replace(*piece)),
            }
        }
        bars.extend(open);
        start = end;
    }
    // Shorter than a character is high, a ruling is a mark of some kind.
    bars.retain(|bar| bar.to - bar.from >= 4.0);
    bars
}

/// Rulings that touch, group by group.
fn components(level: &[Bar], upright: &[Bar]) -> Vec<(Vec<Bar>, Vec<Bar>)> {
    let n = level.len() + upright.len();
    let mut parent: Vec<usize> = (0..n).collect();
    for (i, h) in level.iter().enumerate() {
        for (j, v) in upright.iter().enumerate() {
            if v.at >= h.from - MEET
                && v.at <= h.to + MEET
                && h.at >= v.from - MEET
                && h.at <= v.to + MEET
            {
                let (a, b) = (root(&mut parent, i), root(&mut parent, level.len() + j));
                parent[a.max(b)] = a.min(b);
            }
        }
    }
    let mut groups: Vec<(usize, Vec<Bar>, Vec<Bar>)> = Vec::new();
    for i in 0..n {
        let root = root(&mut parent, i);
        let group = match groups.iter().position(|group| group.0 == root) {
            Some(k) => k,
            None => {
                groups.push((root, Vec::new(), Vec::new()));
                groups.len() - 1
            }
        };
        if i < level.len() {
            groups[group].1.push(level[i]);
        } else {
            groups[group].2.push(upright[i - level.len()]);
        }
    }
    groups
        .into_iter()
        .map(|(_, level, upright)| (level, upright))
        .filter(|(level, upright)| level.len() >= 2 && !upright.is_empty())
        .collect()
}

fn root(parent: &mut [usize], mut i: usize) -> usize {
    while parent[i] != i {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    i
}

/// The positions at which bars lie and end, nearby ones as one.
fn edges(at: impl Iterator<Item = f32>, ends: impl Iterator<Item = f32>) -> Vec<f32> {
    let mut at: Vec<f32> = at.collect();
    at.sort_by(f32::total_cmp);
    let mut edges: Vec<f32> = Vec::new();
    for x in at {
        if edges.last().is_none_or(|last| x - last > SAME) {
            edges.push(x);
        }
    }
    // Tables that are open at their sides: the rulings across show how far they reach.
    let (first, last) = ends.fold((f32::MAX, f32::MIN), |(a, b), x| (a.min(x), b.max(x)));
    if edges.first().is_none_or(|edge| first < edge - 2.0 * SAME) {
        edges.insert(0, first);
    }
    if edges.last().is_none_or(|edge| last > edge + 2.0 * SAME) {
        edges.push(last);
    }
    edges
}

fn grid<'a>(level: &[Bar], upright: &[Bar]) -> Option<Grid<'a>> {
    let xs = edges(
        upright.iter().map(|v| v.at),
        level.iter().flat_map(|h| [h.from, h.to]),
    );
    let ys = edges(
        level.iter().map(|h| h.at),
        upright.iter().flat_map(|v| [v.from, v.to]),
    );
    let (n_rows, n_cols) = (ys.len().saturating_sub(1), xs.len().saturating_sub(1));
    if n_rows == 0 || n_cols == 0 || n_rows * n_cols < 2 || n_rows * n_cols > 20_000 {
        return None;
    }
    // A wall stands when rulings cover most of its length.
    let covered = |bars: &[Bar], at: f32, from: f32, to: f32| {
        let length: f32 = bars
            .iter()
            .filter(|bar| (bar.at - at).abs() <= SAME)
            .map(|bar| (bar.to.min(to) - bar.from.max(from)).max(0.0))
            .sum();
        length >= 0.6 * (to - from)
    };
    let mut parent: Vec<usize> = (0..n_rows * n_cols).collect();
    let merge = |parent: &mut Vec<usize>, a: usize, b: usize| {
        let (a, b) = (root(parent, a), root(parent, b));
        parent[a.max(b)] = a.min(b);
    };
    for row in 0..n_rows {
        for col in 0..n_cols {
            let here = row * n_cols + col;
            if col + 1 < n_cols && !covered(upright, xs[col + 1], ys[row], ys[row + 1]) {
                merge(&mut parent, here, here + 1);
            }
            if row + 1 < n_rows && !covered(level, ys[row + 1], xs[col], xs[col + 1]) {
                merge(&mut parent, here, here + n_cols);
            }
        }
    }
    // Cells are rectangles: what overlaps the rectangle of a cell belongs to it.
    let mut spans = rectangles(&mut parent, n_rows, n_cols);
    loop {
        let mut changed = false;
        for &(r0, c0, r1, c1) in &spans {
            for row in r0..=r1 {
                for col in c0..=c1 {
                    let (a, b) = (
                        root(&mut parent, r0 * n_cols + c0),
                        root(&mut parent, row * n_cols + col),
                    );
                    // The top left corner may itself belong to another piece; the first part of this one does not.
                    if a != b {
                        parent[a.max(b)] = a.min(b);
                        changed = true;
                    }
                }
            }
        }
        if !changed {
            break;
        }
        spans = rectangles(&mut parent, n_rows, n_cols);
    }
    // Rows and columns that no cell begins in are shadows of rulings that part nothing.
    let live = |n: usize, begins: &dyn Fn(usize) -> bool| -> Vec<usize> {
        let mut index = Vec::with_capacity(n + 1);
        let mut next = 0;
        for i in 0..n {
            if i > 0 && begins(i) {
                next += 1;
            }
            index.push(next);
        }
        index.push(next + 1);
        index
    };
    let row_of = live(n_rows, &|i| spans.iter().any(|span| span.0 == i));
    let col_of = live(n_cols, &|i| spans.iter().any(|span| span.1 == i));
    let cells: Vec<(Cell, Vec<Mark>)> = spans
        .iter()
        .map(|&(r0, c0, r1, c1)| {
            let (row, col) = (row_of[r0], col_of[c0]);
            let (rowspan, colspan) = (
                (row_of[r1 + 1]).max(row + 1) - row,
                (col_of[c1 + 1]).max(col + 1) - col,
            );
            (
                Cell {
                    row,
                    col,
                    rowspan,
                    colspan,
                    bbox: [xs[c0], ys[r0], xs[c1 + 1], ys[r1 + 1]].into(),
                    runs: Vec::new(),
                },
                Vec::new(),
            )
        })
        .collect();
    let bbox = cells
        .iter()
        .map(|(cell, _)| cell.bbox)
        .reduce(Rect::union)?;
    Some(Grid {
        bbox,
        n_rows: row_of[n_rows],
        n_cols: col_of[n_cols],
        cells,
    })
}

/// First row, first column, last row, last column of each piece, in the order of their first cells.
fn rectangles(
    parent: &mut [usize],
    n_rows: usize,
    n_cols: usize,
) -> Vec<(usize, usize, usize, usize)> {
    let mut slot = vec![usize::MAX; n_rows * n_cols];
    let mut spans: Vec<(usize, usize, usize, usize)> = Vec::new();
    for row in 0..n_rows {
        for col in 0..n_cols {
            let root = root(parent, row * n_cols + col);
            if slot[root] == usize::MAX {
                slot[root] = spans.len();
                spans.push((row, col, row, col));
            } else {
                let span = &mut spans[slot[root]];
                *span = (
                    span.0.min(row),
                    span.1.min(col),
                    span.2.max(row),
                    span.3.max(col),
                );
            }
        }
    }
    spans.sort_unstable();
    spans
}
