"""search and gather as commands: a question to a finished report, with servers on this machine in place of the network."""

import json
import os
import sys
from pathlib import Path

import pytest

from claimcheck import cli, literature
from claimcheck.workspace import Workspace
from tests.claimcheck.library import LATENT, PIXEL, QUESTION, Library, html, source
from tests.claimcheck.servers import FakeClock, Made, Reply, atom, door, serving


class Desk:
    """Types commands in a folder; the door they go through reaches the library and nothing else."""

    def __init__(self, folder, library, servers, monkeypatch, capsys):
        self.folder, self.library, self.servers, self.capsys = folder, library, servers, capsys
        self.monkeypatch = monkeypatch
        monkeypatch.chdir(folder)
        monkeypatch.setattr(literature, "door", self.door)

    def door(self, space, offline):
        return door(space.folder, self.library.hosts(self.servers), offline=offline)

    def types(self, *arguments):
        """Exit code, stdout and stderr of a command."""
        self.monkeypatch.setattr(sys, "argv", ["claimcheck", *map(str, arguments)])
        code = 0
        try:
            cli.main()
        except SystemExit as stopped:
            code = stopped.code or 0
        out, err = self.capsys.readouterr()
        return code, out, err

    def dossier(self, *arguments, code=0):
        ended, out, err = self.types(*arguments, "--json")
        assert ended == code, err
        return json.loads(out)


@pytest.fixture
def desk(tmp_path, monkeypatch, capsys):
    library = Library()
    with serving(**library.answers()) as servers:
        yield Desk(tmp_path, library, servers, monkeypatch, capsys)


def reasons(counted):
    return {entry["reason"]: entry["works"] for entry in counted}


def test_a_search_counts_every_step(desk):
    found = desk.dossier("search", QUESTION)["search"]
    flow = found["flow"]
    assert {entry["database"]: entry["records"] for entry in found["databases"]} == {
        "arXiv": 2, "Crossref": 3, "Semantic Scholar": 2, "OpenAlex": 4,
    }  # fmt: skip
    assert (flow["identified"], flow["duplicates"], flow["screened"]) == (11, 4, 7)
    assert reasons(flow["excluded"]) == {
        "retracted or withdrawn": 1, "a retraction notice": 1, "none of the question's words in title or abstract": 1,
    }  # fmt: skip
    kept = [work for work in found["works"] if not work["excluded"]]
    assert len(kept) == 4
    assert flow["screened"] == len(found["works"])
    latent = next(work for work in kept if work["arxiv"] == LATENT.arxiv)
    assert latent["databases"] == ["arXiv", "Crossref", "OpenAlex"]
    assert all(entry["query"] and entry["run_at"].endswith("Z") and entry["matches"] == entry["records"] for entry in found["databases"])


def test_a_question_to_a_report(desk):
    dossier = desk.dossier("run", "--question", QUESTION)
    papers = {paper["id"]: paper for paper in dossier["papers"]}
    assert {name: (paper["state"], paper["format"]) for name, paper in papers.items()} == {
        "arxiv:2605.00001v2": ("read", "latex"),
        "arxiv:2605.00002v1": ("read", "latex"),
        "doi:10.1234/open": ("read", "pdf"),
        "doi:10.1234/closed": ("not_retrieved", ""),
    }
    flow = dossier["search"]["flow"]
    assert (flow["sought"], flow["assessed"], flow["included"]) == (4, 3, 3)
    assert reasons(flow["not_retrieved"]) == {"no open copy": 1}
    assert flow["sought"] == flow["screened"] - sum(reasons(flow["excluded"]).values())
    assert [claim["number"] for claim in dossier["claims"]] == list(range(1, len(dossier["claims"]) + 1))
    verdicts = {claim["where"]["document"]: set() for claim in dossier["claims"]}
    for claim in dossier["claims"]:
        verdicts[claim["where"]["document"]].add(claim["numbers"])
    assert "refuted" in verdicts["arxiv:2605.00002v1"]  # its table has 70.5, half a point above the baseline
    assert "refuted" not in verdicts["arxiv:2605.00001v2"]
    report = (desk.folder / ".claimcheck" / "reports" / "report.md").read_text()
    assert QUESTION.rstrip("?") in report.replace("\\", "")
    assert "tables: none is at hand" not in report
    assert dossier["references"] == list(papers)
    assert all(title in report for title in (LATENT.title, PIXEL.title))


