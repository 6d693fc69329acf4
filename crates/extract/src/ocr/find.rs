//! Finding: the ink of a page becomes rulings and the boxes of its lines.
//!
//! Rulings go first, so that a table is cells and not one lump. Blank corridors that run past several lines part
//! columns. What is left of the ink is smeared along the rows, never across a ruling or a corridor: what then hangs
//! together is a line.

use std::collections::BTreeMap;

use super::prepare::Prepared;
use super::raster::{Bilevel, Gray};

/// Lines are looked for at about this many pixels per inch: a character of 9 points has 19 pixels, a ruling one or two.
const DPI: f64 = 150.0;

/// What is on a page, in pixels of [`Prepared::gray`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// In no order that says anything of reading.
    pub lines: Vec<LineBox>,
    /// Rows of dots that lead from a title to its page number, as high as the line they stand in.
    pub leaders: Vec<LineBox>,
    pub rulings: Vec<Segment>,
}

/// The ink of one line, or of a part of one that stands apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineBox {
    /// x0, y0, x1, y1; the last two are not included.
    pub bbox: [usize; 4],
    /// The size of its characters: a line of digits or dashes is less high.
    pub em: f64,
}

/// A ruling, from left to right or from top to bottom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment {
    pub x0: f64,
    pub y0: f64,
    pub x1: f64,
    pub y1: f64,
    pub thickness: f64,
}

/// Finds the rulings and lines of a page.
pub fn find(page: &Prepared) -> Found {
    let n = (page.dpi / DPI).round().max(1.0) as usize;
    // One pixel of each block, the darkest.
    let dark = page.gray.blocks(n, 255, u8::min);
    let mut ink = dark.ink(page.level);
    let (bars, thin) = bars(&ink);
    for bar in &thin {
        erase(&mut ink, bar);
    }
    let Text { ink, em, leaders } = text(&ink, &dark.ink(page.level - page.level / 4));
    let heads: Vec<[f64; 4]> = page
        .reversed
        .iter()
        .map(|ground| ground.map(|at| at as f64 / n as f64))
        .collect();
    let bars = headed(bars, &heads, &ink);
    let mut walls: Vec<Wall> = bars
        .iter()
        .filter(|bar| !bar.is_level)
        .map(|bar| Wall {
            x: bar.at(bar.middle()),
            from: bar.from,
            to: bar.to,
        })
        .collect();
    walls.extend(corridors(&ink, em));
    let floors: Vec<&Bar> = bars.iter().filter(|bar| bar.is_level).collect();
    let pieces = pieces(&ink, &walls, em);
    let lines = lines(pieces, &ink, &walls, &floors, em);
    let leaders: Vec<Piece> = leaders
        .iter()
        .filter_map(|leader| within_line(leader, &lines))
        .collect();
    let scale = n as f64;
    let in_pixels = |pieces: Vec<Piece>| {
        let within = |piece: &Piece| {
            [
                piece.x0 * n,
                piece.y0 * n,
                (piece.x1 * n).min(page.gray.width),
                (piece.y1 * n).min(page.gray.height),
            ]
        };
        pieces
            .iter()
            .map(|piece| LineBox {
                bbox: within(piece),
                em: piece.em * scale,
            })
            .collect()
    };
    Found {
        lines: in_pixels(lines),
        leaders: in_pixels(leaders),
        rulings: bars.iter().map(|bar| bar.segment(scale)).collect(),
    }
}

/// Whether lines run along the rows: the next character of a line is nearer than the line above and below.
pub fn runs_along_rows(gray: &Gray, level: u8, dpi: f64) -> bool {
    let n = (dpi / DPI).round().max(1.0) as usize;
    let dark = gray.blocks(n, 255, u8::min);
    let mut ink = dark.ink(level);
    for bar in &bars(&ink).1 {
        erase(&mut ink, bar);
    }
    let Text { ink, em, .. } = text(&ink, &dark.ink(level - level / 4));
    // At a sixteenth of an em the parts of a character mostly hang together, and neighbours don't.
    let cell = ((em / 16.0).round() as usize).max(1);
    let em = em / cell as f64;
    let cells = ink.any(cell);
    let runs = runs(&cells);
    let (of, n_groups) = groups(&runs, 1);
    let characters: Vec<Piece> = boxes(&runs, &of, n_groups)
        .into_iter()
        .filter(|b| b.width().max(b.height()) <= 1.4 * em && b.width().min(b.height()) >= 0.5 * em)
        .collect();
    let (mut along, mut across) = (0usize, 0usize);
    for a in &characters {
        let (mut beside, mut below) = (2.5 * em, 2.5 * em);
        for b in &characters {
            let shared = a.x1.min(b.x1) as f64 - a.x0.max(b.x0) as f64;
            if b.x0 >= a.x1 && a.rows_shared(b) >= 0.5 * a.height() {
                beside = beside.min((b.x0 - a.x1) as f64);
            } else if b.y0 >= a.y1 && shared >= 0.5 * a.width() {
                below = below.min((b.y0 - a.y1) as f64);
            }
        }
        along += usize::from(beside < below);
        across += usize::from(below < beside);
    }
    along >= across
}

/// A stretch of ink in one row.
#[derive(Debug, Clone, Copy)]
struct Run {
    y: usize,
    x0: usize,
    /// Not included.
    x1: usize,
}

/// What hangs together, also corner to corner.
pub(super) fn islands(ink: &Bilevel) -> Vec<Piece> {
    let runs = runs(ink);
    let (of, n_groups) = groups(&runs, 1);
    boxes(&runs, &of, n_groups)
}

/// The runs of a picture, row by row.
fn runs(ink: &Bilevel) -> Vec<Run> {
    let mut runs = Vec::new();
    for y in 0..ink.height {
        let row = ink.row(y);
        let mut at = 0;
        while let Some(start) = memchr::memchr(1, &row[at..]) {
            let x0 = at + start;
            let x1 = memchr::memchr(0, &row[x0..]).map_or(row.len(), |end| x0 + end);
            runs.push(Run { y, x0, x1 });
            at = x1;
        }
    }
    runs
}

/// Puts together the runs of a row that `joins` says are one.
fn joined(runs: &[Run], joins: impl Fn(&Run, &Run) -> bool) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::with_capacity(runs.len());
    for run in runs {
        match out.last_mut() {
            Some(last) if last.y == run.y && joins(last, run) => last.x1 = run.x1,
            _ => out.push(*run),
        }
    }
    out
}

/// For each run the number of the group that hangs together with it, and how many groups there are. Runs of the next
/// row belong to a group when they come within `reach` of it.
fn groups(runs: &[Run], reach: usize) -> (Vec<usize>, usize) {
    let mut parent: Vec<usize> = (0..runs.len()).collect();
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
                let (a, b) = (root(&mut parent, i), root(&mut parent, j));
                parent[a.max(b)] = a.min(b);
            }
        }
        start = end;
    }
    let mut numbers = vec![usize::MAX; runs.len()];
    let mut n_groups = 0;
    let of = (0..runs.len())
        .map(|i| {
            let root = root(&mut parent, i);
            if numbers[root] == usize::MAX {
                numbers[root] = n_groups;
                n_groups += 1;
            }
            numbers[root]
        })
        .collect();
    (of, n_groups)
}

fn root(parent: &mut [usize], mut i: usize) -> usize {
    while parent[i] != i {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    i
}

/// A box around ink.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Piece {
    pub(super) x0: usize,
    pub(super) y0: usize,
    pub(super) x1: usize,
    pub(super) y1: usize,
    pub(super) n_pixels: usize,
    em: f64,
}

