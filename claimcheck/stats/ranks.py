"""Do two lists of numbers rise together?"""

from collections.abc import Sequence
from math import factorial
from statistics import correlation


def average_ranks(values: Sequence[float]) -> list[float]:
    """Rank of each value from 1, ties sharing the mean of their ranks."""
    order = sorted(values)
    return [(order.index(v) + 1 + len(order) - order[::-1].index(v)) / 2 for v in values]


def spearman(x: Sequence[float], y: Sequence[float]) -> float:
    """Spearman's rank correlation; ValueError if either list is constant."""
    return correlation(average_ranks(x), average_ranks(y))


def spearman_p(rho: float, n: int) -> float:
    """Two-sided p of no association: Student's approximation, but never less than two of all n! orders, which is what
    a perfect correlation of few methods amounts to."""
    if n < 3:
        return 1.0
    least = 2 / factorial(n)
    if abs(rho) >= 1:
        return least
    from claimcheck.stats.seeds import student_cdf

    t = abs(rho) * ((n - 2) / (1 - rho * rho)) ** 0.5
    return max(least, 2 * (1 - student_cdf(t, n - 2)))
