//! The command line: exit codes, messages, files whole or absent.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn gongbao(args: &[&str], here: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gongbao"))
        .args(args)
        .current_dir(here)
        .output()
        .expect("the program starts")
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

const GAZETTE: &str = "云溪县人民政府关于加强河道管理的通知\n云政发〔2022〕7号\n各乡镇人民政府：\n请认真执行。\n云溪县人民政府\n2022年6月1日\n";

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .map(|d| {
            d.flatten()
                .map(|e| e.file_name().to_string_lossy().into_owned())
                .collect()
        })
        .unwrap_or_default();
    names.sort();
    names
}

#[test]
fn bad_inputs_are_named_and_the_rest_goes_on() {
    let dir = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| fs::write(dir.path().join(name), bytes).expect("a file");
    write("good.txt", GAZETTE.as_bytes());
    write("empty.txt", b"");
    write("blank.txt", " \n\u{3000}\n".as_bytes());
    write("binary.txt", b"ab\0cd");
    write("encoding.txt", b"ab\xff\xff");
    write("paper.pdf", b"%PDF-1.7\n");
    let out = gongbao(&["run", ".", "absent.txt", "--out", "out"], dir.path());
    let said = stderr(&out);
    assert_eq!(out.status.code(), Some(3), "{said}");
    for line in [
        "./empty.txt: is empty",
        "./blank.txt: is empty",
        "./binary.txt: is not text: it holds NUL bytes, first at byte 2",
        "./encoding.txt: is text neither in UTF-8 nor in GB18030 (first bad byte: 2)",
        "./paper.pdf: is damaged beyond repair",
        "absent.txt: can't be opened",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    assert_eq!(
        files(&dir.path().join("out")),
        ["good.json", "good.lines.jsonl", "journal.jsonl"]
    );
    let journal = fs::read_to_string(dir.path().join("out/journal.jsonl")).expect("a journal");
    assert_eq!(
        journal.lines().count(),
        2 * 7,
        "one as each begins, one as it ends"
    );
    assert!(
        journal.contains(
            r#"{"input":"empty.txt","status":"failed","reason":"empty","message":"is empty: nothing to read""#
        ),
        "{journal}"
    );
}

#[test]
fn exit_codes() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("a.txt"), GAZETTE).expect("a file");
    fs::write(dir.path().join("empty.txt"), "").expect("a file");
    fs::write(
        dir.path().join("bad.toml"),
        "[repair]\nmin_confidense = 1\n",
    )
    .expect("a file");
    fs::create_dir(dir.path().join("nothing")).expect("a folder");
    let code = |args: &[&str]| gongbao(args, dir.path()).status.code();
    assert_eq!(code(&["run", "a.txt", "--out", "out"]), Some(0));
    assert_eq!(code(&["run", "empty.txt", "--out", "out"]), Some(4));
    assert_eq!(code(&["run", "nothing", "--out", "out"]), Some(2));
    assert_eq!(code(&["run", "--out", "out"]), Some(2));
    assert_eq!(code(&["run", "a.txt"]), Some(2));
    assert_eq!(code(&["run", "a.txt", "--out", "a.txt"]), Some(5));
    let config = gongbao(
        &["run", "a.txt", "--out", "out", "--config", "bad.toml"],
        dir.path(),
    );
    assert_eq!(config.status.code(), Some(2));
    assert!(
        stderr(&config)
            .contains("bad.toml:2: unknown key 'min_confidense'; did you mean 'min_confidence'?"),
        "{}",
        stderr(&config)
    );
    assert_eq!(code(&["config"]), Some(0));
    assert_eq!(code(&["schema"]), Some(0));
}

/// Whatever lies there in the place of an output or its lines.
#[test]
fn what_cannot_be_audited_is_not_valid() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("a.txt"), GAZETTE).expect("a file");
    gongbao(&["run", "a.txt", "--out", "out", "--quiet"], dir.path());
    let json = fs::read(dir.path().join("out/a.json")).expect("an output");
    let lines = fs::read(dir.path().join("out/a.lines.jsonl")).expect("its lines");
    let cases: [(&str, &[u8], &[u8]); 6] = [
        ("no JSON", b"%PDF-1.7", &lines),
        ("other JSON", b"{}", &lines),
        ("half an output", &json[..json.len() / 2], &lines),
        ("no lines", &json, b""),
        ("lines twice", &json, &lines.repeat(2)),
        ("lines that are none", &json, b"\xff\xfe\n{\n"),
    ];
    for (what, json, lines) in cases {
        fs::write(dir.path().join("b.json"), json).expect("a file");
        fs::write(dir.path().join("b.lines.jsonl"), lines).expect("a file");
        let audit = gongbao(&["audit", "b.json", "out/a.json"], dir.path());
        let said = stdout(&audit);
        assert_eq!(
            audit.status.code(),
            Some(6),
            "{what}: {said}{}",
            stderr(&audit)
        );
        assert!(
            said.starts_with("b.json: ") && said.contains("out/a.json: nothing lost"),
            "{what}: {said}"
        );
    }
    fs::remove_file(dir.path().join("b.lines.jsonl")).expect("a file");
    for path in ["b.json", "absent.json", "."] {
        assert_eq!(
            gongbao(&["audit", path], dir.path()).status.code(),
            Some(6),
            "{path}"
        );
    }
}

