"""Does the paper's own table bear the sentence out: is each number its cell's, and are the rows as they are compared?

Where `arithmetic` checks assertions against scores that have been named, this reads the sentence against the tables themselves, whose
every label can be meant. It refutes only what all bound cells of the one table that the sentence names contradict; where the sentence
names none and several tables fit, or where they do not agree, the target is ambiguous and all are listed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from claimcheck.document import Table
from claimcheck.dossier import Claim, Difference, Direction, Dossier, Evidence, Finding, Level, Rank, Reason, Value, Verdict
from claimcheck.extract.quantities import Amount
from claimcheck.tabular.checks import Verified
from claimcheck.tabular.checks import verify as read_against
from claimcheck.tabular.cues import OURS
from claimcheck.tabular.names import words
from claimcheck.tabular.outcomes import Outcome
from claimcheck.tabular.sheet import Axis, Figure, Sheet
from claimcheck.tabular.shelf import candidates, named, reader
from claimcheck.tabular.statements import Reader, folded
from claimcheck.verify.comparison import is_comparative
from claimcheck.verify.findings import caveat, vote
from claimcheck.verify.recompute import recompute

NAME = "tables"

AVERAGED = re.compile(r"\b(?:averaged?|means?)\b", re.IGNORECASE)
"""A number that is said to be an average may be another than a cell that prints it."""

CONFIDENCE = 0.93
"""That a sentence read against a table is read rightly: the share of answers on SciTab that experts agree with."""


@dataclass(frozen=True)
class Reading:
    """A claim read against one table that says something of it."""

    table: Table
    sheet: Sheet
    verified: Verified

    @property
    def contradicted(self) -> list[Outcome]:
        return [o for o in self.verified.outcomes if o.holds is False and o.firm]

    @property
    def borne_out(self) -> list[Outcome]:
        return [o for o in self.verified.outcomes if o.holds is True and o.kind != "stands"]


def verify(claim: Claim, dossier: Dossier) -> Iterator[Finding]:
    readings = list(read(claim, dossier))
    sure = len(named(claim.sentence)) == 1 or len(dossier.tables) == 1
    if not named(claim.sentence):
        readings = telling(readings)
    against = [r for r in readings if r.verified.answer == "refutes" and r.contradicted]
    for_it = [r for r in readings if r.verified.answer == "supports"]
    numbered = [] if against or for_it or AVERAGED.search(claim.sentence) else [r for r in readings if has_numbers(r)]
    found = against or for_it or numbered
    sure = sure or (len(found) == 1 and alone(found[0], claim, dossier))
    if len(against) == 1 and not for_it and sure and backed(against[0], claim, dossier):
        yield refuted(against[0])
    elif against:
        why = "What the sentence says it of could be read in two ways" if sure else "The sentence does not say which table it means"
        yield ambiguous(claim, [*against, *for_it], why)
    elif for_it or (len(numbered) == 1 and sure):
        yield from verified(claim, found, votes=sure)


def has_numbers(reading: Reading) -> bool:
    """Whether a stated number is that of its one cell, though something else that is stated could not be read or worked out."""
    return any(o.kind == "value" for o in reading.borne_out) and not any(o.holds is False for o in reading.verified.outcomes)


def backed(reading: Reading, claim: Claim, dossier: Dossier) -> bool:
    """Whether what was read from the prose by other rules says the same: of a number whose it is, of a comparison that one was made.

    Sentences are misread more often than papers contradict their tables, and two readings seldom err alike.
    """
    worked_out = [o for a in claim.assertions if (o := recompute(claim, a, dossier, "paper")) is not None]
    if worked_out and all(o.verdict is Verdict.VERIFIED for o in worked_out):
        return False
    return all(said_so(outcome, claim, reading, dossier) for outcome in reading.contradicted)


def said_so(outcome: Outcome, claim: Claim, reading: Reading, dossier: Dossier) -> bool:
    lines: set[tuple[Axis, int]] = {line for f in outcome.figures for line in lines_of(f)}
    ready = reader(reading.table, dossier.title)
    own = {(axis, line) for axis, those in ready.own.items() for line in those}
    if outcome.stated is None:
        named_by = [a.method for a in claim.assertions if is_comparative(a) and not ({"method", "sign"} & set(a.ambiguous))]
    else:
        said = [a for a in claim.assertions if isinstance(a, Value) and a.value == outcome.stated.value]
        named_by = [a.method for a in said]
        if not any(named_by) and lines <= {line for a in said for line in called(a.dataset, lines, ready)}:
            return True  # "with A, B reaches 5": row and column are both benchmarks
    return any(lines & (called(name, lines, ready) | (own if OURS.search(folded(name)) else set())) for name in named_by)


def lines_of(figure: Figure) -> tuple[tuple[Axis, int], ...]:
    return (("row", figure.row), ("column", figure.column))


def called(name: str, lines: set[tuple[Axis, int]], ready: Reader) -> set[tuple[Axis, int]]:
    """Which lines a name of the prose is that of: "ViT-L" of "ViT-L/16", "V-JEPA 2" of "VJEPA 2"."""
    mentioned = {(m.axis, line) for m in ready.names.mentions(folded(name)) for line in m.lines}
    labels = {key: ready.sheet.by_index[key].name for key in lines if key in ready.sheet.by_index}
    part = {key for key, label in labels.items() if spelled(name) and spelled(name) <= spelled(label)}
    return mentioned | part | {key for key, label in labels.items() if name and squashed(name) == squashed(label)}


def squashed(name: str) -> str:
    """A name's letters and digits."""
    return "".join(word.spelled for word in words(folded(name)))


