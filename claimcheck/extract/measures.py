"""Whether a number is a score or a difference, of which sign and unit, and which metric or method is printed with it."""

import re
from collections.abc import Sequence
from typing import Literal

from claimcheck.extract.lexicon import Mention, Vocabulary
from claimcheck.extract.names import COSTS
from claimcheck.extract.phrases import LOWER
from claimcheck.extract.quantities import MASK, Amount
from claimcheck.extract.sentences import Clause, Cue, Marked
from claimcheck.extract.subjects import lacking, shown

Sign = Literal["+", "-"]

BY_OR_RANGE = re.compile(r"\bby\s$|\b(?:rang(?:es?|ed|ing)|var(?:y|ies|ied)|li(?:es?)|are|is)\s(?:from|between)\s$")


MOST = 12
"""Numbers of one list that are asked what they measure; a longer list is no prose."""

JUDGES = re.compile(r"better|worse|superior|inferior|faster|slower|stronger|weaker|(?:more|less)\saccurate", re.IGNORECASE)
"""Comparatives that judge on their own; "lower" says nothing until something measured is named."""


def compares(sentence: Marked, clause: Clause) -> Cue | None:
    """The word by which a clause without a number says better or worse, of something it names; None if it does not."""
    predicate = clause.predicate
    after = sentence.masked[predicate.end : clause.end] if predicate is not None else ""
    named = bool(clause.of("metric", "dataset"))
    if (
        predicate is not None
        and predicate.text.endswith("ing")
        and re.search(r"\b(?:for|of|in|at|on)\s$|[:)]\s$", sentence.masked[: predicate.start])
    ):
        return None  # "for improving A", "i) improving A" say what something is for
    if predicate is not None and predicate.kind == "compare" and MASK in after:
        return predicate
    if predicate is not None and predicate.kind == "manner":
        return predicate
    if (
        predicate is not None
        and predicate.kind == "change"
        and any(m.end <= predicate.start for m in clause.of("method", "set"))
        and (named or re.match(r"\s(?:the\s)?(?:\w+\s)?(?:performance|results)", after))
    ):
        return predicate
    if predicate is not None and predicate.kind == "score":
        brought = next((c for c in clause.cues("delta") if c.start > predicate.end), None)
        after = sentence.masked[brought.end :][:16] if brought is not None else ""
        between = sentence.between(predicate, brought) if brought is not None else ""
        if (
            brought is not None
            and re.fullmatch(
                r"lead\w*\sto|led\sto|result\w*\sin|yield\w*|bring\w*|brought|provides?|gives?|gave|shows?", predicate.text, re.IGNORECASE
            )
            and re.fullmatch(
                r"\s(?:an?\s)?(?:(?:clear|significant|large|substantial|consistent|further|notable|considerable|small|slight|big|huge|great|strong|performance|noticeable|\ue000+)\s){0,3}",
                between,
            )
            and re.match(r"\s(?:in|on|over|of|compared|for)\s|[,.;]|$", after)
            and (named or re.match(r"\sover\s", after))
        ):
            return brought
    for cue in clause.cues("adjective"):
        judges = named or JUDGES.fullmatch(cue.text) is not None
        if sentence.masked[: cue.start].endswith(" no "):
            continue
        if judges and re.match(
            rf"\s(?:[\w-]+\s|{MASK}+\s|\([^()]{{0,20}}\)\s){{0,5}}?than\s(?!\W{{0,2}}\d)", sentence.masked[cue.end : clause.end]
        ):
            return cue
    return None


def delta_sign(sentence: Marked, clause: Clause, run: Sequence[Amount], amount: Amount, vocabulary: Vocabulary) -> Sign | None:
    """The direction of a number that is a difference; None if it is a score."""
    if amount.sign and not is_likelihood(clause):
        return amount.sign
    if not sentence.complete and re.match(r"\s?(?:vs\.?|versus|compared\s(?:to|with))\s\d", sentence.masked[amount.end :][:16]):
        return None  # "by a large margin (28.9% compared to 23.3%)"
    predicate = clause.predicate
    if not sentence.complete:
        if predicate is not None and predicate.kind == "change" and ENDS_AT.search(sentence.masked[predicate.end : amount.start]):
            if delta_noun(sentence, clause, amount) is None:
                return None  # "drops to 47.5%, 3.7% lower than A"
        elif (told := told_difference(sentence, clause, amount)) is not None:
            return numeric(sentence, told, clause, vocabulary)
    pair = not sentence.complete and len(run) == 2 and re.search(r"\b(?:and|or)\b|&|/", sentence.between(run[0], run[1])) is None
    said = [delta_noun(sentence, clause, a) or comparative(sentence, clause, a) for a in ([amount] if pair else run[:MOST])]
    cue = next((cue for cue in said if cue is not None), None)
    if cue is None and BY_OR_RANGE.search(sentence.masked[: run[0].start][-40:]):  # "achieves gains on A by 5.3%", "the gains range from 1"
        cue = next((c for c in clause.cues("delta") if c.end <= amount.start and not is_objective(c, predicate)), None)
        if cue is None and not sentence.complete:  # "worse than A by 4%"
            worse = [c for c in clause.cues("adjective") if c.end <= run[0].start and " than " in sentence.masked[c.end : run[0].start]]
            cue = worse[-1] if worse else None
    if cue is not None:
        return numeric(sentence, cue, clause, vocabulary)
    if predicate is None or not predicate.sign or predicate.start > amount.start:
        return "+" if amount.unit == "pp" and predicate is not None and predicate.kind == "score" and amount.relative is None else None
    before = sentence.masked[predicate.end : run[0].start]
    if re.search(r"\bto\s(?:about\s|around\s)?$", before) or re.search(r"\bfrom\s$", before):
        return None
    by = re.search(
        r"\bby\s(?:an?\s(?:absolute|relative)\s|(?:at\sleast\s)?an?\s|about\s|around\s|over\s|nearly\s|only\s|up\sto\s|(?:absolute|relative)\s|another\s|\w+\s)?(?:additional\s|further\s"
        r"|(?:\w+\s){0,3}margin\s(?:of\s|\())?$",
        before,
    )
    own = own_metric(sentence, clause, amount) if not amount.unit else None
    spans = (
        not sentence.complete and amount.high is not None and predicate.kind == "change" and amount.unit != ""
    )  # "improves between 2-3%"
    bare = not sentence.complete and predicate.kind == "change" and amount.unit != "" and not before.strip(" +-")  # "improves 0.22 dB"
    if (
        spans
        or bare
        or by
        or amount.unit == "pp"
        or (own is not None and own.start >= amount.end)
        or (predicate.numeric and not before.strip(" +-"))
    ):
        return numeric(sentence, predicate, clause, vocabulary)
    return None


