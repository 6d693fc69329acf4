//! Joins in a text whose every line is a paragraph, or a part of one that a column or page cut off.

use super::{Break, Gap, Reason, Step, because, graded};
use language::script::{is_han, is_terminal, width};
use language::words;
use model::Rule;

/// What ended with a colon or a full stop first; then headings and names, which seldom go on; then sentences, which do.
pub static JOINS: &[Step] = &[
    Step::Join(Rule::JoinValue, value),
    Step::Bar("colon", is_colon),
    Step::Join(Rule::JoinColumnEnd, column_end),
    Step::Bar("end-of-sentence", is_finished),
    Step::Join(Rule::JoinDanglingWord, dangling_word),
    Step::Join(Rule::JoinShortEnd, short_end_of_item),
    Step::Join(Rule::JoinHeading, word_of_heading),
    Step::Join(Rule::JoinCutWord, word_of_name),
    Step::Join(Rule::JoinColumnItem, column_item),
    Step::Join(Rule::JoinHeadingRest, heading_rest),
    Step::Bar("heading-or-name", is_heading_or_name),
    Step::Bar("end-of-title", ends_title),
    Step::Join(Rule::JoinColumns, columns),
    Step::Join(Rule::JoinLines, lines),
    Step::Join(Rule::JoinShortEnd, short_end),
    Step::Join(Rule::JoinCutWord, cut_word),
];

/// Words that a heading, a name or a sentence does not end in.
const NO_END: [char; 16] = [
    '的', '和', '与', '将', '对', '及', '或', '在', '向', '从', '把', '被', '各', '于', '以', '并',
];

/// Share of the long lines that break inside a sentence, from which on a break there says that columns were cut.
const BROKEN: f32 = 0.03;

/// `举报电话：` / `0350-6522111`
fn value(at: &Break) -> Option<Reason> {
    /// The widest label and the widest value, in full characters.
    const LABEL: f32 = 12.0;
    const VALUE: f32 = 30.0;
    let is_value = at.next.width() <= VALUE && !at.next.text.chars().any(is_han);
    if at.mark == '：' && is_value && at.open.width <= LABEL {
        because(
            Rule::JoinValue,
            "a label ends in a colon and its value stands alone",
        )
    } else {
        None
    }
}

fn is_colon(at: &Break) -> bool {
    at.mark == '：'
}

fn has_gap(at: &Break) -> bool {
    at.gap != Gap::None
}

/// Whether a column ends with the line before the break; `None` where no grid is known.
fn ends_column(at: &Break) -> Option<bool> {
    let grid = at.layout.grid.as_ref()?;
    Some(grid.ends_column(at.before.line))
}

fn column_end(at: &Break) -> Option<Reason> {
    /// A narrower line, in full characters, is a label or a name.
    const NARROW: f32 = 6.0;
    if at.mark == '。' && has_gap(at) && ends_column(at) == Some(true) && at.next.width() >= NARROW
    {
        because(
            Rule::JoinColumnEnd,
            "the column ends here, and no new paragraph begins at the head of the next",
        )
    } else {
        None
    }
}

fn is_finished(at: &Break) -> bool {
    is_terminal(at.mark)
}

/// A heading: a label and no mark inside, so nothing but a cut word or a filled line says that it goes on.
fn is_heading(at: &Break) -> bool {
    /// The widest heading, in full characters.
    const WIDEST: f32 = 40.0;
    /// 一、 and （一）; from 1. on, an item is often a sentence.
    const OF_HEADINGS: u8 = 2;
    let before = at.before.text;
    at.open.label.as_ref().is_some_and(|label| {
        at.open.spans.len() == 1
            && at.open.width <= WIDEST
            && !before.contains('。')
            && (label.level <= OF_HEADINGS || !before.contains(['，', '：', '、', '；']))
    })
}

fn is_heading_or_name(at: &Break) -> bool {
    !at.open.is_prose || is_heading(at)
}

/// A title in one line, however long, and the address below it.
fn ends_title(at: &Break) -> bool {
    let before = &at.before.facts.text;
    let is_title = at.open.spans.len() == 1 && before.document_kind.is_some();
    let is_address = at.next.facts.text.addressees_end == Some(at.next.text.len());
    is_title && before.leading_word.is_some() && is_address
}

