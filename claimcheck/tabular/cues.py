"""The words that say what a sentence states of a table. All patterns read text whose case is folded."""

import re
from typing import Literal

Kind = Literal["compare", "best", "alike", "change", "gap"]

CUES: tuple[tuple[Kind, int, bool, str], ...] = (
    # kind, sign, whether it speaks of good and bad (which depends on the metric) rather than of high and low, pattern
    ("compare", 1, True, r"outperform(?:s|ed|ing)?|surpass(?:es|ed|ing)?|beats?|outscor(?:es?|ed)|superior to"),
    ("compare", -1, True, r"underperform(?:s|ed|ing)?|(?:lags?|falls?|trails?)\s(?:far\s|slightly\s)?(?:behind|short of)|inferior to"),
    (
        "compare",
        1,
        True,
        r"improv(?:es?|ed|ing)\s(?:significantly\s|substantially\s|slightly\s|greatly\s)?(?:up)?(?:on|over)|improvements?\s(?:over|upon)|gains?\sover",
    ),
    ("compare", 1, True, r"(?:improvements?|gains?)(?=\sfrom\s)"),
    ("compare", -1, True, r"(?<=not )(?:as|so)\s(?:good|effective|well|strong|accurate|competitive)\sas"),
    (
        "alike",
        0,
        False,
        r"comparable|similar|on\spar|same|equal(?:ly)?|close|competitive\swith|identical|as\s(?:good|effective|accurate)\sas|(?:performs?|performed|works?)\sas\swell\sas",
    ),
    ("compare", 1, True, r"better|stronger|superior"),
    ("compare", 1, False, r"higher|greater|larger|more|bigger|exceed(?:s|ed|ing)?|above|longer"),
    ("compare", -1, True, r"worse|weaker|inferior|poorer"),
    ("compare", -1, False, r"lower|smaller|fewer|less|below|shorter"),
    ("best", 1, True, r"best|strongest|most\s(?:effective|efficient|accurate)"),
    ("best", 1, False, r"highest|largest|greatest|biggest|longest|the\smost"),
    ("best", -1, True, r"worst|poorest|weakest"),
    ("best", -1, False, r"lowest|smallest|fewest|(?<!at )least|shortest"),
    ("change", 1, True, r"(?<!for )(?<!of )improv(?:es?|ed|ing)|helps?|helped|boost(?:s|ed|ing)?|enhanc(?:es?|ed|ing)|benefit(?:s|ed)?"),
    ("change", 1, True, r"effective|useful|helpful|beneficial|crucial|necessary"),
    ("change", 1, False, r"increas(?:es?|ed|ing)|rais(?:es?|ed)"),
    ("change", -1, True, r"hurts?|degrad(?:es?|ed|ing)|worsen(?:s|ed)?|harms?|deteriorat(?:es?|ed)"),
    ("change", -1, False, r"decreas(?:es?|ed|ing)|reduc(?:es?|ed|ing)|drop(?:s|ped)?|lower(?:s|ed)|decline(?:s|d)?"),
)
CUE = re.compile(r"(?<![\w-])(?:" + "|".join(f"({pattern})" for *_, pattern in CUES) + r")(?![\w-])")

TRANSITIVE = re.compile(
    r"outperform|surpass|beat|outscor|underperform|superior to|inferior to|exceed|gains?\sover|(?:up)?(?:on|over)$|behind|short of|\sas$"
)
"""Cues whose object follows at once, without "than"."""

PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|gets?|got)\s(?:\w+\s){0,2}$")
AGENT = re.compile(
    r"\sby\s(?!(?:an?\s|about\s|over\s|more\sthan\s|nearly\s|up\sto\s|at\sleast\s)*[\d(])(?!an?\s(?:\w+\s)?(?:margin|gap|factor)\b)"
)
"""After a verb of comparison in the passive: who does better."""

NEGATION = re.compile(r"\b(?:not(?!\sonly)|cannot|no|never|neither|nor|fails?\sto|failed\sto|lack(?:s|ing)?(?:\sof)?)\b|n['’]t\b")
UNSURE = re.compile(
    r"\b(?:may|might|could|would|should|expect\w*|suspect|believe|hope|hypothesi[sz]e|if|future|whether|potential\w*|can(?:not)?\sbe\sfurther|in\s(?:this|these|that|those|such|some)"
    r"\s(?:setting|case|experiment|scenario|situation)s?|difficult|hard\sto|impossible|second\s(?:only|best)|only\ssecond|among\sthe)\b"
)
"""Words of a clause that supposes, or that speaks of a case the table does not name."""

