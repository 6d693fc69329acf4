//! What each passage is, decided by evidence: a linear-chain conditional random field (Lafferty, McCallum, Pereira 2001)
//! over facts that can be printed, with weights that were learnt from labelled gazettes.

use std::fmt;
use std::sync::LazyLock;

use crate::evidence::Fact;
use crate::evidence::field::Field;
use crate::evidence::weights::{Key, OFFSETS, Weights};
use model::Role;

/// What a passage is, or begins, or goes on with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassageRole {
    Title,
    /// Of a text that is no document: 大事记
    OtherTitle,
    /// Of the text that a document issues.
    EnclosureTitle,
    AttachmentTitle,
    AttachmentLabel,
    /// 附件：1.…
    AttachmentList,
    /// 发文字号, 第37号
    Number,
    Addressees,
    Heading,
    Paragraph,
    Signature,
    Date,
    /// （此件公开发布）, （…通过）
    Note,
    /// Who signs the text that a document issues, and when.
    EnclosureSignature,
    Colophon,
    Section,
    ContentsTitle,
    ContentsSection,
    ContentsEntry,
    /// Cover and masthead.
    Front,
    Imprint,
    /// A running head or folio that was not told before.
    Furniture,
    Footnote,
    Cell,
    Caption,
    Unit,
    TableNote,
    Figure,
    Formula,
}

impl PassageRole {
    /// The roles by the names that labelled gazettes give them.
    pub const NAMES: [(&str, PassageRole); 29] = [
        ("title", PassageRole::Title),
        ("other_title", PassageRole::OtherTitle),
        ("sub_title", PassageRole::EnclosureTitle),
        ("attachment_title", PassageRole::AttachmentTitle),
        ("attachment_label", PassageRole::AttachmentLabel),
        ("attachment_list", PassageRole::AttachmentList),
        ("number", PassageRole::Number),
        ("addressee", PassageRole::Addressees),
        ("heading", PassageRole::Heading),
        ("paragraph", PassageRole::Paragraph),
        ("signature", PassageRole::Signature),
        ("date", PassageRole::Date),
        ("note", PassageRole::Note),
        ("enclosure_sign", PassageRole::EnclosureSignature),
        ("colophon", PassageRole::Colophon),
        ("section", PassageRole::Section),
        ("contents_title", PassageRole::ContentsTitle),
        ("contents_section", PassageRole::ContentsSection),
        ("contents", PassageRole::ContentsEntry),
        ("front", PassageRole::Front),
        ("imprint", PassageRole::Imprint),
        ("furniture", PassageRole::Furniture),
        ("footnote", PassageRole::Footnote),
        ("cell", PassageRole::Cell),
        ("caption", PassageRole::Caption),
        ("unit", PassageRole::Unit),
        ("table_note", PassageRole::TableNote),
        ("figure_caption", PassageRole::Figure),
        ("formula", PassageRole::Formula),
    ];

    /// The role of the element that a passage with this one becomes, where it is always the same.
    pub fn of_element(self) -> Option<Role> {
        Some(match self {
            PassageRole::Title | PassageRole::EnclosureTitle | PassageRole::AttachmentTitle => {
                Role::Title
            }
            PassageRole::AttachmentLabel => Role::AttachmentLabel,
            PassageRole::Number => Role::Number,
            PassageRole::Addressees => Role::Addressees,
            PassageRole::Signature => Role::Signatories,
            PassageRole::Date => Role::Date,
            PassageRole::Note => Role::Note,
            PassageRole::Colophon => Role::Colophon,
            PassageRole::Section => Role::Section,
            PassageRole::Imprint => Role::Imprint,
            PassageRole::Front => Role::Masthead,
            _ => return None,
        })
    }

    fn named(name: &str) -> Option<PassageRole> {
        let known = PassageRole::NAMES.iter().find(|(known, _)| *known == name);
        known.map(|&(_, role)| role)
    }
}

/// A label of the field: a role, and whether a passage begins what has it or goes on with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    pub role: PassageRole,
    pub goes_on: bool,
}

impl Label {
    /// Reads `B-title`, `I-title`, `number`.
    fn parse(text: &str) -> Option<Label> {
        let (goes_on, name) = match text.split_once('-') {
            Some(("I", name)) => (true, name),
            Some((_, name)) => (false, name),
            None => (false, text),
        };
        let role = PassageRole::named(name)?;
        Some(Label { role, goes_on })
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = PassageRole::NAMES
            .iter()
            .find(|(_, role)| *role == self.role);
        let name = known.map_or("", |(name, _)| name);
        f.write_str(if self.goes_on { "I-" } else { "" })?;
        f.write_str(name)
    }
}

/// What a passage was judged to be.
#[derive(Debug, Clone, Copy)]
pub struct Judged {
    pub label: Label,
    /// How likely it is that.
    pub probability: f32,
    /// How likely the title of a document begins here.
    pub opens_document: f32,
    /// What else it may be: the likeliest of all other labels.
    pub runner_up: Label,
}

/// A fact, at which passage from here on it holds, and by how much it speaks for one label against another.
pub type Reason = (i8, Fact, f32);

/// The facts that speak most for and against what a passage was judged to be, over what else it may be.
pub fn reasons(evidence: &[Vec<Fact>], i: usize, judged: &Judged) -> Vec<Reason> {
    let Model { weights, labels } = &*MODEL;
    let index = |label: Label| labels.iter().position(|&known| known == label);
    let (Some(taken), Some(other)) = (index(judged.label), index(judged.runner_up)) else {
        return Vec::new();
    };
    let mut reasons: Vec<Reason> = Vec::new();
    for offset in OFFSETS {
        let there = i.checked_add_signed(isize::from(offset));
        for &fact in there
            .and_then(|there| evidence.get(there))
            .into_iter()
            .flatten()
        {
            let mut scores = vec![0.0; labels.len()];
            weights.add(Key::of(fact), offset, &mut scores);
            reasons.push((offset, fact, scores[taken] - scores[other]));
        }
    }
    reasons.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()));
    reasons
}

/// The weights that are in force, and what their labels mean.
struct Model {
    weights: Weights,
    labels: Vec<Label>,
}

static MODEL: LazyLock<Model> = LazyLock::new(|| {
    let weights = Weights::parse(include_str!("roles/weights.txt")).expect("the built-in weights");
    let labels = weights.labels.iter().map(|name| Label::parse(name));
    let labels = labels.collect::<Option<_>>().expect("roles are known");
    Model { weights, labels }
});

/// Judges all passages of a gazette together.
pub fn judge(evidence: &[Vec<Fact>]) -> Vec<Judged> {
    let Model { weights, labels } = &*MODEL;
    let field = Field::new(weights, evidence);
    let marginals = field.marginals();
    let title = Label {
        role: PassageRole::Title,
        goes_on: false,
    };
    let opens = labels.iter().position(|&label| label == title);
    field
        .best()
        .into_iter()
        .zip(marginals.chunks_exact(labels.len()))
        .map(|(label, chances)| Judged {
            label: labels[label],
            probability: chances[label],
            opens_document: opens.map_or(0.0, |opens| chances[opens]),
            runner_up: labels[likeliest_but(label, chances)],
        })
        .collect()
}

fn likeliest_but(label: usize, chances: &[f32]) -> usize {
    let others = (0..chances.len()).filter(|&other| other != label);
    let likeliest = others.max_by(|&a, &b| chances[a].total_cmp(&chances[b]));
    likeliest.unwrap_or(label)
}
