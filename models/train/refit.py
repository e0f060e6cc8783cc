"""Fits the head once more to the finished features of plain pictures: a short run leaves it behind them.

    python3 models/train/refit.py <data> <work>: checkpoint.pt -> refitted.pt

How near the trained head it stays is chosen on the held-out pictures; where none is better than the trained head, that one is kept.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn

from export import load, session_of, shown, to_onnx
from pictures import AMBIGUOUS, PROHIBITED, RUN_SIDE, prepare
from train import losses, order, targets

STEPS = 30  # of L-BFGS
NEAR = (3e-2, 3e-3)  # what the squared distance from the trained head costs
BATCH = 32


class Features(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, picture):
        return self.net.features(picture)


def extractor(net):
    """-> rows -> the features [N, 1280] of plain pictures"""
    names = {"input_names": ["picture"], "output_names": ["features"], "dynamic_axes": {"picture": {0: "N"}, "features": {0: "N"}}}
    graph = to_onnx(Features(net), torch.zeros(1, 3, RUN_SIDE, RUN_SIDE), **names)
    session = session_of(graph)

    def extract(pictures, rows):
        parts = np.array_split(rows, max(1, len(rows) // BATCH))
        return torch.from_numpy(np.concatenate([session.run(None, {"picture": shown(pictures[part], RUN_SIDE)})[0] for part in parts]))

    return extract


def measures(logits, kinds, sets, classes):
    """-> {set: (area under the curve, recall at 2 % false positives)} of prohibited against allowed"""
    banned, unclear = ([classes.index(kind) for kind in group] for group in (PROHIBITED, AMBIGUOUS))
    said, made = torch.softmax(logits, 1)[:, banned].sum(1).numpy(), {}
    for name in ("scenes", "places"):
        mine = (sets == name) & ~np.isin(kinds, unclear)
        good, bad = said[mine & np.isin(kinds, banned)], said[mine & ~np.isin(kinds, banned)]
        made[name] = (round(float((good[:, None] > bad[None]).mean()), 4), round(float((good > np.quantile(bad, 0.98)).mean()), 3))
    return made


def refit(head, x, labels, times, classes, near):
    banned, unclear = ([classes.index(kind) for kind in group] for group in (PROHIBITED, AMBIGUOUS))
    w0, b0 = head.weight.detach(), head.bias.detach()
    w, b = w0.clone().requires_grad_(True), b0.clone().requires_grad_(True)
    wanted, clear = targets(labels, len(classes)), (~torch.isin(labels, torch.tensor(unclear))).float()
    optimiser = torch.optim.LBFGS([w, b], max_iter=STEPS, history_size=8, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = (losses(x @ w.T + b, wanted, banned, clear) * times).sum() / times.sum() + near * ((w - w0) ** 2).sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return w.detach(), b.detach()


def main(data, work, share=1.0):
    torch.set_num_threads(1)
    checkpoint = Path(work) / "checkpoint.pt"
    net, classes = load(checkpoint)
    pictures, index = prepare(data, work)
    part, labels, sets = np.array(index["part"]), np.array(index["label"]), np.array(index["set"])
    rows, often = np.unique(order(index, part == "train", 0, 1), return_counts=True)
    keep = np.random.default_rng(1).permutation(len(rows))[: int(share * len(rows))]
    rows, often = rows[keep], often[keep]
    held, extract = np.flatnonzero(part == "held-out"), extractor(net)
    asked = extract(pictures, held)

    def quality(w, b):
        found = measures(asked @ w.T + b, labels[held], sets[held], classes)
        return sum(auc for auc, _ in found.values()), found

    best = (*quality(net.head.weight.detach(), net.head.bias.detach()), net.head.weight.detach(), net.head.bias.detach())
    print("trained", best[1], flush=True)
    x = extract(pictures, rows)
    for near in NEAR:
        w, b = refit(net.head, x, torch.as_tensor(labels[rows]), torch.as_tensor(often).float(), classes, near)
        made = (*quality(w, b), w, b)
        print(near, made[1], flush=True)
        best = max(best, made, key=lambda each: each[0])
    kept = torch.load(checkpoint)
    kept["averaged"]["head.weight"], kept["averaged"]["head.bias"] = best[2], best[3]
    torch.save(kept, Path(work) / "refitted.pt")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *map(float, sys.argv[3:]))
