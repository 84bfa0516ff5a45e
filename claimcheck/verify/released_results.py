"""Do the stated numbers come out of the result files that the authors released?"""

from collections.abc import Iterator

from claimcheck.dossier import Claim, Dossier, Finding, Level
from claimcheck.verify.findings import recomputed

NAME = "released_results"

CONFIDENCE = 0.99
"""That a number recomputed from the released files to its last printed digit is right. The rest is for a file that does
not belong to its run, which no check of the files alone can exclude."""


def verify(claim: Claim, dossier: Dossier) -> Iterator[Finding]:
    if any(r.origin == "release" for r in dossier.results):
        yield from recomputed(NAME, claim, dossier, "release", Level.RELEASED, CONFIDENCE)
