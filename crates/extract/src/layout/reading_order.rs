//! Reading order: gutters part a page into strips of columns, and what no gutter parts is read from the top.

use super::Column;
use super::ruled_tables::Table;
use super::runs::{self, Mark, TextRun, hangs};
use crate::geom::Rect;

/// What stands on a page.
#[derive(Debug)]
pub enum Item<'a> {
    Run(TextRun<'a>),
    Table(Table<'a>),
}

/// What is read next.
#[derive(Debug)]
pub enum Ordered<'a> {
    /// The runs of one line, from left to right.
    Line {
        runs: Vec<TextRun<'a>>,
        column: Column,
    },
    Table(Table<'a>),
}

impl Item<'_> {
    fn bbox(&self) -> Rect {
        match self {
            Item::Run(run) => run.bbox,
            Item::Table(table) => table.bbox,
        }
    }

    fn mid_y(&self) -> f32 {
        (self.bbox().y0 + self.bbox().y1) / 2.0
    }

    /// Right edge without a mark that may hang into the gutter.
    fn solid_right(&self) -> f32 {
        match self {
            Item::Run(run) => run.solid_right(),
            Item::Table(table) => table.bbox.x1,
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
pub fn in_order<'a>(
    items: Vec<Item<'a>>,
    frame: Column,
    known: &[Gutter],
    found: &mut Vec<Gutter>,
) -> Vec<Ordered<'a>> {
    let items = bound(items);
    let mut sizes: Vec<(f32, usize)> = items
        .iter()
        .filter_map(|item| {
            if let Item::Run(run) = item {
                Some((run.size, run.n_chars()))
            } else {
                None
            }
        })
        .collect();
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

/// The items, and as one run what no gutter parts, be the gap inside as wide: an entry of the contents and its leader,
/// 目 and 录.
fn bound(items: Vec<Item>) -> Vec<Item> {
    /// From an entry to its leader, in em.
    const NEAR: f32 = 3.0;
    /// From 目 to 录, in em: they are set over a third of the page at the most.
    const TITLE: f32 = 12.0;
    let mut from_left: Vec<usize> = (0..items.len()).collect();
    from_left.sort_by(|&a, &b| items[a].bbox().x0.total_cmp(&items[b].bbox().x0));
    let mut goes_on: Vec<Option<usize>> = vec![None; items.len()];
    for &i in &from_left {
        let Item::Run(run) = &items[i] else { continue };
        let ends_title = matches!(run.marks.as_slice(), [mark] if matches!(mark.text, "录" | "次"));
        if run.vertical || !ends_title && !is_leader(run) {
            continue;
        }
        let level = |j: &usize| {
            matches!(&items[*j], Item::Run(other) if !other.vertical && (other.mid_y() - run.mid_y()).abs() < 0.3 * run.size)
                && items[*j].bbox().x1 <= run.bbox.x0 + 0.4 * run.size
        };
        let before = from_left
            .iter()
            .copied()
            .filter(level)
            .max_by(|&a, &b| items[a].bbox().x1.total_cmp(&items[b].bbox().x1));
        goes_on[i] = before.filter(|&j| {
            let Item::Run(before) = &items[j] else {
                return false;
            };
            let gap = (run.bbox.x0 - before.bbox.x1) / run.size;
            if ends_title {
                gap <= TITLE && matches!(before.marks.as_slice(), [mark] if mark.text == "目")
            } else {
                gap <= NEAR
            }
        });
    }
    if goes_on.iter().all(Option::is_none) {
        return items;
    }
    let mut items: Vec<Option<Item>> = items.into_iter().map(Some).collect();
    for &i in from_left.iter().rev() {
        if let Some(j) = goes_on[i]
            && let (Some(Item::Run(end)), Some(Item::Run(start))) =
                (items[i].take(), items[j].take())
        {
            items[j] = Some(Item::Run(TextRun::from_marks(
                [start.marks, end.marks].concat(),
            )));
        }
    }
    items.into_iter().flatten().collect()
}

fn is_dot(mark: &Mark) -> bool {
    matches!(mark.text, "…" | "⋯" | "·" | "." | "．" | "•" | "・")
}

/// `…………15`, `......（15）`
fn is_leader(run: &TextRun) -> bool {
    let is_number = |mark: &Mark| {
        mark.text
            .chars()
            .all(|c| c.is_ascii_digit() || "()（）".contains(c) || c.is_whitespace())
    };
    run.marks.iter().take_while(|mark| is_dot(mark)).count() >= 3
        && run.marks.iter().all(|mark| is_dot(mark) || is_number(mark))
}

fn order<'a>(
    items: Vec<Item<'a>>,
    frame: Column,
    em: f32,
    known: &[Gutter],
    found: &mut Vec<Gutter>,
    out: &mut Vec<Ordered<'a>>,
) {
    let Some(strip) = strip(&items, frame, em, known) else {
        return from_the_top(items, frame, em, known, out);
    };
    found.push(Gutter {
        left: strip.left_edge,
        right: strip.right_edge,
        n_lines: strip.n_lines,
    });
    let (mut above, mut left, mut right, mut below) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
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
                    let Item::Run(run) = item else {
                        unreachable!("a table has one side")
                    };
                    let (a, b) = split(run, strip.right_edge, em);
                    left.push(Item::Run(a));
                    right.push(Item::Run(b));
                }
                Side::Right | Side::Across => right.push(item),
            }
        }
    }
    order(above, frame, em, known, found, out);
    order(
        left,
        Column {
            left: frame.left,
            right: strip.left_edge,
        },
        em,
        known,
        found,
        out,
    );
    order(
        right,
        Column {
            left: strip.right_edge,
            right: frame.right,
        },
        em,
        known,
        found,
        out,
    );
    order(below, frame, em, known, found, out);
}

