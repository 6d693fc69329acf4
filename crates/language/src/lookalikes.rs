//! Characters that recognisers and typists take for each other.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What each character may have been; grows by reading gazettes.
pub static LOOKALIKES: LazyLock<HashMap<char, Vec<char>>> = LazyLock::new(|| {
    let mut map: HashMap<char, Vec<char>> = HashMap::new();
    for group in include_str!("lookalikes.txt").lines() {
        for c in group.chars() {
            map.entry(c)
                .or_default()
                .extend(group.chars().filter(|&other| other != c));
        }
    }
    map
});
