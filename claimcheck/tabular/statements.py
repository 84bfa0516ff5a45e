"""What a sentence states about a table: comparisons, superlatives, likenesses and changes, with the lines they speak of.

A cue word opens a statement; what stands before it is the subject, what follows "than" the object, and names on the other axis say
where it holds. Negation belongs to the statement it stands in and flips what must hold; it is no evidence of anything by itself.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from claimcheck.extract.quantities import Amount, amounts
from claimcheck.tabular import cues
from claimcheck.tabular.cues import Kind
from claimcheck.tabular.fitting import fits
from claimcheck.tabular.names import Named, Names
from claimcheck.tabular.sheet import BOUND, COST, METRIC, Axis, Line, Sheet, plain

AXES: tuple[Axis, Axis] = ("row", "column")

SETTING = re.compile(r"(?<![\w-])([^\W\d_]{1,12})\s?=\s?(\d{1,9}(?:\.\d{1,9})?)(?![\w.]*\d)")
"""A symbol set to a number."""

LEAST_SHARE = 0.4
"""Share of a label that words must spell to be taken for a thing compared."""

LONGEST = 2_000
"""Characters of a sentence that are read."""


@dataclass(frozen=True)
class Statement:
    """One thing said of the table."""

    kind: Kind
    sign: int
    """1 for higher or better, -1 for lower or worse."""

    quality: bool
    """Whether it speaks of good and bad, which depends on the metric, rather than of high and low."""

    negated: bool
    axis: Axis
    """The axis of the things compared."""

    subject: frozenset[int]
    objects: frozenset[int]
    where: frozenset[int]
    """Lines of the other axis to which the statement is limited; all of them if the sentence names none."""

    limited: bool
    """True if the sentence names them."""

    text: str
    by: tuple[tuple[Amount, frozenset[int]], ...] = ()
    """Differences stated with it, and the lines of `where` that each is said of."""

    of: Amount | None = None
    """For "on three of the four": how many of the lines it holds for."""

    each: bool = False
    """True if every line of `where` is named by itself, so that it must hold on each."""

    step: tuple[Amount, Amount] | None = None
    """ "from A to B"."""

    aligned: tuple[tuple[int, int], ...] = ()
    """First with first and second with second, where two lists of equal length are compared."""

    beyond: frozenset[int] = frozenset()
    """For a comparison of differences: the lines of the other axis whose difference is the lesser, that of `where` being the greater."""

    others: frozenset[int] = frozenset()
    """Reference lines (human, oracle) that "all others" may or may not include."""

    anyone: bool = False
    """True if any line may be the subject; which it is, the stated difference must tell."""

    def says(self, pattern: re.Pattern[str]) -> bool:
        return pattern.search(self.text) is not None


@dataclass
class Reading:
    """A sentence read against one sheet."""

    text: str
    mentions: list[Named]
    amounts: list[Amount]
    statements: list[Statement] = field(default_factory=list)
    unread: int = 0
    """Cues beside a name of which no statement could be made."""

    own: dict[Axis, frozenset[int]] = field(default_factory=lambda: {axis: frozenset() for axis in AXES})
    """The lines that are the paper's own."""


@dataclass(frozen=True)
class Region:
    """The stretch of a sentence that belongs to one cue."""

    text: str
    start: int
    cue: re.Match[str]
    end: int

    @property
    def kind(self) -> Kind:
        return cues.CUES[(self.cue.lastindex or 1) - 1][0]

    @property
    def left(self) -> tuple[int, int]:
        return self.start, self.cue.start()

    @property
    def right(self) -> tuple[int, int]:
        return self.cue.end(), self.end

    @property
    def whole(self) -> tuple[int, int]:
        return self.start, self.end

    @property
    def before(self) -> str:
        return self.text[self.start : self.cue.start()]

    @property
    def words(self) -> str:
        return self.text[self.start : self.end]


@dataclass(frozen=True)
class Sides:
    """What is compared along one axis."""

    axis: Axis
    subject: frozenset[int]
    objects: frozenset[int] = frozenset()
    others: frozenset[int] = frozenset()
    noun_end: int = 0
    """Where the words between the cue and its object end."""

    anyone: bool = False
    """True if the sentence does not say who the subject is."""


@lru_cache(maxsize=256)  # one sentence is read against many tables
def numbers(text: str) -> tuple[Amount, ...]:
    return amounts(text)


