//! Columns of cells, and which of them a run stands in.

use super::is_figure;
use super::rows::{Row, is_total_run};
use crate::geom::{self, Interval, Level, Rect, Tolerance, bounds};
use crate::layout::runs::TextRun;

/// What the columns of a table fill from left to right, in order.
pub struct Columns {
    pub ranges: Vec<Interval>,
    em: f32,
}

/// Columns that a run stands in: the first one and how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColSpan {
    pub col: usize,
    pub n: usize,
}

impl ColSpan {
    /// The first column right of them.
    pub fn end(self) -> usize {
        self.col + self.n
    }

    pub fn contains(self, col: usize) -> bool {
        (self.col..self.end()).contains(&col)
    }
}

/// The first column alone.
pub const FIRST: ColSpan = ColSpan { col: 0, n: 1 };

/// Width that a run shares with a column that it stands in, in em: the skew of a scan is less.
const SHARED: f32 = 0.15;
/// Runs nearer than this stand in one column, in em.
const TOUCH: f32 = 0.1;
/// How far the middle of a header lies from that of the columns that it stands over, in em.
const OFF_CENTRE: f32 = 1.2;
/// Runs of a column that are no chance: such columns are not made one by a run over both.
const PROVED: usize = 2;
/// Runs that go over proved columns, at most: one of so many.
const BRIDGES: usize = 8;

impl Columns {
    /// What the runs cover from left to right, those aside that bridge two columns of the fullest row.
    pub fn find(rows: &[Row], min_cols: usize, em: f32) -> Option<Self> {
        let (mut tracks, n_bridges) = tracks(rows, min_cols, em);
        tracks.sort_by(|a, b| a.across.from.total_cmp(&b.across.from));
        share_columns(&mut tracks, rows, em);
        let n_runs: usize = tracks.iter().map(|track| track.n_runs).sum();
        (tracks.len() >= min_cols && n_bridges * BRIDGES <= n_runs).then(|| Self {
            ranges: tracks.into_iter().map(|track| track.across).collect(),
            em,
        })
    }

    pub fn len(&self) -> usize {
        self.ranges.len()
    }

    /// The columns that a run stands in; the nearest one if it stands in none.
    pub fn of(&self, run: &TextRun) -> ColSpan {
        self.of_box(run.bbox)
    }

    pub fn of_box(&self, bbox: Rect) -> ColSpan {
        let across = bbox.across();
        let is_in = |range: &Interval| across.overlap(*range) > SHARED * self.em;
        let n = self.ranges.iter().filter(|range| is_in(range)).count();
        let first = self.ranges.iter().position(is_in);
        ColSpan {
            col: first.unwrap_or_else(|| self.nearest(bbox)),
            n: n.max(1),
        }
    }

    fn nearest(&self, bbox: Rect) -> usize {
        let distance = |col: usize| self.ranges[col].distance(bbox.mid_x());
        (0..self.len())
            .min_by(|&a, &b| distance(a).total_cmp(&distance(b)))
            .unwrap_or(0)
    }

    /// The width of the narrowest column and of the widest.
    pub fn widths(&self) -> (f32, f32) {
        let widths = self.ranges.iter().map(|range| range.length());
        (
            widths.clone().fold(f32::MAX, f32::min),
            widths.fold(f32::MIN, f32::max),
        )
    }

    /// Prose in columns fills them: most lines of a wide column are as wide as the column.
    pub fn hold_prose(&self, runs: &[&TextRun]) -> bool {
        let n_prose = self
            .ranges
            .iter()
            .filter(|range| self.is_prose(**range, runs))
            .count();
        n_prose * 2 >= self.len()
    }

