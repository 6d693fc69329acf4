//! Searchable copies (双层PDF): the bytes of the input, and after them an incremental update (ISO 32000-1, 7.5.6) that
//! lays what OCR read on its pages, unseen, line by line in reading order and character by character in place.
//!
//! The text goes before a page's own content, where no state that this leaves behind can move it. What the page held
//! of text is no longer extracted: its invisible text is left out, its visible text replaced by none (14.9.4).

mod font;
mod old_text;

use std::collections::{BTreeMap, BTreeSet};
use std::f64::consts::FRAC_PI_2;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_font::kurbo::{Affine, Point};
use lopdf::xref::XrefRecovery;
use lopdf::{
    Dictionary, Document, IncrementalDocument, Object, ObjectId, Stream, StringFormat, dictionary,
};
use sha2::{Digest, Sha256};

use extract::Extracted;
use extract::layout::{LineRole, PrintedLine};
use extract::pdf::admission::without_pixels;
use font::{Codes, DESCENT};

/// The text of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// 1-based.
    pub page: u32,
    /// In reading order.
    pub lines: Vec<LayerLine>,
}

/// A line of text and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerLine {
    /// From the line (its first character at 0 0, x along it, y upwards, in points) to the page's own space.
    pub matrix: [f64; 6],
    /// Of its type, in points.
    pub size: f32,
    pub characters: Vec<LayerCharacter>,
}

/// A character, where it begins on its line and how wide it is, in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LayerCharacter {
    pub text: char,
    pub x: f32,
    pub width: f32,
}

/// Why there is no copy. One variant for each thing that a user can do about it.
#[derive(Debug, thiserror::Error)]
pub enum SearchableError {
    #[error(
        "the file is damaged, and what is added to it would be lost; repair it first (for example `qpdf IN OUT`)"
    )]
    Damaged,
    #[error(
        "the file is encrypted in a way that can't be added to; decrypt it first (for example `qpdf --decrypt IN OUT`)"
    )]
    Encryption,
    #[error(
        "{read} pages were read, but another count gives {other}; repair the file first (for example `qpdf IN OUT`)"
    )]
    PageCount { read: u32, other: usize },
    #[error(transparent)]
    Unwritable(#[from] io::Error),
}

/// What OCR read, as it goes into the copy; noise stays out. Takes the characters from [`Extracted::laid`]. Empty if OCR
/// read no page.
pub fn layers(extracted: &mut Extracted) -> Vec<Layer> {
    let empty = |&(page, to_user_space): &(u32, [f64; 6])| {
        (
            page,
            (
                Affine::new(to_user_space),
                Layer {
                    page,
                    lines: Vec::new(),
                },
            ),
        )
    };
    let mut layers: BTreeMap<u32, (Affine, Layer)> = extracted.by_ocr.iter().map(empty).collect();
    for line in extracted.laid.iter_mut().flat_map(|laid| &mut laid.lines) {
        if let Some((to_user_space, layer)) = layers
            .get_mut(&line.page)
            .filter(|_| line.role != LineRole::Noise)
        {
            layer.lines.extend(layer_line(line, *to_user_space));
        }
        line.characters = Vec::new();
    }
    layers.into_values().map(|(_, layer)| layer).collect()
}

fn layer_line(line: &PrintedLine, to_user_space: Affine) -> Option<LayerLine> {
    /// Of the size: farther apart, characters are set apart, and no character is stretched to the next.
    const FARTHEST: f32 = 3.0;
    let size = line.size.max(0.1);
    let left = line.characters.first()?.bbox[0];
    let mut bottoms: Vec<f32> = line
        .characters
        .iter()
        .filter(|c| c.bbox[3] - c.bbox[1] > 0.85 * size)
        .map(|c| c.bbox[3])
        .collect();
    bottoms.sort_by(f32::total_cmp);
    let bottom = bottoms
        .get(bottoms.len() / 2)
        .copied()
        .unwrap_or(line.bbox[3]);
    let matrix = to_user_space
        * Affine::new([
            1.0,
            0.0,
            0.0,
            -1.0,
            left.into(),
            f64::from(bottom) + DESCENT * f64::from(size),
        ]);
    // An index is one in the line's text only; spaces stand in that alone.
    let is_same = line.text.chars().filter(|c| !c.is_whitespace()).count() == line.characters.len();
    let text = if is_same {
        line.text.trim().to_owned()
    } else {
        line.characters.iter().map(|c| c.text).collect()
    };
    let mut boxes = line
        .characters
        .iter()
        .map(|c| (c.bbox[0] - left, c.bbox[2] - left))
        .peekable();
    let mut end = 0.0;
    let mut characters: Vec<LayerCharacter> = Vec::with_capacity(text.len() / 3);
    for c in text.chars() {
        let (x, width) = if c.is_whitespace() {
            (end, boxes.peek().map_or(0.0, |next| next.0 - end))
        } else {
            let (x0, x1) = boxes.next().unwrap_or((end, end + size));
            end = x1;
            (x0, x1 - x0)
        };
        // Readers take a gap for a space: where the text has none, a character ends where the next begins.
        if let Some(before) = characters
            .last_mut()
            .filter(|before| x - before.x - before.width < FARTHEST * size && x > before.x)
        {
            before.width = x - before.x;
        }
        let text = if c.is_whitespace() { ' ' } else { c };
        characters.push(LayerCharacter {
            text,
            x,
            width: width.max(0.05 * size),
        });
    }
    let length = characters.last().map_or(0.0, |last| last.x + last.width);
    Some(LayerLine {
        matrix: level(matrix, length.into(), size.into()).as_coeffs(),
        size,
        characters,
    })
}

