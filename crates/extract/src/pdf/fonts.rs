//! Fonts: bytes shown become characters and advances.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use ecow::EcoString;
use hayro_cmap::{BfString, CMap, CMapName, CidFamily, load_embedded};
use hayro_font::kurbo::Vec2;
use hayro_font::{
    CMapResolverFn, FontCache, FontGlyph, FontQuery, FontResolverFn, GlyphId, StandardFont,
};
use hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, Stream};

use super::bounds;
use super::symbol_fonts::SymbolFont;

/// What stands for a glyph whose character is unknown.
pub const UNKNOWN: char = '\u{fffd}';

/// The fonts of a document, each read once.
pub struct Fonts<'a> {
    cache: FontCache<'a>,
    fonts: HashMap<Key<'a>, Option<Rc<Font<'a>>>>,
    unknown: Option<Rc<Font<'a>>>,
    resolve_font: FontResolverFn,
    resolve_cmap: CMapResolverFn,
}

#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    Indirect(ObjectIdentifier),
    Direct(&'a [u8]),
}

impl Default for Fonts<'_> {
    fn default() -> Self {
        Self {
            cache: FontCache::new(),
            fonts: HashMap::new(),
            unknown: None,
            resolve_font: Arc::new(|query| match query {
                FontQuery::Standard(font) => Some(font.get_font_data()),
                FontQuery::Fallback(query) => Some(query.pick_standard_font().get_font_data()),
            }),
            resolve_cmap: Arc::new(load_embedded),
        }
    }
}

impl<'a> Fonts<'a> {
    pub fn get(&mut self, dict: &Dict<'a>) -> Option<Rc<Font<'a>>> {
        let key = dict
            .obj_id()
            .map_or(Key::Direct(dict.data()), Key::Indirect);
        let id = self.fonts.len() as u16;
        let (cache, resolve_font, resolve_cmap) =
            (&self.cache, &self.resolve_font, &self.resolve_cmap);
        let read = || {
            let font = if bounds::font(dict) {
                cache.font(dict, resolve_font, resolve_cmap)
            } else {
                None
            };
            font.map(|font| Rc::new(Font::new(id, font, dict)))
        };
        self.fonts.entry(key).or_insert_with(read).clone()
    }

    /// What stands for a font that can't be read: its characters are unknown, Latin letters apart.
    pub fn unknown(&mut self) -> Rc<Font<'a>> {
        let Self {
            unknown,
            cache,
            resolve_font,
            ..
        } = self;
        let font = unknown.get_or_insert_with(|| {
            let font = cache
                .standard_font(StandardFont::Helvetica, resolve_font)
                .expect("Helvetica is built in");
            Rc::new(Font {
                id: u16::MAX,
                font,
                codes: Codes::Ascii,
                is_unicode: false,
                collection: None,
                symbols: None,
                chars: Default::default(),
            })
        });
        font.clone()
    }
}

/// A font, and how its codes are read.
pub struct Font<'a> {
    pub id: u16,
    font: hayro_font::Font<'a>,
    codes: Codes,
    /// Whether a code is its character, in UTF-16: by the encoding, or because /ToUnicode is the name of an identity.
    is_unicode: bool,
    /// The way over the character collection for a font that doesn't say so.
    collection: Option<Collection>,
    symbols: Option<SymbolFont>,
    chars: std::cell::RefCell<HashMap<u32, Rc<Char>>>,
}

/// How the bytes of a string part into codes.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Codes {
    Byte,
    /// Of a font that can't be read.
    Ascii,
    /// GBK bytes in a font that says it is a Western one, as old Chinese programs wrote: bytes that pair.
    Gbk,
    /// UniGB-UCS2 and its like: the code is the character.
    Utf16,
    /// As the CMap says.
    CMap,
}

/// Code to CID by the encoding, CID to character by the collection's UCS2 map.
struct Collection {
    encoding: CMap,
    ucs2: CMap,
}

/// A code as it was shown.
pub struct Char {
    pub text: EcoString,
    /// In thousandths of the em.
    pub advance: Vec2,
    /// From where the glyph is put to where its origin lies; not zero in vertical writing.
    pub displacement: Vec2,
}

/// A code of a string: how many bytes it took and what it is.
pub struct Code {
    pub code: u32,
    pub n_bytes: usize,
    pub char: Rc<Char>,
}

