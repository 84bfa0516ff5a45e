"""What speaks for or against a candidate as the method, baseline, dataset or metric of a number: plain features, by name.

A feature is a short string; its weight is learned (`ranking.json`). Words are taken by what they are (a cue, a name, a number, a function
word), seldom as themselves, so that what one paper teaches holds in the next.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from claimcheck.dossier import Assertion
from claimcheck.extract.candidates import ARTICLES, FUNCTION_WORDS, LETTER, PREPOSITIONS, Candidate, Word, candidates, unbroken, words
from claimcheck.extract.lexicon import Mention, field_knowledge
from claimcheck.extract.quantities import Amount
from claimcheck.extract.sentences import Cue, Marked
from claimcheck.extract.word_classes import LEVELS, classes_of

SLOTS = ("method", "baseline", "dataset", "metric")
METHOD_HEAD = re.compile(
    r"(model|method|approach|network|system|baseline|variant|algorithm|encoder|decoder|architecture|framework|ensemble|loss|module|training|attention"
    r"|pre-?training|classifier|strategy)s?$"
)
METRIC_HEAD = re.compile(
    r"(accurac(y|ies)|errors?|rates?|scores?|precision|recall|f1|f-score|f-measure|auc|bleu|perplexity|loss|time|speed|latency|cost|params|parameters"
    r"|flops|memory|distance|similarity|map|ap|iou|psnr|ssim|wer|cer|rouge|likelihood)$"
)
DATASET_HEAD = re.compile(
    r"(datasets?|sets?|corpus|corpora|benchmarks?|tasks?|data|splits?|test|images?|sentences?|videos?|domains?|languages?|challenge|classes"
    r"|categories|examples|questions)$"
)
FIRST_PERSON = re.compile(r"\b(our|we|ours)\b", re.IGNORECASE)
EARLIER = re.compile(r"baseline|state.of|previous|prior|existing|other|original|SOTA", re.IGNORECASE)
COMPARED_BEFORE = re.compile(
    r"(than|over|against|versus|vs\.?|compared (?:to|with)|comparison (?:to|with)|relative to|outperform\w*|beats?|surpass\w*|exceed\w*|upon|behind|below"
    r"|above)\s(?:[\w-]+\s){0,3}$",
    re.IGNORECASE,
)
PLACE_BEFORE = re.compile(r"(on|in|for|across)\s(?:the\s|all\s|both\s)?(?:[\w-]+\s)?$", re.IGNORECASE)
MEANS_BEFORE = re.compile(r"(with|using|by|of|from|adding|without|w/o)\s(?:the\s|a\s|an\s|our\s)?$", re.IGNORECASE)
RIVAL_BEFORE = re.compile(
    r"(?:than|vs\.?|versus|v\.s\.?|over|against|below|above|surpass\w*|exceed\w*|outperform\w*|beat\w*|compared (?:to|with)|instead of|comparable to"
    r"|close to|behind|similar to|identical to)\s(?:[^\s,;()]+\s){0,4}?[(~]?$",
    re.IGNORECASE,
)
BEFORE_NUMBER = frozenset(("from", "to", "by", "of", "at", "and", "with", "is", "achieves", "gets"))
REPEATED = frozenset(("w", "M", "D", "K", "N", "O"))
BETWEEN_CUES = (
    "comp+",
    "comp-",
    "chan+",
    "chan-",
    "scor",
    "copu",
    "delt+",
    "delt-",
    "adje+",
    "adje-",
    "than",
    "to",
    "from",
    "by",
    "(",
    ")",
    "vs",
    "compared",
    "respectively",
)
SEPARATORS = frozenset((",", "and", "or", "/", "&"))
BEFORE_LISTED = ARTICLES | {"on", "in", "for", "to", "of", "with", "both"}
NUMBERS_LISTED = re.compile(r"\s?(?:[A-Za-z][\w@.-]{0,9}\s?)?(?:,\s?(?:and\s)?|/\s?|\b(?:and|or)\s)[+~–-]?")
"""Between two numbers of a list: "60.2 mph, 41.4 and 40.5". A name after a number is masked, so it ends the list."""

PREDICATES = ("change", "compare", "score", "manner", "copula", "rank")
LONGEST_PATH = 6
NEAR_WORDS = 12
BRACKETS = re.compile(r"\s*\[[^\[\]]*\]")


@dataclass(frozen=True)
class Anchor:
    """Where an assertion stands: its number, or the cue of one that has none."""

    start: int
    end: int
    part: str
    """`value`, `was` (the first number of "from A to B"), `high`, or `cue`."""

    amount: Amount | None = None


class Scene:
    """A sentence's candidates with what is said of each, whatever the number."""

    def __init__(self, sentence: Marked) -> None:
        self.sentence = sentence
        self.words = words(sentence)
        self.tags = [tag(word) for word in self.words]
        self.classes = [classes_of(word, mark) for word, mark in zip(self.words, self.tags, strict=True)]
        self.candidates = candidates(sentence, self.words)
        self.amounts = [item for item in sentence.items if isinstance(item, Amount)]

    @cached_property
    def lists(self) -> list[list[tuple[int, int]]]:
        """The runs of words that stand in a list, whatever they name: "the similarity task, the analogy task and CPSC-2018"."""
        groups: dict[int, list[list[tuple[int, int]]]] = {}
        for first, last in unbroken(self.words):
            depth = self.depths[first]
            have = groups.setdefault(depth, [[]])
            before = have[-1][-1][1] if have[-1] else -1
            between = [w.lower for w, d in zip(self.words[before + 1 : first], self.depths[before + 1 : first], strict=True) if d <= depth]
            marks = [word for word in between if not word.startswith("[") and word != ")"]
            if have[-1] and SEPARATORS.intersection(marks) and (SEPARATORS | BEFORE_LISTED).issuperset(marks):
                have[-1].append((first, last))
            else:
                have.append([(first, last)])
        return [group for each in groups.values() for group in each if len(group) > 1]

    @cached_property
    def depths(self) -> list[int]:
        """How many brackets each word stands in."""
        depth, found = 0, []
        for word in self.words:
            depth += word.text == "("
            found.append(depth)
            depth = max(0, depth - (word.text == ")"))
        return found

    @cached_property
    def number_lists(self) -> list[list[Amount]]:
        """The numbers that stand in a list."""
        groups: list[list[Amount]] = []
        for amount in (a for a in self.amounts if a.role == "amount"):
            if groups and NUMBERS_LISTED.fullmatch(self.sentence.masked[groups[-1][-1].end : amount.start]):
                groups[-1].append(amount)
            else:
                groups.append([amount])
        return groups

    @cached_property
    def alone(self) -> list[list[str]]:
        """The features of each candidate by itself."""
        return [[*itself(self, candidate), *around(self, candidate), *classed(self, candidate)] for candidate in self.candidates]

    def run(self, first: int, last: int) -> list[str]:
        """The tags of words, several of one kind in a row given once."""
        found: list[str] = []
        for mark in self.tags[max(0, first) : last]:
            if mark and not (found and found[-1] == mark and mark in REPEATED):
                found.append(mark)
        return found

    def tagged(self, n: int) -> str:
        return "^" if n < 0 else self.tags[n] if n < len(self.tags) else "$"

    def word(self, n: int) -> str:
        return "^" if n < 0 else self.words[n].lower if n < len(self.words) else "$"

    def classes_at(self, n: int) -> tuple[str, str]:
        return ("^", "^") if n < 0 else self.classes[n] if n < len(self.words) else ("$", "$")

    def clause(self, position: int) -> int:
        return next((n for n, c in enumerate(self.sentence.clauses) if c.start <= position < c.end), -1)


