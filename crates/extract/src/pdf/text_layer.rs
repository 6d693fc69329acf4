//! The text layer of a page: what the page is to a reader of text, and whether its text can be believed.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::fonts::UNKNOWN;
use crate::page::{Distrust, Glyph, Image, Page, PageKind};
use language::script::{is_blank, is_cjk_punctuation, is_han};
use language::words;

/// Of the glyphs without a character, how many make the page unread: a bullet or two don't.
const MOST_UNKNOWN: f64 = 0.05;

/// Of the page, how much an image covers that is the page itself. Scans cut at the margin cover 0.8 and more.
const LEAST_COVER: f64 = 0.5;

/// Characters over an image that are not its text: a stamp of the scanning program, a page number.
const FEWEST_CHARS: usize = 25;

/// The same where they are seen and the image fills the page: a running head and an address printed over a scan.
const FEWEST_OVER_FULL: usize = 100;
const FULL_COVER: f64 = 0.85;

/// Fewer characters than this say nothing about the text they are from.
const LEAST_SAMPLE: usize = 30;

/// Of the characters, how many may be such as no gazette prints.
const MOST_STRANGE: f64 = 0.15;

/// Of the Chinese characters, how many stand in words of two and more: 0.48 and more on 4,900 pages of documents and
/// tables, at most 0.12 where the same characters are shuffled.
const LEAST_IN_WORDS: f64 = 0.18;

/// Numbers with a letter for a digit, in a thousand characters of the recognised pages: 5.5 in a bad layer, 0.1 in one
/// with 2,095 errors of other kinds in 66,000 characters.
const MOST_MISREAD: f64 = 0.8;

/// Numbers that a recogniser spoilt, in all recognised pages: one or two say nothing of a layer.
const FEWEST_MISREAD: usize = 3;

/// Says of each page of a document what it is; `n_outlines` of each are curved shapes, which may be text without fonts.
pub fn classify_pages(pages: &mut [Page], n_outlines: &[usize]) {
    let classified: Vec<(PageKind, TextStats)> = pages
        .iter()
        .zip(n_outlines)
        .map(|(page, &n)| classify(page, n))
        .collect();
    let is_bad = is_misread(&classified);
    for (page, (kind, stats)) in pages.iter_mut().zip(classified) {
        let is_distrusted = is_bad && kind == PageKind::Searchable && stats.n_chars > 0;
        page.kind = if is_distrusted {
            PageKind::Untrusted(Distrust::NoWords)
        } else {
            kind
        };
    }
}

/// Whether a bad recogniser made the text under the scans: one made all of it, and a page with three numbers says
/// little of it.
fn is_misread(classified: &[(PageKind, TextStats)]) -> bool {
    let (n_misread, n_chars) = classified
        .iter()
        .filter(|(kind, _)| *kind == PageKind::Searchable)
        .fold((0, 0), |(misread, chars), (_, stats)| {
            (misread + stats.n_misread, chars + stats.n_chars)
        });
    n_misread >= FEWEST_MISREAD && n_misread as f64 > MOST_MISREAD / 1000.0 * n_chars as f64
}

/// What one page is, and the measures of its text where they were taken.
fn classify(page: &Page, n_outlines: usize) -> (PageKind, TextStats) {
    let printed: Vec<&Glyph> = page
        .glyphs
        .iter()
        .filter(|g| !g.text.chars().all(is_blank))
        .collect();
    if let Some(kind) = kind_by_glyphs(page, &printed, n_outlines) {
        return (kind, TextStats::default());
    }
    let stats = TextStats::measure(&text(&printed));
    let kind = if stats.is_garbage() {
        PageKind::Untrusted(Distrust::NoWords)
    } else if is_hidden(&printed) && cover(page, &page.images) >= LEAST_COVER {
        PageKind::Searchable
    } else {
        PageKind::Text
    };
    (kind, stats)
}

