//! Joins that marks and words at the break show, in any text; and what stands alone in any text.

use super::{Break, Reason, because};
use crate::repair::measure::INDENT;
use language::facts::LineKind;
use language::issuers::is_issuer_name;
use language::label::Kind;
use language::script::{half_width, is_blank, is_han, is_terminal, width};
use language::titles::{ends_entry, ends_title};
use model::Rule;

/// A title and the text below it: lines of words, one set larger than the other.
pub fn is_other_size(at: &Break) -> bool {
    // Titles are set a third larger, or a quarter in narrow columns; a recogniser's sizes waver by a tenth.
    const RATIO: f32 = 1.18;
    // Fewer hanzi than this are a number, a mark or a name, whose size says nothing.
    const WORDS: usize = 4;
    let [before, next] = [at.before.line, at.next.line];
    let sizes = [before, next].map(|line| at.draft.facts[line].place.size);
    let [Some(here), Some(there)] = sizes else {
        return false;
    };
    let has_words = |line: usize| {
        let hanzi = at.draft.texts[line].chars().filter(|&c| is_han(c));
        hanzi.take(WORDS).count() == WORDS
    };
    here.max(there) >= RATIO * here.min(there) && has_words(before) && has_words(next)
}

/// `各项规定` / `，确保落实`
pub fn leading_mark(at: &Break) -> Option<Reason> {
    const MARKS: [char; 12] = [
        '，', '。', '、', '；', '：', '）', '》', '”', '！', '？', '〕', '％',
    ];
    if at.next.indent() < INDENT
        && at.next.text.starts_with(MARKS)
        && at.open.kind != LineKind::Date
    {
        because(
            Rule::JoinLeadingMark,
            "a paragraph does not begin with such a mark",
        )
    } else {
        None
    }
}

/// `你们《关于…的请示》（云政〔2022〕5号）` / `收悉。`
pub fn received(at: &Break) -> Option<Reason> {
    if at.next.indent() < INDENT && at.next.text.starts_with("收悉") {
        because(Rule::JoinReceived, "what was received stands before")
    } else {
        None
    }
}

/// `（2023年10月26日云溪市` / `人民代表大会通过）`: when and by whom a text was passed, set in the middle below a title.
pub fn title_note(at: &Break) -> Option<Reason> {
    let closes_it = at.open.n_open > 0
        && at.next.text.ends_with(['）', ')'])
        && at.open.n_open + brackets_left_open(at.next.text) == 0;
    if closes_it && is_title_note(at) {
        because(
            Rule::JoinTitleNote,
            "a note in brackets is open across the break",
        )
    } else {
        None
    }
}

pub fn ends_title_note(at: &Break) -> bool {
    at.open.n_open == 0 && at.before.text.ends_with(['）', ')']) && is_title_note(at)
}

/// `（2023年10月26日云溪市人民代表大会常务委员会…`
fn is_title_note(at: &Break) -> bool {
    /// The widest note, in full characters: three lines of it.
    const WIDEST: f32 = 120.0;
    let first = at
        .open
        .spans
        .first()
        .map_or("", |span| at.draft.slice(span));
    let inside = first.trim_start_matches(['（', '(']);
    first.starts_with(['（', '(']) && at.open.width <= WIDEST && starts_with_year(inside)
}

/// `2023年`, `二〇二三年`
fn starts_with_year(text: &str) -> bool {
    let is_figure = |c: &char| c.is_ascii_digit() || "〇○零一二三四五六七八九".contains(*c);
    let mut chars = text.chars();
    chars.by_ref().take(4).filter(is_figure).count() == 4 && chars.next() == Some('年')
}

/// `——2023年1月9日在云溪县第五届人民代表大` / `会第三次会议上`
pub fn delivery(at: &Break) -> Option<Reason> {
    /// The rest of a line that is set in the middle, in full characters.
    const REST: f32 = 30.0;
    let before = at.before.text;
    let begins = at.open.spans.len() == 1
        && before.starts_with('—')
        && before.contains('年')
        && before.contains('在')
        && !before.ends_with('上')
        && !at.open.is_prose;
    let ends = at.next.text.ends_with("会议上") || at.next.text.ends_with("大会上");
    if begins && ends && at.next.width() <= REST {
        because(
            Rule::JoinDelivery,
            "where a report was given, over two lines",
        )
    } else {
        None
    }
}

