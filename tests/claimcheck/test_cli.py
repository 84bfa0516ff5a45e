"""The commands as a user types them: results on stdout, messages on stderr, a documented exit code for whatever goes wrong."""

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from claimcheck import cli
from claimcheck.workspace import Workspace
from repro.experiments import EXPERIMENTS
from repro.result import RunResult
from tests.claimcheck.conftest import STUDY_CLAIMS


def claimcheck(*arguments, cwd, stdin=None, **environment):
    command = [sys.executable, "-m", "claimcheck", *map(str, arguments)]
    variables = {**os.environ, "OMP_NUM_THREADS": "1", **environment}
    return subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, env=variables, timeout=300)


def printed(*arguments, cwd, **options):
    """The JSON document a command prints; it must be all of stdout."""
    done = claimcheck(*arguments, "--json", cwd=cwd, **options)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def extracted(tmp_path_factory):
    return printed("extract", cwd=tmp_path_factory.mktemp("extract"))


def slots(assertion):
    """What an assertion says, without the words it was read from."""
    return {name: value for name, value in assertion.items() if name not in ("text", "supplied", "ambiguous", "metric", "universe")}


@pytest.mark.parametrize("number", range(1, 12))
def test_bundled_study_extracts_every_number_of_the_claim(extracted, number):
    (found,) = [claim for claim in extracted["claims"] if claim["number"] == number]
    (expected,) = [claim for claim in STUDY_CLAIMS if claim.number == number]
    wanted = [slots(json.loads(assertion.model_dump_json())) for assertion in expected.assertions]
    assert [slots(assertion) for assertion in found["assertions"]] == wanted
    assert (found["truncated"], found["causal"]) == (expected.truncated, expected.causal)


def test_claim_1_as_json(extracted):
    first = extracted["claims"][0]["assertions"][0]
    named = {"kind": "Difference", "method": "Motion-Guided Masking", "baseline": "Baseline", "dataset": "Diving-48", "metric": "top-1"}
    assert named.items() <= first.items()
    assert {"regime": "ucf101", "value": "0.30", "unit": "pp", "sign": "+"}.items() <= first.items()


def test_extract_then_verify(tmp_path):
    printed("extract", cwd=tmp_path)
    claims = {claim["number"]: claim for claim in printed("verify", cwd=tmp_path)["claims"]}
    assert [claims[n]["verdict"] for n in (1, 4, 8, 10)] == ["inconclusive", "verified", "verified", "verified"]
    assert claims[11]["numbers"] is None
    assert claims[10]["conclusion"] is None
    assert all(claim["findings"] for claim in claims.values())


def test_a_name_that_is_no_text_is_printed_with_what_can_be_printed_of_it(tmp_path):
    name = os.fsdecode(b"odd\xff.md")
    (tmp_path / name).write_text("# T\n\nFooNet improves accuracy by 5.9% on COCO.\n")
    assert printed("extract", name, cwd=tmp_path)["paper"] == "odd\ufffd.md"


def test_a_pipe_called_tex_is_read_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.tex")
    text = r"\documentclass{article}\begin{document}FooNet improves accuracy by 5.9\% on COCO.\end{document}"
    writer = threading.Thread(target=(tmp_path / "pipe.tex").write_text, args=(text,), daemon=True)
    writer.start()
    assert len(printed("extract", "pipe.tex", cwd=tmp_path)["claims"]) == 1


def test_what_a_file_holds_tells_more_than_its_suffix(tmp_path):
    (tmp_path / "junk.tex").write_bytes(b"%PDF-1.4 junk")
    done = claimcheck("extract", "junk.tex", cwd=tmp_path)
    assert done.returncode == 3
    assert b"damaged" in done.stderr


def test_json_fits_its_own_schema(tmp_path):
    from claimcheck.dossier import Dossier

    schema = json.loads(claimcheck("schema", cwd=tmp_path).stdout)
    document = printed("verify", cwd=tmp_path)
    assert set(document) <= set(schema["properties"])
    assert Dossier.model_validate(document).paper == document["paper"]


def test_report_writes_both_twins(tmp_path):
    files = printed("report", "--out", "out", cwd=tmp_path)["files"]
    assert sorted(files) == ["out/report.html", "out/report.md"]
    assert "arxiv:2605.17165" in (tmp_path / "out" / "report.md").read_text()


