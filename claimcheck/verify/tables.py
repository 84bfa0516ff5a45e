"""Does the paper's own table bear the sentence out: is each number its cell's, and are the rows as they are compared?

Where `arithmetic` checks assertions against scores that have been named, this reads the sentence against the tables themselves, whose
every label can be meant. It refutes only what all bound cells of the one table that the sentence names contradict; where the sentence
names none and several tables fit, or where they do not agree, the target is ambiguous and all are listed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from claimcheck.document import Table
from claimcheck.dossier import (
    Claim,
    Difference,
    Direction,
    Dossier,
    Evidence,
    Finding,
    Interval,
    Level,
    Quantity,
    Rank,
    Reason,
    Value,
    Verdict,
)
from claimcheck.extract.quantities import Amount
from claimcheck.tabular.checks import Verified
from claimcheck.tabular.checks import verify as read_against
from claimcheck.tabular.cues import OURS, SOME
from claimcheck.tabular.names import meant as distinctive
from claimcheck.tabular.names import words
from claimcheck.tabular.outcomes import Outcome
from claimcheck.tabular.phrasing import altered, condition, of_something_else
from claimcheck.tabular.sheet import METRIC, Axis, Figure, Sheet, plain
from claimcheck.tabular.shelf import candidates, named, reader
from claimcheck.tabular.statements import Reader, folded
from claimcheck.verify.cells import spelled, standing
from claimcheck.verify.comparison import is_comparative
from claimcheck.verify.findings import caveat, vote
from claimcheck.verify.recompute import recompute

NAME = "tables"

AVERAGED = re.compile(r"\b(?:averaged?|means?)\b", re.IGNORECASE)
"""A number that is said to be an average may be another than a cell that prints it."""

FIGURE = re.compile(r"\bfig(?:ure|s?\.)", re.IGNORECASE)
"""A sentence that speaks of a figure need not mean the tables."""

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
    readings = every = list(read(claim, dossier))
    sure = len(named(claim.sentence)) == 1 or len(dossier.tables) == 1
    if not named(claim.sentence):
        readings = telling(readings)
    against = [r for r in readings if r.verified.answer == "refutes" and r.contradicted]
    for_it = [r for r in readings if r.verified.answer == "supports"]
    numbered = [] if against or for_it or AVERAGED.search(claim.sentence) else [r for r in readings if has_numbers(r)]
    found = against or for_it or numbered
    done: set[int] = set()
    sure = sure or (len(found) == 1 and alone(found[0], claim, dossier))
    if len(against) == 1 and not for_it and sure and backed(against[0], claim, dossier):
        yield refuted(claim, against[0])
        return
    nowhere = (
        nowhere_so(claim, dossier, every) if against and not for_it and not (named(claim.sentence) or worked_out(claim, dossier)) else []
    )
    if nowhere:
        yield refuted(claim, *nowhere)
        return
    if against:
        why = "What the sentence says it of could be read in two ways" if sure else "The sentence does not say which table it means"
        yield ambiguous(claim, [*against, *for_it], why)
    elif for_it or (len(numbered) == 1 and sure):
        borne_out = list(verified(claim, found, votes=sure))
        yield from borne_out
        done = {i for f in borne_out for i in f.assertions}
    yield from standing_alone(claim, dossier, every, done)


def standing_alone(claim: Claim, dossier: Dossier, readings: Sequence[Reading], done: set[int]) -> Iterator[Finding]:
    """Votes, besides those already done, for what needs no table to be named: a number in the cell that is plainly its own, a comparison
    that holds wherever both methods stand."""
    for number in standing(claim, dossier):
        if number.position in done:
            continue
        text = f"{title(number.ready.sheet.table)} prints the number: {number.ready.sheet.quote(number.figure)}."
        yield voted(text, (number.position,), cells(number.ready.sheet, [Outcome(True, "", (number.figure,))]))
    for position, assertion in enumerate(claim.assertions):
        if position not in done and isinstance(assertion, Direction) and (found := wherever(claim, assertion, dossier, readings)):
            said = "; ".join(f"{title(r.table)}: {o.explanation}" for r, o in found)
            yield voted(f"It is so wherever both stand. {said}.", (position,), tuple(e for r, o in found for e in cells(r.sheet, [o])))


def voted(text: str, positions: tuple[int, ...], evidence: tuple[Evidence, ...]) -> Finding:
    found = vote(NAME, "numbers", Verdict.VERIFIED, Reason.MATCHES, text, positions, (), confidence=CONFIDENCE, level=Level.CONSISTENT)
    return found.model_copy(update={"evidence": evidence})


def nowhere_so(claim: Claim, dossier: Dossier, readings: Sequence[Reading]) -> list[Reading]:
    """The tables that have both methods of a comparison, if each of them says otherwise: whichever is meant, it cannot be right."""
    for assertion in claim.assertions:
        if isinstance(assertion, Direction | Difference) and (found := wherever(claim, assertion, dossier, readings, so=False)):
            return list({id(r): r for r, _ in found}.values())
    return []


def wherever(
    claim: Claim, assertion: Direction | Difference, dossier: Dossier, readings: Sequence[Reading], *, so: bool = True
) -> list[tuple[Reading, Outcome]]:
    """The comparisons of the two methods in every table that has both, if each says in all its cells what the assertion says, or otherwise
    if not `so`."""
    pair = (assertion.method, assertion.baseline)
    if {"method", "baseline", "sign"} & set(assertion.ambiguous) or not all(pair) or any(altered(claim.sentence, name) for name in pair):
        return []
    if of_something_else(claim, assertion, assertion.metric) or FIGURE.search(claim.sentence) or SOME.search(claim.sentence):
        return []
    found = []
    for reading in readings:
        ready = reader(reading.table, dossier.title)
        if not all(ready.names.mentions(folded(name)) or OURS.fullmatch(folded(name)) for name in pair):
            continue
        compared = [o for o in reading.verified.outcomes if o.kind == "compare" and of_pair(o, pair, ready)]
        vocabulary = spelled(reading.sheet.labels)
        if compared and not all(said_of(assertion, f, reading.sheet) for o in compared for f in o.figures):
            continue
        if not compared or not all(o.holds is so and o.firm for o in compared) or condition(claim.sentence, assertion.baseline, vocabulary):
            return []
        found += [(reading, o) for o in compared]
    return found


def said_of(assertion: Direction | Difference, figure: Figure, sheet: Sheet) -> bool:
    """Whether a cell is called by the dataset and the metric that the sentence names, or its table is."""
    own, caption = spelled(sheet.quote(figure)), spelled(sheet.caption)
    dataset, metric = (getattr(assertion, slot) if slot not in assertion.supplied else "" for slot in ("dataset", "metric"))
    telling_words = {word for word in spelled(dataset) if distinctive(word)}
    measured = own if METRIC.search(plain(sheet.quote(figure))) else own | caption  # a caption speaks of columns that name no metric
    return (not dataset or bool(telling_words & (own | caption))) and spelled(metric) <= measured


def of_pair(outcome: Outcome, pair: tuple[str, str], ready: Reader) -> bool:
    """Whether an outcome compares lines that are called as the two methods are, in this order."""
    if len(outcome.figures) < 2:
        return False
    one, two = outcome.figures[:2]
    sides = zip(lines_of(one), lines_of(two), strict=True)
    return any(mine != theirs and meant(pair[0], *mine, ready) and meant(pair[1], *theirs, ready) for mine, theirs in sides)


def meant(name: str, axis: Axis, line: int, ready: Reader) -> bool:
    """Whether a line is the one called so, or the paper's own for "our model"."""
    if OURS.fullmatch(folded(name)):
        return line in ready.own[axis]
    return any(m.axis == axis and m.exact and line in m.lines for m in ready.names.mentions(folded(name)))


