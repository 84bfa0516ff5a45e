"""Who and what a clause speaks of: the methods compared, the benchmarks, the training setting."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from claimcheck.extract.lexicon import Mention
from claimcheck.extract.quantities import MASK
from claimcheck.extract.sentences import Clause, Cue, Item, Marked
from claimcheck.readers.sentences import FUNCTION_WORD

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
PRONOUN = re.compile(r"it|they|this|these|we|which|that|one|ones|both|there", re.IGNORECASE)
"""A subject that names nothing; "our method" names the paper's own."""
ARTICLES = re.compile(r"^(?:(?:the|a|an|here|overall|moreover|finally|notably)\s+)+", re.IGNORECASE)
PREPOSITION = re.compile(r"(?:in|on|for|with|by|at|when|as|to|from|of|during|after|before|under|similar|such)\b", re.IGNORECASE)


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


def regimes(sentence: Marked, items: Sequence[Item]) -> list[str]:
    """The training settings named: "in the UCF-101 setting", "pretrained on UCF-101"."""
    found = [item for item in items if isinstance(item, Mention) and is_regime(sentence, item)]
    return [next((e.name for e in item.entries if e.kind == "regime"), item.name) for item in found]


def is_regime(sentence: Marked, mention: Mention) -> bool:
    kinds = {entry.kind for entry in mention.entries}
    if not kinds & {"regime", "dataset"}:
        return False
    after = sentence.masked[mention.end : mention.end + 40]
    before = sentence.masked[max(0, mention.start - 40) : mention.start]
    return kinds == {"regime"} or REGIME_AFTER.match(after) is not None or REGIME_BEFORE.search(before) is not None


def benchmarks(sentence: Marked, clause: Clause) -> list[Mention]:
    """Benchmarks named in the clause; a name that stands for a training setting is none."""
    found = []
    for mention in clause.of("dataset", "regime"):
        as_dataset = next((e for e in mention.entries if e.kind == "dataset"), None)
        if as_dataset is not None and not is_regime(sentence, mention):
            found.append(replace(mention, kind="dataset", name=as_dataset.name))
    return found


def roles(sentence: Marked, clause: Clause) -> tuple[list[Mention], list[Mention]]:
    """The methods spoken of, and those they are compared with."""
    subjects: list[Mention] = []
    baselines: list[Mention] = []
    predicate = clause.predicate
    for mention in clause.of("method", "set"):
        before = sentence.masked[max(clause.start, mention.start - 60) : mention.start]
        if ASIDE_BEFORE.search(before):
            continue
        listed = bool(baselines) and AND.fullmatch(sentence.between(baselines[-1], mention)) is not None
        compared = predicate is not None and predicate.kind == "compare" and mention.start > predicate.end
        if BASELINE_BEFORE.search(before) or compared or listed:
            baselines.append(mention)
        elif not in_brackets(sentence, mention, clause):
            subjects.append(mention)
    return subjects, baselines


def named(sentence: Marked, mention: Mention, clause: Clause) -> str:
    """The method's name; "removing X" is another method than X."""
    removed = REMOVED_BEFORE.search(sentence.masked[max(clause.start, mention.start - 40) : mention.start])
    return f"without {shown(mention)}" if removed else shown(mention)


def in_brackets(sentence: Marked, mention: Mention, clause: Clause) -> bool:
    """Whether the name stands in brackets after another, as the members of a set do."""
    before = sentence.masked[clause.start : mention.start]
    return before.count("(") > before.count(")")


def entered(sentence: Marked, clause: Clause, context: Context) -> Context:
    """The context with what this clause says."""
    subjects, baselines = roles(sentence, clause)
    predicate = clause.predicate
    ahead = [m for m in subjects if predicate is None or m.start < predicate.start]
    names = tuple(dict.fromkeys(named(sentence, m, clause) for m in ahead or subjects[:1] if shown(m) not in {b.name for b in baselines}))
    if names:
        context = replace(context, subjects=names, subject_open=False)
    elif predicate is not None and not context.subjects:
        words = noun_phrase(sentence, clause, predicate)
        context = replace(context, subjects=(words,) if words else (), subject_open=PRONOUN.fullmatch(words) is not None)
    metrics = clause.of("metric")
    return replace(
        context,
        baseline=baselines[0].name if baselines else context.baseline,
        baseline_open=len({b.name for b in baselines}) > 1 if baselines else context.baseline_open,
        metric=metrics[0].name if metrics else context.metric,
    )


def noun_phrase(sentence: Marked, clause: Clause, predicate: Cue) -> str:
    """The words before the verb, as printed, without articles and adverbs: the subject where no lexicon names it."""
    earlier = max((c.end for c in clause.cues("score", "causal") if c.end < predicate.start), default=clause.start)
    words = sentence.text[earlier : predicate.start]
    words = re.split(r"[,;:()]|\b(?:and|but|while|whereas|that|which|although)\b", words)[-1].strip()
    words = ARTICLES.sub("", words)
    words = re.sub(r"(?:\s(?:alone|also|further|often|still|even|only|can|does|did|\w+ly))+$", "", words)
    if re.search(r"\bwe\b", words, re.IGNORECASE):
        return "we"
    if PRONOUN.fullmatch(words):
        return words
    if FUNCTION_WORD.fullmatch(words) or PREPOSITION.match(words) or MASK in words or not words:
        return ""
    return words if len(words.split()) <= 6 and not re.search(r"\d", words.split()[0]) else ""


def shown(mention: Mention) -> str:
    """A method by its name; a set or an ability in the sentence's words, as the lexicon spells them."""
    return mention.text if mention.kind in ("set", "ability") else mention.name
