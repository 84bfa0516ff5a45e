"""Does prose become the assertions it makes? Sentences of real papers, annotated by hand in `prose.toml`.

The guide is docs/annotating-prose.md. The papers are not ours to ship: the table holds facts and a digest of each sentence, and
the sentences are found again in the papers under `data`. An assertion is right as a whole if its kind, its numbers and every slot
that the sentence states are right; `value` asks for the number, its unit and its sign alone.
"""

import hashlib
import re
import tarfile
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from claimcheck.benchmarks.heldout import held_out
from claimcheck.document import Document, Unreadable
from claimcheck.dossier import Assertion, Claim, Count, Difference, Direction, Fact, Lexicon, Range, Rank, Trend, Value
from claimcheck.extract import extract
from claimcheck.extract.lexicon import Vocabulary
from claimcheck.readers import read

FILE = Path(__file__).with_suffix(".toml")
NUMERIC = (Value, Difference, Range, Count)
POINTS = ("pp", "points")
BARE = ("", "pp", "points")
"""Units that a number printed without one may be given: the metric decides."""

BATCHES = ("_first_batch", "_second_batch")
"""Rules were developed on the first while it was the only one; the second was annotated after them."""

GENERIC = re.compile(
    r"the|an?|ours?|proposed|methods?|models?|approach|networks?|framework|system|datasets?|data|tasks?|benchmarks?|test|validation|dev|set"
    r"|setting|scores?|of|on"
)
GENERIC_WORD = re.compile(rf"\b(?:{GENERIC.pattern})\b", re.IGNORECASE)
"""Words that make no difference to which thing a name names."""

OURS = re.compile(
    r"our|ours|we|the (?:proposed|new|final|full)\b.*|our\b.*|(?:the|this) (?:model|method|system|paper|approach)", re.IGNORECASE
)


LIST = re.compile(r"\b(?:and|or)\b|&|,\s")
"""What makes several names of one."""


@dataclass
class Counts:
    """What one set of sentences gave. Each pair is (annotated, extracted, right)."""

    papers: set[str] = field(default_factory=set)
    sentences: int = 0
    negatives: int = 0
    claimed: int = 0
    """Negatives that became a claim."""

    missing: int = 0
    numbers: list[int] = field(default_factory=lambda: [0, 0, 0])
    wholes: list[int] = field(default_factory=lambda: [0, 0, 0])
    slots: dict[str, list[int]] = field(default_factory=dict)
    """By slot: of the assertions whose number was found, those that state it, and those where it is right."""

    def figures(self, suffix: str) -> dict[str, float]:
        found = {
            "papers": float(len(self.papers)),
            "sentences": float(self.sentences),
            "negatives": float(self.negatives),
            "not_found": float(self.missing),
            "negatives_claimed": self.claimed / max(1, self.negatives),
            **scores("value", self.numbers),
            **scores("assertion", self.wholes),
            **{f"{name}_right": right / max(1, stated) for name, (stated, right) in sorted(self.slots.items())},
        }
        return {f"{name}{suffix}": figure for name, figure in found.items()}


def scores(name: str, counted: list[int]) -> dict[str, float]:
    gold, found, right = counted
    precision, recall = right / max(1, found), right / max(1, gold)
    return {
        f"{name}_annotated": float(gold),
        f"{name}_precision": precision,
        f"{name}_recall": recall,
        f"{name}_f1": 2 * precision * recall / max(1e-9, precision + recall),
    }


def measure(data: Path, file: Path = FILE) -> tuple[int, dict[str, float]]:
    """Sentences, and the figures: over all papers, over those developed on and over those held out, and the same of each batch apart."""
    parts = ("", "_developed", "_held_out")
    sets = {f"{batch}{part}": Counts() for batch in ("", *BATCHES) for part in parts}
    for paper, document in papers(data, file):
        claims = {fingerprint(claim.sentence): claim for claim in extract(document).claims}
        present = {fingerprint(sentence.text) for sentence in document.sentences()}
        part = "_held_out" if held_out(paper["id"]) else "_developed"
        batch = BATCHES[paper.get("batch", 1) - 1]
        for suffix in ("", part, batch, f"{batch}{part}"):
            sets[suffix].papers.add(paper["id"])
            for row in paper["sentence"]:
                count(sets[suffix], row, row["sha256"] in present, claims.get(row["sha256"]), paper["own"])
    figures: dict[str, float] = {}
    for suffix, counts in sets.items():
        figures |= counts.figures(suffix)
    return sets[""].sentences, figures


def rows(file: Path) -> list[dict[str, Any]]:
    """The papers of a table, each with its annotated sentences."""
    found: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))["paper"]
    return found


def papers(data: Path, file: Path, only: Callable[[dict[str, Any]], bool] = lambda row: True) -> Iterator[tuple[dict[str, Any], Document]]:
    """Every paper of the table, or `only` some, read. FileNotFoundError for one that is not there."""
    found = [row for row in rows(file) if only(row)]
    for archive in dict.fromkeys(row["path"].split("::")[0] for row in found if "::" in row["path"]):
        wanted = {row["path"].split("::")[1]: row for row in found if row["path"].startswith(f"{archive}::")}
        with tarfile.open(data / archive) as opened:
            for member in opened:
                content = opened.extractfile(member) if member.isfile() and member.name in wanted else None
                if content is not None:
                    yield wanted[member.name], read(content.read(), Path(member.name).name)
    for row in found:
        if "::" not in row["path"]:
            path = data / row["path"]
            try:
                yield row, read(path)
            except Unreadable as error:
                raise FileNotFoundError(2, str(error), str(path)) from error


