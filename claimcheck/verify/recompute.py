"""Recompute an assertion from scores, through the intervals that the printed decimals leave open.

Shared by `arithmetic` (the paper's own tables) and `released_results` (what its authors released): the same sums over
different evidence. An assertion is refuted only if no value that could have been printed so is compatible with it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
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
from claimcheck.tabular.checks import verify as read_against
from claimcheck.tabular.phrasing import COST, SPEED, altered, around, condition, leading_condition, of_something_else, set_apart
from claimcheck.tabular.shelf import reader
from claimcheck.verify.cells import own_cell, spelled
from claimcheck.verify.comparison import (
    Comparative,
    Comparison,
    Origin,
    cell_of,
    comparisons,
    gain,
    headings,
    methods_of,
    of_metric,
    on_dataset,
    regime_of,
    sheet,
    sheets,
    sides,
    signed,
    subtraction,
    under_its_name,
    unnamed_set,
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
    why = beside_it(claim, assertion, dossier, outcome) if outcome.verdict is not Verdict.INCONCLUSIVE else ""
    if not why and outcome.verdict is Verdict.REFUTED:
        why = unbound(claim, assertion, dossier, outcome)
        if not why and "value" in assertion.ambiguous:
            why = "The number is stated as a limit or a round figure, so it does not contradict this."
    if why:
        return replace(outcome, verdict=Verdict.INCONCLUSIVE, reason=Reason.AMBIGUOUS_TARGET, explanation=f"{outcome.explanation} {why}")
    return outcome


def beside_it(claim: Claim, assertion: Assertion, dossier: Dossier, outcome: Outcome) -> str:
    """Why the scores that an assertion was worked out from are not those it speaks of; empty if they may be."""
    for name in (getattr(assertion, "method", ""), getattr(assertion, "baseline", "")):
        if altered(claim.sentence, name):
            return f"The sentence speaks of {name} with something added or left out, which is another row."
    if not outcome.results:
        return ""
    if why := of_something_else(claim, assertion, outcome.results[0].metric):
        return why
    if isinstance(assertion, Direction) and (case := condition(claim.sentence, assertion.baseline, words_of(outcome, dossier))):
        return f"The sentence speaks of a case that the table does not name: {case}."
    said = around(claim.sentence, assertion.text)
    cells = [labels for r in outcome.results if r.origin == "paper" and (labels := headings(dossier, r))]
    if said and cells and all(set_apart(said, labels) for labels in cells):
        return f"The sentence says {said.strip()!r}, which is not what these columns are called."
    return ""


def words_of(outcome: Outcome, dossier: Dossier) -> set[str]:
    """Every word of the labels and captions of the tables that an outcome was worked out from, and of its names."""
    tables = {r.where.detail.partition(",")[0] for r in outcome.results if r.origin == "paper"}
    said = [reader(t, dossier.title).sheet.labels for t in dossier.tables if t.label in tables]
    return spelled(" ".join([*said, *(f"{r.dataset} {r.metric} {r.method}" for r in outcome.results)]))


SLIP = Decimal("0.05")
"""Relative difference up to which a stated number is taken for a slip of the score it is compared with."""


def unbound(claim: Claim, assertion: Assertion, dossier: Dossier, outcome: Outcome) -> str:
    """Why a number that differs from the scores at hand need not be wrong; empty if it is said of just these. Sentences are misread
    more often than papers are wrong, so a refutation asks for more than a confirmation does."""
    if isinstance(assertion, Fact) or not outcome.results:
        return ""
    if isinstance(assertion, Direction | Rank) and not all(r.metric for r in outcome.results):
        return "Which metric the table prints is not known, so neither is which way is better."
    if any(rivals(assertion, other) for other in claim.assertions):
        return "The sentence gives two numbers for just this, so one of them is of something else."
    if isinstance(assertion, Value | Rank) and (case := limited(claim, assertion, words_of(outcome, dossier))):
        return f"The sentence speaks of a case that the table does not name: {case}."
    if isinstance(assertion, Value | Direction) and not seconded(claim, assertion, dossier, outcome):
        return "Read against the table itself, the sentence does not say this of that cell."
    if isinstance(assertion, Difference | Direction) and in_two_tables(assertion, outcome):
        return "The two scores stand in different tables, so they need not be comparable."
    meant = {(r.method, r.metric) for r in outcome.results}
    if not assertion.dataset and any(r.dataset for r in dossier.results if (r.method, r.metric) in meant):
        return "The sentence names no dataset, so another score may be meant."
    if not isinstance(assertion, Value) or assertion.unit == "x" or over_seeds(outcome.results) or combined(claim, assertion):
        return ""
    if own_cell(claim, assertion, dossier) is not None:
        return "The number stands elsewhere under the same names, so another setting is meant."
    scores = {r.score.value for r in outcome.results}
    if len(scores) > 1:
        return "Several scores fit the names, so another setting may be meant."
    (score,) = scores
    if re.search(rf"(?<![\d.]){re.escape(str(score))}(?![\d]|\.\d)", claim.sentence):
        return "The sentence states that score too, so the number is of something else."
    printed = {r.score.value for r in dossier.results if sheet(r) == sheet(outcome.results[0])}
    near = any(abs(q.value - score) <= SLIP * abs(score) or mistyped(q.value, score) for q in readings(assertion))
    if not near and assertion.value not in printed:
        return "The number is too far from that score to be a slip and stands nowhere in its table, so it may be of something else."
    return ""


def rivals(assertion: Assertion, other: Assertion) -> bool:
    """Whether two assertions of a claim give different numbers for one and the same."""
    if type(assertion) is not type(other) or not isinstance(assertion, Value | Difference) or not isinstance(other, Value | Difference):
        return False
    keys = [(a.method, getattr(a, "baseline", ""), a.dataset, a.metric, a.unit) for a in (assertion, other)]
    return keys[0] == keys[1] and assertion.value != other.value


def limited(claim: Claim, assertion: Value | Rank, vocabulary: set[str]) -> str:
    """The case to which a score, or a superlative, is limited, if the table does not name it."""
    if isinstance(assertion, Value):
        return leading_condition(claim.sentence, vocabulary)
    return condition(claim.sentence, assertion.text or assertion.method, vocabulary)


def seconded(claim: Claim, assertion: Value | Direction, dossier: Dossier, outcome: Outcome) -> bool:
    """Whether the sentence read against the tables, by other rules, says the same: a number of the cell that it is held against, or a
    comparison that fails. Two readings seldom err alike. True of scores whose tables are not at hand."""
    found = [cell for r in outcome.results if (cell := cell_of(dossier, r)) is not None]
    if len(found) < len(outcome.results):
        return True
    places = {(id(laid), figure.row, figure.column) for laid, figure in found}
    for laid in {id(laid): laid for laid, _ in found}.values():
        for said in read_against(claim.sentence, reader(laid.table, dossier.title)).outcomes:
            if isinstance(assertion, Direction) and said.holds is False:
                return True
            own = isinstance(assertion, Value) and said.stated is not None and said.stated.value == assertion.value
            if own and any((id(laid), f.row, f.column) in places for f in said.figures):
                return True
    return False


def in_two_tables(assertion: Difference | Direction, outcome: Outcome) -> bool:
    """Whether no table of the paper prints a score of both sides."""
    sides = [{sheet(r) for r in outcome.results if r.method == name} for name in (assertion.method, assertion.baseline)]
    return all(r.origin == "paper" for r in outcome.results) and all(sides) and not sides[0] & sides[1]


def mistyped(stated: Decimal, score: Decimal) -> bool:
    """Whether two numbers of three digits or more differ in one digit only."""
    one, two = str(stated), str(score)
    return len(one) == len(two) and sum(c.isdigit() for c in one) > 2 and sum(a != b for a, b in zip(one, two, strict=True)) == 1


def nothing(what: str) -> Outcome:
    return Outcome(Verdict.INCONCLUSIVE, Reason.NO_EVIDENCE, what)


def verdict_of(agrees: bool) -> tuple[Verdict, Reason]:
    return (Verdict.VERIFIED, Reason.MATCHES) if agrees else (Verdict.REFUTED, Reason.CONTRADICTS)


def single(dossier: Dossier, assertion: Comparative, origin: Origin) -> Comparison | None:
    """The comparison of an assertion about one method."""
    found = next((c for c in comparisons(dossier, assertion, origin) if c.method.method == assertion.method), None)
    return found if found is None or found.method != found.baseline else None  # nothing is compared with itself


def missing(assertion: Comparative) -> Outcome:
    where = f" in the {assertion.regime} regime" if assertion.regime else ""
    return nothing(
        f"No score of {assertion.method} and {assertion.baseline} on {assertion.dataset or 'an unnamed dataset'}{where} is known."
    )


def difference(claim: Claim, assertion: Difference, dossier: Dossier, origin: Origin) -> Outcome:
    alike = [a for a in claim.assertions if isinstance(a, Difference) and a.quantity == assertion.quantity and a.method == assertion.method]
    if len({a.dataset for a in alike}) > 1 and MEAN.search(claim.sentence):
        return mean_difference(alike, dossier, origin)
    found = single(dossier, assertion, origin)
    if found is None:
        return missing(assertion)
    if assertion.unit == "x":
        return times(assertion, found)
    text = f"{subtraction(found.method, found.baseline)} on {assertion.dataset}, so between {found.possible.low} and {found.possible.high}"
    fits = [matches(assertion, possible, found) for possible in found.possibilities]
    relative = found.relatives if assertion.unit == "%" else None
    if relative and (said_relative(assertion) or not all(fits)):  # a bare "by 2.5%" may be meant either way
        either = fits if found.ambiguous and not said_relative(assertion) else []
        fits = [*either, *(matches(assertion, possible, found) for possible in relative)]
        text += f"; relative to the baseline {relative[0].low:.3f}% to {relative[0].high:.3f}%"
    elif assertion.unit == "%" and said_relative(assertion):
        return Outcome(
            Verdict.INCONCLUSIVE,
            Reason.AMBIGUOUS_TARGET,
            f"{text}; what the stated {assertion.value}% is relative to is open.",
            sides([found]),
        )
    if found.ambiguous and found.mean is not None and matches(assertion, found.mean, found):
        fits, text = [True], f"The means over seeds on {assertion.dataset} differ by {found.mean.low:.3f} to {found.mean.high:.3f}"
    return settled(fits, f"{text}; stated {assertion.sign}{assertion.value} {assertion.unit}.", found)


def matches(assertion: Difference, possible: Interval, found: Comparison) -> bool:
    """Whether the stated difference could have been printed; an error that is "improved by 3" is 3 lower, one "3 higher" is not."""
    stated = assertion.quantity.interval
    if abs(assertion.value) < 1 and not PERCENT.search(assertion.text) and found.method.score.unit == "%":
        tiny = Interval(stated.low * 100, stated.high * 100)  # the table prints fractions, and so does the sentence
        if tiny.overlaps(possible):
            return True
    turned = found.method.lower_is_better and not OF_THE_NUMBER.search(assertion.text)
    return stated.overlaps(possible) or (turned and (-stated).overlaps(possible))


PERCENT = re.compile(r"%|percent", re.IGNORECASE)

OF_THE_NUMBER = re.compile(
    r"\b(?:higher|lower|larger|smaller|greater|increas\w+|decreas\w+|reduc\w+|drop\w*|more|less|fewer)\b", re.IGNORECASE
)
"""Words that speak of the number itself, and not of better or worse."""


def mean_difference(alike: list[Difference], dossier: Dossier, origin: Origin) -> Outcome:
    """ "gains 2 points on average over A and B": the mean of the differences, and none of them alone."""
    every = [single(dossier, a, origin) for a in alike]
    found = [c for c in every if c is not None and not c.ambiguous]
    if len(found) < len(every) or alike[0].unit in ("x", "%"):
        return nothing(f"Not one difference of {alike[0].method} on each of the datasets is known, so no mean over them.")
    possible = Interval(*(sum(ends) / len(found) for ends in zip(*(c.possible for c in found), strict=True)))
    listed = "; ".join(f"{subtraction(c.method, c.baseline)} on {c.method.dataset}" for c in found)
    text = f"{listed}: a mean between {possible.low:.3f} and {possible.high:.3f}; stated {alike[0].sign}{alike[0].value} {alike[0].unit}."
    return Outcome(*verdict_of(alike[0].quantity.interval.overlaps(possible)), text, sides(found))


def times(assertion: Difference, found: Comparison) -> Outcome:
    """ "3× faster", "1.5 times higher": a ratio. Half of the writers mean 1.5 times as high by it, the others 2.5; either will do."""
    if SPEED.search(assertion.text) and not COST.search(found.method.metric):
        return nothing(f"No speed or time of {assertion.method} and {assertion.baseline} is known; a score says nothing of them.")
    ours, theirs = found.method.score.interval, found.baseline.score.interval
    if (assertion.sign == "-") != (found.method.lower_is_better and bool(SPEED.search(assertion.text))):
        ours, theirs = theirs, ours
    if ours.low <= 0 or theirs.low <= 0 or found.ambiguous:
        return Outcome(Verdict.INCONCLUSIVE, Reason.AMBIGUOUS_TARGET, "The ratio of the two scores is open.", sides([found]))
    ratio = Interval(ours.low / theirs.high, ours.high / theirs.low)
    stated = assertion.quantity.model_copy(update={"value": assertion.value}).interval
    agrees = stated.overlaps(ratio) or stated.overlaps(Interval(ratio.low - 1, ratio.high - 1))
    text = f"{found.method.method} {found.method.score} and {found.baseline.method} {found.baseline.score} on {assertion.dataset or found.method.metric}"
    return Outcome(
        *verdict_of(agrees), f"{text}: a ratio of {ratio.low:.3f} to {ratio.high:.3f}; stated {assertion.value} times.", sides([found])
    )


def said_relative(assertion: Difference) -> bool:
    """Whether the sentence itself says that its percentage is a share of the baseline's score."""
    return assertion.unit == "%" and "unit" not in assertion.ambiguous and "unit" not in assertion.supplied


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
    together = combined(claim, assertion)
    if together:
        return over_datasets(claim, together, dossier, origin)
    here = (r for r in on_dataset(dossier, assertion.dataset) if (r.origin, r.method) == (origin, assertion.method))
    groups = of_metric(assertion, (r for r in here if assertion.regime in ("", r.regime)))
    found = list(under_its_name(dossier, assertion, tuple(r for scores in groups for r in scores)))
    if not found:
        return nothing(f"No score of {assertion.method} on {assertion.dataset} is known.")
    if len(groups) == 1 and over_seeds(found):
        return mean_value(assertion, found)
    stated = Quantity(value=assertion.value, unit=assertion.unit)
    fits = [any(q.interval.overlaps(r.score.interval) for q in readings(assertion)) for r in found]
    if any(fits) and not all(fits):
        listed = "; ".join(f"{r.metric} {r.score} ({r.run or r.where})" for r in found)
        return Outcome(Verdict.INCONCLUSIVE, Reason.AMBIGUOUS_TARGET, f"Stated {stated}; more than one score fits: {listed}.", found)
    verdict, reason = verdict_of(all(fits))
    scores = ", ".join(dict.fromkeys(str(r.score) for r in found))
    return Outcome(verdict, reason, f"{assertion.method} scores {scores} on {assertion.dataset}; stated {stated}.", found)


