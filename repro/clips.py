"""From files to frames: every file is checked once, decoded only in child processes under a time limit, and never replaced by another.

decord decodes. On some files (HEVC, edit lists, damaged streams) it returns wrong frames without a word, so each file is decoded twice
before it is used: in order and out of order by decord, in order by PyAV. Where decord's frames depend on the order, or are not those that
PyAV finds at the same place, PyAV reads the file. A file that neither reads whole is skipped by name.

Loads neither torch nor a decoder: the children do, when they start.
"""

import json
import math
import os
import random
import resource
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from itertools import islice
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Literal, cast, get_args

import numpy as np
from numpy.typing import NDArray

Backend = Literal["decord", "pyav", "image"]
Fault = Literal["missing", "empty", "unreadable", "no_video", "truncated", "damaged", "timeout", "crashed"]
Frames = NDArray[np.uint8]

IMAGES = (".jpg", ".jpeg", ".png")
"""Suffixes of still images, in lower case."""

CHECKED_INDICES = 24
LIMIT_S = 20.0
MEMORY = 8 << 30
"""Address space of a decoding process, in bytes: a picture that claims to be larger ends as a fault, not as a full machine."""

THUMBNAIL = 24
SAME_PICTURE = 1.0
"""Mean difference, in levels of 255, that two decoders' colour conversions may add to the distance of equal pictures."""


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """What one file turned out to be."""

    path: str
    outcome: Backend | Fault
    """The decoder that reads it right, or why it is skipped."""
    frames: int = 0
    fps: float = 0.0
    """Average frames per second; 0 if the file does not say."""
    height: int = 0
    width: int = 0
    size: int = 0
    """Bytes of the file; a file of another size has to be inspected again."""
    detail: str = ""
    """What was found, for people."""

    @property
    def usable(self) -> bool:
        """Whether some decoder reads the whole file right."""
        return self.outcome in get_args(Backend)


class ClipUnreadable(Exception):
    """A file that was inspected and found usable cannot be read now. The message names it."""


class Reader:
    """Decoding processes. Each file has `limit_s` seconds; a process that hangs or dies is replaced and the file reported.

    A context manager: leaving it ends the processes, as does the end of this process.
    """

    def __init__(self, workers: int = 1, limit_s: float = LIMIT_S) -> None:
        self._limit_s = limit_s
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="clips")
        self._children: SimpleQueue[_Child] = SimpleQueue()
        for _ in range(workers):
            self._children.put(_Child())

    def inspect(self, paths: Iterable[Path]) -> Iterator[Inspection]:
        """What each file is, in the order of `paths`. Never raises for a file."""
        waiting = iter(paths)
        while batch := list(islice(waiting, 256)):
            yield from self._threads.map(self._inspect, batch)

    def read(self, wanted: Sequence[tuple[Inspection, Sequence[int]]], short_side: int | None = None) -> list[Frames]:
        """Frames of inspected files at these indices, uint8, (F, height, width, 3) each; larger ones shrunk to `short_side`.

        Raises ClipUnreadable for a file that is no longer what was inspected.
        """
        return list(self._threads.map(lambda pair: self._read(pair[0], pair[1], short_side), wanted))

    def close(self) -> None:
        """End the processes."""
        self._threads.shutdown()
        while not self._children.empty():
            self._children.get().end()

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _inspect(self, path: Path) -> Inspection:
        try:
            size = path.stat().st_size
        except OSError as error:
            return Inspection(path=str(path), outcome="missing", detail=error.strerror or str(error))
        if size == 0:
            return Inspection(path=str(path), outcome="empty", detail="0 bytes")
        answer, _ = self._ask({"do": "inspect", "path": str(path)})
        return Inspection(path=str(path), size=size, **answer)

    def _read(self, found: Inspection, indices: Sequence[int], short_side: int | None) -> Frames:
        path = Path(found.path)
        size = path.stat().st_size if path.exists() else 0
        if size != found.size:
            raise ClipUnreadable(f"{path} has {size:,} bytes and had {found.size:,} when it was inspected; prepare the data again")
        request = {"do": found.outcome, "path": found.path, "indices": [int(i) for i in indices], "short_side": short_side}
        answer, frames = self._ask(request)
        if frames is None:
            raise ClipUnreadable(f"{path} was readable when inspected and is not now: {answer['outcome']}, {answer['detail']}")
        return frames

    def _ask(self, request: dict[str, Any]) -> tuple[dict[str, Any], Frames | None]:
        child = self._children.get()
        try:
            return child.ask(request, self._limit_s)
        finally:
            self._children.put(child)


