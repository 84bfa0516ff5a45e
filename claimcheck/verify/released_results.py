"""Do the stated numbers come out of the result files that the authors released?"""

from collections.abc import Iterator

from claimcheck.dossier import Assertion, Claim, Count, Dossier, Finding, Level, Reason, Result, Value
from claimcheck.verify.comparison import comparisons, is_comparative, on_dataset
from claimcheck.verify.findings import caveat, recomputed

NAME = "released_results"


def verify(claim: Claim, dossier: Dossier) -> Iterator[Finding]:
    if any(r.origin == "release" for r in dossier.results):
        yield from recomputed(NAME, claim, dossier, "release", Level.RELEASED)
        yield from labels(claim, dossier)


def labels(claim: Claim, dossier: Dossier) -> Iterator[Finding]:
    """A file must belong to the run it is filed under: one whose own label names another method may hold that one's scores."""
    for position, assertion in enumerate(claim.assertions):
        wrong = {(r.run, r.label): r for r in released(assertion, dossier) if other_method(r, dossier)}
        for r in wrong.values():
            text = f"The file under {r.run or r.method}, taken for {r.method}, names {r.label} inside, which is {other_method(r, dossier)}."
            wanted = f"a result file of {r.method} whose label agrees"
            blocks = assertion.infers and not isinstance(assertion, Count)  # one member more or less is worth knowing, no more
            yield caveat(NAME, Reason.LABEL_MISMATCH, text, (position,), [r], blocks=blocks, resolves=wanted)


def released(assertion: Assertion, dossier: Dossier) -> Iterator[Result]:
    """The released scores an assertion rests on."""
    if is_comparative(assertion):
        for c in comparisons(dossier, assertion, "release"):
            yield from (c.method, c.baseline)
    elif isinstance(assertion, Value):
        yield from (r for r in on_dataset(dossier, assertion.dataset) if (r.origin, r.method) == ("release", assertion.method))


def other_method(result: Result, dossier: Dossier) -> str:
    """The method that the label inside the file names, if it is one of the paper's and not the one it is filed under."""
    own = dossier.lexicon.own_name(result.label)
    known = {name.name for name in dossier.lexicon.methods} or {r.method for r in dossier.results}
    return own if result.label and own in known and own != dossier.lexicon.own_name(result.method) else ""
