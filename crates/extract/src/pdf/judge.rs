//! What a page is to a reader of text, and whether its text can be believed.

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

/// Judges the pages of a document; `n_outlines` of each are curved shapes, which may be text without fonts.
pub fn kinds(pages: &mut [Page], n_outlines: &[usize]) {
    let judged: Vec<_> = pages
        .iter()
        .zip(n_outlines)
        .map(|(page, &n)| judge(page, n))
        .collect();
    // One recogniser made the text under all the scans, and a page with three numbers says little of it.
    let recognised = judged
        .iter()
        .filter(|(kind, _)| *kind == PageKind::Searchable)
        .map(|(_, e)| e);
    let (n_misread, n_chars) =
        recognised.fold((0, 0), |(m, n), e| (m + e.n_misread, n + e.n_chars));
    let is_bad = n_misread > 2 && n_misread as f64 > MOST_MISREAD / 1000.0 * n_chars as f64;
    for (page, (kind, evidence)) in pages.iter_mut().zip(judged) {
        let distrusted = is_bad && kind == PageKind::Searchable && evidence.n_chars > 0;
        page.kind = if distrusted {
            PageKind::Untrusted(Distrust::NoWords)
        } else {
            kind
        };
    }
}

fn judge(page: &Page, n_outlines: usize) -> (PageKind, Evidence) {
    let printed: Vec<&Glyph> = page
        .glyphs
        .iter()
        .filter(|g| !g.text.chars().all(is_blank))
        .collect();
    let cover = cover(page, &page.images);
    if printed.is_empty() {
        let is_drawn = !page.images.is_empty() || n_outlines >= FEWEST_CHARS;
        return (
            if is_drawn {
                PageKind::Image
            } else {
                PageKind::Blank
            },
            Evidence::default(),
        );
    }
    let n_hidden = printed.iter().filter(|g| g.hidden).count();
    let is_hidden = 2 * n_hidden > printed.len();
    if cover >= LEAST_COVER && printed.len() < FEWEST_CHARS
        || cover >= FULL_COVER && !is_hidden && printed.len() < FEWEST_OVER_FULL
    {
        return (PageKind::Image, Evidence::default());
    }
    let n_unknown = printed.iter().filter(|g| g.text.contains(UNKNOWN)).count();
    if n_unknown as f64 > MOST_UNKNOWN * printed.len() as f64 {
        return (
            PageKind::Untrusted(Distrust::NoMapping),
            Evidence::default(),
        );
    }
    let evidence = Evidence::of(&text(&printed));
    if evidence.is_damning() {
        return (PageKind::Untrusted(Distrust::NoWords), evidence);
    }
    let is_recognised = cover >= LEAST_COVER && is_hidden;
    (
        if is_recognised {
            PageKind::Searchable
        } else {
            PageKind::Text
        },
        evidence,
    )
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
pub fn text(glyphs: &[&Glyph]) -> String {
    let mut text = String::new();
    let mut last: Option<&Glyph> = None;
    for glyph in glyphs {
        if let Some(last) = last {
            let em = glyph.size.max(1.0);
            let jumps = if glyph.vertical || glyph.turn % 2 == 1 {
                let gap = if glyph.turn == 3 {
                    last.bbox[1] - glyph.bbox[3]
                } else {
                    glyph.bbox[1] - last.bbox[3]
                };
                (glyph.bbox[0] - last.bbox[0]).abs() > 0.5 * em || gap.abs() > 1.5 * em
            } else {
                (glyph.bbox[3] - last.bbox[3]).abs() > 0.5 * em
                    || !(-0.5 * em..1.5 * em).contains(&(glyph.bbox[0] - last.bbox[2]))
            };
            if jumps {
                text.push('\n');
            } else if glyph.bbox[0] - last.bbox[2] > 0.2 * em {
                text.push(' ');
            }
        }
        text.push_str(&glyph.text);
        last = Some(glyph);
    }
    text
}

/// A number that a recogniser spoilt: `20I5`, `Z0l5`, `2oi6`, `I418`.
static MISREAD: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:[0-9]+[IlOoiZzq]+[0-9]+[IlOoiZq0-9]*|[IlZ][0-9]+|[Il][oO]|[0-9]+[IlO])(?-u:\b)|20[0-9]?[丁竹历][0-9]?年")
        .expect("a pattern")
});

/// What tells text from garbage.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    /// Characters that are not blank.
    pub n_chars: usize,
    pub n_han: usize,
    /// Neither Latin nor Chinese in use, of all characters.
    pub strange: f64,
    /// Of the Chinese characters, those in words of two and more.
    pub in_words: f64,
    /// Numbers with a letter for a digit.
    pub n_misread: usize,
}

impl Evidence {
    pub fn of(text: &str) -> Self {
        let chars: Vec<char> = text.chars().filter(|&c| !is_blank(c)).collect();
        let n_han = chars.iter().filter(|&&c| is_han(c)).count();
        let n_chars = chars.len();
        let share = |n: usize, of: usize| if of == 0 { 0.0 } else { n as f64 / of as f64 };
        // Text in traditional characters is judged by the simplified ones.
        let is_traditional = words::count_outside_gb2312(text) * 10 > n_han;
        let simplified = if is_traditional {
            words::to_simplified(text)
        } else {
            String::new()
        };
        let text = if is_traditional { &simplified } else { text };
        Self {
            n_chars,
            n_han,
            strange: share(
                text.chars()
                    .filter(|&c| !is_blank(c) && is_strange(c))
                    .count(),
                n_chars,
            ),
            in_words: share(words::count_in_words(text), n_han),
            n_misread: MISREAD.find_iter(text).count(),
        }
    }

    fn is_damning(&self) -> bool {
        self.n_chars >= LEAST_SAMPLE
            && (self.strange > MOST_STRANGE
                || self.n_han >= LEAST_SAMPLE && self.in_words < LEAST_IN_WORDS)
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
                !Evidence::of(text).is_damning(),
                "{text}: {:?}",
                Evidence::of(text)
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
                Evidence::of(text).is_damning(),
                "{text}: {:?}",
                Evidence::of(text)
            );
        }
    }
}
