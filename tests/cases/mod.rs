//! The cases in `fixtures/`, and how they are read.

use std::path::{Path, PathBuf};

use gongbao::config::Config;
use gongbao::extract::{self, Extracted, ReadOptions};
use gongbao::model::{Line, LineCharacter, Output};
use gongbao::output;

/// The texts and PDF files of a folder in `fixtures/`; none if there is no such folder.
pub fn of_folder(name: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name);
    let mut cases: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|case| case.expect("a case can be read").path())
        .filter(|path| path.extension().is_some_and(|e| e == "txt" || e == "pdf"))
        .collect();
    cases.sort();
    cases
}

/// Reads a case. A text that has `NAME.doubts.tsv` beside it is read as if a recogniser had made it.
pub fn read(path: &Path, config: &Config) -> (Output, Vec<Line>) {
    let mut extracted = extract::lines(path, &config.extract.page_marker, &ReadOptions::default())
        .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    if let Ok(doubts) = std::fs::read_to_string(path.with_extension("doubts.tsv")) {
        recognise(&mut extracted, &doubts);
    }
    output::of_lines(extracted, config)
}

/// Gives the lines their characters: all certain but those of the rows, each with line, character (from 1, blanks not
/// counted), confidence, and what would stand there otherwise.
fn recognise(extracted: &mut Extracted, doubts: &str) {
    for line in &mut extracted.lines {
        let printed = line.text.chars().filter(|c| !c.is_whitespace());
        line.characters = printed.map(certain).collect();
        line.confidence = Some(1.0);
    }
    for row in doubts.lines() {
        let [id, at, confidence, runner_up] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("not four fields: {row}");
        };
        let line = extracted.lines.iter_mut().find(|line| line.id == id);
        let at: usize = at.parse().expect("a number");
        let doubted = &mut line.expect("a line of the case").characters[at - 1];
        doubted.confidence = confidence.parse().expect("a number");
        doubted.runner_up = runner_up.chars().next();
    }
}

fn certain(text: char) -> LineCharacter {
    LineCharacter {
        text,
        bbox: [0.0; 4],
        confidence: 1.0,
        runner_up: None,
        digit: None,
    }
}
