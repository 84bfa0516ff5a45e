"""OpenAlex: a catalogue of works with abstracts, open copies and retractions. https://docs.openalex.org/api-entities/works

A key (`OPENALEX_API_KEY`) is sent as the parameter the documentation names; without one a few hundred requests a day are free.
"""

import os
from collections.abc import Iterator

from claimcheck.dossier import Work
from claimcheck.ids import arxiv_id, doi, in_path, plain
from claimcheck.sources.faults import Fault, SourceFault
from claimcheck.sources.http import Door, Secrets, address
from claimcheck.sources.source import Given, Page, Query, Sent, page, parsed, validated, works_of

NAME = "OpenAlex"
API = "https://api.openalex.org/works"
FIELDS = "id,doi,ids,display_name,publication_date,is_retracted,authorships,primary_location,best_oa_location,abstract_inverted_index,cited_by_count"
_LONGEST_ABSTRACT = 5_000
"""Words; the positions of an inverted index are the sender's, and one of them could be anything."""


class Author(Given):
    display_name: str | None = None


class Authorship(Given):
    author: Author = Author()


class Venue(Given):
    display_name: str | None = None


class Place(Given):
    landing_page_url: str | None = None
    pdf_url: str | None = None
    source: Venue | None = None


class Entry(Given):
    id: str
    display_name: str | None = None
    doi: str | None = None
    publication_date: str | None = None
    is_retracted: bool = False
    authorships: tuple[Authorship, ...] = ()
    primary_location: Place | None = None
    best_oa_location: Place | None = None
    abstract_inverted_index: dict[str, tuple[int, ...]] | None = None
    cited_by_count: int | None = None


class Meta(Given):
    count: int


class Envelope(Given):
    meta: Meta
    results: tuple[object, ...]


def platform(query: Query) -> str:
    return "api.openalex.org"


def sent(query: Query) -> Sent:
    return Sent(" ".join(query.words), (f"from_publication_date:{query.since}",) if query.since else ())


def search(query: Query, door: Door) -> Iterator[Page]:
    asked = sent(query)
    where = address(API, search=asked.query, filter=",".join(asked.filters), select=FIELDS, **{"per-page": query.limit})
    answer = door.fetch(where, secrets=_key(), accept="application/json")
    envelope = validated(parsed(answer, NAME), Envelope, NAME)
    works, dropped = works_of(envelope.results, Entry, _work, NAME)
    yield page(answer, works, envelope.meta.count, dropped, NAME)


def record(name: str, door: Door) -> Work | None:
    """The record of a DOI; None if OpenAlex has none."""
    try:
        answer = door.fetch(address(f"{API}/doi:{in_path(name)}", select=FIELDS), secrets=_key(), accept="application/json")
    except SourceFault as fault:
        if fault.fault is Fault.NOT_FOUND:
            return None
        raise
    return _work(validated(parsed(answer, NAME), Entry, NAME))


def _key() -> Secrets:
    key = os.environ.get("OPENALEX_API_KEY", "").strip()
    return Secrets(parameters={"api_key": key}) if key else Secrets()


def _work(entry: Entry) -> Work:
    places = [place for place in (entry.primary_location, entry.best_oa_location) if place is not None]
    named = [arxiv_id(text) for text in (entry.doi or "", *(place.landing_page_url or "" for place in places))]
    arxiv = next((found[0] for found in named if found), "")
    venue = next((place.source.display_name for place in places if place.source and place.source.display_name), "")
    return Work(
        title=plain(entry.display_name),
        authors=tuple(plain(a.author.display_name) for a in entry.authorships if a.author.display_name),
        date=entry.publication_date or "",
        venue=plain(venue),
        doi=doi(entry.doi),
        arxiv=arxiv,
        url=entry.id,
        pdf=next((place.pdf_url for place in reversed(places) if place.pdf_url), ""),
        abstract=plain(_in_order(entry.abstract_inverted_index or {})),
        citations=entry.cited_by_count,
        databases=(NAME,),
        retracted=entry.is_retracted,
    )


def _in_order(index: dict[str, tuple[int, ...]]) -> str:
    """An abstract from the positions of its words."""
    placed = [(position, word) for word, positions in index.items() for position in positions[:_LONGEST_ABSTRACT]]
    return " ".join(word for _, word in sorted(placed)[:_LONGEST_ABSTRACT])
