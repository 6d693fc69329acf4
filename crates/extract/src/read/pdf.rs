//! A PDF's way to lines: its pages are classified, those without text that can be believed are read by OCR, all are
//! laid out, and what is laid out is written down line by line.

use std::sync::Arc;

use super::{Extracted, OcrReport, ReadOptions};
use crate::error::ExtractError;
use crate::hash::sha256;
use crate::laid::{Laid, PrintedLine};
use crate::layout;
use crate::ocr;
use crate::page::{Distrust, Glyph, Page, PageKind, Ruling, Straightened};
use crate::pdf;
use crate::recognition::{Recognition, Request};
use crate::watch::{Unread, UnreadReason};
use language::script::{is_blank, is_han};
use model::{Line, LineCharacter, PageKinds, Source};

/// The lines of a PDF. A page whose text can't be believed is read by OCR, or gives none and is named as unread.
pub(super) fn lines(
    name: &str,
    bytes: Vec<u8>,
    options: &ReadOptions,
) -> Result<Extracted, ExtractError> {
    let sha256 = sha256(&bytes);
    let watch = options.watch.unwrap_or(&|_| {});
    let document = pdf::watched_pages(bytes, watch, options.given_up)?;
    let classified = classify_pages(document.pages, is_all_by_ocr(options));
    let kinds = classified.kinds.clone();
    let recognised = recognise(classified, document.bytes, options);
    let mut ocr = recognised.ocr;
    ocr.unread.extend_from_slice(options.given_up);
    ocr.unread.sort_by_key(|unread| unread.page);
    let mut laid_out = lay_out(recognised.pages, options.keep_glyphs);
    let n_pages = laid_out.ways_back.len();
    if laid_out.laid.lines.is_empty() {
        refuse_unread(n_pages, &ocr)?;
    }
    let lines = to_lines(&mut laid_out, options.keep_characters);
    let source = Source {
        name: name.to_owned(),
        sha256,
        media_type: "application/pdf".to_owned(),
        n_pages: n_pages as u32,
        kinds,
        metadata: Some(document.metadata),
        ocr: ocr.source.clone(),
    };
    Ok(Extracted {
        source,
        lines,
        laid: Some(laid_out.laid),
        pages: laid_out.glyphs_kept,
        ocr,
        warnings: document.warnings.iter().map(ToString::to_string).collect(),
    })
}

/// Whether OCR is asked to read every page, also those that have text.
fn is_all_by_ocr(options: &ReadOptions) -> bool {
    options
        .ocr
        .is_some_and(|reader| reader.mode == ocr::Mode::Always)
}

/// A PDF without a line can be blank or a drawing; if a page of it could not be read, that is why it has none.
fn refuse_unread(n_pages: usize, ocr: &OcrReport) -> Result<(), ExtractError> {
    match ocr.unread.iter().find(|unread| unread.reason.is_loss()) {
        Some(first) => Err(ExtractError::NoText {
            n_pages,
            why: first.why.clone(),
            reason: first.reason,
        }),
        None => Ok(()),
    }
}

/// The pages of a PDF, and which of them have to be read from their pictures.
struct Classified {
    pages: Vec<Page>,
    kinds: PageKinds,
    /// The pages that OCR has to read, and why. They hold no glyphs and no rulings.
    for_ocr: Vec<(u32, &'static str)>,
    /// The scans with a text layer that is believed.
    searchable: Vec<u32>,
    /// What the pages had that OCR has to read because their text is not believed.
    layers: Vec<Layer>,
}

/// What a page has by the file, which may be better than nothing.
struct Layer {
    page: u32,
    glyphs: Vec<Glyph>,
    rulings: Vec<Ruling>,
}

/// Counts the pages by their kind, and takes from those that OCR has to read what they have of text.
fn classify_pages(mut pages: Vec<Page>, is_all_by_ocr: bool) -> Classified {
    let mut kinds = PageKinds::default();
    let mut for_ocr = Vec::new();
    let mut searchable = Vec::new();
    let mut layers = Vec::new();
    for page in &mut pages {
        let why = why_unreadable(page.kind);
        match page.kind {
            PageKind::Text => kinds.text += 1,
            PageKind::Searchable => {
                kinds.searchable += 1;
                searchable.push(page.number);
            }
            PageKind::Blank => {
                kinds.blank += 1;
                continue;
            }
            PageKind::Image | PageKind::Untrusted(_) => kinds.image += 1,
        }
        if let Some(why) = why.or(is_all_by_ocr.then_some("it is read by OCR as asked")) {
            for_ocr.push((page.number, why));
            let glyphs = std::mem::take(&mut page.glyphs);
            let rulings = std::mem::take(&mut page.rulings);
            if matches!(page.kind, PageKind::Untrusted(_)) && is_in_other_script(&glyphs) {
                layers.push(Layer {
                    page: page.number,
                    glyphs,
                    rulings,
                });
            }
        }
    }
    Classified {
        pages,
        kinds,
        for_ocr,
        searchable,
        layers,
    }
}

/// Whether a text is in letters that the program doesn't read, such as those of Uyghur or Mongolian.
fn is_in_other_script(glyphs: &[Glyph]) -> bool {
    let chars = || glyphs.iter().flat_map(|glyph| glyph.text.chars());
    let is_other = |c: &char| c.is_alphabetic() && !c.is_ascii() && !is_han(*c);
    let n_other = chars().filter(is_other).count();
    let n_printed = chars().filter(|&c| !is_blank(c)).count();
    2 * n_other > n_printed
}

/// Why a page of this kind has no text that can be read without OCR.
fn why_unreadable(kind: PageKind) -> Option<&'static str> {
    match kind {
        PageKind::Text | PageKind::Searchable | PageKind::Blank => None,
        PageKind::Image => Some("it is an image"),
        PageKind::Untrusted(Distrust::NoMapping) => Some("its codes have no characters"),
        PageKind::Untrusted(Distrust::NoWords) => Some("its text makes no words"),
    }
}

