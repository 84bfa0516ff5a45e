"""The nouns of claimcheck. A dossier holds all that is known of one paper; reports read nothing else."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple

from pydantic import ConfigDict, Field

from claimcheck.document import Location, Record, Table
from repro.result import RunResult

SCHEMA = "claimcheck/v1"


class Interval(NamedTuple):
    """A closed interval of exact decimals."""

    low: Decimal
    high: Decimal

    def overlaps(self, other: "Interval") -> bool:
        return self.low <= other.high and other.low <= self.high

    def inside(self, other: "Interval") -> bool:
        return other.low <= self.low and self.high <= other.high

    def __sub__(self, other: "Interval") -> "Interval":
        return Interval(self.low - other.high, self.high - other.low)

    def __neg__(self) -> "Interval":
        return Interval(-self.high, -self.low)

    def __str__(self) -> str:
        return f"[{self.low}, {self.high}]"


class Quantity(Record):
    """A number as it was printed: 8.40 and 8.4 differ, because they promise different precision."""

    value: Decimal
    unit: str = ""

    @property
    def interval(self) -> Interval:
        """The true values that would have been printed this way, whatever the rounding mode at a tie."""
        exponent = self.value.as_tuple().exponent
        half = Decimal(5).scaleb((exponent if isinstance(exponent, int) else 0) - 1)
        return Interval(self.value - half, self.value + half)

    def __str__(self) -> str:
        return f"{self.value}{'' if self.unit in ('', '%') else ' '}{self.unit}"


class Result(Record):
    """One score: a table cell, or one record of a released file."""

    method: str
    """The method's name in the paper's words."""

    dataset: str
    """The benchmark's name; empty for a property of the model."""

    metric: str
    score: Quantity
    where: Location
    origin: Literal["paper", "release"] = "paper"
    """A table of the paper, or a file its authors released."""

    regime: str = ""
    """The training setting whose results may be compared with one another."""

    run: str = ""
    """Which run of the release it is; two seeds of one method are two runs."""

    lower_is_better: bool = False
    """True for an error, a loss, a distance."""

    n: int | None = None
    """Held-out samples behind the score."""

    settings: dict[str, str] = Field(default_factory=dict)
    """Whatever else the source says of the run: `seed`, probe epochs, EMA momentum. Controls compare these."""

    label: str = ""
    """The name written inside the result file, where the source has one."""

    task: str = ""
    """The task the table's caption names, else the one the paper speaks of most."""

    row: tuple[str, ...] = ()
    column: tuple[str, ...] = ()
    """The labels of its row from the outermost in, and of its column from the top down."""

    bold: bool = False
    """True if the table prints it in bold, as the best usually is."""

    whose: Literal["", "ours", "cited"] = ""
    """A method of the paper itself, one whose row cites another paper, or a row that says neither."""

    @property
    def seed(self) -> str:
        return self.settings.get("seed", "")


class Asserted(Record):
    """What every kind of assertion has. Numbers are decimals as printed; `sign` says gain or loss."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    dataset: str = ""
    metric: str = ""
    regime: str = ""
    text: str = ""
    """The words of the sentence it was read from."""

    supplied: tuple[str, ...] = ()
    """Fields that the sentence leaves unsaid and the study or a person filled in."""

    ambiguous: tuple[str, ...] = ()
    """Fields for which the sentence allows more than one reading."""

    learned: tuple[str, ...] = ()
    """Fields that learned weights filled against the rules' reading, and `value` where they alone took the number, or the comparison, for a
    result. Such a reading can be verified; nothing is refuted by it."""

    averaged: int | None = None
    """Over how many seeds or runs the sentence says its number is averaged; 0 if it does not say how many."""

    infers: bool = False
    """True if it concludes (improves, hurts, largest, confirms, coincides) beyond printing a number."""


class Value(Asserted):
    """`method` scores `value` on `dataset`."""

    kind: Literal["Value"] = "Value"
    method: str
    value: Decimal
    unit: str = "%"


class Difference(Asserted):
    """`method` scores `sign value` more than `baseline` on `dataset`."""

    kind: Literal["Difference"] = "Difference"
    method: str
    baseline: str
    value: Decimal
    unit: str = "pp"
    sign: Literal["+", "-"]

    @property
    def quantity(self) -> Quantity:
        return Quantity(value=self.value if self.sign == "+" else -self.value, unit=self.unit)


class Range(Asserted):
    """Every member of `method` differs from `baseline` by between `low` and `high`, all in the direction of `sign`."""

    kind: Literal["Range"] = "Range"
    method: str
    """The set's name in the sentence ("kinematic variants")."""

    baseline: str
    low: Decimal
    high: Decimal
    unit: str = "pp"
    sign: Literal["+", "-"]


