//! Seals that were found on the pages.

use super::Segmented;
use model::{Block, Element, Place, Role};

/// Left, top, right and bottom, in points.
type Bbox = [f32; 4];

/// Puts the seals of pages where they belong: a seal is a figure of the document whose signature or date it lies on.
pub fn put_seals(segmented: &mut Segmented, seals: Vec<(u32, Bbox)>) {
    for (page, bbox) in seals {
        let figure = Block::Figure {
            at: vec![Place {
                page: Some(page),
                bbox: Some(bbox),
                ..Place::default()
            }],
        };
        let mut documents = segmented.documents.iter_mut();
        let signed = documents.find(|d| d.elements.iter().any(|e| lies_on(e, page, bbox)));
        match signed {
            Some(document) => document.body.push(figure),
            None => segmented.other.push(figure),
        }
    }
}

/// Whether a seal lies on a signature or a date.
fn lies_on(element: &Element, page: u32, seal: Bbox) -> bool {
    let is_signature = matches!(element.role, Role::Signatories | Role::Date);
    is_signature
        && element.at.iter().any(|place| {
            place.page == Some(page) && place.bbox.is_some_and(|bbox| overlap(bbox, seal))
        })
}

fn overlap(a: Bbox, b: Bbox) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}
