"""Fit the weights that link scores to leaderboards on the papers that are not held out, and write them.

    python benchmarks/fit_linking.py --data ../shared/data/axcell

Two conditional logits, each the maximum of its penalised likelihood: which entry a number belongs to, or none, and which of
an entry's numbers is the one the paper reports as its own. A gold score says which numbers are positives; where it stands
in several places the likeliest under the last weights counts. Numbers that share neither row nor column with one are negatives.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from claimcheck.benchmarks import axcell
from claimcheck.benchmarks.cells import canonical
from claimcheck.benchmarks.heldout import held_out
from claimcheck.extract.leaderboards import spelling
from claimcheck.extract.linking import CHOICE, FEATURES, Candidates, Reader, candidates, grouped, probabilities
from claimcheck.extract.taxonomy import Matrix, Taxonomy

PENALTY = 0.1
MOST_NEGATIVES = 60
ROUNDS = 3
LEAST = 0.2
PLACE = Path(__file__).resolve().parent.parent / "claimcheck" / "extract" / "linking.toml"
HEAD = """# Weights of the two logits of linking.py, fitted by benchmarks/fit_linking.py on the AxCell papers that are not held out.
# Positive speaks for a link, or for a choice. `nothing` is the utility of linking to no entry, `least` the probability below
# which an entry is not reported.
"""


class Paper:
    """A paper with its gold, as the fit sees it."""

    def __init__(self, reader: Reader, found: Candidates, gold: set[tuple[str, str, str, str]]) -> None:
        self.reader, self.found = reader, found
        self.values = [canonical(str(e.value.value)) for e in found.entered]
        column = {tuple(reader.taxonomy.triples[index]): number for number, index in enumerate(found.triples)}
        self.gold = [(column[entry[:3]], printed) for entry in sorted(gold) if entry[:3] in column for printed in printings(*entry[2:])]
        self.number = max(4, len(gold))


def printings(metric: str, score: str) -> Iterator[str]:
    """How a paper may print a leaderboard's score: as it stands there, or in percent what a leaderboard states as a share of one."""
    yield score
    if metric in spelling().fractions and re.fullmatch(r"0?\.\d+", score):
        yield canonical(str(Decimal(score) * 100))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    papers = list(developed(parser.parse_args().data))
    start = np.zeros(len(FEATURES) + 1)
    for name in ("dataset_label", "dataset_caption", "metric_label", "metric_caption", "task_abstract", "explained", "both_near"):
        start[FEATURES.index(name)] = 2.0
    for _ in range(ROUNDS):
        examples = [made for paper in papers if (made := link_examples(paper, start[:-1])) is not None]
        start = np.asarray(minimize(link_loss, start, args=(examples,), jac=True, method="L-BFGS-B", options={"maxiter": 150}).x)
    choices = [made for paper in papers for made in choice_examples(paper, start)]
    chosen = minimize(choice_loss, np.zeros(len(CHOICE)), args=(choices,), jac=True, method="L-BFGS-B").x
    lines = [HEAD, f"least = {LEAST}\n", "[link]", *(f"{n} = {x:.3f}" for n, x in zip((*FEATURES, "nothing"), start, strict=True))]
    lines += ["\n[choice]", *(f"{name} = {x:.3f}" for name, x in zip(CHOICE, chosen, strict=True))]
    PLACE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(papers)} papers, {sum(len(made[0]) for made in examples)} numbers, {len(choices)} choices -> {PLACE.name}")


def developed(data: Path) -> Any:
    gold = axcell.leaderboards(data)
    taxonomy = Taxonomy(axcell.taxonomy(gold), axcell.field())
    for paper, _, document in axcell.documents(data, gold):
        if not held_out(paper):
            reader = Reader(document, taxonomy)
            found = candidates(reader)
            if found is not None:
                yield Paper(reader, found, axcell.tuples(gold[paper]))


