//! Facts of the place of a passage: on its page, in its column, among the lines around it, in its type.

use std::collections::HashMap;

use crate::evidence::{Fact, step};
use crate::repair::{Draft, Span};
use crate::segment::passages::Passages;
use language::script::is_blank;

/// Sizes of type over that of the body.
const SIZES: [f32; 6] = [0.8, 0.95, 1.06, 1.3, 1.7, 2.4];
/// Gaps above a line, in heights of it.
const GAPS: [f32; 6] = [-0.5, 0.5, 0.9, 1.4, 2.2, 4.0];
/// Indents, in full characters.
const INDENTS: [f32; 5] = [0.7, 1.5, 2.6, 4.5, 9.0];
/// How far a line is from the middle of its column and still centred, in full characters.
const CENTRED: f32 = 0.8;
/// Shares of a column that a line takes.
const FILLS: [f32; 5] = [0.2, 0.4, 0.6, 0.8, 0.95];
/// Parts of a page from its top.
const HEIGHTS: [f32; 5] = [0.08, 0.2, 0.5, 0.8, 0.92];
/// How often a text stands in the gazette, figures aside.
const TIMES: [f32; 5] = [2.0, 3.0, 5.0, 9.0, 20.0];
/// The widest text, in full characters, that can be printed again and again.
const WIDEST_REPEATED: f32 = 40.0;

/// What is seen of all passages before one of them is judged.
struct Gazette {
    /// The size of most characters, in points.
    body: Option<f32>,
    /// Top and bottom of the printed part of each page, in points.
    pages: HashMap<u32, [f32; 2]>,
    repeated: HashMap<String, usize>,
}

/// Adds them to the facts of each passage.
pub fn add(passages: &Passages, facts: &mut [Vec<Fact>]) {
    let gazette = Gazette::new(passages);
    for (i, facts) in facts.iter_mut().enumerate() {
        let spans = &passages.list[i].spans;
        let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
            continue;
        };
        add_neighbours(passages, i, first, facts);
        add_column(passages.draft, first, facts);
        add_page(passages.draft, &gazette, first, facts);
        add_gap(passages, i, first, facts);
        let ends_inside = passages.draft.facts[last.line].place.metrics;
        facts.extend(
            ends_inside
                .filter(|m| m.is_full)
                .map(|_| Fact::yes("last_line_full")),
        );
        if passages.facts[i].width <= WIDEST_REPEATED {
            let times = gazette.repeated.get(&masked(&passages.texts[i])).copied();
            let value = step(times.unwrap_or(1) as f32, &TIMES);
            facts.push(Fact::new("times", value));
        }
    }
}

impl Gazette {
    fn new(passages: &Passages) -> Gazette {
        let draft = passages.draft;
        let mut sizes: HashMap<u32, usize> = HashMap::new();
        let mut pages: HashMap<u32, [f32; 2]> = HashMap::new();
        for (line, facts) in draft.facts.iter().enumerate() {
            if let Some(size) = facts.place.size {
                *sizes.entry((size * 2.0).round() as u32).or_default() += draft.texts[line].len();
            }
            if let (Some(leaf), Some(bbox)) = (draft.leaves[line], draft.lines[line].bbox) {
                let page = pages.entry(leaf).or_insert([bbox[1], bbox[3]]);
                *page = [page[0].min(bbox[1]), page[1].max(bbox[3])];
            }
        }
        let usual = sizes.into_iter().max_by_key(|&(size, n)| (n, size));
        let mut repeated: HashMap<String, usize> = HashMap::new();
        for (i, text) in passages.texts.iter().enumerate() {
            if passages.is_text(i) && passages.facts[i].width <= WIDEST_REPEATED {
                *repeated.entry(masked(text)).or_default() += 1;
            }
        }
        Gazette {
            body: usual.map(|(size, _)| size as f32 / 2.0),
            pages,
            repeated,
        }
    }
}

