//! Repair: printed lines become passages (paragraphs, titles, tables, formulas, entries of the contents).
//!
//! Lines are never changed. Each keeps beside it a repaired text, and every difference between the two is a
//! [`Repair`]: an edit inside one line (it has an `offset`), or a join or move of whole pieces (it has none).
//! Edits of one line are logged in the order in which they were made, so undoing them from the last to the
//! first gives the extracted line back; [`crate::audit`] does so.

pub mod blocks;
mod characters;
pub mod columns;
pub mod contents;
mod furniture;
mod misread;
pub mod paragraphs;
pub mod tables;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use rayon::prelude::*;

use crate::config::{self, Config};
use characters::Edit;
use extract::laid::{Laid, LineRole};
use language::facts::TextFacts;
use language::label::{self, Label};
use language::number::NumberForms;
use language::script::{is_blank, is_han};
use language::words;
use model::{Line, Place, Repair, Role, Rule};
use tables::Table;

/// A part of a line's repaired text, in bytes; the whole line without its outer white space if `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    pub line: usize,
    pub range: Option<Range<usize>>,
    /// A space parts this span from the one before: Latin words on both sides of a break.
    pub space_before: bool,
}

impl Span {
    pub fn line(line: usize) -> Span {
        Span {
            line,
            range: None,
            space_before: false,
        }
    }

    pub fn part(line: usize, range: Range<usize>) -> Span {
        Span {
            line,
            range: Some(range),
            space_before: false,
        }
    }
}

/// A piece of text that belongs together, and what it is.
#[derive(Debug, Clone)]
pub struct Passage {
    pub form: Form,
    pub spans: Vec<Span>,
}

#[derive(Debug, Clone)]
pub enum Form {
    /// A paragraph, a heading, a line of a title: which, the segment stage says.
    Text,
    Formula,
    Table(Table),
    /// The word 目录.
    ContentsTitle,
    /// A heading inside the contents.
    ContentsSection,
    ContentsEntry,
}

/// What the repair stage gives: passages in reading order, over the repaired text of the lines.
#[derive(Debug)]
pub struct Repaired<'a> {
    pub draft: Draft<'a>,
    pub passages: Vec<Passage>,
    /// Running heads and folios, which interrupt passages and are none.
    pub furniture: Vec<(usize, Role)>,
}

/// Makes passages out of lines.
///
/// `laid` says where the lines of a PDF stand, line by line, and which of them make tables.
pub fn passages<'a>(lines: &'a [Line], laid: Option<&Laid>, config: &'a Config) -> Repaired<'a> {
    let mut draft = Draft::new(lines, laid, config);
    let furniture = match laid {
        Some(laid) => laid
            .lines
            .iter()
            .map(|line| furniture::role_of(line.role))
            .collect(),
        None => furniture::roles(&draft),
    };
    // The table that each line of a PDF stands in.
    let mut printed_table: Vec<Option<usize>> = vec![None; lines.len()];
    for (t, table) in laid.iter().flat_map(|laid| laid.tables.iter().enumerate()) {
        table
            .cells
            .iter()
            .flat_map(|cell| &cell.lines)
            .for_each(|&line| printed_table[line] = Some(t));
    }
    let apart = contents::pages_apart(&draft, laid);
    let contents = contents::zone(&draft, &furniture, &apart);
    let is_furniture = |line: usize| furniture[line].is_some();
    let in_table = |line: usize| {
        printed_table[line].is_some() || laid.is_none() && lines[line].text.contains('\t')
    };
    let running = |line: &usize| !is_furniture(*line) && !in_table(*line);
    draft.decimals = label::decimals(&draft.texts, (0..lines.len()).filter(running));
    let mut passages = Vec::new();
    let mut next = 0;
    let layout = paragraphs::Layout::of(&draft, laid, contents.as_ref().unwrap_or(&(0..0)));
    while next < lines.len() {
        let start = next;
        if contents.as_ref().is_some_and(|zone| zone.start == start) {
            next = contents.as_ref().expect("just seen").end;
            let lines = (start..next).filter(|&l| !is_furniture(l)).collect();
            contents::passages(&mut draft, laid, &apart, lines, &mut passages);
        } else if let Some((t, laid)) = printed_table[start].zip(laid) {
            while next < lines.len() && printed_table[next] == Some(t) {
                next += 1;
            }
            passages.push(tables::printed(&laid.tables[t], start..next));
        } else if in_table(start) {
            while next < lines.len() && in_table(next) {
                next += 1;
            }
            tables::passages(&mut draft, start..next, &mut passages);
        } else if is_furniture(start) {
            next += 1;
        } else {
            let stop = contents.as_ref().map_or(lines.len(), |zone| {
                if start < zone.start {
                    zone.start
                } else {
                    lines.len()
                }
            });
            while next < stop && !in_table(next) {
                next += 1;
            }
            let text: Vec<usize> = (start..next).filter(|&l| !is_furniture(l)).collect();
            let is_note = |line: &usize| {
                laid.is_some_and(|laid| laid.lines[*line].role == LineRole::Footnote)
            };
            text_passages(&mut draft, &layout, &text, is_note, &mut passages);
        }
    }
    tables::merge_across_pages(&mut draft, &mut passages);
    let furniture = furniture
        .into_iter()
        .enumerate()
        .filter_map(|(line, role)| Some((line, role?)))
        .collect();
    Repaired {
        draft,
        passages,
        furniture,
    }
}

