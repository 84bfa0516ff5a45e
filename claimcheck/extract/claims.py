"""Which sentences of a document are its claims: the rows of a claims table, the items of a claims list, else its prose."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import islice

from claimcheck.document import Cell, Document, Location, Section, Sentence, Table
from claimcheck.dossier import Claim, Recall, Saying, StatedVerdict
from claimcheck.extract.assertions import Read, read_sentence
from claimcheck.extract.cells import Cells
from claimcheck.extract.comparisons import compared
from claimcheck.extract.lexicon import Vocabulary
from claimcheck.extract.ours import own_method, resolved
from claimcheck.extract.outcomes import decided
from claimcheck.extract.ranking import refined
from claimcheck.readers.text import column_sentences

CLAIM_HEADER = re.compile(r"(?:extracted )?(?:claims?|statements?|assertions?)", re.IGNORECASE)
CLAIM_SECTION = re.compile(r"[\d.\s]*(?:extracted |main |the )?claims", re.IGNORECASE)
YES = ("✓", "✔", "☑", "✅", "yes", "true", "verified", "supported", "y", "1")
NO = ("×", "✗", "✘", "❌", "x", "no", "false", "unverified", "not verified", "refuted", "n", "0")
QUESTIONS = (  # the plainest first
    re.compile(r"research question\s*:\s*(.{3,600}?\?)", re.IGNORECASE),
    re.compile(r"\bRQ ?\d?\)?\s?[:.]\s?(.{3,400}?\?)"),
    re.compile(
        r"\bwe (?:ask|investigate|study|examine|explore) ((?:whether|if|how|to what extent|which|why) .{10,300}?)[.?](?:\s|$)",
        re.IGNORECASE,
    ),
)

SAYING = re.compile(
    r"(?<![\w.])(\d{1,7})\s(?:(?P<noun>papers?|claims?|sources?|works?|studies|records?|documents?|references?)\s)?(?:were\s|was\s)?(?:independently\s|automatically\s)?"
    r"(?P<verb>retrieved|extracted|verified|included|screened|excluded|reviewed|identified|refuted|analy[sz]ed)",
    re.IGNORECASE,
)
SCORED = re.compile(r"((?:quality|review)[\w ]{0,20}?score)\s?(?::|of|is|was)?\s?(?:of\s)?(\d{1,3}(?:\.\d{1,3})?/\d{1,3})", re.IGNORECASE)


LONG = 60
"""Sentences of prose that a list of claims does not have beside its table."""

RESULTS_SECTION = re.compile(
    r"\babstract|\bresults?\b|\bexperiment|\bevaluat|\bablation|\banalys[ie]s|\bcompar|\bperformance|\bdiscussion|\bconclu|\bfindings|\bintroduction",
    re.IGNORECASE,
)
"""Titles of sections whose prose is expected to speak of results."""


@dataclass
class Prose:
    """The claims of a document's prose, and what became of its numbers."""

    claims: list[Claim] = field(default_factory=list)
    sentences: int = 0
    fates: Counter[str] = field(default_factory=Counter)

    def take(self, claim: Claim | None, read: Read) -> None:
        """Count a sentence's numbers, and keep the claim if it is one."""
        self.sentences += 1
        self.fates.update(read.fates)
        if claim is not None:
            self.claims.append(claim)

    @property
    def recall(self) -> Recall:
        others = {reason: number for reason, number in sorted(self.fates.items()) if reason != "bound"}
        return Recall(sentences=self.sentences, numbers=self.fates.total(), bound=self.fates["bound"], others=others)


def claims(document: Document, vocabulary: Vocabulary, cells: Cells | None = None) -> Prose:
    """The document's claims, numbered from 1 in its order, or as its list numbers them."""
    prose = Prose()
    table = next((found for found in document.tables if claim_column(found) is not None), None)
    if table is not None and not written_out(document):
        from_table(prose, table, document, vocabulary)
        return prose
    section = next(
        (s for s in document.sections if CLAIM_SECTION.fullmatch(s.title) and any(x.where.detail.startswith("item ") for x in s.sentences)),
        None,
    )
    if section is not None:
        from_list(prose, section, vocabulary)
        return prose
    from_prose(prose, document, vocabulary, cells or Cells())
    return prose


def written_out(document: Document) -> bool:
    """Whether the document is a paper: a table of claims in it is a table of examples, and its own claims stand in its prose."""
    return document.format in ("latex", "pdf") and sum(1 for _ in islice(document.sentences(), LONG)) == LONG


def claim_column(table: Table) -> int | None:
    """The column of a table whose header says that it lists claims."""
    return next((c.column for c in table.cells if c.row == 0 and CLAIM_HEADER.fullmatch(c.text.strip())), None)


