"""Verdicts, reasons, levels and assertions in plain words, for whoever reads a report or a terminal."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from claimcheck.dossier import (
    Arm,
    Assertion,
    Claim,
    Count,
    Difference,
    Direction,
    Dossier,
    Evidence,
    Fact,
    Finding,
    Judgement,
    Level,
    Look,
    Range,
    Rank,
    Reason,
    Recall,
    Review,
    Value,
    Verdict,
)
from repro.result import RunResult

GLOSS = {
    Reason.MATCHES: "The stated number comes out of the evidence.",
    Reason.CONTRADICTS: "The stated number and the evidence cannot both be right.",
    Reason.EXCEEDS_NOISE: "The effect is larger than its noise, as far as that is known.",
    Reason.NOT_CHECKED: "Nothing has been checked yet; this is neither a pass nor a fail.",
    Reason.NO_EVIDENCE: "A check looked, and nothing at hand bears on it.",
    Reason.AMBIGUOUS_TARGET: "More than one reading fits the sentence; all of them are listed.",
    Reason.UNIVERSE: "The answer depends on which methods are counted; the set that was used is named.",
    Reason.TRUNCATED: "The source cuts the sentence off; what is missing was not guessed.",
    Reason.IMPOSSIBLE_VALUE: "No whole number of correct answers gives this percentage.",
    Reason.LABEL_MISMATCH: "A released file names another method than the folder it lies in.",
    Reason.NOT_SIGNIFICANT: "The difference lies within sampling noise.",
    Reason.AT_THRESHOLD: "A counted member lies within its standard error of the threshold.",
    Reason.SINGLE_SEED: "Only one training seed stands behind the comparison.",
    Reason.SEED_MISMATCH: "The compared runs differ in seed, and no pair with equal seeds was released.",
    Reason.SIGN_DEPENDS_ON_SEED: "Compared at equal seeds, the difference points the other way.",
    Reason.COUNT_DEPENDS_ON_SEED: "Compared at equal seeds, the count is another.",
    Reason.WITHIN_SEED_SPREAD: "Two seeds of one recipe differ by as much.",
    Reason.PROTOCOL_MISMATCH: "The compared runs differ in a setting that the claim does not name.",
    Reason.UNTRAINED_ENCODER: "The scores were read from an encoder that was never trained.",
    Reason.UNTRAINED_TERM: "A loss term that the claim names trained nothing in the released runs.",
    Reason.DEVIATION: "The released code differs from the described method in a way that touches the claim.",
    Reason.CAUSAL: "The sentence asserts a cause; the evidence is a comparison.",
    Reason.MAJORITY_CLASS: "The score is no better than always answering the most frequent class.",
    Reason.SCALE_MISMATCH: "A scaled-down run cannot speak about the paper's absolute numbers.",
    Reason.INSUFFICIENT_RUNS: "Fewer than three seeds were run.",
    Reason.NOT_RUN: "The experiment that would decide it has not been run.",
    Reason.NAN_LOSS: "A run's loss stopped being a number; that run says nothing.",
    Reason.COLLAPSED: "A run's representation collapsed; that run says nothing.",
    Reason.DATA_INVALID: "Too much of a run's data could not be read.",
    Reason.BUDGET_EXHAUSTED: "The time or compute allowed for it ran out.",
    Reason.RUN_FAILED: "A run ended with an error.",
    Reason.CHECK_FAILED: "One of the checks broke; it says nothing of the claim.",
}

LEVEL_GLOSS = {
    Level.STATED: "the number stands in the source, no more",
    Level.CONSISTENT: "follows from the paper's own tables",
    Level.RELEASED: "follows from the released result files",
    Level.CONTROLLED: "the compared runs differ only in what the claim names",
    Level.SIGNIFICANT: "beyond sampling noise, and seed noise where known",
    Level.REPRODUCED: "seen again in runs of our own",
}

UNITS = {"pp": "points", "%": "%"}


def plain(assertion: Assertion) -> str:
    """What an assertion says, as a sentence without its full stop."""
    match assertion:
        case Value():
            return f"{assertion.method} scores {amount(assertion.value, assertion.unit)}{setting(assertion)}"
        case Difference():
            way = "more" if assertion.sign == "+" else "less"
            return (
                f"{assertion.method} scores {amount(assertion.value, assertion.unit)} {way} than {against(assertion)}{setting(assertion)}"
            )
        case Range():
            way = "more" if assertion.sign == "+" else "less"
            amounts = f"{assertion.low} to {amount(assertion.high, assertion.unit)}"
            return f"{assertion.method} each score {amounts} {way} than {against(assertion)}{setting(assertion)}"
        case Count():
            of = f"{assertion.count} of {assertion.total}" if assertion.total is not None else f"{assertion.count}"
            way = "gain" if assertion.sign == "+" else "lose"
            relation = "more than" if assertion.relation == ">" else "at least"
            limit = amount(assertion.value, assertion.unit)
            return f"{of} {assertion.method} {way} {relation} {limit} against {against(assertion)}{setting(assertion)}"
        case Rank():
            place = "" if assertion.place == 1 else f"{ordinal(assertion.place)} "
            change = "gain" if assertion.sign == "+" else "loss"
            among = assertion.universe or "all methods compared"
            return (
                f"{assertion.method} has the {place}{assertion.order} {change} over {against(assertion)}{setting(assertion)}, among {among}"
            )
        case Direction():
            way = "better" if assertion.sign == "+" else "worse"
            return f"{assertion.method} is {way} than {against(assertion)}{setting(assertion)}, by an amount it does not say"
        case Fact():
            return f"{assertion.subject}: {assertion.property} is {amount(assertion.value, assertion.unit)}"
    way = "better" if assertion.sign == "+" else "worse"
    compared = f", each against {assertion.baseline}" if assertion.baseline else ""
    return f"Across {assertion.method}, the better on {assertion.cause}, the {way} on {assertion.effect}{setting(assertion)}{compared}"


def against(assertion: Difference | Range | Count | Rank | Direction) -> str:
    return assertion.baseline or "an unnamed baseline"


def setting(assertion: Assertion) -> str:
    """` on Diving-48 (top-1, ucf101 regime)`, as far as it is known."""
    inner = [assertion.metric] * bool(assertion.metric) + [f"{assertion.regime} regime"] * bool(assertion.regime)
    return f" on {assertion.dataset}" * bool(assertion.dataset) + (f" ({', '.join(inner)})" if inner else "")


def amount(value: Decimal, unit: str) -> str:
    """The number as printed, with its unit in words."""
    return f"{value}%" if unit == "%" else f"{value} {UNITS.get(unit, unit)}".rstrip()


def ordinal(place: int) -> str:
    """2nd, 3rd, 11th, 21st."""
    ending = "th" if 10 <= place % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def gloss(reason: Reason) -> str:
    """What a reason code means, in one line."""
    return GLOSS.get(reason, f"{words(reason)}.")


def words(code: str) -> str:
    """A code or field name as words: `not_significant` is "not significant"."""
    return code.replace("_", " ")


def probability(judgement: Judgement | Finding) -> str:
    """The confidence with two decimals, never rounded to certainty; a dash for what decides nothing."""
    if judgement.verdict is Verdict.INCONCLUSIVE or (isinstance(judgement, Finding) and judgement.kind == "caveat"):
        return "–"
    return ">0.99" if judgement.confidence > 0.99 else "<0.01" if judgement.confidence < 0.01 else f"{judgement.confidence:.2f}"


class Numbered(NamedTuple):
    """A finding with its place among its claim's findings, from 1, by which a report refers to it."""

    number: int
    finding: Finding

    @property
    def is_note(self) -> bool:
        """Whether it only informs."""
        return self.finding.kind == "caveat" and not self.finding.blocks


