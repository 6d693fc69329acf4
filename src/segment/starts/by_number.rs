//! Heads at passages that hold nothing but a number.

use std::ops::Range;

use super::Start;
use super::title_lines::{
    BARE, ends_document, head_above, is_address, issuer_mark_above, title_above, title_below,
};
use crate::segment::passages::Passages;
use language::issuers::heads_title;
use language::titles::{kind_of, leading_word};
use model::Number;

/// The widest line of numbers, in full characters.
const WIDEST_LINE: f32 = 90.0;

/// Finds them from passage `first` on, in order.
pub fn starts(passages: &Passages, first: usize) -> Vec<Start> {
    let mut starts: Vec<Start> = Vec::new();
    let mut next = first;
    while next < passages.list.len() {
        let i = next;
        next += 1;
        let facts = &passages.facts[i];
        if !is_line(passages, i) {
            continue;
        }
        let floor = starts.last().map_or(first, |s| s.passages.end);
        if !facts.numbers.is_empty() {
            let (lines, numbers) = numbers(passages, i);
            next = lines.end;
            starts.extend(at_number(passages, floor, lines, numbers));
        } else if let Some(number) = &facts.number_behind_title {
            starts.extend(at_number_behind_title(passages, floor, i, number));
        } else if facts.is_damaged_number {
            starts.extend(at_damaged_number(passages, floor, i));
        } else if let Some(number) = facts.serial.as_ref().filter(|_| i > first) {
            starts.extend(at_serial(passages, floor, i, number));
        } else {
            starts.extend(at_serial_title(passages, floor, i));
        }
    }
    starts
}

fn is_line(passages: &Passages, i: usize) -> bool {
    passages.holds(i, |facts| facts.width <= WIDEST_LINE)
}

/// The numbers of a joint document can take several lines, and that of its registration one more.
fn numbers(passages: &Passages, first: usize) -> (Range<usize>, Vec<Number>) {
    let is_number = |&i: &usize| {
        let facts = &passages.facts[i];
        is_line(passages, i) && (!facts.numbers.is_empty() || facts.is_registration)
    };
    let n_lines = (first..passages.list.len()).take_while(is_number).count();
    let lines = first..first + n_lines;
    let numbers = lines
        .clone()
        .flat_map(|i| passages.facts[i].numbers.iter().cloned());
    (lines.clone(), numbers.collect())
}

/// The head with a 发文字号: the title stands above it, or below, or is missing.
fn at_number(
    passages: &Passages,
    floor: usize,
    lines: Range<usize>,
    numbers: Vec<Number>,
) -> Option<Start> {
    let number_lines = lines.clone().collect();
    if let Some(start) = below_metadata(passages, floor, &lines, &numbers) {
        return Some(start);
    }
    if let Some((top, end)) = between_head_and_title(passages, floor, &lines) {
        let title = (lines.end..end).collect();
        return Some(Start::new(top..end, title, number_lines, numbers));
    }
    if let Some(top) = title_above(passages, floor, lines.start) {
        let title = (top..lines.start).collect();
        return Some(Start::new(top..lines.end, title, number_lines, numbers));
    }
    if let Some((top, end)) = dated_head_above(passages, floor, lines.start) {
        let title = (top..end).collect();
        return Some(Start::new(top..lines.end, title, number_lines, numbers));
    }
    if let Some(end) = title_below(passages, lines.end) {
        let top = issuer_mark_above(passages, floor, lines.start);
        let title = (lines.end..end).collect();
        return Some(Start::new(top..end, title, number_lines, numbers));
    }
    if is_address(passages, lines.end)
        && let Some(top) = title_far_above(passages, floor, lines.start)
    {
        return Some(Start::new(top..lines.end, vec![top], number_lines, numbers));
    }
    let is_free = lines.start == floor || ends_document(passages, lines.start - 1);
    (is_address(passages, lines.end) && is_free)
        .then(|| Start::new(lines, Vec::new(), number_lines, numbers))
}

/// The head whose number stands in the block of 政府信息公开 above the title.
fn below_metadata(
    passages: &Passages,
    floor: usize,
    lines: &Range<usize>,
    numbers: &[Number],
) -> Option<Start> {
    /// Lines of such a block at least.
    const FEWEST: usize = 3;
    let is_of_block = |&i: &usize| passages.holds(i, |facts| facts.is_metadata);
    let top = lines.start - (floor..lines.start).rev().take_while(is_of_block).count();
    let end = lines.start
        + (lines.start..passages.list.len())
            .take_while(is_of_block)
            .count();
    if end - top < FEWEST {
        return None;
    }
    let title_end = title_below(passages, end)?;
    let title = (end..title_end).collect();
    Some(Start::new(
        top..title_end,
        title,
        lines.clone().collect(),
        numbers.to_vec(),
    ))
}

