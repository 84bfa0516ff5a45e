"""Questions that several reviewers ask of a dossier: what a document discloses, which claims compare, what checks found."""

import re
from collections.abc import Callable, Iterable

from claimcheck.dossier import Claim, Disclosed, Disclosure, Dossier, Evidence, Finding, Reason, Saying, Verdict
from claimcheck.review.rules import Rule, Seen, silent
from claimcheck.verify.comparison import is_comparative

RETRIEVED = re.compile(r"(?:papers?|works?|sources?|studies|records?|documents?|references?) (?:retrieved|included|identified|reviewed)")


def says(name: str, weight: int, kind: Disclosed, what: str, why: str) -> Rule:
    """A rule that takes off its whole weight where the document does not say something it should."""

    def look(dossier: Dossier) -> Seen:
        found = disclosed(dossier, kind)
        if found is not None:
            return Seen(0.0, f"The document tells of {what}.", evidence=(Evidence(quote=found.quote, where=found.where),))
        return unsaid(dossier, f"No sentence that was read tells of {what}.")

    return Rule(name, weight, why, look)


def disclosed(dossier: Dossier, kind: Disclosed) -> Disclosure | None:
    return next((one for one in dossier.disclosures if one.kind == kind), None)


def unsaid(dossier: Dossier, text: str) -> Seen:
    """What the document does not say costs the whole weight, unless it is not the paper itself that was read."""
    why = unread(dossier)
    return silent(why) if why else Seen(1.0, text)


def unread(dossier: Dossier) -> str:
    """Why the document's silence tells nothing; empty if the document under review was read itself."""
    if synopsis(dossier):
        return "Only a synopsis of the paper was read, which does not tell what the paper itself says of this."
    if dossier.search is not None and not dossier.sources:
        return "Claims of several papers answer a question here; what each paper says of this was not gathered."
    return ""


def synopsis(dossier: Dossier) -> bool:
    """Whether what was read is our own synopsis of the paper rather than the paper."""
    return any(source.role == "synopsis" for source in dossier.sources)


def no_claims(dossier: Dossier) -> str:
    return "" if dossier.claims else "no claim was read from the document"


def checked(dossier: Dossier) -> list[Claim]:
    """Claims that some check held against evidence: a verdict that decides, or any finding that rests on a piece of it."""
    return [claim for claim in dossier.claims if any(f.evidence or f.verdict is not Verdict.INCONCLUSIVE for f in claim.findings)]


def comparing(dossier: Dossier) -> list[Claim]:
    """Claims that compare methods."""
    return [claim for claim in dossier.claims if any(is_comparative(a) for a in claim.assertions)]


def findings(claim: Claim, *reasons: Reason, verifier: str = "", blocking: bool = False) -> list[Finding]:
    """A claim's findings for any of the reasons (all if none is named), of one verifier, or only those that block its conclusion."""
    return [
        f
        for f in claim.findings
        if (not reasons or f.reason in reasons) and (not verifier or f.verifier == verifier) and (f.blocks or not blocking)
    ]


def concerned(claims: Iterable[Claim], test: Callable[[Claim], object]) -> list[Claim]:
    return [claim for claim in claims if test(claim)]


def numbers(claims: Iterable[Claim]) -> tuple[int, ...]:
    return tuple(claim.number for claim in claims)


def sentences(claims: Iterable[Claim]) -> tuple[Evidence, ...]:
    """The claims' own sentences as evidence."""
    return tuple(Evidence(quote=claim.sentence, where=claim.where) for claim in claims)


def explained(found: Iterable[Finding]) -> tuple[Evidence, ...]:
    """The evidence that findings rest on."""
    return tuple(piece for finding in found for piece in finding.evidence)


def quoted(said: Iterable[Saying]) -> tuple[Evidence, ...]:
    return tuple(Evidence(quote=saying.quote, where=saying.where) for saying in said)


def about(dossier: Dossier, pattern: re.Pattern[str]) -> list[Saying]:
    """What the document says of itself on a subject."""
    return [saying for saying in dossier.sayings if pattern.fullmatch(saying.about)]


def rests_on_others(dossier: Dossier) -> bool:
    """Whether the document says that it draws its claims from papers it retrieved: a review, a synthesis."""
    return dossier.search is None and bool(about(dossier, RETRIEVED))


def which(claims: Iterable[Claim]) -> str:
    """`claims 2, 3 and 9`, or how many where a list would be too long to read."""
    found = numbers(claims)
    if not found:
        return "no claim"
    if len(found) > 12:
        return f"{len(found):,} claims"
    *head, last = map(str, found)
    return f"claim {last}" if not head else f"claims {', '.join(head)} and {last}"


def when(found: object, text: str) -> str:
    """The text where something was found, else nothing."""
    return text if found else ""
