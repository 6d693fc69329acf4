//! What a recogniser adds where a line wraps: a character twice, a bracket again.

use std::collections::HashSet;

use super::{Draft, Span};
use language::script::{is_blank, is_han};
use model::{Line, Rule};

/// Which few characters stand together in the extracted lines.
#[derive(Debug)]
pub struct Together {
    fours: HashSet<[char; 4]>,
    fives: HashSet<[char; 5]>,
}

impl Together {
    /// Everything that stands together on one line; lines are not read across.
    pub fn of_lines(lines: &[Line]) -> Together {
        let mut together = Together {
            fours: HashSet::new(),
            fives: HashSet::new(),
        };
        for line in lines {
            let chars: Vec<char> = line.text.chars().collect();
            together.fours.extend(chars.array_windows::<4>());
            together.fives.extend(chars.array_windows::<5>());
        }
        together
    }

    /// Whether the characters on both sides of a break stand together without the one between them, and never with it.
    fn never_with(&self, left: [char; 2], between: char, right: [char; 2]) -> bool {
        let [a, b] = left;
        let [c, d] = right;
        self.fours.contains(&[a, b, c, d]) && !self.fives.contains(&[a, b, between, c, d])
    }
}

/// `企业` / `业及监管人员` → `企业` / `及监管人员`: the gazette has the text without the doubling elsewhere.
pub fn doubled(draft: &mut Draft, before: &[Span], line: usize) {
    let text = draft.texts[line].trim_start_matches(is_blank);
    let start = draft.texts[line].len() - text.len();
    let mut left = backwards(draft, before);
    let mut right = text.chars();
    let (Some(last), Some(first)) = (left.next(), right.next()) else {
        return;
    };
    let [before_last, second, third] = [left.next(), right.next(), right.next()];
    drop(left);
    if last != first || !is_han(first) || !draft.may(Rule::DoubledCharacter) {
        return;
    }
    let (Some(before_last), Some(second), Some(third)) = (before_last, second, third) else {
        return;
    };
    let is_doubled = draft
        .together()
        .never_with([before_last, last], first, [second, third]);
    if is_doubled {
        draft.edit(
            line,
            start..start + first.len_utf8(),
            "",
            Rule::DoubledCharacter,
            Rule::DoubledCharacter.confidence(),
            "a character doubled where the line wraps; elsewhere it stands once",
        );
    }
}

/// `《…实施计划` / `《（2021-2025年）的通知》` → the bracket that a recogniser added at the head of a column goes.
pub fn invented_bracket(draft: &mut Draft, before: &[Span], line: usize) {
    /// Characters of the longest sentence that is looked at.
    const SENTENCE: usize = 1000;
    let text = draft.texts[line].trim_start_matches(is_blank);
    let start = draft.texts[line].len() - text.len();
    if !text.starts_with('《') || !draft.may(Rule::InventedBracket) {
        return;
    }
    // The sentence that the break cuts, on both sides.
    let tail: i32 = backwards(draft, before)
        .take(SENTENCE)
        .take_while(|&c| c != '。')
        .map(title_mark)
        .sum();
    let head = text.split('。').next().unwrap_or(text);
    let is_open = tail == 1;
    let closes_once = head.chars().map(title_mark).sum::<i32>() == 0;
    let holds_inner = text[..text.find('》').unwrap_or(0)].contains('〈');
    if is_open && closes_once && !holds_inner {
        draft.edit(
            line,
            start..start + '《'.len_utf8(),
            "",
            Rule::InventedBracket,
            Rule::InventedBracket.confidence(),
            "a second 《 at the head of a column; the first closes without it",
        );
    }
}

/// The characters of spans, from the last to the first.
fn backwards<'d>(draft: &'d Draft, spans: &'d [Span]) -> impl Iterator<Item = char> + 'd {
    spans
        .iter()
        .rev()
        .flat_map(|span| draft.slice(span).chars().rev())
}

/// A 《 opens one title more, a 》 closes one.
fn title_mark(c: char) -> i32 {
    i32::from(c == '《') - i32::from(c == '》')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doubling_is_proved_by_the_text_without_it() {
        let line = |text: &str| Line::of_text("1", text);
        let lines = [line("生产企业及监管人员"), line("看看看树木，看看树木")];
        let together = Together::of_lines(&lines);
        assert!(together.never_with(['企', '业'], '业', ['及', '监']));
        // It stands both ways.
        assert!(!together.never_with(['看', '看'], '看', ['树', '木']));
        // It stands neither way.
        assert!(!together.never_with(['产', '企'], '企', ['监', '管']));
    }
}
