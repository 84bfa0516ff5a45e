"""The pretraining loop: it learns, it stops where it must, and it never notices that it was interrupted."""

import json
import os
import random
import subprocess
import sys
import threading
import time
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from repro import checkpoint
from repro import pretrain as pretraining
from repro.datasets import DataMissing
from repro.experiment import Experiment, Term
from repro.experiments import experiment
from repro.pretrain import (
    CURVES,
    Diverged,
    Engine,
    ReadAhead,
    Saving,
    Trainer,
    grad_norm,
    health,
    initial_networks,
    keep_rows,
    pretrain,
    read_curves,
)
from tests.repro.tiny import SIZE


def tiny(name: str = "mixed_baseline", steps: int = 6, **changes: object) -> Experiment:
    """A run of a few steps of four clips, in three epochs."""
    return replace(experiment(name, scale="smoke").with_steps(steps), model=SIZE, batch_size=4, epochs=3, **changes)


def weights(trainer: Trainer) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in trainer.jepa.state_dict().items()}


def equal(one: dict, other: dict) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[key], other[key]) for key in one)


def test_training_lowers_the_loss_and_keeps_the_rank(tmp_path):
    run = replace(experiment("mixed_baseline", scale="smoke").with_steps(60), epochs=4, batch_size=8)
    pretrain(run, tmp_path)
    rows = read_curves(tmp_path / CURVES)
    first, last = rows[:10], rows[-10:]
    assert sum(row["prediction"] for row in last) < 0.5 * sum(row["prediction"] for row in first)
    assert rows[-1]["effective_rank"] > 5
    assert rows[-1]["feature_std"] > 0.05


def test_the_same_seed_gives_the_same_networks_and_leaves_the_global_random_state():
    before = torch.get_rng_state()
    one, other = initial_networks(tiny()), initial_networks(tiny())
    assert equal(one.state_dict(), other.state_dict())
    assert torch.equal(before, torch.get_rng_state())
    assert not equal(one.state_dict(), initial_networks(tiny(seed=1)).state_dict())


# sigreg draws its directions by a counter, latent dynamics has a head, kinematic trains without EMA: each has state of its own
@pytest.mark.parametrize("name", ["mixed_baseline", "fwm_hw_ld", "sigreg", "kinematic", "kinematic_2gpu", "amg"])
def test_a_resumed_run_is_bit_identical(tmp_path, name):
    run = replace(tiny(name), steps=6)
    straight = pretrain(run, folder(tmp_path, "straight"))
    trainer = Trainer(run)
    for _ in range(3):
        trainer.advance()
    checkpoint.save(folder(tmp_path, "resumed"), trainer.state(), trainer.step)
    torch.manual_seed(99)
    resumed = pretrain(run, tmp_path / "resumed")
    assert equal(weights(straight), weights(resumed))
    assert equal(flat(straight), flat(resumed))


def flat(trainer: Trainer) -> dict[str, torch.Tensor]:
    """The optimiser's state by parameter number."""
    state = trainer.optimizer.state_dict()["state"]
    return {f"{number}.{key}": value for number, entry in state.items() for key, value in entry.items()}


def folder(parent, name):
    path = parent / name
    path.mkdir()
    return path


def test_a_checkpoint_of_another_experiment_is_refused(tmp_path):
    pretrain(tiny(), tmp_path)
    with pytest.raises(ValueError, match="cannot continue"):
        pretrain(tiny(seed=1), tmp_path)


@pytest.mark.parametrize("at", [1, 3, 6])
def test_nan_stops_before_it_reaches_the_weights(tmp_path, at, monkeypatch):
    draw = Trainer.batch

    def poisoned(self, rank, step):
        clips, masks = draw(self, rank, step)
        return (clips * float("nan") if step + 1 == at else clips), masks

    monkeypatch.setattr(Trainer, "batch", poisoned)
    trainer = Trainer(tiny())
    for _ in range(at - 1):
        trainer.advance()
    with pytest.raises(Diverged, match=f"step {at} "):
        trainer.advance()
    assert trainer.step == at - 1
    assert all(value.isfinite().all() for value in weights(trainer).values())


