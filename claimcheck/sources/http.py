"""The one door out: every byte that comes from the network comes through `Door.fetch`.

It asks public https addresses only (see `addresses`), says who it is, takes its turn (see `pace`), waits as long as it is told to but not
for ever, follows few redirects, takes no more than a limit, accepts nothing that ended early, and keeps what came (see `cache`) so that the
same work can be done again offline. Keys go out with a request and nowhere else: not into an address that is kept, logged or shown.
"""

import logging
import math
import random
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, ReadTimeoutError

from claimcheck import __version__
from claimcheck.sources.addresses import PublicAdapter, Resolve, as_address, checked_url, resolve
from claimcheck.sources.body import file_name, is_whole, told_its_length, unpacked
from claimcheck.sources.cache import Answer, Cache, Damaged, Failure, Part
from claimcheck.sources.clock import Clock
from claimcheck.sources.faults import Fault, SourceFault
from claimcheck.sources.pace import GROUPS, Pace

log = logging.getLogger(__name__)

TRIES = 5
TRIES_TO_REACH = 2
"""A name that does not resolve or a machine that refuses connections seldom changes its mind."""

PATIENCE = 120.0
"""Seconds that all waits of one request may take together."""

REDIRECTS = 5
CONNECT, READ, WHOLE = 10.0, 30.0, 300.0
"""Seconds: to connect, between two bytes, for the whole of an answer."""

DATA_LIMIT = 20_000_000
DOCUMENT_LIMIT = 100_000_000
"""Bytes of an answer, unpacked."""

DAY = 86_400.0
FOREVER = math.inf
_BACKOFF = 30.0
_REDIRECTS = (301, 302, 303, 307, 308)
_FINAL: dict[int, tuple[Fault, str]] = {
    204: (Fault.EMPTY, "answers without content"),
    400: (Fault.BAD_REQUEST, "does not understand the request"),
    401: (Fault.UNAUTHORIZED, "refuses our key, or wants one"),
    403: (Fault.BLOCKED, "does not want our requests (403); not asked again"),
    404: (Fault.NOT_FOUND, "has nothing there (404)"),
    410: (Fault.NOT_FOUND, "has nothing there any more (410)"),
    414: (Fault.BAD_REQUEST, "finds the request too long"),
}


@dataclass(frozen=True)
class Secrets:
    """Keys of one provider: sent with a request, never kept, logged or shown."""

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)

    def values(self) -> list[str]:
        return [value for value in (*self.headers.values(), *self.parameters.values()) if value]

    def spellings(self) -> set[str]:
        """The keys as they are and as an address spells them."""
        return {form for value in self.values() for form in (value, quote(value), quote(value, safe=""))}


NO_SECRETS = Secrets()


class _Again(Exception):
    """A fault that may pass; `after` is how long the server asks us to wait."""

    def __init__(self, fault: Fault, what: str, after: float | None = None) -> None:
        super().__init__(what)
        self.fault, self.after = fault, after


