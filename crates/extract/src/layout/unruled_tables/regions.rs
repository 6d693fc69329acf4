//! Where on a page a table may stand: between rules of one length, or where rows of several pieces follow each other.

use super::rows::{Row, rows};
use crate::geom::{Interval, is_near};
use crate::layout::rulings::{MEET, RulingLine};
use crate::layout::runs::TextRun;

/// Rules further apart than this bound no table of so few rules, in points.
const FARTHEST: f32 = 500.0;
/// The shortest rule of a table, and the lowest table between rules, in points.
const SHORTEST_RULE: f32 = 100.0;
const LOWEST: f32 = 20.0;
/// How far cells may stand out over the rules, in points.
const OUTSIDE: f32 = 12.0;
/// A rule below the top one lies this much lower, at least, in points: a double rule is one.
const NEXT_RULE: f32 = 6.0;
/// A table with so many rules has one under each row, and a row is no higher than this part of the distance of its rules.
const RULE_A_ROW: usize = 4;
const ROW_OUTSIDE: f32 = 1.3;

/// Rules of one length below each other: a 三线表, or one with a rule under each row.
pub struct Frame {
    down: Interval,
    across: Interval,
    n_rules: usize,
}

impl Frame {
    pub fn holds(&self, run: &TextRun) -> bool {
        self.down.contains_inside(run.mid_y()) && self.is_in_reach(run)
    }

    fn is_in_reach(&self, run: &TextRun) -> bool {
        let reach = self.across.widened(OUTSIDE);
        run.bbox.x0 >= reach.from && run.bbox.x1 <= reach.to
    }

    /// Where each row has a rule the header may stand above the first one, and the last row below the last one.
    pub fn with_rows_outside(self, runs: &[TextRun]) -> Self {
        if self.n_rules < RULE_A_ROW {
            return self;
        }
        let pitch = self.down.length() / (self.n_rules - 1) as f32;
        let Interval { from, to } = self.down;
        let (above, below) = (from - ROW_OUTSIDE * pitch, to + ROW_OUTSIDE * pitch);
        let mut down = self.down;
        if self.has_row(runs, Interval::new(above, from)) {
            down.from = above;
        }
        if self.has_row(runs, Interval::new(to, below)) {
            down.to = below;
        }
        Self { down, ..self }
    }

    /// Whether one row of cells, and nothing else, stands at a height.
    fn has_row(&self, runs: &[TextRun], down: Interval) -> bool {
        let found: Vec<&TextRun> = runs
            .iter()
            .filter(|run| down.contains_inside(run.mid_y()))
            .collect();
        let is_row = |row: &Row| row.n_pieces >= 2 && row.runs.len() == found.len();
        rows(&found).first().is_some_and(is_row) && found.iter().all(|run| self.is_in_reach(run))
    }
}

/// Rules of one length below each other with cells between them; `upright` are the walls of boxes.
pub fn frames(level: &[RulingLine], upright: &[RulingLine], runs: &[TextRun]) -> Vec<Frame> {
    let mut is_used = vec![false; level.len()];
    let mut frames = Vec::new();
    for (i, top) in level.iter().enumerate() {
        if is_used[i] || top.extent.length() < SHORTEST_RULE {
            continue;
        }
        let group: Vec<usize> = (i..level.len())
            .filter(|&j| top.is_as_wide(&level[j]))
            .collect();
        group.iter().for_each(|&j| is_used[j] = true);
        for rules in group.chunk_by(|&a, &b| {
            let between = Interval::new(level[a].position, level[b].position);
            !are_apart(between, runs)
                && !ends_with_title(between, level[b].extent, runs)
                && !begins_box(&level[b], between, upright)
        }) {
            let (first, last) = (rules[0], rules[rules.len() - 1]);
            let down = Interval::new(level[first].position, level[last].position);
            if down.length() > LOWEST {
                frames.push(Frame {
                    down,
                    across: top.extent,
                    n_rules: rules.len(),
                });
            }
        }
    }
    frames
}

/// How far lines of one band reach over each other, in em: lines of prose do not.
const OVERLAP: f32 = 0.15;

/// Whether two rules are those of two tables: between these stand notes, titles and prose, which are lines, no rows of
/// cells.
fn are_apart(between: Interval, runs: &[TextRun]) -> bool {
    let found: Vec<&TextRun> = runs
        .iter()
        .filter(|run| between.contains_inside(run.mid_y()))
        .collect();
    let bands = bands_of_runs(&found);
    let n_lines = bands.iter().filter(|n_pieces| **n_pieces < 2).count();
    let is_of_lines = n_lines * 2 > bands.len() || n_lines == 1 && bands.len() == 1;
    !bands.is_empty() && is_of_lines || between.length() > FARTHEST
}

