//! Tables out of rows: pieces of one table become one, cells stand in their columns, spans are found again.

use std::ops::Range;

use super::{Draft, Form, Passage, Span, misread};
use extract::laid::PrintedTable;
use language::script::{date_line, fold, is_blank, similarity};
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
    /// Where, in `lines`, the pieces begin.
    pieces: Vec<usize>,
    /// Its cells were found by rulings or alignment on the page, and stand.
    is_printed: bool,
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

/// Makes a passage of each piece: rows without a blank line or a page end between them.
pub fn passages(draft: &mut Draft, lines: Range<usize>, out: &mut Vec<Passage>) {
    let mut start = lines.start;
    for line in lines.clone() {
        let ends = line + 1 == lines.end
            || draft.lines[line + 1].blank_before > 0
            || draft.lines[line + 1].page != draft.lines[line].page;
        if ends {
            let table = Table {
                lines: (start..=line).collect(),
                pieces: vec![0],
                ..Table::default()
            };
            out.push(Passage {
                form: Form::Table(table),
                spans: Vec::new(),
            });
            start = line + 1;
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
    let table = Table {
        n_rows: table.n_rows,
        n_cols: table.n_cols,
        header_rows: 0,
        cells,
        lines: lines.collect(),
        pieces: vec![0],
        is_printed: true,
    };
    Passage {
        form: Form::Table(table),
        spans: Vec::new(),
    }
}

/// The texts of a printed table, row by row; a cell stands at its first row and column.
fn printed_rows(draft: &Draft, table: &Table) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new(); table.n_cols]; table.n_rows];
    for cell in &table.cells {
        rows[cell.row][cell.col] = draft.text(&cell.spans);
    }
    rows
}

/// Puts the rest of a printed table behind it: a header that is printed again goes into the log, a row span that
/// the page cut is one again.
fn append(draft: &mut Draft, table: &mut Table, mut next: Table) {
    let (a, b) = (printed_rows(draft, table), printed_rows(draft, &next));
    let header = header_rows(&b).min(b.len());
    let why = if same_page(draft, table, &next) {
        "the header of the table, printed again in the next column"
    } else {
        "the header of the table, printed again on the next page"
    };
    let repeated = header > 0 && a.len() >= header && is_header_again(&a[..header], &b[..header]);
    let skip = if repeated && draft.applies(Rule::MergeTablePieces, 0.97) {
        header
    } else {
        0
    };
    let offset = table.n_rows;
    for mut cell in std::mem::take(&mut next.cells) {
        if cell.row < skip {
            for span in &cell.spans {
                let whole = 0..draft.texts[span.line].len();
                draft.edit(span.line, whole, "", Rule::MergeTablePieces, 0.97, why);
            }
            continue;
        }
        cell.row = cell.row - skip + offset;
        // The empty or repeated rest of a label whose rows the page cut.
        let text = draft.text(&cell.spans);
        let above = table.cells.iter_mut().find(|c| {
            c.col == cell.col && c.colspan == cell.colspan && c.row + c.rowspan == cell.row
        });
        if cell.row == offset
            && let Some(above) = above
            && (cell.rowspan > 1 || above.rowspan > 1)
        {
            let same = !text.is_empty() && fold(&draft.text(&above.spans)) == fold(&text);
            if text.is_empty() || same {
                let rows = cell.rowspan;
                for span in &cell.spans {
                    let whole = 0..draft.texts[span.line].len();
                    let why = "the label of the row span, printed again at the head of the page";
                    draft.edit(span.line, whole, "", Rule::ContinueRowSpan, 0.9, why);
                }
                above.rowspan += rows;
                continue;
            }
        }
        table.cells.push(cell);
    }
    table.n_rows += next.n_rows - skip;
    table.lines.extend(next.lines);
}