class Door:
    """The way to the network, for one command.

    `offline` replays kept answers and asks nobody. `mailto` tells the providers of `pace.GROUPS` whom to write to. `stand_ins` sends what
    is meant for a host to a server on this machine instead: for tests, and no address that a user or a paper gives can reach one.
    """

    def __init__(
        self,
        cache: Cache,
        pace: Pace,
        *,
        offline: bool = False,
        mailto: str = "",
        clock: Clock | None = None,
        look_up: Resolve = resolve,
        stand_ins: Mapping[str, str] | None = None,
        seed: int | None = None,
    ) -> None:
        self.cache, self.pace, self.offline, self.mailto = cache, pace, offline, mailto
        self.clock, self.random = clock or Clock(), random.Random(seed)
        self.stand_ins = dict(stand_ins or {})
        self.closed: dict[str, SourceFault] = {}
        self.session = _session(look_up, self.stand_ins.values())

    def fetch(self, url: str, *, secrets: Secrets = NO_SECRETS, accept: str = "*/*", limit: int = DATA_LIMIT, fresh: float = DAY) -> Answer:
        """What is at a public https address; an answer younger than `fresh` seconds is not asked for again.

        Raises SourceFault, its class the first thing that could not be helped, and offline Damaged for a cache that was altered.
        """
        url = checked_url(url)
        if self.offline:
            return self._replay(url)
        kept = self._kept(url, fresh)
        if kept is not None:
            return kept
        try:
            return self._persist(url, secrets, accept, limit)
        except SourceFault as failure:
            self.cache.remember(url, failure)
            raise

    def stamp(self, key: str) -> str:
        """When something that needs no network was done: now, or offline when it was last done online."""
        kept = self.cache.stamp(key) if self.offline else None
        if kept is not None:
            return kept
        now = f"{self.clock.now():%Y-%m-%dT%H:%M:%SZ}"
        self.cache.set_stamp(key, now)
        return now

    def _replay(self, url: str) -> Answer:
        found = self.cache.find(url)
        if isinstance(found, Failure):
            raise SourceFault(found.fault, found.detail)
        if found is None:
            raise SourceFault(Fault.OFFLINE, f"{url} is not in the cache, and --offline asks nobody")
        found.content()
        return found

    def _kept(self, url: str, fresh: float) -> Answer | None:
        """A kept answer that is young enough and still what it was."""
        try:
            found = self.cache.find(url)
            if not isinstance(found, Answer):
                return None
            age = (self.clock.now() - datetime.fromisoformat(found.fetched_at)).total_seconds()
            if not 0 <= age < fresh and fresh != FOREVER:
                return None
            found.content()
        except (Damaged, ValueError) as error:
            log.warning("%s; fetching it again", error)
            return None
        return found

    def _persist(self, url: str, secrets: Secrets, accept: str, limit: int) -> Answer:
        """Ask until there is an answer, a fault that will not pass, or no patience left."""
        host, waited, unreached = host_of(url), 0.0, 0
        for tries in range(1, TRIES + 1):
            try:
                return self._follow(url, secrets, accept, limit)
            except _Again as again:
                fault, what, after = again.fault, str(again), again.after
            unreached += fault is Fault.UNREACHABLE
            if tries == TRIES or unreached == TRIES_TO_REACH:
                break
            wait = self._wait(tries, after)
            if waited + (wait if after is None else after) > PATIENCE:
                asked = f"asks us to wait {after:,.0f} seconds" if after is not None and math.isfinite(after) else "asks us to wait"
                raise SourceFault(Fault.BUDGET_EXHAUSTED, f"{host} {asked}, and {PATIENCE:.0f} are all we have; try again later")
            wait = min(wait, PATIENCE - waited)
            log.debug("%s %s; trying again in %.1f s", host, what, wait)
            self.clock.sleep(wait)
            waited += wait
        raise SourceFault(fault, f"{host} {what}, {tries} times in a row")

    def _wait(self, tries: int, after: float | None) -> float:
        """Seconds before the next try: what the server asks, or anything up to a doubling limit (full jitter)."""
        if after is not None:
            return after + self.random.uniform(0, 1)
        return self.random.uniform(0, min(_BACKOFF, 2.0**tries))

    def _follow(self, url: str, secrets: Secrets, accept: str, limit: int) -> Answer:
        """One try, redirects followed. Keys go only to the host they are for."""
        at, seen = url, {url}
        for _ in range(REDIRECTS + 1):
            own = secrets if host_of(at) == host_of(url) else NO_SECRETS
            with self._sent(at, own, accept) as response:
                if response.status_code not in _REDIRECTS:
                    return self._received(response, url, at, secrets, limit)
                at = self._target(response, at, secrets)
            if at in seen:
                raise SourceFault(Fault.REDIRECTS, f"{host_of(url)} sends us in a circle")
            seen.add(at)
        raise SourceFault(Fault.REDIRECTS, f"{host_of(url)} redirects more than {REDIRECTS} times")

    def _target(self, response: requests.Response, at: str, secrets: Secrets) -> str:
        """Where a redirect leads, its copies of our keys taken off, if it is an address that may be asked."""
        location = response.headers.get("Location", "")
        if not location:
            raise SourceFault(Fault.REDIRECTS, f"{host_of(at)} redirects to nowhere")
        try:
            split = urlsplit(urljoin(at, location))
        except ValueError:
            raise SourceFault(Fault.REDIRECTS, f"{host_of(at)} redirects to what is no address") from None
        query = [(name, value) for name, value in parse_qsl(split.query, keep_blank_values=True) if name not in secrets.parameters]
        stripped = split.query if len(query) == len(parse_qsl(split.query, keep_blank_values=True)) else urlencode(query)
        target = checked_url(urlunsplit((split.scheme, split.netloc, split.path, stripped, "")))
        if any(form in target for form in secrets.spellings()):
            raise SourceFault(Fault.REFUSED, f"{host_of(at)} redirects to an address that would carry our key")
        return target

    @contextmanager
    def _sent(self, url: str, secrets: Secrets, accept: str) -> Iterator[requests.Response]:
        """The answer to one request, its body still to come, while the host's turn is held."""
        host = host_of(url)
        group = GROUPS.get(host)
        if group in self.closed:
            raise self.closed[group]
        with self.pace.turn(host):
            log.debug("GET %s", url)
            try:
                response = self.session.send(
                    self._prepared(url, secrets, accept), stream=True, timeout=(CONNECT, READ), allow_redirects=False
                )
            except requests.Timeout:
                raise _Again(Fault.TIMEOUT, "does not answer in time") from None
            except requests.RequestException as error:
                raise _connection_fault(error) from None
            with response:
                if response.status_code == 403 and group:
                    self.closed[group] = SourceFault(Fault.BLOCKED, f"{host} {_FINAL[403][1]}")
                yield response

    def _prepared(self, url: str, secrets: Secrets, accept: str) -> requests.PreparedRequest:
        host = host_of(url)
        contact = f"; mailto:{self.mailto}" if self.mailto and host in GROUPS else ""
        headers = {"User-Agent": f"claimcheck/{__version__} (checks the claims of papers{contact})", "Accept": accept}
        headers |= {"Accept-Encoding": "gzip", **secrets.headers}
        if secrets.parameters:
            url += ("&" if "?" in url else "?") + urlencode(secrets.parameters)
        if host in self.stand_ins:
            url = self.stand_ins[host] + url[len(f"https://{urlsplit(url).netloc}") :]
        try:
            return self.session.prepare_request(requests.Request("GET", url, headers=headers))
        except (requests.RequestException, UnicodeError):
            raise SourceFault(Fault.REFUSED, f"{host}: not an address, or a key that cannot be sent") from None

    def _received(self, response: requests.Response, url: str, at: str, secrets: Secrets, limit: int) -> Answer:
        """The whole body under its hash, or a fault; nothing of a body that ended early is kept."""
        _check_status(response, host_of(at), self.clock.now())
        with self.cache.part() as part:
            self._download(response, part, limit, host_of(at))
            if secrets.values():
                _redact(part, secrets)

            def describe(sha256: str, size: int, path: Path) -> Answer:
                name, kind = file_name(response), response.headers.get("Content-Type", "")[:200]
                if any(form in name + kind for form in secrets.spellings()):
                    name, kind = "", ""
                return Answer(url, at, kind, name, f"{self.clock.now():%Y-%m-%dT%H:%M:%SZ}", sha256, size, path)

            return self.cache.keep(part, url, describe)

    def _download(self, response: requests.Response, part: Part, limit: int, host: str) -> None:
        told = response.headers.get("Content-Length", "")
        too_big = SourceFault(Fault.TOO_BIG, f"{host} sends more than the {limit:,} bytes that are taken")
        if told.isdigit() and int(told) > limit:
            raise too_big
        body = unpacked(response, host)
        end = self.clock.monotonic() + WHOLE
        try:
            for chunk in body:
                part.write(chunk)
                if part.size > limit:
                    raise too_big
                if self.clock.monotonic() > end:
                    raise _Again(Fault.TIMEOUT, f"is not done after {WHOLE:.0f} seconds")
        except ReadTimeoutError:
            raise _Again(Fault.TIMEOUT, "stops in the middle of an answer") from None
        except (HTTPError, OSError, zlib.error) as error:
            if isinstance(error, OSError) and error.filename:  # the disk, not the network
                raise
            raise _Again(Fault.TRUNCATED, "ends its answer before it is whole") from None
        if part.size == 0:
            raise SourceFault(Fault.EMPTY, f"{host} answers without content")
        if not told_its_length(response) and not is_whole(part.content()):
            raise _Again(Fault.TRUNCATED, "ends its answer before it is whole")


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""