class _Child:
    """One decoding process, started when it is first asked, and again after it died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, request: dict[str, Any], limit_s: float) -> tuple[dict[str, Any], Frames | None]:
        """The answer and the frames, if any; a fault if the process hung or died over this request."""
        if self._process is None:
            self._start()
        assert self._process is not None
        try:
            self._pipe.send_bytes(json.dumps(request | {"limit_s": limit_s}).encode())
            if not self._pipe.poll(limit_s + 10):  # the child's own alarm comes first, unless it was stopped
                raise TimeoutError
            answer = cast(dict[str, Any], json.loads(self._pipe.recv_bytes()))
            shape = answer.pop("shape", None)
            if shape is None:
                return answer, None
            frames = np.empty(shape, np.uint8)
            self._pipe.recv_bytes_into(frames.data.cast("B"))
            return answer, frames
        except (EOFError, OSError):  # TimeoutError is an OSError
            return self._post_mortem(limit_s), None

    def end(self) -> None:
        if self._process is not None:
            self._pipe.close()
            self._process.kill()
            self._process.wait()
            self._process = None

    def _start(self) -> None:
        self._pipe, theirs = Pipe()
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]),
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        }
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "repro.clips", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # FFmpeg writes there about every odd file; what matters comes back as an answer
            )

    def _post_mortem(self, limit_s: float) -> dict[str, Any]:
        assert self._process is not None
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        code = self._process.poll()
        self.end()
        if code is None or code == -signal.SIGALRM:
            return {"outcome": "timeout", "detail": f"not decoded within {limit_s:g} s"}
        how = signal.Signals(-code).name if code < 0 else f"exit status {code}"
        return {"outcome": "crashed", "detail": f"the decoding process ended with {how}"}


# ---------------------------------------------------------------------- in the child


def serve(pipe: Connection) -> None:
    """Answer requests until the other side is gone. A request that takes too long ends the process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        try:
            request = json.loads(pipe.recv_bytes())
        except EOFError:
            return
        # The default action of SIGALRM ends the process even while C code runs, and also when the parent has died meanwhile.
        signal.setitimer(signal.ITIMER_REAL, request["limit_s"])
        answer, frames = _answer(request)
        signal.setitimer(signal.ITIMER_REAL, 0)
        pipe.send_bytes(json.dumps(answer if frames is None else {"shape": frames.shape}).encode())
        if frames is not None:
            pipe.send_bytes(np.ascontiguousarray(frames).data.cast("B"))


def _answer(request: dict[str, Any]) -> tuple[dict[str, Any], Frames | None]:
    path = str(request["path"])
    try:
        if request["do"] == "inspect":
            return _examine(path), None
        return {}, _shrunk(_READ[request["do"]](path, request["indices"]), request["short_side"])
    except _Faulty as fault:
        return {"outcome": fault.fault, "detail": str(fault)}, None
    except Exception as error:  # decoders raise many kinds, some directly under Exception
        return {"outcome": "unreadable", "detail": _brief(error)}, None


class _Faulty(Exception):
    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(detail)
        self.fault = fault


@dataclass(frozen=True, kw_only=True)
class _Facts:
    """What the reference decoder, PyAV from start to end, says of a file."""

    outcome: Backend = "pyav"
    frames: int
    fps: float
    height: int
    width: int
    detail: str = ""


