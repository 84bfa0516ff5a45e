"""Fit the confidence of votes on numbers to labelled claims, and draw how it fares on the papers that were held out.

python benchmarks/calibration.py ../shared/data --json

Writes `claimcheck/verify/confidence.toml` from the papers developed on and `docs/reliability.svg` from the others. The second series
of the plot is the sign of a difference between two accuracies, whose probability is computed and not fitted: 20,000 simulated pairs.
"""

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from claimcheck.benchmarks.heldout import held_out
from claimcheck.benchmarks.mutations import Trial, trials
from claimcheck.dossier import Finding, Verdict
from claimcheck.stats.calibration import Bin, expected_error, frequency, reliability
from claimcheck.stats.proportions import compare, wilson
from claimcheck.stats.seeds import sign_probability
from claimcheck.verify.confidence import stratum

ROOT = Path(__file__).parents[1]
RECORDS = ROOT / "claimcheck" / "verify" / "confidence.toml"
PLOT = ROOT / "docs" / "reliability.svg"
FITTED = ("arithmetic", "released_results")
"""Verifiers whose votes on numbers carry this confidence."""

SIDE, MARGIN, LOWEST = 320, 46, 0.5
"""Of the plot: its side, the margin around it, and the probability at which its axes begin."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    done = list(trials(arguments.data))
    records = tally(t for t in done if not held_out(t.paper))
    RECORDS.write_text(toml(records), encoding="utf-8")
    cases = [(stated(t, records), t.wrong is (t.verdict is Verdict.REFUTED)) for t in done if held_out(t.paper) and deciding(t)]
    numbers = reliability([p for p, _ in cases], [right for _, right in cases])
    signs = reliability(*zip(*simulated(20_000), strict=True))
    PLOT.write_text(drawn({"numbers of held-out papers": numbers, "signs of simulated differences": signs}), encoding="utf-8")
    figures = {
        "held_out_verdicts": len(cases),
        "ece_numbers_held_out": round(expected_error(numbers), 4),
        "ece_signs_simulated": round(expected_error(signs), 4),
        "strata": {
            name: {"right": right, "votes": n, "probability": round(frequency(right, n), 4)} for name, (right, n) in records.items()
        },
    }
    print(json.dumps(figures) if arguments.json else "\n".join(f"{name}: {value}" for name, value in figures.items()))


def deciding(t: Trial) -> list[tuple[str, Finding]]:
    """The votes that decided a claim's numbers, with the stratum of each."""
    votes = [f for f in t.claim.findings if f.kind == "verdict" and f.part == "numbers" and f.verdict is t.verdict and f.verifier in FITTED]
    if t.verdict is Verdict.INCONCLUSIVE:
        return []
    return [(stratum(f.verdict, t.claim.assertions[f.assertions[0]]), f) for f in votes]


def tally(done: Iterator[Trial]) -> dict[str, tuple[int, int]]:
    """By stratum: deciding votes that were right, and all of them."""
    found: dict[str, tuple[int, int]] = {}
    for t in done:
        for name, f in deciding(t):
            right, n = found.get(name, (0, 0))
            found[name] = right + (t.wrong is (f.verdict is Verdict.REFUTED)), n + 1
    return dict(sorted(found.items()))


def stated(t: Trial, records: dict[str, tuple[int, int]]) -> float:
    """The claim's confidence in its numbers, as the judge forms it: the surest vote of each assertion, the least sure assertion."""
    least = min(frequency(*record) for record in records.values())
    by_assertion: dict[int, float] = {}
    for name, f in deciding(t):
        sure = frequency(*records[name]) if name in records else least
        by_assertion[f.assertions[0]] = max(sure, by_assertion.get(f.assertions[0], 0.0))
    return max(by_assertion.values()) if t.verdict is Verdict.REFUTED else min(by_assertion.values())


def toml(records: dict[str, tuple[int, int]]) -> str:
    head = "# Votes on numbers that were right, of all, on the papers developed on. Written by `python benchmarks/calibration.py DATA`.\n"
    return head + "".join(f"\n[strata.{name}]\nright = {right}\nvotes = {n}\n" for name, (right, n) in records.items())


def simulated(pairs: int) -> Iterator[tuple[float, bool]]:
    """The probability given to the sign of a measured difference, and whether the true difference has that sign."""
    draw = random.Random(0)
    for _ in range(pairs):
        p = draw.uniform(0.2, 0.8)
        q, n = p + draw.uniform(-0.08, 0.08), draw.choice((500, 2_000, 10_000))
        k, m = (sum_of_draws(draw, x, n) for x in (p, q))
        if k != m:
            seen = compare(100 * k / n, n, 100 * m / n, n)
            yield sign_probability(seen.difference, seen.standard_error), (k > m) == (p > q)


def sum_of_draws(draw: random.Random, p: float, n: int) -> int:
    """A binomial count, by its normal approximation."""
    return min(n, max(0, round(draw.gauss(n * p, (n * p * (1 - p)) ** 0.5))))


def drawn(series: dict[str, Sequence[Bin]]) -> str:
    """The reliability plot: what was stated against what came true, with 95% intervals, the diagonal where they are the same."""
    colours = dict(zip(series, ("#0b5fa5", "#b3541e"), strict=False))
    size = SIDE + 2 * MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size + 24 * len(series)}" font-family="sans-serif" font-size="12" role="img">',
        "<title>Stated probability against the share that came true</title>",
        f'<rect width="{size}" height="{size + 24 * len(series)}" fill="#fff"/>',
        f'<path d="M{x(LOWEST)} {y(LOWEST)}L{x(1)} {y(1)}" stroke="#888" stroke-dasharray="4 4"/>',
        f'<path d="M{x(LOWEST)} {y(1)}V{y(LOWEST)}H{x(1)}" fill="none" stroke="#222"/>',
        f'<text x="{size / 2}" y="{size - 8}" text-anchor="middle">stated probability</text>',
        f'<text transform="translate(13 {size / 2}) rotate(-90)" text-anchor="middle">share that came true</text>',
    ]
    for tick in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
        parts.append(f'<text x="{x(tick)}" y="{y(LOWEST) + 16}" text-anchor="middle">{tick:.1f}</text>')
        parts.append(f'<text x="{x(LOWEST) - 6}" y="{y(tick) + 4}" text-anchor="end">{tick:.1f}</text>')
    for row, (name, bins) in enumerate(series.items()):
        for b in bins:
            low, high = wilson(b.came_true, b.n)
            parts.append(f'<path d="M{x(b.stated)} {y(max(low, LOWEST))}V{y(high)}" stroke="{colours[name]}"/>')
            parts.append(
                f'<circle cx="{x(b.stated)}" cy="{y(max(b.came_true, LOWEST))}" r="4" fill="{colours[name]}">'
                f"<title>{b.n} cases: stated {b.stated:.3f}, came true {b.came_true:.3f}</title></circle>"
            )
        line = f"{name}: {sum(b.n for b in bins):,} cases, expected error {expected_error(bins):.3f}"
        parts.append(f'<circle cx="{MARGIN}" cy="{size + 8 + 24 * row}" r="4" fill="{colours[name]}"/>')
        parts.append(f'<text x="{MARGIN + 10}" y="{size + 12 + 24 * row}">{line}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def x(probability: float) -> float:
    return round(MARGIN + SIDE * (probability - LOWEST) / (1 - LOWEST), 1)


def y(share: float) -> float:
    return round(MARGIN + SIDE - SIDE * (share - LOWEST) / (1 - LOWEST), 1)


if __name__ == "__main__":
    main()
