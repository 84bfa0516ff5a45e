"""Probe an encoder that was never trained by the paper's motion8 protocol, with several seeds of the probe. Takes minutes.

python benchmarks/untrained_motion8.py --json
"""

import argparse
import json

import torch

from repro.evaluate import over_probe_seeds
from repro.experiments import experiment
from repro.pretrain import initial_networks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=239, help="of the encoder's initial weights")
    parser.add_argument("--probe-seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    paper = experiment("synth_2gpu_kinematic_as_released", seed=arguments.seed)
    scores = over_probe_seeds(initial_networks(paper).target, paper, "motion8", arguments.probe_seeds)
    report = {
        "seed": arguments.seed,
        "probe_seeds": arguments.probe_seeds,
        "correct": [score.correct for score in scores],
        "samples": scores[0].samples,
        "percent": [score.percent for score in scores],
        "majority": 100 * scores[0].majority / scores[0].samples,
    }
    print(json.dumps(report) if arguments.json else "\n".join(f"{key}: {value}" for key, value in report.items()))


if __name__ == "__main__":
    main()