/// `加强对` / `企业的监管`
fn dangling_word(at: &Break) -> Option<Reason> {
    /// A narrower line, in full characters, is a name.
    const NARROW: f32 = 6.0;
    if is_heading_or_name(at)
        && has_gap(at)
        && at.before.text.ends_with(NO_END)
        && at.open.width >= NARROW
    {
        because(Rule::JoinDanglingWord, "nothing ends in such a word")
    } else {
        None
    }
}

fn short_end_of_item(at: &Break) -> Option<Reason> {
    if is_heading_or_name(at) {
        short_end(at)
    } else {
        None
    }
}

/// `…支持其开展乡村治理试点示` / `范。`
fn short_end(at: &Break) -> Option<Reason> {
    /// Full characters: the last line of a paragraph, and the full line before it.
    const REST: f32 = 12.0;
    const LONG: f32 = 24.0;
    if at.open.is_prose
        && at.next.width() <= REST
        && at.next.text.ends_with('。')
        && width(at.before.text) >= LONG
    {
        because(
            Rule::JoinShortEnd,
            "a sentence without its end, and the short end of one",
        )
    } else {
        None
    }
}

/// `（十）提升自然灾害防` / `治能力`
fn word_of_heading(at: &Break) -> Option<Reason> {
    if !(has_gap(at) && is_heading(at)) {
        return None;
    }
    let word = words::cut_by(at.before.text, at.next.text)?;
    let [sure, unsure] = Rule::JoinHeading.grades() else {
        unreachable!("a heading has two grades");
    };
    // Where the column does not end, its word may be cut by chance.
    let by_chance = ends_column(at) == Some(false);
    Some(Reason {
        confidence: if by_chance { *unsure } else { *sure },
        why: format!("the break cuts a word of a heading: {word}").into(),
    })
}

fn word_of_name(at: &Break) -> Option<Reason> {
    /// A name can be made of two words that make another at the break.
    const UNSURE: f32 = 0.7;
    let is_cut = has_gap(at) && is_heading_or_name(at) && at.layout.broken >= BROKEN;
    let word = is_cut
        .then(|| words::cut_by(at.before.text, at.next.text))
        .flatten()?;
    Some(Reason {
        confidence: UNSURE,
        why: format!("the break cuts a word: {word}").into(),
    })
}

/// A short rest without a number, below a heading.
fn is_orphan(at: &Break) -> bool {
    /// In full characters.
    const SHORT: f32 = 8.0;
    at.next.width() <= SHORT
        && !at.next.text.ends_with(NO_END)
        && !at.next.text.contains(['，', '。', '：', '、'])
        && is_heading(at)
}

/// Numbered items are sentences; one that fills its line without ending goes on.
fn column_item(at: &Break) -> Option<Reason> {
    /// The level of 1. and those below it.
    const ITEM: u8 = 3;
    let is_item = at.open.label.as_ref().is_some_and(|l| l.level >= ITEM);
    if is_heading_or_name(at)
        && ends_column(at) == Some(true)
        && has_gap(at)
        && is_item
        && !is_orphan(at)
    {
        because(
            Rule::JoinColumnItem,
            "an item ends with its column and without a mark",
        )
    } else {
        None
    }
}

/// `（二）完善农村` / `饮水设施`
fn heading_rest(at: &Break) -> Option<Reason> {
    if ends_column(at) == Some(true) && has_gap(at) && is_orphan(at) {
        because(
            Rule::JoinHeadingRest,
            "a heading at the end of a column, and a short rest without a number",
        )
    } else {
        None
    }
}

/// `…坚决防范遏制` / `较大以上事故…`
fn columns(at: &Break) -> Option<Reason> {
    if at.layout.broken >= BROKEN && has_gap(at) {
        because(
            Rule::JoinColumns,
            "a sentence goes on after a column or page",
        )
    } else {
        None
    }
}

fn lines(at: &Break) -> Option<Reason> {
    if at.layout.broken >= BROKEN {
        because(
            Rule::JoinLines,
            "a sentence goes on in the next line, as many do in this text",
        )
    } else {
        None
    }
}

fn cut_word(at: &Break) -> Option<Reason> {
    let word = words::cut_by(at.before.text, at.next.text)?;
    let mut reason = graded(Rule::JoinCutWord.confidence(), "")?;
    reason.why = format!("the break cuts a word: {word}").into();
    Some(reason)
}