class Count(Asserted):
    """`count` of `total` members of `method` differ from `baseline` by more than `value`, in the direction of `sign`."""

    kind: Literal["Count"] = "Count"
    method: str
    baseline: str
    count: int
    total: int | None = None
    relation: Literal[">", ">="] = ">"
    value: Decimal
    unit: str = "pp"
    sign: Literal["+", "-"]


class Rank(Asserted):
    """`method` has the `place`-th `order` difference from `baseline` among `universe`."""

    kind: Literal["Rank"] = "Rank"
    method: str
    baseline: str
    order: Literal["largest", "smallest"] = "largest"
    place: int = 1
    universe: str = ""
    """The set compared, in the sentence's words ("the table"); empty means every method of the regime."""

    sign: Literal["+", "-"] = "+"


class Direction(Asserted):
    """`method` is better (`+`) or worse (`-`) than `baseline` on `dataset`, by an amount the sentence does not say."""

    kind: Literal["Direction"] = "Direction"
    method: str
    baseline: str
    sign: Literal["+", "-"]


class Fact(Asserted):
    """`subject` has `property` equal to `value`: a number about the model, not a score."""

    kind: Literal["Fact"] = "Fact"
    subject: str
    property: str
    value: Decimal
    unit: str = ""


class Trend(Asserted):
    """Over the members of `method`, better at `cause` goes with better (`+`) or worse (`-`) at `effect`."""

    kind: Literal["Trend"] = "Trend"
    method: str
    baseline: str = ""
    cause: str
    """An ability in the sentence's words ("temporal structure")."""

    effect: str
    sign: Literal["+", "-"]


Assertion = Annotated[Value | Difference | Range | Count | Rank | Direction | Fact | Trend, Field(discriminator="kind")]


class Verdict(StrEnum):
    VERIFIED = "verified"
    REFUTED = "refuted"
    INCONCLUSIVE = "inconclusive"


class Level(StrEnum):
    """How far the evidence reaches, weakest first; `LEVELS` gives the order."""

    STATED = "stated"
    CONSISTENT = "consistent"
    RELEASED = "released"
    CONTROLLED = "controlled"
    SIGNIFICANT = "significant"
    REPRODUCED = "reproduced"


LEVELS = tuple(Level)


