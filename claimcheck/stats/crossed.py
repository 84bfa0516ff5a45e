"""Methods and a baseline scored from the same seeds on the same test samples: what their differences may truly be.

Seeds and samples are crossed: every run of a seed is scored on every sample. The spread of the paired differences over seeds says
what another seed would change; the samples that all seeds get right or wrong alike say what other samples would. Draws of the true
differences are made by a multiplier bootstrap over both: residuals of seeds and of samples are multiplied by standard normal numbers,
those of seeds further by the factor that turns a normal into Student's t with K - 1 degrees. For one method that is the posterior under a
flat prior on the difference and Jeffreys's prior on the seed variance; methods stay correlated as their shared baseline, seeds
and samples make them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DRAWS = 20_000
SURE = 0.975
"""A statement is decided when its probability reaches this, or falls to one less this: the two sides of a 95% interval."""

SEED_NUMBERS = (3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100, 200, 500, 1000)

PRIOR = "flat on each difference, Jeffreys's on the variance over seeds"


class Interval(NamedTuple):
    low: float
    high: float


@dataclass(frozen=True)
class Crossed:
    """Differences of M methods from one baseline over K seeds, in percentage points."""

    differences: Floats
    """(K, M): score of a method minus that of the baseline of the same seed."""

    shared: Floats
    """(M, M): covariance of what sampling changes alike for all seeds."""

    floor: Floats
    """(M,): standard deviation of the difference of one pair of runs from their own luck with the samples alone."""

    @classmethod
    def of(cls, scores: Sequence[Sequence[float]], n: int, hits: Sequence[Sequence[str]] | None = None) -> "Crossed":
        """From percentages, a row a seed, the baseline first, of `n` samples each.

        `hits` are bits in hexadecimal, in the same places, of which samples were right. Without them a run's sampling error is taken as binomial,
        independent between methods and the same for all seeds, which is as wide as it can be.
        """
        table = np.asarray(scores, float)
        differences = table[:, 1:] - table[:, :1]
        if hits is not None and all(bits for row in hits for bits in row):
            right = np.array([[unpacked(bits, n) for bits in row] for row in hits], float)
            return cls(differences, *_sampling(100 * (right[:, 1:] - right[:, :1])))
        share = np.clip(table.mean(0) / 100, 0.5 / n, 1 - 0.5 / n)  # half a sample away from certainty: no score is without error
        errors = 100 * np.sqrt(share * (1 - share) / n)
        return cls(differences, errors[0] ** 2 + np.diag(errors[1:] ** 2), np.hypot(errors[1:], errors[0]))

    @property
    def seeds(self) -> int:
        return len(self.differences)

    @property
    def means(self) -> Floats:
        """(M,): mean difference of each method."""
        means: Floats = self.differences.mean(0)
        return means

    def draws(self, number: int = DRAWS, *, random: int = 0) -> Floats:
        """(number, M): the true differences as they may be."""
        generator = np.random.default_rng(random)
        return self.means + self._of_seeds(generator, number) / math.sqrt(self.seeds) + self._of_samples(generator, number)

    def next_run(self, number: int = DRAWS, *, random: int = 0) -> Floats:
        """(number, M): the differences that one more seed on the same samples may show. The spread over seeds counts as no less than a
        run's own luck with the samples."""
        generator = np.random.default_rng(random)
        spread = self.differences.std(0, ddof=1) if self.seeds > 1 else np.zeros_like(self.floor)
        varied = self._of_seeds(generator, number) * np.maximum(1.0, self.floor / np.maximum(spread, 1e-12))
        flat = spread == 0
        varied[:, flat] = generator.standard_normal((number, int(flat.sum()))) * self.floor[flat]
        return self.means + varied * math.sqrt(1 + 1 / self.seeds)

    def with_seeds(self, seeds: int, number: int = 4_000, *, random: int = 0) -> Floats:
        """(number, M): the true differences as they would seem after `seeds` seeds with these means and this spread."""
        generator = np.random.default_rng(random)
        return self.means + self._of_seeds(generator, number, seeds) / math.sqrt(seeds) + self._of_samples(generator, number)

    def _of_seeds(self, generator: np.random.Generator, number: int, known: int = 0) -> Floats:
        """(number, M): a deviation of one seed, of what the spread over seeds may truly be if `known` seeds (else ours) told of it."""
        if self.seeds == 1:
            return np.zeros((number, self.differences.shape[1]))
        degrees = (known or self.seeds) - 1
        residuals = self.differences - self.means
        drawn: Floats = generator.standard_normal((number, self.seeds)) @ residuals / math.sqrt(self.seeds - 1)
        return drawn * np.sqrt(degrees / generator.chisquare(degrees, (number, 1)))

    def _of_samples(self, generator: np.random.Generator, number: int) -> Floats:
        methods = len(self.shared)
        slack = 1e-12 * max(1.0, float(np.trace(self.shared)))  # methods that are right on the same samples have no difference of their own
        drawn: Floats = generator.standard_normal((number, methods)) @ np.linalg.cholesky(self.shared + slack * np.eye(methods)).T
        return drawn


