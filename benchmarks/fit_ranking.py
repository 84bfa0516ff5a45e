"""Fit the weights by which extraction chooses the names of an assertion's slots, and write them; or say how well they choose.

    python benchmarks/fit_ranking.py --data ../shared/data
    python benchmarks/fit_ranking.py --data ../shared/data --folds 5

The sentences are those of `benchmarks/annotated.py`: real ones of papers that are not held out, and written ones, which count for less. Each
slot has a conditional logit over the sentence's candidates and "none of them": the maximum of its penalised likelihood, where any of the
candidates that the annotation admits is right. A slot that the sentence does not state is best left empty, with less weight, since readers
may differ on that. With --folds nothing is written: each fold's papers are judged by weights fitted on the others.
"""

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.annotated import Annotated, annotated
from claimcheck.benchmarks import prose
from claimcheck.dossier import Assertion, Fact
from claimcheck.extract.assertions import Read
from claimcheck.extract.comparisons import compared
from claimcheck.extract.features import SLOTS, Anchor, Scene, described
from claimcheck.extract.outcomes import decided
from claimcheck.extract.ranking import anchored, chosen, cue_anchor, number_anchor

PLACE = Path(__file__).resolve().parent.parent / "claimcheck" / "extract" / "ranking.json"
PENALTY = 8.0
RAREST = 4
"""Candidates that must have a feature for it to be fitted."""

LEAST = 0.03
"""Weights nearer to nothing are left out. Leaving out those below 0.06 costs 0.8 points of whole assertions on papers not fitted on."""

UNSTATED = 0.3
"""How much a slot counts that the sentence does not state."""

INVENTED = 0.4
"""How much an assertion counts that no real paper makes."""

APART = "developed:"
"""Before a feature of what the rules said of a sentence that they were developed on."""


@dataclass
class Example:
    """One annotated assertion, its candidates, and which of them are right for each slot that counts."""

    paper: str
    stated: dict[str, Any]
    rule: Assertion | None
    own: list[str]
    names: list[str]
    features: list[list[str]]
    right: dict[str, list[int]]
    developed: bool = False
    """The rules were developed on it, so what they say looks too good: it is told apart."""

    weight: float = 1.0
    """How much it counts; less than one if no real paper says it."""

    def taught(self) -> list[list[str]]:
        """The features to fit on."""
        if not self.developed:
            return self.features
        return [[*each, *(f"{APART}{name}" for name in each if "rule" in name)] for each in self.features]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=0, help="cross-validate by paper and write nothing")
    arguments = parser.parse_args()
    examples = list(all_examples(arguments.data))
    print(f"{len(examples)} assertions of {len({e.paper for e in examples})} papers", file=sys.stderr)
    if arguments.folds:
        print(json.dumps(cross_validated(examples, arguments.folds), indent=2))
        return
    PLACE.write_text(json.dumps(fitted(examples), indent=0, sort_keys=True) + "\n", encoding="utf-8")
    print(f"wrote {PLACE.name}", file=sys.stderr)


def all_examples(data: Path) -> Iterator[Example]:
    return examples_of(annotated(data))


def examples_of(sentences: Iterable[Annotated]) -> Iterator[Example]:
    """What annotated sentences assert, read as extraction reads them up to the choice of names."""
    for one in sentences:
        if "says" in one.row:
            read = compared(decided(one.read, one.vocabulary), one.vocabulary)
            yield from examples(one.paper, one.row, read, developed=one.developed, weight=INVENTED if one.written else 1.0)


def examples(paper: dict[str, Any], row: dict[str, Any], read: Read, *, developed: bool = False, weight: float = 1.0) -> Iterator[Example]:
    if read.marked is None:
        return
    scene, own = Scene(read.marked), paper["own"]
    found = [a for a in read.assertions if not isinstance(a, Fact)]
    anchors = {id(a): anchor for a, anchor in zip(found, anchored(read.marked, found), strict=True)}
    pairs = {id(g): a for g, a in prose.matched(row["says"], found, own)}
    used: set[tuple[int, str]] = set()
    for stated in row["says"]:
        rule = pairs.get(id(stated))
        anchor = anchors[id(rule)] if rule is not None else unread(scene, stated, used)
        if anchor is None and "value" in stated:
            continue
        names, features = described(scene, anchor, rule.kind if rule is not None else stated["kind"], rule)
        texts = [(c.name, c.text) for c in scene.candidates]
        texts += [(name, name) for name in names[len(texts) : -1]]
        yield Example(paper["id"], stated, rule, own, names, features, dict(right(stated, texts, own)), developed, weight)


def unread(scene: Scene, stated: dict[str, Any], used: set[tuple[int, str]]) -> Anchor | None:
    """Where an annotated assertion stands that the rules did not read."""
    if "value" in stated:
        return number_anchor(scene.sentence, Decimal(stated["value"]), "", used)
    return cue_anchor(scene.sentence, stated["kind"], "")


