//! Cover and masthead: which gazette this is; and the imprint at its end.

use std::collections::BTreeMap;
use std::ops::Range;

use super::owners::{Piece, Unowned};
use super::passages::Passages;
use crate::repair::Form;
use crate::repair::tables::Table;
use language::masthead::{
    Issue, Sponsorship, imprint_fields, is_of_maker, issue, issue_at_end, names_gazette, published,
    sponsor,
};
use language::script::{is_han, width, without_blanks};
use model::{Element, Gazette, Role};

/// The widest line of a masthead, in full characters.
const WIDEST: f32 = 40.0;
/// Passages of a cover: a date alone further down is none of the issue.
const COVER: usize = 40;
/// Lines that an imprint has at least: one alone can be the end of a document.
const FEWEST_IMPRINT_LINES: usize = 2;
/// Fields of an imprint that can stand anywhere, and those among them that only the maker of a gazette has.
const FEWEST_FIELDS: usize = 3;
const FEWEST_MAKERS: usize = 2;

/// Reads what stands before the first document, at `end`; what says something of the issue becomes furniture.
pub fn gazette(
    passages: &Passages,
    unowned: &mut Unowned,
    end: usize,
    furniture: &mut Vec<Element>,
) -> Gazette {
    let mut gazette = Gazette::default();
    let mut maker = Maker::default();
    furniture.extend(imprint(passages, unowned, end, &mut maker));
    if let Some((title, elements)) = vertical_title(passages, unowned, end) {
        gazette.title = Some(title);
        furniture.extend(elements);
    }
    for i in (0..end).filter(|&i| passages.is_text(i)) {
        let text = passages.squeezed(i);
        if !unowned.has(i) || width(&text) > WIDEST || text.contains(['，', '。', '；']) {
            continue;
        }
        let is_read = read_line(&mut maker, &mut gazette, &text, i)
            || read_parts(&mut maker, &mut gazette, &passages.texts[i], i);
        if is_read {
            let pieces = unowned.take_all([i]);
            furniture.push(passages.element(pieces, Role::Masthead));
        }
    }
    gazette.sponsor = maker.0.map(|(_, name)| name);
    gazette
}

/// Completes what the masthead says by the running heads and what was judged to be of the front or the imprint: in a table without rules a label
/// and its value stand on lines of their own.
pub fn complete(gazette: &mut Gazette, aside: &[Element]) {
    let mut maker = Maker::default();
    let mut read = gazette.clone();
    for (n, element) in aside.iter().enumerate() {
        let text = without_blanks(&element.text);
        match element.role {
            Role::RunningHead if !text.contains(['期', '报', '总']) => {}
            Role::Masthead | Role::RunningHead => {
                let is_read = read_line(&mut maker, &mut read, &text, COVER);
                if !is_read {
                    read_parts(&mut maker, &mut read, &element.text, COVER);
                }
            }
            Role::Imprint => {
                let value = aside.get(n + 1).filter(|below| below.role == Role::Imprint);
                let fields = imprint_fields(&element.text);
                let of_table = value.filter(|_| text == "主办" || text == "主办单位");
                let name = of_table
                    .map(|element| without_blanks(&element.text))
                    .or_else(|| sponsor_of(fields));
                if let Some(name) = name {
                    maker.add(name, Sponsorship::Sponsors);
                }
            }
            _ => {}
        }
    }
    gazette.title = gazette.title.take().or(read.title);
    gazette.year = gazette.year.or(read.year);
    gazette.issue = gazette.issue.or(read.issue);
    gazette.serial = gazette.serial.or(read.serial);
    gazette.published = gazette.published.take().or(read.published);
    let made_by = maker.0.map(|(_, name)| name);
    gazette.sponsor = gazette.sponsor.take().or(made_by);
}

/// Who sponsors the gazette, as the fields of an imprint say.
fn sponsor_of(fields: Vec<(String, String)>) -> Option<String> {
    let is_sponsor = |(label, value): &(String, String)| label == "主办" && !value.is_empty();
    fields.into_iter().find(is_sponsor).map(|(_, value)| value)
}

