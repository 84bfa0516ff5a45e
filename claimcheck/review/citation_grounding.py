"""Can a reader get from the claims to the works they are said to rest on?"""

import re

from claimcheck.document import Location
from claimcheck.dossier import Dossier, Evidence
from claimcheck.review.looks import RETRIEVED, about, no_claims, numbers, quoted, rests_on_others, sentences, synopsis, when, which
from claimcheck.review.rules import Reviewer, Rule, Seen, share, silent
from claimcheck.review.terms import claim_terms, terms

IDENTIFIED = re.compile(r"(?:arxiv|doi):|https?://", re.IGNORECASE)
CITED = re.compile(
    r"\[\d{1,3}(?:[,–-] ?\d{1,3})*\]|\(\D{2,60}\b(?:19|20)\d\d[a-z]?\)|\bet al\b|\barxiv[:.]|https?://|\b10\.\d{4,9}/", re.IGNORECASE
)
OF_OTHERS = re.compile(
    r"\b(?:previous|prior|existing|earlier|published|reported|state[- ]of[- ]the[- ]art|sota|best known|literature)\b", re.IGNORECASE
)


SHARED_WORDS = 2


def listed(dossier: Dossier) -> Seen:
    if synopsis(dossier):
        return silent("Only a synopsis of the paper was read, not its list of references.")
    number = len(dossier.references) + sum(paper.role == "found" for paper in dossier.papers)
    return Seen(0.0 if number else 1.0, f"{number or 'No'} reference{'s' * (number != 1)} {'is' if number == 1 else 'are'} listed.")


def retrieved(dossier: Dossier) -> Seen:
    """A document that says how many works it retrieved must list as many."""
    said = [saying for saying in about(dossier, RETRIEVED) if saying.value.isdigit()]
    if not said:
        return silent("The document does not say how many works it retrieved.")
    most = max(said, key=lambda saying: int(saying.value))
    number, there = int(most.value), len(dossier.references)
    text = f"“{most.quote}”, and {there} {'is' if there == 1 else 'are'} listed"
    if there >= number:
        return Seen(0.0, f"{text}.", evidence=quoted([most]))
    return Seen(1 - there / number, f"{text}: {number - there} of {number} cannot be traced.", evidence=quoted([most]))


def on_subject(dossier: Dossier) -> Seen:
    """Works that a document says it draws on share words with its claims: two at least, since one may be chance."""
    if not rests_on_others(dossier):
        return silent("The document does not say that it draws its claims from the works it lists.")
    known = {paper.cited_as: paper for paper in dossier.papers if paper.role == "cited" and paper.title and paper.cited_as}
    if not known:
        return silent("No title of a listed work is at hand; claimcheck gather looks them up.")
    words = [claim_terms(claim, dossier.about(claim)) for claim in dossier.claims]
    off = [p for p in known.values() if not any(len(terms(p.title) & claim) >= SHARED_WORDS for claim in words)]
    listed = "; ".join(f"{paper.cited_as}, “{paper.title}”" for paper in off)
    text = f"{len(off)} of {len(known)} listed works whose title is known are on another subject than every claim"
    evidence = tuple(Evidence(quote=f"{p.cited_as}: {p.title}", where=Location(document=p.id, detail="title")) for p in off)
    return Seen(share(off, known), f"{text}{when(off, f': {listed}')}.", evidence=evidence)


def identified(dossier: Dossier) -> Seen:
    works = (*dossier.references, *(paper.id for paper in dossier.papers if paper.role == "found"))
    if not works:
        return silent("No reference is listed.")
    loose = [reference for reference in works if not IDENTIFIED.search(reference)]
    text = f"{len(works) - len(loose)} of {len(works)} references carry an arXiv id, a DOI or an address."
    return Seen(share(loose, works), text, evidence=entries(dossier, loose))


def attributed(dossier: Dossier) -> Seen:
    """Claims of others' results say whose: every claim of a document that rests on others, else those that name prior work."""
    found = {paper.id for paper in dossier.papers if paper.role == "found"}
    borrowed = [claim for claim in dossier.claims if found or rests_on_others(dossier) or OF_OTHERS.search(claim.sentence)]
    if not borrowed:
        return silent("No claim speaks of the work of others.")
    bare = [claim for claim in borrowed if claim.where.document not in found and not CITED.search(claim.sentence)]
    text = f"{len(borrowed) - len(bare)} of {len(borrowed)} claims on the work of others name a source"
    return Seen(share(bare, borrowed), f"{text}{when(bare, f'; none in {which(bare)}')}.", numbers(bare), sentences(bare))


def entries(dossier: Dossier, references: list[str]) -> tuple[Evidence, ...]:
    """Entries of the reference list as evidence."""
    document = dossier.sources[0].name if dossier.sources else dossier.paper
    return tuple(Evidence(quote=reference, where=Location(document=document, detail="references")) for reference in references)


REVIEWER = Reviewer(
    name="citation_grounding",
    dimension="Can a reader get from the claims to the works they rest on?",
    unfit=no_claims,
    rules=(
        Rule("references listed", 3, "all of its weight if the document lists no reference", listed),
        Rule("retrieved and listed", 3, "of the works a document says it retrieved, the share it does not list", retrieved),
        Rule(
            "works on the subject",
            3,
            "of the works a synthesis lists, the share whose title has not two words in common with any claim",
            on_subject,
        ),
        Rule(
            "claims attributed", 2, "of the claims on others' work (all of them in a synthesis), the share that name no source", attributed
        ),
        Rule("references identified", 1, "the share of references without an arXiv id, a DOI or an address", identified),
    ),
)