@lru_cache(maxsize=256)
def marked(text: str) -> tuple[re.Match[str], ...]:
    """Every cue of a sentence."""
    return tuple(cues.CUE.finditer(text))


def folded(sentence: str) -> str:
    """A sentence with case and spaces folded."""
    return " ".join(sentence[:LONGEST].casefold().split())


def inside(mentions: Sequence[Named], span: tuple[int, int], axis: Axis) -> list[Named]:
    return [m for m in mentions if m.axis == axis and span[0] <= m.start and m.end <= span[1]]


def together(mentions: Sequence[Named]) -> frozenset[int]:
    """The lines that several mentions name: those that all name, or where none is, those that any names."""
    lines: frozenset[int] = frozenset()
    for mention in mentions:
        lines = (lines & mention.lines or lines | mention.lines) if lines else mention.lines
    return lines


class Reader:
    """Reads sentences against one sheet."""

    def __init__(self, sheet: Sheet, own: Sequence[str] = ()) -> None:
        self.sheet = sheet
        self.names = Names(sheet)
        self.own = own_lines(sheet, self.names, own)

    def read(self, sentence: str) -> Reading:
        text = folded(sentence)
        mentions = [m for m in self.names.mentions(text) if not text.startswith(" per ", m.end)]  # "words per sentence" are of the sentence
        mentions = sorted([*mentions, *self.by_setting(text, mentions), *self.by_kind_of_ours(text, mentions)], key=lambda m: m.start)
        covered = [(m.start, m.end) for m in mentions]
        found = [a for a in numbers(text) if a.role in ("amount", "size") and not any(s < a.end and a.start < e for s, e in covered)]
        mentions = sorted([*mentions, *self.by_number(text, mentions, found)], key=lambda m: m.start)
        reading = Reading(text, mentions, found, own=self.own)
        if mentions or cues.OURS.search(text):
            marks = [m for m in marked(text) if not any(s < m.end() and m.start() < e for s, e in covered)]
            for region in regions(text, marks):
                clause = max((b.end() for b in cues.BREAK.finditer(text, 0, region.cue.start())), default=0)
                unsure = cues.UNSURE.search(text, min(clause, region.start), region.end) is not None
                statement = None if unsure else self.statement(reading, region)
                if statement is not None:
                    reading.statements.append(statement)
                elif any(region.start <= m.start < region.end for m in mentions):
                    reading.unread += 1
        return reading

    def by_setting(self, text: str, mentions: Sequence[Named]) -> Iterator[Named]:
        """A setting ("k = 5") is the lines whose label prints it."""
        for match in SETTING.finditer(text):
            free = not any(m.start < match.end() and match.start() < m.end for m in mentions)
            for axis in AXES if free else ():
                settings = {line.index: SETTING.findall(plain(line.name)) for line in self.sheet.lines(axis)}
                lines = frozenset(i for i, found in settings.items() if match.groups() in found)
                if lines:
                    yield Named(axis, match.start(), match.end(), lines, True, 1.0)

    def by_kind_of_ours(self, text: str, mentions: Sequence[Named]) -> Iterator[Named]:
        """ "Our big model" is that of the paper's own lines whose label says "big"."""
        for match in OUR_KIND.finditer(text):
            free = not any(m.start < match.end() and match.start() < m.end for m in mentions)
            for axis in AXES if free else ():
                said = {i: re.findall(r"[a-z]+", self.sheet.by_index[axis, i].name.casefold()) for i in self.own[axis]}
                lines = frozenset(i for i, spelled in said.items() if match.group("kind") in spelled)
                if lines and lines != self.own[axis]:
                    yield Named(axis, match.start("kind"), match.end(), lines, True, 1.0)

    def by_number(self, text: str, mentions: Sequence[Named], found: Sequence[Amount]) -> Iterator[Named]:
        """A name the table does not use, with its score in brackets, is the row that holds the score."""
        columns = together([m for m in mentions if m.axis == "column"])
        for amount in found:
            if not (text[: amount.start].endswith("(") and text[amount.end : amount.end + 1] == ")" and "." in amount.text):
                continue
            if any(m.axis == "row" and 0 <= amount.start - m.end <= 2 for m in mentions):
                continue
            rows = {r for (r, c), figure in self.sheet.figures.items() if (not columns or c in columns) and fits(amount, figure)}
            if len(rows) == 1:
                yield Named("row", amount.start, amount.end, frozenset(rows), True, 1.0)

    def statement(self, reading: Reading, region: Region) -> Statement | None:
        """The statement that a cue makes, read along the axis whose subject stands nearest to it."""
        stated_after = max((m.end() for m in cues.THAT.finditer(region.text, *region.left)), default=region.start)
        if region.kind == "compare" and region.text.startswith(" from", region.cue.end()):
            return self.moved(reading, region)
        if region.kind == "compare" and cues.PASSIVE.search(region.before) and cues.AGENT.match(region.text, region.cue.end()):
            return None  # "A is outperformed by B"
        if cues.SECOND_ORDER.search(region.text, stated_after, region.cue.start()):
            return self.gap(reading, region)
        if (preferred := self.preferred(reading, region)) is not None:
            return preferred
        if region.kind == "best" and not said_of_subject(region):
            return None
        for inherit in (False, True):
            if inherit and region.kind == "compare" and (anyone := self.anyone(reading, region)) is not None:
                return self.stated(reading, region, anyone)
            found = [sides for axis in AXES if (sides := self.sides(reading, region, axis, inherit)) is not None]
            found = [sides for sides in found if not self.apples_and_pears(sides)]
            if found:
                return self.stated(reading, region, max(found, key=lambda sides: nearness(reading, region, sides)))
        return None

    def moved(self, reading: Reading, region: Region) -> Statement | None:
        """ "The improvement from A to B": B is the better; None if what is said of it is denied."""
        for axis in AXES:
            named = inside(reading.mentions, region.right, axis)
            to = cues.TO.search(region.text, named[0].end, region.end) if named else None
            after = [m for m in named if to is not None and m.start >= to.end()]
            if to is None or not after or cues.NEGATION.search(region.text, after[0].end, region.end):
                continue
            objects, subject = together([m for m in named if m.end <= to.start()]), after[0].lines
            if not objects & subject:
                return self.stated(reading, region, Sides(axis, subject, objects, noun_end=region.cue.end()))
        return None

    def preferred(self, reading: Reading, region: Region) -> Statement | None:
        """Where the columns count how often one method was preferred to each row: that method against the rows."""
        _, sign, quality, _ = cues.CUES[(region.cue.lastindex or 1) - 1]
        if region.kind != "compare" or not quality or inside(reading.mentions, region.left, "row"):
            return None
        caption = self.sheet.caption.casefold()
        won, lost = (
            frozenset(
                c.index
                for c in self.sheet.columns
                if c.labels and label.fullmatch(said := c.labels[-1].casefold()) and (len(said) > 1 or cues.COUNTED.search(caption))
            )
            for label in (cues.WON, cues.LOST)
        )
        if not won or len(won) != len(lost):
            return None
        owner = cues.WINNER.search(caption)
        named = owner is not None and re.search(rf"(?<![\w-]){re.escape(owner.group(1))}(?![\w-])", region.before) is not None
        if not named and cues.OURS.search(region.text, *region.left) is None:
            return None
        others = cues.OTHERS.search(region.text, *region.right)
        rows = frozenset(line.index for line in self.sheet.rows) if others else together(inside(reading.mentions, region.right, "row"))
        negated = self.negated(reading, region, "row")
        return Statement("compare", sign, False, negated, "column", won, lost, rows, not others, region.words) if rows else None

    def gap(self, reading: Reading, region: Region) -> Statement | None:
        """ "The gain is larger on A than on B": of the pair named between them, of the pair compared before, or of each variant with its base."""
        than = cues.THAN.search(region.text, *region.right)
        _, sign, quality, _ = cues.CUES[(region.cue.lastindex or 1) - 1]
        if than is None or quality or region.kind != "compare":
            return None
        for axis in AXES:
            other: Axis = "column" if axis == "row" else "row"
            here = together(inside(reading.mentions, region.left, other))
            there = together(inside(reading.mentions, (than.end(), region.end), other))
            here = here or together(inside(reading.mentions, (region.cue.end(), than.start()), other))
            pair = inside(reading.mentions, region.left, axis)
            last = next((s for s in reversed(reading.statements) if s.axis == axis and s.objects), None)
            if len(pair) == 2 and "between" in region.before:
                subject, objects = pair[0].lines, pair[1].lines
            elif last is not None:
                subject, objects = last.subject, last.objects
            else:
                subject = frozenset(line.index for line in self.sheet.lines(axis) if line.varies is not None)
                objects = frozenset(line.varies for line in self.sheet.lines(axis) if line.varies is not None)
            if subject and objects and here - there and there - here:
                negated = self.negated(reading, region, other)
                return Statement("gap", sign, True, negated, axis, subject, objects, here - there, True, region.words, beyond=there - here)
        return None

    def apples_and_pears(self, sides: Sides) -> bool:
        """Whether two metrics, or lines without a name, would be compared."""
        ones, twos = ([self.sheet.by_index[sides.axis, i] for i in sorted(side)] for side in (sides.subject, sides.objects))
        if not all(line.labels for line in (*ones, *twos)):
            return True
        mine, theirs = ({metric_of(line) for line in side} for side in (ones, twos))
        return "" not in mine | theirs and not mine & theirs if twos else len(mine) > 1 and "" not in mine

    def anyone(self, reading: Reading, region: Region) -> Sides | None:
        """ "The results are 11.05% better than A's": a difference printed so precisely says by itself whose it is."""
        by = [a for a in reading.amounts if region.start <= a.start < region.end and is_difference(reading.text, a, region.cue)]
        if len(by) != 1 or len(re.sub(r"\D", "", by[0].text)) < 3 or "." not in by[0].text:
            return None
        begin, end = object_span(region)
        for axis in AXES if begin is not None else ():
            objects = together(listed(region.text, inside(reading.mentions, (begin or 0, end), axis)))
            subject = frozenset(line.index for line in self.sheet.lines(axis)) - objects
            if objects and subject:
                return Sides(axis, subject, objects, noun_end=begin or 0, anyone=True)
        return None

    # Who is compared

    def sides(self, reading: Reading, region: Region, axis: Axis, inherit: bool) -> Sides | None:
        """Subject and objects along an axis; None if either is missing."""
        firm = [m for m in reading.mentions if m.exact or m.share >= LEAST_SHARE]
        subject = self.subject(reading, region, axis, firm, inherit)
        if not subject and region.kind == "compare" and not inherit and (said := cues.OTHERS.search(region.text, *region.left)) is not None:
            begin, end = object_span(region)
            named = entities(region.text, inside(firm, (begin, end), axis), begin) if begin is not None else []
            objects = together(named)
            subject, _ = self.others(reading, axis, objects, said.start(), region.cue.start()) if objects else (objects, objects)
        if not subject:
            return None
        if region.kind in ("best", "change"):
            return Sides(axis, subject, noun_end=region.end)
        begin, end = object_span(region)
        if begin is None:
            return self.shared_objects(reading, region, axis, subject, firm, inherit)
        aside = self.excepted(reading, region, axis)
        objects = together(listed(reading.text, entities(reading.text, inside(firm, (begin, end), axis), begin))) - subject - aside
        if not objects:
            objects, others = self.others(reading, axis, subject | aside, begin, end)
            return Sides(axis, subject, objects, others, begin) if objects else None
        return Sides(axis, subject, objects, noun_end=begin)

    def subject(self, reading: Reading, region: Region, axis: Axis, firm: Sequence[Named], inherit: bool) -> frozenset[int]:
        text = reading.text
        left = entities(text, inside(firm, region.left, axis), region.start)
        ours = cues.OURS.search(text, *region.left)
        if ours is not None and (not left or left[0].start >= ours.end()):  # "our method (A)" is the A of ours
            narrowed = self.own[axis] & together(left) if left and text[: left[0].start].rstrip().endswith("(") else self.own[axis]
            if narrowed or not left or text[ours.end() : left[0].start].strip():
                return narrowed
        if re.search(r"\bcompar(?:ing|e)\s", region.before):
            left = left[-1:]  # "comparing A with B, A is better"
        subject = together(left)
        if region.kind == "best" and not subject:
            said = [m for m in inside(firm, region.right, axis) if cues.AFTER_BEST.search(text[region.cue.end() : m.start])]
            subject = together(listed(text, said)[:3])
        if region.kind == "change" and not subject and (adding := cues.ADDING.search(text, *region.right)) is not None:
            subject = together(listed(text, inside(firm, (adding.end(), region.end), axis)))
        if subject or not inherit:
            return subject
        if cues.INHERITS.fullmatch(region.before) is None:
            return frozenset()  # something the table does not name
        last = reading.statements[-1] if reading.statements else None
        if last is not None:
            return last.subject if last.axis == axis else frozenset()
        if cues.OURS.search(text[: region.start]):
            return self.own[axis]
        return together(listed(text, entities(text, inside(firm, (0, region.start), axis), 0)))

    def shared_objects(
        self, reading: Reading, region: Region, axis: Axis, subject: frozenset[int], firm: Sequence[Named], inherit: bool
    ) -> Sides | None:
        """A likeness of the things listed, or a comparison with whom the sentence compared before."""
        if region.kind == "alike":
            return Sides(axis, subject, noun_end=region.end) if len(inside(firm, region.left, axis)) > 1 else None
        last = reading.statements[-1] if reading.statements else None
        weighed = re.search(r"\bcompar\w+\s", region.before)
        if last is None and weighed is not None:
            both = inside(firm, (region.start + weighed.end(), region.cue.start()), axis)
            objects = together([m for m in both if not m.lines & subject])
            return Sides(axis, subject, objects, noun_end=region.end) if objects else None
        if not inherit or last is None or last.axis != axis or last.subject != subject or not last.objects - subject:
            return None
        return Sides(axis, subject, last.objects - subject, last.others, region.end)

    def others(self, reading: Reading, axis: Axis, besides: frozenset[int], begin: int, end: int) -> tuple[frozenset[int], frozenset[int]]:
        """The lines that "all other methods" or "our method" mean, and the reference lines among them; none if only some are meant."""
        text = reading.text
        nothing: frozenset[int] = frozenset()
        found = cues.OTHERS.search(text, begin, end)
        if found is None:
            return (self.own[axis] - besides, nothing) if cues.OURS.search(text, begin, end) else (nothing, nothing)
        kind = found.group("kind")
        named = inside(reading.mentions, (found.start(), min(end, found.end() + 12)), axis)
        if named:
            return together(named) - besides, nothing
        if (kind and kind not in cues.PLAIN) or cues.LIMITED.match(text, found.end()):
            return nothing, nothing
        lines = {line.index: line for line in self.sheet.lines(axis) if line.labels}
        labelled = frozenset(i for i, line in lines.items() if "baseline" in line.name.casefold())
        objects = (labelled if "baseline" in found.group() and labelled else frozenset(lines)) - besides
        bounds = frozenset(i for i in objects if BOUND.search(lines[i].name.casefold()))
        return objects - bounds, bounds

    # Where and how

    def stated(self, reading: Reading, region: Region, sides: Sides) -> Statement | None:
        kind, sign, quality, _ = cues.CUES[(region.cue.lastindex or 1) - 1]
        text, axis = reading.text, sides.axis
        other: Axis = "column" if axis == "row" else "row"
        subject, objects = self.narrowed(reading, region, sides)
        where, each = self.place(reading, region, other)
        everywhere = frozenset(line.index for line in self.sheet.lines(other))
        if kind != "alike":
            noun = text[region.cue.end() : max(region.cue.end(), min(region.end, sides.noun_end))]
            named = inside(reading.mentions, (region.cue.end(), region.cue.end() + len(noun)), other)
            if named and region.kind == "compare" and not quality:  # "a lower F1 than B, and a gain on Y" is lower on F1 alone
                where = together(named) & where or together(named)
                each = len(where) == len({m.lines for m in named if len(m.lines) == 1})
            bare = re.fullmatch(r"\W*(?:(?:than|in|on|for|over|at|under|with|across|by)\b.*)?", noun) is not None
            told = bool(inside(reading.mentions, region.left, other)) or self.in_caption(noun)
            if (
                not named
                and not bare
                and not told
                and not cues.QUALITY_NOUN.match(noun)
                and not cues.TRANSITIVE.search(region.cue.group())
                and kind != "change"
            ):
                return None  # "a higher recall" of which the table says nothing
            if not named and not bare and self.in_caption(noun) and where and self.measures_else(noun, other, where):
                return None  # "fewer steps", where only the column of accuracy is named
            if not quality and not named:
                if cues.QUALITY_NOUN.match(noun) or (bare and cues.QUALITY_NOUN.search(" " + region.before)):
                    quality = True
                elif (
                    len(everywhere) > 1
                    and not (kind == "change" and self.sheet.differences[other])
                    and not (where and (bare or told))
                    and not self.in_caption(noun)
                ):
                    return None
        if kind == "change" and inside(reading.mentions, (0, region.cue.start()), axis):
            sign = self.removal(reading, region, axis, subject, sign)
        numbers = [a for a in reading.amounts if region.start <= a.start < region.end]
        kept = (where or everywhere) - self.excepted(reading, region, other)
        return (
            Statement(
                kind,
                sign,
                quality,
                self.negated(reading, region, axis),
                axis,
                subject,
                objects,
                kept,
                bool(where),
                region.words,
                by=tuple((a, measure_of(a, reading, region, other) & kept or kept) for a in numbers if is_difference(text, a, region.cue)),
                of=next((a for a in numbers if a.total is not None), None),
                each=each,
                step=step(text, region, numbers),
                aligned=aligned(reading, region, axis, subject, objects),
                others=sides.others,
                anyone=sides.anyone,
            )
            if kept
            else None
        )

    def in_caption(self, noun: str) -> bool:
        """Whether the caption names the measure that follows a comparative."""
        first = [w for w in re.findall(r"[^\W\d_]{3,}", noun)[:2] if w not in ("than", "the", "for", "and")]
        return bool(first) and all(re.search(rf"\b{re.escape(w)}", self.sheet.caption.casefold()) for w in first)

    def measures_else(self, noun: str, axis: Axis, lines: frozenset[int]) -> bool:
        """Whether lines all print a metric that is not what a noun names."""
        metrics = [metric_of(self.sheet.by_index[axis, i]) for i in lines]
        return all(metrics) and not any(metric in noun for metric in metrics)

    def narrowed(self, reading: Reading, region: Region, sides: Sides) -> tuple[frozenset[int], frozenset[int]]:
        """Both sides, limited by a name of the same axis that says where ("in symmetric mode")."""
        text = reading.text
        aside = [
            m
            for m in inside(reading.mentions, region.whole, sides.axis)
            if cues.PLACE.search(text[max(region.start, m.start - 30) : m.start])
        ]
        narrow = together(aside)
        if narrow and sides.subject & narrow and (not sides.objects or sides.objects & narrow):
            return sides.subject & narrow, sides.objects & narrow
        return sides.subject, sides.objects

    def place(self, reading: Reading, region: Region, other: Axis) -> tuple[frozenset[int], bool]:
        """The lines of the other axis that the clause names, else those named before; and whether each is named by itself."""
        here = inside(reading.mentions, region.whole, other)
        earlier = inside(reading.mentions, (0, region.start), other)
        where = together(here or earlier)
        if here and cues.QUALITY_NOUN.match(region.text, region.cue.end()):
            for mention in earlier:
                where = where & mention.lines or where
        return where, bool(where) and len(where) == len({m.lines for m in here or earlier if len(m.lines) == 1})

    def removal(self, reading: Reading, region: Region, axis: Axis, subject: frozenset[int], sign: int) -> int:
        """The sign of a change from the full line to its variant: taking away X and the effect of X are opposites."""
        here = inside(reading.mentions, region.left, axis)
        last = (here or inside(reading.mentions, (0, region.cue.start()), axis))[-1]
        taken = cues.REMOVED.search(region.text[region.start if here else 0 : last.start]) is not None
        lacking = all(cues.REMOVAL.search(self.sheet.by_index[axis, i].labels[-1]) for i in subject)
        lacking |= cues.REMOVING.search(self.sheet.caption.casefold()) is not None
        return sign if taken == lacking else -sign

    def negated(self, reading: Reading, region: Region, axis: Axis) -> bool:
        """Whether the statement is denied: between its subject and its cue, or before a subject that follows."""
        left = [m for m in reading.mentions if region.start <= m.start and m.end <= region.cue.start() and m.axis == axis]
        ours = cues.OURS.search(region.text, *region.left)
        starts = [m.end for m in left[-1:]] + ([ours.end()] if ours else [])
        breaks = [b.end() for b in cues.BREAK.finditer(region.text, *region.left)]
        begin = max([region.start, *([min(starts)] if starts else []), *breaks[-1:]])
        found = len(cues.NEGATION.findall(region.text[begin : region.cue.start()])) % 2 == 1
        if region.kind == "best" and not left:
            found ^= cues.NEGATION.search(region.text[region.cue.end() : region.end][:40]) is not None
        return found

    def excepted(self, reading: Reading, region: Region, axis: Axis) -> frozenset[int]:
        """Lines that the sentence takes out: "for all corpora but the English one"."""
        found = cues.EXCEPT.search(reading.text, region.start, min(len(reading.text), region.end + 12))
        if found is None:
            return frozenset()
        stop = cues.STOP_EXCEPT.search(reading.text, found.end())
        return together(inside(reading.mentions, (found.end(), stop.start() if stop else len(reading.text)), axis))


