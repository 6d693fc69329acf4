//! The size of a line's type, as far as its characters tell: hanzi stand one em apart, and the lines of one text are of
//! one size, though noise makes a box higher.

use super::page_reading::ReadLine;
use super::recognise::Character;
use crate::numeric::{median, weighted_median};
use language::script::is_han;

/// Gives each line the size that its characters tell, and lines of nearly the usual size that size.
pub fn correct_sizes(lines: &mut [ReadLine]) {
    /// How far sizes differ that are one, as a share of it: those of type are a seventh apart (小四 12, 四号 14, 三号 16
    /// points).
    const SAME: f64 = 0.13;
    for line in lines.iter_mut() {
        line.line_box.em = size_by_characters(line);
    }
    let sizes = lines
        .iter()
        .map(|line| (line.line_box.em, line.characters.len()))
        .collect();
    let usual = weighted_median(sizes).unwrap_or(0.0);
    for line in lines {
        if (line.line_box.em - usual).abs() < SAME * usual {
            line.line_box.em = usual;
        }
    }
}

/// The size of a line's type by how its characters stand.
fn size_by_characters(line: &ReadLine) -> f64 {
    /// The height of figures, in em: 0.66 to 0.75.
    const FIGURE: f64 = 0.72;
    /// The size of type at the most, in the distance of its hanzi.
    const TIGHT: f64 = 1.08;
    /// The size of type at the most, in its share of a long line.
    const TIGHT_LINE: f64 = 1.1;
    /// The length from which a line says something, in em.
    const LONG: f64 = 6.0;
    let characters = &line.characters;
    let mut em = line.line_box.em;
    // Figures alone are lower than their type.
    if !characters.is_empty() && characters.iter().all(|c| is_of_figures(c.text)) {
        em = em.max(line.line_box.height() / FIGURE);
    }
    if let Some(pitch) = pitch(characters) {
        em = em.min(TIGHT * pitch);
    }
    // A long line is as wide as its characters.
    let n_ems: f64 = characters.iter().map(|c| width_in_ems(c.text)).sum();
    if n_ems >= LONG {
        em = em.min(TIGHT_LINE * line.line_box.width() / n_ems);
    }
    em
}

/// How far hanzi stand apart; half-width figures twice as far as they do.
fn pitch(characters: &[Character]) -> Option<f64> {
    /// Distances that say something, at the least: one may be a blank.
    const FEWEST: usize = 2;
    let pitches: Vec<f64> = characters
        .windows(2)
        .filter_map(|pair| {
            let [a, b] = [pair[0], pair[1]];
            let apart = f64::from(b.from + b.to - a.from - a.to) / 2.0;
            if is_han(a.text) && is_han(b.text) {
                Some(apart)
            } else if a.text.is_ascii_digit() && b.text.is_ascii_digit() {
                Some(2.0 * apart)
            } else {
                None
            }
        })
        .collect();
    if pitches.len() < FEWEST {
        return None;
    }
    median(pitches)
}

fn width_in_ems(c: char) -> f64 {
    if c.is_ascii() { 0.5 } else { 1.0 }
}

/// Whether a character stands among figures and is no higher.
fn is_of_figures(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '.' | ',' | '%' | '~' | '～' | '-' | '—' | '+')
}
