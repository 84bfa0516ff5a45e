"""The names one document gives: abbreviations it defines, methods in its tables, and words shaped like names.

Used where no study knows the paper. A guess is only a name to bind a number to; it never decides a verdict.
"""

import re
from collections.abc import Iterator

from claimcheck.document import Cell, Document, Table
from claimcheck.extract.abbreviations import definitions
from claimcheck.extract.lexicon import Entry, Mention, Vocabulary, field_knowledge

CITED = re.compile(
    r"\s*(?:\[[\d,\s–-]{1,30}\]|\([^()]{0,60}\b(?:19|20)\d\d[a-z]?\)|\((?:ours|our|proposed|this\s(?:paper|work))\)|[†‡*§¶]+)",
    re.IGNORECASE,
)
NUMERIC = re.compile(r"[-+−–]?\d[\d.,]*\s*(?:%|[A-Za-z]{1,2})?(?:\s*±.*)?|[-–—]")
COMMON_ROW = re.compile(r"(?:average|avg\.?|mean|total|all|overall|std|median|method|model|dataset|\d.*)", re.IGNORECASE)

SHAPED = re.compile(
    r"(?<![\w/@.\\-])(?:[A-Za-z][A-Za-z0-9]{1,24}(?:[-+_][A-Za-z0-9]{1,16}){0,4}|[A-Z](?:[-+_][A-Za-z0-9]{2,16}){1,4})(?![\w@])"
)
NO_NAME = re.compile(
    r"[IVX]+|NLP|NLI|NER|POS|QA|MT|AI|ML|DL|RL|CV|GPUs?|CPUs?|TPUs?|RAM|API|URL|PDF|USA|US|UK|EU|OOD|ID|IID|SOTA|SoTA|RGB|RGB-D|LR|SGD|Adam[A-Z]?|ReLU|GELU|[kMG]?Hz|[kMGT]i?B|dB|[GTM]?FLOPs?"
    r"|FLOPS|[mk]?eV|CRFs?|MRC|SR|NVIDIA|TPUs?|AMD|IBM|AWS|CUDA|[APVH]100|K80|TITAN|[RG]TX\d*|ASR|NMT|TTS|OCR|WSD|SLU|NLG|NLU|BPE|FPS|IoU|re-ID|ReID|i\.e|e\.g|et|al|PhD|OK|TODO|NaN|CI|SD|SE|IR|VS|Fig\w*|Tab\w*|Eq\w*|Sec\w*|App\w*|LaTeX|arXiv|GitHub|[2-4]D|\w+-(?:of|to|the|in|and|by)-\w+",
)
DATASET_AFTER = re.compile(
    r"(?:\sv\d(?:\.\d)?)?\s(?:(?!(?:on|in|for|and|or|with|to|of|from|as|by|at|the|than)\b)[a-z]+\s)?(?:datasets?|corpus|corpora|benchmarks?|test\sset|data\sset|leaderboard|tasks?|challenge)\b"
)
VERSION = re.compile(r"\s[vV]?\d(?:\.\d{1,2}){1,2}(?=\s(?:datasets?|corpus|benchmark|test\sset|data\sset)\b)")
"""Behind a dataset's name and part of it: "VisDial v1.0 dataset"."""

DATASET_BEFORE = re.compile(r"\b[Oo]n\s(?:the\s)?$")
BRACKETS = re.compile(r"\[[^\[\]]{0,200}\]")
"""Citation keys stand in square brackets."""

COSTS = re.compile(
    r"\b(?:params?|parameters?|flops|macs|madds|fps|gpus?|time|speed|latency|memory|size|epochs?|iters?|ms)\b", re.IGNORECASE
)
"""Heads of columns that say what a method costs."""

NO_DATASET = re.compile(rf"(?i:beam(?:\s?search)?|greedy|sampling|k?eV|kcal/mol|BW)|(?:{NO_NAME.pattern})")
"""Heads of columns that say how something was decoded, or in which unit it is."""

CITED_NAME = re.compile(
    r"(?<=[a-z,(/]\s)(?P<name>[A-Z][\w+.-]{1,24}(?:\s[A-Z][\w+.-]{0,24}){0,2})(?:(?=\s\[[A-Za-z])|(?=\s\((?:[A-Z][\w-]+\s){1,4}?(?:et\sal|and\s[A-Z]\w+,?\s(?:19|20)\d\d)))"
)
"""A capitalised name within a sentence, right before a citation: "over Tacotron [wang2017]"."""

