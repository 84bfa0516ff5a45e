"""Whether a stated number and a printed one can be the same number."""

from decimal import Decimal
from functools import lru_cache

from claimcheck.dossier import Interval, Quantity
from claimcheck.extract.quantities import Amount
from claimcheck.tabular.sheet import Figure

NEARLY = Decimal("0.08")
"""How far, relatively, "about" may be from the number."""


def fits(amount: Amount, figure: Figure) -> bool:
    """Whether a cell could be printed so: rounded alike, or as a share of one where the other is in percent."""
    whole = "." not in amount.text and amount.value < 10
    stated = rounded(amount)
    for number, ways in zip(figure.numbers, figure.readings, strict=True):
        if whole and amount.value != abs(number):
            continue
        if amount.relation in (">", ">="):
            if amount.value <= abs(number) <= amount.value * Decimal("1.2"):
                return True
        elif any(meet(stated, way) for way in (ways[:1] if whole else ways)):
            return True
    return False


@lru_cache(maxsize=1024)  # one number is held against many cells
def rounded(amount: Amount) -> Interval:
    """What a stated number can stand for."""
    stated = Quantity(value=amount.value).interval
    slack = abs(amount.value) * Decimal("0.03") if amount.relation == "~" else 0
    return Interval(stated.low - slack, stated.high + slack)


def meet(one: Interval, other: Interval) -> bool:
    """Whether two printed numbers can be one; those that only touch are neighbours."""
    return one.low < other.high and other.low < one.high


def comparable(amount: Amount, figure: Figure) -> bool:
    """Whether number and cell are of one kind, so that both cannot be right: printed alike and of like size."""
    if figure.value is None or figure.value == 0:
        return False
    ratio = amount.value / abs(figure.value)
    return ("." in amount.text) == ("." in figure.text) and Decimal("0.5") < ratio < Decimal(2)


def fits_difference(amount: Amount, first: Figure, second: Figure) -> bool:
    """Whether a number could be the printed difference of two cells, in points, in percent of either, or as a factor."""
    one, two = first.interval, second.interval
    gap = one - two if first.numbers[0] >= second.numbers[0] else two - one
    stated = Quantity(value=amount.value).interval
    ways = [gap, Interval(gap.low * 100, gap.high * 100)]
    for base in (first.numbers[0], second.numbers[0]):
        if base:
            ways.append(Interval(*sorted((gap.low * 100 / abs(base), gap.high * 100 / abs(base)))))
    if amount.relation in (">", ">="):
        return any(way.high >= amount.value for way in ways[:2])
    if amount.relation in ("~", "<", "<="):
        slack = amount.value * NEARLY
        return any(Interval(stated.low - slack, stated.high + slack).overlaps(way) for way in ways)
    return any(stated.overlaps(way) for way in ways)
