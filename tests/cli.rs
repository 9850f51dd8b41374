//! The program as its users meet it: `tests/cmd` holds commands with what they print.
//!
//! What depends on the dictionary's weights is left open there, so that a better dictionary
//! breaks no test.

#[test]
fn commands_print_what_they_should() {
    trycmd::TestCases::new()
        // The width that help texts are wrapped to.
        .env("COLUMNS", "100")
        .case("tests/cmd/*.trycmd")
        .case("tests/cmd/*.toml")
        .case("docs/evaluation.md")
        .case("docs/reports.md")
        .case("docs/configuration.md");
}