def test_review_shows_every_reviewer_and_its_json_every_reason(tmp_path):
    document = printed("review", cwd=tmp_path)
    assert len(document["reviews"]) >= 7
    assert all({"reviewer", "dimension", "score", "reasons", "evidence"} <= review.keys() for review in document["reviews"])
    assert document["log"][-1] == "claimcheck review"
    shown = " ".join(claimcheck("review", cwd=tmp_path).stdout.decode().split())
    assert "evidence strength 6.8 of 10" in shown
    assert "reviewers give a score: mean" in shown
    assert printed("verify", cwd=tmp_path)["reviews"] == []


def test_show_one_claim(tmp_path):
    done = claimcheck("show", "--claim", "5", cwd=tmp_path)
    assert b"10 of the 14" in done.stdout


def test_paper_on_standard_input(tmp_path):
    text = "# A paper\n\nWe study x.\n\n## Results\n\nOurs improves ImageNet-100 accuracy by 2.5 points over the baseline.\n"
    document = printed("extract", "-", cwd=tmp_path, stdin=text.encode())
    assert document["claims"][0]["assertions"][0]["value"] == "2.5"


BAD_SOURCES = {
    "missing.md": None,
    "empty.md": b"",
    "blank.md": b" \n\n\t\n",
    "binary.md": bytes(range(256)) * 8,
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(64),
}


@pytest.mark.parametrize("name", BAD_SOURCES)
def test_unreadable_source_is_one_line_and_exit_3(tmp_path, name):
    if BAD_SOURCES[name] is not None:
        (tmp_path / name).write_bytes(BAD_SOURCES[name])
    done = claimcheck("extract", name, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (3, b"")
    assert done.stderr.count(b"\n") == 1
    assert name.encode() in done.stderr
    assert not list((tmp_path / ".claimcheck").glob("dossiers/*"))


def test_name_with_line_break_and_escape_is_told_on_one_line(tmp_path):
    done = claimcheck("extract", "a\nb\x1b[31m.md", cwd=tmp_path)
    assert done.returncode == 3
    assert done.stderr.count(b"\n") == 1
    assert b"\x1b" not in done.stderr


@pytest.mark.parametrize("closed", [">&-", "2>&-"])
def test_closed_output_does_not_stop_the_work(tmp_path, closed):
    done = subprocess.run(["bash", "-c", f"{sys.executable} -m claimcheck extract -q {closed}"], cwd=tmp_path, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / ".claimcheck" / "dossiers").iterdir())) == 1


def test_folder_as_source(tmp_path):
    (tmp_path / "folder").mkdir()
    assert claimcheck("extract", "folder", cwd=tmp_path).returncode == 3


def test_empty_name_as_source_is_not_called_a_folder(tmp_path):
    done = claimcheck("extract", "", cwd=tmp_path)
    assert done.returncode == 3
    assert b"folder" not in done.stderr


def test_file_as_the_folder_of_a_benchmark(tmp_path):
    (tmp_path / "file").write_text("x")
    done = claimcheck("bench", "scitab", "--data", "file", cwd=tmp_path)
    assert done.returncode == 3
    assert b"--data" in done.stderr


@pytest.mark.parametrize("source", ["arxiv:2605.17165", "2605.17165v1", "https://example.org/paper.pdf"])
def test_remote_source_offline_and_never_fetched(tmp_path, source):
    done = claimcheck("extract", source, "--offline", cwd=tmp_path)
    assert done.returncode == 4
    assert b"--offline asks nobody" in done.stderr


@pytest.mark.parametrize(
    "command", [["show", "--claim", "99"], ["reproduce", "--claim", "99"], ["reproduce", "--claim", "99", "--dry-run"]]
)
def test_unknown_claim_names_those_there_are(tmp_path, command):
    done = claimcheck(*command, cwd=tmp_path)
    assert done.returncode == 2
    assert b"1 to 11" in done.stderr


