"""Command line: `python -m repro.conformance DIR`. Exit 0 if every array passes, 1 if any fails, 2 if DIR is no folder of golden vectors."""

import argparse
import json
import math
import sys
from dataclasses import asdict
from pathlib import Path

from repro.conformance.check import check_folder
from repro.conformance.compare import Row
from repro.conformance.golden import Unsupported


def main(arguments: list[str] | None = None) -> int:
    """Print one row per array, then how many passed."""
    parser = argparse.ArgumentParser(prog="python -m repro.conformance", description="Compare this implementation with golden vectors.")
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder with INDEX.json and its .npz files")
    parser.add_argument("--only", default="", metavar="NAME", help="only files whose name contains NAME")
    parser.add_argument("--device", default="cpu", help="where networks, losses and objectives are computed")
    parser.add_argument("--failures", action="store_true", help="print failing rows only")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args(arguments)
    rows: list[Row] = []
    try:
        for row in check_folder(options.folder, options.only, options.device):
            rows.append(row)
            if not options.json and not (options.failures and row.passed):
                print(line(row), flush=True)
    except Unsupported as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    failed = sum(not row.passed for row in rows)
    if options.json:
        print(json.dumps({"passed": len(rows) - failed, "failed": failed, "rows": [_plain(row) for row in rows]}, indent=1))
    else:
        print(f"{len(rows) - failed} of {len(rows)} passed")
    if not rows:
        print(f"error: nothing to check in {options.folder} for {options.only!r}", file=sys.stderr)
        return 2
    return 1 if failed else 0


def line(row: Row) -> str:
    """A row of the table: verdict, largest error, share of the tolerance, array."""
    note = f"  ({row.note})" if row.note else ""
    return f"{'pass' if row.passed else 'FAIL'}  error {row.error:9.2e}  {row.margin:7.2%} of tolerance  {row.file} {row.array}{note}"


def _plain(row: Row) -> dict[str, object]:
    return {key: None if isinstance(value, float) and not math.isfinite(value) else value for key, value in asdict(row).items()}


if __name__ == "__main__":
    sys.exit(main())
