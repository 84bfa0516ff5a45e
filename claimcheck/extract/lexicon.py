"""Names in text: the paper's own (methods, sets, regimes, abilities, datasets) and the field's (`lexicon.toml`).

Matching ignores case and separators ("Diving-48", "Diving48"), except that short names and single words must stand as
they are written: "AC" is a method, "ac" is not. A name inside a longer hyphenated one ("FWM" in "FWM-HW-LD") is no mention.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal

from claimcheck.dossier import Lexicon

Kind = Literal["method", "set", "dataset", "metric", "regime", "ability", "model"]

TOKEN = re.compile(r"[^\W_]+|[@&]")
GAPS = frozenset(["", " ", "-", "‐", "‑", "–", "_", "/", "+", " + ", "&", " & ", ".", " – ", "\u00a0", "\u2009", "-\u00ad", "'", "’", ":"])
"""What may stand between two words of one name."""

PUNCTUATION = re.compile(r"[\s()\[\],.@=|/+&*:'’_–-]{1,3}")
"""What may stand there besides, if the name itself is written so: "TransE (pre-trained)", "Ens.+FRCNN"."""

PLUS = re.compile(r"[ ]?\+{1,3}(?![\w+])")
ARTICLES = ("a", "an", "the", "in", "on", "of", "to", "is", "as", "at", "by")
"""Words that are not the first part of a name: "a MOTA" is not "AMOTA"."""

LONGEST = 60
"""Characters of the longest name looked for."""


@dataclass(frozen=True)
class Metric:
    name: str
    better: Literal["higher", "lower"]
    unit: str


@dataclass(frozen=True)
class Entry:
    """One way to write a name."""

    kind: Kind
    name: str
    alias: str
    own: bool
    """True for the paper's own names, which win over the field's."""


@dataclass(frozen=True)
class Mention:
    """A name in a text."""

    kind: Kind
    name: str
    text: str
    """The alias that was matched, as the lexicon spells it."""

    start: int
    end: int
    own: bool = False
    cut: bool = False
    """True if the source cuts the name off and only one known name begins so."""

    entries: tuple[Entry, ...] = field(default=(), compare=False)
    """Every reading of these words."""


@dataclass(frozen=True)
class FieldKnowledge:
    """`lexicon.toml`, read."""

    entries: tuple[Entry, ...]
    metrics: dict[str, Metric]
    default_metric: dict[str, str]
    """Dataset name to the metric it is usually scored by."""

    @cached_property
    def known(self) -> frozenset[Entry]:
        return frozenset(self.entries)


@cache
def field_knowledge() -> FieldKnowledge:
    data = tomllib.loads(files("claimcheck.extract").joinpath("lexicon.toml").read_text(encoding="utf-8"))
    entries = [Entry("dataset", row[0], alias, False) for row in data["datasets"] for alias in (row[0], *row[2:])]
    entries += [Entry("metric", row[0], alias, False) for row in data["metrics"] for alias in with_plurals((row[0], *row[3:]))]
    entries += [Entry("model", name, name, False) for name in data["models"]]
    return FieldKnowledge(
        entries=tuple(entries),
        metrics={name: Metric(name, better, unit) for name, better, unit, *_ in data["metrics"]},
        default_metric={row[0]: row[1] for row in data["datasets"]},
    )


def with_plurals(aliases: Sequence[str]) -> Iterator[str]:
    """The names, and the plural of each that is an abbreviation: "mAPs"."""
    for alias in aliases:
        yield alias
        if len(alias) > 2 and alias[-1].isupper() and sum(c.isupper() for c in alias) > 1 and f"{alias}s" not in aliases:
            yield f"{alias}s"


def squeezed(name: str) -> str:
    """A name without its white space, case folded."""
    return "".join(name.split()).casefold()


def key(name: str) -> str:
    """The letters and digits of a name, case folded, and a plus at its end: RefCOCO+ is not RefCOCO."""
    return "".join(TOKEN.findall(name)).casefold() + ("+" if name.endswith("+") else "")


def strict(alias: str, own: bool) -> bool:
    """Whether a name is so short, or so like a common word, that only its exact spelling is a mention."""
    letters = "".join(TOKEN.findall(alias))
    if alias.islower():
        return False
    one_word = alias.isalpha() and (alias.isupper() or alias.istitle())  # "DRIVE", "Reddit"; not "OpenImages"
    return len(letters) <= (3 if own else 4) or (not own and one_word)


class Vocabulary:
    """Every name one document may use."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.field = field_knowledge()
        self.entries: dict[str, list[Entry]] = {}
        self.prefixes: set[str] = set()
        for entry in (*own_entries(lexicon), *self.field.entries):
            self.add(entry)
        self.benchmarks = tuple(name.name for name in lexicon.datasets)
        self.complete = bool(lexicon.methods)
        """True if the paper's methods are known, so that no other word need be taken for one."""

        self.printed: frozenset[Decimal] = frozenset()
        """Numbers that the paper's tables print as scores, those with few digits left out."""

    def add(self, entry: Entry) -> None:
        folded = key(entry.alias)
        if not folded:
            return
        self.entries.setdefault(folded, []).append(entry)
        self.prefixes.update(folded[:length] for length in range(1, len(folded) + 1))

    def metric(self, dataset: str, named: str = "") -> str:
        """The metric a sentence means: the one it names, else the dataset's, else the one all the paper's benchmarks share."""
        usual = self.field.default_metric.get(dataset, "")
        if named and not (named == "accuracy" and usual.startswith("top-")):  # "accuracy" on ImageNet is top-1
            return named
        if usual:
            return usual
        defaults = {self.field.default_metric.get(name, "") for name in self.benchmarks} - {""}
        return defaults.pop() if len(defaults) == 1 else named

    def lower_is_better(self, metric: str) -> bool:
        return metric in self.field.metrics and self.field.metrics[metric].better == "lower"

    def unit(self, metric: str) -> str:
        """`%` for metrics printed in percent, also where the metric is not known."""
        return self.field.metrics[metric].unit if metric in self.field.metrics else "%"

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """The names in a text, longest first from the left, none overlapping."""
        tokens = [(match.start(), match.end()) for match in TOKEN.finditer(text)]
        found: list[Mention] = []
        index = 0
        while index < len(tokens):
            mention, used = self.longest(text, tokens, index)
            if mention is not None:
                found.append(mention)
            index += max(1, used)
        return tuple(found)

    def longest(self, text: str, tokens: list[tuple[int, int]], index: int) -> tuple[Mention | None, int]:
        """The longest name that begins at a token, and how many tokens it takes."""
        start = tokens[index][0]
        folded, best, used, verbatim = "", None, 0, False
        for position in range(index, len(tokens)):
            token_start, token_end = tokens[position]
            gap = text[tokens[position - 1][1] : token_start] if position > index else ""
            if gap not in GAPS and not PUNCTUATION.fullmatch(gap):
                break
            verbatim |= gap not in GAPS
            folded += text[token_start:token_end].casefold()
            if folded not in self.prefixes:
                break
            plus = PLUS.match(text, token_end)
            end = plus.end() if plus is not None and f"{folded}+" in self.entries else token_end
            known = self.entries.get(f"{folded}+" if end > token_end else folded, [])
            if known and stands_alone(text, start, end):
                entries = tuple(e for e in known if written_so(text[start:token_end], e))
                entries = tuple(e for e in entries if "+" in e.alias or "+" not in text[start:token_end])
                if text[start:token_end].split(" ")[0] in ARTICLES:
                    entries = tuple(e for e in entries if " " in e.alias)
                if verbatim:
                    entries = tuple(e for e in entries if squeezed(e.alias).rstrip(")") == squeezed(text[start:end]))
                if entries:
                    first = entries[0]
                    end += first.alias.endswith(")") and text[end : end + 1] == ")"
                    best = Mention(first.kind, first.name, first.alias, start, end, first.own, entries=entries)
                    used = position - index + 1
        return best, used

    def completing(self, fragment: str) -> Entry | None:
        """The one dataset of the paper whose name begins with a fragment that was cut off; None if there is none, or two."""
        if len(fragment) < 3 or not fragment[0].isalpha():
            return None
        names = {e.name: e for e in own_entries(self.lexicon) if e.kind == "dataset" and e.alias.startswith(fragment)}
        return next(iter(names.values())) if len(names) == 1 else None


