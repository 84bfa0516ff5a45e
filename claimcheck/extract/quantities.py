"""Numbers in running text, exactly as printed: sign, decimals, unit, range, uncertainty and what they are compared with.

Names must be masked first (`mask`): the digits of "ImageNet-100" are not a quantity. Every pattern is bounded, so a
megabyte of hostile text takes linear time.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from typing import Literal

from claimcheck.stats.reported import reported

MASK = "\ue000"
"""Stands for each character of a masked name: a letter to every pattern here, but part of no word."""

Role = Literal["amount", "size", "label", "enumerator", "citation", "year"]
Sign = Literal["+", "-", ""]

THIN = "\u2009\u202f\u00a0\u2008\u200a"
MINUS = r"−–‒﹣－\-"
"""Inside a character class."""

GAP = rf"[ {THIN}]?"


@dataclass(frozen=True)
class Amount:
    """One number of a sentence with all that is printed around it. Magnitudes are unsigned; `sign` is what is printed."""

    start: int
    end: int
    text: str
    value: Decimal
    """The number, or the lower end of a range: below zero, and with no sign beside it, if the range goes across zero."""

    sign: Sign = ""
    high: Decimal | None = None
    """The upper end of a range, under the same sign."""

    was: Decimal | None = None
    """For "from A to B": A; `value` is then B."""

    total: Decimal | None = None
    """For "10 of 14": 14."""

    error: Decimal | None = None
    """What is printed after ± or in `72.2(3)`."""

    unit: str = ""
    """`pp`, `%`, `x`, `dimensional`, …; empty for a bare number."""

    relation: Literal["", ">", ">=", "<", "<=", "~"] = ""
    relative: bool | None = None
    """True or False if the text says relative or absolute."""

    role: Role = "amount"

    @property
    def printed(self) -> str:
        return self.text

    @property
    def signed(self) -> Decimal:
        return -self.value if self.sign == "-" else self.value


NUMBER = re.compile(rf"(?:\d++(?:[.,]\d++)*+|(?<![\w.])\.\d++)(?:[{THIN}]\d{{3}}(?!\d)|(?<=\d)[ ]000(?![\d.,]))*+")
"""A plain space groups digits only before three zeros: "12 500" may be two numbers, "10 000" is not."""
MOST = 300
"""Numbers read in one text; a sentence with more is a table or data that lost its lines."""

LONGEST = 40
"""Characters of the longest thing read as a number; more digits are data, not a quantity."""

SIGN = re.compile(rf"(?<![\w{MASK})\]%.,])([+{MINUS}])[{THIN}]?$")
JOINED = re.compile(rf"[\w{MASK}][-−–‑/_.^@+]$|[\w{MASK}]$|[_^]\{{?$")
"""A number right after one of these is part of a name, a version or an index."""

RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
TIMES = rf"{GAP}(?:[×x·*]|\\times|\\cdot){GAP}"
POWER = re.compile(
    rf"(?:{TIMES}10)?\^\{{?([+{MINUS}]?\d{{1,3}})\}}?|(?:{TIMES}10)?([⁺⁻]?[{RAISED}]{{1,3}})|[eE]([+{MINUS}]?\d{{1,3}})(?!\w)"
)
UNBOUNDED = re.compile(rf"[eE][+{MINUS}]?\d{{4}}")
"""A power of ten of four digits, which no measurement has: the number before it is no number of its own."""
SUPERSCRIPTS = str.maketrans(f"⁺⁻{RAISED}−–", "+-0123456789--")
MARK = re.compile(rf"\^\{{?\d(?:,?\d)?\}}?|[{RAISED}]{{1,2}}")
"""A footnote's number, which only a score printed with decimals can be told from a power by."""