/// A bracket that was never closed says nothing so many full characters later: ten lines.
const NEVER_CLOSED: f32 = 400.0;

/// `（2023 年6` / `月1 日）`: a bracket that the next lines close.
pub fn brackets(at: &Break) -> Option<Reason> {
    let begins_item = at
        .next
        .facts
        .label
        .as_ref()
        .is_some_and(|l| l.kind == Kind::Han);
    if at.next.indent() < INDENT
        && at.open.n_open > 0
        && at.open.width_since_open < NEVER_CLOSED
        && is_closed(at)
        && !matches!(at.next.kind(), LineKind::Number | LineKind::Note)
        && !begins_item
    {
        because(Rule::JoinBrackets, "a bracket is open across the break")
    } else {
        None
    }
}

/// Whether the lines from here on close a bracket that is open, before a numbered one begins something new.
fn is_closed(at: &Break) -> bool {
    /// Lines that a bracket can take.
    const REACH: usize = 10;
    let mut open = 0;
    for &line in at.rest.iter().take(REACH) {
        let text = at.draft.texts[line].trim_matches(is_blank);
        let facts = &at.draft.facts[line].text;
        let goes_on = facts.label.is_none() && facts.kind == LineKind::Prose;
        if !goes_on && !text.starts_with(['月', '日']) {
            return false;
        }
        open += brackets_left_open(text);
        if open < 0 {
            return true;
        }
    }
    false
}

/// Brackets that a text opens, less those that it closes.
pub fn brackets_left_open(text: &str) -> i32 {
    let sign = |c| match c {
        '《' | '（' | '(' | '〔' | '〈' => 1,
        '》' | '）' | ')' | '〕' | '〉' => -1,
        _ => 0,
    };
    text.chars().map(sign).sum()
}

/// `印发《…计划` / `《（2021-2025年）》的通知`
pub fn reopened_bracket(at: &Break) -> Option<Reason> {
    if at.open.n_open > 0
        && at.open.width < NEVER_CLOSED
        && at.next.text.starts_with("《（")
        && at.next.text.contains('》')
    {
        because(
            Rule::JoinReopenedBracket,
            "a bracket is open, and what follows it closes it",
        )
    } else {
        None
    }
}

/// `云政发〔` / `2023` / `〕` / `12` / `号`, `2023` / `年`: an extractor that ends a line wherever the font changes.
pub fn torn_figure(at: &Break) -> Option<Reason> {
    /// What stands before a figure, and behind one.
    const BEFORE: [char; 6] = ['第', '〔', '[', '〕', ']', '年'];
    const BEHIND: &str = "年月日号次期条款项届〕]";
    /// Digits of a year.
    const LONGEST: usize = 4;
    let is_figure = |text: &str| {
        (1..=LONGEST).contains(&text.chars().count())
            && text.chars().map(half_width).all(|c| c.is_ascii_digit())
    };
    let (before, next) = (at.before.text, at.next.text);
    let follows =
        |figure: &str, rest: &str| is_figure(figure) && rest.starts_with(|c| BEHIND.contains(c));
    let after = at
        .rest
        .get(1)
        .map(|&line| at.draft.texts[line].trim_matches(is_blank));
    let is_led = before.ends_with(BEFORE) || before.ends_with('月') && at.open.spans.len() > 1;
    let begins_figure = is_led && after.is_some_and(|rest| follows(next, rest));
    if begins_figure || follows(before, next) {
        because(
            Rule::JoinTornFigure,
            "a figure torn from the words that it stands between",
        )
    } else {
        None
    }
}

/// `抄送：市委各部门，市人大` / `常委会办公室。`: the second line is set in as far as the first name (GB/T 9704, 7.4.2).
pub fn copies(at: &Break) -> Option<Reason> {
    /// As far as 抄送： is wide, with the blank before it.
    const SET_IN: std::ops::RangeInclusive<f32> = INDENT..=6.0;
    let before = at.draft.texts[at.before.line].trim_end_matches(is_blank);
    let is_open = at.open.kind == LineKind::Colophon && !before.ends_with(['。', '发']);
    // A text without places has no such indent.
    let is_shown = at.layout.is_wrapped || before.ends_with(['，', '、']);
    let is_rest = at.next.kind() == LineKind::Prose
        && at.next.facts.label.is_none()
        && SET_IN.contains(&at.next.indent());
    if is_open && is_shown && is_rest {
        because(
            Rule::JoinCopies,
            "a list of who gets copies goes on under its first name",
        )
    } else {
        None
    }
}