class Reason(StrEnum):
    """Why a finding or a judgement says what it says. Every verdict carries at least one."""

    MATCHES = "matches"
    """The stated number comes out of the evidence."""

    CONTRADICTS = "contradicts"
    """The stated number and the evidence cannot both be right."""

    EXCEEDS_NOISE = "exceeds_noise"
    """The effect is larger than its sampling noise, and than the seed noise where that is known."""

    NOT_CHECKED = "not_checked"
    NO_EVIDENCE = "no_evidence"
    """A verifier looked and the dossier holds nothing that bears on it."""

    AMBIGUOUS_TARGET = "ambiguous_target"
    """Two readings, or two cells, fit; all are listed."""

    UNIVERSE = "universe"
    """The answer depends on which methods are counted; the universe used is said."""

    TRUNCATED = "truncated"
    """The sentence is cut off; what is missing was not guessed."""

    IMPOSSIBLE_VALUE = "impossible_value"
    """No whole number of correct answers gives this percentage."""

    LABEL_MISMATCH = "label_mismatch"
    """A released file names another method than its folder."""

    NOT_SIGNIFICANT = "not_significant"
    AT_THRESHOLD = "at_threshold"
    """A counted member lies within its standard error of the threshold."""

    SINGLE_SEED = "single_seed"
    SEED_MISMATCH = "seed_mismatch"
    """The compared runs differ in seed and no same-seed pair was released."""

    SIGN_DEPENDS_ON_SEED = "sign_depends_on_seed"
    """The same-seed comparison points the other way."""

    COUNT_DEPENDS_ON_SEED = "count_depends_on_seed"
    WITHIN_SEED_SPREAD = "within_seed_spread"
    """Two seeds of one recipe differ by as much."""

    PROTOCOL_MISMATCH = "protocol_mismatch"
    """The compared runs differ in a setting that the claim does not name."""

    UNTRAINED_ENCODER = "untrained_encoder"
    UNTRAINED_TERM = "untrained_term"
    DEVIATION = "deviation"
    """The released code differs from the described method in a way that touches the claim."""

    CAUSAL = "causal"
    """The sentence asserts a cause; the evidence is a comparison."""

    MAJORITY_CLASS = "majority_class"
    SCALE_MISMATCH = "scale_mismatch"
    """A scaled-down run cannot speak about the paper's absolute numbers."""

    INSUFFICIENT_RUNS = "insufficient_runs"
    """Fewer than three seeds."""

    NOT_RUN = "not_run"
    NAN_LOSS = "nan_loss"
    COLLAPSED = "collapsed"
    DATA_INVALID = "data_invalid"
    BUDGET_EXHAUSTED = "budget_exhausted"
    RUN_FAILED = "run_failed"
    CHECK_FAILED = "check_failed"
    """A verifier broke and abstains."""


class Evidence(Record):
    """A quote, cell, file record or run, and where it stands."""

    quote: str
    where: Location


class Estimate(Record):
    """What our own runs say of one assertion, at one scale and in one reading of the method."""

    scale: Literal["smoke", "proxy", "paper"]
    reading: Literal["as_described", "as_released"] = "as_described"
    probe: str
    """The probe, or the two of them, whose scores it rests on; empty for a fact about the model."""

    asks: str
    """What is asked of the runs, as a statement that is so or not so at that scale."""

    estimator: str
    value: float
    low: float
    high: float
    """Ends of the 95% interval."""

    unit: str
    seeds: int
    """Seeds on both sides of every comparison."""

    probability: Annotated[float, Field(ge=0, le=1)] | None
    """Posterior probability of what is asked; None where an interval decides."""

    prior: str
    """What the probability assumes before any run."""

    outcome: Literal["agrees", "disagrees", "undecided"]
    """Agrees if it is so, disagrees if it is not so, wherever in the interval the truth lies; else, or with fewer than three seeds, undecided."""

    seeds_needed: int | None = None
    """Seeds that would decide it if means and spread stay as they are; None if it is decided, or if no number of seeds would."""

    runs: tuple[str, ...] = ()
    """Digests of the experiments whose runs it rests on."""


class Finding(Record):
    """What one verifier has to say about one part of one claim."""

    verifier: str
    kind: Literal["verdict", "caveat"]
    """A verdict votes on its part; a caveat never votes."""

    part: Literal["numbers", "conclusion"]
    blocks: bool = False
    """True for a caveat that undermines the conclusion: it cannot then be verified. Other caveats only inform."""

    verdict: Verdict = Verdict.INCONCLUSIVE
    confidence: Annotated[float, Field(ge=0, le=1)] = 0.0
    reason: Reason
    explanation: str
    """One or two sentences with the arithmetic shown."""

    assertions: tuple[int, ...] = ()
    """Positions of the assertions it speaks of; empty means the whole claim."""

    level: Level | None = None
    """The level of evidence it establishes, if it verifies."""

    resolves: str = ""
    """What evidence would change it, in one phrase."""

    evidence: tuple[Evidence, ...] = ()
    estimate: Estimate | None = Field(default=None, exclude_if=lambda estimate: estimate is None)
    """What reruns measured, where the finding rests on them."""