LISTED = re.compile(r",?\s(?:and|or)\s(?:the\s)?|,\s|/")
BEATEN = re.compile(r"\b(?:than|outperform\w*|beats?|surpass\w*|exceed\w*)\s(?:that\sof\s|those\sof\s|the\s)?$")
BEATEN_NAME = re.compile(
    r"\b(?:outperform(?:s|ed|ing)?|surpass(?:es|ed|ing)?|beat(?:s|ing)?|than)\s(?:that\sof\s|those\sof\s)?(?P<name>[A-Z][\w+-]{2,24}(?:\s[A-Z][\w+-]{0,24}){0,2})(?=[\s,.;:)]|['’]s|$)"
)
"""A capitalised word that something is better or worse than."""

PLACED = re.compile(
    r"(?:\b(?:on|for|in|over|across|and|or|both|from|to|at|of)\s(?:the\s|full\s|respectively\s|either\s)?|[(,/:]\s?|^)$", re.IGNORECASE
)
OF_NAME = re.compile(r"(?:[A-Z]{2}|[a-z][A-Z]|[A-Z]\w*-)[\w-]*\s\($")
"""Before what a bracket says of a method's name: "SPP-net (Overfeat)"."""

KEYS = re.compile(r"\[[^\[\]]{0,40}(?:[A-Za-z]\d|;\s|_|:)[^\[\]]{0,160}\]")
"""Citation keys in brackets."""

LEFT_OF_DATASET = re.compile(r"(?<=the\s)(?P<name>[A-Z][\w-]{2,24})\s(?:and|or)\s(?:the\s)?$")
JOINED_NAME = re.compile(
    r"(?:\s\[[^\[\]]{0,80}\])?(?:['’]s\s[\d.]{1,8}\s?%?)?(?:,\s|,?\s(?:and|or)\s)(?P<name>[A-Z][\w+-]{2,24})(?=['’]s\s\d|\sby\s\d|\s\[[a-z]|[.;]?$|\s(?:on|in|by|with)\s)"
)
CAPITALISED_DATASET = re.compile(
    r"(?<![\w-])((?:[A-Z][\w-]{1,24}\s){1,3})(?:datasets?|corpus|corpora|benchmarks?|test\ssets?|data\ssets?)\b"
)


def document_entries(document: Document, vocabulary: Vocabulary) -> Iterator[Entry]:
    """Further ways this document writes names: its abbreviations and the methods of its tables."""
    for sentence in document.sentences():
        if "(" in sentence.text:
            yield from defined(sentence.text, vocabulary)
    for table in document.tables:
        yield from table_methods(table, vocabulary)


def defined(text: str, vocabulary: Vocabulary) -> Iterator[Entry]:
    """Abbreviations of names that are known."""
    for short, long in definitions(text):
        known = [m for m in vocabulary.mentions(long) if m.end == len(long.rstrip())]
        if known and known[-1].kind in ("dataset", "metric", "method", "set") and not vocabulary.mentions(short):
            yield Entry(known[-1].kind, known[-1].name, short, True)


def table_methods(table: Table, vocabulary: Vocabulary) -> Iterator[Entry]:
    """Row labels, or column labels, of a table of numbers: whichever side names fewer datasets and metrics."""
    body = [c for c in table.cells if not c.header and c.column > 0]
    if not body or sum(NUMERIC.fullmatch(c.text.strip()) is not None for c in body) * 3 < len(body):
        return
    rows = [c for c in table.cells if c.column == 0 and not c.header]
    columns = [c for c in table.cells if c.header and c.column > 0]
    for cell in min((rows, columns), key=lambda side: known_share(side, vocabulary)):
        name = method_name(cell.text)
        if name and not whole(name, vocabulary):
            yield Entry("method", name, name, True)
    for cell in max((rows, columns), key=lambda side: known_share(side, vocabulary)):
        name = CITED.sub("", cell.text).strip()
        if (
            cell.header
            and len(name) <= 30
            and not re.search(r"[↑↓%#]", name)
            and COSTS.search(name) is None
            and name_like(name.replace(" ", ""))
            and NO_DATASET.fullmatch(name) is None
            and not vocabulary.mentions(name)
        ):
            yield Entry("dataset", name, name, False)