/// Puts the pieces of a table together, then finds its columns, spans and lost values.
pub fn merge_across_pages(draft: &mut Draft, passages: &mut Vec<Passage>) {
    let mut merged: Vec<Passage> = Vec::with_capacity(passages.len());
    for passage in passages.drain(..) {
        if let (Form::Table(next), Some(Form::Table(table))) =
            (&passage.form, merged.last_mut().map(|p| &mut p.form))
            && table.is_printed
            && next.is_printed
        {
            let next_to_it =
                !same_page(draft, table, next) || is_in_next_column(draft, table, next);
            if table.n_cols == next.n_cols && next_to_it && printed_goes_on(draft, table, next) {
                let next = next.clone();
                append(draft, table, next);
                continue;
            }
            merged.push(passage);
            continue;
        }
        if let (Form::Table(next), Some(Form::Table(table))) =
            (&passage.form, merged.last_mut().map(|p| &mut p.form))
            && goes_on(draft, table, next)
        {
            table.pieces.push(table.lines.len());
            table.lines.extend(&next.lines);
            continue;
        }
        merged.push(passage);
    }
    for passage in &mut merged {
        if let Form::Table(table) = &mut passage.form {
            complete(draft, table);
            passage.spans = table.lines.iter().map(|&line| Span::line(line)).collect();
        }
    }
    *passages = merged;
}

fn same_page(draft: &Draft, table: &Table, next: &Table) -> bool {
    let page = |lines: &[usize], last: bool| {
        if last { lines.last() } else { lines.first() }.and_then(|&l| draft.leaves[l])
    };
    page(&table.lines, true) == page(&next.lines, false)
}

/// Whether a table stands right of the one before it on the page and begins above where that one ends.
fn is_in_next_column(draft: &Draft, table: &Table, next: &Table) -> bool {
    let boxes = |lines: &[usize]| {
        lines
            .iter()
            .filter_map(|&line| draft.lines[line].bbox)
            .collect::<Vec<_>>()
    };
    let (left, right) = (boxes(&table.lines), boxes(&next.lines));
    let end = left.iter().map(|bbox| bbox[2]).fold(f32::MIN, f32::max);
    let bottom = left.iter().map(|bbox| bbox[3]).fold(f32::MIN, f32::max);
    !left.is_empty()
        && !right.is_empty()
        && right.iter().all(|bbox| bbox[0] > end)
        && right.iter().any(|bbox| bbox[1] < bottom)
}

/// Whether a printed table is the rest of the one in the column or on the page before: the same header, or none of its own.
fn printed_goes_on(draft: &Draft, table: &Table, next: &Table) -> bool {
    let (a, b) = (printed_rows(draft, table), printed_rows(draft, next));
    let (m, n) = (header_rows(&a), header_rows(&b));
    n == 0 || n == m && is_header_again(&a[..m], &b[..n]) || {
        let number =
            |rows: &[Vec<String>]| rows.first().and_then(|r| r.first()?.parse::<u32>().ok());
        let last = a.iter().rev().find_map(|r| r.first()?.parse::<u32>().ok());
        last.is_some_and(|last| number(&b) == Some(last + 1))
    }
}

/// Whether two headers are one, but for a character here and there that was recognised otherwise.
fn is_header_again(a: &[Vec<String>], b: &[Vec<String>]) -> bool {
    /// Of the characters: a bad scan loses a line of a cell and mistakes some. A table of as many columns, right at the
    /// head of the next page, with a header like that is the same table.
    const ALIKE: f64 = 0.75;
    let folded = |rows: &[Vec<String>]| {
        rows.iter()
            .flatten()
            .map(|c| fold(c))
            .collect::<Vec<_>>()
            .join("\t")
    };
    let (a, b) = (folded(a), folded(b));
    a == b || a.chars().count() >= 10 && strsim::normalized_levenshtein(&a, &b) >= ALIKE
}

fn row(draft: &Draft, line: usize) -> Vec<String> {
    draft.texts[line]
        .split('\t')
        .map(|cell| cell.trim_matches(is_blank).to_owned())
        .collect()
}

fn rows(draft: &Draft, lines: &[usize]) -> Vec<Vec<String>> {
    lines.iter().map(|&line| row(draft, line)).collect()
}

fn trimmed(row: &[String]) -> &[String] {
    &row[..row
        .iter()
        .rposition(|c| !c.is_empty())
        .map_or(0, |last| last + 1)]
}