def has_numbers(reading: Reading) -> bool:
    """Whether a stated number is that of its one cell, though something else that is stated could not be read or worked out."""
    return any(o.kind == "value" for o in reading.borne_out) and not any(o.holds is False for o in reading.verified.outcomes)


def backed(reading: Reading, claim: Claim, dossier: Dossier) -> bool:
    """Whether what was read from the prose by other rules says the same: of a number whose it is, of a comparison that one was made.

    Sentences are misread more often than papers contradict their tables, and two readings seldom err alike.
    """
    return not worked_out(claim, dossier) and all(said_so(outcome, claim, reading, dossier) for outcome in reading.contradicted)


def worked_out(claim: Claim, dossier: Dossier) -> bool:
    """Whether everything that can be worked out from the scores at hand comes out as stated."""
    found = [o for a in claim.assertions if (o := recompute(claim, a, dossier, "paper")) is not None and o.reason is not Reason.NO_EVIDENCE]
    return bool(found) and all(o.verdict is Verdict.VERIFIED for o in found)


def said_so(outcome: Outcome, claim: Claim, reading: Reading, dossier: Dossier) -> bool:
    lines: set[tuple[Axis, int]] = {line for f in outcome.figures for line in lines_of(f)}
    ready = reader(reading.table, dossier.title)
    own = {(axis, line) for axis, those in ready.own.items() for line in those}
    if outcome.stated is None:
        made = [a for a in claim.assertions if is_comparative(a) and not ({"method", "sign"} & set(a.ambiguous))]
        named_by = [a.method for a in made if not isinstance(a, Direction) or as_read(claim, a, outcome, reading, ready)]
    else:
        said = [a for a in claim.assertions if isinstance(a, Value) and a.value == outcome.stated.value]
        named_by = [a.method for a in said]
        if not any(named_by) and lines <= {line for a in said for line in called(a.dataset, lines, ready)}:
            return True  # "with A, B reaches 5": row and column are both benchmarks
    return any(lines & (called(name, lines, ready) | (own if OURS.search(folded(name)) else set())) for name in named_by)


