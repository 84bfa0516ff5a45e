"""Statements about the true differences of several methods: how probable one is, and whether an interval settles it.

A statement about one method rests on that method's interval. One about several (all of them, so many of them, the first of them) rests
on a band that holds all of their differences at once with 95%: were it left to the joint probability alone, a true "all lose" over
many methods with small losses would be refuted by chance.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from claimcheck.stats.crossed import SEED_NUMBERS, Crossed, Floats, Interval, interval, ranks


class Statement(Protocol):
    """Something that is so or not so of the true differences."""

    def holds(self, differences: Floats) -> NDArray[np.bool_]:
        """Whether it is so, for each row of (number, M)."""

    def value(self, means: Floats) -> float:
        """What it measures, at the mean differences (M,)."""

    def interval(self, draws: Floats, means: Floats) -> Interval:
        """The 95% interval of what it measures."""

    def settled(self, ends: Interval) -> bool | None:
        """True if it is so wherever in its interval the truth lies, False if nowhere, else None."""


@dataclass(frozen=True)
class Sign:
    """One method's difference is positive (`sign` 1) or negative (-1)."""

    method: int
    sign: int

    def holds(self, differences: Floats) -> NDArray[np.bool_]:
        return np.asarray(self.sign * differences[:, self.method] > 0)

    def value(self, means: Floats) -> float:
        return float(means[self.method])

    def interval(self, draws: Floats, means: Floats) -> Interval:
        return interval(draws[:, self.method])

    def settled(self, ends: Interval) -> bool | None:
        return None if ends.low <= 0 <= ends.high else self.sign * ends.low > 0


@dataclass(frozen=True)
class All:
    """Every difference has this sign. It measures the difference that has the least of it."""

    sign: int

    def holds(self, differences: Floats) -> NDArray[np.bool_]:
        return np.asarray((self.sign * differences).min(1) > 0)

    def value(self, means: Floats) -> float:
        return float(self.sign * (self.sign * means).min())

    def interval(self, draws: Floats, means: Floats) -> Interval:
        own = self.sign * draws
        low = np.quantile(own, 0.025, axis=0).min()  # each must pass its own test for all of them to
        high = band(own, self.sign * means)[1].min()
        return Interval(*sorted((self.sign * float(low), self.sign * float(high))))

    def settled(self, ends: Interval) -> bool | None:
        return None if ends.low <= 0 <= ends.high else self.sign * ends.low > 0


@dataclass(frozen=True)
class AtLeast:
    """At least `count` differences lie beyond `limit` in the direction of `sign`. It measures how many do."""

    count: int
    sign: int
    limit: float = 0.0

    def holds(self, differences: Floats) -> NDArray[np.bool_]:
        return np.asarray(self.number(differences) >= self.count)

    def number(self, differences: Floats) -> NDArray[np.int64]:
        """(number,): how many of each row lie beyond."""
        return np.asarray((self.sign * differences > self.limit).sum(1))

    def value(self, means: Floats) -> float:
        return float(self.number(means[None])[0])

    def interval(self, draws: Floats, means: Floats) -> Interval:
        low, high = band(self.sign * draws, self.sign * means)
        return Interval(float((low > self.limit).sum()), float((high > self.limit).sum()))

    def settled(self, ends: Interval) -> bool | None:
        return True if ends.low >= self.count else False if ends.high < self.count else None


@dataclass(frozen=True)
class Place:
    """One method has this place by its difference, the largest first, or with `sign` -1 the smallest. It measures the place."""

    method: int
    place: int = 1
    sign: int = 1

    def holds(self, differences: Floats) -> NDArray[np.bool_]:
        return np.asarray(ranks(self.sign * differences)[:, self.method] == self.place)

    def value(self, means: Floats) -> float:
        return float(ranks(self.sign * means[None])[0, self.method])

    def interval(self, draws: Floats, means: Floats) -> Interval:
        others = np.arange(draws.shape[1]) != self.method
        ahead = self.sign * (draws[:, others] - draws[:, [self.method]])
        low, high = band(ahead, self.sign * (means[others] - means[self.method]))
        return Interval(1.0 + float((low > 0).sum()), 1.0 + float((high > 0).sum()))

    def settled(self, ends: Interval) -> bool | None:
        return True if ends.low == ends.high == self.place else None if ends.low <= self.place <= ends.high else False


def band(draws: Floats, means: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """Lower and upper ends (M,) of intervals that hold all of the M true values at once: each method's own interval, widened by one
    factor until so many of the draws lie within all of them."""
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=0)
    half = np.maximum((high - low) / 2, 1e-12)
    factor = np.quantile((np.abs(draws - means) / half).max(1), level) if draws.shape[1] > 1 else 1.0
    return means - factor * half, means + factor * half


def seeds_needed(crossed: Crossed, statement: Statement) -> int | None:
    """The fewest seeds of `SEED_NUMBERS` that would settle a statement if means and spread stay; None if no number of them would."""
    for number in SEED_NUMBERS:
        if number > crossed.seeds and statement.settled(statement.interval(crossed.with_seeds(number), crossed.means)) is not None:
            return number
    return None