def test_offline_replay_gives_the_same_bytes(desk):
    desk.types("run", "--question", QUESTION)
    reports = desk.folder / ".claimcheck" / "reports"
    first = {path.name: path.read_bytes() for path in reports.iterdir()}
    written = sorted((desk.folder / ".claimcheck" / "dossiers").iterdir())[-1].read_bytes()
    asked = sum(len(server.asked) for server in desk.servers.values())
    for path in reports.iterdir():
        path.unlink()
    code, _, err = desk.types("run", "--question", QUESTION, "--offline")
    assert code == 0, err
    assert {path.name: path.read_bytes() for path in reports.iterdir()} == first
    assert sorted((desk.folder / ".claimcheck" / "dossiers").iterdir())[-1].read_bytes() == written
    assert sum(len(server.asked) for server in desk.servers.values()) == asked


@pytest.mark.parametrize("name", ["arxiv", "openalex", "semantic_scholar", "crossref"])
def test_each_database_may_fail_and_the_search_says_what_it_lost(desk, name):
    desk.library.broken[name] = Reply("<html>down for repairs</html>", type="text/html")
    code, _, err = desk.types("run", "--question", QUESTION)
    assert code == 0
    dossier = desk.dossier("show")
    states = {entry["database"]: (entry["state"], entry["fault"]) for entry in dossier["search"]["databases"]}
    named = {"arxiv": "arXiv", "openalex": "OpenAlex", "semantic_scholar": "Semantic Scholar", "crossref": "Crossref"}[name]
    assert states.pop(named) == ("failed", "not_the_api")
    assert set(states.values()) == {("complete", "")}
    assert f"{named} answers with a web page" in err
    assert "none of its records are in this search" in err
    assert dossier["claims"]
    again = desk.dossier("run", "--question", QUESTION, "--offline")
    assert again == dossier | {"log": again["log"]}


def test_records_that_are_counted_and_not_sent_make_a_search_partial(desk):
    desk.servers["arxiv"].answer = lambda asked: atom([LATENT, PIXEL], total=4_000)
    code, _, err = desk.types("search", QUESTION, "--max", "5")
    (asked,) = [entry for entry in desk.dossier("show")["search"]["databases"] if entry["database"] == "arXiv"]
    assert (code, asked["state"], asked["fault"], asked["records"], asked["matches"]) == (0, "partial", "short", 2, 4_000)
    assert "arXiv sends 2 of 5 records; the rest of its records are missing" in err


def test_the_holder_of_an_open_copy_may_fail(desk):
    desk.library.broken["open"] = Reply("<html>Please sign in.</html>", type="text/html")
    dossier = desk.dossier("run", "--question", QUESTION)
    states = {paper["id"]: (paper["state"], paper["fault"]) for paper in dossier["papers"]}
    assert states["doi:10.1234/open"] == ("unreadable", "another_format")
    assert reasons(dossier["search"]["flow"]["excluded_after"]) == {"unreadable (another format)": 1}


def test_all_databases_failing_is_exit_4(desk):
    desk.library.broken = dict.fromkeys(("arxiv", "openalex", "semantic_scholar", "crossref"), Reply(status=500))
    code, out, err = desk.types("search", QUESTION)
    assert (code, out) == (4, "")
    assert err.strip().splitlines()[-1].startswith("claimcheck: no database answered")
    assert desk.types("run", "--question", QUESTION)[0] == 4


