"""Which task a table or a paper is about: the names of `lexicon.toml`'s tasks in captions, titles and prose."""

import re
import tomllib
from collections import Counter
from functools import cache
from importlib.resources import files

from claimcheck.document import Document

WORD = re.compile(r"[^\W_]+")
LONGEST = 8
"""Words of the longest name."""

TITLE, ABSTRACT = 12, 4
"""How many mentions in the body one in the title, or in the abstract, is worth."""

SENTENCES = 1_500


def words(text: str) -> list[str]:
    return [w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w for w in WORD.findall(text.casefold())]


@cache
def names() -> dict[tuple[str, ...], str]:
    """The words of each name to the task."""
    data = tomllib.loads(files("claimcheck.extract").joinpath("lexicon.toml").read_text(encoding="utf-8"))
    return {tuple(words(alias)): row[0] for row in data["tasks"] for alias in row}


@cache
def first_words() -> frozenset[str]:
    return frozenset(name[0] for name in names())


def named_tasks(text: str) -> list[str]:
    """The tasks a text names, in order, the longest name at each place."""
    known, starts, found = names(), first_words(), []
    said = words(text)
    index = 0
    while index < len(said):
        length = 0
        if said[index] in starts:
            length = next((n for n in range(min(LONGEST, len(said) - index), 0, -1) if tuple(said[index : index + n]) in known), 0)
        if length:
            found.append(known[tuple(said[index : index + length])])
        index += max(1, length)
    return found


def document_tasks(document: Document) -> list[str]:
    """The tasks a paper speaks of, the most spoken of first."""
    counts: Counter[str] = Counter()
    for task in named_tasks(document.title):
        counts[task] += TITLE
    number = 0
    for section in document.sections:
        weight = ABSTRACT if section.level == 0 or "abstract" in section.title.casefold() else 1
        for sentence in section.sentences:
            number += 1
            if number <= SENTENCES:
                for task in named_tasks(sentence.text):
                    counts[task] += weight
    return [task for task, _ in counts.most_common()]


def task_of(caption: str, tasks: list[str]) -> str:
    """A table's task: the one its caption names, else the paper's."""
    return next(iter(named_tasks(caption)), tasks[0] if tasks else "")
