"""Can a printed percentage be k/n for a whole number k? (The GRIM idea of Brown and Heathers, 2017, for accuracies.)"""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import NamedTuple

from claimcheck.dossier import Quantity


class Granularity(NamedTuple):
    """Whether a percentage is possible at `n`, and how much that says."""

    possible: bool
    counts: tuple[int, int]
    """Smallest and largest k whose percentage prints so; equal to (k, k - 1) style empty range if none does."""

    chance: float
    """Share of the printable values at this precision that would pass: 1 means the check has no power."""


def check(percentage: Quantity, n: int) -> Granularity:
    """Whole counts k in 0..n with 100k/n in the interval of values that print as `percentage`, either tie rule allowed."""
    low, high = percentage.interval
    smallest = int((low * n / 100).to_integral_value(ROUND_CEILING))
    largest = int((high * n / 100).to_integral_value(ROUND_FLOOR))
    smallest, largest = max(0, smallest), min(n, largest)
    return Granularity(smallest <= largest, (smallest, largest), chance(n, percentage.value))


def chance(n: int, value: Decimal) -> float:
    """Share of the percentages printable with as many decimals as `value` that some k in 0..n gives."""
    exponent = value.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    printable = int(Decimal(100).scaleb(decimals)) + 1
    return min(1.0, (n + 1) / printable)
