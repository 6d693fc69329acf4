//! Numbers and dates of documents against each other.

use std::collections::BTreeMap;

use super::check;
use crate::config::Config;
use crate::segment::Segmented;
use model::{Check, CheckRule, Document, Element, Number, Role};

/// The documents of an issuer code and a year, each with its number.
type Series<'g> = BTreeMap<(&'g str, u32), Vec<(u32, usize)>>;

/// Checks numbers and dates.
pub fn numbers(gazette: &Segmented, config: &Config) -> Vec<Check> {
    let mut checks = Vec::new();
    let mut series = Series::new();
    for (n, document) in gazette.documents.iter().enumerate() {
        checks.extend(unread(document, n));
        for number in &document.numbers {
            if let (Some(code), Some(year)) = (&number.issuer_code, number.year) {
                let of_series = series.entry((code, year)).or_default();
                of_series.push((number.seq, n));
                checks.extend(issuer(document, n, number, &config.segment.issuers));
            }
        }
    }
    for ((code, year), mut of_series) in series {
        of_series.sort_unstable();
        for pair in of_series.windows(2) {
            checks.extend(sequence(gazette, code, year, [pair[0], pair[1]]));
        }
    }
    for (n, document) in gazette.documents.iter().enumerate() {
        checks.extend(dates(gazette, n, document));
    }
    checks
}

/// A line that can only be a number, and no number on it.
fn unread(document: &Document, n: usize) -> Option<Check> {
    let is_number = |element: &&Element| element.role == Role::Number;
    let line = document.elements.iter().find(is_number)?;
    document.numbers.is_empty().then(|| Check {
        found: Some(line.text.clone()),
        ..check(CheckRule::NumberRead, Some(n), &line.at, false)
    })
}

/// Whether the issuer code is one of those that are expected, if any are.
fn issuer(document: &Document, n: usize, number: &Number, issuers: &[String]) -> Option<Check> {
    let code = number
        .issuer_code
        .as_ref()
        .filter(|_| !issuers.is_empty())?;
    let is_expected = issuers.contains(code);
    Some(Check {
        expected: Some(issuers.join("、")),
        found: Some(code.clone()),
        ..check(
            CheckRule::IssuerExpected,
            Some(n),
            &document.at,
            is_expected,
        )
    })
}

/// Two neighbours of a series: their numbers count on, their dates too.
fn sequence(
    gazette: &Segmented,
    code: &str,
    year: u32,
    [(a, first), (b, second)]: [(u32, usize); 2],
) -> Vec<Check> {
    let at = &gazette.documents[second].at;
    let counts_on = a.checked_add(1) == Some(b);
    let mut checks = vec![Check {
        expected: Some(format!("{code}〔{year}〕{}号", a.saturating_add(1))),
        found: Some(format!("{code}〔{year}〕{b}号")),
        ..check(CheckRule::NumberSequence, Some(second), at, counts_on)
    }];
    let date = |n: usize| gazette.documents[n].date.as_ref();
    if let (Some(before), Some(after)) = (date(first), date(second)) {
        checks.push(Check {
            expected: Some(format!("≥ {before}")),
            found: Some(after.clone()),
            ..check(CheckRule::DateOrder, Some(second), at, after >= before)
        });
    }
    checks
}

/// A document's date against the dates on which the gazette was published and the document printed.
fn dates(gazette: &Segmented, n: usize, document: &Document) -> Vec<Check> {
    let Some(date) = &document.date else {
        return Vec::new();
    };
    let at = &document.at;
    let published = gazette.gazette.published.as_ref().map(|published| Check {
        expected: Some(format!("≤ {published}")),
        found: Some(date.clone()),
        ..check(CheckRule::DateOfPublication, Some(n), at, date <= published)
    });
    let colophon = document.colophon.as_ref();
    let printed = colophon
        .and_then(|c| c.printed_on.as_ref())
        .map(|printed| Check {
            expected: Some(format!("≥ {date}")),
            found: Some(printed.clone()),
            ..check(CheckRule::DateOfPrinting, Some(n), at, printed >= date)
        });
    published.into_iter().chain(printed).collect()
}