def own_entries(lexicon: Lexicon) -> Iterator[Entry]:
    """The names of the paper itself. Sets and abilities match in the singular and plural."""
    for regime in lexicon.regimes:
        yield from (Entry("regime", regime.name, alias, True) for alias in dict.fromkeys((regime.name, *regime.aliases)))
    for kind, names in (("method", lexicon.methods), ("dataset", lexicon.datasets)):
        for name in names:
            yield from (Entry("method" if kind == "method" else "dataset", name.name, alias, True) for alias in (name.name, *name.aliases))
    for group in lexicon.sets:
        for alias in (group.name, *group.aliases):
            yield Entry("set", group.name, alias, True)
            if alias.endswith("s"):
                yield Entry("set", group.name, alias[:-1], True)
    for ability in lexicon.abilities:
        yield from (Entry("ability", ability.name, alias, True) for alias in (ability.name, *ability.aliases))


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether the words are a whole name: not glued by a hyphen or plus to more of one, as in `FWM-HW-LD`."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if re.search(r"[^\W_][-‐‑_/+]$|[^\W_]$", before) and not before.endswith("/"):
        return False
    return re.match(r"[^\W_]|[-‐‑_+][A-Z0-9]|\.\d", after) is None


def written_so(text: str, entry: Entry) -> bool:
    """Whether the words are written as the name must be. A capital at the start may be the sentence's."""
    if not strict(entry.alias, entry.own):
        return not (entry.own and entry.kind == "method" and capitalised(entry.alias) and text[0].islower())
    same = "".join(TOKEN.findall(text)), "".join(TOKEN.findall(entry.alias))
    return text == entry.alias if len(same[1]) <= 2 and "-" in entry.alias else same[0] == same[1]  # "R-L" is a metric, "RL" is not


def capitalised(alias: str) -> bool:
    """A single capitalised word that is also an English one ("Delta", "Spectral"): lower case it is that word."""
    return alias.isalpha() and alias[0].isupper() and alias.lower() != "baseline"
