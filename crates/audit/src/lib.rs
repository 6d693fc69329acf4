//! Conservation, proved from the output and its lines alone.
//!
//! Forwards: the edits in `repairs` are made again on the extracted lines; every text of the output must then be
//! made of pieces of those lines, each character of which stands in exactly one of them. Backwards: the lines
//! are put together from the texts of the output, the edits are undone from the last to the first, and what
//! comes out must be the extracted lines, character for character. White space between pieces is free.

use std::collections::{HashMap, HashSet};

use unicode_segmentation::UnicodeSegmentation;

use language::script::is_blank;
use model::{Block, Element, Line, Output, Place, Repair, Role, Rule};

/// What an audit that passes has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Audited {
    pub n_lines: usize,
    /// Characters as a reader counts them (grapheme clusters, UAX #29).
    pub n_chars: usize,
    pub n_repairs: usize,
}

/// Audits an output against its lines. The findings say what is wrong and in which line.
pub fn audit(output: &Output, lines: &[Line]) -> Result<Audited, Vec<String>> {
    let mut findings = Vec::new();
    let mut index: HashMap<&str, usize> = HashMap::with_capacity(lines.len());
    for (i, line) in lines.iter().enumerate() {
        if index.insert(&line.id, i).is_some() {
            findings.push(format!("{}: two lines have this id", line.id));
        }
    }
    let log = log_by_line(output, &index, &mut findings);
    let mut repaired: Vec<String> = Vec::with_capacity(lines.len());
    for (line, edits) in lines.iter().zip(&log) {
        repaired.push(edit(&line.text, edits, &mut |what| {
            findings.push(format!("{}: {what}", line.id))
        }));
    }

    let joins = joins(output, &mut findings);
    let nodes = nodes(output);
    let mut covered: Vec<Vec<([usize; 2], String)>> = vec![Vec::new(); lines.len()];
    let chars: Vec<Option<Vec<char>>> = {
        // Only lines that are taken in parts need their characters counted out.
        let mut partly = vec![false; lines.len()];
        for place in nodes
            .iter()
            .flat_map(|(_, at)| at.iter())
            .filter(|p| p.chars.is_some())
        {
            place
                .lines
                .iter()
                .filter_map(|id| index.get(id.as_str()))
                .for_each(|&i| partly[i] = true);
        }
        repaired
            .iter()
            .zip(partly)
            .map(|(text, partly)| partly.then(|| text.chars().collect()))
            .collect()
    };
    for (text, at) in &nodes {
        node(
            text,
            at,
            &index,
            &repaired,
            &chars,
            &joins,
            &mut covered,
            &mut findings,
        );
    }

    let mut n_chars = 0;
    for (i, line) in lines.iter().enumerate() {
        n_chars += line.text.graphemes(true).count();
        match rebuild(&repaired[i], &mut covered[i]) {
            Err(what) => findings.push(format!("{}: {what}", line.id)),
            Ok(rebuilt) => {
                if undo(&rebuilt, &log[i]) != line.text {
                    findings.push(format!(
                        "{}: undoing the repairs does not give the extracted line back",
                        line.id
                    ));
                }
            }
        }
    }
    fields(output, &mut findings);
    if findings.is_empty() {
        Ok(Audited {
            n_lines: lines.len(),
            n_chars,
            n_repairs: output.repairs.len(),
        })
    } else {
        Err(findings)
    }
}

/// The edits of each line in the order in which they were made.
fn log_by_line<'o>(
    output: &'o Output,
    index: &HashMap<&str, usize>,
    findings: &mut Vec<String>,
) -> Vec<Vec<&'o Repair>> {
    let mut log = vec![Vec::new(); index.len()];
    for repair in &output.repairs {
        for id in repair
            .at
            .iter()
            .filter(|id| !index.contains_key(id.as_str()))
        {
            findings.push(format!(
                "{id}: a repair names this line, which was not extracted"
            ));
        }
        if repair.offset.is_some() && repair.applied {
            match repair.at.as_slice() {
                [id] => log[index.get(id.as_str()).copied().unwrap_or(0)].push(repair),
                _ => findings.push(format!(
                    "{}: an edit is about one line",
                    repair.at.join(" ")
                )),
            }
        }
    }
    log
}

