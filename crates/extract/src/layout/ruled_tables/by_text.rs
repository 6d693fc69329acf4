//! What the text says of a grid: rows that no rulings part, a wall with a gap in it, and columns that are none.

use super::RuledTable;
use crate::geom::{Interval, bounds, is_near};
use crate::layout::runs::{self, Mark};
use crate::layout::tables::Slot;
use language::figures::{is_total, number};

/// A row or column is none if it holds no text and is narrower than this, in points: the gap between two strokes, less
/// than a character.
const SLIVER: f32 = 7.0;
/// Lines of two cells are at one height if they are no further apart, in em.
const SAME_HEIGHT: f32 = 0.35;
/// Lines of figures that are rows, at least, in two columns and in more.
const FEWEST_LINES: usize = 3;
const FEWEST_LINES_OF_MANY: usize = 2;
const MANY: usize = 3;
/// A line that ends so far before the end of its cell did not wrap there, as a part of the cell.
const ENDS_EARLY: f32 = 0.8;
/// A gap in a cell where a wall should be is as wide as this, in em.
const WALL_GAP: f32 = 0.3;
/// How far the middle or the left end of a text lies from that of the others in its column, as a part of the column.
const OFF_COLUMN: f32 = 0.2;

/// Makes the grid what its text says it is.
pub fn settle(table: &mut RuledTable) {
    drop_slivers(table);
    put_walls_back(table);
    part_rows(table);
}

/// Whether a cell lies in one row and column.
fn is_single(slot: Slot) -> bool {
    slot.rowspan == 1 && slot.colspan == 1
}

/// Takes out the rows and columns between two strokes of one rule.
fn drop_slivers(table: &mut RuledTable) {
    let is_free = |is_in: &dyn Fn(Slot) -> bool| {
        let mut cells = table.cells.iter();
        cells.all(|(slot, marks)| !is_in(*slot) || marks.is_empty())
    };
    let is_narrow = |positions: &[f32], i: usize| positions[i + 1] - positions[i] < SLIVER;
    let cols: Vec<usize> = (0..table.borders.n_cols())
        .filter(|&col| {
            !(is_narrow(&table.borders.xs, col)
                && is_free(&|slot: Slot| slot.col == col && slot.colspan == 1))
        })
        .collect();
    let rows: Vec<usize> = (0..table.borders.n_rows())
        .filter(|&row| {
            !(is_narrow(&table.borders.ys, row)
                && is_free(&|slot: Slot| slot.row == row && slot.rowspan == 1))
        })
        .collect();
    let is_whole = cols.len() == table.borders.n_cols() && rows.len() == table.borders.n_rows();
    if is_whole || cols.is_empty() || rows.is_empty() {
        return;
    }
    for (slot, _) in &mut table.cells {
        (slot.row, slot.rowspan) = kept(&rows, slot.row, slot.row_end());
        (slot.col, slot.colspan) = kept(&cols, slot.col, slot.col_end());
    }
    table
        .cells
        .retain(|(slot, _)| slot.rowspan > 0 && slot.colspan > 0);
    keep_borders(&mut table.borders.xs, &cols);
    keep_borders(&mut table.borders.ys, &rows);
}

/// Where a cell begins among the rows or columns that are kept, and how many of them it takes.
fn kept(all: &[usize], start: usize, end: usize) -> (usize, usize) {
    let first = all.partition_point(|&i| i < start);
    (first, all.partition_point(|&i| i < end) - first)
}

/// What is taken out belongs to what is before it; the first one to what comes after it.
fn keep_borders(positions: &mut Vec<f32>, all: &[usize]) {
    let ends = [positions[0], positions[positions.len() - 1]];
    *positions = all.iter().map(|&i| positions[i]).collect();
    positions[0] = ends[0];
    positions.push(ends[1]);
}

