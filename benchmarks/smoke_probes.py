"""Probe random, pretrained and label-trained encoders at smoke scale: sprites' three label spaces and motion8, with intervals.

    python benchmarks/smoke_probes.py --seeds 239 240 241 --json

The pretrained encoder is the one that `ucf101_baseline` probes. Intervals are Wilson's, 95%.
"""

import argparse
import json
import tempfile
from dataclasses import replace
from pathlib import Path

import torch

from repro.evaluate import Score, evaluate, label_trained, random_encoder
from repro.experiments import experiment
from repro.pretrain import pretrain

TOGETHER = (("sprites_appearance", "sprites_motion"), ("sprites_order",), ("motion8",))
"""Probes that are learned with labels by one encoder: motion8 has other clips, and order is not learned beside others in as few steps."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[239, 240, 241])
    parser.add_argument("--steps", type=int, default=200, help="steps of training with labels")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    table = [row for seed in arguments.seeds for row in probed(seed, arguments.steps)]
    print(json.dumps(table) if arguments.json else "\n".join(map(line, table)))


def probed(seed: int, steps: int) -> list[dict[str, object]]:
    """Rows of one seed, one per encoder and probe."""
    smoke = experiment("ucf101_baseline", seed=seed, scale="smoke")
    smoke = replace(smoke, probe_epochs=smoke.probe_epochs | {"motion8": 100})
    with tempfile.TemporaryDirectory() as folder:
        trained = pretrain(smoke, Path(folder)).probed_encoder
    scores: dict[str, dict[str, Score]] = {"random": random_encoder(smoke), "pretrained": evaluate(trained, smoke), "label_trained": {}}
    for probes in TOGETHER:
        scores["label_trained"] |= label_trained(smoke, probes, steps=steps)
    return [row(seed, encoder, score) for encoder, found in scores.items() for score in found.values()]


def row(seed: int, encoder: str, score: Score) -> dict[str, object]:
    return {
        "seed": seed,
        "encoder": encoder,
        "probe": score.probe,
        "correct": score.correct,
        "samples": score.samples,
        "percent": score.percent,
        "interval": score.interval,
        "majority": 100 * score.majority / score.samples,
        "majority_class": score.is_majority_class,
    }


def line(row: dict[str, object]) -> str:
    low, high = row["interval"]
    share = f"{row['percent']:5.1f} [{low:4.1f}, {high:5.1f}]"
    flag = "  majority class" if row["majority_class"] else ""
    return f"seed {row['seed']}  {row['probe']:<18}  {row['encoder']:<13}  {share}  of {row['samples']}{flag}"


if __name__ == "__main__":
    main()
