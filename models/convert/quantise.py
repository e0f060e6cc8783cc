"""Writes `models/nanodet-int8/model.onnx` and `models/coco-ssd-int8/model.onnx`: weights and activations in 8 bits.

    python3 models/convert/quantise.py DATA [name...]        needs: onnx onnxruntime numpy Pillow (PyPI), and ffmpeg

Ranges are calibrated on 150 training photographs (`scenes/train`, `places/train`) and 15 frames of the last 19 s of `video/vtest.mp4`, the part on
which nothing is measured. Weights keep 7 bits: without VNNI, x86 adds pairs of products in 16 bits, which 8 bits overflow. What follows the last
convolution of each head stays float, so that scores stay fine.
"""

import hashlib
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from PIL import Image

MODELS = Path(__file__).parent.parent
SIDE = 416
PHOTOGRAPHS = 150
# What runs in 8 bits, of each model.
OPERATORS = {
    "nanodet": ["Conv", "LeakyRelu", "Add", "Concat", "MaxPool", "Resize"],
    "coco-ssd": ["Conv", "Clip", "Add"],
}


class Pictures(CalibrationDataReader):
    """Laid into the input and normalised as the card says."""

    def __init__(self, files, card):
        self.files, self.input = iter(files), card["input"]
        self.mean, self.std = (np.array(self.input[key], np.float32) for key in ("mean", "std"))

    def get_next(self):
        file = next(self.files, None)
        if file is None:
            return None
        height, width = (side or SIDE for side in self.input["shape"][2:])
        with Image.open(file) as picture:
            size = (width, height)
            if self.input["fit"] == "letterbox":
                scale = min(width / picture.width, height / picture.height)
                size = (round(picture.width * scale), round(picture.height * scale))
            pixels = np.asarray(picture.convert("RGB").resize(size, Image.Resampling.BILINEAR), np.float32)
        if self.input["colour"] == "bgr":
            pixels = pixels[:, :, ::-1]
        framed = np.zeros((height, width, 3), np.float32)
        y, x = (height - size[1]) // 2, (width - size[0]) // 2
        framed[y : y + size[1], x : x + size[0]] = (pixels - self.mean) / self.std
        return {"picture": np.ascontiguousarray(framed.transpose(2, 0, 1)[None])}


def heads(graph):
    """Names of the nodes from each output back to the nearest convolution, which is among them."""
    maker = {output: node for node in graph.node for output in node.output}
    waiting, names = [output.name for output in graph.output], set()
    while waiting:
        node = maker.get(waiting.pop())
        if node is None or node.name in names:
            continue
        names.add(node.name)
        if node.op_type != "Conv":
            waiting += node.input
    return sorted(names)


def calibration(data, folder):
    photographs = sorted(file for name in ("scenes", "places") for file in (data / name / "train").glob("*/*"))
    frames = ["ffmpeg", "-nostdin", "-v", "error", "-ss", "60", "-i", data / "video/vtest.mp4", "-vf", "fps=1", "-frames:v", "15"]
    subprocess.run([*frames, folder / "%02d.png"], check=True)
    return random.Random(1).sample(photographs, PHOTOGRAPHS) + sorted(folder.glob("*.png"))


def quantise(model, data):
    card = json.loads((MODELS / model / "card.json").read_text())
    target = MODELS / f"{model}-int8"
    target.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Folds the small constants into floats again.
        quant_pre_process(MODELS / model / "model.onnx", folder / "float.onnx", skip_symbolic_shape=True)
        quantize_static(
            folder / "float.onnx",
            target / "model.onnx",
            Pictures(calibration(data, folder), card),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            reduce_range=True,
            per_channel=True,
            calibrate_method=CalibrationMethod.MinMax,
            nodes_to_exclude=heads(onnx.load(folder / "float.onnx").graph),
            op_types_to_quantize=OPERATORS[model],
        )
    made = (target / "model.onnx").read_bytes()
    kept = target / "card.json"
    changed = {"sha256": hashlib.sha256(made).hexdigest(), "bytes": len(made)}
    before = json.loads(kept.read_text()) if kept.exists() else card
    kept.write_text(json.dumps({**before, **changed}, indent=2, ensure_ascii=False) + "\n")
    print(target.name, changed)


if __name__ == "__main__":
    for each in sys.argv[2:] or OPERATORS:
        quantise(each, Path(sys.argv[1]))
