#!/usr/bin/env bash
# Fit the constants by which evidence becomes probabilities.
#
#   calibration.sh OUT
#
# OUT is the folder that rebuild.sh filled. The news of OUT/texts/tune and OUT/texts/held-out,
# in no model, are spun with the pairs met on real pages and judged, beside them as they are, by
# a dictionary that lacks every third of these pairs and whose genuine-use figures were gathered
# without these texts: as pages will be that nobody has seen. The constants that `unspin eval
# --calibration` prints at the end belong into src/detect/verdict.rs and src/detect/finding.rs.
set -euo pipefail

if [ $# -ne 1 ]; then
  sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0" >&2
  exit 2
fi
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
packs=dictionaries/en/packs
export LC_ALL=C
unspin() { "${CARGO_TARGET_DIR:-target}/release/unspin" "$@"; }
cargo build --quiet --release

fit=$out/fit
rm -rf "$fit"
mkdir -p "$fit/packs" "$fit/texts/genuine"
cp $packs/*.tsv "$fit/packs"
awk 'NR % 3 != 0' $packs/observed.tsv > "$fit/packs/observed.tsv"
genuine() { unspin dict calibrate "$fit"/packs/*.tsv -o "$fit/genuine.tsv" "$@"; }
genuine --lm "$out/without-0.lm" --texts "$out/texts/0"
for fold in 1 2 3; do
  genuine --lm "$out/without-$fold.lm" --texts "$out/texts/$fold" --add "$fit/genuine.tsv"
done
unspin dict build "$fit"/packs/*.tsv --lm dictionaries/model/english.lm --genuine "$fit/genuine.tsv" -o "$fit/fit.dict"

cp "$out"/texts/tune/*.txt "$out"/texts/held-out/*.txt "$fit/texts/genuine"
# The other styles' pairs are too few to make a text that counts as spun.
for style in news spinbot marketing; do
  for rate in 1.0 0.5 0.2; do
    python3 dictionaries/recipes/spin.py $packs/observed.tsv $style $rate "$fit/texts/genuine" "$fit/texts/$style-$rate"
  done
done
unspin eval "$fit/texts" --only-dict --dict "$fit/fit.dict" --calibration
