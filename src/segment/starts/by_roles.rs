//! Heads where evidence says that a title begins: those that rules found are kept, corrected or dropped, and more are added.

use std::ops::Range;

use super::title_lines::{is_address, issuer_mark_above};
use super::{ByRules, Start};
use crate::segment::passages::Passages;
use crate::segment::roles::{Judged, PassageRole};
use language::masthead::{is_gazette_of_issuer, issue_at_end};
use language::script::fold;
use language::titles::{BareKind, bare_kind};
use model::Number;

/// A head that rules found is kept where the chance of a title is at least this.
const KEPT: f32 = 0.15;
/// What is this likely is certain.
const CERTAIN: f32 = 0.9;
const MORE_CERTAIN: f32 = 0.97;
/// A title that no rule found is one where it is this likely.
const LIKELY: f32 = 0.7;
/// Lines above a head that rules found are of its title where they are this likely to be.
const LIKELY_ABOVE: f32 = 0.6;
/// Passages between a title and its number.
const NUMBER_DISTANCE: usize = 2;

/// A title, as its passages were judged.
struct Title {
    passages: Range<usize>,
    is_other: bool,
}

/// Finds them from passage `first` on, in order.
pub fn starts(passages: &Passages, first: usize, rules: ByRules) -> Vec<Start> {
    let titles = titles(passages, first);
    let ByRules { heads, denied } = rules;
    let mut by_rules = heads.into_iter().peekable();
    let mut starts: Vec<Start> = Vec::new();
    for title in titles {
        while let Some(head) = by_rules
            .next_if(|head| head.passages.end <= title.passages.start && !leads(head, &title))
        {
            keep(passages, head, &mut starts);
        }
        let overlaps = |head: &Start| head.passages.start < title.passages.end;
        let head = by_rules.next_if(overlaps);
        // Two heads of rules in one title: the first is the title's.
        while by_rules.next_if(overlaps).is_some() {}
        if head.is_none() && !is_likely(passages, &title, &denied) {
            continue;
        }
        let floor = starts.last().map_or(first, |start| start.passages.end);
        let next = by_rules
            .peek()
            .map_or(passages.list.len(), |next| next.passages.start);
        starts.push(start(passages, floor, next, title, head));
    }
    for head in by_rules {
        keep(passages, head, &mut starts);
    }
    starts.dedup_by(|next, start| next.passages.start < start.passages.end);
    for start in &mut starts {
        add_number_of_title(passages, start);
    }
    add_ends_of_pages(passages, &mut starts);
    without_announced(passages, starts)
}

/// 相关链接: what a web page has below a document begins a text that is none, and that goes on to the next head with a number
/// or an address.
fn add_ends_of_pages(passages: &Passages, starts: &mut Vec<Start>) {
    let Some(first) = starts.first().map(|start| start.passages.end) else {
        return;
    };
    let heads = std::mem::take(starts);
    let is_end = |i: usize| passages.holds(i, |facts| facts.is_below_text);
    let mut ends = (first..passages.list.len())
        .filter(|&i| is_end(i))
        .peekable();
    let mut is_below_text = false;
    for head in heads {
        while let Some(end) = ends.next_if(|&end| end < head.passages.start) {
            starts.push(links(end));
            is_below_text = true;
        }
        if !is_below_text || !head.numbers.is_empty() || is_address(passages, head.passages.end) {
            is_below_text = false;
            starts.push(head);
        }
    }
    starts.extend(ends.map(links));
}

/// The text that links begin.
fn links(i: usize) -> Start {
    Start {
        is_other: true,
        ..Start::new(i..i + 1, vec![i], Vec::new(), Vec::new())
    }
}

/// 第32/2024号行政长官批示 has its number in its title.
fn add_number_of_title(passages: &Passages, start: &mut Start) {
    let first = start.title.first().filter(|_| start.numbers.is_empty());
    let number = first.and_then(|&first| passages.facts[first].numbered_title.clone());
    start.numbers.extend(number);
}

/// Heads without those that are printed again right below, nothing but short lines between: a web page has the title above
/// its menus, and again above the text.
fn without_announced(passages: &Passages, starts: Vec<Start>) -> Vec<Start> {
    let mut kept: Vec<Start> = Vec::new();
    for mut start in starts {
        if let Some(announced) = kept.pop_if(|above| announces(passages, above, &start)) {
            start.entry = start.entry.or(announced.entry);
        }
        kept.push(start);
    }
    kept
}

