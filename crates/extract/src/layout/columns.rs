//! Columns of text: what each page fills from left to right, and which columns of a document are one.

use std::collections::HashMap;

use super::PageOutline;
use crate::geom::is_near;
use crate::laid::{Column, Laid, LineRole, PrintedLine};

/// Runs that may stand outside the text of a page.
const MOST_BEYOND: usize = 2;
/// Lines that show where the text of a page begins and ends: ends are ragged, and tables and heads may be wider than it.
const LINES_AT_START: usize = 2;
const LINES_AT_END: usize = 4;
/// Edges of lines nearer than this are one, in em.
const SAME_EDGE: f32 = 0.4;
/// How far the frames and the widths of pages of one kind differ, in points.
const SAME_FRAME: f32 = 6.0;
/// Pages that have a frame before it is that of a document: what one page alone has may be dirt at its edge.
const PAGES_WITH_FRAME: usize = 2;

/// What each page's text fills from left to right; a page that is little filled takes the usual one.
pub fn frames(pages: &[PageOutline], roles: &[Vec<Option<LineRole>>]) -> Vec<Column> {
    let extents: Vec<Option<Column>> = pages
        .iter()
        .zip(roles)
        .map(|(page, roles)| extent(page, roles))
        .collect();
    pages
        .iter()
        .zip(&extents)
        .map(|(page, own)| {
            let own = own.unwrap_or(Column {
                left: 0.0,
                right: page.width,
            });
            usual_frame(page.width, own, pages, &extents)
        })
        .collect()
}

/// What the text of one page fills.
fn extent(page: &PageOutline, roles: &[Option<LineRole>]) -> Option<Column> {
    let is_outside = roles.iter().zip(&page.is_aside);
    let is_outside = is_outside.map(|(role, is_aside)| role.is_some() || *is_aside);
    let runs = page.runs.iter().zip(is_outside);
    let runs: Vec<(f32, f32)> = runs
        .filter(|(_, is_outside)| !is_outside)
        .map(|(run, _)| *run)
        .collect();
    let (mut lefts, mut rights): (Vec<f32>, Vec<f32>) = runs.iter().copied().unzip();
    lefts.sort_by(f32::total_cmp);
    rights.sort_by(|a, b| b.total_cmp(a));
    let tolerance = SAME_EDGE * page.text_size;
    let left = shared_edge(&lefts, LINES_AT_START, tolerance);
    let right = shared_edge(&rights, LINES_AT_END, tolerance);
    if let (Some(left), Some(right)) = (left, right)
        && left < right
    {
        return Some(Column { left, right });
    }
    let tables = page.ruled_tables.iter().map(|table| (table.x0, table.x1));
    runs.into_iter()
        .chain(tables)
        .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
        .map(|(left, right)| Column { left, right })
}

/// The edge at which several lines begin or end; from the outermost on: a head, a logo or dirt may stand beyond.
fn shared_edge(edges: &[f32], at_least: usize, tolerance: f32) -> Option<f32> {
    let n_at = |edge: f32| {
        edges
            .iter()
            .filter(|other| is_near(**other, edge, tolerance))
            .count()
    };
    edges
        .iter()
        .copied()
        .take(1 + MOST_BEYOND)
        .find(|&edge| n_at(edge) >= at_least)
}

/// The frame that most pages have of those that hold this one. Margins change with the paper and between left and right
/// pages.
fn usual_frame(
    width: f32,
    own: Column,
    pages: &[PageOutline],
    extents: &[Option<Column>],
) -> Column {
    let mut usual: Vec<(usize, Column)> = Vec::new();
    for (page, extent) in pages.iter().zip(extents) {
        let Some(frame) = extent else { continue };
        if !is_near(page.width, width, SAME_FRAME)
            || frame.left > own.left + SAME_FRAME
            || frame.right < own.right - SAME_FRAME
        {
            continue;
        }
        let is_same = |(_, known): &&mut (usize, Column)| {
            is_near(known.left, frame.left, SAME_FRAME)
                && is_near(known.right, frame.right, SAME_FRAME)
        };
        match usual.iter_mut().find(is_same) {
            Some((n, _)) => *n += 1,
            None => usual.push((1, *frame)),
        }
    }
    usual
        .into_iter()
        .filter(|(n, _)| *n >= PAGES_WITH_FRAME)
        .max_by_key(|(n, _)| *n)
        .map_or(own, |(_, frame)| Column {
            left: frame.left.min(own.left),
            right: frame.right.max(own.right),
        })
}

