"""Probes without attention, and the registry of heads."""

from pathlib import Path

import torch

import repro.probes
from repro.probes import HEADS
from repro.probes.knn import knn_predict
from repro.probes.mean_pool import MeanPoolProbe


def test_every_head_file_is_registered():
    files = {path.stem for path in Path(repro.probes.__file__).parent.glob("*.py")} - {"__init__", "knn", "alignment"}
    assert {head.__module__.rpartition(".")[2] for head in HEADS.values()} == files


def test_neighbours_vote_for_their_class_despite_a_common_offset():
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(300) % 3
    points = torch.eye(3)[labels] + 0.2 * torch.randn(300, 3, generator=generator) + 100
    named = knn_predict(points[:200], labels[:200], points[200:], 3)
    assert (named == labels[200:]).float().mean() > 0.9


def test_nearer_neighbours_weigh_more():
    train = torch.tensor([[1.0, 0.0], [0.6, 0.8], [0.55, 0.835], [-2.0, -1.6]])
    labels = torch.tensor([0, 1, 1, 2])
    assert knn_predict(train, labels, torch.tensor([[1.0, 0.01]]), 3, k=3).tolist() == [0]


def test_the_mean_pool_probe_reads_the_mean():
    probe, features = MeanPoolProbe(8, 4), torch.randn(2, 5, 8)
    assert torch.allclose(probe(features), probe(features.mean(1, keepdim=True)), atol=1e-6)
