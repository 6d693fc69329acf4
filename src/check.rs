//! Checks: statements that can hold or fail. A check never changes a value.

mod misprints;

use std::collections::BTreeMap;

use rayon::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use crate::config::Config;
use crate::segment::Segmented;
use language::figures::{is_total, number};
use language::label::{Kind, label};
use language::script::{fold, width};
use model::{
    AttachmentRole, Block, Check, CheckRule, Document, Line, Output, Place, Role, TableBlock,
};

/// Checks the segmented gazette: as a whole, then document by document in parallel.
pub fn checks(gazette: &Segmented, config: &Config) -> Vec<Check> {
    let mut checks = contents(gazette);
    checks.extend(numbers(gazette, config));
    let documents: Vec<Vec<Check>> = gazette
        .documents
        .par_iter()
        .enumerate()
        .map(|(n, d)| document(gazette, n, d, config))
        .collect();
    checks.extend(documents.into_iter().flatten());
    checks.extend(misprints::misprints(gazette));
    checks
}

/// What is suspect about the file, each as a check that fails.
pub fn suspect_file(warnings: &[String]) -> Vec<Check> {
    warnings
        .iter()
        .map(|found| Check {
            found: Some(found.clone()),
            ..check(CheckRule::FileSound, None, &[], false)
        })
        .collect()
}

/// Pages whose text was not read, each as a check that fails.
pub fn unread_pages(unread: &[(u32, String)]) -> Vec<Check> {
    unread
        .iter()
        .map(|(page, why)| Check {
            found: Some(why.clone()),
            ..check(CheckRule::PageRead, None, &[whole(*page)], false)
        })
        .collect()
}

/// Pages that were recognised from too few pixels, each as a check that fails.
pub fn coarse_pages(coarse: &[(u32, u32)]) -> Vec<Check> {
    coarse
        .iter()
        .map(|&(page, dpi)| Check {
            expected: Some("200 dpi".to_owned()),
            found: Some(format!("{dpi} dpi")),
            ..check(CheckRule::ScanResolution, None, &[whole(page)], false)
        })
        .collect()
}

/// Pages whose characters the recogniser hardly believes, each as a check that fails: scan them anew.
pub fn illegible_pages(lines: &[Line]) -> Vec<Check> {
    const BELIEVED: f32 = extract::confidence::LEGIBLE_PAGE;
    let mut of_page: BTreeMap<u32, (f32, f32)> = BTreeMap::new();
    for (line, confidence) in lines
        .iter()
        .filter_map(|line| Some((line, line.confidence?)))
    {
        let (sum, n) = of_page.entry(line.page.unwrap_or(1)).or_default();
        *sum += confidence * line.characters.len() as f32;
        *n += line.characters.len() as f32;
    }
    let illegible = of_page
        .into_iter()
        .map(|(page, (sum, n))| (page, sum / n))
        .filter(|(_, mean)| *mean < BELIEVED);
    illegible
        .map(|(page, mean)| Check {
            expected: Some(format!("mean confidence of {BELIEVED}")),
            found: Some(format!("{mean:.2}")),
            ..check(CheckRule::PageLegible, None, &[whole(page)], false)
        })
        .collect()
}

fn whole(page: u32) -> Place {
    Place {
        page: Some(page),
        ..Place::default()
    }
}

fn check(rule: CheckRule, document: Option<usize>, at: &[Place], holds: bool) -> Check {
    Check {
        rule,
        at: at.to_vec(),
        document,
        holds: Some(holds),
        expected: None,
        found: None,
        suggestion: None,
    }
}

