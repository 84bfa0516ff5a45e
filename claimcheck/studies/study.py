"""What a study is: one paper we can rerun, with the names it uses, its released results and its experiments."""

import csv
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from claimcheck.document import Document, Location
from claimcheck.dossier import Arm, Deviation, Lexicon, Quantity, Result, StandIn


@dataclass(frozen=True, kw_only=True)
class Study:
    """A folder under `studies/`, as data. Nothing here judges; verifiers read what it puts into the dossier."""

    name: str
    paper: str
    """`arxiv:ID` without a version."""

    title: str
    folder: Path
    lexicon: Lexicon
    recognises: Callable[[Document], bool]
    """True for a document that is this paper, or a synthesis of it."""

    completions: dict[int, dict[str, str]]
    """What a claim's sentence leaves unsaid, by claim number: shown in the report as supplied by the study."""

    read_results: Callable[[Path], tuple[Result, ...]]
    """Reads `released.csv`; the columns are the study's own, so the study says how."""

    facts: tuple[Result, ...]
    """Numbers about the model, from the release's configuration."""

    arms: tuple[Arm, ...]
    stand_ins: tuple[StandIn, ...]

    @property
    def synopsis(self) -> Path:
        """Our own wording of the paper's claims."""
        return self.folder / "paper.md"

    @property
    def released(self) -> Path:
        return self.folder / "released.csv"

    def results(self) -> tuple[Result, ...]:
        """Every released score, then the model's own numbers."""
        return self.read_results(self.released) + self.facts

    def deviations(self) -> tuple[Deviation, ...]:
        """Where the released code and the paper's text differ."""
        with (self.folder / "deviations.toml").open("rb") as file:
            return tuple(Deviation.model_validate(entry) for entry in tomllib.load(file)["deviation"])


def records(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with the line each stands on, the header being line 1."""
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        return [(reader.line_num, row) for row in reader]


def percent(printed: str) -> Quantity:
    """A score as printed, in percent."""
    return Quantity(value=Decimal(printed), unit="%")


def row_location(path: Path, line: int) -> Location:
    return Location(document=path.name, line=line)
