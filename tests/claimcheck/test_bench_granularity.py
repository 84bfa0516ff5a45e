"""The two benchmarks of possible scores, on data small enough to see through, and on the shared sets."""

import json
from pathlib import Path

import pytest

from claimcheck import benchmarks

SHARED = Path(__file__).parents[3] / "shared" / "data"
shared = pytest.mark.skipif(not SHARED.exists(), reason="the evaluation sets are not beside the checkout")

HEAD = "model,img_size,top1,top1_err,top5,top5_err\n"


def test_granularity_counts_what_is_impossible(tmp_path):
    (tmp_path / "results-imagenetv2-matched-frequency.csv").write_text(
        HEAD + "a,1,50.010,49.990,99.990,0.010\nb,1,50.015,49.985,90.000,10.000\n"
    )
    metrics = benchmarks.run("granularity", tmp_path)["metrics"]
    assert (metrics["scores_imagenet_v2"], metrics["false_flags"]) == (4, 1)
    assert metrics["chance_imagenet_v2"] == pytest.approx(0.1, abs=1e-3)
    assert metrics["power_imagenet_v2"] == pytest.approx(0.9, abs=0.03)


def test_granularity_without_any_file_says_so(tmp_path):
    with pytest.raises(FileNotFoundError):
        benchmarks.run("granularity", tmp_path)


@pytest.mark.parametrize(("specificity", "found"), [(0.7, 1), (0.8, 0)])
def test_impossible_row_is_found_and_a_possible_one_is_not(tmp_path, specificity, found):
    row = {"acc": 0.75, "sens": 0.6, "spec": specificity}
    wrong = [{"scores": row, "testset": {"p": 10, "n": 30}}] if found else []
    check = {"table": "t", "testset": {"p": 10, "n": 30}, "eps": 0.001}
    paper = {
        "title": "x",
        "tables": {"t": {k: [v] for k, v in row.items()}},
        "checks": [check],
        "flagged": wrong,
        "n_inconsistent_printed": found,
    }
    (tmp_path / "skin_lesion_papers.json").write_text(json.dumps([paper]))
    metrics = benchmarks.run("mlscorecheck", tmp_path)["metrics"]
    assert (metrics["impossible"], metrics["found"], metrics["false_flags"]) == (found, found, 0)


@pytest.mark.shared
@shared
def test_shared_scores_are_possible():
    found = benchmarks.run("granularity", SHARED)
    assert (found["n"], found["metrics"]["false_flags"]) == (6312, 0)


@pytest.mark.shared
@shared
def test_shared_impossible_rows_are_found_and_no_others():
    found = benchmarks.run("mlscorecheck", SHARED / "mlscorecheck")
    metrics = found["metrics"]
    assert (found["n"], metrics["impossible"], metrics["found"], metrics["false_flags"]) == (77, 6, 6, 0)
