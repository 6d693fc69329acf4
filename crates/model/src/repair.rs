//! Repairs: every difference between lines and blocks, as data; and the registry of the rules that make them.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The registry: a rule is a line before and after, a name in the output, the module that decides, and how sure it is,
/// the surest first. A rule whose evidence varies has a few grades.
macro_rules! rules {
    ($(#[doc = $statement:literal] $rule:ident = $name:literal, $owner:literal, $grades:expr;)+) => {
        /// The rules of the repair and segment stages, each with a line before and after.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
        )]
        pub enum Rule {
            $(#[doc = $statement] #[serde(rename = $name)] $rule,)+
        }

        impl Rule {
            pub const ALL: &[Rule] = &[$(Rule::$rule),+];

            /// The name in the output, in `repair.off` and of the folder of fixtures.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Rule::$rule => $name,)+
                }
            }

            /// A line before and after.
            pub fn statement(self) -> &'static str {
                match self {
                    $(Rule::$rule => $statement.trim_ascii(),)+
                }
            }

            /// The module that decides.
            pub const fn owner(self) -> &'static str {
                match self {
                    $(Rule::$rule => $owner,)+
                }
            }

            /// The confidences that a repair of the rule can have, the surest first.
            pub const fn grades(self) -> &'static [f32] {
                match self {
                    $(Rule::$rule => &$grades,)+
                }
            }
        }
    };
}

