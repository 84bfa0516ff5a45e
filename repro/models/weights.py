"""Weights in and out: strict loading by name, the release's checkpoints, safetensors."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from repro.record import nearest

WRAPPERS = ("module.", "backbone.")
"""Prefixes that wrapping networks leave on names: data-parallel training, and the release's multi-mask wrapper."""


def load_strictly(network: nn.Module, weights: Mapping[str, Tensor]) -> None:
    """Copy `weights` into `network`. Every name and shape must match: one misspelt name would leave a random matrix behind.

    Prefixes of wrapping networks are dropped. Raises ValueError that lists what is missing, unexpected or misshapen.
    """
    named = {_bare(name): tensor for name, tensor in weights.items()}
    own = network.state_dict()
    problems = [f"missing {name}" for name in own if name not in named]
    problems += [f"unexpected {name} ({nearest(name, own)})" for name in named if name not in own]
    problems += [
        f"{name} has shape {tuple(tensor.shape)}, expected {tuple(own[name].shape)}"
        for name, tensor in named.items()
        if name in own and tensor.shape != own[name].shape
    ]
    if problems:
        raise ValueError(f"weights do not fit {type(network).__name__}: {'; '.join(problems[:8])}{' ...' if len(problems) > 8 else ''}")
    network.load_state_dict(named, strict=True)


def load_release(network: nn.Module, path: Path, part: Literal["target_encoder", "encoder", "predictor"]) -> None:
    """Load one network of a checkpoint of the release, `latest.pth.tar`. Only tensors are unpickled, no code is run."""
    checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    if not isinstance(checkpoint, dict) or part not in checkpoint:
        held = checkpoint if isinstance(checkpoint, dict) else ()
        raise ValueError(f"{path} holds no {part!r}; {nearest(part, [str(name) for name in held])}")
    load_strictly(network, checkpoint[part])


def export_safetensors(network: nn.Module, path: Path) -> None:
    """Write the network's weights under their own names."""
    save_file({name: tensor.contiguous() for name, tensor in network.state_dict().items()}, path)


def import_safetensors(network: nn.Module, path: Path) -> None:
    """Read what `export_safetensors` wrote, strictly."""
    load_strictly(network, load_file(path))


def _bare(name: str) -> str:
    for prefix in WRAPPERS:
        name = name.removeprefix(prefix)
    return name
