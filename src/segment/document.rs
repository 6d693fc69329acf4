//! One document: its elements (GB/T 9704-2012), its body as blocks, its attachments.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Reading;
use super::starts::{Start, joined};
use crate::repair::blocks::{self, places, subspans};
use crate::repair::log::Log;
use crate::repair::{Form, Span};
use language::attachments::{attachment_head, attachment_label, split_items};
use language::colophon::colophon_line;
use language::head::{
    addressees_end, is_delivery, is_marking, is_note, is_subtitle, is_title_note, quoted,
    split_addressees, without_date,
};
use language::issuers::{ends_in_issuer, is_issuer_name};
use language::label::{Kind, Label, label};
use language::number::number_line;
use language::script::{
    date_line, date_prefix, fold, is_blank, is_terminal, last_mark, similarity, width,
};
use language::signature::{dated_name, is_month, is_officer, loose_date, split_names};
use language::tables::{is_caption, is_unit, names_table};
use language::titles::{after_announcing_word, issues_text, kind_of, names_appendix};
use model::{
    Attachment, AttachmentItem, AttachmentRole, Block, Citation, Colophon, Document, Element, Role,
    Rule,
};

/// Lines that a signature can take.
const SIGNATORY_LINES: usize = 12;

/// Reads the document of a head and the passages that follow it.
pub fn document<'a>(
    reading: &Reading<'_, 'a>,
    start: &Start,
    rest: &[usize],
) -> (Document, Log<'a>) {
    let mut log = reading.draft.open_log();
    let mut elements = Vec::new();
    for i in start.passages.clone().filter(|i| rest.contains(i)) {
        if !start.title.contains(&i) {
            let role = if start.number_lines.contains(&i) {
                Role::Number
            } else if is_marking(&reading.texts[i]) {
                Role::Marking
            } else {
                Role::IssuerMark
            };
            elements.push(element(reading, i..i + 1, role));
        }
    }
    let printed_title = joined(reading, &start.title);
    let title = title_of(&printed_title, start);
    if let (Some(&first), Some(&last)) = (start.title.first(), start.title.last()) {
        // （2024年5月3日） on the last line of a title is a note to it.
        let noted = last > first && is_title_note(&reading.texts[last]);
        elements.extend(title_elements(
            reading,
            first..last + usize::from(!noted),
            &mut log,
        ));
        if noted {
            elements.push(element(reading, last..last + 1, Role::TitleNote));
        }
    }
    let title_at = elements
        .iter()
        .rfind(|e| e.role == Role::Title)
        .or(elements.first())
        .map_or(Vec::new(), |e| e.at.clone());

    let after: Vec<usize> = rest
        .iter()
        .copied()
        .filter(|i| !start.passages.contains(i))
        .collect();
    let mut parts = Parts {
        reading,
        log,
        elements,
        colophon: None,
    };
    let (addressees, body_from, run_in) = parts.addressees(&after);
    let issued = issued_names_in(
        reading,
        title.as_deref().unwrap_or(""),
        &after[..after.len().min(body_from + 6)],
    );
    let signature = parts.signature(&after, body_from, &issued, title.as_deref());

    let body_to = signature.as_ref().map_or_else(
        || parts.body_end(&after, body_from, &issued),
        |s| s.passages.start,
    );
    let mut body = parts.blocks(&after[body_from..body_to], run_in);
    let (signatories, date, date_printed) = match &signature {
        Some(s) => parts.sign(&after, s),
        None => (Vec::new(), None, None),
    };
    let (date, date_printed) = match date {
        Some(_) => (date, date_printed),
        None => parts.noted_date().unzip(),
    };
    let mut tail = &after[signature.as_ref().map_or(body_to, |s| s.passages.end)..];
    // 最高人民法院 / 公告 / … / 2024年6月20日 / 法释〔2024〕7号: the number stands above the text that is issued.
    let mut numbers = start.numbers.clone();
    // With nothing below it, it is the number of the next document.
    if let Some(&i) = tail.first().filter(|&&i| {
        tail.len() > 1 && numbers.is_empty() && signature.is_some() && reading.is_text(i)
    }) {
        numbers = number_line(&reading.texts[i], &reading.config.forms);
        if !numbers.is_empty() {
            parts
                .elements
                .push(element(reading, i..i + 1, Role::Number));
            tail = &tail[1..];
        }
    }
    let mut attachments = parts.attachments(tail, &issued, title.as_deref(), &mut body);
    parts.unweave_lists(&mut body, &mut attachments);

    let Parts {
        log,
        elements,
        colophon,
        ..
    } = parts;
    let texts = body.iter().chain(attachments.iter().flat_map(|a| &a.body));
    let citations = citations(texts);
    let pages = rest
        .first()
        .and_then(|&i| reading.page(i))
        .zip(rest.last().and_then(|&i| {
            let span = reading.passages[i].spans.last()?;
            reading.draft.lines[span.line].page
        }));
    let document = Document {
        id: String::new(),
        numbers,
        kind: title.as_deref().map(|t| {
            kind_of(t)
                .map_or("other", |k| if k == "命令" { "令" } else { k })
                .to_owned()
        }),
        title,
        addressees,
        body,
        signatories,
        date,
        date_printed,
        attachments,
        colophon,
        citations,
        pages: pages.map(|(a, b)| [a.min(b), b.max(a)]),
        elements,
        at: title_at,
    };
    (document, log)
}