def as_read(claim: Claim, assertion: Direction, outcome: Outcome, reading: Reading, ready: Reader) -> bool:
    """Whether a comparison without a number, which papers seldom get wrong, is read alike in all that the sentence says of it: both
    methods, dataset and metric, and no case that the table does not name."""
    if FIGURE.search(claim.sentence) or SOME.search(claim.sentence) or "baseline" in assertion.ambiguous:
        return False
    if of_something_else(claim, assertion, assertion.metric) or any(
        altered(claim.sentence, n) for n in (assertion.method, assertion.baseline)
    ):
        return False
    if condition(claim.sentence, assertion.baseline, spelled(reading.sheet.labels)):
        return False
    known = ready.names.mentions(folded(assertion.baseline)) if assertion.baseline else []
    paired = not any(m.exact for m in known) or all(
        any(m.axis == axis and line in m.lines for m in known for axis, line in lines_of(two)) for two in outcome.figures[1::2]
    )
    return paired and all(said_of(assertion, figure, reading.sheet) for figure in outcome.figures)


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
    """Whether the claim is of one difference, said as a number, or of one superlative, and no other table has those methods, or has them
    on the dataset that the sentence names."""
    told = [a for a in claim.assertions if isinstance(a, Difference | Rank)]
    kind = "best" if told and isinstance(told[0], Rank) else "compare"
    found = [o for o in meant.verified.outcomes if o.kind == kind and o.holds is not None and len(o.figures) == 2]
    if len(told) != len(claim.assertions) or len(found) != len(meant.verified.outcomes) or not (told and found):
        return False
    names = [told[0].method, *([told[0].baseline] if kind == "compare" else [])]
    if not all(names) or not holds_for(told[0].dataset, meant.sheet) or (kind == "best" and not told[0].dataset):
        return False  # who competes for a superlative is said by the table or the dataset, if by anything
    others = [reader(table, dossier.title) for table in dossier.tables if table is not meant.table]
    return not any(all(o.names.mentions(folded(n)) for n in names) and holds_for(told[0].dataset, o.sheet) for o in others)


def holds_for(dataset: str, sheet: Sheet) -> bool:
    """Whether a table is of a dataset, as far as its labels and caption say."""
    return not dataset or bool(spelled(dataset) & {word for word in spelled(sheet.labels) if distinctive(word)})


def printed(amount: Amount, figure: Figure) -> bool:
    """Whether a cell prints this very number, to the same digit."""
    return any(abs(n) == amount.value and n.as_tuple().exponent == amount.value.as_tuple().exponent for n in figure.numbers)


