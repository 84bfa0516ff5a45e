"""Probes: what classifies frozen features. A new head is a file here and a line below."""

from torch import nn

from repro.probes.attentive import AttentiveProbe
from repro.probes.linear import LinearProbe
from repro.probes.mean_pool import MeanPoolProbe
from repro.probes.pooled_attentive import PooledAttentiveProbe

HEADS: dict[str, type[nn.Module]] = {
    "attentive": PooledAttentiveProbe,
    "attentive_plain": AttentiveProbe,
    "linear": LinearProbe,
    "mean_pool": MeanPoolProbe,
}
"""Name to classifier of (dim, classes)."""
