"""What speaks for or against a number being a result: features by name, of the number, its words, its neighbours and what the rules made of it."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Literal

from claimcheck.dossier import Assertion, Difference, Range, Value
from claimcheck.extract.candidates import Word, words
from claimcheck.extract.features import tag
from claimcheck.extract.lexicon import Mention, Vocabulary
from claimcheck.extract.measures import (
    comparative,
    counts_or_refers,
    delta_noun,
    describes_data,
    in_formula,
    is_listed_score,
    is_rival,
    is_setting,
    overlap_limit,
    own_metric,
    put_in,
    told_difference,
)
from claimcheck.extract.phrases import LOWER
from claimcheck.extract.quantities import Amount
from claimcheck.extract.sentences import Clause, Cue, Marked

Part = Literal["value", "was"]
Class = Literal["none", "score", "+", "-"]
CLASSES: tuple[Class, ...] = ("none", "score", "+", "-")

SETTINGS = re.compile(
    r"epochs?|iterations?|steps?|layers?|rates?|batch(?:es)?|mini-?batch\w*|dim(?:ension\w*)?s?|size[sd]?|hours?|days?|weeks?|gpus?|cpus?|tpus?|cores?"
    r"|param(?:eter)?s?|momentum|decay|dropout|threshold\w*|window\w*|kernel\w*|filters?|channels?|strides?|units?|neurons?|hidden|embedding\w*|vectors?"
    r"|beam|temperature|seeds?|runs?|folds?|trials?|samples?|sampled|examples?|instances?|images?|videos?|frames?|pixels?|sentences?|words?|tokens?"
    r"|documents?|users?|items?|classes|categories|labels?|nodes?|edges?|annotators?|participants?|questions?|pairs?|points?|seconds?|minutes?"
    r"|train(?:ed|ing)?|split|validation|set|initiali[sz]\w*|optimi[sz]er|adam|sgd|learning|weights?|coefficients?|alpha|beta|gamma|lambda|sigma|noise"
    r"|probability|ratio|factor|scale[sd]?|crop\w*|resiz\w*|resolution|length|vocabulary|memory|version|contains?|consists?|comprises?|total|number",
    re.IGNORECASE,
)
"""Words of settings and of sizes."""

COST = re.compile(
    r"\b(?:errors?|loss|perplexity|distances?|[wcep]er|mae|rmse|mse|mpjpe|msd|fid|latency|time|costs?|param\w*|flops|memory|runtime|eer)\b",
    re.IGNORECASE,
)
"""Measures of which less is better, that the field's table does not know."""

LISTED = re.compile(r"(?:[^\w.;:()]|\band\b|\bor\b|\bto\b|\bvs\b|\bversus\b|%|[a-zA-Z]{1,3}\b){0,14}")
"""What stands between two numbers of one list."""


def numbers(sentence: Marked) -> Iterator[tuple[Amount, Part]]:
    """Every number that may be a result; of "from A to B" both."""
    for amount in amounts_of(sentence):
        if amount.role not in ("amount", "size"):
            continue
        yield amount, "value"
        if amount.was is not None:
            yield amount, "was"


def amounts_of(sentence: Marked) -> list[Amount]:
    return [item for item in sentence.items if isinstance(item, Amount)]


def ruled(sentence: Marked, rules: Sequence[Assertion]) -> dict[tuple[int, Part], list[Assertion]]:
    """The rules' assertions by the number they were read from: the first of the same value within the assertion's words."""
    found: dict[tuple[int, Part], list[Assertion]] = {}
    for rule in rules:
        if not isinstance(rule, Value | Difference | Range):
            continue
        value = abs(rule.low if isinstance(rule, Range) else rule.value)
        fitting = [(a, part) for a, part in numbers(sentence) if abs(a.value if part == "value" else a.was or 0) == value]
        begin = [m.start() for m in re.finditer(re.escape(rule.text), sentence.text)] if rule.text else []
        within = [(a, part) for a, part in fitting if any(b <= a.start and a.end <= b + len(rule.text) + 1 for b in begin)]
        fitting = within or fitting
        free = [(a, part) for a, part in fitting if (a.start, part) not in found and (a.high is not None) == isinstance(rule, Range)]
        if fitting:
            amount, part = (free or fitting)[0]
            found.setdefault((amount.start, part), []).append(rule)
    return found


def class_of(rule: Assertion) -> Class:
    return rule.sign if isinstance(rule, Difference | Range) else "score"


