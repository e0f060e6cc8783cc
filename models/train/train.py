"""Trains the place classifier: `python3 models/train/train.py --data ../shared/data --hours 3`. See README.md.

Start again with the same command after a kill: it goes on from the last checkpoint in `--work`. A stopped (SIGSTOP) run goes on with SIGCONT.
"""

import argparse
import hashlib
import json
import math
import os
import time
from pathlib import Path

import numpy as np
import torch
import torch.multiprocessing as mp
from torch.nn import functional as F

from augment import augment, plain
from export import session_of, shown, weights_of
from network import Lite, normalise, pretrained
from pictures import AMBIGUOUS, PROHIBITED, RUN_SIDE, SIDE, prepare
from probe import probe

RATE = 2.2e-4  # 4e-4 diverged
DECAY = 0.02  # of weights, not of biases
WARM_UP = 0.03  # share of the run
SMOOTHING = 0.1
TRIM_FROM, TRIM = 0.35, 0.03  # once the network knows something, the worst share of each batch is taken for mislabelled
BINARY = 1.0  # weight of the loss on "prohibited or not" beside that on the 49 kinds
AVERAGING = 0.998  # of weights, a step
# (from this share of the run, input side, smallest crop, share of what cameras add). Small pictures first: more of them in the same time, and
# a crop of a small picture shows things as large as the whole of a bigger one does.
STAGES = ((0.0, 128, 0.4, 0.8), (0.55, RUN_SIDE, 0.35, 0.7), (0.9, RUN_SIDE, 0.5, 0.5))
# From here on a target is partly what the network of that moment says of the plain picture: mislabelled pictures pull less, and a kind
# that looks like another is told so (self-distillation, https://arxiv.org/abs/1805.04770).
DISTIL_FROM, DISTIL = 0.4, 0.35
TAUGHT = 0.5  # the same share where teachers were given
CLIP = 2.0  # gradient norm
SAVE_EVERY, LOOK_EVERY = 180, 0.25  # seconds; share of the run
# How often a picture is seen in a pass. Prohibited kinds of `places` are rare and matter; of the others those that are taken for one
# (by the share of "prohibited" that a young network gives them on held-out pictures) matter more than those that never are.
TIMES = {"scenes": 0.8, "places": 1.0, "bathroom": 2.0, "bedroom": 2.0, "locker_room": 3.0, "shower": 3.0}
EASY, EASY_TIMES = ("airport_terminal candy_store courtyard driveway food_court gas_station highway market-outdoor parking_lot playground skyscraper slum supermarket swimming_pool-outdoor yard").split(), 0.4
HARD, HARD_TIMES = ("art_gallery auditorium ballroom beauty_salon conference_room corridor dining_room hospital_room kitchen laundromat living_room martial_arts_gym office staircase subway_station-platform").split(), 1.8
TIMES |= dict.fromkeys(EASY, EASY_TIMES) | dict.fromkeys(HARD, HARD_TIMES)


def order(index, usable, pass_number, seed):
    """-> the pictures of one pass, shuffled; the same on every machine"""
    rng = np.random.default_rng([seed, pass_number])
    rows = np.flatnonzero(usable)
    kinds = [index["classes"][index["label"][row]] for row in rows]
    times = np.array([TIMES["scenes"] if index["set"][row] == "scenes" else TIMES.get(kind, TIMES["places"]) for row, kind in zip(rows, kinds)])
    return rng.permutation(np.repeat(rows, (times + rng.random(len(rows))).astype(int)))


def targets(labels, classes):
    return F.one_hot(labels, classes).float() * (1 - SMOOTHING) + SMOOTHING / classes


def losses(logits, wanted, banned, clear):
    """Cross entropy over the kinds, and binary over "is its kind prohibited" where that question has an answer; -> [N]"""
    kinds = F.log_softmax(logits, 1)
    yes = torch.logsumexp(kinds[:, banned], 1).clamp(max=-1e-6)
    no = torch.log1p(-yes.exp())
    share = wanted[:, banned].sum(1)
    return -(wanted * kinds).sum(1) - BINARY * clear * (share * yes + (1 - share) * no)


