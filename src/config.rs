//! What an operator may turn: `pipeline.toml`, one table per stage.
//!
//! The built-in copy names every key, so it is also the list of the keys that exist.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

use extract::PageMarker;
use language::number::NumberForms;
use language::pattern::Pattern;
use language::profiles::Profile;
use serde::Deserialize;
use toml::de::{DeTable, DeValue};

const BUILT_IN: &str = include_str!("../pipeline.toml");

/// The configuration in force.
#[derive(Debug, Clone)]
pub struct Config {
    pub extract: Extract,
    pub ocr: Ocr,
    pub repair: Repair,
    pub segment: Segment,
    pub check: Check,
    /// `table.key` and the place that its value came from.
    origins: BTreeMap<String, (String, String)>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Extract {
    pub page_marker: PageMarker,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Ocr {
    pub models: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Repair {
    pub min_confidence: f32,
    pub off: Vec<String>,
    pub wrapped_share: f32,
    pub grid_agreement: f32,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Segment {
    pub profile: Profile,
    #[serde(flatten)]
    pub forms: NumberForms,
    pub issuers: Vec<String>,
    pub title_lines: usize,
    pub title_similarity: f64,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Check {
    pub rounding: f64,
}

/// What is wrong with a configuration file: where, what, and what to write instead.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{path}: {error}", path = path.display())]
    Unreadable {
        path: PathBuf,
        error: std::io::Error,
    },
    #[error("{place}: {problem}")]
    Invalid { place: String, problem: String },
}

impl Default for Config {
    fn default() -> Self {
        Config::from_toml(None).expect("the built-in configuration is valid")
    }
}

impl Config {
    /// Reads `path`, else `pipeline.toml` in the working directory, else the built-in copy.
    pub fn load(path: Option<&Path>) -> Result<Config, ConfigError> {
        let here = Path::new("pipeline.toml");
        let Some(path) = path.or_else(|| here.exists().then_some(here)) else {
            return Config::from_toml(None);
        };
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
            path: path.to_owned(),
            error,
        })?;
        Config::from_toml(Some((&path.display().to_string(), &text)))
    }

    /// Lays a file, given as name and text, over the built-in copy.
    pub fn from_toml(file: Option<(&str, &str)>) -> Result<Config, ConfigError> {
        let mut origins = BTreeMap::new();
        let mut merged: toml::Table = BUILT_IN.parse().expect("the built-in configuration parses");
        for (table, keys) in &merged {
            for (key, value) in keys
                .as_table()
                .expect("the built-in configuration is a list of tables")
            {
                origins.insert(
                    format!("{table}.{key}"),
                    (value.to_string(), "built-in".to_owned()),
                );
            }
        }
        if let Some((name, text)) = file {
            overlay(&mut merged, &mut origins, name, text)?;
        }

        #[derive(Deserialize)]
        struct Tables {
            extract: Extract,
            ocr: Ocr,
            repair: Repair,
            segment: Segment,
            check: Check,
        }
        let name = file.map_or("built-in configuration", |(name, _)| name);
        let Tables {
            extract,
            ocr,
            repair,
            segment,
            check,
        } = merged
            .try_into()
            .map_err(|e: toml::de::Error| ConfigError::Invalid {
                place: name.to_owned(),
                problem: e.to_string().trim().replace('\n', " "),
            })?;
        for (key, pattern, groups) in [
            (
                "segment.number",
                &segment.forms.number,
                &["issuer", "year", "seq"][..],
            ),
            (
                "segment.serial_number",
                &segment.forms.serial_number,
                &["seq"][..],
            ),
        ] {
            let has = |group: &&str| {
                pattern
                    .regex()
                    .is_none_or(|r| r.capture_names().flatten().any(|n| n == *group))
            };
            if let Some(group) = groups.iter().find(|g| !has(g)) {
                let place = origins.get(key).map_or(name, |(_, place)| place).to_owned();
                return Err(ConfigError::Invalid {
                    place,
                    problem: format!("{key} needs a group (?P<{group}>…)"),
                });
            }
        }
        Ok(Config {
            extract,
            ocr,
            repair,
            segment,
            check,
            origins,
        })
    }

    /// Every key, its value and where the value came from, in TOML.
    pub fn explain(&self) -> String {
        let mut out = String::new();
        let mut last = "";
        for (path, (value, place)) in &self.origins {
            let (table, key) = path.split_once('.').expect("a key stands in a table");
            if table != last {
                let _ = writeln!(out, "{}[{table}]", if last.is_empty() { "" } else { "\n" });
                last = table;
            }
            let _ = writeln!(out, "{key} = {value}  # {place}");
        }
        out
    }
}

fn overlay(
    merged: &mut toml::Table,
    origins: &mut BTreeMap<String, (String, String)>,
    name: &str,
    text: &str,
) -> Result<(), ConfigError> {
    let invalid = |span: Option<Range<usize>>, problem: String| ConfigError::Invalid {
        place: span.map_or(name.to_owned(), |s| {
            format!(
                "{name}:{}",
                text[..s.start.min(text.len())].matches('\n').count() + 1
            )
        }),
        problem,
    };
    let given = DeTable::parse(text).map_err(|e| invalid(e.span(), e.message().to_owned()))?;
    for (table, keys) in given.get_ref() {
        let Some(known) = merged
            .get_mut(table.get_ref().as_ref())
            .and_then(toml::Value::as_table_mut)
        else {
            return Err(invalid(
                Some(table.span()),
                unknown(
                    "table",
                    table.get_ref(),
                    origins.keys().filter_map(|k| k.split('.').next()),
                ),
            ));
        };
        let DeValue::Table(keys) = keys.get_ref() else {
            return Err(invalid(
                Some(table.span()),
                format!(
                    "'{}' is a table: write [{}]",
                    table.get_ref(),
                    table.get_ref()
                ),
            ));
        };
        for (key, value) in keys {
            let Some(old) = known.get_mut(key.get_ref().as_ref()) else {
                return Err(invalid(
                    Some(key.span()),
                    unknown("key", key.get_ref(), known.keys().map(String::as_str)),
                ));
            };
            let given: toml::Value =
                toml::from_str::<toml::Table>(&format!("v = {}", &text[value.span()]))
                    .ok()
                    .and_then(|mut t| t.remove("v"))
                    .ok_or_else(|| invalid(Some(value.span()), "not a value".to_owned()))?;
            let given = match (&*old, given) {
                (toml::Value::Float(_), toml::Value::Integer(n)) => toml::Value::Float(n as f64),
                (_, given) => given,
            };
            if !old.same_type(&given) {
                return Err(invalid(
                    Some(value.span()),
                    format!(
                        "'{}' takes a {}, not a {}",
                        key.get_ref(),
                        old.type_str(),
                        given.type_str()
                    ),
                ));
            }
            // The strings of [ocr] name folders, all others are patterns.
            if table.get_ref() != "ocr"
                && let toml::Value::String(pattern) = &given
                && let Err(error) = Pattern::try_from(pattern.clone())
            {
                return Err(invalid(
                    Some(value.span()),
                    format!(
                        "'{}': {}",
                        key.get_ref(),
                        error.to_string().replace('\n', " ")
                    ),
                ));
            }
            let line = text[..value.span().start].matches('\n').count() + 1;
            origins.insert(
                format!("{}.{}", table.get_ref(), key.get_ref()),
                (given.to_string(), format!("{name}:{line}")),
            );
            *old = given;
        }
    }
    Ok(())
}

fn unknown<'a>(what: &str, word: &str, known: impl Iterator<Item = &'a str>) -> String {
    let nearest = known
        .max_by(|a, b| strsim::jaro_winkler(word, a).total_cmp(&strsim::jaro_winkler(word, b)));
    format!(
        "unknown {what} '{word}'{}",
        nearest.map_or(String::new(), |n| format!("; did you mean '{n}'?"))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_are_refused_with_line_and_nearest_key() {
        let error = |text| {
            Config::from_toml(Some(("p.toml", text)))
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            error("[repair]\n\nmin_confidense = 0.5\n"),
            "p.toml:3: unknown key 'min_confidense'; did you mean 'min_confidence'?"
        );
        assert_eq!(
            error("[repairs]\n"),
            "p.toml:1: unknown table 'repairs'; did you mean 'repair'?"
        );
        assert_eq!(
            error("[repair]\nmin_confidence = 'high'\n"),
            "p.toml:2: 'min_confidence' takes a float, not a string"
        );
        assert_eq!(
            error("[segment]\nnumber = '号'\n"),
            "p.toml:2: segment.number needs a group (?P<issuer>…)"
        );
        assert!(error("[extract]\npage_marker = '('\n").starts_with("p.toml:2: 'page_marker'"));
        assert!(error("[repair\n").starts_with("p.toml:1: "));
    }

    #[test]
    fn each_value_says_where_it_came_from() {
        let config = Config::from_toml(Some(("p.toml", "[repair]\nmin_confidence = 1\n"))).unwrap();
        assert_eq!(config.repair.min_confidence, 1.0);
        assert!(
            config
                .explain()
                .contains("min_confidence = 1.0  # p.toml:2")
        );
        assert!(config.explain().contains("off = []  # built-in"));
    }

    #[test]
    fn a_folder_is_no_pattern() {
        let config =
            Config::from_toml(Some(("p.toml", "[ocr]\nmodels = 'C:\\models('\n"))).unwrap();
        assert_eq!(config.ocr.models, "C:\\models(");
    }
}