/// The title without what the contents or a compilation put around it: item number, date, 第N号.
fn title_of(printed: &str, start: &Start) -> Option<String> {
    if printed.is_empty() {
        return None;
    }
    let mut title = printed;
    if let Some(l) = label(title).filter(|l| l.kind == Kind::Digit) {
        title = &title[l.len..];
    }
    let mut title = without_date(title);
    if let (Some(number), true) = (
        start.numbers.first().filter(|n| n.issuer_code.is_none()),
        start.number_lines.is_empty(),
    ) {
        // At an end of it; a number inside a title is part of it.
        let closed = title.trim_end_matches(['）', ')']);
        let without = closed
            .strip_suffix(&number.printed)
            .map(|title| title.trim_end_matches(['（', '(']));
        title = without
            .or_else(|| title.strip_prefix(&number.printed))
            .unwrap_or(&title)
            .to_owned();
    }
    Some(title)
}

/// The title that passages make, and the log of its joins; a title for each passage if joining is not sure enough.
fn title_elements(reading: &Reading, passages: Range<usize>, log: &mut Log) -> Vec<Element> {
    let sure = Rule::JoinTitle.confidence();
    let applied = passages.len() == 1 || reading.draft.applies(Rule::JoinTitle, sure);
    for i in passages.start + 1..passages.end {
        let (Some(a), Some(b)) = (
            reading.passages[i - 1].spans.last(),
            reading.passages[i].spans.first(),
        ) else {
            continue;
        };
        let lines = [a, b].map(|span| &reading.draft.lines[span.line]);
        log.join(lines, "", Rule::JoinTitle, sure, "lines of one title");
    }
    if applied {
        vec![element(reading, passages, Role::Title)]
    } else {
        passages
            .map(|i| element(reading, i..i + 1, Role::Title))
            .collect()
    }
}

/// What is printed in passages and is no block.
pub fn element(reading: &Reading, passages: Range<usize>, role: Role) -> Element {
    let spans: Vec<Span> = passages
        .flat_map(|i| reading.passages[i].spans.clone())
        .collect();
    element_of(reading, &spans, role)
}

pub fn element_of(reading: &Reading, spans: &[Span], role: Role) -> Element {
    Element {
        role,
        text: reading.draft.text(spans),
        at: places(reading.draft, spans),
    }
}

/// Blocks of passages that belong to no document.
pub fn blocks<'a>(reading: &Reading<'_, 'a>, passages: &[usize]) -> (Vec<Block>, Log<'a>) {
    let mut parts = Parts {
        reading,
        log: reading.draft.open_log(),
        elements: Vec::new(),
        colophon: None,
    };
    (parts.blocks(passages, None), parts.log)
}

/// The names that a title and the passages after it say are issued: 《方案》已经同意，现印发.
pub fn issued_names(reading: &Reading, title: &str, from: usize) -> Vec<String> {
    let near: Vec<usize> = (from..(from + 4).min(reading.passages.len())).collect();
    issued_names_in(reading, title, &near)
}

fn issued_names_in(reading: &Reading, title: &str, passages: &[usize]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    if let Some(at) = after_announcing_word(title) {
        names.extend(quoted(title));
        {
            // 印发云溪县妇女发展规划和云溪县儿童发展规划的通知
            let plain = title[at..]
                .trim_start_matches("关于")
                .trim_start_matches('《');
            let plain = plain
                .rsplit_once('的')
                .map_or(plain, |(head, _)| head)
                .trim_end_matches('》');
            names.push(plain.to_owned());
            names.extend(
                plain
                    .split(['和', '、'])
                    .filter(|part| part.chars().count() >= 6)
                    .map(str::to_owned),
            );
        }
    }
    // 现将第三批文物保护单位名单予以公告。
    static LIST: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"现将([^，。；：《》]{4,40}(?:名单|名录|目录|清单))(?:予以)?(?:公告|公布|公示)(?:[。，]|$)").expect("a pattern")
    });
    for &i in passages {
        let text = &reading.texts[i];
        names.extend(LIST.captures(text).map(|m| m[1].to_owned()));
        if after_announcing_word(text).is_some() {
            names.extend(quoted(text));
        }
    }
    names.sort();
    names.dedup();
    names
}

struct Signature {
    /// Positions among the document's passages: names and date.
    passages: Range<usize>,
    date: usize,
    /// The date stands on the line of the last name, from this byte on.
    date_from: Option<usize>,
}

struct Parts<'p, 'r, 'a> {
    reading: &'p Reading<'r, 'a>,
    log: Log<'a>,
    elements: Vec<Element>,
    colophon: Option<Colophon>,
}