def link_examples(paper: Paper, link: Matrix) -> tuple[Matrix, Matrix, Matrix] | None:
    """Evidence of numbers, which entries each may be (the last is none), and how much each counts."""
    found = paper.found
    positive: dict[int, set[int]] = {}
    for column, value in paper.gold:
        hits = [number for number, printed in enumerate(paper.values) if printed == value]
        utility = found.evidence[hits, column] @ link if hits else np.zeros(0)
        for place, number in enumerate(hits):
            nearly = utility[place] >= utility.max() - 0.5
            if nearly and (len(value) > 2 or place == int(np.argmax(utility))):  # a short number stands in many places by chance
                positive.setdefault(number, set()).add(column)
    negative = negatives(found, sorted(positive))
    numbers = [*positive, *negative]
    if not numbers:
        return None
    wanted = np.zeros((len(numbers), len(found.triples) + 1))
    for row, number in enumerate(numbers):
        wanted[row, list(positive.get(number, {len(found.triples)}))] = 1.0
    counts = [1.0] * len(positive) + [0.5 * max(1, len(positive)) / max(1, len(negative))] * len(negative)
    return found.evidence[numbers], wanted, np.array(counts) / np.sqrt(max(4, len(positive)))


def negatives(found: Candidates, positive: Sequence[int]) -> list[int]:
    """Numbers that share neither row nor column with a gold score."""
    places = [(table, e.cell.row, e.cell.column) for table, e in zip(found.tables, found.entered, strict=True)]
    rows = {places[n][:2] for n in positive}
    columns = {(places[n][0], places[n][2]) for n in positive}
    free = [n for n, (table, row, column) in enumerate(places) if (table, row) not in rows and (table, column) not in columns]
    step = max(1, -(-len(free) // MOST_NEGATIVES))
    return free[::step]


def link_loss(weights: Matrix, examples: list[tuple[Matrix, Matrix, Matrix]]) -> tuple[float, Matrix]:
    """Penalised negative log likelihood and its gradient."""
    loss = PENALTY * float((weights[:-1] ** 2).sum())
    gradient = 2 * PENALTY * np.r_[weights[:-1], 0.0]
    for evidence, wanted, counts in examples:
        utility = np.concatenate([evidence @ weights[:-1], np.full((len(evidence), 1), weights[-1])], axis=1)
        raised = np.exp(utility - utility.max(axis=1, keepdims=True))
        shares = raised / raised.sum(axis=1, keepdims=True)
        hit = np.maximum((shares * wanted).sum(axis=1), 1e-12)
        loss -= float((counts * np.log(hit)).sum())
        slope = (shares - shares * wanted / hit[:, None]) * counts[:, None]
        gradient[:-1] += np.einsum("nt,ntf->f", slope[:, :-1], evidence)
        gradient[-1] += slope[:, -1].sum()
    return loss, gradient


def choice_examples(paper: Paper, weights: Matrix) -> list[tuple[Matrix, Matrix, float]]:
    shares = probabilities(paper.found, weights[:-1], float(weights[-1]))
    wanted: dict[int, set[str]] = {}
    for column, value in paper.gold:
        wanted.setdefault(column, set()).add(value)
    found = []
    for group in grouped(paper.reader, paper.found, shares):
        hits = np.array([paper.values[n] in wanted.get(group.entry, ()) for n in group.members], dtype=float)
        if hits.any() and not hits.all():
            found.append((group.choice, hits, 1 / np.sqrt(paper.number)))
    return found


def choice_loss(weights: Matrix, examples: list[tuple[Matrix, Matrix, float]]) -> tuple[float, Matrix]:
    loss, gradient = PENALTY * float((weights**2).sum()), 2 * PENALTY * weights
    for choice, hits, count in examples:
        utility = choice @ weights
        shares = np.exp(utility - utility.max())
        shares /= shares.sum()
        hit = max(1e-12, float((shares * hits).sum()))
        loss -= count * np.log(hit)
        gradient = gradient + count * choice.T @ (shares - shares * hits / hit)
    return loss, gradient


if __name__ == "__main__":
    main()
