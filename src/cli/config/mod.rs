//! Configuration: what is set where nothing else says so, and where each value comes from.
//!
//! Four layers, the later ones above the earlier: the user's file, the project's `unspin.toml`, the
//! environment, flags. [`SETTINGS`] lists all there is; files, environment, messages and the JSON
//! Schema follow it.

mod file;
mod setting;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow, bail};
use clap::Args;

use super::corpus::parse_size;

pub use setting::{FORMATS, INPUTS, PROFILES, Value, as_written};
use setting::{SETTINGS, Setting};

/// Which configuration to use
#[derive(Args)]
pub struct ConfigArgs {
    /// Reads this configuration in place of the unspin.toml above the documents and the user's own
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl ConfigArgs {
    /// Reads the layers below the flags.
    ///
    /// # Errors
    /// As [`Settings::read`].
    pub fn read(&self, paths: &[PathBuf]) -> Result<Settings> {
        Settings::read(self.config.as_deref(), paths)
    }
}

/// A value and where it is from.
#[derive(Clone, Debug)]
struct Origin {
    value: Value,
    from: String,
}

/// A text of a list, and where it is from: a line of a file, a variable, a flag.
#[derive(Clone, Debug)]
pub struct Placed {
    pub text: String,
    pub from: String,
}

/// All values that something sets.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    set: BTreeMap<&'static str, Vec<Origin>>,
}

/// The variable that names the file to read in place of those that would be found.
const CONFIG_VARIABLE: &str = "UNSPIN_CONFIG";

impl Settings {
    /// Reads the layers below the flags. `named` is the file of `--config`; where there is none,
    /// the project's is looked for upwards from each of `paths` and from the working folder.
    ///
    /// # Errors
    /// When a file cannot be read, or it or the environment sets what does not exist.
    pub fn read(named: Option<&Path>, paths: &[PathBuf]) -> Result<Settings> {
        let mut settings = Settings::default();
        let variable = std::env::var_os(CONFIG_VARIABLE).map(PathBuf::from);
        let files = match named.map(Path::to_path_buf).or(variable) {
            Some(path) => vec![path],
            None => file::users().into_iter().chain(file::projects(paths)?).collect(),
        };
        for path in files {
            file::read(&path, &mut settings)?;
        }
        settings.environment(std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v))))?;
        Ok(settings)
    }

    fn environment(&mut self, variables: impl Iterator<Item = (String, std::ffi::OsString)>) -> Result<()> {
        let mut variables: Vec<_> =
            variables.filter(|(name, _)| name.starts_with("UNSPIN_") && name != CONFIG_VARIABLE).collect();
        variables.sort();
        for (name, value) in variables {
            let known = || SETTINGS.iter().map(Setting::variable).chain([CONFIG_VARIABLE.to_string()]);
            let Some(setting) = SETTINGS.iter().find(|s| s.variable() == name) else {
                bail!("the environment sets {name}, which is no setting{}", meant(&name, known()));
            };
            let Ok(value) = value.into_string() else { bail!("{name}: its value is not UTF-8") };
            let value = setting.parse(&value).map_err(|error| anyhow!("{name}: {error}"))?;
            self.set(setting, value, name);
        }
        Ok(())
    }

    fn set(&mut self, setting: &'static Setting, value: Value, from: String) {
        let origins = self.set.entry(setting.name).or_default();
        if !setting.adds_up {
            origins.clear();
        }
        origins.push(Origin { value, from });
    }

    /// Sets what a flag says.
    pub fn flag(&mut self, name: &str, value: Option<Value>) {
        if let (Some(setting), Some(value)) = (SETTINGS.iter().find(|s| s.name == name), value) {
            self.set(setting, value, format!("--{name}"));
        }
    }

    fn last(&self, name: &str) -> Option<&Value> {
        self.set.get(name)?.last().map(|origin| &origin.value)
    }

    /// A word of a choice.
    pub fn word(&self, name: &str) -> Option<&str> {
        match self.last(name)? {
            Value::Word(word) => Some(word),
            _ => None,
        }
    }

    /// A share between 0 and 1.
    #[allow(clippy::cast_possible_truncation)]
    pub fn share(&self, name: &str) -> Option<f32> {
        match self.last(name)? {
            Value::Share(share) => Some(*share as f32),
            _ => None,
        }
    }

    /// A count.
    pub fn count(&self, name: &str) -> Option<usize> {
        match self.last(name)? {
            Value::Count(count) => Some(*count),
            _ => None,
        }
    }

    /// A switch.
    pub fn switch(&self, name: &str) -> Option<bool> {
        match self.last(name)? {
            Value::Switch(on) => Some(*on),
            _ => None,
        }
    }

    /// A size in bytes.
    pub fn size(&self, name: &str) -> Option<u64> {
        self.word(name).and_then(|size| parse_size(size).ok())
    }

    /// A file.
    pub fn file(&self, name: &str) -> Option<PathBuf> {
        self.word(name).map(PathBuf::from)
    }

    /// A list, of all layers where they add up.
    pub fn list(&self, name: &str) -> Vec<String> {
        self.placed(name).into_iter().map(|placed| placed.text).collect()
    }

    /// The same, each text with where it is from.
    pub fn placed(&self, name: &str) -> Vec<Placed> {
        let origins = self.set.get(name).map(Vec::as_slice).unwrap_or_default();
        let lists = origins.iter().filter_map(|origin| match &origin.value {
            Value::List(list) => Some(list.iter().map(|text| Placed { text: text.clone(), from: origin.from.clone() })),
            _ => None,
        });
        lists.flatten().collect()
    }

    /// All settings in the form of a configuration file, each with what it is and where it is from.
    pub fn shown(&self) -> String {
        let mut shown = String::new();
        for setting in &SETTINGS {
            let origins = self.set.get(setting.name).map(Vec::as_slice).unwrap_or_default();
            let (value, from) = match origins {
                [] => (setting.default.to_string(), "default".to_string()),
                [one] => (one.value.to_string(), one.from.clone()),
                _ => {
                    let from: Vec<&str> = origins.iter().map(|o| o.from.as_str()).collect();
                    (Value::List(self.list(setting.name)).to_string(), from.join(", "))
                }
            };
            let line = format!("{} = {value}", setting.name);
            // A setting without a default has no value to show.
            let line = if value.is_empty() { format!("# {}", line.trim_end()) } else { line };
            shown.push_str(&format!("# {}\n{line:<32}  # {}\n", setting.about, unspin::report::printable(&from)));
        }
        shown
    }
}

