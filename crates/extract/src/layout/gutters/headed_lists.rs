//! Two lists side by side, each under a label of its own: `任命：` and `免去：`, and persons under both.

use std::ops::Range;

use super::{RAGGED, Side, Sided, WIDE_GUTTER};
use crate::geom::{self, Level, Tolerance};
use crate::layout::reading_order::Item;

/// Rows that stand under both labels, at least.
const ENOUGH: usize = 2;
/// Characters of a label, colon included, at most.
const LONGEST_LABEL: usize = 12;
/// How far what stands under a label is set in, in em.
const SET_IN: f32 = 2.0;

/// A row of a strip: its items left and right of the edge.
struct Row<'r, 'i> {
    left: Vec<&'r Item<'i>>,
    right: Vec<&'r Item<'i>>,
    n: usize,
}

/// Which items of a strip, from the top, are two such lists. A sentence below the left one goes over both.
pub fn range(strip: &[Sided], em: f32) -> Option<Range<usize>> {
    let rows = rows(strip, em);
    let head = rows.iter().position(is_head)?;
    let is_of_list = |row: &&Row| is_under(row, &rows[head], em) && !ends_text(row);
    let n_rows = rows[head + 1..].iter().take_while(is_of_list).count();
    let list = &rows[head + 1..head + 1 + n_rows];
    let is_both = |row: &&Row| !row.left.is_empty() && !row.right.is_empty();
    if list.iter().filter(is_both).count() < ENOUGH || !are_apart(&rows[head..=head + n_rows], em) {
        return None;
    }
    let start: usize = rows[..head].iter().map(|row| row.n).sum();
    let n: usize = rows[head..=head + n_rows].iter().map(|row| row.n).sum();
    Some(start..start + n)
}

/// Whether the blank between both is wider than a gutter: prose of which two lines end in a colon fills its columns.
fn are_apart(rows: &[Row], em: f32) -> bool {
    let lefts = rows.iter().flat_map(|row| &row.left);
    let rights = rows.iter().flat_map(|row| &row.right);
    let end = lefts.map(|item| item.bbox().x1).fold(f32::MIN, f32::max);
    let start = rights.map(|item| item.bbox().x0).fold(f32::MAX, f32::min);
    start - end > WIDE_GUTTER * em
}

fn rows<'r, 'i>(strip: &'r [Sided<'i>], em: f32) -> Vec<Row<'r, 'i>> {
    let level = |sided: &&Sided| Level {
        y: sided.0.mid_y(),
        em,
    };
    let rows = geom::rows(strip, Tolerance::ROW, level);
    let on = |row: &[&Sided<'i>], side: Side| {
        let mut items: Vec<&Item> = row
            .iter()
            .filter(|sided| sided.1 == side)
            .map(|sided| sided.0)
            .collect();
        items.sort_by(|a, b| a.bbox().x0.total_cmp(&b.bbox().x0));
        items
    };
    rows.iter()
        .map(|row| Row {
            left: on(row, Side::Left),
            right: on(row, Side::Right),
            n: row.len(),
        })
        .collect()
}

/// Whether a row is one label on either side.
fn is_head(row: &Row) -> bool {
    row.n == 2
        && [&row.left, &row.right]
            .into_iter()
            .all(|side| matches!(side.as_slice(), [item] if is_label(item)))
}

fn is_label(item: &Item) -> bool {
    matches!(item, Item::Run(run) if run.marks.len() <= LONGEST_LABEL && ends_in(item, "：:"))
}

fn ends_in(item: &Item, marks: &str) -> bool {
    matches!(item, Item::Run(run) if run.last().text.chars().all(|c| marks.contains(c)))
}

/// Whether what a row holds begins under the labels, and is no label itself: fields of a form are labels all the way down.
fn is_under(row: &Row, head: &Row, em: f32) -> bool {
    let begins_under = |items: &[&Item], label: &[&Item]| match (items, label) {
        ([first, ..], [label]) => {
            let x = first.solid_left() - label.solid_left();
            !ends_in(items[items.len() - 1], "：:")
                && (-RAGGED * em..(SET_IN + RAGGED) * em).contains(&x)
        }
        _ => true,
    };
    row.n == row.left.len() + row.right.len()
        && begins_under(&row.left, &head.left)
        && begins_under(&row.right, &head.right)
}

/// Whether a row stands on the left alone and ends a sentence, as what is said of both lists does.
fn ends_text(row: &Row) -> bool {
    row.right.is_empty() && row.left.last().is_some_and(|item| ends_in(item, "。"))
}