/// Columns of lines that differ by less are one, in points: a hair of rounding.
const SAME_COLUMN: f32 = 1.5;
/// How far the left edge of a line's column lies from that of the column that it belongs to, in points. The right edge may
/// lie a character apart: two marks that hang, or a page without a full line, move it by less.
const SAME_LEFT: f32 = 5.0;

/// Columns that differ by less than a character are the column that most lines stand in.
pub fn settle(laid: &mut Laid) {
    let mut is_in_cell = vec![false; laid.lines.len()];
    let cells = laid.tables.iter().flat_map(|table| &table.cells);
    cells
        .flat_map(|cell| &cell.lines)
        .for_each(|&line| is_in_cell[line] = true);
    let mut body: Vec<&mut PrintedLine> = laid
        .lines
        .iter_mut()
        .zip(is_in_cell)
        .filter(|(line, is_in_cell)| !is_in_cell && line.role == LineRole::Body)
        .map(|(line, _)| line)
        .collect();
    let mut known = KnownColumns::default();
    for line in &body {
        known.count(line.column);
    }
    for line in &mut body {
        line.column = known.usual(line.column, line.size).unwrap_or(line.column);
    }
}

/// Columns and how many lines stand in each, found by where they lie.
#[derive(Default)]
struct KnownColumns {
    columns: Vec<(Column, usize)>,
    /// Indices by left and right edge, in tiles of [`TILE`] points.
    tiles: HashMap<(i32, i32), Vec<usize>>,
}

/// Side of a tile, in points.
const TILE: f32 = 8.0;

fn tile(edge: f32) -> i32 {
    (edge / TILE).floor() as i32
}

impl KnownColumns {
    /// The known columns whose edges may lie so close to those of one.
    fn near(&self, column: Column, left: f32, right: f32) -> impl Iterator<Item = usize> {
        let (lefts, rights) = (
            tile(column.left - left)..=tile(column.left + left),
            tile(column.right - right)..=tile(column.right + right),
        );
        lefts
            .flat_map(move |x| rights.clone().map(move |y| (x, y)))
            .filter_map(|tile| self.tiles.get(&tile))
            .flatten()
            .copied()
    }

    /// Counts a line in the first column that is the same, or in a new one.
    fn count(&mut self, column: Column) {
        let is_same = |i: &usize| {
            let known = self.columns[*i].0;
            is_near(known.left, column.left, SAME_COLUMN)
                && is_near(known.right, column.right, SAME_COLUMN)
        };
        let same = self
            .near(column, SAME_COLUMN, SAME_COLUMN)
            .filter(is_same)
            .min();
        match same {
            Some(i) => self.columns[i].1 += 1,
            None => {
                let tile = (tile(column.left), tile(column.right));
                self.tiles.entry(tile).or_default().push(self.columns.len());
                self.columns.push((column, 1));
            }
        }
    }

    /// The column that most lines stand in of those that differ by less than a character, which is `size` wide.
    fn usual(&self, own: Column, size: f32) -> Option<Column> {
        let is_close = |i: &usize| {
            let known = self.columns[*i].0;
            is_near(known.left, own.left, SAME_LEFT) && (known.right - own.right).abs() <= size
        };
        self.near(own, SAME_LEFT, size)
            .filter(is_close)
            .max_by_key(|&i| (self.columns[i].1, i))
            .map(|i| self.columns[i].0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_differ_by_a_mark_are_the_usual_one() {
        let column = |left: f32, right: f32| Column { left, right };
        let mut known = KnownColumns::default();
        for _ in 0..3 {
            known.count(column(80.0, 500.0));
        }
        known.count(column(80.5, 508.0));
        known.count(column(300.0, 500.0));
        assert_eq!(
            known.usual(column(80.5, 508.0), 16.0),
            Some(column(80.0, 500.0))
        );
        assert_eq!(
            known.usual(column(80.5, 508.0), 4.0),
            Some(column(80.5, 508.0))
        );
        assert_eq!(
            known.usual(column(300.0, 500.0), 16.0),
            Some(column(300.0, 500.0))
        );
    }
}
