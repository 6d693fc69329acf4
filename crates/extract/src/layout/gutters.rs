//! Gutters: what shows that the lines left and right of a blank are two columns, and not pieces of lines.

mod across;
mod headed_lists;

use super::Column;
use super::reading_order::{Item, is_dot};
use super::runs::{TextRun, is_hanging};
use crate::geom::{self, Interval, Level, Rect, Tolerance, bounds};

/// The right edge of a column and the left edge of the next one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gutter {
    pub left: f32,
    pub right: f32,
    /// Lines of the shorter column.
    pub n_lines: usize,
}

/// Where text is looked for: what it fills from left to right, its size, and the gutters of other pages.
#[derive(Debug, Clone, Copy)]
pub struct TextArea<'k> {
    pub frame: Column,
    pub em: f32,
    pub known: &'k [Gutter],
}

impl TextArea<'_> {
    /// Whether columns of at least this width stand left and right of a gutter.
    pub fn has_inside(&self, gutter: &Gutter, width: f32) -> bool {
        gutter.left > self.frame.left + width && gutter.right < self.frame.right - width
    }
}

/// Two columns side by side.
#[derive(Debug, Clone, Copy)]
pub struct Strip {
    pub gutter: Gutter,
    /// From the top of the first line to the bottom of the last one.
    pub rows: Interval,
    /// Where the left column ends on other pages that have this gutter.
    pub known: Option<f32>,
    /// The more lines on both sides, the better.
    score: f32,
}

/// Where an item stands against the edge at which a right column begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
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
pub const COLUMN: f32 = 8.0;
/// The narrowest name of an issuer, in em.
const NAME: f32 = 5.0;
/// How far line starts of one column differ, in em: skew of a scan.
const RAGGED: f32 = 0.35;
/// How far the last character of a hidden line may overshoot the edge, the one before it that edge, and the gutter of
/// other pages, in em: the hidden lines of a searchable page are as long as their font makes them.
const OVERSHOOT: f32 = 0.7;
const BEFORE_OVERSHOOT: f32 = 0.2;
const OVERSHOOT_KNOWN: f32 = 0.9;
/// Characters of a hidden line, at least.
const HIDDEN_LINE: usize = 5;
/// Two titles that stand level are parted by a gap so much wider than those between their characters, and as wide as one of
/// them, in em: a quotation mark leaves half of that.
const WIDEST: f32 = 1.5;
const TITLES_APART: f32 = 0.9;
/// The shortest piece of a line whose last mark hangs into the gutter, in em.
const HANGING_LINE: f32 = 3.0;
/// Line starts nearer than this are one, in em.
const SAME_START: f32 = 0.15;
/// A right column begins this far before the right end of the text, at least, in em.
const LAST_START: f32 = 2.0;
/// Lines that make a strip of two columns, at least.
const FEWEST_ITEMS: usize = 3;
/// A blank through both columns, so much higher than a line, ends a strip.
const BLANK_LINES: f32 = 3.0;
/// Items nearer than this in height are on one line, in points.
const SAME_LINE: f32 = 3.0;

pub fn side(item: &Item, edge: f32, em: f32, known: Option<f32>) -> Side {
    let bbox = item.bbox();
    if item.solid_left() >= edge - RAGGED * em {
        return Side::Right;
    }
    if item.solid_right() <= edge - GUTTER * em && bbox.x1 <= edge + RAGGED * em {
        return Side::Left;
    }
    match item {
        Item::Run(run) if known.is_some_and(|known| is_overshot(run, edge, em, known)) => {
            Side::Left
        }
        Item::Run(run) if split_at(run, edge, em).is_some() => Side::Both,
        _ => Side::Across,
    }
}

