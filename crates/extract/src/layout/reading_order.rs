//! Reading order: gutters part a page into strips of columns, and what no gutter parts is read from the top.

mod left_column;

use super::Column;
use super::gutters::{self, Gutter, Side, TextArea};
use super::runs::{self, Mark, TextRun};
use super::tables::Table;
use crate::geom::{Level, Rect, Tolerance, bounds};

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
    pub fn bbox(&self) -> Rect {
        match self {
            Item::Run(run) => run.bbox,
            Item::Table(table) => table.bbox,
        }
    }

    pub fn mid_y(&self) -> f32 {
        self.bbox().mid_y()
    }

    /// Left edge of the ink.
    pub fn solid_left(&self) -> f32 {
        match self {
            Item::Run(run) => run.solid_left(),
            Item::Table(table) => table.bbox.x0,
        }
    }

    /// Right edge without a mark that may hang into the gutter.
    pub fn solid_right(&self) -> f32 {
        match self {
            Item::Run(run) => run.solid_right(),
            Item::Table(table) => table.bbox.x1,
        }
    }
}

/// The size of text of a page without any, in points.
const NO_TEXT: f32 = 10.0;

/// Items in reading order; `frame` is what the text of the page fills from left to right, `known` the gutters of
/// other pages. The gutters that part this page go to `found`.
pub fn in_order<'a>(
    items: Vec<Item<'a>>,
    frame: Column,
    known: &[Gutter],
    found: &mut Vec<Gutter>,
) -> Vec<Ordered<'a>> {
    let items = bound(items);
    let sizes = items.iter().filter_map(|item| match item {
        Item::Run(run) => Some((run.size, run.n_chars())),
        Item::Table(_) => None,
    });
    let area = TextArea {
        frame,
        em: crate::numeric::weighted_median(sizes.collect()).unwrap_or(NO_TEXT),
        known,
    };
    let mut out = Vec::new();
    order(items, &area, found, &mut out);
    out
}

/// From an entry to its leader, in em.
const TO_LEADER: f32 = 3.0;
/// From 目 to 录, in em: they are set over a third of the page at the most.
const ACROSS_TITLE: f32 = 12.0;
/// How far two parts of a line may overlap, in em.
const OVERLAP: f32 = 0.4;
/// Dots of the shortest leader.
const LEADER_DOTS: usize = 3;

/// The items, and as one run what no gutter parts, be the gap inside as wide: an entry of the contents and its leader,
/// 目 and 录.
fn bound(items: Vec<Item>) -> Vec<Item> {
    let mut from_left: Vec<usize> = (0..items.len()).collect();
    from_left.sort_by(|&a, &b| items[a].bbox().x0.total_cmp(&items[b].bbox().x0));
    let mut start_of: Vec<Option<usize>> = vec![None; items.len()];
    for &i in &from_left {
        start_of[i] = start_of_line(&items, &from_left, i);
    }
    if start_of.iter().all(Option::is_none) {
        return items;
    }
    let mut items: Vec<Option<Item>> = items.into_iter().map(Some).collect();
    for &i in from_left.iter().rev() {
        if let Some(j) = start_of[i]
            && let (Some(Item::Run(end)), Some(Item::Run(start))) =
                (items[i].take(), items[j].take())
        {
            let marks = [start.marks, end.marks].concat();
            items[j] = Some(Item::Run(TextRun::from_marks(marks)));
        }
    }
    items.into_iter().flatten().collect()
}

/// The item that a leader, or the second character of 目录, goes on from.
fn start_of_line(items: &[Item], from_left: &[usize], i: usize) -> Option<usize> {
    let Item::Run(run) = &items[i] else {
        return None;
    };
    let ends_title = matches!(run.marks.as_slice(), [mark] if matches!(mark.text, "录" | "次"));
    if run.vertical || !ends_title && !is_leader(run) {
        return None;
    }
    let before = from_left
        .iter()
        .copied()
        .filter(|&j| stands_before(&items[j], run))
        .max_by(|&a, &b| items[a].bbox().x1.total_cmp(&items[b].bbox().x1))?;
    let Item::Run(start) = &items[before] else {
        return None;
    };
    let gap = start.bbox.gap_x(run.bbox) / run.size;
    let is_bound = if ends_title {
        gap <= ACROSS_TITLE && matches!(start.marks.as_slice(), [mark] if mark.text == "目")
    } else {
        gap <= TO_LEADER
    };
    is_bound.then_some(before)
}

/// Whether an item is a run on the line of another one, left of it.
fn stands_before(item: &Item, run: &TextRun) -> bool {
    let level = |run: &TextRun| Level {
        y: run.mid_y(),
        em: run.size,
    };
    match item {
        Item::Run(other) => {
            !other.vertical
                && Tolerance::ROW.is_level(level(other), level(run))
                && other.bbox.x1 <= run.bbox.x0 + OVERLAP * run.size
        }
        Item::Table(_) => false,
    }
}

