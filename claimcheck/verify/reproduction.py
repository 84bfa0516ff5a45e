"""Where do our own runs put the claim?

Runs are paired by seed: the same seed on both sides, on the same samples. Each assertion becomes a statement about the true
differences. It agrees if it is so wherever in its 95% interval the truth lies, disagrees if it is not so anywhere in it, and is undecided
between them, with the number of seeds that would decide it; its probability is said beside.

Below paper scale directions, ranks, trends and counts of direction are tested, never absolute numbers, and nothing votes: a
scaled-down run is evidence about the method at that scale, on a benchmark that stands for the paper's. At paper scale, with every method the
assertion speaks of and three or more seeds, it votes. Fewer than three seeds are a look, not a test.
"""

import itertools
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from claimcheck.document import Location
from claimcheck.dossier import (
    Arm,
    Claim,
    Count,
    Difference,
    Dossier,
    Estimate,
    Evidence,
    Fact,
    Finding,
    Interval,
    Level,
    Quantity,
    Range,
    Reason,
    Trend,
    Verdict,
)
from claimcheck.verify.comparison import Comparative, arms_of, is_comparative, members, methods_of, regime_of, signed
from claimcheck.verify.estimates import SEEDS_NEEDED, Outcome, Question, correlation, estimated, question_of
from claimcheck.verify.findings import Part, caveat, vote
from claimcheck.verify.reruns import SCALES, Table, tables
from claimcheck.verify.trends import ENOUGH
from claimcheck.verify.trends import datasets as measures
from repro.result import RunResult

NAME = "reproduction"

STATES = {
    "failed": Reason.RUN_FAILED,
    "interrupted": Reason.NOT_RUN,
    "nan_loss": Reason.NAN_LOSS,
    "collapsed": Reason.COLLAPSED,
    "data_invalid": Reason.DATA_INVALID,
    "budget_exhausted": Reason.BUDGET_EXHAUSTED,
}

FACTS = {"embedding dimension": "embedding_dim", "parameters": "encoder_parameters"}
"""A property in a paper's words, and the fact of a run that is it."""

SMALL = "A scaled-down run does not speak about the paper's absolute numbers."


def verify(claim: Claim, dossier: Dossier) -> Iterator[Finding]:
    bound = arms_of(claim, dossier)
    if not bound:
        return
    names = {arm.experiment for arm in bound}
    done = sorted((run for run in dossier.runs if run.experiment.name in names), key=lambda run: (run.experiment.name, run.seed))
    yield from unfinished(done, names)
    for position, assertion in enumerate(claim.assertions):
        if is_comparative(assertion):
            yield from compared(position, assertion, done, dossier)
        elif isinstance(assertion, Trend):
            yield from trend(position, assertion, done, dossier)
        elif isinstance(assertion, Fact):
            yield from fact(position, assertion, done)
    yield from never_trained(claim, bound, done, dossier)


# Runs that say nothing


def unfinished(done: list[RunResult], names: set[str]) -> Iterator[Finding]:
    """Arms that have not run, and runs that ended badly: never a pass and never a fail."""
    never = names - {run.experiment.name for run in done}
    if never:
        text = f"{len(never)} of {len(names)} experiments bound to this claim have not been run: {', '.join(sorted(never))}."
        yield note(Reason.NOT_RUN, text)
    for state in STATES:
        ended = [run for run in done if run.state == state]
        if ended:
            seeds: dict[str, list[int]] = {}
            for run in ended:
                seeds.setdefault(f"{run.experiment.name} at {run.experiment.scale} scale", []).append(run.seed)
            who = "; ".join(f"{name} (seed{'s' * (len(own) > 1)} {', '.join(map(str, own))})" for name, own in seeds.items())
            first = f" The first: {ended[0].reason}." if len(ended) > 1 else f" {ended[0].reason}."
            text = f"Ended as {state.replace('_', ' ')}, so no score of theirs counts: {who}.{first}"
            yield note(STATES[state], text, quoted_runs(ended, ""))


def note(
    reason: Reason,
    explanation: str,
    quoted: tuple[Evidence, ...] = (),
    position: int | None = None,
    *,
    estimate: Estimate | None = None,
    part: Part = "conclusion",
    blocks: bool = False,
    resolves: str = "",
) -> Finding:
    """A caveat that quotes runs."""
    said = caveat(NAME, reason, explanation, () if position is None else (position,), part=part, blocks=blocks, resolves=resolves)
    return said.model_copy(update={"evidence": quoted, "estimate": estimate})


