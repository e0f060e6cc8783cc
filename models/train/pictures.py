"""The pictures to train on: decoded once, brought to one sharpness, stripped of repeats, split.

Everything becomes 128 x 128: `places` is 128 px natively and `scenes` is 256 px, and a network that sees the difference learns
"sharp means one of the six kinds of `scenes`". The product brings its pictures down to the same size before it classifies.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
from PIL import Image

SIDE = 128  # what `places` has; finer detail would betray the source
RUN_SIDE = 160  # what the network runs at: ImageNet's kernels find more in a picture that is scaled up
SETS = ("scenes", "places")
PROHIBITED = ("bathroom", "bedroom", "locker_room", "shower")
AMBIGUOUS = ("hospital_room", "hot_spring")  # neither prohibited nor allowed under Art. 15
REPEAT = 0.975  # grey correlation at 24 x 24 over which two pictures are one
HELD_OUT = {"scenes": 90, "places": {"prohibited": 72, "other": 28}}  # pictures a class, for calibration and thresholds


def decode(path):
    """-> uint8 [SIDE, SIDE, 3]: the whole picture squeezed into the square by a widening triangle filter, as src/vision/resize.ts does it."""
    with Image.open(path) as picture:
        picture = picture.convert("RGB")
        return np.asarray(picture if picture.size == (SIDE, SIDE) else picture.resize((SIDE, SIDE), Image.Resampling.BILINEAR))


def listed(data, split):
    """-> [(set, class, path)] in an order that does not depend on the file system."""
    rows = []
    for name in SETS:
        for folder in sorted((Path(data) / name / split).iterdir()):
            rows += [(name, folder.name, file) for file in sorted(folder.iterdir()) if file.suffix.lower() in (".jpg", ".jpeg", ".png")]
    return rows


def fingerprints(pictures):
    """-> float32 [N, 576], zero mean and unit length, so that a product is a correlation."""
    small = np.stack([np.asarray(Image.fromarray(p).convert("L").resize((24, 24), Image.Resampling.BOX), np.float32).ravel() for p in pictures])
    small -= small.mean(1, keepdims=True)
    return small / np.maximum(np.linalg.norm(small, axis=1, keepdims=True), 1e-6)


def repeats(prints, later):
    """-> bool [N]: pictures that repeat an earlier one (where `later` holds)."""
    found = np.zeros(len(prints), bool)
    for start in range(0, len(prints), 2048):
        block = prints[start : start + 2048]
        close = block @ prints[: start + len(block)].T > REPEAT
        close[np.arange(len(block))[:, None] + start <= np.arange(start + len(block))[None, :]] = False
        found[start : start + len(block)] = close.any(1)
    return found & later


def lot(path):
    """A number that depends on the picture's name alone: the same pictures are held out on every machine."""
    return hashlib.sha256("/".join(Path(path).parts[-4:]).encode()).hexdigest()


def prepare(data, work):
    """Decodes into `work` unless that was done; -> (pictures uint8 [N, SIDE, SIDE, 3] memory-mapped, index)."""
    work = Path(work)
    index_file, pictures_file = work / "index.json", work / "pictures.npy"
    if index_file.exists():
        return np.load(pictures_file, mmap_mode="r"), json.loads(index_file.read_text())
    work.mkdir(parents=True, exist_ok=True)
    rows = listed(data, "train")
    pictures = np.lib.format.open_memmap(pictures_file, "w+", np.uint8, (len(rows), SIDE, SIDE, 3))
    for at, (_, _, path) in enumerate(rows):
        pictures[at] = decode(path)
    pictures.flush()
    repeated = repeats(fingerprints(pictures), np.array([name == "places" for name, _, _ in rows]))
    classes = sorted({label for _, label, _ in rows})
    held = set()
    for name, label in sorted({(name, label) for name, label, _ in rows}):
        mine = sorted((at for at, row in enumerate(rows) if row[:2] == (name, label) and not repeated[at]), key=lambda at: lot(rows[at][2]))
        share = HELD_OUT["scenes"] if name == "scenes" else HELD_OUT["places"]["prohibited" if label in PROHIBITED else "other"]
        held.update(mine[:share])
    index = {
        "classes": classes,
        "label": [classes.index(label) for _, label, _ in rows],
        "set": [name for name, _, _ in rows],
        "part": ["repeat" if repeated[at] else "held-out" if at in held else "train" for at in range(len(rows))],
        "file": ["/".join(path.parts[-4:]) for _, _, path in rows],
    }
    index_file.write_text(json.dumps(index))
    return np.load(pictures_file, mmap_mode="r"), index


if __name__ == "__main__":
    import sys
    import collections

    _, made = prepare(sys.argv[1], sys.argv[2])
    print(len(made["classes"]), collections.Counter(made["part"]))
