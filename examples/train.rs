//! Learns the weights of decisions from labelled lines, and measures what they are worth on others.
//!
//! ```text
//! cargo run --release --example train -- roles CORPUS[=WEIGHT]… --out src/segment/roles/weights.txt
//! cargo run --release --example train -- breaks CORPUS[=WEIGHT]… --out src/repair/joins/weights.txt
//! cargo run --release --example train -- measure CORPUS…
//! ```
//!
//! A corpus is a folder of inputs; beside `NAME.txt` or `NAME.pdf` stands `NAME.roles.tsv` with a row for each line that is
//! labelled: its id, its role (`PassageRole::NAMES`), and a name of the element that it is a line of, which all lines of
//! that element share (`-` for a role whose lines each stand for themselves). `scripts/label.py` makes such files out of
//! outputs that a person has corrected, and out of truth of other kinds. The same corpora give the same bytes.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crfs::train::Trainer;
use crfs::{Attribute, Model};
use gongbao::evidence::Fact;
use gongbao::evidence::weights::{NONE, OFFSETS};
use gongbao::extract::{self, ReadOptions};
use gongbao::{Config, repair, segment};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Penalties of weights (elastic net), rounds of L-BFGS, and how often a fact must be seen.
const PENALTIES: [f64; 2] = [0.2, 0.02];
const ROUNDS: usize = 100;
const SEEN: f64 = 3.0;
/// A weight is written in hundredths; one that rounds to less than this many of them is left out.
const LEAST: f64 = 3.0;
/// Roles whose first passage is told from those that go on with it.
const OF_SEVERAL: [&str; 4] = ["title", "other_title", "sub_title", "attachment_title"];
/// Roles of which a break between two lines says nothing: their lines are put together later, or belong to no passage.
const NO_PASSAGE: [&str; 9] = [
    "title",
    "other_title",
    "sub_title",
    "attachment_title",
    "contents",
    "contents_section",
    "contents_title",
    "number",
    "colophon",
];

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let what = arguments
        .next()
        .ok_or("what is to be learnt: roles, breaks, or measure")?;
    let rest: Vec<String> = arguments.collect();
    let (corpora, out) = match rest.iter().position(|argument| argument == "--out") {
        Some(at) => (&rest[..at], rest.get(at + 1)),
        None => (&rest[..], None),
    };
    match (what.as_str(), out) {
        ("measure", None) => print!("{}", measure(corpora)?),
        ("roles" | "breaks", Some(out)) => std::fs::write(out, learn(&what, corpora)?)?,
        _ => return Err("roles or breaks want --out FILE, measure wants none".into()),
    }
    Ok(())
}

/// The weights of a decision, as the program reads them.
pub fn learn(what: &str, corpora: &[String]) -> Result<String> {
    let mut trainer = Trainer::lbfgs();
    trainer.set_feature_minfreq(SEEN)?;
    trainer.params_mut().set_c1(PENALTIES[0])?;
    trainer.params_mut().set_c2(PENALTIES[1])?;
    trainer.params_mut().set_max_iterations(ROUNDS)?;
    for (gazette, weight) in gazettes(corpora)? {
        match what {
            "roles" => {
                let passages = gazette.passages();
                let (facts, labels): (Vec<_>, Vec<_>) = passages.into_iter().unzip();
                trainer.append_with_weight(&windows(&facts), &labels, weight)?;
            }
            _ => {
                for (facts, label) in gazette.breaks() {
                    trainer.append_with_weight(&[facts], &[label], weight)?;
                }
            }
        }
    }
    let file = std::env::temp_dir().join(format!("gongbao-train-{}", std::process::id()));
    trainer.train(&file)?;
    let bytes = std::fs::read(&file)?;
    std::fs::remove_file(&file)?;
    let mut dump = Vec::new();
    Model::new(&bytes)?.dump(&mut dump)?;
    written(&String::from_utf8(dump)?)
}

/// A labelled input.
struct Gazette {
    extracted: extract::Extracted,
    config: Config,
    /// Of each line its role and its element.
    labels: HashMap<String, [String; 2]>,
}

/// Facts by which a decision is taken, and what it should be.
type Example<T> = (T, String);