impl Piece {
    fn of(run: &Run) -> Self {
        Self {
            x0: run.x0,
            y0: run.y,
            x1: run.x1,
            y1: run.y + 1,
            n_pixels: run.x1 - run.x0,
            em: 0.0,
        }
    }

    fn add(&mut self, other: &Self) {
        (self.x0, self.y0) = (self.x0.min(other.x0), self.y0.min(other.y0));
        (self.x1, self.y1) = (self.x1.max(other.x1), self.y1.max(other.y1));
        self.n_pixels += other.n_pixels;
    }

    pub(super) fn width(&self) -> f64 {
        (self.x1 - self.x0) as f64
    }

    pub(super) fn height(&self) -> f64 {
        (self.y1 - self.y0) as f64
    }

    fn middle(&self) -> f64 {
        (self.y0 + self.y1) as f64 / 2.0
    }

    /// Blank between two boxes side by side; 0 if one is over the other.
    fn gap(&self, other: &Self) -> usize {
        other
            .x0
            .saturating_sub(self.x1)
            .max(self.x0.saturating_sub(other.x1))
    }

    /// Rows that both have.
    fn rows_shared(&self, other: &Self) -> f64 {
        (self.y1.min(other.y1) as f64 - self.y0.max(other.y0) as f64).max(0.0)
    }
}

fn boxes(runs: &[Run], of: &[usize], n_groups: usize) -> Vec<Piece> {
    let mut pieces: Vec<Option<Piece>> = vec![None; n_groups];
    for (run, &group) in runs.iter().zip(of) {
        match &mut pieces[group] {
            Some(piece) => piece.add(&Piece::of(run)),
            piece => *piece = Some(Piece::of(run)),
        }
    }
    pieces.into_iter().flatten().collect()
}

/// A ruling: along x if level, along y if not.
#[derive(Debug, Clone, Copy)]
struct Bar {
    is_level: bool,
    from: f64,
    to: f64,
    /// Where it lies at 0, and how much it departs from that with each pixel.
    start: f64,
    slope: f64,
    thickness: f64,
}

impl Bar {
    fn at(&self, along: f64) -> f64 {
        self.start + self.slope * along
    }

    fn middle(&self) -> f64 {
        (self.from + self.to) / 2.0
    }

    fn length(&self) -> f64 {
        self.to - self.from
    }

    /// Whether the bar `other`, which runs across this one, comes to it where it is at `along`.
    fn meets(&self, other: &Bar, along: f64) -> bool {
        /// Sides of cells end at rulings, or a little before or after.
        const MEET: f64 = 6.0;
        let at = other.at(along);
        (self.at(at) - along).abs() <= MEET && at >= self.from - MEET && at <= self.to + MEET
    }

    fn segment(&self, scale: f64) -> Segment {
        let (a, b) = (self.at(self.from) * scale, self.at(self.to) * scale);
        let (from, to) = (self.from * scale, self.to * scale);
        let thickness = self.thickness * scale;
        if self.is_level {
            Segment {
                x0: from,
                y0: a,
                x1: to,
                y1: b,
                thickness,
            }
        } else {
            Segment {
                x0: a,
                y0: from,
                x1: b,
                y1: to,
                thickness,
            }
        }
    }
}

/// The rulings of a picture; and everything long and thin, with the threads that a dirty scanner draws down a page.
fn bars(ink: &Bilevel) -> (Vec<Bar>, Vec<Bar>) {
    /// Longer than any stroke of text: 48 points, a 一 of a cover title.
    const LONG: f64 = 48.0 / 72.0 * DPI;
    /// 2 mm.
    const EDGE: f64 = 0.08 * DPI;
    let is_long = |bar: &Bar| bar.length() >= LONG;
    let across = turned(ink);
    let mut level = candidates(ink, true);
    let mut upright = candidates(&across, false);
    let threads = threads(&upright, ink.height as f64);
    let mut level_in: Vec<bool> = level
        .iter()
        .map(|bar| is_long(bar) && is_clear(ink, bar))
        .collect();
    let mut upright_in: Vec<bool> = upright
        .iter()
        .map(|bar| is_long(bar) && is_clear(&across, bar))
        .collect();
    // A short one counts if it goes from ruling to ruling. Once more, for cells inside cells.
    for _ in 0..2 {
        let ends = |bar: &Bar, others: &[Bar], is_in: &[bool]| {
            let others = || {
                others
                    .iter()
                    .zip(is_in)
                    .filter(|(_, is_in)| **is_in)
                    .map(|(other, _)| other)
            };
            others().any(|other| other.meets(bar, bar.from))
                && others().any(|other| other.meets(bar, bar.to))
        };
        let now = level
            .iter()
            .zip(&level_in)
            .map(|(bar, is_in)| *is_in || ends(bar, &upright, &upright_in))
            .collect();
        upright_in = upright
            .iter()
            .zip(&upright_in)
            .map(|(bar, is_in)| *is_in || ends(bar, &level, &level_in))
            .collect();
        level_in = now;
    }
    let mut is_in = level_in.into_iter();
    level.retain(|_| is_in.next().unwrap_or(false));
    let mut is_in = upright_in.into_iter();
    upright.retain(|_| is_in.next().unwrap_or(false));
    let thin = level
        .iter()
        .chain(&upright)
        .copied()
        .chain(threads)
        .collect();
    let mut level = whole(level);
    // The edge of the sheet.
    level.retain(|bar| {
        bar.at(bar.middle()) > EDGE && bar.at(bar.middle()) < ink.height as f64 - EDGE
    });
    let mut upright = whole(upright);
    upright.retain(|bar| is_ruling(bar, &level, ink.height as f64));
    (level.into_iter().chain(upright).collect(), thin)
}

/// The rulings, with those of heads in reverse print: a dark ground hides them, so those of the table below go on
/// through it where there is no text.
fn headed(mut bars: Vec<Bar>, heads: &[[f64; 4]], ink: &Bilevel) -> Vec<Bar> {
    /// Rulings end at the edge of a ground, or a little before.
    const MEET: f64 = 12.0;
    for &[x0, y0, x1, y1] in heads {
        let meets = |bar: &Bar| {
            let x = bar.at(y1);
            !bar.is_level && (bar.from - y1).abs() <= MEET && x >= x0 - MEET && x <= x1 + MEET
        };
        if bars.iter().filter(|bar| meets(bar)).count() < 2 {
            continue;
        }
        let is_free = |bar: &Bar| {
            let x = bar.at(y0).max(1.0) as usize;
            ink.count([x - 1, y0.max(0.0) as usize, x + 2, y1 as usize]) == 0
        };
        for bar in bars.iter_mut().filter(|bar| meets(bar)) {
            bar.from = if is_free(bar) { y0 } else { y1 };
        }
        for y in [y0, y1] {
            let is_there = |bar: &Bar| {
                bar.is_level
                    && (bar.at((x0 + x1) / 2.0) - y).abs() <= MEET
                    && bar.from < x1
                    && bar.to > x0
            };
            if !bars.iter().any(is_there) {
                bars.push(Bar {
                    is_level: true,
                    from: x0,
                    to: x1,
                    start: y,
                    slope: 0.0,
                    thickness: 1.0,
                });
            }
        }
    }
    bars
}

