//! The passages of a gazette, with what is read off each of them once.

use rayon::prelude::*;

use super::owners::Piece;
use super::roles::{Judged, PassageRole};
use crate::config;
use crate::repair::blocks::places;
use crate::repair::facts::raw_label;
use crate::repair::{Draft, Form, Passage, Repaired, Span};
use language::facts::TextFacts;
use language::profiles::Profile;
use language::script::{is_blank, without_blanks};
use language::words::simplified;
use model::{Element, Role};

/// All passages in reading order.
pub struct Passages<'r, 'a> {
    pub draft: &'r Draft<'a>,
    pub list: &'r [Passage],
    pub texts: Vec<String>,
    /// What the words of each passage say of it.
    pub facts: Vec<TextFacts>,
    /// What each passage is judged to be; empty until all of them are judged together.
    pub judged: Vec<Judged>,
    /// Whose forms the gazette has.
    pub profile: Profile,
    pub config: &'r config::Segment,
}

impl<'r, 'a> Passages<'r, 'a> {
    pub fn new(repaired: &'r Repaired<'a>, config: &'r config::Segment) -> Self {
        let draft = &repaired.draft;
        let profile = config
            .profile
            .of_texts(draft.texts.iter().map(String::as_str));
        let (texts, facts) = repaired
            .passages
            .par_iter()
            .map(|passage| read(draft, passage, profile, config))
            .unzip();
        Passages {
            draft,
            list: &repaired.passages,
            texts,
            facts,
            judged: Vec::new(),
            profile,
            config,
        }
    }

    pub fn is_text(&self, i: usize) -> bool {
        self.list
            .get(i)
            .is_some_and(|p| matches!(p.form, Form::Text))
    }

    /// The facts of a passage that is text.
    pub fn text_facts(&self, i: usize) -> Option<&TextFacts> {
        self.facts.get(i).filter(|_| self.is_text(i))
    }

    /// Whether a passage is text that is judged to be something.
    pub fn is(&self, i: usize, role: PassageRole) -> bool {
        self.is_text(i)
            && self
                .judged
                .get(i)
                .is_some_and(|judged| judged.label.role == role)
    }

    /// Whether a passage is text that begins what it is judged to be.
    pub fn begins(&self, i: usize, role: PassageRole) -> bool {
        self.is(i, role) && !self.judged[i].label.goes_on
    }

    /// Whether a passage is text of which something holds.
    pub fn holds(&self, i: usize, fact: impl Fn(&TextFacts) -> bool) -> bool {
        self.text_facts(i).is_some_and(fact)
    }

    /// What stands behind 附件1 at the beginning of a passage.
    pub fn attachment_rest(&self, i: usize) -> Option<&str> {
        let attachment = self.facts.get(i)?.attachment.as_ref()?;
        Some(&self.texts[i][attachment.rest..])
    }

    /// Whether a passage is 附件1 and nothing else.
    pub fn is_attachment_label(&self, i: usize) -> bool {
        self.attachment_rest(i).is_some_and(str::is_empty)
    }

    /// The page that a passage begins on, as [`Draft::leaves`] counts them.
    pub fn leaf(&self, i: usize) -> Option<u32> {
        let first = self.list[i].spans.first()?;
        self.draft.leaves[first.line]
    }

    /// The page that a passage ends on, as [`Draft::leaves`] counts them.
    pub fn last_leaf(&self, i: usize) -> Option<u32> {
        let last = self.list[i].spans.last()?;
        self.draft.leaves[last.line]
    }

    /// The pages of the input on which a passage begins and ends.
    pub fn pages(&self, i: usize) -> Option<[u32; 2]> {
        let spans = &self.list[i].spans;
        let page = |span: &Span| self.draft.lines[span.line].page;
        Some([page(spans.first()?)?, page(spans.last()?)?])
    }

    /// A passage without white space.
    pub fn squeezed(&self, i: usize) -> String {
        without_blanks(&self.texts[i])
    }

    /// The title that passages make, in one line.
    pub fn title(&self, passages: impl IntoIterator<Item = usize>) -> String {
        let mut title = String::new();
        for i in passages {
            push_title_line(&mut title, &self.texts[i]);
        }
        title
    }

    /// The title that passages make, as questions are asked of it: in simplified characters.
    pub fn plain_title(&self, passages: impl IntoIterator<Item = usize>) -> String {
        let title = self.title(passages);
        simplified(&title).into_owned()
    }

    /// What is printed in pieces and is no block.
    pub fn element(&self, pieces: Vec<Piece>, role: Role) -> Element {
        let confidence = pieces
            .iter()
            .filter_map(|piece| self.confidence(piece.passage, role))
            .reduce(f32::min);
        let spans: Vec<Span> = pieces.into_iter().flat_map(Piece::into_spans).collect();
        Element {
            confidence,
            ..self.element_of(&spans, role)
        }
    }

    /// How likely it is that a passage has a role which it was judged to have.
    pub fn confidence(&self, i: usize, role: Role) -> Option<f32> {
        let judged = self.judged.get(i)?;
        (judged.label.role.of_element() == Some(role)).then(|| rounded(judged.probability))
    }

    /// What is printed in a piece, line by line.
    pub fn elements_of_lines(&self, piece: Piece, role: Role) -> Vec<Element> {
        let spans = piece.into_spans();
        spans
            .iter()
            .map(|span| self.element_of(std::slice::from_ref(span), role))
            .collect()
    }

    /// What is printed in spans, which may belong to no passage.
    pub fn element_of(&self, spans: &[Span], role: Role) -> Element {
        Element {
            role,
            text: self.draft.text(spans),
            at: places(self.draft, spans),
            confidence: None,
        }
    }
}

/// A probability in hundredths, as it is written.
pub fn rounded(probability: f32) -> f32 {
    (probability * 100.0).round() / 100.0
}

fn read(
    draft: &Draft,
    passage: &Passage,
    profile: Profile,
    config: &config::Segment,
) -> (String, TextFacts) {
    if matches!(passage.form, Form::Table(_)) {
        return (String::new(), TextFacts::default());
    }
    let text = draft.text(&passage.spans);
    let facts = match &passage.spans[..] {
        // A line that is a passage has its facts.
        [
            Span {
                line, range: None, ..
            },
        ] => {
            let line = &draft.facts[*line];
            TextFacts {
                label: line.label.clone(),
                ..line.text.clone()
            }
        }
        spans => facts(draft, spans, &text, config),
    };
    let facts = profile.complete(facts, &text);
    (text, facts)
}

fn facts(draft: &Draft, spans: &[Span], text: &str, config: &config::Segment) -> TextFacts {
    let facts = TextFacts::new(text, &config.forms);
    let first = spans.first().map(|span| span.line);
    let printed = first.map_or("", |line| draft.lines[line].text.as_str());
    let label = facts
        .label
        .clone()
        .or_else(|| raw_label(text, printed))
        .or_else(|| draft.facts[first?].decimal());
    TextFacts { label, ..facts }
}

/// Appends a line to a title: white space stays only between Latin words.
fn push_title_line(title: &mut String, line: &str) {
    let mut is_after_blank = false;
    for c in line.chars() {
        if is_blank(c) {
            is_after_blank = true;
            continue;
        }
        if is_after_blank
            && c.is_ascii_alphabetic()
            && title.ends_with(|last: char| last.is_ascii_alphabetic())
        {
            title.push(' ');
        }
        title.push(c);
        is_after_blank = false;
    }
}
