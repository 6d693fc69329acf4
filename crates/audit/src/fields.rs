//! Fields: what the output says of the gazette, its contents and its documents is read from printed texts.

use model::{AttachmentItem, Block, ContentsEntry, Output, Role};

use crate::lines::{first, is_share};
use crate::printed::{Printed, is_around, is_dated, numbers, numerals, printed, printed_forms};
use crate::texts::{blocks, texts};
use crate::{Findings, bare, documents, shown};

/// Checks every field of the output.
pub fn check(output: &Output, findings: &mut Findings) {
    if let Some(what) = not_in_masthead(output) {
        findings.add("gazette", what);
    }
    confidences(output, findings);
    contents(output, findings);
    blocks(output).for_each(|block| check_block(block, findings));
    documents::check(&output.documents, findings);
    let is_there = |n: Option<usize>| n.is_none_or(|n| n < output.documents.len());
    for entry in output
        .contents
        .iter()
        .filter(|entry| !is_there(entry.document))
    {
        findings.add(
            first(&entry.at),
            "an entry leads to a document that is not there",
        );
    }
    for check in output
        .checks
        .iter()
        .filter(|check| !is_there(check.document))
    {
        findings.add(
            first(&check.at),
            "a check is about a document that is not there",
        );
    }
}

/// The field of the gazette that no masthead says.
fn not_in_masthead(output: &Output) -> Option<String> {
    let gazette = &output.gazette;
    let of_maker = [Role::Masthead, Role::Imprint, Role::RunningHead];
    let printed = printed(&output.furniture, &of_maker);
    let numbers = numerals(&output.furniture, &of_maker);
    let says = |text: &Option<String>| text.as_deref().is_none_or(|text| printed.has(text));
    let counts = |n: Option<u32>| n.is_none_or(|n| numbers.iter().any(|&m| is_end_of(n, m)));
    let dates = |iso: &Option<String>| iso.as_deref().is_none_or(|iso| is_dated(iso, &numbers));
    let fields = [
        ("title", says(&gazette.title)),
        ("year", counts(gazette.year)),
        ("issue", counts(gazette.issue)),
        ("part", says(&gazette.part)),
        ("serial number", counts(gazette.serial)),
        ("sponsor", says(&gazette.sponsor)),
        ("date", dates(&gazette.published)),
    ];
    let (name, _) = fields.into_iter().find(|(_, is_printed)| !is_printed)?;
    Some(format!("its {name} is printed on no masthead"))
}

/// Whether a number is another, or begins or ends it: `20231期` is issue 1 of 2023.
fn is_end_of(n: u32, printed: u32) -> bool {
    let (n, printed) = (n.to_string(), printed.to_string());
    printed.starts_with(&n) || printed.ends_with(&n)
}

/// Entries of the contents: what they say is in their text, or in the heading above them.
fn contents(output: &Output, findings: &mut Findings) {
    let mut sections = printed(&output.furniture, &[Role::Section]);
    for entries in output.contents.chunk_by(|a, b| a.section == b.section) {
        for entry in entries {
            if let Some(what) = not_in_entry(entry) {
                findings.add(first(&entry.at), what);
            }
        }
        let [entry, ..] = entries else { continue };
        if entry
            .section
            .as_deref()
            .is_some_and(|section| !sections.has_next(section))
        {
            findings.add(
                first(&entry.at),
                "the section of an entry is printed nowhere",
            );
            return;
        }
    }
}

fn has_number(text: &str, number: &str) -> bool {
    let is_printed = |form: &String| Printed::read(text).reads_next(form);
    printed_forms(number).iter().any(is_printed)
}

fn not_in_entry(entry: &ContentsEntry) -> Option<&'static str> {
    let numbers = numbers(&entry.text);
    let counts = |n: Option<u32>| n.is_none_or(|n| numbers.contains(&n));
    let number = entry.number.as_deref();
    if !is_around(&entry.title, &entry.text) {
        Some("the title of an entry is not in its text")
    } else if number.is_some_and(|number| !has_number(&entry.text, number)) {
        Some("the number of an entry is not in its text")
    } else if !counts(entry.page) || !counts(entry.seq) {
        Some("the page of an entry, or its number in the contents, is not in its text")
    } else {
        None
    }
}

/// Labels of blocks, and titles and numbers of items, are in their text.
fn check_block(block: &Block, findings: &mut Findings) {
    match block {
        Block::Heading {
            label, text, at, ..
        }
        | Block::Paragraph { label, text, at } => {
            let label = label.as_deref().unwrap_or_default();
            if !bare(text).starts_with(&bare(label)) {
                let what = format!("the label '{}' does not begin its text", shown(label));
                findings.add(first(at), what);
            }
        }
        Block::AttachmentList { items, .. } => {
            for item in items.iter().filter(|item| !is_read(item)) {
                let what = "the title or the number of an item is not in its text";
                findings.add(first(&item.at), what);
            }
        }
        Block::Table(_) | Block::Formula { .. } | Block::Figure { .. } => {}
    }
}

fn is_read(item: &AttachmentItem) -> bool {
    bare(&item.text).contains(&bare(&item.title))
        && item
            .seq
            .is_none_or(|seq| numbers(&item.text).contains(&seq))
}

/// Every confidence is a probability.
fn confidences(output: &Output, findings: &mut Findings) {
    let of_documents = output
        .documents
        .iter()
        .map(|d| (first(&d.at), d.confidence));
    let of_texts = texts(output)
        .into_iter()
        .map(|text| (first(text.at), text.confidence));
    for (place, confidence) in of_documents.chain(of_texts) {
        if confidence.is_some_and(|sure| !is_share(sure)) {
            findings.add(place, "a confidence is not between 0 and 1");
        }
    }
}
