"""Watch the memory of a long run: the process must not grow with the steps it has taken.

    python benchmarks/pretrain_memory.py --steps 2000 --json

A smoke-sized run with checkpoints and curves; resident memory is read after each epoch. `growth_bytes` is the mean of the last quarter of
the readings less that of the second quarter: the first holds what is allocated once.
"""

import argparse
import json
import statistics
import tempfile
from dataclasses import replace
from pathlib import Path

import torch

from repro.experiments import experiment
from repro.pretrain import Progress, pretrain

PAGE = 4096


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", default="fwm_hw_ld")
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    run = replace(experiment(arguments.name, scale="smoke").with_steps(arguments.steps), batch_size=arguments.batch, epochs=40)
    readings: list[int] = []

    def read(progress: Progress) -> None:
        if progress.done % run.steps_per_epoch == 0:
            readings.append(resident())

    with tempfile.TemporaryDirectory() as folder:
        pretrain(run, Path(folder), report=read)
    quarter = len(readings) // 4
    growth = statistics.mean(readings[-quarter:]) - statistics.mean(readings[quarter : 2 * quarter])
    report = {"growth_bytes": growth, "growth_share": growth / readings[-1], "steps": run.steps, "resident_bytes": readings}
    print(json.dumps(report) if arguments.json else "\n".join(f"{key}: {value}" for key, value in report.items()))


def resident() -> int:
    """Bytes of this process in memory now (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


if __name__ == "__main__":
    main()