def read(claim: Claim, dossier: Dossier) -> Iterator[Reading]:
    """The claim against each table it can be about."""
    for table, ready in candidates(claim.sentence, dossier.tables, dossier.title):
        found = read_against(claim.sentence, ready)
        if found.outcomes:
            yield Reading(table, ready.sheet, found)


def refuted(claim: Claim, *readings: Reading) -> Finding:
    """A vote against the assertions of the numbers that tables contradict, or against the claim where they contradict no number."""
    numbers = {o.stated.value for r in readings for o in r.contradicted if o.stated is not None}
    about = tuple(i for i, a in enumerate(claim.assertions) if isinstance(a, Value | Difference) and abs(a.value) in numbers)
    said = [f"{title(r.table)} says otherwise: {'; '.join(o.explanation for o in r.contradicted)}." for r in readings]
    text = " ".join(said)
    found = vote(NAME, "numbers", Verdict.REFUTED, Reason.CONTRADICTS, text, about, (), confidence=CONFIDENCE)
    return found.model_copy(update={"evidence": tuple(e for r in readings for e in cells(r.sheet, r.contradicted))})


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
    positions = tuple(
        i for i, a in enumerate(claim.assertions) if isinstance(a, Value | Direction | Rank | Difference) and checked(a, reading)
    )
    text = f"{title(reading.table)} bears it out: {'; '.join(o.explanation for o in reading.borne_out[:3])}."
    if positions and votes:
        found = vote(NAME, "numbers", Verdict.VERIFIED, Reason.MATCHES, text, positions, (), confidence=CONFIDENCE, level=Level.CONSISTENT)
    else:
        found = caveat(NAME, Reason.MATCHES, text, (), part="numbers")
    yield found.model_copy(update={"evidence": cells(reading.sheet, reading.borne_out)})


def checked(assertion: Value | Direction | Rank | Difference, reading: Reading) -> bool:
    """Whether what this assertion says was worked out and nothing of the sentence was left open."""
    outcomes = reading.verified.outcomes
    if isinstance(assertion, Value):
        return any(o.kind == "value" and any(assertion.value in f.numbers for f in o.figures) for o in reading.borne_out)
    if isinstance(assertion, Difference):
        gaps = [o for o in reading.borne_out if o.firm and any(a.value == abs(assertion.value) for a in o.gaps)]
        return any(set_off(assertion, o, reading) for o in gaps)
    kinds = ("best",) if isinstance(assertion, Rank) else ("compare", "change")
    return any(o.kind in kinds and o.firm for o in reading.borne_out) and all(o.holds for o in outcomes)


def set_off(assertion: Difference, outcome: Outcome, reading: Reading) -> bool:
    """Whether two of the cells compared are as far apart as stated, in the unit stated, the first being the method's."""
    ready = reader(reading.table)
    for one, two in zip(outcome.figures[::2], outcome.figures[1::2], strict=False):
        own = any(meant(assertion.method, axis, line, ready) for axis, line in lines_of(one))
        if own and apart_by(assertion, one, two):
            return True
    return False


def apart_by(assertion: Difference, one: Figure, two: Figure) -> bool:
    gap = one.interval - two.interval if one.numbers[0] >= two.numbers[0] else two.interval - one.interval
    base = abs(two.numbers[0])
    shares = max(abs(one.numbers[0]), base) <= 1
    ways = [gap, *([Interval(gap.low * 100, gap.high * 100)] if shares else [])]
    relative = [Interval(gap.low * 100 / base, gap.high * 100 / base)] if base else []
    if assertion.unit == "%":
        ways = relative if "unit" not in assertion.ambiguous else ways + relative
    return any(Quantity(value=abs(assertion.value)).interval.overlaps(way) for way in ways)


def first(reading: Reading) -> Outcome:
    return (reading.contradicted or reading.borne_out or list(reading.verified.outcomes))[0]


def title(table: Table) -> str:
    return table.label or "A table"


def cells(sheet: Sheet, outcomes: Sequence[Outcome]) -> tuple[Evidence, ...]:
    """The cells quoted, each place once."""
    quoted = {(f.row, f.column): Evidence(quote=sheet.quote(f), where=sheet.place(f)) for o in outcomes for f in o.figures}
    return tuple(quoted.values())
