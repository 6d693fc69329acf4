//! Ruled tables: ruling lines that cross make a grid, and a missing wall makes a span.

mod by_text;

use super::rulings::{self, MEET, RulingLine, SAME};
use super::runs::{self, Mark, TextRun};
use super::tables::{Borders, Slot, Table};
use crate::geom::Rect;
use crate::numeric::UnionFind;
use crate::page::Ruling;

/// A table whose cells are known and whose text is not yet in lines.
#[derive(Debug, Clone)]
pub struct RuledTable<'a> {
    pub bbox: Rect,
    borders: Borders,
    cells: Vec<(Slot, Vec<Mark<'a>>)>,
}

/// Cells of the largest grid that is a table; more are a pattern.
const MOST_CELLS: usize = 20_000;
/// A wall stands when rulings cover so much of its length.
const WALL: f32 = 0.6;
/// Characters and lines of a cell that holds a page of prose; and cells of a form for each such one.
const PROSE_CHARACTERS: usize = 250;
const PROSE_LINES: usize = 12;
const FORM_CELLS: usize = 4;
/// How far what shades a cell may reach over the rules around it, in points.
const AROUND_SHADE: f32 = 6.0;
/// Characters of a cell of a header, at most: a name and what it is counted in.
const HEADER_CHARACTERS: usize = 20;
/// Lines of a cell lie further apart than this, in em.
const LINE_PITCH: f32 = 0.5;

/// The ruled tables of a page, with their marks, and the marks that stand in none.
pub fn ruled_tables<'a>(
    rulings: &[Ruling],
    marks: Vec<Mark<'a>>,
) -> (Vec<RuledTable<'a>>, Vec<Mark<'a>>) {
    let mut tables = outermost(grids(rulings));
    let mut outside = Vec::new();
    for mark in marks {
        match cell_around(&mut tables, &mark) {
            Some(marks) => marks.push(mark),
            None => outside.push(mark),
        }
    }
    tables.iter_mut().for_each(by_text::settle);
    let (tables, frames): (Vec<RuledTable>, Vec<RuledTable>) =
        tables.into_iter().partition(RuledTable::is_table);
    let cells = frames.into_iter().flat_map(|frame| frame.cells);
    outside.extend(cells.flat_map(|(_, marks)| marks));
    (tables, outside)
}

/// The grids of rulings. Where lines are drawn around cells, the edges of what shades these are none.
fn grids<'a>(rulings: &[Ruling]) -> Vec<RuledTable<'a>> {
    let all = of_rulings(rulings);
    let drawn: Vec<Ruling> = rulings.iter().copied().filter(Ruling::is_drawn).collect();
    if drawn.len() == rulings.len() {
        return all;
    }
    let drawn = of_rulings(&drawn);
    let is_drawn_around = |grid: &RuledTable| {
        let is_as_large = |drawn: &RuledTable| drawn.bbox.holds(grid.bbox, AROUND_SHADE);
        drawn.iter().any(is_as_large)
    };
    let shaded: Vec<RuledTable> = all
        .into_iter()
        .filter(|grid| !is_drawn_around(grid))
        .collect();
    drawn.into_iter().chain(shaded).collect()
}

fn of_rulings<'a>(rulings: &[Ruling]) -> Vec<RuledTable<'a>> {
    components(&rulings::level(rulings), &rulings::upright(rulings))
        .into_iter()
        .filter_map(|component| RuledTable::from_rulings(&component))
        .collect()
}

/// Tables without those inside a cell of another one: they are part of that cell.
fn outermost(mut tables: Vec<RuledTable>) -> Vec<RuledTable> {
    let boxes: Vec<Rect> = tables.iter().map(|table| table.bbox).collect();
    // Of two that hold each other the first stays.
    let is_inside = |i: usize, j: usize| {
        i != j && boxes[j].holds(boxes[i], MEET) && !(j > i && boxes[i].holds(boxes[j], MEET))
    };
    let mut is_outer = (0..boxes.len()).map(|i| !(0..boxes.len()).any(|j| is_inside(i, j)));
    tables.retain(|_| is_outer.next().unwrap_or(true));
    tables
}

