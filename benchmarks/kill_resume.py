"""Kill pretraining at random moments, resume it, and compare it bit for bit with runs that nobody touched.

    python benchmarks/kill_resume.py --kills 50 --damage 20 --json

Each kill is a SIGKILL of the training process, at a moment drawn uniformly from the length of a run, so that some fall into the start, into
a step or into the writing of a checkpoint. After each, what lies in the folder is compared with the state of the undisturbed run at the same
step, and the run is taken up again; one that reaches its end is compared in full, curves included, and begun anew. The experiments take
turns; each has state of another kind. `damage` then alters a finished run's checkpoint in as many ways and counts the refusals.
"""

import argparse
import json
import os
import random
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch

from repro import checkpoint
from repro.experiment import Experiment
from repro.experiments import experiment
from repro.pretrain import CURVES, Trainer, pretrain, read_curves

NAMES = ["fwm_hw_ld", "sigreg", "kinematic", "amg", "kinematic_2gpu"]
"""Heads; a counter that draws directions; no EMA; masks guided by the clips; two ranks."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--damage", type=int, default=20)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)  # a process forked from one with a pool of threads would wait for them forever
    with tempfile.TemporaryDirectory() as folder:
        report = measure(arguments, Path(folder))
    print(json.dumps(report) if arguments.json else "\n".join(f"{key}: {value}" for key, value in report.items()))


def measure(arguments: argparse.Namespace, folder: Path) -> dict[str, object]:
    rng = random.Random(arguments.seed)
    shares = [arguments.kills // len(NAMES) + (i < arguments.kills % len(NAMES)) for i in range(len(NAMES))]
    trials = [Trial(name, arguments.steps, folder / name) for name, share in zip(NAMES, shares, strict=True) if share]
    for trial, share in zip(trials, filter(None, shares), strict=True):
        while trial.kills < share:
            trial.kill_once(rng)
        trial.finish()
    refused = sum(refuses(trials[i % len(trials)], i, rng) for i in range(arguments.damage))
    return {
        "kills": sum(trial.kills for trial in trials),
        "states_left_exact": sum(trial.exact for trial in trials),
        "before_the_first_checkpoint": sum(trial.empty for trial in trials),
        "runs_ended_exact": sum(trial.ended_exact for trial in trials),
        "runs_ended": sum(trial.ended for trial in trials),
        "damaged": arguments.damage,
        "refused": refused,
        "experiments": [trial.run.name for trial in trials],
    }


class Trial:
    """One experiment: what its undisturbed run passes through, and a folder whose run is killed again and again."""

    def __init__(self, name: str, steps: int, folder: Path) -> None:
        self.run: Experiment = replace(experiment(name, scale="smoke").with_steps(steps), batch_size=4, epochs=steps // 2)
        self.folder, undisturbed = folder, folder.with_name(f"{name}-undisturbed")
        undisturbed.mkdir(parents=True)
        began = time.perf_counter()
        pretrain(self.run, undisturbed)
        self.seconds = time.perf_counter() - began
        self.rows = without_times(undisturbed)
        trainer = Trainer(self.run)
        self.states = {0: flat(trainer.state())}
        for step in range(1, steps + 1):
            trainer.advance()
            self.states[step] = flat(trainer.state())
        self.kills = self.exact = self.empty = self.ended = self.ended_exact = 0

    def kill_once(self, rng: random.Random) -> None:
        """Continue the run in a process of its own, kill that after a random time, and look at what is left."""
        self.folder.mkdir(exist_ok=True)
        child = started(self.run, self.folder)
        time.sleep(rng.random() * self.seconds)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            self.kills += 1
            state = checkpoint.load(self.folder)
            self.empty += state is None
            self.exact += state is None or same(flat(state), self.states[state["step"]])
        else:
            self.compare_end()

    def finish(self) -> None:
        """Let the run come to its end."""
        self.folder.mkdir(exist_ok=True)
        _, status = os.waitpid(started(self.run, self.folder), 0)
        if status:
            raise RuntimeError(f"{self.run.name} ended with status {status}")
        self.compare_end(keep=True)

    def compare_end(self, keep: bool = False) -> None:
        """Compare a run that has ended with the undisturbed one; without `keep` clear its folder."""
        state = checkpoint.load(self.folder)
        self.ended += 1
        whole = state is not None and same(flat(state), self.states[self.run.steps])
        self.ended_exact += whole and without_times(self.folder) == self.rows
        if not keep:
            shutil.rmtree(self.folder)


def started(run: Experiment, folder: Path) -> int:
    """The id of a process that pretrains `run` in `folder`."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        pretrain(run, folder)
        status = 0
    finally:
        os._exit(status)


def flat(value: object, name: str = "") -> dict[str, object]:
    """Every tensor and number of a state under a name of its own; tensors are copied."""
    if isinstance(value, dict):
        return {key: item for part, inner in value.items() for key, item in flat(inner, f"{name}.{part}").items()}
    if isinstance(value, list | tuple):
        return {key: item for part, inner in enumerate(value) for key, item in flat(inner, f"{name}.{part}").items()}
    return {name: value.clone() if isinstance(value, torch.Tensor) else value}


def same(one: dict[str, object], other: dict[str, object]) -> bool:
    """Whether two states are equal bit for bit. The global random state is not drawn from, so it may differ."""
    one, other = ({name: item for name, item in state.items() if name != ".rng"} for state in (one, other))
    return one.keys() == other.keys() and all(
        torch.equal(item, other[name]) if isinstance(item, torch.Tensor) else item == other[name]  # type: ignore[arg-type]
        for name, item in one.items()
    )


def without_times(folder: Path) -> list[dict[str, object]]:
    """The curves of a run, but for the seconds that each step took."""
    return [{key: value for key, value in row.items() if key != "seconds"} for row in read_curves(folder / CURVES)]


def refuses(trial: Trial, number: int, rng: random.Random) -> bool:
    """Whether a run whose checkpoint has been damaged stops with CheckpointDamaged; the checkpoint is repaired again."""
    path = next(trial.folder.glob("jepa-s*.pth.tar"))
    whole = path.read_bytes()
    path.write_bytes(DAMAGE[number % len(DAMAGE)](whole, rng))
    try:
        pretrain(trial.run, trial.folder)
    except checkpoint.CheckpointDamaged:
        return True
    finally:
        path.write_bytes(whole)
    return False


def flipped(content: bytes, rng: random.Random) -> bytes:
    """One bit turned."""
    place = rng.randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1 << rng.randrange(8)]) + content[place + 1 :]


def overwritten(content: bytes, rng: random.Random) -> bytes:
    """A page of the disk that holds something else."""
    place = rng.randrange(len(content) - 4096)
    return content[:place] + rng.randbytes(4096) + content[place + 4096 :]


DAMAGE: list[Callable[[bytes, random.Random], bytes]] = [
    flipped,
    overwritten,
    lambda content, rng: content[: rng.randrange(len(content))],
    lambda content, rng: content + rng.randbytes(100),
    lambda content, _: content[::-1],
]
"""A turned bit, a page of something else, a cut, a tail that does not belong, bytes out of order."""


if __name__ == "__main__":
    main()