/// The passages of lines that follow each other. Footnotes stand between the parts of a paragraph that crosses the page:
/// they come after it.
fn text_passages(
    draft: &mut Draft,
    layout: &paragraphs::Layout,
    lines: &[usize],
    is_note: impl Fn(&usize) -> bool,
    out: &mut Vec<Passage>,
) {
    let (notes, body): (Vec<usize>, Vec<usize>) = lines.iter().partition(|line| is_note(line));
    let mut passages = Vec::new();
    paragraphs::passages(draft, layout, &body, &mut passages);
    let mut of_notes = Vec::new();
    let of_page: Vec<&[usize]> = notes
        .chunk_by(|a, b| draft.leaves[*a] == draft.leaves[*b])
        .collect();
    of_page
        .into_iter()
        .for_each(|notes| paragraphs::passages(draft, layout, notes, &mut of_notes));
    let first = |passage: &Passage| passage.spans.first().map_or(0, |span| span.line);
    let mut of_notes = of_notes.into_iter().peekable();
    for passage in passages {
        while let Some(note) = of_notes.next_if(|note| first(note) < first(&passage)) {
            out.push(note);
        }
        out.push(passage);
    }
    out.extend(of_notes);
}

/// Lines with their repaired texts and the log of what was done to them.
#[derive(Debug)]
pub struct Draft<'a> {
    pub lines: &'a [Line],
    /// The page that each line stands on; where a sheet shows two pages of a book, they are two.
    pub leaves: Vec<Option<u32>>,
    pub texts: Vec<String>,
    /// What the words of each line say of it, as it stands now.
    pub facts: Vec<TextFacts>,
    forms: &'a NumberForms,
    pub repairs: Vec<Repair>,
    /// The label of each line that is a decimal heading.
    pub decimals: Vec<Option<Label>>,
    config: &'a config::Repair,
    /// All extracted text, made when it is first searched.
    haystack: OnceLock<String>,
}

