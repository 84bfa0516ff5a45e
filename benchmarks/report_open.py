"""How long a report of a thousand claims takes to open: milliseconds to the load event in headless Chromium, best of --tries.

python benchmarks/report_open.py [--claims 1000] [--tries 5] [--json]
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from claimcheck.report import render
from claimcheck.review import review
from tests.claimcheck.report_sample import dossier

CLOCK = "<script>addEventListener('load', () => { document.title = `opened ${performance.now().toFixed(0)}` })</script>"


def page(claims: int) -> str:
    """The sample's claims, as often as it takes, reviewed; the policy lets a clock of ours in."""
    many = [c.model_copy(update={"number": i}) for i, c in enumerate(dossier().claims * (claims // 11 + 1), start=1)][:claims]
    html = render(review(dossier(claims=tuple(many))), "html")
    return re.sub(r"script-src 'sha256-[^']+'", "script-src 'unsafe-inline'", html).replace("</body>", f"{CLOCK}</body>")


def opened(chromium: str, path: Path) -> int:
    flags = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={path.parent / 'profile'}", "--window-size=1200,900")
    done = subprocess.run([chromium, *flags, "--dump-dom", path.as_uri()], capture_output=True, text=True, check=True, timeout=120)
    return int(re.search(r"<title>opened (\d+)", done.stdout)[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=int, default=1000)
    parser.add_argument("--tries", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("no Chromium on this machine; install one")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.html"
        path.write_text(page(asked.claims))
        times = sorted(opened(chromium, path) for _ in range(asked.tries))
        figures = {"claims": asked.claims, "bytes": path.stat().st_size, "best_ms": times[0], "median_ms": times[len(times) // 2]}
    print(json.dumps(figures) if asked.json else "\n".join(f"{key:10} {value:,}" for key, value in figures.items()))


if __name__ == "__main__":
    main()
