"""Bind an assertion to the scores it speaks of: which run against which baseline, over which methods."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import mean
from typing import Literal, TypeGuard

from claimcheck.dossier import (
    Arm,
    Assertion,
    Claim,
    Count,
    Deviation,
    Difference,
    Direction,
    Dossier,
    Fact,
    Interval,
    Quantity,
    Range,
    Rank,
    Regime,
    Result,
    Trend,
)
from claimcheck.stats.proportions import ProportionDifference
from claimcheck.stats.proportions import compare as compare_proportions
from claimcheck.tabular.sheet import Figure, Sheet
from claimcheck.tabular.shelf import reader

Comparative = Difference | Range | Count | Rank | Direction
"""The kinds that compare methods with a baseline."""


Origin = Literal["paper", "release"]
ORIGINS: tuple[Origin, ...] = ("release", "paper")
"""Where scores come from, the better evidence first: a release holds more digits and says more of its runs."""


SHARES = {"top-1", "top-5", "accuracy", "exact match"}
"""Metrics that are a share of the samples, in percent. Means of per-class or per-query scores are not."""


CALLED = {"accuracy": ("top-1",), "top-1": ("accuracy",)}
"""What a metric is also called, where no score goes by its own name."""


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

    elsewhere: tuple["Comparison", ...] = ()
    """The same comparison by the other metrics, where the sentence names none."""

    @property
    def same_seed(self) -> Result | None:
        """The baseline run with the method's own seed, if its score is known."""
        return next((r for r in self.replicates if r.seed and r.seed == self.method.seed), None)

    @property
    def seeds_differ(self) -> bool:
        """Whether both sides name a seed and the seeds are not the same."""
        return bool(self.method.seed and self.baseline.seed) and self.method.seed != self.baseline.seed

    @property
    def possibilities(self) -> list[Interval]:
        """The differences for every choice of runs that the assertion could mean; one where nothing is ambiguous. Two scores
        that stand in one table are meant together, if there are such, and of these two in one row or column."""
        own = [ours.score.interval - theirs.score.interval for ours, theirs in self.pairings]
        return own + [interval for other in self.elsewhere for interval in other.possibilities]

    @property
    def relatives(self) -> list[Interval] | None:
        """The same differences in percent of the baseline's score; None if one may be zero."""
        found = [relative(ours, theirs) for ours, theirs in self.pairings]
        others = [other.relatives for other in self.elsewhere]
        if any(interval is None for interval in found) or any(interval is None for interval in others):
            return None
        return [i for i in found if i is not None] + [i for more in others for i in more or ()]

    @property
    def pairings(self) -> list[tuple[Result, Result]]:
        """The scores of both sides that may be compared by this metric."""
        return side_by_side(self.runs, self.replicates) if self.ambiguous else [(self.method, self.baseline)]

    @property
    def mean(self) -> Interval | None:
        """The difference of the means over seeds, where every run of both sides names a seed of its own."""
        for side in (self.runs, self.replicates):
            if len({r.seed for r in side if r.seed}) != len(side):
                return None
        sides = [[r.score.interval for r in side] for side in (self.runs, self.replicates)]
        ours, theirs = (Interval(mean(i.low for i in side), mean(i.high for i in side)) for side in sides)
        return ours - theirs

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


def compare(dossier: Dossier, assertion: Comparative, method: str, origin: Origin | None = None, table: str = "") -> Comparison | None:
    """The comparison an assertion makes for one method; None if a score of either side is not known.

    Both sides come from one origin: the one asked for, else the release where it has both, else the paper's tables; with `table`,
    from that table.
    """
    for source in ORIGINS if origin is None else (origin,):
        here = (r for r in on_dataset(dossier, assertion.dataset) if (r.origin, r.regime) == (source, assertion.regime))
        here = (r for r in here if r.method in (method, assertion.baseline) and table in ("", sheet(r)))
        both = [scores for scores in of_metric(assertion, here) if {r.method for r in scores} == {method, assertion.baseline}]
        if both:
            first, *others = (one_metric(dossier, assertion, method, scores) for scores in both)
            return replace(first, ambiguous=first.ambiguous or bool(others), elsewhere=tuple(others))
    return None


def one_metric(dossier: Dossier, assertion: Comparative, method: str, scores: list[Result]) -> Comparison:
    """The comparison by the scores of one metric."""
    every = [tuple(r for r in scores if r.method == name) for name in (method, assertion.baseline)]
    runs, replicates = (under_its_name(dossier, assertion, side) for side in every)
    if sheet(runs[0]) != sheet(replicates[0]):
        runs, replicates = every
    regime = regime_of(dossier, assertion.regime)
    printed = next((r for r in replicates if regime is not None and r.run == regime.baseline_run), None)
    ambiguous = differing(runs) or (printed is None and differing(replicates))
    ours, theirs = side_by_side(runs, replicates)[0] if printed is None else (runs[0], printed)
    return Comparison(ours, theirs, replicates, runs, ambiguous)


