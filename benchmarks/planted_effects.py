"""Plant effects, simulate seeds and samples, and see what the statistics of reruns make of claims about them. Takes minutes.

python benchmarks/planted_effects.py --json [--claims 6000] [--svg docs/power.svg]

Every simulated claim has a baseline and up to 15 methods with true scores, three, five or ten seeds that move each run's score, and samples of
differing difficulty that all seeds share; runs are scored sample by sample. It is stated as it truly is, or as it truly is not, and judged by
the code that judges real reruns. What counts: 95% intervals hold the truth in 94 to 96% of cases; a true claim is refuted in at most 2.5%.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.special import ndtr

from claimcheck.stats.crossed import Crossed, Floats, interval, rank_correlation, resampled_methods
from claimcheck.stats.statements import All, AtLeast, Place, Sign, Statement

DRAWS = 4000
SEEDS = (3, 5, 10)
SAMPLES = (500, 1000, 2000)
SEED_SD = (0.01, 0.25)
"""Range of a run's standard deviation over seeds, on the probit scale: 0.4 to 10 points."""

DIFFICULTY_SD = (0.3, 3.0)
"""Range of the samples' standard deviation in difficulty, on the same scale."""


@dataclass(frozen=True)
class World:
    """What is true, and the runs that were made."""

    truth: Floats
    """(M,): true differences in percentage points, over all seeds and samples."""

    crossed: Crossed
    next_run: Floats
    """(M,): the differences of one more seed on the same samples."""


def world(rng: np.random.Generator, effects: Floats, seeds: int | None = None, samples: int | None = None) -> World:
    """Runs of a baseline and of methods with these effects on the probit scale."""
    k, n = seeds or int(rng.choice(SEEDS)), samples or int(rng.choice(SAMPLES))
    sd, difficulty = (float(np.exp(rng.uniform(*np.log(ends)))) for ends in (SEED_SD, DIFFICULTY_SD))
    latent = rng.normal(-0.3, 0.4) + np.concatenate([[0.0], effects])
    runs = latent + rng.normal(0, sd, (k + 1, len(latent)))
    # difficulty is half a sample's own for all methods, half its own for each
    own = rng.normal(0, difficulty, (len(latent), n)) + rng.normal(0, difficulty, n)
    scale = np.sqrt(1 + 2 * difficulty**2)
    right = rng.random((k + 1, len(latent), n)) < ndtr(runs[:, :, None] * scale + own)
    expected = 100 * ndtr(latent / np.sqrt(1 + sd**2))
    percent = 100 * right.mean(2)
    bits = [[np.packbits(run).tobytes().hex() for run in row] for row in right[:k]]
    return World(expected[1:] - expected[0], Crossed.of(percent[:k], n, bits), percent[k, 1:] - percent[k, 0])


def drawn_effects(rng: np.random.Generator, methods: int) -> Floats:
    """Effects of which some are none, some small and some large."""
    return rng.normal(0, 1, methods) * rng.choice([0.02, 0.1, 0.4], methods)


def planted(rng: np.random.Generator, kind: str) -> tuple[World, Statement, Statement]:
    """A world with a true statement of this kind about it, and a false one."""
    methods = {"sign": 1, "all": 6, "count": 15, "place": 15}[kind]
    effects = drawn_effects(rng, methods)
    if kind == "all":
        effects = np.abs(effects) * rng.choice([-1, 1])
    made = world(rng, effects)
    sign = 1 if made.truth[0] > 0 else -1
    if kind == "sign":
        return made, Sign(0, sign), Sign(0, -sign)
    if kind == "all":
        return made, All(sign), All(-sign)
    if kind == "count":
        losing = int((made.truth < 0).sum())
        return made, AtLeast(max(1, losing), -1), AtLeast(losing + 1, -1)
    best, second = np.argsort(-made.truth)[:2]
    return made, Place(int(best)), Place(int(second))


def measured(rng: np.random.Generator, kind: str, number: int) -> dict[str, float]:
    """Shares over `number` worlds."""
    counts = dict.fromkeys(("covered", "true_refuted", "true_confirmed", "false_confirmed", "false_refuted"), 0)
    for _ in range(number):
        made, true, false = planted(rng, kind)
        draws, means = made.crossed.draws(DRAWS), made.crossed.means
        ends = true.interval(draws, means)
        counts["covered"] += ends.low <= true.value(made.truth) <= ends.high
        for statement, settled in (("true", true.settled(ends)), ("false", false.settled(false.interval(draws, means)))):
            counts[f"{statement}_confirmed"] += settled is True
            counts[f"{statement}_refuted"] += settled is False
    return {name: value / number for name, value in counts.items()}


def numbers(rng: np.random.Generator, number: int) -> dict[str, float]:
    """How often the next run of a recipe lies inside its prediction intervals, by which printed numbers are judged at paper scale."""
    inside = dict.fromkeys(("covered_95", "covered_99"), 0)
    for _ in range(number):
        made = world(rng, drawn_effects(rng, 1))
        next_run = made.crossed.next_run(DRAWS)[:, 0]
        for level in (95, 99):
            ends = interval(next_run, level / 100)
            inside[f"covered_{level}"] += ends.low - 0.005 <= made.next_run[0] <= ends.high + 0.005
    return {name: value / number for name, value in inside.items()}


