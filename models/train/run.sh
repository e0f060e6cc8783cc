#!/usr/bin/env bash
# Trains, exports, calibrates and measures the place model: models/train/run.sh [--hours 3] [--start CHECKPOINT] [...]
# Started again, it goes on where it was. Needs Debian's python3-torch (or any PyTorch from 1.13) and the project's node_modules.
set -euo pipefail
cd "$(dirname "$0")/../.."
data=${VEILGATE_DATA:-../shared/data}
work=${VEILGATE_TRAINING:-/tmp/veilgate-place}
python=$work/venv/bin/python
mkdir -p "$work"
[ -x "$python" ] || { python3 -m venv --system-site-packages "$work/venv"; "$python" -m pip install --quiet -r models/train/requirements.txt; }
OMP_NUM_THREADS=1 "$python" models/train/train.py --data "$data" --work "$work" "$@"
mkdir -p models/place
"$python" models/train/refit.py "$data" "$work"
"$python" models/train/export.py "$work/refitted.pt" models/place/model.onnx
npx tsx models/train/objects.ts "$data" "$work"
npx tsx models/train/calibrate.ts "$data" "$work"
npx tsx models/train/report.ts "$data" "$work" "$(date -u +%F)"
