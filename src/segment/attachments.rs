//! What follows the signature: notes, colophon, attachments and the texts that the document issues.

use super::body::blocks;
use super::document::{Reader, kind};
use super::head::title_elements;
use super::inner_text::inner_text;
use super::issued::Issued;
use super::lists::n_list_items;
use super::passages::Passages;
use super::roles::PassageRole;
use language::script::{is_blank, without_blanks};
use language::signature::split_names;
use language::titles::{issues_text, names_appendix};
use language::words::simplified;
use model::{Attachment, AttachmentRole, Block, Colophon, Role};

/// Lines of the title of an attachment at most.
const TITLE_LINES: usize = 4;
/// The widest of them, in full characters.
const WIDEST_TITLE_LINE: f32 = 60.0;

/// The passages after the signature, and what has been read of them.
pub struct Tail<'t> {
    pub list: &'t [usize],
    /// The document says that it issues a text.
    issues: bool,
    attachments: Vec<Attachment>,
    /// It stands below a signature.
    is_signed: bool,
    /// How many passages were pending when a colophon closed the document.
    closed_at: Option<usize>,
    /// Passages since the last head, which belong to the text below it.
    pending: Vec<usize>,
}

impl<'t> Tail<'t> {
    pub fn new(list: &'t [usize], issued: &Issued, title: Option<&str>, is_signed: bool) -> Self {
        Tail {
            list,
            issues: !issued.is_empty()
                || title.is_some_and(|title| issues_text(&simplified(title))),
            attachments: Vec::new(),
            is_signed,
            closed_at: None,
            pending: Vec::new(),
        }
    }

    fn is_fresh(&self) -> bool {
        self.attachments.is_empty() && self.pending.is_empty()
    }
}

/// Reads attachments and enclosures in printed order; what stands before the first goes on with the body.
pub fn attachments(reader: &mut Reader, mut tail: Tail, body: &mut Vec<Block>) -> Vec<Attachment> {
    let mut at = 0;
    while at < tail.list.len() {
        at = next(reader, &mut tail, body, at);
    }
    close(reader, &mut tail, body);
    tail.attachments
}

/// Reads what stands at a place of the list; gives the place after it.
fn next(reader: &mut Reader, tail: &mut Tail, body: &mut Vec<Block>, at: usize) -> usize {
    let passages = reader.passages;
    let i = tail.list[at];
    let Some(facts) = passages.text_facts(i) else {
        tail.pending.push(i);
        return at + 1;
    };
    if (facts.is_note || passages.is(i, PassageRole::Note)) && tail.is_fresh() {
        reader.take_element(i, Role::Note);
        return at + 1;
    }
    if let Some(colophon) = &facts.colophon {
        tail.closed_at = Some(tail.pending.len());
        reader.take_element(i, Role::Colophon);
        add(reader.colophon.get_or_insert_default(), colophon.clone());
        return at + 1;
    }
    if heads_attachment(passages, i) || is_labelled_head(passages, tail, at) {
        close(reader, tail, body);
        let label = match &facts.attachment {
            Some(attachment) => attachment.label.clone(),
            None => bare_label(&passages.texts[i]),
        };
        return attachment_head(reader, tail, at, &label);
    }
    // 附件：1.甲 / 2.乙
    if facts.attachment.is_some() && passages.is(i, PassageRole::AttachmentList) {
        let n_items = 1 + n_list_items(passages, &tail.list[at + 1..]);
        tail.pending.extend(&tail.list[at..at + n_items]);
        return at + n_items;
    }
    if passages.begins(i, PassageRole::AttachmentTitle) && !facts.is_sentence {
        close(reader, tail, body);
        return unlabelled_head(reader, tail, at);
    }
    // A title that heads no document of its own is that of a text which the document forwards.
    let role = if tail.issues && passages.begins(i, PassageRole::Title) {
        PassageRole::Title
    } else {
        PassageRole::EnclosureTitle
    };
    if !passages.begins(i, role) {
        tail.pending.push(i);
        return at + 1;
    }
    close(reader, tail, body);
    let n_lines = n_lines(passages, &tail.list[at..], role);
    enclosure_head(reader, tail, at, n_lines)
}

/// Whether a passage is the label above an attachment: judged to be, or by its form.
pub fn heads_attachment(passages: &Passages, i: usize) -> bool {
    let is_judged = passages.is(i, PassageRole::AttachmentLabel)
        && passages.holds(i, |facts| facts.date.is_none() && facts.numbers.is_empty());
    is_judged || passages.is_attachment_label(i) && is_label_alone(passages, i)
}

