"""Fit the weights by which extraction decides which words state a comparison without a number, and write them; or say how well.

    python benchmarks/fit_comparisons.py --data ../shared/data
    python benchmarks/fit_comparisons.py --data ../shared/data --folds 4

The sentences are those of `benchmarks/annotated.py`, their numbers decided by the shipped weights; the softmax is that of fit_outcomes.py. An
annotation does not say which word it is read from: the rules' word if they agree with it, else the word of its sense between its method
and its baseline that stands nearest to the baseline.
"""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.annotated import Annotated
from benchmarks.fit_outcomes import Row, fit_or_judge, softmax_weights, taught
from benchmarks.fit_ranking import fold_of
from claimcheck.benchmarks import prose
from claimcheck.extract.assertions import Read
from claimcheck.extract.comparisons import CLASSES, asserted, choose, class_of, comparing, features, placed
from claimcheck.extract.outcomes import decided, softmax
from claimcheck.extract.sentences import Cue

INVENTED = 0.4
"""How much a word counts that no real paper prints."""

PLACE = Path(__file__).resolve().parent.parent / "claimcheck" / "extract" / "comparisons.json"


@dataclass
class Worded:
    """An annotated sentence, its comparing words with their features, and the class of each."""

    source: Annotated
    read: Read
    asked: list[tuple[Cue, list[str]]]
    right: list[tuple[int, ...]]


def main() -> None:
    fit_or_judge(__doc__, PLACE, worded, fitted, cross_validated)


def worded(one: Annotated) -> Worded:
    read = decided(one.read, one.vocabulary)
    asked = features(read, one.vocabulary)
    allowed = labels(one, read)
    return Worded(one, read, asked, [tuple(sorted(allowed.get(cue.start, {0}))) for cue, _ in asked])


def labels(one: Annotated, read: Read) -> dict[int, set[int]]:
    """What each comparing word states by the annotation."""
    stated = [g for g in one.row.get("says", []) if g["kind"] in ("Direction", "Rank")]
    where = {id(a): start for start, made in placed(read).items() for a in made}
    paired = {id(g): a for g, a in prose.matched(stated, read.assertions, one.paper["own"])}
    allowed: dict[int, set[int]] = {}
    for g in sorted(stated, key=lambda g: id(g) not in paired):
        start = where.get(id(paired.get(id(g))))
        if start is None:
            start = located(read, g, allowed)
        if start is not None:
            allowed.setdefault(start, set()).update(classes_of(g))
    return allowed


def classes_of(stated: Mapping[str, Any]) -> set[int]:
    if stated["kind"] == "Rank":
        return {CLASSES.index(stated.get("order", "largest"))}
    sign = stated.get("sign", "+")
    return {1, 2} if sign == "either" else {CLASSES.index(sign)}


def located(read: Read, stated: Mapping[str, Any], taken: Mapping[int, Any]) -> int | None:
    """The word that an annotation is likeliest read from."""
    assert read.marked is not None
    text = read.marked.text.casefold()
    ends = [position(text, stated.get(name, ())) for name in ("method", "baseline")]
    known = [place for place in ends if place is not None]
    near = ends[1] if ends[1] is not None else ends[0]
    kinds = ("rank",) if stated["kind"] == "Rank" else ("compare", "change", "adjective", "manner", "delta")
    words = [cue for cue in comparing(read) if cue.kind in kinds and cue.start not in taken]
    sign = stated.get("sign", "either")

    def rank(cue: Cue) -> tuple[bool, bool, int, int]:
        between = len(known) < 2 or min(known) <= cue.start <= max(known)
        return sign not in (cue.sign, "either"), not between, kinds.index(cue.kind), abs(cue.start - (near if near is not None else 0))

    best = min(words, key=rank, default=None)
    return best.start if best is not None else None


def position(text: str, wordings: str | Sequence[str]) -> int | None:
    """Where one of the wordings stands."""
    found = [text.find(w.casefold()) for w in ([wordings] if isinstance(wordings, str) else wordings) if w != "@"]
    return next((place for place in found if place >= 0), None)


def fitted(sentences: Sequence[Worded]) -> dict[str, list[float]]:
    rows: list[Row] = []
    for one in sentences:
        for (_, names), right in zip(one.asked, one.right, strict=True):
            rows += taught(names, right, one.source, INVENTED)
    return softmax_weights(rows, len(CLASSES))


def cross_validated(sentences: Sequence[Worded], folds: int) -> dict[str, float]:
    """Directions and ranks annotated, made and right (kind and sense), by the rules and by the decision, and negatives that get one."""
    counts: Counter[str] = Counter()
    for fold in range(folds):
        weights = fitted([s for s in sentences if s.source.written or fold_of(s.source.paper["id"], folds) != fold])
        for one in sentences:
            if not one.source.written and fold_of(one.source.paper["id"], folds) == fold:
                tally(counts, "rules", one, one.read.assertions)
                tally(counts, "decision", one, asserted(one.read, chosen(one, weights)))
    figures = {}
    for by in ("rules", "decision"):
        made, right = counts[f"{by}_made"], counts[f"{by}_right"]
        precision, recall = right / max(1, made), right / max(1, counts["rules_annotated"])
        figures |= {
            f"{by}_precision": precision,
            f"{by}_recall": recall,
            f"{by}_f1": 2 * precision * recall / max(1e-9, precision + recall),
        }
        figures[f"{by}_negatives"] = counts[f"{by}_negatives"] / max(1, counts["rules_sentences"])
    return figures


def chosen(one: Worded, weights: Mapping[str, Sequence[float]]) -> dict[int, Any]:
    made = placed(one.read)
    return {
        cue.start: choose(softmax(names, weights, len(CLASSES)), class_of(made[cue.start][0]) if cue.start in made else "none")
        for cue, names in one.asked
    }


def tally(counts: Counter[str], by: str, one: Worded, assertions: Sequence[Any]) -> None:
    stated = [g for g in one.source.row.get("says", []) if g["kind"] in ("Direction", "Rank")]
    made = [a for a in assertions if a.kind in ("Direction", "Rank")]
    counts[f"{by}_annotated"] += len(stated)
    counts[f"{by}_made"] += len(made)
    counts[f"{by}_right"] += len(prose.matched(stated, made, one.source.paper["own"]))
    if "no" in one.source.row:
        counts[f"{by}_sentences"] += 1
        counts[f"{by}_negatives"] += bool(made)


if __name__ == "__main__":
    main()
