"""Corrections by hand: what they change, that they outlast a new reading, and what a wrong one says."""

import json
import os
import pty
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from claimcheck.cli import app
from claimcheck.corrections import Invalid, parse
from claimcheck.document import Unreadable
from claimcheck.dossier import Difference, Value
from claimcheck.gather import gather
from claimcheck.judge import check
from claimcheck.report import render

PAPER = """# XyloNet: an invented paper

## Results

On CIFAR-10, XyloNet improves over BARNet by 0.4 points.
XyloNet reaches 81.5% accuracy on CIFAR-10 and 70.2% accuracy on CIFAR-100.
Everything was measured with care.
"""
VALUE = '{ kind = "Value", method = "XyloNet", dataset = "SVHN", metric = "accuracy", value = "95.10", unit = "%" }'


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "paper.md"
    path.write_text(PAPER)
    return path


def corrected(paper: Path, text: str):
    (paper.parent / "claims.toml").write_text(text)
    return gather(str(paper))


def claims(*words: str):
    return CliRunner().invoke(app, ["claims", *words])


def test_a_dropped_claim_is_gone_and_said_to_be(paper: Path) -> None:
    dossier = corrected(paper, '[[drop]]\nsentence = "On CIFAR-10, XyloNet improves"')
    assert [claim.number for claim in dossier.claims] == [2]
    assert dossier.dropped == ("claim 1: On CIFAR-10, XyloNet improves over BARNet by 0.4 points.",)


def test_a_dropped_assertion_leaves_the_others(paper: Path) -> None:
    dossier = corrected(paper, '[[drop]]\nsentence = "XyloNet reaches 81.5%"\nassertion = 1')
    assert [a.value for a in dossier.claim(2).assertions if isinstance(a, Value)] == [Decimal("70.2")]


def test_a_fixed_field_is_what_the_person_says(paper: Path) -> None:
    dossier = corrected(paper, '[[fix]]\nsentence = "On CIFAR-10, XyloNet"\nset = { baseline = "BarNet-2", value = "0.40" }')
    (fixed,) = dossier.claim(1).assertions
    assert isinstance(fixed, Difference)
    assert (fixed.baseline, str(fixed.value)) == ("BarNet-2", "0.40")
    hand = dossier.hand(1)
    assert hand is not None
    assert (hand.what, hand.assertions) == ("corrected", (0,))


def test_a_claim_that_was_missed_is_put_at_its_place(paper: Path) -> None:
    dossier = corrected(paper, f'[[add]]\nsentence = "Everything was measured"\nassertions = [{VALUE}]')
    assert dossier.claim(3).sentence == "Everything was measured with care."
    assert dossier.claim(3).where.line == 7


def test_an_addition_to_a_claim_joins_it(paper: Path) -> None:
    dossier = corrected(paper, f'[[add]]\nsentence = "XyloNet reaches 81.5% accuracy"\nassertions = [{VALUE}]')
    assert [a.dataset for a in dossier.claim(2).assertions] == ["CIFAR-10", "CIFAR-100", "SVHN"]


def test_fixes_and_drops_count_assertions_as_they_were_read(paper: Path) -> None:
    drop = '[[drop]]\nsentence = "XyloNet reaches 81.5%"\nassertion = 1\n'
    text = drop + '[[fix]]\nsentence = "XyloNet reaches 81.5%"\nassertion = 2\nset = { dataset = "C-100" }'
    dossier = corrected(paper, text)
    assert [a.dataset for a in dossier.claim(2).assertions] == ["C-100"]
    hand = dossier.hand(2)
    assert hand is not None
    assert hand.assertions == (0,)


def test_what_fits_nothing_is_said_and_the_rest_stands(paper: Path) -> None:
    dossier = corrected(paper, '[[drop]]\nsentence = "This stands nowhere at all"\n[[drop]]\nsentence = "On CIFAR-10, XyloNet improves"')
    assert len(dossier.claims) == 1
    assert dossier.unapplied == ("claims.toml: drop 1: 'This stands nowhere at all' begins no claim of this reading",)


def test_corrections_outlast_a_new_reading_that_numbers_claims_otherwise(paper: Path) -> None:
    corrected(paper, '[[drop]]\nsentence = "XyloNet reaches 81.5%"')
    paper.write_text(
        PAPER.replace("On CIFAR-10, XyloNet improves", "BARNet reaches 60.1% accuracy on SVHN.\nOn CIFAR-10, XyloNet improves")
    )
    assert [claim.sentence.split()[0] for claim in gather(str(paper)).claims] == ["BARNet", "On"]


def test_another_papers_corrections_are_left_alone(paper: Path) -> None:
    dossier = corrected(paper, 'paper = "other.md"\n[[drop]]\nsentence = "XyloNet reaches 81.5%"')
    assert len(dossier.claims) == 2
    assert [source.role for source in dossier.sources] == ["paper"]


