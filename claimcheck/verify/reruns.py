"""Our own runs as tables that can be compared: one method a column, one seed a row, all on the same probe and scale."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from claimcheck.dossier import Arm, Dossier, StandIn
from repro.result import RunResult

if TYPE_CHECKING:
    from claimcheck.stats.crossed import Crossed

Reading = Literal["as_described", "as_released"]
READINGS: tuple[Reading, ...] = ("as_described", "as_released")
SCALES = ("smoke", "proxy", "paper")


@dataclass(frozen=True)
class Table:
    """The baseline and some methods, run from the same seeds and scored by the same probe."""

    scale: str
    reading: Reading
    probe: str
    dataset: str
    """The benchmark that the probe stands for, or is."""

    seeds: tuple[int, ...]
    methods: tuple[str, ...]
    rows: tuple[tuple[RunResult, ...], ...]
    """A row a seed, the baseline's run first."""

    missing: tuple[str, ...]
    """Methods that were asked for and lack a finished run of one of the seeds."""

    @cached_property
    def crossed(self) -> "Crossed":
        """The differences, with what is known of their noise."""
        from claimcheck.stats.crossed import Crossed

        scores = [[run.scores[self.probe] for run in row] for row in self.rows]
        n = min(run.samples[self.probe] for row in self.rows for run in row)
        same_samples = len({run.samples[self.probe] for row in self.rows for run in row}) == 1
        hits = [[run.hits.get(self.probe, "") for run in row] for row in self.rows]
        return Crossed.of(scores, n, hits if same_samples else None)

    @property
    def runs(self) -> list[RunResult]:
        return [run for row in self.rows for run in row]

    @property
    def where(self) -> str:
        """The probe in words."""
        return self.dataset if self.scale == "paper" else f"{self.probe} (stands for {self.dataset})"


def tables(
    methods: Iterable[str], baseline: str, regime: str, dataset: str, runs: Iterable[RunResult], dossier: Dossier
) -> Iterator[Table]:
    """A table for each scale and reading that has runs. A reading as released only where one of the methods has one of its own."""
    stand_in = next((s for s in dossier.stand_ins if s.dataset == dataset), None)
    arms = [arm for arm in dossier.arms if arm.regime == regime]
    wanted, finished = tuple(methods), [run for run in runs if run.state == "finished"]
    for scale in SCALES if stand_in else ():
        for reading in READINGS:
            if reading == "as_released" and not any(arm.reading == reading and arm.method in wanted for arm in arms):
                continue
            chosen = {method: arm_of(method, reading, arms) for method in (baseline, *wanted)}
            found = table(chosen, baseline, scale, reading, stand_in, finished) if stand_in else None
            if found is not None:
                yield found


def arm_of(method: str, reading: Reading, arms: Iterable[Arm]) -> Arm | None:
    """The method's arm in this reading; as described where the two do not differ."""
    own = {arm.reading: arm for arm in arms if arm.method == method}
    return own.get(reading) or own.get("as_described")


def table(
    chosen: dict[str, Arm | None], baseline: str, scale: str, reading: Reading, stand_in: StandIn, finished: list[RunResult]
) -> Table | None:
    """The largest table these arms fill: seeds that most of the methods share with the baseline, and methods that have all of these."""
    probe = stand_in.paper_probe if scale == "paper" else stand_in.probe
    scored = [run for run in finished if run.experiment.scale == scale and probe in run.scores]
    by_seed = {
        method: {run.seed: run for run in scored if arm is not None and run.experiment.name == arm.experiment}
        for method, arm in chosen.items()
    }
    methods = [method for method in chosen if method != baseline]
    present = [method for method in methods if by_seed[method].keys() & by_seed[baseline].keys()]
    if not present:
        return None
    shared = [seed for seed in sorted(by_seed[baseline]) if 2 * sum(seed in by_seed[m] for m in present) >= len(present)]
    kept = [m for m in present if by_seed[m].keys() >= set(shared)]
    if not kept or not shared:
        return None
    rows = tuple(tuple(by_seed[method][seed] for method in (baseline, *kept)) for seed in shared)
    return Table(scale, reading, probe, stand_in.dataset, tuple(shared), tuple(kept), rows, tuple(m for m in methods if m not in kept))
