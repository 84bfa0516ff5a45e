"""Dossiers on disk: whole or absent, one writer at a time, and never silently wrong."""

import math
import multiprocessing
import os
from pathlib import Path

import pytest

from claimcheck import files
from claimcheck.dossier import Dossier
from claimcheck.files import write_atomically
from claimcheck.judge import check
from claimcheck.workspace import Damaged, Locked, Workspace, to_json
from repro.experiments import EXPERIMENTS
from repro.result import RunResult


@pytest.fixture
def space(tmp_path):
    return Workspace(tmp_path / "ws")


def test_newest_dossier_is_the_current_one(space):
    assert space.current() is None
    for paper in ("a", "b"):
        space.write(Dossier(paper=paper))
    assert space.current().paper == "b"


def test_same_content_is_not_written_twice(space):
    assert space.write(Dossier(paper="a")) == space.write(Dossier(paper="a"))


def test_dossier_survives_its_file(space, study):
    checked = check(study)
    space.write(checked)
    assert space.current() == checked


def test_curve_of_a_diverged_run_survives_its_file(space):
    curves = {"loss": [1.0, float("nan"), float("inf")]}
    run = RunResult(experiment=EXPERIMENTS["fwm"](scale="smoke"), seed=239, state="nan_loss", reason="step 2", curves=curves)
    space.write(Dossier(paper="a", runs=(run,)))
    read = space.current().runs[0].curves["loss"]
    assert (read[0], math.isnan(read[1]), read[2]) == (1.0, True, math.inf)


def test_order_of_dossiers_is_numeric(space):
    for number in range(1, 12):
        space.write(Dossier(paper=str(number)))
    assert [int(path.stem) for path in space.dossiers()] == list(range(1, 12))


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"\xff\xfe", b'{"schema": "claimcheck/v2", "paper": "a"}', b'{"paper": 3}', b'{"paper": "a", "x": 1}']
)
def test_damaged_dossier_is_named(space, damage):
    path = space.write(Dossier(paper="a"))
    path.write_bytes(damage)
    with pytest.raises(Damaged, match=r"000001\.json"):
        space.current()


CALLS = ["mkstemp", "fsync", "replace"]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("existing", [None, b"old"])
def test_failure_at_any_step_leaves_the_old_file_and_no_other(tmp_path, monkeypatch, call, existing):
    path = tmp_path / "f"
    if existing:
        path.write_bytes(existing)

    def fails(*args, **kwargs):
        raise OSError(28, "No space left on device")

    owner = files.tempfile if call == "mkstemp" else files.os
    monkeypatch.setattr(owner, call, fails)
    with pytest.raises(OSError, match="No space left") as caught:
        write_atomically(path, b"new")
    assert caught.value.filename == str(path)
    assert [p.read_bytes() for p in tmp_path.iterdir()] == ([existing] if existing else [])


def test_written_file_has_the_usual_permissions(tmp_path):
    write_atomically(tmp_path / "f", b"x")
    assert (tmp_path / "f").stat().st_mode & 0o777 == 0o666 & ~files.umask()


def hold(folder: str, ready, release) -> None:
    with Workspace(Path(folder)).writing():
        ready.set()
        release.wait(30)


def test_second_writer_is_refused_and_a_dead_one_is_forgotten(space):
    spawn = multiprocessing.get_context("spawn")
    ready, release = spawn.Event(), spawn.Event()
    holder = spawn.Process(target=hold, args=(str(space.folder), ready, release))
    holder.start()
    assert ready.wait(30)
    with pytest.raises(Locked, match="another claimcheck command"), space.writing(wait=0.1):
        pass
    os.kill(holder.pid, 9)
    holder.join()
    with space.writing(wait=1.0):
        assert to_json(Dossier(paper="a"))


def add(folder: str, count: int) -> None:
    space = Workspace(Path(folder))
    for number in range(count):
        with space.writing():
            space.write(Dossier(paper=f"{os.getpid()}-{number}"))


def test_concurrent_writers_lose_nothing(space):
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=add, args=(str(space.folder), 10)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len({Dossier.model_validate_json(path.read_bytes()).paper for path in space.dossiers()}) == 40
