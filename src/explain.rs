//! The developer's window: what is known of each line and what was decided of it, and the registry of rules.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::config::Config;
use crate::repair::{self, Draft};
use crate::segment::{self, Judged, reasons};
use extract::Extracted;
use model::{Output, Rule};

/// How a table of lines is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A line with its facts, as they come.
    Text,
    /// A fact a row: line, name, value.
    Tsv,
}

/// All facts of all lines, or of those of a page, and which step of the joins decided of the break above each.
pub fn lines(extracted: &Extracted, config: &Config, page: Option<u32>, format: Format) -> String {
    let repaired = repair::passages(&extracted.lines, extracted.laid.as_ref(), config);
    let draft = &repaired.draft;
    let mut roles: HashMap<usize, String> = HashMap::new();
    for (spans, role) in &repaired.furniture {
        roles.extend(spans.iter().map(|span| (span.line, format!("{role:?}"))));
    }
    let mut out = String::new();
    for (line, printed) in draft.lines.iter().enumerate() {
        if page.is_some_and(|page| printed.page != Some(page)) {
            continue;
        }
        let mut facts = facts(draft, line);
        facts.extend(roles.remove(&line).map(|role| ("furniture", role)));
        facts.push(("text", draft.texts[line].clone()));
        write_row(&mut out, &printed.id, &facts, format);
    }
    out
}

/// Of each passage of a page its role and how likely it is, what else it may be, and the facts that spoke most for the one
/// or the other.
pub fn page(extracted: &Extracted, config: &Config, page: u32) -> String {
    /// Facts that are named.
    const NAMED: usize = 8;
    let repaired = repair::passages(&extracted.lines, extracted.laid.as_ref(), config);
    let judged = segment::judged(&repaired, &config.segment);
    let facts: Vec<_> = judged.iter().map(|passage| passage.facts.clone()).collect();
    let pages: HashMap<&str, Option<u32>> = (extracted.lines.iter())
        .map(|line| (line.id.as_str(), line.page))
        .collect();
    let is_here = |line: &String| pages.get(line.as_str()) == Some(&Some(page));
    let mut out = String::new();
    for (i, passage) in judged.iter().enumerate() {
        if !passage.lines.iter().any(is_here) {
            continue;
        }
        let Judged {
            label,
            probability,
            runner_up,
            ..
        } = passage.judged;
        let _ = writeln!(out, "{}  {}", passage.lines.join(" "), passage.text);
        let _ = writeln!(out, "    {label} {probability:.3}, else {runner_up}");
        for (offset, fact, weight) in reasons(&facts, i, &passage.judged).into_iter().take(NAMED) {
            let name = fact.name;
            let _ = writeln!(out, "    {weight:+.2}  {offset:+}:{name}={}", fact.value);
        }
    }
    out
}

/// The break above each line that stands below another: a row with both lines, what the table of joins says, how likely
/// the passage goes on, and the facts of the break.
pub fn breaks(extracted: &Extracted, config: &Config) -> String {
    let mut config = config.clone();
    config.repair.keep_facts = true;
    let repaired = repair::passages(&extracted.lines, extracted.laid.as_ref(), &config);
    let draft = &repaired.draft;
    let mut out = String::new();
    for (line, decision) in draft.decisions.iter().enumerate() {
        let Some(decision) = decision else { continue };
        let _ = write!(
            out,
            "{}\t{}",
            draft.lines[decision.before].id, draft.lines[line].id
        );
        for (facts, offset) in decision.facts.iter().zip([-1, 0, 1]) {
            for fact in facts {
                let _ = write!(out, "\t{offset}:{}={}", fact.name, fact.value);
            }
        }
        out.push('\n');
    }
    out
}

/// The role of each passage, how likely it is, and the facts by which it was decided: a passage a row, with its lines,
/// role, probability, text and facts between tabs.
pub fn roles(extracted: &Extracted, config: &Config) -> String {
    let repaired = repair::passages(&extracted.lines, extracted.laid.as_ref(), config);
    let mut out = String::new();
    for passage in segment::judged(&repaired, &config.segment) {
        let text = passage.text.replace(['\t', '\n'], " ");
        let _ = write!(
            out,
            "{}\t{}\t{:.3}\t{text}",
            passage.lines.join(" "),
            passage.judged.label,
            passage.judged.probability,
        );
        for fact in passage.facts {
            let _ = write!(out, "\t{}={}", fact.name, fact.value);
        }
        out.push('\n');
    }
    out
}

