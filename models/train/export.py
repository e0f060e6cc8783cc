"""From checkpoints to `models/place/model.onnx`.

    python3 models/train/export.py weights CHECKPOINT models/train/weights      one network, as fp16: to train on from, and to make the model of again
    python3 models/train/export.py model DATA WORK models/place/model.onnx      the model that ships: the networks in `weights/` together, in 8 bits

The model takes what `src/vision/input-maker.ts` makes, [N, 3, 128, 128] of (RGB - 127) / 128, scales it to the side that the networks run at, and gives
logits: the mean of what the networks say of the picture and of its mirror image.
"""

import inspect
import io
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import helper, numpy_helper
from torch import nn
from torch.nn import functional as F

from augment import plain
from network import Lite, normalise, sized
from pictures import RUN_SIDE, SIDE, prepare

WEIGHTS = Path(__file__).parent / "weights"
# Which views of a picture each network sees, in a mirror or not: what gains the most on the held-out pictures within 8 ms.
VIEWS = {"lite0": (False,), "lite2": (False, True)}
HALVED_FROM = 1024  # values; smaller tensors are kept as they are
CALIBRATED_ON = 200  # pictures of those to train on
# The first convolutions see the picture itself and few channels: in 8 bits they lose the most and gain the least.
FLOATING = ("/stem/", "/blocks.0/")
# What runs in 8 bits. Weights keep 7: without VNNI, x86 adds pairs of products in 16 bits, which 8 bits overflow.
OPERATORS = ["Conv", "Clip", "Add", "GlobalAveragePool"]


def scaled(picture):
    return F.interpolate(picture, (RUN_SIDE, RUN_SIDE), mode="bilinear", align_corners=False)


class Product(nn.Module):
    """Several networks, each with the views of a picture that it sees"""

    def __init__(self, nets):
        super().__init__()
        self.nets = nn.ModuleList(net for net, _ in nets)
        self.views = [views for _, views in nets]

    def forward(self, picture):
        picture = scaled(picture)
        # A place seen in a mirror is the same place, and networks err apart: the mean is right more often than each.
        said = []
        for net, views in zip(self.nets, self.views):
            seen = [picture.flip(3) if mirrored else picture for mirrored in views]
            said += net(torch.cat(seen)).chunk(len(views)) if len(views) > 1 else [net(seen[0])]
        return torch.stack(said).mean(0)


class Scaled(nn.Module):
    """One network behind the scaling"""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, picture):
        return self.net(scaled(picture))


def shown(pictures, side=SIDE):
    """Pictures as an exported graph takes them: uint8 [N, H, W, 3] -> float32 [N, 3, side, side]"""
    return normalise(plain(pictures, side)).contiguous().numpy()


def session_of(graph, threads=1):
    """An exported graph, its bytes or its file, in ONNX Runtime, which is twice as fast as PyTorch"""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def load(checkpoint):
    """-> (network with the averaged weights, classes)"""
    kept = torch.load(checkpoint, map_location="cpu")
    net = Lite(len(kept["classes"]), kept.get("size", 0))
    net.load_state_dict(kept["averaged"])
    return net.eval(), kept["classes"]


def weights_of(file):
    """The weights in a file of `weights/`: half precision is all that is lost."""
    tensors = {tensor.name.removesuffix(".half"): numpy_helper.to_array(tensor) for tensor in onnx.load(file).graph.initializer}
    return {name.removeprefix("net."): torch.from_numpy(values.astype(np.float32)) for name, values in tensors.items() if name.startswith("net.")}


def network_of(file):
    """-> the network in a file of `weights/`"""
    weights = weights_of(file)
    net = Lite(len(weights["head.bias"]), sized(weights))
    net.load_state_dict(weights)
    return net.eval()


def halve(graph):
    for at, tensor in enumerate(list(graph.initializer)):
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < HALVED_FROM:
            continue
        small = numpy_helper.from_array(values.astype(np.float16), f"{tensor.name}.half")
        graph.initializer.remove(tensor)
        graph.initializer.append(small)
        graph.node.insert(0, helper.make_node("Cast", [small.name], [tensor.name], to=onnx.TensorProto.FLOAT))


def to_onnx(module, example, **names):
    """-> bytes of the traced graph; by the exporter that needs no further package, where PyTorch has two (from 2.5)"""
    memory = io.BytesIO()
    traced = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    torch.onnx.export(module.eval(), example, memory, opset_version=13, **names, **traced)
    return memory.getvalue()


def graph_of(module):
    names = {"input_names": ["picture"], "output_names": ["logits"], "dynamic_axes": {"picture": {0: "N"}, "logits": {0: "N"}}}
    return to_onnx(module, torch.zeros(1, 3, SIDE, SIDE), **names)


def export_weights(checkpoint, folder):
    net, classes = load(checkpoint)
    file = Path(folder) / f"lite{net.size}.onnx"
    model = onnx.load_from_string(graph_of(Scaled(net)))
    halve(model.graph)
    onnx.checker.check_model(model)
    file.parent.mkdir(exist_ok=True)
    onnx.save(model, file)
    print(f"{file}: EfficientNet-Lite{net.size}, {len(classes)} kinds")


def export_model(data, work, file):
    from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    pictures, index = prepare(data, work)
    rows = np.random.default_rng(1).permutation(np.flatnonzero(np.array(index["part"]) == "train"))[:CALIBRATED_ON]

    class Shown(CalibrationDataReader):
        def __init__(self):
            self.rows = iter(rows)

        def get_next(self):
            row = next(self.rows, None)
            return None if row is None else {"picture": shown(pictures[row : row + 1])}

    nets = [(network_of(WEIGHTS / f"{name}.onnx"), views) for name, views in VIEWS.items()]
    with tempfile.TemporaryDirectory() as name:
        floating, ready = Path(name) / "float.onnx", Path(name) / "ready.onnx"
        floating.write_bytes(graph_of(Product(nets)))
        quant_pre_process(floating, ready, skip_symbolic_shape=True)
        left = [node.name for node in onnx.load(ready).graph.node if any(part in node.name for part in FLOATING)]
        kinds = {"activation_type": QuantType.QUInt8, "weight_type": QuantType.QInt8, "reduce_range": True, "per_channel": True}
        how = {"quant_format": QuantFormat.QDQ, "calibrate_method": CalibrationMethod.MinMax, "op_types_to_quantize": OPERATORS, "nodes_to_exclude": left}
        quantize_static(ready, file, Shown(), **kinds, **how)
    print(f"{file}: {', '.join(VIEWS)} at {RUN_SIDE} px, 8 bits, {Path(file).stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    {"weights": export_weights, "model": export_model}[sys.argv[1]](*sys.argv[2:])
