"""Sprites: the same clips from the same seed, and labels that need what they claim to need."""

import numpy as np
import pytest
import torch

from repro.datasets.sprites import CLASSES, EVENTS, ORDERS, SPLITS, SpriteBatch, Sprites


@pytest.fixture(scope="module")
def many() -> SpriteBatch:
    return Sprites(side=32).batch("train", range(1536))


def test_a_clip_depends_on_seed_split_and_index_alone():
    sprites = Sprites(seed=7)
    together, alone = sprites.batch("test", range(40)), sprites.batch("test", [33])
    assert torch.equal(together.clips[33], alone.clips[0])
    assert together.colours[33] == alone.colours[0]


@pytest.mark.parametrize("other", [Sprites(seed=8), Sprites(seed=7, side=96)])
def test_another_seed_or_size_is_another_clip(other):
    mine, theirs = Sprites(seed=7).batch("test", [0]).clips, other.batch("test", [0]).clips
    assert mine.shape != theirs.shape or not torch.equal(mine, theirs)


def test_no_clip_is_in_two_splits():
    seen = {bytes(clip.numpy().tobytes()) for split in SPLITS for clip in Sprites().batch(split, range(64)).clips}
    assert len(seen) == 64 * len(SPLITS)


def test_clips_are_bytes_of_the_stated_shape():
    clips = Sprites(side=48, frames=8).batch("pretrain", range(3)).clips
    assert clips.dtype == torch.uint8
    assert clips.shape == (3, 3, 8, 48, 48)


def test_frames_that_would_make_acts_unequal_are_refused():
    with pytest.raises(ValueError, match="multiple of 4"):
        Sprites(frames=14)


@pytest.mark.parametrize("space", CLASSES)
def test_every_class_occurs_and_none_dominates(many, space):
    counts = torch.bincount(many.labels[space], minlength=len(CLASSES[space])).double()
    expected = counts.sum() / len(counts)
    assert ((counts - expected) ** 2 / expected).sum() < 3 * len(counts)  # chi-square, far beyond its 99.9th percentile


@pytest.mark.parametrize(("one", "other"), [("appearance", "motion"), ("motion", "order"), ("appearance", "order")])
def test_label_spaces_are_independent(many, one, other):
    table = np.zeros((len(CLASSES[one]), len(CLASSES[other])))
    np.add.at(table, (many.labels[one].numpy(), many.labels[other].numpy()), 1)
    expected = table.sum(1, keepdims=True) * table.sum(0, keepdims=True) / table.sum()
    statistic, freedom = ((table - expected) ** 2 / expected).sum(), (table.shape[0] - 1) * (table.shape[1] - 1)
    assert abs(statistic - freedom) < 4.5 * np.sqrt(2 * freedom)


def test_only_the_order_of_frames_tells_orders_apart():
    """The mean colour of an act names its event; the mean over the clip is the same for all six orders."""
    batch = Sprites(side=32).batch("train", range(1200))
    colour = batch.clips.double().mean((3, 4)).unflatten(2, (4, 4)).mean(-1)  # (B, 3, acts)
    first = torch.tensor(ORDERS)[batch.labels["order"], 0]
    tinted = colour[torch.arange(len(first)), first]  # the channel of the first event, (B, acts)
    assert tinted[:, 1].mean() > tinted[:, 2].mean() + 30
    whole = colour.mean(-1)
    for order in range(len(ORDERS)):
        chosen = whole[batch.labels["order"] == order]
        assert ((chosen.mean(0) - whole.mean(0)).abs() < 4 * chosen.std(0) / len(chosen) ** 0.5).all()


def test_a_sprite_moves_by_its_velocity_within_an_act():
    """Brighter than any backdrop, a plain sprite can be found: its pixels shift by five columns per frame if it goes right fast."""
    batch = Sprites(seed=3).batch("train", range(600))
    plain = torch.tensor([name.startswith("plain") for name in CLASSES["appearance"]])[batch.labels["appearance"]]
    right = batch.labels["motion"] == CLASSES["motion"].index("fast right")
    sprite = (batch.clips[plain & right].amax(1) > 190).float()  # (B, F, side, side)
    assert len(sprite) > 3
    for act in range(4):
        assert torch.equal(sprite[:, 4 * act].roll(15, dims=2), sprite[:, 4 * act + 3])


def test_a_caption_states_every_label(many):
    captions = Sprites().captions("train", range(1536))
    for caption, order, colour in zip(captions[:50], many.labels["order"][:50].tolist(), many.colours, strict=False):
        assert f" {colour} " in caption.partition(" moves ")[0]
        events = caption.partition("backdrop")[2]
        places = [events.index(EVENTS[event]) for event in ORDERS[order]]
        assert places == sorted(places)
    assert len(set(captions)) > 900


def test_clip_zero_stays_what_it_was():
    """The pixels are part of every recorded number; a change of the generator must be a decision."""
    clip = Sprites().batch("test", [0]).clips
    assert int(clip.long().sum()) == CHECKSUM


CHECKSUM = 13459066
