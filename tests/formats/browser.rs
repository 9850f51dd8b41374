//! The page of reports in a real browser, where Chromium is on the machine: no errors, and everything
//! on it does what it is for.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use scraper::{Html, Selector};

use unspin::report::Format;

use super::cases::{cases, hostile, large, options, written};

/// What a reader does with the page, and what must be seen then.
const READER: &str = r#"
<script>
(() => {
  const all = (what) => [...document.querySelectorAll(what)];
  const seen = [];
  const check = (name, right) => seen.push(`${name}: ${right ? "right" : "wrong"}`);
  const shows = (of) => getComputedStyle(of).display !== "none";
  try {
    check("index", all(".heads button").every((b) => b.offsetParent !== null));
    all(".heads button").find((b) => b.dataset.key === "findings").click();
    const counts = all("article").map((a) => Number(a.dataset.findings));
    check("most findings first", counts[0] > 0 && counts.every((c, i) => i === 0 || counts[i - 1] >= c));
    all(".heads button").find((b) => b.dataset.key === "findings").click();
    check("fewest first", Number(all("article").at(-1).dataset.findings) === Math.max(...counts));
    const label = document.getElementById("label");
    label.value = "spun";
    label.dispatchEvent(new Event("change"));
    const left = all("article").filter((a) => !a.hidden);
    check("only spun", left.length > 0 && left.every((a) => a.dataset.label === "spun"));
    check("count", document.getElementById("shown").textContent.startsWith(`${left.length} of `));
    left[0].querySelector("details").open = true;
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "n", bubbles: true }));
    const mark = document.activeElement;
    check("key", mark.matches("mark"));
    check("card", shows(mark.querySelector(".card")));
    const box = mark.querySelector(".card").getBoundingClientRect();
    check("card in window", box.left >= 0 && box.right <= document.documentElement.clientWidth + 1);
    check("one card", all(".card").filter(shows).length === 1);
    check("seen", shows(mark.querySelector(".seen")) && !shows(mark.querySelector(".was")));
    document.getElementById("view-restored").click();
    check("restored", !shows(mark.querySelector(".seen")) && shows(mark.querySelector(".was")));
    const tick = left[0].querySelector(".strip a:last-of-type");
    tick.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    check("tick", document.activeElement.id === tick.getAttribute("href").slice(1));
    check("nothing fetched", performance.getEntriesByType("resource").length === 0);
    check("width", document.documentElement.scrollWidth <= document.documentElement.clientWidth);
  } catch (error) {
    seen.push(`${error}: wrong`);
  }
  const list = document.createElement("ol");
  list.id = "checks";
  for (const said of seen) list.append(Object.assign(document.createElement("li"), { textContent: said }));
  document.body.append(list);
})();
</script>
"#;

fn chromium() -> Option<&'static str> {
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|name| Command::new(name).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok())
}

fn page() -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_unspin"))
        .args(["scan", "--format", "html", "examples", "tests/data/short.txt", "tests/data/genuine.txt"])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The document as it is once the page's script ran, and what the console said.
fn loaded(browser: &str, page: &str, folder: &Path) -> (Html, String) {
    let file = folder.join("page.html");
    fs::write(&file, page).unwrap();
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--enable-logging=stderr", "--window-size=700,900", "--virtual-time-budget=2000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .arg(format!("file://{}", file.display()))
        .output()
        .unwrap();
    let console = String::from_utf8_lossy(&output.stderr);
    let console: Vec<&str> = console.lines().filter(|line| line.contains("CONSOLE")).collect();
    (Html::parse_document(&String::from_utf8_lossy(&output.stdout)), console.join("\n"))
}

#[test]
fn the_page_works_in_a_browser() {
    let Some(browser) = chromium() else {
        println!("skipped: no Chromium on this machine");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (dom, console) = loaded(browser, &page().replace("</body>", &format!("{READER}</body>")), folder.path());
    assert_eq!(console, "");
    let checks: Vec<String> =
        dom.select(&Selector::parse("#checks li").unwrap()).map(|li| li.text().collect()).collect();
    assert!(checks.len() > 12, "{checks:?}");
    assert!(checks.iter().all(|c| c.ends_with(": right")), "{checks:#?}");
}

#[test]
fn an_error_of_the_page_would_be_seen() {
    let Some(browser) = chromium() else {
        println!("skipped: no Chromium on this machine");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let broken = page().replace("</body>", "<script>nowhere.to(be)</script></body>");
    assert!(loaded(browser, &broken, folder.path()).1.contains("nowhere is not defined"));
}

/// No document at all, hundreds of findings, a line of five megabytes, and all other shapes together.
#[test]
fn odd_documents_open_without_errors() {
    let Some(browser) = chromium() else {
        println!("skipped: no Chromium on this machine");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut odd = cases();
    odd.push(hostile());
    let [many, line] = large();
    let runs = [vec![], vec![many], vec![line], odd];
    for run in &runs {
        let page = written(Format::Html, &options(), run, &[("<gone>", "<gone>: \u{1b}")]);
        let (dom, console) = loaded(browser, &page, folder.path());
        assert_eq!(console, "");
        let count = |what: &str| dom.select(&Selector::parse(what).unwrap()).count();
        assert_eq!(count("article"), run.len());
        assert_eq!(count("mark"), run.iter().map(|c| c.swaps.len()).sum::<usize>());
        // The script ran to its end: a document by itself is open.
        assert_eq!(count("details[open]"), usize::from(run.len() == 1));
    }
}