/// Whether a hidden line of the left column overshoots by its last character.
fn is_overshot(run: &TextRun, edge: f32, em: f32, known: f32) -> bool {
    let n = run.marks.len();
    n > HIDDEN_LINE
        && run.bbox.x1 <= edge + OVERSHOOT * em
        && run.marks[n - 2].bbox.x1
            <= (edge + BEFORE_OVERSHOOT * em).min(known + OVERSHOOT_KNOWN * em)
}

/// Index of the first mark right of the edge, if the text before it ends at a gutter: but for a mark that hangs, or
/// because two titles stand level, whose characters are set apart.
fn split_at(run: &TextRun, edge: f32, em: f32) -> Option<usize> {
    let marks = &run.marks;
    let first = marks
        .iter()
        .position(|mark| mark.ink_left() >= edge - RAGGED * em)?;
    let before = marks.get(first.checked_sub(1)?)?;
    // What is bound is one line, wherever its gap stands.
    if is_dot(&marks[first]) || marks.len() == 2 && before.text == "目" {
        return None;
    }
    let gap = |i: usize| marks[i - 1].bbox.gap_x(marks[i].bbox);
    if before.bbox.x1 <= edge - GUTTER * em {
        let widest = (1..marks.len())
            .filter(|&i| i != first)
            .map(gap)
            .fold(0.0, f32::max);
        let is_apart = gap(first) > (WIDEST * widest).max(TITLES_APART * run.size);
        return is_apart.then_some(first);
    }
    let solid = marks.get(first.checked_sub(2)?)?.ink();
    let is_start = [marks[first].bbox.x0, marks[first].ink_left()]
        .iter()
        .any(|start| (start - edge).abs() <= RAGGED * em);
    let is_leader = before.text == marks[first - 2].text;
    // What ends with a mark in the gutter is a line that fills its column.
    let is_long = before.bbox.x1 - marks[0].bbox.x0 >= HANGING_LINE * em;
    (is_start
        && is_long
        && !is_leader
        && is_hanging(before.text)
        && before.ink().to <= edge + RAGGED * em
        && solid.to <= edge - GUTTER * em)
        .then_some(first)
}

pub fn split<'a>(mut run: TextRun<'a>, edge: f32, em: f32) -> (TextRun<'a>, TextRun<'a>) {
    let first = split_at(&run, edge, em).expect("asked before");
    let right = run.marks.split_off(first);
    (TextRun::from_marks(run.marks), TextRun::from_marks(right))
}

/// An item and the side of the gutter on which it stands.
type Sided<'i> = (&'i Item<'i>, Side);

/// An edge at which a right column may begin: lines begin there, or other pages have a gutter there.
#[derive(Debug, Clone, Copy)]
struct Edge<'k> {
    x: f32,
    known: Option<&'k Gutter>,
}

/// The best strip of two columns, if there is one.
pub fn strip(items: &[Item], area: &TextArea) -> Option<Strip> {
    let Column { left, right } = area.frame;
    if right - left < 2.0 * COLUMN * area.em || items.len() < FEWEST_ITEMS {
        return None;
    }
    let mut from_the_top: Vec<&Item> = items.iter().collect();
    from_the_top.sort_by(|a, b| {
        a.mid_y()
            .total_cmp(&b.mid_y())
            .then(a.bbox().x0.total_cmp(&b.bbox().x0))
    });
    let mut best: Option<Strip> = None;
    for edge in edges(items, area) {
        for found in strips_at(edge, &from_the_top, area) {
            if best.is_none_or(|best| found.score > best.score) {
                best = Some(found);
            }
        }
    }
    best
}

fn edges<'k>(items: &[Item], area: &TextArea<'k>) -> Vec<Edge<'k>> {
    let em = area.em;
    // No column of text begins with numbers alone: those are set right, at the end of entries.
    let mut starts: Vec<f32> = items
        .iter()
        .filter(|item| !is_number(item))
        .map(|item| item.bbox().x0)
        .filter(|x| *x > area.frame.left + COLUMN * em && *x < area.frame.right - LAST_START * em)
        .collect();
    starts.sort_by(f32::total_cmp);
    starts.dedup_by(|b, a| *b - *a < SAME_START * em);
    let starts = starts.into_iter().map(|x| Edge { x, known: None });
    let known = area
        .known
        .iter()
        .filter(|gutter| area.has_inside(gutter, COLUMN * em));
    starts
        .chain(known.map(|gutter| Edge {
            x: gutter.right,
            known: Some(gutter),
        }))
        .collect()
}

