"""Jobs that break their limits, for the limited child to end."""

import os
import signal


def spin(data: bytes) -> None:
    while True:
        pass


def hoard(data: bytes) -> int:
    return len(bytearray(4 << 30))


def crash(data: bytes) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def chatter(data: bytes) -> str:
    os.write(1, b"Consider using something else.\n")
    return "quiet"
