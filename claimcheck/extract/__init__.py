"""From a Document to what it claims: typed assertions, located in its sentences."""

from dataclasses import dataclass, field

from claimcheck.document import Document
from claimcheck.dossier import Claim, Disclosure, Lexicon, PrintedTest, Recall, Result, Saying
from claimcheck.extract.cells import Cells
from claimcheck.extract.claims import claims, question, sayings
from claimcheck.extract.disclosures import disclosures, sizes
from claimcheck.extract.lexicon import Vocabulary
from claimcheck.extract.names import document_entries
from claimcheck.extract.printed_tests import printed_tests
from claimcheck.extract.tables import results


@dataclass(frozen=True)
class Extraction:
    """What one document says."""

    title: str
    question: str
    """The research question it states, if it states one."""

    sayings: tuple[Saying, ...]
    """What it says of its own making."""

    references: tuple[str, ...]
    """Its references: the arXiv id or DOI where one is printed, else the entry as printed."""

    claims: tuple[Claim, ...]
    recall: Recall = field(default_factory=Recall)
    """What became of the numbers of its prose."""

    results: tuple[Result, ...] = ()
    """The scores of its tables."""

    disclosures: tuple[Disclosure, ...] = ()
    """What it tells of how it was made: code, seeds, intervals, limitations and the like."""

    tests: tuple[PrintedTest, ...] = ()


def extract(document: Document, lexicon: Lexicon | None = None) -> Extraction:
    """Claims with their assertions, read with the paper's own names where a study knows them. No network; nothing
    learned but the weights that are shipped."""
    vocabulary = Vocabulary(lexicon or Lexicon())
    if not vocabulary.complete:
        for entry in list(document_entries(document, vocabulary)):
            vocabulary.add(entry)
    sentences = list(document.sentences())
    scores = results(document, vocabulary)
    cells = Cells.of(scores)
    vocabulary.printed = cells.printed
    prose = claims(document, vocabulary, cells)
    return Extraction(
        title=document.title,
        question=question(sentences),
        sayings=(*sayings(sentences), *sizes(document)),
        references=tuple(f"arxiv:{r.arxiv}" if r.arxiv else f"doi:{r.doi}" if r.doi else r.url or r.text for r in document.references),
        claims=tuple(prose.claims),
        recall=prose.recall,
        results=scores,
        disclosures=disclosures(document),
        tests=printed_tests(document),
    )
