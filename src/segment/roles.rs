//! What each passage is, decided by evidence: a linear-chain conditional random field (Lafferty, McCallum, Pereira 2001)
//! over facts that can be printed, with weights that were learnt from labelled gazettes.

use std::fmt;
use std::sync::LazyLock;

use crate::evidence::Fact;
use crate::evidence::field::Field;
use crate::evidence::weights::Weights;

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
        })
        .collect()
}
