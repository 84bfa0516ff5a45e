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
    prose_verdicts,
    real_claims,
    scitab,
    second_reader,
    sota,
    statcheck,
    twins,
)
from claimcheck.dossier import SCHEMA

BENCHMARKS: dict[str, Callable[..., tuple[int, dict[str, Any]]]] = {
    "arxiveri": arxiveri.measure,
    "axcell": axcell.measure,
    "cells": cells.measure,
    "granularity": granularity.measure,
    "mlscorecheck": mlscorecheck.measure,
    "mutations": mutations.measure,
    "numbers": numbers.measure,
    "prose": second_reader.both,
    "prose_verdicts": prose_verdicts.measure,
    "real_claims": real_claims.measure,
    "scitab": scitab.measure,
    "sota": sota.measure,
    "statcheck": statcheck.measure,
    "twins": twins.measure,
}
"""By name: a function from the folder of the data to the number of cases and the figures, as fractions; a list among them is of cases."""

NEEDS_NO_DATA = ("numbers",)
"""Benchmarks whose data are part of the package."""

LIMITED = ("prose_verdicts",)
"""Benchmarks that can stop after so many papers."""


FOLDERS = {
    "arxiveri": "arxiveri",
    "axcell": "axcell",
    "cells": "axcell",
    "mlscorecheck": "mlscorecheck",
    "scitab": "scitab",
    "sota": "sota_latex",
}
"""Benchmarks that read one set: its folder's name. `--data` may name that folder or the one that holds it among others."""


def run(name: str, data: Path = Path(), limit: int | None = None) -> dict[str, Any]:
    """One benchmark's figures: `{"schema", "bench", "n", "metrics"}`, and `"cases"` where it lists some. Raises KeyError for a name that
    is none, FileNotFoundError without data."""
    if name not in BENCHMARKS:
        raise KeyError(f"no benchmark {name!r}; there are {', '.join(sorted(BENCHMARKS))}")
    if name not in NEEDS_NO_DATA and not data.exists():
        raise FileNotFoundError(f"{data}: no such folder; give the one that holds the data of {name!r}")
    own = data / FOLDERS.get(name, "")
    limited = {"limit": limit} if name in LIMITED else {}
    number, found = BENCHMARKS[name](own if own.is_dir() else data, **limited)
    cases = {key: value for key, value in found.items() if isinstance(value, list)}
    metrics = {key: round(value, 4) for key, value in found.items() if key not in cases}
    return {"schema": SCHEMA, "bench": name, "n": number, "metrics": metrics, **({"cases": cases} if cases else {})}
