"""What is said of the claims that papers make in their own prose: how many are refuted, how many verified, and how often rightly.

Planted errors tell how many are found; they cannot tell how often a true sentence of a real paper is misread, which is this product's own
risk. Papers contradict their tables rarely, so that a refuted claim is a misreading until a person has looked. `prose_verdicts.toml`
holds what people found who looked at verdicts on papers that are not held out, each by its paper and the digest of its sentence; of the
held-out third only the totals are given. The papers are those of `mutations`.
"""

import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from claimcheck.benchmarks.heldout import held_out
from claimcheck.benchmarks.mutations import AXCELL, papers
from claimcheck.benchmarks.prose import fingerprint
from claimcheck.dossier import Claim, Verdict
from claimcheck.gather import assemble
from claimcheck.judge import check

FILE = Path(__file__).with_suffix(".toml")
EVERY = 25
"""Papers between two lines of progress."""


def measure(data: Path, limit: int | None = None, file: Path = FILE) -> tuple[int, dict[str, Any]]:
    """Claims, how many are decided, how many of the decided ones that a person looked at are right, and the refuted ones."""
    looked_at = seen(file)
    counts: Counter[str] = Counter()
    refuted = []
    for paper, claims in islice(judged(data), limit):
        part = "_held_out" if held_out(paper) else "_developed"
        counts[f"papers{part}"] += 1
        for claim in claims:
            verdict = claim.numbers or Verdict.INCONCLUSIVE
            counts.update((f"claims{part}", f"{verdict.value}{part}"))
            if verdict is Verdict.INCONCLUSIVE or part == "_held_out":
                continue
            right = looked_at.get((paper, fingerprint(claim.sentence), verdict.value))
            counts[f"{verdict.value}_{'unseen' if right is None else 'right' if right else 'wrong'}"] += 1
            if verdict is Verdict.REFUTED:
                refuted.append({"paper": paper, "claim": claim.number, "verifiers": verifiers(claim), "right": right})
    if not counts:
        raise FileNotFoundError(2, "no papers", str(data / AXCELL))
    return counts["claims_developed"] + counts["claims_held_out"], {**figures(counts), "refuted": refuted}


def figures(counts: Counter[str]) -> dict[str, float]:
    found = {
        f"{name}{part}": float(counts[f"{name}{part}"])
        for part in ("_developed", "_held_out")
        for name in ("papers", "claims", "verified", "refuted")
    }
    for verdict in ("refuted", "verified"):
        right, wrong = counts[f"{verdict}_right"], counts[f"{verdict}_wrong"]
        found |= {f"{verdict}_seen": float(right + wrong), f"{verdict}_precision_seen": right / max(1, right + wrong)}
    return found


def seen(file: Path) -> dict[tuple[str, str, str], bool]:
    """Verdicts a person looked at: by paper, digest of the sentence and verdict, whether it is right."""
    rows = tomllib.loads(file.read_text(encoding="utf-8"))["seen"]
    return {(row["paper"], row["sha256"], row["verdict"]): row["right"] for row in rows}


def judged(data: Path) -> Iterator[tuple[str, tuple[Claim, ...]]]:
    """Each paper's own claims, judged from nothing but the paper."""
    for number, (paper, document) in enumerate(papers(data), 1):
        yield paper, check(assemble(document, b"", None, "paper")).claims
        if number % EVERY == 0:
            print(f"{number} papers judged", file=sys.stderr, flush=True)


def verifiers(claim: Claim) -> list[str]:
    """Which verifiers refute a claim."""
    return list(dict.fromkeys(f.verifier for f in claim.findings if f.verdict is Verdict.REFUTED))
