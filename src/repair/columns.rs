//! What breaks say of the printed columns: their grid of characters and lines, and columns read row by row.

use std::ops::Range;

use super::{Draft, Span};
use language::label::label;
use language::script::{is_blank, is_han, width};
use language::words;
use model::Rule;

/// Columns of `measure` characters by `rows` lines, inferred from where sentences are cut.
#[derive(Debug)]
pub struct Grid {
    pub measure: f32,
    pub rows: f32,
    /// For each line: printed lines from the last certain column end to its own end, and to the next certain one.
    position: Vec<(f32, f32)>,
    /// For each line: what stands on its last printed line.
    last: Vec<f32>,
}

impl Grid {
    /// Whether a column ends with this line: by count it does, and the line's last printed line is filled.
    pub fn ends_column(&self, line: usize) -> bool {
        let (here, next) = self.position[line];
        let off = |n: f32| (n - (n / self.rows).round() * self.rows).abs();
        let columns = (next / self.rows).round();
        // A justified line can lack a third of its characters where a number or a mark went to the next.
        self.last[line] >= 0.65 * self.measure
            && here >= self.rows / 2.0
            && columns >= 2.0
            && off(here) <= 1.0
            && off(next) <= columns
    }
}

/// Sets a text in lines of `measure` characters as a typesetter does: no line begins with a closing mark or
/// ends with an opening one, numbers and Latin words stay whole (JIS X 4051, CLREQ). How many lines, and the
/// width of the last.
fn typeset(text: &str, measure: f32, indent: f32) -> (f32, f32) {
    const NO_START: &str = "，。、；：？！）》”’〉】%)";
    const NO_END: &str = "（《“‘〈【(";
    let (mut n_lines, mut filled, mut cluster) = (1.0, indent, 0.0);
    let mut previous = '\0';
    let place = |cluster: f32, n_lines: &mut f32, filled: &mut f32| {
        if *filled + cluster > measure + 0.01 && *filled > 0.0 {
            *n_lines += 1.0;
            *filled = cluster;
        } else {
            *filled += cluster;
        }
    };
    for c in text.chars().filter(|&c| !is_blank(c)) {
        let glued = NO_START.contains(c)
            || NO_END.contains(previous)
            || c.is_ascii_graphic() && previous.is_ascii_graphic();
        if !glued {
            place(cluster, &mut n_lines, &mut filled);
            cluster = 0.0;
        }
        cluster += if c.is_ascii() { 0.5 } else { 1.0 };
        previous = c;
    }
    place(cluster, &mut n_lines, &mut filled);
    (n_lines, filled)
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
                && (draft.lines[i + 1].blank_before > 0
                    || draft.lines[i].page != draft.lines[i + 1].page)
                && width(t) >= 18.0
                && t.contains(['，', '。'])
                && t.chars()
                    .next_back()
                    .is_some_and(|c| is_han(c) || matches!(c, '，' | '、'))
                && label(text(i + 1)).is_none()
        })
        .collect();
    let indent = |i: usize| if i > 0 && cut[i - 1] { 0.0 } else { 2.0 };
    let cuts: Vec<usize> = (0..n).filter(|&i| cut[i]).collect();
    if cuts.len() < 12 {
        return None;
    }
    // Measures at which cut lines are filled more often than by chance.
    let mut measures: Vec<(f32, f32)> = (8..=45)
        .map(|m| {
            let m = m as f32;
            let filled = cuts
                .iter()
                .take(200)
                .filter(|&&i| typeset(text(i), m, indent(i)).1 >= m - 1.1)
                .count();
            (m, filled as f32 / cuts.len().min(200) as f32 - 1.1 / m)
        })
        .collect();
    measures.sort_by(|a, b| b.1.total_cmp(&a.1));
    measures
        .iter()
        .take(3)
        .filter_map(|&(measure, _)| grid_of(draft, measure, &cut, indent))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(grid, _)| grid)
}

/// The grid of a measure and how many columns agree with it, if enough of them do.
fn grid_of(
    draft: &Draft,
    measure: f32,
    cut: &[bool],
    indent: impl Fn(usize) -> f32,
) -> Option<(Grid, f32)> {
    let n = draft.lines.len();
    let set: Vec<(f32, f32)> = (0..n)
        .map(|i| {
            if draft.lines[i].text.contains('\t') {
                (f32::INFINITY, 0.0)
            } else {
                typeset(&draft.texts[i], measure, indent(i))
            }
        })
        .collect();
    let mut position = vec![(0.0, f32::INFINITY); n];
    let mut heights: Vec<f32> = Vec::new();
    let mut sum = f32::INFINITY;
    let mut since = 0;
    for i in 0..n {
        sum += set[i].0;
        position[i].0 = sum;
        if cut[i] {
            if sum.is_finite() {
                heights.push(sum);
            }
            position[since..=i].iter_mut().for_each(|p| p.1 = sum);
            (since, sum) = (i + 1, 0.0);
        }
    }
    let count = |rows: f32| {
        heights
            .iter()
            .filter(|&&h| h >= rows - 1.0 && (h - (h / rows).round() * rows).abs() <= 1.0)
            .count()
    };
    let (rows, agree) = (15..=60)
        .map(|rows| rows as f32)
        .map(|rows| (rows, heights.iter().filter(|&&h| h == rows).count()))
        .max_by(|a, b| a.1.cmp(&b.1).then(b.0.total_cmp(&a.0)))?;
    let share = count(rows) as f32 / heights.len().max(1) as f32;
    let enough = heights.len() >= 8 && agree >= 5 && share >= draft.config().grid_agreement;
    enough.then(|| {
        (
            Grid {
                measure,
                rows,
                position,
                last: set.into_iter().map(|s| s.1).collect(),
            },
            share,
        )
    })
}

