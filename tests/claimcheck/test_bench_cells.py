import io
import json
import tarfile
from pathlib import Path

import pytest

from claimcheck import benchmarks
from claimcheck.benchmarks import cells
from claimcheck.benchmarks.heldout import held_out

SHARED = Path(__file__).parents[3] / "shared" / "data" / "axcell"

TEX = rb"""\begin{document}We reach 91.5 on SSv2 and 70.10 elsewhere.
\begin{tabular}{lc}Model & SSv2 \\ \hline Ours & \textbf{91.50} \\ Base & 88.2 \\ \end{tabular}\end{document}"""


def record(value: str, model: str = "Ours", task: str = "t") -> dict[str, str]:
    return {"task": task, "dataset": "SSv2", "metric": f"m{value}", "value": value, "model": model}


def folder(place: Path, records: list[dict[str, str]]) -> Path:
    """The data as it is shipped, with one paper."""
    (place / "pwc-leaderboards.json").write_text(json.dumps([{"arxiv_id": "1234.5678v1", "tables": [{"index": 0, "records": records}]}]))
    with tarfile.open(place / "latex.tar.xz", "w:xz") as archive:
        info = tarfile.TarInfo("latex/1234.5678v1.tex")
        info.size = len(TEX)
        archive.addfile(info, io.BytesIO(TEX))
    return place


def test_score_is_found_whatever_its_trailing_zeros(tmp_path):
    found = benchmarks.run("cells", folder(tmp_path, [record("91.5"), record("88.20")]))
    assert found["n"] == 1
    assert found["metrics"]["score_cell_recall"] == 1.0
    assert found["metrics"]["row_column_hit"] == 1.0


def test_score_only_in_prose_is_literal_but_not_found(tmp_path):
    metrics = benchmarks.run("cells", folder(tmp_path, [record("91.5"), record("70.1")]))["metrics"]
    assert (metrics["gold_literal"], metrics["score_cell_recall"]) == (2.0, 0.5)


def test_score_that_is_not_in_the_source_does_not_count(tmp_path):
    assert benchmarks.run("cells", folder(tmp_path, [record("91.5"), record("12.3")]))["metrics"]["gold_literal"] == 1.0


def test_wrong_row_is_no_hit():
    document = cells.latex.read(TEX, "p.tex")
    table = document.tables[0]
    score = next(cell for cell in table.cells if cell.text == "88.2")
    assert not cells.names(table, score, [cells.normal("Ours")])
    assert cells.names(table, score, [cells.normal("Base")])


def test_every_module_that_measures_is_registered():
    place = Path(benchmarks.__file__).parent
    measuring = {path.stem for path in place.glob("*.py") if "\ndef measure(" in path.read_text()}
    assert measuring == set(benchmarks.BENCHMARKS)


def test_unknown_benchmark_and_missing_data_are_told_apart(tmp_path):
    with pytest.raises(KeyError):
        benchmarks.run("nothing", tmp_path)
    with pytest.raises(FileNotFoundError):
        benchmarks.run("cells", tmp_path / "none")


def test_a_paper_is_held_out_whatever_its_version():
    assert {held_out(f"1901.0{number:04d}v1") == held_out(f"1901.0{number:04d}v7") for number in range(200)} == {True}
    assert 0.2 < sum(held_out(f"1901.0{number:04d}") for number in range(400)) / 400 < 0.5


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="axcell is not beside the checkout")
def test_gold_scores_stand_in_our_tables():
    assert benchmarks.run("cells", SHARED)["metrics"]["score_cell_recall_held_out"] >= 0.95
