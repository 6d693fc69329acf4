//! What a PDF says of itself, as data only: nothing is worked out.

use hayro_syntax::object::DateTime;
use model::Metadata;

use language::script::{is_cjk_punctuation, is_han};
use language::words::only_traditional;

pub(super) fn metadata(info: &hayro_syntax::metadata::Metadata) -> Metadata {
    Metadata {
        title: info.title.as_deref().and_then(text),
        author: info.author.as_deref().and_then(text),
        producer: info.producer.as_deref().and_then(text),
        created: info.creation_date.map(date),
    }
}

/// A text string: UTF-16 or UTF-8 by its mark, else GBK where it is Chinese, as old programs wrote, else Western.
fn text(bytes: &[u8]) -> Option<String> {
    let text = match bytes {
        [0xfe, 0xff, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0,
        [0xff, 0xfe, rest @ ..] => encoding_rs::UTF_16LE.decode_without_bom_handling(rest).0,
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        _ => encoding_rs::GBK
            .decode_without_bom_handling_and_without_replacement(bytes)
            .filter(|text| {
                text.chars().all(|c| {
                    c.is_ascii() || is_cjk_punctuation(c) || is_han(c) && !only_traditional(c)
                })
            })
            .unwrap_or_else(|| {
                encoding_rs::WINDOWS_1252
                    .decode_without_bom_handling(bytes)
                    .0
            }),
    };
    let text: String = text.trim().chars().filter(|c| !c.is_control()).collect();
    (!text.is_empty()).then_some(text)
}

fn date(d: DateTime) -> String {
    let sign = if d.utc_offset_hour < 0 { '-' } else { '+' };
    let (hours, minutes) = (d.utc_offset_hour.unsigned_abs(), d.utc_offset_minute);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{sign}{hours:02}:{minutes:02}",
        d.year, d.month, d.day, d.hour, d.minute, d.second
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        assert_eq!(text(b"\xfe\xff\x6c\xb3\x90\x53").as_deref(), Some("河道"));
        assert_eq!(text(b"\xb9\xab\xb1\xa8").as_deref(), Some("公报"));
        assert_eq!(
            text(b"Di\xe1rio Oficial").as_deref(),
            Some("Diário Oficial")
        );
        assert_eq!(text(b" "), None);
    }
}
