//! Heads of documents that have neither a number nor an entry.

use super::Start;
use super::title_lines::{
    BARE, ends_document, head_above, is_address, is_title_line, title_above, top_of_issuers,
};
use crate::segment::issued;
use crate::segment::passages::Passages;
use language::issuers::{heads_title, is_issuer_name};
use language::script::width;
use language::titles::{BareKind, before_appointments, is_free_title, reports_issue};

/// Passages below the title of an order in which its text says that it orders.
const ORDER_OPENS: usize = 3;
const ORDER_CLOSES: usize = 60;
/// The narrowest title without an issuer, in full characters.
const NARROWEST_PLAIN: f32 = 6.0;

/// What a passage is the last line of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HeadForm {
    /// 第32/2024号行政长官批示
    Numbered,
    /// 云溪县人民政府任免名单
    Appointments,
    /// 最高人民法院 / 公告
    Bodies,
    /// 征兵命令
    Order,
    /// 云溪县人民政府关于…的通知, 政府工作报告
    Title,
}

/// A title, and what stands around it.
struct Candidate {
    form: HeadForm,
    /// Its first passage.
    top: usize,
    /// Its last passage.
    last: usize,
    title: String,
}

/// Finds them from passage `first` on, where none of the heads found stands.
pub fn starts(passages: &Passages, first: usize, found: &[Start]) -> Vec<Start> {
    let is_taken = taken(passages, found);
    let mut more: Vec<Start> = Vec::new();
    for (i, is_taken) in is_taken.into_iter().enumerate().skip(first) {
        if is_taken || !ends_head(passages, first, i) {
            continue;
        }
        let hosts = [before(found, i), before(&more, i)];
        let floor = hosts
            .iter()
            .flatten()
            .map(|s| s.passages.end)
            .fold(first, usize::max);
        let Some(candidate) = candidate(passages, floor, i) else {
            continue;
        };
        let host = hosts.into_iter().flatten().max_by_key(|s| s.passages.start);
        if is_head(passages, first, &candidate, host) {
            let title = (candidate.top..=i).collect();
            let range = candidate.top..i + 1;
            more.push(Start::new(range, title, Vec::new(), Vec::new()));
        }
    }
    more
}

/// The passages of heads, and the one right above each.
fn taken(passages: &Passages, found: &[Start]) -> Vec<bool> {
    let mut taken = vec![false; passages.list.len()];
    for start in found {
        let range = &start.passages;
        taken[range.start.saturating_sub(1)..range.end].fill(true);
    }
    taken
}

/// The last head that ends before a passage.
fn before(heads: &[Start], i: usize) -> Option<&Start> {
    let n = heads.partition_point(|s| s.passages.end <= i);
    heads[..n].last()
}

/// Whether a passage can be the last line of a title.
fn ends_head(passages: &Passages, first: usize, i: usize) -> bool {
    let facts = &passages.facts[i];
    let is_bare = facts.width <= BARE && top_of_bodies(passages, first, i).is_some();
    (facts.document_kind.is_some() || facts.is_free_title || facts.numbered_title.is_some())
        && facts.label.is_none()
        && (is_title_line(passages, i) || is_bare || top_of_order(passages, first, i).is_some())
}

fn candidate(passages: &Passages, floor: usize, i: usize) -> Option<Candidate> {
    let numbered = || passages.facts[i].numbered_title.as_ref().map(|_| i);
    let (form, top) = None
        .or_else(|| numbered().map(|top| (HeadForm::Numbered, top)))
        .or_else(|| top_of_appointments(passages, floor, i).map(|t| (HeadForm::Appointments, t)))
        .or_else(|| top_of_bodies(passages, floor, i).map(|top| (HeadForm::Bodies, top)))
        .or_else(|| top_of_order(passages, floor, i).map(|top| (HeadForm::Order, top)))
        .or_else(|| title_above(passages, floor, i + 1).map(|top| (HeadForm::Title, top)))?;
    Some(Candidate {
        form,
        top,
        last: i,
        title: passages.plain_title(top..=i),
    })
}