pub fn is_dot(mark: &Mark) -> bool {
    matches!(mark.text, "…" | "⋯" | "·" | "." | "．" | "•" | "・")
}

/// `…………15`, `......（15）`
fn is_leader(run: &TextRun) -> bool {
    let is_number = |mark: &Mark| {
        mark.text
            .chars()
            .all(|c| c.is_ascii_digit() || "()（）".contains(c) || c.is_whitespace())
    };
    run.marks.iter().take_while(|mark| is_dot(mark)).count() >= LEADER_DOTS
        && run.marks.iter().all(|mark| is_dot(mark) || is_number(mark))
}

fn order<'a>(
    items: Vec<Item<'a>>,
    area: &TextArea,
    found: &mut Vec<Gutter>,
    out: &mut Vec<Ordered<'a>>,
) {
    let Some(strip) = gutters::strip(&items, area) else {
        return from_the_top(items, area, out);
    };
    let Gutter { left, right, .. } = strip.gutter;
    found.push(strip.gutter);
    let (mut above, mut below) = (Vec::new(), Vec::new());
    let (mut on_left, mut on_right) = (Vec::new(), Vec::new());
    for item in items {
        let y = item.mid_y();
        if y < strip.rows.from {
            above.push(item);
        } else if y > strip.rows.to {
            below.push(item);
        } else {
            match (gutters::side(&item, right, area.em, strip.known), item) {
                (Side::Left, item) => on_left.push(item),
                (Side::Both, Item::Run(run)) => {
                    let (a, b) = gutters::split(run, right, area.em);
                    on_left.push(Item::Run(a));
                    on_right.push(Item::Run(b));
                }
                (_, item) => on_right.push(item),
            }
        }
    }
    let column = |left: f32, right: f32| TextArea {
        frame: Column { left, right },
        ..*area
    };
    order(above, area, found, out);
    order(on_left, &column(area.frame.left, left), found, out);
    order(on_right, &column(right, area.frame.right), found, out);
    order(below, area, found, out);
}

fn from_the_top<'a>(items: Vec<Item<'a>>, area: &TextArea, out: &mut Vec<Ordered<'a>>) {
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
    let rows = issuers_beside(runs::rows(free));
    let edges = left_column::right_edges(&rows, area);
    for (row, edge) in rows.into_iter().zip(edges) {
        let y = row.iter().map(TextRun::mid_y).fold(f32::MAX, f32::min);
        while let Some(table) = tables.next_if(|table| table.bbox.mid_y() < y) {
            out.push(Ordered::Table(table));
        }
        let bbox = bounds(row.iter().map(|run| run.bbox)).expect("a row has runs");
        let right = row.last().map_or(bbox.x1, TextRun::solid_right);
        let left = row.first().map_or(bbox.x0, TextRun::solid_left);
        out.push(Ordered::Line {
            column: Column {
                left: area.frame.left.min(left),
                right: edge.unwrap_or(area.frame.right).max(right),
            },
            runs: row,
        });
    }
    out.extend(tables.map(Ordered::Table));
}

/// Issuers side by side, one of whose names goes on in a line centred under its first: each is read as a whole.
fn issuers_beside(rows: Vec<Vec<TextRun>>) -> Vec<Vec<TextRun>> {
    /// The gap between two names, and the height of a line at most, in em.
    const BETWEEN: f32 = 2.0;
    const PITCH: f32 = 1.7;
    let mut out: Vec<Vec<TextRun>> = Vec::with_capacity(rows.len());
    let mut rows = rows.into_iter().peekable();
    while let Some(mut row) = rows.next() {
        let size = row[0].size;
        let cut = (1..row.len()).find(|&i| row[i - 1].bbox.gap_x(row[i].bbox) > BETWEEN * size);
        let under = rows
            .peek()
            .filter(|under| under[0].mid_y() - row[0].mid_y() < PITCH * size);
        let (Some(cut), Some(below)) = (cut, under) else {
            out.push(row);
            continue;
        };
        let is_left = is_centred_under(below, &row[..cut], size);
        if !is_left && !is_centred_under(below, &row[cut..], size) {
            out.push(row);
            continue;
        }
        let right = row.split_off(cut);
        let under = rows.next().expect("just seen");
        out.extend(if is_left {
            [row, under, right]
        } else {
            [row, right, under]
        });
    }
    out
}

/// Whether a line is shorter than the one above it and has the same middle.
fn is_centred_under(under: &[TextRun], above: &[TextRun], size: f32) -> bool {
    /// How far the middles lie apart, and how much shorter the line is at each end, in em.
    const OFF: f32 = 0.6;
    const SHORTER: f32 = 1.0;
    let ends = |runs: &[TextRun]| (runs[0].bbox.x0, runs[runs.len() - 1].bbox.x1);
    let ((left, right), (start, end)) = (ends(under), ends(above));
    left > start + SHORTER * size
        && right < end - SHORTER * size
        && ((start + end) / 2.0 - (left + right) / 2.0).abs() < OFF * size
}
