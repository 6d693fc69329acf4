//! Specks: dots of dirt that the recogniser takes for marks. On a page that has many of them, a dot counts as a mark only
//! where one may stand and there is room for it.

use super::components::{Component, Components};
use super::page_reading::ReadLine;
use super::recognise::Character;
use super::working_ink::WorkingInk;
use crate::numeric::weighted_median;
use crate::raster::Gray;
use language::script::is_cjk_punctuation;

/// Takes out of the lines of a page what is no mark but dirt; `level` is between its ink and paper.
pub fn drop_specks(lines: &mut [ReadLine], page: &Gray, level: u8, dpi: f64) {
    let sizes = lines
        .iter()
        .map(|line| (line.line_box.em, line.characters.len()));
    let Some(em) = weighted_median(sizes.collect()) else {
        return;
    };
    let WorkingInk { n, ink, .. } = WorkingInk::new(page, level, dpi);
    let n = n as f64;
    let boxes: Vec<Component> = Components::from_ink(&ink).boxes;
    if !is_dirty(&boxes, em / n) {
        return;
    }
    for line in lines {
        let marks: Vec<Mark> = marks_in(line, &boxes, n);
        let mut kept: Vec<Character> = Vec::with_capacity(line.characters.len());
        for (i, c) in line.characters.iter().enumerate() {
            let around = Around {
                previous: kept.iter().rev().find(|c| !c.text.is_whitespace()),
                next: line.characters[i + 1..]
                    .iter()
                    .find(|c| !c.text.is_whitespace()),
                em: line.line_box.em.max(1.0),
                left: line.left,
                is_dots: line.shown().all(|c| is_dot(c.text)),
            };
            if !is_dirt(c, &around, &marks) {
                kept.push(*c);
            }
        }
        line.characters = kept;
    }
}

/// Whether a page has so many dots that stand by themselves that it is dirty: print has none.
fn is_dirty(boxes: &[Component], em: f64) -> bool {
    /// Such dots on a dirty page, at the least.
    const FEWEST: usize = 8;
    /// The blank around a dot of dirt, in em: a mark stands nearer to its character.
    const ALONE: f64 = 1.0;
    let reach = ALONE * em;
    let is_alone = |dot: &Component| {
        !boxes.iter().any(|other| {
            other != dot
                && other.gap(dot) as f64 <= reach
                && other.y0 as f64 <= dot.y1 as f64 + reach
                && dot.y0 as f64 <= other.y1 as f64 + reach
        })
    };
    let dots = boxes.iter().filter(|b| is_disc(b, em));
    dots.filter(|dot| is_alone(dot)).take(FEWEST).count() == FEWEST
}

/// The longer side of the largest dot, in em.
const LARGEST: f64 = 0.3;

/// Whether a component may be a dot of dirt.
fn is_disc(component: &Component, em: f64) -> bool {
    /// The longer side of the smallest dot, in em.
    const SMALLEST: f64 = 0.06;
    /// The shorter side of a dot, in the longer one.
    const ROUND: f64 = 0.6;
    /// The share of its box that it fills.
    const FILLED: f64 = 0.5;
    let (short, long) = (component.shorter_side(), component.longer_side());
    (SMALLEST * em..=LARGEST * em).contains(&long)
        && short >= ROUND * long
        && component.n_pixels as f64 >= FILLED * component.width() * component.height()
}

/// A small component of a line, in pixels of the page.
#[derive(Debug, Clone, Copy)]
struct Mark {
    x: f64,
    /// How far down the line its middle is, as a share of the line's height.
    depth: f64,
    is_disc: bool,
}

fn marks_in(line: &ReadLine, boxes: &[Component], n: f64) -> Vec<Mark> {
    /// How far above and below its box a line's marks may stand, in em.
    const SLACK: f64 = 0.1;
    let em = line.line_box.em.max(1.0);
    let [x0, y0, x1, y1] = line.line_box.bbox.map(|at| at as f64);
    let slack = SLACK * em;
    let is_in = |b: &&Component| {
        let (x, y) = (b.mid_x() * n, b.mid_y() * n);
        b.longer_side() * n <= LARGEST * em
            && (x0 - slack..=x1 + slack).contains(&x)
            && (y0 - slack..=y1 + slack).contains(&y)
    };
    boxes
        .iter()
        .filter(is_in)
        .map(|b| Mark {
            x: b.mid_x() * n,
            depth: (b.mid_y() * n - y0) / (y1 - y0).max(1.0),
            is_disc: is_disc(b, em / n),
        })
        .collect()
}

/// What a character stands between.
struct Around<'c> {
    previous: Option<&'c Character>,
    next: Option<&'c Character>,
    em: f64,
    /// Where the picture of the line begins.
    left: usize,
    /// Whether the line has nothing but what may be dots.
    is_dots: bool,
}

/// Whether what was read as a mark is dirt.
fn is_dirt(c: &Character, around: &Around, marks: &[Mark]) -> bool {
    /// How far from the place of a mark its ink is, in em.
    const NEAR: f64 = 0.25;
    if !is_dot(c.text) {
        return false;
    }
    let centre = c.centre(around.left);
    let own: Vec<Mark> = marks
        .iter()
        .filter(|mark| (mark.x - centre).abs() <= NEAR * around.em)
        .copied()
        .collect();
    if own.is_empty() || !own.iter().all(|mark| mark.is_disc) {
        return false;
    }
    if around.is_dots {
        return true;
    }
    match (around.previous, around.next) {
        (Some(previous), Some(next)) => {
            !has_room(previous, next, around.em)
                || is_middle_dot(c.text) && (is_mark(previous.text) || is_mark(next.text))
        }
        (Some(previous), None) => {
            let away = (own[0].x - previous.centre(around.left)) / around.em;
            is_closing(previous.text) || !may_end(c.text, away, &own)
        }
        (None, Some(_)) => is_closing(c.text) || matches!(c.text, '.' | '．'),
        (None, None) => true,
    }
}