def is_objective(cue: Cue, predicate: Cue | None) -> bool:
    """Whether a "loss" is what is trained with and does what the verb says: "our loss improves A by 1.2"."""
    return predicate is not None and predicate.kind == "change" and cue.end <= predicate.start and cue.text.lower().startswith("loss")


ENDS_AT = re.compile(r"^\s(?:\w+\s){0,4}?to\s$")


def told_difference(sentence: Marked, clause: Clause, amount: Amount) -> Cue | None:
    """The noun of a difference that the clause says is so large: "the improvement with A is 2.1 and 3.0 with B"."""
    copula = next((c for c in reversed(clause.cues("copula")) if c.end <= amount.start), None)
    if copula is None or re.search(r"[;:(]", sentence.masked[copula.end : amount.start]):
        return None
    nouns = [c for c in clause.cues("delta") if c.end <= copula.start and not c.text.lower().startswith("loss")]
    between = any(
        isinstance(i, Cue) and i.kind in ("change", "compare", "score") for i in clause.items if copula.end <= i.start < amount.start
    )
    opens = nouns and len(sentence.masked[clause.start : nouns[0].start].split()) <= 6
    return nouns[0] if opens and not between else None


def only_metric(sentence: Marked) -> tuple[Mention, ...]:
    """The metric of a sentence that names just one."""
    named = {item.name: item for item in sentence.items if isinstance(item, Mention) and item.kind == "metric"}
    return tuple(named.values()) if len(named) == 1 else ()


def numeric(sentence: Marked, cue: Cue, clause: Clause, vocabulary: Vocabulary) -> Sign:
    """The sign of the number itself: improving an error rate lowers it."""
    metrics = clause.of("metric") or tuple(m for m in only_metric(sentence) if COSTS.search(m.name) is None)
    lower = bool(metrics) and (vocabulary.lower_is_better(metrics[0].name) or LOWER.fullmatch(metrics[0].name) is not None)
    return "-" if (cue.sign == "-") != (lower and not cue.numeric) else "+"


def delta_noun(sentence: Marked, clause: Clause, amount: Amount) -> Cue | None:
    """ "a 5.02-point gain", "a gain of 5.02 points"."""
    for cue in clause.cues("delta"):
        after = sentence.masked[amount.end : cue.start]
        before = sentence.masked[cue.end : amount.start]
        if (
            amount.end <= cue.start
            and len(after.split()) <= 3
            and not re.search(r"[,;()]|\b(?:of|to|in|on|for|with|at|the|an?|its|our)\b", after)
        ):
            return cue
        if cue.end <= amount.start and before == " " and amount.relation and not sentence.complete:
            return cue  # "an improvement approximately 1.5%"
        if cue.end <= amount.start and re.fullmatch(
            r"\s(?:in\s(?:\w+\s)?)?(?:of|by)\s(?:about\s|up\sto\s|around\s|over\s|almost\s|between\s)?|\s\(", before.replace(MASK, "x")
        ):
            return cue
    return None


BEYOND = re.compile(rf"\s(above|below|ahead\sof|behind|(?:more|less|fewer)\sthan)\s(?:that\sof\s)?(?:the\s|our\s)?{MASK}")
EXTRA_COST = re.compile(
    rf"\s(more|extra|additional)\s(?=(?:(?!than\b)[\w-]+\s){{0,2}}?(?:{MASK}|time|parameters|memory|FLOPs|computation|steps|latency))"
)
"""After a number that says what something costs more: "20% additional inference time"."""

BY_DEGREES = re.compile(r"\s(?:substantially|significantly|relatively|consistently|absolutely|even)\s")
"""Between a number and what it compares by: "90% substantially fewer anchors"."""

COMPARED_UNITS = ("pp", "%", "", "x", "dB", "mm", "ms", "s")