impl<'a> Font<'a> {
    fn new(id: u16, font: hayro_font::Font<'a>, dict: &Dict<'a>) -> Self {
        let has_to_unicode = dict.contains_key(b"ToUnicode");
        let is_composite = dict
            .get::<Name>(b"Subtype")
            .is_some_and(|n| n.as_ref() == b"Type0");
        let codes = match dict.get::<Name>(b"Encoding") {
            _ if !is_composite && !has_to_unicode && is_gbk_font(dict) => Codes::Gbk,
            _ if !is_composite => Codes::Byte,
            Some(name) if is_utf16(&name) => Codes::Utf16,
            _ => Codes::CMap,
        };
        let is_unicode = match dict.get::<Name>(b"ToUnicode") {
            Some(name) => name.starts_with(b"Identity"),
            None => codes == Codes::Utf16 && !has_to_unicode,
        };
        let collection = if is_composite && !has_to_unicode {
            Collection::of(dict)
        } else {
            None
        };
        let symbols = dict
            .get::<Name>(b"BaseFont")
            .and_then(|name| SymbolFont::named(&name));
        Self {
            id,
            font,
            codes,
            is_unicode,
            collection,
            symbols,
            chars: Default::default(),
        }
    }

    pub fn is_vertical(&self) -> bool {
        !self.font.is_horizontal()
    }

    /// The codes of a string.
    pub fn codes(&self, bytes: &[u8]) -> Vec<Code> {
        let mut codes = Vec::with_capacity(bytes.len() / 2 + 1);
        let pairs = self.codes == Codes::Gbk && is_gbk(bytes);
        let mut at = 0;
        while at < bytes.len() {
            let (code, n_bytes) = match bytes[at..] {
                [a, b, ..] if pairs && a > 0x80 => (u32::from_be_bytes([0, 0, a, b]), 2),
                _ => self.next_code(&bytes[at..]),
            };
            codes.push(Code {
                code,
                n_bytes,
                char: self.char(code),
            });
            at += n_bytes;
        }
        codes
    }

    fn next_code(&self, bytes: &[u8]) -> (u32, usize) {
        match (self.codes, bytes) {
            (Codes::Utf16, &[a, b, c, d, ..])
                if (0xd8..0xdc).contains(&a) && (0xdc..0xe0).contains(&c) =>
            {
                (u32::from_be_bytes([a, b, c, d]), 4)
            }
            (Codes::Utf16, &[a, b, ..]) => (u32::from_be_bytes([0, 0, a, b]), 2),
            (Codes::CMap, _) => match self.font.read_code(bytes, 0) {
                // A code that the CMap lacks comes as one byte, and would take half of the next code with it.
                (0, 1) if bytes.len() > 1 && bytes[0] > 0x80 => {
                    (u32::from_be_bytes([0, 0, bytes[0], bytes[1]]), 2)
                }
                code => code,
            },
            _ => (u32::from(bytes[0]), 1),
        }
    }

    fn char(&self, code: u32) -> Rc<Char> {
        if let Some(char) = self.chars.borrow().get(&code) {
            return char.clone();
        }
        if self.codes == Codes::Gbk && code > 0xff {
            let [_, _, a, b] = code.to_be_bytes();
            let text = encoding_rs::GBK
                .decode_without_bom_handling(&[a, b])
                .0
                .into_owned();
            let advance = self.font.code_advance(a.into()) + self.font.code_advance(b.into());
            return Rc::new(Char {
                text: text.into(),
                advance,
                displacement: Vec2::ZERO,
            });
        }
        let text = self
            .text(code)
            .filter(|t| !t.chars().all(|c| c == '\0'))
            .map(|text| self.shown(text))
            .unwrap_or_else(|| UNKNOWN.into());
        let char = Rc::new(Char {
            text: text.into(),
            advance: self.font.code_advance(code),
            displacement: self.font.origin_displacement(code),
        });
        self.chars.borrow_mut().insert(code, char.clone());
        char
    }

    /// A text as the font shows it.
    fn shown(&self, text: String) -> String {
        match self.symbols {
            Some(font) => text.chars().map(|c| font.shown(c).unwrap_or(c)).collect(),
            None => text,
        }
    }