def test_what_was_there_is_kept_when_nothing_answers(desk):
    first = desk.dossier("run", "--question", QUESTION)
    desk.library.broken = dict.fromkeys(desk.servers, Reply(status=500))
    assert desk.types("search", "an altogether different question on bread")[0] == 4
    assert desk.dossier("show") == first
    for path in (desk.folder / ".claimcheck" / "cache" / "answers").iterdir():
        path.unlink()
    code, _, err = desk.types("gather")
    assert (code, "of 4 papers could be fetched" in err) == (4, True)
    assert desk.dossier("show") == first


def test_an_interrupted_gather_keeps_what_came_and_goes_on(desk):
    desk.dossier("search", QUESTION)
    before = desk.dossier("show")
    arxiv = desk.servers["arxiv"].answer

    def interrupted(asked):
        desk.monkeypatch.setattr(FakeClock, "now", interrupt)
        return arxiv(asked)

    def interrupt(clock):
        raise KeyboardInterrupt

    usual = FakeClock.now
    desk.servers["arxiv"].answer = lambda asked: interrupted(asked) if asked.path == "/src/2605.00001v2" else arxiv(asked)
    code, out, err = desk.types("gather")
    assert (code, out) == (130, "")
    assert "the same command goes on from there" in err
    desk.monkeypatch.setattr(FakeClock, "now", usual)
    assert desk.dossier("show") == before
    assert not list((desk.folder / ".claimcheck" / "cache" / "parts").iterdir())
    desk.servers["arxiv"].answer = arxiv
    asked = [entry.path for entry in desk.servers["arxiv"].asked]
    assert [paper["state"] for paper in desk.dossier("gather")["papers"]] == ["read", "read", "read", "not_retrieved"]
    again = [entry.path for entry in desk.servers["arxiv"].asked][len(asked) :]
    assert again == ["/src/2605.00001v2"]


SYNTHESIS = """# A synthesis of made-up work

2 papers retrieved. LD gains 2.0 points on UCF-101.

## References

- <http://arxiv.org/abs/2605.00001v1>
- <http://arxiv.org/abs/2605.00002>
"""


def test_a_document_s_references_are_gathered_and_reported(desk):
    (desk.folder / "synthesis.md").write_text(SYNTHESIS)
    desk.library.files["/src/2605.00001v1"] = desk.library.files["/src/2605.00001v2"]
    assert desk.types("extract", "synthesis.md")[0] == 0
    code, out, err = desk.types("gather")
    assert (code, out.count(" read "), "newer version, v2" in err) == (0, 3, True)  # the heading has one
    papers = desk.dossier("verify")["papers"]
    assert [(paper["id"], paper["role"], paper["title"]) for paper in papers] == [
        ("arxiv:2605.00001v1", "cited", LATENT.title),
        ("arxiv:2605.00002v1", "cited", PIXEL.title),
    ]
    assert desk.types("report")[0] == 0
    assert LATENT.title in (desk.folder / ".claimcheck" / "reports" / "report.html").read_text()


def test_nothing_that_a_database_sends_commands_the_terminal(desk):
    evil = "Latent dynamics \x1b]0;owned\x07\x1b[2J<script>alert(1)</script> [red]x[/red] \u202e"
    desk.library.shelves["openalex"] = [Made(evil, evil, doi="10.1234/evil", date="2026-05-17", authors=(evil,))]
    desk.library.shelves["semantic_scholar"] = desk.library.shelves["crossref"] = []
    code, out, err = desk.types("search", QUESTION)
    assert code == 0
    code, more, lost = desk.types("gather")
    assert (code, "<script>" in out) == (0, True)
    assert not {"\x1b", "\x07", "\u202e"} & set(out + err + more + lost)


def test_a_paper_by_its_id_to_a_report(desk):
    code, out, err = desk.types("run", "arxiv:2605.00002")
    assert code == 0, err
    assert "1 refuted" in out
    dossier = desk.dossier("show")
    assert dossier["sources"][0]["name"] == "arxiv:2605.00002v1"
    assert desk.dossier("extract", "arxiv:2605.00002", "--offline")["claims"]