impl<'a> Draft<'a> {
    /// Repairs the characters of each line; lines are independent, so they are repaired in parallel.
    fn new(lines: &'a [Line], laid: Option<&Laid>, config: &'a Config) -> Draft<'a> {
        let forms = &config.segment.forms;
        let config = &config.repair;
        let simplified = mostly_simplified(lines);
        let wants_opencc = simplified
            && lines
                .par_iter()
                .any(|line| words::count_outside_gb2312(&line.text) >= 2);
        let wants_jieba = lines.len() > 1;
        let repaired = || -> Vec<(String, TextFacts, Vec<Repair>)> {
            let mut in_table = vec![false; lines.len()];
            let cells = laid
                .iter()
                .flat_map(|laid| &laid.tables)
                .flat_map(|table| &table.cells);
            cells
                .flat_map(|cell| &cell.lines)
                .for_each(|&line| in_table[line] = true);
            let evidence = misread::Evidence::of(lines, laid, simplified);
            let repaired = |(n, (line, in_table))| {
                let mut repaired = Characters {
                    line,
                    text: line.text.clone(),
                    repairs: Vec::new(),
                    config,
                };
                repaired.apply(misread::edits(line, n, &evidence));
                let setting = characters::Setting {
                    in_table: in_table || line.text.contains('\t'),
                    simplified,
                };
                for (rule, edits_of) in characters::RULES {
                    repaired.apply(
                        edits_of(&repaired.text, setting)
                            .into_iter()
                            .map(|edit| (rule, edit))
                            .collect(),
                    );
                }
                let facts = TextFacts::new(&repaired.text, forms);
                (repaired.text, facts, repaired.repairs)
            };
            lines
                .par_iter()
                .zip(in_table)
                .enumerate()
                .map(repaired)
                .collect()
        };
        let (repaired, ()) = rayon::join(repaired, || words::prepare(wants_jieba, wants_opencc));
        let mut draft = Draft {
            lines,
            leaves: match laid {
                Some(laid) => laid.lines.iter().map(|line| Some(line.leaf)).collect(),
                None => lines.iter().map(|line| line.page).collect(),
            },
            texts: Vec::with_capacity(lines.len()),
            facts: Vec::with_capacity(lines.len()),
            forms,
            repairs: Vec::new(),
            decimals: vec![None; lines.len()],
            config,
            haystack: OnceLock::new(),
        };
        for (text, facts, repairs) in repaired {
            draft.texts.push(text);
            draft.facts.push(facts);
            draft.repairs.extend(repairs);
        }
        draft
    }

    pub fn config(&self) -> &config::Repair {
        self.config
    }

    /// The page that something stands on, as [`Draft::leaves`] counts them.
    pub fn leaf(&self, place: &Place) -> Option<u32> {
        let (page, first) = (place.page?, place.lines.first()?);
        let start = self.lines.partition_point(|line| line.page < Some(page));
        let at = self.lines[start..]
            .iter()
            .position(|line| line.id == *first)?;
        self.leaves[start + at]
    }

    /// Whether the extracted lines hold a text.
    pub fn occurs(&self, text: &str) -> bool {
        let haystack = self.haystack.get_or_init(|| {
            self.lines
                .iter()
                .map(|l| l.text.as_str())
                .collect::<Vec<_>>()
                .join("\n")
        });
        memchr::memmem::find(haystack.as_bytes(), text.as_bytes()).is_some()
    }

    /// Whether a repair of this rule and confidence would be applied.
    pub fn applies(&self, rule: Rule, confidence: f32) -> bool {
        confidence >= self.config.min_confidence && !is_off(self.config, rule)
    }

    /// Replaces bytes of a line's repaired text. Returns whether it was applied and not only suggested.
    pub fn edit(
        &mut self,
        line: usize,
        range: Range<usize>,
        after: &str,
        rule: Rule,
        confidence: f32,
        why: impl Into<Cow<'static, str>>,
    ) -> bool {
        if is_off(self.config, rule) {
            return false;
        }
        let text = &mut self.texts[line];
        let applied = confidence >= self.config.min_confidence;
        self.repairs.push(Repair {
            rule,
            at: vec![self.lines[line].id.clone()],
            offset: Some(text[..range.start].chars().count()),
            before: text[range.clone()].to_owned(),
            after: after.to_owned(),
            confidence,
            why: why.into(),
            applied,
        });
        if applied {
            text.replace_range(range, after);
            self.facts[line] = TextFacts::new(&self.texts[line], self.forms);
        }
        applied
    }

    /// Logs that a line goes on in another and gives the span that does; `None` if it is only suggested.
    pub fn join(
        &mut self,
        from: usize,
        to: Span,
        rule: Rule,
        confidence: f32,
        why: impl Into<Cow<'static, str>>,
    ) -> Option<Span> {
        if is_off(self.config, rule) {
            return None;
        }
        let applied = confidence >= self.config.min_confidence;
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphabetic());
        let space = latin(
            self.texts[from]
                .trim_end_matches(is_blank)
                .chars()
                .next_back(),
        ) && latin(self.slice(&to).chars().next());
        self.repairs.push(Repair {
            rule,
            at: vec![self.lines[from].id.clone(), self.lines[to.line].id.clone()],
            offset: None,
            before: "\n".to_owned(),
            after: if space { " ".to_owned() } else { String::new() },
            confidence,
            why: why.into(),
            applied,
        });
        applied.then_some(Span {
            space_before: space,
            ..to
        })
    }

    /// The text of a span.
    pub fn slice(&self, span: &Span) -> &str {
        match &span.range {
            Some(range) => &self.texts[span.line][range.clone()],
            None => self.texts[span.line].trim_matches(is_blank),
        }
    }

    /// The text of spans, joined.
    pub fn text(&self, spans: &[Span]) -> String {
        let mut out = String::new();
        for span in spans {
            if span.space_before && !out.is_empty() {
                out.push(' ');
            }
            out.push_str(self.slice(span));
        }
        out
    }
}

