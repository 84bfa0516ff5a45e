"""The benches that read sentences against tables, and tables against tables."""

import json
from pathlib import Path

import pytest

from claimcheck import benchmarks
from claimcheck.benchmarks import arxiveri, real_claims, scitab

SHARED = Path(__file__).parents[3] / "shared" / "data"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared sets are not beside the checkout")


def row(number, claim, label, paper="1234.56789v1"):
    content = [["[BOLD] Net-A", "70.1"], ["Net-B", "<bold>75.0</bold>"]]
    return {
        "paper": "A paper",
        "paper_id": paper,
        "table_id": f"t{paper}",
        "id": str(number),
        "claim": claim,
        "label": label,
        "table_caption": "Table 1: Accuracy.",
        "table_column_names": ["Model", "[BOLD] Accuracy"],
        "table_content_values": content if paper.endswith("v1") else [["Oak", "1"], ["Elm", "2"]],
    }


def scitab_folder(place):
    rows = [
        row(1, "[CONTINUE] Net-B outperforms Net-A.", "supports"),
        row(2, "NET-A OUTPERFORMS NET-B.", "refutes"),
        row(3, "Net-A reaches an accuracy of 70.1.", "supports"),
        row(4, "Nets are old.", "not enough info", "1234.99999v2"),
    ]
    (place / "sci_tab.json").write_text(json.dumps(rows))
    return place


def test_scitab_scores_answers_and_its_blind_twin(tmp_path):
    found = benchmarks.run("scitab", scitab_folder(tmp_path))
    assert found["n"] == 4
    metrics = found["metrics"]
    assert (metrics["claims_with_numbers"], metrics["answered_precision"], metrics["two_class_macro_f1"]) == (1.0, 1.0, 1.0)
    assert metrics["blind_two_class_macro_f1"] < 0.5


def test_tables_are_dealt_to_other_papers(tmp_path):
    rows = json.loads((scitab_folder(tmp_path) / "sci_tab.json").read_text())
    papers = {r["table_id"]: r["paper_id"] for r in rows}
    for seed in range(5):
        dealt = scitab.deranged(rows, seed)
        assert sorted(dealt.values()) == sorted(papers)
        assert all(papers[own] != papers[other] for own, other in dealt.items())


def test_a_table_reference_is_no_number():
    assert not scitab.holds_number("as shown in table 3, bleu-2 drops")
    assert scitab.holds_number("it reaches 70.1")


def test_macro_f1_of_a_constant_answer():
    labels = ["supports"] * 3 + ["refutes"]
    assert scitab.macro_f1([(label, "supports") for label in labels], ("supports", "refutes")) == pytest.approx(0.75 / 1.75)


def arxiveri_folder(place):
    html = "<table><tr><td>Model</td><td>Top-1</td></tr><tr><td>Reed</td><td>79.83</td></tr><tr><td>Moss</td><td>81.42</td></tr></table>"
    cell = [{"rowIndex": 1, "colIndex": 1, "value": "79.83"}, {"rowIndex": 2, "colIndex": 1, "value": "81.42"}]
    files = {
        "source_papers/1.json": {"list_table_and_caption": [{"table": "<table></table>"}, {"table": html}]},
        "ground_truth/table_match/2v1/1.json": {"target_table": html, "source_table": html},
        "ground_truth/cell_match/2v1/1.json": [c for pair in zip(cell, cell, strict=True) for c in pair],
    }
    for name, content in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(json.dumps(content))
    return place


def test_arxiveri_scores_tables_and_cells(tmp_path):
    metrics = benchmarks.run("arxiveri", arxiveri_folder(tmp_path))["metrics"]
    assert (metrics["table_accuracy"], metrics["cell_f1"], metrics["cell_pairs"]) == (1.0, 1.0, 2.0)


@pytest.mark.shared
@needs_shared
def test_arxiveri_holds_its_bars():
    metrics = benchmarks.run("arxiveri", SHARED / "arxiveri")["metrics"]
    assert metrics["table_accuracy"] >= 0.80
    assert metrics["cell_f1"] >= 0.92


@pytest.mark.shared
@needs_shared
def test_scitab_refutes_with_care_and_reads_nothing_from_words_alone():
    metrics = benchmarks.run("scitab", SHARED / "scitab")["metrics"]
    assert metrics["answered_precision"] >= 0.90
    assert metrics["three_class_macro_f1"] > 0.381
    assert metrics["blind_two_class_macro_f1"] <= 0.54
    assert metrics["blind_three_class_macro_f1"] <= 0.373


@pytest.mark.shared
@needs_shared
def test_no_real_table_is_read_wrongly():
    wrong = [case for case in real_claims.judged(SHARED) if case.said not in ("open", case.truth)]
    assert wrong == []


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="jepa_README"):
        list(real_claims.judged(tmp_path))


def test_the_right_table_is_known_by_its_cells():
    tables = [
        arxiveri.parsed("<table><tr><td>a</td><td>1</td></tr></table>"),
        arxiveri.parsed("<table><tr><td>b</td><td>2</td></tr></table>"),
    ]
    assert arxiveri.position(tables, "<table><tr><td>b</td><td>2</td></tr></table>") == 1
    assert arxiveri.position(tables, "") is None