impl Parts<'_, '_, '_> {
    fn text(&self, i: usize) -> &str {
        &self.reading.texts[i]
    }

    /// Title notes and the address; how many passages they took, and what of the last one is body.
    fn addressees(&mut self, after: &[usize]) -> (Vec<String>, usize, Option<Vec<Span>>) {
        let mut taken = 0;
        while let Some(&i) = after.get(taken)
            && self.reading.is_text(i)
            && (is_title_note(self.text(i)) || is_note(self.text(i)))
        {
            self.elements
                .push(element(self.reading, i..i + 1, Role::TitleNote));
            taken += 1;
        }
        // ——2023年1月9日在云溪县第五届人民代表大会第三次会议上 / 县长　宋雅琴 / 各位代表：
        if let Some(&i) = after
            .get(taken.saturating_sub(1))
            .filter(|&&i| self.reading.is_text(i) && is_delivery(self.text(i)))
        {
            if taken == 0 {
                self.elements
                    .push(element(self.reading, i..i + 1, Role::TitleNote));
                taken = 1;
            }
            if let Some(&speaker) = after
                .get(taken)
                .filter(|&&j| self.reading.is_text(j) && is_officer(self.text(j)))
            {
                self.elements
                    .push(element(self.reading, speaker..speaker + 1, Role::TitleNote));
                taken += 1;
            }
            return (Vec::new(), taken, None);
        }
        let Some(&i) = after.get(taken).filter(|&&i| self.reading.is_text(i)) else {
            return (Vec::new(), taken, None);
        };
        let Some(end) = addressees_end(self.text(i)) else {
            return (Vec::new(), taken, None);
        };
        let spans = &self.reading.passages[i].spans;
        let text = self.text(i);
        let list = split_addressees(text[..end].trim_end_matches(['：', ':']));
        let rest = text[end..].trim_start_matches(is_blank);
        let run_in = (!rest.is_empty()).then(|| {
            subspans(
                self.reading.draft,
                spans,
                text.len() - rest.len()..text.len(),
            )
        });
        let head = subspans(self.reading.draft, spans, 0..end);
        self.elements
            .push(element_of(self.reading, &head, Role::Addressees));
        (list, taken + 1, run_in)
    }

    /// （2024年5月3日）, （2024年5月3日县人民代表大会常务委员会第三次会议通过）: the date of a document that signs none
    /// stands below its title. A note of several dates is the history of a text.
    fn noted_date(&self) -> Option<(String, String)> {
        let note = self.elements.iter().find(|e| e.role == Role::TitleNote)?;
        let text: String = note.text.chars().filter(|&c| !is_blank(c)).collect();
        let inner = text.strip_prefix(['（', '('])?.strip_suffix(['）', ')'])?;
        let (date, rest) = date_prefix(inner)?;
        let adopted = rest.is_empty()
            || ["通过", "批准"].iter().any(|end| rest.ends_with(end)) && !rest.contains('日');
        adopted.then(|| (date, inner[..inner.len() - rest.len()].to_owned()))
    }

    /// The names and the date that end the body.
    fn signature(
        &self,
        after: &[usize],
        from: usize,
        issued: &[String],
        title: Option<&str>,
    ) -> Option<Signature> {
        let issues = title.is_some_and(issues_text);
        let mut last_label: Option<&Label> = None;
        for at in from..after.len() {
            let i = after[at];
            if !self.reading.is_text(i) {
                continue;
            }
            let text = self.text(i);
            // The text that is issued signs for itself.
            if at > from
                && issues
                && issued.iter().any(|name| names(name, text))
                && self.reading.facts[i].label.is_none()
                && !text.starts_with("附件")
            {
                return None;
            }
            if attachment_label(text).is_some_and(|(_, rest)| rest.is_empty()) && at > from + 1 {
                return None;
            }
            if let Some(label) = &self.reading.facts[i].label {
                last_label = Some(label);
            }
            let signed = |k: usize| {
                k + 1 < after.len()
                    && self.reading.is_text(after[k])
                    && is_issuer_name(self.text(after[k]))
                    && date_line(self.text(after[k + 1])).is_some()
            };
            let date_from = (date_line(text).is_none())
                .then(|| dated_name(text))
                .flatten();
            let officer_below = after
                .get(at + 1)
                .is_some_and(|&next| self.reading.is_text(next) && is_officer(self.text(next)));
            // A name, and 2023年5月 below it.
            let of_month = at > from
                && is_month(text)
                && self.reading.is_text(after[at - 1])
                && is_issuer_name(self.text(after[at - 1]));
            let loose = officer_below && loose_date(text).is_some() || of_month;
            if date_line(text).is_none() && date_from.is_none() && !loose {
                continue;
            }
            // 自下列日期起生效：
            if at > from && self.text(after[at - 1]).ends_with('：') {
                continue;
            }
            // A date alone, and a name with its own date soon below: the first is part of the text.
            if date_from.is_none()
                && !(at > from && self.is_signatory(after[at - 1], true))
                && (at + 1..at + 6).any(signed)
                && !(at + 1..(at + 6).min(after.len()))
                    .any(|k| attachment_label(self.text(after[k])).is_some())
            {
                continue;
            }
            // A list that counts on below the date: the date belongs to the body.
            let counts_on = after[at + 1..]
                .iter()
                .take(3)
                .find_map(|&j| self.reading.facts[j].label.as_ref())
                .is_some_and(|next| {
                    last_label
                        .is_some_and(|last| next.kind == last.kind && next.seq == last.seq + 1)
                });
            if counts_on {
                continue;
            }
            let mut first = at;
            if date_from.is_none() {
                while first > from
                    && at - first < SIGNATORY_LINES
                    && self.is_signatory(after[first - 1], first == at)
                {
                    first -= 1;
                }
                // The title says who issues: names above that it does not have are the end of a list.
                let issuer = title
                    .and_then(|t| {
                        ["关于", "印发", "转发", "批转"]
                            .iter()
                            .filter_map(|w| t.find(w))
                            .min()
                            .map(|end| &t[..end])
                    })
                    .filter(|i| !i.ends_with('等'));
                if let Some(issuer) = issuer {
                    let named = |j: usize| {
                        split_names(self.text(after[j]))
                            .iter()
                            .any(|name| issuer.contains(name.as_str()))
                    };
                    if (first..at).any(named) {
                        first = (first..at).find(|&j| (j..at).all(named)).unwrap_or(first);
                    }
                    // A long name over two lines, which the title has in one.
                    if first > from && first < at && self.reading.is_text(after[first - 1]) {
                        let name = joined(self.reading, &after[first - 1..=first]);
                        if width(&name) <= 60.0 && issuer.contains(&name) {
                            first -= 1;
                        }
                    }
                }
            }
            // 二零二四年三月十一日 / 行政長官 陳偉文
            let below = first == at && date_from.is_none() && officer_below;
            return Some(Signature {
                passages: first..at + 1 + usize::from(below),
                date: at,
                date_from,
            });
        }
        None
    }

    fn is_signatory(&self, i: usize, next_to_date: bool) -> bool {
        let text = self.text(i);
        self.reading.is_text(i)
            && width(text) <= 44.0
            && self.reading.facts[i].label.is_none()
            && (is_issuer_name(text)
                || is_officer(text)
                || next_to_date
                    && width(text) <= 20.0
                    && !text.contains(['，', '。', '；', '：', '、', '《', '）', '”'])
                    && date_line(text).is_none()
                    && ends_in_issuer(text))
    }

    fn sign(
        &mut self,
        after: &[usize],
        signature: &Signature,
    ) -> (Vec<String>, Option<String>, Option<String>) {
        let mut signatories = Vec::new();
        let (mut date, mut date_printed) = (None, None);
        for at in signature.passages.clone() {
            let i = after[at];
            let spans = &self.reading.passages[i].spans;
            let text = self.text(i).to_owned();
            if at > signature.date {
                signatories.extend(split_names(&text));
                self.elements
                    .push(element(self.reading, i..i + 1, Role::Signatories));
                continue;
            }
            if at == signature.date {
                let from = signature.date_from.unwrap_or(0);
                if from > 0 {
                    signatories.extend(split_names(&text[..from]));
                    self.elements.push(element_of(
                        self.reading,
                        &subspans(
                            self.reading.draft,
                            spans,
                            0..text[..from].trim_end_matches(is_blank).len(),
                        ),
                        Role::Signatories,
                    ));
                }
                let date_spans = subspans(self.reading.draft, spans, from..text.len());
                self.elements
                    .push(element_of(self.reading, &date_spans, Role::Date));
                let printed: String = text[from..].chars().filter(|&c| !is_blank(c)).collect();
                (date, date_printed) = (
                    date_line(&printed).or_else(|| loose_date(&printed)),
                    Some(printed),
                );
                continue;
            }
            match signatories.last_mut().filter(|last: &&mut String| {
                !ends_in_issuer(last) && !is_officer(last) && !is_officer(&text)
            }) {
                // 某某市“一港双城”（城镇化） / 工作委员会办公室
                Some(last) => last.push_str(&split_names(&text).concat()),
                None => signatories.extend(split_names(&text)),
            }
            self.elements
                .push(element(self.reading, i..i + 1, Role::Signatories));
        }
        (signatories, date, date_printed)
    }

    /// Where the body of an unsigned document ends: at an attachment or at the text that it issues.
    fn body_end(&self, after: &[usize], from: usize, issued: &[String]) -> usize {
        (from..after.len())
            .find(|&at| {
                let i = after[at];
                let text = self.text(i);
                self.reading.is_text(i)
                    && at > from
                    && (attachment_label(text).is_some_and(|(_, rest)| rest.is_empty())
                        || self.reading.facts[i].label.is_none()
                            && issued.iter().any(|name| names(name, text)))
            })
            .unwrap_or(after.len())
    }

    /// What follows the signature: notes, colophon, attachments and enclosures.
    fn attachments(
        &mut self,
        after: &[usize],
        issued: &[String],
        title: Option<&str>,
        body: &mut Vec<Block>,
    ) -> Vec<Attachment> {
        let issues = !issued.is_empty() || title.is_some_and(issues_text);
        let mut attachments: Vec<Attachment> = Vec::new();
        let mut pending: Vec<usize> = Vec::new();
        let mut at = 0;
        while at < after.len() {
            let i = after[at];
            let text = self.text(i).to_owned();
            if self.reading.is_text(i) {
                if is_note(&text) && attachments.is_empty() && pending.is_empty() {
                    self.elements
                        .push(element(self.reading, i..i + 1, Role::Note));
                    at += 1;
                    continue;
                }
                if let Some(read) = colophon_line(&text) {
                    self.colophon_line(i, read);
                    at += 1;
                    continue;
                }
                if let Some((label, rest)) = attachment_label(&text) {
                    let fresh = !attachments
                        .iter()
                        .any(|a| a.role == AttachmentRole::Attachment);
                    let listed =
                        rest.starts_with(|c: char| c.is_ascii_digit()) && fresh && label == "附件";
                    // 附件1：甲 / 附件2：乙 one below the other are a list.
                    let next_label = after
                        .get(at + 1)
                        .filter(|&&j| self.reading.is_text(j))
                        .and_then(|&j| attachment_label(self.text(j)));
                    let listed = listed
                        || !rest.is_empty()
                            && next_label.is_some_and(|(next, next_rest)| {
                                !next_rest.is_empty() && next != label
                            })
                            && fresh;
                    if listed {
                        let n = 1 + after[at + 1..]
                            .iter()
                            .take_while(|&&j| self.reading.is_text(j) && self.continues_list(j))
                            .count();
                        pending.extend(&after[at..at + n]);
                        at += n;
                        continue;
                    }
                    self.flush(&mut pending, &mut attachments, body, issues);
                    at = self.attachment(after, at, &label, rest.len(), &mut attachments);
                    continue;
                }
                if self.reading.facts[i].label.is_none() && issues && !is_terminal_text(&text) {
                    let n = self.issued_title(
                        &after[at..],
                        issued,
                        attachments.is_empty() && pending.is_empty(),
                    );
                    if n > 0 {
                        self.flush(&mut pending, &mut attachments, body, issues);
                        let range = after[at]..after[at + n - 1] + 1;
                        let elements = title_elements(self.reading, range, &mut self.log);
                        let title = joined(self.reading, &after[at..at + n]);
                        attachments.push(Attachment {
                            role: AttachmentRole::Enclosure,
                            label: None,
                            title: Some(title),
                            body: Vec::new(),
                            elements,
                        });
                        at += n;
                        while let Some(&j) = after.get(at)
                            && self.reading.is_text(j)
                            && is_title_note(self.text(j))
                        {
                            let note = element(self.reading, j..j + 1, Role::TitleNote);
                            attachments
                                .last_mut()
                                .expect("just pushed")
                                .elements
                                .push(note);
                            at += 1;
                        }
                        // 省发展改革委　省财政厅: whose text it is that another body forwards.
                        while let Some(&j) = after.get(at)
                            && self.reading.is_text(j)
                            && is_issuer_name(self.text(j))
                            && after
                                .get(at + 1)
                                .is_some_and(|&next| date_line(self.text(next)).is_none())
                        {
                            let mark = element(self.reading, j..j + 1, Role::IssuerMark);
                            attachments
                                .last_mut()
                                .expect("just pushed")
                                .elements
                                .push(mark);
                            at += 1;
                        }
                        continue;
                    }
                }
            }
            pending.push(i);
            at += 1;
        }
        self.flush(&mut pending, &mut attachments, body, issues);
        attachments
    }

    /// Passages read since the last head go to the attachment that they stand in, else to the body.
    fn flush(
        &mut self,
        pending: &mut Vec<usize>,
        attachments: &mut Vec<Attachment>,
        body: &mut Vec<Block>,
        issues: bool,
    ) {
        if pending.is_empty() {
            return;
        }
        let blocks = self.blocks(pending, None);
        match attachments.last_mut() {
            Some(attachment) => attachment.body.extend(blocks),
            None if issues => attachments.push(Attachment {
                role: AttachmentRole::Enclosure,
                label: None,
                title: None,
                body: blocks,
                elements: Vec::new(),
            }),
            None => body.extend(blocks),
        }
        pending.clear();
    }

    /// 附件1 and its title. Returns the position after them.
    fn attachment(
        &mut self,
        after: &[usize],
        at: usize,
        label: &str,
        rest_len: usize,
        attachments: &mut Vec<Attachment>,
    ) -> usize {
        let i = after[at];
        let text = self.text(i).to_owned();
        let spans = &self.reading.passages[i].spans;
        let mut elements = vec![element_of(
            self.reading,
            &subspans(self.reading.draft, spans, 0..text.len() - rest_len),
            Role::AttachmentLabel,
        )];
        let mut title = String::new();
        let mut next = at + 1;
        if rest_len > 0 {
            elements.push(element_of(
                self.reading,
                &subspans(self.reading.draft, spans, text.len() - rest_len..text.len()),
                Role::Title,
            ));
            title = text[text.len() - rest_len..]
                .chars()
                .filter(|&c| !is_blank(c))
                .collect();
        } else {
            // Title lines: short, without marks and numbers, before a table or a text.
            let is_title = |j: usize| {
                let t = self.text(j);
                self.reading.is_text(j)
                    && width(t) <= 60.0
                    && !t.contains('。')
                    && !last_mark(t).is_some_and(is_terminal)
                    && self.reading.facts[j].label.is_none()
                    && attachment_label(t).is_none()
                    && date_line(t).is_none()
                    && !is_caption(t)
                    && !is_unit(t)
                    && !is_title_note(t)
            };
            while let Some(&j) = after.get(next)
                && next - at <= 4
                && is_title(j)
            {
                next += 1;
                if names_appendix(&joined(self.reading, &after[at + 1..next]))
                    && !after.get(next).is_some_and(|&j| {
                        is_title(j)
                            && width(self.text(j)) <= 24.0
                            && self.text(j).starts_with(['（', '('])
                    })
                {
                    break;
                }
            }
            if next > at + 1 {
                let range = after[at + 1]..after[next - 1] + 1;
                elements.extend(title_elements(self.reading, range, &mut self.log));
                title = joined(self.reading, &after[at + 1..next]);
            }
        }
        attachments.push(Attachment {
            role: AttachmentRole::Attachment,
            label: Some(label.to_owned()),
            title: (!title.is_empty()).then_some(title),
            body: Vec::new(),
            elements,
        });
        next
    }

    /// How many passages make the title of an issued text; 0 if no issued text starts here.
    fn issued_title(&self, after: &[usize], issued: &[String], first: bool) -> usize {
        let line = |j: usize| {
            self.reading.is_text(j)
                && width(self.text(j)) <= 60.0
                && (!is_terminal_text(self.text(j)) || is_subtitle(self.text(j)))
                && self.reading.facts[j].label.is_none()
                && date_line(self.text(j)).is_none()
                && attachment_label(self.text(j)).is_none()
        };
        let lines = after
            .iter()
            .take(self.reading.config.title_lines)
            .take_while(|&&j| line(j))
            .count();
        let best = (1..=lines)
            .map(|n| {
                let title = fold(&joined(self.reading, &after[..n]));
                (
                    n,
                    issued
                        .iter()
                        .map(|name| similarity(&fold(name), &title))
                        .fold(0.0, f64::max),
                )
            })
            .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        // （试行）
        let whole = |n: usize| {
            n + after[n..]
                .iter()
                .take(1)
                .filter(|&&j| line(j) && is_subtitle(self.text(j)))
                .count()
        };
        match best {
            Some((n, alike)) if alike >= self.reading.config.title_similarity => whole(n),
            // The first text after the signature is the issued one, whatever its title.
            Some(_) if first => (1..=lines)
                .find(|&n| names_appendix(&joined(self.reading, &after[..n])))
                .map_or(1, whole),
            _ => 0,
        }
    }

    fn colophon_line(&mut self, i: usize, read: Colophon) {
        self.elements
            .push(element(self.reading, i..i + 1, Role::Colophon));
        let colophon = self.colophon.get_or_insert_default();
        colophon.copied_to.extend(read.copied_to);
        colophon.printed_by = colophon.printed_by.take().or(read.printed_by);
        colophon.printed_on = colophon.printed_on.take().or(read.printed_on);
    }

    /// Passages as blocks; `first` replaces the passage before them that an address took the head of.
    fn blocks(&mut self, passages: &[usize], first: Option<Vec<Span>>) -> Vec<Block> {
        let reading = self.reading;
        let mut out = Vec::with_capacity(passages.len());
        if let Some(spans) = first {
            out.push(blocks::paragraph(reading.draft, &spans, None));
        }
        let mut level = 0;
        let mut at = 0;
        while at < passages.len() {
            let i = passages[at];
            let passage = &reading.passages[i];
            let next = passages.get(at + 1).copied();
            at += 1;
            match &passage.form {
                Form::Table(table) => out.push(blocks::table(
                    reading.draft,
                    table,
                    &passage.spans,
                    Vec::new(),
                )),
                Form::Formula => out.push(Block::Formula {
                    text: reading.texts[i].clone(),
                    at: places(reading.draft, &passage.spans),
                }),
                _ => {
                    let text = &reading.texts[i];
                    // Caption and unit above a table.
                    let heads = passages[at - 1..]
                        .iter()
                        .take_while(|&&j| {
                            let text = self.text(j);
                            reading.is_text(j)
                                && (is_caption(text)
                                    || is_unit(text)
                                    || reading.facts[j].label.is_none() && names_table(text))
                        })
                        .count();
                    if heads > 0
                        && let Some(&t) = passages.get(at - 1 + heads)
                        && let Form::Table(table) = &reading.passages[t].form
                    {
                        let elements = passages[at - 1..at - 1 + heads]
                            .iter()
                            .map(|&j| {
                                element(
                                    reading,
                                    j..j + 1,
                                    if is_unit(self.text(j)) {
                                        Role::Unit
                                    } else {
                                        Role::Caption
                                    },
                                )
                            })
                            .collect();
                        out.push(blocks::table(
                            reading.draft,
                            table,
                            &reading.passages[t].spans,
                            elements,
                        ));
                        at += heads;
                        continue;
                    }
                    if attachment_label(text).is_some_and(|(_, rest)| !rest.is_empty()) {
                        let n = passages[at..]
                            .iter()
                            .take_while(|&&j| reading.is_text(j) && self.continues_list(j))
                            .count();
                        out.push(self.attachment_list(&passages[at - 1..at + n]));
                        at += n;
                        continue;
                    }
                    let label = reading.facts[i].label.as_ref();
                    match heading_level(reading, i, next, level) {
                        Some(l) => {
                            level = l;
                            out.push(Block::Heading {
                                level: l,
                                label: label.map(|l| l.text.clone()),
                                text: text.clone(),
                                at: places(reading.draft, &passage.spans),
                            });
                        }
                        None => out.push(blocks::paragraph(reading.draft, &passage.spans, label)),
                    }
                }
            }
        }
        out
    }

    /// An item of a list of attachments, or a loose end of one.
    fn continues_list(&self, i: usize) -> bool {
        let text = self.text(i);
        let item = self.reading.facts[i]
            .label
            .as_ref()
            .is_some_and(|l| matches!(l.kind, Kind::Digit | Kind::DigitBrackets))
            || attachment_label(text).is_some_and(|(_, rest)| !rest.is_empty());
        let loose = self.reading.facts[i].label.is_none()
            && width(text) <= 30.0
            && !is_issuer_name(text)
            && date_line(text).is_none()
            && !is_note(text)
            && attachment_label(text).is_none()
            && !text.contains(['，', '：', '；'])
            && names_appendix(text);
        (item || loose) && !is_terminal_text(text) && width(text) <= 90.0
    }

    fn attachment_list(&mut self, passages: &[usize]) -> Block {
        let reading = self.reading;
        let mut items: Vec<(Option<u32>, Vec<Span>, usize)> = Vec::new();
        let mut all = Vec::new();
        for &i in passages {
            let spans = &reading.passages[i].spans;
            all.extend(spans.iter().cloned());
            let text = &reading.texts[i];
            // Several items on one line: 附件：1.甲 2.乙.
            for part in split_items(text) {
                let head = attachment_head(&text[part.clone()]);
                let body = &text[part.start + head..part.end];
                let seq = label(body)
                    .filter(|l| matches!(l.kind, Kind::Digit | Kind::DigitBrackets))
                    .map(|l| l.seq)
                    .or_else(|| {
                        attachment_label(&text[part.clone()]).and_then(|(l, _)| {
                            l.trim_start_matches(['附', '件', '表', '录']).parse().ok()
                        })
                    });
                let spans = subspans(reading.draft, spans, part);
                // Surer than this is the line's own break, which `repair::joins` judges.
                const SURE: f32 = 0.8;
                let rule = Rule::JoinAttachmentList;
                let goes_on = head == 0 && seq.is_none() && !items.is_empty();
                let applied = reading.draft.applies(rule, SURE);
                match items.last_mut() {
                    Some(last) if goes_on && applied => {
                        if let (Some(from), Some(to)) = (last.1.last(), spans.first()) {
                            let lines = [from, to].map(|span| &reading.draft.lines[span.line]);
                            let why = "the name of an attachment goes on";
                            self.log.join(lines, "", rule, SURE, why);
                        }
                        last.1.extend(spans);
                    }
                    _ => items.push((seq, spans, head)),
                }
            }
        }
        let items = items
            .into_iter()
            .map(|(seq, spans, _)| self.item(seq, &spans))
            .collect();
        Block::AttachmentList {
            items,
            at: places(reading.draft, &all),
        }
    }

    fn item(&self, seq: Option<u32>, spans: &[Span]) -> AttachmentItem {
        let text = self.reading.draft.text(spans);
        let mut title = &text[attachment_head(&text)..];
        if seq.is_some()
            && let Some(l) = label(title)
        {
            title = &title[l.len..];
        }
        let title = title
            .trim_matches(|c| is_blank(c) || matches!(c, '：' | '；' | '。'))
            .chars()
            .filter(|&c| !is_blank(c))
            .collect();
        AttachmentItem {
            seq,
            title,
            at: places(self.reading.draft, spans),
            text,
        }
    }

    /// A list that was read row by row: the loose ends go to the items whose attachments are called so.
    fn unweave_lists(&mut self, body: &mut [Block], attachments: &mut [Attachment]) {
        let titles: Vec<String> = attachments
            .iter()
            .filter(|a| a.role == AttachmentRole::Attachment)
            .map(|a| fold(a.title.as_deref().unwrap_or("")))
            .collect();
        let lists = body
            .iter_mut()
            .chain(attachments.iter_mut().flat_map(|a| a.body.iter_mut()));
        for list in lists {
            let Block::AttachmentList { items, .. } = list else {
                continue;
            };
            if items.len() != titles.len()
                || items
                    .iter()
                    .zip(&titles)
                    .all(|(item, title)| fold(&item.title) == *title)
            {
                continue;
            }
            // Lines of each item; the first stays, the others are loose until a title claims them.
            let lines: Vec<Vec<usize>> = items
                .iter()
                .map(|item| {
                    item.at
                        .iter()
                        .flat_map(|p| &p.lines)
                        .filter_map(|id| self.reading.draft.lines.iter().position(|l| l.id == *id))
                        .collect()
                })
                .collect();
            if items
                .iter()
                .any(|item| item.at.iter().any(|p| p.chars.is_some()))
                || lines.iter().any(Vec::is_empty)
            {
                continue;
            }
            let mut loose: Vec<usize> = lines.iter().flat_map(|l| l[1..].to_vec()).collect();
            let mut spans: Vec<Vec<Span>> = lines.iter().map(|l| vec![Span::line(l[0])]).collect();
            for (item, title) in spans.iter_mut().zip(&titles) {
                while let Some(found) = loose.iter().position(|&line| {
                    let mut longer = item.clone();
                    longer.push(Span::line(line));
                    title.starts_with(&fold(&self.item(Some(1), &longer).title))
                }) {
                    item.push(Span::line(loose.remove(found)));
                }
            }
            let new: Vec<AttachmentItem> = items
                .iter()
                .zip(&spans)
                .map(|(old, spans)| self.item(old.seq, spans))
                .collect();
            let rule = Rule::UnweaveList;
            let sure = rule.confidence();
            let is_proved = loose.is_empty()
                && new
                    .iter()
                    .zip(&titles)
                    .all(|(item, title)| fold(&item.title) == *title);
            if is_proved {
                let mut at: Vec<usize> = lines.concat();
                at.sort_unstable();
                let texts = [&items[..], &new].map(|items| {
                    let texts: Vec<&str> = items.iter().map(|item| item.text.as_str()).collect();
                    texts.join("\n")
                });
                let at = at.iter().map(|&line| &self.reading.draft.lines[line]);
                let why = "with its loose ends so, each item is called as its attachment is";
                if self.log.reorder(at, texts, rule, sure, why) {
                    *items = new;
                }
            }
        }
    }
}

