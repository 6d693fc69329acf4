//! Fields: what the output says of the gazette, its contents and its documents is read from printed texts.

use std::collections::HashSet;

use model::{
    Attachment, AttachmentItem, Block, Citation, Colophon, ContentsEntry, Document, Element,
    Number, Output, Place, Role,
};

use crate::lines::first;
use crate::printed::{Printed, is_around, is_dated, numbers};
use crate::texts::blocks;
use crate::{Findings, bare, shown};

pub fn check(output: &Output, findings: &mut Findings) {
    if let Some(what) = not_in_masthead(output) {
        findings.add("gazette", what);
    }
    contents(output, findings);
    blocks(output).for_each(|block| check_block(block, findings));
    let mut ids = HashSet::new();
    for document in &output.documents {
        if !ids.insert(document.id.as_str()) {
            findings.add(&document.id, "two documents have this id");
        }
        check_document(document, findings);
    }
    let n_documents = output.documents.len();
    for check in output
        .checks
        .iter()
        .filter(|c| c.document.is_some_and(|n| n >= n_documents))
    {
        findings.add(
            first(&check.at),
            "a check is about a document that is not there",
        );
    }
}

/// The field of the gazette that no masthead says.
fn not_in_masthead(output: &Output) -> Option<&'static str> {
    let gazette = &output.gazette;
    let printed = printed(&output.furniture, &[Role::Masthead]);
    let numbers = printed.numbers();
    let says = |text: &Option<String>| text.as_deref().is_none_or(|text| printed.has(text));
    let counts = |n: Option<u32>| n.is_none_or(|n| numbers.contains(&n));
    let dates = |iso: &Option<String>| iso.as_deref().is_none_or(|iso| is_dated(iso, &numbers));
    let fields = [
        ("its title is printed on no masthead", says(&gazette.title)),
        ("its year is printed on no masthead", counts(gazette.year)),
        ("its issue is printed on no masthead", counts(gazette.issue)),
        ("its part is printed on no masthead", says(&gazette.part)),
        (
            "its serial number is printed on no masthead",
            counts(gazette.serial),
        ),
        (
            "its sponsor is printed on no masthead",
            says(&gazette.sponsor),
        ),
        (
            "its date is printed on no masthead",
            dates(&gazette.published),
        ),
    ];
    fields
        .into_iter()
        .find_map(|(what, is_printed)| (!is_printed).then_some(what))
}

