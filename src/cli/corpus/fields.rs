//! Which field of a record holds the text, and which its identifier.

use serde_json::Value;

/// The field that holds the text where nothing is said.
pub const TEXT: &str = "text";

/// The names of the fields that are read.
#[derive(Clone, Debug)]
pub struct Fields {
    pub text: String,
    pub id: Option<String>,
}

impl Default for Fields {
    fn default() -> Fields {
        Fields { text: TEXT.into(), id: None }
    }
}

/// The field of a name in an object: under the name as it stands, or else with `.` before what
/// lies within.
pub fn at<'v>(value: &'v mut Value, name: &str) -> Option<&'v mut Value> {
    if value.get(name).is_some() {
        return value.get_mut(name);
    }
    let (outer, inner) = name.split_once('.')?;
    at(value.get_mut(outer)?, inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_lead_into_objects() {
        let mut value = serde_json::json!({"a": {"b": {"c": 1}, "b.d": 2}, "a.e": 3});
        for (name, there) in [("a.b.c", Some(1)), ("a.b.d", Some(2)), ("a.e", Some(3)), ("a.c", None), ("b", None)] {
            assert_eq!(at(&mut value, name).and_then(|v| v.as_i64()), there, "{name}");
        }
    }
}
