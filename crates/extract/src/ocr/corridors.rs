//! Blank corridors from top to bottom between columns of text.

use std::ops::Range;

use crate::raster::Bilevel;

/// What parts the text left of it from the text right of it.
#[derive(Debug, Clone, Copy)]
pub struct Wall {
    pub x: f64,
    pub from: f64,
    pub to: f64,
}

impl Wall {
    /// Whether it stands between two places of a row.
    pub fn is_between(&self, left: usize, right: usize, y: f64) -> bool {
        self.x >= left as f64 && self.x <= right as f64 && y >= self.from && y <= self.to
    }
}

// The page is searched in cells of a quarter of a character.

/// The width of a corridor, in cells. Between characters of a line there is as much blank after a comma, but not in
/// several lines one below the other.
const WIDE: usize = 3;
/// The lines that prove a corridor, at the least.
const LINES: usize = 3;
/// The lines on both sides that prove that the page is set in columns.
const GUTTER: usize = 8;

/// A blank stretch of cells down the page.
#[derive(Debug, Clone, Copy)]
struct Corridor {
    x: usize,
    width: usize,
    from: usize,
    to: usize,
}

impl Corridor {
    /// The wall in its middle; `n` is the pixels of a cell.
    fn wall(&self, n: usize) -> Wall {
        Wall {
            x: (self.x * n) as f64 + (self.width * n) as f64 / 2.0,
            from: (self.from * n) as f64,
            to: (self.to * n) as f64,
        }
    }
}

/// The walls in the blank corridors of a page; `em` is the size of its characters.
pub fn corridors(ink: &Bilevel, em: f64) -> Vec<Wall> {
    const CELLS_TO_EM: f64 = 4.0;
    let n = ((em / CELLS_TO_EM).round() as usize).max(1);
    let cells = ink.any(n);
    let mut walls = Vec::new();
    for x in 1..cells.width.saturating_sub(WIDE) {
        for corridor in blanks_at(&cells, x) {
            let n_lines = lines_beside(&cells, &corridor);
            if n_lines >= LINES {
                walls.push(corridor.wall(n));
            }
            if n_lines >= GUTTER {
                walls.extend(continuations(&cells, &corridor).iter().map(|c| c.wall(n)));
            }
        }
    }
    walls
}

/// The corridors whose left edge is at `x`: they can't be shifted further left.
fn blanks_at(cells: &Bilevel, x: usize) -> Vec<Corridor> {
    /// The height of a corridor at the least, in cells: four for each line.
    const LEAST: usize = 4 * LINES;
    let mut corridors = Vec::new();
    let mut y = 0;
    while y < cells.height {
        let to = (y..cells.height)
            .find(|&y| !is_blank(cells, x..x + WIDE, y))
            .unwrap_or(cells.height);
        if to > y + LEAST && (y..to).any(|y| cells.row(y)[x - 1] == 1) {
            corridors.push(Corridor {
                x,
                width: WIDE,
                from: y,
                to,
            });
        }
        y = to + 1;
    }
    corridors
}

fn is_blank(cells: &Bilevel, columns: Range<usize>, y: usize) -> bool {
    cells.row(y)[columns].iter().all(|&ink| ink == 0)
}

/// How many lines speak for a corridor, on the side that has fewer: none unless enough of them come close to it.
fn lines_beside(cells: &Bilevel, corridor: &Corridor) -> usize {
    /// How far from the corridor text may begin, in cells: lines end short of the column at the end of paragraphs.
    const REACH: usize = 24;
    let Corridor { x, width, from, to } = *corridor;
    // Text on the right begins where the blank ends.
    let right = x + width;
    let left_lines = lines(cells, from..to, x.saturating_sub(REACH)..x);
    let right_lines = lines(cells, from..to, right..(right + REACH).min(cells.width));
    let n_lines = left_lines.min(right_lines);
    if n_lines >= LINES && tight_lines(cells, corridor) >= LINES {
        n_lines
    } else {
        0
    }
}

/// How many lines begin in some rows and columns.
fn lines(cells: &Bilevel, rows: Range<usize>, columns: Range<usize>) -> usize {
    let mut n = 0;
    let mut was_blank = true;
    for y in rows {
        let is_blank = is_blank(cells, columns.clone(), y);
        n += usize::from(was_blank && !is_blank);
        was_blank = is_blank;
    }
    n
}

/// How many lines have text close to a corridor on both sides. What has more blank is parted without a wall: beside lines
/// that are indented the blank after one comma would be a corridor.
fn tight_lines(cells: &Bilevel, corridor: &Corridor) -> usize {
    /// How close text comes to a corridor, in cells.
    const TIGHT: usize = 4;
    let right = corridor.x + corridor.width;
    let left = corridor.x.saturating_sub(TIGHT)..corridor.x;
    let right = right..(right + TIGHT).min(cells.width);
    let mut n = 0;
    let (mut has_left, mut has_right) = (false, false);
    for y in corridor.from..corridor.to {
        let on_left = !is_blank(cells, left.clone(), y);
        let on_right = !is_blank(cells, right.clone(), y);
        if !on_left && !on_right {
            n += usize::from(has_left && has_right);
            (has_left, has_right) = (false, false);
        }
        (has_left, has_right) = (has_left || on_left, has_right || on_right);
    }
    n + usize::from(has_left && has_right)
}

/// How a gutter goes on above and below: a mark that hangs over the edge of its column narrows it, line by line.
fn continuations(cells: &Bilevel, gutter: &Corridor) -> Vec<Corridor> {
    /// The height of a line with the blank under it, in cells.
    const LINE: usize = 6;
    /// How much of that the next one begins before its end.
    const OVERLAP: usize = 2;
    let mut out = Vec::new();
    let mut at = gutter.to;
    while at + LINE <= cells.height
        && let Some(corridor) = narrow_corridor(cells, gutter.x, at..at + LINE)
    {
        out.push(corridor);
        at += LINE - OVERLAP;
    }
    let mut at = gutter.from;
    while at >= LINE
        && let Some(corridor) = narrow_corridor(cells, gutter.x, at - LINE..at)
    {
        out.push(corridor);
        at -= LINE - OVERLAP;
    }
    out
}

/// A blank beside a hanging mark near a gutter.
fn narrow_corridor(cells: &Bilevel, gutter_x: usize, rows: Range<usize>) -> Option<Corridor> {
    /// The width of the blank, in cells.
    const NARROW: usize = 2;
    /// How far it may lie beside the gutter's edge, in cells.
    const ASIDE: usize = 4;
    let mut xs = gutter_x.saturating_sub(ASIDE)..(gutter_x + ASIDE + 1).min(cells.width - WIDE);
    let is_free = |x: &usize| rows.clone().all(|y| is_blank(cells, *x..*x + NARROW, y));
    Some(Corridor {
        x: xs.find(is_free)?,
        width: NARROW,
        from: rows.start,
        to: rows.end,
    })
}
