//! A text that comes with a document has what a document has, where printed: a number, an address, a signature.

use super::body::blocks;
use super::document::Reader;
use super::head::opening;
use super::issued::Issued;
use super::signature::{noted_date, sign, signature};
use model::{Attachment, AttachmentRole, Number, Role};

/// Reads the passages of an attachment or enclosure below its title.
pub fn inner_text(reader: &mut Reader, attachment: &mut Attachment, list: &[usize]) {
    // The elements of the text are its own and not the document's.
    let outer = std::mem::replace(
        &mut reader.elements,
        std::mem::take(&mut attachment.elements),
    );
    let (numbers, n_lines) = numbers(reader, list);
    attachment.numbers = numbers;
    let list = &list[n_lines..];
    // A form or a list has words before a colon that are no address.
    let is_document = attachment.role == AttachmentRole::Enclosure
        || attachment.kind.is_some()
        || !attachment.numbers.is_empty();
    let opening = if is_document && !has_run_in(reader, list) {
        opening(reader, list)
    } else {
        Default::default()
    };
    attachment.addressees = opening.addressees;
    let end = end(reader, list);
    let signature = signature(
        reader.passages,
        list,
        opening.n_passages,
        &Issued::default(),
        None,
        Some(end),
    );
    let body_to = signature.as_ref().map_or(list.len(), |s| s.passages.start);
    let body = list[opening.n_passages..body_to].iter().copied();
    let pieces = reader.unowned.take_all(body);
    attachment.body = blocks(reader, opening.run_in, pieces);
    if let Some(signature) = &signature {
        let signed = sign(reader, list, signature);
        let is_named = |name: &String| attachment.signatories.contains(name);
        // Whose text it is can stand below its title too.
        if !signed.signatories.iter().all(is_named) {
            attachment.signatories = signed.signatories;
        }
        (attachment.date, attachment.date_printed) = (signed.date, signed.date_printed);
        list[end..]
            .iter()
            .for_each(|&i| reader.take_element(i, Role::Note));
    }
    if attachment.date.is_none() {
        (attachment.date, attachment.date_printed) = noted_date(&reader.elements).unzip();
    }
    attachment.elements = std::mem::replace(&mut reader.elements, outer);
}

/// The number of the text, right below its title, and the lines that it takes.
fn numbers(reader: &mut Reader, list: &[usize]) -> (Vec<Number>, usize) {
    let passages = reader.passages;
    let is_number = |i: &&usize| passages.holds(**i, |facts| !facts.numbers.is_empty());
    let n_lines = list.iter().take_while(is_number).count();
    let numbers = list[..n_lines]
        .iter()
        .flat_map(|&i| passages.facts[i].numbers.iter().cloned());
    for &i in &list[..n_lines] {
        reader.take_element(i, Role::Number);
    }
    (numbers.collect(), n_lines)
}

/// The place at which the notes below the signature begin.
fn end(reader: &Reader, list: &[usize]) -> usize {
    let is_note = |i: &&usize| reader.passages.holds(**i, |facts| facts.is_note);
    list.len() - list.iter().rev().take_while(is_note).count()
}

/// Whether words go on behind what would be an address: of a text without an address of its own they are its first
/// sentence.
fn has_run_in(reader: &Reader, list: &[usize]) -> bool {
    let Some(&first) = list.first() else {
        return false;
    };
    let text = &reader.passages.texts[first];
    reader.passages.holds(first, |facts| {
        facts.addressees_end.is_some_and(|end| end < text.len())
    })
}
