"""Semantic Scholar: relevance search over abstracts. https://api.semanticscholar.org/api-docs/graph

A key (`S2_API_KEY`) is sent as a header; without one requests share a pool with everybody else's, and are often told to wait.
"""

import os
from collections.abc import Iterator

from claimcheck.dossier import Work
from claimcheck.ids import arxiv_id, doi, in_path, plain
from claimcheck.sources.faults import Fault, SourceFault
from claimcheck.sources.http import Door, Secrets, address
from claimcheck.sources.source import Given, Page, Query, Sent, page, parsed, validated, works_of

NAME = "Semantic Scholar"
API = "https://api.semanticscholar.org/graph/v1/paper"
FIELDS = "title,abstract,authors,year,publicationDate,externalIds,openAccessPdf,venue,citationCount"
PAGE = 100
"""Most records of one answer."""


class Author(Given):
    name: str | None = None


class Ids(Given):
    DOI: str | None = None
    ArXiv: str | None = None


class Copy(Given):
    url: str | None = None


class Entry(Given):
    paperId: str  # names of the interface
    title: str | None = None
    abstract: str | None = None
    authors: tuple[Author, ...] | None = None
    year: int | None = None
    publicationDate: str | None = None
    externalIds: Ids | None = None
    openAccessPdf: Copy | None = None
    venue: str | None = None
    citationCount: int | None = None


class Envelope(Given):
    total: int
    data: tuple[object, ...] = ()
    """Left out where nothing was found."""


def platform(query: Query) -> str:
    return "api.semanticscholar.org"


def sent(query: Query) -> Sent:
    # A hyphenated word matches nothing there; the documentation says to put a space in its place.
    words = " ".join(word.replace("-", " ") for word in query.words)
    return Sent(words, (f"publicationDateOrYear={query.since}:",) if query.since else ())


def search(query: Query, door: Door) -> Iterator[Page]:
    since = f"{query.since}:" if query.since else ""
    for offset in range(0, query.limit, PAGE):
        size = min(PAGE, query.limit - offset)
        where = address(
            f"{API}/search", query=sent(query).query, offset=offset or None, limit=size, fields=FIELDS, publicationDateOrYear=since
        )
        answer = door.fetch(where, secrets=_key(), accept="application/json")
        envelope = validated(parsed(answer, NAME), Envelope, NAME)
        works, dropped = works_of(envelope.data, Entry, _work, NAME)
        yield page(answer, works, envelope.total if offset < envelope.total else 0, dropped, NAME)
        if offset + size >= envelope.total or len(envelope.data) < size:
            return


def record(name: str, door: Door) -> Work | None:
    """The record of a DOI; None if Semantic Scholar has none."""
    try:
        answer = door.fetch(address(f"{API}/DOI:{in_path(name)}", fields=FIELDS), secrets=_key(), accept="application/json")
    except SourceFault as fault:
        if fault.fault is Fault.NOT_FOUND:
            return None
        raise
    return _work(validated(parsed(answer, NAME), Entry, NAME))


def _key() -> Secrets:
    key = os.environ.get("S2_API_KEY", "").strip()
    return Secrets(headers={"x-api-key": key}) if key else Secrets()


def _work(entry: Entry) -> Work:
    ids = entry.externalIds or Ids()
    found = arxiv_id(ids.ArXiv or "") or arxiv_id(ids.DOI or "")
    return Work(
        title=plain(entry.title),
        authors=tuple(plain(author.name) for author in entry.authors or () if author.name),
        date=entry.publicationDate or (str(entry.year) if entry.year else ""),
        venue=plain(entry.venue),
        doi=doi(ids.DOI),
        arxiv=found[0] if found else "",
        url=f"https://www.semanticscholar.org/paper/{in_path(entry.paperId)}",
        pdf=(entry.openAccessPdf.url or "") if entry.openAccessPdf else "",
        abstract=plain(entry.abstract),
        citations=entry.citationCount,
        databases=(NAME,),
    )
