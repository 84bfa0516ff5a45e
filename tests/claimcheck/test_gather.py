"""Papers from their best source, what became of every attempt, and released results; with servers in place of the network."""

import gzip
import io
import json
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from claimcheck.document import Unreadable
from claimcheck.dossier import Dossier, Lexicon, Work
from claimcheck.gather import cited, gather, losses
from claimcheck.references import by_title
from claimcheck.releases import released
from claimcheck.retrieve import places, retrieve
from claimcheck.sources.faults import Fault, SourceFault
from tests.claimcheck.library import CLOSED, LATENT, OPEN, PIXEL, Library, html, pdf, source
from tests.claimcheck.servers import HOSTS, Made, Reply, atom, door, serving

PAPER = Work(title="A made-up paper", arxiv="2605.00009", version="v1")
NAME = "arxiv:2605.00009v1"
SRC, HTML, PDF = "/src/2605.00009v1", "/html/2605.00009v1", "/pdf/2605.00009v1"
LINES = ("A made-up paper", "Results", "Our method LD gains 3.0 points on UCF-101.", "It is a study. It ends here.")


def seek(tmp_path, files, work=PAPER, name=NAME):
    answer = lambda asked: files.get(asked.path, Reply(status=404))  # noqa: E731
    with serving(arxiv=answer, html=answer) as servers:
        return retrieve(work, name, door(tmp_path, {HOSTS["arxiv"]: servers["arxiv"], HOSTS["arxiv_html"]: servers["html"]}))


def tried(outcome):
    return [(attempt.format, attempt.state, attempt.fault) for attempt in outcome.attempts]


# ── the best source wins ─────────────────────────────────────────────────────────────────────────────────────────────


def test_latex_then_html_then_pdf(tmp_path):
    made = Made("A made-up paper")
    files = {SRC: source(made, "LD"), HTML: html(made), PDF: pdf(*LINES)}
    formats = []
    for number, gone in enumerate((None, SRC, HTML)):
        files.pop(gone, None)
        outcome = seek(tmp_path / str(number), files)
        formats.append(outcome.found.document.format)
    assert formats == ["latex", "html", "pdf"]
    assert tried(outcome) == [("latex", "not_retrieved", "not_found"), ("html", "not_retrieved", "not_found"), ("pdf", "read", "")]


@pytest.mark.parametrize("made", ["latex", "html", "pdf"])
def test_the_version_is_part_of_the_document(tmp_path, made):
    reply = {"latex": source(Made("A made-up paper"), "LD"), "html": html(Made("A made-up paper")), "pdf": pdf(*LINES)}[made]
    outcome = seek(tmp_path, {{"latex": SRC, "html": HTML, "pdf": PDF}[made]: reply})
    document = outcome.found.document
    assert (document.id, document.version) == (NAME, "v1")
    assert {sentence.where.document for sentence in document.sentences()} == {NAME}


def test_a_version_that_only_the_answer_tells(tmp_path):
    reply = source(Made("A made-up paper"), "LD")
    reply.headers = {"Content-Disposition": 'attachment; filename="arXiv-2605.00009v4.tar.gz"'}
    outcome = seek(tmp_path, {"/src/2605.00009": reply}, PAPER.model_copy(update={"version": ""}), "arxiv:2605.00009")
    assert (outcome.found.document.id, outcome.found.document.version) == ("arxiv:2605.00009v4", "v4")


def test_a_paper_submitted_as_pdf_is_read_from_its_source_address(tmp_path):
    assert tried(seek(tmp_path, {SRC: pdf(*LINES)})) == [("pdf", "read", "")]


def test_a_pdf_or_page_in_an_archive_is_located_by_the_paper_s_name(tmp_path):
    for number, (name, reply) in enumerate((("paper.pdf", pdf(*LINES)), ("paper.html", html(Made("A made-up paper"))))):
        outcome = seek(
            tmp_path / str(number), {SRC: Reply(tar((name, reply.body if isinstance(reply.body, bytes) else reply.body.encode())))}
        )
        assert {sentence.where.document for sentence in outcome.found.document.sentences()} == {NAME}


def test_old_ids_have_addresses_too():
    work = Work(title="", arxiv="math.GT/0309136", version="v1")
    assert places(work)[0] == ("latex", "https://export.arxiv.org/src/math.GT/0309136v1")