/// Threads that dirt on the glass of a scanner draws down the page, through whatever stands there; they are broken, one
/// pixel wide, and as long as the sheet.
fn threads(upright: &[Bar], height: f64) -> Vec<Bar> {
    const BROAD: f64 = 1.6;
    /// Of the height of the page, from the first piece to the last; and of that, how much there is of it.
    const LONG: f64 = 0.35;
    const LEAST_COVERED: f64 = 0.4;
    /// A gap is shorter than that, of the height: what the thread is lost in.
    const GAP: f64 = 0.2;
    let mut pieces: Vec<&Bar> = upright
        .iter()
        .filter(|bar| bar.thickness <= BROAD)
        .collect();
    pieces.sort_by(|a, b| a.from.total_cmp(&b.from));
    let mut chains: Vec<Vec<&Bar>> = Vec::new();
    for piece in pieces {
        let follows = |chain: &Vec<&Bar>| {
            let gap = piece.from - chain.last()?.to;
            let aside = (piece.at(piece.from) - chain.last()?.at(chain.last()?.to)).abs();
            (gap >= -2.0 && gap <= GAP * height && aside <= 1.5 + 0.02 * gap.max(0.0))
                .then_some(aside)
        };
        let nearest = chains
            .iter()
            .enumerate()
            .filter_map(|(i, chain)| Some((i, follows(chain)?)))
            .min_by(|a, b| a.1.total_cmp(&b.1));
        match nearest {
            Some((i, _)) => chains[i].push(piece),
            None => chains.push(vec![piece]),
        }
    }
    let mut threads = Vec::new();
    for chain in chains {
        let (from, to) = (chain[0].from, chain[chain.len() - 1].to);
        let covered: f64 = chain.iter().map(|piece| piece.length()).sum();
        if to - from < LONG * height || covered < LEAST_COVERED * (to - from) {
            continue;
        }
        threads.extend(chain.iter().map(|piece| **piece));
        // Short pieces between, and before and after.
        threads.extend(
            chain
                .windows(2)
                .filter(|pair| pair[1].from > pair[0].to)
                .map(|pair| {
                    let (y0, y1) = (pair[0].to, pair[1].from);
                    let (x0, x1) = (pair[0].at(y0), pair[1].at(y1));
                    let slope = (x1 - x0) / (y1 - y0);
                    Bar {
                        is_level: false,
                        from: y0,
                        to: y1,
                        start: x0 - slope * y0,
                        slope,
                        thickness: 1.0,
                    }
                }),
        );
    }
    threads
}

/// Whether an upright bar is printed, and not a thread of dirt.
fn is_ruling(bar: &Bar, level: &[Bar], height: f64) -> bool {
    /// Threads are one pixel wide, printed rulings two, faint ones less.
    const BROAD: f64 = 1.6;
    let meets = |at: f64| level.iter().any(|other| other.meets(bar, at));
    let crosses = |other: &Bar| {
        let y = other.at(bar.at(other.start));
        y > bar.from && y < bar.to && (other.from..=other.to).contains(&bar.at(y))
    };
    let n_ends = usize::from(meets(bar.from)) + usize::from(meets(bar.to));
    match n_ends {
        2 => true,
        _ if n_ends == 1 || level.iter().any(crosses) => bar.thickness >= BROAD,
        // Between columns of text; a thread comes from the edge of the sheet.
        _ => {
            bar.thickness >= BROAD
                && bar.length() >= height / 5.0
                && bar.from > 0.02 * height
                && bar.to < 0.98 * height
        }
    }
}

/// Whether there is ink all along a bar, and blank beside most of it: strokes of neighbouring characters line up too.
fn is_clear(ink: &Bilevel, bar: &Bar) -> bool {
    /// Longer than that, it is no title of four characters, whose lowest strokes make one line: 140 points.
    const LONG: f64 = 140.0 / 72.0 * DPI;
    let (from, to) = (bar.from as usize, (bar.to as usize).min(ink.width));
    let reach = (bar.thickness / 2.0 + 3.0).round() as isize;
    let has = |x: usize, y: isize| {
        y >= 0 && (y as usize) < ink.height && ink.ink[y as usize * ink.width + x] == 1
    };
    let (mut n_covered, mut n_above, mut n_below, mut n_both) = (0, 0, 0, 0);
    for x in from..to {
        let y = bar.at(x as f64 + 0.5) as isize;
        let (above, below) = (!has(x, y - reach), !has(x, y + reach));
        n_covered += usize::from((y - 2..=y + 2).any(|y| has(x, y)));
        n_above += usize::from(above);
        n_below += usize::from(below);
        n_both += usize::from(above && below);
    }
    let share = |n: usize| n as f64 / (to - from) as f64;
    if bar.length() >= LONG {
        // One of two that are a double ruling has the other on one side.
        share(n_covered) >= 0.93 && share(n_above.max(n_below)) >= 0.7
    } else {
        share(n_covered) >= 0.98 && share(n_both) >= 0.85
    }
}

fn turned(ink: &Bilevel) -> Bilevel {
    let mut turned = Bilevel {
        width: ink.height,
        height: ink.width,
        ink: vec![0; ink.ink.len()],
    };
    for run in runs(ink) {
        for x in run.x0..run.x1 {
            turned.ink[x * ink.height + run.y] = 1;
        }
    }
    turned
}

/// Long thin stretches of ink along the rows.
fn candidates(ink: &Bilevel, is_level: bool) -> Vec<Bar> {
    /// 10 points, the height of a low table row.
    const SHORTEST: usize = 20;
    /// Pixels missing where the print is broken.
    const BREAK: usize = 2;
    let joined = joined(&runs(ink), |a, b| b.x0 - a.x1 <= BREAK);
    let mut bars = thin(&joined, SHORTEST, is_level);
    // A stain ties short runs to a ruling and makes it thick: without them it is thin again.
    bars.extend(thin(&joined, 3 * SHORTEST, is_level));
    bars
}

/// What hangs together of runs of a length, and is thin.
fn thin(runs: &[Run], shortest: usize, is_level: bool) -> Vec<Bar> {
    /// 2.4 points; frames of heads are 2.
    const THICKEST: f64 = 5.0;
    /// 6 points, of a rule under a head, which is forty times as long: no stroke of a title is.
    const THICKEST_RULE: f64 = 12.5;
    let long: Vec<Run> = runs
        .iter()
        .filter(|run| run.x1 - run.x0 >= shortest)
        .copied()
        .collect();
    let (of, n_groups) = groups(&long, 8);
    let boxes = boxes(&long, &of, n_groups);
    let mut fits = vec![Fit::default(); n_groups];
    for (run, &group) in long.iter().zip(&of) {
        fits[group].add(run);
    }
    let bars = boxes.iter().zip(&fits).map(|(piece, fit)| {
        let (start, slope) = fit.line();
        let thickness = piece.n_pixels as f64 / piece.width();
        (
            piece,
            Bar {
                is_level,
                from: piece.x0 as f64,
                to: piece.x1 as f64,
                start,
                slope,
                thickness,
            },
        )
    });
    bars.filter(|(piece, bar)| {
        let drift = bar.slope.abs() * bar.length();
        let thickest = if is_level && bar.length() >= 40.0 * bar.thickness {
            THICKEST_RULE
        } else {
            THICKEST
        };
        bar.thickness <= thickest
            && bar.length() >= 4.0 * bar.thickness
            && piece.height() <= thickest + 4.0 + drift
    })
    .map(|(_, bar)| bar)
    .collect()
}

/// The straight line through runs, each weighing what it is long.
#[derive(Debug, Clone, Copy, Default)]
struct Fit {
    n: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
}

impl Fit {
    fn add(&mut self, run: &Run) {
        let n = (run.x1 - run.x0) as f64;
        let (x, y) = ((run.x0 + run.x1) as f64 / 2.0, run.y as f64 + 0.5);
        self.n += n;
        self.x += n * x;
        self.y += n * y;
        // A run is spread about its middle.
        self.xx += n * (x * x + n * n / 12.0);
        self.xy += n * x * y;
    }