def fingerprint(sentence: str) -> str:
    """What a sentence is known by: the start of the SHA-256 of its letters and digits, case folded."""
    bare = "".join(c for c in unicodedata.normalize("NFKC", sentence).casefold() if c.isalnum())
    return hashlib.sha256(bare.encode()).hexdigest()[:16]


def count(counts: Counts, row: dict[str, Any], present: bool, claim: Claim | None, own: list[str]) -> None:
    """Add what became of one annotated sentence."""
    counts.sentences += 1
    counts.missing += not present
    found = [a for a in claim.assertions if not isinstance(a, Fact)] if claim is not None else []
    if "no" in row:
        counts.negatives += 1
        counts.claimed += bool(found)
    gold = row.get("says", [])
    pairs = matched(gold, found, own)
    numbers = [g for g in gold if "value" in g]
    for total, wanted, got, right in (
        (counts.numbers, len(numbers), sum(isinstance(a, NUMERIC) for a in found), sum("value" in g for g, _ in pairs)),
        (counts.wholes, len(gold), len(found), sum(all(judged(g, a, own).values()) for g, a in pairs)),
    ):
        total[0] += wanted
        total[1] += got
        total[2] += right
    for g, a in pairs:
        for name, right in judged(g, a, own).items():
            stated, correct = counts.slots.setdefault(name, [0, 0])
            counts.slots[name] = [stated + 1, correct + right]


def matched(gold: list[dict[str, Any]], found: Sequence[Assertion], own: list[str]) -> list[tuple[dict[str, Any], Assertion]]:
    """Annotated assertions with extracted ones that have their number (or, without one, their kind), the best fitting first, one to one."""
    return [(gold[i], found[j]) for i, j in paired(gold, found, same_number, lambda g, a: judged(g, a, own))]


Found = TypeVar("Found")


def paired(
    gold: Sequence[dict[str, Any]],
    found: Sequence[Found],
    same: Callable[[dict[str, Any], Found], bool],
    judge: Callable[[dict[str, Any], Found], dict[str, bool]],
) -> list[tuple[int, int]]:
    """The places of annotated assertions and of what was found for them, in order."""
    fitting = [(sum(judge(g, a).values()), i, j) for i, g in enumerate(gold) for j, a in enumerate(found) if same(g, a)]
    rows: dict[int, int] = {}
    for _, i, j in sorted(fitting, key=lambda entry: (-entry[0], entry[1], entry[2])):
        if i not in rows and j not in rows.values():
            rows[i] = j
    return sorted(rows.items())


def same_number(gold: dict[str, Any], found: Assertion) -> bool:
    """Value, unit and sign; of an assertion without a number, its kind and its sense."""
    if "value" not in gold:
        same = found.kind == gold["kind"]
        return same and (not isinstance(found, Direction | Trend) or gold.get("sign") in (found.sign, "either"))
    if isinstance(found, Range):
        numbers = [found.low, found.high]
    elif isinstance(found, Value | Difference | Count):
        numbers = [found.value]
    else:
        return False
    sign = "" if isinstance(found, Value) else found.sign
    stated = [Decimal(gold[name]) for name in ("value", "high") if name in gold]
    return (
        [abs(n) for n in numbers] == stated
        and same_unit(gold.get("unit", ""), found.unit, found.metric)
        and gold.get("sign", "") in (sign, "either")
    )


def same_unit(gold: str, found: str, metric: str) -> bool:
    if gold == "":
        return found in BARE or found == vocabulary().unit(metric)
    return found in POINTS if gold == "pp" else found == gold


def judged(gold: dict[str, Any], found: Assertion, own: list[str]) -> dict[str, bool]:
    """Which of the stated slots are right."""
    right = {"kind": found.kind == gold["kind"]}
    if gold.get("bound"):
        right["bound"] = "value" in found.ambiguous
    if isinstance(found, Rank) and "order" in gold:
        right["order"] = found.order == gold["order"]
    for name in ("method", "baseline", "dataset", "metric"):
        if name in gold and not (name == "baseline" and isinstance(found, Value)):
            wordings = [gold[name]] if isinstance(gold[name], str) else gold[name]
            right[name] = any(same_name(w, getattr(found, name, ""), own) for w in wordings)
    return right


def same_name(wording: str, found: str, own: list[str]) -> bool:
    """Whether two wordings name one thing: articles, generic nouns and separators aside, and up to two words more than annotated."""
    if wording == "@":
        return OURS.fullmatch(found) is not None or any(same_name(name, found, []) for name in own)
    if not found or (LIST.search(found) and not LIST.search(wording)):
        return False  # "A and B" is not A
    if {canonical(wording)} & {canonical(found)}:
        return True
    wanted, got = content_words(wording), content_words(found)
    return bool(wanted) and ("".join(wanted) == "".join(got) or (set(wanted) <= set(got) and len(got) <= len(wanted) + 2))


def content_words(name: str) -> list[str]:
    words = re.findall(r"[^\W_]+", name.casefold())
    return [w for w in words if not GENERIC.fullmatch(w)] or words


def canonical(name: str) -> str:
    """The field's name for a dataset or metric; the words themselves, squeezed, for anything else."""
    mentions = vocabulary().mentions(name)
    if len(mentions) == 1 and not re.search(r"\w", GENERIC_WORD.sub("", name[: mentions[0].start] + " " + name[mentions[0].end :])):
        name = mentions[0].name
    return "".join(re.findall(r"[^\W_]+", name.casefold()))


_VOCABULARY: list[Vocabulary] = []


def vocabulary() -> Vocabulary:
    """The field's names, without any paper's."""
    if not _VOCABULARY:
        _VOCABULARY.append(Vocabulary(Lexicon()))
    return _VOCABULARY[0]
