//! Joins in a text whose every line is a printed line or a piece of one: how far it is filled decides, then the words
//! around the break.

use super::{Break, Gap, Reason, Step, because};
use crate::repair::measure::{INDENT, LineMetrics};
use language::facts::LineKind;
use language::script::{is_han, is_terminal};
use language::titles::{ends_entry, ends_title};
use language::words;
use model::Rule;

/// Titles and lists end first; then inside a sentence, the surest sign first; last where a sentence ended.
pub static JOINS: &[Step] = &[
    Step::Bar("end-of-list", ends_list),
    Step::Bar("end-of-title", ends_title_or_note),
    Step::Join(Rule::JoinFragments, fragments),
    Step::Bar("blank-line", is_parted),
    Step::Join(Rule::JoinIndent, indent),
    Step::Join(Rule::JoinPageEnd, page_end),
    Step::Join(Rule::JoinFilledLine, filled_line),
    Step::Join(Rule::JoinCutAtMark, cut_at_mark),
    Step::Join(Rule::JoinOpenSentence, open_sentence),
    Step::Join(Rule::JoinCutWord, cut_word),
    Step::Bar("line-not-filled", is_unfinished),
    Step::Join(Rule::JoinAfterColon, after_colon),
    Step::Join(Rule::JoinFilledSentence, filled_sentence),
];

/// A line that begins less far in than this, in full characters, has no indent.
const FLUSH: f32 = 0.5;
/// The indent of a paragraph in print, in full characters: two, measured roughly.
pub const PARAGRAPH: std::ops::RangeInclusive<f32> = INDENT..=2.6;

/// The printed lines before and after the break.
fn metrics(at: &Break) -> Option<(LineMetrics, LineMetrics)> {
    let of = |line: usize| at.draft.facts[line].place.metrics;
    of(at.before.line).zip(of(at.next.line))
}

fn fills_line(at: &Break) -> bool {
    metrics(at).is_some_and(|(here, _)| here.is_full)
}

/// An item of a list of texts, and the sentence after the list: `3.关于…的通知（云政发〔2013〕7号）` / `本决定自…`
fn ends_list(at: &Break) -> bool {
    at.open.label.is_some()
        && !at.open.is_prose
        && at.before.text.ends_with("号）")
        && ["本决定", "本通知", "以上", "上述"]
            .iter()
            .any(|start| at.next.text.starts_with(start))
}

/// A title, the date in brackets below it, and a title above an address.
fn ends_title_or_note(at: &Break) -> bool {
    /// The widest title with its note, in full characters.
    const WIDEST: f32 = 130.0;
    let is_dated = at.before.text.ends_with("日）") && at.open.width <= WIDEST && !at.open.is_prose;
    is_dated || ends_title(at.before.text) || heads_address(at) || ends_long_title(at)
}

/// A title of many lines, whose 《》 hold marks that no other title has, and a whole address below it.
fn ends_long_title(at: &Break) -> bool {
    /// The widest title, in full characters.
    const WIDEST: f32 = 160.0;
    let is_address = at.next.facts.text.addressees_end == Some(at.next.text.len());
    let ends = at.before.facts.text.ends_title || at.before.facts.text.document_kind.is_some();
    is_address
        && ends
        && at.open.label.is_none()
        && at.open.width <= WIDEST
        && !at.draft.text(&at.open.spans).contains(['。', '，'])
}

/// A title of one or more lines, and an address below it.
fn heads_address(at: &Break) -> bool {
    /// The widest title, in full characters.
    const WIDEST: f32 = 80.0;
    let next = at.next.text;
    let is_address = next.ends_with(['：', ':']) && !next.contains('。') || next.starts_with('各');
    is_address
        && !at.open.is_prose
        && at.open.label.is_none()
        && at.open.width <= WIDEST
        && ends_entry(at.before.text)
}

/// `现将` / `《方案》印发给你们，请认真贯彻执行`, which fill one line
fn fragments(at: &Break) -> Option<Reason> {
    let (here, there) = metrics(at)?;
    if here.first == there.first && here.is_full {
        because(Rule::JoinFragments, "pieces that fill one printed line")
    } else {
        None
    }
}

/// White space stands between the lines, and no filled line says that it is a slip.
fn is_parted(at: &Break) -> bool {
    let is_blank = at.draft.lines[at.next.line].blank_before > 0 && at.gap != Gap::Page;
    is_blank && !(fills_line(at) && at.open.is_prose)
}

fn is_inside_sentence(at: &Break) -> bool {
    !is_terminal(at.mark)
}

