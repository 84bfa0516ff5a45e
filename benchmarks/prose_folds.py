"""How well extraction reads papers that none of its weights have seen: the prose benchmark's figures, cross-validated by paper.

    python benchmarks/prose_folds.py --data ../shared/data --json

All three decisions are fitted on the other folds' papers and on the written sentences, and the fold's sentences are read as the product
reads them. Apart are the papers of `prose.toml` that the rules were developed on, for which the rules' part looks too good, the other real
papers' sentences with a decimal, a percentage or points, their other sentences, and SciTab's claims. No held-out paper is read.
"""

import argparse
import json
import re
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import fit_comparisons, fit_outcomes, fit_ranking
from benchmarks.annotated import Annotated, annotated
from benchmarks.fit_ranking import fold_of
from claimcheck.benchmarks import prose
from claimcheck.document import Location
from claimcheck.dossier import Claim
from claimcheck.extract import comparisons, features, outcomes, ranking

NUMBER = re.compile(r"\d\.\d|\d\s?%|\d points?")
GROUPS = ("table", "number", "other", "scitab")
WANTED = ("sentences", "value_f1", "assertion_precision", "assertion_recall", "assertion_f1", "negatives_claimed")
SLOTS = tuple(f"{slot}_right" for slot in features.SLOTS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with ProcessPoolExecutor(arguments.jobs) as pool:
        found = list(pool.map(partial(fold, arguments.data, arguments.folds), range(arguments.folds)))
    known = {row["id"] for row in prose.rows(prose.FILE)}
    counts = {name: prose.Counts() for name in GROUPS}
    for one, claim in (each for every in found for each in every):
        prose.count(counts[group(one, known)], one.row, True, claim, one.paper["own"])
    figures = {name: {wanted: each.figures("").get(wanted, 0.0) for wanted in (*WANTED, *SLOTS)} for name, each in counts.items()}
    if arguments.json:
        print(json.dumps(figures))
        return
    for name, each in figures.items():
        print(name, "  ".join(f"{wanted} {figure:.3f}" for wanted, figure in each.items()))


def group(one: Annotated, known: set[str]) -> str:
    """Which figures a sentence counts in."""
    if one.paper["id"] in known:
        return "table"
    if one.paper["id"].startswith("scitab"):
        return "scitab"
    return "number" if one.read.marked is not None and NUMBER.search(one.read.marked.text) else "other"


def fold(data: Path, folds: int, number: int) -> list[tuple[Annotated, Claim]]:
    """The sentences of one fold's papers as they are read by weights fitted on all others."""
    sentences = list(annotated(data))
    apart = [one for one in sentences if not one.written and fold_of(one.paper["id"], folds) == number]
    fit([one for one in sentences if one.written or fold_of(one.paper["id"], folds) != number])
    print(f"fold {number + 1} of {folds} fitted", file=sys.stderr, flush=True)
    return [(one, claim(one)) for one in apart]


def fit(sentences: Sequence[Annotated]) -> None:
    """Put weights fitted on these sentences in the place of those shipped, in this process."""
    read = [one for one in sentences if one.read.marked is not None]
    numbers = fit_outcomes.fitted([fit_outcomes.numbered(one) for one in read])
    outcomes.weights = lambda: numbers
    words = fit_comparisons.fitted([fit_comparisons.worded(one) for one in read])
    comparisons.weights = lambda: words
    names = fit_ranking.fitted(list(fit_ranking.examples_of(read)))
    ranking.weights = lambda: names


def claim(one: Annotated) -> Claim:
    """The sentence with every assertion that is read from it."""
    read = comparisons.compared(outcomes.decided(one.read, one.vocabulary), one.vocabulary)
    text = read.marked.text if read.marked is not None else "-"
    return Claim(number=1, sentence=text, where=Location(document="-"), assertions=ranking.refined(read, one.vocabulary).assertions)


if __name__ == "__main__":
    main()