fn is_number(item: &Item) -> bool {
    matches!(item, Item::Run(run) if run.number().is_some())
}

/// `…的通知（12）`, `…的通知 12`, and a number alone.
fn ends_with_number(item: &Item) -> bool {
    let Item::Run(run) = item else {
        return false;
    };
    let mut from_the_end = run.marks.iter().rev().map(|mark| mark.text);
    let last = from_the_end.find(|text| !matches!(*text, "）" | ")"));
    last.is_some_and(|text| text.chars().all(|c| c.is_ascii_digit()))
}

/// The strips that an edge parts: from one item that goes across it to the next.
fn strips_at(edge: Edge, from_the_top: &[&Item], area: &TextArea) -> Vec<Strip> {
    let known = edge.known.map(|known| known.left);
    let mut sided: Vec<Sided> = from_the_top
        .iter()
        .map(|item| (*item, side(item, edge.x, area.em, known)))
        .collect();
    across::mark(&mut sided, area);
    sided
        .split(|(_, side)| *side == Side::Across)
        .flat_map(between_blanks)
        .filter_map(|part| judge(part, edge, area))
        .collect()
}

/// Parts of a strip between blank bands that go through both columns and are much higher than the space between lines.
fn between_blanks<'r, 'i>(strip: &'r [Sided<'i>]) -> Vec<&'r [Sided<'i>]> {
    let mut pitches = pitches(strip, Side::Left);
    pitches.extend(self::pitches(strip, Side::Right));
    let Some(pitch) = crate::numeric::median(pitches) else {
        return vec![strip];
    };
    let mut out = Vec::new();
    let mut start = 0;
    let mut bottom = f32::MIN;
    for (i, (item, _)) in strip.iter().enumerate() {
        if i > start && item.bbox().y0 - bottom > BLANK_LINES * pitch {
            out.push(&strip[start..i]);
            start = i;
        }
        bottom = bottom.max(item.bbox().y1);
    }
    out.push(&strip[start..]);
    out
}

/// From line to line of one column.
fn pitches(strip: &[Sided], side: Side) -> Vec<f32> {
    let ys: Vec<f32> = strip
        .iter()
        .filter(|(_, s)| *s == side || *s == Side::Both)
        .map(|(item, _)| item.mid_y())
        .collect();
    ys.windows(2)
        .map(|pair| pair[1] - pair[0])
        .filter(|pitch| *pitch > SAME_LINE)
        .collect()
}

/// The lines of one column: the middle of each, and the height of those that are tables.
#[derive(Debug, Default)]
struct Lines(Vec<(f32, f32)>);

impl Lines {
    /// How many lines these are; a table beside text counts as the lines it is as high as.
    fn count(&self, em: f32) -> usize {
        /// Lines nearer than this are one, and a line of text is as high, in em.
        const ONE: f32 = 0.5;
        const PITCH: f32 = 2.0;
        let mut n = 0;
        let mut last = f32::MIN;
        for (y, height) in &self.0 {
            if y - last > ONE * em {
                n += 1 + (height / (PITCH * em)) as usize;
                last = *y;
            }
        }
        n
    }

    fn extent(&self) -> Interval {
        let ends = self
            .0
            .iter()
            .map(|(y, height)| Interval::new(y - height / 2.0, y + height / 2.0));
        ends.reduce(Interval::union)
            .unwrap_or(Interval::new(f32::MAX, f32::MIN))
    }
}

