"""The workspace's full-text index: SQLite FTS5 over the works of a search. It is made from them and can be made again."""

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

TITLE_WEIGHT, ABSTRACT_WEIGHT = 3.0, 1.0
METHOD = f"BM25 (SQLite FTS5, Porter stemming; title weighs {TITLE_WEIGHT:.0f}, abstract {ABSTRACT_WEIGHT:.0f})"

_NO_SYNTAX = str.maketrans({'"': None, "\x00": None})


class Index:
    """`index.sqlite` of a workspace. A damaged one is deleted and made anew."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def relevance(self, question: str, works: Sequence[tuple[str, str]], words: Sequence[str]) -> list[float]:
        """BM25 of each work (title, abstract) against the words, larger is closer, 0 for none of them.

        The works of a question make up its corpus, so that what else was ever searched for here changes no score.
        """
        try:
            return self._relevance(question, works, words)
        except sqlite3.DatabaseError:
            for suffix in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
            return self._relevance(question, works, words)

    def _relevance(self, question: str, works: Sequence[tuple[str, str]], words: Sequence[str]) -> list[float]:
        table = f"works_{hashlib.sha256(question.encode()).hexdigest()[:16]}"  # hex digits: nothing of the question gets into the SQL
        match = " OR ".join('"' + word.translate(_NO_SYNTAX) + '"' for word in words)
        with self._open() as base:
            with base:
                base.execute(f"DROP TABLE IF EXISTS {table}")
                base.execute(f"CREATE VIRTUAL TABLE {table} USING fts5(title, abstract, tokenize = 'porter unicode61')")
                base.executemany(f"INSERT INTO {table}(rowid, title, abstract) VALUES (?, ?, ?)", _rows(works))  # noqa: S608
            select = f"SELECT rowid, bm25({table}, ?, ?) FROM {table} WHERE {table} MATCH ?"  # noqa: S608
            found = base.execute(select, (TITLE_WEIGHT, ABSTRACT_WEIGHT, match))
            scores = dict(found.fetchall())
        return [round(-scores.get(row, 0.0), 9) + 0.0 for row in range(len(works))]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=60)) as base:
            base.execute("PRAGMA journal_mode = WAL")
            yield base


def _rows(works: Sequence[tuple[str, str]]) -> Iterator[tuple[int, str, str]]:
    for row, (title, abstract) in enumerate(works):
        yield row, title.replace("\x00", ""), abstract.replace("\x00", "")