/// Parts cells of two columns where other rows have a wall and nothing stands across it: a scan loses a piece of a rule.
fn put_walls_back(table: &mut RuledTable) {
    for col in 1..table.borders.n_cols() {
        let x = table.borders.xs[col];
        let n_walls = table
            .cells
            .iter()
            .filter(|(slot, marks)| slot.col == col && !marks.is_empty())
            .count();
        let wide: Vec<usize> = (0..table.cells.len())
            .filter(|&i| {
                let slot = table.cells[i].0;
                slot.col + 1 == col && slot.colspan == 2 && slot.rowspan == 1
            })
            .collect();
        if n_walls < 2 || wide.is_empty() {
            continue;
        }
        for i in wide.into_iter().rev() {
            if let Some((left, right)) = parts_at(&table.cells[i].1, x)
                && stands_in_column(table, col - 1, &left)
                && stands_in_column(table, col, &right)
            {
                let (slot, marks) = &mut table.cells[i];
                slot.colspan = 1;
                *marks = left;
                let slot = Slot { col, ..*slot };
                table.cells.insert(i + 1, (slot, right));
            }
        }
    }
}

/// The marks left and right of a place that none stands across. Of a total set wide that is no place.
fn parts_at<'a>(marks: &[Mark<'a>], x: f32) -> Option<(Vec<Mark<'a>>, Vec<Mark<'a>>)> {
    let text: String = marks.iter().map(|mark| mark.text).collect();
    if is_total(&text) || marks.iter().any(|mark| mark.recognised.is_none()) {
        return None;
    }
    let (left, right): (Vec<Mark>, Vec<Mark>) =
        marks.iter().partition(|mark| mark.bbox.mid_x() < x);
    let end = left.iter().map(|mark| mark.bbox.x1).reduce(f32::max)?;
    let start = right.iter().map(|mark| mark.bbox.x0).reduce(f32::min)?;
    (start - end >= WALL_GAP * runs::usual_size(marks)).then_some((left, right))
}

/// Whether marks stand where the texts of other cells of a column stand: in its middle, or from its left end on.
fn stands_in_column(table: &RuledTable, col: usize, marks: &[Mark]) -> bool {
    let slack = OFF_COLUMN * (table.borders.xs[col + 1] - table.borders.xs[col]);
    let Some(here) = bounds(marks.iter().map(|mark| mark.bbox)) else {
        return false;
    };
    let others = table
        .cells
        .iter()
        .filter(|(slot, _)| slot.col == col && slot.colspan == 1);
    others
        .filter_map(|(_, marks)| bounds(marks.iter().map(|mark| mark.bbox)))
        .any(|other| {
            is_near(other.mid_x(), here.mid_x(), slack) || is_near(other.x0, here.x0, slack / 2.0)
        })
}

/// A line of a cell.
struct CellLine {
    text: String,
    down: Interval,
    /// Where it ends, as a part of its cell.
    end: f32,
}

/// Parts rows that no rulings part: figures that stand beside each other, line by line, and short lines that all cells have
/// at the same heights.
fn part_rows(table: &mut RuledTable) {
    let mut row = 0;
    while row < table.borders.n_rows() {
        let heights = row_heights(table, row);
        let n = heights.len();
        if n > 1 {
            part_row(table, row, &heights);
        }
        row += n.max(1);
    }
}

/// The heights of the rows that a row is; at most one where it is one.
fn row_heights(table: &RuledTable, row: usize) -> Vec<Interval> {
    let in_row = |slot: &Slot| slot.row <= row && slot.row_end() > row;
    let cells: Vec<&(Slot, Vec<Mark>)> = table
        .cells
        .iter()
        .filter(|(slot, _)| in_row(slot))
        .collect();
    if cells.iter().any(|(slot, _)| !is_single(*slot)) {
        return Vec::new();
    }
    let size = runs::usual_size(cells.iter().flat_map(|(_, marks)| marks));
    let columns: Vec<Vec<CellLine>> = cells
        .iter()
        .filter(|(_, marks)| !marks.is_empty())
        .map(|(slot, marks)| lines(marks, table.borders.bbox_of(*slot).across()))
        .collect();
    let are_few = table.borders.n_rows() <= 2;
    let heights = heights_of_figures(&columns, size)
        .or_else(|| heights_of_lines(&columns, size).filter(|_| are_few));
    heights.unwrap_or_default()
}

