"""A dossier's plots as inline SVG, and the numbers behind them. Same dossier, same bytes."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Literal, NamedTuple

from claimcheck.dossier import Claim, Count, Difference, Dossier, Exclusion, Range, Rank, Regime, Result, SearchLog
from claimcheck.stats.proportions import compare
from claimcheck.verify.comparison import methods_of
from repro.result import RunResult

WIDTH, LABELS, RIGHT = 720, 200, 700
"""Width of a plot, where the row labels end and where the scale ends, in SVG units."""

ROW, SEED, TOP, BOTTOM = 24, 14, 14, 34
"""Height of a row, of each of our own runs under it, and of the margins above and below the rows."""

Kind = Literal["claimed", "released", "same seed", "measured"]

KINDS: dict[Kind, str] = {
    "claimed": "differences that claims state",
    "released": "released scores against the baseline that the paper prints",
    "same seed": "the same against a baseline run of the method's own seed, where that is another one",
    "measured": "runs of our own against our baseline of the same seed",
}

FARTHEST = 1e6
"""Differences beyond this many points are misread numbers; on a plot they would flatten everything else."""


class Mark(NamedTuple):
    """One difference from the baseline, in percentage points."""

    kind: Kind
    value: float
    """The difference; the middle of a claimed range."""

    low: float | None
    high: float | None
    """Ends of the 95% interval, or of the claimed range; None where neither is known."""

    source: str
    """The claim, the released runs or the seed and scale it comes from."""


class Row(NamedTuple):
    method: str
    marks: tuple[Mark, ...]


class Panel(NamedTuple):
    """One plot: every method that a claim names on one benchmark, against that regime's baseline."""

    regime: str
    dataset: str
    baseline: str
    probe: str
    """The probe of our runs that stands for the benchmark, if one does."""

    rows: tuple[Row, ...]
    thresholds: tuple[tuple[float, str], ...]
    """Where a claim counts members beyond a number, and which claim."""


def panels(dossier: Dossier) -> tuple[Panel, ...]:
    """One panel for each regime and benchmark on which a claim states a difference that a release or a run of ours can be set against."""
    found = (panel(dossier, regime, dataset) for regime in dossier.lexicon.regimes for dataset in datasets(dossier, regime))
    return tuple(one for one in found if one.rows)


def datasets(dossier: Dossier, regime: Regime) -> list[str]:
    """The regime's benchmarks, then any other that its claims or its results name, in the order of their appearance."""
    asserted = (a.dataset for claim in dossier.claims for a in claim.assertions if a.regime == regime.name)
    released = (result.dataset for result in dossier.results if result.regime == regime.name)
    return [name for name in dict.fromkeys((*regime.benchmarks, *asserted, *released)) if name]


def panel(dossier: Dossier, regime: Regime, dataset: str) -> Panel:
    probe = next((s.probe for s in dossier.stand_ins if s.dataset == dataset), "")
    claimed: dict[str, list[Mark]] = {}
    for method, mark in claims_on(dossier, regime, dataset):
        claimed.setdefault(method, []).extend([mark] if mark else [])
    named = [arm.method for arm in dossier.arms if arm.regime == regime.name]
    rows: list[Row] = []
    for method in dict.fromkeys((*claimed, *named)):
        measured = measured_marks(dossier, regime, method, probe)
        released = tuple(released_marks(dossier, regime, method, dataset)) if method in claimed or measured else ()
        if any(abs(mark.value) <= FARTHEST for mark in (*released, *measured)):
            marks = tuple(mark for mark in (*claimed.get(method, ()), *released, *measured) if abs(mark.value) <= FARTHEST)
            rows.append(Row(method, marks))
    rows.sort(key=lambda row: (-next(m.value for m in row.marks if m.kind != "claimed"), row.method))
    return Panel(regime.name, dataset, regime.baseline, probe, tuple(rows), thresholds(dossier, regime, dataset))


