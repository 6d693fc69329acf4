//! The em boxes of a line's characters, as type of this size would be set: hanzi and full marks one em wide, letters and
//! digits as wide as their ink, none over the next.

use hayro_font::kurbo::Rect;

use super::ink_profile::InkProfile;
use super::page_reading::ReadLine;
use super::recognise::Character;
use language::script::{is_cjk_punctuation, is_han};

/// Where a character is set, in pixels, and the size of its type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EmBox {
    pub rect: Rect,
    pub em: f64,
}

// Distances are in em.

/// From the top of the em box to the baseline, which digits and letters stand on.
const BASELINE: f64 = 0.86;
/// From the baseline to the bottom of the em box, as far as a line without hanzi leaves it blank.
const BELOW_BASELINE: f64 = 0.13;
/// The height of digits and capitals.
const FIGURE: f64 = 0.72;

/// The em boxes of a line's characters. `goes_on` says that something stands right behind it.
pub fn em_boxes(line: &ReadLine, goes_on: bool, profile: &InkProfile) -> Vec<EmBox> {
    let em = line.line_box.em.max(1.0);
    let top = top_of_em_box(line, em);
    let mut boxes: Vec<EmBox> = (0..line.characters.len())
        .map(|n| {
            let (x0, x1) = ends(n, line, goes_on, profile);
            let c = line.characters[n].text;
            let (top, em) = Some(profile)
                .filter(|_| c.is_ascii_alphanumeric())
                .and_then(|profile| index_box([x0, x1], em, top + BASELINE * em, profile))
                .unwrap_or((top, em));
            EmBox {
                rect: Rect::new(x0, top, x1, top + em),
                em,
            }
        })
        .collect();
    mend_indices(&mut boxes, &line.characters, top, em);
    snap_ends(&mut boxes, line, &profile.centres);
    close_gaps(&mut boxes, line, &profile.centres);
    boxes
}

/// Where the em boxes of a line begin: hanzi fill them; digits and letters stand on the baseline.
fn top_of_em_box(line: &ReadLine, em: f64) -> f64 {
    /// The height from which a line fills its em boxes.
    const FULL: f64 = 0.85;
    let [_, y0, _, y1] = line.line_box.bbox.map(|at| at as f64);
    let has_hanzi = line.characters.iter().any(|c| is_han(c.text));
    if has_hanzi || y1 - y0 > FULL * em {
        (y0 + y1 - em) / 2.0
    } else {
        y1 + BELOW_BASELINE * em - em
    }
}

/// How a character takes up its place in a line of type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Advance {
    /// One em, filled.
    Full,
    /// One em; the ink of an opening mark fills the right half.
    Opening,
    /// One em; the ink of a closing mark or a stop fills the left half.
    Closing,
    /// Half an em about the centre.
    Half,
    /// Half an em, or as wide as its ink.
    Digit,
    /// As wide as its ink; in type of one width half an em.
    Letter,
    /// As wide as its ink, and no wider than a hair without any.
    Ink,
    /// What its neighbours leave.
    Blank,
}

fn advance(n: usize, characters: &[Character], goes_on: bool) -> Advance {
    let c = characters[n].text;
    let is_single = characters.len() == 1;
    // Recognisers write brackets of full width as ASCII ones; beside hanzi they are what they should be.
    let is_before_hanzi = || characters.get(n + 1).is_some_and(|next| is_han(next.text));
    match c {
        _ if c.is_ascii_digit() && !is_single => Advance::Digit,
        _ if c.is_ascii_alphabetic() && !is_single => Advance::Letter,
        _ if c.is_alphanumeric() && !is_han(c) => Advance::Ink,
        _ if c.is_whitespace() => Advance::Blank,
        '（' | '《' | '〈' | '“' | '‘' | '【' | '〔' | '「' | '『' | '［' => {
            Advance::Opening
        }
        '(' | '[' if is_before_hanzi() => Advance::Opening,
        '）' | '》' | '〉' | '”' | '’' | '】' | '〕' | '」' | '』' | '］' | '，' | '。' | '、'
        | '；' | '：' | '！' | '？' => {
            if goes_on && n + 1 == characters.len() {
                Advance::Half
            } else {
                Advance::Closing
            }
        }
        _ if is_han(c) || is_cjk_punctuation(c) => Advance::Full,
        _ => Advance::Half,
    }
}

