"""Video-text alignment of a frozen encoder: train the towers on captioned clips, then retrieve and classify, also with frames missing."""

from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from repro.datasets import CaptionedClips, captioned
from repro.datasets.dropout import Filling, dropping
from repro.experiment import Experiment
from repro.features import Features, batches, extract
from repro.models.encoder import Encoder
from repro.pretrain import Diverged, Progress, Report
from repro.probes.alignment import Alignment, Vocabulary, recall, zero_shot


@dataclass(frozen=True, kw_only=True)
class Retrieval:
    """How well clips and captions find each other, in percent of `samples` held-out pairs."""

    samples: int
    video_to_text: dict[int, float]
    """k to recall@k: clips whose own caption is among the k nearest."""
    text_to_video: dict[int, float]
    zero_shot: dict[str, float]
    """Label space to accuracy of naming the class whose captions are nearest."""


def align(
    encoder: Encoder,
    experiment: Experiment,
    name: str = "sprites",
    *,
    epochs: int = 20,
    rates: tuple[float, ...] = (0.0,),
    filling: Filling = "repeat",
    root: Path | None = None,
    report: Report | None = None,
    folder: Path | None = None,
) -> dict[float, Retrieval]:
    """Train both towers on the frozen features of whole clips; share of dropped test frames to retrieval.

    Which frames go is seeded by the experiment, alike for every encoder. Features too large for memory lie in `folder` meanwhile.
    """
    pairs = captioned(name, experiment, root)
    device = str(next(encoder.parameters()).device)
    vocabulary = Vocabulary.of(pairs.train.captions)
    tokens, words = extract(encoder, pairs.train.clips, device, report, folder=folder), vocabulary.encode(pairs.train.captions)
    towers = train_towers(tokens, words, len(vocabulary), epochs, experiment.seed, report)
    with torch.inference_mode():
        known = towers.text(words)
    results = {}
    for rate in rates:
        read = dropping(pairs.test.clips.read, rate, filling, experiment.seed)
        seen = extract(encoder, replace(pairs.test.clips, read=read), device, report, folder=folder)
        results[rate] = _retrieve(towers, seen, vocabulary, pairs.test, known, pairs.train)
    return results


def train_towers(
    tokens: Features, words: Tensor, num_words: int, epochs: int, seed: int, report: Report | None = None, batch_size: int = 128
) -> Alignment:
    """Towers for frozen tokens (n, N, width) and their captions' words (n, L), from `seed` alone."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        towers = Alignment(tokens.shape[-1], num_words)
    optimizer = torch.optim.AdamW(towers.parameters(), lr=2e-3, weight_decay=0.01)
    generator = torch.Generator().manual_seed(seed)
    for epoch in range(epochs):
        for chosen in torch.split(torch.randperm(len(tokens), generator=generator), batch_size):
            loss = towers(tokens[chosen], words[chosen])
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
        if not loss.isfinite():
            raise Diverged(f"video-text alignment, epoch {epoch + 1}: loss {loss.item()}")
        if report is not None:
            report(Progress("alignment", epoch + 1, epochs, loss.item()))
    return towers


@torch.inference_mode()
def _retrieve(
    towers: Alignment, seen: Features, vocabulary: Vocabulary, test: CaptionedClips, known: Tensor, train: CaptionedClips
) -> Retrieval:
    videos, texts = torch.cat([towers.video(part) for part in batches(seen)]), towers.text(vocabulary.encode(test.captions))
    both = {k: recall(videos, texts, k, test.captions) for k in (1, 5)}
    named = {space: zero_shot(videos, known, labels) for space, labels in train.labels.items()}
    return Retrieval(
        samples=len(videos),
        video_to_text={k: shares[0] for k, shares in both.items()},
        text_to_video={k: shares[1] for k, shares in both.items()},
        zero_shot={space: 100 * (named[space] == test.labels[space]).double().mean().item() for space in named},
    )
