//! Small PDFs made here and read back.

use lopdf::{
    Dictionary, Document, EncryptionState, EncryptionVersion, Object, Permissions, Stream,
    dictionary,
};

use super::{PdfError, Warning, pages};
use crate::page::{Distrust, Page, PageKind};

/// A sheet of 200 × 300 points: its content, its fonts by name, and what else its dictionary holds.
#[derive(Default)]
struct Sheet {
    content: Vec<u8>,
    fonts: Vec<(&'static str, Dictionary)>,
    page: Dictionary,
}

impl Sheet {
    fn new(content: impl Into<Vec<u8>>) -> Self {
        Self {
            content: content.into(),
            ..Self::default()
        }
    }

    fn font(mut self, name: &'static str, font: Dictionary) -> Self {
        self.fonts.push((name, font));
        self
    }

    fn with(mut self, key: &str, value: impl Into<Object>) -> Self {
        self.page.set(key, value);
        self
    }

    fn document(self) -> Document {
        let mut document = Document::with_version("1.7");
        let fonts: Dictionary = self
            .fonts
            .into_iter()
            .map(|(name, font)| (name, Object::Dictionary(font)))
            .collect();
        let gray = dictionary! { "Type" => "XObject", "Subtype" => "Image", "Width" => 1, "Height" => 1, "BitsPerComponent" => 8, "ColorSpace" => "DeviceGray" };
        let scan = document.add_object(Stream::new(gray, vec![255]));
        let layer = document
            .add_object(dictionary! { "Type" => "OCG", "Name" => Object::string_literal("off") });
        let content = document.add_object(Stream::new(dictionary! {}, self.content));
        let tree = document.new_object_id();
        let mut page = dictionary! {
            "Type" => "Page", "Parent" => tree, "MediaBox" => vec![0.into(), 0.into(), 200.into(), 300.into()], "Contents" => content,
            "Resources" => dictionary! { "Font" => fonts, "XObject" => dictionary! { "Scan" => scan }, "Properties" => dictionary! { "Off" => layer } },
        };
        page.extend(&self.page);
        let page = document.add_object(page);
        document.objects.insert(
            tree,
            dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }.into(),
        );
        let layers = dictionary! { "OCGs" => vec![layer.into()], "D" => dictionary! { "OFF" => vec![layer.into()] } };
        let catalog = document.add_object(
            dictionary! { "Type" => "Catalog", "Pages" => tree, "OCProperties" => layers },
        );
        document.trailer.set("Root", catalog);
        document.trailer.set(
            "ID",
            vec![
                Object::string_literal("gongbao"),
                Object::string_literal("gongbao"),
            ],
        );
        document
    }

    fn bytes(self) -> Vec<u8> {
        bytes(self.document())
    }

    fn read(self) -> Page {
        pages(self.bytes()).expect("a sound PDF").pages.remove(0)
    }
}

fn bytes(mut document: Document) -> Vec<u8> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("written to memory");
    bytes
}

fn text(page: &Page) -> String {
    page.glyphs.iter().map(|g| g.text.as_str()).collect()
}

fn latin() -> Dictionary {
    dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" }
}

