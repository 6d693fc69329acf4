//! Lists of attachments (附件说明) in the text of a document.

use std::collections::HashMap;

use super::document::Reader;
use super::owners::Piece;
use super::passages::Passages;
use crate::repair::blocks::places;
use crate::repair::log::Log;
use crate::repair::{Draft, Span};
use language::attachments::{attachment_head, attachment_label, split_items};
use language::label::{Kind, label};
use language::script::{fold, is_blank, without_blanks};
use model::{Attachment, AttachmentItem, AttachmentRole, Block, Rule};

/// The widest item, in full characters.
const WIDEST_ITEM: f32 = 90.0;
/// The widest loose end of an item.
const WIDEST_LOOSE: f32 = 30.0;
/// Items of a list whose loose ends are put in order; one line after the other is tried with each.
const MOST_ITEMS: usize = 60;

/// How many passages go on with a list of attachments.
pub fn n_list_items(passages: &Passages, below: &[usize]) -> usize {
    below
        .iter()
        .take_while(|&&i| continues_list(passages, i))
        .count()
}

/// An item of a list of attachments, or a loose end of one.
fn continues_list(passages: &Passages, i: usize) -> bool {
    let Some(facts) = passages.text_facts(i) else {
        return false;
    };
    let is_item = facts
        .label
        .as_ref()
        .is_some_and(|l| matches!(l.kind, Kind::Digit | Kind::DigitBrackets))
        || passages
            .attachment_rest(i)
            .is_some_and(|rest| !rest.is_empty());
    let is_something_else = facts.label.is_some()
        || facts.is_issuer
        || facts.date.is_some()
        || facts.is_note
        || facts.attachment.is_some()
        || passages.texts[i].contains(['，', '：', '；']);
    let is_loose = facts.width <= WIDEST_LOOSE && !is_something_else && facts.names_appendix;
    (is_item || is_loose) && !facts.is_sentence && facts.width <= WIDEST_ITEM
}

/// The list that pieces make.
pub fn attachment_list(reader: &mut Reader, pieces: Vec<Piece>) -> Block {
    let draft = reader.passages.draft;
    let all: Vec<Span> = pieces.iter().flat_map(|p| p.spans().to_vec()).collect();
    let mut items: Vec<(Option<u32>, Vec<Span>)> = Vec::new();
    for piece in pieces {
        let text = draft.text(piece.spans());
        // Several items on one line: 附件：1.甲 2.乙.
        let parts = split_items(&text);
        for (part, piece) in parts.iter().zip(piece.split(reader.passages, &parts)) {
            let part = &text[part.clone()];
            let seq = seq(part);
            let spans = piece.into_spans();
            let is_loose = seq.is_none() && attachment_head(part) == 0;
            match items.last_mut() {
                Some((_, last)) if is_loose && join(draft, last, &spans, &mut reader.log) => {
                    last.extend(spans);
                }
                _ => items.push((seq, spans)),
            }
        }
    }
    let items = items.iter().map(|(seq, spans)| item(draft, *seq, spans));
    Block::AttachmentList {
        items: items.collect(),
        at: places(draft, &all),
    }
}

/// The number of an item: 1.名单, 附件1：名单.
fn seq(part: &str) -> Option<u32> {
    let body = &part[attachment_head(part)..];
    label(body)
        .filter(|l| matches!(l.kind, Kind::Digit | Kind::DigitBrackets))
        .map(|l| l.seq)
        .or_else(|| {
            let (label, _) = attachment_label(part)?;
            label
                .trim_start_matches(['附', '件', '表', '录'])
                .parse()
                .ok()
        })
}

/// Logs that an item goes on; whether that is sure enough.
fn join(draft: &Draft, item: &[Span], more: &[Span], log: &mut Log) -> bool {
    // Surer than this is the line's own break, which `repair::joins` judges.
    const SURE: f32 = 0.8;
    let rule = Rule::JoinAttachmentList;
    let applied = draft.applies(rule, SURE);
    if let (Some(from), Some(to), true) = (item.last(), more.first(), applied) {
        let lines = [from, to].map(|span| &draft.lines[span.line]);
        log.join(lines, "", rule, SURE, "the name of an attachment goes on");
    }
    applied
}

