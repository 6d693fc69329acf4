//! Misreadings: what a recogniser took for another character, where the page itself shows what stands there.
//!
//! A character is replaced only by what the recogniser held for second best (or for the likeliest digit), and only if
//! the grammar of figures and brackets, the words around it, or the arithmetic of a table speak for it. What was hardly
//! read at all in a column that counts is the number that is due.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use rayon::prelude::*;
use regex::Regex;

use super::log::Edit;
use super::tables::{Cell, Table};
use super::{Draft, Form, Passage, Span};
use extract::confidence::{CERTAIN, HARDLY_READ};
use extract::laid::Laid;
use language::damaged_number::n_differences;
use language::figures::{is_total, number};
use language::number::{number_within, numbers_without_code};
use language::script::is_han;
use language::words;
use model::{Line, LineCharacter, Rule};

/// `3659.61`, `1,234`, `-8.04%`: what a cell of figures holds.
static FIGURE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^[-－+]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?[%％‰]?$").unwrap());

/// What a document says of its doubtful characters.
#[derive(Debug, Default)]
pub struct Evidence {
    /// Lines that stand alone in a cell of a column of figures.
    figures: Vec<bool>,
    /// How often three characters stand together where the recogniser is sure of them; only those are counted that
    /// the choice between a doubtful character and its runner-up is about.
    threes: HashMap<[char; 3], u32>,
    /// The document is written in simplified characters.
    simplified: bool,
}

impl Evidence {
    pub fn of(lines: &[Line], laid: Option<&Laid>, simplified: bool) -> Evidence {
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
        if !wanted.is_empty() {
            for characters in lines.iter().map(characters) {
                let certain = |three: &&[(Range<usize>, &LineCharacter)]| {
                    three.iter().all(|(_, c)| c.confidence >= CERTAIN)
                };
                for three in characters.windows(3).filter(certain) {
                    let text = [three[0].1, three[1].1, three[2].1].map(|c| c.text);
                    wanted.entry(text).and_modify(|n| *n += 1);
                }
            }
        }
        Evidence {
            figures: laid.map(|laid| figures(lines, laid)).unwrap_or_default(),
            threes: wanted,
            simplified,
        }
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
            let cells = table
                .cells
                .iter()
                .filter(|cell| cell.col == col && cell.colspan == 1);
            let alone: Vec<usize> = cells
                .filter_map(|cell| {
                    if let [line] = cell.lines[..] {
                        Some(line)
                    } else {
                        None
                    }
                })
                .collect();
            let n_figures = alone
                .iter()
                .filter(|&&line| FIGURE.is_match(lines[line].text.trim()))
                .count();
            if n_figures >= AT_LEAST && n_figures * SHARE.1 >= alone.len() * SHARE.0 {
                alone.into_iter().for_each(|line| figures[line] = true);
            }
        }
    }
    figures
}

/// The recognised characters of a line with their bytes in its text; none if it holds others.
fn characters(line: &Line) -> Vec<(Range<usize>, &LineCharacter)> {
    let mut at = 0;
    let mut out = Vec::with_capacity(line.characters.len());
    for c in &line.characters {
        let rest = &line.text[at..];
        let start = at + rest.len() - rest.trim_start().len();
        if !line.text[start..].starts_with(c.text) {
            return Vec::new();
        }
        at = start + c.text.len_utf8();
        out.push((start..at, c));
    }
    out
}

/// A hanzi that is doubtful, and the hanzi that would stand there otherwise.
fn doubtful_han(c: &LineCharacter) -> Option<[char; 2]> {
    let both = [c.text, c.runner_up?];
    (c.confidence < CERTAIN && both.into_iter().all(is_han)).then_some(both)
}

