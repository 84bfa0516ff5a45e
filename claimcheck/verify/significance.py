"""Is the effect beyond sampling noise, and beyond what another seed of the same recipe changes?

Effects are taken against the same-seed baseline where there is one. Sampling noise is that of two proportions; the seed
noise is what the released replicates of the baseline's recipe show, and where there are none, that is said.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot
from statistics import stdev

from claimcheck.dossier import LEVELS, Claim, Count, Difference, Direction, Dossier, Finding, Level, Range, Rank, Reason, Verdict
from claimcheck.stats.proportions import wilson
from claimcheck.stats.seeds import mean_interval, sign_probability, spread, student_cdf
from claimcheck.verify.comparison import SHARES, Comparison, comparative, comparisons, larger, noise, signed
from claimcheck.verify.findings import caveat, vote
from claimcheck.verify.recompute import chosen_universe, count_beyond, universes, upwards

Z = 1.96
"""Standard errors that a two-sided 95% interval spans on either side."""

NAME = "significance"
SEEDS_NEEDED = 3


def verify(claim: Claim, dossier: Dossier) -> Iterator[Finding]:
    for position, assertion in comparative(claim):
        if isinstance(assertion, Count):
            yield from threshold(position, assertion, dossier)
        elif isinstance(assertion, Rank):
            yield from runner_up(position, assertion, dossier)
        else:
            yield from effects(position, assertion, dossier)


def supported(position: int, confidence: float, explanation: str, found: list[Comparison]) -> Finding:
    """A vote for the conclusion, at the level that the weakest of the comparisons reaches."""
    level = min((reached(c) for c in found), key=LEVELS.index)
    results = [r for c in found for r in (c.method, c.fairest)]
    said = Verdict.VERIFIED, Reason.EXCEEDS_NOISE, explanation
    return vote(NAME, "conclusion", *said, (position,), results, confidence=confidence, level=level)


def reached(c: Comparison) -> Level:
    """Controlled needs the source to say how the runs were made; significant needs several seeds on both sides."""
    if len(c.pairs) >= SEEDS_NEEDED:
        return Level.SIGNIFICANT
    if c.method.seed and c.method.settings.keys() & c.fairest.settings.keys():
        return Level.CONTROLLED
    return Level.RELEASED if c.method.origin == "release" else Level.CONSISTENT


@dataclass(frozen=True)
class Effect:
    """How large a difference is beside its noise."""

    difference: float
    low: float
    high: float
    probability: float
    """That the true difference has this sign."""

    basis: str
    """What the interval is made of."""

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0

    def __str__(self) -> str:
        return f"{signed(self.difference)} [{signed(self.low)}, {signed(self.high)}]"


def effect(c: Comparison) -> Effect | None:
    """Over paired seeds where there are three or more, else of two proportions; None if neither can be had."""
    sampled = noise(c.method, c.fairest)
    if sampled is None:
        return None
    differences = [float(ours.score.value - theirs.score.value) for ours, theirs in c.pairs]
    if len(differences) >= SEEDS_NEEDED:
        low, high = mean_interval(differences, sampled.standard_error)
        mean = sum(differences) / len(differences)
        error = hypot(stdev(differences) / len(differences) ** 0.5, sampled.standard_error)
        sure = student_cdf(abs(mean) / error, len(differences) - 1)
        return Effect(mean, low, high, sure, f"{len(differences)} seeds on both sides, n {c.method.n:,}")
    sure = sign_probability(sampled.difference, sampled.standard_error, seed_scores(c))
    basis = f"n {c.method.n:,}, SE {sampled.standard_error:.2f}"
    return Effect(sampled.difference, sampled.low, sampled.high, sure, basis)


def effects(position: int, assertion: Difference | Range | Direction, dossier: Dossier) -> Iterator[Finding]:
    """Each compared method's effect against its noise; the assertion stands if all of them do."""
    found = comparisons(dossier, assertion)
    told: list[str] = []
    sure: list[float] = []
    for c in found:
        seen = effect(c)
        if seen is None:
            text = f"The noise of {c.method.method} on {assertion.dataset} is not known: no sample counts, or {c.method.metric} is not a share of samples."
            wanted = f"several seeds, or the number of test samples, on {assertion.dataset}"
            yield caveat(NAME, Reason.NO_EVIDENCE, text, (position,), [c.method, c.fairest], blocks=True, resolves=wanted)
        elif not seen.excludes_zero:
            text = f"{c.method.method} on {assertion.dataset}: {seen} holds zero: inside the noise ({seen.basis})."
            wanted = f"more test samples or seeds on {assertion.dataset}"
            yield caveat(NAME, Reason.NOT_SIGNIFICANT, text, (position,), [c.method, c.fairest], blocks=True, resolves=wanted)
        elif (seen.difference > 0) == larger(assertion, c.method):  # else controls says so, with both seeds shown
            told.append(f"{c.method.method} on {assertion.dataset}: {seen} ({seen.basis})")
            sure.append(seen.probability)
    if not found:
        return
    yield from majority(position, found)
    blocked, note = seed_noise(position, assertion.dataset, found)
    if note is not None:
        yield note
    if len(told) == len(found) and not blocked:
        yield supported(position, min(sure), f"Beyond the noise: {'; '.join(told)}; 95% intervals.", found)