def test_collapse_is_measured():
    encoder = initial_networks(tiny()).encoder
    clips = torch.randn(8, 3, 8, 32, 32, generator=torch.Generator().manual_seed(0))
    assert not health(encoder, clips).collapsed
    for norm in encoder.norms_block:
        norm.weight.data.zero_()
    assert health(encoder, clips).collapsed


def test_without_ema_the_target_never_moves():
    trainer = Trainer(tiny("kinematic"))
    before = {name: value.clone() for name, value in trainer.jepa.target.state_dict().items()}
    trainer.advance()
    assert equal(before, trainer.jepa.target.state_dict())
    assert not equal(before, trainer.jepa.encoder.state_dict())


def test_the_probed_encoder_is_the_one_the_experiment_names():
    described, released = Trainer(tiny("kinematic")), Trainer(tiny("kinematic_as_released"))
    assert described.probed_encoder is described.jepa.encoder
    assert released.probed_encoder is released.jepa.target


def test_ranks_are_averaged():
    """Two ranks of two clips take the mean of the two ranks' gradients."""
    both, steps = Trainer(tiny(ranks=2)), []
    for rank in range(2):
        alone = Trainer(tiny(ranks=2))
        alone._accumulate(rank)
        steps.append(alone.jepa.encoder.patch_embed.proj.weight.grad)
    for rank in range(2):
        both._accumulate(rank)
    assert torch.allclose(both.jepa.encoder.patch_embed.proj.weight.grad, steps[0] + steps[1], atol=1e-7)
    assert grad_norm([*both.jepa.encoder.parameters()]) > 0


def test_ranks_read_different_clips():
    trainer = Trainer(tiny(ranks=2, data={"sprites": 1.0}))
    assert not torch.equal(trainer.batch(0, 0)[0], trainer.batch(1, 0)[0])


def test_sets_are_drawn_by_their_weights():
    trainer = Trainer(tiny(data={"sprites": 0.8, "sprites_still": 0.2}, ranks=1))
    drawn = []
    for step in range(100):
        drawn += [trainer._locate(index)[0] for index in trainer._indices(0, 4, step)]
    assert 0.12 < sum(drawn) / len(drawn) < 0.28


def test_a_batch_is_made_while_the_step_before_it_computes():
    first_taken, made = threading.Event(), []

    def make(rank: int, step: int) -> str:
        if step:
            assert first_taken.wait(10)
        made.append((rank, step))
        return f"{rank} {step}"

    ahead = ReadAhead(make)
    assert ahead.take(0, 0, (0, 1)) == "0 0"
    first_taken.set()
    deadline = time.monotonic() + 10
    while len(made) < 2 and time.monotonic() < deadline:
        time.sleep(0.001)
    assert made == [(0, 0), (0, 1)]
    assert ahead.take(0, 1, None) == "0 1"
    assert len(made) == 2


def test_a_batch_that_was_not_foreseen_is_made_when_it_is_taken():
    ahead = ReadAhead(lambda rank, step: (rank, step))
    ahead.take(0, 0, (0, 1))
    ahead.forget()
    assert [ahead.take(0, 7, (0, 8)), ahead.take(1, 2, None)] == [(0, 7), (1, 2)]


def test_a_batch_that_cannot_be_made_stops_the_step_that_needs_it_and_none_before():
    trainer, make = Trainer(tiny()), Trainer(tiny()).batch

    def broken_from_the_third_on(rank, step):
        if step >= 2:
            raise DataMissing("clip 5 cannot be read")
        return make(rank, step)

    trainer.batch = broken_from_the_third_on
    assert [trainer.advance()["step"] for _ in range(2)] == [1, 2]
    with pytest.raises(DataMissing, match="clip 5"):
        trainer.advance()
    assert trainer.step == 2