/// A composite font that is not in the file.
fn composite(encoding: &str, ordering: &str) -> Dictionary {
    let info = dictionary! { "Registry" => Object::string_literal("Adobe"), "Ordering" => Object::string_literal(ordering), "Supplement" => 0 };
    let descendant = dictionary! { "Type" => "Font", "Subtype" => "CIDFontType2", "BaseFont" => "SimSun", "CIDSystemInfo" => info };
    dictionary! { "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "SimSun", "Encoding" => encoding, "DescendantFonts" => vec![descendant.into()] }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn show(bytes: &[u8]) -> String {
    format!("BT /F 10 Tf 20 200 Td <{}> Tj ET", hex(bytes))
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

#[test]
fn a_code_that_the_cmap_lacks_takes_nothing_of_the_next() {
    let page = Sheet::new(show(&utf16("SO₂）浓度𠮷")))
        .font("F", composite("UniGB-UTF16-H", "GB1"))
        .read();
    assert_eq!(text(&page), "SO₂）浓度𠮷");
    let page = Sheet::new(show(&utf16("SO₂）浓度")))
        .font("F", composite("UniGB-UCS2-H", "GB1"))
        .read();
    assert_eq!(text(&page), "SO₂）浓度");
}

#[test]
fn gbk_by_its_cmap() {
    let page = Sheet::new(show(&gbk("云溪县2023年镕")))
        .font("F", composite("GBK-EUC-H", "GB1"))
        .read();
    assert_eq!(text(&page), "云溪县2023年镕");
}

#[test]
fn gbk_in_an_embedded_font_without_to_unicode() {
    let mut document = Sheet::new(show(&gbk("云政发〔2023〕1号"))).document();
    let program = hayro_font::StandardFont::Helvetica.get_font_data().0;
    let file = document.add_object(Stream::new(
        dictionary! { "Subtype" => "CIDFontType0C" },
        (*program).as_ref().to_vec(),
    ));
    let mut font = composite("GBK-EUC-H", "GB1");
    let Ok([Object::Dictionary(descendant)]) = font
        .get_mut(b"DescendantFonts")
        .and_then(Object::as_array_mut)
        .map(Vec::as_mut_slice)
    else {
        unreachable!()
    };
    descendant.set("FontDescriptor", dictionary! { "Type" => "FontDescriptor", "FontName" => "SimSun", "Flags" => 4, "FontFile3" => file });
    let page = document.page_iter().next().expect("one page");
    let page = document.get_dictionary_mut(page).expect("one page");
    page.set(
        "Resources",
        dictionary! { "Font" => dictionary! { "F" => font } },
    );
    assert_eq!(
        text(&pages(bytes(document)).expect("a sound PDF").pages[0]),
        "云政发〔2023〕1号"
    );
}

#[test]
fn gbk_in_a_western_font() {
    let font = |base: &str| dictionary! { "Type" => "Font", "Subtype" => "TrueType", "BaseFont" => base, "Encoding" => "WinAnsiEncoding" };
    let page = Sheet::new(show(&gbk("公报2023年")))
        .font("F", font("SimSun"))
        .read();
    assert_eq!(text(&page), "公报2023年");
    let page = Sheet::new(show(b"Di\xe1rio \x93Oficial\x94"))
        .font("F", font("SimSun"))
        .read();
    assert_eq!(text(&page), "Diário “Oficial”");
}

#[test]
fn codes_without_characters_are_not_passed_off_as_text() {
    let page = Sheet::new(show(&[1, 2, 3, 4, 5, 6]))
        .font("F", composite("Identity-H", "Identity"))
        .read();
    assert_eq!(text(&page), "\u{fffd}\u{fffd}\u{fffd}");
    assert_eq!(page.kind, PageKind::Untrusted(Distrust::NoMapping));
}

#[test]
fn to_unicode_by_name() {
    let mut font = composite("Identity-H", "Identity");
    font.set("ToUnicode", "Identity-H");
    assert_eq!(
        text(&Sheet::new(show(&utf16("公报"))).font("F", font).read()),
        "公报"
    );
}

#[test]
fn to_unicode_in_the_file() {
    let mut document = Sheet::new(show(&[0, 1, 0, 2])).document();
    let cmap =
        b"1 begincodespacerange <0000> <ffff> endcodespacerange 2 beginbfchar <0001> <516c> <0002> <006600660069> endbfchar".to_vec();
    let cmap = document.add_object(Stream::new(dictionary! {}, cmap));
    let mut font = composite("Identity-H", "Identity");
    font.set("ToUnicode", cmap);
    let page = document.page_iter().next().expect("one page");
    document.get_dictionary_mut(page).expect("one page").set(
        "Resources",
        dictionary! { "Font" => dictionary! { "F" => font } },
    );
    assert_eq!(
        text(&pages(bytes(document)).expect("a sound PDF").pages[0]),
        "公ffi"
    );
}

#[test]
fn a_font_that_is_not_there_still_shows_that_there_is_text() {
    let page = Sheet::new("BT /Gone 10 Tf 20 200 Td (Text\\376\\377) Tj ET").read();
    assert_eq!(text(&page), "Text\u{fffd}\u{fffd}");
}

#[test]
fn a_width_for_two_billion_codes_is_refused() {
    let mut font = composite("UniGB-UCS2-H", "GB1");
    let Ok([Object::Dictionary(descendant)]) = font
        .get_mut(b"DescendantFonts")
        .and_then(Object::as_array_mut)
        .map(Vec::as_mut_slice)
    else {
        unreachable!()
    };
    descendant.set(
        "W",
        vec![
            0.into(),
            vec![500.into()].into(),
            797.into(),
            2_147_483_647.into(),
            1000.into(),
        ],
    );
    assert_eq!(
        Sheet::new(show(&utf16("公报"))).font("F", font).read().kind,
        PageKind::Untrusted(Distrust::NoMapping)
    );
}

#[test]
fn bold_by_painting_twice_is_read_once() {
    let outlined = Sheet::new("BT 2 Tr /F 10 Tf 20 200 Td (all) Tj ET")
        .font("F", latin())
        .read();
    assert_eq!(text(&outlined), "all");
    let aside = Sheet::new("BT /F 10 Tf 20 200 Td (all) Tj ET BT /F 10 Tf 20.3 200 Td (all) Tj ET")
        .font("F", latin())
        .read();
    assert_eq!(text(&aside), "all");
}

#[test]
fn glyphs_stand_where_they_are_drawn() {
    let page = Sheet::new("BT /F 10 Tf 20 200 Td 200 Tz (i) Tj 2 Ts (i) Tj ET")
        .font("F", latin())
        .read();
    let [x0, y0, x1, y1] = page.glyphs[0].bbox;
    assert_eq!((x0, y0.round(), y1.round()), (20.0, 91.0, 101.0));
    assert_eq!(page.glyphs[1].bbox[0], x1);
    assert!((page.glyphs[1].bbox[1] - (y0 - 2.0)).abs() < 0.01);
}

#[test]
fn a_turned_page_reads_upright() {
    let page = Sheet::new("BT /F 10 Tf 0 1 -1 0 50 20 Tm (up) Tj ET")
        .font("F", latin())
        .with("Rotate", 90)
        .read();
    assert_eq!((page.width, page.height), (300.0, 200.0));
    assert_eq!(page.glyphs[0].turn, 0);
    let [x0, _, _, y1] = page.glyphs[0].bbox;
    assert!(
        (x0 - 20.0).abs() < 0.1 && (y1 - 51.2).abs() < 0.1,
        "{:?}",
        page.glyphs[0].bbox
    );
    let page = Sheet::new("BT /F 10 Tf 0 1 -1 0 50 20 Tm (up) Tj ET")
        .font("F", latin())
        .read();
    assert_eq!(page.glyphs[0].turn, 3);
}

#[test]
fn vertical_writing_runs_down() {
    let page = Sheet::new(show(&utf16("公报")))
        .font("F", composite("UniGB-UCS2-V", "GB1"))
        .read();
    let [a, b] = page.glyphs.as_slice() else {
        panic!("two glyphs")
    };
    assert!(
        a.vertical && a.bbox[0] == b.bbox[0] && (b.bbox[1] - a.bbox[1] - 10.0).abs() < 0.01,
        "{a:?} {b:?}"
    );
}

#[test]
fn invisible_text_over_a_scan() {
    let long = "(Text of a page that was recognised) Tj";
    let page = Sheet::new(format!(
        "q 200 0 0 300 0 0 cm /Scan Do Q BT 3 Tr /F 10 Tf 20 200 Td {long} ET"
    ))
    .font("F", latin())
    .read();
    assert!(page.glyphs.iter().all(|g| g.hidden));
    assert_eq!(
        (page.kind, page.images[0].bbox),
        (PageKind::Searchable, [0.0, 0.0, 200.0, 300.0])
    );
    let under = Sheet::new(format!(
        "BT /F 10 Tf 20 200 Td {long} ET q 200 0 0 300 0 0 cm /Scan Do Q"
    ))
    .font("F", latin())
    .read();
    assert!(under.glyphs.iter().all(|g| g.hidden));
    assert_eq!(under.kind, PageKind::Searchable);
}

#[test]
fn kinds_of_pages() {
    assert_eq!(Sheet::new("").read().kind, PageKind::Blank);
    assert_eq!(
        Sheet::new("q 200 0 0 300 0 0 cm /Scan Do Q").read().kind,
        PageKind::Image
    );
    let stamped =
        "q 200 0 0 300 0 0 cm /Scan Do Q BT /F 10 Tf 20 20 Td (Scanned by a camera) Tj ET";
    assert_eq!(
        Sheet::new(stamped).font("F", latin()).read().kind,
        PageKind::Image
    );
    assert_eq!(
        Sheet::new("BT /F 10 Tf 20 20 Td (- 21 -) Tj ET")
            .font("F", latin())
            .read()
            .kind,
        PageKind::Text
    );
}

#[test]
fn layers_that_are_off_are_not_read() {
    let page =
        Sheet::new("BT /F 10 Tf 20 200 Td (seen) Tj /OC /Off BDC (un) Tj /Span BMC (read) Tj EMC EMC (!) Tj ET").font("F", latin()).read();
    assert_eq!(text(&page), "seen!");
}

#[test]
fn rulings_of_lines_and_rectangles() {
    let lines = |content: &str| Sheet::new(content).read().rulings;
    let [line] = lines("0.5 w 20 100 m 180 100 l S")[..] else {
        panic!("one line")
    };
    assert_eq!(
        (
            line.x0,
            line.y0,
            line.x1,
            line.y1,
            line.thickness,
            line.is_horizontal()
        ),
        (20.0, 200.0, 180.0, 200.0, 0.5, true)
    );
    let [thin] = lines("20 100 1 80 re f")[..] else {
        panic!("one line")
    };
    assert_eq!(
        (thin.x0, thin.x1, thin.thickness, thin.is_horizontal()),
        (20.5, 20.5, 1.0, false)
    );
    assert_eq!(lines("20 100 100 80 re S").len(), 4);
    assert_eq!(lines("20 100 m 120 100 l 120 180 l 20 180 l s").len(), 4);
    assert_eq!(lines("1 g 20 100 1 80 re f").len(), 0, "white on white");
    assert_eq!(lines("20 100 100 80 re W n").len(), 0, "a clip");
    assert_eq!(lines("20 100 m 60 140 l S").len(), 0, "aslant");
    assert_eq!(lines("0 0 200 300 re f").len(), 0, "a background");
}

#[test]
fn seals_are_annotations() {
    let mut document = Sheet::new("").document();
    let form = dictionary! { "Type" => "XObject", "Subtype" => "Form", "BBox" => vec![0.into(), 0.into(), 100.into(), 100.into()],
    "Resources" => dictionary! { "Font" => dictionary! { "F" => latin() } } };
    let form = document.add_object(Stream::new(
        form,
        b"BT /F 20 Tf 0 24 Td (seal) Tj ET".to_vec(),
    ));
    let annotation = dictionary! { "Type" => "Annot", "Subtype" => "Stamp", "Rect" => vec![100.into(), 50.into(), 150.into(), 100.into()], "AP" => dictionary! { "N" => form } };
    let page = document.page_iter().next().expect("one page");
    document
        .get_dictionary_mut(page)
        .expect("one page")
        .set("Annots", vec![annotation.into()]);
    let page = pages(bytes(document)).expect("a sound PDF").pages.remove(0);
    assert_eq!(text(&page), "seal");
    assert_eq!((page.glyphs[0].size, page.glyphs[0].bbox[0]), (10.0, 100.0));
}

#[test]
fn passwords() {
    let encrypted = |user: &str| {
        let mut document = Sheet::new("BT /F 10 Tf 20 200 Td (secret) Tj ET")
            .font("F", latin())
            .document();
        let version = EncryptionVersion::V2 {
            document: &document,
            owner_password: "owner",
            user_password: user,
            key_length: 128,
            permissions: Permissions::all(),
        };
        let state = EncryptionState::try_from(version).expect("a password");
        document.encrypt(&state).expect("encrypted");
        bytes(document)
    };
    assert_eq!(
        text(&pages(encrypted("")).expect("no password").pages[0]),
        "secret"
    );
    assert!(matches!(pages(encrypted("open")), Err(PdfError::Password)));
}

#[test]
fn what_is_no_sound_pdf() {
    assert!(matches!(pages(b"PK\x03\x04 a ZIP"), Err(PdfError::NotPdf)));
    assert!(matches!(
        pages(b"%PDF-1.7\nnothing else"),
        Err(PdfError::Damaged)
    ));
    let sound = Sheet::new("BT /F 10 Tf 20 200 Td (kept) Tj ET")
        .font("F", latin())
        .bytes();
    let cut = &sound[..sound.len() - 40];
    let read = pages(cut).expect("repaired");
    assert_eq!(text(&read.pages[0]), "kept");
    assert_eq!(read.warnings, [Warning::Repaired]);
}

#[test]
fn a_page_that_cannot_be_unpacked_is_said_to_be_so() {
    let mut document = Sheet::new("").document();
    let broken = document.add_object(Stream::new(
        dictionary! { "Filter" => "DCTDecode" },
        b"no picture".to_vec(),
    ));
    let page = document.page_iter().next().expect("one page");
    document
        .get_dictionary_mut(page)
        .expect("one page")
        .set("Contents", broken);
    let read = pages(bytes(document)).expect("a PDF");
    assert_eq!(read.warnings, [Warning::Unreadable { page: 1 }]);
    assert!(matches!(read.pages[0].kind, PageKind::Untrusted(_)));
}
