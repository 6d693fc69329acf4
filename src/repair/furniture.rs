//! Running heads and folios of texts with or without page breaks: they stand between the parts of a paragraph.

use std::collections::HashMap;

use super::Draft;
use super::facts::LineFacts;
use extract::laid::{Laid, LineRole};
use language::folio::folio;
use language::label::label;
use language::masthead::{is_masthead, issue_at_end};
use language::script::{date_line, fold, is_blank, width, without_blanks};
use model::Role;

/// The role of a line that the layout of a PDF knows as furniture.
fn role_of(role: LineRole) -> Option<Role> {
    match role {
        LineRole::RunningHead => Some(Role::RunningHead),
        LineRole::Folio => Some(Role::Folio),
        LineRole::Slanted => Some(Role::Slanted),
        LineRole::Noise => Some(Role::Speck),
        LineRole::Body | LineRole::Aside | LineRole::Footnote => None,
    }
}

/// The role of each line of a PDF that is furniture.
pub fn roles_of_pages(laid: &Laid) -> Vec<Option<Role>> {
    laid.lines.iter().map(|line| role_of(line.role)).collect()
}

/// Lines at the head and at the foot of a page that can be furniture.
const MARGIN: usize = 2;

/// The role of each line that is furniture.
pub fn roles(draft: &Draft) -> Vec<Option<Role>> {
    let n = draft.lines.len();
    let mut roles = vec![None; n];
    if draft.lines.first().is_some_and(|l| l.page.is_some()) {
        let margins = margins(draft);
        folios(draft, &margins, &mut roles);
        running_heads(draft, &margins, &mut roles);
    } else {
        loose_folios(draft, &mut roles);
    }
    roles
}

/// For each page, the lines in its margins.
fn margins(draft: &Draft) -> Vec<(u32, Vec<usize>)> {
    let mut pages: Vec<(u32, Vec<usize>)> = Vec::new();
    let mut start = 0;
    for i in 1..=draft.lines.len() {
        if i == draft.lines.len() || draft.lines[i].page != draft.lines[start].page {
            let (head, foot) = (
                start..(start + MARGIN).min(i),
                i.saturating_sub(MARGIN).max(start + MARGIN).min(i)..i,
            );
            pages.push((
                draft.lines[start].page.unwrap_or(0),
                head.chain(foot).collect(),
            ));
            start = i;
        }
    }
    pages
}

/// Numbers in the margins that count with the pages, or that marks set off.
fn folios(draft: &Draft, margins: &[(u32, Vec<usize>)], roles: &mut [Option<Role>]) {
    let mut offsets: HashMap<i64, usize> = HashMap::new();
    let found: Vec<(usize, i64, bool)> = margins
        .iter()
        .flat_map(|(page, lines)| {
            lines.iter().filter_map(|&i| {
                folio(&draft.lines[i].text)
                    .map(|(n, marked)| (i, i64::from(n) - i64::from(*page), marked))
            })
        })
        .collect();
    for (_, offset, _) in &found {
        *offsets.entry(*offset).or_default() += 1;
    }
    for (i, offset, marked) in found {
        if marked || offsets[&offset] >= 2 {
            roles[i] = Some(Role::Folio);
        }
    }
}

/// A folded text without its figures.
fn without_figures(text: &str) -> String {
    let is_kept = |c: &char| !c.is_numeric() && *c != '-';
    fold(text).chars().filter(is_kept).collect()
}

/// Texts that come again at the edge of other pages, their numbers left aside.
fn running_heads(draft: &Draft, margins: &[(u32, Vec<usize>)], roles: &mut [Option<Role>]) {
    /// Fewer characters say nothing.
    const FEWEST: usize = 3;
    let mut pages_of: HashMap<String, Vec<(u32, usize)>> = HashMap::new();
    for (page, lines) in margins {
        for &i in lines {
            if roles[i].is_some() || !may_be_running_head(draft, i) {
                continue;
            }
            let key = without_figures(&draft.lines[i].text);
            if key.chars().count() >= FEWEST {
                pages_of.entry(key).or_default().push((*page, i));
            }
        }
    }
    // What names the gazette on its first page is its masthead.
    let first = margins.first().map_or(0, |(page, _)| *page);
    let comes_again = |at: &Vec<(u32, usize)>| comes_again(draft, at, first);
    for (_, i) in pages_of.into_values().filter(comes_again).flatten() {
        let text = draft.lines[i].text.trim_end_matches(is_blank);
        let ends_sentence = text.ends_with(['。', '；', '，', '：']);
        if !ends_sentence && draft.lines[i].page != Some(first) {
            roles[i] = Some(Role::RunningHead);
        }
    }
}

