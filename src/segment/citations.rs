//! Documents that a text cites with title and number.

use language::number::{NumberForms, serial_title};
use language::script::{is_blank, is_han, without_blanks};
use model::{Block, Citation, Place};

/// Characters before the number of an order that is cited: 云溪县人民政府令.
const ORDER: std::ops::RangeInclusive<usize> = 3..=21;

/// `《关于…的通知》（国发〔2018〕41号）` in blocks.
pub fn citations(blocks: &[&Block], forms: &NumberForms) -> Vec<Citation> {
    let mut found = Vec::new();
    for block in blocks {
        if let Block::Paragraph { text, at, .. } | Block::Heading { text, at, .. } = block {
            in_text(text, at, forms, &mut found);
        }
    }
    found
}

fn in_text(text: &str, at: &[Place], forms: &NumberForms, found: &mut Vec<Citation>) {
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
                if depth == 0 {
                    let numbers = numbers_behind(&text[i + c.len_utf8()..], forms);
                    found.extend(numbers.into_iter().map(|number| Citation {
                        number,
                        title: text[start..i].to_owned(),
                        at: at.to_vec(),
                    }));
                }
            }
            _ => {}
        }
    }
}

/// The numbers in brackets right behind a title: `（云政发〔2021〕3号）、（云政发〔2021〕5号）`.
fn numbers_behind(text: &str, forms: &NumberForms) -> Vec<String> {
    let mut numbers = Vec::new();
    let mut rest = text;
    while let Some((inner, after)) = bracketed(rest.trim_start_matches(is_blank)) {
        let cited = cited(inner, forms);
        if cited.is_empty() {
            break;
        }
        numbers.extend(cited);
        rest = after
            .trim_start_matches(is_blank)
            .trim_start_matches(['、', '，']);
    }
    numbers
}

/// What stands in the brackets with which a text begins, and what follows them.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0;
    for (i, c) in text.char_indices() {
        depth += i32::from(matches!(c, '（' | '(')) - i32::from(matches!(c, '）' | ')'));
        if depth == 0 {
            let open = text.chars().next().filter(|_| i > 0)?;
            return Some((&text[open.len_utf8()..i], &text[i + c.len_utf8()..]));
        }
    }
    None
}

/// The numbers with which what stands in brackets begins: `国发〔2018〕41号`, `国发〔2018〕41号，以下简称…`,
/// `云溪县人民政府令第3号`.
fn cited(inner: &str, forms: &NumberForms) -> Vec<String> {
    let inner = inner.trim_matches(is_blank);
    let mut numbers = Vec::new();
    let mut end = 0;
    for found in forms.find(inner) {
        let between = inner[end..found.range.start].trim_matches(is_blank);
        let is_next = if end == 0 {
            between.is_empty()
        } else {
            matches!(between, "" | "、" | "，")
        };
        if !is_next {
            break;
        }
        numbers.push(found.number.text);
        end = found.range.end;
    }
    if numbers.is_empty() {
        numbers.extend(order(inner, forms));
    }
    numbers
}

fn order(inner: &str, forms: &NumberForms) -> Option<String> {
    let (head, number) = serial_title(inner, forms)?;
    let is_parted = inner[head.len()..].trim_start().starts_with(['（', '(']);
    let head = without_blanks(head);
    let is_order =
        head.ends_with('令') && ORDER.contains(&head.chars().count()) && head.chars().all(is_han);
    (is_order && !is_parted).then(|| format!("{head}{}", number.text))
}
