//! Paragraphs out of lines: one decision, `continuation`, that sees the text and the layout.

use std::ops::Range;

use super::columns::Grid;
use super::{Draft, Form, Passage, Span, columns};
use extract::laid::{Laid, PrintedLine};
use language::facts::{LineKind, TextFacts};
use language::issuers::is_issuer_name;
use language::label::{Kind, Label, label};
use language::roster::is_roster;
use language::script::{is_blank, is_han, is_terminal, last_mark, width};
use language::titles::{ends_entry, ends_title};
use language::words;
use model::Rule;

/// What the layout of the whole input says about its line breaks.
#[derive(Debug)]
pub struct Layout {
    /// The printed line of each line, where the text is hard-wrapped.
    pub printed: Option<Vec<Printed>>,
    /// Share of the long lines that end inside a sentence: columns and pages were cut out of paragraphs.
    pub broken: f32,
    /// Columns of so many characters and lines, where the breaks prove them.
    pub grid: Option<Grid>,
}

/// A line shorter than this (in characters) says nothing of whether its text is prose.
const SHORT: f32 = 26.0;
/// How far a full line may stay behind the measure: one mark that would not fit, or one that hangs.
const SLACK: f32 = 1.6;

impl Layout {
    /// `contents`: the lines of the contents, which are set in a way of their own.
    /// `laid` says where the lines of a PDF stand; without it their widths must tell.
    pub fn of(draft: &Draft, laid: Option<&Laid>, contents: &Range<usize>) -> Layout {
        if let Some(laid) = laid {
            return Layout {
                printed: Some(
                    laid.lines
                        .iter()
                        .enumerate()
                        .map(|(i, line)| of_geometry(i, line))
                        .collect(),
                ),
                broken: 1.0,
                grid: None,
            };
        }
        let text = |i: usize| {
            (!draft.lines[i].text.contains('\t')).then(|| draft.texts[i].trim_matches(is_blank))
        };
        let widths: Vec<Option<f32>> = (0..draft.lines.len())
            .map(|i| text(i).filter(|_| !contents.contains(&i)).map(width))
            .collect();
        let measure = measure(draft, &widths);
        let long = |i: &usize| widths[*i].is_some_and(|w| w >= SHORT);
        let n_long = (0..widths.len()).filter(long).count();
        let n_broken = (0..widths.len())
            .filter(long)
            .filter(|&i| {
                text(i)
                    .and_then(last_mark)
                    .is_some_and(|c| is_han(c) || matches!(c, '，' | '、' | ','))
            })
            .count();
        let broken = n_broken as f32 / n_long.max(1) as f32;
        let grid = if measure.is_none() && broken >= 0.05 {
            columns::grid(draft)
        } else {
            None
        };
        Layout {
            printed: measure.map(|measure| printed_lines(draft, &measure)),
            broken,
            grid,
        }
    }
}

/// The measure at each line if the text is hard-wrapped: lines end near one width, page by page.
fn measure(draft: &Draft, widths: &[Option<f32>]) -> Option<Vec<f32>> {
    // A run of lines long enough to show its measure: a page, or this many lines of a text without pages.
    const RUN: usize = 60;
    let mut runs: Vec<Range<usize>> = Vec::new();
    for i in 0..widths.len() {
        match runs.last_mut() {
            Some(run) if run.len() < RUN && draft.lines[run.start].page == draft.lines[i].page => {
                run.end = i + 1
            }
            _ => runs.push(i..i + 1),
        }
    }
    let (mut full, mut all, mut measured) = (0, 0, 0);
    let mut measures: Vec<Option<f32>> = Vec::with_capacity(runs.len());
    for run in &runs {
        let mut w: Vec<f32> = widths[run.clone()]
            .iter()
            .flatten()
            .copied()
            .filter(|&w| w > 4.0)
            .collect();
        w.sort_by(|a, b| b.total_cmp(a));
        // The widest width that several lines share.
        let enough = (w.len() / 12).max(2);
        // A few wider lines are contents or titles in one piece.
        let outliers = w.len() / 15;
        let w = &w[outliers..];
        let found = (w.len() >= 8)
            .then(|| {
                (0..w.len())
                    .find(|&i| w[i..].iter().take_while(|&&x| x >= w[i] - 0.8).count() >= enough)
            })
            .flatten()
            .map(|i| w[i]);
        // Where lines are paragraphs, the widest are wider than any printed line.
        let found = found.filter(|m| (8.0..=64.0).contains(m) && w[0] <= m + 8.0);
        full += found.map_or(0, |m| {
            w.iter()
                .filter(|&&x| (m - SLACK..=m + 1.0).contains(&x))
                .count()
        });
        all += w.len();
        measured += if found.is_some() { w.len() } else { 0 };
        measures.push(found);
    }
    let mut known: Vec<f32> = measures.iter().flatten().copied().collect();
    // Four filled lines are the least that show a measure.
    if known.is_empty()
        || full < 4
        || measured * 10 < all * 7
        || (full as f32) < draft.config().wrapped_share * all as f32
    {
        return None;
    }
    known.sort_by(f32::total_cmp);
    let usual = known[known.len() / 2];
    Some(
        runs.iter()
            .zip(&measures)
            .flat_map(|(run, m)| vec![m.unwrap_or(usual); run.len()])
            .collect(),
    )
}