SOME = re.compile(r"\b(?:some|certain|several|few|many|sometimes|half)\b")
EVERYWHERE = re.compile(r"\b(?:all|every|each|always|consistently|across|invariably)\b")
MOSTLY = re.compile(r"\b(?:most|mostly|generally|typically|usually|often|majority|in\sgeneral|overall|nearly|almost|largely)\b")
MEAN = re.compile(r"\bon\saverage\b|\baverage\s(?:improvement|gain|difference)")
STRONG = re.compile(
    r"\b(?:significant(?:ly)?|substantial(?:ly)?|considerabl[ey]|large\smargin|notabl[ey]|drastic(?:ally)?|dramatic(?:ally)?|much|greatly)\b"
)
FAINT = re.compile(r"\b(?:slight(?:ly)?|marginal(?:ly)?|small|minor|little|slim|negligible)\b")

THAN = re.compile(
    r"\b(?:than|(?:when\s|as\s|if\s)?compar(?:ed|ing)\s(?:to|with)|in\scomparison\s(?:to|with)|relative\sto|over|against|versus|vs\.?)(?=\s)"
)
ALIKE_TO = re.compile(r"(?:\s\w+){0,3}?\s(?:to|with|as|between)\s(?:those\s(?:of|without)\s)?")
AFTER_BEST = re.compile(r"\b(?:is|are|was|were|by)\s(?:not\s)?(?:in\s|the\s|our\s|obtained\sby\s|achieved\sby\s)*$")
SAID_OF = re.compile(
    r"\b(?:achiev\w+|obtain\w*|ha[sd]|have|show\w*|yield\w*|giv\w+|gave|gets?|got|reach\w*|attain\w*|deliver\w*|perform\w*|is|are|was|were|being|with|kept\s\S+"
    r"|ke(?:ep|pt)s?|produc\w+|provid\w+|exhibit\w+|demonstrat\w+|record\w*|doing|does|do|did)\s(?:\w+\s){0,2}?(?:the\s)?$"
)
"""Before a superlative that is said of the subject, and not part of a name ("our best model")."""

PLACE = re.compile(r"\b(?:in|on|for|under|at|across|within|when|during|terms\sof)\s(?:(?!and\b|or\b|than\b)[\w'’]+[\s-]){0,3}$")
"""Before a name that says where something holds rather than what is compared."""

LISTED = re.compile(r"[^\w]*(?:(?:and|or|as\swell\sas|both|the|to|vs\.?|models?|methods?|systems?|features?|baselines?|\([^()]*\))[^\w]*)*")
NUMBERED = re.compile(r"[^\w]*(?:(?:and|or)\s)?(?:[\w-]+\s){0,4}\(")
"""Between two names of a list that are known by their scores in brackets only."""

AND = re.compile(r",?\s(?:and|or|as\swell\sas)\s")
BREAK = re.compile(
    r"[;:]\s|\.\s(?!\d)|,?\s(?:but|while|whilst|whereas|although|though|however|yet|despite|except|apart\sfrom|even\sthough|because|since|which|indicat\w+|suggest\w+"
    r"|demonstrat\w+|confirm\w+|show(?:s|ing)\sthat)\s|,\s"
)
EXCEPT = re.compile(
    r"\b(?:but|except(?:\s(?:for|in|on))?|apart\sfrom|excluding|other\sthan|with\sthe\s(?:single\s|sole\s|only\s)?exception\sof)\s(?:for\s|in\s|on\s|the\scase\sof\s)*"
    r"(?:the\s)?(?=\w)(?!not\b|it\b|higher|lower|better|worse|does|do\b|is\b|also\b|still\b)"
)
STOP_EXCEPT = re.compile(r"\b(?:which|that|where|has|have|had|when|while)\b|[;.)]\s|$")

