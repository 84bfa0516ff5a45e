"""What an assertion asks of our own runs, and what they answer: statements about true differences, with their probability."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from claimcheck.dossier import Count, Difference, Direction, Estimate, Range, Rank, Trend
from claimcheck.verify.comparison import Comparative, signed
from claimcheck.verify.reruns import Table

if TYPE_CHECKING:
    from claimcheck.stats.crossed import Statement

SEEDS_NEEDED = 3

Outcome = Literal["agrees", "disagrees", "undecided"]


@dataclass(frozen=True)
class Question:
    """An assertion as a statement about the true differences of a table's methods."""

    asks: str
    holds: "Statement"
    estimator: str
    value: float
    drawn: Any
    """(number,): the estimator's values over the draws."""

    unit: str = "points"
    form: Literal["signed", "whole"] = "signed"

    def number(self, value: float) -> str:
        return signed(value) if self.form == "signed" else f"{value:.0f}"


def question_of(assertion: Comparative, table: Table) -> Question | None:
    """What the assertion asks of the true differences; at paper scale counts keep their threshold. None if its method was not run."""
    draws, means = table.crossed.draws(), table.crossed.means
    sign = 1 if assertion.sign == "+" else -1
    way = "gain" if sign > 0 else "lose"
    if isinstance(assertion, Difference | Direction):
        if assertion.method not in table.methods and len(table.methods) != 1:
            return None
        at = table.methods.index(assertion.method) if assertion.method in table.methods else 0
        asks = f"{table.methods[at]} {way}s"
        return Question(asks, lambda d: sign * d[:, at] > 0, "mean of the paired differences", float(means[at]), draws[:, at])
    if isinstance(assertion, Range):
        least = f"least {'gain' if sign > 0 else 'loss'} of any of them"
        asks = f"all {len(table.methods)} of {assertion.method} {way}" if len(table.methods) > 1 else f"{table.methods[0]} {way}s"
        value = float(sign * (sign * means).min())
        return Question(asks, lambda d: (sign * d).min(1) > 0, least, value, sign * (sign * draws).min(1))
    if isinstance(assertion, Count):
        limit = float(assertion.value) if table.scale == "paper" else 0.0
        beyond = f" more than {assertion.value} points" if limit else ""
        asks = f"at least {assertion.count} of {len(table.methods)} {way}{beyond}"
        value = float((sign * means > limit).sum())
        drawn = (sign * draws > limit).sum(1)
        holds: Statement = lambda d: (sign * d > limit).sum(1) >= assertion.count  # noqa: E731
        return Question(asks, holds, f"number of methods that {way}{beyond}", value, drawn, "methods", "whole")
    return place_of(assertion, table)


def place_of(assertion: Rank, table: Table) -> Question | None:
    """Whether a method has the place that is claimed for it."""
    from claimcheck.stats.crossed import ranks

    if assertion.method not in table.methods:
        return None
    at = table.methods.index(assertion.method)
    upward = (assertion.order == "largest") == (assertion.sign == "+")
    turned = 1 if upward else -1
    change = f"{assertion.order} {'gain' if assertion.sign == '+' else 'loss'}"
    asks = f"{assertion.method} has the {change} of {len(table.methods)} methods"
    if assertion.place > 1:
        asks = f"{assertion.method} has place {assertion.place} by {change} of {len(table.methods)} methods"
    value = float(ranks(turned * table.crossed.means[None])[0, at])
    drawn = ranks(turned * table.crossed.draws())[:, at]
    return Question(asks, lambda d: ranks(turned * d)[:, at] == assertion.place, "place by mean difference", value, drawn, "place", "whole")


def estimated(table: Table, question: Question) -> Estimate:
    """The question's answer from a table of runs."""
    from claimcheck.stats.crossed import PRIOR, interval, probability, seeds_needed

    sure = probability(question.holds, table.crossed.draws())
    outcome = decided(sure, len(table.seeds))
    undecided = outcome == "undecided" and len(table.seeds) >= SEEDS_NEEDED
    low, high = interval(question.drawn)
    prior = PRIOR if len(table.seeds) > 1 else "flat on each difference; nothing is known of the variance over seeds and none is assumed"
    return Estimate(
        scale=table.scale,
        reading=table.reading,
        probe=table.probe,
        asks=question.asks,
        estimator=question.estimator,
        value=round(question.value, 4),
        low=round(low, 4),
        high=round(high, 4),
        unit=question.unit,
        seeds=len(table.seeds),
        probability=round(sure, 4),
        prior=prior,
        outcome=outcome,
        seeds_needed=seeds_needed(table.crossed, question.holds) if undecided else None,
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
    sure = probability(lambda d: sign * d[:, 0] > 0, drawn[:, None])
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
