//! What the output consists of: its texts, its tables, and the places of both.

use model::{Block, CellBlock, Citation, Element, Output, Place, TableBlock};

/// A text of the output and where it stands.
#[derive(Clone, Copy)]
pub struct Text<'o> {
    pub text: &'o str,
    pub at: &'o [Place],
    /// A cell holds the lines that nothing joined, each a line of its own.
    pub is_cell: bool,
    /// How likely it is what it is said to be.
    pub confidence: Option<f32>,
}

impl<'o> Text<'o> {
    fn new(text: &'o str, at: &'o [Place]) -> Self {
        Self {
            text,
            at,
            is_cell: false,
            confidence: None,
        }
    }

    fn of_cell(cell: &'o CellBlock) -> Self {
        Self {
            is_cell: true,
            ..Self::new(&cell.text, &cell.at)
        }
    }
}

/// Every text that is made of lines, each once.
pub fn texts(output: &Output) -> Vec<Text<'_>> {
    let mut out = Vec::new();
    of_elements(&output.furniture, &mut out);
    let entries = output.contents.iter();
    out.extend(entries.map(|entry| Text::new(&entry.text, &entry.at)));
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
    let elements = elements.iter();
    out.extend(elements.map(|element| Text {
        confidence: element.confidence,
        ..Text::new(&element.text, &element.at)
    }));
}

fn of_blocks<'o>(blocks: &'o [Block], out: &mut Vec<Text<'o>>) {
    for block in blocks {
        match block {
            Block::Heading {
                text,
                at,
                confidence,
                ..
            } => out.push(Text {
                confidence: *confidence,
                ..Text::new(text, at)
            }),
            Block::Paragraph { text, at, .. } | Block::Formula { text, at } => {
                out.push(Text::new(text, at));
            }
            Block::Table(table) => {
                out.extend(table.cells.iter().map(Text::of_cell));
                of_elements(&table.elements, out);
            }
            Block::AttachmentList { items, .. } => {
                out.extend(items.iter().map(|item| Text::new(&item.text, &item.at)));
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
