//! Pieces of a printed table: whether the table of a page is the rest of the one before it, by its columns, its header and
//! its rows; and one table made of both.

use std::ops::Range;

use super::continuation::{self, Facts, is_next_to};
use super::rows::{MOST_HEADER_ROWS, filled, folded};
use super::{Cell, Table};
use crate::repair::Draft;
use extract::laid::PrintedTable;
use language::figures::{is_total, number};
use model::Rule;

/// How far the borders of a column differ from page to page, in points.
const SAME_RULING: f32 = 4.0;
/// How much wider one page may be than the next, as a part: paper shrinks, and a scan is enlarged.
const STRETCHED: f32 = 0.03;
/// Rows beside the end of a page that tell what a column holds.
const NEAR: usize = 12;
/// So many of them, at least.
const ENOUGH_ROWS: usize = 2;
/// A column is one of figures if this part of its filled cells are.
const MOST: (usize, usize) = (7, 10);
/// Part of the characters that a row of a header has in common with the same row on another page, at least.
const ROW_ALIKE: f64 = 0.5;
/// Filled cells of a first row that say what is in the table; fewer name any.
const TELLING: usize = 2;

/// Where the columns of a table begin and end, from its left edge; none where its cells do not say.
pub fn borders(table: &PrintedTable) -> Vec<f32> {
    let mut xs = vec![f32::NAN; table.n_cols + 1];
    for cell in &table.cells {
        xs[cell.col] = cell.bbox[0];
        xs[cell.col + cell.colspan] = cell.bbox[2];
    }
    // On a page whose text is set sideways they run along the other side.
    if xs.windows(2).all(|pair| pair[0] < pair[1]) {
        let left = xs[0];
        xs.iter().map(|x| x - left).collect()
    } else {
        Vec::new()
    }
}

/// From where to where the text of each column reaches, where cells of this column alone have any.
pub fn extents(draft: &Draft, table: &Table) -> Vec<Option<Extent>> {
    let mut extents = vec![None; table.n_cols];
    for cell in table.cells.iter().filter(|cell| cell.colspan == 1) {
        for bbox in cell
            .spans
            .iter()
            .filter_map(|span| draft.lines[span.line].bbox)
        {
            let extent = (bbox[0], bbox[2]);
            extents[cell.col] = Some(around(extents[cell.col], extent));
        }
    }
    extents
}

/// Left and right end of what stands in a column.
pub type Extent = (f32, f32);

fn around(a: Option<Extent>, b: Extent) -> Extent {
    a.map_or(b, |a| (a.0.min(b.0), a.1.max(b.1)))
}

/// How two pieces make one table.
pub struct Fit {
    /// Rows of the header that the next piece shows again.
    pub n_again: usize,
    columns: Columns,
}

/// The columns of two pieces that are one table.
#[derive(Debug, Clone, PartialEq)]
struct Columns {
    n: usize,
    /// Their borders, where rulings show them.
    borders: Vec<f32>,
    /// The columns of both that each column of the first piece, and of the second, takes.
    of: [Vec<Range<usize>>; 2],
}

impl Columns {
    fn same(n: usize, borders: &[f32]) -> Self {
        let all: Vec<Range<usize>> = (0..n).map(|col| col..col + 1).collect();
        Self {
            n,
            borders: borders.to_vec(),
            of: [all.clone(), all],
        }
    }
}

/// How the next piece goes on a table; `None` if it is another table.
pub fn fit(draft: &Draft, table: (&Table, &Facts), next: (&Table, &Facts)) -> Option<Fit> {
    let ((table, before), (next, after)) = (table, next);
    if !is_next_to(draft, table, next) {
        return None;
    }
    let n_again = rows_again(before, after);
    let found = if table.is_ruled && next.is_ruled {
        columns_between(&table.borders, &next.borders)
    } else {
        columns_over(&before.extents, &after.extents)
    };
    let columns = match found {
        Some(columns) => columns,
        // A header printed again says enough, wherever it stands.
        None if n_again > 0 && table.n_cols == next.n_cols => {
            Columns::same(table.n_cols, &table.borders)
        }
        None => return None,
    };
    let fit = Fit { n_again, columns };
    let goes_on = n_again > 0 || after.n_header == 0 || is_body_row(draft, table, next, &fit);
    goes_on.then_some(fit)
}