/// Whether the last line above a rule stands alone in the middle of it, in larger type than what is below: so a table is
/// titled, and the rule above is that of a running head.
fn ends_with_title(between: Interval, across: Interval, runs: &[TextRun]) -> bool {
    /// Size against that of the first line below, at least; the middle of the title from that of the rule, in em.
    const LARGER: f32 = 1.12;
    const OFF_CENTRE: f32 = 1.0;
    let above = runs
        .iter()
        .filter(|run| between.contains_inside(run.mid_y()));
    let Some(title) = above.clone().max_by(|a, b| a.mid_y().total_cmp(&b.mid_y())) else {
        return false;
    };
    let is_alone = above
        .filter(|run| run.bbox.overlap_y(title.bbox) > 0.0)
        .count()
        == 1;
    let below = runs.iter().filter(|run| run.mid_y() > between.to);
    let below = below.min_by(|a, b| a.mid_y().total_cmp(&b.mid_y()));
    is_alone
        && is_near(title.bbox.mid_x(), across.middle(), OFF_CENTRE * title.size)
        && below.is_some_and(|below| title.size >= LARGER * below.size)
}

/// Whether the box that a rule is the top of begins there, below another rule.
fn begins_box(rule: &RulingLine, above: Interval, upright: &[RulingLine]) -> bool {
    let is_side = |wall: &&RulingLine| is_near(wall.position, rule.extent.from, MEET);
    let mut sides = upright.iter().filter(is_side);
    let is_around = |wall: &RulingLine| wall.extent.widened(MEET).contains(above.middle());
    let is_below = |wall: &RulingLine| is_near(wall.extent.from, rule.position, MEET);
    !sides.clone().any(is_around) && sides.any(is_below)
}

/// How many pieces stand beside each other at each height: lines of cells that wrap reach over those of cells that do not.
fn bands_of_runs(runs: &[&TextRun]) -> Vec<usize> {
    let mut sorted = runs.to_vec();
    sorted.sort_by(|a, b| a.bbox.y0.total_cmp(&b.bbox.y0));
    let mut bands: Vec<(f32, Vec<Interval>)> = Vec::new();
    for run in sorted {
        match bands.last_mut() {
            Some((bottom, pieces)) if run.bbox.y0 + OVERLAP * run.size < *bottom => {
                *bottom = bottom.max(run.bbox.y1);
                add_piece(pieces, run.bbox.across());
            }
            _ => bands.push((run.bbox.y1, vec![run.bbox.across()])),
        }
    }
    bands.into_iter().map(|(_, pieces)| pieces.len()).collect()
}

/// Puts what a run covers to the piece that it stands above or below of.
fn add_piece(pieces: &mut Vec<Interval>, across: Interval) {
    match pieces.iter_mut().find(|piece| piece.overlap(across) > 0.0) {
        Some(piece) => *piece = piece.union(across),
        None => pieces.push(across),
    }
}

/// Whether a rule has cells right below it, and another as wide below them: so begins a 三线表.
pub fn is_top_of_table(top: &RulingLine, level: &[RulingLine], runs: &[TextRun]) -> bool {
    let is_next = |line: &&RulingLine| {
        line.is_as_wide(top)
            && line.position > top.position + NEXT_RULE
            && line.position < top.position + FARTHEST
    };
    let Some(next) = level.iter().find(is_next) else {
        return false;
    };
    let down = Interval::new(top.position, next.position);
    let between: Vec<&TextRun> = runs
        .iter()
        .filter(|run| !run.vertical && down.contains_inside(run.mid_y()))
        .collect();
    rows(&between).first().is_some_and(|row| row.n_pieces >= 2)
}

/// Pieces of a row that shows columns.
const SEED: usize = 3;
/// Rows that make a table, at least.
const FEWEST_SEEDS: usize = 3;
/// Lines of wrapped cells and labels of spans between two rows, at most.
const FILLERS: usize = 14;
/// Rows of one table are no further apart than a few lines, in em.
const FARTHEST_ROW: f32 = 5.0;
/// Lines of one row of cells stand closer than rows do, and a header that a rule ties to the rows below no further, in em.
const SAME_RECORD: f32 = 1.35;
const TIED: f32 = 2.4;
/// How far the size of the other lines of a row of cells differs from that of the row.
const SAME_SIZE: f32 = 0.15;
/// How wide such a line may be against the table: a wider one is prose.
const NARROWER: f32 = 0.8;
/// What is added to the height of a band so that its own rows stand inside, in points.
const MARGIN: f32 = 0.01;

