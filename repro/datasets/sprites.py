"""Sprites: a generated video set with three label spaces that have nothing to do with each other.

*Appearance* is the sprite's shape and texture, *motion* its direction and speed, *order* the sequence in which the backdrop turns red,
green and blue. They stand for the three kinds of benchmark of the study: object recognition, fine motion, and temporal order.

What each label space needs is built in, not hoped for:

* Positions live on a torus with a uniform start, so the place of the sprite in any one frame says nothing about its motion.
* A clip is four acts of equal length, and sprite and background re-enter at fresh uniform places in every act. The acts are therefore
  exchangeable: a bag of frames is equally likely under all six orders of the three events, so only the order of frames tells them apart.
* Colours, background texture and the background's own panning are drawn independently of every label; they distract.

Every clip is a function of (seed, split, index) alone, through a counter-based generator: batches may be cut anywhere.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import permutations
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from repro.datasets.dataset import CaptionedClips, Captions, LabelledClips, Probe, ProbeProtocol, augment
from repro.experiment import Experiment

SHAPES = ("disc", "square", "triangle", "cross")
TEXTURES = ("plain", "striped", "checkered")
DIRECTIONS = ("right", "lower right", "down", "lower left", "left", "upper left", "up", "upper right")
SPEEDS = ("slowly", "fast")
EVENTS = ("red", "green", "blue")
ORDERS = tuple(permutations(range(len(EVENTS))))
COLOURS = {
    "red": (230, 60, 50),
    "green": (60, 200, 80),
    "blue": (70, 110, 240),
    "yellow": (235, 215, 60),
    "magenta": (220, 70, 210),
    "cyan": (60, 210, 220),
}
SPLITS = ("pretrain", "train", "test")
CLASSES = {
    "appearance": tuple(f"{texture} {shape}" for shape in SHAPES for texture in TEXTURES),
    "motion": tuple(f"{speed} {direction}" for direction in DIRECTIONS for speed in SPEEDS),
    "order": tuple(", then ".join(EVENTS[e] for e in order) for order in ORDERS),
}
"""Label space to its class names, in the order of the label values."""

ACTS = 4
"""The backdrop keeps its own colours in the first act and turns to one event's colour in each of the others."""

TINT = 60
"""How much a turned backdrop gains in its colour, of 255."""

PIXELS_PER_FRAME = (2.0, 5.0)
"""Speed of a slow and a fast sprite at side 64; other sides scale it."""

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
"""The odd constant that SplitMix64 counts by."""

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class SpriteBatch:
    """Clips with everything that was drawn for them."""

    clips: Tensor
    """Pixels, uint8, (B, 3, frames, side, side)."""

    labels: dict[str, Tensor]
    """Label space to class index, int64, (B,)."""

    colours: tuple[str, ...]
    """Name of each sprite's colour; no label space contains it."""


