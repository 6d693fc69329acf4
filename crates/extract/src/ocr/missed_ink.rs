//! Missed ink: ink of a line that no character accounts for. The recogniser passes over small indices, as those of d_fh,
//! that stand low beside large letters; by themselves, filling the picture, it reads them.

use std::ops::Range;

use super::page_reading::ReadLine;
use super::recognise::{Character, Recogniser};
use crate::confidence::MISSED_INK;
use crate::raster::{Bilevel, Gray};
use language::script::is_han;

/// Ink between two characters of a line that belongs to neither.
#[derive(Debug, Clone, PartialEq)]
struct Gap {
    /// The character that it stands before.
    before: usize,
    /// In pixels of the page.
    bbox: [usize; 4],
}

/// Reads such ink, and puts what is read there between the characters of its line.
pub fn read_missed_ink(
    lines: &mut [ReadLine],
    ink: &Bilevel,
    page: &Gray,
    recogniser: &Recogniser,
) {
    let mut gaps: Vec<(usize, Gap)> = Vec::new();
    for (line, read) in lines.iter().enumerate() {
        gaps.extend(self::gaps(read, ink).into_iter().map(|gap| (line, gap)));
    }
    let pictures: Vec<Gray> = gaps
        .iter()
        .map(|(line, gap)| picture(gap, lines[*line].line_box.em, page))
        .collect();
    // From the last on, so that the places of those before hold.
    for ((line, gap), characters) in gaps.iter().zip(recogniser.lines(&pictures)).rev() {
        let n = characters.len() as f32;
        let confidence: f32 = characters.iter().map(|c| c.recognised.confidence).sum();
        if !characters.is_empty() && confidence / n >= MISSED_INK {
            insert(&mut lines[*line], gap, characters);
        }
    }
}

/// The ink, with a margin.
fn picture(gap: &Gap, em: f64, page: &Gray) -> Gray {
    /// The margin around the ink, in em.
    const MARGIN: f64 = 0.08;
    let margin = (MARGIN * em).round() as usize;
    let [x0, y0, x1, y1] = gap.bbox;
    page.crop([
        x0.saturating_sub(margin),
        y0.saturating_sub(margin),
        x1 + margin,
        y1 + margin,
    ])
}

/// Puts characters into a gap, side by side.
fn insert(line: &mut ReadLine, gap: &Gap, mut characters: Vec<Character>) {
    let [x0, x1] = [gap.bbox[0], gap.bbox[2]].map(|x| x as f32 - line.left as f32);
    let wide = (x1 - x0) / characters.len() as f32;
    for (n, c) in characters.iter_mut().enumerate() {
        (c.from, c.to) = (x0 + wide * n as f32, x0 + wide * (n + 1) as f32);
    }
    line.characters.splice(gap.before..gap.before, characters);
}

/// The gaps of a line, from left to right.
fn gaps(line: &ReadLine, ink: &Bilevel) -> Vec<Gap> {
    let shown: Vec<(usize, &Character)> = line
        .characters
        .iter()
        .enumerate()
        .filter(|(_, c)| !c.text.is_whitespace())
        .collect();
    shown
        .windows(2)
        .filter_map(|pair| {
            Some(Gap {
                before: pair[1].0,
                bbox: ink_between(pair[0].1, pair[1].1, line, ink)?,
            })
        })
        .collect()
}

/// The box of the ink between two characters that neither reaches, if it is large enough for a character.
fn ink_between(a: &Character, b: &Character, line: &ReadLine, ink: &Bilevel) -> Option<[usize; 4]> {
    // In em.
    /// The blank between two characters that may hold a third.
    const NARROWEST: f64 = 0.3;
    /// The width and height of ink that may be a character.
    const SMALLEST: [f64; 2] = [0.2, 0.25];
    /// How far the ink may reach under a neighbour.
    const OVER: f64 = 0.15;
    // Capitals are wider than their place.
    if a.text.is_ascii_alphabetic() && b.text.is_ascii_alphabetic() {
        return None;
    }
    let em = line.line_box.em.max(1.0);
    let [_, y0, _, y1] = line.line_box.bbox.map(|at| at.min(ink.height));
    let (centre_a, centre_b) = (a.centre(line.left), b.centre(line.left));
    let (from, to) = (centre_a + half_width(a, em), centre_b - half_width(b, em));
    if to - from < NARROWEST * em {
        return None;
    }
    let columns = (centre_a as usize).min(ink.width)..(centre_b as usize).min(ink.width);
    let stretches = inked_stretches(columns.clone(), y0..y1, ink);
    let is_inside = |stretch: &&Range<usize>| {
        stretch.start > columns.start
            && stretch.end < columns.end
            && stretch.start as f64 >= from - OVER * em
            && stretch.end as f64 <= to + OVER * em
    };
    let mut inside = stretches.iter().filter(is_inside);
    let first = inside.next()?;
    let (x0, x1) = (first.start, inside.next_back().unwrap_or(first).end);
    let mut rows = (y0..y1).filter(|&y| ink.row(y)[x0..x1].contains(&1));
    let top = rows.next()?;
    let bottom = rows.next_back().unwrap_or(top) + 1;
    let is_large =
        (x1 - x0) as f64 >= SMALLEST[0] * em && (bottom - top) as f64 >= SMALLEST[1] * em;
    is_large.then_some([x0, top, x1, bottom])
}

/// How far the ink of a character surely reaches from its centre.
fn half_width(c: &Character, em: f64) -> f64 {
    if is_han(c.text) || !c.text.is_ascii() {
        0.5 * em
    } else {
        0.2 * em
    }
}

/// The stretches of columns that have ink in these rows.
fn inked_stretches(columns: Range<usize>, rows: Range<usize>, ink: &Bilevel) -> Vec<Range<usize>> {
    let inked: Vec<usize> = columns
        .filter(|&x| rows.clone().any(|y| ink.row(y)[x] == 1))
        .collect();
    inked
        .chunk_by(|a, b| a + 1 == *b)
        .map(|stretch| stretch[0]..stretch[stretch.len() - 1] + 1)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::line_box::LineBox;
    use super::*;
    use crate::page::Recognised;

    #[test]
    fn ink_that_is_no_characters_own_is_a_gap() {
        let character = |text: char, at: f32| Character {
            text,
            recognised: Recognised::CERTAIN,
            from: at - 5.0,
            to: at + 5.0,
        };
        let line = ReadLine {
            line_box: LineBox {
                bbox: [0, 0, 200, 60],
                em: 50.0,
            },
            left: 0,
            characters: vec![
                character('县', 30.0),
                character('d', 70.0),
                character('=', 140.0),
            ],
        };
        let mut ink = Bilevel::blank(200, 60);
        let mut draw = |x: std::ops::Range<usize>, y: std::ops::Range<usize>| {
            for y in y {
                ink.ink[y * 200 + x.start..y * 200 + x.end].fill(1);
            }
        };
        draw(6..54, 5..55);
        draw(62..78, 10..50);
        draw(130..150, 25..35);
        // An index of two letters, and a streak.
        draw(86..92, 35..56);
        draw(96..106, 38..55);
        draw(120..122, 0..60);
        let found = gaps(&line, &ink);
        assert_eq!(
            found,
            [Gap {
                before: 2,
                bbox: [86, 0, 122, 60]
            }]
        );
    }
}
