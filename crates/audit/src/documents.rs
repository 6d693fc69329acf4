//! Documents: their fields are read from their own printed texts.

use std::collections::HashSet;

use model::{
    Attachment, Block, Citation, Colophon, Document, Element, Number, Place, Role, TableBlock,
};

use crate::printed::{Printed, is_dated, numbers, numerals, printed, printed_forms};
use crate::{Findings, shown};

/// What a document and a text that comes with it both have.
struct Fields<'d> {
    elements: &'d [Element],
    title: &'d str,
    kind: Option<&'d str>,
    numbers: &'d [Number],
    addressees: &'d [String],
    signatories: &'d [String],
    date: Option<&'d str>,
    date_printed: &'d str,
}

impl<'d> From<&'d Document> for Fields<'d> {
    fn from(document: &'d Document) -> Self {
        Fields {
            elements: &document.elements,
            title: document.title.as_deref().unwrap_or_default(),
            kind: document.kind.as_deref(),
            numbers: &document.numbers,
            addressees: &document.addressees,
            signatories: &document.signatories,
            date: document.date.as_deref(),
            date_printed: document.date_printed.as_deref().unwrap_or_default(),
        }
    }
}

impl<'d> From<&'d Attachment> for Fields<'d> {
    fn from(attachment: &'d Attachment) -> Self {
        Fields {
            elements: &attachment.elements,
            title: attachment.title.as_deref().unwrap_or_default(),
            kind: attachment.kind.as_deref(),
            numbers: &attachment.numbers,
            addressees: &attachment.addressees,
            signatories: &attachment.signatories,
            date: attachment.date.as_deref(),
            date_printed: attachment.date_printed.as_deref().unwrap_or_default(),
        }
    }
}

/// Checks the fields of every document.
pub fn check(documents: &[Document], findings: &mut Findings) {
    let mut ids = HashSet::new();
    for document in documents {
        if !ids.insert(document.id.as_str()) {
            findings.add(&document.id, "two documents have this id");
        }
        let wrong = [
            not_in_elements(&document.into()),
            document
                .colophon
                .as_ref()
                .and_then(|it| not_in_colophon(it, &document.elements)),
            document.attachments.iter().find_map(not_in_attachment),
            not_cited(document),
            misplaced(document),
        ];
        wrong
            .into_iter()
            .flatten()
            .for_each(|what| findings.add(&document.id, what));
    }
}

/// The fields of a text are read from its own elements.
fn not_in_elements(fields: &Fields) -> Option<String> {
    not_in_head(fields)
        .or_else(|| not_signed(fields))
        .or_else(|| fields.numbers.iter().find_map(not_a_number))
}

/// Title, kind, numbers and addressees are read from the elements of those roles.
fn not_in_head(fields: &Fields) -> Option<String> {
    let Fields {
        elements, title, ..
    } = *fields;
    if !printed(elements, &[Role::Title]).has(title) {
        return Some(nowhere("the title", title));
    }
    let kind = fields.kind.filter(|kind| *kind != "other");
    if let Some(kind) = kind.filter(|kind| !title.contains(kind)) {
        return Some(format!(
            "its title does not say that it is a {}",
            shown(kind)
        ));
    }
    let mut numbers = printed(elements, &[Role::Number, Role::Title, Role::IssuerMark]);
    let number = numbers.missing(fields.numbers.iter().map(|number| &number.printed));
    let mut names = printed(elements, &[Role::Addressees]);
    let addressee = names.missing(fields.addressees);
    number
        .map(|it| nowhere("the number", it))
        .or(addressee.map(|it| nowhere("the addressee", it)))
}

/// Signatories and date are read from the elements of those roles.
fn not_signed(fields: &Fields) -> Option<String> {
    let elements = fields.elements;
    let mut names = printed(elements, &[Role::Signatories, Role::Date]);
    if let Some(name) = names.missing(fields.signatories) {
        return Some(nowhere("the signatory", name));
    }
    let date_printed = fields.date_printed;
    if !printed(
        elements,
        &[Role::Date, Role::TitleNote, Role::Number, Role::Note],
    )
    .has(date_printed)
    {
        return Some(nowhere("the date", date_printed));
    }
    let date = fields
        .date
        .filter(|it| !is_dated(it, &numbers(&date_as_read(date_printed))));
    date.map(|date| format!("its date is {}, and what is printed is not", shown(date)))
}

