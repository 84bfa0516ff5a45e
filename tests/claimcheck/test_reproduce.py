"""From a request to runs: which, in what order, with whose weights, at what cost."""

from dataclasses import replace

import pytest

from claimcheck.dossier import Dossier
from claimcheck.gather import gather
from claimcheck.reproduce import Plan, Request, Unusable, checkpoints, matrix, plan, with_runs, work
from repro.experiments import EXPERIMENTS
from repro.result import RunResult


@pytest.fixture(scope="module")
def dossier() -> Dossier:
    return gather(None)


def names(experiments):
    return [(e.name, e.seed, e.scale) for e in experiments]


def test_first_claim_comes_first_and_shared_runs_once(dossier):
    made = matrix(dossier, Request(claims=[8, 3], seeds=2))
    assert [name for name, _, _ in names(made)[:4]] == ["mixed_baseline", "fwm_ld"] * 2
    assert [name for name, _, _ in names(made)].count("mixed_baseline") == 2
    assert {seed for _, seed, _ in names(made)} == {239, 42}


def test_only_takes_some_of_them_and_refuses_others(dossier):
    assert names(matrix(dossier, Request(claims=[8], only=("fwm_ld",)))) == [("fwm_ld", 239, "smoke")]
    with pytest.raises(Unusable, match="did you mean 'fwm_ld'"):
        matrix(dossier, Request(claims=[8], only=("fwm_l",)))


def test_untrained_encoder_is_also_run_as_published_where_the_claim_speaks_of_its_probe(dossier):
    published = [e for e in matrix(dossier, Request(claims=[9])) if e.scale == "paper"]
    assert [(e.name, e.probe_epochs) for e in published] == [("kinematic_as_released", {"motion8": 100})]
    assert not [e for e in matrix(dossier, Request(claims=[2])) if e.scale == "paper"]


def test_each_claim_has_something_to_run(dossier):
    for claim in dossier.claims:
        assert matrix(dossier, Request(claims=[claim.number])), claim.number


def test_checkpoints_are_found_by_name(dossier, tmp_path):
    made = matrix(dossier, Request(claims=[8], seeds=2))
    (tmp_path / "fwm_ld.pth.tar").touch()
    assert checkpoints(made, [str(tmp_path)]) == {"fwm_ld": tmp_path / "fwm_ld.pth.tar"}
    assert checkpoints(made, [f"mixed_baseline={tmp_path / 'fwm_ld.pth.tar'}"]) == {"mixed_baseline": tmp_path / "fwm_ld.pth.tar"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("{folder}/none.pth.tar", "no such file or folder"),
        ("{folder}/some.pth.tar", "which of mixed_baseline, fwm_ld"),
        ("hw={folder}/some.pth.tar", "hw is no experiment of these claims"),
        ("{folder}", "no checkpoint of mixed_baseline, fwm_ld in it"),
    ],
)
def test_checkpoint_that_fits_nothing_is_refused(dossier, tmp_path, given, said):
    (tmp_path / "some.pth.tar").touch()
    with pytest.raises(Unusable, match=said):
        checkpoints(matrix(dossier, Request(claims=[8])), [given.format(folder=tmp_path)])


def test_one_checkpoint_is_one_seed(dossier, tmp_path):
    (tmp_path / "fwm_ld.pth.tar").touch()
    asked = work(dossier, Request(claims=[8], seeds=3, checkpoints=(str(tmp_path),)))
    assert [e.seed for e in asked.experiments if e.name == "fwm_ld"] == [239]
    assert len([e for e in asked.experiments if e.name == "mixed_baseline"]) == 3


def test_unknown_device_is_refused(dossier):
    with pytest.raises(Unusable, match="--device tpu"):
        work(dossier, Request(claims=[8], device="tpu"))


def test_plan_leaves_out_training_that_touches_nothing(dossier, tmp_path, monkeypatch):
    monkeypatch.setattr("claimcheck.reproduce.measured_speed", lambda *_: (1e9, "measured"))
    planned = plan(dossier, Request(claims=[9], only=("kinematic_as_released", "ucf101_baseline"), jobs=1), tmp_path)
    by_name = {row["experiment"]: row for row in planned.rows}
    assert by_name["kinematic_as_released"]["steps"] == 0
    assert by_name["ucf101_baseline"]["seconds"] == pytest.approx(by_name["ucf101_baseline"]["flops"] / 1e9)
    assert "3 runs at smoke scale, 0 of them finished" in planned.text()


def test_plan_without_a_measured_step_says_so():
    row = {"experiment": "fwm", "seed": 1, "scale": "paper", "steps": 9, "flops": 1.0, "disk_bytes": 1, "finished": False}
    planned = Plan([1], "paper", [{**row, "seconds": None, "digest": "d"}], [], "no step could be timed: no data", 1)
    assert "time not known" in planned.text()
    assert planned.text().endswith("no data")


def test_runs_of_a_checkpoint_stand_beside_trained_ones(dossier):
    run = RunResult(experiment=EXPERIMENTS["fwm"](seed=1, scale="smoke"), seed=1, scores={"p": 1.0})
    probed = replace(run, weights="abc")
    both = with_runs(with_runs(dossier, [probed]), [run])
    assert both.runs == (run, probed)
    assert with_runs(both, [replace(run, scores={"p": 2.0})]).runs[0].scores == {"p": 2.0}
