import random

import numpy as np
import pytest
import torch

from repro.transforms import (
    CropBox,
    clip_indices,
    crop_box,
    eval_indices,
    eval_transform,
    frame_step,
    train_batch,
    train_transform,
    weighted_indices,
    window_end_range,
)


def test_ranks_share_one_list_of_indices():
    whole = weighted_indices([5, 7], [0.5, 0.5], epoch=3)
    shares = [weighted_indices([5, 7], [0.5, 0.5], epoch=3, rank=rank, ranks=2) for rank in (0, 1)]
    assert np.array_equal(np.stack(shares, 1).flatten(), whole)


def test_weights_are_those_of_sets_not_of_items():
    drawn = weighted_indices([10, 9990], [0.5, 0.5], epoch=0)
    assert (drawn < 10).mean() == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize(("fps", "target", "step"), [(25.0, 16, 1), (29.97, 16, 1), (60.0, 16, 3), (8.0, 4, 2)])
def test_frame_step_rounds_the_frame_rate_up_first(fps, target, step):
    assert frame_step(fps, target) == step


def test_a_video_slower_than_the_target_rate_is_an_error():
    with pytest.raises(ValueError, match=r"12\.0 frames per second cannot be sampled at 16"):
        frame_step(12.0, 16)


def test_a_window_can_never_end_at_the_last_frame():
    assert window_end_range(100, 16, 2) == range(32, 100)
    assert window_end_range(32, 16, 2) is None


def test_a_window_is_sampled_from_end_to_end():
    indices = clip_indices(100, 16, 2, 40)
    assert (indices[0], indices[-1]) == (8, 39)
    assert set(np.diff(indices)) == {2, 3, 1} or set(np.diff(indices)) <= {1, 2, 3}


@pytest.mark.parametrize("length", [1, 2, 9, 31, 32])
def test_short_videos_are_padded_with_their_last_frame(length):
    indices = clip_indices(length, 16, 2, None)
    assert len(indices) == 16
    assert indices[-1] == length - 1
    assert (np.diff(indices) >= 0).all()


def test_random_crops_fit_the_frame_and_the_ranges():
    rng = random.Random(0)
    for _ in range(300):
        top, left, height, width = crop_box(120, 160, (0.3, 1.0), (0.75, 1.35), rng)
        assert 0 <= top <= 120 - height
        assert 0 <= left <= 160 - width
        assert 0.29 < height * width / (120 * 160) <= 1
        assert 0.73 < width / height < 1.38


@pytest.mark.parametrize(("height", "width", "box"), [(10, 100, (0, 43, 10, 14)), (100, 10, (43, 0, 13, 10)), (20, 20, (0, 0, 20, 20))])
def test_frames_that_no_crop_fits_are_cut_to_the_centre(height, width, box):
    assert crop_box(height, width, (1.0, 1.0), (0.75, 1.35), random.Random(0), tries=0) == CropBox(*box)


def test_train_transform_normalises_and_flips():
    video = torch.zeros(2, 8, 8, 3, dtype=torch.uint8)
    video[:, :, :4] = 255
    box, mean, std = CropBox(0, 0, 8, 8), (0.5, 0.5, 0.5), (0.5, 0.5, 0.5)
    plain = train_transform(video, box, False, 8, mean, std)
    assert plain[0, 0, 0].tolist() == [1.0] * 4 + [-1.0] * 4
    assert torch.equal(train_transform(video, box, True, 8, mean, std), plain.flip(-1))


@pytest.mark.parametrize("short", [284, 332, 240, 721])
def test_eval_transform_keeps_the_whole_square_at_every_short_side(short):
    clip = eval_transform(torch.randint(0, 255, (1, short, short + 30, 3), dtype=torch.uint8), 224)
    assert clip.shape == (3, 1, 224, 224)
    assert clip.std() > 0.1


@pytest.mark.parametrize(("length", "first", "last"), [(1, 0, 0), (7, 0, 6), (16, 0, 15), (40, 0, 39)])
def test_eval_frames_span_the_video(length, first, last):
    indices = eval_indices(length, 16)
    assert (len(indices), indices[0], indices[-1]) == (16, first, last)


def test_a_batch_of_clips_of_any_sizes_is_transformed_as_each_alone():
    videos = [torch.randint(0, 256, (4, height, width, 3), dtype=torch.uint8) for height, width in ((40, 52), (31, 64), (40, 52))]
    boxes = [CropBox(3, 5, 30, 40), CropBox(0, 0, 31, 64), CropBox(10, 11, 20, 17)]
    flips = [True, False, True]
    batch = train_batch(videos, boxes, flips, 4, 24)
    alone = torch.stack([train_transform(*each, 24) for each in zip(videos, boxes, flips, strict=True)])
    assert (batch - alone).abs().max() <= 1e-5


def test_a_still_fills_its_clip():
    video = torch.randint(0, 256, (1, 40, 52, 3), dtype=torch.uint8)
    box = CropBox(3, 5, 30, 40)
    expected = train_transform(video.expand(4, -1, -1, -1), box, True, 24)
    assert (train_batch([video], [box], [True], 4, 24)[0] - expected).abs().max() <= 1e-5


def test_a_batch_that_is_still_held_is_never_overwritten():
    videos = [torch.full((1, 40, 40, 3), value, dtype=torch.uint8) for value in range(6)]
    box = CropBox(0, 0, 40, 40)
    held = [train_batch([video], [box], [False], 4, 24)[0, :, 1:] for video in videos]
    assert len({clip.unique().numel() for clip in held}) == 1
    assert [round((clip[0].mean().item() * 0.229 + 0.485) * 255) for clip in held] == list(range(6))


def test_the_memory_of_a_batch_that_was_let_go_is_used_again():
    video, box = torch.zeros(4, 40, 40, 3, dtype=torch.uint8), CropBox(0, 0, 40, 40)
    seen = {train_batch([video], [box], [False], 4, 24).data_ptr() for _ in range(5)}
    assert len(seen) <= 2
