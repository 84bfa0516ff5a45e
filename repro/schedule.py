"""Learning rate, weight decay, momentum and loss weights as functions of the step. Standard library only.

`k` counts optimiser steps from 1, `i` counts iterations from 0.
"""

import math


def warmup_cosine(k: int, *, start: float, peak: float, final: float, warmup: int, total: int) -> float:
    """Learning rate of step `k`: linear from `start` to `peak` over `warmup` steps, then half a cosine down to `final` at `total`."""
    if k < warmup:
        return start + k / warmup * (peak - start)
    progress = (k - warmup) / max(1, total - warmup)
    return max(final, final + 0.5 * (peak - final) * (1 + math.cos(math.pi * progress)))


def linear_decay(k: int, *, peak: float, final: float, total: int) -> float:
    """Learning rate of step `k`: a straight line from `peak` to `final`, without warm-up."""
    return peak + k / max(1, total) * (final - peak)


def cosine(k: int, *, start: float, final: float, total: int) -> float:
    """Weight decay of step `k`: half a cosine from `start` to `final`, never beyond `final`."""
    value = final + 0.5 * (start - final) * (1 + math.cos(math.pi * k / total))
    return max(final, value) if final <= start else min(final, value)


def linear_capped(k: int, *, start: float, end: float, total: float) -> float:
    """Momentum of the target encoder at step `k`: a straight line from `start`, capped at `end`."""
    return min(end, start + (k - 1) * (end - start) / total)


def context_weight(i: int, *, value: float, start: int, end: int) -> float:
    """Weight of the context loss at iteration `i`: zero before `start`, linear up to `value` at `end`, then constant."""
    if i < start:
        return 0.0
    return value if i >= end else value * (i - start) / (end - start)


def anneal(epoch: int, epochs: int) -> float:
    """Factor on an annealed objective in `epoch` (from 0): half a cosine from 1 towards 0."""
    return 0.5 * (1 + math.cos(math.pi * epoch / epochs))
