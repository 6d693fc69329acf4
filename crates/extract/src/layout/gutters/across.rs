//! Lines that begin where the left column does and stand over both all the same: a title set at the left between two texts
//! in columns, a label below them.

use super::{Side, Sided, pitches};
use crate::geom::Interval;
use crate::layout::reading_order::Item;
use crate::numeric::median;
use language::attachments::is_attachment_label;

/// How much larger than the text a title is.
const TITLE: f32 = 1.18;
/// From the last line of the columns to a line below them, and to the label of an attachment, in lines of them.
const APART: f32 = 1.6;
const LABEL_APART: f32 = 1.2;
/// How far the last lines of two levelled columns differ, in lines.
const LEVEL: f32 = 1.1;

/// Marks the lines of the left column that part a strip, or end it. The items come from the top.
pub fn mark(sided: &mut [Sided], em: f32) {
    for title in titles(sided, em) {
        if parts_columns(sided, &title, em) {
            title.into_iter().for_each(|i| sided[i].1 = Side::Across);
        }
    }
    for part in sided.split_mut(|(_, side)| *side == Side::Across) {
        if let Some(below) = first_below(part) {
            part[below..]
                .iter_mut()
                .for_each(|(_, side)| *side = Side::Across);
        }
    }
}

/// Large lines of the left column, those of one title together.
fn titles(sided: &[Sided], em: f32) -> Vec<Vec<usize>> {
    let is_large = |(item, side): &Sided| {
        *side == Side::Left && matches!(item, Item::Run(run) if run.size >= TITLE * em)
    };
    let mut titles: Vec<Vec<usize>> = Vec::new();
    for i in (0..sided.len()).filter(|&i| is_large(&sided[i])) {
        let bbox = sided[i].0.bbox();
        let follows = |title: &&mut Vec<usize>| {
            let last = sided[title[title.len() - 1]].0.bbox();
            last.gap_y(bbox) < bbox.height()
        };
        match titles.last_mut().filter(follows) {
            Some(title) => title.push(i),
            None => titles.push(vec![i]),
        }
    }
    titles
}

/// Whether a title of the left column stands beside a blank of the right one, which ends above it, and begins again below or
/// has no text beside what follows.
fn parts_columns(sided: &[Sided], title: &[usize], em: f32) -> bool {
    let (first, last) = (title[0], title[title.len() - 1]);
    let rows = sided[first].0.bbox().union(sided[last].0.bbox()).down();
    let rights = || sided.iter().filter(|(_, side)| is_right(*side));
    let is_beside = |other: &Item| other.bbox().down().overlap(rows) > 0.0;
    let above = rights()
        .map(|(other, _)| other.bbox().y1)
        .filter(|y1| *y1 <= rows.middle())
        .reduce(f32::max);
    let below = rights()
        .map(|(other, _)| other.bbox().y0)
        .filter(|y0| *y0 >= rows.middle())
        .reduce(f32::min);
    let is_blank = match (above, below) {
        (Some(above), Some(below)) => Interval::new(above, below).length() >= rows.length() + em,
        // No column ends with a title.
        (Some(_), None) => last + 1 == sided.len(),
        _ => false,
    };
    is_blank && !rights().any(|(other, _)| is_beside(other))
}

fn is_right(side: Side) -> bool {
    matches!(side, Side::Right | Side::Both)
}

/// The first item of a strip that stands below its columns, which end level, and apart from them.
fn first_below(strip: &[Sided]) -> Option<usize> {
    let last_right = strip.iter().rposition(|(_, side)| is_right(*side))?;
    let right_end = strip[last_right].0.mid_y();
    let pitch = median(pitches(strip, Side::Right))?;
    let left_end = strip
        .iter()
        .filter(|(item, side)| *side != Side::Right && item.mid_y() < right_end + LEVEL * pitch)
        .map(|(item, _)| item.mid_y())
        .reduce(f32::max)?;
    let below = strip
        .iter()
        .position(|(item, _)| item.mid_y() > left_end.max(right_end) + 0.01)?;
    let is_level = (left_end - right_end).abs() <= LEVEL * pitch;
    let apart = if is_label(strip[below].0) {
        LABEL_APART
    } else {
        APART
    };
    let is_apart = strip[below].0.mid_y() - left_end.max(right_end) > apart * pitch;
    (below > last_right && is_level && is_apart).then_some(below)
}

/// 附件1, alone on its line.
fn is_label(item: &Item) -> bool {
    let Item::Run(run) = item else {
        return false;
    };
    let text: String = run.marks.iter().map(|mark| mark.text).collect();
    is_attachment_label(&text)
}