class Reading:
    """A sentence with what its features ask for again and again."""

    def __init__(self, sentence: Marked, rules: Sequence[Assertion], vocabulary: Vocabulary) -> None:
        self.sentence = sentence
        self.vocabulary = vocabulary
        self.tokens = words(sentence)
        self.tags = [tag(token) or "[]" for token in self.tokens]
        self.words = [plain(token, name) for token, name in zip(self.tokens, self.tags, strict=True)]
        self.starts = [token.start for token in self.tokens]
        self.amounts = amounts_of(sentence)
        self.ruled = ruled(sentence, rules)
        self.rules = rules
        self.reasoned: dict[int, list[str]] = {}
        self.cues = [item for item in sentence.items if isinstance(item, Cue)]
        self.mentions = [item for item in sentence.items if isinstance(item, Mention)]

    def clause(self, amount: Amount) -> Clause | None:
        return next((c for c in self.sentence.clauses if c.start <= amount.start < c.end), None)

    def rule(self, amount: Amount | None, part: Part = "value") -> str:
        """What the rules made of a number, as a word."""
        if amount is None:
            return "^"
        made = self.ruled.get((amount.start, part))
        return class_of(made[0]) if made else "none"

    def reasons(self, amount: Amount) -> list[str]:
        """`reasons`, asked once a number."""
        if amount.start not in self.reasoned:
            self.reasoned[amount.start] = reasons(self, amount)
        return self.reasoned[amount.start]

    def span(self, amount: Amount) -> tuple[int, int]:
        """The first token of a number and the first after it."""
        first = max(0, bisect_right(self.starts, amount.start) - 1)
        last = first
        while last < len(self.tokens) and self.tokens[last].start < amount.end:
            last += 1
        return first, last


def plain(token: Word, name: str) -> str:
    """The word a token stands for: names and numbers by their kind, digits as 0."""
    if name in ("N", "M", "D", "O", "[]"):
        return name
    low = re.sub(r"\d+", "0", token.text.lower())
    return low if len(low) <= 14 else low[:5] + "~" + low[-5:]


def features(sentence: Marked, rules: Sequence[Assertion], vocabulary: Vocabulary) -> list[tuple[Amount, Part, list[str]]]:
    """Every number of the sentence with what is known about it."""
    reading = Reading(sentence, rules, vocabulary)
    shared = sentence_features(reading)
    found = []
    for amount, part in numbers(sentence):
        print_ = printed_features(amount, part)
        rule = rule_features(reading, amount, part)
        own = [*print_, *rule, *reading.reasons(amount), *word_features(reading, amount), *cue_features(reading, amount)]
        own += [
            *sense_features(reading, amount),
            *name_features(reading, amount),
            *bracket_features(reading, amount),
            *list_features(reading, amount),
            *shared,
        ]
        found.append((amount, part, list(dict.fromkeys([*own, *joint(own), "bias"]))))
    return found


def shape(amount: Amount) -> str:
    """How a number is printed, in one word: unit, decimals and digits."""
    unit = amount.unit if amount.unit in ("%", "pp", "x", "dB", "") else "u"
    decimals = len(amount.text.split(".")[1].rstrip("% )")) if re.search(r"\d\.\d", amount.text) else 0
    size = "0" if amount.value < 1 else "1" if amount.value < 10 else "2" if amount.value < 100 else "3"
    return f"{unit}{size}.{min(decimals, 3)}{amount.sign}"


def printed_features(amount: Amount, part: Part) -> list[str]:
    unit = amount.unit or "bare"
    decimals = "." in amount.text
    return [
        f"part={part}",
        f"role={amount.role}",
        f"unit={unit}",
        f"sign={amount.sign}",
        f"relation={amount.relation}",
        f"relative={amount.relative}",
        f"shape={shape(amount)}",
        f"decimal={decimals}",
        f"high={amount.high is not None}",
        f"total={amount.total is not None}",
        f"error={amount.error is not None}",
        f"was={amount.was is not None}",
        f"big={len(str(int(amount.value)))}",
        *(["one"] if amount.value == 1 else ["zero"] if amount.value == 0 else ["hundred"] if amount.value == 100 else []),
    ]


