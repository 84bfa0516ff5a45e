"""`claimcheck show --open N`: the page a claim stands on, boxed; a clear line where there is none to show."""

import json

import pytest

from claimcheck.document import Location
from claimcheck.pages import picture
from claimcheck.readers import pdf
from claimcheck.workspace import Workspace
from tests.claimcheck.test_cli import claimcheck
from tests.weird import PAGE, stream
from tests.weird import pdf as make

SENTENCE = "Our method improves SSv2 accuracy by 3.5 points over the baseline."
PAPER = make(PAGE, stream(f"BT /F 12 Tf 72 700 Td ({SENTENCE}) Tj ET".encode()))


@pytest.fixture
def paper(tmp_path):
    """A folder in which a PDF of one claim was extracted."""
    (tmp_path / "paper.pdf").write_bytes(PAPER)
    done = claimcheck("extract", "paper.pdf", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    return tmp_path


def test_page_is_written_with_the_sentence_boxed(paper):
    done = claimcheck("show", "--open", 1, cwd=paper)
    assert (done.returncode, done.stdout) == (0, b"page: .claimcheck/pages/claim-1.png\n")
    (claim,) = Workspace(paper / ".claimcheck").current().claims
    left, top, right, bottom = claim.where.box
    assert (left, right > 300, top < 792 - 700 < bottom + 1) == (pytest.approx(72, abs=1), True, True)
    written = (paper / ".claimcheck" / "pages" / "claim-1.png").read_bytes()
    assert written == pdf.page_image(PAPER, "paper.pdf", 1, [claim.where.box]) != pdf.page_image(PAPER, "paper.pdf", 1)


def test_path_is_printed_as_json(paper):
    done = claimcheck("show", "--open", 1, "--json", cwd=paper)
    assert json.loads(done.stdout)["files"] == [".claimcheck/pages/claim-1.png"]


def test_paper_that_changed_is_not_shown(paper):
    (paper / "paper.pdf").write_bytes(PAPER + b"\n%")
    assert told(paper) == "claimcheck: paper.pdf: has changed since it was read; extract it again"


def test_paper_that_is_gone_is_named(paper):
    (paper / "paper.pdf").unlink()
    assert told(paper).startswith("claimcheck: paper.pdf: cannot be read any more")


def test_claim_of_a_text_has_no_page(tmp_path):
    (tmp_path / "paper.md").write_text(SENTENCE)
    claimcheck("extract", "paper.md", cwd=tmp_path)
    assert told(tmp_path).endswith("which is not a PDF and has no pages to show")


def test_paper_from_standard_input_cannot_be_read_again(tmp_path):
    claimcheck("extract", "-", cwd=tmp_path, stdin=PAPER)
    assert "does not say where it was read" in told(tmp_path)


def test_unknown_claim_is_wrong_usage(paper):
    assert claimcheck("show", "--open", 9, cwd=paper).returncode == 2


def test_cell_is_boxed_where_the_claim_stands_in_one(paper):
    dossier = Workspace(paper / ".claimcheck").current()
    box = (150.0, 120.0, 180.0, 140.0)
    cell = Location(document="paper.pdf", page=1, box=box, detail="Table 1, row 2, column 3")
    dossier = dossier.model_copy(update={"sources": tuple(s.model_copy(update={"path": str(paper / s.path)}) for s in dossier.sources)})
    assert picture(dossier, dossier.claims[0].model_copy(update={"where": cell})) == pdf.page_image(PAPER, "paper.pdf", 1, [box])


def told(folder):
    """The one line on stderr, for exit code 3 and an empty stdout."""
    done = claimcheck("show", "--open", 1, cwd=folder)
    assert (done.returncode, done.stdout) == (3, b"")
    (line,) = done.stderr.decode().splitlines()
    assert not (folder / ".claimcheck" / "pages").exists()
    return line