/// The level of a passage that is a heading.
fn heading_level(reading: &Reading, i: usize, next: Option<usize>, above: u8) -> Option<u8> {
    let text = &reading.texts[i];
    let next_label = next.and_then(|n| reading.facts[n].label.as_ref());
    let next_is_prose = next.is_some_and(|n| {
        reading.is_text(n) && reading.facts[n].label.is_none() && width(&reading.texts[n]) >= 14.0
    });
    match &reading.facts[i].label {
        Some(label) => {
            let body = text[label.len..].trim_matches(is_blank);
            let mark = last_mark(body);
            if matches!(label.kind, Kind::Chapter | Kind::Section) {
                return (width(body) <= 40.0 && !body.contains('。')).then_some(label.level);
            }
            if label.kind == Kind::Decimal {
                return (!mark.is_some_and(|c| is_terminal(c) || c == '，') && width(body) <= 40.0)
                    .then_some(label.level);
            }
            if label.kind == Kind::Article || width(body) > 45.0 || body.is_empty() {
                return None;
            }
            // The last item of a list whose items end in ； is an item.
            let in_list = i > 0 && reading.is_text(i - 1) && reading.texts[i - 1].ends_with('；');
            if in_list {
                return None;
            }
            let one_sentence = body.matches('。').count() == 1
                && body.ends_with('。')
                && !body.contains(['，', '；', '：']);
            // 三、本决定自公布之日起施行。
            let one_sentence = one_sentence && !body.ends_with("施行。");
            let stops = mark.is_some_and(|c| is_terminal(c) || c == '，');
            let leads = next_is_prose
                || next_label.is_some_and(|n| {
                    n.level > label.level
                        || matches!((n.kind, label.kind), (Kind::Digit, Kind::Han))
                });
            match label.kind {
                Kind::Han | Kind::HanBrackets => (!stops
                    || one_sentence && leads && width(body) <= 26.0
                    || mark == Some('：') && leads && width(body) <= 20.0)
                    .then_some(label.level),
                _ => (!stops
                    && (leads
                        || next.is_some_and(|n| {
                            matches!(reading.passages[n].form, Form::Formula | Form::Table(_))
                        }))
                    && width(body) <= 34.0)
                    .then_some(label.level),
            }
        }
        // 主要目标： above numbered items
        None => {
            let opens = width(text) <= 10.0
                && text.ends_with('：')
                && above >= 1
                && next_label.is_some_and(|n| n.seq == 1);
            opens.then(|| {
                (above + 1)
                    .min(3)
                    .max(next_label.map_or(1, |n| n.level).saturating_sub(1))
            })
        }
    }
}