/// Entries of the contents: what they say is in their text, or in the heading above them.
fn contents(output: &Output, findings: &mut Findings) {
    let mut sections = printed(&output.furniture, &[Role::Section]);
    let mut section = None;
    for entry in &output.contents {
        if let Some(what) = not_in_entry(entry) {
            findings.add(first(&entry.at), what);
        }
        if entry.document.is_some_and(|n| n >= output.documents.len()) {
            findings.add(
                first(&entry.at),
                "an entry leads to a document that is not there",
            );
        }
        if entry.section != section {
            section.clone_from(&entry.section);
            if section
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
}

fn not_in_entry(entry: &ContentsEntry) -> Option<&'static str> {
    let numbers = numbers(&entry.text);
    let counts = |n: Option<u32>| n.is_none_or(|n| numbers.contains(&n));
    let number = entry.number.as_deref();
    if !is_around(&entry.title, &entry.text) {
        Some("the title of an entry is not in its text")
    } else if number.is_some_and(|number| !Printed::read(&entry.text).reads_next(number)) {
        Some("the number of an entry is not in its text")
    } else if !counts(entry.page) || !counts(entry.seq) {
        Some("the page of an entry, or its number in the contents, is not in its text")
    } else {
        None
    }
}

/// Labels and titles of items are in the text of their block.
fn check_block(block: &Block, findings: &mut Findings) {
    match block {
        Block::Heading {
            label: Some(label),
            text,
            at,
            ..
        }
        | Block::Paragraph {
            label: Some(label),
            text,
            at,
        } => {
            if !bare(text).starts_with(&bare(label)) {
                findings.add(
                    first(at),
                    format!("the label '{}' does not begin its text", shown(label)),
                );
            }
        }
        Block::AttachmentList { items, .. } => {
            for item in items.iter().filter(|item| !is_read(item)) {
                findings.add(
                    first(&item.at),
                    "the title or the number of an item is not in its text",
                );
            }
        }
        _ => {}
    }
}

fn is_read(item: &AttachmentItem) -> bool {
    bare(&item.text).contains(&bare(&item.title))
        && item
            .seq
            .is_none_or(|seq| numbers(&item.text).contains(&seq))
}

fn check_document(document: &Document, findings: &mut Findings) {
    let id = &document.id;
    let mut say = |what: Option<String>| what.into_iter().for_each(|what| findings.add(id, what));
    say(not_in_head(document));
    say(not_signed(document));
    say(document.numbers.iter().find_map(not_a_number));
    say(document
        .colophon
        .as_ref()
        .and_then(|colophon| not_in_colophon(colophon, &document.elements)));
    say(not_cited(document));
    say(misplaced(document));
    document
        .attachments
        .iter()
        .for_each(|attachment| say(not_in_attachment(attachment)));
}

/// Number, title and addressees are read from the elements of those roles.
fn not_in_head(document: &Document) -> Option<String> {
    let title = document.title.as_deref();
    if let Some(title) = title.filter(|t| !printed(&document.elements, &[Role::Title]).has(t)) {
        return Some(nowhere("the title", title));
    }
    let kind = document.kind.as_deref().filter(|&kind| kind != "other");
    if let Some(kind) = kind.filter(|kind| !title.is_some_and(|title| title.contains(kind))) {
        return Some(format!(
            "it is a {}, and its title does not say so",
            shown(kind)
        ));
    }
    let mut numbers = printed(
        &document.elements,
        &[Role::Number, Role::Title, Role::IssuerMark],
    );
    if let Some(number) = document
        .numbers
        .iter()
        .find(|n| !numbers.has_next(&n.printed))
    {
        return Some(nowhere("the number", &number.printed));
    }
    let mut addressees = printed(&document.elements, &[Role::Addressees]);
    let missing = document
        .addressees
        .iter()
        .find(|name| !addressees.has_next(name));
    missing.map(|name| nowhere("the addressee", name))
}

/// Signatories and date are read from the elements of those roles.
fn not_signed(document: &Document) -> Option<String> {
    let mut names = printed(&document.elements, &[Role::Signatories, Role::Date]);
    if let Some(name) = document
        .signatories
        .iter()
        .find(|name| !names.has_next(name))
    {
        return Some(nowhere("the signatory", name));
    }
    let date_printed = document.date_printed.as_deref();
    let dates = printed(&document.elements, &[Role::Date, Role::TitleNote]);
    if let Some(date) = date_printed.filter(|date| !dates.has(date)) {
        return Some(nowhere("the date", date));
    }
    let numbers = numbers(date_printed.unwrap_or_default());
    let date = document
        .date
        .as_deref()
        .filter(|date| !is_dated(date, &numbers));
    date.map(|date| format!("its date is {}, and what is printed is not", shown(date)))
}

/// A number in its normal form says what is printed, and its parts are those of that form.
fn not_a_number(number: &Number) -> Option<String> {
    let Number { text, printed, .. } = number;
    // A printed number can lack its 号.
    let says = Printed::read(&format!("{printed}号")).reads_next(text);
    let holds = says && is_made_of_its_parts(number).is_some();
    (!holds).then(|| {
        format!(
            "the number '{}' is not what is printed, '{}'",
            shown(text),
            shown(printed)
        )
    })
}

/// `云政发〔2023〕1号`; `第37号`, `2021年第1号` or `〔2024〕3号` where no issuer numbers.
fn is_made_of_its_parts(
    Number {
        text,
        issuer_code,
        year,
        seq,
        ..
    }: &Number,
) -> Option<()> {
    let (unit, _) = text.char_indices().next_back()?;
    let head = text[..unit].strip_suffix(&seq.to_string())?;
    let head = head.strip_suffix('第').unwrap_or(head);
    let Some(year) = year else {
        return head.is_empty().then_some(());
    };
    let (issuer, of_year) = head.split_at(head.find('〔').unwrap_or(0));
    let is_year = of_year.starts_with('〔') && of_year.ends_with('〕') || of_year.ends_with('年');
    let is_issuer = issuer == issuer_code.as_deref().unwrap_or_default();
    (is_issuer && is_year && numbers(of_year) == [*year]).then_some(())
}

fn not_in_colophon(colophon: &Colophon, elements: &[Element]) -> Option<String> {
    let mut printed = printed(elements, &[Role::Colophon]);
    if let Some(name) = colophon
        .printed_by
        .as_deref()
        .filter(|name| !printed.has(name))
    {
        return Some(nowhere("who printed it", name));
    }
    let numbers = printed.numbers();
    if let Some(date) = colophon
        .printed_on
        .as_deref()
        .filter(|date| !is_dated(date, &numbers))
    {
        return Some(nowhere("the date of printing", date));
    }
    let missing = colophon
        .copied_to
        .iter()
        .find(|name| !printed.has_next(name));
    missing.map(|name| nowhere("the body that gets a copy,", name))
}

/// Citations are read from headings and paragraphs, in the order of these.
fn not_cited(document: &Document) -> Option<String> {
    let of_attachments = document
        .attachments
        .iter()
        .flat_map(|attachment| &attachment.body);
    let mut texts = document
        .body
        .iter()
        .chain(of_attachments)
        .filter_map(text_of);
    let mut here: Option<(&[Place], Printed)> = None;
    for Citation { number, title, at } in &document.citations {
        if here.as_ref().is_none_or(|(place, _)| place != at) {
            here = texts
                .find(|(_, place)| place == at)
                .map(|(text, place)| (place, Printed::read(text)));
        }
        let is_read = here
            .as_mut()
            .is_some_and(|(_, text)| text.reads_next(title) && text.reads_next(number));
        if !is_read {
            return Some(nowhere("the citation", &format!("{title}{number}")));
        }
    }
    None
}

fn text_of(block: &Block) -> Option<(&str, &[Place])> {
    match block {
        Block::Heading { text, at, .. } | Block::Paragraph { text, at, .. } => Some((text, at)),
        _ => None,
    }
}

/// A document stands where one of its elements does, on the pages of its texts.
fn misplaced(document: &Document) -> Option<String> {
    let stands = document.at.is_empty() || document.elements.iter().any(|e| e.at == document.at);
    if !stands {
        return Some("it stands where none of its elements does".to_owned());
    }
    let of_attachments = document
        .attachments
        .iter()
        .flat_map(|a| elements_pages(&a.elements).chain(a.body.iter().flat_map(block_pages)));
    let pages = elements_pages(&document.elements)
        .chain(document.body.iter().flat_map(block_pages))
        .chain(of_attachments);
    let printed = pages.fold(None, |range: Option<[u32; 2]>, page| {
        let [first, last] = range.unwrap_or([page, page]);
        Some([first.min(page), last.max(page)])
    });
    (printed != document.pages).then(|| {
        format!(
            "its pages are {:?}, and its texts stand on {printed:?}",
            document.pages
        )
    })
}

fn elements_pages(elements: &[Element]) -> impl Iterator<Item = u32> {
    elements
        .iter()
        .flat_map(|element| &element.at)
        .filter_map(|place| place.page)
}

fn block_pages(block: &Block) -> impl Iterator<Item = u32> {
    let (Block::Heading { at, .. }
    | Block::Paragraph { at, .. }
    | Block::Table(model::TableBlock { at, .. })
    | Block::Formula { at, .. }
    | Block::Figure { at }
    | Block::AttachmentList { at, .. }) = block;
    at.iter().filter_map(|place| place.page)
}

fn not_in_attachment(attachment: &Attachment) -> Option<String> {
    let labels = printed(&attachment.elements, &[Role::AttachmentLabel]);
    let titles = printed(&attachment.elements, &[Role::Title]);
    let label = attachment
        .label
        .as_deref()
        .filter(|label| !labels.has(label));
    let title = attachment
        .title
        .as_deref()
        .filter(|title| !titles.has(title));
    label
        .map(|label| nowhere("the label of the attachment", label))
        .or_else(|| title.map(|title| nowhere("the title of the attachment", title)))
}

/// What elements of some roles have printed.
fn printed(elements: &[Element], roles: &[Role]) -> Printed {
    Printed::of(
        elements
            .iter()
            .filter(|e| roles.contains(&e.role))
            .map(|e| e.text.as_str()),
    )
}

fn nowhere(what: &str, value: &str) -> String {
    format!(
        "{what} '{}' is printed nowhere in its elements",
        shown(value)
    )
}