/// How many rows at the head of a piece are the header of a table, printed again.
fn rows_again(before: &Facts, after: &Facts) -> usize {
    let n_header = before.n_header;
    let is_whole = n_header > 0
        && after.head.len() >= n_header
        && continuation::is_header_again(&before.head[..n_header], &after.head[..n_header])
        && (0..n_header).all(|row| is_row_alike(&before.head[row], &after.head[row]));
    let mut n = if is_whole { n_header } else { 0 };
    // What is printed twice without figures names columns, however many rows that takes.
    while n < MOST_HEADER_ROWS
        .min(before.head.len())
        .min(after.head.len())
        && folded(&before.head[n..=n]) == folded(&after.head[n..=n])
        && before.head[n].iter().all(|cell| number(cell).is_none())
        && (n > 0 || filled(&before.head[n]).count() >= TELLING)
    {
        n += 1;
    }
    n
}

fn is_row_alike(a: &[String], b: &[String]) -> bool {
    let (a, b) = (filled(a).collect::<String>(), filled(b).collect::<String>());
    continuation::likeness(&a, &b) >= ROW_ALIKE
}

/// Columns of two tables, if the borders of one are among those of the other.
fn columns_between(a: &[f32], b: &[f32]) -> Option<Columns> {
    let (&width_a, &width_b) = (a.last()?, b.last()?);
    let stretch = width_a / width_b;
    if (stretch - 1.0).abs() > STRETCHED {
        return None;
    }
    let b: Vec<f32> = b.iter().map(|x| x * stretch).collect();
    if let Some(columns) = places(&b, a) {
        let same = Columns::same(a.len() - 1, a);
        let [all, _] = same.of;
        let of = [all, columns];
        Some(Columns { of, ..same })
    } else {
        let columns = places(a, &b)?;
        let same = Columns::same(b.len() - 1, &b);
        let [all, _] = same.of;
        let of = [columns, all];
        Some(Columns { of, ..same })
    }
}

/// Which of the columns between all borders each column between some takes, from the first to the last.
fn places(borders: &[f32], all: &[f32]) -> Option<Vec<Range<usize>>> {
    let nearest = |x: &f32| {
        let off = |i: &usize| (all[*i] - x).abs();
        (0..all.len())
            .min_by(|i, j| off(i).total_cmp(&off(j)))
            .filter(|i| off(i) <= SAME_RULING)
    };
    let places: Vec<usize> = borders.iter().map(nearest).collect::<Option<_>>()?;
    let is_in_order = places.windows(2).all(|pair| pair[0] < pair[1]);
    (is_in_order && places.first() == Some(&0) && places.last() == Some(&(all.len() - 1)))
        .then(|| places.windows(2).map(|pair| pair[0]..pair[1]).collect())
}

/// Columns of two tables, if those of the second stand each below one of the first, in order. What has no text in a column
/// says nothing of it.
fn columns_over(a: &[Option<Extent>], b: &[Option<Extent>]) -> Option<Columns> {
    let mut columns = Columns::same(a.len(), &[]);
    let mut of = Vec::with_capacity(b.len());
    let mut next = 0;
    for extent in b {
        let is_over = |col: &usize| match (a[*col], extent) {
            (Some(above), Some(below)) => overlap(above, *below),
            _ => a.len() == b.len(),
        };
        let col = (next..a.len()).find(is_over)?;
        of.push(col..col + 1);
        next = col + 1;
    }
    let n_over = |below: &Extent| {
        a.iter()
            .flatten()
            .filter(|above| overlap(**above, *below))
            .count()
    };
    if b.iter().flatten().any(|below| n_over(below) != 1) {
        return None;
    }
    columns.of[1] = of;
    Some(columns)
}

fn overlap(a: Extent, b: Extent) -> bool {
    a.0 < b.1 && b.0 < a.1
}

/// Whether the first row of the next piece has figures where the rows around it have them, so that it names no columns.
/// A table without figures says nothing against it.
fn is_body_row(draft: &Draft, table: &Table, next: &Table, fit: &Fit) -> bool {
    let Columns { n, of, .. } = &fit.columns;
    let first = row_texts(draft, next, 0..1, &of[1], *n).remove(0);
    let near = row_texts(draft, table, tail(table), &of[0], *n);
    let below = row_texts(draft, next, 1..next.n_rows.min(NEAR), &of[1], *n);
    let is_figure = |cell: &str| number(cell).is_some();
    let (mut n_figures, mut n_names) = (0, 0);
    for (col, text) in first.iter().enumerate() {
        let column: Vec<&str> = near
            .iter()
            .chain(&below)
            .map(|row| row[col].as_str())
            .filter(|cell| !cell.is_empty())
            .collect();
        let n_numbers = column.iter().filter(|cell| is_figure(cell)).count();
        let is_numeric = n_numbers * MOST.1 >= column.len() * MOST.0 && n_numbers > 0;
        if is_numeric && !text.is_empty() {
            if is_figure(text) || !text.chars().any(char::is_alphabetic) {
                n_figures += 1;
            } else {
                n_names += 1;
            }
        }
    }
    n_names == 0 || n_figures > n_names
}

