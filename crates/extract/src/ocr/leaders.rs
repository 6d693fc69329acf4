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
    /// Dots of a leader at the least; an ellipsis has six.
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
    /// The longer side of a dot at the most, in em.
    const LARGE: f64 = 0.3;
    /// The same in pixels: under a large title small letters would be dots.
    const LARGEST: f64 = points(4.0);
    /// The ink of a dot at the least, in pixels.
    const LEAST: usize = 2;
    /// How many times longer than the shorter side of a dot the longer one is at the most.
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
    /// From one dot to the next at the most, in em: nothing fits between.
    const PITCH: f64 = 0.62;
    /// How far a dot stands higher or lower than the one before, in em.
    const LEVEL: f64 = 0.1;
    /// How far distances differ, as a share of them.
    const EVEN: f64 = 0.35;
    let last = last(row);
    let apart = dot.x - last.x;
    let is_even = || {
        let pitch = (last.x - row[0].x) / (row.len() - 1) as f64;
        row.len() < 2 || (apart - pitch).abs() <= EVEN * apart
    };
    apart > 0.0 && apart <= PITCH * em && (dot.y - last.y).abs() <= LEVEL * em && is_even()
}
