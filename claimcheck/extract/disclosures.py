"""What a document tells its readers of how it was made: code, data, seeds, compute, intervals, limitations, how much it studies.

These are cues, one a kind, read from single sentences; whether what the sentence says is true is not asked here. Every
pattern is bounded and only a sentence's first characters are read, so hostile text takes linear time.
"""

import re
from collections.abc import Iterator

from claimcheck.document import Document, Location, Sentence
from claimcheck.dossier import Disclosed, Disclosure, Saying

LONGEST = 2000
"""Characters of a sentence that are read; more is a table or a listing that lost its lines."""

QUOTED = 240
"""Characters of a sentence that are quoted around its cue."""

WORDS = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
    "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16", "seventeen": "17",
    "eighteen": "18", "nineteen": "19", "twenty": "20",
}  # fmt: skip

NUMBER = rf"\d{{1,3}}(?:,\d{{3}}){{1,3}}|\d{{1,7}}|{'|'.join(WORDS)}"
NEAR = r"[^.;]{0,60}?"
"""A few words of the same sentence."""

OPEN = r"(?:available|released|public|publicly|open[- ]sourced?)"
GIVE = r"(?:releas|publish|open[- ]sourc|provid|shar)\w{1,4}"
DATA = r"(?:data|datasets?|corpus|corpora|annotations|benchmarks?)"
DEVICE = r"(?:[AHVP]\d{1,2}00s?|T4s?|RTX ?\w{0,2}\d{4}|TPUs?|GPUs?|CPUs?)"
HELD_OUT = r"(?:test|held[- ]out|hold[- ]out|evaluation|validation|dev|development)"
SAMPLES = r"(?:images|videos|clips|examples|samples|sentences|instances|documents|questions|tables|pages|pairs|items|cases|queries)"
CRITERIA = r"(?:criteri(?:a|on)|rubric|checklist)"
ASSESS = r"(?:quality|review|rating|scores?|scored|rated|assess\w{1,5})"
LICENCE = r"(?:MIT|Apache|BSD|GPL|AGPL|CC[- ]BY[\w-]{0,6}|Creative Commons|Open Data Commons)"

CUES: dict[Disclosed, tuple[str, ...]] = {
    "code": (
        rf"\b(?:code|implementation|software)\b{NEAR}\b(?:available|released|publicly|open[- ]sourced|found at|hosted)\b",
        rf"\b(?:we|our|is|are|and)\b{NEAR}\b(?:releas|publish|provid|shar|open[- ]sourc)\w{{1,4}} (?:\w{{1,12}} ){{0,4}}(?:code|implementation|repository)\b",
        rf"\b(?:code|our|available|repository|implementation)\b{NEAR}(?P<url>https?://(?:www\.)?(?:github|gitlab|zenodo|huggingface)\.\w{{2,3}}/[\w./-]{{1,160}})",
    ),
    "data": (
        rf"\b{DATA}\b{NEAR}\b(?:is|are|be|made)\s(?:\w{{1,12}}\s){{0,2}}{OPEN}\b",
        rf"\b(?:we|our)\b{NEAR}\b{GIVE}\b{NEAR}\b{DATA}\b",
        rf"\bpublicly[- ]available {DATA}\b",
    ),
    "configuration": (
        r"\bhyper-?parameters?\b|\blearning rates?\b|\bbatch(?:es)? (?:size|of)\b|\bweight decay\b|\b(?:adam|adamw|sgd) optimi[sz]er\b",
        rf"\btrain\w{{0,4}}\b{NEAR}\b\d[\d,.]{{0,9}}k? (?:epochs|steps|iterations|updates)\b",
    ),
    "seeds": (
        rf"\b(?P<number>{NUMBER}) (?:(?:different|random|independent|training|separate|distinct) ){{0,3}}(?:seeds|initiali[sz]ations|runs|trials|restarts)\b",
        rf"\baverag\w{{1,4}} (?:over|across|of) (?P<more>{NUMBER}) (?:\w{{1,12}} )?(?:seeds|runs|trials)\b",
        r"\brandom seeds?\b|\bseed (?:of|was|is|=) ?\d{1,7}",
    ),
    "compute": (
        rf"\b{DEVICE}\b{NEAR}\b(?:hours?|days?)\b",
        rf"\b(?:hours?|days?)\b{NEAR}\b{DEVICE}\b",
        rf"\b(?:{NUMBER}|one|single) (?:NVIDIA |Nvidia )?(?:\w{{1,10}} )?{DEVICE}\b",
        r"\bGPU[- ](?:hours?|days?)\b",
    ),
    "intervals": (
        r"\bconfidence (?:intervals?|bounds?)\b|\berror bars?\b|\bcredible intervals?\b|\binter-?quartile\b",
        r"\bstandard (?:deviations?|errors?)\b(?! (?:of|=) ?0?\.\d)",  # "initialised with a standard deviation of 0.02" is none
        r"\d ?(?:±|\\pm) ?\d",
    ),
    "significance": (
        r"\bstatistical\w{0,4} (?:significan\w{1,4}|tests?)\b|\bp ?[<=≤] ?0?\.\d|\bt-tests?\b|\bbootstrap\w{0,4}\b",
        r"\b(?:wilcoxon|mcnemar|mann[–-]whitney|permutation) tests?\b",
    ),
    "samples": (
        rf"\b(?P<number>{NUMBER}) (?:\w{{1,12}}[ -]){{0,2}}{HELD_OUT}[ -](?:\w{{1,12}} )?{SAMPLES}\b",
        rf"\b{HELD_OUT} (?:set|split|data)\b{NEAR}\b(?:of|with|contains?|consists? of|comprises?|includes?|has) (?P<more>{NUMBER})\b",
    ),
    "split": (
        rf"\b{HELD_OUT}[- ](?:sets?|splits?|data|partitions?|portions?|fold)\b",
        r"\bcross[- ]validation\b|\btrain(?:ing)?/(?:val\w{0,7}|test|dev)\b",
    ),
    "limitations": (
        r"\blimitations? (?:of|in|to) (?:our|this|the (?:present|current|study|work|paper|approach))\b",
        rf"\b(?:our|this) (?:work|study|paper|approach|method|report)\b{NEAR}\b(?:limitations?|is limited)\b",
    ),
    "licence": (
        rf"\blicen[cs]ed?\b{NEAR}\b{LICENCE}\b",
        rf"\b{LICENCE}(?: [\d.]{{1,3}})?[ -]licen[cs]e\b",
        rf"\bunder (?:an? |the )?{LICENCE}\b",
    ),
    "criteria": (rf"\b{ASSESS}\b{NEAR}\b{CRITERIA}\b", rf"\b{CRITERIA}\b{NEAR}\b{ASSESS}\b"),
}
"""What gives a kind away, by any of its patterns. A named group holds the number or the address worth keeping."""

