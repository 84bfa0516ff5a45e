"""How many papers a minute one core takes from LaTeX to document, results and claims.

    python benchmarks/extract_speed.py --data ../shared/data --papers 60 --json

Processor seconds of this process, so that a busy machine does not count.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from read_speed import latex_sources

from claimcheck.extract import extract
from claimcheck.readers import latex


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    parser.add_argument("--papers", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    reading, extracting, results, claims = [], [], 0, 0
    for name, source in latex_sources(arguments.data, arguments.papers):
        start = time.process_time()
        document = latex.read(source, name)
        middle = time.process_time()
        found = extract(document)
        reading.append(middle - start)
        extracting.append(time.process_time() - middle)
        results += len(found.results)
        claims += len(found.claims)
    total = [one + other for one, other in zip(reading, extracting, strict=True)]
    figures = {
        "papers": len(total),
        "papers_a_minute": round(60 / statistics.mean(total), 1),
        "read_mean_s": round(statistics.mean(reading), 3),
        "extract_mean_s": round(statistics.mean(extracting), 3),
        "slowest_s": round(max(total), 2),
        "results": results,
        "claims": claims,
    }
    print(json.dumps(figures, indent=None if arguments.json else 2))


if __name__ == "__main__":
    main()