    /// y at x = 0, and slope.
    fn line(&self) -> (f64, f64) {
        let spread = self.n * self.xx - self.x * self.x;
        let slope = if spread > 1e-6 {
            (self.n * self.xy - self.x * self.y) / spread
        } else {
            0.0
        };
        // A ruling that is no longer than a word has no slope to speak of, and what was straightened none at all.
        let slope = slope.clamp(-0.02, 0.02);
        ((self.y - slope * self.x) / self.n.max(1.0), slope)
    }
}

/// Pieces of one ruling, and the two of a double one, as one.
fn whole(mut bars: Vec<Bar>) -> Vec<Bar> {
    /// Blank between pieces: what a stain or a stamp takes away, 5 mm.
    const BREAK: f64 = 30.0;
    /// Double rulings are 2 points apart.
    const APART: f64 = 6.0;
    bars.sort_by(|a, b| a.from.total_cmp(&b.from));
    let mut out: Vec<Bar> = Vec::new();
    for bar in bars {
        let same = |known: &&mut Bar| {
            let along = known.to.min(bar.to).max(bar.from);
            (known.at(along) - bar.at(along)).abs() <= APART && bar.from <= known.to + BREAK
        };
        match out.iter_mut().find(same) {
            Some(known) => {
                if bar.length() > known.length() {
                    (known.start, known.slope) = (bar.start, bar.slope);
                }
                known.to = known.to.max(bar.to);
                known.thickness = known.thickness.max(bar.thickness);
            }
            None => out.push(bar),
        }
    }
    out
}

/// Takes a ruling out of the ink, but not the strokes that cross it.
fn erase(ink: &mut Bilevel, bar: &Bar) {
    let (n_along, n_across) = if bar.is_level {
        (ink.width, ink.height)
    } else {
        (ink.height, ink.width)
    };
    let width = ink.width;
    let index = |along: usize, across: usize| {
        if bar.is_level {
            across * width + along
        } else {
            along * width + across
        }
    };
    // Ink shows up to a pixel beyond either edge, and a double ruling has two.
    let reach = bar.thickness / 2.0 + 3.0;
    for along in bar.from as usize..(bar.to.ceil() as usize).min(n_along) {
        let at = bar.at(along as f64 + 0.5);
        let from = (at - reach).max(0.0) as usize;
        let to = ((at + reach).max(0.0) as usize + 1).min(n_across);
        if from >= to {
            continue;
        }
        let has = |ink: &Bilevel, across: usize| ink.ink[index(along, across)] == 1;
        // What goes on beyond the reach on one side is a stroke of text that touches: it stays, the rest goes.
        let first = if from > 0 && has(ink, from - 1) {
            (from..to).find(|&i| !has(ink, i)).unwrap_or(at as usize)
        } else {
            from
        };
        let last = if to < n_across && has(ink, to) {
            (from..to)
                .rev()
                .find(|&i| !has(ink, i))
                .unwrap_or(at as usize)
        } else {
            to
        };
        for across in first..last {
            ink.ink[index(along, across)] = 0;
        }
    }
}

/// What of the ink is text.
struct Text {
    /// Of characters.
    ink: Bilevel,
    /// Their usual size.
    em: f64,
    /// Rows of dots.
    leaders: Vec<Piece>,
}

/// The ink without specks, without what is nowhere `black`, as print that shines through is, without what is too large
/// for text, and without leaders.
fn text(ink: &Bilevel, black: &Bilevel) -> Text {
    /// Points: the least and the largest that is text.
    const SMALL: f64 = 5.0 / 72.0 * DPI;
    const LARGE: f64 = 150.0 / 72.0 * DPI;
    let runs = runs(ink);
    let (of, n_groups) = groups(&runs, 1);
    let boxes = boxes(&runs, &of, n_groups);
    // Most Chinese characters are one piece or have one that is nearly as high or wide as the whole.
    let mut sides: Vec<(f64, usize)> = boxes
        .iter()
        .map(|b| (b.width().max(b.height()), b.n_pixels))
        .filter(|(side, _)| (SMALL..LARGE / 3.0).contains(side))
        .collect();
    sides.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = sides.iter().map(|(_, n)| n).sum::<usize>() / 2;
    let mut n = 0;
    let em = sides.iter().find(|(_, pixels)| {
        n += pixels;
        n >= half
    });
    let em = em.map_or(12.0 / 72.0 * DPI, |(side, _)| side * 1.08);
    let mut n_black = vec![0usize; n_groups];
    let mut n_corners = vec![0usize; n_groups];
    for (run, &group) in runs.iter().zip(&of) {
        n_corners[group] += in_corners(run, &boxes[group]);
        n_black[group] += black.row(run.y)[run.x0..run.x1]
            .iter()
            .map(|&ink| usize::from(ink))
            .sum::<usize>();
    }
    let mut is_text = texts(&boxes, &n_black, em);
    let rows = leaders(&boxes, em);
    rows.iter().flatten().for_each(|&i| is_text[i] = false);
    let mut clean = Bilevel {
        width: ink.width,
        height: ink.height,
        ink: vec![0; ink.ink.len()],
    };
    for (run, &group) in runs.iter().zip(&of) {
        let piece = &boxes[group];
        // Brackets that embrace several lines, and emblems, would tie lines together.
        let is_brace = piece.height() > 2.2 * em && piece.width() < 0.35 * piece.height();
        if is_text[group]
            && piece.height() <= LARGE
            && !is_brace
            && !is_drawn(piece, n_corners[group], em)
        {
            clean.ink[run.y * ink.width + run.x0..run.y * ink.width + run.x1].fill(1);
        }
    }
    let leaders = rows.iter().filter_map(|row| {
        row.iter().map(|&i| boxes[i]).reduce(|mut a, b| {
            a.add(&b);
            a
        })
    });
    Text {
        ink: clean,
        em,
        leaders: leaders.collect(),
    }
}

/// Whether a piece with so much ink in its corners is no character: a punch hole is a broad disc, the diagonal of a
/// table's head or the curve of a chart is a hair and as broad.
fn is_drawn(piece: &Piece, n_corners: usize, em: f64) -> bool {
    /// Of a character.
    const BROAD: f64 = 1.2;
    /// Points; a smaller disc is a bullet.
    const HOLE: f64 = 13.0 / 72.0 * DPI;
    /// A disc fills 0.79 of its box, and nothing of the corners; a blurred bold character may fill as much.
    const DISC: std::ops::Range<f64> = 0.7..0.87;
    const CORNERS: f64 = 0.02;
    /// Pixels of a hair for each along it. The thinnest strokes of a title are as thin, but it has several.
    const HAIR: f64 = 3.5;
    let (w, h, n) = (piece.width(), piece.height(), piece.n_pixels as f64);
    let is_disc = w.max(h) <= 1.25 * w.min(h)
        && DISC.contains(&(n / (w * h)))
        && n_corners as f64 <= CORNERS * n;
    w.min(h) >= HOLE && is_disc || w.min(h) > BROAD * em && n <= HAIR * w.max(h)
}

/// How many pixels of a run lie outside the ellipse that fits into the box, or a little more.
fn in_corners(run: &Run, piece: &Piece) -> usize {
    const MORE: f64 = 1.1;
    let y = (run.y as f64 + 0.5 - piece.middle()) / (piece.height() / 2.0);
    let half = (MORE - y * y).max(0.0).sqrt() * piece.width() / 2.0;
    let middle = (piece.x0 + piece.x1) as f64 / 2.0;
    let within = (run.x1 as f64).min(middle + half) - (run.x0 as f64).max(middle - half);
    run.x1 - run.x0 - (within.max(0.0).round() as usize).min(run.x1 - run.x0)
}

