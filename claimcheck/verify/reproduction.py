"""Where do our own runs put the claim?

Runs are paired by seed: the same seed on both sides. Below paper scale they show a direction on a stand-in benchmark and
never vote: a scaled-down run cannot speak about absolute numbers, and its direction is evidence about the method at that
scale only. Fewer than three seeds are a look, not a test.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from claimcheck.document import Location
from claimcheck.dossier import Arm, Claim, Count, Difference, Direction, Dossier, Evidence, Finding, Level, Reason, Verdict
from claimcheck.stats.proportions import compare as compare_proportions
from claimcheck.stats.seeds import mean_interval
from claimcheck.verify.comparison import Comparative, arms_of, comparative, methods_of, signed
from claimcheck.verify.findings import caveat, vote
from repro.result import RunResult

NAME = "reproduction"
SEEDS_NEEDED = 3

STATES = {
    "failed": Reason.RUN_FAILED,
    "interrupted": Reason.NOT_RUN,
    "nan_loss": Reason.NAN_LOSS,
    "collapsed": Reason.COLLAPSED,
    "data_invalid": Reason.DATA_INVALID,
    "budget_exhausted": Reason.BUDGET_EXHAUSTED,
}


@dataclass(frozen=True)
class Paired:
    """A method's runs and the baseline's, one pair per seed that both have, on one probe."""

    arm: Arm
    pairs: tuple[tuple[RunResult, RunResult], ...]
    probe: str

    @property
    def differences(self) -> list[float]:
        return [ours.scores[self.probe] - theirs.scores[self.probe] for ours, theirs in self.pairs]

    @property
    def mean(self) -> float:
        return sum(self.differences) / len(self.pairs)

    @property
    def interval(self) -> tuple[float, float]:
        """95%: of the two proportions of one pair; over seeds, their spread and that sampling error together."""
        ours, theirs = self.pairs[0]
        n = ours.samples[self.probe], theirs.samples[self.probe]
        sampled = compare_proportions(ours.scores[self.probe], n[0], theirs.scores[self.probe], n[1])
        if len(self.pairs) > 1:
            return mean_interval(self.differences, sampled.standard_error)
        return sampled.low, sampled.high

    def __str__(self) -> str:
        low, high = self.interval
        reading = " as released" if self.arm.reading == "as_released" else ""
        return f"{self.arm.method}{reading} {signed(self.mean)} [{signed(low)}, {signed(high)}]"


def verify(claim: Claim, dossier: Dossier) -> Iterator[Finding]:
    bound = arms_of(claim, dossier)
    if not bound:
        return
    names = {arm.experiment for arm in bound}
    done = [run for run in dossier.runs if run.experiment.name in names]
    yield from unfinished(done, names)
    finished = [run for run in done if run.state == "finished"]
    for scale in dict.fromkeys(run.experiment.scale for run in finished):
        at_scale = [run for run in finished if run.experiment.scale == scale]
        for position, assertion in comparative(claim):
            yield from compared(position, assertion, scale, at_scale, bound, dossier)


def unfinished(done: list[RunResult], names: set[str]) -> Iterator[Finding]:
    """Arms that have not run, and runs that ended badly: never a pass and never a fail."""
    never = names - {run.experiment.name for run in done}
    if never:
        text = f"{len(never)} of {len(names)} experiments bound to this claim have not been run: {', '.join(sorted(never))}."
        yield note(Reason.NOT_RUN, text)
    for run in done:
        if run.state != "finished":
            text = f"{run.experiment.name} (seed {run.seed}) ended as {run.state}: {run.reason}"
            yield note(STATES[run.state], text)


def note(reason: Reason, explanation: str, quoted: tuple[Evidence, ...] = (), position: int | None = None) -> Finding:
    """A caveat that quotes runs."""
    said = caveat(NAME, reason, explanation, () if position is None else (position,))
    return said.model_copy(update={"evidence": quoted})


def paired(assertion: Comparative, probe: str, runs: list[RunResult], bound: tuple[Arm, ...], dossier: Dossier) -> list[Paired]:
    """Same-seed pairs of every method the assertion speaks of, in both readings where both were run."""
    theirs = {
        run.seed: run
        for arm in bound
        for run in runs
        if (arm.method, arm.regime) == (assertion.baseline, assertion.regime)
        and run.experiment.name == arm.experiment
        and probe in run.scores
    }
    wanted = set(methods_of(dossier, assertion))
    found = []
    for arm in bound:
        if arm.regime != assertion.regime or arm.method not in wanted:
            continue
        mine = {run.seed: run for run in runs if run.experiment.name == arm.experiment and probe in run.scores}
        pairs = tuple((mine[seed], theirs[seed]) for seed in sorted(mine.keys() & theirs.keys()))
        if pairs:
            found.append(Paired(arm, pairs, probe))
    return found


def compared(
    position: int, assertion: Comparative, scale: str, runs: list[RunResult], bound: tuple[Arm, ...], dossier: Dossier
) -> Iterator[Finding]:
    stand_in = next((s for s in dossier.stand_ins if s.dataset == assertion.dataset), None)
    if stand_in is None:
        return
    probe = stand_in.paper_probe if scale == "paper" else stand_in.probe
    found = paired(assertion, probe, runs, bound, dossier)
    if not found:
        return
    seeds = min(len(p.pairs) for p in found)
    where = assertion.dataset if scale == "paper" else f"{probe} (stands for {assertion.dataset})"
    told = f"At {scale} scale, {seeds} seed{'s' if seeds > 1 else ''}, on {where}: "
    told += "; ".join(map(str, found)) + f" against the baseline of the same seed (95% intervals). {agreement(assertion, found)}"
    told += pretraining_added(found, probe)
    quoted = tuple(run_evidence(run, p.probe) for p in found for pair in p.pairs for run in pair)
    quoted = tuple({e.where.detail: e for e in quoted}.values())
    alone = len(found) == 1 and found[0].arm.reading == "as_described" and isinstance(assertion, Difference | Direction)
    if scale == "paper" and seeds >= SEEDS_NEEDED and alone:
        yield judged(position, assertion, found[0], told, quoted)
        return
    if scale != "paper":
        yield note(Reason.SCALE_MISMATCH, told + " A scaled-down run does not speak about the paper's absolute numbers.", quoted, position)
    if seeds < SEEDS_NEEDED:
        yield note(Reason.INSUFFICIENT_RUNS, f"{seeds} of at least {SEEDS_NEEDED} seeds were run at {scale} scale.", (), position)


def pretraining_added(found: list[Paired], probe: str) -> str:
    """Each run's score beside that of its own encoder before training, the control without which a score says little."""
    runs = {(run.experiment.name, run.seed): run for p in found for pair in p.pairs for run in pair if probe in run.untrained}
    told = []
    for (name, seed), run in runs.items():
        n = run.samples[probe]
        gained = compare_proportions(run.scores[probe], n, 100 * run.untrained[probe] / n, n)
        one_class = " (no better than naming one class)" if run.majority_class.get(probe) else ""
        told.append(f"{name} seed {seed} {signed(gained.difference)} [{signed(gained.low)}, {signed(gained.high)}]{one_class}")
    return f" Pretrained minus the same encoder untrained: {'; '.join(told)}." if told else ""