def tag(word: Word) -> str:
    """What a word is to the words beside it: a number, a name's kind, a cue, itself if it only joins, else `w`; nothing for a citation."""
    if isinstance(word.item, Amount):
        return "N"
    if isinstance(word.item, Mention):
        return {"method": "M", "dataset": "D", "metric": "K"}.get(word.item.kind, "O")
    if word.text.startswith("["):
        return ""
    if isinstance(word.item, Cue):
        return word.item.kind[:4] + word.item.sign
    joins = word.lower in FUNCTION_WORDS or word.lower in PREPOSITIONS or LETTER.search(word.text) is None
    return word.lower if joins else "w"


def itself(scene: Scene, candidate: Candidate) -> Iterator[str]:
    """Its own words: how they are written, which names they are, how they begin and end."""
    first, last, text = scene.words[candidate.first], scene.words[candidate.last], candidate.text
    yield f"how={candidate.how}"
    if candidate.exact is not None:
        yield f"exact={candidate.exact.kind},{candidate.exact.own}"
    yield "has=" + ",".join(sorted({m.kind for m in candidate.mentions}))
    yield f"names={min(3, len(candidate.mentions))}"
    yield f"words={min(5, candidate.last - candidate.first + 1)}"
    yield f"head={shortened(last.lower)}"
    yield f"first={shortened(first.lower)}"
    for name, pattern in (("head-method", METHOD_HEAD), ("head-metric", METRIC_HEAD), ("head-dataset", DATASET_HEAD)):
        if pattern.search(last.lower):
            yield name
    yield "lower" if text.islower() else "capital" if text[:1].isupper() else "mixed"
    if re.search(r"\d", text):
        yield "digit"
    if FIRST_PERSON.search(text):
        yield "ours"
    if EARLIER.search(text):
        yield "earlier"


