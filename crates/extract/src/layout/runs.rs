//! Marks on one baseline that stand close together, and the text that they make.

use super::{BBox, union};
use crate::confidence;
use crate::page::Recognised;
use language::script::is_han;

/// A glyph that shows.
#[derive(Debug, Clone, Copy)]
pub struct Mark<'a> {
    pub text: &'a str,
    pub bbox: BBox,
    pub size: f32,
    /// Set in vertical writing, or sideways.
    pub vertical: bool,
    /// Set sideways, and read from the bottom.
    pub up: bool,
    /// Its place in the file.
    pub idx: u32,
    /// Where the mark after it in the file begins, if that stands right of it on the same line.
    pub next_x0: f32,
    pub recognised: Option<Recognised>,
}

/// Marks in the order in which they are read.
#[derive(Debug, Clone)]
pub struct Run<'a> {
    pub marks: Vec<Mark<'a>>,
    pub bbox: BBox,
    pub size: f32,
    pub vertical: bool,
}

/// A wider gap parts two runs, in em. Between characters of a justified line there is hardly a third of an em, and
/// a gutter is as wide as a character.
const GAP: f32 = 0.6;
/// The same for titles, whose characters stand further apart.
const DISPLAY_GAP: f32 = 2.2;
/// How much larger than the text of the page a title is set.
const DISPLAY: f32 = 1.2;

/// The marks of a page or cell as runs, from left to right.
pub fn runs(marks: Vec<Mark>) -> Vec<Run> {
    let usual = usual_size(&marks);
    let (vertical, mut level): (Vec<Mark>, Vec<Mark>) =
        marks.into_iter().partition(|mark| mark.vertical);
    level.sort_by(|a, b| {
        a.bbox[0]
            .total_cmp(&b.bbox[0])
            .then(a.bbox[1].total_cmp(&b.bbox[1]))
    });
    let mut done = Vec::new();
    let mut open: Vec<Run> = Vec::new();
    for mark in level {
        let x0 = mark.bbox[0];
        let mut best: Option<(usize, f32)> = None;
        let mut i = 0;
        while i < open.len() {
            let run = &open[i];
            let last = run.marks.last().expect("a run has marks");
            // Of the mark before it: an initial over several lines does not widen the gaps of the line that it begins.
            let em = last.size.max(mark.size);
            if last.bbox[2] + DISPLAY_GAP * em.max(usual) < x0 {
                done.push(open.swap_remove(i));
                continue;
            }
            let gap = x0 - last.bbox[2];
            let reach = if run.size.min(mark.size) >= DISPLAY * usual {
                DISPLAY_GAP
            } else {
                GAP
            } * em;
            // Overprinted characters advance a little; a character under another one does not.
            let advances = mid(mark.bbox, 0) > mid(last.bbox, 0) + 0.05 * em;
            if advances
                && gap <= reach
                && gap > -0.9 * em
                && on_line(run, &mark)
                && !jumps(last, &mark, em)
                && best.is_none_or(|(_, known)| gap.abs() < known)
            {
                best = Some((i, gap.abs()));
            }
            i += 1;
        }
        match best {
            Some((i, _)) => open[i].push(mark),
            None => open.push(Run::of(mark)),
        }
    }
    done.append(&mut open);
    done.extend(vertical_runs(vertical));
    let mut done = stacks(done);
    done.sort_by(|a, b| {
        a.bbox[1]
            .total_cmp(&b.bbox[1])
            .then(a.bbox[0].total_cmp(&b.bbox[0]))
    });
    done
}

