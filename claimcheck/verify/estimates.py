"""What an assertion asks of our own runs, and what they answer: statements about true differences, with their probability."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from claimcheck.dossier import Count, Difference, Direction, Estimate, Range, Rank, Trend
from claimcheck.verify.comparison import Comparative, signed
from claimcheck.verify.reruns import Table

if TYPE_CHECKING:
    from claimcheck.stats.statements import Statement

SEEDS_NEEDED = 3

Outcome = Literal["agrees", "disagrees", "undecided"]


@dataclass(frozen=True)
class Question:
    """An assertion as a statement about the true differences of a table's methods, with its words."""

    statement: "Statement"
    asks: str
    estimator: str
    unit: str = "points"

    def number(self, value: float) -> str:
        return signed(value) if self.unit == "points" else f"{value:.0f}"


def question_of(assertion: Comparative, table: Table) -> Question | None:
    """What the assertion asks of the true differences; at paper scale counts keep their threshold. None if its method was not run."""
    from claimcheck.stats.statements import All, AtLeast, Sign

    sign = 1 if assertion.sign == "+" else -1
    way = "gain" if sign > 0 else "lose"
    number = len(table.methods)
    if isinstance(assertion, Difference | Direction):
        if assertion.method not in table.methods and number != 1:
            return None
        at = table.methods.index(assertion.method) if assertion.method in table.methods else 0
        return Question(Sign(at, sign), f"{table.methods[at]} {way}s", "mean of the paired differences")
    if isinstance(assertion, Range):
        asks = f"all {number} members of “{assertion.method}” {way}" if number > 1 else f"{table.methods[0]} {way}s"
        return Question(All(sign), asks, f"least {'gain' if sign > 0 else 'loss'} of any of them")
    if isinstance(assertion, Count):
        limit = float(assertion.value) if table.scale == "paper" else 0.0
        beyond = f"{way} more than {assertion.value} points" if limit else way
        asks = f"at least {assertion.count} of {number} {beyond}"
        return Question(AtLeast(assertion.count, sign, limit), asks, f"number of methods that {beyond}", "methods")
    return place_of(assertion, table)


def place_of(assertion: Rank, table: Table) -> Question | None:
    """Whether a method has the place that is claimed for it."""
    from claimcheck.stats.statements import Place

    if assertion.method not in table.methods:
        return None
    upward = (assertion.order == "largest") == (assertion.sign == "+")
    change = f"{assertion.order} {'gain' if assertion.sign == '+' else 'loss'}"
    place = f"the {change}" if assertion.place == 1 else f"place {assertion.place} by {change}"
    asks = f"{assertion.method} has {place} of {len(table.methods)} methods"
    statement = Place(table.methods.index(assertion.method), assertion.place, 1 if upward else -1)
    return Question(statement, asks, "place by mean difference", "place")


def estimated(table: Table, question: Question) -> Estimate:
    """The question's answer from a table of runs."""
    from claimcheck.stats.crossed import PRIOR, probability
    from claimcheck.stats.statements import seeds_needed

    statement, crossed, enough = question.statement, table.crossed, len(table.seeds) >= SEEDS_NEEDED
    draws = crossed.draws()
    ends = statement.interval(draws, crossed.means)
    settled = statement.settled(ends) if enough else None
    prior = PRIOR if len(table.seeds) > 1 else "flat on each difference; nothing is known of the variance over seeds and none is assumed"
    return Estimate(
        scale=table.scale,
        reading=table.reading,
        probe=table.probe,
        asks=question.asks,
        estimator=question.estimator,
        value=round(statement.value(crossed.means), 4),
        low=round(ends.low, 4),
        high=round(ends.high, 4),
        unit=question.unit,
        seeds=len(table.seeds),
        probability=round(probability(statement.holds(draws)), 4),
        prior=prior,
        outcome="undecided" if settled is None else "agrees" if settled else "disagrees",
        seeds_needed=seeds_needed(crossed, statement) if enough and settled is None else None,
        runs=tuple(dict.fromkeys(run.experiment.digest for run in table.runs)),
    )


def decided(probability: float, seeds: int) -> Outcome:
    """What a probability from so many seeds amounts to."""
    from claimcheck.stats.crossed import SURE

    if seeds < SEEDS_NEEDED or 1 - SURE < probability < SURE:
        return "undecided"
    return "agrees" if probability >= SURE else "disagrees"


def correlation(assertion: Trend, cause: Table, effect: Table) -> Estimate:
    """The rank correlation over methods, by a bootstrap over seeds, samples and methods."""
    from claimcheck.stats.crossed import PRIOR, interval, probability, rank_correlation, resampled_methods

    rho = float(rank_correlation(cause.crossed.means[None], effect.crossed.means[None])[0])
    drawn = rank_correlation(*resampled_methods(cause.crossed.draws(), effect.crossed.draws()))
    sign = 1 if assertion.sign == "+" else -1
    sure = probability(sign * drawn > 0)
    low, high = interval(drawn)
    way = "higher" if sign > 0 else "lower"
    return Estimate(
        scale=cause.scale,
        reading=cause.reading,
        probe=f"{cause.probe}, {effect.probe}",
        asks=f"over {len(cause.methods)} methods, the higher on {cause.probe}, the {way} on {effect.probe}",
        estimator="Spearman's rank correlation of mean differences",
        value=round(rho, 4),
        low=round(low, 4),
        high=round(high, 4),
        unit="correlation",
        seeds=len(cause.seeds),
        probability=round(sure, 4),
        prior=f"{PRIOR}; the methods as a sample of methods",
        outcome=decided(sure, len(cause.seeds)),
        runs=tuple(dict.fromkeys(run.experiment.digest for run in cause.runs)),
    )
