"""The commands on runs: what is listed, what differs, and whether a run made again is the same."""

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from claimcheck import reproduce
from claimcheck.cli import app
from repro.experiments import EXPERIMENTS
from repro.result import RunResult

RUN = RunResult(
    experiment=EXPERIMENTS["fwm"](seed=42, scale="smoke"),
    seed=42,
    scores={"p": 40.0},
    samples={"p": 100},
    correct={"p": 40},
    curves={"loss": [1.0, 0.5]},
    environment={"torch": "2"},
    code_version="abc",
)
OTHER = replace(RUN, experiment=EXPERIMENTS["fwm"](seed=239, scale="smoke"), seed=239, scores={"p": 41.0}, correct={"p": 41})
DIGESTS = [run.experiment.digest for run in (RUN, OTHER)]


@pytest.fixture
def folder(tmp_path):
    for run in (RUN, OTHER):
        place = tmp_path / "runs" / run.experiment.digest
        place.mkdir(parents=True)
        (place / "result.json").write_text(json.dumps(run.to_dict()))
    return tmp_path


def ran(*words):
    return CliRunner().invoke(app, ["runs", *map(str, words)])


def test_list_names_every_run(folder):
    lines = ran("list", "--workspace", folder).stdout.splitlines()
    assert [line.split()[0] for line in lines] == [DIGESTS[0], DIGESTS[1]]
    assert "p 40.00 (n 100)" in lines[0]


def test_show_takes_the_beginning_of_a_digest(folder):
    assert "fwm, seed 42, smoke scale: finished" in ran("show", DIGESTS[0][:6], "--workspace", folder).stdout
    document = json.loads(ran("show", DIGESTS[0], "--workspace", folder, "--json").stdout)
    assert document["scores"] == {"p": 40.0}


def test_diff_says_only_what_differs(folder):
    document = json.loads(ran("diff", *DIGESTS, "--workspace", folder, "--json").stdout)
    assert document["differs"] == {"seed": [42, 239], "scores.p": [40.0, 41.0]}
    assert "nothing differs" in ran("diff", DIGESTS[0], DIGESTS[0], "--workspace", folder).stdout


@pytest.mark.parametrize("words", [("show", "zz"), ("show", ""), ("redo", "zz")])
def test_unknown_or_ambiguous_run_is_one_line(folder, words):
    result = ran(*words, "--workspace", folder)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1


def test_runs_of_a_dossier_and_of_nothing(tmp_path):
    assert "no runs yet" in ran("list", "--workspace", tmp_path / "none").stdout
    assert ran("list", "--from", tmp_path / "none").exit_code == 3
    (tmp_path / "text.json").write_text("{}")
    refused = ran("import", tmp_path / "text.json")
    assert refused.exit_code == 3
    assert "text.json: no dossier (paper: Field required)" in refused.stderr
    assert "--from" not in refused.stderr  # which `import` does not have


def test_a_result_that_cannot_be_read_is_passed_over(folder):
    (folder / "runs" / "a" / "result.json").mkdir(parents=True)
    for name, content in (("b", b"{"), ("c", b"\xff"), ("d", b"[" * 100_000)):
        (folder / "runs" / name).mkdir()
        (folder / "runs" / name / "result.json").write_bytes(content)
    listed = ran("list", "--workspace", folder)
    assert listed.exit_code == 0
    assert len(listed.stdout.splitlines()) == 2
    assert len([line for line in listed.stderr.splitlines() if "cannot be read" in line]) == 4


@pytest.mark.parametrize(("change", "code"), [({}, 0), ({"curves": {"loss": [1.0, 0.6]}}, 7), ({"state": "failed", "reason": "no"}, 5)])
def test_redo_tells_the_same_numbers_from_others(folder, monkeypatch, change, code):
    monkeypatch.setattr(reproduce, "again", lambda *_: replace(RUN, **change))
    result = ran("redo", DIGESTS[0], "--workspace", folder, "--quiet")
    assert result.exit_code == code
    assert ("the same numbers" in result.stdout) == (not change)


def test_redo_says_when_the_code_is_another(folder, monkeypatch):
    monkeypatch.setattr(reproduce, "again", lambda *_: replace(RUN, code_version="def"))
    assert "made by other code (abc)" in ran("redo", DIGESTS[0], "--workspace", folder, "--quiet").stdout


def test_runs_that_were_taken_over_are_not_made_again(tmp_path):
    from repro.run import code_version, read_result
    from repro.sweep import run_folder

    same = replace(RUN, code_version=code_version())
    unlike = [replace(OTHER, code_version="abc"), replace(same, weights="00"), replace(same, state="failed", reason="a full disk")]
    assert reproduce.keep([same, *unlike], tmp_path) == 1
    assert read_result(run_folder(same.experiment, tmp_path)) == same
    assert reproduce.keep([replace(same, cost={"steps": 1.0})], tmp_path) == 0
    assert read_result(run_folder(same.experiment, tmp_path)) == same