/// The name of the gazette down the page, a character a line.
fn vertical_title(
    passages: &Passages,
    unowned: &mut Unowned,
    end: usize,
) -> Option<(String, Vec<Element>)> {
    let is_character = |&i: &usize| {
        let text = passages.squeezed(i);
        unowned.has(i)
            && passages.is_text(i)
            && text.chars().count() == 1
            && text.chars().all(is_han)
    };
    let mut from = 0;
    while from < end {
        let n = (from..end).take_while(is_character).count();
        let run = from..from + n;
        let title: String = run.clone().map(|i| passages.squeezed(i)).collect();
        if names_gazette(&title) {
            let pieces = unowned.take_all(run);
            let element = |piece| passages.element(vec![piece], Role::Masthead);
            return Some((title, pieces.into_iter().map(element).collect()));
        }
        from += n + 1;
    }
    None
}

/// Reads a line whose parts white space sets apart, if each of them says something:
/// `云溪县人民政府办公室编　　一九八四年七月五日出版`.
fn read_parts(maker: &mut Maker, gazette: &mut Gazette, text: &str, i: usize) -> bool {
    let parts: Vec<&str> = text
        .split([' ', '\u{3000}'])
        .filter(|part| !part.is_empty())
        .collect();
    let says_something = |part: &&str| {
        let (mut maker, mut gazette) = (Maker::default(), Gazette::default());
        read_line(&mut maker, &mut gazette, part, i)
    };
    if parts.len() < 2 || !parts.iter().all(says_something) {
        return false;
    }
    for part in parts {
        read_line(maker, gazette, part, i);
    }
    true
}

/// Reads what a line, the `i`th, says of the gazette; whether it says something.
fn read_line(maker: &mut Maker, gazette: &mut Gazette, text: &str, i: usize) -> bool {
    let bare = text.trim_matches(['《', '》']);
    if gazette.title.as_deref() == Some(bare) || gazette.title.is_none() && names_gazette(bare) {
        gazette.title = Some(bare.to_owned());
        return true;
    }
    if let Some((date, is_said)) = published(text) {
        let is_of_issue = is_said || i < COVER;
        let date = Some(date).filter(|_| is_of_issue);
        gazette.published = gazette.published.take().or(date);
        return is_of_issue;
    }
    if let Some((issue, (name, way))) = issue_and_sponsor(text) {
        add_issue(gazette, issue);
        maker.add(name, way);
        return true;
    }
    if let Some((name_len, issue)) = issue(text)
        .map(|issue| (0, issue))
        .or_else(|| issue_at_end(text))
    {
        let name = text[..name_len].trim_matches(['《', '》']);
        if gazette.title.is_none() && names_gazette(name) {
            gazette.title = Some(name.to_owned());
        }
        let is_issue = issue.issue.is_some() || issue.serial.is_some();
        let is_said = is_issue || i < COVER || matches!(issue.published, Some((_, true)));
        if is_said {
            add_issue(gazette, issue);
        }
        return is_said;
    }
    if let Some((name, way)) = sponsor(text) {
        maker.add(name, way);
        return true;
    }
    // The title in Latin letters.
    !text.chars().any(is_han)
        && text.chars().any(|c| c.is_ascii_uppercase())
        && !text.contains("://")
}

/// `2021年第2期（总第347期）主办：云溪县人民政府办公室`: two lines that a page sets beside each other.
fn issue_and_sponsor(text: &str) -> Option<(Issue, (String, Sponsorship))> {
    let parted = |at: usize| {
        let (before, behind) = text.split_at(at);
        let issue = issue(before).filter(|i| i.issue.is_some() || i.serial.is_some())?;
        Some((issue, sponsor(behind)?))
    };
    // The longest issue: 第1 is none of 第12期.
    let mut ends = text.char_indices().rev().filter(|&(at, _)| at > 0);
    ends.find_map(|(at, _)| parted(at))
}

