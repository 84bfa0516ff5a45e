"""Does a printed p value follow from the test statistic and the degrees of freedom printed beside it?

The idea is that of statcheck (Nuijten et al., Behavior Research Methods 48, 2016): "t(28) = 2.20, p = .036" can be computed again. Both
numbers were rounded, so what is compared are the ranges that they can stand for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["t", "F", "r", "chi2", "z", "Q"]
Relation = Literal["=", "<", ">", "ns"]

RELATIONS: dict[str, Relation] = {"=": "=", "<": "<", ">": ">", "ns": "ns"}

ALPHA = 0.05
"""The level at which a result counts as significant where nothing else is said."""

MINUS = "−–‒-"
_SPACE = r"[\s\u00a0\u2009]*"
_NUMBER = rf"[{MINUS}]?{_SPACE}(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d*\.\d+|\d+)"
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_POWER = rf"[⁻{MINUS}]{_SPACE}[\d⁰¹²³⁴-⁹]{{1,3}}"
_SMALL = rf"(?:[eE](?P<e>{_POWER})|{_SPACE}(?:×|x|\*|·|⋅|\\times){_SPACE}10{_SPACE}\^?{_SPACE}\{{?(?P<ten>{_POWER})\}}?)"
_FREEDOM = rf"\({_SPACE}(?P<df1>\d+(?:\.\d+)?){_SPACE}(?:,{_SPACE}(?:[Nn]{_SPACE}={_SPACE}[\d,]+|(?P<df2>\d[\d,]*(?:\.\d+)?)){_SPACE})?\)"
REPORTED = re.compile(
    rf"(?<![\w.])(?:(?P<with>t|F|r|Q[A-Za-z]{{0,7}}|χ|H|G(?:²|\^?2)|(?:χ|X|chi){_SPACE}(?:\^?{_SPACE}2|²)|2(?=\(\d+,{_SPACE}[Nn]{_SPACE}=)){_SPACE}{_FREEDOM}|(?P<plain>[Zz]))"
    rf"{_SPACE}(?P<relation>[=<>]){_SPACE}(?P<value>{_NUMBER})(?:{_SPACE}\([^()]{{1,30}}\))?"
    rf"{_SPACE}[,;]{_SPACE}(?:(?P<ns>[nN]\.?{_SPACE}[sS]\.?)(?!\w)|p{_SPACE}(?P<p_relation>[=<>]){_SPACE}"
    rf"(?P<p>\d?\.\d+|\d){_SMALL}?(?![\d%]|\.\d|{_SPACE}%))"
)
"""A test as APA style prints it: statistic, degrees of freedom, value, p. G² and H are chi-square too; copied text often loses a χ."""

ONE_TAILED = re.compile(r"\b(?:one|1)[\s-]?(?:tailed|sided)|\bdirectional\b", re.IGNORECASE)


@dataclass(frozen=True)
class Test:
    """A test of significance as it is printed."""

    __test__ = False  # not one of pytest's

    text: str
    kind: Kind
    freedom: tuple[float, ...]
    """Degrees of freedom; of F the numerator's first. None for z."""

    relation: Relation
    value: Decimal
    p_relation: Relation
    p: Decimal
    """With "ns" the level that it lies above."""

    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Checked:
    """A printed test beside what follows from its statistic."""

    low: float
    high: float
    """The p values that the statistic can stand for, as it was rounded."""

    consistent: bool
    one_tailed: bool = False
    """True if it fits only as a one-tailed test."""

    decision: bool = False
    """True if the printed and the computed p lie on different sides of ALPHA."""


def reported(text: str) -> Iterator[Test]:
    """Every test that a text prints with its p value."""
    for match in REPORTED.finditer(text):
        said = match.groupdict()
        kind = kind_of(said["with"] or "z")
        freedom = tuple(float(said[name].replace(",", "")) for name in ("df1", "df2") if said[name])
        p = Decimal(str(ALPHA)) if said["ns"] else probability(said["p"], said["e"] or said["ten"] or "0")
        if len(freedom) != {"z": 0, "F": 2}.get(kind, 1) or 0 in freedom or p > 1:
            continue
        yield Test(
            text=match.group(),
            kind=kind,
            freedom=freedom,
            relation=RELATIONS[said["relation"]],
            value=number(said["value"]),
            p_relation=RELATIONS[said["p_relation"] or "ns"],
            p=p,
            start=match.start(),
            end=match.end(),
        )


def kind_of(printed: str) -> Kind:
    """The statistic that a printed letter stands for."""
    kinds: dict[str, Kind] = {"t": "t", "F": "F", "r": "r", "Q": "Q", "z": "z", "Z": "z"}
    return kinds.get(printed[0], "chi2")


def number(printed: str) -> Decimal:
    """A number with any minus sign and with commas between thousands."""
    digits = re.sub(r"[^\d.]", "", printed)
    return -Decimal(digits) if printed[0] in MINUS else Decimal(digits)


def probability(digits: str, power: str) -> Decimal:
    """A p value, "2" and "−4" where it is printed as 2 × 10⁻⁴."""
    return Decimal(digits).scaleb(int(number(power.translate(_SUPERSCRIPTS))))


def check(test: Test, *, one_tailed: bool = False) -> Checked:
    """Whether the printed p can be that of the printed statistic; halved too, where the text speaks of a one-tailed test."""
    half = Decimal(5).scaleb(int(test.value.as_tuple().exponent) - 1)
    size = abs(test.value)
    ends = [upper_tail(test, float(end)) for end in (size + half, max(Decimal(0), size - half))]
    low, high = (0.0 if test.relation == ">" else ends[0]), (1.0 if test.relation == "<" else ends[1])
    if fits(test, low, high):
        return Checked(low, high, True)
    if one_tailed and test.kind in ("t", "z", "r") and fits(test, low / 2, high / 2):
        return Checked(low / 2, high / 2, True, one_tailed=True)
    said_significant = test.p_relation in "=<" and float(test.p) <= ALPHA
    return Checked(low, high, False, decision=high < ALPHA if not said_significant else low > ALPHA)


def fits(test: Test, low: float, high: float) -> bool:
    """Whether some p from `low` to `high` would be printed as the test prints it; a p of nothing is no p."""
    printed = float(test.p)
    if test.p_relation == "=":
        half = 0.5 * 10 ** int(test.p.as_tuple().exponent)
        return printed > 0 and low <= printed + half and printed - half <= high
    return low < printed if test.p_relation == "<" else high > printed


def upper_tail(test: Test, size: float) -> float:
    """The p value of a statistic of that size: two-tailed for t, z and r, the upper tail for F, chi-square and Q."""
    from scipy.special import chdtrc, fdtrc, ndtr, stdtr  # scipy takes a tenth of a second to import

    match test.kind:
        case "F":
            return float(fdtrc(*test.freedom, size))
        case "chi2" | "Q":
            return float(chdtrc(test.freedom[0], size))
        case "z":
            return float(2 * ndtr(-size))
        case "r":
            size = min(size, 1.0)
            size = size * (test.freedom[0] / (1 - size**2)) ** 0.5 if size < 1 else float("inf")
    return float(2 * stdtr(test.freedom[0], -size))
