//! Tables: pieces of one table become one, cells stand in their columns, spans and lost values are found again.
//!
//! A table of a PDF comes with its cells, found by the layout; a table of a text comes as lines whose cells tabs part.

mod align;
mod continuation;
mod filled_down;
mod infer;
mod marks;
mod pieces;
mod places;
mod rows;
mod spans;

use std::ops::Range;

use super::{Draft, Form, Gap, Passage, Span};
use continuation::Facts;
use extract::laid::PrintedTable;
use model::Rule;

/// A table: one printed table, however many pages it crosses.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub n_rows: usize,
    pub n_cols: usize,
    pub header_rows: usize,
    pub cells: Vec<Cell>,
    /// The lines that hold its rows, header rows of later pieces included.
    lines: Vec<usize>,
    /// Where its pieces begin.
    pieces: Vec<Piece>,
    /// Its cells were found by rulings or alignment on the page, and stand.
    is_printed: bool,
    is_ruled: bool,
    /// Where the columns of a printed table begin and end, from its left edge.
    borders: Vec<f32>,
    /// Rows that a later piece shows again: they are its header.
    n_header_again: usize,
}

#[derive(Debug, Clone)]
pub struct Cell {
    pub row: usize,
    pub col: usize,
    pub rowspan: usize,
    pub colspan: usize,
    /// A cell of a PDF can hold several printed lines.
    pub spans: Vec<Span>,
    /// Not printed legibly, but proved by arithmetic.
    pub inferred: bool,
}

impl Cell {
    /// An empty cell of one row and column.
    fn empty(row: usize, col: usize) -> Self {
        Self {
            row,
            col,
            rowspan: 1,
            colspan: 1,
            spans: Vec::new(),
            inferred: false,
        }
    }
}

/// The part of a table that stands on one page or in one column.
#[derive(Debug, Clone)]
struct Piece {
    /// Index of its first line among those of the table.
    start: usize,
    /// Rows of the header that it shows again.
    n_again: usize,
}

/// Makes a passage of each piece: rows without a blank line or a page end between them.
pub fn passages(draft: &mut Draft, lines: Range<usize>, out: &mut Vec<Passage>) {
    let mut start = lines.start;
    for line in lines.clone() {
        let ends = line + 1 == lines.end
            || draft.lines[line + 1].blank_before > 0
            || draft.lines[line + 1].page != draft.lines[line].page;
        if ends {
            out.push(passage(Table::new(start..line + 1)));
            start = line + 1;
        }
    }
}

fn passage(table: Table) -> Passage {
    Passage {
        form: Form::Table(table),
        spans: Vec::new(),
    }
}

impl Table {
    /// A table of one piece whose cells are not known yet.
    fn new(lines: Range<usize>) -> Self {
        Self {
            lines: lines.collect(),
            pieces: vec![Piece {
                start: 0,
                n_again: 0,
            }],
            ..Self::default()
        }
    }
}

/// The passage of a table that the layout of a page found; `lines` are those that stand in it.
pub fn printed(table: &PrintedTable, lines: Range<usize>) -> Passage {
    let cells = table
        .cells
        .iter()
        .map(|cell| Cell {
            row: cell.row,
            col: cell.col,
            rowspan: cell.rowspan,
            colspan: cell.colspan,
            spans: cell.lines.iter().map(|&line| Span::line(line)).collect(),
            inferred: false,
        })
        .collect();
    passage(Table {
        n_rows: table.n_rows,
        n_cols: table.n_cols,
        cells,
        is_printed: true,
        is_ruled: table.ruled,
        borders: pieces::borders(table),
        ..Table::new(lines)
    })
}

/// Puts the pieces of a table together, then finds its columns, spans and lost values. Gives the lines that stand between
/// pieces and say that the table goes on: they interrupt it.
pub fn merge_across_pages(draft: &mut Draft, passages: &mut Vec<Passage>) -> Vec<usize> {
    filled_down::drop_labels(draft, passages);
    let mut merged: Vec<Passage> = Vec::with_capacity(passages.len());
    let mut marks = Vec::new();
    // Where the last table stands, and what it tells, if nothing but such lines came after it.
    let mut last: Option<(usize, Facts)> = None;
    for mut passage in passages.drain(..) {
        let Form::Table(next) = &mut passage.form else {
            last = last.filter(|(at, _)| continuation::is_between(draft, &merged, *at, &passage));
            merged.push(passage);
            continue;
        };
        let next = std::mem::take(next);
        let facts_of_next = Facts::new(draft, &next);
        let apart = match &mut last {
            Some((at, facts)) => match &mut merged[*at].form {
                Form::Table(table) => {
                    continuation::append(draft, table, facts, next, &facts_of_next)
                }
                _ => Some(next),
            },
            None => Some(next),
        };
        if let Some(next) = apart {
            last = Some((merged.len(), facts_of_next));
            passage.form = Form::Table(next);
            merged.push(passage);
        } else if let Some((at, _)) = last {
            let between = merged.drain(at + 1..);
            marks.extend(between.flat_map(|mark| mark.spans).map(|span| span.line));
        }
    }
    for passage in &mut merged {
        if let Form::Table(table) = &mut passage.form {
            complete(draft, table);
            passage.spans = table.lines.iter().map(|&line| Span::line(line)).collect();
        }
    }
    *passages = merged;
    marks
}