/// What is one line by what it is; and white space before it: a paragraph, a title in the middle, a name at the right.
pub fn stands_alone(at: &Break) -> bool {
    let is_element = |kind| {
        matches!(
            kind,
            LineKind::Number
                | LineKind::Date
                | LineKind::Note
                | LineKind::AttachmentLabel
                | LineKind::Caption
                | LineKind::Section
                | LineKind::Masthead
        )
    };
    let begins = matches!(
        at.next.kind(),
        LineKind::AttachmentList | LineKind::Colophon
    );
    begins
        || is_element(at.next.kind())
        || is_element(at.open.kind)
        || at.next.indent() >= INDENT
        || at.next.is_signature()
        || at.before.is_signature()
        || at.before.facts.text.number_behind_title.is_some()
}

const SIGNS: [char; 5] = ['×', '÷', '=', '+', '/'];

/// `Q=0.7×` / `3600`
pub fn formula_sign(at: &Break) -> Option<Reason> {
    let is_figure = at.next.text.starts_with(|c: char| c.is_ascii_digit());
    let ends = (is_formula(at) || is_figure) && at.before.text.ends_with(SIGNS);
    let begins = at.open.kind == LineKind::Formula && at.next.text.starts_with(SIGNS);
    if ends || begins {
        because(
            Rule::JoinFormula,
            "a sign of arithmetic stands at the end of the line",
        )
    } else {
        None
    }
}

/// `G=1.63B` / `(β·n+10⁻⁶V)`
pub fn formula_rest(at: &Break) -> Option<Reason> {
    let both = at.open.kind == LineKind::Formula && at.next.kind() == LineKind::Formula;
    if both && !at.next.text.contains(['=', '＝']) {
        because(
            Rule::JoinFormula,
            "the rest of a formula: it has no equals sign of its own",
        )
    } else {
        None
    }
}

/// `渡运补助＝（核定人次－基准人次）×单` / `位补助标准×季节系数。`: a formula in words that fills its line.
pub fn formula_in_words(at: &Break) -> Option<Reason> {
    let is_full = at
        .before
        .facts
        .place
        .metrics
        .is_some_and(|line| line.is_full);
    let has_sign = at.next.text.contains(['×', '÷', '＋', '－', '+', '/']);
    let is_own = at.next.text.contains(['=', '＝']) || at.next.facts.label.is_some();
    if at.open.kind == LineKind::Formula && is_full && has_sign && !is_own {
        because(
            Rule::JoinFormula,
            "the line is filled, and a sign of arithmetic stands in the next",
        )
    } else {
        None
    }
}

pub fn is_formula(at: &Break) -> bool {
    at.open.kind == LineKind::Formula || at.next.kind() == LineKind::Formula
}

pub fn is_labelled(at: &Break) -> bool {
    at.next.facts.label.is_some()
}

/// `《关于…的通知》` / `（云政办发〔2012〕18号）`, also as an item of a list: `3.关于…的通知`
pub fn cited_number(at: &Break) -> Option<Reason> {
    let before = at.before.text;
    let is_named = before.ends_with('》') || at.open.label.is_some() && ends_title(before);
    let is_number = at.next.text.starts_with(['（', '('])
        && at
            .next
            .text
            .split_once("号）")
            .is_some_and(|(number, _)| number.contains(['〔', '[', '﹝', '【']));
    if is_named && is_number {
        because(
            Rule::JoinCitedNumber,
            "the number of the text that the line before names",
        )
    } else {
        None
    }
}

/// `一、` / `总体要求`
pub fn label_alone(at: &Break) -> Option<Reason> {
    let is_alone = |l: &language::label::Label| l.len == at.before.text.len();
    if at.open.spans.len() == 1 && at.open.label.as_ref().is_some_and(is_alone) {
        because(Rule::JoinLabel, "a number alone belongs to what follows it")
    } else {
        None
    }
}

