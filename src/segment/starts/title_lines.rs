//! Lines of titles, and what stands above and below them.

use crate::segment::passages::Passages;
use language::issuers::{heads_title, starts_with_rank};
use language::label::Kind;
use language::script::{is_blank, is_terminal};
use language::titles::{kind_of, leading_word, names_text};

/// The widest line of a title, in full characters: a title of two or three lines of print that repair has joined.
const WIDEST_LINE: f32 = 70.0;
/// The widest line that says of itself only what it is and not of what: 公告, 　令.
pub const BARE: f32 = 4.0;
/// Lines of a title without 关于 at most.
const PLAIN_LINES: usize = 3;
/// Lines between the head of the print and the number.
const MARK_LINES: usize = 8;
/// The widest line of it, in full characters.
const WIDEST_MARK: f32 = 40.0;

/// A passage that can be a line of a title.
pub fn is_title_line(passages: &Passages, i: usize) -> bool {
    is_like_title_line(passages, i)
        && (!passages.facts[i].heads_section || has_number_below(passages, i))
}

/// A passage that can be a line of a title or a heading of a section.
fn is_like_title_line(passages: &Passages, i: usize) -> bool {
    let Some(facts) = passages.text_facts(i) else {
        return false;
    };
    let is_something_else = facts.date.is_some()
        || facts.is_note
        || facts.is_masthead
        || facts.is_registration
        || !facts.numbers.is_empty()
        || facts.is_damaged_number
        || facts.is_metadata
        || facts.attachment.is_some();
    facts.width <= WIDEST_LINE
        && !facts.is_sentence
        && !is_something_else
        && facts.label.as_ref().is_none_or(|l| l.kind == Kind::Digit)
}

/// Whether the number of a document stands right below a passage and its title not below that.
fn has_number_below(passages: &Passages, i: usize) -> bool {
    let text = &passages.texts[i];
    let is_line = |passages: &Passages, i: usize| {
        is_like_title_line(passages, i) && !passages.facts[i].heads_section
    };
    passages.holds(i + 1, |below| !below.numbers.is_empty())
        && passages.facts[i].width > BARE
        && !starts_with_rank(text)
        && !text.starts_with(['【', '［', '['])
        && title_of_lines(passages, i + 2, is_line).is_none()
}

/// The first passage of the head of a 令, 公告 or 纪要 that ends with `last`: bodies that issue together, or the name of
/// one that goes on, a line each.
/// `国家发展和改革委员会` / `财政部` / `令`, `云溪市人民代表大会` / `常务委员会公告`
pub fn head_above(passages: &Passages, floor: usize, last: usize) -> usize {
    let mut top = last;
    while top > floor
        && last - top + 1 < passages.config.title_lines
        && is_title_line(passages, top - 1)
    {
        let facts = &passages.facts[top - 1];
        if !(facts.is_spaced_issuer || facts.is_unfinished_issuer) {
            break;
        }
        top -= 1;
    }
    top
}

/// The first passage of the title that ends right above `end`.
pub fn title_above(passages: &Passages, floor: usize, end: usize) -> Option<usize> {
    let mut top = end;
    while top > floor && end - top < passages.config.title_lines && is_title_line(passages, top - 1)
    {
        top -= 1;
        if passages.facts[top].label.is_some() {
            break;
        }
    }
    if top == end {
        return None;
    }
    let title = |from: usize| passages.plain_title(from..end);
    let tail = title(end - 1);
    let last = |is_first: &dyn Fn(usize) -> bool| (top..end).rev().find(|&i| is_first(i));
    if let Some(from) = last(&|i| heads_title(&title(i))) {
        let title = title(from);
        if kind_of(&title).or(kind_of(&tail)).is_some() {
            return Some(top_of_issuers(passages, top, from));
        }
        return leading_word(&title).map(|_| from);
    }
    if let Some(from) = last(&|i| passages.facts[i].leading_word == Some(0)) {
        return names_text(&title(from)).then(|| top_of_issuers(passages, top, from));
    }
    // 山西省优化营商环境条例: a title without 关于.
    (top.max(end.saturating_sub(PLAIN_LINES))..end)
        .find(|&from| names_text(&title(from)) && !title(from).contains('：'))
}

/// The first of the lines right above a passage that are names of bodies; the passage itself if there is none. In a title
/// they are joint issuers, a line each.
pub fn top_of_issuers(passages: &Passages, floor: usize, i: usize) -> usize {
    let issuers = (floor..i)
        .rev()
        .take_while(|&above| passages.holds(above, |facts| facts.is_issuer));
    i - issuers.count()
}

/// The passage after a title that starts at `from`.
pub fn title_below(passages: &Passages, from: usize) -> Option<usize> {
    title_of_lines(passages, from, is_title_line)
}

fn title_of_lines(
    passages: &Passages,
    from: usize,
    is_line: fn(&Passages, usize) -> bool,
) -> Option<usize> {
    let last = (from + passages.config.title_lines).min(passages.list.len());
    let lines = || (from + 1..=last).take_while(|&end| is_line(passages, end - 1));
    let is_of_kind = |&end: &usize| {
        let title = passages.plain_title(from..end);
        kind_of(&title).is_some() && (leading_word(&title).is_some() || title.contains("纪要"))
    };
    // 云溪县人民政府关于加强河道管理的若干规定: what is below it is no line of it.
    let is_text = |&end: &usize| {
        let title = passages.plain_title(from..end);
        let is_whole = is_address(passages, end) || !is_line(passages, end);
        is_whole && heads_title(&title) && names_text(&title)
    };
    lines().find(is_of_kind).or_else(|| lines().find(is_text))
}

/// `某某人民政府文件` above the number: 发文机关标志, and what marks the print above that.
pub fn issuer_mark_above(passages: &Passages, floor: usize, number: usize) -> usize {
    let mut top = number;
    while top > floor
        && number - top < MARK_LINES
        && passages.holds(top - 1, |facts| {
            (facts.is_issuer_mark || facts.is_spaced_issuer) && facts.width <= WIDEST_MARK
        })
    {
        top -= 1;
    }
    // Names above a number that no 文件 closes sign the document before.
    if !(top..number).any(|i| passages.texts[i].contains("文件")) {
        top = number;
    }
    while top > floor && passages.holds(top - 1, |facts| facts.is_marking) {
        top -= 1;
    }
    top
}

/// Whether a passage is an address: 各市人民政府，省直各单位：
pub fn is_address(passages: &Passages, i: usize) -> bool {
    passages.holds(i, |facts| facts.addressees_end.is_some())
}

/// Whether a document can end with this passage.
pub fn ends_document(passages: &Passages, i: usize) -> bool {
    passages.text_facts(i).is_none_or(|facts| {
        facts.date.is_some() || facts.ending.is_some_and(is_terminal) || facts.heads_section
    })
}

/// A passage without the number of the item that it is.
pub fn without_item_number<'p>(passages: &'p Passages, i: usize) -> &'p str {
    let label = passages.facts[i].label.as_ref();
    let len = label.filter(|l| l.kind == Kind::Digit).map_or(0, |l| l.len);
    passages.texts[i][len..].trim_start_matches(is_blank)
}