def test_the_report_shows_what_was_done_by_hand(paper: Path) -> None:
    text = f'[[drop]]\nsentence = "On CIFAR-10, XyloNet"\n[[add]]\nsentence = "Everything was measured"\nassertions = [{VALUE}]'
    page, plain = (render(check(corrected(paper, text)), format) for format in ("html", "md"))
    assert "added by hand" in page
    assert "Added by hand" in plain
    assert "Taken out by hand" in page
    assert "claims.toml" in page


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[[drop]\n", "claims.toml: expected ']]'"),
        ('[[drop]]\nsentence = "short"', "claims.toml: drop 1: sentence: 'short' is too short"),
        ('[[drop]]\nsentense = "A sentence long enough"', "claims.toml: drop 1, sentence: is missing"),
        (
            '[[add]]\nsentence = "A sentence long enough"\nassertions = []',
            "claims.toml: add 1, assertions: tuple should have at least 1 item",
        ),
        (
            '[[add]]\nsentence = "A sentence long enough"\nassertions = [{ kind = "Valu" }]',
            "claims.toml: add 1, assertion 1: no kind 'Valu'; there are",
        ),
        (
            '[[add]]\nsentence = "A sentence long enough"\nassertions = [{ kind = "Value", method = "A", value = "many" }]',
            "claims.toml: add 1, assertion 1, value:",
        ),
        ('[[fix]]\nsentence = "A sentence long enough"\nset = { kind = "Rank" }', "claims.toml: fix 1: set: 'kind' cannot be set"),
        (
            '[[add]]\nsentence = "A sentence long enough"\nassertions = [{ kind = "Value", method = "A", value = "1e999999999" }]',
            "claims.toml: add 1, assertion 1, value: a number has at most 100 digits",
        ),
    ],
)
def test_a_fault_is_one_line_that_says_where(text: str, line: str) -> None:
    with pytest.raises(Invalid) as caught:
        parse(text.encode(), "claims.toml")
    assert caught.value.faults[0].startswith(line), caught.value.faults
    assert all("\n" not in fault for fault in caught.value.faults)


def test_a_fix_to_an_endless_number_is_left_out(paper: Path) -> None:
    dossier = corrected(paper, '[[fix]]\nsentence = "On CIFAR-10, XyloNet improves"\nset = { value = "1e-400000" }')
    assert dossier.claim(1).assertions[0].value == Decimal("0.4")
    assert "at most 100 digits" in dossier.unapplied[0]


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(paper: Path) -> None:
    path = paper.parent / "claims.toml"
    path.write_bytes(b'\xef\xbb\xbf[[drop]]\r\nsentence = "On CIFAR-10, XyloNet improves"\r\n')
    assert len(gather(str(paper)).claims) == 1
    assert claims("edit", str(paper), "--drop", "2.1").exit_code == 0
    assert path.read_bytes().startswith(b"\xef\xbb\xbf[[drop]]\r\n")
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n") == 6


def test_an_addition_to_a_file_that_is_no_text_is_refused(paper: Path) -> None:
    (paper.parent / "claims.toml").write_bytes(b"x = \xff")
    done = claims("edit", str(paper), "--add", "A sentence long enough", "--set", "kind=Value", "--set", "method=A", "--set", "value=1")
    assert (done.exit_code, done.stderr) == (2, "claimcheck: claims.toml: is not UTF-8 text; save it as UTF-8\n")


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(Invalid, match="not UTF-8"):
        parse(b"\xff\xfe", "claims.toml")


# Commands


def test_options_write_entries_that_apply(paper: Path) -> None:
    assert claims("edit", str(paper), "--fix", "1.1", "--set", "baseline=BarNet-2").exit_code == 0
    assert claims("edit", str(paper), "--drop", "2.1", "--why", "twice").exit_code == 0
    assert claims("edit", str(paper), "--fix", "2.1", "--set", "dataset=C-100").exit_code == 0  # 2.1 as extract now prints it
    assert claims("edit", str(paper), "--add", "1", "--set", "kind=Value", "--set", "method=A", "--set", "value=9.10").exit_code == 0
    dossier = gather(str(paper))
    assert [getattr(a, "baseline", "") for a in dossier.claim(1).assertions] == ["BarNet-2", ""]
    assert [a.dataset for a in dossier.claim(2).assertions] == ["C-100"]
    assert dossier.unapplied == ()
    assert claims("check", str(paper)).exit_code == 0


def test_what_a_person_wrote_in_the_file_stays(paper: Path) -> None:
    (paper.parent / "claims.toml").write_text("# mine\n")
    claims("edit", str(paper), "--drop", "1")
    assert (paper.parent / "claims.toml").read_text().startswith("# mine\n")


