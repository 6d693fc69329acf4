//! Optional content (ISO 32000-1, 8.11): layers that are switched off are not printed.

use std::collections::HashSet;

use hayro_syntax::object::{Array, Dict, Name, ObjectIdentifier};
use hayro_syntax::xref::XRef;

/// The layers that are off when the document is opened.
#[derive(Debug, Default)]
pub struct Layers {
    off: HashSet<ObjectIdentifier>,
}

impl Layers {
    pub fn new(xref: &XRef) -> Self {
        let properties = xref
            .get::<Dict>(xref.root_id())
            .and_then(|catalog| catalog.get::<Dict>(b"OCProperties"));
        properties
            .map(|p| Self::from_properties(&p))
            .unwrap_or_default()
    }

    fn from_properties(properties: &Dict) -> Self {
        let Some(config) = properties.get::<Dict>(b"D") else {
            return Self::default();
        };
        let mut off = HashSet::new();
        if config
            .get::<Name>(b"BaseState")
            .is_some_and(|state| state.as_ref() == b"OFF")
        {
            off.extend(groups(properties, b"OCGs"));
            for on in groups(&config, b"ON") {
                off.remove(&on);
            }
        }
        off.extend(groups(&config, b"OFF"));
        Self { off }
    }

    /// Whether the optional content that `key` of the dictionary names is off.
    pub fn hide(&self, dict: &Dict, key: &[u8]) -> bool {
        if self.off.is_empty() {
            return false;
        }
        if dict
            .get_ref(key)
            .is_some_and(|group| self.off.contains(&group.into()))
        {
            return true;
        }
        // A membership dictionary stands for several layers, and shows if any of them does.
        let members = dict
            .get::<Dict>(key)
            .map(|d| groups(&d, b"OCGs"))
            .unwrap_or_default();
        !members.is_empty() && members.iter().all(|group| self.off.contains(group))
    }
}

fn groups(dict: &Dict, key: &[u8]) -> Vec<ObjectIdentifier> {
    match dict.get::<Array>(key) {
        Some(array) => array
            .raw_iter()
            .filter_map(|item| item.as_obj_ref())
            .map(ObjectIdentifier::from)
            .collect(),
        None => dict
            .get_ref(key)
            .map(ObjectIdentifier::from)
            .into_iter()
            .collect(),
    }
}
