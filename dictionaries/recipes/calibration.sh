#!/usr/bin/env bash
# Fit the constants by which evidence becomes probabilities, and check them on other texts.
#
#   calibration.sh OUT
#
# OUT is the folder that rebuild.sh filled. Texts are cut to six lengths and spun with the pairs met
# on real pages. They are judged, beside genuine ones of these lengths, by a dictionary that lacks
# every third of these pairs, and whose language model and genuine-use figures were made without
# these texts: as pages will be that nobody has seen. It is fitted on news (tune) and general texts
# (fold 3), and checked on other news (held-out, and fold 3's). The constants that `unspin eval
# --calibration` prints belong into src/detect/verdict.rs and src/detect/finding.rs; the tables
# of the other texts, after them, show what they are worth there.
set -euo pipefail

if [ $# -ne 1 ]; then
  sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0" >&2
  exit 2
fi
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
recipes=dictionaries/recipes
packs=dictionaries/en/packs
export LC_ALL=C
unspin() { "${CARGO_TARGET_DIR:-target}/release/unspin" "$@"; }
cargo build --quiet --release

fit=$out/fit
lm=$out/without-3.lm
rm -rf "$fit"
mkdir -p "$fit/packs"
cp $packs/*.tsv "$fit/packs"
awk 'NR % 3 != 0' $packs/observed.tsv > "$fit/packs/observed.tsv"
genuine() { unspin dict calibrate "$fit"/packs/*.tsv -o "$fit/genuine.tsv" "$@"; }
genuine --lm "$out/without-0.lm" --texts "$out/texts/0"
for fold in 1 2; do
  genuine --lm "$out/without-$fold.lm" --texts "$out/texts/$fold" --add "$fit/genuine.tsv"
done
unspin dict build "$fit"/packs/*.tsv --lm "$lm" --genuine "$fit/genuine.tsv" -o "$fit/fit.dict"

# A set of texts from some folders. The other styles' pairs are too few to make a text that counts
# as spun.
make() {
  local set=$fit/$1 length genuine spun style rate
  shift
  for length in 65 130 250 500 1000 2000; do
    genuine=600 spun=90
    if [ $length -ge 1000 ]; then genuine=240 spun=45; fi
    python3 $recipes/cut.py $length $genuine "$set/$length/genuine" "$@"
    python3 $recipes/cut.py $length $spun "$set-originals/$length" "$@"
    for style in news spinbot marketing; do
      for rate in 1.0 0.5 0.2; do
        python3 $recipes/spin.py $packs/observed.tsv $style $rate "$set-originals/$length" "$set/$length/$style-$rate"
      done
    done
  done
}
make fitted "$out/texts/tune" "$out/texts/3/general"
make others "$out/texts/held-out" "$out/texts/3/news"

measure() { unspin eval "$@" --only-dict --dict "$fit/fit.dict" --lm "$lm"; }
measure "$fit/fitted" --calibration
measure "$fit/others" --worst 0