def evidence(run: RunResult, probe: str = "") -> Evidence:
    scored = f": {run.scores[probe]:.2f}% on {probe} (n {run.samples.get(probe, 0):,})" if probe else f": {run.state}"
    weights = f", weights {run.weights[:12]}" if run.weights else ""
    quote = f"{run.experiment.name}, {run.experiment.scale} scale, seed {run.seed}{weights}{scored}"
    return Evidence(quote=quote, where=Location(document=f"run {run.experiment.digest}", detail=f"seed {run.seed}"))


MANY = 12
"""Runs beyond which a finding names them by digest; the report's table of runs has their scores."""


def quoted_runs(runs: Iterable[RunResult], probe: str) -> tuple[Evidence, ...]:
    """Each run once with its score, or all together by their digests."""
    distinct = {(run.experiment.digest, run.weights): run for run in runs}
    if len(distinct) <= MANY:
        return tuple(evidence(run, probe) for run in distinct.values())
    names = {run.experiment.name for run in distinct.values()}
    digests = ", ".join(digest for digest, _ in distinct)
    return (Evidence(quote=f"{len(distinct)} runs of {len(names)} experiments, by digest: {digests}", where=Location(document="runs")),)


# Comparisons with a baseline


def compared(position: int, assertion: Comparative, done: list[RunResult], dossier: Dossier) -> Iterator[Finding]:
    """One finding for each scale and reading that has runs of the assertion's methods."""
    wanted = [m for m in methods_of(dossier, assertion) if m != assertion.baseline]
    found = list(tables(wanted, assertion.baseline, assertion.regime, assertion.dataset, done, dossier))
    for scale in SCALES:
        at_scale = [table for table in found if table.scale == scale]
        asked = [(table, question) for table in at_scale if (question := question_of(assertion, table)) is not None]
        told = [estimated(table, question) for table, question in asked]
        for (table, question), estimate in zip(asked, told, strict=True):
            yield from concluded(position, assertion, table, question, estimate, {e.outcome for e in told})


def concluded(
    position: int, assertion: Comparative, table: Table, question: Question, estimate: Estimate, outcomes: set[Outcome]
) -> Iterator[Finding]:
    """A vote at paper scale, else a note; a note too where few seeds, an absent method or two readings keep it from voting."""
    told = in_words(table, question, estimate)
    quoted = quoted_runs(table.runs, table.probe)
    if estimate.seeds < SEEDS_NEEDED:
        few = f"{estimate.seeds} of at least {SEEDS_NEEDED} seeds were run at {table.scale} scale: a look, not a test. "
        small = f" {SMALL}" if table.scale != "paper" else ""
        yield note(Reason.INSUFFICIENT_RUNS, few + told + small, quoted, position, estimate=estimate, resolves="three or more seeds")
    elif table.scale != "paper":
        yield note(Reason.SCALE_MISMATCH, f"{told} {SMALL}", quoted, position, estimate=estimate)
    elif table.missing or len(outcomes) > 1 or table.reading == "as_released":
        why = f" Not run: {', '.join(table.missing)}." if table.missing else " The two readings of the method differ." * (len(outcomes) > 1)
        reason = Reason.NOT_RUN if table.missing else Reason.DEVIATION
        yield note(reason, told + why, quoted, position, estimate=estimate, blocks=len(outcomes) > 1)
    else:
        yield judged(position, told, estimate, quoted)
        yield from stated(position, assertion, table, quoted)


def judged(position: int, told: str, estimate: Estimate, quoted: tuple[Evidence, ...]) -> Finding:
    """The vote of several seeds at paper scale on a conclusion."""
    if estimate.outcome == "undecided":
        seeds = f"{estimate.seeds_needed} seeds" if estimate.seeds_needed else "more test samples"
        return note(Reason.NOT_SIGNIFICANT, told, quoted, position, estimate=estimate, blocks=True, resolves=seeds)
    agrees = estimate.outcome == "agrees"
    verdict, reason = (Verdict.VERIFIED, Reason.EXCEEDS_NOISE) if agrees else (Verdict.REFUTED, Reason.CONTRADICTS)
    sure = max(estimate.probability or 0.0, 1 - (estimate.probability or 0.0))
    said = vote(NAME, "conclusion", verdict, reason, told, (position,), (), confidence=sure, level=Level.REPRODUCED)
    return said.model_copy(update={"evidence": quoted, "estimate": estimate})


