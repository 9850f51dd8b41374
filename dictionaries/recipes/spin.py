#!/usr/bin/env python3
"""Spin genuine texts with the swaps that a style is known to make, and say which were made.

    spin.py PACK STYLE RATE TEXTS OUT

For every text of the folder TEXTS, writes OUT/NAME.txt and OUT/NAME.gold.jsonl, as
`unspin eval` reads them. Swaps are the pairs of STYLE in the file PACK, as it lies under
dictionaries/en/packs, where their weights are how probably a spinner that swaps makes each:
wherever an original stands, the longest first, it is swapped with RATE times the sum of its
forms' weights, for one of them by these. The same arguments give the same texts.
"""
import hashlib
import json
import random
import re
import sys
from collections import defaultdict
from pathlib import Path

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")

# Words of the longest original that is looked for.
LONGEST = 5


def main():
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    pack, style, rate, texts, out = sys.argv[1:]
    pairs = read_pairs(pack, style)
    if not pairs:
        sys.exit(f"{pack} has no pair of the style {style}")
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    swaps = 0
    for path in sorted(Path(texts).glob("*.txt")):
        seed = hashlib.sha256(f"{style} {rate} {path.name}".encode()).digest()
        spun, edits = spin(path.read_text(encoding="utf-8"), pairs, float(rate), random.Random(seed))
        (out / path.name).write_text(spun, encoding="utf-8", newline="")
        with open(out / f"{path.stem}.gold.jsonl", "w", encoding="utf-8") as gold:
            for edit in edits:
                gold.write(json.dumps(edit, ensure_ascii=False) + "\n")
        swaps += len(edits)
    print(f"{style} at {rate}: {swaps} swaps")


def read_pairs(path, style):
    """The spun forms of each original that the style makes, with their weights."""
    pairs = defaultdict(list)
    for line in open(path, encoding="utf-8"):
        if line.startswith("#"):
            continue
        spun, original, _, styles, *_ = line.rstrip("\n").split("\t")
        for each in styles.split():
            name, _, weight = each.partition(":")
            if name == style:
                pairs[original].append((spun, float(weight or 1)))
    return pairs


def spin(text, pairs, rate, lot):
    words = list(WORD.finditer(text))
    pieces, edits = [], []
    at = length = word = 0
    while word < len(words):
        found = match(text, words, word, pairs)
        forms = pairs[normal(text[words[word].start():words[word + found - 1].end()])] if found else []
        if lot.random() < rate * min(1.0, sum(w for _, w in forms)):
            start, end = words[word].start(), words[word + found - 1].end()
            original = text[start:end]
            spun = recased(lot.choices([f for f, _ in forms], [w for _, w in forms])[0], original)
            pieces += [text[at:start], spun]
            length += len(text[at:start].encode())
            edits.append({"start": length, "end": length + len(spun.encode()), "spun": spun, "original": [original]})
            length += len(spun.encode())
            at = end
        word += found or 1
    return "".join(pieces) + text[at:], edits


def normal(phrase):
    return " ".join(phrase.lower().replace("’", "'").split())


def match(text, words, first, pairs):
    """How many words from this one on are an original, with nothing but blanks between them."""
    for count in range(min(LONGEST, len(words) - first), 0, -1):
        phrase = text[words[first].start():words[first + count - 1].end()]
        if normal(phrase) in pairs and not re.search(r"[^\w\s'’-]|\n\s*\n", phrase):
            return count
    return 0


def recased(spun, original):
    return spun[0].upper() + spun[1:] if original[0].isupper() else spun


if __name__ == "__main__":
    main()
