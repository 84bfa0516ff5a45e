"""Can a printed percentage be k/n for a whole number k? (The GRIM idea of Brown and Heathers, 2017, for accuracies.)"""

import math
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from claimcheck.dossier import Quantity

Rounding = Literal["either", "half_up", "half_even", "half_down", "down", "up"]
"""How a number was shortened; `either` allows both neighbours at a tie, `down` and `up` cut instead of rounding."""

HALF = Fraction(1, 2)


class Reach(NamedTuple):
    """The numbers that print as one value, in units of its last digit from that value, and whether the ends belong to it."""

    low: Fraction
    high: Fraction
    with_low: bool
    with_high: bool


def reach(printed: int, rounding: Rounding) -> Reach:
    """What prints as `printed` units of the last digit."""
    even = printed % 2 == 0
    return {
        "either": Reach(-HALF, HALF, True, True),
        "half_up": Reach(-HALF, HALF, True, False),
        "half_even": Reach(-HALF, HALF, even, even),
        "half_down": Reach(-HALF, HALF, False, True),
        "down": Reach(Fraction(0), Fraction(1), True, False),
        "up": Reach(Fraction(-1), Fraction(0), False, True),
    }[rounding]


class Granularity(NamedTuple):
    """Whether a percentage is possible at `n`, and how much that says."""

    possible: bool
    counts: tuple[int, int]
    """Smallest and largest k whose percentage prints so; equal to (k, k - 1) style empty range if none does."""

    chance: float
    """Share of the printable values at this precision that would pass: 1 means the check has no power."""


def check(percentage: Quantity, n: int, rounding: Rounding = "either") -> Granularity:
    """Whole counts k in 0..n whose 100k/n is printed as `percentage`."""
    units = 100 * 10 ** decimals(percentage.value)
    printed = int(percentage.value * units / 100)
    allowed = reach(printed, rounding)
    low, high = (Fraction(printed + end) * n / units for end in allowed[:2])
    smallest = math.ceil(low) if allowed.with_low else math.floor(low) + 1
    largest = math.floor(high) if allowed.with_high else math.ceil(high) - 1
    smallest, largest = max(0, smallest), min(n, largest)
    return Granularity(smallest <= largest, (smallest, largest), chance(n, percentage.value, rounding))


def decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def chance(n: int, value: Decimal, rounding: Rounding = "either") -> float:
    """Share of the percentages printable with as many decimals as `value` that some k in 0..n gives.

    Up to n = 100·10^decimals every k prints as a value of its own, or at a tie as two; beyond, every value is printed by some k.
    """
    units: int = 100 * 10 ** decimals(value)
    if n > units:
        return 1.0
    return min(1.0, (n + 1 + (ties(n, units) if rounding == "either" else 0)) / (units + 1))


def ties(n: int, units: int) -> int:
    """How many k in 0..n lie exactly between two printable values: 2·units·k/n is then an odd whole number."""
    common = math.gcd(2 * units, n)
    return (common + 1) // 2 if (2 * units // common) % 2 else 0