def picked(position: int, assertion: Rank, mine: Comparison, rivals: list[Comparison], sign: int) -> Finding | None:
    """The best of many is partly the luckiest: whether the order stands at 95% for all rivals together (Bonferroni)."""
    level = 1 - 0.05 / len(rivals)
    below = rivals[assertion.place - 1 :]
    near = [
        (c, seen)
        for c in below
        if (seen := noise(mine.method, c.method, level)) is not None and sign * seen.difference > 0 and not seen.excludes_zero
    ]
    if not near:
        return None
    c, seen = near[0]
    gap = f"{signed(seen.difference)} [{signed(seen.low)}, {signed(seen.high)}]"
    text = (
        f"{assertion.method} was picked out of {len(rivals) + 1} on {assertion.dataset}: at the {level:.2%} that this asks of each "
        f"comparison its lead over {c.method.method} is {gap}, which holds zero."
    )
    wanted = "more test samples, or a comparison fixed beforehand"
    return caveat(NAME, Reason.NOT_SIGNIFICANT, text, (position,), [mine.method, c.method], blocks=True, resolves=wanted)


MAJORITY = ("majority", "majority share", "majority class", "majority_share", "majority_class", "chance")
"""Settings by which a source says what the most frequent class alone scores, in percent."""


def majority(position: int, found: list[Comparison]) -> Iterator[Finding]:
    """Scores no better than always answering the most frequent class, where the source says how frequent that is."""
    for c in found:
        share = next((c.method.settings[name] for name in MAJORITY if name in c.method.settings), "")
        if not re.fullmatch(r"\d{1,3}(?:\.\d{1,4})?\s?%?", share) or not c.method.n or c.method.metric not in SHARES:
            continue
        least = 100 * wilson(float(c.method.score.value) / 100, c.method.n)[0]
        if least <= float(share.rstrip(" %")):
            text = f"{c.method.method} scores {c.method.score} on {c.method.dataset} (95% from {least:.2f}); the most frequent class alone gives {share}."
            yield caveat(
                NAME,
                Reason.MAJORITY_CLASS,
                text,
                (position,),
                [c.method],
                blocks=True,
                resolves="a score clearly above the most frequent class",
            )


def seed_scores(comparison: Comparison) -> list[float]:
    """One score of the baseline's recipe per seed that is named."""
    return list({r.seed: float(r.score.value) for r in comparison.replicates if r.seed}.values())


def seed_noise(position: int, dataset: str, found: list[Comparison]) -> tuple[bool, Finding | None]:
    """What another seed of the baseline's recipe changes, beside the smallest effect; nothing where seeds are paired."""
    single = [c for c in found if len(c.pairs) < SEEDS_NEEDED]
    if not single:
        return False, None
    c = min(single, key=lambda c: abs(c.effect))
    scores = seed_scores(c)
    wanted = "three or more seeds on both sides"
    if len(scores) < 2:
        who = f"One seed ({c.method.seed}) on the method's side" if c.method.seed else "One run on the method's side, its seed not said"
        text = f"{who}, and no second seed of the baseline's recipe; what another seed changes is not known."
        return False, caveat(NAME, Reason.SINGLE_SEED, text, (position,), [], resolves=wanted)
    differ = spread(scores)
    inside = abs(c.effect) <= differ
    text = f"{len(scores)} seeds of the baseline's recipe differ by {differ:.2f} on {dataset}; the effect is {signed(c.effect)}, from a single seed."
    reason = Reason.WITHIN_SEED_SPREAD if inside else Reason.SINGLE_SEED
    return inside, caveat(NAME, reason, text, (position,), list(c.replicates), blocks=inside, resolves=wanted)


