"""JSON and JSON Lines: lists of like objects become tables, strings become text, each located by its key path.

`{"title": …, "abstract": …, "claims": ["…", …]}` reads as a title, a section and a numbered list of claims.
"""

import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from claimcheck.document import Cell, Document, Location, Section, Sentence, Table, Unreadable
from claimcheck.readers.sentences import fold, sentence, sentences_of
from claimcheck.readers.text import decode

SUFFIXES: tuple[str, ...] = (".json", ".jsonl", ".ndjson")

DEEPEST = 50


def recognises(head: bytes) -> bool:
    """Never by content: a brace opens many things."""
    return False


def read(data: bytes, name: str) -> Document:
    value = parsed(decode(data, name), name)
    title = value.get("title", "") if isinstance(value, dict) else ""
    sections: list[Section] = []
    tables: list[Table] = []
    for path, node in walk(value, "", 0, name):
        if isinstance(node, str):
            if path != "title":
                sections.append(Section(title=path, sentences=sentences_of([(1, node)], name, path)))
        elif all(isinstance(item, str) for item in node):
            sections.append(Section(title=path, sentences=tuple(numbered(node, name))))
        else:
            tables.append(records(node, path, name))
    return Document(
        id=name,
        format="json",
        title=fold(title) if isinstance(title, str) else "",
        sections=tuple(s for s in sections if s.sentences),
        tables=tuple(tables),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def parsed(text: str, name: str) -> object:
    """The value of a JSON text, or the list of the values of JSON Lines."""
    try:
        if name.lower().endswith((".jsonl", ".ndjson")):
            return [json.loads(line, parse_float=Decimal) for line in text.splitlines() if line.strip()]
        return json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise Unreadable("damaged", f"{name}: is no valid JSON (line {error.lineno}: {error.msg}); check the file") from None
    except RecursionError:
        raise Unreadable("damaged", f"{name}: is nested too deep; flatten it") from None


def walk(node: object, path: str, depth: int, name: str) -> Iterator[tuple[str, str | list[Any]]]:
    """The strings and the lists of strings or objects in a value, with their key paths."""
    if depth > DEEPEST:
        raise Unreadable("damaged", f"{name}: is nested deeper than {DEEPEST} levels; flatten it")
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from walk(value, f"{path}.{key}" if path else str(key), depth + 1, name)
    elif isinstance(node, list) and node:
        if all(isinstance(item, str) for item in node) or all(isinstance(item, dict) for item in node):
            yield path, node
        else:
            for index, value in enumerate(node):
                yield from walk(value, f"{path}[{index}]", depth + 1, name)


def numbered(items: list[str], name: str) -> Iterator[Sentence]:
    for number, item in enumerate(items, 1):
        if fold(item):
            yield sentence(fold(item), Location(document=name, detail=f"item {number}"))


def printed(value: object) -> str:
    """A value as the file prints it: 8.40 keeps its last digit."""
    if isinstance(value, str | Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)


def records(rows: list[dict[str, Any]], path: str, name: str) -> Table:
    """A list of objects as a table; nested values are printed as JSON."""
    columns = list(dict.fromkeys(str(key) for row in rows for key in row))
    cells = [Cell(text=column, row=0, column=index, header=True) for index, column in enumerate(columns)]
    for number, row in enumerate(rows, 1):
        for index, column in enumerate(columns):
            if column in row and row[column] is not None:
                text = printed(row[column])
                where = Location(document=name, detail=f"{path}[{number - 1}].{column}" if path else f"[{number - 1}].{column}")
                cells.append(Cell(text=fold(text), row=number, column=index, where=where))
    return Table(caption=path, cells=tuple(cells), where=Location(document=name, detail=path))
