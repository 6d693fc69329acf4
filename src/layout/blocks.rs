//! Reading order: gutters part a page into strips of columns, and what no gutter parts is read from the top.

use super::grid::Table;
use super::runs::{self, Run, hangs};
use super::{BBox, Column, union};

/// What stands on a page.
#[derive(Debug)]
pub enum Item<'a> {
    Run(Run<'a>),
    Table(Table<'a>),
}

/// What is read next.
#[derive(Debug)]
pub enum Leaf<'a> {
    /// The runs of one line, from left to right.
    Line {
        runs: Vec<Run<'a>>,
        column: Column,
    },
    Table(Table<'a>),
}

impl Item<'_> {
    fn bbox(&self) -> BBox {
        match self {
            Item::Run(run) => run.bbox,
            Item::Table(table) => table.bbox,
        }
    }

    fn mid_y(&self) -> f32 {
        (self.bbox()[1] + self.bbox()[3]) / 2.0
    }

    /// Right edge without a mark that may hang into the gutter.
    fn solid_right(&self) -> f32 {
        match self {
            Item::Run(run) => run.solid_right(),
            Item::Table(table) => table.bbox[2],
        }
    }
}

/// The right edge of a column and the left edge of the next one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gutter {
    pub left: f32,
    pub right: f32,
    /// Lines of the shorter column.
    pub n_lines: usize,
}

/// Items in reading order; `frame` is what the text of the page fills from left to right, `known` the gutters of
/// other pages. The gutters that part this page go to `found`.
pub fn in_order<'a>(items: Vec<Item<'a>>, frame: Column, known: &[Gutter], found: &mut Vec<Gutter>) -> Vec<Leaf<'a>> {
    let mut sizes: Vec<(f32, usize)> =
        items.iter().filter_map(|item| if let Item::Run(run) = item { Some((run.size, run.n_chars())) } else { None }).collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = sizes.iter().map(|(_, n)| n).sum::<usize>() / 2;
    let mut seen = 0;
    let em = sizes
        .iter()
        .find(|(_, n)| {
            seen += n;
            seen > half
        })
        .map_or(10.0, |(size, _)| *size);
    let mut out = Vec::new();
    order(items, frame, em, known, found, &mut out);
    out
}

fn order<'a>(items: Vec<Item<'a>>, frame: Column, em: f32, known: &[Gutter], found: &mut Vec<Gutter>, out: &mut Vec<Leaf<'a>>) {
    let Some(strip) = strip(&items, frame, em, known) else {
        return from_the_top(items, frame, out);
    };
    found.push(Gutter { left: strip.left_edge, right: strip.right_edge, n_lines: strip.n_lines });
    let (mut above, mut left, mut right, mut below) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for item in items {
        let y = item.mid_y();
        if y < strip.top {
            above.push(item);
        } else if y > strip.bottom {
            below.push(item);
        } else {
            match side(&item, strip.right_edge, em, strip.known) {
                Side::Left => left.push(item),
                Side::Both => {
                    let Item::Run(run) = item else { unreachable!("a table has one side") };
                    let (a, b) = split(run, strip.right_edge, em);
                    left.push(Item::Run(a));
                    right.push(Item::Run(b));
                }
                Side::Right | Side::Across => right.push(item),
            }
        }
    }
    order(above, frame, em, known, found, out);
    order(left, Column { left: frame.left, right: strip.left_edge }, em, known, found, out);
    order(right, Column { left: strip.right_edge, right: frame.right }, em, known, found, out);
    order(below, frame, em, known, found, out);
}

