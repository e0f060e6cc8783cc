"""What cameras do to a picture, done to a batch: corner views, wide lenses, few pixels, compression, night grey, low light, noise."""

import io
import math

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F

GREY = torch.tensor([0.299, 0.587, 0.114])


def uniform(n, low, high, rng):
    return torch.rand(n, generator=rng) * (high - low) + low


def happens(n, share, rng):
    return torch.rand(n, generator=rng) < share


def corner_views(n, share, rng):
    """-> [n, 3, 3] homographies around the picture's centre: tilt, pan and roll of a camera hung high in a corner"""
    on = happens(n, share, rng).float()
    made = torch.eye(3).repeat(n, 1, 1)
    roll = uniform(n, -0.2, 0.2, rng) * on
    made[:, 0, 0], made[:, 0, 1] = torch.cos(roll), -torch.sin(roll)
    made[:, 1, 0], made[:, 1, 1] = torch.sin(roll), torch.cos(roll)
    made[:, 2, 0] = uniform(n, -0.25, 0.25, rng) * on
    made[:, 2, 1] = uniform(n, -0.35, 0.25, rng) * on  # the far (upper) side is smaller more often than the near one
    return made


def views(n, side, scale, strength, rng):
    """-> sampling grid [n, side, side, 2]: a crop, a flip, and for some a wide lens and a corner view"""
    line = (torch.arange(side) + 0.5) * 2 / side - 1
    at = torch.stack(torch.meshgrid(line, line, indexing="xy"), -1).expand(n, side, side, 2)
    bulge = (uniform(n, -0.05, 0.35, rng) * happens(n, 0.2 * strength, rng))[:, None, None, None]
    squared = (at * at).sum(-1, keepdim=True)
    at = at * (1 + bulge * squared) / (1 + bulge)
    area, aspect = uniform(n, *scale, rng), torch.exp(uniform(n, -0.3, 0.3, rng))
    wide, high = (area * aspect).sqrt().clamp(max=1), (area / aspect).sqrt().clamp(max=1)
    crop = torch.zeros(n, 3, 3)
    crop[:, 0, 0] = wide * (1 - 2 * happens(n, 0.5, rng).float())
    crop[:, 1, 1], crop[:, 2, 2] = high, 1
    crop[:, 0, 2], crop[:, 1, 2] = uniform(n, -1, 1, rng) * (1 - wide), uniform(n, -1, 1, rng) * (1 - high)
    way = crop @ corner_views(n, 0.35 * strength, rng)
    flat = torch.cat([at.reshape(n, -1, 2), torch.ones(n, side * side, 1)], -1) @ way.transpose(1, 2)
    return (flat[..., :2] / flat[..., 2:].clamp(min=0.3)).reshape(n, side, side, 2)


def colours(x, strength, rng):
    """Exposure, contrast, saturation, tint; night grey; low light."""
    n = len(x)
    saturation = uniform(n, 0.5, 1.4, rng)
    night = happens(n, 0.12 * strength, rng)
    saturation[night] = 0
    gain = torch.exp(uniform(n, -0.3, 0.3, rng))
    dark = happens(n, 0.12 * strength, rng)
    gain[dark] *= uniform(int(dark.sum()), 0.25, 0.7, rng)
    tint = torch.exp(torch.randn(n, 3, generator=rng) * 0.06)
    tint[night] = 1
    mix = saturation[:, None, None] * torch.eye(3) + (1 - saturation)[:, None, None] * GREY.expand(3, 3)
    mix = mix * (gain[:, None] * tint)[:, :, None]
    contrast = torch.exp(uniform(n, -0.35, 0.35, rng))
    mean = x.mean((1, 2, 3))
    offset = (mean * gain * (1 - contrast) + uniform(n, -16, 16, rng) * ~dark)[:, None]
    mixed = torch.einsum("nij,njp->nip", mix * contrast[:, None, None], x.flatten(2)) + offset[:, :, None]
    return mixed.reshape(x.shape).clamp_(0, 255)


def fewer_pixels(x, share, rng):
    on = happens(len(x), share, rng).nonzero().flatten()
    for part in on.chunk(3) if len(on) else []:
        side = int(x.shape[-1] * uniform(1, 0.3, 0.85, rng))
        small = F.interpolate(x[part], (side, side), mode="area")
        x[part] = F.interpolate(small, x.shape[-2:], mode="bilinear", align_corners=False)
    return x


def compressed(x, share, rng):
    for at in happens(len(x), share, rng).nonzero().flatten().tolist():
        memory = io.BytesIO()
        pixels = x[at].permute(1, 2, 0).clamp(0, 255).byte().numpy()
        Image.fromarray(np.ascontiguousarray(pixels)).save(memory, "JPEG", quality=int(uniform(1, 12, 70, rng)))
        x[at] = torch.from_numpy(np.array(Image.open(memory))).permute(2, 0, 1).float()
    return x


def noisy(x, share, rng):
    on = happens(len(x), share, rng).nonzero().flatten()
    if len(on):
        sigma = torch.exp(uniform(len(on), math.log(3), math.log(25), rng))[:, None, None, None]
        x[on] += torch.randn(x[on].shape, generator=rng) * sigma
    return x


def covered(x, share, rng):
    """A person or a pillar stands before a part of it."""
    side = x.shape[-1]
    for at in happens(len(x), share, rng).nonzero().flatten().tolist():
        wide, high = (int(side * v) for v in uniform(2, 0.1, 0.4, rng))
        left, top = int(uniform(1, 0, side - wide, rng)), int(uniform(1, 0, side - high, rng))
        x[at, :, top : top + high, left : left + wide] = uniform(3, 0, 255, rng)[:, None, None]
    return x


def augment(pictures, side, rng, scale=(0.4, 1.0), strength=1.0):
    """uint8 [N, H, W, 3] -> float [N, 3, side, side] of 0..255. `strength` 0..1 is the share of what cameras add."""
    x = torch.from_numpy(pictures).permute(0, 3, 1, 2).float()
    x = F.grid_sample(x, views(len(x), side, scale, strength, rng), mode="bilinear", padding_mode="reflection", align_corners=False)
    x = colours(x, strength, rng)
    x = covered(x, 0.1 * strength, rng)
    x = fewer_pixels(x, 0.25 * strength, rng)
    x = noisy(x, 0.2 * strength, rng)
    return compressed(x, 0.2 * strength, rng).clamp_(0, 255)


def plain(pictures, side):
    """The product's way: the 128 px square, scaled bilinearly to the network's side."""
    x = torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2).float()
    return x if x.shape[-1] == side else F.interpolate(x, (side, side), mode="bilinear", align_corners=False)
