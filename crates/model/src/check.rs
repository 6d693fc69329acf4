//! Checks: statements about the gazette that can hold or fail.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::blocks::Place;

/// One statement about the gazette.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    pub rule: CheckRule,
    pub at: Vec<Place>,
    /// Index into `documents`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<usize>,
    /// `null` where the print does not say enough.
    pub holds: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// What the text may have meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

/// The statements that are checked.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum CheckRule {
    /// The file is whole, and two readers agree on its pages.
    FileSound,
    /// The text of a page was read.
    PageRead,
    /// A page that was recognised has as many pixels per inch as that needs.
    ScanResolution,
    /// The characters of a page that was recognised are believed.
    PageLegible,
    /// An entry of the contents has its document.
    ContentsMissing,
    /// A document has its entry in the contents.
    ContentsExtra,
    /// The contents and the document have the same title.
    ContentsTitle,
    /// The contents and the document have the same number.
    ContentsNumber,
    /// The documents come in the order of the contents.
    ContentsOrder,
    /// A document starts on the page that the contents say.
    ContentsPage,
    /// Headings count without gap or repetition.
    HeadingSequence,
    /// 附件说明 and attachments agree in number and title.
    AttachmentList,
    /// The number of a document can be read on its line.
    NumberRead,
    /// What was not taken for the head of a document, though it may well be one.
    PossibleDocument,
    /// The numbers of an issuer in this issue run without gap.
    NumberSequence,
    /// The number's issuer is one that the configuration expects.
    IssuerExpected,
    /// A later number has no earlier date.
    DateOrder,
    /// A document is not younger than the issue that prints it.
    DateOfPublication,
    /// 印发日期 is not before 成文日期.
    DateOfPrinting,
    /// A printed total is the sum of its column.
    ColumnTotal,
    /// The amounts of a list add up to the amount that the text names.
    ListTotal,
    /// Every bracket that a paragraph opens it closes.
    BracketBalance,
    /// A word that no dictionary has, one look-alike character away from one that the gazette uses.
    ProbableMisprint,
}
