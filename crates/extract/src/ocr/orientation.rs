//! Orientation: how a scan may have to be turned so that its lines run along the rows.

use super::binarise::clean;
use super::borders::remove_borders;
use super::components::{Component, Components};
use super::ruling::erase;
use super::rulings::rulings;
use super::text_ink::{TextInk, text_ink};
use super::working_ink::WorkingInk;
use crate::pdf::scan::Scan;
use crate::raster::Gray;

/// How a scan may have to be turned, by quarters clockwise, the likelier first. A page of lines is upright or upside
/// down, or else on one of its sides; which of the two, only its characters tell.
pub fn turns(scan: &Scan) -> [u8; 2] {
    let mut gray = scan.gray.clone();
    let level = clean(&mut gray);
    remove_borders(&mut gray, level);
    if has_lines_along_rows(&gray, level, scan.dpi()) {
        [0, 2]
    } else {
        [1, 3]
    }
}

/// Whether the next character of a line is nearer than the line above and below.
fn has_lines_along_rows(gray: &Gray, level: u8, dpi: f64) -> bool {
    let WorkingInk { mut ink, black, .. } = WorkingInk::new(gray, level, dpi);
    for piece in &rulings(&ink).pieces {
        erase(&mut ink, piece);
    }
    let (characters, em) = characters(&text_ink(&ink, &black));
    let (mut n_along, mut n_across) = (0usize, 0usize);
    for character in &characters {
        let [beside, below] = nearest(character, &characters, em);
        n_along += usize::from(beside < below);
        n_across += usize::from(below < beside);
    }
    n_along >= n_across
}

/// The characters of a page in cells, and their usual size in those.
fn characters(text: &TextInk) -> (Vec<Component>, f64) {
    /// Cells to the em: in such the parts of a character mostly hang together, and neighbours don't.
    const CELLS: f64 = 16.0;
    /// The sides of a character at the least and at the most, in em.
    const SIDES: [f64; 2] = [0.5, 1.4];
    let cell = ((text.em / CELLS).round() as usize).max(1);
    let em = text.em / cell as f64;
    let mut characters = Components::from_ink(&text.ink.any(cell)).boxes;
    characters.retain(|c| c.longer_side() <= SIDES[1] * em && c.shorter_side() >= SIDES[0] * em);
    (characters, em)
}

/// How far the nearest characters right of this one and below it are.
fn nearest(character: &Component, characters: &[Component], em: f64) -> [f64; 2] {
    /// The distance of a neighbour at the most, in em.
    const FARTHEST: f64 = 2.5;
    /// How much of this one's side a neighbour covers, as a share of it.
    const SHARED: f64 = 0.5;
    let (mut beside, mut below) = (FARTHEST * em, FARTHEST * em);
    for other in characters {
        if other.x0 >= character.x1 && character.rows_shared(other) >= SHARED * character.height() {
            beside = beside.min((other.x0 - character.x1) as f64);
        } else if other.y0 >= character.y1
            && character.columns_shared(other) >= SHARED * character.width()
        {
            below = below.min((other.y0 - character.y1) as f64);
        }
    }
    [beside, below]
}
