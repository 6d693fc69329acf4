//! A page taken apart: its runs, and its ruled tables with the marks that stand in them.

use super::fractions;
use super::line_text::Spaces;
use super::ruled_tables::{self, RuledTable};
use super::rulings;
use super::runs::{self, Mark, TextRun};
use super::turn::Turn;
use crate::geom::{Interval, Rect};
use crate::page::{Glyph, Page, Ruling};

#[derive(Debug)]
pub struct PageRuns<'a> {
    pub number: u32,
    /// See [`super::PrintedLine::leaf`].
    pub leaf: u32,
    pub width: f32,
    pub height: f32,
    pub turn: Turn,
    pub runs: Vec<TextRun<'a>>,
    /// What a recogniser made of dirt.
    pub noise: Vec<TextRun<'a>>,
    /// Laid at a slant across the page, each line of the file.
    pub slanted: Vec<TextRun<'a>>,
    /// From the top.
    pub tables: Vec<RuledTable<'a>>,
    pub rulings: Vec<Ruling>,
    pub spaces: Spaces,
    pub n_marks: usize,
    /// Font size of most of its text.
    pub text_size: f32,
}

/// The smallest size of a glyph, in points: one without any size has no em to measure by.
const SMALLEST: f32 = 0.1;

impl<'a> PageRuns<'a> {
    pub fn new(page: &'a Page, leaf: u32) -> Self {
        let turn = Turn::from_page(page);
        let (width, height) = if turn == Turn::None {
            (page.width, page.height)
        } else {
            (page.height, page.width)
        };
        let (marks, spaces) = marks_and_spaces(page, turn);
        let n_marks = marks.len();
        let (slanted, mut marks) = slanted_and_straight(marks);
        runs::chain(&mut marks);
        let text_size = runs::usual_size(&marks);
        let rulings: Vec<Ruling> = page
            .rulings
            .iter()
            .map(|ruling| turned(ruling, page, turn))
            .collect();
        let (mut tables, marks) = ruled_tables::ruled_tables(&rulings, marks);
        tables.sort_by(|a, b| a.bbox.y0.total_cmp(&b.bbox.y0));
        let (mut noise, runs) = runs::without_noise(runs::runs(marks), text_size);
        let runs = fractions::put_together(runs, &rulings::level(&rulings));
        noise.extend(
            tables
                .iter_mut()
                .flat_map(|table| table.take_noise(text_size)),
        );
        Self {
            number: page.number,
            leaf,
            width,
            height,
            turn,
            runs,
            noise,
            slanted: lines_of_file(slanted),
            tables,
            rulings,
            spaces: Spaces::new(spaces),
            n_marks,
            text_size,
        }
    }

    /// Whether a ruled table stands at a height.
    pub fn is_in_ruled_table(&self, y: f32) -> bool {
        let down = |table: &RuledTable| -> Interval { table.bbox.down().widened(rulings::SAME) };
        self.tables.iter().any(|table| down(table).contains(y))
    }

    /// Where a box stands on the page as it is.
    pub fn on_page(&self, bbox: Rect) -> Rect {
        self.turn.undo(bbox, self.width, self.height)
    }
}

/// The glyphs that show, and the boxes of those that do not.
fn marks_and_spaces(page: &Page, turn: Turn) -> (Vec<Mark<'_>>, Vec<Rect>) {
    // On a sheet that is set sideways, the folio and the running head may stand upright.
    let is_sideways = turn != Turn::None
        && page.glyphs.iter().any(|glyph| glyph.turn % 2 == 1)
        && !page.glyphs.iter().any(|glyph| glyph.vertical);
    let mut marks: Vec<Mark> = Vec::with_capacity(page.glyphs.len());
    let mut spaces = Vec::new();
    for glyph in &page.glyphs {
        let bbox = turn.apply(glyph.bbox.into(), page.width, page.height);
        if is_space(glyph) {
            spaces.push(bbox);
            continue;
        }
        marks.push(Mark {
            text: &glyph.text,
            bbox,
            size: glyph.size.max(SMALLEST),
            vertical: turn == Turn::None && (glyph.vertical || glyph.turn % 2 == 1)
                || is_sideways && glyph.turn == 0,
            slanted: glyph.slanted,
            up: glyph.turn == 3 || turn == Turn::Down && glyph.turn == 0,
            idx: marks.len() as u32,
            next_x0: f32::MAX,
            recognised: glyph.recognised,
        });
    }
    (marks, spaces)
}

/// The marks at a slant, and the others. Where most are at a slant, the page itself is.
fn slanted_and_straight(marks: Vec<Mark>) -> (Vec<Mark>, Vec<Mark>) {
    let n_slanted = marks.iter().filter(|mark| mark.slanted).count();
    if 2 * n_slanted > marks.len() {
        return (Vec::new(), marks);
    }
    marks.into_iter().partition(|mark| mark.slanted)
}

/// Marks that the file sets in one go, as runs.
fn lines_of_file(marks: Vec<Mark>) -> Vec<TextRun> {
    let mut lines: Vec<Vec<Mark>> = Vec::new();
    for mark in marks {
        match lines.last_mut() {
            Some(line) if line.last().is_some_and(|last| last.idx + 1 == mark.idx) => {
                line.push(mark);
            }
            _ => lines.push(vec![mark]),
        }
    }
    lines.into_iter().map(TextRun::from_marks).collect()
}

fn is_space(glyph: &Glyph) -> bool {
    glyph
        .text
        .chars()
        .all(|c| c.is_whitespace() || c.is_control() || c == '\u{feff}')
}

fn turned(ruling: &Ruling, page: &Page, turn: Turn) -> Ruling {
    let bbox = Rect::from_corners([ruling.x0, ruling.y0], [ruling.x1, ruling.y1]);
    let Rect { x0, y0, x1, y1 } = turn.apply(bbox, page.width, page.height);
    Ruling {
        x0,
        y0,
        x1,
        y1,
        thickness: ruling.thickness,
    }
}
