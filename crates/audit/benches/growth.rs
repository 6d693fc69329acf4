//! How an audit grows with what it is given, hostile outputs among them.
//!
//! `cargo bench -p gongbao-audit --bench growth` doubles each output four times and prints the seconds of the smallest
//! and the largest and the exponent between them: 1 is linear, 2 is quadratic.

use std::time::Instant;

use gongbao_audit::audit;
use model::{
    Block, CellBlock, Document, Line, Output, PageKinds, Place, Repair, Rule, SCHEMA_VERSION,
    Source, TableBlock,
};

const DOUBLINGS: u32 = 4;

/// The smallest output has so many of what it has many of. Fewer than that fit into the processor's cache, and the step out
/// of it would look like growth.
const SMALLEST: usize = 32_000;

/// An output of a size, with its lines.
type Make = fn(usize) -> (Output, Vec<Line>);

fn main() {
    let shapes: [(&str, Make); 10] = [
        ("paragraphs of joined lines", joined_lines),
        ("edits of one line, from its end", |n| {
            edits_of_one_line(n, |i| n - 1 - i)
        }),
        ("edits of one line, from its start", |n| {
            edits_of_one_line(n, |i| i)
        }),
        ("edits of one line, here and there", |n| {
            edits_of_one_line(n, |i| i * 7_919 % n)
        }),
        (
            "characters of one line, each a text",
            characters_of_one_line,
        ),
        ("one line in all texts", one_line_in_all_texts),
        ("lines of one id", lines_of_one_id),
        ("moves of the same lines", moves_of_the_same_lines),
        ("cells of one table", cells_of_one_table),
        (
            "addressees that are not printed",
            addressees_that_are_not_printed,
        ),
    ];
    println!(
        "{:<36} {:>10} {:>10} {:>9}",
        "", "smallest s", "largest s", "exponent"
    );
    for (name, make) in shapes {
        let small = seconds(make, SMALLEST);
        let large = seconds(make, SMALLEST << DOUBLINGS);
        let exponent = (large / small).log2() / f64::from(DOUBLINGS);
        println!("{name:<36} {small:>10.4} {large:>10.4} {exponent:>9.2}");
    }
}

/// The fastest of three audits.
fn seconds(make: Make, n: usize) -> f64 {
    let (output, lines) = make(n);
    let once = || {
        let start = Instant::now();
        let _ = std::hint::black_box(audit(&output, &lines));
        start.elapsed().as_secs_f64()
    };
    (0..3).map(|_| once()).fold(f64::INFINITY, f64::min)
}

fn joined_lines(n: usize) -> (Output, Vec<Line>) {
    const LINES: usize = 8;
    let lines: Vec<Line> = (0..n)
        .map(|i| line(i, "请各乡镇人民政府认真组织实施，"))
        .collect();
    let mut output = output();
    for paragraph in lines.chunks(LINES) {
        output.other.push(text(
            &paragraph
                .iter()
                .map(|line| line.text.as_str())
                .collect::<String>(),
            vec![place(paragraph, None)],
        ));
        let breaks = paragraph.windows(2);
        output
            .repairs
            .extend(breaks.map(|w| repair(Rule::JoinLines, &[&w[0].id, &w[1].id], None, "\n", "")));
    }
    (output, lines)
}

fn edits_of_one_line(n: usize, at: impl Fn(usize) -> usize) -> (Output, Vec<Line>) {
    let lines = vec![line(0, &"甲".repeat(n))];
    let mut output = output();
    output.repairs = (0..n)
        .map(|i| repair(Rule::MisreadCharacter, &["l:0"], Some(at(i)), "甲", "乙"))
        .collect();
    output
        .other
        .push(text(&"乙".repeat(n), vec![place(&lines, None)]));
    (output, lines)
}

fn characters_of_one_line(n: usize) -> (Output, Vec<Line>) {
    let lines = vec![line(0, &"甲".repeat(n))];
    let mut output = output();
    output.other = (0..n)
        .map(|i| text("甲", vec![place(&lines, Some([i, i + 1]))]))
        .collect();
    (output, lines)
}

