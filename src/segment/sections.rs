//! Headings of the gazette's sections that stand between documents.

use std::collections::HashSet;

use super::contents::Contents;
use super::owners::Unowned;
use super::passages::Passages;
use super::start::Start;
use language::script::{fold, is_blank};
use model::{Element, Role};

/// Headings of sections right above the heads of documents.
pub fn sections(
    passages: &Passages,
    unowned: &mut Unowned,
    contents: &Contents,
    starts: &[Start],
) -> Vec<Element> {
    let names = names(contents);
    let mut sections = Vec::new();
    let mut floor = 0;
    for start in starts {
        let mut next = start.passages.start;
        while let Some(above) = next.checked_sub(1)
            && above >= floor
            && is_section(passages, above, &names)
            && let Some(piece) = unowned.take(above)
        {
            sections.push(passages.element(vec![piece], Role::Section));
            next = above;
        }
        // The head above is no section, though it be one word.
        floor = start.passages.end;
    }
    sections
}

/// The names that the contents give to sections, folded.
fn names(contents: &Contents) -> HashSet<String> {
    let named = contents.entries.iter().filter_map(|e| e.section.as_deref());
    let headings = contents
        .furniture
        .iter()
        .filter(|f| f.role == Role::Section);
    let printed = headings.map(|f| {
        f.text
            .trim_end_matches(|c: char| c.is_ascii_digit() || is_blank(c))
    });
    named.chain(printed).map(fold).collect()
}

fn is_section(passages: &Passages, i: usize, names: &HashSet<String>) -> bool {
    let Some(facts) = passages.text_facts(i) else {
        return false;
    };
    let text = &passages.texts[i];
    let name = fold(text);
    let bare = name.trim_matches(['[', ']', '【', '】']);
    names.contains(&name)
        || names.contains(bare)
        || text.starts_with('【') && text.ends_with('】')
        || facts.heads_section && i >= 1 && ends_document(passages, i - 1)
}

/// 人事任免 alone, between what ends a document and the next head.
fn ends_document(passages: &Passages, i: usize) -> bool {
    let facts = &passages.facts[i];
    facts.date.is_some() || facts.is_note || facts.is_masthead || facts.colophon.is_some()
}