/// A line as the decision sees it.
#[derive(Debug)]
struct Sight<'a> {
    text: &'a str,
    width: f32,
    /// White space before it in the extracted line, in characters.
    indent: f32,
    label: Option<Label>,
    role: LineKind,
}

fn sight<'a>(text: &'a str, facts: &TextFacts, raw: &str) -> Sight<'a> {
    let lead = &raw[..raw.len() - raw.trim_start_matches(is_blank).len()];
    let indent = lead
        .chars()
        .map(|c| if c == '\u{3000}' { 1.0 } else { 0.5 })
        .sum();
    Sight {
        text,
        width: facts.width,
        indent,
        label: facts.label.clone().or_else(|| raw_label(text, raw)),
        role: facts.kind,
    }
}

/// The label of a repaired text; where a repair took away the space that made it one (5. 5岁), the printed line says.
pub fn raw_label(text: &str, raw: &str) -> Option<Label> {
    let raw = label(raw.trim_matches(is_blank))?;
    (raw.kind == Kind::Digit && text.starts_with(&raw.text)).then_some(Label {
        len: raw.text.len(),
        ..raw
    })
}

/// Why one line goes on in the next.
struct Join {
    rule: Rule,
    confidence: f32,
    why: &'static str,
    word: Option<String>,
}

fn join(rule: Rule, confidence: f32, why: &'static str) -> Option<Join> {
    Some(Join {
        rule,
        confidence,
        why,
        word: None,
    })
}

/// A passage that is being put together.
struct Open {
    spans: Vec<Span>,
    role: LineKind,
    label: Option<Label>,
    /// White space before its first line.
    indent: f32,
    /// Width of the whole passage.
    total: f32,
    /// 《 and （ that are still open, and the width since the first of them.
    open: i32,
    since_open: f32,
    /// It holds a mark that a heading or a name would not.
    prose: bool,
}

/// Makes passages of text lines that follow each other, furniture left out.
pub fn passages(draft: &mut Draft, layout: &Layout, lines: &[usize], out: &mut Vec<Passage>) {
    let unwoven = columns::unweave(draft, lines);
    let mut open: Option<Open> = None;
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        let rest = &lines[at..];
        let woven = unwoven.iter().find(|w| w.lines.start == line);
        let spans: Vec<Span> = woven.map_or_else(|| vec![Span::line(line)], |w| w.spans.clone());
        at += woven.map_or(1, |w| w.lines.len());
        let text = draft.text(&spans);
        let woven_facts = (spans.len() > 1 || spans[0].range.is_some())
            .then(|| TextFacts::new(&text, draft.forms));
        let facts = woven_facts.as_ref().unwrap_or(&draft.facts[line]);
        let mut seen = sight(&text, facts, &draft.lines[line].text);
        seen.label = seen.label.or_else(|| draft.decimals[line].clone());
        if let Some(printed) = layout
            .printed
            .as_ref()
            .filter(|_| draft.lines[line].bbox.is_some())
        {
            seen.indent = printed[line].indent;
        }
        let decision = open
            .as_ref()
            .and_then(|open| continuation(draft, layout, open, &seen, rest));
        let joined = match (decision, &open) {
            (Some(decision), Some(open)) => {
                let before = draft.text(&open.spans);
                let why = match &decision.word {
                    Some(word) => format!("{}: {word}", decision.why).into(),
                    None => std::borrow::Cow::Borrowed(decision.why),
                };
                doubled(draft, &before, line);
                invented_bracket(draft, &before, line);
                let from = open.spans.last().expect("an open passage has a line").line;
                draft.join(
                    from,
                    spans[0].clone(),
                    decision.rule,
                    decision.confidence,
                    why,
                )
            }
            _ => None,
        };
        let marks = |c: char| matches!(c, '，' | '。' | '；');
        if let (Some(first), Some(open)) = (joined, &mut open) {
            open.spans.push(first);
            open.spans.extend(spans.into_iter().skip(1));
            let text = draft.slice(&Span::line(line));
            open.total += seen.width;
            open.since_open = if open.open > 0 {
                open.since_open + seen.width
            } else {
                0.0
            };
            open.open = (open.open + brackets(text)).max(0);
            open.prose |= text.contains(marks);
        } else {
            close(&mut open, out);
            open = Some(Open {
                role: seen.role,
                indent: seen.indent,
                total: seen.width,
                open: brackets(&text).max(0),
                since_open: 0.0,
                prose: text.contains(marks) || seen.label.is_none() && seen.width >= 1.5 * SHORT,
                label: seen.label,
                spans,
            });
        }
    }
    close(&mut open, out);
}

