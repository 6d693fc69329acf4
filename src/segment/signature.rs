//! Signature and date (署名, 成文日期): where they stand, and what they say.

use std::ops::Range;

use super::document::Reader;
use super::issued::Issued;
use super::passages::Passages;
use super::roles::PassageRole;
use language::issuers::{ends_in_issuer, is_issuer_name};
use language::label::Label;
use language::metadata;
use language::script::{date_line, date_prefix, date_within, is_blank, width, without_blanks};
use language::signature::{is_name, is_officer, split_names};
use language::titles::{issues_text, leading_word};
use language::words::simplified;
use model::{Element, Role};

/// Lines that the names above a date can take.
const NAME_LINES: usize = 12;
/// The widest line of names, in full characters.
const WIDEST_NAME: f32 = 44.0;
/// The widest line that only ends like the name of a body, right above the date.
const WIDEST_LOOSE_NAME: f32 = 20.0;
/// The widest name over two lines.
const WIDEST_TWO_LINES: f32 = 60.0;
/// The widest rest of a line that wraps, right above a name.
const WIDEST_REST: f32 = 2.0;
/// Passages below a date in which a name with a date of its own says that the first date is of the text.
const SIGNED_BELOW: usize = 5;
/// Passages below a date in which a list can count on.
const COUNTS_ON: usize = 3;

/// Where a signature stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Signature {
    /// Places in the list of passages: names and date.
    pub passages: Range<usize>,
    date: Option<usize>,
    /// The date stands on the line of the last name, from this byte on.
    date_from: Option<usize>,
}

/// What a signature says.
#[derive(Debug, Default)]
pub struct Signed {
    pub signatories: Vec<String>,
    pub date: Option<String>,
    pub date_printed: Option<String>,
}

/// The names and the date that end the body of a text, looked for from a place of its passages on; where an end is given,
/// they stand right above it and have a name.
pub fn signature(
    passages: &Passages,
    list: &[usize],
    from: usize,
    issued: &Issued,
    title: Option<&str>,
    end: Option<usize>,
) -> Option<Signature> {
    let issues = title.is_some_and(|title| issues_text(&simplified(title)));
    let mut last_label: Option<&Label> = None;
    for at in from..list.len() {
        let i = list[at];
        let Some(facts) = passages.text_facts(i) else {
            continue;
        };
        // The text that is issued signs for itself.
        let is_issued = at > from
            && issues
            && facts.label.is_none()
            && facts.attachment.is_none()
            && issued.is_name(passages, i);
        if is_issued || at > from + 1 && passages.is_attachment_label(i) {
            return None;
        }
        last_label = facts.label.as_ref().or(last_label);
        let Some(date_from) = date_from(passages, list, from, at) else {
            continue;
        };
        if is_of_text(passages, list, from, at, date_from)
            || counts_on(passages, &list[at + 1..], last_label)
        {
            continue;
        }
        let found = around_date(passages, list, from, at, date_from, title);
        let has_name = found.passages.len() > 1 || date_from.is_some();
        if end.is_none_or(|end| found.passages.end == end && has_name) {
            return Some(found);
        }
    }
    None
}

/// The first passages from a place of the list on that are judged to be names and date.
pub fn judged(passages: &Passages, list: &[usize], from: usize) -> Option<Signature> {
    // 月26日）国办发〔2023〕17号 is a piece of a sentence, whatever it is judged to be.
    let is_piece = |at: usize| passages.texts[list[at]].contains(['〔', '〕', '；']);
    let is_signature = |&at: &usize| {
        passages.is(list[at], PassageRole::Signature) && !is_piece(at)
            || passages.is(list[at], PassageRole::Date)
    };
    // 录 / 云溪县人民政府: the end of a line above, and a whole name.
    let is_rest = |at: usize| {
        let is_issuer = |at: &usize| passages.holds(list[*at], |facts| facts.is_issuer);
        let width = passages.facts[list[at]].width;
        width <= WIDEST_REST && list.get(at + 1).is_some() && is_issuer(&(at + 1))
    };
    let first = (from..list.len()).find(is_signature)?;
    let first = first + usize::from(is_rest(first));
    let n = (first..list.len()).take_while(is_signature).count();
    let is_date = |&at: &usize| {
        let facts = &passages.facts[list[at]];
        facts.date.is_some()
            || facts.is_month
            || facts.loose_date.is_some()
            || facts.dated_name.is_some()
    };
    let is_judged_date = |&at: &usize| passages.is(list[at], PassageRole::Date);
    let run = office_above(passages, list, from, first)..first + n;
    let date = run
        .clone()
        .find(is_date)
        .or_else(|| run.clone().find(is_judged_date));
    Some(Signature {
        date_from: date.and_then(|at| passages.facts[list[at]].dated_name),
        date,
        passages: run,
    })
}