def comparative(sentence: Marked, clause: Clause, amount: Amount) -> Cue | None:
    """ "2.1 points higher"; "0.4 dB above that of A"."""
    beyond = BEYOND.match(sentence.masked, amount.end) if not sentence.complete and amount.unit in COMPARED_UNITS else None
    if beyond is not None:
        word = beyond.group(1)
        return Cue(
            "adjective",
            "-" if word.split()[0] in ("below", "behind", "less", "fewer") else "+",
            word not in ("ahead of", "behind"),
            beyond.start(1),
            beyond.end(1),
            word,
        )
    extra = EXTRA_COST.match(sentence.masked, amount.end) if not sentence.complete and amount.unit in ("%", "x") else None
    if extra is not None:
        return Cue("adjective", "+", True, extra.start(1), extra.end(1), extra.group(1))
    if not sentence.complete and amount.unit == "" and (metric := own_metric(sentence, clause, amount)) is not None:
        # "0.9 BLEU worse than A"
        than = (c for c in clause.cues("adjective") if re.match(r"\s(?:than|compared)\b", sentence.masked[c.end :][:9]))
        return next((c for c in than if re.fullmatch(r"\s(?:points?\s)?", sentence.masked[metric.end : c.start])), None)
    close = (c for c in clause.cues("adjective") if amount.end <= c.start and amount.unit in COMPARED_UNITS)
    return next((c for c in close if c.start - amount.end <= 3 or BY_DEGREES.fullmatch(sentence.masked[amount.end : c.start])), None)


def own_metric(sentence: Marked, clause: Clause, amount: Amount) -> Mention | None:
    """The metric printed with the number: "37.2 mAP", "0.4 points (EM)", "a BLEU of 27"."""
    for metric in clause.of("metric"):
        if metric.start - amount.end > FAR or amount.start - metric.end > FAR:
            continue
        if not sentence.complete and metric.start >= amount.end and CHANGE_IN.fullmatch(sentence.between(amount, metric)):
            return metric
        if not sentence.complete and metric.end <= amount.start and MOVES_TO.fullmatch(sentence.between(metric, amount)):
            return metric
        if metric.start >= amount.end and re.fullmatch(
            r"(?:\s(?:average|mean|overall|absolute|points?|more|[a-z]+-level)){0,2}\s?\(?(?:(?:in|of|on)\s(?:terms\sof\s)?)?",
            sentence.between(amount, metric),
        ):
            return metric
        if metric.end <= amount.start and re.fullmatch(
            r"\)?\s?(?:[:=(]|(?:scores?\s)?(?:of|is|was|are|were|by|to|at|up\sto)?)?\s?(?:only\s)?", sentence.between(metric, amount)
        ):
            return metric
    return None


CHANGE_IN = re.compile(
    r"(?:\s[A-Za-z-]+){0,2}\s(?:gain|drop|improvement|increase|decrease|reduction|boost|loss|rise|decline)s?\s(?:in|of)\s(?:the\s|terms\sof\s)?"
    r"|\s(?:fewer|less|more|higher|lower|better)\s"
)
"""Between a difference and its metric: "a 2.0 point drop in recall", "60% fewer parameters"."""

FAR = 260
"""Characters between a number and a metric that are not printed together, citations included."""

MOVES_TO = re.compile(r"\s(?:ris|rose|drop|f[ae]ll|increas|decreas|improv|go|grow|climb|jump)\w*\sto\s(?:only\s)?")
"""Between a metric and where it went: "the return rises to 8,152"."""


def listed_metrics(sentence: Marked, clause: Clause, run: Sequence[Amount]) -> tuple[Mention, ...]:
    """The metrics of a list with as many members as the numbers have: "by 6% and 4.2% in rank-1 and mAP", "R@1 and R@5 of 50 and 72"."""
    lists: list[list[Mention]] = []
    for metric in clause.of("metric"):
        joined = bool(lists) and re.fullmatch(r",?\s(?:and|or)\s(?:the\s)?|,\s|/", sentence.between(lists[-1][-1], metric)) is not None
        if joined:
            lists[-1].append(metric)
        else:
            lists.append([metric])
    if len(run) < 2:
        return ()
    fitting = [tuple(found) for found in lists if len(found) == len(run)]
    return next((found for found in fitting if near(sentence, found, run) or moved(sentence, clause, found, run)), ())


def moved(sentence: Marked, clause: Clause, names: Sequence[Mention], run: Sequence[Amount]) -> bool:
    """Whether a list of numbers tells where listed metrics ended, after as many where they began: "A and B rise from 1 and 2 to 3 and 4"."""
    began = [a for a in clause.amounts if names[-1].end <= a.start < run[0].start]
    return (
        len(began) == len(run)
        and sentence.masked[: began[0].start].endswith(" from ")
        and re.fullmatch(r"\s(?:%\s)?to\s", sentence.between(began[-1], run[0])) is not None
    )


def said_before(sentence: Marked, clause: Clause, amount: Amount) -> Mention | None:
    """The last metric before a number or before its rival, if no other number stands between: "F1 drops to 55 and the exact match to 30"."""
    if is_rival(sentence, clause, amount):
        amount = [a for a in clause.amounts if a.end <= amount.start][-1]
    before = [m for m in clause.of("metric") if m.end <= amount.start]
    if len(clause.of("metric")) < 2 or not before:
        return None
    return before[-1] if near(sentence, before[-1:], [amount]) else None


def near(sentence: Marked, names: Sequence[Mention], run: Sequence[Amount]) -> bool:
    """Whether no other number stands between a list of names and a list of numbers."""
    first, last = (run[-1].end, names[0].start) if names[0].start >= run[-1].end else (names[-1].end, run[0].start)
    return first <= last and not any(isinstance(i, Amount) and i.role == "amount" and first < i.start < last for i in sentence.items)