#[test]
fn an_output_that_was_changed_is_not_valid() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(dir.path().join("a.txt"), GAZETTE).expect("a file");
    gongbao(&["run", "a.txt", "--out", "out", "--quiet"], dir.path());
    let valid = gongbao(&["audit", "out/a.json"], dir.path());
    assert_eq!(valid.status.code(), Some(0), "{}", stdout(&valid));
    let json = fs::read_to_string(dir.path().join("out/a.json")).expect("an output");
    for (what, changed) in [
        (
            "a changed character",
            json.replace("请认真执行。", "请认真执法。"),
        ),
        (
            "a lost paragraph",
            json.replace("\"text\": \"请认真执行。\"", "\"text\": \"\""),
        ),
        (
            "an invented signatory",
            json.replace("\"signatories\": [\n", "\"signatories\": [\n\"某某局\","),
        ),
    ] {
        assert_ne!(changed, json, "{what}");
        fs::write(dir.path().join("out/a.json"), changed).expect("a file");
        let audit = gongbao(&["audit", "out/a.json"], dir.path());
        assert_eq!(audit.status.code(), Some(6), "{what}: {}", stdout(&audit));
    }
    assert_eq!(
        gongbao(&["audit", "a.txt"], dir.path()).status.code(),
        Some(6)
    );
}

#[test]
fn folders_are_mirrored_and_results_never_overwrite_each_other() {
    let dir = tempfile::tempdir().expect("a folder");
    for path in ["in/2022/01.txt", "in/2023/01.txt"] {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, GAZETTE).expect("a file");
    }
    assert_eq!(
        gongbao(&["run", "in", "--out", "out", "--quiet"], dir.path())
            .status
            .code(),
        Some(0)
    );
    assert!(
        dir.path().join("out/2022/01.json").exists()
            && dir.path().join("out/2023/01.json").exists()
    );
    let twice = gongbao(
        &["run", "in/2022/01.txt", "in/2023/01.txt", "--out", "out2"],
        dir.path(),
    );
    assert_eq!(twice.status.code(), Some(0), "{}", stderr(&twice));
    assert!(
        dir.path().join("out2/2022/01.json").exists()
            && dir.path().join("out2/2023/01.json").exists()
    );
}

#[test]
fn pages_and_text() {
    let dir = tempfile::tempdir().expect("a folder");
    fs::write(
        dir.path().join("p.txt"),
        format!("{GAZETTE}\u{c}第二页。\n\u{c}第三页。\n"),
    )
    .expect("a file");
    let text = stdout(&gongbao(&["text", "p.txt"], dir.path()));
    assert_eq!(
        text.split('\u{c}')
            .map(|page| page.lines().last().unwrap_or(""))
            .collect::<Vec<_>>(),
        ["2022年6月1日", "第二页。", "第三页。"]
    );
    gongbao(
        &["run", "p.txt", "--pages", "2-3", "--out", "out", "--quiet"],
        dir.path(),
    );
    let lines = fs::read_to_string(dir.path().join("out/p.lines.jsonl")).expect("lines");
    assert_eq!(lines.lines().count(), 2);
    assert_eq!(
        gongbao(
            &["run", "p.txt", "--pages", "3-2", "--out", "out"],
            dir.path()
        )
        .status
        .code(),
        Some(2)
    );
}

#[test]
fn models_come_from_what_holds_them() {
    let dir = tempfile::tempdir().expect("a folder");
    let models = |from: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gongbao"));
        command
            .args(["models", "--from", from])
            .current_dir(dir.path())
            .env("GONGBAO_MODELS", dir.path().join("there"));
        command.output().expect("the program starts")
    };
    fs::write(dir.path().join("rapidocr-3.10.0.whl"), "half a download").expect("a file");
    for (from, why) in [
        ("absent.whl", "absent.whl: can't be opened"),
        (".", "rapidocr-3.10.0.whl: is not a .whl file"),
    ] {
        let out = models(from);
        assert_eq!(out.status.code(), Some(4));
        assert!(stderr(&out).contains(why), "{}", stderr(&out));
    }
    assert!(!dir.path().join("there").exists());
}

/// Inputs that could cost too much: each ends, and keeps the promise.
#[test]
fn large_and_strange_inputs() {
    let dir = tempfile::tempdir().expect("a folder");
    let rows: String = (0..20_000)
        .map(|n| format!("{n}\t青石镇\t河段{n}\t{}\n", n % 7))
        .collect();
    for (name, text) in [
        ("one-line.txt", "河道管理，安全第一。".repeat(60_000)),
        ("short-lines.txt", "河\n".repeat(100_000)),
        ("rows.txt", format!("序号\t乡镇\t河段\t长度\n{rows}")),
        (
            "strange.txt",
            "\u{202e}河道\u{200b}管理\u{7}。\r\n\u{feff}（《“\n\t\t\n".repeat(200),
        ),
    ] {
        fs::write(dir.path().join(name), text).expect("a file");
    }
    let run = gongbao(&["run", ".", "--out", "out", "--quiet"], dir.path());
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let audit = gongbao(
        &[
            "audit",
            "out/one-line.json",
            "out/short-lines.json",
            "out/rows.json",
            "out/strange.json",
        ],
        dir.path(),
    );
    assert_eq!(audit.status.code(), Some(0), "{}", stdout(&audit));
}
