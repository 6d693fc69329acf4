//! Misreadings: what a recogniser took for another character, where the page itself shows what stands there.
//!
//! A character is replaced only by what the recogniser held for second best (or for the likeliest digit), and only if
//! the grammar of figures and brackets, the words around it, or the arithmetic of a table speak for it.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use rayon::prelude::*;
use regex::Regex;

use super::characters::{Edit, edit};
use super::tables::{Cell, Table, is_total, number};
use super::{Draft, Rule, Span, words};
use crate::extract::{Line, LineCharacter};
use crate::layout::Laid;
use crate::ocr::recognise::CERTAIN;
use crate::script::is_han;

/// `3659.61`, `1,234`, `-8.04%`: what a cell of figures holds.
static FIGURE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^[-－+]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?[%％‰]?$").unwrap());

/// What a document says of its doubtful characters.
#[derive(Debug, Default)]
pub struct Evidence {
    /// Lines that stand alone in a cell of a column of figures.
    figures: Vec<bool>,
    /// How often three characters stand together where the recogniser is sure of them; only those are counted that
    /// the choice between a doubtful character and its runner-up is about.
    threes: HashMap<[char; 3], u32>,
}

impl Evidence {
    pub fn of(lines: &[Line], laid: Option<&Laid>) -> Evidence {
        let is_doubted = |line: &Line| line.characters.iter().any(|c| c.confidence < CERTAIN);
        if !lines.par_iter().any(is_doubted) {
            return Evidence::default();
        }
        let mut wanted: HashMap<[char; 3], u32> = HashMap::new();
        for line in lines.iter().filter(|line| is_doubted(line)) {
            let characters = characters(line);
            for (n, (_, c)) in characters.iter().enumerate() {
                for read in doubtful_han(c).into_iter().flatten() {
                    wanted.extend(threes(&characters, n, read).map(|three| (three, 0)));
                }
            }
        }
        for line in lines.iter().take(if wanted.is_empty() { 0 } else { lines.len() }) {
            for three in characters(line).windows(3).filter(|three| three.iter().all(|(_, c)| c.confidence >= CERTAIN)) {
                if let Some(n) = wanted.get_mut(&[three[0].1, three[1].1, three[2].1].map(read)) {
                    *n += 1;
                }
            }
        }
        Evidence { figures: laid.map(|laid| figures(lines, laid)).unwrap_or_default(), threes: wanted }
    }
}

/// Lines that stand alone in a cell of a column most of whose cells are figures.
fn figures(lines: &[Line], laid: &Laid) -> Vec<bool> {
    /// Of the filled cells, and how many at least.
    const SHARE: (usize, usize) = (7, 10);
    const AT_LEAST: usize = 3;
    let mut figures = vec![false; lines.len()];
    for table in &laid.tables {
        for col in 0..table.n_cols {
            let cells = table.cells.iter().filter(|cell| cell.col == col && cell.colspan == 1);
            let alone: Vec<usize> = cells.filter_map(|cell| if let [line] = cell.lines[..] { Some(line) } else { None }).collect();
            let n_figures = alone.iter().filter(|&&line| FIGURE.is_match(lines[line].text.trim())).count();
            if n_figures >= AT_LEAST && n_figures * SHARE.1 >= alone.len() * SHARE.0 {
                alone.into_iter().for_each(|line| figures[line] = true);
            }
        }
    }
    figures
}

fn read(c: &LineCharacter) -> char {
    c.text.chars().next().unwrap_or(' ')
}

/// The recognised characters of a line with their bytes in its text; none if it holds others.
fn characters(line: &Line) -> Vec<(Range<usize>, &LineCharacter)> {
    let mut at = 0;
    let mut out = Vec::with_capacity(line.characters.len());
    for c in &line.characters {
        let rest = &line.text[at..];
        let start = at + rest.len() - rest.trim_start().len();
        if c.text.chars().count() != 1 || !line.text[start..].starts_with(&c.text) {
            return Vec::new();
        }
        at = start + c.text.len();
        out.push((start..at, c));
    }
    out
}

/// A hanzi that is doubtful, and the hanzi that would stand there otherwise.
fn doubtful_han(c: &LineCharacter) -> Option<[char; 2]> {
    let both = [read(c), c.runner_up?];
    (c.confidence < CERTAIN && both.into_iter().all(is_han)).then_some(both)
}

