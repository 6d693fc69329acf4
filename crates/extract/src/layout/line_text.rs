//! The text of a line: where spaces stand between its marks, and which of them are indices.

use super::runs::{Mark, TextRun, usual_size};
use crate::geom::{Rect, bounds};
use language::script::is_han;

/// Marks nearly as large as those of the line stand on its baseline.
const MAIN: f32 = 0.85;
/// Smaller than this, against the line, a mark may be an index.
const SMALL: f32 = 0.8;
/// How far the baseline of an index lies below or above that of the line, in em of the line: a small character on the
/// baseline is small; a third of its own height lower or higher it is an index.
const BELOW: f32 = 0.07;
const ABOVE: f32 = -0.15;
/// How far a space glyph may reach over the marks beside it, in em.
const SPACE_OVERLAP: f32 = 0.1;
/// Gaps between hanzi that show how wide a line is set: two or three characters set apart are a name or 目　录; more of
/// them are a justified line.
const ENOUGH_GAPS: usize = 3;
/// Gaps of a line that is set wide, as no justified line is, and of characters that stand close, in em.
const WIDE_SETTING: f32 = 0.5;
const CLOSE: f32 = 0.1;

/// How far the middles of two marks of one line lie apart that stand on different heights, in em: indices less.
const OTHER_HEIGHT: f32 = 0.6;

/// The white-space glyphs of a page, from the top.
#[derive(Debug, Default)]
pub struct Spaces(Vec<Rect>);

impl Spaces {
    pub fn new(mut boxes: Vec<Rect>) -> Self {
        boxes.sort_by(|a, b| a.mid_y().total_cmp(&b.mid_y()));
        Self(boxes)
    }

    /// Those whose middle stands at the height of a line.
    fn at_height(&self, line: Rect) -> &[Rect] {
        let start = self.0.partition_point(|space| space.mid_y() <= line.y0);
        let end = self.0.partition_point(|space| space.mid_y() < line.y1);
        &self.0[start..end.max(start)]
    }
}

/// The text of one line.
pub fn text(runs: &[TextRun], spaces: &Spaces) -> String {
    let marks: Vec<&Mark> = runs.iter().flat_map(|run| &run.marks).collect();
    if runs.iter().any(|run| run.vertical) {
        return marks.iter().map(|mark| mark.text).collect();
    }
    let bbox = bounds(runs.iter().map(|run| run.bbox)).unwrap_or_default();
    let spaces = spaces.at_height(bbox);
    let size = usual_size(marks.iter().copied());
    let main: Vec<&Mark> = marks
        .iter()
        .copied()
        .filter(|mark| mark.size > MAIN * size)
        .collect();
    let usual_gap = usual_gap(&marks);
    let mut out = String::new();
    let mut before: Option<&Mark> = None;
    for mark in marks {
        if before.is_some_and(|before| is_parted(before, mark, usual_gap, spaces)) {
            out.push(' ');
        }
        match index_height(mark, &main, size) {
            below if below > BELOW => {
                out.extend(mark.text.chars().map(|c| subscript(c).unwrap_or(c)));
            }
            above if above < ABOVE => {
                out.extend(mark.text.chars().map(|c| superscript(c).unwrap_or(c)));
            }
            _ => out.push_str(mark.text),
        }
        before = Some(mark);
    }
    out
}

/// How far a small mark stands below the line beside it, in em of the line; 0 for others.
fn index_height(mark: &Mark, main: &[&Mark], size: f32) -> f32 {
    if mark.size > SMALL * size {
        return 0.0;
    }
    let distance = |m: &Mark| (m.bbox.mid_x() - mark.bbox.mid_x()).abs();
    main.iter()
        .min_by(|a, b| distance(a).total_cmp(&distance(b)))
        .map_or(0.0, |nearest| (baseline(mark) - baseline(nearest)) / size)
}

/// Fonts put their baseline at about six sevenths of the em box.
fn baseline(mark: &Mark) -> f32 {
    mark.bbox.y0 + 0.86 * mark.bbox.height()
}

