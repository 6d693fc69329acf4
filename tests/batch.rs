//! Runs over many inputs, some of them hostile, with workers that hang, lie, flood and die.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use gongbao::batch::journal::{Journal, NAME, last_rows};
use gongbao::batch::{
    self, Batch, Deadlines, Input, Links, Listener, MadeBy, Reason, Row, Status, Stop, Workers,
};
use gongbao::extract::watch::PageEvent;

const GAZETTE: &str = "云溪县人民政府关于加强河道管理的通知\n云政发〔2022〕7号\n各乡镇人民政府：\n请认真执行。\n云溪县人民政府\n2022年6月1日\n";

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_gongbao"))
}

fn gongbao(args: &[&str], here: &Path) -> Output {
    let output = program().args(args).current_dir(here).output();
    output.expect("the program starts")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder `in` with so many texts.
fn texts(n: usize) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    fs::create_dir(dir.path().join("in")).expect("a folder");
    for i in 0..n {
        let text = GAZETTE.replace("7号", &format!("{i}号"));
        fs::write(dir.path().join(format!("in/{i:03}.txt")), text).expect("a file");
    }
    dir
}

/// All files of a folder but the journal, with what they hold.
fn results(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != NAME {
            files.push((name, fs::read(entry.path()).expect("a file")));
        }
    }
    files.sort();
    files
}

struct Silent;

impl Listener for Silent {
    fn begun(&self, _n: usize) {}
    fn page(&self, _n: usize, _event: PageEvent) {}
    fn ended(&self, _n: usize, _row: &Row) {}
}

fn inputs(folder: &Path) -> Vec<Input> {
    batch::inputs(&[folder.to_owned()], Links::Refuse)
}

/// Runs with a shell script as the worker; rows in the order of the inputs.
fn run_with(script: &str, dir: &Path, stop: &Stop) -> Vec<Row> {
    let out = dir.join("out");
    fs::create_dir_all(&out).expect("a folder");
    let workers = Workers {
        program: PathBuf::from("/bin/sh"),
        arguments: vec!["-c".into(), script.into()],
        deadlines: Deadlines {
            input: 1.0,
            page: 0.5,
            ocr_page: 0.5,
        },
        restart_after: 100,
        keep_mb: 1000,
    };
    let batch = Batch {
        out: &out,
        draw: None,
        workers,
        n_workers: 2,
        fail_fast: false,
        made_by: MadeBy {
            version: "0".into(),
            config: "0".into(),
            models: None,
        },
    };
    let journal = Journal::open(&out).expect("a journal");
    batch::run(&inputs(&dir.join("in")), &batch, &journal, stop, &Silent).expect("a run")
}

#[cfg(unix)]
#[test]
fn whatever_a_worker_does_costs_its_input_alone() {
    for (script, reason) in [
        ("exec sleep 100", Reason::Deadline),
        ("while :; do :; done", Reason::Deadline),
        ("exit 7", Reason::Crash),
        ("kill -9 $$", Reason::Killed),
        ("kill -6 $$", Reason::Crash),
        (
            "echo 'memory allocation of 5 bytes failed' >&2; kill -6 $$",
            Reason::Memory,
        ),
        ("echo '{}'", Reason::Crash),
        ("printf '\\033[2J'; exec sleep 100", Reason::Deadline),
        ("exec yes", Reason::Crash),
        ("yes >&2 & exec sleep 1.2", Reason::Deadline),
    ] {
        let dir = texts(2);
        let start = Instant::now();
        let rows = run_with(script, dir.path(), &Stop::default());
        let reasons: Vec<_> = rows.iter().map(|row| row.reason).collect();
        assert_eq!(reasons, [Some(reason); 2], "{script}: {rows:?}");
        assert!(start.elapsed() < Duration::from_secs(30), "{script}");
        let journalled = last_rows(&dir.path().join("out")).expect("a journal");
        assert_eq!(journalled.len(), 2, "{script}");
    }
}