/// Left and right end of a character's em box.
fn ends(n: usize, line: &ReadLine, goes_on: bool, profile: &InkProfile) -> (f64, f64) {
    let em = line.line_box.em.max(1.0);
    let centre = profile.centres[n];
    let (cut, next_cut) = (profile.cuts[n], profile.cuts[n + 1]);
    let half = (centre - 0.25 * em, centre + 0.25 * em);
    match advance(n, &line.characters, goes_on) {
        Advance::Full => (centre - 0.5 * em, centre + 0.5 * em),
        Advance::Opening => (centre - 0.75 * em, centre + 0.25 * em),
        Advance::Closing => (centre - 0.25 * em, centre + 0.75 * em),
        Advance::Half => half,
        // All figures are half an em wide, a 1 as well.
        Advance::Digit => {
            let (x0, x1) = profile.inked(n).unwrap_or((centre, centre));
            (x0.min(half.0), x1.max(half.1))
        }
        // So may an i or l be.
        Advance::Letter => match profile.inked(n) {
            Some((x0, x1)) => (x0.min(cut.max(half.0)), x1.max(next_cut.min(half.1))),
            None => (centre, centre),
        },
        // What has no ink is a streak of dirt that only the grey picture shows.
        Advance::Ink => profile.inked(n).unwrap_or((centre, centre)),
        Advance::Blank => (cut, next_cut.max(cut + 1.0)),
    }
}

/// Top and size of the em box of a digit or letter that is set small: an index below or above the line.
fn index_box(
    [from, to]: [f64; 2],
    em: f64,
    baseline: f64,
    profile: &InkProfile,
) -> Option<(f64, f64)> {
    /// The height under which a character is an index: figures and capitals have 0.66 to 0.75, indices 0.6 of that.
    const INDEX: f64 = 0.55;
    /// How far from the baseline an index ends.
    const OFF: f64 = 0.08;
    /// The largest type that an index is set in.
    const LARGEST: f64 = 0.78;
    let (top, bottom) = profile.rows_between(from, to)?;
    let height = (bottom - top) as f64;
    let is_off = (bottom as f64 - baseline).abs() > OFF * em;
    if height >= INDEX * em || !is_off {
        return None;
    }
    let size = (height / FIGURE).min(LARGEST * em);
    Some((bottom as f64 - BASELINE * size, size))
}

/// Makes an index between figures of the line one of them: it is blurred.
fn mend_indices(boxes: &mut [EmBox], characters: &[Character], top: f64, em: f64) {
    for n in 1..boxes.len().saturating_sub(1) {
        let is_figure =
            |i: usize, boxes: &[EmBox]| characters[i].text.is_ascii_digit() && boxes[i].em == em;
        if boxes[n].em < em && is_figure(n - 1, boxes) && is_figure(n + 1, boxes) {
            (boxes[n].rect.y0, boxes[n].rect.y1, boxes[n].em) = (top, top + em, em);
        }
    }
}

/// Lets hanzi at the ends of a line end with its ink, which is known better than any centre, unless dirt lies beside.
fn snap_ends(boxes: &mut [EmBox], line: &ReadLine, centres: &[f64]) {
    /// Blank at the left and right of a hanzi inside its em box.
    const BEARING: f64 = 0.04;
    /// From the centre of a hanzi; what is further is dirt.
    const FARTHEST: f64 = 0.62;
    /// How narrow the box may become.
    const NARROWEST: f64 = 0.5;
    let em = line.line_box.em.max(1.0);
    let [x0, _, x1, _] = line.line_box.bbox.map(|at| at as f64);
    let is_hanzi = |c: Option<&Character>| c.is_some_and(|c| is_han(c.text));
    if let (Some(EmBox { rect, .. }), Some(centre)) = (boxes.first_mut(), centres.first())
        && is_hanzi(line.characters.first())
    {
        rect.x0 = (x0 - BEARING * em).max(centre - FARTHEST * em);
        rect.x1 = rect.x1.max(rect.x0 + NARROWEST * em);
    }
    if let (Some(EmBox { rect, .. }), Some(centre)) = (boxes.last_mut(), centres.last())
        && is_hanzi(line.characters.last())
    {
        rect.x1 = (x1 + BEARING * em).min(centre + FARTHEST * em);
        rect.x0 = rect.x0.min(rect.x1 - NARROWEST * em);
    }
}

