"""What a person says of a paper's claims, in a `claims.toml` beside it: claims added, dropped, or with a field put right.

It is an overlay: the paper is read as ever, then these entries are laid over what was found, so they outlast every new reading. An
entry names its claim by the sentence, or the beginning of it, because numbers may shift. With `results`, a table of scores, a
`claims.toml` needs no paper: it is then a source of its own. docs/corrections.md describes the file.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from claimcheck.document import Document, Location, Record, Sentence, Unreadable
from claimcheck.dossier import Assertion, ByHand, Claim, Dossier

NAME = "claims.toml"
SHORTEST = 12
"""Letters and digits of the shortest beginning of a sentence that may stand for it."""

ASSERTION: TypeAdapter[Assertion] = TypeAdapter(Assertion)
NOT_SET = ("kind", "text", "supplied", "ambiguous", "learned", "infers")
"""Fields of an assertion that no `set` may change."""

PLACES = 100
"""Digits before or after the point that a number may have: no paper prints more, and arithmetic on 1e999999999 does not end well."""


class Entry(Record):
    """What every correction has."""

    sentence: str
    """The claim's sentence as it was read, or enough of its beginning to fit no other."""

    why: str = ""
    """A remark, for whoever reads the file."""


class Add(Entry):
    """A claim of its own, or further assertions of one that was found."""

    assertions: tuple[Assertion, ...] = Field(min_length=1)


class Fix(Entry):
    """Fields of one assertion put right."""

    assertion: int = Field(default=1, ge=1)
    """Which of the claim's assertions, counted from 1 as printed (`3.2` is the second of claim 3)."""

    set: dict[str, Any] = Field(min_length=1)


class Drop(Entry):
    """A claim that is none, or one assertion that the sentence does not make."""

    assertion: int | None = Field(default=None, ge=1)


class Corrections(Record):
    """One `claims.toml`."""

    paper: str = ""
    """The file it belongs to; empty means whatever paper stands beside it."""

    title: str = ""
    results: str = ""
    """A CSV, TSV or JSON file of scores, relative to this file, for a `claims.toml` that is a source of its own."""

    add: tuple[Add, ...] = ()
    fix: tuple[Fix, ...] = ()
    drop: tuple[Drop, ...] = ()


class Invalid(Unreadable):
    """A `claims.toml` that says something it may not, with every fault on a line of its own."""

    def __init__(self, name: str, faults: Sequence[str]) -> None:
        more = f" (and {len(faults) - 1} more; claimcheck claims check lists them)" if len(faults) > 1 else ""
        super().__init__("damaged", f"{faults[0] if faults else name}{more}")
        self.faults = tuple(faults)


def beside(source: str) -> Path | None:
    """The corrections that belong to a paper's file: `NAME.claims.toml`, else the folder's `claims.toml` if it is not another paper's."""
    path = Path(source)
    own, shared = path.with_name(f"{path.stem}.{NAME}"), path.with_name(NAME)
    if own.is_file():
        return own
    if shared.is_file() and shared != path and load(shared).paper in ("", path.name):
        return shared
    return None


def is_source(name: str) -> bool:
    """Whether a file's name says that it holds corrections, and no paper."""
    return name == NAME or name.endswith(f".{NAME}")


def load(path: Path) -> Corrections:
    try:
        return parse(path.read_bytes(), path.name)
    except OSError as error:
        raise Unreadable("unreadable", f"{path}: cannot be read ({error.strerror}); check its permissions") from None


def parse(content: bytes, name: str) -> Corrections:
    """The corrections in a file's bytes. Raises Invalid."""
    try:
        data = tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)  # some editors put a byte order mark first
    except UnicodeDecodeError:
        raise Invalid(name, [f"{name}: is not UTF-8 text; save it as UTF-8"]) from None
    except tomllib.TOMLDecodeError as error:
        raise Invalid(
            name, [f"{name}: {str(error)[:1].lower()}{str(error)[1:]}; see docs/corrections.md for the form of the file"]
        ) from None
    try:
        found = Corrections.model_validate(with_marks(data))
    except ValidationError as error:
        raise Invalid(name, list(faults(error, name))) from None
    short = [
        f"{name}: {kind} {number}: sentence: {entry.sentence!r} is too short to tell sentences apart; give at least {SHORTEST} letters"
        for kind, entries in (("add", found.add), ("fix", found.fix), ("drop", found.drop))
        for number, entry in enumerate(entries, 1)
        if len(bare(entry.sentence)) < SHORTEST
    ]
    unsettable = [
        f"{name}: fix {number}: set: {key!r} cannot be set; drop the assertion and add another"
        for number, entry in enumerate(found.fix, 1)
        for key in entry.set
        if key in NOT_SET
    ]
    endless = [
        f"{name}: add {number}, assertion {position}, {fault}"
        for number, add in enumerate(found.add, 1)
        for position, assertion in enumerate(add.assertions, 1)
        for fault in too_long(assertion)
    ]
    if wrong := [*short, *unsettable, *endless]:
        raise Invalid(name, wrong)
    return found


