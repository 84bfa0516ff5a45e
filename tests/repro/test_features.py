"""Features too large for memory are streamed, and a probe cannot tell."""

import subprocess
import sys

import pytest
import torch
from torch import nn

from repro import features
from repro.datasets import LabelledClips, Probe, ProbeProtocol
from repro.evaluate import score, train_head
from repro.features import DeviceFeatures, StoredFeatures, brought_to, extract, seen

GROWTH = """
import resource, torch
from torch import nn
from repro import features
from repro.datasets import LabelledClips, Probe, ProbeProtocol
from repro.evaluate import score, train_head
torch.set_num_threads(1)
features.IN_MEMORY = 1 << 20

class Wide(nn.Module):
    def forward(self, clips, levels):
        return clips.flatten(1)[:, :1, None].expand(-1, 128, 512).contiguous()

def peak(count):
    clips = LabelledClips(labels=torch.arange(count) % 2, read=lambda i: torch.ones(len(i), 3, 1, 1, 1, dtype=torch.uint8))
    task = Probe(name="p", clips="p", classes=("a", "b"), protocol=ProbeProtocol(head="attentive", pooled=False), train=clips, test=clips)
    stored = features.extract(Wide(), clips, "cpu")
    assert isinstance(stored, features.StoredFeatures)
    score(train_head(task, stored, 1, 0), task, stored)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

small = peak(256)
print(peak(1536) - small)
"""


class Made(nn.Module):
    """An encoder whose tokens, exact in half precision, tell the clip's class on one token out of five."""

    def forward(self, clips: torch.Tensor, levels: bool) -> torch.Tensor:
        position = (clips[:, 0, 0, 0, 0] * 1000).round().long()
        tokens = torch.stack([torch.randn(5, 16, generator=torch.Generator().manual_seed(int(p))) for p in position])
        return tokens.half().float()


def clips(count: int = 150) -> LabelledClips:
    def read(indices):
        return torch.tensor(list(indices), dtype=torch.uint8).view(-1, 1, 1, 1, 1).expand(-1, 3, 1, 1, 1)

    return LabelledClips(labels=torch.arange(count) % 3, read=read)


@pytest.fixture(scope="module")
def kept():
    return extract(Made(), clips(), "cpu")


@pytest.fixture
def stored(tmp_path, monkeypatch):
    monkeypatch.setattr(features, "IN_MEMORY", 1000)
    return extract(Made(), clips(), "cpu", folder=tmp_path)


def test_small_features_stay_in_memory_and_large_ones_read_the_same(kept, stored):
    chosen = torch.tensor([149, 3, 70])
    assert isinstance(kept, torch.Tensor)
    assert isinstance(stored, StoredFeatures)
    assert stored.shape == kept.shape == (150, 5, 16)
    assert torch.equal(stored[chosen], kept[chosen])
    assert torch.equal(stored[60:], kept[60:])
    beside = DeviceFeatures(kept.half())
    assert beside.shape == kept.shape
    assert torch.equal(beside[chosen], kept.half()[chosen].float())
    assert torch.equal(beside[60:], kept.half()[60:].float())
    assert brought_to(stored, "cpu") is stored


def test_a_probe_on_stored_features_scores_the_same(kept, stored):
    for pooled, head in ((False, "attentive"), (True, "attentive"), (True, "linear")):
        protocol = ProbeProtocol(head=head, pooled=pooled, lr=1e-2)
        task = Probe(name="made", clips="made", classes=("a", "b", "c"), protocol=protocol, train=clips(), test=clips())
        one, other = (seen(side, protocol) for side in (kept, stored))
        beside = seen(DeviceFeatures(kept), protocol)
        assert score(train_head(task, one, 5, seed=0), task, one) == score(train_head(task, beside, 5, seed=0), task, beside)
        assert score(train_head(task, one, 5, seed=0), task, one) == score(train_head(task, other, 5, seed=0), task, other)


def test_tokens_that_no_probe_reads_are_not_kept(kept):
    pooled = extract(Made(), clips(), "cpu", pooled=True)
    assert torch.equal(pooled, kept.mean(1, keepdim=True))


def test_nothing_is_left_to_be_reused(stored, tmp_path):
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_noticed_early(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(features, "IN_MEMORY", 1000)
    monkeypatch.setattr("os.posix_fallocate", full)
    with pytest.raises(OSError, match="the features of 150 clips take 24,000 bytes"):
        extract(Made(), clips(), "cpu", folder=tmp_path)


def test_memory_stays_flat_however_large_the_features_are():
    """1,536 clips have 192 MB of stored features; beyond what 256 clips take, the peak may grow by a quarter of that."""
    done = subprocess.run([sys.executable, "-c", GROWTH], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 48