/// Whether a line in a margin has nothing that a running head has not: a number or a title of a document is never
/// furniture, nor is the name above a date.
fn may_be_running_head(draft: &Draft, i: usize) -> bool {
    /// The widest running head, in full characters.
    const WIDEST: f32 = 40.0;
    let text = draft.lines[i].text.trim_matches(is_blank);
    let facts = &draft.facts[i].text;
    let is_head = !facts.numbers.is_empty() || facts.heads_title && facts.document_kind.is_some();
    !is_head
        && !facts.is_officer
        && date_line(text).is_none()
        && label(text).is_none()
        && width(text) <= WIDEST
        && !text.contains('\t')
        && !is_number(draft, i)
        && !signs(draft, i)
}

/// Whether lines that are alike, in order, with the page of each, are running heads. Two pages can begin alike by chance,
/// three do not; the name of the gazette after its first pages is a head.
fn comes_again(draft: &Draft, at: &[(u32, usize)], first: u32) -> bool {
    /// Pages that are not by chance, and those that are enough for what is marked as a head.
    const PAGES: usize = 3;
    const MARKED: usize = 2;
    let n_heads = at.iter().filter(|(_, i)| heads_document(draft, *i)).count();
    if 2 * n_heads >= at.len() {
        return false;
    }
    let n_pages = at.chunk_by(|a, b| a.0 == b.0).count();
    let text = draft.lines[at[at.len() - 1].1].text.trim_matches(is_blank);
    let is_late = at[0].0 > first + 1;
    let is_dotted = text.starts_with(['·', '•']) && text.ends_with(['·', '•']);
    n_pages >= PAGES
        || names_this_gazette(text) && (n_pages == MARKED || is_late)
        || is_dotted && n_pages == MARKED
}

/// 云溪政报, and not 云溪县2023年国民经济公报, which is what one document tells of one year.
fn names_this_gazette(text: &str) -> bool {
    let is_of_year = text.contains('年') && issue_at_end(&without_blanks(text)).is_none();
    is_masthead(text) && !is_of_year
}

/// The number of a document; what names an issue of the gazette is none.
fn is_number(draft: &Draft, line: usize) -> bool {
    let facts = &draft.facts[line].text;
    let is_issue = draft.texts[line]
        .trim_end_matches(is_blank)
        .ends_with(['期', '次']);
    !is_issue && (facts.looks_like_number || facts.serial.is_some() || !facts.numbers.is_empty())
}

/// `云溪县人民政府令` above `第12号`, or above its date: each page may begin with a document.
fn heads_document(draft: &Draft, line: usize) -> bool {
    let facts = &draft.facts[line].text;
    let next = line + 1;
    let is_numbered = next < draft.lines.len()
        && draft.lines[next].page == draft.lines[line].page
        && (is_number(draft, next) || draft.facts[next].text.date.is_some());
    facts.document_kind.is_some() && !facts.is_masthead && is_numbered
}

/// A name above a date: each page may end with a document.
fn signs(draft: &Draft, line: usize) -> bool {
    let next = draft.facts.get(line + 1);
    let is_date = |facts: &LineFacts| facts.text.date.is_some();
    draft.facts[line].text.is_issuer && next.is_some_and(is_date)
}

/// Folios in a text whose page breaks are lost: set off by marks, and rising.
fn loose_folios(draft: &Draft, roles: &mut [Option<Role>]) {
    let found: Vec<(usize, u32)> = (0..draft.lines.len())
        .filter_map(|i| {
            folio(&draft.lines[i].text)
                .filter(|(_, marked)| *marked)
                .map(|(n, _)| (i, n))
        })
        .collect();
    let rising = found
        .windows(2)
        .filter(|w| w[1].1 > w[0].1 && w[1].1 - w[0].1 <= 3)
        .count();
    if found.len() >= 2 && rising * 10 >= (found.len() - 1) * 8 {
        found
            .into_iter()
            .for_each(|(i, _)| roles[i] = Some(Role::Folio));
    }
}
