"""arXiv: its search interface, its records by id, and where a paper's source, HTML and PDF lie.

The `arxiv` package builds the requests and reads the entries; it is given our door in place of its own session, which has no timeout, and
only feeds that were checked: it takes a cut feed, a web page or a bad date for an empty shelf or breaks on it (measured on 4.0.2).
https://info.arxiv.org/help/api/user-manual.html
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from claimcheck.dossier import Work
from claimcheck.ids import arxiv_id, doi, in_path, plain
from claimcheck.sources.cache import Answer
from claimcheck.sources.faults import Fault, SourceFault
from claimcheck.sources.http import Door
from claimcheck.sources.source import Page, Query, Sent, drifted, page

NAME = "arXiv"
_ATOM = "{http://www.w3.org/2005/Atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_WITHDRAWN = ("has been withdrawn", "withdrawn by", "is withdrawn", "paper withdrawn", "article withdrawn")
_MOST_IDS = 100
"""Ids of one request; more make an address that is too long."""


def platform(query: Query) -> str:
    return "export.arxiv.org"


def sent(query: Query) -> Sent:
    """Any of the words; where the question has names, one of those too."""
    terms = [_any([word for word in query.words if word not in query.names])] if set(query.words) > set(query.names) else []
    terms = [*([_any(query.names)] if query.names else []), *terms]
    search = " AND ".join(f"({term})" if len(terms) > 1 else term for term in terms)
    if query.since:
        search = f"({search}) AND submittedDate:[{query.since.replace('-', '')}0000 TO 999912312359]"
    return Sent(search, (f"submitted from {query.since}",) if query.since else ())


def _any(words: Sequence[str]) -> str:
    return " OR ".join(f'all:"{word}"' if "-" in word or " " in word else f"all:{word}" for word in words)


def search(query: Query, door: Door) -> Iterator[Page]:
    yield _asked(door, query.limit, query=sent(query).query)


def records(ids: Sequence[str], door: Door) -> dict[str, Work]:
    """The records of papers by arXiv id without version, each with its newest version. Ids that arXiv does not have are left out."""
    found: dict[str, Work] = {}
    for start in range(0, len(ids), _MOST_IDS):
        some = list(ids[start : start + _MOST_IDS])
        found |= {work.arxiv: work for work in _asked(door, len(some), id_list=some).works}
    return found


def places(name: str, version: str) -> tuple[tuple[str, str], ...]:
    """Format and address of a paper, the best source first. Each is one document whose version the address names."""
    paper = in_path(name) + version
    return (
        ("latex", f"https://export.arxiv.org/src/{paper}"),
        ("html", f"https://arxiv.org/html/{paper}"),
        ("pdf", f"https://export.arxiv.org/pdf/{paper}"),
    )


def abstract_page(name: str, version: str = "") -> str:
    return f"https://arxiv.org/abs/{in_path(name)}{version}"


def _asked(door: Door, limit: int, **wanted: Any) -> Page:  # noqa: ANN401  # what arxiv.Search takes
    """One page through the package's own client."""
    import arxiv

    session = _Session(door)
    client = arxiv.Client(page_size=limit, delay_seconds=0, num_retries=0)
    client._session = session
    try:
        results = list(client.results(arxiv.Search(max_results=limit, **wanted)))
    except (arxiv.ArxivError, ValueError):
        raise drifted(NAME, "fit entries") from None
    if session.answer is None:
        raise SourceFault(Fault.EMPTY, f"{NAME} was not asked")
    works = tuple(_work(result) for result in results)
    # A paper that was asked for by id and does not exist is no entry, though it is counted.
    matches = session.matches if "query" in wanted else len(works)
    return page(session.answer, works, matches, session.dropped, NAME)


class _Session:
    """Stands where the package has a requests session: asks through our door and passes only feeds that were checked."""

    def __init__(self, door: Door) -> None:
        self.door, self.matches, self.dropped = door, 0, 0
        self.answer: Answer | None = None

    def get(self, url: str, **_: object) -> SimpleNamespace:
        self.answer = self.door.fetch(url, accept="application/atom+xml")
        content, self.matches, self.dropped = checked(self.answer.content())
        return SimpleNamespace(status_code=200, content=content)


def checked(content: bytes) -> tuple[bytes, int, int]:
    """A feed without the entries that cannot be read, the matches it counts, and how many entries were taken out.

    SourceFault for what is no feed, or not a whole one.
    """
    from lxml import etree

    if not content.strip():
        raise SourceFault(Fault.EMPTY, f"{NAME} answers without content")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=False, load_dtd=False)
    try:
        feed = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        feed = None
    head = content[:1000].lower()
    if b"<html" in head or b"<!doctype html" in head:
        raise SourceFault(Fault.NOT_THE_API, f"{NAME} answers with a web page instead of a feed")
    if feed is None or feed.getroottree().docinfo.doctype:
        raise SourceFault(Fault.MALFORMED, f"{NAME} answers with a feed that does not parse")
    total = (feed.findtext(_TOTAL) or "").strip()
    if feed.tag != f"{_ATOM}feed" or not total.isdecimal():
        raise drifted(NAME, "a feed with totalResults")
    entries = feed.findall(f"{_ATOM}entry")
    if len(entries) == 1 and (entries[0].findtext(f"{_ATOM}title") or "").strip() == "Error":
        raise SourceFault(
            Fault.BAD_REQUEST, f"{NAME} does not understand the request: {plain(entries[0].findtext(f'{_ATOM}summary'))[:200]}"
        )
    unfit = [entry for entry in entries if not _fit(entry)]
    if unfit and len(unfit) == len(entries):
        raise drifted(NAME, "fit entries")
    for entry in unfit:
        feed.remove(entry)
    feed.find(_TOTAL).text = str(len(entries) - len(unfit))  # the package asks for another page as long as it counts more
    return etree.tostring(feed), int(total), len(unfit)


def _fit(entry: Any) -> bool:  # noqa: ANN401  # lxml has no types
    name, title = ((entry.findtext(_ATOM + tag) or "").strip() for tag in ("id", "title"))
    if arxiv_id(name) is None or not title:
        return False
    try:
        for tag in ("published", "updated"):
            datetime.fromisoformat((entry.findtext(_ATOM + tag) or "").strip())
    except ValueError:
        return False
    return True


def _work(result: Any) -> Work:  # noqa: ANN401  # the package has no types
    name, version = arxiv_id(result.entry_id) or ("", "")
    remarks = f"{result.comment or ''} {result.summary}".lower()
    return Work(
        title=plain(result.title),
        authors=tuple(plain(author.name) for author in result.authors if author.name),
        date=f"{result.published:%Y-%m-%d}",
        venue=plain(result.journal_ref),
        doi=doi(result.doi),
        arxiv=name,
        version=version,
        url=abstract_page(name),
        abstract=plain(result.summary),
        databases=(NAME,),
        retracted=any(phrase in remarks for phrase in _WITHDRAWN),
    )