/// What a page is that has no text to measure: too few glyphs, or too many without characters.
fn kind_by_glyphs(page: &Page, printed: &[&Glyph], n_outlines: usize) -> Option<PageKind> {
    if printed.is_empty() {
        let is_drawn = !page.images.is_empty() || n_outlines >= FEWEST_CHARS;
        return Some(if is_drawn {
            PageKind::Image
        } else {
            PageKind::Blank
        });
    }
    let cover = cover(page, &page.images);
    let is_stamp = cover >= LEAST_COVER && printed.len() < FEWEST_CHARS;
    let is_head = cover >= FULL_COVER && !is_hidden(printed) && printed.len() < FEWEST_OVER_FULL;
    if is_stamp || is_head {
        return Some(PageKind::Image);
    }
    let n_unknown = printed.iter().filter(|g| g.text.contains(UNKNOWN)).count();
    (n_unknown as f64 > MOST_UNKNOWN * printed.len() as f64)
        .then_some(PageKind::Untrusted(Distrust::NoMapping))
}

/// Whether most of the glyphs are not seen.
fn is_hidden(printed: &[&Glyph]) -> bool {
    2 * printed.iter().filter(|g| g.hidden).count() > printed.len()
}

/// The part of a page that its images cover, of 0 to 1.
fn cover(page: &Page, images: &[Image]) -> f64 {
    const N: usize = 16;
    let at = |i: usize, size: f32| (i as f32 + 0.5) / N as f32 * size;
    let points = (0..N * N).map(|i| (at(i % N, page.width), at(i / N, page.height)));
    let covered = |&(x, y): &(f32, f32)| {
        images.iter().any(|image| {
            (image.bbox[0]..=image.bbox[2]).contains(&x)
                && (image.bbox[1]..=image.bbox[3]).contains(&y)
        })
    };
    points.filter(covered).count() as f64 / (N * N) as f64
}

/// The page's text in the order of its file, a new line where the writing jumps.
fn text(glyphs: &[&Glyph]) -> String {
    /// What parts two words on a line, of the type size.
    const WORD_GAP: f32 = 0.2;
    let mut text = String::new();
    let mut last: Option<&Glyph> = None;
    for glyph in glyphs {
        if let Some(last) = last {
            let em = em(glyph);
            if jumps(last, glyph) {
                text.push('\n');
            } else if glyph.bbox[0] - last.bbox[2] > WORD_GAP * em {
                text.push(' ');
            }
        }
        text.push_str(&glyph.text);
        last = Some(glyph);
    }
    text
}

/// The type size of a glyph; of one without extent, a point.
fn em(glyph: &Glyph) -> f32 {
    glyph.size.max(1.0)
}

/// Whether a glyph does not go on where the last one ended, along its own direction of writing.
fn jumps(last: &Glyph, glyph: &Glyph) -> bool {
    /// How far a baseline may move within a line, and how far writing goes back for a kern, of the type size.
    const ASIDE: f32 = 0.5;
    /// How wide a space within a line may be, of the type size.
    const AHEAD: f32 = 1.5;
    /// Quarter turns of a line that is read upwards.
    const UPWARDS: u8 = 3;
    let em = em(glyph);
    if glyph.vertical || glyph.turn % 2 == 1 {
        let gap = if glyph.turn == UPWARDS {
            last.bbox[1] - glyph.bbox[3]
        } else {
            glyph.bbox[1] - last.bbox[3]
        };
        (glyph.bbox[0] - last.bbox[0]).abs() > ASIDE * em || gap.abs() > AHEAD * em
    } else {
        let gap = glyph.bbox[0] - last.bbox[2];
        let is_beside = (glyph.bbox[3] - last.bbox[3]).abs() <= ASIDE * em
            && (-ASIDE * em..AHEAD * em).contains(&gap);
        !is_beside && !glyph.stands_under(last)
    }
}

/// A number that a recogniser spoilt: `20I5`, `Z0l5`, `2oi6`, `I418`.
static MISREAD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:[0-9]+[IlOoiZzq]+[0-9]+[IlOoiZq0-9]*|[IlZ][0-9]+|[Il][oO]|[0-9]+[IlO])(?-u:\b)|20[0-9]?[丁竹历][0-9]?年")
        .expect("a pattern")
});