/// Whether a head only announces the one below it.
fn announces(passages: &Passages, above: &Start, below: &Start) -> bool {
    /// Passages between the two, and the widest of them, in full characters.
    const FARTHEST: usize = 30;
    const WIDEST: f32 = 14.0;
    let title = |start: &Start| fold(&passages.title(start.title.iter().copied()));
    let between = above.passages.end..below.passages.start;
    let is_between = |i: usize| {
        passages.holds(i, |facts| facts.width <= WIDEST && facts.date.is_none())
            && !passages.texts[i].contains('。')
    };
    above.numbers.is_empty()
        && (1..=FARTHEST).contains(&between.len())
        && between.clone().all(is_between)
        && !title(above).is_empty()
        && title(above) == title(below)
}

/// Whether a head without a title stands right above one.
fn leads(head: &Start, title: &Title) -> bool {
    head.title.is_empty() && head.passages.end == title.passages.start
}

fn titles(passages: &Passages, first: usize) -> Vec<Title> {
    let mut titles: Vec<Title> = Vec::new();
    for (i, judged) in passages.judged.iter().enumerate().skip(first) {
        let is_other = match judged.label.role {
            PassageRole::Title => false,
            PassageRole::OtherTitle => true,
            _ => continue,
        };
        // 附件1 云溪县…名单 heads no document, 云溪政报·2023年第1期 is the head of the page.
        let is_running = issue_at_end(&passages.squeezed(i)).is_some();
        if !passages.is_text(i) || passages.facts[i].attachment.is_some() || is_running {
            continue;
        }
        match titles.last_mut() {
            Some(title) if judged.label.goes_on && title.passages.end == i => {
                title.passages.end += 1;
            }
            _ => titles.push(Title {
                passages: i..i + 1,
                is_other,
            }),
        }
    }
    titles
}

/// Whether the first passage of a head is certain to be something else.
fn is_certainly_other(judged: &Judged, head: &Start) -> bool {
    match judged.label.role {
        PassageRole::Title | PassageRole::OtherTitle | PassageRole::Number => false,
        PassageRole::EnclosureTitle
        | PassageRole::AttachmentTitle
        | PassageRole::Furniture
        | PassageRole::Front => judged.probability >= CERTAIN,
        _ => head.entry.is_none() && judged.probability >= MORE_CERTAIN,
    }
}

/// Whether a title that no rule found heads a text of its own.
fn is_likely(passages: &Passages, title: &Title, denied: &[usize]) -> bool {
    let is_denied = title.passages.clone().any(|i| denied.contains(&i));
    let first = title.passages.start;
    // 云溪县人民政府公报 is what the gazette is called.
    let is_name = title.passages.len() == 1 && is_gazette_of_issuer(&passages.squeezed(first));
    !is_denied && !is_name && passages.judged[first].probability >= LIKELY
}

/// A head of rules stays where nothing else is certain.
fn keep(passages: &Passages, head: Start, starts: &mut Vec<Start>) {
    let roles = &passages.judged[..];
    let chance = head
        .title
        .iter()
        .map(|&i| roles[i].opens_document)
        .fold(0.0, f32::max);
    let is_other = head
        .title
        .first()
        .is_some_and(|&i| is_certainly_other(&roles[i], &head));
    // A number, a title and an address below it are a head by the standard, and so is a 令 or 公告 with its 第N号.
    let is_addressed = head.has_issuer_code() && is_address(passages, head.passages.end);
    let is_certain = !head.title.is_empty()
        && (is_addressed || is_numbered_order(passages, &head))
        && chance_of_enclosure(roles, &head) < CERTAIN;
    if chance >= KEPT || !is_other || is_certain {
        starts.push(head);
    }
}

/// 云溪县人民政府令 / 第3号: bodies and 令 or 公告, and its number.
fn is_numbered_order(passages: &Passages, head: &Start) -> bool {
    let serial = head.numbers.iter().find(|n| n.issuer_code.is_none());
    let Some(serial) = serial else {
        return false;
    };
    let title = passages.plain_title(head.title.iter().copied());
    let name = title
        .trim_end_matches(['）', ')'])
        .trim_end_matches(serial.printed.as_str())
        .trim_end_matches(['（', '(']);
    bare_kind(name) == Some(BareKind::OfIssuer)
}