SPREAD = re.compile(rf"\\?%?{GAP}(\()?(?:±|\+/[-−]|\+-|\\pm){GAP}(\d{{1,12}}(?:[.,]\d{{1,12}})?|\.\d{{1,12}})(?(1)(?:\\?%)?\))")
LAST_DIGITS = re.compile(r"\((\d{1,3})\)")
BETWEEN = re.compile(
    rf"{GAP}(?:%|pp|mm|ms|dB|(?:s|hours|h|minutes|mins?|seconds)(?=\sto\b))?(?:{GAP}[–—‒-]{GAP}|\s(?:(?:up|down)\s)?(?:to|through|and)\s(?:only\s|just\s)?)([+{MINUS}]?)[{THIN}]?(\d{{1,12}}(?:[.,]\d{{1,12}})?|\.\d{{1,12}})(?![\d/])"
)
OUT_OF = re.compile(r"\s(?:out\s)?of\s(?:the\s|all\s|our\s|these\s)?(\d{1,9}+)(?![.,]?\d|%|\s?percent)|/(\d{1,9}+)(?![/.]?\d)")
BY = rf"[ {THIN}]?×[ {THIN}]?"
ALONG = re.compile(rf"{BY}\d")
ACROSS = re.compile(rf"\d{BY}$")
"""Sides of a kernel, a patch or an image."""

SUFFIX = re.compile(rf"([kKMBGT])(?!\w|-[\dA-Z])|[ {THIN}-](thousand|million|billion|trillion)(?!\w)")
SCALES = {"k": 3, "K": 3, "M": 6, "B": 9, "G": 9, "T": 12, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}

RESOLUTION = re.compile(r"[ -](?:resolutions?|displays?|monitors?|uhd)(?!\w)", re.IGNORECASE)
"""What makes "4K" a name."""

UNITS = {
    "pp": r"(?:absolute\s)?(?:percentage|percent|%|accuracy)[\s-]points?|pps?(?!\w)|p\.p\.|ppts?(?!\w)|%[ -]?(?:pts?|points?|p(?!\w))"
    r"|(?:absolute\s)?(?:points?|pts|(?<=[\s-])pt)(?!\w)",
    "%": r"\\?%|percent(?!\w)|per\scent(?!\w)",
    "x": r"[×✕](?!\s?[\dA-Z])|(?<=\d)X(?![\w-])|x(?![\w-])|times(?!\w)|-?fold(?!\w)",
    "ns": r"ns(?!\w)|nanoseconds?(?!\w)",
    "us": r"[uµμ]s(?!\w)|microseconds?(?!\w)",
    "ms": r"ms(?!\w)|msecs?(?!\w)|milliseconds?(?!\w)",
    "mm": r"mm(?!\w)|millimet(?:er|re)s?(?!\w)",
    "min": r"mins?(?![\w.])",
    "Hz": r"[kMG]?Hz(?!\w)",
    "s": r"s(?!\w)|secs?(?!\w)|seconds?(?!\w)",
    "h": r"hours?(?!\w)|hrs?(?!\w)|h(?!\w)",
    "GB": r"G(?:i)?B(?!\w)",
    "MB": r"M(?:i)?B(?!\w)",
    "GFLOPs": r"GFLOPs?(?!\w)",
    "TFLOPs": r"TFLOPs?(?!\w)",
    "FLOPs": r"FLOPs?(?!\w)",
    "dB": r"dB(?!\w)",
}
UNIT = re.compile(
    rf"(?:[}}$]|\*\*)?(?:[ {THIN}~-]|\\[,;: ])?(?:\\(?:mathrm|text(?:rm)?)\{{)?(?:"
    + "|".join(f"({pattern})" for pattern in UNITS.values())
    + ")"
)
UNIT_NAMES = tuple(UNITS)
SIZED = re.compile(
    rf"[ {THIN}-](?:[a-z]{{2,16}}[ -]){{0,2}}?(dimensional|dims?|dimensions?|layers?|blocks?|heads?|parameters?|params|frames?|epochs?|iterations?|steps?"
    r"|images?|videos?|clips?|class(?:es)?|samples?|examples?|tokens?|words?|sentences?|questions?|gpus?|tpus?|hours?|fps|days?|minutes?|min|weeks?|months?|years?|seeds?|runs?"
    r"|bits?|channels?|pixels?|patches|participants?|annotators?|languages?|shots?|way|stage|papers?|datasets?|tasks?|benchmarks?|splits?|folds?|categories|types|million|billion|thousand)(?!\w|-level)",
    re.IGNORECASE,
)
LABELLED = re.compile(
    r"(?:(?:(?<![^\W_])|(?<=[\d.]))(?:tables?|tabs?\.|fig(?:ure)?s?\.?|sec(?:tion)?s?\.?|§|eq(?:uation)?s?\.?|appendi(?:x|ces)|chapter|algorithms?|seeds?|epochs?|steps?|layers?|version|stages?|phase|row|definitions?|def\.|propositions?|examples?|remarks?|corollary|assumptions?|listings?|propert(?:y|ies)|problems?|degree|case"
    r"|python|cuda|cudnn|(?:py)?torch|ubuntu|columns?|lines?|claims?|top|rank|theorem|lemma|part|pages?|pp\.|no\.|#|"
    r"arxiv:?|task|experiment|exp\.|footnote|level|question|item))[ \u00a0~-]?\(?$",
    re.IGNORECASE,
)
SETTING = re.compile(r"[^\W\d]\s?[=:]\s?$")
"""A symbol or word set to the number ("λ = 0.5"); names of metrics are masked and are none."""