def too_long(assertion: Assertion) -> Iterator[str]:
    """The numbers of an assertion that nobody prints."""
    for name, value in assertion:
        if isinstance(value, Decimal) and not (value.adjusted() < PLACES and int(value.as_tuple().exponent) >= -PLACES):
            yield f"{name}: a number has at most {PLACES} digits before and after the point, not {str(value)[:20]!r}"


def with_marks(data: dict[str, Any]) -> dict[str, Any]:
    """The file's data with every assertion in it marked as concluding where its kind does."""
    adds = data.get("add")
    for add in adds if isinstance(adds, list) else []:
        held = add.get("assertions") if isinstance(add, dict) else None
        for assertion in held if isinstance(held, list) else []:
            if isinstance(assertion, dict):
                assertion |= {"infers": assertion.get("kind") not in ("Value", "Fact")}
    return data


def faults(error: ValidationError, name: str) -> Iterator[str]:
    """One line for each thing that is wrong: where, what was found, what to do."""
    found = error.errors()
    for fault in found:
        inner = [other for other in found if other is not fault and other["loc"][: len(fault["loc"])] == fault["loc"]]
        if fault["type"] == "too_short" and inner:  # empty only because what it held is wrong
            continue
        place = ", ".join(placed([part for part in fault["loc"] if not (isinstance(part, str) and part[:1].isupper())]))
        known = fault["type"] == "union_tag_invalid"
        message = f"no kind {fault['ctx']['tag']!r}; there are {fault['ctx']['expected_tags']}" if known else fault["msg"]
        message = {
            "missing": "is missing",
            "extra_forbidden": "no such field",
            "union_tag_not_found": "its 'kind' is missing: Value, Difference, Range, Count, Rank, Direction, Fact or Trend",
        }.get(fault["type"], message)
        shown = (
            fault["input"]
            if isinstance(fault["input"], str | int | Decimal) and fault["type"] not in ("missing", "union_tag_invalid")
            else None
        )
        yield f"{name}: {place}: {message[:1].lower()}{message[1:]}" + (f", not {str(shown)[:60]!r}" if shown is not None else "")


def placed(location: Sequence[str | int]) -> Iterator[str]:
    """ "add 2", "assertion 1", "value"."""
    for part, following in zip(location, [*location[1:], ""], strict=True):
        if isinstance(part, str):
            yield f"{part.removesuffix('s')} {following + 1}" if isinstance(following, int) else part


# Laying over


@dataclass
class Overlay:
    """The claims while corrections are laid over them."""

    claims: list[Claim]
    sentences: dict[str, Sentence]
    """Of the document, by their letters and digits."""

    name: str
    by_hand: dict[int, ByHand] = field(default_factory=dict)
    """By claim number."""

    dropped: list[str] = field(default_factory=list)
    unapplied: list[str] = field(default_factory=list)

    def find(self, entry: Entry, what: str) -> int | None:
        """The position of the one claim an entry means; a line is noted if there is none, or more than one."""
        wanted = bare(entry.sentence)
        whole = [i for i, claim in enumerate(self.claims) if bare(claim.sentence) == wanted]
        fitting = whole or [i for i, claim in enumerate(self.claims) if bare(claim.sentence).startswith(wanted)]
        if len(fitting) == 1:
            return fitting[0]
        reason = f"begins {len(fitting)} claims; give more of it" if fitting else "begins no claim of this reading"
        self.unapplied.append(f"{what}: {shortened(entry.sentence)} {reason}")
        return None

    def drop(self, entry: Drop, what: str) -> None:
        if (index := self.find(entry, what)) is None:
            return
        claim = self.claims[index]
        if entry.assertion is None:
            self.dropped.append(f"claim {claim.number}: {claim.sentence}")
            self.by_hand.pop(claim.number, None)
            del self.claims[index]
            return
        if (position := self.position(claim, entry.assertion, what)) is None:
            return
        left = claim.assertions[:position] + claim.assertions[position + 1 :]
        self.dropped.append(f"assertion {claim.number}.{entry.assertion}: {claim.assertions[position].text or claim.sentence}")
        self.claims[index] = claim.model_copy(update={"assertions": left})
        hand = self.by_hand.get(claim.number, ByHand(claim=claim.number, what="corrected"))
        moved = tuple(p - (p > position) for p in hand.assertions if p != position)
        self.by_hand[claim.number] = hand.model_copy(update={"assertions": moved})

    def mark(self, claim: Claim, what: Literal["added", "corrected"], positions: Iterable[int]) -> None:
        """Note that a person wrote or changed these assertions of a claim."""
        hand = self.by_hand.get(claim.number, ByHand(claim=claim.number, what=what))
        self.by_hand[claim.number] = hand.model_copy(update={"assertions": tuple(sorted({*hand.assertions, *positions}))})

    def fix(self, entry: Fix, what: str) -> None:
        if (index := self.find(entry, what)) is None:
            return
        claim = self.claims[index]
        if (position := self.position(claim, entry.assertion, what)) is None:
            return
        old = claim.assertions[position]
        changed = (
            old.model_dump()
            | entry.set
            | {name: tuple(n for n in getattr(old, name) if n not in entry.set) for name in ("ambiguous", "learned")}
        )
        try:
            new = ASSERTION.validate_python(changed)
        except ValidationError as error:
            self.unapplied += [f"{what}: {line.split(': ', 1)[-1]}" for line in faults(error, what)]
            return
        if endless := list(too_long(new)):
            self.unapplied += [f"{what}: {fault}" for fault in endless]
            return
        assertions = (*claim.assertions[:position], new, *claim.assertions[position + 1 :])
        self.claims[index] = claim.model_copy(update={"assertions": assertions})
        self.mark(claim, "corrected", [position])

    def position(self, claim: Claim, number: int, what: str) -> int | None:
        if number <= len(claim.assertions):
            return number - 1
        self.unapplied.append(f"{what}: claim {claim.number} has {len(claim.assertions)} assertions, so no assertion {number}")
        return None

    def add(self, entry: Add) -> None:
        """More assertions of a claim that was found; else a new claim, at its place in the paper if it stands there."""
        wanted = bare(entry.sentence)
        fitting = [i for i, claim in enumerate(self.claims) if bare(claim.sentence).startswith(wanted)]
        if len(fitting) == 1:
            claim = self.claims[fitting[0]]
            self.claims[fitting[0]] = claim.model_copy(update={"assertions": (*claim.assertions, *entry.assertions)})
            self.mark(claim, "corrected", range(len(claim.assertions), len(claim.assertions) + len(entry.assertions)))
            return
        printed = next((s for text, s in self.sentences.items() if text.startswith(wanted)), None)
        new = Claim(
            number=max((claim.number for claim in self.claims), default=0) + 1,
            sentence=printed.text if printed else entry.sentence,
            where=printed.where if printed else Location(document=self.name, detail="added by hand"),
            assertions=entry.assertions,
        )
        self.claims.append(new)
        self.mark(new, "added", range(len(new.assertions)))