/// Takes the first and last lines of a title that rules and contents leave out: `…水务局河曲县交通` / `运输局关于…`,
/// `…任务清` / `单》的通知`.
fn extend(passages: &Passages, floor: usize, start: &mut Start, title: &Range<usize>) {
    let Some((&first, &last)) = start.title.first().zip(start.title.last()) else {
        return;
    };
    let is_of_title = |i: usize, goes_on: bool, least: f32| {
        let judged = passages.judged[i];
        let facts = &passages.facts[i];
        judged.label.role == PassageRole::Title
            && judged.label.goes_on == goes_on
            && judged.probability >= least
            && facts.numbers.is_empty()
            && facts.date.is_none()
    };
    let is_rest = |i: usize| is_of_title(i, true, CERTAIN);
    if first == title.start && last + 1 < title.end && (last + 1..title.end).all(is_rest) {
        start.title.extend(last + 1..title.end);
        start.passages.end = start.passages.end.max(title.end);
    }
    let is_above = |i: usize| is_of_title(i, i > title.start, LIKELY_ABOVE);
    let above = title.start..first.min(title.end);
    let is_whole = title.start >= floor && start.passages.start == first;
    if is_whole && !above.is_empty() && last < title.end && above.clone().all(is_above) {
        start.title.splice(0..0, above);
        start.passages.start = title.start;
    }
}

/// How likely a head is that of a text which another document issues.
fn chance_of_enclosure(roles: &[Judged], head: &Start) -> f32 {
    let of_enclosure = head.title.first().map(|&i| roles[i]);
    of_enclosure
        .filter(|judged| judged.label.role == PassageRole::EnclosureTitle)
        .map_or(0.0, |judged| judged.probability)
}

fn start(
    passages: &Passages,
    floor: usize,
    next: usize,
    title: Title,
    head: Option<Start>,
) -> Start {
    let range = title.passages.clone();
    let is_by_rules = head.as_ref().is_some_and(|head| !head.is_other);
    let mut start = match head {
        Some(head) if head.passages.start >= floor => head,
        _ => Start::new(
            range.clone(),
            range.clone().collect(),
            Vec::new(),
            Vec::new(),
        ),
    };
    if start.title.is_empty() {
        start.title = range.clone().collect();
        start.passages.end = start.passages.end.max(range.end);
    }
    extend(passages, floor, &mut start, &range);
    // What rules take for a document is another text only where that is certain.
    let is_sure = !is_by_rules || passages.judged[range.start].probability >= CERTAIN;
    start.is_other = title.is_other
        && is_sure
        && !start.has_issuer_code()
        && passages.facts[range.start].numbered_title.is_none()
        && !is_numbered_order(passages, &start);
    if start.numbers.is_empty() && !title.is_other {
        add_numbers(passages, floor..next, &mut start);
    }
    start
}

/// Takes the passages around a title that are judged to be its number, whether or not it can be read.
/// `between`: from the end of the head before to the next head that rules found.
fn add_numbers(passages: &Passages, between: Range<usize>, start: &mut Start) {
    let is_number = |i: &usize| passages.is(*i, PassageRole::Number);
    let is_sentence = |i: &usize| passages.holds(*i, |facts| facts.is_sentence);
    let floor = between.start;
    let end = start.passages.end;
    let below: Vec<usize> = (end..between.end.min(end + NUMBER_DISTANCE))
        .skip_while(|i| !is_number(i) && !is_sentence(i))
        .take_while(is_number)
        .collect();
    let top = start.passages.start;
    let above = || -> Vec<usize> {
        (floor..top)
            .rev()
            .take(NUMBER_DISTANCE)
            .take_while(is_number)
            .collect()
    };
    let lines = if below.is_empty() { above() } else { below };
    let (Some(&low), Some(&high)) = (lines.iter().min(), lines.iter().max()) else {
        return;
    };
    start.numbers = lines.iter().flat_map(|&i| numbers(passages, i)).collect();
    start.number_lines = lines;
    start.number_lines.sort_unstable();
    if low < start.passages.start {
        start.passages.start = issuer_mark_above(passages, floor, low);
    }
    start.passages.end = start.passages.end.max(high + 1);
}

fn numbers(passages: &Passages, i: usize) -> Vec<Number> {
    let facts = &passages.facts[i];
    match &facts.serial {
        Some(serial) if facts.numbers.is_empty() => vec![serial.clone()],
        _ => facts.numbers.clone(),
    }
}
