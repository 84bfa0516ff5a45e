"""Do two abilities rise or fall together over a set of methods, and does every reading of the claim agree?"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from claimcheck.dossier import Claim, Difference, Dossier, Finding, Level, Reason, Result, Trend, Verdict
from claimcheck.stats.ranks import spearman, spearman_p
from claimcheck.verify.comparison import Comparison, compare, members, regime_of, signed, touches
from claimcheck.verify.findings import caveat, vote

NAME = "trends"
ENOUGH = 5
"""Fewest methods over which a rank correlation says anything."""


@dataclass(frozen=True)
class Reading:
    """One way to measure both abilities: differences from the baseline on two datasets, over the methods with both."""

    cause: str
    effect: str
    pairs: list[tuple[Comparison, Comparison]]

    @property
    def rho(self) -> float:
        return spearman([c.against(c.baseline) for c, _ in self.pairs], [e.against(e.baseline) for _, e in self.pairs])

    @property
    def p(self) -> float:
        return spearman_p(self.rho, len(self.pairs))

    def __str__(self) -> str:
        return f"gains on {self.cause} and on {self.effect}: Spearman {signed(self.rho)} (n {len(self.pairs)}, p {self.p:.3f})"

    @property
    def results(self) -> list[Result]:
        return [c.method for pair in self.pairs for c in pair]


def verify(claim: Claim, dossier: Dossier) -> Iterator[Finding]:
    for position, assertion in enumerate(claim.assertions):
        if isinstance(assertion, Trend):
            yield from trend(position, assertion, dossier)


def datasets(dossier: Dossier, ability: str) -> tuple[str, ...]:
    """The benchmarks an ability may be measured by; a dataset's own name means that dataset."""
    for known in dossier.lexicon.abilities:
        if ability.casefold() in (known.name.casefold(), *(alias.casefold() for alias in known.aliases)):
            return known.datasets
    return (ability,) if any(r.dataset == ability for r in dossier.results) else ()


def readings(assertion: Trend, dossier: Dossier) -> list[Reading]:
    """Every pair of benchmarks that the two abilities allow, with at least `ENOUGH` methods."""
    found = []
    for cause, effect in itertools.product(datasets(dossier, assertion.cause), datasets(dossier, assertion.effect)):
        pairs = []
        for method in members(dossier, assertion.method):
            sides = [on(dossier, assertion, method, dataset) for dataset in (cause, effect)]
            if sides[0] is not None and sides[1] is not None:
                pairs.append((sides[0], sides[1]))
        if cause != effect and len(pairs) >= ENOUGH and all(varies(side) for side in zip(*pairs, strict=True)):
            found.append(Reading(cause, effect, pairs))
    return found


def varies(found: Iterable[Comparison]) -> bool:
    """Whether there is anything to rank: a constant column rises and falls with nothing."""
    return len({c.method.score.value for c in found}) > 1


def on(dossier: Dossier, assertion: Trend, method: str, dataset: str) -> Comparison | None:
    regime = regime_of(dossier, assertion.regime)
    baseline = assertion.baseline or (regime.baseline if regime else "")
    wanted = Difference(method=method, baseline=baseline, dataset=dataset, regime=assertion.regime, value="0", sign="+")
    return compare(dossier, wanted, method)


def trend(position: int, assertion: Trend, dossier: Dossier) -> Iterator[Finding]:
    found = readings(assertion, dossier)
    if not found:
        text = f"No benchmark of '{assertion.cause}' and '{assertion.effect}' has scores of {ENOUGH} or more of the {assertion.method}."
        yield caveat(NAME, Reason.NO_EVIDENCE, text, (position,), [], blocks=True)
        return
    told = "; ".join(str(reading) for reading in found) + f". {below(found)}"
    signs = {reading.rho > 0 for reading in found}
    wanted = assertion.sign == "+"
    sources = [r for reading in found for r in reading.results]
    if len(signs) > 1:
        text = f"'{assertion.cause}' can be read in {len(found)} ways, and they disagree: {told}"
        yield caveat(
            NAME,
            Reason.AMBIGUOUS_TARGET,
            text,
            (position,),
            sources,
            blocks=True,
            resolves="which benchmark the sentence means, and several seeds",
        )
    elif any(reading.p > 0.05 for reading in found):
        yield caveat(
            NAME, Reason.NOT_SIGNIFICANT, f"Not beyond chance: {told}", (position,), sources, blocks=True, resolves="more methods or seeds"
        )
    elif signs != {wanted}:
        text = f"The other way round: {told}"
        yield caveat(NAME, Reason.CONTRADICTS, text, (position,), sources, blocks=True, resolves="more methods or seeds")
    else:
        sure = 1 - max(reading.p for reading in found)
        level = Level.RELEASED if all(r.origin == "release" for r in sources) else Level.CONSISTENT
        yield vote(NAME, "conclusion", Verdict.VERIFIED, Reason.EXCEEDS_NOISE, told, (position,), sources, confidence=sure, level=level)
    yield from untrained(position, found, dossier)


def untrained(position: int, found: list[Reading], dossier: Dossier) -> Iterator[Finding]:
    """Known deviations that touch methods of the set: their scores do not measure what their names say."""
    results = {(r.run, r.dataset): r for reading in found for r in reading.results}.values()
    for deviation in dossier.deviations:
        hit = [r for r in results if deviation.blocks and touches(deviation, r)]
        if hit:
            who = ", ".join(dict.fromkeys(r.method for r in hit))
            wanted = "the trend over runs as described"
            yield caveat(NAME, deviation.reason, f"{deviation.title} ({who}).", (position,), hit, blocks=True, resolves=wanted)


def below(found: list[Reading]) -> str:
    """How many methods lose on the effect's benchmark, over the widest reading."""
    widest = max(found, key=lambda reading: len(reading.pairs))
    losing = sum(effect.against(effect.baseline) < 0 for _, effect in widest.pairs)
    return f"{losing} of {len(widest.pairs)} methods lose on {widest.effect}."