def shortened(word: str) -> str:
    return word if len(word) <= 16 else word[-6:]


def around(scene: Scene, candidate: Candidate) -> Iterator[str]:
    """The words before and after it."""
    n, m = candidate.first, candidate.last
    left, right = scene.word(n - 1), scene.word(m + 1)
    yield f"left={left}"
    yield f"left-tag={scene.tagged(n - 1)}"
    yield f"left2={scene.word(n - 2)}_{left}"
    yield f"right={right}"
    yield f"right-tag={scene.tagged(m + 1)}"
    yield f"right2={scene.tagged(m + 1)}_{scene.tagged(m + 2)}"
    yield f"both={scene.tagged(n - 1)}_{scene.tagged(m + 1)}"
    yield from (f"left4={mark}" for mark in sorted(set(scene.run(n - 4, n))))
    if left in ARTICLES:
        yield f"left-of-article={scene.tagged(n - 2)}_{scene.tagged(n - 3)}"
    before = scene.sentence.text[max(0, candidate.start - 80) : candidate.start]
    if COMPARED_BEFORE.search(before):
        yield "compared"
    if PLACE_BEFORE.search(before):
        yield "placed"
    if MEANS_BEFORE.search(before):
        yield f"means={before.split()[-1].lower()}"
    whole = scene.sentence.text[: candidate.start]
    if whole.count("(") > whole.count(")"):
        yield "in-brackets"
    yield from as_subject(scene, candidate, left)
    yield f"position={5 * n // max(1, len(scene.words))}"


def classed(scene: Scene, candidate: Candidate) -> Iterator[str]:
    """The classes of its last and first word, of those within, and of the words beside it."""
    n, m = candidate.first, candidate.last
    for level, head, first, left, right in zip(LEVELS, *(scene.classes_at(k) for k in (m, n, n - 1, m + 1)), strict=True):
        yield f"{level}head={head}"
        yield f"{level}first={first}"
        yield f"{level}left={left}"
        yield f"{level}right={right}"
        yield f"{level}head={head}&how={candidate.how}"
        yield f"{level}head={head}&left={scene.tagged(n - 1)}"
        yield f"{level}head={head}&right={scene.tagged(m + 1)}"
    for k, level in enumerate(LEVELS):
        yield from (f"{level}within={each}" for each in sorted({scene.classes[w][k] for w in range(n, m)}))


def as_subject(scene: Scene, candidate: Candidate, left: str) -> Iterator[str]:
    """The verb that follows with no comma between, and whether the candidate begins the clause."""
    for n in range(candidate.last + 1, min(len(scene.words), candidate.last + 8)):
        item = scene.words[n].item
        if isinstance(item, Cue) and item.kind in PREDICATES:
            begins = candidate.first == 0 or left in (",", "that", "and", "while", "but", "whereas", ";", "the", "our")
            yield "to-verb=" + "_".join(scene.run(candidate.last + 1, n + 1)[-3:])
            yield f"verb={item.kind}"
            yield f"subject={begins}{item.kind}"
            return
        if scene.words[n].text in (",", ";", "."):
            return


