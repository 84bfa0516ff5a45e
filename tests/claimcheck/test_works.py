"""Records of one work are recognised and put together; ranking and screening leave each other work in its place."""

import sqlite3

import pytest

from claimcheck.dossier import SearchLog, Work
from claimcheck.index import Index
from claimcheck.search import EARLY, UNRELATED, Wanted, date, is_name, keywords, narrowed, screen, understood
from claimcheck.sources.source import Query
from claimcheck.works import merged

TITLE = "Latent dynamics for the prediction of made-up video"


def work(title=TITLE, **fields):
    return Work(title=title, **{"authors": ("Ada Example",), "date": "2026", **fields})


SAME = {
    "a DOI": (work(doi="10.1/a"), work("Another title that was changed on the way", doi="10.1/a")),
    "an arXiv id": (work(arxiv="2605.1", version="v1"), work("A title of version one, quite different", arxiv="2605.1", version="v2")),
    "a title": (work(doi="10.1/a"), work(arxiv="2605.1")),
    "a title in capitals": (work(), work(TITLE.upper() + ".")),
    "a title with a slip": (work(), work("Latent dynamics for the predicton of made-up video")),
    "a retracted title": (work(), work(f"RETRACTED ARTICLE: {TITLE}")),
    "names the other way round": (work(), work(authors=("Example, A.",))),
}
DIFFERENT = {
    "numbers": (work(f"{TITLE}, part 1"), work(f"{TITLE}, part 2")),
    "roman numbers": (work(f"{TITLE} I"), work(f"{TITLE} II")),
    "arXiv ids": (work(arxiv="2605.1"), work(arxiv="2605.2")),
    "authors": (work(), work(authors=("Cy Third",))),
    "years": (work(), work(date="2019")),
    "short titles": (work("Introduction"), work("Introduction")),
    "titles": (work(), work("Pixel prediction for made-up video and sound")),
}


@pytest.mark.parametrize("what", SAME)
def test_records_of_one_work_share(what):
    assert len(merged(SAME[what])) == 1
    assert len(merged(SAME[what][::-1])) == 1


@pytest.mark.parametrize("what", DIFFERENT)
def test_records_of_two_works_differ_in(what):
    assert len(merged(DIFFERENT[what])) == 2


def test_a_record_may_join_two_others():
    chain = [work("One title of this work in a journal", doi="10.1/a"), work("A title of it on arXiv, unlike", arxiv="2605.1")]
    assert len(merged([*chain, work("A third title for the same thing", doi="10.1/a", arxiv="2605.1")])) == 1


def test_what_records_say_is_put_together():
    one = work(arxiv="2605.1", version="v2", doi="10.48550/arxiv.2605.1", databases=("arXiv",), abstract="Short.")
    two = work(doi="10.1/a", databases=("Crossref",), abstract="A longer abstract.", citations=3, venue="Journal of Examples")
    (found,) = merged([one, two])
    assert (found.doi, found.arxiv, found.version) == ("10.1/a", "2605.1", "v2")
    assert (found.abstract, found.citations, found.venue) == ("A longer abstract.", 3, "Journal of Examples")
    assert found.databases == ("arXiv", "Crossref")


def test_a_notice_takes_its_work_back():
    found = merged([work(doi="10.1/a"), work("A notice about quite another title", doi="10.1/n", retracts=("10.1/a",))])
    assert [(one.doi, one.retracted) for one in found] == [("10.1/a", True), ("10.1/n", False)]


def test_ranking_is_by_the_words_and_knows_no_other_search(tmp_path):
    index = Index(tmp_path / "index.sqlite")
    texts = [("Bread", "Sourdough."), ("Video", "Latent dynamics of video, latent indeed."), ("Latent dynamics", "Of video.")]
    first = index.relevance("q", texts, ("latent", "dynamics"))
    assert first[0] == 0
    assert first[2] > first[1] > 0
    index.relevance("another", [("latent", "latent")] * 50, ("latent",))
    assert index.relevance("q", texts, ("latent", "dynamics")) == first
    assert sqlite3.connect(index.path).execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_word_that_every_work_has_still_counts(tmp_path):
    scores = Index(tmp_path / "index.sqlite").relevance("q", [("Latent", "x " * 5_000)] * 40, ("latent",))
    assert all(score > 0 for score in scores)


@pytest.mark.parametrize("words", [('"; DROP TABLE x; --',), ("NEAR(a b)",), ("*",), ("a\x00b",), ("title:x",), ("AND", "OR", "NOT")])
def test_no_word_is_a_query_of_its_own(tmp_path, words):
    assert Index(tmp_path / "index.sqlite").relevance("q'--", [("a\x00b", "AND")], words) is not None


def test_a_damaged_index_is_made_anew(tmp_path):
    path = tmp_path / "index.sqlite"
    path.write_bytes(b"SQLite format 3\x00" + bytes(range(256)) * 20)
    assert Index(path).relevance("q", [("latent", "")], ("latent",))[0] > 0


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How do latent dynamics compare with V-JEPA 2.1 on UCF-101?", ("latent", "dynamics", "V-JEPA", "2.1", "UCF-101")),
        ("JEPA, jepa and Jepa", ("JEPA",)),
        ("?!", ()),
        ("Does it help?", ("help",)),
    ],
)
def test_the_words_of_a_question(question, words):
    assert keywords(question) == words


def test_the_longest_question_still_fits_an_address():
    from claimcheck.sources import SOURCES
    from claimcheck.sources.addresses import checked_url
    from claimcheck.sources.http import address

    for question in ("x" * 10_000, " ".join(f"представление{n}" for n in range(500)), "动" * 3_000):
        query, _ = understood(Wanted(question))
        for name, source in SOURCES.items():
            assert name == "local" or checked_url(address("https://api.example/", query=source.sent(query).query))


def test_names_by_their_looks():
    assert [word for word in ("V-JEPA", "UCF-101", "JEPA", "video", "Video", "2024", "iBOT", "x1") if is_name(word)] == [
        "V-JEPA", "UCF-101", "JEPA", "iBOT", "x1",
    ]  # fmt: skip


@pytest.mark.parametrize(("text", "first"), [("2024", "2024-01-01"), ("2024-05", "2024-05-01"), ("2024-05-17", "2024-05-17"), ("", "")])
def test_dates(text, first):
    assert date(text) == first


def test_the_local_database_is_asked_where_there_is_one(tmp_path):
    assert "local" not in understood(Wanted("latent dynamics"))[1]
    assert "local" in understood(Wanted("latent dynamics", folder=tmp_path))[1]


def test_screening_names_its_reasons():
    found = [
        work(relevance=2.0, rank=1),
        work(relevance=1.0, rank=2, date="2020-01"),
        work(relevance=0.0, rank=3),
        work(relevance=0.5, rank=4),
    ]
    screened = screen(found, Query(("latent",), since="2024-06-01"), 1)
    assert [(one.rank, one.excluded) for one in screened] == [(1, ""), (2, EARLY), (3, UNRELATED), (4, "ranked below those asked for")]


def test_a_year_alone_is_not_before_a_day_of_it():
    assert screen([work(relevance=1.0, date="2024")], Query(("latent",), since="2024-06-01"), 5)[0].excluded == ""


def test_fewer_can_be_fetched_than_were_found():
    log = narrowed(SearchLog(question="q", works=tuple(work(rank=rank) for rank in (1, 2, 3))), 2)
    assert [one.excluded for one in log.works] == ["", "", "ranked below those asked for"]
    assert log.flow.excluded[0].works == 1
