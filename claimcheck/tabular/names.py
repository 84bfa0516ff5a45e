"""Bind the words of a sentence to rows and columns: by their labels, parts of labels, and the abbreviations of the field.

Both sides are spelled alike first: case, hyphens, plurals, "F-measure" and "F1", "P" over a column and "precision". The longest run
of words that spells a label, or a part of one, is a mention. Where it fits several lines, all are kept: what follows decides whether
they are meant together ("the HAN models") or leave the claim ambiguous.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from rapidfuzz import fuzz

from claimcheck.extract.abbreviations import definitions
from claimcheck.tabular.sheet import Axis, Line, Sheet

LONGEST_NAME = 8
"""Words of the longest run that is looked up."""

FUZZY = 88
"""rapidfuzz ratio from which two long spellings are one name."""

ALIKE = {
    "acc": "accuracy",
    "accuracies": "accuracy",
    "prec": "precision",
    "rec": "recall",
    "avg": "average",
    "params": "parameter",
    "param": "parameter",
    "dev": "development",
    "val": "validation",
    "training": "train",
    "trained": "train",
    "testing": "test",
    "mtr": "meteor",
    "bleu2": "b2",
    "bleu4": "b4",
    "sents": "sentence",
    "sent": "sentence",
    "pearson": "pearson",
    "monolingual": "mono",
}
"""Words that stand for one another in labels and prose."""

IN_LABELS = {
    "P": "precision",
    "R": "recall",
    "F": "fmeasure",
    "EN": "english",
    "DE": "german",
    "FR": "french",
    "PT": "portuguese",
    "ES": "spanish",
    "CS": "czech",
    "JA": "japanese",
    "ZH": "chinese",
    "RU": "russian",
    "TR": "turkish",
    "NL": "dutch",
    "IT": "italian",
}
"""Abbreviations that only a label may use for the word."""

STOP = frozenset(
    re.findall(
        r"\w+",
        "a an the of in on at for to by from with without and or vs versus no not all any each every both per as is are was were"
        " be been it its we our ours us this that these those which than more most less least very only also but if then so such"
        " same other others one two three proposed model method system approach architecture setting framework agent network"
        " technique variant baseline data dataset set result score performance value task type number use using based table level"
        " new old best better worse high low good bad large small first second third full standard paper work feature compared"
        " comparison",
    )
)
"""Words that alone name no row and no column."""

LINKING = frozenset(
    ["a", "an", "the", "of", "in", "on", "at", "for", "to", "with", "and", "or", "by", "from", "using", "model", "method", "our"]
)
"""Words that a name may have between its parts or not: "A and B" is "A + B"."""

TOKEN = re.compile(
    r"(?P<fmeasure>\bf[- ]?(?:1|measure|score)s?(?:[- ]?scores?)?\b)|(?P<success>\bsucc(?:ess(?:\srates?)?)?\b)|(?P<without>\bw/o\b)"
    r"|(?P<at>[^\W_]+@\d+)|[^\W_]+",
    re.IGNORECASE,
)
"""A word; the named ones are spelled as their group is called, "R@1" as one word."""

JOINED_AFTER = re.compile(r"[-+/](?!(?:based|like|style|level|trained|tuned|only|side|way|fold|free|models?|and|or)\b)[^\W_]")
JOINED_BEFORE = re.compile(r"(?<![\w])(?!(?:non|pre|multi|neural|cross|the)-)[^\W\d_][\w]*[-+]$")
DEFINED = re.compile(
    r"[‘'“\"(]?(?P<short>[A-Za-z][\w+-]{0,11})[’'”\"]?(?:\s\((?P<inner>)|\s?(?:=|:|denotes|indicates|represents|means|refers\sto|stands\sfor|is\sshort\sfor)\s(?:the\s|an?\s)?)"
    r"(?P<long>[a-z][\w-]+(?:\s[a-z][\w-]+){0,3})"
)
AXES: tuple[Axis, Axis] = ("row", "column")
FAMILY = re.compile(r"\W*(?:models|methods|variants|systems|approaches|features|baselines|settings|agents)\b")
FAMILY_BEFORE = re.compile(r"(?:models|methods|variants|systems|approaches)\s(?:using|with|based\son|trained\s(?:on|with))\s(?:the\s)?$")


@dataclass(frozen=True)
class Word:
    """One word of a sentence as it is looked up."""

    spelled: str
    start: int
    end: int


@dataclass(frozen=True)
class Named:
    """The lines of one axis that a run of words names."""

    axis: Axis
    start: int
    end: int
    lines: frozenset[int]
    exact: bool
    """True if the words are a whole label and not a part of one."""

    share: float
    """How much of the label the words spell, from 0 to 1."""


@dataclass(frozen=True)
class Run:
    """A run of words of a sentence that could name a line."""

    start: int
    end: int
    words: int
    plain: str
    """Its words spelled together."""

    key: str
    """The same without function words."""

    meant: bool
    """Whether its first and last word can name something by themselves."""

    entire: bool
    """Whether it can be a whole label otherwise: it begins and ends with no function word."""

    family: bool
    """Whether it says that several lines are meant: "the A models"."""


@lru_cache(maxsize=8192)  # one sentence is read against many tables
def words(text: str, *, label: bool = False) -> tuple[Word, ...]:
    """The words of a text, spelled alike."""
    return tuple(Word(spell(match, label=label), match.start(), match.end()) for match in TOKEN.finditer(text))


def spell(match: re.Match[str], *, label: bool) -> str:
    """One spelling for a word's forms; a lone "P" is precision only where it is a label."""
    token = match.group()
    if match.lastgroup == "at":
        return token.casefold().replace("@", "at")
    if match.lastgroup is not None:
        return stem(match.lastgroup)
    if label and token in IN_LABELS:
        return stem(IN_LABELS[token])
    low = token.casefold()
    return stem(ALIKE.get(low, low))


