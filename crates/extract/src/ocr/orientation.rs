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

/// How a scan may have to be turned so that its lines run along the rows, by quarters clockwise.
#[derive(Debug, Clone, Copy)]
pub struct Turns {
    /// The likelier first. A page of lines is upright or upside down, or else on one of its sides; which of the two, only
    /// its characters tell.
    pub order: [u8; 4],
    /// So many of them are tried in any case, the others only where none of those is believed.
    pub n_tried: usize,
}

/// How a scan may have to be turned.
pub fn turns(scan: &Scan) -> Turns {
    let mut gray = scan.gray.clone();
    let level = clean(&mut gray);
    remove_borders(&mut gray, level);
    let votes = Votes::new(&gray, level, scan.dpi());
    let (order, set, set_otherwise) = if votes.n_along >= votes.n_across {
        ([0, 2, 1, 3], votes.n_set_along, votes.n_set_across)
    } else {
        ([1, 3, 0, 2], votes.n_set_across, votes.n_set_along)
    };
    let n_tried = if are_lines(set, set_otherwise) {
        1
    } else {
        order.len()
    };
    Turns { order, n_tried }
}

/// How many characters of a page speak for lines along the rows and for lines across them.
#[derive(Debug, Default)]
struct Votes {
    /// Those whose next character along the rows is nearer than the one below, and the other way.
    n_along: usize,
    n_across: usize,
    /// Those that stand as near to the next as type is set.
    n_set_along: usize,
    n_set_across: usize,
}

impl Votes {
    fn new(gray: &Gray, level: u8, dpi: f64) -> Self {
        /// The blank between characters that are set as one line, in em: between rows of a table there is more.
        const SET: f64 = 0.25;
        let WorkingInk { mut ink, black, .. } = WorkingInk::new(gray, level, dpi);
        for piece in &rulings(&ink).pieces {
            erase(&mut ink, piece);
        }
        let (characters, em) = characters(&text_ink(&ink, &black));
        let mut votes = Self::default();
        for character in &characters {
            let [beside, below] = nearest(character, &characters, em);
            votes.n_along += usize::from(beside < below);
            votes.n_across += usize::from(below < beside);
            votes.n_set_along += usize::from(beside < below && beside <= SET * em);
            votes.n_set_across += usize::from(below < beside && below <= SET * em);
        }
        votes
    }
}

/// Whether so many characters are beyond doubt those of lines, and so many others are not. Columns of 有 and 无 in a table
/// are none, though the next is nearer below than beside, and the recogniser believes characters that lie on their side.
fn are_lines(n: usize, n_others: usize) -> bool {
    /// Characters of a line.
    const FEWEST: usize = 8;
    /// How many times more there are than of lines across these.
    const CLEARLY: usize = 4;
    n >= FEWEST.max(CLEARLY * n_others)
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