def claims_on(dossier: Dossier, regime: Regime, dataset: str) -> Iterator[tuple[str, Mark | None]]:
    """Methods that claims compare with the baseline here, each with the difference it states, or None where it states none of its own."""
    for claim, assertion in comparisons(dossier, regime, dataset):
        for method in methods_of(dossier, assertion):
            if isinstance(assertion, Difference):
                yield method, Mark("claimed", float(assertion.quantity.value), None, None, f"claim {claim.number}")
            elif isinstance(assertion, Range):
                ends = sorted(float(end) * (1 if assertion.sign == "+" else -1) for end in (assertion.low, assertion.high))
                yield method, Mark("claimed", sum(ends) / 2, ends[0], ends[1], f"claim {claim.number}")
            else:
                yield method, None


def comparisons(dossier: Dossier, regime: Regime, dataset: str) -> Iterator[tuple[Claim, Difference | Range | Count | Rank]]:
    for claim in dossier.claims:
        for assertion in claim.assertions:
            if (
                isinstance(assertion, Difference | Range | Count | Rank)
                and (assertion.regime, assertion.dataset) == (regime.name, dataset)
                and assertion.baseline in ("", regime.baseline)
            ):
                yield claim, assertion


def thresholds(dossier: Dossier, regime: Regime, dataset: str) -> tuple[tuple[float, str], ...]:
    return tuple(
        (float(a.value) * (1 if a.sign == "+" else -1), f"claim {claim.number} counts beyond this line")
        for claim, a in comparisons(dossier, regime, dataset)
        if isinstance(a, Count)
    )


def released_marks(dossier: Dossier, regime: Regime, method: str, dataset: str) -> Iterator[Mark]:
    """Released scores of the method minus that of the printed baseline, and minus that of another baseline run with its own seed."""
    here = [r for r in dossier.results if r.origin == "release" and (r.regime, r.dataset) == (regime.name, dataset)]
    own = [r for r in here if r.method == method != regime.baseline]
    baselines = [r for r in here if r.method == regime.baseline]
    printed = [r for r in baselines if r.run == regime.baseline_run]
    others = [r for r in baselines if r.run != regime.baseline_run and r.seed]
    for result in own:
        yield from (released_mark("released", result, baseline) for baseline in printed)
        yield from (released_mark("same seed", result, baseline) for baseline in others if baseline.seed == result.seed)


def released_mark(kind: Kind, result: Result, baseline: Result) -> Mark:
    both = result.seed and baseline.seed
    seeds = f" (seed{f's {result.seed} and' * (result.seed != baseline.seed)} {baseline.seed})" if both else ""
    source = f"{result.run or result.method} minus {baseline.run or baseline.method}{seeds}"
    return difference(kind, float(result.score.value), result.n, float(baseline.score.value), baseline.n, source)


def measured_marks(dossier: Dossier, regime: Regime, method: str, probe: str) -> tuple[Mark, ...]:
    """Our runs of the method minus our baseline runs of the same scale and seed, on the probe that stands for the benchmark."""
    arms = [arm for arm in dossier.arms if arm.regime == regime.name]
    baselines = {arm.experiment for arm in arms if arm.method == regime.baseline}
    finished = [run for run in dossier.runs if run.state == "finished" and probe in run.scores]
    base = {(run.experiment.scale, run.seed): run for run in finished if run.experiment.name in baselines}
    marks = {}
    for arm in arms:
        for run in finished:
            other = base.get((run.experiment.scale, run.seed))
            if other is not None and run.experiment.name == arm.experiment and arm.method == method != regime.baseline:
                reading = ", as released" if arm.reading == "as_released" else ""
                source = f"our {run.experiment.name}, {run.experiment.scale} scale, seed {run.seed}{reading}"
                marks[arm.reading, run.experiment.scale, run.seed] = measured_mark(run, other, probe, source)
    return tuple(marks[key] for key in sorted(marks))


def measured_mark(run: RunResult, baseline: RunResult, probe: str, source: str) -> Mark:
    return difference("measured", run.scores[probe], run.samples.get(probe), baseline.scores[probe], baseline.samples.get(probe), source)


def difference(kind: Kind, percent: float, n: int | None, other: float, other_n: int | None, source: str) -> Mark:
    """The difference of two scores, with its 95% sampling interval where both are percentages of known sample counts."""
    if not n or not other_n or not 0 <= min(percent, other) <= max(percent, other) <= 100:
        return Mark(kind, percent - other, None, None, source)
    compared = compare(percent, n, other, other_n)
    return Mark(kind, compared.difference, compared.low, compared.high, source)


