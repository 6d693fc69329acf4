//! The font of a layer: a TrueType font whose two characters, a wide one and a half as wide one, show nothing. Codes
//! stand for the characters of the text, and only /ToUnicode says which.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use lopdf::{Document, Object, ObjectId, dictionary};

use super::{BTreeMap, packed};

/// Of the em box, below the baseline, as the extraction of glyphs has it.
pub const DESCENT: f64 = -0.12;
/// Parts of an em.
const UNITS: u16 = 1000;

/// A code for each character of a text; those of ASCII, half as wide as the others, come first.
#[derive(Debug)]
pub struct Codes(BTreeMap<char, u16>);

impl Codes {
    pub fn new(text: impl Iterator<Item = char>) -> Self {
        let characters: BTreeSet<char> = text.collect();
        Self(characters.into_iter().zip(1..).collect())
    }

    /// The code of a character, and its width in em.
    pub fn get(&self, c: char) -> (u16, f32) {
        (
            self.0.get(&c).copied().unwrap_or(0),
            if c.is_ascii() { 0.5 } else { 1.0 },
        )
    }

    /// Adds the font to a document.
    pub fn add_font(&self, document: &mut Document) -> ObjectId {
        let file = true_type();
        let length = file.len() as i64;
        let file = document.add_object(packed(dictionary! { "Length1" => length }, file));
        let n_half = self.0.keys().filter(|c| c.is_ascii()).count();
        // Code 0 is none of the text's.
        let glyphs = (0..=self.0.len())
            .flat_map(|code| [0, if (1..=n_half).contains(&code) { 2 } else { 1 }])
            .collect();
        let glyphs = document.add_object(packed(dictionary! {}, glyphs));
        let descriptor = document.add_object(dictionary! {
            "Type" => "FontDescriptor",
            "FontName" => NAME,
            "Flags" => 4,
            "FontBBox" => [0, -120, 1000, 880].map(Object::from).to_vec(),
            "ItalicAngle" => 0,
            "Ascent" => 880,
            "Descent" => -120,
            "CapHeight" => 880,
            "StemV" => 80,
            "FontFile2" => file,
        });
        let descendant = document.add_object(dictionary! {
            "Type" => "Font",
            "Subtype" => "CIDFontType2",
            "BaseFont" => NAME,
            "CIDSystemInfo" => dictionary! {
                "Registry" => Object::string_literal("Adobe"), "Ordering" => Object::string_literal("Identity"), "Supplement" => 0,
            },
            "FontDescriptor" => descriptor,
            "DW" => 1000,
            "W" => [1, n_half.max(1) as i64, if n_half > 0 { 500 } else { 1000 }].map(Object::from).to_vec(),
            "CIDToGIDMap" => glyphs,
        });
        let to_unicode =
            document.add_object(packed(dictionary! {}, self.to_unicode().into_bytes()));
        document.add_object(dictionary! {
            "Type" => "Font",
            "Subtype" => "Type0",
            "BaseFont" => NAME,
            "Encoding" => "Identity-H",
            "DescendantFonts" => vec![descendant.into()],
            "ToUnicode" => to_unicode,
        })
    }

    fn to_unicode(&self) -> String {
        let mut out = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
             /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n\
             /CMapType 2 def\n1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n",
        );
        let codes: Vec<(&char, &u16)> = self.0.iter().collect();
        // No more of them at a time (Adobe Technical Note 5014).
        for some in codes.chunks(100) {
            let _ = writeln!(out, "{} beginbfchar", some.len());
            for (c, code) in some {
                let utf16: String = c
                    .encode_utf16(&mut [0; 2])
                    .iter()
                    .map(|unit| format!("{unit:04x}"))
                    .collect();
                let _ = writeln!(out, "<{code:04x}> <{utf16}>");
            }
            out.push_str("endbfchar\n");
        }
        out.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend");
        out
    }
}

const NAME: &str = "GongbaoUnseen";

/// Above and below the baseline, in parts of an em.
const ASCENDER: i16 = 880;
const DESCENDER: i16 = -120;

