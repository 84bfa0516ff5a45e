"""What a study is: one paper we can rerun, with the names it uses, its released results and its experiments."""

import csv
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from claimcheck.document import Document, Location
from claimcheck.dossier import Arm, Assertion, Deviation, Lexicon, Paper, Quantity, Result, StandIn

CATALOGUED = "its catalogue entry comes with the study; the paper itself was not fetched"
VERSION = re.compile(r"v\d+$")


@dataclass(frozen=True, kw_only=True)
class Completion:
    """What a sentence leaves unsaid and the study knows. It fills only empty fields, and the report shows it as supplied."""

    kind: str
    method: str
    """A method's or a set's own name; the sentence may use any of its aliases."""

    supplies: dict[str, str]
    numbers: tuple[str, ...] = ()
    """Only for assertions that state these numbers; empty means any."""

    def complete(self, assertion: Assertion, lexicon: Lexicon) -> Assertion:
        """The assertion with its empty fields filled, if this completion is for it."""
        stated = {str(getattr(assertion, name, "")) for name in ("value", "low", "high")}
        named = lexicon.own_name(getattr(assertion, "method", ""))
        if (assertion.kind, named) != (self.kind, self.method) or not set(self.numbers) <= stated:
            return assertion
        filled = {name: value for name, value in self.supplies.items() if not getattr(assertion, name)}
        left = tuple(name for name in assertion.ambiguous if name not in filled)
        return assertion.model_copy(update={**filled, "supplied": (*assertion.supplied, *filled), "ambiguous": left})


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

    completions: tuple[Completion, ...]

    read_results: Callable[[Path], tuple[Result, ...]]
    """Reads `released.csv`; the columns are the study's own, so the study says how."""

    facts: tuple[Result, ...]
    """Numbers about the model, from the release's configuration."""

    seeds: tuple[int, ...]
    """Pretraining seeds that the paper's runs used; reruns use them first."""

    arms: tuple[Arm, ...]
    stand_ins: tuple[StandIn, ...]

    def complete(self, assertion: Assertion) -> Assertion:
        """The assertion with what the study knows of its unsaid fields."""
        for completion in self.completions:
            assertion = completion.complete(assertion, self.lexicon)
        return assertion

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

    def cited(self, references: Iterable[str]) -> tuple[Paper, ...]:
        """What the catalogue says of those references that the study knows, from `works.toml`; none of them was fetched."""
        path = self.folder / "works.toml"
        works = tomllib.loads(path.read_text(encoding="utf-8"))["work"] if path.is_file() else []
        known = {work["id"]: work for work in works}
        return tuple(
            Paper.model_validate({**known[name], "role": "cited", "cited_as": reference, "state": "not_retrieved", "detail": CATALOGUED})
            for reference in references
            if (name := VERSION.sub("", reference)) in known
        )


def records(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with the line each stands on, the header being line 1."""
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        return [(reader.line_num, row) for row in reader]


def percent(printed: str, decimals: int) -> Quantity:
    """A score in percent at the file's own precision: JSON and CSV writers drop trailing zeros, so 11.6 in a column of
    hundredths is 11.60."""
    return Quantity(value=Decimal(printed).quantize(Decimal(1).scaleb(-decimals)), unit="%")


def decimals(column: Iterable[str]) -> int:
    """The most decimals that any number of a column has."""
    return max((len(printed.partition(".")[2]) for printed in column), default=0)


def row_location(path: Path, line: int) -> Location:
    return Location(document=path.name, line=line)