/// The marks of the cell that a mark stands in.
fn cell_around<'t, 'a>(
    tables: &'t mut [RuledTable<'a>],
    mark: &Mark,
) -> Option<&'t mut Vec<Mark<'a>>> {
    let (x, y) = (mark.bbox.mid_x(), mark.bbox.mid_y());
    tables
        .iter_mut()
        .filter(|table| table.bbox.contains(x, y))
        .find_map(|table| {
            let borders = &table.borders;
            table
                .cells
                .iter_mut()
                .find(|(slot, _)| borders.bbox_of(*slot).contains(x, y))
        })
        .map(|(_, marks)| marks)
}

impl<'a> RuledTable<'a> {
    /// The grid of rulings that touch.
    fn from_rulings(rulings: &Component) -> Option<Self> {
        let Component { level, upright } = rulings;
        let borders = Borders {
            xs: border_positions(upright, level),
            ys: border_positions(level, upright),
        };
        let n_boxes = borders.n_rows() * borders.n_cols();
        if !(2..=MOST_CELLS).contains(&n_boxes) {
            return None;
        }
        let spans = cells_between_walls(&borders, rulings);
        let (borders, slots) = without_shadows(&borders, &spans);
        Some(Self {
            bbox: borders.bbox(),
            borders,
            cells: slots.into_iter().map(|slot| (slot, Vec::new())).collect(),
        })
    }

    /// Frames around text, and rules between its columns, make grids too: one column, or few cells, and one of them a page
    /// of prose.
    fn is_table(&self) -> bool {
        let n_filled = self
            .cells
            .iter()
            .filter(|(_, marks)| !marks.is_empty())
            .count();
        let n_prose = self
            .cells
            .iter()
            .filter(|(_, marks)| is_prose(marks))
            .count();
        if n_filled < 2 || self.borders.n_cols() < 2 {
            return false;
        }
        // Prose in a large cell beside many small ones is a form.
        n_prose == 0
            || self.cells.len() >= FORM_CELLS * (n_prose + 1)
            || self.has_header_over_prose()
            || self.has_whole_texts()
    }

    /// A header of short cells above: provisions side by side, old and new.
    fn has_header_over_prose(&self) -> bool {
        let header: Vec<&Vec<Mark>> = self.row(0).collect();
        header.len() >= 2
            && header.len() == self.borders.n_cols()
            && header
                .iter()
                .all(|marks| (1..=HEADER_CHARACTERS).contains(&marks.len()))
            && self.borders.n_rows() >= 2
    }

    /// Three cells or more of each row are whole texts: columns of one text end anywhere.
    fn has_whole_texts(&self) -> bool {
        let is_whole = |marks: &Vec<Mark>| ends_sentence(marks);
        self.borders.n_cols() >= 3
            && (0..self.borders.n_rows()).all(|row| {
                let mut filled = self.row(row).filter(|marks| !marks.is_empty());
                filled.clone().count() >= 2 && filled.all(is_whole)
            })
    }

    /// What the cells that begin in a row hold.
    fn row(&self, row: usize) -> impl Iterator<Item = &Vec<Mark<'a>>> + Clone {
        self.cells
            .iter()
            .filter(move |(slot, _)| slot.row == row)
            .map(|(_, marks)| marks)
    }

    /// Takes out what a recogniser made of dirt beside the text of a cell. What is alone in its cell stays: dirt or not,
    /// it is all that was read there. `usual` is the size of the page's text.
    pub fn take_noise(&mut self, usual: f32) -> Vec<TextRun<'a>> {
        let mut noise = Vec::new();
        let is_recognised = |marks: &[Mark]| marks.iter().any(|mark| mark.recognised.is_some());
        for (_, marks) in &mut self.cells {
            if !is_recognised(marks) {
                continue;
            }
            let (dirt, text) = runs::without_noise(runs::runs(std::mem::take(marks)), usual);
            let (kept, taken) = if text.is_empty() {
                (dirt, Vec::new())
            } else {
                (text, dirt)
            };
            *marks = kept.into_iter().flat_map(|run| run.marks).collect();
            noise.extend(taken);
        }
        noise
    }

    pub fn into_table(self) -> Table<'a> {
        let cells = self
            .cells
            .into_iter()
            .map(|(slot, marks)| self.borders.cell(slot, runs::runs(marks)))
            .collect();
        self.borders.table(cells, true)
    }
}