/// The font file: .notdef, a wide character and a half as wide one, none of which shows (ISO/IEC 14496-22).
fn true_type() -> Vec<u8> {
    let tables: [(&[u8; 4], Vec<u8>); 9] = [
        (b"cmap", cmap_table()),
        (b"glyf", [stroke(UNITS), stroke(UNITS / 2)].concat()),
        (b"head", head_table()),
        (b"hhea", hhea_table()),
        (b"hmtx", words(&[UNITS, 0, UNITS, 0, UNITS / 2, 0])),
        (b"loca", words(&[0, 0, 12, 24])),
        (
            b"maxp",
            words(&[1, 0, 3, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
        ),
        (b"name", name_table()),
        (
            b"post",
            words(&[3, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
        ),
    ];
    font_file(&tables)
}

/// The tables behind their directory, the checksum of the whole in its place in `head`.
fn font_file(tables: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    /// Bytes of the header, and of each entry of the directory.
    const ENTRY: u16 = 16;
    /// Where `head` has the checksum, and what a sound font's words add up to.
    const ADJUSTMENT_AT: usize = 8;
    const SOUND: u32 = 0xb1b0_afba;
    let n_tables = tables.len() as u16;
    // The largest power of two in the number of tables, eight, times sixteen; its logarithm; what is left.
    let mut out = words(&[1, 0, n_tables, 128, 3, n_tables * ENTRY - 128]);
    let mut body = Vec::new();
    let start = out.len() + usize::from(ENTRY * n_tables);
    let mut head_at = 0;
    for (tag, table) in tables {
        let at = start + body.len();
        if *tag == b"head" {
            head_at = at;
        }
        out.extend(*tag);
        for value in [sum(table), at as u32, table.len() as u32] {
            out.extend(value.to_be_bytes());
        }
        body.extend(table);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    out.extend(body);
    let adjustment = SOUND.wrapping_sub(sum(&out)).to_be_bytes();
    let at = head_at + ADJUSTMENT_AT;
    out[at..at + adjustment.len()].copy_from_slice(&adjustment);
    out
}

fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

#[rustfmt::skip]
fn head_table() -> Vec<u8> {
    words(&[
        // Version, revision, checksum (set later), magic number, flags, units.
        1, 0, 1, 0, 0, 0, 0x5f0f, 0x3cf5, 0, UNITS,
        // Created and changed: never.
        0, 0, 0, 0, 0, 0, 0, 0,
        // Bounds, style, smallest size, direction, short offsets, format.
        0, DESCENDER as u16, UNITS, ASCENDER as u16, 0, 8, 2, 0, 0,
    ])
}

#[rustfmt::skip]
fn hhea_table() -> Vec<u8> {
    words(&[
        // Version, ascent, descent, gap, widest advance, bearings, extent.
        1, 0, ASCENDER as u16, DESCENDER as u16, 0, UNITS, 0, 0, 0,
        // Caret, reserved, format, number of widths.
        1, 0, 0, 0, 0, 0, 0, 0, 3,
    ])
}

/// Format 4 with the one segment that has to be.
fn cmap_table() -> Vec<u8> {
    words(&[
        0, 1, 3, 1, 0, 12, 4, 24, 0, 2, 2, 0, 0, 0xffff, 0, 0xffff, 1, 0,
    ])
}

/// A line there and back, which fills nothing: pdfium leaves out text whose characters have no extent.
fn stroke(width: u16) -> Vec<u8> {
    let bounds = [1, 0, DESCENDER as u16, width, ASCENDER as u16];
    let height = (ASCENDER - DESCENDER) as u16;
    let points = [1, 0, 0x0101, 0, width, DESCENDER as u16, height];
    words(&[&bounds[..], &points].concat())
}

/// The PostScript name alone.
fn name_table() -> Vec<u8> {
    let name: Vec<u8> = NAME.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let header = words(&[0, 1, 18, 3, 1, 0x409, 6, name.len() as u16, 0]);
    [header, name].concat()
}

fn sum(table: &[u8]) -> u32 {
    let word = |part: &[u8]| {
        part.iter()
            .enumerate()
            .fold(0, |word, (i, &byte)| word | u32::from(byte) << (24 - 8 * i))
    };
    table.chunks(4).map(word).fold(0, u32::wrapping_add)
}
