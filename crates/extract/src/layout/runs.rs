//! Marks on one baseline that stand close together make runs, and runs at one height make rows.

use crate::confidence;
use crate::geom::{Interval, Rect, bounds};
use crate::page::Recognised;
use language::script::is_han;

/// A glyph that shows.
#[derive(Debug, Clone, Copy)]
pub struct Mark<'a> {
    pub text: &'a str,
    pub bbox: Rect,
    pub size: f32,
    /// Set in vertical writing, or sideways.
    pub vertical: bool,
    /// Set sideways, and read from the bottom.
    pub up: bool,
    /// Laid at a slant.
    pub slanted: bool,
    /// Its place in the file.
    pub idx: u32,
    /// Where the mark after it in the file begins, if that stands right of it on the same line.
    pub next_x0: f32,
    pub recognised: Option<Recognised>,
}

impl Mark<'_> {
    /// What of its box has ink: of a full character, the right half of an opening bracket, the left half of a closing one
    /// or a pause.
    pub fn ink(&self) -> Interval {
        /// A mark in a narrower box, in em, is not set in a full character.
        const FULL: f32 = 0.8;
        let is_one_of = |marks: &str| self.text.chars().all(|c| marks.contains(c));
        let across = self.bbox.across();
        if self.bbox.width() < FULL * self.size {
            across
        } else if is_one_of(OPENING) {
            Interval::new(self.bbox.mid_x(), across.to)
        } else if is_one_of(CLOSING) {
            Interval::new(across.from, self.bbox.mid_x())
        } else {
            across
        }
    }

    pub fn ink_left(&self) -> f32 {
        self.ink().from
    }
}

const OPENING: &str = "（《〈“‘「『【〔［｛〖";
const CLOSING: &str = "）》〉”’」』】〕］｝〗，。、；：！？";

/// Marks in the order in which they are read.
#[derive(Debug, Clone)]
pub struct TextRun<'a> {
    pub marks: Vec<Mark<'a>>,
    pub bbox: Rect,
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
/// How far two marks of one line may overlap, in em: brackets and marks of justified text are set tight.
const OVERPRINT: f32 = 0.9;
/// How far a mark's middle lies right of that of the one before, in em, at least. Overprinted characters advance a
/// little; a character under another one does not.
const ADVANCE: f32 = 0.05;
/// Part of the height of the lower one that two things on one line share.
const SHARED_HEIGHT: f32 = 0.5;
/// How far a mark may reach over the beginning of the next one that the file set in one go, in em, and how far two
/// marks that do not follow each other in the file may overlap.
const REACH: f32 = 0.3;
const OVERLAP: f32 = 0.25;
/// Marks nearly as large as a run tell its line; smaller ones are indices.
const LARGE: f32 = 0.8;
/// An initial that goes over several lines is so much larger than they are.
const INITIAL: f32 = 2.0;
/// Runs of one row may overlap so far, in em.
const ROW_OVERLAP: f32 = 0.4;
/// Rows before the last one that a run may belong to: rows of small type beside one of large type begin before it.
const RECENT_ROWS: usize = 3;

/// The marks of a page or cell as runs, from left to right.
pub fn runs(marks: Vec<Mark>) -> Vec<TextRun> {
    let usual = usual_size(&marks);
    let (vertical, level): (Vec<Mark>, Vec<Mark>) =
        marks.into_iter().partition(|mark| mark.vertical);
    let stripes = stripes(level).into_iter();
    let mut runs: Vec<TextRun> = stripes.flat_map(|marks| level_runs(marks, usual)).collect();
    runs.extend(vertical_runs(vertical));
    let mut runs = stacks(runs);
    runs.sort_by(|a, b| {
        a.bbox
            .y0
            .total_cmp(&b.bbox.y0)
            .then(a.bbox.x0.total_cmp(&b.bbox.x0))
    });
    runs
}