OTHERS = re.compile(
    r"\b(?:(?:all|any|every)\s(?:of\s)?(?:the\s)?|the\s|both\s(?:the\s)?)?(?:(?:two|three|four|five|six)\s)?(?P<what>(?:others?|compar(?:isons?|ed|ison|ing)|compet\w+|existing|rest|baselines?|previous|prior"
    r"|state[-\s]of[-\s]the[-\s]arts?)(?:\s(?P<kind>[\w-]+))?(?:\s(?P<noun>models?|methods?|systems?|approaches|agents?|algorithms?|baselines?|variants?|settings?|techniques?"
    r"|comparisons?|policies|ones|classifiers|works?))?|(?:models|methods|systems|approaches|agents|baselines|algorithms|classifiers)\b)"
)
PLAIN = frozenset(
    re.findall(
        r"\w+",
        "models model methods method systems system approaches approach agents agent algorithms algorithm baselines baseline variants classifiers"
        " compared other two three four techniques policies ones works listed competing existing comparison in on for with by under at and settings",
    )
)
"""Words after "other" that do not limit whom it means."""

LIMITED = re.compile(
    r"\s?(?:\w+\s)?(?:with(?!\s(?:a|large|significant|clear|evident)\b|\srespect|\sregard)|using|that|which|of\sthe\ssame|based\son|without|trained|who)\b"
)
"""After "the other methods": the sentence means only some of them."""

OURS = re.compile(
    r"\bour(?:\s[\w-]+){0,2}?\s(?:models?|methods?|systems?|approach(?:es)?|agents?|framework|architecture|algorithm|network)\b|\bours\b"
    r"|\b(?:the\s)?proposed\s(?:\w+\s)?(?:models?|methods?|systems?|approach|framework|architecture|network|one)\b|\bour\sproposed\b"
)
INHERITS = re.compile(
    r"(?:\W|\b(?:and|but|also|it|they|this|which|that|who|is|are|was|were|be|been|being|to|the|an?|not|no|does|do|did|still|even|yet|achiev\w+|obtain\w*|gets?|got|perform\w*|ha[sd]|have"
    r"|having|by|far|much|very|large|wide|margin|while|however|though|although|in|comparison|contrast|addition|particular|furthermore|moreover|only|just|both|reach\w*|yield\w*|show\w*"
    r"|attain\w*|giv\w+|as|well|than|more|so|with|can|able|remain\w*|seem\w*|appear\w*|tend\w*|lead\w*|result\w*|on|average|general|surprisingly|interestingly|\w+ly|n't)\b)*"
)
"""Words before a cue that name no subject of their own, so that the one before is meant."""

SECOND_ORDER = re.compile(r"\b(?:gaps?|differences?|improvements?|gains?|margins?|drops?|boosts?)\b(?!\s(?:over|in\s\w+\sover))")
"""Before a comparison of differences, which no single cell decides."""

QUALITY_NOUN = re.compile(
    r"(?:[\s-](?:performing|scoring)\b|\s(?:(?:overall|final|test|general|absolute|average|evaluation|experimental|competitive|model|task|prediction|classification|detection|segmentation|recognition|the)\s){0,2}"
    r"(?:performances?|results?|scores?|values?|numbers?|quality|effectiveness|ones?)\b)"
)
REMOVED = re.compile(r"\b(?:remov(?:ing|al\sof)|without|ablating|dropping|excluding|omitting|disabling|w/o)\s(?:\(?\w+\s?){0,6}\(?$")
REMOVAL = re.compile(r"^\s*[-−–](?=\s?[^\W\d])|\bw/o\b|\bwithout\b|^no\s|∖", re.IGNORECASE)
"""In a label that names what was taken away."""
THAT = re.compile(r"\b(?:show|indicat|suggest|demonstrat|confirm)\w*\sthat\s")
ADDING = re.compile(r"\bby\s(?:adding|using|incorporating|including|introducing|integrating|applying)\s")
"""After a change: what brought it about."""

TO = re.compile(r"\sto\s")
WON = re.compile(r"(?:.*\W)?(?:wins?|won|w|better)(?:\W*%\W*)?")
LOST = re.compile(r"(?:.*\W)?(?:los(?:es?|s|t)|l|worse)(?:\W*%\W*)?")
"""Labels of how often one method was preferred to each of the others, and how often not."""

COUNTED = re.compile(r"\bwins?\b|\bprefer")
"""In a caption: that "W" is a win."""

WINNER = re.compile(r"([\w+-]+)\s(?:wins|is\s(?:judged\s)?(?:better|preferred))\b")
"""In a caption: whose preference is counted."""
REMOVING = re.compile(r"\beffects?\sof\s(?:remov|ablat|dropp|omitt|exclud)\w+\b")
"""In a caption: what its rows name was taken away."""
