"""Are wrong p values found, and only those? Tests of 61 psychology papers that people checked by hand (Nuijten et al., the effectivity of statcheck).

`error_*` is about p values that do not follow from the statistic beside them, `decision_*` about those of them that change sides at 0.05.
`read` is the share of the tests as printed that are read at all; what is not read is flagged by nobody.
"""

import csv
from collections import Counter
from pathlib import Path

from claimcheck.stats.reported import check, reported

CHECKED = "effectivity_manual_checks_errors.csv"


def measure(data: Path) -> tuple[int, dict[str, float]]:
    """Precision and recall of flags, pooled over the tests."""
    path = next((p for p in (data / CHECKED, data / "statcheck" / CHECKED) if p.is_file()), None)
    if path is None:
        raise FileNotFoundError(2, "no checked tests", str(data / CHECKED))
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    seen: Counter[tuple[str, bool, bool]] = Counter()
    read = 0
    for row in rows:
        tests = list(reported(row["raw"]))
        read += len(tests) == 1
        found = [check(test, one_tailed=row["one_tailed_in_txt"] == "TRUE") for test in tests]
        seen["error", row["error"] == "TRUE", any(not one.consistent for one in found)] += 1
        seen["decision", row["decision_error"] == "TRUE", any(one.decision for one in found)] += 1
    figures = {"read": read / len(rows)}
    for what in ("error", "decision"):
        hit, missed, wrong = seen[what, True, True], seen[what, True, False], seen[what, False, True]
        figures |= {
            f"{what}s": float(hit + missed),
            f"{what}_precision": hit / max(1, hit + wrong),
            f"{what}_recall": hit / max(1, hit + missed),
        }
    return len(rows), figures
