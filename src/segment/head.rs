//! The head of a document (版头, 标题), and what stands between title and body (题注, 主送机关).

use super::document::Reader;
use super::owners::Piece;
use super::passages::Passages;
use super::start::Start;
use language::head::{addressees_end, split_addressees, without_date};
use language::label::{Kind, label};
use language::script::{is_blank, width};
use language::words::simplified;
use model::{Element, Number, Role, Rule};

/// Reads number, markings and title; gives the title.
pub fn head(reader: &mut Reader, start: &Start) -> Option<String> {
    for i in start.passages.clone().filter(|i| !start.title.contains(i)) {
        let role = if start.number_lines.contains(&i) {
            Role::Number
        } else if reader.passages.facts[i].date.is_some() {
            Role::Date
        } else if reader.passages.facts[i].is_metadata {
            Role::Note
        } else if reader.passages.facts[i].is_marking {
            Role::Marking
        } else {
            Role::IssuerMark
        };
        reader.take_element(i, role);
    }
    let printed: Vec<usize> = start
        .title
        .iter()
        .copied()
        .filter(|&i| reader.unowned.has(i))
        .collect();
    // （2024年5月3日） on the last line of a title is a note to it.
    let noted = printed
        .last()
        .filter(|&&last| printed.len() > 1 && reader.passages.facts[last].is_title_note);
    let n_lines = printed.len() - usize::from(noted.is_some());
    let pieces = reader.unowned.take_all(printed[..n_lines].iter().copied());
    let elements = title_elements(reader, pieces);
    reader.elements.extend(elements);
    if let Some(&note) = noted {
        reader.take_element(note, Role::TitleNote);
    }
    title_of(&reader.passages.title(printed), start)
}

/// The title without what the contents or a compilation put around it: item number, date, 第N号.
fn title_of(printed: &str, start: &Start) -> Option<String> {
    if printed.is_empty() {
        return None;
    }
    let item = label(printed).filter(|l| l.kind == Kind::Digit);
    let title = without_date(&printed[item.map_or(0, |l| l.len)..]);
    // 第32/2024号行政长官批示 is called by its number.
    let is_named = |n: &&Number| n.text.contains('/');
    let number = start
        .numbers
        .first()
        .filter(|n| n.issuer_code.is_none() || title.ends_with(&n.printed))
        .filter(|n| !is_named(n));
    let Some(number) = number.filter(|_| start.number_lines.is_empty()) else {
        return Some(title);
    };
    // At an end of it; a number inside a title is part of it.
    let closed = title.trim_end_matches(['）', ')']);
    let without = closed
        .strip_suffix(&number.printed)
        .map(|title| title.trim_end_matches(['（', '(']))
        .or_else(|| title.strip_prefix(&number.printed));
    Some(without.map_or(title.clone(), str::to_owned))
}

/// The title that pieces make, and the log of its joins; a title for each piece if joining is not sure enough.
pub fn title_elements(reader: &mut Reader, pieces: Vec<Piece>) -> Vec<Element> {
    if pieces.is_empty() {
        return Vec::new();
    }
    let draft = reader.passages.draft;
    let rule = Rule::JoinTitle;
    let sure = rule.confidence();
    let applied = pieces.len() == 1 || draft.applies(rule, sure);
    for pair in pieces.windows(2) {
        if let (Some(a), Some(b)) = (pair[0].spans().last(), pair[1].spans().first()) {
            let lines = [a, b].map(|span| &draft.lines[span.line]);
            reader.log.join(lines, "", rule, sure, "lines of one title");
        }
    }
    if applied {
        return vec![reader.passages.element(pieces, Role::Title)];
    }
    pieces
        .into_iter()
        .map(|piece| reader.passages.element(vec![piece], Role::Title))
        .collect()
}

/// What stands between a title and the body.
#[derive(Default)]
pub struct Opening {
    pub addressees: Vec<String>,
    /// Passages that it takes.
    pub n_passages: usize,
    /// What of the last one is body: it runs on behind the address.
    pub run_in: Option<Piece>,
}

