"""Does a stated number follow from what the document itself prints: its tables, and its other statements?"""

from collections.abc import Iterator

from claimcheck.dossier import Claim, Difference, Dossier, Evidence, Finding, Level, Rank, Reason, Verdict
from claimcheck.verify.comparison import EVERYONE
from claimcheck.verify.confidence import fitted
from claimcheck.verify.findings import caveat, recomputed, vote

NAME = "arithmetic"


def verify(claim: Claim, dossier: Dossier) -> Iterator[Finding]:
    yield from from_tables(claim, dossier)
    for position, assertion in enumerate(claim.assertions):
        if isinstance(assertion, Difference):
            yield from restated(claim, position, assertion, dossier)
        elif isinstance(assertion, Rank):
            yield from largest_stated(claim, position, assertion, dossier)


def from_tables(claim: Claim, dossier: Dossier) -> Iterator[Finding]:
    """Recomputed from the tables, where the document has some that bear on the claim."""
    found = recomputed(NAME, claim, dossier, "paper", Level.CONSISTENT)
    yield from (finding for finding in found if finding.reason is not Reason.NO_EVIDENCE)


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
        said = Evidence(quote=twin.text or other.sentence, where=other.where)
        note = caveat(NAME, Reason.MATCHES if agrees else Reason.CONTRADICTS, text, (position,), part="numbers")
        yield note.model_copy(update={"evidence": (said,)})


def largest_stated(claim: Claim, position: int, assertion: Rank, dossier: Dossier) -> Iterator[Finding]:
    """A superlative against the other differences that the document states for that dataset."""
    where = assertion.baseline, assertion.dataset, assertion.regime
    same = [(c, a) for c, a in stated(dossier) if (a.baseline, a.dataset, a.regime) == where and a.unit == "pp"]
    same = [(c, a) for c, a in same if "" in (a.metric, assertion.metric) or a.metric == assertion.metric]
    mine = [a.quantity.value for _, a in same if a.method == assertion.method]
    others = [(c, a) for c, a in same if a.method != assertion.method]
    if not mine or not others or assertion.place != 1 or not EVERYONE.fullmatch(assertion.universe):
        return
    best = max(mine) if assertion.order == "largest" else min(mine)
    beaten = [(c, a) for c, a in others if (a.quantity.value > best) == (assertion.order == "largest") and a.quantity.value != best]
    listed = "; ".join(f"{a.method} {a.sign}{a.value} (claim {c.number})" for c, a in beaten or others)
    text = f"Other differences stated for {assertion.dataset}: {listed}; {'some go' if beaten else 'none goes'} beyond {best:+}."
    quoted = tuple(Evidence(quote=a.text or c.sentence, where=c.where) for c, a in beaten or others)
    if beaten:
        sure = fitted(Verdict.REFUTED, assertion)
        said = vote(NAME, "numbers", Verdict.REFUTED, Reason.CONTRADICTS, text, (position,), (), confidence=sure)
    else:
        said = caveat(NAME, Reason.MATCHES, text, (position,), part="numbers")
    yield said.model_copy(update={"evidence": quoted})
