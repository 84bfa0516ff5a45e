"""Motion8: the study's synthetic clips, from the written law."""

import numpy as np
import pytest
import torch

from repro.datasets.motion8 import DIRECTIONS, generate, pretrain_clips, probe_sets


def centre(frame: torch.Tensor) -> tuple[float, float]:
    """Mean column and row of the pixels that are all one colour brighter than background and noise can be."""
    bright = frame.amin(0).gt(109).nonzero().double() if frame.amin(0).gt(109).any() else frame.amax(0).gt(119).nonzero().double()
    return bright[:, 1].mean().item(), bright[:, 0].mean().item()


@pytest.fixture(scope="module")
def sets():
    return probe_sets()


def test_sizes_and_split_are_the_studys(sets):
    train, test = sets
    assert train.clips.shape == (160, 3, 8, 160, 160)
    assert test.clips.shape == (40, 3, 8, 160, 160)
    assert torch.bincount(test.labels).tolist() == [5] * 8
    assert train.labels[:9].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 0]


def test_draws_follow_the_written_order():
    rng = np.random.default_rng(42)
    background = rng.integers(0, 80, size=3)
    noise = rng.integers(0, 30, size=(32, 160, 160, 1))
    clip = generate(42, (0, 0))
    corner = clip[:, 5, 0, 0] if clip[:, 5, 0, 0].max() < 110 else clip[:, 5, -1, -1]
    assert corner.tolist() in [(background + noise[5, y, x]).tolist() for y, x in ((0, 0), (-1, -1))]


def test_fewer_frames_are_the_first_frames():
    assert torch.equal(generate(50, (4, 0), frames=8), generate(50, (4, 0))[:, :8])


@pytest.mark.parametrize(("label", "velocity"), list(enumerate(DIRECTIONS.values())))
def test_blobs_move_by_the_velocity_of_their_label(sets, label, velocity):
    clip = sets[0].clips[(sets[0].labels == label)][0]
    (x0, y0), (x1, y1) = centre(clip[:, 0]), centre(clip[:, 1])
    assert (round(x1 - x0), round(y1 - y0)) in {velocity, (0, velocity[1]), (velocity[0], 0), (0, 0)}


def test_a_blob_stops_at_the_border():
    clip = generate(43, (4, 0))
    assert torch.equal(centre_pair(clip, 30), centre_pair(clip, 31))


def centre_pair(clip: torch.Tensor, frame: int) -> torch.Tensor:
    return torch.tensor(centre(clip[:, frame]))


def test_more_test_clips_keep_the_studys_forty_first(sets):
    _, more = probe_sets(test_clips=42)
    assert torch.equal(more.clips[:40], sets[1].clips)


def test_pretraining_clips_draw_their_velocity_last():
    drawn, fixed = pretrain_clips(2)[1], generate(1, (0, 0))
    assert torch.equal(drawn[:, 0], fixed[:, 0])
