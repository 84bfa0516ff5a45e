"""What the words around a number or a comparison say that it is of: a score of the method named, or something else.

Sentences compare sizes, speeds and abilities with the words they compare scores with ("a larger vocabulary", "11% faster"), and name a
method that they then change ("adding a layer to A"). A table of scores decides none of these, whichever way its numbers lie.
"""

import re

from claimcheck.dossier import Assertion, Claim, Difference, Direction, Rank, Value
from claimcheck.tabular.names import meant, words
from claimcheck.tabular.sheet import METRIC

COST = re.compile(
    r"time|latency|seconds|\bms\b|speed|fps|throughput|\bs\b|hours|cost|flops|param|memory|size|epochs?|steps?|iterations?", re.IGNORECASE
)
"""Metrics of what a method takes."""

SPEED = re.compile(r"\b(?:fast|quick|slow|speed|cheap|light)\w*", re.IGNORECASE)
SIZE = re.compile(
    r"\b(?:larger|largest|smaller|smallest|bigger|biggest|fewer|fewest|longer|longest|shorter|shortest|deeper|deepest|wider|(?:more|less)(?!\s(?:accurate|effective|\w+ly\b)))\b",
    re.IGNORECASE,
)
"""Words that compare amounts. Said of no metric, they are no words for a score."""

CHANGE = re.compile(
    r"\b(?:gains?|improvements?|loss(?:es)?|drops?|differences?|margins?|increases?|decreases?|reductions?|boosts?|gaps?|scores?|points?)\b",
    re.IGNORECASE,
)
"""What may be large of scores themselves."""

QUALITY = re.compile(
    r"\b(?:better|best|worse|worst|superior|inferior|stronger|strongest|weaker|weakest|higher|highest|lower|lowest|greater|greatest|(?:more|most|less|least)\s\w+)\b",
    re.IGNORECASE,
)
SCORED = re.compile(
    r"\b(?:perform\w*|results?|scores?|accurac\w*|numbers?|values?|rates?|quality|overall|points?|metrics?|baselines?|ones?|trade-?offs?|models?|methods?|variants?|settings?)\b",
    re.IGNORECASE,
)
"""What is good or bad as a whole, so that any score tells."""

FOLLOWS = re.compile(
    r"\W*(?:$|[.,;:)(\d]|(?:than|in|on|for|with|at|by|over|when|while|as|and|or|but|if|across|under|among|of|to|from|upon|compared|against|without|using|because|since|which|where|though"
    r"|although|due|both|all|every|the|is|are|was|were|results?|only|if|even|after|before|during|between|versus|vs|throughout|yet|so|despite|except|via|one|we|not)\b|\w+ly\b)",
    re.IGNORECASE,
)
"""After a comparative that stands alone."""

BREAK = re.compile(r"[,;:.]\s|\b(?:than|while|whereas|but|although|which)\b", re.IGNORECASE)
WINDOW = 60
"""Characters after a comparative that say what is compared."""

TOWARDS = re.compile(
    r"\b(?:needs?|takes?|took|requires?|required|needed|steps?|epochs?|iterations?|time|hours|days|faster|budget|samples|examples)\b[^.;:]{0,80}?"
    r"\bto\s(?:reach|achieve|attain|match|get|obtain|hit)\s(?:[\w-]+\s){0,5}$",
    re.IGNORECASE,
)
"""Before a number that is a mark to be reached, and no score."""

LACKING = re.compile(
    r"(?<![\w-])(?:no|without|w/o|non|minus|except|excluding|removing|dropping|remove|drop)[\s-](?:the\s)?[“\"'‘]?$", re.IGNORECASE
)
ADDED_TO = re.compile(
    r"\b(?:add|append|attach|appl|incorporat|integrat|insert|introduc|plug)\w*\s(?:[^\s.;:]+\s){1,6}(?:to|into|on\stop\sof)\s(?:the\s|our\s|an?\s)?(?:[\w-]+\s){0,2}$",
    re.IGNORECASE,
)

PLUS = re.compile(r"\s?(?:\+\s?|w/o?\s)(?=\w)", re.IGNORECASE)
WHERE = re.compile(r"\s*(?:for|on|in|at)\b", re.IGNORECASE)
PURPOSE = re.compile(r"\bto\s(?:enable|allow|ensure|encourage|facilitate)\s(?:\w+\s){0,3}$", re.IGNORECASE)
"""Before a comparison that is hoped for."""

APART = (
    {"micro": "micro", "macro": "macro", "weighted": "weighted"},
    {"dev": "validation", "development": "validation", "val": "validation", "validation": "validation", "test": "test", "testing": "test"},
    {"seen": "seen", "unseen": "unseen"},
)
"""Words that tell two columns of one name apart, by what they stand for."""


def of_something_else(claim: Claim, assertion: Assertion, metric: str) -> str:
    """Why a table's scores of `metric` say nothing of an assertion; empty if they may."""
    if isinstance(assertion, Value):
        at = claim.sentence.find(assertion.text)
        number = claim.sentence.find(printed(assertion.text), at) if at >= 0 else -1
        reached = number >= 0 and TOWARDS.search(claim.sentence[max(0, number - 160) : number])
        return "The sentence gives this number as a mark to be reached, not as a score." if reached else ""
    if isinstance(assertion, Difference | Direction | Rank):
        named = bool(assertion.metric) and "metric" not in assertion.supplied
        text = assertion.text
        for name in filter(None, (assertion.method, assertion.baseline)):  # "Fast R-CNN" is no word for speed
            text = text.replace(name, "")
        return other_measure(claim.sentence, text, named=named, costs=COST.search(metric) is not None)
    return ""