/// The rows at the end of a table.
fn tail(table: &Table) -> Range<usize> {
    table.n_rows.saturating_sub(NEAR)..table.n_rows
}

/// The texts of rows of a table in the columns that it shares with another; each cell of a span has its text.
fn row_texts(
    draft: &Draft,
    table: &Table,
    rows: Range<usize>,
    columns: &[Range<usize>],
    n_cols: usize,
) -> Vec<Vec<String>> {
    let mut texts = vec![vec![String::new(); n_cols]; rows.len()];
    for cell in cells_of(table, &rows) {
        let text = draft.text(&cell.spans);
        for row in cell.row.max(rows.start)..(cell.row + cell.rowspan).min(rows.end) {
            for col in taken(columns, cell) {
                texts[row - rows.start][col].clone_from(&text);
            }
        }
    }
    texts
}

/// The columns that a cell takes.
fn taken(columns: &[Range<usize>], cell: &Cell) -> Range<usize> {
    columns[cell.col].start..columns[cell.col + cell.colspan - 1].end
}

/// The cells that reach into rows.
fn cells_of<'t>(table: &'t Table, rows: &Range<usize>) -> impl Iterator<Item = &'t Cell> {
    let rows = rows.clone();
    table
        .cells
        .iter()
        .filter(move |cell| cell.row < rows.end && cell.row + cell.rowspan > rows.start)
}

impl Columns {
    /// Puts the cells of a piece into the columns of both; where it has none, an empty one.
    fn remap(&self, table: &mut Table, which: usize) {
        let columns = &self.of[which];
        let mut is_taken = vec![vec![false; self.n]; table.n_rows];
        for cell in &mut table.cells {
            let taken = taken(columns, cell);
            (cell.col, cell.colspan) = (taken.start, taken.len());
            for row in &mut is_taken[cell.row..cell.row + cell.rowspan] {
                row[taken.clone()].fill(true);
            }
        }
        for (row, is_taken) in is_taken.iter().enumerate() {
            let free = (0..self.n).filter(|&col| !is_taken[col]);
            table.cells.extend(free.map(|col| Cell::empty(row, col)));
        }
        table.cells.sort_by_key(|cell| (cell.row, cell.col));
        table.n_cols = self.n;
        table.borders.clone_from(&self.borders);
    }
}

/// Puts the cells of the next piece below those of the table. A row span or a row that the page cut is one again.
pub fn append(draft: &mut Draft, table: &mut Table, mut next: Table, fit: &Fit) {
    // Most pieces have the columns of the table.
    if fit.columns.of[0].len() < fit.columns.n {
        fit.columns.remap(table, 0);
    }
    if fit.columns.of[1].len() < fit.columns.n {
        fit.columns.remap(&mut next, 1);
    }
    let n_again = fit.n_again;
    table.n_header_again = table.n_header_again.max(n_again);
    let cut = is_row_cut(draft, table, &next, n_again);
    // The first row below the table, or its last one.
    let offset = table.n_rows - usize::from(cut);
    let last = last_cells(table);
    for mut cell in next.cells {
        if cell.row < n_again {
            continue;
        }
        cell.row = cell.row - n_again + offset;
        let above = last[cell.col].filter(|_| cell.row == offset);
        match above.map(|i| &mut table.cells[i]) {
            Some(above) if cut => above.spans.extend(cell.spans),
            Some(above) if goes_on_in(draft, above, &cell) => above.rowspan += cell.rowspan,
            _ => table.cells.push(cell),
        }
    }
    table.n_rows = offset + next.n_rows - n_again;
    table.lines.extend(next.lines);
}

/// The cells that reach the last row, by column.
fn last_cells(table: &Table) -> Vec<Option<usize>> {
    let mut last: Vec<Option<usize>> = vec![None; table.n_cols];
    for (i, cell) in table.cells.iter().enumerate() {
        if cell.row + cell.rowspan == table.n_rows {
            last[cell.col].get_or_insert(i);
        }
    }
    last
}