MEAN = re.compile(r"\baverag\w*|\bmean\b", re.IGNORECASE)
SUM = re.compile(r"\b(?:sum|total(?:s|ling)?|combined|altogether)\b", re.IGNORECASE)


def combined(claim: Claim, assertion: Value) -> list[Value]:
    """The assertions that share one number as the mean or sum over their datasets; none if each has its own."""
    alike = [
        a
        for a in claim.assertions
        if isinstance(a, Value) and (a.method, a.value, a.unit) == (assertion.method, assertion.value, assertion.unit)
    ]
    joint = len({a.dataset for a in alike}) > 1 and (MEAN.search(claim.sentence) or SUM.search(claim.sentence))
    return alike if joint else []


def over_datasets(claim: Claim, alike: list[Value], dossier: Dossier, origin: Origin) -> Outcome:
    """The mean, or the sum, of one score per dataset, against the number that the sentence gives for all of them."""
    scores: list[Result] = []
    for a in alike:
        here = (
            r for r in dossier.results if (r.origin, r.method, r.dataset) == (origin, a.method, a.dataset) and a.regime in ("", r.regime)
        )
        found = [r for group in of_metric(a, here) for r in group]
        if len({r.score.value for r in found}) != 1:
            return nothing(f"Not one score of {a.method} on {a.dataset} is known, so no mean over the datasets.")
        scores.append(found[0])
    total = Interval(*(sum(ends) for ends in zip(*(r.score.interval for r in scores), strict=True)))
    mean = Interval(total.low / len(scores), total.high / len(scores))
    what, possible = ("sum", total) if SUM.search(claim.sentence) and not MEAN.search(claim.sentence) else ("mean", mean)
    stated = Quantity(value=alike[0].value, unit=alike[0].unit)
    listed = ", ".join(f"{r.dataset} {r.score}" for r in scores)
    text = f"The {what} of {alike[0].method} over {listed} lies between {possible.low:.3f} and {possible.high:.3f}; stated {stated}."
    return Outcome(*verdict_of(stated.interval.overlaps(possible)), text, scores)


