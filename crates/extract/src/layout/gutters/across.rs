//! Lines that begin where the left column does and stand over both all the same: a title set at the left between two texts
//! in columns, a label below them.

use super::{Side, Sided, TextArea, headed_lists, pitches};
use crate::geom::Interval;
use crate::layout::reading_order::Item;
use crate::numeric::median;
use language::attachments::is_attachment_label;
use language::number::looks_like_number;

/// How much larger than the text a title is.
const TITLE: f32 = 1.12;
/// White space above and below a title, together, in em: a higher blank beside it holds a figure.
const AROUND: std::ops::RangeInclusive<f32> = 1.0..=6.0;
/// From the last line of the columns to a line below them, and to the label of an attachment, in lines of them.
const APART: f32 = 1.6;
const LABEL_APART: f32 = 1.2;
/// How far the last lines of two levelled columns differ, in lines.
const LEVEL: f32 = 1.1;
/// A line that begins farther to the right than its column is set in, in em.
const SET_IN: f32 = 0.6;
/// Lines that stand above columns at the right end of the page, at most, and how far they are set in, in em.
const MOST_ABOVE: usize = 3;
const AT_RIGHT: f32 = 2.5;
/// How far the middle of a title lies from that of what the text fills, in em.
const OFF_CENTRE: f32 = 1.0;
/// Items that may begin above one that stands higher in its middle.
const BESIDE: usize = 4;
/// Items nearer than this in height are on one line, in points.
const SAME_LINE: f32 = 0.01;

/// Marks the lines of the left column that part a strip, or end it. The items come from the top.
pub fn mark(sided: &mut [Sided], area: &TextArea) {
    let em = area.em;
    let n_titles = n_centred_above(sided, area);
    for (_, side) in &mut sided[..n_titles] {
        *side = Side::Across;
    }
    for part in sided.split_mut(|(_, side)| *side == Side::Across) {
        if let Some(lists) = headed_lists::range(part, em) {
            let (above, rest) = part.split_at_mut(lists.start);
            let below = &mut rest[lists.len()..];
            above
                .iter_mut()
                .chain(below)
                .for_each(|(_, side)| *side = Side::Across);
        }
    }
    for i in banners(sided, area) {
        sided[i].1 = Side::Across;
    }
    for title in titles(sided, em) {
        if parts_columns(sided, &title, em) || ends_title(sided, &title, em) {
            title.into_iter().for_each(|i| sided[i].1 = Side::Across);
        }
    }
    for part in sided.split_mut(|(_, side)| *side == Side::Across) {
        let n_above = n_above(part, em);
        part[..n_above]
            .iter_mut()
            .for_each(|(_, side)| *side = Side::Across);
        if let Some(below) = first_below(part, em) {
            part[below..]
                .iter_mut()
                .for_each(|(_, side)| *side = Side::Across);
        }
    }
}

/// Large lines of the left column, those of one title together, and the label of an attachment with the title below it.
fn titles(sided: &[Sided], em: f32) -> Vec<Vec<usize>> {
    let is_of_title =
        |(item, side): &Sided| *side == Side::Left && (is_large(item, em) || is_label(item));
    let mut titles: Vec<Vec<usize>> = Vec::new();
    for i in (0..sided.len()).filter(|&i| is_of_title(&sided[i])) {
        let bbox = sided[i].0.bbox();
        let follows = |title: &&mut Vec<usize>| {
            let last = sided[title[title.len() - 1]].0;
            let gap = last.bbox().gap_y(bbox);
            gap < bbox.height() * if is_label(last) { 2.0 } else { 1.0 }
        };
        match titles.last_mut().filter(follows) {
            Some(title) => title.push(i),
            None => titles.push(vec![i]),
        }
    }
    titles.retain(|title| title.iter().any(|&i| is_large(sided[i].0, em)));
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
        (Some(above), Some(below)) => {
            let around = Interval::new(above, below).length() - rows.length();
            AROUND.contains(&(around / em))
        } // No column ends with a title.
        (Some(_), None) => last + 1 == sided.len(),
        _ => false,
    };
    is_blank && !rights().any(|(other, _)| is_beside(other))
}

/// Whether a title of the left column is the end of one that goes across it, with nothing beside.
fn ends_title(sided: &[Sided], title: &[usize], em: f32) -> bool {
    let [first, last] = [title[0], title[title.len() - 1]].map(|i| sided[i].0.bbox());
    let rows = first.union(last).down();
    let is_beside =
        |(item, side): &Sided| is_right(*side) && item.bbox().down().overlap(rows) > 0.0;
    let above = title[0].checked_sub(1).map(|i| &sided[i]);
    let goes_on = above.is_some_and(|(item, side)| {
        *side == Side::Across && is_large(item, em) && item.bbox().gap_y(first) < first.height()
    });
    goes_on && !sided.iter().any(is_beside)
}

fn is_right(side: Side) -> bool {
    matches!(side, Side::Right | Side::Both)
}

