//! How the lines of a text are set: whether each is a printed line, how wide its measure is and how far it is filled.

use std::ops::Range;

use super::columns::{self, Grid};
use super::{Draft, LineFacts};
use extract::laid::PrintedLine;
use language::facts::LineKind;
use language::label::Kind;
use language::script::{is_blank, is_han, is_terminal, last_mark};

/// A line shorter than this, in full characters, says nothing of whether its text is prose.
pub const SHORT: f32 = 26.0;
/// How far a full line may stay behind the measure, in full characters: one mark that would not fit, or one that hangs.
const SLACK: f32 = 1.6;
/// An indent of this many full characters is one: a paragraph has 2, an OCR program gives a little less.
pub const INDENT: f32 = 1.5;

/// What the whole input says of its line breaks.
#[derive(Debug, Default)]
pub struct TextLayout {
    /// Its lines are printed lines, or pieces of them.
    pub is_wrapped: bool,
    /// Share of the long lines that end inside a sentence: columns and pages were cut out of paragraphs.
    pub broken: f32,
    /// Columns of so many characters and lines, where the breaks prove them.
    pub grid: Option<Grid>,
}

impl TextLayout {
    /// The layout of a PDF, whose lines stand where the page shows them.
    pub fn of_pages() -> TextLayout {
        TextLayout {
            is_wrapped: true,
            broken: 1.0,
            grid: None,
        }
    }

    /// The layout of a text, told by the widths of its lines; each line of a wrapped text is given its metrics.
    /// `contents`: the lines of the contents, which are set in a way of their own.
    pub fn of_text(draft: &mut Draft, contents: &Range<usize>) -> TextLayout {
        let is_set = |i: &usize| !contents.contains(i) && !draft.lines[*i].text.contains('\t');
        let widths: Vec<Option<f32>> = (0..draft.lines.len())
            .map(|i| is_set(&i).then(|| draft.facts[i].text.width))
            .collect();
        let broken = share_broken(draft, &widths);
        let Some(measure) = measure(draft, &widths) else {
            // Below this share, breaks inside sentences are the slips of an extractor.
            const FEW: f32 = 0.05;
            return TextLayout {
                is_wrapped: false,
                broken,
                grid: (broken >= FEW).then(|| columns::grid(draft)).flatten(),
            };
        };
        let printed = printed_lines(draft, &measure);
        for (facts, metrics) in draft.facts.iter_mut().zip(printed) {
            facts.place.metrics = Some(metrics);
        }
        TextLayout {
            is_wrapped: true,
            broken,
            grid: None,
        }
    }
}

/// Share of the long lines that end inside a sentence.
fn share_broken(draft: &Draft, widths: &[Option<f32>]) -> f32 {
    let is_long = |i: &usize| widths[*i].is_some_and(|w| w >= SHORT);
    let is_broken = |c: char| is_han(c) || matches!(c, '，' | '、' | ',');
    let long = (0..widths.len()).filter(is_long);
    let (n_broken, n_long) = long.fold((0, 0), |(broken, all), i| {
        let ends_inside = draft.facts[i].text.ending.is_some_and(is_broken);
        (broken + usize::from(ends_inside), all + 1)
    });
    n_broken as f32 / n_long.max(1) as f32
}

/// The measure at each line if the text is hard-wrapped: lines end near one width, page by page.
fn measure(draft: &Draft, widths: &[Option<f32>]) -> Option<Vec<f32>> {
    /// Filled lines that show a measure, at least.
    const AT_LEAST: usize = 4;
    /// Of ten lines, those that must stand in runs with a measure.
    const MEASURED: usize = 7;
    let runs = runs(draft);
    let found: Vec<RunMeasure> = runs
        .iter()
        .map(|run| measure_of_run(&widths[run.clone()]))
        .collect();
    let (mut full, mut all, mut measured) = (0, 0, 0);
    for run in &found {
        full += run.n_full;
        all += run.n_lines;
        measured += run.measure.map_or(0, |_| run.n_lines);
    }
    let mut known: Vec<f32> = found.iter().filter_map(|run| run.measure).collect();
    if known.is_empty()
        || full < AT_LEAST
        || measured * 10 < all * MEASURED
        || (full as f32) < draft.config().wrapped_share * all as f32
    {
        return None;
    }
    known.sort_by(f32::total_cmp);
    let usual = known[known.len() / 2];
    let of_lines = |(run, found): (&Range<usize>, &RunMeasure)| {
        vec![found.measure.unwrap_or(usual); run.len()]
    };
    Some(runs.iter().zip(&found).flat_map(of_lines).collect())
}

