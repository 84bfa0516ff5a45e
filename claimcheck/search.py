"""A question to the papers that bear on it: every database asked, records merged, ranked and screened, every step counted.

The counts follow PRISMA 2020, the account of each database PRISMA-S. A database that fails is named with what was lost by it; the search
goes on with the others.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from claimcheck import index, works
from claimcheck.dossier import DatabaseSearch, Exclusion, Flow, SearchLog, Work
from claimcheck.sources import SOURCES
from claimcheck.sources.faults import Fault, SourceFault
from claimcheck.sources.http import Door
from claimcheck.sources.source import Query, Source

MOST = 200
"""Works that can be asked for at once; every provider gives that many without a cursor."""

MOST_WORDS = 20
"""Words of a question that are searched for; more make a query no provider takes."""

STOP = frozenset(
    """a about above after against all also among an and any are as at be because been before being below between both but by can compare
    compared comparison could did do does doing during each effect effects evidence few find for from further had has have having how i if
    in into is it its itself just less may me might more most much my no nor not of off on once one only or other our out over own paper
    papers question research result results same shall should show so some standard study such task tasks than that the their them then
    there these they this those through to too two under until up upon use used uses using very via was we were what when where whether
    which while who whom why will with within without would you your condition conditions""".split()  # noqa: SIM905  # a list of 150 strings reads worse
)
LONGEST_WORD = 40
_WORD = re.compile(r"[^\W_][\w.+-]*[^\W_]|[^\W_]")
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)

RETRACTED, NOTICE, EARLY, UNRELATED, BEYOND = (
    "retracted or withdrawn",
    "a retraction notice",
    "published before the date asked for",
    "none of the question's words in title or abstract",
    "ranked below those asked for",
)
UNTITLED, UNREADABLE = "no title", "the record could not be read"


class Unanswerable(ValueError):
    """A question or a setting that no search can be made of."""


@dataclass(frozen=True)
class Wanted:
    """A search as it was asked for."""

    question: str
    databases: tuple[str, ...] = ()
    """Names in SOURCES; empty: all of them, the local one if a folder is given."""

    most: int = 20
    since: str = ""
    folder: Path | None = None


def search(wanted: Wanted, door: Door, ranking: index.Index, shown: Callable[[str], None] = lambda _: None) -> SearchLog:
    """The log of a search, works included. Raises Unanswerable for a question without words or settings that do not exist."""
    query, names = understood(wanted)
    asked: list[DatabaseSearch] = []
    records: list[Work] = []
    unread = 0
    for name in names:
        shown(SOURCES[name].NAME)
        account, found, dropped = ask(SOURCES[name], query, door)
        asked.append(account)
        records += found
        unread += dropped
    titled = [record for record in records if record.title]
    merged = works.merged(titled)
    screened = screen(ranked(merged, query, ranking), query, wanted.most)
    return SearchLog(
        question=wanted.question,
        words=query.words,
        databases=tuple(asked),
        deduplication=works.METHOD,
        ranking=f"{index.METHOD} over the works found, for the words searched for.",
        works=tuple(screened),
        flow=Flow(
            identified=len(records) + unread,
            duplicates=len(titled) - len(merged),
            ineligible=Exclusion.counted([UNTITLED] * (len(records) - len(titled)) + [UNREADABLE] * unread),
            screened=len(merged),
            excluded=Exclusion.counted(work.excluded for work in screened if work.excluded),
        ),
    )


def understood(wanted: Wanted) -> tuple[Query, tuple[str, ...]]:
    """The query and the databases it goes to."""
    words = keywords(wanted.question)
    if not words:
        raise Unanswerable(f"{wanted.question!r} has no word to search for; ask with the words a title would have")
    if not 1 <= wanted.most <= MOST:
        raise Unanswerable(f"--max {wanted.most}: from 1 to {MOST} works can be asked for at once")
    names = wanted.databases or tuple(name for name in SOURCES if name != "local" or wanted.folder)
    for name in names:
        if name not in SOURCES:
            raise Unanswerable(f"no database {name!r}; there are {', '.join(SOURCES)}")
    if "local" in names and wanted.folder is None:
        raise Unanswerable("the database local is a folder of papers; name it with --local DIR")
    if wanted.folder is not None and not wanted.folder.is_dir():
        raise Unanswerable(
            f"--local {wanted.folder}: {'no folder' if wanted.folder.exists() else 'no such folder'}; name one that holds papers"
        )
    own = tuple(word for word in words if is_name(word))
    return Query(words, own, date(wanted.since), wanted.most, wanted.folder), tuple(dict.fromkeys(names))


def keywords(question: str) -> tuple[str, ...]:
    """The words of a question that say what it is about, each once."""
    words = (word[:LONGEST_WORD] for word in reversed(_WORD.findall(question)))
    found = {word.casefold(): word for word in words if word.casefold() not in STOP}
    return tuple(reversed(found.values()))[:MOST_WORDS]


def is_name(word: str) -> bool:
    """Whether a word is a name by its looks: capitals or digits inside it."""
    return len(word) > 1 and (any(c.isupper() for c in word[1:]) or (any(c.isdigit() for c in word) and not word.isdigit()))


def date(text: str) -> str:
    """The first day of a year, a month or a day; empty for nothing."""
    if not text:
        return ""
    match = _DATE.fullmatch(text)
    if match is None or not (1 <= int(match[2] or 1) <= 12 and 1 <= int(match[3] or 1) <= 31):
        raise Unanswerable(f"--since {text!r}: give a year, a month or a day, such as 2024, 2024-05 or 2024-05-17")
    return f"{match[1]}-{match[2] or '01'}-{match[3] or '01'}"


def ask(source: Source, query: Query, door: Door) -> tuple[DatabaseSearch, list[Work], int]:
    """What one database said, the records it gave, and how many of them could not be read."""
    sent, found = source.sent(query), list[Work]()
    dropped, matches, run_at, fault = 0, None, "", None
    try:
        for page in source.search(query, door):
            found += page.works
            dropped += page.dropped
            matches, run_at = page.matches, run_at or page.fetched_at
        due = min(query.limit, matches or 0)
        if len(found) + dropped < due:
            raise SourceFault(Fault.SHORT, f"{source.NAME} sends {len(found) + dropped} of {due} records")
    except SourceFault as failure:
        fault = failure
    state = "complete" if fault is None else "partial" if found else "failed"
    lost = "the rest of its records are missing" if found else "none of its records are in this search"
    account = DatabaseSearch(
        database=source.NAME,
        platform=source.platform(query),
        query=sent.query,
        filters=sent.filters,
        limit=query.limit,
        run_at=run_at,
        matches=matches,
        records=len(found) + dropped,
        state=state,
        fault=fault.fault if fault else "",
        detail=f"{fault}; {lost}" if fault else "",
    )
    return account, found[: query.limit], dropped


def ranked(found: Sequence[Work], query: Query, ranking: index.Index) -> list[Work]:
    """The works by relevance, ties by date and title."""
    question = "\n".join((*query.words, query.since, str(query.limit)))
    scores = ranking.relevance(question, [(work.title, work.abstract) for work in found], query.words)
    scored = [work.model_copy(update={"relevance": score}) for work, score in zip(found, scores, strict=True)]
    scored.sort(key=lambda work: work.title)
    scored.sort(key=lambda work: (work.relevance, work.date), reverse=True)
    return [work.model_copy(update={"rank": rank}) for rank, work in enumerate(scored, 1)]


def screen(found: Sequence[Work], query: Query, most: int) -> list[Work]:
    """The works with the reason that leaves each out; those kept first."""
    kept: list[Work] = []
    left: list[Work] = []
    for work in found:
        reason = unfit(work, query) or (BEYOND if len(kept) >= most else "")
        (left if reason else kept).append(work.model_copy(update={"excluded": reason}))
    return kept + left


def unfit(work: Work, query: Query) -> str:
    """Why a work does not come into question at all; empty if it does."""
    if work.retracts:
        return NOTICE
    if work.retracted:
        return RETRACTED
    if query.since and work.date and work.date < query.since[: len(work.date)]:
        return EARLY
    return UNRELATED if work.relevance <= 0 else ""


def narrowed(log: SearchLog, most: int) -> SearchLog:
    """The log with no more than the `most` best works kept; those after them count as left out for their rank."""
    kept = [work for work in log.works if not work.excluded][:most]
    beyond = {work.rank for work in log.works if not work.excluded} - {work.rank for work in kept}
    if not beyond:
        return log
    found = tuple(work.model_copy(update={"excluded": BEYOND}) if work.rank in beyond else work for work in log.works)
    excluded = Exclusion.counted(work.excluded for work in found if work.excluded)
    return log.model_copy(update={"works": found, "flow": log.flow.model_copy(update={"excluded": excluded})})


def failed(log: SearchLog) -> bool:
    """Whether no database gave anything because none could."""
    return all(account.state in ("failed", "absent") for account in log.databases)