impl Gazette {
    fn read(input: &Path, labels: &Path) -> Result<Gazette> {
        let mut config = Config::default();
        config.repair.keep_facts = true;
        let options = ReadOptions::default();
        let extracted = extract::lines(input, &config.extract.page_marker, &options)
            .map_err(|error| format!("{}: {error}", input.display()))?;
        let labels = std::fs::read_to_string(labels)?;
        let row = |row: &str| {
            let mut fields = row.split('\t').map(str::to_owned);
            Some((fields.next()?, [fields.next()?, fields.next()?]))
        };
        Ok(Gazette {
            extracted,
            config,
            labels: labels.lines().filter_map(row).collect(),
        })
    }

    fn repaired(&self) -> repair::Repaired<'_> {
        let Gazette {
            extracted, config, ..
        } = self;
        repair::passages(&extracted.lines, extracted.laid.as_ref(), config)
    }

    /// Facts and role of each passage; one that is not labelled counts as a paragraph.
    fn passages(&self) -> Vec<Example<Vec<Fact>>> {
        let mut before = "-";
        let mut examples = Vec::new();
        let judged = segment::judged(&self.repaired(), &self.config.segment);
        for passage in judged {
            let known = passage.lines.first().and_then(|line| self.labels.get(line));
            let Some([role, element]) = known else {
                examples.push((passage.facts, "paragraph".to_owned()));
                continue;
            };
            let goes_on = element != "-" && element == before;
            let label = match OF_SEVERAL.contains(&role.as_str()) {
                true if goes_on => format!("I-{role}"),
                true => format!("B-{role}"),
                false => role.clone(),
            };
            if role != "furniture" {
                before = element;
            }
            examples.push((passage.facts, label));
        }
        examples
    }

    /// Facts of each break between labelled lines, and whether a passage goes on over it.
    fn breaks(&self) -> Vec<Example<Vec<Attribute>>> {
        let repaired = self.repaired();
        let draft = &repaired.draft;
        let mut examples = Vec::new();
        for (line, decision) in draft.decisions.iter().enumerate() {
            let Some(decision) = decision else { continue };
            let label = |line: usize| self.labels.get(&draft.lines[line].id);
            let (Some(above), Some(below)) = (label(decision.before), label(line)) else {
                continue;
            };
            let is_silent = above[0] == below[0] && NO_PASSAGE.contains(&above[0].as_str());
            let is_aside = [above, below]
                .iter()
                .any(|label| label[0] == "cell" || label[0] == "furniture");
            if is_silent || is_aside {
                continue;
            }
            let goes_on = above[1] == below[1] && above[1] != "-";
            let facts = decision.facts.iter().zip([-1, 0, 1]);
            let attributes = facts.flat_map(|(facts, offset)| attributes(facts, offset));
            let label = if goes_on { "joined" } else { "apart" };
            examples.push((attributes.collect(), label.to_owned()));
        }
        examples
    }
}

/// All inputs of the corpora, in order, with their weights.
fn gazettes(corpora: &[String]) -> Result<Vec<(Gazette, f64)>> {
    let mut gazettes = Vec::new();
    for corpus in corpora {
        let (folder, weight) = corpus.split_once('=').unwrap_or((corpus, "1"));
        let weight: f64 = weight.parse()?;
        let mut labels: Vec<PathBuf> = std::fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<_>>()?;
        labels.retain(|path| path.to_string_lossy().ends_with(".roles.tsv"));
        labels.sort();
        for labels in labels {
            let stem = labels.to_string_lossy().replace(".roles.tsv", "");
            let inputs = ["txt", "pdf"].map(|kind| PathBuf::from(format!("{stem}.{kind}")));
            let input = inputs.iter().find(|input| input.exists());
            let input = input.ok_or_else(|| format!("{}: no input beside it", labels.display()))?;
            gazettes.push((Gazette::read(input, &labels)?, weight));
        }
    }
    Ok(gazettes)
}

fn attributes(facts: &[Fact], offset: i8) -> impl Iterator<Item = Attribute> {
    let name = move |fact: &Fact| format!("{offset}:{}={}", fact.name, fact.value);
    facts.iter().map(name).map(Attribute::from)
}