    fn is_prose(&self, range: Interval, runs: &[&TextRun]) -> bool {
        /// Width of a column of prose, in em; its lines; and how wide a full one is against the column.
        const WIDE: f32 = 8.0;
        const ENOUGH: usize = 3;
        const FULL: f32 = 0.85;
        /// What a lost mark leaves blank, and the space of a justified line, in em.
        const LOST_MARK: f32 = 1.5;
        let reach = range.widened(TOUCH * self.em);
        let boxes = runs.iter().map(|run| run.bbox);
        let mut inside: Vec<Rect> = boxes
            .filter(|bbox| bbox.x0 >= reach.from && bbox.x1 <= reach.to)
            .collect();
        inside.sort_by(|a, b| a.mid_y().total_cmp(&b.mid_y()));
        // A line is several runs where a scan has lost a mark of punctuation.
        let lines = geom::rows(inside, Tolerance::ROW, |bbox| Level {
            y: bbox.mid_y(),
            em: self.em,
        });
        let is_full = |line: &&Vec<Rect>| {
            let pieces = geom::pieces((*line).clone(), LOST_MARK * self.em, |bbox| *bbox);
            let mut boxes = pieces.into_iter().filter_map(bounds);
            boxes.any(|bbox| bbox.width() > FULL * range.length())
        };
        let n_full = lines.iter().filter(is_full).count();
        range.length() > WIDE * self.em && lines.len() >= ENOUGH && n_full * 2 > lines.len()
    }

    /// Whether rules at this height go through all columns; that of the labels may have none.
    pub fn are_ruled_at(&self, y: f32, level: &[crate::layout::rulings::RulingLine]) -> bool {
        use crate::layout::rulings::SAME;
        let is_ruled = |range: &&Interval| {
            level.iter().any(|line| {
                (line.position - y).abs() < SAME && line.extent.contains_inside(range.middle())
            })
        };
        self.ranges.iter().filter(is_ruled).count() + 1 >= self.len()
    }
}

/// A column while it is looked for: what its runs cover, and how many they are.
#[derive(Debug, Clone, Copy)]
struct Track {
    across: Interval,
    n_runs: usize,
}

/// Columns as the runs show them, and how many runs go over several.
fn tracks(rows: &[Row], min_cols: usize, em: f32) -> (Vec<Track>, usize) {
    let most = rows.iter().map(|row| row.n_pieces).max().unwrap_or(0);
    let mut tracks: Vec<Track> = Vec::new();
    let mut n_bridges = 0;
    let telling = telling_first(rows, min_cols);
    let is_left = |total: &TextRun| {
        let mut runs = telling.iter().map(|(_, run)| run);
        runs.any(|run| run.bbox.x0 < total.bbox.x1 && !is_total_run(run))
    };
    // A total stands between the columns of what it sums up; alone it is the one label that there is.
    let shows = |run: &TextRun| !is_total_run(run) || !is_left(run);
    for (n_pieces, run) in telling.iter().filter(|(_, run)| shows(run)).copied() {
        let across = run.bbox.across();
        let reach = across.widened(TOUCH * em);
        let touched: Vec<usize> = (0..tracks.len())
            .filter(|&i| tracks[i].across.overlap(reach) > 0.0)
            .collect();
        match touched.as_slice() {
            // A header over several columns stands between two of them.
            [] if n_pieces < most && is_between(run, &tracks, em) => {}
            [] => tracks.push(Track { across, n_runs: 1 }),
            [i] => {
                tracks[*i].across = tracks[*i].across.union(across);
                tracks[*i].n_runs += 1;
            }
            _ if n_pieces < min_cols => {}
            several if several.iter().all(|&i| tracks[i].n_runs >= PROVED) => n_bridges += 1,
            // Narrow cells of one column that do not overlap (a sign, a figure set right) are bridged by many wider ones.
            several => bridge(&mut tracks, several, across),
        }
    }
    (tracks, n_bridges)
}

