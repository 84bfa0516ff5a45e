"""What a paper that no study knows calls its methods and measures without a proper name: "our final model", "trace error".

Used beside `names.guessed`, on the sentence alone. A phrase is only something to bind a number to; it never decides a verdict.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from claimcheck.extract.lexicon import Entry, Mention, field_knowledge

NOUN = (
    r"models?|methods?|approach(?:es)?|networks?|frameworks?|systems?|baselines?|submissions?|algorithms?|variants?|strateg(?:y|ies)|students?"
    r"|ensembles?|(?<=proposed\s)work|counterparts?|competitors?|techniques?|schemes?|pipelines?|architectures?|modules?|components?|agents?|polic(?:y|ies)|humans?"
    r"|human\s(?:raters|performance|annotators)|single\smachine|reproduction|re-implementation|detectors?|classifiers?|encoders?|parsers?|regularizers?|retrievers?"
    r"|(?:state[-\s]of[-\s]the[-\s]arts?|SOTA)(?:\s(?:[\w-]+\s){0,5}?(?:models?|methods?|approaches|techniques|detectors|systems))?|prior\swork|previous\swork|(?:published|reported|known)\s(?:results?|numbers?|scores?)|(?:previous|reported|single[-\s]model|best)\sresults?"
    r"|random\s(?:guessing|chance|baseline)"
)
WORD = (
    r"(?!(?:of|on|in|with|for|to|by|and|or|is|are|was|were|that|which|than|from|as|at|over|has|have|had|can|we|our|it|not|only|also|both|all|using"
    r"|outperform\w*|surpass\w*|exceed\w*|beats?|achiev\w*|improves|obtains?|yields?|gives?|shows?|performs?|reduces|increases|leads?|provides?|produces?|reaches|gains)\s)"
    r"[\w'’/+@-]+"
)
METHOD_PHRASE = re.compile(
    rf"(?<![\w-])(?:(?:the|an?|this|these|its|their|both|all|any|some)\s|(?=our\s|previous|prior|other|existing|human|random|state))"
    rf"(?P<name>(?:our\s)?(?:{WORD}\s){{0,5}}?(?:{NOUN}))(?![\w-]|\s(?:generations?|outputs?|responses?|predictions?|assessments?|translations?|judg\w+)\b)",
    re.IGNORECASE,
)
"""A determiner or "our", a few words, and a noun for things that are evaluated."""

BEATEN_PHRASE = re.compile(
    rf"\b(?:outperform(?:s|ed|ing)?|surpass(?:es|ed|ing)?|beat(?:s|ing)?|exceed(?:s|ed|ing)?)\s(?P<name>(?!\d)(?:{WORD}\s){{1,4}}?(?:{NOUN}))(?![\w-])"
)
"""The same without a determiner, as what is beaten: "outperforms recurrent models with attention"."""

OUTRIGHT = re.compile(
    r"(?<![\w-])(?:(?:previous|prior)\sbest(?=[\s,.;)])(?!\s[a-z]+\s?(?:model|method|result|system|number))"
    r"|[Oo]ur\s(?:[\w-]+\s){0,3}?(?:embeddings|representations|vectors|objective|augmentation|proposals|parser|tagger|tracker|generator|planner|implementation|solution))(?![\w-])|(?<![\w-])(?:humans|random\sguessing|human\s(?:raters|performance)|prior\swork|the\s(?:first|second|last|top)\s(?:line|layer))(?![\w-])"
)

MEASURE = re.compile(
    r"(?<![\w-])(?P<name>(?:(?!(?:ms|s|sec|min|GB|MB|hours?|minutes?|seconds?|the|an?|this|its|our|their|and|or|of|in|on|as|to|for|with|by|is|are|very|much|such|same|best|low|lower|high|higher|worse"
    r"|better|overall|total|average|mean|whose|than|from|at|no|any|all|more|less|initial|reducing|relative|absolute|similar|corresponding|common|comparable|competitive|improved|we|can|further"
    r"|but|faster|slower|large|larger|small|smaller|high|final|best|measured|individual|reported|resulting|respective|new|good|great|strong|has|have|had|only|also|both|observed?|obtained|superior|inferior|quick|see|ms|sec|seconds|min|additional|extra|shorten\w*|sav\w+"
    r"|(?:improv|reduc|decreas|increas|lower|achiev|boost|hurt|harm|degrad|affect)\w*)\s)(?:[A-Za-z][A-Za-z-]+|top-\d)\s){0,2}"
    r"(?:error(?:\srates?)?s?|accurac(?:y|ies)|(?:success|win|error|recognition|compression|hit|pass|rejection|misclassification|clickthrough|click-through"
    r"|solve|acceptance|hallucination|survival|detection|discovery|failure|collision|violation|refusal|completion|conversion|retention|false[\s-]alarm|miss"
    r"|non-[a-z]+|[a-z]{4,}ability)\srates?|(?:validation|test|training|eval)\sloss|latency"
    r"|perplexit(?:y|ies)|(?:training|inference|running|run|wall-clock|decoding|test|computation|computing|execution|processing|response)\s?time|(?:training|inference|decoding)\sspeed|throughput"
    r"|overhead|slowdown|completeness|homogeneity|log-spectral-distance|mean opinion score|translation performance|win-rate))"
    r"(?![\w-]|\s(?:types?|analys[ie]s|cases|bars?|propagation|messages?|signals?))",
    re.IGNORECASE,
)
"""A measure in plain words, with up to two words that say of what."""

COMPARED = re.compile(
    rf"\b(?:compared\s(?:to|with)|Compar(?:ed|ing)\s(?:to|with)(?=\s(?:the|a|an|our)\s)|(?<!rather\s)(?<!other\s)(?<!more\s)(?<!less\s)than|relative\sto|instead\sof\s(?:just\s)?)\s?"
    rf"(?:the\s|an?\s|that\sof\s|our\s)*(?P<name>(?!\d)(?:{WORD}\s){{0,3}}(?!\d){WORD})(?=[,.;:()]|\s(?:by|on|in|with|for|and|under|while|at|when|from|using)\b|$)"
)
"""What something is compared with, in plain words: "than the first layer"."""

F_SCORE = re.compile(r"(?<![\w.-])F(?=\sof\s\d|[ -]scores?\b)|(?<=\d\s)F(?=[\s,.;)]|$)|(?<=%\s)F(?=[\s,.;)]|$)")
"""F1 whose index the source lost."""

AVERAGED_METRIC = re.compile(
    r"(?<![\w-])(?:average|mean|macro|micro|weighted)-(?:mAP|AP|F1|AUC|accuracy|precision|recall)(?![\w-])", re.IGNORECASE
)

LANGUAGE = (
    r"(?:English|French|German|Romanian|Czech|Russian|Chinese|Finnish|Turkish|Latvian|Estonian|Spanish|Italian|Portuguese|Japanese|Korean|Vietnamese|Arabic|Hindi"
    r"|Dutch|Nepali|Sinhala|Gujarati|Kazakh|Lithuanian|Polish|Swedish|Ukrainian|Hungarian)"
)
CODE = r"(?:en|fr|de|ro|cs|ru|zh|fi|tr|lv|et|es|it|pt|ja|ko|vi|ar|hi|nl|ne|si|gu|kk|lt|pl|sv|uk|hu)"
PAIR = re.compile(
    rf"(?<![\w-]){LANGUAGE}\s?(?:-to-|-|–|→|↔|/)\s?{LANGUAGE}(?![\w-])|(?<![\w-])(?:{CODE}(?:-|–|→|↔|2){CODE}|(?i:{CODE})(?:-|–|→|↔)(?i:{CODE}))(?![\w-])"
)
"""A pair of languages, which is what translation is tested on."""

COST = re.compile(
    r"(?:%|\d[x×]|times|percent)\s(?:(?:fewer|less|more)\s|(?=FLOP|MAdd|MACs))(?P<name>(?:[a-z-]+\s)?(?:parameters|params|FLOPs|FLOPS|MAdds|MACs|operations|computations?|memory|training\ssteps|steps|updates))\b"
)
"""What something costs, compared: "6% fewer parameters"."""

SPENT = re.compile(
    r"(?<![\w-])(?P<name>parameters|params|FLOPs|FLOPS|MAdds|MACs|operations|computations?|memory)"
    r"(?=\s(?:(?:is|are|was|were|being|been)\s)?(?:(?:reduced|decreased|increased|cut)\s)?by\s(?:\w+\s){0,3}[\d.]{1,6}\s?(?:%|percent|[x×]|times|-?fold))"
    r"|(?<=number\sof\s)(?P<number>parameters)(?=[^.;,]{0,60}?\d\s?(?:%|[x×]|times)\s(?:larger|smaller|fewer|lower|higher|less|more)\b)"
)
"""The same after a verb: "reduces the number of parameters by 6%", "with FLOPs being reduced by 6%", "its number of parameters is 6% larger"."""

NOBODY = re.compile(
    r"(?:[\w-]+\s)*?(?:results?|performances?|latter|former|cases?|settings?|scenarios?|numbers|scores?|accurac(?:y|ies)|ones?|that|those|this|these|it|them|each\sother|errors?|rates?"
    r"|training|tables?|figures?|levels?|values?|time|years?)",
    re.IGNORECASE,
)
"""What is compared with and is nobody: "compared to the results in Table 2", "than the latter"."""

TRANSFER = re.compile(r"(?<![\w→-])[A-Z][\w+-]{0,16}(?:\s[A-Z\d][\w-]{0,8})?\s?→\s?[A-Z∗*][\w+-]{0,16}(?:\s[A-Z\d][\w-]{0,8})?(?![\w→])")
"""From which domain to which: "SVHN → MNIST"."""

DONE_TO = re.compile(r"(?<=\w)\s(?:based|trained|proposed|reported|used|obtained)$")

QUALITY = (
    r"(?:fluency|adequacy|coherence|novelty|uniqueness|validity|diversity|faithfulness|factuality|informativeness|relevance|grammaticality|readability"
    r"|naturalness|intelligibility|consistency|overall quality|image quality|speech quality|usability|returns?|rewards?"
    r"|(?:Fr[eé]chet|Wasserstein|Chamfer|edit|cosine)\sdistance|modularity"
    r"|silhouette|toxicity"
    r"|correlation|likelihood|success(?!\srate)|(?:memory|GPU|CPU)\s(?:usage|consumption|footprint)|(?:average|mean|overall|human|quality|similarity|validation|test|dev|final|aggregate|normali[sz]ed)\sscores?"
    r"|(?:user|average|mean|human|overall|quality)\sratings?)"
)
RATED = re.compile(
    rf"(?<![\w-])(?P<name>{QUALITY})(?=(?:\sscores?|\srating)?\s?(?:(?:rises|rose|drops|dropped|falls|fell|increases|increased|decreases|improves)\s(?:from|to)|of|is|was|at|from|by|to|=|:|\()\s?(?:about\s|only\s)?[(+−-]?\d)",
    re.IGNORECASE,
)
RATED_AFTER = re.compile(rf"(?:\d|%|points?)\s(?:(?:in|on|of|for)\s)?(?P<name>{QUALITY})(?![\w-])")
"""Qualities and scores in plain words, beside a number: "fluency of 3.4", "0.3 points in coherence"."""

GAINED_OVER = re.compile(
    rf"\b(?:improv\w+|gains?|boosts?|increases?|advantages?)\b(?:[^.;:]|\.\d){{0,50}}?\sover\s(?:the\s|an?\s|our\s|their\s|corresponding\s)*"
    rf"(?P<name>(?!\d|time\b|all\b|both\b|each\b|every\b)(?:{WORD}\s){{0,3}}{WORD})(?=[,.;:()]|\s(?:by|on|in|with|for|and|at|when|from|using)\b|$)"
)
"""What something gains over, in plain words: "improvements over flat classifiers"."""

SCORED_IN = re.compile(r"\d\s?%?\s?\($")
IN_ROUND = re.compile(r"(?<=\d)\s?%?\s?(?:[a-z]{2,8}\s)?\((?P<name>[A-Z]{2,6})\)")
"""Scores with what they measure in brackets."""

LISTED_ACRONYM = re.compile(
    r"(?:,?\sand\s|,\s)(?P<name>[A-Z]{2,5})(?![\w-])(?=[,.;:)]|$|\s(?:and|respectively|of|over|on|for|compared|with|than|by|is|are|was|were)\b)"
)

AT = re.compile(r"(?<![\w@])[A-Za-z]{1,12}(?:-\d)?@(?:t?IoU\s?=?\s?)?\[?\d[\d.:]*(?<![.:])\]?")
LIMIT = re.compile(r"\s?[=>≥]\s?0?\.\d{1,2}|\s(?:of\s)?0\.\d{1,2}")
RANKED = re.compile(r"(?<![\w-])rank-\d+(?:\saccuracy)?(?![\w-])", re.IGNORECASE)
ACRONYM = re.compile(
    r"(?!(?:FPS|GPU|CPU|USD|EUR|BERT|GPT|ELMO|LSTM|GRU|[CDR]NN|MLP|SVM|GAN|VAE|VGG|YOLO|SSD|FPN|GCN|GAT|CRF|HMM|GMM|LDA|PCA|KNN|TCN|ASPP|CTC|BPE)s?$)[a-z]?[A-Z]{2,6}s?"
)
"""An abbreviation that may be a measure; those of well-known models and parts of them are none."""

BEFORE_NUMBER = re.compile(r"\)?(?:\sscores?)?\s?(?:of|=|:|up\sto|above|below)\s?(?:about\s|only\s|around\s)?[+−-]?\d")
AFTER_NUMBER = re.compile(r"(?:\.\d+|\d\s?%|\spoints?)\s(?:average\s|mean\s|absolute\s|points?\s|points?\s\(?)?\(?$")

TASK = re.compile(
    rf"(?:\b(?:[Oo]n|[Ff]or|[Ii]n|over)\s(?:the\s|an?\s|our\s)?|\b(?=coread\b))(?P<name>(?!(?:this|these|same|test|validation|dev|development|training|all|both|each|many|most|some"
    rf"|several|various|average|other|two|three|four|five|downstream|held-out|any|which|large|small|their|its|target|that)\b)(?:{WORD}\s){{1,4}}?"
    rf"(?:tasks?|datasets?|benchmarks?|corpus|data|recordings|test\sset|test\ssets|environment))(?![\w-])"
)
"""What something is evaluated on, in plain words: "on the co-view task"."""

UNDERTAKEN = (
    r"(?:segmentation|detection|classification|recognition|retrieval|summari[sz]ation|translation|parsing|answering|completion|estimation|tracking|captioning"
    r"|labell?ing|tagging|locali[sz]ation|reconstruction|super-resolution|disambiguation|re-?identification|verification|generation|extraction|synthesis"
    r"|forecasting|denoising|deblurring|inpainting|grounding|counting|linking|registration|separation|enhancement|navigation|entailment|inference)"
)
UNDERTAKING = re.compile(
    rf"\b(?:[Oo]n|[Ff]or|[Ii]n)\s(?:the\s|both\s)?(?P<name>(?!(?:this|these|each|every|all|any|our|better|faster|accurate|use|such|a|an|more|most|true|false)\s)(?:{WORD}\s){{1,3}}?{UNDERTAKEN})"
    rf"(?=[,.;:()]|$|\s(?:and|or|on|with|by|from|to|at|is|are|was|were|than|over|compared|as|when|while|using|without|where|which|we|our|the|respectively)\b)"
)
"""A task in plain words, where nothing else says what something is evaluated on: "52% better in recipe generation"."""

THING = r"(?!(?:the|both|all|each|average|other|test|validation|training|dev|top)\b)[a-z][a-z-]{2,}(?:\s[a-z][a-z-]{2,}){0,2}"
IN_TURN = re.compile(
    rf"(?<=[\d%s])\s(?:on|for|in)\s(?:the\s)?(?P<a>{THING})(?:,\s(?:the\s)?(?P<b>{THING}))?,?\sand\s(?:the\s)?(?P<c>{THING})(?<!methods)(?<!models)(?<!metrics)(?<!settings)(?<!cases)(?<!modes)(?<!systems)(?<!terms),?\srespectively"
)
"""Parts of a test set in plain words, in the order of the numbers: "1% and 4% on front and side views, respectively"."""

WHICHEVER = re.compile(
    r"(?:(?:the|all|both|our|these|those|other|more|\d+|two|three|four|five|six|seven|eight|nine|ten|several|many|different|various|real|world|real-world|unseen|hidden|held-out|full|large"
    r"|larger|small|smaller|public|standard|same|single|test|dev|development|validation|training|train|evaluation|source|target|common|popular|challenging|widely|used|benchmark)[\s-])*"
    r"(?:test|development|dev|validation|evaluation|training)?\s?(?:tasks?|datasets?|benchmarks?|corpus|data|recordings|test\ssets?|environment)",
    re.IGNORECASE,
)
"""Words that name no dataset: "four real world datasets", "the unseen test data"."""

IN_BRACKETS = re.compile(
    rf"(?:\b(?:on|for|in)\s(?:the\s)?|(?<=\)\s)and\s(?:the\s)?)(?P<name>(?!this|these|all)(?:{WORD}\s){{0,2}}{WORD})(?=\s\([+−-]?\d[\d.]*\s?(?:%|[A-Z]))"
)
"""The same before a number in brackets: "on image-to-text (+22.2% R@1)"."""

CITED = re.compile(r"(?<![\w-])(?:[a-z]{3,20}(?:19|20)\d\d[a-z]{2,24}|[A-Z][\w-]+\set\sal\.?)(?![\w-])")
"""A work named by its key or its author, as the doer of something: "smith2015attention achieves"."""

TELLS = re.compile(
    r"(?:[,\s]*\(?[^()]{0,30}\)?)?\s(?:(?:have|has|also|recently|first|later)\s){0,3}(?:show|demonstrat|report|find|found|propos|observ|argu|introduc|present|describ"
    r"|evaluat|not(?:e|ed)|suggest|study|studied|use|apply|applied|conclud)",
)
"""After a work that only tells of what others do."""

SIZED = re.compile(r"(?<![\w-])[A-Z][\w.-]*(?:\s\d(?:\.\d)?)?\s\d{1,4}(?:\.\d)?[BM](?![\w-])")
"""A model named with its size: "Llama 2 13B"."""

PRIOR = re.compile(
    r".*\b(?:state[-\s]of[-\s](?:the[-\s])?arts?|SOTA|prior|previous|previously|published|existing|other|competing|competitive|competitors?|human|humans|random)\b.*",
    re.IGNORECASE,
)
"""A phrase for what others reached: compared with, never the one that improves."""

LOWER = re.compile(
    r"(?:.*\s)?(?:errors?|error\srates?|loss(?:es)?|perplexit(?:y|ies)|latency|(?:\w+\s)?time|distance|LSD|FLOPS?|MAdds|steps|(?:hallucination|rejection"
    r"|misclassification|non-\w+)\srates?|log-spectral-distance|[WPCED]ER|[\w-]*(?:RMSE|MSE|MAE|MPJPE|MSD)|FID|log-?loss|runtime|memory(?:\susage|\sfootprint)?|costs?|BPC"
    r"|PPL|Hausdorff(?:\sdistance)?|(?:\w+-)?disparity)",
    re.IGNORECASE,
)
"""Measures of which less is better."""


PHRASES: tuple[tuple[re.Pattern[str], str], ...] = (
    (AT, "metric"),
    (RANKED, "metric"),
    (F_SCORE, "metric"),
    (AVERAGED_METRIC, "metric"),
    (COST, "metric"),
    (SPENT, "metric"),
    (RATED, "metric"),
    (RATED_AFTER, "metric"),
    (PAIR, "dataset"),
    (TRANSFER, "dataset"),
    (MEASURE, "metric"),
    (SIZED, "method"),
    (METHOD_PHRASE, "method"),
    (BEATEN_PHRASE, "method"),
    (OUTRIGHT, "method"),
    (CITED, "method"),
    (COMPARED, "method"),
    (GAINED_OVER, "method"),
    (TASK, "dataset"),
    (IN_BRACKETS, "dataset"),
)
"""What a phrase names, the surest first: a later one takes no words from an earlier."""

WIDER = {MEASURE: ("metric",), TRANSFER: ("dataset", "method"), SIZED: ("metric", "dataset", "method", "model")}
"""Which kinds of names a phrase may take in, as part of it."""


def described(text: str, known: Sequence[Mention]) -> tuple[Mention, ...]:
    """The mentions, with measures and methods that only a phrase names, and guessed names beside a number taken for measures."""
    found = [
        measure_of(text, as_method(m)) for m in known if not (m.name == "recall" and re.match(r"\s(?:that|the|from)\b", text[m.end :]))
    ]
    for pattern, kind in PHRASES:
        for match in pattern.finditer(text):
            start, end = match.span("name") if "name" in pattern.groupindex and match.group("name") else match.span()
            if names_nothing(pattern, text, start, end, found):
                continue
            replaced = [m for m in found if m.start < end and start < m.end]
            if pattern is COMPARED and (tail := DONE_TO.search(text[start:end])) is not None:
                end = start + tail.start()
            if pattern is AVERAGED_METRIC:  # "average-mAP" looks like a name
                found = [m for m in found if m.kind != "method" or m not in replaced]
                replaced = [m for m in replaced if m in found]
            wider = WIDER.get(pattern, ())
            if any(m.kind not in wider or m.start < start or end < m.end or m.end - m.start == end - start for m in replaced):
                continue
            found = [m for m in found if m not in replaced]
            named = phrase(kind, text[start:end], start)
            found.append(replace(named, name="F1") if pattern is F_SCORE else named)
    found = with_undertakings(text, with_abbreviated(text, two_of_a_kind(text, found)))
    return tuple(with_pairs(text, [limiting(text, m) for m in with_listed(text, sorted(found, key=lambda m: m.start))]))


def names_nothing(pattern: re.Pattern[str], text: str, start: int, end: int, found: Sequence[Mention]) -> bool:
    """Whether words that fit a pattern name nobody and nothing, or what another name beside them names."""
    words = text[start:end]
    if pattern is METHOD_PHRASE:
        return (
            no_name(text, start, end)
            or any(m.kind == "method" and 0 < m.start - end <= 1 for m in found)  # "our competitor BUC" is BUC
            or (  # "the single models of BUC"
                re.search(r"\b(?:models?|versions?|systems?)$", words) is not None
                and any(m.kind == "method" and text[end : m.start] == " of " for m in found)
            )
        )
    if pattern is CITED:  # inside a citation, nobody does anything
        return TELLS.match(text, end) is not None or text.rfind("[", 0, start) > text.rfind("]", 0, start)
    if pattern is COMPARED:
        return NOBODY.fullmatch(words) is not None
    return pattern in (TASK, IN_BRACKETS) and WHICHEVER.fullmatch(words) is not None


def limiting(text: str, mention: Mention) -> Mention:
    """The mention; an overlap from which on something counts is no measure: "at tIoU=0.5"."""
    after = LIMIT.match(text, mention.end) if mention.name == "IoU" else None
    if after is None or not re.search(r"\b(?:at|with|under)\s(?:an?\s)?$|@$", text[: mention.start][-8:]):
        return mention
    return replace(mention, kind="model", end=after.end())


TWO_OF_A_KIND = re.compile(
    r"\b(?:[Tt]he|[Oo]ur|[Ii]ts)\s(?P<one>(?!both|two|first|same)[A-Za-z][\w-]*)\sand\s(?P<other>(?!other|the|our|its)[A-Za-z][\w-]*"
    r"\s(?P<noun>models|variants|versions|networks|methods|systems|baselines|approaches|encoders|ensembles))(?=\s(?!of\b)|,)"
)
"""Two methods that share a noun: "the base and large models score 60.2 and 53.7 respectively"."""


def two_of_a_kind(text: str, found: list[Mention]) -> list[Mention]:
    """The mentions, with both of two methods that a sentence deals numbers out to under one noun."""
    match = TWO_OF_A_KIND.search(text) if "respectively" in text else None
    if match is None:
        return found
    apart = [m for m in found if m.end <= match.start("one") or match.end("other") <= m.start]
    within = [m for m in found if m not in apart]
    if any(m.kind != "method" for m in within):
        return found
    one = next((m for m in within if m.text == match.group("one")), None) or replace(
        phrase("method", f"{match.group('one')} {match.group('noun')}", match.start("one")), text=match.group("one"), end=match.end("one")
    )
    return [*apart, one, phrase("method", match.group("other"), match.start("other"))]


def with_abbreviated(text: str, found: list[Mention]) -> list[Mention]:
    """The mentions, with abbreviations that stand as a metric's beside them does: "86.7% (DSC), 93.8% (VS)", "in DSC, VS and MSD"."""
    known = [m for m in found if m.kind == "metric" and ACRONYM.fullmatch(m.text)]
    bracketed = any(SCORED_IN.search(text[max(0, m.start - 12) : m.start]) and text[m.end : m.end + 1] == ")" for m in known)
    spans = [match.span("name") for match in IN_ROUND.finditer(text)] if bracketed else []
    for metric in known:
        end, listed = metric.end, []
        while (match := LISTED_ACRONYM.match(text, end)) is not None:
            listed.append(match.span("name"))
            end = match.end()
        spans += listed if " and " in text[metric.end : end] else []
    for start, end in spans:
        within = [m for m in found if m.start < end and start < m.end]
        if ACRONYM.fullmatch(text[start:end]) and all(could_measure(m) and (m.start, m.end) == (start, end) for m in within):
            found = [*(m for m in found if m not in within), phrase("metric", text[start:end], start)]
    return found


