"""Records of one work, from several databases, recognised and put together."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from claimcheck.dossier import Work

SAME_TITLE = 95.0
"""rapidfuzz ratio of two normalised titles from which they are one."""

LEAST_TITLE = 20
"""Characters of a title that says enough; "Introduction" is many works."""

METHOD = (
    "Records are of one work if their DOIs are equal, or their arXiv ids without version, or if their titles are alike "
    f"(rapidfuzz ratio of at least {SAME_TITLE:.0f} without case and punctuation, at least {LEAST_TITLE} characters, the same numbers in both), "
    "their years at most two apart and, where both name authors, one family name is shared."
)

_NOT_LETTERS = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+|\b[ivx]+\b")
_REMARK = re.compile(r"^\s*(?:retracted(?: article)?|withdrawn|removed)\s*[:\-–—]\s*", re.IGNORECASE)


def merged(records: Sequence[Work]) -> list[Work]:
    """Works in the order of their first record, each with what its records say together."""
    groups: list[list[Work]] = []
    for group in _same(records):
        groups.append([records[position] for position in group])
    works = [together(group) for group in groups]
    taken_back = {name for work in works for name in work.retracts}
    return [work.model_copy(update={"retracted": True}) if work.doi in taken_back and work.doi else work for work in works]


def _same(records: Sequence[Work]) -> list[list[int]]:
    """Positions of the records of each work: connected by an id or by their title."""
    group = list(range(len(records)))

    def root(position: int) -> int:
        while group[position] != position:
            group[position] = group[group[position]]
            position = group[position]
        return position

    first: dict[str, int] = {}
    titles: list[tuple[int, str]] = []
    for position, record in enumerate(records):
        for name in filter(None, (record.doi and f"doi:{record.doi}", record.arxiv and f"arxiv:{record.arxiv}")):
            group[root(position)] = root(first.setdefault(name, position))
        title = normalised(record.title)
        for other, known in titles:
            if root(other) != root(position) and alike(record, title, records[other], known):
                group[root(position)] = root(other)
        titles.append((position, title))
    found: dict[int, list[int]] = {}
    for position in range(len(records)):
        found.setdefault(root(position), []).append(position)
    return sorted(found.values())


def normalised(title: str) -> str:
    """A title without case, punctuation and a publisher's remark that it was retracted."""
    return _NOT_LETTERS.sub(" ", _REMARK.sub("", title).casefold()).strip()


def alike(one: Work, title: str, other: Work, known: str) -> bool:
    """Whether two records with these normalised titles are of one work. Different arXiv ids never are."""
    if one.arxiv and other.arxiv and one.arxiv != other.arxiv:
        return False
    if min(len(title), len(known)) < LEAST_TITLE or fuzz.ratio(title, known, score_cutoff=SAME_TITLE) < SAME_TITLE:
        return False
    if _NUMBER.findall(title) != _NUMBER.findall(known):
        return False
    years = [int(work.date[:4]) for work in (one, other) if work.date[:4].isdigit()]
    if len(years) == 2 and abs(years[0] - years[1]) > 2:
        return False
    families = [{_family(author) for author in work.authors} for work in (one, other)]
    return not all(families) or bool(families[0] & families[1])


def _family(author: str) -> str:
    """A family name: the last word, or what stands before a comma."""
    name = author.split(",")[0] if "," in author else (author.split() or [""])[-1]
    return normalised(name)


def together(group: Sequence[Work]) -> Work:
    """One work of its records: each field from the first that has it, but the longest abstract and the newest version."""
    first = group[0]
    published = [work.doi for work in group if work.doi and not work.doi.startswith("10.48550/")]
    update: dict[str, object] = {
        name: next((value for work in group if (value := getattr(work, name))), getattr(first, name))
        for name in ("title", "authors", "date", "venue", "arxiv", "version", "url", "pdf", "path")
    }
    counts = [work.citations for work in group if work.citations is not None]
    update |= {
        "doi": next(iter(published), next((work.doi for work in group if work.doi), "")),
        "abstract": max((work.abstract for work in group), key=len),
        "citations": max(counts, default=None),
        "databases": tuple(dict.fromkeys(name for work in group for name in work.databases)),
        "retracted": any(work.retracted or _REMARK.match(work.title) for work in group),
        "retracts": tuple(dict.fromkeys(name for work in group for name in work.retracts)),
    }
    return first.model_copy(update=update)