def plot(panel: Panel, name: str) -> str:
    """The panel as one `<svg>` element; `name` makes the ids of its title and description unique on the page."""
    heights = [ROW + SEED * sum(mark.kind == "measured" for mark in row.marks) for row in panel.rows]
    height = TOP + sum(heights) + BOTTOM
    scale = Scale.over([*every_end(panel), *(value for value, _ in panel.thresholds)])
    body = [*axis(scale, height), *threshold_lines(panel, scale, height)]
    top = TOP
    for row, tall in zip(panel.rows, heights, strict=True):
        body += row_elements(row, top, scale)
        top += tall
    title = f"{panel.dataset}: difference from {panel.baseline}, {panel.regime} regime"
    return (
        f'<svg class="plot" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(describe(panel))}</desc>{"".join(body)}</svg>'
    )


STYLE = (
    "text{font:12px sans-serif;fill:#1d2125}.tick,.label{fill:#59616a}.grid{stroke:#d9dcd8}.zero{stroke:#59616a}"
    ".threshold{stroke:#6b4e00;stroke-width:1.4}.claimed{fill:none;stroke:#1d2125;stroke-width:1.3}"
    ".released{fill:#1b4f8f;stroke:#1b4f8f;stroke-width:1.3}.same-seed{fill:#fff;stroke:#1b4f8f;stroke-width:1.6}"
    ".measured{fill:#6a3d9a;stroke:#6a3d9a;stroke-width:1.3}.released path,.measured path{fill:none}"
)
"""How a plot looks where no page's style sheet reaches it."""


def pictures(dossier: Dossier) -> dict[str, str]:
    """Every plot of the report as a file of its own, by a name such as `mixed-imagenet-100`."""
    made: dict[str, str] = {}
    for panel in panels(dossier):
        name = re.sub(r"[^a-z0-9]+", "-", f"{panel.regime} {panel.dataset}".lower()).strip("-")[:80] or "plot"
        name = name if name not in made else f"{name}-{len(made) + 1}"
        whole = plot(panel, "plot").replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
        made[name] = whole.replace("<title", f"<style>{STYLE}</style><title", 1) + "\n"
    return made


def describe(panel: Panel) -> str:
    """The plot in words, for those who cannot see it; its numbers stand in the table beside it."""
    marks = [mark for row in panel.rows for mark in row.marks]
    said = ", ".join(f"{sum(mark.kind == kind for mark in marks)} {about}" for kind, about in KINDS.items())
    low, high = signed(min(mark.value for mark in marks)), signed(max(mark.value for mark in marks))
    return f"{len(panel.rows)} methods, one row each: {said}; from {low} to {high} percentage points. Bars are 95% intervals."


def kinds(panels: Iterable[Panel]) -> set[Kind]:
    """Which kinds of mark the plots show."""
    return {mark.kind for panel in panels for row in panel.rows for mark in row.marks}


def every_end(panel: Panel) -> Iterator[float]:
    for row in panel.rows:
        for mark in row.marks:
            yield from (end for end in (mark.value, mark.low, mark.high) if end is not None)


