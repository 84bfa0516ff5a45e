"""Probes tell encoders apart, and every score comes with what it is worth."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from repro.datasets import LabelledClips, Probe, ProbeProtocol, sprites
from repro.datasets.sprites import CLASSES
from repro.evaluate import Score, evaluate, label_trained, over_probe_seeds, random_encoder, score, train_head
from repro.experiments import experiment
from repro.features import seen
from repro.pretrain import Diverged, initial_networks
from tests.repro.tiny import SIZE

SMOKE = experiment("mixed_baseline", scale="smoke")


def task(protocol: ProbeProtocol, labels: torch.Tensor, classes: int = 3) -> Probe:
    clips = LabelledClips(labels=labels, read=lambda indices: torch.zeros(len(indices), 3, 8, 32, 32, dtype=torch.uint8))
    return Probe(name="made", clips="made", classes=tuple("abcdef"[:classes]), protocol=protocol, train=clips, test=clips)


def separable(count: int = 90, tokens: int = 5, dim: int = 16) -> tuple[torch.Tensor, torch.Tensor]:
    """Features whose first three channels name the class, on one token out of many."""
    labels = torch.arange(count) % 3
    features = 0.1 * torch.randn(count, tokens, dim, generator=torch.Generator().manual_seed(0))
    features[torch.arange(count), torch.arange(count) % tokens, labels] += 8
    return features, labels


@pytest.mark.parametrize("head", ["attentive", "linear"])
@pytest.mark.parametrize("pooled", [True, False])
def test_a_head_learns_what_is_there(head, pooled):
    if head == "linear" and not pooled:
        pytest.skip("a linear head reads one vector")
    features, labels = separable()
    made = task(ProbeProtocol(head=head, pooled=pooled, lr=1e-2), labels)
    shaped = seen(features, made.protocol)
    assert score(train_head(made, shaped, 30, seed=0), made, shaped).percent == 100


def test_a_head_cannot_learn_what_is_not_there():
    labels = torch.arange(600) % 3
    noise = torch.randn(600, 1, 16, generator=torch.Generator().manual_seed(0))
    made = task(ProbeProtocol(head="attentive", pooled=True), labels)
    head = train_head(made, noise[:300], 5, seed=0)
    assert score(head, made, torch.randn(600, 1, 16)).percent < 45


def test_equal_seeds_give_equal_heads():
    features, labels = separable()
    made = task(ProbeProtocol(head="attentive", pooled=False), labels)
    one, same, other = (train_head(made, features, 2, seed) for seed in (0, 0, 1))
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), same.parameters(), strict=True))
    assert not torch.equal(one.cls_token, other.cls_token)


def test_a_probe_that_diverges_says_so():
    features, labels = separable()
    with pytest.raises(Diverged, match="probe made"):
        train_head(task(ProbeProtocol(head="attentive", pooled=False), labels), features * float("inf"), 1, seed=0)


@pytest.mark.parametrize(("correct", "interval"), [(0, (0.0, 27.7533)), (3, (10.7789, 60.3222)), (10, (72.2467, 100.0))])
def test_the_interval_of_a_score_is_wilsons(correct, interval):
    found = Score(probe="p", correct=correct, samples=10, majority=2, confusion=()).interval
    assert found == pytest.approx(interval, abs=1e-3)


def test_always_naming_one_class_is_flagged():
    named_one = Score(probe="p", correct=4, samples=10, majority=4, confusion=((4, 0), (6, 0)))
    learned = Score(probe="p", correct=8, samples=10, majority=6, confusion=((3, 1), (1, 5)))
    assert named_one.is_majority_class
    assert not learned.is_majority_class
    assert learned.percent == 80


def test_confusion_adds_up_to_the_clips_and_its_diagonal_to_the_score(monkeypatch):
    monkeypatch.setitem(sprites.PROBE_SIZES, "smoke", (64, 200))
    result = random_encoder(replace(SMOKE, model=SIZE, probe_epochs={"sprites_appearance": 1}))["sprites_appearance"]
    assert sum(map(sum, result.confusion)) == result.samples == 200
    assert sum(row[i] for i, row in enumerate(result.confusion)) == result.correct
    assert len(result.confusion) == len(CLASSES["appearance"])


def test_probing_does_not_change_the_encoder(monkeypatch):
    monkeypatch.setitem(sprites.PROBE_SIZES, "smoke", (64, 32))
    encoder = initial_networks(replace(SMOKE, model=SIZE)).encoder
    before = {name: value.clone() for name, value in encoder.state_dict().items()}
    evaluate(encoder, replace(SMOKE, model=SIZE, probe_epochs={"sprites_appearance": 1}))
    assert all(torch.equal(value, before[name]) for name, value in encoder.state_dict().items())
    assert all(parameter.grad is None for parameter in encoder.parameters())


def test_features_are_extracted_once_for_probes_that_share_clips(monkeypatch):
    read = []
    monkeypatch.setattr(
        "repro.evaluate.extract", lambda encoder, clips, *_, **__: read.append(len(clips)) or torch.randn(len(clips), 4, 24)
    )
    probes = {"sprites_appearance": 1, "sprites_motion": 1, "sprites_order": 1}
    evaluate(initial_networks(replace(SMOKE, model=SIZE)).encoder, replace(SMOKE, model=SIZE, probe_epochs=probes))
    assert read == [2000, 1000]


def test_probe_seeds_share_the_features_and_differ_in_the_head(monkeypatch):
    monkeypatch.setattr("repro.evaluate.extract", lambda encoder, clips, *_, **__: torch.randn(len(clips), 4, 24))
    experiment_ = replace(SMOKE, model=SIZE, probe_epochs={"sprites_motion": 1})
    one, other = over_probe_seeds(initial_networks(experiment_).encoder, experiment_, "sprites_motion", [0, 1])
    assert one.samples == other.samples == 1000
    assert one.confusion != other.confusion


FEW = replace(SMOKE, probe_epochs={"sprites_appearance": 10, "sprites_motion": 10})
COARSE = replace(SMOKE, model=replace(SMOKE.model, patch=16), probe_epochs={"sprites_order": 20})
"""Order is told by the whole frame, so that four times fewer tokens do; it needs well-fitted heads to start from."""

CONTROLS = {FEW: ((1000, 500), 120), COARSE: ((2000, 300), 200)}
"""Experiments to labelled clips (training, test) and steps that are just enough for the control to be clear.