/// A line that leans by a hair laid along the edge of the page: poppler begins a new word, and puts a space before it,
/// wherever a baseline has moved by half a point.
fn level(matrix: Affine, length: f64, size: f64) -> Affine {
    /// Of the size, from one end of the line to the other: the text is half as far from the ink at most.
    const MOST: f64 = 0.6;
    let [a, b, ..] = matrix.as_coeffs();
    let angle = b.atan2(a);
    let lean = (angle / FRAC_PI_2).round() * FRAC_PI_2 - angle;
    if length * lean.sin().abs() > MOST * size {
        return matrix;
    }
    Affine::rotate_about(lean, matrix * Point::new(length / 2.0, 0.0)) * matrix
}

/// Writes a searchable copy of a PDF of `n_pages` pages to `out`. Deterministic; nothing is written but the whole, unless
/// `out` fails.
pub fn write(
    mut pdf: Vec<u8>,
    n_pages: u32,
    layers: &[Layer],
    out: &mut impl Write,
) -> Result<(), SearchableError> {
    // Offsets count from the header, whatever stands before it (ISO 32000-1, annex H.3).
    let header = memchr::memmem::find(&pdf, b"%PDF-").ok_or(SearchableError::Damaged)?;
    let before: Vec<u8> = pdf.drain(..header).collect();
    let update = || update(pdf, n_pages, layers);
    // A parser that panics costs one copy.
    let mut copy =
        catch_unwind(AssertUnwindSafe(update)).unwrap_or(Err(SearchableError::Damaged))?;
    out.write_all(&before)?;
    copy.save_to(out).map_err(|e| {
        if e.kind() == io::ErrorKind::Unsupported {
            SearchableError::Encryption
        } else {
            e.into()
        }
    })?;
    out.write_all(b"\n")?;
    Ok(())
}

fn update(
    pdf: Vec<u8>,
    n_pages: u32,
    layers: &[Layer],
) -> Result<IncrementalDocument, SearchableError> {
    let is_encrypted = memchr::memmem::find(&pdf, b"/Encrypt").is_some();
    let refused = if is_encrypted {
        SearchableError::Encryption
    } else {
        SearchableError::Damaged
    };
    let Ok(document) = Document::load_mem_with_options(&pdf, without_pixels()) else {
        return Err(refused);
    };
    if document.is_encrypted() || is_encrypted && document.encryption_state.is_none() {
        return Err(SearchableError::Encryption);
    }
    if document.xref_recovery == Some(XrefRecovery::Reconstructed) {
        return Err(SearchableError::Damaged);
    }
    let pages: Vec<ObjectId> = document.page_iter().collect();
    if pages.len() != n_pages as usize {
        return Err(SearchableError::PageCount {
            read: n_pages,
            other: pages.len(),
        });
    }
    let mut digest = Sha256::new_with_prefix(&pdf);
    let mut copy = IncrementalDocument::create_from(pdf, document);
    let codes = Codes::of(
        layers
            .iter()
            .flat_map(|layer| &layer.lines)
            .flat_map(|line| &line.characters)
            .map(|c| c.text),
    );
    let font = codes.font(&mut copy.new_document);
    let mut done = BTreeSet::new();
    for layer in layers {
        // A page that stands in the tree twice has one text.
        let Some(&page) = pages
            .get(layer.page as usize - 1)
            .filter(|page| done.insert(**page))
        else {
            continue;
        };
        let put = put(&mut copy, page, layer, &codes, font, &mut digest);
        put.map_err(|_| SearchableError::Damaged)?;
    }
    let trailer = &mut copy.new_document.trailer;
    for key in ["Filter", "DecodeParms", "XRefStm"] {
        trailer.remove(key.as_bytes());
    }
    // The first identifier names the document, the second its state (ISO 32000-1, 14.4).
    if let Ok(id) = trailer.get_mut(b"ID").and_then(Object::as_array_mut)
        && let Some(changed) = id.get_mut(1)
    {
        *changed = Object::String(digest.finalize()[..16].to_vec(), StringFormat::Hexadecimal);
    }
    Ok(copy)
}