fn write_row(out: &mut String, id: &str, facts: &[(&str, String)], format: Format) {
    match format {
        Format::Text => {
            let _ = write!(out, "{id}");
            for (name, value) in facts {
                let _ = write!(out, "  {name}={value}");
            }
            out.push('\n');
        }
        Format::Tsv => {
            for (name, value) in facts {
                let _ = writeln!(out, "{id}\t{name}\t{}", value.replace('\t', " "));
            }
        }
    }
}

/// The facts of a line as names and values; what does not apply is left out.
fn facts(draft: &Draft, line: usize) -> Vec<(&'static str, String)> {
    let (printed, facts) = (&draft.lines[line], &draft.facts[line]);
    let place = &facts.place;
    let mut rows = Vec::new();
    rows.extend(draft.leaves[line].map(|leaf| ("leaf", leaf.to_string())));
    if printed.blank_before > 0 {
        rows.push(("blank_before", printed.blank_before.to_string()));
    }
    rows.push(("indent", format!("{:.1}", place.indent)));
    rows.extend(place.size.map(|size| ("size", format!("{size:.1}"))));
    rows.extend(place.column.map(|column| {
        let edges = format!("{:.0}-{:.0}", column.left, column.right);
        ("column", edges)
    }));
    rows.extend(place.role.map(|role| ("role", format!("{role:?}"))));
    if let Some(metrics) = place.metrics {
        let fill = format!("{:.1}/{:.1}", metrics.width, metrics.measure);
        rows.push(("fill", fill));
        rows.extend(metrics.is_full.then(|| ("is_full", "yes".to_owned())));
        if metrics.first != line {
            rows.push(("piece_of", draft.lines[metrics.first].id.clone()));
        }
    }
    rows.extend(facts.text.rows());
    if facts.label != facts.text.label {
        rows.extend(facts.label.as_ref().map(|label| {
            let shown = format!("{} ({:?} {})", label.text, label.kind, label.seq);
            ("label_by_context", shown)
        }));
    }
    rows.extend(draft.decisions[line].as_ref().map(|decision| {
        let name = match decision.join {
            Some(_) => "joined_by",
            None => "apart_by",
        };
        (name, decision.by.to_owned())
    }));
    rows
}

/// The registry of rules; over outputs, how often each rule acted, how often that was applied, and its share of all.
pub fn rules(outputs: &[Output]) -> String {
    let tally = tally(outputs);
    let all: usize = tally.values().map(|(n, _)| n).sum();
    let mut out = String::new();
    let _ = writeln!(
        out,
        "rule\tconfidence\towner\tcount\tapplied\tshare\tstatement"
    );
    for &rule in Rule::ALL {
        let grades: Vec<String> = rule.grades().iter().map(f32::to_string).collect();
        let (count, applied) = tally.get(&rule).copied().unwrap_or_default();
        let share = count as f64 / all.max(1) as f64;
        let _ = writeln!(
            out,
            "{}\t{}\t{}\t{count}\t{applied}\t{share:.4}\t{}",
            rule.name(),
            grades.join(" "),
            rule.owner(),
            rule.statement()
        );
    }
    out
}

/// How many repairs of each rule outputs have, and how many of them are applied.
pub fn tally(outputs: &[Output]) -> HashMap<Rule, (usize, usize)> {
    let mut tally: HashMap<Rule, (usize, usize)> = HashMap::new();
    for repair in outputs.iter().flat_map(|output| &output.repairs) {
        let (count, applied) = tally.entry(repair.rule).or_default();
        *count += 1;
        *applied += usize::from(repair.applied);
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;
    use extract::ReadOptions;

    #[test]
    fn each_line_shows_its_facts_and_what_joined_it() {
        let config = Config::default();
        let text = "云溪县人民政府关于防汛的通知\n各乡镇人民政府：\n请加强领导，\n落实责任。\n";
        let (marker, reading) = (&config.extract.page_marker, ReadOptions::default());
        let extracted =
            extract::lines_of_bytes("a.txt", text.as_bytes(), marker, &reading).expect("a text");
        let table = lines(&extracted, &config, None, Format::Text);
        let rows: Vec<&str> = table.lines().collect();
        assert_eq!(rows.len(), 4);
        assert!(rows[0].contains("document_kind=通知"), "{}", rows[0]);
        assert!(rows[3].contains("joined_by=join-comma"), "{}", rows[3]);
    }

    #[test]
    fn each_rule_has_a_row() {
        assert_eq!(rules(&[]).lines().count(), Rule::ALL.len() + 1);
    }
}