/// The threes of hanzi that hold character `n`, if that is `as_read`.
fn threes(
    characters: &[(Range<usize>, &LineCharacter)],
    n: usize,
    as_read: char,
) -> impl Iterator<Item = [char; 3]> {
    (n.saturating_sub(2)..=n)
        .filter(move |&first| first + 3 <= characters.len())
        .map(move |first| {
            [first, first + 1, first + 2].map(|i| {
                if i == n {
                    as_read
                } else {
                    characters[i].1.text
                }
            })
        })
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
fn cell_of_figures(
    line: &Line,
    characters: &[(Range<usize>, &LineCharacter)],
) -> Vec<(Rule, Edit)> {
    if FIGURE.is_match(line.text.trim()) {
        return Vec::new();
    }
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '%');
    let mut edits = Vec::new();
    for (range, c) in characters {
        let runner_up = c.runner_up.filter(|&c| is_part(c));
        let (after, confidence, why) = match (c.text, runner_up) {
            (',' | '，', Some('.')) => (
                '.',
                0.95,
                "a comma in figures has three digits behind it, and a point was second best",
            ),
            (own, _) if is_part(own) => continue,
            (_, Some(part)) => (
                part,
                0.95,
                "its column holds figures, and this was second best",
            ),
            (_, None) => match c.digit {
                // Dirt beside a figure looks like no digit either.
                Some(digit) => (
                    digit,
                    0.5,
                    "its column holds figures, and this is the likeliest digit",
                ),
                None => return Vec::new(),
            },
        };
        edits.push((
            Rule::MisreadFigure,
            Edit::new(range.clone(), after, why).graded(confidence),
        ));
    }
    if FIGURE.is_match(edited(&line.text, &edits).trim()) {
        edits
    } else {
        Vec::new()
    }
}

fn edited(text: &str, edits: &[(Rule, Edit)]) -> String {
    let mut out = text.to_owned();
    for (_, edit) in edits.iter().rev() {
        out.replace_range(edit.range.clone(), &edit.after);
    }
    out
}

/// `2O23年` → `2023年`, `9，500万元` → `9,500万元`, `8,16%` → `8.16%`
fn figures_in_text(
    line: &Line,
    characters: &[(Range<usize>, &LineCharacter)],
) -> Vec<(Rule, Edit)> {
    let is_unit = |c: char| "年月日时分号期条元万亿吨亩平立公千米户人名个项%％‰℃".contains(c);
    let mut edits = Vec::new();
    for (n, (range, c)) in characters.iter().enumerate() {
        let Some(runner_up) = c.runner_up else {
            continue;
        };
        let (before, behind) = (&line.text[..range.start], &line.text[range.end..]);
        let n_before = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let n_behind = behind.len()
            - behind
                .trim_start_matches(|c: char| c.is_ascii_digit())
                .len();
        let found = match c.text {
            own if own.is_ascii_alphabetic()
                && runner_up.is_ascii_digit()
                && c.confidence < CERTAIN =>
            {
                // The other letters of a code, such as GB3095 or A1, make it one.
                let is_code = n
                    .checked_sub(1 + n_before)
                    .is_some_and(|i| characters[i].1.text.is_ascii_alphanumeric());
                let ends_in_unit = behind[n_behind..].chars().next().is_some_and(is_unit);
                let stands_in_figure =
                    n_before > 0 && n_behind > 0 || n_before + n_behind > 0 && ends_in_unit;
                (!is_code && stands_in_figure).then_some((
                    runner_up,
                    0.9,
                    "it stands in a figure, and this digit was second best",
                ))
            }
            ',' | '，' if runner_up == '.' && n_before > 0 && matches!(n_behind, 1 | 2) => Some((
                '.',
                0.85,
                "a comma in figures has three digits behind it, and a point was second best",
            )),
            '，' if runner_up == ',' && (1..=3).contains(&n_before) && n_behind == 3 => {
                let goes_on = behind[n_behind..].chars().next().is_some_and(is_unit);
                goes_on.then_some((',', 0.85, "between three digits and those before them, and a comma of figures was second best"))
            }
            _ => None,
        };
        edits.extend(found.map(|(after, confidence, why)| {
            (
                Rule::MisreadFigure,
                Edit::new(range.clone(), after, why).graded(confidence),
            )
        }));
    }
    edits
}

/// `〔2023]` → `〔2023〕`, `65%o` → `65‰`, `95O℃` → `95℃`
fn signs(line: &Line, characters: &[(Range<usize>, &LineCharacter)]) -> Vec<(Rule, Edit)> {
    let mut edits = Vec::new();
    for number in numbers_without_code(&line.text) {
        edits.extend(brackets_of_year(&line.text, number, characters));
    }
    edits.extend(rings_of_degree(characters));
    edits.extend(per_mille(&line.text));
    let of_rule = |edit| (Rule::MisreadSign, edit);
    edits.into_iter().map(of_rule).collect()
}

fn is_tortoise(c: char) -> bool {
    matches!(c, '〔' | '〕')
}

