//! The audit against outputs and lines that were changed: what changes a printed character or a field is refused, what
//! changes nothing passes, and nothing makes it panic.

use std::path::Path;
use std::sync::LazyLock;

use gongbao::model::is_blank;
use gongbao::{Audited, Config, Line, ReadOptions, audit_bytes};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

/// The output of a fixture.
struct Case {
    name: String,
    json: Value,
    lines: Vec<Line>,
}

/// Those of all fixtures but the scans, which need models.
static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let folders = std::fs::read_dir(root)
        .expect("there is a folder of fixtures")
        .flatten();
    let mut files: Vec<_> = folders
        .filter(|folder| folder.file_name() != "scans")
        .flat_map(|folder| {
            std::fs::read_dir(folder.path())
                .expect("it can be read")
                .flatten()
        })
        .map(|file| file.path())
        .collect();
    files.sort();
    files.iter().map(|path| case(path)).collect()
});

fn case(path: &Path) -> Case {
    let (output, lines) = gongbao::read(path, &Config::default(), &ReadOptions::default())
        .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let json = serde_json::to_value(&output).expect("an output is JSON");
    Case {
        name: path.display().to_string(),
        json,
        lines,
    }
}

fn audit(json: &Value, lines: &[Line]) -> Result<Audited, Vec<String>> {
    audit_bytes(json.to_string().as_bytes(), rows(lines).as_bytes())
}

fn rows(lines: &[Line]) -> String {
    lines
        .iter()
        .map(|line| serde_json::to_string(line).expect("a line is JSON") + "\n")
        .collect()
}

/// Pointers (RFC 6901) to all values below one that a test asks for.
fn pointers(value: &Value, at: &str, wanted: &dyn Fn(&str, &Value) -> bool, out: &mut Vec<String>) {
    if wanted(at, value) {
        out.push(at.to_owned());
    }
    match value {
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                pointers(item, &format!("{at}/{n}"), wanted, out);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                pointers(field, &format!("{at}/{name}"), wanted, out);
            }
        }
        _ => {}
    }
}

/// What is printed: the parts of an output that hold texts.
const PRINTED: [&str; 5] = [
    "/gazette",
    "/contents",
    "/documents",
    "/other",
    "/furniture",
];

fn found(json: &Value, roots: &[&str], wanted: &dyn Fn(&str, &Value) -> bool) -> Vec<String> {
    let mut out = Vec::new();
    for root in roots {
        pointers(
            json.pointer(root).expect("an output has it"),
            root,
            wanted,
            &mut out,
        );
    }
    out
}

fn pick<'a, T>(items: &'a [T], index: &Index) -> Option<&'a T> {
    (!items.is_empty()).then(|| index.get(items))
}

fn has_ink(text: &str) -> bool {
    !text.chars().all(is_blank)
}

/// A block, element, cell, item or entry that itself has a text with ink.
fn is_text(value: &Value) -> bool {
    let text = value.get("text").and_then(Value::as_str);
    value.get("printed").is_none() && text.is_some_and(has_ink)
}

/// Whether there is a text in something, however deep.
fn holds_text(value: &Value) -> bool {
    let mut found = Vec::new();
    pointers(value, "", &|_, value| is_text(value), &mut found);
    !found.is_empty()
}

fn texts(json: &Value) -> Vec<String> {
    let mut texts = found(json, &PRINTED, &|_, value| is_text(value));
    texts
        .iter_mut()
        .for_each(|pointer| pointer.push_str("/text"));
    texts
}

fn string<'v>(json: &'v mut Value, pointer: &str) -> &'v mut Value {
    json.pointer_mut(pointer).expect("it was found there")
}

/// Changes a text at its nth character with ink: 0 puts one in, 1 takes it out, 2 puts another in its place, 3 swaps it
/// with the next that differs. `None` where that changes nothing.
fn changed(text: &str, kind: u8, nth: &Index, other: char) -> Option<String> {
    let mut chars: Vec<char> = text.chars().collect();
    let inked: Vec<usize> = (0..chars.len()).filter(|&i| !is_blank(chars[i])).collect();
    let at = *pick(&inked, nth)?;
    match kind {
        0 => chars.insert(at, other),
        1 => drop(chars.remove(at)),
        2 if chars[at] != other => chars[at] = other,
        3 => {
            let next = (at + 1..chars.len()).find(|&i| chars[i] != chars[at])?;
            chars.swap(at, next);
        }
        _ => return None,
    }
    let changed: String = chars.into_iter().collect();
    (changed != text).then_some(changed)
}