/// The contents against the body.
fn contents(gazette: &Segmented) -> Vec<Check> {
    let mut checks = Vec::new();
    if gazette.contents.is_empty() {
        return checks;
    }
    let mut offsets: BTreeMap<i64, usize> = BTreeMap::new();
    let starts = |n: usize| gazette.starts[n];
    for entry in &gazette.contents {
        if let (Some(page), Some(start)) = (entry.page, entry.document.and_then(starts)) {
            *offsets
                .entry(i64::from(start) - i64::from(page))
                .or_default() += 1;
        }
    }
    // Page 1 of a gazette is mostly not page 1 of its file: the usual difference is the right one.
    let offset = offsets
        .iter()
        .max_by_key(|(_, n)| **n)
        .map_or(0, |(offset, _)| *offset);
    let mut last = None;
    for entry in &gazette.contents {
        let Some(n) = entry.document else {
            let names_document =
                entry.number.is_some() || language::titles::kind_of(&entry.title).is_some();
            let mut missing = check(CheckRule::ContentsMissing, None, &entry.at, false);
            missing.holds = names_document.then_some(false);
            missing.expected = Some(entry.title.clone());
            checks.push(missing);
            continue;
        };
        let document = &gazette.documents[n];
        let title = document.title.as_deref().unwrap_or("");
        let same = fold(&entry.title).starts_with(&fold(title)) && !title.is_empty();
        checks.push(Check {
            expected: Some(entry.title.clone()),
            found: Some(title.to_owned()),
            ..check(CheckRule::ContentsTitle, Some(n), &document.at, same)
        });
        if let Some(number) = &entry.number {
            let found: Vec<&str> = document.numbers.iter().map(|n| n.text.as_str()).collect();
            let same = found.contains(&number.as_str());
            checks.push(Check {
                expected: Some(number.clone()),
                found: Some(found.join("、")),
                ..check(CheckRule::ContentsNumber, Some(n), &document.at, same)
            });
        }
        checks.push(check(
            CheckRule::ContentsOrder,
            Some(n),
            &document.at,
            last.is_none_or(|last| n > last),
        ));
        last = Some(n);
        if let (Some(page), Some(start)) = (entry.page, starts(n)) {
            let found = i64::from(start) - offset;
            checks.push(Check {
                expected: Some(page.to_string()),
                found: Some(found.to_string()),
                ..check(
                    CheckRule::ContentsPage,
                    Some(n),
                    &document.at,
                    found == i64::from(page),
                )
            });
        }
    }
    for (n, document) in gazette.documents.iter().enumerate() {
        if !gazette.contents.iter().any(|e| e.document == Some(n)) {
            checks.push(Check {
                found: document.title.clone(),
                ..check(CheckRule::ContentsExtra, Some(n), &document.at, false)
            });
        }
    }
    checks
}

/// Numbers and dates of the documents of one issuer and year.
fn numbers(gazette: &Segmented, config: &Config) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut series: BTreeMap<(&str, u32), Vec<(u32, usize)>> = BTreeMap::new();
    for (n, document) in gazette.documents.iter().enumerate() {
        for number in &document.numbers {
            if let (Some(code), Some(year)) = (&number.issuer_code, number.year) {
                series
                    .entry((code, year))
                    .or_default()
                    .push((number.seq, n));
                if !config.segment.issuers.is_empty() {
                    let expected = config.segment.issuers.contains(code);
                    checks.push(Check {
                        expected: Some(config.segment.issuers.join("、")),
                        found: Some(code.clone()),
                        ..check(CheckRule::IssuerExpected, Some(n), &document.at, expected)
                    });
                }
            }
        }
    }
    for ((code, year), mut of) in series {
        of.sort_unstable();
        for pair in of.windows(2) {
            let [(a, first), (b, second)] = [pair[0], pair[1]];
            let document = &gazette.documents[second];
            let next = format!("{code}〔{year}〕{}号", a + 1);
            checks.push(Check {
                expected: Some(next),
                found: Some(format!("{code}〔{year}〕{b}号")),
                ..check(
                    CheckRule::NumberSequence,
                    Some(second),
                    &document.at,
                    b == a + 1,
                )
            });
            if let (Some(before), Some(after)) = (&gazette.documents[first].date, &document.date) {
                checks.push(Check {
                    expected: Some(format!("≥ {before}")),
                    found: Some(after.clone()),
                    ..check(
                        CheckRule::DateOrder,
                        Some(second),
                        &document.at,
                        after >= before,
                    )
                });
            }
        }
    }
    for (n, document) in gazette.documents.iter().enumerate() {
        if let (Some(published), Some(date)) = (&gazette.gazette.published, &document.date) {
            checks.push(Check {
                expected: Some(format!("≤ {published}")),
                found: Some(date.clone()),
                ..check(
                    CheckRule::DateOfPublication,
                    Some(n),
                    &document.at,
                    date <= published,
                )
            });
        }
        if let (Some(printed), Some(date)) = (
            document
                .colophon
                .as_ref()
                .and_then(|c| c.printed_on.as_ref()),
            &document.date,
        ) {
            checks.push(Check {
                expected: Some(format!("≥ {date}")),
                found: Some(printed.clone()),
                ..check(
                    CheckRule::DateOfPrinting,
                    Some(n),
                    &document.at,
                    printed >= date,
                )
            });
        }
    }
    checks
}

