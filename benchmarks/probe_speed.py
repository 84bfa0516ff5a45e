"""Time one training step of the pooled attentive probe beside the plain one, in interleaved pairs, and check that they agree.

    python benchmarks/probe_speed.py --json

Prints the median over pairs of (plain step / pooled step): both numbers of a pair are taken one after the other, so that another process
on the machine slows both.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable

import torch
from torch.nn.functional import cross_entropy

from repro.probes.attentive import AttentiveProbe
from repro.probes.pooled_attentive import PooledAttentiveProbe


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--tokens", type=int, default=1568)
    parser.add_argument("--dim", type=int, default=768)
    parser.add_argument("--classes", type=int, default=48)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--fast-steps", type=int, default=5, help="pooled steps in a pair; their mean counts")
    parser.add_argument("--threads", type=int, default=0, help="0: as torch chooses")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    report = measure(arguments)
    print(json.dumps(report) if arguments.json else "\n".join(f"{key}: {value}" for key, value in report.items()))


def measure(arguments: argparse.Namespace) -> dict[str, object]:
    torch.manual_seed(0)
    device = arguments.device
    plain = AttentiveProbe(arguments.dim, arguments.classes).to(device)
    pooled = PooledAttentiveProbe(arguments.dim, arguments.classes).to(device)
    pooled.load_state_dict(plain.state_dict())
    features = torch.randn(arguments.batch, arguments.tokens, arguments.dim, device=device)
    labels = torch.arange(arguments.batch, device=device) % arguments.classes
    outputs, gradients = disagreement(plain, pooled, features, labels)
    one, other = stepper(plain, features, labels), stepper(pooled, features, labels)
    other()
    plain_seconds, pooled_seconds = [], []
    for _ in range(arguments.pairs):
        plain_seconds.append(timed(one, 1))
        pooled_seconds.append(timed(other, arguments.fast_steps))
    return {
        "ratio": statistics.median(a / b for a, b in zip(plain_seconds, pooled_seconds, strict=True)),
        "plain_seconds": plain_seconds,
        "pooled_seconds": pooled_seconds,
        "largest_output_difference": outputs,
        "largest_gradient_difference": gradients,
        "shape": [arguments.batch, arguments.tokens, arguments.dim],
        "threads": torch.get_num_threads(),
        "device": torch.cuda.get_device_name() if device.startswith("cuda") else "cpu",
        "torch": torch.__version__,
    }


def stepper(probe: torch.nn.Module, features: torch.Tensor, labels: torch.Tensor) -> Callable[[], None]:
    """One training step: forward, backward, AdamW."""
    optimizer = torch.optim.AdamW(probe.parameters(), lr=1e-3, weight_decay=0.01)

    def step() -> None:
        optimizer.zero_grad()
        cross_entropy(probe(features), labels).backward()
        optimizer.step()
        if features.is_cuda:
            torch.cuda.synchronize()

    return step


def timed(step: Callable[[], None], times: int) -> float:
    """Seconds of one step, averaged over `times`."""
    began = time.perf_counter()
    for _ in range(times):
        step()
    return (time.perf_counter() - began) / times


def disagreement(plain: torch.nn.Module, pooled: torch.nn.Module, features: torch.Tensor, labels: torch.Tensor) -> tuple[float, float]:
    """Largest absolute difference of logits and of parameter gradients."""
    logits = []
    for probe in (plain, pooled):
        probe.zero_grad()
        logits.append(probe(features))
        cross_entropy(logits[-1], labels).backward()
    pairs = zip(plain.parameters(), pooled.parameters(), strict=True)
    return (logits[0] - logits[1]).abs().max().item(), max((a.grad - b.grad).abs().max().item() for a, b in pairs)


if __name__ == "__main__":
    main()