impl<'a> Run<'a> {
    pub fn of(mark: Mark<'a>) -> Run<'a> {
        Run {
            bbox: mark.bbox,
            size: mark.size,
            vertical: mark.vertical,
            marks: vec![mark],
        }
    }

    pub fn from_marks(marks: Vec<Mark<'a>>) -> Run<'a> {
        let bbox = marks
            .iter()
            .map(|mark| mark.bbox)
            .reduce(union)
            .expect("a run has marks");
        Run {
            bbox,
            size: usual_size(&marks),
            vertical: marks[0].vertical,
            marks,
        }
    }

    fn push(&mut self, mark: Mark<'a>) {
        self.bbox = union(self.bbox, mark.bbox);
        self.size = self.size.max(mark.size);
        self.marks.push(mark);
    }

    pub fn n_chars(&self) -> usize {
        self.marks.len()
    }

    /// Right edge of what may not hang: without a mark of punctuation at the end.
    pub fn solid_right(&self) -> f32 {
        match self.marks.as_slice() {
            [.., before, last] if hangs(last.text) => before.bbox[2],
            _ => self.bbox[2],
        }
    }

    pub fn mid_y(&self) -> f32 {
        mid(self.bbox, 1)
    }
}

/// What a recogniser made of dirt, and the other runs; `usual` is the size of the page's text.
pub fn without_specks(runs: Vec<Run>, usual: f32) -> (Vec<Run>, Vec<Run>) {
    let runs: Vec<Run> = runs.into_iter().flat_map(without_frayed_end).collect();
    let (mut specks, runs): (Vec<Run>, Vec<Run>) =
        runs.into_iter().partition(|run| is_speck(run, usual));
    // A thread runs down the page, and is thicker here and there.
    let threads: Vec<f32> = specks
        .iter()
        .filter(|run| is_stroke(run))
        .map(|run| mid(run.bbox, 0))
        .collect();
    let on_thread = |run: &Run| {
        let x = mid(run.bbox, 0);
        is_stroke(run)
            && run.marks[0].recognised.is_some()
            && threads
                .iter()
                .filter(|thread| (*thread - x).abs() < 0.2 * run.size)
                .count()
                >= 2
    };
    let (threads, runs): (Vec<Run>, Vec<Run>) = runs.into_iter().partition(on_thread);
    specks.extend(threads);
    (specks, runs)
}

/// One upright stroke.
fn is_stroke(run: &Run) -> bool {
    run.marks.len() == 1 && matches!(run.marks[0].text, "1" | "l" | "I")
}

/// A run, and apart from it what stands behind its end and is hardly believed.
fn without_frayed_end(mut run: Run) -> Vec<Run> {
    const HARDLY: f32 = confidence::FRAYED_END;
    /// Of the size, before it.
    const APART: f32 = 0.2;
    let is_hardly = |mark: &Mark| mark.recognised.is_some_and(|r| r.confidence < HARDLY);
    let n_whole = run.marks.len()
        - run
            .marks
            .iter()
            .rev()
            .take_while(|mark| is_hardly(mark))
            .count();
    let is_apart = |at: usize| run.marks[at].bbox[0] - run.marks[at - 1].bbox[2] > APART * run.size;
    match (n_whole.max(1)..run.marks.len()).find(|&at| is_apart(at)) {
        Some(at) if n_whole > 0 => {
            let end = run.marks.split_off(at);
            vec![Run::from_marks(run.marks), Run::from_marks(end)]
        }
        _ => vec![run],
    }
}

/// Whether a run is what a recogniser made of dirt: one to three characters that it hardly believes, or that are tiny and
/// not quite believed, or a hairline.
fn is_speck(run: &Run, usual: f32) -> bool {
    /// Of the text's size: notes are larger.
    const TINY: f32 = 0.5;
    const QUITE: f32 = confidence::TINY_NOISE;
    const UNSURE: f32 = confidence::NOISE;
    /// Of its size; the thinnest printed 1 is a sixth wide.
    const HAIRLINE: f32 = 0.12;
    let confidences: Vec<f32> = run
        .marks
        .iter()
        .filter_map(|mark| mark.recognised)
        .map(|r| r.confidence)
        .collect();
    if confidences.is_empty() || run.marks.len() > 3 {
        return false;
    }
    let is_hairline = run.marks.iter().all(|mark| {
        matches!(mark.text, "1" | "l" | "I") && mark.bbox[2] - mark.bbox[0] < HAIRLINE * mark.size
    });
    let mean = confidences.iter().sum::<f32>() / confidences.len() as f32;
    let height = run.bbox[3] - run.bbox[1];
    is_hairline || mean < UNSURE || mean < QUITE && height.max(run.size) < TINY * usual
}

/// Punctuation that may stand outside its column at the end of a line: neither opening brackets nor leaders.
pub fn hangs(text: &str) -> bool {
    text.chars().all(|c| {
        !c.is_alphanumeric()
            && !matches!(
                c,
                '（' | '《'
                    | '〈'
                    | '“'
                    | '‘'
                    | '「'
                    | '『'
                    | '【'
                    | '〔'
                    | '［'
                    | '('
                    | '['
                    | '{'
                    | '￥'
                    | '$'
                    | '%'
                    | '％'
                    | '‰'
                    | '℃'
                    | '□'
                    | '☑'
                    | '…'
                    | '⋯'
            )
    })
}

fn mid(bbox: BBox, axis: usize) -> f32 {
    (bbox[axis] + bbox[axis + 2]) / 2.0
}

/// The middle of a box in height: lines that are set tight overlap in their full boxes.
fn core(bbox: BBox, size: f32) -> (f32, f32) {
    let half = 0.4 * (bbox[3] - bbox[1]).min(size * 1.1);
    (mid(bbox, 1) - half, mid(bbox, 1) + half)
}

fn share_height(a: BBox, a_size: f32, b: BBox, b_size: f32) -> f32 {
    let ((a0, a1), (b0, b1)) = (core(a, a_size), core(b, b_size));
    (a1.min(b1) - a0.max(b0)) / (a1 - a0).min(b1 - b0).max(0.01)
}

/// The file need not be in reading order, but what it sets in one go is not parted by something else that begins inside.
fn jumps(last: &Mark, mark: &Mark, em: f32) -> bool {
    let overlap = last.bbox[2] - mark.bbox[0];
    mark.idx != last.idx + 1 && (mark.bbox[2] > last.next_x0 + 0.3 * em || overlap > 0.25 * em)
}

/// Tells each mark where the next one of the file goes on from it.
pub fn chain(marks: &mut [Mark]) {
    for i in 1..marks.len() {
        let (a, b) = (marks[i - 1], marks[i]);
        let gap = b.bbox[0] - a.bbox[2];
        let em = a.size.max(b.size);
        if (-0.9 * em..=GAP * em).contains(&gap)
            && mid(b.bbox, 0) > mid(a.bbox, 0)
            && share_height(a.bbox, a.size, b.bbox, b.size) >= 0.5
        {
            marks[i - 1].next_x0 = b.bbox[0];
        }
    }
}

fn on_line(run: &Run, mark: &Mark) -> bool {
    // The last large mark tells the line: a subscript stands lower, a skewed line wanders.
    // Beside an initial over several lines it is the last of its own size.
    let size = if run.size > 2.0 * mark.size {
        mark.size
    } else {
        run.size
    };
    let at = run
        .marks
        .iter()
        .rev()
        .find(|m| m.size > 0.8 * size)
        .unwrap_or(&run.marks[0]);
    share_height(at.bbox, at.size, mark.bbox, mark.size) >= 0.5
}

fn vertical_runs(mut marks: Vec<Mark>) -> Vec<Run> {
    marks.sort_by(|a, b| {
        a.bbox[1]
            .total_cmp(&b.bbox[1])
            .then(b.bbox[0].total_cmp(&a.bbox[0]))
    });
    let mut runs: Vec<Run> = Vec::new();
    for mark in marks {
        let follows = |run: &&mut Run| {
            let last = run.marks.last().expect("a run has marks");
            let gap = mark.bbox[1] - last.bbox[3];
            (mid(last.bbox, 0) - mid(mark.bbox, 0)).abs() < 0.5 * mark.size
                && gap > -0.5 * mark.size
                && gap < 1.2 * mark.size
        };
        match runs.iter_mut().find(follows) {
            Some(run) => run.push(mark),
            None => runs.push(Run::of(mark)),
        }
    }
    runs.iter_mut()
        .filter(|run| run.marks.iter().all(|mark| mark.up))
        .for_each(|run| run.marks.reverse());
    runs
}

/// Single characters that stand one under the other, and alone, are one vertical run: heads in the margin.
fn stacks(runs: Vec<Run>) -> Vec<Run> {
    const AT_LEAST: usize = 4;
    let is_single = |run: &Run| {
        run.marks.len() == 1
            && !run.vertical
            && run.marks[0]
                .text
                .chars()
                .all(|c| is_han(c) || hangs(run.marks[0].text))
    };
    let mut singles: Vec<usize> = (0..runs.len()).filter(|&i| is_single(&runs[i])).collect();
    if singles.len() < AT_LEAST {
        return runs;
    }
    singles.sort_by(|&a, &b| runs[a].bbox[1].total_cmp(&runs[b].bbox[1]).then(a.cmp(&b)));
    let mut chains: Vec<Vec<usize>> = Vec::new();
    for i in singles {
        let size = runs[i].size;
        let follows = |chain: &&mut Vec<usize>| {
            let last = &runs[*chain.last().expect("a chain has runs")];
            let gap = runs[i].bbox[1] - last.bbox[3];
            (mid(last.bbox, 0) - mid(runs[i].bbox, 0)).abs() < 0.25 * size
                && (last.size - size).abs() < 0.1 * size
                && gap > -0.4 * size
                && gap < 0.6 * size
        };
        match chains.iter_mut().find(follows) {
            Some(chain) => chain.push(i),
            None => chains.push(vec![i]),
        }
    }
    let alone = |chain: &Vec<usize>| {
        let bbox = chain
            .iter()
            .map(|&i| runs[i].bbox)
            .reduce(union)
            .expect("a chain has runs");
        let reach = 3.0 * runs[chain[0]].size;
        let beside = |(j, run): (usize, &Run)| {
            !chain.contains(&j)
                && run.bbox[1] < bbox[3]
                && run.bbox[3] > bbox[1]
                && run.bbox[0] < bbox[2] + reach
                && run.bbox[2] > bbox[0] - reach
        };
        !runs.iter().enumerate().any(beside)
    };
    let chains: Vec<Vec<usize>> = chains
        .into_iter()
        .filter(|chain| chain.len() >= AT_LEAST)
        .filter(alone)
        .collect();
    let mut out: Vec<Run> = Vec::with_capacity(runs.len());
    for chain in &chains {
        let mut run = Run::from_marks(chain.iter().map(|&i| runs[i].marks[0]).collect());
        run.vertical = true;
        out.push(run);
    }
    out.extend(
        runs.into_iter()
            .enumerate()
            .filter(|(i, _)| !chains.iter().any(|chain| chain.contains(i)))
            .map(|(_, run)| run),
    );
    out
}

/// The size of most marks.
pub fn usual_size<'a, 'b: 'a>(marks: impl IntoIterator<Item = &'a Mark<'b>>) -> f32 {
    let mut counts: Vec<(i32, usize)> = Vec::new();
    for mark in marks {
        let size = (mark.size * 4.0).round() as i32;
        match counts.iter_mut().find(|(known, _)| *known == size) {
            Some((_, n)) => *n += 1,
            None => counts.push((size, 1)),
        }
    }
    counts
        .into_iter()
        .max_by_key(|&(size, n)| (n, size))
        .map_or(0.0, |(size, _)| size as f32 / 4.0)
}

/// Runs as rows: those of about one height stand in one row, from left to right.
pub fn rows(mut runs: Vec<Run>) -> Vec<Vec<Run>> {
    runs.sort_by(|a, b| {
        a.mid_y()
            .total_cmp(&b.mid_y())
            .then(a.bbox[0].total_cmp(&b.bbox[0]))
    });
    let mut rows: Vec<Vec<Run>> = Vec::new();
    for run in runs {
        let fits = |row: &Vec<Run>| {
            !run.vertical
                && row.iter().all(|other| {
                    !other.vertical
                        && (other.bbox[2] <= run.bbox[0] + 0.4 * run.size
                            || run.bbox[2] <= other.bbox[0] + 0.4 * run.size)
                })
                && {
                    // A large run holds a small one beside it, a subscript set apart.
                    let nearest = row
                        .iter()
                        .min_by(|a, b| {
                            (a.bbox[0] - run.bbox[0])
                                .abs()
                                .total_cmp(&(b.bbox[0] - run.bbox[0]).abs())
                        })
                        .expect("a row has runs");
                    share_height(nearest.bbox, nearest.size, run.bbox, run.size) >= 0.5
                }
        };
        // Only the last rows can be at its height.
        let recent = rows.len().saturating_sub(3);
        match rows[recent..].iter().rposition(fits) {
            Some(i) => rows[recent + i].push(run),
            None => rows.push(vec![run]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.bbox[0].total_cmp(&b.bbox[0]));
    }
    rows
}

/// The text of one line.
pub fn text(runs: &[Run], spaces: &[BBox]) -> String {
    let marks: Vec<&Mark> = runs.iter().flat_map(|run| &run.marks).collect();
    let mut out = String::new();
    if runs.iter().any(|run| run.vertical) {
        marks.iter().for_each(|mark| out.push_str(mark.text));
        return out;
    }
    let line_size = usual_size(marks.iter().copied());
    let main: Vec<&&Mark> = marks
        .iter()
        .filter(|mark| mark.size > 0.85 * line_size)
        .collect();
    let baseline_near = |mark: &Mark| {
        let nearest = main.iter().min_by(|a, b| {
            (mid(a.bbox, 0) - mid(mark.bbox, 0))
                .abs()
                .total_cmp(&(mid(b.bbox, 0) - mid(mark.bbox, 0)).abs())
        });
        nearest.map(|m| baseline(m))
    };
    let han = |mark: &Mark| mark.text.chars().all(is_han);
    let mut gaps: Vec<f32> = marks
        .windows(2)
        .filter(|pair| han(pair[0]) && han(pair[1]))
        .map(|pair| pair[1].bbox[0] - pair[0].bbox[2])
        .collect();
    gaps.sort_by(f32::total_cmp);
    // Two or three characters set apart are a name or 目　录; more of them are a justified line.
    let usual_gap = if gaps.len() < 3 {
        0.0
    } else {
        gaps[gaps.len() / 4].max(0.0)
    };
    let line_box = runs
        .iter()
        .map(|run| run.bbox)
        .reduce(union)
        .unwrap_or_default();
    let spaces: Vec<&BBox> = spaces
        .iter()
        .filter(|space| mid(**space, 1) > line_box[1] && mid(**space, 1) < line_box[3])
        .collect();
    let mut before: Option<&Mark> = None;
    for mark in &marks {
        if let Some(before) = before {
            let gap = mark.bbox[0] - before.bbox[2];
            let em = mark.size.max(before.size);
            let spaced = spaces.iter().any(|space| {
                mid(**space, 0) > before.bbox[2] - 0.1 * em
                    && mid(**space, 0) < mark.bbox[0] + 0.1 * em
            });
            if parted(before, mark, gap / em, usual_gap / em, spaced) {
                out.push(' ');
            }
        }
        let script = if mark.size <= 0.8 * line_size {
            baseline_near(mark).map_or(0.0, |line| (baseline(mark) - line) / line_size)
        } else {
            0.0
        };
        // A small character on the baseline is small; a third of its own height lower or higher it is an index.
        match script {
            s if s > 0.07 => out.extend(mark.text.chars().map(|c| subscript(c).unwrap_or(c))),
            s if s < -0.15 => out.extend(mark.text.chars().map(|c| superscript(c).unwrap_or(c))),
            _ => out.push_str(mark.text),
        }
        before = Some(mark);
    }
    out
}

/// Fonts put their baseline at about six sevenths of the em box.
fn baseline(mark: &Mark) -> f32 {
    mark.bbox[1] + 0.86 * (mark.bbox[3] - mark.bbox[1])
}

/// Whether a space parts two marks; gaps in em.
fn parted(a: &Mark, b: &Mark, gap: f32, usual_gap: f32, spaced: bool) -> bool {
    let latin = |c: Option<char>| c.is_some_and(|c| (c as u32) < 0x2000 && !c.is_whitespace());
    if latin(a.text.chars().next_back()) && latin(b.text.chars().next()) {
        // The narrowest word space of a Latin fount is about a fifth of an em.
        return spaced && gap > 0.06 || gap > usual_gap.min(0.2) + 0.19;
    }
    let wide = usual_gap * 1.5 + 0.55;
    gap > wide || spaced && gap > (usual_gap + 0.15).max(0.2)
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
