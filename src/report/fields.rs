//! Chosen fields of reports: `id`, `verdict.label`, `findings.text`.

use std::io;

use serde_json::Value;

use super::Report;

/// The fields there are, parted by blanks.
const KNOWN: &str = "\
    schema path id bytes words \
    verdict verdict.label verdict.probability verdict.log10_odds verdict.spin_rate \
    verdict.styles verdict.styles.name verdict.styles.share \
    sections sections.start sections.end sections.line sections.end_line sections.words sections.spin_rate \
    sections.probability \
    findings findings.start findings.end findings.line findings.column findings.text findings.confidence \
    findings.applicability findings.replacements findings.replacements.text findings.replacements.probability \
    findings.evidence findings.evidence.pack findings.evidence.context findings.evidence.channel \
    findings.evidence.genuine_use";

/// Says which of the names are no fields of a report. Dots lead into objects, and into those of lists.
///
/// # Errors
/// What is wrong, with the fields there are.
///
/// ```
/// use unspin::report::check_fields;
/// assert!(check_fields(&["id".into(), "findings.text".into()]).is_ok());
/// assert!(check_fields(&["label".into()]).unwrap_err().contains("`verdict.label`"));
/// ```
pub fn check_fields(names: &[String]) -> Result<(), String> {
    let known = || KNOWN.split_whitespace();
    for name in names {
        if !known().any(|k| k == name) {
            let within = known().find(|k| k.rsplit('.').next() == Some(name.as_str()));
            let meant = within.map_or(String::new(), |k| format!("; did you mean `{k}`?"));
            let all: Vec<&str> = known().collect();
            return Err(format!("`{name}` is no field of a report{meant} There are {}", all.join(", ")));
        }
    }
    Ok(())
}

/// Fields, each whole or with those within it, in the order in which they are written.
#[derive(Clone, Debug, Default)]
pub(super) struct Chosen(Vec<(String, Chosen)>);

impl Chosen {
    pub fn new(names: &[String]) -> Chosen {
        let mut chosen = Chosen::default();
        for name in names {
            chosen.add(name);
        }
        chosen
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn add(&mut self, name: &str) {
        let (outer, inner) = name.split_once('.').map_or((name, None), |(outer, inner)| (outer, Some(inner)));
        let place = match self.0.iter().position(|(n, _)| n == outer) {
            // All of it was asked for before.
            Some(place) if self.0[place].1.is_empty() => return,
            Some(place) => place,
            None => {
                self.0.push((outer.to_string(), Chosen::default()));
                self.0.len() - 1
            }
        };
        match inner {
            Some(inner) => self.0[place].1.add(inner),
            None => self.0[place].1 = Chosen::default(),
        }
    }

    /// Writes the chosen fields of a report as one line. Those that it has not are left out.
    pub fn write(&self, report: &Report, out: &mut Vec<u8>) -> io::Result<()> {
        // By way of text, so that numbers keep the digits they are reported with.
        let value: Value = serde_json::from_slice(&serde_json::to_vec(report)?)?;
        self.write_value(&value, out)?;
        out.push(b'\n');
        Ok(())
    }

    fn write_value(&self, value: &Value, out: &mut Vec<u8>) -> io::Result<()> {
        match value {
            Value::Object(fields) if !self.is_empty() => {
                out.push(b'{');
                let there = self.0.iter().filter_map(|(name, within)| Some((name, within, fields.get(name)?)));
                for (number, (name, within, value)) in there.enumerate() {
                    if number > 0 {
                        out.push(b',');
                    }
                    serde_json::to_writer(&mut *out, name)?;
                    out.push(b':');
                    within.write_value(value, out)?;
                }
                out.push(b'}');
                Ok(())
            }
            Value::Array(values) if !self.is_empty() => {
                out.push(b'[');
                for (number, value) in values.iter().enumerate() {
                    if number > 0 {
                        out.push(b',');
                    }
                    self.write_value(value, out)?;
                }
                out.push(b']');
                Ok(())
            }
            // What is asked for as a whole.
            other => Ok(serde_json::to_writer(out, other)?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &str) -> Vec<String> {
        names.split(',').map(String::from).collect()
    }

    #[test]
    fn fields_are_written_in_the_order_they_are_named() {
        let report: Report = serde_json::from_str(
            r#"{"schema":1,"path":"a","id":"7","bytes":9,"words":2,"verdict":{"label":"spun","probability":0.9,
            "log10_odds":1.5,"spin_rate":0.35,"styles":[{"name":"news","share":0.97}]},"findings":[]}"#,
        )
        .unwrap();
        let written = |fields: &str| {
            let mut out = Vec::new();
            Chosen::new(&names(fields)).write(&report, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(
            written("verdict.spin_rate,id,verdict.label"),
            "{\"verdict\":{\"spin_rate\":0.35,\"label\":\"spun\"},\"id\":\"7\"}\n"
        );
        assert_eq!(
            written("verdict.styles.share,findings.text"),
            "{\"verdict\":{\"styles\":[{\"share\":0.97}]},\"findings\":[]}\n"
        );
        assert_eq!(written("sections"), "{}\n");
        let whole = written("verdict");
        assert_eq!((written("verdict,verdict.label"), written("verdict.label,verdict")), (whole.clone(), whole));
    }

    #[test]
    fn the_fields_are_those_of_the_schema() {
        fn walk(schema: &Value, root: &Value, before: &str, all: &mut Vec<String>) {
            if let Some(place) = schema["$ref"].as_str() {
                return walk(root.pointer(place.trim_start_matches('#')).unwrap(), root, before, all);
            }
            if !schema["items"].is_null() {
                return walk(&schema["items"], root, before, all);
            }
            for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
                all.push(format!("{before}{name}"));
                walk(schema, root, &format!("{before}{name}."), all);
            }
        }
        let root: Value = serde_json::from_str(include_str!("../../docs/schema/report.json")).unwrap();
        let mut all = Vec::new();
        walk(&root["$defs"]["report"], &root, "", &mut all);
        let mut known = names(&KNOWN.split_whitespace().collect::<Vec<_>>().join(","));
        all.sort();
        known.sort();
        assert_eq!(known, all);
    }
}