/// The threes of hanzi that hold character `n`, if that is `as_read`.
fn threes(characters: &[(Range<usize>, &LineCharacter)], n: usize, as_read: char) -> impl Iterator<Item = [char; 3]> {
    (n.saturating_sub(2)..=n)
        .filter(move |&first| first + 3 <= characters.len())
        .map(move |first| [first, first + 1, first + 2].map(|i| if i == n { as_read } else { read(characters[i].1) }))
        .filter(|three| three.iter().copied().all(is_han))
}

/// What is to be read otherwise on line `n` of the document, from left to right.
pub fn edits(line: &Line, n: usize, evidence: &Evidence) -> Vec<(Rule, Edit)> {
    let characters = characters(line);
    if characters.is_empty() {
        return Vec::new();
    }
    let mut edits = signs(line, &characters);
    if evidence.figures.get(n) == Some(&true) {
        edits.extend(cell_of_figures(line, &characters));
    } else {
        edits.extend(figures_in_text(line, &characters));
    }
    edits.extend(hanzi(line, &characters, evidence));
    edits.sort_by_key(|(_, edit)| edit.range.start);
    edits.dedup_by(|b, a| b.1.range.start < a.1.range.end);
    edits
}

/// `8,16` → `8.16`, `L.16` → `1.16` in a column of figures
fn cell_of_figures(line: &Line, characters: &[(Range<usize>, &LineCharacter)]) -> Vec<(Rule, Edit)> {
    if FIGURE.is_match(line.text.trim()) {
        return Vec::new();
    }
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '%');
    let mut edits = Vec::new();
    for (range, c) in characters {
        let runner_up = c.runner_up.filter(|&c| is_part(c));
        let (after, confidence, why) = match (read(c), runner_up) {
            (',' | '，', Some('.')) => ('.', 0.95, "a comma in figures has three digits behind it, and a point was second best"),
            (own, _) if is_part(own) => continue,
            (_, Some(part)) => (part, 0.95, "its column holds figures, and this was second best"),
            (_, None) => match c.digit {
                // Dirt beside a figure looks like no digit either.
                Some(digit) => (digit, 0.5, "its column holds figures, and this is the likeliest digit"),
                None => return Vec::new(),
            },
        };
        edits.push((Rule::MisreadFigure, edit(range.clone(), after, confidence, why)));
    }
    if FIGURE.is_match(edited(&line.text, &edits).trim()) { edits } else { Vec::new() }
}

fn edited(text: &str, edits: &[(Rule, Edit)]) -> String {
    let mut out = text.to_owned();
    for (_, edit) in edits.iter().rev() {
        out.replace_range(edit.range.clone(), &edit.after);
    }
    out
}

/// `2O23年` → `2023年`, `9，500万元` → `9,500万元`, `8,16%` → `8.16%`
fn figures_in_text(line: &Line, characters: &[(Range<usize>, &LineCharacter)]) -> Vec<(Rule, Edit)> {
    let is_unit = |c: char| "年月日时分号期条元万亿吨亩平立公千米户人名个项%％‰℃".contains(c);
    let mut edits = Vec::new();
    for (n, (range, c)) in characters.iter().enumerate() {
        let Some(runner_up) = c.runner_up else { continue };
        let (before, behind) = (&line.text[..range.start], &line.text[range.end..]);
        let n_before = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let n_behind = behind.len() - behind.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let next = behind.chars().next();
        let found = match read(c) {
            own if own.is_ascii_alphabetic() && runner_up.is_ascii_digit() && c.confidence < CERTAIN => {
                // The other letters of a code, such as GB3095 or A1, make it one.
                let is_code = n.checked_sub(1 + n_before).is_some_and(|i| read(characters[i].1).is_ascii_alphanumeric());
                let stands_in_figure = n_before > 0 && (n_behind > 0 || next.is_some_and(is_unit));
                (!is_code && stands_in_figure).then_some((runner_up, 0.9, "it stands in a figure, and this digit was second best"))
            }
            ',' | '，' if runner_up == '.' && n_before > 0 && matches!(n_behind, 1 | 2) => {
                Some(('.', 0.85, "a comma in figures has three digits behind it, and a point was second best"))
            }
            '，' if runner_up == ',' && (1..=3).contains(&n_before) && n_behind == 3 => {
                let goes_on = behind[n_behind..].chars().next().is_some_and(is_unit);
                goes_on.then_some((',', 0.85, "between three digits and those before them, and a comma of figures was second best"))
            }
            _ => None,
        };
        edits.extend(found.map(|(after, confidence, why)| (Rule::MisreadFigure, edit(range.clone(), after, confidence, why))));
    }
    edits
}