/// The facts of each passage with those of its neighbours.
fn windows(facts: &[Vec<Fact>]) -> Vec<Vec<Attribute>> {
    let window = |i: usize| {
        let mut window = Vec::new();
        for offset in OFFSETS {
            match i
                .checked_add_signed(isize::from(offset))
                .and_then(|i| facts.get(i))
            {
                Some(facts) => window.extend(attributes(facts, offset)),
                None => window.push(Attribute::from(format!("{offset}:{NONE}"))),
            }
        }
        window
    };
    (0..facts.len()).map(window).collect()
}

/// A dumped model in the form that the program reads.
fn written(dump: &str) -> Result<String> {
    let mut labels = Vec::new();
    let mut steps: BTreeMap<usize, Vec<(usize, f64)>> = BTreeMap::new();
    let mut facts: BTreeMap<&str, Vec<(usize, f64)>> = BTreeMap::new();
    let mut part = "";
    for line in dump.lines() {
        if let Some(name) = line.strip_suffix(" = {") {
            part = name;
            continue;
        }
        let Some((_, rest)) = line.trim().split_once(' ') else {
            continue;
        };
        if part == "LABELS" {
            labels.push(rest.to_owned());
        }
        let Some((source, (target, weight))) = rest
            .split_once(" --> ")
            .and_then(|(s, t)| Some((s, t.rsplit_once(": ")?)))
        else {
            continue;
        };
        let index = |name: &str| labels.iter().position(|label| label == name);
        let target = index(target).ok_or("a label that is not listed")?;
        let hundredths = (weight.parse::<f64>()? * 100.0).round();
        match part {
            "TRANSITIONS" => {
                let from = index(source).ok_or("a label that is not listed")?;
                steps.entry(from).or_default().push((target, hundredths));
            }
            _ if hundredths.abs() >= LEAST => {
                facts.entry(source).or_default().push((target, hundredths));
            }
            _ => {}
        }
    }
    let mut out = format!("labels\t{}\n", labels.join("\t"));
    let rows = steps
        .into_iter()
        .map(|(from, row)| (format!("from {from}"), row));
    let rows = rows.chain(facts.into_iter().map(|(name, row)| (name.to_owned(), row)));
    for (name, row) in rows {
        let weights: Vec<String> = row
            .iter()
            .map(|(to, weight)| format!("{to}:{weight}"))
            .collect();
        writeln!(out, "{name}\t{}", weights.join("\t"))?;
    }
    Ok(out)
}

/// What the weights in force are worth on labelled lines: precision and recall of each role, and of titles how often what
/// is said to be so likely is right.
pub fn measure(corpora: &[String]) -> Result<String> {
    let mut roles: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    let mut tenths = [[0usize; 2]; 10];
    for (gazette, _) in gazettes(corpora)? {
        let truth = gazette.passages();
        let judged = segment::judged(&gazette.repaired(), &gazette.config.segment);
        for (passage, (_, expected)) in judged.iter().zip(truth) {
            let found = passage.judged.label.to_string();
            let expected = expected.trim_start_matches("B-").to_owned();
            let is_right = found == expected;
            roles.entry(expected).or_default()[0] += 1;
            let row = roles.entry(found.clone()).or_default();
            row[1] += 1;
            row[2] += usize::from(is_right);
            if found == "title" {
                let tenth = ((passage.judged.probability * 10.0) as usize).min(9);
                tenths[tenth][0] += 1;
                tenths[tenth][1] += usize::from(is_right);
            }
        }
    }
    let mut out = String::from("role\tprinted\tfound\tprecision\trecall\n");
    for (role, [printed, found, right]) in roles {
        let share = |of: usize| right as f64 / of.max(1) as f64;
        let (precision, recall) = (share(found), share(printed));
        writeln!(
            out,
            "{role}\t{printed}\t{found}\t{precision:.3}\t{recall:.3}"
        )?;
    }
    out.push_str("\ntitles said to be so likely\tof them\tright\n");
    for (tenth, [all, right]) in tenths.iter().enumerate().filter(|(_, [all, _])| *all > 0) {
        let share = *right as f64 / *all as f64;
        writeln!(out, ".{tenth}\t{all}\t{share:.3}")?;
    }
    Ok(out)
}
