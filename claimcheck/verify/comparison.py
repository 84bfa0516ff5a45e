"""Bind an assertion to the scores it speaks of: which run against which baseline, over which methods."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeGuard

from claimcheck.dossier import (
    Arm,
    Assertion,
    Claim,
    Count,
    Difference,
    Direction,
    Dossier,
    Interval,
    Range,
    Rank,
    Regime,
    Result,
    Trend,
)
from claimcheck.stats.proportions import ProportionDifference
from claimcheck.stats.proportions import compare as compare_proportions

Comparative = Difference | Range | Count | Rank | Direction
"""The kinds that compare methods with a baseline."""


Origin = Literal["paper", "release"]
ORIGINS: tuple[Origin, ...] = ("release", "paper")
"""Where scores come from, the better evidence first: a release holds more digits and says more of its runs."""


SHARES = {"top-1", "top-5", "accuracy", "exact match"}
"""Metrics that are a share of the samples, in percent. Means of per-class or per-query scores are not."""


def is_comparative(assertion: Assertion) -> TypeGuard[Comparative]:
    return isinstance(assertion, Difference | Range | Count | Rank | Direction)


@dataclass(frozen=True)
class Comparison:
    """One method's score beside the baseline's, on one dataset and within one regime."""

    method: Result
    baseline: Result
    """The run that the paper prints as the baseline."""

    replicates: tuple[Result, ...]
    """Every run of the baseline's recipe, the printed one included."""

    runs: tuple[Result, ...]
    """Every run of the method that the assertion could mean, `method` being the first."""

    ambiguous: bool = False
    """True if several scores fit a side and nothing says which is meant."""

    @property
    def same_seed(self) -> Result | None:
        """The baseline run with the method's own seed, if its score is known."""
        return next((r for r in self.replicates if r.seed == self.method.seed), None)

    @property
    def fairest(self) -> Result:
        """The baseline to judge the method by: the same-seed one where there is one."""
        return self.same_seed or self.baseline

    @property
    def possible(self) -> Interval:
        """The differences that the two printed scores allow, in percentage points."""
        return self.method.score.interval - self.baseline.score.interval

    def against(self, baseline: Result) -> float:
        """The difference of the printed scores, in percentage points."""
        return float(self.method.score.value - baseline.score.value)

    @property
    def pairs(self) -> list[tuple[Result, Result]]:
        """The method's runs with the baseline's of equal seed, one pair per seed that both sides name."""
        theirs = {r.seed: r for r in self.replicates if r.seed}
        ours = {r.seed: r for r in self.runs if r.seed}
        return [(ours[seed], theirs[seed]) for seed in ours if seed in theirs]

    @property
    def effect(self) -> float:
        """The difference against the fairest baseline."""
        return self.against(self.fairest)


def compare(dossier: Dossier, assertion: Comparative, method: str, origin: Origin | None = None) -> Comparison | None:
    """The comparison an assertion makes for one method; None if a score of either side is not known.

    Both sides come from one origin: the one asked for, else the release where it has both, else the paper's tables.
    """
    for source in ORIGINS if origin is None else (origin,):
        here = (r for r in dossier.results if (r.origin, r.dataset, r.regime) == (source, assertion.dataset, assertion.regime))
        scores = of_metric(assertion, list(here))
        runs = tuple(r for r in scores if r.method == method)
        replicates = tuple(r for r in scores if r.method == assertion.baseline)
        if runs and replicates:
            regime = regime_of(dossier, assertion.regime)
            printed = next((r for r in replicates if regime is not None and r.run == regime.baseline_run), None)
            ambiguous = differing(runs) or (printed is None and differing(replicates)) or len({r.metric for r in scores}) > 1
            return Comparison(runs[0], printed or replicates[0], replicates, runs, ambiguous)
    return None


def of_metric(assertion: Comparative, scores: list[Result]) -> list[Result]:
    """The scores by the metric the sentence names; all of them if it names none, or names it otherwise than the table."""
    named = [r for r in scores if r.metric == assertion.metric]
    return named if named else scores


def differing(results: tuple[Result, ...]) -> bool:
    return len({r.score.value for r in results}) > 1


