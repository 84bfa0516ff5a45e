"""Probing: what can be read off an encoder's frozen features, with the controls that tell what a score is worth."""

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from repro.datasets import LabelledClips, Probe, normalise, probe
from repro.datasets.dropout import Filling, dropping
from repro.experiment import Experiment
from repro.features import Features, batches, brought_to, extract, seen
from repro.models.encoder import Encoder
from repro.pretrain import Diverged, Progress, Report, initial_networks
from repro.probes import HEADS
from repro.probes.knn import knn_predict
from repro.schedule import warmup_cosine

log = logging.getLogger(__name__)

View = Callable[[Tensor, Sequence[int]], Tensor]
"""What is done to clips in bytes at these positions before an encoder sees them: see `repro.datasets.views`."""


@dataclass(frozen=True, kw_only=True)
class Score:
    """The outcome of one probe on held-out clips."""

    probe: str
    correct: int
    samples: int
    majority: int
    """Held-out clips of the most frequent class: what always naming it would get right."""
    confusion: tuple[tuple[int, ...], ...]
    """Clips by true class (rows) and named class (columns)."""
    protocol: str = ""
    """How the classifier was made, in words; empty for nearest neighbours, which make none."""
    hits: str = ""
    """Which held-out clips were classified correctly: one bit a clip in the set's order, eight to two hex digits, the last padded with 0.
    With it two encoders can be compared on the same clips."""

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95% score interval of the accuracy, in percent (JASA 22, 1927)."""
        z, p, n = 1.959964, self.correct / self.samples, self.samples
        middle, half = p + z**2 / (2 * n), z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
        return 100 * max(0.0, middle - half) / (1 + z**2 / n), 100 * min(1 + z**2 / n, middle + half) / (1 + z**2 / n)

    def to_dict(self) -> dict[str, Any]:
        """Everything a reader of the score needs, ready for JSON."""
        return {**asdict(self), "percent": self.percent, "interval": self.interval, "majority_class": self.is_majority_class}

    @property
    def percent(self) -> float:
        """Top-1 accuracy in percent."""
        return 100 * self.correct / self.samples

    @property
    def is_majority_class(self) -> bool:
        """Whether the probe names one class only, or scores exactly what doing so would: it may have learned nothing."""
        named = [sum(column) for column in zip(*self.confusion, strict=True)]
        return self.correct == self.majority or max(named) == self.samples


def evaluate(
    encoder: Encoder,
    experiment: Experiment,
    *,
    root: Path | None = None,
    report: Report | None = None,
    view: View | None = None,
    folder: Path | None = None,
) -> dict[str, Score]:
    """Every probe of `experiment` on the frozen features of `encoder`, heads seeded like the experiment and trained on the encoder's device.

    Features are extracted once per set of clips; those too large for memory lie in `folder` meanwhile. `view` changes what is seen of
    training and test clips alike.
    """
    device = str(next(encoder.parameters()).device)
    tasks = [_viewed(probe(name, experiment, root), view) for name in experiment.probe_epochs]
    scores = {}
    for clips in dict.fromkeys(task.clips for task in tasks):
        sharing = [task for task in tasks if task.clips == clips]
        sides = [brought_to(side, device) for side in _both_sides(encoder, sharing, report, folder)]
        for task in sharing:
            train, test = (seen(tokens, task.protocol) for tokens in sides)
            head = train_head(task, train, experiment.probe_epochs[task.name], experiment.seed, report, device)
            scores[task.name] = score(head, task, test)
    return {task.name: scores[task.name] for task in tasks}


def random_encoder(
    experiment: Experiment, *, root: Path | None = None, report: Report | None = None, device: str = "cpu", folder: Path | None = None
) -> dict[str, Score]:
    """The probes of `experiment` on its encoder as initialised: what a score is worth is how far it lies above this."""
    return evaluate(initial_networks(experiment).encoder.to(device), experiment, root=root, report=report, folder=folder)


def over_probe_seeds(
    encoder: Encoder, experiment: Experiment, name: str, seeds: Sequence[int], *, root: Path | None = None, report: Report | None = None
) -> list[Score]:
    """One probe with several initialisations and orders of its head, on features extracted once: what the head's luck is worth."""
    task = probe(name, experiment, root)
    sides = _both_sides(encoder, [task], report)
    train, test = (seen(tokens, task.protocol) for tokens in sides)
    return [score(train_head(task, train, experiment.probe_epochs[name], seed, report), task, test) for seed in seeds]


