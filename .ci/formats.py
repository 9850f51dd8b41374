#!/usr/bin/env python3
"""Hold every format to what it may cost.

    formats.py BINARY [ROUNDS]

Cuts the genuine and the spun texts beside the project into 10,000 documents and scans them on one
thread in each format, one after the other in every round, beside a scan that writes nothing. What
counts is processor time, user's and system's, and of all rounds the least: what else the machine does
only ever adds. Exit status 1 where a format adds more than a tenth. Some minutes a round; it is no
part of `run`. Without those texts there is nothing to measure, and it says so.
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SHARED = Path("../shared")
DOCUMENTS = 10_000
# Bytes of each: enough words for a verdict.
LENGTH = 500
BOUND = 0.10

FORMATS = ["human", "json", "jsonl", "sarif", "html", "csv", "github", "checkstyle"]


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    binary, rounds = Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) == 3 else 5
    if not (SHARED / "corpora").exists():
        print("formats: skipped, no ../shared here")
        return
    ways = {"nothing": ["--quiet"], **{name: ["--format", name] for name in FORMATS}}
    least, size = dict.fromkeys(ways, float("inf")), {}
    with tempfile.TemporaryDirectory() as folder:
        documents, output = Path(folder, "documents"), Path(folder, "output")
        documents.mkdir()
        fill(documents)
        for _ in range(rounds):
            for way, flags in ways.items():
                least[way] = min(least[way], seconds([binary, "scan", "-j", "1", *flags, documents], output))
                size[way] = output.stat().st_size
    missed = 0
    for way in FORMATS:
        share = least[way] / least["nothing"] - 1
        missed += share > BOUND
        print("formats: %-10s %6.2f s of %6.2f s  %+5.1f %%  <= %2.0f %%  %5.1f MB  %s" % (
            way, least[way], least["nothing"], 100 * share, 100 * BOUND, size[way] / 1e6, "MISSED" if share > BOUND else ""),
            flush=True)
    if missed:
        sys.exit("formats: %d of %d bounds missed" % (missed, len(FORMATS)))


def fill(folder):
    """Pieces of all texts, cut where words end, spread evenly over them."""
    texts = sorted(p for of in ("corpora", "eval/dev") for p in (SHARED / of).rglob("*.txt"))
    pieces = [piece for text in texts for piece in cut(text.read_bytes())]
    for number in range(DOCUMENTS):
        (folder / ("%05d.txt" % number)).write_bytes(pieces[number * len(pieces) // DOCUMENTS])


def cut(text):
    parts, at = max(1, round(len(text) / LENGTH)), 0
    for part in range(1, parts + 1):
        to = text.find(b" ", len(text) * part // parts) if part < parts else len(text)
        to = to if to >= 0 else len(text)
        if to > at:
            yield text[at:to]
        at = max(at, to)


def seconds(command, output):
    """The processor time of a command whose output goes to a file."""
    with output.open("wb") as out:
        process = subprocess.Popen(command, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit("formats: the scan ended with status %d; the message stands above" % process.returncode)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()
