//! The printed contents (目录), read entry by entry.

use std::collections::HashSet;
use std::ops::Range;

use super::owners::Unowned;
use super::passages::Passages;
use crate::repair::Form;
use crate::repair::blocks::places;
use language::contents::{
    front_page, inner_page, is_bullet, last_page, leading_serial, section_name,
};
use language::head::without_date;
use language::label::{Kind, Label, label};
use language::number::{NumberForms, number_within, serial_title};
use language::script::{fold, is_blank, similarity, without_blanks};
use model::{ContentsEntry, Document, Element, Number, Role};

/// Entries of the contents, and what stands between them.
#[derive(Default)]
pub struct Contents {
    pub entries: Vec<ContentsEntry>,
    /// The word 目录, headings of sections.
    pub furniture: Vec<Element>,
    /// The passage with which the body begins: the one after the contents, or the first where they stand at the back.
    pub body: usize,
}

/// Reads the contents.
pub fn contents(passages: &Passages, unowned: &mut Unowned) -> Contents {
    let mut contents = Contents::default();
    let mut zone: Option<Range<usize>> = None;
    let mut section = None;
    for (i, passage) in passages.list.iter().enumerate() {
        let role = match passage.form {
            // 主办：云溪县人民政府　网址：…, below the last entry
            Form::ContentsEntry if passages.facts[i].is_imprint => Some(Role::Imprint),
            Form::ContentsEntry => None,
            Form::ContentsTitle => Some(Role::ContentsTitle),
            Form::ContentsSection => Some(Role::Section),
            Form::Text | Form::Formula | Form::Table(_) => continue,
        };
        zone = Some(zone.map_or(i, |zone| zone.start)..i + 1);
        let Some(piece) = unowned.take(i) else {
            continue;
        };
        if role == Some(Role::Section) {
            section = section_name(&passages.texts[i]).map(str::to_owned);
        }
        match role {
            Some(role) => contents.furniture.push(passages.element(vec![piece], role)),
            None => contents.entries.push(ContentsEntry {
                section: section.clone(),
                at: places(passages.draft, piece.spans()),
                ..entry(passages, i)
            }),
        }
    }
    contents.body = zone.map_or(0, |zone| body(&zone, passages.list.len()));
    contents
}

/// Contents at the back have more before them than after them.
fn body(zone: &Range<usize>, n_passages: usize) -> usize {
    if zone.start > n_passages - zone.end {
        0
    } else {
        zone.end
    }
}

/// One entry: its number among the others, title, 发文字号 and page.
fn entry(passages: &Passages, i: usize) -> ContentsEntry {
    let text = &passages.texts[i];
    let label = passages.facts[i].label.as_ref();
    let body = text[label.map_or(0, |l| l.len)..].trim_start_matches(is_bullet);
    let (front, body) = front_page(body);
    let body = body.trim_start_matches(is_bullet);
    // `1　一、…的通知`
    let inner = label_behind(front, body);
    let body = body[inner.as_ref().map_or(0, |l| l.len)..].trim_start_matches(is_blank);
    let label = label.or(inner.as_ref());
    let (body, page) = match last_page(body).filter(|_| front.is_none()) {
        Some(paged) => paged,
        None => inner_page(body).unwrap_or((body, front)),
    };
    let (title, number) = title_and_number(body, &passages.config.forms);
    // 云政发〔2023〕1号 / 1　云溪县人民政府关于…的通知
    let (behind, title) = match page {
        None if number.is_some() => front_page(&title),
        _ => (None, title.as_str()),
    };
    let page = page.or(behind);
    // 云政发〔2023〕1号　1、云溪县人民政府关于…的通知
    let title = title.trim_start_matches(is_bullet);
    let behind = label_of_number(title).filter(|_| number.is_some() && label.is_none());
    let title = &title[behind.as_ref().map_or(0, |l| l.len)..];
    let label = label.or(behind.as_ref());
    ContentsEntry {
        section: None,
        seq: label.map(|l| l.seq),
        title: clean(title),
        number,
        page,
        document: None,
        text: text.clone(),
        at: Vec::new(),
    }
}

/// `1、` of an entry, behind its number.
fn label_of_number(title: &str) -> Option<Label> {
    label(title).filter(|label| label.kind == Kind::Digit)
}

/// The label of an entry behind its page.
fn label_behind(page: Option<u32>, body: &str) -> Option<Label> {
    page.and_then(|_| label(body))
}

fn title_and_number(body: &str, forms: &NumberForms) -> (String, Option<String>) {
    if let Some((range, number)) = number_within(body, forms) {
        let title = format!("{}{}", &body[..range.start], &body[range.end..]);
        return (title, Some(number.text));
    }
    if let Some((number, title)) = leading_serial(body, forms) {
        return (title.to_owned(), Some(number));
    }
    // 某某省人民政府令（第340号）, 某某办法（某某市人民政府令第171号）
    let unclosed = body.trim_end().trim_end_matches(['）', ')']);
    let Some((head, number)) =
        serial_title(unclosed, forms).or_else(|| serial_title(body.trim_end(), forms))
    else {
        return (body.to_owned(), None);
    };
    let title = head
        .rsplit_once(['（', '('])
        .map_or(head, |(title, _)| title);
    (title.to_owned(), Some(number.text))
}

/// Gives entries that have no document the one among the documents without entry that has their number, or whose title is
/// most like theirs: contents needn't stand in the order of the body.
pub fn link(entries: &mut [ContentsEntry], documents: &[Document], least_alike: f64) {
    let linked: HashSet<usize> = entries.iter().filter_map(|e| e.document).collect();
    let mut free: Vec<usize> = (0..documents.len())
        .filter(|n| !linked.contains(n))
        .collect();
    for entry in entries.iter_mut().filter(|e| e.document.is_none()) {
        let wanted = fold(&without_date(&entry.title));
        let weights = free.iter().map(|&n| weight(entry, &wanted, &documents[n]));
        let best = weights
            .enumerate()
            .filter(|(_, weight)| *weight >= least_alike)
            .max_by(|(_, a), (_, b)| a.total_cmp(b));
        if let Some((at, _)) = best {
            entry.document = Some(free.remove(at));
        }
    }
}

/// How much speaks for a document's being that of an entry: the likeness of their titles, and one more for the same 发文字号.
fn weight(entry: &ContentsEntry, wanted: &str, document: &Document) -> f64 {
    let is_same = |number: &Number| {
        number.issuer_code.is_some() && entry.number.as_ref() == Some(&number.text)
    };
    let title = document.title.as_deref().unwrap_or_default();
    let alike = similarity(wanted, &fold(&without_date(title)));
    let has_other_number = entry.number.is_some() && !document.numbers.is_empty();
    match document.numbers.iter().any(is_same) {
        true => 1.0 + alike,
        // The same title under another number is another document.
        false if has_other_number && alike < 1.0 => 0.0,
        false => alike,
    }
}

/// A title as it would stand in one line: without spaces, without the empty brackets of its number.
fn clean(title: &str) -> String {
    let title = without_blanks(title);
    title
        .trim_end_matches("（）")
        .trim_end_matches("()")
        .to_owned()
}
