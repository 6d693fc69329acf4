//! What stands among the documents and is of none of them: running heads, names of sections, the imprint.

use super::owners::Unowned;
use super::passages::Passages;
use super::roles::PassageRole;
use super::start::Start;
use language::folio::folio;
use model::{Element, Role};

/// What is less likely is left where it stands.
const LIKELY: f32 = 0.7;

/// The widest running head or line of a cover, in full characters.
const WIDEST: f32 = 60.0;

/// Takes the passages that are judged to be one of these; what a head holds is the head's.
pub fn aside(passages: &Passages, unowned: &mut Unowned, starts: &[Start]) -> Vec<Element> {
    let mut heads = starts.iter().map(|start| start.passages.clone()).peekable();
    let mut aside = Vec::new();
    for (i, judged) in passages.judged.iter().enumerate() {
        while heads.next_if(|head| head.end <= i).is_some() {}
        let is_of_head = heads.peek().is_some_and(|head| head.contains(&i));
        let is_prose = passages.facts[i].is_sentence || passages.facts[i].width > WIDEST;
        if is_of_head || judged.probability < LIKELY || !passages.is_text(i) {
            continue;
        }
        let role = match judged.label.role {
            PassageRole::Furniture | PassageRole::Front if is_prose => continue,
            PassageRole::Furniture => running(passages, i),
            PassageRole::Section if passages.facts[i].attachment.is_none() => Role::Section,
            PassageRole::Imprint => Role::Imprint,
            PassageRole::Front => Role::Masthead,
            _ => continue,
        };
        if let Some(piece) = unowned.take(i) {
            aside.push(passages.element(vec![piece], role));
        }
    }
    aside
}

fn running(passages: &Passages, i: usize) -> Role {
    if folio(&passages.texts[i]).is_some() {
        Role::Folio
    } else {
        Role::RunningHead
    }
}
