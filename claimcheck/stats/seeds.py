"""How sure a sign is when only one or two seeds of a recipe were run."""

import math
from collections.abc import Sequence
from statistics import NormalDist, stdev


def spread(scores: Sequence[float]) -> float:
    """Largest minus smallest score of one recipe over its seeds."""
    return max(scores) - min(scores)


def sign_probability(effect: float, sampling_error: float, seed_scores: Sequence[float] = ()) -> float:
    """Probability that the true difference has the sign of `effect`, under a flat prior.

    With two or more scores of one recipe over seeds, a single run's seed deviation is estimated from them and enters
    twice (both sides of the difference are single runs); the tail is Student's t with that many degrees of freedom less
    one. Without, only sampling error counts, and the caller must say so.
    """
    if len(seed_scores) < 2:
        return NormalDist().cdf(abs(effect) / sampling_error)
    error = math.sqrt(sampling_error**2 + 2 * stdev(seed_scores) ** 2)
    return student_cdf(abs(effect) / error, len(seed_scores) - 1)


def student_cdf(t: float, degrees: int) -> float:
    """Student's t distribution function; Cauchy's in closed form at one degree."""
    if degrees == 1:
        return 0.5 + math.atan(t) / math.pi
    from scipy.special import stdtr  # a fifth of the import time of scipy.stats, and two seeds are the common case

    return float(stdtr(degrees, t))


def mean_interval(differences: Sequence[float], sampling_error: float = 0.0, level: float = 0.95) -> tuple[float, float]:
    """Student's interval of the mean of paired per-seed differences; needs at least two.

    The seeds are probed on one test set, so the sampling error of a difference does not average away over them: it is
    added to the half width in quadrature.
    """
    from scipy.special import stdtrit

    k = len(differences)
    centre = sum(differences) / k
    half = float(stdtrit(k - 1, 0.5 + level / 2)) * stdev(differences) / math.sqrt(k)
    half = math.hypot(half, NormalDist().inv_cdf(0.5 + level / 2) * sampling_error)
    return centre - half, centre + half


def prediction_interval(values: Sequence[float], least_sd: float = 0.0, half_unit: float = 0.0, level: float = 0.95) -> tuple[float, float]:
    """Where one more value from the same normal distribution lies; needs at least two.

    Two floors: the standard deviation is at least `least_sd` (the binomial one of a share of samples), the half width at least
    `half_unit`, half a unit of the last digit that values are printed with.
    """
    from scipy.special import stdtrit

    k = len(values)
    centre, sd = sum(values) / k, max(stdev(values), least_sd)
    half = max(float(stdtrit(k - 1, 0.5 + level / 2)) * sd * math.sqrt(1 + 1 / k), half_unit)
    return centre - half, centre + half
