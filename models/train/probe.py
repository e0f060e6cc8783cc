"""A linear head on the untouched ImageNet features: where training starts from, and a second opinion on every label."""

import numpy as np
import torch
from torch.nn import functional as F

from network import FEATURES, normalise, pretrained

FOLDS = 4  # each picture's second opinion comes from a head that has not seen it
STEPS = 60  # of L-BFGS; more of them fit the noise


def extract(pictures, work):
    """-> float32 [N, 1280]"""
    file = work / "features.npy"
    if file.exists():
        return np.load(file)
    net = pretrained(1).eval()
    made = np.zeros((len(pictures), FEATURES), np.float32)
    with torch.no_grad():
        for start in range(0, len(pictures), 64):
            batch = torch.from_numpy(np.ascontiguousarray(pictures[start : start + 64])).permute(0, 3, 1, 2)
            made[start : start + 64] = net.features(normalise(batch)).numpy()
    np.save(file, made)
    return made


def fit(features, labels, weights, classes, decay=2e-4):
    """Multinomial logistic regression; -> (weight [C, 1280], bias [C])"""
    w, b = torch.zeros(classes, features.shape[1], requires_grad=True), torch.zeros(classes, requires_grad=True)
    optimiser = torch.optim.LBFGS([w, b], max_iter=STEPS, history_size=8, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = (F.cross_entropy(features @ w.T + b, labels, reduction="none") * weights).sum() / weights.sum() + decay * (w * w).sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return w.detach(), b.detach()


def probe(pictures, labels, usable, work, classes, seed):
    """-> (weight, bias, opinions float32 [N, C]): the head fitted on `usable` pictures, and what heads that had not seen a picture say of it"""
    file = work / "probe.pt"
    if file.exists():
        return torch.load(file)
    features = torch.from_numpy(extract(pictures, work))
    mean, deviation = features.mean(0), features.std(0) + 1e-3
    features = (features - mean) / deviation
    labels = torch.as_tensor(labels)
    weights = (1.0 / torch.bincount(labels, minlength=classes).float().sqrt())[labels]
    fold = torch.randint(FOLDS, (len(labels),), generator=torch.Generator().manual_seed(seed))
    usable = torch.as_tensor(usable)
    opinions = torch.zeros(len(labels), classes)
    for at in range(FOLDS):
        seen, asked = usable & (fold != at), usable & (fold == at)
        w, b = fit(features[seen], labels[seen], weights[seen], classes)
        opinions[asked] = torch.softmax(features[asked] @ w.T + b, 1)
    w, b = fit(features[usable], labels[usable], weights[usable], classes)
    opinions[~usable] = torch.softmax(features[~usable] @ w.T + b, 1)
    made = (w / deviation, b - (w / deviation) @ mean, opinions)
    torch.save(made, file)
    return made