def could_measure(mention: Mention) -> bool:
    """Whether a name taken for a method or a dataset is only a guess or the head of a column."""
    known = any(entry in field_knowledge().entries for entry in mention.entries)
    return mention.kind in ("method", "dataset") and not mention.own and not known


def with_undertakings(text: str, found: list[Mention]) -> list[Mention]:
    """The mentions, with the tasks a sentence names that names no dataset; a guessed name within one is part of it."""
    if any(m.kind == "dataset" for m in found):
        return found
    for match in IN_TURN.finditer(text):
        spans = [match.span(group) for group in "abc" if match.group(group)]
        if all(m.end <= start or end <= m.start for m in found for start, end in spans):
            found = [*found, *(phrase("dataset", text[start:end], start) for start, end in spans)]
    for match in UNDERTAKING.finditer(text):
        start, end = match.span("name")
        within = [m for m in found if m.start < end and start < m.end]
        if all(m.kind == "method" and not m.own and start <= m.start and m.end < end for m in within):
            found = [*(m for m in found if m not in within), phrase("dataset", text[start:end], start)]
    return found


def with_listed(text: str, found: Sequence[Mention]) -> list[Mention]:
    """The mentions, an unknown abbreviation in a list with a metric taken for one too: "in F1, DSC and MSD"."""
    result = list(found)
    for step in (range(len(result) - 1), range(len(result) - 2, -1, -1)):
        for index in step:
            left, right = result[index], result[index + 1]
            joint = text[left.end : right.start]
            if left.name in ("top-1", "top-5") and re.fullmatch(r"top-[15] error", right.name) and joint in ("/", " and "):
                result[index] = replace(left, name=f"{left.name} error")  # "top-1/top-5 error"
            by_turns = (
                left.kind == "metric" and re.fullmatch(r"\sby\s[\d.]+\s?(?:%|points?)?\sand\s", joint) and text.startswith(" by", right.end)
            )
            if not by_turns and not re.fullmatch(r",\s(?:and\s)?|\sand\s|/", joint):
                continue
            for place, one, other in ((index, left, right), (index + 1, right, left)):
                if one.kind == "method" and not one.own and other.kind == "metric" and (by_turns or ACRONYM.fullmatch(one.text)):
                    result[place] = phrase("metric", one.text, one.start)
    return result


