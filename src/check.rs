//! Checks: statements that can hold or fail. A check never changes a value.

mod attachments;
mod brackets;
mod contents;
mod headings;
mod misprints;
mod numbers;
mod pages;
mod possible;
mod table;
mod totals;

use rayon::prelude::*;

use crate::config::Config;
use crate::segment::Segmented;
use attachments::attachment_list;
use brackets::unbalanced;
use headings::headings;
use model::{Block, Check, CheckRule, Document, Place};
pub use pages::{coarse_pages, illegible_pages, suspect_file, unread_pages};
pub use table::table;
use totals::{column_totals, list_totals};

/// Checks the segmented gazette: as a whole, then document by document in parallel.
pub fn checks(gazette: &Segmented, config: &Config) -> Vec<Check> {
    let mut checks = contents::contents(gazette);
    checks.extend(numbers::numbers(gazette, config));
    checks.extend(possible::possible_documents(gazette));
    let documents: Vec<Vec<Check>> = gazette
        .documents
        .par_iter()
        .enumerate()
        .map(|(n, d)| document(n, d, config))
        .collect();
    checks.extend(documents.into_iter().flatten());
    checks.extend(misprints::misprints(gazette));
    checks
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

fn document(n: usize, document: &Document, config: &Config) -> Vec<Check> {
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
