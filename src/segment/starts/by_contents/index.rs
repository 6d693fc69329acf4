//! Which passages can be the title of an entry: those that begin alike and share its rarest pairs of characters.

use std::collections::HashMap;

use crate::segment::passages::Passages;
use crate::segment::starts::title_lines::without_item_number;
use language::script::fold;

/// Characters with which a title and its entry begin alike.
const KEY: usize = 5;
/// A shorter key says nothing.
const SHORTEST_KEY: usize = 2;
/// The widest passage, in full characters, that a title can begin in.
const WIDEST: f32 = 160.0;
/// Characters from the beginning of a title that are indexed: what tells one title of a county from the next stands there.
const INDEXED: usize = 160;
/// Places of pairs that are looked at for one entry, so that contents of any length take a time for each entry.
const LOOKED_AT: usize = 1024;
/// Passages that are compared with one entry.
const COMPARED: usize = 16;

type Pair = (char, char);

/// The places of heads that begin alike, and of each pair of characters in them.
#[derive(Default)]
struct Group {
    heads: Vec<usize>,
    /// Of each pair the heads that have it, as indices into `heads`, in order.
    places: HashMap<Pair, Vec<u32>>,
    /// Entries that begin so, in order.
    entries: Vec<usize>,
}

/// Heads by the characters with which they begin.
pub struct Index {
    groups: HashMap<String, Group>,
}

impl Index {
    /// Indexes the passages from `first` on that begin as an entry does.
    pub fn new(passages: &Passages, first: usize, wanted: &[String]) -> Self {
        let mut groups: HashMap<String, Group> = HashMap::new();
        for (e, title) in wanted.iter().enumerate() {
            if let Some(key) = key(title) {
                groups.entry(key).or_default().entries.push(e);
            }
        }
        for i in first..passages.list.len() {
            if !passages.holds(i, |facts| facts.width <= WIDEST) {
                continue;
            }
            // A number alone on its line goes with the title after it.
            let text = fold(without_item_number(passages, i));
            if let Some(group) = key(&text).and_then(|key| groups.get_mut(&key)) {
                group.add(i, &title_from(passages, i, text));
            }
        }
        Index { groups }
    }

    /// The passages that an entry's title most likely begins with, in order.
    pub fn likeliest(&self, entry: usize, wanted: &str) -> Vec<usize> {
        let group = key(wanted).and_then(|key| self.groups.get(&key));
        group.map_or(Vec::new(), |group| group.likeliest(entry, wanted))
    }
}

impl Group {
    fn add(&mut self, head: usize, title: &str) {
        let n = u32::try_from(self.heads.len()).unwrap_or(u32::MAX);
        self.heads.push(head);
        for pair in pairs(title) {
            self.places.entry(pair).or_default().push(n);
        }
    }

    fn likeliest(&self, entry: usize, wanted: &str) -> Vec<usize> {
        if self.heads.len() <= COMPARED {
            return self.heads.clone();
        }
        let share = self.share(entry);
        let mut rarest: Vec<&Vec<u32>> = pairs(wanted)
            .iter()
            .filter_map(|pair| self.places.get(pair))
            .collect();
        rarest.sort_by_key(|places| places.len());
        let mut votes: HashMap<u32, f32> = HashMap::new();
        let mut left = LOOKED_AT;
        for places in rarest {
            let near = near(places, share, left.min(LOOKED_AT / 4));
            left = left.saturating_sub(near.len());
            for &place in near {
                // A pair that few titles have says more.
                *votes.entry(place).or_default() += 1.0 / places.len() as f32;
            }
            if left == 0 {
                break;
            }
        }
        let expected = share * self.heads.len() as f32;
        let mut found: Vec<(u32, f32)> = votes.into_iter().collect();
        let distance = |place: u32| (place as f32 - expected).abs();
        found.sort_by(|a, b| {
            b.1.total_cmp(&a.1)
                .then(distance(a.0).total_cmp(&distance(b.0)))
                .then(a.0.cmp(&b.0))
        });
        found.truncate(COMPARED);
        let mut heads: Vec<usize> = found
            .iter()
            .map(|&(place, _)| self.heads[place as usize])
            .collect();
        heads.sort_unstable();
        heads
    }

    /// How far through the entries that begin alike an entry stands, 0 to 1: its title stands about as far through theirs.
    fn share(&self, entry: usize) -> f32 {
        let before = self.entries.partition_point(|&e| e < entry);
        before as f32 / self.entries.len().max(1) as f32
    }
}

/// Some of the places: all, or those that stand about as far through all of them as is said.
fn near(places: &[u32], share: f32, n: usize) -> &[u32] {
    let middle = (share * places.len() as f32) as usize;
    let start = middle
        .saturating_sub(n / 2)
        .min(places.len().saturating_sub(n));
    &places[start..(start + n).min(places.len())]
}

fn key(title: &str) -> Option<String> {
    let key: String = title.chars().take(KEY).collect();
    (key.chars().count() >= SHORTEST_KEY).then_some(key)
}

/// The beginning of the title that can begin with a passage, which is given folded.
fn title_from(passages: &Passages, i: usize, first: String) -> String {
    let mut title = first;
    for next in i + 1..i + passages.config.title_lines {
        if title.chars().count() >= INDEXED || !passages.holds(next, |facts| !facts.is_sentence) {
            break;
        }
        title.push_str(&fold(&passages.texts[next]));
    }
    title.chars().take(INDEXED).collect()
}

/// The pairs of neighbouring characters in a text, each once.
fn pairs(text: &str) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = text.chars().zip(text.chars().skip(1)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_that_differ_in_a_digit_are_told_apart() {
        let titles: Vec<String> = (1000..1400)
            .map(|n| format!("云溪县人民政府关于第{n}号建议的答复"))
            .collect();
        let mut group = Group {
            entries: (0..titles.len()).collect(),
            ..Group::default()
        };
        for (head, title) in titles.iter().enumerate() {
            group.add(head, title);
        }
        for (entry, title) in titles.iter().enumerate() {
            assert!(group.likeliest(entry, title).contains(&entry), "{title}");
        }
    }

    #[test]
    fn titles_that_are_the_same_are_told_apart_by_their_order() {
        let title = "云溪县人民政府人事任免通知";
        let mut group = Group {
            entries: (0..400).collect(),
            ..Group::default()
        };
        (0..400).for_each(|head| group.add(head, title));
        assert!(group.likeliest(200, title).contains(&200));
    }
}