/// The names and the date right above the end of a text, notes left aside: certain by their form, however they are judged.
pub fn at_end(
    passages: &Passages,
    list: &[usize],
    from: usize,
    title: Option<&str>,
) -> Option<Signature> {
    let is_note =
        |i: &&usize| passages.holds(**i, |facts| facts.is_note || facts.colophon.is_some());
    let end = list.len() - list.iter().rev().take_while(is_note).count();
    signature(passages, list, from, &Issued::default(), title, Some(end))
}

/// The first run of `部长　张三` in a text that has its date in its head.
pub fn undated(passages: &Passages, list: &[usize], from: usize) -> Option<Signature> {
    let is_officer = |at: &usize| passages.holds(list[*at], |facts| facts.is_officer);
    let first = (from..list.len()).find(is_officer)?;
    let n = (first..list.len()).take_while(is_officer).count();
    Some(Signature {
        passages: first..first + n,
        date: None,
        date_from: None,
    })
}

/// The place at which a signature begins whose office stands above it on a line of its own: 县长 / 李明 / 2023年3月1日.
fn office_above(passages: &Passages, list: &[usize], from: usize, first: usize) -> usize {
    let is_name_at = |at: usize| is_name(&passages.texts[list[at]]);
    let is_dated = passages.holds(list[first], |facts| facts.date.is_some());
    let name = first - usize::from(is_dated && first > 0 && is_name_at(first - 1));
    let office = name.checked_sub(1).filter(|&office| office >= from);
    let is_office = |&at: &usize| passages.holds(list[at], |facts| facts.is_office);
    office
        .filter(|office| is_name_at(name) && is_office(office))
        .unwrap_or(first)
}

/// Whether a passage can be the date of a signature, and from which byte on, if a name stands before it.
fn date_from(passages: &Passages, list: &[usize], from: usize, at: usize) -> Option<Option<usize>> {
    let facts = &passages.facts[list[at]];
    if facts.date.is_some() {
        return Some(None);
    }
    if let Some(byte) = facts.dated_name {
        return Some(Some(byte));
    }
    // A name, and 2023年5月 below it.
    let is_month =
        facts.is_month && at > from && passages.holds(list[at - 1], |above| above.is_issuer);
    (is_month || facts.loose_date.is_some() && is_officer_below(passages, list, at)).then_some(None)
}

fn is_officer_below(passages: &Passages, list: &[usize], at: usize) -> bool {
    list.get(at + 1)
        .is_some_and(|&below| passages.holds(below, |facts| facts.is_officer))
}

/// Whether a date belongs to the text in which it stands.
fn is_of_text(
    passages: &Passages,
    list: &[usize],
    from: usize,
    at: usize,
    date_from: Option<usize>,
) -> bool {
    // 自下列日期起生效：
    if at > from && passages.texts[list[at - 1]].ends_with('：') {
        return true;
    }
    // A date alone, and a name with its own date soon below.
    let is_signed = |pair: &[usize]| {
        passages.holds(pair[0], |facts| facts.is_issuer) && passages.facts[pair[1]].date.is_some()
    };
    let below = &list[at + 1..];
    let near = &below[..below.len().min(SIGNED_BELOW)];
    date_from.is_none()
        && !(at > from && is_signatory(passages, list[at - 1], true))
        && below[..below.len().min(SIGNED_BELOW + 1)]
            .windows(2)
            .any(is_signed)
        && !near.iter().any(|&i| passages.facts[i].attachment.is_some())
}