/// Header, spans and cells of a table that has all its pieces.
fn complete(draft: &mut Draft, table: &mut Table) {
    /// Rows at the head that tell how many make the header.
    const HEAD: usize = 6;
    if table.is_printed {
        places::settle(table);
        table.cells.iter_mut().for_each(|cell| join(draft, cell));
        table.cells.sort_by_key(|cell| (cell.row, cell.col));
        let head = rows::printed_rows(draft, table, HEAD);
        let n_header = rows::header_rows(&head).max(rows::rows_beside_spans(table, &head));
        table.header_rows = n_header.max(table.n_header_again);
        marks::read_marks(draft, table);
        return;
    }
    continuation::drop_repeated_headers(draft, table);
    let all = rows::rows(draft, &table.lines);
    table.header_rows = rows::header_rows(&all[..all.len().min(HEAD)]);
    table.n_cols = n_cols(&all, table.header_rows);
    align::align(draft, table);
    continuation::continue_spans(draft, table);
    let inferred = infer::infer(draft, table);
    spans::build(draft, table, &inferred);
    places::settle(table);
}

/// Makes the lines of a printed cell one text; those that may not be joined stay lines in it.
fn join(draft: &mut Draft, cell: &mut Cell) {
    const WHY: &str = "the rulings or the alignment around them make one cell";
    for i in 1..cell.spans.len() {
        let (from, to) = (cell.spans[i - 1].line, cell.spans[i].clone());
        match draft.join(from, to, Rule::JoinCellLines, 1.0, WHY) {
            Some(span) => cell.spans[i] = span,
            None => cell.spans[i].gap = Gap::LineBreak,
        }
    }
}

/// As many columns as the header names, or as a fifth of the rows fill, though the header does not name them.
fn n_cols(rows: &[Vec<String>], n_header: usize) -> usize {
    const FEW: usize = 5;
    let width = |row: &Vec<String>| rows::trimmed(row).len();
    let (header, body) = rows.split_at(n_header);
    let named = header.iter().map(width).max().unwrap_or(0);
    let mut widths: Vec<usize> = body.iter().map(width).collect();
    widths.sort_unstable();
    let n_fifth = widths.len().div_ceil(FEW);
    let filled = widths.get(widths.len() - n_fifth).copied().unwrap_or(0);
    let n_cols = named.max(filled).max(1);
    // The last field of a form may be one that nobody has filled in.
    let is_form = n_header == 0 && rows.iter().all(|row| row.len() == n_cols + 1);
    n_cols + usize::from(is_form)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use model::Line;

    /// Two pieces of one table on two pages, with the header of each.
    const PIECES: [&str; 6] = [
        "序号\t村名\t户数\t人口",
        "1\t东沟\t10\t31",
        "2\t西沟\t14\t40",
        "序号\t村名\t户数\t人口",
        "3\t南沟\t11\t29",
        "4\t北沟\t16\t52",
    ];

    fn line(n: usize, text: &str) -> Line {
        let page = if n < 3 { 1 } else { 2 };
        Line {
            page: Some(page),
            ..Line::of_text(format!("p{page}:{n}"), text)
        }
    }

    /// Rows of each table that the pieces make, and the rules in the log.
    fn merged(config: &Config) -> (Vec<usize>, Vec<(Rule, bool)>) {
        let lines: Vec<Line> = PIECES
            .iter()
            .enumerate()
            .map(|(n, text)| line(n, text))
            .collect();
        let mut draft = Draft::new(&lines, None, config);
        let mut found = Vec::new();
        passages(&mut draft, 0..lines.len(), &mut found);
        merge_across_pages(&mut draft, &mut found);
        let rows = found.iter().filter_map(|passage| match &passage.form {
            Form::Table(table) => Some(table.n_rows),
            _ => None,
        });
        let log = draft.repairs().iter().map(|r| (r.rule, r.applied));
        (rows.collect(), log.collect())
    }

    #[test]
    fn pieces_are_merged_if_the_rule_may_act() {
        let config = Config::default();
        let header = (Rule::MergeTablePieces, true);
        assert_eq!(merged(&config), (vec![5], vec![header]));
    }

    #[test]
    fn a_rule_that_is_off_leaves_pieces_apart_and_logs_nothing() {
        let mut config = Config::default();
        config.repair.off = [Rule::MergeTablePieces].into_iter().collect();
        assert_eq!(merged(&config), (vec![3, 3], Vec::new()));
    }

    #[test]
    fn a_rule_that_is_not_sure_enough_suggests() {
        let mut config = Config::default();
        config.repair.min_confidence = 0.98;
        let header = (Rule::MergeTablePieces, false);
        assert_eq!(merged(&config), (vec![3, 3], vec![header]));
    }
}