ALSO_LABEL = re.compile(r"\s?(?:,|and|&|–|-|to|or)\s?$")
MORE = re.compile(
    r"(?:(?<![A-Za-z])|(?=[<≤≥⩽⩾~∼≈])|(?<=[\s(][A-Za-z])(?=>))(?:(>=|≥|⩾|at[-\s]least|(?:no|not)\s(?:less|fewer)\sthan|as\s(?:little|few|low)\sas|a\sminimum\sof|\\geq?)|(<=|≤|⩽|at\smost|up\sto|(?:no|not)\s(?:more|greater|higher)\sthan|as\s(?:much|many|high)\sas|a\smaximum\sof|within|\\leq?)"
    r"|((?<![-−=])>|more\sthan|over|above|greater\sthan|larger\sthan|exceed(?:s|ing)|upwards\sof|\\gt)|(<|less\sthan|fewer\sthan|below|under|\\lt)"
    r"|(~|∼|≈|about|around|approximately|roughly|nearly|almost|some|circa|c\.|\\sim|\\approx))\s?(?:a\s|an\s)?$",
    re.IGNORECASE,
)
MARGIN = re.compile(
    r"\b(?:at\sleast|more\sthan|over|up\sto)\san?\s(?:[\w-]+\s){0,3}(?:margin|gain|improvement|increase|boost|drop|reduction|decrease|gap)\sof\s$",
    re.IGNORECASE,
)
"""A limit said of the noun before the number: "by at least a margin of 2%"."""
OVER = re.compile(r"(?:\d|[%)]|\b(?:pp|points?|gains?|improve[sd]?|improvements?|increases?))\s(?:over|above|below)\s$", re.IGNORECASE)
"""After a difference these say what it is taken from: "+1.56 pp over 12.02"."""
RELATIONS: tuple[Literal[">=", "<=", ">", "<", "~"], ...] = (">=", "<=", ">", "<", "~")
SPANNING = re.compile(
    r"\b(?:rang(?:es?|ed|ing)|spans?|spanning|var(?:y|ies|ied|ying)|lies?|lying)\s(?:anywhere\s)?from\s[^\s]{0,8}\s?$", re.IGNORECASE
)
"""Before the numbers of a range; "from" alone tells where a change began."""
FROM = re.compile(rf"\bfrom\s(?:only\s|about\s|around\s|just\s)?[+{MINUS}]?$", re.IGNORECASE)
PAIRED = re.compile(rf"\bbetween\s(?:about\s)?[+{MINUS}]?$", re.IGNORECASE)
KINSHIP = re.compile(r"[\s(,]{0,2}(?:in\s)?(relative(?!\sto\b)|absolute|rel\.|abs\.)", re.IGNORECASE)
KIN_BEFORE = re.compile(
    r"(relative(?!\sto\b)|absolute)(?:ly)?(?:\s[a-z]{2,14}){0,4}?(?:\sof|\sby)?\s(?:(?:about|around|nearly|over|up\sto)\s)?[+−-]?$",
    re.IGNORECASE,
)
KIN_GOES_ON = re.compile(r"\s?(?:,|/|,?\sand|,?\sor|\sto)\s?[+−-]?")
"""Between two numbers of one list."""
RANKED = re.compile(r"\b(?:rank(?:s|ed)?|position|place)\s(?:as\s)?(?:no\.\s|#)?$", re.IGNORECASE)
YEAR = re.compile(r"(?:19|20)\d\d")
DECADE = re.compile(r"(?:19|20)\d0['’]?s")

