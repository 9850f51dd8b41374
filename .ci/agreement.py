#!/usr/bin/env python3
"""Hold the figures of `unspin eval` to those of the scorer beside the project.

    agreement.py BINARY [SHARED]

Both measure the same folders and share some figures, but not a line of code: each checks the
other. Exit status 1 where they differ. Without the scorer there is nothing to compare, and it
says so.
"""
import json
import math
import subprocess
import sys
from pathlib import Path

FOLDERS = ["seed", "eval/dev"]


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    binary = Path(sys.argv[1]).resolve()
    shared = Path(sys.argv[2] if len(sys.argv) == 3 else "../shared")
    scorer = shared / "eval/score.py"
    if not scorer.exists():
        print("agreement: skipped, no %s here" % scorer)
        return
    differences = compared = 0
    for folder in FOLDERS:
        theirs = figures([sys.executable, scorer, shared / folder, "--json",
                          "--command", f"'{binary}' scan --format jsonl"])
        ours = figures([binary, "eval", shared / folder, "--format", "json"])["groups"]
        names = sorted(theirs.keys() | ours.keys())
        for group, name in sorted({(g, n) for g in names for n in [*theirs.get(g, {}), *ours.get(g, {})]}):
            a, b = theirs.get(group, {}).get(name, "none"), ours.get(group, {}).get(name, "none")
            compared += 1
            if not same(a, b):
                differences += 1
                print("agreement: %s, %s, %s: the scorer says %s, unspin eval %s" % (folder, group, name, a, b))
    print("agreement: %d figures compared, %d differ" % (compared, differences))
    sys.exit(1 if differences or not compared else 0)


def same(a, b):
    """Whether figures agree but for the order in which the last digit was rounded."""
    if all(isinstance(x, (int, float)) for x in (a, b)):
        return math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-15)
    return a == b


def figures(command):
    run = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE)
    if run.returncode != 0:
        sys.exit("agreement: %s ended with status %d; the message stands above" % (command[0], run.returncode))
    return json.loads(run.stdout)


if __name__ == "__main__":
    main()