def address(base: str, **parameters: object) -> str:
    """An address with its query, the parameters in the order given and empty ones left out."""
    query = urlencode([(name.replace("__", "."), str(value)) for name, value in parameters.items() if value not in ("", None)])
    return f"{base}?{query}" if query else base


class _Session(requests.Session):
    """Leaves redirects to us: even when told not to follow them, the library parses where they lead, and breaks on some."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


def _session(look_up: Resolve, stand_ins: Iterable[str]) -> requests.Session:
    session = _Session()
    session.trust_env = False  # a proxy would resolve names that we then could not check; .netrc would add passwords
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.adapters.clear()
    session.mount("https://", PublicAdapter(look_up))
    for origin in dict.fromkeys(stand_ins):
        split = urlsplit(origin)
        number = as_address(split.hostname or "")
        if split.scheme != "http" or number is None or not number.is_loopback or split.path:
            raise ValueError(f"{origin}: a stand-in is http://127.0.0.1:PORT")
        session.mount(origin + "/", HTTPAdapter(max_retries=0))
    # At DEBUG the library would log addresses with the keys in them.
    logging.getLogger("urllib3").setLevel(logging.WARNING)
    return session


def _connection_fault(error: requests.RequestException) -> Exception:
    """What a failed connection was. The library's own words may hold an address with a key in it, so none are passed on."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, SourceFault):
            return cause
        cause = cause.__cause__ or cause.__context__ or next((a for a in cause.args if isinstance(a, BaseException)), None)
    if isinstance(error, requests.exceptions.SSLError):
        return SourceFault(
            Fault.UNREACHABLE, f"{host_of(error.request.url or '') if error.request else 'the host'} has no valid certificate"
        )
    return _Again(Fault.UNREACHABLE, "cannot be reached")