/// Lays the text of a page on it. The page's dictionary is written anew, and no other object of the file.
fn put(
    copy: &mut IncrementalDocument,
    id: ObjectId,
    layer: &Layer,
    codes: &Codes,
    font: ObjectId,
    digest: &mut Sha256,
) -> lopdf::Result<()> {
    let document = copy.get_prev_documents();
    let mut page = document.get_dictionary(id)?.clone();
    let mut resources = resources(document, &page);
    let mut fonts = resources
        .get_deref(b"Font", document)
        .and_then(Object::as_dict)
        .cloned()
        .unwrap_or_default();
    let name = (0..)
        .map(|n| format!("OCR{n}"))
        .find(|name| !fonts.has(name.as_bytes()))
        .unwrap_or_default();
    let own = old_text::of_page(document, id, &resources);
    let mut contents = match page.get_deref(b"Contents", document) {
        Ok(Object::Array(parts)) => parts.clone(),
        Ok(Object::Stream(_)) => page.get(b"Contents").cloned().into_iter().collect(),
        _ => Vec::new(),
    };
    fonts.set(name.clone(), font);
    resources.set("Font", fonts);

    let text = content(layer, codes, &name);
    digest.update(text.as_bytes());
    let mut add = |content: &[u8]| {
        Object::from(
            copy.new_document
                .add_object(packed(dictionary! {}, content.to_vec())),
        )
    };
    if let Some(without) = own.without_invisible {
        contents = vec![add(&without)];
    }
    if own.is_seen {
        contents.insert(0, add(old_text::REPLACED));
        contents.push(add(b"EMC"));
    }
    contents.insert(0, add(text.as_bytes()));
    page.set("Contents", contents);
    page.set("Resources", resources);
    copy.new_document.set_object(id, page);
    Ok(())
}

fn packed(dict: Dictionary, content: Vec<u8>) -> Stream {
    let mut stream = Stream::new(dict, content);
    // What does not get smaller stays as it is.
    let _ = stream.compress();
    stream
}

/// A page's resources, its own or those that it inherits; what they refer to is shared.
fn resources(document: &Document, page: &Dictionary) -> Dictionary {
    /// Of a page tree: real ones have three levels or four, and one that goes round has no end.
    const DEEPEST: usize = 64;
    let levels = std::iter::successors(Some(page), |node| {
        node.get_deref(b"Parent", document)
            .and_then(Object::as_dict)
            .ok()
    });
    let mut own = levels.take(DEEPEST).filter_map(|node| {
        node.get_deref(b"Resources", document)
            .and_then(Object::as_dict)
            .ok()
    });
    own.next().cloned().unwrap_or_default()
}

/// The content stream that shows a layer, unseen.
fn content(layer: &Layer, codes: &Codes, font: &str) -> String {
    /// Of the size: nearer than that, a character is where it should be.
    const NEAR: f32 = 0.02;
    let mut out = String::from("q BT 3 Tr\n");
    let mut scaling = 100;
    for LayerLine {
        matrix,
        size,
        characters,
    } in &layer.lines
    {
        let matrix = matrix.map(|v| number(v, 5)).join(" ");
        let _ = writeln!(out, "/{font} {} Tf {matrix} Tm", number((*size).into(), 2));
        let mut pen = 0.0;
        let mut is_open = false;
        let mut is_string = false;
        for c in characters {
            let (code, width) = codes.get(c.text);
            // A twentieth finer is not seen, and most characters of a line are alike.
            let wanted = ((c.width / (size * width) * 20.0).round() as i32 * 5).clamp(5, 10_000);
            if wanted != scaling {
                out.push_str(if is_string {
                    ">] TJ\n"
                } else if is_open {
                    "] TJ\n"
                } else {
                    ""
                });
                (is_open, is_string) = (false, false);
                let _ = write!(out, "{wanted} Tz ");
                scaling = wanted;
            }
            let wide = size * scaling as f32 / 100.0;
            if !is_open {
                out.push('[');
                is_open = true;
            }
            if (c.x - pen).abs() > NEAR * size {
                let by = ((pen - c.x) / wide * 1000.0).round();
                let _ = write!(out, "{}{by}", if is_string { ">" } else { "" });
                pen -= by / 1000.0 * wide;
                is_string = false;
            }
            let _ = write!(out, "{}{code:04x}", if is_string { "" } else { "<" });
            is_string = true;
            pen += width * wide;
        }
        out.push_str(if is_string { ">] TJ\n" } else { "" });
    }
    out.push_str("ET Q");
    out
}

/// A number as PDF writes them: no exponent, no zeros at its end.
fn number(value: f64, n_places: usize) -> String {
    let text = format!("{value:.n_places$}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if matches!(text, "-0" | "") {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests;
