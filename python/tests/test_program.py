"""Agreement with the program, to the byte."""

import json
import subprocess

import unspin

STRANGE = [
    "",
    "Only five words are here.",
    "Line one.\r\nLine two, \"quoted\" \\ and a tab\tand \u0001 and \u2028 and 🙂.\n",
    "Ünïcode 你好 stands in front of it.",
]


def scan(program, *arguments):
    done = subprocess.run([program, "scan", "--format", "jsonl", *map(str, arguments)], stdout=subprocess.PIPE)
    assert done.returncode in (0, 1)
    return done.stdout


def test_files(program, spun, genuine, tmp_path):
    texts = [spun, genuine, "\n\n".join([genuine, genuine, genuine, spun, genuine, genuine, genuine]), *STRANGE[1:]]
    for number, text in enumerate(texts):
        path = tmp_path / f"{number}.txt"
        path.write_bytes(text.encode("utf-8"))
        assert unspin.scan(text, path=str(path)).to_json().encode() + b"\n" == scan(program, path)


def test_records(program, spun, genuine, tmp_path):
    texts = [spun, genuine, "– " + spun, *STRANGE]
    records = tmp_path / "records.jsonl"
    with records.open("w", encoding="utf-8", newline="\n") as out:
        for number, text in enumerate(texts):
            out.write(json.dumps({"id": f"n{number}", "text": text}) + "\n")
    # Not splitlines, which splits at U+2028 too.
    written = scan(program, "--id-field", "id", records).decode("utf-8").split("\n")[:-1]
    assert len(written) == len(texts)
    for number, (text, line) in enumerate(zip(texts, written)):
        report = unspin.scan(text, id=f"n{number}", path=str(records))
        # Of a record the program's offsets lead into the text as it is without its escapes, as here.
        assert report.to_json() == line
        assert report.to_dict() == json.loads(line)


def test_settings(program, spun, tmp_path):
    path, pack = tmp_path / "spun.txt", tmp_path / "mine.tsv"
    path.write_bytes(spun.encode("utf-8"))
    pack.write_text("ferry firm\tferry company\tn\n", encoding="utf-8")
    for flags, settings in [
        (["--profile", "strict"], {"profile": "strict"}),
        (["--profile", "sensitive", "--no-thesaurus"], {"profile": "sensitive", "thesaurus": False}),
        (["--threshold", "0.99999", "--min-confidence", "0.1"], {"threshold": 0.99999, "min_confidence": 0.1}),
        (["--dict", str(pack)], {"packs": [pack]}),
    ]:
        report = unspin.Model(**settings).scan(spun, path=str(path))
        assert report.to_json().encode() + b"\n" == scan(program, *flags, path), flags


def test_compiled_dictionaries(program, spun, tmp_path):
    pack, compiled, path = tmp_path / "mine.tsv", tmp_path / "mine.dict", tmp_path / "spun.txt"
    pack.write_text("ferry firm\tferry company\tn\n", encoding="utf-8")
    path.write_bytes(spun.encode("utf-8"))
    subprocess.run([program, "dict", "build", str(pack), "-o", str(compiled)], check=True, stdout=subprocess.PIPE)
    done = subprocess.run(
        [program, "scan", "--format", "jsonl", "--dict", str(compiled), str(path)], stdout=subprocess.PIPE, check=False
    )
    report = unspin.Model(packs=[compiled]).scan(spun, path=str(path))
    assert report.to_json().encode() + b"\n" == done.stdout


def test_restoring(program, spun, tmp_path):
    path = tmp_path / "spun.txt"
    path.write_bytes(spun.encode("utf-8"))
    for flags, grade in [([], "safe"), (["--unsafe"], "unsafe")]:
        done = subprocess.run([program, "restore", *flags, str(path)], stdout=subprocess.PIPE, check=False)
        assert unspin.restore(spun, grade).encode() == done.stdout
