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
pub mod facts;
mod furniture;
pub mod joins;
pub mod log;
pub mod measure;
mod misread;
mod paragraphs;
pub mod tables;
mod wraps;

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::OnceLock;

use rayon::prelude::*;

use crate::config::{self, Config};
use extract::laid::{Laid, LineRole};
use facts::{LineFacts, LinePlace};
use joins::Decision;
use language::label;
use language::number::NumberForms;
use language::script::{is_blank, is_han};
use language::words;
use log::Log;
use measure::TextLayout;
use model::{Line, Place, Repair, Role, Rule};
use tables::Table;
use wraps::Together;

/// A part of a line's repaired text, in bytes; the whole line without its outer white space if `None`.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    pub line: usize,
    pub range: Option<Range<usize>>,
    /// What parts it from the span before.
    pub gap: Gap,
}

/// What stands between two spans of one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    Nothing,
    /// Latin words stand on both sides of a break.
    Space,
    /// The line of a cell that nothing joined to the one before.
    LineBreak,
}

impl Gap {
    pub fn as_str(self) -> &'static str {
        match self {
            Gap::Nothing => "",
            Gap::Space => " ",
            Gap::LineBreak => "\n",
        }
    }
}

impl Span {
    pub fn line(line: usize) -> Span {
        Span {
            line,
            range: None,
            gap: Gap::Nothing,
        }
    }