class Judgement(Record):
    """What all findings together say of a claim; before any check, that it was not checked."""

    verdict: Verdict = Verdict.INCONCLUSIVE
    numbers: Verdict | None = None
    """None if the claim states no number."""

    conclusion: Verdict | None = None
    """None if the claim infers nothing."""

    confidence: Annotated[float, Field(ge=0, le=1)] = 0.0
    """Probability that the verdict is right; 0 for inconclusive, which decides nothing."""

    level: Level | None = Level.STATED
    reasons: tuple[Reason, ...] = (Reason.NOT_CHECKED,)
    would_change: tuple[str, ...] = ()


class StatedVerdict(Record):
    """What the source itself says of the claim's verification, quoted and never taken as evidence."""

    verified: bool | None = None
    confidence: Decimal | None = None


class Claim(Judgement):
    """A sentence of the paper, the assertions it makes, and what was found."""

    number: int
    sentence: str
    truncated: bool = False
    where: Location
    stated: StatedVerdict | None = None
    causal: bool = False
    """True if the sentence asserts a cause ("confirms", "because"), which a comparison alone cannot give."""

    assertions: tuple[Assertion, ...] = ()
    findings: tuple[Finding, ...] = ()
    unbound: tuple[str, ...] = ()
    """Numbers of the sentence that no assertion holds, as printed."""


class Regime(Record):
    """A training setting within which the paper compares methods."""

    name: str
    aliases: tuple[str, ...] = ()
    baseline: str
    """Method name of the baseline."""

    baseline_run: str
    """The run the paper prints as the baseline."""

    benchmarks: tuple[str, ...] = ()
    """The datasets every row of the regime's results table reports."""

    methods: tuple[str, ...] = ()
    """Methods trained in it; a method of one regime alone needs no word in a sentence to say which is meant."""


class MethodSet(Record):
    """A named group of methods ("kinematic variants")."""

    name: str
    aliases: tuple[str, ...] = ()
    members: tuple[str, ...]


class Ability(Record):
    """What a benchmark is said to measure ("temporal structure"), and the benchmarks said to measure it."""

    name: str
    aliases: tuple[str, ...] = ()
    datasets: tuple[str, ...]


class Name(Record):
    """A method, dataset or metric with the other names it goes by."""

    name: str
    aliases: tuple[str, ...] = ()


class Lexicon(Record):
    """The names a paper uses. Verifiers look methods, sets and regimes up here."""

    methods: tuple[Name, ...] = ()
    datasets: tuple[Name, ...] = ()
    sets: tuple[MethodSet, ...] = ()
    abilities: tuple[Ability, ...] = ()
    regimes: tuple[Regime, ...] = ()

    def own_name(self, name: str) -> str:
        """The name under which a method or a set of methods is filed, given any name it goes by."""
        filed: tuple[MethodSet | Name, ...] = (*self.sets, *self.methods)
        return next((entry.name for entry in filed if name in (entry.name, *entry.aliases)), name)


class Deviation(Record):
    """A place where the released code and the paper's text differ, and what that means for a comparison."""

    id: str
    title: str
    described: str
    released: str
    consequence: str
    reason: Reason
    claims: tuple[int, ...] = ()
    """Claims of the study that compare a method it touches, on a benchmark it touches."""

    runs: tuple[str, ...]
    """Runs of the release it touches."""

    datasets: tuple[str, ...] = ()
    """Benchmarks it is limited to; empty means all."""

    blocks: bool = True
    """True if a conclusion drawn from a touched run is undermined; false if it is only worth knowing."""

    as_described: tuple[str, ...] = ()
    as_released: tuple[str, ...] = ()
    """Names of the experiments that reproduce either reading."""

    source: str


class Saying(Record):
    """Something a document says of itself ("12 papers retrieved"), with what can be said about it."""

    about: str
    quote: str
    value: str
    where: Location


Disclosed = Literal[
    "code",
    "data",
    "configuration",
    "seeds",
    "compute",
    "intervals",
    "significance",
    "samples",
    "split",
    "limitations",
    "licence",
    "criteria",
]
"""What a reader needs in order to repeat or to weigh a result; `criteria` are those behind a score that a document gives itself."""


