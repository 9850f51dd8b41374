//! Configuration files: where they are, and reading them.

use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use toml::de::{DeTable, DeValue};

use super::setting::{Kind, SETTINGS, Setting, Value};
use super::{Settings, meant};

/// The project's file.
const NAME: &str = "unspin.toml";

/// The most bytes that a configuration has.
const MOST_BYTES: u64 = 1 << 20;

/// The user's own file, where there is one: `unspin/unspin.toml` in the folder for configurations.
pub fn users() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|p| p.is_absolute());
    let home = if cfg!(windows) { folder("APPDATA") } else { folder("HOME").map(|home| home.join(".config")) };
    let path = folder("XDG_CONFIG_HOME").or(home)?.join("unspin").join(NAME);
    path.is_file().then_some(path)
}

/// The file that is found upwards from the paths, or else from the working folder.
///
/// # Errors
/// When paths lie under different ones: a run has one configuration.
pub fn projects(paths: &[PathBuf]) -> Result<Option<PathBuf>> {
    let mut found: Option<(PathBuf, PathBuf)> = None;
    for path in paths.iter().filter(|p| p.as_os_str() != "-") {
        // What cannot be found has no place; the scan says so.
        let Ok(place) = std::path::absolute(path) else { continue };
        let Some(file) = upwards(&place) else { continue };
        match &found {
            Some((first, other)) if *other != file => bail!(
                "{} and {} lie under different configurations, {} and {}; scan them one after the other, or name one \
                 with --config",
                first.display(),
                path.display(),
                other.display(),
                file.display()
            ),
            Some(_) => {}
            None => found = Some((path.clone(), file)),
        }
    }
    Ok(match found {
        Some((_, file)) => Some(file),
        None => std::env::current_dir().ok().and_then(|folder| upwards(&folder)),
    })
}

fn upwards(from: &Path) -> Option<PathBuf> {
    from.ancestors().map(|folder| folder.join(NAME)).find(|file| file.is_file())
}

/// Reads a file into settings.
///
/// # Errors
/// When it cannot be read, is no TOML, or sets what does not exist.
pub fn read(path: &Path, settings: &mut Settings) -> Result<()> {
    let bytes = super::super::input::read_at_most(path, MOST_BYTES, "a configuration is a short file")?;
    let text = String::from_utf8(bytes).with_context(|| format!("{}: it is not UTF-8", path.display()))?;
    read_text(path, &text, settings)
}

/// Reads the text of a file into settings.
///
/// # Errors
/// As [`read`].
pub fn read_text(path: &Path, text: &str, settings: &mut Settings) -> Result<()> {
    let at = |span: Range<usize>| {
        let line = text.get(..span.start).unwrap_or_default().matches('\n').count() + 1;
        format!("{}:{line}", path.display())
    };
    let table = DeTable::parse(text).map_err(|error| {
        anyhow!("{}: {}; a configuration is a file of TOML", at(error.span().unwrap_or_default()), error.message())
    })?;
    for (key, value) in table.get_ref() {
        let name: &str = key.get_ref();
        let Some(setting) = SETTINGS.iter().find(|s| s.name == name) else {
            let known = SETTINGS.iter().map(|s| s.name.to_string());
            if matches!(value.get_ref(), DeValue::Table(_)) {
                bail!("{}: `{name}` is no setting; all of them stand at the top, without tables", at(key.span()));
            }
            bail!("{}: `{name}` is no setting{}", at(key.span()), meant(name, known));
        };
        let written = || text.get(value.span()).unwrap_or_default();
        let value = read_value(setting, value.get_ref(), path).ok_or_else(|| {
            // A word is named without its quotes; where no text is wanted, they are what is wrong.
            let written = match setting.kind {
                Kind::Choice(_) | Kind::Size => written().trim_matches('"'),
                _ => written(),
            };
            anyhow!("{}: {}", at(value.span()), setting.refused(written))
        })?;
        settings.set(setting, value, at(key.span()));
    }
    Ok(())
}

fn read_value(setting: &Setting, value: &DeValue<'_>, file: &Path) -> Option<Value> {
    let beside = |path: &str| {
        let path = file.parent().unwrap_or(Path::new("")).join(path);
        path.to_string_lossy().into_owned()
    };
    match (setting.kind, value) {
        (Kind::Choice(_) | Kind::Name | Kind::Size, DeValue::String(word)) => setting.parse(word).ok(),
        (Kind::Share, DeValue::Float(number)) => setting.parse(number.as_str()).ok(),
        (Kind::Share | Kind::Count, DeValue::Integer(number)) if number.radix() == 10 => {
            setting.parse(number.as_str()).ok()
        }
        (Kind::Switch, DeValue::Boolean(on)) => Some(Value::Switch(*on)),
        (Kind::File, DeValue::String(path)) => Some(Value::Word(beside(path))),
        (Kind::List | Kind::Files, DeValue::Array(list)) => {
            let texts = list.iter().map(|text| match text.get_ref() {
                DeValue::String(text) if setting.kind == Kind::Files => Some(beside(text)),
                DeValue::String(text) => Some(text.to_string()),
                _ => None,
            });
            texts.collect::<Option<Vec<_>>>().map(Value::List)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        read_text(Path::new("unspin.toml"), text, &mut Settings::default()).unwrap_err().to_string()
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line_and_what_was_meant() {
        let message = error("# mine\nformat = \"csv\"\nmin-confidance = 0.7\n");
        assert_eq!(message, "unspin.toml:3: `min-confidance` is no setting; did you mean `min-confidence`?");
        let message = error("\nfail-on = \"suspects\"\n");
        assert!(
            message.starts_with("unspin.toml:2: `suspects` is no value of `fail-on`: one of \"spun\""),
            "{message}"
        );
        assert!(message.ends_with("did you mean \"suspect\"?"), "{message}");
        assert!(error("min-confidence = 7").contains("`7` is no value of `min-confidence`: a number from 0 to 1"));
        assert!(error("min-confidence = \"0.7\"").contains("a number from 0 to 1"));
        assert!(error("allow = \"x\"").contains("`\"x\"` is no value of `allow`: a list of texts"));
        assert!(
            error("allow = [1]").contains("`[1]` is no value of `allow`: a list of texts, e.g. [\"one\", \"two\"]")
        );
        assert!(error("dict = \"x\"").contains("a list of paths"));
        assert!(error("jobs = \"2\"").contains("`\"2\"` is no value of `jobs`: a whole number"));
        assert!(error("[scan]\nformat = \"csv\"").contains("without tables"));
        assert!(error("jobs = -1").contains("a whole number"));
        assert!(error("a = \n").starts_with("unspin.toml:1: "));
        assert!(error("[allow]\nwords = []").contains("a list of texts"));
        assert!(error("xyzzy = 1").contains("--show-config"));
    }

    #[test]
    fn paths_of_a_file_are_relative_to_it() {
        let mut settings = Settings::default();
        read_text(Path::new("/a/unspin.toml"), "dict = [\"b/c.tsv\", \"/d.tsv\"]\nlm = \"e.lm\"", &mut settings)
            .unwrap();
        assert_eq!(settings.list("dict"), ["/a/b/c.tsv", "/d.tsv"]);
        assert_eq!(settings.file("lm"), Some("/a/e.lm".into()));
    }
}