/// Rows of dots that stand at even distances: too many for an ellipsis.
fn leaders(boxes: &[Piece], em: f64) -> Vec<Vec<usize>> {
    const FEWEST: usize = 8;
    /// Of a character: dots, and from one to the next; nothing fits between.
    const DOT: f64 = 0.3;
    /// Points: under a large title small letters would be dots.
    const LARGEST: f64 = 4.0 / 72.0 * DPI;
    const PITCH: f64 = 0.62;
    /// How far dots of a row stand higher or lower than the one before, and how far distances differ.
    const LEVEL: f64 = 0.1;
    const EVEN: f64 = 0.35;
    let middle = |i: usize| (boxes[i].x0 + boxes[i].x1) as f64 / 2.0;
    let is_dot = |b: &Piece| {
        let (short, long) = (b.width().min(b.height()), b.width().max(b.height()));
        b.n_pixels >= 2 && long <= LARGEST.min(DOT * em) && long <= 2.5 * short
    };
    let mut dots: Vec<usize> = (0..boxes.len()).filter(|&i| is_dot(&boxes[i])).collect();
    dots.sort_by(|&a, &b| middle(a).total_cmp(&middle(b)));
    let row_height = em.max(1.0);
    let mut open: Vec<Vec<usize>> = Vec::new();
    // The open rows by their height, so that each dot looks at few.
    let mut at: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for dot in dots {
        let y = boxes[dot].middle();
        let band = (y / row_height) as usize;
        let near = (band.saturating_sub(1)..=band + 1)
            .filter_map(|band| at.get(&band))
            .flatten();
        let last = |row: usize| open[row][open[row].len() - 1];
        let follows = |&&row: &&usize| {
            let last = last(row);
            let (apart, n) = (middle(dot) - middle(last), open[row].len());
            let is_even = n < 2
                || (apart - (middle(last) - middle(open[row][0])) / (n - 1) as f64).abs()
                    <= EVEN * apart;
            apart > 0.0
                && apart <= PITCH * em
                && (y - boxes[last].middle()).abs() <= LEVEL * em
                && is_even
        };
        // The one that ends nearest to it.
        match near
            .filter(follows)
            .min_by(|&&a, &&b| middle(last(b)).total_cmp(&middle(last(a))))
        {
            Some(&row) => open[row].push(dot),
            None => {
                at.entry(band).or_default().push(open.len());
                open.push(vec![dot]);
            }
        }
    }
    open.retain(|row| row.len() >= FEWEST);
    open
}

/// A leader as a part of the line that it leads from, or to; none if it stands apart, as a dotted rule.
fn within_line(leader: &Piece, lines: &[Piece]) -> Option<Piece> {
    /// Of the line's characters: between it and the leader.
    const REACH: f64 = 3.0;
    let beside = |line: &&Piece| {
        let slack = 0.1 * line.em;
        let is_level =
            leader.middle() >= line.y0 as f64 - slack && leader.middle() <= line.y1 as f64 + slack;
        is_level && line.gap(leader) as f64 <= REACH * line.em
    };
    // A folio or a figure is less high than a title.
    let line = lines
        .iter()
        .filter(beside)
        .max_by(|a, b| a.height().total_cmp(&b.height()))?;
    Some(Piece {
        y0: line.y0,
        y1: line.y1,
        em: line.em,
        ..*leader
    })
}

/// Which pieces are text: all but what is faint, and small marks that stand neither beside a character nor in a row.
fn texts(boxes: &[Piece], n_black: &[usize], em: f64) -> Vec<bool> {
    /// Of a character: a decimal point has 0.12, the dot of 、 more.
    const DOT: f64 = 0.17;
    /// Of a character: 。 and ，; dashes are wider and low.
    const MARK: f64 = 0.45;
    const LOW: f64 = 0.15;
    /// Of a piece's ink: letters on a blurred scan have 0.6, what shines through none.
    const LEAST_BLACK: f64 = 0.1;
    /// Of a character, from a mark to its neighbour; a dash of a page number is further.
    const REACH: f64 = 0.6;
    /// Pixels; nothing printed is that small.
    const SPECK: usize = 3;
    let side = |b: &Piece| b.width().max(b.height());
    let is_solid: Vec<bool> = boxes
        .iter()
        .zip(n_black)
        .map(|(b, &n)| side(b) >= DOT * em && n as f64 >= LEAST_BLACK * b.n_pixels as f64)
        .collect();
    let row_height = em.max(1.0);
    let row = |y: usize| (y as f64 / row_height) as usize;
    let n_rows = boxes.iter().map(|b| row(b.y1) + 1).max().unwrap_or(0);
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); n_rows];
    for (i, piece) in boxes.iter().enumerate().filter(|(_, b)| b.n_pixels > SPECK) {
        rows[row(piece.y0)..=row(piece.y1)]
            .iter_mut()
            .for_each(|row| row.push(i));
    }
    let is_mark = |mark: &Piece| {
        let is_dash = mark.height() <= LOW * em && mark.width() >= 2.0 * LOW * em;
        let reach = if is_dash {
            2.0 * REACH * em
        } else {
            REACH * em
        };
        let near = || {
            rows[row(mark.y0)]
                .iter()
                .map(|&i| (&boxes[i], is_solid[i]))
                .filter(|(b, _)| *b != mark && mark.gap(b) as f64 <= reach)
        };
        let beside =
            |b: &Piece| mark.middle() >= b.y0 as f64 && mark.middle() <= b.y1 as f64 + 0.1 * em;
        let in_row =
            |b: &Piece| side(b) < DOT * em && (mark.middle() - b.middle()).abs() <= 0.08 * em;
        near().any(|(b, is_solid)| is_solid && beside(b))
            || side(mark) < DOT * em && near().filter(|(b, _)| in_row(b)).count() >= 2
    };
    let is_small = |b: &Piece| side(b) <= MARK * em || b.height() <= LOW * em;
    boxes
        .iter()
        .zip(&is_solid)
        .map(|(b, is_solid)| b.n_pixels > SPECK && (*is_solid || is_small(b) && is_mark(b)))
        .collect()
}

/// What parts the text left of it from the text right of it.
#[derive(Debug, Clone, Copy)]
struct Wall {
    x: f64,
    from: f64,
    to: f64,
}

impl Wall {
    fn parts(&self, left: usize, right: usize, y: f64) -> bool {
        self.x >= left as f64 && self.x <= right as f64 && y >= self.from && y <= self.to
    }
}