/// Whether a piece is the rest of the table before it: the same header again, or rows that count on.
fn goes_on(draft: &Draft, table: &Table, next: &Table) -> bool {
    let head = |lines: &[usize]| {
        let few = rows(draft, &lines[..lines.len().min(6)]);
        let n = header_rows(&few);
        few.into_iter().take(n).collect::<Vec<_>>()
    };
    let (a, b) = (head(&table.lines), head(&next.lines));
    if a.is_empty() {
        return false;
    }
    if !b.is_empty() {
        let same = |a: &[String], b: &[String]| {
            let (a, b) = (trimmed(a), trimmed(b));
            let folded =
                |row: &[String]| row.iter().map(|c| fold(c)).collect::<Vec<_>>().join("\t");
            a.len() == b.len() && similarity(&folded(a), &folded(b)) >= 0.9
        };
        // One header of few short words says little: 序号 must count on, or the rows must be of one make.
        let telling = a.iter().flatten().filter(|c| !c.is_empty()).count() >= 3;
        return a.len() == b.len()
            && telling
            && a.iter().zip(&b).all(|(a, b)| same(a, b))
            && (counts_on(draft, table, next, b.len()) != Some(false));
    }
    let width = |lines: &[usize]| {
        lines
            .iter()
            .map(|&l| trimmed(&row(draft, l)).len())
            .max()
            .unwrap_or(0)
    };
    width(&table.lines) == width(&next.lines) && counts_on(draft, table, next, 0) == Some(true)
}

/// Whether the first numbered row of the next piece follows the last one of the table; `None` without numbers.
fn counts_on(draft: &Draft, table: &Table, next: &Table, header: usize) -> Option<bool> {
    let number = |line: &usize| {
        row(draft, *line)
            .first()
            .and_then(|c| c.parse::<u32>().ok())
    };
    let last = table.lines.iter().rev().take(3).find_map(number)?;
    let first = next.lines.iter().skip(header).take(2).find_map(number)?;
    Some(first == last + 1)
}

/// Rows at the top that name the columns.
fn header_rows(rows: &[Vec<String>]) -> usize {
    let Some(first) = rows.first() else { return 0 };
    let filled: Vec<&String> = first.iter().filter(|c| !c.is_empty()).collect();
    // A year alone names a column as often.
    let numbers = filled
        .iter()
        .filter(|c| number(c).is_some() || date_line(c).is_some())
        .count();
    if filled.is_empty() || first[0].parse::<u32>().is_ok() || numbers * 3 > filled.len() {
        return 0;
    }
    let mut n = 1;
    while n < rows.len().min(4) {
        let (above, row) = (&rows[..n], &rows[n]);
        let at = |row: &[String], col: usize| row.get(col).is_some_and(|c| !c.is_empty());
        let names = row.iter().filter(|c| !c.is_empty()).count();
        // Below a cell that spans columns stand names, and every column that has none has one above.
        let fits = names >= 2
            && !at(row, 0)
            && row.iter().all(|c| number(c).is_none())
            && (0..row.len()).any(|col| at(row, col) && !at(&above[n - 1], col))
            && (1..trimmed(row).len().max(trimmed(&above[0]).len()))
                .all(|col| at(row, col) || above.iter().any(|a| at(a, col)));
        if !fits {
            break;
        }
        n += 1;
    }
    n
}

/// A cell's value: `3659.61`, `1,234`, `8.04%`; `/` and `—` stand for nothing.
pub fn number(cell: &str) -> Option<f64> {
    let plain: String = cell
        .chars()
        .filter(|&c| !is_blank(c) && c != ',' && c != '，')
        .collect();
    let plain = plain.strip_suffix(['%', '‰', '％']).unwrap_or(&plain);
    if plain.is_empty() || plain.len() > 20 || !plain.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    plain.replace('－', "-").parse().ok()
}

pub fn is_total(cell: &str) -> bool {
    matches!(
        fold(cell).as_str(),
        "合计" | "总计" | "共计" | "小计" | "总合计" | "全省合计" | "全市合计" | "全县合计"
    )
}

/// What the rows say of one column.
struct Column {
    /// Most of its cells are numbers.
    numeric: bool,
    /// Share of its cells that are empty.
    empty: f32,
    /// Median length of its texts.
    length: f32,
    /// Median of its numbers.
    value: f64,
}

