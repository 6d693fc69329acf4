//! What is suspect about the file and its pages.

use std::collections::BTreeMap;

use super::check;
use extract::watch::Unread;
use model::{Check, CheckRule, Line, Place};

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
pub fn unread_pages(unread: &[Unread]) -> Vec<Check> {
    unread
        .iter()
        .map(|unread| Check {
            found: Some(unread.why.clone()),
            ..check(CheckRule::PageRead, None, &[whole(unread.page)], false)
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
}