/// The worker hangs on page 2 until it is told to leave that out.
#[cfg(unix)]
#[test]
fn a_bad_page_costs_one_page() {
    let script = r#"
        while read job; do
            case $job in
                *'"page":2'*) echo '{"failed":{"failure":{"reason":"empty","message":"'$(echo "$job" | sed 's/.*"reason":"\([a-z-]*\)".*/\1/')'"},"peak_memory":null}}' ;;
                *) echo '{"page":{"begun":1}}'; echo '{"page":{"ended":1}}'; echo '{"page":{"begun":2}}'; sleep 100 ;;
            esac
        done"#;
    let dir = texts(1);
    let rows = run_with(script, dir.path(), &Stop::default());
    assert_eq!(
        rows[0].message.as_deref(),
        Some("page-deadline"),
        "{rows:?}"
    );
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_skips_what_is_left() {
    let dir = texts(5);
    let stop = Stop::default();
    stop.interrupt();
    let rows = run_with("exec sleep 100", dir.path(), &stop);
    assert!(rows.iter().all(|row| row.status == Status::Skipped));
}

/// Killed at moments that come as they come, a run is gone on with, and gives what one gives that nobody kills.
#[cfg(unix)]
#[test]
fn a_killed_run_is_gone_on_with() {
    let dir = texts(60);
    let whole = gongbao(&["run", "in", "--out", "whole", "--quiet"], dir.path());
    assert_eq!(whole.status.code(), Some(0), "{}", stderr(&whole));
    for n in 0..20 {
        let mut run = program()
            .args(["run", "in", "--out", "killed", "--quiet", "--resume"])
            .current_dir(dir.path())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        std::thread::sleep(Duration::from_millis(15 + 7 * n));
        run.kill().expect("it is killed, or has ended");
        run.wait().expect("it has ended");
        let journal = fs::read(dir.path().join("killed").join(NAME)).unwrap_or_default();
        let ended = String::from_utf8_lossy(&journal)
            .lines()
            .filter(|line| {
                serde_json::from_str::<Row>(line).is_ok_and(|row| row.status == Status::Ok)
            })
            .count();
        let outputs = results(&dir.path().join("killed"));
        let n_outputs = outputs
            .iter()
            .filter(|(name, _)| name.ends_with(".json"))
            .count();
        assert!(n_outputs >= ended.min(60), "each that ended has its output");
    }
    let last = gongbao(
        &["run", "in", "--out", "killed", "--quiet", "--resume"],
        dir.path(),
    );
    assert_eq!(last.status.code(), Some(0), "{}", stderr(&last));
    assert!(results(&dir.path().join("killed")) == results(&dir.path().join("whole")));
}

#[cfg(unix)]
#[test]
fn workers_end_with_their_supervisor() {
    let dir = texts(1);
    let big: String = GAZETTE.repeat(200_000);
    fs::write(dir.path().join("in/big.txt"), big).expect("a file");
    let mut run = program()
        .args(["run", "in/big.txt", "--out", "out", "--quiet"])
        .current_dir(dir.path())
        .spawn()
        .expect("the program starts");
    std::thread::sleep(Duration::from_millis(400));
    let children = fs::read_to_string(format!("/proc/{0}/task/{0}/children", run.id()));
    run.kill().expect("it is killed");
    run.wait().expect("it has ended");
    let children = children.unwrap_or_default();
    std::thread::sleep(Duration::from_millis(900));
    for child in children.split_whitespace() {
        let status = fs::read_to_string(format!("/proc/{child}/status")).unwrap_or_default();
        let has_ended = status.is_empty() || status.contains("State:\tZ");
        assert!(has_ended, "{status}");
    }
}

