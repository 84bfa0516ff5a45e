"""Verdicts on papers' own prose: counted, apart for the held-out third, and compared with what people saw who looked."""

import pytest

from claimcheck import benchmarks
from claimcheck.benchmarks import prose_verdicts
from claimcheck.benchmarks.heldout import held_out
from claimcheck.benchmarks.prose import fingerprint

TRUE, FALSE = "In Table 1, QANet achieves 73.6 on SQuAD.", "In Table 1, DrQA-2 achieves 84.1 on SQuAD."
TEX = rf"""\documentclass{{article}}\begin{{document}}\section{{Results}} {TRUE} {FALSE}
\begin{{table}}\caption{{Exact match on the test sets.}}
\begin{{tabular}}{{lcc}}\hline Model & SQuAD & TriviaQA \\ \hline
BiDAF & 68.0 & 40.3 \\ DrQA-2 & 70.7 & 52.9 \\ QANet & 73.6 & 55.1 \\ BERT-XL & 84.1 & 61.8 \\ \hline
\end{{tabular}}\end{{table}}\end{{document}}"""
DEVELOPED, HELD_OUT = "1234.0001", "1234.0003"


@pytest.fixture
def data(tmp_path):
    for name in (DEVELOPED, HELD_OUT):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.tex").write_text(TEX)
    return tmp_path


def test_the_papers_are_of_both_parts():
    assert [held_out(name) for name in (DEVELOPED, HELD_OUT)] == [False, True]


def test_refuted_claims_are_listed_without_their_sentences_and_only_of_developed_papers(data, monkeypatch):
    listed = data / "seen.toml"
    listed.write_text(
        f'[[seen]]\npaper = "{DEVELOPED}"\nsha256 = "{fingerprint(FALSE)}"\nverdict = "refuted"\nright = true\n'
        f'[[seen]]\npaper = "{DEVELOPED}"\nsha256 = "{fingerprint(TRUE)}"\nverdict = "verified"\nright = false\n'
    )
    monkeypatch.setitem(benchmarks.BENCHMARKS, "prose_verdicts", lambda data, limit: prose_verdicts.measure(data, limit, listed))
    found = benchmarks.run("prose_verdicts", data)
    assert found["cases"] == {"refuted": [{"paper": DEVELOPED, "claim": 2, "verifiers": ["tables", "arithmetic"], "right": True}]}
    metrics = found["metrics"]
    assert (found["n"], metrics["refuted_developed"], metrics["refuted_held_out"]) == (4, 1, 1)
    assert (metrics["refuted_precision_seen"], metrics["verified_precision_seen"]) == (1, 0)


def test_a_limit_stops_early(data):
    assert benchmarks.run("prose_verdicts", data, 1)["metrics"]["papers_held_out"] == 0


def test_what_was_looked_at_is_of_no_paper_held_out():
    assert not [paper for paper, *_ in prose_verdicts.seen(prose_verdicts.FILE) if held_out(paper)]
