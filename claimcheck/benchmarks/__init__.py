"""Labelled data we measure ourselves on. A new benchmark is one module here and its name in the literal below."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from claimcheck.benchmarks import cells, twins

BENCHMARKS: dict[str, Callable[[Path], tuple[int, dict[str, float]]]] = {
    "cells": cells.measure,
    "twins": twins.measure,
}
"""By name: a function from the folder of the data to the number of cases and the figures, as fractions."""


def run(name: str, data: Path) -> dict[str, Any]:
    """One benchmark's figures: `{"bench", "n", "metrics"}`. Raises KeyError for a name that is none, FileNotFoundError without data."""
    if name not in BENCHMARKS:
        raise KeyError(f"no benchmark {name!r}; there are {', '.join(sorted(BENCHMARKS))}")
    if not data.exists():
        raise FileNotFoundError(f"{data}: no such folder; give the one that holds the data of {name!r}")
    number, metrics = BENCHMARKS[name](data)
    return {"bench": name, "n": number, "metrics": {key: round(value, 4) for key, value in metrics.items()}}