@pytest.mark.parametrize(
    "command", [["nonsense"], ["extract", "--nonsense"], ["reproduce"], ["reproduce", "--claim", "x"], ["report", "--format", "pdf"]]
)
def test_wrong_usage_is_exit_2(tmp_path, command):
    done = claimcheck(*command, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")


def test_workspace_that_cannot_be_written(tmp_path):
    (tmp_path / ".claimcheck").write_text("a file where the folder should be")
    done = claimcheck("extract", cwd=tmp_path)
    assert done.returncode == 74
    assert b".claimcheck: a file stands where a folder is needed" in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_workspace_where_nothing_may_be_made(tmp_path):
    """/proc refuses new folders even to root, which may write to read-only ones."""
    done = claimcheck("extract", "--workspace", "/proc/claimcheck", cwd=tmp_path)
    assert done.returncode == 74, done.stderr
    assert done.stderr.count(b"\n") == 1
    assert b"/proc/claimcheck" in done.stderr


def test_disk_that_takes_no_more(tmp_path):
    """No file may grow beyond 4 KiB: the dossier does not fit, and nothing of it stays behind."""
    command = ["bash", "-c", f"ulimit -f 4; {sys.executable} -m claimcheck extract"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True)
    assert done.returncode == 74, done.stderr
    assert b"000001.json" in done.stderr
    assert list((tmp_path / ".claimcheck" / "dossiers").iterdir()) == []


def test_locked_workspace_is_exit_6(tmp_path):
    with Workspace(tmp_path / ".claimcheck").writing():
        done = claimcheck("extract", "--wait", "0", cwd=tmp_path)
    assert done.returncode == 6
    assert b"in use" in done.stderr


def test_damaged_dossier_is_exit_7(tmp_path):
    (tmp_path / ".claimcheck" / "dossiers").mkdir(parents=True)
    (tmp_path / ".claimcheck" / "dossiers" / "000001.json").write_text("{")
    assert claimcheck("show", cwd=tmp_path).returncode == 7


@pytest.mark.parametrize(("ending", "code"), [("refuted", 0), ("inconclusive", 1)])
def test_fail_on(tmp_path, ending, code):
    assert claimcheck("verify", "--fail-on", ending, cwd=tmp_path).returncode == code


def test_quiet_says_nothing_on_stderr(tmp_path):
    assert claimcheck("verify", "--quiet", cwd=tmp_path).stderr == b""


def test_reader_that_leaves_early(tmp_path):
    command = f"{sys.executable} -m claimcheck verify --json | head -c 10"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=tmp_path, capture_output=True)
    assert b"Traceback" not in done.stderr


def test_escape_sequences_of_a_paper_do_not_reach_the_terminal(tmp_path):
    (tmp_path / "p.md").write_text(
        "# T\x1b]0;owned\x07\n\n## Results\n\nOurs improves ImageNet-100 accuracy by 2.5 points\x1b[31m over the baseline.\n"
    )
    claimcheck("extract", "p.md", cwd=tmp_path)
    for command in (["show"], ["show", "--claim", "1"], ["report"]):
        assert b"\x1b" not in claimcheck(*command, cwd=tmp_path).stdout
    assert "\x1b" not in (tmp_path / ".claimcheck" / "reports" / "report.html").read_text()


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_that_a_library_turns_into_its_own_error_is_still_one(monkeypatch, capsys, sent, code):
    """pydantic reports a Ctrl-C while it writes JSON as a serialization error."""

    def broken():
        try:
            signal.raise_signal(sent)
        except BaseException:
            raise ValueError("Error serializing to JSON: KeyboardInterrupt") from None

    before = [signal.signal(number, signal.default_int_handler) for number in (signal.SIGINT, signal.SIGTERM)]
    monkeypatch.setattr(cli, "app", broken)
    monkeypatch.setattr(cli, "signals", [])
    try:
        with pytest.raises(SystemExit) as left:
            cli.main()
    finally:
        for number, handler in zip((signal.SIGINT, signal.SIGTERM), before, strict=True):
            signal.signal(number, handler)
    assert left.value.code == code
    assert "the same command goes on from there" in capsys.readouterr().err


