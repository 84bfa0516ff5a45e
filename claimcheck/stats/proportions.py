"""Two accuracies measured once each on held-out samples: their difference and its sampling error."""

import math
from statistics import NormalDist
from typing import NamedTuple


class ProportionDifference(NamedTuple):
    """A difference of two percentages, in percentage points."""

    difference: float
    standard_error: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


def compare(percent: float, n: int, other_percent: float, other_n: int, level: float = 0.95) -> ProportionDifference:
    """`percent` of `n` minus `other_percent` of `other_n`, with a two-sided interval.

    Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, method 10), which keeps its coverage near 0 and
    100 percent; the standard error is the unpooled one. The two samples are taken as independent: on one test set that
    is conservative when the two models err on the same samples.
    """
    p, q = percent / 100, other_percent / 100
    low_p, high_p = wilson(p, n, level)
    low_q, high_q = wilson(q, other_n, level)
    difference = p - q
    low = difference - math.hypot(p - low_p, high_q - q)
    high = difference + math.hypot(high_p - p, q - low_q)
    error = math.sqrt(p * (1 - p) / n + q * (1 - q) / other_n)
    if error == 0:  # 0 or 100 percent on both sides: what the interval allows, as a standard error
        error = (high - low) / (2 * NormalDist().inv_cdf(0.5 + level / 2))
    return ProportionDifference(100 * difference, 100 * error, 100 * low, 100 * high)


def wilson(p: float, n: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of a proportion `p` seen in `n` samples."""
    z = NormalDist().inv_cdf(0.5 + level / 2)
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)
