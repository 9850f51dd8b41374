#!/usr/bin/env bash
# Rebuild the generated files of dictionaries from the packages they derive from.
#
#   rebuild.sh OUT            writes them anew where they come out different
#   rebuild.sh --check OUT    only says which come out different; exit status 1 where any does
#
# Downloads, texts and results go to the folder OUT (about 500 MB). The result depends on the
# pinned packages, the packs and the program, nothing else: two runs give the same bytes.
set -euo pipefail

check=false
if [ "${1-}" = --check ]; then
  check=true
  shift
fi
if [ $# -ne 1 ]; then
  sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0" >&2
  exit 2
fi
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."
en=dictionaries/en
lm=dictionaries/model/english.lm
# Packs and texts must come in one order everywhere.
export LC_ALL=C

# The tables of inflections and of spelling are compiled into the program, which is built again
# once they are settled. Dictionary and model are too, but every step names those it uses.
unspin() { "${CARGO_TARGET_DIR:-target}/release/unspin" "$@"; }
cargo build --quiet --release

different=0
settle() {
  local file="${2-$en/$1}"
  if cmp -s "$out/$1" "$file"; then
    echo "$file: as it was"
  elif $check; then
    echo "$file: comes out different; see $out/$1"
    different=1
  else
    cp "$out/$1" "$file"
    echo "$file: written anew"
  fi
}

python3 dictionaries/recipes/fetch.py "$out"

unspin dict inflections "$out/infl_lu.csv" -o "$out/inflection.tsv"
settle inflection.tsv

python3 dictionaries/recipes/spelling.py "$out"
settle spelling.tsv
cargo build --quiet --release

# The language model: that of pocketsphinx with one counted from news and one from everything
# else. The weights are halfway between those that `unspin lm mix --tune` finds best on news of
# the same source and on texts of others (docs/language-model.md). It is pruned to what fits a
# published package. The same is made without each fold of the texts.
weights=.5,.4,.1
threshold=1e-8
model() {
  local name=$1 part
  shift
  for part in news general; do
    unspin lm count --american "${@/%//$part}" -o "$out/$name-$part.counts"
  done
  unspin lm mix "$out/en-us.lm.bin" "$out/$name-news.counts" "$out/$name-general.counts" \
    --weights $weights --vocabulary 80000 --prune $threshold -o "$out/$name.lm"
}
texts=$out/texts
model english "$texts"/[0-3]
settle english.lm $lm
model without-0 "$texts"/[123]
model without-1 "$texts"/[023]
model without-2 "$texts"/[013]
model without-3 "$texts"/[012]

# Genuine use of what the packs named hold, each text measured with a model that has not seen it.
calibrate() {
  local to=$1 fold
  shift
  unspin dict calibrate "$@" --lm $lm --texts "$texts"/tune "$texts"/held-out -o "$to"
  for fold in 0 1 2 3; do
    unspin dict calibrate "$@" --lm "$out/without-$fold.lm" --texts "$texts/$fold" --add "$to" -o "$to"
  done
}

# What thesauri list, measured on genuine texts; what no context would bear out is left out.
python3 dictionaries/recipes/thesaurus.py "$out"
calibrate "$out/thesaurus-genuine.tsv" "$out/thesaurus-all.tsv"
mkdir -p "$out/packs"
unspin dict prune "$out/thesaurus-all.tsv" --lm $lm --genuine "$out/thesaurus-genuine.tsv" \
  --about "made by recipes/thesaurus.py and \`unspin dict prune\`; see dictionaries/README.md" -o "$out/packs/thesaurus.tsv"
settle packs/thesaurus.tsv

calibrate "$out/genuine.tsv" $en/packs/*.tsv
settle genuine.tsv

unspin dict build $en/packs/*.tsv --lm $lm --genuine $en/genuine.tsv -o "$out/english.dict"
settle english.dict

exit $different
