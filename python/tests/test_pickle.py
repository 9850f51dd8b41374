import copy
import os
import pathlib
import pickle

import pytest

import unspin

PACK = "frobnication\tmanagement\tn\n"


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_models_by_configuration(spun, protocol):
    model = unspin.Model(profile="sensitive", threshold=0.25, min_confidence=0.75, thesaurus=False)
    pickled = pickle.dumps(model, protocol)
    assert len(pickled) < 500
    again = pickle.loads(pickled)
    assert repr(again) == repr(model)
    assert again.scan(spun) == model.scan(spun)


def test_packs_are_found_from_elsewhere(tmp_path, monkeypatch):
    (tmp_path / "mine.tsv").write_text(PACK, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    model = unspin.Model(packs=["mine.tsv"])
    assert model.packs == ["mine.tsv"]
    pickled = pickle.dumps(model)
    monkeypatch.chdir(os.sep)
    assert pickle.loads(pickled).packs == [str(tmp_path / "mine.tsv")]


def test_packs_are_used(tmp_path, spun):
    pack = tmp_path / "mine.tsv"
    pack.write_text(PACK, encoding="utf-8")
    text = spun + "\n\nThe frobnication of the town was moved to the new building by the council."
    for packs in ([pack], [str(pack)], (pathlib.Path(str(pack)),)):
        model = unspin.Model(packs=packs, min_confidence=0)
        found = [finding for finding in model.scan(text).findings if finding.text == "frobnication"]
        assert [finding.evidence["pack"] for finding in found] == ["mine"]
    assert "mine.tsv" in repr(model)
    assert not any(finding.text == "frobnication" for finding in unspin.scan(text).findings)


def test_reports_findings_and_sections(spun, genuine):
    report = unspin.scan("– " + spun, id="7")
    again = pickle.loads(pickle.dumps(report))
    assert again == report
    assert again.to_json() == report.to_json()
    assert [finding.span for finding in again.findings] == [finding.span for finding in report.findings]
    assert copy.deepcopy(report) == report
    assert pickle.loads(pickle.dumps(report.findings[5])) == report.findings[5]
    mixed = unspin.scan("\n\n".join([genuine] * 3 + [spun] + [genuine] * 3))
    assert pickle.loads(pickle.dumps(mixed.sections)) == mixed.sections