/// Runs of lines long enough to show their measure: a page, or so many lines of a text without pages.
fn runs(draft: &Draft) -> Vec<Range<usize>> {
    const LONGEST: usize = 60;
    let mut runs: Vec<Range<usize>> = Vec::new();
    for i in 0..draft.lines.len() {
        match runs.last_mut() {
            Some(run)
                if run.len() < LONGEST && draft.lines[run.start].page == draft.lines[i].page =>
            {
                run.end = i + 1;
            }
            _ => runs.push(i..i + 1),
        }
    }
    runs
}

#[derive(Debug)]
struct RunMeasure {
    measure: Option<f32>,
    /// Lines that fill it.
    n_full: usize,
    n_lines: usize,
}

fn measure_of_run(widths: &[Option<f32>]) -> RunMeasure {
    /// Narrower lines, in full characters, are labels and ends.
    const NARROW: f32 = 4.0;
    /// Lines that a run needs.
    const AT_LEAST: usize = 8;
    /// How far widths differ that are one, in full characters: a half-width mark.
    const SAME: f32 = 0.8;
    /// Measures of columns and pages, in full characters.
    const MEASURES: std::ops::RangeInclusive<f32> = 8.0..=64.0;
    /// Where lines are paragraphs, the widest are wider than any printed line, by more than this.
    const WIDER: f32 = 8.0;
    let mut w: Vec<f32> = widths.iter().flatten().copied().collect();
    w.retain(|&w| w > NARROW);
    w.sort_by(|a, b| b.total_cmp(a));
    // The widest width that several lines share: one in twelve, two at least.
    let enough = (w.len() / 12).max(2);
    // A few wider lines, one in fifteen, are contents or titles in one piece.
    let w = &w[w.len() / 15..];
    let is_shared = |&i: &usize| {
        let same = w[i..].iter().take_while(|&&x| x >= w[i] - SAME);
        same.take(enough).count() >= enough
    };
    let found = if w.len() >= AT_LEAST {
        (0..w.len()).find(is_shared).map(|i| w[i])
    } else {
        None
    };
    let measure = found.filter(|m| MEASURES.contains(m) && w[0] <= m + WIDER);
    let n_full = measure.map_or(0, |m| {
        let full = m - SLACK..=m + 1.0;
        w.iter().filter(|x| full.contains(x)).count()
    });
    RunMeasure {
        measure,
        n_full,
        n_lines: w.len(),
    }
}

/// The printed line that a line of a hard-wrapped text is, or is a piece of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineMetrics {
    /// Its first piece.
    pub first: usize,
    /// Its width, with the indent that it is taken to have, in full characters.
    pub width: f32,
    pub indent: f32,
    pub measure: f32,
    pub is_full: bool,
}

impl LineMetrics {
    /// A printed line whose place is known, measured in its own characters.
    pub fn from_geometry(first: usize, line: &PrintedLine) -> LineMetrics {
        // One character may be missing where a mark or a number went to the next line.
        const MISSING: f32 = 1.2;
        let size = line.size.max(1.0);
        let width = (line.bbox[2] - line.column.left) / size;
        let measure = (line.column.right - line.column.left) / size;
        LineMetrics {
            first,
            width,
            indent: ((line.bbox[0] - line.column.left) / size).max(0.0),
            measure,
            is_full: measure - width <= MISSING,
        }
    }
}