/// Heights between which rows of three pieces and more follow each other.
pub fn bands(runs: &[TextRun], level: &[RulingLine]) -> Vec<Interval> {
    let all: Vec<&TextRun> = runs.iter().filter(|run| !run.vertical).collect();
    let rows = rows(&all);
    let seeds: Vec<usize> = (0..rows.len())
        .filter(|&i| rows[i].n_pieces >= SEED)
        .collect();
    seeds
        .chunk_by(|&a, &b| is_same_table(&rows, a, b))
        .filter(|seeds| seeds.len() >= FEWEST_SEEDS)
        .map(|seeds| band(&rows, seeds[0], seeds[seeds.len() - 1], level))
        .collect()
}

/// Whether nothing between two rows of cells says that they belong to two tables.
fn is_same_table(rows: &[Row], a: usize, b: usize) -> bool {
    b - a <= FILLERS && are_close(rows, a, b) && are_fillers(rows, a, b)
}

/// From a first to a last row of cells, with the other lines of these.
fn band(rows: &[Row], first: usize, last: usize, level: &[RulingLine]) -> Interval {
    let width = rows[first].width().max(rows[last].width());
    let across = Interval::new(rows[first].first().bbox.x0, rows[first].last().bbox.x1)
        .union(Interval::new(
            rows[last].first().bbox.x0,
            rows[last].last().bbox.x1,
        ))
        .widened(OUTSIDE);
    let is_part = |line: usize, of: usize| {
        let size = rows[of].size();
        (size - rows[line].size()).abs() < SAME_SIZE * size && rows[line].width() < NARROWER * width
    };
    let (mut top, mut bottom) = (first, last);
    while top > 0
        && (rows[top].y - rows[top - 1].y < SAME_RECORD * rows[top].size()
            || is_tied(&rows[top - 1], &rows[top], across, level))
        && is_part(top - 1, top)
    {
        top -= 1;
    }
    while bottom + 1 < rows.len()
        && rows[bottom + 1].y - rows[bottom].y < SAME_RECORD * rows[bottom].size()
        && is_part(bottom + 1, bottom)
    {
        bottom += 1;
    }
    let lowest = rows[bottom]
        .runs
        .iter()
        .map(|run| run.mid_y())
        .fold(rows[bottom].y, f32::max);
    Interval::new(rows[top].y - MARGIN, lowest + MARGIN)
}

/// A rule under a header of several columns ties it to the rows below.
fn is_tied(above: &Row, below: &Row, across: Interval, level: &[RulingLine]) -> bool {
    let is_between = |line: &RulingLine| {
        line.position > above.y
            && line.position < below.y
            && line.extent.from > across.from
            && line.extent.to < across.to
    };
    level.iter().any(is_between) && below.y - above.y < TIED * below.size()
}

fn are_close(rows: &[Row], a: usize, b: usize) -> bool {
    rows[a..=b]
        .windows(2)
        .all(|pair| pair[1].y - pair[0].y < FARTHEST_ROW * pair[0].size().max(pair[1].size()))
}

/// Between two rows of cells stand parts of cells: of the same size, and in one column or not the width of the table.
fn are_fillers(rows: &[Row], a: usize, b: usize) -> bool {
    let width = rows[a].width().max(rows[b].width());
    let runs = rows[a + 1..b].iter().flat_map(|row| &row.runs);
    runs.into_iter()
        .all(|run| is_filler(run, &rows[a], &rows[b], width))
}

fn is_filler(run: &TextRun, above: &Row, below: &Row, width: f32) -> bool {
    /// How far the sizes differ; how wide a part of a cell is against the table.
    const SAME_SIZE: f32 = 0.2;
    const NARROW: f32 = 0.55;
    let is_of_size = |size: f32| (run.size - size).abs() < SAME_SIZE * size;
    (is_of_size(above.size()) || is_of_size(below.size()))
        && (run.bbox.width() < NARROW * width
            || is_in_one(run, above, above.size()) && is_in_one(run, below, above.size()))
}

/// Whether a run stands over one cell of a row at the most.
fn is_in_one(run: &TextRun, row: &Row, size: f32) -> bool {
    /// Width that a run shares with a cell that it stands over, in em.
    const SHARED: f32 = 0.1;
    let is_over = |cell: &&&TextRun| run.bbox.overlap_x(cell.bbox) > SHARED * size;
    row.runs.iter().filter(is_over).count() <= 1
}