def metric_of(line: Line) -> str:
    """The metric, or the setting, that a line's innermost label names; empty if it names something else."""
    label = line.labels[-1].casefold() if line.labels else ""
    found = METRIC.search(label) or COST.search(label)
    return found.group() if found else ""


def entities(text: str, mentions: Sequence[Named], start: int) -> list[Named]:
    """The names that are compared: whole labels before parts of labels, and not those that say where ("on the test set")."""
    free = [m for m in mentions if cues.PLACE.search(text[max(start, m.start - 30) : m.start]) is None]
    exact = [m for m in free or mentions if m.exact]
    return exact or free or list(mentions)


def listed(text: str, mentions: Sequence[Named]) -> list[Named]:
    """The first name with those it is listed with."""
    found = list(mentions[:1])
    for mention in mentions[1:]:
        gap = text[found[-1].end : mention.start]
        known = cues.LISTED.fullmatch(gap) or (text[mention.start].isdigit() and cues.NUMBERED.fullmatch(gap))
        if known is None and mention.start >= found[-1].end:
            break
        found.append(mention)
    return found


def nearness(reading: Reading, region: Region, sides: Sides) -> int:
    """Where the subject's name ends before the cue."""
    return max((m.end for m in inside(reading.mentions, region.left, sides.axis) if m.lines & sides.subject), default=-1)