def whole(name: str, vocabulary: Vocabulary) -> bool:
    """Whether all of a label is one known name: of "TransE (pre-trained)" only a part is."""
    found = vocabulary.mentions(name)
    return bool(found) and found[0].start == 0 and found[0].end >= len(name.rstrip("() "))


def known_share(cells: list[Cell], vocabulary: Vocabulary) -> float:
    """The share of labels that name a dataset or metric; an empty side is no side."""
    if not cells:
        return 2.0
    return sum(any(m.kind in ("dataset", "metric") for m in vocabulary.mentions(c.text)) for c in cells) / len(cells)


def method_name(label: str) -> str:
    """A row's label without citations and marks; empty if it names no method."""
    name = CITED.sub("", label).strip()
    shaped = 2 <= len(name) <= 40 and re.search(r"[A-Z]", name) is not None
    return name if shaped and COMMON_ROW.fullmatch(name) is None and NUMERIC.fullmatch(name) is None else ""


def guessed(text: str, known: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """The mentions, with words shaped like names ("ResNet-50", "GDPL") added where nothing is known."""
    taken = [(m.start, m.end) for m in known] + [match.span() for match in BRACKETS.finditer(text)]
    cited = [match.span() for match in KEYS.finditer(text)]
    known = tuple(m for m in known if m.kind == "metric" or (free(m.start, m.end, cited) and not misplaced(text, m)))
    found = [evaluated_on(text, m) for m in known]
    for match in CAPITALISED_DATASET.finditer(text):
        start, end = match.span(1)
        name = re.sub(r"^(?:The|Our|This|On|In|For|A)\s", "", match.group(1)).strip()
        if name and NO_NAME.fullmatch(name) is None and free(start, end, taken):
            begin = text.index(name, start)
            found.append(mention("dataset", name, begin))
            taken.append((start, end))
            left = LEFT_OF_DATASET.search(text, max(0, begin - 32), begin)
            if left is not None and free(left.start("name"), left.end("name"), [*taken, *((m.start, m.end) for m in found)]):
                found.append(mention("dataset", left.group("name"), left.start("name")))
                taken.append(left.span("name"))
    for match in SHAPED.finditer(text):
        word = match.group()
        if name_like(word) and free(match.start(), match.end(), taken):
            if (version := VERSION.match(text, match.end())) is not None:
                found.append(mention("dataset", word + version.group(), match.start()))
                continue
            is_dataset = DATASET_AFTER.match(text, match.end()) or DATASET_BEFORE.search(text[max(0, match.start() - 12) : match.start()])
            found.append(mention("dataset" if is_dataset else "method", word, match.start()))
    for match in BEATEN_NAME.finditer(text):
        start, end = match.span("name")
        within = [
            m for m in found if start <= m.start and m.end <= end and not m.own and m.end - m.start < end - start and m.kind == "method"
        ]
        new = all(end <= m.start or m.end <= start or m in within for m in found) and (within or free(start, end, taken))
        if new and within:
            found = [m for m in found if m not in within]
        if new and COMMON_ROW.fullmatch(match.group("name")) is None and NO_NAME.fullmatch(match.group("name")) is None:
            found.append(mention("method", match.group("name"), start))
    for match in CITED_NAME.finditer(text):
        start, end = match.span("name")
        covered = [
            m
            for m in found
            if start <= m.start and m.end <= end and not m.own and m.entries and m.entries[0] not in field_knowledge().entries
        ]
        apart = all(end <= m.start or m.end <= start or m in covered for m in found) and not re.search(
            r"(?<![.!?]\s)\b[A-Z\d][\w-]*\s$", text[:start][-30:]
        )
        if apart and covered and NO_NAME.fullmatch(match.group("name")) is None:
            found = [m for m in found if m not in covered]
        if apart and free(start, end, taken) and NO_NAME.fullmatch(match.group("name")) is None:
            is_dataset = DATASET_AFTER.match(text, match.end()) or DATASET_BEFORE.search(text[max(0, start - 12) : start])
            found.append(mention("dataset" if is_dataset else "method", match.group("name"), start))
    return listed_alike(text, sorted(found, key=lambda m: m.start))


def misplaced(text: str, known: Mention) -> bool:
    """Whether a column's head that may be a dataset stands where a dataset would not: "employing the CRF", "15.7 points PCP"."""
    entry = known.entries[0] if known.entries else None
    if known.kind != "dataset" or entry is None or entry in field_knowledge().entries:
        return False
    if OF_NAME.search(text[max(0, known.start - 30) : known.start]) and text[known.end : known.end + 1] == ")":
        return True
    return PLACED.search(text[max(0, known.start - 24) : known.start]) is None and DATASET_AFTER.match(text, known.end) is None


def evaluated_on(text: str, known: Mention) -> Mention:
    """The mention, taken for a dataset if the words around say so though a table lists it like a method: "on the Fever test set"."""
    after, before = (
        DATASET_AFTER.match(text, known.end),
        re.search(r"\b(?:[Oo]n|[Ii]n|[Ff]or|[Oo]f)\s(?:the\s)?$", text[: known.start][-12:]),
    )
    set_after = re.match(r"\s(?:test|dev|development|validation)\s?(?:set|split)?\b", text[known.end :][:24])
    if (
        known.kind == "dataset"
        and BEATEN.search(text[: known.start][-32:])
        and (not known.entries or known.entries[0] not in field_knowledge().entries)
    ):
        return mention("method", known.name, known.start) if len(known.name) == known.end - known.start else known
    if known.kind != "method" or before is None or not (after or set_after) or "task" in (after.group() if after else ""):
        return known
    return mention("dataset", known.name, known.start) if len(known.name) == known.end - known.start else known


def listed_alike(text: str, found: list[Mention]) -> tuple[Mention, ...]:
    """The mentions, a guessed name in a list with a dataset taken for a dataset too."""
    result = list(found)
    for index in range(len(result) - 2, -1, -1):
        left, right = result[index], result[index + 1]
        if right.kind == "dataset" and left.kind == "method" and not left.own and LISTED.fullmatch(text[left.end : right.start]):
            result[index] = mention("dataset", left.name, left.start)
    for index in range(1, len(result)):  # "on A and B"
        left, right = result[index - 1], result[index]
        joined = re.fullmatch(r"\s(?:and|or)\s(?:the\s)?", text[left.end : right.start]) is not None
        placed = re.search(r"\b(?:on|over|across)\s(?:the\s|both\s)?$", text[: left.start][-12:]) is not None
        if joined and placed and left.kind == "dataset" and right.kind == "method" and not right.own:
            result[index] = mention("dataset", right.name, right.start)
    further = [beside(text, m, result) for m in result if m.kind == "method"]
    return tuple(sorted([*result, *(m for m in further if m is not None)], key=lambda m: m.start))


def beside(text: str, known: Mention, found: list[Mention]) -> Mention | None:
    """A capitalised word that "and" or a possessive joins to a method: "A and Glow", "A's 0.94 and Glow's 1.37"."""
    match = JOINED_NAME.match(text, known.end)
    if match is None or any(m.start < match.end("name") and match.start("name") < m.end for m in found):
        return None
    return (
        None
        if COMMON_ROW.fullmatch(match.group("name")) or NO_NAME.fullmatch(match.group("name"))
        else mention("method", match.group("name"), match.start("name"))
    )


def mention(kind: str, name: str, start: int) -> Mention:
    entry = Entry("dataset" if kind == "dataset" else "method", name, name, False)
    return Mention(entry.kind, name, name, start, start + len(name), entries=(entry,))


def free(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    return all(end <= first or start >= last for first, last in taken)


def name_like(word: str) -> bool:
    """Two capitals, or a capital inside or beside a digit, as no English word has them."""
    capitals = sum(character.isupper() for character in word)
    inner = any(character.isupper() for character in word[1:])
    digits = any(character.isdigit() for character in word)
    parts = re.split(r"[-+_]", word)
    plain = not any(
        (len(part) > 1 and part.isupper()) or any(c.isupper() or c.isdigit() for c in part[1:]) or part[:1].isdigit() for part in parts
    )
    if (len(parts) > 1 and plain) or NO_NAME.fullmatch(word) is not None:  # "Cross-Entropy" is no name, "Mask-RCNN" is
        return False
    return capitals >= 2 or (capitals > 0 and (inner or digits))
