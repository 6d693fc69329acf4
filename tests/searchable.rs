//! `gongbao run --searchable` on the scans in `fixtures/scans/`. Without the models (`gongbao models` fetches them)
//! there is nothing to test, and the tests say so.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use gongbao::config::Config;
use gongbao::extract::ocr::models;
use gongbao::model::Line;

fn has_model() -> bool {
    models::find(&Config::default().ocr.models)
        .inspect_err(|e| eprintln!("skipped: {e}"))
        .is_ok()
}

fn run(args: &[&str], here: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongbao"));
    command
        .arg("run")
        .args(args)
        .args(["--searchable", "--quiet"])
        .current_dir(here)
        .output()
        .expect("the program starts")
}

fn text(jsonl: &Path) -> String {
    let rows = fs::read_to_string(jsonl).expect("lines");
    rows.lines()
        .map(|row| serde_json::from_str::<Line>(row).expect("a line").text + "\n")
        .collect()
}

const SCAN: &str = "seal-over-signature";

/// A folder with a scan.
fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let scan = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/scans")
        .join(SCAN)
        .with_extension("pdf");
    fs::copy(scan, dir.path().join("scan.pdf")).expect("a scan");
    dir
}

#[test]
fn a_copy_is_the_scan_and_its_text() {
    if !has_model() {
        return;
    }
    let dir = folder();
    let at = |name: &str| dir.path().join(name);
    // In place, twice: the scan stays, and its copy is no input.
    for _ in 0..2 {
        let done = run(&[".", "--out", ".", "--jobs", "1"], dir.path());
        assert_eq!(
            done.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&done.stderr)
        );
    }
    let journal = fs::read_to_string(at("journal.jsonl")).expect("a journal");
    assert!(
        journal.lines().count() == 2 * 2
            && journal.contains(r#""searchable":"scan.searchable.pdf""#),
        "{journal}"
    );
    let (scan, copy) = (
        fs::read(at("scan.pdf")).expect("a scan"),
        fs::read(at("scan.searchable.pdf")).expect("a copy"),
    );
    assert!(copy.starts_with(&scan) && copy.len() > scan.len());
    for (folder, options) in [
        ("threads", ["--jobs", "2"]),
        ("process", ["--timeout", "600"]),
    ] {
        run(
            &["scan.pdf", "--out", folder, options[0], options[1]],
            dir.path(),
        );
        assert!(
            fs::read(at(folder).join("scan.searchable.pdf")).expect("a copy") == copy,
            "{folder}"
        );
    }
    // Read again it needs no OCR, and has no copy of its own.
    run(&["scan.searchable.pdf", "--out", "again"], dir.path());
    let journal = fs::read_to_string(at("again/journal.jsonl")).expect("a journal");
    assert!(
        journal.contains(r#""status":"ok""#) && !journal.contains(r#""searchable":""#),
        "{journal}"
    );
    assert_eq!(
        text(&at("again/scan.searchable.lines.jsonl")),
        text(&at("scan.lines.jsonl"))
    );
}

#[test]
fn a_copy_never_overwrites_an_input() {
    let dir = folder();
    let other = dir.path().join("scan.searchable.pdf");
    fs::write(&other, "%PDF-1.7\n").expect("a file");
    let done = run(
        &["scan.pdf", "scan.searchable.pdf", "--out", "."],
        dir.path(),
    );
    assert!(
        String::from_utf8_lossy(&done.stderr).contains("would overwrite"),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    assert_eq!(fs::read(&other).expect("a file"), b"%PDF-1.7\n");
}

#[test]
fn without_its_copy_an_input_has_its_other_results() {
    if !has_model() {
        return;
    }
    let dir = folder();
    let scan = fs::read(dir.path().join("scan.pdf")).expect("a scan");
    let end = scan
        .windows(9)
        .rposition(|part| part == b"startxref")
        .expect("it is there");
    fs::write(dir.path().join("cut.pdf"), &scan[..end]).expect("a file");
    let done = run(&["cut.pdf", "scan.pdf", "--out", "out"], dir.path());
    let said = String::from_utf8_lossy(&done.stderr);
    assert_eq!(done.status.code(), Some(3), "{said}");
    assert!(
        said.contains("cut.pdf: is read in part: has no searchable copy: the file is damaged"),
        "{said}"
    );
    let is_there = |name: &str| dir.path().join("out").join(name).exists();
    assert!(is_there("cut.json") && is_there("scan.searchable.pdf"));
    assert!(!is_there("cut.searchable.pdf") && !is_there("cut.searchable.pdf.part"));
}
