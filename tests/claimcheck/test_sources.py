"""Providers: what is asked of each, what is read in its answers, and what each fault is called; never an empty shelf."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from claimcheck import ids, sources
from claimcheck.ids import arxiv_id, doi, plain
from claimcheck.sources import SOURCES, arxiv, openalex
from claimcheck.sources.cache import Cache
from claimcheck.sources.faults import Fault, SourceFault
from claimcheck.sources.source import Query
from tests.claimcheck.servers import HOSTS, SHELVES, FakeClock, Made, Reply, atom, door, openalex_record, serving

QUERY = Query(("latent", "dynamics", "Video-JEPA"), ("Video-JEPA",), limit=20)
ONE = Made("Latent dynamics of made-up clips", arxiv="2605.00001", version="v3", doi="10.1234/abc.5", date="2026-05-17")
REMOTE = tuple(SHELVES)


def pages(tmp_path, name, answer, query=QUERY, **options):
    with serving(server=answer) as servers:
        return list(SOURCES[name].search(query, door(tmp_path, {HOSTS[name]: servers["server"]}, **options))), servers["server"].asked


def test_every_module_that_searches_is_registered():
    from importlib import import_module
    from pkgutil import iter_modules

    found = {m.name: import_module(f"claimcheck.sources.{m.name}") for m in iter_modules(sources.__path__)}
    assert {name: module for name, module in found.items() if hasattr(module, "search")} == SOURCES


@pytest.mark.parametrize("name", REMOTE)
def test_a_record_is_read(tmp_path, name):
    ((page,), _) = pages(tmp_path, name, lambda asked: SHELVES[name]([ONE]))
    (work,) = page.works
    assert (work.title, work.abstract, work.date, work.doi) == (ONE.title, ONE.abstract, ONE.date, ONE.doi)
    assert work.authors == ONE.authors
    assert work.arxiv == ("" if name == "crossref" else ONE.arxiv)
    assert (page.matches, page.dropped, work.databases) == (1, 0, (SOURCES[name].NAME,))


@pytest.mark.parametrize("name", REMOTE)
def test_an_empty_shelf_is_no_fault(tmp_path, name):
    ((page,), _) = pages(tmp_path, name, lambda asked: SHELVES[name]([]))
    assert (page.works, page.matches) == ((), 0)


# ── faults ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def whole(name):
    body = SHELVES[name]([ONE, Made("Another made-up work on dynamics", arxiv="2605.00002", doi="10.1234/other")]).body
    return body.encode() if isinstance(body, str) else body


def drifted(name):
    """An answer of another shape than the documented one."""
    if name == "arxiv":
        return Reply(whole(name).replace(b"totalResults", b"total"), type="application/atom+xml")
    return Reply(json.dumps({"hits": [{"name": "one"}], "found": 1}))


def renamed(name):
    """An envelope as documented around records of another shape."""
    if name == "arxiv":
        return Reply(whole(name).replace(b"published>", b"issued>"))
    keys = {"openalex": "display_name", "semantic_scholar": "paperId", "crossref": "DOI"}
    return Reply(whole(name).replace(f'"{keys[name]}"'.encode(), b'"renamed"'))


FAULTS = {
    "a web page with status 200": (lambda name: Reply("<!DOCTYPE html><html><body>Sign in</body></html>", type="text/html"), Fault.NOT_THE_API),
    "nothing with status 200": (lambda name: Reply(b""), Fault.EMPTY),
    "204": (lambda name: Reply(status=204), Fault.EMPTY),
    "data cut in the middle, told as whole": (lambda name: Reply(whole(name)[: len(whole(name)) * 2 // 3]), Fault.MALFORMED),
    "a connection cut in the middle": (lambda name: Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + whole(name)[:300]), Fault.TRUNCATED),
    "another envelope": (drifted, Fault.SCHEMA),
    "other records": (renamed, Fault.SCHEMA),
    "matches but no records": (lambda name: SHELVES[name]([], total=4_000), Fault.EMPTY_PAGE),
    "a circle of redirects": (lambda name: Reply(status=301, headers={"Location": f"https://{HOSTS[name]}/again"}), Fault.REDIRECTS),
    "400": (lambda name: Reply(status=400), Fault.BAD_REQUEST),
    "401": (lambda name: Reply(status=401), Fault.UNAUTHORIZED),
    "403": (lambda name: Reply(status=403), Fault.BLOCKED),
    "404": (lambda name: Reply(status=404), Fault.NOT_FOUND),
    "429 for fifteen hours": (lambda name: Reply(status=429, headers={"Retry-After": "54000"}), Fault.BUDGET_EXHAUSTED),
    "503 without end": (lambda name: Reply(status=503), Fault.UNAVAILABLE),
    "more than the limit": (lambda name: Reply(bytes(100), headers={"Content-Length": "30000000"}), Fault.TOO_BIG),
    "hung up": (lambda name: Reply(raw=b""), Fault.UNREACHABLE),
}  # fmt: skip


@pytest.mark.parametrize("what", FAULTS)
@pytest.mark.parametrize("name", REMOTE)
def test_every_fault_is_called_what_it_is(tmp_path, name, what):
    answer, fault = FAULTS[what]
    with pytest.raises(SourceFault) as caught:
        pages(tmp_path, name, lambda asked: answer(name))
    assert caught.value.fault is fault
    assert "\n" not in str(caught.value)


def test_a_timeout_is_a_timeout(tmp_path, monkeypatch):
    import time

    from claimcheck.sources import http

    monkeypatch.setattr(http, "READ", 0.05)
    monkeypatch.setattr(http, "TRIES", 2)
    with pytest.raises(SourceFault) as caught:
        pages(tmp_path, "crossref", lambda asked: time.sleep(0.3) or Reply(status=204))
    assert caught.value.fault is Fault.TIMEOUT


def test_arxiv_error_entries_are_not_papers(tmp_path):
    error = atom([Made("Error", "incorrect id format for 1", arxiv="2605.00001")])
    with pytest.raises(SourceFault, match="incorrect id format") as caught:
        pages(tmp_path, "arxiv", lambda asked: error)
    assert caught.value.fault is Fault.BAD_REQUEST


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.7, 0.9, 0.97, 0.99, 0.999])
def test_no_cut_feed_is_read(share):
    feed = whole("arxiv")
    with pytest.raises(SourceFault):
        arxiv.checked(feed[: int(len(feed) * share)])


BOMB = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
PAYLOADS = [
    f'<!DOCTYPE feed [<!ENTITY e0 "boom">{BOMB}]>',
    '<!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE feed [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x">%x;]>',
    '<!DOCTYPE feed SYSTEM "http://127.0.0.1:1/feed.dtd">',
]


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("entity", ["&e9;", "&x;"])
def test_entities_are_never_expanded(payload, entity):
    feed = whole("arxiv").decode().replace("?>", f"?>{payload}", 1).replace(ONE.title, entity).encode()
    with pytest.raises(SourceFault) as caught:
        arxiv.checked(feed)
    assert caught.value.fault is Fault.MALFORMED
    assert "root:" not in str(caught.value)


@pytest.mark.parametrize("name", REMOTE)
def test_records_that_cannot_be_read_are_counted(tmp_path, name):
    body = whole(name).decode()
    if name == "arxiv":
        body = body.replace(f"{ONE.date}T00:00:00Z</published>", "last May</published>", 1)
    else:
        document = json.loads(body)
        records = document.get("results") or document.get("data") or document["message"]["items"]
        records[0] = {"title": 7}
        body = json.dumps(document)
    ((page,), _) = pages(tmp_path, name, lambda asked: Reply(body))
    assert (len(page.works), page.dropped) == (1, 1)


# ── what is asked ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", REMOTE)
def test_the_query_is_sent_as_it_is_logged(tmp_path, name):
    query = Query(QUERY.words, QUERY.names, "2024-05-01", 7)
    _, (asked,) = pages(tmp_path, name, lambda asked: SHELVES[name]([ONE]), query)
    parameter = {"arxiv": "search_query", "openalex": "search", "semantic_scholar": "query", "crossref": "query.bibliographic"}[name]
    assert asked.query[parameter] == SOURCES[name].sent(query).query
    assert "2024" in str(asked.query)
    assert "7" in (asked.query.get("max_results"), asked.query.get("per-page"), asked.query.get("limit"), asked.query.get("rows"))


def test_arxiv_asks_for_names_and_for_any_of_the_other_words():
    assert arxiv.sent(QUERY).query == '(all:"Video-JEPA") AND (all:latent OR all:dynamics)'
    assert arxiv.sent(Query(("latent", "dynamics"))).query == "all:latent OR all:dynamics"
    assert arxiv.sent(Query(("JEPA",), ("JEPA",))).query == "all:JEPA"


def test_semantic_scholar_is_asked_page_by_page(tmp_path):
    made = [Made(f"Latent dynamics, made-up part {number:03}", doi=f"10.1234/{number}") for number in range(150)]

    def answer(asked):
        start = int(asked.query.get("offset", 0))
        return SHELVES["semantic_scholar"](made[start : start + int(asked.query["limit"])], total=150)

    found, asked = pages(tmp_path, "semantic_scholar", answer, Query(("latent",), limit=200))
    assert ([len(page.works) for page in found], [a.query["limit"] for a in asked]) == ([100, 50], ["100", "100"])


def test_arxiv_records_by_id_leave_out_those_it_does_not_have(tmp_path):
    with serving(server=lambda asked: atom([ONE], total=2)) as servers:
        found = arxiv.records(["2605.00001", "2605.99999"], door(tmp_path, {HOSTS["arxiv"]: servers["server"]}))
    assert {name: work.version for name, work in found.items()} == {"2605.00001": "v3"}


def test_withdrawn_and_retracted_works_are_flagged(tmp_path):
    gone = Made("Latent dynamics that did not hold up", arxiv="2605.00003", comment="This paper has been withdrawn by the authors")
    ((page,), _) = pages(tmp_path, "arxiv", lambda asked: atom([gone, ONE]))
    assert [work.retracted for work in page.works] == [True, False]
    record = openalex_record(ONE) | {"is_retracted": True}
    assert openalex._work(openalex.Entry.model_validate(record)).retracted


def test_an_abstract_is_put_in_order_and_never_blown_up():
    index = {"b": [1], "a": [0], "c": [10**12, 2]}
    assert (
        openalex._in_order(openalex.Entry.model_validate({"id": "W1", "abstract_inverted_index": index}).abstract_inverted_index)
        == "a b c c"
    )


# ── names of papers ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2605.17165", ("2605.17165", "")),
        ("arXiv:2605.17165v2", ("2605.17165", "v2")),
        ("http://arxiv.org/abs/2011.09634v2", ("2011.09634", "v2")),
        ("https://arxiv.org/pdf/2011.09634v2.pdf", ("2011.09634", "v2")),
        ("https://doi.org/10.48550/arXiv.2011.09634", ("2011.09634", "")),
        ("math.GT/0309136v1", ("math.GT/0309136", "v1")),
        ("hep-th/9901001", ("hep-th/9901001", "")),
    ],
)
def test_arxiv_ids_in_their_many_forms(text, found):
    assert arxiv_id(text) == found


@pytest.mark.parametrize(
    "text",
    ["", "2605.171", "../2605.17165", "2605.17165/../x", "2605.17165v0", "２６０５.17165", "a/0411386x", "2605.17165\x00", "https://arxiv.org.evil.example/abs/2605.17165",
     "%2e%2e/0411386", "paper.pdf", "2605.17165v1\n2"],
)  # fmt: skip
def test_what_is_no_arxiv_id(text):
    assert arxiv_id(text) is None


NASTY = st.one_of(
    st.text(max_size=300),
    st.tuples(st.integers(1, 9999), st.integers(0, 99999), st.sampled_from(["", "v1", "v27"])).map(lambda p: f"{p[0]:04}.{p[1]:05}{p[2]}"),
    st.sampled_from(["../", "..\\", "%2e%2e/", "CON", "\x00", "/etc/passwd", "a/0411386", "2605.17165", "http://", "~", "💣"]).flatmap(
        lambda part: st.text(max_size=50).map(lambda text: part + text)
    ),
)


@settings(max_examples=1_000, deadline=None)
@given(NASTY)
@example("../../../etc/passwd")
@example("a/0411386")
@example("CON")
@example("x" * 300)
def test_no_name_is_a_path(tmp_path_factory, name):
    """A thousand names: each becomes an entry directly in the cache's folder, and none leaves the host it is asked at."""
    from urllib.parse import urlsplit

    cache = Cache(tmp_path_factory.getbasetemp() / "names")
    entry = cache.entry(name)
    assert entry.parent == cache.folder / "answers"
    assert entry.resolve().is_relative_to(cache.folder.resolve())
    found = arxiv_id(name)
    if found is not None:
        for _, url in arxiv.places(*found):
            split = urlsplit(url)
            assert split.hostname in ("export.arxiv.org", "arxiv.org")
            assert split.path.count("/") == 2 + ("/" in found[0])
            assert not {"..", "%", "\\"} & set(split.path.split("/"))
        assert arxiv_id(f"arxiv:{found[0]}{found[1]}") == found
    if doi(name):
        where = urlsplit(f"https://api.example/{ids.in_path(doi(name))}")
        assert (where.hostname, where.query, where.fragment) == ("api.example", "", "")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_an_entry_goes_back_to_its_name(tmp_path_factory, name):
    cache = Cache(tmp_path_factory.mktemp("cache"))
    cache.set_stamp(name, "2026-11-28T12:00:00Z")
    assert json.loads(cache.entry(name).read_text())["url"] == name
    assert cache.stamp(name) == "2026-11-28T12:00:00Z"
    assert {path for path in cache.folder.rglob("*") if path.is_file()} == {cache.entry(name)}


@pytest.mark.parametrize(
    ("given", "expected"),
    [("A <i>great</i> work", "A great work"), ("p < 0.05 and n > 3", "p < 0.05 and n > 3"), ("<jats:p>Text</jats:p>", "Text"),
     ("a &amp; b\n c", "a & b c"), (None, "")],
)  # fmt: skip
def test_markup_of_databases_is_taken_off(given, expected):
    assert plain(given) == expected


def test_a_clock_that_steps_back_asks_again(tmp_path):
    with serving(server=lambda asked: atom([ONE])) as servers:
        hosts = {HOSTS["arxiv"]: servers["server"]}
        list(arxiv.search(QUERY, door(tmp_path, hosts)))
        clock = FakeClock()
        clock.start = clock.start.replace(year=2025)
        list(arxiv.search(QUERY, door(tmp_path, hosts, clock=clock)))
        assert len(servers["server"].asked) == 2