    fn text(&self, code: u32) -> Option<String> {
        if self.codes == Codes::Ascii && !(0x20..0x7f).contains(&code) {
            return None;
        }
        if self.is_unicode {
            return utf16(code);
        }
        let glyph = self.font.glyph(GlyphId::NOTDEF, code);
        let text = match &glyph {
            FontGlyph::Outline(g) => g.as_unicode(),
            FontGlyph::Type3(g) => g.as_unicode(),
        };
        let text = text
            .map(string)
            .or_else(|| self.collection.as_ref()?.text(code));
        text.or_else(|| {
            if self.codes == Codes::Utf16 {
                utf16(code)
            } else {
                None
            }
        })
    }
}

impl Collection {
    fn of(dict: &Dict) -> Option<Self> {
        let descendant = dict
            .get::<Array>(b"DescendantFonts")?
            .iter::<Dict>()
            .next()?;
        let encoding = match dict.get::<Object>(b"Encoding")? {
            Object::Name(name) => match CMapName::from_bytes(&name) {
                CMapName::IdentityH => CMap::identity_h(),
                CMapName::IdentityV => CMap::identity_v(),
                name => CMap::parse(load_embedded(name)?, load_embedded)?,
            },
            Object::Stream(stream) => encoding_stream(&stream)?,
            _ => return None,
        };
        let info = descendant.get::<Dict>(b"CIDSystemInfo")?;
        let entry = |key: &[u8]| info.get::<hayro_syntax::object::String>(key);
        let family = CidFamily::from_registry_ordering(&entry(b"Registry")?, &entry(b"Ordering")?);
        let of_encoding = encoding
            .metadata()
            .character_collection
            .as_ref()
            .map(|c| c.family.clone());
        let ucs2 = family.ucs2_cmap().or_else(|| of_encoding?.ucs2_cmap())?;
        Some(Self {
            encoding,
            ucs2: CMap::parse(load_embedded(ucs2)?, load_embedded)?,
        })
    }

    fn text(&self, code: u32) -> Option<String> {
        let cid = (1..=4u8)
            .rev()
            .find_map(|n| self.encoding.lookup_cid_code(code, n))?;
        self.ucs2.lookup_bf_string(cid).map(string)
    }
}

fn encoding_stream(stream: &Stream) -> Option<CMap> {
    CMap::parse(&stream.decoded_data().ok()?, load_embedded)
}

/// A font of a Chinese name that is not in the file and has no glyph names of its own.
fn is_gbk_font(dict: &Dict) -> bool {
    const FACES: [&[u8]; 12] = [
        b"SimSun",
        b"SimHei",
        b"FangSong",
        b"KaiTi",
        b"STSong",
        b"STFang",
        b"STKai",
        b"STHei",
        b"STXihei",
        b"YouYuan",
        b"LiSu",
        b"FZ",
    ];
    let name = dict
        .get::<Name>(b"BaseFont")
        .map(|n| n.to_vec())
        .unwrap_or_default();
    let is_chinese = name.iter().any(|&b| b > 0x80)
        || FACES
            .iter()
            .any(|face| name.windows(face.len()).any(|w| w == *face));
    let descriptor = dict.get::<Dict>(b"FontDescriptor");
    let is_embedded = descriptor.is_some_and(|d| {
        [&b"FontFile"[..], b"FontFile2", b"FontFile3"]
            .iter()
            .any(|key| d.contains_key(key))
    });
    let has_names = dict
        .get::<Dict>(b"Encoding")
        .is_some_and(|d| d.contains_key(b"Differences"));
    is_chinese && !is_embedded && !has_names
}

/// Bytes that are GBK throughout, with at least one character of GB 2312, whose second byte is high as well.
fn is_gbk(bytes: &[u8]) -> bool {
    let has_pair = bytes
        .windows(2)
        .any(|w| (0xa1..=0xf7).contains(&w[0]) && w[1] >= 0xa1);
    has_pair
        && encoding_rs::GBK
            .decode_without_bom_handling_and_without_replacement(bytes)
            .is_some()
}

fn is_utf16(encoding: &[u8]) -> bool {
    encoding.starts_with(b"Uni")
        && (encoding.windows(4).any(|w| w == b"UCS2") || encoding.windows(5).any(|w| w == b"UTF16"))
}

fn utf16(code: u32) -> Option<String> {
    let units = [(code >> 16) as u16, code as u16];
    String::from_utf16(if units[0] == 0 { &units[1..] } else { &units }).ok()
}

fn string(text: BfString) -> String {
    match text {
        BfString::Char(c) => c.into(),
        BfString::String(s) => s,
    }
}
