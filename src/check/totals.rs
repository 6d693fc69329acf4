//! Printed totals against what they add up.

use std::collections::BTreeMap;

use super::check;
use crate::config::Config;
use language::figures::{is_total, number};
use model::{Block, CellBlock, Check, CheckRule, Place, TableBlock};

/// Each printed total against its column.
pub fn column_totals(n: usize, table: &TableBlock, config: &Config, checks: &mut Vec<Check>) {
    let totals: Vec<usize> = table
        .cells
        .iter()
        .filter(|c| is_total(&c.text) && c.row >= table.header_rows)
        .map(|c| c.row)
        .collect();
    let [total] = totals[..] else {
        return;
    };
    let mut columns: BTreeMap<usize, Vec<&CellBlock>> = BTreeMap::new();
    for cell in &table.cells {
        columns.entry(cell.col).or_default().push(cell);
    }
    let sums = columns
        .range(..table.n_cols)
        .filter_map(|(_, cells)| column_total(n, table.header_rows, total, cells, config));
    checks.extend(sums);
}

/// A total against the cells of its column.
fn column_total(
    n: usize,
    header_rows: usize,
    total: usize,
    cells: &[&CellBlock],
    config: &Config,
) -> Option<Check> {
    let printed = cells.iter().find(|c| c.row == total)?;
    let expected = number(&printed.text)?;
    let is_part = |c: &&&CellBlock| c.row >= header_rows && c.row != total && c.rowspan == 1;
    let column: Vec<&str> = cells
        .iter()
        .filter(is_part)
        .map(|c| c.text.as_str())
        .collect();
    let is_printed = |text: &&&str| !matches!(**text, "" | "/" | "-" | "—" | "——" | "／");
    let values: Option<Vec<f64>> = column
        .iter()
        .filter(is_printed)
        .map(|t| number(t))
        .collect();
    let values = values.filter(|v| v.len() >= FEWEST_PARTS)?;
    if printed.text.ends_with(['%', '％', '‰']) {
        return None;
    }
    let sum: f64 = values.iter().sum();
    // Rows and total are each rounded to the digits that are printed.
    let unit = 10f64.powi(-(decimals(&printed.text) as i32));
    let slack = config.check.rounding * unit + FLOAT_ERROR * sum.abs().max(1.0);
    let most = column.iter().map(|t| decimals(t)).max().unwrap_or(0);
    Some(Check {
        expected: Some(printed.text.clone()),
        found: Some(format!("{sum:.most$}")),
        ..check(
            CheckRule::ColumnTotal,
            Some(n),
            &printed.at,
            (sum - expected).abs() <= slack,
        )
    })
}

/// Digits behind the point.
fn decimals(text: &str) -> usize {
    text.rsplit_once('.').map_or(0, |(_, digits)| digits.len())
}

/// Numbers that a total has at least.
const FEWEST_PARTS: usize = 2;
/// What adding up binary fractions can be off by, as a share of the sum.
const FLOAT_ERROR: f64 = 1e-6;

/// `整合资金14204万元` and items `（一）…7265.23万元` below: they should add up.
pub fn list_totals(n: usize, body: &[Block], checks: &mut Vec<Check>) {
    for (i, block) in body.iter().enumerate() {
        let Block::Paragraph {
            text,
            at,
            label: None,
        } = block
        else {
            continue;
        };
        // 14204万元，其中：中央8484万元，省2658万元
        if let Some((head, parts)) = text.split_once("其中") {
            let parts = amounts(parts.split('。').next().unwrap_or(parts));
            if let Some(&(total, unit)) = amounts(head).last() {
                let same: Vec<f64> = parts
                    .iter()
                    .filter(|(_, u)| *u == unit)
                    .map(|(v, _)| *v)
                    .collect();
                add_up(n, at, total, unit, &same, checks);
            }
        }
        // The list below, under a heading of its own.
        let Some(&(total, unit)) = amounts(text).first() else {
            continue;
        };
        let items: Vec<f64> = body[i + 1..]
            .iter()
            .skip_while(|b| matches!(b, Block::Heading { .. }))
            .map_while(|b| {
                if let Block::Paragraph {
                    text,
                    label: Some(_),
                    ..
                } = b
                {
                    Some(text)
                } else {
                    None
                }
            })
            .map_while(|text| {
                amounts(text)
                    .first()
                    .filter(|(_, u)| *u == unit)
                    .map(|(v, _)| *v)
            })
            .collect();
        let last = body
            .get(i + 1..)
            .and_then(|rest| {
                rest.iter().find_map(|b| {
                    if let Block::Paragraph { at, .. } = b {
                        Some(at)
                    } else {
                        None
                    }
                })
            })
            .unwrap_or(at);
        add_up(n, last, total, unit, &items, checks);
    }
}

/// Items that a list has at least, whose sum says something.
const FEWEST_ITEMS: usize = 3;
/// How near a sum must be to a total that it means to be, as a share of it.
const NEAR: f64 = 0.01;
/// Half of the last of two digits behind the point.
const EXACT: f64 = 0.005;

/// A list whose sum is near the total means to be its parts.
fn add_up(n: usize, at: &[Place], total: f64, unit: &str, parts: &[f64], checks: &mut Vec<Check>) {
    let sum: f64 = parts.iter().sum();
    if parts.len() >= FEWEST_ITEMS && (sum - total).abs() <= NEAR * total {
        let holds = (sum - total).abs() < EXACT;
        checks.push(Check {
            expected: Some(format!("{total}{unit}")),
            found: Some(format!("{}{unit}", (sum * 100.0).round() / 100.0)),
            ..check(CheckRule::ListTotal, Some(n), at, holds)
        });
    }
}

/// Amounts with their units in a text, in order.
fn amounts(text: &str) -> Vec<(f64, &'static str)> {
    const UNITS: [&str; 8] = ["万元", "亿元", "万亩", "公顷", "万人", "公里", "元", "亩"];
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let tail = &rest[start..];
        let end = tail
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(tail.len());
        let unit = UNITS.iter().find(|u| tail[end..].starts_with(**u));
        if let (Ok(value), Some(unit)) = (tail[..end].parse(), unit) {
            out.push((value, *unit));
        }
        rest = &tail[end..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_with_units() {
        assert_eq!(
            amounts("计划14204万元，47个项目，2.5亿元"),
            [(14204.0, "万元"), (2.5, "亿元")]
        );
    }
}