fn close(open: &mut Option<Open>, out: &mut Vec<Passage>) {
    if let Some(open) = open.take() {
        let form = if open.role == LineKind::Formula {
            Form::Formula
        } else {
            Form::Text
        };
        out.push(Passage {
            form,
            spans: open.spans,
        });
    }
}

fn brackets(text: &str) -> i32 {
    text.chars()
        .map(|c| match c {
            '《' | '（' | '(' | '〔' | '〈' => 1,
            '》' | '）' | ')' | '〕' | '〉' => -1,
            _ => 0,
        })
        .sum()
}

/// Whether the lines from here on close a bracket that is open, before a numbered one begins something new.
fn closes(draft: &Draft, rest: &[usize]) -> bool {
    const REACH: usize = 10;
    let mut open = 0;
    rest.iter()
        .take(REACH)
        .map(|&i| (draft.texts[i].trim_matches(is_blank), &draft.facts[i]))
        .take_while(|(text, facts)| {
            facts.label.is_none() && facts.kind == LineKind::Prose || text.starts_with(['月', '日'])
        })
        .any(|(text, _)| {
            open += brackets(text);
            open < 0
        })
}

/// Whether the passage goes on in the line, and by which rule: the one place where this is decided.
fn continuation(
    draft: &Draft,
    layout: &Layout,
    open: &Open,
    next: &Sight,
    rest: &[usize],
) -> Option<Join> {
    let line = *rest.first()?;
    let last = open.spans.last().expect("an open passage has a line");
    let before = draft.slice(last);
    let mark = last_mark(before)?;
    let first = next.text.chars().next()?;
    let blank_line =
        draft.lines[line].blank_before > 0 || draft.leaves[line] != draft.leaves[last.line];

    if layout
        .printed
        .as_ref()
        .is_some_and(|printed| differ_in_size(draft, printed, last.line, line))
    {
        return None;
    }
    // A mark that can't begin a line.
    if next.indent < 1.5
        && matches!(
            first,
            '，' | '。' | '、' | '；' | '：' | '）' | '》' | '”' | '！' | '？' | '〕' | '％'
        )
        && open.role != LineKind::Date
    {
        return join(
            Rule::JoinLines,
            0.97,
            "a paragraph does not begin with such a mark",
        );
    }
    // 你们《关于…的请示》（云政〔2022〕5号） / 收悉。
    if next.indent < 1.5 && next.text.starts_with("收悉") {
        return join(Rule::JoinLines, 0.95, "what was received stands before");
    }
    // A note below a title, set in the middle: when and by whom the text was passed.
    if is_title_note(draft, open) {
        let closes_it = open.open > 0
            && next.text.ends_with(['）', ')'])
            && open.open + brackets(next.text) == 0;
        if closes_it {
            return join(
                Rule::JoinBrackets,
                0.95,
                "a note in brackets is open across the break",
            );
        }
        if open.open == 0 && before.ends_with(['）', ')']) {
            return None;
        }
    }
    // ——2023年1月9日在云溪县第五届人民代表大 / 会第三次会议上
    if open.spans.len() == 1
        && before.starts_with('—')
        && before.contains('年')
        && before.contains('在')
        && !before.ends_with('上')
        && !open.prose
        && (next.text.ends_with("会议上") || next.text.ends_with("大会上"))
        && next.width <= 30.0
    {
        return join(
            Rule::JoinLines,
            0.9,
            "where a report was given, over two lines",
        );
    }
    // A bracket that the next line closes; a bracket that was never closed says nothing a few lines later.
    if next.indent < 1.5
        && open.open > 0
        && open.since_open < 400.0
        && closes(draft, rest)
        && !matches!(next.role, LineKind::Number | LineKind::Note)
        && next.label.as_ref().is_none_or(|l| l.kind != Kind::Han)
    {
        return join(
            Rule::JoinBrackets,
            0.95,
            "a bracket is open across the break",
        );
    }
    if open.open > 0
        && open.total < 400.0
        && next.text.starts_with("《（")
        && next.text.contains('》')
    {
        return join(
            Rule::JoinBrackets,
            0.85,
            "a bracket is open, and what follows it closes it",
        );
    }
    if copies_go_on(draft, layout, open, next, line) {
        return join(
            Rule::JoinLines,
            0.9,
            "a list of who gets copies goes on under its first name",
        );
    }
    if matches!(next.role, LineKind::Number | LineKind::Date | LineKind::Note | LineKind::AttachmentLabel | LineKind::AttachmentList | LineKind::Colophon | LineKind::Caption | LineKind::Section | LineKind::Masthead)
        || matches!(open.role, LineKind::Number | LineKind::Date | LineKind::Note | LineKind::AttachmentLabel | LineKind::Caption | LineKind::Section | LineKind::Masthead)
        // White space before it: a paragraph, a title in the middle, a name at the right.
        || next.indent >= 1.5
    {
        return None;
    }
    if (open.role == LineKind::Formula
        || next.role == LineKind::Formula
        || next.text.starts_with(|c: char| c.is_ascii_digit()))
        && before.ends_with(['×', '÷', '=', '+', '/'])
        || open.role == LineKind::Formula && next.text.starts_with(['×', '÷', '=', '+', '/'])
    {
        return join(
            Rule::JoinFormula,
            0.9,
            "a sign of arithmetic stands at the end of the line",
        );
    }
    if open.role == LineKind::Formula || next.role == LineKind::Formula {
        let goes_on = open.role == LineKind::Formula
            && next.role == LineKind::Formula
            && !next.text.contains(['=', '＝']);
        return if goes_on {
            join(
                Rule::JoinFormula,
                0.9,
                "the rest of a formula: it has no equals sign of its own",
            )
        } else {
            None
        };
    }
    if next.label.is_some() {
        return None;
    }
    // 《关于…的通知》 / （云政办发〔2012〕18号）, also as an item of a list: 3.关于…的通知
    if (before.ends_with('》') || open.label.is_some() && ends_title(before))
        && next.text.starts_with(['（', '('])
        && next
            .text
            .find("号）")
            .is_some_and(|end| next.text[..end].contains(['〔', '[', '﹝', '【']))
    {
        return join(
            Rule::JoinLines,
            0.9,
            "the number of the text that the line before names",
        );
    }
    if open.spans.len() == 1 && open.label.as_ref().is_some_and(|l| l.len == before.len()) {
        return join(
            Rule::JoinLines,
            0.9,
            "a number alone belongs to what follows it",
        );
    }
    if open.role == LineKind::AttachmentList
        || open.role == LineKind::Prose
            && open.label.is_some()
            && open.total < 60.0
            && follows_attachment_list(draft, open)
    {
        // 附件：申请表 / 云溪市教育局
        let named = ends_entry(before) || before.ends_with(['表', '单', '图', '书', '录']);
        let ends = is_terminal(mark) && mark != '：'
            || next.text.ends_with(['：', ':'])
            || named && is_issuer_name(next.text);
        return if ends || signs(draft, next, rest) || next.width > 40.0 {
            None
        } else {
            join(
                Rule::JoinAttachmentList,
                0.85,
                "the name of an attachment goes on",
            )
        };
    }
    if signs(draft, next, rest) || is_roster(next.text) {
        return None;
    }
    if matches!(mark, '，' | '、' | ',') && !before.ends_with(['”', '》', '）']) {
        let rule = if layout.printed.is_some() {
            Rule::JoinLines
        } else {
            Rule::JoinColumns
        };
        return join(rule, 0.97, "the line before ends in a comma");
    }
    match &layout.printed {
        Some(printed) => wrapped(draft, printed, open, next, line, mark),
        None => unwrapped(draft, layout, open, next, mark, blank_line),
    }
}