/// A list that counts on below the date: the date belongs to the body.
fn counts_on(passages: &Passages, below: &[usize], last: Option<&Label>) -> bool {
    let next = below
        .iter()
        .take(COUNTS_ON)
        .find_map(|&i| passages.facts[i].label.as_ref());
    next.zip(last)
        .is_some_and(|(next, last)| next.kind == last.kind && next.seq == last.seq + 1)
}

/// The signature around a date.
fn around_date(
    passages: &Passages,
    list: &[usize],
    from: usize,
    at: usize,
    date_from: Option<usize>,
    title: Option<&str>,
) -> Signature {
    let first = match date_from {
        Some(_) => at,
        None => names_above(passages, list, from, at, title),
    };
    // 二〇二四年三月十一日 / 行政长官 陈伟文
    let is_below = first == at && date_from.is_none() && is_officer_below(passages, list, at);
    Signature {
        passages: first..at + 1 + usize::from(is_below),
        date: Some(at),
        date_from,
    }
}

/// The place of the first name above a date.
fn names_above(
    passages: &Passages,
    list: &[usize],
    from: usize,
    at: usize,
    title: Option<&str>,
) -> usize {
    let is_name = |&above: &usize| is_signatory(passages, list[above], above + 1 == at);
    let lowest = from.max(at.saturating_sub(NAME_LINES));
    let mut first = at - (lowest..at).rev().take_while(is_name).count();
    if first == at {
        first =
            cut_name_above(passages, list, from, at).min(office_above(passages, list, from, at));
    }
    // The title says who issues: names above that it does not have are the end of a list.
    let issuer = title.and_then(|t| Some(&t[..leading_word(&simplified(t))?]));
    let Some(issuer) = issuer.filter(|issuer| !issuer.ends_with('等')) else {
        return first;
    };
    let is_of_title = |&at: &usize| {
        split_names(&passages.texts[list[at]])
            .iter()
            .any(|name| issuer.contains(name.as_str()))
    };
    let n_of_title = (first..at).rev().take_while(is_of_title).count();
    if n_of_title > 0 {
        first = at - n_of_title;
    }
    // A long name over two lines, which the title has in one.
    if first > from && first < at && passages.is_text(list[first - 1]) {
        let name = passages.title(list[first - 1..=first].iter().copied());
        if width(&name) <= WIDEST_TWO_LINES && issuer.contains(&name) {
            first -= 1;
        }
    }
    first
}

/// The place of the first line of a name that was cut over the lines above a date: 云溪县人民政府办公 / 室.
fn cut_name_above(passages: &Passages, list: &[usize], from: usize, at: usize) -> usize {
    /// Lines of such a name at most, and the widest of them, in full characters.
    const LINES: usize = 3;
    const WIDEST: f32 = 20.0;
    let is_piece = |&above: &usize| {
        passages.holds(list[above], |facts| {
            let is_short = facts.width <= WIDEST && facts.label.is_none();
            is_short && !facts.is_sentence && facts.attachment.is_none()
        })
    };
    let lowest = (from + 1).max(at.saturating_sub(LINES));
    let pieces = (lowest..at).rev().take_while(is_piece);
    let is_whole = |first: &usize| {
        *first + 1 < at && is_issuer_name(&passages.title(list[*first..at].iter().copied()))
    };
    pieces.into_iter().find(is_whole).unwrap_or(at)
}

fn is_signatory(passages: &Passages, i: usize, is_next_to_date: bool) -> bool {
    let text = &passages.texts[i];
    passages.holds(i, |facts| {
        let is_loose = is_next_to_date
            && facts.width <= WIDEST_LOOSE_NAME
            && facts.ends_in_issuer
            && facts.date.is_none()
            && !text.contains(['，', '。', '；', '：', '、', '《', '）', '”']);
        facts.width <= WIDEST_NAME
            && facts.label.is_none()
            && (facts.is_issuer || facts.is_officer || is_loose)
    })
}