fn complete(draft: &mut Draft, table: &mut Table) {
    if table.is_printed {
        for cell in &mut table.cells {
            for i in 1..cell.spans.len() {
                let from = cell.spans[i - 1].line;
                // A line that the merge took away has nothing to join.
                if let Some(span) = draft.join(
                    from,
                    cell.spans[i].clone(),
                    Rule::JoinCellLines,
                    1.0,
                    "the rulings or the alignment around them make one cell",
                ) {
                    cell.spans[i] = span;
                }
            }
        }
        table.cells.sort_by_key(|cell| (cell.row, cell.col));
        table.header_rows = header_rows(&printed_rows(draft, table));
        misread::by_arithmetic(draft, table);
        return;
    }
    if draft.config().min_confidence <= 0.97 {
        drop_repeated_headers(draft, table);
    }
    let header = header_rows(&rows(draft, &table.lines[..table.lines.len().min(6)]));
    table.header_rows = header;
    let n_cols = n_cols(&rows(draft, &table.lines), header);
    table.n_cols = n_cols;
    align(draft, table);
    continue_spans(draft, table);
    infer(draft, table);
    build(draft, table);
}

/// The headers of later pieces go into the log; doubled characters in the first header go too.
fn drop_repeated_headers(draft: &mut Draft, table: &mut Table) {
    let first = rows(draft, &table.lines[..table.lines.len().min(6)]);
    let header = header_rows(&first);
    if header == 0 || table.pieces.len() < 2 {
        return;
    }
    let mut keep = vec![true; table.lines.len()];
    for &piece in &table.pieces[1..] {
        let again = rows(
            draft,
            &table.lines[piece..(piece + 6).min(table.lines.len())],
        );
        if header_rows(&again) != header {
            continue;
        }
        for r in 0..header {
            for (col, (cell, sibling)) in first[r].iter().zip(&again[r]).enumerate() {
                undouble(draft, table.lines[r], col, cell, sibling);
            }
            let line = table.lines[piece + r];
            let whole = 0..draft.texts[line].len();
            keep[piece + r] = !draft.edit(
                line,
                whole,
                "",
                Rule::MergeTablePieces,
                0.97,
                "the header of the table, printed again on the next page",
            );
        }
    }
    let mut kept = Vec::with_capacity(table.lines.len());
    let mut pieces = Vec::new();
    for (i, &line) in table.lines.iter().enumerate() {
        if table.pieces.contains(&i) {
            pieces.push(kept.len());
        }
        if keep[i] {
            kept.push(line);
        }
    }
    (table.lines, table.pieces) = (kept, pieces);
}

/// `二氧化化硫` → `二氧化硫`, where the same header has it so on another page.
fn undouble(draft: &mut Draft, line: usize, col: usize, cell: &str, sibling: &str) {
    let chars: Vec<char> = cell.chars().collect();
    let Some(at) = (1..chars.len()).find(|&i| {
        chars[i] == chars[i - 1]
            && chars[..i].iter().chain(&chars[i + 1..]).collect::<String>() == *sibling
    }) else {
        return;
    };
    let range = cell_range(&draft.texts[line], col);
    let Some(cell_text) = range
        .map(|r| (r.start, draft.texts[line][r].to_owned()))
        .filter(|(_, text)| text == cell)
    else {
        return;
    };
    let Some((offset, c)) = cell_text.1.char_indices().nth(at) else {
        return;
    };
    let start = cell_text.0 + offset;
    draft.edit(
        line,
        start..start + c.len_utf8(),
        "",
        Rule::DoubledInCell,
        0.93,
        "a character doubled where the cell wraps; the header on the next page has it once",
    );
}

fn n_cols(rows: &[Vec<String>], header: usize) -> usize {
    let named = rows[..header]
        .iter()
        .map(|r| trimmed(r).len())
        .max()
        .unwrap_or(0);
    let mut lengths: Vec<usize> = rows[header..].iter().map(|r| trimmed(r).len()).collect();
    lengths.sort_unstable();
    // A column that a fifth of the rows fill is one, though the header does not name it.
    let filled = lengths
        .get(lengths.len() - (lengths.len() / 5).max(1).min(lengths.len()))
        .copied()
        .unwrap_or(0);
    named.max(filled).max(1)
}

