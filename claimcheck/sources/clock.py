"""The clock of the network: real, or a test's."""

import time
from datetime import UTC, datetime


class Clock:
    """Time as the network code sees it."""

    def monotonic(self) -> float:
        """Seconds that never step back, the same for all processes of the machine."""
        return time.monotonic()

    def now(self) -> datetime:
        """The date and time, UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            time.sleep(seconds)