def aligned(reading: Reading, region: Region, axis: Axis, subject: frozenset[int], objects: frozenset[int]) -> tuple[tuple[int, int], ...]:
    """First with first, second with second, if both sides list as many single lines."""
    named = [next(iter(m.lines)) for m in reading.mentions if m.axis == axis and len(m.lines) == 1 and region.start <= m.start]
    ones, twos = ([i for i in dict.fromkeys(named) if i in side] for side in (subject, objects))
    return tuple(zip(ones, twos, strict=True)) if len(ones) == len(twos) > 1 else ()


def regions(text: str, marks: Sequence[re.Match[str]]) -> Iterator[Region]:
    """Each cue with the clause around it."""
    edges = [0]
    for one, two in pairwise(marks):
        low, high = one.end(), two.start()
        breaks = list(cues.BREAK.finditer(text, low, high)) or list(cues.AND.finditer(text, low, high))
        edges.append(breaks[-1].end() if breaks else high)
    edges.append(len(text))
    for mark, start, end in zip(marks, edges, edges[1:], strict=False):
        yield Region(text, start, mark, end)


def object_span(region: Region) -> tuple[int | None, int]:
    """Where the object of a comparison stands; a comparative without "than" shares that of the next."""
    text = region.text
    if cues.TRANSITIVE.search(region.cue.group()):
        return region.cue.end(), region.end
    if region.kind == "alike" and (to := cues.ALIKE_TO.match(text, region.cue.end())) is not None:
        return to.end(), region.end
    than = cues.THAN.search(text, region.cue.end())
    if than is None or (than.start() > region.end and not cues.CUE.search(text, region.end, than.start())):
        before = cues.THAN.search(text, *region.left)
        return (before.end(), region.cue.start()) if before else (None, region.end)
    if than.start() < region.end:
        return than.end(), region.end
    stop = cues.BREAK.search(text, than.end())
    return than.end(), stop.start() if stop else len(text)