/// Whether the first row of the next piece is the rest of the last row of the table: what every other row has it lacks, or
/// the last row lacks it, and no figure stands in both.
fn is_row_cut(draft: &Draft, table: &Table, next: &Table, n_again: usize) -> bool {
    let n_cols = table.n_cols;
    let all: Vec<Range<usize>> = (0..n_cols).map(|col| col..col + 1).collect();
    let body = n_again..next.n_rows;
    if body.is_empty() || !is_plain_break(table, next, n_again) {
        return false;
    }
    let mut above = row_texts(draft, table, tail(table), &all, n_cols);
    let below = body.start..body.end.min(body.start + NEAR);
    let mut below = row_texts(draft, next, below, &all, n_cols);
    let (Some(last), first) = (above.pop(), below.remove(0)) else {
        return false;
    };
    let others: Vec<&Vec<String>> = above.iter().skip(1).chain(&below).collect();
    if others.len() < ENOUGH_ROWS || last.iter().chain(&first).any(|cell| is_total(cell)) {
        return false;
    }
    let is_always_filled = |col: &usize| others.iter().all(|row| !row[*col].is_empty());
    let always: Vec<usize> = (0..n_cols).filter(is_always_filled).collect();
    let lacks = |row: &[String]| always.iter().any(|&col| row[col].is_empty());
    let is_filled = |row: &[String]| row.iter().any(|cell| !cell.is_empty());
    let is_in_one = |col: &usize| !last[*col].is_empty() || !first[*col].is_empty();
    let are_figures = |col: usize| number(&last[col]).is_some() && !first[col].is_empty();
    lacks(&first)
        && is_filled(&first)
        && always.iter().all(is_in_one)
        && !(0..n_cols).any(are_figures)
}

/// Whether the last row and the first row of the next piece have the same cells, each of one row.
fn is_plain_break(table: &Table, next: &Table, n_again: usize) -> bool {
    let slots = |table: &Table, row: usize| -> Option<Vec<(usize, usize)>> {
        let mut slots = Vec::new();
        for cell in cells_of(table, &(row..row + 1)) {
            if cell.rowspan > 1 {
                return None;
            }
            slots.push((cell.col, cell.colspan));
        }
        slots.sort_unstable();
        Some(slots)
    };
    table.n_rows > 0
        && slots(table, table.n_rows - 1).is_some_and(|last| Some(last) == slots(next, n_again))
}

/// Whether a cell is the empty rest of a row span that the page cut, or shows its label again, which goes into the log.
fn goes_on_in(draft: &mut Draft, above: &Cell, cell: &Cell) -> bool {
    if above.colspan != cell.colspan || cell.rowspan == 1 && above.rowspan == 1 {
        return false;
    }
    let label = draft.text(&cell.spans);
    if !label.is_empty() {
        if !continuation::is_label_again(&draft.text(&above.spans), &label) {
            return false;
        }
        for span in &cell.spans {
            let whole = 0..draft.texts[span.line].len();
            continuation::take_away_label(draft, span.line, whole);
        }
    }
    draft.applies(Rule::ContinueRowSpan, continuation::SURE_OF_LABEL)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_two_pages() {
        let all = [0.0, 40.0, 120.0, 200.0];
        let columns = columns_between(&all, &[0.0, 121.5, 200.0]).expect("one is in the other");
        assert_eq!((columns.n, &columns.of[1]), (3, &vec![0..2, 2..3]));
        assert!(columns_between(&all, &[0.0, 60.0, 200.0]).is_none());
        assert!(columns_between(&all, &[0.0, 40.0, 120.0, 300.0]).is_none());
        // A page that is enlarged a little.
        assert!(columns_between(&all, &[0.0, 41.0, 122.0, 204.0]).is_some());
    }

    #[test]
    fn columns_whose_text_stands_below() {
        let all = [Some((0.0, 10.0)), Some((40.0, 60.0)), Some((90.0, 99.0))];
        let below = [Some((2.0, 8.0)), Some((92.0, 95.0))];
        let columns = columns_over(&all, &below).expect("each stands below one");
        assert_eq!(columns.of[1], [0..1, 2..3]);
        assert!(columns_over(&all, &[Some((0.0, 50.0)), Some((92.0, 95.0))]).is_none());
    }
}