    pub fn part(line: usize, range: Range<usize>) -> Span {
        Span {
            line,
            range: Some(range),
            gap: Gap::Nothing,
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
    /// Running heads, folios and footnotes, which interrupt passages and are none.
    pub furniture: Vec<(Vec<Span>, Role)>,
}

/// Makes passages out of lines.
///
/// `laid` says where the lines of a PDF stand, line by line, and which of them make tables.
pub fn passages<'a>(lines: &'a [Line], laid: Option<&Laid>, config: &'a Config) -> Repaired<'a> {
    let mut draft = Draft::new(lines, laid, config);
    let mut furniture = match laid {
        Some(laid) => furniture::roles_of_pages(laid),
        None => furniture::roles(&draft),
    };
    let apart = contents::known_pages(&draft, laid, &furniture);
    let contents = contents::zone(&draft, &furniture, &apart).unwrap_or(0..0);
    let mut regions = regions(lines, laid);
    untable(&mut regions, &contents);
    label_decimals(&mut draft, &furniture, &regions);
    let layout = match laid {
        Some(_) => TextLayout::of_pages(),
        None => TextLayout::of_text(&mut draft, &contents),
    };
    regions[contents].fill(Region::Contents);
    let (mut passages, mut notes) = (Vec::new(), Vec::new());
    let mut names = contents::Names::default();
    let mut end = 0;
    for region in regions.chunk_by(|a, b| a == b) {
        let range = end..end + region.len();
        end = range.end;
        let body = |furniture: &[Option<Role>]| -> Vec<usize> {
            let lines = range.clone();
            lines.filter(|&line| furniture[line].is_none()).collect()
        };
        match (region[0], laid) {
            (Region::Contents, _) => {
                let lines = body(&furniture);
                contents::passages(&mut draft, laid, &apart, lines, &mut passages);
                names = contents::Names::of(&draft, &passages);
                contents::restore_heads(&draft, &names, range.end, &mut furniture);
            }
            (Region::PrintedTable(table), Some(laid)) => {
                passages.push(tables::printed(&laid.tables[table], range));
            }
            (Region::PrintedTable(_) | Region::Table, _) => {
                tables::passages(&mut draft, range, &mut passages);
            }
            (Region::Text, _) => {
                let lines = body(&furniture);
                for run in contents::runs(&draft, &names, &lines) {
                    text_passages(&mut draft, &layout, run, &mut passages, &mut notes);
                }
            }
        }
    }
    for line in tables::merge_across_pages(&mut draft, &mut passages) {
        furniture[line] = Some(Role::RunningHead);
    }
    misread::by_arithmetic(&mut draft, &passages);
    misread::by_contents(&mut draft, &passages);
    let roles = furniture.into_iter().enumerate();
    let furniture = roles.filter_map(|(line, role)| Some((vec![Span::line(line)], role?)));
    let notes = notes.into_iter().map(|note| (note.spans, Role::Footnote));
    Repaired {
        draft,
        passages,
        furniture: furniture.chain(notes).collect(),
    }
}

/// Labels of running text that only the lines around them show: 1.1
fn label_decimals(draft: &mut Draft, furniture: &[Option<Role>], regions: &[Region]) {
    let is_running = |line: &usize| furniture[*line].is_none() && regions[*line] == Region::Text;
    let running = (0..furniture.len()).filter(is_running);
    let decimals = label::decimals(&draft.texts, running);
    for (facts, decimal) in draft.facts.iter_mut().zip(decimals) {
        facts.label = facts.label.take().or(decimal);
    }
}

/// What a line is a part of, whatever its words are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Region {
    Contents,
    /// The table of a PDF, by its index.
    PrintedTable(usize),
    /// Rows of a text, their cells parted by tabs.
    Table,
    Text,
}

/// The table that each line stands in, or text.
fn regions(lines: &[Line], laid: Option<&Laid>) -> Vec<Region> {
    let Some(laid) = laid else {
        let of_text = |line: &Line| match line.text.contains('\t') {
            true => Region::Table,
            false => Region::Text,
        };
        return lines.iter().map(of_text).collect();
    };
    let mut regions = vec![Region::Text; lines.len()];
    for (index, table) in laid.tables.iter().enumerate() {
        for &line in table.cells.iter().flat_map(|cell| &cell.lines) {
            regions[line] = Region::PrintedTable(index);
        }
    }
    regions
}

/// The passages of lines that follow each other, and the footnotes. These, and what boxes hold, stand between the parts of a
/// paragraph that crosses the page; boxes come after it.
fn text_passages(
    draft: &mut Draft,
    layout: &TextLayout,
    lines: &[usize],
    out: &mut Vec<Passage>,
    notes: &mut Vec<Passage>,
) {
    let with_role = |draft: &Draft, role: LineRole| -> Vec<usize> {
        let lines = lines.iter().copied();
        let has_role = |line: &usize| draft.facts[*line].place.role == Some(role);
        lines.filter(has_role).collect()
    };
    let of_notes = with_role(draft, LineRole::Footnote);
    let of_boxes = with_role(draft, LineRole::Aside);
    let is_apart =
        |line: &usize| of_notes.binary_search(line).is_ok() || of_boxes.binary_search(line).is_ok();
    let body: Vec<usize> = lines
        .iter()
        .copied()
        .filter(|line| !is_apart(line))
        .collect();
    let (mut texts, mut boxes) = (Vec::new(), Vec::new());
    paragraphs::passages(draft, layout, &body, &mut texts);
    paragraphs::passages(draft, layout, &of_boxes, &mut boxes);
    let first = |passage: &Passage| passage.spans.first().map_or(0, |span| span.line);
    let mut boxes = boxes.into_iter().peekable();
    for passage in texts {
        while let Some(text) = boxes.next_if(|text| first(text) < first(&passage)) {
            out.push(text);
        }
        out.push(passage);
    }
    out.extend(boxes);
    let of_page: Vec<&[usize]> = of_notes
        .chunk_by(|a, b| draft.leaves[*a] == draft.leaves[*b])
        .collect();
    for lines in of_page {
        paragraphs::passages(draft, layout, lines, notes);
    }
}

/// Lines with their repaired texts and the log of what was done to them.
#[derive(Debug)]
pub struct Draft<'a> {
    pub lines: &'a [Line],
    /// The page that each line stands on; where a sheet shows two pages of a book, they are two.
    pub leaves: Vec<Option<u32>>,
    pub texts: Vec<String>,
    /// What is known of each line as it stands now.
    pub facts: Vec<LineFacts>,
    forms: &'a NumberForms,
    log: Log<'a>,
    /// Whether each line was found to go on the passage before it, and by what.
    pub decisions: Vec<Option<Decision>>,
    config: &'a config::Repair,
    /// Made when it is first asked.
    together: OnceLock<Together>,
}

