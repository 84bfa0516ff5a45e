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
from claimcheck.extract.quantities import MASK, Amount
from claimcheck.extract.sentences import LONGEST, Clause, Cue, Item, Marked, marked
from claimcheck.readers.sentences import FUNCTION_WORD

Sign = Literal["+", "-"]

BASELINE_BEFORE = re.compile(
    r"(?:over|upon|against|than|versus|vs\.?|from|below|above|behind|(?:compared|comparison|relative|respect)\s(?:to|with)|compared\sagainst)"
    r"\s(?:the\s|a\s|an\s|its\s|our\s|that\sof\s|those\sof\s)*(?:\w+\s){0,2}$",
    re.IGNORECASE,
)
ASIDE_BEFORE = re.compile(r"(?:without|w/o|instead of|rather than|unlike|except)\s(?:the\s|any\s)?(?:\w+\s){0,1}$", re.IGNORECASE)
AND = re.compile(r",?\s(?:and|or)\s(?:the\s)?|/")
REMOVED_BEFORE = re.compile(r"(?:removing|removal\sof|dropping|ablating|disabling|excluding|omitting)\s(?:the\s)?$", re.IGNORECASE)
REGIME_AFTER = re.compile(
    r"[\s-](?:\w+[\s-]){0,1}?(?:as\s(?:the\s)?source|settings?|regimes?|pre-?training|training|configuration|scenario|pre-?trained|trained|protocol)\b",
    re.IGNORECASE,
)
REGIME_BEFORE = re.compile(r"(?:pre-?)?train(?:ed|ing)\s(?:only\s|solely\s)?(?:on|with|using)\s(?:the\s)?$", re.IGNORECASE)
EVERY = re.compile(
    r"\b(?:all|every|each|both)\s(?:of\sthe\s)?(?:\w+\s){0,2}?(?:metrics?|benchmarks?|datasets?|probes?|tasks?|scores?)\b", re.IGNORECASE
)
PRONOUN = re.compile(r"it|they|this|these|we|which|that|one|ones|both|there", re.IGNORECASE)
"""A subject that names nothing; "our method" names the paper's own."""

ARTICLES = re.compile(r"^(?:(?:the|a|an|here|overall|moreover|finally|notably)\s+)+", re.IGNORECASE)
PREPOSITION = re.compile(r"(?:in|on|for|with|by|at|when|as|to|from|of|during|after|before|under|similar|such)\b", re.IGNORECASE)
GENERIC = re.compile(
    r"\s(?:\w+\s){0,2}?(methods?|variants?|models?|objectives?|configurations?|approaches|baselines?|runs?)\b", re.IGNORECASE
)
UNIVERSE = re.compile(
    r"\b(?:in|among|amongst|across|out\sof|of)\s((?:the|all|any|every|our|its|both)\s[\w-]+(?:\s(?:methods?|variants?|models?|objectives?|regime|setting|table|study))?|table\s\d+)",
    re.IGNORECASE,
)
PREDICATED = re.compile(
    r"(?:,|\b(?:is|are|was|were|achieves?|has|have|gives?|yields?|obtains?|shows?|reach(?:es)?|with|delivers?|produces?|attains?))"
    r"\s(?:by far\s)?(?:the\s|a\s)?$"
)
"""Before a superlative that is said of the subject."""

BELIEF = re.compile(r"if|suspect|believe|conjecture|speculate|assume|hypothesi[sz]e|expect(?:s|ed)?|hope|whether", re.IGNORECASE)
"""A clause under one of these supposes; it asserts nothing."""

PURPOSE = re.compile(
    r"(?<!shown )(?<!found )(?<!seen )(?<!observed )(?<!known )(?<!tends )(?<!tend )(?<!seems )(?<!seem )(?<!appears )(?<!helps )(?<!help )"
    r"(?<!continues )(?<!reported )\b[Tt]o\s(?:further\s)?$"
)
"""Before a verb that only says what something is for ("to improve A"), not what it did ("found to improve A")."""

ORDINALS = {"second": 2, "2nd": 2, "third": 3, "3rd": 3}


@dataclass(frozen=True)
class Context:
    """What a sentence has said so far."""

    subjects: tuple[str, ...] = ()
    subject_open: bool = False
    """True if the subject is a pronoun that the sentence does not resolve."""

    baseline: str = ""
    baseline_open: bool = False
    """True if it is compared with several at once."""

    regime: str = ""
    datasets: tuple[Mention, ...] = ()
    metric: str = ""