/// Takes the passages of a signature and reads them.
pub fn sign(reader: &mut Reader, list: &[usize], signature: &Signature) -> Signed {
    let mut signed = Signed::default();
    for at in signature.passages.clone() {
        let i = list[at];
        if Some(at) == signature.date {
            sign_date(reader, &mut signed, i, signature.date_from.unwrap_or(0));
            continue;
        }
        if reader.passages.facts[i].is_note {
            reader.take_element(i, Role::Note);
            continue;
        }
        // Another body's date.
        if reader.passages.facts[i].date.is_some() {
            reader.take_element(i, Role::Date);
            continue;
        }
        let text = &reader.passages.texts[i];
        let goes_on = |last: &&mut String| {
            signature.date.is_none_or(|date| at < date)
                && !ends_in_issuer(last)
                && !is_officer(last)
                && !is_officer(text)
        };
        match signed.signatories.last_mut().filter(goes_on) {
            // 某某市“一港双城”（城镇化） / 工作委员会办公室
            Some(last) => last.push_str(&split_names(text).concat()),
            None => signed.signatories.extend(names_of(reader.passages, i)),
        }
        reader.take_element(i, Role::Signatories);
    }
    signed
}

/// The names of a passage; where each of its lines is one, a name a line.
fn names_of(passages: &Passages, i: usize) -> Vec<String> {
    let spans = &passages.list[i].spans;
    let lines = spans
        .iter()
        .map(|span| passages.draft.text(std::slice::from_ref(span)));
    let lines: Vec<String> = lines.collect();
    if lines.len() > 1 && lines.iter().all(|line| is_issuer_name(line)) {
        return lines.iter().flat_map(|line| split_names(line)).collect();
    }
    split_names(&passages.texts[i])
}

/// The line of the date, which begins at a byte of it; before it a name can stand.
fn sign_date(reader: &mut Reader, signed: &mut Signed, i: usize, from: usize) {
    let text = &reader.passages.texts[i];
    let name_len = text[..from].trim_end_matches(is_blank).len();
    let parts = [0..name_len, from..text.len()];
    // A date alone has no name before it.
    let parts = if from > 0 { &parts[..] } else { &parts[1..] };
    let Some(piece) = reader.unowned.take(i) else {
        return;
    };
    let mut pieces = piece.split(reader.passages, parts);
    let date = pieces.pop().into_iter().collect();
    if from > 0 {
        signed.signatories.extend(split_names(&text[..from]));
        let element = reader.passages.element(pieces, Role::Signatories);
        reader.elements.push(element);
    }
    let element = reader.passages.element(date, Role::Date);
    reader.elements.push(element);
    let printed = without_blanks(&text[from..]);
    signed.date = date_line(&printed).or_else(|| reader.passages.facts[i].loose_date.clone());
    signed.date_printed = Some(printed);
}

/// （2024年5月3日）, （2024年5月3日县人民代表大会常务委员会第三次会议通过）: the date of a text that signs none stands below
/// its title, or in its head, in ISO form and as printed. A note of several dates is the history of a text.
pub fn noted_date(elements: &[Element]) -> Option<(String, String)> {
    // （2023年1月20日　云政发〔2023〕1号）
    let dated = elements
        .iter()
        .filter(|e| e.role == Role::Number)
        .find_map(|e| {
            let (date, printed) = date_within(&without_blanks(&e.text))
                .map(|(date, printed)| (date, printed.to_owned()))?;
            Some((date, printed))
        });
    if dated.is_some() {
        return dated;
    }
    let mut in_head = elements.iter().rev().filter_map(|e| match e.role {
        Role::Date => Some(e.text.as_str()),
        Role::Note => metadata::date(&e.text),
        _ => None,
    });
    let dated = |text: &str| Some((date_line(&simplified(text))?, text.to_owned()));
    if let Some(dated) = in_head.find_map(dated) {
        return Some(dated);
    }
    let note = elements.iter().find(|e| e.role == Role::TitleNote)?;
    let text = without_blanks(&note.text);
    let inner = text.strip_prefix(['（', '('])?.strip_suffix(['）', ')'])?;
    let (date, rest) = date_prefix(inner)?;
    let is_adoption = ["通过", "批准"].iter().any(|end| rest.ends_with(end));
    (rest.is_empty() || is_adoption && !rest.contains('日'))
        .then(|| (date, inner[..inner.len() - rest.len()].to_owned()))
}
