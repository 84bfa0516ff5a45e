"""Checkpoints: whole or absent, and refused when damaged."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
import torch

from repro.checkpoint import POINTER, CheckpointDamaged, load, save, write_atomically


def state(value: float = 1.0) -> dict:
    return {"weights": {"w": torch.full((64, 64), value)}, "step": 3, "note": "a"}


def test_what_is_saved_is_loaded(tmp_path):
    save(tmp_path, state(2.5), step=3)
    loaded = load(tmp_path)
    assert torch.equal(loaded["weights"]["w"], torch.full((64, 64), 2.5))
    assert loaded["step"] == 3


def test_an_empty_folder_has_no_checkpoint(tmp_path):
    assert load(tmp_path) is None


def test_only_the_current_state_is_kept(tmp_path):
    for step in range(3):
        save(tmp_path, state(step), step)
    assert len(list(tmp_path.iterdir())) == 2
    assert load(tmp_path)["weights"]["w"][0, 0] == 2


@pytest.mark.parametrize("trial", range(20))
def test_one_flipped_bit_is_refused(tmp_path, trial):
    path = save(tmp_path, state(), step=1)
    content = bytearray(path.read_bytes())
    place = random.Random(trial).randrange(len(content))
    content[place] ^= 1 << trial % 8
    path.write_bytes(content)
    with pytest.raises(CheckpointDamaged, match="SHA-256"):
        load(tmp_path)


@pytest.mark.parametrize("pointer", [b"", b"{}", b'{"file": "gone", "sha256": "0"}', b"[1]"])
def test_a_damaged_pointer_is_refused(tmp_path, pointer):
    save(tmp_path, state(), step=1)
    (tmp_path / POINTER).write_bytes(pointer)
    with pytest.raises(CheckpointDamaged, match="does not lead to a checkpoint"):
        load(tmp_path)


def test_a_pickle_that_would_run_code_is_not_run(tmp_path):
    class Evil:
        def __reduce__(self):
            return (os.mkdir, (str(tmp_path / "ran"),))

    save(tmp_path, {"weights": Evil()}, step=1)
    with pytest.raises(Exception, match="Weights only"):
        load(tmp_path)
    assert not (tmp_path / "ran").exists()


def test_a_failed_write_leaves_the_old_content_and_no_debris(tmp_path, monkeypatch):
    write_atomically(tmp_path / "a.json", b"old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(tmp_path / "a.json", b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]
    assert (tmp_path / "a.json").read_bytes() == b"old"


def test_a_kill_while_saving_leaves_a_readable_checkpoint(tmp_path):
    """One process saves without pause and is killed four times at a random moment; what it leaves is one of the states it saved."""
    script = (
        "import sys, torch, pathlib; from repro.checkpoint import save\n"
        "folder, step = pathlib.Path(sys.argv[1]), int(sys.argv[2])\n"
        "print('go', flush=True)\n"
        "while True:\n"
        "    step += 1; save(folder, {'step': step, 'w': torch.full((256, 1024), float(step))}, step)\n"
    )
    rng, last = random.Random(0), 0
    for _ in range(4):
        child = subprocess.Popen([sys.executable, "-c", script, str(tmp_path), str(last)], stdout=subprocess.PIPE)
        child.stdout.readline()
        time.sleep(0.05 + rng.random() * 0.2)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        loaded = load(tmp_path)
        assert loaded is not None
        assert (loaded["w"] == loaded["step"]).all()
        assert loaded["step"] > last
        last = loaded["step"]
