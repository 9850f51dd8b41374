//! JSON Lines: an object a line.

use std::io::BufRead;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use unspin::document::Input;

use super::fields::{Fields, at};
use super::lines::{Line, Lines};
use super::{Add, Failure, Limits, Plan, Record, Shape, Text, Unit};
use crate::cli::input::name_of;

/// What some programs put at the beginning of a file in UTF-8.
pub const MARK: &[u8] = b"\xef\xbb\xbf";

/// Cuts a stream into its lines; those that are blank are no records.
///
/// # Errors
/// When the stream breaks off, with the line. What stands before was handed on.
pub fn cut(source: impl BufRead, path: &Arc<Path>, limits: &Limits, add: Add<'_>) -> Result<bool, String> {
    let mut lines = Lines::new(source, limits.record);
    loop {
        let line = lines.next().map_err(|error| format!("line {}: {error}; {BROKEN_OFF}", lines.number()))?;
        let place = lines.number();
        let unit = match line {
            Line::End => return Ok(true),
            Line::Whole(line) if line.trim_ascii().is_empty() => continue,
            Line::Whole(raw) => Unit::Record(Record { path: path.clone(), place, raw, shape: Shape::JsonLine }),
            Line::TooLong => Unit::Failed(Failure {
                path: path.display().to_string(),
                reason: format!("{}:{place}: {}", name_of(path), too_long("a line", limits)),
            }),
        };
        if !add(unit) {
            return Ok(false);
        }
    }
}

/// Why a stream has no texts, as its first line says.
pub fn lacks_text(source: impl BufRead, plan: &Plan) -> Option<String> {
    let Ok(Line::Whole(line)) = Lines::new(source, plan.limits.record).next() else { return None };
    let mut value: Value = serde_json::from_slice(line.strip_prefix(MARK).unwrap_or(&line)).ok()?;
    let text = &plan.fields.text;
    at(&mut value, text)
        .is_none()
        .then(|| format!("its first line has no field `{text}`; name another with --text-field"))
}

/// What is said of a stream that ends in the midst.
pub const BROKEN_OFF: &str = "what stands before was read";

pub fn too_long(what: &str, limits: &Limits) -> String {
    format!("{what} of more than {} bytes; split it, or allow more with --max-record", limits.record)
}

/// The document in a line.
pub fn text(line: &[u8], number: u64, fields: &Fields) -> Result<Text, String> {
    let line = line.strip_prefix(MARK).unwrap_or(line).trim_ascii_end();
    let mut value: Value = serde_json::from_slice(line).map_err(|error| {
        // The place is the line's: serde counts within it.
        let said = error.to_string();
        let said = said.replace(" at line 1 column ", " at column ");
        format!("no JSON: {said}; mend or leave out the line")
    })?;
    if !value.is_object() {
        return Err(format!("{}, where an object is wanted", kind(&value)));
    }
    let id = fields.id.as_deref().and_then(|name| at(&mut value, name)).and_then(|id| match id {
        Value::Null => None,
        Value::String(id) => Some(id.clone()),
        other => Some(other.to_string()),
    });
    let name = &fields.text;
    let text = match at(&mut value, name).map(Value::take) {
        Some(Value::String(text)) => text,
        Some(other) => return Err(format!("the field `{name}` holds {}, where text is wanted", kind(&other))),
        None => return Err(format!("no field `{name}`; name the one that holds the text with --text-field")),
    };
    Ok(Text { id: id.unwrap_or_else(|| number.to_string()), bytes: text.into_bytes(), input: Input::Text })
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A line with members added at the end of its object; what stands in it stays byte for byte.
///
/// # Errors
/// When it has one of them already.
pub fn with_members(line: &[u8], members: &[(&str, String)]) -> Result<Vec<u8>, String> {
    let value: serde_json::Map<String, Value> =
        serde_json::from_slice(line.strip_prefix(MARK).unwrap_or(line)).map_err(|error| error.to_string())?;
    if let Some((name, _)) = members.iter().find(|(name, _)| value.contains_key(*name)) {
        return Err(format!("the record has a field `{name}` already; name another one"));
    }
    let end = line.iter().rposition(|b| *b == b'}').unwrap_or(0);
    let before = line[..end].trim_ascii_end();
    let mut out = Vec::with_capacity(line.len() + 128);
    out.extend_from_slice(before);
    for (number, (name, json)) in members.iter().enumerate() {
        if number > 0 || !value.is_empty() {
            out.push(b',');
        }
        out.extend_from_slice(Value::from(*name).to_string().as_bytes());
        out.push(b':');
        out.extend_from_slice(json.as_bytes());
    }
    out.push(b'}');
    let rest = line[end..].strip_prefix(b"}").unwrap_or_default();
    out.extend_from_slice(rest);
    if !rest.ends_with(b"\n") {
        out.push(b'\n');
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_and_its_name_are_found() {
        let fields = Fields { text: "a.b".into(), id: Some("n".into()) };
        let read = text(b"\xef\xbb\xbf{\"n\": 7, \"a\": {\"b\": \"x\\u00e9\"}}\r\n", 3, &fields).unwrap();
        assert_eq!((read.id.as_str(), read.bytes.as_slice()), ("7", "xé".as_bytes()));
        let read = text(b"{\"n\": null, \"a.b\": \"x\"}", 3, &fields).unwrap();
        assert_eq!(read.id, "3");
    }

    #[test]
    fn what_is_wrong_is_said() {
        let wrong = |line: &[u8]| text(line, 1, &Fields::default()).err().unwrap();
        assert!(wrong(b"{\"text\": \"x").starts_with("no JSON: EOF while parsing a string at column 11;"));
        assert_eq!(wrong(b"[1]"), "a list, where an object is wanted");
        assert_eq!(wrong(b"{\"text\": null}"), "the field `text` holds null, where text is wanted");
        assert!(wrong(b"{}").starts_with("no field `text`; name the one"));
        assert!(wrong(b"{\"text\": \"\xff\"}").starts_with("no JSON: "));
    }

    #[test]
    fn members_are_added_and_the_rest_stays() {
        let add = |line: &str| {
            let members = [("unspin", "{\"label\":\"clean\"}".to_string()), ("r", "\"x\"".to_string())];
            with_members(line.as_bytes(), &members).map(|l| String::from_utf8(l).unwrap())
        };
        assert_eq!(add("{}").unwrap(), "{\"unspin\":{\"label\":\"clean\"},\"r\":\"x\"}\n");
        let line = " { \"b\" : 1.50, \"a\":\"}\" } \r\n";
        assert_eq!(
            add(line).unwrap(),
            " { \"b\" : 1.50, \"a\":\"}\",\"unspin\":{\"label\":\"clean\"},\"r\":\"x\"} \r\n"
        );
        assert!(add("{\"unspin\": 1}").unwrap_err().contains("`unspin` already"));
    }
}
