"""One run: what it leaves, what it refuses, and that a kill at any moment changes nothing but the time it takes."""

import ast
import hashlib
import json
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from repro.baselines import FOLDER
from repro.checkpoint import POINTER
from repro.datasets import sprites
from repro.evaluate import random_encoder
from repro.experiment import Experiment
from repro.experiments import experiment
from repro.pretrain import CURVES, Trainer
from repro.run import (
    EXPERIMENT,
    RESULT,
    SCORES,
    VJEPA_LOG,
    _said,
    _without_docstrings,
    code_version,
    plan,
    read_result,
    run,
    run_untrained,
    run_weights,
    training_flops,
)
from tests.repro.tiny import SIZE

PROGRAM = """
import json, sys, torch
from pathlib import Path
from repro.experiment import Experiment
from repro.run import run
torch.set_num_threads(1)
folder = Path(sys.argv[1])
say = lambda progress: print(progress.phase, progress.done, flush=True)
run(Experiment.from_dict(json.loads((folder / "experiment.json").read_text())), folder, progress=say)
"""


def tiny(steps: int = 6, **changes: object) -> Experiment:
    run_ = replace(experiment("mixed_baseline", scale="smoke").with_steps(steps), model=SIZE, batch_size=4, epochs=3)
    return replace(run_, probe_epochs={"sprites_appearance": 1}, **changes)