def gain(assertion: Direction, result: Result) -> bool:
    """Whether the stated direction is that of a larger number: better, or for an error worse."""
    return (assertion.sign == "+") != result.lower_is_better


def larger(assertion: Comparative, result: Result) -> bool:
    """Whether the assertion is that the method's number is the larger one."""
    return gain(assertion, result) if isinstance(assertion, Direction) else assertion.sign == "+"


def comparisons(dossier: Dossier, assertion: Comparative, origin: Origin | None = None) -> list[Comparison]:
    """One comparison per method the assertion speaks of, in the order of the lexicon."""
    found = (compare(dossier, assertion, method, origin) for method in methods_of(dossier, assertion))
    return [comparison for comparison in found if comparison is not None]


def methods_of(dossier: Dossier, assertion: Comparative) -> tuple[str, ...]:
    """The methods an assertion compares: one, a named set, or for a rank all that are ranked."""
    if isinstance(assertion, Rank) or not assertion.method:
        everyone = (r.method for r in dossier.results if r.regime == assertion.regime)
        return tuple(dict.fromkeys(m for m in everyone if m != assertion.baseline))
    return members(dossier, assertion.method)


def members(dossier: Dossier, name: str) -> tuple[str, ...]:
    """The members of a named set, or the one method of that name."""
    named = dossier.lexicon.own_name(name)
    return next((group.members for group in dossier.lexicon.sets if group.name == named), (named,))


def arms_of(claim: Claim, dossier: Dossier) -> tuple[Arm, ...]:
    """The experiments that stand for the methods and baselines a claim compares, in the order of the study."""
    wanted: set[tuple[str, str]] = set()
    for assertion in claim.assertions:
        if is_comparative(assertion):
            methods, baseline = methods_of(dossier, assertion), assertion.baseline
        elif isinstance(assertion, Trend):
            regime = regime_of(dossier, assertion.regime)
            methods, baseline = members(dossier, assertion.method), assertion.baseline or (regime.baseline if regime else "")
        else:
            continue
        wanted |= {(method, assertion.regime) for method in (*methods, baseline)}
    return tuple(arm for arm in dossier.arms if (arm.method, arm.regime) in wanted)


def regime_of(dossier: Dossier, name: str) -> Regime | None:
    return next((regime for regime in dossier.lexicon.regimes if regime.name == name), None)


def comparative(claim: Claim) -> Iterator[tuple[int, Comparative]]:
    """The comparative assertions of a claim with their positions."""
    for position, assertion in enumerate(claim.assertions):
        if is_comparative(assertion):
            yield position, assertion


def subtraction(method: Result, baseline: Result) -> str:
    """The subtraction, as a reader would check it."""
    difference = method.score.value - baseline.score.value
    return f"{method.method} {method.score.value} − {baseline.method} {baseline.score.value} = {signed(difference)}"


def signed(value: object, places: int = 2) -> str:
    """A number with its sign, U+2212 for minus, as papers print it."""
    return f"{value:+.{places}f}".replace("-", "−")


def sides(found: Iterable[Comparison]) -> list[Result]:
    """Both scores of every comparison."""
    return [result for comparison in found for result in (comparison.method, comparison.baseline)]


def noise(ours: Result, theirs: Result) -> ProportionDifference | None:
    """The difference of two shares of test samples, with its sampling interval; None for another metric, or without counts."""
    if not ours.n or not theirs.n or ours.metric not in SHARES or not 0 <= min(ours.score.value, theirs.score.value) <= 100:
        return None
    return compare_proportions(float(ours.score.value), ours.n, float(theirs.score.value), theirs.n)


def quote(result: Result) -> str:
    """A score with what the source says of its run."""
    said = [f"n {result.n:,}"] if result.n else []
    said += [f"{name.replace('_', ' ')} {value}" for name, value in result.settings.items() if name != "n_train"]
    run = f" [{result.run}]" if result.run else ""
    where = f" on {result.dataset}" if result.dataset else ""
    return f"{result.method}{run}{where}: {result.score}" + (f" ({', '.join(said)})" if said else "")