class Scale(NamedTuple):
    """A linear scale from percentage points to SVG units, with round ticks; zero is always on it."""

    low: float
    high: float
    step: float

    @classmethod
    def over(cls, values: Iterable[float]) -> "Scale":
        finite = [0.0, *(value for value in values if math.isfinite(value))]
        low, high = min(finite), max(finite)
        rough = max(high - low, 1e-9) / 6
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
        return cls(math.floor(low / step) * step, max(math.ceil(high / step), math.floor(low / step) + 1) * step, step)

    def __call__(self, value: float) -> float:
        return LABELS + (RIGHT - LABELS) * (value - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        return [round(self.low + i * self.step, 9) for i in range(round((self.high - self.low) / self.step) + 1)]


def axis(scale: Scale, height: int) -> Iterator[str]:
    bottom = height - BOTTOM
    for tick in scale.ticks():
        x = scale(tick)
        yield f'<line class="{"zero" if tick == 0 else "grid"}" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 6}" y2="{bottom}"/>'
        yield f'<text class="tick" x="{x:.1f}" y="{bottom + 14}" text-anchor="middle">{signed(tick, ".10g")}</text>'
    yield f'<text class="tick" x="{(LABELS + RIGHT) / 2:.1f}" y="{bottom + 29}" text-anchor="middle">percentage points</text>'


def threshold_lines(panel: Panel, scale: Scale, height: int) -> Iterator[str]:
    for value, text in panel.thresholds:
        x = scale(value)
        yield (
            f'<line class="threshold" stroke-dasharray="4 3" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 6}" y2="{height - BOTTOM}">'
            f"<title>{escape(text)}</title></line>"
        )


def row_elements(row: Row, top: int, scale: Scale) -> Iterator[str]:
    """The label, then claimed and released marks on one line, then each of our runs on a line of its own."""
    middle = top + ROW // 2
    label = row.method if len(row.method) <= 28 else row.method[:27] + "…"
    yield f'<text class="label" x="{LABELS - 12}" y="{middle + 4}" text-anchor="end">{escape(label)}</text>'
    own = middle
    for mark in row.marks:
        own += SEED if mark.kind == "measured" else 0
        yield mark_element(mark, own if mark.kind == "measured" else middle, scale)


def mark_element(mark: Mark, y: int, scale: Scale) -> str:
    x = scale(mark.value)
    ends = None if mark.low is None or mark.high is None else (scale(mark.low), scale(mark.high))
    a, b = ends or (x, x)
    whisker = f'<path d="M{a:.1f} {y - 3}v6m0 -3H{b:.1f}m0 -3v6"/>' if ends else ""
    shape = {
        "claimed": f'<rect x="{a:.1f}" y="{y - 6}" width="{b - a:.1f}" height="12"/>'
        if ends
        else f'<path d="M{x - 7:.1f} {y}l7 -7 7 7 -7 7z"/>',
        "released": f'{whisker}<circle cx="{x:.1f}" cy="{y}" r="3.2"/>',
        "same seed": f'<circle cx="{x:.1f}" cy="{y}" r="4"/>',
        "measured": f'{whisker}<rect x="{x - 3.5:.1f}" y="{y - 3.5}" width="7" height="7"/>',
    }[mark.kind]
    return f'<g class="{mark.kind.replace(" ", "-")}"><title>{escape(f"{mark.source}: {in_words(mark)}")}</title>{shape}</g>'


def in_words(mark: Mark) -> str:
    """`+1.38 [+0.95, +1.81]`: the difference, with its interval where there is one; a claimed range as its two ends."""
    if mark.low is None or mark.high is None:
        return signed(mark.value)
    if mark.kind == "claimed":
        return f"{signed(mark.low)} to {signed(mark.high)}"
    return f"{signed(mark.value)} [{signed(mark.low)}, {signed(mark.high)}]"


def signed(value: float, form: str = ".2f") -> str:
    """A number with its sign, the minus as U+2212; zero has none."""
    digits = format(abs(value), form)
    return digits if not any(c in "123456789" for c in digits) else ("−" if value < 0 else "+") + digits


def sparkline(values: Sequence[float], name: str, about: str) -> str:
    """A learning curve as a small `<svg>`: at most 60 points, a gap where a value is not finite."""
    points = thinned(values, 60)
    finite = [value for _, value in points if math.isfinite(value)]
    low, high = (min(finite), max(finite)) if finite else (0.0, 0.0)
    path, pen = "", "M"
    for position, value in points:
        if not math.isfinite(value):
            pen = "M"
            continue
        x = 2 + 136 * position / max(1, len(values) - 1)
        y = 16 if high == low else 29 - 26 * (value - low) / (high - low)
        path += f"{pen}{x:.1f} {y:.1f}"
        pen = "L"
    described = f"{len(values)} values, lowest {low:.4g}, highest {high:.4g}" if finite else f"{len(values)} values, none finite"
    return (
        f'<svg class="spark" viewBox="0 0 140 32" role="img" aria-labelledby="{name}-title {name}-desc"><title id="{name}-title">'
        f'{escape(about)}</title><desc id="{name}-desc">{described}</desc><path d="{path}"/></svg>'
    )


def thinned(values: Sequence[float], most: int) -> list[tuple[int, float]]:
    """At most `most` of the values with their positions, evenly spaced, first and last among them."""
    if len(values) <= most:
        return list(enumerate(values))
    picks = [round(i * (len(values) - 1) / (most - 1)) for i in range(most)]
    return [(i, values[i]) for i in picks]


# The flow of a search (PRISMA 2020)

BOX, SIDE, GAP, LINE = 330, 350, 40, 17
"""Width of the boxes of what goes on and of what leaves, the space between them, and the height of a line, in SVG units."""


class Step(NamedTuple):
    """One box of the flow: how many records it holds, what they are made of, and which leave after it."""

    name: str
    records: int
    parts: tuple[tuple[str, int], ...] = ()
    leave: tuple[tuple[str, int], ...] = ()


def steps(log: SearchLog) -> tuple[Step, ...]:
    """The steps that the search took, in the order of the diagram."""
    flow = log.flow
    found = tuple((search.database, search.records) for search in log.databases)
    first = (("duplicates removed", flow.duplicates), *counted(flow.ineligible))
    made = [Step("Records identified", flow.identified, found, first), Step("Records screened", flow.screened, (), counted(flow.excluded))]
    made += [Step("Reports sought", flow.sought, (), counted(flow.not_retrieved))] if flow.sought is not None else []
    made += [Step("Reports assessed", flow.assessed, (), counted(flow.excluded_after))] if flow.assessed is not None else []
    made += [Step("Works included", flow.included)] if flow.included is not None else []
    return tuple(made)


def counted(exclusions: Iterable[Exclusion]) -> tuple[tuple[str, int], ...]:
    return tuple((exclusion.reason, exclusion.works) for exclusion in exclusions)


def flow(log: SearchLog) -> str:
    """The search as a PRISMA flow diagram, one `<svg>` element; the table beside it holds the same counts."""
    made = steps(log)
    body, top = [], 4
    for step, after in zip(made, (*made[1:], None), strict=True):
        left, right = [f"{step.name}: {step.records:,}", *lines(step.parts)], lines(step.leave)
        tall, beside = (LINE * len(texts) + 14 for texts in (left, right))
        body += [*box(4, top, BOX, tall, left), *(box(4 + BOX + GAP, top, SIDE, beside, right, "leaves") if right else ())]
        body += [arrow(4 + BOX, top + 15.5, 4 + BOX + GAP, top + 15.5)] if right else []
        end = top + max(tall, beside if right else 0) + 22
        body += [arrow(4 + BOX / 2, top + tall, 4 + BOX / 2, end)] if after else []
        top = end
    told = "; ".join(f"{step.name.lower()} {step.records:,}" for step in made)
    return (
        f'<svg class="plot flow" viewBox="0 0 {BOX + GAP + SIDE + 8} {top - 18}" role="img" aria-labelledby="flow-title flow-desc">'
        f'<title id="flow-title">Flow of the search</title><desc id="flow-desc">{escape(told)}.</desc>{"".join(body)}</svg>'
    )


def lines(parts: Iterable[tuple[str, int]]) -> list[str]:
    return [f"{name if len(name) <= 50 else name[:49] + '…'}: {number:,}" for name, number in parts]


def box(x: float, y: float, width: float, height: float, texts: Sequence[str], kind: str = "stays") -> Iterator[str]:
    yield f'<rect class="box {kind}" x="{x}" y="{y}" width="{width}" height="{height}" rx="4"/>'
    for number, text in enumerate(texts):
        weight = ' class="strong"' if kind == "stays" and not number else ""
        yield f'<text x="{x + 12}" y="{y + LINE * (number + 1) + 1}"{weight}>{escape(text)}</text>'


def arrow(x: float, y: float, to_x: float, to_y: float) -> str:
    """A line with its head, across or down."""
    head = (
        f"M{to_x - 6} {to_y - 4}L{to_x} {to_y}L{to_x - 6} {to_y + 4}"
        if y == to_y
        else f"M{to_x - 4} {to_y - 6}L{to_x} {to_y}L{to_x + 4} {to_y - 6}"
    )
    return f'<path class="arrow" d="M{x} {y}L{to_x} {to_y}{head}"/>'
