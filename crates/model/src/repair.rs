//! Repairs: every difference between lines and blocks, as data.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The rules of the repair and segment stages, each with a line before and after.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// `8,16` → `8.16`, where figures stand and the recogniser held the point for second best
    MisreadFigure,
    /// `〔2023]` → `〔2023〕`
    MisreadSign,
    /// `阳自乡` → `阳白乡`, where the recogniser doubted and the document or the dictionary has the other
    MisreadCharacter,
    /// `$\text{PM}_{2.5}$` → `PM₂.₅`
    Latex,
    /// `SO_2` → `SO₂`
    Subscript,
    /// `意识 and 能力` → `意识和能力`
    EnglishAnd,
    /// `目 录` → `目录`
    LetterSpaced,
    /// `红旗小 区` → `红旗小区` in a cell
    CellSpaces,
    /// `2023 年` → `2023年`
    SpaceBesideHan,
    /// `1. 严格` → `1.严格`
    ListNumberSpace,
    /// `如下:` → `如下：`
    HalfWidthPunctuation,
    /// `健康標準` → `健康标准`
    TraditionalStretch,
    /// A paragraph cut by the end of a column or page goes on: `…坚决防范遏制` / `较大以上事故…`
    JoinColumns,
    /// A paragraph set in printed lines goes on: `…国际竞争力的重要` / `指标…`
    JoinLines,
    /// A printed line that the extractor cut goes on: `现将` / `《方案》印发给你们`
    JoinFragments,
    /// A bracket is open across the break: `（2023 年6` / `月1 日）`
    JoinBrackets,
    /// A heading goes on: `（十）提升自然灾害防治` / `能力`
    JoinHeading,
    /// A label and its value: `举报电话：` / `0350-6522111`
    JoinValue,
    /// A formula goes on: `G=1.63B` / `(β·n+10⁻⁶V)`
    JoinFormula,
    /// A list of attachments goes on: `附件：2023年公` / `示名单`
    JoinAttachmentList,
    /// Two columns that were read row by row are read one after the other
    UnweaveColumns,
    /// A list of attachments that was read row by row: tails go to the items that they end
    UnweaveList,
    /// `企业` / `业及监管人员` → `企业及监管人员`
    DoubledCharacter,
    /// `《…计划` / `《（2021-2025年）》` → `《…计划（2021-2025年）》`
    InventedBracket,
    /// Lines of one title: `云溪县人民政府` / `关于做好安全生产工作的通知`
    JoinTitle,
    /// `- 1、关于…` → `1、关于…` in the contents
    ContentsBullet,
    /// `……(15)` → `15` in the contents
    ContentsLeader,
    /// Lines of one entry of the contents
    JoinContentsEntry,
    /// Printed lines of one cell: `青石镇王家湾` / `河段治理工程`
    JoinCellLines,
    /// The header that a table repeats on the next page
    MergeTablePieces,
    /// The label of a row span that is printed again on the next page
    ContinueRowSpan,
    /// Cells of a row that slid into the wrong columns
    AlignRow,
    /// Empty cells at the end of a row that no column has
    EmptyColumn,
    /// `二氧化化硫` → `二氧化硫` in a cell
    DoubledInCell,
    /// A value that was lost and that arithmetic proves
    InferLostValue,
}

/// One change between lines and blocks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Repair {
    pub rule: Rule,
    /// Lines that the repair is about: one for an edit, the lines around the break for a join.
    pub at: Vec<String>,
    /// For an edit: the character (Unicode scalar value, from 0) of the line's text at which `before` stood when
    /// the edit was made. A join or a move has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<usize>,
    pub before: String,
    pub after: String,
    /// 0 to 1.
    pub confidence: f32,
    pub why: Cow<'static, str>,
    /// False for a repair that is only suggested, because it is less sure than `repair.min_confidence`.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub applied: bool,
}

fn yes() -> bool {
    true
}

fn is_true(b: &bool) -> bool {
    *b
}