def from_table(prose: Prose, table: Table, document: Document, vocabulary: Vocabulary) -> None:
    column = claim_column(table)
    headers = {c.column: c.text.strip().lower() for c in table.cells if c.row == 0}
    cells = [c for c in table.cells if c.row > 0 and c.column == column and c.text.strip()]
    for number, (cell, sentence) in enumerate(zip(cells, column_sentences(cells, document.id), strict=True), 1):
        row = {headers.get(c.column, ""): c for c in table.cells if c.row == cell.row}
        claim(prose, number, sentence, vocabulary, stated(row))


def stated(row: dict[str, Cell]) -> StatedVerdict | None:
    """The row's own mark and confidence, quoted."""
    mark = next((row[name].text.strip().lower() for name in row if name.startswith(("verified", "verdict", "supported"))), "")
    printed = next((row[name].text.strip() for name in row if name.startswith("confidence")), "")
    try:
        confidence = Decimal(printed) if printed else None
    except InvalidOperation:
        confidence = None
    verified = True if mark in YES else False if mark in NO else None
    return None if verified is None and confidence is None else StatedVerdict(verified=verified, confidence=confidence)


def from_list(prose: Prose, section: Section, vocabulary: Vocabulary) -> None:
    """One claim an item; an item of several sentences is one claim."""
    items: dict[str, list[Sentence]] = {}
    for sentence in section.sentences:
        if sentence.where.detail.startswith("item "):
            items.setdefault(sentence.where.detail, []).append(sentence)
    for detail, sentences in items.items():
        whole = Sentence(text=" ".join(s.text for s in sentences), where=sentences[0].where, truncated=sentences[-1].truncated)
        claim(prose, int(detail.removeprefix("item ")), whole, vocabulary, None)


def from_prose(prose: Prose, document: Document, vocabulary: Vocabulary, cells: Cells) -> None:
    """Every sentence that asserts something about results."""
    own = own_method(document.title, vocabulary)
    for section in document.sections:
        if not skipped(section):
            about_results = RESULTS_SECTION.search(section.title) is not None
            for sentence in section.sentences:
                read = resolved(read_sentence(sentence.text, vocabulary, truncated=sentence.truncated), own)
                if not vocabulary.complete:
                    read = compared(decided(cells.settle(read, sentence.text, vocabulary), vocabulary), vocabulary)
                    read = resolved(refined(read, vocabulary), own)
                if asserts_result(read):
                    prose.take(built(len(prose.claims) + 1, sentence, read, None), read)
                elif about_results:
                    prose.take(None, read)


def skipped(section: Section) -> bool:
    return (
        re.fullmatch(r"[\d.\s]*(?:references|bibliography|acknowledge?ments?|related works?|background)", section.title, re.IGNORECASE)
        is not None
    )


def asserts_result(read: Read) -> bool:
    """A sentence of prose is a claim if it compares, or gives a score."""
    return any(a.kind != "Fact" for a in read.assertions)


def claim(prose: Prose, number: int, sentence: Sentence, vocabulary: Vocabulary, verdict: StatedVerdict | None) -> None:
    read = read_sentence(sentence.text, vocabulary, truncated=sentence.truncated)
    prose.take(built(number, sentence, read, verdict), read)


def built(number: int, sentence: Sentence, read: Read, verdict: StatedVerdict | None) -> Claim:
    return Claim(
        number=number,
        sentence=sentence.text,
        truncated=sentence.truncated,
        where=sentence.where,
        stated=verdict,
        causal=read.causal,
        assertions=read.assertions,
        unbound=read.unbound,
    )


def question(sentences: Sequence[Sentence]) -> str:
    """The research question the document says it asks."""
    for pattern in QUESTIONS:
        for sentence in sentences:
            if (match := pattern.search(sentence.text, 0, 2000)) is not None:
                return match.group(1)
    return ""


def sayings(sentences: Sequence[Sentence]) -> tuple[Saying, ...]:
    """What the document says of its own making: so many papers retrieved, so many claims verified, a score."""
    found: dict[tuple[str, str], Saying] = {}
    for sentence in sentences:
        noun = ""
        for match in SAYING.finditer(sentence.text):
            noun = match.group("noun") or noun
            about = f"{noun} {match.group('verb').lower()}".strip()
            add(found, about, match.group(), match.group(1), sentence.where)
        for match in SCORED.finditer(sentence.text):
            about = "quality score" if "quality" in match.group(1).lower() else "review score"
            add(found, about, match.group(), match.group(2), sentence.where)
    return tuple(found.values())


def add(found: dict[tuple[str, str], Saying], about: str, quote: str, value: str, where: Location) -> None:
    found.setdefault((about, value), Saying(about=about, quote=quote, value=value, where=where))
