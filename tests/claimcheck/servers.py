"""HTTP servers on this machine that answer as the providers document, and a door that reaches them and nothing else."""

import gzip
import json
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from claimcheck.sources.cache import Cache
from claimcheck.sources.clock import Clock
from claimcheck.sources.http import Door
from claimcheck.sources.pace import Pace


@dataclass
class Reply:
    """An answer: by its parts, or as the very bytes to write before the connection is closed."""

    body: bytes | str = b""
    status: int = 200
    type: str = "application/json"
    headers: dict = field(default_factory=dict)
    raw: bytes | None = None


@dataclass
class Asked:
    path: str
    query: dict
    headers: dict
    url: str
    at: float


class Server:
    """Answers with what `answer(asked)` returns; remembers what it was asked."""

    def __init__(self, answer: Callable[[Asked], Reply]) -> None:
        self.answer, self.asked = answer, []
        self.at_once, self.most_at_once, self.guard = 0, 0, threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.handle(self)

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self.http.server_address[1]}"
        threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True).start()

    def handle(self, request):
        at = time.monotonic()
        with self.guard:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        split = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        asked = Asked(unquote(split.path), query, dict(request.headers), request.path, at)
        self.asked.append(asked)
        try:
            reply = self.answer(asked)
            if reply.raw is not None:
                request.wfile.write(reply.raw)
                request.close_connection = True
                return
            body = reply.body.encode() if isinstance(reply.body, str) else reply.body
            request.send_response(reply.status)
            for name, value in {"Content-Type": reply.type, "Content-Length": str(len(body)), **reply.headers}.items():
                if value is not None:
                    request.send_header(name, value)
            request.end_headers()
            request.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            pass
        finally:
            with self.guard:
                self.at_once -= 1

    def close(self):
        self.http.shutdown()
        self.http.server_close()


@contextmanager
def serving(**answers):
    """Servers by a short name; closed at the end."""
    servers = {name: Server(answer) for name, answer in answers.items()}
    try:
        yield servers
    finally:
        for server in servers.values():
            server.close()


class FakeClock(Clock):
    """Sleeping takes no time; what was slept is remembered."""

    def __init__(self, now=datetime(2026, 11, 28, 12, 0, tzinfo=UTC)):
        self.start, self.gone, self.slept = now, 0.0, []

    def monotonic(self):
        return 1_000.0 + self.gone

    def now(self):
        return self.start + timedelta(seconds=self.gone)

    def sleep(self, seconds):
        if seconds > 0:
            self.slept.append(seconds)
            self.gone += seconds


def door(folder, hosts, *, clock=None, offline=False, **options):
    """A door whose `hosts` (real name to server) are answered on this machine; every other name resolves to nothing."""

    def look_up(host, port):
        raise OSError(f"{host} is not known in this test")

    stand_ins = {host: server.origin for host, server in hosts.items()}
    clock = clock or FakeClock()
    pace = Pace(folder / "pace", clock, options.pop("intervals", {}), options.pop("others", 0.0))
    options = {"look_up": look_up, "seed": 1, **options}
    return Door(Cache(folder / "cache"), pace, offline=offline, clock=clock, stand_ins=stand_ins, **options)


# ── answers as the providers document them ───────────────────────────────────────────────────────────────────────────

HOSTS = {
    "arxiv": "export.arxiv.org",
    "arxiv_html": "arxiv.org",
    "openalex": "api.openalex.org",
    "semantic_scholar": "api.semanticscholar.org",
    "crossref": "api.crossref.org",
}


@dataclass
class Made:
    """A paper that was made up for a test."""

    title: str
    abstract: str = "We study made-up latent dynamics for video."
    authors: tuple = ("Ada Example", "Ben Sample")
    date: str = "2026-05-17"
    arxiv: str = ""
    version: str = "v1"
    doi: str = ""
    retracted: bool = False
    pdf: str = ""
    comment: str = ""
    takes_back: str = ""