def nearest_neighbours(
    encoder: Encoder, experiment: Experiment, *, root: Path | None = None, report: Report | None = None
) -> dict[str, Score]:
    """The probes of `experiment` answered by the nearest training clips in mean-token space, without training anything."""
    device = str(next(encoder.parameters()).device)
    scores = {}
    for name in experiment.probe_epochs:
        task = probe(name, experiment, root)
        train, test = (extract(encoder, side, device, report, pooled=True)[:].squeeze(1) for side in (task.train, task.test))
        scores[name] = _score(task, knn_predict(train, task.train.labels, test, len(task.classes)), "")
    return scores


def under_dropout(
    encoder: Encoder,
    experiment: Experiment,
    name: str,
    rates: Sequence[float],
    fillings: Sequence[Filling],
    seeds: Sequence[int],
    *,
    root: Path | None = None,
    report: Report | None = None,
) -> dict[tuple[Filling, float, int], Score]:
    """One probe, trained on whole clips, scored on clips that lack frames: (filling, rate, seed) to score.

    The same frames go missing for every encoder and filling, and at higher rates besides others, so that scores can be paired.
    """
    task = probe(name, experiment, root)
    device = str(next(encoder.parameters()).device)
    train = seen(extract(encoder, task.train, device, report), task.protocol)
    head = train_head(task, train, experiment.probe_epochs[name], experiment.seed, report)
    scores = {}
    for filling in fillings:
        for rate in rates:
            for seed in seeds:
                clips = replace(task.test, read=dropping(task.test.read, rate, filling, seed))
                scores[filling, rate, seed] = score(head, task, seen(extract(encoder, clips, device, report), task.protocol))
    return scores


def label_trained(
    experiment: Experiment,
    probes: Sequence[str],
    *,
    steps: int = 300,
    batch_size: int = 16,
    lr: float = 2e-3,
    root: Path | None = None,
    report: Report | None = None,
    view: View | None = None,
) -> dict[str, Score]:
    """Positive control: the same encoder trained with the labels of `probes`, then frozen and probed like any other.

    If this does not beat `random_encoder`, the probe cannot tell encoders apart and its scores say nothing. All probes must share
    their clips; the encoder and one head per probe are trained together, without augmentation, on the probes' training clips.
    """
    encoder = train_with_labels(experiment, probes, steps=steps, batch_size=batch_size, lr=lr, root=root, report=report, view=view)
    chosen = {name: experiment.probe_epochs[name] for name in probes}
    return evaluate(encoder, replace(experiment, probe_epochs=chosen), root=root, report=report, view=view)