/// What is likely to have been meant, as the end of a message.
fn meant(name: &str, known: impl Iterator<Item = String>) -> String {
    let nearest = known.map(|k| (setting::likeness(name, &k), k)).max_by(|a, b| a.0.total_cmp(&b.0));
    match nearest {
        Some((likeness, known)) if likeness > setting::ALIKE => format!("; did you mean `{known}`?"),
        _ => "; `unspin scan --show-config` lists all there are".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_layers_stand_above_earlier_ones_and_some_lists_add_up() {
        let mut settings = Settings::default();
        let user = "min-confidence = 0.6\nallow = [\"spherical\"]\n";
        file::read_text(Path::new("/u.toml"), user, &mut settings).unwrap();
        let project = "min-confidence = 0.7\nallow = [\"final month\"]\nfail-on = \"suspect\"\n";
        file::read_text(Path::new("/p.toml"), project, &mut settings).unwrap();
        let variables = [("UNSPIN_ALLOW", "a, b"), ("UNSPIN_FAIL_ON", "never"), ("HOME", "/")];
        settings.environment(variables.iter().map(|(k, v)| ((*k).into(), (*v).into()))).unwrap();
        settings.flag("min-confidence", Some(Value::Share(0.8)));
        assert_eq!(settings.share("min-confidence"), Some(0.8));
        assert_eq!(settings.word("fail-on"), Some("never"));
        assert_eq!(settings.list("allow"), ["spherical", "final month", "a", "b"]);
        let shown = settings.shown();
        assert!(shown.contains("min-confidence = 0.8              # --min-confidence\n"), "{shown}");
        assert!(shown.contains("# /u.toml:2, /p.toml:2, UNSPIN_ALLOW\n"), "{shown}");
        assert!(shown.contains("color = \"auto\"                    # default\n"), "{shown}");
        // What is shown can be read again.
        file::read_text(Path::new("/s.toml"), &shown, &mut Settings::default()).unwrap();
    }

    #[test]
    fn a_variable_that_is_no_setting_is_an_error() {
        let error = |name: &str, value: &str| {
            let variables = [(name.to_string(), value.into())].into_iter();
            Settings::default().environment(variables).unwrap_err().to_string()
        };
        assert!(error("UNSPIN_MIN_CONFIDENSE", "1").contains("did you mean `UNSPIN_MIN_CONFIDENCE`?"));
        assert!(error("UNSPIN_JOBS", "many").contains("UNSPIN_JOBS: `many`"));
    }

    /// Run with `UPDATE_SCHEMA=1` to write it anew.
    #[test]
    fn the_schema_lists_what_there_is() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema/config.json");
        let wanted = serde_json::to_string_pretty(&setting::schema()).unwrap() + "\n";
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(&path, &wanted).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap(), wanted);
    }
}