/// Runs of edits that were made from right to left, and so leave each other's places alone.
fn batches<'l, 'o>(log: &'l [&'o Repair]) -> Vec<&'l [&'o Repair]> {
    let mut out = Vec::new();
    let mut start = 0;
    for i in 1..=log.len() {
        let apart = i < log.len() && {
            let (left, right) = (log[i], log[i - 1]);
            left.offset.unwrap_or(0) + left.before.chars().count() <= right.offset.unwrap_or(0)
        };
        if !apart {
            out.push(&log[start..i]);
            start = i;
        }
    }
    out
}

/// Makes the edits of a log.
fn edit(text: &str, log: &[&Repair], wrong: &mut impl FnMut(String)) -> String {
    let mut text = text.to_owned();
    for batch in batches(log) {
        if batch.is_empty() {
            continue;
        }
        match replace(
            &text,
            batch
                .iter()
                .rev()
                .map(|r| (r.offset.unwrap_or(0), r.before.as_str(), r.after.as_str())),
        ) {
            Ok(edited) => text = edited,
            Err((at, before)) => wrong(format!(
                "a repair says that '{before}' stood at character {at}, and it did not"
            )),
        }
    }
    text
}

/// Undoes the edits of a log, the last first.
fn undo(text: &str, log: &[&Repair]) -> String {
    let mut text = text.to_owned();
    for batch in batches(log).into_iter().rev().filter(|b| !b.is_empty()) {
        let mut shift = 0isize;
        let inverse: Vec<(usize, &str, &str)> = batch
            .iter()
            .rev()
            .map(|r| {
                let at = (r.offset.unwrap_or(0) as isize + shift) as usize;
                shift += r.after.chars().count() as isize - r.before.chars().count() as isize;
                (at, r.after.as_str(), r.before.as_str())
            })
            .collect();
        match replace(&text, inverse.into_iter()) {
            Ok(undone) => text = undone,
            Err(_) => return String::new(),
        }
    }
    text
}

/// Replaces, at ascending character offsets, each `before` by its `after`.
fn replace<'e>(
    text: &str,
    edits: impl Iterator<Item = (usize, &'e str, &'e str)>,
) -> Result<String, (usize, String)> {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut at) = (text, 0);
    for (offset, before, after) in edits {
        let skip = rest
            .char_indices()
            .nth(offset.saturating_sub(at))
            .map_or(rest.len(), |(i, _)| i);
        let tail = rest[skip..]
            .strip_prefix(before)
            .filter(|_| offset >= at)
            .ok_or_else(|| (offset, before.to_owned()))?;
        out.push_str(&rest[..skip]);
        out.push_str(after);
        at = offset + before.chars().count();
        rest = tail;
    }
    out.push_str(rest);
    Ok(out)
}

/// What joins say: what stands between two lines of one text; and which lines a move put in order.
struct Joins<'o> {
    between: HashMap<(&'o str, &'o str), &'o str>,
    moved: Vec<HashSet<&'o str>>,
}

fn joins<'o>(output: &'o Output, findings: &mut Vec<String>) -> Joins<'o> {
    let mut joins = Joins {
        between: HashMap::new(),
        moved: Vec::new(),
    };
    let ink = |s: &str| {
        let mut chars: Vec<char> = s.chars().filter(|&c| !is_blank(c)).collect();
        chars.sort_unstable();
        chars
    };
    for repair in output
        .repairs
        .iter()
        .filter(|r| r.offset.is_none() && r.applied)
    {
        if ink(&repair.before) != ink(&repair.after) {
            findings.push(format!(
                "{}: a join or move changes characters",
                repair.at.join(" ")
            ));
        }
        match (repair.rule, repair.at.as_slice()) {
            (Rule::UnweaveColumns | Rule::UnweaveList, at) => {
                joins.moved.push(at.iter().map(String::as_str).collect())
            }
            (_, [a, b]) => drop(joins.between.insert((a, b), &repair.after)),
            (_, at) => findings.push(format!("{}: a join is about two lines", at.join(" "))),
        }
    }
    joins
}

