//! Blocks: what passages are in the output, each with the place of everything it holds.

use super::tables::Table;
use super::{Draft, Gap, Span};
use language::label::Label;
use model::{Block, CellBlock, Element, Place, Role, TableBlock};

/// The places of spans: one for each page, the lines in order.
pub fn places(draft: &Draft, spans: &[Span]) -> Vec<Place> {
    let mut places: Vec<(Place, Vec<[usize; 2]>, bool)> = Vec::new();
    let mut leaf = None;
    for span in spans {
        let line = &draft.lines[span.line];
        let text = &draft.texts[span.line];
        let whole = draft.slice(&Span::line(span.line));
        let part = draft.slice(span);
        // Offsets are counted only where a part is taken: a line may be very long.
        let (range, is_part) = match &span.range {
            Some(range) if part.len() != whole.len() => {
                let start = text[..range.start].chars().count();
                ([start, start + part.chars().count()], true)
            }
            _ => ([0, 0], false),
        };
        match places.last_mut() {
            Some((place, ranges, parts)) if leaf == draft.leaves[span.line] => {
                place.bbox = around(place.bbox, line.bbox);
                place.lines.push(line.id.clone());
                ranges.push(range);
                *parts |= is_part;
            }
            _ => {
                let place = Place {
                    page: line.page,
                    bbox: line.bbox,
                    lines: vec![line.id.clone()],
                    chars: None,
                };
                places.push((place, vec![range], is_part));
                leaf = draft.leaves[span.line];
            }
        }
    }
    let mut next = spans.iter();
    places
        .into_iter()
        .map(|(mut place, mut ranges, parts)| {
            let spans: Vec<&Span> = next.by_ref().take(ranges.len()).collect();
            if parts {
                for (range, span) in ranges.iter_mut().zip(spans) {
                    if range[1] == 0 {
                        let text = &draft.texts[span.line];
                        let start = text[..text.len()
                            - text.trim_start_matches(language::script::is_blank).len()]
                            .chars()
                            .count();
                        *range = [
                            start,
                            start + draft.slice(&Span::line(span.line)).chars().count(),
                        ];
                    }
                }
                place.chars = Some(ranges);
            }
            place
        })
        .collect()
}

/// The box around two boxes.
fn around(a: Option<[f32; 4]>, b: Option<[f32; 4]>) -> Option<[f32; 4]> {
    match (a, b) {
        (Some(a), Some(b)) => Some([
            a[0].min(b[0]),
            a[1].min(b[1]),
            a[2].max(b[2]),
            a[3].max(b[3]),
        ]),
        (a, b) => a.or(b),
    }
}

/// The spans that hold a part of the text that spans make, given in bytes of that text.
pub fn subspans(draft: &Draft, spans: &[Span], part: std::ops::Range<usize>) -> Vec<Span> {
    let mut out = Vec::new();
    let mut at = 0;
    for span in spans {
        if at > 0 {
            at += span.gap.as_str().len();
        }
        let text = draft.slice(span);
        let (start, end) = (part.start.max(at), part.end.min(at + text.len()));
        if start < end {
            let base = match &span.range {
                Some(range) => range.start,
                None => {
                    draft.texts[span.line].len()
                        - draft.texts[span.line]
                            .trim_start_matches(language::script::is_blank)
                            .len()
                }
            };
            let whole = start == at && end == at + text.len();
            let range = if whole {
                span.range.clone()
            } else {
                Some(base + start - at..base + end - at)
            };
            out.push(Span {
                line: span.line,
                range,
                gap: if out.is_empty() {
                    Gap::Nothing
                } else {
                    span.gap
                },
            });
        }
        at += text.len();
    }
    out
}

/// A paragraph of the spans.
pub fn paragraph(draft: &Draft, spans: &[Span], label: Option<&Label>) -> Block {
    Block::Paragraph {
        label: label.map(|l| l.text.clone()),
        text: draft.text(spans),
        at: places(draft, spans),
    }
}

/// A table with what stands above and below it.
pub fn table(draft: &Draft, table: &Table, spans: &[Span], elements: Vec<Element>) -> Block {
    let cells = table
        .cells
        .iter()
        .map(|cell| CellBlock {
            row: cell.row,
            col: cell.col,
            rowspan: cell.rowspan,
            colspan: cell.colspan,
            text: draft.text(&cell.spans),
            inferred: cell.inferred,
            at: places(draft, &cell.spans),
        })
        .collect();
    let printed = |role: Role| {
        elements
            .iter()
            .find(|e| e.role == role)
            .map(|e| e.text.clone())
    };
    let unit = printed(Role::Unit).map(|u| {
        u.trim_matches(|c| matches!(c, '（' | '）' | '(' | ')'))
            .trim_start_matches("单位")
            .trim_start_matches(['：', ':'])
            .trim()
            .to_owned()
    });
    Block::Table(TableBlock {
        caption: printed(Role::Caption),
        unit,
        n_rows: table.n_rows,
        n_cols: table.n_cols,
        header_rows: table.header_rows,
        cells,
        elements,
        at: places(draft, spans),
    })
}
