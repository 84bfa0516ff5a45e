"""How fast clips of sprites are drawn: clips a second of one core at 64x64x16, and how much longer than copying the same bytes it takes.

    python benchmarks/sprites_speed.py --json

`copies` is the median over interleaved pairs of (time to draw a batch / time to copy its bytes once), which tells a slow machine from a slow
program.
"""

import argparse
import json
import statistics
import time

import torch

from repro.datasets.sprites import Sprites


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    sprites = Sprites(side=64, frames=16)
    clips = sprites.batch("train", range(arguments.batch)).clips  # the atlas and the backgrounds are made once
    times = []
    for number in range(1, arguments.pairs + 1):
        first = number * arguments.batch
        drawn = seconds(lambda first=first: sprites.batch("train", range(first, first + arguments.batch)))
        times.append((drawn, seconds(clips.clone)))
    rates = [arguments.batch / drawn for drawn, _ in times]
    report = {
        "clips_per_second_per_core": statistics.median(rates),
        "slowest": min(rates),
        "copies": statistics.median(drawn / copied for drawn, copied in times),
        "batch": arguments.batch,
        "pairs": arguments.pairs,
    }
    print(json.dumps(report) if arguments.json else "\n".join(f"{key}: {value}" for key, value in report.items()))


def seconds(call) -> float:
    """Processor seconds of one call on this thread's core."""
    start = time.process_time()
    call()
    return time.process_time() - start


if __name__ == "__main__":
    main()