def counts_or_refers(sentence: Marked, amount: Amount) -> bool:
    """Whether a number beside a measure counts what was measured, steps through a range, or is a reference or part of a key."""
    before, after = sentence.masked[: amount.start], sentence.text[amount.end :][:60]
    if amount.unit == "" and amount.value == amount.value.to_integral_value() and COUNTED.match(after):
        return True  # "the accuracy of 15 random models"
    if re.fullmatch(r"\d", amount.text) and before.endswith("(") and after.startswith(")"):
        return True  # "perplexity (2)", whose "Table" the source lost
    if re.search(r"\bsplit", sentence.masked) and re.search(r"\b(?:train(?:ing)?|validation|val|dev|test(?:ing)?)\s\($", before[-12:]):
        return True
    return (
        STEPPED.search(before[-40:]) is not None
        or re.search(r":\d{4}:[\w:]*$", before[-40:]) is not None
        or STEPPING.match(after) is not None
    )


COUNTED = re.compile(
    r"\s(?:(?!(?:on|in|at|for|with|over|across|to|as|by|of|and|or|than|from|after|points?|using)\s)[a-z-]+\s){0,2}(?:models|gestures|runs|seeds|classes|images|videos|tasks|datasets"
    r"|experiments|samples|systems|methods|participants|annotators|users|subjects|queries|questions|sentences|documents|networks|agents|games|languages|folds|trials)\b"
)
STEPPED = re.compile(r"\b(?:increments?|steps?(?:\ssizes?)?|intervals?|strides?)\sof\s$", re.IGNORECASE)
STEPPING = re.compile(
    r"\s(?:with|in|at|by)\s(?:an?\s)?(?:steps?|increments?|intervals?)\b|\s(?:GPU|TPU|CPU)[\s-](?:days?|hours?)\b", re.IGNORECASE
)

FIXED_AT = re.compile(
    r"\b(?:thresholds?|parameters?|hyper-?parameters?|weights?|rates?|sizes?|values?|ratios?|numbers?|margins?|[a-z]+s)\s(?:[\w-]+\s|\ue000+\s){0,6}?(?:is|are|was|were)\s"
    r"(?:always\s|both\s)?(?:set|fixed|kept)\s(?:at|to|as)\s(?:[\d.]{1,6}%?(?:,|\sand|,\sand|\sor)\s){0,4}$",
    re.IGNORECASE,
)
"""Before a number that somebody chose: "the threshold for A is set at 0.5 and 0.7"."""

SETTING_BEFORE = re.compile(
    r"\b(?:learning\srates?|drop-?out(?:\s\w+)?|batch\ssizes?|weight\sdecay|decay(?:ed)?(?:\s\w+)?|momentum|thresholds?|temperatures?|coefficients?|penalt(?:y|ies)"
    r"|weights?|probabilit(?:y|ies)|ratios?|offsets?|beam\ssize|warm-?up(?:\s\w+)?|margin\sparameter|smoothing|confidence|factors?|deviation|budget|schedule|sampling"
    r"|version|chance|portion|proportion|fraction|multipliers?|scales?|CPU|GPU|frequency|split|epochs?|discount|initiali[sz]ed|IoU|MaxIoU|var(?:y|ied|ies|ying)|rang(?:e|es|ing))"
    r"(?:\s(?:of|is|was|are|were|starts|starting|started|begins|increased|decreased|reduced|raised|lowered|varied|changed|to|at|by|as|from|parameter|rate|than|in|the|range|set|between|about|higher|lower|larger|smaller|above|below|:|=)){0,5}\s?[=≥≤<>:@(]?\s?$",
    re.IGNORECASE,
)
SETTING_AFTER = re.compile(
    r"[\s-](?:type|font|scale|Likert)\b|\sincrements?\b|(?:\s\(?(?:\w+|\ue000+)\)?){0,5}?\sthreshold\b|(?:\s\(?(?:\w+|\ue000+)\)?){0,2}?\s(?:learning\srate|drop-?out|warm-?up|weight\sdecay|momentum|threshold|label\ssmoothing|scale\sratio|standard\sdeviation|probability"
    r"|chance|confidence|bootstrap|significance|of\s(?:the\s|all\s)?errors|of\sthe\s(?:running\stime|performance\sdrop|non-\w+)|of\s(?:the\simages|examples)|of\sthe\s(?:time|data|training(?!\stime)|tokens|images|questions|examples|vocabulary|pretraining|words|corpus|papers)"
    r"|of\s(?:the\s)?(?:\w+\s|\ue000+\s){0,2}(?:data|corpus|papers|tokens|images|words|parameters|training\sset|questions|annotations|instances|samples|classes|labels|nodes|pixels)"
    r"|labell?ed\sdata|parameters|of\sthese)\b",
    re.IGNORECASE,
)
ASIDE = re.compile(r"\((?:e\.g\.|i\.e\.|for\sexample)[^()]*$", re.IGNORECASE)


JUDGING = re.compile(
    r"\b(?:(?:is|are|was|were|be)\s(?:\w+\s)?(?:considered|taken\sas|treated\sas|regarded|counted|assigned|labell?ed)|(?:as|is|are)\s(?:a\s)?(?:positives?|negatives?|valid|correct)\sif"
    r"|positive\slabels?)\b"
)
"""A sentence that says how examples are judged."""


P_VALUE = re.compile(r"\b[pP](?:\s?-?\s?values?)?\s?(?:[<>=≤≥]|of\b)\s?\S?$")
AGREEMENT = re.compile(r"\binter-?\s?(?:annotator|rater|coder)|\bannotators?['’]?\sagree|\bkappa\b|\b[Kk]rippendorff|\bCohen['’]s\b|Fleiss")
SHARES = re.compile(r"\b(?:compris\w+|consist\w*\sof|account\w*\sfor|distribut\w+|makes?\sup)\b")
PART_BEFORE = re.compile(r"\b(?:train(?:ing)?|dev(?:elopment)?|valid(?:ation)?|test(?:ing)?)\s\($", re.IGNORECASE)


