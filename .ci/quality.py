#!/usr/bin/env python3
"""Hold the program to its quality floors.

    quality.py BINARY

Measures with the scorer and the texts beside the project and prints each figure beside its
bound; exit status 1 where one is missed. Without those texts there is nothing to measure, and
it says so. A bound is only ever tightened: a change that misses one needs mending.
"""
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SHARED = Path("../shared")

# Folder of texts, figure of the scorer, bound. Real spun pages, spun texts beside genuine
# ones, and genuine text alone, where nothing at all should be found.
FLOORS = [
    ("seed", "detect_P", ">=", 0.92),
    ("seed", "detect_R", ">=", 0.85),
    ("seed", "restore_F05", ">=", 0.87),
    ("seed", "mean_probability", ">=", 0.99),
    ("eval/dev", "restore_F05", ">=", 0.78),
    ("eval/dev", "AUC", ">=", 0.99),
    ("corpora", "false_per_10k", "<=", 0.8),
    # One spun page of 5 KB, program start included: milliseconds, and MiB at the peak.
    ("start", "milliseconds", "<=", 60.0),
    ("start", "peak_MiB", "<=", 64.0),
]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    binary = Path(sys.argv[1]).resolve()
    if not (SHARED / "eval/score.py").exists():
        print("quality: skipped, no ../shared here")
        return
    figures = {folder: score(binary, folder) for folder in dict.fromkeys(f[0] for f in FLOORS) if folder != "start"}
    figures["start"] = start(binary)
    missed = 0
    for folder, figure, bound, limit in FLOORS:
        found = figures[folder].get(figure)
        holds = found is not None and (found >= limit if bound == ">=" else found <= limit)
        missed += not holds
        print("quality: %-10s %-16s %8s  %s %6.2f  %s" % (
            folder, figure, "none" if found is None else "%.3f" % found, bound, limit, "" if holds else "MISSED"))
    if missed:
        sys.exit("quality: %d of %d bounds missed" % (missed, len(FLOORS)))


def score(binary, folder):
    """The scorer's figures for all texts of a folder."""
    command = [sys.executable, str(SHARED / "eval/score.py"), str(SHARED / folder), "--json",
               "--command", f"'{binary}' scan --format jsonl"]
    run = subprocess.run(command, stdout=subprocess.PIPE)
    if run.returncode != 0:
        sys.exit("quality: %s could not be scored; the message stands above" % folder)
    return json.loads(run.stdout)["ALL"]


def start(binary):
    """The best of a few runs over a short page: what else the machine does only ever adds."""
    times, peaks = [], []
    with tempfile.NamedTemporaryFile(suffix=".txt") as page:
        page.write((SHARED / "seed/seed.txt").read_bytes()[:5000])
        page.flush()
        for _ in range(7):
            begun = time.perf_counter()
            process = subprocess.Popen([binary, "scan", "--format", "jsonl", page.name], stdout=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            times.append(1e3 * (time.perf_counter() - begun))
            peaks.append(usage.ru_maxrss / 1024)
    return {"milliseconds": min(times), "peak_MiB": max(peaks)}


if __name__ == "__main__":
    main()
