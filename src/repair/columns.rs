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

#[expect(
    clippy::too_many_lines,
    reason = "one proof: columns that were read row by row"
)]
fn columns(draft: &mut Draft, lines: Range<usize>) -> Option<Deinterleaved> {
    let first: Vec<f32> = gaps(&draft.texts[lines.start])
        .map(|gap| width(&draft.texts[lines.start][..gap.start]))
        .collect();
    let (gutters, in_columns) = first
        .into_iter()
        .filter(|&left| left >= 6.0)
        .filter_map(|left| {
            let gutters: Option<Vec<Range<usize>>> = lines
                .clone()
                .map(|i| {
                    gaps(&draft.texts[i])
                        .min_by(|a, b| {
                            let off = |gap: &Range<usize>| {
                                (width(&draft.texts[i][..gap.start]) - left).abs()
                            };
                            off(a).total_cmp(&off(b))
                        })
                        .filter(|gap| (width(&draft.texts[i][..gap.start]) - left).abs() <= 1.5)
                })
                .collect();
            let gutters = gutters?;
            let left: Vec<&str> = lines
                .clone()
                .zip(&gutters)
                .map(|(i, g)| draft.texts[i][..g.start].trim_matches(is_blank))
                .collect();
            let right: Vec<&str> = lines
                .clone()
                .zip(&gutters)
                .map(|(i, g)| draft.texts[i][g.end..].trim_matches(is_blank))
                .collect();
            let by_column: Vec<&str> = left.iter().chain(&right).copied().collect();
            let by_row: Vec<&str> = left
                .iter()
                .zip(&right)
                .flat_map(|(l, r)| [*l, *r])
                .collect();
            let whole_words = |order: &[&str]| {
                order
                    .windows(2)
                    .filter(|w| words::cut_by(w[0], w[1]).is_some())
                    .count()
            };
            let (columns, rows) = (whole_words(&by_column), whole_words(&by_row));
            (columns >= 2 && columns > rows + 1).then_some((gutters, columns))
        })
        .max_by_key(|(_, columns)| *columns)?;
    let halves = |right: bool| {
        lines
            .clone()
            .zip(&gutters)
            .map(move |(i, gap)| (i, gap.clone(), right))
    };
    let spans: Vec<Span> = halves(false)
        .chain(halves(true))
        .map(|(i, gap, right)| {
            let text = &draft.texts[i];
            if right {
                Span::part(i, gap.end..text.trim_end_matches(is_blank).len())
            } else {
                Span::part(
                    i,
                    text.len() - text.trim_start_matches(is_blank).len()..gap.start,
                )
            }
        })
        .collect();
    let why = format!("{in_columns} words are whole when the halves are read as columns");
    let rule = Rule::UnweaveColumns;
    draft
        .reorder(lines.clone(), &spans, rule, rule.confidence(), why)
        .then_some(Deinterleaved { lines, spans })
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
