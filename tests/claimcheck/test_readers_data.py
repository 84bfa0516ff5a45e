"""CSV and JSON into Documents, and the registry of readers."""

import importlib
import pkgutil

import pytest

from claimcheck import readers
from claimcheck.document import Unreadable
from claimcheck.extract import extract
from claimcheck.readers import READERS, read


def test_csv_is_one_table_with_its_header() -> None:
    (table,) = read(b'method,top1\nA,"8.40"\nB,"1,234"\n', "x.csv").tables
    assert [(c.text, c.header) for c in table.cells] == [
        ("method", True),
        ("top1", True),
        ("A", False),
        ("8.40", False),
        ("B", False),
        ("1,234", False),
    ]


def test_a_quoted_line_break_moves_the_line_of_the_next_row() -> None:
    (table,) = read(b'a,b\n"x\ny",1\nz,2\n', "x.csv").tables
    assert [c.where.line for c in table.cells if c.column == 1 and c.where] == [1, 3, 4]


def test_json_keeps_decimals_as_printed() -> None:
    (table,) = read(b'[{"method": "A", "top1": 8.40}, {"method": "B", "top1": 7}]', "x.json").tables
    assert [c.text for c in table.cells if c.column == 1] == ["top1", "8.40", "7"]


def test_json_claims_are_a_numbered_list() -> None:
    document = read(b'{"title": "T", "claims": ["A improves CIFAR-10 by 2 points.", "A hurts MNIST."]}', "x.json")
    assert document.title == "T"
    assert [c.number for c in extract(document).claims] == [1, 2]


def test_json_lines() -> None:
    (table,) = read(b'{"a": 1}\n{"a": 2}\n', "x.jsonl").tables
    assert [c.text for c in table.cells] == ["a", "1", "2"]


@pytest.mark.parametrize(("data", "name"), [(b"{", "x.json"), (b"[" * 100_000, "x.json"), (b'{"a":' * 60 + b'"x"' + b"}" * 60, "x.json")])
def test_bad_json_is_refused_in_one_line(data: bytes, name: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(data, name)
    assert caught.value.reason == "damaged"
    assert "\n" not in str(caught.value)


def test_every_reader_module_is_in_the_registry() -> None:
    modules = [importlib.import_module(f"claimcheck.readers.{info.name}") for info in pkgutil.iter_modules(readers.__path__)]
    assert {m.__name__ for m in modules if hasattr(m, "SUFFIXES")} == {getattr(r, "__name__", "") for r in READERS}


def test_no_suffix_has_two_readers() -> None:
    suffixes = [suffix for reader in READERS for suffix in reader.SUFFIXES]
    assert len(suffixes) == len(set(suffixes))
