"""Scores of tables to the entries of a given taxonomy: which leaderboard a number belongs to, and which is the paper's own.

For every number of a table and every entry: how much of the entry's dataset, metric and task is said in the labels of its row
and column, in the caption, in the sentences that speak of the table, in the abstract and anywhere in the paper. A
conditional logit over these shares chooses the entry, or none; a second one chooses among the numbers of one entry the
paper's own best. Kardas et al., "AxCell: automatic extraction of results from machine learning papers", EMNLP 2020, sets
the task. The weights stand in `linking.toml`; `benchmarks/fit_linking.py` fits them on papers that are not held out.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from claimcheck.document import Document, Table
from claimcheck.extract.abbreviations import definitions
from claimcheck.extract.own import is_cited, own_methods
from claimcheck.extract.tables import MOST_CELLS, NO_SCORES, Entered, entries, laid_out
from claimcheck.extract.taxonomy import COST, Matrix, Names, Taxonomy, Triple, features, label_features

Indices = NDArray[np.intp]

PLACES = ("label", "caption", "reference", "abstract", "body")
"""Where words are looked for, nearest first; each takes in those before it."""

OVERALL = re.compile(r"\b(?:avg\.?|average|mean|overall|total|all|full)\b", re.IGNORECASE)
ABLATION = re.compile(
    r"ablation|effect of|influence|impact|varying|different (?:number|setting|value|choice)s?|hyper|valid|sensitivity|component|variant",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Linked:
    """A number of a table as the paper's score of an entry."""

    triple: Triple
    entered: Entered
    probability: float
    """That some number of the paper is a score of this entry."""


class Reader:
    """One paper against a taxonomy."""

    def __init__(self, document: Document, taxonomy: Taxonomy) -> None:
        self.document, self.taxonomy = document, taxonomy
        self.sentences = [sentence.text for sentence in document.sentences()]
        self.abbreviations = dict(pair for text in self.sentences if "(" in text for pair in definitions(text))
        self.memory: dict[str, tuple[Matrix, ...]] = {}
        self.heads: dict[tuple[str, ...], tuple[Matrix, ...]] = {}
        self.own = own_methods(document)

    def vectors(self, text: str) -> tuple[Matrix, ...]:
        """Which features of each slot a text holds, those that its abbreviations and aliases stand for included."""
        if text not in self.memory:
            found = features(text)
            for short, long in self.abbreviations.items():
                if re.search(rf"(?<!\w){re.escape(short)}(?!\w)", text):
                    found |= features(long)
            named = {e.name for m in self.taxonomy.vocabulary.mentions(text) for e in m.entries if e.kind in ("dataset", "metric")}
            self.memory[text] = tuple(
                slot.vector(found.union(*(slot.spelled.get(name, ()) for name in named))) for slot in self.taxonomy.slots
            )
        return self.memory[text]

    def labelled(self, entered: Entered) -> tuple[Matrix, ...]:
        """What the labels of a number's row and column hold."""
        sides = [(self.vectors(" ".join(side)), self.headed(side)) for side in (entered.row, entered.column)]
        return tuple(np.max([vector[slot] for side in sides for vector in side], axis=0) for slot in range(3))

    def headed(self, labels: tuple[str, ...]) -> tuple[Matrix, ...]:
        if labels not in self.heads:
            found = label_features(labels)
            self.heads[labels] = tuple(slot.vector(found) for slot in self.taxonomy.slots)
        return self.heads[labels]

    def union(self, texts: Iterable[str]) -> tuple[Matrix, ...]:
        found = [self.vectors(text) for text in texts]
        return tuple(
            np.max([f[slot] for f in found], axis=0) if found else np.zeros(len(self.taxonomy.slots[slot].column)) for slot in range(3)
        )

    @cached_property
    def abstract(self) -> tuple[Matrix, ...]:
        opening = [
            s.text
            for section in self.document.sections[:2]
            for s in section.sentences[:12]
            if section.level == 0 or "abstract" in section.title.lower()
        ]
        return self.union([self.document.title, *(opening or self.sentences[:8])])

    @cached_property
    def body(self) -> tuple[Matrix, ...]:
        labels = (" ".join(c.text for c in t.cells if c.header or c.column < 2) for t in self.document.tables if len(t.cells) <= MOST_CELLS)
        return self.union([*self.sentences, *(table.caption for table in self.document.tables), *labels])

    @cached_property
    def title(self) -> Matrix:
        """For each task of the taxonomy, the share of the task words in the title that it explains."""
        found = self.vectors(self.document.title)[2] * self.taxonomy.tasks.mass
        shares: Matrix = (found @ (self.taxonomy.tasks.weights > 0).T) / max(1e-9, float(found.sum()))
        return shares

    def speaking_of(self, table: Table) -> list[str]:
        """The sentences that refer to a table."""
        if not table.label:
            return []
        name = re.compile(rf"(?<!\w){re.escape(table.label)}(?!\w)")
        return [text for text in self.sentences if name.search(text)]