#[test]
fn one_run_writes_into_a_folder_at_a_time() {
    let dir = texts(1);
    let out = dir.path().join("out");
    fs::create_dir(&out).expect("a folder");
    fs::write(
        out.join(".gongbao-x1.part"),
        "left by a run that was killed",
    )
    .expect("a file");
    let lock = batch::Lock::take(&out).expect("nobody has it");
    assert!(!out.join(".gongbao-x1.part").exists());
    let second = gongbao(&["run", "in", "--out", "out"], dir.path());
    assert_eq!(second.status.code(), Some(5));
    let holder = format!(
        "another run writes here (process {} on ",
        std::process::id()
    );
    assert!(stderr(&second).contains(&holder), "{}", stderr(&second));
    drop(lock);
    let third = gongbao(&["run", "in", "--out", "out"], dir.path());
    assert_eq!(third.status.code(), Some(0), "{}", stderr(&third));
    assert!(!out.join(".gongbao.lock").exists());
}

#[test]
fn what_agrees_is_not_read_again() {
    let dir = texts(3);
    let run = |more: &[&str]| {
        let mut args = vec!["run", "in", "--out", "out"];
        args.extend(more);
        let output = gongbao(&args, dir.path());
        let rows = fs::read_to_string(dir.path().join("out").join(NAME)).expect("a journal");
        (output.status.code(), rows.matches("\"begun\"").count())
    };
    assert_eq!(run(&["--resume"]), (Some(0), 3));
    assert_eq!(run(&["--resume"]), (Some(0), 3), "all is as it was");
    fs::write(dir.path().join("in/000.txt"), GAZETTE).expect("a file");
    assert_eq!(run(&["--resume"]), (Some(0), 4), "an input has changed");
    fs::remove_file(dir.path().join("out/001.lines.jsonl")).expect("a file");
    assert_eq!(run(&["--resume"]), (Some(0), 5), "a result is gone");
    assert_eq!(
        run(&["--resume", "--ocr", "never"]),
        (Some(0), 8),
        "an option has changed"
    );
    fs::write(dir.path().join("in/002.txt"), "").expect("a file");
    assert_eq!(
        run(&["--resume", "--ocr", "never"]),
        (Some(3), 9),
        "an input has changed"
    );
    assert!(
        dir.path().join("out/002.json.stale").exists() && !dir.path().join("out/002.json").exists()
    );
    assert_eq!(
        run(&["--resume", "--ocr", "never"]),
        (Some(3), 9),
        "it fails as it did"
    );
    assert_eq!(run(&["--retry", "failed", "--ocr", "never"]), (Some(3), 10));
    assert_eq!(run(&[]), (Some(3), 13));
}

#[test]
fn shards_part_the_inputs() {
    let dir = texts(12);
    let mut all = Vec::new();
    for shard in ["1/3", "2/3", "3/3"] {
        let out = format!("out-{}", &shard[..1]);
        gongbao(
            &["run", "in", "--out", &out, "--shard", shard, "--quiet"],
            dir.path(),
        );
        all.extend(results(&dir.path().join(out)));
    }
    all.sort();
    gongbao(&["run", "in", "--out", "whole", "--quiet"], dir.path());
    assert!(all == results(&dir.path().join("whole")));
    for wrong in ["0/3", "4/3", "2", "a/b"] {
        let code = gongbao(&["run", "in", "--out", "x", "--shard", wrong], dir.path())
            .status
            .code();
        assert_eq!(code, Some(2), "{wrong}");
    }
}