fn from_the_top<'a>(
    items: Vec<Item<'a>>,
    frame: Column,
    em: f32,
    known: &[Gutter],
    out: &mut Vec<Ordered<'a>>,
) {
    let column = left_column(&items, frame, em, known).unwrap_or(frame);
    let mut tables = Vec::new();
    let mut free = Vec::new();
    for item in items {
        match item {
            Item::Run(run) => free.push(run),
            Item::Table(table) => tables.push(table),
        }
    }
    tables.sort_by(|a, b| {
        a.bbox
            .y0
            .total_cmp(&b.bbox.y0)
            .then(a.bbox.x0.total_cmp(&b.bbox.x0))
    });
    let mut tables = tables.into_iter().peekable();
    for row in issuers_beside(runs::rows(free)) {
        let y = row.iter().map(TextRun::mid_y).fold(f32::MAX, f32::min);
        while let Some(table) = tables.next_if(|table| (table.bbox.y0 + table.bbox.y1) / 2.0 < y) {
            out.push(Ordered::Table(table));
        }
        let bbox = row
            .iter()
            .map(|run| run.bbox)
            .reduce(Rect::union)
            .expect("a row has runs");
        let right = row.last().map_or(bbox.x1, TextRun::solid_right);
        out.push(Ordered::Line {
            column: Column {
                left: column.left.min(bbox.x0),
                right: column.right.max(right),
            },
            runs: row,
        });
    }
    out.extend(tables.map(Ordered::Table));
}

/// The left column, where it alone is filled: the end of a text set in columns.
fn left_column(items: &[Item], frame: Column, em: f32, known: &[Gutter]) -> Option<Column> {
    let gutter = known.iter().find(|gutter| {
        let is_left = |item: &Item| item.solid_right() <= gutter.left + 0.6 * em;
        let is_full = |item: &&Item| item.solid_right() > gutter.left - 0.6 * em;
        let inside =
            gutter.left > frame.left + COLUMN * em && gutter.right < frame.right - COLUMN * em;
        inside && items.iter().all(is_left) && items.iter().filter(is_full).count() >= 2
    })?;
    Some(Column {
        left: frame.left,
        right: gutter.left,
    })
}