def said_of_subject(region: Region) -> bool:
    """Whether a superlative is said of something ("A achieves the best", "the best is A"), and no part of a name."""
    return (
        cues.SAID_OF.search(region.before) is not None
        or cues.AFTER_BEST.search(region.text[region.cue.end() : region.end]) is not None
        or re.search(r"\b(?:is|are|was|were)\b|\bby\s", region.text[region.cue.end() : region.end]) is not None
    )


def measure_of(amount: Amount, reading: Reading, region: Region, other: Axis) -> frozenset[int]:
    """The lines of the other axis named with a difference: "its EM by 1.5 and its F1 by 0.5"."""
    previous = max((a.end for a in reading.amounts if region.start <= a.start and a.end <= amount.start), default=region.start)
    before = inside(reading.mentions, (previous, amount.start), other)
    after = [m for m in inside(reading.mentions, (amount.end, region.end), other) if m.start - amount.end <= 8]
    return together((before[-1:] if before and amount.start - before[-1].end <= 12 else []) or after[:1])


def step(text: str, region: Region, numbers: Sequence[Amount]) -> tuple[Amount, Amount] | None:
    """The two numbers of "from p=0.5 in A to p=0.6 in B"."""
    found = [a for a in numbers if a.start > region.cue.end()]
    if len(found) < 2 or re.search(r"\bfrom\s(?:\w+\s?=\s?)?$", text[max(0, found[0].start - 12) : found[0].start]) is None:
        return None
    return (found[0], found[1]) if re.search(r"\bto\s(?:\w+\s?=\s?)?$", text[found[0].end : found[1].start]) else None