def test_released_results_join_the_dossier(desk):
    table = "| Method | UCF-101 |\n|---|---|\n| Baseline | 70.0 |\n| LD | 72.0 |\n"
    (desk.folder / "paper.md").write_text(f"# T\n\nLD improves over Baseline by 2.0 points on UCF-101.\n\n{table}")
    (desk.folder / "release.csv").write_text("method,UCF-101\nBaseline,70.0\nLD,75.0\n")
    assert desk.types("extract", "paper.md")[0] == 0
    found = desk.dossier("gather", "--release", "release.csv")
    assert [result["origin"] for result in found["results"]] == ["paper", "paper", "release", "release"]
    assert [source["role"] for source in found["sources"]] == ["paper", "released results"]
    assert desk.dossier("gather", "--release", "release.csv")["results"] == found["results"]
    assert desk.dossier("verify")["claims"][0]["numbers"] == "refuted"
    assert all(not server.asked for server in desk.servers.values())
    assert desk.types("gather", "--release", "nothing.csv")[0] == 3
    (desk.folder / "empty.csv").write_text("method,UCF-101\n")
    assert desk.types("gather", "--release", "empty.csv")[0] == 3


def test_a_release_belongs_to_one_paper(desk):
    desk.dossier("search", QUESTION)
    code, _, err = desk.types("gather", "--release", "release.csv")
    assert (code, "belongs to one paper" in err) == (2, True)


def test_an_empty_shelf_is_not_a_failure(desk):
    desk.library.shelves = {name: [] for name in desk.library.shelves}
    found = desk.dossier("search", QUESTION)["search"]
    assert {entry["state"] for entry in found["databases"]} == {"complete"}
    assert (found["flow"]["identified"], found["works"]) == (0, [])
    assert desk.types("gather")[0] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["search", "???"],
        ["search", "of the and"],
        ["search", QUESTION, "--since", "May"],
        ["search", QUESTION, "--since", "2024-13"],
        ["search", QUESTION, "--databases", "arxiv,gopher"],
        ["search", QUESTION, "--databases", "local"],
        ["search", QUESTION, "--max", "0"],
        ["gather"],
        ["run", "paper.md", "--question", QUESTION],
    ],
)
def test_wrong_usage_is_exit_2(desk, arguments):
    code, out, err = desk.types(*arguments)
    assert (code, out) == (2, "")
    assert err


def test_databases_and_dates_reach_the_providers(desk):
    found = desk.dossier("search", QUESTION, "--since", "2026-05", "--databases", "arxiv,crossref", "--max", "1")["search"]
    assert [entry["database"] for entry in found["databases"]] == ["arXiv", "Crossref"]
    assert "submittedDate:[202605010000 TO" in desk.servers["arxiv"].asked[0].query["search_query"]
    assert desk.servers["crossref"].asked[0].query["filter"] == "from-pub-date:2026-05-01"
    assert desk.servers["crossref"].asked[0].query["rows"] == "1"
    assert len([work for work in found["works"] if not work["excluded"]]) == 1
    assert desk.servers["openalex"].asked == []


def test_a_local_folder_is_searched_and_read(desk):
    folder = desk.folder / "papers"
    folder.mkdir()
    (folder / "one.md").write_text("# Latent dynamics at home\n\nOur method LD gains 2.0 points on UCF-101. It is good. It ends.\n")
    (folder / "empty.md").write_text("")
    dossier = desk.dossier("run", "--question", QUESTION, "--databases", "local", "--local", folder)
    (asked,) = dossier["search"]["databases"]
    assert (asked["records"], asked["matches"], asked["state"]) == (2, 1, "complete")
    assert dossier["papers"][0]["id"] == "one.md"
    assert reasons(dossier["search"]["flow"]["ineligible"]) == {"the record could not be read": 1}
    assert all(not server.asked for server in desk.servers.values())