/// Whether the last line of a cell ends a sentence.
fn ends_sentence(marks: &[Mark]) -> bool {
    let rows = runs::rows(runs::runs(marks.to_vec()));
    let last = rows.last().and_then(|row| row.last());
    let mark = last.map(|run| run.last().text);
    mark.is_some_and(|text| text.ends_with(['。', '！', '？', '」', '』', '”', '）']))
}

fn is_prose(marks: &[Mark]) -> bool {
    marks.len() > PROSE_CHARACTERS && n_lines(marks) >= PROSE_LINES
}

fn n_lines(marks: &[Mark]) -> usize {
    let mut bottoms: Vec<f32> = marks.iter().map(|mark| mark.bbox.y1).collect();
    bottoms.sort_by(f32::total_cmp);
    let pitch = LINE_PITCH * runs::usual_size(marks);
    1 + bottoms
        .windows(2)
        .filter(|pair| pair[1] - pair[0] > pitch)
        .count()
}

/// Rulings that touch.
#[derive(Debug, Default)]
struct Component {
    level: Vec<RulingLine>,
    upright: Vec<RulingLine>,
}

fn components(level: &[RulingLine], upright: &[RulingLine]) -> Vec<Component> {
    let n = level.len() + upright.len();
    let mut sets = UnionFind::new(n);
    for (i, h) in level.iter().enumerate() {
        for (j, v) in upright.iter().enumerate() {
            if h.meets(v) {
                sets.join(i, level.len() + j);
            }
        }
    }
    let mut components: Vec<Component> = Vec::new();
    let mut component_of: Vec<Option<usize>> = vec![None; n];
    for i in 0..n {
        let k = *component_of[sets.root(i)].get_or_insert_with(|| {
            components.push(Component::default());
            components.len() - 1
        });
        if i < level.len() {
            components[k].level.push(level[i]);
        } else {
            components[k].upright.push(upright[i - level.len()]);
        }
    }
    components.retain(|component| component.level.len() >= 2 && !component.upright.is_empty());
    components
}

/// The positions at which lines lie, nearby ones as one, and where those across them end.
fn border_positions(lines: &[RulingLine], across: &[RulingLine]) -> Vec<f32> {
    let mut positions: Vec<f32> = lines.iter().map(|line| line.position).collect();
    positions.sort_by(f32::total_cmp);
    positions.dedup_by(|b, a| *b - *a <= SAME);
    // Tables that are open at their sides: the rulings across show how far they reach.
    let first = across
        .iter()
        .map(|line| line.extent.from)
        .fold(f32::MAX, f32::min);
    let last = across
        .iter()
        .map(|line| line.extent.to)
        .fold(f32::MIN, f32::max);
    if positions
        .first()
        .is_none_or(|position| first < position - 2.0 * SAME)
    {
        positions.insert(0, first);
    }
    if positions
        .last()
        .is_none_or(|position| last > position + 2.0 * SAME)
    {
        positions.push(last);
    }
    positions
}

/// Boxes of a grid that belong together: first and last row and column, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Boxes {
    row: usize,
    col: usize,
    last_row: usize,
    last_col: usize,
}

