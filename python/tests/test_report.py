import json

import unspin


def test_a_spun_text(spun):
    report = unspin.scan(spun)
    assert report.label == "spun"
    assert report.probability > 0.99
    assert report.log10_odds > 2
    assert 0 < report.spin_rate <= 1
    assert report.bytes == len(spun.encode())
    assert report.words > 400
    assert report.schema == 1
    assert (report.id, report.path) == (None, None)
    assert list(report.styles.values()) == sorted(report.styles.values(), reverse=True)
    assert len(report.findings) > 100


def test_a_genuine_text(genuine):
    report = unspin.scan(genuine, "a-7")
    assert report.label == "clean"
    assert report.id == "a-7"
    assert report.styles == {}


def test_attributes_are_those_of_the_object(spun):
    report = unspin.scan(spun, id="7", path="a.txt")
    of = report.to_dict()
    assert of == json.loads(report.to_json())
    assert (of["id"], of["path"]) == ("7", "a.txt")
    verdict = of["verdict"]
    for name in ("label", "probability", "log10_odds", "spin_rate"):
        assert getattr(report, name) == verdict[name]
    assert report.styles == {style["name"]: style["share"] for style in verdict["styles"]}
    for finding, its in zip(report.findings, of["findings"]):
        for name in ("start", "end", "line", "column", "text", "confidence", "applicability", "evidence"):
            assert getattr(finding, name) == its[name], name
        assert finding.replacements == [(r["text"], r["probability"]) for r in its["replacements"]]


def test_spans_are_in_characters_and_offsets_in_bytes(spun):
    # Characters of one, two, three and four bytes before, between and behind.
    for text in (spun, "Ünïcode 你好 🙂 stands before it. \n\n" + spun.replace(".", " – 🙂.")):
        findings = unspin.scan(text).findings
        assert len(findings) > 50
        for finding in findings:
            start, end = finding.span
            assert text[start:end] == finding.text
            assert text.encode()[finding.start : finding.end].decode() == finding.text


def test_sections(spun, genuine):
    text = "\n\n".join([genuine] * 3 + ["… " + spun] + [genuine] * 3)
    report = unspin.scan(text)
    assert report.label in ("spun", "suspect")
    assert report.sections, report
    for section, its in zip(report.sections, report.to_dict()["sections"]):
        for name in ("start", "end", "line", "end_line", "words", "spin_rate", "probability"):
            assert getattr(section, name) == its[name], name
        start, end = section.span
        assert text[start:end] == text.encode()[section.start : section.end].decode()
    assert "unspin.Section" in repr(report.sections[0])


def test_reprs(spun):
    report = unspin.scan(spun, id="it's 7")
    assert repr(report).startswith("<unspin.Report id=\"it's 7\" label='spun' probability=")
    assert repr(report.findings[0]).startswith("<unspin.Finding '")
    assert repr(unspin.Model()) == "unspin.Model(profile='balanced')"
    model = unspin.Model(profile="strict", threshold=0.5, min_confidence=0.25, thesaurus=False)
    assert repr(model) == (
        "unspin.Model(profile='strict', threshold=0.5, min_confidence=0.25, thesaurus=False)"
    )


def test_reports_are_equal_where_they_say_the_same(spun, genuine):
    assert unspin.scan(spun) == unspin.scan(spun)
    assert unspin.scan(spun).findings[3] == unspin.scan(spun).findings[3]
    assert unspin.scan(spun) != unspin.scan(genuine)
    assert unspin.scan(spun) != 7


def test_restoring(spun, genuine):
    safe = unspin.restore(spun)
    assert safe != spun
    assert unspin.restore(safe) == safe
    assert unspin.restore(spun, "unsafe") not in (spun, safe)
    assert unspin.restore(genuine) == genuine
    assert unspin.Model().restore(spun, grade="safe") == safe


def test_the_version():
    assert unspin.__version__.count(".") == 2
