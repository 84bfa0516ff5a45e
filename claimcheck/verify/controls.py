"""What else differs between the compared runs: seed, probe epochs, EMA, and what the release does otherwise than described.

A difference in seed alone is settled where a baseline run with the method's own seed was released: the comparison is made
again, and only a changed answer undermines the claim. Any other setting that the claim does not name stays a confound.
"""

from collections.abc import Iterator

from claimcheck.dossier import Claim, Count, Difference, Direction, Dossier, Finding, Range, Rank, Reason, Result
from claimcheck.verify.comparison import (
    Comparative,
    Comparison,
    comparative,
    comparisons,
    larger,
    noise,
    regime_of,
    sides,
    signed,
    subtraction,
    touches,
)
from claimcheck.verify.findings import caveat
from claimcheck.verify.recompute import chosen_universe, count_beyond

NAME = "controls"

SEED = "seed"


def verify(claim: Claim, dossier: Dossier) -> Iterator[Finding]:
    for position, assertion in comparative(claim):
        found = judged(assertion, dossier)
        if not found:
            continue
        if isinstance(assertion, Count):
            yield from recount(position, assertion, dossier)
        else:
            yield from seeds(position, assertion, found)
        yield from protocol(position, assertion, found)
    yield from deviations(claim, dossier)
    yield from wording(claim, dossier)


def judged(assertion: Comparative, dossier: Dossier) -> list[Comparison]:
    """The comparisons whose controls decide the assertion. A rank speaks of the order of the printed numbers, so only
    the ranked method's own comparison is held to controls."""
    found = comparisons(dossier, assertion)
    return [c for c in found if c.method.method == assertion.method] if isinstance(assertion, Rank) else found


def seeds(position: int, assertion: Difference | Range | Rank | Direction, found: list[Comparison]) -> Iterator[Finding]:
    """Different seeds on the two sides; the same-seed comparison wherever the data allow it."""
    apart = [c for c in found if c.seeds_differ]
    unpaired = [c for c in apart if c.same_seed is None]
    paired = [c for c in apart if c.same_seed is not None]
    if unpaired:
        c = unpaired[0]
        text = f"On {assertion.dataset} seed {c.method.seed} is compared with seed {c.baseline.seed}; no same-seed baseline was released."
        yield caveat(
            NAME,
            Reason.SEED_MISMATCH,
            text,
            (position,),
            sides(unpaired),
            blocks=True,
            resolves=f"a baseline of seed {c.method.seed} on {assertion.dataset}",
        )
    for c in paired:
        other = c.same_seed
        assert other is not None
        turned = (c.against(other) > 0) != larger(assertion, c.method) and not isinstance(assertion, Rank)
        text = (
            f"On {assertion.dataset} seed {c.method.seed} is compared with seed {c.baseline.seed} ({signed(c.against(c.baseline))}). "
            f"Against the baseline of the same seed: {subtraction(c.method, other)}"
            + (", so the sign turns." if turned else ", the same direction.")
        )
        reason = Reason.SIGN_DEPENDS_ON_SEED if turned else Reason.SEED_MISMATCH
        resolves = "several seeds on both sides" if turned else ""
        yield caveat(NAME, reason, text, (position,), [c.method, c.baseline, other], blocks=turned, resolves=resolves)


def recount(position: int, assertion: Count, dossier: Dossier) -> Iterator[Finding]:
    """A count made again against each method's same-seed baseline."""
    chosen = chosen_universe(assertion, dossier)
    if chosen is None:
        return
    said, found = chosen
    apart = [c for c in found if c.seeds_differ]
    if not apart:
        return
    unpaired = [c for c in apart if c.same_seed is None]
    if unpaired:
        text = f"{len(unpaired)} of the counted methods have another seed than the baseline, and no same-seed baseline was released."
        yield caveat(
            NAME, Reason.SEED_MISMATCH, text, (position,), sides(unpaired), blocks=True, resolves="baselines of the methods' own seeds"
        )
        return
    sure, _ = count_beyond(found, assertion, lambda c: c.fairest)
    before, _ = count_beyond(found, assertion, lambda c: c.baseline)
    changed = sure != before
    other = apart[0].fairest
    text = (
        f"The baseline of seed {apart[0].baseline.seed} ({apart[0].baseline.score}) is compared with methods of seed {apart[0].method.seed}. "
        f"Against the baseline of their own seed ({other.score}) the count is {sure} of {said}, not {before}."
        if changed
        else f"Against the baseline of the methods' own seed ({other.score}) the count stays {sure}."
    )
    reason = Reason.COUNT_DEPENDS_ON_SEED if changed else Reason.SEED_MISMATCH
    yield caveat(
        NAME,
        reason,
        text,
        (position,),
        [apart[0].baseline, other],
        blocks=changed,
        resolves="several seeds on both sides" if changed else "",
    )


