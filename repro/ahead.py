"""What a device waits for, made before it is asked for: by a thread, or by processes where clips take longer to read than a step to compute."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from torch.utils.data import DataLoader, Dataset

Given = TypeVar("Given")
Made = TypeVar("Made")
Made_co = TypeVar("Made_co", covariant=True)
Place = tuple[int, int]
"""A rank and a step."""


class Ahead(Protocol[Made_co]):
    """Gives batches in the order they are trained on."""

    def take(self, rank: int, step: int, following: Place | None) -> Made_co:
        """The batch of `rank` in `step`, and a start on the `following` one; an error in making a batch is raised when it is taken."""

    def forget(self) -> None:
        """Give up what was begun."""


class ReadAhead(Ahead[Made]):
    """Makes the next batch in a thread of its own while a step computes. Batches depend on rank and step alone, so not on when they are made."""

    def __init__(self, make: Callable[[int, int], Made]) -> None:
        self._make = make
        self._reader = ThreadPoolExecutor(1, "read-ahead")
        self._coming: dict[Place, Future[Made]] = {}

    def take(self, rank: int, step: int, following: Place | None) -> Made:
        batch = self._coming.pop((rank, step), None) or self._reader.submit(self._make, rank, step)
        self.forget()
        if following is not None:
            self._coming[following] = self._reader.submit(self._make, *following)
        return batch.result()

    def forget(self) -> None:
        for batch in self._coming.values():
            batch.cancel()
        self._coming.clear()


class WorkersAhead(Ahead[Made]):
    """Makes the next batches in processes; `following` gives the places after one, itself first."""

    def __init__(
        self, make: Callable[[int, int], Made], following: Callable[[int, int], Iterable[Place]], workers: int, *, pin: bool
    ) -> None:
        self._make, self._following, self._workers, self._pin = make, following, workers, pin
        self._expected: Place | None = None
        self._coming: Iterator[Made] = iter(())

    def take(self, rank: int, step: int, following: Place | None) -> Made:
        if self._expected != (rank, step):
            places = self._following(rank, step)
            self._coming = made_ahead(lambda place: self._make(*place), places, self._workers, pin=self._pin)
        self._expected = following
        batch = next(self._coming)
        if following is None:
            self.forget()
        return batch

    def forget(self) -> None:
        self._expected, self._coming = None, iter(())


def made_ahead(make: Callable[[Given], Made], order: Iterable[Given], workers: int, *, pin: bool = False) -> Iterator[Made]:
    """`make` of each of `order`, in that order: made by so many processes ahead of time or, with none, here when it is asked for.

    Processes are forked, so `make` may hold anything, but must not touch a GPU. Tensors come in pinned memory with `pin`. What `make` raises
    is raised here, in its turn.
    """
    if workers == 0:
        yield from map(make, order)
        return
    loader: DataLoader[Any] = DataLoader(
        _Making(make, list(order)),
        batch_size=None,
        num_workers=workers,
        collate_fn=_as_made,
        pin_memory=pin,
        multiprocessing_context="fork",
    )
    for made in loader:
        if isinstance(made, Exception):
            raise made
        yield made


class _Making(Dataset[Any]):
    """What is to be made, by position. An error is an item like others: PyTorch would raise one with a traceback for its message."""

    def __init__(self, make: Callable[[Any], Any], order: list[Any]) -> None:
        self._make, self._order = make, order

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, position: int) -> object:
        try:
            return self._make(self._order[position])
        except Exception as error:  # raised again where it is taken
            return error


def _as_made(made: Any) -> Any:  # noqa: ANN401 - whatever was made
    return made