/// The paragraph began with an indent, and the next line has none.
fn loses_indent(at: &Break) -> bool {
    PARAGRAPH.contains(&at.open.indent) && at.next.indent() < FLUSH
}

/// `…残疾等级为` / `一、二级的残疾人`, `违反第八、` / `九、十条规定`: the words of a sentence, where a number would have an indent
/// as its paragraph has.
pub fn like_label(at: &Break) -> Option<Reason> {
    let is_enumeration = at.before.text.ends_with(['、', '第']);
    let is_in_line = loses_indent(at) || is_enumeration && at.next.indent() < FLUSH;
    if at.next.facts.label.is_some()
        && at.next.kind() == LineKind::Prose
        && fills_line(at)
        && is_inside_sentence(at)
        && is_in_line
    {
        because(
            Rule::JoinLikeLabel,
            "the line is filled, its sentence goes on, and a number would be set in as its paragraph is",
        )
    } else {
        None
    }
}

fn indent(at: &Break) -> Option<Reason> {
    /// Share of the measure below which a line with an indent is a name or a heading.
    const SHARE: f32 = 0.6;
    let (here, _) = metrics(at)?;
    if is_inside_sentence(at) && loses_indent(at) && at.open.width >= SHARE * here.measure {
        because(
            Rule::JoinIndent,
            "the paragraph began with an indent and this line has none",
        )
    } else {
        None
    }
}

fn page_end(at: &Break) -> Option<Reason> {
    if is_inside_sentence(at) && fills_line(at) && at.gap == Gap::Page {
        because(
            Rule::JoinPageEnd,
            "the page ends with a filled line and its sentence goes on",
        )
    } else {
        None
    }
}

fn filled_line(at: &Break) -> Option<Reason> {
    if is_inside_sentence(at) && fills_line(at) {
        because(
            Rule::JoinFilledLine,
            "the line is filled and its sentence goes on",
        )
    } else {
        None
    }
}

/// An extractor cuts a printed line at marks and where the font changes.
fn cut_at_mark(at: &Break) -> Option<Reason> {
    let (here, _) = metrics(at)?;
    let is_mark = |c: char| !is_han(c);
    let is_cut = at.before.text.ends_with(is_mark) || at.next.text.starts_with(is_mark);
    let fits = here.width + at.next.width() <= here.measure + 1.0;
    let is_open = at.open.is_prose || !at.before.text.ends_with(['）', '》', '”']);
    if is_inside_sentence(at) && is_cut && is_open && fits {
        because(Rule::JoinCutAtMark, "a printed line cut at a mark")
    } else {
        None
    }
}

fn open_sentence(at: &Break) -> Option<Reason> {
    let (here, _) = metrics(at)?;
    if is_inside_sentence(at) && at.open.is_prose && at.open.width > here.measure {
        because(Rule::JoinOpenSentence, "a sentence of a paragraph goes on")
    } else {
        None
    }
}

fn cut_word(at: &Break) -> Option<Reason> {
    if !is_inside_sentence(at) {
        return None;
    }
    let word = words::cut_by(at.before.text, at.next.text)?;
    Some(Reason {
        confidence: Rule::JoinCutWord.confidence(),
        why: format!("the break cuts a word: {word}").into(),
    })
}

fn is_unfinished(at: &Break) -> bool {
    is_inside_sentence(at)
}

/// Where the page itself shows that the next line has no indent, a colon ends nothing.
fn after_colon(at: &Break) -> Option<Reason> {
    /// Share of the measure below which a line that ends in a colon is a heading or an address.
    const SHARE: f32 = 0.3;
    let (here, _) = metrics(at)?;
    let is_shown = at.draft.lines[at.next.line].bbox.is_some() && loses_indent(at);
    let is_wide = here.is_full || here.width >= SHARE * here.measure;
    if at.mark == '：' && is_shown && is_wide {
        because(
            Rule::JoinAfterColon,
            "after a colon the line goes on without an indent",
        )
    } else {
        None
    }
}

/// The first line of a paragraph is indented by two characters, the others are not. Where the text keeps its indents, a
/// line without one goes on; else the width of the next line tells.
fn filled_sentence(at: &Break) -> Option<Reason> {
    /// What a filled line lacks at most, in full characters: a half-width mark.
    const LACKS: f32 = 0.7;
    let (here, there) = metrics(at)?;
    let fills_without = there.is_full && there.width - there.indent >= there.measure - LACKS;
    let no_indent = at.open.indent >= INDENT && at.next.indent() < FLUSH || fills_without;
    if here.is_full && no_indent && at.mark != '：' {
        because(
            Rule::JoinFilledSentence,
            "the line is filled and the next has no indent",
        )
    } else {
        None
    }
}
