//! The printed contents, read entry by entry.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::Reading;
use crate::repair::Form;
use crate::repair::blocks::places;
use language::contents::front_page;
use language::number::{number_within, serial_title};
use language::script::is_blank;
use model::ContentsEntry;

/// Reads the entries of the contents.
pub fn entries(reading: &Reading) -> Vec<ContentsEntry> {
    // 【县政府文件】, 一、国家 23
    static SECTION: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[【\[［〖◎▲●★☆◆◇■※·•\s]*(.*?)[】\]］〗★☆◆◇◎▲●■※·•\s]*\d*$").unwrap()
    });
    // …的通知 15, …的通知　　（15）
    static PAGE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(.*?)[ \u{3000}]*(?:[（(]\s*(?<bracketed>\d{1,4})\s*[）)]|(?<bare>\d{1,4}))$")
            .unwrap()
    });
    let mut section = None;
    let mut entries = Vec::new();
    for (i, passage) in reading.passages.iter().enumerate() {
        let text = &reading.texts[i];
        match passage.form {
            Form::ContentsSection => {
                section = SECTION
                    .captures(text)
                    .map(|m| m[1].trim_matches(is_blank).to_owned())
            }
            Form::ContentsEntry => {
                let label = reading.facts[i].label.as_ref();
                let body = text[label.map_or(0, |l| l.len)..].trim_start_matches(is_blank);
                let (front, body) = front_page(body);
                let paged = PAGE.captures(body).filter(|m| {
                    m[1].is_empty() || body[m[1].len()..].starts_with([' ', '\u{3000}'])
                });
                let number = |m: &Captures| {
                    m.name("bracketed")
                        .or(m.name("bare"))
                        .and_then(|n| n.as_str().parse().ok())
                };
                let (body, page) = match &paged {
                    Some(m) if front.is_none() => (m.get(1).map_or("", |b| b.as_str()), number(m)),
                    _ => (body, front),
                };
                let (title, number) = match number_within(body, &reading.config.forms) {
                    Some((range, number)) => (
                        format!("{}{}", &body[..range.start], &body[range.end..]),
                        Some(number.text),
                    ),
                    // 某某省人民政府令（第340号）
                    None => match serial_title(
                        body.trim_end().trim_end_matches(['）', ')']),
                        &reading.config.forms,
                    )
                    .or_else(|| serial_title(body.trim_end(), &reading.config.forms))
                    {
                        // 某某办法（某某市人民政府令第171号）
                        Some((head, number)) => (
                            head.rsplit_once(['（', '('])
                                .map_or(head, |(title, _)| title)
                                .to_owned(),
                            Some(number.text),
                        ),
                        None => (body.to_owned(), None),
                    },
                };
                entries.push(ContentsEntry {
                    section: section.clone(),
                    seq: label.map(|l| l.seq),
                    title: clean(&title),
                    number,
                    page,
                    document: None,
                    text: text.clone(),
                    at: places(reading.draft, &passage.spans),
                });
            }
            _ => {}
        }
    }
    entries
}

/// A title as it would stand in one line: without spaces, without the empty brackets of its number.
fn clean(title: &str) -> String {
    let title: String = title.chars().filter(|&c| !is_blank(c)).collect();
    title
        .trim_end_matches("（）")
        .trim_end_matches("()")
        .to_owned()
}