fn from_the_top<'a>(items: Vec<Item<'a>>, column: Column, out: &mut Vec<Leaf<'a>>) {
    let mut tables = Vec::new();
    let mut free = Vec::new();
    for item in items {
        match item {
            Item::Run(run) => free.push(run),
            Item::Table(table) => tables.push(table),
        }
    }
    tables.sort_by(|a, b| a.bbox[1].total_cmp(&b.bbox[1]).then(a.bbox[0].total_cmp(&b.bbox[0])));
    let mut tables = tables.into_iter().peekable();
    for row in beside(runs::rows(free)) {
        let y = row.iter().map(Run::mid_y).fold(f32::MAX, f32::min);
        while let Some(table) = tables.next_if(|table| (table.bbox[1] + table.bbox[3]) / 2.0 < y) {
            out.push(Leaf::Table(table));
        }
        let bbox = row.iter().map(|run| run.bbox).reduce(union).expect("a row has runs");
        let right = row.last().map_or(bbox[2], Run::solid_right);
        out.push(Leaf::Line { column: Column { left: column.left.min(bbox[0]), right: column.right.max(right) }, runs: row });
    }
    out.extend(tables.map(Leaf::Table));
}

/// Issuers side by side, one of whose names goes on in a line centred under its first: each is read as a whole.
fn beside(rows: Vec<Vec<Run>>) -> Vec<Vec<Run>> {
    let centre = |runs: &[Run]| (runs[0].bbox[0] + runs[runs.len() - 1].bbox[2]) / 2.0;
    let mut out: Vec<Vec<Run>> = Vec::with_capacity(rows.len());
    let mut rows = rows.into_iter().peekable();
    while let Some(row) = rows.next() {
        let size = row[0].size;
        let gap_at = |i: usize| row[i].bbox[0] - row[i - 1].bbox[2] > 2.0 * size;
        let under = rows.peek().filter(|under| under[0].mid_y() - row[0].mid_y() < 1.7 * size);
        let (Some(cut), Some(under)) = ((1..row.len()).find(|&i| gap_at(i)), under) else {
            out.push(row);
            continue;
        };
        let (left, right) = row.split_at(cut);
        let goes_on = |part: &[Run]| {
            let inside = under[0].bbox[0] > part[0].bbox[0] + size && under[under.len() - 1].bbox[2] < part[part.len() - 1].bbox[2] - size;
            inside && (centre(part) - centre(under)).abs() < 0.6 * size
        };
        let is_left = goes_on(left);
        if !is_left && !goes_on(right) {
            out.push(row);
            continue;
        }
        let (left, right) = (left.to_vec(), right.to_vec());
        let under = rows.next().expect("just seen");
        out.extend(if is_left { [left, under, right] } else { [left, right, under] });
    }
    out
}

/// Two columns side by side: the gutter ends where the right column begins.
#[derive(Debug, Clone, Copy)]
struct Strip {
    left_edge: f32,
    right_edge: f32,
    top: f32,
    bottom: f32,
    n_lines: usize,
    /// Other pages have this gutter.
    known: bool,
    /// The more lines on both sides, the better.
    score: f32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
    /// A mark that hangs at the end of the left line fills the gutter, so that both lines are one run.
    Both,
    Across,
}

/// The narrowest gutter, in em.
const GUTTER: f32 = 0.6;
/// A wider gap than this parts the pieces of one line (a name and a date) when they stand on one baseline.
const WIDE_GUTTER: f32 = 3.0;
/// The narrowest column, in em.
const COLUMN: f32 = 5.0;
/// How far line starts of one column differ, in em: skew of a scan.
const RAGGED: f32 = 0.35;

fn side(item: &Item, edge: f32, em: f32, known: bool) -> Side {
    let [x0, _, x1, _] = item.bbox();
    if x0 >= edge - RAGGED * em {
        return Side::Right;
    }
    if item.solid_right() <= edge - GUTTER * em && x1 <= edge + RAGGED * em {
        return Side::Left;
    }
    match item {
        // The hidden lines of a searchable page are as long as their font makes them: the last character may overshoot.
        Item::Run(Run { marks, .. })
            if known && marks.len() > 5 && x1 <= edge + 0.7 * em && marks[marks.len() - 2].bbox[2] <= edge + 0.2 * em =>
        {
            Side::Left
        }
        Item::Run(run) if split_at(run, edge, em).is_some() => Side::Both,
        _ => Side::Across,
    }
}

