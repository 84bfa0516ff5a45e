"""Is every number read as it is printed? Strings and table cells of our own, with what each says (`numbers.toml`).

A form of the file is filled with several numbers and put into several carriers, so the same mistake counts more than once;
`forms_exact` is therefore given beside `strings_exact`: the share of forms without any mistake.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from claimcheck.extract.quantities import Amount, amounts
from claimcheck.extract.tables import printed
from claimcheck.readers import read

FILE = Path(__file__).with_suffix(".toml")

QUANTITIES = ("amount", "size")
"""Roles of numbers that say how much; labels, citations, enumerators and years do not."""

_TABLES = {
    "latex": "\\documentclass{article}\\begin{document}\\begin{table}\\begin{tabular}{lcc}"
    "\\hline Method & One & Two \\\\ \\hline Base & %s & 61.5 \\\\ Ours & 50.1 & 62.5 \\\\ \\hline\\end{tabular}\\end{table}\\end{document}",
    "html": "<!DOCTYPE html><html><body><table><tr><th>Method</th><th>One</th><th>Two</th></tr>"
    "<tr><td>Base</td><td>%s</td><td>61.5</td></tr><tr><td>Ours</td><td>50.1</td><td>62.5</td></tr></table></body></html>",
    "markdown": "# Paper\n\n| Method | One | Two |\n|---|---|---|\n| Base | %s | 61.5 |\n| Ours | 50.1 | 62.5 |\n",
}
_SUFFIXES = {"latex": "tex", "html": "html", "markdown": "md"}


@dataclass(frozen=True)
class Case:
    """Something printed, what it says, and what was read instead if that differs."""

    kind: str
    """`string` or `cell`."""

    form: str
    """Cases of one form differ in their digits only."""

    text: str
    expected: str
    found: str

    @property
    def exact(self) -> bool:
        return self.found == self.expected


def measure(data: Path) -> tuple[int, dict[str, float]]:
    """Strings and cells, and the share of each read exactly; `data` is not looked at, the file is our own."""
    done = list(cases())
    strings, cells = ([case for case in done if case.kind == kind] for kind in ("string", "cell"))
    forms: dict[str, bool] = {}
    for case in strings:
        forms[case.form] = forms.get(case.form, True) and case.exact
    return len(done), {
        "strings": float(len(strings)),
        "cells": float(len(cells)),
        "forms": float(len(forms)),
        "exact": share(done),
        "strings_exact": share(strings),
        "cells_exact": share(cells),
        "forms_exact": sum(forms.values()) / max(1, len(forms)),
    }


def share(done: list[Case]) -> float:
    return sum(case.exact for case in done) / max(1, len(done))


def cases(file: Path = FILE) -> Iterator[Case]:
    """Every string and cell of the file, read."""
    held = tomllib.loads(file.read_text(encoding="utf-8"))
    fills = [filled(fill) for fill in held["fill"]]
    for form in held["form"]:
        for carrier, fill in zip(cycle(form["carriers"]), fills, strict=False):
            yield string(form["text"], carrier.replace("{}", form["text"].format(**fill)), form["reads"].format(**fill))
    for case in held["case"]:
        yield string(case["text"], case["text"], case["reads"])
    for cell in held["cell"]:
        yield Case("cell", cell["source"], cell["source"], expected(cell), in_table(cell["format"], cell["source"]))


def filled(fill: dict[str, str]) -> dict[str, str]:
    """A filling with its large numbers set with each separator."""
    groups = {name: f"{int(fill[name]):,}" for name in ("k", "g")}
    separators = {"comma": ",", "thin": "\u2009", "narrow": "\u202f", "fixed": "\u00a0", "dot": "."}
    grouped = {f"{name}_{word}": text.replace(",", mark) for name, text in groups.items() for word, mark in separators.items()}
    return fill | grouped


def string(form: str, text: str, reads: str) -> Case:
    found = " | ".join(reading(amount) for amount in amounts(text) if amount.role in QUANTITIES)
    return Case("string", form, text, reads, found)


def reading(amount: Amount) -> str:
    """An amount in the notation of the file."""
    value = f"{amount.value:f}"
    if amount.was is not None:
        value = f"{amount.was:f}->{value}"
    value = f"{amount.relation}{amount.sign}{value}"
    if amount.high is not None:
        value += f"..{amount.high:f}"
    if amount.total is not None:
        value += f"/{amount.total:f}"
    if amount.error is not None:
        value += f"±{amount.error:f}"
    kinship = {True: "relative", False: "absolute", None: ""}[amount.relative]
    return " ".join(part for part in (value, amount.unit, kinship) if part)


def expected(cell: dict[str, Any]) -> str:
    return looks(cell["reads"], cell.get("bold", False), cell.get("underline", False))


def in_table(kind: str, source: str) -> str:
    """What is read of a cell's source that stands in a table of its format."""
    document = read((_TABLES[kind] % source).encode(), f"table.{_SUFFIXES[kind]}")
    cell = next((cell for table in document.tables for cell in table.cells if (cell.row, cell.column) == (1, 1)), None)
    if cell is None:
        return ""
    quantity = printed(cell.text)
    score = "" if quantity is None else f"{quantity.value:f} {quantity.unit}".strip()
    return looks(score, cell.bold, cell.underline)


def looks(score: str, bold: bool, underline: bool) -> str:
    return " ".join(part for part in (score, "bold" if bold else "", "underlined" if underline else "") if part)
