"""Pretraining: the loop around the loss of one step (arXiv:2605.17165, section 8 of our specification).

Nothing in the loop depends on how often it was interrupted. What a step draws (clips, crops, masks) is a function of the seed and the
step's number alone; weights, target encoder, objectives' heads and optimiser are in the checkpoint. So a resumed run on a CPU repeats
the uninterrupted one bit for bit.

The experiment's ranks are taken one after the other by a single process, or shared out over the processes of an initialised
`torch.distributed` group; gradients are the mean over ranks either way. Masks are truncated, and the terms that pool tokens (orthogonality,
hard-region weights of latent dynamics) pool them, within a rank. SIGReg alone pools over the processes of a group, as the paper has it,
so for it ranks in one process are not the same as as many processes.
"""

import json
import logging
import math
import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import torch
import torch.distributed as dist
from torch import Tensor, nn

from repro import checkpoint
from repro.datasets import training_set
from repro.experiment import Experiment
from repro.jepa import JEPA, training_loss
from repro.masking import Masks, motion_map, sample_masks
from repro.models.encoder import Encoder
from repro.schedule import cosine, warmup_cosine
from repro.transforms import weighted_indices

log = logging.getLogger(__name__)

CURVES = "curves.jsonl"
QUICK = 0.25
"""Seconds that a checkpoint may take and still be written after every epoch."""
Row = dict[str, Any]


class Progress(NamedTuple):
    """How far a phase of a run has come."""

    phase: str
    """What is being done: "pretraining", "features", or the name of a probe."""
    done: int
    total: int
    loss: float | None = None


Report = Callable[[Progress], None]


@dataclass(frozen=True, kw_only=True)
class Engine:
    """How steps are computed, where that is no part of what the experiment is. On a CPU the defaults repeat a run bit for bit."""

    compile: bool = False
    """Let torch.compile fuse each transformer block; it needs a C++ compiler or Triton, and rounds differently."""
    recompute: bool = False
    """Keep no activations inside blocks but compute them again in the backward pass: less memory, a third more time, the same numbers."""


ENGINE = Engine()


class Diverged(Exception):
    """The loss or a gradient is no longer a finite number. Weights are those of the last finite step."""


Batch = tuple[Tensor, list[Masks]]


class ReadAhead:
    """Makes the next batch in a thread of its own while a step computes. Batches depend on rank and step alone, so not on when they are made."""

    def __init__(self, make: Callable[[int, int], Batch]) -> None:
        self._make = make
        self._reader = ThreadPoolExecutor(1, "read-ahead")
        self._coming: dict[tuple[int, int], Future[Batch]] = {}

    def take(self, rank: int, step: int, following: tuple[int, int] | None) -> Batch:
        """The batch of `rank` in `step`, and a start on the `following` one; an error in making a batch is raised when it is taken."""
        batch = self._coming.pop((rank, step), None) or self._reader.submit(self._make, rank, step)
        self.forget()
        if following is not None:
            self._coming[following] = self._reader.submit(self._make, *following)
        return batch.result()

    def forget(self) -> None:
        """Give up what was begun."""
        for batch in self._coming.values():
            batch.cancel()
        self._coming.clear()