@pytest.fixture(scope="module", autouse=True)
def small_probes():
    """Fewer labelled clips: these tests are about runs, not about scores."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sprites.PROBE_SIZES, "smoke", (128, 64))
        yield


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    return folder, run(tiny(), folder)


def test_a_run_leaves_all_that_it_promises(finished):
    folder, result = finished
    assert {path.name for path in folder.iterdir()} == {
        *(EXPERIMENT, CURVES, VJEPA_LOG, POINTER, RESULT, SCORES, FOLDER),
        "jepa-s0000006.pth.tar",
    }
    assert read_result(folder) == result
    assert result.state == "finished"
    assert result.samples == {"sprites_appearance": 64}
    assert set(result.curves) >= {"loss", "prediction", "context", "feature_std", "effective_rank", "encoder_grad_norm"}
    assert result.environment["torch"] == torch.__version__
    assert result.code_version == code_version()


def test_scores_lie_beside_the_result_with_protocol_interval_and_confusion(finished):
    folder, result = finished
    (score,) = json.loads((folder / SCORES).read_text()).values()
    assert score["correct"] == result.correct["sprites_appearance"] == sum(row[i] for i, row in enumerate(score["confusion"]))
    assert score["interval"][0] < score["percent"] < score["interval"][1]
    assert score["protocol"] == result.protocols["sprites_appearance"]
    assert score["protocol"].startswith("attentive on all tokens, AdamW 0.001")


def test_every_score_stands_beside_what_it_is_worth(finished):
    _, result = finished
    assert 64 / 12 <= result.majority["sprites_appearance"] < 20
    assert result.majority_class.keys() == result.scores.keys()
    assert result.untrained == {name: score.correct for name, score in random_encoder(tiny()).items()}


def test_the_log_has_the_columns_of_vjepa(finished):
    lines = (finished[0] / VJEPA_LOG).read_text().splitlines()
    assert lines[0] == "epoch,itr,loss,loss-jepa,reg-loss,enc-grad-norm,pred-grad-norm,gpu-time(ms),wall-time(ms)"
    assert len(lines) == 1 + tiny().steps
    assert lines[1].startswith("1,0,")


def test_a_finished_run_is_not_repeated(finished, monkeypatch):
    folder, result = finished
    monkeypatch.setattr(Trainer, "__init__", None)
    assert run(tiny(), folder) == result


def test_a_run_of_other_code_is_repeated(finished, tmp_path, monkeypatch):
    _, result = finished
    (tmp_path / RESULT).write_text(json.dumps(replace(result, code_version="old").to_dict()))
    assert run(tiny(), tmp_path).code_version == code_version()


def test_a_version_follows_what_code_does_and_not_how_it_is_written():
    def said(text):
        return _said(_without_docstrings(ast.parse(text)))

    one = said('def f(x):\n    """Twice x."""\n    return [2 * x, []]  # not thrice\n')
    assert one == said("def f(x): return [2*x, []]\n")
    assert one != said("def f(x): return [3*x, []]\n")
    assert one != said("def f(x): return [2*x]\n")
    assert said("x = None") != said("x = 0")


def test_a_folder_serves_one_experiment(finished):
    folder, _ = finished
    with pytest.raises(ValueError, match="belongs to mixed_baseline"):
        run(tiny(seed=1), folder)


def test_a_result_that_cannot_be_read_is_made_again(finished, tmp_path):
    (tmp_path / RESULT).write_text('{"experiment": ')
    assert run(tiny(), tmp_path).scores == finished[1].scores


def test_divergence_is_a_state_and_keeps_the_last_good_checkpoint(tmp_path, monkeypatch):
    advance = Trainer.advance

    def explode(self):
        if self.step == 3:
            self.jepa.encoder.patch_embed.proj.bias.data.fill_(float("inf"))
        return advance(self)

    monkeypatch.setattr(Trainer, "advance", explode)
    result = run(tiny(), tmp_path)
    assert result.state == "nan_loss"
    assert "step 4" in result.reason
    assert not result.scores
    assert json.loads((tmp_path / POINTER).read_text())["step"] == 2


def test_collapse_is_a_state_beside_the_scores(tmp_path, monkeypatch):
    monkeypatch.setattr("repro.pretrain.Health.collapsed", True)
    result = run(tiny(), tmp_path)
    assert result.state == "collapsed"
    assert result.scores


def test_a_damaged_checkpoint_fails_the_run_instead_of_restarting_it(tmp_path, finished):
    folder, _ = finished
    for path in folder.iterdir():
        if path.is_file() and path.name != RESULT:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    saved = tmp_path / "jepa-s0000006.pth.tar"
    saved.write_bytes(saved.read_bytes()[:-10])
    result = run(tiny(), tmp_path)
    assert result.state == "failed"
    assert "SHA-256" in result.reason


def test_missing_data_is_a_state(tmp_path):
    result = run(tiny(data={"sprite": 1.0}), tmp_path)
    assert result.state == "data_invalid"
    assert "did you mean 'sprites'" in result.reason


def test_a_full_disk_is_said_with_the_room_it_wants(tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("repro.checkpoint.torch.save", full)
    result = run(tiny(), tmp_path)
    assert result.state == "failed"
    assert "No space left on device" in result.reason
    assert f"{plan(tiny()).disk_bytes:,} bytes" in result.reason


def start(folder: Path) -> subprocess.Popen:
    folder.mkdir(exist_ok=True)
    (folder / EXPERIMENT).write_text(json.dumps(tiny(steps=30).to_dict()))
    return subprocess.Popen([sys.executable, "-c", PROGRAM, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_for(child: subprocess.Popen, line: str) -> None:
    while child.stdout.readline().strip() != line:
        assert child.poll() is None, child.stderr.read()


def test_a_run_that_was_killed_and_terminated_ends_with_the_same_numbers(tmp_path):
    straight = run(tiny(steps=30), tmp_path / "straight")
    for number, step in ((signal.SIGKILL, 4), (signal.SIGTERM, 17)):
        child = start(tmp_path / "stopped")
        wait_for(child, f"pretraining {step}")
        time.sleep(random.Random(step).random() * 0.02)
        child.send_signal(number)
        rest, _ = child.communicate()
        assert "pretraining 30" not in rest
        assert not (tmp_path / "stopped" / RESULT).exists()
    again = run(tiny(steps=30), tmp_path / "stopped")
    assert again.scores == straight.scores
    assert again.curves == straight.curves


def test_an_encoder_that_never_trains_is_probed_without_training(tmp_path):
    released = replace(experiment("kinematic_as_released", scale="smoke").with_steps(2), model=SIZE, batch_size=4, epochs=1)
    released = replace(released, probe_epochs={"sprites_motion": 2})
    untrained = run_untrained(released, tmp_path / "untrained")
    assert untrained.scores == run(released, tmp_path / "trained").scores
    assert untrained.cost["steps"] == 0
    assert untrained.untrained == untrained.correct
    with pytest.raises(ValueError, match="is trained"):
        run_untrained(tiny(), tmp_path / "other")


def test_flops_are_those_worked_out_for_the_paper():
    """0.89 TFLOP per clip for the baseline, 1.61 without EMA."""
    assert training_flops(experiment("mixed_baseline")) == pytest.approx(0.8876e12, rel=2e-3)
    assert training_flops(experiment("kinematic")) == pytest.approx(1.61e12, rel=5e-3)


def test_a_plan_estimates_disk_from_what_is_saved(finished):
    folder, _ = finished
    saved = (folder / "jepa-s0000006.pth.tar").stat().st_size
    assert plan(tiny()).disk_bytes == pytest.approx(2 * saved, rel=0.5)


def test_a_plan_measures_time_only_when_asked():
    assert plan(tiny()).seconds is None
    assert plan(tiny(), measure=True).seconds > 0


def test_a_checkpoint_is_probed_in_place_of_training(finished, tmp_path):
    folder, result = finished
    (weights,) = folder.glob("*.pth.tar")
    probed = run_weights(tiny(), weights, tmp_path)
    assert (probed.scores, probed.hits) == (result.scores, result.hits)
    assert probed.weights == hashlib.sha256(weights.read_bytes()).hexdigest()
    assert probed.facts["embedding_dim"] == SIZE.width
    assert probed.cost["steps"] == 0


def test_weights_that_do_not_fit_are_refused_by_name(finished, tmp_path):
    (weights,) = finished[0].glob("*.pth.tar")
    with pytest.raises(ValueError, match="do not fit Encoder"):
        run_weights(tiny(model=replace(SIZE, depth=8)), weights, tmp_path)


@pytest.mark.parametrize("name", ["text.pth.tar", "text.safetensors", "empty.pth.tar"])
def test_a_file_that_holds_no_weights_is_refused_in_one_line(tmp_path, name):
    (tmp_path / name).write_text("" if name.startswith("empty") else "no weights")
    with pytest.raises(ValueError, match="is no file of weights") as error:
        run_weights(tiny(), tmp_path / name, tmp_path / "run")
    assert "\n" not in str(error.value)