/// Every line is a printed line or a piece of one: how far it is filled decides, then the words around the break.
fn wrapped(
    draft: &Draft,
    printed: &[Printed],
    open: &Open,
    next: &Sight,
    line: usize,
    mark: char,
) -> Option<Join> {
    let last = open.spans.last()?;
    let (here, there) = (&printed[last.line], &printed[line]);
    let before = draft.slice(last);
    // An item of a list of texts, and the sentence after the list: 3.关于…的通知（云政发〔2013〕7号） / 本决定自…
    let listed = open.label.is_some() && !open.prose && before.ends_with("号）");
    if listed
        && ["本决定", "本通知", "以上", "上述"]
            .iter()
            .any(|start| next.text.starts_with(start))
    {
        return None;
    }
    if before.ends_with("日）") && open.total <= 130.0 && !open.prose
        || ends_title(before)
        || heads_address(open, before, next.text)
    {
        return None;
    }
    if here.first == there.first && here.is_full {
        return join(
            Rule::JoinFragments,
            0.85,
            "pieces that fill one printed line",
        );
    }
    let parted =
        draft.lines[line].blank_before > 0 && draft.leaves[line] == draft.leaves[last.line];
    if parted && !(here.is_full && open.prose) {
        return None;
    }
    if !is_terminal(mark) {
        if open.indent >= 1.5
            && open.indent <= 2.6
            && next.indent < 0.5
            && open.total >= 0.6 * here.measure
        {
            return join(
                Rule::JoinLines,
                0.85,
                "the paragraph began with an indent and this line has none",
            );
        }
        if here.is_full && (draft.leaves[line] != draft.leaves[last.line]) {
            return join(
                Rule::JoinColumns,
                0.94,
                "the page ends with a filled line and its sentence goes on",
            );
        }
        if here.is_full {
            return join(
                Rule::JoinLines,
                0.94,
                "the line is filled and its sentence goes on",
            );
        }
        // An extractor cuts a printed line at marks and where the font changes.
        let cut_at_mark =
            before.ends_with(|c: char| !is_han(c)) || next.text.starts_with(|c: char| !is_han(c));
        if cut_at_mark
            && (open.prose || !before.ends_with(['）', '》', '”']))
            && here.width + next.width <= here.measure + 1.0
        {
            return join(Rule::JoinFragments, 0.8, "a printed line cut at a mark");
        }
        if open.prose && open.total > here.measure {
            return join(Rule::JoinLines, 0.7, "a sentence of a paragraph goes on");
        }
        return words::cut_by(before, next.text).map(|word| Join {
            rule: Rule::JoinLines,
            confidence: 0.75,
            why: "the break cuts a word",
            word: Some(word),
        });
    }
    // The first line of a paragraph is indented by two characters, the others are not. Where the text keeps its
    // indents, a line without one goes on; else the width of the next line tells.
    let no_indent = open.indent >= 1.5 && next.indent < 0.5
        || there.is_full && there.width - there.indent >= there.measure - 0.7;
    // Where the page itself shows that the next line has no indent, a colon ends nothing.
    let shown = draft.lines[line].bbox.is_some()
        && open.indent >= 1.5
        && open.indent <= 2.6
        && next.indent < 0.5;
    if shown && mark == '：' && (here.is_full || here.width >= 0.3 * here.measure) {
        return join(
            Rule::JoinValue,
            0.75,
            "after a colon the line goes on without an indent",
        );
    }
    if here.is_full && no_indent && mark != '：' {
        return join(
            Rule::JoinLines,
            0.75,
            "the line is filled and the next has no indent",
        );
    }
    None
}

