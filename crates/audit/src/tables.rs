//! Tables: cells side by side, captions and units as printed, inferred values proved.

use std::collections::{BTreeMap, HashSet};

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
        if let Some(cell) = elsewhere(table) {
            findings.add(
                first(&cell.at),
                "a cell stands on a line that its table does not name",
            );
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

/// The cell on a line that is none of its table's.
fn elsewhere(table: &TableBlock) -> Option<&CellBlock> {
    let lines: HashSet<&str> = table
        .at
        .iter()
        .flat_map(|p| &p.lines)
        .map(String::as_str)
        .collect();
    let is_named = |id: &String| lines.contains(id.as_str());
    table
        .cells
        .iter()
        .find(|cell| !cell.at.iter().flat_map(|place| &place.lines).all(is_named))
}

/// A cell and the row and the column before which it ends.
struct Room<'o> {
    cell: &'o CellBlock,
    row_end: usize,
    col_end: usize,
}

/// A table has as many rows and columns as its cells take, and no two of them have the same.
fn grid(table: &TableBlock) -> Result<(), String> {
    let rooms: Option<Vec<Room>> = table.cells.iter().map(room).collect();
    let mut rooms = rooms.ok_or("a cell has no room")?;
    let n_rows = rooms.iter().map(|room| room.row_end).max().unwrap_or(0);
    let n_cols = rooms.iter().map(|room| room.col_end).max().unwrap_or(0);
    if (n_rows, n_cols) != (table.n_rows, table.n_cols) || table.header_rows > n_rows {
        return Err(format!(
            "a table's cells take {n_rows} rows and {n_cols} columns, and it has others"
        ));
    }
    rooms.sort_by_key(|room| (room.cell.row, room.cell.col));
    // The last cell in each part of the row, by its first column.
    let mut above: BTreeMap<usize, Room> = BTreeMap::new();
    for room in rooms {
        while let Some((&col, last)) = above.range(..room.col_end).next_back() {
            if last.col_end <= room.cell.col {
                break;
            }
            if last.row_end > room.cell.row {
                return Err(format!(
                    "two cells stand in row {}, column {}",
                    room.cell.row, room.cell.col
                ));
            }
            above.remove(&col);
        }
        above.insert(room.cell.col, room);
    }
    Ok(())
}

fn room(cell: &CellBlock) -> Option<Room<'_>> {
    let row_end = cell.row.checked_add(cell.rowspan)?;
    let col_end = cell.col.checked_add(cell.colspan)?;
    (cell.rowspan > 0 && cell.colspan > 0).then_some(Room {
        cell,
        row_end,
        col_end,
    })
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
        assert!(table(&[[0, 0, 1, 1], [3, 3, 1, 1]]).is_ok());
        assert!(table(&[[0, 0, 1, 1], [2, 3, 1, 1]]).is_err());
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