/// Index of the first mark right of the edge, if the mark before it hangs and the text before that ends at a gutter.
fn split_at(run: &Run, edge: f32, em: f32) -> Option<usize> {
    let at = run.marks.iter().position(|mark| mark.bbox[0] >= edge - RAGGED * em)?;
    let (before, solid) = (run.marks.get(at.checked_sub(1)?)?, run.marks.get(at.checked_sub(2)?)?);
    let starts = (run.marks[at].bbox[0] - edge).abs() <= RAGGED * em;
    (starts && hangs(before.text) && before.bbox[2] <= edge + RAGGED * em && solid.bbox[2] <= edge - GUTTER * em).then_some(at)
}

fn split<'a>(mut run: Run<'a>, edge: f32, em: f32) -> (Run<'a>, Run<'a>) {
    let at = split_at(&run, edge, em).expect("asked before");
    let right = run.marks.split_off(at);
    (Run::from_marks(run.marks), Run::from_marks(right))
}

/// The best strip of two columns, if there is one.
fn strip(items: &[Item], frame: Column, em: f32, known: &[Gutter]) -> Option<Strip> {
    if frame.right - frame.left < 2.0 * COLUMN * em || items.len() < 3 {
        return None;
    }
    let mut by_y: Vec<&Item> = items.iter().collect();
    by_y.sort_by(|a, b| a.mid_y().total_cmp(&b.mid_y()).then(a.bbox()[0].total_cmp(&b.bbox()[0])));
    let mut starts: Vec<f32> =
        items.iter().map(|item| item.bbox()[0]).filter(|x| *x > frame.left + COLUMN * em && *x < frame.right - 2.0 * em).collect();
    starts.sort_by(f32::total_cmp);
    starts.dedup_by(|b, a| *b - *a < 0.15 * em);
    let known = known.iter().filter(|gutter| gutter.left > frame.left + COLUMN * em && gutter.right < frame.right - COLUMN * em);
    let edges = starts.iter().map(|start| (*start, None)).chain(known.map(|gutter| (gutter.right, Some(gutter))));
    let mut best: Option<Strip> = None;
    for (edge, known) in edges {
        let mut run: Vec<(&Item, Side)> = Vec::new();
        for item in by_y.iter().copied().map(Some).chain([None]) {
            let side = item.map(|item| side(item, edge, em, known.is_some()));
            match (item, side) {
                (Some(item), Some(side)) if side != Side::Across => run.push((item, side)),
                _ => {
                    for part in bands(&run) {
                        let found = judge(part, edge, em, known);
                        if let Some(found) = found
                            && best.is_none_or(|best| found.score > best.score)
                        {
                            best = Some(found);
                        }
                    }
                    run.clear();
                }
            }
        }
    }
    best
}