def rule_features(reading: Reading, amount: Amount, part: Part) -> list[str]:
    """What the rules decided for this number and for the others."""
    own = reading.rule(amount, part)
    order = reading.amounts.index(amount)
    before = reading.amounts[order - 1] if order else None
    after = reading.amounts[order + 1] if order + 1 < len(reading.amounts) else None
    number = sum(isinstance(r, Value | Difference | Range) for r in reading.rules)
    other = sorted({r.kind for r in reading.rules} - {"Value", "Difference", "Range"})
    made = reading.ruled.get((amount.start, part), [])
    slots = [f"R:has={name}" for r in made[:1] for name in ("method", "dataset", "metric", "baseline") if getattr(r, name, "")]
    return [
        f"R:{own}",
        f"R:{own}&{amount.role}",
        f"R:{own}&{amount.unit}",
        f"R:{own}&{shape(amount)}",
        f"R:{own}&{part}",
        f"R:{own}&high={amount.high is not None}",
        f"R:before={reading.rule(before)}",
        f"R:after={reading.rule(after)}",
        f"R:{own}&before={reading.rule(before)}",
        f"R:{own}&after={reading.rule(after)}",
        f"R:many={min(number, 3)}",
        f"R:{own}&many={min(number, 3)}",
        *(f"R:{own}&other={kind}" for kind in other),
        *slots,
    ]


def reasons(reading: Reading, amount: Amount) -> list[str]:
    """The rules' own questions about a number."""
    sentence, clause = reading.sentence, reading.clause(amount)
    asked = {
        "setting": is_setting(sentence, amount),
        "counts": counts_or_refers(sentence, amount),
        "data": describes_data(sentence, amount),
        "formula": in_formula(sentence, amount),
        "overlap": overlap_limit(sentence, amount),
        "put": put_in(sentence, amount),
    }
    found = [f"is={name}" for name, true in asked.items() if true]
    if clause is None:
        return [*found, "noclause"]
    nouns = {"noun": delta_noun(sentence, clause, amount), "comparative": comparative(sentence, clause, amount)}
    nouns["told"] = told_difference(sentence, clause, amount)
    for name, cue in nouns.items():
        found += [f"is={name}", f"is={name}{cue.sign}{cue.numeric}"] if cue is not None else []
    measure = own_metric(sentence, clause, amount)
    found += ["is=measured", f"is=measured{'L' if measure.end <= amount.start else 'R'}"] if measure is not None else []
    found += ["is=listed"] if is_listed_score(sentence, clause, amount) else []
    found += ["is=rival"] if is_rival(sentence, clause, amount) else []
    lower = any(costs(m, reading.vocabulary) for m in clause.of("metric"))
    predicate = clause.predicate
    if predicate is not None:
        side = "L" if predicate.end <= amount.start else "R"
        found += [f"verb={predicate.kind}{predicate.sign}{side}", f"verb={predicate.text.lower()}{side}"]
        found += [f"verb={predicate.kind}{predicate.sign}{predicate.numeric}{side}&lower={lower}"]
    else:
        found += ["verb="]
    return [*found, f"lower={lower}"]


def costs(metric: Mention, vocabulary: Vocabulary) -> bool:
    """Whether less of a measure is better."""
    return vocabulary.lower_is_better(metric.name) or LOWER.fullmatch(metric.name) is not None or COST.search(metric.name) is not None


def sense_features(reading: Reading, amount: Amount) -> list[str]:
    """The sign that the nearest cues would give the number, by the measures on either side."""
    order = reading.amounts.index(amount)
    stop = reading.amounts[order + 1].start if order + 1 < len(reading.amounts) else len(reading.sentence.text)
    metrics = [m for m in reading.mentions if m.kind == "metric"]
    right = next((m for m in metrics if amount.end <= m.start < stop), None)
    left = next((m for m in reversed(metrics) if m.end <= amount.start), None)
    nearest = right if right is not None and right.start - amount.end <= 20 else left or right
    lower = nearest is not None and costs(nearest, reading.vocabulary)
    found = [f"lower={'' if m is None else costs(m, reading.vocabulary)}{side}" for m, side in ((left, "L"), (right, "R"))]
    signed = [c for c in reading.cues if c.sign and c.kind in ("change", "compare", "delta", "adjective")]
    for side, cues in (("L", [c for c in signed if c.end <= amount.start][::-1]), ("R", [c for c in signed if c.start >= amount.end])):
        for kinds in (("change", "compare", "delta", "adjective"), ("change", "compare"), ("delta", "adjective")):
            cue = next((c for c in cues if c.kind in kinds), None)
            if cue is not None:
                flip = lower and not cue.numeric
                sense = "-" if (cue.sign == "-") != flip else "+"
                close = abs(cue.start - amount.start) <= 40
                found += [f"sense{side}{kinds[0]}{sense}{close}", f"sense{side}{kinds[0]}{sense}&{amount.unit}"]
                found += [f"sense{side}{kinds[0]}{sense}&small={amount.value < 10}{'.' in amount.text}"]
    return found