/// Every text of the output that is made of lines, with its places.
fn nodes(output: &Output) -> Vec<(&str, &[Place])> {
    let mut out: Vec<(&str, &[Place])> = Vec::new();
    fn elements<'o>(out: &mut Vec<(&'o str, &'o [Place])>, elements: &'o [Element]) {
        out.extend(elements.iter().map(|e| (e.text.as_str(), e.at.as_slice())));
    }
    fn blocks<'o>(out: &mut Vec<(&'o str, &'o [Place])>, blocks: &'o [Block]) {
        for block in blocks {
            match block {
                Block::Heading { text, at, .. }
                | Block::Paragraph { text, at, .. }
                | Block::Formula { text, at } => out.push((text, at)),
                Block::Table(table) => {
                    out.extend(
                        table
                            .cells
                            .iter()
                            .filter(|c| !c.text.is_empty())
                            .map(|c| (c.text.as_str(), c.at.as_slice())),
                    );
                    elements(out, &table.elements);
                }
                Block::AttachmentList { items, .. } => {
                    out.extend(items.iter().map(|i| (i.text.as_str(), i.at.as_slice())))
                }
                Block::Figure { .. } => {}
            }
        }
    }
    elements(&mut out, &output.furniture);
    out.extend(
        output
            .contents
            .iter()
            .map(|e| (e.text.as_str(), e.at.as_slice())),
    );
    blocks(&mut out, &output.other);
    for document in &output.documents {
        elements(&mut out, &document.elements);
        blocks(&mut out, &document.body);
        for attachment in &document.attachments {
            elements(&mut out, &attachment.elements);
            blocks(&mut out, &attachment.body);
        }
    }
    out
}

/// A text must be the pieces at its places, joined as the repairs say.
#[expect(
    clippy::too_many_arguments,
    reason = "the tables of one audit, each used by this function alone"
)]
fn node(
    text: &str,
    at: &[Place],
    index: &HashMap<&str, usize>,
    repaired: &[String],
    chars: &[Option<Vec<char>>],
    joins: &Joins,
    covered: &mut [Vec<([usize; 2], String)>],
    findings: &mut Vec<String>,
) {
    let mut made = String::with_capacity(text.len());
    let mut last: Option<&str> = None;
    for place in at {
        if place
            .chars
            .as_ref()
            .is_some_and(|c| c.len() != place.lines.len())
        {
            findings.push(format!(
                "{}: as many ranges as lines are needed",
                place.lines.join(" ")
            ));
            return;
        }
        for (n, id) in place.lines.iter().enumerate() {
            let Some(&i) = index.get(id.as_str()) else {
                findings.push(format!(
                    "{id}: a text stands on this line, which was not extracted"
                ));
                return;
            };
            if let Some(last) = last.filter(|l| l != id) {
                match joins.between.get(&(last, id.as_str())) {
                    Some(between) => made.push_str(between),
                    None if joins
                        .moved
                        .iter()
                        .any(|m| m.contains(last) && m.contains(id.as_str())) => {}
                    None => findings.push(format!(
                        "{last} {id}: these lines are joined, and no repair says so"
                    )),
                }
            }
            let (range, piece): ([usize; 2], String) = match (&place.chars, &chars[i]) {
                (Some(ranges), Some(chars)) => {
                    let [start, end] = ranges[n];
                    if start > end || end > chars.len() {
                        findings.push(format!(
                            "{id}: characters {start} to {end} are not on this line"
                        ));
                        return;
                    }
                    ([start, end], chars[start..end].iter().collect())
                }
                _ => (
                    [0, usize::MAX],
                    repaired[i].trim_matches(is_blank).to_owned(),
                ),
            };
            made.push_str(&piece);
            covered[i].push((range, piece));
            last = Some(id);
        }
    }
    if made != text {
        let shown: String = text.chars().take(20).collect();
        findings.push(format!(
            "{}: the text '{shown}…' is not what stands on its lines",
            at.first()
                .map_or("?", |p| p.lines.first().map_or("?", String::as_str))
        ));
    }
}