def is_difference(text: str, amount: Amount, cue: re.Match[str]) -> bool:
    """Whether a number says by how much: "by 2.5", "2.5 points higher", "(+2.5)"."""
    before = text[max(0, amount.start - 25) : amount.start]
    by = re.search(
        r"\b(?:by|(?:margin|gain|improvement|increase|drop|decrease)s?\sof)\s(?:an?\s|about\s|over\s|more\sthan\s|nearly\s|up\sto\s)*$",
        before,
    )
    beside = 0 <= cue.start() - amount.end <= 2 and "," not in text[amount.end : cue.start()]
    return bool(amount.sign == "+" or by or beside)


def own_lines(sheet: Sheet, names: Names, own: Sequence[str]) -> dict[Axis, frozenset[int]]:
    """The lines that are the paper's own: labelled so, named so by the caption, or called as the paper calls its method."""
    found: dict[Axis, set[int]] = {"row": set(), "column": set()}
    for line in (*sheet.rows, *sheet.columns):
        if re.search(r"\b(?:ours?|proposed|our\s\w+)\b", line.name.casefold()):
            found[line.axis].add(line.index)
    for axis in AXES:  # of "ours" and "ours w/o attention", the first
        unvaried = {
            i for i in found[axis] if sheet.by_index[axis, i].varies is None and not cues.REMOVAL.search(sheet.by_index[axis, i].labels[-1])
        }
        found[axis] = unvaried or found[axis]
    if not any(found.values()):
        said = [m.group() for m in OWN_NAME.finditer(sheet.caption.casefold())]
        said += [m.group("name") for m in PRAISED.finditer(sheet.caption.casefold())]
        for phrase in (*said, *(name.casefold() for name in own)):
            for mention in names.mentions(phrase):
                if mention.exact:
                    found[mention.axis] |= mention.lines
    if not any(found.values()):
        found["row"] = boldest_last(sheet)
    return {axis: frozenset(lines) for axis, lines in found.items()}


def boldest_last(sheet: Sheet) -> set[int]:
    """The last row, reference rows aside, if most bold numbers are its own: where authors put their method."""
    bold = Counter(f.row for f in sheet.figures.values() if f.bold)
    rows = [line for line in sheet.rows if line.labels and not BOUND.search(line.name.casefold())]
    return {rows[-1].index} if rows and bold and bold[rows[-1].index] * 2 > bold.total() else set()


PRAISED = re.compile(
    r"^(?:table\s[\w.]+\s?[:.]?\s)?(?:the\s)?(?P<name>[\w+-]+(?:\s[\w+-]+)?)\s(?:models?\s)?"
    r"(?:achieves?|outperforms?|obtains?|surpass(?:es)?|beats?|improves?|performs?|generali[sz]es?)\b"
)
"""A caption that says how well a method does: the paper's own."""

OUR_KIND = re.compile(r"\bour\s(?P<kind>[a-z]+)\s(?:models?|methods?|systems?|networks?|variants?|versions?)\b")
OWN_NAME = re.compile(r"[‘'“\"]?[\w+-]+[’'”\"]?\s(?:models?\s)?(?:is|are)\sour\b|\bour\s(?:proposed\s)?[\w+-]+")