# ── every way to be unreadable has a name ────────────────────────────────────────────────────────────────────────────


def scan():
    import pymupdf

    document = pymupdf.open()
    document.new_page().draw_rect((50, 50, 200, 200), fill=(0, 0, 0))
    return Reply(document.tobytes(), type="application/pdf")


def locked():
    import pymupdf

    document = pymupdf.open()
    document.new_page().insert_text((72, 90), "A made-up paper")
    return Reply(document.tobytes(encryption=pymupdf.PDF_ENCRYPT_AES_256, owner_pw="o", user_pw="u"), type="application/pdf")


def tar(*members, compress=True):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz" if compress else "w") as packed:
        for name, content in members:
            info = tarfile.TarInfo(name)
            if isinstance(content, tuple):
                info.type, info.linkname = content
                packed.addfile(info)
            else:
                info.size = len(content)
                packed.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


LOGIN = Reply("<!DOCTYPE html><html><body><p>Please sign in. We use cookies. Choose a plan.</p></body></html>", type="text/html")
UNREADABLE = {
    "a login page as PDF": (PDF, LOGIN, "another_format"),
    "a login page as HTML": (HTML, LOGIN, "another_format"),
    "a login page as source": (SRC, LOGIN, "another_format"),
    "a page without a paper": (HTML, Reply("<!DOCTYPE html><html><body><p>No HTML for this paper.</p></body></html>"), "no_text"),
    "an archive without source": (SRC, Reply(tar(("figure.png", b"\x89PNG"), ("notes.dat", b"x"))), "no_source"),
    "an empty archive": (SRC, Reply(tar()), None),
    "a bomb": (SRC, Reply(gzip.compress(bytes(60_000_000))), "too_big"),
    "a scan": (PDF, scan(), "no_text_layer"),
    "a locked PDF": (PDF, locked(), "encrypted"),
    "noise as PDF": (PDF, Reply(os.urandom(2_000)), None),
    "half a PDF": (PDF, Reply(pdf(*LINES).body[:300]), None),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_read_has_a_name(tmp_path, what):
    path, reply, reason = UNREADABLE[what]
    outcome = seek(tmp_path, {path: reply})
    assert outcome.found is None
    fault = next(attempt for attempt in outcome.attempts if attempt.state == "unreadable")
    assert fault.fault
    assert reason is None or fault.fault == reason, fault
    assert NAME in fault.detail


def test_a_reader_that_breaks_is_an_outcome(tmp_path, monkeypatch):
    from claimcheck import retrieve as module

    def broken(content, name):
        raise ZeroDivisionError("as if it were a bug")

    monkeypatch.setattr(module, "read", broken)
    assert tried(seek(tmp_path, {SRC: source(PIXEL, "PIX")}))[0] == ("latex", "unreadable", "reader_failed")


MAIN = ("main.tex", b"\\documentclass{article}\\begin{document}One sentence. Two of them. And a third one.\\end{document}")


def zipped(*members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, content in members:
            packed.writestr(name, content)
    return buffer.getvalue()


EVIL = b"\\documentclass{article}\\begin{document}Evil text. Evil text two. Evil text three.\\end{document}"
HOSTILE = {
    "dot-dot": tar(MAIN, ("../evil.tex", EVIL)),
    "deep dot-dot": tar(MAIN, ("a/b/../../../../evil.tex", EVIL)),
    "absolute": tar(MAIN, ("/tmp/evil.tex", EVIL)),
    "drive": tar(MAIN, ("C:\\evil.tex", EVIL)),
    "backslashes": tar(MAIN, ("..\\..\\evil.tex", EVIL)),
    "a symbolic link": tar(MAIN, ("evil.tex", (tarfile.SYMTYPE, "/etc/passwd"))),
    "a link out, then through it": tar(MAIN, ("out", (tarfile.SYMTYPE, "/tmp")), ("out/evil.tex", EVIL)),
    "a hard link": tar(MAIN, ("evil.tex", (tarfile.LNKTYPE, "/etc/passwd"))),
    "a pipe": tar(MAIN, ("evil.tex", (tarfile.FIFOTYPE, ""))),
    "a device": tar(MAIN, ("evil.tex", (tarfile.CHRTYPE, ""))),
    "a NUL in a name": tar(MAIN, ("evil\x00.tex", EVIL)),
    "a hidden file": tar(MAIN, (".git/evil.tex", EVIL)),
    "zip with dot-dot": zipped(MAIN, ("../../evil.tex", EVIL)),
    "zip with an absolute name": zipped(MAIN, ("/tmp/evil.tex", EVIL)),
    "input of a file outside": tar(("main.tex", MAIN[1].replace(b"One", b"\\input{/etc/passwd}\\input{../../../etc/passwd}One"))),
    "ten thousand files": tar(MAIN, *((f"{number}.tex", b"x") for number in range(10_000))),
    "zeros without end": tar(MAIN, ("zeros.tex", bytes(50_000_000))),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_archive_writes_nothing_and_reads_nothing_outside(tmp_path, monkeypatch, what):
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    opened = []
    real = Path.open
    monkeypatch.setattr(
        Path, "open", lambda self, mode="r", *rest, **named: opened.append((self, mode)) or real(self, mode, *rest, **named)
    )
    outcome = seek(tmp_path / "space", {SRC: Reply(HOSTILE[what])})
    text = " ".join(sentence.text for sentence in outcome.found.document.sentences()) if outcome.found else ""
    assert "root:" not in text
    assert "Evil text" not in text or what == "a hidden file"
    if what in ("ten thousand files", "zeros without end"):
        assert tried(outcome)[0] == ("latex", "unreadable", "too_big")
    else:
        assert "One sentence." in text.replace("  ", " ")
    assert all(path.is_relative_to(tmp_path / "space") for path, _ in opened)
    assert {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")} == {"cwd", "space"}
    assert list((tmp_path / "cwd").iterdir()) == []
    assert {path.relative_to(tmp_path / "space").parts[0] for path in (tmp_path / "space").rglob("*")} == {"cache", "pace"}
    assert not Path("/tmp/evil.tex").exists()


def test_there_are_fifteen_hostile_archives():
    assert len(HOSTILE) >= 15


# ── what a document cites ────────────────────────────────────────────────────────────────────────────────────────────

STUDY = Made("Factorized dynamics: a made-up twin of the study", arxiv="2605.17165", version="v2")
FIRST = Made("A first work cited by the made-up document", arxiv="2011.09634", version="v2")
SECOND = Made("A second work cited by the made-up document", arxiv="2512.24102", version="v1", comment="This paper has been withdrawn.")


@pytest.fixture
def library():
    made = Library()
    made.shelves["arxiv"] = [STUDY, FIRST, SECOND, LATENT]
    made.files |= {
        "/src/2605.17165v1": source(STUDY, "LD", "71.0"),
        "/html/2011.09634v2": html(FIRST),
        "/src/2512.24102v1": LOGIN,
        "/pdf/2512.24102v1": pdf(*LINES),
    }
    return made


def through(tmp_path, library, work):
    with serving(**library.answers()) as servers:
        return work(door(tmp_path, library.hosts(servers)))


SYNTHESIS = Dossier(paper="synthesis.md", references=("arxiv:2011.09634v2", "arxiv:2512.24102v1", "arxiv:2605.17165v1"))


def test_the_papers_that_a_synthesis_cites_are_read(tmp_path, library):
    dossier = through(tmp_path, library, lambda way: cited(SYNTHESIS, way, 20))
    found = {paper.id: paper for paper in dossier.papers}
    assert {name: (paper.state, paper.format, paper.version) for name, paper in found.items()} == {
        "arxiv:2011.09634v2": ("read", "html", "v2"),
        "arxiv:2512.24102v1": ("read", "pdf", "v1"),
        "arxiv:2605.17165v1": ("read", "latex", "v1"),
    }
    assert [paper.cited_as for paper in dossier.papers] == list(SYNTHESIS.references)
    assert [paper.title for paper in dossier.papers] == [FIRST.title, SECOND.title, STUDY.title]
    assert [paper.newest for paper in dossier.papers] == ["", "", "v2"]
    assert [paper.retracted for paper in dossier.papers] == [False, True, False]
    assert all(paper.claims for paper in dossier.papers)
    assert {str(result.score) for result in found["arxiv:2605.17165v1"].results} == {"70.0%", "71.0%"}
    assert (dossier.claims, dossier.results) == ((), ())
    said = "\n".join(losses(dossier))
    assert "retracted or withdrawn" in said
    assert "newer version, v2" in said


def test_gathering_twice_changes_nothing(tmp_path, library):
    once = through(tmp_path, library, lambda way: cited(SYNTHESIS, way, 20))
    assert through(tmp_path, library, lambda way: cited(once, way, 20)) == once


def test_references_of_every_form_are_identified(tmp_path, library):
    references = (
        "arxiv:2605.00001v1",
        f"doi:{OPEN.doi}",
        f"C. Third. {LATENT.title}. Journal of Examples, 2026.",
        "https://open.example/one.pdf",
        "A. Nobody. A work that nobody registered anywhere at all. 1999.",
        f"Someone. {CLOSED.title}. doi 10.1234/closed.",
        "arxiv:2699.00001",
    )
    found = through(tmp_path, library, lambda way: cited(Dossier(paper="x", references=references), way, 20))
    states = [(paper.id, paper.state, paper.fault) for paper in found.papers]
    assert states == [
        ("arxiv:2605.00001v1", "not_retrieved", "not_found"),
        ("doi:10.1234/open", "read", ""),
        ("arxiv:2605.00001v2", "read", ""),
        ("https://open.example/one.pdf", "read", ""),
        (references[4], "not_retrieved", "not_found"),
        ("doi:10.1234/closed", "not_retrieved", "no_open_copy"),
        ("arxiv:2699.00001", "not_retrieved", "not_found"),
    ]


def test_a_title_must_stand_in_the_entry(tmp_path, library):
    assert through(tmp_path, library, lambda way: by_title("Latent things in general. 2020.", way)) is None


def test_more_references_than_asked_for_are_left_alone(tmp_path, library):
    dossier = through(tmp_path, library, lambda way: cited(SYNTHESIS, way, 1))
    assert [paper.id for paper in dossier.papers] == ["arxiv:2011.09634v2"]


def test_papers_are_fetched_though_the_search_interface_is_down(tmp_path, library):
    files = library.arxiv
    library.arxiv = lambda asked: Reply(status=503) if asked.path == "/api/query" else files(asked)
    dossier = through(tmp_path, library, lambda way: cited(SYNTHESIS, way, 20))
    assert [paper.state for paper in dossier.papers] == ["read"] * 3


def test_hostile_references_open_nothing(tmp_path, library):
    references = ("https://127.0.0.1/x.pdf", "http://169.254.169.254/latest", "https://[::1]/", "file:///etc/passwd")
    dossier = through(tmp_path, library, lambda way: cited(Dossier(paper="x", references=references), way, 20))
    assert [paper.state for paper in dossier.papers] == ["not_retrieved"] * 4
    assert [paper.fault for paper in dossier.papers[:3]] == ["refused"] * 3


# ── a source on the network ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("given", ["arxiv:2605.17165v1", "2605.17165v1", "https://arxiv.org/abs/2605.17165v1"])
def test_a_paper_is_extracted_by_its_id(tmp_path, library, given):
    dossier = through(tmp_path, library, lambda way: gather(given, lambda: way))
    (subject,) = dossier.papers
    assert dossier.sources[0].name == "arxiv:2605.17165v1"
    assert (subject.role, subject.state, subject.version, subject.newest) == ("subject", "read", "v1", "v2")
    assert dossier.claims
    assert Path(dossier.sources[0].path).read_bytes() == library.files["/src/2605.17165v1"].body


def test_the_newest_version_is_taken_where_none_is_named(tmp_path, library):
    dossier = through(tmp_path, library, lambda way: gather("arxiv:2605.00001", lambda: way))
    assert dossier.sources[0].name == "arxiv:2605.00001v2"


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("arxiv:2699.12345", Fault.NOT_FOUND),
        ("https://open.example/nothing.pdf", Fault.NOT_FOUND),
        ("https://127.0.0.1/one.pdf", Fault.REFUSED),
        ("https://unknown.example/one.pdf", Fault.UNREACHABLE),
    ],
)
def test_what_the_network_does_not_give(tmp_path, library, given, fault):
    with pytest.raises(SourceFault) as caught:
        through(tmp_path, library, lambda way: gather(given, lambda: way))
    assert caught.value.fault is fault


def test_a_file_of_that_name_is_no_address(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "2605.17165").write_text("# T\n\nOur method LD gains 2.0 points on UCF-101.\n")
    assert gather("2605.17165", lambda: pytest.fail("asked the network")).sources[0].name == "2605.17165"


def test_only_what_the_answer_says_of_itself_is_a_name(tmp_path, library):
    way_down = "../../../../tmp/evil"
    library.copies["/evil.pdf"] = pdf(*LINES)
    library.copies["/evil.pdf"].headers = {"Content-Disposition": f'attachment; filename="{way_down}"'}
    through(tmp_path / "space", library, lambda way: gather("https://open.example/evil.pdf", lambda: way))
    assert {path.name for path in tmp_path.iterdir()} == {"space"}
    assert not Path("/tmp/evil").exists()


# ── released results ─────────────────────────────────────────────────────────────────────────────────────────────────

CSV = b"method,UCF-101,SSv2\nBaseline,70.0,40.0\nLD,72.0,45.5\n"
RUN = json.dumps({"method": "ld", "dataset": "UCF-101", "accuracy": 72.04, "n_val": 3783, "seed": 239, "notes": "x"}).encode()
README = b"# Release\n\n| Method | UCF-101 |\n|---|---|\n| Baseline | 70.0 |\n| LD | 72.0 |\n"


def release(tmp_path, place):
    return released(str(place), Lexicon(), door(tmp_path / "space", {}))


def scores(found):
    return {(result.method, result.dataset, str(result.score), result.origin) for result in found}


def test_a_folder_of_results(tmp_path):
    folder = tmp_path / "release"
    (folder / "runs" / "ld_s239").mkdir(parents=True)
    (folder / "table.csv").write_bytes(CSV)
    (folder / "runs" / "ld_s239" / "eval.json").write_bytes(RUN)
    (folder / "broken.json").write_bytes(b"{")
    (folder / "empty.csv").write_bytes(b"")
    (folder / ".hidden.csv").write_bytes(CSV.replace(b"72", b"99"))
    (folder / "link.csv").symlink_to("/etc/passwd")
    found, sources = release(tmp_path, folder)
    assert ("LD", "UCF-101", "72.0%", "release") in scores(found)
    assert [source.name for source in sources] == ["runs/ld_s239/eval.json", "table.csv"]
    (run,) = [result for result in found if result.run == "ld_s239"]
    assert (run.method, run.n, run.seed, str(run.score), str(run.where)) == (
        "ld",
        3783,
        "239",
        "72.04%",
        "runs/ld_s239/eval.json, accuracy",
    )
    assert not any("99" in str(result.score) for result in found)


@pytest.mark.parametrize("pack", [tar, zipped])
def test_an_archive_of_a_repository(tmp_path, pack):
    (tmp_path / "release.bin").write_bytes(pack(("repo-1/README.md", README), ("repo-1/../evil.csv", CSV), ("repo-1/a.py", b"print()")))
    found, sources = release(tmp_path, tmp_path / "release.bin")
    assert scores(found) == {("Baseline", "UCF-101", "70.0%", "release"), ("LD", "UCF-101", "72.0%", "release")}
    assert [source.name for source in sources] == ["repo-1/README.md"]


def test_an_archive_at_an_address(tmp_path):
    packed = tar(("repo-1/README.md", README))
    moved = Reply(status=302, headers={"Location": "https://files.example/repo.tar.gz"})
    with serving(code=lambda asked: moved, files=lambda asked: Reply(packed)) as servers:
        way = door(tmp_path, {"code.example": servers["code"], "files.example": servers["files"]})
        found, _ = released("https://code.example/repo/archive/1.tar.gz", Lexicon(), way)
    assert len(found) == 2


@pytest.mark.parametrize("content", [b"", b"nothing here", b"\x00\x01\x02", gzip.compress(bytes(60_000_000))])
def test_a_release_without_results_says_so(tmp_path, content):
    (tmp_path / "release.bin").write_bytes(content)
    with pytest.raises(Unreadable):
        release(tmp_path, tmp_path / "release.bin")


def test_numbers_that_are_none_are_passed_over(tmp_path):
    (tmp_path / "r.json").write_text('{"method": "ld", "dataset": "UCF-101", "accuracy": NaN, "loss": true, "top-1": "72.5"}')
    found, _ = release(tmp_path, tmp_path / "r.json")
    assert [str(result.score) for result in found] == ["72.5%"]
    assert atom([]).status == 200