/// Two columns as they are measured.
#[derive(Debug)]
struct Columns {
    left: Lines,
    right: Lines,
    /// From the first line start to the last line end.
    left_extent: Interval,
    right_extent: Interval,
    /// Where each line of the left column alone ends.
    line_ends: Vec<f32>,
    /// Where the longest of those ends that no number does: entries end before their numbers, which are set right.
    text_end: f32,
}

impl Columns {
    /// What an edge parts; `None` if it is an indent in the right column, or parts nothing.
    fn measure(strip: &[Sided], edge: Edge, em: f32) -> Option<Self> {
        /// How far before the edge a line of the right column may begin, in em.
        const INDENT: f32 = 0.2;
        let mut columns = Self {
            left: Lines::default(),
            right: Lines::default(),
            left_extent: Interval::new(f32::MAX, f32::MIN),
            right_extent: Interval::new(f32::MAX, f32::MIN),
            line_ends: Vec::new(),
            text_end: f32::MIN,
        };
        for (item, side) in strip {
            columns.add(item, *side, edge, em);
        }
        let is_edge = columns.right_extent.from >= edge.x - INDENT * em;
        (is_edge && columns.left_extent.to != f32::MIN).then_some(columns)
    }

    fn add(&mut self, item: &Item, side: Side, edge: Edge, em: f32) {
        let bbox = item.bbox();
        let height = match item {
            Item::Table(table) => table.bbox.height(),
            Item::Run(_) => 0.0,
        };
        let line = (item.mid_y(), height);
        if matches!(side, Side::Left | Side::Both) {
            self.left.0.push(line);
            self.left_extent.from = self.left_extent.from.min(bbox.x0);
        }
        if side == Side::Left {
            let own = item.solid_right();
            let is_overshot = own > edge.x - GUTTER * em;
            let end = edge
                .known
                .filter(|_| is_overshot)
                .map_or(own, |known| known.left);
            self.left_extent.to = self.left_extent.to.max(end);
            self.line_ends.push(end);
            if !ends_with_number(item) {
                self.text_end = self.text_end.max(end);
            }
        }
        if matches!(side, Side::Right | Side::Both) {
            let start = if side == Side::Both {
                edge.x
            } else {
                item.solid_left()
            };
            self.right.0.push(line);
            self.right_extent = self.right_extent.union(Interval::new(start, bbox.x1));
        }
    }

    /// Each line of the right column that stands beside the left one has a line of that at its height: pieces of one line
    /// stand on one baseline.
    fn are_all_level(&self, em: f32) -> bool {
        /// Differences of one baseline; and how far beyond the left column a line still stands beside it, in em.
        const BASELINE: f32 = 0.08;
        const BESIDE: f32 = 0.5;
        let mut lefts: Vec<f32> = self.left.0.iter().map(|(y, _)| *y).collect();
        lefts.sort_by(f32::total_cmp);
        let reach = self.left.extent().widened(BESIDE * em);
        let mut beside = self
            .right
            .0
            .iter()
            .map(|(y, _)| *y)
            .filter(|y| reach.contains(*y))
            .peekable();
        let is_level = |y: f32| {
            let next = lefts.partition_point(|other| *other <= y - BASELINE * em);
            lefts
                .get(next)
                .is_some_and(|other| (other - y).abs() < BASELINE * em)
        };
        beside.peek().is_some() && beside.all(is_level)
    }

    /// The narrower of the two.
    fn width(&self, edge: f32) -> f32 {
        let right_start = self.right_extent.from.min(edge);
        (self.left_extent.length()).min(self.right_extent.to - right_start)
    }
}

