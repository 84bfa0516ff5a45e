"""Time the pretraining step beside a plain one that follows the specification to the letter, in interleaved pairs in one process.

    python benchmarks/pretrain_speed.py --json

`ratio` is the median over pairs of (plain step / our step), for `plain_step.py`. Both take the same masks and their losses are printed,
to be seen equal.
`matmul_fraction` is the rate of our step over that of a large matrix product in the same process and dtype. Operations are counted by the
formula of the specification, section 11: every token embedded for every mask, a head's work on every cell. `matmul_fraction_done` counts
only what our step multiplies of the encoders and predictor: kept tokens embedded, no heads.
`auxiliary_cost` is what one objective adds to the baseline step.
"""

import argparse
import json
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import torch
from plain_step import plain_loss, update_target

from repro.experiment import Experiment, ModelSize
from repro.experiments import experiment
from repro.masking import Masks, sample_masks
from repro.pretrain import ENGINE, Engine, Trainer
from repro.run import encoder_macs, predictor_macs

SIZE = ModelSize(
    width=192, depth=12, heads=3, patch=16, crop=128, frames=8, predictor_width=96, predictor_depth=4, predictor_heads=3, mask_tokens=2
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", default="fwm_hw_ld", help="experiment whose objectives are trained")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--threads", type=int, default=0, help="0: as torch chooses")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    parser.add_argument("--paper", action="store_true", help="ViT-B at the paper's sizes")
    parser.add_argument("--processor-time", action="store_true", help="time spent on a processor, for a CPU that others use meanwhile")
    parser.add_argument("--compile", action="store_true", help="our step with blocks fused by torch.compile")
    parser.add_argument("--recompute", action="store_true", help="our step without kept activations")
    parser.add_argument("--auxiliary", nargs="*", default=[], help="experiments whose objectives are priced against the baseline")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    report = measure(arguments)
    print(json.dumps(report) if arguments.json else "\n".join(f"{key}: {value}" for key, value in report.items()))


def at_size(name: str, arguments: argparse.Namespace) -> Experiment:
    """The experiment at the size that is timed, its context loss switched on from the start."""
    found = experiment(name, scale="smoke")
    model = replace(experiment(name).model if arguments.paper else SIZE, mask_tokens=2)
    return replace(
        found, model=model, batch_size=arguments.batch, precision=arguments.precision, context_start=-1, context_end=0, steps=10**6
    )


class Bench:
    """One trainer on fixed clips and masks, so that only the step is timed."""

    def __init__(self, run: Experiment, device: str, engine: Engine = ENGINE) -> None:
        self.run, self.device = run, device
        self.trainer = Trainer(run, device=device, engine=engine)
        generator = torch.Generator().manual_seed(0)
        shape = (run.batch_size, 3, run.model.frames, run.model.crop, run.model.crop)
        self.clips = torch.randn(shape, generator=generator).to(device)
        self.masks = [sample_masks(spec, run.batch_size, run.model.grid, 0, generator) for spec in run.masks]
        self.trainer.batch = lambda _rank, _step: (self.clips, self.masks)

    def ours(self) -> float:
        """One step of this package; its loss."""
        return float(self.trainer.advance()["loss"])

    def plain(self) -> float:
        """The same step as the specification is written; its loss."""
        trainer, run = self.trainer, self.run
        trainer._set_rates()
        with torch.autocast(self.device, torch.bfloat16, enabled=run.precision == "bf16"):
            loss = plain_loss(trainer.jepa, run, self.clips, self.masks)
        value = loss.item()
        loss.backward()
        trainer.optimizer.step()
        trainer.optimizer.zero_grad()
        if run.ema is not None:
            update_target(trainer.jepa, run.ema)
        trainer.step += 1
        return value