/// The cells of a grid: boxes that no wall parts, made up to rectangles, in the order of their first boxes.
fn cells_between_walls(borders: &Borders, rulings: &Component) -> Vec<Boxes> {
    let (n_rows, n_cols) = (borders.n_rows(), borders.n_cols());
    let mut sets = UnionFind::new(n_rows * n_cols);
    let (xs, ys) = (&borders.xs, &borders.ys);
    for row in 0..n_rows {
        for col in 0..n_cols {
            let here = row * n_cols + col;
            if col + 1 < n_cols && !is_wall(&rulings.upright, xs[col + 1], ys[row], ys[row + 1]) {
                sets.join(here, here + 1);
            }
            if row + 1 < n_rows && !is_wall(&rulings.level, ys[row + 1], xs[col], xs[col + 1]) {
                sets.join(here, here + n_cols);
            }
        }
    }
    loop {
        let cells = rectangles(&mut sets, n_rows, n_cols);
        if !fill(&mut sets, &cells, n_cols) {
            return cells;
        }
    }
}

/// Whether rulings at a position cover most of the way.
fn is_wall(lines: &[RulingLine], position: f32, from: f32, to: f32) -> bool {
    let covered: f32 = lines
        .iter()
        .filter(|line| (line.position - position).abs() <= SAME)
        .map(|line| (line.extent.to.min(to) - line.extent.from.max(from)).max(0.0))
        .sum();
    covered >= WALL * (to - from)
}

/// Cells are rectangles: what overlaps the rectangle of a cell belongs to it. Returns whether any cell grew.
fn fill(sets: &mut UnionFind, cells: &[Boxes], n_cols: usize) -> bool {
    let mut has_changed = false;
    for cell in cells {
        for row in cell.row..=cell.last_row {
            for col in cell.col..=cell.last_col {
                // The top left corner may itself belong to another piece; the first part of this one does not.
                has_changed |= sets.join(cell.row * n_cols + cell.col, row * n_cols + col);
            }
        }
    }
    has_changed
}

/// The rectangle around each set of boxes.
fn rectangles(sets: &mut UnionFind, n_rows: usize, n_cols: usize) -> Vec<Boxes> {
    let mut place = vec![usize::MAX; n_rows * n_cols];
    let mut cells: Vec<Boxes> = Vec::new();
    for row in 0..n_rows {
        for col in 0..n_cols {
            let root = sets.root(row * n_cols + col);
            if place[root] == usize::MAX {
                place[root] = cells.len();
                cells.push(Boxes {
                    row,
                    col,
                    last_row: row,
                    last_col: col,
                });
                continue;
            }
            let cell = &mut cells[place[root]];
            cell.row = cell.row.min(row);
            cell.col = cell.col.min(col);
            cell.last_row = cell.last_row.max(row);
            cell.last_col = cell.last_col.max(col);
        }
    }
    cells.sort_unstable();
    cells
}

/// Borders and cells without the rows and columns that no cell begins in: shadows of rulings that part nothing.
fn without_shadows(borders: &Borders, cells: &[Boxes]) -> (Borders, Vec<Slot>) {
    let rows = beginnings(borders.n_rows(), cells.iter().map(|cell| cell.row));
    let cols = beginnings(borders.n_cols(), cells.iter().map(|cell| cell.col));
    let slots = cells
        .iter()
        .map(|cell| {
            let (row, rowspan) = span(&rows, cell.row, cell.last_row);
            let (col, colspan) = span(&cols, cell.col, cell.last_col);
            Slot {
                row,
                col,
                rowspan,
                colspan,
            }
        })
        .collect();
    let kept = |starts: &[usize], positions: &[f32]| -> Vec<f32> {
        let last = positions[positions.len() - 1];
        starts.iter().map(|&i| positions[i]).chain([last]).collect()
    };
    let borders = Borders {
        xs: kept(&cols, &borders.xs),
        ys: kept(&rows, &borders.ys),
    };
    (borders, slots)
}

/// The rows or columns that a cell begins in, and the first one.
fn beginnings(n: usize, begins: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut is_beginning = vec![false; n];
    is_beginning[0] = true;
    begins.for_each(|i| is_beginning[i] = true);
    (0..n).filter(|&i| is_beginning[i]).collect()
}

/// Which of the kept rows or columns a cell begins in, and how many it spans.
fn span(kept: &[usize], first: usize, last: usize) -> (usize, usize) {
    let start = kept.partition_point(|&i| i <= first) - 1;
    let end = kept.partition_point(|&i| i <= last);
    (start, (end - start).max(1))
}
