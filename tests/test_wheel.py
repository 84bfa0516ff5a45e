"""What is built and installed elsewhere holds all it needs: the study, the templates, the style."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with nothing but the unpacked wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT], check=True, cwd=folder)
    (wheel,) = folder.glob("claimcheck_repro-*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--no-compile", "--target", folder / "site", wheel], check=True, cwd=folder)
    return folder / "site"


def test_wheel_renders_the_report_of_the_bundled_study(installed, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    where = subprocess.run(
        [sys.executable, "-P", "-c", "import claimcheck, repro; print(claimcheck.__file__, repro.__file__)"],
        env=environment, cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert where.stdout.count(str(installed)) == 2
    done = subprocess.run(
        [sys.executable, "-P", "-m", "claimcheck", "report", "--out", "out"], env=environment, cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "Content-Security-Policy" in (tmp_path / "out" / "report.html").read_text()
    assert (tmp_path / "out" / "report.md").stat().st_size > 1000


def test_wheel_holds_every_table_that_the_package_reads(installed):
    tables = [path.relative_to(ROOT) for path in sorted((ROOT / "claimcheck").rglob("*")) if path.suffix in (".json", ".toml")]
    assert Path("claimcheck/extract/ranking.json") in tables
    assert not [str(path) for path in tables if not (installed / path).is_file()]