/// Whether the items left and right of an edge are two columns.
fn judge(strip: &[Sided], edge: Edge, area: &TextArea) -> Option<Strip> {
    let em = area.em;
    let columns = Columns::measure(strip, edge, em)?;
    let (n_left, n_right) = (columns.left.count(em), columns.right.count(em));
    let n_lines = n_left.min(n_right);
    let left_edge = columns.left_extent.to;
    let gutter = edge.x - left_edge;
    if edge.known.is_none() && n_lines < 2
        || gutter < GUTTER * em
        || columns.width(edge.x) < NAME * em
    {
        return None;
    }
    let (left_rows, right_rows) = (columns.left.extent(), columns.right.extent());
    // A column of one line has no height.
    let is_line_of_known =
        n_lines == 1 && edge.known.is_some() && left_rows.overlap(right_rows) >= 0.0;
    if left_rows.overlap(right_rows) < SIDE_BY_SIDE * em && !is_line_of_known {
        return None;
    }
    let evidence = ColumnEvidence::measure(strip, &columns, edge.x, area);
    let fits = edge.known.is_some_and(|known| {
        fits_known(known, left_edge, [n_left, n_right], em)
            && (n_lines > 1 || evidence.is_line_of_prose(columns.right_extent.from, edge.x, em))
            || left_edge < known.left && evidence.begins_as_known()
    });
    if evidence.is_of_names || edge.known.is_some() && !fits {
        return None;
    }
    let are_pieces = evidence.all_level
        && gutter > WIDE_GUTTER * em
        && !evidence.is_plain()
        && !evidence.is_headed;
    if !fits && (are_pieces || !evidence.is_of_columns()) {
        return None;
    }
    let rows = left_rows.union(right_rows);
    Some(Strip {
        gutter: Gutter {
            left: left_edge,
            right: edge.x,
            n_lines,
        },
        rows: rows.widened(0.01),
        known: edge.known.filter(|_| fits).map(|known| known.left),
        score: score([n_left, n_right], evidence.n_full, gutter / em, fits),
    })
}

/// Each column has lines at the height of the other, over so much, in em.
const SIDE_BY_SIDE: f32 = 0.5;

/// Two short columns (the end of a text, and its signature) show themselves by the gutter of other pages.
fn fits_known(known: &Gutter, left_edge: f32, n_lines: [usize; 2], em: f32) -> bool {
    /// How far the left column ends from there, in em; and lines of both.
    const SAME: f32 = 0.5;
    const ENOUGH: usize = 3;
    (left_edge - known.left).abs() <= SAME * em
        && n_lines[0] + n_lines[1] >= ENOUGH
        && n_lines[0].min(n_lines[1]) >= 1
}

/// Whether a line begins where its column does, or with an indent.
fn begins_at(x: f32, edge: f32, em: f32) -> bool {
    /// The indent of a paragraph, in em.
    const INDENT: f32 = 2.0;
    [edge, edge + INDENT * em]
        .iter()
        .any(|start| (x - start).abs() <= RAGGED * em)
}

/// How good a strip is: a line of both columns counts most, then a line of the left one that reaches the gutter; one more
/// line of one column, or a wider gutter, decides between edges that are as good otherwise.
fn score(n_lines: [usize; 2], n_full: usize, gutter: f32, fits: bool) -> f32 {
    const LINE_OF_ONE: f32 = 0.1;
    const FULL_LINE: f32 = 0.3;
    const EM_OF_GUTTER: f32 = 0.1;
    const WIDEST: f32 = 2.0;
    n_lines[0].min(n_lines[1]) as f32
        + LINE_OF_ONE * (n_lines[0] + n_lines[1]) as f32
        + FULL_LINE * n_full as f32
        + gutter.min(WIDEST) * EM_OF_GUTTER
        + if fits { 1.0 } else { 0.0 }
}