def measure(arguments: argparse.Namespace) -> dict[str, object]:
    run = at_size(arguments.name, arguments)
    engine = Engine(compile=arguments.compile, recompute=arguments.recompute)
    ours, plain = Bench(run, arguments.device, engine), Bench(run, arguments.device)
    first = ours.ours(), plain.plain()
    square = Square(arguments.device, arguments.precision)
    rounds = [
        (timed(plain.plain, arguments), timed(ours.ours, arguments), timed(square.product, arguments)) for _ in range(arguments.pairs)
    ]
    done = 2 * step_macs(run, ours.masks) * arguments.batch
    operations = 2 * (step_macs(run, ours.masks, every=True) + head_macs(ours)) * arguments.batch
    report: dict[str, object] = {
        "ratio": statistics.median(a / b for a, b, _ in rounds),
        "plain_seconds": [a for a, _, _ in rounds],
        "our_seconds": [b for _, b, _ in rounds],
        "first_losses": first,
        "gflops": statistics.median(operations / b for _, b, _ in rounds) / 1e9,
        "matmul_fraction": statistics.median(operations / b / (square.operations / c) for _, b, c in rounds),
        "matmul_fraction_done": statistics.median(done / b / (square.operations / c) for _, b, c in rounds),
        "auxiliary_cost": {name: auxiliary_cost(name, arguments) for name in arguments.auxiliary},
        "peak_memory_bytes": peak_memory(arguments.device),
        "experiment": run.name,
        "compile": engine.compile,
        "recompute": engine.recompute,
        "batch": arguments.batch,
        "clock": "processor" if arguments.processor_time else "wall",
        "threads": torch.get_num_threads(),
        "device": torch.cuda.get_device_name() if arguments.device.startswith("cuda") else "cpu",
        "torch": torch.__version__,
    }
    return report


def auxiliary_cost(name: str, arguments: argparse.Namespace) -> float:
    """What an experiment's step takes beyond the baseline's, as a share of it; median over interleaved pairs."""
    baseline, other = (Bench(at_size(which, arguments), arguments.device) for which in ("mixed_baseline", name))
    baseline.ours(), other.ours()
    shares = [timed(other.ours, arguments) / timed(baseline.ours, arguments) - 1 for _ in range(arguments.pairs)]
    return statistics.median(shares)


def step_macs(run: Experiment, masks: list[Masks], *, every: bool = False) -> float:
    """Multiply-adds per clip of one step with these masks; the student embeds the tokens it keeps, or `every` token for each mask."""
    model = run.model
    tokens = model.grid[0] * model.grid[1] * model.grid[2]
    student = sum(encoder_macs(model, tokens if every else mask.context.shape[1], mask.context.shape[1]) for mask in masks)
    predictor = sum(predictor_macs(model, mask.context.shape[1], mask.target.shape[1]) for mask in masks)
    return (1 if run.ema is not None else 3) * encoder_macs(model, tokens, tokens) + 3 * (student + predictor)


def head_macs(bench: "Bench") -> float:
    """Multiply-adds per clip of the objectives' linear maps on every cell of every mask, forward and twice that backward."""
    linear = [part.weight.numel() for part in bench.trainer.jepa.objectives.modules() if isinstance(part, torch.nn.Linear)]
    grid = bench.run.model.grid
    return 3.0 * sum(linear) * grid[0] * grid[1] * grid[2] * len(bench.masks)


class Square:
    """A large matrix product, timed next to every step, so that both meet the same load on the machine."""

    def __init__(self, device: str, precision: str, side: int = 2048) -> None:
        dtype = torch.bfloat16 if precision == "bf16" else torch.float32
        self.factors = [torch.randn(side, side, device=device, dtype=dtype) for _ in range(2)]
        self.operations = 2 * side**3 * self.repeats
        self.product()

    repeats = 4

    def product(self) -> float:
        """A few products; one number of the last."""
        a, b = self.factors
        for _ in range(self.repeats):
            c = a @ b
        return float(c[0, 0])


def timed(step: Callable[[], float], arguments: argparse.Namespace) -> float:
    """Seconds of one call."""
    clock = time.process_time if arguments.processor_time else time.perf_counter
    on_gpu = arguments.device.startswith("cuda")
    if on_gpu:
        torch.cuda.synchronize()
    began = clock()
    step()
    if on_gpu:
        torch.cuda.synchronize()
    return clock() - began


def peak_memory(device: str) -> int:
    """Most bytes held so far: on the device, or by this process."""
    if device.startswith("cuda"):
        return int(torch.cuda.max_memory_allocated())
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    main()
