"""The run matrix: nothing is run twice, nothing that fails stops the rest."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from repro.datasets import sprites
from repro.evaluate import random_encoder
from repro.experiment import Experiment
from repro.experiments import experiment
from repro.pretrain import Trainer
from repro.run import RESULT
from repro.sweep import SweepProgress, free_cores, run_folder, sweep
from tests.repro.tiny import SIZE


def tiny(name: str = "mixed_baseline", **changes: object) -> Experiment:
    run = replace(experiment(name, scale="smoke").with_steps(2), model=SIZE, batch_size=2, epochs=1)
    return replace(run, probe_epochs={"sprites_appearance": 1}, **changes)


@pytest.fixture(scope="module", autouse=True)
def small_probes():
    """Fewer labelled clips: these tests are about runs, not about scores."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sprites.PROBE_SIZES, "smoke", (128, 64))
        yield


def test_a_failing_run_is_recorded_and_the_rest_goes_on(tmp_path):
    broken = tiny(objectives=(replace(tiny("delta").objectives[0], name="no_such_term"),))
    results = sweep([broken, tiny()], tmp_path)
    assert [result.state for result in results] == ["failed", "finished"]
    assert "no objective 'no_such_term'" in results[0].reason


def test_equal_experiments_share_a_run_under_their_own_names(tmp_path):
    seen: list[SweepProgress] = []
    results = sweep([tiny(), replace(tiny(), name="other")], tmp_path, progress=seen.append)
    assert len(list(tmp_path.glob(f"*/{RESULT}"))) == 1
    assert [result.experiment.name for result in results] == ["mixed_baseline", "other"]
    assert results[0].scores == results[1].scores
    assert [(p.done, p.total) for p in seen] == [(1, 1)]


def test_runs_of_a_seed_and_size_share_the_untrained_encoder(tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr("repro.baselines.random_encoder", lambda experiment, **_: made.append(experiment) or random_encoder(experiment))
    one, other, third = sweep([tiny(), tiny("delta"), tiny(seed=1)], tmp_path)
    assert [experiment.seed for experiment in made] == [239, 1]
    assert one.untrained == other.untrained
    assert third.untrained.keys() == one.untrained.keys()


def test_a_second_sweep_finds_the_first(tmp_path, monkeypatch):
    first = sweep([tiny()], tmp_path)
    monkeypatch.setattr(Trainer, "__init__", None)
    seen: list[SweepProgress] = []
    assert sweep([tiny()], tmp_path, progress=seen.append) == first
    assert seen[0].state == "found"


def test_an_interrupted_sweep_continues_where_it_was(tmp_path):
    matrix = [tiny(), tiny(seed=1)]

    def stop(progress: SweepProgress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(matrix, tmp_path, progress=stop)
    made = (run_folder(matrix[0], tmp_path) / RESULT).stat().st_mtime_ns
    assert [result.state for result in sweep(matrix, tmp_path)] == ["finished", "finished"]
    assert (run_folder(matrix[0], tmp_path) / RESULT).stat().st_mtime_ns == made


def test_two_at_a_time_are_as_alone_and_one_that_fails_stops_no_other(tmp_path):
    foreign, fine = tiny(), tiny(seed=1)
    folder = run_folder(foreign, tmp_path)
    folder.mkdir(parents=True)
    (folder / "experiment.json").write_text(json.dumps(tiny(seed=3).to_dict()))
    results = sweep([foreign, fine], tmp_path, jobs=2)
    assert [result.state for result in results] == ["failed", "finished"]
    assert "belongs to" in results[0].reason
    assert results[1].curves["loss"] == sweep([fine], tmp_path / "alone")[0].curves["loss"]


def test_a_spent_budget_is_a_state(tmp_path):
    results = sweep([tiny()], tmp_path, budget_seconds=-1)
    assert results[0].state == "budget_exhausted"
    assert sweep([tiny()], tmp_path)[0].state == "finished"


def test_time_left_follows_the_pace(tmp_path):
    seen: list[SweepProgress] = []
    sweep([tiny(), tiny(seed=1)], tmp_path, progress=seen.append)
    assert seen[0].seconds_left > 0
    assert seen[1].seconds_left == 0


def test_at_least_one_core_is_free():
    assert free_cores() >= 1


def test_experiments_that_probe_one_untrained_encoder_share_its_scores(tmp_path, monkeypatch):
    one, other = (tiny(name, ema=None, probed_encoder="target") for name in ("delta", "hw"))
    first = sweep([one], tmp_path)[0]
    monkeypatch.setattr("repro.run.evaluate", None)
    second = sweep([other], tmp_path)[0]
    assert (second.scores, second.hits) == (first.scores, first.hits)
    assert second.experiment == other
    assert second.environment["same_encoder_as"] == one.digest
    assert second.cost["last_attempt_seconds"] == 0


LEADER = """
import json, sys, torch
from pathlib import Path
from repro.datasets import sprites
from repro.experiment import Experiment
from repro.sweep import sweep
if __name__ == "__main__":
    torch.set_num_threads(1)
    sprites.PROBE_SIZES["smoke"] = (128, 64)
    matrix = [Experiment.from_dict(one) for one in json.loads(sys.argv[1])]
    sweep(matrix, Path(sys.argv[2]), jobs=int(sys.argv[3]), progress=lambda at: print(at.state, flush=True))
"""


def lead(matrix: list[Experiment], folder: Path, jobs: int) -> subprocess.Popen:
    script = folder.parent / "leader.py"
    script.write_text(LEADER)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(script), json.dumps([one.to_dict() for one in matrix]), str(folder), str(jobs)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True)


def session(leader: int) -> list[str]:
    """States of the processes of a session that still live, as Linux tells; none elsewhere."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, _, number, *_ = path.read_text().rpartition(")")[2].split()
            found += [state] if int(number) == leader and state != "Z" else []
    return found


def test_a_killed_matrix_leaves_nothing_running_and_loses_nothing(tmp_path):
    matrix, folder = [tiny(), tiny(seed=1), tiny(seed=2)], tmp_path / "runs"
    leader = lead(matrix, folder, jobs=2)
    while leader.stdout.readline().strip() != "finished":
        assert leader.poll() is None
    os.kill(leader.pid, signal.SIGKILL)
    leader.communicate()
    time.sleep(0.5)
    assert session(leader.pid) == []
    kept = {path: path.stat().st_mtime_ns for path in folder.glob(f"*/{RESULT}")}
    assert kept
    results = sweep(matrix, folder)
    assert [result.state for result in results] == ["finished"] * 3
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert [result.curves["loss"] for result in results] == [result.curves["loss"] for result in sweep(matrix, tmp_path / "alone")]
