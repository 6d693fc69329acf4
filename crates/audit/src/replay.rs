//! The edits of the log made again, and undone.

use std::borrow::Cow;

use model::is_blank;

use crate::edit_text::EditText;
use crate::lines::Lines;
use crate::log::{Edit, Log, Move, Step};
use crate::{Findings, shown};

/// The lines with all edits made, in the order of the log.
pub fn forwards<'o>(lines: &Lines<'o>, log: &Log, findings: &mut Findings) -> Vec<Cow<'o, str>> {
    let texts = lines.all.iter().map(|line| line.text.as_str());
    let mut drafts = Drafts::new(texts.map(Cow::Borrowed));
    for step in &log.steps {
        let wrong = match step {
            Step::Edit(edit) => drafts.make(edit).err().map(|what| (edit.line, what)),
            Step::Move(moved) => drafts
                .wrong_in(moved)
                .map(|what| (moved.first(), what.to_owned())),
        };
        if let Some((line, what)) = wrong {
            findings.add(lines.id(line), what);
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
            .map(|text| text.unwrap_or_default().into()),
    );
    for step in log.steps.iter().rev() {
        match step {
            // One that does not fit leaves a text that is not the extracted line.
            Step::Edit(edit) if edit.repair.applied => drop(drafts.undo(edit)),
            Step::Edit(_) | Step::Move(_) => {}
        }
    }
    for ((line, known), undone) in lines.all.iter().zip(known).zip(drafts.finish()) {
        if known && undone != line.text {
            let what = "undoing the repairs does not give the extracted line back";
            findings.add(&line.id, what);
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

    /// Makes an edit; one that is only suggested must be one that could be made.
    fn make(
        &mut self,
        Edit {
            line,
            offset,
            repair,
        }: &Edit,
    ) -> Result<(), String> {
        let Some(text) = self.edited(*line) else {
            return Ok(());
        };
        let fits = if repair.applied {
            text.replace(*offset, &repair.before, &repair.after)
        } else {
            text.has(*offset, &repair.before)
        };
        let before = || shown(&repair.before);
        fits.then_some(()).ok_or_else(|| {
            format!(
                "a repair says that '{}' stood at character {offset}, and it did not",
                before()
            )
        })
    }

    fn undo(
        &mut self,
        Edit {
            line,
            offset,
            repair,
        }: &Edit,
    ) -> bool {
        let text = self.edited(*line);
        text.is_some_and(|text| text.replace(*offset, &repair.after, &repair.before))
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
    fn wrong_in(&self, Move { lines, repair }: &Move) -> Option<&'static str> {
        let drafts = lines.iter().filter_map(|&line| self.0.get(line));
        let standing = drafts.flat_map(Draft::chars).filter(|&c| !is_blank(c));
        if !standing.eq(ink(&repair.before)) {
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