/// Puts the cells of rows that slid into the columns where their kind stands.
fn align(draft: &mut Draft, table: &mut Table) {
    let n = table.n_cols;
    for &line in &table.lines {
        let text = &draft.texts[line];
        let cells = text.split('\t').count();
        let extra = text.len() - text.trim_end_matches(['\t', ' ']).len();
        let surplus = cells
            .saturating_sub(n)
            .min(text[text.len() - extra..].matches('\t').count());
        if surplus > 0 {
            let cut = text
                .rmatch_indices('\t')
                .nth(surplus - 1)
                .map_or(text.len(), |(at, _)| at);
            let whole = cut..text.len();
            draft.edit(
                line,
                whole,
                "",
                Rule::EmptyColumn,
                0.95,
                "no column has these cells",
            );
        }
    }
    let grid = rows(draft, &table.lines);
    let body = &grid[table.header_rows..];
    let body: Vec<&Vec<String>> = body
        .iter()
        .filter(|r| !r.iter().any(|c| is_total(c)))
        .collect();
    if body.len() < 4 {
        return;
    }
    let columns: Vec<Column> = (0..n)
        .map(|col| {
            let texts: Vec<&str> = body
                .iter()
                .filter(|r| r.len() == n)
                .map(|r| r[col].as_str())
                .collect();
            let filled: Vec<&&str> = texts.iter().filter(|t| !t.is_empty()).collect();
            let mut lengths: Vec<usize> = filled.iter().map(|t| t.chars().count()).collect();
            lengths.sort_unstable();
            let mut values: Vec<f64> = filled.iter().filter_map(|t| number(t)).collect();
            values.sort_by(f64::total_cmp);
            Column {
                value: values.get(values.len() / 2).copied().unwrap_or(0.0),
                numeric: filled.iter().filter(|t| number(t).is_some()).count() * 10
                    > filled.len() * 7
                    && !filled.is_empty(),
                empty: 1.0 - filled.len() as f32 / texts.len().max(1) as f32,
                length: lengths.get(lengths.len() / 2).copied().unwrap_or(1) as f32,
            }
        })
        .collect();
    for (i, cells) in grid.iter().enumerate().skip(table.header_rows) {
        if cells.iter().any(|c| is_total(c)) {
            continue;
        }
        let as_it_is: f32 = (0..n.max(cells.len()))
            .map(|c| {
                columns.get(c).map_or(5.0, |column| {
                    cost(cells.get(c).map_or("", String::as_str), column)
                })
            })
            .sum();
        if as_it_is < 3.0 {
            continue;
        }
        let (best, aligned) = alignment(cells, &columns);
        if best + 1.0 <= as_it_is {
            rewrite(
                draft,
                table.lines[i],
                &aligned.join("\t"),
                Rule::AlignRow,
                0.85,
                "the cells are of the kind of these columns",
            );
        }
    }
}

/// How badly a text fits a column.
fn cost(text: &str, column: &Column) -> f32 {
    let nothing = matches!(text, "/" | "-" | "—" | "——" | "／");
    match (text.is_empty(), column.numeric) {
        (true, _) => {
            if column.empty < 0.2 {
                3.0
            } else {
                0.3
            }
        }
        (false, true) => match number(text) {
            // Numbers of one column are of one magnitude.
            Some(value) if value > 0.0 && column.value > 0.0 => {
                ((value / column.value).ln().abs() as f32 * 0.15).min(0.8)
            }
            Some(_) => 0.0,
            None => {
                if nothing {
                    0.0
                } else {
                    4.0
                }
            }
        },
        (false, false) if number(text).is_some() => 2.5,
        (false, false) => ((text.chars().count() as f32 / column.length.max(1.0))
            .ln()
            .abs()
            * 1.5
            - 0.5)
            .clamp(0.0, 2.5),
    }
}

/// The cheapest way to put the cells into the columns in order: an empty cell may be dropped or added.
fn alignment(cells: &[String], columns: &[Column]) -> (f32, Vec<String>) {
    let (n, m) = (cells.len(), columns.len());
    let mut best = vec![vec![(f32::INFINITY, 0u8); m + 1]; n + 1];
    best[0][0].0 = 0.0;
    for i in 0..=n {
        for j in 0..=m {
            let here = best[i][j].0;
            if here.is_infinite() {
                continue;
            }
            let mut reach = |to: (usize, usize), cost: f32, step: u8| {
                if here + cost < best[to.0][to.1].0 {
                    best[to.0][to.1] = (here + cost, step);
                }
            };
            if i < n && j < m {
                reach((i + 1, j + 1), cost(&cells[i], &columns[j]), 1);
            }
            if i < n && cells[i].is_empty() {
                reach((i + 1, j), if j == m { 0.0 } else { 0.6 }, 2);
            }
            if j < m {
                // A row cut short lacks its last value; elsewhere a value is seldom lost.
                let lost = if j + 1 == m { 1.0 } else { 0.0 };
                reach((i, j + 1), cost("", &columns[j]) + 0.4 - lost, 3);
            }
        }
    }
    let mut aligned = Vec::with_capacity(m);
    let (mut i, mut j) = (n, m);
    if best[n][m].0.is_infinite() {
        return (f32::INFINITY, aligned);
    }
    while i > 0 || j > 0 {
        match best[i][j].1 {
            1 => {
                (i, j) = (i - 1, j - 1);
                aligned.push(cells[i].clone());
            }
            2 => i -= 1,
            _ => {
                j -= 1;
                aligned.push(String::new());
            }
        }
    }
    aligned.reverse();
    (best[n][m].0, aligned)
}

