"""How far a matrix of runs has come, on stderr: a moving bar on a terminal, a line a run elsewhere, nothing when quiet."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from repro.sweep import SweepProgress


@contextmanager
def progress(total: int, *, quiet: bool) -> "Iterator[Callable[[SweepProgress], None]]":
    """A function to call after each of `total` runs."""
    if quiet:
        yield lambda _: None
    elif sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        with bar(total) as advance:
            yield advance
    else:
        print(f"{total} runs to make or find", file=sys.stderr)
        yield line


def line(at: "SweepProgress") -> None:
    """One line for one run that ended."""
    if at.state == "running":
        return
    left = "" if at.seconds_left is None or at.done == at.total else f", about {duration(at.seconds_left)} left"
    print(f"[{at.done}/{at.total}] {at.latest}: {at.state}{left}", file=sys.stderr, flush=True)


@contextmanager
def bar(total: int) -> "Iterator[Callable[[SweepProgress], None]]":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("runs", total=total)

        def advance(at: "SweepProgress") -> None:
            left = "" if at.seconds_left is None else f", {duration(at.seconds_left)} left"
            counted = f"{at.done} of {at.total} runs; "
            shown.update(task, completed=at.done + at.under_way, total=at.total, description=f"{counted}{at.latest}: {at.state}{left}")

        yield advance


def duration(seconds: float) -> str:
    """A length of time as a person would say it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