def stated(position: int, assertion: Comparative, table: Table, quoted: tuple[Evidence, ...]) -> Iterator[Finding]:
    """Whether a printed number can be what one more run of the same recipe shows: verified inside the 95% prediction interval,
    refuted outside the 99% one, neither in between."""
    from claimcheck.stats.crossed import interval

    printed = predictions(assertion, table)
    if not printed:
        return
    likely = [interval(values, 0.95) for _, values in printed]
    inside = all(meets(own, seen) for (own, _), seen in zip(printed, likely, strict=True))
    outside = not all(meets(own, interval(values, 0.99)) for own, values in printed)
    ranges = " and ".join(f"[{signed(low)}, {signed(high)}]" for low, high in likely)
    text = f"One more run would show, with 95% probability, {ranges} (prediction interval from {len(table.seeds)} seeds at paper scale)."
    if inside or outside:
        said = (Verdict.REFUTED, Reason.CONTRADICTS, 0.99) if outside else (Verdict.VERIFIED, Reason.MATCHES, 0.95)
        voted = vote(NAME, "numbers", *said[:2], text, (position,), (), confidence=said[2], level=Level.REPRODUCED)
        yield voted.model_copy(update={"evidence": quoted})
    else:
        yield note(Reason.NOT_SIGNIFICANT, text, quoted, position, part="numbers", resolves="more seeds at paper scale")


def predictions(assertion: Comparative, table: Table) -> list[tuple[Interval, Any]]:
    """Each number the assertion prints, as the values that print so, with draws of what one more seed may show in its place."""
    sign, runs = 1 if assertion.sign == "+" else -1, table.crossed.next_run()
    if isinstance(assertion, Difference):
        at = table.methods.index(assertion.method) if assertion.method in table.methods else 0
        return [(assertion.quantity.interval, runs[:, at])]
    if isinstance(assertion, Range):
        ends = (sign * runs).min(1), (sign * runs).max(1)
        return [(Quantity(value=end).interval, drawn) for end, drawn in zip((assertion.low, assertion.high), ends, strict=True)]
    if isinstance(assertion, Count):
        return [(Interval(Decimal(assertion.count), Decimal(assertion.count)), (sign * runs > float(assertion.value)).sum(1))]
    return []


def meets(printed: Interval, predicted: tuple[float, float]) -> bool:
    return float(printed.low) <= predicted[1] and predicted[0] <= float(printed.high)


# Saying it


def in_words(table: Table, question: Question, estimate: Estimate) -> str:
    """What the runs show, with the arithmetic."""
    seeds = f"{len(table.seeds)} seed{'s' if len(table.seeds) > 1 else ''} ({', '.join(map(str, table.seeds))})"
    reading = " as released" if table.reading == "as_released" else ""
    ends = f"[{question.number(estimate.low)}, {question.number(estimate.high)}]"
    head = f"At {table.scale} scale{reading}, {seeds}, on {table.where}: {question.estimator} {question.number(estimate.value)} {ends}"
    kind = "95% interval over seeds and samples" if len(table.seeds) > 1 else "95% interval over samples alone"
    answer = f"{sentence(question.asks)}: probability {shown(estimate.probability)}"
    if estimate.outcome == "undecided" and estimate.seeds >= SEEDS_NEEDED:
        needs = f"about {estimate.seeds_needed} seeds" if estimate.seeds_needed else "no number of seeds on these samples"
        answer += f", undecided; {needs} would decide it if means and spread stay"
    elif estimate.seeds >= SEEDS_NEEDED:
        answer += f", {estimate.outcome}"
    absent = f" Left out for want of finished runs: {', '.join(table.missing)}." if table.missing else ""
    return f"{head} ({kind}). {answer}.{listing(table)}{absent}{added(table)}"


def sentence(words: str) -> str:
    """The words with a capital, where they begin with a word that is no name."""
    return words if words.split(" ")[0].isupper() else words[0].upper() + words[1:]


def shown(probability: float | None) -> str:
    """A probability at three decimals, never rounded to certainty."""
    if probability is None:
        return "not given"
    return "> 0.999" if probability > 0.999 else "< 0.001" if probability < 0.001 else f"{probability:.3f}"


def listing(table: Table) -> str:
    """Each method's mean difference, the largest first, where there are several."""
    if len(table.methods) == 1:
        own = ", ".join(signed(float(d)) for d in table.crossed.differences[:, 0])
        return f" By seed: {own}." if len(table.seeds) > 1 else ""
    found = sorted(zip(table.crossed.means.tolist(), table.methods, strict=True), reverse=True)
    return " Means: " + ", ".join(f"{method} {signed(mean)}" for mean, method in found) + "."