def threshold(position: int, assertion: Count, dossier: Dossier) -> Iterator[Finding]:
    """Members of a counted set that stand so near the threshold that chance could have put them on the other side."""
    chosen = chosen_universe(assertion, dossier)
    if chosen is None:
        return
    counted = chosen[1]
    beyond = {c.method.method: margin(c, assertion) for c in widest(assertion, dossier)}
    unknown = [c for c in counted if beyond[c.method.method] is None]
    if unknown:
        text = f"The noise of {len(unknown)} of {len(counted)} counted scores on {assertion.dataset} is not known."
        yield caveat(
            NAME, Reason.NO_EVIDENCE, text, (position,), [c.method for c in unknown], blocks=True, resolves="the number of test samples"
        )
        return
    margins = sorted(
        ((c, m) for c in widest(assertion, dossier) if (m := beyond[c.method.method])), key=lambda found: abs(found[1].distance)
    )
    near = [(c, m) for c, m in margins if abs(m.distance) < Z * m.error]
    if near:
        listed = "; ".join(f"{m}" + ("" if c in counted else ", outside the counted set") for c, m in near)
        text = f"Within {Z} standard errors of the threshold of {assertion.value} {assertion.unit}, nearest first: {listed}. Chance decides their side."
        blocks = any(c in counted for c, _ in near)
        yield caveat(
            NAME, Reason.AT_THRESHOLD, text, (position,), [c.method for c, _ in near], blocks=blocks, resolves="several seeds per method"
        )
    sure_count, possible_count = count_beyond(counted, assertion, lambda c: c.baseline)
    if any(c in counted for c, _ in near) or not sure_count <= assertion.count <= possible_count:
        return
    closest, nearest = min(((c, m) for c, m in margins if c in counted), key=lambda found: abs(found[1].distance))
    scores = seed_scores(closest)
    if len(scores) > 1 and spread(scores) >= abs(nearest.distance):
        text = f"{len(scores)} seeds of the baseline's recipe differ by {spread(scores):.2f}; {nearest} stands nearer to the threshold than that."
        wanted = "three or more seeds on both sides"
        yield caveat(NAME, Reason.WITHIN_SEED_SPREAD, text, (position,), list(closest.replicates), blocks=True, resolves=wanted)
    else:
        text = "Each counted method and the baseline were run with one seed each."
        yield caveat(NAME, Reason.SINGLE_SEED, text, (position,), resolves="three or more seeds on both sides")
        sure = min(sign_probability(m.distance, m.error, seed_scores(c)) for c, m in margins if c in counted)
        text = f"No counted method stands within {Z} standard errors of the threshold of {assertion.value} {assertion.unit}."
        yield supported(position, sure, text, counted)


@dataclass(frozen=True)
class Margin:
    """How far beyond a count's threshold a method stands."""

    method: str
    difference: float
    distance: float
    error: float

    def __str__(self) -> str:
        return f"{self.method} {signed(self.difference)} (SE {self.error:.2f})"


def margin(c: Comparison, assertion: Count) -> Margin | None:
    sampled = noise(c.method, c.baseline)
    if sampled is None:
        return None
    towards = sampled.difference if assertion.sign == "+" else -sampled.difference
    return Margin(c.method.method, c.against(c.baseline), towards - float(assertion.value), sampled.standard_error)


def widest(assertion: Count, dossier: Dossier) -> list[Comparison]:
    return max(universes(assertion, dossier).values(), key=len)


def runner_up(position: int, assertion: Rank, dossier: Dossier) -> Iterator[Finding]:
    """The ranked method against the nearest rival that would take its place."""
    every = comparisons(dossier, assertion)
    mine = next((c for c in every if c.method.method == assertion.method), None)
    if mine is None:
        return
    sign = 1 if upwards(assertion, mine) else -1
    rivals = sorted((c for c in every if c is not mine), key=lambda c: -sign * c.method.score.value)
    if len(rivals) < assertion.place:
        return
    rival = rivals[assertion.place - 1].method
    sampled = noise(mine.method, rival)
    if sampled is None:
        text = f"The noise of the order on {assertion.dataset} is not known: no sample counts, or {rival.metric} is not a share of samples."
        yield caveat(NAME, Reason.NO_EVIDENCE, text, (position,), [mine.method, rival], blocks=True, resolves="the number of test samples")
        return
    gap = f"{signed(sampled.difference)} [{signed(sampled.low)}, {signed(sampled.high)}]"
    said = f"{assertion.method} against the next, {rival.method} ({rival.score}), on {assertion.dataset}: {gap}"
    if sampled.excludes_zero and sign * sampled.difference < 0:
        return  # the order is the other way round, which is for the numbers to say
    above = [
        r for r in rivals[: assertion.place - 1] if not (seen := noise(r.method, mine.method)) or sign * seen.low <= 0 <= sign * seen.high
    ]
    if not sampled.excludes_zero or above:
        text = (
            f"{said}: the order is inside sampling noise."
            if not above
            else f"{said}; {above[0].method.method} above it is inside sampling noise."
        )
        yield caveat(
            NAME, Reason.NOT_SIGNIFICANT, text, (position,), [mine.method, rival], blocks=True, resolves="more test samples or seeds"
        )
        return
    selected = picked(position, assertion, mine, rivals, sign)
    if selected is not None:
        yield selected
        return
    blocked, note = seed_noise(position, assertion.dataset, [mine])
    if note is not None:
        yield note
    against = effect(mine)
    if against is not None and not against.excludes_zero:
        text = f"Against the baseline {assertion.method} on {assertion.dataset} is inside the noise: {against} ({against.basis})."
        yield caveat(
            NAME, Reason.NOT_SIGNIFICANT, text, (position,), [mine.method, mine.fairest], blocks=True, resolves="more test samples or seeds"
        )
        return
    fair = "" if mine.fairest is mine.baseline else f" Against the same-seed baseline it gains {signed(mine.effect)}."
    if not blocked:
        confidence = sign_probability(sampled.difference, sampled.standard_error, seed_scores(mine))
        yield supported(position, confidence, f"{said}: beyond sampling noise.{fair}", [mine])