/// The brackets around the year of a 发文字号. One that was read as it should be, or doubted for that, speaks for both; some
/// do print [2023].
fn brackets_of_year(
    text: &str,
    number: Range<usize>,
    characters: &[(Range<usize>, &LineCharacter)],
) -> Vec<Edit> {
    let brackets: Vec<(usize, char)> = text[number.clone()]
        .char_indices()
        .filter(|(_, c)| "[]〔〕【】".contains(*c))
        .map(|(at, c)| (number.start + at, c))
        .collect();
    let is_doubted = |at: usize| {
        let (_, c) = characters.iter().find(|(range, _)| range.start == at)?;
        Some(c.confidence < CERTAIN && c.runner_up.is_some_and(is_tortoise))
    };
    let speaks = |&(at, c): &(usize, char)| is_tortoise(c) || is_doubted(at) == Some(true);
    if !brackets.iter().any(speaks) {
        return Vec::new();
    }
    let others = brackets.into_iter().filter(|(_, c)| !is_tortoise(*c));
    let edit = |(at, c): (usize, char)| {
        let opens = matches!(c, '[' | '【');
        let after = if opens { '〔' } else { '〕' };
        let why =
            "the year of a 发文字号 stands in 〔〕, and one of the two was read so, or nearly";
        Edit::new(at..at + c.len_utf8(), after, why)
    };
    others.map(edit).collect()
}

fn rings_of_degree(characters: &[(Range<usize>, &LineCharacter)]) -> Vec<Edit> {
    let character = |n: usize| characters.get(n).map(|(_, c)| *c);
    let why = "the ring of the sign behind it, read once more: it is small and stands high";
    let is_ring = |n: usize| {
        let before = n.checked_sub(1).and_then(character);
        character(n).is_some_and(|c| is_ring_of_degree(c, before, character(n + 1)))
    };
    (0..characters.len())
        .filter(|&n| is_ring(n))
        .map(|n| Edit::new(characters[n].0.clone(), "", why))
        .collect()
}

fn per_mille(text: &str) -> Vec<Edit> {
    static PER_MILLE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\d([%％‰][o0])(?:[^0-9a-z]|$)").unwrap());
    let [_, unsure] = Rule::MisreadSign.grades() else {
        unreachable!("a sign has two grades");
    };
    let signs = PER_MILLE.captures_iter(text).filter_map(|m| m.get(1));
    let why = "a per cent sign with one more ring";
    signs
        .map(|sign| Edit::new(sign.range(), '‰', why).graded(*unsure))
        .collect()
}

/// `95O℃`: whether a character is the ring of the ℃ behind it: half as high as the figure before it, and at its top.
fn is_ring_of_degree(
    c: &LineCharacter,
    before: Option<&LineCharacter>,
    behind: Option<&LineCharacter>,
) -> bool {
    /// Of the height of the figure.
    const HIGHEST: f64 = 0.65;
    let is_ring = matches!(c.text, 'O' | 'o' | '0' | '〇' | '○' | '°' | 'º' | '。');
    let is_degree = behind.is_some_and(|behind| matches!(behind.text, '℃' | '℉'));
    let Some(figure) = before.filter(|before| before.text.is_ascii_digit()) else {
        return false;
    };
    let height = |c: &LineCharacter| f64::from(c.bbox[3] - c.bbox[1]);
    let bottom = |c: &LineCharacter| f64::from(c.bbox[3]);
    is_ring
        && is_degree
        && height(c) > 0.0
        && height(c) <= HIGHEST * height(figure)
        && bottom(c) < bottom(figure) - height(c) / 2.0
}

