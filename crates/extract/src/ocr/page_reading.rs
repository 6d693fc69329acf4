//! A page as OCR reads it: its picture, its lines and the characters in them.

use super::line_box::LineBox;
use super::prepared::Prepared;
use super::recognise::{Character, Recogniser};
use super::ruling::Segment;
use super::segmentation::{Segmentation, segment};
use crate::confidence::BELIEF_IN_NOISE;
use crate::raster::Gray;

/// A page, and what is read on it.
#[derive(Debug)]
pub struct PageReading {
    pub prepared: Prepared,
    /// In no order that says anything of reading.
    pub lines: Vec<ReadLine>,
    pub leaders: Vec<LineBox>,
    pub rulings: Vec<Segment>,
    /// Whether the detector looked at it.
    pub is_detected: bool,
}

/// A line, and what the recogniser reads in it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadLine {
    pub line_box: LineBox,
    /// Where the picture that was read begins, in pixels of the page.
    pub left: usize,
    pub characters: Vec<Character>,
}

impl ReadLine {
    /// Those that are no white space.
    pub fn shown(&self) -> impl Iterator<Item = &Character> {
        self.characters.iter().filter(|c| !c.text.is_whitespace())
    }
}

impl PageReading {
    /// Reads the lines that geometry finds on a page.
    pub fn new(prepared: Prepared, recogniser: &Recogniser) -> Self {
        let Segmentation {
            lines,
            leaders,
            rulings,
        } = segment(&prepared);
        let read = recogniser.lines(&pictures(&prepared.gray, &lines));
        let lines = lines
            .into_iter()
            .zip(read)
            .map(|(line_box, characters)| ReadLine {
                left: line_box.picture_box(&prepared.gray)[0],
                line_box,
                characters,
            })
            .collect();
        Self {
            prepared,
            lines,
            leaders,
            rulings,
            is_detected: false,
        }
    }

    /// Whether anything was read at all.
    pub fn has_characters(&self) -> bool {
        self.lines.iter().any(|line| !line.characters.is_empty())
    }

    /// Mean over all characters; 0 without any.
    pub fn confidence(&self) -> f32 {
        let all = || self.lines.iter().flat_map(|line| &line.characters);
        all().map(|c| c.recognised.confidence).sum::<f32>() / all().count().max(1) as f32
    }

    /// How much is read: of noise nothing.
    pub fn amount_read(&self) -> f32 {
        let all = self.lines.iter().flat_map(|line| &line.characters);
        all.map(|c| c.recognised.confidence - BELIEF_IN_NOISE).sum()
    }
}

/// The pictures of lines, as the recogniser gets them.
pub fn pictures(page: &Gray, lines: &[LineBox]) -> Vec<Gray> {
    lines
        .iter()
        .map(|line| page.crop(line.picture_box(page)))
        .collect()
}