def other_measure(sentence: str, text: str, *, named: bool, costs: bool) -> str:
    """Whether a comparison is of speed, of size, or of an ability that no score stands for."""
    if costs:
        return ""
    if SPEED.search(text):
        return "A score says nothing of speed."
    sized = SIZE.search(text) if not named else None
    at = sentence.find(text) + len(text)
    if sized is not None and not CHANGE.search(f"{text[sized.start() :]}{sentence[at : at + WINDOW // 2]}"):
        return "The sentence compares sizes or amounts, and names no metric."
    cue = QUALITY.search(text)
    if cue is None or named:
        return ""
    places = list(re.finditer(rf"(?<!\w){re.escape(cue.group())}(?!\w)", sentence))
    said = [m for m in places if not PURPOSE.search(sentence[max(0, m.start() - 40) : m.start()])]
    if places and not any(scored(sentence[m.end() : m.end() + WINDOW]) for m in said):
        return f"What is called {cue.group().lower()} is no score."
    return ""


def scored(after: str) -> bool:
    """Whether the words after a comparative leave it to the scores: none of its own, or "performance" and the like."""
    if FOLLOWS.match(after):
        return True
    stop = BREAK.search(after)
    noun = after[: stop.start() + 1] if stop else after
    return SCORED.search(noun) is not None or METRIC.search(noun.casefold()) is not None


def around(sentence: str, text: str) -> str:
    """An assertion's words with those up to the end of its clause."""
    at = sentence.find(text) if text else -1
    after = sentence[at + len(text) : at + len(text) + 40]
    stop = re.search(r"[,;:.]\s|\b(?:while|whereas|but|although|which)\b", after)
    return text + (after[: stop.start()] if stop else after) if at >= 0 else ""


def printed(text: str) -> str:
    """The number in an assertion's words."""
    found = re.search(r"\d[\d.,]*\d|\d", text)
    return found.group() if found else text


def altered(sentence: str, name: str) -> bool:
    """Whether the sentence speaks of a method only to change it ("no A", "adding a layer to A", "A + B"), or as where something holds."""
    spelled = re.sub(r"(?:\\-|[–—])", "[-–—]", re.escape(name))
    places = list(re.finditer(rf"(?<![\w-]){spelled}(?!\w)", sentence, re.IGNORECASE)) if name else []
    stage = LEADING.match(sentence)
    aside = [stage is not None and m.end() <= stage.end() and WHERE.match(sentence) is not None for m in places]
    return bool(places) and all(
        off or changed(sentence[max(0, m.start() - 120) : m.start()]) or PLUS.match(sentence, m.end()) is not None
        for m, off in zip(places, aside, strict=True)
    )


def changed(before: str) -> bool:
    return LACKING.search(before) is not None or ADDED_TO.search(before) is not None


LEADING = re.compile(
    r"\s*(?:on|in|for|at|when|with|after|under|using|without|during|given|if)\b(?!\s(?:example|instance|addition|particular|contrast|general|comparison|fact|total|turn|summary"
    r"|conclusion|spite|short|practice|other\swords|the\sother\shand|the\scontrary)\b)(?P<phrase>[^,]{0,100}),",
    re.IGNORECASE,
)
TRAILING = re.compile(
    r"\b(?:on|in|for|at|under|when|with|if|after|during|given|without|except|but|although|across|only)\b(?P<phrase>[^,;:.()]{0,100})",
    re.IGNORECASE,
)
GENERAL = re.compile(
    r"\b(?:particular|general|comparison|fact|total|average|terms|tables?|tab|our|datasets?|metrics?|tasks?|settings?|cases|measures?|benchmarks?|margins?|experiments?|results?|evaluations?)\b",
    re.IGNORECASE,
)
"""In a phrase that limits a comparison to nothing, or to what any table shows."""


def condition(sentence: str, baseline: str, vocabulary: set[str]) -> str:
    """The phrase that limits a comparison to a case of which a table's labels say no word; empty if there is none."""
    at = sentence.casefold().rfind(baseline.casefold())
    after = sentence[at + len(baseline) :] if at >= 0 else ""
    trailing = TRAILING.search(re.split(r"[,;:.]\s|\b(?:which|because|since|while|whereas|and)\b", after, maxsplit=1)[0])
    return leading_condition(sentence, vocabulary) or unknown(trailing.group("phrase") if trailing else "", vocabulary)


def leading_condition(sentence: str, vocabulary: set[str]) -> str:
    """The same of what a sentence begins with: "With one example per class, …"."""
    leading = LEADING.match(sentence)
    return unknown(leading.group("phrase") if leading else "", vocabulary)


def unknown(phrase: str, vocabulary: set[str]) -> str:
    """A phrase that limits, and shares no word with a vocabulary; else nothing."""
    said = {w.spelled for w in words(phrase.casefold()) if meant(w.spelled)}
    return phrase.strip() if said and not GENERAL.search(phrase) and not said & vocabulary else ""


def set_apart(said: str, labels: str) -> bool:
    """Whether words and labels name different ones of a pair: micro and macro, validation and test."""
    mine, theirs = (re.findall(r"[a-z]+", text.casefold()) for text in (said, labels))
    for group in APART:
        one, two = ({group[word] for word in words if word in group} for words in (mine, theirs))
        if one and two and not one & two:
            return True
    return False