/// Parts of a run between blank bands that go through both columns and are much higher than the space between lines.
fn bands<'r, 'i>(run: &'r [(&'i Item<'i>, Side)]) -> Vec<&'r [(&'i Item<'i>, Side)]> {
    let mut pitches: Vec<f32> = Vec::new();
    for side in [Side::Left, Side::Right] {
        let ys: Vec<f32> = run.iter().filter(|(_, s)| *s == side || *s == Side::Both).map(|(item, _)| item.mid_y()).collect();
        pitches.extend(ys.windows(2).map(|pair| pair[1] - pair[0]).filter(|pitch| *pitch > 3.0));
    }
    pitches.sort_by(f32::total_cmp);
    let Some(pitch) = pitches.get(pitches.len() / 2) else { return vec![run] };
    let mut out = Vec::new();
    let mut start = 0;
    let mut bottom = f32::MIN;
    for (i, (item, _)) in run.iter().enumerate() {
        if i > start && item.bbox()[1] - bottom > 3.0 * pitch {
            out.push(&run[start..i]);
            start = i;
        }
        bottom = bottom.max(item.bbox()[3]);
    }
    out.push(&run[start..]);
    out
}

/// Whether the items left and right of an edge are two columns.
fn judge(run: &[(&Item, Side)], edge: f32, em: f32, known: Option<&Gutter>) -> Option<Strip> {
    let mut ys: [Vec<(f32, f32)>; 2] = [Vec::new(), Vec::new()];
    let (mut left_edge, mut left_start, mut right_end) = (f32::MIN, f32::MAX, f32::MIN);
    let mut right_start = f32::MAX;
    let mut rights: Vec<f32> = Vec::new();
    for (item, side) in run {
        let bbox = item.bbox();
        let height = if let Item::Table(table) = item { table.bbox[3] - table.bbox[1] } else { 0.0 };
        if matches!(side, Side::Left | Side::Both) {
            ys[0].push((item.mid_y(), height));
            left_start = left_start.min(bbox[0]);
            if *side == Side::Left {
                let right = known.filter(|_| item.solid_right() > edge - GUTTER * em).map_or(item.solid_right(), |known| known.left);
                left_edge = left_edge.max(right);
                rights.push(right);
            }
        }
        if matches!(side, Side::Right | Side::Both) {
            ys[1].push((item.mid_y(), height));
            right_end = right_end.max(bbox[2]);
            right_start = right_start.min(if *side == Side::Both { edge } else { bbox[0] });
        }
    }
    // The edge is the one at which the right column begins, not an indent in it.
    if right_start < edge - 0.2 * em || left_edge == f32::MIN {
        return None;
    }
    let n = |ys: &Vec<(f32, f32)>| {
        let mut rows = 0;
        let mut last = f32::MIN;
        for (y, height) in ys {
            if y - last > 0.5 * em {
                // A table beside text counts as the lines it is as high as.
                rows += 1 + (height / (2.0 * em)) as usize;
                last = *y;
            }
        }
        rows
    };
    let (n_left, n_right) = (n(&ys[0]), n(&ys[1]));
    let gutter = edge - left_edge;
    // Two short columns (the end of a text, and its signature) show themselves by the gutter of other pages.
    let fits = known.is_some_and(|known| (left_edge - known.left).abs() <= 0.5 * em && n_left + n_right >= 3 && n_left.min(n_right) >= 1);
    if known.is_some() && !fits {
        return None;
    }
    if !fits && n_left.min(n_right) < 2
        || gutter < GUTTER * em
        || left_edge - left_start < COLUMN * em
        || right_end - right_start.min(edge) < COLUMN * em
    {
        return None;
    }
    // Side by side: each column has lines at the height of the other.
    let range = |ys: &Vec<(f32, f32)>| {
        (ys.iter().map(|y| y.0 - y.1 / 2.0).fold(f32::MAX, f32::min), ys.iter().map(|y| y.0 + y.1 / 2.0).fold(f32::MIN, f32::max))
    };
    let ((l0, l1), (r0, r1)) = (range(&ys[0]), range(&ys[1]));
    if l1.min(r1) - l0.max(r0) < 0.5 * em {
        return None;
    }
    // Pieces of one line stand on one baseline and far apart; a column of prose is full, and near the other one.
    let level = |y: f32| ys[0].iter().any(|other| (other.0 - y).abs() < 0.08 * em);
    let beside: Vec<f32> = ys[1].iter().map(|y| y.0).filter(|y| (l0 - 0.5 * em..=l1 + 0.5 * em).contains(y)).collect();
    let all_level = !beside.is_empty() && beside.iter().all(|y| level(*y));
    let full = rights.iter().filter(|right| **right > left_edge - 1.1 * em).count();
    if !fits && all_level && (gutter > WIDE_GUTTER * em || n_left.min(n_right) < 4 && full * 3 < rights.len() && gutter > 1.5 * em) {
        return None;
    }
    let score = n_left.min(n_right) as f32
        + 0.1 * (n_left + n_right) as f32
        + 0.3 * full as f32
        + (gutter / em).min(2.0) * 0.1
        + if fits { 1.0 } else { 0.0 };
    Some(Strip {
        left_edge,
        right_edge: edge,
        known: fits,
        n_lines: n_left.min(n_right),
        top: l0.min(r0) - 0.01,
        bottom: l1.max(r1) + 0.01,
        score,
    })
}
