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
/// The widest title with a serial number, in full characters.
const WIDEST_SERIAL_TITLE: f32 = 50.0;

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
        if facts.is_registration {
            extend_by_registration(&mut starts, i);
        } else if !facts.numbers.is_empty() {
            let (lines, numbers) = numbers(passages, i);
            next = lines.end;
            starts.extend(at_number(passages, floor, lines, numbers));
        } else if let Some(number) = facts.serial.as_ref().filter(|_| i > first) {
            starts.extend(at_serial(passages, floor, i, number));
        } else {
            starts.extend(at_serial_title(passages, first, floor, i));
        }
    }
    starts
}

fn is_line(passages: &Passages, i: usize) -> bool {
    passages.holds(i, |facts| facts.width <= WIDEST_LINE)
}

/// The number of a registration on the line below the number of a document.
fn extend_by_registration(starts: &mut [Start], i: usize) {
    if let Some(last) = starts.last_mut()
        && last.passages.end == i
        && last.number_lines.last() == Some(&(i - 1))
    {
        last.passages.end = i + 1;
        last.number_lines.push(i);
    }
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
    if let Some(top) = title_above(passages, floor, lines.start) {
        let title = (top..lines.start).collect();
        return Some(Start::new(top..lines.end, title, number_lines, numbers));
    }
    if let Some(end) = title_below(passages, lines.end) {
        let top = issuer_mark_above(passages, floor, lines.start);
        let title = (lines.end..end).collect();
        return Some(Start::new(top..end, title, number_lines, numbers));
    }
    let is_free = lines.start == floor || ends_document(passages, lines.start - 1);
    (is_address(passages, lines.end) && is_free)
        .then(|| Start::new(lines, Vec::new(), number_lines, numbers))
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
fn at_serial_title(passages: &Passages, first: usize, floor: usize, i: usize) -> Option<Start> {
    let text = &passages.texts[i];
    let facts = &passages.facts[i];
    let serial = facts.serial_title.as_ref()?;
    let head = &text[..serial.head_len];
    let above = title_above(passages, floor, i);
    let is_free = i == first
        || above.is_some()
        || ends_document(passages, i - 1)
        || passages.facts[i - 1].is_issuer;
    if facts.width > WIDEST_SERIAL_TITLE
        || kind_of(head).is_none()
        || text.starts_with(['《', '（'])
        || !is_free
    {
        return None;
    }
    let numbers = vec![serial.number.clone()];
    // 某某市人民政府关于…的决定 / 某某市人民政府令第30号
    let is_document = |top: &usize| {
        let title = passages.title(*top..i);
        heads_title(&title) || leading_word(&title) == Some(0)
    };
    if let Some(top) = above.filter(is_document) {
        return Some(Start::new(top..i + 1, (top..i).collect(), vec![i], numbers));
    }
    // 财政部 税务总局公告2023年第12号 / 关于…的公告
    if head.ends_with('告')
        && let Some(end) = title_below(passages, i + 1)
    {
        let title = (i + 1..end).collect();
        return Some(Start::new(i..end, title, vec![i], numbers));
    }
    let top = if language::script::width(head) <= BARE {
        head_above(passages, floor, i)
    } else {
        i
    };
    let title = (top..=i).collect();
    Some(Start::new(top..i + 1, title, Vec::new(), numbers))
}