def _check_status(response: requests.Response, host: str, now: datetime) -> None:
    status = response.status_code
    if status == 200:
        return
    if status in _FINAL:
        fault, what = _FINAL[status]
        raise SourceFault(fault, f"{host} {what}")
    after = retry_after(response.headers.get("Retry-After", ""), now)
    if status == 429:
        raise _Again(Fault.BUDGET_EXHAUSTED, "says that we ask too often", after)
    if status >= 500 or status == 202:
        raise _Again(Fault.UNAVAILABLE, f"cannot answer ({status})", after)
    raise SourceFault(Fault.BAD_REQUEST if status >= 400 else Fault.EMPTY, f"{host} answers with status {status}")


def retry_after(value: str, now: datetime) -> float | None:
    """Seconds that a Retry-After asks for: a number or a date; None for anything else, and 0 for a date that is past."""
    value = value.strip()
    if re.fullmatch(r"\d+(\.\d+)?", value, re.ASCII):
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return max(0.0, ((date if date.tzinfo else date.replace(tzinfo=UTC)) - now).total_seconds())


def _redact(part: Part, secrets: Secrets) -> None:
    """Take our keys out of an answer that repeats them."""
    data = part.content()
    for form in secrets.spellings():
        data = data.replace(form.encode(), b"(key)")
    part.replace(data)
