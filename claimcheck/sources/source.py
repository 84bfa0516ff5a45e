"""What a provider of this package offers, and what the providers share in reading answers."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from claimcheck.dossier import Work
from claimcheck.sources.cache import Answer
from claimcheck.sources.faults import Fault, SourceFault
from claimcheck.sources.http import Door


@dataclass(frozen=True)
class Query:
    """What is looked for, before a provider puts it in its own words."""

    words: tuple[str, ...]
    """The question's words that say what it is about."""

    names: tuple[str, ...] = ()
    """Those among them that are names (`Video-JEPA`, `UCF-101`)."""

    since: str = ""
    """Earliest date of publication, `2024-01-01`."""

    limit: int = 50
    folder: Path | None = None
    """Where a local collection lies."""


@dataclass(frozen=True)
class Sent:
    """A query as a provider sends it, word for word."""

    query: str
    filters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """A page of what a provider found."""

    works: tuple[Work, ...]
    matches: int | None
    """How many records it says there are in all."""

    fetched_at: str
    dropped: int = 0
    """Records on the page that could not be read."""


class Source(Protocol):
    """A provider: one module of this package."""

    @property
    def NAME(self) -> str: ...

    def platform(self, query: Query) -> str:
        """Through what it is asked."""
        ...

    def sent(self, query: Query) -> Sent:
        """The query as it will be sent."""
        ...

    def search(self, query: Query, door: Door) -> Iterator[Page]:
        """Pages until the query's limit is reached or there is no more. Raises SourceFault, after pages that came."""
        ...


class Given(BaseModel):
    """A record as a provider documents it: the fields that are read, and no opinion on others."""

    model_config = ConfigDict(extra="ignore", frozen=True)


Record = TypeVar("Record", bound=Given)


def parsed(answer: Answer, provider: str) -> dict[str, object]:
    """The JSON object in an answer; a web page, cut or other data each raise their own SourceFault."""
    content = answer.content()
    head = content[:1000].lstrip().lower()
    if not head and len(content) <= 1000:
        raise SourceFault(Fault.EMPTY, f"{provider} answers without content")
    if head.startswith(b"<"):
        raise SourceFault(Fault.NOT_THE_API, f"{provider} answers with a web page instead of data")
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise SourceFault(Fault.MALFORMED, f"{provider} answers with JSON that does not parse") from None
    if not isinstance(found, dict):
        raise drifted(provider, "an object")
    return found


def drifted(provider: str, what: str) -> SourceFault:
    return SourceFault(Fault.SCHEMA, f"{provider} answers without {what} where its documentation has it")


def validated(given: object, model: type[Record], provider: str) -> Record:
    """An envelope or a single record. SourceFault `schema` if it is not as documented."""
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise drifted(provider, f"a fit {'.'.join(map(str, error.errors()[0]['loc'])) or 'record'}") from None


def works_of(items: Iterable[object], model: type[Record], make: Callable[[Record], Work], provider: str) -> tuple[tuple[Work, ...], int]:
    """The works of a page, and how many of its records could not be read. SourceFault `schema` if none of several could."""
    works, dropped = [], 0
    for item in items:
        try:
            works.append(make(model.model_validate(item)))
        except ValidationError:
            dropped += 1
    if dropped and not works:
        raise drifted(provider, "fit records")
    if works and not any(work.title for work in works):
        raise drifted(provider, "titles")
    return tuple(works), dropped


def page(answer: Answer, works: tuple[Work, ...], matches: int | None, dropped: int, provider: str) -> Page:
    """A page, unless the provider counts matches and sends none of them, which is a fault that looks like an empty shelf."""
    if matches and not works:
        raise SourceFault(Fault.EMPTY_PAGE, f"{provider} counts {matches:,} matches and sends none of them")
    return Page(works, matches, answer.fetched_at, dropped)
