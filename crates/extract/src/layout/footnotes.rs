//! Footnotes: small type under a ruling at the foot of the page.

use super::rulings::{self, RulingLine};
use super::runs::{self, TextRun};
use super::{LineRole, PageRuns};
use language::footnotes::has_mark;

/// Height on the page of the ruling over notes, at the highest: they do not take up more than the rest.
const HIGHEST: f32 = 0.35;
/// Length of a short ruling, which parts nothing but notes, against the width of the page.
const SHORT: std::ops::RangeInclusive<f32> = 0.08..=0.45;
/// How far right of the text a ruling may begin, in em.
const INDENT: f32 = 2.5;
/// Size of notes against that of the text.
const SMALLER: f32 = 0.93;

/// Which runs are footnotes: smaller than the text, under a short ruling at the left; or under one of any length, where they
/// begin with their mark. `text_size` is that of the document.
pub fn footnotes(
    page: &PageRuns,
    runs: &[TextRun],
    furniture: &[Option<LineRole>],
    text_size: f32,
) -> Vec<bool> {
    let body: Vec<&TextRun> = runs
        .iter()
        .zip(furniture)
        .filter(|(_, role)| role.is_none())
        .map(|(run, _)| run)
        .collect();
    let size = runs::usual_size(runs.iter().flat_map(|run| &run.marks));
    let left = runs.iter().map(|run| run.bbox.x0).fold(f32::MAX, f32::min);
    let is_separator = |line: &RulingLine| {
        let is_short = SHORT.contains(&(line.extent.length() / page.width.max(1.0)));
        line.position > HIGHEST * page.height
            && !page.is_in_ruled_table(line.position)
            && line.extent.from < left + INDENT * size
            && (is_short && is_over_small_type(line, &body, size)
                || is_over_small_type(line, &body, size.max(text_size))
                    && is_over_mark(line, &body))
    };
    let separator = rulings::level(&page.rulings).into_iter().find(is_separator);
    runs.iter()
        .zip(furniture)
        .map(|(run, role)| {
            role.is_none() && separator.is_some_and(|line| run.mid_y() > line.position)
        })
        .collect()
}

/// Whether there is text below a ruling, all of it smaller than this.
fn is_over_small_type(line: &RulingLine, body: &[&TextRun], size: f32) -> bool {
    let mut below = body
        .iter()
        .filter(|run| run.mid_y() > line.position)
        .peekable();
    below.peek().is_some() && below.all(|run| run.size < SMALLER * size)
}

/// Whether the text right below a ruling begins with the mark of a note.
fn is_over_mark(line: &RulingLine, body: &[&TextRun]) -> bool {
    let first = body
        .iter()
        .filter(|run| run.mid_y() > line.position)
        .min_by(|a, b| {
            let by_left = a.bbox.x0.total_cmp(&b.bbox.x0);
            let (a, b) = (a.bbox.down(), b.bbox.down());
            if a.overlap(b) > 0.0 {
                by_left
            } else {
                a.middle().total_cmp(&b.middle())
            }
        });
    first.is_some_and(|run| {
        let text: String = run.marks.iter().map(|mark| mark.text).collect();
        has_mark(&text)
    })
}