/// The gap that hanzi of the line have between them, in points: the lower quartile.
fn usual_gap(marks: &[&Mark]) -> f32 {
    let is_hanzi = |mark: &Mark| mark.text.chars().all(is_han);
    let mut gaps: Vec<f32> = marks
        .windows(2)
        .filter(|pair| is_hanzi(pair[0]) && is_hanzi(pair[1]))
        .map(|pair| pair[0].bbox.gap_x(pair[1].bbox))
        .collect();
    if gaps.len() < ENOUGH_GAPS {
        return 0.0;
    }
    gaps.sort_by(f32::total_cmp);
    let (least, usual) = (gaps[0], gaps[gaps.len() / 4]);
    let em = usual_size(marks.iter().copied());
    // A line is set wide from end to end; where characters also stand close, the gaps part names.
    if usual > WIDE_SETTING * em && least < CLOSE * em {
        return 0.0;
    }
    usual.max(0.0)
}

/// Whether a space parts two marks.
fn is_parted(a: &Mark, b: &Mark, usual_gap: f32, spaces: &[Rect]) -> bool {
    let em = a.size.max(b.size);
    // Numerator and denominator, and what they stand beside.
    if !a.slanted && (a.bbox.mid_y() - b.bbox.mid_y()).abs() > OTHER_HEIGHT * em {
        return true;
    }
    let (gap, usual_gap) = (a.bbox.gap_x(b.bbox) / em, usual_gap / em);
    let slack = SPACE_OVERLAP * em;
    let has_space = spaces
        .iter()
        .map(|space| space.mid_x())
        .any(|x| x > a.bbox.x1 - slack && x < b.bbox.x0 + slack);
    is_wide(a, b, gap, usual_gap, has_space)
}

/// Whether a gap between two marks is that of a space; gaps in em.
fn is_wide(a: &Mark, b: &Mark, gap: f32, usual_gap: f32, has_space: bool) -> bool {
    /// The narrowest word space of a Latin fount is about a fifth of an em; less where a space glyph stands in it.
    const WORD_SPACE: f32 = 0.19;
    const SPACED_WORD: f32 = 0.06;
    /// What letters of a word may be set apart by, in justified text.
    const WIDEST_SETTING: f32 = 0.2;
    /// Between hanzi: so much wider than the others, with a space glyph and without one.
    const SPACED: f32 = 0.15;
    const NARROWEST_SPACED: f32 = 0.2;
    const TIMES: f32 = 1.5;
    const WIDER: f32 = 0.55;
    let is_latin = |c: Option<char>| c.is_some_and(|c| (c as u32) < 0x2000 && !c.is_whitespace());
    if is_latin(a.text.chars().next_back()) && is_latin(b.text.chars().next()) {
        return has_space && gap > SPACED_WORD || gap > usual_gap.min(WIDEST_SETTING) + WORD_SPACE;
    }
    gap > usual_gap * TIMES + WIDER || has_space && gap > (usual_gap + SPACED).max(NARROWEST_SPACED)
}

fn subscript(c: char) -> Option<char> {
    Some(match c {
        '0'..='9' => char::from_u32('₀' as u32 + (c as u32 - '0' as u32))?,
        '+' => '₊',
        '-' | '−' | '－' => '₋',
        '=' => '₌',
        '(' => '₍',
        ')' => '₎',
        'a' => 'ₐ',
        'e' => 'ₑ',
        'h' => 'ₕ',
        'i' => 'ᵢ',
        'j' => 'ⱼ',
        'k' => 'ₖ',
        'l' => 'ₗ',
        'm' => 'ₘ',
        'n' => 'ₙ',
        'o' => 'ₒ',
        'p' => 'ₚ',
        's' => 'ₛ',
        't' => 'ₜ',
        'x' => 'ₓ',
        _ => return None,
    })
}

fn superscript(c: char) -> Option<char> {
    Some(match c {
        '0' => '⁰',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4'..='9' => char::from_u32('⁴' as u32 + (c as u32 - '4' as u32))?,
        '+' => '⁺',
        '-' | '−' | '－' => '⁻',
        '=' => '⁼',
        '(' => '⁽',
        ')' => '⁾',
        'n' => 'ⁿ',
        'i' => 'ⁱ',
        _ => return None,
    })
}
