//! Ink of a line that no character accounts for. The recogniser passes over small indices, as those of d_fh, that stand
//! low beside large letters; by themselves, filling the picture, it reads them.

use super::find::LineBox;
use super::raster::{Bilevel, Gray};
use super::recognise::{Character, Recogniser};
use language::script::is_han;

/// Ink between two characters of a line that belongs to neither.
#[derive(Debug, Clone, PartialEq)]
struct Gap {
    line: usize,
    /// The character that it stands before.
    before: usize,
    /// In pixels of the page.
    bbox: [usize; 4],
}

/// Reads such ink, and puts what is read there between the characters of its line. `lefts` are where the pictures of
/// the lines begin, in pixels of the page.
pub fn read(
    lines: &[LineBox],
    lefts: &[usize],
    read: &mut [Vec<Character>],
    ink: &Bilevel,
    page: &Gray,
    recogniser: &Recogniser,
) {
    /// Mean confidence: of dirt it is half as much.
    const SURE: f32 = 0.7;
    /// Around the ink, of the em.
    const MARGIN: f64 = 0.08;
    let found = |(n, line): (usize, &LineBox)| gaps(line, n, lefts[n] as f64, &read[n], ink);
    let gaps: Vec<Gap> = lines.iter().enumerate().flat_map(found).collect();
    let picture = |gap: &Gap| {
        let margin = (MARGIN * lines[gap.line].em).round() as usize;
        let [x0, y0, x1, y1] = gap.bbox;
        page.crop([
            x0.saturating_sub(margin),
            y0.saturating_sub(margin),
            x1 + margin,
            y1 + margin,
        ])
    };
    let pictures: Vec<Gray> = gaps.iter().map(picture).collect();
    // From the last on, so that the places of those before hold.
    for (gap, mut characters) in gaps.iter().zip(recogniser.lines(&pictures)).rev() {
        let mean = characters.iter().map(|c| c.confidence).sum::<f32>() / characters.len() as f32;
        if characters.is_empty() || mean < SURE {
            continue;
        }
        let [x0, x1] = [gap.bbox[0], gap.bbox[2]].map(|x| x as f32 - lefts[gap.line] as f32);
        let wide = (x1 - x0) / characters.len() as f32;
        for (n, c) in characters.iter_mut().enumerate() {
            (c.from, c.to) = (x0 + wide * n as f32, x0 + wide * (n + 1) as f32);
        }
        read[gap.line].splice(gap.before..gap.before, characters);
    }
}

fn gaps(line: &LineBox, n: usize, left: f64, characters: &[Character], ink: &Bilevel) -> Vec<Gap> {
    /// All of the em: between the characters, and of the ink.
    const NARROWEST: f64 = 0.3;
    const SMALLEST: [f64; 2] = [0.2, 0.25];
    /// How far the ink may reach under a neighbour.
    const OVER: f64 = 0.15;
    let em = line.em.max(1.0);
    let [_, y0, _, y1] = line.bbox.map(|at| at.min(ink.height));
    let half = |c: &Character| {
        if is_han(c.text) || !c.text.is_ascii() {
            0.5 * em
        } else {
            0.2 * em
        }
    };
    let centre = |c: &Character| left + f64::from(c.from + c.to) / 2.0;
    let shown: Vec<(usize, &Character)> = characters
        .iter()
        .enumerate()
        .filter(|(_, c)| !c.text.is_whitespace())
        .collect();
    let between = |pair: &[(usize, &Character)]| {
        let (a, b) = (pair[0].1, pair[1].1);
        // Capitals are wider than their place.
        if a.text.is_ascii_alphabetic() && b.text.is_ascii_alphabetic() {
            return None;
        }
        let (from, to) = (centre(a) + half(a), centre(b) - half(b));
        if to - from < NARROWEST * em {
            return None;
        }
        let columns = (centre(a) as usize).min(ink.width)..(centre(b) as usize).min(ink.width);
        let has_ink = |x: usize| (y0..y1).any(|y| ink.row(y)[x] == 1);
        // Stretches of columns with ink that reach neither character.
        let inked: Vec<usize> = columns.clone().filter(|&x| has_ink(x)).collect();
        let stretches = inked
            .chunk_by(|a, b| a + 1 == *b)
            .map(|stretch| (stretch[0], stretch[stretch.len() - 1] + 1));
        let is_inside = |&(start, end): &(usize, usize)| {
            start > columns.start
                && end < columns.end
                && start as f64 >= from - OVER * em
                && end as f64 <= to + OVER * em
        };
        let (x0, x1) = stretches.filter(is_inside).reduce(|a, b| (a.0, b.1))?;
        let mut rows = (y0..y1).filter(|&y| ink.row(y)[x0..x1].contains(&1));
        let top = rows.next()?;
        let bottom = rows.next_back().unwrap_or(top) + 1;
        let is_large =
            (x1 - x0) as f64 >= SMALLEST[0] * em && (bottom - top) as f64 >= SMALLEST[1] * em;
        is_large.then_some(Gap {
            line: n,
            before: pair[1].0,
            bbox: [x0, top, x1, bottom],
        })
    };
    shown.windows(2).filter_map(between).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ink_that_is_no_characters_own_is_a_gap() {
        let line = LineBox {
            bbox: [0, 0, 200, 60],
            em: 50.0,
        };
        let character = |text: char, at: f32| Character {
            text,
            confidence: 1.0,
            runner_up: None,
            digit: None,
            from: at - 5.0,
            to: at + 5.0,
        };
        let characters = [
            character('县', 30.0),
            character('d', 70.0),
            character('=', 140.0),
        ];
        let mut ink = Bilevel {
            width: 200,
            height: 60,
            ink: vec![0; 200 * 60],
        };
        let mut draw = |x: std::ops::Range<usize>, y: std::ops::Range<usize>| {
            for y in y {
                ink.ink[y * 200 + x.start..y * 200 + x.end].fill(1);
            }
        };
        draw(6..54, 5..55);
        draw(62..78, 10..50);
        draw(130..150, 25..35);
        // An index of two letters, and a thread.
        draw(86..92, 35..56);
        draw(96..106, 38..55);
        draw(120..122, 0..60);
        let found = gaps(&line, 0, 0.0, &characters, &ink);
        assert_eq!(
            found,
            [Gap {
                line: 0,
                before: 2,
                bbox: [86, 0, 122, 60]
            }]
        );
    }
}
