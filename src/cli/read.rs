//! How documents are read: as what, and which of their lines count.

use std::path::Path;

use anyhow::{Result, anyhow, bail};
use clap::Args;

use unspin::document::{Document, Input};

use super::comments;
use super::config::{INPUTS, Settings, Value};
use super::corpus::{Fields, Kind, Limits, Plan, parse_size};

/// As what documents are read
#[derive(Args)]
pub struct InputArgs {
    /// Reads documents as this; auto, where nothing is said, goes by the ends of their names. In
    /// Markdown and HTML only the prose is read: no markup, no code, no addresses. Of jsonl, csv, tsv
    /// and warc every record is a document
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(INPUTS), value_name = "KIND")]
    input: Option<String>,
    /// Counts lines too that `unspin: ignore` comments of Markdown and HTML leave out
    #[arg(long)]
    no_ignore_comments: bool,
    /// The longest document that is read as a whole, unpacked; 1G where nothing is said
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_document: Option<String>,
}

impl InputArgs {
    /// Sets what the flags say above the rest of the configuration.
    pub fn flags(&self, settings: &mut Settings) {
        settings.flag("input", self.input.clone().map(Value::Word));
        settings.flag("max-document", self.max_document.clone().map(Value::Word));
        settings.flag("ignore-comments", self.no_ignore_comments.then_some(Value::Switch(false)));
    }
}

/// Reads documents as the settings say.
pub struct Reader {
    kind: Option<Kind>,
    with_comments: bool,
}

impl Reader {
    pub fn of(settings: &Settings) -> Reader {
        let kind = settings.word("input").and_then(Kind::named);
        Reader { kind, with_comments: settings.switch("ignore-comments").unwrap_or(true) }
    }

    /// The document of a file.
    ///
    /// # Errors
    /// When it holds records, or one of its comments asks for what there is not.
    pub fn read<'a>(&self, path: &Path, bytes: &'a [u8]) -> Result<Document<'a>> {
        let name = path.display();
        let Kind::Document(input) = self.kind.unwrap_or_else(|| Kind::of(path)) else {
            bail!(
                "{name}: a file of records, of which `unspin scan --restore-field` restores the texts; --input text takes it for one document"
            );
        };
        self.read_as(input, &name.to_string(), bytes)
    }

    /// The document of some kind, which is called so.
    ///
    /// # Errors
    /// When one of its comments asks for what there is not.
    pub fn read_as<'a>(&self, input: Input, name: &str, bytes: &'a [u8]) -> Result<Document<'a>> {
        let mut document = Document::read(bytes, input);
        if self.with_comments && document.input() != Input::Text {
            let ranges = comments::left_out(&document.text).map_err(|error| anyhow!("{name}: {error}"))?;
            document.leave_out(&ranges);
        }
        Ok(document)
    }
}

/// Which records are read, and how
#[derive(Args)]
pub struct RecordArgs {
    /// The field of JSON Lines that holds the text, dots leading into objects, or the column of CSV;
    /// text, where nothing is said
    #[arg(long, value_name = "NAME")]
    text_field: Option<String>,
    /// The field or column that names a record; the line where it begins does where nothing is said
    #[arg(long, value_name = "NAME")]
    id_field: Option<String>,
    /// The longest record that is read; 64M where nothing is said
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_record: Option<String>,
}

fn size(text: &str) -> Result<String, String> {
    parse_size(text).map(|_| text.to_string())
}

impl RecordArgs {
    /// Sets what the flags say above the rest of the configuration.
    pub fn flags(&self, settings: &mut Settings) {
        let word = |word: &Option<String>| word.clone().map(Value::Word);
        settings.flag("text-field", word(&self.text_field));
        settings.flag("id-field", word(&self.id_field));
        settings.flag("max-record", word(&self.max_record));
    }

    /// How files are read, as the settings say.
    pub fn plan(settings: &Settings) -> Plan {
        let (mut fields, mut limits) = (Fields::default(), Limits::default());
        if let Some(name) = settings.word("text-field") {
            fields.text = name.into();
        }
        fields.id = settings.word("id-field").map(String::from);
        if let Some(most) = settings.size("max-record") {
            limits.record = usize::try_from(most).unwrap_or(usize::MAX - 1);
        }
        limits.document = settings.size("max-document").unwrap_or(limits.document);
        Plan { kind: settings.word("input").and_then(Kind::named), fields, limits, added: Vec::new() }
    }
}