def findings_on(claim: Claim, part: str) -> list[Numbered]:
    """A claim's findings on one part, those that decide first: what blocks a conclusion, then votes, then what only informs."""
    found = [Numbered(number, finding) for number, finding in enumerate(claim.findings, start=1) if finding.part == part]
    return sorted(found, key=lambda one: (not one.finding.blocks, one.finding.kind == "caveat"))


def evidence_of(claim: Claim) -> list[Evidence]:
    """Everything a claim's findings rest on, each piece once."""
    return list({(str(e.where), e.quote): e for finding in claim.findings for e in finding.evidence}.values())


def places(evidence: Iterable[Evidence]) -> str:
    """Where evidence stands, lines of one file together: `released.csv, lines 9, 14 and 35; paper.md, line 3`."""
    lines: dict[str, list[int]] = {}
    for where in (piece.where for piece in evidence):
        plain_line = where.line is not None and str(where) == f"{where.document}, line {where.line}"
        found = lines.setdefault(where.document if plain_line else str(where), [])
        found += [where.line] if plain_line and where.line is not None and where.line not in found else []
    return "; ".join(f"{name}, line{'s' if len(at) > 1 else ''} {listed(sorted(at))}" if at else name for name, at in lines.items())


def listed(items: Iterable[object]) -> str:
    """`1, 2 and 3`."""
    *head, last = [str(item) for item in items] or ["none"]
    return f"{', '.join(head)} and {last}" if head else last


