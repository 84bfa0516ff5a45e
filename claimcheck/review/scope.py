"""Do the claims answer the question that the document says it asks?"""

from claimcheck.document import Location
from claimcheck.dossier import Claim, Dossier, Evidence
from claimcheck.review.looks import no_claims, numbers, sentences, when, which
from claimcheck.review.rules import Reviewer, Rule, Seen, share, silent
from claimcheck.review.terms import aspects, claim_terms, terms, touches


def unfit(dossier: Dossier) -> str:
    return no_claims(dossier) or ("" if dossier.question else "the document states no research question that was recognised")


def asked(dossier: Dossier) -> dict[str, tuple[Claim, ...]]:
    """The aspects of the question, and the claims that speak of each."""
    return touching(dossier, dossier.question)


def touching(dossier: Dossier, text: str) -> dict[str, tuple[Claim, ...]]:
    words = [(claim, words_of(claim, dossier)) for claim in dossier.claims]
    return {aspect: tuple(claim for claim, found in words if touches(found, aspect)) for aspect in aspects(text)}


def words_of(claim: Claim, dossier: Dossier) -> frozenset[str]:
    """A claim's words; one of a paper that a search found is about what that paper's title says, too."""
    about = dossier.about(claim)
    return claim_terms(claim, about) | (frozenset() if about is dossier else terms(about.title))


def untouched(found: dict[str, tuple[Claim, ...]]) -> list[str]:
    return [aspect for aspect, claims in found.items() if not claims]


def parts(dossier: Dossier) -> Seen:
    found = asked(dossier)
    if not found:
        return silent("The question names no subject that claims could speak of.")
    missed = untouched(found)
    text = f"{len(found) - len(missed)} of {len(found)} parts of the question are spoken of by some claim"
    return Seen(share(missed, found), f"{text}{when(missed, f'; by none: {quoted(missed)}')}.", evidence=question(dossier))


def answered(dossier: Dossier) -> Seen:
    found = asked(dossier)
    if not found:
        return silent("The question names no subject that claims could speak of.")
    spoken = {claim.number: sum(claim in claims for claims in found.values()) for claim in dossier.claims}
    most = max(spoken.values())
    best = [claim for claim in dossier.claims if spoken[claim.number] == most]
    if most == len(found):
        return Seen(0.0, f"{which(best).capitalize()} speak{'s' * (len(best) == 1)} of every part of the question.", numbers(best))
    text = f"No claim answers the question: the nearest speak of {most} of its {len(found)} parts"
    return Seen(1 - most / len(found), f"{text}{when(most, f' ({which(best)})')}.", numbers(best) if most else (), question(dossier))


def on_question(dossier: Dossier) -> Seen:
    found = asked(dossier)
    if not found:
        return silent("The question names no subject that claims could speak of.")
    spoken = {claim.number for claims in found.values() for claim in claims}
    off = [claim for claim in dossier.claims if claim.number not in spoken]
    text = f"{len(dossier.claims) - len(off)} of {len(dossier.claims)} claims speak of some part of the question"
    return Seen(share(off, dossier.claims), f"{text}{when(off, f', not {which(off)}')}.", numbers(off), sentences(off))


def title(dossier: Dossier) -> Seen:
    if terms(dossier.title) <= terms(dossier.question):
        return silent("The title says no more than the question.")
    found = touching(dossier, dossier.title)
    if not found:
        return silent("The title names no subject that claims could speak of.")
    missed = untouched(found)
    text = f"{len(found) - len(missed)} of {len(found)} subjects of the title are spoken of by some claim"
    return Seen(share(missed, found), f"{text}{when(missed, f'; by none: {quoted(missed)}')}.")


def quoted(phrases: list[str]) -> str:
    return ", ".join(f"“{phrase}”" for phrase in phrases)


def question(dossier: Dossier) -> tuple[Evidence, ...]:
    document = dossier.sources[0].name if dossier.sources else dossier.paper
    return (Evidence(quote=dossier.question, where=Location(document=document, detail="research question")),)


REVIEWER = Reviewer(
    name="scope",
    dimension="Do the claims answer the question that is asked?",
    unfit=unfit,
    rules=(
        Rule("parts of the question", 4, "the share of the question's parts that no claim speaks of", parts),
        Rule("an answer", 3, "the share of the question's parts that even the claim with the most of them leaves out", answered),
        Rule("claims on the question", 2, "the share of claims that speak of no part of the question", on_question),
        Rule("title", 2, "the share of the title's subjects that no claim speaks of", title),
    ),
)