def side_by_side(runs: Sequence[Result], replicates: Sequence[Result]) -> list[tuple[Result, Result]]:
    """The pairs of scores in one row or column of a table, else those in one table, else all."""
    every = [(ours, theirs) for ours in runs for theirs in replicates]
    together = [(ours, theirs) for ours, theirs in every if ours.origin == "paper" and sheet(ours) == sheet(theirs)]
    level = [(ours, theirs) for ours, theirs in together if in_line(ours, theirs)]
    return level or together or every


def sheet(result: Result) -> str:
    """The table a score of the paper stands in; the file of a released one."""
    return f"{result.where.document}, {result.where.detail.partition(', row ')[0]}" if result.origin == "paper" else result.where.document


def relative(ours: Result, theirs: Result) -> Interval | None:
    """A difference in percent of the baseline's score; None if that may be zero."""
    base = theirs.score.interval
    if base.low <= 0:
        return None
    ends = [100 * difference / score for difference in ours.score.interval - base for score in base]
    return Interval(min(ends), max(ends))


PLACE = re.compile(r"row (\d+), column (\d+)$")


def in_line(one: Result, other: Result) -> bool:
    """Whether two scores of a table stand in one column, or in one row."""
    first, second = PLACE.search(one.where.detail), PLACE.search(other.where.detail)
    if first is None or second is None:
        return False
    return any(first.group(i) == second.group(i) for i in (1, 2))


def cell_of(dossier: Dossier, result: Result) -> tuple[Sheet, Figure] | None:
    """The cell that a score of the paper's tables was read from; None if its table is not at hand."""
    label, place = result.where.detail.partition(",")[0], PLACE.search(result.where.detail)
    table = next((t for t in dossier.tables if t.label == label), None)
    if table is None or place is None:
        return None
    laid = reader(table, dossier.title).sheet
    figure = laid.figures.get((int(place.group(1)) - 1, int(place.group(2)) - 1))
    return (laid, figure) if figure is not None else None


def headings(dossier: Dossier, result: Result) -> str:
    """What the row and the column of a score of the paper's tables are called; empty if its table is not at hand."""
    found = cell_of(dossier, result)
    return found[0].quote(found[1]) if found is not None else ""


def last_labels(dossier: Dossier, result: Result) -> set[str]:
    """The innermost labels of a score's row and column, units and arrows aside, case folded."""
    found = cell_of(dossier, result)
    if found is None:
        return set()
    laid, figure = found
    labels = (laid.by_index["row", figure.row].labels[-1:], laid.column_labels(figure)[-1:])
    return {re.sub(r"\s*(?:[(\[]%[)\]]|%|↑|↓)\s*", "", label).strip().casefold() for side in labels for label in side}


def under_its_name(dossier: Dossier, assertion: Assertion, scores: tuple[Result, ...]) -> tuple[Result, ...]:
    """Of several scores in one line of a table by the metric that the sentence names, those under just its name: "AP", and not "AP50"."""
    if not assertion.metric or "metric" in assertion.supplied or not differing(scores):
        return scores
    if any(r.origin != "paper" or sheet(r) != sheet(scores[0]) or not in_line(r, scores[0]) for r in scores):
        return scores
    return tuple(r for r in scores if assertion.metric.casefold() in last_labels(dossier, r)) or scores


def sheets(dossier: Dossier, assertion: Comparative, method: str, origin: Origin) -> tuple[str, ...]:
    """The tables that give a method's score on the assertion's dataset."""
    where = origin, method, assertion.regime
    here = on_dataset(dossier, assertion.dataset)
    return tuple(dict.fromkeys(sheet(r) for r in here if (r.origin, r.method, r.regime) == where))


class _Index:
    """The results of the dossier that was asked last, by dataset and by cell: a thousand claims ask the same one."""

    results: tuple[Result, ...] = ()
    by_dataset: Mapping[str, tuple[Result, ...]] = {}
    by_place: Mapping[str, Result] = {}


def on_dataset(dossier: Dossier, dataset: str) -> tuple[Result, ...]:
    """The scores on a dataset, in the dossier's order."""
    return indexed(dossier).by_dataset.get(dataset, ())


def typed_as(dossier: Dossier, table: str, row: int, column: int) -> Result | None:
    """The result that was read from a cell of the paper's tables, counted from zero."""
    return indexed(dossier).by_place.get(f"{table}, row {row + 1}, column {column + 1}")


def indexed(dossier: Dossier) -> type[_Index]:
    if _Index.results is not dossier.results:
        found: dict[str, list[Result]] = {}
        for r in dossier.results:
            found.setdefault(r.dataset, []).append(r)
        _Index.results, _Index.by_dataset = dossier.results, {name: tuple(scores) for name, scores in found.items()}
        _Index.by_place = {r.where.detail: r for r in dossier.results if r.origin == "paper"}
    return _Index


