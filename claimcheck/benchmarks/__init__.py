"""Labelled data we measure ourselves on. A new benchmark is one module here and its name in the literal below."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from claimcheck.benchmarks import (
    arxiveri,
    axcell,
    cells,
    granularity,
    mlscorecheck,
    mutations,
    numbers,
    prose,
    real_claims,
    scitab,
    sota,
    statcheck,
    twins,
)

BENCHMARKS: dict[str, Callable[[Path], tuple[int, dict[str, float]]]] = {
    "arxiveri": arxiveri.measure,
    "axcell": axcell.measure,
    "cells": cells.measure,
    "granularity": granularity.measure,
    "mlscorecheck": mlscorecheck.measure,
    "mutations": mutations.measure,
    "numbers": numbers.measure,
    "prose": prose.measure,
    "real_claims": real_claims.measure,
    "scitab": scitab.measure,
    "sota": sota.measure,
    "statcheck": statcheck.measure,
    "twins": twins.measure,
}
"""By name: a function from the folder of the data to the number of cases and the figures, as fractions."""

NEEDS_NO_DATA = ("numbers",)
"""Benchmarks whose data are part of the package."""


FOLDERS = {
    "arxiveri": "arxiveri",
    "axcell": "axcell",
    "cells": "axcell",
    "mlscorecheck": "mlscorecheck",
    "scitab": "scitab",
    "sota": "sota_latex",
}
"""Benchmarks that read one set: its folder's name. `--data` may name that folder or the one that holds it among others."""


def run(name: str, data: Path = Path()) -> dict[str, Any]:
    """One benchmark's figures: `{"bench", "n", "metrics"}`. Raises KeyError for a name that is none, FileNotFoundError without data."""
    if name not in BENCHMARKS:
        raise KeyError(f"no benchmark {name!r}; there are {', '.join(sorted(BENCHMARKS))}")
    if name not in NEEDS_NO_DATA and not data.exists():
        raise FileNotFoundError(f"{data}: no such folder; give the one that holds the data of {name!r}")
    own = data / FOLDERS.get(name, "")
    number, metrics = BENCHMARKS[name](own if own.is_dir() else data)
    return {"bench": name, "n": number, "metrics": {key: round(value, 4) for key, value in metrics.items()}}