/// （2023年10月26日云溪市人民代表大会常务委员会…
fn is_title_note(draft: &Draft, open: &Open) -> bool {
    let first = open.spans.first().map_or("", |span| draft.slice(span));
    let dated = first
        .trim_start_matches(['（', '('])
        .char_indices()
        .nth(4)
        .is_some_and(|(at, c)| {
            c == '年'
                && first.trim_start_matches(['（', '('])[..at]
                    .chars()
                    .all(|c| c.is_ascii_digit() || "〇○零一二三四五六七八九".contains(c))
        });
    first.starts_with(['（', '(']) && dated && open.total <= 120.0
}

/// A title and the text below it: lines of words, one set larger than the other.
fn differ_in_size(draft: &Draft, printed: &[Printed], a: usize, b: usize) -> bool {
    // Titles are set a third larger, or a quarter in narrow columns; a recogniser's sizes waver by a tenth.
    const RATIO: f32 = 1.18;
    let words = |i: usize| draft.texts[i].chars().filter(|&c| is_han(c)).count() >= 4;
    let (Some(here), Some(there)) = (printed[a].size, printed[b].size) else {
        return false;
    };
    here.max(there) >= RATIO * here.min(there) && words(a) && words(b)
}

/// A title of one or more lines, and an address below it.
fn heads_address(open: &Open, before: &str, next: &str) -> bool {
    let address = next.ends_with(['：', ':']) && !next.contains('。') || next.starts_with('各');
    address && !open.prose && open.label.is_none() && open.total <= 80.0 && ends_entry(before)
}