def spelled(name: str) -> set[str]:
    return {word.spelled for word in words(folded(name))}


def telling(readings: Sequence[Reading]) -> list[Reading]:
    """Of the tables that a sentence may mean, those that have a cell for its numbers, and of these those of which it names most.

    One that knows method and dataset goes before one that knows the method alone.
    """
    binding = [r for r in readings if any(o.kind == "value" and o.holds is not None for o in r.verified.outcomes)]
    return [r for r in binding or readings if not any(r.verified.named < other.verified.named for other in binding)]


def alone(meant: Reading, claim: Claim, dossier: Dossier) -> bool:
    """Whether a sentence that names no table can only mean this one: it states a number of one cell here that stands in no other table,
    or how far apart two rows are that no other table sets side by side."""
    if named(claim.sentence) or AVERAGED.search(claim.sentence):
        return False
    if apart(meant, claim, dossier):
        return True
    numbers = [o.stated for o in meant.verified.outcomes if o.stated is not None and o.kind == "value" and o.holds is not None]
    others = [reader(table, dossier.title).sheet for table in dossier.tables if table is not meant.table]
    return bool(numbers) and not any(printed(n, f) for n in numbers for sheet in others for f in sheet.figures.values())


def apart(meant: Reading, claim: Claim, dossier: Dossier) -> bool:
    """Whether the claim is of one difference, said as a number, of two methods of which no other table has both."""
    told = [a for a in claim.assertions if isinstance(a, Difference)]
    compared = [o for o in meant.verified.outcomes if o.kind == "compare" and o.holds is not None and len(o.figures) == 2]
    if len(told) != len(claim.assertions) or len(compared) != len(meant.verified.outcomes) or not (told and compared):
        return False
    both = (told[0].method, told[0].baseline)
    others = [reader(table, dossier.title) for table in dossier.tables if table is not meant.table]
    return not any(all(name and ready.names.mentions(folded(name)) for name in both) for ready in others)


def printed(amount: Amount, figure: Figure) -> bool:
    """Whether a cell prints this very number, to the same digit."""
    return any(abs(n) == amount.value and n.as_tuple().exponent == amount.value.as_tuple().exponent for n in figure.numbers)


def read(claim: Claim, dossier: Dossier) -> Iterator[Reading]:
    """The claim against each table it can be about."""
    for table, ready in candidates(claim.sentence, dossier.tables, dossier.title):
        found = read_against(claim.sentence, ready)
        if found.outcomes:
            yield Reading(table, ready.sheet, found)


def refuted(reading: Reading) -> Finding:
    said = [o.explanation for o in reading.contradicted]
    text = f"{title(reading.table)} says otherwise: {'; '.join(said)}."
    found = vote(NAME, "numbers", Verdict.REFUTED, Reason.CONTRADICTS, text, (), (), confidence=CONFIDENCE)
    return found.model_copy(update={"evidence": cells(reading.sheet, reading.contradicted)})


def ambiguous(claim: Claim, readings: Sequence[Reading], why: str) -> Finding:
    """More than one table fits and they do not agree, or nothing says which is meant."""
    said = "; ".join(
        f"{title(r.table)}: {'bears it out' if r.verified.answer == 'supports' else 'says otherwise'} ({first(r).explanation})"
        for r in readings
    )
    text = f"{why}. {said}."
    found = vote(
        NAME, "numbers", Verdict.INCONCLUSIVE, Reason.AMBIGUOUS_TARGET, text, (), (), confidence=0, resolves="the table that is meant"
    )
    evidence = tuple(e for r in readings for e in cells(r.sheet, [first(r)]))
    return found.model_copy(update={"evidence": evidence, "assertions": tuple(range(len(claim.assertions)))})


def verified(claim: Claim, readings: Sequence[Reading], *, votes: bool) -> Iterator[Finding]:
    """What the tables bear out: where it is sure which is meant, a vote for the assertions that were checked; else a note."""
    reading = readings[0]
    positions = tuple(i for i, a in enumerate(claim.assertions) if isinstance(a, Value | Direction | Rank) and checked(a, reading))
    text = f"{title(reading.table)} bears it out: {'; '.join(o.explanation for o in reading.borne_out[:3])}."
    if positions and votes:
        found = vote(NAME, "numbers", Verdict.VERIFIED, Reason.MATCHES, text, positions, (), confidence=CONFIDENCE, level=Level.CONSISTENT)
    else:
        found = caveat(NAME, Reason.MATCHES, text, (), part="numbers")
    yield found.model_copy(update={"evidence": cells(reading.sheet, reading.borne_out)})


def checked(assertion: Value | Direction | Rank, reading: Reading) -> bool:
    """Whether what this assertion says was worked out and nothing of the sentence was left open."""
    outcomes = reading.verified.outcomes
    if isinstance(assertion, Value):
        return any(o.kind == "value" and any(assertion.value in f.numbers for f in o.figures) for o in reading.borne_out)
    kinds = ("best",) if isinstance(assertion, Rank) else ("compare", "change")
    return any(o.kind in kinds and o.firm for o in reading.borne_out) and all(o.holds for o in outcomes)


def first(reading: Reading) -> Outcome:
    return (reading.contradicted or reading.borne_out or list(reading.verified.outcomes))[0]


def title(table: Table) -> str:
    return table.label or "A table"


def cells(sheet: Sheet, outcomes: Sequence[Outcome]) -> tuple[Evidence, ...]:
    """The cells quoted, each place once."""
    quoted = {(f.row, f.column): Evidence(quote=sheet.quote(f), where=sheet.place(f)) for o in outcomes for f in o.figures}
    return tuple(quoted.values())