/// Blank corridors from top to bottom between columns of text.
fn corridors(ink: &Bilevel, em: f64) -> Vec<Wall> {
    /// Quarters of a character. Between characters of a line there is as much as this after a comma, but not in
    /// three lines one below the other.
    const WIDE: usize = 3;
    const LINES: usize = 3;
    /// As many lines on both sides prove that the page is set in columns.
    const GUTTER: usize = 8;
    /// Quarters: a gutter beside a hanging mark, and a line with the blank under it.
    const NARROW: usize = 2;
    const LINE: usize = 6;
    /// How far from the corridor text may begin: lines end short of the column at the end of paragraphs.
    const REACH: usize = 24;
    /// Quarters, on either side: what has more blank is parted without a wall. Beside lines that are indented the blank
    /// after one comma would be a corridor.
    const TIGHT: usize = 4;
    let n = ((em / 4.0).round() as usize).max(1);
    let cells = ink.any(n);
    let (w, h) = (cells.width, cells.height);
    let mut walls = Vec::new();
    let mut gutters = Vec::new();
    if w < WIDE + 2 {
        return walls;
    }
    let is_blank = |x: usize, y: usize| cells.row(y)[x..x + WIDE].iter().all(|&ink| ink == 0);
    let n_lines = |from: usize, to: usize, xs: std::ops::Range<usize>| {
        let has = |y: usize| cells.row(y)[xs.clone()].contains(&1);
        (from..to)
            .filter(|&y| has(y) && (y == from || !has(y - 1)))
            .count()
    };
    let n_tight = |from: usize, to: usize, x: usize| {
        let (left, right) = (
            x.saturating_sub(TIGHT)..x,
            x + WIDE..(x + WIDE + TIGHT).min(w),
        );
        let mut n = 0;
        let (mut has_left, mut has_right) = (false, false);
        for y in from..=to {
            let has = |xs: &std::ops::Range<usize>| y < to && cells.row(y)[xs.clone()].contains(&1);
            let (on_left, on_right) = (has(&left), has(&right));
            if !on_left && !on_right {
                n += usize::from(has_left && has_right);
                (has_left, has_right) = (false, false);
            }
            (has_left, has_right) = (has_left || on_left, has_right || on_right);
        }
        n
    };
    for x in 1..w - WIDE {
        let mut y = 0;
        while y < h {
            let to = (y..h).find(|&y| !is_blank(x, y)).unwrap_or(h);
            // The corridor's own edge: where it can't be shifted further left.
            let is_left = to > y && (y..to).any(|y| cells.row(y)[x - 1] == 1);
            if to > y + 4 * LINES && is_left {
                let left = n_lines(y, to, x.saturating_sub(REACH)..x);
                // Text on the right begins where the blank ends.
                let right = n_lines(y, to, x + WIDE..(x + WIDE + REACH).min(w));
                let tight = if left >= LINES && right >= LINES {
                    n_tight(y, to, x)
                } else {
                    0
                };
                if tight >= LINES {
                    walls.push(Wall {
                        x: (x * n) as f64 + (WIDE * n) as f64 / 2.0,
                        from: (y * n) as f64,
                        to: (to * n) as f64,
                    });
                }
                if left >= GUTTER && right >= GUTTER && tight >= LINES {
                    gutters.push((x, y, to));
                }
            }
            y = to + 1;
        }
    }
    // A mark that hangs over the edge of its column narrows the gutter: line by line it goes on.
    for (x, top, bottom) in gutters {
        let xs = x.saturating_sub(4)..(x + 5).min(w - WIDE);
        let free = |from: usize, to: usize| {
            xs.clone().find(|&x| {
                (from..to).all(|y| cells.row(y)[x..x + NARROW].iter().all(|&ink| ink == 0))
            })
        };
        let wall = |x: usize, from: usize, to: usize| Wall {
            x: (x * n) as f64 + (NARROW * n) as f64 / 2.0,
            from: (from * n) as f64,
            to: (to * n) as f64,
        };
        let mut at = bottom;
        while at + LINE <= h
            && let Some(x) = free(at, at + LINE)
        {
            walls.push(wall(x, at, at + LINE));
            at += LINE - 2;
        }
        let mut at = top;
        while at >= LINE
            && let Some(x) = free(at - LINE, at)
        {
            walls.push(wall(x, at - LINE, at));
            at -= LINE - 2;
        }
    }
    walls
}

/// The ink smeared along the rows, as far as a character and a half-width blank; what hangs together.
fn pieces(ink: &Bilevel, walls: &[Wall], em: f64) -> Vec<Piece> {
    /// Of a character: a closing mark before an opening one leaves one em.
    const SMEAR: f64 = 1.2;
    let most = (SMEAR * em) as usize;
    let runs = runs(ink);
    let is_parted = |a: &Run, b: &Run| walls.iter().any(|wall| wall.parts(a.x1, b.x0, a.y as f64));
    let smeared = joined(&runs, |a, b| {
        b.x0 - a.x1 <= most && (b.x0 - a.x1 <= 2 || !is_parted(a, b))
    });
    let (of, n_groups) = groups(&smeared, 0);
    let boxes = boxes(&smeared, &of, n_groups);
    let mut parts: Vec<Vec<Run>> = vec![Vec::new(); n_groups];
    let mut ink_of: Vec<usize> = vec![0; n_groups];
    let mut at = 0;
    for run in &runs {
        while smeared[at].y < run.y || smeared[at].x1 < run.x1 {
            at += 1;
        }
        ink_of[of[at]] += run.x1 - run.x0;
        if boxes[of[at]].height() > 1.5 * em {
            parts[of[at]].push(*run);
        }
    }
    let mut pieces = Vec::with_capacity(n_groups);
    for (group, piece) in boxes.into_iter().enumerate() {
        match parted(&parts[group], &piece, em) {
            Some(rows) => pieces.extend(rows),
            None => pieces.push(Piece {
                n_pixels: ink_of[group],
                ..piece
            }),
        }
    }
    pieces
}

/// Lines that something ties together, taken apart where the rows have hardly any ink.
fn parted(runs: &[Run], piece: &Piece, em: f64) -> Option<Vec<Piece>> {
    if runs.is_empty() {
        return None;
    }
    let mut sums = vec![0usize; piece.y1 - piece.y0];
    for run in runs {
        sums[run.y - piece.y0] += run.x1 - run.x0;
    }
    let mut sorted = sums.clone();
    sorted.sort_unstable();
    // The fullest rows but a few; a tenth of that is a stamp, a bracket or a long descender.
    let least = sorted[sorted.len() * 9 / 10] / 8;
    let mut rows: Vec<(usize, usize)> = Vec::new();
    for (y, _) in sums.iter().enumerate().filter(|(_, sum)| **sum > least) {
        match rows.last_mut() {
            Some((_, to)) if *to == y => *to = y + 1,
            _ => rows.push((y, y + 1)),
        }
    }
    // A thin band belongs to the nearer neighbour: the strokes of 二 are bands of their own.
    let mut bands: Vec<(usize, usize)> = Vec::new();
    for (from, to) in rows {
        match bands.last_mut() {
            Some((start, end)) if to - *start <= (1.1 * em) as usize => *end = to,
            _ => bands.push((from, to)),
        }
    }
    bands.retain(|(from, to)| (to - from) as f64 >= 0.45 * em);
    if bands.len() < 2 {
        return None;
    }
    // What lies between two bands goes to the nearer.
    let mut parts: Vec<Option<Piece>> = vec![None; bands.len()];
    for run in runs {
        let y = run.y - piece.y0;
        let away = |&(from, to): &(usize, usize)| {
            if y < from {
                from - y
            } else {
                (y + 1).saturating_sub(to)
            }
        };
        let (nearest, distance) = bands
            .iter()
            .map(away)
            .enumerate()
            .min_by_key(|(_, away)| *away)?;
        if distance as f64 > 0.3 * em {
            continue;
        }
        match &mut parts[nearest] {
            Some(part) => part.add(&Piece::of(run)),
            part => *part = Some(Piece::of(run)),
        }
    }
    Some(parts.into_iter().flatten().collect())
}