def test_checkpoints_that_take_long_cost_a_twentieth_of_the_time(tmp_path, monkeypatch):
    clock, saved = [0.0], []

    def slow_save(_folder, _state, step):
        clock[0] += 1.0
        saved.append(step)

    monkeypatch.setattr(pretraining.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(pretraining.checkpoint, "save", slow_save)
    trainer, saving = Trainer(tiny(steps=100)), Saving(tmp_path)
    for step in range(1, 101):
        clock[0] += 1.0
        trainer.step = step
        saving.at_epoch_end(trainer)
    assert saved == [1, 21, 41, 61, 81, 100]


def test_quick_checkpoints_are_written_after_every_epoch(tmp_path, monkeypatch):
    saved = []
    monkeypatch.setattr(pretraining.checkpoint, "save", lambda _folder, _state, step: saved.append(step))
    trainer, saving = Trainer(tiny()), Saving(tmp_path)
    for step in (2, 4, 5):
        trainer.step = step
        saving.at_epoch_end(trainer)
    assert saved == [2, 4, 5]


def test_still_clips_do_not_move():
    trainer = Trainer(tiny(data={"sprites_still": 1.0}))
    clips, _ = trainer.batch(0, 0)
    assert torch.equal(clips[:, :, 0], clips[:, :, -1])


def test_rows_beyond_the_checkpoint_and_a_cut_off_row_are_dropped(tmp_path):
    curves = tmp_path / CURVES
    curves.write_text("".join(json.dumps({"step": step}) + "\n" for step in range(1, 6)) + '{"step": 6, "lo')
    keep_rows(curves, 4)
    assert [row["step"] for row in read_curves(curves)] == [1, 2, 3, 4]


def test_objectives_are_in_the_curves():
    row = Trainer(tiny(objectives=(Term(name="delta", weight=0.5), Term(name="hard_region", weight=0.3)))).advance()
    parts = row["prediction"] + 0.5 * row["term_0_delta"] + 0.3 * row["term_1_hard_region"]
    assert row["loss"] == pytest.approx(parts, rel=1e-5)


def test_what_a_step_draws_does_not_depend_on_the_global_random_state():
    one = Trainer(tiny()).batch(0, 0)
    torch.manual_seed(5)
    random.seed(5)
    other = Trainer(tiny()).batch(0, 0)
    assert torch.equal(one[0], other[0])
    assert torch.equal(one[1][0].context, other[1][0].context)


def test_recomputed_activations_change_no_number():
    kept, recomputed = Trainer(tiny("fwm_hw_ld")), Trainer(tiny("fwm_hw_ld"), engine=Engine(recompute=True))
    rows = [[trainer.advance()["loss"] for _ in range(2)] for trainer in (kept, recomputed)]
    assert rows[0] == rows[1]
    assert equal(weights(kept), weights(recomputed))


def test_tensorboard_gets_every_row_and_forgets_those_beyond_the_checkpoint(tmp_path, monkeypatch):
    shown = []

    class Writer(AbstractContextManager):
        def __init__(self, folder, purge_step):
            shown.append(("begin", folder, purge_step))

        def add_scalar(self, name, value, step):
            shown.append((name, value, step))

        def __exit__(self, *_):
            shown.append(("end",))

    monkeypatch.setattr("repro.pretrain.find_spec", lambda name: name)
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", SimpleNamespace(SummaryWriter=Writer))
    pretrain(tiny(steps=4), tmp_path)
    assert shown[0] == ("begin", str(tmp_path / "tensorboard"), 1)
    assert shown[-1] == ("end",)
    rows = read_curves(tmp_path / CURVES)
    assert [item[1:] for item in shown if item[0] == "loss"] == [(row["loss"], row["step"]) for row in rows]
    pretrain(tiny(steps=4), tmp_path)
    assert shown[-2:] == [("begin", str(tmp_path / "tensorboard"), 5), ("end",)]


def test_kills_leave_a_run_as_it_was_and_damage_is_refused():
    """A sample of what `benchmarks/kill_resume.py` shows for 50 kills."""
    script = Path(__file__).parents[2] / "benchmarks" / "kill_resume.py"
    done = subprocess.run(
        [sys.executable, str(script), "--kills", "1", "--damage", "5", "--steps", "6", "--json"],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(script.parents[1])},
    )
    report = json.loads(done.stdout)
    assert report["kills"] == report["states_left_exact"] == 1
    assert report["runs_ended"] == report["runs_ended_exact"] >= 1
    assert report["refused"] == 5


def test_a_training_set_of_fewer_clips_than_are_watched_trains(tmp_path):
    synthetic = replace(experiment("synth_2gpu_sigreg", scale="smoke").with_steps(1), model=SIZE)
    trainer = pretrain(synthetic, tmp_path)
    assert (len(trainer.sets[0]), trainer.step) == (24, 1)