def readings(assertion: Value) -> list[Quantity]:
    """The stated number, and where it is a share of one, the percentage that it is."""
    stated = Quantity(value=assertion.value, unit=assertion.unit)
    fraction = 0 <= stated.value <= 1 and not (stated.unit == "%" and PERCENT.search(assertion.text))
    return [stated, *([Quantity(value=stated.value.scaleb(2), unit="%")] if fraction else [])]


def over_seeds(found: list[Result]) -> bool:
    """Whether the scores are those of several runs of one recipe, each with a seed of its own."""
    return len(found) > 1 and len({r.seed for r in found if r.seed}) == len(found)


def mean_value(assertion: Value, found: list[Result]) -> Outcome:
    """A score against the mean of the released seeds. One seed's score is that seed's, and no mean."""
    possible = Interval(*(sum(ends) / len(found) for ends in zip(*(r.score.interval for r in found), strict=True)))
    scores = ", ".join(f"{r.score} (seed {r.seed})" for r in found)
    text = f"The mean over {len(found)} seeds of {assertion.method} on {assertion.dataset} lies between {possible.low:.3f} and {possible.high:.3f} ({scores}); "
    text += f"stated {Quantity(value=assertion.value, unit=assertion.unit)}."
    fits = any(q.interval.overlaps(possible) for q in readings(assertion))
    one = [r for r in found if any(q.interval.overlaps(r.score.interval) for q in readings(assertion))]
    if not fits and one:
        best = "the best" if one[0].score.value == max(r.score.value for r in found) else "one"
        text += f" The stated number is {best} of the {len(found)} seeds."
    if not fits and assertion.averaged not in (0, len(found)) and (one or assertion.averaged):
        return Outcome(Verdict.INCONCLUSIVE, Reason.AMBIGUOUS_TARGET, text, found)
    verdict, reason = verdict_of(fits)
    return Outcome(verdict, reason, text, found)


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
    if origin == "paper" and unnamed_set(dossier, assertion):
        return range_by_table(assertion, dossier, origin)
    every = comparisons(dossier, assertion, origin)
    if not every:
        return missing(assertion)
    allowed = within(assertion)
    jointly = [c for c in every if scored_everywhere(claim, assertion, c, dossier, origin)]
    inside = [all(magnitude(c.possible, assertion.sign).overlaps(allowed) for c in group) for group in (every, jointly)]
    chosen, agrees = (every, True) if inside[0] else (jointly, inside[1] and bool(jointly))
    if not agrees and len(jointly) < len(every):
        chosen = every
    outcome = over_set(agrees, range_text(assertion, chosen), chosen)
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


