"""How public leaderboards write tasks, datasets, metrics and scores that papers write otherwise: `leaderboards.toml`, field knowledge."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

PERCENT_SIGN = ("Top 1 Accuracy", "Top 5 Accuracy")
"""Metrics whose scores on ImageNet leaderboards carry the sign; all others stand bare."""


@dataclass(frozen=True)
class Spelling:
    """`leaderboards.toml`, read. Names not in it are the same on both sides."""

    metrics: dict[str, str]
    task_metrics: dict[str, dict[str, str]]
    datasets: dict[str, str]
    tasks: dict[str, str]
    """Dataset of ours to the task it is scored for."""

    metric_tasks: dict[str, str]

    fractions: frozenset[str]
    task_fractions: dict[str, list[str]]

    def metric(self, task: str, metric: str) -> str:
        return self.task_metrics.get(task, {}).get(metric) or self.metrics.get(metric, metric)

    def dataset(self, dataset: str) -> str:
        return self.datasets.get(dataset, dataset)

    def task(self, dataset: str, metric: str, spoken_of: Sequence[str]) -> str:
        """The task that is scored by a metric, or on a dataset, if the paper speaks of it, or of none."""
        known = (self.metric_tasks.get(metric, ""), self.tasks.get(dataset, ""))
        return next((task for task in known if task and (not spoken_of or task in spoken_of)), "")

    def value(self, value: Decimal, metric: str, task: str = "") -> Decimal:
        """A score as a leaderboard states it: reciprocal ranks and hits as shares of one, though printed in percent."""
        shares = metric in self.fractions or metric in self.task_fractions.get(task, ())
        return value.scaleb(-2) if shares and 1 < value <= 100 else value


@cache
def spelling() -> Spelling:
    data = tomllib.loads(files("claimcheck.extract").joinpath("leaderboards.toml").read_text(encoding="utf-8"))
    return Spelling(
        metrics=data["metrics"],
        task_metrics=data["task_metrics"],
        datasets=data["datasets"],
        tasks={dataset: task for task, datasets in data["tasks"].items() for dataset in datasets},
        metric_tasks=data["metric_tasks"],
        fractions=frozenset(data["fractions"]),
        task_fractions=data["task_fractions"],
    )


def signed(score: str, dataset: str, metric: str) -> str:
    """A score with the percent sign where a leaderboard puts one."""
    return f"{score}%" if metric in PERCENT_SIGN and dataset.startswith("ImageNet") else score
