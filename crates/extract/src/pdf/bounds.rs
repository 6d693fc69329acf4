//! What a stream may unpack to. hayro unpacks without a bound, and four kilobytes can become two gigabytes.

use std::collections::HashSet;

use hayro_syntax::Filter;
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};

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

/// Whether every stream that can be reached from a page is within bounds, images aside.
pub fn reachable(page: &Dict) -> bool {
    /// Objects of one page: maps and forms have some thousands.
    const MOST_OBJECTS: usize = 100_000;
    let mut open: Vec<Object> = vec![Object::Dict(page.clone())];
    let mut seen = HashSet::new();
    let mut n_objects = 0;
    while let Some(object) = open.pop() {
        n_objects += 1;
        if n_objects > MOST_OBJECTS {
            return false;
        }
        let dict = match object {
            Object::Array(items) => {
                open.extend(
                    items
                        .iter::<Object>()
                        .take(MOST_OBJECTS)
                        .filter(|item| has_parts(item)),
                );
                continue;
            }
            Object::Stream(stream) => {
                let is_image = stream
                    .dict()
                    .get::<Name>(b"Subtype")
                    .is_some_and(|name| name.as_ref() == b"Image");
                if !is_image && !stream_within(&stream) {
                    return false;
                }
                stream.dict().clone()
            }
            Object::Dict(dict) => dict,
            _ => continue,
        };
        for (key, value) in dict.entries() {
            // Parents, other pages and the structure tree are not drawn.
            if matches!(
                key.as_ref(),
                b"Parent" | b"P" | b"Dest" | b"A" | b"StructParents" | b"Popup"
            ) {
                continue;
            }
            let is_new = value
                .as_obj_ref()
                .is_none_or(|reference| seen.insert((reference.obj_number, reference.gen_number)));
            if is_new && let Some(value) = dict.get::<Object>(&key).filter(has_parts) {
                open.push(value);
            }
        }
    }
    true
}

fn has_parts(object: &Object) -> bool {
    matches!(
        object,
        Object::Dict(_) | Object::Array(_) | Object::Stream(_)
    )
}

/// The pixels that an image has by its own header; 0 where it has none.
pub fn image_pixels(stream: &Stream) -> f64 {
    let data = stream.raw_data();
    let n = |at: usize, n_bytes: usize| {
        data.get(at..at + n_bytes).map_or(0.0, |b| {
            b.iter().fold(0.0, |n, &b| n * 256.0 + f64::from(b))
        })
    };
    match stream.filters().last() {
        Some(Filter::DctDecode) => {
            // Every frame header counts, so that no second one goes unseen (ITU-T T.81, B.2.2).
            let frames = memchr::memchr_iter(0xff, &data).filter(|&at| {
                let marker = data.get(at + 1).copied().unwrap_or(0);
                matches!(marker, 0xc0..=0xcf)
                    && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
                    && n(at + 2, 2) == 8.0 + 3.0 * n(at + 9, 1)
            });
            frames
                .map(|at| n(at + 5, 2) * n(at + 7, 2))
                .fold(0.0, f64::max)
        }
        // Fax data has no header of its own: the dictionary says how long its rows are (ISO 32000-1, table 11).
        Some(Filter::CcittFaxDecode) => {
            let given = stream.dict().get::<Dict>(b"DecodeParms");
            let last = || {
                stream
                    .dict()
                    .get::<Array>(b"DecodeParms")
                    .and_then(|a| a.iter::<Dict>().last())
            };
            let parameters = given.or_else(last).unwrap_or_default();
            let side =
                |key: &[u8], default: f64| parameters.get::<f64>(key).unwrap_or(default).abs();
            let height = stream.dict().get::<f64>(b"Height").unwrap_or(1.0);
            side(b"Columns", 1728.0) * side(b"Rows", 0.0).max(height)
        }
        // SIZ: marker, length, capabilities, width, height (ITU-T T.800, A.5.1).
        Some(Filter::JpxDecode) => memchr::memmem::find(&data, b"\xff\x4f\xff\x51")
            .map_or(0.0, |at| n(at + 8, 4) * n(at + 12, 4)),
        // Page information: type, no references, page 1, 19 bytes (ITU-T T.88, 7.4.8).
        Some(Filter::Jbig2Decode) => memchr::memmem::find(&data, b"\x30\x00\x01\x00\x00\x00\x13")
            .map_or(0.0, |at| n(at + 7, 4) * n(at + 11, 4)),
        _ => 0.0,
    }
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
fn widths(font: &Dict) -> bool {
    let is_small = |item: Object| {
        item.into_number()
            .is_none_or(|n| n.as_f64().abs() <= 65_536.0)
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
    let filters = stream.filters();
    let raw = stream.raw_data();
    let most = filters
        .iter()
        .fold(raw.len(), |n, filter| n.saturating_mul(expansion(filter)));
    if most <= MOST_BYTES / 64 {
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
