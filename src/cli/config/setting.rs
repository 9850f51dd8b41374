//! The settings there are, and the values they take.

use std::fmt;

use crate::cli::corpus::parse_size;

/// What a setting holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A number from 0 to 1.
    Share,
    /// A whole number from 0 on.
    Count,
    /// Yes or no.
    Switch,
    /// Texts.
    List,
    /// Paths, in a file relative to its folder.
    Files,
    /// A path, in a file relative to its folder.
    File,
    /// A name that is the input's own.
    Name,
    /// A number of bytes, written with a unit.
    Size,
}

/// A setting.
#[derive(Debug)]
pub struct Setting {
    pub name: &'static str,
    pub kind: Kind,
    /// In the form of a configuration file; empty where nothing stands for it.
    pub default: &'static str,
    /// Whether the lists of all layers hold, rather than the last one's.
    pub adds_up: bool,
    pub about: &'static str,
}

const fn setting(name: &'static str, kind: Kind, default: &'static str, about: &'static str) -> Setting {
    Setting { name, kind, default, adds_up: false, about }
}

const fn adding(name: &'static str, kind: Kind, about: &'static str) -> Setting {
    Setting { name, kind, default: "[]", adds_up: true, about }
}

/// The formats of reports, as flags and files name them.
pub const FORMATS: &[&str] = &["human", "json", "jsonl", "sarif", "html", "csv", "github", "checkstyle"];

/// How ready to accuse a scan is, as flags and files name it.
pub const PROFILES: &[&str] = &["strict", "balanced", "sensitive"];

/// As what documents can be read.
pub const INPUTS: &[&str] = &["auto", "text", "markdown", "html", "jsonl", "csv", "tsv", "warc"];

/// All settings, in the order in which they are shown.
pub const SETTINGS: [Setting; 25] = [
    setting("format", Kind::Choice(FORMATS), "\"human\"", "What to write."),
    setting("brief", Kind::Switch, "false", "One line a document, in the format for people."),
    setting("color", Kind::Choice(&["auto", "always", "never"]), "\"auto\"", "Colours in the format for people."),
    setting(
        "fail-on",
        Kind::Choice(&["spun", "suspect", "finding", "never"]),
        "\"spun\"",
        "From what on the exit status is 1.",
    ),
    setting("profile", Kind::Choice(PROFILES), "\"balanced\"", "How ready to accuse a scan is."),
    setting(
        "threshold",
        Kind::Share,
        "",
        "From which probability a document is spun; the profile's where it is not set.",
    ),
    setting(
        "min-confidence",
        Kind::Share,
        "",
        "From which confidence findings are reported; the profile's where it is not set.",
    ),
    setting("thesaurus", Kind::Switch, "true", "Whether swaps that only a thesaurus knows are looked for too."),
    adding("dict", Kind::Files, "Further dictionaries: TSV packs, or compiled by `unspin dict build`."),
    setting("lm", Kind::File, "", "Another language model, made by `unspin lm build`."),
    setting("jobs", Kind::Count, "0", "How many threads to use; one a core where it is 0."),
    setting("type", Kind::List, "[]", "Only files of these types are read from folders, e.g. `md`."),
    setting("glob", Kind::List, "[]", "Only files that match are read from folders; with `!` before it, all others."),
    adding("allow", Kind::List, "Words and phrases that are never reported, whatever their case."),
    adding("allow-pattern", Kind::List, "Regular expressions: phrases that match as a whole are never reported."),
    setting(
        "input",
        Kind::Choice(INPUTS),
        "\"auto\"",
        "As what documents are read: by the ends of their names, or all alike.",
    ),
    setting("text-field", Kind::Name, "\"text\"", "The field or column of records that holds the text."),
    setting("id-field", Kind::Name, "", "The field or column that names records; their lines do where it is not set."),
    setting("max-record", Kind::Size, "\"64M\"", "The longest record that is read."),
    setting("max-document", Kind::Size, "\"1G\"", "The longest document that is read as a whole, unpacked."),
    setting("ignore-comments", Kind::Switch, "true", "Whether `unspin: ignore` comments of Markdown and HTML count."),
    setting("only", Kind::List, "[]", "Only documents of these labels are reported, e.g. `spun`."),
    setting("fields", Kind::List, "[]", "Only these fields of reports are written in JSON Lines."),
    setting("summary", Kind::Switch, "false", "A line on standard error that tells what a run adds up to."),
    setting("baseline", Kind::File, "", "A report in JSON Lines: only what is not in it is reported."),
];

/// A value of a setting.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Word(String),
    Share(f64),
    Count(usize),
    Switch(bool),
    List(Vec<String>),
}

