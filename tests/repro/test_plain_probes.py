import torch

from repro.probes.attentive import AttentiveProbe
from repro.probes.linear import LinearProbe


def test_attentive_probe_has_the_specified_number_of_parameters():
    d, c = 48, 10
    expected = 3 * (d * d + d) + d * d + d + 2 * d + d + d * c + c
    assert sum(p.numel() for p in AttentiveProbe(d, c).parameters()) == expected


def test_attentive_probe_does_not_depend_on_the_order_of_tokens():
    probe, features = AttentiveProbe(16, 3), torch.randn(2, 7, 16)
    assert torch.allclose(probe(features), probe(features[:, torch.randperm(7)]), atol=1e-6)


def test_one_pooled_vector_is_a_list_of_one_token():
    probe, feature = AttentiveProbe(16, 3), torch.randn(2, 16)
    assert torch.equal(probe(feature), probe(feature.unsqueeze(1)))


def test_attentive_probe_learns_what_only_single_tokens_tell():
    torch.manual_seed(0)
    labels = torch.arange(64) % 2
    features = torch.randn(64, 12, 16) * 0.3
    features[torch.arange(64), torch.randint(12, (64,)), 0] += 6.0 * labels - 3.0
    probe = AttentiveProbe(16, 2)
    optimiser = torch.optim.AdamW(probe.parameters(), lr=1e-2)
    for _ in range(60):
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(probe(features), labels).backward()
        optimiser.step()
    assert (probe(features).argmax(1) == labels).float().mean() > 0.95


def test_linear_probe_is_affine():
    probe, x = LinearProbe(4, 3), torch.randn(5, 4)
    assert torch.allclose(probe(2 * x) - probe(x), x @ probe.weight.T, atol=1e-6)
