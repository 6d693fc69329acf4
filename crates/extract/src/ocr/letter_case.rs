//! Letters whose capital looks like the small one: which of the two they are.

use super::ink_profile::InkProfile;
use super::page_reading::ReadLine;
use super::recognise::Character;

/// Makes those letters capitals that are as high as the figures, capitals and tall letters beside them; the others are
/// small. Of an index like that of G with SO₂ the recogniser can't tell, as it sees no more than its line.
pub fn correct_case(line: &mut ReadLine, profile: &InkProfile) {
    for n in 0..line.characters.len() {
        let c = line.characters[n].text;
        if is_alike_in_both_cases(c) && is_as_high_as_capitals(n, line, profile) {
            line.characters[n].text = c.to_ascii_uppercase();
            line.characters[n].recognised.runner_up = Some(c);
        }
    }
}

/// Whether the letter is as high as the nearest high character of its word that stands on the same baseline.
fn is_as_high_as_capitals(n: usize, line: &ReadLine, profile: &InkProfile) -> bool {
    /// The height from which a letter is a capital, in that of a capital: a small one has 0.7.
    const CAPITAL: f64 = 0.87;
    /// How far two characters on one baseline end apart, in em.
    const LEVEL: f64 = 0.06;
    let Some((top, bottom)) = profile.rows(n) else {
        return false;
    };
    let height_on_baseline = |i: usize| {
        let (other_top, other_bottom) = profile.rows(i)?;
        let is_level = other_bottom.abs_diff(bottom) as f64 <= LEVEL * line.line_box.em;
        is_level.then_some(other_bottom - other_top)
    };
    let nearest = word(&line.characters, n)
        .filter(|&i| is_high(line.characters[i].text))
        .filter_map(|i| Some((i.abs_diff(n), height_on_baseline(i)?)))
        .min_by_key(|(distance, _)| *distance);
    nearest.is_some_and(|(_, height)| (bottom - top) as f64 >= CAPITAL * height as f64)
}

/// The letters and figures around a character.
fn word(characters: &[Character], n: usize) -> std::ops::Range<usize> {
    let is_outside = |c: &Character| !c.text.is_ascii_alphanumeric() && !is_subscript(c.text);
    let first = characters[..n]
        .iter()
        .rposition(is_outside)
        .map_or(0, |before| before + 1);
    let end = characters[n..]
        .iter()
        .position(is_outside)
        .map_or(characters.len(), |behind| n + behind);
    first..end
}

fn is_alike_in_both_cases(c: char) -> bool {
    matches!(c, 'c' | 'o' | 's' | 'u' | 'v' | 'w' | 'x' | 'z')
}

/// Whether a character is as high as a capital.
fn is_high(c: char) -> bool {
    c.is_ascii_digit()
        || is_subscript(c)
        || c.is_ascii_uppercase()
        || matches!(c, 'b' | 'd' | 'f' | 'h' | 'k' | 'l')
}

fn is_subscript(c: char) -> bool {
    ('₀'..='₉').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::super::test_page::read_line;
    use super::*;
    use crate::raster::Bilevel;

    #[test]
    fn a_letter_as_high_as_the_figure_beside_it_is_a_capital() {
        // Three letters and a figure; the middle letter is small, and the last stands on another line.
        let draw = |tops: [usize; 3], bottom: usize| {
            let mut ink = Bilevel::blank(200, 200);
            for (n, top) in tops.into_iter().chain([60]).enumerate() {
                let bottom = if n == 2 { bottom } else { 95 };
                for y in top..bottom {
                    ink.ink[y * 200 + 10 + 30 * n..y * 200 + 25 + 30 * n].fill(1);
                }
            }
            ink
        };
        let read = |ink: Bilevel| -> String {
            let mut line = read_line([0, 50, 150, 110], 50.0, "sox2", [18.0, 30.0]);
            let profile = InkProfile::new(&line, &ink);
            correct_case(&mut line, &profile);
            line.characters.iter().map(|c| c.text).collect()
        };
        assert_eq!(read(draw([60, 71, 60], 95)), "SoX2");
        assert_eq!(read(draw([71, 60, 70], 105)), "sOx2");
    }
}