def atom(papers, total=None):
    """https://info.arxiv.org/help/api/user-manual.html#_outline_of_an_atom_feed"""
    entries = "".join(
        f"""<entry><id>http://arxiv.org/abs/{p.arxiv}{p.version}</id><updated>{p.date}T00:00:00Z</updated>
        <published>{p.date}T00:00:00Z</published><title>{escape(p.title)}</title><summary>{escape(p.abstract)}</summary>
        {"".join(f"<author><name>{escape(name)}</name></author>" for name in p.authors)}
        {f"<arxiv:comment>{escape(p.comment)}</arxiv:comment>" if p.comment else ""}
        {f"<arxiv:doi>{p.doi}</arxiv:doi>" if p.doi else ""}
        <link href="http://arxiv.org/abs/{p.arxiv}{p.version}" rel="alternate" type="text/html"/>
        <arxiv:primary_category term="cs.CV"/><category term="cs.CV"/></entry>"""
        for p in papers
    )
    total = len(papers) if total is None else total
    return Reply(
        f"""<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"
        xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom">
        <title>ArXiv Query</title><id>http://arxiv.org/api/x</id><updated>2026-11-28T00:00:00Z</updated>
        <opensearch:totalResults>{total}</opensearch:totalResults><opensearch:startIndex>0</opensearch:startIndex>
        <opensearch:itemsPerPage>{len(papers)}</opensearch:itemsPerPage>{entries}</feed>""",
        type="application/atom+xml",
    )


def openalex_record(p):
    """https://docs.openalex.org/api-entities/works/work-object"""
    index = {}
    for position, word in enumerate(p.abstract.split()):
        index.setdefault(word, []).append(position)
    return {
        "id": f"https://openalex.org/W{abs(hash(p.title)) % 10**9}",
        "doi": f"https://doi.org/{p.doi}" if p.doi else None,
        "display_name": p.title,
        "publication_date": p.date,
        "is_retracted": p.retracted,
        "authorships": [{"author": {"display_name": name}} for name in p.authors],
        "primary_location": {"landing_page_url": f"http://arxiv.org/abs/{p.arxiv}" if p.arxiv else None, "pdf_url": None, "source": None},
        "best_oa_location": {"landing_page_url": None, "pdf_url": p.pdf or None, "source": None},
        "abstract_inverted_index": index,
        "cited_by_count": 3,
    }


def openalex(papers, total=None):
    count = len(papers) if total is None else total
    return Reply(json.dumps({"meta": {"count": count, "page": 1, "per_page": 25}, "results": list(map(openalex_record, papers))}))


def s2_record(p):
    """https://api.semanticscholar.org/api-docs/graph#tag/Paper-Data/operation/get_graph_paper_relevance_search"""
    ids = {name: value for name, value in (("DOI", p.doi), ("ArXiv", p.arxiv)) if value} | {"CorpusId": 1}
    return {
        "paperId": f"{abs(hash(p.title)):040x}"[:40],
        "title": p.title,
        "abstract": p.abstract,
        "authors": [{"authorId": "1", "name": name} for name in p.authors],
        "year": int(p.date[:4]),
        "publicationDate": p.date,
        "externalIds": ids,
        "openAccessPdf": {"url": p.pdf, "status": "GREEN"} if p.pdf else None,
        "venue": "",
        "citationCount": 2,
    }


def semantic_scholar(papers, total=None):
    data = {"data": list(map(s2_record, papers))} if papers else {}
    return Reply(json.dumps({"total": len(papers) if total is None else total, "offset": 0, **data}))


def crossref_record(p):
    """https://github.com/CrossRef/rest-api-doc: titles are lists, abstracts JATS, dates lists of parts."""
    found = {
        "DOI": p.doi.upper(),
        "title": [p.title],
        "author": [{"given": name.split()[0], "family": name.split()[-1]} for name in p.authors],
        "issued": {"date-parts": [[int(part) for part in p.date.split("-")]]},
        "container-title": ["Journal of Examples"],
        "abstract": f"<jats:p>{escape(p.abstract)}</jats:p>",
        "is-referenced-by-count": 1,
    }
    if p.takes_back:
        found["update-to"] = [{"DOI": p.takes_back, "type": "retraction", "label": "Retraction"}]
    return found


def crossref(papers, total=None):
    message = {"total-results": len(papers) if total is None else total, "items": list(map(crossref_record, papers))}
    return Reply(json.dumps({"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": message}))


SHELVES = {"arxiv": atom, "openalex": openalex, "semantic_scholar": semantic_scholar, "crossref": crossref}
"""How each provider puts papers into an answer."""


def packed(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)