/// Marks between bands that are blank from left to right: no run reaches over one.
fn stripes(mut marks: Vec<Mark>) -> Vec<Vec<Mark>> {
    marks.sort_by(|a, b| a.bbox.y0.total_cmp(&b.bbox.y0));
    let mut stripes: Vec<Vec<Mark>> = Vec::new();
    let mut bottom = f32::MIN;
    for mark in marks {
        match stripes.last_mut() {
            Some(stripe) if mark.bbox.y0 <= bottom => stripe.push(mark),
            _ => stripes.push(vec![mark]),
        }
        bottom = bottom.max(mark.bbox.y1);
    }
    stripes
}

fn level_runs(mut marks: Vec<Mark>, usual: f32) -> Vec<TextRun> {
    marks.sort_by(|a, b| {
        a.bbox
            .x0
            .total_cmp(&b.bbox.x0)
            .then(a.bbox.y0.total_cmp(&b.bbox.y0))
    });
    let mut bands = Bands::new(&marks, usual);
    let mut runs: Vec<TextRun> = Vec::new();
    for mark in marks {
        let is_open = |i: usize| {
            let last = runs[i].last();
            last.bbox.x1 + DISPLAY_GAP * last.size.max(usual) >= mark.bbox.x0
        };
        let nearest = bands
            .at_height(mark.bbox, is_open)
            .into_iter()
            .filter(|&i| runs[i].is_followed_by(&mark, usual))
            .min_by(|&a, &b| {
                let gap = |i: usize| runs[i].last().bbox.gap_x(mark.bbox).abs();
                gap(a).total_cmp(&gap(b))
            });
        let i = nearest.unwrap_or(runs.len());
        match nearest {
            Some(i) => runs[i].push(mark),
            None => runs.push(TextRun::from_mark(mark)),
        }
        bands.put(i, runs[i].bbox);
    }
    runs
}

/// Runs by the heights that they stand at: a mark is compared with those at its own height alone.
struct Bands {
    top: f32,
    height: f32,
    runs: Vec<Vec<usize>>,
}

impl Bands {
    /// Bands about as high as a line, and no more of them than there are marks.
    fn new(marks: &[Mark], usual: f32) -> Self {
        let down =
            bounds(marks.iter().map(|mark| mark.bbox)).map_or(Interval::default(), Rect::down);
        let height = usual
            .max(1.0)
            .max(down.length() / marks.len().max(1) as f32);
        let n = (down.length() / height) as usize + 1;
        Self {
            top: down.from,
            height,
            runs: vec![Vec::new(); n],
        }
    }

    fn range(&self, bbox: Rect) -> std::ops::RangeInclusive<usize> {
        let band = |y: f32| (((y - self.top) / self.height) as usize).min(self.runs.len() - 1);
        band(bbox.y0)..=band(bbox.y1)
    }

