//! Every scan in `fixtures/scans/` is read by OCR: its transcript is a snapshot, and it keeps the promises.
//!
//! Without the models (`gongbao models` fetches them) there is nothing to test, and the tests say so.

mod transcript;

use std::path::{Path, PathBuf};

use gongbao::config::Config;
use gongbao::extract::ocr::{Mode, Reader, models};
use gongbao::extract::{ExtractError, ReadOptions};
use gongbao::model::{Line, Output};
use gongbao::{audit, extract};

fn scans() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/scans");
    let mut scans: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("there is a folder of scans")
        .map(|scan| scan.expect("a scan can be read").path())
        .collect();
    scans.sort();
    scans
}

fn scan(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/scans")
        .join(name)
}

fn has_model() -> bool {
    models::find(&Config::default().ocr.models)
        .inspect_err(|e| eprintln!("skipped: {e}"))
        .is_ok()
}

fn read(path: &Path, threads: usize) -> (Output, Vec<Line>) {
    let config = Config::default();
    let reader = Reader::new(&config.ocr.models, Mode::Auto, threads);
    let reading = ReadOptions {
        ocr: Some(&reader),
        ..ReadOptions::default()
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("a pool of threads");
    pool.install(|| gongbao::read(path, &config, &reading))
        .unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn scans_are_read() {
    if !has_model() {
        return;
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for path in scans() {
            let (output, lines) = read(&path, 1);
            let name = format!(
                "scans__{}",
                path.file_name()
                    .expect("a scan has a name")
                    .to_string_lossy()
            );
            insta::assert_snapshot!(name, transcript::transcript(&output));
            audit(&output, &lines)
                .unwrap_or_else(|findings| panic!("{}: {findings:?}", path.display()));
            assert_eq!(
                (output, lines),
                read(&path, 2),
                "{}: two threads read otherwise",
                path.display()
            );
        }
    });
}

#[test]
fn characters_have_places_on_the_displayed_page() {
    if !has_model() {
        return;
    }
    let (_, lines) = read(&scan("two-columns-and-table.pdf"), 2);
    let first = lines
        .iter()
        .find(|line| line.text.starts_with("各县"))
        .expect("the address was read");
    let texts: String = first.characters.iter().map(|c| c.text).collect();
    assert_eq!(texts.chars().count(), first.text.chars().count());
    // It was set at 75, 195 points, and turned by 0.7° about the middle of the page.
    let [x0, y0, ..] = first.characters[0].bbox;
    assert!(
        (x0 - 75.0).abs() < 6.0 && (y0 - 195.0).abs() < 6.0,
        "{x0} {y0}"
    );
    assert!(first.confidence.is_some_and(|c| c > 0.9));
}

#[test]
fn without_ocr_a_scan_is_refused_and_the_reason_named() {
    let error = extract::lines(
        &scan("seal-over-signature.pdf"),
        &Config::default().extract.page_marker,
        &ReadOptions::default(),
    )
    .unwrap_err();
    assert!(
        matches!(&error, ExtractError::NoText { n_pages: 1, why, .. } if why.contains("it is an image")),
        "{error}"
    );
}