/// Reads title notes and the address.
pub fn opening(reader: &mut Reader, after: &[usize]) -> Opening {
    let mut n_passages = notes(reader, after);
    // ——2023年1月9日在云溪县第五届人民代表大会第三次会议上 / 县长　宋雅琴 / 各位代表：
    if let Some(n_delivery) = delivery(reader, after, n_passages) {
        n_passages = n_delivery;
    } else if let Some(&i) = after.get(n_passages)
        && let Some(end) = reader.passages.text_facts(i).and_then(|f| f.addressees_end)
    {
        let (addressees, run_in) = addressees(reader, i, end);
        return Opening {
            addressees,
            n_passages: n_passages + 1,
            run_in,
        };
    } else if let Some(n_cut) = cut_address(reader.passages, &after[n_passages..]) {
        let lines = &after[n_passages..n_passages + n_cut];
        let address = reader.passages.title(lines.iter().copied());
        for &i in lines {
            reader.take_element(i, Role::Addressees);
        }
        return Opening {
            addressees: split_addressees(address.trim_end_matches(['：', ':'])),
            n_passages: n_passages + n_cut,
            run_in: None,
        };
    }
    Opening {
        n_passages,
        ..Opening::default()
    }
}

/// How many passages make an address that was cut over lines: 各县人民政府、市直各 / 部门：.
fn cut_address(passages: &Passages, below: &[usize]) -> Option<usize> {
    /// Lines of such an address at most, and the widest one, in full characters.
    const LINES: usize = 6;
    const WIDEST: f32 = 100.0;
    let is_piece = |&&i: &&usize| {
        passages.holds(i, |facts| {
            facts.label.is_none() && facts.date.is_none() && facts.attachment.is_none()
        }) && !passages.texts[i].contains(['。', '《', '〔', '［', '号', '年'])
    };
    let n_pieces = below.iter().take(LINES).take_while(is_piece).count();
    (2..=n_pieces).find(|&n| {
        let address = passages.title(below[..n].iter().copied());
        width(&address) <= WIDEST && addressees_end(&simplified(&address)) == Some(address.len())
    })
}

/// Notes right below a title; how many passages they take.
pub fn notes(reader: &mut Reader, after: &[usize]) -> usize {
    let passages = reader.passages;
    let notes = after
        .iter()
        .take_while(|&&i| passages.holds(i, |facts| facts.is_title_note || facts.is_note));
    let n_notes = notes.count();
    for &i in &after[..n_notes] {
        reader.take_element(i, Role::TitleNote);
    }
    n_notes
}

/// Where a report was given, and who spoke, below the notes; how many passages all of them take.
fn delivery(reader: &mut Reader, after: &[usize], n_notes: usize) -> Option<usize> {
    let passages = reader.passages;
    let at = n_notes.saturating_sub(1);
    let &place = after.get(at)?;
    if !passages.holds(place, |facts| facts.is_delivery) {
        return None;
    }
    reader.take_element(place, Role::TitleNote);
    let n_taken = at + 1;
    match after.get(n_taken) {
        Some(&speaker) if passages.holds(speaker, |facts| facts.is_officer) => {
            reader.take_element(speaker, Role::TitleNote);
            Some(n_taken + 1)
        }
        _ => Some(n_taken),
    }
}

/// The address that ends at a byte of a passage, and what runs on behind it.
fn addressees(reader: &mut Reader, i: usize, end: usize) -> (Vec<String>, Option<Piece>) {
    let text = &reader.passages.texts[i];
    let list = split_addressees(text[..end].trim_end_matches(['：', ':']));
    let rest = text[end..].trim_start_matches(is_blank).len();
    let Some(piece) = reader.unowned.take(i) else {
        return (list, None);
    };
    let parts = [0..end, text.len() - rest..text.len()];
    let n_parts = if rest > 0 { 2 } else { 1 };
    let mut parts = piece.split(reader.passages, &parts[..n_parts]).into_iter();
    let address = parts.next().into_iter().collect();
    let element = reader.passages.element(address, Role::Addressees);
    reader.elements.push(element);
    (list, parts.next())
}
