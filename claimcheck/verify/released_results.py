"""Do the stated numbers come out of the result files that the authors released?"""

from collections.abc import Iterator

from claimcheck.dossier import Claim, Dossier, Finding, Level, Verdict
from claimcheck.verify.comparison import evidence
from claimcheck.verify.recompute import recompute

NAME = "released_results"

CONFIDENCE = 0.99
"""That a number recomputed from the released files to its last printed digit is right. The rest is for a file that does
not belong to its run, which no check of the files alone can exclude."""


def verify(claim: Claim, dossier: Dossier) -> Iterator[Finding]:
    if not any(r.origin == "release" for r in dossier.results):
        return
    for position, assertion in enumerate(claim.assertions):
        outcome = recompute(claim, assertion, dossier, "release")
        if outcome is None:
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
            level=Level.RELEASED,
            resolves="a released score for both sides" if outcome.verdict is Verdict.INCONCLUSIVE else "",
            evidence=evidence(outcome.results),
        )
        for reason, explanation, results in outcome.notes:
            yield Finding(
                verifier=NAME,
                kind="caveat",
                part="numbers",
                reason=reason,
                explanation=explanation,
                assertions=(position,),
                evidence=evidence(results),
            )