fn document(_: &Segmented, n: usize, document: &Document, config: &Config) -> Vec<Check> {
    let mut checks = attachment_list(n, document);
    for body in std::iter::once(&document.body).chain(document.attachments.iter().map(|a| &a.body))
    {
        headings(n, body, &mut checks);
        list_totals(n, body, &mut checks);
        for block in body {
            match block {
                Block::Table(table) => column_totals(n, table, config, &mut checks),
                Block::Paragraph { text, at, .. } => {
                    if let Some(open) = unbalanced(text) {
                        checks.push(Check {
                            found: Some(open),
                            ..check(CheckRule::BracketBalance, Some(n), at, false)
                        });
                    }
                }
                _ => {}
            }
        }
    }
    checks
}

/// 附件说明 against the attachments.
fn attachment_list(n: usize, document: &Document) -> Vec<Check> {
    let blocks = document
        .body
        .iter()
        .chain(document.attachments.iter().flat_map(|a| &a.body));
    let lists: Vec<_> = blocks
        .filter_map(|b| {
            if let Block::AttachmentList { items, at } = b {
                Some((items, at))
            } else {
                None
            }
        })
        .collect();
    let attached: Vec<_> = document
        .attachments
        .iter()
        .filter(|a| a.role == AttachmentRole::Attachment)
        .collect();
    let [(items, at)] = lists.as_slice() else {
        return Vec::new();
    };
    // 略: printed elsewhere or not at all, and the list says so.
    if attached.is_empty() && items.iter().any(|i| i.text.contains('略')) {
        return Vec::new();
    }
    let mut checks = vec![Check {
        expected: Some(items.len().to_string()),
        found: Some(attached.len().to_string()),
        ..check(
            CheckRule::AttachmentList,
            Some(n),
            at,
            items.len() == attached.len(),
        )
    }];
    if items.len() == attached.len() {
        for (item, attachment) in items.iter().zip(attached) {
            let found = attachment.title.clone().unwrap_or_default();
            let at = attachment
                .elements
                .iter()
                .find(|e| e.role == Role::Title)
                .map_or(at.as_slice(), |e| &e.at);
            checks.push(Check {
                expected: Some(item.title.clone()),
                found: Some(found.clone()),
                ..check(
                    CheckRule::AttachmentList,
                    Some(n),
                    at,
                    fold(&item.title) == fold(&found),
                )
            });
        }
    }
    checks
}