fn is_off(config: &config::Repair, rule: Rule) -> bool {
    !config.off.is_empty()
        && serde_json::to_value(rule).is_ok_and(|name| config.off.iter().any(|off| name == *off))
}

/// A line whose characters are repaired.
struct Characters<'a> {
    line: &'a Line,
    text: String,
    repairs: Vec<Repair>,
    config: &'a config::Repair,
}

impl Characters<'_> {
    /// Makes edits that stand from left to right and do not overlap.
    fn apply(&mut self, mut edits: Vec<(Rule, Edit)>) {
        edits.retain(|(rule, _)| !is_off(self.config, *rule));
        if edits.is_empty() {
            return;
        }
        // Logged from the last to the first, so that each offset holds when its edit is made.
        let mut rebuilt = String::with_capacity(self.text.len());
        let (mut done, mut n_chars) = (0, 0);
        let mut log = Vec::with_capacity(edits.len());
        for (rule, edit) in edits {
            let applied = edit.confidence >= self.config.min_confidence;
            n_chars += self.text[done..edit.range.start].chars().count();
            rebuilt.push_str(&self.text[done..edit.range.start]);
            let before = &self.text[edit.range.clone()];
            rebuilt.push_str(if applied { &edit.after } else { before });
            log.push(Repair {
                rule,
                at: vec![self.line.id.clone()],
                offset: Some(n_chars),
                before: before.to_owned(),
                after: edit.after,
                confidence: edit.confidence,
                why: edit.why.into(),
                applied,
            });
            n_chars += before.chars().count();
            done = edit.range.end;
        }
        rebuilt.push_str(&self.text[done..]);
        self.text = rebuilt;
        self.repairs.extend(log.into_iter().rev());
    }
}

/// Whether a text is written in simplified characters: most of it stands on lines that GB 2312 covers.
fn mostly_simplified(lines: &[Line]) -> bool {
    let hanzi = |line: &Line| line.text.chars().filter(|&c| is_han(c)).count();
    let (simplified, all) = lines
        .par_iter()
        .map(|line| {
            (
                if words::count_outside_gb2312(&line.text) < 2 {
                    hanzi(line)
                } else {
                    0
                },
                hanzi(line),
            )
        })
        .reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    simplified * 10 >= all * 6
}
