//! What an operator may turn: `pipeline.toml`, one table per stage.
//!
//! The built-in copy names every key, so it is also the list of the keys that exist.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

use extract::PageMarker;
use language::number::NumberForms;
use language::pattern::Pattern;
use language::profiles::Profile;
use model::Rule;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

const BUILT_IN: &str = include_str!("../pipeline.toml");

/// The configuration in force.
#[derive(Debug, Clone)]
pub struct Config {
    pub extract: Extract,
    pub limits: Limits,
    pub ocr: Ocr,
    pub repair: Repair,
    pub segment: Segment,
    pub check: Check,
    /// `table.key` and the place that its value came from.
    origins: Origins,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Extract {
    pub page_marker: PageMarker,
}

/// What reading an input may take.
#[derive(Debug, Clone, Deserialize)]
pub struct Limits {
    pub input_mb: u64,
    pub input_seconds: u64,
    pub page_seconds: u64,
    pub ocr_page_seconds: u64,
    pub memory_mb: u64,
    pub keep_mb: u64,
    pub cache_mb: u64,
    pub restart_after: usize,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Ocr {
    pub models: String,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Repair {
    pub min_confidence: f32,
    pub off: RuleSet,
    pub wrapped_share: f32,
    pub grid_agreement: f32,
    /// Keep with each decision the facts that it was weighed by, for who explains or learns; no key of a file.
    #[serde(skip)]
    pub keep_facts: bool,
}

/// Rules of the registry, named in a configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleSet(BTreeSet<Rule>);

impl RuleSet {
    pub fn contains(&self, rule: Rule) -> bool {
        self.0.contains(&rule)
    }
}

impl FromIterator<Rule> for RuleSet {
    fn from_iter<I: IntoIterator<Item = Rule>>(rules: I) -> RuleSet {
        RuleSet(rules.into_iter().collect())
    }
}

impl<'de> Deserialize<'de> for RuleSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RuleSet, D::Error> {
        Vec::<String>::deserialize(deserializer)?
            .iter()
            .map(|name| rule(name).map_err(D::Error::custom))
            .collect()
    }
}

/// The rule of a name, or what is wrong with the name.
fn rule(name: &str) -> Result<Rule, String> {
    let names = Rule::ALL.iter().map(|rule| rule.name());
    Rule::from_name(name).ok_or_else(|| unknown("rule", name, names))
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
        #[derive(Deserialize)]
        struct Tables {
            extract: Extract,
            limits: Limits,
            ocr: Ocr,
            repair: Repair,
            segment: Segment,
            check: Check,
        }
        let mut merged: toml::Table = BUILT_IN.parse().expect("the built-in configuration parses");
        let mut origins = built_in_origins(&merged);
        if let Some((name, text)) = file {
            overlay(&mut merged, &mut origins, File { name, text })?;
        }
        let name = file.map_or("built-in configuration", |(name, _)| name);
        let Tables {
            extract,
            limits,
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
        if let Some((key, group)) = missing_group(&segment.forms) {
            let place = origins.get(key).map_or(name, |(_, place)| place).to_owned();
            return Err(ConfigError::Invalid {
                place,
                problem: format!("{key} needs a group (?P<{group}>…)"),
            });
        }
        Ok(Config {
            extract,
            limits,
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

/// Of each key, as `table.key`, its value and where that comes from.
type Origins = BTreeMap<String, (String, String)>;

fn built_in_origins(built_in: &toml::Table) -> Origins {
    let mut origins = Origins::new();
    for (table, keys) in built_in {
        let keys = keys.as_table();
        for (key, value) in keys.expect("the built-in configuration is a list of tables") {
            let origin = (value.to_string(), "built-in".to_owned());
            origins.insert(format!("{table}.{key}"), origin);
        }
    }
    origins
}

/// A key whose pattern lacks a group that is read, and the group.
fn missing_group(forms: &NumberForms) -> Option<(&'static str, &'static str)> {
    let lacks = |pattern: &Pattern, group: &str| {
        let names = |regex: &regex::Regex| regex.capture_names().flatten().any(|n| n == group);
        pattern.regex().is_some_and(|regex| !names(regex))
    };
    let of_number = ["issuer", "year", "seq"]
        .into_iter()
        .find(|group| lacks(&forms.number, group));
    let of_serial = || lacks(&forms.serial_number, "seq").then_some("seq");
    of_number
        .map(|group| ("segment.number", group))
        .or_else(|| of_serial().map(|group| ("segment.serial_number", group)))
}

/// A configuration file.
#[derive(Clone, Copy)]
struct File<'f> {
    name: &'f str,
    text: &'f str,
}

impl File<'_> {
    /// The line of a byte, as `name:line`.
    fn place(&self, at: usize) -> String {
        let before = &self.text[..at.min(self.text.len())];
        format!("{}:{}", self.name, before.matches('\n').count() + 1)
    }

    /// What is wrong in it, and where.
    fn invalid(&self, span: Range<usize>, problem: String) -> ConfigError {
        ConfigError::Invalid {
            place: self.place(span.start),
            problem,
        }
    }
}

/// Lays the values of a file over those that are known, and notes where they come from.
fn overlay(merged: &mut toml::Table, origins: &mut Origins, file: File) -> Result<(), ConfigError> {
    let given = DeTable::parse(file.text).map_err(|e| {
        let problem = e.message().to_owned();
        let place = e
            .span()
            .map_or(file.name.to_owned(), |s| file.place(s.start));
        ConfigError::Invalid { place, problem }
    })?;
    for (table, keys) in given.get_ref() {
        let name: &str = table.get_ref();
        let Some(known) = merged.get_mut(name).and_then(toml::Value::as_table_mut) else {
            let tables = origins.keys().filter_map(|k| k.split('.').next());
            return Err(file.invalid(table.span(), unknown("table", name, tables)));
        };
        let DeValue::Table(keys) = keys.get_ref() else {
            let problem = format!("'{name}' is a table: write [{name}]");
            return Err(file.invalid(table.span(), problem));
        };
        for (key, value) in keys {
            let key_name: &str = key.get_ref();
            let Some(old) = known.get_mut(key_name) else {
                let keys = known.keys().map(String::as_str);
                return Err(file.invalid(key.span(), unknown("key", key_name, keys)));
            };
            let given = value_of(file, key_name, value, old)?;
            check_value(file, (name, key_name), value, &given)?;
            let origin = (given.to_string(), file.place(value.span().start));
            origins.insert(format!("{name}.{key_name}"), origin);
            *old = given;
        }
    }
    Ok(())
}

/// A value of the type of the one that it replaces.
fn value_of(
    file: File,
    key: &str,
    value: &Spanned<DeValue>,
    old: &toml::Value,
) -> Result<toml::Value, ConfigError> {
    let parsed = toml::from_str::<toml::Table>(&format!("v = {}", &file.text[value.span()]));
    let given = parsed.ok().and_then(|mut table| table.remove("v"));
    let given = match given {
        Some(toml::Value::Integer(n)) if old.is_float() => toml::Value::Float(n as f64),
        Some(given) => given,
        None => return Err(file.invalid(value.span(), "not a value".to_owned())),
    };
    if !old.same_type(&given) {
        let [takes, given] = [old, &given].map(toml::Value::type_str);
        let problem = format!("'{key}' takes a {takes}, not a {given}");
        return Err(file.invalid(value.span(), problem));
    }
    Ok(given)
}

/// Refuses patterns that are none, and rules that nobody knows.
fn check_value(
    file: File,
    (table, key): (&str, &str),
    value: &Spanned<DeValue>,
    given: &toml::Value,
) -> Result<(), ConfigError> {
    // The strings of [ocr] name folders, all others are patterns.
    if table != "ocr"
        && let toml::Value::String(pattern) = given
        && let Err(error) = Pattern::try_from(pattern.clone())
    {
        let error = error.to_string().replace('\n', " ");
        return Err(file.invalid(value.span(), format!("'{key}': {error}")));
    }
    if (table, key) == ("repair", "off") {
        rules_of(value).map_err(|(span, problem)| file.invalid(span, problem))?;
    }
    Ok(())
}

/// Whether each name in a list is that of a rule; else where it stands, and what is wrong with it.
fn rules_of(list: &Spanned<DeValue>) -> Result<(), (Range<usize>, String)> {
    for value in list.get_ref().as_array().into_iter().flatten() {
        let problem = match value.get_ref() {
            DeValue::String(name) => rule(name).err(),
            _ => Some("'off' takes names of rules".to_owned()),
        };
        if let Some(problem) = problem {
            return Err((value.span(), problem));
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
    fn unknown_rules_are_refused_with_line_and_nearest_rule() {
        let config = |text| Config::from_toml(Some(("p.toml", text)));
        assert_eq!(
            config("[repair]\noff = [\n  'latex',\n  'join-titel',\n]\n")
                .unwrap_err()
                .to_string(),
            "p.toml:4: unknown rule 'join-titel'; did you mean 'join-title'?"
        );
        assert_eq!(
            config("[repair]\noff = [1]\n").unwrap_err().to_string(),
            "p.toml:2: 'off' takes names of rules"
        );
        let off = config("[repair]\noff = ['latex']\n").unwrap().repair.off;
        assert!(off.contains(Rule::Latex) && !off.contains(Rule::Subscript));
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
