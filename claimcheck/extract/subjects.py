"""Who and what a clause speaks of: the methods compared, the benchmarks, the training setting."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from claimcheck.extract.lexicon import Mention
from claimcheck.extract.phrases import PRIOR
from claimcheck.extract.quantities import MASK
from claimcheck.extract.sentences import Clause, Cue, Item, Marked
from claimcheck.readers.sentences import FUNCTION_WORD

BASELINE_BEFORE = re.compile(
    r"(?:over|upon|against|than|versus|(?-i:vs\.?)|from|below|above|behind|(?:compared|comparison|comparing|relative|respect)\s(?:to|with)|compared\sagainst"
    r"|than\s(?:the\s)?(?:performance|results?|scores?|accuracy|those|that|\ue000+)\sof"
    r"|(?:same|similar|comparable|equal)\s(?:(?:[\w-]+|\ue000+)\s){1,2}as)"
    r"\s(?:the\s|a\s|an\s|its\s|our\s|that\sof\s|those\sof\s)*(?:[\w\"“”'-]+\s){0,2}$",
    re.IGNORECASE,
)
FRONTED = re.compile(r"^\W*(?:when\s)?(?:compar(?:ed|ing)|in\scomparison|relative)\s(?:to|with|against)\s", re.IGNORECASE)
ASIDE_BEFORE = re.compile(
    r"(?:without|w/o|instead of|rather than|unlike|except|exception of|in contrast to|contrary to|as opposed to)\s(?:the\s|any\s)?(?:\w+\s){0,1}$",
    re.IGNORECASE,
)
AND = re.compile(r",?\s(?:and|or)\s(?:the\s)?|/")
REMOVED_BEFORE = re.compile(r"(?:removing|removal\sof|dropping|ablating|disabling|excluding|omitting)\s(?:the\s)?$", re.IGNORECASE)
LACKING_AFTER = re.compile(r"\s(?:without|w/o)\s(?:the\s|any\s|its\s)?[\w-]+")
REGIME_AFTER = re.compile(
    r"[\s-](?:\w+[\s-]){0,1}?(?:as\s(?:the\s)?source|settings?|regimes?|pre-?training|training|configuration|scenario|pre-?trained|trained|protocol)\b",
    re.IGNORECASE,
)
REGIME_BEFORE = re.compile(
    r"(?:pre-?)?train(?:ed|ing)\s(?:only\s|solely\s)?(?:on|with|using)\s(?:the\s)?(?:(?:[\w-]+\s){0,3}(?:pairs|images|videos|examples|samples|data|text)\sfrom\s(?:the\s)?(?:same\s)?)?$",
    re.IGNORECASE,
)
PRONOUN = re.compile(r"it|they|this|these|we|which|that|one|ones|both|there", re.IGNORECASE)
"""A subject that names nothing; "our method" names the paper's own."""
ARTICLES = re.compile(r"^(?:(?:the|a|an|here|overall|moreover|finally|notably)\s+)+", re.IGNORECASE)
MEASURED = re.compile(
    r"\b(?:scores?|results?|performance|metrics?|errors?|accurac(?:y|ies)|rates?|loss|experiments?|comparisons?|trends?|tables?|figures?)$|^(?:even|still|only)$"
    r"|^(?:deleting|removing|adding)\b",
    re.IGNORECASE,
)
"""A subject that is what is measured, not what it is measured of."""

TELLING = re.compile(
    r"^(?:.*\s)?we\s(?:can\s|also\s|further\s|then\s|clearly\s)*(?:find|found|see|saw|observed?|noted?|noticed?|showed|show|conclude|report)\s(?:that\s)?(?=\S)",
    re.IGNORECASE,
)
"""Words that tell of what follows and are no part of it: "we find adding A improves B"."""

DOING = re.compile(
    r"(?:by\s)?(?:using|adding|employing|applying|introducing|including|incorporating|combining|removing|replacing|adopting|adapting|with)\s(?:the\s|an?\s|our\s)?"
    r"([\w-]+(?:\s(?!to\b|in\b|on\b|for\b|with\b|of\b|as\b|from\b|into\b|by\b)[\w-]+){0,3})",
    re.IGNORECASE,
)
"""What is done to get a result: "adding attention weights", "adapting knowledge distillation to …"."""

