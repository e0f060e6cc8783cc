#!/usr/bin/env bash
# Trains a network, puts it in the place of the one of its size, exports, calibrates and measures the place model:
#   models/train/run.sh [--hours 3] [--size 0 or 2] [--start models/train/weights/lite0.onnx] [--teacher MODEL...] [...]
# Started again, it goes on where it was. Needs Debian's python3-torch (or any PyTorch from 1.13) and the project's node_modules.
set -euo pipefail
cd "$(dirname "$0")/../.."
data=${VEILGATE_DATA:-../shared/data}
work=${VEILGATE_TRAINING:-/tmp/veilgate-place}
python=$work/venv/bin/python
mkdir -p "$work"
[ -x "$python" ] || { python3 -m venv --system-site-packages "$work/venv"; "$python" -m pip install --quiet -r models/train/requirements.txt; }
# Memory that is given back to the system has to be cleared again: a fifth of a step.
export MALLOC_MMAP_THRESHOLD_=4000000000 MALLOC_TRIM_THRESHOLD_=8000000000 MALLOC_TOP_PAD_=67108864 OMP_NUM_THREADS=1
"$python" models/train/train.py --data "$data" --work "$work" "$@"
mkdir -p models/place
"$python" models/train/refit.py "$data" "$work"
"$python" models/train/export.py weights "$work/refitted.pt" models/train/weights
"$python" models/train/export.py model "$data" "$work" models/place/model.onnx
npx tsx models/train/objects.ts "$data" "$work"
npx tsx models/train/calibrate.ts "$data" "$work"
npx tsx models/train/report.ts "$data" "$work" "$(date -u +%F)"
