//! One document: its elements (GB/T 9704-2012), its body as blocks, its attachments.

use super::attachments::{Tail, attachments, heads_attachment};
use super::body::blocks;
use super::citations::citations;
use super::head::{head, opening};
use super::issued::Issued;
use super::lists::deinterleave_lists;
use super::owners::Unowned;
use super::passages::{Passages, rounded};
use super::roles::PassageRole;
use super::signature::{self, Signature, Signed, noted_date, sign};
use super::start::Start;
use crate::repair::log::Log;
use language::titles::kind_of;
use language::words::simplified;
use model::{Attachment, Block, Colophon, Document, Element, Number, Place, Role};

/// Passages after the head in which a document names the text that it issues.
const NAMES_ITS_TEXT: usize = 6;

/// A text while it is read: passages go from what nobody owns yet into its elements and blocks.
pub struct Reader<'p, 'r, 'a> {
    pub passages: &'p Passages<'r, 'a>,
    pub unowned: Unowned<'p, 'r, 'a>,
    pub elements: Vec<Element>,
    pub colophon: Option<Colophon>,
    pub log: Log<'a>,
}

impl<'p, 'r, 'a> Reader<'p, 'r, 'a> {
    pub fn new(passages: &'p Passages<'r, 'a>, unowned: Unowned<'p, 'r, 'a>) -> Self {
        Reader {
            passages,
            unowned,
            elements: Vec::new(),
            colophon: None,
            log: passages.draft.open_log(),
        }
    }

    /// A passage as an element of the document.
    pub fn take_element(&mut self, passage: usize, role: Role) {
        let element = self.element(passage, role);
        self.elements.extend(element);
    }

    /// A passage as an element, if nobody has it.
    pub fn element(&mut self, passage: usize, role: Role) -> Option<Element> {
        let piece = self.unowned.take(passage)?;
        Some(self.passages.element(vec![piece], role))
    }
}

/// Reads the document of a head out of its passages; what no part of it takes is given beside it.
pub fn document<'r, 'a>(
    passages: &Passages<'r, 'a>,
    start: &Start,
    unowned: Unowned<'_, 'r, 'a>,
) -> (Document, Vec<Block>, Log<'a>) {
    let mut reader = Reader::new(passages, unowned);
    let all = reader.unowned.left();
    let title = head(&mut reader, start);
    let title_at = title_places(&reader.elements);
    let after = reader.unowned.left();
    let opening = opening(&mut reader, &after);
    let from = opening.n_passages;
    let near = &after[..after.len().min(from + NAMES_ITS_TEXT)];
    let issued = Issued::new(passages, title.as_deref().unwrap_or(""), near);
    let is_dated = noted_date(&reader.elements).is_some();
    let parts = Parts::new(passages, &after, from, title.as_deref(), is_dated);
    let pieces = reader.unowned.take_all(parts.body);
    let mut body = blocks(&mut reader, opening.run_in, pieces);
    let signature = parts.signature;
    let signed = signed(&mut reader, &after, signature.as_ref());
    let tail = &parts.tail[..];
    let mut numbers = start.numbers.clone();
    let mut tail = Tail::new(tail, &issued, title.as_deref(), signature.is_some());
    if numbers.is_empty() && signature.is_some() {
        numbers = number_of_issued(&mut reader, &mut tail);
    }
    let mut attachments = attachments(&mut reader, tail, &mut body);
    deinterleave_lists(&mut reader, &after, &mut body, &mut attachments);

    // What no part of the document took is none of it.
    let left = reader.unowned.left();
    let taken: Vec<usize> = all
        .into_iter()
        .filter(|i| left.binary_search(i).is_err())
        .collect();
    let document = Document {
        id: String::new(),
        citations: citations(&texts(&body, &attachments), &passages.config.forms),
        numbers,
        kind: title
            .as_deref()
            .map(|t| kind(t).unwrap_or_else(|| "other".to_owned())),
        title,
        addressees: opening.addressees,
        body,
        signatories: signed.signatories,
        date: signed.date,
        date_printed: signed.date_printed,
        attachments,
        colophon: reader.colophon.take(),
        pages: pages(passages, &taken),
        elements: std::mem::take(&mut reader.elements),
        at: title_at,
        confidence: confidence(passages, start),
    };
    let left = reader.unowned.take_rest();
    let other = blocks(&mut reader, None, left);
    (document, other, reader.log)
}