/// What shows that the lines left and right of a gutter are two columns of text, not pieces of lines.
#[derive(Debug, Clone, Copy, Default)]
struct ColumnEvidence {
    /// Lines of the shorter column.
    n_lines: usize,
    /// Each line of the one has one of the other at its height: a grid, or pieces of lines.
    all_level: bool,
    /// Both sides are as wide as a column.
    is_wide: bool,
    /// Left lines that reach the gutter, and their part of all.
    n_full: usize,
    full: f32,
    /// The columns are of one width.
    is_even: bool,
    /// A right line reaches the end of what the text fills.
    reaches_end: bool,
    /// Part of the right lines that begin where the column does, or two characters in.
    begins: f32,
    /// Few lines, each side centred for itself: signatures side by side.
    is_centred: bool,
    /// Part of the lines that are told from the line beside them by a mark that hangs.
    hanging: f32,
    /// Most lines of the shorter column have one of the other at their side: the gutter parts lines that would go on.
    is_beside: bool,
    /// Both columns begin with a label and a colon, and what follows stands under it.
    is_headed: bool,
    /// Names in rows: the lines have blanks as wide as the gutter inside.
    is_of_names: bool,
}

impl ColumnEvidence {
    fn measure(strip: &[Sided], columns: &Columns, edge: f32, area: &TextArea) -> Self {
        /// A line that ends so far before the gutter reaches it: a mark went to the next one, in em.
        const FULL: f32 = 1.1;
        let em = area.em;
        let left_edge = columns.left_extent.to;
        let (n_left, n_right) = (columns.left.count(em), columns.right.count(em));
        let lefts = lines_of(strip, Side::Left, em);
        let rights = lines_of(strip, Side::Right, em);
        let all_level = columns.are_all_level(em);
        let reaches = |to: f32| {
            let ends = columns.line_ends.iter();
            ends.filter(|end| (to - FULL * em..=to).contains(*end))
                .count()
        };
        let n_full = reaches(left_edge).max(reaches(columns.text_end));
        let n_both = strip.iter().filter(|(_, side)| *side == Side::Both).count();
        let widths = [left_edge - area.frame.left, area.frame.right - edge];
        Self {
            n_lines: n_left.min(n_right),
            all_level,
            is_wide: columns.width(edge) >= COLUMN * em,
            n_full,
            full: n_full as f32 / lefts.len().max(1) as f32,
            is_even: is_even(widths, edge - left_edge, em),
            reaches_end: columns.right_extent.to > area.frame.right - FULL * em,
            begins: begins(&rights, edge, area, all_level),
            is_centred: !all_level
                && overlap_in_height(&lefts, &rights)
                && are_centred(&beside(&lefts, &rights, em), em)
                && are_centred(&beside(&rights, &lefts, em), em),
            hanging: n_both as f32 / n_left as f32,
            is_beside: stand_beside(&lefts, &rights, em),
            is_headed: headed_lists::range(strip, em) == Some(0..strip.len()),
            is_of_names: all_level && are_names(strip, edge - left_edge, em),
        }
    }

    /// Lines that are evidence by their number.
    const MANY: usize = 6;
    const FEW: usize = 3;
    /// Parts of the lines: that reach the gutter, that begin at the edge (of many lines, which need no other proof,
    /// more), and that are told apart by a mark alone.
    const FULL: f32 = 0.3;
    const BEGIN: f32 = 0.6;
    const MANY_BEGIN: f32 = 0.8;
    const HANGING: f32 = 0.3;

    /// Short lines beside prose that begins where the right column does on other pages: what ends early reaches no gutter.
    fn begins_as_known(&self) -> bool {
        self.n_lines >= Self::FEW
            && self.is_beside
            && self.reaches_end
            && self.begins >= Self::MANY_BEGIN
    }

    /// Whether most lines of the left column are full, as is all prose but its last line, and the right one begins at its edge,
    /// where one of both is a single line.
    fn is_line_of_prose(&self, right_start: f32, edge: f32, em: f32) -> bool {
        const MOST_FULL: f32 = 0.6;
        self.full >= MOST_FULL && begins_at(right_start, edge, em)
    }