/// The pages with the glyphs and rulings that were found in their pictures.
struct PagesRead {
    pages: Vec<Page>,
    ocr: OcrReport,
}

/// Reads the pages that have to be read from their pictures.
fn recognise(classified: Classified, bytes: Arc<Vec<u8>>, options: &ReadOptions) -> PagesRead {
    let Classified {
        mut pages,
        for_ocr,
        searchable,
        layers,
        ..
    } = classified;
    let is_wanted = |page: u32| {
        options
            .pages
            .as_ref()
            .is_none_or(|pages| pages.contains(&page))
    };
    let request = Request {
        bytes: &bytes,
        key: options.ocr.and_then(|reader| reader.key_of_file(&bytes)),
        image_pages: for_ocr
            .into_iter()
            .filter(|(page, _)| is_wanted(*page))
            .collect(),
        searchable_pages: searchable
            .into_iter()
            .filter(|page| is_wanted(*page))
            .collect(),
        watch: options.watch,
    };
    let mut read = ocr::pages(&request, options.ocr, &mut pages);
    restore(layers, &mut pages, &mut read);
    let ocr = OcrReport {
        source: read.source,
        read: pages.iter().filter_map(way_to_user_space).collect(),
        seals: read.seals,
        unread: read.unread,
        coarse: read.coarse,
    };
    PagesRead { pages, ocr }
}

/// Gives pages in another script the text of the file back: what the recogniser makes of it is no better.
fn restore(layers: Vec<Layer>, pages: &mut [Page], read: &mut Recognition) {
    for layer in layers {
        let page = &mut pages[layer.page as usize - 1];
        read.unread.retain(|unread| unread.page != layer.page);
        read.unread.push(Unread {
            page: layer.page,
            reason: UnreadReason::OtherScript,
            why: "its text is in a script that is not read; it stands as the file has it"
                .to_owned(),
        });
        (page.glyphs, page.rulings) = (layer.glyphs, layer.rulings);
    }
}

/// A page that OCR has read, and the way from its straight page to the space of its content.
fn way_to_user_space(page: &Page) -> Option<(u32, [f64; 6])> {
    let way_back = page.straightened?;
    Some((page.number, way_back.to_user_space(page.to_user_space)))
}

/// The document as it is printed, and how its straight pages lie on those that are displayed.
struct LaidOut {
    laid: Laid,
    /// Page by page.
    ways_back: Vec<Option<Straightened>>,
    /// The pages as they were laid out, if they were to be kept.
    glyphs_kept: Vec<Page>,
}

/// Puts what stands on the pages into lines in reading order.
fn lay_out(pages: Vec<Page>, keep_glyphs: bool) -> LaidOut {
    let ways_back = pages.iter().map(|page| page.straightened).collect();
    let glyphs_kept = if keep_glyphs {
        pages.clone()
    } else {
        Vec::new()
    };
    LaidOut {
        laid: layout::lay_out(pages),
        ways_back,
        glyphs_kept,
    }
}

/// Writes the printed lines down, numbered page by page, their places as on the displayed pages. Recognised
/// characters are moved out of the printed lines unless they are to be kept there.
fn to_lines(laid_out: &mut LaidOut, keep_characters: bool) -> Vec<Line> {
    let mut lines = Vec::with_capacity(laid_out.laid.lines.len());
    let (mut page, mut n_on_page) = (0, 0);
    for printed in &mut laid_out.laid.lines {
        if printed.page != page {
            (page, n_on_page) = (printed.page, 0);
        }
        n_on_page += 1;
        lines.push(to_line(
            printed,
            n_on_page,
            laid_out.ways_back[page as usize - 1],
        ));
        if !keep_characters {
            printed.characters = Vec::new();
        }
    }
    lines
}

fn to_line(printed: &PrintedLine, n_on_page: usize, way_back: Option<Straightened>) -> Line {
    let characters: Vec<LineCharacter> = printed
        .characters
        .iter()
        .map(|character| LineCharacter {
            bbox: displayed(character.bbox, way_back),
            confidence: rounded(character.confidence),
            ..character.clone()
        })
        .collect();
    Line {
        id: format!("p{}:{n_on_page}", printed.page),
        page: Some(printed.page),
        text: printed.text.clone(),
        blank_before: 0,
        bbox: Some(displayed(printed.bbox, way_back)),
        confidence: mean_confidence(printed),
        characters,
    }
}

/// How probable the characters of a line are on average; none if it was not recognised.
fn mean_confidence(line: &PrintedLine) -> Option<f32> {
    let confidences = line.characters.iter().map(|c| c.confidence);
    (!line.characters.is_empty())
        .then(|| rounded(confidences.sum::<f32>() / line.characters.len() as f32))
}

/// A box of the straight page as it stands on the displayed one.
fn displayed(bbox: [f32; 4], way_back: Option<Straightened>) -> [f32; 4] {
    way_back
        .map_or(bbox, |way_back| way_back.displayed(bbox))
        .map(rounded)
}

/// To hundredths: of a point nobody sees less, and of a confidence nothing is known more closely.
fn rounded(value: f32) -> f32 {
    (value * 100.0).round() / 100.0
}