impl<'a> Draft<'a> {
    /// Repairs the characters of each line; lines are independent, so they are repaired in parallel.
    fn new(lines: &'a [Line], laid: Option<&Laid>, config: &'a Config) -> Draft<'a> {
        let forms = &config.segment.forms;
        let config = &config.repair;
        let simplified = mostly_simplified(lines);
        let traditional_pages = traditional_pages(lines);
        // A single line has no break that could cut a word.
        let wants_words = lines.len() > 1;
        let repaired = || {
            let known = Known {
                laid,
                forms,
                config,
                simplified,
                traditional_pages,
                evidence: misread::Evidence::of(lines, laid, simplified),
                in_table: lines_in_tables(lines, laid),
            };
            let lines = lines.par_iter().enumerate();
            lines
                .map(|(n, line)| known.repair(n, line))
                .collect::<Vec<_>>()
        };
        let (repaired, ()) = rayon::join(repaired, || {
            if wants_words {
                words::prepare();
            }
        });
        let mut draft = Draft {
            lines,
            leaves: match laid {
                Some(laid) => laid.lines.iter().map(|line| Some(line.leaf)).collect(),
                None => lines.iter().map(|line| line.page).collect(),
            },
            texts: Vec::with_capacity(lines.len()),
            facts: Vec::with_capacity(lines.len()),
            forms,
            log: Log::new(config),
            decisions: vec![None; lines.len()],
            config,
            together: OnceLock::new(),
        };
        for (text, facts, repairs) in repaired {
            draft.texts.push(text);
            draft.facts.push(facts);
            draft.log.append(repairs);
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

    /// Which characters stand together in the extracted lines.
    pub fn together(&self) -> &Together {
        self.together.get_or_init(|| Together::of_lines(self.lines))
    }

    /// The facts of a text that takes the place of a line's.
    pub fn facts_of(&self, line: usize, text: &str) -> LineFacts {
        let place = self.facts[line].place.clone();
        let mut facts = LineFacts::new(text, &self.lines[line].text, place, self.forms);
        facts.label = facts.label.or_else(|| self.facts[line].decimal());
        facts
    }

    /// Whether a rule may act or suggest anything: it is not switched off.
    pub fn may(&self, rule: Rule) -> bool {
        self.log.may(rule)
    }

    /// Whether a repair of this rule and confidence would be applied.
    pub fn applies(&self, rule: Rule, confidence: f32) -> bool {
        self.log.applies(rule, confidence)
    }

    pub fn repairs(&self) -> &[Repair] {
        self.log.repairs()
    }

    pub fn into_repairs(self) -> Vec<Repair> {
        self.log.into_repairs()
    }

    /// A log for a part of the work, to be given to [`Draft::append`].
    pub fn open_log(&self) -> Log<'a> {
        self.log.open()
    }

    pub fn append(&mut self, log: Log) {
        self.log.append(log);
    }