#[cfg(unix)]
#[test]
fn links_and_pipes_are_named_and_not_read() {
    let dir = texts(1);
    let at = |name: &str| dir.path().join(name);
    std::os::unix::fs::symlink("/dev/zero", at("in/zero.txt")).expect("a link");
    std::os::unix::fs::symlink(at("in/000.txt"), at("in/link.txt")).expect("a link");
    let made = Command::new("mkfifo").arg(at("in/pipe.txt")).status();
    assert!(made.is_ok_and(|status| status.success()));
    let run = gongbao(&["run", "in", "/dev/zero", "--out", "out"], dir.path());
    let said = stderr(&run);
    assert_eq!(run.status.code(), Some(3), "{said}");
    for line in [
        "in/link.txt: is a link",
        "in/zero.txt: is a link",
        "in/pipe.txt: is no file",
        "/dev/zero: is no file",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    let followed = gongbao(
        &["run", "in", "--out", "out2", "--follow-links"],
        dir.path(),
    );
    assert!(stderr(&followed).contains("in/zero.txt: is no file"));
}

/// The links that a stranger lays where a run writes lead nowhere.
#[cfg(unix)]
#[test]
fn no_link_is_written_through() {
    let dir = texts(1);
    let out = dir.path().join("out");
    fs::create_dir(&out).expect("a folder");
    fs::write(dir.path().join("victim"), "precious").expect("a file");
    for name in ["000.json", "000.json.part", "000.lines.jsonl"] {
        std::os::unix::fs::symlink("../victim", out.join(name)).expect("a link");
    }
    let run = gongbao(&["run", "in", "--out", "out"], dir.path());
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    assert_eq!(
        fs::read_to_string(dir.path().join("victim")).expect("a file"),
        "precious"
    );
    assert!(
        out.join("000.json")
            .symlink_metadata()
            .is_ok_and(|m| m.is_file())
    );
}

#[cfg(unix)]
#[test]
fn names_of_any_kind() {
    use std::os::unix::ffi::OsStrExt;
    let dir = texts(0);
    let long = "长".repeat(70);
    let names: [&[u8]; 5] = [
        b"-dash.txt",
        "\u{1b}[31m红\n云.txt".as_bytes(),
        b"\xff\xfe.txt",
        "\u{202e}云.txt".as_bytes(),
        long.as_bytes(),
    ];
    for name in names {
        let mut path = dir
            .path()
            .join("in")
            .join(std::ffi::OsStr::from_bytes(name));
        if path.extension().is_none() {
            path.set_extension("txt");
        }
        fs::write(path, GAZETTE).expect("a file");
    }
    let run = gongbao(&["run", "in", "--out", "out"], dir.path());
    let said = stderr(&run);
    assert_eq!(run.status.code(), Some(0), "{said}");
    assert!(
        !said.contains(['\u{1b}', '\u{202e}']) && said.contains("\\xff\\xfe.txt"),
        "{said}"
    );
    assert_eq!(results(&dir.path().join("out")).len(), 10);
    let journal = fs::read_to_string(dir.path().join("out").join(NAME)).expect("a journal");
    assert_eq!(journal.lines().count(), 10);
}

/// Standard error that can't be written to ends nothing.
#[cfg(unix)]
#[test]
fn a_closed_standard_error_ends_nothing() {
    let dir = texts(30);
    fs::write(dir.path().join("in/bad.txt"), "").expect("a file");
    let full = fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("a device");
    let run = program()
        .args(["run", "in", "--out", "out"])
        .current_dir(dir.path())
        .stderr(full)
        .status()
        .expect("the program starts");
    assert_eq!(run.code(), Some(3));
    assert_eq!(results(&dir.path().join("out")).len(), 60);
}

#[test]
fn a_report_says_what_the_journal_says() {
    let dir = texts(3);
    fs::write(dir.path().join("in/<b>.txt"), "").expect("a file");
    gongbao(&["run", "in", "--out", "out", "--quiet"], dir.path());
    let report = gongbao(&["report", "out"], dir.path());
    let said = String::from_utf8_lossy(&report.stdout);
    assert_eq!(report.status.code(), Some(0));
    assert!(
        said.starts_with("4 inputs, 3 ok, 1 failed") && said.contains("failed empty: 1"),
        "{said}"
    );
    let page = fs::read_to_string(dir.path().join("out/report.html")).expect("a page");
    assert!(
        page.contains("&lt;b>.txt") && !page.contains("<b>.txt"),
        "{page}"
    );
    assert_eq!(
        gongbao(&["report", "in"], dir.path()).status.code(),
        Some(4)
    );
}
