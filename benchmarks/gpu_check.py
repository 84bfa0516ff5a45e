"""Everything worth knowing on a machine with a GPU, in one call of under nine minutes; JSON on standard output.

    python benchmarks/gpu_check.py > benchmarks/results/<device>.json

The golden vectors in fp32 on the device, bf16 against fp32 (loss of one step), gradients of attention at many lengths, the speed table at the
paper's sizes without and with torch.compile, the probe's speed, a real run of 200 steps with its loss and rank, and peak memory. `--dry-run`
does the same on the CPU at the size of a smoke run; its speeds say nothing.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch
from torch.nn.functional import scaled_dot_product_attention

from repro.conformance.check import check_folder
from repro.experiments import experiment
from repro.pretrain import CURVES, Trainer, pretrain, read_curves

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "tests" / "golden"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dry-run", action="store_true")
    parser.add_argument("--steps", type=int, default=200)
    arguments = parser.parse_args()
    device = "cpu" if arguments.dry_run else "cuda"
    report: dict[str, object] = {
        "device": torch.cuda.get_device_name() if device == "cuda" else "cpu",
        "torch": torch.__version__,
    }
    parts: dict[str, Callable[[], object]] = {
        "conformance": lambda: conformance(device),
        "precision": lambda: precision(device),
        "attention": lambda: attention(device),
        "pretrain_speed": lambda: script("pretrain_speed.py", *speed_arguments(device)),
        "compiled_speed": lambda: script("pretrain_speed.py", *compiled_arguments(device)),
        "probe_speed": lambda: script("probe_speed.py", *probe_arguments(device)),
        "run": lambda: real_run(device, arguments.steps),
    }
    for name, part in parts.items():
        began = time.perf_counter()
        try:
            report[name] = part()
        except Exception as error:  # one part that fails must not take the others' numbers with it
            report[name] = {"error": f"{type(error).__name__}: {error}"}
        report[f"{name}_seconds"] = time.perf_counter() - began
        print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
    if device == "cuda":
        report["peak_memory_bytes"] = torch.cuda.max_memory_allocated()
    print(json.dumps(report, indent=1))


def conformance(device: str) -> dict[str, object]:
    """How many golden arrays pass on the device by their own tolerances, which were set on a CPU; those that do not, by name."""
    rows = list(check_folder(GOLDEN, device=device))
    failing = {f"{row.file} {row.array}": row.note or f"{row.margin:.2f} of tolerance" for row in rows if not row.passed}
    return {"passed": len(rows) - len(failing), "arrays": len(rows), "failing": failing}


def precision(device: str) -> dict[str, float]:
    """Loss of the first step in fp32 on the CPU and on the device, and in bf16 on the device."""
    smoke = experiment("fwm_hw_ld", scale="smoke")
    losses = {"cpu_fp32": Trainer(smoke).advance()["loss"], "fp32": Trainer(smoke, device=device).advance()["loss"]}
    losses["bf16"] = Trainer(replace(smoke, precision="bf16"), device=device).advance()["loss"]
    return losses | {"relative_error_of_bf16": abs(losses["bf16"] / losses["fp32"] - 1)}


LENGTHS = (1, 16, 56, 63, 64, 65, 96, 128, 192, 320, 512, 1568)
"""Numbers of tokens: some whose gradient cuDNN is known to get wrong, and neighbours."""


def attention(device: str) -> dict[str, object]:
    """The worst relative error of attention's bf16 gradients, by the engine's choice of kernels, at logits that are small and near -120."""
    Trainer(experiment("mixed_baseline", scale="smoke"), device=device)  # which chooses the kernels for this process
    worst = {length: max(gradient_error(length, logit, device) for logit in (0.0, -120.0)) for length in LENGTHS}
    return {"worst": max(worst.values()), "failing": {str(length): error for length, error in worst.items() if not error < 0.02}}


def gradient_error(tokens: int, logit: float, device: str) -> float:
    """Distance of the three gradients in bf16 from those in float64 over their norm; NaN if one is not finite.

    The first channel, which makes the logits, is left out of the distance: its gradient is a large number times a sum that should vanish.
    """
    generator = torch.Generator().manual_seed(tokens)
    q, k, v, upstream = (torch.randn(2, 4, tokens, 64, generator=generator) for _ in range(4))
    q[..., 0], k[..., 0] = 1.0, logit * 8  # the scale is an eighth
    rounded = [part.to(device, torch.bfloat16) for part in (q, k, v, upstream)]
    found, wanted = (
        torch.cat([part[..., 1:].double().flatten() for part in gradients(*(part.to(dtype) for part in rounded))])
        for dtype in (torch.bfloat16, torch.float64)
    )
    return float((found - wanted).norm() / wanted.norm())


def gradients(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, upstream: torch.Tensor) -> tuple[torch.Tensor, ...]:
    inputs = [part.detach().requires_grad_() for part in (q, k, v)]
    return torch.autograd.grad(scaled_dot_product_attention(*inputs), inputs, upstream)


def speed_arguments(device: str) -> list[str]:
    if device == "cpu":
        return ["--pairs", "1", "--batch", "2"]
    names = ["hw", "delta", "fwm", "ld", "fwm_hw_ld", "spectral", "ltc", "ac", "hamiltonian", "velgate", "sigreg"]
    return ["--device", device, "--precision", "bf16", "--paper", "--batch", "32", "--pairs", "5", "--auxiliary", *names]


def compiled_arguments(device: str) -> list[str]:
    """The fused step alone; on a CPU, where compiling takes minutes, the recomputed one in its place."""
    if device == "cpu":
        return ["--pairs", "1", "--batch", "2", "--recompute"]
    return ["--device", device, "--precision", "bf16", "--paper", "--batch", "32", "--pairs", "5", "--compile"]


def probe_arguments(device: str) -> list[str]:
    return ["--pairs", "1", "--tokens", "196"] if device == "cpu" else ["--device", device, "--pairs", "5", "--fast-steps", "20"]


def script(name: str, *arguments: str) -> object:
    """The JSON of another benchmark, in a process of its own so that memory is its own too."""
    done = subprocess.run([sys.executable, str(HERE / name), "--json", *arguments], capture_output=True, text=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else {"error": done.stderr[-2000:]}


def real_run(device: str, steps: int) -> dict[str, float]:
    """A run on generated clips: at proxy scale on a GPU, at smoke scale on a CPU."""
    run = experiment("mixed_baseline", scale="smoke" if device == "cpu" else "proxy").with_steps(steps)
    with tempfile.TemporaryDirectory() as folder:
        pretrain(run, Path(folder), device=device)
        rows = read_curves(Path(folder) / CURVES)
    seconds = sorted(row["seconds"] for row in rows)[len(rows) // 2]
    return {
        "first_loss": rows[0]["loss"],
        "last_loss": rows[-1]["loss"],
        "effective_rank": rows[-1]["effective_rank"],
        "median_step_seconds": seconds,
        "clips_per_second": run.batch_size / seconds,
    }


if __name__ == "__main__":
    main()
