#!/usr/bin/env python3
"""Cut texts to one length.

    cut.py LENGTH COUNT OUT FOLDER...

Writes COUNT texts of LENGTH words each to the folder OUT. Each begins where a text of a FOLDER
begins, and goes on with the texts after it, in the order of their names, where that one is too
short; they begin at texts spread evenly over the folders. What follows the first "-" of a name is
not looked at: texts are only joined where they are of one kind. The same arguments give the
same texts.
"""
import re
import sys
from pathlib import Path

WORD = re.compile(r"\S+")


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    length, count, out = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    paths = [path for folder in sys.argv[4:] for path in sorted(Path(folder).glob("*.txt"))]
    texts = [path.read_text(encoding="utf-8") for path in paths]
    cuts = [cut(paths, texts, first, length) for first in range(len(paths))]
    cuts = [(path, text) for path, text in zip(paths, cuts) if text]
    out.mkdir(parents=True, exist_ok=True)
    for number in range(min(count, len(cuts))):
        path, text = cuts[number * len(cuts) // min(count, len(cuts))]
        (out / path.name).write_text(text, encoding="utf-8", newline="")


def cut(paths, texts, first, length):
    """The first words from the text with the number `first` on; None where there are too few."""
    pieces = []
    for path, text in zip(paths[first:], texts[first:]):
        if kind(path) != kind(paths[first]):
            break
        words = [word.end() for word in WORD.finditer(text)]
        if len(words) >= length:
            return "\n\n".join([*pieces, text[:words[length - 1]]]) + "\n"
        length -= len(words)
        pieces.append(text.strip())
    return None


def kind(path):
    return path.parent, path.name.partition("-")[0]


if __name__ == "__main__":
    main()
