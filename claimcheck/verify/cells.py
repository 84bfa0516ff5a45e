"""The cell that a stated number is said of: printed to the digit in the row of its method, under its metric and dataset.

A number of three digits seldom stands in a table by chance, so that one that a cell prints whose labels say what the sentence says needs
no table to be named. The other way round nothing follows: what no such cell prints may be said of a setting that no table shows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from claimcheck.dossier import Claim, Dossier, Result, Value
from claimcheck.extract.cells import OWN_PHRASE, PRONOUN, content, telling
from claimcheck.tabular.names import words
from claimcheck.tabular.phrasing import altered, around, leading_condition, of_something_else, set_apart
from claimcheck.tabular.sheet import Axis, Figure
from claimcheck.tabular.shelf import named, number_of, reader
from claimcheck.tabular.statements import Reader, folded
from claimcheck.verify.comparison import CALLED, on_dataset, sheet, typed_as

UNITS = ("", "%", "pp", "points")
"""Of numbers that a cell prints as they are."""


@dataclass(frozen=True)
class Standing:
    """A stated number's place in a claim, and the cell that prints it."""

    position: int
    ready: Reader
    figure: Figure


def standing(claim: Claim, dossier: Dossier) -> Iterator[Standing]:
    """For each number that the claim gives as a score, the first cell of the tables it may mean that is plainly its own."""
    for position, assertion in enumerate(claim.assertions):
        found = own_cell(claim, assertion, dossier) if isinstance(assertion, Value) else None
        if found is not None:
            yield Standing(position, *found)


def own_cell(claim: Claim, assertion: Value, dossier: Dossier) -> tuple[Reader, Figure] | None:
    wanted = named(claim.sentence)
    if not wanted and elsewhere(assertion, dossier):
        return None
    for table in dossier.tables if plain(claim, assertion) else ():
        if wanted and number_of(table) not in wanted:
            continue
        ready = reader(table, dossier.title)
        for figure in ready.sheet.printing(assertion.value):
            if bears(claim, assertion, ready, figure, dossier):
                return ready, figure
    return None


def elsewhere(assertion: Value, dossier: Dossier) -> bool:
    """Whether another table gives the same method another score by this metric on the dataset that the sentence names."""
    if not assertion.dataset:
        return False
    names = (assertion.metric, *CALLED.get(assertion.metric, ()))
    alike = [
        r for r in on_dataset(dossier, assertion.dataset) if r.origin == "paper" and r.method == assertion.method and r.metric in names
    ]
    printing = {sheet(r) for r in alike if abs(r.score.value) == assertion.value}
    return any(sheet(r) not in printing for r in alike)


def plain(claim: Claim, assertion: Value) -> bool:
    """Whether a number is given exactly, with digits enough, as a score of a method that the sentence leaves as it is."""
    return (
        telling(assertion.value)
        and assertion.value > 0
        and assertion.unit in UNITS
        and assertion.averaged is None
        and not {"value", "method"} & set(assertion.ambiguous)
        and not altered(claim.sentence, assertion.method)
        and not of_something_else(claim, assertion, assertion.metric)
    )


def bears(claim: Claim, assertion: Value, ready: Reader, figure: Figure, dossier: Dossier) -> bool:
    laid = ready.sheet
    said = folded(f"{laid.quote(figure)} {laid.caption}")
    typed = typed_as(dossier, laid.table.label, figure.row, figure.column)
    return (
        whose(assertion.method, ready, figure)
        and laid.better(figure, "row")[0] != 0
        and told("metric", assertion, said, typed)
        and told("dataset", assertion, said, typed)
        and not leading_condition(claim.sentence, spelled(f"{laid.labels} {assertion.dataset}"))
        and not set_apart(around(claim.sentence, assertion.text), laid.quote(figure))
    )


def whose(method: str, ready: Reader, figure: Figure) -> bool:
    """Whether a cell stands in a line that a method is called: all its words, or the paper's own line for "our model"."""
    axes: tuple[tuple[Axis, int], ...] = (("row", figure.row), ("column", figure.column))
    own = OWN_PHRASE.fullmatch(method)
    if own is not None or (method and PRONOUN.fullmatch(method)):
        which = content(own.group("which") or "") if own is not None else frozenset()
        return any(line in ready.own[axis] and which <= content(ready.sheet.by_index[axis, line].name) for axis, line in axes)
    wanted = content(method)
    return bool(wanted) and any(wanted <= content(ready.sheet.by_index[axis, line].name) for axis, line in axes)


def told(slot: str, assertion: Value, said: str, typed: Result | None) -> bool:
    """Whether labels or caption say the metric, or the dataset, that the sentence says."""
    wanted = getattr(assertion, slot)
    if not wanted or slot in assertion.supplied:
        return True
    if typed is not None and getattr(typed, slot) in (wanted, *CALLED.get(wanted, ())):
        return True
    return spelled(wanted) <= spelled(said)


def spelled(text: str) -> set[str]:
    return {word.spelled for word in words(folded(text)) if re.search(r"\w", word.spelled)}