fn is_terminal_text(text: &str) -> bool {
    text.contains('。') || last_mark(text).is_some_and(|c| is_terminal(c) || c == '，')
}

/// Whether a text is called so, as a title: alike, brackets and order aside.
fn names(name: &str, text: &str) -> bool {
    width(text) <= 80.0 && !text.contains('。') && similarity(&fold(name), &fold(text)) >= 0.85
}

/// Documents that the blocks cite with title and number.
fn citations<'b>(blocks: impl Iterator<Item = &'b Block>) -> Vec<Citation> {
    // 《关于…的通知》（国发〔2018〕41号）
    static CITED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\s*[（(]\s*(\p{Han}[\p{Han}A-Za-z（）]{0,19}?)[〔\[(（【﹝［]\s*([12]\d{3})\s*[〕\])）】﹞］]\s*第?\s*(\d{1,5})\s*号")
            .unwrap()
    });
    static SERIAL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^\s*[（(]\s*(\p{Han}{2,20}令\s*第\s*\d{1,4}\s*号)\s*[)）]").unwrap()
    });
    let mut found = Vec::new();
    for block in blocks {
        let (text, at) = match block {
            Block::Paragraph { text, at, .. } | Block::Heading { text, at, .. } => (text, at),
            _ => continue,
        };
        let mut depth = 0;
        let mut start = 0;
        for (i, c) in text.char_indices() {
            match c {
                '《' => {
                    if depth == 0 {
                        start = i + c.len_utf8();
                    }
                    depth += 1;
                }
                '》' if depth > 0 => {
                    depth -= 1;
                    let rest = &text[i + c.len_utf8()..];
                    if depth == 0 {
                        let number = CITED
                            .captures(rest)
                            .map(|m| format!("{}〔{}〕{}号", &m[1], &m[2], &m[3]))
                            .or_else(|| {
                                SERIAL
                                    .captures(rest)
                                    .map(|m| m[1].chars().filter(|&c| !is_blank(c)).collect())
                            });
                        if let Some(number) = number {
                            found.push(Citation {
                                number,
                                title: text[start..i].to_owned(),
                                at: at.clone(),
                            });
                        }
                    }
                }
                _ => {}
            }
        }
    }
    found
}