def agreement(assertion: Comparative, found: list[Paired]) -> str:
    """How many of the runs point the stated way, and how many surely do."""
    sign = 1 if assertion.sign == "+" else -1
    same = sum(sign * p.mean > 0 for p in found)
    sure = sum(sign * bound > 0 for p in found for bound in [p.interval[0] if sign > 0 else p.interval[1]])
    way = "gain" if sign > 0 else "lose"
    if isinstance(assertion, Count):
        return f"{same} of {len(found)} {way}, {sure} beyond noise; the paper's threshold is an absolute number."
    return f"{same} of {len(found)} {way} as stated, {sure} beyond noise."


def judged(position: int, assertion: Comparative, found: Paired, told: str, quoted: tuple[Evidence, ...]) -> Finding:
    """Several seeds at paper scale: the direction is decided if the interval of the mean difference excludes zero."""
    low, high = found.interval
    sign = 1 if assertion.sign == "+" else -1
    if low <= 0 <= high:
        return note(Reason.NOT_SIGNIFICANT, told, quoted, position)
    agrees = (sign * low > 0) and (sign * high > 0)
    verdict, reason = (Verdict.VERIFIED, Reason.EXCEEDS_NOISE) if agrees else (Verdict.REFUTED, Reason.CONTRADICTS)
    said = vote(NAME, "conclusion", verdict, reason, told, (position,), (), confidence=0.975, level=Level.REPRODUCED)
    return said.model_copy(update={"evidence": quoted})


def run_evidence(run: RunResult, probe: str) -> Evidence:
    quote = f"{run.experiment.name}, seed {run.seed}: {run.scores[probe]:.2f}% on {probe} (n {run.samples.get(probe, 0):,})"
    return Evidence(quote=quote, where=Location(document=f"run {run.experiment.digest}", detail=f"seed {run.seed}"))