/// Lines from pieces: strokes and dots that stand free go to the line they belong to, dirt goes away.
fn lines(
    mut pieces: Vec<Piece>,
    ink: &Bilevel,
    walls: &[Wall],
    floors: &[&Bar],
    em: f64,
) -> Vec<Piece> {
    let is_floored = |x: f64, above: f64, below: f64| {
        floors
            .iter()
            .any(|bar| x >= bar.from && x <= bar.to && (above..=below).contains(&bar.at(x)))
    };
    let is_walled = |a: &Piece, b: &Piece| {
        let (left, right) = if a.x0 <= b.x0 { (a, b) } else { (b, a) };
        let y = (left.y0.max(right.y0) + left.y1.min(right.y1)) as f64 / 2.0;
        left.x1 < right.x0 && walls.iter().any(|wall| wall.parts(left.x1, right.x0, y))
    };
    pieces.sort_by(|a, b| (b.width() * b.height()).total_cmp(&(a.width() * a.height())));
    let mut lines: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let beside = |line: &Piece| {
            let within = line.rows_shared(&piece) >= 0.6 * piece.height().min(line.height());
            let whole = line.y1.max(piece.y1) - line.y0.min(piece.y0);
            within
                && line.gap(&piece) as f64 <= 1.3 * em
                && whole as f64 <= 1.35 * line.height().max(0.9 * em)
                && !is_walled(line, &piece)
        };
        // 三 alone in a cell: strokes one over another that together are no higher than a character.
        let over = |line: &Piece| {
            let whole = line.y1.max(piece.y1) - line.y0.min(piece.y0);
            let shared = line.x1.min(piece.x1) as f64 - line.x0.max(piece.x0) as f64;
            let (above, below) = (
                line.middle().min(piece.middle()),
                line.middle().max(piece.middle()),
            );
            shared >= 0.5 * piece.width()
                && whole as f64 <= 1.02 * em
                && piece.height() < 0.75 * em
                && !is_floored((piece.x0 + piece.x1) as f64 / 2.0, above, below)
        };
        let at = lines.iter().position(|line| beside(line) || over(line));
        match at {
            Some(at) => lines[at].add(&piece),
            None => lines.push(piece),
        }
    }
    whole_characters(&mut lines, is_floored, em);
    // Alone, a dot is dirt, and so is a thread, and a stroke along the edge of the sheet; a dash or a 一 is half a
    // character wide at least.
    lines.retain(|line| {
        let (w, h) = (line.width(), line.height());
        let is_thread = h > 1.3 * em && w < 0.25 * em;
        let at_edge =
            line.x0 <= 1 || line.y0 <= 1 || line.x1 + 1 >= ink.width || line.y1 + 1 >= ink.height;
        let is_edge = at_edge && w.min(h) < 0.3 * em;
        !is_thread
            && !is_edge
            && w.max(h) >= 0.4 * em
            && line.n_pixels as f64 >= 0.02 * em * em
            && (h >= 0.3 * em || w >= 0.45 * em)
    });
    for line in &mut lines {
        trim(line, ink, em);
        // Digits are 0.7 of a character high, dashes 0.1.
        line.em = if (0.62 * em..1.12 * em).contains(&line.height()) || line.height() < 0.35 * em {
            em
        } else {
            line.height() * 1.05
        };
    }
    lines
}

/// Upper and lower parts of a character that is larger than those of the page, set apart in a title: 公　告.
fn whole_characters(lines: &mut Vec<Piece>, is_floored: impl Fn(f64, f64, f64) -> bool, em: f64) {
    /// How much larger, and how far apart the characters may stand, in their own em.
    const LARGE: f64 = 1.25;
    const APART: f64 = 4.5;
    let large: Vec<Piece> = lines
        .iter()
        .filter(|line| line.height() >= LARGE * em)
        .copied()
        .collect();
    let is_whole = |whole: &Piece| {
        large.iter().any(|other| {
            let slack = 0.12 * other.height();
            let is_level = whole.y0 as f64 >= other.y0 as f64 - slack
                && whole.y1 as f64 <= other.y1 as f64 + slack;
            is_level
                && whole.height() >= 0.75 * other.height()
                && (1..=(APART * other.height()) as usize).contains(&whole.gap(other))
        })
    };
    let mut i = 0;
    while i < lines.len() {
        let upper = lines[i];
        let part = (0..lines.len()).find(|&j| {
            let lower = lines[j];
            let shared = upper.x1.min(lower.x1) as f64 - upper.x0.max(lower.x0) as f64;
            let mut whole = upper;
            whole.add(&lower);
            lower.middle() > upper.middle()
                && shared >= 0.5 * upper.width().min(lower.width())
                && whole.width() <= 1.3 * whole.height()
                && !is_floored(
                    (lower.x0 + lower.x1) as f64 / 2.0,
                    upper.middle(),
                    lower.middle(),
                )
                && is_whole(&whole)
        });
        match part {
            Some(j) => {
                let lower = lines[j];
                lines[i].add(&lower);
                lines.remove(j);
                i = 0;
            }
            None => i += 1,
        }
    }
}

/// Takes dirt off the top and bottom of a line that is higher than its characters.
fn trim(line: &mut Piece, ink: &Bilevel, em: f64) {
    /// A bracket, or the feet of a comma, reach as far.
    const HIGH: f64 = 1.08;
    /// Of the fullest row: subscripts and the tops of brackets have more.
    const HARDLY: usize = 30;
    if line.width() < 2.0 * em || line.height() <= HIGH * em || line.height() > 1.8 * em {
        return;
    }
    let sums: Vec<usize> = (line.y0..line.y1)
        .map(|y| ink.count([line.x0, y, line.x1, y + 1]))
        .collect();
    let least = sums.iter().max().unwrap_or(&0) / HARDLY;
    let most = (HIGH * em) as usize;
    // From whichever end is emptier.
    let (mut from, mut to) = (0, sums.len());
    while to - from > most && sums[from].min(sums[to - 1]) <= least {
        if sums[from] <= sums[to - 1] {
            from += 1
        } else {
            to -= 1
        }
    }
    (line.y0, line.y1) = (line.y0 + from, line.y0 + to);
}

#[cfg(test)]
mod tests {
    use hayro_font::kurbo::Affine;

    use super::super::sheet::Sheet;
    use super::*;

    /// At 150 pixels per inch, as it is drawn.
    fn found(sheet: Sheet) -> Found {
        find(&prepared(sheet))
    }

    fn prepared(sheet: Sheet) -> Prepared {
        Prepared {
            gray: sheet.gray,
            level: 128,
            dpi: DPI,
            to_points: Affine::IDENTITY,
            n_quarters: 0,
            skew: 0.0,
            seals: Vec::new(),
            reversed: Vec::new(),
        }
    }

    fn boxes(found: &Found) -> Vec<[usize; 4]> {
        let mut boxes: Vec<_> = found.lines.iter().map(|line| line.bbox).collect();
        boxes.sort_by_key(|b| (b[1], b[0]));
        boxes
    }

    #[test]
    fn a_narrow_gutter_parts_columns() {
        let mut sheet = Sheet::new(600, 400);
        for i in 0..6 {
            sheet.text(40, 40 + 50 * i, 8);
            // 26 pixels on, less than a character.
            sheet.text(40 + 8 * 30 + 26, 40 + 50 * i, 8);
        }
        let found = found(sheet);
        assert_eq!(found.lines.len(), 12);
        assert_eq!(boxes(&found)[..2], [[40, 40, 276, 66], [306, 40, 542, 66]]);
    }

    #[test]
    fn a_comma_beside_indents_parts_nothing() {
        let mut sheet = Sheet::new(700, 400);
        for i in 0..6 {
            sheet.text(40, 40 + 50 * i, 8);
            match i {
                // Half a character of a comma, and its blank.
                2 => {
                    sheet.text(320, 40 + 50 * i, 1);
                    sheet.fill([350, 58 + 50 * i, 356, 66 + 50 * i]);
                    sheet.text(380, 40 + 50 * i, 6);
                }
                _ => sheet.text(380, 40 + 50 * i, 6),
            }
        }
        assert_eq!(
            found(sheet)
                .lines
                .iter()
                .filter(|line| line.bbox[0] == 320 && line.bbox[2] == 556)
                .count(),
            1
        );
    }