def describes_data(sentence: Marked, amount: Amount) -> bool:
    """Whether the number says how annotators agree or how data are made up: "train (80%)", "biology (43%) comprises most"."""
    before = sentence.masked[max(0, amount.start - 24) : amount.start]
    if sentence.complete:
        return False
    split = PART_BEFORE.search(before) is not None and amount.unit == "%" and amount.value == amount.value.to_integral_value()
    share = amount.unit == "%" and before.endswith("(") and SHARES.search(sentence.masked) is not None
    measured = any(isinstance(i, Mention) and i.kind == "metric" for i in sentence.items)
    agreed = AGREEMENT.search(sentence.text[max(0, amount.start - 50) : amount.end + 30]) is not None
    return agreed or ((split or share) and not measured)


def in_formula(sentence: Marked, amount: Amount) -> bool:
    """Whether the number is a bound of an interval "[0, 1]", a value of a symbol ("e = −1") or part of a key ("UFP:2887")."""
    before, after = sentence.masked[max(0, amount.start - 12) : amount.start], sentence.masked[amount.end : amount.end + 10]
    if sentence.complete:
        return False
    if before.endswith(("+", "/")) and amount.sign and amount.value == amount.value.to_integral_value():
        return True  # "07++12", "-/+30"
    if amount.sign and re.match(r"\)?-?(?:th|st|nd|rd)\b", after):
        return True  # "the (+1)-th frame"
    if (
        amount.sign == "-"
        and amount.text[1:].isdecimal()
        and not amount.unit
        and re.search(rf"{MASK}(?:,\s-\d+)*,?\s(?:and\s|or\s)?$", before)
    ):
        return True  # "rank-1, -5 and -10"
    if re.search(r"\[$", before) and re.match(r",\s?[+−-]?\d[\d.]*\]", after):
        return True
    if re.search(r"\[[+−-]?\d[\d.]*,\s?$", before) and after.startswith("]"):
        return True
    return (re.search(r"(?:^|[\s(,])[^\W\d]\s?[=≤≥<>]\s?[+−-]?$", before) is not None and not amount.unit) or re.search(
        r"[A-Za-z]:$", before
    ) is not None


ASSUMED = re.compile(
    r"\b(?:us(?:e|ed|es|ing)|assum(?:e|es|ed|ing)|took|take|choo?se|set|pick(?:ed)?|tr(?:y|ied))\s(?:the\s|an?\s|fixed\s)?(?:values?|numbers?|rates?|estimates?|figures?)\s(?:of|from)\s"
    r"(?:[\d.]{1,8}\s?%?(?:\s?\w{1,7})?(?:,\s(?:and\s|or\s)?|\s(?:and|or)\s)){0,8}$",
    re.IGNORECASE,
)
"""Before a number that was put into a calculation: "we used values of 3.1, 4.2 and 8.7 TFLOPS"."""

SPREAD_OVER = re.compile(r"\b(?:rang|var|l)(?:ing|ying|es?|ies)\s(?:between|from)\s[+−-]?\d[\d.]{0,6}\s(?:to|and)\s[+−-]?$")
"""Before the far end of what a setting ranges over."""


OVERLAPS = re.compile(
    r"s?\)?(?:\s(?:overlaps?|ratios?|scores?|values?|thresholds?))?\s?(?:(?:is|are)\s)?(?:\()?(?:(?:equal\sto|(?:higher|larger|greater|lower|smaller|less|more)\sthan|above|below|over|exceeding"
    r"|(?:ranging\s|varying\s)?(?:from|between)|thresholds?\s(?:of|at))\s)(?:[\d.]{1,5}(?:,\s|\sand\s|,\sand\s))*"
)
OVERLAPPING = re.compile(r"s?\)?(?:\s(?:overlaps?|ratios?|scores?|values?|thresholds?))?\s?(?:(?:is|are|of)\s)?")
"""Between an overlap and the number from which on something counts: "IoU overlap lower than 0.3"."""


def overlap_limit(sentence: Marked, amount: Amount) -> bool:
    """Whether the number says from which overlap on something counts: "at tIoU=0.5"."""
    named = next((m for m in reversed(sentence.items) if isinstance(m, Mention) and m.end <= amount.start), None)
    if named is not None and named.name == "IoU" and amount.unit in ("", "%"):
        between = sentence.between(named, amount)
        if OVERLAPS.fullmatch(between) or (amount.relation and OVERLAPPING.fullmatch(between)):
            return True
    following = next((m for m in sentence.items if isinstance(m, Mention) and m.start >= amount.end), None)
    if following is not None and following.name == "IoU" and sentence.between(amount, following) == " ":
        return amount.value <= 1 and sentence.masked[: amount.start].endswith((" at ", " at an ", "(at "))
    if named is None or not named.name.endswith("IoU") or amount.unit or amount.value > 1:
        return False
    return (
        re.fullmatch(r"\s?[=>≥@]\s?|\s(?:of\s)?", sentence.between(named, amount)) is not None
        and re.search(r"(?:\b(?:at|with|for|when)\s(?:an?\s)?|\(|@)[a-z]?$", sentence.masked[: named.start][-10:]) is not None
    )


