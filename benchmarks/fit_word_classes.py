"""Sort the words of papers into classes by the words they stand between, and write them: extract/word_classes.json.

    python benchmarks/fit_word_classes.py --data ../shared/data

No annotation is used and no held-out paper is read. Each word seen OFTEN is a row of positive pointwise mutual information with the COMPANY
commonest words one and two places to its left and right; its first singular vectors are clustered by k-means, coarsely and finely.
"""

import argparse
import json
import re
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from scipy.cluster.vq import kmeans2
from scipy.sparse.linalg import svds

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from claimcheck.benchmarks.heldout import held_out
from claimcheck.document import Document, Unreadable
from claimcheck.extract.claims import skipped
from claimcheck.readers import read

PLACE = Path(__file__).resolve().parent.parent / "claimcheck" / "extract" / "word_classes.json"
WORD = re.compile(r"\[[^\]]*\]|[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d[\d.,]*|\S")
PLACES = (-2, -1, 1, 2)
OFTEN = 10
COMPANY = 6000
DIRECTIONS = 80
CLASSES = (100, 300)
FLATTENED = 0.75
"""The power that the frequency of a word's company is raised to, so that rare words weigh less."""

ROUNDS = 30


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    sentences = [tokens(sentence) for sentence in texts(parser.parse_args().data)]
    counts = Counter(word for sentence in sentences for word in sentence)
    words = sorted(word for word, count in counts.items() if count >= OFTEN)
    print(f"{len(sentences)} sentences, {len(words)} words", file=sys.stderr)
    where = directions(information(sentences, words, [word for word, _ in counts.most_common(COMPANY)]))
    sorted_ = [kmeans2(where, count, minit="++", seed=1, iter=ROUNDS)[1] for count in CLASSES]
    lines = (f"{json.dumps(word)}: [{', '.join(str(int(each[n])) for each in sorted_)}]" for n, word in enumerate(words))
    PLACE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"wrote {PLACE.name}", file=sys.stderr)


def texts(data: Path) -> Iterator[str]:
    """The sentences of every paper at hand that is not held out."""
    seen: set[str] = set()
    for name, document in documents(data):
        if name not in seen:
            seen.add(name)
            yield from (sentence.text for section in document.sections if not skipped(section) for sentence in section.sentences)


def documents(data: Path) -> Iterator[tuple[str, Document]]:
    """Each paper's id without its version, and the paper."""
    for identifier, name, content in contents(data):
        bare = re.sub(r"v\d+$", "", identifier)
        if held_out(identifier) or held_out(bare):
            continue
        try:
            yield bare, read(content, name)
        except Unreadable as error:
            print(error, file=sys.stderr)


def contents(data: Path) -> Iterator[tuple[str, str, bytes]]:
    with tarfile.open(data / "axcell" / "latex.tar.xz") as archive:
        for member in archive:
            opened = archive.extractfile(member) if member.isfile() and member.name.endswith(".tex") else None
            if opened is not None:
                yield Path(member.name).stem, Path(member.name).name, opened.read()
    for pattern in ("sota_latex/validation/*/*.tex", "nlp_pdfs/*.pdf"):
        for path in sorted(data.glob(pattern)):
            yield path.stem, path.name, path.read_bytes()
    for path in sorted(data.glob("docling_latex/*/*.tex")):
        yield path.parent.name, path.name, path.read_bytes()


def tokens(sentence: str) -> list[str]:
    """The words and marks in lower case, every number as 0, no citation."""
    return ["0" if word[0].isdigit() else word.lower() for word in WORD.findall(sentence) if not word.startswith("[")]


def information(sentences: list[list[str]], words: list[str], company: list[str]) -> Any:
    """Positive pointwise mutual information, (words, places x company)."""
    row, column = ({word: n for n, word in enumerate(each)} for each in (words, company))
    rows, columns = [], []
    for sentence in sentences:
        padded = ["^", "^", *sentence, "$", "$"]
        for n, word in enumerate(sentence, start=2):
            if word in row:
                near = [(place, column[padded[n + step]]) for place, step in enumerate(PLACES) if padded[n + step] in column]
                rows += [row[word]] * len(near)
                columns += [place * len(company) + each for place, each in near]
    counts = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(words), len(PLACES) * len(company)))
    counts.sum_duplicates()
    whole, of_word = counts.sum(), np.asarray(counts.sum(axis=1)).ravel()
    of_company = np.asarray(counts.sum(axis=0)).ravel() ** FLATTENED
    of_company *= whole / of_company.sum()
    cells = counts.tocoo()
    shared = np.log(cells.data * whole / (of_word[cells.row] * of_company[cells.col]))
    kept = shared > 0
    return sparse.csr_matrix((shared[kept], (cells.row[kept], cells.col[kept])), shape=counts.shape)


def directions(shared: Any) -> np.ndarray:
    """Each word's place along the first singular vectors, of length one."""
    left, strength, _ = svds(shared, k=DIRECTIONS, random_state=0)
    where = left * np.sqrt(strength)
    return np.asarray(where / (np.linalg.norm(where, axis=1, keepdims=True) + 1e-9))


if __name__ == "__main__":
    main()