/// `阳自乡` → `阳白乡`, where the document has 阳白乡 elsewhere, or where the dictionary has the one and not the other
fn hanzi(
    line: &Line,
    characters: &[(Range<usize>, &LineCharacter)],
    evidence: &Evidence,
) -> Vec<(Rule, Edit)> {
    let mut edits = Vec::new();
    for (n, (range, c)) in characters.iter().enumerate() {
        let Some([own, runner_up]) = doubtful_han(c) else {
            continue;
        };
        let most = |as_read: char| {
            threes(characters, n, as_read)
                .filter_map(|three| evidence.threes.get(&three))
                .max()
                .copied()
                .unwrap_or(0)
        };
        let (before, behind) = (&line.text[..range.start], &line.text[range.end..]);
        let is_simpler = || {
            words::only_traditional(own)
                && words::to_simplified(&own.to_string()).starts_with(runner_up)
        };
        let found = match (most(own), most(runner_up)) {
            _ if evidence.simplified && is_simpler() => Some((
                0.9,
                "the document is in simplified characters, and this one was second best",
            )),
            (0, 2..) => Some((
                0.9,
                "the document has these characters together elsewhere, and only so",
            )),
            (0, 0) => match (
                words::length_of_word(before, runner_up, behind),
                words::length_of_word(before, own, behind),
            ) {
                (3.., 1) => Some((0.8, "with what was second best it is a word")),
                // Names are made of words that they do not mean: 墙上 in 塙上村.
                (2, 1) => Some((0.5, "with what was second best it is a word")),
                _ => None,
            },
            _ => None,
        };
        edits.extend(found.map(|(confidence, why)| {
            (
                Rule::MisreadCharacter,
                Edit::new(range.clone(), runner_up, why).graded(confidence),
            )
        }));
    }
    edits
}

/// What the contents prove: a line that is a 发文字号 but for something unreadable is the one number of the contents that
/// is all but equal to it and that no other line has.
pub fn by_contents(draft: &mut Draft, passages: &[Passage]) {
    let is_entry = |passage: &&Passage| matches!(passage.form, Form::ContentsEntry);
    let mut listed: Vec<String> = passages
        .iter()
        .filter(is_entry)
        .filter_map(|entry| number_within(&draft.text(&entry.spans), draft.forms))
        .map(|(_, number)| number.printed)
        .collect();
    let damaged: Vec<usize> = (0..draft.lines.len())
        .filter(|&line| draft.facts[line].text.is_damaged_number)
        .collect();
    if damaged.is_empty() || listed.is_empty() {
        return;
    }
    let printed = draft.facts.iter().flat_map(|facts| &facts.text.numbers);
    let printed: HashSet<&str> = printed.map(|number| number.printed.as_str()).collect();
    listed.retain(|number| !printed.contains(number.as_str()));
    for line in damaged {
        let text = draft.texts[line].clone();
        let mut alike = listed
            .iter()
            .filter(|number| n_differences(number, &text) <= WRONG_IN_NUMBER);
        if let (Some(number), None) = (alike.next(), alike.next()) {
            let number = number.clone();
            let why = "the contents give this number, and no other is so like it";
            let sure = Rule::MisreadNumber.confidence();
            draft.edit(line, 0..text.len(), &number, Rule::MisreadNumber, sure, why);
        }
    }
}

/// Characters of a number that can be wrong, or too few or many, where the contents name it.
const WRONG_IN_NUMBER: usize = 2;

/// What the numbers of tables prove: a column counts, or adds up to its total, but for a doubtful digit.
pub fn by_arithmetic(draft: &mut Draft, passages: &[Passage]) {
    for passage in passages {
        if let Form::Table(table) = &passage.form {
            prove_table(draft, table);
        }
    }
}

fn prove_table(draft: &mut Draft, table: &Table) {
    let is_doubted = |span: &Span| {
        draft.lines[span.line]
            .characters
            .iter()
            .any(|c| c.confidence < CERTAIN)
    };
    if !table
        .cells
        .iter()
        .flat_map(|cell| &cell.spans)
        .any(is_doubted)
    {
        return;
    }
    let is_total =
        |cell: &&Cell| cell.row >= table.header_rows && is_total(&draft.text(&cell.spans));
    let totals: Vec<usize> = table
        .cells
        .iter()
        .filter(is_total)
        .map(|cell| cell.row)
        .collect();
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
        let is_body = |(row, _): &&(usize, usize)| !totals.contains(row);
        let body: Vec<usize> = cells
            .iter()
            .filter(is_body)
            .map(|(_, line)| *line)
            .collect();
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
    let Some(start) = start_of_count(draft, lines) else {
        return;
    };
    for (n, &line) in lines.iter().enumerate() {
        let expected = (start + n as i64).to_string();
        if draft.texts[line].trim().parse() == Ok(start + n as i64) {
            continue;
        }
        let confidence = unchanged(draft, line).and_then(|read| may_be_read(&read, &expected));
        let Some(confidence) = confidence else {
            continue;
        };
        let whole = 0..draft.texts[line].len();
        let why = "its column counts, and this was hardly read";
        let rule = Rule::MisreadFigure;
        draft.edit(line, whole, &expected, rule, confidence, why);
    }
}

