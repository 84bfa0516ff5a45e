"""What one run is, as data. Standard library only: reading an experiment never loads torch."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, get_args

from repro.record import from_dict, nearest, to_dict

Scale = Literal["smoke", "proxy", "paper"]
ProbedEncoder = Literal["target", "online"]
Precision = Literal["fp32", "bf16"]
Option = str | int | float | bool | None


@dataclass(frozen=True, kw_only=True)
class ModelSize:
    """Sizes of encoder and predictor. The defaults are ViT-B/16 on 16 frames of 224 x 224 pixels."""

    width: int = 768
    depth: int = 12
    heads: int = 12
    mlp_ratio: float = 4.0
    patch: int = 16
    """Side of a token's square of pixels."""
    tubelet: int = 2
    """Frames in a token."""
    crop: int = 224
    """Side of the training clip in pixels."""
    frames: int = 16
    interpolate_rope: bool = True
    """Rescale rows and columns so that every grid spans the positions of the reference grid."""
    predictor_width: int = 256
    predictor_depth: int = 8
    predictor_heads: int = 8
    mask_tokens: int = 2
    """Mask tokens allocated; only the one of the clip-length group is ever used."""
    level_blocks: tuple[int, ...] = ()
    """Blocks (from 0) whose outputs are concatenated; empty: four, evenly spaced, the last one being the last block."""
    rope_base: float = 10000.0
    rope_reference_side: int | None = None
    """Grid side that `interpolate_rope` rescales to; None: that of 256 pixels."""
    norm_eps: float = 1e-6
    qkv_bias: bool = True

    def __post_init__(self) -> None:
        for name in (
            "width",
            "depth",
            "heads",
            "patch",
            "tubelet",
            "crop",
            "frames",
            "predictor_width",
            "predictor_depth",
            "predictor_heads",
        ):
            if getattr(self, name) < 1:
                raise ValueError(f"ModelSize.{name} must be at least 1, got {getattr(self, name)}")
        for width, heads in ((self.width, self.heads), (self.predictor_width, self.predictor_heads)):
            if width % heads:
                raise ValueError(f"a width of {width} does not split into {heads} heads")
        if self.crop % self.patch or self.frames % self.tubelet:
            raise ValueError(
                f"{self.frames} frames of {self.crop} pixels do not split into {self.tubelet} x {self.patch} x {self.patch} tokens"
            )
        if not self.level_blocks and self.depth < 4:
            raise ValueError(f"depth {self.depth} has no four levels; use at least 4 or give level_blocks")
        if any(not 0 <= block < self.depth for block in self.level_blocks) or list(self.level_blocks) != sorted(set(self.level_blocks)):
            raise ValueError(f"level_blocks {self.level_blocks} are not ascending blocks of a depth of {self.depth}")

    @property
    def levels(self) -> tuple[int, ...]:
        """Blocks whose outputs make up a token's latent, from 0, ascending."""
        return self.level_blocks or tuple((i + 1) * self.depth // 4 - 1 for i in range(4))

    @property
    def latent_dim(self) -> int:
        """Channels D of a latent: one width per level."""
        return len(self.levels) * self.width

    @property
    def grid(self) -> tuple[int, int, int]:
        """Tokens in time, height and width of a training clip."""
        return self.frames // self.tubelet, self.crop // self.patch, self.crop // self.patch

    @property
    def reference_side(self) -> int | None:
        """Grid side that rotary positions are rescaled to, or None if they are not."""
        return (self.rope_reference_side or 256 // self.patch) if self.interpolate_rope else None


@dataclass(frozen=True, kw_only=True)
class MaskSpec:
    """One family of multi-block masks; the union of the blocks is removed from the context and predicted."""

    num_blocks: int
    spatial_scale: tuple[float, float]
    """Range of a block's share of the frame."""
    temporal_scale: tuple[float, float] = (1.0, 1.0)
    """Range of a block's share of the clip's length."""
    aspect_ratio: tuple[float, float] = (0.75, 1.5)
    """Range of a block's height over width."""
    motion_gamma: float | None = None
    """Blocks are drawn with probability proportional to their mean motion to this power; None: uniformly."""
    random_rate: float = 0.1
    """Share of uniformly drawn blocks among motion-guided ones."""
    full_complement: bool = False
    """Predict every token that the (truncated) context leaves out, not only the removed ones."""
    max_temporal_keep: float = 1.0
    """The context keeps only this leading share of the time steps."""
    max_keep: int | None = None
    """Cap on the context's tokens."""

    def __post_init__(self) -> None:
        if self.num_blocks < 1:
            raise ValueError(f"MaskSpec.num_blocks must be at least 1, got {self.num_blocks}")
        for name in ("spatial_scale", "temporal_scale", "aspect_ratio"):
            low, high = getattr(self, name)
            if not 0 < low <= high:
                raise ValueError(f"MaskSpec.{name} must be a range of positive numbers, got {(low, high)}")
        if not 0 <= self.random_rate <= 1 or not 0 < self.max_temporal_keep <= 1:
            raise ValueError("MaskSpec.random_rate must lie in [0, 1] and max_temporal_keep in (0, 1]")


@dataclass(frozen=True, kw_only=True)
class Term:
    """One auxiliary objective in the loss."""

    name: str
    """Its name in `repro.objectives.OBJECTIVES`."""
    weight: float = 1.0
    options: dict[str, Option] = field(default_factory=dict)
    """Arguments of the objective, by name; what it couples to is said here, never inferred from another term."""
    detached: bool = False
    """Add the value but train nothing by it, as a release does that forgot the gradient."""
    anneal: bool = False
    """Let the weight fall to zero over the run along half a cosine, epoch by epoch."""


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """Everything that decides a run's numbers. The defaults are those both training regimes of arXiv:2605.17165 share."""

    name: str
    regime: str
    """Training data of the paper that this run uses or stands for: mixed, ucf101 or synthetic."""
    data: dict[str, float]
    """Training set name to sampling weight."""
    model: ModelSize = ModelSize()
    masks: tuple[MaskSpec, ...] = (MaskSpec(num_blocks=8, spatial_scale=(0.15, 0.15)), MaskSpec(num_blocks=2, spatial_scale=(0.7, 0.7)))
    objectives: tuple[Term, ...] = ()

    ema: float | None = 0.99925
    """Momentum of the target encoder, per step; None: the online encoder is its own target."""
    stop_gradient: bool = True
    """No gradient through the targets of the prediction and context losses. Only matters without EMA."""
    probed_encoder: ProbedEncoder = "target"
    """Encoder whose frozen features the probes read. Without EMA the target encoder keeps its random initialisation."""

    frame_step: int | None = None
    """Decoded frames between two frames of a clip; exactly one of frame_step and fps is given."""
    fps: int | None = None
    """Frames per second to aim for."""
    crop_area: tuple[float, float] = (0.3, 1.0)
    """Range of the random crop's share of the frame."""
    crop_aspect: tuple[float, float] = (0.75, 1.35)
    """Range of the random crop's width over height."""
    flip: float = 0.5
    """Probability of a horizontal flip."""

    steps: int = 30000
    epochs: int = 100
    """The run is cut into this many equal epochs (annealing, checkpoints); no pass over the data is meant."""
    batch_size: int = 32
    """Clips per step, all ranks together."""
    ranks: int = 4
    """Equal groups a step's clips are split into: masks are truncated, and pooled terms pooled, within one."""
    lr: float = 6e-4
    start_lr: float = 1e-4
    final_lr: float = 6e-4
    warmup_steps: int = 300
    weight_decay: float = 0.04
    final_weight_decay: float = 0.04
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    loss_exponent: float = 1.0
    context_weight: float = 0.5
    """Weight of the context loss from context_end on; zero before context_start, linear between (steps from 0)."""
    context_start: int = 15000
    context_end: int = 30000
    distance_weights: bool = True
    """Weigh a context token's loss down with its distance from the nearest predicted token."""
    precision: Precision = "bf16"

    probe_epochs: dict[str, int] = field(default_factory=dict)
    """Probe name to epochs of probe training; the names are the probes that this experiment runs."""
    seed: int = 239
    scale: Scale = "paper"

    def __post_init__(self) -> None:
        if (self.frame_step is None) == (self.fps is None):
            raise ValueError(f"{self.name}: give exactly one of frame_step and fps")
        if not self.data or any(weight <= 0 for weight in self.data.values()):
            raise ValueError(f"{self.name}: data must name at least one set, each with a positive weight, got {self.data}")
        if self.probed_encoder not in get_args(ProbedEncoder):
            raise ValueError(
                f"{self.name}: probed_encoder {self.probed_encoder!r}; {nearest(self.probed_encoder, get_args(ProbedEncoder))}"
            )
        if self.steps < 1 or self.epochs < 1 or self.ranks < 1 or self.batch_size % self.ranks:
            raise ValueError(f"{self.name}: {self.batch_size} clips do not split over {self.ranks} ranks, or steps or epochs are below 1")
        if self.ema is not None and not 0 <= self.ema <= 1:
            raise ValueError(f"{self.name}: ema must lie in [0, 1] or be None, got {self.ema}")

    def __hash__(self) -> int:
        return hash(self.digest)  # the generated hash would fail on the dictionaries inside

    def diff(self, other: "Experiment") -> dict[str, tuple[Any, Any]]:
        """The fields, other than the name, in which two experiments differ: (mine, theirs). Fields of the model are named `model.width`."""
        mine, theirs = _flat(self), _flat(other)
        return {key: (mine.get(key), theirs.get(key)) for key in mine | theirs if key != "name" and mine.get(key) != theirs.get(key)}

    @property
    def digest(self) -> str:
        """Twelve hex digits that change whenever any field but the name does. Equal experiments have equal digests."""
        content = {key: value for key, value in to_dict(self).items() if key != "name"}
        return hashlib.sha256(json.dumps(_floats(content), sort_keys=True).encode()).hexdigest()[:12]

    @property
    def steps_per_epoch(self) -> int:
        """Steps in one epoch, rounded down, at least one."""
        return max(1, self.steps // self.epochs)

    def epoch(self, iteration: int) -> int:
        """Epoch (from 0) that `iteration` (from 0) falls into."""
        return iteration * self.epochs // self.steps

    def with_seed(self, seed: int) -> "Experiment":
        """The same experiment from another seed."""
        return replace(self, seed=seed)

    def with_steps(self, steps: int) -> "Experiment":
        """The same experiment over another number of steps.

        Warm-up and context schedule keep their share of the run; the momentum m becomes m^(old/new), so that the target encoder's memory
        stays the same share of the run too.
        """
        ratio = steps / self.steps
        return replace(
            self,
            steps=steps,
            epochs=min(self.epochs, steps),
            warmup_steps=round(self.warmup_steps * ratio),
            context_start=round(self.context_start * ratio),
            context_end=round(self.context_end * ratio),
            ema=None if self.ema is None else self.ema ** (1 / ratio),
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries, lists, numbers and strings, ready for JSON."""
        return to_dict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Experiment":
        """The inverse of `to_dict`. Unknown fields and wrong types raise a ValueError that names them."""
        return from_dict(cls, data)


def _flat(experiment: Experiment) -> dict[str, Any]:
    content = asdict(experiment)
    return content | {f"model.{key}": value for key, value in content.pop("model").items()}


def _floats(value: object) -> object:
    """Every number as a float: 1 and 1.0 are the same setting."""
    if isinstance(value, dict):
        return {key: _floats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_floats(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