/// Whether a title heads a document of its own: by its form, and by what ends above it and begins below.
fn is_head(passages: &Passages, first: usize, candidate: &Candidate, host: Option<&Start>) -> bool {
    let Candidate {
        form,
        top,
        last,
        ref title,
    } = *candidate;
    let above = top.checked_sub(1).filter(|&above| above >= first);
    // What a 印发 notice issues is not a document of its own, and below 附件1 it is the attachment's title.
    if above.is_some_and(|a| passages.is_attachment_label(a))
        || host.is_some_and(|host| issued::is_issued_by(passages, host, title))
    {
        return false;
    }
    let is_fresh = top == first || ends_document(passages, top - 1);
    let is_dated = above.is_none_or(|a| closes_document(passages, a));
    let is_delivered = passages.holds(last + 1, |below| below.is_delivery);
    let is_followed = is_address(passages, last + 1)
        || passages.holds(last + 1, |below| {
            below.is_title_note || reports_issue(title, &passages.texts[last + 1])
        });
    let is_issued = heads_title(title) && (is_followed || is_dated) && is_fresh;
    let by_form = match form {
        HeadForm::Numbered => true,
        HeadForm::Appointments => is_dated || is_fresh && is_followed,
        HeadForm::Order => is_dated || is_fresh,
        HeadForm::Bodies => {
            let is_signed = above.is_some_and(|a| passages.facts[a].is_officer);
            is_dated || is_fresh || is_signed
        }
        HeadForm::Title => false,
    };
    // 政府工作报告, 第3次常务会议纪要, 统计公报: titles without an issuer's 关于.
    let is_plain = width(title) >= NARROWEST_PLAIN && is_free_title(title);
    is_issued || by_form || is_plain && (is_dated || is_delivered)
}

/// Whether a passage can only be the last of a document.
fn closes_document(passages: &Passages, i: usize) -> bool {
    let facts = &passages.facts[i];
    facts.date.is_some() || facts.heads_section || facts.colophon.is_some()
}

/// The first passage of a list of appointments: `云溪市人民代表大会常务委员会` / `任免名单`,
/// `云溪县人民政府2023年6月份任免人员`
fn top_of_appointments(passages: &Passages, floor: usize, i: usize) -> Option<usize> {
    passages.facts[i].appointments?;
    let is_of_body = |&top: &usize| {
        let title = passages.plain_title(top..=i);
        let issuer = before_appointments(&title).unwrap_or_default();
        let is_date = |c: char| c.is_ascii_digit() || matches!(c, '年' | '月' | '日');
        is_issuer_name(issuer.trim_end_matches('份').trim_end_matches(is_date))
    };
    let above = i
        .checked_sub(1)
        .filter(|&top| top >= floor && is_title_line(passages, top));
    [Some(i), above].into_iter().flatten().find(is_of_body)
}

/// The first passage of a head that is bodies and 公告, 通告 or 令, and nothing else: `最高人民法院` / `公告`.
fn top_of_bodies(passages: &Passages, floor: usize, i: usize) -> Option<usize> {
    let kind = passages.text_facts(i)?.bare_kind?;
    let top = head_above(passages, floor, i);
    // Of a 令 nothing but its number or its text says that it is one, and a word of a heading can end so.
    let are_bodies = (top..i).all(|above| passages.facts[above].is_spaced_issuer);
    (are_bodies && (kind == BareKind::OfIssuer || top < i)).then_some(top)
}

/// The first passage of the head of an order without a number: `征兵命令`, `云溪县人民政府` / `封山禁火令`. Many a word
/// ends in 令, so its text has to say that it orders.
fn top_of_order(passages: &Passages, floor: usize, i: usize) -> Option<usize> {
    if !passages.holds(i, |facts| facts.is_order_title) {
        return None;
    }
    let below = &passages.facts[i + 1..];
    let opens = below
        .iter()
        .take(ORDER_OPENS)
        .any(|facts| facts.opens_order);
    let closes = || {
        below
            .iter()
            .take_while(|facts| facts.date.is_none())
            .take(ORDER_CLOSES)
            .any(|facts| facts.closes_order)
    };
    (opens || closes()).then(|| top_of_issuers(passages, floor, i))
}
