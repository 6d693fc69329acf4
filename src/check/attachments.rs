//! 附件说明 against the attachments.

use super::check;
use language::script::fold;
use model::{
    Attachment, AttachmentItem, AttachmentRole, Block, Check, CheckRule, Document, Place, Role,
};

/// Checks the one list of attachments that a document has.
pub fn attachment_list(n: usize, document: &Document) -> Vec<Check> {
    let attached: Vec<&Attachment> = document
        .attachments
        .iter()
        .filter(|a| a.role == AttachmentRole::Attachment)
        .collect();
    let Some((items, at)) = only_list(document) else {
        return Vec::new();
    };
    // 略: printed elsewhere or not at all, and the list says so.
    if attached.is_empty() && items.iter().any(|i| i.text.contains('略')) {
        return Vec::new();
    }
    let is_complete = items.len() == attached.len();
    let mut checks = vec![Check {
        expected: Some(items.len().to_string()),
        found: Some(attached.len().to_string()),
        ..check(CheckRule::AttachmentList, Some(n), at, is_complete)
    }];
    if is_complete {
        let pairs = items.iter().zip(attached);
        checks.extend(pairs.map(|(item, attachment)| title(n, item, attachment, at)));
    }
    checks
}

/// The list of attachments of a document that has one.
fn only_list(document: &Document) -> Option<(&[AttachmentItem], &[Place])> {
    let attached = document.attachments.iter().flat_map(|a| &a.body);
    let mut lists = document
        .body
        .iter()
        .chain(attached)
        .filter_map(|block| match block {
            Block::AttachmentList { items, at } => Some((items.as_slice(), at.as_slice())),
            _ => None,
        });
    lists.next().filter(|_| lists.next().is_none())
}

fn title(n: usize, item: &AttachmentItem, attachment: &Attachment, list: &[Place]) -> Check {
    let found = attachment.title.clone().unwrap_or_default();
    let printed = attachment.elements.iter().find(|e| e.role == Role::Title);
    let is_same = fold(&item.title) == fold(&found);
    let at = printed.map_or(list, |e| &e.at);
    Check {
        expected: Some(item.title.clone()),
        found: Some(found),
        ..check(CheckRule::AttachmentList, Some(n), at, is_same)
    }
}
