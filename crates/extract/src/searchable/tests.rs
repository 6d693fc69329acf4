use hayro_font::kurbo::Point;
use lopdf::{Document, Object};

use super::*;
use crate::layout::lay_out;
use crate::page::{Glyph, Page, PageKind, Recognised};
use crate::pdf;

const WIDTH: f32 = 400.0;
const HEIGHT: f32 = 300.0;

/// A page with these entries, whose content leaves the space of the page moved and saved.
fn pdf(entries: Dictionary, tree_entries: Dictionary, content: &str) -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let parts: Vec<Object> = content
        .split('|')
        .map(|c| {
            document
                .add_object(Stream::new(dictionary! {}, c.into()))
                .into()
        })
        .collect();
    let contents = if let [part] = &parts[..] {
        part.clone()
    } else {
        parts.into()
    };
    let tree = document.new_object_id();
    let mut page = dictionary! { "Type" => "Page", "Parent" => tree, "Contents" => contents };
    page.extend(&entries);
    let page = document.add_object(page);
    let mut node = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    node.extend(&tree_entries);
    document.set_object(tree, node);
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    document.trailer.set(
        "ID",
        vec![
            Object::string_literal("first"),
            Object::string_literal("second"),
        ],
    );
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("written to memory");
    bytes
}

fn media_box(corner: (i64, i64), turned: bool) -> Object {
    let (width, height) = if turned {
        (HEIGHT, WIDTH)
    } else {
        (WIDTH, HEIGHT)
    };
    [
        corner.0,
        corner.1,
        corner.0 + width as i64,
        corner.1 + height as i64,
    ]
    .map(Object::from)
    .to_vec()
    .into()
}

fn plain() -> Vec<u8> {
    pdf(
        dictionary! { "MediaBox" => media_box((0, 0), false) },
        dictionary! {},
        "q 3 0 0 3 50 50 cm",
    )
}

/// What a recogniser finds on a straight page: characters 12 points wide from 40, 100 on.
fn read(text: &str) -> Page {
    let glyph = |(n, c): (usize, char)| {
        let x = 40.0 + 12.0 * n as f32;
        Glyph {
            text: c.into(),
            bbox: [x, 100.0, x + 12.0, 112.0],
            size: 12.0,
            font: 0,
            hidden: false,
            vertical: false,
            turn: 0,
            slanted: false,
            recognised: Some(Recognised::CERTAIN),
        }
    };
    Page {
        number: 1,
        width: WIDTH,
        height: HEIGHT,
        glyphs: text.chars().enumerate().map(glyph).collect(),
        rulings: Vec::new(),
        images: Vec::new(),
        kind: PageKind::Image,
        straightened: None,
        to_user_space: [0.0; 6],
    }
}

fn layer(text: &str, to_user_space: Affine) -> Layer {
    let laid = lay_out(vec![read(text)]);
    Layer {
        page: 1,
        lines: laid
            .lines
            .iter()
            .filter_map(|line| layer_line(line, to_user_space))
            .collect(),
    }
}

fn copy(pdf: &[u8], layer: Layer) -> Result<Vec<u8>, SearchableError> {
    let mut out = Vec::new();
    write(pdf.to_vec(), 1, &[layer], &mut out).map(|()| out)
}

const TEXT: &str = "关于2024年防汛的通知𠀀";

#[test]
fn the_text_is_where_it_was_read_however_the_page_lies() {
    for (degrees, turned) in [(0, false), (90, true), (180, false), (270, true)] {
        for corner in [(0, 0), (-700, -90)] {
            let entries =
                dictionary! { "MediaBox" => media_box(corner, turned), "Rotate" => degrees };
            let (own, tree) = if corner.0 == 0 {
                (entries, dictionary! {})
            } else {
                (dictionary! {}, entries)
            };
            let pdf = pdf(own, tree, "q 0.5 0 0 0.5 9 9 cm|q");
            let page = pdf::pages(pdf.as_slice())
                .expect("a sound PDF")
                .pages
                .remove(0);
            let copy = copy(&pdf, layer(TEXT, Affine::new(page.to_user_space))).expect("a copy");
            assert!(copy.starts_with(&pdf));
            let page = pdf::pages(copy).expect("a sound copy").pages.remove(0);
            let text: String = page
                .glyphs
                .iter()
                .map(|glyph| glyph.text.as_str())
                .collect();
            assert_eq!(text, TEXT);
            for (glyph, read) in page.glyphs.iter().zip(&read(TEXT).glyphs) {
                let near = glyph
                    .bbox
                    .iter()
                    .zip(read.bbox)
                    .all(|(a, b)| (a - b).abs() < 0.7);
                assert!(
                    near && glyph.hidden && glyph.turn == 0,
                    "/Rotate {degrees}: {:?} {:?}",
                    glyph.bbox,
                    read.bbox
                );
            }
        }
    }
}

#[test]
fn a_page_that_leans_much_has_lines_that_lean_and_one_that_leans_little_has_level_ones() {
    for (degrees, leans) in [(1.0, false), (8.0, true)] {
        let turned = Affine::rotate_about(f64::to_radians(degrees), Point::new(200.0, 150.0));
        let line = &layer(
            TEXT,
            Affine::new([1.0, 0.0, 0.0, -1.0, 0.0, HEIGHT.into()]) * turned,
        )
        .lines[0];
        assert_eq!(line.matrix[1].abs() > 1e-6, leans);
        // The middle of the line stays where it is.
        let middle = Affine::new(line.matrix) * Point::new(78.0, 0.0);
        let read = turned * Point::new(118.0, 110.56);
        assert!(
            (middle.x - read.x).abs() < 0.1 && (middle.y - (300.0 - read.y)).abs() < 0.1,
            "{middle:?} {read:?}"
        );
    }
}

