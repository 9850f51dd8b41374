//! SARIF against its published schema, and what the standard asks for beside that.

use serde_json::{Value, json};

use unspin::report::Format;

use super::cases::{Case, cases, hostile, large, options, written};

/// The published schema, which is not part of this repository: a crate that is never built holds
/// it (see Cargo.toml), and cargo knows where that lies.
fn schema() -> Option<Value> {
    let metadata = std::process::Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--manifest-path"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let package = metadata["packages"].as_array().unwrap().iter().find(|p| p["name"] == "serde-sarif").unwrap();
    let folder = std::path::Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap();
    let text = std::fs::read_to_string(folder.join("src/schema.json")).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

#[test]
fn sarif_holds_to_its_published_schema() {
    let Some(mut schema) = schema() else {
        println!("skipped: the package with the schema is not on this machine; `cargo fetch --locked` gets it");
        return;
    };
    assert_eq!(schema["title"], "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema");
    // A slip of the published one: an expression with a bracket too many. Nothing is written here that it is about.
    for of in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][of]["properties"]["language"];
        assert!(language.as_object_mut().unwrap().remove("pattern").is_some());
    }
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let check = |of: &str| {
        let log: Value = serde_json::from_str(of).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&log).map(|e| format!("{e} at {}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:?}");
        log
    };
    let sarif = |cases: &[Case], unread: &[(&str, &str)]| written(Format::Sarif, &options(), cases, unread);
    let gone = [("mit Blanks/weg.txt", "gone"), ("", "interrupted"), ("-=<b>%:\u{1b}", "odd")];
    check(&sarif(&[], &[]));
    check(&sarif(&[], &gone));
    check(&sarif(&large(), &[]));
    check(&sarif(&[hostile()], &[]));
    let good = check(&sarif(&cases(), &gone));
    // What the program really finds, too.
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_unspin"))
        .args(["scan", "--format", "sarif", "examples", "tests/data", "tests/nowhere"])
        .output()
        .unwrap();
    check(std::str::from_utf8(&output.stdout).unwrap());
    // A schema that allows anything would prove nothing.
    let spoil = |spoilt: fn(&mut Value)| {
        let mut log = good.clone();
        spoilt(&mut log);
        assert!(!validator.is_valid(&log));
    };
    spoil(|log| log["version"] = json!("2.2.0"));
    spoil(|log| log["runs"][0]["results"][0]["level"] = json!("grave"));
    spoil(|log| log["runs"][0]["results"][0]["verdict"] = json!("spun"));
    spoil(|log| log["runs"][0]["results"][1]["rank"] = json!(101));
    spoil(|log| log["runs"][0]["results"][1]["locations"][0]["physicalLocation"]["region"]["startLine"] = json!(0));
    spoil(|log| log["runs"][0]["invocations"][0]["executionSuccessful"] = json!("no"));
}

#[test]
fn sarif_is_what_the_standard_asks_for() {
    let log = |unread: &[(&str, &str)]| -> Value {
        serde_json::from_str(&written(Format::Sarif, &options(), &cases(), unread)).unwrap()
    };
    let good = log(&[]);
    assert_eq!(good["version"], "2.1.0");
    let run = &good["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 10 + 6);
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(["warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        assert!((0.0..=100.0).contains(&result["rank"].as_f64().unwrap()));
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.bytes().all(|b| b.is_ascii_graphic()), "{uri}");
    }
    let of = |name: &str| {
        let found = results.iter().filter(|r| {
            let place = &r["locations"][0]["physicalLocation"];
            place["artifactLocation"]["uri"].as_str().unwrap().starts_with(name) && !place["region"].is_null()
        });
        found.map(|r| r["locations"][0]["physicalLocation"]["region"].clone()).collect::<Vec<_>>()
    };
    let across = &of("crlf")[0];
    assert_eq!((&across["startLine"], &across["startColumn"]), (&json!(1), &json!(11)));
    assert_eq!((&across["endLine"], &across["endColumn"]), (&json!(2), &json!(3)));
    // Columns count characters of the text, offsets bytes of the file.
    assert_eq!(of("broken")[0]["byteOffset"], 18);
    let wide = &of("mit%20Blanks/na%C3%AFve%2C%20100%25.txt")[0];
    assert_eq!((&wide["startColumn"], &wide["byteOffset"]), (&json!(7), &json!(11)));
    let bad = log(&[("a b.txt", "a b.txt: gone")]);
    let invocation = &bad["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notice = &invocation["toolExecutionNotifications"][0];
    assert_eq!((&notice["level"], &notice["message"]["text"]), (&json!("error"), &json!("a b.txt: gone")));
    let empty: Value = serde_json::from_str(&written(Format::Sarif, &options(), &[], &[])).unwrap();
    assert_eq!(empty["runs"][0]["results"], json!([]));
}
