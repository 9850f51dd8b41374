#!/usr/bin/env python3
"""List the words that British and American writers spell differently.

    spelling.py OUT     writes OUT/spelling.tsv from the varcon package that fetch.py downloaded

Words that are right on the other side too, in whatever sense, are left out: `cheque` is `check`,
but `check` is not always `cheque`.
"""
import re
import sys
import tarfile
from pathlib import Path

# Rarer words (SCOWL's levels) hardly ever occur.
COMMON = 70


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    out = Path(sys.argv[1])
    path, = (out / "packages").glob("varcon-*.crate")
    with tarfile.open(path) as archive:
        source = archive.extractfile(path.name.removesuffix(".crate") + "/src/codegen.rs").read().decode("utf-8")
    pairs, british_words, american_words = set(), set(), set()
    for cluster in source.split("Cluster {")[1:]:
        level = int(re.search(r"level: (\d+)", cluster)[1])
        for entry in cluster.split("Entry {")[1:]:
            british, american = [], []
            for variant in entry.split("Variant {")[1:]:
                word = re.search(r'word: "(.*)"', variant)[1]
                for category, tag in re.findall(r"Category::(\w+), tag: (\w+)", variant):
                    if tag == "None" and category.startswith("British"):
                        british.append(word)
                    if tag == "None" and category == "American":
                        american.append(word)
            british_words.update(british)
            american_words.update(american)
            if level <= COMMON:
                pairs.update((b, a) for b in british for a in american if a != b)
    rows = sorted((b, a) for b, a in pairs
                  if b not in american_words and a not in british_words or b.replace("is", "iz") == a or b.replace("ys", "yz") == a)
    rows = [(b, a) for b, a in rows if re.fullmatch("[a-z]+", a + b) and b not in american_words]
    # One American spelling for each British one.
    first = {}
    for british, american in rows:
        first.setdefault(british, american)
    with open(out / "spelling.tsv", "w", encoding="utf-8") as file:
        file.write("# british\tamerican; made by recipes/spelling.py, see dictionaries/README.md\n")
        for british, american in sorted(first.items()):
            file.write(f"{british}\t{american}\n")
    print(f"spelling: {len(first)} words")


if __name__ == "__main__":
    main()