class Trainer:
    """The state of one pretraining run, and how to take its next step."""

    def __init__(self, experiment: Experiment, root: Path | None = None, device: str = "cpu", engine: Engine = ENGINE) -> None:
        self.experiment, self.device = experiment, device
        if device.startswith("cuda"):
            # its backward pass can give NaN where K mod 128 is 64 (pytorch/pytorch#196678); a run at proxy scale got one with K = 64
            torch.backends.cuda.enable_cudnn_sdp(False)
        self.jepa = initial_networks(experiment).to(device)
        self.jepa.compute_by(compile=engine.compile, recompute=engine.recompute)
        groups = self.jepa.parameter_groups(experiment.weight_decay)
        self.optimizer = torch.optim.AdamW(groups, lr=experiment.start_lr, betas=experiment.betas, eps=experiment.eps, fused=True)
        self._trained = [parameter for _, parameter in self.jepa.trained()]
        self._watched = {"encoder_grad_norm": [*self.jepa.encoder.parameters()], "predictor_grad_norm": [*self.jepa.predictor.parameters()]}
        self.sets = [training_set(name, experiment, root, device) for name in experiment.data]
        self.ranks = own_ranks(experiment.ranks)
        """The ranks whose clips this process takes."""
        self.step = 0
        """Steps taken."""
        self._order: dict[tuple[int, int], Sequence[int]] = {}
        self._ahead = ReadAhead(lambda rank, step: self.batch(rank, step))

    def advance(self) -> Row:
        """Take one step and return its row of the curves; raise Diverged, without a change to the weights, if it is not finite."""
        began = time.perf_counter()
        experiment, jepa = self.experiment, self.jepa
        lr = self._set_rates()
        jepa.train()
        counters = [buffer.clone() for buffer in jepa.objectives.buffers()]
        losses = []
        for rank in self.ranks:
            for buffer, value in zip(jepa.objectives.buffers(), counters, strict=True):
                buffer.copy_(value)  # all ranks of a step draw alike
            losses.append(self._accumulate(rank))
        sum_gradients(self._trained)
        *parts, norms = fetched([*losses, {name: grad_norm(parameters) for name, parameters in self._watched.items()}])
        row: Row = {"step": self.step + 1, "epoch": experiment.epoch(self.step), "lr": lr}
        row |= mean_over_processes({key: sum(part[key] for part in parts) / len(parts) for key in parts[0]}, self.device) | norms
        if not all(math.isfinite(value) for value in row.values()):
            bad = ", ".join(f"{key} {value}" for key, value in row.items() if not math.isfinite(value))
            raise Diverged(f"step {self.step + 1} of {experiment.name}, seed {experiment.seed}: {bad}")
        self.optimizer.step()
        self.optimizer.zero_grad()
        if experiment.ema is not None:
            jepa.update_target(experiment.ema)
        self.step += 1
        return row | {"seconds": time.perf_counter() - began}

    @property
    def probed_encoder(self) -> Encoder:
        """The encoder whose features the experiment asks for."""
        return self.jepa.target if self.experiment.probed_encoder == "target" else self.jepa.encoder

    def state(self) -> checkpoint.State:
        """Everything that the next step depends on, under V-JEPA's names where it has them."""
        jepa, experiment = self.jepa, self.experiment
        return {
            "encoder": jepa.encoder.state_dict(),
            "predictor": jepa.predictor.state_dict(),
            "target_encoder": jepa.target.state_dict(),
            "objectives": jepa.objectives.state_dict(),
            "opt": self.optimizer.state_dict(),
            "rng": torch.get_rng_state(),
            "step": self.step,
            "epoch": experiment.epoch(self.step),
            "batch_size": experiment.batch_size,
            "world_size": experiment.ranks,
            "digest": experiment.digest,
        }

    def restore(self, state: checkpoint.State) -> None:
        """Continue from `state`; ValueError if it belongs to another experiment."""
        if state["digest"] != self.experiment.digest:
            raise ValueError(f"checkpoint of experiment {state['digest']} cannot continue {self.experiment.digest}; use another folder")
        jepa = self.jepa
        for name, part in (("encoder", jepa.encoder), ("predictor", jepa.predictor), ("target_encoder", jepa.target)):
            part.load_state_dict(state[name])
        jepa.objectives.load_state_dict(state["objectives"])
        self.optimizer.load_state_dict(state["opt"])
        torch.set_rng_state(state["rng"].cpu())
        self.step = state["step"]
        self._ahead.forget()

    def _accumulate(self, rank: int) -> dict[str, Tensor]:
        """Add the gradient of one rank's clips, whose masks and pooled terms are its own, to the step's mean gradient."""
        experiment = self.experiment
        clips, masks = self._ahead.take(rank, self.step, self._after(rank))
        with torch.autocast(torch.device(self.device).type, torch.bfloat16, enabled=experiment.precision == "bf16"):
            losses = training_loss(self.jepa, experiment, clips, masks, self.step)
        torch.autograd.backward(losses.total / experiment.ranks)
        parts = {"loss": losses.total, "prediction": losses.prediction, "context": losses.context}
        parts |= {f"term_{i}_{term.name}": value for i, (term, value) in enumerate(zip(experiment.objectives, losses.terms, strict=True))}
        return {name: part.detach() for name, part in parts.items()}

    def _after(self, rank: int) -> tuple[int, int] | None:
        """The rank and step whose batch this process needs next; None after the last."""
        if rank != self.ranks[-1]:
            return self.ranks[self.ranks.index(rank) + 1], self.step
        return (self.ranks[0], self.step + 1) if self.step + 1 < self.experiment.steps else None

    def batch(self, rank: int, step: int) -> Batch:
        """The clips (B, 3, F, crop, crop), on the device, and masks, on the CPU, of one rank in a step.

        As in the release, ranks read different clips under equal crops, flips and unguided masks: each is seeded alike.
        """
        experiment = self.experiment
        rng = random.Random(f"clips {experiment.seed} {step}")
        size = experiment.batch_size // experiment.ranks
        places: list[list[tuple[int, int]]] = [[] for _ in self.sets]
        for slot, index in enumerate(self._indices(rank, size, step)):
            which, position = self._locate(index)
            places[which].append((slot, position))
        read = [(set_.clips([i for _, i in place], rng), place) for set_, place in zip(self.sets, places, strict=True) if place]
        slots = torch.tensor([slot for _, place in read for slot, _ in place])
        clips = torch.cat([batch for batch, _ in read])[slots.argsort()]
        return clips, self._masks(clips, step)

    def _masks(self, clips: Tensor, step: int) -> list[Masks]:
        experiment, grid = self.experiment, self.experiment.model.grid
        guided = any(spec.motion_gamma is not None for spec in experiment.masks)
        motion = motion_map(clips, grid) if guided else None
        masks = []
        for number, spec in enumerate(experiment.masks):
            draw = random.Random(f"masks {experiment.seed} {step} {number}").getrandbits(63)
            masks.append(sample_masks(spec, len(clips), grid, step, torch.Generator().manual_seed(draw), motion))
        return masks

    def _indices(self, rank: int, size: int, step: int) -> Sequence[int]:
        """What one rank reads in a step: passes over the weighted list, the incomplete last batch of each dropped."""
        experiment = self.experiment
        total = sum(len(set_) for set_ in self.sets)
        per_rank = math.ceil(total / experiment.ranks)
        batches = max(1, per_rank // size)
        epoch, batch = divmod(step, batches)
        if (rank, epoch) not in self._order:
            self._order = {key: order for key, order in self._order.items() if key[1] == epoch}
            sizes, weights = [len(set_) for set_ in self.sets], list(experiment.data.values())
            self._order[rank, epoch] = weighted_indices(sizes, weights, epoch=epoch, rank=rank, ranks=experiment.ranks).tolist()
        order = self._order[rank, epoch]
        return [order[i % len(order)] for i in range(batch * size, batch * size + size)]

    def _locate(self, index: int) -> tuple[int, int]:
        """Which set a position in the concatenated list falls into, and where."""
        for which, set_ in enumerate(self.sets):
            if index < len(set_):
                return which, index
            index -= len(set_)
        raise IndexError(index)

    def _set_rates(self) -> float:
        """Learning rate and weight decay of the coming step, which is number `step` + 1."""
        experiment, k = self.experiment, self.step + 1
        lr = warmup_cosine(
            k,
            start=experiment.start_lr,
            peak=experiment.lr,
            final=experiment.final_lr,
            warmup=experiment.warmup_steps,
            total=experiment.steps,
        )
        decay = cosine(k, start=experiment.weight_decay, final=experiment.final_weight_decay, total=experiment.steps)
        decayed, others = self.optimizer.param_groups
        decayed["lr"] = others["lr"] = lr
        decayed["weight_decay"] = decay
        return lr


def own_ranks(ranks: int) -> range:
    """Those of the experiment's ranks that this process takes; all of them outside a process group."""
    if not dist.is_initialized():
        return range(ranks)
    if ranks % dist.get_world_size():
        raise ValueError(f"{ranks} ranks do not share out over {dist.get_world_size()} processes")
    return range(dist.get_rank(), ranks, dist.get_world_size())


def is_main_process() -> bool:
    """Whether this process writes the files of the run."""
    return not dist.is_initialized() or dist.get_rank() == 0


def sum_gradients(parameters: Sequence[nn.Parameter]) -> None:
    """Add up gradients over the processes, in one message.

    A parameter that no process has a gradient for keeps none, so that the optimiser leaves it alone; one that some processes have none
    for (an objective may be undefined on a rank's clips) counts as zero there.
    """
    if not dist.is_initialized():
        return
    present = torch.tensor([parameter.grad is not None for parameter in parameters], dtype=torch.int32, device=parameters[0].device)
    dist.all_reduce(present, dist.ReduceOp.MAX)
    used = [parameter for parameter, flag in zip(parameters, present.tolist(), strict=True) if flag]
    flat = torch.cat([(torch.zeros_like(p) if p.grad is None else p.grad).flatten() for p in used])
    dist.all_reduce(flat)
    for parameter, part in zip(used, torch.split(flat, [p.numel() for p in used]), strict=True):
        parameter.grad = part.view_as(parameter)


def mean_over_processes(row: dict[str, float], device: str) -> dict[str, float]:
    """Each number of a row, averaged over the processes."""
    if not dist.is_initialized():
        return row
    values = torch.tensor(list(row.values()), dtype=torch.float64, device=device)
    dist.all_reduce(values)
    return dict(zip(row, (values / dist.get_world_size()).tolist(), strict=True))


def initial_networks(experiment: Experiment) -> JEPA:
    """The networks as the seed of `experiment` initialises them; the global random state is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(experiment.seed)
        return JEPA(experiment)


def grad_norm(parameters: Sequence[nn.Parameter]) -> Tensor:
    """Euclidean norm of the gradient of all parameters that have one, a scalar on their device."""
    grads = [parameter.grad for parameter in parameters if parameter.grad is not None]
    return torch.nn.utils.get_total_norm(grads) if grads else torch.zeros((), device=parameters[0].device)


def fetched(rows: Sequence[dict[str, Tensor]]) -> list[dict[str, float]]:
    """The same rows of scalars as numbers, brought from the device in one transfer, the step's only wait for it."""
    values = iter(torch.stack([value.float() for row in rows for value in row.values()]).tolist())
    return [{name: next(values) for name in row} for row in rows]


@dataclass(frozen=True)
class Health:
    """How far an encoder's features are from collapse."""

    feature_std: float
    """Standard deviation over tokens and clips, averaged over channels; the final norm makes a token's own spread about one."""
    effective_rank: float
    """Exponential of the entropy of the normalised singular values (Roy and Vetterli 2007); between one and the width."""

    @property
    def collapsed(self) -> bool:
        """Whether all tokens are nearly one vector, or lie nearly on one line."""
        return self.feature_std < 0.01 or self.effective_rank < 1.5


@torch.inference_mode()
def health(encoder: Encoder, clips: Tensor, rows: int = 2048) -> Health:
    """Measure `encoder` on normalised clips (B, 3, F, crop, crop), at up to `rows` of their tokens."""
    tokens = encoder(clips, levels=False).flatten(0, 1).float()
    tokens = tokens[:: max(1, len(tokens) // rows)]
    centred = tokens - tokens.mean(0)
    shares = torch.linalg.svdvals(centred)
    shares = shares / shares.sum().clamp(min=1e-12)
    entropy = -(shares * shares.clamp(min=1e-12).log()).sum()
    return Health(feature_std=float(centred.std(0).mean()), effective_rank=float(entropy.exp()))


def pretrain(
    experiment: Experiment,
    folder: Path,
    *,
    root: Path | None = None,
    device: str = "cpu",
    report: Report | None = None,
    engine: Engine = ENGINE,
) -> Trainer:
    """Train to the last step, from the checkpoint in `folder` if there is one; leave curves and a checkpoint there.

    Where TensorBoard is installed, the curves go to its files in the folder `tensorboard` too.

    Raises Diverged, checkpoint.CheckpointDamaged and OSError; whatever is raised, the folder can be continued from.
    """
    trainer = Trainer(experiment, root, device, engine)
    state = checkpoint.load(folder, device)
    if state is not None:
        trainer.restore(state)
        log.info("continuing %s from step %d", experiment.name, trainer.step)
    main = is_main_process()
    curves = folder / CURVES
    if main:
        keep_rows(curves, trainer.step)
    saving = Saving(folder)
    with curves.open("a") if main else nullcontext() as file, tensorboard(folder, trainer.step) if main else nullcontext() as board:
        watched = trainer.sets[0].clips(range(min(32, len(trainer.sets[0]))), random.Random(0))
        while trainer.step < experiment.steps:
            row = trainer.advance()
            at_epoch_end = trainer.step == experiment.steps or experiment.epoch(trainer.step) > row["epoch"]
            if at_epoch_end:
                state_of = health(trainer.probed_encoder, watched)
                row |= {"feature_std": state_of.feature_std, "effective_rank": state_of.effective_rank}
            if file is not None:
                file.write(json.dumps(row) + "\n")
            if board is not None:
                show(board, row)
            if file is not None and at_epoch_end:
                file.flush()
                saving.at_epoch_end(trainer)
            if report is not None and main:
                report(Progress("pretraining", trainer.step, experiment.steps, row["loss"]))
    return trainer


class Saving:
    """Writes checkpoints at the ends of epochs, after the last step always; such as take long only so often that they cost a twentieth."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._took, self._ended = 0.0, time.monotonic()

    def at_epoch_end(self, trainer: Trainer) -> None:
        """Save the trainer's state if it is time."""
        began = time.monotonic()
        if self._took > QUICK and began - self._ended < 20 * self._took and trainer.step < trainer.experiment.steps:
            return
        checkpoint.save(self._folder, trainer.state(), trainer.step)
        self._ended = time.monotonic()
        self._took = self._ended - began


def tensorboard(folder: Path, steps: int) -> AbstractContextManager[Any]:
    """A writer of TensorBoard's files in `folder`, whose readers forget what lies beyond `steps`; None where it is not installed."""
    if find_spec("tensorboard") is None:
        return nullcontext()
    from torch.utils.tensorboard import SummaryWriter  # a second and more to import, and absent without TensorBoard

    writer: AbstractContextManager[Any] = SummaryWriter(str(folder / "tensorboard"), purge_step=steps + 1)
    return writer


def show(board: Any, row: Row) -> None:  # noqa: ANN401 - TensorBoard has no types
    """Add a row of the curves to TensorBoard's."""
    for name, value in row.items():
        if name != "step":
            board.add_scalar(name, value, row["step"])


def keep_rows(curves: Path, steps: int) -> None:
    """Drop what the curves hold beyond `steps`: the steps after a checkpoint are taken again."""
    if curves.exists():
        kept = [line for line in curves.read_text().splitlines() if _step_of(line) <= steps]
        checkpoint.write_atomically(curves, "".join(line + "\n" for line in kept).encode())


def read_curves(curves: Path) -> list[Row]:
    """The rows of a finished run's curves, one per step."""
    return [json.loads(line) for line in curves.read_text().splitlines()]


def vjepa_csv(rows: Sequence[Row]) -> str:
    """The same rows under the columns of V-JEPA's log, for tools that read that; the regulariser is all that is not prediction."""
    lines = ["epoch,itr,loss,loss-jepa,reg-loss,enc-grad-norm,pred-grad-norm,gpu-time(ms),wall-time(ms)"]
    for row in rows:
        milliseconds = 1000 * row["seconds"]
        numbers = (row["loss"], row["prediction"], row["loss"] - row["prediction"], row["encoder_grad_norm"], row["predictor_grad_norm"])
        fields = [f"{number:.5f}" for number in numbers]
        lines.append(",".join([str(row["epoch"] + 1), str(row["step"] - 1), *fields, f"{milliseconds:.1f}", f"{milliseconds:.1f}"]))
    return "\n".join(lines) + "\n"


def _step_of(line: str) -> float:
    """The step of a row; infinity for one that a kill cut off."""
    try:
        return float(json.loads(line)["step"])
    except (ValueError, KeyError, TypeError):
        return math.inf