/// `〔2023]` → `〔2023〕`, `65%o` → `65‰`
fn signs(line: &Line, characters: &[(Range<usize>, &LineCharacter)]) -> Vec<(Rule, Edit)> {
    static YEAR: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[\[〔【](?:19|20)\d\d[\]〕】]第?\d{1,5}号").unwrap());
    static PERMILLE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\d([%％‰][o0])(?:[^0-9a-z]|$)").unwrap());
    let mut edits = Vec::new();
    let found = |range: Range<usize>| characters.iter().find(|(r, _)| r.start == range.start).map(|(_, c)| *c);
    for number in YEAR.find_iter(&line.text) {
        let brackets: Vec<(Range<usize>, char)> = line.text[number.range()]
            .char_indices()
            .filter(|(_, c)| "[]〔〕【】".contains(*c))
            .map(|(at, c)| (number.start() + at..number.start() + at + c.len_utf8(), c))
            .collect();
        let is_tortoise = |c: char| matches!(c, '〔' | '〕');
        // One that was read or nearly read as it should be speaks for both.
        let proved =
            brackets.iter().any(|(range, c)| is_tortoise(*c) || found(range.clone()).and_then(|c| c.runner_up).is_some_and(is_tortoise));
        for (range, c) in brackets.into_iter().filter(|(_, c)| proved && !is_tortoise(*c)) {
            let after = if matches!(c, '[' | '【') { '〔' } else { '〕' };
            edits.push((
                Rule::MisreadSign,
                edit(range, after, 0.95, "the year of a 发文字号 stands in 〔〕, and one of them was best or second best"),
            ));
        }
    }
    for sign in PERMILLE.captures_iter(&line.text).filter_map(|m| m.get(1)) {
        edits.push((Rule::MisreadSign, edit(sign.range(), '‰', 0.9, "a per cent sign with one more ring")));
    }
    edits
}

/// `阳自乡` → `阳白乡`, where the document has 阳白乡 elsewhere, or where the dictionary has the one and not the other
fn hanzi(line: &Line, characters: &[(Range<usize>, &LineCharacter)], evidence: &Evidence) -> Vec<(Rule, Edit)> {
    let mut edits = Vec::new();
    for (n, (range, c)) in characters.iter().enumerate() {
        let Some([own, runner_up]) = doubtful_han(c) else { continue };
        let most =
            |as_read: char| threes(characters, n, as_read).filter_map(|three| evidence.threes.get(&three)).max().copied().unwrap_or(0);
        let (before, behind) = (&line.text[..range.start], &line.text[range.end..]);
        let found = match (most(own), most(runner_up)) {
            (0, 2..) => Some((0.9, "the document has these characters together elsewhere, and only so")),
            (0, 0) => match (words::length_of_word(before, runner_up, behind), words::length_of_word(before, own, behind)) {
                (3.., 1) => Some((0.8, "with what was second best it is a word")),
                // Names are made of words that they do not mean: 墙上 in 塙上村.
                (2, 1) => Some((0.5, "with what was second best it is a word")),
                _ => None,
            },
            _ => None,
        };
        edits.extend(found.map(|(confidence, why)| (Rule::MisreadCharacter, edit(range.clone(), runner_up, confidence, why))));
    }
    edits
}

/// What the numbers of a table prove: a column counts, or adds up to its total, but for a doubtful digit.
pub fn by_arithmetic(draft: &mut Draft, table: &Table) {
    let is_doubted = |span: &Span| draft.lines[span.line].characters.iter().any(|c| c.confidence < CERTAIN);
    if !table.cells.iter().flat_map(|cell| &cell.spans).any(is_doubted) {
        return;
    }
    for col in 0..table.n_cols {
        let alone = |cell: &&Cell| cell.col == col && cell.colspan == 1 && cell.spans.len() == 1;
        let mut cells: Vec<(usize, usize)> = table
            .cells
            .iter()
            .filter(alone)
            .filter(|cell| cell.row >= table.header_rows)
            .map(|cell| (cell.row, cell.spans[0].line))
            .collect();
        cells.sort_unstable();
        let totals: Vec<usize> = table
            .cells
            .iter()
            .filter(|cell| cell.row >= table.header_rows && is_total(&draft.text(&cell.spans)))
            .map(|cell| cell.row)
            .collect();
        let is_body = |(row, _): &&(usize, usize)| !totals.contains(row);
        let body: Vec<usize> = cells.iter().filter(is_body).map(|(_, line)| *line).collect();
        counted(draft, &body);
        if let [total] = totals[..]
            && let Some((_, total)) = cells.iter().find(|(row, _)| *row == total)
        {
            added_up(draft, &body, *total);
        }
    }
}