impl Value {
    pub fn share(share: f32) -> Value {
        Value::Share(as_written(share))
    }
}

/// A share as it was written: 0.7, not the nearest number of fewer digits.
pub fn as_written(share: f32) -> f64 {
    share.to_string().parse().unwrap_or(f64::from(share))
}

impl Setting {
    /// The environment variable of a setting.
    pub fn variable(&self) -> String {
        format!("UNSPIN_{}", self.name.to_uppercase().replace('-', "_"))
    }

    /// What its values are, in a message.
    pub fn wanted(&self) -> String {
        match self.kind {
            Kind::Choice(words) => format!("one of \"{}\"", words.join("\", \"")),
            Kind::Share => "a number from 0 to 1, e.g. 0.7".into(),
            Kind::Count => "a whole number, 0 or more".into(),
            Kind::Switch => "true or false".into(),
            Kind::List => "a list of texts, e.g. [\"one\", \"two\"]".into(),
            Kind::Files => "a list of paths, e.g. [\"mine.tsv\"]".into(),
            Kind::File => "a path, e.g. \"mine.lm\"".into(),
            Kind::Name => "a name, e.g. \"body.text\"".into(),
            Kind::Size => "a size, e.g. \"64M\"".into(),
        }
    }

    /// A value as the environment gives it: lists are parted by commas.
    ///
    /// # Errors
    /// When the text is no value of this setting; what is wrong, without the setting's name.
    pub fn parse(&self, text: &str) -> Result<Value, String> {
        let text = text.trim();
        let value = match self.kind {
            Kind::Choice(words) => words.contains(&text).then(|| Value::Word(text.into())),
            Kind::Share => text.parse().ok().filter(|share| (0.0..=1.0).contains(share)).map(Value::Share),
            Kind::Count => text.parse().ok().map(Value::Count),
            Kind::Switch => text.parse().ok().map(Value::Switch),
            Kind::File => Some(Value::Word(text.into())),
            Kind::Name => (!text.is_empty()).then(|| Value::Word(text.into())),
            Kind::Size => parse_size(text).is_ok().then(|| Value::Word(text.into())),
            Kind::List | Kind::Files => {
                Some(Value::List(text.split(',').map(str::trim).filter(|t| !t.is_empty()).map(String::from).collect()))
            }
        };
        value.ok_or_else(|| self.refused(text))
    }

    /// That a value is none of this setting's.
    pub fn refused(&self, value: &str) -> String {
        let meant = match self.kind {
            Kind::Choice(words) => words.iter().find(|w| likeness(w, value) > ALIKE),
            _ => None,
        };
        let meant = meant.map_or(String::new(), |word| format!("; did you mean \"{word}\"?"));
        format!("`{value}` is no value of `{}`: {} is wanted{meant}", self.name, self.wanted())
    }
}

/// From this likeness on a word may have been meant by another.
pub const ALIKE: f64 = 0.8;

/// How alike words are, 0 to 1. In short ones a single slip is the whole word for Jaro and Winkler.
pub fn likeness(one: &str, other: &str) -> f64 {
    if strsim::osa_distance(one, other) == 1 { 1.0 } else { strsim::jaro_winkler(one, other) }
}

impl fmt::Display for Value {
    /// As a configuration file has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Word(word) => write!(f, "{}", quoted(word)),
            Value::Share(share) => write!(f, "{share}"),
            Value::Count(count) => write!(f, "{count}"),
            Value::Switch(on) => write!(f, "{on}"),
            Value::List(list) => {
                write!(f, "[{}]", list.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

/// A string of TOML. Those of JSON are, but for the character U+007F.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007F")
}

/// The JSON Schema of a configuration file.
#[cfg(test)]
pub fn schema() -> serde_json::Value {
    use serde_json::{Map, json};
    let mut properties = Map::new();
    for setting in &SETTINGS {
        let mut schema = match setting.kind {
            Kind::Choice(words) => json!({"enum": words}),
            Kind::Share => json!({"type": "number", "minimum": 0, "maximum": 1}),
            Kind::Count => json!({"type": "integer", "minimum": 0}),
            Kind::Switch => json!({"type": "boolean"}),
            Kind::List | Kind::Files => json!({"type": "array", "items": {"type": "string"}}),
            Kind::File => json!({"type": "string"}),
            Kind::Name => json!({"type": "string", "minLength": 1}),
            Kind::Size => json!({"type": "string", "pattern": "^[0-9]+[KMGkmg]?$"}),
        };
        schema["description"] = setting.about.into();
        if let Ok(default) = serde_json::from_str::<serde_json::Value>(setting.default) {
            schema["default"] = default;
        }
        properties.insert(setting.name.into(), schema);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of unspin (unspin.toml)",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}
