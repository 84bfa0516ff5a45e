"""Where papers are looked for, the cheapest first. A new provider is one module here and its line in the literal below.

`http.py` is the one door to the network that all of them go through.
"""

from claimcheck.sources import arxiv, crossref, local, openalex, semantic_scholar
from claimcheck.sources.source import Source

SOURCES: dict[str, Source] = {
    "local": local,
    "arxiv": arxiv,
    "crossref": crossref,
    "semantic_scholar": semantic_scholar,
    "openalex": openalex,
}
