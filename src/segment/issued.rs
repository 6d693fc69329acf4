//! The texts that a document issues or forwards, by the names that its title and first passages give them.

use super::passages::Passages;
use super::start::Start;
use language::profiles::texts_of_sentence;
use language::script::{fold, similarity, width};
use language::titles::{announced_list, texts_of_title};

/// How alike a text in the body and its name must be, 0 to 1: a title leaves out a 关于 or an issuer that its text has.
const ALIKE: f64 = 0.85;
/// How alike a head and a name must be.
const ALIKE_HEAD: f64 = 0.8;
/// The widest name, in full characters.
const WIDEST: f32 = 80.0;
/// Passages after a head in which its text is named.
const NEAR: usize = 4;

/// Folded names of texts that a document issues.
#[derive(Debug, Default)]
pub struct Issued {
    names: Vec<String>,
}

impl Issued {
    /// The names that a title and the passages after it say are issued: 《方案》已经同意，现印发.
    pub fn new(passages: &Passages, title: &str, after: &[usize]) -> Self {
        let mut names = texts_of_title(title);
        for text in sentences(passages, after) {
            names.extend(announced_list(&text));
            names.extend(texts_of_sentence(passages.profile, &text));
        }
        let mut names: Vec<String> = names.iter().map(|name| fold(name)).collect();
        names.sort();
        names.dedup();
        Issued { names }
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Whether a passage is the name of one: alike, brackets and order aside.
    pub fn is_name(&self, passages: &Passages, i: usize) -> bool {
        let text = &passages.texts[i];
        !self.names.is_empty()
            && width(text) <= WIDEST
            && !text.contains('。')
            && self.likeness(&fold(text)) >= ALIKE
    }

    /// How alike a folded title and the name that it is most alike are, 0 to 1.
    pub fn likeness(&self, title: &str) -> f64 {
        self.names
            .iter()
            .map(|name| similarity(name, title))
            .fold(0.0, f64::max)
    }
}

/// The texts of passages; one that breaks off inside a sentence, with what follows it.
fn sentences(passages: &Passages, list: &[usize]) -> Vec<String> {
    let mut sentences: Vec<String> = Vec::new();
    let mut is_open = false;
    for &i in list {
        let facts = &passages.facts[i];
        let text = passages.texts[i].as_str();
        match sentences.last_mut() {
            Some(last) if is_open && facts.label.is_none() => last.push_str(text),
            _ => sentences.push(text.to_owned()),
        }
        is_open = !facts.is_sentence && facts.date.is_none() && text.contains('《');
    }
    sentences
}

/// Whether a title is that of a text which a document issues.
pub fn is_issued_by(passages: &Passages, host: &Start, title: &str) -> bool {
    let after = host.passages.end..(host.passages.end + NEAR).min(passages.list.len());
    let head = passages.title(host.title.iter().copied());
    let issued = Issued::new(passages, &head, &after.collect::<Vec<_>>());
    issued.likeness(&fold(title)) >= ALIKE_HEAD
}
