//! What breaks say of the printed columns: their grid of characters and lines, and columns read row by row.

use std::ops::Range;

use super::label::label;
use super::{Draft, Repair, Rule, Span, words};
use crate::script::{is_blank, is_han, last_mark, width};

/// Columns of `measure` characters by `rows` lines, inferred from where sentences are cut.
#[derive(Debug)]
pub struct Grid {
    pub measure: f32,
    pub rows: f32,
    /// For each line: printed lines from the last certain column end to its own end, and to the next certain one.
    position: Vec<(f32, f32)>,
    fills: Vec<bool>,
}

impl Grid {
    /// Whether a text of this width, first-line indent included, ends at the end of a printed line.
    pub fn fills_line(&self, width: f32) -> bool {
        fills(width, self.measure)
    }

    /// Whether a column ends with this line, although its sentence does too.
    pub fn ends_column(&self, line: usize) -> bool {
        let (here, next) = self.position[line];
        let off = |n: f32| (n - (n / self.rows).round() * self.rows).abs();
        let columns = (next / self.rows).round();
        self.fills[line] && here >= self.rows / 2.0 && columns >= 2.0 && off(here) <= 1.0 && off(next) <= columns
    }
}

fn fills(width: f32, measure: f32) -> bool {
    // One mark may hang or be squeezed in; a mark that may not begin a line takes a character along.
    let rest = width % measure;
    rest <= 0.6 || rest >= measure - 1.1
}

/// The grid, if the cut sentences agree on one.
pub fn grid(draft: &Draft) -> Option<Grid> {
    let n = draft.lines.len();
    let text = |i: usize| draft.texts[i].trim_matches(is_blank);
    // Certain column ends: prose that stops inside a sentence, with an unnumbered line after a blank one.
    let cut: Vec<bool> = (0..n)
        .map(|i| {
            let t = text(i);
            i + 1 < n
                && !t.contains('\t')
                && (draft.lines[i + 1].blank_before > 0 || draft.lines[i].page != draft.lines[i + 1].page)
                && width(t) >= 18.0
                && t.contains(['，', '。'])
                && t.chars().next_back().is_some_and(|c| is_han(c) || matches!(c, '，' | '、'))
                && last_mark(text(i + 1)).is_some()
                && label(text(i + 1)).is_none()
        })
        .collect();
    // Width of each line with its indent, if it begins a paragraph.
    let widths: Vec<f32> = (0..n).map(|i| width(text(i)) + if i > 0 && cut[i - 1] { 0.0 } else { 2.0 }).collect();
    let cut_widths: Vec<f32> = (0..n).filter(|&i| cut[i]).map(|i| widths[i]).collect();
    if cut_widths.len() < 12 {
        return None;
    }
    let share = |m: f32| cut_widths.iter().filter(|&&w| fills(w, m)).count() as f32 / cut_widths.len() as f32;
    // A measure of m is met by chance in 1.7 of m cases.
    let (measure, surplus) = (8..=45).map(|m| (m as f32, share(m as f32) - 1.7 / m as f32)).max_by(|a, b| a.1.total_cmp(&b.1))?;
    if surplus + 1.7 / measure < draft.config().grid_agreement {
        return None;
    }
    let printed = |i: usize| if draft.lines[i].text.contains('\t') { f32::INFINITY } else { ((widths[i] - 0.6) / measure).ceil().max(1.0) };
    let mut heights: Vec<f32> = Vec::new();
    let mut sum = f32::INFINITY;
    for i in 0..n {
        sum += printed(i);
        if cut[i] {
            if sum.is_finite() {
                heights.push(sum);
            }
            sum = 0.0;
        }
    }
    let mut counts = std::collections::BTreeMap::new();
    for h in heights.iter().filter(|h| (10.0..=60.0).contains(*h)) {
        *counts.entry(*h as u32).or_insert(0usize) += 1;
    }
    let rows = *counts.iter().max_by_key(|(rows, n)| (**n, std::cmp::Reverse(**rows)))?.0 as f32;
    let near = heights.iter().filter(|&&h| (h - rows).abs() <= 1.0).count();
    if near < 6 {
        return None;
    }
    let mut position = vec![(0.0, f32::INFINITY); n];
    let mut sum = f32::INFINITY;
    let mut since = 0;
    for i in 0..n {
        sum += printed(i);
        position[i].0 = sum;
        if cut[i] {
            position[since..=i].iter_mut().for_each(|p| p.1 = sum);
            (since, sum) = (i + 1, 0.0);
        }
    }
    let fills = widths.iter().map(|&w| fills(w, measure)).collect();
    Some(Grid { measure, rows, position, fills })
}