FEATURES = (
    *(f"dataset_{place}" for place in PLACES),
    *(f"metric_{place}" for place in PLACES),
    *(f"task_{place}" for place in PLACES[1:]),
    *("both_near", "all_near", "explained", "alone", "beyond_percent", "cost_mismatch", "nothing_near", "title", "overall", "task_exact"),
    *("dataset_passed", "dataset_passed_caption", "metric_passed", "metric_passed_caption"),
)


@dataclass
class Candidates:
    """The numbers of a paper, the entries they may be scores of, and what speaks for each pair."""

    entered: list[Entered]
    tables: list[int]
    triples: Indices
    """Indices of the entries."""

    evidence: Matrix
    """numbers x entries x FEATURES."""


def candidates(reader: Reader, least: float = 0.4) -> Candidates | None:
    """Every number of the paper's tables against every entry whose dataset the paper speaks of; None if there is nothing to link."""
    taxonomy = reader.taxonomy
    covered = [reader.body[slot] @ names.weights.T for slot, names in enumerate(taxonomy.slots)]
    likely = covered[0][taxonomy.rows[:, 0]] >= least
    triples = np.flatnonzero(likely)
    entered: list[Entered] = []
    tables: list[int] = []
    evidence: list[Matrix] = []
    for number, table in enumerate(reader.document.tables):
        layout = laid_out(table) if len(table.cells) <= MOST_CELLS and not NO_SCORES.search(table.caption[:80]) else None
        found = list(entries(table, layout, number + 1)) if layout is not None else []
        if found:
            entered += found
            tables += [number] * len(found)
            evidence.append(table_evidence(reader, table, found, triples))
    if not entered or not len(triples):
        return None
    return Candidates(entered, tables, triples, np.concatenate(evidence))


def passed(share: Matrix, names: Names, rows: Indices) -> Matrix:
    """Where a text says in full a name that is no part of this one, and this one not: "WN18" passes WN18RR by."""
    whole = share > 0.99
    held = names.weights[rows] > 0
    foreign = (held.astype(np.float64) @ (~held).T.astype(np.float64)) > 0
    """Entry x entry: whether the first has a feature that the second lacks."""
    return (~whole & ((whole.astype(np.float64) @ foreign) > 0)).astype(np.float64)


def table_evidence(reader: Reader, table: Table, found: Sequence[Entered], triples: Indices) -> Matrix:
    taxonomy = reader.taxonomy
    labels = [reader.labelled(e) for e in found]
    around = (reader.vectors(table.caption), reader.union(reader.speaking_of(table)), reader.abstract, reader.body)
    rows = taxonomy.rows[triples]
    shares: list[Matrix] = []
    label_mass: Matrix = np.zeros(len(found))
    explained: Matrix = np.zeros((len(found), len(triples)))
    for slot, names in enumerate(taxonomy.slots):
        weights = names.weights[rows[:, slot]]
        present = np.array([vectors[slot] for vectors in labels])
        if slot < 2:
            massed = present * names.mass
            label_mass += massed.sum(axis=1)
            explained += massed @ (weights > 0).T
        for place, further in enumerate((None, *around)):
            present = present if further is None else np.maximum(present, further[slot])
            if slot < 2 or place > 0:
                shares.append(present @ weights.T)
    dataset, metric = shares[0:5], shares[5:10]
    cost = np.array([COST.search(" ".join((*e.row, *e.column))) is not None for e in found])
    overall = np.array([is_overall(e) for e in found])
    above = np.array([abs(float(e.value.value)) > 100 for e in found])
    extra = [
        dataset[1] * metric[1],
        dataset[2] * metric[2] * shares[12],
        explained / np.maximum(label_mass, 1e-9)[:, None],
        np.broadcast_to(taxonomy.alone[triples], dataset[0].shape),
        above[:, None] & taxonomy.percent[triples][None, :],
        cost[:, None] != taxonomy.costs[triples][None, :],
        # what nothing near the number supports
        (dataset[1] < 0.3) | ((metric[1] < 0.3) & (taxonomy.alone[triples][None, :] < 1)),
        np.broadcast_to(reader.title[rows[:, 2]], dataset[0].shape),
        np.broadcast_to(overall[:, None], dataset[0].shape),
        shares[12] > 0.99,
        *(passed(share, taxonomy.datasets, rows[:, 0]) for share in dataset[:2]),
        *(passed(share, taxonomy.metrics, rows[:, 1]) for share in metric[:2]),
    ]
    return np.stack([np.asarray(share, dtype=np.float64) for share in (*shares, *extra)], axis=2)


def is_overall(entered: Entered) -> bool:
    """Whether the innermost label of a number says that it stands for all of something."""
    return OVERALL.search(" ".join((*entered.row[-1:], *entered.column[-1:]))) is not None