def range_by_table(assertion: Range, dossier: Dossier, origin: Origin) -> Outcome:
    """ "All other methods gain 1 to 3 points": over the rows of each table that holds the baseline."""
    found = by_table(assertion, dossier, origin)
    if not found:
        return missing(assertion)
    fits = [all(magnitude(c.possible, assertion.sign).overlaps(within(assertion)) for c in group) for group in found.values()]
    text = " ".join(f"{table}: {range_text(assertion, group)}" for table, group in found.items())
    every = [c for group in found.values() for c in group]
    return settled([*fits, *([True, False] if any(c.ambiguous for c in every) else [])], text, *every)


def by_table(assertion: Comparative, dossier: Dossier, origin: Origin) -> dict[str, list[Comparison]]:
    """The comparisons of each table that holds the baseline's score and at least one more."""
    found = {table: comparisons(dossier, assertion, origin, table) for table in sheets(dossier, assertion, assertion.baseline, origin)}
    return {table: group for table, group in found.items() if group}


def within(assertion: Range) -> Interval:
    """What the stated ends of a range allow, as printed."""
    return Interval(Quantity(value=assertion.low).interval.low, Quantity(value=assertion.high).interval.high)


def range_text(assertion: Range, found: list[Comparison]) -> str:
    sums = "; ".join(f"{c.method.method} {signed(c.against(c.baseline))}" for c in found)
    return f"On {assertion.dataset} against {found[0].baseline.score}: {sums}. Stated {assertion.sign}{assertion.low} to {assertion.sign}{assertion.high}."


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
    if origin == "paper" and regime is None and unnamed_set(dossier, assertion):
        named |= {f"the {len(found)} others in {table}": found for table, found in by_table(assertion, dossier, origin).items()}
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
    sure, _ = tallies[said]
    rivals = [tally for other, tally in tallies.items() if assertion.total == len(named[other])]
    fits = [least <= assertion.count <= most for least, most in rivals or [tallies[said]]]
    counted = [c for c in found if magnitude(c.possible, assertion.sign).low > assertion.value]
    losses = ", ".join(f"{c.method.method} {signed(c.against(c.baseline))}" for c in counted)
    text = f"{sure} of {said} {what}: {losses}. Stated {assertion.count}" + (f" of {assertion.total}." if assertion.total else ".")
    notes = [
        (Reason.UNIVERSE, f"Over {other}, {tally[0]} {what}.", sides(named[other])) for other, tally in tallies.items() if other != said
    ]
    return replace(settled([*fits, *([True, False] if any(c.ambiguous for c in found) else [])], text, *found), notes=notes)


