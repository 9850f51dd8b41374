//! The page of reports: its structure as a parser sees it.

use scraper::{Html, Selector};

use unspin::report::Format;

use super::cases::{cases, options, written};

#[test]
fn a_page_has_a_mark_a_tick_and_a_card_for_every_finding() {
    let all = cases();
    let page = Html::parse_document(&written(Format::Html, &options(), &all, &[("x", "x: <gone>")]));
    assert_eq!(page.errors.len(), 0, "{:?}", page.errors);
    let select = |what: &str| page.select(&Selector::parse(what).unwrap()).collect::<Vec<_>>();
    let findings: usize = all.iter().map(|c| c.swaps.len()).sum();
    assert_eq!(select("article").len(), all.len());
    for what in ["mark[tabindex='0'] > .seen", "mark > .was", "mark > .card[role=tooltip]", ".strip rect"] {
        assert_eq!(select(what).len(), findings, "{what}");
    }
    let seen: Vec<String> = select("mark > .seen").iter().map(|e| e.text().collect()).collect();
    let phrases: Vec<&str> = all.iter().flat_map(|c| &c.swaps).map(|(p, _)| p.as_str()).collect();
    // Parsers read line breaks in one way only.
    assert_eq!(seen, phrases.iter().map(|p| p.replace("\r\n", "\n")).collect::<Vec<_>>());
    let targets: Vec<&str> = select(".strip a").iter().map(|a| &a.attr("href").unwrap()[1..]).collect();
    assert_eq!(targets, select("mark").iter().map(|m| m.attr("id").unwrap()).collect::<Vec<_>>());
    // The article before a finding changes with it.
    let article: Vec<String> = select(".article > span").iter().map(|e| e.text().collect()).collect();
    assert_eq!(article, ["a ", "an "]);
    // Nothing is fetched.
    for (what, attribute) in [("[src]", "src"), ("a[href]", "href"), ("link[href]", "href")] {
        for element in select(what) {
            let address = element.attr(attribute).unwrap();
            assert!(address.starts_with('#'), "{address}");
        }
    }
    assert!(select(".unread li")[0].text().collect::<String>().contains("<gone>"));
}
