"""Tests of significance that a document prints with all that is needed to compute them again."""

from claimcheck.document import Document
from claimcheck.dossier import PrintedTest
from claimcheck.stats.reported import ONE_TAILED, reported

LONGEST = 5_000
"""Characters of a sentence that are read."""

MOST = 1_000
"""Tests kept of a document."""


def printed_tests(document: Document) -> tuple[PrintedTest, ...]:
    """Every test in the prose. Whether one-tailed tests are spoken of is a matter of the whole document: methods come before results."""
    sentences = list(document.sentences())
    halved = any(ONE_TAILED.search(sentence.text, 0, LONGEST) for sentence in sentences)
    found = (
        PrintedTest(text=test.text, where=sentence.where, one_tailed=halved)
        for sentence in sentences
        for test in reported(sentence.text[:LONGEST])
    )
    return tuple(test for _, test in zip(range(MOST), found, strict=False))
