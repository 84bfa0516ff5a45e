"""Fit the weights by which extraction decides which numbers are results, and write them; or say how well it decides.

    python benchmarks/fit_outcomes.py --data ../shared/data
    python benchmarks/fit_outcomes.py --data ../shared/data --folds 5

A softmax over the features of each number of the annotated sentences (`benchmarks/annotated.py`), the maximum of its penalised likelihood.
Each number is also learned without what the rules said, with half the weight, so that its words are learned too; of sentences that the
rules were developed on, what they said is told apart, for there they look too good. With --folds nothing is written: each fold's papers
are judged by weights fitted on the others.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.annotated import Annotated, annotated
from benchmarks.fit_ranking import fold_of
from claimcheck.benchmarks import prose
from claimcheck.document import Location
from claimcheck.dossier import Claim
from claimcheck.extract.number_features import Part, features, numbers, ruled
from claimcheck.extract.outcomes import CLASSES, asserted, choose, class_of, likelihoods
from claimcheck.extract.quantities import Amount

PENALTY = 8.0
RAREST = 5
"""Numbers that must have a feature for it to be fitted."""

LEAST = 0.1
"""A feature whose weights lie within this is left out."""

BLIND = 0.5
"""The weight of a number's copy without what the rules said."""

INVENTED = 0.1
"""How much a number counts that no real paper prints: at 0.4 more that are no results are taken for some."""

PLACE = Path(__file__).resolve().parent.parent / "claimcheck" / "extract" / "outcomes.json"
Place = tuple[int, Part]
Prepared = TypeVar("Prepared")
Row = tuple[list[str], tuple[int, ...], float]
"""The features of a case, the classes that are right, and how much it counts."""


@dataclass
class Numbered:
    """An annotated sentence, its numbers with their features, and the classes that are right for each."""

    source: Annotated
    asked: list[tuple[Amount, Part, list[str]]]
    right: list[tuple[int, ...]]


def main() -> None:
    fit_or_judge(__doc__, PLACE, numbered, fitted, cross_validated)