def of_metric(assertion: Assertion, scores: Iterable[Result]) -> list[list[Result]]:
    """The scores by metric. A metric that the sentence itself names admits no other, unless that is the same by another name; one
    that was supplied only comes first."""
    found: dict[str, list[Result]] = {}
    for r in scores:
        found.setdefault(r.metric, []).append(in_percent(r))
    named = assertion.metric and "metric" not in assertion.supplied
    if named:
        fitting = next((name for name in (assertion.metric, *CALLED.get(assertion.metric, ())) if name in found), None)
        return [found[fitting]] if fitting is not None else []
    return sorted(found.values(), key=lambda scores: scores[0].metric != assertion.metric)


def in_percent(result: Result) -> Result:
    """A share of samples printed as a fraction, .759, in the percent that differences are stated in."""
    score = result.score
    if result.metric not in SHARES or score.unit or not 0 <= score.value <= 1:
        return result
    return result.model_copy(update={"score": Quantity(value=score.value.scaleb(2), unit="%")})


def differing(results: tuple[Result, ...]) -> bool:
    return len({r.score.value for r in results}) > 1


def gain(assertion: Direction, result: Result) -> bool:
    """Whether the stated direction is that of a larger number: better, or for an error worse."""
    return (assertion.sign == "+") != result.lower_is_better


def larger(assertion: Comparative, result: Result) -> bool:
    """Whether the assertion is that the method's number is the larger one."""
    return gain(assertion, result) if isinstance(assertion, Direction) else assertion.sign == "+"


def comparisons(dossier: Dossier, assertion: Comparative, origin: Origin | None = None, table: str = "") -> list[Comparison]:
    """One comparison per method the assertion speaks of, in the order of the lexicon."""
    found = (compare(dossier, assertion, method, origin, table) for method in methods_of(dossier, assertion))
    return [comparison for comparison in found if comparison is not None]


def methods_of(dossier: Dossier, assertion: Comparative) -> tuple[str, ...]:
    """The methods an assertion compares: one, a named set, or for a rank all that are ranked."""
    if isinstance(assertion, Rank) or unnamed_set(dossier, assertion):
        everyone = tuple(dict.fromkeys(r.method for r in dossier.results if r.regime == assertion.regime and r.dataset))
        universe = assertion.universe if isinstance(assertion, Rank) else ""
        ranked = everyone if EVERYONE.fullmatch(universe) else named_set(dossier, universe)
        return tuple(m for m in ranked if m != assertion.baseline)
    return members(dossier, assertion.method)


def unnamed_set(dossier: Dossier, assertion: Comparative) -> bool:
    """Whether the assertion is of "all other methods" or the like, and the paper has no set of that name."""
    return not named_set(dossier, assertion.method) and EVERYONE.fullmatch(assertion.method) is not None


EVERYONE = re.compile(
    r"(?:(?:all|every|each|any|of|the|both)\s)*(?:other|others|remaining|compared|competing|evaluated|tested|listed)?\s?"
    r"(?:tables?|methods?|models?|approach(?:es)?|systems?|algorithms?|competitors?|results?|table\s\d+)?",
    re.IGNORECASE,
)
"""A set that means whatever the table holds."""


def named_set(dossier: Dossier, name: str) -> tuple[str, ...]:
    """The members of a set by any of its names; nothing for a name that is no set's, which ranks nobody."""
    named = dossier.lexicon.own_name(name)
    return next((group.members for group in dossier.lexicon.sets if group.name == named), ())


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
        elif isinstance(assertion, Fact):
            methods, baseline = (dossier.lexicon.own_name(assertion.subject),), ""
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


def noise(ours: Result, theirs: Result, level: float = 0.95) -> ProportionDifference | None:
    """The difference of two shares of test samples, with its sampling interval; None for another metric, or without counts."""
    if not ours.n or not theirs.n or ours.metric not in SHARES or ours.metric != theirs.metric:
        return None
    if not all(0 <= side.score.value <= 100 for side in (ours, theirs)):
        return None
    return compare_proportions(float(ours.score.value), ours.n, float(theirs.score.value), theirs.n, level)


def quote(result: Result) -> str:
    """A score with what the source says of its run."""
    said = [f"n {result.n:,}"] if result.n else []
    said += [f"{name.replace('_', ' ')} {value}" for name, value in result.settings.items()]
    run = f" [{result.run}]" if result.run else ""
    where = f" on {result.dataset}" if result.dataset else ""
    return f"{result.method}{run}{where}: {result.score}" + (f" ({', '.join(said)})" if said else "")


def touches(deviation: Deviation, result: Result) -> bool:
    """Whether a score comes from a run the deviation names. One that touches every run alike ("*") does not set two of
    them apart; the report lists it once, with the study."""
    return result.run in deviation.runs and (not deviation.datasets or result.dataset in deviation.datasets)