def related(scene: Scene, candidate: Candidate, anchor: Anchor, manner: str) -> Iterator[str]:
    """The words between it and the number."""
    at = next((n for n, w in enumerate(scene.words) if w.end > anchor.start), 0)
    to = max((n for n, w in enumerate(scene.words) if w.start < anchor.end), default=at)
    if candidate.last < at:
        side, first, last = "L", candidate.last + 1, at
    elif candidate.first > to:
        side, first, last = "R", to + 1, candidate.first
    else:
        yield "within"
        return
    yield f"side={side}"
    path = scene.run(first, last)
    if last - first <= NEAR_WORDS:
        for word in scene.words[first:last]:
            if word.lower.isalpha() and len(word.text) > 3 and not isinstance(word.item, Mention | Amount):
                yield f"{side}word={word.lower[:6]}"
    yield f"{side}gap={gap(len(path))}"
    yield f"{side}path=" + ("_".join(path) if len(path) <= LONGEST_PATH else "long")
    yield f"{side}first2={'_'.join(path[:2])}"
    yield f"{side}last2={'_'.join(path[-2:])}"
    yield f"{side}first={path[0] if path else ''}"
    yield f"{side}last={path[-1] if path else ''}"
    for mark, most in (("N", 3), ("M", 2), ("D", 2), ("K", 2), (",", 3)):
        yield f"{side}count{mark}={min(most, path.count(mark))}"
    yield f"{side}turns={min(2, sum(mark in (';', 'while', 'but', 'whereas', '.') for mark in path))}"
    yield from (f"{side}over={cue}" for cue in BETWEEN_CUES if cue in path)
    yield f"clause={max(-2, min(2, scene.clause(candidate.start) - scene.clause(anchor.start)))}"
    yield f"part={anchor.part}{side}"
    yield f"manner={manner}{side}"
    yield from bracketed(scene, candidate, anchor, manner, side)


def gap(length: int) -> int:
    return length if length < 4 else 4 + (length - 4) // 4 if length < 16 else 9


def bracketed(scene: Scene, candidate: Candidate, anchor: Anchor, manner: str, side: str) -> Iterator[str]:
    """Whether the number stands in a bracket, and the candidate right before it, near it or within: "A (81.2)"."""
    opening = opened(scene.sentence.text, anchor.start)
    if opening < 0:
        return
    if candidate.end <= opening:
        between = BRACKETS.sub("", scene.sentence.text[candidate.end : opening])
        if re.fullmatch(r"(?:['’]s)?\s?", between):
            yield "bracket-owner"
            yield f"bracket-owner={manner}"
        elif len(between.split()) <= 2 and not re.search(r"[,;()]", between):
            yield "bracket-near"
        yield f"brackets={side}{min(3, between.count('('))}"
    elif candidate.start > opening:
        yield "in-its-bracket"


def opened(text: str, position: int) -> int:
    """Where the innermost bracket around a position opens; -1 if there is none."""
    depth = 0
    for n in range(position - 1, -1, -1):
        if text[n] == ")":
            depth += 1
        elif text[n] == "(":
            if depth == 0:
                return n
            depth -= 1
    return -1


def manner_of(scene: Scene, anchor: Anchor) -> str:
    """How the number is brought in: as a rival's, in a bracket, after "from", "to" or "by", plainly."""
    if anchor.part in ("cue", "was"):
        return anchor.part
    before = scene.sentence.text[max(0, anchor.start - 60) : anchor.start]
    if RIVAL_BEFORE.search(before):
        return "rival"
    if before.rfind("(") > before.rfind(")"):
        return "bracket-later" if re.search(r"\d", before[before.rfind("(") :]) else "bracket"
    word = re.search(r"(\w+)\s$", before)
    return word.group(1).lower() if word is not None and word.group(1).lower() in BEFORE_NUMBER else "plain"


def ordered(scene: Scene, anchor: Anchor) -> list[list[str]]:
    """For each candidate that is a name: how many of its kind are nearer to the number, and whether both are in the same place of two lists."""
    found: list[list[str]] = [[] for _ in scene.candidates]
    for kind in ("method", "dataset", "metric"):
        named = [n for n, c in enumerate(scene.candidates) if c.exact is not None and c.exact.kind == kind]
        left = sorted((n for n in named if scene.candidates[n].end <= anchor.start), key=lambda n: -scene.candidates[n].end)
        right = sorted((n for n in named if scene.candidates[n].start >= anchor.end), key=lambda n: scene.candidates[n].start)
        for side, near in (("L", left), ("R", right)):
            for place, n in enumerate(near):
                found[n].append(f"near-{kind}{side}{min(place, 3)}/{min(len(near), 3)}")
        if len(named) == 1:
            found[named[0]].append(f"only-{kind}")
        for n, aligned in in_turn(scene, anchor, named):
            found[n].append(f"{'aligned' if aligned else 'misaligned'}-{kind}")
    return found