def corrected(dossier: Dossier, document: Document, corrections: Corrections, name: str) -> Dossier:
    """The dossier with the corrections laid over its claims. Drops come last, so that fixes count assertions as they were printed."""
    sentences = {bare(s.text): s for s in document.sentences()}
    overlay = Overlay(list(dossier.claims), sentences, name)
    for number, fix in enumerate(corrections.fix, 1):
        overlay.fix(fix, f"{name}: fix {number}")
    ordered = sorted(enumerate(corrections.drop, 1), key=lambda each: -(each[1].assertion or 0))  # later assertions first: numbers hold
    for number, drop in ordered:
        overlay.drop(drop, f"{name}: drop {number}")
    for add in corrections.add:
        overlay.add(add)
    return dossier.model_copy(
        update={
            "title": corrections.title or dossier.title,
            "claims": tuple(overlay.claims),
            "by_hand": tuple(hand for _, hand in sorted(overlay.by_hand.items())),
            "dropped": tuple(overlay.dropped),
            "unapplied": tuple(overlay.unapplied),
        }
    )


def bare(sentence: str) -> str:
    """A sentence's letters and digits, case folded: what stays the same when a reader spaces or quotes it differently."""
    return "".join(character for character in sentence.casefold() if character.isalnum())


def shortened(sentence: str) -> str:
    return repr(sentence if len(sentence) <= 60 else f"{sentence[:57]}…")


# Writing


def written(entry: Entry) -> str:
    """An entry as TOML, to be put at the end of the file: what stands there before stays as its writer left it."""
    kind = type(entry).__name__.lower()
    lines = [f"[[{kind}]]", f"sentence = {quoted(entry.sentence)}"]
    if isinstance(entry, Fix | Drop) and entry.assertion is not None:
        lines.append(f"assertion = {entry.assertion}")
    if isinstance(entry, Fix):
        lines.append(f"set = {inline(entry.set)}")
    if isinstance(entry, Add):
        shown = [
            a.model_dump(exclude={"infers", "text", "supplied", "ambiguous", "learned"}, exclude_defaults=True) for a in entry.assertions
        ]
        kinds = [{"kind": a.kind} | fields for a, fields in zip(entry.assertions, shown, strict=True)]
        lines.append("assertions = [\n" + "".join(f"  {inline(fields)},\n" for fields in kinds) + "]")
    if entry.why:
        lines.append(f"why = {quoted(entry.why)}")
    return "\n".join(lines) + "\n"


def inline(fields: dict[str, Any]) -> str:
    return "{ " + ", ".join(f"{key} = {quoted(value)}" for key, value in fields.items()) + " }"


def quoted(value: object) -> str:
    """A value as TOML. Decimals are written as strings, which keep their last zeros."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = json.dumps(str(value), ensure_ascii=False)
    return re.sub(r"[\x7f-\x9f]", lambda match: f"\\u{ord(match.group()):04x}", text)