fn ink() -> impl Strategy<Value = char> {
    prop::sample::select(vec!['县', '1', '，', '）', '《', 'a', '𠮷', '\u{301}'])
}

fn refused(case: &Case, json: &Value, lines: &[Line], what: &str) -> Result<(), TestCaseError> {
    prop_assert!(
        audit(json, lines).is_err(),
        "{}: {what} was not seen",
        case.name
    );
    Ok(())
}

fn passes(case: &Case, json: &Value, lines: &[Line]) -> Result<(), TestCaseError> {
    let audited = audit(json, lines);
    prop_assert!(audited.is_ok(), "{}: {:?}", case.name, audited);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn a_changed_text_is_refused(case: Index, text: Index, kind in 0u8..4, nth: Index, other in ink()) {
        let case = case.get(CASES.as_slice());
        let mut json = case.json.clone();
        let texts = texts(&json);
        let value = string(&mut json, &texts[text.index(texts.len())]);
        if let Some(changed) = changed(value.as_str().expect("a text"), kind, &nth, other) {
            let what = format!("{value} as {changed}");
            *value = json!(changed);
            refused(case, &json, &case.lines, &what)?;
        }
    }

    #[test]
    fn a_character_in_another_text_is_refused(case: Index, from: Index, to: Index, nth: Index) {
        let case = case.get(CASES.as_slice());
        let mut json = case.json.clone();
        let texts = texts(&json);
        let (from, to) = (from.get(&texts), to.get(&texts));
        if from != to {
            let old = string(&mut json, from).as_str().expect("a text").to_owned();
            let less = changed(&old, 1, &nth, ' ').expect("it has ink");
            let moved = old.chars().zip(less.chars()).find(|(a, b)| a != b).map_or(old.chars().next_back(), |(a, _)| Some(a));
            let more = format!("{}{}", string(&mut json, to).as_str().expect("a text"), moved.expect("one is gone"));
            *string(&mut json, from) = json!(less);
            *string(&mut json, to) = json!(more);
            refused(case, &json, &case.lines, &format!("{moved:?} from {from} to {to}"))?;
        }
    }

    #[test]
    fn a_piece_that_is_gone_or_there_twice_is_refused(case: Index, list: Index, nth: Index, twice: bool) {
        let case = case.get(CASES.as_slice());
        let mut json = case.json.clone();
        let is_list = |_: &str, value: &Value| value.as_array().is_some_and(|items| items.iter().any(holds_text));
        let lists = found(&json, &PRINTED, &is_list);
        let pointer = list.get(&lists);
        let items = string(&mut json, pointer).as_array_mut().expect("a list");
        let texts: Vec<usize> = (0..items.len()).filter(|&i| holds_text(&items[i])).collect();
        let at = *nth.get(&texts);
        let item = items.remove(at);
        if twice {
            items.insert(at, item.clone());
            items.insert(at, item);
        }
        refused(case, &json, &case.lines, &format!("item {at} of {pointer}, twice: {twice}"))?;
    }

    #[test]
    fn an_edit_that_is_changed_is_refused(case: Index, nth: Index, what in 0u8..4, other in ink()) {
        let case = case.get(CASES.as_slice());
        let mut json = case.json.clone();
        let repairs = json["repairs"].as_array_mut().expect("a list");
        let ink = |value: &Value| value.as_str().unwrap_or("").chars().filter(|&c| !is_blank(c)).collect::<String>();
        let is_edit = |r: &Value| r.get("offset").is_some() && r.get("applied").is_none() && ink(&r["before"]) != ink(&r["after"]);
        let edits: Vec<usize> = (0..repairs.len()).filter(|&i| is_edit(&repairs[i])).collect();
        if let Some(&at) = pick(&edits, &nth) {
            let with = |value: &Value| json!(format!("{}{other}", value.as_str().unwrap_or("")));
            match what {
                0 => drop(repairs.remove(at)),
                1 => repairs[at]["before"] = with(&repairs[at]["before"]),
                2 => repairs[at]["after"] = with(&repairs[at]["after"]),
                _ => repairs[at]["applied"] = json!(false),
            }
            refused(case, &json, &case.lines, &format!("change {what} of repair {at}"))?;
        }
    }

    #[test]
    fn a_join_with_ink_is_refused(case: Index, nth: Index, before: bool, other in ink()) {
        let case = case.get(CASES.as_slice());
        let mut json = case.json.clone();
        let repairs = json["repairs"].as_array_mut().expect("a list");
        let joins: Vec<usize> = (0..repairs.len()).filter(|&i| repairs[i].get("offset").is_none()).collect();
        if let Some(&at) = pick(&joins, &nth) {
            // On both sides, so that no character is gained or lost.
            let side = if before { ["before", "before"] } else { ["before", "after"] };
            for side in side {
                repairs[at][side] = json!(format!("{}{other}", repairs[at][side].as_str().unwrap_or("")));
            }
            refused(case, &json, &case.lines, &format!("ink in join {at}"))?;
        }
    }

    #[test]
    fn lines_that_are_changed_are_refused(case: Index, nth: Index, kind in 0u8..8, at: Index, other in ink()) {
        let case = case.get(CASES.as_slice());
        let mut lines = case.lines.clone();
        let i = nth.index(lines.len());
        match kind {
            4 => drop(lines.remove(i)),
            5 => lines.insert(i, lines[i].clone()),
            6 => lines.insert(i, Line { id: "l:0".to_owned(), ..lines[i].clone() }),
            7 => lines[i].id.push('0'),
            _ => match changed(&lines[i].text, kind, &at, other) {
                Some(text) => lines[i].text = text,
                None => return Ok(()),
            },
        }
        refused(case, &case.json, &lines, &format!("change {kind} of {}", case.lines[i].id))?;
    }

    #[test]
    fn a_field_that_says_something_else_is_refused(case: Index, nth: Index) {
        const FREE: [&str; 4] = ["id", "type", "role", "level"];
        let case = case.get(CASES.as_slice());
        let mut json = case.json.clone();
        let is_field = |pointer: &str, value: &Value| {
            let name = pointer.rsplit('/').find(|part| !part.chars().all(|c| c.is_ascii_digit())).unwrap_or("");
            !(FREE.contains(&name) || value.is_array() || value.is_object() || value.is_null())
        };
        let fields = found(&json, &PRINTED, &is_field);
        let pointer = nth.get(&fields);
        let value = string(&mut json, pointer);
        let was = value.clone();
        *value = match &was {
            Value::String(text) => json!(format!("{text}鑫")),
            Value::Bool(is) => json!(!is),
            Value::Number(n) if n.is_u64() => json!(n.as_u64().unwrap_or(0) + 7919),
            n => json!(n.as_f64().unwrap_or(0.0) + 7919.0),
        };
        refused(case, &json, &case.lines, &format!("{pointer}, which was {was},"))?;
    }

    #[test]
    fn what_changes_nothing_passes(case: Index, pretty: bool, reversed: bool, blank in "[ \t\u{3000}\u{200b}]{0,3}", rows_between in 0usize..3) {
        let case = case.get(CASES.as_slice());
        let mut lines = case.lines.clone();
        lines.iter_mut().for_each(|line| line.text.push_str(&blank));
        if reversed {
            lines.reverse();
        }
        // The names of an object stand in alphabetical order here, in an output they do not.
        let json = if pretty { serde_json::to_string_pretty(&case.json).expect("JSON") } else { case.json.to_string() };
        let rows = rows(&lines).replace('\n', &"\n".repeat(rows_between + 1));
        let audited = audit_bytes(json.as_bytes(), rows.as_bytes());
        prop_assert!(audited.is_ok(), "{}: {audited:?}", case.name);
        passes(case, &case.json, &case.lines)?;
    }

    #[test]
    fn any_value_is_taken(case: Index, nth: Index, value in strange(), again: Index, other in strange()) {
        let case = case.get(CASES.as_slice());
        let mut json = case.json.clone();
        for (nth, value) in [(nth, value), (again, other)] {
            let mut all = Vec::new();
            pointers(&json, "", &|_, _| true, &mut all);
            if let Some(place) = json.pointer_mut(&all[nth.index(all.len())]) {
                *place = value;
            }
        }
        // Whether it passes depends on what was changed: a reason or a check says nothing of the print.
        let _ = audit(&json, &case.lines);
    }

    #[test]
    fn any_numbers_are_taken(case: Index, chosen in prop::collection::vec((any::<Index>(), extreme()), 1..6)) {
        let case = case.get(CASES.as_slice());
        let mut json = case.json.clone();
        let numbers = found(&json, &["/contents", "/documents", "/other", "/furniture", "/repairs", "/checks"], &|_, v| v.is_number());
        for (nth, number) in &chosen {
            if let Some(pointer) = pick(&numbers, nth) {
                *string(&mut json, pointer) = json!(number);
            }
        }
        let _ = audit(&json, &case.lines);
    }

    #[test]
    fn lists_are_taken_in_any_order(case: Index, chosen in prop::collection::vec((any::<Index>(), any::<Index>(), 0u8..4), 1..5)) {
        let case = case.get(CASES.as_slice());
        let mut json = case.json.clone();
        for (list, item, kind) in &chosen {
            let lists = found(&json, &["/contents", "/documents", "/other", "/furniture", "/repairs", "/checks"], &|_, v| {
                v.as_array().is_some_and(|items| !items.is_empty())
            });
            let Some(pointer) = pick(&lists, list) else { continue };
            let items = string(&mut json, pointer).as_array_mut().expect("a list");
            let at = item.index(items.len());
            match kind {
                0 => drop(items.remove(at)),
                1 => items.push(items[at].clone()),
                2 => items.rotate_left(at),
                _ => items.clear(),
            }
        }
        let _ = audit(&json, &case.lines);
    }

    #[test]
    fn any_bytes_are_taken(case: Index, changes in prop::collection::vec((any::<Index>(), any::<u8>(), 0u8..3), 1..8), of_lines: bool) {
        let case = case.get(CASES.as_slice());
        let mut json = case.json.to_string().into_bytes();
        let mut rows = rows(&case.lines).into_bytes();
        let bytes = if of_lines { &mut rows } else { &mut json };
        for (at, byte, kind) in changes {
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => bytes.truncate(at + 1),
            }
        }
        let _ = audit_bytes(&json, &rows);
    }

    #[test]
    fn bytes_that_are_no_output_are_refused(json in prop::collection::vec(any::<u8>(), 0..200), rows in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(audit_bytes(&json, &rows).is_err());
    }
}

