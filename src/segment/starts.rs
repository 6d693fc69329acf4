//! Where documents start: at their entry in the contents, at their number, at their title.

mod by_contents;
mod by_number;
pub mod by_roles;
mod by_title;
mod title_lines;

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::ops::Range;

use super::contents::Contents;
use super::issued;
use super::passages::Passages;
use super::start::Start;
use language::issuers::heads_title;
use language::script::{fold, similarity};
use title_lines::is_address;

/// Heads by the passage at which each begins; they don't overlap.
type Heads = BTreeMap<usize, Start>;

/// Share of the entries that the body must have for the contents to be believed, in tenths.
const RELIABLE_TENTHS: usize = 6;
/// Fewer entries are no contents.
const FEWEST_ENTRIES: usize = 2;

/// What rules say of heads.
#[derive(Debug)]
pub struct ByRules {
    pub heads: Vec<Start>,
    /// The first passages of what has the form of a head and is none: items of a list of documents, forwarded texts.
    pub denied: Vec<usize>,
}

/// Finds the heads of all documents, in order.
pub fn starts(passages: &Passages, contents: &Contents) -> ByRules {
    let listed = by_contents::starts(passages, contents);
    let (numbered, listed) =
        assign_orders(contents, by_number::starts(passages, contents.body), listed);
    let n_found = listed.len() + numbered.iter().filter(|s| s.entry.is_some()).count();
    let n_entries = contents.entries.len();
    let is_reliable = n_entries >= FEWEST_ENTRIES && n_found * 10 >= n_entries * RELIABLE_TENTHS;
    let with_form: Vec<usize> = first_passages(&numbered);
    let numbered = without_listed_or_forwarded(passages, numbered, &listed);
    let kept: HashSet<usize> = first_passages(&numbered).into_iter().collect();
    let denied = with_form
        .into_iter()
        .filter(|i| !kept.contains(i))
        .collect();
    let mut heads: Heads = listed.into_iter().map(|s| (s.passages.start, s)).collect();
    for start in numbered {
        place(passages, &mut heads, start, is_reliable);
    }
    let mut found: Vec<Start> = heads.into_values().collect();
    if !is_reliable {
        let more = by_title::starts(passages, contents.body, &found);
        found.extend(more);
        found.sort_by_key(|s| s.passages.start);
    }
    found.dedup_by(|next, start| next.passages.start < start.passages.end);
    ByRules {
        heads: found,
        denied,
    }
}

/// The passages with which the titles of heads begin.
fn first_passages(starts: &[Start]) -> Vec<usize> {
    let first = |start: &Start| start.title.first().copied();
    starts.iter().filter_map(first).collect()
}

/// An entry with the number of a 令 is that 令's, whatever title the contents give it.
fn assign_orders(
    contents: &Contents,
    mut numbered: Vec<Start>,
    mut listed: Vec<Start>,
) -> (Vec<Start>, Vec<Start>) {
    let mut orders: HashMap<String, VecDeque<usize>> = HashMap::new();
    for (n, start) in numbered.iter().enumerate() {
        for number in start.numbers.iter().filter(|n| n.issuer_code.is_none()) {
            orders.entry(number.text.clone()).or_default().push_back(n);
        }
    }
    let mut entries = HashSet::new();
    for (e, entry) in contents.entries.iter().enumerate() {
        let waiting = entry.number.as_ref().and_then(|n| orders.get_mut(n));
        let Some(waiting) = waiting else { continue };
        while let Some(n) = waiting.pop_front() {
            if numbered[n].entry.is_none() {
                numbered[n].entry = Some(e);
                entries.insert(e);
                break;
            }
        }
    }
    let assigned: Heads = numbered
        .iter()
        .filter(|s| s.entry.is_some())
        .map(|s| (s.passages.start, s.clone()))
        .collect();
    listed.retain(|l| {
        l.entry.is_none_or(|e| !entries.contains(&e)) && near(&assigned, &l.passages, 0).is_none()
    });
    (numbered, listed)
}

/// The first passage of the first head that overlaps a range, or has no more than some passages between it and the range.
fn near(heads: &Heads, range: &Range<usize>, distance: usize) -> Option<usize> {
    let wide = range.start.saturating_sub(distance)..range.end + distance;
    let before = heads.range(..wide.end).rev();
    let near = before.take_while(|(_, head)| head.passages.end > wide.start);
    near.last().map(|(&at, _)| at)
}

