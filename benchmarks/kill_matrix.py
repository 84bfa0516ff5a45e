"""Kill a matrix of runs at random moments until it is done, and compare with one that was left alone. Takes minutes.

python benchmarks/kill_matrix.py --json [--kills 20] [--seed 0]

The matrix is made by processes of their own, two runs at a time; SIGKILL hits the one that leads it, as a power cut or the system's
memory killer would. No finished run may be lost or made again, no run may go on unseen, and the numbers must be those of the matrix left alone.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from repro.experiment import Experiment
from repro.experiments import experiment
from repro.run import RESULT
from repro.sweep import run_folder

NAMES = ("mixed_baseline", "delta", "hw", "ld")
SEEDS = (239, 42, 1337)


def matrix(steps: int) -> list[Experiment]:
    """Twelve short runs at smoke scale with one probe."""
    short = [experiment(name, seed=seed, scale="smoke").with_steps(steps) for seed in SEEDS for name in NAMES]
    return [replace(one, epochs=min(10, steps), probe_epochs={"sprites_appearance": 1}) for one in short]


def lead(folder: Path, steps: int) -> None:
    """Make the matrix: what the killed processes do."""
    import torch

    from repro.sweep import sweep

    torch.set_num_threads(1)
    sweep(matrix(steps), folder, jobs=2)


def start(folder: Path, steps: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, __file__, "--lead", str(folder), "--steps", str(steps)]
    return subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def results(folder: Path) -> dict[Path, tuple[int, bytes]]:
    """Every result with when it was written."""
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.glob(f"*/{RESULT}")}


def orphans(leader: int) -> list[int]:
    """Processes of the killed leader's session that still live."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split() if entry.name.isdigit() else []
        except OSError:
            continue
        if fields and int(fields[3]) == leader and fields[0] != "Z":
            found.append(int(entry.name))
    return found


def numbers(folder: Path, steps: int) -> dict[str, tuple[object, object]]:
    """What each run of the matrix came to."""
    found = {}
    for one in matrix(steps):
        held = json.loads((run_folder(one, folder) / RESULT).read_bytes())
        found[one.digest] = (held["scores"], held["curves"])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--lead", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.lead:
        lead(arguments.lead, arguments.steps)
        return
    print(json.dumps(report(arguments)) if arguments.json else "\n".join(f"{k}: {v}" for k, v in report(arguments).items()))


def report(arguments: argparse.Namespace) -> dict[str, object]:
    """Kill, continue, compare; a matrix that got done is begun anew."""
    draw = random.Random(arguments.seed)
    seen = dict.fromkeys(("kills", "finished_runs_at_kills", "finished_runs_lost_or_repeated", "processes_left_running"), 0)
    same = True
    with tempfile.TemporaryDirectory() as place:
        alone = Path(place) / "alone"
        began = time.monotonic()
        if start(alone, arguments.steps).wait():
            raise SystemExit("the matrix that was left alone failed")
        length = time.monotonic() - began
        rounds = 0
        while seen["kills"] < arguments.kills:
            rounds += 1
            killed = Path(place) / f"killed-{rounds}"
            until_done(killed, arguments, length, draw, seen)
            same &= numbers(killed, arguments.steps) == numbers(alone, arguments.steps)
    return {**seen, "matrices": rounds, "runs_each": len(matrix(arguments.steps)), "same_numbers": same}


def until_done(folder: Path, arguments: argparse.Namespace, length: float, draw: random.Random, seen: dict[str, int]) -> None:
    """Make one matrix, killed within a fifth of its length each time it is taken up, as long as there are kills left."""
    known: dict[Path, tuple[int, bytes]] = {}
    while True:
        process = start(folder, arguments.steps)
        deadline = time.monotonic() + draw.uniform(0, length / 5)
        while process.poll() is None and (time.monotonic() < deadline or seen["kills"] >= arguments.kills):
            time.sleep(0.05)
        finished = process.poll() is not None
        if not finished:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            seen["kills"] += 1
            seen["processes_left_running"] += len(still_there(process.pid))
        now = results(folder)
        seen["finished_runs_lost_or_repeated"] += sum(now.get(path) != held for path, held in known.items())
        known = now
        if finished and process.returncode == 0:
            return
        seen["finished_runs_at_kills"] += len(now)


def still_there(leader: int) -> list[int]:
    """Processes of the session that live on; one that was just being started has half a minute to notice."""
    deadline = time.monotonic() + 30
    while (left := orphans(leader)) and time.monotonic() < deadline:
        time.sleep(0.2)
    return left


if __name__ == "__main__":
    main()
