"""From a marked sentence to assertions: who, compared with what, on which dataset, by how much.

Numbers are bound to datasets by the words between them ("+3.2 on A", "A by 3.2", "A (+3.2)", "A and B by 1 and 2,
respectively"), clause by clause; a later clause inherits the subject of the one before. Nothing unsaid is invented: what
the paper's lexicon supplies is listed in `supplied`, what stays open in `ambiguous`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal

from claimcheck.dossier import Assertion, Count, Difference, Direction, Fact, Range, Rank, Trend, Value
from claimcheck.extract.binding import adopted, paired, runs
from claimcheck.extract.lexicon import Mention, Vocabulary
from claimcheck.extract.measures import (
    JUDGED,
    Sign,
    against,
    comparative,
    compares,
    delta_noun,
    delta_sign,
    delta_unit,
    is_listed_score,
    is_rival,
    is_setting,
    listed_metrics,
    only_metric,
    own_metric,
    owner,
    owners,
    said_before,
    score_unit,
    unclear,
)
from claimcheck.extract.names import COSTS
from claimcheck.extract.phrases import LOWER
from claimcheck.extract.quantities import MASK, Amount
from claimcheck.extract.sentences import LONGEST, Clause, Cue, Marked, marked
from claimcheck.extract.subjects import PRONOUN, Context, benchmarks, entered, noun_phrase, regimes, roles, shown

EVERY = re.compile(
    r"\b(?:all|every|each|both)\s(?:of\sthe\s)?(?:\w+\s){0,2}?(?:metrics?|benchmarks?|datasets?|probes?|tasks?|scores?)\b", re.IGNORECASE
)
GENERIC = re.compile(
    r"\s(?:\w+\s){0,2}?(methods?|variants?|models?|objectives?|configurations?|approaches|baselines?|runs?)\b", re.IGNORECASE
)
UNIVERSE = re.compile(
    r"\b(?:among|amongst)\s(?P<among>[\w-]+(?:\s[\w-]+){0,4}?)(?=\s(?:on|in|by|with|for|at)\b|[,.;:()]|$)|\b(?:in|across|out\sof|of)\s(?P<of>(?:the|all|any|every|our|its|both)\s[\w-]+(?:\s(?:methods?|variants?|models?|objectives?|regime|setting|table|study))?|table\s\d+)",
    re.IGNORECASE,
)
PREDICATED = re.compile(
    r"(?:,|\b(?:is|are|was|were|achieves?|has|have|had|as|gives?|yields?|obtains?|shows?|reach(?:es)?|with|delivers?|produces?|attains?))"
    r"\s(?:by far\s)?(?:the\s|a\s)?$"
)
"""Before a superlative that is said of the subject."""

BELIEF = re.compile(r"if|suspect|believe|conjecture|speculate|assume|hypothesi[sz]e|expect(?:s|ed)?|hope|whether", re.IGNORECASE)
"""A clause under one of these supposes; it asserts nothing."""

RANKED_NOUN = re.compile(
    r"\s?(?:[,.;(]|$|(?:among|amongst|in|on|of|for|at|with|when|overall|and|results?|performance|scores?|accurac|gain|improve|drop|loss|error|recall|precision|value"
    r"|(?:[\w-]+\s){1,4}(?:results?|performance|scores?|accuracy|gains?|improvements?|drops?|error|recall|precision))\b)"
)
"""What follows a superlative that ranks results; "the strongest constraints" does not."""

MODAL = re.compile(r"\b(?:would|could|should|may|might|will)\b", re.IGNORECASE)


def main_clause(text: str, start: int) -> str:
    """What follows the comma that ends a clause opened by "if"; all that follows if there is none."""
    comma = text.find(", ", start)
    return text[start : start + 80] if comma < 0 else text[comma : comma + 50]


PURPOSE = re.compile(
    r"(?<!shown )(?<!found )(?<!seen )(?<!observed )(?<!known )(?<!tends )(?<!tend )(?<!seems )(?<!seem )(?<!appears )(?<!helps )(?<!help )"
    r"(?<!continues )(?<!reported )(?<!managed )(?<!manages )(?<!able )\b[Tt]o\s(?:further\s)?$"
)
"""Before a verb that only says what something is for ("to improve A"), not what it did ("found to improve A")."""

OBSERVED = re.compile(r"\b(?:found|find|shown|known|reported|observed|seen|saw)\s(?:\S{1,30}\s){1,4}to\s$")
"""Before a verb that says what somebody saw something do: "found A to have an F1 of 0.8"."""

NEEDS = re.compile(r"\b(?:needs?|needed|requires?|required|takes?|took|suffic\w+|only|fewer|have\sto\sbe|has\sto\sbe|enough)\b")
GENERIC_BASELINE = re.compile(
    r"(?:these|those|all|both|other|existing|the)?\s?(?:methods|models|baselines|approaches|systems)", re.IGNORECASE
)
BY_US = re.compile(
    r"\b(?:[Ww]e\s(?!(?:can\s|also\s|could\s)?(?:observe|find|found|see|saw|note|notice|show|report|believe|conclude|suspect|think|compare)\w*\b)"
    r"|[Oo]ur\s(?!results?\b|experiments?\b|analysis\b))"
)
"""What we do or have, not what we observe of something."""

SCORES = re.compile(r"\bscor(?:es|ed|ing)\s(?:only\s)?$")
OBTAINS = re.compile(r"\b(?:achiev|obtain|reach|attain|get|got)\w*\s(?:only\s|an\saverage\sof\s|a\smean\sof\s)?$")
SUPPOSITION = re.compile(r"(?:If|When|Once)\s[^,;]{3,120},\s")

AVERAGED = re.compile(
    r"\b(?:averag\w+|means?)\b[^;]{0,90}?\b(?:over|across|of)\s(?P<first>[\w\s-]{1,30}?)(?:seeds?|runs|trials|repetitions|restarts)\b"
    r"|\b(?:over|across|of|with)\s(?P<last>[\w\s-]{1,30}?)(?:seeds?|runs|trials|repetitions|restarts)\b[^;]{0,90}?\b(?:averag\w+|mean)\b",
    re.IGNORECASE,
)
SAID = ("change", "compare", "score", "manner", "copula", "hypothetical")
NUMERALS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}

OVER_ALL = re.compile(rf"\W*(?:[\w-]+\s){{0,4}}?(?:results|experiments|evaluations?)\son\s(?:the\s|both\s)?{MASK}", re.IGNORECASE)
"""Opens a sentence that speaks of all the datasets named there: "Results on A and B show that …"."""

ORDINALS = {"second": 2, "2nd": 2, "third": 3, "3rd": 3}


@dataclass(frozen=True)
class Slot:
    """A number, or none, with the dataset it was said of."""

    amount: Amount | None
    dataset: Mention | None
    run: tuple[Amount, ...] = ()
    """The numbers it is listed with: "gains of 1.2, 0.4 and 3.0 points" says for all three what they are."""

    method: str = ""
    baseline: str = ""
    """Where it is another than the clause's: "A and B by 1 and 2, respectively"."""


