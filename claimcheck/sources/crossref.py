"""Crossref: what publishers register of their works, retractions among it. https://api.crossref.org/swagger-ui/index.html

`CLAIMCHECK_MAILTO` puts requests into the polite pool; it goes with the name of the program, not into addresses.
"""

from collections.abc import Iterator

from pydantic import ConfigDict, Field

from claimcheck.dossier import Work
from claimcheck.ids import arxiv_id, doi, plain
from claimcheck.sources.http import Door, address
from claimcheck.sources.source import Given, Page, Query, Sent, page, parsed, validated, works_of

NAME = "Crossref"
API = "https://api.crossref.org/works"
FIELDS = "DOI,title,author,issued,container-title,relation,update-to,abstract,is-referenced-by-count"
SAME = ("has-preprint", "is-preprint-of", "has-version", "is-version-of", "is-identical-to", "is-same-as")
"""Relations to another edition of the same work."""

_LIKELIEST = 3
NOTICES = ("retraction", "withdrawal", "removal")
"""Kinds of update that take a work back."""


class Author(Given):
    given: str | None = None
    family: str | None = None
    name: str | None = None


class Dashed(Given):
    """A record whose names are written with dashes."""

    model_config = ConfigDict(alias_generator=lambda name: name.replace("_", "-"), extra="ignore", frozen=True)


class Issued(Dashed):
    date_parts: tuple[tuple[int | None, ...], ...] = ()


class Update(Given):
    DOI: str | None = None
    type: str | None = None


class Relation(Given):
    id: str | None = None


class Entry(Dashed):
    DOI: str
    title: tuple[str, ...] = ()
    author: tuple[Author, ...] = ()
    issued: Issued = Issued()
    container_title: tuple[str, ...] = ()
    relation: dict[str, tuple[Relation, ...]] = Field(default_factory=dict)
    update_to: tuple[Update, ...] = ()
    abstract: str | None = None
    is_referenced_by_count: int | None = None


class Message(Dashed):
    items: tuple[object, ...]
    total_results: int


class Envelope(Given):
    status: str
    message: Message


def platform(query: Query) -> str:
    return "api.crossref.org"


def sent(query: Query) -> Sent:
    return Sent(" ".join(query.words), (f"from-pub-date:{query.since}",) if query.since else ())


def search(query: Query, door: Door) -> Iterator[Page]:
    asked = sent(query)
    where = address(API, query__bibliographic=asked.query, filter=",".join(asked.filters), rows=query.limit, select=FIELDS)
    answer = door.fetch(where, accept="application/json")
    message = validated(parsed(answer, NAME), Envelope, NAME).message
    works, dropped = works_of(message.items, Entry, _work, NAME)
    yield page(answer, works, message.total_results, dropped, NAME)


def matches(reference: str, door: Door) -> tuple[Work, ...]:
    """What Crossref takes a printed reference for, the likeliest first."""
    where = address(API, query__bibliographic=" ".join(reference.split()), rows=_LIKELIEST, select=FIELDS)
    answer = door.fetch(where, accept="application/json")
    return works_of(validated(parsed(answer, NAME), Envelope, NAME).message.items, Entry, _work, NAME)[0]


def _work(entry: Entry) -> Work:
    named = [doi(entry.DOI), *(relation.id or "" for kind in SAME for relation in entry.relation.get(kind, ()))]
    found = next((found for found in map(arxiv_id, named) if found), None)
    title = plain(entry.title[0] if entry.title else "")
    parts = entry.issued.date_parts[0] if entry.issued.date_parts else ()
    return Work(
        title=title,
        authors=tuple(plain(author.name or f"{author.given or ''} {author.family or ''}") for author in entry.author),
        date="-".join(f"{part:02}" for part in parts if part is not None),
        venue=plain(entry.container_title[0] if entry.container_title else ""),
        doi=doi(entry.DOI),
        arxiv=found[0] if found else "",
        url=f"https://doi.org/{doi(entry.DOI)}" if doi(entry.DOI) else "",
        abstract=plain(entry.abstract),
        citations=entry.is_referenced_by_count,
        databases=(NAME,),
        retracts=tuple(filter(None, (doi(update.DOI) for update in entry.update_to if (update.type or "").lower() in NOTICES))),
    )
