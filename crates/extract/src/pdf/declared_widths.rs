//! Fonts that declare one em for every glyph, as Founder's (方正) do for digits and Latin letters: where the next glyph of the
//! line begins says how wide they are.

use std::collections::HashMap;

use crate::page::Glyph;

/// A glyph of a digit or a letter that is so wide, in em, may be declared wrong.
const ONE_EM: f32 = 0.95;
/// Where the next glyph begins, in em: nearer than the first it is painted over the glyph, farther than the second the glyph
/// is as wide as declared.
const NEXT: std::ops::RangeInclusive<f32> = 0.15..=0.85;
/// Where the next glyph begins behind a mark of punctuation, in em: such fonts set a point so far right of its origin that
/// the next digit begins with it.
const NEXT_OF_MARK: std::ops::RangeInclusive<f32> = 0.02..=0.85;
/// Width of a digit or a letter with nothing near behind it, in em.
const USUAL: f32 = 0.5;
/// Glyphs of a font whose next one stands that near, and their part of those with one behind them.
const ENOUGH: usize = 3;
const PART: usize = 2;
/// Heights of one baseline, in em.
const SAME_LINE: f32 = 0.25;

/// Narrows the glyphs of fonts that declare too much.
pub fn correct(glyphs: &mut [Glyph]) {
    if !glyphs.iter().any(is_wide) {
        return;
    }
    let advances = advances(glyphs);
    let mut fonts: HashMap<u16, (usize, usize)> = HashMap::new();
    for (i, glyph) in glyphs.iter().enumerate() {
        let Some(&advance) = advances.get(&i) else {
            continue;
        };
        let (n_near, n_all) = fonts.entry(glyph.font).or_default();
        if is_wide(glyph) {
            *n_near += usize::from(NEXT.contains(&advance));
            *n_all += usize::from(advance <= 1.0);
        }
    }
    let is_wrong = |font: u16| {
        fonts
            .get(&font)
            .is_some_and(|&(near, all)| near >= ENOUGH && PART * near >= all)
    };
    for (i, glyph) in glyphs.iter_mut().enumerate() {
        if is_one_em(glyph) && is_wrong(glyph.font) {
            let width = width(glyph, advances.get(&i).copied());
            glyph.bbox[2] = glyph.bbox[0] + width * glyph.size;
        }
    }
}

/// How wide a glyph of a font that declares too much is, in em: as far as to the next one, if that is near.
fn width(glyph: &Glyph, advance: Option<f32>) -> f32 {
    let is_ascii = glyph.text.is_ascii();
    let is_mark = !is_ascii || glyph.text.chars().all(|c| c.is_ascii_punctuation());
    let near = if is_mark { NEXT_OF_MARK } else { NEXT };
    let declared = (glyph.bbox[2] - glyph.bbox[0]) / glyph.size;
    advance
        .filter(|advance| near.contains(advance))
        .unwrap_or(if is_ascii { USUAL } else { declared })
}

/// A glyph as wide as a hanzi that may be narrower than declared.
fn is_one_em(glyph: &Glyph) -> bool {
    is_wide(glyph) || is_pause(glyph)
}

/// A digit, a Latin letter or an ASCII mark as wide as a hanzi.
fn is_wide(glyph: &Glyph) -> bool {
    is_level_em(glyph) && glyph.text.chars().all(|c| c.is_ascii_graphic())
}

/// A pause as wide as a hanzi: one of a font that declares too much may be set in half of that.
fn is_pause(glyph: &Glyph) -> bool {
    is_level_em(glyph) && glyph.text.chars().all(|c| "，。、；：！？".contains(c))
}

fn is_level_em(glyph: &Glyph) -> bool {
    !glyph.vertical && glyph.turn == 0 && glyph.bbox[2] - glyph.bbox[0] >= ONE_EM * glyph.size
}

/// How far behind each glyph of one em the next one of its line begins, in em.
fn advances(glyphs: &[Glyph]) -> HashMap<usize, f32> {
    let mut order: Vec<usize> = (0..glyphs.len())
        .filter(|&i| {
            !glyphs[i].vertical && glyphs[i].turn == 0 && !glyphs[i].text.trim().is_empty()
        })
        .collect();
    order.sort_by(|&a, &b| glyphs[a].bbox[3].total_cmp(&glyphs[b].bbox[3]));
    let lines = order.chunk_by(|&a, &b| {
        glyphs[b].bbox[3] - glyphs[a].bbox[3] <= SAME_LINE * glyphs[a].size.min(glyphs[b].size)
    });
    let mut advances = HashMap::new();
    for line in lines {
        let mut line = line.to_vec();
        line.sort_by(|&a, &b| glyphs[a].bbox[0].total_cmp(&glyphs[b].bbox[0]));
        for pair in line.windows(2) {
            let [glyph, next] = [pair[0], pair[1]].map(|i| &glyphs[i]);
            if is_one_em(glyph) {
                let advance = (next.bbox[0] - glyph.bbox[0]) / glyph.size.max(f32::MIN_POSITIVE);
                advances.insert(pair[0], advance);
            }
        }
    }
    advances
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Glyphs of one em in one font, each so far behind the one before.
    fn line(text: &str, step: f32) -> Vec<Glyph> {
        let glyph = |(i, c): (usize, char)| {
            let x = 100.0 + step * i as f32;
            Glyph {
                text: c.to_string().into(),
                bbox: [x, 200.0, x + 10.0, 210.0],
                size: 10.0,
                font: 0,
                hidden: false,
                vertical: false,
                turn: 0,
                slanted: false,
                recognised: None,
            }
        };
        text.chars().enumerate().map(glyph).collect()
    }

    #[test]
    fn marks_are_as_wide_as_to_what_follows_them() {
        let mut glyphs = line("Ni、Cu、4.2", 5.0);
        // The digit behind the point begins with it, and a hanzi-wide pause stands apart from what follows.
        for (i, x) in [
            (3, 153.0),
            (4, 158.0),
            (5, 163.0),
            (6, 173.0),
            (7, 178.0),
            (8, 178.5),
        ] {
            glyphs[i].bbox[0] = x;
            glyphs[i].bbox[2] = x + 10.0;
        }
        correct(&mut glyphs);
        let widths: Vec<f32> = glyphs.iter().map(|g| g.bbox[2] - g.bbox[0]).collect();
        assert_eq!(widths[7], 0.5);
        assert_eq!((widths[2], widths[5]), (10.0, 10.0));
        let mut glyphs = line("Ni、Cu、4.2", 5.0);
        correct(&mut glyphs);
        assert_eq!(glyphs[2].bbox[2] - glyphs[2].bbox[0], 5.0);
    }

    #[test]
    fn the_next_origin_tells_the_advance() {
        let widths = |step: f32| -> Vec<f32> {
            let mut glyphs = line("3.1.2", step);
            correct(&mut glyphs);
            glyphs.iter().map(|g| g.bbox[2] - g.bbox[0]).collect()
        };
        assert_eq!(widths(6.0), [6.0, 6.0, 6.0, 6.0, 5.0]);
        // Digits in full width are as wide as they say.
        assert_eq!(widths(10.0), [10.0; 5]);
    }
}