fn one_line_in_all_texts(n: usize) -> (Output, Vec<Line>) {
    let lines = vec![line(0, &"甲".repeat(n))];
    let mut output = output();
    output.other = (0..n)
        .map(|_| text("甲乙", vec![place(&lines, None); 4]))
        .collect();
    (output, lines)
}

fn lines_of_one_id(n: usize) -> (Output, Vec<Line>) {
    let lines: Vec<Line> = (0..n).map(|_| line(0, "甲")).collect();
    let mut output = output();
    output
        .other
        .push(text(&"甲".repeat(n), vec![place(&lines, None)]));
    (output, lines)
}

fn moves_of_the_same_lines(n: usize) -> (Output, Vec<Line>) {
    let lines = vec![line(0, &" ".repeat(n)), line(1, &" ".repeat(n))];
    let mut output = output();
    output.repairs = (0..n)
        .map(|_| repair(Rule::UnweaveColumns, &["l:0", "l:1"], None, "", ""))
        .collect();
    (output, lines)
}

fn cells_of_one_table(n: usize) -> (Output, Vec<Line>) {
    const COLUMNS: usize = 100;
    let lines: Vec<Line> = (0..n).map(|i| line(i, "甲")).collect();
    let cell = |(i, line): (usize, &Line)| CellBlock {
        row: i / COLUMNS,
        col: i % COLUMNS,
        rowspan: 1,
        colspan: 1,
        text: "甲".to_owned(),
        inferred: false,
        at: vec![place(std::slice::from_ref(line), None)],
    };
    let mut output = output();
    output.other.push(Block::Table(TableBlock {
        caption: None,
        unit: None,
        n_rows: n / COLUMNS,
        n_cols: COLUMNS,
        header_rows: 0,
        cells: lines.iter().enumerate().map(cell).collect(),
        elements: Vec::new(),
        at: vec![place(&lines, None)],
    }));
    (output, lines)
}

fn addressees_that_are_not_printed(n: usize) -> (Output, Vec<Line>) {
    let lines = vec![line(0, &"甲".repeat(n))];
    let mut output = output();
    output.documents.push(Document {
        id: "甲".to_owned(),
        numbers: Vec::new(),
        title: None,
        kind: None,
        addressees: vec!["乙".to_owned(); n],
        body: vec![text(&"甲".repeat(n), vec![place(&lines, None)])],
        signatories: vec!["丙".to_owned(); n],
        date: None,
        date_printed: None,
        attachments: Vec::new(),
        colophon: None,
        citations: Vec::new(),
        pages: None,
        elements: Vec::new(),
        confidence: None,
        at: Vec::new(),
    });
    (output, lines)
}

fn output() -> Output {
    Output {
        schema_version: SCHEMA_VERSION.to_owned(),
        source: Source {
            name: "a.txt".to_owned(),
            sha256: String::new(),
            media_type: "text/plain".to_owned(),
            n_pages: 1,
            kinds: PageKinds::default(),
            metadata: None,
            ocr: None,
        },
        gazette: model::Gazette::default(),
        contents: Vec::new(),
        documents: Vec::new(),
        other: Vec::new(),
        furniture: Vec::new(),
        repairs: Vec::new(),
        checks: Vec::new(),
    }
}

fn line(i: usize, text: &str) -> Line {
    Line::of_text(format!("l:{i}"), text)
}

fn place(lines: &[Line], chars: Option<[usize; 2]>) -> Place {
    let ids = lines.iter().map(|line| line.id.clone()).collect();
    Place {
        lines: ids,
        chars: chars.map(|range| vec![range; lines.len()]),
        ..Place::default()
    }
}

fn text(text: &str, at: Vec<Place>) -> Block {
    Block::Paragraph {
        label: None,
        text: text.to_owned(),
        at,
    }
}

fn repair(rule: Rule, at: &[&str], offset: Option<usize>, before: &str, after: &str) -> Repair {
    Repair {
        rule,
        at: at.iter().map(|id| (*id).to_owned()).collect(),
        offset,
        before: before.to_owned(),
        after: after.to_owned(),
        confidence: 1.0,
        why: "".into(),
        applied: true,
    }
}