/// 一、 二、 三、; a lower number starts anew under a higher one, or counts on through them.
fn headings(n: usize, body: &[Block], checks: &mut Vec<Check>) {
    // The last number of each rank: under the heading in force, and anywhere above.
    let mut here: BTreeMap<u8, u32> = BTreeMap::new();
    let mut above: BTreeMap<u8, u32> = BTreeMap::new();
    for block in body {
        let (Block::Heading {
            text,
            label: Some(printed),
            at,
            ..
        }
        | Block::Paragraph {
            text,
            label: Some(printed),
            at,
        }) = block
        else {
            continue;
        };
        let Some(read) = label(text).or_else(|| label(printed)) else {
            continue;
        };
        let rank = match read.kind {
            Kind::Chapter => 0,
            Kind::Section => 1,
            Kind::Article => 2,
            Kind::Han => 3,
            Kind::HanBrackets => 4,
            Kind::Digit => 5,
            Kind::DigitBrackets => 6,
            Kind::Circled => 7,
            // It is one by counting on.
            Kind::Decimal => continue,
        };
        let expected = here.get(&rank).map_or(1, |n| n + 1);
        let starts_anew =
            read.seq == 1 && !matches!(read.kind, Kind::Chapter | Kind::Han | Kind::Article);
        let counts_on = above.get(&rank).is_some_and(|last| read.seq == last + 1);
        let holds = read.seq == expected || starts_anew || counts_on;
        if !holds || read.seq != 1 {
            checks.push(Check {
                expected: Some(expected.to_string()),
                found: Some(printed.clone()),
                ..check(CheckRule::HeadingSequence, Some(n), at, holds)
            });
        }
        here.retain(|&r, _| r < rank || r == 2 && rank < 2);
        here.insert(rank, read.seq);
        above.insert(rank, read.seq);
    }
}

/// Each printed total against its column.
fn column_totals(n: usize, table: &TableBlock, config: &Config, checks: &mut Vec<Check>) {
    let total_rows: Vec<usize> = table
        .cells
        .iter()
        .filter(|c| is_total(&c.text) && c.row >= table.header_rows)
        .map(|c| c.row)
        .collect();
    let (Some(&total), true) = (total_rows.last(), total_rows.len() == 1) else {
        return;
    };
    for col in 0..table.n_cols {
        let Some(printed) = table.cells.iter().find(|c| c.row == total && c.col == col) else {
            continue;
        };
        let Some(expected) = number(&printed.text) else {
            continue;
        };
        let column: Vec<&str> = table
            .cells
            .iter()
            .filter(|c| {
                c.col == col && c.row >= table.header_rows && c.row != total && c.rowspan == 1
            })
            .map(|c| c.text.as_str())
            .collect();
        let values: Option<Vec<f64>> = column
            .iter()
            .filter(|t| !matches!(**t, "" | "/" | "-" | "—" | "——" | "／"))
            .map(|t| number(t))
            .collect();
        let Some(values) = values.filter(|v| v.len() >= 2) else {
            continue;
        };
        if printed.text.ends_with(['%', '％', '‰']) {
            continue;
        }
        let sum: f64 = values.iter().sum();
        let decimals = printed.text.rsplit_once('.').map_or(0, |(_, d)| d.len()) as i32;
        // Rows and total are each rounded to the digits that are printed.
        let slack = config.check.rounding * 10f64.powi(-decimals) + 1e-6 * sum.abs().max(1.0);
        let most = column
            .iter()
            .map(|t| t.rsplit_once('.').map_or(0, |(_, d)| d.len()))
            .max()
            .unwrap_or(0);
        checks.push(Check {
            expected: Some(printed.text.clone()),
            found: Some(format!("{sum:.most$}")),
            ..check(
                CheckRule::ColumnTotal,
                Some(n),
                &printed.at,
                (sum - expected).abs() <= slack,
            )
        });
    }
}

