"""Starting one big run: what it leaves, and what it says when it cannot be made."""

import json

import pytest

from repro.datasets import sprites
from repro.launch.train import Narrator, main
from repro.pretrain import Progress
from repro.run import read_result

WORDS = ["mixed_baseline", "--scale", "smoke", "--steps", "2", "--device", "cpu"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("launch")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sprites.PROBE_SIZES, "smoke", (128, 64))
        assert main([*WORDS, "--folder", str(folder), "--recompute"]) == 0
    return folder


def test_the_run_is_pretrained_probed_and_says_how(made):
    result = read_result(made)
    assert result.state == "finished"
    assert result.environment["recompute"] == "true"
    assert result.environment["processes"] == "1"
    assert set(result.scores) == set(result.experiment.probe_epochs)
    assert json.loads((made / "experiment.json").read_bytes())["steps"] == 2


def test_a_folder_of_another_run_is_refused_in_one_line(made, capsys):
    assert main([*WORDS, "--folder", str(made), "--seed", "1"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "belongs to mixed_baseline" in line


def test_missing_data_is_said_in_one_line(tmp_path, capsys):
    assert main(["mixed_baseline", "--device", "cpu", "--folder", str(tmp_path), "--data-root", str(tmp_path / "nowhere")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_ctrl_c_says_how_to_go_on(tmp_path, capsys, monkeypatch):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("repro.launch.train.pretrain", interrupted)
    assert main([*WORDS, "--folder", str(tmp_path)]) == 130
    assert "goes on" in capsys.readouterr().err


def test_progress_tells_the_time_left(capsys):
    say = Narrator()
    for done in range(1, 4):
        say(Progress("pretraining", done, 4, 0.5))
    assert capsys.readouterr().err.splitlines()[-1] == "pretraining: 3 of 4, loss 0.5000, 0:00:00 left"


def test_an_unknown_name_is_answered_with_the_nearest(tmp_path, capsys):
    assert main(["mixed_baselin", "--folder", str(tmp_path)]) == 1
    assert "mixed_baseline" in capsys.readouterr().err