rules! {
    /// `8,16` → `8.16`, where figures stand and the recogniser held the point for second best
    MisreadFigure = "misread-figure", "repair::misread", [0.95, 0.9, 0.85, 0.8, 0.5];
    /// `〔2023]` → `〔2023〕`
    MisreadSign = "misread-sign", "repair::misread", [0.95, 0.9];
    /// `阳自乡` → `阳白乡`, where the recogniser doubted and the document or the dictionary has the other
    MisreadCharacter = "misread-character", "repair::misread", [0.9, 0.8, 0.5];
    /// `$\text{PM}_{2.5}$` → `PM₂.₅`
    Latex = "latex", "repair::characters", [0.95];
    /// `SO_2` → `SO₂`
    Subscript = "subscript", "repair::characters", [0.9];
    /// `⼈⺠` → `人民`
    RadicalForm = "radical-form", "repair::characters", [0.98];
    /// `發(fā)展` → `發展`
    PinyinInBrackets = "pinyin-in-brackets", "repair::characters", [0.95];
    /// `云政发〔2023〕I2号` → `云政发〔2023〕12号`
    MisreadNumber = "misread-number", "repair::characters", [0.9];
    /// `２０２２年` → `2022年`
    FullWidthDigit = "full-width-digit", "repair::characters", [0.97];
    /// `意识 and 能力` → `意识和能力`
    EnglishAnd = "english-and", "repair::characters", [0.95];
    /// `目 录` → `目录`
    LetterSpaced = "letter-spaced", "repair::characters", [0.95];
    /// `红旗小 区` → `红旗小区` in a cell
    CellSpaces = "cell-spaces", "repair::characters", [0.9];
    /// `2023 年` → `2023年`
    SpaceBesideHan = "space-beside-han", "repair::characters", [0.97];
    /// `1. 严格` → `1.严格`
    ListNumberSpace = "list-number-space", "repair::characters", [0.97];
    /// `如下:` → `如下：`
    HalfWidthPunctuation = "half-width-punctuation", "repair::characters", [0.96];
    /// `健康標準` → `健康标准`
    TraditionalStretch = "traditional-stretch", "repair::characters", [0.93, 0.85, 0.5];
    /// A line does not begin with such a mark: `各项规定` / `，确保落实`
    JoinLeadingMark = "join-leading-mark", "repair::joins", [0.97];
    /// What was received stands before: `（云政〔2022〕5号）` / `收悉。`
    JoinReceived = "join-received", "repair::joins", [0.95];
    /// A note below a title: `（2023年10月26日云溪市` / `人民代表大会通过）`
    JoinTitleNote = "join-title-note", "repair::joins", [0.95];
    /// Where a report was given: `——2023年1月9日在云溪县人民代表大` / `会第三次会议上`
    JoinDelivery = "join-delivery", "repair::joins", [0.9];
    /// A bracket is open across the break: `（2023 年6` / `月1 日）`
    JoinBrackets = "join-brackets", "repair::joins", [0.95];
    /// A bracket is open and is opened again: `印发《…计划` / `《（2021-2025年）》的通知`
    JoinReopenedBracket = "join-reopened-bracket", "repair::joins", [0.85];
    /// A list of who gets copies goes on: `抄送：县委各部门，县人大` / `　　　常委会办公室。`
    JoinCopies = "join-copies", "repair::joins", [0.9];
    /// A formula goes on: `G=1.63B` / `(β·n+10⁻⁶V)`
    JoinFormula = "join-formula", "repair::joins", [0.9];
    /// The number of a text that is named: `《…的通知》` / `（云政办发〔2012〕18号）`
    JoinCitedNumber = "join-cited-number", "repair::joins", [0.9];
    /// A number alone belongs to what follows it: `一、` / `总体要求`
    JoinLabel = "join-label", "repair::joins", [0.9];
    /// A list of attachments goes on: `附件：2023年公` / `示名单`
    JoinAttachmentList = "join-attachment-list", "repair::joins", [0.85, 0.8];
    /// `…行政许可。` + `下级部门应当…` → one paragraph, where the table of joins and the weight of evidence differ
    JoinEvidence = "join-evidence", "repair::joins::evidence", [0.98, 0.93, 0.85, 0.7];
    /// The line before ends in a comma: `加强领导，` / `落实责任`
    JoinComma = "join-comma", "repair::joins", [0.97];
    /// Pieces that fill one printed line: `现将` / `《方案》印发给你们`
    JoinFragments = "join-fragments", "repair::joins::wrapped", [0.85];
    /// A figure stands on a line of its own: `云政发〔2023〕` / `12` / `号`
    JoinTornFigure = "join-torn-figure", "repair::joins", [0.95];
    /// A line begins under the first word of a paragraph that stands out to the left: `（一）全县标准为每` / `人每月八百元`
    JoinHanging = "join-hanging", "repair::joins::hanging", [0.9];
    /// The paragraph began with an indent and this line has none: `　　各地要加强` / `领导`
    JoinIndent = "join-indent", "repair::joins::wrapped", [0.85];
    /// A sentence goes on in a line that begins like a number: `…残疾等级为` / `一、二级的残疾人`
    JoinLikeLabel = "join-like-label", "repair::joins::wrapped", [0.9];
    /// A page ends with a filled line and its sentence goes on
    JoinPageEnd = "join-page-end", "repair::joins::wrapped", [0.94];
    /// A line is filled and its sentence goes on: `…国际竞争力的重要` / `指标…`
    JoinFilledLine = "join-filled-line", "repair::joins::wrapped", [0.94];
    /// A printed line that the extractor cut at a mark: `《方案》` / `印发给你们`
    JoinCutAtMark = "join-cut-at-mark", "repair::joins::wrapped", [0.8];
    /// A sentence of a paragraph of several lines goes on, though its line is not filled
    JoinOpenSentence = "join-open-sentence", "repair::joins::wrapped", [0.7];
    /// The break cuts a word: `坚决防` / `范事故`
    JoinCutWord = "join-cut-word", "repair::joins", [0.75, 0.7];
    /// A sentence ends at the end of a filled line, and the next line has no indent
    JoinFilledSentence = "join-filled-sentence", "repair::joins::wrapped", [0.75];
    /// After a colon the line goes on without an indent: `责任分工：` / `县水利局负责`
    JoinAfterColon = "join-after-colon", "repair::joins::wrapped", [0.75];
    /// A label and its value: `举报电话：` / `0350-6522111`
    JoinValue = "join-value", "repair::joins::unwrapped", [0.85];
    /// The column is full by the count of its lines, and no paragraph begins at the head of the next
    JoinColumnEnd = "join-column-end", "repair::joins::unwrapped", [0.8];
    /// Nothing ends in such a word: `加强对` / `企业的监管`
    JoinDanglingWord = "join-dangling-word", "repair::joins::unwrapped", [0.85];
    /// A sentence without its end, and the short end of one: `…治理试点示` / `范。`
    JoinShortEnd = "join-short-end", "repair::joins::unwrapped", [0.8];
    /// The break cuts a word of a heading: `（十）提升自然灾害防` / `治能力`
    JoinHeading = "join-heading", "repair::joins::unwrapped", [0.85, 0.7];
    /// An item ends with its column and without a mark
    JoinColumnItem = "join-column-item", "repair::joins::unwrapped", [0.75];
    /// A heading at the end of a column, and a short rest without a number: `（二）完善农村` / `饮水设施`
    JoinHeadingRest = "join-heading-rest", "repair::joins::unwrapped", [0.8];
    /// A paragraph cut by the end of a column or page goes on: `…坚决防范遏制` / `较大以上事故…`
    JoinColumns = "join-columns", "repair::joins::unwrapped", [0.95];
    /// A sentence goes on in the next line of a text whose lines break inside sentences
    JoinLines = "join-lines", "repair::joins::unwrapped", [0.85];
    /// Two columns that were read row by row are read one after the other
    UnweaveColumns = "unweave-columns", "repair::columns", [0.85];
    /// A list of attachments that was read row by row: tails go to the items that they end
    UnweaveList = "unweave-list", "segment", [0.95];
    /// `企业` / `业及监管人员` → `企业及监管人员`
    DoubledCharacter = "doubled-character", "repair::wraps", [0.9];
    /// `《…计划` / `《（2021-2025年）》` → `《…计划（2021-2025年）》`
    InventedBracket = "invented-bracket", "repair::wraps", [0.85];
    /// Lines of one title: `云溪县人民政府` / `关于做好安全生产工作的通知`
    JoinTitle = "join-title", "segment", [0.95];
    /// The word 目录 over two lines: `目` / `录`
    JoinContentsTitle = "join-contents-title", "repair::contents", [0.9];
    /// `- 1、关于…` → `1、关于…` in the contents
    ContentsBullet = "contents-bullet", "repair::contents", [0.9];
    /// `…的通知（云政发　　（1）` / `〔2023〕11号）` → `…的通知（云政发` / `〔2023〕11号）　　（1）` in the contents
    ContentsPage = "contents-page", "repair::contents", [0.9];
    /// `……(15)` → `15` in the contents
    ContentsLeader = "contents-leader", "repair::contents", [0.95];
    /// Lines of one entry of the contents
    JoinContentsEntry = "join-contents-entry", "repair::contents", [0.95];
    /// Printed lines of one cell: `青石镇王家湾` / `河段治理工程`
    JoinCellLines = "join-cell-lines", "repair::tables", [1.0];
    /// The header that a table repeats on the next page
    MergeTablePieces = "merge-table-pieces", "repair::tables", [0.97];
    /// The label of a row span that is printed again on the next page, or in each of its rows
    ContinueRowSpan = "continue-row-span", "repair::tables", [0.9];
    /// Cells of a row that slid into the wrong columns
    AlignRow = "align-row", "repair::tables", [0.85];
    /// Empty cells at the end of a row that no column has
    EmptyColumn = "empty-column", "repair::tables", [0.95];
    /// `二氧化化硫` → `二氧化硫` in a cell
    DoubledInCell = "doubled-in-cell", "repair::tables", [0.93];
    /// A value that was lost and that arithmetic proves
    InferLostValue = "infer-lost-value", "repair::tables", [0.97, 0.85];
}

impl Rule {
    /// The rule of a name in the output.
    pub fn from_name(name: &str) -> Option<Rule> {
        Rule::ALL.iter().copied().find(|rule| rule.name() == name)
    }

    /// How sure a repair of the rule is, where nothing speaks against it.
    pub fn confidence(self) -> f32 {
        self.grades()[0]
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_rules_and_back() {
        for &rule in Rule::ALL {
            assert_eq!(Rule::from_name(rule.name()), Some(rule));
            assert_eq!(serde_json::to_value(rule).unwrap(), rule.name());
        }
        assert_eq!(Rule::from_name("join-titel"), None);
    }

    #[test]
    fn grades_are_shares_and_fall() {
        for &rule in Rule::ALL {
            let grades = rule.grades();
            assert!(
                grades.iter().all(|grade| (0.0..=1.0).contains(grade)),
                "{rule:?}"
            );
            assert!(grades.is_sorted_by(|a, b| a > b), "{rule:?}");
        }
    }

    #[test]
    fn a_statement_is_the_documentation_of_its_rule() {
        assert_eq!(Rule::SpaceBesideHan.statement(), "`2023 年` → `2023年`");
    }
}
