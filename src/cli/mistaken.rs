//! What was meant by a command line that cannot be read, beyond the slips of spelling that clap sees.

use std::path::Path;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// What users of other tools try: for which verb, under which names, and what does it here.
const CALLED: [(&str, &[&str], &str); 12] = [
    ("scan", &["--no-color", "--no-colour", "--colour"], "colours are chosen by '--color auto', 'always' or 'never'"),
    ("scan", &["--out", "--outfile"], "reports are written to a file by '--output FILE'"),
    ("scan", &["-f", "--json", "--jsonl", "--html", "--csv", "--sarif"], "formats are chosen by '--format NAME'"),
    ("scan", &["--exclude", "--include"], "files are chosen by '--glob PATTERN', or left out by '--glob !PATTERN'"),
    (
        "scan",
        &["--ignore", "--whitelist"],
        "phrases are allowed by '--allow PHRASE', files left out by '--glob !PATTERN'",
    ),
    ("scan", &["--threads", "--parallel"], "threads are counted by '--jobs N'"),
    ("scan", &["--confidence"], "findings are chosen by '--min-confidence 0..1'"),
    ("scan", &["--fix", "--write"], "documents are put right by 'unspin restore --write PATH'"),
    ("restore", &["-i", "--in-place", "--inplace"], "files are restored in place by '--write'"),
    ("restore", &["-o", "--output", "--out"], "the text goes to standard output; '> FILE' after the command keeps it"),
    ("restore", &["-n", "--dry-run", "--check", "--format"], "what would change is shown by '--diff' or '--annotate'"),
    ("restore", &["--threads", "--parallel"], "threads are counted by '--jobs N'"),
];

/// Adds to an error what may have been meant. `arguments` are those after the program's name.
pub fn explain(error: &mut Error, arguments: &[String]) {
    let Some(ContextValue::String(named)) = error.get(match error.kind() {
        ErrorKind::UnknownArgument => ContextKind::InvalidArg,
        ErrorKind::InvalidSubcommand => ContextKind::InvalidSubcommand,
        _ => return,
    }) else {
        return;
    };
    let tip = if error.kind() == ErrorKind::InvalidSubcommand {
        // Most of what is no verb is a document whose verb was left out.
        let is_path = arguments.first() == Some(named) && (named == "-" || Path::new(named).exists());
        is_path.then(|| format!("a document is scanned by 'unspin scan {}'", arguments.join(" ")))
    } else {
        let verb = arguments.first().map_or("", String::as_str);
        let called = CALLED.iter().find(|(of, names, _)| *of == verb && names.contains(&named.as_str()));
        called.map(|(_, _, tip)| (*tip).to_string())
    };
    let Some(tip) = tip else { return };
    for other in [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::Suggested] {
        error.remove(other);
    }
    let tip = unspin::report::printable(&tip).into_owned();
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::super::Cli;
    use super::*;

    fn said(arguments: &[&str]) -> String {
        let owned: Vec<String> = arguments.iter().map(|a| (*a).to_string()).collect();
        let all = std::iter::once("unspin").chain(arguments.iter().copied());
        let Err(mut error) = Cli::try_parse_from(all) else { panic!("{arguments:?} can be read") };
        explain(&mut error, &owned);
        error.to_string()
    }

    #[test]
    fn what_other_tools_call_it_is_translated_into_flags_that_there_are() {
        for (verb, names, tip) in CALLED {
            for name in names {
                let said = said(&[verb, name, "a.txt"]);
                assert!(said.contains(tip) && said.matches("tip:").count() == 1, "{said}");
            }
            for flag in tip.split('\'').filter(|part| part.starts_with("--")) {
                let flag = flag.split(' ').next().unwrap().trim_start_matches('-');
                let command = Cli::command();
                let command = command.find_subcommand(verb).unwrap();
                assert!(command.get_arguments().any(|a| a.get_long() == Some(flag)), "{verb} has no {flag}");
            }
        }
    }

    #[test]
    fn a_document_without_a_verb_is_told_from_a_slip() {
        assert!(said(&["Cargo.toml"]).contains("tip: a document is scanned by 'unspin scan Cargo.toml'"));
        assert!(said(&["scna", "Cargo.toml"]).contains("a similar subcommand exists: 'scan'"));
        assert!(!said(&["nowhere.txt"]).contains("tip: a document"));
        assert!(said(&["scan", "--formt", "json"]).contains("a similar argument exists: '--format'"));
    }
}
