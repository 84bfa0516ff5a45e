"""Frame dropout: the right frames go, the right thing stands in for them, and encoders can be compared on the same losses."""

import pytest
import torch

from repro.datasets.dropout import drop_frames, dropping


def numbered(clips: int = 2, frames: int = 8) -> torch.Tensor:
    """Frame f of a clip has the value 10 + f everywhere."""
    return (10 + torch.arange(frames)).to(torch.uint8).view(1, 1, frames, 1, 1).expand(clips, 3, frames, 2, 2).clone()


def values(clips: torch.Tensor, clip: int = 0) -> list[int]:
    return clips[clip, 0, :, 0, 0].tolist()


@pytest.mark.parametrize(("rate", "gone"), [(0.0, 0), (0.25, 2), (0.5, 4), (1.0, 7)])
def test_as_many_frames_go_as_the_rate_says_but_never_the_first(rate, gone):
    dropped = values(drop_frames(numbered(), [0, 1], rate, "zero", seed=0))
    assert dropped.count(0) == gone
    assert dropped[0] == 10


def test_a_missing_frame_repeats_the_last_one_that_is_there():
    zeros = values(drop_frames(numbered(), [0, 1], 0.5, "zero", seed=0))
    last, expected = 0, []
    for value in zeros:
        last = value or last
        expected.append(last)
    assert values(drop_frames(numbered(), [0, 1], 0.5, "repeat", seed=0)) == expected


def test_the_mean_is_of_the_frames_that_are_there():
    zeros = values(drop_frames(numbered(), [0, 1], 0.5, "zero", seed=0))
    kept = [value for value in zeros if value]
    mean = values(drop_frames(numbered(), [0, 1], 0.5, "mean", seed=0))
    assert {m for m, z in zip(mean, zeros, strict=True) if not z} == {round(sum(kept) / len(kept))}


def test_losses_are_paired_across_batches_and_nested_across_rates():
    together = drop_frames(numbered(3), [4, 5, 6], 0.5, "zero", seed=1)
    alone = drop_frames(numbered(1), [5], 0.5, "zero", seed=1)
    more = drop_frames(numbered(1), [5], 0.75, "zero", seed=1)
    assert torch.equal(together[1], alone[0])
    assert (more[alone == 0] == 0).all()


def test_seeds_and_clips_lose_different_frames():
    one = drop_frames(numbered(2, 16), [0, 1], 0.5, "zero", seed=0)
    other = drop_frames(numbered(2, 16), [0, 1], 0.5, "zero", seed=1)
    assert values(one) != values(other)
    assert values(one, 0) != values(one, 1)


def test_the_clips_that_were_read_stay_as_they_are():
    clips = numbered()
    dropping(lambda indices: clips, 0.5, "zero", 0)([0, 1])
    assert torch.equal(clips, numbered())


def test_an_impossible_rate_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        drop_frames(numbered(), [0, 1], 1.5, "zero", 0)
