"""One big run over several processes or GPUs, under torchrun; with one process, a run with options of the engine.

    torchrun --standalone --nproc-per-node 4 -m repro.launch.train fwm_hw_ld --folder runs/big --device cuda --compile

The experiment's ranks are shared out over the processes, so the paper's four ranks take 1, 2 or 4 of them and give the same step either way:
a process takes its ranks one after the other and accumulates their gradients. Any number of restarts continues from the last checkpoint.
After the last step the first process probes the encoder and leaves the run's result in the folder, as `repro.run` does.
"""

import argparse
import logging
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

import torch
import torch.distributed as dist

from repro.checkpoint import CheckpointDamaged
from repro.datasets import DataMissing
from repro.experiments import experiment
from repro.pretrain import Diverged, Engine, Progress, is_main_process, pretrain
from repro.run import claim, run, write_result

REASONS = (Diverged, CheckpointDamaged, DataMissing, OSError, ValueError)
"""Why a run cannot be made; each says so in one line."""


def main(words: Sequence[str] | None = None) -> int:
    """Run what the words of the command line ask for; 0, or 1 with the reason on stderr, or 130 after Ctrl-C."""
    arguments = parser().parse_args(words)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        launch(arguments)
    except REASONS as error:
        print(f"{arguments.name}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"{arguments.name}: interrupted; the same command goes on from the last checkpoint", file=sys.stderr)
        return 130
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="repro.launch.train", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", help="the experiment")
    parser.add_argument("--folder", type=Path, required=True, help="where the run lies; it is continued if it is there")
    parser.add_argument("--scale", choices=["smoke", "proxy", "paper"], default="paper")
    parser.add_argument("--seed", type=int, default=239)
    parser.add_argument("--steps", type=int, help="schedules keep their share of the run")
    parser.add_argument("--ranks", type=int, help="equal groups that a step's clips are split into; part of what the experiment is")
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--data-root", type=Path, help="the folder of real datasets")
    parser.add_argument("--compile", action="store_true", help="fuse blocks by torch.compile")
    parser.add_argument("--recompute", action="store_true", help="activation checkpointing: less memory, more time, the same numbers")
    return parser


def launch(arguments: argparse.Namespace) -> None:
    """Pretrain over all processes, then probe in the first."""
    chosen = experiment(arguments.name, seed=arguments.seed, scale=arguments.scale)
    if arguments.steps:
        chosen = chosen.with_steps(arguments.steps)
    if arguments.ranks:
        chosen = replace(chosen, ranks=arguments.ranks)
    engine = Engine(compile=arguments.compile, recompute=arguments.recompute)
    processes, device = join(arguments.device)
    narrator = Narrator()
    try:
        if is_main_process():
            arguments.folder.mkdir(parents=True, exist_ok=True)
            claim(arguments.folder, chosen)
        if processes > 1:
            dist.barrier()
        pretrain(chosen, arguments.folder, root=arguments.data_root, device=device, report=narrator, engine=engine)
        main = is_main_process()
    finally:
        if processes > 1:
            dist.destroy_process_group()
    if main:
        result = run(chosen, arguments.folder, progress=narrator, root=arguments.data_root, device=device)
        how = {"processes": str(processes)} | {name: str(value).lower() for name, value in asdict(engine).items()}
        write_result(arguments.folder, replace(result, environment=result.environment | how))


def join(device: str) -> tuple[int, str]:
    """Join the processes that torchrun started, if it did: how many there are, and the device of this one."""
    processes, local = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("LOCAL_RANK", "0"))
    if device == "cuda":
        torch.cuda.set_device(local)
        device = f"cuda:{local}"
    if processes > 1:
        dist.init_process_group("nccl" if device.startswith("cuda") else "gloo")
    return processes, device


class Narrator:
    """One line to stderr per twentieth of a phase, with the time left at the pace of the phase so far."""

    def __init__(self) -> None:
        self._phase, self._began, self._first = "", 0.0, 0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.phase != self._phase:
            self._phase, self._began, self._first = progress.phase, now, progress.done
        if progress.done % max(1, progress.total // 20) and progress.done != progress.total:
            return
        loss = "" if progress.loss is None else f", loss {progress.loss:.4f}"
        taken = progress.done - self._first
        left = f", {timedelta(seconds=round((now - self._began) / taken * (progress.total - progress.done)))} left" if taken else ""
        print(f"{progress.phase}: {progress.done} of {progress.total}{loss}{left}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
