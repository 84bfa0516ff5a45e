"""Video-text alignment and probes under frame dropout: random, pretrained and label-trained encoders of smoke size on sprites.

    python benchmarks/alignment.py --seeds 239 42 1337 --json

Towers are trained on the frozen features of whole clips and their captions; then a share of the test clips' frames is dropped, the same ones
for every encoder. Rows: recall at 1 and 5 both ways and zero-shot accuracy for alignment, accuracy for the probes, in percent of n test clips.
The pretrained encoder is the one that `--name` probes. Chance is 0.1 for recall at 1, and 8.3, 6.25 and 16.7 for the label spaces.
"""

import argparse
import json
import tempfile
from pathlib import Path

import torch

from repro.align import align
from repro.evaluate import train_with_labels, under_dropout
from repro.experiment import Experiment
from repro.experiments import experiment
from repro.models.encoder import Encoder
from repro.pretrain import initial_networks, pretrain

RATES = (0.0, 0.25, 0.5, 0.75)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", default="ucf101_baseline")
    parser.add_argument("--seeds", type=int, nargs="+", default=[239])
    parser.add_argument("--fillings", nargs="+", choices=["repeat", "zero", "mean"], default=["repeat"])
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    rows = []
    for seed in arguments.seeds:
        smoke = experiment(arguments.name, seed=seed, scale="smoke")
        for which, encoder in encoders(smoke).items():
            for filling in arguments.fillings:
                rows += [{"seed": seed, "encoder": which, "filling": filling, **row} for row in measured(encoder, smoke, filling)]
    print(json.dumps(rows) if arguments.json else "\n".join(line(row) for row in rows))


def encoders(smoke: Experiment) -> dict[str, Encoder]:
    """As initialised, as pretrained, and trained with the labels of appearance and motion."""
    with tempfile.TemporaryDirectory() as folder:
        pretrained = pretrain(smoke, Path(folder)).probed_encoder
    labelled = train_with_labels(smoke, ("sprites_appearance", "sprites_motion"), steps=200, batch_size=16, lr=2e-3)
    return {"random": initial_networks(smoke).encoder, "pretrained": pretrained, "label_trained": labelled}


def measured(encoder: Encoder, smoke: Experiment, filling: str) -> list[dict[str, object]]:
    """One row per share of dropped frames."""
    found = align(encoder, smoke, rates=RATES, filling=filling)
    probes = {
        name: under_dropout(encoder, smoke, name, RATES, [filling], [smoke.seed])
        for name in ("sprites_appearance", "sprites_motion", "sprites_order")
    }
    rows = []
    for rate, retrieval in found.items():
        row: dict[str, object] = {"rate": rate, "n": retrieval.samples}
        row |= {f"video_to_text@{k}": share for k, share in retrieval.video_to_text.items()}
        row |= {f"text_to_video@{k}": share for k, share in retrieval.text_to_video.items()}
        row |= {f"zero_shot_{space}": share for space, share in retrieval.zero_shot.items()}
        row |= {name: scores[filling, rate, smoke.seed].percent for name, scores in probes.items()}
        rows.append(row)
    return rows


def line(row: dict[str, object]) -> str:
    return "  ".join(f"{key} {value:.1f}" if isinstance(value, float) and key != "rate" else f"{key} {value}" for key, value in row.items())


if __name__ == "__main__":
    main()