/// A printed date as it is meant: 二0二三年元月, 2O23年, 廿六日, 中華民國112年.
fn date_as_read(printed: &str) -> String {
    let printed = printed.replace("公元", "");
    let of_republic = ["中華民國", "中华民国", "民國", "民国"]
        .iter()
        .find_map(|era| printed.strip_prefix(era)?.split_once('年'));
    let printed = match of_republic {
        Some((year, rest)) => {
            let year = if year == "元" {
                vec![1]
            } else {
                numbers(year)
            };
            let year = year.first().map_or(0, |year| year + REPUBLIC);
            format!("{year}年{rest}")
        }
        None => printed,
    };
    printed
        .split_inclusive(['年', '月', '日'])
        .map(part_as_read)
        .collect()
}

/// The year before the first of the Republic.
const REPUBLIC: u32 = 1911;

fn part_as_read(part: &str) -> String {
    let has_figures = part.chars().any(|c| c.is_ascii_digit());
    let is_spelled = part.contains(['一', '二', '三']);
    part.chars()
        .map(|c| match c {
            '0' | 'O' | 'o' | 'Ο' | 'ο' | 'О' | 'о' | '○' | '◯' | 'Q' if is_spelled => {
                "〇".to_owned()
            }
            'O' | 'o' | 'Q' if has_figures => "0".to_owned(),
            'I' | 'l' | '|' if has_figures => "1".to_owned(),
            'S' if has_figures => "5".to_owned(),
            'B' if has_figures => "8".to_owned(),
            'Z' if has_figures => "2".to_owned(),
            '元' | '正' => "1".to_owned(),
            '廿' => "二十".to_owned(),
            '卅' => "三十".to_owned(),
            c => c.to_string(),
        })
        .collect()
}

/// A number in its normal form says what is printed, and its parts are those of that form.
fn not_a_number(number: &Number) -> Option<String> {
    let Number { text, printed, .. } = number;
    // A printed number can lack its 号.
    let says = |form: &String| Printed::read(&format!("{printed}号")).reads_next(form);
    let is_form = printed_forms(text).iter().any(says);
    if is_form && is_made_of_its_parts(number).is_some() || is_verbatim(number) {
        return None;
    }
    Some(format!(
        "the number '{}' is not what is printed, '{}'",
        shown(text),
        shown(printed)
    ))
}

/// A number of a form of its own, which stays as printed: `台內營字第1000803218號`.
fn is_verbatim(number: &Number) -> bool {
    let (Some(code), Some(year)) = (&number.issuer_code, number.year) else {
        return false;
    };
    let digits: String = number.text.chars().filter(char::is_ascii_digit).collect();
    let of_republic = format!("{:03}", year.saturating_sub(REPUBLIC));
    let seq = digits
        .strip_prefix(&year.to_string())
        .or_else(|| digits.strip_prefix(&of_republic));
    let is_whole = seq.is_some_and(|seq| seq.trim_start_matches('0') == number.seq.to_string());
    number.text == number.printed && number.text.starts_with(code.as_str()) && is_whole
}

/// `云政发〔2023〕1号`; `第37号`, `2021年第1号` or `〔2024〕3号` where no issuer numbers.
fn is_made_of_its_parts(number: &Number) -> Option<()> {
    let text = &number.text;
    // 第32/2024号
    if let Some(year) = number.year
        && *text == format!("第{}/{year}号", number.seq)
    {
        return Some(());
    }
    let (unit, _) = text.char_indices().next_back()?;
    let head = text[..unit].strip_suffix(&number.seq.to_string())?;
    let head = head.strip_suffix('第').unwrap_or(head);
    let Some(year) = number.year else {
        // 十七届第5号
        return (head.is_empty() || head.ends_with('届')).then_some(());
    };
    let (issuer, of_year) = head.split_at(head.find('〔').unwrap_or(0));
    let is_year = of_year.starts_with('〔') && of_year.ends_with('〕') || of_year.ends_with('年');
    let is_issuer = issuer == number.issuer_code.as_deref().unwrap_or_default();
    (is_issuer && is_year && numbers(of_year) == [year]).then_some(())
}

fn not_in_colophon(colophon: &Colophon, elements: &[Element]) -> Option<String> {
    let mut printed = printed(elements, &[Role::Colophon]);
    let printed_by = colophon.printed_by.as_deref().unwrap_or_default();
    if !printed.has(printed_by) {
        return Some(nowhere("who printed it", printed_by));
    }
    let dates = numerals(elements, &[Role::Colophon]);
    if let Some(date) = colophon
        .printed_on
        .as_deref()
        .filter(|it| !is_dated(it, &dates))
    {
        return Some(nowhere("the date of printing", date));
    }
    printed
        .missing(&colophon.copied_to)
        .map(|it| nowhere("the body that gets a copy,", it))
}

