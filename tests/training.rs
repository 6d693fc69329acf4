//! The weights of decisions can be learnt anew from labelled lines, of which a few fixtures have some.

#[path = "../examples/train.rs"]
#[allow(dead_code, reason = "the example's own main")]
mod train;

use gongbao::evidence::weights::Weights;

fn corpus() -> [String; 1] {
    [concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/gazettes").to_owned()]
}

#[test]
fn the_same_lines_give_the_same_weights() {
    for what in ["roles", "breaks"] {
        let weights = train::learn(what, &corpus()).expect("the corpus is whole");
        let again = train::learn(what, &corpus()).expect("the corpus is whole");
        assert_eq!(weights, again, "{what}");
        let read = Weights::parse(&weights).expect("the program reads what was learnt");
        assert!(read.labels.len() > 1 && !read.facts.is_empty(), "{what}");
    }
}

#[test]
fn what_was_learnt_is_measured_role_by_role() {
    let measured = train::measure(&corpus()).expect("the corpus is whole");
    let titles = measured.lines().find(|row| row.starts_with("title\t"));
    let recall = titles.and_then(|row| row.split('\t').nth(4));
    assert_eq!(recall, Some("1.000"), "{measured}");
}