KEYS = {"OPENALEX_API_KEY": "canary-openalex-1", "S2_API_KEY": "canary-s2-2", "CLAIMCHECK_MAILTO": "canary@lab.example"}


def test_keys_stand_in_no_output(desk):
    for name, value in KEYS.items():
        desk.monkeypatch.setenv(name, f" {value}\n")
    echo = desk.library.guarded("openalex")
    desk.servers["openalex"].answer = lambda asked: Reply(f"<html>{asked.url}</html>") if "search" in asked.query else echo(asked)
    code, out, err = desk.types("run", "--question", QUESTION, "--verbose")
    assert code == 0
    assert desk.servers["openalex"].asked[0].query["api_key"] == KEYS["OPENALEX_API_KEY"]
    assert desk.servers["semantic_scholar"].asked[0].headers["x-api-key"] == KEYS["S2_API_KEY"]
    written = [path for path in desk.folder.rglob("*") if path.is_file()]
    assert len(written) > 10
    everything = out + err + "".join(path.read_bytes().decode(errors="replace") + path.name for path in written)
    assert "canary" not in everything


SEED = Path(__file__).parents[3] / "shared" / "seed"


@pytest.mark.shared
@pytest.mark.skipif(not SEED.is_dir(), reason="the seed is not beside the checkout")
def test_the_references_of_the_seed_are_parsed(desk):
    made = [Made(f"A made-up twin of reference {name}", arxiv=name) for name in ("2011.09634", "2512.24102", "2605.17165")]
    desk.library.shelves["arxiv"] = made
    desk.library.files = {
        "/src/2011.09634v2": source(made[0], "A"),
        "/html/2512.24102v1": html(made[1]),
        "/src/2605.17165v1": source(made[2], "LD"),
    }
    assert desk.types("extract", next(SEED.glob("*.txt")))[0] == 0
    papers = desk.dossier("gather")["papers"]
    assert [(paper["id"], paper["state"], paper["format"], bool(paper["claims"])) for paper in papers] == [
        ("arxiv:2011.09634v2", "read", "latex", True),
        ("arxiv:2512.24102v1", "read", "html", True),
        ("arxiv:2605.17165v1", "read", "latex", True),
    ]


@pytest.mark.parametrize(("given", "interval"), [("", None), ("1", 3.0), ("0.001", 3.0), ("4.5", 4.5), (" 10 ", 10.0)])
def test_arxiv_can_be_asked_less_often_and_never_more(monkeypatch, given, interval):
    monkeypatch.setenv("CLAIMCHECK_ARXIV_INTERVAL", given)
    assert literature.intervals().get("arxiv") == interval


@pytest.mark.parametrize(
    ("name", "given", "read"),
    [
        *(("CLAIMCHECK_ARXIV_INTERVAL", given, literature.intervals) for given in ("-1", "soon", "nan", "1e9", "٣")),
        *(("CLAIMCHECK_MAILTO", given, literature.mailto) for given in ("me", "me@lab", "a@b.example\r\nX-Injected: 1", "<a@b.example>")),
    ],
)
def test_a_setting_that_is_none_is_wrong_usage(monkeypatch, capsys, name, given, read):
    monkeypatch.setenv(name, given)
    with pytest.raises(SystemExit) as stopped:
        read()
    assert stopped.value.code == 2
    assert name in capsys.readouterr().err


def test_the_door_of_the_commands(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("CLAIMCHECK_MAILTO", "me@lab.example")
    space = Workspace(tmp_path / "space")
    way = literature.door(space, offline=False)
    assert (way.offline, way.mailto, way.stand_ins) == (False, "me@lab.example", {})
    assert way.cache.folder == space.folder / "cache"
    assert way.pace.folder == tmp_path / "cache" / "claimcheck" / "pace"
    assert way.pace.intervals["arxiv"] == 3.0
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert literature.door(space, offline=False).pace.folder == space.folder / "pace"
