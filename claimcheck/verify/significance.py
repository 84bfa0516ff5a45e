"""Is the effect beyond sampling noise, and beyond what another seed of the same recipe changes?

Effects are taken against the same-seed baseline where there is one. Sampling noise is that of two proportions; the seed
noise is what the released replicates of the baseline's recipe show, and where there are none, that is said.
"""

from collections.abc import Iterator

from claimcheck.dossier import Claim, Count, Difference, Direction, Dossier, Finding, Level, Range, Rank, Reason, Result, Verdict
from claimcheck.stats.proportions import ProportionDifference
from claimcheck.stats.seeds import sign_probability, spread
from claimcheck.verify.comparison import Comparison, comparative, comparisons, evidence, noise, signed
from claimcheck.verify.recompute import chosen_universe, universes

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


def finding(position: int, reason: Reason, explanation: str, results: list[Result], *, blocks: bool = False, resolves: str = "") -> Finding:
    return Finding(
        verifier=NAME,
        kind="caveat",
        part="conclusion",
        blocks=blocks,
        reason=reason,
        explanation=explanation,
        assertions=(position,),
        resolves=resolves,
        evidence=evidence(results),
    )


def supported(position: int, confidence: float, explanation: str, results: list[Result], seeds: int) -> Finding:
    return Finding(
        verifier=NAME,
        kind="verdict",
        part="conclusion",
        verdict=Verdict.VERIFIED,
        confidence=confidence,
        reason=Reason.EXCEEDS_NOISE,
        explanation=explanation,
        assertions=(position,),
        level=Level.SIGNIFICANT if seeds >= SEEDS_NEEDED else Level.CONTROLLED,
        evidence=evidence(results),
    )


def effects(position: int, assertion: Difference | Range | Direction, dossier: Dossier) -> Iterator[Finding]:
    """Each compared method's effect against its noise; the assertion stands if all of them do."""
    found = comparisons(dossier, assertion)
    weakest = 1.0
    passed = bool(found)
    told: list[str] = []
    used: list[Result] = []
    for c in found:
        sampled = noise(c.method, c.fairest)
        if sampled is None:
            yield finding(
                position, Reason.NO_EVIDENCE, f"The sample counts behind {c.method.method} are not known.", [c.method], blocks=True
            )
            passed = False
            continue
        used += [c.method, c.fairest]
        seen = f"{c.method.method} on {assertion.dataset}: {interval(sampled)}"
        if not sampled.excludes_zero:
            text = f"{seen} at n {c.method.n:,} holds zero: inside sampling noise (SE {sampled.standard_error:.2f})."
            wanted = f"more test samples or seeds on {assertion.dataset}"
            yield finding(position, Reason.NOT_SIGNIFICANT, text, [c.method, c.fairest], blocks=True, resolves=wanted)
            passed = False
        elif (sampled.difference > 0) != (assertion.sign == "+"):
            passed = False  # controls says so, with both seeds shown
        else:
            told.append(seen)
            weakest = min(weakest, sign_probability(sampled.difference, sampled.standard_error, seed_scores(c)))
    if found:
        blocked, note = seed_noise(position, assertion.dataset, found)
        yield note
        passed = passed and not blocked
    if passed:
        text = f"Beyond sampling noise: {'; '.join(told)} (95% intervals)."
        yield supported(position, weakest, text, used, min(num_seeds(c) for c in found))


def interval(sampled: ProportionDifference) -> str:
    return f"{signed(sampled.difference)} [{signed(sampled.low)}, {signed(sampled.high)}]"


def seed_scores(comparison: Comparison) -> list[float]:
    return [float(r.score.value) for r in comparison.replicates]


def num_seeds(comparison: Comparison) -> int:
    """Seeds that both sides were run with: the method's own runs are one each in a release of single runs."""
    return len({r.seed for r in comparison.replicates} & {comparison.method.seed})


def seed_noise(position: int, dataset: str, found: list[Comparison]) -> tuple[bool, Finding]:
    """What another seed of the baseline's recipe changes, beside the smallest effect."""
    c = min(found, key=lambda c: abs(c.effect))
    scores = seed_scores(c)
    if len(scores) < 2:
        text = f"One seed ({c.method.seed}) on the method's side, and no second seed of the baseline's recipe; what another seed changes is not known."
        return False, finding(position, Reason.SINGLE_SEED, text, [], resolves="three or more seeds on both sides")
    differ = spread(scores)
    inside = abs(c.effect) <= differ
    text = f"{len(scores)} seeds of the baseline's recipe differ by {differ:.2f} on {dataset}; the effect is {signed(c.effect)}, from a single seed."
    reason = Reason.WITHIN_SEED_SPREAD if inside else Reason.SINGLE_SEED
    return inside, finding(position, reason, text, list(c.replicates), blocks=inside, resolves="three or more seeds on both sides")


def threshold(position: int, assertion: Count, dossier: Dossier) -> Iterator[Finding]:
    """Members of a counted set that stand so near the threshold that chance could have put them on the other side."""
    chosen = chosen_universe(assertion, dossier, "release")
    if chosen is None:
        return
    counted = chosen[1]
    near: list[tuple[Comparison, float]] = []
    for c in max(universes(assertion, dossier, "release").values(), key=len):
        sampled = noise(c.method, c.baseline)
        if sampled is None:
            continue
        beyond = abs(sampled.difference) - float(assertion.value)
        if (sampled.difference > 0) == (assertion.sign == "+") and abs(beyond) < 1.96 * sampled.standard_error:
            near.append((c, sampled.standard_error))
    if not near:
        return
    near.sort(key=lambda found: abs(abs(found[0].against(found[0].baseline)) - float(assertion.value)))
    listed = "; ".join(
        f"{c.method.method} {signed(c.against(c.baseline))} (SE {error:.2f})" + ("" if c in counted else ", outside the counted set")
        for c, error in near
    )
    text = f"Within 1.96 standard errors of the threshold of {assertion.value} {assertion.unit}, nearest first: {listed}. Chance decides their side."
    yield finding(
        position,
        Reason.AT_THRESHOLD,
        text,
        [c.method for c, _ in near],
        blocks=any(c in counted for c, _ in near),
        resolves="several seeds per method",
    )


def runner_up(position: int, assertion: Rank, dossier: Dossier) -> Iterator[Finding]:
    """The ranked method against the nearest rival that would take its place."""
    every = comparisons(dossier, assertion)
    mine = next((c for c in every if c.method.method == assertion.method), None)
    sign = 1 if assertion.order == "largest" else -1
    rivals = sorted((c for c in every if c is not mine), key=lambda c: -sign * c.method.score.value)
    if mine is None or len(rivals) < assertion.place:
        return
    rival = rivals[assertion.place - 1].method
    sampled = noise(mine.method, rival)
    if sampled is None:
        return
    said = f"{assertion.method} against the next, {rival.method} ({rival.score}), on {assertion.dataset}: {interval(sampled)}"
    if not sampled.excludes_zero or sign * sampled.difference < 0:
        text = f"{said}: the order is inside sampling noise."
        yield finding(position, Reason.NOT_SIGNIFICANT, text, [mine.method, rival], blocks=True, resolves="more test samples or seeds")
        return
    blocked, note = seed_noise(position, assertion.dataset, [mine])
    yield note
    fair = "" if mine.fairest is mine.baseline else f" Against the same-seed baseline it gains {signed(mine.effect)}."
    if not blocked:
        confidence = sign_probability(sampled.difference, sampled.standard_error, seed_scores(mine))
        yield supported(position, confidence, f"{said}: beyond sampling noise.{fair}", [mine.method, rival], num_seeds(mine))