    /// Two columns as many pages have them, of one width, on one grid of lines: the gutter may be as wide as it likes.
    fn is_plain(&self) -> bool {
        self.n_lines >= Self::MANY
            && self.is_even
            && self.full >= Self::FULL
            && self.begins >= Self::MANY_BEGIN
    }

    fn is_of_columns(&self) -> bool {
        let is_many = self.n_lines >= Self::MANY && !self.all_level;
        let is_full = self.full >= Self::FULL && (self.is_even || is_many);
        self.is_centred
            || self.is_headed
            || self.is_wide
                && self.is_beside
                && self.hanging <= Self::HANGING
                && self.begins >= Self::BEGIN
                && (is_full || is_many && self.begins >= Self::MANY_BEGIN)
    }
}

/// Whether most rows are short pieces that blanks part which are as wide as the gutter: a list of names, whose gaps stand
/// one above the other.
fn are_names(strip: &[Sided], gutter: f32, em: f32) -> bool {
    /// The blank inside against the gutter, which the longest name of a column narrows; and the longest name, in em.
    const AS_WIDE: f32 = 0.7;
    const NAME: f32 = 6.0;
    let boxes = strip.iter().map(|(item, _)| item.bbox());
    let rows = geom::rows(boxes, Tolerance::ROW, |bbox| Level {
        y: bbox.mid_y(),
        em,
    });
    let is_of_names = |row: &&Vec<Rect>| {
        let pieces = geom::pieces((*row).clone(), AS_WIDE * gutter, |bbox| *bbox);
        let n_names = pieces
            .iter()
            .filter_map(|piece| bounds(piece.iter().copied()));
        pieces.len() > 2 && n_names.filter(|name| name.width() <= NAME * em).count() > 2
    };
    2 * rows.iter().filter(is_of_names).count() > rows.len()
}

/// Two columns of one width, or one beside two.
fn is_even([left, right]: [f32; 2], gutter: f32, em: f32) -> bool {
    /// How far the widths differ, in em.
    const SAME_WIDTH: f32 = 2.0;
    let is_as_wide = |a: f32, b: f32| (a - b).abs() <= SAME_WIDTH * em;
    is_as_wide(left, right)
        || is_as_wide(2.0 * left + gutter, right)
        || is_as_wide(left, 2.0 * right + gutter)
}

/// Part of the right lines, those that are at least half as wide as the column, that begin at its edge or with an indent.
/// Lines that are set in at both ends are titles and signatures, and say nothing unless there is little else, or all is
/// level: then they are cells.
fn begins(lines: &[Rect], edge: f32, area: &TextArea, all_level: bool) -> f32 {
    /// The widest column, in em, that half of counts; the indent of a paragraph; the end of a line that is set in.
    const WIDE: f32 = 12.0;
    const INDENT: f32 = 2.0;
    const SHORT: f32 = 1.0;
    /// Lines that tell, and their part of the wide ones.
    const ENOUGH: usize = 2;
    const PART: usize = 3;
    let (em, right) = (area.em, area.frame.right);
    let is_set_in = |line: &Rect| {
        !all_level
            && line.x0 - edge > (INDENT + RAGGED) * em
            && right - line.x1 > (SHORT - RAGGED) * em
    };
    let width = 0.5 * (right - edge).min(WIDE * em);
    let wide: Vec<&Rect> = lines.iter().filter(|line| line.width() >= width).collect();
    let starts: Vec<f32> = wide
        .iter()
        .filter(|line| !is_set_in(line))
        .map(|line| line.x0 - edge)
        .collect();
    let n_at_start = starts.iter().filter(|&&x| begins_at(x, 0.0, em)).count();
    if starts.len() < ENOUGH || PART * starts.len() < wide.len() {
        0.0
    } else {
        n_at_start as f32 / starts.len() as f32
    }
}