class Disclosure(Record):
    """That a document says something a reader needs, and where; whether it is true is another question."""

    kind: Disclosed
    quote: str
    where: Location
    value: str = ""
    """The number of seeds or samples, or the address of the code, if the sentence has one."""


class PrintedTest(Record):
    """A test of significance as it is printed, with its statistic and its p value."""

    text: str
    where: Location
    one_tailed: bool = False
    """True if the document speaks of one-tailed tests anywhere."""


class Arm(Record):
    """An experiment that stands for a method of the paper. A claim needs the arms of every method it compares."""

    experiment: str
    """Name in the experiment engine."""

    method: str
    regime: str
    run: str = ""
    """The run of the release it stands for, if there is one."""

    reading: Literal["as_described", "as_released"] = "as_described"
    why_not: str = ""
    """Why it cannot be run here, if it cannot."""

    paper_probes: tuple[str, ...] = ()
    """Probes that it is also run with at paper scale on any machine: what it probes is never trained, and their clips are generated."""


class StandIn(Record):
    """A probe of the experiment engine that stands for a benchmark of the paper at less than paper scale."""

    dataset: str
    probe: str
    paper_probe: str = ""
    """The engine's probe on the benchmark itself, which runs at paper scale use."""

    why: str = ""


class Look(Record):
    """What one rule of a reviewer saw."""

    rule: str
    points: Annotated[float, Field(ge=-10, le=0)] | None = None
    """What it takes off the reviewer's 10 points; 0 if what it asks for is there; None if its question does not arise."""

    text: str
    """What it looked at and found, with the arithmetic shown."""

    claims: tuple[int, ...] = ()
    """Numbers of the claims it speaks of."""

    evidence: tuple[int, ...] = ()
    """Positions in the review's evidence of what triggered it."""