Measured, control against random encoder in percent: appearance 32.6 and 19.4, motion 30.2 and 6.8, order 46.3 and 13.0. That is 4.8,
10.0 and 9.6 standard errors of the difference, where the test asks for two.
"""


@pytest.mark.parametrize("small", CONTROLS, ids=["appearance and motion", "order"])
def test_an_encoder_trained_with_labels_beats_a_random_one(small, monkeypatch):
    """The positive control: beyond two standard errors of a difference, the probe has shown that it can tell encoders apart."""
    sizes, steps = CONTROLS[small]
    monkeypatch.setitem(sprites.PROBE_SIZES, "smoke", sizes)
    baselines = random_encoder(small)
    for name, control in label_trained(small, list(small.probe_epochs), steps=steps, lr=2e-3).items():
        baseline = baselines[name]
        variances = [p * (1 - p) / control.samples for p in (control.percent / 100, baseline.percent / 100)]
        assert control.percent > baseline.percent + 200 * sum(variances) ** 0.5, name


def test_hits_say_which_clips_were_classified_correctly():
    labels = torch.tensor([0, 1, 1, 0, 1, 0, 0, 1, 1])
    made = task(ProbeProtocol(head="linear", pooled=True, lr=1e-2), labels, classes=2)
    head = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Identity())
    named = torch.tensor([0, 1, 0, 0, 0, 0, 1, 1, 1])
    found = score(head, made, torch.nn.functional.one_hot(named, 2).float())
    bits = np.unpackbits(np.frombuffer(bytes.fromhex(found.hits), np.uint8))
    assert bits[:9].tolist() == [1, 1, 0, 1, 0, 1, 0, 1, 1]
    assert bits.sum() == found.correct