def word_features(reading: Reading, amount: Amount) -> list[str]:
    """The words around a number: each by its place, in pairs, and as a bag within the window."""
    first, last = reading.span(amount)
    left = ["^", "^", "^", *reading.words[:first]]
    right = [*reading.words[last:], "$", "$", "$"]
    left_tags, right_tags = ["^", "^", "^", *reading.tags[:first]], [*reading.tags[last:], "$", "$", "$"]
    found = [f"L{n}={left[-n]}" for n in (1, 2, 3)] + [f"R{n}={right[n - 1]}" for n in (1, 2, 3)]
    found += [f"L21={left[-2]}_{left[-1]}", f"R12={right[0]}_{right[1]}", f"LR={left[-1]}_{right[0]}"]
    found += [f"L321={'_'.join(left[-3:])}", f"R123={'_'.join(right[:3])}"]
    found += [f"l21={'_'.join(left_tags[-2:])}", f"r12={'_'.join(right_tags[:2])}", f"lr={left_tags[-1]}_{right_tags[0]}"]
    found += [f"l321={'_'.join(left_tags[-3:])}", f"r123={'_'.join(right_tags[:3])}"]
    near_left, near_right = left[3:][-6:], right[:-3][:6]
    found += [f"lw={w}" for w in dict.fromkeys(near_left)] + [f"rw={w}" for w in dict.fromkeys(near_right)]
    found += [f"w={w}" for w in dict.fromkeys(reading.words[max(0, first - 10) : first] + reading.words[last : last + 10])]
    settings = [w for w in (*near_left, *near_right) if SETTINGS.fullmatch(w)]
    found += [f"settings={min(len(settings), 3)}"]
    found += [f"head={w}" for w, t in zip(right[:3], right_tags, strict=False) if t in ("w", "K", "D", "M")][:1]
    before = reversed(list(zip(left[3:][-8:], left_tags[3:][-8:], strict=True)))
    return found + [f"noun={w}" for w, t in before if t in ("w", "K") or t[:4] in ("delt", "chan", "scor", "comp")][:1]


def cue_features(reading: Reading, amount: Amount) -> list[str]:
    """The nearest cues on both sides, of any kind and of each."""
    found: list[str] = []
    left = [c for c in reading.cues if c.end <= amount.start][::-1]
    right = [c for c in reading.cues if c.start >= amount.end]
    for side, cues in (("L", left), ("R", right)):
        for n, cue in enumerate(cues[:2]):
            found += [f"{side}cue{n}={cue.kind}{cue.sign}", f"{side}cue{n}={cue.text.lower()}"]
        for kind in ("change", "compare", "score", "delta", "adjective", "hypothetical", "copula", "rank"):
            first = next((c for c in cues if c.kind == kind), None)
            if first is not None:
                cue = first
                gap = amount.start - cue.end if side == "L" else cue.start - amount.end
                far = "0" if gap < 4 else "1" if gap < 16 else "2" if gap < 48 else "3"
                between = sum((cue.end <= a.start and a.end <= amount.start) or amount.end <= a.start < cue.start for a in reading.amounts)
                found += [f"{side}{kind}{cue.sign}{far}", f"{side}{kind}n{min(between, 2)}"]
    if left:
        path = reading.sentence.masked[left[0].end : amount.start]
        found.append(
            f"by={left[0].kind}{left[0].sign}{'by' if ' by ' in path else 'to' if ' to ' in path else 'of' if ' of ' in path else ''}"
        )
    return found


def name_features(reading: Reading, amount: Amount) -> list[str]:
    """The names near a number, by kind and side, and what stands between."""
    found: list[str] = []
    clause = reading.clause(amount)
    for kind in ("metric", "dataset", "method"):
        left = next((m for m in reversed(reading.mentions) if m.kind == kind and m.end <= amount.start), None)
        right = next((m for m in reading.mentions if m.kind == kind and m.start >= amount.end), None)
        inside = clause is not None and bool(clause.of(kind))
        found.append(f"{kind}in={inside}")
        if left is not None:
            found += between(reading, f"{kind}L", left.end, amount.start)
        if right is not None:
            found += between(reading, f"{kind}R", amount.end, right.start)
    return found