/// 抄送：市委各部门，市人大 / 常委会办公室。 The second line is set in as far as the first name (GB/T 9704, 7.4.2).
fn copies_go_on(draft: &Draft, layout: &Layout, open: &Open, next: &Sight, line: usize) -> bool {
    /// As far as 抄送： is wide, with the blank before it.
    const SET_IN: std::ops::RangeInclusive<f32> = 1.5..=6.0;
    let last = open.spans.last().map_or(line, |span| span.line);
    let before = draft.texts[last].trim_end_matches(is_blank);
    let is_open = open.role == LineKind::Colophon && !before.ends_with(['。', '发']);
    // A text without places has no such indent.
    is_open
        && (layout.printed.is_some() || before.ends_with(['，', '、']))
        && next.role == LineKind::Prose
        && next.label.is_none()
        && SET_IN.contains(&next.indent)
}

/// The printed line that a line of a hard-wrapped text is, or is a piece of.
#[derive(Debug, Clone, Copy)]
pub struct Printed {
    /// Its first piece.
    first: usize,
    /// Its width, with the indent that it is taken to have.
    width: f32,
    indent: f32,
    measure: f32,
    is_full: bool,
    /// Of its characters in points, where the page shows it.
    size: Option<f32>,
}

/// A printed line whose place is known, measured in its own characters.
fn of_geometry(first: usize, line: &PrintedLine) -> Printed {
    let size = line.size.max(1.0);
    let indent = ((line.bbox[0] - line.column.left) / size).max(0.0);
    let width = (line.bbox[2] - line.column.left) / size;
    let measure = (line.column.right - line.column.left) / size;
    // One character may be missing where a mark or a number went to the next line.
    Printed {
        first,
        width,
        indent,
        measure,
        is_full: measure - width <= 1.2,
        size: Some(size),
    }
}

/// Puts the pieces of printed lines together: pieces that add up to the measure are one line.
fn printed_lines(draft: &Draft, measure: &[f32]) -> Vec<Printed> {
    const PIECES: usize = 9;
    /// Of a hundred lines: an extractor that cuts lines at spaces and figures cuts one in five.
    const TORN: usize = 10;
    let n = draft.lines.len();
    let sights: Vec<Sight> = (0..n)
        .map(|i| {
            let text = draft.texts[i].trim_matches(is_blank);
            sight(text, &draft.facts[i], &draft.lines[i].text)
        })
        .collect();
    // 第二条　为了: a space is set after the number of an article.
    let room = |i: usize| {
        sights[i].width
            + if sights[i]
                .label
                .as_ref()
                .is_some_and(|l| l.kind == Kind::Article)
            {
                1.0
            } else {
                0.0
            }
    };
    let parted = |i: usize| {
        draft.lines[i].blank_before > 0 && i > 0 && draft.lines[i].page == draft.lines[i - 1].page
    };
    let starts = |i: usize| {
        sights[i].label.is_some()
            || draft.decimals[i].is_some()
            || sights[i].indent >= 1.5
            || parted(i)
            || sights[i].role != LineKind::Prose
            || draft.lines[i].text.contains('\t')
    };
    // An address, the date in brackets under a title, a title: nothing follows on their line.
    let ends = |i: usize| {
        sights[i].text.ends_with(['：', ':'])
            || sights[i].text.ends_with("日）")
            || ends_title(sights[i].text)
    };
    let chained = |ends: &dyn Fn(usize) -> bool| {
        let mut printed: Vec<Printed> = Vec::with_capacity(n);
        let mut i = 0;
        while i < n {
            let full = measure[i];
            let goes_on = printed.last().is_some_and(|p: &Printed| p.is_full);
            let indents: &[f32] = if starts(i) || !goes_on {
                &[2.0, 0.0]
            } else {
                &[0.0, 2.0]
            };
            let run = indents.iter().find_map(|&indent| {
                let mut sum = indent;
                let goes_on =
                    |j: usize| draft.leaves[j] == draft.leaves[i] && !starts(j) && !ends(j - 1);
                (i..n.min(i + PIECES))
                    .take_while(|&j| j == i || goes_on(j))
                    .find_map(|j| {
                        sum += room(j);
                        (full - SLACK..=full + 0.8)
                            .contains(&sum)
                            .then_some((j + 1, sum, indent))
                    })
            });
            let (end, width, indent) = run.unwrap_or((i + 1, room(i) + indents[0], indents[0]));
            printed.extend((i..end).map(|_| Printed {
                first: i,
                width,
                indent,
                measure: full,
                is_full: run.is_some(),
                size: None,
            }));
            i = end;
        }
        printed
    };
    let printed = chained(&ends);
    let is_sentence = |i: usize| last_mark(sights[i].text).is_some_and(is_terminal);
    let n_torn = (1..n)
        .filter(|&i| printed[i].first == printed[i - 1].first && !is_sentence(i - 1))
        .count();
    // Where no line is torn, the end of a paragraph and the next short one add up by chance.
    if n_torn * 100 > TORN * n {
        printed
    } else {
        chained(&|i| ends(i) || is_sentence(i))
    }
}