/// First the rows that show most columns, then those with headers over several, then parts of wrapped cells.
fn telling_first<'r, 'a>(rows: &[Row<'r, 'a>], min_cols: usize) -> Vec<(usize, &'r TextRun<'a>)> {
    let mut runs: Vec<(usize, &TextRun)> = rows
        .iter()
        .flat_map(|row| row.runs.iter().map(move |run| (row.n_pieces, *run)))
        .collect();
    let is_part = |n_pieces: usize| n_pieces < min_cols;
    runs.sort_by(|a, b| {
        let by_width = a.1.bbox.width().total_cmp(&b.1.bbox.width());
        is_part(a.0).cmp(&is_part(b.0)).then(if is_part(a.0) {
            by_width.reverse()
        } else {
            b.0.cmp(&a.0).then(by_width)
        })
    });
    runs
}

/// Makes one column of several and a run over them.
fn bridge(tracks: &mut Vec<Track>, several: &[usize], across: Interval) {
    let mut merged = Track { across, n_runs: 1 };
    for &i in several {
        merged.across = merged.across.union(tracks[i].across);
        merged.n_runs += tracks[i].n_runs;
    }
    let mut i = 0;
    tracks.retain(|_| {
        i += 1;
        !several.contains(&(i - 1))
    });
    tracks.push(merged);
}

/// Whether the middle of a run is that of several columns.
fn is_between(run: &TextRun, tracks: &[Track], em: f32) -> bool {
    let middle = run.bbox.mid_x();
    let are_around = |a: &Track, b: &Track| {
        a.across.to < b.across.from
            && (a.across.union(b.across).middle() - middle).abs() < OFF_CENTRE * em
    };
    tracks
        .iter()
        .filter(|track| track.across.to < middle)
        .any(|a| tracks.iter().any(|b| are_around(a, b)))
}

/// Figures set right under a header that is centred or set left make a column beside it: header and figures are one.
fn share_columns(tracks: &mut Vec<Track>, rows: &[Row], em: f32) {
    /// Between header and figures, in em.
    const FARTHEST: f32 = 4.0;
    loop {
        let cells: Vec<Vec<(usize, bool)>> = (0..tracks.len())
            .map(|i| cells_of_one(tracks, rows, i, em))
            .collect();
        let gap = |i: usize| tracks[i + 1].across.from - tracks[i].across.to;
        let nearest = (0..tracks.len().saturating_sub(1))
            .filter(|&i| gap(i) < FARTHEST * em && is_header_beside(&cells[i], &cells[i + 1]))
            .min_by(|&a, &b| gap(a).total_cmp(&gap(b)));
        let Some(i) = nearest else { return };
        let next = tracks.remove(i + 1);
        tracks[i].across.to = next.across.to;
        tracks[i].n_runs += next.n_runs;
    }
}

/// The runs that stand in one column alone, from the top: the row of each, and whether it is a figure. A header over
/// several columns is none of one.
fn cells_of_one(tracks: &[Track], rows: &[Row], i: usize, em: f32) -> Vec<(usize, bool)> {
    let is_in = |bbox: Rect, track: &Track| bbox.across().overlap(track.across) > SHARED * em;
    let is_of_one = |run: &TextRun| {
        is_in(run.bbox, &tracks[i])
            && tracks.iter().filter(|track| is_in(run.bbox, track)).count() == 1
    };
    let mut cells = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        let runs = row.runs.iter().filter(|run| is_of_one(run));
        cells.extend(runs.map(|run| (n, is_figure(run))));
    }
    cells
}

/// Whether the cells of two columns are a header and what stands under it.
fn is_header_beside(left: &[(usize, bool)], right: &[(usize, bool)]) -> bool {
    is_header(left, right) && !is_headed(right) || is_header(right, left) && !is_headed(left)
}

/// Whether a few cells all stand above others.
fn is_header(above: &[(usize, bool)], below: &[(usize, bool)]) -> bool {
    /// Lines of a header.
    const FEW: usize = 2;
    above.len() <= FEW && above.last().map(|cell| cell.0) < below.first().map(|cell| cell.0)
}

/// Words over figures are their header.
fn is_headed(cells: &[(usize, bool)]) -> bool {
    let n_figures = cells.iter().filter(|(_, is_figure)| *is_figure).count();
    !matches!(cells, [(_, true), ..]) && n_figures * 2 > cells.len()
}