fn item(draft: &Draft, seq: Option<u32>, spans: &[Span]) -> AttachmentItem {
    let text = draft.text(spans);
    let title = &text[attachment_head(&text)..];
    let number = seq.and_then(|_| label(title)).map_or(0, |l| l.len);
    let is_edge = |c| is_blank(c) || matches!(c, '：' | '；' | '。');
    let title = without_blanks(title[number..].trim_matches(is_edge));
    AttachmentItem {
        seq,
        title,
        at: places(draft, spans),
        text,
    }
}

/// A list that was read row by row: the loose ends go to the items whose attachments are called so.
pub fn deinterleave_lists(
    reader: &mut Reader,
    list: &[usize],
    body: &mut [Block],
    attachments: &mut [Attachment],
) {
    let titles: Vec<String> = attachments
        .iter()
        .filter(|a| a.role == AttachmentRole::Attachment)
        .map(|a| fold(a.title.as_deref().unwrap_or("")))
        .collect();
    if titles.is_empty() || titles.len() > MOST_ITEMS {
        return;
    }
    let attached = attachments.iter_mut().flat_map(|a| &mut a.body);
    for block in body.iter_mut().chain(attached) {
        if let Block::AttachmentList { items, .. } = block
            && items.len() == titles.len()
            && !are_called(items, &titles)
        {
            let lines = lines_of_items(reader.passages, list, items);
            let new = lines.and_then(|lines| deinterleaved(reader, items, &titles, &lines));
            if let Some(new) = new {
                *items = new;
            }
        }
    }
}

fn are_called(items: &[AttachmentItem], titles: &[String]) -> bool {
    let mut pairs = items.iter().zip(titles);
    pairs.all(|(item, title)| fold(&item.title) == *title)
}

/// The lines of each item, where all of them are taken whole.
fn lines_of_items(
    passages: &Passages,
    list: &[usize],
    items: &[AttachmentItem],
) -> Option<Vec<Vec<usize>>> {
    let draft = passages.draft;
    let by_id: HashMap<&str, usize> = list
        .iter()
        .flat_map(|&i| &passages.list[i].spans)
        .map(|span| (draft.lines[span.line].id.as_str(), span.line))
        .collect();
    let lines_of = |item: &AttachmentItem| -> Option<Vec<usize>> {
        let is_whole = item.at.iter().all(|place| place.chars.is_none());
        let ids = item.at.iter().flat_map(|place| &place.lines);
        let lines: Vec<usize> = ids
            .filter_map(|id| by_id.get(id.as_str()).copied())
            .collect();
        (is_whole && !lines.is_empty()).then_some(lines)
    };
    items.iter().map(lines_of).collect()
}

/// The items with their loose ends in order, if so each is called as its attachment is.
fn deinterleaved(
    reader: &mut Reader,
    items: &[AttachmentItem],
    titles: &[String],
    lines: &[Vec<usize>],
) -> Option<Vec<AttachmentItem>> {
    let draft = reader.passages.draft;
    // The first line of an item stays; the others are loose until a title claims them.
    let mut loose: Vec<usize> = lines.iter().flat_map(|l| l[1..].to_vec()).collect();
    let mut spans: Vec<Vec<Span>> = lines.iter().map(|l| vec![Span::line(l[0])]).collect();
    for (item_spans, title) in spans.iter_mut().zip(titles) {
        while let Some(found) = loose
            .iter()
            .position(|&line| goes_on(draft, item_spans, line, title))
        {
            item_spans.push(Span::line(loose.remove(found)));
        }
    }
    let new: Vec<AttachmentItem> = items
        .iter()
        .zip(&spans)
        .map(|(old, spans)| item(draft, old.seq, spans))
        .collect();
    if !loose.is_empty() || !are_called(&new, titles) {
        return None;
    }
    let mut at = lines.concat();
    at.sort_unstable();
    let texts = [items, &new].map(|items| {
        let texts: Vec<&str> = items.iter().map(|item| item.text.as_str()).collect();
        texts.join("\n")
    });
    let at = at.iter().map(|&line| &draft.lines[line]);
    let rule = Rule::UnweaveList;
    let why = "with its loose ends so, each item is called as its attachment is";
    reader
        .log
        .reorder(at, texts, rule, rule.confidence(), why)
        .then_some(new)
}

/// Whether an item with a loose line is still the beginning of a title.
fn goes_on(draft: &Draft, item_spans: &[Span], line: usize, title: &str) -> bool {
    let mut longer = item_spans.to_vec();
    longer.push(Span::line(line));
    title.starts_with(&fold(&item(draft, Some(1), &longer).title))
}