/// `整合资金14204万元` and items `（一）…7265.23万元` below: they should add up.
fn list_totals(n: usize, body: &[Block], checks: &mut Vec<Check>) {
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

/// A list whose sum is near the total means to be its parts.
fn add_up(n: usize, at: &[Place], total: f64, unit: &str, parts: &[f64], checks: &mut Vec<Check>) {
    let sum: f64 = parts.iter().sum();
    if parts.len() >= 3 && (sum - total).abs() <= 0.01 * total {
        let holds = (sum - total).abs() < 0.005;
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

/// The brackets that a paragraph leaves open, or closes without having opened them.
fn unbalanced(text: &str) -> Option<String> {
    let mut open: Vec<char> = Vec::new();
    for c in text.chars() {
        let partner = match c {
            '》' => '《',
            '〉' => '〈',
            '）' => '（',
            '〕' => '〔',
            '”' => '“',
            '《' | '〈' | '（' | '〔' | '“' => {
                open.push(c);
                continue;
            }
            _ => continue,
        };
        if open.last() == Some(&partner) {
            open.pop();
        } else if c != '）' {
            return Some(c.to_string());
        }
    }
    open.retain(|c| *c != '（' || !text.contains('）'));
    (!open.is_empty()).then(|| open.iter().collect())
}

/// Checks as a table for people.
pub fn table(output: &Output, failed: bool) -> String {
    let mut rows: Vec<[String; 6]> = Vec::new();
    for check in output
        .checks
        .iter()
        .filter(|c| !failed || c.holds == Some(false))
    {
        let rule = serde_json::to_value(check.rule)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default();
        let place = check.at.first().map_or(String::new(), |p| match p.page {
            Some(page) => format!(
                "page {page}, {}",
                p.lines.first().map_or("", String::as_str)
            ),
            None => p.lines.first().cloned().unwrap_or_default(),
        });
        let document = check
            .document
            .and_then(|n| output.documents.get(n))
            .map_or(String::new(), |d| d.id.clone());
        let verdict = match check.holds {
            Some(true) => "holds",
            Some(false) => "FAILS",
            None => "unknown",
        };
        let mut found = check.found.clone().unwrap_or_default();
        if let Some(suggestion) = &check.suggestion {
            found.push_str(&format!(" → {suggestion}?"));
        }
        rows.push([
            verdict.to_owned(),
            rule,
            document,
            place,
            check.expected.clone().unwrap_or_default(),
            found,
        ]);
    }
    let head = ["", "check", "document", "where", "expected", "found"].map(str::to_owned);
    let cells = |s: &str| (width(s) * 2.0).round() as usize;
    let clip = |s: &str| {
        if cells(s) > 44 {
            format!("{}…", s.graphemes(true).take(20).collect::<String>())
        } else {
            s.to_owned()
        }
    };
    let rows: Vec<[String; 6]> = std::iter::once(head)
        .chain(rows)
        .map(|row| row.map(|c| clip(&c)))
        .collect();
    let widths: Vec<usize> = (0..6)
        .map(|c| rows.iter().map(|r| cells(&r[c])).max().unwrap_or(0))
        .collect();
    let mut out = format!(
        "{}: {} checks, {} fail\n",
        output.source.name,
        output.checks.len(),
        output
            .checks
            .iter()
            .filter(|c| c.holds == Some(false))
            .count()
    );
    for row in &rows {
        let line: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(c, w)| format!("{c}{}", " ".repeat(w - cells(c))))
            .collect();
        out.push_str(line.join("  ").trim_end());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_hardly_believed_is_named() {
        let line = |page: u32, confidence: f32| -> Line {
            let characters = [
                serde_json::json!({ "text": "县", "bbox": [0, 0, 1, 1], "confidence": confidence }),
            ];
            let line = serde_json::json!({ "id": "p1:1", "page": page, "text": "县", "confidence": confidence, "characters": characters });
            serde_json::from_value(line).expect("a line")
        };
        let checks = illegible_pages(&[line(1, 0.99), line(1, 0.9), line(2, 0.99), line(2, 0.6)]);
        assert_eq!(
            checks
                .iter()
                .map(|c| (c.at[0].page, c.found.as_deref()))
                .collect::<Vec<_>>(),
            [(Some(2), Some("0.80"))]
        );
    }

    #[test]
    fn amounts_with_units() {
        assert_eq!(
            amounts("计划14204万元，47个项目，2.5亿元"),
            [(14204.0, "万元"), (2.5, "亿元")]
        );
    }

    #[test]
    fn brackets() {
        assert_eq!(unbalanced("《办法》（试行）的“通知”"), None);
        assert_eq!(
            unbalanced("《关于印发《方案》的通知").as_deref(),
            Some("《")
        );
        assert_eq!(unbalanced("1）先行办理"), None);
    }
}