def right(stated: dict[str, Any], texts: Sequence[tuple[str, str]], own: list[str]) -> Iterator[tuple[str, list[int]]]:
    """For each slot the candidates that fill it rightly; for one that is not stated, none of them."""
    for slot in SLOTS:
        if slot not in stated:
            yield slot, [len(texts)]
        elif not (slot == "baseline" and stated["kind"] == "Value"):
            wordings = [stated[slot]] if isinstance(stated[slot], str) else stated[slot]
            yield slot, [n for n, each in enumerate(texts) if any(prose.same_name(w, text, own) for w in wordings for text in each)]


def fitted(examples: Sequence[Example]) -> dict[str, dict[str, float]]:
    return {slot: {f: round(w, 2) for f, w in slot_weights(examples, slot).items() if abs(w) >= LEAST} for slot in SLOTS}


def slot_weights(examples: Sequence[Example], slot: str) -> dict[str, float]:
    """The weights of the features of one slot, by L-BFGS."""
    taught = [e for e in examples if e.right.get(slot)]
    features = [e.taught() for e in taught]
    counts = Counter(feature for every in features for each in every for feature in set(each))
    column = {feature: n for n, feature in enumerate(sorted(f for f, count in counts.items() if count >= RAREST))}
    rows, columns, starts, positive, owner, size = [], [], [], [], [], 0
    for number, (example, every) in enumerate(zip(taught, features, strict=True)):
        starts.append(size)
        for n, each in enumerate(every):
            known = [column[f] for f in sorted(set(each)) if f in column]
            rows += [size] * len(known)
            columns += known
            positive.append(n in example.right[slot])
            owner.append(number)
            size += 1
    matrix = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(size, len(column)))
    counted = np.array([e.weight * (UNSTATED if e.right[slot] == [len(e.names) - 1] else 1.0) for e in taught])
    found = minimize(
        loss,
        np.zeros(len(column)),
        args=(matrix, np.array(positive), np.array(starts), np.array(owner), counted),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 150},
    )
    return {feature: float(found.x[n]) for feature, n in column.items() if not feature.startswith(APART)}


def loss(
    weight: np.ndarray, matrix: Any, positive: np.ndarray, starts: np.ndarray, owner: np.ndarray, counted: np.ndarray
) -> tuple[float, np.ndarray]:
    """The penalised negative log-likelihood and its gradient; a choice is right if any right candidate is chosen."""
    score = matrix @ weight
    exponential = np.exp(score - np.maximum.reduceat(score, starts)[owner])
    everything = np.add.reduceat(exponential, starts)
    wanted = np.add.reduceat(exponential * positive, starts) + 1e-12
    residual = exponential / everything[owner] - exponential * positive / wanted[owner]
    value = float((counted * (np.log(everything) - np.log(wanted))).sum() + 0.5 * PENALTY * weight @ weight)
    return value, matrix.T @ (residual * counted[owner]) + PENALTY * weight


def cross_validated(examples: Sequence[Example], folds: int) -> dict[str, dict[str, float]]:
    """Of the assertions whose number the rules found: how many have every stated slot right by the rules, and by the choice. Apart for the
    papers that the rules were developed on."""
    developed = {row["id"] for row in prose.rows(prose.FILE)}
    counts: dict[str, Counter[str]] = {"fresh": Counter(), "developed": Counter()}
    for fold in range(folds):
        weights = fitted([e for e in examples if e.weight < 1 or fold_of(e.paper, folds) != fold])
        for example in examples:
            if example.weight == 1 and fold_of(example.paper, folds) == fold and example.rule is not None:
                count(counts["developed" if example.paper in developed else "fresh"], example, weights)
    return {name: {key: number / c[total(key)] for key, number in sorted(c.items()) if key != total(key)} for name, c in counts.items()}


def fold_of(paper: str, folds: int) -> int:
    return int(hashlib.sha256(paper.encode()).hexdigest(), 16) % folds


def total(key: str) -> str:
    return f"{key.split('_')[0]}_n"


def count(counts: Counter[str], example: Example, weights: dict[str, dict[str, float]]) -> None:
    assert example.rule is not None
    judged = prose.judged(example.stated, example.rule, example.own)
    learned = dict(judged)
    for slot in SLOTS:
        if slot in judged:
            name = chosen(example.names, example.features, weights[slot])
            learned[slot] = any(example.names[n] == name for n in example.right[slot])
            counts.update({f"{slot}_n": 1, f"{slot}_rules": judged[slot], f"{slot}_chosen": learned[slot]})
    counts.update({"whole_n": 1, "whole_rules": all(judged.values()), "whole_chosen": all(learned.values())})


if __name__ == "__main__":
    main()