def protocol(position: int, assertion: Comparative, found: list[Comparison]) -> Iterator[Finding]:
    """Settings other than the seed that differ between a method's run and the baseline's."""
    differing: dict[tuple[str, str, str], list[Comparison]] = {}
    for c in found:
        for name in c.method.settings.keys() & c.fairest.settings.keys() - {SEED}:
            values = c.method.settings[name], c.fairest.settings[name]
            if values[0] != values[1]:
                differing.setdefault((name, *values), []).append(c)
    for (name, ours, theirs), apart in sorted(differing.items()):
        what = name.replace("_", " ")
        who = ", ".join(c.method.method for c in apart)
        blocks = not isinstance(assertion, Count) or 2 * len(apart) > len(found)
        text = f"On {assertion.dataset} {what} is {ours} for {who} and {theirs} for {apart[0].fairest.method}; the claim does not name it."
        yield caveat(
            NAME,
            Reason.PROTOCOL_MISMATCH,
            text,
            (position,),
            sides(apart),
            blocks=blocks,
            resolves=f"the same {what} on both sides" if blocks else "",
        )
    alike = [c for c in found if not any(c in apart for apart in differing.values())]
    if len(found) != 1 or not alike:
        return
    mine, other = alike[0].method.settings, alike[0].fairest.settings
    shared = [f"{name.replace('_', ' ')} {mine[name]}" for name in mine if name in other and name != SEED]
    if shared:
        text = f"On {assertion.dataset} the other recorded settings are the same on both sides: {', '.join(shared)}."
        yield caveat(NAME, Reason.MATCHES, text, (position,))
    else:
        text = f"The source records no setting of both compared runs on {assertion.dataset}; what else differs is not known."
        yield caveat(NAME, Reason.NO_EVIDENCE, text, (position,), resolves="the seeds and settings of the compared runs")


def deviations(claim: Claim, dossier: Dossier) -> Iterator[Finding]:
    """Known differences between the release and its description that touch a compared run."""
    for deviation in dossier.deviations:
        touched: dict[int, list[Result]] = {}
        binding: list[int] = []
        for position, assertion in comparative(claim):
            hit = [r for c in judged(assertion, dossier) for r in (c.method, c.baseline, c.fairest) if touches(deviation, r)]
            if hit:
                touched[position] = hit
                # One touched member leaves a count standing as a count of what was printed; it is worth knowing, no more.
                binding += [position] if not isinstance(assertion, Count) else []
        if not touched:
            continue
        results = [r for hit in touched.values() for r in hit]
        who = ", ".join(dict.fromkeys(r.method for r in results))
        text = f"{deviation.title} ({who}). Described: {deviation.described} Released: {deviation.released} {deviation.consequence}"
        blocks = deviation.blocks and bool(binding)
        described = dict(zip(deviation.runs, deviation.as_described, strict=False))
        wanted = dict.fromkeys(described[r.run] for r in results if r.run in described)
        resolves = f"a run as described ({', '.join(wanted)})" if blocks and wanted else ""
        yield caveat(NAME, deviation.reason, text, tuple(touched), results, blocks=blocks, resolves=resolves)


def wording(claim: Claim, dossier: Dossier) -> Iterator[Finding]:
    """A cause asserted, or a sentence cut off."""
    every = tuple(range(len(claim.assertions)))
    if claim.causal:
        text = "The sentence asserts a cause; the released scores are a comparison, and give no control that isolates it."
        yield caveat(NAME, Reason.CAUSAL, text, every, [], blocks=True, resolves="a rerun in which only the named cause changes")
    if claim.truncated:
        rest = unnamed(claim, dossier)
        text = "The source cuts the sentence off; what is missing was not guessed." + (
            f" Not named before the cut: {rest}." if rest else ""
        )
        yield caveat(NAME, Reason.TRUNCATED, text, every, [], blocks=False)


def unnamed(claim: Claim, dossier: Dossier) -> str:
    """What the compared runs score on the regime's benchmarks that the sentence did not reach."""
    found = []
    named = {a.dataset for _, a in comparative(claim)}
    for _, assertion in comparative(claim):
        regime = regime_of(dossier, assertion.regime)
        if not isinstance(assertion, Difference) or regime is None:
            continue
        for dataset in regime.benchmarks:
            if dataset not in named:
                elsewhere = assertion.model_copy(update={"dataset": dataset})
                found += [f"{subtraction(c.method, c.baseline)} on {dataset}{unlike(c)}" for c in comparisons(dossier, elsewhere)]
    return "; ".join(dict.fromkeys(found))


def unlike(comparison: Comparison) -> str:
    """The settings in which the two runs differ, and whether sampling noise covers the difference."""
    ours, theirs = comparison.method.settings, comparison.baseline.settings
    told = [
        f"{name.replace('_', ' ')} {ours[name]} against {theirs[name]}" for name in ours if name in theirs and ours[name] != theirs[name]
    ]
    sampled = noise(comparison.method, comparison.baseline)
    if sampled is not None and not sampled.excludes_zero:
        told.append(f"inside sampling noise, SE {sampled.standard_error:.2f}")
    return f" ({', '.join(told)})" if told else ""
