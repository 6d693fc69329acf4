//! The names that the contents give, found again in the body: lines that are nothing else stand alone, and are no running
//! heads where they stand once.

use std::collections::{HashMap, HashSet};

use crate::repair::{Draft, Form, Passage};
use language::contents::{front_page, last_page, leading_serial, section_name};
use language::label::label;
use language::number::number_within;
use language::script::{fold, is_blank};
use model::Role;

/// Names that fit on one line, folded.
#[derive(Debug, Default)]
pub struct Names {
    sections: HashSet<String>,
    titles: HashSet<String>,
    /// The first characters of all of them.
    initials: HashSet<char>,
}

impl Names {
    /// The names in the passages of the contents.
    pub fn of(draft: &Draft, passages: &[Passage]) -> Names {
        let mut names = Names::default();
        for passage in passages {
            let text = draft.text(&passage.spans);
            match passage.form {
                Form::ContentsSection => {
                    names.sections.extend(section_name(&text).map(fold));
                }
                Form::ContentsEntry => {
                    names.titles.insert(fold(&title(draft, &text)));
                }
                _ => {}
            }
        }
        names.sections.retain(|name| is_name(name));
        names.titles.retain(|name| is_name(name));
        let all = names.sections.iter().chain(&names.titles);
        names.initials = all.filter_map(|name| name.chars().next()).collect();
        names
    }

    /// Whether a line can be the first of one.
    fn may_begin(&self, text: &str) -> bool {
        let frame = |c: char| is_blank(c) || matches!(c, '[' | ']' | '■' | '【' | '】' | '《');
        let first = text.trim_start_matches(frame).chars().next();
        first.is_some_and(|first| self.initials.contains(&first))
            || text.starts_with(frame) && self.has(text)
    }

    /// Whether a line is one of the names and nothing else.
    fn has(&self, text: &str) -> bool {
        /// Bytes of the longest line that is asked about.
        const LONGEST: usize = 200;
        let is_empty = self.sections.is_empty() && self.titles.is_empty();
        if is_empty || text.len() > LONGEST {
            return false;
        }
        let name = fold(text);
        self.titles.contains(&name) || self.sections.contains(name.trim_matches(['[', ']', '■']))
    }
}

/// Shorter names can be words of a sentence.
fn is_name(name: &str) -> bool {
    /// Characters of 其他, 人事.
    const SHORTEST: usize = 3;
    name.chars().count() >= SHORTEST
}

/// The title of an entry without its label, page and number.
pub fn title(draft: &Draft, entry: &str) -> String {
    let entry = entry.trim_matches(is_blank);
    let title = entry[label(entry).map_or(0, |l| l.len)..].trim_start_matches(is_blank);
    let title = front_page(title).1;
    // White space between the page and the title can be gone.
    let bare = title.trim_start_matches(|c: char| c.is_ascii_digit());
    let title = if bare.starts_with('年') { title } else { bare };
    let title = last_page(title).map_or(title, |(title, _)| title);
    let title = leading_serial(title, draft.forms).map_or(title, |(_, title)| title);
    match number_within(title, draft.forms) {
        Some((range, _)) => format!("{}{}", &title[..range.start], &title[range.end..])
            .trim_end_matches(['（', '）', '(', ')', ' '])
            .to_owned(),
        None => title.to_owned(),
    }
}

/// The lines in runs between those that are names and stand alone; a name over several lines is a run.
pub fn runs<'l>(draft: &Draft, names: &Names, lines: &'l [usize]) -> Vec<&'l [usize]> {
    let mut name_at: HashMap<usize, usize> = HashMap::new();
    let mut at = 0;
    while at < lines.len() {
        let n_lines = n_lines_of_name(draft, names, &lines[at..]);
        name_at.extend(lines[at..at + n_lines].iter().map(|&line| (line, at)));
        at += n_lines.max(1);
    }
    lines
        .chunk_by(|a, b| name_at.get(a) == name_at.get(b))
        .collect()
}

/// How many lines a name takes that begins with the first; 0 if none does.
fn n_lines_of_name(draft: &Draft, names: &Names, lines: &[usize]) -> usize {
    /// Lines of a title that a contents has on one.
    const MOST: usize = 4;
    let mut text = String::new();
    for (n, &line) in lines.iter().take(MOST).enumerate() {
        let printed = draft.texts[line].trim_matches(is_blank);
        if n == 0 && !names.may_begin(printed) {
            return 0;
        }
        text.push_str(printed);
        if names.has(&text) {
            return n + 1;
        }
    }
    0
}

/// Takes a title of the contents that the body has on one line only, and there as a running head, for the head of its
/// document.
pub fn restore_heads(draft: &Draft, names: &Names, first: usize, furniture: &mut [Option<Role>]) {
    if names.titles.is_empty() {
        return;
    }
    let mut places: HashMap<String, Vec<usize>> = HashMap::new();
    for line in first..draft.lines.len() {
        let name = fold(&draft.texts[line]);
        if names.titles.contains(&name) {
            places.entry(name).or_default().push(line);
        }
    }
    for lines in places.into_values() {
        let is_running = |&line: &usize| furniture[line] == Some(Role::RunningHead);
        if lines.iter().all(is_running) {
            furniture[lines[0]] = None;
        }
    }
}
