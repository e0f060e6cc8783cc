"""A linear head on the untouched ImageNet features of some pictures of each kind: where training starts from."""

from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from augment import plain
from network import FEATURES, normalise, pretrained

PICTURES = 150  # a kind: the head is a start, not a result
SIDE = 96  # of the input
STEPS = 60  # of L-BFGS; more of them fit the noise
SHRINK = 2e-4  # on the squared weights


def fit(features, labels, classes):
    """Multinomial logistic regression; -> (weight [C, 1280], bias [C])"""
    w, b = torch.zeros(classes, features.shape[1], requires_grad=True), torch.zeros(classes, requires_grad=True)
    optimiser = torch.optim.LBFGS([w, b], max_iter=STEPS, history_size=8, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = F.cross_entropy(features @ w.T + b, labels) + SHRINK * (w * w).sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return w.detach(), b.detach()


def probe(pictures, labels, usable, work, classes, seed, size=0):
    """-> (weight [C, 1280], bias [C])"""
    file = Path(work) / f"probe-lite{size}.pt"
    if file.exists():
        return torch.load(file)
    rng, labels = np.random.default_rng(seed), np.asarray(labels)
    rows = np.concatenate([rng.permutation(np.flatnonzero(usable & (labels == kind)))[:PICTURES] for kind in range(classes)])
    net = pretrained(1, size).eval()
    with torch.no_grad():
        features = torch.cat([net.features(normalise(plain(pictures[part], SIDE))) for part in np.array_split(rows, len(rows) // 64)])
    assert features.shape == (len(rows), FEATURES)
    mean, deviation = features.mean(0), features.std(0) + 1e-3
    w, b = fit((features - mean) / deviation, torch.as_tensor(labels[rows]), classes)
    made = (w / deviation, b - (w / deviation) @ mean)
    torch.save(made, file)
    return made