    #[test]
    fn a_hanging_mark_does_not_bridge_the_gutter() {
        let mut sheet = Sheet::new(600, 560);
        for i in 0..10 {
            sheet.text(40, 40 + 50 * i, 8);
            sheet.text(40 + 8 * 30 + 26, 40 + 50 * i, 8);
        }
        sheet.fill([280, 58, 286, 66]);
        assert_eq!(found(sheet).lines.len(), 20);
    }

    #[test]
    fn rulings_part_cells_and_are_not_text() {
        let mut sheet = Sheet::new(600, 300);
        for y in [50, 100, 150] {
            sheet.fill([50, y, 550, y + 2]);
        }
        for x in [50, 200, 548] {
            sheet.fill([x, 50, x + 2, 152]);
        }
        // 15 pixels between characters on either side of a ruling.
        sheet.text(56 + 20, 62, 4);
        sheet.text(210, 62, 3);
        sheet.text(300, 112, 2);
        let found = found(sheet);
        assert_eq!(found.rulings.iter().filter(|r| r.y0 == r.y1).count(), 3);
        assert_eq!(found.rulings.iter().filter(|r| r.x0 == r.x1).count(), 3);
        assert_eq!(
            boxes(&found),
            [[76, 62, 192, 88], [210, 62, 296, 88], [300, 112, 356, 138]]
        );
    }

    #[test]
    fn rulings_go_on_through_a_head_in_reverse_print() {
        let mut sheet = Sheet::new(600, 300);
        for y in [100, 150] {
            sheet.fill([50, y, 550, y + 2]);
        }
        for x in [50, 200, 400, 548] {
            sheet.fill([x, 104, x + 2, 152]);
        }
        sheet.text(70, 62, 4);
        // A title over two columns.
        sheet.text(300, 62, 6);
        let mut prepared = prepared(sheet);
        prepared.reversed.push([48, 50, 552, 98]);
        let found = find(&prepared);
        let upright: Vec<f64> = found
            .rulings
            .iter()
            .filter(|r| r.x0 == r.x1)
            .map(|r| r.y0)
            .collect();
        assert_eq!(upright, [50.0, 50.0, 98.0, 50.0]);
        assert!(found.rulings.iter().any(|r| r.y0 == 50.0 && r.y1 == 50.0));
        assert_eq!(found.lines.len(), 2);
    }

    #[test]
    fn dashes_and_the_character_for_one_are_text() {
        let mut sheet = Sheet::new(600, 200);
        sheet.text(40, 40, 6);
        // 一, then ——.
        sheet.fill([220, 52, 246, 55]);
        sheet.fill([252, 52, 308, 54]);
        sheet.text(312, 40, 2);
        let found = found(sheet);
        assert!(found.rulings.is_empty());
        assert_eq!(boxes(&found), [[40, 40, 368, 66]]);
    }

    #[test]
    fn the_rule_under_a_head_is_no_text_however_thick() {
        let mut sheet = Sheet::new(1000, 300);
        sheet.text_of(100, 40, 60, 6);
        sheet.text(100, 130, 12);
        sheet.fill([50, 180, 950, 187]);
        sheet.fill([50, 196, 950, 198]);
        let found = found(sheet);
        assert!(
            found.rulings.iter().any(|ruling| ruling.thickness > 6.0),
            "{:?}",
            found.rulings
        );
        assert_eq!(found.lines.len(), 2);
    }

    #[test]
    fn a_thread_of_dirt_parts_nothing() {
        let mut sheet = Sheet::new(600, 400);
        for i in 0..5 {
            sheet.text(40, 40 + 60 * i, 10);
        }
        sheet.fill([157, 0, 158, 400]);
        let found = found(sheet);
        assert!(found.rulings.is_empty());
        assert_eq!(found.lines.len(), 5);
    }

    #[test]
    fn a_subscript_belongs_to_its_line() {
        let mut sheet = Sheet::new(600, 200);
        sheet.text(40, 40, 4);
        sheet.text_of(160, 56, 14, 1);
        sheet.text(180, 40, 4);
        assert_eq!(boxes(&found(sheet)), [[40, 40, 296, 68]]);
    }

    #[test]
    fn a_large_character_of_two_parts_is_whole() {
        let mut sheet = Sheet::new(600, 400);
        (0..3).for_each(|i| sheet.text(40, 140 + 60 * i, 12));
        sheet.text_of(200, 40, 52, 1);
        // 吕
        sheet.text_of(310, 40, 22, 1);
        sheet.text_of(305, 64, 24, 1);
        let boxes = boxes(&found(sheet));
        assert_eq!(boxes.len(), 5);
        assert_eq!(boxes[1], [305, 40, 329, 85]);
    }

    #[test]
    fn leaders_are_no_text() {
        let mut sheet = Sheet::new(800, 300);
        for y in [40, 100] {
            sheet.text(40, y, 6);
            sheet.text(700, y, 1);
            for i in 0..40 {
                sheet.fill([240 + 11 * i, y + 20, 243 + 11 * i, y + 23]);
            }
        }
        // A dotted rule; an ellipsis.
        for i in 0..40 {
            sheet.fill([240 + 11 * i, 170, 243 + 11 * i, 173]);
        }
        sheet.text(40, 220, 6);
        (0..6).for_each(|i| sheet.fill([222 + 9 * i, 232, 225 + 9 * i, 235]));
        let found = found(sheet);
        assert_eq!(
            found
                .leaders
                .iter()
                .map(|leader| leader.bbox)
                .collect::<Vec<_>>(),
            [[240, 40, 672, 66], [240, 100, 672, 126]]
        );
        assert_eq!(found.lines.len(), 5);
        assert_eq!(boxes(&found)[4], [40, 220, 270, 246]);
    }

    #[test]
    fn punch_holes_and_diagonals_are_no_text() {
        let mut sheet = Sheet::new(600, 400);
        (0..3).for_each(|i| sheet.text(200, 40 + 60 * i, 6));
        for y in 0..40usize {
            let half = (400.0 - (y as f64 - 20.0).powi(2)).sqrt() as usize;
            sheet.fill([60 - half, 200 + y, 60 + half, 201 + y]);
        }
        (0..120).for_each(|i| sheet.fill([220 + i, 240 + i / 2, 223 + i, 242 + i / 2]));
        sheet.text(300, 240, 2);
        sheet.text(220, 280, 2);
        // A bold character that is nearly black.
        sheet.fill([400, 280, 440, 320]);
        (0..4).for_each(|i| sheet.gray.row_mut(290 + 6 * i)[402..438].fill(255));
        (280..310).for_each(|y| sheet.gray.row_mut(y)[400..404].fill(255));
        assert_eq!(
            boxes(&found(sheet))[3..],
            [
                [300, 240, 356, 266],
                [220, 280, 276, 306],
                [400, 280, 440, 320]
            ]
        );
    }

    #[test]
    fn the_edge_of_the_sheet_is_no_line() {
        let mut sheet = Sheet::new(600, 300);
        sheet.text(100, 130, 12);
        sheet.fill([0, 0, 30, 5]);
        assert_eq!(boxes(&found(sheet)).len(), 1);
    }

    #[test]
    fn specks_are_not_lines() {
        let mut sheet = Sheet::new(600, 200);
        sheet.text(40, 40, 4);
        sheet.fill([300, 100, 302, 101]);
        sheet.fill([500, 20, 503, 23]);
        assert_eq!(found(sheet).lines.len(), 1);
    }

    #[test]
    fn nothing_is_found_on_nothing() {
        for (width, height) in [(0, 0), (1, 1), (3, 900), (900, 3)] {
            assert_eq!(found(Sheet::new(width, height)), Found::default());
            let mut black = Sheet::new(width, height);
            black.fill([0, 0, width, height]);
            assert!(found(black).lines.is_empty());
        }
    }
}