def _sampling(gains: Floats) -> tuple[Floats, Floats]:
    """`shared` and `floor` from what each sample gains, (K, M, n) in percentage points, by the two-way random-effects decomposition:
    of a sample's mean over seeds, the part that single runs' luck accounts for is in the spread over seeds already."""
    seeds, methods, n = gains.shape
    deviations = gains.mean(0) - gains.mean((0, 2))[:, None]
    left, luck = np.ones(methods), gains.var(2, ddof=1).mean(0)
    if seeds > 1:
        residuals = gains - gains.mean(0) - gains.mean(2, keepdims=True) + gains.mean((0, 2))[:, None]
        luck = (residuals**2).sum((0, 2)) / ((seeds - 1) * (n - 1))
        seen = (deviations**2).sum(1) / (n - 1)
        left = np.sqrt(np.clip(1 - luck / seeds / np.maximum(seen, 1e-12), 0, 1))
    deviations = deviations * left[:, None]
    smallest = 100 / n  # as if one sample had gained and one had lost: no difference is without error
    return deviations @ deviations.T / n / (n - 1), np.maximum(np.sqrt(luck / n), smallest)


def unpacked(bits: str, n: int) -> NDArray[np.uint8]:
    """The first `n` bits of a hexadecimal string, the highest of each byte first."""
    return np.unpackbits(np.frombuffer(bytes.fromhex(bits), np.uint8))[:n]


def probability(held: NDArray[np.bool_]) -> float:
    """How often something held, never quite 0 or 1: as if it had held once more and failed once more."""
    return (int(held.sum()) + 1) / (len(held) + 2)


def interval(values: NDArray[np.generic], level: float = 0.95) -> Interval:
    """The equal-tailed interval of drawn values."""
    low, high = np.quantile(values.astype(float), [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))


def ranks(draws: Floats) -> NDArray[np.int64]:
    """(number, M): each method's place by its difference in each row, 1 the largest."""
    return (-draws).argsort(1).argsort(1) + 1


def rank_correlation(causes: Floats, effects: Floats) -> Floats:
    """(number,): Spearman's correlation of two sets of differences over methods, row by row; ties do not occur among draws."""
    a, b = (ranks(side) - (side.shape[1] + 1) / 2 for side in (causes, effects))
    rho: Floats = (a * b).sum(1) / np.sqrt((a**2).sum(1) * (b**2).sum(1))
    return rho


def resampled_methods(causes: Floats, effects: Floats, *, random: int = 1) -> tuple[Floats, Floats]:
    """Each row of both sets of differences for methods drawn again with replacement, the same in both; a method that was drawn twice is set
    apart from itself at random, by less than any two methods differ, so that it adds no correlation of its own."""
    generator = np.random.default_rng(random)
    chosen = generator.integers(causes.shape[1], size=causes.shape)
    rows = np.arange(len(causes))[:, None]
    apart = 1e-9 * generator.random((2, *causes.shape))
    return causes[rows, chosen] + apart[0], effects[rows, chosen] + apart[1]