/// Heads without those that only list or forward a text: items of a list of documents, and a text whose title and
/// number the 转发 or 印发 document before it names.
fn without_listed_or_forwarded(
    passages: &Passages,
    starts: Vec<Start>,
    listed: &[Start],
) -> Vec<Start> {
    /// Passages between a head and an entry's that is the same document's.
    const DISTANCE: usize = 4;
    let heads: Heads = listed
        .iter()
        .map(|s| (s.passages.start, s.clone()))
        .collect();
    let has_no_body: Vec<bool> = starts
        .windows(2)
        .map(|pair| pair[0].passages.end == pair[1].passages.start)
        .chain([false])
        .collect();
    let mut kept: Vec<Start> = Vec::new();
    for (i, start) in starts.into_iter().enumerate() {
        let is_in_list = has_no_body[i] || i > 0 && has_no_body[i - 1];
        if near(&heads, &start.passages, DISTANCE).is_some()
            || !is_listed(passages, &start, is_in_list)
                && !is_forwarded(passages, kept.last(), &start)
        {
            kept.push(start);
        }
    }
    kept
}

/// Whether a head is an item of a list of documents.
fn is_listed(passages: &Passages, start: &Start, is_in_list: bool) -> bool {
    let has_codes = start.numbers.iter().all(|n| n.issuer_code.is_some());
    is_in_list && has_codes && !is_address(passages, start.passages.end)
}

/// Whether a head is that of the text which the document before it issues.
fn is_forwarded(passages: &Passages, host: Option<&Start>, start: &Start) -> bool {
    let title = passages.plain_title(start.title.iter().copied());
    !title.is_empty() && host.is_some_and(|host| issued::is_issued_by(passages, host, &title))
}

/// Puts a numbered head among the heads: one of theirs found anew, the number of the one before, or a head of its own.
fn place(passages: &Passages, heads: &mut Heads, start: Start, is_reliable: bool) {
    // The same head, found twice: its title by the contents, its number by itself.
    if let Some(twin) = near(heads, &start.passages, 0) {
        let mut head = heads.remove(&twin).expect("just found");
        unite(&mut head, start);
        heads.insert(head.passages.start, head);
    } else if start.entry.is_some() {
        heads.insert(start.passages.start, start);
    } else if let Some(above) = host_above(passages, heads, &start) {
        let head = heads.remove(&above).expect("just found");
        let head = with_number_below(passages, head, start);
        heads.insert(head.passages.start, head);
    } else if !is_reliable || is_titled_like_a_document(passages, &start) {
        heads.insert(start.passages.start, start);
    }
}

/// A number above a listed title is that title's if it leads to it: what stands above can be the end of a document, and a
/// number there its own.
fn unite(head: &mut Start, start: Start) {
    let is_inside = start.number_lines.iter().all(|&n| n >= head.passages.start);
    let leads = start.title.first() == head.title.first()
        && start.number_lines.last() < start.title.first();
    if !head.numbers.is_empty() || !(is_inside || leads) {
        return;
    }
    head.title.retain(|i| !start.number_lines.contains(i));
    head.passages =
        head.passages.start.min(start.passages.start)..head.passages.end.max(start.passages.end);
    if head.entry.is_none() {
        head.title = start.title;
    }
    (head.numbers, head.number_lines) = (start.numbers, start.number_lines);
}

/// The title that the contents name right above a numbered text: the 令 or 公告 that it came with.
fn host_above(passages: &Passages, heads: &Heads, start: &Start) -> Option<usize> {
    /// Passages between the two.
    const DISTANCE: usize = 3;
    let (&at, above) = heads.range(..start.passages.start).next_back()?;
    let is_near = start.passages.start - above.passages.end <= DISTANCE;
    let mut between = above.passages.end..start.passages.start;
    (is_near
        && above.entry.is_some()
        && above.numbers.is_empty()
        && between.all(|i| passages.is_text(i)))
    .then_some(at)
}

/// The head of an entry with the number that was found below it.
fn with_number_below(passages: &Passages, head: Start, start: Start) -> Start {
    let between = head.passages.start..start.passages.end;
    let title = |head: &Start| fold(&passages.plain_title(head.title.iter().copied()));
    let repeats = similarity(&title(&head), &title(&start)) >= passages.config.title_similarity;
    let title = match start.has_issuer_code() {
        // The title is printed again: this is the head, and what stands above it something else.
        true if repeats => {
            return Start {
                entry: head.entry,
                is_other: head.is_other,
                ..start
            };
        }
        // What stands between is the rest of the title, its date mostly.
        true => between
            .clone()
            .filter(|i| !start.number_lines.contains(i))
            .collect(),
        false => head.title,
    };
    Start {
        passages: between,
        title,
        number_lines: start.number_lines,
        numbers: start.numbers,
        ..head
    }
}

fn is_titled_like_a_document(passages: &Passages, start: &Start) -> bool {
    !start.title.is_empty()
        && heads_title(&passages.plain_title(start.title.iter().copied()))
        && is_address(passages, start.passages.end)
}
