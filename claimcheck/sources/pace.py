"""How often a host is asked, over all processes of this machine: one request at a time, and a pause after each.

Every host, or group of hosts that share a rule, has a lock file and the time of its last request beside it. The lock is held while a
request is under way, so there is one connection; the pause counts from the end of a request, so that no two arrive closer than it
whatever the network does. A process that dies frees its lock.
"""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from claimcheck.sources.clock import Clock
from claimcheck.sources.faults import Fault, SourceFault

GROUPS: dict[str, str] = {
    "arxiv.org": "arxiv",
    "export.arxiv.org": "arxiv",
    "api.openalex.org": "openalex",
    "api.semanticscholar.org": "semantic_scholar",
    "api.crossref.org": "crossref",
}

INTERVALS: dict[str, float] = {"arxiv": 3.0, "semantic_scholar": 1.0, "openalex": 0.2, "crossref": 0.25}
"""Seconds between two requests. arXiv: terms of use, one request in three seconds over all machines. Semantic Scholar: one a second.
Crossref: five a second in the public pool. OpenAlex: ten a second at most."""

OTHERS = 1.0
"""Seconds, for hosts that hold open copies and say nothing of a rate."""

LONGEST_QUEUE = 600.0
"""Seconds that a request waits for those of other processes."""


class Pace:
    """Turns at asking hosts. `intervals` overrides those above; the folder is shared by all processes that should know of one another."""

    def __init__(self, folder: Path, clock: Clock, intervals: Mapping[str, float] = INTERVALS, others: float = OTHERS) -> None:
        self.folder, self.clock, self.intervals, self.others = folder, clock, {**INTERVALS, **intervals}, others

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait for the host's turn, then hold it. SourceFault `budget_exhausted` if others hold it for ten minutes."""
        group = GROUPS.get(host, host)
        interval = self.intervals.get(group, self.others)
        self.folder.mkdir(parents=True, exist_ok=True)
        # A host name becomes a file name: only its letters, digits, dots and dashes, which is all that a checked one has.
        name = "".join(c if c.isalnum() or c in ".-_" else "_" for c in group)[:200]
        lock = FileLock(self.folder / f"{name}.lock", timeout=LONGEST_QUEUE)
        try:
            lock.acquire(poll_interval=min(0.05, max(interval / 8, 0.001)))
        except Timeout:
            raise SourceFault(Fault.BUDGET_EXHAUSTED, f"other processes kept asking {host} for {LONGEST_QUEUE:.0f} seconds") from None
        last = self.folder / f"{name}.last"
        try:
            self.clock.sleep(self._left(last, interval))
            self._stamp(last)  # a process that is killed while asking has asked
            yield
        finally:
            self._stamp(last)
            lock.release()

    def _left(self, last: Path, interval: float) -> float:
        """Seconds until the next request may start. The clock never steps; after a restart of the machine it is behind the stamp."""
        try:
            since = self.clock.monotonic() - float(last.read_text())
        except FileNotFoundError:
            return 0.0
        except ValueError:
            return interval
        if not math.isfinite(since) or since < 0:
            return interval
        return max(0.0, interval - since)

    def _stamp(self, last: Path) -> None:
        last.write_text(repr(self.clock.monotonic()))