def stem(word: str) -> str:
    """A word without its ending, so that "attentive" and "attention", "pretrained" and "pretraining" are one."""
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) and word != "news":
        word = word[:-1]
    return ENDING.sub("", word) if len(word) > 6 and word.isalpha() else word


ENDING = re.compile(r"(?:ations?|ational|ating|ated|ion(?:al)?|ings?|ed|ive(?:ly)?|er|al)$")


class Names:
    """What the rows and columns of a sheet are called, ready to be looked up."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.vocabulary: set[str] = set()
        """Every word of its labels that can name something."""

        self.parts: dict[str, dict[Axis, set[int]]] = defaultdict(lambda: {"row": set(), "column": set()})
        self.whole: dict[str, dict[Axis, set[int]]] = defaultdict(lambda: {"row": set(), "column": set()})
        for axis in ("row", "column"):
            for line in sheet.lines(axis):
                for label in line.labels:
                    self._add(line, label)
        self.length: dict[tuple[Axis, int], int] = {
            (line.axis, line.index): max(
                1, min((len(joined(w.spelled for w in words(label, label=True))) for label in line.labels[-1:]), default=1)
            )
            for line in (*sheet.rows, *sheet.columns)
        }

        capitals = {
            t
            for line in (*sheet.rows, *sheet.columns)
            for label in line.labels
            for t in re.findall(r"(?<![\w-])[A-Z]{2,5}(?![\w-])", label)
        }
        self.acronyms = {t.casefold() for t in capitals}
        self.acronym_heads = {acronym[0] for acronym in self.acronyms}
        self._add_counted()
        self._add_defined()
        self.heads = {key[:size] for key in (*self.whole, *self.parts) for size in (2, 3)} | {key for key in self.whole if len(key) < 3}
        self.heads |= {"".join(takewhile(str.isdigit, key)) for key in self.whole}
        self.long = [key for key in self.whole if len(key) >= 7]

    def _add_defined(self) -> None:
        """What the caption says that a label stands for: "SA (self-attention)", "‘T’ is TripAdvisor"."""
        for short, long in defined(self.sheet.caption):
            key = joined(w.spelled for w in words(short, label=True))
            run = joined(w.spelled for w in words(long.casefold()))
            for held in (self.whole, self.parts):
                if key in held and run and run not in self.whole:
                    for axis in AXES:
                        held[run][axis] |= held[key][axis]

    def _add_counted(self) -> None:
        """ "3-step" for the row that a column of steps calls 3."""
        head = self.sheet.grid[0][0] if self.sheet.grid and self.sheet.head and self.sheet.stub == 1 else None
        unit = [w.spelled for w in words(head.text, label=True)][-1:] if head is not None else []
        for line in self.sheet.rows if unit else ():
            if line.labels and line.labels[-1].isdigit():
                self.whole[f"{line.labels[-1]}{unit[0]}"]["row"].add(line.index)

    def _add(self, line: Line, label: str) -> None:
        for bare in spellings(label):
            run = [w.spelled for w in words(bare, label=True)]
            if run and (any(meant(w) for w in run) or run == ["baseline"]):
                for key in {joined(run), "".join(run)}:
                    self.whole[key][line.axis].add(line.index)
        run = [w.spelled for w in words(label, label=True)][:12]
        self.vocabulary.update(w for w in run if telling(w))
        for start in range(len(run)):
            for end in range(start + 1, len(run) + 1):
                piece = run[start:end]
                if meant(piece[0]) and meant(piece[-1]):
                    for key in {joined(piece), "".join(piece)}:
                        self.parts[key][line.axis].add(line.index)

    def mentions(self, text: str) -> list[Named]:
        """Every run of words that names lines, the longest first at each place, none overlapping."""
        found: list[Named] = []
        spelled = words(text)
        runs = all_runs(text)
        position = 0
        while position < len(spelled):
            length = 0
            if spelled[position].spelled[:3] in self.heads:
                for run in runs[position]:
                    if here := self.named(run):
                        found += here
                        length = run.words
                        break
            if not length and text[spelled[position].start] in self.acronym_heads:
                found += self.by_initials(text, spelled[position : position + 5])
            position += length or 1
        return found

    def by_initials(self, text: str, run: Sequence[Word]) -> Iterator[Named]:
        """Words whose initials are a label in capitals: "logistic regression" for "LR"."""
        for length in range(min(5, len(run)), 1, -1):
            spelled = [text[w.start : w.end] for w in run[:length]]
            initials = "".join(w[0] for w in spelled)
            if initials in self.acronyms and all(len(w) > (5 if length == 2 else 3) and w.isalpha() for w in spelled):
                for axis in AXES:
                    lines = self.parts[initials][axis] if initials in self.parts else set()
                    if lines:
                        yield Named(axis, run[0].start, run[length - 1].end, frozenset(lines), True, 1.0)
                return

    def named(self, run: Run) -> list[Named]:
        """The lines of either axis that a run of words names."""
        plainly = run.plain in self.whole
        if not (run.meant or (plainly and run.entire)):
            return []
        key = run.plain if plainly or run.plain in self.parts else run.key
        if len(key) < 2:
            return []
        whole, part = self.whole.get(key), self.parts.get(key)
        if whole is None and part is None:
            whole = self.whole.get(self.nearly(key)) if 7 <= len(key) <= 40 and run.words <= 4 else None
            if whole is None:
                return []
        found = []
        for axis in AXES:
            exactly = whole[axis] if whole else set()
            partly = part[axis] if part else set()
            lines = exactly if exactly and not run.family else exactly | partly
            if lines:
                share = 1.0 if exactly else len(key) / min(self.length[axis, line] for line in lines)
                found.append(Named(axis, run.start, run.end, frozenset(lines), bool(exactly), share))
        return found

    def nearly(self, key: str) -> str:
        """The long label that is spelled almost like a key; empty if there is none."""
        close = (k for k in self.long if abs(len(k) - len(key)) <= 2 and fuzz.ratio(k, key) >= FUZZY and digits(k) == digits(key))
        return next(close, "")


@lru_cache(maxsize=256)  # one sentence is read against many tables
def all_runs(text: str) -> tuple[tuple[Run, ...], ...]:
    """For each word of a text the runs from there on that could be names, the longest first."""
    spelled = words(text)
    return tuple(
        tuple(
            run
            for length in range(min(LONGEST_NAME, len(spelled) - position), 0, -1)
            if (run := read_run(text, spelled[position : position + length])) is not None
        )
        for position in range(len(spelled))
    )


def read_run(text: str, run: Sequence[Word]) -> Run | None:
    """A run of words ready to be looked up; None for "A" in "A-large", which does not name "A", and for what cannot be a name."""
    first, last, start, end = run[0].spelled, run[-1].spelled, run[0].start, run[-1].end
    named_to_the_end = last not in LINKING or text[run[-1].start - 1] in "-_+"  # "Net-A", and not "net a"
    whole_ends = first not in LINKING
    able, entire = whole_ends and meant(first) and meant(last), whole_ends and named_to_the_end
    if not (able or entire) or JOINED_AFTER.match(text, end) or JOINED_BEFORE.search(text[max(0, start - 12) : start]):
        return None
    family = FAMILY.match(text[end : end + 40]) or FAMILY_BEFORE.search(text[max(0, start - 40) : start])
    spelled = [w.spelled for w in run]
    return Run(start, end, len(run), "".join(spelled), joined(spelled), able, entire, family is not None)


def defined(caption: str) -> Iterator[tuple[str, str]]:
    """Abbreviations that a caption explains, with what they stand for."""
    yield from definitions(caption)
    for match in DEFINED.finditer(caption):
        yield match.group("short"), match.group("long")


def joined(run: Iterable[str]) -> str:
    """The key of a run of words: function words between its names do not count."""
    spelled = list(run)
    return "".join(w for w in spelled if w not in LINKING) or "".join(spelled)


@lru_cache(maxsize=65_536)
def meant(word: str) -> bool:
    """Whether a word can name something by itself: no function word, no lone letter or small number."""
    return word not in STOP and len(word) > 1 and not (word.isdigit() and len(word) < 3)


def telling(word: str) -> bool:
    """Whether a word beside others can tell one table from another."""
    return word not in STOP or word == "baseline"


def digits(key: str) -> str:
    return "".join(c for c in key if c.isdigit())


def spellings(label: str) -> Iterator[str]:
    """A label as printed, without its brackets and citations, and what stands in brackets."""
    yield label
    bare = re.sub(r"\([^()]*\)|\[[^\[\]]*\]|\bet\sal\.?.*|[*†‡↑↓]", " ", label).strip()
    if bare != label:
        yield bare
    yield from re.findall(r"\(([^()]{3,40})\)", label)
