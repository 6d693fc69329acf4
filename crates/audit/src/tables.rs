//! Tables: cells side by side, captions and units as printed, inferred values proved.

use std::collections::BTreeMap;

use model::{CellBlock, Output, Role, Rule, TableBlock};

use crate::lines::first;
use crate::texts::tables;
use crate::{Findings, bare, shown};

pub fn check(output: &Output, findings: &mut Findings) {
    let mut proofs = proofs(output);
    for table in tables(output) {
        let name = first(&table.at);
        if let Err(what) = grid(table) {
            findings.add(name, what);
        }
        if let Some(caption) = table
            .caption
            .as_deref()
            .filter(|&c| !has(table, Role::Caption, c))
        {
            findings.add(
                name,
                format!(
                    "the caption '{}' is not printed at its table",
                    shown(caption)
                ),
            );
        }
        if let Some(unit) = table
            .unit
            .as_deref()
            .filter(|&u| !has(table, Role::Unit, u))
        {
            findings.add(
                name,
                format!("the unit '{}' is not printed at its table", shown(unit)),
            );
        }
        for cell in table.cells.iter().filter(|cell| cell.inferred) {
            let proof = proofs.get_mut(&(first(&cell.at), cell.text.as_str()));
            match proof.filter(|n| **n > 0) {
                Some(n) => *n -= 1,
                None => findings.add(
                    first(&cell.at),
                    format!(
                        "the cell '{}' is inferred, and no repair says how",
                        shown(&cell.text)
                    ),
                ),
            }
        }
    }
    for ((line, _), _) in proofs.iter().filter(|(_, n)| **n > 0) {
        findings.add(line, "a value was inferred, and its cell does not say so");
    }
}

/// The values that repairs infer, each with its line and how often.
fn proofs(output: &Output) -> BTreeMap<(&str, &str), usize> {
    let mut proofs = BTreeMap::new();
    for repair in output
        .repairs
        .iter()
        .filter(|r| r.rule == Rule::InferLostValue && r.applied)
    {
        let line = repair.at.first().map_or("?", String::as_str);
        *proofs.entry((line, repair.after.as_str())).or_default() += 1;
    }
    proofs
}

fn has(table: &TableBlock, role: Role, value: &str) -> bool {
    let value = bare(value);
    table
        .elements
        .iter()
        .any(|e| e.role == role && bare(&e.text).contains(&value))
}

/// The rows and columns of a table have room for its cells, and no two of them have the same.
fn grid(table: &TableBlock) -> Result<(), String> {
    if table.header_rows > table.n_rows {
        return Err("a table has more rows of header than rows".to_owned());
    }
    let mut cells: Vec<(&CellBlock, usize, usize)> = Vec::with_capacity(table.cells.len());
    for cell in &table.cells {
        let down = cell
            .row
            .checked_add(cell.rowspan)
            .filter(|&end| end <= table.n_rows);
        let right = cell
            .col
            .checked_add(cell.colspan)
            .filter(|&end| end <= table.n_cols);
        match down
            .zip(right)
            .filter(|_| cell.rowspan > 0 && cell.colspan > 0)
        {
            Some((down, right)) => cells.push((cell, down, right)),
            None => return Err(format!("the cell {} is outside of its table", name(cell))),
        }
    }
    cells.sort_by_key(|(cell, ..)| (cell.row, cell.col));
    // The cells that reach down to the row, by their first column: where they begin, end, and stop.
    let mut open: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (cell, down, right) in cells {
        while let Some((&left, &(end, stop))) = open.range(..right).next_back() {
            if end <= cell.col {
                break;
            }
            if stop > cell.row {
                return Err(format!("the cell {} stands on another cell", name(cell)));
            }
            open.remove(&left);
        }
        open.insert(cell.col, (right, down));
    }
    Ok(())
}

fn name(cell: &CellBlock) -> String {
    format!(
        "in row {} and column {} ('{}')",
        cell.row,
        cell.col,
        shown(&cell.text)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(cells: &[[usize; 4]]) -> Result<(), String> {
        let cell = |&[row, col, rowspan, colspan]: &[usize; 4]| CellBlock {
            row,
            col,
            rowspan,
            colspan,
            text: String::new(),
            inferred: false,
            at: Vec::new(),
        };
        let cells = cells.iter().map(cell).collect();
        let (caption, unit, elements, at) = (None, None, Vec::new(), Vec::new());
        grid(&TableBlock {
            caption,
            unit,
            n_rows: 4,
            n_cols: 4,
            header_rows: 1,
            cells,
            elements,
            at,
        })
    }

    #[test]
    fn cells_stand_side_by_side() {
        assert!(
            table(&[
                [0, 0, 2, 2],
                [0, 2, 1, 2],
                [1, 2, 3, 1],
                [2, 0, 2, 2],
                [1, 3, 3, 1]
            ])
            .is_ok()
        );
        assert!(table(&[[0, 0, 2, 2], [1, 1, 1, 1]]).is_err());
        assert!(table(&[[0, 1, 3, 1], [2, 0, 1, 3]]).is_err());
        assert!(table(&[[0, 0, 1, 1], [0, 0, 1, 1]]).is_err());
    }

    #[test]
    fn cells_stand_in_their_table() {
        assert!(table(&[[3, 3, 1, 1]]).is_ok());
        for outside in [
            [3, 3, 2, 1],
            [3, 3, 1, 2],
            [4, 0, 1, 1],
            [0, 0, 0, 1],
            [1, 0, usize::MAX, 1],
        ] {
            assert!(table(&[outside]).is_err(), "{outside:?}");
        }
    }
}