def test_a_narrow_terminal_gets_whole_words(tmp_path):
    (tmp_path / "p.md").write_text("# A\n\nOn CIFAR-10, XyloNet improves over BARNet by 0.4 points.\n")
    claimcheck("extract", "p.md", cwd=tmp_path)
    narrow = claimcheck("show", cwd=tmp_path, COLUMNS="40").stdout.decode()
    assert "? inconclusive" in narrow
    assert "not checked" in narrow


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_reproduction_keeps_the_dossier(tmp_path, sent, code):
    command = [sys.executable, "-m", "claimcheck", "reproduce", "--claim", "8"]
    running = subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    deadline = time.monotonic() + 120
    while not list((tmp_path / ".claimcheck").glob("runs/**/*")) and time.monotonic() < deadline:
        time.sleep(0.2)
    time.sleep(1)
    running.send_signal(sent)
    out, err = running.communicate(timeout=60)
    assert running.returncode == code, err.decode()
    assert err.splitlines()[-1].endswith(b"the same command goes on from there")
    assert b"Traceback" not in err
    assert out == b""
    assert printed("show", cwd=tmp_path)["paper"] == "arxiv:2605.17165"


def test_reading_a_paper_again_keeps_its_runs(tmp_path):
    printed("verify", cwd=tmp_path)
    space = Workspace(tmp_path / ".claimcheck")
    run = RunResult(experiment=EXPERIMENTS["fwm"](scale="smoke"), seed=239, state="failed", reason="x")
    space.write(space.current().model_copy(update={"runs": (run,)}))
    assert len(printed("extract", cwd=tmp_path)["runs"]) == 1


def test_dossier_of_another_version_is_not_called_damaged(tmp_path):
    (tmp_path / ".claimcheck" / "dossiers").mkdir(parents=True)
    (tmp_path / ".claimcheck" / "dossiers" / "000001.json").write_text('{"schema": "claimcheck/v9", "paper": "a"}')
    done = claimcheck("show", cwd=tmp_path)
    assert done.returncode == 7
    assert b"another version" in done.stderr


def test_run_of_an_unknown_claim_writes_nothing(tmp_path):
    assert claimcheck("run", "--claim", "99", cwd=tmp_path).returncode == 2
    assert not list((tmp_path / ".claimcheck").glob("dossiers/*"))


def test_terminal_that_cannot_show_every_character(tmp_path):
    assert claimcheck("show", "--claim", "5", cwd=tmp_path, PYTHONIOENCODING="latin-1").returncode == 0


@pytest.mark.parametrize("source", ["x" * 5000, ""])
def test_impossible_name_is_exit_3(tmp_path, source):
    assert claimcheck("extract", source, cwd=tmp_path).returncode == 3


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("arxiv:99", b"no arXiv identifier"),
        ("ftp://example.org/paper.pdf", b"not by ftp://"),
        ("doi:10.1000/182", b"publisher's page"),
        ("paper.tex", b"no such file"),
        ("/dev/null", b"/dev/null: the file is empty"),
    ],
)
def test_a_source_that_is_none_is_told_what_it_lacks(tmp_path, source, said):
    done = claimcheck("extract", source, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count(b"\n")) == (3, b"", 1)
    assert said in done.stderr


def test_a_local_folder_that_is_none_is_found_out_before_anybody_is_asked(tmp_path):
    done = claimcheck("search", "video prediction", "--local", "nowhere", cwd=tmp_path)
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)
    assert b"--local nowhere: no such folder" in done.stderr


def test_paper_scale_without_data_is_refused_before_any_run(tmp_path):
    done = claimcheck("reproduce", "--claim", "5", "--scale", "paper", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"--data-root" in done.stderr.splitlines()[-1]
    assert not (tmp_path / ".claimcheck" / "runs").exists()


def test_colours_are_forced_through_a_pipe_and_only_then(tmp_path):
    printed("extract", cwd=tmp_path)
    shown = {
        name: claimcheck("show", cwd=tmp_path, **variables).stdout
        for name, variables in {
            "pipe": {"FORCE_COLOR": ""},
            "forced": {"FORCE_COLOR": "1", "TERM": "xterm"},
            "refused": {"FORCE_COLOR": "1", "NO_COLOR": "1", "TERM": "xterm"},
        }.items()
    }
    assert {name for name, out in shown.items() if b"\x1b[" in out} == {"forced"}