/// The line as the texts of the output have it, if each character with ink stands in exactly one of them.
fn rebuild(repaired: &str, pieces: &mut [([usize; 2], String)]) -> Result<String, String> {
    if let [([0, usize::MAX], piece)] = pieces {
        let lead = repaired.len() - repaired.trim_start_matches(is_blank).len();
        return Ok(format!(
            "{}{piece}{}",
            &repaired[..lead],
            &repaired[(lead + piece.len()).min(repaired.len())..]
        ));
    }
    pieces.sort_by_key(|(range, _)| *range);
    let chars: Vec<char> = repaired.chars().collect();
    let mut out = String::with_capacity(repaired.len());
    let mut at = 0;
    let gap = |from: usize, to: usize, out: &mut String| {
        let lost: String = chars[from..to].iter().filter(|&&c| !is_blank(c)).collect();
        out.extend(&chars[from..to]);
        if lost.is_empty() {
            Ok(())
        } else {
            Err(format!("'{lost}' stands nowhere in the output"))
        }
    };
    for ([start, end], piece) in pieces.iter() {
        if *end == usize::MAX || *start < at {
            return Err("its characters stand in the output more than once".to_owned());
        }
        gap(at, *start, &mut out)?;
        out.push_str(piece);
        at = *end;
    }
    gap(at, chars.len(), &mut out)?;
    Ok(out)
}

/// The fields of documents are read from their elements, never made up.
fn fields(output: &Output, findings: &mut Vec<String>) {
    let bare = |s: &str| s.chars().filter(|&c| !is_blank(c)).collect::<String>();
    for document in &output.documents {
        let printed = |roles: &[Role]| {
            document
                .elements
                .iter()
                .filter(|e| roles.contains(&e.role))
                .map(|e| bare(&e.text))
                .collect::<String>()
        };
        let mut read = |what: &str, value: &str, roles: &[Role]| {
            if !printed(roles).contains(&bare(value)) {
                findings.push(format!(
                    "{}: {what} '{value}' is printed nowhere in its elements",
                    document.id
                ));
            }
        };
        if let Some(title) = &document.title {
            read("the title", title, &[Role::Title]);
        }
        document.numbers.iter().for_each(|n| {
            read(
                "the number",
                &n.printed,
                &[Role::Number, Role::Title, Role::IssuerMark],
            )
        });
        document
            .addressees
            .iter()
            .for_each(|a| read("the addressee", a, &[Role::Addressees]));
        document
            .signatories
            .iter()
            .for_each(|s| read("the signatory", s, &[Role::Signatories, Role::Date]));
        document
            .date_printed
            .iter()
            .for_each(|d| read("the date", d, &[Role::Date, Role::TitleNote]));
    }
    let proved: HashSet<(&str, &str)> = output
        .repairs
        .iter()
        .filter(|r| r.rule == Rule::InferLostValue && r.applied)
        .filter_map(|r| Some((r.at.first()?.as_str(), r.after.as_str())))
        .collect();
    let blocks = output
        .documents
        .iter()
        .flat_map(|d| {
            d.body
                .iter()
                .chain(d.attachments.iter().flat_map(|a| &a.body))
        })
        .chain(&output.other);
    for block in blocks {
        let Block::Table(table) = block else { continue };
        for cell in table.cells.iter().filter(|c| c.inferred) {
            let line = cell
                .at
                .first()
                .and_then(|p| p.lines.first())
                .map_or("?", String::as_str);
            if !proved.contains(&(line, cell.text.as_str())) {
                findings.push(format!(
                    "{line}: the cell '{}' is inferred, and no repair says how",
                    cell.text
                ));
            }
        }
    }
}
