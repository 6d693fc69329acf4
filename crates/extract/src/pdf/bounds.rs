//! What a stream may unpack to. hayro unpacks without a bound, and four kilobytes can become two gigabytes.

use hayro_syntax::Filter;
use hayro_syntax::object::{Array, Dict, Object, Stream};

/// Bytes that the content of one page, a form or a font may have. Maps drawn in vectors reach 30 MB.
const MOST_BYTES: usize = 128 << 20;

/// Whether a page's content is within bounds.
pub fn page(page: &Dict) -> bool {
    if let Some(stream) = page.get::<Stream>(b"Contents") {
        return stream_within(&stream);
    }
    let Some(parts) = page.get::<Array>(b"Contents") else {
        return true;
    };
    let mut sizes = std::collections::HashMap::new();
    let mut total = 0usize;
    for part in parts.iter::<Stream>() {
        let size = *sizes.entry(part.obj_id()).or_insert_with(|| size(&part));
        total = total.saturating_add(size).saturating_add(1);
        if total > MOST_BYTES {
            return false;
        }
    }
    true
}

/// Whether all that reading a font unpacks is within bounds.
pub fn font(font: &Dict) -> bool {
    let descendant = font
        .get::<Array>(b"DescendantFonts")
        .and_then(|a| a.iter::<Dict>().next())
        .unwrap_or_default();
    program(font)
        && program(&descendant)
        && entry_within(font, b"ToUnicode")
        && entry_within(font, b"Encoding")
        && entry_within(&descendant, b"CIDToGIDMap")
        && widths(&descendant)
}

fn program(font: &Dict) -> bool {
    let descriptor = font.get::<Dict>(b"FontDescriptor").unwrap_or_default();
    [&b"FontFile"[..], b"FontFile2", b"FontFile3"]
        .iter()
        .all(|key| entry_within(&descriptor, key))
}

/// Whether the width ranges of a CID font stay within the 65,536 CIDs there are.
pub fn widths(font: &Dict) -> bool {
    const MOST_CIDS: f64 = 65_536.0;
    let is_small = |item: Object| {
        item.into_number()
            .is_none_or(|n| n.as_f64().abs() <= MOST_CIDS)
    };
    let within = |key: &[u8]| {
        font.get::<Array>(key)
            .is_none_or(|items| items.iter::<Object>().all(is_small))
    };
    within(b"W") && within(b"W2")
}

fn entry_within(dict: &Dict, key: &[u8]) -> bool {
    dict.get::<Stream>(key)
        .is_none_or(|stream| stream_within(&stream))
}

/// Whether one stream is within bounds.
pub fn stream_within(stream: &Stream) -> bool {
    size(stream) <= MOST_BYTES
}

/// The size of a stream unpacked, or more than is allowed.
fn size(stream: &Stream) -> usize {
    /// Bytes: a stream that can't grow beyond these is not unpacked to be measured.
    const SMALL: usize = MOST_BYTES / 64;
    let filters = stream.filters();
    let raw = stream.raw_data();
    let most = filters
        .iter()
        .fold(raw.len(), |n, filter| n.saturating_mul(expansion(filter)));
    if most <= SMALL {
        return most;
    }
    let names = filters
        .iter()
        .filter_map(name)
        .map(|n| lopdf::Object::Name(n.to_vec()))
        .collect::<Vec<_>>();
    if names.is_empty() {
        return raw.len();
    }
    let copy = lopdf::Stream::new(lopdf::dictionary! { "Filter" => names }, raw.into_owned());
    match copy.decompressed_content_with_limit(MOST_BYTES) {
        Ok(content) => content.len(),
        Err(lopdf::Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded { .. })) => {
            usize::MAX
        }
        // What is damaged breaks off in hayro as well.
        Err(_) => 0,
    }
}

/// The most that a filter makes of a byte.
fn expansion(filter: &Filter) -> usize {
    match filter {
        Filter::FlateDecode => 1032,
        Filter::LzwDecode => 1400,
        Filter::RunLengthDecode => 64,
        Filter::Ascii85Decode => 4,
        _ => 1,
    }
}

fn name(filter: &Filter) -> Option<&'static [u8]> {
    Some(match filter {
        Filter::FlateDecode => b"FlateDecode",
        Filter::LzwDecode => b"LZWDecode",
        Filter::RunLengthDecode => b"RunLengthDecode",
        Filter::Ascii85Decode => b"ASCII85Decode",
        Filter::AsciiHexDecode => b"ASCIIHexDecode",
        _ => return None,
    })
}
