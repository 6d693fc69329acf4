//! Where the ink of a line's characters lies: each has its columns, between where it meets its neighbours.

use super::line_box::LineBox;
use super::page_reading::ReadLine;
use crate::raster::Bilevel;

/// The ink of a line, column by column, shared out to its characters.
#[derive(Debug)]
pub struct InkProfile<'i> {
    ink: &'i Bilevel,
    line_box: LineBox,
    /// How much ink each column has.
    columns: Vec<usize>,
    /// Where each character's ink is centred, in pixels of the page.
    pub centres: Vec<f64>,
    /// Where one character ends and the next begins: where the ink between two is least; with the ends of the line.
    pub cuts: Vec<f64>,
}

impl<'i> InkProfile<'i> {
    pub fn new(line: &ReadLine, ink: &'i Bilevel) -> Self {
        let line_box = line.line_box;
        let columns = columns(&line_box, ink);
        let centres: Vec<f64> = line
            .characters
            .iter()
            .map(|c| c.centre(line.left))
            .collect();
        let [x0, _, x1, _] = line_box.bbox.map(|at| at as f64);
        let between = centres
            .windows(2)
            .map(|pair| emptiest(&columns, x0, pair[0], pair[1]));
        let cuts = std::iter::once(x0).chain(between).chain([x1]).collect();
        Self {
            ink,
            line_box,
            columns,
            centres,
            cuts,
        }
    }

    /// From where to where a character has ink.
    pub fn inked(&self, n: usize) -> Option<(f64, f64)> {
        let left = self.line_box.bbox[0] as f64;
        let (first, end) = span(&self.columns, left, self.cuts[n], self.cuts[n + 1]);
        let inked = &self.columns[first..end];
        let start = inked.iter().position(|&n| n > 0)?;
        let last = inked.iter().rposition(|&n| n > 0)?;
        Some((
            left + (first + start) as f64,
            left + (first + last + 1) as f64,
        ))
    }

    /// Top and bottom of a character's ink.
    pub fn rows(&self, n: usize) -> Option<(usize, usize)> {
        self.rows_between(self.cuts[n], self.cuts[n + 1])
    }

    /// Top and bottom of the ink between two places.
    pub fn rows_between(&self, from: f64, to: f64) -> Option<(usize, usize)> {
        let x1 = (to.round().max(0.0) as usize).min(self.ink.width);
        let x0 = (from.round().max(0.0) as usize).min(x1);
        let [_, y0, _, y1] = self.line_box.bbox;
        let mut rows =
            (y0..y1.min(self.ink.height)).filter(|&y| self.ink.row(y)[x0..x1].contains(&1));
        let top = rows.next()?;
        Some((top, rows.next_back().unwrap_or(top) + 1))
    }
}

fn columns(line_box: &LineBox, ink: &Bilevel) -> Vec<usize> {
    let [x0, y0, x1, y1] = line_box.bbox;
    let mut columns = vec![0; x1.min(ink.width).saturating_sub(x0)];
    for y in y0..y1.min(ink.height) {
        for (sum, &ink) in columns.iter_mut().zip(&ink.row(y)[x0.min(ink.width)..]) {
            *sum += usize::from(ink);
        }
    }
    columns
}

/// The indices of the columns between two places; the first column stands at `left`.
fn span(columns: &[usize], left: f64, from: f64, to: f64) -> (usize, usize) {
    let index = |x: f64| ((x - left).round().max(0.0) as usize).min(columns.len());
    (index(from), index(to).max(index(from)))
}

/// Where between two places the columns have least ink; of equal ones the middle.
fn emptiest(columns: &[usize], left: f64, from: f64, to: f64) -> f64 {
    let (first, end) = span(columns, left, from, to);
    let between = &columns[first..end];
    let Some(least) = between.iter().min() else {
        return (from + to) / 2.0;
    };
    let emptiest: Vec<usize> = (0..between.len())
        .filter(|&i| between[i] == *least)
        .collect();
    left + (first + emptiest[emptiest.len() / 2]) as f64
}