/// 69, 79, 71 → 69, 70, 71
fn counted(draft: &mut Draft, lines: &[usize]) {
    const AT_LEAST: usize = 5;
    /// Of a reading that says nothing.
    const HARDLY_READ: f32 = 0.55;
    let starts: Vec<Option<i64>> =
        lines.iter().enumerate().map(|(n, &line)| Some(draft.texts[line].trim().parse::<i64>().ok()? - n as i64)).collect();
    let Some(&start) = starts.iter().flatten().max_by_key(|start| starts.iter().flatten().filter(|other| other == start).count()) else {
        return;
    };
    let n_counted = starts.iter().filter(|&&other| other == Some(start)).count();
    if n_counted < AT_LEAST || n_counted * 5 < lines.len() * 4 {
        return;
    }
    for (n, &line) in lines.iter().enumerate().filter(|(n, _)| starts[*n] != Some(start)) {
        let expected = (start + n as i64).to_string();
        let Some(characters) = unchanged(draft, line) else { continue };
        let says = |(c, expected): (&LineCharacter, char)| {
            read(c) == expected || c.confidence < CERTAIN && (c.runner_up == Some(expected) || c.digit == Some(expected))
        };
        let confidence = match () {
            () if characters.len() == expected.len() && characters.iter().copied().zip(expected.chars()).all(says) => 0.95,
            () if characters.iter().zip(expected.chars()).all(|(c, expected)| read(c) == expected || c.confidence < HARDLY_READ) => 0.8,
            () => continue,
        };
        let whole = 0..draft.texts[line].len();
        draft.edit(line, whole, &expected, Rule::MisreadFigure, confidence, "its column counts, and this was hardly read");
    }
}

/// A column that gives its total with one digit as the recogniser held it for second best.
fn added_up(draft: &mut Draft, body: &[usize], total: usize) {
    let value = |line: usize| number(&draft.texts[line]);
    let (Some(values), Some(printed)) = (body.iter().map(|&line| value(line)).collect::<Option<Vec<f64>>>(), value(total)) else { return };
    if values.len() < 2 {
        return;
    }
    let n_decimals = |line: usize| draft.texts[line].rsplit_once('.').map_or(0, |(_, decimals)| decimals.len());
    // No sum of these decimals is nearer to another.
    let decimals = body.iter().chain([&total]).map(|&line| n_decimals(line)).max().unwrap_or(0);
    let off = values.iter().sum::<f64>() - printed;
    let slack = 0.5 * 10f64.powi(-(decimals as i32));
    if off.abs() < slack {
        return;
    }
    let mut proved = Vec::new();
    for (&line, &old) in body.iter().zip(&values).chain([(&total, &-printed)]) {
        let Some(characters) = unchanged(draft, line) else { continue };
        let mut at = 0;
        for c in characters {
            let range = at..at + c.text.len();
            at = range.end;
            let Some(other) = c.runner_up.or(c.digit).filter(|other| c.confidence < CERTAIN && other.is_ascii_digit()) else { continue };
            let mut text = draft.texts[line].clone();
            text.replace_range(range.clone(), other.encode_utf8(&mut [0; 4]));
            let new = number(&text).map(|new| if line == total { -new } else { new });
            if new.is_some_and(|new| (off - old + new).abs() < slack) {
                proved.push((line, range, other));
            }
        }
    }
    if let [(line, range, other)] = &proved[..] {
        let why = "with what was second best the column gives the printed total";
        draft.edit(*line, range.clone(), &other.to_string(), Rule::MisreadFigure, 0.95, why);
    }
}

/// The recognised characters of a line whose text is made of them still.
fn unchanged<'a>(draft: &Draft<'a>, line: usize) -> Option<Vec<&'a LineCharacter>> {
    let characters: Vec<&LineCharacter> = characters(&draft.lines[line]).into_iter().map(|(_, c)| c).collect();
    let is_same = draft.texts[line].chars().eq(characters.iter().map(|c| read(c)));
    (is_same && !characters.is_empty()).then_some(characters)
}
