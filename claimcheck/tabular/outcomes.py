"""What the cells say of one thing stated, with the sums in words."""

from dataclasses import dataclass
from decimal import Decimal

from claimcheck.extract.quantities import Amount
from claimcheck.tabular.sheet import Figure


@dataclass(frozen=True)
class Outcome:
    """What the cells say of one statement; `holds` is None where they leave it open."""

    holds: bool | None
    explanation: str
    figures: tuple[Figure, ...] = ()
    kind: str = ""
    firm: bool = False
    """True if every cell it is bound to says so, in a sense that the table itself tells: what a refutation needs."""

    stated: Amount | None = None
    """The number of the sentence that it is about, if it is about one."""

    gaps: tuple[Amount, ...] = ()
    """The differences of the sentence that were found between its cells."""


@dataclass(frozen=True)
class Duel:
    """Two cells compared: 1 if the first is ahead in the stated sense, -1 if behind, 0 if level."""

    one: Figure
    two: Figure
    ahead: int
    known: bool = True
    """False if it is only taken for granted that higher is better."""

    @property
    def apart(self) -> Decimal:
        """Difference relative to the larger."""
        a, b = self.one.value or Decimal(0), self.two.value or Decimal(0)
        return abs(a - b) / max(abs(a), abs(b), Decimal("1e-9"))
