//! Fractions: what stands over and under a bar at the height of a line is one piece of that line.

use std::ops::Range;

use super::rulings::RulingLine;
use super::runs::TextRun;
use crate::geom::{Rect, bounds, is_near};

/// The longest bar, and the highest term above or below it, in em.
const LONGEST_BAR: f32 = 30.0;
const TERM: f32 = 1.6;
/// How far a term may reach over an end of the bar, how far its middle lies from that of the bar, and how far the longer one
/// of two is from filling it, in em.
const REACH: f32 = 0.4;
const OFF_CENTRE: f32 = 0.6;
const SHORTER: f32 = 2.5;
/// How far the middle of the line lies from the bar, and the piece of it that stands beside the bar, in em.
const LEVEL: f32 = 0.4;
const BESIDE: f32 = 1.5;
/// The size of a term against that of the line, at least: smaller ones are set as indices.
const SAME_SIZE: f32 = 0.75;

/// Puts the terms of each fraction together as one run, which stands where the bar does: numerator, then denominator.
pub fn put_together<'a>(runs: Vec<TextRun<'a>>, level: &[RulingLine]) -> Vec<TextRun<'a>> {
    let around = Around::new(&runs);
    let mut is_taken = vec![false; runs.len()];
    let mut fractions: Vec<TextRun> = Vec::new();
    for bar in level {
        if let Some(terms) = terms(&runs, &around.bar(bar), bar)
            && !terms.iter().any(|&i| is_taken[i])
        {
            terms.iter().for_each(|&i| is_taken[i] = true);
            fractions.push(fraction(&runs, &terms, bar));
        }
    }
    if fractions.is_empty() {
        return runs;
    }
    let rest = runs
        .into_iter()
        .zip(is_taken)
        .filter(|(_, is_taken)| !is_taken);
    rest.map(|(run, _)| run).chain(fractions).collect()
}

/// Runs by height, so that few are looked at for each bar.
struct Around {
    /// Middle and index of each run, from the top.
    by_height: Vec<(f32, usize)>,
    reach: f32,
}

impl Around {
    fn new(runs: &[TextRun]) -> Self {
        let heights = runs.iter().map(TextRun::mid_y).zip(0..);
        let mut by_height: Vec<(f32, usize)> = heights.collect();
        by_height.sort_by(|a, b| a.0.total_cmp(&b.0));
        let largest = runs.iter().map(|run| run.size).fold(0.0, f32::max);
        Self {
            by_height,
            reach: TERM * largest,
        }
    }

    /// The runs not far above or below a bar, those at its left first.
    fn bar(&self, bar: &RulingLine) -> Vec<usize> {
        let below = |y: f32| self.by_height.partition_point(|(middle, _)| *middle < y);
        let near = below(bar.position - self.reach)..below(bar.position + self.reach);
        self.by_height[near].iter().map(|(_, i)| *i).collect()
    }
}

fn fraction<'a>(runs: &[TextRun<'a>], terms: &[usize], bar: &RulingLine) -> TextRun<'a> {
    let marks = terms.iter().flat_map(|&i| runs[i].marks.clone());
    let mut fraction = TextRun::from_marks(marks.collect());
    // Its middle is the bar, whichever term is higher.
    let half = (bar.position - fraction.bbox.y0).max(fraction.bbox.y1 - bar.position);
    fraction.bbox.y0 = bar.position - half;
    fraction.bbox.y1 = bar.position + half;
    fraction
}

/// The runs of numerator and denominator, each from left to right, if a line goes on beside the bar between them.
fn terms(runs: &[TextRun], near: &[usize], bar: &RulingLine) -> Option<Vec<usize>> {
    let beside = near.iter().filter(|&&i| is_beside(&runs[i], bar));
    let em = beside.map(|&i| runs[i].size).reduce(f32::max)?;
    if bar.extent.length() > LONGEST_BAR * em {
        return None;
    }
    let over = term(runs, near, bar, -TERM * em..0.0);
    let under = term(runs, near, bar, 0.0..TERM * em);
    let [a, b] = [&over, &under].map(|term| bounds(term.iter().map(|&i| runs[i].bbox)));
    let (a, b) = (a?, b?);
    let is_of_bar = |bbox: Rect| {
        let reach = bar.extent.widened(REACH * em);
        bbox.x0 >= reach.from
            && bbox.x1 <= reach.to
            && is_near(bbox.mid_x(), bar.extent.middle(), OFF_CENTRE * em)
    };
    let is_whole = |i: &usize| runs[*i].size >= SAME_SIZE * em && !runs[*i].vertical;
    let is_filled = a.width().max(b.width()) > bar.extent.length() - SHORTER * em;
    let terms = [over, under].concat();
    (is_of_bar(a) && is_of_bar(b) && is_filled && terms.iter().all(is_whole)).then_some(terms)
}

/// The runs over or under a bar whose middles lie so far below it, from left to right.
fn term(runs: &[TextRun], near: &[usize], bar: &RulingLine, below: Range<f32>) -> Vec<usize> {
    let is_term = |i: &usize| {
        below.contains(&(runs[*i].mid_y() - bar.position))
            && runs[*i].bbox.across().overlap(bar.extent) > 0.0
    };
    let mut found: Vec<usize> = near.iter().copied().filter(is_term).collect();
    found.sort_by(|&a, &b| runs[a].bbox.x0.total_cmp(&runs[b].bbox.x0));
    found
}

/// Whether a run stands at the height of a bar, right beside one of its ends.
fn is_beside(run: &TextRun, bar: &RulingLine) -> bool {
    let gap = (bar.extent.from - run.bbox.x1).max(run.bbox.x0 - bar.extent.to);
    !run.vertical
        && is_near(run.mid_y(), bar.position, LEVEL * run.size)
        && (-REACH * run.size..BESIDE * run.size).contains(&gap)
}