fn lines(marks: &[Mark], cell: Interval) -> Vec<CellLine> {
    let rows = runs::rows(runs::runs(marks.to_vec()));
    rows.into_iter()
        .map(|row| {
            let bbox = bounds(row.iter().map(|run| run.bbox)).unwrap_or_default();
            let marks = row.iter().flat_map(|run| &run.marks);
            CellLine {
                text: marks.map(|mark| mark.text).collect(),
                down: bbox.down(),
                end: (bbox.x1 - cell.from) / cell.length(),
            }
        })
        .collect()
}

/// The heights of the lines of columns whose lines are all figures, if they agree and the other cells have no more lines.
fn heights_of_figures(columns: &[Vec<CellLine>], size: f32) -> Option<Vec<Interval>> {
    let is_figure = |line: &CellLine| number(&line.text).is_some() || is_dash(&line.text);
    let figures: Vec<&Vec<CellLine>> = columns
        .iter()
        .filter(|lines| lines.len() > 1 && lines.iter().all(is_figure))
        .collect();
    let longest = figures.iter().max_by_key(|lines| lines.len())?;
    let fewest = if figures.len() >= MANY {
        FEWEST_LINES_OF_MANY
    } else {
        FEWEST_LINES
    };
    let n_agreeing = figures
        .iter()
        .filter(|lines| lines.len() == longest.len())
        .count();
    let is_enough = n_agreeing >= 2 && longest.len() >= fewest;
    (is_enough && columns.iter().all(|lines| fits(lines, longest, size)))
        .then(|| longest.iter().map(|line| line.down).collect())
}

/// The same of lines of words, which may be wrapped: some end early, and all cells have each of them.
fn heights_of_lines(columns: &[Vec<CellLine>], size: f32) -> Option<Vec<Interval>> {
    let first = columns.first()?;
    let are_alike = columns
        .iter()
        .all(|lines| lines.len() == first.len() && fits(lines, first, size));
    let ends_early = |lines: &&Vec<CellLine>| {
        let n_early = lines.iter().filter(|line| line.end < ENDS_EARLY).count();
        n_early * 2 >= lines.len()
    };
    (columns.len() >= 2
        && first.len() >= FEWEST_LINES
        && are_alike
        && columns.iter().filter(ends_early).count() >= 2)
        .then(|| first.iter().map(|line| line.down).collect())
}

fn is_dash(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| matches!(c, '-' | '—' | '－' | '/'))
}

/// Whether each line stands at the height of one of others, each at its own.
fn fits(lines: &[CellLine], heights: &[CellLine], size: f32) -> bool {
    let mut rest = heights.iter();
    lines.iter().all(|line| {
        rest.any(|height| is_near(height.down.middle(), line.down.middle(), SAME_HEIGHT * size))
    })
}

/// Makes a row many: borders half-way between the lines, each mark in the row of its height.
fn part_row(table: &mut RuledTable, row: usize, heights: &[Interval]) {
    let between: Vec<f32> = heights
        .windows(2)
        .map(|pair| (pair[0].to + pair[1].from) / 2.0)
        .collect();
    let n_more = between.len();
    let mut cells = Vec::with_capacity(table.cells.len() + n_more);
    for (mut slot, marks) in std::mem::take(&mut table.cells) {
        if slot.row > row {
            slot.row += n_more;
        } else if slot.row_end() > row {
            let mut parts: Vec<Vec<Mark>> = vec![Vec::new(); n_more + 1];
            for mark in marks {
                let part = between.partition_point(|&y| y < mark.bbox.mid_y());
                parts[part].push(mark);
            }
            for (part, marks) in parts.into_iter().enumerate() {
                let row = row + part;
                cells.push((Slot { row, ..slot }, marks));
            }
            continue;
        }
        cells.push((slot, marks));
    }
    table.cells = cells;
    table.borders.ys.splice(row + 1..row + 1, between);
}