def rank(claim: Claim, assertion: Rank, dossier: Dossier, origin: Origin) -> Outcome:
    if not assertion.baseline:
        return standing(assertion, dossier, origin)
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


BOUNDS = re.compile(r"human|oracle|gold|upper\s?bound|random|majority|chance|ceiling|skyline|ground\s?truth", re.IGNORECASE)
"""Rows printed for orientation, which a superlative does not compete with."""


def standing(assertion: Rank, dossier: Dossier, origin: Origin) -> Outcome:
    """A superlative of the scores themselves ("performs best on A"): the place in each table that gives the method's score."""
    everyone = set(methods_of(dossier, assertion))
    places, told, seen = [], [], []
    for table in sheets(dossier, assertion, assertion.method, origin):
        here = (r for r in on_dataset(dossier, assertion.dataset) if (r.origin, r.regime) == (origin, assertion.regime))
        rows = [r for r in here if sheet(r) == table and r.method in everyone and not BOUNDS.search(r.method)]
        for scores in of_metric(assertion, rows):
            mine = [r for r in scores if r.method == assertion.method]
            rivals = [r for r in scores if r.method != assertion.method]
            if not mine or not rivals:
                continue
            fits = {placed(r, rivals, assertion) for r in mine}
            places += sorted(fits)
            first = sorted(scores, key=lambda r: r.score.value, reverse=counts_down(assertion, scores[0]))[:3]
            told.append(f"{table}, {scores[0].metric or 'score'}: {'; '.join(f'{r.method} {r.score}' for r in first)}")
            seen += [*mine, *first]
    if not places:
        return nothing(f"No scores of {assertion.method} and of others on {assertion.dataset or 'an unnamed dataset'} are known.")
    order = "highest" if counts_down(assertion, seen[0]) else "lowest"
    own = ", ".join(dict.fromkeys(str(r.score) for r in seen if r.method == assertion.method))
    text = f"From the {order} on {assertion.dataset}: {' | '.join(told)}. {assertion.method} scores {own}."
    if all(places) or not any(places):
        return Outcome(*verdict_of(all(places)), text, seen)
    return Outcome(Verdict.INCONCLUSIVE, Reason.AMBIGUOUS_TARGET, f"{text} The tables or metrics differ.", seen)


def placed(mine: Result, rivals: list[Result], assertion: Rank) -> bool:
    """Whether the score can have the stated place among its rivals, one that prints alike counting either way."""
    down = counts_down(assertion, mine)
    ahead = level = 0
    for rival in rivals:
        low, high = (rival.score.interval - mine.score.interval) if down else (mine.score.interval - rival.score.interval)
        ahead += low > 0
        level += low <= 0 <= high
    return ahead < assertion.place <= ahead + level + 1


def counts_down(assertion: Rank, result: Result) -> bool:
    """Whether the places count from the largest number: "the best" of an error is the smallest, "the highest" is not."""
    numeric = re.match(r"(?:\w+[\s-])?(?:highest|lowest|largest|smallest|greatest)", assertion.text, re.IGNORECASE)
    return (assertion.order == "largest") != (result.lower_is_better and not numeric)


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