/// How many large items stand above all others and in the middle of what the text fills: the title of what is set in columns
/// below, however short it is.
fn n_centred_above(sided: &[Sided], area: &TextArea) -> usize {
    let middle = (area.frame.left + area.frame.right) / 2.0;
    let is_title = |(item, _): &&Sided| {
        is_large(item, area.em) && (item.bbox().mid_x() - middle).abs() < OFF_CENTRE * area.em
    };
    let n = sided.iter().take_while(is_title).count();
    let bottom = sided[..n]
        .iter()
        .map(|(item, _)| item.bbox().y1)
        .fold(f32::MIN, f32::max);
    if sided[n..].iter().all(|(item, _)| item.bbox().y0 > bottom) {
        n
    } else {
        0
    }
}

/// Items with nothing beside them that stand over what is set in columns below: a banner in the middle of what the text
/// fills, for which a middle column has room; the number of a document there, or under a title that goes over all columns.
fn banners(sided: &[Sided], area: &TextArea) -> Vec<usize> {
    /// Free height above and below, in em.
    const FREE: f32 = 0.4;
    let middle = (area.frame.left + area.frame.right) / 2.0;
    let mut bottom = f32::MIN;
    let mut found = Vec::new();
    for (i, (item, side)) in sided.iter().enumerate() {
        let down = item.bbox().down().widened(FREE * area.em);
        let next = sided[i + 1..].iter().map(|(next, _)| next.bbox().y0);
        let is_centred = (item.bbox().mid_x() - middle).abs() < OFF_CENTRE * area.em;
        let is_under_title = i > 0 && sided[i - 1].1 == Side::Across;
        let is_banner = is_centred && (is_large(item, area.em) || is_number(item));
        if *side != Side::Across
            && (is_banner || is_under_title && is_number(item))
            && bottom < down.from
            && next.take(BESIDE).all(|top| top > down.to)
        {
            found.push(i);
        }
        bottom = bottom.max(item.bbox().y1);
    }
    found
}

/// How many items of a strip stand at the right end of the page above its columns, which begin level.
fn n_above(strip: &[Sided], em: f32) -> usize {
    let Some(first_left) = strip.iter().position(|(_, side)| *side != Side::Right) else {
        return 0;
    };
    let top = strip[first_left].0.mid_y();
    let is_level =
        |(item, side): &Sided| *side == Side::Right && (item.mid_y() - top).abs() < em / 2.0;
    let edge = strip
        .iter()
        .filter(|(_, side)| *side == Side::Right)
        .map(|(item, _)| item.bbox().x0)
        .fold(f32::MAX, f32::min);
    let is_set_right = |(item, _): &Sided| item.bbox().x0 > edge + AT_RIGHT * em;
    let above = &strip[..first_left];
    let stands_above = first_left <= MOST_ABOVE
        && above.iter().all(is_set_right)
        && strip.iter().any(is_level)
        && above.iter().all(|(item, _)| item.mid_y() < top - em);
    if stands_above { first_left } else { 0 }
}

/// The first item of a strip that stands below its columns, which end level, and apart from them: short lines, or large
/// ones.
fn first_below(strip: &[Sided], em: f32) -> Option<usize> {
    let last_right = strip.iter().rposition(|(_, side)| is_right(*side))?;
    let right_end = strip[last_right].0.mid_y();
    let pitch = median(pitches(strip, Side::Right))?;
    let (last_left, _) = strip
        .iter()
        .filter(|(item, side)| *side != Side::Right && item.mid_y() < right_end + LEVEL * pitch)
        .max_by(|(a, _), (b, _)| a.mid_y().total_cmp(&b.mid_y()))?;
    let end = last_left.mid_y().max(right_end);
    let below = strip
        .iter()
        .position(|(item, _)| item.mid_y() > end + SAME_LINE)?;
    let apart = if is_label(strip[below].0) {
        LABEL_APART
    } else {
        APART
    };
    let is_level = (last_left.mid_y() - right_end).abs() <= LEVEL * pitch;
    let is_apart = strip[below].0.mid_y() - end > apart * pitch;
    let edge = strip[..below]
        .iter()
        .filter(|(_, side)| *side == Side::Left)
        .map(|(item, _)| item.solid_right())
        .fold(f32::MIN, f32::max);
    let fills_column = |(item, _): &Sided| !is_large(item, em) && item.solid_right() > edge - em;
    let left = strip[..below]
        .iter()
        .filter(|(_, side)| *side == Side::Left)
        .map(|(item, _)| item.solid_left())
        .fold(f32::MAX, f32::min);
    // What is set in is the signature below the left text.
    let is_flush = strip[below].0.bbox().x0 <= left + SET_IN * em;
    // White space stands below a title that begins the column.
    (below > last_right
        && is_flush
        && is_level
        && is_apart
        && !is_large(last_left, em)
        && !strip[below..].iter().any(fills_column))
    .then_some(below)
}

fn is_large(item: &Item, em: f32) -> bool {
    matches!(item, Item::Run(run) if run.size >= TITLE * em)
}

/// 附件1, alone on its line.
fn is_label(item: &Item) -> bool {
    is_text(item, is_attachment_label)
}

/// 云政发〔2022〕7号, alone on its line.
fn is_number(item: &Item) -> bool {
    is_text(item, looks_like_number)
}

fn is_text(item: &Item, is_so: impl Fn(&str) -> bool) -> bool {
    let Item::Run(run) = item else {
        return false;
    };
    let text: String = run.marks.iter().map(|mark| mark.text).collect();
    is_so(&text)
}