def train_with_labels(
    experiment: Experiment,
    probes: Sequence[str],
    *,
    steps: int,
    batch_size: int,
    lr: float,
    root: Path | None = None,
    report: Report | None = None,
    view: View | None = None,
) -> Encoder:
    """The encoder behind `label_trained`: heads are fitted to the random encoder first, then both are trained (arXiv:2202.10054).

    Starting from what the random encoder already gives away keeps the control fair at few steps.
    """
    tasks = [_viewed(probe(name, experiment, root), view) for name in probes]
    if len({task.clips for task in tasks}) != 1:
        raise ValueError(f"probes {', '.join(probes)} do not share their clips; train an encoder for each")
    encoder = initial_networks(experiment).encoder
    frozen = extract(encoder, tasks[0].train, "cpu", report)
    heads = nn.ModuleList(
        train_head(task, seen(frozen, task.protocol), experiment.probe_epochs[task.name], experiment.seed, report) for task in tasks
    )
    generator = torch.Generator().manual_seed(experiment.seed)
    optimizer = torch.optim.AdamW([*encoder.parameters(), *heads.parameters()], lr=lr, weight_decay=0.01)
    for step in range(1, steps + 1):
        for group in optimizer.param_groups:
            group["lr"] = warmup_cosine(step, start=0.0, peak=lr, final=0.0, warmup=steps // 15, total=steps)
        chosen = torch.randint(len(tasks[0].train), (batch_size,), generator=generator)
        tokens = encoder(normalise(tasks[0].train.read(chosen.tolist())), levels=False)
        losses = [
            cross_entropy(head(seen(tokens, task.protocol)), task.train.labels[chosen]) for head, task in zip(heads, tasks, strict=True)
        ]
        loss = torch.stack(losses).sum()
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        if report is not None:
            report(Progress("training with labels", step, steps, loss.item()))
    return encoder


def new_head(task: Probe, dim: int, seed: int) -> nn.Module:
    """An untrained classifier of the probe's protocol, initialised from `seed`; the global random state is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return HEADS[task.protocol.head](dim, len(task.classes))


def train_head(task: Probe, train: Features, epochs: int, seed: int, report: Report | None = None, device: str = "cpu") -> nn.Module:
    """A classifier on frozen features as `seen` by it, trained on `device` for `epochs` passes in a shuffled order."""
    protocol, labels = task.protocol, task.train.labels.to(device)
    head = new_head(task, train.shape[-1], seed).to(device)
    optimizer = torch.optim.AdamW(head.parameters(), lr=protocol.lr, weight_decay=protocol.weight_decay)
    generator = torch.Generator().manual_seed(seed)
    for epoch in range(epochs):
        for chosen in torch.split(torch.randperm(len(train), generator=generator), protocol.batch_size):
            loss = cross_entropy(head(train[chosen].to(device)), labels[chosen.to(device)])
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
        if not loss.isfinite():
            raise Diverged(f"probe {task.name}, epoch {epoch + 1}: loss {loss.item()}")
        if report is not None:
            report(Progress(task.name, epoch + 1, epochs, loss.item()))
    return head


@torch.inference_mode()
def score(head: nn.Module, task: Probe, test: Features) -> Score:
    """How many held-out clips `head` classifies correctly."""
    device = next(head.parameters(), task.test.labels).device
    return _score(task, torch.cat([head(part.to(device)).argmax(1) for part in batches(test)]).cpu(), str(task.protocol))


def _score(task: Probe, named: Tensor, protocol: str) -> Score:
    labels, classes = task.test.labels, len(task.classes)
    confusion = torch.bincount(labels * classes + named, minlength=classes**2).view(classes, classes)
    return Score(
        probe=task.name,
        correct=int((named == labels).sum()),
        samples=len(labels),
        majority=int(torch.bincount(labels).max()),
        confusion=tuple(tuple(row) for row in confusion.tolist()),
        protocol=protocol,
        hits=np.packbits((named == labels).cpu().numpy()).tobytes().hex(),
    )


def percents(scores: Mapping[str, Score]) -> dict[str, float]:
    """Probe name to accuracy in percent."""
    return {name: result.percent for name, result in scores.items()}


def _viewed(task: Probe, view: View | None) -> Probe:
    """`task` on what the view leaves of its clips."""
    if view is None:
        return task

    def through(side: LabelledClips, view: View) -> LabelledClips:
        return replace(side, read=lambda indices: view(side.read(indices), indices))

    return replace(task, train=through(task.train, view), test=through(task.test, view))


def _both_sides(encoder: Encoder, sharing: Sequence[Probe], report: Report | None, folder: Path | None = None) -> tuple[Features, Features]:
    """Features of the clips that these probes share; the tokens' means if none of them reads the tokens themselves."""
    device = str(next(encoder.parameters()).device)
    pooled = all(task.protocol.pooled for task in sharing)
    train, test = (extract(encoder, side, device, report, pooled=pooled, folder=folder) for side in (sharing[0].train, sharing[0].test))
    return train, test
