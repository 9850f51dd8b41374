//! As what files are read.

use std::path::Path;

use unspin::document::Input;

/// As what a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// As one document.
    Document(Input),
    /// A record a line, each an object of JSON.
    JsonLines,
    /// A record a row, its cells parted by this.
    Table(u8),
    /// A web archive: WARC or WET.
    Archive,
}

/// What compression adds to the end of a name.
const PACKED: [&str; 4] = ["gz", "zst", "bz2", "xz"];

impl Kind {
    /// The kind that settings name; none for `auto`.
    pub fn named(name: &str) -> Option<Kind> {
        match name {
            "text" => Some(Kind::Document(Input::Text)),
            "markdown" => Some(Kind::Document(Input::Markdown)),
            "html" => Some(Kind::Document(Input::Html)),
            "jsonl" => Some(Kind::JsonLines),
            "csv" => Some(Kind::Table(b',')),
            "tsv" => Some(Kind::Table(b'\t')),
            "warc" => Some(Kind::Archive),
            _ => None,
        }
    }

    /// The kind of a file by the end of its name, before what compression adds to it.
    pub fn of(path: &Path) -> Kind {
        let end = |path: &Path| path.extension().map(|e| e.to_string_lossy().to_lowercase());
        let stem = match end(path) {
            Some(end) if PACKED.contains(&end.as_str()) => path.with_extension(""),
            _ => path.to_path_buf(),
        };
        match end(&stem).as_deref() {
            Some("jsonl" | "ndjson") => Kind::JsonLines,
            Some("csv") => Kind::Table(b','),
            Some("tsv") => Kind::Table(b'\t'),
            Some("warc" | "wet") => Kind::Archive,
            _ => Kind::Document(Input::of(&stem)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_kind_compressed_or_not() {
        let of = |name: &str| Kind::of(Path::new(name));
        assert_eq!(of("a/b.jsonl"), Kind::JsonLines);
        assert_eq!(of("b.NDJSON.GZ"), Kind::JsonLines);
        assert_eq!(of("b.csv.zst"), Kind::Table(b','));
        assert_eq!(of("b.tsv"), Kind::Table(b'\t'));
        assert_eq!(of("c.warc.wet.gz"), Kind::Archive);
        assert_eq!(of("page.html.xz"), Kind::Document(Input::Html));
        assert_eq!(of("gz"), Kind::Document(Input::Text));
        assert_eq!(of("-"), Kind::Document(Input::Text));
    }
}
