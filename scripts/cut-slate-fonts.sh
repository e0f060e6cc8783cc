#!/usr/bin/env bash
# Cuts Noto Sans SC (SIL Open Font Licence) down to the characters of the slates, 10 MB to some 30 kB each: fonts/*.ttf. To be run after a
# change of src/control/slate-words.ts. Needs pyftsubset (pip install fonttools).
set -euo pipefail
cd "$(dirname "$0")/.."
from=$(mktemp -d)
trap 'rm -rf "$from"' EXIT
npm pack --silent --pack-destination "$from" @expo-google-fonts/noto-sans-sc@0.4.3 > /dev/null
tar xzf "$from"/*.tgz -C "$from"
for weight in 400Regular 700Bold; do
  pyftsubset "$from/package/$weight/NotoSansSC_$weight.ttf" --text-file=src/control/slate-words.ts \
    --output-file="fonts/NotoSansSC-${weight#[47]00}.ttf"
done
cp "$from/package/LICENSE_FONT" fonts/LICENSE