/// Whether 附件1, （附件1） or 附件 alone on a line heads an attachment; below 附件 alone can stand a list of them.
fn is_label_alone(passages: &Passages, i: usize) -> bool {
    let Some(attachment) = passages.facts[i].attachment.as_ref() else {
        return false;
    };
    let has_seq = !attachment.label.ends_with(['附', '件', '表', '录', '图']);
    let is_framed = passages.texts[i].starts_with(['（', '(', '【']);
    let is_list = passages.is(i, PassageRole::AttachmentList)
        || passages
            .facts
            .get(i + 1)
            .is_some_and(|below| below.label.is_some());
    has_seq || is_framed || !is_list
}

/// 附件：名单 below a signature heads the attachment if a text follows it: a list of attachments stands above the signature.
fn heads_unnumbered(passages: &Passages, tail: &Tail, at: usize) -> bool {
    let names_one = passages.holds(tail.list[at], |facts| facts.names_appendix);
    let is_text = |i: &usize| {
        !passages.is_text(*i)
            || passages.holds(*i, |facts| {
                !facts.is_note && facts.colophon.is_none() && facts.attachment.is_none()
            })
    };
    let below = tail.list.get(at + 1);
    let is_titled = below.is_some_and(|&i| passages.begins(i, PassageRole::AttachmentTitle));
    let is_first = tail.is_signed && tail.attachments.is_empty();
    is_first && names_one && !is_titled && below.is_some_and(is_text)
}

/// Whether a numbered label and a title on its line head an attachment: 附件2：分工表. In a list of attachments the next label
/// follows on the next line.
fn is_labelled_head(passages: &Passages, tail: &Tail, at: usize) -> bool {
    let i = tail.list[at];
    let label = |i: usize| passages.text_facts(i)?.attachment.as_ref();
    let has_seq = label(i).is_some_and(|a| !a.label.ends_with(['附', '件', '表', '录', '图']));
    let is_named = passages
        .attachment_rest(i)
        .is_some_and(|rest| !rest.is_empty() && !rest.starts_with(|c: char| c.is_ascii_digit()));
    let is_next = |i: &usize| label(*i).is_some() && !passages.is_attachment_label(*i);
    let above = at.checked_sub(1).map(|above| &tail.list[above]);
    let is_in_list = tail.list.get(at + 1).is_some_and(is_next) || above.is_some_and(is_next);
    (has_seq || heads_unnumbered(passages, tail, at)) && is_named && !is_in_list
}

/// How many passages, of which the first begins what has a role, make it.
fn n_lines(passages: &Passages, list: &[usize], role: PassageRole) -> usize {
    let goes_on = |i: &&usize| passages.is(**i, role) && !passages.begins(**i, role);
    1 + list[1..].iter().take_while(goes_on).count()
}

/// A label that the standard's form doesn't read, without its brackets: （附件一）
fn bare_label(text: &str) -> String {
    let is_frame = |c: char| is_blank(c) || "（）()【】〔〕[]：:".contains(c);
    text.trim_matches(is_frame).to_owned()
}

/// The title of an attachment without a label. Gives the place after it.
fn unlabelled_head(reader: &mut Reader, tail: &mut Tail, at: usize) -> usize {
    let n_lines = n_lines(
        reader.passages,
        &tail.list[at..],
        PassageRole::AttachmentTitle,
    );
    let lines = &tail.list[at..at + n_lines];
    let title = reader.passages.title(lines.iter().copied());
    let pieces = reader.unowned.take_all(lines.iter().copied());
    let elements = title_elements(reader, pieces);
    tail.attachments.push(Attachment {
        elements,
        ..attachment(AttachmentRole::Attachment, None, Some(title))
    });
    at + n_lines
}

/// 抄送 and 印发 each say a part of a colophon.
fn add(colophon: &mut Colophon, read: Colophon) {
    colophon.copied_to.extend(read.copied_to);
    colophon.printed_by = colophon.printed_by.take().or(read.printed_by);
    colophon.printed_on = colophon.printed_on.take().or(read.printed_on);
}

/// The passages read since the last head make the text below it; below none they are of the body, or of a text that is
/// issued without a title.
fn close(reader: &mut Reader, tail: &mut Tail, body: &mut Vec<Block>) {
    let mut pending = std::mem::take(&mut tail.pending);
    let closed_at = tail.closed_at.take().unwrap_or(pending.len());
    if is_loose(reader.passages, &pending[closed_at..]) {
        pending.truncate(closed_at);
    }
    if pending.is_empty() {
        return;
    }
    if tail.attachments.is_empty() && tail.issues {
        tail.attachments
            .push(attachment(AttachmentRole::Enclosure, None, None));
    }
    match tail.attachments.last_mut() {
        Some(attachment) => inner_text(reader, attachment, &pending),
        None => {
            let pieces = reader.unowned.take_all(pending);
            body.extend(blocks(reader, None, pieces));
        }
    }
}

