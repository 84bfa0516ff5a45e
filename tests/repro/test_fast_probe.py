"""The pooled attentive probe is the plain one, computed without what nobody reads."""

import pytest
import torch
from torch.nn.functional import cross_entropy

from repro.probes.attentive import AttentiveProbe
from repro.probes.pooled_attentive import PooledAttentiveProbe


def pair(dim: int, classes: int, qkv_bias: bool = True) -> tuple[AttentiveProbe, PooledAttentiveProbe]:
    torch.manual_seed(0)
    plain, fast = AttentiveProbe(dim, classes, qkv_bias=qkv_bias), PooledAttentiveProbe(dim, classes, qkv_bias=qkv_bias)
    for parameter in plain.parameters():
        parameter.data.add_(0.1 * torch.randn_like(parameter))  # biases start at zero, which would hide a forgotten one
    fast.load_state_dict(plain.state_dict())
    return plain, fast


@pytest.mark.parametrize(("batch", "tokens", "dim"), [(3, 50, 64), (2, 1, 32), (4, 196, 768)])
@pytest.mark.parametrize("qkv_bias", [True, False])
def test_logits_and_gradients_are_those_of_the_plain_probe(batch, tokens, dim, qkv_bias):
    plain, fast = pair(dim, 10, qkv_bias)
    features, labels = torch.randn(batch, tokens, dim), torch.arange(batch)
    for probe in (plain, fast):
        cross_entropy(probe(features), labels).backward()
    assert torch.allclose(plain(features), fast(features), rtol=0, atol=1e-5)
    for (name, expected), (_, found) in zip(plain.named_parameters(), fast.named_parameters(), strict=True):
        assert torch.allclose(expected.grad, found.grad, rtol=0, atol=1e-5), name


def test_the_gradient_of_the_features_is_right_too():
    plain, fast = pair(64, 5)
    inputs = [torch.randn(2, 20, 64, generator=torch.Generator().manual_seed(1), requires_grad=True) for _ in range(2)]
    for probe, features in zip((plain, fast), inputs, strict=True):
        probe(features).square().sum().backward()
    assert torch.allclose(inputs[0].grad, inputs[1].grad, rtol=1e-4, atol=1e-5)


def test_training_ends_at_the_same_weights():
    plain, fast = pair(32, 4)
    generator = torch.Generator().manual_seed(2)
    features, labels = torch.randn(16, 12, 32, generator=generator), torch.randint(4, (16,), generator=generator)
    for probe in (plain, fast):
        optimizer = torch.optim.SGD(probe.parameters(), lr=0.1)
        for _ in range(20):
            optimizer.zero_grad()
            cross_entropy(probe(features), labels).backward()
            optimizer.step()
    for expected, found in zip(plain.parameters(), fast.parameters(), strict=True):
        assert torch.allclose(expected, found, atol=1e-4)
