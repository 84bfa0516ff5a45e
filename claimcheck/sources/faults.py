"""What can go wrong between us and a source, as classes a program can act on and a line a person can."""

from enum import StrEnum


class Fault(StrEnum):
    UNREACHABLE = "unreachable"
    """No connection: no such name, no route, refused, TLS."""

    TIMEOUT = "timeout"
    TRUNCATED = "truncated"
    """The answer ended before it was whole."""

    UNAVAILABLE = "unavailable"
    """The server says it cannot answer (5xx), and kept saying so."""

    BUDGET_EXHAUSTED = "budget_exhausted"
    """It asks us to wait (429, 503 with Retry-After) longer than we do."""

    BLOCKED = "blocked"
    """403: it does not want us. Never retried."""

    UNAUTHORIZED = "unauthorized"
    BAD_REQUEST = "bad_request"
    NOT_FOUND = "not_found"
    REDIRECTS = "redirects"
    """Too many, in a circle, or to nowhere."""

    REFUSED = "refused"
    """An address that we do not ask: not https, not public."""

    TOO_BIG = "too_big"
    EMPTY = "empty"
    """Success, with no content."""

    NOT_THE_API = "not_the_api"
    """Success, with a web page where data was due: a login, an error, a captive portal."""

    MALFORMED = "malformed"
    """Data that does not parse."""

    SCHEMA = "schema"
    """Data that parses and lacks what its documentation promises."""

    EMPTY_PAGE = "empty_page"
    """It counts matches and sends none of them."""

    SHORT = "short"
    """It counts more matches than it sends, though as many were asked for."""

    OFFLINE = "offline"
    """Asked to work offline, and the answer is not in the cache."""

    NO_OPEN_COPY = "no_open_copy"
    """Nobody knows an address where the paper may be read."""


ABSENT = frozenset({Fault.NOT_FOUND, Fault.REFUSED, Fault.NO_OPEN_COPY, Fault.TOO_BIG, Fault.REDIRECTS})
"""Faults of what was asked for, which another try would only repeat."""


class SourceFault(Exception):
    """A source that did not give what it was asked for."""

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(message)
        self.fault = fault