/// A label without its marks: 附件1 of （附件1）, of 附件：1 and of 附件（1）.
fn label_as_read(printed: &str) -> String {
    let is_mark = |c: &char| {
        let is_bracket = matches!(
            c,
            '（' | '）' | '(' | ')' | '【' | '】' | '[' | ']' | '［' | '］' | '〔' | '〕'
        );
        is_bracket || matches!(c, '：' | ':' | '之' | '.' | '．' | '、') || c.is_whitespace()
    };
    let half_width = |c: char| match c {
        '０'..='９' | '－' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    };
    printed
        .replace("（略）", "")
        .chars()
        .filter(|c| !is_mark(c))
        .map(half_width)
        .collect()
}

fn not_in_attachment(attachment: &Attachment) -> Option<String> {
    let label = attachment.label.as_deref().unwrap_or_default();
    let is_label = |element: &&Element| element.role == Role::AttachmentLabel;
    let labels = attachment.elements.iter().filter(is_label);
    let as_read: Vec<String> = labels.map(|element| label_as_read(&element.text)).collect();
    if !label.is_empty() && !as_read.contains(&label_as_read(label)) {
        return Some(nowhere("the label of the attachment", label));
    }
    not_in_elements(&attachment.into()).map(|what| format!("an attachment: {what}"))
}

/// Citations are read from headings and paragraphs, in the order of these.
fn not_cited(document: &Document) -> Option<String> {
    let mut texts = blocks(document).filter_map(|block| match block {
        Block::Paragraph { text, at, .. } | Block::Heading { text, at, .. } => Some((text, at)),
        _ => None,
    });
    let mut here: Option<(&[Place], Printed)> = None;
    let mut before: Option<&Citation> = None;
    for citation in &document.citations {
        let Citation { number, title, at } = citation;
        // 《办法》（云政发〔2021〕3号、云政发〔2021〕5号）: one title, two numbers.
        let is_again = before.is_some_and(|before| before.title == *title && before.at == *at);
        before = Some(citation);
        if here.as_ref().is_none_or(|(place, _)| place != at) {
            let text = texts.find(|(_, place)| *place == at);
            here = text.map(|(text, place)| (place.as_slice(), Printed::read(text)));
        }
        let is_read = here.as_mut().is_some_and(|(_, text)| {
            is_again && text.reads_next(number) || text.reads_next(title) && text.reads_next(number)
        });
        if !is_read {
            return Some(nowhere("the citation", &format!("{title}{number}")));
        }
    }
    None
}

/// A document stands where one of its elements does, on the pages of its texts.
fn misplaced(document: &Document) -> Option<String> {
    let stands = document.at.is_empty() || document.elements.iter().any(|e| e.at == document.at);
    if !stands {
        return Some("it stands where none of its elements does".to_owned());
    }
    let of_attachments = document
        .attachments
        .iter()
        .flat_map(|attachment| &attachment.elements);
    let of_elements = document
        .elements
        .iter()
        .chain(of_attachments)
        .flat_map(|it| &it.at);
    let places = of_elements.chain(blocks(document).flat_map(places_of));
    let mut pages = places.filter_map(|place| place.page);
    let printed = pages.next().map(|page| {
        pages.fold([page, page], |[first, last], page| {
            [first.min(page), last.max(page)]
        })
    });
    (printed != document.pages).then(|| {
        format!(
            "its pages are {:?}, and its texts' {printed:?}",
            document.pages
        )
    })
}

/// The blocks of a document and of its attachments.
fn blocks(document: &Document) -> impl Iterator<Item = &Block> {
    document
        .body
        .iter()
        .chain(document.attachments.iter().flat_map(|it| &it.body))
}

fn places_of(block: &Block) -> &[Place] {
    let (Block::Heading { at, .. }
    | Block::Paragraph { at, .. }
    | Block::Table(TableBlock { at, .. })
    | Block::Formula { at, .. }
    | Block::Figure { at }
    | Block::AttachmentList { at, .. }) = block;
    at
}

fn nowhere(what: &str, value: &str) -> String {
    format!(
        "{what} '{}' is printed nowhere in its elements",
        shown(value)
    )
}