#[test]
fn spaces_of_the_text_are_characters_and_gaps_without_are_closed() {
    let bbox = |x: f32| [x, 100.0, x + 10.0, 112.0];
    let characters = [('第', 0.0), ('1', 12.0), ('号', 40.0)]
        .map(|(text, x)| Recognised::CERTAIN.character(text, bbox(x)));
    let line = PrintedLine {
        page: 1,
        leaf: 1,
        text: "第1 号".to_owned(),
        bbox: [0.0, 100.0, 50.0, 112.0],
        size: 12.0,
        column: crate::laid::Column {
            left: 0.0,
            right: 50.0,
        },
        role: LineRole::Body,
        characters: characters.to_vec(),
    };
    let line = layer_line(&line, Affine::IDENTITY).expect("it has characters");
    let placed: Vec<_> = line
        .characters
        .iter()
        .map(|c| (c.text, c.x, c.width))
        .collect();
    assert_eq!(
        placed,
        [
            ('第', 0.0, 12.0),
            ('1', 12.0, 10.0),
            (' ', 22.0, 18.0),
            ('号', 40.0, 10.0)
        ]
    );
}

#[test]
fn only_the_page_is_written_anew_and_its_resources_stay_its_own() {
    let shared = dictionary! { "Font" => dictionary! { "OCR0" => dictionary! { "Type" => "Font" } }, "ProcSet" => vec!["PDF".into()] };
    let pdf = pdf(
        dictionary! { "MediaBox" => media_box((0, 0), false) },
        dictionary! { "Resources" => shared.clone() },
        "q",
    );
    let copied = copy(&pdf, layer(TEXT, Affine::IDENTITY)).expect("a copy");
    let (before, after) = (
        Document::load_mem(&pdf).expect("sound"),
        Document::load_mem(&copied).expect("sound"),
    );
    let page = before.page_iter().next().expect("a page");
    for (id, object) in before.objects.iter().filter(|(id, _)| **id != page) {
        assert_eq!(after.objects.get(id), Some(object));
    }
    let resources = after
        .get_dictionary(page)
        .and_then(|page| page.get(b"Resources"))
        .and_then(Object::as_dict)
        .expect("resources");
    let fonts = resources
        .get(b"Font")
        .and_then(Object::as_dict)
        .expect("fonts");
    assert!(resources.has(b"ProcSet") && fonts.has(b"OCR0") && fonts.has(b"OCR1"));
    let id = |document: &Document, n: usize| {
        document
            .trailer
            .get(b"ID")
            .and_then(Object::as_array)
            .expect("two")[n]
            .clone()
    };
    assert_eq!(id(&before, 0), id(&after, 0));
    assert_ne!(id(&before, 1), id(&after, 1));
    assert_eq!(
        copied,
        copy(&pdf, layer(TEXT, Affine::IDENTITY)).expect("a copy")
    );
}

#[test]
fn text_that_was_not_trusted_is_no_longer_extracted() {
    let fonts = dictionary! { "F" => dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" } };
    let entries = dictionary! { "MediaBox" => media_box((0, 0), false), "Resources" => dictionary! { "Font" => fonts } };
    for content in [
        "BT 3 Tr /F 9 Tf 9 9 Td (bad) Tj ET 0 0 9 9 re f",
        "BT /F 9 Tf 9 9 Td (bad) Tj ET|0 0 9 9 re f",
    ] {
        let pdf = pdf(entries.clone(), dictionary! {}, content);
        let text = |bytes: &[u8]| -> String {
            pdf::pages(bytes).expect("sound").pages[0]
                .glyphs
                .iter()
                .map(|g| g.text.as_str())
                .collect()
        };
        assert_eq!(text(&pdf), "bad");
        let page = pdf::pages(pdf.as_slice()).expect("sound").pages.remove(0);
        assert_eq!(
            text(&copy(&pdf, layer(TEXT, Affine::new(page.to_user_space))).expect("a copy")),
            TEXT,
            "{content}"
        );
    }
}

#[test]
fn what_stands_around_the_pdf_stays() {
    let pdf = [b"HTTP/1.1 200 OK\r\n\r\n", &plain()[..], b"\n<html>\n"].concat();
    let copied = copy(&pdf, layer(TEXT, Affine::IDENTITY)).expect("a copy");
    assert!(copied.starts_with(&pdf));
    let document = Document::load_mem(&copied).expect("sound");
    assert_eq!(
        (document.page_iter().count(), document.xref_recovery),
        (1, None)
    );
}

#[test]
fn what_can_not_be_added_to_is_refused() {
    let plain = plain();
    let text = || layer(TEXT, Affine::IDENTITY);
    let at = memchr::memmem::rfind(&plain, b"startxref").expect("it is there");
    assert!(matches!(
        copy(&plain[..at], text()),
        Err(SearchableError::Damaged)
    ));
    assert!(matches!(
        copy(b"%PDF-1.7\n", text()),
        Err(SearchableError::Damaged)
    ));
    let encrypted = String::from_utf8_lossy(&plain)
        .replace("/ID[", "/Encrypt<</Filter/Standard/V 9>>/ID[")
        .into_bytes();
    assert!(matches!(
        copy(&encrypted, text()),
        Err(SearchableError::Encryption)
    ));
    let counted = write(plain, 2, &[text()], &mut Vec::new());
    assert!(matches!(
        counted,
        Err(SearchableError::PageCount { read: 2, other: 1 })
    ));
}

#[test]
fn numbers_have_no_exponent() {
    assert_eq!(
        [
            number(1e-7, 5),
            number(-0.0, 2),
            number(12.5, 2),
            number(100.0, 2)
        ],
        ["0", "0", "12.5", "100"]
    );
}