/// Whether most lines of the shorter column have a line of the other at their side. A signature that stands right of nothing,
/// between a paragraph that ends above it and a title below, is no column.
fn stand_beside(lefts: &[Rect], rights: &[Rect], em: f32) -> bool {
    /// How far the middles of lines beside each other differ, in em: half of what two lines of one column do.
    const BESIDE: f32 = 1.2;
    let (shorter, longer) = if lefts.len() < rights.len() {
        (lefts, rights)
    } else {
        (rights, lefts)
    };
    let has_beside = |line: &&Rect| {
        let y = line.mid_y();
        let next = longer.partition_point(|other| other.mid_y() < y - BESIDE * em);
        let is_tall = |other: &Rect| other.down().contains(y);
        longer
            .get(next)
            .is_some_and(|other| other.mid_y() <= y + BESIDE * em)
            || longer.iter().any(is_tall)
    };
    2 * shorter.iter().filter(has_beside).count() >= shorter.len()
}

/// Whether any line of one column stands at the height of one of the other.
fn overlap_in_height(lefts: &[Rect], rights: &[Rect]) -> bool {
    lefts
        .iter()
        .any(|left| rights.iter().any(|right| left.overlap_y(*right) > 0.0))
}

/// The lines that stand at the height of others.
fn beside(lines: &[Rect], others: &[Rect], em: f32) -> Vec<Rect> {
    let slack = Tolerance::ROW.0 * em;
    let Some(others) = bounds(others.iter().copied()) else {
        return Vec::new();
    };
    lines
        .iter()
        .copied()
        .filter(|line| line.y1 > others.y0 - slack && line.y0 < others.y1 + slack)
        .collect()
}

/// Whether a few lines have one middle, as a signature has.
fn are_centred(lines: &[Rect], em: f32) -> bool {
    const FEW: std::ops::RangeInclusive<usize> = 2..=4;
    /// In em.
    const OFF: f32 = 0.8;
    FEW.contains(&lines.len())
        && lines
            .iter()
            .all(|line| (line.mid_x() - lines[0].mid_x()).abs() < OFF * em)
}

/// The lines of one side, from the top: boxes at one height as one.
fn lines_of(strip: &[Sided], which: Side, em: f32) -> Vec<Rect> {
    let boxes = strip
        .iter()
        .filter(|(_, side)| *side == which)
        .map(|(item, _)| item.bbox());
    let rows = geom::rows(boxes, Tolerance::ROW, |bbox| Level {
        y: bbox.mid_y(),
        em,
    });
    rows.into_iter().filter_map(bounds).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_lines_that_begin_at_one_edge_are_a_column() {
        let prose = ColumnEvidence {
            n_lines: 8,
            is_wide: true,
            is_beside: true,
            begins: 0.9,
            ..ColumnEvidence::default()
        };
        assert!(prose.is_of_columns());
        let cells = ColumnEvidence {
            all_level: true,
            ..prose
        };
        assert!(!cells.is_of_columns());
        let even = ColumnEvidence {
            n_lines: 3,
            full: 0.5,
            is_even: true,
            ..prose
        };
        assert!(even.is_of_columns());
    }

    #[test]
    fn lines_that_stand_beside_nothing_are_no_column() {
        let line = |x: f32, y: f32| Rect::from([x, y, x + 90.0, y + 10.0]);
        let lefts = [line(60.0, 178.0), line(60.0, 258.0), line(60.0, 285.0)];
        let signature = [line(418.0, 197.0), line(418.0, 217.0)];
        assert!(!stand_beside(&lefts, &signature, 10.0));
        let column = [line(418.0, 180.0), line(418.0, 262.0)];
        assert!(stand_beside(&lefts, &column, 10.0));
    }

    #[test]
    fn columns_of_one_width_or_one_beside_two() {
        assert!(is_even([160.0, 170.0], 16.0, 10.0));
        assert!(is_even([160.0, 336.0], 16.0, 10.0));
        assert!(!is_even([160.0, 220.0], 16.0, 10.0));
    }
}
