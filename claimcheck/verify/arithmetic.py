"""Does a stated number follow from what the document itself prints: its tables, and its other statements?"""

from collections.abc import Iterator

from claimcheck.dossier import Claim, Difference, Dossier, Evidence, Finding, Level, Rank, Reason, Verdict
from claimcheck.verify.comparison import evidence
from claimcheck.verify.recompute import recompute

NAME = "arithmetic"

CONFIDENCE = 0.97
"""That a number recomputed from the document's own cells is right; lower than for released files, which hold more digits
and are not retyped."""


def verify(claim: Claim, dossier: Dossier) -> Iterator[Finding]:
    yield from from_tables(claim, dossier)
    for position, assertion in enumerate(claim.assertions):
        if isinstance(assertion, Difference):
            yield from restated(claim, position, assertion, dossier)
        elif isinstance(assertion, Rank):
            yield from largest_stated(claim, position, assertion, dossier)


def from_tables(claim: Claim, dossier: Dossier) -> Iterator[Finding]:
    """Recomputed from the tables, where the document has some."""
    if not any(r.origin == "paper" for r in dossier.results):
        return
    for position, assertion in enumerate(claim.assertions):
        outcome = recompute(claim, assertion, dossier, "paper")
        if outcome is None or outcome.reason is Reason.NO_EVIDENCE:
            continue
        yield Finding(
            verifier=NAME,
            kind="verdict",
            part="numbers",
            verdict=outcome.verdict,
            confidence=0.0 if outcome.verdict is Verdict.INCONCLUSIVE else CONFIDENCE,
            reason=outcome.reason,
            explanation=outcome.explanation,
            assertions=(position,),
            level=Level.CONSISTENT,
            evidence=evidence(outcome.results),
        )


def stated(dossier: Dossier) -> Iterator[tuple[Claim, Difference]]:
    """Every difference that some claim of the document states."""
    for claim in dossier.claims:
        for assertion in claim.assertions:
            if isinstance(assertion, Difference):
                yield claim, assertion


def key(assertion: Difference) -> tuple[str, ...]:
    return assertion.method, assertion.baseline, assertion.dataset, assertion.metric, assertion.regime, assertion.unit


def restated(claim: Claim, position: int, assertion: Difference, dossier: Dossier) -> Iterator[Finding]:
    """The same difference, stated in another claim: do the two agree?"""
    twins = [(other, a) for other, a in stated(dossier) if other.number != claim.number and key(a) == key(assertion)]
    for other, twin in twins:
        agrees = twin.quantity.interval.overlaps(assertion.quantity.interval)
        relation = "the same" if agrees else "another number"
        text = f"Claim {other.number} states {relation} for this comparison: {twin.sign}{twin.value} against {assertion.sign}{assertion.value}."
        yield Finding(
            verifier=NAME,
            kind="caveat",
            part="numbers",
            reason=Reason.MATCHES if agrees else Reason.CONTRADICTS,
            explanation=text,
            assertions=(position,),
            evidence=(Evidence(quote=twin.text or other.sentence, where=other.where),),
        )


def largest_stated(claim: Claim, position: int, assertion: Rank, dossier: Dossier) -> Iterator[Finding]:
    """A superlative against the other differences that the document states for that dataset."""
    same = [(c, a) for c, a in stated(dossier) if (a.dataset, a.regime) == (assertion.dataset, assertion.regime)]
    mine = [a.quantity.value for _, a in same if a.method == assertion.method]
    others = [(c, a) for c, a in same if a.method != assertion.method]
    if not mine or not others or assertion.place != 1:
        return
    best = max(mine) if assertion.order == "largest" else min(mine)
    beaten = [(c, a) for c, a in others if (a.quantity.value > best) == (assertion.order == "largest") and a.quantity.value != best]
    listed = "; ".join(f"{a.method} {a.sign}{a.value} (claim {c.number})" for c, a in beaten or others)
    text = f"Other differences stated for {assertion.dataset}: {listed}; {'some go' if beaten else 'none goes'} beyond {best:+}."
    yield Finding(
        verifier=NAME,
        kind="verdict" if beaten else "caveat",
        part="numbers",
        verdict=Verdict.REFUTED if beaten else Verdict.INCONCLUSIVE,
        confidence=CONFIDENCE if beaten else 0.0,
        reason=Reason.CONTRADICTS if beaten else Reason.MATCHES,
        explanation=text,
        assertions=(position,),
        evidence=tuple(Evidence(quote=a.text or c.sentence, where=c.where) for c, a in beaten or others),
    )
