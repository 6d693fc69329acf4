//! What drawing a page may unpack: every stream that it leads to, and the pixels that its images say they have.

use std::collections::HashSet;

use hayro_syntax::Filter;
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};

use super::super::bounds::{stream_within, widths};

/// Objects of one page: maps and forms have some thousands.
const MOST_OBJECTS: usize = 100_000;

/// Whether every stream that can be reached from a page is within bounds, images aside.
pub fn reachable(page: &Dict) -> bool {
    let mut open: Vec<Object> = vec![Object::Dict(page.clone())];
    let mut seen = HashSet::new();
    let mut n_objects = 0;
    while let Some(object) = open.pop() {
        n_objects += 1;
        if n_objects > MOST_OBJECTS {
            return false;
        }
        match object {
            Object::Array(items) => open.extend(
                items
                    .iter::<Object>()
                    .take(MOST_OBJECTS)
                    .filter(|item| has_parts(item)),
            ),
            Object::Stream(stream) if !is_image(&stream) && !stream_within(&stream) => {
                return false;
            }
            Object::Stream(stream) => open_entries(stream.dict(), &mut seen, &mut open),
            // A font whose widths have no end: /W [0 2147483647 1000].
            Object::Dict(dict) if !widths(&dict) => return false,
            Object::Dict(dict) => open_entries(&dict, &mut seen, &mut open),
            _ => {}
        }
    }
    true
}

/// Adds what a dictionary leads to, each object once.
fn open_entries<'a>(dict: &Dict<'a>, seen: &mut HashSet<(u32, i32)>, open: &mut Vec<Object<'a>>) {
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

fn is_image(stream: &Stream) -> bool {
    stream
        .dict()
        .get::<Name>(b"Subtype")
        .is_some_and(|name| name.as_ref() == b"Image")
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
    match stream.filters().last() {
        Some(Filter::DctDecode) => jpeg_pixels(&data),
        Some(Filter::CcittFaxDecode) => fax_pixels(stream),
        Some(Filter::JpxDecode) => jpeg2000_pixels(&data),
        Some(Filter::Jbig2Decode) => jbig2_pixels(&data),
        _ => 0.0,
    }
}

/// The number, highest byte first, that stands in some bytes of a header; 0 beyond the end.
fn number(data: &[u8], at: usize, n_bytes: usize) -> f64 {
    data.get(at..at + n_bytes).map_or(0.0, |bytes| {
        bytes
            .iter()
            .fold(0.0, |n, &byte| n * 256.0 + f64::from(byte))
    })
}

/// The largest frame: every frame header counts, so that no second one goes unseen (ITU-T T.81, B.2.2).
fn jpeg_pixels(data: &[u8]) -> f64 {
    memchr::memchr_iter(0xff, data)
        .filter(|&at| is_frame_header(data, at))
        .map(|at| number(data, at + 5, 2) * number(data, at + 7, 2))
        .fold(0.0, f64::max)
}

fn is_frame_header(data: &[u8], at: usize) -> bool {
    let marker = data.get(at + 1).copied().unwrap_or(0);
    let (length, n_components) = (number(data, at + 2, 2), number(data, at + 9, 1));
    matches!(marker, 0xc0..=0xcf)
        && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
        && length == 8.0 + 3.0 * n_components
}

/// Fax data has no header of its own: the dictionary says how long its rows are (ISO 32000-1, table 11).
fn fax_pixels(stream: &Stream) -> f64 {
    /// What a row has where the dictionary doesn't say.
    const COLUMNS: f64 = 1728.0;
    let dict = stream.dict();
    let last = || {
        dict.get::<Array>(b"DecodeParms")
            .and_then(|parameters| parameters.iter::<Dict>().last())
    };
    let parameters = dict
        .get::<Dict>(b"DecodeParms")
        .or_else(last)
        .unwrap_or_default();
    let side = |key: &[u8], default: f64| parameters.get::<f64>(key).unwrap_or(default).abs();
    let height = dict.get::<f64>(b"Height").unwrap_or(1.0);
    side(b"Columns", COLUMNS) * side(b"Rows", 0.0).max(height)
}

/// SIZ: marker, length, capabilities, width, height (ITU-T T.800, A.5.1).
fn jpeg2000_pixels(data: &[u8]) -> f64 {
    memchr::memmem::find(data, b"\xff\x4f\xff\x51")
        .map_or(0.0, |at| number(data, at + 8, 4) * number(data, at + 12, 4))
}

/// Page information: type, no references, page 1, 19 bytes (ITU-T T.88, 7.4.8).
fn jbig2_pixels(data: &[u8]) -> f64 {
    memchr::memmem::find(data, b"\x30\x00\x01\x00\x00\x00\x13")
        .map_or(0.0, |at| number(data, at + 7, 4) * number(data, at + 11, 4))
}