/// The number with which a column begins that counts by one.
fn start_of_count(draft: &Draft, lines: &[usize]) -> Option<i64> {
    /// Cells that count, at least, and of all of them in fifths.
    const AT_LEAST: usize = 5;
    const FIFTHS: usize = 4;
    let start = |(n, &line): (usize, &usize)| {
        let number: i64 = draft.texts[line].trim().parse().ok()?;
        Some(number - n as i64)
    };
    let mut starts: Vec<i64> = lines.iter().enumerate().filter_map(start).collect();
    starts.sort_unstable();
    let (start, n_counted) = starts
        .chunk_by(|a, b| a == b)
        .map(|same| (same[0], same.len()))
        .max_by_key(|(_, n)| *n)?;
    (n_counted >= AT_LEAST && n_counted * 5 >= lines.len() * FIFTHS).then_some(start)
}

/// How sure characters are what is expected: each as it was read or held for second best, or else hardly read.
fn may_be_read(characters: &[&LineCharacter], expected: &str) -> Option<f32> {
    const AS_SECOND_BEST: f32 = 0.95;
    const UNREAD: f32 = 0.8;
    let pairs = || characters.iter().copied().zip(expected.chars());
    let says = |(c, expected): (&LineCharacter, char)| {
        let is_other = c.runner_up == Some(expected) || c.digit == Some(expected);
        c.text == expected || c.confidence < CERTAIN && is_other
    };
    let is_unread =
        |(c, expected): (&LineCharacter, char)| c.text == expected || c.confidence < HARDLY_READ;
    if characters.len() == expected.len() && pairs().all(says) {
        Some(AS_SECOND_BEST)
    } else {
        pairs().all(is_unread).then_some(UNREAD)
    }
}

/// A column that gives its total with one digit as the recogniser held it for second best.
fn added_up(draft: &mut Draft, body: &[usize], total: usize) {
    let value = |line: usize| number(&draft.texts[line]);
    let values: Option<Vec<f64>> = body.iter().map(|&line| value(line)).collect();
    let (Some(values), Some(printed)) = (values, value(total)) else {
        return;
    };
    if values.len() < 2 {
        return;
    }
    // No sum of these decimals is nearer to another.
    let decimals = body
        .iter()
        .chain([&total])
        .map(|&line| n_decimals(&draft.texts[line]));
    let slack = 0.5 * 10f64.powi(-(decimals.max().unwrap_or(0) as i32));
    let off = values.iter().sum::<f64>() - printed;
    if off.abs() < slack {
        return;
    }
    let mut proved = Vec::new();
    let signed = body.iter().zip(values).map(|(&line, old)| (line, old, 1.0));
    for (line, old, sign) in signed.chain([(total, -printed, -1.0)]) {
        for digit in other_digits(draft, line) {
            let mut text = draft.texts[line].clone();
            text.replace_range(digit.range.clone(), digit.other.encode_utf8(&mut [0; 4]));
            let new = number(&text).map(|new| sign * new);
            if new.is_some_and(|new| (off - old + new).abs() < slack) {
                proved.push((line, digit));
            }
        }
    }
    if let [(line, OtherDigit { range, other })] = &proved[..] {
        let why = "with what was second best the column gives the printed total";
        let (range, other) = (range.clone(), other.to_string());
        let sure = Rule::MisreadFigure.confidence();
        draft.edit(*line, range, &other, Rule::MisreadFigure, sure, why);
    }
}

fn n_decimals(text: &str) -> usize {
    let decimals = text.rsplit_once('.');
    decimals.map_or(0, |(_, decimals)| decimals.len())
}

/// A digit that a recogniser held for second best, and the bytes of the character that it may stand for.
struct OtherDigit {
    range: Range<usize>,
    other: char,
}

/// Those of a line whose text is unchanged.
fn other_digits(draft: &Draft, line: usize) -> Vec<OtherDigit> {
    let mut at = 0;
    let mut digits = Vec::new();
    for c in unchanged(draft, line).into_iter().flatten() {
        let range = at..at + c.text.len_utf8();
        at = range.end;
        let other = c.runner_up.or(c.digit);
        let is_doubtful = |other: &char| c.confidence < CERTAIN && other.is_ascii_digit();
        digits.extend(
            other
                .filter(is_doubtful)
                .map(|other| OtherDigit { range, other }),
        );
    }
    digits
}