    /// Replaces bytes of a line's repaired text. Returns whether it was applied and not only suggested.
    #[expect(clippy::too_many_arguments, reason = "one for each field of a repair")]
    pub fn edit(
        &mut self,
        line: usize,
        range: Range<usize>,
        after: &str,
        rule: Rule,
        confidence: f32,
        why: impl Into<Cow<'static, str>>,
    ) -> bool {
        let place = (&self.lines[line], self.texts[line].as_str());
        let applied = self
            .log
            .edit(place, range.clone(), after, rule, confidence, why);
        if applied {
            self.texts[line].replace_range(range, after);
            self.facts[line] = self.facts_of(line, &self.texts[line]);
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
        let before = self.texts[from].trim_end_matches(is_blank);
        let are_latin = before.ends_with(|c: char| c.is_ascii_alphabetic())
            && self
                .slice(&to)
                .starts_with(|c: char| c.is_ascii_alphabetic());
        let lines = [&self.lines[from], &self.lines[to.line]];
        let gap = if are_latin { Gap::Space } else { Gap::Nothing };
        self.log
            .join(lines, gap.as_str(), rule, confidence, why)
            .then_some(Span { gap, ..to })
    }

    /// Logs that spans of lines are read in another order than they stand in. Returns whether they are to be.
    pub fn reorder(
        &mut self,
        lines: Range<usize>,
        spans: &[Span],
        rule: Rule,
        confidence: f32,
        why: impl Into<Cow<'static, str>>,
    ) -> bool {
        let after: Vec<&str> = spans.iter().map(|span| self.slice(span)).collect();
        let texts = [self.texts[lines.clone()].join("\n"), after.join("\n")];
        let lines = self.lines[lines].iter();
        self.log.reorder(lines, texts, rule, confidence, why)
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
            if !out.is_empty() {
                out.push_str(span.gap.as_str());
            }
            out.push_str(self.slice(span));
        }
        out
    }
}

/// What frames the contents of a gazette is no table: no line of it is one of a table's.
fn untable(regions: &mut [Region], contents: &Range<usize>) {
    let framed: HashSet<usize> = regions[contents.clone()]
        .iter()
        .filter_map(|region| match region {
            Region::PrintedTable(table) => Some(*table),
            _ => None,
        })
        .collect();
    for region in regions {
        if matches!(region, Region::PrintedTable(table) if framed.contains(table)) {
            *region = Region::Text;
        }
    }
}

/// What is known before the characters of a line are repaired.
struct Known<'k, 'a> {
    laid: Option<&'k Laid>,
    forms: &'a NumberForms,
    config: &'a config::Repair,
    simplified: bool,
    traditional_pages: HashSet<Option<u32>>,
    evidence: misread::Evidence,
    in_table: Vec<bool>,
}

impl<'a> Known<'_, 'a> {
    /// The repaired text of line `n`, its facts, and what was done.
    fn repair(&self, n: usize, line: &Line) -> (String, LineFacts, Log<'a>) {
        let mut log = Log::new(self.config);
        let mut text = log.edits(line, &line.text, misread::edits(line, n, &self.evidence));
        let setting = characters::Setting {
            in_table: self.in_table[n],
            simplified: self.simplified && !self.traditional_pages.contains(&line.page),
        };
        for &(rule, edits_of) in characters::RULES {
            if !log.may(rule) {
                continue;
            }
            let edits: Vec<_> = edits_of(&text, setting)
                .into_iter()
                .map(|edit| (rule, edit))
                .collect();
            if !edits.is_empty() {
                text = log.edits(line, &text, edits);
            }
        }
        let place = match self.laid {
            Some(laid) => LinePlace::from_geometry(n, &laid.lines[n]),
            None => LinePlace::from_text(&line.text),
        };
        let facts = LineFacts::new(&text, &line.text, place, self.forms);
        (text, facts, log)
    }
}

/// Whether each line is a row of a table or stands in one.
fn lines_in_tables(lines: &[Line], laid: Option<&Laid>) -> Vec<bool> {
    let mut in_table: Vec<bool> = lines.iter().map(|line| line.text.contains('\t')).collect();
    let tables = laid.iter().flat_map(|laid| &laid.tables);
    for &line in tables
        .flat_map(|table| &table.cells)
        .flat_map(|cell| &cell.lines)
    {
        in_table[line] = true;
    }
    in_table
}

/// Pages that are in traditional characters throughout: no stretch inside simplified text.
fn traditional_pages(lines: &[Line]) -> HashSet<Option<u32>> {
    lines
        .chunk_by(|a, b| a.page == b.page)
        .filter(|page| !words::is_simplified(page.iter().map(|line| line.text.as_str())))
        .map(|page| page[0].page)
        .collect()
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