/// How likely it is that a document begins at a head; of one without a title, that its number is one.
fn confidence(passages: &Passages, start: &Start) -> Option<f32> {
    let judged = |i: &usize| passages.judged.get(*i);
    match start.title.first() {
        Some(title) => judged(title).map(|judged| rounded(judged.opens_document)),
        None => {
            let number = start.number_lines.first().and_then(judged)?;
            let is_number = number.label.role == PassageRole::Number;
            is_number.then(|| rounded(number.probability))
        }
    }
}

/// Where the title stands; of a text without one, where its head does.
fn title_places(elements: &[Element]) -> Vec<Place> {
    let title = elements.iter().rfind(|e| e.role == Role::Title);
    title
        .or(elements.first())
        .map_or(Vec::new(), |e| e.at.clone())
}

/// What the signature says; a document that signs none can be dated below its title.
fn signed(reader: &mut Reader, after: &[usize], signature: Option<&Signature>) -> Signed {
    let mut signed =
        signature.map_or_else(Signed::default, |signature| sign(reader, after, signature));
    if signed.date.is_none() {
        (signed.date, signed.date_printed) = noted_date(&reader.elements).unzip();
    }
    signed
}

/// The blocks of a document and of what comes with it.
fn texts<'d>(body: &'d [Block], attachments: &'d [Attachment]) -> Vec<&'d Block> {
    let attached = attachments.iter().flat_map(|a| &a.body);
    body.iter().chain(attached).collect()
}

/// 文种, as the title names it.
pub fn kind(title: &str) -> Option<String> {
    let plain = simplified(title);
    let kind = kind_of(&plain)?;
    // As printed: the plain title has the same bytes at the same places.
    let at = plain.rfind(kind)?;
    let kind = title.get(at..at + kind.len()).unwrap_or(kind);
    Some(if kind == "命令" { "令" } else { kind }.to_owned())
}

/// The first and the last page of passages.
fn pages(passages: &Passages, list: &[usize]) -> Option<[u32; 2]> {
    // A footnote stands behind what goes on on the next page.
    let pages = list.iter().filter_map(|&i| passages.pages(i)).flatten();
    let (first, last) = pages.fold((u32::MAX, 0), |(first, last), page| {
        (first.min(page), last.max(page))
    });
    (first <= last).then_some([first, last])
}

/// The passages of a document below its head.
struct Parts {
    body: Vec<usize>,
    signature: Option<Signature>,
    /// What follows the signature, or else the body.
    tail: Vec<usize>,
}

impl Parts {
    /// Parts the passages `after` a head from a place on: the body ends at what comes with the document. A signature
    /// stands before that, or behind it, or right below the head; below a head that `is_dated` it needs no date.
    fn new(
        passages: &Passages,
        after: &[usize],
        from: usize,
        title: Option<&str>,
        is_dated: bool,
    ) -> Parts {
        let begins = |&at: &usize| {
            let i = after[at];
            heads_attachment(passages, i)
                || passages.begins(i, PassageRole::AttachmentTitle)
                || passages.begins(i, PassageRole::EnclosureTitle)
        };
        let end = (from..after.len()).find(begins).unwrap_or(after.len());
        let before = signature::judged(passages, &after[..end], from);
        let signature = before
            .or_else(|| signature::judged(passages, after, end))
            .or_else(|| signature::at_end(passages, &after[..end], from, title))
            .or_else(|| signature::undated(passages, &after[..end], from).filter(|_| is_dated));
        let signed = signature.as_ref().map_or(end..end, |s| s.passages.clone());
        // Below the head, with the body below it.
        let is_at_head = signed.start <= from && signed.end < end;
        let body = if is_at_head {
            signed.end..end
        } else {
            from..end.min(signed.start)
        };
        let tail = if is_at_head {
            end
        } else {
            end.min(signed.start)
        };
        Parts {
            body: after[body].to_vec(),
            tail: (tail..after.len())
                .filter(|at| !signed.contains(at))
                .map(|at| after[at])
                .collect(),
            signature,
        }
    }
}

/// 最高人民法院 / 公告 / … / 2024年6月20日 / 法释〔2024〕7号: the number stands above the text that is issued. With nothing
/// below it, it is the number of the next document.
fn number_of_issued(reader: &mut Reader, tail: &mut Tail) -> Vec<Number> {
    let [i, _, ..] = tail.list[..] else {
        return Vec::new();
    };
    let numbers = reader
        .passages
        .text_facts(i)
        .map_or(Vec::new(), |facts| facts.numbers.clone());
    if !numbers.is_empty() {
        reader.take_element(i, Role::Number);
        tail.list = &tail.list[1..];
    }
    numbers
}
