//! What layout makes of pages: printed lines in reading order, where they stand, and the tables that they make.
//! Boxes are x0, y0, x1, y1 in points from the page's top left.

use model::LineCharacter;

/// One printed line, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct PrintedLine {
    /// 1-based.
    pub page: u32,
    /// The page of the book, counted from 1: where sheets show two of them, there are more of these.
    pub leaf: u32,
    pub text: String,
    pub bbox: [f32; 4],
    /// Font size of most of its characters.
    pub size: f32,
    /// Of the column, cell or full-width block that it stands in.
    pub column: Column,
    pub role: LineRole,
    /// One by one, if they were recognised; their boxes are on the straight page, as the line's is.
    pub characters: Vec<LineCharacter>,
}

/// Left and right edge in points. On a page whose text is set sideways they run along the lines.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    pub left: f32,
    pub right: f32,
}

#[cfg(feature = "pdf")]
impl From<crate::geom::Rect> for Column {
    fn from(bbox: crate::geom::Rect) -> Self {
        Self {
            left: bbox.x0,
            right: bbox.x1,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineRole {
    Body,
    /// In a box beside the text.
    Aside,
    RunningHead,
    Folio,
    Footnote,
    /// Laid at a slant across the page: a watermark, a label in a figure.
    Slanted,
    /// What a recogniser made of dirt.
    Noise,
}

/// A table, or the part of one that stands on this page.
#[derive(Debug, Clone, PartialEq)]
pub struct PrintedTable {
    pub page: u32,
    pub bbox: [f32; 4],
    pub n_rows: usize,
    pub n_cols: usize,
    /// Row by row; together they cover the table.
    pub cells: Vec<PrintedCell>,
    /// Its cells are parted by ruling lines, not by alignment alone.
    pub ruled: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct PrintedCell {
    pub row: usize,
    pub col: usize,
    pub rowspan: usize,
    pub colspan: usize,
    pub bbox: [f32; 4],
    /// Indices into [`Laid::lines`], from the top; empty for an empty cell.
    pub lines: Vec<usize>,
}

/// A document as it is printed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Laid {
    /// In reading order over the whole document; the furniture of a page comes after its text, and the lines of
    /// a table stand together, cell by cell, row by row.
    pub lines: Vec<PrintedLine>,
    pub tables: Vec<PrintedTable>,
}