def fit_or_judge(
    about: str | None,
    place: Path,
    prepare: Callable[[Annotated], Prepared],
    fit: Callable[[Sequence[Prepared]], Mapping[str, Sequence[float]]],
    judge: Callable[[Sequence[Prepared], int], Mapping[str, Any]],
) -> None:
    """The command: fit on all sentences and write the weights, or with --folds say how well weights fitted so decide."""
    parser = argparse.ArgumentParser(description=(about or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=0, help="cross-validate by paper and write nothing")
    arguments = parser.parse_args()
    sentences = [prepare(one) for one in annotated(arguments.data) if one.read.marked is not None]
    print(f"{len(sentences)} sentences", file=sys.stderr)
    if arguments.folds:
        print(json.dumps(judge(sentences, arguments.folds), indent=2))
        return
    place.write_text(written(fit(sentences)), encoding="utf-8")
    print(f"wrote {place.name}", file=sys.stderr)


def numbered(one: Annotated) -> Numbered:
    assert one.read.marked is not None
    asked = features(one.read.marked, one.read.assertions, one.vocabulary)
    allowed = labels(one)
    return Numbered(one, asked, [tuple(sorted(allowed.get((amount.start, part), {0}))) for amount, part, _ in asked])


def labels(one: Annotated) -> dict[Place, set[int]]:
    """The classes that the annotation allows each number that is a result: of "either" both signs."""
    assert one.read.marked is not None
    where = {id(rule): place for place, made in ruled(one.read.marked, one.read.assertions).items() for rule in made}
    stated = [g for g in one.row.get("says", []) if "value" in g]
    paired = {id(g): rule for g, rule in prose.matched(stated, one.read.assertions, one.paper["own"])}
    allowed: dict[Place, set[int]] = {}
    for g in stated:
        place = where.get(id(paired.get(id(g)))) or located(one, g, allowed)
        if place is not None:
            allowed.setdefault(place, set()).update(classes_of(g))
    return allowed


def classes_of(stated: Mapping[str, Any]) -> set[int]:
    sign = stated.get("sign", "")
    if stated["kind"] == "Range" and not sign:
        return {1, 2, 3}
    if stated["kind"] == "Value" or not sign:
        return {1}
    return {2, 3} if sign == "either" else {CLASSES.index(sign)}


def located(one: Annotated, stated: Mapping[str, Any], taken: Mapping[Place, Any]) -> Place | None:
    """The number that an annotation speaks of: the first of its value, rather one of its unit and role that no other has."""
    assert one.read.marked is not None
    value = Decimal(stated["value"])
    fitting = [(a, part) for a, part in numbers(one.read.marked) if abs(a.value if part == "value" else a.was or 0) == value]

    def rank(found: tuple[Amount, Part]) -> tuple[bool, bool, bool, bool, int]:
        amount, part = found
        used, bounded = (amount.start, part) in taken, ("high" in stated) != (amount.high is not None)
        return used, amount.role != "amount", bounded, stated.get("unit", "") != amount.unit, amount.start

    best = min(fitting, key=rank, default=None)
    return (best[0].start, best[1]) if best is not None else None


def fitted(sentences: Sequence[Numbered]) -> dict[str, list[float]]:
    """The weight of each feature for each class."""
    rows: list[Row] = []
    for one in sentences:
        for (_, _, names), right in zip(one.asked, one.right, strict=True):
            rows += taught(names, right, one.source, INVENTED)
    return softmax_weights(rows, len(CLASSES))


def taught(names: list[str], right: tuple[int, ...], source: Annotated, invented: float) -> list[Row]:
    """One case, and its copy without what the rules said; on sentences the rules were developed on, what they said told apart."""
    more = [f"developed:{name}" for name in names if "R:" in name] if source.developed else []
    weight = invented if source.written else 1.0
    return [([*names, *more], right, weight), ([name for name in names if "R:" not in name], right, BLIND * weight)]


def softmax_weights(rows: Sequence[Row], classes: int) -> dict[str, list[float]]:
    """The weights under which the right classes are likeliest, those that hardly matter left out."""
    counts = Counter(name for names, _, _ in rows for name in names)
    column = {name: n for n, name in enumerate(sorted(name for name, count in counts.items() if count >= RAREST))}
    cells = [(row, column[name]) for row, (names, _, _) in enumerate(rows) for name in names if name in column]
    matrix = sparse.csr_matrix((np.ones(len(cells)), tuple(zip(*cells, strict=True))), shape=(len(rows), len(column)))
    right = np.zeros((len(rows), classes))
    for row, (_, admitted, _) in enumerate(rows):
        right[row, list(admitted)] = 1
    counted = np.array([weight for _, _, weight in rows])[:, None]
    start, options = np.zeros(len(column) * classes), {"maxiter": 100}
    found = minimize(loss, start, args=(matrix, right, counted), jac=True, method="L-BFGS-B", options=options)
    weights = found.x.reshape(len(column), classes)
    kept = {name: n for name, n in column.items() if not name.startswith("developed:") and np.ptp(weights[n]) > LEAST}
    return {name: [float(w) for w in weights[n]] for name, n in kept.items()}


def loss(flat: np.ndarray, matrix: Any, right: np.ndarray, counted: np.ndarray) -> tuple[float, np.ndarray]:
    """The penalised negative log-likelihood and its gradient; where several classes are right, their sum."""
    weights = flat.reshape(matrix.shape[1], right.shape[1])
    scores = matrix @ weights
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    everything, good = powers.sum(axis=1, keepdims=True), (powers * right).sum(axis=1, keepdims=True) + 1e-12
    gradient = matrix.T @ (counted * (powers / everything - powers * right / good)) + PENALTY * weights
    return float((counted * (np.log(everything) - np.log(good))).sum() + PENALTY / 2 * (flat @ flat)), gradient.ravel()


def written(weights: Mapping[str, Sequence[float]]) -> str:
    """The weights as JSON, one feature a line."""
    lines = (f"{json.dumps(name)}: {json.dumps([round(w, 2) for w in each])}" for name, each in sorted(weights.items()))
    return "{\n" + ",\n".join(lines) + "\n}\n"


def cross_validated(sentences: Sequence[Numbered], folds: int) -> dict[str, dict[str, float]]:
    """The prose benchmark's figures by the rules alone and by the decision, on papers that the fold's weights have not seen."""
    known = {row["id"] for row in prose.rows(prose.FILE)}
    counts = {(part, by): prose.Counts() for part in ("fresh", "developed") for by in ("rules", "decision")}
    for fold in range(folds):
        weights = fitted([s for s in sentences if s.source.written or fold_of(s.source.paper["id"], folds) != fold])
        for one in sentences:
            if not one.source.written and fold_of(one.source.paper["id"], folds) == fold:
                part = "developed" if one.source.paper["id"] in known else "fresh"
                tally(counts[part, "rules"], one, one.source)
                tally(counts[part, "decision"], one, decided_by(one, weights))
    wanted = ("value_precision", "value_recall", "value_f1", "negatives_claimed")
    return {f"{part}_{by}": {name: c.figures("")[name] for name in wanted} for (part, by), c in counts.items()}


def decided_by(one: Numbered, weights: Mapping[str, Sequence[float]]) -> Annotated:
    """The sentence as the decision leaves it."""
    source = one.source
    assert source.read.marked is not None
    made = ruled(source.read.marked, source.read.assertions)
    chosen = {}
    for (amount, part, _), chances in zip(one.asked, likelihoods(one.asked, weights), strict=True):
        rules = made.get((amount.start, part))
        chosen[amount.start, part] = choose(chances, class_of(rules[0]) if rules else "none")
    return replace(source, read=replace(source.read, assertions=tuple(asserted(source.read, chosen, source.vocabulary))))


def tally(counts: prose.Counts, one: Numbered, after: Annotated) -> None:
    assert after.read.marked is not None
    claim = Claim(number=1, sentence=after.read.marked.text, where=Location(document="-"), assertions=after.read.assertions)
    prose.count(counts, one.source.row, True, claim, one.source.paper["own"])


if __name__ == "__main__":
    main()
