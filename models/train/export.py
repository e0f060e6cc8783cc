"""Writes a checkpoint as `models/place/model.onnx`: weights stored as fp16 (half the size, the same answers to three digits), run as fp32.

The graph takes what `src/vision/input-maker.ts` makes, [N, 3, 128, 128] of (RGB - 127) / 128, scales it to the side that the network runs at,
and gives logits.
"""

import argparse
import inspect
import io

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch import nn
from torch.nn import functional as F

from network import Lite0
from pictures import RUN_SIDE, SIDE

HALVED_FROM = 1024  # values; smaller tensors are kept as they are


class Product(nn.Module):
    def __init__(self, net, side):
        super().__init__()
        self.net, self.side = net, side

    def forward(self, picture):
        if self.side != SIDE:
            picture = F.interpolate(picture, (self.side, self.side), mode="bilinear", align_corners=False)
        # A place seen in a mirror is the same place: the mean of both is right more often than either.
        return torch.stack(self.net(torch.cat([picture, picture.flip(3)])).chunk(2)).mean(0)


def load(checkpoint):
    """-> (network with the averaged weights, classes)"""
    kept = torch.load(checkpoint, map_location="cpu")
    net = Lite0(len(kept["classes"]))
    net.load_state_dict(kept["averaged"])
    return net.eval(), kept["classes"]


def weights_of(file):
    """The weights in an exported model, to train on from: half precision is all that is lost."""
    tensors = {tensor.name.removesuffix(".half"): numpy_helper.to_array(tensor) for tensor in onnx.load(file).graph.initializer}
    return {name.removeprefix("net."): torch.from_numpy(values.astype(np.float32)) for name, values in tensors.items() if name.startswith("net.")}


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


def export(net, file, side):
    names = {"input_names": ["picture"], "output_names": ["logits"], "dynamic_axes": {"picture": {0: "N"}, "logits": {0: "N"}}}
    model = onnx.load_from_string(to_onnx(Product(net, side), torch.zeros(1, 3, SIDE, SIDE), **names))
    halve(model.graph)
    onnx.checker.check_model(model)
    onnx.save(model, file)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint")
    parser.add_argument("file")
    parser.add_argument("--side", type=int, default=RUN_SIDE, help="at which the network runs")
    options = parser.parse_args()
    net, classes = load(options.checkpoint)
    export(net, options.file, options.side)
    print(f"{options.file}: {len(classes)} kinds at {options.side} px")


if __name__ == "__main__":
    main()
