//! Leaders: rows of dots that lead from a title to its page number.

use std::collections::BTreeMap;

use super::components::Component;
use super::working_ink::points;

/// A dot of a leader: the index of its component, and its middle.
#[derive(Debug, Clone, Copy)]
struct Dot {
    idx: usize,
    x: f64,
    y: f64,
}

/// Rows of dots that stand at even distances: too many for an ellipsis. Each as the indices of its components.
pub fn leaders(boxes: &[Component], em: f64) -> Vec<Vec<usize>> {
    const FEWEST: usize = 8;
    let row_height = em.max(1.0);
    let mut rows: Vec<Vec<Dot>> = Vec::new();
    // The rows by their height, so that each dot looks at few.
    let mut in_band: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for dot in dots(boxes, em) {
        let band = (dot.y / row_height) as usize;
        // The one that ends nearest to it.
        let nearest = (band.saturating_sub(1)..=band + 1)
            .filter_map(|band| in_band.get(&band))
            .flatten()
            .copied()
            .filter(|&row| goes_on(&rows[row], &dot, em))
            .min_by(|&a, &b| last(&rows[b]).x.total_cmp(&last(&rows[a]).x));
        match nearest {
            Some(row) => rows[row].push(dot),
            None => {
                in_band.entry(band).or_default().push(rows.len());
                rows.push(vec![dot]);
            }
        }
    }
    rows.iter()
        .filter(|row| row.len() >= FEWEST)
        .map(|row| row.iter().map(|dot| dot.idx).collect())
        .collect()
}

/// The components that may be dots, from left to right.
fn dots(boxes: &[Component], em: f64) -> Vec<Dot> {
    /// Of a character.
    const LARGE: f64 = 0.3;
    /// Under a large title small letters would be dots.
    const LARGEST: f64 = points(4.0);
    /// Pixels; and how much longer than its shorter side the longer side of a dot is.
    const LEAST: usize = 2;
    const LONG: f64 = 2.5;
    let is_dot = |b: &Component| {
        b.n_pixels >= LEAST
            && b.longer_side() <= LARGEST.min(LARGE * em)
            && b.longer_side() <= LONG * b.shorter_side()
    };
    let mut dots: Vec<Dot> = boxes
        .iter()
        .enumerate()
        .filter(|(_, b)| is_dot(b))
        .map(|(idx, b)| Dot {
            idx,
            x: b.mid_x(),
            y: b.mid_y(),
        })
        .collect();
    dots.sort_by(|a, b| a.x.total_cmp(&b.x));
    dots
}

fn last(row: &[Dot]) -> &Dot {
    row.last().expect("a row of dots begins with one")
}

/// Whether a dot goes on in a row at the row's own distance.
fn goes_on(row: &[Dot], dot: &Dot, em: f64) -> bool {
    /// Of a character, from one dot to the next: nothing fits between.
    const PITCH: f64 = 0.62;
    /// Of a character: how far dots of a row stand higher or lower than the one before.
    const LEVEL: f64 = 0.1;
    /// Of the distance: how far distances differ.
    const EVEN: f64 = 0.35;
    let last = last(row);
    let apart = dot.x - last.x;
    let is_even = || {
        let pitch = (last.x - row[0].x) / (row.len() - 1) as f64;
        row.len() < 2 || (apart - pitch).abs() <= EVEN * apart
    };
    apart > 0.0 && apart <= PITCH * em && (dot.y - last.y).abs() <= LEVEL * em && is_even()
}
