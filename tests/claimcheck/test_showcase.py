"""The committed report: it is what its dossier makes, and its runs bear out what it says of them."""

from pathlib import Path

import pytest

from claimcheck import figures, report
from claimcheck.dossier import Dossier, Reason, Verdict
from claimcheck.story import reruns
from claimcheck.verify.estimates import SEEDS_NEEDED

SHOWCASE = Path(__file__).parents[2] / "reports" / "latent_dynamics"


@pytest.fixture(scope="module")
def dossier():
    return Dossier.model_validate_json((SHOWCASE / "dossier.json").read_bytes())


@pytest.mark.parametrize("format", report.FORMATS)
def test_report_is_made_from_its_dossier_byte_for_byte(dossier, format):
    """After a change of templates: make showcase."""
    assert report.render(dossier, format).encode() == (SHOWCASE / f"report.{format}").read_bytes()


def test_plots_are_those_of_the_dossier(dossier):
    pictures = {f"{name}.svg": picture.encode() for name, picture in figures.pictures(dossier).items()}
    assert {path.name: path.read_bytes() for path in (SHOWCASE / "figures").iterdir()} == pictures


def test_every_claim_ends_in_an_estimate_with_its_interval_and_runs(dossier):
    made = {run.experiment.digest for run in dossier.runs}
    for claim in dossier.claims:
        own = [rerun.estimate for rerun in reruns(dossier) if rerun.claim == claim.number]
        assert own, claim.number
        few = all(estimate.seeds < SEEDS_NEEDED for estimate in own)
        assert few <= any(finding.reason is Reason.INSUFFICIENT_RUNS for finding in claim.findings)
        for estimate in own:
            assert estimate.low <= estimate.value <= estimate.high
            assert set(estimate.runs) <= made


def test_no_run_below_paper_scale_votes(dossier):
    for claim in dossier.claims:
        for finding in claim.findings:
            if finding.verifier == "reproduction" and finding.verdict is not Verdict.INCONCLUSIVE:
                assert finding.estimate is not None
                assert finding.estimate.scale == "paper"


def test_runs_come_from_one_code_and_a_clean_tree(dossier):
    assert len({run.code_version for run in dossier.runs}) == 1
    assert {run.environment["dirty"] for run in dossier.runs} == {"false"}


def test_it_stays_small_and_names_no_folder_of_the_machine():
    files = [path for path in SHOWCASE.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 3_000_000
    for path in files:
        content = path.read_text()
        assert "/home/" not in content
        assert "/tmp/" not in content
