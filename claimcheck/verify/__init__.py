"""Verifiers in the order they speak: each a pure function of a claim and the dossier. A new one is a file and a line."""

import logging
from collections.abc import Callable, Iterable
from decimal import Decimal

from claimcheck.dossier import Assertion, Claim, Difference, Dossier, Finding, Reason, Value, Verdict
from claimcheck.verify import (
    arithmetic,
    controls,
    documents,
    granularity,
    printed_tests,
    released_results,
    reproduction,
    significance,
    tables,
    trends,
)
from claimcheck.verify.findings import caveat

log = logging.getLogger(__name__)

Verifier = Callable[[Claim, Dossier], Iterable[Finding]]
"""Findings on one claim; none if the verifier's question does not arise. A claim makes several assertions, so a verifier
may find several things."""

VERIFIERS: dict[str, Verifier] = {
    "documents": documents.verify,
    "tables": tables.verify,
    "arithmetic": arithmetic.verify,
    "released_results": released_results.verify,
    "granularity": granularity.verify,
    "controls": controls.verify,
    "significance": significance.verify,
    "printed_tests": printed_tests.verify,
    "trends": trends.verify,
    "reproduction": reproduction.verify,
}


def verify(claim: Claim, dossier: Dossier) -> tuple[Finding, ...]:
    """Everything the verifiers have to say of one claim, each thing once."""
    return merge(fair(finding, claim) for name in VERIFIERS for finding in spoken(name, claim, dossier))


def fair(finding: Finding, claim: Claim) -> Finding:
    """The finding, left open if it would refute a reading that learned weights made against the rules: the sentence may not say that.

    So it is if the number has another reading that is learned: a mean over two datasets is read as one number of each.
    """
    about = [claim.assertions[i] for i in finding.assertions if i < len(claim.assertions)] or claim.assertions
    numbers = {number(assertion) for assertion in about} - {None}
    doubted = any(a.learned for a in about) or any(a.learned for a in claim.assertions if number(a) in numbers)
    if finding.verdict is not Verdict.REFUTED or not doubted:
        return finding
    return finding.model_copy(
        update={
            "verdict": Verdict.INCONCLUSIVE,
            "reason": Reason.AMBIGUOUS_TARGET,
            "confidence": 0.0,
            "level": None,
            "explanation": f"The sentence may not say what was read from it. {finding.explanation}",
            "resolves": finding.resolves or "a person's reading of the sentence (claimcheck claims edit)",
        }
    )


def number(assertion: Assertion) -> Decimal | None:
    """What an assertion prints, if it prints one number."""
    return assertion.value if isinstance(assertion, Value | Difference) else None


def spoken(name: str, claim: Claim, dossier: Dossier) -> list[Finding]:
    """One verifier's findings. One that breaks abstains: it is not a pass, and does not silence the others."""
    try:
        return list(VERIFIERS[name](claim, dossier))
    except Exception as error:
        log.exception("%s on claim %s", name, claim.number)
        text = f"This check broke ({type(error).__name__}: {error}) and says nothing of the claim."
        return [caveat(name, Reason.CHECK_FAILED, text, blocks=True, resolves="a mended check")]


def merge(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings that say the same of several assertions become one that names them all."""
    said: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        key = (finding.verifier, finding.kind, finding.part, finding.blocks, finding.verdict, finding.reason, finding.explanation)
        if key in said:
            assertions = tuple(dict.fromkeys((*said[key].assertions, *finding.assertions)))
            evidence = tuple({str(e): e for e in (*said[key].evidence, *finding.evidence)}.values())
            finding = said[key].model_copy(update={"assertions": assertions, "evidence": evidence})
        said[key] = finding
    return tuple(said.values())
