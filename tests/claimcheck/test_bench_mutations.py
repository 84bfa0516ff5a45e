"""Planted errors: what is made is true or false as said, and the benchmark counts what the product says of it."""

import random
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from claimcheck import benchmarks
from claimcheck.benchmarks import mutations, planted
from claimcheck.benchmarks.plain_tables import Column, Score, columns
from claimcheck.dossier import Interval, Lexicon, Quantity, Verdict
from claimcheck.extract.lexicon import Vocabulary
from claimcheck.readers import latex

SHARED = Path(__file__).parents[3] / "shared" / "data"

TEX = rb"""\documentclass{article}\begin{document}\section{Results}
\begin{table}\caption{Exact match on the test sets.}
\begin{tabular}{lcc}\hline Model & SQuAD & TriviaQA \\ \hline
BiDAF & 68.0 & 40.3 \\ DrQA-2 & 70.7 & 52.9 \\ QANet & 73.6 & 55.1 \\ BERT-XL & 84.1 & 61.8 \\ \hline
\end{tabular}\end{table}\end{document}"""

SCORES = ("68.0", "70.7", "73.6", "84.1")
NAMES = ("BiDAF", "DrQA-2", "QANet", "BERT-XL")
COLUMN = Column(0, 1, "SQuAD", "", tuple(Score(n, Decimal(x), i) for i, (n, x) in enumerate(zip(NAMES, SCORES, strict=True), 1)))


def paper(folder: Path) -> Path:
    (folder / "1234.5678").mkdir()
    (folder / "1234.5678" / "1234.5678.tex").write_bytes(TEX)
    return folder


def test_planted_errors_are_found_and_true_twins_are_not(tmp_path):
    found = benchmarks.run("mutations", paper(tmp_path))
    metrics = found["metrics"]
    assert (metrics["papers"], metrics["twins_refuted"], metrics["verified_precision"]) == (1, 0, 1)
    assert found["n"] >= 15
    assert metrics["planted_found"] >= 0.9


def test_a_product_that_says_nothing_finds_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(mutations, "check", lambda dossier: dossier)
    metrics = benchmarks.run("mutations", paper(tmp_path))["metrics"]
    assert (metrics["planted_found"], metrics["twins_verified"]) == (0, 0)


def test_a_product_that_refutes_everything_is_not_precise(tmp_path, monkeypatch):
    def refute(dossier):
        return dossier.model_copy(update={"claims": tuple(c.model_copy(update={"numbers": Verdict.REFUTED}) for c in dossier.claims)})

    monkeypatch.setattr(mutations, "check", refute)
    metrics = benchmarks.run("mutations", paper(tmp_path))["metrics"]
    assert (metrics["planted_found"], metrics["refuted_precision"], metrics["twins_refuted"]) == (1, 0.5, 1)


def test_columns_are_those_whose_rows_and_benchmark_have_names():
    found = columns(latex.read(TEX, "p.tex"), Vocabulary(Lexicon()))
    assert [(c.dataset, [str(s.value) for s in c.scores]) for c in found] == [
        ("SQuAD", list(SCORES)),
        ("TriviaQA", ["40.3", "52.9", "55.1", "61.8"]),
    ]


@pytest.mark.parametrize("maker", planted.MAKERS, ids=lambda maker: maker.__name__)
def test_every_twin_differs_from_the_true_claim_in_one_place(maker):
    made = [p for seed in range(60) if (p := maker(COLUMN, random.Random(seed))) is not None]
    assert made
    for p in made:
        assert (p.true != p.false) or p.cells
        assert "{" not in p.true + p.false


def test_the_two_reckonings_of_what_a_printed_number_allows_agree():
    """Fractions here, decimals in the product: the same intervals, sums and overlaps for every pair of printed numbers."""
    draw = random.Random(0)
    for _ in range(500):
        a, b, c = (Decimal(draw.randint(0, 9999)).scaleb(-draw.randint(0, 3)) for _ in range(3))
        for x in (a, b):
            assert planted.reach(x) == tuple(Fraction(end) for end in Quantity(value=x).interval)
        difference = Quantity(value=a).interval - Quantity(value=b).interval
        assert planted.minus(a, b) == tuple(Fraction(end) for end in difference)
        stated = Quantity(value=c).interval
        assert planted.meet(planted.reach(c), planted.minus(a, b)) is stated.overlaps(Interval(*difference))


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the evaluation sets are not beside the checkout")
def test_shared_papers_give_columns_to_plant_in():
    sample = [p for name, p in zip(range(12), mutations.papers(SHARED), strict=False)]
    assert sum(len(columns(document, Vocabulary(Lexicon()))) for _, document in sample) > 0