JUDGED = re.compile(
    r"\sof\s(?:the\s|all\s|our\s|these\s)?(?:[\w-]+\s){1,3}?(?:is|are|was|were|has\sto\sbe|have\sto\sbe|had\sto\sbe)\s(?:\w+ly\s)?"
    r"(?:mis|incorrect|correct|wrong|reject|solv|answer|recogni|detect|classif|predict|retriev|localiz)"
)
"""A share of examples that a method got right or wrong."""


THRESHOLD = re.compile(
    r"\bthresholds?\b(?:\sfor\s(?:[\w-]+\s){1,4}?)?\s?(?:is|are|was|were)\s(?:set\s(?:to|at|as)\s)?(?:[\d.]{1,5}\s(?:for\s(?:(?:[\w-]+|\ue000+)\s){1,3})?and\s)?$"
)
SECTION_KEY = re.compile(r"\b(?:Sec|Section|Fig|Figure|Tab|Table|Eq|Appendix)\.?\s?\[[^\[\]]{1,40}\]$")
"""A reference whose key the source kept: "Sec. [sec:results]4.4"."""

HYPERPARAMETER = re.compile(
    r"\b(?:learning\srates?|weight\sdecay|drop-?out(?:\srates?)?|batch\ssizes?)\b(?:(?!achiev|obtain|improv|yield|reach|outperform|accurac|drop|gain|better|worse)[^;:%]){0,90}$",
    re.IGNORECASE,
)
"""Before the numbers of a setting that differs: "a learning rate of 0.1 for A and 0.01 for B"."""


def put_in(sentence: Marked, amount: Amount) -> bool:
    """Whether somebody chose the number, or it is a spread, a p value, a section's, a font's: what no study needs to be told."""
    before, after = sentence.masked[: amount.start], sentence.text[amount.end : amount.end + 60]
    if re.search(r"\d\.\d+\s$", before[-8:]) and "." in amount.text and amount.value < 10:
        return True  # a spread whose sign the source lost: "8.19 0.11"
    return (
        P_VALUE.search(sentence.masked[: amount.start + 2][-16:]) is not None
        or ASSUMED.search(before[-120:]) is not None
        or FIXED_AT.search(before[-160:]) is not None
        or THRESHOLD.search(before[-90:]) is not None
        or SECTION_KEY.search(sentence.text[: amount.start][-60:]) is not None
        or re.match(r"\s(?:type|font|Times|bold)\b", after) is not None
        or (not amount.unit and not amount.sign and HYPERPARAMETER.search(before[-120:]) is not None)
        or counts_or_refers(sentence, amount)
    )


def is_setting(sentence: Marked, amount: Amount) -> bool:
    """Whether the number sets or counts something ("a dropout of 0.1", "10% of the data"), or is an example in brackets."""
    before, after = sentence.masked[max(0, amount.start - 60) : amount.start], sentence.text[amount.end : amount.end + 60]
    opened, paren = sentence.text.rfind("[", 0, amount.start), sentence.text.rfind("(", 0, amount.start)
    if opened > sentence.text.rfind("]", 0, amount.start) and re.search(r"[A-Za-z]", sentence.text[opened : amount.start]):
        return True  # part of a citation's key
    if paren > sentence.text.rfind(")", 0, amount.start) and re.search(
        rf"\b(?:levels|sizes|rates|thresholds|settings|(?<!{MASK} )values)\s$", sentence.masked[:paren]
    ):
        return True  # "at five levels (0, 6 and 12 dB)"
    if JUDGING.search(sentence.masked) and re.search(
        r"\b(?:than|above|below|over|least|exceeds?|under)\s$|[<>≥≤]\s?$",
        sentence.masked[: amount.end - len(amount.text.split()[-1])][-12:],
    ):
        return True  # "positive if its IoU is higher than 0.55"
    if amount.unit in ("%", "pp") and re.match(r"\s(?:fewer|less|more|lower|smaller|faster|higher|larger|slower|better)\s", after):
        return False  # "6% fewer parameters" compares
    if describes_data(sentence, amount) or in_formula(sentence, amount):
        return True
    if overlap_limit(sentence, amount) or SPREAD_OVER.search(before) or (not sentence.complete and put_in(sentence, amount)):
        return True
    if amount.unit == "%" and JUDGED.match(after):
        return False  # "6.7% of the images have to be rejected" is how well it does
    if (amount.unit != "pp" and amount.sign != "+" and SETTING_BEFORE.search(before)) or ASIDE.search(
        sentence.masked[max(0, amount.start - 120) : amount.start]
    ):
        return True
    named = next((m for m in reversed(sentence.items) if isinstance(m, Mention) and m.end == amount.start - 1), None)
    if named is not None and named.kind in ("dataset", "method") and re.fullmatch(r"v?\d\.\d", amount.text) and not amount.unit:
        return True  # "SQuAD 1.0" is a version
    share = amount.unit == "%" and not amount.sign and re.match(r"\sof\s(?:the|all|our|these|its)\s", after)
    if share and not re.search(r"\b(?:of|by)\s$", before) and amount.relation == "":
        return True  # "prunes 90% of the connections"
    return SETTING_AFTER.match(after) is not None and amount.unit in ("", "%", "x") and not amount.sign


