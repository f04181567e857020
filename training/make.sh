#!/usr/bin/env bash
# To the weights of the speech net: from nothing, or on from those that are shipped (make.sh on). Debian 12; 30 to 40 minutes of
# CPU, 3 GB of disk, 6 GB of memory.
# A voice's part of the corpus that is already in build/corpus is kept; remove build/ to start over.
set -euo pipefail
cd "$(dirname "$0")"

PACKAGES=(python3-torch python3-numpy python3-scipy libespeak-ng1 flite festival festlex-cmu festlex-poslex festlex-ifd
  festvox-czech-dita festvox-czech-krb festvox-czech-machac festvox-czech-ph festvox-suopuhe-lj festvox-suopuhe-mv
  festvox-ru festvox-ca-ona-hts festival-hi festvox-hi-nsk
  festvox-kallpc16k festvox-kdlpc16k festvox-us-slt-hts festvox-italp16k festvox-itapc16k)
# Debian's own Python: python3-torch is not seen by others.
PYTHON=/usr/bin/python3
# One thread: the machine stays usable, and results do not depend on the number of cores.
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

missing=()
for package in "${PACKAGES[@]}"; do
  dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done
if [ "${#missing[@]}" -gt 0 ]; then
  echo "Some voices and tools are not installed. Install them:" >&2
  echo "  sudo apt-get install -y --no-install-recommends ${missing[*]}" >&2
  exit 1
fi
if [ ! -f ../packages/engine/dist/internals.js ]; then
  echo "The engine is not built, but its articulation is what the net learns. Run: npm ci (in the repository's root)" >&2
  exit 1
fi

if [ ! -d build/librispeech/audio ] || [ ! -d build/librispeech/alignment ]; then
  echo "There are no recordings of people who read. Put the readers of LibriSpeech that voices.py names, and the times of their" >&2
  echo "phones, into build/librispeech (README.md, Readers)." >&2
  exit 1
fi
if [ "${1:-}" != on ] && [ ! -f build/lips.jsonl ]; then
  echo "There are no filmed lips, without which the net cannot know how far people open the mouth. Bring clips of people who" >&2
  echo "speak (README.md, Lips) and run: mkdir -p build && node watch_lips.mjs CLIPS… > build/lips.jsonl" >&2
  exit 1
fi

"$PYTHON" texts.py
"$PYTHON" make_corpus.py
if [ "${1:-}" = on ]; then
  "$PYTHON" import_weights.py shipped
  "$PYTHON" make_features.py shipped
  "$PYTHON" train.py speech-net 22 96 1,2,4,8,1,2 shipped
else
  "$PYTHON" make_features.py
  "$PYTHON" train.py speech-net
  "$PYTHON" fit_lips.py speech-net
  "$PYTHON" fit_presence.py speech-net
fi
"$PYTHON" evaluate.py speech-net
"$PYTHON" export_weights.py speech-net
"$PYTHON" make_test_vector.py speech-net
