"""Do the p values that a claim's sentence prints follow from the statistics beside them?

Nothing is voted on: a p value that does not fit may have been corrected for several comparisons, and a slip of the pen need not touch the
claim. One that is on the other side of 0.05 from its statistic keeps the conclusion from being verified.
"""

from collections.abc import Iterator

from claimcheck.dossier import Claim, Dossier, Evidence, Finding, Reason
from claimcheck.stats.reported import ONE_TAILED, Test, check, reported
from claimcheck.verify.findings import caveat

NAME = "printed_tests"


def verify(claim: Claim, dossier: Dossier) -> Iterator[Finding]:
    halved = ONE_TAILED.search(claim.sentence) is not None or any(test.one_tailed for test in dossier.tests)
    tests = list(reported(claim.sentence))
    strange = [test for test in tests if not check(test, one_tailed=halved).consistent]
    if strange:
        turned = any(check(test).decision for test in strange)
        text = f"{'; '.join(map(explained, strange))}."
        wanted = "the test's raw output, and whether p was corrected or one-tailed"
        found = caveat(NAME, Reason.IMPOSSIBLE_VALUE, text, part="conclusion" if turned else "numbers", blocks=turned, resolves=wanted)
    elif tests:
        text = f"{len(tests)} printed p value{'s follow from their statistics' if len(tests) > 1 else ' follows from its statistic'}."
        found = caveat(NAME, Reason.MATCHES, text, part="numbers")
    else:
        return
    yield found.model_copy(update={"evidence": tuple(Evidence(quote=test.text, where=claim.where) for test in strange or tests)})


def explained(test: Test) -> str:
    """A test that does not fit with the p values that its statistic can stand for."""
    found = check(test)
    turned = ", on the other side of 0.05" if found.decision else ""
    return f"{test.text}: the statistic gives p from {found.low:.2g} to {found.high:.2g}{turned}"