def opinions(net, pictures, rows, side, out):
    """Writes what `net` says of the plain pictures `rows` into `out` [N, kinds]"""
    with torch.no_grad():
        for part in np.array_split(rows, max(1, len(rows) // 64)):
            out[part] = torch.softmax(net(normalise(plain(pictures[part], side))), 1)


def taught_by(models, pictures, index, work):
    """What exported models say of the plain pictures to train on, in the mean: float32 [N, kinds], zeros elsewhere; kept in `work`"""
    said = torch.zeros(len(index["label"]), len(index["classes"]))
    if not models:
        return said
    # Of these and no others: a folder that other teachers left theirs in must not pass them on.
    file = work / f"taught-{hashlib.sha256(b''.join(Path(model).read_bytes() for model in models)).hexdigest()[:12]}.pt"
    if file.exists():
        return torch.load(file)
    sessions = [session_of(model, os.cpu_count()) for model in models]
    rows = np.flatnonzero(np.array(index["part"]) == "train")
    for part in np.array_split(rows, len(rows) // 64):
        asked = {"picture": shown(pictures[part])}
        said[part] = sum(torch.softmax(torch.from_numpy(session.run(None, asked)[0]), 1) for session in sessions) / len(sessions)
    torch.save(said, file)
    return said


def look(net, pictures, index, side):
    """How it does on the held-out pictures: area under the curve of prohibited against the rest, a set; and top-1"""
    net.eval()
    rows = np.flatnonzero(np.array(index["part"]) == "held-out")
    scores = torch.zeros(len(index["label"]), len(index["classes"]))
    opinions(net, pictures, rows, side, scores)
    net.train()
    scores, kinds, sets = scores.numpy()[rows], np.array(index["label"])[rows], np.array(index["set"])[rows]
    banned, unclear = ([index["classes"].index(kind) for kind in group] for group in (PROHIBITED, AMBIGUOUS))
    said, truth = scores[:, banned].sum(1), np.isin(kinds, banned)
    made = {"top1": float((scores.argmax(1) == kinds).mean())}
    for name in sorted(set(sets)):
        mine = (sets == name) & ~np.isin(kinds, unclear)
        good, bad = said[mine & truth], said[mine & ~truth]
        made[f"{name} auc"] = float((good[:, None] > bad[None, :]).mean())
        made[f"{name} recall at 2 %"] = float((good > np.quantile(bad, 0.98)).mean())
    return made


def save(file, content):
    fresh = file.with_suffix(".fresh")
    torch.save(content, fresh)
    os.replace(fresh, file)


def work(rank, options, shared, teacher, clock, barrier):
    torch.set_num_threads(1)
    folder = Path(options.work)
    pictures, index = prepare(options.data, folder)
    classes, usable = len(index["classes"]), np.array(index["part"]) == "train"
    weight, bias = probe(pictures, index["label"], usable, folder, classes, options.seed, options.size)
    labels = torch.as_tensor(index["label"])
    banned, unclear = ([index["classes"].index(kind) for kind in group] for group in (PROHIBITED, AMBIGUOUS))

    net = pretrained(classes, options.size)
    net.head.weight.data.copy_(weight)
    net.head.bias.data.copy_(bias)
    if options.start:
        net.load_state_dict(weights_of(options.start) if options.start.endswith(".onnx") else torch.load(options.start)["averaged"])
    net.freeze(options.frozen)
    net.train()
    learning = [p for p in net.parameters() if p.requires_grad]
    averaged = {name: value.clone() for name, value in net.state_dict().items()}
    groups = [{"params": [p for p in learning if p.dim() > 1], "weight_decay": DECAY}, {"params": [p for p in learning if p.dim() == 1], "weight_decay": 0}]
    optimiser = torch.optim.AdamW(groups, RATE)
    step = pass_number = at = 0
    spent = 0.0
    checkpoint = folder / "checkpoint.pt"
    if checkpoint.exists():
        kept = torch.load(checkpoint)
        net.load_state_dict(kept["net"])
        optimiser.load_state_dict(kept["optimiser"])
        averaged, step, pass_number, at, spent = (kept[key] for key in ("averaged", "step", "pass", "at", "spent"))
    rows = order(index, usable, pass_number, options.seed)
    steps = options.passes and int(options.passes * len(rows) / (options.batch * options.processes))
    began = saved = time.monotonic() - spent
    looked, taught, seen_at = 0.0, bool(options.teacher), (step, time.monotonic())

    def keep(progress):
        content = {"net": net.state_dict(), "optimiser": optimiser.state_dict(), "averaged": averaged, "classes": index["classes"], "size": options.size}
        save(checkpoint, {**content, "step": step, "pass": pass_number, "at": at, "spent": time.monotonic() - began, "progress": progress})

    def report(progress, side):
        now = Lite(classes, options.size).to(memory_format=torch.channels_last)
        now.load_state_dict(averaged)
        rate = (step - seen_at[0]) * options.batch * options.processes / max(time.monotonic() - seen_at[1], 1e-6)
        line = {"progress": round(progress, 4), "step": step, "pass": round(pass_number + at / len(rows), 2), "rate": round(rate, 1)}
        line = {**line, **{key: round(value, 4) for key, value in look(now, pictures, index, side).items()}}
        with open(folder / "train.jsonl", "a") as log:
            log.write(json.dumps(line) + "\n")
        print(line, flush=True)

    while True:
        # One clock for all: rank 0 says where in the run this step is.
        if rank == 0:
            clock[0] = step / steps if steps else (time.monotonic() - began) / (options.hours * 3600)
        barrier.wait()
        progress = float(clock[0])
        if rank == 0 and (progress >= 1 or progress >= looked + LOOK_EVERY):
            report(min(progress, 1), RUN_SIDE)
            looked, seen_at = progress, (step, time.monotonic())
        if progress >= 1:
            break
        if progress >= DISTIL_FROM and not taught:
            if rank == 0:
                keep(progress)
            barrier.wait()
            wise = Lite(classes, options.size).to(memory_format=torch.channels_last).eval()
            wise.load_state_dict(torch.load(checkpoint)["averaged"])
            opinions(wise, pictures, np.flatnonzero(usable)[rank :: options.processes], SIDE, teacher)
            taught = True
            barrier.wait()
        if at + options.batch * options.processes > len(rows):
            pass_number, at = pass_number + 1, 0
            rows = order(index, usable, pass_number, options.seed)
        mine = np.sort(rows[at + rank * options.batch : at + (rank + 1) * options.batch])
        at += options.batch * options.processes
        rng = torch.Generator().manual_seed(hash((options.seed, step, rank)) % (1 << 60))
        torch.manual_seed(hash((options.seed, step, rank, 1)) % (1 << 60))
        _, side, crop, strength = max(stage for stage in STAGES if stage[0] <= progress)
        x = augment(pictures[mine], side, rng, (crop, 1.0), strength)
        wanted = targets(labels[mine], classes)
        if taught:
            share = TAUGHT if options.teacher else DISTIL
            wanted = (1 - share) * wanted + share * teacher[mine]
        clear = (~torch.isin(labels[mine], torch.tensor(unclear))).float()
        loss = losses(net(normalise(x), dropout=0.2), wanted, banned, clear)
        if progress >= TRIM_FROM:
            loss = loss.sort().values[: len(loss) - max(1, round(TRIM * len(loss)))]
        rate = RATE * min(1, progress / WARM_UP) * 0.5 * (1 + math.cos(math.pi * min(progress, 1)))
        for group in optimiser.param_groups:
            group["lr"] = rate
        optimiser.zero_grad(set_to_none=True)
        loss.mean().backward()
        # Two buffers in turn: one wait a step is enough.
        shared[step % 2][rank].copy_(torch.cat([p.grad.reshape(-1) for p in learning]))
        barrier.wait()
        mean, start = shared[step % 2].mean(0), 0
        mean *= min(1.0, CLIP / (float(mean.norm()) + 1e-6))
        for p in learning:
            p.grad.copy_(mean[start : start + p.numel()].view(p.shape))
            start += p.numel()
        optimiser.step()
        step += 1
        if rank == 0:
            share = min(AVERAGING, (1 + step) / (10 + step))
            for name, value in net.state_dict().items():
                averaged[name].lerp_(value, 1 - share)
            if time.monotonic() - saved > SAVE_EVERY:
                keep(progress)
                saved = time.monotonic()
    if rank == 0:
        keep(1.0)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("VEILGATE_DATA", "../shared/data"))
    parser.add_argument("--work", default="/tmp/veilgate-place", help="decoded pictures, checkpoints, log")
    parser.add_argument("--hours", type=float, default=3.0, help="the cosine ends after this much time")
    parser.add_argument("--passes", type=float, default=0, help="instead of hours: the same run on any machine")
    parser.add_argument("--start", help="weights to start from instead of ImageNet's: a checkpoint, or a file of models/train/weights")
    parser.add_argument("--size", type=int, default=0, choices=(0, 2), help="of EfficientNet-Lite")
    parser.add_argument("--teacher", nargs="*", default=[], help="exported models whose mean answer is part of each target from the first step on")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--batch", type=int, default=24, help="pictures a process and step")
    parser.add_argument("--frozen", type=int, default=0, help="blocks that stay as ImageNet left them")
    parser.add_argument("--seed", type=int, default=15)
    options = parser.parse_args()
    # Whatever is made once is made here, before there are several of us.
    pictures, index = prepare(options.data, options.work)
    probe(pictures, index["label"], np.array(index["part"]) == "train", Path(options.work), len(index["classes"]), options.seed, options.size)
    net = Lite(len(index["classes"]), options.size)
    net.freeze(options.frozen)
    size = sum(p.numel() for p in net.parameters() if p.requires_grad)
    shared, clock = torch.zeros(2, options.processes, size).share_memory_(), torch.zeros(1, dtype=torch.float64).share_memory_()
    teacher = taught_by(options.teacher, pictures, index, Path(options.work)).share_memory_()
    mp.spawn(work, (options, shared, teacher, clock, mp.get_context("spawn").Barrier(options.processes)), nprocs=options.processes)


if __name__ == "__main__":
    main()
