//! Smearing: ink is joined along the rows, never across a wall; what then hangs together is a line or a part of one.

use super::components::{Component, Components, PixelRun, add_run, joined_runs, pixel_runs};
use super::corridors::Wall;
use crate::raster::Bilevel;

/// What hangs together of the ink when it is smeared as far as a character and a half-width blank. Where that ties lines
/// together, they are parted again. The number of pixels is that of the ink.
pub fn smeared_components(ink: &Bilevel, walls: &[Wall], em: f64) -> Vec<Component> {
    /// The blank that is smeared over, in em: a closing mark before an opening one leaves one.
    const SMEAR: f64 = 1.2;
    /// The blank in a broken stroke at the most, in pixels: no wall lies in it.
    const BROKEN: usize = 2;
    /// The height from which a component may be several lines, in em.
    const HIGH: f64 = 1.5;
    let farthest = (SMEAR * em) as usize;
    let runs = pixel_runs(ink);
    let has_wall = |a: &PixelRun, b: &PixelRun| {
        walls
            .iter()
            .any(|wall| wall.is_between(a.x1, b.x0, a.y as f64))
    };
    let smeared = joined_runs(&runs, |a, b| {
        let gap = b.x0 - a.x1;
        gap <= farthest && (gap <= BROKEN || !has_wall(a, b))
    });
    let smeared = Components::new(smeared, 0);
    let mut runs_of_high: Vec<Vec<PixelRun>> = vec![Vec::new(); smeared.boxes.len()];
    let mut n_pixels = vec![0; smeared.boxes.len()];
    let mut at = 0;
    for run in &runs {
        // Each run lies in a smeared one; both are in order.
        while smeared.runs[at].y < run.y || smeared.runs[at].x1 < run.x1 {
            at += 1;
        }
        let component = smeared.of_run[at];
        n_pixels[component] += run.n_pixels();
        if smeared.boxes[component].height() > HIGH * em {
            runs_of_high[component].push(*run);
        }
    }
    let mut components = Vec::with_capacity(smeared.boxes.len());
    for (i, component) in smeared.boxes.into_iter().enumerate() {
        match lines_of(&runs_of_high[i], &component, em) {
            Some(lines) => components.extend(lines),
            None => components.push(Component {
                n_pixels: n_pixels[i],
                ..component
            }),
        }
    }
    components
}

/// Lines that something ties together, taken apart where the rows have hardly any ink.
fn lines_of(runs: &[PixelRun], component: &Component, em: f64) -> Option<Vec<Component>> {
    /// The distance from which ink belongs to no line, in em.
    const FARTHEST: f64 = 0.3;
    if runs.is_empty() {
        return None;
    }
    let bands = bands(runs, component, em);
    if bands.len() < 2 {
        return None;
    }
    // What lies between two bands goes to the nearer.
    let mut lines: Vec<Option<Component>> = vec![None; bands.len()];
    for run in runs {
        let (nearest, distance) = nearest_band(&bands, run.y - component.y0)?;
        if distance as f64 <= FARTHEST * em {
            add_run(&mut lines[nearest], run);
        }
    }
    Some(lines.into_iter().flatten().collect())
}

/// Rows from the first up to, not including, the second, counted from the top of a component.
type Band = (usize, usize);

/// The rows of a component that have ink, as bands that are no higher than a line.
fn bands(runs: &[PixelRun], component: &Component, em: f64) -> Vec<Band> {
    /// Tenths of the rows that have no more ink than a full one.
    const FULL_TENTHS: usize = 9;
    /// A row with so many times less ink than a full one holds a stamp, a bracket or a long descender.
    const HARDLY: usize = 8;
    /// The height of a line at the least, in em.
    const LOWEST: f64 = 0.45;
    /// The height of a line at the most, in em.
    const HIGHEST: f64 = 1.1;
    let mut sums = vec![0usize; component.y1 - component.y0];
    for run in runs {
        sums[run.y - component.y0] += run.n_pixels();
    }
    let mut sorted = sums.clone();
    sorted.sort_unstable();
    let least = sorted[sorted.len() * FULL_TENTHS / 10] / HARDLY;
    let mut inked: Vec<Band> = Vec::new();
    for (y, _) in sums.iter().enumerate().filter(|(_, sum)| **sum > least) {
        match inked.last_mut() {
            Some((_, to)) if *to == y => *to = y + 1,
            _ => inked.push((y, y + 1)),
        }
    }
    // A thin band belongs to the nearer neighbour: the strokes of 二 are bands of their own.
    let highest = (HIGHEST * em) as usize;
    let mut bands: Vec<Band> = Vec::new();
    for (from, to) in inked {
        match bands.last_mut() {
            Some((start, end)) if to - *start <= highest => *end = to,
            _ => bands.push((from, to)),
        }
    }
    bands.retain(|(from, to)| (to - from) as f64 >= LOWEST * em);
    bands
}

/// The band that is nearest to a row, and how far that is.
fn nearest_band(bands: &[Band], y: usize) -> Option<(usize, usize)> {
    let distance = |&(from, to): &Band| {
        if y < from {
            from - y
        } else {
            (y + 1).saturating_sub(to)
        }
    };
    bands
        .iter()
        .map(distance)
        .enumerate()
        .min_by_key(|(_, distance)| *distance)
}