def between(reading: Reading, name: str, start: int, end: int) -> list[str]:
    """The tags from a name to a number, if they are few; else how many."""
    first, last = bisect_right(reading.starts, start - 1), bisect_right(reading.starts, end - 1)
    run = reading.tags[first:last]
    far = "near" if len(run) <= 4 else "mid" if len(run) <= 10 else "far"
    found = [f"{name}={far}", f"{name}n={min(2, run.count('N'))}"]
    return [*found, f"{name}:{'_'.join(run)}"] if len(run) <= 4 else found


def bracket_features(reading: Reading, amount: Amount) -> list[str]:
    """Where a number stands in brackets, and what opens them."""
    text = reading.sentence.masked
    opened = text.rfind("(", 0, amount.start)
    if opened <= text.rfind(")", 0, amount.start):
        return ["bracket=no"]
    inside = text[opened + 1 : amount.start]
    close = text.find(")", amount.end)
    whole = text[opened + 1 : close] if close >= 0 else ""
    ahead = next((t for t, s in zip(reversed(reading.tags), reversed(reading.starts), strict=True) if s < opened), "^")
    return [
        "bracket=yes",
        f"bracket={'first' if not inside.strip() else 'second' if re.search(r'[0-9]', inside) else 'after'}",
        f"bracket={'alone' if close >= 0 and len(whole) <= amount.end - amount.start + 1 else 'long' if len(whole) > 30 else 'short'}",
        f"bracketed={ahead}",
        f"inside={inside.strip().split()[-1].lower() if inside.strip() else ''}",
        f"equals={inside.rstrip().endswith('=')}",
    ]


def list_features(reading: Reading, amount: Amount) -> list[str]:
    """The list of numbers a number stands in, and what the rules made of its members."""
    order = reading.amounts.index(amount)
    low = high = order
    text = reading.sentence.masked
    while low and LISTED.fullmatch(text[reading.amounts[low - 1].end : reading.amounts[low].start]):
        low -= 1
    while high + 1 < len(reading.amounts) and LISTED.fullmatch(text[reading.amounts[high].end : reading.amounts[high + 1].start]):
        high += 1
    members = reading.amounts[low : high + 1]
    found = [
        f"list={min(len(members), 4)}",
        f"place={min(order - low, 2)}",
        f"nth={min(order, 3)}",
        f"amounts={min(len(reading.amounts), 6)}",
    ]
    others = [a for a in members if a is not amount]
    alike = [
        a for a in reading.amounts if a is not amount and shape(a)[:1] == shape(amount)[:1] and ("." in a.text) == ("." in amount.text)
    ]
    found += [f"R:list={reading.rule(a)}" for a in others] + [f"R:alike={reading.rule(a)}" for a in alike]
    found += [f"listunit={a.unit}" for a in others]
    found += [f"list{reason}" for a in others for reason in reading.reasons(a) if reason.startswith("is=")]
    for name, near in (("prev", order - 1), ("next", order + 1)):
        if 0 <= near < len(reading.amounts):
            other = reading.amounts[near]
            gap = text[other.end : amount.start] if near < order else text[amount.end : other.start]
            found += [f"{name}={shape(other)}", f"{name}unit={other.unit == amount.unit}", f"{name}role={other.role}"]
            found += [f"{name}gap={gap.strip().lower()}"] if len(gap) <= 16 else []
    return found


def sentence_features(reading: Reading) -> list[str]:
    """What the whole sentence speaks of."""
    kinds = {m.kind for m in reading.mentions}
    cues = {c.kind + c.sign for c in reading.cues}
    found = [f"S:{kind}" for kind in sorted(kinds)] + [f"S:{cue}" for cue in sorted(cues)]
    found += ["S:own"] if any(m.own for m in reading.mentions) else []
    found += [f"S:settings={min(3, sum(SETTINGS.fullmatch(w) is not None for w in reading.words) // 2)}"]
    found += [f"S:w={w}" for w in dict.fromkeys(w for w, t in zip(reading.words, reading.tags, strict=True) if t == "w")]
    found += ["S:first=" + "_".join(reading.words[:1]), "S:first2=" + "_".join(reading.words[:2])]
    return [*found, f"S:long={min(4, len(reading.words) // 15)}"]


JOINED = (("unit=", "L1="), ("unit=", "R1="), ("unit=", "Lcue0="), ("role=", "S:settings="), ("shape=", "L1="))
"""Families of features that are also asked together."""


def joint(own: Sequence[str]) -> Iterator[str]:
    """Pairs of features."""
    family = {name: [f for f in own if f.startswith(name)] for pair in JOINED for name in pair}
    for left, right in JOINED:
        for a, b in product(family[left], family[right]):
            yield f"{a}&{b}"