CHOICE = (
    "link",
    "relative",
    "own",
    "surely_own",
    "cited",
    "bold",
    "best",
    "own_best",
    "uncited_best",
    "not_own",
    "last",
    "ablation",
    "later",
    "size",
    "share",
    "overall",
    "explained",
)
"""What speaks for one number among those linked to the same entry."""


@cache
def weights() -> tuple[Matrix, float, Matrix, float]:
    """Of the evidence, of linking to nothing, and of the choice; and the least probability of a link."""
    data = tomllib.loads(files("claimcheck.extract").joinpath("linking.toml").read_text(encoding="utf-8"))
    link, choice = data["link"], data["choice"]
    return np.array([link[name] for name in FEATURES]), link["nothing"], np.array([choice[name] for name in CHOICE]), data["least"]


def probabilities(found: Candidates, link: Matrix, nothing: float) -> Matrix:
    """numbers x (entries + 1): that a number is a score of each entry, and last of none."""
    utility = np.concatenate([found.evidence @ link, np.full((len(found.entered), 1), nothing)], axis=1)
    raised = np.exp(utility - utility.max(axis=1, keepdims=True))
    shares: Matrix = raised / raised.sum(axis=1, keepdims=True)
    return shares


@dataclass(frozen=True)
class Group:
    """The numbers whose likeliest entry is one and the same."""

    entry: int
    """Column of the candidates' entries."""

    members: Indices
    """Indices of the numbers."""

    linked: Matrix
    choice: Matrix
    """members x CHOICE."""


def grouped(reader: Reader, found: Candidates, shares: Matrix) -> Iterator[Group]:
    """For each entry the numbers that are likeliest its scores, unless being none is four times as likely."""
    likeliest = shares[:, :-1].argmax(axis=1)
    marks = Marks(reader, found)
    for column, entry in enumerate(found.triples):
        members = np.flatnonzero((likeliest == column) & (shares[:, column] > 0.25 * shares[:, -1]))
        if len(members):
            linked = shares[members, column]
            explained = found.evidence[members, column, FEATURES.index("explained")]
            choice = marks.choice(members, linked, explained, lower=bool(reader.taxonomy.lower[entry]))
            yield Group(column, members, linked, choice)


class Marks:
    """What the labels and looks of a paper's numbers say of whose they are."""

    def __init__(self, reader: Reader, found: Candidates) -> None:
        sides = [(e.row, e.column) for e in found.entered]
        self.own = np.array([any(map(reader.own.marks, pair)) for pair in sides])
        self.surely = np.array([any(map(reader.own.surely_marks, pair)) for pair in sides])
        self.cited = np.array([any(map(is_cited, pair)) for pair in sides])
        self.bold = np.array([e.cell.bold for e in found.entered])
        self.value = np.array([float(e.value.value) for e in found.entered])
        self.row = np.array([e.cell.row for e in found.entered])
        self.table = np.array(found.tables)
        self.overall = np.array([is_overall(e) for e in found.entered])
        self.ablation = np.array([ABLATION.search(table.caption) is not None for table in reader.document.tables])

    def choice(self, members: Indices, linked: Matrix, explained: Matrix, *, lower: bool) -> Matrix:
        """members x CHOICE."""
        value = -self.value if lower else self.value
        rows = [self.one(n, members[self.table[members] == self.table[n]], members, linked, value, i) for i, n in enumerate(members)]
        return np.column_stack([np.array(rows), self.overall[members], explained - explained.max()])

    def one(self, n: int, same: Indices, members: Indices, linked: Matrix, value: Matrix, position: int) -> list[float]:
        """One row of CHOICE but for its last two; `same` are the members in the number's own table."""
        own, uncited = same[self.own[same]], same[~self.cited[same]]
        mine = linked[position]
        return [
            float(np.log(mine + 1e-6)),
            float(np.log(mine / linked.max())),
            float(self.own[n]),
            float(self.surely[n]),
            float(self.cited[n]),
            float(self.bold[n]),
            float(value[n] >= value[same].max()),
            float(self.own[n] and value[n] >= value[own].max()),
            float(not self.cited[n] and value[n] >= value[uncited].max()),
            float(len(own) > 0 and not self.own[n]),
            float(self.row[n] >= self.row[same].max()),
            float(self.ablation[self.table[n]]),
            float(self.table[n] / len(self.ablation)),
            float(np.log(len(same))),
            len(same) / len(members),
        ]


def link(document: Document, taxonomy: Taxonomy) -> tuple[Linked, ...]:
    """For each entry of the taxonomy that the paper seems to report, the number that is its own best."""
    reader = Reader(document, taxonomy)
    found = candidates(reader)
    if found is None:
        return ()
    evidence, nothing, choice, least = weights()
    linked = []
    for group in grouped(reader, found, probabilities(found, evidence, nothing)):
        if group.linked.max() > least:
            best = group.members[int(np.argmax(group.choice @ choice))]
            triple = taxonomy.triples[found.triples[group.entry]]
            linked.append(Linked(triple, found.entered[best], float(group.linked.max())))
    return tuple(linked)