/// Whether between two characters there is more room than they take.
fn has_room(previous: &Character, next: &Character, em: f64) -> bool {
    /// What a mark takes at the least, in em.
    const ROOM: f64 = 0.2;
    let distance = f64::from(next.from + next.to - previous.from - previous.to) / 2.0;
    distance >= (to_right(previous.text) + to_left(next.text) + ROOM) * em
}

/// Whether a mark whose ink is so many em behind the centre of the last character may end a line.
fn may_end(mark: char, away: f64, own: &[Mark]) -> bool {
    /// Where a mark that fills the left of its em stands at the most, and where one in the middle of it does.
    const LEFT: f64 = 0.9;
    const MIDDLE: f64 = 1.15;
    /// How far down the line a full stop stands at the least, and the lower dot of a colon at the most.
    const LOW: f64 = 0.6;
    const LOWEST: f64 = 0.92;
    let is_stop = matches!(mark, '.' | '．');
    let is_level = |own: &Mark| !is_stop || own.depth >= LOW;
    !is_middle_dot(mark)
        && own.iter().all(is_level)
        && (away <= LEFT || away <= MIDDLE && own.iter().all(|own| own.depth <= LOWEST))
}

/// Whether a mark may be nothing but a dot or two to the recogniser.
fn is_dot(c: char) -> bool {
    is_middle_dot(c) || is_closing(c) || matches!(c, '.' | '．' | '\'' | '`' | '°')
}

fn is_middle_dot(c: char) -> bool {
    matches!(c, '·' | '•' | '●' | '・' | '∙')
}

fn is_closing(c: char) -> bool {
    matches!(
        c,
        '。' | '，' | '、' | '；' | '：' | '！' | '？' | ',' | ':' | ';'
    )
}

fn is_mark(c: char) -> bool {
    is_cjk_punctuation(c) || is_closing(c)
}

/// From the centre of a character's ink to where the next one's place begins, in em.
fn to_right(c: char) -> f64 {
    1.0 - to_left(c) - if c.is_ascii() { 0.5 } else { 0.0 }
}

/// From where a character's place begins to the centre of its ink, in em.
fn to_left(c: char) -> f64 {
    /// Of marks that fill one half of an em.
    const NEAR: f64 = 0.25;
    const FAR: f64 = 0.75;
    if c.is_ascii() || is_closing(c) || matches!(c, '）' | '〕' | '》' | '”' | '」' | '】') {
        NEAR
    } else if matches!(c, '（' | '〔' | '《' | '“' | '「' | '【') {
        FAR
    } else {
        0.5
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_page::{TestPage, read_line};
    use super::super::working_ink::DPI;
    use super::*;

    /// The text of a line of 30 pixels to the em, after specks were dropped. Its first character begins at 100, each next
    /// one so many pixels further; the dots have their middle here.
    fn without_specks(
        text: &str,
        places: &[usize],
        dots: &[[usize; 2]],
        n_specks: usize,
    ) -> String {
        let mut page = TestPage::new(800, 600);
        (0..n_specks).for_each(|i| page.fill([60 + 80 * i, 300, 66 + 80 * i, 306]));
        for &[x, y] in dots {
            page.fill([x - 3, y - 3, x + 3, y + 3]);
        }
        let mut line = read_line([100, 100, 700, 126], 30.0, text, [0.0, 0.0]);
        for (c, &x) in line.characters.iter_mut().zip(places) {
            (c.from, c.to) = (x as f32 - 5.0, x as f32 + 5.0);
            let is_drawn = !is_dot(c.text);
            (0..usize::from(is_drawn)).for_each(|_| page.text_of(100 + x - 9, 103, 22, 1));
        }
        let mut lines = [line];
        drop_specks(&mut lines, &page.gray, 128, DPI);
        lines[0].characters.iter().map(|c| c.text).collect()
    }

    #[test]
    fn a_dot_without_room_is_dirt_where_there_are_many() {
        let place = [15, 45, 60, 75];
        assert_eq!(
            without_specks("云溪·县", &place, &[[160, 113]], 9),
            "云溪县"
        );
        // A clean page; a name.
        assert_eq!(
            without_specks("云溪·县", &place, &[[160, 113]], 2),
            "云溪·县"
        );
        let name = [15, 45, 75, 105];
        assert_eq!(
            without_specks("阿里·江", &name, &[[175, 113]], 9),
            "阿里·江"
        );
        // A mark that is no dot.
        assert_eq!(without_specks("云溪，县", &place, &[], 9), "云溪，县");
    }

    #[test]
    fn behind_a_line_only_a_mark_that_stands_like_one_is_kept() {
        let colon = |x: usize, rows: [usize; 2]| {
            without_specks("通知：", &[15, 45, x], &rows.map(|y| [100 + x, y]), 9)
        };
        assert_eq!(colon(68, [110, 121]), "通知：");
        assert_eq!(colon(78, [115, 126]), "通知");
        assert_eq!(colon(90, [110, 121]), "通知");
        assert_eq!(
            without_specks("通知·", &[15, 45, 70], &[[170, 113]], 9),
            "通知"
        );
        assert_eq!(
            without_specks("照办。：", &[15, 45, 67, 90], &[[190, 113]], 9),
            "照办。"
        );
    }
}