/// Puts the pieces of printed lines together: pieces that add up to the measure are one line.
fn printed_lines(draft: &Draft, measure: &[f32]) -> Vec<LineMetrics> {
    /// Pieces that add up by chance, of a hundred lines: an extractor that cuts lines at spaces and figures cuts one
    /// in five.
    const TORN: usize = 10;
    let pieces: Vec<Piece> = (0..draft.lines.len())
        .map(|i| Piece::new(draft, i))
        .collect();
    let printed = chained(&pieces, measure, |piece| piece.ends);
    let n_torn = (1..pieces.len())
        .filter(|&i| printed[i].first == printed[i - 1].first && !pieces[i - 1].is_sentence)
        .count();
    // Where no line is torn, the end of a paragraph and the next short one add up by chance.
    if n_torn * 100 > TORN * pieces.len() {
        printed
    } else {
        chained(&pieces, measure, |piece| piece.ends || piece.is_sentence)
    }
}

/// A line as a piece of a printed line.
#[derive(Debug)]
struct Piece {
    leaf: Option<u32>,
    /// The width that it takes, in full characters.
    width: f32,
    /// Nothing stands before it on its printed line.
    starts: bool,
    /// Nothing follows it on its printed line.
    ends: bool,
    is_sentence: bool,
}

impl Piece {
    fn new(draft: &Draft, i: usize) -> Piece {
        let facts: &LineFacts = &draft.facts[i];
        let text = draft.texts[i].trim_matches(is_blank);
        let line = &draft.lines[i];
        // 第二条　为了: a space is set after the number of an article.
        let is_article = facts
            .label
            .as_ref()
            .is_some_and(|l| l.kind == Kind::Article);
        let is_parted = line.blank_before > 0 && i > 0 && line.page == draft.lines[i - 1].page;
        Piece {
            leaf: draft.leaves[i],
            width: facts.text.width + f32::from(u8::from(is_article)),
            starts: facts.label.is_some()
                || facts.place.indent >= INDENT
                || is_parted
                || facts.text.kind != LineKind::Prose
                || line.text.contains('\t'),
            // An address, the date in brackets under a title, a title.
            ends: text.ends_with(['：', ':']) || text.ends_with("日）") || facts.text.ends_title,
            is_sentence: last_mark(text).is_some_and(is_terminal),
        }
    }
}

/// The printed lines that pieces make when they add up to the measure.
fn chained(pieces: &[Piece], measure: &[f32], ends: fn(&Piece) -> bool) -> Vec<LineMetrics> {
    let mut printed: Vec<LineMetrics> = Vec::with_capacity(pieces.len());
    while printed.len() < pieces.len() {
        let first = printed.len();
        let goes_on = printed.last().is_some_and(|p| p.is_full);
        // The first line of a paragraph is indented by two characters.
        let indents: [f32; 2] = if pieces[first].starts || !goes_on {
            [2.0, 0.0]
        } else {
            [0.0, 2.0]
        };
        let filled = indents.iter().find_map(|&indent| {
            Some((filled(pieces, first, indent, measure[first], ends)?, indent))
        });
        let ((end, width), indent) =
            filled.unwrap_or(((first + 1, pieces[first].width + indents[0]), indents[0]));
        printed.extend((first..end).map(|_| LineMetrics {
            first,
            width,
            indent,
            measure: measure[first],
            is_full: filled.is_some(),
        }));
    }
    printed
}

/// Where the pieces end that fill a printed line from `first` on, and their width.
fn filled(
    pieces: &[Piece],
    first: usize,
    indent: f32,
    measure: f32,
    ends: fn(&Piece) -> bool,
) -> Option<(usize, f32)> {
    /// Pieces that a printed line can be cut into.
    const PIECES: usize = 9;
    /// How far a mark may hang over the measure, in full characters.
    const OVER: f32 = 0.8;
    let mut width = indent;
    for i in first..pieces.len().min(first + PIECES) {
        let goes_on = i == first
            || pieces[i].leaf == pieces[first].leaf && !pieces[i].starts && !ends(&pieces[i - 1]);
        if !goes_on {
            return None;
        }
        width += pieces[i].width;
        if (measure - SLACK..=measure + OVER).contains(&width) {
            return Some((i + 1, width));
        }
    }
    None
}
