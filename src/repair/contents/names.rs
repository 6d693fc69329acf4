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
        names
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

/// The lines in runs between those that are names and stand alone.
pub fn runs<'l>(draft: &Draft, names: &Names, lines: &'l [usize]) -> Vec<&'l [usize]> {
    let alone: HashSet<usize> = lines
        .iter()
        .copied()
        .filter(|&line| names.has(&draft.texts[line]))
        .collect();
    lines
        .chunk_by(|a, b| !alone.contains(a) && !alone.contains(b))
        .collect()
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