/// Values of the types that an output has, and of others.
fn strange() -> impl Strategy<Value = Value> {
    let place = json!({"page": 0, "bbox": [1e30, -1.0, 0.0, 0.0], "lines": ["l:1", "l:1", "?"], "chars": [[0, 1]]});
    prop::sample::select(vec![
        json!(null),
        json!(true),
        json!(0),
        json!(u64::MAX),
        json!(-1),
        json!(1e39),
        json!(""),
        json!("l:1"),
        json!("\u{200b} "),
        json!("2023-13-99"),
        json!([]),
        json!({}),
        json!([[usize::MAX, 0]]),
        json!([[3, 1], [0, usize::MAX]]),
        json!([place.clone(), place]),
        json!([{"lines": []}]),
        json!([{"rule": "unweave-columns", "at": [], "before": "", "after": "", "confidence": 1, "why": ""}]),
        json!([{"rule": "infer-lost-value", "at": ["l:1"], "offset": 0, "before": "", "after": "1", "confidence": 1, "why": ""}]),
    ])
}

fn extreme() -> impl Strategy<Value = u64> {
    prop_oneof![
        0u64..4,
        Just(u64::from(u32::MAX)),
        Just(u64::MAX),
        Just(u64::MAX / 2),
        any::<u64>()
    ]
}

/// What was found once.
#[test]
fn lines_that_are_not_there() {
    for case in CASES.iter() {
        assert!(
            audit_bytes(case.json.to_string().as_bytes(), b"").is_err(),
            "{}",
            case.name
        );
        let twice = rows(&case.lines).repeat(2);
        assert!(
            audit_bytes(case.json.to_string().as_bytes(), twice.as_bytes()).is_err(),
            "{}",
            case.name
        );
    }
}