/// Replaces what differs between a line's text and its new text, in one edit.
fn rewrite(
    draft: &mut Draft,
    line: usize,
    new: &str,
    rule: Rule,
    confidence: f32,
    why: &'static str,
) -> bool {
    let old = &draft.texts[line];
    let start: usize = old
        .chars()
        .zip(new.chars())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let end: usize = old[start..]
        .chars()
        .rev()
        .zip(new[start..].chars().rev())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let (range, after) = (start..old.len() - end, &new[start..new.len() - end]);
    draft.edit(line, range, after, rule, confidence, why)
}

/// A label that a row span shows again at the head of a page goes into the log.
fn continue_spans(draft: &mut Draft, table: &Table) {
    for col in span_columns(draft, table) {
        let mut label = String::new();
        for (i, &line) in table.lines.iter().enumerate().skip(table.header_rows) {
            let Some(range) = cell_range(&draft.texts[line], col) else {
                continue;
            };
            let text = draft.texts[line][range.clone()].to_owned();
            if text.is_empty() {
                continue;
            }
            if table.pieces[1..].contains(&i) && fold(&text) == fold(&label) {
                draft.edit(
                    line,
                    range,
                    "",
                    Rule::ContinueRowSpan,
                    0.9,
                    "the label of the row span, printed again at the head of the page",
                );
            } else {
                label = text;
            }
        }
    }
}

/// Columns whose empty cells belong to the label above them.
fn span_columns(draft: &Draft, table: &Table) -> Vec<usize> {
    let grid = rows(draft, &table.lines);
    let body: Vec<&Vec<String>> = grid[table.header_rows..]
        .iter()
        .filter(|r| !r.iter().any(|c| is_total(c)))
        .collect();
    let at = |r: &[String], col: usize| r.get(col).cloned().unwrap_or_default();
    (0..table.n_cols)
        .filter(|&col| {
            let filled: Vec<String> = body.iter().map(|r| at(r, col)).filter(|c| !c.is_empty()).collect();
            let numbers = filled.iter().filter(|c| number(c).is_some()).count();
            // 序号 counts the groups that a label column names.
            let counts = numbers == filled.len() && col == 0;
            body.len() >= 2 && !filled.is_empty() && filled.len() < body.len() && !at(body[0], col).is_empty() && (numbers * 2 < filled.len() || counts) && col + 1 < table.n_cols
                // Right of it stand columns that are filled where it is empty.
                && (col + 1..table.n_cols).any(|right| body.iter().all(|r| at(r, col).is_empty() <= !at(r, right).is_empty()))
        })
        .collect()
}

