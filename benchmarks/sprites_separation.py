"""Show what each label space of sprites needs: encoders trained with the labels on whole clips, on one frame, and on bags of frames.

python benchmarks/sprites_separation.py --json
"""

import argparse
import json

import torch

from repro.datasets.views import bag_of_frames, one_frame
from repro.evaluate import label_trained, percents
from repro.experiments import experiment

VIEWS = {"whole": None, "one_frame": one_frame, "bag_of_frames": bag_of_frames}
TOGETHER = (("sprites_appearance", "sprites_motion"), ("sprites_order",))
"""Order needs a while of its own to be learned; beside the others it is not, in as few steps."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--seed", type=int, default=239)
    parser.add_argument("--views", nargs="+", choices=VIEWS, default=list(VIEWS))
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    smoke = experiment("mixed_baseline", seed=arguments.seed, scale="smoke")
    table: dict[str, dict[str, float]] = {}
    for name in arguments.views:
        for probes in TOGETHER:
            scores = label_trained(smoke, probes, steps=arguments.steps, view=VIEWS[name])
            table.setdefault(name, {}).update(percents(scores))
    print(json.dumps(table) if arguments.json else "\n".join(f"{name}: {scores}" for name, scores in table.items()))


if __name__ == "__main__":
    main()
