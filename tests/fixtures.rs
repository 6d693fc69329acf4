//! Every file below `fixtures/` but the scans is a case: its transcript is a snapshot in `snapshots/`, and it keeps the promises.

mod cases;
mod json_schema;
mod transcript;

use std::path::{Path, PathBuf};

use gongbao::audit;
use gongbao::config::Config;
use gongbao::extract::{self, ReadOptions};
use gongbao::model::{self, Line, Output, Rule};
use gongbao::output;

/// All of them but the scans, which need models.
fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut cases: Vec<PathBuf> = std::fs::read_dir(root)
        .expect("there is a folder of fixtures")
        .map(|folder| folder.expect("a folder can be read").file_name())
        .filter(|folder| folder != "scans")
        .flat_map(|folder| cases::of_folder(&folder.to_string_lossy()))
        .collect();
    cases.sort();
    cases
}

fn read(path: &Path, threads: usize) -> (Output, Vec<Line>) {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("a pool of threads");
    pool.install(|| cases::read(path, &Config::default()))
}

/// `fixtures/join-columns/word.txt` answers in `snapshots/join-columns__word.txt.snap`.
#[test]
fn snapshots() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for path in cases() {
            let rule = path
                .parent()
                .and_then(Path::file_name)
                .expect("a case has a rule")
                .to_string_lossy()
                .into_owned();
            let name = format!(
                "{rule}__{}",
                path.file_name()
                    .expect("a case has a name")
                    .to_string_lossy()
            );
            let (output, _) = read(&path, 1);
            insta::assert_snapshot!(name, transcript::transcript(&output));
        }
    });
}

/// The JSON itself, for one whole gazette: what a script that reads it would see change.
#[test]
fn json() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        for case in [
            "gazettes/joint-signatures.txt",
            "infer-lost-value/proved-by-total.txt",
        ] {
            let (output, _) = read(&root.join(case), 1);
            let json = serde_json::to_string_pretty(&output).expect("an output is JSON");
            insta::assert_snapshot!(format!("{}.json", case.replace('/', "__")), json);
        }
    });
}

#[test]
fn nothing_is_lost_or_invented() {
    for path in cases() {
        let (output, lines) = read(&path, 1);
        if let Err(findings) = audit(&output, &lines) {
            panic!("{}: {}", path.display(), findings.join("\n"));
        }
    }
}

#[test]
fn threads_do_not_show() {
    for path in cases() {
        let (one, _) = read(&path, 1);
        let (many, _) = read(&path, 4);
        assert_eq!(
            serde_json::to_string(&one).ok(),
            serde_json::to_string(&many).ok(),
            "{}",
            path.display()
        );
    }
}

/// What stands on a page is where the output says: inside the page, each line of a table or paragraph in its box.
#[test]
fn places_of_a_pdf_hold_their_lines() {
    for path in cases()
        .into_iter()
        .filter(|path| path.extension().is_some_and(|e| e == "pdf"))
    {
        let (output, lines) = read(&path, 1);
        for block in output.documents.iter().flat_map(|d| {
            d.body
                .iter()
                .chain(d.attachments.iter().flat_map(|a| &a.body))
        }) {
            let json = serde_json::to_value(block).expect("a block is JSON");
            for place in json["at"].as_array().expect("a block has places") {
                let outer: Vec<f64> = place["bbox"]
                    .as_array()
                    .expect("a place has a box")
                    .iter()
                    .filter_map(serde_json::Value::as_f64)
                    .collect();
                for id in place["lines"].as_array().expect("a place has lines") {
                    let line = lines
                        .iter()
                        .find(|l| id == l.id.as_str())
                        .expect("the line was extracted");
                    let inner = line.bbox.expect("a line of a PDF has a box").map(f64::from);
                    let holds = outer[0] <= inner[0] + 0.01
                        && outer[1] <= inner[1] + 0.01
                        && outer[2] >= inner[2] - 0.01
                        && outer[3] >= inner[3] - 0.01;
                    assert!(
                        holds,
                        "{}: {id} at {inner:?} is not in {outer:?}",
                        path.display()
                    );
                }
            }
        }
    }
}

/// A list that its columns cut stays in pieces, and without the lines between them two pieces look like one.
const CHANGES_AGAIN: [&str; 2] = [
    "unweave-list/row-by-row.txt",
    // The number of an entry and its page stand on one line then, and nothing says where the one ends.
    "contents/number-and-page-in-front.txt",
];

/// The repaired text, read again, is its own repaired text.
#[test]
fn repairing_twice_is_repairing_once() {
    let config = Config::default();
    for path in cases()
        .into_iter()
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .filter(|path| !CHANGES_AGAIN.iter().any(|case| path.ends_with(case)))
    {
        let bytes = std::fs::read(&path).expect("a case can be read");
        let read = |bytes: &[u8]| {
            extract::lines_of_bytes(
                "case.txt",
                bytes,
                &config.extract.page_marker,
                &ReadOptions::default(),
            )
            .expect("a case is text")
        };
        let once = output::text(&read(&bytes), &config);
        let twice = output::text(&read(once.as_bytes()), &config);
        assert_eq!(once, twice, "{}", path.display());
    }
}

#[test]
fn outputs_are_valid_by_the_schema() {
    let schema = model::schema();
    for path in cases() {
        let (output, _) = read(&path, 1);
        let json = serde_json::to_value(&output).expect("an output is JSON");
        let errors = json_schema::errors(&schema, &json);
        assert!(
            errors.is_empty(),
            "{}: {}",
            path.display(),
            errors.join("\n")
        );
        let back: Output = serde_json::from_value(json).expect("an output can be read back");
        assert_eq!(back, output, "{}", path.display());
    }
}

/// A rule without a case of its own is not tested.
#[test]
fn every_rule_has_a_folder() {
    for &rule in Rule::ALL {
        let name = rule.name();
        let shows = cases::of_folder(name).iter().any(|case| {
            let (output, _) = read(case, 1);
            output.repairs.iter().any(|repair| repair.rule == rule)
        });
        assert!(shows, "no case in fixtures/{name} makes the rule act");
    }
}
