//! A rule that is off changes nothing and logs nothing: each rule of the registry, over its own fixtures.

mod cases;

use gongbao::audit;
use gongbao::config::{Config, RuleSet};
use gongbao::model::Rule;

#[test]
fn a_rule_that_is_off_is_not_in_the_log_and_the_audit_passes() {
    for &rule in Rule::ALL {
        let mut config = Config::default();
        config.repair.off = RuleSet::from_iter([rule]);
        for path in cases::of_folder(rule.name()) {
            let (output, lines) = cases::read(&path, &config);
            let logged = output.repairs.iter().find(|repair| repair.rule == rule);
            assert!(logged.is_none(), "{}: {logged:?}", path.display());
            if let Err(findings) = audit(&output, &lines) {
                panic!("{}: {}", path.display(), findings.join("\n"));
            }
        }
    }
}

/// With every rule off, the output holds the lines as they are printed.
#[test]
fn without_rules_nothing_is_repaired() {
    let mut config = Config::default();
    config.repair.off = Rule::ALL.iter().copied().collect();
    for path in Rule::ALL
        .iter()
        .flat_map(|&rule| cases::of_folder(rule.name()))
    {
        let (output, lines) = cases::read(&path, &config);
        assert_eq!(output.repairs, [], "{}", path.display());
        if let Err(findings) = audit(&output, &lines) {
            panic!("{}: {}", path.display(), findings.join("\n"));
        }
    }
}

/// A rule that is not sure enough suggests, and changes nothing.
#[test]
fn what_is_not_sure_enough_is_only_suggested() {
    let mut config = Config::default();
    // Surer than any rule.
    config.repair.min_confidence = 1.1;
    for path in Rule::ALL
        .iter()
        .flat_map(|&rule| cases::of_folder(rule.name()))
    {
        let (output, lines) = cases::read(&path, &config);
        let applied = output.repairs.iter().find(|repair| repair.applied);
        assert!(applied.is_none(), "{}: {applied:?}", path.display());
        if let Err(findings) = audit(&output, &lines) {
            panic!("{}: {}", path.display(), findings.join("\n"));
        }
    }
}
