"""Whether a stated number and a printed one can be the same number."""

from decimal import Decimal

from claimcheck.dossier import Interval, Quantity
from claimcheck.extract.quantities import Amount
from claimcheck.tabular.sheet import Figure

NEARLY = Decimal("0.08")
"""How far, relatively, "about" may be from the number."""


def fits(amount: Amount, figure: Figure) -> bool:
    """Whether a cell could be printed so: rounded alike, or as a share of one where the other is in percent."""
    stated = Quantity(value=amount.value).interval
    whole = "." not in amount.text and amount.value < 10
    for number in figure.numbers:
        cell = Quantity(value=abs(number)).interval
        if whole and amount.value != abs(number):
            continue
        ways = [cell] if whole else [cell, Interval(cell.low * 100, cell.high * 100), Interval(cell.low / 100, cell.high / 100)]
        if amount.relation in (">", ">="):
            if amount.value <= abs(number) <= amount.value * Decimal("1.2"):
                return True
        elif amount.relation == "~":
            slack = abs(amount.value) * Decimal("0.03")
            if any(meet(Interval(stated.low - slack, stated.high + slack), way) for way in ways):
                return True
        elif any(meet(stated, way) for way in ways):
            return True
    return False


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