/// Words that a heading, a name or a sentence does not end in.
const NO_END: [char; 16] = [
    '的', '和', '与', '将', '对', '及', '或', '在', '向', '从', '把', '被', '各', '于', '以', '并',
];

/// A line is a paragraph or a part of one that a column or page cut off.
fn unwrapped(
    draft: &Draft,
    layout: &Layout,
    open: &Open,
    next: &Sight,
    mark: char,
    blank_line: bool,
) -> Option<Join> {
    /// Characters: the last line of a paragraph, and the full line before it.
    const REST: f32 = 12.0;
    const LONG: f32 = 24.0;
    let last = open.spans.last()?;
    let before = draft.slice(last);
    if mark == '：' {
        let value = next.width <= 30.0 && !next.text.chars().any(is_han) && open.total <= 12.0;
        return if value {
            join(
                Rule::JoinValue,
                0.85,
                "a label ends in a colon and its value stands alone",
            )
        } else {
            None
        };
    }
    if is_terminal(mark) {
        let grid = layout.grid.as_ref()?;
        return if mark == '。'
            && blank_line
            && grid.ends_column(last.line)
            && !open.spans.is_empty()
            && next.width >= 6.0
        {
            join(
                Rule::JoinColumns,
                0.8,
                "the column ends here, and no new paragraph begins at the head of the next",
            )
        } else {
            None
        };
    }
    // …支持其开展乡村治理试点示 / 范。
    let short_end =
        open.prose && next.width <= REST && next.text.ends_with('。') && width(before) >= LONG;
    const SHORT_END: &str = "a sentence without its end, and the short end of one";
    // A heading or a name: no mark inside, so nothing but a cut word or a filled line says that it goes on.
    let heading = open.label.as_ref().is_some_and(|l| {
        open.spans.len() == 1
            && open.total <= 40.0
            && !before.contains('。')
            && (l.level <= 2 || !before.contains(['，', '：', '、', '；']))
    });
    if heading || !open.prose {
        if blank_line && before.ends_with(NO_END) && open.total >= 6.0 {
            return join(Rule::JoinColumns, 0.85, "nothing ends in such a word");
        }
        if short_end {
            return join(Rule::JoinLines, 0.8, SHORT_END);
        }
        let cut = words::cut_by(before, next.text);
        let ends_column = layout.grid.as_ref().map(|grid| grid.ends_column(last.line));
        let orphan = next.width <= 8.0
            && !next.text.ends_with(NO_END)
            && !next.text.contains(['，', '。', '：', '、'])
            && heading;
        return match (cut, ends_column) {
            (Some(word), ends) if heading && blank_line => Some(Join {
                rule: Rule::JoinHeading,
                confidence: if ends == Some(false) { 0.7 } else { 0.85 },
                why: "the break cuts a word of a heading",
                word: Some(word),
            }),
            (Some(word), _) if blank_line && layout.broken >= 0.03 => Some(Join {
                rule: Rule::JoinColumns,
                confidence: 0.7,
                why: "the break cuts a word",
                word: Some(word),
            }),
            // Numbered items are sentences; one that fills its line without ending goes on.
            (_, Some(true))
                if blank_line && !orphan && open.label.as_ref().is_some_and(|l| l.level >= 3) =>
            {
                join(
                    Rule::JoinColumns,
                    0.75,
                    "an item ends with its column and without a mark",
                )
            }
            (_, Some(true)) if orphan && blank_line => join(
                Rule::JoinHeading,
                0.8,
                "a heading at the end of a column, and a short rest without a number",
            ),
            _ => None,
        };
    }
    if layout.broken >= 0.03 && open.prose {
        return join(
            Rule::JoinColumns,
            if blank_line { 0.95 } else { 0.85 },
            "a sentence goes on after a column or page",
        );
    }
    if short_end {
        return join(Rule::JoinLines, 0.8, SHORT_END);
    }
    words::cut_by(before, next.text)
        .filter(|_| open.prose)
        .map(|word| Join {
            rule: Rule::JoinColumns,
            confidence: 0.75,
            why: "the break cuts a word",
            word: Some(word),
        })
}

