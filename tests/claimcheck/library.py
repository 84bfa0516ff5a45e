"""Papers that were made up for tests, and servers that hold them: the databases, arXiv's files and an open copy elsewhere."""

import io
import re
import tarfile

from tests.claimcheck.servers import (
    HOSTS,
    Made,
    Reply,
    atom,
    crossref,
    crossref_record,
    openalex,
    openalex_record,
    s2_record,
    semantic_scholar,
)

QUESTION = "How do latent dynamics compare with pixel prediction for Video-JEPA?"

LATENT = Made(
    "Latent dynamics for made-up video prediction",
    "We add latent dynamics to Video-JEPA.",
    arxiv="2605.00001",
    version="v2",
    doi="10.1234/latent",
)
PIXEL = Made(
    "Pixel prediction beside latent dynamics of clips", "Pixel prediction for Video-JEPA.", arxiv="2605.00002", authors=("Cy Third",)
)
OPEN = Made(
    "An open study of latent dynamics in moving pictures",
    "Latent dynamics elsewhere.",
    doi="10.1234/open",
    pdf="https://open.example/one.pdf",
)
CLOSED = Made("A closed study of latent dynamics in journals", "Latent dynamics behind a wall.", doi="10.1234/closed")
TAKEN_BACK = Made("Retracted dynamics: latent video prediction", "Latent dynamics that did not hold.", doi="10.1234/gone", retracted=True)
NOTICE = Made("Notice on retracted latent dynamics for video", "A notice.", doi="10.1234/notice", takes_back="10.1234/gone")
OTHER = Made("Sourdough at high altitude, a long-term survey", "Bread.", doi="10.1234/bread")

LATEX = r"""\documentclass{article}\title{TITLE}\begin{document}\maketitle
\section{Results}
WORD improves over Baseline by 2.0 points on UCF-101.
The numbers are means. They stand in the table below.
\begin{table}\caption{Accuracy on UCF-101.}\label{tab:main}
\begin{tabular}{lc}\hline Method & UCF-101 \\ \hline Baseline & 70.0 \\ WORD & SCORE \\ \hline\end{tabular}\end{table}
\end{document}"""


def source(made, word, score="72.0"):
    """A source archive of arXiv's making."""
    text = LATEX.replace("TITLE", made.title).replace("WORD", word).replace("SCORE", score).encode()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as packed:
        info = tarfile.TarInfo("main.tex")
        info.size = len(text)
        packed.addfile(info, io.BytesIO(text))
    return Reply(buffer.getvalue(), type="application/gzip")


def pdf(*lines):
    import pymupdf

    document = pymupdf.open()
    page = document.new_page()
    for number, line in enumerate(lines):
        page.insert_text((72, 90 + 20 * number), line)
    return Reply(document.tobytes(), type="application/pdf")


def html(made, word="LD"):
    body = f"<h2>Results</h2><p>Our method {word} reaches 71.0% accuracy on UCF-101. The rest is prose. It goes on for a while.</p>"
    return Reply(
        f"<!DOCTYPE html><html><head><title>{made.title}</title></head><body class='ltx_page'><h1>{made.title}</h1>{body}</body></html>",
        type="text/html",
    )


class Library:
    """What every server answers; a test replaces an answer by its own."""

    def __init__(self):
        self.shelves = {
            "arxiv": [LATENT, PIXEL],
            "openalex": [LATENT, OPEN, TAKEN_BACK, OTHER],
            "semantic_scholar": [PIXEL, OPEN],
            "crossref": [LATENT, CLOSED, NOTICE],
        }
        self.files = {"/src/2605.00001v2": source(LATENT, "LD"), "/src/2605.00002v1": source(PIXEL, "PIX", "70.5")}
        self.copies = {"/one.pdf": pdf(OPEN.title, "Results", "Our method LD gains 3.0 points on UCF-101.", "It is a study. It ends here.")}
        self.broken = {}
        """Short name of a server to what it answers instead."""

    def answers(self):
        return {name: self.guarded(name) for name in (*HOSTS, "open")}

    def hosts(self, servers):
        return {(HOSTS | {"open": "open.example"})[name]: server for name, server in servers.items()}

    def guarded(self, name):
        return lambda asked: self.broken[name] if name in self.broken else getattr(self, name)(asked)

    def arxiv(self, asked):
        if asked.path != "/api/query":
            return self.files.get(asked.path, Reply(status=404))
        if ids := asked.query.get("id_list"):
            return atom([made for made in self.shelves["arxiv"] if made.arxiv in ids.split(",")])
        return atom(self.shelves["arxiv"])

    def arxiv_html(self, asked):
        return self.files.get(asked.path, Reply(status=404))

    def openalex(self, asked):
        if found := re.fullmatch(r"/works/doi:(.+)", asked.path):
            return self.one(found[1], openalex_record)
        return openalex(self.shelves["openalex"])

    def semantic_scholar(self, asked):
        if found := re.fullmatch(r"/graph/v1/paper/DOI:(.+)", asked.path):
            return self.one(found[1], s2_record)
        return semantic_scholar(self.shelves["semantic_scholar"])

    def crossref(self, asked):
        return crossref(self.shelves["crossref"])

    def open(self, asked):
        return self.copies.get(asked.path, Reply(status=404))

    def one(self, doi, record):
        import json

        made = next((made for shelf in self.shelves.values() for made in shelf if made.doi == doi), None)
        return Reply(json.dumps(record(made))) if made else Reply(status=404)


__all__ = [
    "CLOSED",
    "LATENT",
    "NOTICE",
    "OPEN",
    "OTHER",
    "PIXEL",
    "QUESTION",
    "TAKEN_BACK",
    "Library",
    "crossref_record",
    "html",
    "pdf",
    "source",
]
