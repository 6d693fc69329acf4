//! The edits of the log made again, and undone.

use std::borrow::Cow;

use model::{Repair, is_blank};

use crate::edit_text::EditText;
use crate::lines::Lines;
use crate::log::{Log, Step};
use crate::{Findings, shown};

/// The lines with all edits made, in the order of the log.
pub fn forwards<'o>(lines: &Lines<'o>, log: &Log, findings: &mut Findings) -> Vec<Cow<'o, str>> {
    let mut drafts = Drafts::new(
        lines
            .all
            .iter()
            .map(|line| Cow::Borrowed(line.text.as_str())),
    );
    for step in &log.steps {
        match step {
            Step::Edit {
                line,
                offset,
                repair,
            } => {
                if !drafts.edit(*line, *offset, repair) {
                    let before = shown(&repair.before);
                    let what = format!("a repair says that '{before}' stood at character {offset}");
                    findings.add(lines.id(*line), what);
                }
            }
            Step::Move {
                lines: moved,
                repair,
            } => {
                if let Some(what) = drafts.wrong_in_move(moved, repair) {
                    findings.add(moved.first().map_or("?", |&line| lines.id(line)), what);
                }
            }
        }
    }
    drafts.finish()
}

/// Undoes all edits, the last first, on the lines as the texts of the output have them: that gives the extracted lines.
/// A line that those texts do not give has its finding already.
pub fn backwards(standing: Vec<Option<String>>, lines: &Lines, log: &Log, findings: &mut Findings) {
    let known: Vec<bool> = standing.iter().map(Option::is_some).collect();
    let mut drafts = Drafts::new(
        standing
            .into_iter()
            .map(|text| Cow::Owned(text.unwrap_or_default())),
    );
    for step in log.steps.iter().rev() {
        if let Step::Edit {
            line,
            offset,
            repair,
        } = step
            && repair.applied
        {
            // One that does not fit leaves a text that is not the extracted line.
            let _ = drafts.replace(*line, *offset, &repair.after, &repair.before);
        }
    }
    for ((line, known), undone) in lines.all.iter().zip(known).zip(drafts.finish()) {
        if known && undone != line.text {
            findings.add(
                &line.id,
                "undoing the repairs does not give the extracted line back",
            );
        }
    }
}

/// Lines while they are edited. Most are not, and stay as they were.
struct Drafts<'o>(Vec<Draft<'o>>);

enum Draft<'o> {
    Same(Cow<'o, str>),
    Edited(EditText),
}

impl<'o> Drafts<'o> {
    fn new(texts: impl Iterator<Item = Cow<'o, str>>) -> Drafts<'o> {
        Drafts(texts.map(Draft::Same).collect())
    }

    /// Makes an edit, or finds that what is only suggested could be made.
    fn edit(&mut self, line: usize, offset: usize, repair: &Repair) -> bool {
        if repair.applied {
            return self.replace(line, offset, &repair.before, &repair.after);
        }
        self.edited(line)
            .is_some_and(|text| text.has(offset, &repair.before))
    }

    fn replace(&mut self, line: usize, offset: usize, before: &str, after: &str) -> bool {
        self.edited(line)
            .is_some_and(|text| text.replace(offset, before, after))
    }

    fn edited(&mut self, line: usize) -> Option<&mut EditText> {
        let draft = self.0.get_mut(line)?;
        if let Draft::Same(text) = draft {
            *draft = Draft::Edited(EditText::new(text));
        }
        match draft {
            Draft::Edited(text) => Some(text),
            Draft::Same(_) => None,
        }
    }

    /// A move has before it what stands on its lines, and after it the same characters.
    fn wrong_in_move(&self, lines: &[usize], repair: &Repair) -> Option<&'static str> {
        let standing = lines
            .iter()
            .filter_map(|&line| self.0.get(line))
            .flat_map(Draft::chars);
        if !standing.filter(|&c| !is_blank(c)).eq(ink(&repair.before)) {
            return Some("a move does not begin with what stands on its lines");
        }
        let sorted = |text| {
            let mut chars: Vec<char> = ink(text).collect();
            chars.sort_unstable();
            chars
        };
        (sorted(&repair.before) != sorted(&repair.after)).then_some("a move changes characters")
    }

    fn finish(self) -> Vec<Cow<'o, str>> {
        let text = |draft| match draft {
            Draft::Same(text) => text,
            Draft::Edited(text) => Cow::Owned(text.into_string()),
        };
        self.0.into_iter().map(text).collect()
    }
}

impl Draft<'_> {
    fn chars(&self) -> Box<dyn Iterator<Item = char> + '_> {
        match self {
            Draft::Same(text) => Box::new(text.chars()),
            Draft::Edited(text) => Box::new(text.chars()),
        }
    }
}

fn ink(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|&c| !is_blank(c))
}