/// A text without white space, its figures alike.
fn masked(text: &str) -> String {
    let of = |c: char| if c.is_ascii_digit() { '0' } else { c };
    text.chars().filter(|&c| !is_blank(c)).map(of).collect()
}

/// Whether it is the first or the last passage of a page.
fn add_neighbours(passages: &Passages, i: usize, first: &Span, facts: &mut Vec<Fact>) {
    let leaf = passages.draft.leaves[first.line];
    if i == 0 {
        facts.push(Fact::yes("opens_gazette"));
    }
    if i + 1 == passages.list.len() {
        facts.push(Fact::yes("closes_gazette"));
    }
    if leaf.is_none() {
        return;
    }
    let turns = |a: usize, b: usize| passages.last_leaf(a) != passages.leaf(b);
    if i == 0 || turns(i - 1, i) {
        facts.push(Fact::yes("opens_page"));
    } else if i == 1 || turns(i - 2, i - 1) {
        facts.push(Fact::yes("second_on_page"));
    }
    if i + 1 < passages.list.len() && passages.leaf(i + 1) != leaf {
        facts.push(Fact::yes("closes_page"));
    }
}

fn add_column(draft: &Draft, first: &Span, facts: &mut Vec<Fact>) {
    let place = &draft.facts[first.line].place;
    let Some(metrics) = place.metrics else {
        facts.push(Fact::new("indent", step(place.indent, &INDENTS)));
        return;
    };
    facts.push(Fact::new("indent", step(metrics.indent, &INDENTS)));
    let right = (metrics.measure - metrics.width).max(0.0);
    let aside = metrics.indent - right;
    let alignment = if metrics.is_full {
        0
    } else if aside.abs() <= CENTRED && metrics.indent > CENTRED {
        1
    } else if aside > 2.0 && metrics.indent > 4.5 {
        2
    } else {
        3
    };
    if place.column.is_some() {
        facts.push(Fact::new("set", alignment));
    }
    let fill = (metrics.width - metrics.indent) / metrics.measure.max(1.0);
    facts.push(Fact::new("fill", step(fill, &FILLS)));
}

fn add_page(draft: &Draft, gazette: &Gazette, first: &Span, facts: &mut Vec<Fact>) {
    let size = draft.facts[first.line].place.size.zip(gazette.body);
    facts.extend(size.map(|(size, body)| Fact::new("size", step(size / body, &SIZES))));
    let Some(bbox) = draft.lines[first.line].bbox else {
        return;
    };
    let page = draft.leaves[first.line].and_then(|leaf| gazette.pages.get(&leaf));
    if let Some([top, bottom]) = page {
        let height = (bbox[1] - top) / (bottom - top).max(1.0);
        facts.push(Fact::new("height", step(height, &HEIGHTS)));
    }
}

/// White space above, and how the type differs from that of the passage above.
fn add_gap(passages: &Passages, i: usize, first: &Span, facts: &mut Vec<Fact>) {
    let draft = passages.draft;
    let line = &draft.lines[first.line];
    if line.bbox.is_none() {
        let blank = u8::try_from(line.blank_before.min(3)).unwrap_or(3);
        facts.push(Fact::new("blank_lines", blank));
        return;
    }
    let above = i
        .checked_sub(1)
        .and_then(|above| passages.list[above].spans.last());
    let Some(above) = above.filter(|above| draft.leaves[above.line] == draft.leaves[first.line])
    else {
        return;
    };
    let size = |line: usize| draft.facts[line].place.size.unwrap_or(1.0);
    if let (Some(here), Some(there)) = (line.bbox, draft.lines[above.line].bbox) {
        let gap = (here[1] - there[3]) / size(first.line).max(1.0);
        facts.push(Fact::new("gap", step(gap, &GAPS)));
    }
    let grows = size(first.line) / size(above.line).max(1.0);
    facts.push(Fact::new("grows", step(grows, &[0.8, 0.95, 1.06, 1.3])));
}