def added(table: Table) -> str:
    """What pretraining added to each score of the same encoder untrained, the control without which a score says little."""
    gains = [
        run.scores[table.probe] - 100 * run.untrained[table.probe] / run.samples[table.probe]
        for run in table.runs
        if table.probe in run.untrained
    ]
    if not gains:
        return ""
    worse = sum(gain < 0 for gain in gains)
    one_class = sum(bool(run.majority_class.get(table.probe)) for run in table.runs)
    named = f"; {one_class} score no better than naming one class" if one_class else ""
    spread = f"{signed(min(gains))} to {signed(max(gains))}" if len(gains) > 1 else signed(gains[0])
    return f" Against its own encoder untrained a run scores {spread}, {worse} of {len(gains)} lower{named}."


# Trends over methods


def trend(position: int, assertion: Trend, done: list[RunResult], dossier: Dossier) -> Iterator[Finding]:
    """Over methods, do gains on one ability go with losses on another? One finding for each pair of benchmarks, scale and reading."""
    for scale in SCALES:
        found = [pair for pair in pairs(assertion, done, dossier) if pair[0].scale == scale]
        told = [(correlation(assertion, *pair), pair) for pair in found]
        outcomes = {estimate.outcome for estimate, _ in told}
        for estimate, (cause, effect) in told:
            yield correlated(position, estimate, cause, effect, outcomes)


def pairs(assertion: Trend, done: list[RunResult], dossier: Dossier) -> Iterator[tuple[Table, Table]]:
    """The cause's table beside the effect's, for every pair of benchmarks the two may mean, over the same methods and seeds."""
    regime = regime_of(dossier, assertion.regime)
    baseline = assertion.baseline or (regime.baseline if regime else "")
    wanted = [method for method in members(dossier, assertion.method) if method != baseline]
    for cause, effect in itertools.product(measures(dossier, assertion.cause), measures(dossier, assertion.effect)):
        ours, theirs = (list(tables(wanted, baseline, assertion.regime, dataset, done, dossier)) for dataset in (cause, effect))
        for one, other in itertools.product(ours, theirs) if cause != effect else ():
            alike = all(getattr(one, name) == getattr(other, name) for name in ("scale", "reading", "seeds", "methods"))
            if alike and len(one.methods) >= ENOUGH:
                yield one, other


def correlated(position: int, estimate: Estimate, cause: Table, effect: Table, outcomes: set[Outcome]) -> Finding:
    """A vote at paper scale if every pair of benchmarks says the same, else a note."""
    reading = " as released" if cause.reading == "as_released" else ""
    text = (
        f"At {cause.scale} scale{reading}, {estimate.seeds} seeds: Spearman {signed(estimate.value)} [{signed(estimate.low)}, "
        f"{signed(estimate.high)}] between gains on {cause.where} and on {effect.where} over {len(cause.methods)} methods (95% interval over "
        f"seeds, samples and methods). {sentence(estimate.asks)}: probability {shown(estimate.probability)}, {estimate.outcome}."
    )
    quoted = quoted_runs(effect.runs, effect.probe)
    if estimate.seeds < SEEDS_NEEDED:
        few = f"{estimate.seeds} of at least {SEEDS_NEEDED} seeds were run at {cause.scale} scale: a look, not a test. "
        return note(Reason.INSUFFICIENT_RUNS, few + text, quoted, position, estimate=estimate, resolves="three or more seeds")
    if cause.scale != "paper":
        return note(Reason.SCALE_MISMATCH, f"{text} {SMALL}", quoted, position, estimate=estimate)
    if len(outcomes) > 1:
        return note(Reason.AMBIGUOUS_TARGET, text, quoted, position, estimate=estimate, blocks=True)
    return judged(position, text, estimate, quoted)


# Facts about the model


def fact(position: int, assertion: Fact, done: list[RunResult]) -> Iterator[Finding]:
    """A number about the encoder, read off the encoders that were built: at paper scale it votes."""
    key = FACTS.get(assertion.property)
    for scale in SCALES if key else ():
        built = [run for run in done if run.experiment.scale == scale and key in run.facts]
        values = sorted({run.facts[str(key)] for run in built})
        if not built:
            continue
        said = ", ".join(f"{value:,.0f}" for value in values)
        text = f"At {scale} scale the {assertion.property} of every encoder built is {said} ({len(built)} run{'s' * (len(built) > 1)})."
        quoted = tuple(
            Evidence(
                quote=f"{run.experiment.name}, {scale} scale, seed {run.seed}: {assertion.property} {run.facts[str(key)]:,.0f}",
                where=Location(document=f"run {run.experiment.digest}", detail=f"seed {run.seed}"),
            )
            for run in built
        )
        estimate = Estimate(
            scale=scale,
            probe="",
            asks=f"the {assertion.property} is {assertion.value}",
            estimator="read off the encoder that was built",
            value=values[0],
            low=values[0],
            high=values[-1],
            unit="dimensions" if "dimension" in assertion.property else "",
            seeds=len({run.seed for run in built}),
            probability=float(values == [float(assertion.value)]),
            prior="none: nothing here is random",
            outcome="undecided" if scale != "paper" else "agrees" if values == [float(assertion.value)] else "disagrees",
            runs=tuple(dict.fromkeys(run.experiment.digest for run in built)),
        )
        if scale != "paper":
            yield note(Reason.SCALE_MISMATCH, f"{text} The encoder is scaled down with the run.", quoted, position, estimate=estimate)
            continue
        matches = values == [float(assertion.value)]
        verdict, reason = (Verdict.VERIFIED, Reason.MATCHES) if matches else (Verdict.REFUTED, Reason.CONTRADICTS)
        vote_ = vote(NAME, "numbers", verdict, reason, text, (position,), (), confidence=0.99, level=Level.REPRODUCED)
        yield vote_.model_copy(update={"evidence": quoted, "estimate": estimate})


