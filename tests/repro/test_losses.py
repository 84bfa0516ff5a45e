import math

import pytest
import torch

from repro.latents import normalise_levels
from repro.losses import context_distance, context_loss, prediction_loss

GRID = (4, 4, 4)


def test_distance_is_the_root_of_the_distance_to_the_nearest_target():
    context, target = torch.tensor([[0, 21, 63]]), torch.tensor([[1, 42]])
    assert context_distance(context, target, GRID)[0].tolist() == pytest.approx([1.0, math.sqrt(math.sqrt(2)), 3**0.25])


def test_distances_equal_a_loop_over_tokens():
    order = torch.stack([torch.randperm(64) for _ in range(3)])
    context, target = order[:, :30], order[:, 30:]
    coordinates = torch.cartesian_prod(*[torch.arange(4)] * 3).double()
    looped = [
        [math.sqrt(min((coordinates[a] - coordinates[b]).norm().item() for b in row_b)) for a in row_a]
        for row_a, row_b in zip(context, target, strict=True)
    ]
    assert torch.allclose(context_distance(context, target, GRID), torch.tensor(looped))


def test_one_clip_and_one_token_keep_their_axes():
    assert context_distance(torch.tensor([[0]]), torch.tensor([[1]]), GRID).shape == (1, 1)


@pytest.mark.parametrize(("exponent", "value"), [(1.0, 3.0), (2.0, 4.5)])
def test_prediction_loss_is_the_mean_power_over_its_exponent(exponent, value):
    assert prediction_loss([torch.full((2, 3, 4), 3.0)], [torch.zeros(2, 3, 4)], exponent) == value


def test_views_count_alike_whatever_their_number_of_tokens():
    guesses = [torch.ones(1, 2, 4), torch.full((1, 6, 4), 3.0)]
    assert prediction_loss(guesses, [torch.zeros_like(x) for x in guesses]) == 2.0


def test_context_errors_are_divided_by_the_distance():
    error, zero = torch.ones(1, 2, 4), torch.zeros(1, 2, 4)
    assert context_loss([error], [zero], [torch.tensor([[1.0, 2.0]])]) == 0.75
    assert context_loss([error], [zero], None) == 1.0


def test_each_level_of_a_target_is_normalised_on_its_own():
    outputs = torch.randn(2, 5, 16) * torch.tensor([1.0, 5.0]).repeat_interleave(8)
    levels = normalise_levels(outputs, 8).view(2, 5, 2, 8)
    assert torch.allclose(levels.mean(-1), torch.zeros(2, 5, 2), atol=1e-6)
    assert torch.allclose(levels.var(-1, correction=0), torch.ones(2, 5, 2), atol=1e-3)