/// A lost value that rows of the same make or a constant ratio give, and that the total proves.
fn infer(draft: &mut Draft, table: &Table) {
    let grid = rows(draft, &table.lines);
    let h = table.header_rows;
    let at = |r: usize, c: usize| grid[r].get(c).map_or("", String::as_str);
    let total = (h..grid.len()).rfind(|&r| grid[r].iter().any(|c| is_total(c)));
    let body: Vec<usize> = (h..grid.len())
        .filter(|&r| !grid[r].iter().any(|c| is_total(c)))
        .collect();
    let numeric: Vec<usize> = (0..table.n_cols)
        .filter(|&c| {
            body.len() >= 4
                && body.iter().filter(|&&r| number(at(r, c)).is_some()).count() * 10
                    >= body.len() * 8
        })
        .collect();
    for &col in &numeric {
        let missing: Vec<usize> = body
            .iter()
            .copied()
            .filter(|&r| at(r, col).is_empty())
            .collect();
        // A row that lacks most of its values is no row with a lost one.
        let poor = |r: usize| {
            numeric.iter().filter(|&&c| !at(r, c).is_empty()).count() * 2 < numeric.len()
        };
        if missing.is_empty()
            || missing.iter().any(|&r| poor(r))
            || missing.len() > 5
            || missing.len() > 1 && missing.len() * 10 > body.len()
        {
            continue;
        }
        let others: Vec<usize> = numeric
            .iter()
            .copied()
            .filter(|&c| {
                c != col
                    && number(at(body[0], c)).is_some()
                    && !counts_rows(&body, |r| number(at(r, c)))
            })
            .collect();
        // Rows that agree in every other number agree in this one.
        let guesses: Vec<Option<(usize, String)>> = missing
            .iter()
            .map(|&r| {
                let same: Vec<&str> = body
                    .iter()
                    .filter(|&&s| {
                        s != r
                            && !at(s, col).is_empty()
                            && !others.is_empty()
                            && others.iter().all(|&c| at(s, c) == at(r, c))
                    })
                    .map(|&s| at(s, col))
                    .collect();
                let value = same.first()?;
                same.iter()
                    .all(|v| v == value)
                    .then(|| (same.len(), (*value).to_owned()))
            })
            .collect();
        let sum: Option<f64> = body
            .iter()
            .filter(|&&r| !at(r, col).is_empty())
            .map(|&r| number(at(r, col)))
            .sum();
        let printed_total = total.and_then(|r| number(at(r, col)));
        let (Some(sum), Some(printed)) = (sum, printed_total) else {
            continue;
        };
        let decimals = at(total.expect("a total row was found"), col)
            .rsplit_once('.')
            .map_or(0, |(_, d)| d.len());
        let close = |value: f64| {
            (sum + value - printed).abs() < 0.5 * 10f64.powi(-(decimals as i32)) + 1e-9
        };
        let values: Vec<(String, f32, String)> = if missing.len() == 1 && guesses[0].is_none() {
            let value = printed - sum;
            if value < 0.0 {
                continue;
            }
            vec![(
                format!("{value:.decimals$}"),
                0.85,
                "the printed total less the other rows".to_owned(),
            )]
        } else {
            let Some(guesses) = guesses.into_iter().collect::<Option<Vec<_>>>() else {
                continue;
            };
            if !close(guesses.iter().filter_map(|(_, v)| number(v)).sum()) {
                continue;
            }
            guesses
                .into_iter()
                .map(|(n, value)| {
                    (
                        value,
                        0.97,
                        format!("{n} rows with the same other values have it, and with it the column gives the printed total {printed}"),
                    )
                })
                .collect()
        };
        for (&r, (value, confidence, why)) in missing.iter().zip(values) {
            let line = table.lines[r];
            let Some(range) = cell_range(&draft.texts[line], col) else {
                continue;
            };
            draft.edit(line, range, &value, Rule::InferLostValue, confidence, why);
        }
    }
}

/// A column of running numbers says nothing of the others.
fn counts_rows(body: &[usize], value: impl Fn(usize) -> Option<f64>) -> bool {
    body.windows(2)
        .filter(|w| matches!((value(w[0]), value(w[1])), (Some(a), Some(b)) if b == a + 1.0))
        .count()
        * 10
        >= body.len() * 8
}

/// Bytes of the cell in a row's text.
fn cell_range(text: &str, col: usize) -> Option<Range<usize>> {
    let mut start = 0;
    for (i, cell) in text.split('\t').enumerate() {
        if i == col {
            let inner = cell.trim_matches(is_blank);
            let lead = if inner.is_empty() {
                0
            } else {
                cell.len() - cell.trim_start_matches(is_blank).len()
            };
            return Some(start + lead..start + lead + inner.len());
        }
        start += cell.len() + 1;
    }
    None
}

