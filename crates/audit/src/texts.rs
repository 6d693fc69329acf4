//! What the output consists of: its texts, its tables, and the places of both.

use model::{Block, Citation, Element, Output, Place, TableBlock};

/// A text of the output and where it stands.
#[derive(Clone, Copy)]
pub struct Text<'o> {
    pub text: &'o str,
    pub at: &'o [Place],
}

/// Every text that is made of lines, each once.
pub fn texts(output: &Output) -> Vec<Text<'_>> {
    let mut out = Vec::new();
    of_elements(&output.furniture, &mut out);
    out.extend(output.contents.iter().map(|entry| Text {
        text: &entry.text,
        at: &entry.at,
    }));
    of_blocks(&output.other, &mut out);
    for document in &output.documents {
        of_elements(&document.elements, &mut out);
        of_blocks(&document.body, &mut out);
        for attachment in &document.attachments {
            of_elements(&attachment.elements, &mut out);
            of_blocks(&attachment.body, &mut out);
        }
    }
    out
}

fn of_elements<'o>(elements: &'o [Element], out: &mut Vec<Text<'o>>) {
    out.extend(elements.iter().map(|element| Text {
        text: &element.text,
        at: &element.at,
    }));
}

fn of_blocks<'o>(blocks: &'o [Block], out: &mut Vec<Text<'o>>) {
    for block in blocks {
        match block {
            Block::Heading { text, at, .. }
            | Block::Paragraph { text, at, .. }
            | Block::Formula { text, at } => out.push(Text { text, at }),
            Block::Table(table) => {
                out.extend(table.cells.iter().map(|cell| Text {
                    text: &cell.text,
                    at: &cell.at,
                }));
                of_elements(&table.elements, out);
            }
            Block::AttachmentList { items, .. } => {
                out.extend(items.iter().map(|item| Text {
                    text: &item.text,
                    at: &item.at,
                }));
            }
            Block::Figure { .. } => {}
        }
    }
}

/// All blocks, those of no document among them.
pub fn blocks(output: &Output) -> impl Iterator<Item = &Block> {
    let of_documents = output.documents.iter().flat_map(|document| {
        let of_attachments = document
            .attachments
            .iter()
            .flat_map(|attachment| &attachment.body);
        document.body.iter().chain(of_attachments)
    });
    output.other.iter().chain(of_documents)
}

pub fn tables(output: &Output) -> impl Iterator<Item = &TableBlock> {
    blocks(output).filter_map(|block| match block {
        Block::Table(table) => Some(table),
        _ => None,
    })
}

/// The places of what is no text: tables and lists as a whole, figures, titles, citations, checks.
pub fn other_places(output: &Output) -> impl Iterator<Item = &Place> {
    let of_blocks = blocks(output).flat_map(|block| match block {
        Block::Table(TableBlock { at, .. })
        | Block::AttachmentList { at, .. }
        | Block::Figure { at } => at.as_slice(),
        _ => &[],
    });
    let of_documents = output.documents.iter().flat_map(|document| {
        let cited = document.citations.iter().flat_map(|Citation { at, .. }| at);
        document.at.iter().chain(cited)
    });
    of_blocks
        .chain(of_documents)
        .chain(output.checks.iter().flat_map(|check| &check.at))
}