def _examine(path: str) -> dict[str, Any]:
    """Which decoder reads the file right, with its facts; raises _Faulty if none does."""
    if path.lower().endswith(IMAGES):
        height, width = _read_image(path, [0]).shape[1:3]
        return asdict(_Facts(outcome="image", frames=1, fps=0.0, height=height, width=width))
    facts, thumbnails = _reference(path)
    if facts.detail:
        return asdict(facts)
    try:
        wrong, fps = _decord_errs(path, facts.frames, thumbnails)
    except Exception as error:  # decord's errors have no common class
        wrong, fps = _brief(error), facts.fps
    if wrong:
        return asdict(replace(facts, detail=f"decord: {wrong}"))
    return asdict(replace(facts, outcome="decord", fps=fps))


def _reference(path: str) -> tuple[_Facts, Frames]:
    """The file by PyAV in order: its facts and a thumbnail of each frame, (frames, side, side, 3). Raises _Faulty if parts are gone."""
    import av

    thumbnails: list[Frames] = []
    packets = discarded = corrupt = errors = 0
    end_s, last_pts, rising = 0.0, -math.inf, True
    with av.open(path) as container:
        if not container.streams.video:
            raise _Faulty("no_video", f"no picture among its streams ({', '.join(s.type for s in container.streams) or 'none'})")
        stream = container.streams.video[0]
        _by_one_thread(stream)
        for packet in container.demux(stream):
            packets += packet.size > 0
            discarded += packet.size > 0 and packet.is_discard
            try:
                frames = packet.decode()
            except av.error.FFmpegError:
                errors += 1
                continue
            for frame in frames:
                corrupt += frame.is_corrupt
                if frame.pts is not None:
                    rising, last_pts = rising and frame.pts > last_pts, frame.pts
                end_s = max(end_s, frame.time or 0.0)
                small = frame.to_ndarray(width=THUMBNAIL, height=THUMBNAIL, format="rgb24", interpolation="AREA")
                thumbnails.append(cast(Frames, small))
        declared = stream.frames or packets
        fps = float(stream.average_rate or 0)
        length_s = (container.duration or 0) / av.time_base if "matroska" in container.format.name else 0.0
        height, width = stream.codec_context.height, stream.codec_context.width
    _require_whole(len(thumbnails), declared - discarded, packets - discarded, corrupt + errors, length_s - end_s, fps)
    # decord tells frames apart by their time stamps, and under load reads others where these go back
    detail = "" if rising else "time stamps do not rise"
    return _Facts(frames=len(thumbnails), fps=fps, height=height, width=width, detail=detail), np.stack(thumbnails)


def _require_whole(frames: int, declared: int, packets: int, broken: int, unseen_s: float, fps: float) -> None:
    """Raise _Faulty unless every declared frame was found and decoded without error.

    One frame in a hundred, or one, may lack: encoders of MPEG-4 in AVI count empty packets that hold no picture. Matroska and WebM
    declare no count but a duration, of which `unseen_s` follow the start of the last frame.
    """
    slack = 1 + declared // 100
    if declared - packets > slack:
        raise _Faulty("truncated", f"{frames} of {declared} declared frames found")
    if broken:
        raise _Faulty("damaged", f"{broken} frames have decoding errors, {frames} of {declared} frames found")
    if not frames or declared - frames > slack:
        raise _Faulty("damaged", f"{declared} frames declared, {frames} decode")
    if frames > 1 and unseen_s * fps > 3 + frames / 50:
        raise _Faulty("truncated", f"the last {unseen_s:.2f} s of the declared duration hold no frame")


