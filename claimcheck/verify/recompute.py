"""Recompute an assertion from scores, through the intervals that the printed decimals leave open.

Shared by `arithmetic` (the paper's own tables) and `released_results` (what its authors released): the same sums over
different evidence. An assertion is refuted only if no value that could have been printed so is compatible with it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from claimcheck.dossier import (
    Assertion,
    Claim,
    Count,
    Difference,
    Direction,
    Dossier,
    Fact,
    Interval,
    Quantity,
    Range,
    Rank,
    Reason,
    Result,
    Value,
    Verdict,
)
from claimcheck.verify.comparison import (
    Comparative,
    Comparison,
    Origin,
    comparisons,
    gain,
    methods_of,
    of_metric,
    regime_of,
    sides,
    signed,
    subtraction,
)


@dataclass(frozen=True)
class Outcome:
    """What recomputing one assertion gave, with the arithmetic in words."""

    verdict: Verdict
    reason: Reason
    explanation: str
    results: list[Result] = field(default_factory=list)
    notes: list[tuple[Reason, str, list[Result]]] = field(default_factory=list)
    """What the answer rests on: other universes and what they would give."""


def recompute(claim: Claim, assertion: Assertion, dossier: Dossier, origin: Origin) -> Outcome | None:
    """The outcome from results of one origin; None for a kind that no sum decides."""
    rule = RULES.get(type(assertion))
    if rule is None:
        return None
    outcome: Outcome = rule(claim, assertion, dossier, origin)
    if outcome.verdict is Verdict.REFUTED and "value" in assertion.ambiguous:
        text = f"{outcome.explanation} The number is stated as a limit or a round figure, so it does not contradict this."
        return replace(outcome, verdict=Verdict.INCONCLUSIVE, reason=Reason.AMBIGUOUS_TARGET, explanation=text)
    return outcome


def nothing(what: str) -> Outcome:
    return Outcome(Verdict.INCONCLUSIVE, Reason.NO_EVIDENCE, what)


def verdict_of(agrees: bool) -> tuple[Verdict, Reason]:
    return (Verdict.VERIFIED, Reason.MATCHES) if agrees else (Verdict.REFUTED, Reason.CONTRADICTS)


def single(dossier: Dossier, assertion: Comparative, origin: Origin) -> Comparison | None:
    """The comparison of an assertion about one method."""
    return next((c for c in comparisons(dossier, assertion, origin) if c.method.method == assertion.method), None)


def missing(assertion: Comparative) -> Outcome:
    where = f" in the {assertion.regime} regime" if assertion.regime else ""
    return nothing(
        f"No score of {assertion.method} and {assertion.baseline} on {assertion.dataset or 'an unnamed dataset'}{where} is known."
    )


def difference(claim: Claim, assertion: Difference, dossier: Dossier, origin: Origin) -> Outcome:
    found = single(dossier, assertion, origin)
    if found is None:
        return missing(assertion)
    text = f"{subtraction(found.method, found.baseline)} on {assertion.dataset}, so between {found.possible.low} and {found.possible.high}"
    fits = [matches(assertion, possible, found) for possible in found.possibilities]
    if assertion.unit == "%" and not found.ambiguous and not all(fits):  # "by 2.5%" may be meant relative to the baseline
        relative = relative_to(found)
        if relative is not None:
            fits = [assertion.quantity.interval.overlaps(relative)]
            text += f"; relative to the baseline {relative.low:.3f}% to {relative.high:.3f}%"
    if found.ambiguous and found.mean is not None and matches(assertion, found.mean, found):
        fits, text = [True], f"The means over seeds on {assertion.dataset} differ by {found.mean.low:.3f} to {found.mean.high:.3f}"
    return settled(fits, f"{text}; stated {assertion.sign}{assertion.value} {assertion.unit}.", found)


def matches(assertion: Difference, possible: Interval, found: Comparison) -> bool:
    """Whether the stated difference could have been printed; an error that is "improved by 3" is 3 lower."""
    stated = assertion.quantity.interval
    return stated.overlaps(possible) or (found.method.lower_is_better and (-stated).overlaps(possible))


def relative_to(found: Comparison) -> Interval | None:
    """The difference in percent of the baseline; None if the baseline may be zero."""
    base = found.baseline.score.interval
    if base.low <= 0:
        return None
    ends = [100 * difference / score for difference in found.possible for score in base]
    return Interval(min(ends), max(ends))


def direction(claim: Claim, assertion: Direction, dossier: Dossier, origin: Origin) -> Outcome:
    found = single(dossier, assertion, origin)
    if found is None:
        return missing(assertion)
    low, high = found.possible
    text = f"{subtraction(found.method, found.baseline)} on {assertion.dataset}; stated {'better' if assertion.sign == '+' else 'worse'}"
    text += ", where lower is better." if found.method.lower_is_better else "."
    if low <= 0 <= high:
        return Outcome(Verdict.INCONCLUSIVE, Reason.NOT_SIGNIFICANT, text + " The printed decimals do not tell the sign.", sides([found]))
    return settled([(possible.low > 0) == gain(assertion, found.method) for possible in found.possibilities], text, found)


def settled(fits: list[bool], text: str, *found: Comparison) -> Outcome:
    """Verified if every choice of runs fits, refuted if none does; where they disagree, the target is ambiguous."""
    if all(fits) or not any(fits):
        verdict, reason = verdict_of(all(fits))
        return Outcome(verdict, reason, text, sides(found))
    fitting = [r for c in found if c.ambiguous for r in (*c.runs, *c.replicates)]
    listed = "; ".join(f"{r.method} {r.metric} {r.score} ({r.run or r.where})" for r in fitting)
    return Outcome(Verdict.INCONCLUSIVE, Reason.AMBIGUOUS_TARGET, f"{text} More than one score fits: {listed}.", fitting)


def over_set(agrees: bool, text: str, found: list[Comparison]) -> Outcome:
    """An answer over a set of methods; one of which it is not known which score is meant leaves it open."""
    return settled([True, False] if any(c.ambiguous for c in found) else [agrees], text, *found)


def value(claim: Claim, assertion: Value, dossier: Dossier, origin: Origin) -> Outcome:
    here = (r for r in dossier.results if (r.origin, r.method, r.dataset) == (origin, assertion.method, assertion.dataset))
    found = [r for scores in of_metric(assertion, (r for r in here if assertion.regime in ("", r.regime))) for r in scores]
    if not found:
        return nothing(f"No score of {assertion.method} on {assertion.dataset} is known.")
    if len({r.score.value for r in found}) > 1:
        listed = "; ".join(f"{r.run or r.regime}: {r.score}" for r in found)
        return Outcome(Verdict.INCONCLUSIVE, Reason.AMBIGUOUS_TARGET, f"More than one score fits: {listed}.", found)
    stated = Quantity(value=assertion.value, unit=assertion.unit)
    as_fraction = Quantity(value=stated.value.scaleb(2), unit="%") if stated.unit == "" and 0 <= stated.value <= 1 else stated
    verdict, reason = verdict_of(any(q.interval.overlaps(found[0].score.interval) for q in (stated, as_fraction)))
    return Outcome(verdict, reason, f"{found[0].method} scores {found[0].score} on {assertion.dataset}; stated {stated}.", found[:1])


def fact(claim: Claim, assertion: Fact, dossier: Dossier, origin: Origin) -> Outcome:
    key = (assertion.subject.casefold(), assertion.property.casefold())
    found = [r for r in dossier.results if r.origin == origin and (r.method.casefold(), r.metric.casefold()) == key]
    if not found:
        return nothing(f"Nothing is known of the {assertion.property} of the {assertion.subject}.")
    stated = Quantity(value=assertion.value, unit=assertion.unit)
    verdict, reason = verdict_of(stated.interval.overlaps(found[0].score.interval))
    return Outcome(verdict, reason, f"The {assertion.property} of the {assertion.subject} is {found[0].score}; stated {stated}.", found[:1])


def magnitude(possible: Interval, sign: str) -> Interval:
    """The difference counted in the stated direction: a loss of 2 is +2 when losses are claimed."""
    return possible if sign == "+" else -possible


def range_(claim: Claim, assertion: Range, dossier: Dossier, origin: Origin) -> Outcome:
    every = comparisons(dossier, assertion, origin)
    if not every:
        return missing(assertion)
    allowed = Interval(Quantity(value=assertion.low).interval.low, Quantity(value=assertion.high).interval.high)
    jointly = [c for c in every if scored_everywhere(claim, assertion, c, dossier, origin)]
    inside = [all(magnitude(c.possible, assertion.sign).overlaps(allowed) for c in group) for group in (every, jointly)]
    chosen, agrees = (every, True) if inside[0] else (jointly, inside[1] and bool(jointly))
    if not agrees and len(jointly) < len(every):
        chosen = every
    sums = "; ".join(f"{c.method.method} {signed(c.against(c.baseline))}" for c in chosen)
    text = f"On {assertion.dataset} against {chosen[0].baseline.score}: {sums}. Stated {assertion.sign}{assertion.low} to {assertion.sign}{assertion.high}."
    outcome = over_set(agrees, text, chosen)
    unknown = set(methods_of(dossier, assertion)) - {c.method.method for c in every}
    if unknown:
        note = f"No score on {assertion.dataset} is known of {', '.join(sorted(unknown))}."
        outcome = replace(outcome, notes=[(Reason.UNIVERSE, note, [])])
    outside = [c for c in every if c not in chosen]
    if not outside:
        return outcome
    said = f"{len(chosen)} of the {len(every)} {assertion.method} have scores on all datasets the sentence names; "
    left = "; ".join(f"{c.method.method} {signed(c.against(c.baseline))}" for c in outside)
    note = said + f"the others on {assertion.dataset}: {left}" + outliers(outside, assertion, allowed) + "."
    return replace(outcome, notes=[*outcome.notes, (Reason.UNIVERSE, note, sides(outside))])


def outliers(found: list[Comparison], assertion: Range, allowed: Interval) -> str:
    names = [c.method.method for c in found if not magnitude(c.possible, assertion.sign).overlaps(allowed)]
    return f" ({', '.join(names)} outside the stated range)" if names else ""


def scored_everywhere(claim: Claim, assertion: Range, comparison: Comparison, dossier: Dossier, origin: Origin) -> bool:
    """Whether the method has a score on every dataset for which the claim makes a statement about the same set."""
    wanted = {a.dataset for a in claim.assertions if isinstance(a, Range) and a.method == assertion.method}
    return wanted <= datasets_of(dossier, comparison.method, origin)


def datasets_of(dossier: Dossier, result: Result, origin: Origin | None) -> set[str]:
    """The datasets on which a method has a score within a regime."""
    same = (r for r in dossier.results if (r.method, r.regime) == (result.method, result.regime))
    return {r.dataset for r in same if origin in (None, r.origin)}


def count_beyond(found: list[Comparison], assertion: Count, baseline: Callable[[Comparison], Result]) -> tuple[int, int]:
    """How many surely, and how many possibly, differ by more than the stated value in the stated direction."""
    sure = possible = 0
    for comparison in found:
        low, high = magnitude(comparison.method.score.interval - baseline(comparison).score.interval, assertion.sign)
        sure += low > assertion.value
        possible += high > assertion.value or (assertion.relation == ">=" and high >= assertion.value)
    return sure, possible


def universes(assertion: Comparative, dossier: Dossier, origin: Origin | None = None) -> dict[str, list[Comparison]]:
    """The sets a count can be over, each with a description: every method with the score, and every complete row."""
    every = comparisons(dossier, assertion, origin)
    regime = regime_of(dossier, assertion.regime)
    needed = set(regime.benchmarks) if regime else set()
    complete = [c for c in every if needed <= datasets_of(dossier, c.method, origin)]
    named = {f"all {len(every)} with a score on {assertion.dataset}": every}
    if needed and len(complete) < len(every):
        named[f"the {len(complete)} with scores on all of {', '.join(sorted(needed))}"] = complete
    return named


def chosen_universe(assertion: Count, dossier: Dossier, origin: Origin | None = None) -> tuple[str, list[Comparison]] | None:
    """The universe whose size is the stated total; the widest if no total is stated; None if none fits."""
    named = universes(assertion, dossier, origin)
    return next(((said, found) for said, found in named.items() if assertion.total in (None, len(found))), None)


def count(claim: Claim, assertion: Count, dossier: Dossier, origin: Origin) -> Outcome:
    named = universes(assertion, dossier, origin)
    if not any(named.values()):
        return missing(assertion)
    tallies = {said: count_beyond(found, assertion, lambda c: c.baseline) for said, found in named.items()}
    what = f"{'lose' if assertion.sign == '-' else 'gain'} more than {assertion.value} {assertion.unit} on {assertion.dataset}"
    chosen = chosen_universe(assertion, dossier, origin)
    if chosen is None:
        sizes = "; ".join(f"{tally[0]} of {said}" for said, tally in tallies.items())
        return nothing(f"No set of {assertion.total} methods was found. Those that {what}: {sizes}.")
    said, found = chosen
    sure, possible = tallies[said]
    counted = [c for c in found if magnitude(c.possible, assertion.sign).low > assertion.value]
    losses = ", ".join(f"{c.method.method} {signed(c.against(c.baseline))}" for c in counted)
    text = f"{sure} of {said} {what}: {losses}. Stated {assertion.count}" + (f" of {assertion.total}." if assertion.total else ".")
    notes = [
        (Reason.UNIVERSE, f"Over {other}, {tally[0]} {what}.", sides(named[other])) for other, tally in tallies.items() if other != said
    ]
    return replace(over_set(sure <= assertion.count <= possible, text, found), notes=notes)


def rank(claim: Claim, assertion: Rank, dossier: Dossier, origin: Origin) -> Outcome:
    every = comparisons(dossier, assertion, origin)
    mine = next((c for c in every if c.method.method == assertion.method), None)
    if mine is None:
        return missing(assertion)
    ordered = sorted(every, key=lambda c: c.against(c.baseline), reverse=upwards(assertion, mine))
    rivals = [c for c in every if c is not mine]
    ahead = sum(surely_ahead(c, mine, assertion) for c in rivals)
    level = sum(not surely_ahead(c, mine, assertion) and not surely_ahead(mine, c, assertion) for c in rivals)
    low, high = mine.possible if upwards(assertion, mine) == (assertion.order == "largest") else -mine.possible
    right_way = high >= 0 if assertion.sign == "+" else low <= 0  # the largest "gain" must be one
    listed = "; ".join(f"{c.method.method} {signed(c.against(c.baseline))}" for c in ordered[:3])
    first = "largest" if upwards(assertion, mine) else "smallest"
    text = f"Of {len(every)} methods on {assertion.dataset}, the {first} differences are {listed} (baseline {mine.baseline.score})."
    outcome = over_set(right_way and ahead < assertion.place <= ahead + level + 1, text, every)
    return replace(outcome, results=sides([*ordered[:3], mine]))


def upwards(assertion: Rank, found: Comparison) -> bool:
    """Whether the rank counts from the largest number down: the largest gain does, unless lower is better."""
    return (assertion.order == "largest") != found.method.lower_is_better


def surely_ahead(one: Comparison, other: Comparison, assertion: Rank) -> bool:
    a, b = one.method.score.interval, other.method.score.interval
    return a.low > b.high if upwards(assertion, one) else a.high < b.low


RULES: dict[type, Callable[[Claim, Any, Dossier, Origin], Outcome]] = {
    Value: value,
    Difference: difference,
    Range: range_,
    Count: count,
    Rank: rank,
    Direction: direction,
    Fact: fact,
}
