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

use crate::laid::{LineRole, PrintedLine};
use crate::pdf::without_pixels;
use crate::read::Extracted;
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
    let mut layers: BTreeMap<u32, (Affine, Layer)> = extracted
        .ocr
        .read
        .iter()
        .map(|&(page, to_user_space)| {
            let lines = Vec::new();
            (page, (Affine::new(to_user_space), Layer { page, lines }))
        })
        .collect();
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

/// A recognised line as one of the layer; none if it has no characters.
fn layer_line(line: &PrintedLine, to_user_space: Affine) -> Option<LayerLine> {
    /// Points: the smallest type that is taken for one.
    const SMALLEST: f32 = 0.1;
    let size = line.size.max(SMALLEST);
    let left = line.characters.first()?.bbox[0];
    let baseline = f64::from(bottom(line, size)) + DESCENT * f64::from(size);
    let matrix = to_user_space * Affine::new([1.0, 0.0, 0.0, -1.0, left.into(), baseline]);
    let characters = layer_characters(line, left, size);
    let length = characters.last().map_or(0.0, |last| last.x + last.width);
    Some(LayerLine {
        matrix: level(matrix, length.into(), size.into()).as_coeffs(),
        size,
        characters,
    })
}

/// The bottom of the em box of a line's type: the median of its full-sized characters.
fn bottom(line: &PrintedLine, size: f32) -> f32 {
    /// Of the type size: lower boxes are those of marks and small letters.
    const FULL: f32 = 0.85;
    let mut bottoms: Vec<f32> = line
        .characters
        .iter()
        .filter(|c| c.bbox[3] - c.bbox[1] > FULL * size)
        .map(|c| c.bbox[3])
        .collect();
    bottoms.sort_by(f32::total_cmp);
    bottoms
        .get(bottoms.len() / 2)
        .copied()
        .unwrap_or(line.bbox[3])
}

/// The characters of a line with its spaces, placed from its left end on.
fn layer_characters(line: &PrintedLine, left: f32, size: f32) -> Vec<LayerCharacter> {
    /// Of the type size: what a character is wide at least.
    const NARROWEST: f32 = 0.05;
    let text = layer_text(line);
    let mut boxes = line
        .characters
        .iter()
        .map(|c| (c.bbox[0] - left, c.bbox[2] - left))
        .peekable();
    let mut end = 0.0;
    let mut characters: Vec<LayerCharacter> = Vec::with_capacity(line.characters.len());
    for c in text.chars() {
        let (x, width) = if c.is_whitespace() {
            (end, boxes.peek().map_or(0.0, |next| next.0 - end))
        } else {
            let (x0, x1) = boxes.next().unwrap_or((end, end + size));
            end = x1;
            (x0, x1 - x0)
        };
        close_gap(characters.last_mut(), x, size);
        characters.push(LayerCharacter {
            text: if c.is_whitespace() { ' ' } else { c },
            x,
            width: width.max(NARROWEST * size),
        });
    }
    characters
}

/// A line's text as the layer has it. An index is one in the text only, and spaces stand in that alone; but where the
/// text has lost a character or gained one, the characters are what there is.
fn layer_text(line: &PrintedLine) -> String {
    let n_printed = line.text.chars().filter(|c| !c.is_whitespace()).count();
    if n_printed == line.characters.len() {
        line.text.trim().to_owned()
    } else {
        line.characters.iter().map(|c| c.text).collect()
    }
}