def in_turn(scene: Scene, anchor: Anchor, named: Sequence[int]) -> Iterator[tuple[int, bool]]:
    """Names in a list as long as the number's own list, and whether each is the one in the number's place."""
    numbers = [a for a in scene.amounts if a.role == "amount"]
    if anchor.amount not in numbers:
        return
    listed = next(group for group in grouped([(a.start, a.end) for a in numbers], 8) if (anchor.start, anchor.end) in group)
    place = listed.index((anchor.start, anchor.end))
    spans = {(scene.candidates[n].start, scene.candidates[n].end): n for n in named}
    for group in grouped(sorted(spans), 9):
        if len(group) == len(listed) > 1:
            yield from ((spans[span], number == place) for number, span in enumerate(group))


def listed(scene: Scene, anchor: Anchor, kind: str) -> list[list[str]]:
    """For each candidate within a list: whether it has the place in it that the number has in its own, or that both lists differ in length."""
    found: list[list[str]] = [[] for _ in scene.candidates]
    numbers = next((group for group in scene.number_lists if anchor.amount in group), [])
    if len(numbers) < 2 or anchor.amount is None:
        return found
    place = numbers.index(anchor.amount)
    told = "respectively" if "respectively" in scene.sentence.text.lower() else "plain"
    for group in scene.lists:
        side = "R" if scene.words[group[0][0]].start > anchor.start else "L"
        for n, candidate in enumerate(scene.candidates):
            within = [k for k, (first, last) in enumerate(group) if candidate.first <= last and first <= candidate.last]
            if not within:
                continue
            if len(group) != len(numbers):
                found[n].append(f"unlike-lists={min(4, len(numbers))}/{min(4, len(group))}&{within == [place]}")
            elif len(within) > 1:
                found[n] += ["whole-list", f"whole-list&{told}"]
            else:
                mark = "in-turn" if within == [place] else "out-of-turn"
                name = candidate.exact.kind if candidate.exact is not None else "x"
                ends = candidate.last == group[within[0]][1]
                found[n] += [
                    mark,
                    f"{mark}&{told}",
                    f"{mark}&{side}{told}",
                    f"{mark}&{name}",
                    f"{mark}&{kind}",
                    f"{mark}&{ends}&{len(group)}",
                ]
    return found


def grouped(spans: Iterable[tuple[int, int]], widest: int) -> list[list[tuple[int, int]]]:
    """Spans in order, those no further apart than `widest` characters together."""
    groups: list[list[tuple[int, int]]] = []
    for span in spans:
        if groups and span[0] - groups[-1][-1][1] <= widest:
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def letters(name: str) -> str:
    return "".join(re.findall(r"[^\W_]+", name.casefold()))


def ruled(scene: Scene, rule: Assertion | None) -> list[list[str]]:
    """For each candidate: the slots that the rules gave it, or a part or more of it."""
    found: list[list[str]] = [[] for _ in scene.candidates]
    for slot in SLOTS:
        given = letters(getattr(rule, slot, ""))
        for n, candidate in enumerate(scene.candidates) if given else ():
            written = letters(candidate.text)
            if given in (written, letters(candidate.name)):
                found[n].append(f"rule={slot}")
            elif written and (given in written or written in given) and min(len(given), len(written)) >= 2:
                found[n].append(f"rule-part={slot}")
    return found


def described(scene: Scene, anchor: Anchor | None, kind: str, rule: Assertion | None) -> tuple[list[str], list[list[str]]]:
    """The names that may fill a slot of an assertion, and what speaks for each; the last is no name at all."""
    manner = manner_of(scene, anchor) if anchor is not None else "none"
    empty: list[list[str]] = [[] for _ in scene.candidates]
    if anchor is not None:
        empty = [[*order, *turn] for order, turn in zip(ordered(scene, anchor), listed(scene, anchor, kind), strict=True)]
    names, found = [], []
    for candidate, alone, order, said in zip(scene.candidates, scene.alone, empty, ruled(scene, rule), strict=True):
        relation = list(related(scene, candidate, anchor, manner)) if anchor is not None else ["no-number"]
        names.append(candidate.name)
        found.append([*alone, *relation, *order, *said, *joint(candidate, kind, manner, alone, relation, order, said)])
    for name, features in unplaced(scene, rule, kind, manner):
        names.append(name)
        found.append(features)
    if rule is not None:
        silent = [f"rule-silent={slot}" for slot in SLOTS if not getattr(rule, slot, "")]
        for features in found:
            features += silent
    return [*names, ""], [*found, list(nothing(rule, kind))]