NUMERALS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
WORDS = {word: number for number, word in enumerate(NUMERALS)}
WORD = "|".join(WORDS).replace("fi", "(?:fi|\ufb01)")
SPELLED = re.compile(
    rf"\b({WORD}|half\san?)(?:\s(?:out\s)?of\s(?:the\s|all\s|our\s|these\s)?({WORD}|\d{{1,4}})(?![\w.]\d)|(?=\s(?:(?:absolute\s)?(?:percentage\s)?points?|percent)\b))\b",
    re.IGNORECASE,
)


def mask(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with each span blotted out, same length."""
    parts, last = [], 0
    for start, end in sorted(spans):
        if start >= last:
            parts += [text[last:start], MASK * (end - start)]
            last = end
    return "".join((*parts, text[last:]))


def amounts(masked: str) -> tuple[Amount, ...]:
    """Every number of a masked text, in order, none overlapping. Those of a significance test are labels: t(28) = 2.20 is no score."""
    tests = [(test.start, test.end) for test in reported(masked)] if P_VALUE.search(masked) else []
    found = of_one_kin(masked, every_amount(masked))
    return tuple(replace(a, role="label") if any(s <= a.start and a.end <= e for s, e in tests) else a for a in found) if tests else found


P_VALUE = re.compile(r"\bp\s?[=<>]|[,;]\s?[nN]\.?[sS]\b")


def every_amount(masked: str) -> tuple[Amount, ...]:
    """Every number, whatever it belongs to."""
    found: list[Amount] = []
    spelled = list(islice(SPELLED.finditer(masked), MOST))
    position = 0
    for seen, match in enumerate(NUMBER.finditer(masked)):
        while spelled and spelled[0].end() <= match.start():
            found.append(in_words(masked, spelled.pop(0)))
            position = found[-1].end
        if spelled and spelled[0].start() < match.start() < spelled[0].end():
            found.append(in_words(masked, spelled.pop(0)))
            position = found[-1].end
        if len(found) >= MOST or seen >= 10 * MOST:
            return tuple(found[:MOST])
        if match.start() < position or len(match.group()) > LONGEST:
            continue
        for amount in read(masked, match, found[-1] if found else None):
            found.append(amount)
            position = amount.end
    found += [in_words(masked, match) for match in spelled if match.start() >= position]
    return tuple(found[:MOST])


def of_one_kin(text: str, found: tuple[Amount, ...]) -> tuple[Amount, ...]:
    """ "absolute gains of 2.4% and 3.8%", "2.3% and 2.0% absolute", "1.6%/1.3% points": what is said of one end of a list holds for all of it."""
    shared = list(found)
    for order in (range(1, len(shared)), range(len(shared) - 2, -1, -1)):
        for n in order:
            near = shared[n - 1 if order.step > 0 else n + 1]
            left, right = sorted((near, shared[n]), key=lambda a: a.start)
            gap = text[left.end : right.start]
            if shared[n].unit == "%" and shared[n].relative is None and KIN_GOES_ON.fullmatch(gap):
                if near.unit == "%" and near.relative is not None:
                    shared[n] = replace(shared[n], relative=near.relative)
                elif near is right and near.unit == "pp" and gap.strip() == "/":
                    shared[n] = replace(shared[n], unit="pp")
    return tuple(shared)


def in_words(text: str, match: re.Match[str]) -> Amount:
    """ "ten of the fourteen", "two points"."""
    total = match.group(2)
    count = None if total is None else Decimal(total) if total.isdecimal() else spelled_out(total)
    amount = Amount(match.start(), match.end(), match.group(), spelled_out(match.group(1)), total=count)
    amount = amount if count is not None else with_unit(text, amount)
    return with_relation(text, amount, text[max(0, match.start() - 24) : match.start()])


def spelled_out(word: str) -> Decimal:
    return Decimal("0.5") if word.lower().startswith("half") else Decimal(WORDS[word.lower().replace("\ufb01", "fi")])


def read(text: str, match: re.Match[str], previous: Amount | None) -> Iterator[Amount]:
    """The amount that begins with this number; nothing if the number is part of a name."""
    start, end = match.span()
    before = text[max(0, start - 40) : start]
    sign = SIGN.search(before[-3:] if len(before) > 2 else before)
    if re.search(r"@\[?[\d.:-]*$|\d:$|\^\(?[-−–]?$", before[-12:]) or re.match(
        r":\d", text[end : end + 2]
    ):  # "AP@[.5:.95]", "3:1", "x^(−0.5)"
        yield Amount(start, end, match.group(), Decimal(0), role="label")
        return
    after_a_number = before[-1:] in "-−–‒/+" and previous is not None and previous.end >= start - 1
    if sign is None and JOINED.search(before[-3:]) and not after_a_number:
        return
    value = parse(match.group(), followed_by_percent=text[end : end + 2].lstrip(THIN + " ").startswith("%"))
    if value is None or UNBOUNDED.match(text, end) is not None:
        yield Amount(start, end, match.group(), Decimal(0), role="label")
        return
    begin = start - (len(sign.group()) if sign else 0)
    amount = Amount(begin, end, text[begin:end], value, sign=("" if sign is None else "+" if sign.group(1) == "+" else "-"))
    amount = tail(text, amount, before)
    if re.match(rf"(?![{RAISED}])[^\W\d_]|{MASK}", text[amount.end : amount.end + 1]):  # "2D", "3x3", "4bit", "10th"
        amount = replace(amount, role="label")
    yield replace(amount, role=role(text, amount, before, previous))


def parse(printed: str, *, followed_by_percent: bool = False) -> Decimal | None:
    """The number a string of digits and separators means; None if it means none (a version, a list)."""
    bare = re.sub(f"[ {THIN}]", "", printed)
    dots, commas = bare.count("."), bare.count(",")
    if commas and dots:
        decimal, group = (",", ".") if bare.rfind(",") > bare.rfind(".") else (".", ",")
        whole, _, fraction = bare.rpartition(decimal)
        return Decimal(f"{whole.replace(group, '')}.{fraction}") if grouped(whole, group) else None
    if commas:
        if grouped(bare, ","):
            return Decimal(bare.replace(",", ""))
        decimal_comma = followed_by_percent or re.fullmatch(r"0,\d+", bare) is not None
        return Decimal(bare.replace(",", ".")) if commas == 1 and decimal_comma else None
    if dots > 1:
        return Decimal(bare.replace(".", "")) if grouped(bare, ".") else None
    return Decimal(bare)


def grouped(whole: str, separator: str) -> bool:
    """Whether the digits stand in groups of three."""
    first, *rest = whole.split(separator)
    return 1 <= len(first) <= 3 and first.isdecimal() and first != "0" and all(len(group) == 3 and group.isdecimal() for group in rest)


def tail(text: str, amount: Amount, before: str) -> Amount:
    """What follows the number: power, uncertainty, range, total, unit; then what stands before it."""
    amount = with_power(text, amount)
    if (spread := SPREAD.match(text, amount.end)) is not None:
        amount = grown(text, amount, spread.end(), error=Decimal(spread.group(2).replace(",", ".")))
    elif "." in amount.text and (digits := LAST_DIGITS.match(text, amount.end)) is not None:
        exponent = amount.value.as_tuple().exponent
        assert isinstance(exponent, int)
        amount = grown(text, amount, digits.end(), error=Decimal(digits.group(1)).scaleb(exponent))
    else:
        amount = with_range(text, amount, before)
    if amount.high is None and amount.was is None and (total := OUT_OF.match(text, amount.end)) is not None:
        whole = Decimal(total.group(1) or total.group(2))
        if amount.value <= whole and (total.group(2) or "." not in amount.text):
            amount = grown(text, amount, total.end(), total=whole)
    amount = with_unit(text, amount)
    head = before[: len(before) - (len(amount.sign) and 1)]
    amount = with_relation(text, amount, head[-24:])
    kin = KINSHIP.match(text, amount.end) or KIN_BEFORE.search(before) or re.search(r"\b(absolute)\b", amount.text)
    return amount if kin is None else replace(amount, relative=kin.group(1).lower().startswith("rel"))


def with_relation(text: str, amount: Amount, head: str) -> Amount:
    """ "at least", "<" or "about" where it ends `head`, the text right before the number."""
    margin = MARGIN.search(text[max(0, amount.start - 60) : amount.start])
    if margin is not None:
        return replace(amount, relation=">=" if "least" in margin.group().lower() else "<=" if "up" in margin.group().lower() else ">")
    more = MORE.search(head)
    if more is None or more.lastindex is None or OVER.search(head):
        return amount
    begin = amount.start - (len(head) - more.start())
    return replace(amount, relation=RELATIONS[more.lastindex - 1], start=begin, text=text[begin : amount.end])


def grown(text: str, amount: Amount, end: int, **changes: object) -> Amount:
    """The amount with its text reaching to `end`."""
    return replace(amount, end=end, text=text[amount.start : end], **changes)  # type: ignore[arg-type]  # fields checked by replace


def with_power(text: str, amount: Amount) -> Amount:
    power = POWER.match(text, amount.end)
    mark = MARK.match(text, amount.end) if "." in amount.text else None
    if mark is not None:
        return grown(text, amount, mark.end())
    if power is not None:
        exponent = int((power.group(1) or power.group(2) or power.group(3)).translate(SUPERSCRIPTS))
        base = amount.value
        if power.group()[0] in "^⁺⁻" + RAISED:
            if base != 10:
                return grown(text, amount, power.end(), role="label")  # x², a footnote mark or a set's size: not a score
            return grown(text, amount, power.end(), value=Decimal(1).scaleb(exponent))
        return grown(text, amount, power.end(), value=base.scaleb(exponent))
    if (suffix := SUFFIX.match(text, amount.end)) is not None:
        kind: Role = "label" if RESOLUTION.match(text, suffix.end()) else "size"
        return grown(text, amount, suffix.end(), value=amount.value.scaleb(SCALES[suffix.group(1) or suffix.group(2)]), role=kind)
    return amount


def with_range(text: str, amount: Amount, before: str) -> Amount:
    """A range if a higher number follows a dash or "to", a change if "from" stands before."""
    match = BETWEEN.match(text, amount.end)
    if match is None:
        return amount
    joint = text[match.start() : match.start(1)]
    second_sign, second = match.group(1), parse(match.group(2))
    if second is None or ("and" in joint and PAIRED.search(before[-24:]) is None):
        return amount
    if joint.strip(f" {THIN}") == "-" and joint != "-":  # "a - b" is a subtraction or a list
        return amount
    if "to" in joint and FROM.search(before[-24:]) is not None and SPANNING.search(before) is None:
        return grown(text, amount, match.end(), was=amount.signed, value=second, sign="-" if second_sign and second_sign != "+" else "")
    if "to" in joint and before.endswith("(") and not amount.sign and amount.value > second:  # "(41.1% to 31.2%)"
        return grown(text, amount, match.end(), was=amount.signed, value=second)
    across = (
        amount.sign == "-"
        and second_sign in ("", "+")
        and (second_sign or amount.value >= second or SPANNING.search(before) or "and" in joint)
    )
    if across:  # "−0.3 to +0.2"
        return grown(text, amount, match.end(), value=-amount.value, high=second, sign="")
    same_sign = not second_sign or (second_sign == "+") == (amount.sign == "+")
    low, high = amount.value, second
    if amount.sign == "-" and second_sign and low > high:  # "−2.9 to −2.5"
        low, high = high, low
    if not same_sign or low >= high:
        return amount
    return grown(text, amount, match.end(), value=low, high=high)


def with_unit(text: str, amount: Amount) -> Amount:
    if (more := re.match(r"\+(?=\s?(?:%|points?\b|percent))", text[amount.end : amount.end + 10])) is not None:  # "2.8+%"
        amount = grown(text, amount, amount.end + more.end(), relation=">=")
    if (match := UNIT.match(text, amount.end)) is not None and match.lastindex is not None:
        return grown(text, amount, match.end(), unit=UNIT_NAMES[match.lastindex - 1])
    if (sized := SIZED.match(text, amount.end)) is not None:
        unit = sized.group(1).lower()
        return replace(amount, unit=unit, role="size")
    return amount


def role(text: str, amount: Amount, before: str, previous: Amount | None) -> Role:
    """What the number is there for: a bare one may number a table, a list item, a citation or a year."""
    if DECADE.fullmatch(text[amount.start : amount.end]):
        return "year"
    if amount.total is not None and RANKED.search(before):  # "rank 3 of 18"
        return "label"
    if ALONG.match(text, amount.end) or ACROSS.search(before[-4:]):
        return "label"
    if amount.role != "amount":
        return amount.role
    if previous is not None and previous.role == "year" and re.fullmatch(r"[-–/]\d\d", text[previous.end : amount.end]):  # "2020-21"
        return "year"
    if before.endswith("[") and re.match(r"\d{1,3}[-–]\d{1,3}\]", text[amount.start : amount.end + 1]):
        return "citation"
    if amount.unit or amount.sign or amount.high is not None or amount.error is not None or amount.relation or amount.total is not None:
        return "amount"
    after = text[amount.end : amount.end + 3]
    if LABELLED.search(before[-16:]) or (previous is not None and previous.role == "label" and label_goes_on(text, previous, amount)):
        return "label"
    if SETTING.search(before[-16:]):
        return "size"
    bare = text[amount.start : amount.end]
    if bare.isdigit():
        if before.endswith("(") and after.startswith(")") and len(bare) <= 2 and not before[:-1].rstrip().endswith(MASK):
            return "enumerator"
        if after.startswith(") ") and len(bare) == 1 and re.search(r"(?:^|[\s:;,])$", before) and before.count("(") == before.count(")"):
            return "enumerator"
        if before.rstrip().endswith("[") or (
            previous is not None and previous.role == "citation" and re.match(r",\s", text[previous.end :][:2])
        ):
            return "citation"
        if YEAR.fullmatch(bare) and not after.startswith("%"):
            return "year"
    return "amount"


def label_goes_on(text: str, previous: Amount, amount: Amount) -> bool:
    """ "Tables 2 and 3", "Sections 4, 5"."""
    return amount.start - previous.end <= 6 and ALSO_LABEL.fullmatch(text[previous.end : amount.start]) is not None