@dataclass(frozen=True)
class Sprites:
    """The clips of one seed. `frames` is a multiple of four; `side` is both height and width in pixels."""

    seed: int = 0
    side: int = 64
    frames: int = 16

    def __post_init__(self) -> None:
        if self.frames % ACTS or self.frames < 2 * ACTS:
            raise ValueError(f"sprites needs a multiple of {ACTS} frames, at least {2 * ACTS}, so that acts are equal; got {self.frames}")
        if self.side < 32:
            raise ValueError(f"sprites needs a side of at least 32 pixels for its textures to be seen; got {self.side}")

    def batch(self, split: str, indices: Sequence[int] | Integers) -> SpriteBatch:
        """The clips of these indices of `split` ("pretrain", "train" or "test"; each is an unlimited stream, no clip in two of them)."""
        draw = self._draws(split, indices)
        drawn = _labels(draw)
        colour = draw.integer(len(COLOURS))
        clips = self._backdrops(draw, drawn["order"])
        self._paint(clips, draw, drawn["appearance"], drawn["motion"], colour)
        names = tuple(COLOURS)
        return SpriteBatch(
            clips=torch.from_numpy(clips),
            labels={space: torch.from_numpy(values) for space, values in drawn.items()},
            colours=tuple(names[c] for c in colour),
        )

    def labels(self, split: str, indices: Sequence[int] | Integers) -> dict[str, Tensor]:
        """The labels of those clips without drawing them; they depend on neither side nor frames."""
        return {space: torch.from_numpy(values) for space, values in _labels(self._draws(split, indices)).items()}

    def captions(self, split: str, indices: Sequence[int] | Integers) -> tuple[str, ...]:
        """One sentence per clip, without drawing it: all three labels and the colour."""
        draw = self._draws(split, indices)
        drawn, names = _labels(draw), tuple(COLOURS)
        colours = (names[c] for c in draw.integer(len(COLOURS)))
        return tuple(_caption(*row) for row in zip(colours, *(values.tolist() for values in drawn.values()), strict=True))

    def _draws(self, split: str, indices: Sequence[int] | Integers) -> "_Draws":
        return _Draws(self.seed, SPLITS.index(split), np.asarray(indices, dtype=np.int64))

    def _backdrops(self, draw: "_Draws", order: Integers) -> NDArray[np.uint8]:
        """Dim textures that pan at one pixel per frame or stand still, cut to a fresh place and tinted in every act; (B, 3, F, side, side)."""
        bank = _background_bank(self.side)
        picture = draw.integer(len(bank))
        pan = np.stack([draw.integer(3) - 1, draw.integer(3) - 1], -1)
        room = bank.shape[-1] - self.side - 2 * self.frames
        start = np.stack([draw.integer(room, ACTS), draw.integer(room, ACTS)], -1) + self.frames
        corner = start[:, self._act] + pan[:, None] * self._step[:, None] * self.side // 64  # (B, F, 2)
        windows = np.lib.stride_tricks.sliding_window_view(bank, (self.side, self.side), axis=(2, 3))
        cut = windows[picture[:, None], :, corner[..., 0], corner[..., 1]]  # (B, F, 3, side, side)
        tint = np.zeros((len(order), ACTS, 3), dtype=np.uint8)
        np.put_along_axis(tint[:, 1:], np.asarray(ORDERS)[order][..., None], TINT, axis=2)
        lit: NDArray[np.uint8] = cut.transpose(0, 2, 1, 3, 4) + tint[:, self._act].transpose(0, 2, 1)[..., None, None]
        return np.ascontiguousarray(lit)

    def _paint(self, clips: NDArray[np.uint8], draw: "_Draws", appearance: Integers, motion: Integers, colour: Integers) -> None:
        """Draw the sprites into `clips`, in place."""
        direction, speed = np.divmod(motion, len(SPEEDS))
        shape, texture = np.divmod(appearance, len(TEXTURES))
        start = np.stack([draw.integer(self.side, ACTS), draw.integer(self.side, ACTS)], -1)  # (B, ACTS, 2) as row, column
        angle = direction * (2 * np.pi / len(DIRECTIONS))
        pace = np.asarray(PIXELS_PER_FRAME)[speed] * self.side / 64
        velocity = np.stack([np.sin(angle), np.cos(angle)], -1) * pace[:, None]
        place = start[:, self._act] + np.rint(velocity[:, None] * self._step[:, None]).astype(np.int64)  # (B, F, 2)
        offsets, codes = _atlas(self.side)
        pixel = (place[:, :, None] + offsets[shape, texture][:, None]) % self.side  # (B, F, P, 2)
        paint = _palette(colour)[np.arange(len(colour))[:, None], codes[shape, texture]]  # (B, P, 3)
        flat = pixel[..., 0] * self.side + pixel[..., 1]
        clip, frame = np.ogrid[: len(colour), : self.frames]
        base = (clip * 3 * self.frames + frame) * self.side**2
        pixels = clips.reshape(-1)
        for channel in range(3):
            pixels[flat + (base + channel * self.frames * self.side**2)[..., None]] = paint[:, None, :, channel]

    @property
    def _act(self) -> Integers:
        """Which act each frame belongs to, (F,)."""
        return np.arange(self.frames) // (self.frames // ACTS)

    @property
    def _step(self) -> Integers:
        """How many frames into its act each frame is, (F,)."""
        return np.arange(self.frames) % (self.frames // ACTS)


NUM_PRETRAIN_CLIPS = 50_000
"""Length of the pretraining list. A run of smoke scale reads a few thousand of it, one of proxy scale most."""

PROBE_SIZES = {"smoke": (2000, 1000), "proxy": (8000, 2000), "paper": (8000, 2000)}
"""Scale to labelled clips for training and testing a probe; 1,000 test clips put the standard error at or below 1.6 points."""


class Training:
    """Sprites to pretrain on, cropped and flipped at random."""

    def __init__(self, experiment: Experiment, _root: Path | None = None, device: str = "cpu") -> None:
        self._experiment, self._device = experiment, device

    def __len__(self) -> int:
        return NUM_PRETRAIN_CLIPS

    def clips(self, indices: Sequence[int], rng: random.Random) -> Tensor:
        """Normalised clips, float32, (B, 3, F, crop, crop)."""
        return augment(self._videos(indices), self._experiment, rng, self._device)

    def _videos(self, indices: Sequence[int]) -> Tensor:
        return _clips(self._experiment, "pretrain", indices)


class TrainingStills(Training):
    """One frame of each clip, repeated: how still images enter the study's training."""

    def _videos(self, indices: Sequence[int]) -> Tensor:
        clips = super()._videos(indices)
        return clips[:, :, :1].expand_as(clips)


PROTOCOL = ProbeProtocol(head="attentive", pooled=False, batch_size=64)
"""All three label spaces are read from all tokens, as the study reads Diving-48.

It reads Something-Something V2 and ImageNet-100 from the mean token. At the size of a smoke run even an encoder trained with the labels
leaves little of them there, so that such a probe could not tell encoders apart.
"""


def appearance_probe(experiment: Experiment, _root: Path | None = None) -> Probe:
    """Stands in for ImageNet-100."""
    return _probe("appearance", experiment)


def motion_probe(experiment: Experiment, _root: Path | None = None) -> Probe:
    """Stands in for Diving-48."""
    return _probe("motion", experiment)


def order_probe(experiment: Experiment, _root: Path | None = None) -> Probe:
    """Stands in for Something-Something V2."""
    return _probe("order", experiment)


def captions(experiment: Experiment, _root: Path | None = None) -> Captions:
    """The clips of the probes with a sentence each."""
    sides = {}
    for split, size in zip(("train", "test"), PROBE_SIZES[experiment.scale], strict=True):
        labels = Sprites().labels(split, range(size))
        clips = LabelledClips(labels=labels["appearance"], read=partial(_clips, experiment, split))
        sides[split] = CaptionedClips(captions=Sprites().captions(split, range(size)), labels=labels, clips=clips)
    return Captions(**sides)


def _probe(space: str, experiment: Experiment) -> Probe:
    sides = {}
    for split, size in zip(("train", "test"), PROBE_SIZES[experiment.scale], strict=True):
        labels = Sprites().labels(split, range(size))[space]
        sides[split] = LabelledClips(labels=labels, read=partial(_clips, experiment, split))
    return Probe(name=f"sprites_{space}", clips="sprites", classes=CLASSES[space], protocol=PROTOCOL, **sides)


def _clips(experiment: Experiment, split: str, indices: Sequence[int]) -> Tensor:
    """Every `frame_step`-th frame of clips as long as the experiment needs, drawn at the size that its encoder sees."""
    model, step = experiment.model, experiment.frame_step or 1
    return Sprites(side=model.crop, frames=model.frames * step).batch(split, indices).clips[:, :, ::step]


class _Draws:
    """Independent uniform numbers per clip, each a hash of (seed, split, index, how many were drawn before)."""

    def __init__(self, seed: int, split: int, indices: Integers) -> None:
        stream = np.asarray([seed], dtype=np.int64).view(np.uint64) * np.uint64(len(SPLITS)) + np.uint64(split + 1)
        self._keys = _mix(_mix(stream * GOLDEN) + indices.view(np.uint64) * GOLDEN)
        self._drawn = 0

    def integer(self, below: int, count: int | None = None) -> Integers:
        """Uniform integers in [0, below): (B,), or (B, count)."""
        numbers = np.arange(self._drawn + 1, self._drawn + 1 + (count or 1), dtype=np.uint64)
        self._drawn += len(numbers)
        bits = _mix(self._keys[:, None] + numbers * GOLDEN)
        # 53 bits times at most a few thousand: the bias of scaling is below 1e-12.
        values = ((bits >> np.uint64(11)).astype(np.float64) * 2.0**-53 * below).astype(np.int64)
        return values if count is not None else values[:, 0]


def _mix(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finalizer of SplitMix64 (Steele, Lea and Flood 2014): every output bit depends on every input bit."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _labels(draw: _Draws) -> dict[str, Integers]:
    """The first numbers drawn for a clip: one class per label space, uniform and independent."""
    return {space: draw.integer(len(names)) for space, names in CLASSES.items()}


def _palette(colour: Integers) -> NDArray[np.uint8]:
    """What the pixel codes light and dark look like: (B, 2 codes, 3 channels)."""
    light = np.asarray(list(COLOURS.values()), dtype=np.uint8)[colour]
    return np.stack([light, light // 4], 1)


@cache
def _atlas(side: int) -> tuple[Integers, Integers]:
    """The painted pixels of every (shape, texture): offsets (…, P, 2) from the sprite's centre and codes (…, P), 0 light and 1 dark.

    Lists are padded to one length P by repeating their last pixel, which paints it twice.
    """
    cells = [_cells(shape, texture, side // 5) for shape in SHAPES for texture in TEXTURES]
    longest = max(map(len, cells))
    padded = np.stack([np.concatenate([c, np.repeat(c[-1:], longest - len(c), 0)]) for c in cells])
    table = padded.reshape(len(SHAPES), len(TEXTURES), longest, 3)
    return table[..., :2], table[..., 2]


def _cells(shape: str, texture: str, radius: int) -> Integers:
    """Rows of (row, column, code) for one sprite."""
    row, column = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    body = _silhouette(shape, row, column, radius)
    period = max(2, radius // 3)
    dark = {
        "plain": np.zeros_like(body),
        "striped": (row // period) % 2 == 0,
        "checkered": (row // period + column // period) % 2 == 0,
    }[texture]
    return np.stack([row[body], column[body], dark[body]], -1).astype(np.int64)


def _silhouette(shape: str, row: Integers, column: Integers, radius: int) -> NDArray[np.bool_]:
    """Which cells a shape covers; areas differ by less than a factor two, so that size alone does not name the shape."""
    if shape == "disc":
        return np.asarray(row**2 + column**2 <= radius**2)
    if shape == "square":
        half = round(radius * 0.85)
        return (abs(row) <= half) & (abs(column) <= half)
    if shape == "triangle":
        return (row <= radius - 1) & (row >= -radius) & (abs(column) * 2 <= row + radius)
    arm = max(1, round(radius * 0.4))
    return ((abs(row) <= arm) | (abs(column) <= arm)) & (abs(row) <= radius) & (abs(column) <= radius)


@cache
def _background_bank(side: int, pictures: int = 32) -> NDArray[np.uint8]:
    """Dim pictures of smooth colour noise and soft bars, larger than a frame so that a window can pan: (pictures, 3, 4·side, 4·side)."""
    rng = np.random.default_rng(0)
    size = 4 * side
    coarse = torch.from_numpy(rng.uniform(15, 80, (pictures, 3, size // 16 + 1, size // 16 + 1)).astype(np.float32))
    smooth = torch.nn.functional.interpolate(coarse, size=(size, size), mode="bilinear", align_corners=True).numpy()
    angle, phase = rng.uniform(0, np.pi, (2, pictures, 1, 1, 1))
    pitch = rng.uniform(side / 8, side / 3, (pictures, 1, 1, 1))
    row, column = np.mgrid[:size, :size]
    bars = np.sin(2 * np.pi * (row * np.sin(angle) + column * np.cos(angle)) / pitch + phase)
    return np.asarray(np.clip(smooth + 14 * bars, 0, 100), dtype=np.uint8)


def _caption(colour: str, appearance: int, motion: int, order: int) -> str:
    texture = TEXTURES[appearance % len(TEXTURES)]
    shape = SHAPES[appearance // len(TEXTURES)]
    speed, direction = SPEEDS[motion % len(SPEEDS)], DIRECTIONS[motion // len(SPEEDS)]
    first, second, third = (EVENTS[event] for event in ORDERS[order])
    toward = {"right": "to the right", "left": "to the left"}.get(
        direction, direction if direction in ("up", "down") else f"to the {direction}"
    )
    return f"a {texture} {colour} {shape} moves {speed} {toward} while the backdrop turns {first}, then {second}, then {third}"