/// Lets boxes meet half way between centres where they would overlap; and inside a line of type there are no gaps beside
/// marks that are narrower than their box.
fn close_gaps(boxes: &mut [EmBox], line: &ReadLine, centres: &[f64]) {
    /// A wider gap is a blank.
    const GAP: f64 = 0.6;
    let em = line.line_box.em.max(1.0);
    let is_mark = |i: usize| {
        let c = line.characters[i].text;
        is_cjk_punctuation(c) || c.is_ascii_punctuation()
    };
    for n in 1..boxes.len() {
        let (end, start) = (boxes[n - 1].rect.x1, boxes[n].rect.x0);
        let is_overlap = end > start;
        if !is_overlap && (start - end >= GAP * em || !is_mark(n - 1) && !is_mark(n)) {
            continue;
        }
        let meeting = if is_overlap {
            (end + start) / 2.0
        } else {
            start
        };
        let (before, after) = (centres[n - 1], centres[n]);
        let meeting = meeting.clamp(before.min(after), after.max(before));
        boxes[n - 1].rect.x1 = meeting;
        boxes[n].rect.x0 = meeting;
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_page::read_line;
    use super::*;
    use crate::raster::Bilevel;

    #[test]
    fn hanzi_are_an_em_wide_and_the_ends_are_those_of_the_ink() {
        let line = read_line([100, 50, 300, 98], 50.0, "县政府文", [25.0, 50.0]);
        let ink = Bilevel::blank(400, 200);
        let boxes = em_boxes(&line, false, &InkProfile::new(&line, &ink));
        let ends: Vec<(f64, f64)> = boxes.iter().map(|b| (b.rect.x0, b.rect.x1)).collect();
        assert_eq!(
            ends,
            [
                (98.0, 150.0),
                (150.0, 200.0),
                (200.0, 250.0),
                (250.0, 302.0)
            ]
        );
        assert!(boxes.iter().all(|b| b.rect.y0 == 49.0 && b.em == 50.0));
    }

    #[test]
    fn a_character_advances_by_what_it_is() {
        let advances = |text: &str, goes_on: bool| -> Vec<Advance> {
            let line = read_line([0, 0, 50, 50], 50.0, text, [0.0, 50.0]);
            (0..line.characters.len())
                .map(|n| advance(n, &line.characters, goes_on))
                .collect()
        };
        use Advance::{Blank, Closing, Digit, Full, Half, Ink, Letter, Opening};
        assert_eq!(advances("《县》", false), [Opening, Full, Closing]);
        assert_eq!(advances("《县》", true), [Opening, Full, Half]);
        assert_eq!(
            advances("(县) 1a", false),
            [Opening, Full, Half, Blank, Digit, Letter]
        );
        assert_eq!(advances("1", false), [Ink]);
        assert_eq!(advances("αβ", false), [Ink, Ink]);
    }

    #[test]
    fn an_index_is_small_and_stands_lower() {
        let line = read_line([0, 50, 150, 110], 50.0, "", [0.0, 0.0]);
        let mut ink = Bilevel::blank(200, 200);
        for y in 85..107 {
            ink.ink[y * 200 + 70..y * 200 + 80].fill(1);
        }
        let profile = InkProfile::new(&line, &ink);
        let (top, size) = index_box([68.0, 82.0], 50.0, 93.0, &profile).unwrap();
        assert!(size < 0.8 * 50.0 && top + BASELINE * size > 93.0 + 4.0);
        assert_eq!(index_box([0.0, 20.0], 50.0, 93.0, &profile), None);
    }
}
