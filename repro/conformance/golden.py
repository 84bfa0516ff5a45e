"""A folder of golden vectors: INDEX.json and the arrays it describes."""

import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor

from repro.record import nearest

SCHEMA = 2
MARKERS = ("none", "all_tokens", "not_applicable", "generated_from_settings", "statistics_only")
"""Words that stand where a key would, for a thing that is not there."""


class Unsupported(Exception):
    """The folder asks for something that this implementation does not do; the arrays concerned fail with this text."""


class Settings(Mapping[str, Any]):
    """A case's settings. Reading a missing one, or one whose value is not implemented, says so."""

    def __init__(self, values: Mapping[str, Any], read: set[str] | None = None) -> None:
        self._values = dict(values)
        self.read: set[str] = set() if read is None else read
        """Names that something has looked at."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401  # JSON
        self.read.add(name)
        if name not in self._values:
            raise Unsupported(f"setting {name!r} is missing")
        return self._values[name]

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def present(self, name: str) -> bool:
        """Whether the setting is there and not a marker word."""
        self.read.add(name)
        return name in self._values and self._values[name] not in MARKERS

    def require(self, name: str, *implemented: object) -> None:
        """Raise unless the setting is absent or has one of the values that are implemented."""
        if self.present(name) and self._values[name] not in implemented:
            raise Unsupported(f"{name} = {self._values[name]!r} is not implemented; only {', '.join(map(repr, implemented))}")

    @property
    def grid(self) -> tuple[int, int, int]:
        """Tokens in time, height and width."""
        return cast(tuple[int, int, int], tuple(self["grid"][axis] for axis in ("T", "H", "W")))


@dataclass
class GoldenFile:
    """One .npz file and its entry in the index."""

    folder: "Golden"
    name: str
    entry: dict[str, Any]

    @cached_property
    def arrays(self) -> Mapping[str, np.ndarray[Any, Any]]:
        path = self.folder.path / self.name
        try:
            with np.load(path) as archive:
                return {key: archive[key] for key in archive.files}
        except (OSError, ValueError, zipfile.BadZipFile, zlib.error) as error:
            raise Unsupported(f"{path} cannot be read: {error}") from None

    def tensor(self, key: str) -> Tensor:
        """The array `key`, decoded; integers as int64."""
        if key not in self.arrays:
            raise Unsupported(f"{self.name} has no array {key!r}; {nearest(key, self.arrays)}")
        array = self.arrays[key]
        if self.entry["arrays"].get(key, {}).get("decode") == "affine":
            coding = self.folder.index["input_coding"]
            return torch.from_numpy(array.astype(np.float32) * np.float32(coding["scale"]) + np.float32(coding["offset"]))
        if array.dtype.kind in "iu" and array.dtype != np.uint8:
            array = array.astype(np.int64)
        return torch.from_numpy(np.array(array))

    def weights(self, prefix: str) -> dict[str, Tensor]:
        """All arrays `prefix/name`, by name."""
        named = {key.removeprefix(f"{prefix}/"): self.tensor(key) for key in self.arrays if key.startswith(f"{prefix}/")}
        if not named:
            raise Unsupported(f"{self.name} has no weights {prefix!r}; {nearest(prefix, self.entry.get('weights', {}))}")
        return named


@dataclass
class Golden:
    """The folder."""

    path: Path
    device: str = "cpu"
    """Where networks and objectives are computed; lists of positions stay on the CPU, as in pretraining."""

    @cached_property
    def index(self) -> dict[str, Any]:
        try:
            index: Any = json.loads((self.path / "INDEX.json").read_text())
        except (OSError, ValueError) as error:
            raise Unsupported(f"{self.path} is no folder of golden vectors: {error}") from None
        schema = index.get("schema") if isinstance(index, dict) else None
        if schema != SCHEMA or not isinstance(index.get("files"), dict):
            raise Unsupported(f"{self.path}/INDEX.json has schema {schema!r} or no files; this program reads schema {SCHEMA}")
        return cast(dict[str, Any], index)

    @cached_property
    def files(self) -> dict[str, GoldenFile]:
        return {name: GoldenFile(self, name, entry) for name, entry in self.index["files"].items()}

    def cases(self, only: str = "") -> Iterator["Case"]:
        """Every case of every file, or of the files whose name contains `only`."""
        for name, file in self.files.items():
            if only in name:
                for case, entry in file.entry.get("cases", {}).items():
                    yield Case(file, case, entry)


@dataclass
class Case:
    """One call of the reference: settings, arguments, weights, and the arrays expected of it."""

    file: GoldenFile
    name: str
    entry: dict[str, Any]
    leaves: dict[str, Tensor] = field(default_factory=dict)
    """Inputs and weights by full key, as they entered the computation; gradients are taken with respect to these."""

    @cached_property
    def settings(self) -> Settings:
        return Settings({**self.file.entry.get("settings", {}), **self.entry["settings"]})

    @property
    def device(self) -> str:
        """Where the case is computed."""
        return self.file.folder.device

    @property
    def expected(self) -> list[str]:
        """Keys of the expected arrays; none where a case has statistics only."""
        keys = self.entry["expected"]
        return [] if keys in MARKERS else list(keys)

    @property
    def kind(self) -> str:
        """What function this is a case of: the name to look up."""
        settings = self.settings
        both = "op" in settings and "objective" in settings
        objective_wins = both and settings["op"] not in ("quadrature", "epps_pulley", "sliced_epps_pulley")
        for name in ("model", "objective" if objective_wins else "op", "objective", "kind"):
            if name in settings:
                return str(settings[name])
        raise Unsupported("the case has none of model, op, objective and kind")

    def arg(self, name: str) -> Tensor | None:
        """The argument called `name`, or None where a marker word stands for it."""
        key = self.entry["args"].get(name, "none")
        if isinstance(key, list):
            raise Unsupported(f"argument {name!r} is a list of arrays, one was expected")
        return None if key in MARKERS else self._leaf(key)

    def args(self, name: str) -> list[Tensor]:
        """The list of arrays called `name`, empty where a marker word stands for it."""
        keys = self.entry["args"].get(name, "none")
        if isinstance(keys, str):
            keys = [] if keys in MARKERS else [keys]
        return [self._leaf(key) for key in keys]

    def need(self, name: str) -> Tensor:
        """The argument called `name`, which must be there."""
        tensor = self.arg(name)
        if tensor is None:
            raise Unsupported(f"argument {name!r} is {self.entry['args'].get(name, 'missing')!r}, an array was expected")
        return tensor

    def weights(self, prefix: str) -> dict[str, Tensor]:
        """Weights by name; a prefix may name another file, as in `encoder_a.npz:w`."""
        file, _, inner = prefix.rpartition(":")
        source = self.file.folder.files.get(file) if file else self.file
        if source is None:
            raise Unsupported(f"there is no file {file!r}; {nearest(file, self.file.folder.files)}")
        return source.weights(inner)

    def own_weights(self) -> tuple[str, dict[str, Tensor]]:
        """The one prefix of weights that the case lists, and what is under it."""
        prefixes = self.entry["weights"]
        if prefixes in MARKERS or len(prefixes) != 1:
            raise Unsupported(f"the case has weights {prefixes!r}; one prefix was expected")
        return prefixes[0], self.weights(prefixes[0])

    def _leaf(self, key: str) -> Tensor:
        if key not in self.leaves:
            tensor = self.file.tensor(key)
            self.leaves[key] = tensor.requires_grad_() if tensor.is_floating_point() else tensor
        return self.leaves[key]