def with_pairs(text: str, found: Sequence[Mention]) -> list[Mention]:
    """The mentions, a pair of languages joined to the test set beside it, and left out where a test set is named elsewhere."""
    datasets = [m for m in found if m.kind == "dataset"]
    pairs = [m for m in datasets if PAIR.fullmatch(m.text)]
    if not pairs or len(pairs) == len(datasets):
        return list(found)
    result = [m for m in found if m not in pairs]
    for pair in pairs:
        beside = next((m for m in result if m.kind == "dataset" and re.fullmatch(r"['’]?\s", text[m.end : pair.start]) is not None), None)
        beside = beside or next((m for m in result if m.kind == "dataset" and text[pair.end : m.start] == " "), None)
        if beside is not None:
            start, end = min(beside.start, pair.start), max(beside.end, pair.end)
            result[result.index(beside)] = phrase("dataset", text[start:end], start)
    return result


def as_method(mention: Mention) -> Mention:
    """A model that the field knows by name is a method where it is evaluated."""
    return replace(mention, kind="method") if mention.kind == "model" else mention


def no_name(text: str, start: int, end: int) -> bool:
    """Whether the words are whatever a table holds ("4 of the 5 other methods", "among all methods") or what a method gives."""
    before, words = text[max(0, start - 24) : start], text[start:end]
    if re.match(r"\d+\s", words):
        return True
    if GIVEN.fullmatch(words):
        return (
            re.search(
                r"\b(?:gives?|gave|achieves?|obtains?|yields?|reports?|delivers?|has|have|reach(?:es)?|produces?)\s(?:the\s)?$", before
            )
            is not None
        )
    return (
        ANYBODY.fullmatch(words) is not None
        and re.search(r"\b(?:every|each|all|among|amongst|of)\s(?:the\s)?$", before, re.IGNORECASE) is not None
    )