@dataclass(frozen=True)
class Read:
    """The assertions of one sentence and the numbers that none of them holds."""

    assertions: tuple[Assertion, ...]
    unbound: tuple[str, ...]
    causal: bool
    """True if the sentence asserts a cause."""

    fates: tuple[str, ...] = ()
    """For each of its numbers, `bound`, or why no assertion holds it: its role, `setting`, `supposed`, `cut_off`, `undecided`."""

    marked: Marked | None = None
    """The sentence as it was read."""


def read_sentence(text: str, vocabulary: Vocabulary, *, truncated: bool = False) -> Read:
    """What one sentence asserts."""
    if len(text) > LONGEST:
        return Read((), (), False, ("undecided",) if re.search(r"\d", text[:LONGEST]) else ())
    return SentenceReader(marked(text, vocabulary, truncated=truncated), vocabulary).read()


class SentenceReader:
    """Reads the clauses of one sentence from left to right."""

    def __init__(self, sentence: Marked, vocabulary: Vocabulary) -> None:
        self.sentence = sentence
        self.vocabulary = vocabulary
        self.bound: set[int] = set()
        """Starts of the numbers that an assertion holds."""

        places = {m.name: m for clause in sentence.clauses for m in benchmarks(sentence, clause)}
        self.places = list(places.values())
        """Every dataset of the sentence."""

        supposition = SUPPOSITION.match(sentence.masked)
        self.supposed = (
            supposition.end() if supposition is not None and not vocabulary.complete and not MODAL.search(sentence.masked) else 0
        )
        """End of an opening "if we leave out A," that tells what was done; what is denied within it denies nothing after it."""

        self.denied: list[tuple[int, int]] = []
        """Spans of clauses that deny or suppose what they say."""

        self.last: tuple[Amount, Sign] | None = None
        """The difference read last, and its sign."""

        self.found: list[Assertion] = []
        self.causal = any(isinstance(item, Cue) and item.kind == "causal" for item in sentence.items)

    def read(self) -> Read:
        context = self.opening()
        everywhere = regimes(self.sentence, self.sentence.items)
        for clause in self.sentence.clauses:
            here = regimes(self.sentence, clause.items) or (everywhere if len(set(everywhere)) == 1 else [])
            context = self.clause(clause, replace(context, regime=here[0] if here else ""))
        if not self.vocabulary.complete:
            self.found = [self.by_us(a) for a in self.found]
        if (over := averaged(self.sentence.text)) is not None:
            self.found = [a.model_copy(update={"averaged": over}) if isinstance(a, Value | Difference | Range) else a for a in self.found]
        if not self.vocabulary.complete:
            self.found = [a for a in self.found if not self.told_in_numbers(a)]
        numbers = [item for item in self.sentence.items if isinstance(item, Amount)]
        unbound = tuple(n.text for n in numbers if n.role in ("amount", "size") and n.start not in self.bound)
        return Read(tuple(self.found), unbound, self.causal, tuple(map(self.fate, numbers)), self.sentence)

    def by_us(self, assertion: Assertion) -> Assertion:
        """The assertion, its method "we" where the sentence names none and says before its words what we do; that stays open."""
        if isinstance(assertion, Value | Difference | Range) and assertion.method in self.vocabulary.field.metrics:
            assertion = assertion.model_copy(update={"method": "", "ambiguous": (*assertion.ambiguous, "method")})
        if isinstance(assertion, Fact) or assertion.method or "method" not in assertion.ambiguous:
            return assertion
        before = self.sentence.text[: max(0, self.sentence.text.find(assertion.text))]
        return assertion.model_copy(update={"method": "we"}) if BY_US.search(before) else assertion

    def told_in_numbers(self, assertion: Assertion) -> bool:
        """Whether a general statement is said again with its numbers: "beats these methods, with gains of 2% on A and 3% on B"."""
        if not isinstance(assertion, Direction) or (assertion.baseline and GENERIC_BASELINE.fullmatch(assertion.baseline) is None):
            return False
        later = self.found if not assertion.baseline else self.found[self.found.index(assertion) + 1 :]
        changed = not assertion.baseline and any(isinstance(i, Amount) and i.was is not None for i in self.sentence.items)
        return changed or any(
            isinstance(a, Difference | Range) and a.sign == assertion.sign and a.baseline in ("", assertion.baseline) for a in later
        )

    def fate(self, number: Amount) -> str:
        """What became of a number."""
        if number.start in self.bound:
            return "bound"
        if number.role != "amount":
            return "label" if number.role == "enumerator" else number.role
        if is_setting(self.sentence, number):
            return "setting"
        if self.cut(number):
            return "cut_off"
        return "supposed" if any(start <= number.start < end for start, end in self.denied) else "undecided"

    def opening(self) -> Context:
        """What the sentence as a whole says: in a paper no study knows, the one thing that it compares with, said early or late."""
        if self.vocabulary.complete:
            return Context()
        named = {b.name for clause in self.sentence.clauses for b in roles(self.sentence, clause)[1]}
        return Context(baseline=named.pop()) if len(named) == 1 else Context()

    # Clauses

    def clause(self, clause: Clause, before: Context) -> Context:
        context = entered(self.sentence, clause, before)
        if self.negated(clause):
            self.denied.append((clause.start, clause.end))
            return context
        fact = list(self.facts(clause))
        trend = list(self.trends(clause, context))
        self.found += [*fact, *trend]
        if trend:
            return context
        datasets = benchmarks(self.sentence, clause)
        counted = list(self.counts(clause, context, datasets))
        self.found += counted
        if not counted:
            slots = self.slots(clause, context, datasets)
            self.found += [assertion for slot in slots for assertion in self.assertions(clause, slot, context)]
        self.found += list(self.ranks(clause, context, datasets or list(context.datasets)))
        return replace(context, datasets=tuple(datasets) or context.datasets)

    def negated(self, clause: Clause) -> bool:
        """Whether the clause denies or only supposes what its verb says; "without X" after the subject denies nothing."""
        predicate = clause.predicate
        for cue in clause.cues("hypothetical"):
            if cue.text.lower() == "if" and not self.vocabulary.complete and not MODAL.search(main_clause(self.sentence.masked, cue.end)):
                continue  # "if we drop A, the score falls by 2" was seen
            if not self.vocabulary.complete and self.done(cue):
                continue
            if BELIEF.fullmatch(cue.text):
                return predicate is None or cue.end <= predicate.start
            if cue.text.lower() in ("without", "no", "able to", "goal") or cue.end <= self.supposed:
                continue
            if predicate is None or 0 <= predicate.start - cue.end <= 25:
                return True
        before = self.sentence.masked[: predicate.start][-60:] if predicate is not None else ""
        if predicate is not None and not self.vocabulary.complete and (OBSERVED.search(before) or self.needed(clause, predicate)):
            return False
        return PURPOSE.search(before[-40:]) is not None

    def done(self, cue: Cue) -> bool:
        """Whether a word of doubt doubts nothing: "as expected, A improves", "could be further improved to 88.5"."""
        if cue.text.lower() == "expected" and self.sentence.masked[: cue.start].lower().endswith("as "):
            return True
        raised = re.match(r"\s(?:be\s)?(?:further\s)?\w+ed\sto\s\d", self.sentence.masked[cue.end :][:40])
        return cue.text.lower() == "could" and raised is not None

    def needed(self, clause: Clause, predicate: Cue) -> bool:
        """Whether a purpose was reached at a cost that is told: "to reach 72.2% accuracy, it needs half the steps"."""
        scored = any(own_metric(self.sentence, clause, a) is not None for a in clause.amounts if a.start > predicate.start)
        return predicate.kind == "score" and scored and NEEDS.search(self.sentence.masked) is not None

    def facts(self, clause: Clause) -> Iterator[Fact]:
        """Sizes of the model: "a 768-dimensional embedding", "has 12 layers"."""
        for amount in clause.amounts:
            if amount.role != "size" or amount.unit not in FACT_UNITS:
                continue
            verb = next((cue for cue in reversed(clause.cues("score", "copula")) if cue.end <= amount.start), None)
            subject = noun_phrase(self.sentence, clause, verb) if verb else ""
            after = self.sentence.text[amount.end :]
            noun = re.match(r"[-\s](?:dimensional|dim)\s([a-z]{3,20}(?:\s(?:space|vector|representation))?)", after)
            owner = re.search(r"([a-z]{3,20})\sof\s$", self.sentence.text[: amount.start][-30:])
            what = noun or (owner if amount.unit.startswith("dim") else None)
            prop = f"{what.group(1)} dimension" if what else FACT_UNITS[amount.unit]
            if not subject or PRONOUN.fullmatch(subject) or (amount.unit.startswith("dim") and what is None):
                continue
            self.bound.add(amount.start)
            end = amount.end + (noun.end() if noun else len(amount.unit) + 1)
            yield Fact(subject=subject, property=prop, value=amount.value, text=self.words(amount.start, end))

    def trends(self, clause: Clause, context: Context) -> Iterator[Trend]:
        """ "Methods that emphasize A often coincide with weaker B"."""
        for cue in clause.cues("trend"):
            left = [m for m in clause.of("ability", "dataset") if m.end <= cue.start]
            right = [m for m in clause.of("ability", "dataset") if m.start >= cue.end]
            if not left or not right or not context.subjects:
                continue
            between = self.sentence.masked[cue.end : right[0].start]
            worse = re.search(r"\b(?:weaker|lower|worse|reduced|poorer|less|smaller|degraded|loss(?:es)?|drops?)\b", between) is not None
            sign: Sign = "-" if worse or cue.sign == "-" else "+"
            yield Trend(
                method=context.subjects[0],
                cause=shown(left[-1]),
                effect=shown(right[0]),
                sign=sign,
                regime=context.regime,
                text=self.words(left[-1].start, right[0].end),
                infers=True,
            )

    def counts(self, clause: Clause, context: Context, datasets: Sequence[Mention]) -> Iterator[Count]:
        """ "10 of 14 methods lose more than 5 points on A"."""
        predicate = clause.predicate
        counted = next((a for a in clause.amounts if self.counts_methods(a, predicate)), None)
        if counted is None or predicate is None or not predicate.sign:
            return
        beyond = next((a for a in clause.amounts if a.start > predicate.start and a.role == "amount" and a.unit in ("pp", "%", "")), None)
        if beyond is not None and beyond.relation not in (">", ">=", ""):
            return
        value = beyond.value if beyond is not None else Decimal(0)
        self.bound |= {counted.start} | ({beyond.start} if beyond is not None else set())
        everyone = counted.total is None and re.search(
            r"\ball\s(?:the\s|of\sthe\s)?$", self.sentence.masked[: counted.start], re.IGNORECASE
        )
        total = int(counted.total) if counted.total is not None else int(counted.value) if everyone else None
        for dataset in list[Mention | None](datasets) or [None]:
            method, base = self.counted_method(counted), self.shared(context, dataset, "Count")
            yield Count(
                **base,
                method=method,
                count=int(counted.value),
                total=total,
                relation=">=" if beyond is not None and beyond.relation == ">=" else ">",
                value=value,
                unit="pp" if beyond is None or beyond.unit == "" else beyond.unit,
                sign=predicate.sign,
                text=self.words(counted.start, max(dataset.end if dataset else 0, beyond.end if beyond else predicate.end)),
            )

    def counts_methods(self, amount: Amount, predicate: Cue | None) -> bool:
        whole = amount.value == amount.value.to_integral_value() and not amount.sign and amount.high is None and amount.unit in ("", "runs")
        if predicate is None or amount.start > predicate.start or not whole or amount.role not in ("amount", "size"):
            return False
        return bool(self.counted_method(amount)) and (amount.total is not None or amount.value > 1)

    def counted_method(self, amount: Amount) -> str:
        """The noun after "10 of 14": a named set, or a word for methods in general."""
        following = next((i for i in self.sentence.items if isinstance(i, Mention) and i.start >= amount.end), None)
        if following is not None and following.kind == "set" and not self.sentence.masked[amount.end : following.start].strip():
            return shown(following)
        generic = GENERIC.match(self.sentence.masked, amount.end)
        return generic.group(1).lower() if generic else ""

    def ranks(self, clause: Clause, context: Context, datasets: Sequence[Mention]) -> Iterator[Rank]:
        """ "the largest gain in the table", "performs best on A"."""
        for cue in clause.cues("rank"):
            if not self.ranks_subject(clause, cue):
                continue
            noun = re.match(
                r"[\s-](?:[\w-]+\s){0,3}?(gains?|improvements?|boosts?|increases?|drops?|loss(?:es)?|degradations?|decreases?|declines?)\b",
                self.sentence.masked[cue.end : cue.end + 60].replace(MASK, "x"),
            )
            loss = noun is not None and noun.group(1)[0] in "dl"
            place = next((ORDINALS[word] for word in re.split(r"[\s-]", cue.text.lower()) if word in ORDINALS), 1)
            universe = UNIVERSE.search(self.sentence.masked, cue.end)
            order: Literal["largest", "smallest"] = "largest" if (cue.sign == "+") != loss else "smallest"
            own = [d for d in datasets if d.start > cue.end] or [d for d in datasets if d.end <= cue.start][-1:] or list(datasets)[:1]
            for dataset in list[Mention | None](own) or [None]:
                for method in context.subjects[:1] or (("",) if self.states_rank(cue) else ()):
                    end = max(cue.end + (noun.end() if noun else 0), universe.end() if universe else 0)
                    yield Rank(
                        **self.shared(context, dataset, "Rank"),
                        method=method,
                        order=order,
                        place=place,
                        universe=(universe.group("among") or universe.group("of")) if universe else "",
                        sign="-" if loss else "+",
                        text=self.words(cue.start, end),
                    )

    def states_rank(self, cue: Cue) -> bool:
        """Whether something is said to be the best whose name we do not know."""
        before = self.sentence.masked[: cue.start][-24:]
        return not self.vocabulary.complete and re.search(r"\b(?:is|are|was|were)\s(?:by\sfar\s|also\s)?the\s$", before) is not None

    def ranks_subject(self, clause: Clause, cue: Cue) -> bool:
        """Whether the superlative is said of the subject, and not part of a name ("our best model", "the best baseline")."""
        before = self.sentence.masked[max(clause.start, cue.start - 30) : cue.start]
        after = self.sentence.masked[cue.end : cue.end + 30]
        if not self.vocabulary.complete and before.endswith(("with the ", " with ")):
            return False  # "the pair with the highest score"
        if re.search(r"\b(?:our|at|previous|prior|to the|their)\s$", before, re.IGNORECASE) or re.match(
            r"\s(?:known|of our|\w*\s?baseline)", after
        ):
            return False
        if re.match(r"(?:perform|does|do|did|fare)", cue.text):
            return True
        metric = next((m for m in clause.of("metric") if m.start > cue.end), None)  # "the best IDF1" ranks by it
        ranked = metric is not None and re.fullmatch(r"\s(?:[\w-]+\s){0,2}", self.sentence.between(cue, metric)) is not None
        if (
            metric is not None
            and re.match(r"\s(?:of|at)\s[\d~]", self.sentence.masked[metric.end :][:8])
            and before.endswith((" a ", "with "))
        ):
            return False  # "with a best error of 12.4%" says how large it is
        if not self.vocabulary.complete and not ranked and not re.match(RANKED_NOUN, after.replace(MASK, "x")):
            return False
        return PREDICATED.search(before) is not None

    # Numbers and datasets

    def slots(self, clause: Clause, context: Context, datasets: Sequence[Mention]) -> list[Slot]:
        """Each number with its dataset, and each dataset that has none."""
        numbers = [a for a in clause.amounts if self.is_score(a) and not self.cut(a) and not is_setting(self.sentence, a)]
        groups = runs([*numbers, *datasets], self.sentence)
        pairs = adopted(paired(groups, self.sentence))
        slots: list[Slot] = []
        for amounts_, names in pairs:
            slots += self.joined(amounts_, names, context)
        slots = self.by_rivals(clause, numbers, datasets, slots)
        if len(datasets) == 1 and not self.vocabulary.complete:  # another clause's is no longer spoken of
            slots = [s if s.amount is None or s.dataset is None else replace(s, dataset=datasets[0]) for s in slots]
        slots = self.placed(self.neighbouring(clause, self.bracketed(self.sharing(clause, slots))))
        predicate = clause.predicate
        if predicate is not None and predicate.sign and not numbers and not datasets:
            if re.match(r"\s(?:it|them|both)\b", self.sentence.masked[predicate.end :][:6]):
                return [Slot(None, d) for d in context.datasets]
            slots += [Slot(None, d) for d in self.everywhere(clause, context)]
        compared = compares(self.sentence, clause) if not self.vocabulary.complete else None
        if compared is not None and (not slots or self.only_scores(clause, slots, compared)):
            slots.append(Slot(None, datasets[0] if len(datasets) == 1 else None))
        return slots

    def by_rivals(self, clause: Clause, numbers: Sequence[Amount], datasets: Sequence[Mention], slots: list[Slot]) -> list[Slot]:
        """The slots, as many pairs of rivals as datasets dealt out in order: "3.1 vs. 2.9 and 4.2 vs. 4.0 on A and B"."""
        rivals = [is_rival(self.sentence, clause, n) for n in numbers]
        if self.vocabulary.complete or len(datasets) < 2 or rivals != [False, True] * len(datasets):
            return slots
        once = {s.amount.start: s for s in slots if s.amount is not None}
        return [replace(once[n.start], dataset=datasets[index // 2]) for index, n in enumerate(numbers) if n.start in once]

    def only_scores(self, clause: Clause, slots: Sequence[Slot], compared: Cue) -> bool:
        """Whether no number of the clause says how much better: "compares favourably with A (60.4)"; not "beats A (2.1 vs. 3.0)"."""
        return compared.kind in ("compare", "adjective") and all(
            s.amount is not None
            and s.amount.was is None
            and delta_sign(self.sentence, clause, s.run, s.amount, self.vocabulary) is None
            and not is_rival(self.sentence, clause, s.amount)
            for s in slots
        )

    def bracketed(self, slots: list[Slot]) -> list[Slot]:
        """The slots, a number without a dataset given that of the number before it in one bracket: "on A (+5.6 with X and +3.2 with Y)"."""
        shared = list(slots) if not self.vocabulary.complete else []
        for index, slot in enumerate(shared[1:], 1):
            first = shared[index - 1]
            if slot.dataset is None and slot.amount is not None and first.amount is not None and first.dataset is not None:
                between = self.sentence.masked[first.amount.end : slot.amount.start]
                opened = self.sentence.masked.rfind("(", first.dataset.end, first.amount.start)
                if opened >= 0 and not re.search(r"[()]", between):
                    shared[index] = replace(slot, dataset=first.dataset)
        return shared or slots

    def neighbouring(self, clause: Clause, slots: list[Slot]) -> list[Slot]:
        """The slots, a number without a dataset given the one named right after it, or right before its bracket: "12% on A (from 2 to 3)"."""
        if self.vocabulary.complete or len(self.places) < 2:
            return slots
        numbers = [i for i in self.sentence.items if isinstance(i, Amount) and i.role == "amount"]
        named = list(benchmarks(self.sentence, clause))
        return [
            slot if slot.dataset is not None or slot.amount is None else replace(slot, dataset=self.neighbour(slot.amount, named, numbers))
            for slot in slots
        ]

    def neighbour(self, amount: Amount, named: Sequence[Mention], numbers: Sequence[Amount]) -> Mention | None:
        masked = self.sentence.masked
        for mention in named:
            between = masked[mention.end : amount.start]
            if mention.end <= amount.start and re.fullmatch(
                r"(?:\s(?:dataset|corpus|benchmark|test\sset|task))?\s\((?:[\w-]+\s){0,2}", between
            ):
                return mention
        after = next((m for m in named if m.start >= amount.end), None)
        beside = re.match(r"\s?\(", masked[amount.end :][:2]) is not None
        if after is None or any(
            amount.end <= n.start < after.start
            and not (beside and n.start - amount.end <= 3 and n.sign)
            and not (n.was is not None and masked[amount.end : n.start] == " from ")  # "by 18% from 2 to 3 on A"
            for n in numbers
        ):
            return None
        between = masked[amount.end : after.start]
        if re.search(r";|,\s(?:and|but|while|whereas)\s", between):
            return None
        return (
            after
            if len(between.split()) <= 12 and re.search(r"\b(?:on|for|in)\s(?:the\s)?(?:[\w-]+\s){0,2}$", between) and ";" not in between
            else None
        )

    def placed(self, slots: list[Slot]) -> list[Slot]:
        """The slots, those without a dataset given the sentence's only one; in a paper no study knows, which names few."""
        if self.vocabulary.complete or len(self.places) != 1:
            return slots
        return [slot if slot.dataset is not None or slot.amount is None else replace(slot, dataset=self.places[0]) for slot in slots]

    def sharing(self, clause: Clause, slots: list[Slot]) -> list[Slot]:
        """The slots, a number and its rival said of the same dataset."""
        shared = list(slots)
        for index, (first, second) in enumerate(pairwise(slots)):
            if second.amount is not None and first.amount is not None and is_rival(self.sentence, clause, second.amount):
                dataset = first.dataset or second.dataset
                shared[index : index + 2] = replace(first, dataset=dataset), replace(second, dataset=dataset)
        return shared

    def joined(self, numbers: Sequence[Amount], names: Sequence[Mention], context: Context) -> list[Slot]:
        """One run of numbers with one run of names: one to one if as many, else the single one with each."""
        apart = not self.vocabulary.complete and len(numbers) == 2 and not re.search(r"\b(?:and|or|to)\b|[&/]", self.between_all(numbers))
        unit = "" if apart else numbers[-1].unit if numbers else ""  # "83.2, 5.0 points above A" are no two differences
        run = tuple(replace(n, unit=n.unit or unit, relation=n.relation or numbers[0].relation) for n in numbers)
        subjects = context.subjects
        if not run:
            return [Slot(None, name) for name in names]
        if len(names) > 1:
            if len(run) == len(names):
                return [Slot(n, d, run) for n, d in zip(run, names, strict=True)]
            return [Slot(run[0], d, run) for d in names] if len(run) == 1 else []
        if (
            len(run) == 1
            and not names
            and len(context.datasets) > 1
            and not self.vocabulary.complete
            and OVER_ALL.match(self.sentence.masked)
        ):
            return [Slot(run[0], d, run) for d in context.datasets]
        in_turn = not names and len(run) == len(context.datasets) > 1 and not self.vocabulary.complete
        if in_turn and re.match(r",?\srespectively\b", self.sentence.masked[run[-1].end :]):
            return [Slot(n, d, run) for n, d in zip(run, context.datasets, strict=True)]
        dataset = names[0] if names else context.datasets[0] if len(context.datasets) == 1 else None
        if len(run) == len(subjects) > 1:
            return [Slot(n, dataset, run, method=m) for n, m in zip(run, subjects, strict=True)]
        if len(run) == len(context.baselines) > 1:
            return [Slot(n, dataset, run, baseline=b) for n, b in zip(run, context.baselines, strict=True)]
        return [Slot(n, dataset, run) for n in run]

    def between_all(self, numbers: Sequence[Amount]) -> str:
        return " ".join(self.sentence.between(a, b) for a, b in pairwise(numbers))

    def is_score(self, amount: Amount) -> bool:
        """Whether the number can be a score or a difference of scores."""
        return (
            amount.role == "amount"
            and amount.unit in ("", "pp", "%", "x", "dB", "mm", "ns", "us", "ms", "s", "min")
            and amount.total is None
        )

    def cut(self, amount: Amount) -> bool:
        """A number that ends where the source cuts the sentence may have lost digits."""
        return self.sentence.truncated and amount.end >= len(self.sentence.text.rstrip())

    def everywhere(self, clause: Clause, context: Context) -> list[Mention | None]:
        """The benchmarks that "all metrics" or an ability stands for."""
        lexicon = self.vocabulary.lexicon
        if EVERY.search(self.sentence.masked[clause.start : clause.end]):
            names = next((r.benchmarks for r in lexicon.regimes if r.name == context.regime), ()) or self.vocabulary.benchmarks
            return [Mention("dataset", name, name, clause.start, clause.start, cut=True) for name in names]
        for mention in clause.of("ability"):
            named = next((a.datasets for a in lexicon.abilities if a.name == mention.name), ())
            return [replace(mention, kind="dataset", name=name, cut=True) for name in named]
        return []

    # One slot to assertions

    def assertions(self, clause: Clause, slot: Slot, context: Context) -> Iterator[Assertion]:
        amount, predicate = slot.amount, clause.predicate
        own = own_metric(self.sentence, clause, amount) if amount is not None else None
        listed = listed_metrics(self.sentence, clause, slot.run) if amount is not None and not self.vocabulary.complete else ()
        if amount is not None and listed:
            own = next((m for n, m in zip(slot.run, listed, strict=True) if n.start == amount.start), own)
        if amount is not None and own is None and len(slot.run) > 1 and not self.vocabulary.complete:
            own = own_metric(self.sentence, clause, slot.run[-1])  # "22.3 and 25.1 BLEU"
        if amount is not None and own is None and not listed and not self.vocabulary.complete:
            own = self.in_turn(slot.run, amount)
        if amount is not None and own is None and not self.vocabulary.complete:
            own = said_before(self.sentence, clause, amount)
        timed = amount is not None and amount.unit in TIMES
        if own is None and not context.metric and amount is not None and not timed and not self.vocabulary.complete:
            own = next((m for m in only_metric(self.sentence) if COSTS.search(m.name) is None), None)
        context = replace(context, metric=own.name) if own is not None else context
        if amount is None:
            if not self.vocabulary.complete:
                predicate = compares(self.sentence, clause)
            if (
                predicate is not None
                and predicate.kind != "score"
                and predicate.sign
                and (slot.dataset is not None or not self.vocabulary.complete)
            ):
                yield from self.directions(clause, slot, context, predicate)
            return
        sign = delta_sign(self.sentence, clause, slot.run, amount, self.vocabulary)
        if amount.was is not None:
            yield from self.change(slot, context, amount, clause)
        elif sign is not None or (sign := self.listed_sign(amount)) is not None:
            if self.last is not None and sign == self.last[1] and self.last[0].relation == "~" and self.listed_sign(amount) is not None:
                slot = replace(slot, amount=(amount := replace(amount, relation="~")))  # "about 6% on A and 7% on B"
            self.last = amount, sign
            yield from self.differences(clause, slot, context, sign)
        elif self.states_score(clause, slot, amount, predicate, context):
            yield from self.values(clause, slot, context, amount)

    def in_turn(self, run: Sequence[Amount], amount: Amount) -> Mention | None:
        """The metric of a number in a list that follows as many scores of different metrics: "F1 is 90 and EM 85 for A, 78 and 66 for B"."""
        before = [a for a in self.found if isinstance(a, Value)][-len(run) :]
        names = [a.metric for a in before]
        if len(run) < 2 or len(set(names)) != len(run) or "" in names:
            return None
        name = next((m for n, m in zip(run, names, strict=True) if n.start == amount.start), None)
        return next((i for i in self.sentence.items if isinstance(i, Mention) and i.kind == "metric" and i.name == name), None)

    def listed_sign(self, amount: Amount) -> Sign | None:
        """The sign of the difference before it in a list: "falls by 1.2% on A, 0.4% on B"."""
        if self.vocabulary.complete or self.last is None:
            return None
        before, sign = self.last
        between = self.sentence.masked[before.end : amount.start]
        verbs = any(isinstance(i, Cue) and i.kind in SAID and before.end <= i.start < amount.start for i in self.sentence.items)
        if any(isinstance(i, Cue) and i.kind == "delta" and before.end <= i.start < amount.start for i in self.sentence.items):
            verbs = verbs or re.match(r"\s(?:on|with|for|in)\s", self.sentence.masked[amount.end :]) is None
        if between.count(")") > between.count("(") and not between.rstrip().endswith("("):
            return None  # "82.3 (+3.1) on A and 67.0"
        listed = re.fullmatch(r"[^;]{0,60}?(?:,|,?\sand)\s(?:by\s)?|[^;()]{0,20}\)(?:,|,?\sand)\s[^;()]{0,40}\(", between) is not None
        return sign if listed and not verbs and before.unit == amount.unit else None

    def directions(self, clause: Clause, slot: Slot, context: Context, predicate: Cue) -> Iterator[Direction]:
        metric = self.vocabulary.metric(slot.dataset.name if slot.dataset else "", context.metric)
        less = self.vocabulary.lower_is_better(metric) or (not self.vocabulary.complete and LOWER.fullmatch(metric) is not None)
        flip = predicate.numeric and context.metric != "" and less
        sign: Sign = "-" if (predicate.sign == "-") != flip else "+"
        if not (self.vocabulary.complete or context.subjects or context.baseline or slot.dataset or context.metric):
            return
        for method in context.subjects if self.vocabulary.complete else context.subjects[:1] or ("",):
            end = max(predicate.end, slot.dataset.end if slot.dataset else 0)
            start = min(predicate.start, slot.dataset.start if slot.dataset else predicate.start)
            yield Direction(**self.shared(context, slot.dataset, "Direction"), method=method, sign=sign, text=self.words(start, end))

    def states_score(self, clause: Clause, slot: Slot, amount: Amount, predicate: Cue | None, context: Context) -> bool:
        """Whether an unsigned number is a score: of a known dataset or metric, after a verb that states one."""
        if amount.unit in ("pp", "x") and own_metric(self.sentence, clause, amount) is None:
            return False
        if amount.relative is not None or amount.high is not None:
            return False
        metrics = clause.of("metric")
        known = slot.dataset is not None or bool(metrics) or self.raised_to(amount, predicate) or self.judged(amount)
        known = known or (not self.vocabulary.complete and (context.metric != "" or self.scored(clause, amount)))
        verb = (predicate is not None and predicate.start < amount.start) or bool(clause.cues("copula"))
        verb = verb or (not self.vocabulary.complete and any(c.end <= amount.start for c in clause.cues("score")))
        own = own_metric(self.sentence, clause, amount)
        printed_as_score = amount.unit != "" or "." in amount.text or own is not None
        printed_as_score |= not self.vocabulary.complete and SCORES.search(self.sentence.masked[: amount.start][-12:]) is not None
        if not self.vocabulary.complete and (own is not None or is_listed_score(self.sentence, clause, amount)):
            return printed_as_score
        if not self.vocabulary.complete and "." in amount.text and amount.value in self.vocabulary.printed and predicate is not None:
            return True
        return known and verb and printed_as_score and (bool(context.subjects) or not self.vocabulary.complete)

    def scored(self, clause: Clause, amount: Amount) -> bool:
        """Whether a verb says that a named method scores so much: "A obtains 78.7%", "our best model scores 82.1"."""
        before = self.sentence.masked[clause.start : amount.start]
        if SCORES.search(before) is not None:
            return True
        named = any(m.end <= amount.start for m in clause.of("method"))
        return named and (amount.unit == "%" or before.endswith("an average of ")) and OBTAINS.search(before) is not None

    def judged(self, amount: Amount) -> bool:
        return not self.vocabulary.complete and amount.unit == "%" and JUDGED.match(self.sentence.text, amount.end) is not None

    def raised_to(self, amount: Amount, predicate: Cue | None) -> bool:
        """Whether the number is a percentage that something rose or fell to: "raises the rate to 71%"."""
        if self.vocabulary.complete or predicate is None or predicate.kind != "change" or amount.unit != "%":
            return False
        return re.search(r"\bto\s$", self.sentence.masked[predicate.end : amount.start]) is not None

    def differences(self, clause: Clause, slot: Slot, context: Context, sign: Sign) -> Iterator[Difference | Range]:
        amount = slot.amount
        assert amount is not None
        if not self.vocabulary.complete and not self.measured(clause, amount):
            return
        baseline = slot.baseline or against(self.sentence, clause, amount)
        if baseline:
            context = replace(context, baseline=baseline, baseline_open=False)
        methods = tuple(shown(m) for m in owners(self.sentence, clause, amount)) if not self.vocabulary.complete else ()
        for method in (slot.method,) if slot.method else methods or context.subjects or ("",):
            base = self.costed(amount, self.shared(context, slot.dataset, "Difference"))
            open_ = (
                *base["ambiguous"],
                *(() if method else ("method",)),
                *(("unit",) if unclear(amount) else ()),
            )
            open_ = (*open_, *(("value",) if amount.relation else ()))
            base |= {
                "ambiguous": tuple(dict.fromkeys(open_)),
                "method": method,
                "unit": delta_unit(amount, base["metric"], self.vocabulary),
            }
            text = self.slot_words(clause, slot)
            self.bound.add(amount.start)
            if amount.high is not None:
                yield Range(**base, low=amount.value, high=amount.high, sign=sign, text=text)
            else:
                yield Difference(**base, value=amount.value, sign=sign, text=text)

    def measured(self, clause: Clause, amount: Amount) -> bool:
        """Whether the number can measure a difference: a bare whole number needs a measure beside it ("gains 2 mAP")."""
        printed = amount.unit != "" or amount.sign == "+" or "." in amount.text
        return printed or own_metric(self.sentence, clause, amount) is not None

    def change(self, slot: Slot, context: Context, amount: Amount, clause: Clause) -> Iterator[Value]:
        """ "from 12.0 to 13.6": the baseline's score and the method's."""
        assert amount.was is not None
        if not self.vocabulary.complete and not (self.measured(clause, amount) or any(m.end <= amount.start for m in clause.of("metric"))):
            return
        base = self.shared(context, slot.dataset, "Value")
        baseline = base.pop("baseline")
        unit = score_unit(amount, base["metric"], self.vocabulary)
        for method in context.subjects[:1] or ("",):
            self.bound.add(amount.start)
            text = self.slot_words(clause, slot)
            open_ = {"ambiguous": (*base.pop("ambiguous"), *(() if method else ("method",)))}
            yield Value(**base, **open_, method=method, value=amount.signed, unit=unit, text=text)
            if baseline or not self.vocabulary.complete:
                open_ = open_ if baseline else {"ambiguous": tuple(dict.fromkeys((*open_["ambiguous"], "method")))}
                yield Value(**base, **open_, method=baseline, value=amount.was, unit=unit, text=text)

    def values(self, clause: Clause, slot: Slot, context: Context, amount: Amount) -> Iterator[Value]:
        base = self.costed(amount, self.shared(context, slot.dataset, "Value"))
        baseline = base.pop("baseline")
        if is_rival(self.sentence, clause, amount):
            slot = replace(slot, method=owner(self.sentence, clause, amount) or baseline)
            if not slot.method and self.vocabulary.complete:
                return
            context = replace(context, subjects=("",))
        if not self.vocabulary.complete and (said := owner(self.sentence, clause, amount)):
            slot = replace(slot, method=said)
        for method in (slot.method,) if slot.method else context.subjects[:1] or ("",):
            open_ = (*base["ambiguous"], *(("value",) if amount.relation else ()), *(() if method else ("method",)))
            open_ = tuple(dict.fromkeys(open_))
            self.bound.add(amount.start)
            unit = score_unit(amount, base["metric"], self.vocabulary)
            yield Value(**(base | {"ambiguous": open_}), method=method, value=amount.signed, unit=unit, text=self.slot_words(clause, slot))

    # Shared slots

    def shared(self, context: Context, dataset: Mention | None, kind: str) -> dict[str, Any]:
        """Dataset, metric, regime and baseline, with what the lexicon supplied and what stays open."""
        supplied, ambiguous = [], []
        regime = context.regime
        if not regime and (regime := self.only_regime(context)):
            supplied.append("regime")
        baseline = context.baseline
        if not baseline and kind != "Value":
            baseline = self.implicit_baseline(regime)
            supplied += ["baseline"] if baseline else []
            ambiguous += [] if baseline else ["baseline"]
        if kind == "Value":
            baseline = baseline or self.implicit_baseline(regime)
        if context.baseline_open and kind != "Value":
            ambiguous.append("baseline")
        if context.subject_open:
            ambiguous.append("method")
        if dataset is None:
            ambiguous.append("dataset")
        elif dataset.cut:
            supplied.append("dataset")
        metric = self.vocabulary.metric(dataset.name if dataset else "", context.metric)
        if metric != context.metric:
            supplied.append("metric")
        return {
            "dataset": dataset.name if dataset else "",
            "metric": metric,
            "regime": regime,
            "baseline": baseline,
            "supplied": tuple(supplied),
            "ambiguous": tuple(ambiguous),
            "infers": kind != "Value",
        }

    def costed(self, amount: Amount, base: dict[str, Any]) -> dict[str, Any]:
        """The slots of a number, a dataset's usual metric left out where the number is a time or a multiple: "500 times faster on A"."""
        if self.vocabulary.complete or amount.unit not in (*TIMES, "x") or "metric" not in base["supplied"]:
            return base
        return base | {"metric": "", "supplied": tuple(name for name in base["supplied"] if name != "metric")}

    def only_regime(self, context: Context) -> str:
        """The regime that trains all the methods named, if only one does."""
        lexicon = self.vocabulary.lexicon
        names: set[str] = set()
        for subject in context.subjects:
            group = next((s.members for s in lexicon.sets if subject in (s.name, *s.aliases)), (subject,))
            names |= set(group)
        fitting = [r for r in lexicon.regimes if names & set(r.methods)]
        if len(fitting) != 1 or context.baseline not in (*fitting[0].methods, fitting[0].baseline, ""):
            return ""
        return fitting[0].name

    def implicit_baseline(self, regime: str) -> str:
        regimes = self.vocabulary.lexicon.regimes
        names = {r.baseline for r in regimes if regime in ("", r.name)} or {r.baseline for r in regimes}
        return names.pop() if len(names) == 1 else ""

    def words(self, start: int, end: int) -> str:
        return self.sentence.text[start:end].strip(" ,;")

    def slot_words(self, clause: Clause, slot: Slot) -> str:
        """The words from the verb, if no other number stands between, to the last of number and dataset."""
        assert slot.amount is not None
        start, end = slot.amount.start, slot.amount.end
        if slot.dataset is not None and slot.dataset.start >= clause.start:
            start, end = min(start, slot.dataset.start), max(end, slot.dataset.end)
        predicate = clause.predicate
        if predicate is not None and predicate.start < start:
            skipped = any(predicate.end <= item.start < start for item in clause.items if not isinstance(item, Cue))
            start = start if skipped else predicate.start
        noun = delta_noun(self.sentence, clause, slot.amount) or comparative(self.sentence, clause, slot.amount)
        start, end = (min(start, noun.start), max(end, noun.end)) if noun is not None else (start, end)
        if end < len(self.sentence.text) and self.sentence.text[end] == ")" and "(" in self.sentence.text[start:end]:
            end += 1
        return self.words(start, end)


def averaged(text: str) -> int | None:
    """Over how many seeds a sentence says it averages; 0 if it does not say how many, None if it says nothing of the kind."""
    match = AVERAGED.search(text[:LONGEST])
    if match is None:
        return None
    words = (match.group("first") or match.group("last") or "").lower().replace("-", " ").split()
    return next((int(w) if w.isdecimal() else NUMERALS[w] for w in words if w in NUMERALS or (w.isdecimal() and len(w) < 4)), 0)


TIMES = ("s", "ns", "us", "ms", "min")

FACT_UNITS = {
    "dimensional": "dimension",
    "dim": "dimension",
    "dims": "dimension",
    "dimensions": "dimension",
    "layer": "layers",
    "layers": "layers",
    "blocks": "blocks",
    "heads": "heads",
    "parameters": "parameters",
    "params": "parameters",
    "channels": "channels",
}
