"""Does a stated probability come true as often as it says? Frequencies fitted on labelled cases, and how far off they are on others."""

from collections.abc import Sequence
from typing import NamedTuple

BINS = 10


class Bin(NamedTuple):
    """Cases whose stated probability is alike."""

    stated: float
    """Mean stated probability."""

    came_true: float
    n: int


def frequency(right: int, n: int) -> float:
    """The probability that the next case is right, after `right` of `n` were: Laplace's rule, which is never certain."""
    return (right + 1) / (n + 2)


def reliability(stated: Sequence[float], right: Sequence[bool], bins: int = BINS) -> tuple[Bin, ...]:
    """The cases in bins of equal count by stated probability, smallest first; equal probabilities are never parted."""
    if len(stated) != len(right):
        raise ValueError(f"{len(stated)} probabilities and {len(right)} outcomes")
    ordered = sorted(zip(stated, right, strict=True))
    found, group = [], list[tuple[float, bool]]()
    for index, case in enumerate(ordered):
        group.append(case)
        last = index + 1 == len(ordered)
        if last or (len(group) >= len(ordered) / bins and ordered[index + 1][0] != case[0]):
            found.append(Bin(sum(p for p, _ in group) / len(group), sum(r for _, r in group) / len(group), len(group)))
            group = []
    return tuple(found)


def expected_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: the mean distance of what was stated from what came true, each bin by its count."""
    n = sum(b.n for b in bins)
    return sum(b.n * abs(b.stated - b.came_true) for b in bins) / n if n else 0.0