CHANGES = re.compile(r"\s(?:score\s)?(?:(?:also|further)\s)?(?:increas|decreas|dropp|rose|fell|declin)\w*\s(?:from)\s")
ANYBODY = re.compile(
    r"(?:every\s|each\s|all\s)?(?:the\s)?(?:other|others|compared|remaining|competing|evaluated|tested|listed)?\s?(?:methods?|models?|approach(?:es)?|systems?|algorithms?)",
    re.IGNORECASE,
)
GIVEN = re.compile(r"best\sresults?", re.IGNORECASE)


def measure_of(text: str, mention: Mention) -> Mention:
    """A guessed capitalised name right before "of 0.86", "= 0.86", or right after a number, is a measure."""
    if mention.kind == "method" and CHANGES.match(text[mention.end : mention.end + 40]) and not re.search(r"\s\d", mention.text):
        return phrase("metric", mention.text, mention.start)  # what rises from one number to another is a measure
    if mention.own or mention.kind != "method":
        return mention
    before, after = text[max(0, mention.start - 24) : mention.start], text[mention.end : mention.end + 24]
    if mention.start <= 8 and re.fullmatch(r"On\s(?:the\s)?", text[: mention.start]):
        return phrase("dataset", mention.text, mention.start)
    if ACRONYM.fullmatch(mention.text) is None:
        return mention
    if BEFORE_NUMBER.match(after) or AFTER_NUMBER.search(before):
        return phrase("metric", mention.text, mention.start)
    return mention


def phrase(kind: str, words: str, start: int) -> Mention:
    entry = Entry("metric" if kind == "metric" else "dataset" if kind == "dataset" else "method", words, words, False)
    return Mention(entry.kind, words, words, start, start + len(words), entries=(entry,))