# Encoders that were never trained


def never_trained(claim: Claim, bound: tuple[Arm, ...], done: list[RunResult], dossier: Dossier) -> Iterator[Finding]:
    """Scores at paper scale of arms whose probed encoder keeps its initial weights, beside the scores that were released for them."""
    for arm in bound:
        for probe in arm.paper_probes:
            runs = [
                run
                for run in done
                if (run.experiment.name, run.experiment.scale, run.state) == (arm.experiment, "paper", "finished") and probe in run.scores
            ]
            datasets = {s.dataset for s in dossier.stand_ins if s.paper_probe == probe}
            positions = tuple(i for i, a in enumerate(claim.assertions) if a.dataset in datasets)
            if runs and positions:
                yield untrained_scores(arm, probe, runs, positions, dossier)


def untrained_scores(arm: Arm, probe: str, runs: list[RunResult], positions: tuple[int, ...], dossier: Dossier) -> Finding:
    from claimcheck.stats.crossed import PRIOR
    from claimcheck.stats.seeds import prediction_interval

    dataset = next(s.dataset for s in dossier.stand_ins if s.paper_probe == probe)
    touched = {run for deviation in dossier.deviations if deviation.reason is Reason.UNTRAINED_ENCODER for run in deviation.runs}
    released = [r for r in dossier.results if r.origin == "release" and r.dataset == dataset and r.run in touched]
    scores = [run.scores[probe] for run in runs]
    n = min(run.samples[probe] for run in runs)
    mean = sum(scores) / len(scores)
    binomial = 100 * (max(mean / 100 * (1 - mean / 100), 0.25 / n) / n) ** 0.5
    low, high = (
        prediction_interval(scores, binomial) if len(scores) > 1 else (mean - 1.96 * 2**0.5 * binomial, mean + 1.96 * 2**0.5 * binomial)
    )
    low, high = max(0.0, low), min(100.0, high)
    inside = [r for r in released if low <= float(r.score.value) <= high]
    printed = ", ".join(f"{r.method} {r.score}" for r in released)
    seeds = ", ".join(f"{run.scores[probe]:.1f} (seed {run.seed})" for run in runs)
    asks = f"the scores released for {dataset} are those of an encoder that was never trained"
    text = (
        f"A ViT-B that was never trained, put through the paper's own protocol on {dataset} at paper scale (n {n}), scores {seeds}; "
        f"another such encoder would score {low:.1f} to {high:.1f} with 95% probability. Released for encoders said to be trained: {printed}; "
        f"{len(inside)} of {len(released)} lie inside. Those scores need no training at all."
    )
    outcome: Outcome = "undecided"
    if len(runs) >= SEEDS_NEEDED and released:
        outcome = "agrees" if len(inside) == len(released) else "disagrees"
    estimate = Estimate(
        scale="paper",
        reading="as_released",
        probe=probe,
        asks=asks,
        estimator="mean score; prediction interval of one more encoder",
        value=round(mean, 4),
        low=round(low, 4),
        high=round(high, 4),
        unit="%",
        seeds=len(runs),
        probability=None,
        prior=PRIOR,
        outcome=outcome,
        runs=tuple(run.experiment.digest for run in runs),
    )
    quoted = tuple(evidence(run, probe) for run in runs) + tuple(Evidence(quote=f"{r.method}: {r.score}", where=r.where) for r in released)
    blocks = bool(inside) and len(inside) == len(released)
    said = caveat(NAME, Reason.UNTRAINED_ENCODER, text, positions, blocks=blocks, resolves="scores of encoders that were trained")
    return said.model_copy(update={"evidence": quoted, "estimate": estimate})
