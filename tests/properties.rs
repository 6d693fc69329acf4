//! Any text: the program ends, nothing is lost, nothing is invented.

use gongbao::audit;
use gongbao::config::Config;
use gongbao::extract::{self, ReadOptions};
use gongbao::output;
use proptest::prelude::*;

/// Pieces that gazettes are made of, so that rules meet each other.
#[expect(clippy::too_many_lines, reason = "a list of what gazettes are made of")]
fn piece() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "一、",
        "（一）",
        "1. ",
        "5. 5岁",
        "第一条 ",
        "第二章 ",
        "附件1",
        "附件：1.",
        "2.",
        "表1 ",
        "单位：万元",
        "《",
        "》",
        "（",
        "）",
        "(",
        ")",
        "“",
        "”",
        "，",
        "。",
        "；",
        "：",
        ":",
        ",",
        "\t",
        "\t\t",
        "\n",
        "\n\n",
        "\u{c}",
        "　　",
        " ",
        "目录",
        "……12",
        "(3)",
        "云溪县人民政府",
        "关于加强河道管理的通知",
        "云政发〔2022〕7号",
        "第37号",
        "令",
        "2022年6月1日",
        "二〇二二年六月一日",
        "各乡镇人民政府：",
        "合计",
        "3.5",
        "1157.51",
        "%",
        "$x_{2}$",
        "SO_2",
        " and ",
        "國學體",
        "河道",
        "管理",
        "管",
        "理",
        "— 12 —",
        "抄送：",
        "印发",
        "（此件公开发布）",
        "\u{202e}",
        "\u{200b}",
        "𠮷",
        "é",
        "\r",
    ]);
    prop_oneof![8 => known.prop_map(str::to_owned), 1 => "[\\PC\\n\\t]{0,6}", 1 => "[一-龥]{1,40}"]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost(pieces in prop::collection::vec(piece(), 0..120)) {
        let config = Config::default();
        if let Ok(extracted) = extract::lines_of_bytes("any.txt", pieces.concat().as_bytes(), &config.extract.page_marker, &ReadOptions::default()) {
            let (output, lines) = output::of_lines(extracted, &config);
            let audited = audit(&output, &lines);
            prop_assert!(audited.is_ok(), "{}", audited.unwrap_err().join("\n"));
        }
    }

    #[test]
    fn a_threshold_only_holds_repairs_back(pieces in prop::collection::vec(piece(), 0..60), min_confidence in 0.0f32..1.0) {
        let mut config = Config::default();
        config.repair.min_confidence = min_confidence;
        if let Ok(extracted) = extract::lines_of_bytes("any.txt", pieces.concat().as_bytes(), &config.extract.page_marker, &ReadOptions::default()) {
            let (output, lines) = output::of_lines(extracted, &config);
            let unsure = output.repairs.iter().find(|r| r.applied && r.confidence < min_confidence);
            prop_assert!(unsure.is_none(), "{unsure:?}");
            let audited = audit(&output, &lines);
            prop_assert!(audited.is_ok(), "{}", audited.unwrap_err().join("\n"));
        }
    }
}