/// `附件：2023年公` / `示名单`
pub fn attachment_name(at: &Break) -> Option<Reason> {
    /// The widest rest of a name, in full characters.
    const WIDEST: f32 = 40.0;
    if !is_in_attachment_list(at) {
        return None;
    }
    // 附件：申请表 / 云溪市教育局
    let is_named =
        ends_entry(at.before.text) || at.before.text.ends_with(['表', '单', '图', '书', '录']);
    let ends = is_terminal(at.mark) && at.mark != '：'
        || at.next.text.ends_with(['：', ':'])
        || is_named && is_issuer_name(at.next.text);
    if ends || is_named && heads_attachment(at) || is_signature(at) || at.next.width() > WIDEST {
        None
    } else {
        because(
            Rule::JoinAttachmentList,
            "the name of an attachment goes on",
        )
    }
}

/// `附件1：名单` below the date of a signature heads the attachment and names it whole.
fn heads_attachment(at: &Break) -> bool {
    let first = at.open.spans.first().map_or(0, |span| span.line);
    let above = first
        .checked_sub(1)
        .map(|above| &at.draft.facts[above].text);
    above.is_some_and(|above| {
        matches!(
            above.kind,
            LineKind::Date | LineKind::Note | LineKind::Colophon
        )
    })
}

pub fn is_in_attachment_list(at: &Break) -> bool {
    /// The widest item, in full characters.
    const WIDEST: f32 = 60.0;
    at.open.kind == LineKind::AttachmentList
        || at.open.kind == LineKind::Prose
            && at.open.label.is_some()
            && at.open.width < WIDEST
            && follows_attachment_list(at)
}

/// The passage is an item of a list that `附件：` opened: the one before it in print was.
fn follows_attachment_list(at: &Break) -> bool {
    /// Lines that are looked at before the item, and that an item takes at most.
    const REACH: usize = 12;
    const ITEM: usize = 4;
    let (Some(first), Some(label)) = (at.open.spans.first(), &at.open.label) else {
        return false;
    };
    let reach = REACH.min(ITEM * label.seq as usize + ITEM);
    let is_list = |line: usize| at.draft.facts[line].text.kind == LineKind::AttachmentList;
    label.kind == Kind::Digit && (first.line.saturating_sub(reach)..first.line).any(is_list)
}

pub fn is_signature_or_roster(at: &Break) -> bool {
    at.next.facts.text.is_roster || is_signature(at)
}

/// A line that signs: a name, and the date below it or below the names that follow it.
fn is_signature(at: &Break) -> bool {
    /// The widest name, in full characters.
    const NAME: f32 = 40.0;
    /// Lines below the name among which the date stands.
    const REACH: usize = 4;
    let is_name = |text: &str| width(text) <= NAME && is_issuer_name(text);
    let below = || at.rest.iter().skip(1).take(REACH);
    let no_name = |line: &&usize| !is_name(at.draft.texts[**line].trim_matches(is_blank));
    let is_date = |&line: &usize| at.draft.facts[line].text.kind == LineKind::Date;
    if is_name(at.next.text) {
        return below().find(no_name).is_some_and(is_date);
    }
    // 国家发展 / 改革委 / 2020年9月28日
    let [line, date, ..] = at.rest[1.min(at.rest.len())..] else {
        return false;
    };
    let rest = at.draft.texts[line].trim_matches(is_blank);
    let is_short = width(at.next.text) <= NAME && !at.open.is_prose;
    is_short
        && is_date(&date)
        && is_issuer_name(rest)
        && is_name(&format!("{}{rest}", at.next.text))
}

/// `加强领导，` / `落实责任`
pub fn comma(at: &Break) -> Option<Reason> {
    let is_comma = matches!(at.mark, '，' | '、' | ',');
    if is_comma && !at.before.text.ends_with(['”', '》', '）']) {
        because(Rule::JoinComma, "the line before ends in a comma")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_in_both_scripts() {
        for text in ["2023年10月", "二〇二三年"] {
            assert!(starts_with_year(text), "{text}");
        }
        for text in ["23年", "2023", "12345年", "两千年"] {
            assert!(!starts_with_year(text), "{text}");
        }
    }

    #[test]
    fn brackets_are_counted() {
        assert_eq!(brackets_left_open("《方案（试行）"), 1);
        assert_eq!(brackets_left_open("（试行）》"), -1);
    }
}