class Review(Record):
    """What one reviewer of the panel says of the paper in one dimension: a score with its reasons, or an abstention."""

    reviewer: str
    dimension: str
    """The question it asks."""

    score: Annotated[float, Field(ge=0, le=10)] | None = None
    """From 0 to 10, in tenths; None if it abstains, which is not a low score."""

    abstains: str = ""
    """Why it gives no score."""

    reasons: tuple[Look, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class Source(Record):
    """A file the dossier was made from."""

    name: str
    sha256: str
    size: int
    role: str
    path: str = ""
    """Where it was read, as the user gave it; empty for standard input and for what comes with the program."""


class DatabaseSearch(Record):
    """One database searched, as PRISMA-S (Rethlefsen et al. 2021) asks it to be reported."""

    database: str
    platform: str = ""
    """Through what it was asked: `export.arxiv.org`, or the folder of a local one."""

    query: str = ""
    """Exactly as sent."""

    filters: tuple[str, ...] = ()
    limit: int
    """The most records asked for."""

    run_at: str = ""
    """When the database answered, UTC, `2026-11-28T12:00:00Z`; empty if it never did."""

    matches: int | None = None
    """How many records the database says fit the query, which may be more than were taken."""

    records: int = 0
    state: Literal["complete", "partial", "failed", "absent"] = "complete"
    """Partial: some pages came. Failed: none did. Absent: it was not asked, and `detail` says why."""

    fault: str = ""
    """The class of what went wrong: `unavailable`, `budget_exhausted`, `malformed`, …"""

    detail: str = ""
    """What went wrong and what was lost by it, in one sentence."""


class Exclusion(Record):
    """How many works left the flow at one step, for one reason."""

    reason: str
    works: int

    @classmethod
    def counted(cls, reasons: Iterable[str]) -> "tuple[Exclusion, ...]":
        """How often each reason was given, the most frequent first."""
        return tuple(cls(reason=reason, works=count) for reason, count in Counter(reasons).most_common())


class Flow(Record):
    """The counts of a PRISMA 2020 flow diagram (Page et al. 2021), in its order. None: that step was not taken."""

    identified: int = 0
    """Records from all databases; each database's own count stands with its search."""

    duplicates: int = 0
    ineligible: tuple[Exclusion, ...] = ()
    """Removed by automation before screening: records without a title."""

    screened: int = 0
    excluded: tuple[Exclusion, ...] = ()
    sought: int | None = None
    not_retrieved: tuple[Exclusion, ...] = ()
    assessed: int | None = None
    excluded_after: tuple[Exclusion, ...] = ()
    """Read and then excluded."""

    included: int | None = None


class Work(Record):
    """A paper that databases hold a record of: the records of all of them, merged."""

    title: str
    authors: tuple[str, ...] = ()
    date: str = ""
    """Of publication, as precise as is known: `2026-05-17`, `2026`."""

    venue: str = ""
    doi: str = ""
    arxiv: str = ""
    """Without the version."""

    version: str = ""
    """The newest version that arXiv has: `v3`."""

    url: str = ""
    pdf: str = ""
    """An open copy elsewhere, as a database gives it."""

    abstract: str = ""
    citations: int | None = None
    databases: tuple[str, ...] = ()
    path: str = ""
    """A copy on this machine."""

    retracted: bool = False
    retracts: tuple[str, ...] = ()
    """DOIs of the works that this one, a notice, takes back."""

    rank: int = 0
    """By relevance to the question, from 1; 0 if it was never ranked."""

    relevance: float = 0.0
    """BM25 of title and abstract against the question's words, larger is closer."""

    excluded: str = ""
    """Why screening left it out; empty if it was kept."""


class SearchLog(Record):
    """A search of the literature: what was asked of whom, when, and what became of every record."""

    question: str
    words: tuple[str, ...] = ()
    """The words of the question that were searched for."""

    databases: tuple[DatabaseSearch, ...] = ()
    deduplication: str = ""
    """How records of one work were recognised, in one sentence."""

    ranking: str = ""
    works: tuple[Work, ...] = ()
    """Every work that was screened, by rank; those left out last."""

    flow: Flow = Flow()


class Recall(Record):
    """How many numbers of the prose that speaks of results stand in an assertion, and what became of the others."""

    sentences: int = 0
    """Sentences of sections on results, and every sentence that became a claim; nothing else is counted here."""

    numbers: int = 0
    bound: int = 0
    """Numbers that an assertion holds."""

    others: dict[str, int] = Field(default_factory=dict)
    """By reason why not: `label`, `size`, `setting` and the like are no results; `undecided` may be one that was missed."""

    @classmethod
    def of_all(cls, parts: "Iterable[Recall]") -> "Recall":
        """That of several documents together."""
        parts = list(parts)
        others = Counter[str]()
        for part in parts:
            others.update(part.others)
        total = {name: sum(getattr(part, name) for part in parts) for name in ("sentences", "numbers", "bound")}
        return cls(**total, others=dict(others))

    @property
    def missed(self) -> int:
        """Numbers that may be results and were not understood."""
        return sum(number for reason, number in self.others.items() if reason not in ("label", "size", "setting", "citation", "year"))


class Attempt(Record):
    """One way to fetch a paper that was tried."""

    format: str
    url: str
    state: Literal["read", "not_retrieved", "unreadable"]
    fault: str = ""
    detail: str = ""


class Paper(Record):
    """A paper that was sought because the dossier's document cites it or a search found it, and what was read in it."""

    id: str
    """`arxiv:2605.17165v1`, `doi:…` or an address; claims and results read in it name it as their document."""

    role: Literal["subject", "cited", "found"]
    """The paper the dossier is about, if it was fetched; one that its document cites; one that a search found."""

    cited_as: str = ""
    """The entry among the dossier's references that led to it; the id of a found one, which is such an entry itself."""

    title: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    url: str = ""
    """Where a reader finds it."""

    state: Literal["read", "not_retrieved", "unreadable"]
    fault: str = ""
    detail: str = ""
    attempts: tuple[Attempt, ...] = ()
    """Best source first; the last one is what was read, if anything was."""

    format: str = ""
    sha256: str = ""
    size: int = 0
    fetched_at: str = ""
    """UTC; when the bytes that were read came from the network."""

    version: str = ""
    """What was read: `v1`."""

    newest: str = ""
    """The newest version known, if another than was read."""

    retracted: bool = False
    flags: tuple[str, ...] = ()
    """What the reader could not do."""

    recall: Recall = Recall()
    claims: tuple[Claim, ...] = ()
    """What a cited paper claims, unchecked. The claims of a found one stand in the dossier itself."""

    results: tuple[Result, ...] = ()
    """The scores of its own tables. They never mix with those of another paper."""

    tables: tuple[Table, ...] = Field(default=(), exclude_if=lambda tables: not tables)
    """Its tables of numbers, as printed."""

    study: str = ""
    lexicon: Lexicon = Lexicon()
    deviations: tuple[Deviation, ...] = ()
    arms: tuple[Arm, ...] = ()
    stand_ins: tuple[StandIn, ...] = ()


class ByHand(Record):
    """What a person did to a claim (`claims.toml`)."""

    claim: int
    """Its number."""

    what: Literal["added", "corrected"]
    assertions: tuple[int, ...] = ()
    """Positions of the assertions that the person wrote or changed."""


class Dossier(Record):
    """All that is known of one paper: written by extract, verify, reproduce and review, read by report."""

    # The curve of a diverged run holds NaN, which JSON has no number for.
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, ser_json_inf_nan="strings")

    schema_: Literal["claimcheck/v1"] = Field(default="claimcheck/v1", alias="schema")
    paper: str
    """`arxiv:ID`, or the name of the file that was read."""

    title: str = ""
    question: str = ""
    """The research question the document states, if it states one."""

    study: str = ""
    """The bundled study that knows this paper, if any."""

    sources: tuple[Source, ...] = ()
    sayings: tuple[Saying, ...] = ()
    disclosures: tuple[Disclosure, ...] = ()
    references: tuple[str, ...] = ()
    lexicon: Lexicon = Lexicon()
    claims: tuple[Claim, ...] = ()
    recall: Recall = Recall()
    by_hand: tuple[ByHand, ...] = ()
    dropped: tuple[str, ...] = ()
    """Sentences, or what was read from them, that a person took out (`claims.toml`)."""

    unapplied: tuple[str, ...] = ()
    """Corrections of a person that fit nothing in this reading of the source, a line each."""

    results: tuple[Result, ...] = ()
    tables: tuple[Table, ...] = Field(default=(), exclude_if=lambda tables: not tables)
    """The document's tables of numbers, as printed: `results` names what a cell is, a table keeps every label beside it."""

    tests: tuple[PrintedTest, ...] = Field(default=(), exclude_if=lambda tests: not tests)
    deviations: tuple[Deviation, ...] = ()
    arms: tuple[Arm, ...] = ()
    stand_ins: tuple[StandIn, ...] = ()
    runs: tuple[RunResult, ...] = ()
    search: SearchLog | None = None
    """The search of the literature that the dossier rests on, if it answers a question."""

    papers: tuple[Paper, ...] = ()
    """The papers that were sought: cited ones, or those that a search found."""
    reviews: tuple[Review, ...] = ()
    """The panel's, made from everything above; empty after a change until the panel meets again."""

    log: tuple[str, ...] = ()
    """The commands that made it, oldest first."""

    tool: str = ""
    """Name and version of the program that wrote it."""

    def hand(self, number: int) -> ByHand | None:
        """What a person did to the claim with this number."""
        return next((hand for hand in self.by_hand if hand.claim == number), None)

    def claim(self, number: int) -> Claim:
        """The claim with this number; KeyError if there is none."""
        for claim in self.claims:
            if claim.number == number:
                return claim
        raise KeyError(number)

    def about(self, claim: Claim) -> "Dossier":
        """What a claim may be checked against: this dossier, or for a claim of a found paper what was read in that paper.

        Two papers may mean different things by "the baseline", so the tables of one say nothing of the other's claims.
        """
        paper = next((p for p in self.papers if p.role == "found" and p.id == claim.where.document), None)
        if paper is None:
            return self
        own = {name: getattr(paper, name) for name in ("results", "tables", "study", "lexicon", "deviations", "arms", "stand_ins")}
        return self.model_copy(update={"paper": paper.id, "title": paper.title, "papers": (), **own})
