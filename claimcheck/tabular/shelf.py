"""Tables made ready for reading, each once, and those of many that a sentence can speak of."""

import re
import weakref
from collections.abc import Iterator, Sequence
from functools import lru_cache

from claimcheck.document import Table
from claimcheck.tabular.names import telling, words
from claimcheck.tabular.sheet import Sheet
from claimcheck.tabular.statements import Reader, folded

MOST_KEPT = 2_000
"""Tables kept ready in memory."""

_NUMBER = r"(?:\d{1,3}(?:\.\d{1,2}\b)?|[ivx]{1,5}\b)(?!\w)"
_NAMED = re.compile(rf"\b(?:tables\s?({_NUMBER}(?:,?\s?(?:,|and|&|or)\s?{_NUMBER}){{0,5}})|(?:tables?|tab\.)\s?({_NUMBER}))")
_READY: dict[tuple[int, str], tuple[weakref.ref[Table], Reader]] = {}


def reader(table: Table, title: str = "") -> Reader:
    """The table ready for reading; `title` is that of its paper, which often names the paper's own method."""
    key = id(table), title
    known = _READY.get(key)
    if known is not None and known[0]() is table:
        return known[1]
    if len(_READY) >= MOST_KEPT:
        _READY.clear()
    made = Reader(Sheet(table), (title,) if title else ())
    _READY[key] = weakref.ref(table), made
    return made


@lru_cache(maxsize=4096)  # every sentence is asked of every table
def named(sentence: str) -> tuple[str, ...]:
    """The numbers of the tables that a sentence names: "3" for "Table 3", "3.5" for "Table 3.5", which is no part of the third."""
    runs = _NAMED.findall(sentence.casefold())
    return tuple(dict.fromkeys(number for run in runs for number in re.findall(_NUMBER, " ".join(run))))


def number_of(table: Table) -> str:
    """What a table is called in prose: "3" for "Table 3"; empty if it carries no number."""
    return next(iter(named(table.label)), "")


def candidates(sentence: str, tables: Sequence[Table], title: str = "") -> Iterator[tuple[Table, Reader]]:
    """The tables that a sentence names, or where it names none, those that hold names of its words on both axes or two on one."""
    wanted = named(sentence)
    spelled = {w.spelled for w in words(folded(sentence)) if telling(w.spelled)}
    for table in tables:
        if wanted and number_of(table) not in wanted:
            continue
        ready = reader(table, title)
        if wanted or len(spelled & ready.names.vocabulary) > 1:
            yield table, ready