/// What tells text from garbage.
#[derive(Debug, Clone, Default, PartialEq)]
struct TextStats {
    /// Characters that are not blank.
    n_chars: usize,
    n_han: usize,
    /// Neither Latin nor Chinese in use, of all characters.
    strange: f64,
    /// Of the Chinese characters, those in words of two and more.
    in_words: f64,
    /// Numbers with a letter for a digit.
    n_misread: usize,
}

impl TextStats {
    fn measure(text: &str) -> Self {
        /// Of the Chinese characters, one in so many outside GB 2312 says that a text is in traditional ones.
        const TRADITIONAL: usize = 10;
        let (mut n_chars, mut n_han) = (0, 0);
        for c in text.chars().filter(|&c| !is_blank(c)) {
            n_chars += 1;
            n_han += usize::from(is_han(c));
        }
        // Text in traditional characters is judged by the simplified ones.
        let text = if words::count_outside_gb2312(text) * TRADITIONAL > n_han {
            Cow::Owned(words::to_simplified(text))
        } else {
            Cow::Borrowed(text)
        };
        let n_strange = text
            .chars()
            .filter(|&c| !is_blank(c) && is_strange(c))
            .count();
        Self {
            n_chars,
            n_han,
            strange: share(n_strange, n_chars),
            in_words: share(words::count_in_words(&text), n_han),
            n_misread: MISREAD.find_iter(&text).count(),
        }
    }

    /// Whether it is no text that anybody wrote.
    fn is_garbage(&self) -> bool {
        self.n_chars >= LEAST_SAMPLE
            && (self.strange > MOST_STRANGE
                || self.n_han >= LEAST_SAMPLE && self.in_words < LEAST_IN_WORDS)
    }
}

fn share(n: usize, total: usize) -> f64 {
    if total == 0 {
        0.0
    } else {
        n as f64 / total as f64
    }
}

/// Neither of a European alphabet, nor of GB 2312, nor a mark or symbol that documents use.
fn is_strange(c: char) -> bool {
    match c {
        '\u{20}'..='\u{7e}' | '\u{a0}'..='\u{24f}' => false,
        'Α'..='ω' | 'А'..='я' => false,
        '\u{2010}'..='\u{203b}'
        | '\u{2080}'..='\u{208e}'
        | '\u{2070}'..='\u{2079}'
        | '\u{20ac}' => false,
        '\u{2100}'..='\u{22ff}' | '\u{2460}'..='\u{24ff}' | '\u{2500}'..='\u{27bf}' => false,
        '\u{3000}'..='\u{303f}' | '\u{3200}'..='\u{33ff}' | '\u{ff00}'..='\u{ffe6}' => false,
        // Pictures of symbol fonts: bullets, ticked boxes.
        '\u{f000}'..='\u{f0ff}' => false,
        c if is_han(c) => {
            words::only_traditional(c) || !('\u{4e00}'..='\u{9fa5}').contains(&c) && c != '〇'
        }
        c => !is_cjk_punctuation(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_believed() {
        for text in [
            "各乡（镇）人民政府、县直各有关单位：为认真贯彻落实省、市安全生产工作会议精神，现就做好2023年安全生产工作通知如下。",
            "O Instituto Euvaldo Lodi lança na próxima quinta-feira o programa de capacitação das empresas.",
            "中華人民共和國澳門特別行政區行政長官行使職權，根據行政程序法典作出本批示，並自公佈之日起生效。",
            "单位：万元 1 2 3 4 5 6 7 8 1,234.5 677.9 2.3 100% 23.1% 45,678.90 -12.3 合计 小计",
        ] {
            assert!(
                !TextStats::measure(text).is_garbage(),
                "{text}: {:?}",
                TextStats::measure(text)
            );
        }
    }

    #[test]
    fn garbage_is_not() {
        for text in [
            "丐丒丗丟並乂乊乑乗乚乢乤乧乨乪乫乬乭乮乯乲乴乵乶乷乸乹乺乻乼乽乿亀亁",
            "癿一丘会癿，丞丂丕且丑丒専且丏丘丙业丛东丝丞丟両丣两严並丧丨丩个丫丬",
        ] {
            assert!(
                TextStats::measure(text).is_garbage(),
                "{text}: {:?}",
                TextStats::measure(text)
            );
        }
    }
}