COMPILED = {kind: tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns) for kind, patterns in CUES.items()}

STUDY = (
    r"(?:stud(?:y|ies)|evaluat\w{1,4}|compar\w{1,5}|test(?:s|ed)?|train(?:s|ed)?|reports?|benchmarks?|analy[sz]\w{1,3}"
    r"|consider\w{0,3}|examin\w{1,4}|investigat\w{1,4}|assess\w{0,4})"
)
COUNTED = re.compile(
    rf"\b{STUDY}\b[^.;:]{{0,80}}?(?<![\w.,–-])(?P<number>{NUMBER}) (?P<of>(?:[a-z][a-z-]{{1,20}} ){{0,3}}?)"
    r"(?P<noun>variants|objectives|methods|models|baselines|ablations|configurations)\b",
    re.IGNORECASE,
)
OWN = re.compile(r"\b(?:we|our|the paper|this (?:paper|study|work|report|article))\b", re.IGNORECASE)
OTHERS = re.compile(r"related work|background|references|bibliography|prior work|acknowledge?ments?", re.IGNORECASE)


def disclosures(document: Document) -> tuple[Disclosure, ...]:
    """The first sentence for each kind that says it, one with a number or an address before one without."""
    found: dict[Disclosed, Disclosure] = {}
    for one in (*told(document), *printed_errors(document), *limitation_section(document)):
        if one.kind not in found or (one.value and not found[one.kind].value):
            found[one.kind] = one
    return tuple(found[kind] for kind in CUES if kind in found)


def told(document: Document) -> Iterator[Disclosure]:
    for sentence in sentences(document):
        for kind, cues in COMPILED.items():
            match = next((found for cue in cues if (found := cue.search(sentence.text, 0, LONGEST))), None)
            if match is not None:
                yield Disclosure(kind=kind, quote=around(sentence.text, match), where=sentence.where, value=value(match))


def sentences(document: Document) -> Iterator[Sentence]:
    """What the document says of itself rather than of the works of others."""
    for section in document.sections:
        if not OTHERS.search(section.title):
            yield from section.sentences


def printed_errors(document: Document) -> Iterator[Disclosure]:
    """Intervals that stand in the tables alone."""
    for table in document.tables:
        for cell in table.cells:
            if re.search(r"\d ?± ?\d", cell.text[:LONGEST]):
                yield Disclosure(kind="intervals", quote=cell.text[:QUOTED], where=cell.where or table.where)
                return


def limitation_section(document: Document) -> Iterator[Disclosure]:
    for section in document.sections:
        if section.sentences and re.search(r"\blimitations?\b|\bthreats to validity\b", section.title, re.IGNORECASE):
            first = section.sentences[0]
            yield Disclosure(kind="limitations", quote=first.text[:QUOTED], where=first.where)


def value(match: re.Match[str]) -> str:
    """The number or the address that a cue holds, the number in digits."""
    held = match.groupdict()
    number = held.get("number") or held.get("more") or ""
    return digits(number) if number else (held.get("url") or "").rstrip(".")


def digits(number: str) -> str:
    return WORDS.get(number.lower(), number.replace(",", ""))


def around(text: str, match: re.Match[str]) -> str:
    """The sentence, or as much of a long one as fits around its cue."""
    if len(text) <= QUOTED:
        return text
    start = max(0, min(match.start() - QUOTED // 4, len(text) - QUOTED))
    return "…" * (start > 0) + text[start : start + QUOTED] + "…" * (start + QUOTED < len(text))


def sizes(document: Document) -> tuple[Saying, ...]:
    """How many variants, methods or models the document says it studies: its own count, each said once."""
    found: dict[tuple[str, str], Saying] = {}
    for section in document.sections:
        for sentence in section.sentences if not OTHERS.search(section.title) else ():
            text = sentence.text[:LONGEST]
            for match in COUNTED.finditer(text) if OWN.search(text) else ():
                add(found, match, sentence.where)
    return tuple(found.values())


def add(found: dict[tuple[str, str], Saying], match: re.Match[str], where: Location) -> None:
    number = digits(match["number"])
    about = f"{match['noun'].lower()} studied"
    quote = f"{match['number']} {match['of']}{match['noun']}"
    found.setdefault((about, number), Saying(about=about, quote=quote, value=number, where=where))
