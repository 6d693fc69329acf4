//! The left column where it alone is filled: lines that all end far before the right end of the page, and at one edge.

use crate::geom::{bounds, is_near};
use crate::layout::gutters::{COLUMN, TextArea};
use crate::layout::runs::TextRun;

/// How far a line ends before or behind the edge of its column, in em.
const AT_EDGE: f32 = 0.6;
/// Ends nearer than this are one edge, in em; lines that show an edge of a page, and one that other pages have.
const SAME_EDGE: f32 = 0.25;
const ENOUGH: usize = 3;
const ENOUGH_OF_KNOWN: usize = 2;
/// Lines of the shortest part of a text that shows its column.
const SHORTEST: usize = 4;
/// The indent of a paragraph, in em, and how far lines that begin at one edge differ.
const INDENT: f32 = 2.0;
const RAGGED: f32 = 0.3;
/// Of ten lines that reach the edge, those that the next line goes on from, without an indent.
const GOES_ON: usize = 8;
/// Edges that are looked at.
const MOST_EDGES: usize = 3;

/// Where a line begins and ends.
#[derive(Debug, Clone, Copy)]
struct Extent {
    left: f32,
    right: f32,
    /// It is one run.
    is_whole: bool,
}

/// The right edge of the left column for each row that stands in it while the right one is empty.
pub fn right_edges(rows: &[Vec<TextRun>], area: &TextArea) -> Vec<Option<f32>> {
    let mut edges = vec![None; rows.len()];
    let extents: Vec<Extent> = rows.iter().map(|row| extent(row)).collect();
    for edge in candidates(&extents, area) {
        let ends_before = |extent: &Extent| extent.right <= edge.x + AT_EDGE * area.em;
        let mut start = 0;
        for part in extents.chunk_by(|a, b| ends_before(a) == ends_before(b)) {
            let rows = start..start + part.len();
            start = rows.end;
            if ends_before(&part[0]) && is_column(part, edge, area) {
                edges[rows]
                    .iter_mut()
                    .filter(|known| known.is_none())
                    .for_each(|known| *known = Some(edge.x));
            }
        }
    }
    edges
}

fn extent(row: &[TextRun]) -> Extent {
    let bbox = bounds(row.iter().map(|run| run.bbox)).expect("a row has runs");
    Extent {
        left: row[0].solid_left().min(bbox.x0 + AT_EDGE * row[0].size),
        right: row[row.len() - 1].solid_right(),
        is_whole: row.len() == 1,
    }
}

/// An edge at which a left column may end.
#[derive(Debug, Clone, Copy)]
struct Edge {
    x: f32,
    /// Other pages have a gutter there.
    is_known: bool,
}

/// The gutters of other pages, and where most lines of this one end.
fn candidates(extents: &[Extent], area: &TextArea) -> Vec<Edge> {
    let width = COLUMN * area.em;
    let known = area
        .known
        .iter()
        .filter(|gutter| area.has_inside(gutter, width));
    let mut edges: Vec<Edge> = known
        .map(|gutter| Edge {
            x: gutter.left,
            is_known: true,
        })
        .collect();
    let is_inside = |x: &f32| *x > area.frame.left + width && *x < area.frame.right - width;
    let mut ends: Vec<f32> = extents
        .iter()
        .map(|extent| extent.right)
        .filter(is_inside)
        .collect();
    ends.sort_by(f32::total_cmp);
    let mut groups: Vec<&[f32]> = ends
        .chunk_by(|a, b| b - a <= SAME_EDGE * area.em / 2.0)
        .filter(|group| group.len() >= ENOUGH)
        .collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    let own = groups.iter().take(MOST_EDGES).map(|group| Edge {
        x: group[group.len() - 1],
        is_known: false,
    });
    edges.extend(own);
    edges
}

/// Whether lines that end before an edge are lines of a column that ends there: paragraphs whose lines reach it and go on in
/// the next. Lines of one length that begin all alike are a list.
fn is_column(lines: &[Extent], edge: Edge, area: &TextArea) -> bool {
    let em = area.em;
    let reaches = |line: &Extent| is_near(line.right, edge.x, AT_EDGE * em);
    let n_full = lines.iter().filter(|line| reaches(line)).count();
    if edge.is_known && n_full >= ENOUGH_OF_KNOWN {
        return true;
    }
    let is_flush = |line: &Extent| (line.left - area.frame.left).abs() <= RAGGED * em;
    let is_indented =
        |line: &Extent| is_near(line.left, area.frame.left + INDENT * em, RAGGED * em);
    let goes_on = lines.windows(2).filter(|pair| reaches(&pair[0]));
    let (n_flush, n_next) = goes_on.fold((0, 0), |(flush, all), pair| {
        (flush + usize::from(is_flush(&pair[1])), all + 1)
    });
    lines.len() >= SHORTEST
        && n_full >= ENOUGH
        && lines.iter().any(is_indented)
        && lines.iter().filter(|line| line.is_whole).count() * 10 >= lines.len() * GOES_ON
        && n_flush * 10 >= n_next * GOES_ON
}