PREPOSITION = re.compile(r"(?:in|on|for|with|by|at|when|as|to|from|of|during|after|before|under|similar|such)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Context:
    """What a sentence has said so far."""

    subjects: tuple[str, ...] = ()
    subject_open: bool = False
    """True if the subject is a pronoun that the sentence does not resolve."""

    baseline: str = ""
    baselines: tuple[str, ...] = ()
    """All that it is compared with, in the order named."""

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
            if not mention.own and re.search(r"(?:instead\sof|rather\sthan|unlike)\s", before[-30:], re.IGNORECASE):
                baselines.append(mention)
            continue
        if not (sentence.complete and mention.own) and re.match(
            r"\s(?:settings?|scenarios?|regimes?|cases?|protocols?)\b", sentence.masked[mention.end : mention.end + 12]
        ):
            continue  # "in the zero-shot setting"
        listed = bool(baselines) and AND.fullmatch(sentence.between(baselines[-1], mention)) is not None
        listed = listed or (bool(baselines) and goes_on(sentence, clause, baselines[-1], mention))
        after_verb = predicate is not None and mention.start > predicate.end
        compared = (
            after_verb and predicate is not None and (predicate.kind == "compare" or is_bettered(sentence, mention, clause, predicate))
        )
        prior = not mention.own and PRIOR.fullmatch(mention.name) is not None and (after_verb or not opens(sentence, mention, clause))
        if BASELINE_BEFORE.search(before) or compared or listed or prior:
            baselines.append(mention)
        elif not in_brackets(sentence, mention, clause):
            subjects.append(mention)
    return subjects, baselines


def goes_on(sentence: Marked, clause: Clause, last: Mention, mention: Mention) -> bool:
    """Whether a name goes on a list that opens a clause: "Compared with A, B, C and D, E improves"; the last before the verb does not."""
    predicate = clause.predicate
    if sentence.complete or predicate is None or not FRONTED.match(sentence.masked[clause.start : predicate.start]):
        return False
    later = [m for m in clause.of("method", "set") if mention.end <= m.start < predicate.start]
    return re.fullmatch(r",\s(?:and\s|or\s)?", sentence.between(last, mention)) is not None and bool(later)


def is_bettered(sentence: Marked, mention: Mention, clause: Clause, predicate: Cue) -> bool:
    """ "improves A by 3", "improves upon A": the object of a change by a number is what it is compared with."""
    if predicate.kind != "change" or predicate.numeric or mention.kind != "method":
        return False
    by = re.match(r"(?:\s\([^()]{0,40}\))?\sby\s", sentence.masked[mention.end : mention.end + 48])
    between = sentence.masked[predicate.end : mention.start]
    return by is not None and BETTERED.fullmatch(between) is not None


BETTERED = re.compile(
    rf"\s(?:upon\s|over\s|on\s)?(?:the\s|our\s|a\s)?|\s(?:the\s)?(?:{MASK}+|performance|results?|scores?)\sof\s(?:the\s|a\s)?"
)
"""Between a verb and what it improves: "improves upon A by", "improves the accuracy of A by"."""


def opens(sentence: Marked, mention: Mention, clause: Clause) -> bool:
    """Whether the clause begins with the mention, so that it is what the clause speaks of."""
    before = sentence.masked[clause.start : mention.start].replace(MASK, "")
    if not sentence.complete:
        before = ANEW.sub(" ", before)
    return len(before.split()) <= 1


ANEW = re.compile(r"^[,;]?\s?(?:and|but|where|while|whereas|whilst|although|though)\s", re.IGNORECASE)
"""A clause that may bring a subject of its own."""


def named(sentence: Marked, mention: Mention, clause: Clause) -> str:
    """The method's name; "removing X" is another method than X, and so is "X without Y"."""
    removed = REMOVED_BEFORE.search(sentence.masked[max(clause.start, mention.start - 40) : mention.start])
    return f"without {shown(mention)}" if removed else whole(sentence, mention, clause) + lacking(sentence, mention)


HEAD_WORD = (
    r"(?!(?:alone|also|further|only|even|still|again|both|each|itself|than|as|can|does|did|has|had|have|is|are|was|were|by|on|in|for|at|with|without|and|or|of"
    r"|to)\b)[a-z-]{3,16}"
)
AFTER_NAME = re.compile(rf"(?:\s(?!\w+ly\s){HEAD_WORD}){{1,2}}$")
BEFORE_NAME = re.compile(
    r"\b(?:[Aa]n?|[Tt]he|[Oo]ur)\s((?!same|new|previous|recent|other|best|original|popular|well-known|standard)[a-z][a-z-]{2,16}\s)$"
)


def whole(sentence: Marked, mention: Mention, clause: Clause) -> str:
    """A guessed name with the word or two that belong to it: "RM reranking improves", "a single DNN yields". A table's name stays as it is."""
    if sentence.complete or mention.own or mention.kind != "method" or " " in mention.name:
        return shown(mention)
    verb = min((c.start for c in clause.cues("score", "copula", "change", "compare", "manner") if c.start >= mention.end), default=0)
    after = AFTER_NAME.match(re.sub(r"(?:\s\w+ly)+$", "", sentence.masked[mention.end : verb - 1])) if verb else None
    before = BEFORE_NAME.search(sentence.masked[max(clause.start, mention.start - 24) : mention.start])
    return (before.group(1) if before else "") + mention.name + (after.group() if after else "")


def lacking(sentence: Marked, mention: Mention) -> str:
    """The words after a name that take something away from it, unless they name a known setting."""
    match = LACKING_AFTER.match(sentence.text, mention.end)
    known = match is not None and any(isinstance(item, Mention) and mention.end <= item.start < match.end() + 1 for item in sentence.items)
    return match.group() if match is not None and not known else ""


def in_brackets(sentence: Marked, mention: Mention, clause: Clause) -> bool:
    """Whether the name stands in brackets after another, as the members of a set do."""
    before = sentence.masked[clause.start : mention.start]
    return before.count("(") > before.count(")")


def entered(sentence: Marked, clause: Clause, context: Context) -> Context:
    """The context with what this clause says."""
    subjects, baselines = roles(sentence, clause)
    predicate = clause.predicate
    if not sentence.complete and predicate is not None and FRONTED.match(sentence.masked[clause.start : predicate.start]):
        baselines.sort(key=lambda b: b.start < predicate.start)  # "compared to earlier work, A beats B" is of B
    ahead = [m for m in subjects if predicate is None or m.start < predicate.start]
    verbs = [c.start for c in clause.cues("score", "copula", "change", "compare", "manner")]
    ahead = [m for m in ahead if not verbs or m.own or m.start < verbs[0]] or ahead
    ahead = coordinated(sentence, clause, ahead)
    if predicate is not None and speaks_of_us(sentence, clause, ahead or subjects[:1], predicate):
        subjects, ahead = [], []
        context = replace(context, subjects=(), subject_open=False)
    if not sentence.complete and predicate is not None and REPLACING.search(sentence.masked[clause.start : predicate.start]):
        ahead, subjects = [], []
    if modifies_only(sentence, clause, ahead, predicate):
        ahead, subjects = [], []
    if not ahead and not sentence.complete and (whose := antecedent(sentence, clause)) is not None:
        ahead = [whose]
    if not ahead and not sentence.complete and predicate is not None and subjects and subjects[0].start > predicate.start:
        words = noun_phrase(sentence, clause, predicate)
        subjects = subjects if not words or PRONOUN.fullmatch(words) else []  # "the new loss improves A" does not speak of A
    names = tuple(dict.fromkeys(named(sentence, m, clause) for m in ahead or subjects[:1] if shown(m) not in {b.name for b in baselines}))
    if names:
        context = replace(context, subjects=names, subject_open=False)
    elif not sentence.complete and (words := own_subject(sentence, clause, context)):
        context = replace(context, subjects=(words,), subject_open=PRONOUN.fullmatch(words) is not None)
    elif predicate is not None and not context.subjects:
        words = noun_phrase(sentence, clause, predicate) or said_earlier(sentence, clause, predicate)
        context = replace(context, subjects=(words,) if words else (), subject_open=PRONOUN.fullmatch(words) is not None)
    metrics = clause.of("metric")
    return replace(
        context,
        baseline=baselines[0].name + lacking(sentence, baselines[0]) if baselines else context.baseline,
        baselines=tuple(dict.fromkeys(b.name for b in baselines)) or context.baselines,
        baseline_open=len({b.name for b in baselines}) > 1 if baselines else context.baseline_open,
        metric=metrics[0].name if metrics else context.metric,
    )


def own_subject(sentence: Marked, clause: Clause, context: Context) -> str:
    """The words that a clause without a named method speaks of: of "A is faster than B", and after "and", "but" or "while"."""
    anew = ANEW.match(sentence.masked[clause.start : clause.start + 12]) is not None
    predicate, copula = clause.predicate, next(iter(clause.cues("copula")), None)
    if predicate is None:
        if copula is None or (not anew and (context.subjects or not clause.cues("adjective"))):
            return ""
        return noun_phrase(sentence, clause, copula)
    replaced = REPLACING.search(sentence.masked[clause.start : predicate.start])
    if replaced is not None:
        start = clause.start + replaced.start("name")
        return sentence.text[start : clause.start + replaced.end("name")]
    if not context.subjects or not anew:
        return ""
    words = noun_phrase(sentence, clause, predicate)
    return "" if PRONOUN.fullmatch(words) else words


REPLACING = re.compile(
    r"\b(?:[Rr]eplacing|[Ss]ubstituting|[Ss]wapping|[Ss]witching|[Cc]hanging|[Mm]oving)\s[^,;]{1,60}?\s(?:with|by|to|for)\s(?:the\s|an?\s|our\s)?(?P<name>[^,;]{2,40}?)"
    r"\s(?:(?:further|also|only|can|\w+ly)\s)*$"
)


def antecedent(sentence: Marked, clause: Clause) -> Mention | None:
    """The method right before a clause that begins with "which" or "that": "we call it A, which outperforms B"."""
    opened = re.match(r"(,?\s(?:which|that)\s)", sentence.masked[clause.start : clause.start + 10])
    if opened is None:
        return None
    before = [i for i in sentence.items if isinstance(i, Mention) and i.kind == "method" and i.end <= clause.start]
    return before[-1] if before and not sentence.between(before[-1], clause.start).strip() else None


def modifies_only(sentence: Marked, clause: Clause, ahead: Sequence[Mention], predicate: Cue | None) -> bool:
    """Whether the one name before the verb only says with what something unnamed was made: "integral regression with A obtains"."""
    if sentence.complete or len(ahead) != 1 or predicate is None or ahead[0].end > predicate.start:
        return False
    before = sentence.masked[clause.start : ahead[0].start]
    head = re.search(
        r"(?:^|[,;]\s|\b(?:that|and|while|but)\s)(?:the\s|an?\s)?(?P<head>(?:[A-Za-z-]+\s){1,4}?)(?:with|using|on\stop\sof)\s(?:the\s|an?\s)?$",
        before,
    )
    return head is not None and noun_phrase_alone(head.group("head"))


HEAD_WITH = re.compile(
    r"(?:^|[,;]\s|\b(?:that|and|while|but)\s)(?:the\s|an?\s)?(?P<head>(?:[A-Za-z-]+\s){1,4}?)(?:with|using|on\stop\sof)\s(?:the\s|an?\s)?$"
)
NO_HEAD = re.compile(r"\b(?:we|trained|training|train|evaluated|when|by)\b", re.IGNORECASE)


def noun_phrase_alone(words: str) -> bool:
    """Whether words can be a subject: no preposition or pronoun opens them, and none is a verb of ours."""
    return not (PREPOSITION.match(words) or FUNCTION_WORD.fullmatch(words.strip()) or NO_HEAD.search(words))


def said_earlier(sentence: Marked, clause: Clause, predicate: Cue) -> str:
    """The subject of a verb that has none of its own: "A is effective, obtaining 3.2"; "we evaluated A and got 3.2"."""
    if sentence.complete:
        return ""
    before = sentence.masked[clause.start : predicate.start]
    if predicate.text.endswith("ing"):
        copula = next((c for c in clause.cues("copula") if c.end <= predicate.start), None)
        return noun_phrase(sentence, clause, copula) if copula is not None else ""
    return "we" if re.search(r"\b[Ww]e\s(?:\w+\s)?\w+(?:ed|t)\s[^.;]*\sand\s(?:\w+\s)?$", before) else ""


MODIFIES = re.compile(
    r"\b(?:with|using|as|of|in|from|by|for|on|use|uses|like|to|via|based|[Aa]mong|[Aa]mongst)\s(?:(?:the|a|an|our|its)\s)?(?:\w+\s){0,1}$",
    re.IGNORECASE,
)


def coordinated(sentence: Marked, clause: Clause, mentions: list[Mention]) -> list[Mention]:
    """Of guessed names before the verb, those that are its subject: not "with A" beside another, and several only if "and" joins them."""
    if len(mentions) < 2 or (sentence.complete and all(m.own and m.entries for m in mentions)):
        return mentions
    heads = [m for m in mentions if not MODIFIES.search(sentence.masked[max(clause.start, m.start - 30) : m.start])] or mentions[:1]
    group = heads[:1]
    for mention in heads[1:]:
        between = sentence.between(group[-1], mention)
        if re.fullmatch(r",?\s(?:and|or)\s(?:the\s|our\s)?|,\s", between):
            group.append(mention)
        elif between.strip() and re.search(r"[,;:]", between):
            group = [mention]
    listed = any("," not in sentence.between(a, b) or "and" in sentence.between(a, b) for a, b in pairwise(group))
    return group if listed else group[-1:]  # "beside A, B improves" speaks of B


def speaks_of_us(sentence: Marked, clause: Clause, mentions: Sequence[Mention], predicate: Cue) -> bool:
    """Whether "we" does what the verb says and no method is named as the means ("with A, we obtain …")."""
    we = re.search(r"\b[Ww]e\b(?:\s\w+){0,2}\s$", sentence.masked[max(clause.start, predicate.start - 40) : predicate.start])
    if we is None or any(m.own for m in mentions):
        return False
    means = r"(?:[Ww]ith|[Uu]sing|[Ff]or|[Tt]rain(?:ed|ing)?|[Ee]valuated?|[Ee]mploy|[Aa]dopt)\s(?:the\s|our\s|an?\s)?(?:\w+\s)?$"
    ahead = [m for m in mentions if m.start < predicate.start and not m.name.islower()]
    return not any(re.search(means, sentence.masked[max(0, m.start - 40) : m.start]) for m in ahead)


def noun_phrase(sentence: Marked, clause: Clause, predicate: Cue) -> str:
    """The words before the verb, as printed, without articles and adverbs: the subject where no lexicon names it."""
    earlier = max((c.end for c in clause.cues("score", "causal") if c.end < predicate.start), default=clause.start)
    words = sentence.text[earlier : predicate.start]
    if not sentence.complete:
        words = re.sub(r"\s\([^()]{0,60}\)(?=\s(?:\w+\s)?$)", "", words)
    words = re.split(r"[,;:()]|\b(?:and|but|[Ww]hile|[Ww]hereas|that|which|[Aa]lthough)\b", words)[-1].strip()
    words = ARTICLES.sub("", TELLING.sub("", words))
    if not sentence.complete and (doing := DOING.match(words)) is not None:
        words = doing.group(1)
    words = re.sub(r"\s(?:to|that)$", "", words)
    words = re.sub(r"(?:(?:^|\s)(?:alone|also|further|often|still|even|only|can|does|did|\w+ly))+$", "", words)
    if re.search(r"\bwe\b", words, re.IGNORECASE):
        return "we"
    if not sentence.complete:
        words = re.sub(
            r"(?:\s(?:is|are|was|were|be|been|has|have|had|can|could|may|might|would|will))+$",
            "",
            re.sub(r"^[A-Z]\w+ly\s|^Further\s", "", words),
        )
        if re.match(r"(?:Table|Tab|Figure|Fig)\b|using$", words):
            return ""
    if PRONOUN.fullmatch(words):
        return words
    if not sentence.complete and re.search(r"\b(?:proposed|new|auxiliary|contrastive|focal|triplet)\sloss$", words):
        return words
    if not sentence.complete and re.match(r"[Oo]ur\s", words) and MEASURED.search(words):
        return "we"  # "our results outperform"
    if words.lower() == "ours" and not sentence.complete:
        return "ours"
    if FUNCTION_WORD.fullmatch(words) or PREPOSITION.match(words) or MEASURED.search(words) or not words:
        return ""
    if any(m.text.lower() in words.lower() for m in clause.of("metric")):
        return ""
    return words if len(words.split()) <= 6 and not re.search(r"\d", words.split()[0]) else ""


def shown(mention: Mention) -> str:
    """A method by its name; a set or an ability in the sentence's words, as the lexicon spells them."""
    return mention.text if mention.kind in ("set", "ability") else mention.name
