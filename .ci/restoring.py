#!/usr/bin/env python3
"""Hold `unspin restore` to its bounds.

    restoring.py BINARY

Restores copies of the genuine and the spun texts beside the project, in place and twice, and
prints each figure beside its bound; exit status 1 where one is missed. Without those texts
there is nothing to measure, and it says so.
"""
import difflib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SHARED = Path("../shared")

# Figure, bound. A bound is only ever tightened.
FLOORS = [
    ("genuine files byte for byte", ">=", 0.97),
    ("most edits in a genuine file", "<=", 3),
    ("spun files that a second restoration changes", "<=", 0),
    ("the same with --unsafe", "<=", 0),
    ("precision of safe edits", ">=", 0.93),
    ("precision of unsafe edits", ">=", 0.75),
]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    binary = Path(sys.argv[1]).resolve()
    if not (SHARED / "corpora").exists():
        print("restoring: skipped, no ../shared here")
        return
    same, most = genuine(binary)
    grades = json.loads(subprocess.run([binary, "eval", "--format", "json", SHARED / "eval/dev"],
                                       stdout=subprocess.PIPE).stdout)["grades"]
    precision = {grade["grade"]: grade["restore_precision"] for grade in grades}
    found = [same, most, again(binary), again(binary, "--unsafe"), precision["safe"], precision["unsafe"]]
    missed = 0
    for (figure, bound, limit), value in zip(FLOORS, found):
        holds = value >= limit if bound == ">=" else value <= limit
        missed += not holds
        print("restoring: %-46s %8.3f  %s %5.2f  %s" % (figure, value, bound, limit, "" if holds else "MISSED"))
    if missed:
        sys.exit("restoring: %d of %d bounds missed" % (missed, len(FLOORS)))


def restored(binary, folder, *flags):
    """Restores all files of a folder in place."""
    if subprocess.run([binary, "restore", "--write", *flags, folder]).returncode == 2:
        sys.exit("restoring: %s could not be restored; the message stands above" % folder)


def texts(folder):
    return {path: path.read_text(encoding="utf-8", errors="replace") for path in sorted(folder.rglob("*.txt"))}


def genuine(binary):
    """The share of genuine files that come back as they were, and the most edits in one."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(SHARED / "corpora", Path(folder, "texts")))
        before = texts(copy)
        restored(binary, copy)
        after = texts(copy)
    changed = [path for path in before if before[path] != after[path]]
    edits = [sum(tag != "equal" for tag, *_ in difflib.SequenceMatcher(
        None, re.findall(r"\w+|\W", before[path]), re.findall(r"\w+|\W", after[path]), autojunk=False).get_opcodes())
        for path in changed]
    return 1 - len(changed) / len(before), max(edits, default=0)


def again(binary, *flags):
    """How many spun files are not the same after a second restoration as after the first."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "texts")
        for path in (SHARED / "eval/dev/spun").rglob("*.txt"):
            target = copy / path.relative_to(SHARED / "eval/dev/spun")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        restored(binary, copy, *flags)
        first = texts(copy)
        restored(binary, copy, *flags)
        second = texts(copy)
    return sum(first[path] != second[path] for path in first)


if __name__ == "__main__":
    main()