/// The recognised characters of a line whose text is made of them still.
fn unchanged<'a>(draft: &Draft<'a>, line: usize) -> Option<Vec<&'a LineCharacter>> {
    let characters: Vec<&LineCharacter> = characters(&draft.lines[line])
        .into_iter()
        .map(|(_, c)| c)
        .collect();
    let is_same = draft.texts[line]
        .chars()
        .eq(characters.iter().map(|c| c.text));
    (is_same && !characters.is_empty()).then_some(characters)
}

#[cfg(test)]
mod tests {
    use super::super::tables;
    use super::*;
    use crate::config::Config;
    use extract::laid::{PrintedCell, PrintedTable};

    /// A line whose characters are sure but for those given with their confidence and runner-up.
    fn line(text: &str, doubtful: &[(usize, f32, char)]) -> Line {
        let character = |(n, text): (usize, char)| {
            let doubtful = doubtful.iter().find(|(at, ..)| *at == n);
            LineCharacter {
                text,
                bbox: [0.0; 4],
                confidence: doubtful.map_or(1.0, |(_, confidence, _)| *confidence),
                runner_up: doubtful.map(|(_, _, runner_up)| *runner_up),
                digit: None,
            }
        };
        let characters = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .enumerate()
            .map(character)
            .collect();
        Line {
            id: "p1:1".to_owned(),
            page: Some(1),
            text: text.to_owned(),
            blank_before: 0,
            bbox: None,
            confidence: Some(1.0),
            characters,
        }
    }

    /// The first line as it is read again; the others are the rest of the document.
    fn read_again(lines: &[Line], is_figure: bool) -> String {
        let evidence = Evidence {
            figures: vec![is_figure],
            ..Evidence::of(lines, None, true)
        };
        let mut edits = edits(&lines[0], 0, &evidence);
        edits.retain(|(_, edit)| {
            edit.confidence.unwrap_or(1.0) >= Config::default().repair.min_confidence
        });
        edited(&lines[0].text, &edits)
    }

    #[test]
    fn a_column_of_figures_holds_figures() {
        let cell =
            |text, doubtful: &[(usize, f32, char)]| read_again(&[line(text, doubtful)], true);
        assert_eq!(cell("8,16", &[(1, 0.4, '.')]), "8.16");
        assert_eq!(cell("8,160", &[(1, 0.4, '.')]), "8,160");
        assert_eq!(cell("L.16", &[(0, 0.99, '1')]), "1.16");
        // Not even the runner-up is a digit; or a word stands among figures.
        assert_eq!(cell("3è", &[(1, 0.4, 'º')]), "3è");
        assert_eq!(cell("长期", &[(0, 0.4, '1')]), "长期");
    }

