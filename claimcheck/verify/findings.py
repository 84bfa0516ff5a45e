"""How a verifier says something: a vote on a part of the claim, or a caveat."""

from collections.abc import Iterable, Iterator
from typing import Literal

from claimcheck.dossier import Claim, Dossier, Evidence, Finding, Level, Reason, Result, Verdict
from claimcheck.verify.comparison import Origin, quote
from claimcheck.verify.confidence import fitted
from claimcheck.verify.recompute import recompute

Part = Literal["numbers", "conclusion"]


def evidence(results: Iterable[Result]) -> tuple[Evidence, ...]:
    """The records quoted, each place once."""
    quoted = {(str(r.where), r.run): Evidence(quote=quote(r), where=r.where) for r in results}
    return tuple(quoted.values())


def caveat(
    verifier: str,
    reason: Reason,
    explanation: str,
    positions: tuple[int, ...] = (),
    results: Iterable[Result] = (),
    *,
    part: Part = "conclusion",
    blocks: bool = False,
    resolves: str = "",
) -> Finding:
    """Something a reader must know; with `blocks`, something that keeps the conclusion from being verified."""
    return Finding(
        verifier=verifier,
        kind="caveat",
        part=part,
        blocks=blocks,
        reason=reason,
        explanation=explanation,
        assertions=positions,
        resolves=resolves,
        evidence=evidence(results),
    )


def vote(
    verifier: str,
    part: Part,
    verdict: Verdict,
    reason: Reason,
    explanation: str,
    positions: tuple[int, ...],
    results: Iterable[Result],
    *,
    confidence: float,
    level: Level | None = None,
    resolves: str = "",
) -> Finding:
    """A verdict on the assertions at `positions`; an inconclusive one carries no confidence."""
    return Finding(
        verifier=verifier,
        kind="verdict",
        part=part,
        verdict=verdict,
        confidence=0.0 if verdict is Verdict.INCONCLUSIVE else confidence,
        reason=reason,
        explanation=explanation,
        assertions=positions,
        level=level,
        resolves=resolves,
        evidence=evidence(results),
    )


def recomputed(verifier: str, claim: Claim, dossier: Dossier, origin: Origin, level: Level) -> Iterator[Finding]:
    """One vote per assertion that scores of `origin` can decide, and what each answer rests on."""
    for position, assertion in enumerate(claim.assertions):
        outcome = recompute(claim, assertion, dossier, origin)
        if outcome is None:
            continue
        wanted = "a score for both sides" if outcome.verdict is Verdict.INCONCLUSIVE else ""
        said = outcome.verdict, outcome.reason, outcome.explanation
        sure = fitted(outcome.verdict, assertion)
        yield vote(verifier, "numbers", *said, (position,), outcome.results, confidence=sure, level=level, resolves=wanted)
        for reason, explanation, results in outcome.notes:
            yield caveat(verifier, reason, explanation, (position,), results, part="numbers")