def _decord_errs(path: str, frames: int, thumbnails: Frames) -> tuple[str, float]:
    """What decord gets wrong on this file ("" if nothing was found), and its frame rate."""
    import decord

    video = decord.VideoReader(path, num_threads=1)
    if len(video) != frames:
        return f"{len(video)} frames instead of {frames}", 0.0
    chosen = np.unique(np.linspace(0, frames - 1, min(CHECKED_INDICES, frames)).astype(int)).tolist()
    in_order: dict[int, Frames] = {}
    for index in range(frames):
        picture = video.next().asnumpy()
        if index in chosen:
            in_order[index] = picture
    other = decord.VideoReader(path, num_threads=1)
    shuffled = random.Random(0).sample(chosen, len(chosen))
    at_random = {index: other.get_batch([index]).asnumpy()[0] for index in shuffled}
    at_once = other.get_batch(chosen).asnumpy()
    moved = sum(
        not (np.array_equal(in_order[i], at_random[i]) and np.array_equal(in_order[i], again))
        for i, again in zip(chosen, at_once, strict=True)
    )
    if moved:
        return f"{moved} of {len(chosen)} frames change with the order they are read in", 0.0
    foreign = sum(not _is_frame(in_order[i], thumbnails, i) for i in chosen)
    return (f"{foreign} of {len(chosen)} frames are others than in order" if foreign else ""), float(video.get_avg_fps())


def _is_frame(picture: Frames, thumbnails: Frames, index: int) -> bool:
    """Whether `picture` looks as much like frame `index` as like any other."""
    from PIL import Image

    small = np.asarray(Image.fromarray(picture).resize((THUMBNAIL, THUMBNAIL), Image.Resampling.BOX))
    near = thumbnails[max(0, index - 50) : index + 50].astype(np.int16)
    distance = np.abs(near - small).mean((1, 2, 3))
    return bool(distance[index - max(0, index - 50)] <= distance.min() + SAME_PICTURE)


def _read_decord(path: str, indices: Sequence[int]) -> Frames:
    import decord

    return cast(Frames, decord.VideoReader(path, num_threads=1).get_batch(list(indices)).asnumpy())


def _by_one_thread(stream: Any) -> None:  # noqa: ANN401 - PyAV's types are loaded where it is
    """Decode alone: what several threads make of a damaged frame depends on which of them was first."""
    stream.codec_context.thread_count, stream.codec_context.thread_type = 1, "NONE"


def _read_pyav(path: str, indices: Sequence[int]) -> Frames:
    """Frames by decoding from the start, which needs no index and cannot land on a wrong frame."""
    import av

    found: dict[int, Frames] = {}
    last, wanted = max(indices), set(indices)
    with av.open(path) as container:
        _by_one_thread(container.streams.video[0])
        for index, frame in enumerate(container.decode(video=0)):
            if index in wanted:
                found[index] = cast(Frames, frame.to_ndarray(format="rgb24"))
            if index == last:
                break
    if last not in found:
        raise _Faulty("truncated", f"no frame {last}")
    return np.stack([found[i] for i in indices])


def _read_image(path: str, indices: Sequence[int]) -> Frames:
    """The picture as one frame for every index."""
    from PIL import Image

    with Image.open(path) as image:
        try:
            pixels = np.asarray(image.convert("RGB"))
        except OSError as error:  # the header was read: Pillow says so when the pixels end early
            raise _Faulty("truncated" if "truncated" in str(error) else "damaged", str(error)) from error
    return np.repeat(pixels[None], len(indices), 0)


_READ = {"decord": _read_decord, "pyav": _read_pyav, "image": _read_image}


def _shrunk(frames: Frames, short_side: int | None) -> Frames:
    """Frames whose shorter side is at most `short_side`, averaged down; smaller ones as they are."""
    from PIL import Image

    height, width = shrunk_size(frames.shape[1], frames.shape[2], short_side)
    if (height, width) == frames.shape[1:3]:
        return frames
    return np.stack([np.asarray(Image.fromarray(frame).resize((width, height), Image.Resampling.BILINEAR)) for frame in frames])


def shrunk_size(height: int, width: int, short_side: int | None) -> tuple[int, int]:
    """Height and width once the shorter of them is at most `short_side` and the shape is kept."""
    short = min(height, width)
    if short_side is None or short <= short_side:
        return height, width
    return round(height * short_side / short), round(width * short_side / short)


def _brief(error: Exception) -> str:
    """The first line of an error; decord appends a stack trace, PyAV the path."""
    lines = str(getattr(error, "strerror", None) or error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:160] if lines else 'no message'}"


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])))