/// Finds the spans and makes the cells.
fn build(draft: &Draft, table: &mut Table) {
    let (n_rows, n_cols, h) = (table.lines.len(), table.n_cols, table.header_rows);
    let ranges: Vec<Vec<Range<usize>>> = table
        .lines
        .iter()
        .map(|&line| {
            let text = &draft.texts[line];
            let mut row: Vec<Range<usize>> = Vec::with_capacity(n_cols);
            let mut start = 0;
            for (i, cell) in text.split('\t').enumerate() {
                let inner = cell.trim_matches(is_blank);
                let lead = if inner.is_empty() {
                    0
                } else {
                    cell.len() - cell.trim_start_matches(is_blank).len()
                };
                let range = start + lead..start + lead + inner.len();
                // More cells than columns: the last column takes them all, nothing is lost.
                if i >= n_cols && !inner.is_empty() {
                    row[n_cols - 1].end = range.end;
                } else if i < n_cols {
                    row.push(range);
                }
                start += cell.len() + 1;
            }
            row
        })
        .collect();
    let full = |r: usize, c: usize| ranges[r].get(c).is_some_and(|range| !range.is_empty());
    let span_columns = span_columns(draft, table);
    let inferred: std::collections::HashSet<&str> = draft
        .repairs
        .iter()
        .filter(|r| r.rule == Rule::InferLostValue && r.applied)
        .map(|r| r.at[0].as_str())
        .collect();
    let inferred_at = |line: usize, range: &Range<usize>| {
        inferred.contains(draft.lines[line].id.as_str())
            && draft.repairs.iter().any(|r| {
                r.rule == Rule::InferLostValue
                    && r.applied
                    && r.at[0] == draft.lines[line].id
                    && r.offset == Some(draft.texts[line][..range.start].chars().count())
            })
    };
    let totals: Vec<bool> = (0..n_rows)
        .map(|r| {
            ranges[r]
                .iter()
                .any(|range| is_total(&draft.texts[table.lines[r]][range.clone()]))
        })
        .collect();
    let mut taken = vec![vec![false; n_cols]; n_rows];
    let mut cells = Vec::with_capacity(n_rows * n_cols);
    for r in 0..n_rows {
        for c in 0..n_cols {
            if taken[r][c] {
                continue;
            }
            let (rowspan, colspan) = if r < h {
                header_span(r, c, h, n_cols, &full)
            } else if !full(r, c) {
                (1, 1)
            } else if totals[r]
                && c == ranges[r]
                    .iter()
                    .position(|range| !range.is_empty())
                    .unwrap_or(0)
            {
                (
                    1,
                    (c + 1..n_cols).find(|&k| full(r, k)).unwrap_or(n_cols) - c,
                )
            } else if span_columns.contains(&c) {
                // A label reaches down as far as its column is empty, but not past a label left of it.
                let stop = |k: usize| {
                    full(k, c)
                        || totals[k]
                        || span_columns.iter().any(|&left| left < c && full(k, left))
                };
                ((r + 1..n_rows).find(|&k| stop(k)).unwrap_or(n_rows) - r, 1)
            } else {
                (1, 1)
            };
            for row in &mut taken[r..r + rowspan] {
                row[c..c + colspan].fill(true);
            }
            let line = table.lines[r];
            let spans: Vec<Span> = full(r, c)
                .then(|| Span::part(line, ranges[r][c].clone()))
                .into_iter()
                .collect();
            let inferred = !spans.is_empty() && inferred_at(line, &ranges[r][c]);
            cells.push(Cell {
                row: r,
                col: c,
                rowspan,
                colspan,
                spans,
                inferred,
            });
        }
    }
    (table.n_rows, table.cells) = (n_rows, cells);
}

/// Spans of a header cell: right over empty cells that have names below them, down over empty cells.
fn header_span(
    r: usize,
    c: usize,
    h: usize,
    n_cols: usize,
    full: &impl Fn(usize, usize) -> bool,
) -> (usize, usize) {
    let names_below = |c: usize| (r + 1..h).any(|k| full(k, c));
    if !names_below(c) {
        return (h - r, 1);
    }
    if !full(r, c) {
        return (1, 1);
    }
    let colspan = (c + 1..n_cols)
        .find(|&k| full(r, k) || !names_below(k))
        .unwrap_or(n_cols)
        - c;
    let rowspan = (r + 1..h)
        .find(|&k| (c..c + colspan).any(|col| full(k, col)))
        .unwrap_or(h)
        - r;
    (rowspan, colspan)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_values_and_days_is_no_header() {
        let n = |row: &str| header_rows(&[row.split('|').map(str::to_owned).collect()]);
        assert_eq!(n("|东湖支行|3,000|2015-09-21|2016年3月21日|"), 0);
        assert_eq!(n("指标|2021年|2022年|2023年"), 1);
    }
}
