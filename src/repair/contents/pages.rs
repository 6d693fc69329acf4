//! Where the pages stand that the entries of the contents name.

use std::ops::Range;

use super::{FRONT, is_document, title_lines};
use crate::repair::Draft;
use extract::laid::{Laid, PrintedLine};
use language::contents::{loose_page, page_end};
use language::script::{is_blank, width, without_blanks};
use model::Role;

/// Lines of a contents, from its heading, in which the pages that only their order shows are looked for.
const LONGEST: usize = 400;

/// The lines that end in a page number which the line itself doesn't show to be one: it stands at the right edge that others
/// share, or in a row of numbers that never fall.
pub fn known_pages(draft: &Draft, laid: Option<&Laid>, furniture: &[Option<Role>]) -> Vec<bool> {
    let mut known = at_an_edge(draft, laid);
    let mut at = 0;
    while at < draft.lines.len().min(FRONT) {
        if let Some(n) = title_lines(draft, at) {
            add_in_order(draft, laid, furniture, at + n, &mut known);
        }
        at += 1;
    }
    known
}

/// A number at the end of a line that can be its page.
struct Candidate {
    line: usize,
    page: u32,
    /// The line itself shows it: `……15`
    is_shown: bool,
}

/// Adds the lines below the heading `first` whose last numbers never fall.
fn add_in_order(
    draft: &Draft,
    laid: Option<&Laid>,
    furniture: &[Option<Role>],
    first: usize,
    known: &mut [bool],
) {
    /// Fewer numbers can rise by chance.
    const FEWEST: usize = 2;
    /// Of the numbers at the ends of lines, those that must be in order, in tenths: a title can end in a number.
    const SHARE: usize = 7;
    let candidates = candidates(draft, laid, furniture, first);
    let chain = rising(&candidates);
    if chain.len() < FEWEST || chain.len() * 10 < candidates.len() * SHARE {
        return;
    }
    for n in chain {
        known[candidates[n].line] |= !candidates[n].is_shown;
    }
}

fn candidates(
    draft: &Draft,
    laid: Option<&Laid>,
    furniture: &[Option<Role>],
    first: usize,
) -> Vec<Candidate> {
    let last = draft.lines.len().min(first + LONGEST);
    let below = (first..last)
        .take_while(|&at| !is_document(draft, at))
        .filter(|&at| furniture[at].is_none());
    let candidate = |at: usize| {
        let (title, page) = loose_page(&draft.lines[at].text)?;
        let is_shown = page_end(&draft.texts[at]).is_some();
        let is_placed = title > 0 || is_shown || stands_beside(draft, laid, first, at);
        is_placed.then_some(Candidate {
            line: at,
            page,
            is_shown,
        })
    };
    below.filter_map(candidate).collect()
}

/// Whether a number alone on its line stands to the right of words, or in a text below some.
fn stands_beside(draft: &Draft, laid: Option<&Laid>, first: usize, at: usize) -> bool {
    let Some(laid) = laid else {
        return at > first && !draft.texts[at].trim().is_empty() && !is_number(draft, at - 1);
    };
    beside(laid, first..draft.lines.len(), at).is_some()
}

fn is_number(draft: &Draft, at: usize) -> bool {
    let text = draft.texts[at].trim_matches(is_blank);
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The line of some that ends nearest on the left of a line and stands level with it.
pub fn beside(laid: &Laid, lines: Range<usize>, at: usize) -> Option<usize> {
    let number = &laid.lines[at];
    let is_level = |line: &PrintedLine| {
        let middle = (line.bbox[1] + line.bbox[3]) / 2.0;
        line.leaf == number.leaf
            && line.bbox[2] <= number.bbox[0]
            && (number.bbox[1]..number.bbox[3]).contains(&middle)
    };
    lines
        .take_while(|&line| laid.lines[line].leaf <= number.leaf)
        .filter(|&line| line != at && is_level(&laid.lines[line]))
        .max_by(|&a, &b| laid.lines[a].bbox[2].total_cmp(&laid.lines[b].bbox[2]))
}

/// The most candidates whose pages never fall, as indices.
fn rising(candidates: &[Candidate]) -> Vec<usize> {
    let mut longest: Vec<(usize, Option<usize>)> = Vec::with_capacity(candidates.len());
    for (n, candidate) in candidates.iter().enumerate() {
        let before = (0..n)
            .filter(|&m| candidates[m].page <= candidate.page)
            .max_by_key(|&m| longest[m].0);
        longest.push((before.map_or(1, |m| longest[m].0 + 1), before));
    }
    let last = (0..candidates.len()).max_by_key(|&n| longest[n].0);
    let mut chain: Vec<usize> = std::iter::successors(last, |&n| longest[n].1).collect();
    chain.reverse();
    chain
}

/// The lines of a PDF that end in a number far from their text, at a right edge that they share: pages without leaders.
fn at_an_edge(draft: &Draft, laid: Option<&Laid>) -> Vec<bool> {
    /// In em. An entry's text that fills its line leaves less, but then its number stands at the edge of the others.
    const FAR: f32 = 3.0;
    /// How far right edges differ, in em: numbers of one digit and of three, set from the left.
    const EDGE: f32 = 1.1;
    let mut apart = vec![false; draft.lines.len()];
    let Some(laid) = laid else { return apart };
    let ends: Vec<(usize, f32)> = (0..draft.lines.len().min(FRONT))
        .filter(|&at| loose_page(&draft.lines[at].text).is_some_and(|(title, _)| title > 0))
        .map(|at| {
            let line = &laid.lines[at];
            let printed = without_blanks(&line.text);
            (
                at,
                (line.bbox[2] - line.bbox[0]) / line.size.max(1.0) - width(&printed) / 2.0,
            )
        })
        .collect();
    for &(at, _) in &ends {
        let line = &laid.lines[at];
        // An entry can stand alone on the second page of a contents.
        let shares = |(other, gap): &&(usize, f32)| {
            let other = &laid.lines[*other];
            *gap >= FAR
                && (other.bbox[2] - line.bbox[2]).abs() <= EDGE * line.size
                && other.leaf.abs_diff(line.leaf) <= 1
        };
        apart[at] = ends.iter().filter(shares).count() >= 2;
    }
    apart
}

/// Where the title ends and the page begins in an entry's line: as [`page_end`] says, or as is known of it.
pub fn page_of(draft: &Draft, known: &[bool], line: usize) -> Option<Range<usize>> {
    let text = &draft.texts[line];
    page_end(text).or_else(|| {
        // What stands apart needs no space: that of `…1号 1` is gone by now.
        let printed = &draft.lines[line].text;
        let (title, _) = loose_page(printed).filter(|_| known[line])?;
        let number = printed[title..].trim_matches(is_blank);
        let title = text.trim_end_matches(is_blank).strip_suffix(number)?;
        Some(title.trim_end_matches(is_blank).len()..title.len())
    })
}