/// The passage is an item of a list that `附件：` opened: the one before it in print was.
fn follows_attachment_list(draft: &Draft, open: &Open) -> bool {
    let Some(first) = open.spans.first() else {
        return false;
    };
    let Some(seq) = open
        .label
        .as_ref()
        .filter(|l| l.kind == Kind::Digit)
        .map(|l| l.seq)
    else {
        return false;
    };
    (first.line.saturating_sub(12)..first.line)
        .rev()
        .take(4 * seq as usize + 4)
        .any(|i| draft.facts[i].kind == LineKind::AttachmentList)
}

/// A line that signs: a name, and the date below it or below the names that follow it.
fn signs(draft: &Draft, next: &Sight, rest: &[usize]) -> bool {
    let text = |i: &usize| draft.texts[*i].trim_matches(is_blank);
    let name = |text: &str| width(text) <= 40.0 && is_issuer_name(text);
    name(next.text)
        && rest
            .iter()
            .skip(1)
            .take(4)
            .find(|i| !name(text(i)))
            .is_some_and(|i| draft.facts[*i].kind == LineKind::Date)
}

/// `企业` / `业及监管人员` → `企业` / `及监管人员`: the gazette has the text without the doubling elsewhere.
pub fn doubled(draft: &mut Draft, before: &str, line: usize) {
    let text = draft.texts[line].trim_start_matches(is_blank);
    let start = draft.texts[line].len() - text.len();
    let (Some(last), Some(first)) = (before.chars().next_back(), text.chars().next()) else {
        return;
    };
    if last != first || !is_han(first) {
        return;
    }
    let left: String = before
        .chars()
        .rev()
        .take(2)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let right: String = text.chars().skip(1).take(2).collect();
    if right.chars().count() < 2 || left.chars().count() < 2 {
        return;
    }
    let occurs = |window: String| draft.occurs(&window);
    if occurs(format!("{left}{right}")) && !occurs(format!("{left}{first}{right}")) {
        draft.edit(
            line,
            start..start + first.len_utf8(),
            "",
            Rule::DoubledCharacter,
            0.9,
            "a character doubled where the line wraps; elsewhere it stands once",
        );
    }
}

/// `《…实施计划` / `《（2021-2025年）的通知》` → the bracket that a recogniser added at the head of a column goes.
fn invented_bracket(draft: &mut Draft, before: &str, line: usize) {
    let text = draft.texts[line].trim_start_matches(is_blank);
    let start = draft.texts[line].len() - text.len();
    let depth = |t: &str| {
        t.chars()
            .map(|c| i32::from(c == '《') - i32::from(c == '》'))
            .sum::<i32>()
    };
    // The sentence that the break cuts, on both sides.
    let tail = before.rsplit('。').next().unwrap_or(before);
    let head = text.split('。').next().unwrap_or(text);
    if text.starts_with('《')
        && depth(tail) == 1
        && depth(tail) + depth(head) == 1
        && !text[..text.find('》').unwrap_or(0)].contains("〈")
    {
        draft.edit(
            line,
            start..start + '《'.len_utf8(),
            "",
            Rule::InventedBracket,
            0.85,
            "a second 《 at the head of a column; the first closes without it",
        );
    }
}