def claims(numbers: Sequence[int]) -> str:
    """`Claim 3`, `Claims 1, 2 and 3`, or how many where a list would be too long to read."""
    if len(numbers) > 24:
        return f"{len(numbers):,} claims"
    return f"Claim{'s' if len(numbers) > 1 else ''} {listed(numbers)}"


def some(items: Sequence[str], noun: str) -> str:
    """`Assertions 1.2 and 5.1`, or how many where a list would be too long to read."""
    if len(items) > 24:
        return f"{len(items):,} {noun}s"
    return f"{noun.capitalize()}{'s' if len(items) > 1 else ''} {listed(items)}"


def recall(found: Recall) -> str:
    """How many numbers of the results prose were understood, and what the others are."""
    if not found.numbers:
        return "No number stands in the prose that speaks of results."
    why = [
        f"{number} {OTHERS.get(reason, words(reason))}"
        for reason, number in sorted(found.others.items(), key=lambda each: (-each[1], each[0]))
    ]
    rest = f"; of the others, {listed(why)}" if why else ""
    return f"Of {counted(found.numbers, 'number')} in prose that speaks of results, {found.bound} stand in an assertion{rest}."


OTHERS = {
    "label": "label tables, sections and the like",
    "size": "count or size something",
    "setting": "set something",
    "citation": "cite",
    "year": "are years",
    "supposed": "are denied or only supposed",
    "cut_off": "may be cut off",
    "undecided": "were not understood and may be results",
}
"""Why a number stands in no assertion, in words."""


def counted(number: int, one: str, many: str = "") -> str:
    """`1 claim`, `11 claims`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def score(run: RunResult, probe: str) -> str:
    """`34.50 (n 200)`, or a dash."""
    if probe not in run.scores:
        return "–"
    n = run.samples.get(probe)
    return f"{run.scores[probe]:.2f}" + (f" (n {n:,})" if n is not None else "")


def stands_for(run: RunResult, dossier: Dossier) -> str:
    """The methods whose place the run takes: `FWM (mixed)`, `HW-LD (mixed, as released)`, or a dash."""
    arms = [arm for arm in dossier.arms if arm.experiment == run.experiment.name]
    said = ((arm.method, [arm.regime] * bool(arm.regime) + ["as released"] * (arm.reading == "as_released")) for arm in arms)
    named = (f"{method} ({', '.join(words)})" if words else method for method, words in said)
    return ", ".join(dict.fromkeys(named)) or "–"


def why_not(arm: Arm, dossier: Dossier) -> str:
    """Why no finished run of an experiment is at hand: the study's own reason, how its last run ended, or that nobody asked."""
    ended = [run.state for run in dossier.runs if run.experiment.name == arm.experiment and run.state != "finished"]
    return arm.why_not or (f"ran, but ended as {words(ended[-1])}" if ended else "not asked for")


def figure(value: float) -> str:
    """A measured number at four digits, without an exponent where it can be."""
    return f"{value:,.0f}" if abs(value) >= 1000 and value < 1e15 else f"{value:.4g}"


def of_ten(review: Review) -> str:
    """`6.8 of 10`, or that it abstains."""
    return "abstains" if review.score is None else f"{review.score:.1f} of 10"


def points(look: Look) -> str:
    """What a rule takes off, with two decimals and a minus sign; a dash where its question does not arise."""
    return "–" if look.points is None else f"−{-look.points:.2f}" if look.points else "0"