    /// A table of one row a line, read again; the cells of a row are parted by `|`.
    fn table_read_again(rows: &[&str], doubtful: &[(usize, usize, f32, char)]) -> String {
        let mut lines = Vec::new();
        let mut cells = Vec::new();
        for (row, text) in rows.iter().enumerate() {
            for (col, text) in text.split('|').enumerate() {
                let here: Vec<_> = doubtful
                    .iter()
                    .filter(|d| d.0 == lines.len())
                    .map(|&(_, at, confidence, c)| (at, confidence, c))
                    .collect();
                cells.push(PrintedCell {
                    row,
                    col,
                    rowspan: 1,
                    colspan: 1,
                    bbox: [0.0; 4],
                    lines: vec![lines.len()],
                });
                lines.push(line(text, &here));
            }
        }
        let (n_rows, n_cols) = (rows.len(), cells.len() / rows.len());
        let printed = PrintedTable {
            page: 1,
            bbox: [0.0; 4],
            n_rows,
            n_cols,
            cells,
            ruled: true,
        };
        let config = Config::default();
        let mut draft = Draft::new(&lines, None, &config);
        let passage = tables::printed(&printed, 0..lines.len());
        let mut passages = vec![passage];
        tables::merge_across_pages(&mut draft, &mut passages);
        by_arithmetic(&mut draft, &passages);
        draft
            .texts
            .chunks(n_cols)
            .map(|row| row.join("|"))
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn a_column_counts_or_adds_up() {
        let rows = [
            "序号|村名|户数",
            "1|东沟|10",
            "2|西沟|14",
            "8|南沟|11",
            "4|北沟|16",
            "5|中沟|12",
            "6|后沟|9",
            "合计||69",
        ];
        // 3 was second best, and so was 13.
        let read = table_read_again(
            &rows,
            &[(9, 0, 0.6, '3'), (11, 1, 0.6, '3'), (20, 0, 0.8, '8')],
        );
        assert!(read.contains("\n3|南沟") && read.contains("|69"), "{read}");
        let rows = rows.map(|row| {
            if row.starts_with("合计") {
                "合计||74"
            } else {
                row
            }
        });
        assert!(table_read_again(&rows, &[(8, 1, 0.6, '5'), (11, 1, 0.6, '3')]).contains("|13\n"));
        // Two readings would give the total, or none is doubtful: nothing is proved.
        assert!(
            table_read_again(&rows, &[(11, 1, 0.6, '3'), (5, 1, 0.6, '2')]).contains("8|南沟|11\n")
        );
        assert!(table_read_again(&rows, &[]).contains("8|南沟|11\n"));
    }

    #[test]
    fn figures_in_text() {
        let text =
            |text, doubtful: &[(usize, f32, char)]| read_again(&[line(text, doubtful)], false);
        assert_eq!(text("担保9，500万元", &[(3, 0.95, ',')]), "担保9,500万元");
        assert_eq!(
            text("在2022，500人到会", &[(5, 0.95, ',')]),
            "在2022，500人到会"
        );
        assert_eq!(text("增长8,16%", &[(3, 0.6, '.')]), "增长8.16%");
        assert_eq!(
            text("2O23年l5日", &[(1, 0.7, '0'), (5, 0.6, '1')]),
            "2023年15日"
        );
        assert_eq!(text("执行GB3O95的", &[(5, 0.7, '0')]), "执行GB3O95的");
    }

    #[test]
    fn brackets_of_the_year_are_those_that_were_read_or_nearly() {
        let text =
            |text, doubtful: &[(usize, f32, char)]| read_again(&[line(text, doubtful)], false);
        assert_eq!(text("云政发〔2023]1号", &[]), "云政发〔2023〕1号");
        assert_eq!(
            text("云政发 [2023]1号", &[(3, 0.6, '〔')]),
            "云政发 〔2023〕1号"
        );
        assert_eq!(
            text("云政发[2023]1号", &[(3, 1.0, '〔')]),
            "云政发[2023]1号"
        );
        assert_eq!(text("控制在65%o以下", &[]), "控制在65‰以下");
    }

    #[test]
    fn the_ring_of_a_degree_is_read_once() {
        let mut doubtful = line("95O℃以上", &[(2, 0.8, '0')]);
        for (n, bbox) in [
            [0.0, 0.0, 5.0, 10.0],
            [5.0, 0.0, 10.0, 10.0],
            [10.0, 0.5, 14.0, 4.5],
        ]
        .into_iter()
        .enumerate()
        {
            doubtful.characters[n].bbox = bbox;
        }
        assert_eq!(read_again(&[doubtful.clone()], false), "95℃以上");
        // As high as the figures before it, it is one.
        doubtful.characters[2].bbox = [10.0, 0.0, 15.0, 10.0];
        assert_eq!(read_again(&[doubtful], false), "950℃以上");
    }

    #[test]
    fn what_the_document_or_the_dictionary_has_is_meant() {
        let doubted = line("松自乡中心学校", &[(1, 0.6, '白')]);
        let elsewhere = line("东松白乡", &[]);
        assert_eq!(
            read_again(
                &[doubted.clone(), elsewhere.clone(), elsewhere.clone()],
                false
            ),
            "松白乡中心学校"
        );
        assert_eq!(
            read_again(
                &[
                    doubted.clone(),
                    elsewhere.clone(),
                    elsewhere,
                    line("松自乡中", &[])
                ],
                false
            ),
            "松自乡中心学校"
        );
        assert_eq!(read_again(&[doubted], false), "松自乡中心学校");
        assert_eq!(
            read_again(&[line("排放的工氧化碳", &[(3, 0.4, '二')])], false),
            "排放的二氧化碳"
        );
        assert_eq!(
            read_again(&[line("區域削減量", &[(3, 0.6, '减')])], false),
            "區域削减量"
        );
        // Two characters that happen to be a word.
        assert_eq!(
            read_again(&[line("柳林镇塙上村", &[(3, 0.5, '墙')])], false),
            "柳林镇塙上村"
        );
    }
}
