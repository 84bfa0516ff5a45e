"""Do two lists of numbers rise together?"""

from collections.abc import Sequence
from statistics import correlation


def average_ranks(values: Sequence[float]) -> list[float]:
    """Rank of each value from 1, ties sharing the mean of their ranks."""
    order = sorted(values)
    return [(order.index(v) + 1 + len(order) - order[::-1].index(v)) / 2 for v in values]


def spearman(x: Sequence[float], y: Sequence[float]) -> float:
    """Spearman's rank correlation; ValueError if either list is constant."""
    return correlation(average_ranks(x), average_ranks(y))


def spearman_p(rho: float, n: int) -> float:
    """Two-sided p of no association, by Student's approximation (good for n of about 10 and more)."""
    if n < 3 or abs(rho) >= 1:
        return 0.0 if n >= 3 else 1.0
    from claimcheck.stats.seeds import student_cdf

    t = abs(rho) * ((n - 2) / (1 - rho * rho)) ** 0.5
    return 2 * (1 - student_cdf(t, n - 2))