/// Issuers side by side, one of whose names goes on in a line centred under its first: each is read as a whole.
fn issuers_beside(rows: Vec<Vec<TextRun>>) -> Vec<Vec<TextRun>> {
    let centre = |runs: &[TextRun]| (runs[0].bbox.x0 + runs[runs.len() - 1].bbox.x1) / 2.0;
    let mut out: Vec<Vec<TextRun>> = Vec::with_capacity(rows.len());
    let mut rows = rows.into_iter().peekable();
    while let Some(row) = rows.next() {
        let size = row[0].size;
        let gap_at = |i: usize| row[i].bbox.x0 - row[i - 1].bbox.x1 > 2.0 * size;
        let under = rows
            .peek()
            .filter(|under| under[0].mid_y() - row[0].mid_y() < 1.7 * size);
        let (Some(cut), Some(under)) = ((1..row.len()).find(|&i| gap_at(i)), under) else {
            out.push(row);
            continue;
        };
        let (left, right) = row.split_at(cut);
        let goes_on = |part: &[TextRun]| {
            let inside = under[0].bbox.x0 > part[0].bbox.x0 + size
                && under[under.len() - 1].bbox.x1 < part[part.len() - 1].bbox.x1 - size;
            inside && (centre(part) - centre(under)).abs() < 0.6 * size
        };
        let is_left = goes_on(left);
        if !is_left && !goes_on(right) {
            out.push(row);
            continue;
        }
        let (left, right) = (left.to_vec(), right.to_vec());
        let under = rows.next().expect("just seen");
        out.extend(if is_left {
            [left, under, right]
        } else {
            [left, right, under]
        });
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
    /// Where the left column ends on other pages that have this gutter.
    known: Option<f32>,
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
/// The narrowest column, in em: gazettes set three of 13 characters at the most.
const COLUMN: f32 = 8.0;
/// The narrowest name of an issuer, in em.
const NAME: f32 = 5.0;
/// How far line starts of one column differ, in em: skew of a scan.
const RAGGED: f32 = 0.35;

fn side(item: &Item, edge: f32, em: f32, known: Option<f32>) -> Side {
    let Rect { x0, x1, .. } = item.bbox();
    if x0 >= edge - RAGGED * em {
        return Side::Right;
    }
    if item.solid_right() <= edge - GUTTER * em && x1 <= edge + RAGGED * em {
        return Side::Left;
    }
    match item {
        // The hidden lines of a searchable page are as long as their font makes them: the last character may overshoot.
        Item::Run(TextRun { marks, .. })
            if marks.len() > 5
                && x1 <= edge + 0.7 * em
                && known.is_some_and(|known| {
                    marks[marks.len() - 2].bbox.x1 <= (edge + 0.2 * em).min(known + 0.9 * em)
                }) =>
        {
            Side::Left
        }
        Item::Run(run) if split_at(run, edge, em).is_some() => Side::Both,
        _ => Side::Across,
    }
}

/// Index of the first mark right of the edge, if the text before it ends at a gutter: but for a mark that hangs, or
/// because two titles stand level, whose characters are set apart.
fn split_at(run: &TextRun, edge: f32, em: f32) -> Option<usize> {
    let at = run
        .marks
        .iter()
        .position(|mark| mark.bbox.x0 >= edge - RAGGED * em)?;
    let before = run.marks.get(at.checked_sub(1)?)?;
    let gap = |i: usize| run.marks[i].bbox.x0 - run.marks[i - 1].bbox.x1;
    // What is bound is one line, wherever its gap stands.
    if is_dot(&run.marks[at]) || run.marks.len() == 2 && before.text == "目" {
        return None;
    }
    if before.bbox.x1 <= edge - GUTTER * em {
        let widest = (1..run.marks.len())
            .filter(|&i| i != at)
            .map(gap)
            .fold(0.0, f32::max);
        return (gap(at) > 1.5 * widest).then_some(at);
    }
    let solid = run.marks.get(at.checked_sub(2)?)?;
    let starts = (run.marks[at].bbox.x0 - edge).abs() <= RAGGED * em;
    let leads = before.text == solid.text;
    (starts
        && !leads
        && hangs(before.text)
        && before.bbox.x1 <= edge + RAGGED * em
        && solid.bbox.x1 <= edge - GUTTER * em)
        .then_some(at)
}

fn split<'a>(mut run: TextRun<'a>, edge: f32, em: f32) -> (TextRun<'a>, TextRun<'a>) {
    let at = split_at(&run, edge, em).expect("asked before");
    let right = run.marks.split_off(at);
    (TextRun::from_marks(run.marks), TextRun::from_marks(right))
}

/// The best strip of two columns, if there is one.
fn strip(items: &[Item], frame: Column, em: f32, known: &[Gutter]) -> Option<Strip> {
    if frame.right - frame.left < 2.0 * COLUMN * em || items.len() < 3 {
        return None;
    }
    let mut by_y: Vec<&Item> = items.iter().collect();
    by_y.sort_by(|a, b| {
        a.mid_y()
            .total_cmp(&b.mid_y())
            .then(a.bbox().x0.total_cmp(&b.bbox().x0))
    });
    let mut starts: Vec<f32> = items
        .iter()
        .map(|item| item.bbox().x0)
        .filter(|x| *x > frame.left + COLUMN * em && *x < frame.right - 2.0 * em)
        .collect();
    starts.sort_by(f32::total_cmp);
    starts.dedup_by(|b, a| *b - *a < 0.15 * em);
    let known = known.iter().filter(|gutter| {
        gutter.left > frame.left + COLUMN * em && gutter.right < frame.right - COLUMN * em
    });
    let edges = starts
        .iter()
        .map(|start| (*start, None))
        .chain(known.map(|gutter| (gutter.right, Some(gutter))));
    let mut best: Option<Strip> = None;
    for (edge, known) in edges {
        let mut run: Vec<(&Item, Side)> = Vec::new();
        for item in by_y.iter().copied().map(Some).chain([None]) {
            let side = item.map(|item| side(item, edge, em, known.map(|known| known.left)));
            match (item, side) {
                (Some(item), Some(side)) if side != Side::Across => run.push((item, side)),
                _ => {
                    for part in bands(&run) {
                        let found = judge(part, edge, frame, em, known);
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
        let ys: Vec<f32> = run
            .iter()
            .filter(|(_, s)| *s == side || *s == Side::Both)
            .map(|(item, _)| item.mid_y())
            .collect();
        pitches.extend(
            ys.windows(2)
                .map(|pair| pair[1] - pair[0])
                .filter(|pitch| *pitch > 3.0),
        );
    }
    pitches.sort_by(f32::total_cmp);
    let Some(pitch) = pitches.get(pitches.len() / 2) else {
        return vec![run];
    };
    let mut out = Vec::new();
    let mut start = 0;
    let mut bottom = f32::MIN;
    for (i, (item, _)) in run.iter().enumerate() {
        if i > start && item.bbox().y0 - bottom > 3.0 * pitch {
            out.push(&run[start..i]);
            start = i;
        }
        bottom = bottom.max(item.bbox().y1);
    }
    out.push(&run[start..]);
    out
}

/// Whether the items left and right of an edge are two columns.
fn judge(
    run: &[(&Item, Side)],
    edge: f32,
    frame: Column,
    em: f32,
    known: Option<&Gutter>,
) -> Option<Strip> {
    let mut ys: [Vec<(f32, f32)>; 2] = [Vec::new(), Vec::new()];
    let (mut left_edge, mut left_start, mut right_end) = (f32::MIN, f32::MAX, f32::MIN);
    let mut right_start = f32::MAX;
    let mut rights: Vec<f32> = Vec::new();
    for (item, side) in run {
        let bbox = item.bbox();
        let height = if let Item::Table(table) = item {
            table.bbox.y1 - table.bbox.y0
        } else {
            0.0
        };
        if matches!(side, Side::Left | Side::Both) {
            ys[0].push((item.mid_y(), height));
            left_start = left_start.min(bbox.x0);
            if *side == Side::Left {
                let right = known
                    .filter(|_| item.solid_right() > edge - GUTTER * em)
                    .map_or(item.solid_right(), |known| known.left);
                left_edge = left_edge.max(right);
                rights.push(right);
            }
        }
        if matches!(side, Side::Right | Side::Both) {
            ys[1].push((item.mid_y(), height));
            right_end = right_end.max(bbox.x1);
            right_start = right_start.min(if *side == Side::Both { edge } else { bbox.x0 });
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
    let fits = known.is_some_and(|known| {
        (left_edge - known.left).abs() <= 0.5 * em
            && n_left + n_right >= 3
            && n_left.min(n_right) >= 1
    });
    if known.is_some() && !fits {
        return None;
    }
    if !fits && n_left.min(n_right) < 2
        || gutter < GUTTER * em
        || left_edge - left_start < NAME * em
        || right_end - right_start.min(edge) < NAME * em
    {
        return None;
    }
    // Side by side: each column has lines at the height of the other.
    let range = |ys: &Vec<(f32, f32)>| {
        (
            ys.iter().map(|y| y.0 - y.1 / 2.0).fold(f32::MAX, f32::min),
            ys.iter().map(|y| y.0 + y.1 / 2.0).fold(f32::MIN, f32::max),
        )
    };
    let ((l0, l1), (r0, r1)) = (range(&ys[0]), range(&ys[1]));
    if l1.min(r1) - l0.max(r0) < 0.5 * em {
        return None;
    }
    // Pieces of one line stand on one baseline and far apart.
    let level = |y: f32| ys[0].iter().any(|other| (other.0 - y).abs() < 0.08 * em);
    let near: Vec<f32> = ys[1]
        .iter()
        .map(|y| y.0)
        .filter(|y| (l0 - 0.5 * em..=l1 + 0.5 * em).contains(y))
        .collect();
    let all_level = !near.is_empty() && near.iter().all(|y| level(*y));
    let full = rights
        .iter()
        .filter(|right| **right > left_edge - 1.1 * em)
        .count();
    let of = |which: Side| {
        lines(
            run.iter()
                .filter(|(_, side)| *side == which)
                .map(|(item, _)| item.bbox()),
            em,
        )
    };
    let (lefts, on_right) = (of(Side::Left), of(Side::Right));
    let prose = Prose {
        lines: n_left.min(n_right),
        all_level,
        wide: (left_edge - left_start).min(right_end - right_start.min(edge)) >= COLUMN * em,
        full: full as f32 / lefts.len().max(1) as f32,
        even: is_even(left_edge - frame.left, frame.right - edge, gutter, em),
        begins: begins(&on_right, edge, frame, em, all_level),
        centred: !all_level
            && lefts.iter().any(|left| {
                on_right
                    .iter()
                    .any(|right| left.y0 < right.y1 && right.y0 < left.y1)
            })
            && are_centred(&beside(&lefts, &on_right, em), em)
            && are_centred(&beside(&on_right, &lefts, em), em),
        hanging: run.iter().filter(|(_, side)| *side == Side::Both).count() as f32 / n_left as f32,
    };
    if !fits && (all_level && gutter > WIDE_GUTTER * em || !prose.is_in_columns()) {
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
        known: known.filter(|_| fits).map(|known| known.left),
        n_lines: n_left.min(n_right),
        top: l0.min(r0) - 0.01,
        bottom: l1.max(r1) + 0.01,
        score,
    })
}

/// What shows that the lines left and right of a gutter are two columns of text, not pieces of lines.
#[derive(Debug)]
struct Prose {
    /// Of the shorter column.
    lines: usize,
    /// Each line of the one has one of the other at its height: a grid, or pieces of lines.
    all_level: bool,
    /// Both sides are as wide as a column.
    wide: bool,
    /// Part of the left lines that reach the gutter.
    full: f32,
    /// The columns are of one width.
    even: bool,
    /// Part of the right lines that begin where the column does, or two characters in.
    begins: f32,
    /// Few lines, each side centred for itself: signatures side by side.
    centred: bool,
    /// Part of the lines that are told from the line beside them by a mark that hangs.
    hanging: f32,
}

impl Prose {
    fn is_in_columns(&self) -> bool {
        let many = self.lines >= 6 && !self.all_level;
        let is_full = self.full >= 0.3 && (self.even || many);
        self.centred
            || self.wide
                && self.hanging <= 0.3
                && self.begins >= 0.6
                && (is_full || many && self.begins >= 0.8)
    }
}

/// Two columns of one width, or one beside two.
fn is_even(left: f32, right: f32, gutter: f32, em: f32) -> bool {
    let near = |a: f32, b: f32| (a - b).abs() <= 2.0 * em;
    near(left, right) || near(2.0 * left + gutter, right) || near(left, 2.0 * right + gutter)
}

/// Part of the right lines, those that are at least half as wide as the column, that begin at its edge or with an indent.
/// Lines that are set in at both ends are titles and signatures, and say nothing unless there is little else, or all is
/// level: then they are cells.
fn begins(lines: &[Rect], edge: f32, frame: Column, em: f32, all_level: bool) -> f32 {
    let wide: Vec<&Rect> = lines
        .iter()
        .filter(|line| line.x1 - line.x0 >= 0.5 * (frame.right - edge).min(12.0 * em))
        .collect();
    let is_set_in = |line: &Rect| {
        !all_level
            && line.x0 - edge > (2.0 + RAGGED) * em
            && frame.right - line.x1 > (1.0 - RAGGED) * em
    };
    let starts: Vec<f32> = wide
        .iter()
        .filter(|line| !is_set_in(line))
        .map(|line| line.x0 - edge)
        .collect();
    let at_start = starts
        .iter()
        .filter(|&&x| x.abs() <= RAGGED * em || (x - 2.0 * em).abs() <= RAGGED * em)
        .count();
    if starts.len() < 2 || 3 * starts.len() < wide.len() {
        0.0
    } else {
        at_start as f32 / starts.len() as f32
    }
}

/// The lines that stand at the height of others.
fn beside(lines: &[Rect], others: &[Rect], em: f32) -> Vec<Rect> {
    let top = others.iter().map(|line| line.y0).fold(f32::MAX, f32::min);
    let bottom = others.iter().map(|line| line.y1).fold(f32::MIN, f32::max);
    lines
        .iter()
        .copied()
        .filter(|line| line.y1 > top - 0.3 * em && line.y0 < bottom + 0.3 * em)
        .collect()
}

fn are_centred(lines: &[Rect], em: f32) -> bool {
    let centre = |line: &Rect| (line.x0 + line.x1) / 2.0;
    (2..=4).contains(&lines.len())
        && lines
            .iter()
            .all(|line| (centre(line) - centre(&lines[0])).abs() < 0.8 * em)
}

/// Boxes at one height as one, from the top.
fn lines(boxes: impl Iterator<Item = Rect>, em: f32) -> Vec<Rect> {
    let mut lines: Vec<Rect> = Vec::new();
    let middle = |bbox: &Rect| (bbox.y0 + bbox.y1) / 2.0;
    for bbox in boxes {
        match lines.last_mut() {
            Some(last) if (middle(last) - middle(&bbox)).abs() < 0.3 * em => {
                *last = last.union(bbox)
            }
            _ => lines.push(bbox),
        }
    }
    lines
}
