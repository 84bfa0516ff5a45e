"""Statements about tables that real papers and releases print, read against those tables and compared with what a person read there.

`real_claims.toml` holds the statements, in our own words; the tables are read from the files it names under the folder of the data.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from claimcheck.document import Document, Location, Section, Sentence, Table
from claimcheck.dossier import Dossier, Finding, Reason, Verdict
from claimcheck.gather import assemble
from claimcheck.readers import read
from claimcheck.verify import tables

CASES = Path(__file__).with_name("real_claims.toml")


@dataclass(frozen=True)
class Judged:
    """One statement with the truth, what the verifier says, and why."""

    file: str
    sentence: str
    truth: str
    said: str
    finding: Finding | None


def measure(data: Path) -> tuple[int, dict[str, float]]:
    """Statements judged, and how far what is refuted, and what is borne out, is right."""
    counts = Counter((case.truth, case.said) for case in judged(data))
    metrics = {}
    for said in ("holds", "fails"):
        answered = sum(number for (_, answer), number in counts.items() if answer == said)
        metrics[f"precision_{said}"] = counts[said, said] / max(1, answered)
        metrics[f"recall_{said}"] = counts[said, said] / max(1, sum(number for (truth, _), number in counts.items() if truth == said))
    return counts.total(), metrics


def judged(data: Path) -> Iterator[Judged]:
    for group in tomllib.loads(CASES.read_text())["claims"]:
        if not (data / group["file"]).exists():
            raise FileNotFoundError(f"{data / group['file']}: no such file; give the folder that holds the sets")
        table = found(data / group["file"], group["table"])
        for sentence, truth in group["cases"]:
            dossier = extracted(group["file"], sentence, table)
            said = [finding for claim in dossier.claims for finding in tables.verify(claim, dossier)]
            yield Judged(group["file"], sentence, truth, answer(said), said[0] if said else None)


def extracted(file: str, sentence: str, table: Table) -> Dossier:
    """What the product makes of a document of that one statement and that one table."""
    stated = Sentence(text=sentence, where=Location(document=file, detail="item 1"))
    document = Document(id=file, format="markdown", sections=(Section(title="Claims", sentences=(stated,)),), tables=(table,))
    return assemble(document, b"", None, "paper")


def answer(findings: list[Finding]) -> str:
    """What the verifier's findings come to: refuted, borne out, or left open."""
    if any(f.verdict is Verdict.REFUTED for f in findings):
        return "fails"
    return "holds" if any(f.reason is Reason.MATCHES for f in findings) else "open"


def found(path: Path, which: int | str) -> Table:
    """A file's table by its place, or the one that holds a word."""
    held = document_tables(path)
    return held[which - 1] if isinstance(which, int) else next(t for t in held if any(cell.text == which for cell in t.cells))


@cache
def document_tables(path: Path) -> tuple[Table, ...]:
    return read(path).tables


def main() -> None:
    """Prints each statement with its evidence: `python -m claimcheck.benchmarks.real_claims FOLDER`."""
    import sys

    for case in judged(Path(sys.argv[1])):
        mark = "" if case.truth == case.said else "   <- " + case.truth
        print(f"{case.said:6}{case.file}: {case.sentence}{mark}")
        for piece in case.finding.evidence[:2] if case.finding else ():
            print(f"        {piece.where.detail}: {piece.quote}")


if __name__ == "__main__":
    main()
