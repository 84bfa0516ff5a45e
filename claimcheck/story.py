"""What a report says first: what holds, what does not, what one seed cannot tell, and what our own runs add. Nothing here decides."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from claimcheck import wording
from claimcheck.dossier import Claim, Dossier, Estimate, Reason, Verdict
from claimcheck.verify.comparison import signed

BROKEN = (
    Reason.CONTRADICTS,
    Reason.IMPOSSIBLE_VALUE,
    Reason.UNTRAINED_ENCODER,
    Reason.UNTRAINED_TERM,
    Reason.DEVIATION,
    Reason.PROTOCOL_MISMATCH,
    Reason.LABEL_MISMATCH,
    Reason.CAUSAL,
)
"""Reasons for which a claim does not follow from what was done, whatever more seeds would show."""

SEEDS = (
    Reason.SIGN_DEPENDS_ON_SEED,
    Reason.COUNT_DEPENDS_ON_SEED,
    Reason.WITHIN_SEED_SPREAD,
    Reason.SEED_MISMATCH,
    Reason.NOT_SIGNIFICANT,
    Reason.AT_THRESHOLD,
    Reason.SINGLE_SEED,
)
"""Reasons that more seeds or samples would settle one way or the other."""

OUTCOMES = ("agrees", "disagrees", "undecided")


class Line(NamedTuple):
    """Some claims, and what is said of them."""

    claims: tuple[int, ...]
    text: str


class Part(NamedTuple):
    title: str
    lines: tuple[Line, ...]


class Rerun(NamedTuple):
    """One estimate with the assertion it is about."""

    label: str
    """`5.1`, or `5` where it is about the whole claim."""

    claim: int
    estimate: Estimate


def story(dossier: Dossier) -> tuple[Part, ...]:
    """The parts that have something to say, in the order in which a reader wants them."""
    parts = (
        Part("What holds", tuple(holds(dossier.claims))),
        Part("What does not", tuple(by_reason(dossier.claims, BROKEN))),
        Part("What one seed cannot tell", tuple(by_reason(dossier.claims, SEEDS))),
        Part("What our own runs add", tuple(own_runs(dossier))),
    )
    return tuple(part for part in parts if part.lines)


def holds(claims: Sequence[Claim]) -> Iterator[Line]:
    whole = tuple(claim.number for claim in claims if claim.verdict is Verdict.VERIFIED)
    if whole:
        yield Line(whole, "numbers come out of the evidence, and what is concluded from them stands as far as it goes.")
    numbers = tuple(c.number for c in claims if c.numbers is Verdict.VERIFIED and c.verdict is not Verdict.VERIFIED)
    if numbers:
        yield Line(numbers, "the printed numbers come out of the evidence; what is concluded from them does not follow from it alone.")


def by_reason(claims: Sequence[Claim], reasons: Iterable[Reason]) -> Iterator[Line]:
    """One line for each reason that decides some claim; a verified one has only reasons to doubt how far it holds."""
    for reason in reasons:
        decided = tuple(claim.number for claim in claims if reason in claim.reasons)
        if decided:
            yield Line(decided, f"{wording.words(reason.value)}. {wording.gloss(reason)}")


def own_runs(dossier: Dossier) -> Iterator[Line]:
    """At each scale how many statements agree, disagree or stay open; then what a blocking finding of our runs says."""
    found = reruns(dossier)
    for scale in dict.fromkeys(rerun.estimate.scale for rerun in found):
        asked = [r for r in found if r.estimate.scale == scale and r.estimate.unit not in ("%", "dimensions")]
        if not asked:
            continue
        said = []
        for outcome in OUTCOMES:
            own = [r for r in asked if r.estimate.outcome == outcome]
            labels = (f"{r.label}{' as released' if r.estimate.reading == 'as_released' else ''}" for r in own)
            said.append(f"{len(own)} {outcome if outcome == 'undecided' else 'agree' if outcome == 'agrees' else 'disagree'}")
            said[-1] += f" ({', '.join(dict.fromkeys(labels))})" if own and outcome != "undecided" else ""
        seeds = sorted({r.estimate.seeds for r in asked})
        many = f"{seeds[0]} to {seeds[-1]}" if len(seeds) > 1 else f"{seeds[0]}"
        small = "" if scale == "paper" else "; directions only, on stand-ins for the paper's benchmarks"
        text = f"{scale} scale, {many} seed{'s' * (seeds[-1] > 1)}: of {len(asked)} statements {wording.listed(said)}{small}."
        yield Line(tuple(dict.fromkeys(r.claim for r in asked)), text)
    for claim in dossier.claims:
        for finding in claim.findings:
            if finding.verifier == "reproduction" and finding.estimate is not None and (finding.blocks or finding.kind == "verdict"):
                yield Line((claim.number,), finding.explanation)


def reruns(dossier: Dossier) -> tuple[Rerun, ...]:
    """Every estimate of our own runs, claim by claim."""
    return tuple(
        Rerun(label(claim.number, finding.assertions), claim.number, finding.estimate)
        for claim in dossier.claims
        for finding in claim.findings
        if finding.estimate is not None
    )


def label(number: int, assertions: tuple[int, ...]) -> str:
    return ", ".join(f"{number}.{position + 1}" for position in assertions) or f"{number}"


def measured(estimate: Estimate) -> str:
    """`+3.10 [−4.20, +10.40] points`, `9 [6, 12] methods`."""
    if estimate.unit in ("points", "correlation"):
        value, low, high = (signed(round(number, 2) + 0.0) for number in (estimate.value, estimate.low, estimate.high))
    else:
        form = ",.1f" if estimate.unit == "%" else ",.0f"
        value, low, high = (format(number, form) for number in (estimate.value, estimate.low, estimate.high))
    return f"{value} [{low}, {high}] {estimate.unit}"


def sureness(estimate: Estimate) -> str:
    """The probability of what is asked, never rounded to certainty."""
    if estimate.probability is None:
        return "–"
    return "> 0.999" if estimate.probability > 0.999 else "< 0.001" if estimate.probability < 0.001 else f"{estimate.probability:.3f}"


def still_needed(estimate: Estimate) -> str:
    """Seeds that would decide it, for a table."""
    if estimate.outcome != "undecided" or estimate.unit in ("dimensions", "%"):
        return "–"
    return f"{estimate.seeds_needed}" if estimate.seeds_needed else "3" if estimate.seeds < 3 else "not by seeds alone"