/// Short lines below a colophon: what a web page has at its foot, or a gazette between documents.
fn is_loose(passages: &Passages, list: &[usize]) -> bool {
    /// The widest of them, in full characters.
    const WIDEST: f32 = 40.0;
    list.iter().all(|&i| {
        passages.holds(i, |facts| {
            facts.width <= WIDEST && facts.label.is_none() && !facts.names_appendix
        }) && !passages.texts[i].contains('。')
    })
}

fn attachment(role: AttachmentRole, label: Option<String>, title: Option<String>) -> Attachment {
    Attachment {
        role,
        label,
        numbers: Vec::new(),
        kind: title.as_deref().and_then(kind),
        title,
        addressees: Vec::new(),
        body: Vec::new(),
        signatories: Vec::new(),
        date: None,
        date_printed: None,
        elements: Vec::new(),
    }
}

/// 附件1 and its title, on its line or below it. Gives the place after them.
fn attachment_head(reader: &mut Reader, tail: &mut Tail, at: usize, label: &str) -> usize {
    let passages = reader.passages;
    let i = tail.list[at];
    let text = &passages.texts[i];
    let rest = passages.attachment_rest(i).unwrap_or_default();
    let label_len = text.len() - rest.len();
    let parts = [0..label_len, label_len..text.len()];
    let n_parts = if rest.is_empty() { 1 } else { 2 };
    let mut elements = Vec::new();
    if let Some(piece) = reader.unowned.take(i) {
        let pieces = piece.split(passages, &parts[..n_parts]).into_iter();
        let roles = [Role::AttachmentLabel, Role::Title];
        let of_role = pieces.zip(roles);
        elements.extend(of_role.map(|(piece, role)| passages.element(vec![piece], role)));
    }
    let mut title = without_blanks(rest);
    let mut next = at + 1;
    if rest.is_empty() {
        next += n_title_lines(passages, &tail.list[next..]);
        let lines = &tail.list[at + 1..next];
        let pieces = reader.unowned.take_all(lines.iter().copied());
        elements.extend(title_elements(reader, pieces));
        title = passages.title(lines.iter().copied());
    }
    let title = (!title.is_empty()).then_some(title);
    let label = Some(label.to_owned());
    tail.attachments.push(Attachment {
        elements,
        ..attachment(AttachmentRole::Attachment, label, title)
    });
    next
}

/// How many passages below a label are the title of the attachment.
fn n_title_lines(passages: &Passages, below: &[usize]) -> usize {
    let is_line = |i: &&usize| passages.is(**i, PassageRole::AttachmentTitle);
    let n_judged = below.iter().take(TITLE_LINES).take_while(is_line).count();
    if n_judged > 0 {
        return n_judged;
    }
    // Lines without marks whose last names a form, a list or a text.
    let is_plain = |i: &&usize| {
        passages.holds(**i, |facts| {
            let is_something_else = facts.label.is_some()
                || facts.attachment.is_some()
                || facts.date.is_some()
                || facts.is_caption
                || facts.is_unit
                || facts.is_title_note;
            facts.width <= WIDEST_TITLE_LINE && !facts.is_sentence && !is_something_else
        })
    };
    let n_plain = below.iter().take(TITLE_LINES).take_while(is_plain).count();
    let is_whole = |&n: &usize| names_appendix(&passages.plain_title(below[..n].iter().copied()));
    (1..=n_plain).find(is_whole).unwrap_or(0)
}

/// The title of an issued text, the notes below it, and whose text it is that another body forwards. Gives the place
/// after them.
fn enclosure_head(reader: &mut Reader, tail: &mut Tail, at: usize, n_lines: usize) -> usize {
    let passages = reader.passages;
    let lines = &tail.list[at..at + n_lines];
    let title = passages.title(lines.iter().copied());
    let pieces = reader.unowned.take_all(lines.iter().copied());
    let mut enclosure = attachment(AttachmentRole::Enclosure, None, Some(title));
    enclosure.elements = title_elements(reader, pieces);
    let mut next = at + n_lines;
    let below = &tail.list[next..];
    let is_title_note = |i: &&usize| passages.holds(**i, |facts| facts.is_title_note);
    let n_notes = below.iter().take_while(is_title_note).count();
    for &i in &below[..n_notes] {
        enclosure
            .elements
            .extend(reader.element(i, Role::TitleNote));
    }
    next += n_notes;
    // 省发展改革委　省财政厅
    while let Some(&i) = tail.list.get(next)
        && passages.holds(i, |facts| facts.is_issuer)
        && let Some(&below) = tail.list.get(next + 1)
        && passages.facts[below].date.is_none()
    {
        enclosure
            .signatories
            .extend(split_names(&passages.texts[i]));
        enclosure
            .elements
            .extend(reader.element(i, Role::Signatories));
        next += 1;
    }
    tail.attachments.push(enclosure);
    next
}