def is_listed_score(sentence: Marked, clause: Clause, amount: Amount) -> bool:
    """Whether a bare number stands against or beside another: "(85% vs. 77%)", "WSRGlow's 0.94", "a score of 68.1", "B (60.4)"."""
    before, after = sentence.masked[max(0, amount.start - 40) : amount.start], sentence.masked[amount.end : amount.end + 24]
    if not sentence.complete and any(m.end == amount.start - 1 and in_sequence(sentence, clause, m, amount) for m in clause.of("method")):
        return True
    if re.search(r"(?:\bvs\.?|versus|compared\s(?:to|with)(?:\sonly)?|['’]s)\s$", before) or re.match(r"\s?(?:vs\.?|versus)\s", after):
        return amount.unit != "" or "." in amount.text or (not sentence.complete and "," in amount.text)
    if re.match(r"\sreported\s(?:by|in)\s", after) or re.search(rf"{MASK}\sof\s$", before):
        return amount.unit != "" or ("." in amount.text and amount.value >= 10)
    if re.search(r"\b(?:scores?|results?|performance|accuracy)\s(?:of|is|was|at)\s(?:only\s)?$|\breaching\s$", before):
        return amount.unit != "" or "." in amount.text
    bracketed = re.search(rf"(?:{MASK}|\bcounterpart|\bbaseline|\bresult)\s\($", before) and re.match(r"\s?\)", after)
    return bool(bracketed) and (amount.unit == "%" or ("." in amount.text and (amount.value >= 10 or len(amount.text) > 3)))


def is_likelihood(clause: Clause) -> bool:
    return any(m.name in ("log-likelihood", "NLL") for m in clause.of("metric"))


def is_rival(sentence: Marked, clause: Clause, amount: Amount) -> bool:
    """Whether the number stands against the one before it: "76.9% versus 59.9%"."""
    before = [a for a in clause.amounts if a.end <= amount.start]
    return (
        bool(before)
        and re.fullmatch(
            rf"(?:\s{MASK}+)?\s(?:\((?=compared|vs|versus))?(?:versus|vs\.?|against|compared\s(?:to|with)|over)\s",
            sentence.between(before[-1], amount),
        )
        is not None
    )


def owners(sentence: Marked, clause: Clause, amount: Amount) -> list[Mention]:
    """The methods a difference is said of right after it: "7% for A and B"."""
    found: list[Mention] = []
    for mention in clause.of("method", "set"):
        if found:
            follows = re.fullmatch(r"(?:,|\sand|,\sand)\s(?:the\s|our\s)?", sentence.between(found[-1], mention))
        elif mention.start > amount.end:
            follows = re.fullmatch(rf"(?:\s{MASK}+)?\s(?:for|with)\s(?:the\s|our\s|proposed\s){{0,2}}", sentence.between(amount, mention))
        else:
            follows = None
        if follows is not None:
            found.append(mention)
    return found


def against(sentence: Marked, clause: Clause, amount: Amount) -> str:
    """What this one number is measured against: "A by 1.4% and B by 4.2%", "2.3 points over C"."""
    for mention in clause.of("method", "set"):
        if mention.end <= amount.start and PRIOR_TO.fullmatch(sentence.between(mention, amount)):
            before = sentence.masked[max(clause.start, mention.start - 40) : mention.start]
            if re.search(
                r"(?:improv\w+|surpass\w*|outperform\w*|exceed\w*|beat\w*|over|upon|and|,)\s(?:upon\s|over\s|on\s)?(?:the\s|our\s|a\s|both\s)?$",
                before,
            ):
                return shown(mention)
        if beaten_by(sentence, clause, mention, amount):
            return shown(mention)
        between = sentence.between(amount, mention) if not sentence.complete and mention.start > amount.end else ""
        if between and (THAN.fullmatch(between) or FROM_BY.fullmatch(between)):
            return shown(mention) + lacking(sentence, mention)
    keyed = None if sentence.complete else THAN_KEY.match(sentence.text, amount.end)
    return keyed.group("key") if keyed is not None else ""


def beaten_by(sentence: Marked, clause: Clause, mention: Mention, amount: Amount) -> bool:
    """Whether a number stands in the bracket after one of the things that are beaten: "outperforms A (accuracy +4.2%) and B (+3.5%)"."""
    predicate = clause.predicate
    if (
        sentence.complete
        or predicate is None
        or predicate.kind != "compare"
        or not predicate.end < mention.start < mention.end <= amount.start
    ):
        return False
    return re.fullmatch(r"\s\((?:[^()]{0,40}\s)?(?:by\s)?", sentence.between(mention, amount)) is not None and amount.sign != ""


THAN = re.compile(
    rf"(?:\s(?:[A-Za-z-]+|{MASK}+)){{0,4}}?\s(?:than|over|(?:as\s)?compared\s(?:to|with|against))\s(?:the\s|our\s|that\sof\s)*"
)
"""Between a number and what it is measured against: "6% fewer parameters than A, 56% fewer parameters than B"."""

FROM_BY = re.compile(r"(?:\sin\s(?:[\w-]+|\ue000+))?\sfrom\s(?:the\s)?[\d.]{1,8}\s?%?\s(?:by|of)\s(?:the\s(?:latest\s)?)?")
"""Between how much smaller something is and whose it was: "a reduction of 20% from 0.064 by A"."""

THAN_KEY = re.compile(
    r"(?:\s[A-Za-z-]+){0,4}?\s(?:than|over)\s(?:that\sof\s|the\s(?:latest\s|best\s)?results?\s(?:of|from|in|by)\s)?\[(?P<key>[A-Za-z][\w:+-]{2,40})\](?=[\s.,;)]|$)"
)
"""A work named by its key alone: "2.8% better than [smith2016]"."""