def trends(rng: np.random.Generator, number: int) -> dict[str, float]:
    """True and false claims on the sign of a correlation over 15 methods."""
    counts = dict.fromkeys(("true_refuted", "true_confirmed"), 0)
    for _ in range(number):
        causes = drawn_effects(rng, 15)
        seeds, samples = int(rng.choice(SEEDS)), int(rng.choice(SAMPLES))
        effects = rng.uniform(-1, 1) * causes + drawn_effects(rng, 15)
        pair = [world(rng, side, seeds, samples) for side in (causes, effects)]
        truth = float(rank_correlation(pair[0].truth[None], pair[1].truth[None])[0])
        drawn = rank_correlation(*resampled_methods(*(one.crossed.draws(DRAWS, random=i) for i, one in enumerate(pair))))
        ends = interval(drawn * np.sign(truth))
        counts["true_refuted"] += ends.high < 0
        counts["true_confirmed"] += ends.low > 0
    return {name: value / number for name, value in counts.items()}


def power(rng: np.random.Generator, number: int) -> dict[str, dict[str, float]]:
    """How often a true gain is confirmed, by its size in standard deviations of a single run over seeds, with 1,000 samples."""
    found: dict[str, dict[str, float]] = {}
    for seeds in SEEDS:
        curve = {}
        for size in (0, 0.5, 1, 1.5, 2, 3, 4, 6, 8):
            confirmed = 0
            for _ in range(number):
                noise = 3 * rng.standard_normal((seeds, 2))
                scores = np.column_stack([40 + noise[:, 0], 40 + 3 * size + noise[:, 1]])
                counts = rng.binomial(1000, np.clip(scores / 100, 0.01, 0.99))
                crossed = Crossed.of(counts / 10, 1000)
                confirmed += Sign(0, 1).settled(Sign(0, 1).interval(crossed.draws(DRAWS), crossed.means)) is True
            curve[f"{size:g}"] = confirmed / number
        found[str(seeds)] = curve
    return found


def svg(curves: dict[str, dict[str, float]]) -> str:
    """The power curves, one line a number of seeds."""
    left, top, width, height = 56, 18, 470, 260
    parts = [f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="none" stroke="#888"/>']
    for percent in (0, 25, 50, 80, 100):
        y = top + height * (1 - percent / 100)
        parts.append(f'<line x1="{left}" x2="{left + width}" y1="{y:.1f}" y2="{y:.1f}" stroke="#888" stroke-opacity="0.35"/>')
        parts.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{percent}%</text>')
    for size in range(9):
        parts.append(f'<text x="{left + width * size / 8:.1f}" y="{top + height + 18}" text-anchor="middle">{size}</text>')
    for (seeds, curve), dash in zip(curves.items(), ("", "7 4", "2 3"), strict=True):
        points = " ".join(f"{left + width * float(size) / 8:.1f},{top + height * (1 - share):.1f}" for size, share in curve.items())
        x, y = next((float(s), share) for s, share in curve.items() if share > 0.5 or s == "8")
        parts.append(f'<polyline points="{points}" fill="none" stroke="#1f6feb" stroke-width="2" stroke-dasharray="{dash}"/>')
        side, anchor = (-8, "end") if seeds == max(curves, key=int) else (8, "start")
        place = f'x="{left + width * x / 8 + side:.1f}" y="{top + height * (1 - y) + 14:.1f}" text-anchor="{anchor}"'
        parts.append(f"<text {place}>{seeds} seeds</text>")
    about = "True gain, in standard deviations of a single run over seeds"
    parts.append(f'<text x="{left + width / 2}" y="{top + height + 38}" text-anchor="middle">{about}</text>')
    title = "<title>How often a true gain is confirmed, by its size and the number of seeds</title>"
    view = f'viewBox="0 0 {left + width + 20} {top + height + 50}"'
    style = 'font-family="sans-serif" font-size="12" fill="#444"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {view} role="img" {style}>{title}{"".join(parts)}</svg>\n'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=6000, help="simulated claims, shared out over the kinds")
    parser.add_argument("--power", type=int, default=300, help="simulations for each point of a power curve")
    parser.add_argument("--svg", type=Path, help="where to draw the power curves")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rng = np.random.default_rng(arguments.seed)
    shares = {"sign": 0.4, "all": 0.1, "count": 0.15, "place": 0.15}
    kinds: dict[str, Callable[[int], dict[str, float]]] = {
        **{kind: lambda n, kind=kind: measured(rng, kind, n) for kind in shares},
        "number": lambda n: numbers(rng, n),
        "trend": lambda n: trends(rng, n),
    }
    report: dict[str, object] = {"claims": arguments.claims, "seed": arguments.seed}
    for kind, run in kinds.items():
        number = round(arguments.claims * (shares.get(kind, 0.1)))
        report[kind] = {"n": number, **run(number)}
    curves = power(rng, arguments.power) if arguments.power else {}
    report["power"] = curves
    if arguments.svg:
        arguments.svg.write_text(svg(curves))
    print(json.dumps(report) if arguments.json else "\n".join(f"{key}: {value}" for key, value in report.items()))


if __name__ == "__main__":
    main()
