//! Boxes beside the text: what a frame holds is read by itself.

use super::PageRuns;
use super::rulings::{self, RulingLine};
use super::runs::TextRun;
use crate::geom::{Rect, is_near};

/// Width of the widest box, against that of the page: a wider one is a frame around the text.
const WIDEST: f32 = 0.6;
/// Lines of text beside a box, at least.
const BESIDE: usize = 3;
/// How far the edges of a column lie from those of a box in it, in em, and the width of its lines against that of the box.
const COLUMN_EDGE: f32 = 1.0;
const COLUMN_LINE: f32 = 0.6;
/// Level rulings of a page that can be boxes; more are a pattern.
const MOST_RULINGS: usize = 60;
/// How far what stands in a box may reach over its edge, in points.
const OVER: f32 = 2.0;

/// The boxes that stand beside the text of a page.
pub fn boxes(page: &PageRuns) -> Vec<Rect> {
    frames(page)
        .into_iter()
        .filter(|frame| stands_beside(frame, page))
        .collect()
}

/// The box that a run stands in, by its index.
pub fn box_of(boxes: &[Rect], run: &TextRun) -> Option<usize> {
    boxes.iter().position(|frame| frame.holds(run.bbox, OVER))
}

/// Rectangles of rulings, with nothing ruled inside.
fn frames(page: &PageRuns) -> Vec<Rect> {
    let level = rulings::level(&page.rulings);
    let upright = rulings::upright(&page.rulings);
    if level.len() > MOST_RULINGS {
        return Vec::new();
    }
    let mut frames = Vec::new();
    for (i, top) in level.iter().enumerate() {
        let below = level[i + 1..].iter();
        let mut closing = below.filter(|bottom| {
            bottom.is_as_wide(top) && bottom.position - top.position > rulings::MEET
        });
        let Some(bottom) = closing.next() else {
            continue;
        };
        let has_side = |x: f32| upright.iter().any(|side| closes(side, x, top, bottom));
        let is_narrow = top.extent.length() <= WIDEST * page.width;
        if is_narrow
            && has_side(top.extent.from)
            && has_side(top.extent.to)
            && !page.is_in_ruled_table(top.position)
        {
            frames.push(Rect::from([
                top.extent.from,
                top.position,
                top.extent.to,
                bottom.position,
            ]));
        }
    }
    frames
}

/// Whether an upright ruling goes from one level one to another at this distance from the left.
fn closes(side: &RulingLine, x: f32, top: &RulingLine, bottom: &RulingLine) -> bool {
    is_near(side.position, x, rulings::MEET)
        && side.extent.from <= top.position + rulings::MEET
        && side.extent.to >= bottom.position - rulings::MEET
}

/// Whether a box holds text, and has lines of text beside it, and none over or under it that are as wide: those would be a
/// column, and the box a part of that.
fn stands_beside(frame: &Rect, page: &PageRuns) -> bool {
    let is_inside = |run: &&TextRun| frame.holds(run.bbox, OVER);
    let is_beside = |run: &&TextRun| {
        run.bbox.overlap_y(*frame) > 0.0
            && (run.bbox.x0 >= frame.x1 - OVER || run.bbox.x1 <= frame.x0 + OVER)
    };
    let is_of_column = |run: &&TextRun| {
        let across = frame.across().widened(COLUMN_EDGE * run.size);
        !is_inside(run)
            && across.contains(run.bbox.x0)
            && across.contains(run.bbox.x1)
            && run.bbox.width() >= COLUMN_LINE * frame.width()
    };
    page.runs.iter().any(|run| is_inside(&run))
        && page.runs.iter().filter(is_beside).count() >= BESIDE
        && page.runs.iter().filter(is_of_column).count() < BESIDE
}
