//! Connected components: the ink of a picture as runs of pixels, and what hangs together of them.

use crate::numeric::UnionFind;
use crate::raster::Bilevel;

/// A stretch of ink in one row.
#[derive(Debug, Clone, Copy)]
pub struct PixelRun {
    pub y: usize,
    pub x0: usize,
    /// Not included.
    pub x1: usize,
}

impl PixelRun {
    pub fn n_pixels(&self) -> usize {
        self.x1 - self.x0
    }
}

/// The runs of a picture, row by row.
pub fn pixel_runs(ink: &Bilevel) -> Vec<PixelRun> {
    let mut runs = Vec::new();
    for y in 0..ink.height {
        let row = ink.row(y);
        let mut at = 0;
        while let Some(start) = memchr::memchr(1, &row[at..]) {
            let x0 = at + start;
            let x1 = memchr::memchr(0, &row[x0..]).map_or(row.len(), |end| x0 + end);
            runs.push(PixelRun { y, x0, x1 });
            at = x1;
        }
    }
    runs
}

/// The runs, with those made one that `joins` says are one: a run and the next of its row.
pub fn joined_runs(
    runs: &[PixelRun],
    joins: impl Fn(&PixelRun, &PixelRun) -> bool,
) -> Vec<PixelRun> {
    let mut out: Vec<PixelRun> = Vec::with_capacity(runs.len());
    for run in runs {
        match out.last_mut() {
            Some(last) if last.y == run.y && joins(last, run) => last.x1 = run.x1,
            _ => out.push(*run),
        }
    }
    out
}

/// Runs, and the components that they make.
#[derive(Debug, Clone)]
pub struct Components {
    pub runs: Vec<PixelRun>,
    /// For each run the index of its component.
    pub of_run: Vec<usize>,
    /// The box and the ink of each component.
    pub boxes: Vec<Component>,
}

impl Components {
    /// Runs of the next row belong to a component when they come within `reach` pixels of it: 1 is corner to corner.
    pub fn new(runs: Vec<PixelRun>, reach: usize) -> Self {
        let (of_run, n) = connected(&runs, reach);
        let mut boxes: Vec<Option<Component>> = vec![None; n];
        for (run, &component) in runs.iter().zip(&of_run) {
            add_run(&mut boxes[component], run);
        }
        Self {
            boxes: boxes.into_iter().flatten().collect(),
            runs,
            of_run,
        }
    }

    /// What hangs together in a picture, also corner to corner.
    pub fn from_ink(ink: &Bilevel) -> Self {
        Self::new(pixel_runs(ink), 1)
    }

    /// Each run with the index of its component.
    pub fn runs_by_component(&self) -> impl Iterator<Item = (&PixelRun, usize)> {
        self.runs.iter().zip(self.of_run.iter().copied())
    }
}

/// For each run the number of its component, and how many components there are.
fn connected(runs: &[PixelRun], reach: usize) -> (Vec<usize>, usize) {
    let mut sets = UnionFind::new(runs.len());
    let mut row = 0..0;
    let mut start = 0;
    while start < runs.len() {
        let y = runs[start].y;
        let end = start + runs[start..].iter().take_while(|run| run.y == y).count();
        let mut above = std::mem::replace(&mut row, start..end);
        if above.is_empty() || runs[above.start].y + 1 != y {
            above = 0..0;
        }
        let mut first = above.start;
        for i in row.clone() {
            while first < above.end && runs[first].x1 + reach <= runs[i].x0 {
                first += 1;
            }
            for j in (first..above.end).take_while(|&j| runs[j].x0 < runs[i].x1 + reach) {
                sets.join(i, j);
            }
        }
        start = end;
    }
    sets.numbered()
}

/// What hangs together of the ink of a picture: its box, and how much ink it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Component {
    pub x0: usize,
    pub y0: usize,
    /// Not included.
    pub x1: usize,
    /// Not included.
    pub y1: usize,
    pub n_pixels: usize,
}

/// Adds a run to a component that has runs already or none yet.
pub fn add_run(component: &mut Option<Component>, run: &PixelRun) {
    let run = Component::from_run(run);
    match component {
        Some(component) => component.add(&run),
        None => *component = Some(run),
    }
}

impl Component {
    fn from_run(run: &PixelRun) -> Self {
        Self {
            x0: run.x0,
            y0: run.y,
            x1: run.x1,
            y1: run.y + 1,
            n_pixels: run.n_pixels(),
        }
    }

    pub fn add(&mut self, other: &Self) {
        (self.x0, self.y0) = (self.x0.min(other.x0), self.y0.min(other.y0));
        (self.x1, self.y1) = (self.x1.max(other.x1), self.y1.max(other.y1));
        self.n_pixels += other.n_pixels;
    }

    pub fn with(mut self, other: &Self) -> Self {
        self.add(other);
        self
    }

    pub fn bbox(&self) -> [usize; 4] {
        [self.x0, self.y0, self.x1, self.y1]
    }

    pub fn width(&self) -> f64 {
        (self.x1 - self.x0) as f64
    }

    pub fn height(&self) -> f64 {
        (self.y1 - self.y0) as f64
    }

    pub fn longer_side(&self) -> f64 {
        self.width().max(self.height())
    }

    pub fn shorter_side(&self) -> f64 {
        self.width().min(self.height())
    }

    pub fn mid_x(&self) -> f64 {
        (self.x0 + self.x1) as f64 / 2.0
    }

    pub fn mid_y(&self) -> f64 {
        (self.y0 + self.y1) as f64 / 2.0
    }

    /// Blank between two boxes side by side; 0 if one is over the other.
    pub fn gap(&self, other: &Self) -> usize {
        other
            .x0
            .saturating_sub(self.x1)
            .max(self.x0.saturating_sub(other.x1))
    }

    /// Rows that both have.
    pub fn rows_shared(&self, other: &Self) -> f64 {
        (self.y1.min(other.y1) as f64 - self.y0.max(other.y0) as f64).max(0.0)
    }

    /// Columns that both have; negative where they stand apart.
    pub fn columns_shared(&self, other: &Self) -> f64 {
        self.x1.min(other.x1) as f64 - self.x0.max(other.x0) as f64
    }
}