def joint(
    candidate: Candidate, kind: str, manner: str, alone: list[str], relation: list[str], order: list[str], said: list[str]
) -> Iterator[str]:
    """Features that mean more together: with the kind of assertion, the kind of name, and how the number is brought in."""
    named = candidate.exact.kind if candidate.exact is not None else "x"
    side = next((x for x in relation if x.startswith("side=")), "side=0")
    yield from (f"{kind}|{x}" for x in relation if x.startswith(("side=", "Llast=", "Rlast=", "Lfirst=", "Rfirst=", "part=", "clause=")))
    yield from (f"{kind}|{x}" for x in said)
    yield from (
        f"{kind}|{x}"
        for x in alone
        if x in ("compared", "placed", "in-brackets") or x.startswith(("left-tag", "right-tag", "verb", "subject="))
    )
    yield from (
        f"{named}|{x}" for x in alone if x in ("compared", "placed", "in-brackets") or x.startswith(("left=", "subject=", "means="))
    )
    yield from (
        f"{named}|{x}"
        for x in relation
        if x.startswith(("Llast=", "Rlast=", "Lgap", "Rgap", "LcountN", "RcountN", "clause=", "Lpath", "Rpath", "part"))
    )
    source = known_from(candidate)
    yield f"from={source}{named}"
    distance = next((x for x in relation if x[1:5] == "gap="), "")
    yield from (
        f"{x}&{distance}"
        for x in alone
        if x in ("compared", "placed", "lower", "head-dataset", "head-method", "head-metric", "in-brackets")
        or x.startswith(("left-tag", "first=", "right-tag"))
    )
    heads = [x for x in alone if x[1:6] == "head=" and "&" not in x]
    yield from (f"{x}&{mark}" for x in heads for mark in (kind, side, f"{'placed' in alone}{'compared' in alone}"))
    if "placed" in alone:
        yield from (f"placed&{x}" for x in alone if x in ("lower", "capital", "head-dataset", "head-method", "head-metric"))
    yield from (f"{source}{named}|{x}" for x in alone if x in ("placed", "compared") or x.startswith("left-tag"))
    if "no-number" in relation:
        return
    yield f"{manner}|{named}{side}"
    yield f"{manner}|{next((x for x in relation if x.startswith('clause=')), '')}{side}"
    yield from (
        f"{manner}|{x}{side}"
        for x in alone
        if x in ("compared", "ours", "earlier", "in-brackets") or x.startswith(("subject=", "left-tag="))
    )
    near = ("Llast=", "Lfirst=", "Rfirst=", "Rlast=", "LcountM", "RcountM", "LcountN", "RcountN", "bracket", "LcountK", "LcountD")
    yield from (f"{manner}|{x}" for x in relation if x.startswith(near))
    yield from (f"{manner}|{x}" for x in (*order, *said))
    yield from (f"{kind[0]}{named}|{x}" for x in order)


def known_from(candidate: Candidate) -> str:
    """Whether the name is the paper's, the field's or a guess."""
    if candidate.exact is None:
        return "x"
    if candidate.exact.own:
        return "paper"
    entries = candidate.exact.entries
    return "field" if entries and entries[0] in field_knowledge().known else "guess"


def unplaced(scene: Scene, rule: Assertion | None, kind: str, manner: str) -> Iterator[tuple[str, list[str]]]:
    """What the rules gave that is no stretch of the sentence: "we" for "our results", a table's name."""
    have = {letters(text) for c in scene.candidates for text in (c.text, c.name)}
    for slot in SLOTS:
        name = getattr(rule, slot, "")
        if name and letters(name) not in have:
            have.add(letters(name))
            written = "we" if name.lower() == "we" else "ours" if FIRST_PERSON.search(name) else "lower" if name.islower() else "capital"
            yield (
                name,
                ["given", f"given={slot}", f"given={slot}{written}", f"given={slot}{kind}", f"given={slot}{manner}"],
            )


def nothing(rule: Assertion | None, kind: str) -> Iterator[str]:
    """What speaks for leaving the slot empty."""
    yield "nothing"
    yield f"nothing={kind}"
    yield from (f"nothing={slot}{bool(getattr(rule, slot, ''))}" for slot in SLOTS)
    yield from (f"nothing-open={slot}" for slot in getattr(rule, "ambiguous", ()))
