"""What a reference names: from an id, an address or a printed entry to a work that can be fetched."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from claimcheck import works
from claimcheck.dossier import Work
from claimcheck.ids import arxiv_id, doi
from claimcheck.sources import arxiv, crossref, openalex, semantic_scholar
from claimcheck.sources.faults import Fault, SourceFault
from claimcheck.sources.http import Door

_DOI_INSIDE = re.compile(r"\b10\.\d{4,9}/[^\s<>\"]{1,200}", re.ASCII)
_ARXIV_INSIDE = re.compile(r"\barxiv[:.\s]\s*(\d{4}\.\d{4,5}(?:v\d{1,3})?)", re.IGNORECASE | re.ASCII)
_LONGEST_ENTRY = 400


@dataclass(frozen=True)
class Sought:
    """A work that is to be fetched."""

    name: str
    """What locations in it will call it: `arxiv:2605.17165v1`, `doi:…`, an address."""

    work: Work
    cited_as: str = ""
    newest: str = ""
    """The newest version that arXiv has."""

    fault: SourceFault | None = None
    """Why nothing more is known of it."""


def sought(references: Sequence[str], door: Door) -> list[Sought]:
    """The works that references name, in their order. Those on arXiv are asked for all at once."""
    others = {reference: elsewhere(reference, door) for reference in references if not (arxiv_id(reference) or arxiv_inside(reference))}
    named = [arxiv_id(ref) or arxiv_inside(ref) or ((others[ref].work.arxiv, "") if others[ref].work.arxiv else None) for ref in references]
    records: dict[str, Work] = {}
    fault: SourceFault | None = None
    if ids := list(dict.fromkeys(found[0] for found in named if found)):
        try:
            records = arxiv.records(ids, door)
        except SourceFault as failure:
            fault = failure
    return [
        on_arxiv(reference, *known, records.get(known[0]), fault) if known else others[reference]
        for reference, known in zip(references, named, strict=True)
    ]


def arxiv_inside(reference: str) -> tuple[str, str] | None:
    match = _ARXIV_INSIDE.search(reference)
    return arxiv_id(match[1]) if match else None


def on_arxiv(reference: str, name: str, version: str, record: Work | None, fault: SourceFault | None) -> Sought:
    """A paper on arXiv: the version that is asked for, else the newest."""
    if record is None and fault is None:
        fault = SourceFault(Fault.NOT_FOUND, f"arXiv has no paper {name}")
    newest = record.version if record else ""
    work = record or Work(title="", arxiv=name, url=arxiv.abstract_page(name))
    version = version or newest
    return Sought(f"arxiv:{name}{version}", work.model_copy(update={"version": version}), reference, newest, fault)


def elsewhere(reference: str, door: Door) -> Sought:
    """A work by its DOI or its address, else by what a printed entry says of it."""
    inside = _DOI_INSIDE.search(reference)
    if name := doi(reference) or doi(inside[0].rstrip(".,;)]") if inside else ""):
        return by_doi(name, reference, door)
    if reference.startswith(("https://", "http://")):
        url = reference.replace("http://", "https://", 1)
        return Sought(url, Work(title="", url=url), reference)
    try:
        work = by_title(reference, door)
    except SourceFault as fault:
        return Sought(reference, Work(title=""), reference, fault=fault)
    if work is None:
        why = "no id is printed, and Crossref knows no work of that title"
        return Sought(reference, Work(title=""), reference, fault=SourceFault(Fault.NOT_FOUND, f"{reference[:100]}: {why}"))
    return Sought(work.url, work, reference) if work.arxiv else by_doi(work.doi, reference, door)


def by_doi(name: str, reference: str, door: Door) -> Sought:
    """A work by its DOI, with what databases know of an open copy."""
    work = located(Work(title="", doi=name, url=f"https://doi.org/{name}"), door)
    return Sought(f"doi:{name}", work, reference)


def located(work: Work, door: Door) -> Work:
    """The work with an arXiv id or an open copy, if a database knows one. A database that does not answer is passed over."""
    for provider in (openalex, semantic_scholar):
        if work.arxiv or work.pdf or not work.doi:
            break
        try:
            record = provider.record(work.doi, door)
        except SourceFault:
            continue
        if record is not None:
            work = works.together([work, record])
    return work


def by_title(reference: str, door: Door) -> Work | None:
    """The work whose title stands in a printed entry, among what Crossref finds for the entry."""
    text = works.normalised(reference[:_LONGEST_ENTRY])
    for work in crossref.matches(reference[:_LONGEST_ENTRY], door):
        title = works.normalised(work.title)
        if len(title) >= works.LEAST_TITLE and fuzz.partial_ratio(title, text) >= works.SAME_TITLE:
            return work
    return None