def test_a_shared_folder_gets_a_file_of_the_papers_own(paper: Path) -> None:
    (paper.parent / "claims.toml").write_text('paper = "other.md"\n')
    assert claims("edit", str(paper), "--drop", "1").exit_code == 0
    assert (paper.parent / "paper.claims.toml").is_file()
    assert len(gather(str(paper)).claims) == 1


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ([], "not on a terminal"),
        (["--drop", "1", "--add", "x"], "one correction at a time"),
        (["--drop", "9"], "has no claim 9"),
        (["--drop", "one"], "give the number of a claim"),
        (["--fix", "1.7", "--set", "method=A"], "claim 1 has 1 assertions"),
        (["--fix", "1.1"], "--fix needs what to set"),
        (["--drop", "1", "--set", "method=A"], "--set goes with"),
        (["--fix", "1.1", "--set", "method"], "give FIELD=VALUE"),
        (["--fix", "1.1", "--set", "kind=Rank"], "'kind' cannot be set"),
        (["--add", "A sentence long enough", "--set", "kind=Valu"], "no kind 'Valu'"),
    ],
)
def test_wrong_usage_is_one_line_and_writes_nothing(paper: Path, options: list[str], line: str) -> None:
    done = claims("edit", str(paper), *options)
    assert done.exit_code == 2
    assert line in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (paper.parent / "claims.toml").exists()


def test_a_folder_that_cannot_be_written_is_one_line_with_what_to_do(paper: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path, content: bytes) -> None:
        raise OSError(30, "Read-only file system", str(path))

    monkeypatch.setattr("claimcheck.files.write_atomically", refused)
    done = claims("edit", str(paper), "--drop", "1")
    assert done.exit_code == 74
    assert "claims.toml: Read-only file system; corrections are kept beside the paper" in done.stderr
    assert "--workspace" not in done.stderr  # which `claims edit` does not have


def test_dry_run_prints_the_entry_and_writes_nothing(paper: Path) -> None:
    done = claims("edit", str(paper), "--drop", "1", "--dry-run")
    assert done.stdout == '[[drop]]\nsentence = "On CIFAR-10, XyloNet improves over BARNet by 0.4 points."\n'
    assert not (paper.parent / "claims.toml").exists()


def test_check_lists_every_fault(paper: Path) -> None:
    (paper.parent / "claims.toml").write_text('[[drop]]\nsentence = "short"\n[[fix]]\nsentence = "tiny"\nset = { method = "A" }\n')
    done = claims("check", str(paper))
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 2


def test_show_as_json_is_one_document(paper: Path) -> None:
    claims("edit", str(paper), "--drop", "1")
    said = json.loads(claims("show", str(paper), "--json").stdout)
    assert (said["schema"], len(said["dropped"]), said["unapplied"]) == ("claimcheck/v1", 1, [])


def test_an_editor_changes_the_file_only_when_it_is_valid(paper: Path, tmp_path: Path) -> None:
    editor = tmp_path / "editor.sh"
    editor.write_text('#!/bin/sh\nprintf \'[[drop]]\\nsentence = "On CIFAR-10, XyloNet improves"\\n\' > "$1"\n')
    editor.chmod(0o755)
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "claimcheck", "claims", "edit", str(paper)]
    environment = os.environ | {"VISUAL": str(editor), "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(command, stdin=follower, stdout=follower, stderr=subprocess.PIPE, env=environment, timeout=60, check=False)
    os.close(follower)
    os.close(leader)
    assert done.returncode == 0, done.stderr
    assert len(gather(str(paper)).claims) == 1


# Without a paper


def alone(folder: Path, table: str, name: str = "results.csv"):
    (folder / name).write_text(table)
    path = folder / "claims.toml"
    path.write_text(
        f'title = "By hand"\nresults = "{name}"\n[[add]]\nsentence = "XyloNet improves CIFAR-10 by 1.2 points over BARNet."\nassertions = ['
        '{ kind = "Difference", method = "XyloNet", baseline = "BARNet", dataset = "CIFAR-10", metric = "accuracy", value = "1.2", sign = "+" }]\n'
    )
    return check(gather(str(path)))


def test_claims_and_results_alone_are_checked(tmp_path: Path) -> None:
    dossier = alone(tmp_path, "method,dataset,metric,score,seed\nXyloNet,CIFAR-10,accuracy,92.4,1\nBARNet,CIFAR-10,accuracy,91.2,1\n")
    assert [r.seed for r in dossier.results] == ["1", "1"]
    assert dossier.claim(1).numbers == "verified"


def test_a_wrong_number_is_refuted_by_the_results(tmp_path: Path) -> None:
    dossier = alone(tmp_path, "method,dataset,metric,score\nXyloNet,CIFAR-10,accuracy,92.4\nBARNet,CIFAR-10,accuracy,91.9\n")
    assert dossier.claim(1).numbers == "refuted"


def test_a_row_per_method_will_do(tmp_path: Path) -> None:
    dossier = alone(tmp_path, "Method,CIFAR-10,CIFAR-100\nXyloNet,92.4,70.1\nBARNet,91.2,69.0\n")
    assert {(r.method, r.dataset, str(r.score.value)) for r in dossier.results} >= {
        ("XyloNet", "CIFAR-10", "92.4"),
        ("BARNet", "CIFAR-100", "69.0"),
    }


def test_results_that_hold_no_score_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="holds no score"):
        alone(tmp_path, "a,b\nc,d\n")


def test_a_file_that_adds_nothing_is_no_source(tmp_path: Path) -> None:
    (tmp_path / "claims.toml").write_text('title = "Nothing"\n')
    with pytest.raises(Unreadable, match="adds no claim"):
        gather(str(tmp_path / "claims.toml"))
