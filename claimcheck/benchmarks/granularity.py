"""Is no honest score called impossible? Released accuracies with their sample counts, each of which is k/n by construction.

The data are `released_results.csv` (arXiv:2605.17165) and the results files of timm, in their folders or in one of them.
`chance_*` is the share of values that would pass whatever they were: where it is 1 the check has no power, and a pass says nothing.
`power_*` is the share of values drawn at random, at the same n and precision, that were flagged.
"""

import csv
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from claimcheck.dossier import Quantity
from claimcheck.stats.granularity import check
from claimcheck.studies.study import decimals, percent

RELEASED = "latent_dynamics/released_results.csv"
SAMPLES = {
    "imagenet": ("timm_results/results-imagenet.csv", 50_000),
    "imagenet_v2": ("timm_results/results-imagenetv2-matched-frequency.csv", 10_000),
}
"""Set: its file and how many images it has."""

DRAWN = 2_000
"""Values drawn at random per set."""


class Score(NamedTuple):
    """A released score, in percent, and the samples behind it."""

    of: str
    printed: Quantity
    n: int


def measure(data: Path) -> tuple[int, dict[str, float]]:
    """Scores, false flags, and by set how many values would pass by chance and how many drawn ones did not."""
    every = [*released(data), *timm(data)]
    if not every:
        raise FileNotFoundError(2, "no result files", str(data / RELEASED))
    figures = {"false_flags": float(sum(not check(s.printed, s.n).possible for s in every))}
    for name in dict.fromkeys(s.of for s in every):
        scores = [s for s in every if s.of == name]
        found = [check(s.printed, s.n) for s in scores]
        figures |= {
            f"scores_{name}": float(len(scores)),
            f"false_flags_{name}": float(sum(not f.possible for f in found)),
            f"chance_{name}": sum(f.chance for f in found) / len(found),
            f"power_{name}": power(scores),
        }
    return len(every), figures


def power(scores: list[Score]) -> float:
    """The share of random values that are flagged, each at the n and precision of a score of the set."""
    draw = random.Random(0)
    flagged = 0
    for _ in range(DRAWN):
        score = draw.choice(scores)
        step = score.printed.value.as_tuple().exponent
        places = -step if isinstance(step, int) else 0
        value = Decimal(draw.randint(0, 100 * 10**places)).scaleb(-places)
        flagged += not check(Quantity(value=value, unit="%"), score.n).possible
    return flagged / DRAWN


def released(data: Path) -> Iterator[Score]:
    """The scores the authors of one paper released, at the precision of the column."""
    rows = records(data, RELEASED)
    places = decimals(row["top1_percent"] for row in rows)
    for row in rows:
        yield Score("released", percent(row["top1_percent"], places), int(row["n_val"]))


def timm(data: Path) -> Iterator[Score]:
    for name, (file, n) in SAMPLES.items():
        for row in records(data, file):
            yield from (Score(name, Quantity(value=Decimal(row[column]), unit="%"), n) for column in ("top1", "top5"))


def records(data: Path, file: str) -> list[dict[str, str]]:
    """The rows of a file of the data, which may lie in its own folder or straight in the one given; none if it is not there."""
    path = next((p for p in (data / file, data / Path(file).name) if p.is_file()), None)
    if path is None:
        return []
    with path.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))
