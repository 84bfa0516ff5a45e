"""CSV and TSV: one table, the first row its header."""

import csv
import hashlib
import io

from claimcheck.document import Document, Unreadable
from claimcheck.readers.text import decode, table

SUFFIXES: tuple[str, ...] = (".csv", ".tsv")

MAX_FIELD = 1_000_000


def recognises(head: bytes) -> bool:
    """Never: commas prove nothing."""
    return False


def read(data: bytes, name: str) -> Document:
    text = decode(data, name)
    csv.field_size_limit(MAX_FIELD)
    try:
        delimiter = "\t" if name.lower().endswith(".tsv") else csv.Sniffer().sniff(text[:4096], ",;\t").delimiter
    except csv.Error:
        delimiter = ","
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise Unreadable("damaged", f"{name}: is no readable CSV (line {reader.line_num}: {error}); check its quotes") from None
    return Document(id=name, format="csv", tables=(table(rows, name, ""),) if rows else (), sha256=hashlib.sha256(data).hexdigest())