    /// The runs that stand at the height of a box; those that nothing can follow any more are dropped.
    fn at_height(&mut self, bbox: Rect, is_open: impl Fn(usize) -> bool) -> Vec<usize> {
        let mut found = Vec::new();
        for band in self.range(bbox) {
            self.runs[band].retain(|&i| is_open(i));
            found.extend_from_slice(&self.runs[band]);
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn put(&mut self, run: usize, bbox: Rect) {
        for band in self.range(bbox) {
            if !self.runs[band].contains(&run) {
                self.runs[band].push(run);
            }
        }
    }
}

impl<'a> TextRun<'a> {
    pub fn from_mark(mark: Mark<'a>) -> TextRun<'a> {
        TextRun {
            bbox: mark.bbox,
            size: mark.size,
            vertical: mark.vertical,
            marks: vec![mark],
        }
    }

    pub fn from_marks(marks: Vec<Mark<'a>>) -> TextRun<'a> {
        TextRun {
            bbox: bounds(marks.iter().map(|mark| mark.bbox)).expect("a run has marks"),
            size: usual_size(&marks),
            vertical: marks[0].vertical,
            marks,
        }
    }

    fn push(&mut self, mark: Mark<'a>) {
        self.bbox = self.bbox.union(mark.bbox);
        self.size = self.size.max(mark.size);
        self.marks.push(mark);
    }

    pub fn last(&self) -> &Mark<'a> {
        self.marks.last().expect("a run has marks")
    }

    /// The number that is all of the run: `15`, `（15）`.
    pub fn number(&self) -> Option<u32> {
        /// Characters of the longest, brackets included.
        const LONGEST: usize = 6;
        if self.marks.len() > LONGEST {
            return None;
        }
        let text: String = self.marks.iter().map(|mark| mark.text).collect();
        text.trim_matches(|c| "（）()".contains(c)).parse().ok()
    }

    pub fn n_chars(&self) -> usize {
        self.marks.len()
    }

    /// Right edge of what may not hang: without a mark of punctuation at the end.
    pub fn solid_right(&self) -> f32 {
        match self.marks.as_slice() {
            [.., before, last] if is_hanging(last.text) => before.ink().to,
            _ => self.bbox.x1,
        }
    }

    /// Left edge of the ink: an opening bracket in a box of a full character has its ink in the right half of it.
    pub fn solid_left(&self) -> f32 {
        self.marks[0].ink_left()
    }

    pub fn mid_y(&self) -> f32 {
        self.bbox.mid_y()
    }

    /// Whether the run goes on with a mark; `usual` is the size of most marks of the page.
    fn is_followed_by(&self, mark: &Mark, usual: f32) -> bool {
        let last = self.last();
        // Of the mark before it: an initial over several lines does not widen the gaps of the line that it begins.
        let em = last.size.max(mark.size);
        let gap = last.bbox.gap_x(mark.bbox);
        let (before, after) = (last.ink(), mark.ink());
        let reach = if self.size.min(mark.size) >= DISPLAY * usual {
            DISPLAY_GAP
        } else {
            GAP
        };
        // Of two marks that are set tight, 》（, the boxes lie one on the other and the ink side by side.
        let are_tight = before.to <= after.from;
        (are_tight || mark.bbox.mid_x() > last.bbox.mid_x() + ADVANCE * em)
            && gap <= reach * em
            && (are_tight || gap > -OVERPRINT * em)
            && self.is_level_with(mark)
            && !is_jump(last, mark, em)
    }

    /// Whether a mark stands on the line of the run. The last large mark tells it: a subscript stands lower, a skewed
    /// line wanders. Beside an initial over several lines it is the last of its own size.
    fn is_level_with(&self, mark: &Mark) -> bool {
        let size = if self.size > INITIAL * mark.size {
            mark.size
        } else {
            self.size
        };
        let on_line = self
            .marks
            .iter()
            .rev()
            .find(|m| m.size > LARGE * size)
            .unwrap_or(&self.marks[0]);
        share_height(on_line.bbox, on_line.size, mark.bbox, mark.size)
    }
}

/// What a recogniser made of dirt, and the other runs; `usual` is the size of the page's text.
pub fn without_noise(runs: Vec<TextRun>, usual: f32) -> (Vec<TextRun>, Vec<TextRun>) {
    let runs: Vec<TextRun> = runs.into_iter().flat_map(without_frayed_end).collect();
    let (mut noise, runs): (Vec<TextRun>, Vec<TextRun>) =
        runs.into_iter().partition(|run| is_noise(run, usual));
    // A thread runs down the page, and is thicker here and there.
    let threads: Vec<f32> = noise
        .iter()
        .filter(|run| is_stroke(run))
        .map(|run| run.bbox.mid_x())
        .collect();
    let (strokes, runs): (Vec<TextRun>, Vec<TextRun>) = runs
        .into_iter()
        .partition(|run| is_on_thread(run, &threads));
    noise.extend(strokes);
    (noise, runs)
}

/// One upright stroke.
fn is_stroke(run: &TextRun) -> bool {
    run.marks.len() == 1 && matches!(run.marks[0].text, "1" | "l" | "I")
}

/// A recognised stroke above or below others that are noise.
fn is_on_thread(run: &TextRun, threads: &[f32]) -> bool {
    /// In em.
    const SAME_PLACE: f32 = 0.2;
    const ENOUGH: usize = 2;
    let is_here = |thread: &&f32| (*thread - run.bbox.mid_x()).abs() < SAME_PLACE * run.size;
    is_stroke(run)
        && run.marks[0].recognised.is_some()
        && threads.iter().filter(is_here).count() >= ENOUGH
}

/// A run, and apart from it what stands behind its end and is hardly believed.
fn without_frayed_end(mut run: TextRun) -> Vec<TextRun> {
    const HARDLY: f32 = confidence::FRAYED_END;
    /// Gap before it, in em.
    const APART: f32 = 0.2;
    let is_hardly = |mark: &Mark| mark.recognised.is_some_and(|r| r.confidence < HARDLY);
    let n_whole = run.marks.len()
        - run
            .marks
            .iter()
            .rev()
            .take_while(|mark| is_hardly(mark))
            .count();
    let gap = |i: usize| run.marks[i - 1].bbox.gap_x(run.marks[i].bbox);
    match (n_whole.max(1)..run.marks.len()).find(|&i| gap(i) > APART * run.size) {
        Some(end) if n_whole > 0 => {
            let end = run.marks.split_off(end);
            vec![TextRun::from_marks(run.marks), TextRun::from_marks(end)]
        }
        _ => vec![run],
    }
}

/// Whether a run is what a recogniser made of dirt: one to three characters that it hardly believes, or that are tiny and
/// not quite believed, or a hairline.
fn is_noise(run: &TextRun, usual: f32) -> bool {
    const MOST_CHARACTERS: usize = 3;
    /// Size against that of the text: notes are larger.
    const TINY: f32 = 0.5;
    const QUITE: f32 = confidence::TINY_NOISE;
    const UNSURE: f32 = confidence::NOISE;
    /// Width in em; the thinnest printed 1 is a sixth wide.
    const HAIRLINE: f32 = 0.12;
    let confidences: Vec<f32> = run
        .marks
        .iter()
        .filter_map(|mark| mark.recognised)
        .map(|r| r.confidence)
        .collect();
    if confidences.is_empty() || run.marks.len() > MOST_CHARACTERS {
        return false;
    }
    let is_hairline = run.marks.iter().all(|mark| {
        matches!(mark.text, "1" | "l" | "I") && mark.bbox.width() < HAIRLINE * mark.size
    });
    let mean = confidences.iter().sum::<f32>() / confidences.len() as f32;
    let is_tiny = run.bbox.height().max(run.size) < TINY * usual;
    is_hairline || mean < UNSURE || mean < QUITE && is_tiny
}

/// Punctuation that may stand outside its column at the end of a line: neither opening brackets nor leaders.
pub fn is_hanging(text: &str) -> bool {
    const STANDS: &str = "（《〈“‘「『【〔［([{￥$%％‰℃□☑…⋯";
    text.chars()
        .all(|c| !c.is_alphanumeric() && !STANDS.contains(c))
}

/// The middle of a box in height: lines that are set tight overlap in their full boxes.
fn core(bbox: Rect, size: f32) -> Interval {
    /// Half of the middle, as a part of the box; and the height of a box, in em, that its accents do not count in.
    const HALF: f32 = 0.4;
    const TALLEST: f32 = 1.1;
    let half = HALF * bbox.height().min(size * TALLEST);
    Interval::new(bbox.mid_y() - half, bbox.mid_y() + half)
}

/// Whether two boxes stand on one line: the middle of the lower one is level with that of the higher one.
fn share_height(a: Rect, a_size: f32, b: Rect, b_size: f32) -> bool {
    /// The height of a box that has none, in points.
    const FLAT: f32 = 0.01;
    let (a, b) = (core(a, a_size), core(b, b_size));
    a.overlap(b) / a.length().min(b.length()).max(FLAT) >= SHARED_HEIGHT
}

/// The file need not be in reading order, but what it sets in one go is not parted by something else that begins inside.
fn is_jump(last: &Mark, mark: &Mark, em: f32) -> bool {
    let is_next = mark.idx == last.idx + 1;
    !is_next
        && (mark.bbox.x1 > last.next_x0 + REACH * em || last.bbox.x1 - mark.bbox.x0 > OVERLAP * em)
}

/// Tells each mark where the next one of the file goes on from it.
pub fn chain(marks: &mut [Mark]) {
    for i in 1..marks.len() {
        let (a, b) = (marks[i - 1], marks[i]);
        let em = a.size.max(b.size);
        if (-OVERPRINT * em..=GAP * em).contains(&a.bbox.gap_x(b.bbox))
            && b.bbox.mid_x() > a.bbox.mid_x()
            && share_height(a.bbox, a.size, b.bbox, b.size)
        {
            marks[i - 1].next_x0 = b.bbox.x0;
        }
    }
}

fn vertical_runs(mut marks: Vec<Mark>) -> Vec<TextRun> {
    marks.sort_by(|a, b| {
        a.bbox
            .y0
            .total_cmp(&b.bbox.y0)
            .then(b.bbox.x0.total_cmp(&a.bbox.x0))
    });
    let mut runs: Vec<TextRun> = Vec::new();
    for mark in marks {
        match runs.iter_mut().find(|run| is_followed_below(run, &mark)) {
            Some(run) => run.push(mark),
            None => runs.push(TextRun::from_mark(mark)),
        }
    }
    runs.iter_mut()
        .filter(|run| run.marks.iter().all(|mark| mark.up))
        .for_each(|run| run.marks.reverse());
    runs
}

/// Whether a vertical run goes on with a mark.
fn is_followed_below(run: &TextRun, mark: &Mark) -> bool {
    /// How far their middles lie apart, and the gap between them, in em.
    const ASIDE: f32 = 0.5;
    const NEAREST: f32 = -0.5;
    const FARTHEST: f32 = 1.2;
    let last = run.last();
    let gap = last.bbox.gap_y(mark.bbox);
    (last.bbox.mid_x() - mark.bbox.mid_x()).abs() < ASIDE * mark.size
        && gap > NEAREST * mark.size
        && gap < FARTHEST * mark.size
}

/// Characters in a stack, at least: fewer stand under each other by chance.
const STACK: usize = 4;

/// Single characters that stand one under the other, and alone, are one vertical run: heads in the margin.
fn stacks(runs: Vec<TextRun>) -> Vec<TextRun> {
    let mut singles: Vec<usize> = (0..runs.len()).filter(|&i| is_single(&runs[i])).collect();
    if singles.len() < STACK {
        return runs;
    }
    singles.sort_by(|&a, &b| runs[a].bbox.y0.total_cmp(&runs[b].bbox.y0).then(a.cmp(&b)));
    let stacks: Vec<Vec<usize>> = chains(&runs, &singles)
        .into_iter()
        .filter(|chain| chain.len() >= STACK && stands_alone(&runs, chain))
        .collect();
    let mut is_stacked = vec![false; runs.len()];
    let mut out: Vec<TextRun> = Vec::with_capacity(runs.len());
    for stack in &stacks {
        stack.iter().for_each(|&i| is_stacked[i] = true);
        let mut run = TextRun::from_marks(stack.iter().map(|&i| runs[i].marks[0]).collect());
        run.vertical = true;
        out.push(run);
    }
    let others = runs.into_iter().zip(is_stacked);
    out.extend(
        others
            .filter(|(_, is_stacked)| !is_stacked)
            .map(|(run, _)| run),
    );
    out
}

fn is_single(run: &TextRun) -> bool {
    let text = run.marks[0].text;
    run.marks.len() == 1 && !run.vertical && text.chars().all(|c| is_han(c) || is_hanging(text))
}

/// How far the next character of a stack stands below the last, in em, and how far they overlap.
const STACK_GAP: f32 = 0.6;
const STACK_OVERLAP: f32 = 0.4;

/// Single characters, from the top, as chains in which each stands close under the one before.
fn chains(runs: &[TextRun], singles: &[usize]) -> Vec<Vec<usize>> {
    let largest = singles.iter().map(|&i| runs[i].size).fold(0.0, f32::max);
    let mut done: Vec<Vec<usize>> = Vec::new();
    let mut open: Vec<Vec<usize>> = Vec::new();
    for &i in singles {
        let top = runs[i].bbox.y0;
        let is_over = |chain: &mut Vec<usize>| {
            runs[*chain.last().expect("a chain has runs")].bbox.y1 + STACK_GAP * largest < top
        };
        done.extend(open.extract_if(.., is_over));
        let follows = |chain: &&mut Vec<usize>| {
            is_stacked_on(&runs[*chain.last().expect("a chain has runs")], &runs[i])
        };
        match open.iter_mut().find(follows) {
            Some(chain) => chain.push(i),
            None => open.push(vec![i]),
        }
    }
    done.append(&mut open);
    // As they begin.
    done.sort_by(|a, b| {
        runs[a[0]]
            .bbox
            .y0
            .total_cmp(&runs[b[0]].bbox.y0)
            .then(a[0].cmp(&b[0]))
    });
    done
}

fn is_stacked_on(last: &TextRun, next: &TextRun) -> bool {
    /// How far their middles and their sizes differ, in em.
    const ASIDE: f32 = 0.25;
    const SAME_SIZE: f32 = 0.1;
    let gap = last.bbox.gap_y(next.bbox);
    (last.bbox.mid_x() - next.bbox.mid_x()).abs() < ASIDE * next.size
        && (last.size - next.size).abs() < SAME_SIZE * next.size
        && gap > -STACK_OVERLAP * next.size
        && gap < STACK_GAP * next.size
}

/// Whether nothing stands beside a stack.
fn stands_alone(runs: &[TextRun], stack: &[usize]) -> bool {
    /// Space beside it, in em.
    const SPACE: f32 = 3.0;
    let bbox = bounds(stack.iter().map(|&i| runs[i].bbox)).expect("a stack has runs");
    let reach = SPACE * runs[stack[0]].size;
    let mut beside = runs.iter().enumerate().filter(|(_, run)| {
        run.bbox.y0 < bbox.y1
            && run.bbox.y1 > bbox.y0
            && run.bbox.x0 < bbox.x1 + reach
            && run.bbox.x1 > bbox.x0 - reach
    });
    beside.all(|(i, _)| stack.contains(&i))
}

/// The size of most marks, to a quarter of a point.
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

/// Runs as rows: those of about one height stand in one row, from left to right. Their middles are compared as
/// [`share_height`] does, and not by a tolerance: a large run holds a small one beside it, a subscript set apart.
pub fn rows(mut runs: Vec<TextRun>) -> Vec<Vec<TextRun>> {
    runs.sort_by(|a, b| {
        a.mid_y()
            .total_cmp(&b.mid_y())
            .then(a.bbox.x0.total_cmp(&b.bbox.x0))
    });
    let mut rows: Vec<Vec<TextRun>> = Vec::new();
    for run in runs {
        let recent = rows.len().saturating_sub(RECENT_ROWS);
        match rows[recent..].iter().rposition(|row| fits_in(row, &run)) {
            Some(i) => rows[recent + i].push(run),
            None => rows.push(vec![run]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
    }
    rows
}

/// Whether a run stands beside the others of a row, at their height.
fn fits_in(row: &[TextRun], run: &TextRun) -> bool {
    let slack = ROW_OVERLAP * run.size;
    let is_beside = |other: &TextRun| {
        !other.vertical
            && (other.bbox.x1 <= run.bbox.x0 + slack || run.bbox.x1 <= other.bbox.x0 + slack)
    };
    let distance = |other: &TextRun| (other.bbox.x0 - run.bbox.x0).abs();
    let nearest = row
        .iter()
        .min_by(|a, b| distance(a).total_cmp(&distance(b)))
        .expect("a row has runs");
    !run.vertical
        && row.iter().all(is_beside)
        && share_height(nearest.bbox, nearest.size, run.bbox, run.size)
}