/// Lines of two columns that were read row by row, and their text column by column.
#[derive(Debug)]
pub struct Deinterleaved {
    pub lines: Range<usize>,
    pub spans: Vec<Span>,
}

/// Finds lines that hold a left and a right half, and where the words prove that the halves are columns.
pub fn deinterleave(draft: &mut Draft, lines: &[usize]) -> Vec<Deinterleaved> {
    let mut found = Vec::new();
    if !draft.may(Rule::UnweaveColumns) {
        return found;
    }
    let mut start = 0;
    while start < lines.len() {
        let mut end = start;
        let follows = |at: usize| {
            at == start
                || lines[at] == lines[at - 1] + 1 && draft.lines[lines[at]].blank_before == 0
        };
        while end < lines.len()
            && end - start < 60
            && follows(end)
            && gaps(&draft.texts[lines[end]]).next().is_some()
        {
            end += 1;
        }
        if end - start >= 2
            && let Some(columns) = columns(draft, lines[start]..lines[end - 1] + 1)
        {
            found.push(columns);
        }
        start = end.max(start + 1);
    }
    found
}

/// Spaces between two Chinese characters.
fn gaps(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    text.match_indices([' ', '\u{3000}'])
        .map(|(at, gap)| at..at + gap.len())
        .filter(|gap| {
            text[..gap.start].chars().next_back().is_some_and(is_han)
                && text[gap.end..].chars().next().is_some_and(is_han)
        })
}

/// Lines as columns, if the words at the breaks are whole so and not row by row.
fn columns(draft: &mut Draft, lines: Range<usize>) -> Option<Deinterleaved> {
    /// The narrowest left column, in full characters.
    const NARROWEST: f32 = 6.0;
    let first = &draft.texts[lines.start];
    let (gutters, n_whole) = gaps(first)
        .map(|gap| width(&first[..gap.start]))
        .filter(|&left| left >= NARROWEST)
        .filter_map(|left| proved_gutters(draft, &lines, left))
        .max_by_key(|(_, n_whole)| *n_whole)?;
    let halves = |part: fn(&str, &Range<usize>) -> Range<usize>| {
        let rows = lines.clone().zip(&gutters);
        rows.map(move |(i, gap)| (i, gap, part))
    };
    let spans: Vec<Span> = halves(left_of)
        .chain(halves(right_of))
        .map(|(i, gap, part)| Span::part(i, part(&draft.texts[i], gap)))
        .collect();
    let why = format!("{n_whole} words are whole when the halves are read as columns");
    let rule = Rule::UnweaveColumns;
    draft
        .reorder(lines.clone(), &spans, rule, rule.confidence(), why)
        .then_some(Deinterleaved { lines, spans })
}

/// The gap of each line that is nearest to a width, if all have one there, and how many words are whole when the halves
/// are read as columns; nothing if that proves no columns.
fn proved_gutters(
    draft: &Draft,
    lines: &Range<usize>,
    left: f32,
) -> Option<(Vec<Range<usize>>, usize)> {
    /// Words that are whole in columns at least, and by how many more they must be than row by row.
    const FEWEST: usize = 2;
    const MORE: usize = 1;
    let gutters: Vec<Range<usize>> = lines
        .clone()
        .map(|i| gutter(&draft.texts[i], left))
        .collect::<Option<_>>()?;
    let rows = lines.clone().map(|i| draft.texts[i].as_str()).zip(&gutters);
    let halves: Vec<[&str; 2]> = rows
        .map(|(text, gap)| [&text[left_of(text, gap)], &text[right_of(text, gap)]])
        .collect();
    let lefts = halves.iter().map(|[left, _]| *left);
    let by_column: Vec<&str> = lefts
        .chain(halves.iter().map(|[_, right]| *right))
        .collect();
    let by_row = halves.as_flattened();
    let (columns, rows) = (n_whole_words(&by_column), n_whole_words(by_row));
    (columns >= FEWEST && columns > rows + MORE).then_some((gutters, columns))
}

/// The gap of a line that is nearest to a width, if it is near.
fn gutter(text: &str, left: f32) -> Option<Range<usize>> {
    /// How far gaps of one gutter stand apart, in full characters.
    const NEAR: f32 = 1.5;
    let off = |gap: &Range<usize>| (width(&text[..gap.start]) - left).abs();
    let nearest = gaps(text).min_by(|a, b| off(a).total_cmp(&off(b)));
    nearest.filter(|gap| off(gap) <= NEAR)
}

fn left_of(text: &str, gap: &Range<usize>) -> Range<usize> {
    text.len() - text.trim_start_matches(is_blank).len()..gap.start
}

fn right_of(text: &str, gap: &Range<usize>) -> Range<usize> {
    gap.end..text.trim_end_matches(is_blank).len()
}

/// Words that the breaks between pieces cut.
fn n_whole_words(pieces: &[&str]) -> usize {
    let cuts = pieces.windows(2);
    cuts.filter(|pair| words::cut_by(pair[0], pair[1]).is_some())
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typesetting_keeps_marks_and_numbers_together() {
        assert_eq!(typeset("一二三四五六七八九十", 5.0, 0.0), (2.0, 5.0));
        // The comma may not begin a line, so 五 goes down with it.
        assert_eq!(typeset("一二三四五，六", 5.0, 0.0), (2.0, 3.0));
        assert_eq!(typeset("一二三2023年", 4.0, 0.0), (2.0, 3.0));
    }
}