/// Readers take a gap for a space: where the text has none, a character ends where the next begins, at `x`.
fn close_gap(before: Option<&mut LayerCharacter>, x: f32, size: f32) {
    /// Of the type size: farther apart, characters are set apart, and no character is stretched to the next.
    const FARTHEST: f32 = 3.0;
    if let Some(before) = before
        && x - before.x - before.width < FARTHEST * size
        && x > before.x
    {
        before.width = x - before.x;
    }
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

/// The file and what is added to it.
fn update(
    pdf: Vec<u8>,
    n_pages: u32,
    layers: &[Layer],
) -> Result<IncrementalDocument, SearchableError> {
    let document = load(&pdf)?;
    let pages: Vec<ObjectId> = document.page_iter().collect();
    if pages.len() != n_pages as usize {
        return Err(SearchableError::PageCount {
            read: n_pages,
            other: pages.len(),
        });
    }
    let mut digest = Sha256::new_with_prefix(&pdf);
    let mut copy = IncrementalDocument::create_from(pdf, document);
    let codes = Codes::new(
        layers
            .iter()
            .flat_map(|layer| &layer.lines)
            .flat_map(|line| &line.characters)
            .map(|c| c.text),
    );
    let font = codes.add_font(&mut copy.new_document);
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
    settle_trailer(&mut copy.new_document.trailer, &digest.finalize());
    Ok(copy)
}

/// The file as lopdf has it, if something can be added to it.
fn load(pdf: &[u8]) -> Result<Document, SearchableError> {
    let is_encrypted = memchr::memmem::find(pdf, b"/Encrypt").is_some();
    let refused = if is_encrypted {
        SearchableError::Encryption
    } else {
        SearchableError::Damaged
    };
    let Ok(document) = Document::load_mem_with_options(pdf, without_pixels()) else {
        return Err(refused);
    };
    if document.is_encrypted() || is_encrypted && document.encryption_state.is_none() {
        return Err(SearchableError::Encryption);
    }
    if document.xref_recovery == Some(XrefRecovery::Reconstructed) {
        return Err(SearchableError::Damaged);
    }
    Ok(document)
}

/// Takes from a trailer what is so of the old cross-references alone, and says that the document has changed.
fn settle_trailer(trailer: &mut Dictionary, digest: &[u8]) {
    /// Bytes of an identifier.
    const N_BYTES: usize = 16;
    for key in ["Filter", "DecodeParms", "XRefStm"] {
        trailer.remove(key.as_bytes());
    }
    // The first identifier names the document, the second its state (ISO 32000-1, 14.4).
    if let Ok(id) = trailer.get_mut(b"ID").and_then(Object::as_array_mut)
        && let Some(changed) = id.get_mut(1)
    {
        *changed = Object::String(digest[..N_BYTES].to_vec(), StringFormat::Hexadecimal);
    }
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
    let mut out = String::from("q BT 3 Tr\n");
    let mut scaling = 100;
    for line in &layer.lines {
        let matrix = line.matrix.map(|v| number(v, 5)).join(" ");
        let size = number(line.size.into(), 2);
        let _ = writeln!(out, "/{font} {size} Tf {matrix} Tm");
        show_line(&mut out, line, codes, &mut scaling);
    }
    out.push_str("ET Q");
    out
}

/// Shows the characters of a line; `scaling` is the horizontal scaling in force, in per cent.
fn show_line(out: &mut String, line: &LayerLine, codes: &Codes, scaling: &mut i32) {
    /// Of the size: nearer than that, a character is where it should be.
    const NEAR: f32 = 0.02;
    let size = line.size;
    let mut pen = 0.0;
    let mut open = Open::Nothing;
    for c in &line.characters {
        let (code, width) = codes.get(c.text);
        let wanted = scaling_for(c.width / (size * width));
        if wanted != *scaling {
            out.push_str(open.end());
            open = Open::Nothing;
            let _ = write!(out, "{wanted} Tz ");
            *scaling = wanted;
        }
        let wide = size * *scaling as f32 / 100.0;
        if open == Open::Nothing {
            out.push('[');
            open = Open::Array;
        }
        if (c.x - pen).abs() > NEAR * size {
            let by = ((pen - c.x) / wide * 1000.0).round();
            let end = if open == Open::Text { ">" } else { "" };
            let _ = write!(out, "{end}{by}");
            pen -= by / 1000.0 * wide;
            open = Open::Array;
        }
        let start = if open == Open::Text { "" } else { "<" };
        let _ = write!(out, "{start}{code:04x}");
        open = Open::Text;
        pen += width * wide;
    }
    if open == Open::Text {
        out.push_str(open.end());
    }
}

/// What is not yet closed of the operand of TJ.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    Nothing,
    Array,
    /// A string in the array.
    Text,
}

impl Open {
    fn end(self) -> &'static str {
        match self {
            Open::Nothing => "",
            Open::Array => "] TJ\n",
            Open::Text => ">] TJ\n",
        }
    }
}

/// The horizontal scaling, in per cent, that makes a character about so many times as wide. A twentieth finer is not
/// seen, and most characters of a line are alike.
fn scaling_for(times: f32) -> i32 {
    /// Steps in the character's own width.
    const STEPS: f32 = 20.0;
    const PER_CENT: i32 = 5;
    const WIDEST: i32 = 10_000;
    ((times * STEPS).round() as i32 * PER_CENT).clamp(PER_CENT, WIDEST)
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