@dataclass(frozen=True)
class Slot:
    """A number, or none, with the dataset it was said of."""

    amount: Amount | None
    dataset: Mention | None
    run: tuple[Amount, ...] = ()
    """The numbers it is listed with: "gains of 1.2, 0.4 and 3.0 points" says for all three what they are."""

    method: str = ""


@dataclass(frozen=True)
class Read:
    """The assertions of one sentence and the numbers that none of them holds."""

    assertions: tuple[Assertion, ...]
    unbound: tuple[str, ...]
    causal: bool
    hypothetical: bool


def read_sentence(text: str, vocabulary: Vocabulary, *, truncated: bool = False) -> Read:
    """What one sentence asserts."""
    if len(text) > LONGEST:
        return Read((), (), False, False)
    return SentenceReader(marked(text, vocabulary, truncated=truncated), vocabulary).read()


class SentenceReader:
    """Reads the clauses of one sentence from left to right."""

    def __init__(self, sentence: Marked, vocabulary: Vocabulary) -> None:
        self.sentence = sentence
        self.vocabulary = vocabulary
        self.bound: set[int] = set()
        """Starts of the numbers that an assertion holds."""

        self.found: list[Assertion] = []
        self.causal = any(isinstance(item, Cue) and item.kind == "causal" for item in sentence.items)

    def read(self) -> Read:
        context = Context()
        everywhere = self.regimes(self.sentence.items)
        for clause in self.sentence.clauses:
            here = self.regimes(clause.items) or (everywhere if len(set(everywhere)) == 1 else [])
            context = self.clause(clause, replace(context, regime=here[0] if here else ""))
        numbers = [item for item in self.sentence.items if isinstance(item, Amount)]
        unbound = tuple(n.text for n in numbers if n.role in ("amount", "size") and n.start not in self.bound)
        hypothetical = any(isinstance(item, Cue) and item.kind == "hypothetical" for item in self.sentence.items)
        return Read(tuple(self.found), unbound, self.causal, hypothetical)

    # What the sentence speaks of

    def regimes(self, items: Sequence[Item]) -> list[str]:
        """The training settings named: "in the UCF-101 setting", "pretrained on UCF-101"."""
        found = [item for item in items if isinstance(item, Mention) and self.is_regime(item)]
        return [next((e.name for e in item.entries if e.kind == "regime"), item.name) for item in found]

    def is_regime(self, mention: Mention) -> bool:
        kinds = {entry.kind for entry in mention.entries}
        if not kinds & {"regime", "dataset"}:
            return False
        after = self.sentence.masked[mention.end : mention.end + 40]
        before = self.sentence.masked[max(0, mention.start - 40) : mention.start]
        return kinds == {"regime"} or REGIME_AFTER.match(after) is not None or REGIME_BEFORE.search(before) is not None

    def datasets(self, clause: Clause) -> list[Mention]:
        """Benchmarks named in the clause; a name that stands for a training setting is none."""
        found = []
        for mention in clause.of("dataset", "regime"):
            as_dataset = next((e for e in mention.entries if e.kind == "dataset"), None)
            if as_dataset is not None and not self.is_regime(mention):
                found.append(replace(mention, kind="dataset", name=as_dataset.name))
        return found

    def roles(self, clause: Clause) -> tuple[list[Mention], list[Mention]]:
        """The methods spoken of, and those they are compared with."""
        subjects: list[Mention] = []
        baselines: list[Mention] = []
        predicate = clause.predicate
        for mention in clause.of("method", "set"):
            before = self.sentence.masked[max(clause.start, mention.start - 60) : mention.start]
            if ASIDE_BEFORE.search(before):
                continue
            listed = bool(baselines) and AND.fullmatch(self.sentence.between(baselines[-1], mention)) is not None
            compared = predicate is not None and predicate.kind == "compare" and mention.start > predicate.end
            if BASELINE_BEFORE.search(before) or compared or listed:
                baselines.append(mention)
            elif not self.in_brackets(mention, clause):
                subjects.append(mention)
        return subjects, baselines

    def named(self, mention: Mention, clause: Clause) -> str:
        """The method's name; "removing X" is another method than X."""
        removed = REMOVED_BEFORE.search(self.sentence.masked[max(clause.start, mention.start - 40) : mention.start])
        return f"without {shown(mention)}" if removed else shown(mention)

    def in_brackets(self, mention: Mention, clause: Clause) -> bool:
        """Whether the name stands in brackets after another, as the members of a set do."""
        before = self.sentence.masked[clause.start : mention.start]
        return before.count("(") > before.count(")")

    def entered(self, clause: Clause, context: Context) -> Context:
        """The context with what this clause says."""
        subjects, baselines = self.roles(clause)
        predicate = clause.predicate
        ahead = [m for m in subjects if predicate is None or m.start < predicate.start]
        names = tuple(dict.fromkeys(self.named(m, clause) for m in ahead or subjects[:1] if shown(m) not in {b.name for b in baselines}))
        if names:
            context = replace(context, subjects=names, subject_open=False)
        elif predicate is not None and not context.subjects:
            words = self.noun_phrase(clause, predicate)
            context = replace(context, subjects=(words,) if words else (), subject_open=PRONOUN.fullmatch(words) is not None)
        metrics = clause.of("metric")
        return replace(
            context,
            baseline=baselines[0].name if baselines else context.baseline,
            baseline_open=len({b.name for b in baselines}) > 1 if baselines else context.baseline_open,
            metric=metrics[0].name if metrics else context.metric,
        )

    def noun_phrase(self, clause: Clause, predicate: Cue) -> str:
        """The words before the verb, as printed, without articles and adverbs: the subject where no lexicon names it."""
        earlier = max((c.end for c in clause.cues("score", "causal") if c.end < predicate.start), default=clause.start)
        words = self.sentence.text[earlier : predicate.start]
        words = re.split(r"[,;:()]|\b(?:and|but|while|whereas|that|which|although)\b", words)[-1].strip()
        words = ARTICLES.sub("", words)
        words = re.sub(r"(?:\s(?:alone|also|further|often|still|even|only|can|does|did|\w+ly))+$", "", words)
        if PRONOUN.fullmatch(words) or (PRONOUN.search(words) and re.search(r"\bwe\b", words, re.IGNORECASE)):
            return "we" if "we" in words.lower() else words
        if FUNCTION_WORD.fullmatch(words) or PREPOSITION.match(words) or MASK in words or not words:
            return ""
        return words if len(words.split()) <= 6 and not re.search(r"\d", words.split()[0]) else ""

    # Clauses

    def clause(self, clause: Clause, before: Context) -> Context:
        context = self.entered(clause, before)
        if self.negated(clause):
            return context
        fact = list(self.facts(clause))
        trend = list(self.trends(clause, context))
        self.found += [*fact, *trend]
        if trend:
            return context
        datasets = self.datasets(clause)
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
            if BELIEF.fullmatch(cue.text):
                return predicate is None or cue.end <= predicate.start
            if cue.text.lower() in ("without", "no", "able to", "goal"):
                continue
            if predicate is None or 0 <= predicate.start - cue.end <= 25:
                return True
        return predicate is not None and PURPOSE.search(self.sentence.masked[: predicate.start][-40:]) is not None

    def facts(self, clause: Clause) -> Iterator[Fact]:
        """Sizes of the model: "a 768-dimensional embedding", "has 12 layers"."""
        for amount in clause.amounts:
            if amount.role != "size" or amount.unit not in FACT_UNITS:
                continue
            verb = next((cue for cue in reversed(clause.cues("score", "copula")) if cue.end <= amount.start), None)
            subject = self.noun_phrase(clause, verb) if verb else ""
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
            first = cue.text.lower().split(" ")[0].split("-")[0]
            universe = UNIVERSE.search(self.sentence.masked, cue.end)
            order: Literal["largest", "smallest"] = "largest" if (cue.sign == "+") != loss else "smallest"
            own = [d for d in datasets if d.start > cue.end] or [d for d in datasets if d.end <= cue.start][-1:] or list(datasets)[:1]
            for dataset in list[Mention | None](own) or [None]:
                for method in context.subjects[:1]:
                    end = max(cue.end + (noun.end() if noun else 0), universe.end() if universe else 0)
                    yield Rank(
                        **self.shared(context, dataset, "Rank"),
                        method=method,
                        order=order,
                        place=ORDINALS.get(first, 1),
                        universe=universe.group(1) if universe else "",
                        sign="-" if loss else "+",
                        text=self.words(cue.start, end),
                    )

    def ranks_subject(self, clause: Clause, cue: Cue) -> bool:
        """Whether the superlative is said of the subject, and not part of a name ("our best model", "the best baseline")."""
        before = self.sentence.masked[max(clause.start, cue.start - 30) : cue.start]
        after = self.sentence.masked[cue.end : cue.end + 30]
        if re.search(r"\b(?:our|at|previous|prior|to the|their)\s$", before, re.IGNORECASE) or re.match(
            r"\s(?:known|of our|\w*\s?baseline)", after
        ):
            return False
        if re.match(r"(?:perform|does|do|did|fare)", cue.text):
            return True
        return PREDICATED.search(before) is not None

    # Numbers and datasets

    def slots(self, clause: Clause, context: Context, datasets: Sequence[Mention]) -> list[Slot]:
        """Each number with its dataset, and each dataset that has none."""
        numbers = [a for a in clause.amounts if a.role == "amount" and self.is_score(a) and not self.cut(a)]
        groups = runs([*numbers, *datasets], self.sentence)
        pairs = adopted(paired(groups, self.sentence))
        slots: list[Slot] = []
        for amounts_, names in pairs:
            slots += self.joined(amounts_, names, context)
        slots = self.sharing(clause, slots)
        predicate = clause.predicate
        if predicate is not None and predicate.sign and not numbers and not datasets:
            if re.match(r"\s(?:it|them|both)\b", self.sentence.masked[predicate.end :][:6]):
                return [Slot(None, d) for d in context.datasets]
            slots += [Slot(None, d) for d in self.everywhere(clause, context)]
        return slots

    def sharing(self, clause: Clause, slots: list[Slot]) -> list[Slot]:
        """The slots, a number and its rival said of the same dataset."""
        shared = list(slots)
        for index, (first, second) in enumerate(pairwise(slots)):
            if second.amount is not None and first.amount is not None and self.is_rival(clause, second.amount):
                dataset = first.dataset or second.dataset
                shared[index : index + 2] = replace(first, dataset=dataset), replace(second, dataset=dataset)
        return shared

    def joined(self, numbers: Sequence[Amount], names: Sequence[Mention], context: Context) -> list[Slot]:
        """One run of numbers with one run of names: one to one if as many, else the single one with each."""
        run = tuple(replace(n, unit=n.unit or numbers[-1].unit, relation=n.relation or numbers[0].relation) for n in numbers)
        subjects = context.subjects
        if not run:
            return [Slot(None, name) for name in names]
        if len(names) > 1:
            if len(run) == len(names):
                return [Slot(n, d, run) for n, d in zip(run, names, strict=True)]
            return [Slot(run[0], d, run) for d in names] if len(run) == 1 else []
        dataset = names[0] if names else context.datasets[0] if len(context.datasets) == 1 else None
        if len(run) == len(subjects) > 1:
            return [Slot(n, dataset, run, method=m) for n, m in zip(run, subjects, strict=True)]
        return [Slot(n, dataset, run) for n in run]

    def is_score(self, amount: Amount) -> bool:
        """Whether the number can be a score or a difference of scores."""
        return amount.unit in ("", "pp", "%", "dB", "ms", "s") and amount.total is None

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
        own = self.own_metric(clause, amount) if amount is not None else None
        context = replace(context, metric=own.name) if own is not None else context
        if amount is None:
            if predicate is not None and predicate.kind != "score" and predicate.sign and slot.dataset is not None:
                yield from self.directions(clause, slot, context, predicate)
            return
        sign = self.delta_sign(clause, slot, amount, predicate)
        if amount.was is not None:
            yield from self.change(slot, context, amount, clause)
        elif sign is not None:
            yield from self.differences(clause, slot, context, sign)
        elif self.states_score(clause, slot, amount, predicate, context):
            yield from self.values(clause, slot, context, amount)

    def directions(self, clause: Clause, slot: Slot, context: Context, predicate: Cue) -> Iterator[Direction]:
        metric = self.vocabulary.metric(slot.dataset.name if slot.dataset else "", context.metric)
        flip = predicate.numeric and context.metric != "" and self.vocabulary.lower_is_better(metric)
        sign: Sign = "-" if (predicate.sign == "-") != flip else "+"
        for method in context.subjects:
            end = max(predicate.end, slot.dataset.end if slot.dataset else 0)
            start = min(predicate.start, slot.dataset.start if slot.dataset else predicate.start)
            yield Direction(**self.shared(context, slot.dataset, "Direction"), method=method, sign=sign, text=self.words(start, end))

    def delta_sign(self, clause: Clause, slot: Slot, amount: Amount, predicate: Cue | None) -> Sign | None:
        """The direction of a number that is a difference; None if it is a score."""
        if amount.sign and not self.is_likelihood(clause):
            return amount.sign
        said = [self.delta_noun(clause, a) or self.comparative(clause, a) for a in slot.run]
        cue = next((cue for cue in said if cue is not None), None)
        if cue is None and self.sentence.masked[: slot.run[0].start].endswith("by "):  # "achieves gains on A by 5.3%"
            cue = next((c for c in clause.cues("delta") if c.end <= amount.start), None)
        if cue is not None:
            return self.numeric(cue, clause)
        if predicate is None or not predicate.sign or predicate.start > amount.start:
            return "+" if amount.unit == "pp" and predicate is not None and predicate.kind == "score" and amount.relative is None else None
        before = self.sentence.masked[predicate.end : slot.run[0].start]
        if re.search(r"\bto\s(?:about\s|around\s)?$", before) or re.search(r"\bfrom\s$", before):
            return None
        by = re.search(
            r"\bby\s(?:an?\s|about\s|around\s|over\s|nearly\s|only\s|up\sto\s|(?:absolute|relative)\s|\w+\s)?(?:margin\sof\s)?$", before
        )
        own = self.own_metric(clause, amount) if not amount.unit else None
        if by or amount.unit == "pp" or (own is not None and own.start >= amount.end) or (predicate.numeric and not before.strip(" +-")):
            return self.numeric(predicate, clause)
        return None

    def numeric(self, cue: Cue, clause: Clause) -> Sign:
        """The sign of the number itself: improving an error rate lowers it."""
        metrics = clause.of("metric")
        lower = bool(metrics) and self.vocabulary.lower_is_better(metrics[0].name)
        return "-" if (cue.sign == "-") != (lower and not cue.numeric) else "+"

    def delta_noun(self, clause: Clause, amount: Amount) -> Cue | None:
        """ "a 5.02-point gain", "a gain of 5.02 points"."""
        for cue in clause.cues("delta"):
            after = self.sentence.masked[amount.end : cue.start]
            before = self.sentence.masked[cue.end : amount.start]
            if amount.end <= cue.start and len(after.split()) <= 3 and not re.search(r"[,;()]", after):
                return cue
            if cue.end <= amount.start and re.fullmatch(
                r"\s(?:in\s(?:\w+\s)?)?(?:of|by)\s(?:about\s|up\sto\s|around\s|over\s)?", before.replace(MASK, "x")
            ):
                return cue
        return None

    def comparative(self, clause: Clause, amount: Amount) -> Cue | None:
        """ "2.1 points higher"."""
        return next((c for c in clause.cues("adjective") if 0 <= c.start - amount.end <= 3 and amount.unit in ("pp", "%", "")), None)

    def own_metric(self, clause: Clause, amount: Amount) -> Mention | None:
        """The metric printed with the number: "37.2 mAP", "0.4 points (EM)", "a BLEU of 27"."""
        for metric in clause.of("metric"):
            if metric.start >= amount.end and re.fullmatch(
                r"\s?\(?(?:(?:in|of|on)\s(?:terms\sof\s)?)?", self.sentence.between(amount, metric)
            ):
                return metric
            if metric.end <= amount.start and re.fullmatch(
                r"\s?(?:[:=(]|(?:score\s)?(?:of|is|by|to|at))?\s?", self.sentence.between(metric, amount)
            ):
                return metric
        return None

    def is_likelihood(self, clause: Clause) -> bool:
        return any(m.name in ("log-likelihood", "NLL") for m in clause.of("metric"))

    def states_score(self, clause: Clause, slot: Slot, amount: Amount, predicate: Cue | None, context: Context) -> bool:
        """Whether an unsigned number is a score: of a known dataset or metric, after a verb that states one."""
        if amount.unit == "pp" or amount.relative is not None or amount.relation in ("<", "<=") or amount.high is not None:
            return False
        metrics = clause.of("metric")
        known = slot.dataset is not None or bool(metrics)
        verb = (predicate is not None and predicate.start < amount.start) or bool(clause.cues("copula"))
        verb = verb or any(re.fullmatch(r"\s(?:score\s)?of\s", self.sentence.between(m, amount)) for m in metrics if m.end < amount.start)
        printed_as_score = amount.unit != "" or "." in amount.text or self.own_metric(clause, amount) is not None
        return known and verb and printed_as_score and bool(context.subjects)

    def differences(self, clause: Clause, slot: Slot, context: Context, sign: Sign) -> Iterator[Difference | Range]:
        amount = slot.amount
        assert amount is not None
        if amount.relation in (">", ">=", "<", "<="):
            return  # "by more than 5 points" states no difference
        for method in (slot.method,) if slot.method else context.subjects or ("",):
            base = self.shared(context, slot.dataset, "Difference")
            open_ = (
                *base["ambiguous"],
                *(() if method else ("method",)),
                *(("unit",) if unclear(amount) else ()),
            )
            open_ = (*open_, *(("value",) if amount.relation == "~" else ()))
            base |= {
                "ambiguous": tuple(dict.fromkeys(open_)),
                "method": method,
                "unit": self.delta_unit(amount, base["metric"]),
            }
            text = self.slot_words(clause, slot)
            self.bound.add(amount.start)
            if amount.high is not None:
                yield Range(**base, low=amount.value, high=amount.high, sign=sign, text=text)
            else:
                yield Difference(**base, value=amount.value, sign=sign, text=text)

    def delta_unit(self, amount: Amount, metric: str) -> str:
        """Points of a percentage are `pp`; of another metric, that metric's unit or plain points."""
        if amount.unit == "%":
            return "pp" if amount.relative is False else "%"
        if amount.unit in ("", "pp"):
            return "pp" if self.vocabulary.unit(metric) in ("%", "pp") else self.vocabulary.unit(metric) or "points"
        return amount.unit

    def change(self, slot: Slot, context: Context, amount: Amount, clause: Clause) -> Iterator[Value]:
        """ "from 12.0 to 13.6": the baseline's score and the method's."""
        assert amount.was is not None
        base = self.shared(context, slot.dataset, "Value")
        baseline = base.pop("baseline")
        unit = self.score_unit(amount, base["metric"])
        for method in context.subjects[:1]:
            self.bound.add(amount.start)
            text = self.slot_words(clause, slot)
            yield Value(**base, method=method, value=amount.signed, unit=unit, text=text)
            if baseline:
                yield Value(**base, method=baseline, value=amount.was, unit=unit, text=text)

    def values(self, clause: Clause, slot: Slot, context: Context, amount: Amount) -> Iterator[Value]:
        base = self.shared(context, slot.dataset, "Value")
        baseline = base.pop("baseline")
        if self.is_rival(clause, amount):
            slot = replace(slot, method=self.owner(clause, amount) or baseline)
            if not slot.method:
                return
        for method in (slot.method,) if slot.method else context.subjects:
            open_ = (*base["ambiguous"], *(("value",) if amount.relation else ()))
            self.bound.add(amount.start)
            unit = self.score_unit(amount, base["metric"])
            yield Value(**(base | {"ambiguous": open_}), method=method, value=amount.signed, unit=unit, text=self.slot_words(clause, slot))

    def is_rival(self, clause: Clause, amount: Amount) -> bool:
        """Whether the number stands against the one before it: "76.9% versus 59.9%"."""
        before = [a for a in clause.amounts if a.end <= amount.start]
        return (
            bool(before)
            and re.fullmatch(
                rf"(?:\s{MASK}+)?\s(?:versus|vs\.?|against|compared\s(?:to|with)|over)\s", self.sentence.between(before[-1], amount)
            )
            is not None
        )

    def owner(self, clause: Clause, amount: Amount) -> str:
        """The method a number is said of right after it: "59.9% for B"."""
        for mention in clause.of("method", "set"):
            if mention.start > amount.end and re.fullmatch(
                r"\s(?:for|by|of|with)\s(?:the\s|our\s)?", self.sentence.between(amount, mention)
            ):
                return shown(mention)
        return ""

    def score_unit(self, amount: Amount, metric: str) -> str:
        return amount.unit or self.vocabulary.unit(metric)

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
        noun = self.delta_noun(clause, slot.amount) or self.comparative(clause, slot.amount)
        start, end = (min(start, noun.start), max(end, noun.end)) if noun is not None else (start, end)
        if end < len(self.sentence.text) and self.sentence.text[end] == ")" and "(" in self.sentence.text[start:end]:
            end += 1
        return self.words(start, end)


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


def shown(mention: Mention) -> str:
    """A method by its name; a set or an ability in the sentence's words, as the lexicon spells them."""
    return mention.text if mention.kind in ("set", "ability") else mention.name


def unclear(amount: Amount) -> bool:
    """A bare "%" may be points or a share of the baseline's score."""
    return amount.unit == "%" and amount.relative is None
