"""What other programs get: valid by their own rules, safe to open, the same every time, and no paper inside."""

import csv
import io
import json
import subprocess
import sys

import pytest
from selectolax.lexbor import LexborHTMLParser

from claimcheck import export, report
from claimcheck.claim_review import claim_reviews
from claimcheck.dossier import Verdict

from .report_sample import dossier
from .test_report import ROOT, infected

NEEDED = {"@type", "claimReviewed", "reviewRating", "url", "author", "itemReviewed"}


def carried(page: str) -> list[dict]:
    """The claim reviews that a page carries."""
    (block,) = LexborHTMLParser(page).css("script#claim-reviews")
    return json.loads(block.text(deep=True))["@graph"]


def test_the_report_carries_the_claim_reviews_of_the_file_beside_it():
    page = report.render(dossier(), "html")
    assert carried(page) == claim_reviews(dossier())["@graph"]
    anchors = {f"#{node.attributes['id']}" for node in LexborHTMLParser(page).css("[id]")}
    assert {review["@id"] for review in carried(page)} <= anchors


def test_no_claim_ends_the_block_of_claim_reviews():
    bad = infected("</script><script>document.documentElement.dataset.acted=1</script>")
    assert len(carried(report.render(bad, "html"))) == len(bad.claims)


def test_a_report_of_very_many_claims_leaves_their_reviews_to_the_file():
    one = dossier().claims[0]
    many = tuple(one.model_copy(update={"number": number}) for number in range(1, report.MOST_REVIEWS + 2))
    assert "claim-reviews" not in report.render(dossier().model_copy(update={"claims": many}), "html")


def test_every_claim_has_a_claim_review_with_its_verdict_on_a_scale_of_five():
    graph = claim_reviews(dossier())["@graph"]
    assert len(graph) == 11
    assert all(review.keys() >= NEEDED for review in graph)
    ratings = {r["@id"]: (r["reviewRating"]["ratingValue"], r["reviewRating"]["alternateName"]) for r in graph}
    assert ratings["#claim-7"] == (1, "refuted")
    assert ratings["#claim-1"] == (3, "inconclusive")
    assert ratings["#claim-4"] == (5, "verified")
    assert graph[0]["itemReviewed"]["appearance"]["url"] == "https://arxiv.org/abs/2605.17165"
    assert all(len(review["claimReviewed"]) <= 75 for review in graph)


@pytest.mark.parametrize(("paper", "page"), [("paper.txt", ""), ("doi:10.1/x", "https://doi.org/10.1/x"), ("javascript:alert(1)", "")])
def test_a_paper_is_linked_only_where_it_has_a_page(paper, page):
    assert export.page(paper) == page


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_the_table_of_claims_has_a_row_a_claim():
    found = rows(export.claims_csv(dossier()))
    assert [row["claim"] for row in found] == [str(n) for n in range(1, 12)]
    assert [row["verdict"] for row in found if row["claim"] == "7"] == ["refuted"]
    assert [row["confidence"] for row in found if row["claim"] == "1"] == [""]


def test_the_table_of_reviews_has_a_row_a_rule_and_keeps_who_abstains():
    found = rows(export.reviews_csv(dossier()))
    assert [(row["reviewer"], row["rule"], row["points"]) for row in found] == [
        ("evidence_strength", "refutations", "-4.2"),
        ("evidence_strength", "levels", ""),
        ("scope", "an answer", "-1.0"),
        ("reproducibility", "", ""),
    ]
    assert found[-1]["abstains"].startswith("one of its rules broke")


@pytest.mark.parametrize("payload", ["=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\x1b=1", 'a\nb,c"d'])
def test_no_cell_is_a_formula_or_breaks_its_row(payload):
    for text in (export.claims_csv(infected(payload)), export.reviews_csv(infected(payload))):
        for row in csv.reader(io.StringIO(text)):
            assert not [value for value in row if value.startswith(("=", "+", "@", "\t", "\x1b"))]
        assert "\x1b" not in text
    assert len(rows(export.claims_csv(infected(payload)))) == 11


def test_files_are_the_same_every_time(tmp_path):
    first, second = (export.write(dossier(), tmp_path / name) for name in ("a", "b"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert json.loads((tmp_path / "a" / "dossier.json").read_text())["schema"] == "claimcheck/v1"


def crate(tmp_path, made=None):
    pytest.importorskip("rocrate")
    paths = export.write(made or dossier(), tmp_path)
    export.crate(made or dossier(), tmp_path, paths, "2026-11-28")
    graph = json.loads((tmp_path / "ro-crate-metadata.json").read_text())["@graph"]
    return {entity["@id"]: entity for entity in graph}


def test_a_crate_keeps_to_the_process_run_profile(tmp_path):
    found = crate(tmp_path)
    root = found["./"]
    assert root["conformsTo"]["@id"] == "https://w3id.org/ro/wfrun/process/0.5"
    assert found[root["conformsTo"]["@id"]]["@type"] == "CreativeWork"
    assert {"name", "description", "datePublished", "license"} <= root.keys()
    actions = [entity for entity in found.values() if entity["@type"] == "CreateAction"]
    assert len(actions) == 1 + len(dossier().runs)
    assert all(found[action["instrument"]["@id"]]["@type"] == "SoftwareApplication" for action in actions)
    assert {part["@id"] for part in root["mentions"]} == {action["@id"] for action in actions}
    failed = [action for action in actions if action["actionStatus"].endswith("FailedActionStatus")]
    assert [action["error"] for action in failed] == ["nan loss: loss was not a number at step 118"]
    assert not any("error" in action for action in actions if action not in failed)


def test_a_crate_describes_what_was_written_and_nothing_else_in_the_folder(tmp_path):
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "notes.md").write_text("mine")
    found = crate(tmp_path)
    assert {part["@id"] for part in found["./"]["hasPart"]} == {"dossier.json", "claims.jsonld", "claims.csv", "reviews.csv"}


def test_a_crate_reads_back_and_is_the_same_every_time(tmp_path):
    rocrate = pytest.importorskip("rocrate.rocrate")
    crate(tmp_path / "a")
    crate(tmp_path / "b")
    assert (tmp_path / "a/ro-crate-metadata.json").read_bytes() == (tmp_path / "b/ro-crate-metadata.json").read_bytes()
    assert rocrate.ROCrate(str(tmp_path / "a")).root_dataset["name"].startswith("Claim check: ")


def test_a_hostile_title_does_not_break_a_crate(tmp_path):
    found = crate(tmp_path, infected("</script>\x1b]8;;x\x07 ../../etc"))
    assert "\x1b" not in found["./"]["name"]


def test_without_the_library_one_line_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "rocrate.rocrate", None)
    with pytest.raises(export.NoCrate, match=r"pip install 'claimcheck-repro\[crate\]'"):
        export.crate(dossier(), tmp_path, [], "2026-11-28")
    assert not list(tmp_path.iterdir())


def test_the_command_writes_all_files_and_names_them(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "claimcheck", "export", "--crate", "--out", "out", "--json"], cwd=tmp_path, capture_output=True, check=True
    )
    files = json.loads(done.stdout)["files"]
    assert {file.removeprefix("out/") for file in files} == {path.name for path in (tmp_path / "out").iterdir()}
    assert "out/ro-crate-metadata.json" in files
    graph = json.loads((tmp_path / "out" / "claims.jsonld").read_text())["@graph"]
    assert {review["reviewRating"]["alternateName"] for review in graph} <= {verdict.value for verdict in Verdict}


def test_the_readme_names_the_command():
    assert "claimcheck export" in (ROOT / "README.md").read_text()
