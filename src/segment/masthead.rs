//! Cover and masthead: which gazette this is; and the imprint at its end.

use super::owners::Unowned;
use super::passages::Passages;
use language::masthead::{issue, issue_at_end, names_gazette, published, sponsor};
use language::script::{is_han, width};
use model::{Element, Gazette, Role};

/// The widest line of a masthead, in full characters.
const WIDEST: f32 = 40.0;
/// Passages of a cover: a date alone further down is none of the issue.
const COVER: usize = 40;
/// Lines that an imprint has at least: one alone can be the end of a document.
const FEWEST_IMPRINT_LINES: usize = 2;

/// Reads what stands before the first document, at `end`; what says something of the issue becomes furniture.
pub fn gazette(
    passages: &Passages,
    unowned: &mut Unowned,
    end: usize,
    furniture: &mut Vec<Element>,
) -> Gazette {
    let mut gazette = Gazette::default();
    for i in (0..end).filter(|&i| passages.is_text(i)) {
        let text = passages.squeezed(i);
        if !unowned.has(i) || width(&text) > WIDEST || text.contains(['，', '。', '；']) {
            continue;
        }
        if read_line(&mut gazette, &text, i) {
            let pieces = unowned.take_all([i]);
            furniture.push(passages.element(pieces, Role::Masthead));
        }
    }
    furniture.extend(imprint(passages, unowned, end));
    gazette
}

/// Reads what a line, the `i`th, says of the gazette; whether it says something.
fn read_line(gazette: &mut Gazette, text: &str, i: usize) -> bool {
    let bare = text.trim_matches(['《', '》']);
    if gazette.title.as_deref() == Some(bare) || gazette.title.is_none() && names_gazette(bare) {
        gazette.title = Some(bare.to_owned());
        return true;
    }
    if let Some(issue) = issue(text).or_else(|| issue_at_end(text)) {
        gazette.year = gazette.year.or(issue.year);
        gazette.issue = gazette.issue.or(issue.issue);
        gazette.part = gazette.part.take().or(issue.part);
        gazette.serial = gazette.serial.or(issue.serial);
        return true;
    }
    if let Some((date, is_said)) = published(text) {
        gazette.published = gazette.published.take().or(Some(date));
        return is_said || i < COVER;
    }
    if let Some(sponsor) = sponsor(text) {
        gazette.sponsor = gazette.sponsor.take().or(Some(sponsor));
        return true;
    }
    // The title in Latin letters.
    !text.chars().any(is_han)
        && text.chars().any(|c| c.is_ascii_uppercase())
        && !text.contains("://")
}

/// The last lines of an issue, where they say who made and printed it.
fn imprint(passages: &Passages, unowned: &mut Unowned, first: usize) -> Vec<Element> {
    let end = passages.list.len();
    let n_lines = (first..end)
        .rev()
        .take_while(|&i| unowned.has(i) && passages.holds(i, |facts| facts.is_imprint))
        .count();
    if n_lines < FEWEST_IMPRINT_LINES {
        return Vec::new();
    }
    let pieces = unowned.take_all(end - n_lines..end);
    pieces
        .into_iter()
        .map(|piece| passages.element(vec![piece], Role::Imprint))
        .collect()
}