/// Lines of two columns that were read row by row, and their text column by column.
#[derive(Debug)]
pub struct Unwoven {
    pub lines: Range<usize>,
    pub spans: Vec<Span>,
}

/// Finds lines that hold a left and a right half, and where the words prove that the halves are columns.
pub fn unweave(draft: &mut Draft, lines: Range<usize>) -> Vec<Unwoven> {
    let mut found = Vec::new();
    let mut start = lines.start;
    while start < lines.end {
        let mut end = start;
        while end < lines.end && (end == start || draft.lines[end].blank_before == 0) && gaps(&draft.texts[end]).next().is_some() && end - start < 60 {
            end += 1;
        }
        if end - start >= 2
            && let Some(unwoven) = columns(draft, start..end)
        {
            found.push(unwoven);
        }
        start = end.max(start + 1);
    }
    found
}

/// Spaces between two Chinese characters.
fn gaps(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    text.match_indices([' ', '\u{3000}'])
        .map(|(at, gap)| at..at + gap.len())
        .filter(|gap| text[..gap.start].chars().next_back().is_some_and(is_han) && text[gap.end..].chars().next().is_some_and(is_han))
}

fn columns(draft: &mut Draft, lines: Range<usize>) -> Option<Unwoven> {
    let first: Vec<f32> = gaps(&draft.texts[lines.start]).map(|gap| width(&draft.texts[lines.start][..gap.start])).collect();
    let (gutters, in_columns) = first
        .into_iter()
        .filter(|&left| left >= 6.0)
        .filter_map(|left| {
            let gutters: Option<Vec<Range<usize>>> = lines
                .clone()
                .map(|i| gaps(&draft.texts[i]).min_by(|a, b| {
                    let off = |gap: &Range<usize>| (width(&draft.texts[i][..gap.start]) - left).abs();
                    off(a).total_cmp(&off(b))
                }).filter(|gap| (width(&draft.texts[i][..gap.start]) - left).abs() <= 1.5))
                .collect();
            let gutters = gutters?;
            let left: Vec<&str> = lines.clone().zip(&gutters).map(|(i, g)| draft.texts[i][..g.start].trim_matches(is_blank)).collect();
            let right: Vec<&str> = lines.clone().zip(&gutters).map(|(i, g)| draft.texts[i][g.end..].trim_matches(is_blank)).collect();
            let by_column: Vec<&str> = left.iter().chain(&right).copied().collect();
            let by_row: Vec<&str> = left.iter().zip(&right).flat_map(|(l, r)| [*l, *r]).collect();
            let whole_words = |order: &[&str]| order.windows(2).filter(|w| words::cut_by(w[0], w[1]).is_some()).count();
            let (columns, rows) = (whole_words(&by_column), whole_words(&by_row));
            (columns >= 2 && columns > rows + 1).then_some((gutters, columns))
        })
        .max_by_key(|(_, columns)| *columns)?;
    let halves = |right: bool| lines.clone().zip(&gutters).map(move |(i, gap)| (i, gap.clone(), right));
    let spans: Vec<Span> = halves(false)
        .chain(halves(true))
        .map(|(i, gap, right)| {
            let text = &draft.texts[i];
            if right { Span::part(i, gap.end..text.trim_end_matches(is_blank).len()) } else { Span::part(i, text.len() - text.trim_start_matches(is_blank).len()..gap.start) }
        })
        .collect();
    let confidence = 0.85;
    let applied = draft.applies(Rule::UnweaveColumns, confidence);
    let repair = Repair {
        rule: Rule::UnweaveColumns,
        at: lines.clone().map(|i| draft.lines[i].id.clone()).collect(),
        offset: None,
        before: lines.clone().map(|i| draft.texts[i].clone()).collect::<Vec<_>>().join("\n"),
        after: spans.iter().map(|s| draft.slice(s)).collect::<Vec<_>>().join("\n"),
        confidence,
        why: format!("{in_columns} words are whole when the halves are read as columns").into(),
        applied,
    };
    draft.repairs.push(repair);
    applied.then_some(Unwoven { lines, spans })
}
