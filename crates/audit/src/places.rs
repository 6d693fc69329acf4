//! Places: on the page of their lines, in the box of their lines.

use model::Output;

use crate::Findings;
use crate::lines::{Lines, is_beyond, is_box};
use crate::spots::{Spot, Spots};

type Bbox = [f32; 4];

/// Checks every place of the output.
pub fn check(output: &Output, spots: &Spots, lines: &Lines, findings: &mut Findings) {
    for spot in spots.all() {
        if let Some(what) = wrong(spot, spots, output, lines) {
            findings.add(spot.name(), what);
        }
    }
}

/// What is wrong with a place.
fn wrong(spot: &Spot, spots: &Spots, output: &Output, lines: &Lines) -> Option<&'static str> {
    let place = spot.place;
    let known = || spots.lines(spot).filter_map(|line| lines.get(line));
    if known().count() < place.lines.len() {
        return Some("a place names a line that was not extracted");
    }
    if !spot.is_ranged() {
        return Some("a place has not as many ranges as lines");
    }
    if known().any(|line| line.page != place.page) {
        return Some("a place is on another page than its line");
    }
    if is_beyond(place.page, output) {
        return Some("a place is on a page that the input has not");
    }
    if place.lines.is_empty() {
        return place
            .bbox
            .filter(|&bbox| !is_box(bbox))
            .map(|_| "the box of a place is none");
    }
    let around = known().filter_map(|line| line.bbox).reduce(around);
    match (place.bbox, around) {
        (None, None) => None,
        (Some(bbox), Some(around)) if place.chars.is_none() && bbox != around => {
            Some("the box of a place is not that of its lines")
        }
        (Some(bbox), Some(around)) if !is_box(bbox) || !is_within(bbox, around) => {
            Some("the box of a place is not in that of its lines")
        }
        (Some(_), Some(_)) => None,
        (Some(_), None) => Some("a place has a box, and its lines have none"),
        (None, Some(_)) => Some("a place has no box, and its lines have one"),
    }
}

fn is_within(inner: Bbox, outer: Bbox) -> bool {
    around(inner, outer) == outer
}

fn around(a: Bbox, b: Bbox) -> Bbox {
    [
        a[0].min(b[0]),
        a[1].min(b[1]),
        a[2].max(b[2]),
        a[3].max(b[3]),
    ]
}
