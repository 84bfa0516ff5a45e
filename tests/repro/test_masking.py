from dataclasses import replace

import pytest
import torch
from torch.nn.functional import interpolate

from repro.experiment import MaskSpec
from repro.masking import block_size, motion_map, sample_masks
from repro.masking.motion_guided import block_scores

GRID = (8, 14, 14)
SPEC = MaskSpec(num_blocks=8, spatial_scale=(0.15, 0.15))


def draw(spec: MaskSpec, batch: int = 4, step: int = 0, seed: int = 0, motion: torch.Tensor | None = None, grid=GRID):
    return sample_masks(spec, batch, grid, step, torch.Generator().manual_seed(seed), motion)


def ascending(indices: torch.Tensor) -> bool:
    return bool((indices[:, 1:] > indices[:, :-1]).all())


def test_context_and_target_are_ascending_and_disjoint():
    context, target = draw(SPEC)
    assert ascending(context)
    assert ascending(target)
    assert all(not set(a.tolist()) & set(b.tolist()) for a, b in zip(context, target, strict=True))


def test_one_clip_is_split_without_loss():
    context, target = draw(SPEC, batch=1)
    assert context.shape[1] + target.shape[1] == 8 * 14 * 14


def test_lists_are_cut_to_the_shortest_of_the_batch_keeping_early_tokens():
    one = [draw(SPEC, batch=1, seed=seed) for seed in range(30)]
    context, _ = draw(SPEC, batch=8)
    assert context.shape[1] < max(mask.context.shape[1] for mask in one)
    assert (context // 196).float().mean() < 3.5  # late steps go first


def test_full_complement_predicts_everything_the_context_leaves_out():
    context, target = draw(replace(SPEC, full_complement=True))
    assert context.shape[1] + target.shape[1] == 8 * 14 * 14


def test_max_temporal_keep_shows_the_first_steps_only():
    assert draw(replace(SPEC, max_temporal_keep=0.5)).context.max() < 4 * 196


def test_max_keep_caps_the_context():
    assert draw(replace(SPEC, max_keep=50)).context.shape[1] == 50


def test_the_block_size_depends_on_the_step_and_the_positions_on_the_generator():
    first, again, other = draw(SPEC), draw(SPEC), draw(SPEC, seed=1)
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert not torch.equal(first.target[:, :50], other.target[:, :50])
    assert len({block_size(SPEC, GRID, step) for step in range(50)}) > 1


def test_the_global_random_stream_is_left_alone():
    motion, before = torch.rand(4, *GRID), torch.get_rng_state()
    draw(replace(SPEC, motion_gamma=2.0), motion=motion)
    assert torch.equal(torch.get_rng_state(), before)


def test_blocks_that_cover_everything_are_an_error_not_a_hang():
    with pytest.raises(ValueError, match="leave no context"):
        draw(MaskSpec(num_blocks=1, spatial_scale=(1.0, 1.0), aspect_ratio=(1.0, 1.0)))


def test_a_single_context_token_is_a_list_of_one():
    spec = MaskSpec(num_blocks=1, spatial_scale=(0.5, 0.5), aspect_ratio=(1.0, 1.0), max_keep=1)
    assert draw(spec, grid=(2, 3, 3)).context.shape == (4, 1)


@pytest.mark.parametrize("grid", [(8, 14, 14), (4, 4, 6), (16, 7, 5), (3, 40, 40)])
def test_motion_map_equals_the_resized_map_of_all_pixels(grid):
    clip = torch.randn(2, 3, 16, 56, 42, generator=torch.Generator().manual_seed(0))
    change = (clip[:, :, 1:] - clip[:, :, :-1]).abs().mean(1, keepdim=True)
    full = torch.cat([change[:, :, :1], change], 2)
    plain = interpolate(full, size=grid, mode="trilinear", align_corners=False).squeeze(1)
    assert torch.allclose(motion_map(clip, grid), plain / plain.flatten(1).amax(1).view(-1, 1, 1, 1), atol=1e-6)


def test_a_single_frame_has_no_motion():
    assert torch.equal(motion_map(torch.randn(2, 3, 1, 32, 32), (1, 4, 4)), torch.zeros(2, 1, 4, 4))


def test_block_scores_are_the_means_inside_the_blocks():
    motion = torch.rand(2, 5, 6, 7)
    scores = block_scores(motion, (2, 3, 4))
    assert scores.shape == (2, 4, 4, 4)
    assert scores[1, 2, 1, 3].item() == pytest.approx(motion[1, 2:4, 1:4, 3:7].mean().item(), rel=1e-6)


def hidden_share(motion: torch.Tensor, spec: MaskSpec) -> torch.Tensor:
    """How often each place is predicted, of 100 draws of one clip."""
    times = torch.zeros(GRID).flatten()
    for seed in range(100):
        times[draw(spec, batch=1, seed=seed, motion=motion).target[0]] += 1
    return times.view(GRID).mean(0) / 100


def test_guided_blocks_go_where_things_move():
    motion = torch.zeros(1, *GRID)
    motion[:, :, 2:4, 2:4] = 1.0
    guided = hidden_share(motion, replace(SPEC, num_blocks=1, motion_gamma=5.0, random_rate=0.0))
    assert guided[2:4, 2:4].min() > 0.95
    assert guided[8:, 8:].max() == 0


def test_the_random_rate_keeps_some_blocks_uniform():
    motion = torch.zeros(1, *GRID)
    motion[:, :, 2:4, 2:4] = 1.0
    assert hidden_share(motion, replace(SPEC, num_blocks=1, motion_gamma=5.0, random_rate=1.0))[8:, 8:].max() > 0


def test_a_clip_that_stands_still_is_masked_uniformly():
    still = motion_map(torch.zeros(1, 3, 16, 224, 224), GRID)
    guided = hidden_share(still, replace(SPEC, num_blocks=1, motion_gamma=5.0, random_rate=0.0))
    assert 0 < guided[:7].sum() / guided.sum() < 1
    assert guided[7:].sum() / guided.sum() == pytest.approx(0.5, abs=0.15)
