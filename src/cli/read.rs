//! How documents are read: as what, and which of their lines count.

use std::path::Path;

use anyhow::{Result, anyhow};
use clap::Args;

use unspin::document::{Document, Input};

use super::comments;
use super::config::{INPUTS, Settings, Value};

/// As what documents are read
#[derive(Args)]
pub struct InputArgs {
    /// Reads documents as this; auto, where nothing is said, goes by the ends of their names. In
    /// Markdown and HTML only the prose is read: no markup, no code, no addresses
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(INPUTS), value_name = "KIND")]
    input: Option<String>,
    /// Counts lines too that `unspin: ignore` comments of Markdown and HTML leave out
    #[arg(long)]
    no_ignore_comments: bool,
}

impl InputArgs {
    /// Sets what the flags say above the rest of the configuration.
    pub fn flags(&self, settings: &mut Settings) {
        settings.flag("input", self.input.clone().map(Value::Word));
        settings.flag("ignore-comments", self.no_ignore_comments.then_some(Value::Switch(false)));
    }
}

/// Reads documents as the settings say.
pub struct Reader {
    input: Option<Input>,
    with_comments: bool,
}

impl Reader {
    pub fn of(settings: &Settings) -> Reader {
        let input = match settings.word("input") {
            Some("text") => Some(Input::Text),
            Some("markdown") => Some(Input::Markdown),
            Some("html") => Some(Input::Html),
            _ => None,
        };
        Reader { input, with_comments: settings.switch("ignore-comments").unwrap_or(true) }
    }

    /// The document of a file.
    ///
    /// # Errors
    /// When one of its comments asks for what there is not.
    pub fn read<'a>(&self, path: &Path, bytes: &'a [u8]) -> Result<Document<'a>> {
        let mut document = Document::read(bytes, self.input.unwrap_or_else(|| Input::of(path)));
        if self.with_comments && document.input() != Input::Text {
            let ranges = comments::left_out(&document.text).map_err(|error| anyhow!("{}: {error}", path.display()))?;
            document.leave_out(&ranges);
        }
        Ok(document)
    }
}
