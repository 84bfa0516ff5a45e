"""Imports point one way, and what only reads, judges or reports loads neither torch nor spaCy."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LAYERS = [  # a module may import those below it, and those of its own package
    {"claimcheck.__main__"},
    {"claimcheck.cli"},
    {"claimcheck.claims", "claimcheck.data", "claimcheck.literature", "claimcheck.runs"},
    {"claimcheck.console"},
    {"claimcheck.progress", "claimcheck.report", "claimcheck.terminal", "claimcheck.export", "claimcheck.benchmarks"},
    {"claimcheck.checklists", "claimcheck.claim_review"},
    {"claimcheck.reproduce", "claimcheck.gather", "claimcheck.figures", "claimcheck.story", "claimcheck.synthesis", "claimcheck.pages"},
    {"claimcheck.judge", "claimcheck.review", "claimcheck.retrieve", "claimcheck.references", "claimcheck.releases", "claimcheck.search"},
    {"claimcheck.verify"},
    {"claimcheck.tabular"},
    {"claimcheck.extract", "claimcheck.studies", "claimcheck.sources"},
    {"claimcheck.readers", "claimcheck.corrections", "claimcheck.workspace", "claimcheck.wording", "claimcheck.works", "claimcheck.index"},
    {"claimcheck.stats"},
    {"claimcheck.dossier"},
    {"claimcheck.document", "claimcheck.files", "claimcheck.escape", "claimcheck.ids"},
    {"claimcheck"},
    {"repro.conformance"},
    {"repro.sweep", "repro.launch"},
    {"repro.run", "repro.align"},
    {"repro.baselines"},
    {"repro.evaluate"},
    {"repro.features"},
    {"repro.pretrain"},
    {"repro.jepa"},
    {"repro.losses", "repro.objectives", "repro.masking", "repro.models", "repro.probes", "repro.datasets"},
    {"repro.cache"},
    {"repro.latents", "repro.schedule", "repro.transforms", "repro.clips", "repro.checkpoint"},
    {"repro.experiments"},
    {"repro.result"},
    {"repro.experiment"},
    {"repro.record"},
    {"repro"},
]
LEVEL = {name: level for level, layer in enumerate(LAYERS) for name in layer}


def part(module: str) -> str:
    """The package or module right under the top: `claimcheck.verify.controls` is part of `claimcheck.verify`."""
    return ".".join(module.split(".")[:2])


def imports() -> Iterator[tuple[str, str]]:
    """Every import of our own modules, wherever it stands: (importer, imported)."""
    for path in sorted((*ROOT.glob("claimcheck/**/*.py"), *ROOT.glob("repro/**/*.py"))):
        here = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module in ("claimcheck", "repro"):
                yield from ((here, name) for alias in node.names if (name := f"{node.module}.{alias.name}") in LEVEL)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield here, node.module
            elif isinstance(node, ast.Import):
                yield from ((here, alias.name) for alias in node.names)


OURS = sorted({pair for pair in imports() if pair[1].split(".")[0] in ("claimcheck", "repro")})


def test_every_part_has_a_layer():
    parts = {part(name) for pair in OURS for name in pair}
    assert parts <= LEVEL.keys(), f"give these a layer: {sorted(parts - LEVEL.keys())}"


@pytest.mark.parametrize(("here", "there"), OURS)
def test_imports_point_down(here, there):
    assert part(here) == part(there) or LEVEL[part(here)] < LEVEL[part(there)], f"{here} may not import {there}"


def test_repro_knows_nothing_of_claims():
    assert not [pair for pair in OURS if pair[0].startswith("repro") and pair[1].startswith("claimcheck")]


def test_claims_know_only_the_records_of_repro():
    """Everything of the engine that is not standard library is imported inside the functions of what drives it."""
    light = {"repro.experiment", "repro.result", "repro.experiments", "repro.record", "repro"}
    drivers = {"claimcheck.reproduce", "claimcheck.progress", "claimcheck.data"}
    heavy = [(here, there) for here, there in OURS if there.startswith("repro") and part(there) not in light]
    assert not [pair for pair in heavy if pair[0].startswith("claimcheck") and pair[0] not in drivers]


def loaded(code: str) -> set[str]:
    """Which of the heavy packages a fresh interpreter has loaded after running `code`."""
    heavy = ("torch", "spacy", "pymupdf", "matplotlib", "scipy", "decord", "av")
    probe = f"{code}\nimport sys\nprint(*[name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split("\n")[-2].split())


@pytest.mark.parametrize(
    "module", ["dossier", "verify", "judge", "report", "gather", "cli", "terminal", "studies", "review", "synthesis", "export"]
)
def test_reading_judging_and_reporting_load_nothing_heavy(module):
    assert loaded(f"import claimcheck.{module}") == set()


def test_help_loads_nothing_heavy():
    run = "import sys, claimcheck.cli\nsys.argv = ['claimcheck', '--help']\ntry: claimcheck.cli.main()\nexcept SystemExit: pass"
    assert loaded(run) == set()