fn add_issue(gazette: &mut Gazette, issue: Issue) {
    gazette.year = gazette.year.or(issue.year);
    gazette.issue = gazette.issue.or(issue.issue);
    gazette.part = gazette.part.take().or(issue.part);
    gazette.serial = gazette.serial.or(issue.serial);
    let published = issue.published.map(|(date, _)| date);
    gazette.published = gazette.published.take().or(published);
}

/// Who makes the gazette, by the line that says it most surely.
#[derive(Default)]
struct Maker(Option<(Sponsorship, String)>);

impl Maker {
    fn add(&mut self, name: String, way: Sponsorship) {
        if self.0.as_ref().is_none_or(|(surest, _)| way > *surest) {
            self.0 = Some((way, name));
        }
    }
}

/// The lines in a row that say who made and printed the issue: at its end, or wherever there are so many of them that they
/// can be of no document.
fn imprint(
    passages: &Passages,
    unowned: &mut Unowned,
    first: usize,
    maker: &mut Maker,
) -> Vec<Element> {
    let mut elements = Vec::new();
    let mut next = 0;
    while next < passages.list.len() {
        let from = next;
        let mut fields = Vec::new();
        while next < passages.list.len() && unowned.has(next) {
            let Some(of_line) = fields_of(passages, next) else {
                break;
            };
            fields.extend(of_line);
            next += 1;
        }
        let run = from..next;
        if is_imprint(passages, &run, first, &fields) {
            if let Some(name) = sponsor_of(fields) {
                maker.add(name, Sponsorship::Sponsors);
            }
            let pieces = unowned.take_all(run);
            for piece in pieces {
                elements.extend(elements_of(passages, piece));
            }
        }
        next = next.max(from + 1);
    }
    elements
}

/// What is printed in a piece; of a table each line for itself.
fn elements_of(passages: &Passages, piece: Piece) -> Vec<Element> {
    if matches!(passages.list[piece.passage].form, Form::Table(_)) {
        passages.elements_of_lines(piece, Role::Imprint)
    } else {
        vec![passages.element(vec![piece], Role::Imprint)]
    }
}

/// Whether lines in a row are an imprint.
fn is_imprint(
    passages: &Passages,
    run: &Range<usize>,
    first: usize,
    fields: &[(String, String)],
) -> bool {
    let is_at_end = run.end == passages.list.len() && run.start >= first;
    let n_makers = fields
        .iter()
        .filter(|(label, _)| is_of_maker(label))
        .count();
    is_at_end && run.len() >= FEWEST_IMPRINT_LINES
        || fields.len() >= FEWEST_FIELDS && n_makers >= FEWEST_MAKERS
}

/// The fields that a line or table of an imprint is made of; a line of one can also have none. Nothing if it is none.
fn fields_of(passages: &Passages, i: usize) -> Option<Vec<(String, String)>> {
    if let Form::Table(table) = &passages.list[i].form {
        return fields_of_table(passages, table);
    }
    let is_line = passages.holds(i, |facts| facts.is_imprint);
    is_line.then(|| imprint_fields(&passages.texts[i]))
}

fn fields_of_table(passages: &Passages, table: &Table) -> Option<Vec<(String, String)>> {
    let mut rows: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for cell in &table.cells {
        rows.entry(cell.row)
            .or_default()
            .push(passages.draft.text(&cell.spans));
    }
    let fields: Vec<(String, String)> = rows
        .values()
        .flat_map(|cells| imprint_fields(&cells.join("：").replace("：：", "：")))
        .collect();
    (!fields.is_empty() && fields.len() * 2 > rows.len()).then_some(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issue_beside_its_sponsor() {
        for (text, number, name) in [
            (
                "2021年第12期（总第347期）云溪县人民政府办公室主办",
                12,
                "云溪县人民政府办公室",
            ),
            ("2021年第2期主办：云溪县人民政府", 2, "云溪县人民政府"),
        ] {
            let (issue, (sponsor, _)) = issue_and_sponsor(text).expect("both");
            assert_eq!((issue.issue, sponsor.as_str()), (Some(number), name));
        }
        assert!(issue_and_sponsor("云溪县人民政府办公室主办").is_none());
    }
}