PRIOR_TO = re.compile(r"(?:\s\([^()]{0,40}\)|\s\[[^\[\]]{0,60}\])?\sby\s(?:about\s|over\s|more\sthan\s|nearly\s)?")


def owner(sentence: Marked, clause: Clause, amount: Amount) -> str:
    """The method a number is said of right after it: "59.9% for B"; or right before: "improving from the baselines 91.2% and 83.8%"."""
    if not sentence.complete and BASELINE_NUMBER.search(sentence.masked[max(clause.start, amount.start - 60) : amount.start]):
        return "baseline"
    if not sentence.complete and (source := REPORTED.match(sentence.text, amount.end)) is not None:
        return source.group(1)
    if not sentence.complete and (whose := possessor(sentence, clause, amount)):
        return whose
    for mention in clause.of("method", "set"):
        if mention.start > amount.end and re.fullmatch(
            rf"(?:\s{MASK}+)?(?:\s(?:reported|times|obtained|achieved|reached|attained|given|scored))?\s(?:for|by|of|with|in)\s(?:the\s|our\s|\[)?",
            sentence.between(amount, mention),
        ):
            return shown(mention)
        if not sentence.complete and mention.end <= amount.start and in_sequence(sentence, clause, mention, amount):
            return shown(mention)
        prior = not mention.own and re.search(r"state.of.the.art|SOTA", mention.name) is not None
        predicate = clause.predicate
        if not sentence.complete and predicate is not None and predicate.kind == "compare" and predicate.end < mention.start:
            prior = False  # "outperforming the state of the art (17.2% mAP)"
        if (
            not prior
            and mention.end <= amount.start
            and re.fullmatch(
                rf"(?:['’]s)\s|\s(?:\w+\s)?\((?:{MASK}+\s?[=:]?\s?)?|\s(?:of|at|with\san?)\s", sentence.between(mention, amount)
            )
            and not re.match(r"\s?(?:vs\.?|versus)\s", sentence.masked[amount.end :][:8])  # "A beats B (4.4 vs. 11.4)" gives A's first
        ):
            return shown(mention)
    return ""


def possessor(sentence: Marked, clause: Clause, amount: Amount) -> str:
    """Whose measure a number is: "the recall of A drops to 65%", "better than that of the real data (0.1)"."""
    before = sentence.masked[clause.start : amount.start]
    for mention in reversed(clause.of("method", "set")):
        if mention.end > amount.start:
            continue
        metric = next((m for m in reversed(clause.of("metric")) if m.end <= mention.start), None)
        if metric is None or not re.fullmatch(r"(?:\s(?:scores?|values?))?\sof\s(?:the\s|our\s)?", sentence.between(metric, mention)):
            continue
        if BECOMES.fullmatch(sentence.between(mention, amount)):
            return shown(mention)
        break
    that = THAT_OF.search(before)
    return that.group("name") if that is not None and MASK not in that.group("name") else ""


BECOMES = re.compile(
    r"\s(?:\w+ly\s|also\s|only\s|even\s){0,2}(?:is|was|(?:drops|dropped|degrades|degraded|falls|fell|decreases|decreased|increases|increased|rises|rose|improves|improved)\sto"
    r"|reaches|reached)\s(?:only\s|about\s|just\s|up\sto\s)?"
)
"""Between the owner of a measure and its number."""

THAT_OF = re.compile(r"\b(?:than|to|with)\s(?:that|those)\sof\s(?:the\s|our\s|an?\s)?(?P<name>[A-Za-z][\w-]*(?:\s[\w-]+){0,3})\s\($")

REPORTED = re.compile(r"(?:\s[\w-]+){0,2}?\s(?:reported|obtained|achieved|published|given|cited)\s(?:by|in)\s\[([\w:-]{3,40})[\];]")
"""A work named by its key alone: "63.7 reported in [smith2015]"."""

BASELINE_NUMBER = re.compile(r"\b(?:the|our|from|their)\s(?:\w+\s)?baselines?\s(?:(?:of|at)\s)?(?:[\d.]{1,6}\s?%?(?:,|\sand|,\sand)\s)?$")


def in_sequence(sentence: Marked, clause: Clause, mention: Mention, amount: Amount) -> bool:
    """Whether a name stands before a number in a list of scores: "A scores 3.1, B 3.5 and C 3.7", "followed by B with 6.1%"."""
    between = sentence.between(mention, amount)
    if re.fullmatch(r"\s(?:with|at)\s", between):
        return re.search(r"\bfollowed\sby\s(?:the\s)?$", sentence.masked[: mention.start]) is not None
    if between != " ":
        return False
    earlier = [a for a in clause.amounts if a.end <= mention.start and a.role == "amount"]
    return (
        bool(earlier) and re.fullmatch(r"(?:,\s|,?\sand\s)(?:the\s|our\s)?", sentence.masked[earlier[-1].end : mention.start]) is not None
    )


def delta_unit(amount: Amount, metric: str, vocabulary: Vocabulary) -> str:
    """Points of a percentage are `pp`; of another metric, that metric's unit or plain points."""
    if amount.unit == "%":
        return "pp" if amount.relative is False else "%"
    if amount.unit in ("", "pp"):
        return "pp" if vocabulary.unit(metric) in ("%", "pp") else vocabulary.unit(metric) or "points"
    return amount.unit


def score_unit(amount: Amount, metric: str, vocabulary: Vocabulary) -> str:
    return amount.unit or vocabulary.unit(metric)


def unclear(amount: Amount) -> bool:
    """A bare "%" may be points or a share of the baseline's score."""
    return amount.unit == "%" and amount.relative is None