/// 云溪县政府公告 / 云政告字第1号: a title that says only what it is of whom; or 云溪县政府公告 / 2023年1月20日 / 云政告字第1号: one that
/// its date, or lines of metadata, part from its number. Gives its first passage, and the one after its last.
fn dated_head_above(passages: &Passages, floor: usize, number: usize) -> Option<(usize, usize)> {
    /// Lines between the two at most.
    const FARTHEST: usize = 3;
    let is_between =
        |&i: &usize| passages.holds(i, |facts| facts.date.is_some() || facts.is_metadata);
    let n_between = (floor..number)
        .rev()
        .take(FARTHEST)
        .take_while(is_between)
        .count();
    let end = number - n_between;
    let last = end.checked_sub(1).filter(|&i| i >= floor)?;
    let is_bare = passages.holds(last, |facts| facts.bare_kind.is_some());
    let top = if is_bare {
        head_above(passages, floor, last)
    } else if n_between == 0 {
        return None;
    } else {
        title_above(passages, floor, end)
            .filter(|&top| heads_title(&passages.plain_title(top..end)))?
    };
    Some((top, end))
}

/// The title of a number that what a web page sets around a text parts from it: menus, its date, sizes of type.
fn title_far_above(passages: &Passages, floor: usize, number: usize) -> Option<usize> {
    /// Passages between the two, and the widest of them, in full characters.
    const FARTHEST: usize = 20;
    const WIDEST: f32 = 12.0;
    let is_title = |i: usize| {
        passages.holds(i, |facts| {
            facts.heads_title && facts.document_kind.is_some() && !facts.is_sentence
        })
    };
    let is_between = |i: usize| {
        passages.holds(i, |facts| facts.width <= WIDEST) && !passages.texts[i].contains('。')
    };
    let above = (floor..number)
        .rev()
        .take(FARTHEST + 1)
        .find(|&i| !is_between(i))?;
    is_title(above).then_some(above)
}

/// 云溪县人民政府公告 / 云政告〔2023〕1号 / 关于划定禁牧区的公告: a head that says only what it is of whom, and the title below
/// the number. Gives the first passage, and the one after the last.
fn between_head_and_title(
    passages: &Passages,
    floor: usize,
    lines: &Range<usize>,
) -> Option<(usize, usize)> {
    let above = lines.start.checked_sub(1).filter(|&i| i >= floor)?;
    let is_bare = passages.holds(above, |facts| facts.bare_kind.is_some());
    let end = title_below(passages, lines.end).filter(|_| is_bare)?;
    Some((head_above(passages, floor, above), end))
}

/// The head whose title ends on the line of its number: 云溪县人民政府关于…先进工作 / 者的通知　云政发〔2023〕28号.
fn at_number_behind_title(
    passages: &Passages,
    floor: usize,
    i: usize,
    number: &Number,
) -> Option<Start> {
    let is_whole = || passages.facts[i].heads_title.then_some(i);
    let top = title_above(passages, floor, i).or_else(is_whole)?;
    let title = (top..=i).collect();
    Some(Start::new(
        top..i + 1,
        title,
        Vec::new(),
        vec![number.clone()],
    ))
}

/// The head with a number that cannot be read: the line opens a document where a title or an address says so too.
fn at_damaged_number(passages: &Passages, floor: usize, i: usize) -> Option<Start> {
    at_number(passages, floor, i..i + 1, Vec::new())
}

/// The head with 第N号 on a line below 令, 公告 or 纪要.
fn at_serial(passages: &Passages, floor: usize, i: usize, number: &Number) -> Option<Start> {
    let above = passages.text_facts(i - 1)?.numbered_ending?;
    let top = head_above(passages, floor, i - 1);
    // 财政部 税务总局公告 / 2023年第12号 / 关于…的公告
    let below = title_below(passages, i + 1).filter(|_| above == '告');
    let (title, end) = below.map_or((top..i, i + 1), |end| (i + 1..end, end));
    let numbers = vec![number.clone()];
    Some(Start::new(top..end, title.collect(), vec![i], numbers))
}

/// The head with a line that is a title and its number.
fn at_serial_title(passages: &Passages, floor: usize, i: usize) -> Option<Start> {
    let text = &passages.texts[i];
    let serial = passages.facts[i].serial_title.as_ref()?;
    let head = &text[..serial.head_len];
    if kind_of(head).is_none() || text.starts_with(['《', '（']) {
        return None;
    }
    let numbers = vec![serial.number.clone()];
    // 某某市人民政府关于…的决定 / 某某市人民政府令第30号
    let is_document = |top: &usize| {
        let title = passages.plain_title(*top..i);
        heads_title(&title) || leading_word(&title) == Some(0)
    };
    if let Some(top) = title_above(passages, floor, i).filter(is_document) {
        return Some(Start::new(top..i + 1, (top..i).collect(), vec![i], numbers));
    }
    let top = if language::script::width(head) <= BARE {
        head_above(passages, floor, i)
    } else {
        i
    };
    let title = (top..=i).collect();
    Some(Start::new(top..i + 1, title, Vec::new(), numbers))
}
